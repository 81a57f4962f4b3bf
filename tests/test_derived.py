"""Quantities worked out from others, by their published formulas."""

import pytest

from assistant.eligibility.conditions import Between
from assistant.eligibility.judge import judge
from assistant.eligibility.patient import Fact
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from tests.small_patients import CLOCK, on, patient, value

WEIGHT, HEIGHT = value("weight", 72, "kg"), value("height", 1.8, "m")
CREATININE = value("creatinine", 1.0, "mg/dL", taken=on("2026-01-15"))


def clearance(low: float) -> Between:
    return Between("creatinine-clearance", Range(low), "mL/min")


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(Between("bmi", Range(high=22.3), "kg/m²"), (WEIGHT, HEIGHT), TRUE, id="72 kg at 1.80 m is 22.2"),
        pytest.param(Between("bmi", Range(high=22.1), "kg/m²"), (WEIGHT, HEIGHT), FALSE, id="and no less"),
        pytest.param(Between("bmi", Range(high=25), "kg/m²"), (WEIGHT,), UNKNOWN, id="no height"),
        pytest.param(
            Between("bmi", Range(high=25), "kg/m²"), (WEIGHT, HEIGHT, value("bmi", 31)), FALSE, id="what is given counts"
        ),
        pytest.param(
            Between("bmi", Range(high=25), "kg/m²"), (WEIGHT, value("weight", 90, "kg"), HEIGHT), UNKNOWN, id="two weights"
        ),
        pytest.param(clearance(78), (CREATININE, WEIGHT), TRUE, id="(140 - 60) x 72 / 72 is 80, and 81 a year before"),
        pytest.param(clearance(82), (CREATININE, WEIGHT), FALSE, id="and not 82"),
        pytest.param(clearance(80.5), (CREATININE, WEIGHT), UNKNOWN, id="a birthday decides"),
        pytest.param(clearance(50), (CREATININE,), UNKNOWN, id="no weight"),
        pytest.param(
            Between("corrected-calcium", Range(high=2.2), "mmol/L"),
            (value("calcium", 8.0, "mg/dL"), value("albumin", 3.0, "g/dL")),
            TRUE,
            id="8.8 mg/dL is 2.2 mmol/L",
        ),
        pytest.param(
            Between("corrected-calcium", Range(high=2.0), "mmol/L"),
            (value("calcium", 8.0, "mg/dL"), value("albumin", 3.0, "g/dL", taken=on("2026-01-02"))),
            UNKNOWN,
            id="of two days",
        ),
    ],
)
def test_derived(condition: Between, facts: tuple[Fact, ...], expected: Truth) -> None:
    judged = judge(condition, patient(*facts, sex="male", age=exactly(60)), CLOCK)
    assert judged.truth is expected


def test_a_woman_clears_less_and_the_sum_is_shown() -> None:
    judged = judge(clearance(70), patient(CREATININE, WEIGHT, sex="female", age=exactly(60)), CLOCK)
    assert judged.truth is FALSE
    assert "Cockcroft-Gault" in judged.reasons[0].fact
    assert len(judged.evidence) == 2
