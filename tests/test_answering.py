"""What a message says when it answers a question: a fact of what was asked, of nothing else, or nothing at all."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.eligibility.assessment import NextQuestion, Topic
from assistant.eligibility.next_question import wordings
from assistant.eligibility.notes import read_note
from assistant.eligibility.patient import Finding, Grading, Measurement, Patient
from assistant.tables import read_table
from assistant.understanding.answering import answered, bare
from assistant.understanding.asking import corrects

TODAY = date(2026, 5, 4)
ANSWERS = Path(__file__).parents[1] / "assistant" / "understanding" / "answers.tsv"


def question(about: str, *ids: str, name: str = "", yes: str = "=", no: str = "=") -> NextQuestion:
    return NextQuestion("Asked?", ("T/exclusion/1",), Topic(about, ids, name, yes, no))  # type: ignore[arg-type]


HIV = question("concept", "hiv")
HEART = question("concept", "heart-disease")
CANCER = question("concept", "malignancy", yes="-", no="No other cancer.")
ILLS = question("concept", "heart-disease", "stroke", "hiv", yes="-")
HB = question("quantity", "hemoglobin", yes="-", no="?")
ECOG = question("quantity", "ecog", yes="-", no="-")
LABS = question("quantity", "hemoglobin", "platelets", yes="-", no="?")
STAGE = question("scale", "stage", yes="-", no="?")
LINE = question("line", "T/inclusion/3", name="Able to swim")
CONTROLLED = question("detail", "hypertension", name="whether hypertension is controlled", yes="-", no="-")
WHEN = question("detail", "myocardial-infarction", name="when myocardial infarction was", yes="-", no="-")
AGE = question("age", "age", yes="-", no="?")
SEX = question("sex", "sex", yes="-", no="-")


def facts(patient: Patient | None) -> set[tuple[Any, ...]]:
    """What is told, each as its name and what is said of it."""
    found: set[tuple[Any, ...]] = set()
    for fact in patient.facts if patient else ():
        if isinstance(fact, Finding):
            found.add(
                (
                    fact.concept,
                    fact.present,
                    *sorted(fact.traits),
                    *([fact.started.first.year] if fact.started and fact.started.first else []),
                )
            )
        elif isinstance(fact, Measurement):
            found.add((fact.quantity, fact.value.low, fact.value.high, fact.flag))
        elif isinstance(fact, Grading):
            found.add((fact.scale, *sorted(fact.values)))
    if patient and patient.age:
        found.add(("age", patient.age.low))
    if patient and patient.sex:
        found.add(("sex", patient.sex))
    return found | {("line", one.line, one.holds) for one in (patient.answers if patient else ())}


@pytest.mark.parametrize(
    ("asked", "message", "told"),
    [
        pytest.param(HIV, "no", {("hiv", False)}, id="no"),
        pytest.param(HIV, "No.", {("hiv", False)}, id="with a stop"),
        pytest.param(HIV, "not that I know", {("hiv", False)}, id="not that I know"),
        pytest.param(HIV, "yes", {("hiv", True)}, id="yes"),
        pytest.param(HEART, "yes, in 2019", {("heart-disease", True, 2019)}, id="yes with its year"),
        pytest.param(HEART, "in 2019", {("heart-disease", True, 2019)}, id="a year alone means yes"),
        pytest.param(HEART, "No, only asthma", {("heart-disease", False), ("asthma", True)}, id="no, and something else"),
        pytest.param(HEART, "I had a heart attack in 2019", {("myocardial-infarction", True, 2019)}, id="in full words"),
        pytest.param(CANCER, "no", {("malignancy", False)}, id="no other cancer"),
        pytest.param(
            ILLS, "none of these", {("heart-disease", False), ("stroke", False), ("hiv", False)}, id="none of several"
        ),
        pytest.param(
            ILLS,
            "only a stroke in 2019",
            {("heart-disease", False), ("stroke", True, 2019), ("hiv", False)},
            id="only one of several",
        ),
        pytest.param(ILLS, "stroke in 2019", {("stroke", True, 2019)}, id="one of several leaves the others open"),
        pytest.param(HB, "88", {("hemoglobin", 88, 88, None)}, id="a bare number"),
        pytest.param(HB, "10.4 g/dL on 2 March", {("hemoglobin", 10.4, 10.4, None)}, id="a value with its unit and day"),
        pytest.param(ECOG, "0 or 1", {("ecog", 0, 1, None)}, id="a range"),
        pytest.param(
            LABS, "Hemoglobin 12 g/dL, platelets 180", {("hemoglobin", 12, 12, None), ("platelets", 180, 180, None)}, id="two"
        ),
        pytest.param(STAGE, "IVB", {("stage", "IVB")}, id="a stage without its name"),
        pytest.param(LINE, "yes", {("line", "T/inclusion/3", True)}, id="yes to a line"),
        pytest.param(LINE, "no, I sink", {("line", "T/inclusion/3", False)}, id="no to a line, with a reason"),
        pytest.param(CONTROLLED, "no", {("hypertension", True, "uncontrolled")}, id="no to a side of a fact"),
        pytest.param(WHEN, "in 2019", {("myocardial-infarction", True, 2019)}, id="when it was"),
        pytest.param(AGE, "62", {("age", 62)}, id="an age"),
        pytest.param(SEX, "F", {("sex", "female")}, id="a sex"),
    ],
)
def test_an_answer_is_a_fact_of_what_was_asked(asked: NextQuestion, message: str, told: set[tuple[Any, ...]]) -> None:
    answer = answered(asked, message, TODAY)
    assert answer is not None
    assert answer.settles
    assert facts(answer.told) == told
    assert answer.told is not None
    for one in (*answer.told.facts, *answer.told.answers):
        assert message[one.words.start : one.words.end] == one.words.quote != ""


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param(HIV, "88", id="a number is no illness"),
        pytest.param(LABS, "12", id="a number of two that were asked for"),
        pytest.param(ILLS, "yes", id="yes to one of several"),
        pytest.param(CANCER, "yes", id="yes to a question that asks which"),
        pytest.param(WHEN, "yes", id="yes to when"),
        pytest.param(ECOG, "no", id="no to a value"),
        pytest.param(HIV, "hmm well", id="nothing that is read"),
    ],
)
def test_what_leaves_open_what_was_asked_tells_nothing(asked: NextQuestion, message: str) -> None:
    answer = answered(asked, message, TODAY)
    assert answer is not None
    assert not answer.settles
    assert facts(answer.told) == set()


@pytest.mark.parametrize("message", ["I don't know", "not sure", "maybe", "never tested", "I'd have to ask my doctor", "skip"])
def test_what_is_not_known_is_no_fact(message: str) -> None:
    answer = answered(HIV, message, TODAY)
    assert answer is not None
    assert (answer.word, answer.told) == ("unknown", None)


def test_no_value_at_hand_is_not_known() -> None:
    answer = answered(HB, "no", TODAY)
    assert answer is not None
    assert (answer.word, answer.told) == ("unknown", None)


@pytest.mark.parametrize("message", ["What is that?", "Is it recruiting?", "list the exclusion criteria"])
def test_a_new_question_is_no_answer(message: str) -> None:
    assert answered(HIV, message, TODAY) is None


def test_an_answer_with_a_question_behind_it_is_both() -> None:
    answer = answered(HIV, "No. Is it far?", TODAY)
    assert answer is not None
    assert (facts(answer.told), answer.rest) == ({("hiv", False)}, "Is it far?")


def test_what_is_told_beside_the_point_is_told_but_settles_nothing() -> None:
    answer = answered(HIV, "I have asthma", TODAY)
    assert answer is not None
    assert (facts(answer.told), answer.settles) == ({("asthma", True)}, False)


@pytest.mark.parametrize("row", list(read_table(ANSWERS)), ids=lambda row: row["example"])
def test_each_bare_answer_reads_its_example(row: dict[str, str]) -> None:
    assert bare(row["example"]) == row["word"]


@pytest.mark.parametrize("message", ["noted", "none of your business", "yesterday", "no asthma", "I know", "know", "88"])
def test_other_messages_are_no_bare_answers(message: str) -> None:
    assert bare(message) is None


def test_what_a_bare_word_stands_for_is_read_as_what_was_asked() -> None:
    for one in wordings():
        for sentence, present in ((one.yes, True), (one.no, False)):
            if sentence not in {"=", "-", "?"}:
                read = read_note(sentence, TODAY).facts
                assert one.id in {fact.concept for fact in read if isinstance(fact, Finding)}, sentence
                assert {fact.present for fact in read if isinstance(fact, Finding)} == {present}, sentence


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param("I meant 41.5, sorry", True, id="meant"),
        pytest.param("Wait, it was the left knee", True, id="wait"),
        pytest.param("that was a typo: 92 kg", True, id="a typo"),
        pytest.param("92", False, id="a bare value"),
        pytest.param("no", False, id="a bare no"),
        pytest.param("I am sorry to say that I do not know", False, id="sorry that tells nothing back"),
    ],
)
def test_what_takes_back_is_no_answer(message: str, expected: bool) -> None:
    assert corrects(message) is expected
