"""The two days that ages and windows count to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Clock:
    """`today`: screening, and what names no anchor; `start`: enrolment, randomisation, first dose, start of treatment."""

    today: date
    start: date
