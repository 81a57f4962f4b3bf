"""Trials that fit a question for trials."""

import pytest
from small_trials import SmallShelf, check, trial

from assistant.chat.engine import MOST_LISTED, Engine

TRIALS = [
    trial(
        "NCT00000061",
        title="Salt baths for psoriasis",
        summary="Salt baths for people with psoriasis of the hands.",
        status="RECRUITING",
        phase=("PHASE2",),
        sex="FEMALE",
        minimum_age="18 Years",
        maximum_age="50 Years",
        sites=(("Hill Clinic", "Bern", "Switzerland", "RECRUITING"), ("Sea Clinic", "Oslo", "Norway", "COMPLETED")),
    ),
    trial(
        "NCT00000062",
        title="Light for psoriasis",
        summary="Light for people with psoriasis.",
        exclusion=("Migraine",),
        status="COMPLETED",
        phase=("PHASE3",),
        sex="ALL",
        minimum_age="18 Years",
    ),
    trial(
        "NCT00000063",
        title="Walks for migraine",
        summary="Slow walks against migraine.",
        status="NOT_YET_RECRUITING",
        phase=("PHASE1", "PHASE2"),
        sex="MALE",
        minimum_age="60 Years",
        sites=(("Lake Clinic", "Bern", "Switzerland", None),),
    ),
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("Which trials are for psoriasis?", {"NCT00000061", "NCT00000062"}, id="what they are about"),
        pytest.param("Which trials are recruiting?", {"NCT00000061"}, id="status"),
        pytest.param("Which studies are not yet recruiting?", {"NCT00000063"}, id="another status"),
        pytest.param("Are there completed trials for psoriasis?", {"NCT00000062"}, id="status and subject"),
        pytest.param("List the phase 2 trials", {"NCT00000061", "NCT00000063"}, id="phase"),
        pytest.param("Are there phase III trials?", {"NCT00000062"}, id="phase in Roman numerals"),
        pytest.param("Are there trials in Bern?", {"NCT00000061", "NCT00000063"}, id="place"),
        pytest.param("Which trials are recruiting in Bern?", {"NCT00000061"}, id="status at the place"),
        pytest.param("Which trials are recruiting in Oslo?", set(), id="recruiting, but not there"),
        pytest.param("I am 70. Which trials are there for migraine?", {"NCT00000063"}, id="age inside"),
        pytest.param(
            "I am 20. Which trials are there for migraine?", set(), id="a trial that only bars migraine is not for it"
        ),
        pytest.param("Are there trials for men?", {"NCT00000062", "NCT00000063"}, id="sex"),
        pytest.param("Which trials are for scurvy?", set(), id="nothing about it"),
    ],
)
def test_what_fits(question: str, expected: set[str]) -> None:
    reply = Engine(SmallShelf(TRIALS)).answer(question)
    check(reply, TRIALS)
    assert set(reply.trials) == expected
    assert reply.kind == ("answer" if expected else "not_stated")
    assert reply.verdict is None


def test_every_listed_trial_is_cited_from_its_own_document() -> None:
    reply = Engine(SmallShelf(TRIALS)).answer("Which trials are for psoriasis?")
    assert reply.sentences[0].text == "2 of 3 indexed trials fit:"
    for sentence in reply.sentences[1:]:
        assert {reply.citations[index].trial for index in sentence.citations} == {sentence.text[:11]}


def test_what_tells_trials_apart_counts_for_more_than_what_all_share() -> None:
    reply = Engine(SmallShelf(TRIALS)).answer("Which trials give light for psoriasis?")
    assert reply.trials == ("NCT00000062",)


def test_a_long_list_is_cut_and_says_so() -> None:
    many = [trial(f"NCT000001{n:02}", title=f"Tea number {n} for colds", status="RECRUITING") for n in range(15)]
    reply = Engine(SmallShelf(many)).answer("Which trials are recruiting for colds?")
    assert len(reply.trials) == MOST_LISTED
    assert reply.sentences[0].text == "15 of 15 indexed trials fit; the first 10:"
