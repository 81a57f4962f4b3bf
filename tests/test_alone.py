"""Lines asked of what is told alone: what else they name is left out where that lets somebody pass, and never where it bars."""

from datetime import date

import pytest

from assistant.eligibility.assess import status
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.notes import read_note
from assistant.eligibility.parse.criteria import parse
from index.trial import Kind

TODAY = date(2026, 3, 2)


def stands(kind: Kind, criterion: str, note: str) -> str:
    told = judge(parse(criterion, kind), read_note(note, TODAY), Clock(TODAY, TODAY), alone=True, kind=kind)
    return status(told, kind)


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "expected"),
    [
        pytest.param(
            "exclusion",
            "Plasma exchange or rituximab within 3 months before screening",
            "I had plasma exchange five months ago.",
            "satisfied",
            id="the other limb is not asked about",
        ),
        pytest.param(
            "exclusion",
            "Plasma exchange or rituximab within 3 months before screening",
            "I had plasma exchange five weeks ago.",
            "violated",
            id="the limb told of bars",
        ),
        pytest.param(
            "exclusion", "Uncontrolled hypertension or stroke", "I have hypertension.", "unknown", id="its own side is open"
        ),
        pytest.param(
            "exclusion", "Uncontrolled hypertension or stroke", "No complaints.", "unknown", id="nothing is told of it"
        ),
        pytest.param(
            "exclusion",
            "Chronic hepatitis B with HBV DNA ≥ 2000 IU/mL, or active hepatitis C",
            "HBV DNA 120 IU/mL.",
            "satisfied",
            id="a value passes its limb",
        ),
        pytest.param(
            "exclusion",
            "Hepatitis B that is untreated, with HBV DNA ≥ 2000 IU/mL",
            "HBV DNA 5000 IU/mL.",
            "unknown",
            id="parts that bar only together",
        ),
        pytest.param(
            "inclusion",
            "Asthma and an eosinophil count of at least 300/µL",
            "Asthma since childhood.",
            "unknown",
            id="what is required beside it stays required",
        ),
    ],
)
def test_asked_of_what_is_told(kind: Kind, criterion: str, note: str, expected: str) -> None:
    assert stands(kind, criterion, note) == expected
