"""Three-valued truth obeys Kleene's strong logic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, some, truth

truths = st.sampled_from(Truth)


@given(truths, truths, truths)
def test_the_laws_of_and_or_and_not(a: Truth, b: Truth, c: Truth) -> None:
    assert a & b is b & a
    assert a | b is b | a
    assert (a & b) & c is a & (b & c)
    assert a & (b | c) is (a & b) | (a & c)
    assert ~(a & b) is ~a | ~b
    assert ~~a is a
    assert a & a is a
    assert a | FALSE is a
    assert a & TRUE is a


@given(st.lists(truths))
def test_every_and_some_mirror_each_other(values: list[Truth]) -> None:
    assert every(values) is ~some(~value for value in values)


@given(truths, truths)
def test_more_knowledge_never_turns_an_answer_round(a: Truth, b: Truth) -> None:
    for known in (TRUE, FALSE):
        assert UNKNOWN & b in (known & b, UNKNOWN)
        assert UNKNOWN | b in (known | b, UNKNOWN)


@pytest.mark.parametrize(
    ("values", "all_", "any_"),
    [
        pytest.param((), TRUE, FALSE, id="nothing: all of it holds, none of it does"),
        pytest.param((TRUE, UNKNOWN), UNKNOWN, TRUE, id="an unknown holds back and, not or"),
        pytest.param((FALSE, UNKNOWN), FALSE, UNKNOWN, id="an unknown holds back or, not and"),
    ],
)
def test_every_and_some(values: tuple[Truth, ...], all_: Truth, any_: Truth) -> None:
    assert (every(values), some(values)) == (all_, any_)


def test_a_truth_is_no_bool() -> None:
    with pytest.raises(TypeError, match="not a bool"):
        bool(UNKNOWN)
    assert truth(True) is TRUE
    assert truth(False) is FALSE
