"""Two voices, the same facts: every sentence of the table, every gold question, every check."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from string import Formatter

import pytest

from assistant.eligibility.clock import Clock
from assistant.reply import Audience, Reply
from assistant.safety.referral import referral
from assistant.safety.tables import rows
from assistant.safety.triage import Danger, Route
from assistant.settings import Settings
from assistant.voices import Voiced, examples, voiced
from assistant.wiring import Assistant, open_assistant
from evals import GOLD
from evals.cases import AnswerCase, CheckCase, DialogueCase, read_cases
from evals.readability import grades, of_reply, own_words
from index.library import Library
from index.samples import sample_paths

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
BOTH: tuple[Audience, ...] = ("patient", "clinician")
CASES = read_cases(GOLD / "answers.jsonl", AnswerCase)
DIALOGUES = read_cases(GOLD / "dialogues.jsonl", DialogueCase)
CHECKS = read_cases(GOLD / "checks.jsonl", CheckCase)


def facts(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(template) if name)


@pytest.mark.parametrize("name", examples())
def test_a_sentence_has_the_same_facts_in_both_voices(name: str) -> None:
    said, example = examples()[name]
    assert facts(said.exact) == facts(said.plain) == sorted(example)
    assert NUMBER.findall(said.exact) == NUMBER.findall(said.plain)


@pytest.mark.parametrize("name", [name for name in examples() if not name.startswith(("noun-", "study_type", "primary_"))])
def test_a_patient_s_sentence_is_plain(name: str) -> None:
    """Within grade 8 by Flesch-Kincaid; of the long words that SMOG counts at most one, as a whole answer has shorter sentences."""
    said = voiced(name, **examples()[name][1]).plain
    found = grades(own_words(said, (said,) if name == "silent" else ()))
    assert found is None or (found.flesch_kincaid <= 8 and found.polysyllables <= 1), (said, found)


def test_a_fact_may_have_two_voices_itself() -> None:
    nouns = voiced("noun-enrollment")
    assert voiced("no-field", nouns=nouns) == Voiced(
        "Not stated: the documents give no number of participants.",
        "Not stated: the records give no number of people to be taken in.",
    )


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("voices")
    with Library.open(folder, create=True) as library:
        library.index((*sample_paths(), *sorted((GOLD / "trials").glob("*.md"))))
    opened = open_assistant(Settings(data_dir=folder))
    with opened.library:
        yield opened


@pytest.fixture(scope="module")
def answers(assistant: Assistant) -> Callable[[AnswerCase, Audience], Reply]:
    """The reply to a question of the gold for a reader, asked once."""

    @cache
    def asked(question: str, scope: tuple[str, ...], reader: Audience) -> Reply:
        return assistant.ask(question, scope=scope, audience=reader)

    return lambda case, reader: asked(case.question, tuple(case.scope), reader)


def same(patient: Reply, clinician: Reply) -> None:
    for one, other in zip(patient.sentences, clinician.sentences, strict=True):
        assert one.citations == other.citations
        assert sorted(NUMBER.findall(one.text)) == sorted(NUMBER.findall(other.text))
        assert one.plain is None
    assert (patient.kind, patient.verdict, patient.trials, patient.citations, patient.as_of) == (
        clinician.kind,
        clinician.verdict,
        clinician.trials,
        clinician.citations,
        clinician.as_of,
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.id))
def test_both_readers_get_the_same_facts(answers: Callable[[AnswerCase, Audience], Reply], case: AnswerCase) -> None:
    same(*(answers(case, reader) for reader in BOTH))


@pytest.mark.parametrize("case", DIALOGUES, ids=lambda case: str(case.id))
def test_both_get_them_over_a_conversation(assistant: Assistant, case: DialogueCase) -> None:
    talks = [assistant.conversation(scope=case.scope, audience=reader) for reader in BOTH]
    for turn in case.turns:
        same(*(talk.ask(turn.user) for talk in talks))


@pytest.mark.parametrize("case", CHECKS, ids=lambda case: str(case.id))
def test_both_get_the_same_check(assistant: Assistant, case: CheckCase) -> None:
    today = case.today or date(2026, 1, 20)
    clock = Clock(today, case.start or today)
    patient, clinician = (
        assistant.check(case.trial, case.note, clock, complete=case.complete, audience=reader) for reader in BOTH
    )
    assert (patient.overall, patient.coverage) == (clinician.overall, clinician.coverage)
    for one, other in zip(patient.criteria, clinician.criteria, strict=True):
        assert (one.status, one.assumed, one.patient_evidence, one.citation, one.would_change) == (
            other.status,
            other.assumed,
            other.patient_evidence,
            other.citation,
            other.would_change,
        )
        assert sorted(NUMBER.findall(one.reason)) == sorted(NUMBER.findall(other.reason)), (one.reason, other.reason)


def test_most_answers_to_a_patient_stay_within_grade_8(answers: Callable[[AnswerCase, Audience], Reply]) -> None:
    """All but one in twenty: a record's own words without quotation marks are told from ours only by their run."""
    found = [of_reply(answers(case, "patient").as_json()) for case in CASES]
    measured = [one for one in found if one]
    assert sum(one.within for one in measured) >= 0.9 * len(measured)


def said_in_safety() -> list[str]:
    dangers: tuple[tuple[str, Route], ...] = (("suicidal", "crisis"), ("stroke", "emergency"), ("overdose", "emergency"))
    replies = [referral(Danger(what, route), country) for what, route in dangers for country in ("US", "GB", "DE")]
    return [*dict.fromkeys(row["says"] for row in rows("advice.tsv")), *(reply.text for reply in replies)]


@pytest.mark.parametrize("said", said_in_safety())
def test_what_is_said_for_safety_is_plain(said: str) -> None:
    found = grades(own_words(said))
    assert found is not None
    assert found.within, (said, found)
