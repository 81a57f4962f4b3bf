"""Holds what is dated against a criterion's window, day by day; and the one door to times, windows and the calendar."""

from dataclasses import replace
from datetime import date
from math import floor, inf

from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import Window
from assistant.eligibility.patient import Days
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.criterion_windows import WindowMention, half_lives, windows
from assistant.eligibility.times.days import (
    Unit,
    age_on,
    between,
    day_of,
    days_on,
    elapsed,
    in_units,
    month_of,
    months_on,
    working,
    year_of,
)
from assistant.eligibility.times.note_times import Relation, TimeMention, times
from assistant.eligibility.times.time_words import number_of, pattern
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth

__all__ = [
    "Relation",
    "TimeMention",
    "Unit",
    "WindowMention",
    "age_on",
    "anchor_day",
    "between",
    "by_half_life",
    "day_of",
    "days_on",
    "elapsed",
    "first_clear_day",
    "in_units",
    "inside",
    "lasting",
    "month_of",
    "months_on",
    "times",
    "windows",
    "working",
    "year_of",
]


def anchor_day(window: Window, clock: Clock) -> date | None:
    """The day that a window counts to; None for one that counts from an event of the patient's own."""
    return {"today": clock.today, "start": clock.start, "event": None}[window.anchor]


def lasting(window: Window) -> bool:
    """Whether a window asks how long something went on ("for at least 3 months"): anchored on an event, with none named."""
    return window.anchor == "event" and window.event is None and window.before and window.length.low > 0


_COUNT = r"(?P<count>\d{1,2}|two|three|four|five|six|seven|eight|ten)"
_HALF_LIVES = rf"{_COUNT}\s(?:\(\d{{1,2}}\)\s)?(?:times\s(?:the\s)?)?(?:\w+\s){{0,2}}half[\s-]?li"


def by_half_life(window: Window, days: float) -> Window | None:
    """The window of a drug with so many days of half-life, where it gives a length or a number of half-lives; None where open."""
    which, named = half_lives(window.words), pattern(_HALF_LIVES).search(window.words)
    bound = window.length.high if window.length.low <= 0 else window.length.low
    if which not in ("longer", "shorter") or named is None or bound == inf:
        return None
    halves, length = number_of(named["count"])[0] * days, in_units(exactly(bound), window.unit, "day")
    if length.low < halves < length.high:
        return None
    if (halves >= length.high) is not (which == "longer"):
        return window
    within = Range(0, halves, high_open=window.length.high_open)
    return replace(
        window, unit="day", length=within if window.length.low <= 0 else Range(halves, low_open=window.length.low_open)
    )


def inside(
    window: Window,
    started: Days | None,
    ended: Days | None,
    ongoing: bool | None,
    clock: Clock,
    event: Days | None = None,
    *,
    settled: bool = False,
) -> Truth:
    """Whether something that went on from `started` to `ended` falls into a window; UNKNOWN where its dates straddle a bound.

    A window from 0 ("within 28 days before") is met when any of it lies inside, day 28 included. One that begins later ("at least
    4 weeks before", "more than 6 months after") is met when all of it is so far away: its end before the anchor, its beginning
    after the event. `event`: when an event anchor happened. Where half-lives count beside the length, only what is sure whichever
    way they fall is said, unless that is `settled`.
    """
    told = _inside(window, started, ended, ongoing, clock, event)
    other = half_lives(window.words)
    if other is None or told is UNKNOWN or settled:
        return told
    sure = FALSE if (other == "shorter") == (window.length.low == 0) else TRUE
    return told if told is sure and other != "unsaid" else UNKNOWN


def _inside(
    window: Window, started: Days | None, ended: Days | None, ongoing: bool | None, clock: Clock, event: Days | None
) -> Truth:
    begin, end = _stretch(started, ended, ongoing, clock)
    if lasting(window):
        return window.length.holds(between(begin, _until(end, ongoing, clock), window.unit))
    day = anchor_day(window, clock)
    anchor = event if day is None else day_of(day)
    if anchor is None:
        return UNKNOWN
    if window.before:
        near, far = between(end, anchor, window.unit), between(begin, anchor, window.unit)
    else:
        near, far = between(anchor, begin, window.unit), between(anchor, end, window.unit)
    if window.length.low > 0:
        return window.length.holds(near)
    return Range(high=window.length.high, high_open=window.length.high_open).holds(near) & Range(0).holds(far)


def _stretch(started: Days | None, ended: Days | None, ongoing: bool | None, clock: Clock) -> tuple[Days, Days]:
    """When something may have begun and ended. What goes on has not ended by today; what is over ended by today."""
    if ongoing:
        begin = started or Days(None, clock.today)
        return begin, Days(max(clock.today, begin.first or clock.today), None)
    last = (ended.last if ended else None) or (clock.today if ongoing is False else None)
    first = (ended.first if ended else None) or (started.first if started else None)
    end = Days(first if not (first and last) or first <= last else last, last)
    return started or Days(None, min(last or clock.today, clock.today)), end


def _until(end: Days, ongoing: bool | None, clock: Clock) -> Days:
    """The end of a stretch whose length is asked: today, or the start if that is later, for what goes on."""
    return Days(clock.today, max(clock.today, clock.start)) if ongoing else end


def first_clear_day(window: Window, ended: Days, clock: Clock) -> date | None:
    """The first day that the window may count to with what ended outside it: day N + 1 for "within N days before".

    For a wait ("at least 4 weeks since") the first day that it is over: day N. None for a window that has no end, that counts
    from an event, or where the end is not dated. What is over with no last day named ended by today.
    """
    last = ended.last or clock.today
    waits = window.length.low > 0
    length = window.length.low if waits else window.length.high
    if (
        window.anchor == "event"
        or not window.before
        or half_lives(window.words)
        or length == inf
        or (waits and window.length.high != inf)
    ):
        return None
    goal = TRUE if waits else FALSE
    day = max(last, _far(last, window.unit, length))
    for _ in range(8):
        if inside(window, day_of(last), day_of(last), False, Clock(day, day)) is goal:
            return day
        day = days_on(day, 1)
    return None


def _far(day: date, unit: Unit, length: float) -> date:
    """The day a length on, rounded down and a day short of it, so that a search from it misses nothing."""
    if unit in ("month", "year"):
        return days_on(months_on(day, floor(length) * (12 if unit == "year" else 1)), -1)
    return days_on(day, floor(length * {"hour": 1 / 24, "day": 1, "week": 7}[unit]) - 1)
