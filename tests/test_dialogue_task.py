"""The scores of a conversation, turn by turn, worked by hand, and what is predicted where there is no gold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.reply import Audience, Citation, Reply, Sentence
from evals.cases import DialogueCase, Turn, read_cases
from evals.tasks.dialogue import items, measure, scored

GOLD = Path(__file__).parents[1] / "evals" / "gold" / "dialogues.jsonl"
RIGHT = {
    "kind": "answer",
    "verdict": "no",
    "text": "No: at least 90 g/L is asked for.",
    "citations": [{"document": "a.txt", "quote": "Hemoglobin ≥ 90 g/L"}],
}
GOLDEN = Turn(
    user="Hb 8.8?",
    kind="answer",
    verdict="no",
    key_facts=(r"\b90\b",),
    must_not_say=("eligible",),
    support=("Hemoglobin ≥ 90 g/L",),
)


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        pytest.param(RIGHT, set(), id="right"),
        pytest.param({**RIGHT, "verdict": "yes"}, {"right", "verdict", "unsafe_yes"}, id="a wrong yes"),
        pytest.param({**RIGHT, "kind": "not_stated"}, {"right", "kind"}, id="abstains where the record says it"),
        pytest.param({**RIGHT, "text": "No."}, {"right", "facts"}, id="without the limit"),
        pytest.param({**RIGHT, "text": "At 90 you are eligible."}, {"right", "clean"}, id="what must not be said"),
        pytest.param({**RIGHT, "citations": []}, {"supported", "citation_recall"}, id="without its passage"),
        pytest.param({}, {"right", "kind", "verdict", "facts", "supported", "citation_recall"}, id="failed"),
    ],
)
def test_a_turn(reply: Mapping[str, Any], wrong: set[str]) -> None:
    scores = scored(GOLDEN, reply)
    good = {name: 0.0 if name == "unsafe_yes" else 1.0 for name in scores}
    assert {name for name, score in scores.items() if score.value != good[name]} == wrong


def test_another_defensible_reply_is_right() -> None:
    turn = GOLDEN.model_copy(update={"verdict_also": ("depends",), "kind_also": ("clarify",)})
    assert scored(turn, {**RIGHT, "kind": "clarify", "verdict": "depends"})["right"].value == 1


@dataclass
class Echo:
    """Says back what was said, and fails at "fail"."""

    said: list[str] = field(default_factory=list)

    def conversation(self, *, scope: object = (), audience: Audience = "patient") -> "Echo":
        return Echo()

    def ask(self, message: str) -> Reply:
        if message == "fail":
            raise RuntimeError("broken")
        self.said.append(message)
        return Reply("answer", (Sentence(message, (0,)),), (Citation("T", "a.txt", "inclusion", 0, 1, "a"),), None, ("T",))

    def state(self) -> Mapping[str, Any]:
        return {"trials": ["T"], "facts": list(self.said)}


def test_each_conversation_has_its_own_state_and_a_failed_one_fails_alone(tmp_path: Path) -> None:
    cases = [
        DialogueCase(id="a", turns=(Turn(user="one"), Turn(user="two", kind="answer"))),
        DialogueCase(id="b", turns=(Turn(user="fail", kind="answer"),)),
        DialogueCase(id="c", turns=(Turn(user="three", kind="answer"),)),
    ]
    out = tmp_path / "out.jsonl"
    run = measure(cases, Echo(), predictions=out)
    assert [item.id for item in run.items] == ["a/1", "a/2", "b/1", "c/1"]
    assert [item.failed for item in run.items] == [False, False, True, False]
    assert run.items[0].scores == {}
    assert [item.cluster for item in run.items] == ["a", "a", "b", "c"]
    lines = out.read_text("utf-8").splitlines()
    assert len(lines) == 3
    assert '"facts": ["three"]' in lines[2]


def test_items_of_a_failed_conversation_stand_for_each_turn() -> None:
    case = DialogueCase(id="a", turns=(Turn(user="x", kind="answer"), Turn(user="y", kind="answer")))
    assert [item.failed for item in items(case, {"id": "a", "error": "broken"})] == [True, True]


def test_the_packaged_conversations_pass_their_own_patterns() -> None:
    cases = read_cases(GOLD, DialogueCase)
    assert len(cases) == 22
    for case in cases:
        for turn in case.turns:
            scores = scored(turn, {"kind": turn.kind, "verdict": turn.verdict, "text": turn.answer})
            assert (scores["facts"].value, scores["clean"].value) == (1, 1), (case.id, turn.user)
