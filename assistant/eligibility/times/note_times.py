"""Reads the times that a patient's note names, to the precision of its words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor
from typing import Literal

from assistant.eligibility.patient import Days
from assistant.eligibility.times.days import Unit, day_of, days_on, month_of, months_on, year_of
from assistant.eligibility.times.time_words import PAST, month_names, number_of, pattern, signs, unit_of

Relation = Literal["on", "since", "until", "for", "before", "after"]


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time that a note names. `days` are those of the moment named: the day it began for "since" and "for", ended for "until".

    "before" and "after" give what is left of the calendar; both ends are None where they count from an event that the note does
    not date ("8 months after radiotherapy").
    """

    start: int
    end: int
    days: Days
    relation: Relation = "on"


_D = r"(?<![\d.,/-])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_END = r"(?![\d/]|[-.,]\d)"
_AFTER_DAY = r"(?:st|nd|rd|th)?"
_ABOUT = r"(?P<about>about|approximately|approx\.?|around|roughly|nearly|almost|circa|ca\.?|~|some)?\s{0,2}"


def _safe(year: int, month: int, day: int) -> Days | None:
    try:
        return day_of(date(year, month, day))
    except ValueError:
        return None


def _iso(match: re.Match[str], noted: date) -> Days | None:
    return _safe(int(match["year"]), int(match["month"]), int(match["day"]))


def _named_month(match: re.Match[str]) -> int:
    return month_names()[match["month"].rstrip(".").lower()]


def _named_day(match: re.Match[str], noted: date) -> Days | None:
    """ "12 March 2024", "March 12": without a year, the latest such day not after the note's."""
    month, day = _named_month(match), int(match["day"])
    if match["year"]:
        return _safe(int(match["year"]), month, day)
    for year in (noted.year, noted.year - 1):
        found = _safe(year, month, day)
        if found and found.first and found.first <= noted:
            return found
    return None


def _named_months(match: re.Match[str], noted: date) -> Days | None:
    return month_of(int(match["year"]), _named_month(match))


def _months_between(match: re.Match[str], noted: date) -> Days | None:
    """ "March to June 2024": from the first day of one month to the last of the other."""
    names = month_names()
    first, last = names[match["first"].rstrip(".").lower()], names[match["last"].rstrip(".").lower()]
    year = int(match["year"])
    return Days(date(year - (first > last), first, 1), month_of(year, last).last)


def _numeric(match: re.Match[str], noted: date) -> Days | None:
    """ "03/04/2025" covers both readings, 3 April and 4 March; points ("3.4.2025") are written day first alone."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if year < 100:
        year += 2000 if year + 2000 <= noted.year + 1 else 1900
    readings = [_safe(year, two, one), _safe(year, one, two) if match["mark"] != "." else None]
    days = [reading.first for reading in readings if reading and reading.first]
    return Days(min(days), max(days)) if days else None


def _numeric_month(match: re.Match[str], noted: date) -> Days | None:
    return month_of(int(match["year"]), int(match["month"]))


_EDITION = re.compile(
    r"\b(?:CKD-?EPI|MDRD|EKFC|CKiD|WHO|KDIGO|EULAR|ACR|ASAS|GOLD|GINA|ATS|ERS|ESC|ACC|AHA|ADA|McDonald|FIGO|ELN|IMWG|iwCLL|Lugano|criteria|"
    r"classification|guidelines?|formula|equation|edition|version)\s*[,(]?\s*(?:of\s)?$"
)


def _is_edition(match: re.Match[str]) -> bool:
    """Whether a year is of a formula or of criteria: "eGFR 52 (CKD-EPI 2021)"."""
    start = match.start("year")
    return _EDITION.search(match.string, max(0, start - 24), start) is not None


def _whole_year(match: re.Match[str], noted: date) -> Days | None:
    """A year by itself; one after next year is a number of something else. A winter runs into the year that follows."""
    year = int(match["year"])
    if year > noted.year + 1 or _is_edition(match):
        return None
    winter = bool(match["lead"]) and match["lead"].lower().startswith("winter")
    return Days(date(year, 1, 1), date(year + 1, 3, 20)) if winter else year_of(year)


def _decade(match: re.Match[str], noted: date) -> Days | None:
    year = int(match["decade"])
    return Days(date(year, 1, 1), date(year + 9, 12, 31))


def _lone_month(match: re.Match[str], noted: date) -> Days | None:
    """ "in October": the latest that had begun by the note's day; "last December" in December is the year before's."""
    if match["month"][0].islower() and match["month"].lower() in ("may", "march", "mar", "sept", "dec", "sat"):
        return None
    month = _named_month(match)
    before = month > noted.month or (month == noted.month and "last" in match["lead"].lower())
    return month_of(noted.year - before, month)


_SEASONS = {
    "spring": (3, 1, 6, 21),
    "summer": (6, 1, 9, 23),
    "autumn": (9, 1, 12, 21),
    "fall": (9, 1, 12, 21),
    "winter": (12, 1, 3, 20),
}
"""From the first day by the calendar of the weather to the last by that of the sun (WMO; US Naval Observatory), north of the equator."""


def _season(match: re.Match[str], noted: date) -> Days | None:
    """ "Last autumn": the latest that had begun by the note's day; "last" passes over the one that is not over."""
    first_month, first_day, last_month, last_day = _SEASONS[match["season"].lower()]
    for year in (noted.year, noted.year - 1, noted.year - 2):
        begins = date(year, first_month, first_day)
        ends = date(year + (last_month < first_month), last_month, last_day)
        if begins <= noted and not ("last" in match[0].lower() and noted <= ends):
            return Days(begins, ends)
    return None


_NUMBERED = re.compile(
    r"\b(?:patient|subject|participant|case|site|cent(?:er|re)|room|bed|id|no|number|nr|protocol|study|trial|code|version|part|"
    r"tel|phone|fax|ages?|aged|grade|type|ratio|score)\.?\s?[:#]?\s?$",
    re.IGNORECASE,
)


def _short_day(match: re.Match[str], noted: date) -> Days | None:
    """ "02-26", month first as in ISO 8601: the latest such day not after the note's; the number of a patient or a site is none."""
    if _NUMBERED.search(match.string, max(0, match.start() - 24), match.start()):
        return None
    for year in (noted.year, noted.year - 1):
        found = _safe(year, int(match["month"] or match["led"]), int(match["day"]))
        if found and found.first and found.first <= noted:
            return found
    return None


def _back(noted: date, unit: Unit, low: float, high: float) -> Days:
    """The days that lie so long before the note's, to the precision of the words.

    Days and weeks count exactly; months give calendar months and years calendar years, for so people round.
    """
    if unit == "hour":
        return Days(days_on(noted, -ceil(high / 24)), noted)
    if unit in ("day", "week"):
        size = 7 if unit == "week" else 1
        return Days(days_on(noted, -ceil(high * size)), days_on(noted, -floor(low * size)))
    if unit == "month" or low != floor(low):
        size = 12 if unit == "year" else 1
        first, last = months_on(noted, -ceil(high * size)), months_on(noted, -floor(low * size))
        return Days(first.replace(day=1), month_of(last.year, last.month).last)
    return Days(date(max(1, noted.year - int(high)), 1, 1), date(max(1, noted.year - int(low)), 12, 31))


def _counted(match: re.Match[str], noted: date) -> Days:
    """The days that "three weeks ago" or "for 2 years" begin on; a comparator opens one side, "about" widens by a unit."""
    unit = unit_of(match["unit"])
    low, high = number_of(match["low"])
    if match["high"]:
        high = number_of(match["high"])[1]
    sign = signs().get(re.sub(r"\s+", " ", match["cmp"]).lower()) if match["cmp"] else None
    if match["about"]:
        low, high = max(0.0, low - 1), high + 1
    if sign in (">", "≥"):
        return Days(None, _back(noted, unit, low, low).last)
    if sign in ("<", "≤"):
        return Days(_back(noted, unit, high, high).first, noted)
    days = _back(noted, unit, min(low, high), max(low, high))
    return Days(days.first, min(days.last, noted) if days.last else noted)


def _ago(match: re.Match[str], noted: date) -> Days | None:
    return _counted(match, noted)


def _unknown(match: re.Match[str], noted: date) -> Days | None:
    return Days(None, None)


def _past(match: re.Match[str], noted: date) -> Days | None:
    """ "Over the past 6 months": the whole stretch up to the note's day."""
    unit = unit_of(match["unit"] or match["lone"])
    high = number_of(match["high"] or match["low"])[1] if match["low"] else 1.0
    exact = {"month": 1, "year": 12}
    if unit in exact:
        return Days(months_on(noted, -ceil(high * exact[unit])), noted)
    return Days(_back(noted, unit, high, high).first, noted)


def _lone_past(match: re.Match[str], noted: date) -> Days | None:
    """ "For the last month": it began a unit before the note."""
    return _back(noted, unit_of(match["lone"]), 1, 1)


def _today(match: re.Match[str], noted: date) -> Days | None:
    return day_of(noted)


def _yesterday(match: re.Match[str], noted: date) -> Days | None:
    return day_of(days_on(noted, -2 if match["before"] else -1))


def _last_unit(match: re.Match[str], noted: date) -> Days | None:
    """ "Last week" is the calendar week before (from Monday) or the last 7 days; last month and last year are the calendar's."""
    unit, this = unit_of(match["unit"]), match["which"].lower() == "this"
    monday = days_on(noted, -noted.weekday())
    if unit == "week":
        return Days(monday, noted) if this else Days(days_on(monday, -7), days_on(noted, -1))
    if unit == "month":
        month = noted if this else months_on(noted, -1)
        whole = month_of(month.year, month.month)
    else:
        whole = year_of(noted.year if this else max(1, noted.year - 1))
    return Days(whole.first, noted) if this else whole


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _weekday(match: re.Match[str], noted: date) -> Days | None:
    """ "On Monday": the latest before the note's day or the day itself; "last Monday" may be the one before that."""
    back = (noted.weekday() - _WEEKDAYS.index(match["weekday"].lower())) % 7
    if match["which"].lower() == "on":
        return day_of(days_on(noted, -back))
    return Days(days_on(noted, -(back or 7) - 7), days_on(noted, -(back or 7)))


Reading = Callable[[re.Match[str], date], Days | None]
_TIMES: tuple[tuple[str, Relation, Reading], ...] = (
    (rf"{_D}{_YEAR}(?P<mark>[-/.])(?P<month>0?[1-9]|1[0-2])(?P=mark)(?P<day>0?[1-9]|[12]\d|3[01])(?!\d|[-/.]\d)", "on", _iso),
    (
        rf"(?<![\w.,/])(?P<day>0?[1-9]|[12]\d|3[01]){_AFTER_DAY}(?:\s?[-/]\s?|\s{{0,2}}(?:of\s{{1,2}})?)(?P<month><MONTH>)(?![a-z])\.?"
        rf"(?:(?:[\s,-]{{0,3}}|/){_YEAR}{_END}|(?!\s{{0,3}}/?\d{{4}}))",
        "on",
        _named_day,
    ),
    (
        rf"(?<!\w)(?P<month><MONTH>)\.?\s{{1,2}}(?:the\s)?(?P<day>0?[1-9]|[12]\d|3[01]){_AFTER_DAY}(?![\w%]|[./]\d)"
        rf"(?:\s{{0,2}},?\s{{0,2}}{_YEAR}{_END})?(?!\s?(?:mg|g|ml|x|days?|weeks?|months?|years?)\b)",
        "on",
        _named_day,
    ),
    (rf"(?<!\w)(?P<month><MONTH>)\.?(?:\s{{0,2}},\s?|\s{{1,2}}(?:of\s)?|[-/]){_YEAR}{_END}", "on", _named_months),
    (
        rf"(?<!\w)(?P<first><MONTH>)\.?\s?(?:-|–|to|through)\s?(?P<last><MONTH>)\.?\s{{0,2}},?\s{{0,2}}{_YEAR}{_END}",
        "on",
        _months_between,
    ),
    (rf"{_D}(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark){_YEAR}(?!\d|[-/.]\d)", "on", _numeric),
    (rf"{_D}(?P<one>\d{{1,2}})(?P<mark>/)(?P<two>\d{{1,2}})/(?P<year>\d\d)(?![\d/]|[-.]\d)", "on", _numeric),
    (rf"{_D}(?P<month>0?[1-9]|1[0-2])/{_YEAR}{_END}", "on", _numeric_month),
    (rf"{_D}{_YEAR}[-/](?P<month>0[1-9]|1[0-2]){_END}(?![/-]\d)", "on", _numeric_month),
    (
        r"(?:(?<![\w.,/<>≤≥=+-])|(?<=\b[12]\d\d\d[-–]))(?:(?P<lead>early|mid|late|spring|summer|autumn|fall|winter)(?:[\s-]|\sof\s))?"
        rf"{_YEAR}(?![\w/%]|[.,]\d)(?!-\d\d?(?!\d))"
        r"(?!\s?(?:mg|g|kg|ml|l|mcg|µg|μg|iu|u|units?|cells|copies|kcal|cal|steps|m|feet|ng|pg|x|×|µl|μl|mm|cc)\b)(?!\s?[/%×])"
        r"(?!\s(?:\w+\s){0,2}(?:classification|criteria|guidelines?|edition|version|definition|equation|formula)\b)",
        "on",
        _whole_year,
    ),
    (r"(?<![\w.,])(?P<decade>(?:19|20)\d0)['’]?s\b", "on", _decade),
    (
        r"\b(?P<lead>(?:in|since|until|till|by|of|last|this|early|late|mid|during|before|after|through|end of|beginning of)"
        r"(?:\s(?:early|mid|late|last|this))?[\s-])(?P<month><MONTH>)(?![\w-]|\.\w|\.?\s\d)",
        "on",
        _lone_month,
    ),
    (
        r"\b(?:last|this\spast|this|in|since|until|of)\s{1,3}(?:the\s)?(?:last\s)?(?P<season>spring|summer|autumn|fall|winter)"
        r"(?!\s(?:of\s)?\d|\w|\s(?:and|or|from|on|down|risk|at|over|off)\b|-)",
        "on",
        _season,
    ),
    (
        r"(?:(?<=\bon )(?P<month>0[1-9]|1[0-2])|(?<![\w.,/#+-])(?P<led>0[1-9]))-(?P<day>0[1-9]|[12]\d|3[01])"
        r"(?![\w.%/-]*\d|\s?(?:[%x×]|mg\b|ml\b|g\b|cm\b|mm\b|h\b|(?:hours?|days?|weeks?|months?|years?|yrs?|times|cycles?)\b))",
        "on",
        _short_day,
    ),
    (
        rf"(?=\S)(?<!\w){_ABOUT}(?P<cmp><CMP>)?\s{{0,2}}<LENGTH>\s{{1,3}}"
        r"(?:ago|earlier|previously|back(?!\s+pain)|beforehand|(?:before|prior)(?=\s*(?:[.,;:)]|$)))(?!\w)",
        "on",
        _ago,
    ),
    (r"(?<!\w)<LENGTH>\s{1,3}(?:before|prior)(?!\w|\s*(?:[.,;:)]|$))(?:\s{1,3}to\b)?", "before", _unknown),
    (r"(?<!\w)<LENGTH>[\s-]{1,3}(?:after|following|post|later|afterwards|into|from\s(?:now|today))(?!\w)", "after", _unknown),
    (
        rf"\b(?:in|over|during|within|throughout)\s{{1,3}}(?:(?:the|her|his|their|my)\s{{1,3}})?{PAST}\s{{1,3}}(?:<LENGTH>|(?P<lone><UNIT>))\b",
        "on",
        _past,
    ),
    (
        r"(?<!\w)(?:the\s)?(?:past|previous|preceding)\s{1,3}<LENGTH>(?P<lone>)(?!\w)",
        "on",
        _past,
    ),
    (
        rf"(?:\bfor|\bsince|(?<!\w)x|×)\s{{0,3}}(?:(?:the|her|his|my)\s{{1,3}})?(?:{PAST}\s{{1,3}})?{_ABOUT}"
        r"(?P<cmp><CMP>)?\s{0,2}<LENGTH>(?!\s{1,3}(?:ago|earlier|after|before|prior|of\sage))",
        "for",
        _ago,
    ),
    (rf"(?=\S)(?<!\w){_ABOUT}(?P<cmp><CMP>)?\s{{0,2}}<LENGTH>\s{{1,3}}(?:history|hx)\b", "for", _ago),
    (rf"\bhistory\s{{1,3}}of\s{{1,3}}{_ABOUT}(?P<cmp><CMP>)?\s{{0,2}}<LENGTH>(?!\s{{1,3}}(?:ago|old))(?!\w)", "for", _ago),
    (rf"\bfor\s{{1,3}}(?:the\s{{1,3}})?{PAST}\s{{1,3}}(?P<lone><UNIT>)\b", "for", _lone_past),
    (r"\b(?:today|tonight|this\s(?:morning|afternoon|evening))\b", "on", _today),
    (r"(?P<before>\b(?:the\s)?day\sbefore\s)?\b(?:yesterday|last\s(?:night|evening))\b", "on", _yesterday),
    (r"\b(?P<which>last|this)\s{1,3}(?P<unit>week|month|year)\b", "on", _last_unit),
    (rf"\b(?P<which>last|on)\s{{1,3}}(?P<weekday>{'|'.join(_WEEKDAYS)})\b", "on", _weekday),
)
_RELATION = re.compile(
    r"\b(?:(?P<since>since|starting|beginning)|(?P<until>until|till|up\sto|through)|(?P<before>before|prior\sto|by)|(?P<after>after))"
    r"(?:\s{1,2}(?:in|on|at|about|around|approximately|the|end\sof|beginning\sof|start\sof|early|mid|late))*\s{1,3}$",
    re.IGNORECASE,
)
_LED = re.compile(
    r"(?:(?P<since>since|from)|(?P<until>until|till|through)|(?P<before>before|by)|(?P<after>after))\b", re.IGNORECASE
)
_THROUGH = re.compile(r"\s{0,2}(?:-|–|—|to|through|until|till)\s{0,2}(?:the\s)?", re.IGNORECASE)


def times(text: str, noted: date) -> tuple[TimeMention, ...]:
    """The times that a note names, in order, none overlapping another; relative ones count back from `noted`.

    "Three weeks ago" is the day 21 days back, "three months ago" that calendar month, "three years ago" that calendar year; "about"
    widens by a unit either side. "For 2 years" gives the days that it began on, as if it lasted until `noted`. Ages ("at age 22")
    are no times.
    """
    found: list[TimeMention] = []
    for source, relation, reading in _TIMES:
        for match in pattern(source).finditer(text):
            days = reading(match, noted)
            if days is not None:
                found.append(_related(TimeMention(match.start(), match.end(), days, relation), text))
    return tuple(_ranges(_apart(found), text))


def _related(mention: TimeMention, text: str) -> TimeMention:
    """A date with the word that says how it is meant: "since 2019", "until May", "before 2010"."""
    if mention.relation != "on":
        return mention
    before = _RELATION.search(text[max(0, mention.start - 36) : mention.start])
    led = _LED.match(text, mention.start, mention.end)
    start = mention.start - (len(before[0]) if before else 0)
    word = before or led
    if word is None:
        return mention
    if word["since"]:
        return TimeMention(start, mention.end, mention.days, "since")
    if word["until"]:
        return TimeMention(start, mention.end, mention.days, "until")
    if word["before"]:
        return TimeMention(start, mention.end, Days(None, mention.days.last), "before")
    return TimeMention(start, mention.end, Days(mention.days.first, None), "after")


def _apart(found: list[TimeMention]) -> list[TimeMention]:
    """Leftmost, then longest, then the first of the table."""
    kept: list[TimeMention] = []
    for mention in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _ranges(mentions: list[TimeMention], text: str) -> Iterator[TimeMention]:
    """ "2019-2021" and "from March to May 2024" are a beginning and an end."""
    tied = [
        (
            second.start - first.end < 12
            and first.relation in ("on", "since")
            and second.relation in ("on", "until")
            and _THROUGH.fullmatch(text[first.end : second.start]) is not None
        )
        or (second.relation == "until" and first.relation == "on" and not text[first.end : second.start].strip())
        for first, second in pairwise(mentions)
    ]
    for place, mention in enumerate(mentions):
        relation = mention.relation
        if place < len(tied) and tied[place]:
            relation = "since"
        elif place and tied[place - 1]:
            relation = "until"
        yield TimeMention(mention.start, mention.end, mention.days, relation)
