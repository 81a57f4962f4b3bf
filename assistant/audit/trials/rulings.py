"""What trials rule about a fact, and which is stricter, in words: the trial's own limits, conversions shown, exceptions named."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from math import inf, isfinite
from typing import Final

from assistant.audit.demands import Demand
from assistant.audit.entailment import looks_back
from assistant.audit.passing import overlap
from assistant.audit.trials.facts import Fact
from assistant.audit.trials.strictness import Order, Pair, Stand, Strictness
from assistant.eligibility.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Has,
    Not,
    OneOf,
)
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.numbers.units import counts_copies
from assistant.eligibility.phrases import in_words
from assistant.eligibility.ranges import Range
from assistant.eligibility.wording import asked, limits, named, outside, unit_of
from assistant.voices import Voiced, voiced
from index.trial import Trial

_MOST_SAID: Final = 8
"""Sentences on pairs of more than two trials."""
_MOST: Final = 4
"""Demands said one by one."""


def name_of(trial: Trial) -> str:
    """How a trial is called in a sentence."""
    return trial.id


def ruled(stand: Stand, fact: Fact) -> str:
    """What one trial says of a fact: "asks for hemoglobin at least 90 g/L"."""
    match stand.state:
        case "none":
            return "no rule stated"
        case "mentioned":
            return "speaks of it, in words that give no rule to compare"
        case "open":
            return f"left to the {stand.demands[0].left_to}"
        case "rule":
            said = list(dict.fromkeys(_said(stand.demands)))
            more = f"; {len(said) - _MOST} more" if len(said) > _MOST else ""
            return "; ".join(said[:_MOST]) + more


def _said(demands: Sequence[Demand]) -> Iterator[str]:
    for _, same in groupby(demands, key=_alike):
        yield _one(list(same))


def _alike(demand: Demand) -> tuple[object, ...]:
    """Bounds of one measure for one group of people are said together; all else by itself."""
    match demand.atom:
        case Between(id, _, unit, of) if not demand.beside:
            return id, unit, of, demand.group, demand.turned
        case Demographic(sex=None) if not demand.beside:
            return ("age", demand.group)
        case _:
            return (demand,)


def _one(same: Sequence[Demand]) -> str:
    first = same[0]
    whom = f" ({' and '.join(map(_shortly, first.group))})" if first.group else ""
    match first.atom:
        case Between() as value if first.wanted and not first.beside:
            bounds = _together([one.atom.range for one in same if isinstance(one.atom, Between)])
            said = outside(bounds, unit_of(value)) if first.turned else limits(bounds, unit_of(value))
            return f"{'rules out' if first.turned else 'asks for'} {quantity(value.quantity).name} {said}{whom}"
        case OneOf(id, values) as graded if first.turned:
            barred = replace(graded, values=frozenset(scale(id).values) - values)
            return f"rules out {asked(barred)}{whom}"
        case Demographic(sex=None) if not first.beside:
            ages = [one.atom.age for one in same if isinstance(one.atom, Demographic) and one.atom.age]
            return f"takes ages {_ages(_together(ages))}{whom}"
        case Demographic(sex=sex):
            return f"takes {sex}s only" if sex and first.wanted else _shortly(first.atom)
        case _:
            others = [_shortly(part) for part in first.beside]
            joined = (" or " if first.wanted else " together with ").join(others)
            beside = (f" or {joined}" if first.wanted else f" together with {joined}") if others else ""
            but = "".join(f", but for {_shortly(one)}" for one in first.exceptions)
            return f"{'asks for' if first.wanted else 'rules out'} {_shortly(first.atom)}{beside}{but}{whom}"


def _ages(ages: Range) -> str:
    return limits(ages, "years").removeprefix("from ")


def _together(ranges: Sequence[Range]) -> Range:
    """The numbers that lie in all of the ranges; the first where none does."""
    both: Range | None = ranges[0]
    for one in ranges[1:]:
        both = both and overlap(both, one)
    return both or ranges[0]


def _shortly(condition: Condition) -> str:
    match condition:
        case Has(window=None, traits=traits) if not traits and not condition.grade and not condition.ever:
            return named(condition)
        case Has() | Between() | OneOf():
            return asked(condition)
        case AllOf(parts):
            return " and ".join(map(_shortly, parts))
        case AnyOf(parts):
            return " or ".join(map(_shortly, parts))
        case Not(Not(part)):
            return _shortly(part)
        case Not(part):
            return f"no {_shortly(part)}"
        case _:
            return in_words(condition)


def verdict(found: Strictness) -> tuple[Voiced, ...]:
    """Which trial is stricter, in a sentence or two; what could not be told, and why."""
    ruling, name = found.ruling, found.fact.name
    if len(ruling) < 2:
        return (
            voiced("compare-only", trial=name_of(ruling[0].trial), fact=name) if ruling else voiced("compare-none", fact=name),
        )
    if len(ruling) == 2:
        return tuple(_of_two(found.fact, found.pairs[0]))
    top = found.strictest
    if len(top) == len(ruling):
        return (voiced("compare-same", fact=name),)
    if top:
        return (voiced("compare-strictest", trials=_listed(top), fact=name),)
    apart = [one for pair in found.pairs if pair.relation != "same" for one in _of_two(found.fact, pair)]
    return (voiced("compare-no-strictest", fact=name), *apart[:_MOST_SAID])


def silence(found: Strictness) -> Voiced | None:
    """Which trials state no rule, where others do."""
    none = [one for one in found.stands if one.state == "none"]
    return voiced("compare-silent", trials=_listed(none), fact=found.fact.name) if none and len(found.ruling) > 1 else None


def back_to_back(found: Strictness) -> Iterator[Voiced]:
    """How long back each of two trials counts, the longer first."""
    for pair in found.pairs:
        for order in pair.orders:
            yield from _times(order, name_of(pair.first.trial), name_of(pair.second.trial))


def _listed(stands: Sequence[Stand]) -> str:
    return " and ".join(name_of(one.trial) for one in stands)


def _of_two(fact: Fact, pair: Pair) -> Iterator[Voiced]:
    first, second = name_of(pair.first.trial), name_of(pair.second.trial)
    match pair.relation:
        case "same":
            yield voiced("compare-same", fact=f"{fact.name} ({first}, {second})")
        case "first" | "second":
            strict, other = (first, second) if pair.relation == "first" else (second, first)
            yield voiced("compare-stricter", trial=strict, other=other, fact=fact.name)
        case "opposite":
            yield voiced("compare-opposite", trial=first, other=second, fact=fact.name)
        case "each":
            yield voiced("compare-each", trial=first, other=second, fact=fact.name)
        case "unclear":
            yield voiced("compare-unclear", trial=first, other=second, fact=fact.name, why=_why_unclear(pair))
    for order in pair.orders:
        yield from _difference(order, first, second, single=pair.relation in ("first", "second") and len(pair.orders) == 1)
    for trial, only in ((first, pair.only_first), (second, pair.only_second)):
        if only and pair.orders:
            yield voiced("compare-also", trial=trial, rule="; ".join(list(dict.fromkeys(_said(only)))[:2]))


def _difference(order: Order, first: str, second: str, *, single: bool) -> Iterator[Voiced]:
    """Which is stricter about one measure of several, with the conversion; and how long back each looks."""
    if order.aspect != "finding" and order.relation in ("first", "second") and not single:
        strict, other = (first, second) if order.relation == "first" else (second, first)
        yield voiced("compare-stricter", trial=strict, other=other, fact=_aspect(order))
    if order.working:
        yield voiced("compare-working", working=order.working)
    yield from _times(order, first, second)


def _times(order: Order, first: str, second: str) -> Iterator[Voiced]:
    mine, its = (_back(demands) for demands in (order.first, order.second))
    same = _equal(order)
    if mine and its and order.aspect == "finding" and (mine != its or any(char.isdigit() for char in mine)):
        yield voiced("compare-time-same" if same else "compare-time", trial=first, mine=mine, other=second, its=its)


def _equal(order: Order) -> bool:
    mine, its = (_longest(demands) for demands in (order.first, order.second))
    return mine is not None and its is not None and looks_back(mine) == looks_back(its)


def _longest(demands: Sequence[Demand]) -> Has | None:
    """The bar that looks back longest, where all of them tell how long."""
    barred = [one.atom for one in demands if not one.wanted and isinstance(one.atom, Has)]
    lengths = [(back.low, one) for one in barred if (back := looks_back(one)) is not None]
    return max(lengths, key=lambda one: one[0])[1] if lengths and len(lengths) == len(barred) else None


def _back(demands: Sequence[Demand]) -> str:
    longest = _longest(demands)
    if longest is None:
        return ""
    window = longest.window
    if window is None:
        back = looks_back(longest)
        return "at any time" if back is not None and back.low == inf else "now"
    high = window.length.high
    return (
        f"the last {limits(Range(high, high), window.unit + ('' if high == 1 else 's'))}" if isfinite(high) else "at any time"
    )


def _aspect(order: Order) -> str:
    atom = order.first[0].atom
    return (
        quantity(atom.quantity).name
        if isinstance(atom, Between)
        else asked(atom).split(" ")[0]
        if isinstance(atom, OneOf)
        else order.aspect
    )


def _why_unclear(pair: Pair) -> str:
    for one in (pair.first, pair.second):
        if one.contradicts:
            return f"{name_of(one.trial)} asks for what it rules out itself"
    for order in pair.orders:
        if order.relation == "unclear":
            return _why(order)
    return "they rule on different sides of it"


def _why(order: Order) -> str:
    one, other = order.first[0].atom, order.second[0].atom
    if isinstance(one, Between) and isinstance(other, Between):
        if one.of != other.of:
            return "one counts in limits of normal, the other in plain numbers"
        if counts_copies(one.quantity) and one.unit != other.unit:
            return "how many copies one IU is differs by test"
    if isinstance(one, OneOf) and isinstance(other, OneOf) and one.edition != other.edition:
        return "their stages are of different editions"
    return "their words differ too much"
