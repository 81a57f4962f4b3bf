"""Daily doses: the bounds that criteria set ("> 10 mg/day of prednisone or equivalent") and what a patient takes ("8 mg twice daily")."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import inf

from assistant.eligibility.knowledge import rows
from assistant.eligibility.ranges import Range, exactly

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d{1,6}(?:[.,·]\d{1,3})?"
_MASS = r"(?:mg|milligrams?|[µμ]g|mcg|ug|micrograms?|grams?|g|iu|units?)"
_TIMES_DAILY = {
    r"(?:twice|two\s+times|2\s?x|b\.?i\.?d|b\.?d|q\s?12\s?h)": 2.0,
    r"(?:three\s+times|thrice|3\s?x|t\.?i\.?d|t\.?d\.?s|q\s?8\s?h)": 3.0,
    r"(?:four\s+times|4\s?x|q\.?i\.?d|q\.?d\.?s|q\s?6\s?h)": 4.0,
    r"(?:every\s+other|every\s+second|alternate|on\s+alternate|q\.?o\.?d)": 0.5,
}
_EACH_DAY = (
    r"(?:\s?(?:/|per|an?|each|every|p\.)\s?(?:day|d|24\s?h(?:ours)?)\b|[\s-]?(?:once[\s-])?daily\b|\s?(?:q\.?d|o\.?d|qam)\b)"
)
_HOW_OFTEN = re.compile(
    r"[\s,(]{0,3}(?:(?:orally|by\s+mouth|p\.?o|i\.?v|tablets?|in\s+total|of\s+\w{3,25})\b\.?[\s,]{0,2}){0,2}"
    rf"(?:(?P<times>{'|'.join(_TIMES_DAILY)})\b\.?(?:\s?(?:/|per|an?|each|every)?\s?(?:daily|days?)\b)?"
    r"|(?P<rare>(?:once\s+|twice\s+)?(?:/|per|an?|every|each|q)?\s?(?:\d\s)?(?:weeks?|weekly|months?|monthly|fortnight\w*|cycles?|hours?|injections?)\b|"
    r"p\.?r\.?n\b|as\s+needed|when\s+needed|as\s+(?:a\s+)?(?:single|one)|single|once\b(?!\s?(?:daily|a|per|every|each))|on\s+demand|"
    r"before|with\s+(?:each|every)|pre-?med\w*|stat\b)"
    rf"|{_EACH_DAY})",
    re.IGNORECASE,
)
_RATE = r"\s?(?:/|per)\s?(?P<rate>min(?:ute)?|h(?:r|our)?)\b"
_TAKEN = re.compile(
    rf"(?P<number>{_NUMBER})\s?(?P<mass>{_MASS})(?P<kg>\s?/\s?kg\b)?(?:{_RATE})?(?!\s?/\s?(?:m|h|w|ml|l|c)\w{{0,3}}\b|[\w²])",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\d\s?[x×]\s?$", re.IGNORECASE)
"""Tablets at a time: "2 x 5 mg"."""
_FACTORS = {"g": 1000.0, "m": 1.0, "µ": 0.001, "μ": 0.001, "u": 0.001}
"""Milligrams."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A bound of a daily dose: "> 10 mg/day of prednisone or equivalent" is Dose(Range(10, low_open=True), "mg/day", "prednisone")."""

    range: Range
    unit: str
    """ "mg/day", "mg/kg/day", "IU/day", "µg/kg/min"."""
    of: str | None = None
    """The concept whose equivalents are counted."""


@dataclass(frozen=True, slots=True)
class DoseMention:
    """A bound of a dose where a criterion says it."""

    start: int
    end: int
    dose: Dose
    drug: str | None = None
    """The concept of the drug that the words themselves name."""


@cache
def equivalents() -> Mapping[str, float]:
    """Milligrams of each systemic glucocorticoid that equal 5 mg of prednisone."""
    return {row["concept"]: float(row["mg"]) for row in rows("steroid-equivalents.tsv") if row["mg"]}


@cache
def local_steroids() -> tuple[str, ...]:
    """Glucocorticoids that act where they are put, and add nothing to a systemic dose."""
    return tuple(row["concept"] for row in rows("steroid-equivalents.tsv") if not row["mg"])


def how_often(text: str, end: int) -> int:
    """Where the words end that say how often a dose is taken; `end` itself where none follow."""
    match = _HOW_OFTEN.match(text, end)
    return match.end() if match else end


def daily(said: str) -> tuple[Range, str] | None:
    """A dose as taken in a day ("8 mg twice daily" is 16 mg/day), with its unit; once a day where it says nothing; None where open."""
    match = _TAKEN.search(said)
    if match is None or _SEVERAL.search(said, 0, match.start()):
        return None
    often = None if match["rate"] else _HOW_OFTEN.match(said, match.end())
    if often is not None and often["rare"]:
        return None
    times = (
        next((factor for words, factor in _TIMES_DAILY.items() if re.fullmatch(words, often["times"], re.I)), 1.0)
        if often and often["times"]
        else 1.0
    )
    factor, unit = _unit(match["mass"], match["rate"], per_kg=match["kg"] is not None)
    return exactly(_value(match["number"]) * factor * times), unit


def _value(number: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", number)
    return float(number.replace(",", "") if grouped else number.replace(",", ".").replace("·", "."))


def _unit(mass: str, rate: str | None = None, *, per_kg: bool) -> tuple[float, str]:
    """The factor to the unit in which a dose is counted, and that unit: by day, or as an infusion runs ("µg/kg/min")."""
    low = mass.lower()
    each = ("/min" if rate[0].lower() == "m" else "/h") if rate else "/day"
    if low.startswith(("iu", "unit")):
        return 1.0, ("IU/kg" if per_kg else "IU") + each
    factor = 0.001 if low.startswith(("mc", "mic")) else _FACTORS[low[0]]
    if rate:
        return factor * 1000, ("µg/kg" if per_kg else "µg") + each
    return factor, "mg/kg/day" if per_kg else "mg/day"


# --- bounds in criteria ---------------------------------------------------------------------------------------------------------

_SIGNS = {
    "ge": r"≥|>\s?=|⩾|at\s+least|(?:no|not)\s+less\s+than|(?:greater|more|higher)\s+than\s+or\s+equal\s+to|minimum\s+of",
    "le": r"≤|<\s?=|=\s?<|⩽|at\s+most|up\s+to|(?:no|not)\s+(?:more|greater|higher)\s+than|not\s+(?:to\s+)?exceed(?:ing)?|"
    r"(?:less|lower)\s+than\s+or\s+equal\s+to|maximum\s+of",
    "gt": r">|(?:more|greater|higher|larger)\s+than|above|over|exceed(?:s|ing)?|in\s+excess\s+of",
    "lt": r"<|(?:less|lower)\s+than|below|under",
}
_SIGN = "|".join(f"(?P<{name}>{words})" for name, words in _SIGNS.items())
_LEADS = (
    r"(?:(?:in|at|with|of|to|from|between|receiving|a|an|the|any|total|daily|oral|average|stable|mean|doses?|dosages?|dosing|equivalents?|is|are|"
    r"that|either|day)\s{1,3}){0,8}"
)
_BEFORE = re.compile(rf"(?P<all>(?<!\w){_LEADS}(?:{_SIGN})?\s{{0,3}}{_LEADS})$", re.IGNORECASE)
_REACH = 70
_STEROID = r"(?:methylprednisolone|prednisolone|prednisone|dexamethasone|hydrocortisone)"
_EQUAL = (
    r"(?:(?:or|and|its|their|an?|the|other|similar|doses?\s+of)\s+){0,3}"
    r"(?:equivalen(?:ts?|ce|cy)\b|similar\s+(?:drug|medication|steroid|agent)s?\b)"
    r"(?:\s+(?:dos(?:e|es|age)|steroids?|corticosteroids?|glucocorticoids?|of\s+(?:another|other)\s+(?:cortico)?steroids?))?"
)
_ALIKE = rf"\s?\(\s?{_EQUAL}\s?\)|[\s,/-]{{0,3}}{_EQUAL}"
_OF = rf"\s{{0,2}}(?:of\s+)?(?:(?:the|oral|iv|systemic)\s+){{0,2}}(?P<of>{_STEROID})\b(?:\s?(?:/|or|and)\s?{_STEROID}\b)?"
_BOUND = re.compile(
    rf"(?<![\w.,·])(?P<first>{_NUMBER})(?:\s?{_MASS}{_EACH_DAY}?)??(?:\s?(?:-|–|to|and)\s?(?P<second>{_NUMBER}))?\s?(?P<mass>{_MASS})(?P<kg>\s?/\s?kg\b(?:\s+(?:of\s+)?body\s?weight\b)?)?"
    rf"(?:{_RATE}|(?P<daily>{_EACH_DAY}))?(?![\w²%·]|\s?/\s?\w)(?:\s+or\s+(?P<up>more|greater|higher|above)\b(?!\s+than)|\s+or\s+(?P<down>less|lower|below)\b(?!\s+than))?"
    rf"(?:{_OF})?(?:{_EACH_DAY})?(?P<alike>{_ALIKE})?(?:{_EACH_DAY})?",
    re.IGNORECASE,
)
_NOT_DAILY = re.compile(
    r"(?:cumulative|lifetime|loading|single|bolus|weekly|monthly|total\s+dose|radiation|per\s+(?:week|month)|change|increase|decrease)\W",
    re.IGNORECASE,
)
_RARELY = re.compile(
    r"(?:\s+of\s+\w{3,25})?\s+(?:in\s+total|at\s+once|per\s+dose)\b|[\s,]{0,2}(?:/|per|an?|every|each|once\s+a)\s?(?:\d\s)?(?:weeks?|months?|cycles?|hours?|kg|m2|m²|dl|ml|l)\b|\s?weekly|\s?monthly",
    re.IGNORECASE,
)

_OTHER_EQUIVALENTS = re.compile(r"\s?(?:of\s+)?(?:oral\s+)?\w{3,20}[\s-](?:milligram\s+)?equivalen", re.IGNORECASE)
"""Of a drug that no table converts: "> 30 mg of morphine equivalents"."""


def dose_bounds(text: str) -> tuple[DoseMention, ...]:
    """The bounds of daily doses in a criterion, in order; a bare dose without a sign, a range or "a day" is none."""
    return tuple(_bounds(text))


def _bounds(text: str) -> Iterator[DoseMention]:
    done = 0
    for match in _BOUND.finditer(text):
        before = _BEFORE.search(text, max(done, match.start() - _REACH), match.start())
        start = before.start("all") if before else match.start()
        sign = next((name for name in _SIGNS if before and before[name]), None)
        if (
            _RARELY.match(text, match.end())
            or _OTHER_EQUIVALENTS.match(text, match.end())
            or _NOT_DAILY.search(text, max(0, start - 40), match.start())
        ):
            continue
        said = _range(match, sign)
        if said is None:
            continue
        factor, unit = _unit(match["mass"], match["rate"], per_kg=match["kg"] is not None)
        equal = match["alike"] is not None or (before is not None and "equivalent" in before[0].lower())
        drug = match["of"].lower() if match["of"] else None
        of = (drug or "prednisone") if equal or drug else None
        done = match.end()
        yield DoseMention(start, match.end(), Dose(said.times(factor), unit, of), drug if drug and not equal else None)


def _range(match: re.Match[str], sign: str | None) -> Range | None:
    first = _value(match["first"])
    if match["second"]:
        second = _value(match["second"])
        return Range(first, second) if first < second and sign is None else None
    if match["up"]:
        return Range(first)
    if match["down"]:
        return Range(0, first)
    bounds = {
        "ge": Range(first),
        "gt": Range(first, inf, low_open=True),
        "le": Range(0, first),
        "lt": Range(0, first, high_open=True) if first > 0 else None,
        None: exactly(first) if match["daily"] else None,
    }
    return bounds[sign]
