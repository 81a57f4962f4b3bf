"""What a message points back at: the question before, a value told before, a trial by its order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.eligibility.patient import Measurement, Patient, Words
from assistant.eligibility.ranges import exactly
from assistant.understanding.asking import LONGEST
from assistant.understanding.telling import Message
from index.scope import NCT

_VALUE_ALONE: Final = re.compile(
    r"(?<![\w.,-])(\d{1,6}(?:[.,]\d{1,3})?)(?![\w.,-]*\d)(?!\s*(?:days?|weeks?|months?|years?|hours?|times|x\b))"
    r"\s*(?P<unit>%|[a-zµ]{1,6}/[a-z\d²]{1,6}|x ?10\^?9/l)?",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(
    r"\bone\b|\b(?:same|that|this) (?:number|value|limit|threshold|cut-?off|rule|minimum|maximum)\b", re.IGNORECASE
)
_POINTS: Final = re.compile(
    r"\b(?:one|it|that|this|same|those|these|such)\b|^\W*(?:and|so|but|what about|how about)\b", re.IGNORECASE
)
"""Points back at what the message before was about."""
_OTHER_ORDER: Final = r"\b(?! (?:dose|day|date|line|visit|cycle|time|treatment|patient|infusion))"
_ORDINALS: Final = (
    (re.compile(rf"\bthe (?:first|former|1st)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(0, 1)),
    (re.compile(rf"\bthe (?:second|2nd)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(1, 2)),
    (re.compile(r"\bthe latter\b|\bthe last (?:one|trial|study)\b", re.IGNORECASE), slice(-1, None)),
    (
        re.compile(
            r"\bthe two\b|\b(?:the )?first two\b|\b(?:in|for|from|with|at) both\b|\bboth (?:trials|studies|of them)\b"
            r"|\beither (?:trial|study|one)\b|\bwhich (?:trial|study|one|of them)\b",
            re.IGNORECASE,
        ),
        slice(0, 2),
    ),
)


_THE_OTHER: Final = re.compile(
    r"\bthe other (?:one|trial|study)\b|^\W*(?:and|what about|how about|and what about) the other\W*$", re.IGNORECASE
)


def carried_on(read: Message, held: Patient) -> Message:
    """The message with a number that has no name as a new value of what was measured last ("and if it came back at 134?")."""
    last = next((fact for fact in reversed(held.facts) if isinstance(fact, Measurement)), None)
    found = _VALUE_ALONE.search(NCT.sub(lambda name: " " * len(name[0]), read.patient.text))
    if last is None or found is None or read.patient.facts or read.patient.age is not None or read.start is not None:
        return read
    words = Words(found.start(), found.end(), read.patient.text[found.start() : found.end()])
    value = replace(
        last, value=exactly(float(found[1].replace(",", "."))), unit=found["unit"] or last.unit, words=words, superseded=False
    )
    telling = read.telling
    if not read.supposes:
        telling = replace(telling or read.patient, facts=(value,))
    return replace(read, patient=replace(read.patient, facts=(value,)), telling=telling)


def wants_same_rule(message: str) -> bool:
    """Whether a message asks for a rule of the kind asked for before ("does it give one?", "the same number?")."""
    return _VALUE.search(message[:LONGEST]) is not None


def points_back(message: str) -> bool:
    """Whether a message may mean what the one before asked about ("does the other trial give one?")."""
    return _POINTS.search(message[:LONGEST]) is not None


def referred(message: str, named: Sequence[str], scope: Sequence[str]) -> tuple[str, ...]:
    """The trials that a message points at by their order ("the first one", "both"), or as the other of two; none where it does not.

    `named`: all trials spoken of, in the order of their first mention.
    """
    if len(named) > 1 and _THE_OTHER.search(message):
        return tuple(trial for trial in named if trial not in scope)[-1:]
    found = (named[which] for words, which in _ORDINALS if words.search(message))
    return next((tuple(trials) for trials in found if len(named) > 1 and trials), ())
