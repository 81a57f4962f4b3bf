"""Ranges, days and conditions in a few plain words, for reasons, questions and what would change."""

from datetime import timedelta
from math import inf

from assistant.eligibility.conditions import Between, Has, OneOf
from assistant.eligibility.numbers.doses import Dose
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.numbers.units import named_unit
from assistant.eligibility.patient import Days, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import name_of
from assistant.eligibility.vocabulary.traits import name_of_trait

_LONGEST_QUOTE = 90


def number(value: float) -> str:
    """A number as people write it: no exponent, no trailing zero."""
    return f"{value:.0f}" if value == int(value) else f"{value:.4g}" if abs(value) < 1e4 else f"{value:.1f}"


def article(name: str) -> str:
    """ "a" or "an", as the name is spoken: "a hemoglobin", "an INR", "an N-terminal pro-BNP", "a urine protein"."""
    first = name.split("-")[0].split(" ")[0]
    if len(first) == 1 or first.isupper():
        return "an" if first[0] in "AEFHILMNORSX" else "a"
    return "an" if name[0] in "aeioAEIO" else "a"


def limits(range: Range, unit: str = "") -> str:
    """A range: "at least 90 g/L", "below 5", "from 18 to 70 years"."""
    tail = f" {unit}" if unit else ""
    if range.low == range.high:
        return f"{number(range.low)}{tail}"
    low = f"{'above' if range.low_open else 'at least'} {number(range.low)}{tail}" if range.low > -inf else ""
    high = f"{'below' if range.high_open else 'at most'} {number(range.high)}{tail}" if range.high < inf else ""
    if low and high and not (range.low_open or range.high_open):
        return f"from {number(range.low)} to {number(range.high)}{tail}"
    return " and ".join(part for part in (low, high) if part) or "any value"


def outside(range: Range, unit: str = "") -> str:
    """What lies beyond a range: "below 90 g/L", "below 18 or above 70"."""
    tail = f" {unit}" if unit else ""
    low = f"{'at most' if range.low_open else 'below'} {number(range.low)}{tail}" if range.low > -inf else ""
    high = f"{'at least' if range.high_open else 'above'} {number(range.high)}{tail}" if range.high < inf else ""
    return " or ".join(part for part in (low, high) if part) or "no value"


def day(days: Days) -> str:
    """A day to its precision: "2025-11-17", "2025-11", "2019", "2019 to 2021"."""
    first, last = days.first, days.last
    if first is None or last is None:
        return f"since {first}" if first else f"until {last}" if last else "an unknown day"
    if first == last:
        return str(first)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    whole_month = (first.year, first.month, first.day) == (last.year, last.month, 1) and (last + timedelta(1)).day == 1
    return f"{first:%Y-%m}" if whole_month else f"{first} to {last}"


def quoted(words: Words) -> str:
    """The patient's words in quotation marks, cut where they are long."""
    quote = " ".join(words.quote.split())
    return f"“{quote if len(quote) <= _LONGEST_QUOTE else quote[: _LONGEST_QUOTE - 1].rstrip() + '…'}”"


def concept_name(concept: str) -> str:
    """A concept's name; the words themselves for one that no table knows."""
    return concept[2:] if concept.startswith("w:") else name_of(concept)


def asked(condition: Has | Between | OneOf) -> str:
    """What a simple condition names: "uncontrolled hypertension", "hemoglobin at least 90 g/L within 14 days"."""
    if isinstance(condition, Has):
        return _asked_finding(condition)
    if isinstance(condition, OneOf):
        edition = f" (edition {condition.edition})" if condition.edition else ""
        return f"{scale(condition.scale).name} {' or '.join(_widest(condition))}{edition}"
    return _with_window(f"{quantity(condition.quantity).name} {limits(condition.range, unit_of(condition))}", condition)


def _widest(condition: OneOf) -> list[str]:
    """The classes in the scale's order, without those that another one contains: stage I for I, IA and IB."""
    known = scale(condition.scale)
    inner = {one for value in condition.values for one in known.within(value) if one != value}
    widest = condition.values - inner or condition.values
    return sorted(widest, key=lambda value: (known.values.index(value) if value in known.values else len(known.values), value))


def unit_of(condition: Between) -> str:
    """What a value's range counts in, as the tables spell it: "g/L", "× ULN", "months"."""
    if condition.of:
        return f"× {condition.of}"
    unit = named_unit(condition.unit, condition.quantity) or condition.unit if condition.unit else ""
    return {"1": "", "h": "hours"}.get(unit, f"{unit}s" if unit in {"day", "week", "month", "year"} else unit)


def named(condition: Has) -> str:
    """The concepts of a finding: "PD-1 inhibitor or PD-L1 inhibitor"; the criterion's own words for what no table knows."""
    if condition.words and any(concept.startswith("w:") for concept in condition.concepts):
        return " ".join(condition.words.split())
    names = [concept_name(concept) for concept in condition.concepts]
    shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more"]
    whole = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    return f"other {whole}" if condition.other else whole


def _asked_finding(condition: Has) -> str:
    if condition.words and any(concept.startswith("w:") for concept in condition.concepts):
        return named(condition)
    grade = f"grade {limits(condition.grade).removeprefix('at least ')}{_or_more(condition.grade)} " if condition.grade else ""
    traits = "".join(f"{name_of_trait(trait)} " for trait in sorted(condition.traits))
    count = f" ({limits(condition.count)} of them)" if condition.count else ""
    size = f" ({limits(condition.size_mm, 'mm')})" if condition.size_mm else ""
    dose = f" ({dosed(condition.dose)})" if condition.dose else ""
    family = " in the family" if condition.family else ""
    past = "a history of " if condition.ever and not condition.window and not grade and not traits else ""
    return _with_window(f"{past}{grade}{traits}{named(condition)}{count}{size}{dose}{family}", condition)


def dosed(dose: Dose) -> str:
    """A bound of a dose: "above 10 mg/day, as prednisone"."""
    return f"{limits(dose.range, dose.unit)}{f', as {dose.of}' if dose.of else ''}"


def _or_more(grade: Range) -> str:
    return " or more" if grade.high == inf and not grade.low_open else ""


def _with_window(words: str, condition: Has | Between) -> str:
    window = condition.window.words if condition.window else ""
    return f"{words} {' '.join(window.split())}" if window and window not in words else words
