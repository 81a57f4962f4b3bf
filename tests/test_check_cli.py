"""The commands `check` and `match`: documents of the contract, what people see, and one message for every fault."""

import io
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console, RenderableType
from small_shelf import HOSTILE, NOTE, PLAIN, SmallAssistant, SmallLibrary, walking_assessment, walking_trial

from assistant import wiring
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.interfaces import show, verdicts
from assistant.interfaces.cli import main
from assistant.reply import Reply, Sentence

NUMBER = "NCT01234567"
YOUNG = """A 31-year-old woman, seen 2026-05-04.
She bends the knee 100 degrees and stands for 20 minutes."""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_bytes(NOTE.encode())
    return file


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command over the small assistant, without an index."""
    monkeypatch.setattr(wiring, "open_assistant", lambda settings: SmallAssistant())


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, str]:
    """Exit code, the JSON document on standard output, and what stood on standard error."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


def shown(page: RenderableType) -> str:
    out = io.StringIO()
    Console(file=out, width=110, highlight=False, markup=False, emoji=False).print(page)
    return out.getvalue()


@pytest.mark.usefixtures("small")
class TestCheck:
    def test_json_is_the_assessment_of_the_contract(self, note: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, document, _ = run(capsys, "check", "--trial", NUMBER, "--patient", note, "--json")
        assert code == 0
        assert {"trial", "overall", "criteria", "coverage", "next_question", "findings"} <= set(document)
        assert set(document["criteria"][0]) >= {
            "id", "kind", "text", "citation", "status", "reason", "patient_evidence", "assumed", "would_change",
        }  # fmt: skip
        for line in document["criteria"]:
            for words in line["patient_evidence"]:
                assert NOTE[words["start"] : words["end"]] == words["quote"]

    def test_the_patient_may_come_through_a_pipe(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(NOTE))
        code, document, _ = run(capsys, "check", "--trial", NUMBER, "--patient", "-", "--json")
        assert (code, document["trial"]) == (0, NUMBER)

    def test_line_ends_stay_as_the_file_has_them(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        told: list[str] = []

        def check(self: SmallAssistant, trial: str, text: str, clock: Clock, **chosen: Any) -> Assessment:
            told.append(text)
            return walking_assessment()

        monkeypatch.setattr(SmallAssistant, "check", check)
        file = tmp_path / "note.txt"
        file.write_bytes("\ufeffAged 61.\r\nKnee pain.".encode())
        assert run(capsys, "check", "--trial", NUMBER, "--patient", file, "--json")[0] == 0
        assert told == ["Aged 61.\r\nKnee pain."]

    @pytest.mark.parametrize(
        ("arguments", "code", "words"),
        [
            pytest.param(["--trial", "nobody"], 4, "nobody", id="an unknown trial"),
            pytest.param([], 2, NUMBER, id="no trial of several"),
            pytest.param(["--trial", NUMBER, "--trial", "walk.txt"], 2, NUMBER, id="two trials"),
            pytest.param(["--trial", NUMBER, "--today", "May 4"], 2, "no day for today", id="a day in words"),
            pytest.param(["--trial", NUMBER, "--start", "2026-02-30"], 2, "no day for start", id="a day that there is not"),
        ],
    )
    def test_a_fault_is_a_message_and_a_code(
        self, arguments: list[str], code: int, words: str, note: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        got, document, err = run(capsys, "check", "--patient", note, "--json", *arguments)
        assert got == code
        assert words in document["error"]
        assert "Traceback" not in err

    @pytest.mark.parametrize("command", ["check", "match"])
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            pytest.param(None, "can't be read", id="no such file"),
            pytest.param(b"", "Nothing is told", id="empty"),
            pytest.param(b" \n\t. ", "Nothing is told", id="no words"),
            pytest.param(b"\xff\xfe\x00\x01", "no UTF-8", id="no text"),
            pytest.param(b"a " * 150_000, "the most that can be read", id="too long"),
        ],
    )
    def test_a_file_that_tells_nothing_is_named(
        self, content: bytes | None, words: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "note.txt"
        if content is not None:
            file.write_bytes(content)
        trial = ["--trial", NUMBER] if command == "check" else []
        code, document, _ = run(capsys, command, *trial, "--patient", file, "--json")
        assert (code, document["kind"]) == (2, "UnusableRequest")
        assert words in document["error"]

    def test_a_folder_is_no_note(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(capsys, "check", "--trial", NUMBER, "--patient", tmp_path, "--json")[0] == 2

    def test_the_only_trial_need_not_be_named(
        self, note: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        one = SmallLibrary({NUMBER: walking_trial()})
        monkeypatch.setattr(wiring, "open_assistant", lambda settings: SmallAssistant(one))
        assert run(capsys, "check", "--patient", note, "--json")[1]["trial"] == NUMBER

    def test_people_see_every_line_with_its_reason(self, note: Path, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        assert main(["check", "--trial", NUMBER, "--patient", str(note)]) == 0
        said = " ".join(capsys.readouterr().out.split())
        for words in (
            "Inclusion criteria",
            "Exclusion criteria",
            "✓ Passes",
            "✗ Does not pass",
            "? Not known",
            "Told: “61-year-old”",
            "Would pass with: a start from 2026-10-01 on",
            "Does not match on this line: exclusion 1",
            "4 of 4 listed rules checked: 3 decided, 1 need data",
            "Two lines speak of the knee.",
            "To ask next: How long can she stand? (settles 1 line)",
            "Not used: A unit is odd: 100°.",
            "the study team decides",
        ):
            assert words in said
        assert "eligible" not in said.lower()


@pytest.mark.usefixtures("small")
class TestMatch:
    def test_json(self, note: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, document, _ = run(capsys, "match", "--patient", note, "--json")
        assert (code, document["considered"]) == (0, 2)
        (first,) = document["trials"]
        assert first["counts"] == {
            "satisfied": 2, "violated": 1, "unknown": 1, "not_applicable": 0, "conflicting": 0, "needs_protocol": 0,
        }  # fmt: skip
        assert first["assessment"]["trial"] == NUMBER

    def test_people_see_counts_and_the_line_that_decides(self, note: Path, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        assert main(["match", "--patient", str(note)]) == 0
        said = " ".join(capsys.readouterr().out.split())
        for words in ("Does not", "exclusion 1: Knee", "1 of 2 indexed trials", "the study team decides"):
            assert words in said

    def test_nothing_that_matches_is_said(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("nothing of the kind"))
        assert main(["match", "--patient", "-"]) == 0
        assert "None of 2 indexed trials" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("overall", "statuses", "words"),
    [
        pytest.param("may_match", ["satisfied"] * 4, "May match", id="may match"),
        pytest.param("undecided", ["unknown"] * 4, "Cannot tell yet", id="undecided"),
        pytest.param(
            "does_not_match",
            ["violated", "satisfied", "satisfied", "violated"],
            "Does not match on these lines: inclusion 1, exclusion 1",
            id="two lines",
        ),
    ],
)
def test_overall_never_calls_anybody_eligible(overall: str, statuses: list[str], words: str) -> None:
    document = walking_assessment().as_json()
    lines = [line | {"status": status} for line, status in zip(document["criteria"], statuses, strict=True)]
    assert verdicts.overall(document | {"overall": overall, "criteria": lines}) == words


@pytest.mark.parametrize(
    ("verdict", "remarks"),
    [
        pytest.param(
            {"reason": "You said “ECOG 1”."} | {"patient_evidence": [{"quote": "ECOG 1"}]},
            [("", "You said “ECOG 1”.")],
            id="words that the reason quotes are not said twice",
        ),
        pytest.param(
            {"patient_evidence": [{"quote": "ECOG\n  1 "}]}, [("", "Why."), ("Told", "“ECOG 1”")], id="words on one line"
        ),
        pytest.param(
            {"status": "satisfied", "would_change": "an age below 18"},
            [("", "Why."), ("Would no longer pass with", "an age below 18")],
            id="a line that passes",
        ),
        pytest.param(
            {"would_change": "the age"},
            [("", "Why."), ("Still to know", "the age")],
            id="an open line",
        ),
        pytest.param(
            {"status": "violated", "would_change": "an ECOG of 0"},
            [("", "Why."), ("Would pass with", "an ECOG of 0")],
            id="a line that does not pass",
        ),
    ],
)
def test_what_stands_beside_a_verdict(verdict: dict[str, Any], remarks: list[tuple[str, str]]) -> None:
    plain = {"reason": "Why.", "patient_evidence": [], "would_change": None, "status": "unknown"}
    assert verdicts.remarks(plain | verdict) == remarks


def test_the_lines_that_decide_stand_ahead_of_the_tables() -> None:
    said = shown(verdicts.assessment(walking_assessment().as_json()))
    assert said.index("✗ Does not pass: exclusion 1") < said.index("Inclusion criteria")


def test_a_match_says_what_of_the_note_was_not_used() -> None:
    found = SmallAssistant().match(NOTE, Clock(date(2026, 5, 4), date(2026, 5, 4)))
    assert "Not used: A unit is odd: 100°." in shown(verdicts.matches(show.match_document(found, 2)))


def test_what_is_told_cannot_steer_the_terminal() -> None:
    document = json.loads(json.dumps(walking_assessment().as_json()))
    for line in document["criteria"]:
        line |= {"reason": HOSTILE, "text": HOSTILE, "would_change": HOSTILE}
        line["patient_evidence"] = [{"start": 0, "end": 1, "quote": HOSTILE}]
    document |= {"trial": HOSTILE, "problems": [HOSTILE], "findings": [{"kind": "x", "text": HOSTILE, "citations": []}]}
    assert not {"\x1b", "\u202e"} & set(shown(verdicts.assessment(document)))


def test_a_reply_with_a_check_shows_its_table() -> None:
    held = walking_assessment()
    said = shown(verdicts.reply(Reply("answer", (Sentence("It does not match."),), assessment=held.as_json())))
    assert said.index("✗ Does not pass") < said.index("It does not match.")


def test_a_condition_is_json_with_its_type_and_open_ends_as_null() -> None:
    from assistant.eligibility.conditions import AnyOf, Between, Has, Window
    from assistant.eligibility.ranges import Range

    window = Window(Range(0, 28), "day", "start")
    condition = AnyOf((Between("hemoglobin", Range(90), "g/L"), Has(("surgery",), frozenset({"b", "a"}), window=window)))
    document = json.loads(json.dumps(show.condition_document(condition), allow_nan=False))
    assert document["type"] == "AnyOf"
    measured, had = document["parts"]
    assert measured["type"] == "Between"
    assert measured["range"] == {"type": "Range", "low": 90, "high": None, "low_open": False, "high_open": False}
    assert (had["traits"], had["window"]["length"]["high"]) == (["a", "b"], 28)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    papers, data = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("data")
    (papers / "walk.txt").write_text(f"{NUMBER}\n{PLAIN}", encoding="utf-8")
    assert main(["index", str(papers), "--data-dir", str(data)]) == 0
    return data


class TestOverAnIndex:
    """The whole way, once: documents indexed, a note read, criteria parsed and judged."""

    def test_check(self, shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(YOUNG))
        days = ["--today", "2026-05-04", "--start", "2026-05-18"]
        code, document, _ = run(capsys, "check", "--patient", "-", *days, "--json", "--data-dir", shelf)
        assert (code, document["overall"]) == (0, "does_not_match")
        lines = {line["id"].partition("/")[2]: line for line in document["criteria"]}
        assert (lines["inclusion/1"]["status"], lines["exclusion/1"]["status"]) == ("violated", "unknown")
        for line in document["criteria"]:
            citation = line["citation"]
            text = run(capsys, "show", "--text", citation["document"], "--json", "--data-dir", shelf)[1]["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]
            assert all(YOUNG[one["start"] : one["end"]] == one["quote"] for one in line["patient_evidence"])

    def test_evidence_from_a_bundle_counts_in_the_text_that_is_printed_with_it(
        self, shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        born = {"resourceType": "Patient", "gender": "female", "birthDate": "1995-03-02"}
        bundle = tmp_path / "bundle.json"
        bundle.write_text(
            json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": born}]}), encoding="utf-8"
        )
        document = run(capsys, "check", "--patient", bundle, "--today", "2026-05-04", "--json", "--data-dir", shelf)[1]
        evidence = [words for line in document["criteria"] for words in line["patient_evidence"]]
        assert evidence
        assert all(document["patient_text"][one["start"] : one["end"]] == one["quote"] for one in evidence)

    def test_a_start_before_today_is_remarked(
        self, shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO(YOUNG))
        days = ["--today", "2026-05-04", "--start", "2026-05-01"]
        document = run(capsys, "check", "--patient", "-", *days, "--json", "--data-dir", shelf)[1]
        assert [finding["kind"] for finding in document["findings"]].count("dates") == 1

    def test_a_text_that_tells_of_no_patient_is_remarked(
        self, shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("The weather was fine and the train was late."))
        document = run(capsys, "check", "--patient", "-", "--today", "2026-05-04", "--json", "--data-dir", shelf)[1]
        assert [finding["kind"] for finding in document["findings"]] == ["missing"]
        assert {line["status"] for line in document["criteria"]} <= {"unknown", "needs_protocol"}

    def test_match(self, shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("She is 61 years old."))
        code, document, _ = run(capsys, "match", "--patient", "-", "--json", "--data-dir", shelf)
        assert (code, [one["trial"] for one in document["trials"]]) == (0, [NUMBER])

    def test_show_has_each_criterion_as_a_condition(self, shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
        record = run(capsys, "show", NUMBER, "--json", "--data-dir", shelf)[1]
        assert all(re.fullmatch(r"[A-Z]\w+", one["condition"]["type"]) for one in record["criteria"])
        assert main(["show", NUMBER, "--data-dir", str(shelf)]) == 0
        assert "read as:" in capsys.readouterr().out
