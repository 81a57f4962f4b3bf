"""The evidence task: statements and the lines of trials read, lines and labels scored by hand-worked figures, gold that can be trusted."""

import json
from pathlib import Path
from typing import Any

import pytest

import evals
from assistant.errors import UnusableRequest
from assistant.settings import Settings
from evals.cases import EvidenceCase, TrialLines, read_cases
from evals.metrics import Summary
from evals.score import Prediction, Run
from evals.tasks import evidence
from index.errors import UnreadableDocument

GOLD = Path(evals.__file__).parent / "gold"
TRIALS = {
    one: TrialLines(
        id=one, eligibility=("Inclusion Criteria:", "  Age 18 to 85", "Exclusion Criteria:", "  Dialysis", "  Stroke")
    )
    for one in ("NCT00000021", "NCT00000022")
}


def case(**fields: Any) -> EvidenceCase:
    given = {
        "id": "a",
        "Type": "Single",
        "Section_id": "Eligibility",
        "Primary_id": "NCT00000021",
        "Statement": "Patients on dialysis are excluded from the primary trial.",
        "Label": "Entailment",
        "Primary_evidence_index": [2, 3],
    }
    return EvidenceCase.model_validate(given | fields)


PAIR = {"Type": "Comparison", "Secondary_id": "NCT00000022", "Secondary_evidence_index": [3]}


def run(cases: list[EvidenceCase], *said: tuple[str, list[int], list[int]]) -> Run:
    answers = {
        case.id: {"label": one[0], "primary": one[1], "secondary": one[2]} for case, one in zip(cases, said, strict=True)
    }

    def decide(one: EvidenceCase) -> Prediction:
        return answers[one.id]

    return evidence.measure(cases, TRIALS, decide)


def figures(measured: Run) -> dict[str, Summary]:
    return {summary.metric: summary for summary in measured.summaries()}


class TestCases:
    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            pytest.param({"Section_id": "Abstract"}, "line 1: Section_id", id="an unknown section"),
            pytest.param({"Label": "Neutral"}, "line 1: Label", id="an unknown label"),
            pytest.param({"Type": "Comparison"}, "Secondary_id", id="a comparison with one record"),
            pytest.param({"Statement": ""}, "line 1: Statement", id="nothing is said"),
        ],
    )
    def test_what_is_no_statement_is_named(self, fields: dict[str, Any], reason: str, tmp_path: Path) -> None:
        file = tmp_path / "cases.jsonl"
        row = {"id": 1, "Type": "Single", "Section_id": "Results", "Primary_id": "NCT00000021", "Statement": "It did."} | fields
        file.write_text(json.dumps(row) + "\n", "utf-8")
        with pytest.raises(UnreadableDocument, match=reason):
            read_cases(file, EvidenceCase)

    def test_trials_as_nli4ct_has_them(self, tmp_path: Path) -> None:
        file = tmp_path / "trials.jsonl"
        row = {
            "Clinical Trial ID": "NCT00000021",
            "Adverse Events": ["Adverse Events 1:", "  Total: 1/2 (50.00%)"],
            "Results": [],
        }
        file.write_text(json.dumps(row) + "\n", "utf-8")
        (read,) = evidence.read_trials(file).values()
        assert (read.id, len(read.lines("Adverse Events")), read.lines("Eligibility")) == ("NCT00000021", 2, ())


class TestFigures:
    def test_lines_are_pooled_over_statements_and_records(self) -> None:
        cases = [case(), case(id="b", **PAIR)]
        measured = figures(run(cases, ("Entailment", [3], []), ("Entailment", [2, 3, 4], [1, 2])))
        # gold 2 + 2 + 1 = 5 lines; given 1 + 3 + 2 = 6; both 1 + 2 + 0 = 3
        assert measured["line_precision"].mean == 3 / 6
        assert measured["line_recall"].mean == 3 / 5
        assert measured["line_f1"].mean == 6 / 11
        # every line: 5 + 5 + 5 = 15 given, 5 of them gold
        assert measured["every_line_f1"].mean == 10 / 20
        # of each statement by itself: 2·1/(1+2) and 2·2/(5+3)
        assert measured["mean_line_f1"].mean == pytest.approx((2 / 3 + 1 / 2) / 2)

    def test_labels(self) -> None:
        cases = [case(), case(id="b"), case(id="c", Label="Contradiction"), case(id="d", Label="Contradiction")]
        labels = ("Entailment", "Contradiction", "Entailment", "Contradiction")
        measured = figures(run(cases, *((label, [3], []) for label in labels)))
        assert measured["accuracy"].mean == 0.5
        assert measured["label_f1"].mean == 0.5
        assert measured["label_macro_f1"].mean == 0.5

    @pytest.mark.parametrize(
        ("label", "lines", "metric"),
        [
            pytest.param("Contradiction", [2, 3], "accuracy", id="a swapped label"),
            pytest.param("Entailment", [2], "line_recall", id="a dropped line"),
            pytest.param("Entailment", [1, 2, 3], "line_precision", id="a wrong line"),
        ],
    )
    def test_each_mistake_shows_in_its_figure_alone(self, label: str, lines: list[int], metric: str) -> None:
        measured = figures(run([case()], (label, lines, [])))
        wrong = {name for name in ("accuracy", "line_recall", "line_precision") if measured[name].mean != 1}
        assert wrong == {metric}

    def test_a_case_that_fails_says_nothing(self) -> None:
        cases = [case(), case(id="b", Primary_id="NCT00000099")]
        measured = evidence.measure(cases, TRIALS)
        failed = next(item for item in measured.items if item.id == "b")
        assert "NCT00000099" in failed.prediction["error"]
        assert figures(measured)["accuracy"].scored == 2
        assert figures(measured)["line_f1"].failed == 1

    def test_without_gold_only_predictions(self, tmp_path: Path) -> None:
        out = tmp_path / "out.jsonl"
        bare = EvidenceCase.model_validate(
            {"id": 1, "Section_id": "Eligibility", "Primary_id": "NCT00000021", "Statement": "Adults join."}
        )
        measured = evidence.measure([bare], TRIALS, predictions=out)
        assert (measured.metrics, dict(measured.figures)) == ((), {})
        (line,) = map(json.loads, out.read_text("utf-8").splitlines())
        assert sorted(line) == ["id", "label", "primary", "secondary"]
        assert line["label"] in {"Entailment", "Contradiction"}


class TestGold:
    def test_every_line_that_proves_stands_in_its_trial(self) -> None:
        cases, trials = read_cases(GOLD / "evidence.jsonl", EvidenceCase), evidence.read_trials(GOLD / "evidence_trials.jsonl")
        assert len(cases) >= 24
        assert {one.section for one in cases} == {"Intervention", "Eligibility", "Results", "Adverse Events"}
        for one in cases:
            dues = [one.primary, one.secondary][: len(one.trials)]
            assert all(due and max(due) < len(lines) for due, lines in zip(dues, evidence.lines_of(one, trials), strict=True))

    def test_the_reader_does_better_than_every_line(self) -> None:
        (measured,) = evals.run(["evidence"], settings=Settings())
        found = figures(measured)
        assert len(measured.items) >= 24
        assert (found["line_f1"].mean or 0) > (found["every_line_f1"].mean or 1)
        assert found["line_f1"].failed == 0

    def test_trials_go_with_this_task_alone(self) -> None:
        with pytest.raises(UnusableRequest, match="--trials"):
            evals.run(["criteria"], settings=Settings(), trials=GOLD / "evidence_trials.jsonl")
