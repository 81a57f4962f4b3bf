"""Conditions that a value grades, limits of normal on which laboratories agree, and values that anticoagulation aims at."""

from datetime import date

import pytest

from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.notes import read_note
from assistant.eligibility.parse import parse
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from index.trial import Kind

TODAY = date(2026, 1, 20)
CLOCK = Clock(TODAY, TODAY)
WARFARIN = "INR ≤ 1.4 unless receiving anticoagulants, as long as INR is within therapeutic range"
LIMITS = "Laboratory abnormalities ≥ grade 1 in sodium or potassium levels"
BILIRUBIN = "Bilirubin ≤ 2 × ULN, or direct bilirubin ≤ ULN for subjects with total bilirubin > 2 × ULN"


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "expected"),
    [
        pytest.param("exclusion", "Anemia of grade 3 or more", "Hemoglobin 7.8 g/dL.", TRUE, id="beyond the bound"),
        pytest.param("exclusion", "Anemia of grade 3 or more", "Hemoglobin 8.0 g/dL.", FALSE, id="at the bound"),
        pytest.param("exclusion", "Anemia of grade 3 or more", "Hemoglobin normal.", FALSE, id="normal is of no grade"),
        pytest.param("exclusion", "Anemia of grade 3 or more", "Platelets 20 x 10^9/L.", UNKNOWN, id="another value"),
        pytest.param("exclusion", "Grade 3 hypokalemia or worse", "Potassium 2.8 mmol/L.", TRUE, id="or worse"),
        pytest.param("exclusion", "Anemia", "Hemoglobin 10.5 g/dL.", UNKNOWN, id="no grade asked: a diagnosis"),
        pytest.param("exclusion", "History of grade ≥ 3 neutropenia", "ANC 3.1 x 10^9/L.", UNKNOWN, id="the past"),
        pytest.param("exclusion", "Hyponatremia ≥ grade 3", "Sodium 127 mmol/L.", UNKNOWN, id="the value alone does not say"),
        pytest.param("exclusion", "Hyponatremia ≥ grade 3", "Sodium 132 mmol/L.", FALSE, id="not even of the lower grade"),
        pytest.param("exclusion", LIMITS, "Sodium 140 mmol/L, potassium 4.2 mmol/L.", FALSE, id="both normal anywhere"),
        pytest.param("exclusion", LIMITS, "Sodium 140 mmol/L, potassium 3.5 mmol/L.", UNKNOWN, id="depends on the laboratory"),
        pytest.param("exclusion", LIMITS, "Sodium 128 mmol/L, potassium 4.2 mmol/L.", TRUE, id="low anywhere"),
        pytest.param("exclusion", LIMITS, "Sodium 140 mmol/L.", UNKNOWN, id="one is missing"),
        pytest.param("exclusion", "Abnormal TSH", "TSH 2.1 mU/L (0.4-4.0).", FALSE, id="abnormal is outside the limits"),
        pytest.param("exclusion", "Abnormal TSH", "TSH 9 mU/L (0.4-4.0).", TRUE, id="abnormal, above"),
        pytest.param("inclusion", WARFARIN, "Takes warfarin. INR 2.6.", TRUE, id="in the therapeutic range"),
        pytest.param("inclusion", WARFARIN, "Takes warfarin. INR 4.1.", FALSE, id="above the therapeutic range"),
        pytest.param("inclusion", WARFARIN, "Takes no anticoagulants. INR 2.6.", FALSE, id="high without a reason"),
        pytest.param("inclusion", "PT ≤ 1.5 × ULN", "INR 1.0.", TRUE, id="the INR is of the same test"),
        pytest.param("inclusion", "PT ≤ 15 s", "INR 1.0.", UNKNOWN, id="the INR gives no seconds"),
        pytest.param("inclusion", "Normal platelet count", "Platelets 70 x 10^9/L.", FALSE, id="too low is not normal"),
        pytest.param("inclusion", BILIRUBIN, "Bilirubin 0.7 mg/dL (ULN 1.2).", TRUE, id="a group of the rest binds all"),
        pytest.param("inclusion", BILIRUBIN, "Bilirubin 3.7 mg/dL (ULN 1.2).", UNKNOWN, id="the other value is missing"),
    ],
)
def test_values_decide(kind: Kind, criterion: str, note: str, expected: Truth) -> None:
    read = parse(criterion, kind)
    assert judge(read, read_note(note, TODAY), CLOCK, complete=False, kind=kind).truth is expected


def test_a_value_contradicts_silence() -> None:
    read = parse("Hyponatremia ≥ grade 4", "exclusion")
    truth = judge(read, read_note("55-year-old man. Sodium 116 mmol/L.", TODAY), CLOCK, complete=True, kind="exclusion").truth
    assert truth is TRUE
