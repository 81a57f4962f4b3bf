"""Changes that reach every leaf of a condition: a window, a trait or "history of" that its words share."""

from collections.abc import Callable, Iterable
from dataclasses import replace

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


def all_of(parts: Iterable[Condition | None]) -> Condition | None:
    """All of the parts, flat, repeats dropped; the part itself where there is one, None of none."""
    flat = _flat(parts, AllOf)
    return (flat[0] if len(flat) == 1 else AllOf(flat)) if flat else None


def any_of(parts: Iterable[Condition | None]) -> Condition | None:
    """Any of the parts, as `all_of`; advice is no alternative to what is asked for."""
    every = _flat(parts, AnyOf)
    flat = tuple(part for part in every if not isinstance(part, Advised)) or every[:1]
    return (flat[0] if len(flat) == 1 else AnyOf(flat)) if flat else None


def _flat(parts: Iterable[Condition | None], shape: type[AllOf] | type[AnyOf]) -> tuple[Condition, ...]:
    found: dict[Condition, Condition] = {}
    for part in parts:
        for each in part.parts if isinstance(part, shape) else (part,):
            if each is not None:
                found.setdefault(_unworded(each), each)
    return tuple(found.values())


def _unworded(part: Condition) -> Condition:
    """A leaf without the words that it quotes, so that the same thing said twice is one."""
    return replace(part, words="") if isinstance(part, Between | Has | OneOf | Demographic) else part


def mapped(condition: Condition, change: Callable[[Condition], Condition], *, into_exceptions: bool = False) -> Condition:
    """The condition with `change` done to each leaf. Exceptions and groups are left as they are."""

    def again(part: Condition) -> Condition:
        return mapped(part, change, into_exceptions=into_exceptions)

    match condition:
        case AllOf(parts):
            return AllOf(tuple(map(again, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(again, parts)))
        case Not(part):
            return Not(again(part))
        case Unless(rule, exception):
            return Unless(again(rule), again(exception) if into_exceptions else exception)
        case Only(group, rule):
            return Only(group, again(rule))
        case Either(group, then, otherwise):
            return Either(group, again(then), again(otherwise))
        case Judged(by, words, facts):
            return Judged(by, words, again(facts) if facts else None)
        case PerProtocol(words, facts):
            return PerProtocol(words, again(facts) if facts else None)
        case _:
            return change(condition)


def ungrouped(condition: Condition) -> Condition:
    """Without a group that is but the failing of an alternative: "A ≤ 1.5, or B ≥ 60 for those with A > 1.5" binds all."""
    match condition:
        case Only(Between() as group, AnyOf(parts) as rule) if any(_is_rest(group, part) for part in parts):
            return rule
        case AllOf(parts):
            return AllOf(tuple(map(ungrouped, parts)))
        case _:
            return condition


def _is_rest(group: Between, part: Condition) -> bool:
    """Whether a group holds those whom a bound leaves out."""
    same = isinstance(part, Between) and (part.quantity, part.unit, part.of) == (group.quantity, group.unit, group.of)
    return same and isinstance(part, Between) and not group.range.meets(part.range)


def with_window(condition: Condition, window: Window) -> Condition:
    """The window set where none is."""

    def change(leaf: Condition) -> Condition:
        return replace(leaf, window=window) if isinstance(leaf, Has | Between) and leaf.window is None else leaf

    return mapped(condition, change)


def with_measure_window(condition: Condition, window: Window) -> Condition:
    """The window set on measured values that have none."""

    def change(leaf: Condition) -> Condition:
        return replace(leaf, window=window) if isinstance(leaf, Between) and leaf.window is None else leaf

    return mapped(condition, change)


def with_has(condition: Condition, change: Callable[[Has], Has]) -> Condition:
    """`change` done to each Has."""
    return mapped(condition, lambda leaf: change(leaf) if isinstance(leaf, Has) else leaf)


def with_first_has(condition: Condition, change: Callable[[Has], Has]) -> Condition:
    """`change` done to the first Has alone: what a limb is about."""
    if isinstance(condition, AllOf):
        at = next((at for at, part in enumerate(condition.parts) if isinstance(part, Has)), None)
        if at is not None:
            return AllOf(tuple(with_has(part, change) if place == at else part for place, part in enumerate(condition.parts)))
    return with_has(condition, change)


def leaves(condition: Condition) -> tuple[Condition, ...]:
    """Every leaf, exceptions and groups included, in order."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case Not(part):
            return leaves(part)
        case Unless(rule, exception):
            return leaves(rule) + leaves(exception)
        case Only(group, rule):
            return leaves(group) + leaves(rule)
        case Either(group, then, otherwise):
            return leaves(group) + leaves(then) + leaves(otherwise)
        case Judged(_, _, facts) | PerProtocol(_, facts):
            return (condition, *leaves(facts)) if facts else (condition,)
        case _:
            return (condition,)


def understood(condition: Condition) -> bool:
    """Whether no part is `Unparsed`."""
    return not any(isinstance(leaf, Unparsed) for leaf in leaves(condition))


def decided_by_facts(condition: Condition) -> bool:
    """Whether some leaf is a fact that a patient's text can hold."""
    return any(isinstance(leaf, Has | Between | OneOf | Demographic) for leaf in leaves(condition))
