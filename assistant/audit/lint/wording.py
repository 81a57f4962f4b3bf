"""Words of a criterion that mean another thing than was meant: signs against words, ranges turned round, lines in the wrong list."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from math import inf
from typing import NamedTuple

from assistant.audit.finding import Found
from assistant.audit.prose import Prose, lines
from assistant.audit.record import Record
from assistant.eligibility.conditions import Demographic
from assistant.eligibility.ranges import Range
from assistant.tables import read_table
from index.trial import Criterion, Kind, Span, Trial

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_UNIT = r"(?:\s?(?:%|[\wµμ°]{1,9}(?:\s?/\s?[\w.²³^]{1,8}){0,2}))?"


class _Slip(NamedTuple):
    pattern: re.Pattern[str]
    meant: str


@cache
def _slips() -> tuple[_Slip, ...]:
    rows = read_table(files(__package__) / "slips.tsv")
    return tuple(_Slip(re.compile(row["pattern"], re.IGNORECASE), row["meant"]) for row in rows)


def other_words(record: Record) -> Iterator[Found]:
    """A word that is another word than was meant, and changes what is asked."""
    for criterion, prose in lines(record.trial):
        for slip in _slips():
            for match in slip.pattern.finditer(prose.text):
                text = f"“{match[0]}” is another word than is probably meant."
                yield Found(
                    "wording",
                    text,
                    (prose.around(match.start(), match.end()),),
                    f"“{slip.meant}” is meant.",
                    (criterion.id,),
                )


# --- signs ------------------------------------------------------------------------------------------------------------------------

_OR_EQUAL = r"\s+than(?:\s+or\s+equal\s+to)?"
_AT_LEAST = (
    rf"(?:≥|>\s?=?|\bat\s+least|\bminimum\s+of|\b(?:more|greater|higher|older){_OR_EQUAL})\s?{_NUMBER}{_UNIT}(?:\s?years)?"
)
_AT_MOST = rf"(?:≤|<\s?=?|\bat\s+most|\bup\s+to|\bmaximum\s+of|\b(?:less|lower|fewer|younger){_OR_EQUAL})\s?{_NUMBER}{_UNIT}(?:\s?years)?"
_NO_OBJECT = r"(?=\s*(?:[.,;)]|$|at\b|on\b|in\b|for\b|prior\b|before\b|within\b))"
_AGAINST = re.compile(
    rf"{_AT_LEAST}\s+or\s+(?:less|fewer|lower|younger|below)\b{_NO_OBJECT}"
    rf"|{_AT_MOST}\s+or\s+(?:more|greater|higher|older|above)\b{_NO_OBJECT}",
    re.IGNORECASE,
)
_BOTH_SIGNS = re.compile(rf"(?:[<≤]\s?=?\s?[>≥]\s?=?|[>≥]\s?=?\s?[<≤]\s?=?)\s?{_NUMBER}")
_LOST = re.compile(
    r"(?<![\w.,])(?P<sign>[³£])\s?\d[\d.,]*(?!\s?(?:per|pounds?|GBP|voucher|k\b))|(?P<micro>¿)(?=\s?(?:mol|g|L|l)\b)"
)
_MONEY = re.compile(r"cost|pay|paid|voucher|expens|reimburs|compensat|income|price", re.IGNORECASE)
_SIGNS = {"³": "≥", "£": "≤", "¿": "µ"}
"""What a sign becomes when a font of symbols is lost on the way."""


def broken_signs(record: Record) -> Iterator[Found]:
    """Comparisons that say two things, and signs that a change of font has turned into others."""
    for criterion, prose in lines(record.trial):
        for match in (*_AGAINST.finditer(prose.text), *_BOTH_SIGNS.finditer(prose.text)):
            text = f"“{_folded(match[0])}” says both a lowest and a highest value."
            yield Found("wording", text, (prose.around(match.start(), match.end()),), criteria=(criterion.id,))
        lost = [match for match in _LOST.finditer(prose.text) if match["sign"] != "£" or not _MONEY.search(prose.text)]
        if lost:
            sign = lost[0]["sign"] or lost[0]["micro"]
            text = f"“{sign}” stands where another sign was lost on the way."
            yield Found(
                "wording",
                text,
                (prose.around(lost[0].start(), lost[0].end()),),
                f"“{_SIGNS[sign]}” is meant.",
                (criterion.id,),
            )


# --- ranges -----------------------------------------------------------------------------------------------------------------------

_RANGE = re.compile(
    rf"(?P<lead>\b(?:between|ranging\s+from|aged?(?:\s+(?:from|between|of))?|ages?)\s*:?\s+)(?P<low>{_NUMBER})(?P<unit>{_UNIT})\s?(?:-|–|to|and)\s?"
    rf"(?P<high>{_NUMBER})(?P<unit2>{_UNIT})(?![\d/])",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\s?(?:days?|weeks?|wks?|months?|hours?|h|d|min\w*|years?\s+(?:before|prior|ago)|am|pm|visits?|cycles?)\b", re.IGNORECASE
)


def reversed_ranges(record: Record) -> Iterator[Found]:
    """Ranges whose low end is above their high end. Times before an event are counted backwards and are left alone."""
    for criterion, prose in lines(record.trial):
        for match in _RANGE.finditer(prose.text):
            low, high = (float(match[end].replace(",", "")) for end in ("low", "high"))
            if (
                low <= high
                or any(_TIME.match(match[unit] or "") for unit in ("unit", "unit2"))
                or _TIME.match(prose.text, match.end())
            ):
                continue
            if match["unit"].strip() and match["unit2"].strip() and match["unit"].strip() != match["unit2"].strip():
                continue
            text = f"“{_folded(match[0])}”: the low end of the range is above its high end."
            yield Found("wording", text, (prose.around(match.start(), match.end()),), criteria=(criterion.id,))


def reversed_ages(record: Record) -> Iterator[Found]:
    """An age limit whose sign is turned round, as the structured ages of the same record show."""
    trial = record.trial
    for one in record.rules.lines:
        if (
            not isinstance(one.condition, Demographic)
            or one.condition.age is None
            or one.id not in {c.id for c in trial.leaves}
        ):
            continue
        name = _opposed(one.condition.age, wanted=one.kind == "inclusion", trial=trial)
        if name is not None and _listed_as(trial, one.span, one.kind):
            text = f"This line and a {name.replace('_', ' ')} of {getattr(trial, name)} elsewhere in the record point opposite ways."
            where = (one.span, *trial.evidence.get(name, ())[:1])
            yield Found("wording", text, where, "the sign of the line is turned round.", (one.id,))


def _opposed(age: Range, *, wanted: bool, trial: Trial) -> str | None:
    """Which structured limit of age stands on the same number as a line's only bound, and lets in its other side."""
    low, high = _years(trial.minimum_age), _years(trial.maximum_age)
    upward, downward = age.high == inf and age.low > 0, age.high < inf and age.low <= 0
    lets_in_lower, lets_in_higher = (downward, upward) if wanted else (upward, downward)
    bound = age.low if upward else age.high
    if lets_in_lower and low is not None and bound == low and (high is None or high > low):
        return "minimum_age"
    return "maximum_age" if lets_in_higher and high is not None and bound == high else None


def _years(said: str | None) -> float | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s+years?", said or "", re.IGNORECASE)
    return float(match[1]) if match else None


# --- lists ------------------------------------------------------------------------------------------------------------------------

_REQUIRED = re.compile(
    r"^\W*(?:(?:all\s+)?(?:the\s+)?(?:patients?|participants?|subjects?|individuals?|they|women|men|females?|males?)\s+)?"
    r"(?:must\s+(?!not\b|have\s+(?:not|no)\b)(?:have|be|agree|provide|sign|meet|use|undergo|understand)\b|(?:is|are)\s+(?:able\s+and\s+willing|willing\s+and\s+able)\b"
    r"|(?:able|willing)\s+(?:and\s+(?:able|willing)\s+)?to\s+(?:provide|give|sign|comply|understand|give\s+informed)\b"
    r"|(?:has|have)\s+(?:provided|signed|given)\s+(?:written\s+)?informed\s+consent\b|(?:signed|written)\s+informed\s+consent\b(?!.*\b(?:not|unable|refus\w*|lack|without)\b))",
    re.IGNORECASE,
)
_BARRED_ANYWAY = re.compile(r"\b(?:not|no|unable|unwilling|exclu\w*|ineligible|if|unless|except|who)\b", re.IGNORECASE)
_SHORT = 20
"""Characters under which a line repeats another by its nature: "Not stated", "Pregnancy"."""


_LIST_HEADING = re.compile(r"(?im)^[\W\d]*(?:[\w,/()&’'-]+\s+){0,6}?(?P<kind>in|ex)clusion\s+criteri(?:a|on)\b")
_PART_HEADING = re.compile(
    r"(?im)^\W*(?:phase|cohort|arm|part|group|stratum|step|stage|sub-?study|for\s+(?:the\s+)?\w+)\b|^[^\n]{2,80}:\s*$"
    r"|\b(?:comparison|control|healthy|case|intervention)\s+(?:groups?|arms?|participants?|subjects?|volunteers?|controls?)\b"
)
"""A heading between two lines that are the same: each may hold for its own part."""


def requirements_barred(record: Record) -> Iterator[Found]:
    """Requirements that stand in the exclusion list by their own words."""
    for criterion, prose in _barring(record):
        if _REQUIRED.match(prose.text) and not _BARRED_ANYWAY.search(prose.text):
            text = "This line stands among the exclusion criteria and is worded as a requirement."
            reading = "it has to be met to take part."
            yield Found("wording", text, (prose.span(0, len(prose.text)),), reading, (criterion.id,))


def _barring(record: Record) -> Iterator[tuple[Criterion, Prose]]:
    """The lines that stand under a heading of exclusion, each by itself."""
    for criterion, prose in lines(record.trial):
        if criterion.kind == "exclusion" and criterion.parent is None and _listed_as(record.trial, criterion.span, "exclusion"):
            yield criterion, prose


def _listed_as(trial: Trial, span: Span, kind: Kind) -> bool:
    """Whether the last heading before the line is of that list, or there is none."""
    headings = list(_LIST_HEADING.finditer(trial.source(span.document).text, 0, span.start))
    return not headings or headings[-1]["kind"].lower() == kind[:2]


def repeated_lines(record: Record) -> Iterator[Found]:
    """Lines that stand twice in one list, in one finding."""
    seen: dict[tuple[str, str | None, str | None, str], Criterion] = {}
    twice: list[Criterion] = []
    for criterion, prose in lines(record.trial):
        words = " ".join(re.findall(r"\w+|[<>≤≥%]", prose.text.casefold()))
        first = seen.setdefault((criterion.kind, criterion.parent, criterion.heading, words), criterion)
        between = record.trial.source(criterion.span.document).text[first.span.end : criterion.span.start]
        if (
            first is not criterion
            and len(words) >= _SHORT
            and not (_PART_HEADING.search(between) or _LIST_HEADING.search(between))
        ):
            twice += [first, criterion]
    if twice:
        text = "The same line stands twice." if len(twice) == 2 else f"{len(twice) // 2} lines stand twice."
        yield Found("wording", text, tuple(one.span for one in twice), criteria=tuple(one.id for one in twice))


# --- words ------------------------------------------------------------------------------------------------------------------------


def _folded(words: str) -> str:
    return " ".join(words.split())
