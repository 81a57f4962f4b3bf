"""What pages print for enumerated values, ages, dates and yes or no, brought to API v2's spelling; what isn't understood is None."""

import re

from index.loaders.fields import word

STATUSES = frozenset(
    """RECRUITING NOT_YET_RECRUITING ENROLLING_BY_INVITATION ACTIVE_NOT_RECRUITING COMPLETED SUSPENDED TERMINATED WITHDRAWN
    AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD UNKNOWN""".split()
)
ARM_TYPES = frozenset("EXPERIMENTAL ACTIVE_COMPARATOR PLACEBO_COMPARATOR SHAM_COMPARATOR NO_INTERVENTION OTHER".split())
INTERVENTION_TYPES = frozenset(
    """BEHAVIORAL BIOLOGICAL COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT DRUG GENETIC PROCEDURE RADIATION
    OTHER""".split()
)
STUDY_TYPES = frozenset({"INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"})
ALLOCATIONS = frozenset({"RANDOMIZED", "NON_RANDOMIZED", "NA"})
MASKINGS = frozenset({"NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE"})
MODELS = frozenset({"SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL", "SEQUENTIAL"})
PURPOSES = frozenset(
    """TREATMENT PREVENTION DIAGNOSTIC ECT SUPPORTIVE_CARE SCREENING HEALTH_SERVICES_RESEARCH BASIC_SCIENCE DEVICE_FEASIBILITY
    OTHER""".split()
)
SEXES = frozenset({"ALL", "FEMALE", "MALE"})
ROLES = frozenset(
    {"CONTACT", "PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", "STUDY_CHAIR", "STUDY_DIRECTOR", "SPONSOR_INVESTIGATOR"}
)
ENUMERATED = (STATUSES, ARM_TYPES, INTERVENTION_TYPES, STUDY_TYPES, ALLOCATIONS, MASKINGS, MODELS, PURPOSES, SEXES, ROLES)
"""Every field of enumerated values, but for phases."""

_SPELLINGS = {
    "N_A": "NA",
    "NOT_APPLICABLE": "NA",
    "RANDOMISED": "RANDOMIZED",
    "NONRANDOMIZED": "NON_RANDOMIZED",
    "NON_RANDOMISED": "NON_RANDOMIZED",
    "NONRANDOMISED": "NON_RANDOMIZED",
    "OPEN_LABEL": "NONE",
    "OPEN": "NONE",
    "UNBLINDED": "NONE",
    "SINGLE_BLIND": "SINGLE",
    "DOUBLE_BLIND": "DOUBLE",
    "TRIPLE_BLIND": "TRIPLE",
    "CROSS_OVER": "CROSSOVER",
    "SINGLE_ARM": "SINGLE_GROUP",
    "BOTH": "ALL",
    "ANY": "ALL",
    "ALL_SEXES": "ALL",
    "ALL_GENDERS": "ALL",
    "WOMEN": "FEMALE",
    "FEMALES": "FEMALE",
    "FEMALE_ONLY": "FEMALE",
    "MEN": "MALE",
    "MALES": "MALE",
    "MALE_ONLY": "MALE",
    "CURRENTLY_RECRUITING": "RECRUITING",
    "CURRENTLY_ENROLLING": "RECRUITING",
    "NOW_RECRUITING": "RECRUITING",
    "ENROLLING": "RECRUITING",
    "OPEN_TO_ENROLLMENT": "RECRUITING",
    "ACTIVE_BUT_NOT_RECRUITING": "ACTIVE_NOT_RECRUITING",
    "UNKNOWN_STATUS": "UNKNOWN",
    "PRIMARY": "CONTACT",
    "BACKUP": "CONTACT",
    "PRIMARY_CONTACT": "CONTACT",
    "CENTRAL_CONTACT": "CONTACT",
    "STUDY_PRINCIPAL_INVESTIGATOR": "PRINCIPAL_INVESTIGATOR",
}
_REMARK = re.compile(r"\([^()]*\)|\bassignment\b|\bmasking\b", re.IGNORECASE)
_EARLY = re.compile(r"early[\s_-]*phase[\s_-]*(?:1|i)\b|\bphase[\s_-]*0\b", re.IGNORECASE)
_PHASE = re.compile(r"(?<![A-Z0-9])(?:PHASE[\s_-]*)?(IV|III|II|I|[1-4])[ABC]?(?![A-Z0-9])")
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_AGE = re.compile(
    r"(\d{1,3})\s*(year|yr|y|month|mo|week|wk|day|hour|minute)?(?:s|\(s\))?\.?(?:\s+(?:old|of age|and \w+|or \w+))*",
    re.IGNORECASE,
)
_UNITS = {"": "Year", "yr": "Year", "y": "Year", "mo": "Month", "wk": "Week"}
_YES_NO = {"yes": True, "true": True, "t": True, "y": True, "accepted": True}
_YES_NO |= {"no": False, "false": False, "f": False, "n": False, "not accepted": False}
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s*(?:(\d{1,2})(?:st|nd|rd|th)?)?\s*,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")


def choice(text: str, allowed: frozenset[str]) -> str | None:
    """The value of `allowed` that the text spells, remarks in brackets aside: "None (Open Label)" → NONE."""
    for spelling in (text, _REMARK.sub(" ", text)):
        value = word(spelling)
        value = _SPELLINGS.get(value, value)
        if value in allowed:
            return value
    return None


def status(text: str) -> str | None:
    """A recruitment status: "Active, not recruiting" → ACTIVE_NOT_RECRUITING."""
    return "RECRUITING" if word(text) == "OPEN" else choice(text, STATUSES)


def phases(text: str) -> tuple[str, ...]:
    """The phases named: "Phase 1/Phase 2" → (PHASE1, PHASE2), "Early Phase 1" → (EARLY_PHASE1,), "N/A" → (NA,)."""
    if choice(text, frozenset({"NA"})):
        return ("NA",)
    early = ("EARLY_PHASE1",) if _EARLY.search(text) else ()
    numbers = (_ROMAN.get(found, found) for found in _PHASE.findall(_EARLY.sub(" ", text).upper()))
    return tuple(dict.fromkeys((*early, *(f"PHASE{number}" for number in numbers))))


def age(text: str) -> str | None:
    """An age as API v2 words it: "18" and "18 years old" → "18 Years"; None for "N/A" and "no limit"."""
    found = _AGE.fullmatch(text.strip())
    if not found:
        return None
    unit = (found[2] or "").lower()
    return f"{int(found[1])} {_UNITS.get(unit, unit.capitalize())}" + ("" if int(found[1]) == 1 else "s")


def yes_no(text: str) -> bool | None:
    """A yes or no, also "f" and "Not accepted"."""
    return _YES_NO.get(text.strip().rstrip(".").lower())


def date(text: str) -> str | None:
    """A date as ISO to the precision given: "Jun 2026" → "2026-06", "20 November 2025" → "2025-11-20"."""
    text = _REMARK.sub(" ", text).strip()
    if found := _ISO.fullmatch(text):
        return _iso(found[1], int(found[2] or 0), found[3])
    if found := _MONTH_FIRST.fullmatch(text):
        return _iso(found[3], _month(found[1]), found[2])
    if found := _DAY_FIRST.fullmatch(text):
        return _iso(found[3], _month(found[2]), found[1])
    return None


def _month(name: str) -> int:
    return _MONTHS.get(name[:3].lower(), 13)


def _iso(year: str, month: int, day: str | None) -> str | None:
    if month > 12 or int(day or 0) > 31:
        return None
    return year + (f"-{month:02}" if month else "") + (f"-{int(day):02}" if month and day else "")


def count(text: str) -> int | None:
    """A number of participants: "260 participants", "1,200 (estimated)" → 1200."""
    found = re.match(r"\D{0,20}?(\d{1,3}(?:[,  ]\d{3})+|\d{1,7})\b(?!\s*[-–%])", text)
    return int(re.sub(r"\D", "", found[1])) if found else None
