"""What a conversation holds of a patient: later words before earlier ones, each with its turn."""

from datetime import date

from assistant.eligibility.notes import read_note
from assistant.eligibility.patient import Finding, Measurement
from assistant.held import Held, told

TODAY = date(2026, 5, 4)


def held(*messages: str) -> Held:
    now = Held()
    for turn, message in enumerate(messages, 1):
        now = told(now, read_note(message, TODAY), turn)
    return now


def values(now: Held, quantity: str) -> list[float]:
    return [fact.value.low for fact in now.patient.facts if isinstance(fact, Measurement) and fact.quantity == quantity]


def test_facts_of_all_turns_are_kept_with_their_words() -> None:
    now = held("I am 61.", "Hemoglobin 9 g/dL.", "I have asthma.")
    assert now.patient.age is not None
    assert values(now, "hemoglobin") == [9]
    for fact in now.patient.facts:
        assert now.patient.text[fact.words.start : fact.words.end] == fact.words.quote
    assert [now.turn_of(fact.words) for fact in now.patient.facts] == [2, 3]


def test_a_later_value_replaces_an_earlier_one() -> None:
    assert values(held("eGFR 58 mL/min.", "eGFR 61 mL/min."), "egfr") == [61]


def test_values_of_two_days_stand_beside_each_other() -> None:
    assert values(held("eGFR 58 mL/min on 2026-04-01.", "eGFR 61 mL/min on 2026-05-01."), "egfr") == [58, 61]


def test_a_correction_of_the_age_replaces_it() -> None:
    now = held("I am 61.", "No, I am 62.")
    assert now.patient.age is not None
    assert now.patient.age.low == 62


def test_a_denial_replaces_what_was_said() -> None:
    facts = held("I have asthma.", "I do not have asthma.").patient.facts
    assert [fact.present for fact in facts if isinstance(fact, Finding) and fact.concept == "asthma"] == [False]
