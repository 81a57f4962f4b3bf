"""The next question settles most, can be answered, and is worded for who answers it."""

import re

import pytest

from assistant.eligibility.judge.judgement import Wanted
from assistant.eligibility.knowledge import rows
from assistant.eligibility.next_question import Open, next_question, wordings
from assistant.eligibility.numbers.quantities import all_quantities, all_scales
from assistant.eligibility.vocabulary.concepts import all_concepts

HIV = Wanted("concept", "hiv", "HIV infection")
FAILURE = Wanted("concept", "heart-failure", "heart failure")
INFARCTION = Wanted("concept", "myocardial-infarction", "myocardial infarction")
HB = Wanted("quantity", "hemoglobin", "a value of hemoglobin")
CONSENT = Wanted("judgement", "patient", "the patient's own decision")
PROTOCOL = Wanted("protocol", "per protocol", "the protocol")
UNREAD = Wanted("unparsed", "grade x", "what “grade x” means")


def test_nothing_open_asks_nothing() -> None:
    assert next_question((), "patient") is None


@pytest.mark.parametrize("wanted", [CONSENT, PROTOCOL, UNREAD], ids=["consent", "protocol", "unread words"])
def test_what_facts_cannot_answer_is_not_asked(wanted: Wanted) -> None:
    assert next_question((Open("a", "exclusion", (wanted,)),), "patient") is None


def test_one_answer_for_several_lines_is_asked_first() -> None:
    lines = (Open("a", "exclusion", (HIV,)), Open("b", "exclusion", (FAILURE,)), Open("c", "exclusion", (INFARCTION,)))
    asked = next_question(lines, "patient")
    assert asked is not None
    assert asked.settles == ("b", "c")
    assert "heart" in asked.text


def test_what_can_rule_out_is_asked_before_what_cannot() -> None:
    asked = next_question((Open("a", "inclusion", (HB,)), Open("b", "exclusion", (HIV,))), "clinician")
    assert asked is not None
    assert asked.settles == ("b",)


def test_a_line_that_one_answer_settles_outweighs_one_that_takes_many() -> None:
    lines = (Open("a", "exclusion", (HIV,)), Open("b", "exclusion", (HB, UNREAD)))
    asked = next_question(lines, "patient")
    assert asked is not None
    assert asked.settles == ("a",)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        pytest.param(Wanted("quantity", "sodium", "a value of sodium"), "sodium", id="a value without a row"),
        pytest.param(Wanted("concept", "migraine", "migraine"), "migraine", id="a condition without a row"),
        pytest.param(Wanted("words", "w:charcot joint", "Charcot joints"), "Charcot joints", id="words that no table knows"),
        pytest.param(
            Wanted("concept", "hypertension", "whether it is uncontrolled (hypertension)", detail=True),
            "uncontrolled",
            id="a detail",
        ),
        pytest.param(Wanted("age", "age", "the age"), "old", id="age"),
        pytest.param(Wanted("sex", "sex", "the sex"), "sex", id="sex"),
    ],
)
def test_every_fact_can_be_asked_for(wanted: Wanted, words: str) -> None:
    asked = next_question((Open("a", "exclusion", (wanted,)),), "patient")
    assert asked is not None
    assert words in asked.text
    assert "{" not in asked.text


def test_the_audiences_are_asked_in_their_own_words() -> None:
    lines = (Open("a", "inclusion", (HB,)),)
    patient, clinician = next_question(lines, "patient"), next_question(lines, "clinician")
    assert patient is not None
    assert clinician is not None
    assert patient.text != clinician.text


def _syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))))


def _grade(text: str) -> float:
    """The Flesch-Kincaid grade level."""
    words = re.findall(r"[A-Za-z]+", text)
    sentences = max(1, len(re.findall(r"[.?!]", text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def test_patients_are_asked_at_grade_8_or_below() -> None:
    hard = {one.id: _grade(one.patient) for one in wordings() if _grade(one.patient.replace("{name}", "it")) > 8.5}
    assert hard == {}


def test_the_table_names_what_is_there_and_each_thing_once() -> None:
    known = {"concept": all_concepts(), "quantity": all_quantities(), "scale": all_scales()}
    assert [one.id for one in wordings() if one.what in known and one.id not in known[one.what]] == []
    assert len({(one.what, one.id) for one in wordings()}) == len(wordings())
    assert all(row["source"] and row["example"] for row in rows("questions.tsv"))
