"""A conversation: messages in turn, each answered within the scope and for the patient that stand, which follow-ups inherit."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from assistant.asked_of_records.auditing import Audited
from assistant.audit.audited import audit
from assistant.chat.engine import Engine
from assistant.chat.question import read_question
from assistant.citations import broken, without
from assistant.deciding import MOST_TRIALS, Assess, Deciding
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.patient import Patient
from assistant.generative.voice import Voice
from assistant.glossary import explanations
from assistant.held import Held, news
from assistant.interview import Interview
from assistant.judged import one_after_another
from assistant.memory import Memory, Resting, of_the_family
from assistant.reply import Audience, Reply
from assistant.safety.advice import refusal
from assistant.safety.orders import heard, legible
from assistant.safety.referral import referral
from assistant.safety.triage import danger
from assistant.understanding.answering import bare
from assistant.understanding.asking import asks, closes, corrects, orders_a_yes, questions, tells_only
from assistant.understanding.lexicon import TrialWords
from assistant.understanding.references import (
    carried_on,
    denied_since,
    described_by,
    ended_then,
    is_about_a_value,
    named_of,
    wants_same_rule,
)
from assistant.understanding.spelling import respelled
from assistant.understanding.telling import Message, counting_with, read_message, wants_check
from assistant.understanding.written import Written
from assistant.verifier import proven
from assistant.voices import sentence
from index.scope import NCT, Scope, without_names

_CARRIES: Final = re.compile(r"\b(?:take|use|apply|assume|carry|go by|rely on)\b", re.IGNORECASE)
"""Would carry what one trial says over to another."""


class Conversation:
    """One person's turns. `scope` is shown and may be set; a message that names trials moves it.

    `country`: whose emergency numbers are given (ISO 3166). `voice`: a chat model that reads messages and words answers, where one
    is configured. `words`: those of the index, where several conversations share them. `today`: the day that windows and ages
    count to, where it is not today's date. `audit`: what is wrong with a trial's documents; without it each trial is audited as merged.
    """

    def __init__(
        self,
        engine: Engine,
        assess: Assess,
        scope: tuple[str, ...] = (),
        audience: Audience = "patient",
        country: str | None = None,
        voice: Voice | None = None,
        words: TrialWords | None = None,
        today: date | None = None,
        audit: Audited = audit,
    ) -> None:
        self.engine, self.audience, self.country, self.voice, self.today = engine, audience, country, voice, today
        self.memory = Memory(scope)
        self._assess, self._audit, self._words = assess, audit, words or TrialWords(engine.shelf)

    @property
    def scope(self) -> tuple[str, ...]:
        """Trial ids that the next message is about unless it names others."""
        return self.memory.scope

    @scope.setter
    def scope(self, trials: tuple[str, ...]) -> None:
        self.memory.scope = trials

    @property
    def held(self) -> Held:
        """The patient as told so far."""
        return self.memory.held

    def ask(self, message: str) -> Reply:
        """The reply to one message. Every citation has been checked against its document."""
        *_, reply = self.stream(message)
        return reply

    def stream(self, message: str) -> Iterator[Reply]:
        """Drafts of the reply while a chat model words it, and last the whole of it."""
        before, typed, message = len(self.memory.asked), message, heard(message)
        self.memory.ordered = orders_a_yes(typed) or (message != legible(typed) and not asks(message))
        self.memory.worked.clear()
        found = (
            self._closed(message)
            or self._answered(message)
            or self._resumed(message)
            or self._interview.asking_on(message, self._reply(message))
        )
        found = found.to(self.audience)
        plain = checked(self.engine, found, self.memory.said(message), "\n".join(self.memory.worked))
        plain = replace(plain, versions=self.engine.versions)
        asked = self.memory.asked[before:]
        if self.voice is not None and len(asked) == 1:  # of several questions a model's few sentences might forget one
            plain = yield from self.voice.says(plain, asked[0][1], self.memory.said(message), self.audience)
        reply = self._explained(message, plain) if self.audience == "patient" else plain
        self.memory.unclear = (message, reply.trials) if _asks_which(reply) else None
        self.memory.replies.append(reply)
        yield reply

    @property
    def _day(self) -> date:
        return self.today or date.today()

    @property
    def _deciding(self) -> Deciding:
        return Deciding(self.engine, self._assess, self._audit, self._day, self.audience, self.memory)

    @property
    def _interview(self) -> Interview:
        return Interview(self._deciding, self.memory)

    def state(self) -> dict[str, object]:
        """What is held: the trials in scope; what was told of the patient, each in its words with its turn and how it was read; the
        question that waits for an answer."""
        asked = self.memory.settling.pending
        pending = {"question": asked.text, "settles": list(asked.settles)} if asked else None
        return {"trials": list(self.scope), "facts": list(self.memory.facts()), "pending": pending}

    def forget(self, number: int | None = None) -> None:
        """The told thing of that number (see `state`) is held no more; without one, nothing is held of the patient any more."""
        self.memory.forget(number)

    def correct(self, number: int, words: str) -> None:
        """The told thing of that number is replaced by what these words tell."""
        self.memory.correct(number, words, self._day)

    def standing(self, trial: str) -> Assessment:
        """The patient as told so far against every criterion of a trial."""
        return self._deciding.standing(trial)

    def _explained(self, message: str, reply: Reply) -> Reply:
        given = {one.explanation for before in self.memory.replies for one in before.glossary}
        return replace(reply, glossary=explanations(reply, message, given))

    def _answered(self, message: str) -> Reply | None:
        """The reply to an answer to the question that waits for one, and to a question that follows it. None for all else."""
        if bare(message) is None and self._comes_first(message):
            return None
        answer = self._interview.answer(message)
        if answer is None:
            return None
        reply = self._interview.taken(answer)
        if not answer.rest or answer.word == "stop":
            return reply
        rest = self._interview.asking_on(answer.rest, self._reply(answer.rest))
        return one_after_another([replace(reply, next_question=None), rest])

    def _closed(self, message: str) -> Reply | None:
        """The reply to thanks and a goodbye; None for all else."""
        thanked = closes(message) and bool(self.memory.replies)
        return Reply("answer", (sentence("welcome"),), trials=self.scope) if thanked else None

    def _resumed(self, message: str) -> Reply | None:
        """The reply to the message before, now that this one says which trial was meant."""
        if self.memory.unclear is None or self._comes_first(message):
            return None
        original, among = self.memory.unclear
        meant = self.engine.scope(message)
        trials = named_of(message, among) or described_by(message, [self.engine.shelf.trial(one) for one in among])
        if not trials and tells_only(message) and read_message(message, self._day).telling is None:
            trials = meant.trials if meant.how == "named" or set(meant.trials) < set(among) else ()
        if not trials:
            return None
        self.scope = trials
        return self._interview.asking_on(original, self._reply(original, again=True))

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
        meant = self.memory.meant(message, self.engine.scope(message))
        refused = refusal(typed) or refusal(message)
        if refused:
            return self.memory.moved(meant, self.engine.decline(message, refused, scope=self.memory.scope_of(meant)))
        read, asked = self._heard(as_meant)
        if read_question(message).of_kin and not of_the_family(read.patient):
            read = replace(read, telling=None)  # a relative's facts, where the question is for the one who writes
        lost = not meant.trials and any(NCT.fullmatch(name) for name in meant.unknown)
        if not lost and (wants_check(message, read.patient) or (read.sums_up and self.memory.held.patient.facts)):
            if not again:
                self.memory.hold(read)
            among = self.memory.against(meant) or [trial.id for trial in self.engine.shelf.trials()]
            return self.memory.moved(meant, self._deciding.against_all(message, among), only="answer")
        tells = bool(read.telling and read.telling.facts)
        resting = None if again else self.memory.rests(message, read, meant, self._day)
        if resting is not None:
            read, asked = self._as_written_out(resting, read), questions(resting.text)
        other_day = counting_with(read, self.memory.since(self._day)) if self.memory.asked and resting is None else None
        if other_day:
            read = other_day
        elif self.memory.asked and resting is None and (read.supposes or tells_only(message) or is_about_a_value(message)):
            read = carried_on(read, self.memory.held.patient, without_names(self.memory.asked[-1][1]), self._day)
        read = ended_then(read, self.memory.held.patient, self._day)
        as_told, read = read, denied_since(read, self.memory.held) if corrects(message) else read
        patient, since = (self.memory.held.patient, self.memory.held.last) if again and read.telling else self.memory.whom(read)
        if not again:
            self.memory.hold(read)
        scope = self.memory.scope_of(meant)
        once_more = self.memory.asked and resting is None and tells_only(message) and read.telling is not None
        asked = (self.memory.asked[-1][1],) if once_more else asked
        follows = bool(other_day) or read is not as_told
        whole = resting is not None
        parts = [
            self._answer(one, meant, scope, patient, since, read, follows=follows, tells=tells, whole=whole) for one in asked
        ]
        self.memory.spoken(resting.text if resting else message, read)
        return self.memory.moved(meant, parts[0] if len(parts) == 1 else one_after_another(parts))

    def _as_written_out(self, resting: Resting, read: Message) -> Message:
        """The message written out in full, as one that tells what is new in it, and supposes nothing beside."""
        full = read_message(resting.text, self._day, self.memory.since(self._day))
        told = full.telling if resting.news else read.telling
        fresh = told and news(self.memory.held.patient, told)
        return replace(full, telling=fresh, supposes=False, another=read.another)

    def _heard(self, message: Written) -> tuple[Message, tuple[str, ...]]:
        """What the message tells and asks: as code reads it, with what a chat model understood beside."""
        read, asked = read_message(message, self._day, self.memory.since(self._day)), questions(message.text)
        if self.voice is None:
            return read, asked
        earlier = [*filter(None, [self.memory.held.patient.text]), *(full for _, full in self.memory.asked[-3:])]
        heard = self.voice.hears(message.typed, read, earlier, asked)
        return heard.read, heard.questions or asked

    def _comes_first(self, message: str) -> bool:
        """Whether a message, as typed or as meant, tells of danger or asks for advice: then it is no answer to a question."""
        return any(danger(one) or refusal(one) for one in {message, self._respelled(message).text})

    def _is_harmless(self, message: str) -> bool:
        """Whether a message is a bare word ("I don't know") that does not follow a first referral to help."""
        kinds = [reply.kind for reply in self.memory.replies[-2:]]
        helped = kinds[-1:] == ["emergency"] and kinds != ["emergency", "emergency"]
        return bare(message) in {"yes", "no", "unknown"} and not helped

    def _answer(
        self,
        question: str,
        meant: Scope,
        scope: tuple[str, ...],
        patient: Patient,
        since: int,
        read: Message,
        *,
        follows: bool,
        tells: bool,
        whole: bool,
    ) -> Reply:
        """The reply to one question of a message: what the documents say, and what they decide of the patient.

        `follows`: the message only names another day for the question before, or takes back what it was about.
        `tells`: it tells facts by itself; `whole`: it is written out in full.
        """
        limits = meant.trials if self.memory.moves(meant) else scope
        full = question if whole else self.memory.in_full(question, self._day, follows=follows, tells=tells)
        self.memory.asked.append((question, full))
        compared = self._deciding.compared(full, read, limits)
        if compared is not None:
            return compared
        reply = self.engine.answer(full, scope=limits)
        if reply.kind == "not_stated" and wants_same_rule(question) and _CARRIES.search(question):
            reply = replace(reply, verdict="no")
        return self._deciding.borne_out(self._deciding.with_verdicts(question, full, reply, patient, since, read))

    def _respelled(self, typed: str) -> Written:
        """The message with its words written out right, by the words of the trials that it is about among others."""
        return respelled(typed, self._words.of((self.engine.scope(typed).trials or self.scope)[:MOST_TRIALS]))


def checked(engine: Engine, reply: Reply, said: str = "", worked: str = "") -> Reply:
    """The reply as it may be shown: what its citations do not carry is taken out, but for what was `said` or `worked` out."""
    sources = [source for trial_id in reply.trials for source in engine.shelf.trial(trial_id).sources]
    sound = proven(reply, sources, told=f"{said}\n{reply.as_of or ''}", worked=worked)
    return without(sound, broken(sound, sources))


def _asks_which(reply: Reply) -> bool:
    """Whether a reply asks back which trial is meant."""
    return reply.kind == "clarify" and len(reply.trials) > 1
