"""Settles a trial question by question: what is asked next, what an answer settled, and what is left to the study team."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Final

from assistant.eligibility.assess import study_of
from assistant.eligibility.assessment import Assessment, CriterionVerdict, NextQuestion, Topic
from assistant.eligibility.next_question import next_question
from assistant.eligibility.patient import Patient
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a
from assistant.reply import Audience, Citation, Reply, Sentence
from assistant.understanding.answering import Answered
from index.trial import Trial

MOST: Final = 3
"""Lines that an answer settled and that are said one by one."""
LONG: Final = 200
"""Characters of a line that are said; its citation has all of it."""
MOST_TRIALS: Final = 2
"""Trials that are answered each, where it is not said which is meant."""
_DECIDED: Final = frozenset({"satisfied", "violated", "not_applicable"})
_STANDING: Final = {
    "satisfied": "is met",
    "violated": "is not met",
    "not_applicable": "does not apply",
    "conflicting": "has facts against each other",
}
_LEFT: Final = {
    "consent": "consent",
    "judgement": "the investigator’s judgement",
    "protocol": "what the record leaves to the protocol",
    "unread": "what we could not read",
    "unknown": "what you do not know",
}
"""What is left when nothing more can be asked, in the order in which it is said."""

Assesses = Callable[[str], Assessment]
"""The patient as held against a trial."""


@dataclass(frozen=True, slots=True)
class Settling:
    """What is being asked to settle one trial, or two."""

    trials: tuple[str, ...] = ()
    pending: NextQuestion | None = None
    joins: bool = False
    """It began with a question about joining, so that its replies have a verdict."""
    again: bool = False
    """The pending question was repeated."""
    paused: bool = False
    """It was not in the last reply, so that the next message is no answer to it."""
    put: tuple[Topic, ...] = ()
    """What was asked already."""
    unknown: tuple[Topic, ...] = ()
    """Of that, what the person does not know."""


def asking(state: Settling, assesses: Assesses, audience: Audience, patient: Patient) -> Settling:
    """With the question that now settles most, of the first trial that still has one; none where no answer could change anything."""
    has = patient.present()
    for trial in state.trials:
        found = assesses(trial)
        if found.overall != "undecided":
            continue
        question = next_question(found.open, audience, state.put, state.unknown, has)
        if question is not None:
            return replace(state, pending=question, again=False, paused=False)
    return replace(state, pending=None, again=False, paused=False)


def moved_on(state: Settling, *, known: bool = True) -> Settling:
    """With the pending question as one that was asked. `known`: the person could tell something."""
    topic = state.pending.topic if state.pending else None
    if topic is None:
        return replace(state, pending=None)
    return replace(state, pending=None, put=(*state.put, topic), unknown=state.unknown if known else (*state.unknown, topic))


def settled(
    before: Sequence[Assessment], after: Sequence[Assessment], asked_of: Collection[str], answer: Answered, state: Settling
) -> Reply:
    """What an answer settled: the lines that it decides, each with its reason, then how the trial stands.

    `asked_of`: ids of the lines that were asked about. `state`: after the answer, with the next question.
    One assessment for each of its trials, in order.
    """
    cited: list[Citation] = []
    sentences: list[Sentence] = []
    for old, new in zip(before, after, strict=True):
        name = f"{new.trial}: " if len(after) > 1 else ""
        sentences += [
            replace(one, text=f"{name}{one.text}") for one in (*_changes(old, new, asked_of, cited), *_stands(new, cited))
        ]
    if not any(one.citations for one in sentences):
        sentences.insert(0, Sentence(_nothing(answer)))
    if state.pending is None:
        sentences += [one for new in after for one in remaining(new, state, cited)]
    verdicts = {new.overall for new in after}
    verdict = ("no" if verdicts == {"does_not_match"} else "depends") if state.joins else None
    return Reply(
        "answer",
        tuple(dict.fromkeys(sentences)),
        tuple(cited),
        verdict,  # type: ignore[arg-type]  # the two words above
        tuple(new.trial for new in after),
        next_question=state.pending.text if state.pending else None,
    )


def unclear(state: Settling, answer: Answered) -> Reply:
    """That an answer was not understood, or that the bare word leaves open what was asked."""
    text = state.pending.text if state.pending else ""
    said = (
        "Yes alone does not settle this: please say which, and since when."
        if answer.word == "yes"
        else "No alone does not settle this: please say it in a few more words."
        if answer.word == "no"
        else "I could not read this as an answer, so nothing is taken from it."
    )
    return Reply("clarify", (Sentence(said),), trials=state.trials, next_question=text)


def stopped(state: Settling) -> Reply:
    """That nothing more is asked."""
    return Reply("answer", (Sentence("All right, no more questions. What was told is kept."),), trials=state.trials)


def _nothing(answer: Answered) -> str:
    if answer.word == "unknown":
        return "All right, this stays open."
    return "Thank you. No line is settled by this alone."


def _changes(old: Assessment, new: Assessment, asked_of: Collection[str], cited: list[Citation]) -> list[Sentence]:
    """The lines that stand otherwise than before, those that were asked about first."""
    stood = {line.id: line.status for line in old.criteria}
    changed = [line for line in new.criteria if line.status != stood.get(line.id) and line.status in _STANDING]
    order = ("violated", "conflicting", "satisfied", "not_applicable")
    changed.sort(key=lambda line: (order.index(line.status), line.id not in asked_of))
    said = [_line(line, cited) for line in changed[:MOST]]
    more = changed[MOST:]
    if more:
        named = ", ".join(f"{_label(line)} {_STANDING[line.status]}" for line in more)
        said.append(Sentence(f"So is settled: {named}.", tuple(_at(cited, line.citation) for line in more)))
    return said


def _line(line: CriterionVerdict, cited: list[Citation]) -> Sentence:
    quote = shorten(" ".join(line.text.split()), LONG, placeholder=" …")
    return Sentence(f"{_label(line)} {_STANDING[line.status]}: “{quote}” {line.reason}", (_at(cited, line.citation),))


def _stands(new: Assessment, cited: list[Citation]) -> list[Sentence]:
    if new.overall == "does_not_match":
        against = [line for line in new.criteria if line.status == "violated"]
        marks = tuple(_at(cited, line.citation) for line in against[:MOST])
        return [Sentence("What was told does not match this trial. The study team decides.", marks)]
    if new.overall == "may_match":
        return [Sentence("Nothing of what was told speaks against this trial.")]
    return []


def remaining(found: Assessment, state: Settling, cited: list[Citation]) -> list[Sentence]:
    """In one sentence, what is left for the study team when no answer can change anything more."""
    if found.overall == "does_not_match":
        return []
    lines = {line.id: line for line in found.criteria}
    left: dict[str, list[CriterionVerdict]] = {kind: [] for kind in _LEFT}
    for line in found.criteria:
        if line.status == "needs_protocol":
            left["protocol"].append(line)
    for open_ in found.open:
        for kind in {_waits_for(wanted.about, wanted.id) for wanted in open_.missing}:
            left[kind].append(lines[open_.id])
    parts = [
        f"{_LEFT[kind]} ({', '.join(_label(line) for line in some[:MOST])}{' …' if len(some) > MOST else ''})"
        for kind, some in left.items()
        if some
    ]
    if not parts:
        return []
    marks = dict.fromkeys(_at(cited, line.citation) for some in left.values() for line in some[:MOST])
    return [Sentence(f"For the study team remains: {'; '.join(parts)}.", tuple(marks))]


def _waits_for(about: str, id: str) -> str:
    if about == "judgement":
        return "consent" if id == "patient" else "judgement"
    return {"protocol": "protocol", "unparsed": "unread"}.get(about, "unknown")


def _label(line: CriterionVerdict) -> str:
    return f"{line.kind.capitalize()} {line.id.rpartition('/')[2]}"


def _at(cited: list[Citation], citation: Citation) -> int:
    if citation not in cited:
        cited.append(citation)
    return cited.index(citation)


def fitting(trials: Iterable[Trial], patient: Patient) -> tuple[str, ...]:
    """Ids of the trials whose disease, by their conditions and titles, is the patient's; none where that is not known."""
    has = patient.present()
    return tuple(
        trial.id
        for trial in trials
        if any(is_a(one, disease) for one in has & all_concepts().keys() for disease in _diseases(trial))
    )


def _diseases(trial: Trial) -> frozenset[str]:
    return study_of((*trial.conditions, *(text for text in (trial.title, trial.official_title) if text)))
