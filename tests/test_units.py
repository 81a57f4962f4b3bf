"""Units: spellings, conversion of each analyte, values without a unit, and values that cannot be true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.numbers.quantities import all_quantities
from assistant.eligibility.numbers.units import (
    UnitFault,
    collapsed,
    convert,
    folded,
    implausible,
    implausible_age,
    lowered,
    named_unit,
    taken_as,
    unit_at,
    working,
)
from assistant.eligibility.ranges import Range, exactly

SPELLINGS = [
    ("hemoglobin", "gm/dl", "g/dL"),
    ("hemoglobin", "g%", "g/dL"),
    ("anc", "x 10^9/L", "10^9/L"),
    ("anc", "×10⁹/L", "10^9/L"),
    ("anc", "x 109/L", "10^9/L"),
    ("anc", "×10e9/L", "10^9/L"),
    ("anc", "10*9/L", "10^9/L"),
    ("anc", "G/L", "10^9/L"),
    ("anc", "/mm3", "/µL"),
    ("anc", "/mm³", "/µL"),
    ("anc", "cells/mcL", "/µL"),
    ("anc", "per cubic millimeter", "/µL"),
    ("anc", "/cumm", "/µL"),
    ("platelets", "K/µL", "10^3/µL"),
    ("platelets", "x 10^3/uL", "10^3/µL"),
    ("platelets", "thousand/mm3", "10^3/µL"),
    ("creatinine", "umol/l", "µmol/L"),
    ("creatinine", "μmol/L", "µmol/L"),
    ("alt", "IU/L", "U/L"),
    ("alt", "units per liter", "U/L"),
    ("hba1c", "%", "% (NGSP)"),
    ("fev1", "% of predicted", "% predicted"),
    ("temperature", "degrees Celsius", "°C"),
    ("temperature", "[degF]", "°F"),
    ("systolic-bp", "mm[Hg]", "mmHg"),
    ("egfr", "mL/min/{1.73_m2}", "mL/min/1.73m²"),
    ("urine-protein", "g/24h", "g/day"),
    ("life-expectancy", "wks", "week"),
]


@pytest.mark.parametrize(
    ("quantity_id", "spelling", "unit"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in SPELLINGS]
)
def test_a_spelling_names_a_unit(quantity_id: str, spelling: str, unit: str) -> None:
    assert named_unit(spelling, quantity_id) == unit


CONVERSIONS = [
    ("hemoglobin", 9.4, "g/dL", "g/L", 94),
    ("hemoglobin", 100, "g/L", "mmol/L", 6.206),
    ("anc", 1450, "/µL", "10^9/L", 1.45),
    ("platelets", 128, "K/µL", "10^9/L", 128),
    ("platelets", 7.5, "10^4/µL", "10^9/L", 75),
    ("creatinine", 1.0, "mg/dL", "µmol/L", 88.4),
    ("bilirubin", 1.0, "mg/dL", "µmol/L", 17.1),
    ("bun", 28, "mg/dL", "mmol/L", 10.0),
    ("urea", 60, "mg/dL", "mmol/L", 9.99),
    ("uric-acid", 8, "mg/dL", "µmol/L", 475.9),
    ("glucose", 180, "mg/dL", "mmol/L", 9.99),
    ("hba1c", 7.0, "%", "mmol/mol", 53.0),
    ("hba1c", 48, "mmol/mol", "%", 6.54),
    ("calcium", 10, "mg/dL", "mmol/L", 2.495),
    ("calcium", 5, "mEq/L", "mmol/L", 2.5),
    ("potassium", 4.2, "mEq/L", "mmol/L", 4.2),
    ("magnesium", 1.8, "mg/dL", "mmol/L", 0.7406),
    ("total-cholesterol", 200, "mg/dL", "mmol/L", 5.17),
    ("triglycerides", 500, "mg/dL", "mmol/L", 5.65),
    ("vitamin-d", 20, "ng/mL", "nmol/L", 49.9),
    ("testosterone", 50, "ng/dL", "nmol/L", 1.734),
    ("free-t4", 1.0, "ng/dL", "pmol/L", 12.87),
    ("cortisol", 10, "µg/dL", "nmol/L", 275.9),
    ("ige", 24, "ng/mL", "IU/mL", 10),
    ("insulin", 10, "mU/L", "pmol/L", 60),
    ("alt", 1, "µkat/L", "U/L", 60),
    ("upcr", 1, "mg/mmol", "mg/g", 8.84),
    ("upcr", 0.5, "g/g", "mg/g", 500),
    ("urine-protein", 1, "g/24 h", "mg/day", 1000),
    ("crp", 1, "mg/dL", "mg/L", 10),
    ("troponin", 0.014, "ng/mL", "ng/L", 14),
    ("pao2", 8, "kPa", "mmHg", 60.0),
    ("temperature", 101.3, "°F", "°C", 38.5),
    ("weight", 150, "lb", "kg", 68.04),
    ("height", 70, "in", "cm", 177.8),
    ("height", 1.72, "m", "cm", 172),
    ("life-expectancy", 12, "weeks", "month", 2.76),
    ("life-expectancy", 1, "year", "month", 12),
    ("hematocrit", 0.31, "L/L", "%", 31),
    ("lvef", 0.5, "1", "%", 50),
    ("lesion-size", 1.4, "cm", "mm", 14),
    ("birth-weight", 1.5, "kg", "g", 1500),
]


@pytest.mark.parametrize(
    ("quantity_id", "number", "unit", "to", "expected"),
    [pytest.param(*row, id=f"{row[0]} {row[2]} to {row[3]}") for row in CONVERSIONS],
)
def test_a_value_converts(quantity_id: str, number: float, unit: str, to: str, expected: float) -> None:
    assert convert(exactly(number), unit, to, quantity_id).low == pytest.approx(expected, rel=2e-3)


def test_a_converted_boundary_is_exact() -> None:
    assert convert(exactly(9.0), "g/dL", "g/L", "hemoglobin") == exactly(90.0)
    assert convert(exactly(1500), "/mm3", "10^9/L", "anc") == exactly(1.5)
    assert convert(Range(90, 120, low_open=True), "g/L", "g/dL", "hemoglobin") == Range(9, 12, low_open=True)


def test_a_viral_load_becomes_an_interval() -> None:
    international = convert(exactly(850), "copies/mL", "IU/mL", "hbv-dna")
    assert international.low < 850 / 5.82 < 850 / 3.41 < international.high + 1
    copies = convert(exactly(1000), "IU/mL", "copies/mL", "hcv-rna")
    assert (copies.low, copies.high) == (900, 5200)
    assert convert(exactly(4), "log10 IU/mL", "IU/mL", "hbv-dna") == exactly(10_000)
    assert convert(Range(high=2000, high_open=True), "IU/mL", "log10 IU/mL", "hbv-dna").high == pytest.approx(3.301, abs=1e-3)


WITHOUT_UNIT = [
    ("hemoglobin", 9.4, "g/dL"),
    ("hemoglobin", 94, "g/L"),
    ("platelets", 128_000, "/µL"),
    ("platelets", 128, "10^9/L"),
    ("wbc", 17_580, "/µL"),
    ("anc", 1450, "/µL"),
    ("anc", 1.45, "10^9/L"),
    ("creatinine", 1.2, "mg/dL"),
    ("creatinine", 85, "µmol/L"),
    ("glucose", 214, "mg/dL"),
    ("glucose", 6.1, "mmol/L"),
    ("temperature", 38.5, "°C"),
    ("temperature", 101, "°F"),
    ("egfr", 52, "mL/min"),
    ("hba1c", 6.6, "% (NGSP)"),
    ("potassium", 4.1, "mmol/L"),
    ("ecog", 1, "1"),
]


@pytest.mark.parametrize(
    ("quantity_id", "number", "unit"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in WITHOUT_UNIT]
)
def test_a_unit_left_off_is_told_by_the_number(quantity_id: str, number: float, unit: str) -> None:
    assert taken_as(exactly(number), quantity_id) == unit


@pytest.mark.parametrize(
    ("quantity_id", "number"),
    [
        pytest.param("creatinine", 17, id="creatinine between two units"),
        pytest.param("weight", 82, id="kilograms or pounds"),
        pytest.param("hbv-dna", 850, id="copies or international units"),
        pytest.param("hemoglobin", 900, id="in no unit"),
    ],
)
def test_a_unit_that_cannot_be_told_is_a_fault(quantity_id: str, number: float) -> None:
    with pytest.raises(UnitFault, match="without a unit"):
        convert(exactly(number), None, None, quantity_id)


def test_a_unit_of_something_else_is_a_fault_that_names_it() -> None:
    with pytest.raises(UnitFault, match="mmHg is not a unit of hemoglobin"):
        convert(exactly(9), "mmHg", "g/L", "hemoglobin")
    with pytest.raises(UnitFault, match="phlogiston"):
        convert(exactly(9), "g/L", "g/L", "phlogiston")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param(("hemoglobin", 9.4, "g/dL", "g/L"), "9.4 g/dL = 94 g/L", id="converted"),
        pytest.param(("hemoglobin", 9.4, None, "g/L"), "9.4 (taken as g/dL) = 94 g/L", id="unit taken"),
        pytest.param(("hemoglobin", 94, "g/L", "g/L"), "94 g/L", id="same unit"),
        pytest.param(("hbv-dna", 830, "copies/mL", "IU/mL"), "830 copies/mL ≈ 100-244.1 IU/mL", id="interval"),
        pytest.param(("ecog", 1, None, None), "1", id="a score"),
    ],
)
def test_the_working_is_shown(said: tuple[str, float, str | None, str | None], words: str) -> None:
    quantity_id, number, unit, to = said
    assert working(exactly(number), unit, to, quantity_id) == words


@pytest.mark.parametrize(
    ("quantity_id", "number", "unit"),
    [
        pytest.param("hemoglobin", 900, "g/L", id="hemoglobin"),
        pytest.param("temperature", 385, "°C", id="a lost decimal point"),
        pytest.param("spo2", 140, "%", id="more than all"),
        pytest.param("potassium", 42, "mmol/L", id="potassium"),
        pytest.param("ecog", 9, None, id="no such grade"),
    ],
)
def test_an_impossible_value_is_named(quantity_id: str, number: float, unit: str | None) -> None:
    assert implausible(quantity_id, exactly(number), unit) is not None


def test_a_possible_value_is_not_named() -> None:
    assert implausible("hemoglobin", exactly(9.4), "g/dL") is None
    assert implausible("hemoglobin", Range(), None) is None
    assert implausible("anc", exactly(0), "10^9/L") is None


def test_an_impossible_age_is_named() -> None:
    assert implausible_age(exactly(300)) == "an age of 300 years is impossible"
    assert implausible_age(exactly(58)) is None
    assert implausible_age(Range(60, 70)) is None


PAIRS = [(each.id, unit) for each in all_quantities().values() for unit in each.units if "log10" not in unit]
STRAIGHT = [(quantity_id, unit) for quantity_id, unit in PAIRS if not quantity_id.endswith(("-dna", "-rna"))]


@given(st.sampled_from(STRAIGHT), st.floats(0.001, 1e6))
def test_there_and_back_is_the_same(pair: tuple[str, str], number: float) -> None:
    quantity_id, unit = pair
    there = convert(exactly(number), unit, None, quantity_id)
    back = convert(there, all_quantities()[quantity_id].unit, unit, quantity_id)
    assert back.low == pytest.approx(number, rel=1e-5, abs=1e-4)


@given(st.sampled_from(PAIRS), st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_conversion_keeps_the_order(pair: tuple[str, str], one: float, other: float) -> None:
    quantity_id, unit = pair
    low, high = sorted((one, other))
    smaller, larger = (convert(exactly(number), unit, None, quantity_id) for number in (low, high))
    assert smaller.low <= larger.low
    assert smaller.high <= larger.high


@given(st.sampled_from([pair for pair in PAIRS if pair[0].endswith(("-dna", "-rna"))]), st.floats(1, 1e9))
def test_a_viral_interval_there_and_back_holds_the_value(pair: tuple[str, str], number: float) -> None:
    quantity_id, unit = pair
    canonical = all_quantities()[quantity_id].unit
    back = convert(convert(exactly(number), unit, None, quantity_id), canonical, unit, quantity_id)
    assert back.low <= number * (1 + 1e-6)
    assert back.high >= number * (1 - 1e-6)


@given(st.text(max_size=300))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert len(lowered(text)) == len(text)
    flat, places = collapsed(text)
    assert len(places) == len(flat) + 1
    assert places == sorted(places)
    assert all(text[place] == mark for mark, place in zip(flat, places, strict=False) if not mark.isspace())


@given(st.text(max_size=60), st.integers(0, 60))
def test_any_text_may_be_asked_for_a_unit(text: str, at: int) -> None:
    found = unit_at(lowered(folded(text)), min(at, len(text)))
    assert found is None or (found.end <= len(text) and found.units)
