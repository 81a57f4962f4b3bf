"""A conversation: messages in turn, each answered within the scope and for the patient that stand, which follow-ups inherit."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Final, Protocol

from assistant.chat.engine import Engine
from assistant.chat.limits import somebody_joins
from assistant.chat.question import read_question
from assistant.citations import broken, without
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Finding, Patient, Words
from assistant.eligibility.understood import age_understood, answer_understood, understood
from assistant.generative.voice import Voice
from assistant.glossary import explanations
from assistant.held import Held, Told, joined, taken_out, things, told
from assistant.judged import Asked, consistent, judged, of_all, one_after_another, together
from assistant.reply import Audience, Reply
from assistant.safety.advice import refusal
from assistant.safety.orders import heard
from assistant.safety.referral import referral
from assistant.safety.triage import danger
from assistant.settling import MOST_TRIALS as ANSWERED_EACH
from assistant.settling import Settling, asking, fitting, moved_on, settled, stopped, unclear
from assistant.understanding.answering import answered, bare
from assistant.understanding.asking import about_somebody, corrects, names_a_rule, numbered, orders_a_yes, questions, tells_only
from assistant.understanding.lexicon import TrialWords
from assistant.understanding.references import (
    carried_on,
    described_one,
    ended_then,
    named_of,
    only_supposes,
    points_back,
    referred,
    starts_with_a_value,
    this_line,
    wants_same_rule,
)
from assistant.understanding.spelling import respelled
from assistant.understanding.telling import Message, is_note, read_message, unread, wants_check
from assistant.understanding.written import Written
from assistant.verifier import proven
from assistant.voices import sentence
from index.scope import NCT, Scope, without_names
from index.trial import Trial
from index.words import stem, stems

MOST_TRIALS: Final = 5
"""Trials named in a question back, and trials judged for one question."""


ABOUT_THE_STUDY: Final = frozenset(
    "contacts officials sites status start_date completion_date as_of first_posted enrollment sponsor phase summary payment".split()
)
"""Topics that are no rule for taking part."""


_CARRIES: Final = re.compile(r"\b(?:take|use|apply|assume|carry|go by|rely on)\b", re.IGNORECASE)
"""Would carry what one trial says over to another."""


_SAYS_LITTLE: Final = frozenset(
    map(stem, "start put phrase word see second third first other both now then ok okay pt patient excluded pass".split())
)
"""Words that a question about what was spoken of before may have of its own."""


class Assess(Protocol):
    """A patient against every criterion of a trial. `alone`: lines are asked of what is told alone; `hints`: with what
    was said that an open line may be about."""

    def __call__(
        self, trial: Trial, patient: Patient, clock: Clock, audience: Audience, *, alone: bool = False, hints: bool = True
    ) -> Assessment:
        """The assessment."""


@dataclass
class Conversation:
    """One person's turns. `scope` is shown and may be set; a message that names trials moves it."""

    engine: Engine
    assess: Assess
    scope: tuple[str, ...] = ()
    """Trial ids that the next message is about unless it names others."""
    audience: Audience = "patient"
    country: str | None = None
    """Whose emergency numbers are given: ISO 3166."""
    voice: Voice | None = None
    """A chat model that reads messages and words answers, where one is configured."""
    words: TrialWords | None = None
    """The words of the index, where several conversations share them."""
    today: date | None = None
    """The day that windows and ages count to; today's date where none is given."""
    replies: list[Reply] = field(default_factory=list)
    held: Held = field(default_factory=Held)
    """The patient as told so far."""
    _supposed: Patient | None = None
    """What the message before supposed."""
    _asked: list[tuple[str, str]] = field(default_factory=list)
    """The questions so far, as asked and in full."""
    _named: list[str] = field(default_factory=list)
    """Trials named, in the order of their first mention."""
    _settling: Settling = field(default_factory=Settling)
    _unclear: tuple[str, tuple[str, ...]] | None = None
    """The message before, where it was not clear which trial it meant, and the trials that it was asked back about."""
    _worked: list[str] = field(default_factory=list)
    """What the engine worked out for the message at hand."""

    def __post_init__(self) -> None:
        assess, worked = self.assess, self._worked

        def kept(*about: Any, **how: Any) -> Assessment:
            assessment = assess(*about, **how)
            worked.extend(f"{line.reason} {line.would_change}" for line in assessment.criteria)
            return assessment

        self.assess = kept

    def ask(self, message: str) -> Reply:
        """The reply to one message. Every citation has been checked against its document."""
        *_, reply = self.stream(message)
        return reply

    def stream(self, message: str) -> Iterator[Reply]:
        """Drafts of the reply while a chat model words it, and last the whole of it."""
        before, message = len(self._asked), heard(message)
        self._worked.clear()
        found = self._answered(message) or self._resumed(message) or self._asking_on(message, self._reply(message))
        found = found.to(self.audience)
        plain = checked(self.engine, found, self._told(message), "\n".join(self._worked))
        plain = replace(plain, versions=self.engine.versions)
        asked = self._asked[before:]
        if self.voice is not None and len(asked) == 1:  # of several questions a model's few sentences might forget one
            plain = yield from self.voice.says(plain, asked[0][1], self._told(message), self.audience)
        reply = self._explained(message, plain) if self.audience == "patient" else plain
        self._unclear = (message, reply.trials) if _asks_which(reply) else None
        self.replies.append(reply)
        yield reply

    def _told(self, message: str) -> str:
        """What a person said: this message and what is held of the patient."""
        supposed = self._supposed.text if self._supposed else ""
        return "\n".join((message, self.held.patient.text, supposed, *(full for _, full in self._asked[-1:])))

    def _explained(self, message: str, reply: Reply) -> Reply:
        given = {one.explanation for before in self.replies for one in before.glossary}
        return replace(reply, glossary=explanations(reply, message, given))

    def state(self) -> dict[str, object]:
        """What is held: the trials in scope; what was told of the patient, each in its words with its turn and how it was read; the
        question that waits for an answer."""
        told_things = [
            {"number": number, "turn": one.turn, "words": one.words.quote, "read": _read_as(one, self.held.patient)}
            for number, one in enumerate(things(self.held), 1)
        ]
        asked = self._settling.pending
        pending = {"question": asked.text, "settles": list(asked.settles)} if asked else None
        return {"trials": list(self.scope), "facts": told_things, "pending": pending}

    def forget(self, number: int | None = None) -> None:
        """The told thing of that number (see `state`) is held no more; without one, nothing is held of the patient any more."""
        if number is None:
            self.held, self._supposed, self._settling = Held(), None, Settling()
        else:
            self.held = taken_out(self.held, number)
            self._settling = replace(self._settling, put=())

    def correct(self, number: int, words: str) -> None:
        """The told thing of that number is replaced by what these words tell."""
        read = read_message(words, self._day).telling
        self.forget(number)
        if read is not None:
            self.held = told(self.held, read, len(self.replies))

    @property
    def _day(self) -> date:
        return self.today or date.today()

    def standing(self, trial: str) -> Assessment:
        """The patient as told so far against every criterion of a trial."""
        return self.assess(
            self.engine.shelf.trial(trial), self.held.patient, Clock(self._day, self._day), self.audience, hints=False
        )

    def _answered(self, message: str) -> Reply | None:
        """The reply to an answer to the question that waits for one: what it settles, and the next question. None for all else."""
        asked = self._settling.pending
        if (
            asked is None
            or self._settling.paused
            or corrects(message)
            or (bare(message) is None and self._comes_first(message))
        ):
            return None
        answer = answered(asked, message, self._day)
        if answer is None or (answer.told and is_note(message, answer.told)):
            return None
        if answer.word == "stop":
            reply, self._settling = stopped(self._settling), Settling()
            return reply
        known = answer.word != "unknown"
        if known and answer.told is None:
            if self._settling.again:
                self._settling = asking(moved_on(self._settling), self.standing, self.audience, self.held.patient)
                return unclear(self._settling, answer)
            self._settling = replace(self._settling, again=True)
            return unclear(self._settling, answer)
        before = [self.standing(trial) for trial in self._settling.trials]
        if answer.told is not None:
            self.held = told(self.held, answer.told, len(self.replies) + 1)
        after = [self.standing(trial) for trial in self._settling.trials]
        repeats = known and not answer.settles and not self._settling.again
        moved = self._settling if repeats else moved_on(self._settling, known=known)
        found = dict(zip(self._settling.trials, after, strict=True))
        self._settling = replace(asking(moved, found.__getitem__, self.audience, self.held.patient), again=repeats)
        reply = settled(before, after, asked, answer, self._settling)
        if answer.rest:
            return one_after_another(
                [replace(reply, next_question=None), self._asking_on(answer.rest, self._reply(answer.rest))]
            )
        return reply

    def _asking_on(self, message: str, reply: Reply) -> Reply:
        """The reply with the question that settles most, where it is about a person's joining or while such a question waits."""
        read = read_question(message)
        joins = somebody_joins(read) or read.form == "excluded"
        begins = (
            reply.kind in {"answer", "not_stated"}
            and 0 < len(reply.trials) <= ANSWERED_EACH
            and (reply.assessment is not None or joins)
        )
        if begins and not (reply.verdict == "no" and reply.assessment is None) and not read.of_kin:
            self._hold_asked(message)
            self._settling = replace(self._settling, trials=reply.trials, joins=reply.verdict is not None)
            self._settling = asking(self._settling, self.standing, self.audience, self.held.patient)
        elif reply.kind in {"emergency", "declined"}:
            self._settling = replace(self._settling, paused=True)
            return reply
        elif reply.trials and not set(reply.trials) & set(self._settling.trials):
            self._settling = replace(self._settling, pending=None)
        elif self._settling.pending is not None:
            waited = self._settling
            self._settling = asking(waited, self.standing, self.audience, self.held.patient)
            before, after = waited.pending, self._settling.pending
            same = before is not None and after is not None and before.topic == after.topic
            if same and waited.again:
                self._settling = asking(moved_on(waited), self.standing, self.audience, self.held.patient)
            else:
                self._settling = replace(self._settling, again=same)
        asked = self._settling.pending
        held_against = reply.assessment
        if held_against is not None:
            question = {"text": asked.text, "settles": list(asked.settles)} if asked else None
            held_against = {**held_against, "next_question": question}
        return replace(reply, next_question=asked.text if asked else None, assessment=held_against)

    def _described(self, words: frozenset[str], among: Sequence[str]) -> tuple[str, ...]:
        """The trials of a list whose titles and conditions have all these words, where they are not all of them."""
        known = {one: self.engine.shelf.trial(one) for one in among}
        texts = {
            one: " ".join((trial.title or "", trial.official_title or "", *trial.conditions)) for one, trial in known.items()
        }
        found = tuple(one for one in among if words and words <= set(stems(texts[one])))
        return found if len(found) < len(among) else ()

    def _hold_asked(self, message: str) -> None:
        """What a question about joining says of the person in passing ("I'm 61, can I join?") is held too."""
        read = read_message(message, self._day)
        if read.telling is None and not read.supposes and _known(read.patient) and not self._holds(read.patient):
            self.held = told(self.held, read.patient, len(self.replies) + 1)

    def _holds(self, patient: Patient) -> bool:
        return patient.text in self.held.patient.text

    def _resumed(self, message: str) -> Reply | None:
        """The reply to the message before, now that this one says which trial was meant."""
        if self._unclear is None or self._comes_first(message):
            return None
        original, among = self._unclear
        meant = self.engine.scope(message)
        trials = named_of(message, among) or self._described(described_one(message), among)
        if not trials and tells_only(message) and read_message(message, self._day).telling is None:
            trials = meant.trials if meant.how == "named" or set(meant.trials) < set(among) else ()
        if not trials:
            return None
        self.scope = trials
        return self._asking_on(original, self._reply(original, again=True))

    def _reply(self, typed: str, *, again: bool = False) -> Reply:
        """The reply. `again`: what the message tells is held already."""
        in_danger = None if self._is_harmless(typed) else danger(typed)
        if in_danger:
            return referral(in_danger, self.country)
        as_meant = self._respelled(typed)
        message = as_meant.text
        in_danger = danger(message) if message != typed else None
        if in_danger:
            return referral(in_danger, self.country)
        meant = self._meant(message)
        refused = refusal(typed) or refusal(message)
        if refused:
            return self._moved(meant, self.engine.decline(message, refused, scope=self._scope_of(meant)))
        read, asked = self._heard(as_meant)
        if read_question(message).of_kin:
            read = replace(read, telling=None)  # a relative's facts, where the question is for the one who writes
        lost = not meant.trials and any(NCT.fullmatch(name) for name in meant.unknown)
        if not lost and (wants_check(message, read.patient) or (read.sums_up and self.held.patient.facts)):
            if not again:
                self._hold(read)
            return self._moved(meant, self._against_all(message, self._against(meant)), only="answer")
        if self._asked and (read.supposes or tells_only(message) or starts_with_a_value(message)):
            read = carried_on(read, self.held.patient, without_names(self._asked[-1][1]), self._day)
        read = ended_then(read, self.held.patient, self._day)
        patient, since = (self.held.patient, self.held.last) if again and read.telling else self._patient(read)
        if not again:
            self._hold(read)
        scope = self._scope_of(meant)
        once_more = self._asked and tells_only(message) and read.telling is not None
        asked = (self._asked[-1][1],) if once_more else asked
        parts = [self._answer(one, meant, scope, patient, since, read) for one in asked]
        return self._moved(meant, parts[0] if len(parts) == 1 else one_after_another(parts))

    def _heard(self, message: Written) -> tuple[Message, tuple[str, ...]]:
        """What the message tells and asks: as code reads it, with what a chat model understood beside."""
        read, asked = read_message(message, self._day), questions(message.text)
        if self.voice is None:
            return read, asked
        earlier = [*filter(None, [self.held.patient.text]), *(full for _, full in self._asked[-3:])]
        heard = self.voice.hears(message.typed, read, earlier, asked)
        return heard.read, heard.questions or asked

    def _comes_first(self, message: str) -> bool:
        """Whether a message, as typed or as meant, tells of danger or asks for advice: then it is no answer to a question."""
        return any(danger(one) or refusal(one) for one in {message, self._respelled(message).text})

    def _is_harmless(self, message: str) -> bool:
        """Whether a message is a bare word ("I don't know") that does not follow a first referral to help."""
        kinds = [reply.kind for reply in self.replies[-2:]]
        helped = kinds[-1:] == ["emergency"] and kinds != ["emergency", "emergency"]
        return bare(message) in {"yes", "no", "unknown"} and not helped

    def _answer(
        self, question: str, meant: Scope, scope: tuple[str, ...], patient: Patient, since: int, read: Message
    ) -> Reply:
        """The reply to one question of a message: what the documents say, and what they decide of the patient."""
        limits = meant.trials if self._moves(meant) else scope
        full = self._in_full(question)
        reply = self.engine.answer(full, scope=limits)
        self._asked.append((question, full))
        if reply.kind == "not_stated" and wants_same_rule(question) and _CARRIES.search(question):
            reply = replace(reply, verdict="no")
        return self._with_verdicts(full, reply, patient, since, read)

    def _respelled(self, typed: str) -> Written:
        """The message with its words written out right, by the words of the trials that it is about among others."""
        self.words = words = self.words or TrialWords(self.engine.shelf)
        return respelled(typed, words.of((self.engine.scope(typed).trials or self.scope)[:MOST_TRIALS]))

    def _in_full(self, question: str) -> str:
        """The question with the words of the one before, where it points back at that and says little of its own."""
        own = read_question(question)
        same = wants_same_rule(question)
        before = [full for asked, full in self._asked if not same or _asks_for_a_rule(asked)]
        says = [word for word in own.stems if not word.isdigit() and word not in _SAYS_LITTLE]
        if before and (this_line(question) or only_supposes(question)):
            return f"{question} ({without_names(before[-1]).strip(' ?')}?)"
        if not before or len(says) + len(own.topics) > (1 if points_back(question) else 0) or somebody_joins(own):
            return question
        return f"{question} ({without_names(before[-1]).strip(' ?')}?)"

    def _meant(self, message: str) -> Scope:
        """Which trials a message is about: those it names, or points at by their order."""
        meant = self.engine.scope(message)
        pointed = () if meant.how == "named" else referred(message, self._named, self.scope)
        scope = Scope(pointed, "named", ()) if pointed else meant
        self._named += [trial for trial in scope.trials if trial not in self._named and scope.how in {"named", "described"}]
        return scope

    def _hold(self, read: Message) -> None:
        if read.another:
            self.forget()
        if read.telling is not None:
            self.held = told(self.held, read.telling, len(self.replies) + 1)
        self._supposed = read.patient if read.supposes else self._supposed if read.same else None

    def _patient(self, read: Message) -> tuple[Patient, int]:
        """Whom a question is about: what is held, what was supposed where it is taken up, and the message; and where that begins."""
        known = Patient("") if read.another else self.held.patient
        if read.same and self._supposed is not None:
            known = joined(known, self._supposed)
            return joined(known, read.patient), len(self.held.patient.text) + 1
        return (joined(known, read.patient), len(known.text) + 1) if known.text else (read.patient, 0)

    def _with_verdicts(self, message: str, reply: Reply, patient: Patient, since: int, read: Message) -> Reply:
        """The reply with what the lines in question decide said first, where the question is about a person."""
        question = read_question(message)
        trials = reply.trials[:MOST_TRIALS]
        if "consistency" in question.topics and len(trials) == 1:
            nobody = self.assess(self.engine.shelf.trial(trials[0]), Patient(""), Clock(self._day, self._day), self.audience)
            return consistent(nobody) or reply
        about = (question.form == "whether" or names_a_rule(message)) and (read.telling is not None or about_somebody(message))
        orders = orders_a_yes(message) and _known(read.patient)
        asks = question.about_a_person or about or orders or read.treats or read.when or read.supposes or read.same
        asks = asks and (orders or not (question.topics and set(question.topics) <= ABOUT_THE_STUDY))
        if question.of_kin or not (trials and asks and _known(patient)) or reply.kind in {"clarify", "declined"}:
            return reply
        clock = _clock(read, patient, self._day)
        decided = []
        for trial_id in trials:
            trial = self.engine.shelf.trial(trial_id)
            assess = partial(self.assess, trial, patient, clock, self.audience, hints=False)
            assessment = assess()
            named = numbered(message, trial_id)
            under = {line.id for line in assessment.criteria if line.id in named or line.id.rpartition(".")[0] in named}
            picked = frozenset(under) or self.engine.criteria(message, trial_id)
            if {"age", "minimum_age", "maximum_age"} & set(question.topics):
                picked |= _lines_on(assessment, patient.age_words)
            changed = self._changed(assessment, trial_id, read, clock) if read.supposes and self.held.patient.text else None
            partly = unread(read)
            tells = bool(read.patient.facts) or partly
            asked = Asked(
                question.form == "excluded",
                somebody_joins(question) or orders,
                picked,
                read.when,
                tells,
                since,
                changed,
                partly,
            )
            one = judged(assessment, asked, partial(assess, alone=True))
            if one is not None:
                decided.append(one)
        if not decided or len(decided) < len(trials):
            return reply
        return together(decided, reply)

    def _changed(self, assessment: Assessment, trial_id: str, read: Message, clock: Clock) -> frozenset[str]:
        """The lines that stand otherwise than for the patient as told."""
        told_before = joined(self.held.patient, replace(read.patient, facts=(), clauses=()))
        before = self.assess(self.engine.shelf.trial(trial_id), told_before, clock, self.audience, hints=False)
        stood = {line.id: (line.status, line.reason) for line in before.criteria}
        return frozenset(line.id for line in assessment.criteria if stood[line.id] != (line.status, line.reason))

    def _scope_of(self, meant: Scope) -> tuple[str, ...]:
        return () if self._moves(meant) else self.scope

    def _moved(self, meant: Scope, reply: Reply, *, only: str | None = None) -> Reply:
        """The reply; the trials that it speaks of stand for the messages that follow."""
        if reply.trials and (meant.how in {"named", "described", "mentioned"} or reply.kind == only):
            self.scope = reply.trials
        return reply

    def _moves(self, meant: Scope) -> bool:
        """Whether a message leaves the scope: it names trials, or describes others than those in it."""
        described = meant.how == "described" and not set(meant.trials) & set(self.scope)
        return bool(meant.trials) and (meant.how == "named" or described)

    def _against(self, meant: Scope) -> Sequence[str]:
        """The trials that a patient may be held against: those named, those that stand, those spoken of, or all."""
        named = meant.trials if meant.how == "named" else ()
        return named or self.scope or meant.trials or [trial.id for trial in self.engine.shelf.trials()]

    def _against_all(self, message: str, trial_ids: Sequence[str]) -> Reply:
        """The patient held against every criterion of the one trial that is meant, or of two; else a question back which is meant."""
        chosen = len(trial_ids) == 1 or tuple(trial_ids) == self.scope
        if not chosen:
            fit = fitting(map(self.engine.shelf.trial, trial_ids), self.held.patient)
            chosen, trial_ids = bool(fit), fit or trial_ids
        if not chosen or len(trial_ids) > ANSWERED_EACH:
            return _which(trial_ids)
        each = [self._check(message, trial_id, alone=len(trial_ids) == 1) for trial_id in trial_ids]
        return each[0] if len(each) == 1 else together(each, Reply("answer", ()))

    def _check(self, message: str, trial_id: str, *, alone: bool) -> Reply:
        """The patient held against every criterion of one trial; its table is given where it is `alone`."""
        trial = self.engine.shelf.trial(trial_id)
        assessment = self.assess(trial, self.held.patient, Clock(self._day, self._day), self.audience)
        found = of_all(assessment, asked="?" in message or orders_a_yes(message))
        return replace(found, as_of=trial.as_of, assessment=found.assessment if alone else None)


def _clock(read: Message, patient: Patient, today: date) -> Clock:
    """The days that a question counts to. "From which day on?" is asked of the day of the last thing told that can stand in the way."""
    if not read.when:
        return Clock((read.start or today) if read.screened else today, read.start or today)
    days = [fact.ended or fact.started for fact in patient.facts if isinstance(fact, Finding)]
    return Clock(today, max((day.last for day in days if day and day.last), default=today))


def _lines_on(assessment: Assessment, words: Words | None) -> frozenset[str]:
    """Ids of the lines that rest on certain words of the patient."""
    return frozenset(line.id for line in assessment.criteria if words in line.patient_evidence)


def _asks_for_a_rule(question: str) -> bool:
    read = read_question(question)
    return read.quantity or not set(read.topics) & ABOUT_THE_STUDY


def _known(patient: Patient) -> bool:
    return bool(patient.facts) or patient.age is not None or patient.born is not None or patient.sex is not None


def _which(trial_ids: Sequence[str]) -> Reply:
    shown = tuple(trial_ids[:MOST_TRIALS])
    more = " …" if len(trial_ids) > MOST_TRIALS else ""
    return Reply("clarify", (sentence("held-against", trials=f"{', '.join(shown)}{more}"),), trials=shown)


def checked(engine: Engine, reply: Reply, said: str = "", worked: str = "") -> Reply:
    """The reply as it may be shown: what its citations do not carry is taken out, but for what was `said` or `worked` out."""
    sources = [source for trial_id in reply.trials for source in engine.shelf.trial(trial_id).sources]
    sound = proven(reply, sources, told=f"{said}\n{reply.as_of or ''}", worked=worked)
    return without(sound, broken(sound, sources))


def _asks_which(reply: Reply) -> bool:
    """Whether a reply asks back which trial is meant."""
    return reply.kind == "clarify" and len(reply.trials) > 1


def _read_as(thing: Told, patient: Patient) -> str:
    """How a stretch of a person's words was read, in words."""
    parts = [
        *([age_understood(patient)] if thing.of_age else []),
        *([f"sex: {patient.sex}"] if thing.of_sex else []),
        *(understood(fact) for fact in thing.facts),
        *(answer_understood(answer) for answer in thing.answers),
    ]
    return "; ".join(dict.fromkeys(parts))
