"""The chat model's settings, prompts and faults, and its view of lines that were not understood."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from small_provider import Script, provider
from small_trials import trial

from assistant.claims import codes, denied, digits, numbers
from assistant.eligibility.assess import assess
from assistant.eligibility.clock import Clock
from assistant.eligibility.notes import read_note
from assistant.errors import UnusablePrompt, UnusableSettings
from assistant.generative.judging import MOST, with_views
from assistant.generative.reading import MessageRead
from assistant.generative.wording import Worded
from assistant.interfaces import verdicts
from assistant.model import LangChainModel, open_model
from assistant.prompting import VARIABLES, hashes, parsed, template
from assistant.settings import load_settings


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith(("OPENAI_", "ELIGIBILITY_"))]:
        monkeypatch.delenv(name)


def test_without_a_setting_there_is_no_model_and_nothing_of_it_is_loaded() -> None:
    assert open_model(load_settings()) is None
    seen = "import sys, assistant.wiring, assistant.interfaces.cli; print([m for m in sys.modules if m.startswith('lang')])"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        pytest.param("nobody:model", "provider:model", id="no such provider"),
        pytest.param("model", "provider:model", id="no provider"),
        pytest.param("openai:model", "provider's key", id="no key"),
        pytest.param("upstage:model", "pip install 'langchain-upstage'", id="a package without an extra of ours"),
    ],
)
def test_a_model_that_cannot_be_had_is_said_at_the_start(name: str, says: str) -> None:
    with pytest.raises(UnusableSettings, match=re.escape(says)):
        open_model(load_settings(model=name))


def test_a_missing_package_is_named_by_our_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_anthropic", None)
    with pytest.raises(UnusableSettings, match=re.escape("pip install 'eligibility-assistant[anthropic]'")):
        open_model(load_settings(model="anthropic:model"))


@pytest.mark.parametrize("name", VARIABLES)
def test_every_prompt_loads_and_fills(name: str) -> None:
    filled = template(name).fill(**dict.fromkeys(VARIABLES[name], 'a "b"\n---\n{{c}}'))
    assert not re.search(r"\n---\n", filled.data)
    assert json.dumps('a "b"\n---\n{{c}}') in filled.data
    assert re.fullmatch("[0-9a-f]{12}", hashes()[name])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Rules.\n---\n{{message}}", id="one variable too few"),
        pytest.param("Rules.\n---\n{{message}} {{earlier}} {{more}}", id="one too many"),
        pytest.param("Rules for {{message}}.\n---\n{{message}} {{earlier}}", id="data among the rules"),
        pytest.param("{{message}} {{earlier}}", id="no line between"),
    ],
)
def test_a_prompt_that_its_caller_cannot_fill_is_refused(text: str) -> None:
    with pytest.raises(UnusablePrompt, match="read_message"):
        parsed("read_message", text)


def test_the_list_of_prompts_is_true() -> None:
    rows = re.findall(
        r"^\| `(\w+)\.md` \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", files("prompts").joinpath("README.md").read_text(), re.M
    )
    root = Path(__file__).parents[1]
    assert {name for name, *_ in rows} == set(VARIABLES) == {path.stem for path in (root / "prompts").glob("*.md")} - {"README"}
    for name, used_by, variables, _ in rows:
        assert set(re.findall(r"`(\w+)`", variables)) == VARIABLES[name]
        assert f'template("{name}")' in (root / used_by).read_text("utf-8")
    returns = {name: set(re.findall(r"`(\w+)`", returned)) for name, _, _, returned in rows}
    assert set(Worded.model_fields) <= returns["word_answer"]
    assert set(MessageRead.model_fields) <= returns["read_message"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("from eighteen to 1,450 on 20 November", {"18", "1450", "20", "11"}, id="words, thousands, months"),
        pytest.param("1.5 × 10⁹/L", {"1.5", "10", "9"}, id="a raised power"),
        pytest.param("PHASE2 of NCT00000071", {"2"}, id="inside a word, and no trial's number"),
        pytest.param("one of them", set(), id="one as a pronoun"),
    ],
)
def test_digits(text: str, found: set[str]) -> None:
    assert digits(text) == found


@pytest.mark.parametrize(
    ("text", "side"),
    [
        pytest.param("at least 90 g/L", "low", id="at least"),
        pytest.param("no more than 90", "high", id="no more than"),
        pytest.param("the upper limit of 90", "high", id="upper limit"),
        pytest.param("your value is 90", None, id="a value"),
    ],
)
def test_sides(text: str, side: str | None) -> None:
    assert numbers(text)[0].side == side


def test_codes_and_denials() -> None:
    assert codes("Stage IVB, T4N2, I have HER2") == {"ivb", "t4n2", "her2"}
    assert "surgeri" in denied("No prior surgery.")
    assert denied("no more than 3 cycles") == frozenset()


class TestViews:
    """Lines that the parser left open, as a model sees them."""

    ODD = "Of quernish descent, types I or II"
    RECORD = trial(inclusion=("Hemoglobin at least 90 g/L", ODD), exclusion=("Glaucoma",))
    NOTE = "61-year-old woman. Hemoglobin 120 g/L. She is quernish four times a day."

    @pytest.fixture
    def assessment(self) -> object:
        day = date(2026, 1, 20)
        return assess(self.RECORD, read_note(self.NOTE, day), Clock(day, day))

    def seen(self, assessment: object, **answer: object) -> tuple[dict[str, object], int]:
        with provider([Script(answer)]) as at:
            found = with_views(assessment, self.NOTE, LangChainModel("openai:small", 20.0, at.url))  # type: ignore[arg-type]
            return found.as_json(), len(at.asked)

    def test_a_view_stands_beside_the_status_and_not_in_its_place(self, assessment: object) -> None:
        quote = "She is quernish four times a day"
        found, asked = self.seen(assessment, label="satisfied", reason="The note calls her quernish.", evidence=[quote])
        lines = {line["text"]: line for line in found["criteria"]}  # type: ignore[attr-defined]
        odd = lines[self.ODD]
        assert asked == 1
        assert odd["status"] == "unknown"
        start = self.NOTE.index(quote)
        assert odd["model"] == {
            "label": "satisfied",
            "reason": "The note calls her quernish.",
            "evidence": ({"start": start, "end": start + len(quote), "quote": quote},),
            "by": "openai:small",
        }
        assert [line["model"] for line in lines.values() if line is not odd] == [None, None]
        assert (
            "A chat model’s view, which decides nothing (openai:small)",
            f"passes. The note calls her quernish. “{quote}”",
        ) in (verdicts.remarks(odd))

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(
                {"label": "satisfied", "reason": "So it is.", "evidence": ["She is very quernish"]}, id="invented quote"
            ),
            pytest.param({"label": "violated", "reason": "So it is.", "evidence": []}, id="no evidence"),
            pytest.param({"label": "satisfied", "reason": "7 turns are told.", "evidence": ["quernish"]}, id="invented number"),
        ],
    )
    def test_a_view_that_does_not_hold_is_not_shown(self, assessment: object, answer: dict[str, object]) -> None:
        found, _ = self.seen(assessment, **answer)
        assert {line["model"] for line in found["criteria"]} == {None}  # type: ignore[attr-defined]

    def test_a_fault_is_a_finding(self, assessment: object) -> None:
        with provider([Script(status=429, error="x")]) as at:
            found = with_views(assessment, self.NOTE, LangChainModel("openai:small", 20.0, at.url))  # type: ignore[arg-type]
        assert [one.text for one in found.findings if one.kind == "model"] == [
            "The chat model gave no view of some lines: too many requests were made of it."
        ]

    def test_only_so_many_lines_are_asked_about(self) -> None:
        day = date(2026, 1, 20)
        record = trial(inclusion=[f"{self.ODD} {letter}" for letter in "abcdefghijklmnop"])
        many = assess(record, read_note(self.NOTE, day), Clock(day, day))
        found, asked = self.seen(many, label="unknown", reason="Nothing is said of it.", evidence=[])
        assert asked == MOST
        assert found["findings"][-1]["text"].endswith("not about 4 more.")  # type: ignore[index]
