"""Who may need help now, what is no call for help, and what only a doctor may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.advice import refusal
from assistant.safety.referral import referral
from assistant.safety.tables import rows
from assistant.safety.triage import Danger, danger

SIGNS = [pytest.param(row["example"], row["route"], id=f"{row['category']}: {row['example']}") for row in rows("dangers.tsv")]


@pytest.mark.parametrize(("message", "route"), SIGNS)
def test_every_sign_of_the_table_is_seen(message: str, route: str) -> None:
    found = danger(message)
    assert found is not None
    assert found.route == route


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("CANT BREATHE help", id="shouted"),
        pytest.param(
            "my chest is really tight and it wont go away, is that in the exclusion list?", id="wrapped in a question"
        ),
        pytest.param("I had a stroke in 2015, but now my face is drooping.", id="a past one and a present one"),
        pytest.param("Hubby passed out on the kitchen floor a minute ago", id="told of another"),
        pytest.param("no fever, no cough, but I cannot stop the bleeding", id="beside what is denied"),
        pytest.param("i took 30 of my sleeping pills", id="in a small voice"),
    ],
)
def test_a_call_for_help(message: str) -> None:
    assert danger(message) is not None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(row["example"], id=f"{row['kind']}: {row['example']}")
        for row in rows("excuses.tsv")
        if row["kind"] not in {"now", "acute"}
    ]
    + [
        pytest.param("Is a seizure two years ago an exclusion criterion?", id="a rule"),
        pytest.param("My sister had a stroke last year. Does that matter for me?", id="a relative"),
        pytest.param("Which side effects does the drug have, chest pain for example?", id="side effects"),
        pytest.param("The waiting list is killing me!", id="impatience"),
        pytest.param("I keep thinking that I should let go of my old doctor's advice. Is the trial open?", id="letting go"),
        pytest.param("I want to end the study early, can I?", id="ending the study"),
        pytest.param("What is a stroke of luck called in French?", id="luck"),
        pytest.param("Is my blood pressure of 150/90 too high for the trial?", id="blood pressure"),
        pytest.param("", id="nothing"),
    ],
)
def test_no_call_for_help(message: str) -> None:
    assert danger(message) is None


@given(st.text(max_size=2000))
def test_any_text_is_looked_at(message: str) -> None:
    found = danger(message)
    assert found is None or found.route in {"emergency", "crisis"}


def test_a_huge_message_is_looked_at() -> None:
    assert danger("the trial " * 20_000) is None


@pytest.mark.parametrize(
    ("route", "country", "numbers"),
    [
        pytest.param("emergency", None, ("911", "112", "999"), id="anywhere"),
        pytest.param("emergency", "en_GB", ("999",), id="a locale"),
        pytest.param("crisis", "US", ("988", "911"), id="a crisis line and the emergency number"),
        pytest.param("crisis", "XX", ("988", "116 123"), id="a country without a row"),
    ],
)
def test_who_to_call(route: str, country: str | None, numbers: tuple[str, ...]) -> None:
    reply = referral(Danger("any", "crisis" if route == "crisis" else "emergency"), country)
    assert (reply.kind, reply.verdict, reply.citations) == ("emergency", None, ())
    assert all(number in reply.text for number in numbers)


@pytest.mark.parametrize(
    ("message", "says"), [pytest.param(row["example"], row["says"], id=row["example"]) for row in rows("advice.tsv")]
)
def test_every_request_for_advice_of_the_table_is_declined(message: str, says: str) -> None:
    assert refusal(message) == says


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("Do I have to stop my metformin before the trial?", id="what the record asks for"),
        pytest.param("How much ibuprofen is given in the trial?", id="a dose of the protocol"),
        pytest.param("Does the study have a rule on life expectancy?", id="a rule on prognosis"),
        pytest.param("Which arm gets radiotherapy?", id="an arm"),
        pytest.param("Who should I call about the trial?", id="a contact"),
        pytest.param("Is the study recruiting?", id="status"),
        pytest.param("Do I have to lie down after the infusion?", id="lying down"),
    ],
)
def test_a_question_about_the_documents_is_answered(message: str) -> None:
    assert refusal(message) is None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("relook at that line: creat 121. In now?", id="a value corrected"),
        pytest.param("lab rang, it is NTRK positive. What now?", id="a result that has come"),
        pytest.param("So with all of that, would they take my aunt?", id="what comes of all that was told"),
        pytest.param("pt 52F, metastatic gastric ca, Hb 87 g/L, plt 132. either out?", id="a clinician's values"),
        pytest.param("in the sham arm, what O2 flow and target saturation?", id="what an arm is given"),
        pytest.param("and neutrophils?", id="one word"),
        pytest.param("thanks, that's everything for today", id="a polite close"),
    ],
)
def test_short_turns_of_a_conversation_are_no_calls_for_help(message: str) -> None:
    assert danger(message) is None


@pytest.mark.parametrize(
    ("message", "route"),
    [
        pytest.param("sats 77 and he's turning grey, what now?", "emergency", id="a value that tells of danger"),
        pytest.param(
            "33 weeks, not one kick since last night. Is it the vaccine?", "emergency", id="a child that does not move"
        ),
        pytest.param("So after everything I told you there's no point in going on", "crisis", id="despair at the end"),
    ],
)
def test_short_turns_that_tell_of_danger_are(message: str, route: str) -> None:
    found = danger(message)
    assert found is not None
    assert found.route == route
