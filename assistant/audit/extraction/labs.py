"""Reads the laboratory limits that an eligible patient must keep: `labs`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Final, Literal

from assistant.audit.extraction.for_whom import for_whom
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import Measure, measures
from assistant.eligibility.numbers.quantities import Quantity, quantity
from assistant.eligibility.numbers.units import UnitFault, named_unit, taken_as
from assistant.eligibility.ranges import Range
from index.trial import Kind

_OTHER_FIELDS: Final = frozenset(
    {"hbv-dna", "hcv-rna", "hiv-rna", "ebv-dna", "cmv-dna", "cd4"}  # infections
    | {"hcg", "fsh", "lh", "amh", "estradiol"}  # pregnancy and menopause
    | {"m-protein", "urine-m-protein", "free-light-chain", "blasts"}  # measurable disease
)
"""Analytes whose limits belong to other fields."""
_SHORT: Final = {
    "hemoglobin": "hemoglobin",
    "wbc": "WBC",
    "anc": "ANC",
    "alc": "ALC",
    "platelets": "platelet",
    "creatinine": "creatinine",
    "creatinine-clearance": "creatinine clearance",
    "bun": "BUN",
    "bilirubin": "bilirubin",
    "ast": "AST",
    "alt": "ALT",
    "alp": "ALP",
    "ldh": "LDH",
    "egfr": "GFR",
    "troponin": "troponin",
    "inr": "INR",
    "pt": "PT",
    "aptt": "aPTT",
}
"""What readers call an analyte: added where the record prints another name alone ("Neutrophils (ANC)")."""


@dataclass(frozen=True, slots=True)
class Lab:
    """One limit, as the outer contract has it. "AST ≤ 5 × ULN if cirrhotic": Lab("AST", "≤", None, None, 5, "cirrhotic")."""

    analyte: str
    comparator: Literal["≥", ">", "≤", "<"]
    value: float | None
    unit: str | None
    uln_multiple: float | None
    condition: str | None


def labs(record: Record) -> dict[str, Value]:
    """Each limit once, with the lines that state them."""
    found = [(lab, line.span) for line in record.rules.lines for lab in limits(line.text, line.kind)]
    values = [asdict(lab) for lab in dict.fromkeys(lab for lab, _ in found)]
    return {"labs": Value(values, tuple(dict.fromkeys(span for _, span in found)))} if found else {}


def limits(text: str, kind: Kind) -> Iterator[Lab]:
    """The limits of one criterion; those of an exclusion are negated."""
    asked = [measure for measure in measures(text) if _is_limit(measure)]
    required = [(measure, good) for measure in asked if (good := _must_lie(measure, kind, text)) is not None]
    for at, (measure, good) in enumerate(required):
        before = required[at - 1][0].end if at else 0
        after = required[at + 1][0].start if at + 1 < len(required) else len(text)
        whom = for_whom(text, before, measure.start, measure.end, after, last=at + 1 == len(required))
        if whom or kind == "inclusion" or not _is_granted(measure, text):
            for name in _names(measure, text):
                yield from _bounds(name, good, measure, text, whom)


def _is_limit(measure: Measure) -> bool:
    known = [quantity(one) for one in measure.quantities]
    bounded = (measure.range.low > -inf or measure.range.high < inf) and not measure.negated
    return (
        bounded
        and all(one.kind == "lab" and one.id not in _OTHER_FIELDS for one in known)
        and (measure.unit is not None or measure.of is not None or _needs_no_unit(known[0], measure.range))
    )


def _needs_no_unit(analyte: Quantity, numbers: Range) -> bool:
    """Whether writers leave the unit off such numbers: "ANC ≥ 1500", "INR ≤ 1.5"."""
    try:
        return bool(taken_as(numbers, analyte.id))
    except UnitFault:
        return analyte.unit == "1"


def _must_lie(measure: Measure, kind: Kind, text: str) -> Range | None:
    """Where an eligible patient's value lies; None where the words are a condition ("with creatinine > 1.5 × ULN") or no limit."""
    allowed = measure.range
    if allowed.low == allowed.high:
        return None
    barred = kind == "exclusion" and not _is_granted(measure, text)
    if barred or (kind == "inclusion" and _DENIED.search(text[: measure.start])):
        if allowed.low > 0 and allowed.high < inf:
            return None
        allowed = _beyond(allowed)
    sense = quantity(measure.quantities[0]).sense
    if (sense == "high" and allowed.high == inf) or (sense == "low" and allowed.low == -inf):
        return None
    return allowed


_DENIED: Final = re.compile(r"\b(?:no|without|absence of)\s[^.;,()]{1,60}\([^()]*$", re.IGNORECASE)
"""A finding denied before its bracket: "No hyperleukocytosis (WBC > 30,000/µL)"."""
_GRANTS: Final = re.compile(
    r"(?<!not )(?<!not be )\b(?:eligible|allowed|permitted|acceptable|may be (?:included|enrolled))\b", re.IGNORECASE
)
_STOP: Final = re.compile(r"[.;](?=\s|$)|\n")


def _is_granted(measure: Measure, text: str) -> bool:
    """Whether the sentence lets its people in: "Participants with Gilbert syndrome and bilirubin < 3 × ULN are eligible"."""
    start = max((stop.end() for stop in _STOP.finditer(text, 0, measure.start)), default=0)
    stop = _STOP.search(text, measure.end)
    return _GRANTS.search(text, start, stop.start() if stop else len(text)) is not None


def _beyond(barred: Range) -> Range:
    """What a barred range leaves: above 50 of "0-50", at least 90 of "below 90"."""
    if barred.high < inf:
        return Range(low=barred.high, low_open=not barred.high_open)
    return Range(high=barred.low, high_open=not barred.low_open)


def _bounds(name: str, good: Range, measure: Measure, text: str, whom: str | None) -> Iterator[Lab]:
    unit = None if measure.of else _unit(measure, text)
    if good.low > -inf:
        sign: Literal["≥", ">"] = ">" if good.low_open else "≥"
        yield _lab(name, sign, good.low, unit, measure, whom)
    if good.high < inf:
        yield _lab(name, "<" if good.high_open else "≤", good.high, unit, measure, whom)


def _lab(
    name: str, sign: Literal["≥", ">", "≤", "<"], number: float, unit: str | None, measure: Measure, whom: str | None
) -> Lab:
    plain = int(number) if number == int(number) else number
    if measure.of == "ULN":
        return Lab(name, sign, None, None, plain, whom)
    return Lab(name, sign, plain, "× LLN" if measure.of == "LLN" else unit, None, whom)


_NUMBER: Final = re.compile(r"\d[\d.,·\u00a0 ]*\d|\d")
_UNIT_ENDS: Final = re.compile(r"[(;,\[]|\s(?:or|and)\s")
_LOST_POWER: Final = re.compile(r"^10(?=(?:3|6|9|12)\s?/)")
_TIMES: Final = re.compile(r"^\s*[x×*]?\s*")


def _unit(measure: Measure, text: str) -> str | None:
    """The unit as printed: "× 10^9/L" is 10^9/L, and so is "109/L", its superscript lost."""
    if measure.unit is None:
        return None
    numbers = list(_NUMBER.finditer(text, measure.start, measure.end))
    known = measure.name_end if measure.start <= measure.name_start else measure.start
    said = next((number for number in numbers if number.start() >= known), None)
    printed = _UNIT_ENDS.split(text[said.end() : measure.end])[0] if said else ""
    printed = _LOST_POWER.sub("10^", _TIMES.sub("", printed)).strip(" .)]")
    return printed if named_unit(printed, measure.quantities[0]) == measure.unit else measure.unit


_AND: Final = re.compile(r"\s*(?:,|/|\band\b|\bor\b)\s*", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")


def _names(measure: Measure, text: str) -> Sequence[str]:
    """What a measure limits, in the record's words and as readers call it: "AST and ALT" are two."""
    words = text[measure.name_start : measure.name_end]
    masked = _BRACKETS.sub(lambda match: "_" * len(match[0]), words)
    cuts = [0, *(end for match in _AND.finditer(masked) for end in match.span()), len(words)]
    parts = [words[start:end].strip() for start, end in zip(cuts[::2], cuts[1::2], strict=True) if words[start:end].strip()]
    if len(measure.quantities) == 1:
        parts = [words]
    fitting = all(_is_called(part, one) for part, one in zip(parts, measure.quantities, strict=False))
    if len(parts) != len(measure.quantities) or not (fitting or len(parts) == 1):
        return [_SHORT.get(one, quantity(one).name) for one in measure.quantities]
    return [_called(part, one) for part, one in zip(parts, measure.quantities, strict=True)]


def _is_called(printed: str, analyte: str) -> bool:
    """Whether a printed name holds one of the analyte's."""
    said = f" {_WORD_BREAK.sub(' ', printed.lower())} "
    return any(f" {_WORD_BREAK.sub(' ', name.lower())} " in said for name in (*quantity(analyte).names, quantity(analyte).name))


_WORD_BREAK: Final = re.compile(r"[^a-z0-9]+|s\b")


def _called(printed: str, analyte: str) -> str:
    """A printed name, with the usual one where it lacks that: "Hb (hemoglobin)"."""
    plain = _EACH.sub("", _balanced(printed))
    if len(plain) > _LONGEST_NAME:
        return _SHORT.get(analyte, plain)
    usual = _SHORT.get(analyte, "")
    return plain if usual.lower() in plain.lower() else f"{plain} ({usual})"


_EACH: Final = re.compile(r"^(?:either|both|an?|the)\s", re.IGNORECASE)
_LONGEST_NAME: Final = 60


def _balanced(words: str) -> str:
    """The words up to a bracket that nothing opens or closes."""
    opened: list[int] = []
    for at, letter in enumerate(words):
        if letter in "([":
            opened.append(at)
        elif letter in ")]":
            if not opened:
                return words[:at].strip()
            opened.pop()
    return words[: opened[0]].strip() if opened else words
