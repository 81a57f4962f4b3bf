"""What a conversation remembers between its messages: the trials that stand, the patient as told, what was asked."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from assistant.chat.intent import Form
from assistant.chat.limits import somebody_joins
from assistant.chat.question import read_question
from assistant.eligibility.bounds import tells_a_number
from assistant.eligibility.numbers.quantities import quantity
from assistant.eligibility.patient import Finding, Measurement, Patient
from assistant.eligibility.understood import age_understood, answer_understood, understood
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import concept_name
from assistant.held import Held, Told, joined, taken_out, things, told, without_retold
from assistant.reply import Reply
from assistant.settling import Settling
from assistant.understanding.asking import is_elliptic, last_question
from assistant.understanding.planned import without_plan
from assistant.understanding.references import (
    carried_on,
    measured_in,
    only_supposes,
    points_back,
    referred,
    this_line,
    wants_same_rule,
)
from assistant.understanding.resting import (
    asked_there,
    asks_the_same,
    by_name,
    its_value,
    put_in_place,
    starting,
    told_again,
    value_by_name,
)
from assistant.understanding.telling import Message, counting_with, read_message
from index.scope import NCT, Scope, without_names
from index.words import stem

ABOUT_THE_STUDY: Final = frozenset(
    "contacts officials sites status start_date completion_date as_of first_posted enrollment sponsor phase summary payment".split()
)
"""Topics that are no rule for taking part."""


_SAYS_LITTLE: Final = frozenset(
    map(stem, "start put phrase word see second third first other both now then ok okay pt patient excluded pass".split())
)
"""Words that a question about what was spoken of before may have of its own."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A message written out in full. `news`: what it tells so is to be held."""

    text: str
    news: bool = False


HALF_A_YEAR: Final = 183
"""Days by which a day to come lies from the one before it."""


@dataclass
class Memory:
    """One conversation's memory."""

    scope: tuple[str, ...] = ()
    """Trial ids that the next message is about unless it names others."""
    held: Held = field(default_factory=Held)
    """The patient as told so far."""
    supposed: Patient | None = None
    """What the message before supposed."""
    start: date | None = None
    """The day to come that the last question counted with."""
    form: Form | None = None
    """How the last question was put."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The questions so far, as asked and in full."""
    named: list[str] = field(default_factory=list)
    """Trials named, in the order of their first mention."""
    settling: Settling = field(default_factory=Settling)
    unclear: tuple[str, tuple[str, ...]] | None = None
    """The message before, where it was not clear which trial it meant, and the trials that it was asked back about."""
    replies: list[Reply] = field(default_factory=list)
    ordered: bool = False
    """Whether the message at hand orders a verdict in place of asking for one."""
    worked: list[str] = field(default_factory=list)
    """What the engine worked out for the message at hand."""
    spoke: str = ""
    """The message before, as written out."""
    written: str = ""
    """The message at hand as written out, where it is read as it stands."""
    told: str = ""
    """The last message that told something of a person, as written out."""

    @property
    def turn(self) -> int:
        """The turn of the message at hand, from 1."""
        return len(self.replies) + 1

    def said(self, message: str) -> str:
        """What a person said: this message and what is held of the patient."""
        supposed = self.supposed.text if self.supposed else ""
        return "\n".join((message, self.held.patient.text, supposed, *(full for _, full in self.asked[-1:])))

    def facts(self) -> Iterator[Mapping[str, object]]:
        """What was told of the patient, each thing in its words with its turn and how it was read."""
        for number, one in enumerate(things(self.held), 1):
            yield {"number": number, "turn": one.turn, "words": one.words.quote, "read": _read_as(one, self.held.patient)}

    def forget(self, number: int | None = None) -> None:
        """The told thing of that number (see `facts`) is held no more; without one, nothing is held of the patient any more."""
        if number is None:
            self.held, self.supposed, self.settling = Held(), None, Settling()
        else:
            self.held = taken_out(self.held, number)
            self.settling = replace(self.settling, put=())

    def correct(self, number: int, words: str, day: date) -> None:
        """The told thing of that number is replaced by what these words tell."""
        read = read_message(words, day).telling
        self.forget(number)
        if read is not None:
            self.held = told(self.held, read, len(self.replies))

    def hold(self, read: Message) -> None:
        """What a message tells is held; what it supposes is kept for the next alone."""
        if read.another:
            self.forget()
        if read.telling is not None:
            self.tell(read.telling)
        self.supposed = read.patient if read.supposes else self.supposed if read.same else None
        self.start = read.start or self.start

    def spoken(self, message: str, read: Message) -> None:
        """A message, as written out, has been answered."""
        self.spoke, self.written = self.written or message, ""
        if known(read.patient) or tells_a_number(replace(read.patient, text=NCT.sub("", read.patient.text))):
            self.told = self.spoke

    def hold_asked(self, message: str, day: date) -> None:
        """What a question about joining says of the person in passing ("I'm 61, can I join?") is held too."""
        read = read_message(message, day)
        if (
            read.telling is None
            and not read.supposes
            and known(read.patient)
            and read.patient.text not in self.held.patient.text
        ):
            self.tell(read.patient)

    def tell(self, patient: Patient) -> None:
        """This is told of the patient with the message at hand."""
        self.held = told(self.held, patient, self.turn)

    def whom(self, read: Message) -> tuple[Patient, int]:
        """Whom a question is about: what is held, what was supposed where it is taken up, and the message; and where that begins."""
        before = Patient("") if read.another else without_retold(self.held.patient, read.patient)
        if read.same and self.supposed is not None:
            before = joined(before, self.supposed)
            return joined(before, read.patient), len(self.held.patient.text) + 1
        return (joined(before, read.patient), len(before.text) + 1) if before.text else (read.patient, 0)

    def rests(self, message: str, read: Message, meant: Scope, day: date) -> Resting | None:
        """The message written out in full, where it rests on those before; None where it stands by itself."""
        since = self.since(day)
        named = by_name(message, self._spoken_of(day)) if self.spoke and not _dated(read) else None
        if named is not None:
            return Resting(named, news=True)
        value = its_value(message)
        measured = measured_in(last_question(self.spoke), value, day) if value and self.spoke else None
        if measured is not None:
            return Resting(value_by_name(message, quantity(measured.quantity).name), news=True)
        before = (one for one in dict.fromkeys((self.spoke, self.told)) if one)
        placed = next((text for one in before if (text := put_in_place(message, one))), None)
        if placed is not None and not read.start and not self._tells_more(read, day):
            plain = any(isinstance(one, Measurement) for one in read_message(placed, day).patient.facts)
            if not (self._carried(read, day) and (read.supposes or not plain)):
                return Resting(placed, news=not read.supposes)
            self.written = placed
        if not self.told or self._tells_more(read, day):
            return None
        if read.start is not None and counting_with(read, since) is None:
            return Resting(starting(self.told, read.start, since) or told_again(message, self.told))
        if read.when:
            return Resting(told_again(message, without_plan(self.told, since)))
        if self.moves(meant) and not read.telling and not wants_same_rule(message) and asks_the_same(message):
            return Resting(asked_there(message, self.told))
        return None

    def _carried(self, read: Message, day: date) -> bool:
        """Whether a number of a message is a new value of what was asked about or measured last."""
        return carried_on(read, self.held.patient, without_names(self.asked[-1][1]) if self.asked else "", day) is not read

    def _tells_more(self, read: Message, day: date) -> bool:
        """Whether a message tells more than what it only names of the one before."""
        told = {fact.concept for fact in read_message(self.told, day).patient.facts if isinstance(fact, Finding)}
        new = (one for one in read.patient.facts if not (isinstance(one, Finding) and _named_by(one, told)))
        return next(new, None) is not None or read.patient.age is not None or read.patient.born is not None

    def _spoken_of(self, day: date) -> str:
        """The name of the thing that the message before was about; empty where it named none."""
        found = [one for one in read_message(self.spoke, day).patient.facts if isinstance(one, Finding)]
        if not found:
            return ""
        about = found[-1].concept
        held = (one.concept for one in reversed(self.held.patient.facts) if isinstance(one, Finding) and one.present)
        return concept_name(next((one for one in held if is_a(one, about)), about))

    def since(self, today: date) -> date:
        """From when on a day to come is looked for that is named without its year: about the one before, or after what was told of."""
        if self.start is not None:
            return self.start - timedelta(days=HALF_A_YEAR)
        ends = (fact.ended or fact.started for fact in self.held.patient.facts if isinstance(fact, Finding))
        days = [day.last for day in ends if day and day.last and day.first == day.last]
        recent = [day for day in days if abs((day - today).days) <= 2 * HALF_A_YEAR]
        return max(recent, default=today)

    def _asks_for_another(self, question: str, day: date) -> bool:
        """Whether a fragment names another quantity than those told ("and ANC?"), so that what the record asks of it is wanted."""
        named = measured_in(question, "1", day) if is_elliptic(question) and not re.search(r"\d", question) else None
        told = (one.quantity for one in self.held.patient.facts if isinstance(one, Measurement))
        return named is not None and named.quantity not in told

    def in_full(self, question: str, day: date, *, follows: bool = False, tells: bool = False) -> str:
        """The question with the words of the one before, where it points back at that and says little of its own.

        `follows`: it only names another day for that one, or takes back what that was about.
        `tells`: its message tells facts, which are what it is about.
        """
        own = read_question(question)
        same = wants_same_rule(question)
        before = [full for asked, full in self.asked if not same or _asks_for_a_rule(asked)]
        if before and not tells and self._asks_for_another(question, day):
            return question
        says = [word for word in own.stems if not word.isdigit() and word not in _SAYS_LITTLE]
        if before and (follows or this_line(question) or only_supposes(question)):
            return f"{question} ({without_names(before[-1]).strip(' ?')}?)"
        if (
            not before
            or (tells and not same)
            or len(says) + (0 if same else len(own.topics)) > (1 if points_back(question) else 0)
            or somebody_joins(own)
        ):
            return question
        return f"{question} ({without_names(before[-1]).strip(' ?')}?)"

    def meant(self, message: str, named: Scope) -> Scope:
        """Which trials a message is about: those it names, or points at by their order."""
        pointed = () if named.how == "named" else referred(message, self.named, self.scope)
        scope = Scope(pointed, "named", ()) if pointed else named
        self.named += [trial for trial in scope.trials if trial not in self.named and scope.how in {"named", "described"}]
        return scope

    def moves(self, meant: Scope) -> bool:
        """Whether a message leaves the scope: it names trials, or describes others than those in it."""
        described = meant.how == "described" and not set(meant.trials) & set(self.scope)
        return bool(meant.trials) and (meant.how == "named" or described)

    def scope_of(self, meant: Scope) -> tuple[str, ...]:
        """The scope that stands for a message."""
        return () if self.moves(meant) else self.scope

    def moved(self, meant: Scope, reply: Reply, *, only: str | None = None) -> Reply:
        """The reply; the trials that it speaks of stand for the messages that follow."""
        if reply.trials and (meant.how in {"named", "described", "mentioned"} or reply.kind == only):
            self.scope = reply.trials
        return reply

    def against(self, meant: Scope) -> Sequence[str]:
        """The trials that a patient is held against: those named, those that stand, those spoken of; none where there are none."""
        named = meant.trials if meant.how == "named" else ()
        return named or self.scope or meant.trials


def _dated(read: Message) -> bool:
    """Whether a message tells when something happened."""
    return any(isinstance(one, Finding) and (one.started or one.ended) for one in read.patient.facts)


def _named_by(fact: Finding, told: Collection[str]) -> bool:
    """Whether a finding is only the name of something told, or of its kind."""
    plain = fact.started is None and fact.ended is None and fact.grade is None and fact.dose is None
    return plain and fact.present and any(is_a(fact.concept, one) or is_a(one, fact.concept) for one in told)


def known(patient: Patient) -> bool:
    """Whether anything is known of a patient."""
    return bool(patient.facts) or patient.age is not None or patient.born is not None or patient.sex is not None


def of_the_family(patient: Patient) -> bool:
    """Whether all that is known of a patient is what runs in the family."""
    own = any(not isinstance(fact, Finding) or fact.who != "family" for fact in patient.facts)
    return bool(patient.facts) and not own and patient.age is None and patient.born is None


def _asks_for_a_rule(question: str) -> bool:
    read = read_question(question)
    return read.quantity or not set(read.topics) & ABOUT_THE_STUDY


def _read_as(thing: Told, patient: Patient) -> str:
    """How a stretch of a person's words was read, in words."""
    parts = [
        *([age_understood(patient)] if thing.of_age else []),
        *([f"sex: {patient.sex}"] if thing.of_sex else []),
        *(understood(fact) for fact in thing.facts),
        *(answer_understood(answer) for answer in thing.answers),
    ]
    return "; ".join(dict.fromkeys(parts))
