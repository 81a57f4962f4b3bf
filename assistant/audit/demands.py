"""A trial's lines taken apart into single demands: one value, class, age or finding that must be so, or must not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.eligibility.assess import Line, Rules
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

Atom = Between | OneOf | Has | Demographic


@dataclass(frozen=True, slots=True)
class Demand:
    """One simple condition that everybody who passes meets (`wanted`) or does not meet, as far as the rest does not alter it."""

    line: Line
    wanted: bool
    atom: Atom
    exceptions: tuple[Condition, ...] = ()
    """Whom it lets through all the same."""
    group: tuple[Condition, ...] = ()
    """Whom alone it binds."""
    but: tuple[Condition, ...] = ()
    """Who has a rule of their own."""
    beside: tuple[Condition, ...] = ()
    """Barred only together with these; or wanted, where these do as well."""
    left_to: Literal["protocol", "investigator", "patient"] | None = None
    """Who decides it in the end."""
    turned: bool = False
    """The record says the reverse: what it bars is given as what is left."""


def demands(rules: Rules) -> Iterator[Demand]:
    """Every demand of a trial, line by line."""
    for line in rules.lines:
        yield from _taken_apart(line.condition, Demand(line, line.kind == "inclusion", Demographic()))


def _taken_apart(condition: Condition, so_far: Demand) -> Iterator[Demand]:
    """The demands of a condition; `so_far` is what stands above it."""
    match condition:
        case Between() | OneOf() | Has() | Demographic():
            yield replace(so_far, atom=condition)
        case Not(part):
            yield from _taken_apart(part, replace(so_far, wanted=not so_far.wanted, beside=tuple(map(negated, so_far.beside))))
        case AllOf(parts) | AnyOf(parts):
            together = isinstance(condition, AllOf) != so_far.wanted
            for place, part in enumerate(parts):
                others = map(negated, map(negated, (*parts[:place], *parts[place + 1 :]))) if together else ()
                yield from _taken_apart(part, replace(so_far, beside=(*so_far.beside, *others)))
        case Unless(rule, exception):
            yield from _taken_apart(rule, replace(so_far, exceptions=(*so_far.exceptions, exception)))
        case Only(group, rule):
            yield from _taken_apart(rule, replace(so_far, group=(*so_far.group, group)))
        case Either(group, then, otherwise):
            yield from _taken_apart(then, replace(so_far, group=(*so_far.group, group)))
            yield from _taken_apart(otherwise, replace(so_far, but=(*so_far.but, group)))
        case Judged(by, _, facts) if facts is not None:
            yield from _taken_apart(facts, replace(so_far, left_to=by))
        case PerProtocol(_, facts) if facts is not None:
            yield from _taken_apart(facts, replace(so_far, left_to="protocol"))
        case Judged() | PerProtocol() | Advised() | Unparsed():
            return


def negated(condition: Condition) -> Condition:
    """That it does not hold; of what does not hold, that it does."""
    return condition.part if isinstance(condition, Not) else Not(condition)


def simple(condition: Condition) -> Iterator[Condition]:
    """A condition's parts that have no parts."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from simple(part)
        case Not(part):
            yield from simple(part)
        case Unless(one, other) | Only(one, other):
            yield from simple(one)
            yield from simple(other)
        case Either(group, then, otherwise):
            for part in (group, then, otherwise):
                yield from simple(part)
        case _:
            yield condition


def wordless(condition: Condition) -> Condition:
    """The condition without the words that it was read from: two that mean the same are equal."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(map(wordless, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(wordless, parts)))
        case Not(part):
            return Not(wordless(part))
        case Unless(rule, exception):
            return Unless(wordless(rule), wordless(exception))
        case Only(group, rule):
            return Only(wordless(group), wordless(rule))
        case Either(group, then, otherwise):
            return Either(wordless(group), wordless(then), wordless(otherwise))
        case Has(window=window) | Between(window=window):
            return replace(condition, words="", window=window and replace(window, words=""))
        case OneOf() | Demographic():
            return replace(condition, words="")
        case Judged() | PerProtocol() | Advised() | Unparsed():
            return condition
