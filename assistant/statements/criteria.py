"""Somebody whom a statement describes, held against criteria that stand as plain lines."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.eligibility.assess import status
from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import Condition
from assistant.eligibility.judge import judge
from assistant.eligibility.notes import read_note
from assistant.eligibility.parse import parse
from index.trial import Kind


@dataclass(frozen=True, slots=True)
class Fared:
    """How many lines came out how."""

    met: int
    failed: int
    open: int


_DAY = date(2020, 1, 1)
"""Statements name no day that a window could count to: any does."""


def judged(described: str, lines: tuple[tuple[Kind, str], ...]) -> Fared:
    """How the lines come out for whom the statement describes."""
    patient = read_note(described, _DAY)
    found = Counter(status(judge(_condition(text, kind), patient, Clock(_DAY, _DAY), kind=kind), kind) for kind, text in lines)
    return Fared(found["satisfied"], found["violated"], found["unknown"])


@lru_cache(maxsize=20_000)
def _condition(text: str, kind: Kind) -> Condition:
    return parse(text, kind)
