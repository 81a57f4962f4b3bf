"""Daily doses: bounds in criteria, doses in notes, and how much of a named drug another one equals."""

import time
from datetime import date

import pytest

from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.notes import read_note
from assistant.eligibility.numbers.doses import Dose, daily, dose_bounds, equivalents, local_steroids
from assistant.eligibility.parse import parse
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from assistant.eligibility.vocabulary.concepts import all_concepts

TODAY = date(2026, 1, 20)
CLOCK = Clock(TODAY, TODAY)


def above(bound: float, of: str | None = None, unit: str = "mg/day") -> Dose:
    return Dose(Range(bound, low_open=True), unit, of)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("steroids (> 7.5 mg/day prednisone or equivalent)", [above(7.5, "prednisone")], id="a sign"),
        pytest.param("doses exceeding 15 mg daily of prednisone equivalent", [above(15, "prednisone")], id="in words"),
        pytest.param(
            "equivalent to more than 5 mg of prednisolone a day", [above(5, "prednisolone")], id="equivalent in front"
        ),
        pytest.param("prednisone above 5 mg or its equivalent per day", [above(5, "prednisone")], id="the drug in front"),
        pytest.param("dexamethasone > 4 mg/day", [above(4)], id="of the drug itself"),
        pytest.param("vitamin D over 4,000 IU per day", [above(4000, unit="IU/day")], id="international units"),
        pytest.param("levothyroxine > 150 mcg daily", [above(0.15)], id="micrograms"),
        pytest.param("ibuprofen in doses of at least 1.2 g/day", [Dose(Range(1200), "mg/day")], id="grams"),
        pytest.param("prednisone ≥ 0.3 mg/kg of body weight", [Dose(Range(0.3), "mg/kg/day")], id="by weight"),
        pytest.param("a daily dose from 75 to 150 mg", [Dose(Range(75, 150), "mg/day")], id="a range"),
        pytest.param("20 mg/day or less of furosemide", [Dose(Range(0, 20), "mg/day")], id="or less"),
        pytest.param("cisplatin 60 mg/m2", [], id="by body surface"),
        pytest.param("methotrexate > 15 mg/week", [], id="weekly"),
        pytest.param("cumulative doxorubicin dose > 250 mg", [], id="cumulative"),
        pytest.param("more than 200 mg of lidocaine in total", [], id="in total"),
        pytest.param("creatinine > 2 mg/dL", [], id="a concentration"),
        pytest.param("codeine > 60 mg morphine equivalents", [], id="equivalents that no table has"),
        pytest.param("tablets of 5 mg", [], id="a bare strength"),
    ],
)
def test_bounds_of_doses(text: str, expected: list[Dose]) -> None:
    assert [mention.dose for mention in dose_bounds(text)] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param("6 mg twice daily", (exactly(12), "mg/day"), id="twice"),
        pytest.param("5 mg TID", (exactly(15), "mg/day"), id="tid"),
        pytest.param("1 g/day", (exactly(1000), "mg/day"), id="grams"),
        pytest.param("15 mg", (exactly(15), "mg/day"), id="no word: once a day"),
        pytest.param("15 mg every other day", (exactly(7.5), "mg/day"), id="alternate days"),
        pytest.param("1,000 IU daily", (exactly(1000), "IU/day"), id="units"),
        pytest.param("15 mg weekly", None, id="weekly"),
        pytest.param("15 mg as needed", None, id="as needed"),
        pytest.param("15 mg before each infusion", None, id="premedication"),
        pytest.param("75 mg/m2", None, id="by body surface"),
        pytest.param("2 x 5 mg", None, id="tablets at a time"),
        pytest.param("one tablet daily", None, id="no amount"),
    ],
)
def test_a_dose_as_taken_in_a_day(said: str, expected: tuple[Range, str] | None) -> None:
    assert daily(said) == expected


AND_DOSE = "Needs corticosteroids, and daily dose of prednisone greater than 15 mg"
STEROIDS = "Systemic steroids (> 7.5 mg/day of prednisone or equivalent) within 2 weeks before randomization"


@pytest.mark.parametrize(
    ("criterion", "note", "expected"),
    [
        pytest.param(STEROIDS, "Takes prednisolone 7.5 mg daily.", FALSE, id="at the bound"),
        pytest.param(STEROIDS, "Takes prednisolone 20 mg daily.", TRUE, id="above it"),
        pytest.param(STEROIDS, "Takes dexamethasone 1 mg daily.", FALSE, id="converted, below"),
        pytest.param(STEROIDS, "Takes dexamethasone 1 mg twice daily.", TRUE, id="converted, above"),
        pytest.param(STEROIDS, "Takes prednisone.", UNKNOWN, id="no dose"),
        pytest.param(AND_DOSE, "Takes prednisone 10 mg daily.", FALSE, id="the drug and its dose are one thing"),
        pytest.param(AND_DOSE, "Takes steroids.", UNKNOWN, id="the drug without its dose"),
        pytest.param(STEROIDS, "Takes prednisone 5 mg daily, tapered from 40 mg.", UNKNOWN, id="tapered: when is open"),
        pytest.param(STEROIDS, "Takes prednisone 5 mg daily and dexamethasone 1 mg daily.", UNKNOWN, id="two add up"),
        pytest.param(STEROIDS, "Takes no steroids.", FALSE, id="none at all"),
        pytest.param(STEROIDS, "Not on prednisone 20 mg.", UNKNOWN, id="a dose denied is not the drug denied"),
        pytest.param("Steroids > 7.5 mg/day of prednisone", "Uses a steroid inhaler.", FALSE, id="inhaled"),
        pytest.param("Prednisone > 0.4 mg/kg/day", "Takes prednisone 20 mg daily. Weight 60 kg.", FALSE, id="by weight"),
        pytest.param("Prednisone > 0.4 mg/kg/day", "Takes prednisone 20 mg daily.", UNKNOWN, id="no weight"),
        pytest.param("Steroids > 30 mg/day", "Takes dexamethasone 40 mg daily.", UNKNOWN, id="of which steroid is not said"),
        pytest.param("Dexamethasone > 30 mg/day", "Takes dexamethasone 40 mg daily.", TRUE, id="of this steroid"),
        pytest.param("Aspirin > 150 mg/day", "Takes aspirin 100 mg daily.", FALSE, id="any drug"),
    ],
)
def test_doses_decide(criterion: str, note: str, expected: Truth) -> None:
    read = parse(criterion, "exclusion")
    assert judge(read, read_note(note, TODAY), CLOCK, complete=False, kind="exclusion").truth is expected


def test_the_table_names_concepts() -> None:
    assert {*equivalents(), *local_steroids()} <= set(all_concepts())


def test_hostile_text_takes_no_time() -> None:
    began = time.perf_counter()
    for piece in ("1 mg or ", "of the daily dose ", "5 mg/day ", "9" * 50, " " * 50):
        dose_bounds(piece * 400)
    assert time.perf_counter() - began < 2
