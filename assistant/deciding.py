"""What the lines of trials decide of the patient that a question is about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, Literal, Protocol

from assistant.asked_of_records.auditing import Audited, Row, answered, row_for
from assistant.asked_of_records.comparing import MOST as MOST_SIDE_BY_SIDE
from assistant.asked_of_records.comparing import about_all, compares, of_several, side_by_side, which_other
from assistant.asked_of_records.pages import borne_out
from assistant.chat.engine import Engine
from assistant.chat.intent import Form
from assistant.chat.limits import somebody_joins
from assistant.chat.question import Question, read_question, turned
from assistant.eligibility.assessment import Assessment, CriterionVerdict
from assistant.eligibility.bounds import bounded, tells_a_number
from assistant.eligibility.bounds.spoken import spoken
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Finding, Patient, Words
from assistant.eligibility.permissions import permitted
from assistant.held import joined
from assistant.judged import Asked, judged, of_all, together
from assistant.memory import ABOUT_THE_STUDY, Memory, known, of_the_family
from assistant.reply import Audience, Reply
from assistant.settling import MOST_TRIALS as ANSWERED_EACH
from assistant.settling import fitting
from assistant.understanding.asking import (
    about_somebody,
    asks_for_a_field,
    asks_nothing_new,
    asks_of_a_number,
    asks_of_age,
    asks_to_pass,
    is_elliptic,
    last_question,
    named_to_decide,
    names_a_rule,
    numbered,
    says_what_it_asks,
    several,
    tells_before_it_asks,
    without_the_trial,
)
from assistant.understanding.references import is_about_a_value, only_supposes
from assistant.understanding.telling import Message, read_message, tells_sex_alone, unread, without_start
from assistant.voices import sentence
from index.scope import without_names
from index.trial import Trial
from index.words import stems

MOST_TRIALS: Final = 5
"""Trials named in a question back, and trials judged for one question."""


class Assess(Protocol):
    """A patient against every criterion of a trial. `alone`: lines are asked of what is told alone; `hints`: with what
    was said that an open line may be about."""

    def __call__(
        self, trial: Trial, patient: Patient, clock: Clock, audience: Audience, *, alone: bool = False, hints: bool = True
    ) -> Assessment:
        """The assessment."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """The engine's verdicts for one message of a conversation."""

    engine: Engine
    assess: Assess
    audit: Audited
    day: date
    audience: Audience
    memory: Memory

    def held_against(
        self, trial_id: str, patient: Patient, clock: Clock, *, alone: bool = False, hints: bool = False
    ) -> Assessment:
        """A patient against every criterion of a trial; what is worked out for it may be said."""
        found = self.assess(self.engine.shelf.trial(trial_id), patient, clock, self.audience, alone=alone, hints=hints)
        self.memory.worked.extend(f"{line.reason} {line.would_change}" for line in found.criteria)
        return found

    def standing(self, trial_id: str) -> Assessment:
        """The patient as told so far against every criterion of a trial."""
        return self.held_against(trial_id, self.memory.held.patient, Clock(self.day, self.day))

    def with_verdicts(self, asked: str, message: str, reply: Reply, patient: Patient, since: int, read: Message) -> Reply:
        """The reply with what the lines in question decide said first, where the question is about a person.

        `asked`: the question as it was put, whose own form decides; `message`: the same in full.
        """
        question = _as_asked(asked, message, read, self.memory.form)
        self.memory.form = question.form
        trials = reply.trials[:MOST_TRIALS]
        about_the_record = row_for(question.text)
        if about_the_record and len(trials) == 1 and (reply.kind in {"answer", "not_stated"} or about_the_record.of_pages):
            return self._of_the_record(question.text, about_the_record, trials[0], reply)
        puts = question.form == "whether" or names_a_rule(message) or asks_to_pass(last_question(asked))
        about = puts and (read.telling is not None or about_somebody(message))
        orders = self.memory.ordered and known(read.patient)
        asks = question.about_a_person or about or orders or read.treats or read.when or read.supposes or read.same
        asks = asks and (
            orders or somebody_joins(question) or not (question.topics and set(question.topics) <= ABOUT_THE_STUDY)
        )
        asks = asks and not (asks_for_a_field(without_names(asked)) and read.telling is None)
        told = known(patient) or tells_a_number(read.patient) or tells_before_it_asks(asked)
        if (
            (question.of_kin and not of_the_family(read.patient))
            or not (trials and asks and told)
            or reply.kind in {"clarify", "declined"}
        ):
            return reply
        clock = _clock(read, patient, self.day)
        decided = []
        last = last_question(asked)
        measures: Literal["age", "any"] | None = "age" if asks_of_age(last) else "any" if asks_of_a_number(last) else None
        for trial_id in trials:
            assess = partial(self.held_against, trial_id, patient, clock)
            assessment = assess()
            named = numbered(message, trial_id)
            under = {line.id for line in assessment.criteria if line.id in named or line.id.rpartition(".")[0] in named}
            picked = frozenset(under) or self.engine.criteria(message, trial_id)
            if {"age", "minimum_age", "maximum_age"} & set(question.topics) or measures == "age":
                picked |= _lines_on(assessment, patient.age_words)
            changed = (
                self._changed(assessment, trial_id, read, clock) if read.supposes and self.memory.held.patient.text else None
            )
            partly = unread(read)
            tells = bool(read.patient.facts) or partly or tells_before_it_asks(asked)
            whole = somebody_joins(question) or orders
            way = Asked(
                excluded=question.form == "excluded",
                whole=whole,
                picked=picked,
                when=read.when,
                tells=tells,
                since=since,
                changed=changed,
                person=_beside(asked, question, read, patient),
                of_sex=tells_sex_alone(read),
                of_a_thing=bool(read_question(last).stems),
                several=several(asked),
                named=_told_of(patient, since, named_to_decide(last)),
                partly=partly,
                about=spoken(without_the_trial(last)),
                measures=measures,
            )
            weigh = partial(self._by_its_words, assessment, asked, read, clock)
            one = judged(assessment, way, partial(assess, alone=True), weigh)
            if one is not None:
                decided.append(one)
        if not decided or len(decided) < len(trials):
            return reply
        return together(decided, reply)

    def compared(self, question: str, read: Message, meant: Sequence[str]) -> Reply | None:
        """Trials side by side where a question asks to compare them; a question back where only one is meant; else None.

        `meant`: those that the question names or that stand.
        """
        facts = compares(question, read.patient.age)
        if not facts:
            return None
        indexed = self.engine.shelf.trials()
        if about_all(question) or (not meant and len(indexed) <= MOST_SIDE_BY_SIDE):
            meant = [trial.id for trial in indexed]
        if len(meant) == 1:
            meant = tuple(dict.fromkeys((*meant, *self.memory.scope)))
        trials = [self.engine.shelf.trial(one) for one in meant]
        others = [trial for trial in indexed if trial.id not in meant]
        if len(trials) < 2:
            return which_other(trials[0], others) if trials and others and of_several(question) else None
        reply = side_by_side(question, facts, trials, read.patient.age)
        self.memory.worked.extend(one.text for one in reply.sentences)
        return reply

    def _of_the_record(self, question: str, row: Row, trial_id: str, reply: Reply) -> Reply:
        """What an audit finds of what is asked about the record itself."""
        audited = self.audit(self.engine.shelf.trial(trial_id))
        self.memory.worked.extend(f"{one.text} {one.reading or ''}" for one in audited.findings)
        return answered(question, row, audited, reply)

    def borne_out(self, reply: Reply) -> Reply:
        """The reply with what is found of a third party's words that it cites, where a better document of the trial is there."""
        trial = self.engine.shelf.trial(reply.trials[0]) if len(reply.trials) == 1 and reply.citations else None
        return borne_out(reply, self.audit(trial)) if trial is not None and len(trial.sources) > 1 else reply

    def _by_its_words(self, assessment: Assessment, asked: str, read: Message, clock: Clock) -> CriterionVerdict | None:
        """The line that one bound of it decides by a number of the message, or that expressly lets through what was told."""
        told = read.patient
        if read.start is not None:
            told = next(filter(tells_a_number, self._told_before(read)), told)
        found = bounded(assessment.criteria, told, clock, self.audience)
        granted = permitted(assessment.criteria, read.patient, without_the_trial(last_question(asked)), clock, self.audience)
        if granted is not None and (found is None or found.id == granted.id):
            found = granted
        self.memory.worked.extend([found.reason] if found else [])
        return found

    def _told_before(self, read: Message) -> Iterator[Patient]:
        """What a message tells, then those before it, the last first, without the days that they counted with."""
        messages = (read_message(asked, self.day).patient for asked, _ in reversed(self.memory.asked[:-1]))
        yield from (replace(one, text=without_start(one.text, self.day)) for one in (read.patient, *messages))

    def _changed(self, assessment: Assessment, trial_id: str, read: Message, clock: Clock) -> frozenset[str]:
        """The lines that stand otherwise than for the patient as told."""
        told_before = joined(self.memory.held.patient, replace(read.patient, facts=(), clauses=()))
        before = self.held_against(trial_id, told_before, Clock(self.day, self.day) if read.start else clock)
        stood = {line.id: (line.status, line.reason) for line in before.criteria}
        age = {patient.age_words for patient in (self.memory.held.patient, read.patient)}
        return frozenset(
            line.id
            for line in assessment.criteria
            if stood[line.id][0] != line.status
            or (stood[line.id][1] != line.reason and not age.issuperset(line.patient_evidence))
        )

    def against_all(self, message: str, trial_ids: Sequence[str]) -> Reply:
        """The patient held against every criterion of the one trial that is meant, or of two; else a question back which is meant."""
        chosen = len(trial_ids) == 1 or tuple(trial_ids) == self.memory.scope
        if not chosen:
            fit = fitting(map(self.engine.shelf.trial, trial_ids), self.memory.held.patient)
            chosen, trial_ids = bool(fit), fit or trial_ids
        if not chosen or len(trial_ids) > ANSWERED_EACH:
            return _which(trial_ids)
        each = [self._check(message, trial_id, alone=len(trial_ids) == 1) for trial_id in trial_ids]
        return each[0] if len(each) == 1 else together(each, Reply("answer", ()))

    def _check(self, message: str, trial_id: str, *, alone: bool) -> Reply:
        """The patient held against every criterion of one trial; its table is given where it is `alone`."""
        trial = self.engine.shelf.trial(trial_id)
        assessment = self.held_against(trial_id, self.memory.held.patient, Clock(self.day, self.day), hints=True)
        found = of_all(assessment, asked="?" in message or self.memory.ordered)
        return replace(found, as_of=trial.as_of, assessment=found.assessment if alone else None)


def _as_asked(asked: str, full: str, read: Message, before: Form | None) -> Question:
    """The question in full, put the way that its last words put it; one that asks nothing new, the way that the one before was.

    `before`: how that one was put.
    """
    question, last = read_question(full), last_question(asked)
    own = turned(last) or read_question(last).form
    if own == "excluded" and turned(last):
        return replace(question, form=own)
    moves = (read.same and read.start is not None) or is_about_a_value(last)
    of_a_field = own == "open" and (question.quantity or question.topics)
    leaves_out = asks_nothing_new(last) or (is_elliptic(last) and not of_a_field)
    follows = only_supposes(asked) or (moves and not says_what_it_asks(last))
    if before and (leaves_out or (follows and own != "excluded")):
        return replace(question, form=before)
    if own == "excluded" or question.form == "open":
        return replace(question, form=own) if own == "excluded" and question.form == "fits" else question
    return replace(question, form="fits") if asks_to_pass(last) else question


def _clock(read: Message, patient: Patient, today: date) -> Clock:
    """The days that a question counts to. "From which day on?" is asked of the day of the last thing told that can stand in the way."""
    if not read.when:
        return Clock((read.start or today) if read.screened else today, read.start or today)
    days = [fact.ended or fact.started for fact in patient.facts if isinstance(fact, Finding)]
    return Clock(today, max((day.last for day in days if day and day.last), default=today))


_OF_AGE: Final = re.compile(r"\b(?:age|young(?:er)?|old(?:er)? enough|too old|birthday|adults?)\b", re.IGNORECASE)
_OF_SEX: Final = re.compile(r"\b(?:sex|gender|(?:fe)?males?|m[ae]n|wom[ae]n|boys?|girls?|lad(?:y|ies))\b", re.IGNORECASE)


def _beside(asked: str, question: Question, read: Message, patient: Patient) -> frozenset[Words]:
    """The words that tell the sex, and beside other facts the age, where the question is not about that."""
    of_age = _OF_AGE.search(asked) or {"age", "minimum_age", "maximum_age"} & set(question.topics)
    ages = patient.age_words if read.patient.facts and not of_age else None
    sex = None if _OF_SEX.search(last_question(asked)) else patient.sex_words
    facts = {fact.words for fact in read.patient.facts}  # "I'm breastfeeding" tells more than the sex
    return frozenset(words for words in (sex, ages) if words and words not in facts)


def _told_of(patient: Patient, since: int, named: frozenset[str]) -> frozenset[Words]:
    """The words of the facts told from a place on that have one of the names."""
    told = (fact.words for fact in patient.facts if fact.words.start >= since)
    return frozenset(words for words in told if named & set(stems(words.quote)))


def _lines_on(assessment: Assessment, words: Words | None) -> frozenset[str]:
    """Ids of the lines that rest on certain words of the patient."""
    return frozenset(line.id for line in assessment.criteria if words in line.patient_evidence)


def _which(trial_ids: Sequence[str]) -> Reply:
    shown = tuple(trial_ids[:MOST_TRIALS])
    more = " …" if len(trial_ids) > MOST_TRIALS else ""
    return Reply("clarify", (sentence("held-against", trials=f"{', '.join(shown)}{more}"),), trials=shown)
