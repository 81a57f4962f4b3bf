"""Which messages tell of a patient who wants to be held against a trial, and which are questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understand import told

TODAY = date(2026, 5, 4)


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
    assert told(message, TODAY) is not None


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
        pytest.param("hello", id="a greeting"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_question(message: str) -> None:
    assert told(message, TODAY) is None


def test_a_trial_number_is_no_value_and_positions_stay() -> None:
    message = "Check NCT00000081 for my wife: she is 63, creatinine 1.4 mg/dL."
    patient = told(message, TODAY)
    assert patient is not None
    assert len(patient.text) == len(message)
    assert all(message[fact.words.start : fact.words.end] == fact.words.quote for fact in patient.facts)


@given(st.text(max_size=500))
def test_any_message_is_told_apart(message: str) -> None:
    patient = told(message, TODAY)
    assert patient is None or len(patient.text) == len(message)


def test_a_huge_message_takes_no_time() -> None:
    assert told("x" * 20_000 + "?", TODAY) is None
    told("a 50-year-old man " * 1_000, TODAY)
