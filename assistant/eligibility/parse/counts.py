"""Counts of lines, cycles, lesions: "no more than 2 prior lines", "at least one measurable lesion", "4-6 cycles"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from assistant.eligibility.ranges import Range

_NUMBERS = {
    "one": 1,
    "a single": 1,
    "single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "ten": 10,
}
_N = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"
_UNITS = r"(?:cycles?|courses?|lines?|regimens?|doses?|lesions?|episodes?|infusions?)"
_EVENTS = (
    r"(?:seizures?|exacerbations?|metastas[ei]s|relapses?|attacks?|flares?|falls?|hospitali[sz]ations?|recurrences?|"
    r"fractures?|nodules?)"
)
"""What is counted and named at once: the word stays to be read."""
_WHAT = rf"(?:{_UNITS}|{_EVENTS})"
_LOW = r"(?:at\s+least|≥|>=|⩾|a\s+minimum\s+of|minimum\s+of|no\s+(?:less|fewer)\s+than|not\s+less\s+than)"
_ABOVE = r"(?:more\s+than|greater\s+than|over|>|exceeding)"
_HIGH = r"(?:no\s+more\s+than|not\s+more\s+than|up\s+to|at\s+most|≤|<=|⩽|a\s+maximum\s+of|maximum\s+of)"
_BELOW = r"(?:fewer\s+than|less\s+than|<)"
_COUNT = re.compile(
    rf"(?<![\w.])(?:(?P<low>{_LOW})|(?P<above>{_ABOVE})|(?P<high>{_HIGH})|(?P<below>{_BELOW})|(?P<exact>exactly|only)|(?=[\w]))\s*"
    rf"(?P<n1>{_N})(?:\s*(?:-|–|to|or)\s*(?P<n2>{_N}))?(?P<plus>\s*(?:\+|or\s+more|or\s+greater))?\b"
    rf"(?=(?:[\s-]+[\w/-]+){{0,3}}?[\s-]+(?P<what>{_WHAT})\b)(?:(?:[\s-]+(?:of\s+)?){_UNITS}\b(?:\s+of\b)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many of something, and where it is said."""

    start: int
    end: int
    range: Range


def counts(text: str) -> tuple[Count, ...]:
    """The counts of a text in order."""
    return tuple(_counts(text))


def _counts(text: str) -> Iterator[Count]:
    for match in _COUNT.finditer(text):
        first = _number(match["n1"])
        second = _number(match["n2"]) if match["n2"] else None
        if second is not None and second < first:
            continue
        yield Count(match.start(), match.end(), _range(match, first, second))


def _range(match: re.Match[str], first: float, second: float | None) -> Range:
    if second is not None:
        return Range(first, second)
    if match["low"] or match["plus"]:
        return Range(first)
    if match["above"]:
        return Range(first, low_open=True)
    if match["high"]:
        return Range(0, first)
    if match["below"]:
        return Range(0, first, high_open=True)
    return Range(first, first) if match["exact"] or first > 1 else Range(first, inf)


def _number(word: str) -> float:
    low = " ".join(word.lower().split())
    return float(_NUMBERS[low]) if low in _NUMBERS else float(word)
