"""The day that a message counts with: of a start, a consent or a visit to come, as it is first named and as it is moved after."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.eligibility.times.time_words import month_names, pattern

_DAY: Final = (
    r"(?<![\w.,/-])(?:(?:the )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month><MONTH>)\b\.?(?:,? (?P<year>(?:19|20)\d\d)\b)?"
    r"|(?P<month2><MONTH>)\b\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?\b(?! ?%| ?m?g\b)(?:,? (?P<year2>(?:19|20)\d\d)\b)?"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))(?![\d/-])"
)
_COMES: Final = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!had )\b(?:start(?:ing)?|begin|join|enrol(?:l|ling|ment|s|led)?|randomi[sz](?:e|ed|ing|ation)"
    r"|consent(?:ing)?|screen(?:ed|ing)?|dosed|dosing|(?:first|1st) (?:dose|infusion|injection|tablet|cycle|treatment)|day 1|c1d1"
    r"|inclusion|visit|slot|seen|go in|come in|scheduled|booked|wait(?:ed)? until|postponed? (?:to|until)|put (?:it )?off (?:to|until)"
    r"|slips? to|slipped to|moved? (?:\w+ ){0,2}to|pushed (?:back )?to|delayed (?:to|until))\b"
    r"(?:(?! (?:ended|finished|stopped|last)\b)[ ,:=]+[\w’']+){0,6}?[ ,:=]+$",
    re.IGNORECASE,
)
"""What is to come, right before its day: "if I start on", "consent planned", "would it be too soon if she is seen for it on"."""
_PAST: Final = re.compile(
    r"\b(?:started|began|ended|finished|stopped|had|was|were|got|took|received|diagnosed|since|until)\b[^,;:]*$", re.IGNORECASE
)
_SUPPOSED: Final = re.compile(r"\bif\b[^,;:]*\b(?:was|were)\b[^,;:]*$", re.IGNORECASE)
_OF_THE_TRIAL: Final = re.compile(
    r"\b(?:start|begin) date\b|\b(?:does|did|will|has) (?:the|this|that) (?:trial|study)\b", re.IGNORECASE
)
_PLANS: Final = re.compile(
    r"\?|\b(?:if|when|would|will|could|can|may|might|plan\w*|slot|schedul\w*|book\w*|enrol|enrolment|consent|c1d1|day 1|dose"
    r"|infusion|slips?)\b",
    re.IGNORECASE,
)
_SUITS: Final = re.compile(
    r"^\W*(?:(?:still|even|then|now|be|have|been|that|is|it|not) ?){0,4}(?:(?:far|long|late|early) enough|too (?:soon|early|late)"
    r"|ok(?:ay)?|all ?right|fine|work|do\b|possible|clear|in time)",
    re.IGNORECASE,
)
"""Right after a day: whether it would do."""
_LITTLE: Final = frozenset(
    "and or so but then now what about how if we i they he she it you me him her us the a an on by at to in for until till is was be would "
    "will could can do does did that this still only just even ok okay alright fine slot date day move moved up back gave offered got get "
    "wait waited slips slip slipped go start starts come consent visit dose first instead say were are too late early soon enough with "
    "surgery operation infusion treatment enrol enrolment randomise randomised be would've there not rather sorry hmm well".split()
)
"""Words beside a day in a message that does nothing but move it."""
A_YEAR: Final = 366
"""Days by which a day named in full may lie from the one that days without a year are looked for from."""
_SENTENCE: Final = re.compile(r"[^.?!;\n]+[.?!;\n]*")


@dataclass(frozen=True, slots=True)
class Planned:
    """A day that a message counts with. `start` and `end`: where it stands in the message."""

    day: date
    start: int
    end: int


def planned(message: str, since: date) -> Planned | None:
    """The day to come that a message names ("if I start on 1 June"); without a year, the first such day from `since` on."""
    since = _after_days_of(message, since)
    for sentence in _SENTENCE.finditer(message):
        for found in pattern(_DAY).finditer(message, sentence.start(), sentence.end()):
            before, after = message[sentence.start() : found.start()], message[found.end() : sentence.end()]
            past = _PAST.search(before) and not _SUPPOSED.search(before)
            comes = _COMES.search(before) and not past and _PLANS.search(sentence[0]) and not _OF_THE_TRIAL.search(before)
            day = _day(found, since) if comes or ("?" in sentence[0] and _SUITS.search(after)) else None
            if day is not None:
                return Planned(day, found.start(), found.end())
    return None


def _after_days_of(message: str, since: date) -> date:
    """The last day that a message names in full, where it lies within a year of the other: days without a year follow it."""
    found = (_day(one, since) for one in pattern(_DAY).finditer(message) if one["iso"] or one["year"] or one["year2"])
    near = [day for day in found if day is not None and abs((day - since).days) <= A_YEAR]
    return max(near, default=since)


def moved(message: str, since: date) -> Planned | None:
    """The day of a message that does nothing but name another one ("and on the 3rd of June?", "22 May?")."""
    days = list(pattern(_DAY).finditer(message))
    if len(days) != 1:
        return None
    beside = re.findall(r"[^\W\d_]+(?:['’]\w+)?", f"{message[: days[0].start()]} {message[days[0].end() :]}".lower())
    day = _day(days[0], since) if all(word in _LITTLE for word in beside) else None
    return Planned(day, days[0].start(), days[0].end()) if day else None


def without_plan(message: str, since: date) -> str:
    """The message with the day that it counts with blank, as long as it was."""
    plan = planned(message, since) or moved(message, since)
    return message if plan is None else blank(message, plan)


def blank(message: str, plan: Planned) -> str:
    """The message without a day, as long as it was."""
    return f"{message[: plan.start]}{' ' * (plan.end - plan.start)}{message[plan.end :]}"


def without_days(message: str) -> str:
    """The message with its days blank, as long as it was."""
    return pattern(_DAY).sub(lambda words: " " * len(words[0]), message)


def _day(found: re.Match[str], since: date) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month = month_names()[(found["month"] or found["month2"]).rstrip(".").lower()]
        number, year = int(found["day"] or found["day2"]), found["year"] or found["year2"]
        if year:
            return date(int(year), month, number)
        day = date(since.year, month, number)
        return day if day >= since else date(since.year + 1, month, number)
    except ValueError:
        return None
