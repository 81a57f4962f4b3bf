"""A message as a chat model reads it: questions that stand alone, and facts in clinical words, as far as the message bears them out.

A fact is read by the same reader as any note, with the clinical words in place of the person's own, so that what stands around them
(a "no", "my mother", "if") still counts. What that reader understood by itself stays as it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from assistant.chat.question import read_question
from assistant.claims import codes, denied, denies, digits
from assistant.eligibility.patient import Fact, Patient, Words
from assistant.model import ChatModel, whole
from assistant.prompting import template
from assistant.understanding.telling import Message, read_message
from index.scope import NCT

MOST_QUESTIONS: Final = 4
MOST_FACTS: Final = 20


class FactRead(BaseModel):
    """One fact: words of the message, and what they mean."""

    model_config = ConfigDict(extra="forbid")
    words: str
    means: str


class MessageRead(BaseModel):
    """A message's questions and facts."""

    model_config = ConfigDict(extra="forbid")
    questions: list[str]
    facts: list[FactRead]


@dataclass(frozen=True)
class Heard:
    """What of a model's reading stands."""

    read: Message
    questions: tuple[str, ...] = ()
    """The message's questions, each by itself; empty where the message's own words are to be used."""


def hear(model: ChatModel, message: str, read: Message, earlier: Sequence[str], questions: Sequence[str], today: date) -> Heard:
    """The message with what the model understood of it and code did not. `questions`: as code reads them. Raises ModelFault."""
    prompt = template("read_message").fill(message=message, earlier=list(earlier))
    found = whole(model, prompt, MessageRead)
    for fact in found.facts[:MOST_FACTS]:
        read = _with_fact(read, message, fact, today)
    asked = tuple(" ".join(one.split()) for one in found.questions[:MOST_QUESTIONS] if one.strip())
    stands = (
        bool(asked) and all(_is_borne_out(one, message, earlier, questions) for one in asked) and len(asked) >= len(questions)
    )
    return Heard(read, asked if stands else ())


def _is_borne_out(question: str, message: str, earlier: Sequence[str], questions: Sequence[str]) -> bool:
    """Whether a question has no number, trial or denial that was not said, and asks in the way that the message does."""
    said = "\n".join((message, *earlier))
    if not digits(question) <= digits(said) or not codes(question) <= codes(said):
        return False
    if not {one.upper() for one in NCT.findall(question)} <= {one.upper() for one in NCT.findall(said)}:
        return False
    if denies(question) != any(map(denies, questions)) or (denied(question) and not denied(question) & denied(said)):
        return False
    return read_question(question).form in {read_question(one).form for one in questions}


def _with_fact(read: Message, message: str, fact: FactRead, today: date) -> Message:
    """The reading with one more fact, where its words stand in the message, say as much, and were not understood before."""
    start = message.find(fact.words) if fact.words.strip() else -1
    if start < 0 or not _says_as_much(fact):
        return read
    words = Words(start, start + len(fact.words), fact.words)
    if any(_overlap(known, words) for known in _understood(read.patient)):
        return read
    other = read_message(f"{message[:start]}{fact.means}{message[words.end :]}", today)
    reach = Words(start, start + len(fact.means), fact.means)
    patient = _joined(read.patient, other.patient.facts, reach, words)
    telling = read.telling
    if other.telling is not None and not read.supposes:
        telling = _joined(read.telling or Patient(message), other.telling.facts, reach, words)
        telling = telling if telling.facts or read.telling is not None else None
    return replace(read, patient=patient, telling=telling)


def _says_as_much(fact: FactRead) -> bool:
    """Whether the meaning has no number, class or trial that the words have not, and denies just where they do."""
    return (
        digits(fact.means) <= digits(fact.words)
        and codes(fact.means) <= codes(fact.words)
        and denies(fact.means) == denies(fact.words)
        and not re.search(r"[.?!;\n]", fact.means.strip().rstrip("."))
    )


def _understood(patient: Patient) -> Iterable[Words]:
    yield from (fact.words for fact in patient.facts)
    yield from (one for one in (patient.age_words, patient.sex_words) if one)


def _overlap(one: Words, other: Words) -> bool:
    return one.start < other.end and other.start < one.end


def _joined(patient: Patient, facts: Iterable[Fact], reach: Words, words: Words) -> Patient:
    """The patient with the facts that were read in the reach, each pointing at the person's own words."""
    new = tuple(replace(fact, words=words) for fact in facts if _overlap(fact.words, reach))
    return replace(patient, facts=(*patient.facts, *new))
