"""Numbers as messages and lines both write them: counted things, grades, weeks of pregnancy."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from assistant.eligibility.numbers.units import folded, lowered
from assistant.eligibility.times.time_words import month_names, number_of, numbers, units
from index.words import stem

_LABELS: Final = r"(?:grade|class)"
_VALUE: Final = r"(?:\d|iv|i{1,3}|v)"
GRADE: Final = re.compile(
    rf"\b(?P<label>{_LABELS})s?\s{{0,2}}"
    rf"(?P<values>{_VALUE}(?:\s{{0,2}}(?:,|-|–|to|or|and|/)\s{{0,2}}(?:{_LABELS}s?\s{{1,2}})?{_VALUE})*)(?![\w%]|\.\d)"
    r"(?P<more>\s?\+|\sor (?:more|higher|greater|above|worse))?(?P<less>\sor (?:less|lower|below|under|better))?",
    re.IGNORECASE,
)
"""A labelled number or several: "grade 2 or grade 3", "KL grade 4"."""
BESIDE: Final = (
    r"(?:\s(?:of (?:the )?(?:\d{1,3}|all)|prior|previous|earlier|different|other|separate|distinct|additional|further|full|whole"
    r"|standard|alcoholic|systemic|group|weekly|documented|confirmed|such|or more|or fewer)\b){0,3}"
)
"""What stands between a number and what it counts, and says nothing of its own."""
NOUN: Final = re.compile(rf"{BESIDE}[\s-]{{1,2}}(?P<noun>[a-z]{{4,20}})\b", re.IGNORECASE)
_ONE_COUNT: Final = {stem(word): "treatment" for word in ("treatment", "therapy", "therapies", "regimen", "line")}
"""Names of what is counted that mean the same, by their stems."""
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_BETWEEN: Final = re.compile(rf"[^\da-z]+|\b(?:to|or|and|{_LABELS})s?\b")
_WEEKS_AND_DAYS: Final = re.compile(
    r"(?<![\w.])(?P<weeks>[2-4]\d)(?:\s?\+\s?(?P<plus>[0-6])(?:\s?(?:wk|week)s?)?"
    r"|\s?(?:weeks?|wks?|w)\b(?:\s?,?\s?(?:and\s)?(?P<days>[0-6])\s?(?:d|days?)\b)?)",
    re.IGNORECASE,
)
_BIRTH: Final = re.compile(r"\b(?:born|birth|baby|neonat\w+|preterm|infants?|gestation\w*|pregnan\w+|GA)\b", re.IGNORECASE)


@cache
def number_pattern() -> str:
    """A pattern for a number in figures, or in words of three letters and more."""
    words = "|".join(re.escape(word) for word in sorted(numbers(), key=len, reverse=True) if len(word) > 2)
    return rf"(?:\d{{1,6}}(?:,\d{{3}})*(?:\.\d+)?|(?:{words})\b)"


def value_of(words: str) -> tuple[float, float]:
    """The least and the most that a number leaves possible."""
    return number_of(words.replace(",", ""))


def counts(noun: str) -> bool:
    """Whether a noun after a number is something counted, no unit of time and no month."""
    return noun.lower() not in units() and noun.lower() not in month_names()


def counted(noun: str) -> str:
    """The stem of what is counted, the same for names that mean the same."""
    return _ONE_COUNT.get(stem(noun), stem(noun))


def classes(words: str) -> list[float]:
    """The numbers of a labelled list: "2 or grade 3" → 2, 3."""
    found = [one for one in _BETWEEN.split(words.lower()) if one]
    return [float(_ROMAN.get(one, 0) or one) for one in found if one in _ROMAN or one.isdigit()]


def as_units(text: str) -> str:
    """A text as units are looked for in it, as long as it was."""
    plain = lowered(folded(text))
    return plain if len(plain) == len(text) else text.lower()


def gestations(text: str) -> Iterator[tuple[int, int, float]]:
    """Lengths of a pregnancy, in weeks, with where they stand: "33 weeks and 5 days", "35+1", where a text speaks of birth."""
    if _BIRTH.search(text):
        for match in _WEEKS_AND_DAYS.finditer(text):
            yield match.start(), match.end(), int(match["weeks"]) + int(match["plus"] or match["days"] or 0) / 7
