"""Days to come that a message counts with, and turns that are put by the one before."""

from datetime import date

import pytest
from small_trials import SmallShelf, check, judged, trial

from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.reply import Reply
from assistant.understanding.asking import asks, corrects
from assistant.understanding.planned import moved, planned, without_days
from assistant.understanding.references import carried_on
from assistant.understanding.telling import read_message

TODAY = date(2026, 5, 4)
WOUND = "NCT00000095"
TRIALS = [
    trial(
        WOUND,
        title="A gel for wounds of the foot",
        conditions=("Foot wound",),
        inclusion=("Platelet count ≥ 100 x 10^9/L", "HIV infection"),
        exclusion=("Major surgery within 28 days before the first dose", "Hemoglobin < 9 g/dL"),
        minimum_age="18 Years",
        maximum_age="65 Years",
    )
]
ENGINE = Engine(SmallShelf(TRIALS))


def last(*messages: str) -> Reply:
    talk = Conversation(ENGINE, judged, (WOUND,), today=TODAY)
    replies = [talk.ask(message) for message in messages]
    for reply in replies:
        check(reply, TRIALS)
    return replies[-1]


@pytest.mark.parametrize(
    ("message", "day"),
    [
        pytest.param("If I begin on 9 July 2026, is that ok?", date(2026, 7, 9), id="a start with its year"),
        pytest.param("Randomise 9 July - washout met?", date(2026, 7, 9), id="a clinician's start"),
        pytest.param(
            "If the first dose was on the 9th of July, would that do?", date(2026, 7, 9), id="supposed in the past tense"
        ),
        pytest.param("Would it be too early if he is seen on July 9?", date(2026, 7, 9), id="a visit"),
        pytest.param("consent planned 2026-07-09. ok?", date(2026, 7, 9), id="ISO 8601"),
        pytest.param("Does 9 July still work?", date(2026, 7, 9), id="whether a day works"),
        pytest.param("If I begin on 9 March, is that ok?", date(2027, 3, 9), id="a day that is past this year"),
        pytest.param("I started metformin on 9 March 2026. Is that ok?", None, id="a start in the past"),
        pytest.param("My first dose was on 9 March 2026. Can I join?", None, id="a dose in the past"),
        pytest.param("I had surgery on 9 March, can I join?", None, id="an operation in the past"),
        pytest.param("When will the trial start, on 9 July 2026?", None, id="the trial's own start"),
        pytest.param("If I begin on 31 February, is that ok?", None, id="no such day"),
    ],
)
def test_a_day_to_come(message: str, day: date | None) -> None:
    found = planned(message, TODAY)
    assert (found.day if found else None) == day
    if found:
        assert message[found.start : found.end] not in without_days(message)


@pytest.mark.parametrize(
    ("message", "day"),
    [
        pytest.param("9 July?", date(2026, 7, 9), id="a bare day"),
        pytest.param("and on the 9th of July?", date(2026, 7, 9), id="and on"),
        pytest.param("slot only on 9 Jul", date(2026, 7, 9), id="a slot"),
        pytest.param("They gave me July 9. Too late then?", date(2026, 7, 9), id="too late"),
        pytest.param("they could move me up to 9 july, would that do", date(2026, 7, 9), id="no question mark"),
        pytest.param("My biopsy was on 9 July. Too late?", None, id="a fact"),
        pytest.param("9 July or 12 July?", None, id="two days"),
    ],
)
def test_a_message_that_only_moves_the_day(message: str, day: date | None) -> None:
    found = moved(message, TODAY)
    assert (found.day if found else None) == day


SURGERY = "I had major surgery on 20 April 2026. If I start on 11 May 2026, does that rule me out?"


@pytest.mark.parametrize(
    ("messages", "verdict"),
    [
        pytest.param((SURGERY,), "yes", id="21 days after, inside the window"),
        pytest.param((SURGERY, "and on 1 June?"), "no", id="moved out of the window"),
        pytest.param((SURGERY, "and on 1 June?", "slot only on 14 May?"), "yes", id="moved back into it"),
        pytest.param((SURGERY, "They gave me 14 May. Too soon then?"), "yes", id="too soon is the bad news"),
        pytest.param((SURGERY, "and on 1 June, is that too soon?"), "no", id="not too soon"),
        pytest.param(("I am 70. Is that too old?", "typo, I am 60. So my age fits then?"), "yes", id="its own words put it"),
        pytest.param(("Hb 8.4 g/dL. Does that exclude her?", "misread, it is 10.4"), "no", id="a corrected value"),
        pytest.param(("Hb 8.4 g/dL. Does that exclude her?", "lab rang back: Hb 10.4 g/dL. And now?"), "no", id="and now"),
        pytest.param(("Plt 140. ok?", "sorry, misread: plt 88. Still in?"), "no", id="still in"),
        pytest.param(("plt 140, Hb 8.1 g/dL - excluded?",), "yes", id="the question after a dash denies nothing"),
    ],
)
def test_a_turn_is_put_by_its_own_words_or_the_ones_before(messages: tuple[str, ...], verdict: str) -> None:
    assert last(*messages).verdict == verdict


def test_what_is_told_before_a_supposition_is_held() -> None:
    read = read_message("I had a stroke on 2 January 2026. Would it be too soon if I am seen on 1 June 2026?", TODAY)
    assert read.telling is not None
    assert [fact.words.quote for fact in read.telling.facts] == ["I had a stroke on 2 January 2026"]
    assert (read.start, read.supposes) == (date(2026, 6, 1), True)


def test_what_is_told_after_a_supposition_is_supposed_too() -> None:
    assert read_message("Suppose he has diabetes. He has gout as well.", TODAY).telling is None


@pytest.mark.parametrize(
    ("words", "value"),
    [pytest.param("it's 3,200", 3200.0, id="thousands"), pytest.param("it's 3,2", 3.2, id="a decimal comma")],
)
def test_a_value_with_a_comma(words: str, value: float) -> None:
    read = carried_on(read_message(words, TODAY), read_message("HBV DNA 320 IU/mL", TODAY).patient, "", TODAY)
    assert [fact.value.low for fact in read.patient.facts] == [value]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("argh, read it again: 41", id="read again"),
        pytest.param("I mixed those up, it is 15", id="mixed up"),
        pytest.param("oh sorry, 62", id="sorry"),
    ],
)
def test_a_correction(message: str) -> None:
    assert corrects(message)


def test_a_message_asks_with_its_last_words() -> None:
    assert asks("they could see me on the 4th, would that do")
    assert not asks("she would do that, she said")
