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
        pytest.param("inclusion", WARFARIN, "Started heparin. INR 1.1.", TRUE, id="the rule holds without the exception"),
        pytest.param("inclusion", "CrCl / eGFR ≥ 60 mL/min", "eGFR 48 mL/min.", FALSE, id="one test of two fails"),
        pytest.param("inclusion", "CrCl / eGFR ≥ 60 mL/min", "eGFR 48. CrCl 66 mL/min.", TRUE, id="the other reading passes"),
        pytest.param("exclusion", "CrCl or eGFR < 30 mL/min", "eGFR 71 mL/min.", FALSE, id="one test of two clears"),
        pytest.param("inclusion", "Albumin ≥ 30 g/L or INR ≤ 1.3", "INR 1.9.", UNKNOWN, id="two different tests"),
        pytest.param("inclusion", "Platelets ≥ 100 x 10^9/L", "Platelets normal.", TRUE, id="normal platelets are above 100"),
        pytest.param(
            "inclusion", "Platelets ≥ 150 x 10^9/L", "Platelets normal.", UNKNOWN, id="but of a laboratory's own limit"
        ),
        pytest.param(
            "inclusion", "Hemoglobin ≥ 9 g/dL", "Full blood count normal.", TRUE, id="a normal count has its hemoglobin"
        ),
        pytest.param("inclusion", "Creatinine ≤ 1.5 mg/dL", "Creatinine within normal limits.", TRUE, id="a normal creatinine"),
        pytest.param("inclusion", "eGFR ≥ 45 mL/min", "Normal kidney function.", TRUE, id="normal kidney function"),
        pytest.param("inclusion", "eGFR ≥ 45 mL/min", "Kidney function not normal.", UNKNOWN, id="no normal kidney function"),
        pytest.param("inclusion", "aPTT ≤ 1.1 × ULN", "aPTT prolonged at 48 s (ULN 40).", FALSE, id="a limit in brackets"),
        pytest.param("exclusion", "ALT > 100 U/L", "ALT normal.", FALSE, id="a normal ALT"),
        pytest.param("inclusion", "Creatinine clearance ≥ 60 mL/min", "Creatinine normal.", UNKNOWN, id="of another test"),
        pytest.param("inclusion", "ALT ≤ 3 × ULN", "ALT twice the upper limit.", TRUE, id="twice the limit"),
        pytest.param(
            "inclusion", "ALT ≤ 3 × ULN", "AST is 2.5 times the limit and ALT 5.2 times.", FALSE, id="times of a list"
        ),
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
