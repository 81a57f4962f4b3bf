"""Reads a statement against a section of one record or two: the lines that bear on it, and whether they bear it out."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.statements.bearing import bearing
from assistant.statements.borne import Label, borne


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the records say to a statement."""

    label: Label
    lines: tuple[tuple[int, ...], ...]
    """For each record the numbers of the lines that bear on it, counted from 0."""


def read(section: str, statement: str, records: Sequence[Sequence[str]]) -> Verdict:
    """The verdict on a statement about that section ("Eligibility") of the records, primary first."""
    return Verdict(borne(section, statement, records), bearing(section, statement, records))
