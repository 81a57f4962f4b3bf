"""What a message is: facts about a patient that want to be held against a trial, or a question about the documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from assistant.eligibility.patient import Days, Fact, Finding, Measurement, Patient, Words
from index.scope import NCT

FACTS: Final = 2
"""Facts from which a message that asks for a check, or asks nothing at all, is a patient."""
MANY: Final = 5
"""Facts from which a question about joining is one about every line of the trial, not about the one line that it names."""
LONGEST: Final = 20_000
"""Characters read; what an interface takes as one message."""

_CHECK: Final = re.compile(
    r"(?:^|[.!?;:,\n]\s*)(?:please |now |can you |could you |and )*(?:check|screen|assess|evaluate|pre-?screen)\b"
    r"(?! (?:if|whether|what|which|how|when|that|the (?:trial|study|record|document|criteria|list)))"
    r"|\b(?:do|does|would|could|might|will) (?:i|he|she|they|we|it|(?:my|this|the|our) [\w-]+(?: [\w-]+)?) match\b"
    r"|\b(?:against|meets?|passe?s?) (?:each|every|all)(?: (?:of )?the)? (?:criteri|lines?)",
    re.IGNORECASE,
)
"""Asks for a check: "check a 58-year-old man with …", "does she match", "against every criterion"."""
_JOINS: Final = re.compile(
    r"\b(?:am|is|are|can|could|may|might|would|do|does|will) (?:i|he|she|they|we|(?:my|this|the|our) [\w-]+(?: [\w-]+)?)\b[^.?!]{0,80}"
    r"\b(?:join|enrol\w*|eligible|qualify|qualifies|take part|participate|get in(?:to)?|be accepted)\b",
    re.IGNORECASE,
)
"""Asks whether somebody can join, whatever line would decide."""
_ASKS: Final = re.compile(
    r"\?"
    r"|^\W*(?:and |so |but |please )?(?:what|which|how|when|where|who|whom|whose|why|is|are|was|were|do|does|did|can|could|may|will|would"
    r"|should|list|show|explain|compare|summari[sz]e|tell|describe|give|find|ignore|disregard)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Asks or orders something."""


_PERSON: Final = re.compile(r"\b(?:i|i['’]m|me|my|he|she|his|her|him|patient|pt|father|mother|son|daughter)\b", re.IGNORECASE)
"""Words for the person whom a message is about."""


_TRIAL: Final = re.compile(r"\b(?:the|that|this|your|a) (?:[\w'’-]+ ){0,6}?(?:trial|study)\b", re.IGNORECASE)
"""A trial by its description, whose words are not the patient's."""
_IF: Final = re.compile(
    r"\b(?:and |so |but )?(?:what |how about |what about )?if\b"
    r"|\b(?:let us |let['’]s )?(?:suppose|supposing|imagine|assume|assuming)\b(?: that)?",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"\bi(?:['’]m| am| have| had|['’]ve| take| was)\b", re.IGNORECASE)
"""Facts about the person who writes."""
_KIN: Final = re.compile(
    r"\bmy (?:(?P<she>wife|mother|mom|mum|daughter|sister|grandmother|aunt)|husband|father|dad|son|brother|grandfather|uncle)\b(?!['’])",
    re.IGNORECASE,
)
"""The patient of a carer who writes, where no facts about that writer stand beside."""


_SUPPOSES: Final = re.compile(
    r"^\W*(?:and |so |but |ok |then )*(?:what |how about |what about )?if\b|\bwhat if\b"
    r"|\b(?:suppose|supposing|imagine|assume|assuming|hypothetically)\b"
    r"|\bif (?:a|the|my|his|her|their|that|it|i|he|she|they|we)\b[^.?!]{0,40}"
    r"\b(?:were|was|came|comes|had|did|didn['’]?t|could|went|goes|rose|fell|improves?d?|drops?|repeat)\b",
    re.IGNORECASE,
)
"""Asks what would be if: what it says holds for the answer alone."""
_ANOTHER: Final = re.compile(
    r"^\W*(?:and |ok |now )*(?:an?)?(?:other|another|different|new|next|second|third) "
    r"(?:pt|patient|person|case|woman|man|lady|gentleman|child)\b"
    r"|\b(?:now|next),? (?:for )?(?:an?)?other (?:pt|patient)\b",
    re.IGNORECASE,
)
"""Turns to another patient."""
_SAME_SUPPOSED: Final = re.compile(
    r"\b(?:with|at|on|given|under) (?:that|this|the (?:new|repeat|same|latest|hypothetical))\b|\bin that case\b", re.IGNORECASE
)
"""Takes up what the message before supposed."""
_OWN_FACTS: Final = re.compile(
    r"\b(?:everything|all|what|anything|things?) (?:\w+ )?(?:i|we)(?: have|['’]ve)? (?:told|said|gave|given|mentioned)\b"
    r"|\bstands? in (?:the|my|his|her) way\b|\b(?:so far|overall|all in all)\b[^.?!]*\b(?:fit|match|rule|against|eligib|problem|miss)",
    re.IGNORECASE,
)
"""Asks what comes of all that was told."""
_TREATS: Final = re.compile(
    r"\bhow (?:do|does|would|will|is|are)\b[^.?!]*\b(?:treat|handle|see|view|deal|regard|judge|classify|count|stand|rule)\w*\b"
    r"|\bwhat (?:do|does|would)\b[^.?!]*\b(?:make of|say (?:to|about) (?:that|this|it|him|her|me))\b"
    r"|\bany (?:bar|problem|issue|conflict)\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:first|earliest|soonest|next)\b[^.?!]{0,40}\b(?:date|day|start|treat|dos|enrol|moment)\w*"
    r"|\b(?:when|from which day|how soon)\b[^.?!]{0,20}\b(?:can|could|may|might|would|is|will)\b[^.?!]{0,40}"
    r"\b(?:start|begin|join|enrol|treated|dosed|clear|ok|okay|allowed|earliest|over)\w*"
    r"|\bhow (?:long|many (?:days|weeks|months))\b[^.?!]{0,30}\b(?:wait|left|to go)\b",
    re.IGNORECASE,
)
_NUMBER: Final = r"\d+|an?|one|two|three|four|five|six|seven|eight|ten|twelve"
_START: Final = re.compile(
    r"\b(?:start|begin|join|enrol|treated|treatment|first dose|dosing|day 1|randomi[sz]ed)\w*\b[^.?!]{0,60}?"
    rf"\bin (?P<n>{_NUMBER}) (?P<unit>day|week|month)s?\b"
    rf"|\bin (?P<n2>{_NUMBER}) (?P<unit2>day|week|month)s?['’]?(?: time)?\b[^.?!]{{0,40}}\b(?:start|begin|join|enrol|first dose)\w*",
    re.IGNORECASE,
)
"""When treatment would begin, counted from today."""
_COUNTS: Final = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_DAYS: Final = {"day": 1, "week": 7, "month": 30}
_SENTENCES: Final = re.compile(r"(?<=[.!?;\n])\s+|(?<=\w):\s+(?=\S[^.!?]*\?)")


@dataclass(frozen=True)
class Message:
    """A message as far as it speaks of a patient."""

    patient: Patient
    """All that it says of one, in its questions too: what the answer is about."""
    telling: Patient | None
    """What it states, to be held for later messages; None where it states nothing."""
    supposes: bool = False
    another: bool = False
    """It turns to another patient: what was held is not this one's."""
    same: bool = False
    """It takes up what the message before supposed."""
    sums_up: bool = False
    """It asks what comes of all that was told."""
    treats: bool = False
    """It asks how a trial treats what is told ("how do both trials see that?")."""
    when: bool = False
    """It asks from which day on a line is met."""
    start: date | None = None
    """The first day of treatment that it counts with."""


_ANOTHER_QUESTION: Final = re.compile(
    r"(?<=\?)\s+|[,;]\s*(?:and\s+|or\s+|also\s+)?(?=(?:is|are|am|do|does|did|can|could|would|will|what|how|when|where|who|which|may|must)\b)"
    r"|\s+and\s+(?=(?:is|are|am|do|does|can|could|would|will|what|how|when|where|who|which|may|must) \w+ )",
    re.IGNORECASE,
)


_OPENER: Final = re.compile(
    r"\b(?:is|are|am|do|does|did|can|could|would|will|what|how|when|where|who|which|may|must)\s+\w+[^.!;]*$", re.IGNORECASE
)


def questions(message: str) -> tuple[str, ...]:
    """The questions of a message, where it asks several; what is told before the first goes with it. Else the message."""
    parts = [part.strip() for part in _ANOTHER_QUESTION.split(message[:LONGEST]) if part.strip()]
    if (
        len(parts) < (2 if message.count("?") > 1 else 3)
        or not _OPENER.search(parts[0])
        or not all(_ASKS.search(part) for part in parts[1:])
    ):
        return (message,)
    return tuple(part if part.endswith("?") else f"{part}?" for part in parts)


_VALUE: Final = re.compile(
    r"\bone\b|\b(?:same|that|this) (?:number|value|limit|threshold|cut-?off|rule|minimum|maximum)\b", re.IGNORECASE
)


def wants_same_rule(message: str) -> bool:
    """Whether a message asks for a rule of the kind asked for before ("does it give one?", "the same number?")."""
    return _VALUE.search(message[:LONGEST]) is not None


_POINTS: Final = re.compile(
    r"\b(?:one|it|that|this|same|those|these|such)\b|^\W*(?:and|so|but|what about|how about)\b", re.IGNORECASE
)
"""Points back at what the message before was about."""


def points_back(message: str) -> bool:
    """Whether a message may mean what the one before asked about ("does the other trial give one?")."""
    return _POINTS.search(message[:LONGEST]) is not None


_OTHER_ORDER: Final = r"\b(?! (?:dose|day|date|line|visit|cycle|time|treatment|patient|infusion))"
_ORDINALS: Final = (
    (re.compile(rf"\bthe (?:first|former|1st)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(0, 1)),
    (re.compile(rf"\bthe (?:second|2nd)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(1, 2)),
    (re.compile(r"\bthe latter\b|\bthe last (?:one|trial|study)\b", re.IGNORECASE), slice(-1, None)),
    (
        re.compile(
            r"\bthe two\b|\bboth (?:trials|studies|of them)\b|\beither (?:trial|study|one)\b|\bwhich (?:trial|study|one|of them)\b",
            re.IGNORECASE,
        ),
        slice(0, 2),
    ),
)


def referred(message: str, named: Sequence[str], scope: Sequence[str]) -> tuple[str, ...]:
    """The trials that a message points at by their order ("the first one", "both"), or as the other of two; none where it does not.

    `named`: all trials spoken of, in the order of their first mention.
    """
    if len(named) > 1 and re.search(r"\bthe other (?:one|trial|study)\b", message, re.IGNORECASE):
        return tuple(trial for trial in named if trial not in scope)[-1:]
    found = (named[which] for words, which in _ORDINALS if words.search(message))
    return next((tuple(trials) for trials in found if len(named) > 1 and trials), ())


def read_message(message: str, today: date) -> Message:
    """What a message tells of a patient, and how it means it. Positions count in the message."""
    from assistant.eligibility.notes import read_note

    words = message[:LONGEST]
    supposes = bool(_SUPPOSES.search(words))
    telling = None if supposes else _quoting(read_note(_as_a_note(_stated(words)), today), words, today)
    return Message(
        _quoting(read_note(_as_a_note(words), today), words, today),
        telling if telling is not None and _number(telling) else None,
        supposes,
        bool(_ANOTHER.search(words)),
        bool(_SAME_SUPPOSED.search(words)),
        bool(_OWN_FACTS.search(words)),
        bool(_TREATS.search(words)),
        bool(_WHEN.search(words)),
        _start(words, today),
    )


def _quoting(patient: Patient, message: str, today: date) -> Patient:
    """The patient with the words as they stand in the message; a value told without a day is today's."""

    def said(words: Words) -> Words:
        return replace(words, quote=message[words.start : words.end])

    return replace(
        patient,
        text=message,
        facts=tuple(_current(replace(fact, words=said(fact.words)), today) for fact in patient.facts),
        clauses=tuple(replace(clause, words=said(clause.words)) for clause in patient.clauses),
        sex_words=said(patient.sex_words) if patient.sex_words else None,
        age_words=said(patient.age_words) if patient.age_words else None,
    )


def _current(fact: Fact, today: date) -> Fact:
    return replace(fact, taken=Days(today, today)) if isinstance(fact, Measurement) and fact.taken is None else fact


def _stated(message: str) -> str:
    """The message with its questions blank, as long as it was."""
    kept, begin = [], 0
    for end in (*(gap.end() for gap in _SENTENCES.finditer(message)), len(message)):
        part = message[begin:end]
        kept.append(" " * len(part) if "?" in part or _ASKS.search(part) else part)
        begin = end
    return "".join(kept)


def _start(message: str, today: date) -> date | None:
    found = _START.search(message)
    if found is None:
        return None
    count = (found["n"] or found["n2"]).lower()
    number = int(count) if count.isdigit() else _COUNTS.get(count, 1)
    return today + timedelta(days=number * _DAYS[(found["unit"] or found["unit2"]).lower()]) if number < 1000 else None


def wants_check(message: str, patient: Patient) -> bool:
    """Whether a message tells of a patient who is to be held against every line; else it is a question about the documents.

    Conservative: a message with few facts, with a plain question beside them, or with nothing but symptoms is no check.
    """
    words = message[:LONGEST]
    checks, joins = bool(_CHECK.search(words)), bool(_JOINS.search(words)) and words.count("?") <= 1
    if not (checks or joins) and _ASKS.search(words):
        return False
    if checks:
        return _number(patient) >= FACTS and _of_somebody(patient)
    return _number(patient) >= (MANY if joins else FACTS) and _is_note(patient)


def _as_a_note(message: str) -> str:
    """The message as a note about the patient, as long as it was: trial names are blank, "my wife" is "she", and "if" states."""
    plain = message
    for aside in (NCT, _TRIAL, _IF):
        plain = aside.sub(lambda words: " " * len(words[0]), plain)
    if _OWN.search(plain):
        return plain
    return _KIN.sub(lambda kin: ("she" if kin["she"] else "he").ljust(len(kin[0])), plain)


def _of_somebody(patient: Patient) -> bool:
    """Whether the message tells of a person, and is not a list of words to look for."""
    return (
        patient.sex is not None
        or patient.age is not None
        or patient.born is not None
        or _measured(patient)
        or bool(_PERSON.search(patient.text))
    )


def _is_note(patient: Patient) -> bool:
    """Whether the facts are a note's: something measured, or an age. Who tells of symptoms alone may need help, and no check."""
    from assistant.eligibility.vocabulary.concepts import concept

    symptoms = any(isinstance(one, Finding) and concept(one.concept).kind == "symptom" for one in patient.facts)
    return _measured(patient) or (not symptoms and _aged(patient))


def _measured(patient: Patient) -> bool:
    return any(isinstance(fact, Measurement) for fact in patient.facts)


def _aged(patient: Patient) -> bool:
    return patient.age is not None or patient.born is not None


def _number(patient: Patient) -> int:
    """How many things are known of a patient."""
    own = [fact for fact in patient.facts if not isinstance(fact, Finding) or fact.who == "patient"]
    return len(own) + (patient.sex is not None) + _aged(patient)
