"""Patients built by hand: facts in their words, each where it stands in the text."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Clause, Days, Finding, Grading, Measurement, Patient, Words
from assistant.eligibility.ranges import Range, exactly
from index.words import stems

CLOCK = Clock(date(2026, 1, 20), date(2026, 1, 27))
_NOWHERE = Words(0, 0, "")


def on(day: str) -> Days:
    """One day."""
    return Days(date.fromisoformat(day), date.fromisoformat(day))


def year(number: int) -> Days:
    """Any day of a year."""
    return Days(date(number, 1, 1), date(number, 12, 31))


def has(concept: str, quote: str = "", *traits: str, **more: Any) -> Finding:
    """A finding that is there."""
    return Finding(concept, True, Words(0, 0, quote or f"has {concept}"), frozenset(traits), **more)


def no(concept: str, quote: str = "", *traits: str, **more: Any) -> Finding:
    """A finding that is denied."""
    return Finding(concept, False, Words(0, 0, quote or f"no {concept}"), frozenset(traits), **more)


def value(quantity: str, number: float | Range, unit: str | None = None, uln: float | None = None, **more: Any) -> Measurement:
    """A measured number; `uln`: the laboratory's upper limit."""
    said = number if isinstance(number, Range) else exactly(number)
    limit = None if uln is None else exactly(uln)
    shown = f"{number:g}" if isinstance(number, (int, float)) else "said"
    return Measurement(quantity, said, unit, Words(0, 0, f"{quantity} {shown} {unit or ''}".strip()), limit, **more)


def grading(scale: str, *values: str, edition: str | None = None, given: Days | None = None) -> Grading:
    """A class on a scale."""
    return Grading(scale, frozenset(values), Words(0, 0, f"{scale} {values[0]}"), edition, given)


def clause(quote: str, *, denied: bool = False, **more: Any) -> Clause:
    """A stretch of text with its stems."""
    return Clause(Words(0, 0, quote), frozenset(stems(quote)), denied, **more)


def patient(*facts: Finding | Measurement | Grading, clauses: Iterable[Clause] = (), **more: Any) -> Patient:
    """A patient whose text is made of the facts' words, so that every fact quotes it."""
    text = ""
    placed: list[Any] = []
    for fact in (*facts, *clauses):
        start = len(text)
        text += f"{fact.words.quote}. "
        placed.append(replace(fact, words=Words(start, start + len(fact.words.quote), fact.words.quote)))
    return Patient(text, tuple(placed[: len(facts)]), tuple(placed[len(facts) :]), **more)
