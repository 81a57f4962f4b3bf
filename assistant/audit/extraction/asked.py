"""What each criterion asks of whoever passes: the leaves of its condition, each wanted or barred."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.audit.record import Record
from assistant.eligibility.assess import Line
from assistant.eligibility.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
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
from assistant.eligibility.vocabulary.concepts import is_a


@dataclass(frozen=True, slots=True)
class Asked:
    """One leaf of a criterion."""

    line: Line
    leaf: Has | Between | OneOf
    wanted: bool
    """Whether those who pass have it; else they must not."""
    plain: bool
    """Whether it binds whoever passes; else it is one way of several, or holds for a group."""


def asked(record: Record) -> Iterator[Asked]:
    """Everything that the criteria ask, in their order. What an exception or a group describes is not asked."""
    study = record.rules.study
    for line in record.rules.lines:
        for leaf, wanted, plain in _leaves(line.condition, line.kind == "inclusion", True, study):
            yield Asked(line, leaf, wanted, plain)


def _leaves(
    condition: Condition, wanted: bool, plain: bool, study: frozenset[str]
) -> Iterator[tuple[Has | Between | OneOf, bool, bool]]:
    match condition:
        case Has() | Between() | OneOf():
            yield condition, wanted, plain
        case Not(part):
            yield from _leaves(part, not wanted, plain, study)
        case AllOf(parts) | AnyOf(parts):
            each = isinstance(condition, AllOf) == wanted or sum(_says(part, study) for part in parts) < 2
            for part in parts:
                yield from _leaves(part, wanted, plain and each, study)
        case Unless(rule, _):
            yield from _leaves(rule, wanted, plain, study)
        case Only(_, rule):
            yield from _leaves(rule, wanted, False, study)
        case Either(_, then, otherwise):
            yield from _leaves(then, wanted, False, study)
            yield from _leaves(otherwise, wanted, False, study)
        case Judged(_, _, facts) | PerProtocol(_, facts):
            if facts is not None:
                yield from _leaves(facts, wanted, plain, study)
        case _:
            return


def _says(part: Condition, study: frozenset[str]) -> bool:
    """Whether a limb says something of its own: not the words around it, nor the disease that all the trial's patients have."""
    if isinstance(part, Has):
        return not worded(part) and not _given(part, study)
    return not isinstance(part, Unparsed)


def _given(part: Has, study: frozenset[str]) -> bool:
    if part.traits or part.window or part.other or part.count:
        return False
    return any(is_a(disease, one) for disease in study for one in part.concepts)


def worded(finding: Has) -> bool:
    """Whether no table knows what is named."""
    return all(one.startswith("w:") for one in finding.concepts)


def lines_of(found: Iterable[Asked]) -> tuple[Line, ...]:
    """The criteria, each once, in their order."""
    return tuple(dict.fromkeys(one.line for one in found))
