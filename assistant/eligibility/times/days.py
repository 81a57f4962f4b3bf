"""Counts days, months and years by the calendar, to the precision that is known."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from math import inf
from typing import Literal

from assistant.eligibility.patient import Days
from assistant.eligibility.ranges import Range, exactly

Unit = Literal["hour", "day", "week", "month", "year"]
_ANY = Range()


def months_on(day: date, months: int) -> date:
    """The same day of the month some months on or back; the month's last day where it has no such day. Clamped to years 1-9999."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    if not 1 <= year <= 9999:
        return date.min if year < 1 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_on(day: date, days: float) -> date:
    """The day some days on or back. Clamped to years 1-9999."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def elapsed(first: date, last: date, unit: Unit) -> Range:
    """How long it is from one day to another, in units; negative when `last` is the earlier.

    Days and weeks are exact. Hours are known to a day either side, for no time of day is given. Months and years count by the
    calendar: exact on the same day of the month, else open between two whole numbers; where the months' unequal ends leave it
    open ("31 August to 28 February"), both.
    """
    days = (last - first).days
    if unit == "hour":
        return Range((days - 1) * 24.0, (days + 1) * 24.0, True, True)
    if unit in ("day", "week"):
        return exactly(float(days) if unit == "day" else days / 7)
    if days < 0:
        back = elapsed(last, first, unit)
        return Range(-back.high, -back.low, back.high_open, back.low_open)
    forward, backward = _months(first, last, unit, months_on), _months(last, first, unit, lambda day, n: months_on(day, -n))
    return _hull((forward, backward))


def _months(origin: date, other: date, unit: Unit, move: Callable[[date, int], date]) -> Range:
    """Whole months or years that fit between two days, counted from `origin`."""
    size = 12 if unit == "year" else 1
    away = abs((other.year - origin.year) * 12 + other.month - origin.month) // size
    while away and abs((move(origin, away * size) - origin).days) > abs((other - origin).days):
        away -= 1
    if move(origin, away * size) == other:
        return exactly(float(away))
    return Range(float(away), away + 1.0, True, True)


def _hull(ranges: Iterable[Range]) -> Range:
    """The smallest range that holds all of them."""
    parts = tuple(ranges)
    low, high = min(part.low for part in parts), max(part.high for part in parts)
    low_open = all(part.low_open for part in parts if part.low == low)
    high_open = all(part.high_open for part in parts if part.high == high)
    return Range(low, high, low_open, high_open)


def between(first: Days, last: Days, unit: Unit) -> Range:
    """How long it may be from a day in `first` to a day in `last`, in units: unbounded where a side is open."""
    least = elapsed(first.last, last.first, unit) if first.last and last.first else _ANY
    most = elapsed(first.first, last.last, unit) if first.first and last.last else _ANY
    return Range(least.low, most.high, least.low_open, most.high_open) if least.low <= most.high else _ANY


_DAYS: dict[Unit, tuple[float, float]] = {
    "hour": (1 / 24, 1 / 24),
    "day": (1, 1),
    "week": (7, 7),
    "month": (28, 31),
    "year": (365, 366),
}
"""The least and the most days that a unit has."""


def in_units(length: Range, unit: Unit, other: Unit) -> Range:
    """A length in another unit: exact between years and months and below them, else as far as the unequal months leave it."""
    if unit == other:
        return length
    if {unit, other} == {"month", "year"}:
        return length.times(12 if unit == "year" else 1 / 12)
    (least, most), (short, long) = _DAYS[unit], _DAYS[other]
    return Range(length.low * least / long, length.high * most / short, length.low_open, length.high_open)


def age_on(born: Days, day: date) -> Range:
    """Completed years on a day. Whoever was born on 29 February completes a year on 1 March of a common year."""
    oldest = _completed(born.first, day) if born.first else inf
    return Range(_completed(born.last, day) if born.last else 0.0, oldest)


def _completed(born: date, day: date) -> float:
    return max(0.0, float(day.year - born.year - ((day.month, day.day) < (born.month, born.day))))


def year_of(year: int) -> Days:
    """All days of a year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def month_of(year: int, month: int) -> Days:
    """All days of a month."""
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def day_of(day: date) -> Days:
    """One day."""
    return Days(day, day)


def days_of(said: str) -> Days:
    """The days of an ISO date to its precision: "2025", "2025-11", "2025-11-20"."""
    year, month, day = (*map(int, said.split("-")), 0, 0)[:3]
    return day_of(date(year, month, day)) if day else month_of(year, month) if month else year_of(year)


def working(first: date, last: date, unit: Unit = "day") -> str:
    """The count of days as a sentence part: "2026-01-12 to 2026-01-27 is 15 days"; months and years are given beside the days."""
    days = (last - first).days
    said = f"{first} to {last} is {days} day{'' if abs(days) == 1 else 's'}"
    if unit not in ("month", "year") or days < 0:
        return said
    months = int(_months(first, last, "month", months_on).low)
    rest = (last - months_on(first, months)).days
    parts = ((months // 12, "year"), (months % 12, "month"), (rest, "day"))
    length = ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for number, name in parts if number) or "0 days"
    return f"{first} to {last} is {length}" if months else said
