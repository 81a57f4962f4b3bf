"""The task `extraction`: what counts as right, in part, wrong and missing, each worked by hand; and what a bad gold line is told."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.audit.extraction.value import Value
from evals.cases import ExtractionCase, read_cases
from evals.tasks.extraction import measure, overlap, scored, verdict_of
from index.errors import UnreadableDocument

HB = {"analyte": "hemoglobin", "comparator": "≥", "value": 9, "unit": "g/dL", "uln_multiple": None, "condition": None}
ALT = {"analyte": "ALT", "comparator": "≤", "value": None, "unit": None, "uln_multiple": 3, "condition": None}


@pytest.mark.parametrize(
    ("name", "gold", "found", "verdict"),
    [
        pytest.param("ecog_max", 1, 1, "right", id="a number"),
        pytest.param("ecog_max", 1, 2, "wrong", id="another number"),
        pytest.param("ecog_max", 1, None, "missing", id="nothing said"),
        pytest.param("measurable_disease", True, True, "right", id="yes"),
        pytest.param("measurable_disease", False, True, "wrong", id="yes for no"),
        pytest.param("measurable_disease", True, 1, "wrong", id="a number is no yes"),
        pytest.param("metastatic", "required", "allowed", "wrong", id="another state"),
        pytest.param(
            "cancer_type", "non-small cell lung cancer", "Non-Small Cell Lung Cancer (NSCLC)", "right", id="same words"
        ),
        pytest.param("cancer_type", "lung cancer", "gastric adenocarcinoma", "wrong", id="other words"),
        pytest.param("stage", ["IIIA", "IV"], ["Stage IV", "iiia"], "right", id="a list in any order"),
        pytest.param("stage", ["IIIA", "IIIB", "IV"], ["IV", "IIIA"], "right", id="F1 of 0.8"),
        pytest.param("stage", ["IIIA", "IIIB", "IV"], ["IV"], "in_part", id="F1 of 0.5"),
        pytest.param("stage", ["IIIA", "IIIB"], ["IV"], "wrong", id="F1 of 0"),
        pytest.param("stage", ["IV"], "IV", "wrong", id="no list where one is due"),
        pytest.param("labs", [HB, ALT], [ALT | {"comparator": "<="}, HB], "right", id="labs, the sign spelled otherwise"),
        pytest.param("labs", [HB, ALT], [HB | {"value": 8}, ALT], "in_part", id="labs, one value off"),
        pytest.param("labs", [HB], [HB | {"comparator": "≤"}], "wrong", id="labs, the side turned"),
        pytest.param(
            "washouts",
            [{"what": "major surgery", "duration": 4, "unit": "week", "anchor": "enrollment"}],
            [{"what": "surgery", "duration": 28, "unit": "day", "anchor": "enrollment"}],
            "wrong",
            id="washouts keep the printed unit",
        ),
        pytest.param(
            "biomarkers_required",
            [{"name": "HER2", "state": "positive"}],
            [{"name": "HER2", "state": "negative"}],
            "wrong",
            id="a marker's state turned",
        ),
    ],
)
def test_how_a_field_comes_out(name: str, gold: Any, found: Any, verdict: str) -> None:
    assert verdict_of(name, gold, found) == verdict


def test_an_element_is_matched_once() -> None:
    assert overlap("stage", ["IV", "IIIA"], ["IV", "IV"]) == pytest.approx(0.5)


def test_silence_is_scored_by_itself() -> None:
    assert scored("stage", None, None)["silent"].value == 1
    assert scored("stage", None, ["IV"])["silent"].value == 0
    assert scored("stage", None, ["IV"])["right"].value is None
    assert scored("stage", ["IV"], None)["silent"].value is None


def test_each_field_is_an_item_and_a_failed_trial_counts_as_missing() -> None:
    cases = [
        ExtractionCase(id="a", trial="NCT1", fields={"ecog_max": 1}),
        ExtractionCase(id="b", trial="gone", fields={"ecog_max": 2}),
    ]

    def extract(trial: str) -> dict[str, Value]:
        return {"NCT1": {"ecog_max": Value(1, ())}}[trial]

    run = measure(cases, extract)
    means = {one.metric: (one.mean, one.scored, one.failed) for one in run.summaries()}
    assert means["right"] == (0.5, 2, 1)
    assert means["missing"] == (0.5, 2, 1)
    assert run.grids[0].rows == (("ecog_max", "2", "1", "0", "0", "1", "0", "0"),)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param({"trial": "NCT1", "fields": {"shoe_size": 44}}, "shoe_size", id="no such field"),
        pytest.param({"fields": {}}, "trial", id="no trial"),
    ],
)
def test_a_bad_line_is_named(line: dict[str, Any], words: str, tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(UnreadableDocument, match=words):
        read_cases(file, ExtractionCase)


def test_a_case_without_gold_is_predicted() -> None:
    run = measure([ExtractionCase(id="NCT1", trial="NCT1")], lambda trial: {"ecog_max": Value(1, ())})
    assert run.items[0].prediction["fields"] == {"ecog_max": 1}
    assert not run.items[0].scores
