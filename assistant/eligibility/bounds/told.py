"""The numbers that a message tells: lengths of time, amounts with a unit, counts of something, grades."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import inf
from typing import Final, Literal

from assistant.eligibility.bounds.numerals import (
    GRADE,
    NOUN,
    as_units,
    classes,
    counted,
    counts,
    gestations,
    number_pattern,
    value_of,
)
from assistant.eligibility.bounds.spoken import LONGEST, NOTHING, Spoken, parts, spoken
from assistant.eligibility.clock import Clock
from assistant.eligibility.numbers.units import unit_at
from assistant.eligibility.patient import Days, Measurement, Patient, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.days import Unit, between, day_of
from assistant.eligibility.times.note_times import TimeMention, times
from assistant.eligibility.times.time_words import number_of, numbers, pattern, unit_of
from index.words import stems

_LENGTH: Final = r"<LENGTH>(?!\s{0,2}(?:of\s{1,2}age|old\b|-old))"
_AFTER: Final = re.compile(r"\s{0,2}(?:after|since|following|from|post)\b", re.IGNORECASE)
_TIMED: Final = re.compile(r"\b(?:for|since|within|over|last|past|only|is|just)\s{0,2}$", re.IGNORECASE)
_DENIED: Final = re.compile(r"(?:\b(?:no|not|without|never)\b|n['’]t\b)[^,;.]{0,30}$", re.IGNORECASE)
_EVERY: Final = re.compile(r"(?:every|per|each|once a|/|q)\s{0,2}$", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"\d{4}|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_THE_TRIALS: Final = re.compile(
    r"(?:[<>≤≥=]|\b(?:at least|at most|above|below|under|over|less than|more than|up to|limit|cut-?off|threshold|minimum|maximum)"
    r"(?: (?:is|of))?)\s?$",
    re.IGNORECASE,
)
"""What makes a number the trial's own bound, and nobody's value."""


_OF_ALL: Final = re.compile(r"\d\s{1,2}(?:out )?of (?:the |all )?$", re.IGNORECASE)
"""Makes a number the whole that another is a part of ("6 of the 8 sessions")."""


@dataclass(frozen=True, slots=True)
class Told:
    """A number that a message tells, with the words around it."""

    words: Words
    near: Spoken = NOTHING
    far: Spoken = NOTHING
    """Of the message's other sentences."""
    length: Range | None = None
    unit: Unit | None = None
    """Of a stretch of time."""
    how: Literal["ago", "for", "bare"] = "bare"
    """Of a length: since something ended, or as long as it has gone on; bare where the words do not say."""
    after: bool = False
    """It counts from something told ("4 months after I stopped")."""
    working: str = ""
    """How a length was counted."""
    value: Range | None = None
    measured: str | None = None
    """The unit of an amount, as written."""
    quantity: str | None = None
    """What was measured, where that was understood."""
    noun: str = ""
    """The stem of what is counted."""
    label: str = ""
    """Of a grade: "grade" or "class"."""
    named: frozenset[str] = frozenset()
    """The stems of the words that name what a value is of."""


def tells_a_number(patient: Patient) -> bool:
    """Whether a message has a number at all, in figures or words."""
    return _a_number().search(patient.text[:LONGEST]) is not None


def numbers_told(patient: Patient, clock: Clock) -> list[Told]:
    """Every number that a message tells of a patient, but an age, the trial's own, and a length that only takes up another."""
    found = [_understood(one, patient) for one in _all(patient.text[:LONGEST], clock) if not _is_age(one, patient)]
    found += [one for one in _bare_values(patient) if not any(_overlap(one.words, other.words) for other in found)]
    return [one for one in found if not any(_repeats(one, other) for other in found)]


def _understood(told: Told, patient: Patient) -> Told:
    """A told amount with the quantity that it was read as, where it was."""
    read = (one for one in patient.facts if isinstance(one, Measurement) and _overlap(told.words, one.words))
    return replace(told, quantity=next((one.quantity for one in read), told.quantity))


def _bare_values(patient: Patient) -> Iterator[Told]:
    """The values that were understood without a unit ("GFR 52")."""
    for one in patient.facts:
        if isinstance(one, Measurement) and one.unit is None and one.upper_limit is None and one.words.end <= LONGEST:
            near = spoken(one.words.quote)
            yield Told(one.words, near=near, value=one.value, quantity=one.quantity)


def _is_age(told: Told, patient: Patient) -> bool:
    return patient.age_words is not None and _overlap(told.words, patient.age_words)


def _repeats(told: Told, other: Told) -> bool:
    """Whether a bare length only takes up one that was told before ("nine days ago … would nine days do?")."""
    bare = told.length is not None and told.how == "bare" and other.how != "bare"
    return bare and told.words.quote.lower() in other.words.quote.lower()


def _overlap(one: Words, other: Words) -> bool:
    return one.start < other.end and other.start < one.end


def _all(message: str, clock: Clock) -> Iterator[Told]:
    sentences = list(parts(message))
    days = [one.days for one in times(message, clock.today) if _dated(one) and _CALENDAR.search(message[one.start : one.end])]
    for start, end in sentences:
        near = message[start:end]
        far = spoken(" ".join(message[a:b] for a, b in sentences if (a, b) != (start, end)))
        born = list(_pregnancies(near))
        others = (
            one
            for one in (*_lengths(near, days, clock), *_amounts(near))
            if not any(_overlap(one.words, b.words) for b in born)
        )
        for told in (*born, *others, *_grades(near)):
            at = Words(start + told.words.start, start + told.words.end, told.words.quote)
            yield replace(told, words=at, near=spoken(near), far=far)


def _lengths(near: str, days: Sequence[Days], clock: Clock) -> Iterator[Told]:
    """Stretches of time: from a day told to the day that counts, or a bare length ("10 days before day 1", "for 4 months")."""
    dated = [one for one in times(near, clock.today) if _dated(one)]
    for one in dated:
        told = _since(one, near, days, clock)
        if told is not None and not _denied(near, one.start):
            yield told
    for match in pattern(_LENGTH).finditer(near):
        before, after = near[: match.start()], bool(_AFTER.match(near, match.end()))
        low, high = number_of(match["low"])[0], number_of(match["high"] or match["low"])[1]
        unit = unit_of(match["unit"])
        age = unit == "year" and not (after or _TIMED.search(before))
        taken = any(one.start < match.end() and match.start() < one.end for one in dated)
        if not (
            taken
            or age
            or low > high
            or match["low"].lower() in {"a", "an"}
            or _EVERY.search(before)
            or _denied(near, match.start())
        ):
            yield Told(_words(near, match.start(), match.end()), length=Range(low, high), unit=unit, after=after)


def _since(one: TimeMention, near: str, days: Sequence[Days], clock: Clock) -> Told | None:
    """How long ago a time was on the day that counts: the latest day of the message, else the clock's. None for that day itself."""
    calendar = one.days in days
    later = [other for other in days if _later(other, one.days)] if calendar else []
    if calendar and not later and any(_later(one.days, other) for other in days):
        return None
    anchor = max(later, key=lambda other: other.first or date.min) if later else day_of(clock.start)
    length = between(one.days, anchor, "day")
    if length.low < 0 or length.high in {0, inf}:
        return None
    counted = f" ({_span(length)} to {anchor.last})" if calendar or clock.start != clock.today else ""
    how: Literal["ago", "for"] = "for" if one.relation in {"since", "for"} else "ago"
    return Told(_words(near, one.start, one.end), length=length, unit="day", how=how, working=counted)


def _dated(one: TimeMention) -> bool:
    return one.days.first is not None and one.days.last is not None


def _later(one: Days, other: Days) -> bool:
    return one.first is not None and other.last is not None and one.first > other.last


def _denied(near: str, at: int) -> bool:
    """Whether the words before a length say what did not happen for so long."""
    return _DENIED.search(near[:at]) is not None


def _span(length: Range) -> str:
    low, high = int(length.low), int(length.high)
    return f"{low} days" if low == high else f"{low} to {high} days"


def _amounts(near: str) -> Iterator[Told]:
    """Amounts with their unit ("88 pounds", "7.5 mmol/L") and counts of something ("three glasses")."""
    plain = as_units(near)
    for match in _a_number().finditer(plain):
        before = plain[: match.start()]
        if _THE_TRIALS.search(before) or _OF_ALL.search(before) or (match[0].isalpha() and match[0] not in numbers()):
            continue
        value, named = Range(*value_of(match[0])), _named(near, match.start(), match.end())
        mention = unit_at(plain, match.end())
        for unit in mention.units if mention is not None else ():
            words = _words(near, match.start(), mention.end if mention else match.end())
            yield Told(words, value=value, measured=unit, named=named)
        if mention is None and named:
            yield Told(_words(near, match.start(), match.end()), value=value, named=named)
        noun = NOUN.match(plain, match.end())
        if noun and counts(noun["noun"]):
            yield Told(_words(near, match.start(), noun.end()), value=value, noun=counted(noun["noun"]))


_NAME_BEFORE: Final = re.compile(
    r"(?:^|[,;:.!?(]\s*|\b(?:my|his|her|their|our|an?|the|has|have|had|with|and|but|if|would)\s+)"
    r"(?P<name>(?:[^\s,;:.!?()]+\s+){0,6}?[^\s,;:.!?()]*[a-z][^\s,;:.!?()]*)"
    r"\s*(?:\b(?:scores?|values?|levels?|count|results?|of|is|was|were|at|now|today|came (?:out|back)(?: at| as)?|[=:])\s*)*$",
    re.IGNORECASE,
)
_NAME_BEHIND: Final = re.compile(
    r"\s*(?:points?\s+)?(?:on|in)\s+(?:the |my |his |her )?(?P<name>(?:[\w'’-]+\s?){1,6})", re.IGNORECASE
)
_NO_NAME: Final = frozenset(stems("score scored value level count result got get read reading point scale test questionnaire"))


def _named(near: str, start: int, end: int) -> frozenset[str]:
    """The words that say what a number is of: those before it ("Itch NRS score 3"), else what it was scored on."""
    before, behind = _NAME_BEFORE.search(near[max(0, start - 90) : start]), _NAME_BEHIND.match(near, end)
    for found in (before, behind):
        name = spoken(found["name"]).stems - _NO_NAME if found else frozenset()
        if name:
            return name
    return frozenset()


def _grades(near: str) -> Iterator[Told]:
    for match in GRADE.finditer(near):
        values = classes(match["values"])
        if len(values) == 1:
            yield Told(_words(near, match.start(), match.end()), value=exactly(values[0]), label=match["label"].lower())


def _pregnancies(near: str) -> Iterator[Told]:
    for start, end, weeks in gestations(near):
        yield Told(_words(near, start, end), value=exactly(weeks), measured="week", quantity="gestational-age")


def _words(text: str, start: int, end: int) -> Words:
    return Words(start, end, text[start:end])


@cache
def _a_number() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,/-]){number_pattern()}(?!\d)", re.IGNORECASE)
