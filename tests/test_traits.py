"""The table of traits: how they are found, what follows from them and what they rule out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.vocabulary.terms import spellings
from assistant.eligibility.vocabulary.traits import all_traits, find_traits, implies, name_of_trait, opposed


def traits(text: str) -> list[str]:
    return [mention.trait for mention in find_traits(text)]


def test_every_row_is_whole_and_speaks_of_traits_that_exist() -> None:
    known = all_traits()
    for trait in known.values():
        assert all((trait.names, trait.source, trait.example)), trait.id
        assert {*trait.opposes, *trait.implies} <= known.keys(), trait.id


def test_every_example_finds_its_trait() -> None:
    assert [trait.id for trait in all_traits().values() if trait.id not in traits(trait.example)] == []


def test_no_words_say_two_traits() -> None:
    said: dict[tuple[tuple[str, ...], bool], set[str]] = {}
    for trait in all_traits().values():
        for name in trait.names:
            for words in spellings(name.removeprefix("=")):
                said.setdefault((words, name.startswith("=")), set()).add(trait.id)
    assert {words: ids for words, ids in said.items() if len(ids) > 1} == {}


def test_no_trait_rules_out_what_follows_from_it() -> None:
    known = all_traits()
    assert [(a, b) for a in known for b in known if implies(a, b) and opposed(a, b)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("poorly controlled", ["uncontrolled"], id="poorly controlled"),
        pytest.param("not adequately controlled", ["uncontrolled"], id="not adequately controlled"),
        pytest.param("Well-controlled", ["well-controlled"], id="well-controlled"),
        pytest.param("in partial remission", ["partial-remission"], id="partial remission is not remission"),
        pytest.param("in remission", ["inactive"], id="remission"),
        pytest.param("never treated", ["untreated"], id="never treated"),
        pytest.param("curatively treated", ["curatively-treated"], id="curatively treated"),
        pytest.param("not resectable", ["unresectable"], id="not resectable"),
        pytest.param("biopsy-proven", ["confirmed-histologically"], id="biopsy-proven"),
        pytest.param("non-keratinising", ["non-keratinizing"], id="British"),
        pytest.param("non-infectious", ["non-infectious"], id="hyphened"),
        pytest.param("noninfectious", ["non-infectious"], id="closed up"),
        pytest.param("M1 disease", ["metastatic"], id="capital letters"),
        pytest.param("well or poorly controlled", ["well-controlled", "uncontrolled"], id="a shared end"),
        pytest.param("IV antibiotics", ["intravenous"], id="a route"),
        pytest.param("grade IV", [], id="a number"),
        pytest.param("locoregional spread", ["regional", "metastatic"], id="regional is not locally advanced"),
        pytest.param("", [], id="empty"),
    ],
)
def test_find_traits(text: str, expected: list[str]) -> None:
    assert traits(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("active", "resolved", True, id="active and resolved"),
        pytest.param("well-controlled", "uncontrolled", True, id="what follows is opposed too"),
        pytest.param("cured", "untreated", True, id="cured and untreated"),
        pytest.param("active", "severe", False, id="unrelated"),
        pytest.param("active", "active", False, id="the same"),
        pytest.param("no-such", "active", False, id="unknown"),
    ],
)
def test_opposed(one: str, other: str, expected: bool) -> None:
    assert opposed(one, other) is opposed(other, one) is expected


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ("well-controlled", "controlled", True),
        ("controlled", "well-controlled", False),
        ("cured", "treated", True),
        ("active", "active", True),
        ("no-such", "active", False),
    ],
)
def test_implies(narrow: str, wide: str, expected: bool) -> None:
    assert implies(narrow, wide) is expected


def test_names() -> None:
    assert name_of_trait("confirmed-histologically") == "histologically confirmed"
    assert name_of_trait("no-such") == "no-such"


@given(st.text(max_size=200))
def test_any_text_has_traits_in_order(text: str) -> None:
    mentions = find_traits(text)
    assert all(0 <= mention.start < mention.end <= len(text) for mention in mentions)
    assert list(mentions) == sorted(mentions, key=lambda mention: mention.start)
