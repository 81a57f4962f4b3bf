"""What a message says when it answers the question asked before it: facts in its own words, that it is not known, or nothing clear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from assistant.eligibility.assessment import NextQuestion, Topic
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.patient import Answer, Days, Fact, Finding, Grading, Measurement, Patient, Words
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a
from assistant.eligibility.wording import concept_name
from assistant.tables import read_table
from assistant.understanding.asking import asks
from assistant.understanding.telling import read_message

Word = Literal["yes", "no", "unknown", "stop"]

_PUNCTUATION: Final = re.compile(r"[.,;:!…\s-]+")
_LEAD: Final = re.compile(
    r"\W*(?P<word>yes|yeah|yep|no|nope|none|never)\b(?=\s*[,.;:!–—-]|\s+(?:but|i|he|she|it|my|only|just|since|in|on|about|for|last|never|not|and)\b)",
    re.IGNORECASE,
)
"""A yes or no that more words follow."""
_THEN_ASKS: Final = re.compile(r"(?P<first>[^.!?;\n]{1,80})[.!;\n]\s*(?P<rest>[^\n].*\?.*)", re.DOTALL)
_ONLY: Final = re.compile(r"\b(?:only|just|nothing (?:but|else)|none but|apart from)\b", re.IGNORECASE)
"""Says that what is named is all of it."""
_NORMAL: Final = re.compile(
    r"\W*(?:(?:they|it|all|these|those|everything|values?|results?|tests?|bloods?|labs?|were|was|are|is|came back|looked) )*"
    r"(?:normal|fine|ok(?:ay)?|good|in (?:the )?(?:normal )?range|within (?:the )?normal (?:limits|range))\W*",
    re.IGNORECASE,
)
"""Calls all values normal."""
_NUMBER: Final = re.compile(r"[\s\d.,/%<>=+-]+")
_LONGEST: Final = 2_000
"""Characters of an answer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How a message answers. `told`: what it tells, in its own words; `settles`: whether that answers what was asked."""

    told: Patient | None = None
    settles: bool = False
    word: Word | None = None
    rest: str = ""
    """A question that follows the answer."""


def bare(message: str) -> Word | None:
    """The bare answer that a whole message is: "no", "not that I know", "I don't know"; None for any other message."""
    plain = _PUNCTUATION.sub(" ", message[:_LONGEST]).strip()
    return next((word for word, pattern in _bare_answers() if pattern.fullmatch(plain)), None)


@cache
def _bare_answers() -> tuple[tuple[Word, re.Pattern[str]], ...]:
    table = read_table(files(__package__) / "answers.tsv")
    return tuple((cast(Word, row["word"]), re.compile(row["pattern"], re.IGNORECASE)) for row in table)


def answered(question: NextQuestion, message: str, today: date) -> Answered | None:
    """How a message answers the question; None for one that asks something itself instead.

    A bare word says no more than the question lets it say. What a message tells in full words is told whatever was asked.
    """
    topic = question.topic
    if topic is None:
        return None
    parted = _THEN_ASKS.match(message)
    if parted and bare(parted["first"]):
        first = answered(question, parted["first"], today)
        return replace(first, rest=parted["rest"].strip()) if first else None
    word = bare(message)
    if word in {"unknown", "stop"}:
        return Answered(word=word)
    if "?" in message or len(message) > _LONGEST:
        return None
    if word is not None:
        return _bare_answer(topic, word, message, today)
    found = _in_words(topic, message, today)
    if found.told is None and asks(message):
        return None
    return found


def _bare_answer(topic: Topic, word: Word, message: str, today: date) -> Answered:
    """What "yes" or "no" says of what was asked, and of nothing else."""
    says = topic.yes if word == "yes" else topic.no
    if says == "?":
        return Answered(word="unknown")
    told = _said_by(topic, says, word == "yes", message, today)
    return Answered(told, told is not None, word)


def _said_by(topic: Topic, says: str, holds: bool, message: str, today: date) -> Patient | None:
    words = _whole(message)
    if topic.about == "detail":
        return _of(message, _detail(topic, holds, words, today))
    if says == "-":
        return None
    if topic.about == "line":
        return Patient(message, answers=tuple(Answer(id, holds, words) for id in topic.ids))
    if says == "=":
        who: Literal["family", "patient"] = "family" if topic.family else "patient"
        return _of(message, [Finding(id, holds, words, who=who) for id in topic.ids])
    return _of(message, _read(says, words, today))


def _detail(topic: Topic, holds: bool, words: Words, today: date) -> Sequence[Fact]:
    """A side of a fact that is there: "whether hypertension is controlled" as the sentence that a yes or no makes of it."""
    sentence = topic.name.removeprefix("whether ")
    if sentence == topic.name or " is " not in sentence:
        return ()
    said = sentence if holds else sentence.replace(" is ", " is not ", 1)
    read = [fact for fact in _read(said, words, today) if _bears(topic, fact)]
    return [fact for fact in read if isinstance(fact, Finding) and fact.traits]


def _in_words(topic: Topic, message: str, today: date) -> Answered:
    """What a message in words tells: by itself, and as an answer to what was asked."""
    own = read_message(message, today).telling or Patient(message)
    facts = [fact for fact in own.facts if _bears(topic, fact)]
    if len(topic.ids) > 1 and topic.about == "concept" and own.facts and _ONLY.search(message):
        denied = [Finding(id, False, _whole(message)) for id in topic.ids if not any(_under(fact, id) for fact in facts)]
        return Answered(_with(own, denied), settles=True)
    if facts or (topic.about == "age" and (own.age or own.born)) or (topic.about == "sex" and own.sex):
        return Answered(own, settles=True)
    lead = _LEAD.match(message)
    word: Word | None = None
    if lead:
        word = "no" if lead["word"].lower() in {"no", "nope", "none", "never"} else "yes"
    beside = () if own.facts else _as_answer(topic, message, word, today)
    if beside:
        return Answered(_with(own, beside), settles=True, word=word)
    if topic.about in {"age", "sex"}:
        return _of_the_person(topic, message, today)
    if word is not None:
        bare_one = _bare_answer(topic, word, message[lead.start("word") : lead.end()] if lead else message, today)
        if bare_one.told is not None:
            words = Words(lead.start("word"), lead.end("word"), lead["word"]) if lead else _whole(message)
            return Answered(_placed(own, bare_one.told, words), settles=True, word=word)
        return replace(bare_one, told=own if _tells(own) else None)
    return Answered(own if _tells(own) else None)


def _as_answer(topic: Topic, message: str, word: Word | None, today: date) -> Sequence[Fact]:
    """The facts of an answer that leaves out what was asked: "88", "0 or 1", "yes, in 2019", "stage IV" without its name."""
    if topic.about == "quantity" and _NORMAL.fullmatch(message):
        return _read(f"{' and '.join(map(_measured, topic.ids))} normal", _whole(message), today)
    if len(topic.ids) != 1 or topic.about == "line" or topic.family:
        return ()
    if topic.about in {"quantity", "scale"}:
        name = _measured(topic.ids[0]) if topic.about == "quantity" else scale(topic.ids[0]).name
        for note in (f"{name} {message}", f"{name}: {message}"):
            read = [fact for fact in _read(note, _whole(message), today) if _bears(topic, fact)]
            if read:
                return read[:1] if len(read) == 1 else ()
        return ()
    if _NUMBER.fullmatch(message) and not re.search(r"\b(?:19|20)\d\d\b", message):
        number = f"{concept_name(topic.ids[0])} grade {message}" if "grade" in topic.name else ""
        return [one for one in _read(number, _whole(message), today) if _bears(topic, one)] if number else ()
    read = [fact for fact in _read(f"{concept_name(topic.ids[0])}: {message}", _whole(message), today) if _bears(topic, fact)]
    findings = [fact for fact in read if isinstance(fact, Finding)]
    if len(findings) != len(read) or len({fact.present for fact in findings}) != 1:
        return ()
    if word is not None and findings[0].present != (word == "yes"):
        return ()
    return findings if word is not None or any(_says_more(fact) for fact in findings) else ()


def _says_more(fact: Finding) -> bool:
    """Whether the answer itself says something: that it was not so, when, or how."""
    return not fact.present or bool(fact.traits or fact.started or fact.ended or fact.grade or fact.count or fact.size_mm)


def _measured(id: str) -> str:
    return quantity(id).name


def _of_the_person(topic: Topic, message: str, today: date) -> Answered:
    """An age or a sex without a verb: "62", "F"."""
    from assistant.eligibility.notes import read_note

    note = read_note(f"{'Age' if topic.about == 'age' else 'Sex'}: {message}", today)
    words = _whole(message)
    if topic.about == "age" and (note.age or note.born):
        return Answered(Patient(message, age=note.age, born=note.born, age_words=words), settles=True)
    if topic.about == "sex" and note.sex:
        return Answered(Patient(message, sex=note.sex, sex_words=words), settles=True)
    return Answered()


def _read(note: str, words: Words, today: date) -> list[Fact]:
    """The facts of a sentence that stands for the person's words; values told without a day are today's."""
    from assistant.eligibility.notes import read_note

    facts = [replace(fact, words=words) for fact in read_note(note, today).facts]
    now = Days(today, today)
    return [replace(one, taken=now) if isinstance(one, Measurement) and one.taken is None else one for one in facts]


def _bears(topic: Topic, fact: Fact) -> bool:
    """Whether a fact is one of those asked for, or of their kind."""
    if isinstance(fact, Finding):
        return topic.about in {"concept", "detail"} and any(_under(fact, id) for id in topic.ids)
    if isinstance(fact, Measurement):
        return topic.about == "quantity" and fact.quantity in topic.ids
    return isinstance(fact, Grading) and topic.about == "scale" and fact.scale in topic.ids


def _under(fact: Fact, id: str) -> bool:
    if not isinstance(fact, Finding):
        return False
    return fact.concept == id or (fact.concept in all_concepts() and is_a(fact.concept, id))


def _whole(message: str) -> Words:
    start = len(message) - len(message.lstrip())
    quote = message.strip()
    return Words(start, start + len(quote), quote)


def _of(message: str, facts: Sequence[Fact]) -> Patient | None:
    return Patient(message, tuple(facts)) if facts else None


def _with(own: Patient, facts: Sequence[Fact]) -> Patient:
    return replace(own, facts=(*own.facts, *facts))


def _placed(own: Patient, told: Patient, words: Words) -> Patient:
    """What a leading yes or no says beside what else the message tells."""
    answers = tuple(replace(one, words=words) for one in told.answers)
    return replace(_with(own, [replace(fact, words=words) for fact in told.facts]), answers=answers)


def _tells(patient: Patient) -> bool:
    return bool(patient.facts) or any((patient.age, patient.born, patient.sex))
