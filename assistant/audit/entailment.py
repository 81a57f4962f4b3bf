"""Whether one single condition entails another: whoever meets the first meets the second, in three values. The one place that decides it.

Time: a plain mention ("asthma") puts no limit on when, so that what lies in a window counts as it, but for drugs, of which it may say
that they are taken now; whether it lies in a window itself is not known. What is done to somebody, and what nobody loses, counts whenever
it was.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from math import inf, isclose, isfinite, isinf
from typing import Final

from assistant.audit.narrower import narrower_in_words
from assistant.audit.rewording import fold
from assistant.eligibility.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
    Window,
)
from assistant.eligibility.judge.finding import kind_of
from assistant.eligibility.judge.has import lifelong
from assistant.eligibility.numbers.doses import Dose
from assistant.eligibility.numbers.units import UnitFault, convert, taken_as
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.days import Unit
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, truth
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import implies

_WORDS = "w:"
_DAYS: Final[dict[Unit, float]] = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_CALENDAR: Final[dict[Unit, tuple[float, float]]] = {"month": (2.5, 1.6), "year": (0.3, 0.8)}
"""By how many days calendar months and years may be shorter and longer than their mean."""
_MONTHS: Final[dict[Unit, int]] = {"month": 1, "year": 12}
_ROUNDED: Final = 0.006
"""How far a bound may move by being rounded in another unit: creatinine 1.5 mg/dL is 132.6 µmol/L, written 133."""
_NOW: Final = ("active", "concurrent")
"""Traits of what is not over."""


@lru_cache(maxsize=65_536)
def entails(one: Condition, other: Condition) -> Truth:
    """Whether whoever meets the one meets the other. Both without parts; of anything else only that it is the same."""
    one, other = wordless(one), wordless(other)
    if one == other:
        return TRUE
    match one, other:
        case Between(), Between():
            return _values(one, other)
        case OneOf(), OneOf():
            return (
                FALSE
                if one.scale != other.scale
                else UNKNOWN
                if one.edition != other.edition
                else truth(one.values <= other.values)
            )
        case Demographic(), Demographic():
            return truth(other.sex in (None, one.sex)) & _extent(one.age, other.age)
        case Has(), Has():
            return _findings(one, other)
        case Judged(by, words), Judged(by_other, others) if by == by_other:
            return TRUE if narrower_in_words(words, others, duty=by == "patient") else UNKNOWN
        case (Unparsed(words), Unparsed(others)) | (PerProtocol(words), PerProtocol(others)):
            return TRUE if narrower_in_words(words, others) else UNKNOWN
        case _:
            return UNKNOWN if _is_unread(one) or _is_unread(other) else FALSE


def _is_unread(condition: Condition) -> bool:
    return any(isinstance(leaf, Unparsed | Judged | PerProtocol) for leaf in leaves(condition))


# -- numbers


_Turned = Callable[[float], Range]
"""What is known of a number in another unit."""


def _within(inner: Range, outer: Range, ends: _Turned, bounds: _Turned = exactly) -> Truth:
    """Whether every number of one range lies in the other, the ends of each turned into a unit that both have."""
    low = high = TRUE
    if isfinite(outer.low):
        low = _reaches(ends(inner.low), bounds(outer.low), strict=outer.low_open and not inner.low_open)
    if isfinite(outer.high):
        end, bound = _mirrored(ends(inner.high)), _mirrored(bounds(outer.high))
        high = _reaches(end, bound, strict=outer.high_open and not inner.high_open)
    return low & high


def _reaches(end: Range, bound: Range, *, strict: bool) -> Truth:
    """Whether an end lies at or above a bound; above it where `strict`."""
    if end.low > bound.high or (end.low == bound.high and not strict):
        return TRUE
    return FALSE if end.high < bound.low or end.low == end.high == bound.low == bound.high else UNKNOWN


def _mirrored(range: Range) -> Range:
    return Range(-range.high, -range.low)


def _extent(mine: Range | None, its: Range | None) -> Truth:
    return truth(its is None or (mine is not None and its.holds(mine) is TRUE))


def _values(one: Between, other: Between) -> Truth:
    if one.quantity != other.quantity:
        return FALSE
    if one.of != other.of:
        return UNKNOWN
    when = in_window(one.window, other.window)
    if one.of or one.unit == other.unit:
        return when & _extent(one.range, other.range)
    try:
        unit, to = (value.unit or taken_as(value.range, value.quantity) for value in (one, other))
        return when & _within(one.range, other.range, lambda end: _turned(end, unit, to, other))
    except UnitFault:
        return UNKNOWN


def _turned(end: float, unit: str, to: str, other: Between) -> Range:
    """An end in the other's unit: an interval where assays differ, the other's own bound where it differs by rounding. Raises UnitFault."""
    found = convert(exactly(end), unit, to, other.quantity) if isfinite(end) else exactly(end)
    bounds = (bound for bound in (other.range.low, other.range.high) if isclose(found.low, bound, rel_tol=_ROUNDED))
    return next(map(exactly, bounds), found) if found.low == found.high else found


# -- findings


def _findings(one: Has, other: Has) -> Truth:
    """A kind of it, with all its traits, at a time that counts, in no other amount."""
    amounts = ((one.grade, other.grade), (one.count, other.count), (one.size_mm, other.size_mm))
    aspects = (
        every(_kind(concept, other) for concept in one.concepts),
        _traits(one, other),
        truth(one.family == other.family),
        UNKNOWN if other.other and not one.other else TRUE,
        *(_extent(mine, its) for mine, its in amounts),
        _dose(one.dose, other.dose),
        _time(one, other),
    )
    return every(aspects)


def _kind(concept: str, other: Has) -> Truth:
    """A concept of the tables under another; words that no table knows are only ever the same words."""
    if any(
        concept == wide or (not _is_words(concept) and not _is_words(wide) and is_a(concept, wide)) for wide in other.concepts
    ):
        return TRUE
    return UNKNOWN if any(map(_is_words, (concept, *other.concepts))) else FALSE


def _is_words(concept: str) -> bool:
    return concept.startswith(_WORDS)


def _traits(one: Has, other: Has) -> Truth:
    """Whether the one has all traits of the other; a narrower concept may say a trait by itself ("HCV RNA" that it is active)."""
    if all(any(implies(said, trait) for said in one.traits) for trait in other.traits):
        return TRUE
    return FALSE if set(one.concepts) & set(other.concepts) else UNKNOWN


def _dose(mine: Dose | None, its: Dose | None) -> Truth:
    if its is None or mine == its:
        return TRUE
    if mine is None:
        return FALSE
    return _extent(mine.range, its.range) if (mine.unit, mine.of) == (its.unit, its.of) else UNKNOWN


def _time(one: Has, other: Has) -> Truth:
    """Whether all the time that the one looks at, the other does."""
    if is_always(other):
        return TRUE
    if other.window is None:
        if one.window and any(kind_of(each) == "drug" for each in other.concepts):
            return UNKNOWN
        return truth(not (one.ever or is_always(one) or (one.window and _is_now(other))))
    if one.window is not None:
        return in_window(one.window, other.window)
    its = looks_back(other)
    if is_always(one):
        return UNKNOWN if its is None else truth(its.low == inf)
    return TRUE if its is not None and _is_now(one) else UNKNOWN


def _is_now(finding: Has) -> bool:
    """Whether a plain mention can only mean the day itself: "active infection", pregnancy."""
    said = any(implies(trait, now) for trait in finding.traits for now in _NOW)
    return finding.window is None and (said or all(kind_of(one) == "status" for one in finding.concepts))


def is_always(finding: Has) -> bool:
    """Whether it counts whenever it was."""
    if finding.window is not None:
        return False
    return finding.ever or all(
        kind_of(one) == "procedure" or any(is_a(one, each) for each in lifelong()) for one in finding.concepts
    )


def in_window(one: Window | None, other: Window | None) -> Truth:
    """Whether all that happens in the first window happens in the second, wherever in the month one counts."""
    if other is None or one == other:
        return TRUE
    if one is None:
        return FALSE
    if (one.before, one.event, one.edge, one.words) != (other.before, other.event, other.edge, other.words):
        return UNKNOWN
    months = {one.unit, other.unit} <= _MONTHS.keys()
    ends, bounds = (partial(_length, unit=window.unit, months=months) for window in (one, other))
    if one.anchor == other.anchor:
        return _within(one.length, other.length, ends, bounds)
    if (one.anchor, other.anchor) != ("start", "today") or one.length.low > 0:
        return UNKNOWN
    # The start is today or later: what lies a shorter time before the start lies in the longer time before today.
    return _within(replace(one.length, high_open=False), replace(other.length, high_open=True), ends, bounds)


def _length(end: float, unit: Unit, *, months: bool = False) -> Range:
    """The fewest and the most days of a length; months, where both are counted in months and years."""
    if isinf(end) or end == 0:
        return exactly(end)
    if months:
        return exactly(end * _MONTHS[unit])
    less, more = _CALENDAR.get(unit, (0.0, 0.0))
    return Range(end * _DAYS[unit] - less, end * _DAYS[unit] + more)


def looks_back(finding: Has) -> Range | None:
    """How many days back a finding counts, as far as months and years tell; 0: now alone; None: counted otherwise."""
    window = finding.window
    if window is None:
        return exactly(inf) if is_always(finding) else exactly(0)
    length = window.length
    if window.anchor == "event" or not window.before or length.low > 0 or window.edge == "start":
        return None
    return replace(_length(length.high, window.unit), high_open=length.high_open)


# -- conditions without their words


def with_leaves(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """The condition with each part that has no parts changed."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(with_leaves(part, change) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(with_leaves(part, change) for part in parts))
        case Not(part):
            return Not(with_leaves(part, change))
        case Unless(rule, exception):
            return Unless(with_leaves(rule, change), with_leaves(exception, change))
        case Only(group, rule):
            return Only(with_leaves(group, change), with_leaves(rule, change))
        case Either(group, then, otherwise):
            return Either(*(with_leaves(part, change) for part in (group, then, otherwise)))
        case _:
            return change(condition)


def wordless(condition: Condition) -> Condition:
    """The condition without the words that it was read from, except where the words are what it says: two that mean the same are equal."""
    return with_leaves(condition, _unworded)


def _unworded(leaf: Condition) -> Condition:
    match leaf:
        case Between():
            return replace(leaf, words="", window=_window(leaf.window))
        case Has():
            return replace(leaf, words="", window=_window(leaf.window), concepts=tuple(sorted(leaf.concepts)))
        case OneOf():
            return replace(leaf, words="")
        case Demographic():
            return replace(leaf, words="", anchor="start")
        case Judged():
            return Judged(leaf.by, fold(leaf.words))
        case PerProtocol():
            return PerProtocol(fold(leaf.words))
        case Unparsed():
            return Unparsed(fold(leaf.words))
        case _:
            return leaf


def _window(window: Window | None) -> Window | None:
    """A window without its words, but for half-lives, which only the words tell."""
    if window is None:
        return None
    words = fold(window.words) if "half" in window.words.lower() else ""
    return replace(window, words=words, event=wordless(window.event) if window.event else None)
