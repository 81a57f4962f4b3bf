"""Which messages tell of a patient who wants to be held against a trial, and which are questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.patient import Days, Finding, Measurement
from assistant.understanding.asking import names_a_rule, questions
from assistant.understanding.references import carried_on, ended_then, measured_in, only_supposes, referred, starts_with_a_value
from assistant.understanding.telling import read_message, wants_check

TODAY = date(2026, 5, 4)


def checks(message: str) -> bool:
    return wants_check(message, read_message(message, TODAY).patient)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("Check a 63-year-old woman with COPD and FEV1 45 % against NCT00000081.", id="an order"),
        pytest.param("Please screen this patient: male, 70, eGFR 41 mL/min, on warfarin.", id="an order with a note"),
        pytest.param("I have asthma and diabetes. Do I match the spray study?", id="do I match"),
        pytest.param("52-year-old man, BMI 33, HbA1c 8.1 %, on metformin, no heart failure.", id="a pasted note"),
        pytest.param(
            "My mother is 74 and has atrial fibrillation, diabetes and hypertension. Creatinine 1.4 mg/dL. Can she join?",
            id="many facts and whether she can join",
        ),
    ],
)
def test_a_patient(message: str) -> None:
    assert checks(message)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("What is the age limit?", id="a question"),
        pytest.param("I am 70. Can I join NCT00000081?", id="one fact"),
        pytest.param("I have asthma. Does that rule me out?", id="about one line"),
        pytest.param("Hemoglobin 9 g/dL and platelets 80: is the blood line met?", id="about a line, with values"),
        pytest.param("A 50-year-old man with gout. What dose would he get?", id="facts beside a plain question"),
        pytest.param("asthma and diabetes", id="words to look for"),
        pytest.param("Check whether asthma and diabetes are excluded.", id="checking the document"),
        pytest.param("How is gout assessed in people with diabetes and hypertension?", id="how something is assessed"),
        pytest.param("I have chest pain, I'm short of breath and sweating", id="symptoms: help, not a check"),
        pytest.param("hemoglobin 9.1 and platelets 140, does the patient meet the blood rule", id="no question mark"),
        pytest.param("im 71 with a creatinine of 1.1 am i too old", id="no mark, in the middle"),
        pytest.param("We have a creatinine of 1.7 here and an eGFR of 70. I was wondering whether that is met.", id="a musing"),
        pytest.param("hello", id="a greeting"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_question(message: str) -> None:
    assert not checks(message)


def test_a_trial_number_is_no_value_and_positions_stay() -> None:
    message = "Check NCT00000081 for my wife: she is 63, creatinine 1.4 mg/dL."
    patient = read_message(message, TODAY).patient
    assert len(patient.text) == len(message)
    assert all(message[fact.words.start : fact.words.end] == fact.words.quote for fact in patient.facts)


@given(st.text(max_size=500))
def test_any_message_is_told_apart(message: str) -> None:
    assert len(read_message(message, TODAY).patient.text) == len(message)


def test_a_huge_message_takes_no_time() -> None:
    assert not checks("x" * 20_000 + "?")
    checks("a 50-year-old man " * 1_000)


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        pytest.param("Is asthma allowed? Is the cream free?", ("Is asthma allowed?", "Is the cream free?"), id="two sentences"),
        pytest.param(
            "I'm 30: is my age ok, do I have to fast, and where is it?",
            ("I'm 30: is my age ok?", "do I have to fast?", "where is it?"),
            id="a list of questions",
        ),
        pytest.param("Is asthma or hay fever a bar?", ("Is asthma or hay fever a bar?",), id="one question with alternatives"),
        pytest.param("My son, who is 12, coughs.", ("My son, who is 12, coughs.",), id="a relative clause asks nothing"),
        pytest.param("", ("",), id="nothing"),
    ],
)
def test_the_questions_of_a_message(message: str, asked: tuple[str, ...]) -> None:
    assert questions(message) == asked


@pytest.mark.parametrize(
    ("message", "named", "scope", "trials"),
    [
        pytest.param("the first one: is it open?", ["A", "B"], ["A", "B"], ("A",), id="first"),
        pytest.param("And for the second?", ["A", "B"], ["A"], ("B",), id="second"),
        pytest.param("What about the other trial?", ["A", "B"], ["B"], ("A",), id="other"),
        pytest.param("Which of the two is larger?", ["A", "B"], ["A"], ("A", "B"), id="both"),
        pytest.param("When is the first dose?", ["A", "B"], ["A"], (), id="a first dose is no trial"),
        pytest.param("Who pays for the first two you named?", ["A", "B"], ["B"], ("A", "B"), id="the first two"),
        pytest.param("What happens in the first month?", ["A", "B"], ["A"], (), id="a first month is no trial"),
        pytest.param("the first one", ["A"], ["A"], (), id="there is but one"),
    ],
)
def test_trials_by_their_order(message: str, named: list[str], scope: list[str], trials: tuple[str, ...]) -> None:
    assert referred(message, named, scope) == trials


@pytest.mark.parametrize(
    ("message", "what"),
    [
        pytest.param("What if my platelets were 120?", "supposes", id="what if"),
        pytest.param("Suppose she had no asthma.", "supposes", id="suppose"),
        pytest.param("Next patient: 50, gout.", "another", id="another patient"),
        pytest.param("And at that value?", "same", id="the value supposed"),
        pytest.param("Of everything I told you, what is a problem?", "sums_up", id="all that was told"),
        pytest.param("How does the trial see that?", "treats", id="how it is seen"),
        pytest.param("When can he start at the earliest?", "when", id="from when on"),
        pytest.param("Colectomy 2026-03-01. Earliest treatment date by the surgery rule?", "when", id="the earliest date"),
        pytest.param("I need the first treatment date that clears the washout.", "when", id="the first date"),
        pytest.param("What do the two trials each say about that?", "treats", id="what each says"),
        pytest.param("Gout, on allopurinol: handling?", "treats", id="handling"),
    ],
)
def test_how_a_message_is_meant(message: str, what: str) -> None:
    read = read_message(message, TODAY)
    ways = ("supposes", "another", "same", "sums_up", "treats", "when")
    assert [way for way in ways if getattr(read, way)] == [what]


@pytest.mark.parametrize(
    ("message", "start"),
    [
        ("Could I start in 2 weeks?", date(2026, 5, 18)),
        ("In three days I would join.", date(2026, 5, 7)),
        ("I had it in 2 weeks.", None),
        ("She could start 1 week from now.", date(2026, 5, 11)),
    ],
)
def test_the_start_that_a_message_counts_with(message: str, start: date | None) -> None:
    assert read_message(message, TODAY).start == start


def test_what_is_only_supposed_is_not_told() -> None:
    assert read_message("What if my platelets were 120 x10^9/L?", TODAY).telling is None
    told = read_message("My platelets are 120 x10^9/L. Is that enough?", TODAY).telling
    assert told is not None
    assert [fact.words.quote for fact in told.facts] == ["platelets are 120 x10^9/L"]


def test_a_value_told_without_a_day_is_of_today() -> None:
    (value,) = read_message("Hemoglobin is 9 g/dL.", TODAY).patient.facts
    assert isinstance(value, Measurement)
    assert value.taken == Days(TODAY, TODAY)


@pytest.mark.parametrize(
    ("question", "value", "quantity"),
    [
        pytest.param("What is the lowest sodium?", "131", "sodium", id="one analyte"),
        pytest.param("creatinine clearance limit?", "55", "creatinine-clearance", id="the longer name"),
        pytest.param("ALT and AST limits?", "50", None, id="two of them"),
        pytest.param("Where is it done?", "4", None, id="none"),
    ],
)
def test_what_a_question_asks_the_value_of(question: str, value: str, quantity: str | None) -> None:
    found = measured_in(question, value, TODAY)
    assert (found.quantity if found else None) == quantity


def test_a_value_without_a_name_is_of_what_was_asked_about() -> None:
    held = read_message("Hemoglobin is 9 g/dL.", TODAY).patient
    read = carried_on(read_message("131 ok?", TODAY), held, "Sodium limit?", TODAY)
    (value,) = read.patient.facts
    assert isinstance(value, Measurement)
    assert (value.quantity, value.words.quote) == ("sodium", "131")


def test_a_repeat_that_comes_back_is_a_value_and_no_relapse() -> None:
    held = read_message("Hemoglobin is 9 g/dL.", TODAY).patient
    (value,) = carried_on(read_message("if the repeat came back at 11?", TODAY), held, "Is that ok?", TODAY).patient.facts
    assert isinstance(value, Measurement)
    assert value.quantity == "hemoglobin"


@pytest.mark.parametrize(
    ("message", "ended"),
    [
        pytest.param("My last pill is on 5 May 2026.", Days(date(2026, 5, 5), date(2026, 5, 5)), id="a day"),
        pytest.param("The last dose was 2026-04-30.", Days(date(2026, 4, 30), date(2026, 4, 30)), id="a day in figures"),
        pytest.param("My last visit was on 5 May 2026.", None, id="a visit ends nothing"),
        pytest.param("The last dose of metformin was on 3 May 2026.", None, id="another drug is named"),
    ],
)
def test_the_last_dose_ends_what_is_taken(message: str, ended: Days | None) -> None:
    held = read_message("I take warfarin.", TODAY).patient
    facts = ended_then(read_message(message, TODAY), held, TODAY).patient.facts
    warfarin = [fact for fact in facts if isinstance(fact, Finding) and fact.concept == "warfarin"]
    assert [fact.ended for fact in warfarin] == ([ended] if ended else [])


def test_the_last_dose_of_two_treatments_ends_neither() -> None:
    held = read_message("I take warfarin and metformin.", TODAY).patient
    assert not ended_then(read_message("My last pill is on 5 May 2026.", TODAY), held, TODAY).patient.facts


@pytest.mark.parametrize(
    ("message", "only"),
    [
        pytest.param("And if he were 64?", True, id="a supposition"),
        pytest.param("What if the scan is repeated next week?", True, id="what if"),
        pytest.param("If I had gout, would that be a problem?", False, id="with its own question"),
        pytest.param("Is it a problem if I had gout?", False, id="the question first"),
    ],
)
def test_a_supposition_alone(message: str, only: bool) -> None:
    assert only_supposes(message) is only


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("and 95 ok?", True),
        ("3 weeks ok?", False),
        ("2 trials of those?", False),
        ("Is it 95?", False),
    ],
)
def test_a_value_comes_first(message: str, first: bool) -> None:
    assert starts_with_a_value(message) is first


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("And the gout line for this one?", True),
        ("TSAT criterion for her?", True),
        ("What line is that?", False),
        ("A line for contrast is needed?", False),
    ],
)
def test_a_rule_by_its_name(message: str, named: bool) -> None:
    assert names_a_rule(message) is named
