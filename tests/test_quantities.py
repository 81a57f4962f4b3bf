"""The tables of quantities and scales: every row is whole, plausible, and its example is found by the reader of measures."""

import math

import pytest

from assistant.eligibility.numbers.measures import gradings, measures
from assistant.eligibility.numbers.quantities import (
    Quantity,
    Scale,
    all_quantities,
    all_scales,
    ecog_of_karnofsky,
    karnofsky_of_ecog,
    quantities_by_loinc,
    quantity,
    scale,
)
from assistant.eligibility.numbers.units import UnitFault, implausible, named_unit
from assistant.eligibility.ranges import Range, exactly

QUANTITIES = [pytest.param(each, id=each.id) for each in all_quantities().values()]
SCALES = [pytest.param(each, id=each.id) for each in all_scales().values()]


@pytest.mark.parametrize("each", QUANTITIES)
def test_a_row_is_whole(each: Quantity) -> None:
    assert each.kind in ("lab", "vital", "score", "size", "time")
    assert each.sense in ("high", "low", "both")
    assert each.names
    assert each.source
    assert each.unit in each.units
    assert all(named_unit(unit, each.id) == unit for unit in each.units)
    assert math.isfinite(each.plausible.low)
    assert math.isfinite(each.plausible.high)


@pytest.mark.parametrize("each", QUANTITIES)
def test_an_example_is_found_and_can_be_true(each: Quantity) -> None:
    found = [measure for measure in measures(each.example) if each.id in measure.quantities]
    assert found, each.example
    for measure in found:
        if measure.of is None:
            try:
                assert implausible(each, measure.range, measure.unit) is None
            except UnitFault:
                pytest.fail(each.example)


@pytest.mark.parametrize("each", QUANTITIES)
def test_units_left_off_belong_to_the_quantity(each: Quantity) -> None:
    for unit, numbers in each.bare:
        assert unit in each.units
        assert implausible(each, numbers, unit) is None


def test_a_loinc_code_names_one_quantity() -> None:
    codes = [code for each in all_quantities().values() for code in each.loinc]
    assert len(codes) == len(set(codes))
    assert quantities_by_loinc()["718-7"].id == "hemoglobin"


def test_an_unknown_id_is_an_error() -> None:
    with pytest.raises(KeyError):
        quantity("phlogiston")
    with pytest.raises(KeyError):
        scale("beaufort")


@pytest.mark.parametrize("each", SCALES)
def test_a_scale_is_whole(each: Scale) -> None:
    values = set(each.values)
    assert len(values) == len(each.values)
    assert each.source
    for wide, narrow in each.contains.items():
        assert {wide, *narrow} <= values
    for meant in each.spellings.values():
        assert meant
        assert meant <= values


@pytest.mark.parametrize("each", SCALES)
def test_a_scale_is_found_in_its_example(each: Scale) -> None:
    assert each.id in {mention.scale for mention in gradings(each.example)}, each.example


def test_a_stage_contains_its_substages() -> None:
    assert scale("stage").within("IIIA") >= {"IIIA", "IIIA1", "IIIA2"}
    assert "IIIB" not in scale("stage").within("IIIA")
    assert scale("m").within("M0") == {"M0"}


@pytest.mark.parametrize(
    ("ecog", "karnofsky"),
    [
        pytest.param(exactly(0), Range(90, 100), id="fully active"),
        pytest.param(exactly(1), Range(70, 80), id="restricted"),
        pytest.param(Range(0, 1), Range(70, 100), id="nought to one"),
        pytest.param(Range(high=2), Range(50, 100), id="at most two"),
        pytest.param(exactly(4), Range(10, 20), id="disabled"),
    ],
)
def test_ecog_corresponds_to_karnofsky(ecog: Range, karnofsky: Range) -> None:
    assert karnofsky_of_ecog(ecog) == karnofsky


@pytest.mark.parametrize(
    ("karnofsky", "ecog"),
    [
        pytest.param(exactly(90), exactly(0), id="ninety"),
        pytest.param(exactly(70), exactly(1), id="seventy"),
        pytest.param(Range(60, 80), Range(1, 2), id="sixty to eighty"),
        pytest.param(exactly(75), Range(1, 1), id="between two tens"),
    ],
)
def test_karnofsky_corresponds_to_ecog(karnofsky: Range, ecog: Range) -> None:
    assert ecog_of_karnofsky(karnofsky) == ecog


def test_no_grade_has_no_counterpart() -> None:
    with pytest.raises(ValueError, match="empty"):
        karnofsky_of_ecog(exactly(7))
