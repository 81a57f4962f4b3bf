"""Reads the menopause from the last period: long enough ago, in a woman old enough, with nothing else that stops periods."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from math import floor

from assistant.eligibility.notes.person import Person
from assistant.eligibility.patient import Days, Finding, Words
from assistant.eligibility.times.dates import TimeMention, age_on, elapsed

_LAST_PERIOD = re.compile(
    r"\b(?:LMP|last\s(?:menstrual\s)?(?:period|menses|bleed)|(?:no|not\shad\s(?:a|any)|without(?:\sa)?)\s(?:menstrual\s)?(?:periods?|menses|"
    r"menstruation)|(?:periods?|menses|menstruation)\s(?:have\s|has\s|had\s)?(?:stopped|ceased|ended)|amenorrh(?:o?ea|o?eic)|"
    r"stopped\smenstruating)\b",
    re.IGNORECASE,
)
_GAP = re.compile(r"(?:\s*[:,(]|\s+(?:was|is|about|approximately|in|for|since|on|at))*\s*", re.IGNORECASE)
_AT_AGE = re.compile(
    r"\s+(?:at(?:\s(?:the\s)?age(?:\sof)?)?|aged|when\s(?:I|she)\swas)\s(?:about\s)?(?P<age>[3-6]\d)(?!\s?(?:days|weeks|months))\b",
    re.IGNORECASE,
)
_OTHER_REASON = re.compile(
    r"\b(?:IUD|IUS|coil|mirena|depot|depo|contracept\w*|implant|the pill|goserelin|leuprorel\w*|leuprolide|triptorelin|GnRH\w*|pregnan\w*|"
    r"breast-?feed\w*|anorexia nervosa|prolactin\w*|tamoxifen|hysterectom\w*|womb|uterus)\b",
    re.IGNORECASE,
)
_AGES = ((50, 1), (40, 2))
"""From an age on, so many years without a period are the menopause (FSRH 2017, Contraception for Women Aged over 40 Years)."""


def menopause(
    text: str, person: Person, noted: date, of_patient: Callable[[int], bool], times: Sequence[TimeMention]
) -> Iterator[Finding]:
    """ "51 years, last period four years ago" is postmenopausal."""
    age = age_on(person.born, noted).low if person.born else person.age.low if person.age else 0.0
    needed = next((years for least, years in _AGES if age >= least), None)
    if person.sex == "male" or needed is None or _OTHER_REASON.search(text):
        return
    starts = {time.start: time for time in times}
    for match in _LAST_PERIOD.finditer(text):
        gap = _GAP.match(text, match.end())
        ends = range(match.end(), (gap.end() if gap else match.end()) + 1)
        time = next((starts[place] for place in ends if place in starts), None)
        at = _AT_AGE.match(text, match.end())
        passed = floor(age) - int(at["age"]) - 1 if at else _years(time.days, noted) if time else 0
        end = at.end() if at else time.end if time else match.end()
        if passed >= needed and of_patient(match.start()):
            yield Finding("postmenopausal", True, Words(match.start(), end, text[match.start() : end]))


def _years(days: Days, noted: date) -> float:
    """The years that have passed at least."""
    return elapsed(days.last, noted, "year").low if days.last and days.last <= noted else 0.0
