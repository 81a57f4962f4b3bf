"""Times in notes, windows in criteria, and one against the other on and around the boundary days."""

import time
from datetime import date, timedelta
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import Has, Window
from assistant.eligibility.patient import Days
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.dates import (
    WindowMention,
    age_on,
    day_of,
    elapsed,
    first_clear_day,
    inside,
    times,
    windows,
    working,
    year_of,
)
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth

NOTED = date(2025, 12, 8)  # a Monday
START = date(2026, 1, 27)
CLOCK = Clock(date(2026, 1, 20), START)
DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(text: str) -> Days:
    first, _, last = text.partition("..")
    return Days(day(first) if first else None, day(last or first) if last or not text.endswith("..") else None)


@pytest.mark.parametrize(
    ("text", "words", "relation", "days"),
    [
        pytest.param("seen on 2025-11-17 in clinic", "2025-11-17", "on", "2025-11-17", id="ISO"),
        pytest.param("seen 12 March 2024", "12 March 2024", "on", "2024-03-12", id="day month year"),
        pytest.param("seen on the 3rd of Sept 2025", "3rd of Sept 2025", "on", "2025-09-03", id="ordinal"),
        pytest.param("seen March 12, 2024", "March 12, 2024", "on", "2024-03-12", id="month day year"),
        pytest.param("seen 12-Mar-2024", "12-Mar-2024", "on", "2024-03-12", id="hyphens"),
        pytest.param("seen 12/Mar/2024", "12/Mar/2024", "on", "2024-03-12", id="slashes and a name"),
        pytest.param("operated in March 2024.", "March 2024", "on", "2024-03-01..2024-03-31", id="month"),
        pytest.param("relapsed Nov. 2025", "Nov. 2025", "on", "2025-11-01..2025-11-30", id="short month"),
        pytest.param("relapsed 03/2024", "03/2024", "on", "2024-03-01..2024-03-31", id="numeric month"),
        pytest.param("scan of 2024-02", "2024-02", "on", "2024-02-01..2024-02-29", id="ISO month in a leap year"),
        pytest.param("a heart attack in 2019", "2019", "on", "2019-01-01..2019-12-31", id="year"),
        pytest.param("pancreatitis 1999, healed", "1999", "on", "1999-01-01..1999-12-31", id="year without a lead"),
        pytest.param("drank in the 1990s", "1990s", "on", "1990-01-01..1999-12-31", id="decade"),
        pytest.param("given 03/04/2025", "03/04/2025", "on", "2025-03-04..2025-04-03", id="both readings"),
        pytest.param("given 25/04/2025", "25/04/2025", "on", "2025-04-25", id="one reading is a date"),
        pytest.param("given 17.11.2025", "17.11.2025", "on", "2025-11-17", id="points are day first"),
        pytest.param("given 13/05/98", "13/05/98", "on", "1998-05-13", id="two-digit year of the last century"),
        pytest.param("last dose three weeks ago", "three weeks ago", "on", "2025-11-17", id="weeks are exact"),
        pytest.param("fell two days earlier", "two days earlier", "on", "2025-12-06", id="days earlier"),
        pytest.param("stopped 3 months ago", "3 months ago", "on", "2025-09-01..2025-09-30", id="months are calendar months"),
        pytest.param("stopped 5 years ago", "5 years ago", "on", "2020-01-01..2020-12-31", id="years are calendar years"),
        pytest.param("stopped about two weeks ago", "about two weeks ago", "on", "2025-11-17..2025-12-01", id="about widens"),
        pytest.param("quit over 10 years ago", "over 10 years ago", "on", "..2015-12-31", id="more than"),
        pytest.param("quit less than 2 weeks ago", "less than 2 weeks ago", "on", "2025-11-24..2025-12-08", id="less than"),
        pytest.param("shingles a few months ago", "a few months ago", "on", "2025-06-01..2025-10-31", id="a few"),
        pytest.param("biopsy yesterday", "yesterday", "on", "2025-12-07", id="yesterday"),
        pytest.param("biopsy last month", "last month", "on", "2025-11-01..2025-11-30", id="last month"),
        pytest.param("biopsy last week", "last week", "on", "2025-12-01..2025-12-07", id="last week"),
        pytest.param("biopsy in October", "in October", "on", "2025-10-01..2025-10-31", id="month without a year"),
        pytest.param("biopsy on 20 December", "20 December", "on", "2024-12-20", id="day without a year is past"),
        pytest.param(
            "lost 8 kg over the past 6 months", "over the past 6 months", "on", "2025-06-08..2025-12-08", id="past stretch"
        ),
        pytest.param("on warfarin since 2019", "since 2019", "since", "2019-01-01..2019-12-31", id="since"),
        pytest.param("treated until May", "until May", "until", "2025-05-01..2025-05-31", id="until"),
        pytest.param("has coughed for 2 years", "for 2 years", "for", "2023-01-01..2023-12-31", id="for"),
        pytest.param("has coughed for the past 3 days", "for the past 3 days", "for", "2025-12-05", id="for the past"),
        pytest.param("a 3-month history of cough", "3-month history", "for", "2025-09-01..2025-09-30", id="history"),
        pytest.param("fever x 3 days", "x 3 days", "for", "2025-12-05", id="times sign"),
        pytest.param("two births before 2010", "before 2010", "before", "..2010-12-31", id="before a year"),
    ],
)
def test_a_note_names_a_time(text: str, words: str, relation: str, days: str) -> None:
    (mention,) = times(text, NOTED)
    assert (text[mention.start : mention.end], mention.relation, mention.days) == (words, relation, span(days))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("diagnosed at age 22", id="age"),
        pytest.param("a woman in her thirties", id="decade of life"),
        pytest.param("a 58-year-old man, 4 weeks pregnant", id="age in years"),
        pytest.param("ANC 1,950/µL and calcium 2000 mg", id="measurements"),
        pytest.param("it may be given and they march on", id="months that are verbs"),
        pytest.param("BP 128/76, INR 2.0-3.0, 5/12 lesions", id="fractions"),
        pytest.param("WHO 2021 classification", id="edition"),
        pytest.param("patient 02-16 of site 03-01", id="numbers of patients"),
        pytest.param("02-03 mg or 02-04 weeks", id="a span of doses"),
        pytest.param("31/31/2025 and 2025-02-30", id="no such day"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_no_time(text: str) -> None:
    assert times(text, NOTED) == ()


@pytest.mark.parametrize("text", ["8 months after radiation", "two weeks before the transplant", "6 weeks post-op"])
def test_a_time_from_an_undated_event_is_open(text: str) -> None:
    (mention,) = times(text, NOTED)
    assert mention.relation in ("before", "after")
    assert mention.days == Days(None, None)


@pytest.mark.parametrize("text", ["smoked 2019-2021", "smoked from 2019 to 2021", "smoked 2019 until 2021"])
def test_a_stretch_has_a_beginning_and_an_end(text: str) -> None:
    first, last = times(text, NOTED)
    assert [(first.relation, first.days), (last.relation, last.days)] == [("since", year_of(2019)), ("until", year_of(2021))]


def test_times_stand_in_order() -> None:
    text = "Diagnosed 2024-03-01, chemotherapy from May 2024, scan last week. Labs 2025-12-01: fine."
    assert [text[mention.start : mention.end] for mention in times(text, NOTED)] == [
        "2024-03-01",
        "May 2024",
        "last week",
        "2025-12-01",
    ]


def one(text: str) -> WindowMention:
    (mention,) = windows(text)
    return mention


@pytest.mark.parametrize(
    ("text", "words", "length", "unit", "anchor"),
    [
        pytest.param(
            "stroke within 28 days before the first dose", "within 28 days before the first dose", Range(0, 28), "day", "start"
        ),
        pytest.param("within ≤14 days prior to treatment", None, Range(0, 14), "day", "start"),
        pytest.param("cancer within the past 5 years", "within the past 5 years", Range(0, 5), "year", "today"),
        pytest.param("seizures in the last 6 months.", "in the last 6 months", Range(0, 6), "month", "today"),
        pytest.param("≤28 days before treatment", None, Range(0, 28), "day", "start"),
        pytest.param("less than 3 weeks prior to randomization", None, Range(0, 3, high_open=True), "week", "start"),
        pytest.param("28 days or more before randomisation", None, Range(28), "day", "start"),
        pytest.param(
            "last irradiated > 4 weeks prior to inclusion",
            "> 4 weeks prior to inclusion",
            Range(4, low_open=True),
            "week",
            "start",
        ),
        pytest.param("at least 4 weeks since last chemotherapy", "at least 4 weeks since", Range(4), "week", "today"),
        pytest.param("6 weeks since prior carmustine", "6 weeks since", Range(6), "week", "today"),
        pytest.param("infarction w/in 30 d", "w/in 30 d", Range(0, 30), "day", "today"),
        pytest.param("within four (4) weeks of the planned start of study treatment", None, Range(0, 4), "week", "start"),
        pytest.param("within 7 days prior to Cycle 1 Day 1", None, Range(0, 7), "day", "start"),
        pytest.param("in the 3-month period prior to registration", None, Range(0, 3), "month", "start"),
        pytest.param("within 2 weeks before enrolment or first dose", None, Range(0, 2), "week", "start"),
        pytest.param("within 28 days of Screening", None, Range(0, 28), "day", "today"),
        pytest.param("within 7 days prior to Cycle 1, Day 1", None, Range(0, 7), "day", "start"),
        pytest.param("within 7 days before the first dose of XY-1234", None, Range(0, 7), "day", "start"),
        pytest.param("took opioids within last month", "within last month", Range(0, 1), "month", "today"),
        pytest.param("in the week before inclusion", None, Range(0, 1), "week", "start"),
        pytest.param(
            ">/= 2 weeks must have elapsed since surgery", ">/= 2 weeks must have elapsed since", Range(2), "week", "today"
        ),
        pytest.param("within 14 days prior to the baseline visit", None, Range(0, 14), "day", "start"),
        pytest.param("within 1 year before signing informed consent", None, Range(0, 1), "year", "today"),
        pytest.param("within 48 hours before study entry", None, Range(0, 48), "hour", "start"),
        pytest.param("between 4 and 12 weeks before enrolment", None, Range(4, 12), "week", "start"),
        pytest.param("within the past one and a half years", None, Range(0, 18), "month", "today"),
        pytest.param("donated blood within the past year", "within the past year", Range(0, 1), "year", "today"),
        pytest.param("treated more than 5 years ago", "more than 5 years ago", Range(5, low_open=True), "year", "today"),
        pytest.param(
            "no drug within at least 4 weeks before enrolment",
            "within at least 4 weeks before enrolment",
            Range(0, 4),
            "week",
            "start",
        ),
    ],
)
def test_a_criterion_counts_back(text: str, words: str | None, length: Range, unit: str, anchor: str) -> None:
    mention = one(text)
    assert text[mention.start : mention.end] == (words or text) == mention.window.words
    assert (mention.kind, mention.window.length, mention.window.unit, mention.window.anchor) == ("before", length, unit, anchor)


@pytest.mark.parametrize(
    ("text", "kind", "before", "length", "event"),
    [
        pytest.param(
            "more than 6 months after completion of radical radiotherapy",
            "after",
            False,
            Range(6, low_open=True),
            "completion of radical radiotherapy",
        ),
        pytest.param("≥1 year after prior radical therapy", "after", False, Range(1), "prior radical therapy"),
        pytest.param(
            "within 6 months of completing platinum chemotherapy",
            "after",
            False,
            Range(0, 6),
            "completing platinum chemotherapy",
        ),
        pytest.param("no relapse for 3 years post-therapy", "after", False, Range(0, 3), "therapy"),
        pytest.param("within 2 weeks before surgery", "before", True, Range(0, 2), "surgery"),
        pytest.param(
            "for 6 months after the last dose of study drug", "after", False, Range(0, 6), "the last dose of study drug"
        ),
    ],
)
def test_a_criterion_counts_from_an_event(text: str, kind: str, before: bool, length: Range, event: str) -> None:
    mention = one(text)
    assert (mention.kind, mention.window.anchor, mention.window.before, mention.window.length) == (
        kind,
        "event",
        before,
        length,
    )
    assert text[mention.event_start : mention.event_end] == event


@pytest.mark.parametrize(
    ("text", "words", "kind", "length"),
    [
        pytest.param("on a stable dose for at least 3 months", "for at least 3 months", "for", Range(3)),
        pytest.param("stable for ≥ 12 weeks before screening", "for ≥ 12 weeks before screening", "for", Range(12)),
        pytest.param("amenorrhea for 12 consecutive months", "for 12 consecutive months", "for", Range(12)),
        pytest.param("chemotherapy (14 days)", "14 days", "bare", exactly(14)),
        pytest.param("a 6-month washout", "6-month", "bare", exactly(6)),
        pytest.param("a 4-year tumour-free period", "4-year", "for", Range(4)),
        pytest.param("no alcohol during the study", "during the study", "during", Range(0)),
        pytest.param("infection during screening", "during screening", "during", Range(0)),
        pytest.param("weight at the time of enrolment", "at the time of enrolment", "at", Range(0)),
        pytest.param(
            "treated prior to randomization or registration", "prior to randomization or registration", "before", Range(0)
        ),
    ],
)
def test_other_kinds_of_window(text: str, words: str, kind: str, length: Range) -> None:
    mention = one(text)
    assert (text[mention.start : mention.end], mention.kind, mention.window.length) == (words, kind, length)


@pytest.mark.parametrize(
    ("text", "whichever"),
    [
        ("within 28 days or 5 half-lives, whichever is longer, before the first dose", "longer"),
        ("within 5 half-lives or 28 days (whichever is shorter) of study entry", "shorter"),
        ("within the longer of 28 days or 5 half-lives before enrollment", "longer"),
        ("within 28 days or five half-lives before enrollment", "unsaid"),
    ],
)
def test_half_lives_are_marked(text: str, whichever: str) -> None:
    mention = one(text)
    assert (text[mention.start : mention.end], mention.whichever, mention.window.length) == (text, whichever, Range(0, 28))
    assert mention.window.anchor == "start"


@pytest.mark.parametrize(
    ("which", "ended", "expected"),
    [
        pytest.param("whichever is longer", "2026-01-10", TRUE, id="inside the shorter of two is inside the longer"),
        pytest.param("whichever is longer", "2025-12-01", UNKNOWN, id="outside the days, the half-lives may be longer"),
        pytest.param("whichever is shorter", "2026-01-10", UNKNOWN, id="inside the days, the half-lives may be shorter"),
        pytest.param("whichever is shorter", "2025-12-01", FALSE, id="outside the days is outside the shorter"),
        pytest.param("", "2025-12-01", UNKNOWN, id="unsaid"),
    ],
)
def test_half_lives_decide_only_what_is_sure(which: str, ended: str, expected: Truth) -> None:
    window = one(f"within 28 days or 5 half-lives {which} before the first dose").window
    assert inside(window, span(ended), span(ended), False, CLOCK) is expected


@pytest.mark.parametrize(
    "text",
    [
        "every 3 weeks",
        "1000 mcg/day",
        "aged 18-75 years",
        "18 years of age or older",
        "Age ≥ 18 years",
        "men older than 30 years",
        "women, 18-50 years",
        "at any dose",
        "",
    ],
)
def test_what_is_no_window(text: str) -> None:
    assert windows(text) == ()


def back(high: float, unit: str = "day", *, low: float = 0, **open_ends: bool) -> Window:
    return Window(Range(low, high, **open_ends), unit, "start")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("window", "ended", "expected"),
    [
        pytest.param(back(14), "2026-01-13", TRUE, id="day 14 of 14"),
        pytest.param(back(14), "2026-01-12", FALSE, id="day 15 of 14"),
        pytest.param(back(4, "week"), "2025-12-30", TRUE, id="28 days of 4 weeks"),
        pytest.param(back(4, "week"), "2025-12-29", FALSE, id="29 days of 4 weeks"),
        pytest.param(back(3, "week", high_open=True), "2026-01-06", FALSE, id="21 days of less than 3 weeks"),
        pytest.param(back(3, "week", high_open=True), "2026-01-07", TRUE, id="20 days of less than 3 weeks"),
        pytest.param(back(6, "month"), "2025-07-27", TRUE, id="6 months to the day"),
        pytest.param(back(6, "month"), "2025-07-26", FALSE, id="6 months and a day"),
        pytest.param(back(2, "year"), "2024-01-27", TRUE, id="2 years to the day"),
        pytest.param(back(2, "year"), "2024-01-26", FALSE, id="2 years and a day"),
        pytest.param(back(2, "year"), "2024-01-01..2024-12-31", UNKNOWN, id="a year that straddles the bound"),
        pytest.param(back(1, "year"), "2024-01-01..2024-12-31", FALSE, id="a year outside"),
        pytest.param(back(48, "hour"), "2026-01-26", TRUE, id="the day before, of 48 hours"),
        pytest.param(back(48, "hour"), "2026-01-25", UNKNOWN, id="two days before, of 48 hours"),
        pytest.param(back(48, "hour"), "2026-01-24", FALSE, id="three days before, of 48 hours"),
        pytest.param(back(inf, "week", low=4), "2025-12-30", TRUE, id="a wait of 4 weeks is over on day 28"),
        pytest.param(back(inf, "week", low=4), "2025-12-31", FALSE, id="a wait of 4 weeks on day 27"),
        pytest.param(back(inf, "month", low=6, low_open=True), "2025-07-27", FALSE, id="more than 6 months, on the day"),
        pytest.param(back(28), "..2026-01-20", UNKNOWN, id="ended at some time"),
    ],
)
def test_what_ended_and_a_window(window: Window, ended: str, expected: Truth) -> None:
    assert inside(window, None, span(ended), False, CLOCK) is expected


def test_what_goes_on_is_inside_a_window_that_counts_back() -> None:
    assert inside(back(14), day_of(date(2019, 5, 1)), None, True, CLOCK) is TRUE
    assert inside(back(inf, "week", low=4), day_of(date(2019, 5, 1)), None, True, CLOCK) is FALSE


def test_what_goes_on_today_may_stop_before_a_late_start() -> None:
    assert inside(back(14), None, None, True, Clock(date(2026, 1, 1), date(2026, 3, 1))) is UNKNOWN


@pytest.mark.parametrize("text", ["prednisone (14 days)", "antibiotics during screening", "pain lasting < 3 months"])
def test_a_length_that_counts_from_nothing_decides_nothing(text: str) -> None:
    assert inside(one(text).window, day_of(date(2025, 1, 1)), None, True, CLOCK) is UNKNOWN


def test_nothing_known_decides_nothing() -> None:
    assert inside(back(14), None, None, None, CLOCK) is UNKNOWN
    assert inside(Window(Range(0, 6), "month", "event", before=False), day_of(START), day_of(START), False, CLOCK) is UNKNOWN


@pytest.mark.parametrize(
    ("happened", "expected"),
    [("2025-04-25", FALSE), ("2025-04-26", TRUE), ("2025-04-01..2025-04-30", UNKNOWN), ("2025-10-13", TRUE)],
)
def test_more_than_six_months_after_an_event(happened: str, expected: Truth) -> None:
    window = Window(Range(6, low_open=True), "month", "event", before=False, event=Has(("radiotherapy",)))
    event = day_of(date(2024, 10, 25))
    assert inside(window, span(happened), span(happened), False, CLOCK, event) is expected


@pytest.mark.parametrize(
    ("started", "expected"),
    [("2025-10-20", TRUE), ("2025-10-28", FALSE), ("2025-10-25", UNKNOWN), ("2025-01-01..2025-12-31", UNKNOWN)],
)
def test_how_long_something_has_gone_on(started: str, expected: Truth) -> None:
    window = one("stable dose for at least 3 months").window
    assert inside(window, span(started), None, True, CLOCK) is expected


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        pytest.param("1950-11-17", "2025-11-16", exactly(74), id="the day before"),
        pytest.param("1950-11-17", "2025-11-17", exactly(75), id="the birthday"),
        pytest.param("2008-02-29", "2026-02-28", exactly(17), id="29 February, on 28 February"),
        pytest.param("2008-02-29", "2026-03-01", exactly(18), id="29 February, on 1 March"),
        pytest.param("2008-02-29", "2028-02-29", exactly(20), id="29 February in a leap year"),
        pytest.param("1950-01-01..1950-12-31", "2025-11-17", Range(74, 75), id="year alone"),
        pytest.param("2026-05-01", "2026-01-01", exactly(0), id="not born yet"),
    ],
)
def test_age_in_completed_years(born: str, on: str, expected: Range) -> None:
    assert age_on(span(born), day(on)) == expected


def test_working_shows_the_count() -> None:
    assert working(date(2026, 1, 12), date(2026, 1, 27)) == "2026-01-12 to 2026-01-27 is 15 days"
    assert working(date(2024, 10, 25), date(2025, 10, 13), "year") == "2024-10-25 to 2025-10-13 is 11 months, 18 days"
    assert working(date(2026, 1, 26), date(2026, 1, 27)) == "2026-01-26 to 2026-01-27 is 1 day"


def test_the_first_clear_day_is_day_n_plus_one() -> None:
    assert first_clear_day(back(28), day_of(date(2026, 1, 1)), CLOCK) == date(2026, 1, 30)
    assert first_clear_day(back(inf, "week", low=4), day_of(date(2026, 1, 1)), CLOCK) == date(2026, 1, 29)
    assert first_clear_day(Window(Range(0, 28), "day", "event"), day_of(date(2026, 1, 1)), CLOCK) is None


WINDOWS = st.builds(
    back, st.integers(1, 60).map(float), st.sampled_from(["hour", "day", "week", "month", "year"]), high_open=st.booleans()
)


@given(WINDOWS, DAYS)
def test_the_first_clear_day_is_the_first_outside(window: Window, ended: date) -> None:
    clear = first_clear_day(window, day_of(ended), CLOCK)
    assert clear is not None
    before = clear - timedelta(days=1)
    assert inside(window, day_of(ended), day_of(ended), False, Clock(clear, clear)) is FALSE
    assert inside(window, day_of(ended), day_of(ended), False, Clock(before, before)) is not FALSE


@given(WINDOWS, DAYS, st.integers(0, 2000), st.integers(0, 400))
def test_a_later_start_is_never_nearer(window: Window, ended: date, wait: int, more: int) -> None:
    early, late = (ended + timedelta(days=days) for days in (wait, wait + more))
    truths = [inside(window, day_of(ended), day_of(ended), False, Clock(on, on)) for on in (early, late)]
    assert truths[0].value >= truths[1].value


@given(DAYS, DAYS, st.sampled_from(["day", "week", "month", "year"]))
def test_elapsed_is_the_same_there_and_back(first: date, last: date, unit: str) -> None:
    there, home = elapsed(first, last, unit), elapsed(last, first, unit)  # type: ignore[arg-type]
    assert (there.low, there.high) == (-home.high, -home.low)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for mention in times(text, NOTED):
        assert 0 <= mention.start < mention.end <= len(text)
    for window in windows(text):
        assert 0 <= window.start < window.end <= len(text)


WORDS = st.sampled_from(
    "within 4 weeks before the first dose or 5 half-lives of since last May 2024 ( ) , . for ≥ ago 3/4/2025 - 12".split()
)


@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_mentions_never_overlap(text: str) -> None:
    for mentions in (times(text, NOTED), windows(text)):
        assert all(first.end <= second.start for first, second in pairwise(mentions))


@pytest.mark.parametrize(
    "piece", ["1", "a", " ", "(", "1-", "within ", "for the past ", "before the first dose of study ", "½ week or "]
)
def test_long_texts_are_read_in_time(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    began = time.perf_counter()
    times(text, NOTED)
    windows(text)
    assert time.perf_counter() - began < 60  # what grows with the square of the length takes minutes
