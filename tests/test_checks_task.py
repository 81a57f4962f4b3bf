"""The checks task: gold lines find ours, statuses and evidence are scored, a failed patient fails all lines."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_shelf import NOTE, walking_assessment, walking_trial

from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.reply import Audience
from evals import GOLD, report
from evals.cases import CheckCase, GoldLine, read_cases
from evals.score import Run
from evals.tasks import checks
from index.errors import UnknownTrial, UnreadableDocument

LINES = [
    {"kind": "inclusion", "text": "Age 40 years or older", "status": "satisfied", "patient_quote": "61-year-old"},
    {"kind": "inclusion", "text": "Bends  the knee 90°.", "status": "unknown", "reason": "Not measured.", "patient_quote": ""},
    {"kind": "inclusion", "text": "stands for 5 minutes", "status": "unknown", "also_acceptable": ["satisfied"]},
    {"kind": "exclusion", "text": "Knee surgery within 6 months", "status": "violated", "patient_quote": "March 2026"},
    {"kind": "exclusion", "text": "Pregnancy", "status": "violated", "patient_quote": "Not in the note"},
]


def case(**fields: Any) -> CheckCase:
    given = {"id": "W1", "trial": "NCT01234567", "note": NOTE, "today": "2026-05-04", "criteria": LINES}
    return CheckCase.model_validate(given | fields)


class Scripted:
    """Checks by hand, and keeps what it was asked; no trial is called "nobody"."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Clock, bool, str]] = []

    def check(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> Assessment:
        self.asked.append((trial, clock, complete, audience))
        if trial == "nobody":
            raise UnknownTrial("No indexed trial is called nobody.")
        return walking_assessment(told, walking_trial())


def measured(*cases: CheckCase, out: Path | None = None) -> Run:
    return checks.measure(cases, Scripted(), predictions=out)


def scores(run: Run, number: int) -> dict[str, float | None]:
    return {name: score.value for name, score in run.items[number].scores.items()}


class TestCases:
    def test_a_csv_cell_may_hold_the_gold(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.csv"
        gold = json.dumps(LINES[:1]).replace('"', '""')
        file.write_text(f'id,trial,note,complete,criteria\n1,T,"a, b",true,"{gold}"\n2,T,c,,\n', "utf-8")
        first, second = read_cases(file, CheckCase)
        assert (first.complete, first.criteria[0].status, second.criteria) == (True, "satisfied", ())

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            pytest.param({"today": "soon"}, "line 1: today", id="no day"),
            pytest.param(
                {"criteria": [{"kind": "inclusion", "status": "unknown"}]},
                "line 1: criteria.0: .*its text or its id",
                id="a line without text",
            ),
            pytest.param({"criteria": [LINES[0] | {"status": "yes"}]}, "line 1: criteria.0.status", id="an unknown status"),
        ],
    )
    def test_what_is_no_case_is_named(self, fields: dict[str, Any], reason: str, tmp_path: Path) -> None:
        file = tmp_path / "cases.jsonl"
        file.write_text(json.dumps({"id": 1, "trial": "T", "note": "n"} | fields) + "\n", "utf-8")
        with pytest.raises(UnreadableDocument, match=reason):
            read_cases(file, CheckCase)


class TestMatching:
    OURS = (
        {"id": "T/inclusion/1", "kind": "inclusion", "text": "ECOG 0–1"},
        {"id": "T/inclusion/2", "kind": "inclusion", "text": "ECOG 0-1"},
        {"id": "T/minimum_age", "kind": "inclusion", "text": "Age from 18 Years"},
        {"id": "T/exclusion/1", "kind": "exclusion", "text": "History of other malignancies in the past five years"},
    )

    @pytest.mark.parametrize(
        ("gold", "ids"),
        [
            pytest.param([("inclusion", "ecog 0-1;")] * 3, ["T/inclusion/1", "T/inclusion/2", None], id="in order, each once"),
            pytest.param([("inclusion", "Minimum Eligible Age 18 Years")], ["T/minimum_age"], id="a structured age"),
            pytest.param([("inclusion", "Maximum Eligible Age 18 Years")], [None], id="not the other structured age"),
            pytest.param([("exclusion", "History of other malignancies in past 5 years")], ["T/exclusion/1"], id="much alike"),
            pytest.param([("exclusion", "ECOG 0-1")], [None], id="another list"),
            pytest.param([("exclusion", "Gout")], [None], id="another line"),
        ],
    )
    def test_gold_lines_find_ours(self, gold: list[tuple[Any, str]], ids: list[str | None]) -> None:
        lines = [GoldLine(kind=kind, text=text, status="unknown") for kind, text in gold]
        assert [one and one["id"] for one in checks.matched(lines, self.OURS)] == ids


class TestScores:
    @pytest.mark.parametrize(
        ("number", "right", "accepted", "unsafe", "committed", "abstained"),
        [
            pytest.param(0, 1, 1, None, None, 0, id="right"),
            pytest.param(1, 0, 0, None, 1, None, id="decided where nothing is known"),
            pytest.param(2, 1, 1, None, 0, None, id="open where nothing is known"),
            pytest.param(3, 1, 1, 0, None, 0, id="violated"),
            pytest.param(4, 0, 0, 0, None, 1, id="a line that we do not have"),
        ],
    )
    def test_a_line(self, number: int, right: float, accepted: float, unsafe: Any, committed: Any, abstained: Any) -> None:
        found = scores(measured(case()), number)
        assert (found["accuracy"], found["accepted"], found["unsafe"]) == (right, accepted, unsafe)
        assert (found["over_commitment"], found["over_abstention"]) == (committed, abstained)

    @pytest.mark.parametrize(
        ("gold", "said", "unsafe"),
        [
            pytest.param({"status": "violated"}, "satisfied", 1, id="a violated line let pass"),
            pytest.param(
                {"status": "violated", "also_acceptable": ["satisfied"]}, "satisfied", 0, id="where that is defensible"
            ),
            pytest.param({"status": "violated"}, "unknown", 0, id="caution is not unsafe"),
        ],
    )
    def test_unsafe(self, gold: dict[str, Any], said: str, unsafe: float) -> None:
        line = GoldLine.model_validate({"kind": "inclusion", "text": "x"} | gold)
        assert checks.scored(line, said)["unsafe"].value == unsafe

    def test_evidence_is_compared_by_the_notes_characters(self) -> None:
        run = measured(case())
        assert scores(run, 0)["evidence_recall"] == scores(run, 0)["evidence_precision"] == 1
        found = scores(run, 3)
        assert (found["evidence_found"], found["evidence_recall"]) == (1, 1)
        assert found["evidence_precision"] == pytest.approx(len("March 2026") / len("Knee operation in March 2026"))
        assert scores(run, 1)["evidence_found"] is scores(run, 4)["evidence_found"] is None


class TestRun:
    def test_predictions_are_the_assessments(self, tmp_path: Path) -> None:
        measured(case(), case(id="W2", trial="nobody"), case(id="W3", criteria=[]), out=tmp_path / "out.jsonl")
        first, second, third = map(json.loads, (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
        assert (first["id"], first["assessment"]["overall"]) == ("W1", "does_not_match")
        assert second == {"id": "W2", "error": "UnknownTrial: No indexed trial is called nobody."}
        assert third["assessment"]["trial"] == "NCT01234567"

    def test_the_days_and_the_completeness_of_the_case_count(self) -> None:
        assistant = Scripted()
        checks.measure([case(start="2026-05-18", complete=True), case(id="W2")], assistant)
        day = date(2026, 5, 4)
        assert assistant.asked == [
            ("NCT01234567", Clock(day, date(2026, 5, 18)), True, "clinician"),
            ("NCT01234567", Clock(day, day), False, "clinician"),
        ]

    def test_figures_and_misses(self, tmp_path: Path) -> None:
        run = measured(case(), case(id="W2", trial="nobody"))
        means = {summary.metric: summary.mean for summary in run.summaries()}
        assert means["accuracy"] == pytest.approx(3 / 10)
        assert means["macro_f1"] is not None
        page = report.page(run)
        for words in ("10 lines, 5 failed", "Not measured.", "no such line", "does_not_match", "2 patients drawn whole"):
            assert words in page

    def test_without_gold_there_are_only_predictions(self) -> None:
        run = measured(case(criteria=[]))
        assert (len(run.items), run.unit, run.summaries(), run.grids) == (1, "cases", (), ())


def test_gold_may_name_a_line_by_its_id() -> None:
    ours = [
        {"id": "T/exclusion/1", "kind": "exclusion", "text": "One"},
        {"id": "T/exclusion/2", "kind": "exclusion", "text": "Two"},
    ]
    gold = [
        GoldLine(kind="exclusion", id="T/exclusion/2", status="unknown"),
        GoldLine(kind="exclusion", text="One", status="unknown"),
    ]
    assert [one and one["id"] for one in checks.matched(gold, ours)] == ["T/exclusion/2", "T/exclusion/1"]


def test_the_registry_gold_is_read_and_quotes_its_notes() -> None:
    cases = read_cases(GOLD / "checks_registry.jsonl", CheckCase)
    assert len(cases) == 39
    assert all(line.patient_quote in case.note for case in cases for line in case.criteria)
    assert all(line.id and line.id.startswith(f"{case.trial}/") for case in cases for line in case.criteria)
