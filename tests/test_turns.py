"""Turns of a conversation that rest on the ones before: what was told decides, days move, words are taken back."""

from datetime import date

import pytest
from small_trials import SmallShelf, check, judged, trial

from assistant.chat.engine import Engine
from assistant.chat.question import turned
from assistant.dialogue import Conversation
from assistant.reply import Reply
from assistant.understanding.asking import (
    asks_for_a_field,
    closes,
    is_elliptic,
    named_to_decide,
    several,
    tells_before_it_asks,
)
from assistant.understanding.resting import put_in_place
from assistant.understanding.telling import read_message, tells_sex_alone
from index.scope import names

TODAY = date(2026, 5, 4)
GEL = "NCT00000096"
TRIALS = [
    trial(
        GEL,
        title="A gel for burns of the hand",
        conditions=("Burn",),
        inclusion=("Platelet count ≥ 100 x 10^9/L",),
        exclusion=(
            "Major surgery within 28 days before the first dose",
            "Hemoglobin < 9 g/dL",
            "HIV infection",
            "Asthma",
            "Women who are breastfeeding",
            "Family history of medullary thyroid cancer",
        ),
        minimum_age="18 Years",
        maximum_age="65 Years",
    )
]
ENGINE = Engine(SmallShelf(TRIALS))


def last(*messages: str) -> Reply:
    talk = Conversation(ENGINE, judged, (GEL,), today=TODAY)
    replies = [talk.ask(message) for message in messages]
    for reply in replies:
        check(reply, TRIALS)
    return replies[-1]


@pytest.mark.parametrize(
    ("messages", "verdict"),
    [
        pytest.param(
            ("My platelets are 80. Is that ok?", "So can I join?"), "no", id="what was told before speaks against joining"
        ),
        pytest.param(
            ("My platelets are 120. Is that ok?", "So can I join?"), "depends", id="nothing told speaks against joining"
        ),
        pytest.param(("Platelets 80, is that a bar?",), "yes", id="a bar"),
        pytest.param(("Platelets 80. Do they mind?",), "yes", id="do they mind"),
        pytest.param(("I'm breastfeeding my twins. Would that keep me out?",), "yes", id="what tells the sex as well"),
        pytest.param(("Platelets 120 - pass?", "and 80?"), "no", id="another value, put as before"),
        pytest.param(("Asthma, hemoglobin 9.5 g/dL. Excluded on hemoglobin?",), "no", id="on one of the things told"),
        pytest.param(("My aunt had medullary thyroid cancer. Does that rule me out?",), "yes", id="what runs in the family"),
        pytest.param(
            ("I have HIV. Does that rule me out?", "Sorry, my mistake, I tested negative. Does it still rule me out?"),
            "no",
            id="taken back without its name",
        ),
        pytest.param(
            ("I had major surgery on 20 April 2026. If I start on 6 May, is that too soon?",),
            "yes",
            id="a day after one in full",
        ),
        pytest.param(
            ("I had major surgery on 20 April 2026. If I start on 6 May, is that too soon?", "And if we wait until 1 June?"),
            "no",
            id="waiting until a day",
        ),
        pytest.param(
            ("I had major surgery 2 weeks ago. Excluded?", "If we put the start off by 3 weeks, still excluded?"),
            "no",
            id="put off by weeks",
        ),
        pytest.param(
            ("I had major surgery 2 weeks ago. Is that too soon?", "sorry, 6 weeks"),
            "no",
            id="a correction of nothing but the time",
        ),
        pytest.param(
            ("I had major surgery 6 weeks ago. Excluded?", "What if it had been 3 weeks?"), "yes", id="another time supposed"
        ),
        pytest.param(
            ("I had major surgery 6 weeks ago. Is that long enough?", "It was 3 weeks, not 6 weeks. Does that still fit?"),
            "no",
            id="one time in the place of another",
        ),
        pytest.param(
            ("How long ago must major surgery be?", "Mine was 2 weeks ago. Does that fit?"),
            "no",
            id="mine is what was asked about",
        ),
        pytest.param(("plt floor?", "hers are 84. ok?"), "no", id="hers are what was asked about"),
        pytest.param(("I'm 60. Is my age ok?", "And if I turn 66 before it begins?"), "no", id="an age to come"),
        pytest.param(
            ("pt had major surgery 2 weeks ago. excluded?", "still out if we start in six weeks?"), "no", id="still out by then"
        ),
        pytest.param(
            ("Can asthma be a problem?", "One more thing, I also have HIV. Does that rule me out?"), "yes", id="one more thing"
        ),
    ],
)
def test_a_turn_that_rests_on_the_ones_before(messages: tuple[str, ...], verdict: str) -> None:
    assert last(*messages).verdict == verdict


def test_the_first_clear_day_is_of_what_was_told_before() -> None:
    reply = last("pt had major surgery on 2026-04-20. excluded?", "first clear day?")
    assert reply.kind == "answer"
    assert "2026-05-19" in reply.text


def test_a_value_in_its_place_is_held_once() -> None:
    talk = Conversation(ENGINE, judged, (GEL,), today=TODAY)
    talk.ask("I have asthma. I had major surgery 2 weeks ago.")
    talk.ask("sorry, 6 weeks")
    read = [str(one["read"]) for one in talk.memory.facts()]
    assert len([one for one in read if one.startswith("major surgery")]) == 1
    assert len([one for one in read if one.startswith("asthma")]) == 1


def test_a_supposed_value_is_not_held() -> None:
    talk = Conversation(ENGINE, judged, (GEL,), today=TODAY)
    talk.ask("I had major surgery 6 weeks ago. Excluded?")
    before = list(talk.memory.facts())
    talk.ask("What if it had been 3 weeks?")
    assert list(talk.memory.facts()) == before


@pytest.mark.parametrize(
    ("message", "thanks"),
    [
        pytest.param("Thank you, that helps a lot", True, id="thanks"),
        pytest.param("ok, that's all, bye", True, id="goodbye"),
        pytest.param("Thanks, I stopped it yesterday", False, id="tells beside"),
        pytest.param("thanks. and platelets?", False, id="asks beside"),
        pytest.param("good", False, id="no thanks"),
    ],
)
def test_thanks(message: str, thanks: bool) -> None:
    assert closes(message) is thanks


def test_thanks_are_not_taken_for_a_question() -> None:
    assert last("Is asthma excluded?", "Great, thanks so much!").text == "You are welcome."


@pytest.mark.parametrize(
    ("before", "message", "full"),
    [
        pytest.param("thyroid ca treated 18 months ago?", "sorry, 30 months", "thyroid ca treated 30 months ago?", id="a time"),
        pytest.param(
            "He weighs 310 pounds, ok?", "oh wait, I misread it, it was 290", "He weighs 290 pounds, ok?", id="a number"
        ),
        pytest.param("LVEF 43%?", "repeat echo: 47", "LVEF 47%?", id="a repeat"),
        pytest.param(
            "It ended on 15 March 2024 and they found it again on 20 June 2025. Long enough?",
            "and if they had found it in January 2025 instead?",
            "It ended on 15 March 2024 and they found it again in January 2025. Long enough?",
            id="of two days the one of the same words",
        ),
        pytest.param("Platelets 98 and ANC 2.1, ok?", "no, sorry, 62", None, id="it fits two"),
        pytest.param("My BMI is 36. ok?", "and where is it run?", None, id="no value"),
        pytest.param("I stopped it 2 weeks ago. ok?", "and if I wait another 6 weeks?", None, id="a start to come"),
    ],
)
def test_a_value_put_in_its_place(before: str, message: str, full: str | None) -> None:
    assert put_in_place(message, before) == full


@pytest.mark.parametrize(
    ("question", "field"),
    [
        pytest.param("albumin limit?", True, id="a limit"),
        pytest.param("and the surgery washout?", True, id="a washout"),
        pytest.param("is his albumin over the limit?", False, id="of a person"),
        pytest.param("TSAT 17%. Iron criterion?", False, id="a value told"),
    ],
)
def test_what_the_record_is_asked_for(question: str, field: bool) -> None:
    assert asks_for_a_field(question) is field


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("and in the burns one?", id="the burns one"),
        pytest.param("back to burns: is asthma excluded?", id="back to"),
        pytest.param("in the study with gel, what is asked?", id="the study with"),
    ],
)
def test_a_trial_by_what_it_gives(message: str) -> None:
    other = trial(
        "NCT00000097", title="Warfarin as blood thinner after operations on metal valves", conditions=("Valve disease",)
    )
    assert names([*TRIALS, other]).find(message).trials == (GEL,)


def test_the_name_of_a_trial_is_nothing_told() -> None:
    told = read_message("back to cisplatin: she has asthma", TODAY).patient.facts
    assert [fact.concept for fact in told] == ["asthma"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("question", "form"),
    [
        pytest.param("Is that too soon?", "excluded", id="too soon"),
        pytest.param("It's not too soon, is it?", "fits", id="not too soon"),
        pytest.param("Is either of those a bar?", "excluded", id="a bar"),
        pytest.param("Would they mind?", "excluded", id="mind"),
        pytest.param("So is he in?", "fits", id="in"),
        pytest.param("Is 8.1 enough?", None, id="nothing plain"),
    ],
)
def test_what_a_yes_means_by_the_words_themselves(question: str, form: str | None) -> None:
    assert turned(question) == form


@pytest.mark.parametrize(
    ("question", "elliptic"),
    [
        pytest.param("and platelets?", True, id="another thing"),
        pytest.param("slot only on 19 Feb?", True, id="another day"),
        pytest.param("and 95 ok?", False, id="says how"),
        pytest.param("washout after stopping it?", False, id="a field"),
        pytest.param("what about age limits, are there any?", False, id="a question of its own"),
    ],
)
def test_a_question_that_leaves_out_what_it_asks(question: str, elliptic: bool) -> None:
    assert is_elliptic(question) is elliptic


def test_what_the_verdict_is_asked_on() -> None:
    assert named_to_decide("excluded on the hemoglobin?") == frozenset({"hemoglobin"})
    assert not named_to_decide("excluded?")
    assert [several(one) for one in ("pass on both?", "are all three fine?", "pass?")] == [2, 3, 0]
    assert tells_before_it_asks("I live in Oslo. Can I join?")
    assert not tells_before_it_asks("So can I join?")


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("min age 30 years?", id="a limit"),
        pytest.param("Can I skip HCC 24-056?", id="a study by its number"),
        pytest.param("if we wait, still excluded for the asthma?", id="not a denial"),
    ],
)
def test_what_is_nobodys(message: str) -> None:
    patient = read_message(message, TODAY).patient
    assert patient.age is None
    assert all(fact.present for fact in patient.facts)  # type: ignore[union-attr]
    assert not {"hepatocellular-carcinoma"} & {fact.concept for fact in patient.facts}  # type: ignore[union-attr]


def test_a_pronoun_is_beside_what_is_told() -> None:
    assert not tells_sex_alone(read_message("she took iron tablets, excluded?", TODAY))
    assert tells_sex_alone(read_message("and in a man?", TODAY))


def test_a_numbered_trial_that_is_described_beside_is_one_trial() -> None:
    other = trial(
        "NCT00000097",
        title="Warfarin as blood thinner after operations on metal valves",
        conditions=("Valve disease",),
    )
    found = names([*TRIALS, other]).find(f"It's {GEL}, the blood thinner study for metal valves. Does that fit?")
    assert found.trials == (GEL,)
