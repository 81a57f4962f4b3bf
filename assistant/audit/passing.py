"""Which of two typed conditions lets more people pass: what follows from what, by ranges, classes, concepts, times and and/or/not.

`follows` proves or fails to prove; it never guesses. So a pair of which neither follows from the other is not comparable, not equal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isclose, isinf
from typing import Final, assert_never

from assistant.audit.worded import fold, narrower_in_words
from assistant.eligibility.conditions import (
    Advised,
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
from assistant.eligibility.judge.concern import sex_of
from assistant.eligibility.judge.finding import OBSERVED, kind_of
from assistant.eligibility.numbers.units import UnitFault, convert, counts_copies
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import implies
from index.trial import Kind

ALL: Final = AllOf(())
"""Holds for everybody."""
NONE: Final = AnyOf(())
"""Holds for nobody."""
_SAME: Final = 0.006
"""How far a bound may move by being rounded in another unit: creatinine 1.5 mg/dL is 132.6 µmol/L, written 133."""
_DAYS: Final = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_CALENDAR: Final = {"month": (2.5, 1.6), "year": (0.3, 0.8)}
"""By how many days calendar months and years may be shorter and longer than their mean."""
_DEEPEST: Final = 24
_TEST: Final = re.compile(r"\b(?:tests?|tested|testing|assay|screening|negative|positive)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Strictness:
    """How two rules compare: whether whoever passes the first passes the second, and the other way round, as far as it is proved."""

    old_in_new: bool
    new_in_old: bool


def compared(old: Condition, new: Condition) -> Strictness:
    """Two conditions of `passing` against one another.

    Where each follows from the other but one has a part that the other lacks ("steroids, or prednisone above 15 mg"), what that part
    means was not understood, so nothing is proved.
    """
    found = Strictness(follows(old, new), follows(new, old))
    return found if found != Strictness(True, True) or _same_parts(old, new) else Strictness(False, False)


def _same_parts(one: Condition, other: Condition) -> bool:
    left, right = set(leaves(one)), set(leaves(other))
    return all(any(_is_same(a, b) for b in right) for a in left) and all(any(_is_same(a, b) for a in left) for b in right)


def _is_same(one: Condition, other: Condition) -> bool:
    """Whether two leaves say the same; the two sides of one bound are its contraries."""
    if follows(one, other) and follows(other, one):
        return True
    against = [part for part in (one, other) if isinstance(part, Between | Demographic)]
    return len(against) == 2 and follows(_plain(one, False), other) and follows(other, _plain(one, False))


@lru_cache(maxsize=8192)
def passing(condition: Condition, kind: Kind) -> Condition:
    """Who passes a line: a condition whose denials stand at its leaves, with every value in its canonical unit and no quoted words.

    Of an exclusion it is the contrary of what is barred; a rule for one group lets everybody else pass.
    """
    return _plain(condition, kind == "inclusion")


def joined(conditions: Iterable[Condition]) -> Condition:
    """Who passes all of several lines."""
    return _all(conditions)


def _plain(condition: Condition, wanted: bool) -> Condition:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            both = isinstance(condition, AllOf) == wanted
            return (_all if both else _any)(_plain(part, wanted) for part in parts)
        case Not(part):
            return _plain(part, not wanted)
        case Only(group, rule):
            bound = _plain(rule, wanted)
            alone = not wanted and _goes_without_saying(group, rule)
            return bound if alone else _any((_plain(group, False), bound))
        case Either(group, then, otherwise):
            inside, outside = _plain(then, wanted), _plain(otherwise, wanted)
            cases = ((_plain(group, True), inside), (_plain(group, False), outside), (inside, outside))
            return _any(map(_all, cases))  # the third says nothing new, but serves a proof that does not ask for the group
        case Unless(rule, exception):
            kept = Unless(_plain(rule, True), _plain(exception, True))
            # Whom the rule does not describe, it does not catch either: said beside it, for a proof that knows no exception.
            return kept if wanted else _any((_plain(rule, False), Not(kept)))
        case Advised():
            return ALL
        case Demographic(sex=None, age=None):
            return ALL if wanted else NONE
        case Between() | Demographic():
            return unworded(condition) if wanted else _outside(condition)
        case Has() | OneOf() | Judged() | PerProtocol() | Unparsed():
            return unworded(condition) if wanted else Not(unworded(condition))
        case _:
            assert_never(condition)


def _goes_without_saying(group: Condition, rule: Condition) -> bool:
    """Whether the group is but the sex that alone can have what is barred: "pregnant women"."""
    if not isinstance(group, Demographic) or group.age:
        return False
    return all(isinstance(leaf, Has) and all(sex_of(one) == group.sex for one in leaf.concepts) for leaf in leaves(rule))


def _all(parts: Iterable[Condition]) -> Condition:
    flat = _flat(parts, AllOf)
    if NONE in flat:
        return NONE
    merged = _intersected([part for part in flat if part != ALL])
    return merged[0] if len(merged) == 1 else AllOf(tuple(merged))


def _any(parts: Iterable[Condition]) -> Condition:
    flat = _flat(parts, AnyOf)
    if ALL in flat:
        return ALL
    kept = [part for part in flat if part != NONE]
    return kept[0] if len(kept) == 1 else AnyOf(tuple(kept))


def _flat(parts: Iterable[Condition], shape: type[AllOf] | type[AnyOf]) -> list[Condition]:
    inner = (each for part in parts for each in (part.parts if isinstance(part, shape) and part.parts else (part,)))
    return list(dict.fromkeys(inner))


def _intersected(parts: list[Condition]) -> list[Condition]:
    """Bounds of one quantity, or of age, as one: "at least 18" and "at most 75" is 18 to 75."""
    found: list[Condition] = []
    for part in parts:
        at = next((at for at, other in enumerate(found) if _one_range(part, other) is not None), None)
        if at is None:
            found.append(part)
        else:
            found[at] = _one_range(part, found[at]) or found[at]
    return found


def _one_range(one: Condition, other: Condition) -> Condition | None:
    if isinstance(one, Between) and isinstance(other, Between) and replace(one, range=other.range) == other:
        both = _overlap(one.range, other.range)
        return replace(one, range=both) if both else None
    if isinstance(one, Demographic) and isinstance(other, Demographic) and one.age and other.age and one.sex == other.sex:
        both = _overlap(one.age, other.age)
        return replace(one, age=both) if both else None
    return None


def _overlap(one: Range, other: Range) -> Range | None:
    low, low_open = max((one.low, one.low_open), (other.low, other.low_open))
    high, high_closed = min((one.high, not one.high_open), (other.high, not other.high_open))
    return Range(low, high, low_open, not high_closed) if low <= high else None


def unworded(leaf: Condition) -> Condition:
    """A leaf without the words that it quotes, except where the words are what it says."""
    match leaf:
        case Between():
            return _in_canonical_unit(replace(leaf, words="", window=_window(leaf.window)))
        case Has():
            words = "test" if leaf.window and _is_looked_for(leaf) else ""
            return replace(leaf, words=words, window=_window(leaf.window), concepts=tuple(sorted(leaf.concepts)))
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


def _is_looked_for(finding: Has) -> bool:
    """Whether the window says when it was looked for, not when it was so: "a negative pregnancy test within 7 days"."""
    return all(kind_of(one) in OBSERVED for one in finding.concepts) and bool(_TEST.search(finding.words))


def _window(window: Window | None) -> Window | None:
    """A window without its words, but for half-lives, which only the words tell."""
    if window is None:
        return None
    words = fold(window.words) if "half" in window.words.lower() else ""
    return replace(window, words=words, event=unworded(window.event) if window.event else None)


def _in_canonical_unit(value: Between) -> Between:
    if value.of or value.unit is None or counts_copies(value.quantity):
        return value
    try:
        return replace(value, range=convert(value.range, value.unit, None, value.quantity), unit=None)
    except UnitFault:
        return value


def _outside(condition: Between | Demographic) -> Condition:
    """The contrary of a range, where its window does not come in between."""
    leaf = unworded(condition)
    if isinstance(leaf, Between) and leaf.window is None:
        return _any(replace(leaf, range=part) for part in _beyond(leaf.range))
    if isinstance(leaf, Demographic) and leaf.age and leaf.sex is None:
        return _any(replace(leaf, age=part) for part in _beyond(leaf.age))
    if isinstance(leaf, Demographic) and leaf.sex and leaf.age is None:
        return replace(leaf, sex="male" if leaf.sex == "female" else "female")
    return Not(leaf)


def _beyond(range: Range) -> Iterator[Range]:
    if not isinf(range.low):
        yield Range(high=range.low, high_open=not range.low_open)
    if not isinf(range.high):
        yield Range(low=range.high, low_open=not range.high_open)


@lru_cache(maxsize=65_536)
def follows(one: Condition, other: Condition, depth: int = 0) -> bool:
    """Whether whoever fulfils `one` fulfils `other`: proved, or False. Both as `passing` makes them."""
    if one in (other, NONE) or other == ALL:
        return True
    if depth > _DEEPEST:
        return False
    if isinstance(one, AnyOf):
        return all(follows(part, other, depth + 1) for part in one.parts)
    if isinstance(other, AllOf):
        return all(follows(one, part, depth + 1) for part in other.parts)
    if isinstance(one, AllOf) and any(follows(part, other, depth + 1) for part in one.parts):
        return True
    if isinstance(other, AnyOf) and any(follows(one, part, depth + 1) for part in other.parts):
        return True
    if isinstance(one, AllOf) and (split := _by_cases(one)) is not None:
        return follows(split, other, depth + 1)
    return _leaf_follows(one, other, depth + 1)


def _by_cases(one: AllOf) -> AnyOf | None:
    """ "A and (B or C)" as "(A and B) or (A and C)"."""
    at = next((at for at, part in enumerate(one.parts) if isinstance(part, AnyOf)), None)
    if at is None:
        return None
    rest, choice = one.parts[:at] + one.parts[at + 1 :], one.parts[at]
    return AnyOf(tuple(_all((*rest, part)) for part in choice.parts)) if isinstance(choice, AnyOf) else None


def _leaf_follows(one: Condition, other: Condition, depth: int) -> bool:
    match one, other:
        case Not(Has(words="test") as part), Not(Has(words="test") as wider):
            # Not found by a look in the shorter time is not found by a look in the longer one.
            return follows(replace(wider, window=None), replace(part, window=None)) and _in_window(part.window, wider.window)
        case Not(part), Not(wider):
            return follows(wider, part, depth)
        case Unless(rule, exception), Unless(wider, less):
            return follows(rule, wider, depth) and follows(less, exception, depth)
        case Unless(rule, _), _:
            return follows(rule, other, depth)
        case Between(), Between():
            same = (one.quantity, one.unit, one.of) == (other.quantity, other.unit, other.of)
            return same and _in_range(one.range, other.range, _SAME) and _in_window(one.window, other.window)
        case OneOf(), OneOf():
            return (one.scale, one.edition) == (other.scale, other.edition) and one.values <= other.values
        case Demographic(), Demographic():
            return (other.sex is None or one.sex == other.sex) and _in_range(one.age, other.age)
        case Has(), Has():
            return _finding_follows(one, other)
        case Judged(by, words), Judged(by_other, others):
            return by == by_other and narrower_in_words(words, others, duty=by == "patient")
        case Unparsed(words), Unparsed(others):
            return narrower_in_words(words, others)
        case PerProtocol(words), PerProtocol(others):
            return narrower_in_words(words, others)
        case _:
            return False


def _finding_follows(one: Has, other: Has) -> bool:
    """A kind of it, with all its traits, at a time that counts, in no other amount."""
    if one.window and other.window and one.window != other.window and one.words != other.words:
        return False
    if (one.other, one.family) != (other.other, other.family) or (one.ever and not (other.ever or other.window)):
        return False
    kinds = all(any(_kind_of(narrow, wide) for wide in other.concepts) for narrow in one.concepts)
    traits = all(any(implies(said, trait) for said in one.traits) for trait in other.traits)
    amounts = ((one.grade, other.grade), (one.count, other.count), (one.size_mm, other.size_mm))
    if other.dose and (one.dose is None or (one.dose.unit, one.dose.of) != (other.dose.unit, other.dose.of)):
        return False
    doses = other.dose is None or (one.dose is not None and _in_range(one.dose.range, other.dose.range))
    return kinds and traits and doses and all(_in_range(*pair) for pair in amounts) and _in_window(one.window, other.window)


def _kind_of(narrow: str, wide: str) -> bool:
    """A concept of the tables under another; words that no table knows are only ever the same words."""
    return narrow == wide or (not narrow.startswith("w:") and not wide.startswith("w:") and is_a(narrow, wide))


def _in_range(one: Range | None, other: Range | None, slack: float = 1e-9) -> bool:
    if other is None:
        return True
    if one is None:
        return False
    low = _at_most((other.low, other.low_open), (one.low, one.low_open), slack)
    return low and _at_most((-other.high, other.high_open), (-one.high, one.high_open), slack)


def _at_most(wide: tuple[float, bool], narrow: tuple[float, bool], slack: float) -> bool:
    """Whether one lower bound lies no higher than another; bounds that differ by rounding are the same."""
    if wide[0] == narrow[0] or isclose(wide[0], narrow[0], rel_tol=slack):
        return narrow[1] or not wide[1]
    return wide[0] < narrow[0]


def _in_window(one: Window | None, other: Window | None) -> bool:
    """Whether all that happens in the first window happens in the second, wherever in the month one counts."""
    if other is None:
        return True
    if one is None or (one.before, one.event, one.edge, one.words) != (other.before, other.event, other.edge, other.words):
        return False
    inside = _in_range(one.length, other.length) if one.unit == other.unit else _surely_in(one, other)
    if one.anchor == other.anchor:
        return inside
    # The start is today or later: what lies a shorter time before the start lies in the longer time before today.
    return (
        inside and (one.anchor, other.anchor) == ("start", "today") and one.length.low <= 0 and _days(one)[1] < _days(other)[0]
    )


def _surely_in(one: Window, other: Window) -> bool:
    lows = _end(one.length.low, one.unit)[0], _end(other.length.low, other.unit)[1]
    highs = _end(one.length.high, one.unit)[1], _end(other.length.high, other.unit)[0]
    low = _at_most((lows[1], other.length.low_open), (lows[0], one.length.low_open), 1e-9)
    return low and _at_most((-highs[1], other.length.high_open), (-highs[0], one.length.high_open), 1e-9)


def _days(window: Window) -> tuple[float, float]:
    return _end(window.length.high, window.unit)


def _end(length: float, unit: str) -> tuple[float, float]:
    """The fewest and the most days of a length."""
    if isinf(length) or length == 0:
        return length, length
    less, more = _CALENDAR.get(unit, (0.0, 0.0))
    days = _DAYS[unit] * length
    return days - less, days + more
