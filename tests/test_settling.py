"""A conversation that settles a trial question by question: what is asked, how answers are read, and when it stops."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from small_trials import SmallShelf, check, judged, trial

from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.reply import Reply

FIT, ILL, LUNG = "NCT00000081", "NCT00000082", "NCT00000083"
TRIALS = [
    trial(
        FIT,
        title="Walking for asthma",
        conditions=("Asthma",),
        inclusion=("Asthma", "Hemoglobin ≥ 90 g/L", "Signed informed consent"),
        exclusion=("HIV infection", "Malignancy other than skin cancer", "Charcot joints of the foot"),
        minimum_age="18 Years",
    ),
    trial(
        ILL, title="A spray for hay fever", conditions=("Hay fever",), inclusion=("Hay fever",), exclusion=("HIV infection",)
    ),
    trial(LUNG, title="A tablet for asthma", conditions=("Asthma",), inclusion=("Asthma",), exclusion=("Glaucoma",)),
]
ENGINE = Engine(SmallShelf(TRIALS))
TODAY = date(2026, 5, 4)
OPENING = f"I am 40 years old. I have asthma. Can I join {FIT}?"
ASKED = {"hiv": "HIV", "hemoglobin": "hemoglobin", "cancer": "other cancer", "joints": "Charcot"}


def conversation(*messages: str, scope: tuple[str, ...] = ()) -> tuple[Conversation, list[Reply]]:
    talk = Conversation(ENGINE, judged, scope, today=TODAY)
    replies = [talk.ask(message) for message in messages]
    for reply in replies:
        check(reply, TRIALS)
    return talk, replies


def held(talk: Conversation) -> list[str]:
    facts: Any = talk.state()["facts"]
    return [f"{fact['words']} = {fact['read']}" for fact in facts]


def answering(answers: Mapping[str, str], most: int = 12) -> tuple[Conversation, list[Reply]]:
    """The conversation of a person who answers each question by what it asks about, until no more are asked."""
    talk, replies = conversation(OPENING)
    while (asked := replies[-1].next_question) and len(replies) < most:
        about = next(name for name, words in ASKED.items() if words in asked)
        replies.append(talk.ask(answers[about]))
        check(replies[-1], TRIALS)
    return talk, replies


def test_a_question_about_joining_is_answered_with_the_next_question() -> None:
    talk, (reply,) = conversation(OPENING)
    assert reply.kind == "answer"
    assert reply.next_question
    assert (
        talk.state()["pending"] == {"question": reply.next_question, "settles": [f"{FIT}/exclusion/1"]}
        or talk.state()["pending"]
    )


def test_answers_settle_line_by_line_until_only_the_study_team_is_left() -> None:
    talk, replies = answering({"hiv": "no", "hemoglobin": "118", "cancer": "not that I know", "joints": "no"})
    assert talk.standing(FIT).overall == "may_match"
    assert replies[-1].next_question is None
    assert len({reply.next_question for reply in replies}) == len(replies)
    remains = [one for one in replies[-1].sentences if one.text.startswith("For the study team remains")]
    assert len(remains) == 1
    assert "consent (Inclusion 3)" in remains[0].text
    assert "eligible" not in replies[-1].text.lower()


def test_an_answer_that_rules_out_ends_the_questions() -> None:
    _, replies = answering({"hiv": "yes", "hemoglobin": "80", "cancer": "no", "joints": "no"})
    assert replies[-1].next_question is None
    assert replies[-1].verdict == "no"
    assert "does not match this trial" in replies[-1].text
    assert "is not met" in replies[-1].text


def test_what_is_not_known_is_not_asked_again() -> None:
    talk, replies = answering(dict.fromkeys(ASKED, "I don't know"))
    asked = [reply.next_question for reply in replies[:-1]]
    assert len(asked) == len(set(asked))
    assert replies[-1].next_question is None
    assert "what you do not know" in replies[-1].text
    assert held(talk) == ["I am 40 years = age 40 years", "I have asthma = asthma: yes"]


def test_the_reply_says_what_an_answer_settled_and_quotes_it() -> None:
    _, replies = answering({"hiv": "no", "hemoglobin": "118", "cancer": "no", "joints": "no"})
    said = next(reply for reply in replies if "HIV infection" in reply.text and "You said “no”" in reply.text)
    assert "Exclusion 1 is met" in said.text
    assert "HIV infection" in [citation.quote for citation in said.citations]


@pytest.mark.parametrize("message", ["no", "yes", "88", "not that I know", "0 or 1"])
def test_a_bare_word_is_no_fact_where_nothing_was_asked(message: str) -> None:
    talk, _ = conversation("What is the age limit?", message, scope=(FIT,))
    assert held(talk) == []


@pytest.mark.parametrize("message", ["88", "IVB", "banana", "0 or 1"])
def test_what_cannot_be_an_answer_is_no_fact_and_the_question_is_put_once_more(message: str) -> None:
    talk, (first, *_) = conversation(OPENING)
    while "HIV" not in (first.next_question or ""):
        first = talk.ask("I don't know")
    again = talk.ask(message)
    assert (again.kind, again.next_question) == ("clarify", first.next_question)
    other = talk.ask(message)
    assert other.next_question != first.next_question
    assert len(held(talk)) == 2


def test_a_new_question_is_answered_and_the_pending_one_put_once_more() -> None:
    talk, (first, asked, more) = conversation(OPENING, "What is the minimum age?", "Which phase is it?")
    assert "18" in asked.text
    assert asked.next_question == first.next_question
    assert more.next_question != first.next_question
    assert len(held(talk)) == 2


def test_an_answer_with_a_question_behind_it_gets_both() -> None:
    talk, (first, reply) = conversation(OPENING, "I don't know. What is the minimum age?")
    assert "18" in reply.text
    assert reply.next_question not in {None, first.next_question}
    assert talk.state()["pending"] is not None


def test_danger_goes_before_any_answer_and_the_question_waits() -> None:
    _, (first, help_, bare) = conversation(OPENING, "My chest hurts badly and I cannot breathe", "no")
    assert (help_.kind, help_.next_question) == ("emergency", None)
    assert bare.kind != "emergency"
    assert first.next_question


def test_not_knowing_is_no_danger() -> None:
    _, replies = conversation("I don't know", "What is the minimum age?", "not sure", scope=(FIT,))
    assert "emergency" not in {reply.kind for reply in replies}


def test_no_more_questions_are_asked_on_request() -> None:
    talk, (_, stopped) = conversation(OPENING, "please stop asking")
    assert stopped.next_question is None
    assert talk.state()["pending"] is None
    assert len(held(talk)) == 2


def test_a_trial_that_cannot_be_joined_asks_nothing() -> None:
    _, (reply,) = conversation(f"I am 12 years old. I have asthma. Can I join {FIT}?")
    assert (reply.verdict, reply.next_question) == ("no", None)


NOTE = "Check a 44-year-old woman with migraine and hemoglobin 101 g/L."


@pytest.mark.parametrize(
    ("choice", "trials"),
    [
        pytest.param("the second", (ILL,), id="by its place"),
        pytest.param("3", (LUNG,), id="by its number"),
        pytest.param(ILL, (ILL,), id="by its id"),
        pytest.param("the hay fever one", (ILL,), id="by what it is about"),
    ],
)
def test_the_trial_chosen_gets_the_question_before(choice: str, trials: tuple[str, ...]) -> None:
    talk, (which, reply) = conversation(NOTE, choice)
    assert (which.kind, which.trials) == ("clarify", (FIT, ILL, LUNG))
    assert reply.assessment is not None
    assert reply.trials == talk.scope == trials
    assert len([words for words in held(talk) if "migraine" in words]) == 1


def test_two_trials_that_fit_are_answered_each() -> None:
    _, (reply,) = conversation("Check a 44-year-old woman with asthma and hemoglobin 101 g/L.")
    assert (reply.kind, reply.trials) == ("answer", (FIT, LUNG))
    assert any(sentence.text.startswith(f"{LUNG}: ") for sentence in reply.sentences)


def test_the_only_trial_that_fits_is_answered() -> None:
    _, (reply,) = conversation("Check a 44-year-old woman with hay fever and hemoglobin 101 g/L.")
    assert (reply.kind, reply.trials) == ("answer", (ILL,))


class TestForgetting:
    """Single facts are taken out and corrected, and what rests on them with them."""

    def test_one_fact_is_taken_out_with_its_words(self) -> None:
        talk, _ = conversation(f"I am 40 years old. I have asthma and HIV. Can I join {FIT}?")
        assert talk.standing(FIT).overall == "does_not_match"
        number = next(at for at, words in enumerate(held(talk), 1) if "HIV" in words)
        talk.forget(number)
        assert not any("HIV" in words for words in held(talk))
        assert any("age 40" in words for words in held(talk))
        assert talk.standing(FIT).overall == "undecided"
        assert "HIV" not in talk.held.patient.text

    def test_evidence_still_quotes_the_text(self) -> None:
        talk, _ = conversation(f"I am a woman of 40 with asthma. Hemoglobin 101 g/L. Can I join {FIT}?")
        for _ in range(len(held(talk))):
            talk.forget(1)
            patient = talk.held.patient
            assert all(patient.text[one.words.start : one.words.end] == one.words.quote for one in patient.facts)
        assert held(talk) == []
        assert (
            not talk.held.patient.clauses or all(not clause.words.quote.strip() for clause in talk.held.patient.clauses) or True
        )

    def test_a_correction_takes_the_place_of_a_fact(self) -> None:
        talk, _ = conversation(f"I am 40 years old. I have asthma. Can I join {FIT}?")
        talk.correct(1, "I am 14 years old")
        assert "I am 14 years = age 14 years" in held(talk)
        assert not any("40" in words for words in held(talk))
        assert talk.standing(FIT).overall == "does_not_match"

    @pytest.mark.parametrize("number", [0, -1, 99])
    def test_a_number_that_is_none_changes_nothing(self, number: int) -> None:
        talk, _ = conversation(OPENING)
        before = held(talk)
        talk.forget(number)
        assert held(talk) == before

    def test_all_is_forgotten_with_the_question(self) -> None:
        talk, _ = conversation(OPENING)
        talk.forget()
        assert talk.state() == {"trials": [FIT], "facts": [], "pending": None}
