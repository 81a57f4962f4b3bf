"""Courses of cancer treatment: regimens by their letters, what is given together, the days of first and last cycles."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from assistant.eligibility.notes.scope import kind_of
from assistant.eligibility.patient import Days
from assistant.eligibility.times.dates import TimeMention
from assistant.eligibility.vocabulary.concepts import Mention, find, is_a

_LETTERS = re.compile(
    r"(?<![\w/-])(?P<short>[A-Z]{2,4}(?:-[A-Z]{1,2})?)(?![\w-])"
    r"(?P<tail>\s?[x×]\s?\d|\s?\+\s?(?P<beside>[A-Za-z]{4,20})|\s(?:chemo|cycles?|q\d?w|induction)\b|,?\s\d{1,2}\scycles\b)?"
)
_BEFORE = re.compile(
    r"\b(?:cycles?|rounds?|courses?) of\s$|\b(?:induction|adjuvant|neo-?adjuvant|neoadj\.?|palliative)\s$", re.IGNORECASE
)
_TOGETHER = re.compile(
    r"(?:[\s+/&,()#²-]|\d[\d.,]*|[x×]\s?\d|\b(?:mg|g|gy|m2|auc|kg|q\d?w|weekly|wkly|fx|fractions?|in|and|plus|with|concurrent|concomitant"
    r"|combined|together|cycles?|of|iv|po|the|each|every|days?|weeks?)\b)*",
    re.IGNORECASE,
)
"""Between drugs that are given together."""
_CYCLE = re.compile(
    r"\b(?:C|cycles?\s)(?P<number>\d{1,2})(?:D\d{1,2})?\s?(?:[:=]|on|given|was|started)?\s*(?:on\s)?$", re.IGNORECASE
)
_LISTED = re.compile(r"\s*(?:,|and|&|/|,\s*and|→|–|-|to)\s*", re.IGNORECASE)
_TO_COME = re.compile(r"\b(?:due|planned|next|scheduled|plan|will)\b", re.IGNORECASE)
_LONGEST = 160


class CourseDays(NamedTuple):
    """The first and last day on which a course was given, and its cycles as far as they are counted by name."""

    first: Days | None
    last: Days | None
    cycles: int | None


def regimens(text: str) -> Iterator[Mention]:
    """Regimens named by letters that mean other things elsewhere: "GP x4", "four cycles of AC"; "my GP" is none."""
    for match in _LETTERS.finditer(text):
        if match["tail"] is None and _BEFORE.search(text, max(0, match.start() - 20), match.start()) is None:
            continue
        if match["beside"] is not None and not _is_treatment(match["beside"]):
            continue
        name = f"{match['short']} chemotherapy"
        found = find(name)
        if (
            len(found) == 1
            and (found[0].start, found[0].end) == (0, len(name))
            and not is_a("chemotherapy", found[0].concepts[0])
        ):
            yield Mention(match.start("short"), match.end("short"), found[0].concepts, False)


def _is_treatment(name: str) -> bool:
    return any(kind_of(id) in ("drug", "therapy") for one in find(name) for id in one.concepts)


def together(text: str, start: int, end: int) -> bool:
    """Whether what stands between two drugs makes them one course."""
    return end - start < _LONGEST and _TOGETHER.fullmatch(text, start, end) is not None


def course_days(text: str, start: int, end: int, times: Sequence[TimeMention], noted: date) -> CourseDays | None:
    """The days of a course from the cycles or the list of days behind it: "(C1 2025-03-01, C4 2025-05-05)", "(1 May, 22 May)"."""
    dated: list[tuple[int | None, TimeMention]] = []
    for time in times:
        place = dated[-1][1].end if dated else start
        cycle = _CYCLE.search(text, max(place, time.start - 25), time.start)
        past = time.days.last is not None and time.days.first is not None and time.days.first <= noted
        if time.relation != "on" or not past or _TO_COME.search(text, max(place, time.start - 30), time.start):
            continue
        dated.append((int(cycle["number"]) if cycle else None, time))
    named = [(number, time) for number, time in dated if number is not None]
    if named:
        (first, begun), (last, ended) = min(named, key=lambda item: item[0]), max(named, key=lambda item: item[0])
        return CourseDays(begun.days if first == 1 else None, ended.days if last > 1 else None, last if last > 1 else None)
    listed = [time for _, time in dated]
    joined = all(_LISTED.fullmatch(text, one.end, other.start) for one, other in pairwise(listed))
    if len(listed) > 1 and joined and all(time.days.first == time.days.last for time in listed):
        return CourseDays(listed[0].days, listed[-1].days, None)
    return None
