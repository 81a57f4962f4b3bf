"""Words that mean the same: found together, and only strict ones decide."""

import pytest

from assistant.chat.synonyms import SAME, SYNONYMS, concepts, expansion, same_as
from index.words import stems


@pytest.mark.parametrize("row", [*SYNONYMS, *SAME], ids=lambda row: row[0])
def test_rows_are_lower_case_wordings_without_repeats(row: tuple[str, ...]) -> None:
    assert len(row) == len(set(row)) >= 2
    assert all(phrase == phrase.lower() and stems(phrase) for phrase in row)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        pytest.param("Is birth control needed?", "Effective contraception during the study", id="lay word for the record's"),
        pytest.param("I had a heart attack", "Myocardial infarction within 6 months", id="two words for two"),
        pytest.param("My kidneys are weak", "Creatinine clearance of 60 mL/min", id="an organ for its laboratory value"),
        pytest.param("Is chemo given?", "Cytotoxic drugs are given", id="short for long"),
    ],
)
def test_another_wording_is_found(question: str, passage: str) -> None:
    found = frozenset(stems(passage))
    assert any(concept.within(found) for concept in concepts(question, ()))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        pytest.param("after a 14-day pause", ("14", "day"), id="a number with its unit"),
        pytest.param("240 mg", ("240", "mg"), id="a dose"),
    ],
)
def test_a_measure_is_one_concept(question: str, said: tuple[str, ...]) -> None:
    assert said in [concept.said for concept in concepts(question, ())]


def test_an_age_is_no_measure() -> None:
    assert concepts("an 80-year-old", ()) == ()


def test_each_word_is_asked_for_once() -> None:
    words = tuple(stems("Is chemotherapy or gout a problem"))
    asked = concepts("Is chemotherapy or gout a problem", words)
    assert [concept.said for concept in asked].count(("gout",)) == 1
    assert ("chemotherapi",) not in [concept.said for concept in asked if concept.alternatives == (("chemotherapi",),)]


def test_the_expansion_keeps_the_question_and_adds_wordings() -> None:
    assert expansion("Is birth control needed?").startswith("Is birth control needed? ")
    assert "contraception" in expansion("Is birth control needed?")
    assert expansion("Xylophone?") == "Xylophone?"


def test_what_is_only_spoken_of_together_is_not_the_same() -> None:
    assert "myocardi" in same_as("a heart attack last year")
    assert "cirrhosi" not in same_as("a liver cyst")
    assert "childbear" not in same_as("I am pregnant")
