"""The criteria task: numbered notes, labels of statuses, figures over all pairs, and gold that can be trusted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from rich.console import Console

from assistant.eligibility.assessment import Status
from assistant.eligibility.patient import Words
from evals import report
from evals.cases import CriterionCase, read_cases
from evals.score import Prediction, Run
from evals.tasks import criteria
from index.errors import UnreadableDocument

GOLD = Path(criteria.__file__).parents[1] / "gold" / "criteria.jsonl"
NOTE = "0. A 50-year-old man has gout.\n1. He takes allopurinol.\n2. Urate is 380 µmol/L."


def case(**fields: Any) -> CriterionCase:
    given = {
        "annotation_id": 1,
        "patient_id": "gout",
        "note": NOTE,
        "criterion_type": "inclusion",
        "criterion_text": "Adults with gout",
        "expert_eligibility": "included",
        "expert_sentences": "[0]",
    }
    return CriterionCase.model_validate(given | fields)


def said(label: str, *sentences: int) -> Prediction:
    return {"label": label, "sentences": list(sentences), "reason": "Because."}


class TestCases:
    def test_a_row_is_read_as_the_annotations_have_it(self, tmp_path: Path) -> None:
        file = tmp_path / "pairs.jsonl"
        row = {
            "annotation_id": 883,
            "note": NOTE,
            "trial_title": "T",
            "criterion_type": "exclusion",
            "criterion_text": None,
            "expert_eligibility": "not enough information",
            "expert_sentences": "[0, 2]",
            "training": True,
        }
        file.write_text(json.dumps(row) + "\n", "utf-8")
        (read,) = read_cases(file, CriterionCase)
        assert (read.id, read.criterion_text, read.expert_sentences, read.patient_id) == (883, "", (0, 2), None)

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            pytest.param({"criterion_type": "other"}, "line 1: criterion_type", id="an unknown list"),
            pytest.param({"expert_eligibility": "maybe"}, "line 1: expert_eligibility", id="an unknown label"),
            pytest.param({"expert_sentences": "0 and 2"}, "line 1", id="sentences that are no list"),
            pytest.param({"note": None}, "line 1: note", id="no note"),
        ],
    )
    def test_what_is_no_pair_is_named(self, fields: dict[str, Any], reason: str, tmp_path: Path) -> None:
        file = tmp_path / "pairs.jsonl"
        row = {"annotation_id": 1, "note": NOTE, "criterion_type": "inclusion", "criterion_text": "x"} | fields
        file.write_text(json.dumps(row) + "\n", "utf-8")
        with pytest.raises(UnreadableDocument, match=reason):
            read_cases(file, CriterionCase)


class TestNotes:
    def test_numbers_are_taken_off_and_found_again(self) -> None:
        note = criteria.unnumbered(NOTE)
        assert note.text == "A 50-year-old man has gout.\nHe takes allopurinol.\nUrate is 380 µmol/L."
        start = note.text.index("allopurinol")
        assert note.sentences_of([Words(start, start + 11, "allopurinol")]) == [1]
        assert note.sentences_of([Words(0, 9, "A 50-year"), Words(start, start + 1, "a")]) == [0, 1]
        assert note.sentences_of([]) == []

    @pytest.mark.parametrize(
        ("note", "words", "numbers"),
        [
            pytest.param("He has gout. He takes no drug.", "no drug", [1], id="no numbers: counted from 0"),
            pytest.param("Seen today.\n3. Gout.\n4. No drug.", "No drug", [4], id="words before the first number"),
            pytest.param("0. Gout\n since 2019.\n1. No drug.", "since", [0], id="a sentence over two lines"),
            pytest.param("", "", [], id="empty"),
        ],
    )
    def test_other_shapes(self, note: str, words: str, numbers: list[int]) -> None:
        plain = criteria.unnumbered(note)
        start = plain.text.index(words)
        assert plain.sentences_of([Words(start, start + len(words), words)] if words else []) == numbers


class TestLabels:
    @pytest.mark.parametrize("kind", ["inclusion", "exclusion"])
    def test_every_status_has_a_label(self, kind: Any) -> None:
        labels = {status: criteria.DECIDED.get((kind, status), criteria.OPEN) for status in get_args(Status)}
        assert len(set(labels.values())) == 4
        assert labels["unknown"] == labels["conflicting"] == labels["needs_protocol"] == "not enough information"
        assert ("excluded" in labels.values()) == (kind == "exclusion")

    def test_every_label_has_an_outcome(self) -> None:
        assert set(criteria.OUTCOMES) == set(criteria.LABELS)

    @pytest.mark.parametrize("text", [None, "", " \n"], ids=["null", "empty", "blank"])
    def test_a_criterion_without_text_is_open_and_no_error(self, text: str | None) -> None:
        found = criteria.decided(case(criterion_text=text))
        assert (found["label"], found["sentences"]) == ("not enough information", [])


def measured(script: Mapping[int, Prediction | Exception], cases: list[CriterionCase], out: Path | None = None) -> Run:
    def decide(one: CriterionCase) -> Prediction:
        given = script[int(one.id)]
        if isinstance(given, Exception):
            raise given
        return given

    return criteria.measure(cases, decide, predictions=out)


CASES = [
    case(annotation_id=1),
    case(annotation_id=2, criterion_text="No gout", expert_eligibility="not included"),
    case(
        annotation_id=3,
        patient_id="other",
        criterion_type="exclusion",
        expert_eligibility="not excluded",
        expert_sentences="[]",
    ),
    case(annotation_id=4, patient_id="other", criterion_type="exclusion", expert_eligibility="not enough information"),
    case(annotation_id=5, patient_id="other", criterion_type="exclusion", expert_eligibility="not excluded"),
]
SCRIPT: dict[int, Prediction | Exception] = {
    1: said("included", 0, 1),
    2: said("included", 0),
    3: said("not excluded"),
    4: said("not excluded", 2),
    5: ValueError("broken"),
}


class TestRun:
    def figures(self) -> dict[str, float | None]:
        return {summary.metric: summary.mean for summary in measured(SCRIPT, CASES).summaries()}

    def test_figures(self) -> None:
        found = self.figures()
        assert found["accuracy"] == pytest.approx(2 / 5)
        assert found["accuracy_3"] == pytest.approx(2 / 5)
        # F1: included 2/3, not included 0, not excluded 1/2 (said twice, due twice, right once), open 0.
        assert found["macro_f1"] == pytest.approx((2 / 3 + 0 + 1 / 2 + 0) / 4)
        # Sentences: due 0 | 0 | – | 0 | 0, said 0, 1 | 0 | – | 2 | –.
        assert found["evidence_precision"] == pytest.approx(2 / 4)
        assert found["evidence_recall"] == pytest.approx(2 / 4)
        assert found["evidence_f1"] == pytest.approx(2 / 4)
        assert found["unsafe"] == pytest.approx(1 / 5)
        assert (found["over_commitment"], found["over_abstention"]) == (1, 0)

    def test_the_baseline_says_the_commonest_label_of_each_kind(self) -> None:
        assert criteria.by_kind(CASES) == {"inclusion": "included", "exclusion": "not excluded"}
        assert self.figures()["baseline_by_kind"] == pytest.approx(3 / 5)

    def test_intervals_draw_whole_patients(self) -> None:
        summary = next(one for one in measured(SCRIPT, CASES).summaries() if one.metric == "accuracy")
        assert summary.interval is not None
        # Two patients with 1 of 2 and 1 of 3 right: no draw of whole patients lies outside these.
        assert (summary.interval.low, summary.interval.high) == (pytest.approx(1 / 3), pytest.approx(1 / 2))

    def test_every_pair_has_its_line_in_order(self, tmp_path: Path) -> None:
        measured(SCRIPT, CASES, tmp_path / "out.jsonl")
        lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
        assert [line["annotation_id"] for line in lines] == [1, 2, 3, 4, 5]
        assert lines[0] == {"annotation_id": 1, "label": "included", "sentences": [0, 1], "reason": "Because."}
        assert lines[4] == {"annotation_id": 5, "error": "ValueError: broken"}

    def test_without_gold_there_are_only_predictions(self, tmp_path: Path) -> None:
        plain = case(expert_eligibility=None, expert_sentences=None)
        run = measured({1: said("included", 0)}, [plain], tmp_path / "out.jsonl")
        assert (run.summaries(), run.grids) == ((), ())
        assert (tmp_path / "out.jsonl").exists()

    def test_labels_without_sentences_leave_the_evidence_unscored(self) -> None:
        run = measured({1: said("included", 0)}, [case(expert_sentences=None)])
        means = {summary.metric: summary.mean for summary in run.summaries()}
        assert (means["accuracy"], means["evidence_f1"]) == (1, None)

    def test_report_has_labels_and_confusion(self, tmp_path: Path) -> None:
        run = measured(SCRIPT, CASES)
        page = report.page(run)
        assert "2 patients drawn whole" in page
        assert "Gold by row, said by column" in page
        data = json.loads(report.write(run, tmp_path)[0].read_text("utf-8"))
        labels, confusion = data["tables"]
        assert [row[0] for row in labels["rows"]][:2] == ["included", "none"]
        assert confusion["head"][0] == "gold \\ said"
        console = Console(record=True, width=160, file=(tmp_path / "table").open("w"))
        console.print(report.shown(run))
        assert "macro_f1" in console.export_text()


class TestGold:
    CASES = read_cases(GOLD, CriterionCase)

    def test_there_are_enough_of_every_label(self) -> None:
        assert len(self.CASES) >= 40
        assert {one.expert_eligibility for one in self.CASES} == set(criteria.LABELS)
        assert len({one.note for one in self.CASES}) >= 5

    @pytest.mark.parametrize("gold", CASES, ids=lambda gold: str(gold.id))
    def test_a_label_fits_its_list_and_its_sentences_exist(self, gold: CriterionCase) -> None:
        either = {"not enough information", "not applicable"}
        own = {"inclusion": {"included", "not included"}, "exclusion": {"excluded", "not excluded"}}[gold.criterion_type]
        assert gold.expert_eligibility in own | either
        assert set(gold.expert_sentences or ()) <= set(criteria.unnumbered(gold.note).numbers)

    def test_no_failing_line_is_passed(self) -> None:
        """The worst fault there is, on our own gold: a line that an expert fails and we let pass."""
        run = criteria.measure(self.CASES)
        assert not any(item.failed for item in run.items)
        assert [item.id for item in run.items if item.scores["unsafe"].value] == []
