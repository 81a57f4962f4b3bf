"""Ranges decide only what every number they leave possible decides."""

from math import inf

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth

numbers = st.floats(-1e6, 1e6, allow_nan=False)
ranges = st.builds(
    lambda a, b, left, right: Range(min(a, b), max(a, b), left and a != b, right and a != b),
    numbers,
    numbers,
    st.booleans(),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("wanted", "said", "expected"),
    [
        pytest.param(Range(90), exactly(90), TRUE, id="at least: the bound itself passes"),
        pytest.param(Range(90, low_open=True), exactly(90), FALSE, id="more than: the bound itself fails"),
        pytest.param(Range(high=1.5), exactly(1.6), FALSE, id="above the most"),
        pytest.param(Range(18, 70), Range(69, 71), UNKNOWN, id="what straddles a bound decides nothing"),
        pytest.param(Range(18, 70), Range(), UNKNOWN, id="anything at all decides nothing"),
        pytest.param(Range(), Range(), TRUE, id="any value is asked"),
        pytest.param(Range(high=5, high_open=True), Range(high=5, high_open=True), TRUE, id="below 5 is below 5"),
        pytest.param(Range(high=5, high_open=True), Range(high=5), UNKNOWN, id="at most 5 may be 5"),
    ],
)
def test_holds(wanted: Range, said: Range, expected: Truth) -> None:
    assert wanted.holds(said) is expected


@given(ranges, numbers)
def test_one_number_is_always_decided(wanted: Range, value: float) -> None:
    assert wanted.holds(exactly(value)) is not UNKNOWN


@given(ranges, ranges, numbers)
def test_a_decision_holds_for_every_number_left_possible(wanted: Range, said: Range, value: float) -> None:
    assume(said.holds(exactly(value)) is TRUE)
    decided = wanted.holds(said)
    assert decided in (UNKNOWN, wanted.holds(exactly(value)))


@given(numbers, numbers, numbers)
def test_bounds_are_monotone(bound: float, tighter: float, value: float) -> None:
    assume(bound <= tighter)
    assert Range(tighter).holds(exactly(value)).value <= Range(bound).holds(exactly(value)).value


@given(ranges, ranges)
def test_meeting_is_mutual(one: Range, other: Range) -> None:
    assert one.meets(other) == other.meets(one)


def test_arithmetic() -> None:
    assert exactly(9.4).times(10) == exactly(94)
    assert exactly(130).over(exactly(40)) == exactly(3.25)
    assert exactly(2).over(Range(1, 2)) == Range(1, 2)
    assert Range(high=5).times(2) == Range(-inf, 10)


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Range(2, 1)
