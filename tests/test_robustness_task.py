"""The scores of rewordings, worked by hand, and what a file of rewordings may hold."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import evals
from assistant.reply import Audience, Citation, Reply, Sentence
from assistant.settings import Settings
from evals.cases import AnswerCase, ParaphraseCase, read_cases
from evals.tasks.robustness import measure, steady
from index.errors import UnreadableDocument

RULE = "Aged 18 to 70 years."
GOLD = AnswerCase(id="a", question="I am 74. Can I join?", verdict="no", support=(RULE,), key_facts=("70",))
CASE = ParaphraseCase(id="a/terse", of="a", way="terse", question="74 y/o?").with_gold(GOLD)
FIRST: dict[str, Any] = {"kind": "answer", "verdict": "no", "citations": [{"quote": RULE}]}


@pytest.mark.parametrize(
    ("reply", "scores"),
    [
        pytest.param(FIRST, (1, 1), id="the same"),
        pytest.param({**FIRST, "verdict": "depends"}, (0, 1), id="another verdict"),
        pytest.param({**FIRST, "kind": "not_stated", "verdict": None}, (0, 1), id="another kind"),
        pytest.param({**FIRST, "citations": [{"quote": "Aged 18"}]}, (1, 0), id="the passage not cited whole"),
        pytest.param({**FIRST, "citations": [{"quote": f"1. {RULE}"}]}, (1, 1), id="more than the passage cited"),
        pytest.param({}, (0, 0), id="failed"),
    ],
)
def test_steady(reply: dict[str, Any], scores: tuple[int, int]) -> None:
    found = steady(CASE, FIRST, reply)
    assert (found["same_verdict"].value, found["same_support"].value) == scores


def test_support_that_the_original_lacks_is_not_asked_again() -> None:
    assert steady(CASE, {**FIRST, "citations": []}, FIRST)["same_support"].value is None


class Scripted:
    """Says no, citing the rule, unless the question is terse; and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Reply:
        self.asked.append(question)
        if question == "74 y/o?":
            return Reply("not_stated", (Sentence("Not stated.", ()),))
        return Reply(
            "answer", (Sentence("No, 70 is the most.", (0,)),), (Citation("T", "t.txt", "inclusion", 0, 20, RULE),), "no"
        )


def test_a_run_asks_each_original_once_and_groups_by_way() -> None:
    other = ParaphraseCase(id="a/lay", of="a", way="lay", question="They say I am too old, 74. Right?").with_gold(GOLD)
    assistant = Scripted()
    run = measure((CASE, other), assistant, lambda document: RULE)
    assert sorted(assistant.asked) == sorted([CASE.question, other.question, GOLD.question])
    assert run.groups == ("lay", "terse")
    assert {summary.metric: summary.mean for summary in run.summaries("lay")}["right"] == 1
    assert {summary.metric: summary.mean for summary in run.summaries("terse")}["same_verdict"] == 0
    assert {summary.metric: summary.mean for summary in run.summaries()}["over_abstention"] == 0.5


def test_a_rewording_of_nothing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.jsonl"
    path.write_text('{"id": 1, "question": "74?"}\n', "utf-8")
    with pytest.raises(UnreadableDocument, match=r"line 1: .*of.*original"):
        read_cases(path, ParaphraseCase)


def test_a_question_that_is_not_beside_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_text(json.dumps({"id": "b", "question": "Which phase?"}) + "\n", "utf-8")
    path = tmp_path / "words.jsonl"
    path.write_text(json.dumps({"id": 1, "of": "a", "question": "74?"}) + "\n", "utf-8")
    with pytest.raises(UnreadableDocument, match="no question a"):
        evals.run(["robustness"], settings=Settings(data_dir=tmp_path), data=path)


def test_our_rewordings_are_five_for_each_of_forty_questions() -> None:
    cases = read_cases(evals.GOLD / "paraphrases.jsonl", ParaphraseCase)
    known = {case.id for case in read_cases(evals.GOLD / "answers.jsonl", AnswerCase)}
    assert len(cases) == 200
    assert {case.of for case in cases} <= known
    assert {case.way for case in cases} == {"lay", "terse", "typos", "third_person", "indirect"}
