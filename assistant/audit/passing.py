"""Who passes a rule, and whether everybody who passes one passes another: entailment of single conditions through and, or, not and unless.

A pair of which neither is proved to follow from the other is not comparable, not equal.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isinf, prod
from typing import Final, assert_never

from assistant.audit.entailment import entails, in_window, wordless
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
)
from assistant.eligibility.judge.concern import sex_of
from assistant.eligibility.judge.finding import OBSERVED, kind_of
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.ranges import Range
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, some
from index.trial import Kind

ALL: Final = AllOf(())
"""Holds for everybody."""
NONE: Final = AnyOf(())
"""Holds for nobody."""
_DEEPEST: Final = 24
_MOST_CASES: Final = 256
_TEST: Final = re.compile(r"\b(?:tests?|tested|testing|assay|screening|negative|positive)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proved:
    """How two rules compare: whether whoever passes the first passes the second, and the other way round, as far as it is proved."""

    old_in_new: bool
    new_in_old: bool


def compared(old: Condition, new: Condition) -> Proved:
    """Two conditions of `passing` against one another.

    Where each follows from the other but one has a part that the other lacks ("steroids, or prednisone above 15 mg"), what that part
    means was not understood, so nothing is proved.
    """
    found = Proved(follows(old, new), follows(new, old))
    return found if found != Proved(True, True) or _same_parts(old, new) else Proved(False, False)


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
            return _leaf(condition) if wanted else _outside(condition)
        case Has() | OneOf() | Judged() | PerProtocol() | Unparsed():
            return _leaf(condition) if wanted else Not(_leaf(condition))
        case _:
            assert_never(condition)


def _goes_without_saying(group: Condition, rule: Condition) -> bool:
    """Whether the group is but the sex that alone can have what is barred: "pregnant women"."""
    if not isinstance(group, Demographic) or group.age:
        return False
    return all(isinstance(leaf, Has) and all(sex_of(one) == group.sex for one in leaf.concepts) for leaf in leaves(rule))


def _all(parts: Iterable[Condition]) -> Condition:
    flat = _flat(parts, AllOf)
    if NONE in flat or any(isinstance(part, Not) and part.part in flat for part in flat):
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
        both = overlap(one.range, other.range)
        return replace(one, range=both) if both else None
    if isinstance(one, Demographic) and isinstance(other, Demographic) and one.age and other.age and one.sex == other.sex:
        both = overlap(one.age, other.age)
        return replace(one, age=both) if both else None
    return None


def overlap(one: Range, other: Range) -> Range | None:
    """The numbers that lie in both; None where there are none."""
    low, low_open = max((one.low, one.low_open), (other.low, other.low_open))
    high, high_closed = min((one.high, not one.high_open), (other.high, not other.high_open))
    met = low < high or (low == high and not low_open and high_closed)
    return Range(low, high, low_open, not high_closed) if met else None


def _leaf(leaf: Condition) -> Condition:
    """A leaf without its words; of a finding whose window says when it was looked for, that it is one: "a negative test within 7 days"."""
    plain = wordless(leaf)
    return replace(plain, words="test") if isinstance(leaf, Has) and isinstance(plain, Has) and _is_looked_for(leaf) else plain


def _is_looked_for(finding: Has) -> bool:
    observed = all(kind_of(one) in OBSERVED for one in finding.concepts)
    return finding.window is not None and observed and bool(_TEST.search(finding.words))


def _outside(condition: Between | Demographic) -> Condition:
    """The contrary of a range, where its window does not come in between."""
    leaf = _leaf(condition)
    if isinstance(leaf, Between) and leaf.window is None:
        return _any(replace(leaf, range=part) for part in beyond(leaf.range))
    if isinstance(leaf, Demographic) and leaf.age and leaf.sex is None:
        return _any(replace(leaf, age=part) for part in beyond(leaf.age))
    if isinstance(leaf, Demographic) and leaf.sex and leaf.age is None:
        return replace(leaf, sex="male" if leaf.sex == "female" else "female")
    return Not(leaf)


def beyond(range: Range) -> Iterator[Range]:
    """What lies below and above a range."""
    if not isinf(range.low):
        yield Range(high=range.low, high_open=not range.low_open)
    if not isinf(range.high):
        yield Range(low=range.high, low_open=not range.high_open)


def follows(one: Condition, other: Condition) -> bool:
    """Whether it is proved that whoever fulfils `one` fulfils `other`. Both as `passing` makes them."""
    return implied(one, other) is TRUE


@lru_cache(maxsize=65_536)
def implied(one: Condition, other: Condition, depth: int = 0) -> Truth:
    """Whether whoever fulfils `one` fulfils `other`, each part of which is held against each. Both as `passing` makes them."""
    if one in (other, NONE) or other == ALL:
        return TRUE
    if depth > _DEEPEST:
        return UNKNOWN
    if isinstance(one, AnyOf):
        return every(implied(part, other, depth + 1) for part in one.parts)
    if isinstance(other, AllOf):
        return every(implied(one, part, depth + 1) for part in other.parts)
    if isinstance(one, AllOf) or isinstance(other, AnyOf):
        found = some(implied(part, other, depth + 1) for part in one.parts) if isinstance(one, AllOf) else FALSE
        found |= some(implied(one, part, depth + 1) for part in other.parts) if isinstance(other, AnyOf) else FALSE
        if found is not TRUE and isinstance(one, AllOf) and (split := _by_cases(one)) is not None:
            found |= implied(split, other, depth + 1)
        return found
    return _single(one, other, depth + 1)


def _single(one: Condition, other: Condition, depth: int) -> Truth:
    match one, other:
        case Not(Has(words="test") as part), Not(Has(words="test") as wider):
            # Not found by a look in the shorter time is not found by a look in the longer one.
            return entails(replace(wider, window=None), replace(part, window=None)) & in_window(part.window, wider.window)
        case Not(part), Not(wider):
            return implied(wider, part, depth)
        case Unless(rule, exception), Unless(wider, less):
            return implied(rule, wider, depth) & implied(less, exception, depth)
        case Unless(rule, _), _:
            return implied(rule, other, depth)
        case Has(words=looked), Has(words=looked_other) if looked != looked_other and one.window and other.window != one.window:
            return UNKNOWN if other.window else entails(one, other)
        case _:
            return entails(one, other)


def _by_cases(one: AllOf) -> AnyOf | None:
    """ "A and (B or C)" as "(A and B) or (A and C)"."""
    at = next((at for at, part in enumerate(one.parts) if isinstance(part, AnyOf)), None)
    if at is None or prod(len(part.parts) for part in one.parts if isinstance(part, AnyOf)) > _MOST_CASES:
        return None
    rest, choice = one.parts[:at] + one.parts[at + 1 :], one.parts[at]
    return AnyOf(tuple(_all((*rest, part)) for part in choice.parts)) if isinstance(choice, AnyOf) else None
