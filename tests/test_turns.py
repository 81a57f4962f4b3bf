"""Turns of a conversation that rest on the ones before: what was told decides, days move, words are taken back."""

from datetime import date

import pytest
from small_trials import SmallShelf, check, judged, trial

from assistant.chat.engine import Engine
from assistant.chat.question import turned
from assistant.dialogue import Conversation
from assistant.reply import Reply
from assistant.understanding.asking import is_elliptic, named_to_decide, several, tells_before_it_asks
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
    ],
)
def test_a_turn_that_rests_on_the_ones_before(messages: tuple[str, ...], verdict: str) -> None:
    assert last(*messages).verdict == verdict


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
