"""What people ask first of any trial: what happens, how long it takes, which earlier treatments count; and that each has an answer."""

import pytest
from small_trials import SmallShelf, check, trial

from assistant.chat.engine import Engine
from assistant.chat.question import read_question
from assistant.faq import QUESTIONS
from assistant.safety.advice import refusal
from assistant.safety.triage import danger
from index.trial import Trial

WALKS = trial(
    title="Walking in gout",
    summary="The trial asks whether walking helps in gout. Participants will walk for 30 minutes a day over 12 weeks.",
    description="Follow-up lasts 6 months. The sponsor pays the walkers' shoes.",
    arms=(("Walking", "EXPERIMENTAL", "a walk a day"), ("Reading", "ACTIVE_COMPARATOR", "a book a week")),
    primary=(("Pain", "12 weeks"),),
    inclusion=("Gout", "Treated with allopurinol within the past year"),
    exclusion=("Prior chemotherapy", "Asthma"),
    start_date="2026-01",
    completion_date="2027-06",
    sponsor="Hill University",
    conditions=("Gout",),
    status="RECRUITING",
    minimum_age="18 Years",
)
BARE = trial(title="A register of walkers", summary="Walkers are counted.", inclusion=("Gout",))


def say(question: str, record: Trial = WALKS) -> str:
    reply = Engine(SmallShelf([record])).answer(question, scope=(record.id,))
    check(reply, [record])
    return f"{reply.kind} {reply.verdict}: {reply.text}"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param(
            "What happens in the trial?", ("answer", "Walking (experimental arm)", "will walk for 30 minutes"), id="course"
        ),
        pytest.param("What would I have to do?", ("answer", "a walk a day"), id="course: have to do"),
        pytest.param("What does taking part involve?", ("answer", "a book a week"), id="course: involve"),
        pytest.param("How long does it take?", ("answer", "over 12 weeks", "6 months", "2026-01", "2027-06"), id="duration"),
        pytest.param("How long would I be in the study?", ("answer", "12 weeks"), id="duration: in the study"),
        pytest.param("Which treatments before rule me out?", ("Exclusion 1: Prior chemotherapy", "Inclusion 2"), id="earlier"),
        pytest.param("May I have had treatment before?", ("answer depends", "Prior chemotherapy"), id="earlier: may I"),
        pytest.param("Who runs the trial?", ("answer", "Hill University"), id="who runs it"),
    ],
)
def test_what_is_asked_first(question: str, words: tuple[str, ...]) -> None:
    said = say(question)
    assert all(one in said for one in words)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("How long does it take?", id="no duration"),
        pytest.param("Which treatments before rule me out?", id="no rule on treatment"),
        pytest.param("Whom do I contact?", id="no contact"),
    ],
)
def test_a_silent_record_is_said_to_be_silent(question: str) -> None:
    assert say(question, BARE).startswith("not_stated")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What happens if I miss a visit?", id="what happens if"),
        pytest.param("How long before surgery must I stop smoking?", id="how long before"),
        pytest.param("Which treatments are given?", id="treatments given"),
    ],
)
def test_other_questions_keep_their_own_way(question: str) -> None:
    assert not {"course", "duration", "prior_treatment"} & set(read_question(question).topics)


@pytest.mark.parametrize(
    "question", [*QUESTIONS, "Which cancer stage or disease must I have?", "My pulse is 96. Is that fine for the study?"]
)
def test_a_common_question_is_no_danger_and_no_plea_for_advice(question: str) -> None:
    assert danger(question) is None
    assert refusal(question) is None


def test_lactate_is_no_lactation() -> None:
    record = trial(summary="Pyruvate turns into lactate.", inclusion=("Gout",), title="Lactate in gout")
    assert say("Can I join if I am breastfeeding?", record).startswith("not_stated")
