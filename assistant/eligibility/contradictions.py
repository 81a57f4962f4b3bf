"""Finds lines of one record that no patient can both satisfy: one asks for what another bars."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.eligibility.conditions import AllOf, AnyOf, Condition, Has, Not
from assistant.eligibility.judge.finding import is_root, kind_of
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import implies
from index.trial import Kind

_GIVEN = frozenset({"drug", "therapy", "procedure"})


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One line asks for what another bars."""

    requiring: str
    barring: str
    """Ids of the criteria."""
    asked: Has
    barred: Has


def contradictions(lines: Iterable[tuple[str, Kind, Condition]], study: frozenset[str]) -> tuple[Contradiction, ...]:
    """Each pair of lines of which one requires a past treatment and another bars it, or a wider one, at any time and in any form.

    `study`: the concepts of the trial's disease, which all of its patients have: "treatment for …" adds nothing to what is barred.
    """
    required_: list[tuple[str, Has]] = []
    barred: list[tuple[str, Has]] = []
    for id, kind, condition in lines:
        treatments = [demand for demand in _demands(condition, kind == "inclusion", study) if _is_treatment(demand[1])]
        past = any(wanted and (finding.ever or finding.count) for wanted, finding in treatments)
        required_ += [(id, finding) for wanted, finding in treatments if wanted and past]
        barred += [(id, finding) for wanted, finding in treatments if not wanted]
    return tuple(
        Contradiction(asking, barring, asked, bar)
        for asking, asked in required_
        for barring, bar in barred
        if asking != barring and _rules_out(bar, replace(asked, ever=True))
    )


def _is_treatment(finding: Has) -> bool:
    """Whether it is something given, of which a class says something ("anticancer therapy", not "medication")."""
    return all(kind_of(one) in _GIVEN and not is_root(one) for one in finding.concepts)


def required(lines: Iterable[tuple[Kind, Condition]]) -> tuple[Has, ...]:
    """The findings that every patient must have."""
    demands = (demand for kind, condition in lines for demand in _demands(condition, kind == "inclusion", frozenset()))
    return tuple(finding for wanted, finding in demands if wanted)


def _demands(condition: Condition, wanted: bool, study: frozenset[str]) -> Iterator[tuple[bool, Has]]:
    """The findings that every passing patient must have (True) or must not have (False), as far as the condition is plain."""
    match condition:
        case Has():
            yield wanted, condition
        case Not(part):
            yield from _demands(part, not wanted, study)
        case AllOf(parts) | AnyOf(parts):
            each = isinstance(condition, AllOf) == wanted
            bound = parts if each else [part for part in parts if isinstance(condition, AnyOf) or not is_given(part, study)]
            for part in bound if each or len(bound) == 1 else ():
                yield from _demands(part, wanted, study)
        case _:
            return


def is_given(part: Condition, study: frozenset[str]) -> bool:
    """Whether a limb only names the disease that all the trial's patients have."""
    if not isinstance(part, Has) or part.traits or part.window or part.other:
        return False
    return any(is_a(disease, one) for disease in study for one in part.concepts)


def _rules_out(bar: Has, asked: Has) -> bool:
    """Whether everybody with what is asked is caught by what is barred."""
    if bar.window or bar.grade or bar.count or bar.size_mm or bar.other or asked.other or bar.family != asked.family:
        return False
    if not bar.ever:
        return False
    if not all(any(implies(said, trait) for said in asked.traits) for trait in bar.traits):
        return False
    return all(any(is_a(one, wide) for wide in bar.concepts) for one in asked.concepts)
