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

    @property
    def rule(self) -> Condition:
        """What it asks for, or bars, as one condition: for whom, together with what, whom it lets through."""
        parts = (self.atom, *self.beside)
        whole: Condition = self.atom if len(parts) == 1 else AnyOf(parts) if self.wanted else AllOf(parts)
        whole = Unless(whole, AnyOf(self.exceptions)) if self.exceptions else whole
        whom = (*self.group, *map(negated, self.but))
        return Only(AllOf(whom), whole) if whom else whole


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
