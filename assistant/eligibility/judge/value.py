"""Judges `Between`: a measured quantity against a range, absolute or in multiples of the laboratory's own limit of normal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from math import inf

from assistant.eligibility.conditions import Between
from assistant.eligibility.judge import silence as silences
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.derived import Derived, derived
from assistant.eligibility.judge.judgement import Judgement, Reason, Wanted, merged, silence
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.quantities import ecog_of_karnofsky, karnofsky_of_ecog, quantity
from assistant.eligibility.numbers.units import UnitFault, convert, shown, taken_as, working
from assistant.eligibility.patient import Days, Measurement, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import inside
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import article, asked, day, limits, outside, quoted, unit_of


@dataclass(frozen=True, slots=True)
class Reading:
    """One value against the range, and how it was worked out."""

    measurement: Measurement
    truth: Truth
    said: str
    taken: Days | None
    problem: bool = False
    """True where the value could not be used, and `said` says why."""
    words: tuple[Words, ...] = ()
    """All that it comes from, where that is more than the measurement's own words."""


def judge_value(condition: Between, case: Case) -> Judgement:
    """The latest value inside the window decides; values of one day on both sides of a bound conflict; an old one decides nothing."""
    found = case.measurements(condition.quantity)
    stand_ins = () if found else _stand_ins(condition, case)
    worked_out = None if found or condition.of else derived(condition.quantity, case)
    if not (found or stand_ins or worked_out):
        return _silent(condition, case)
    readings = [_read(condition, measurement, case) for measurement in found]
    readings += [_sum(condition, worked_out, case)] if worked_out else []
    readings += [_corresponding(_read(condition, measurement, case), condition) for measurement in stand_ins]
    usable = [reading for reading in readings if not reading.problem]
    if not usable:
        return _open(condition, readings[-1:])
    latest = _latest(usable)
    truths = {reading.truth for reading in latest}
    if {TRUE, FALSE} <= truths:
        if len({reading.taken for reading in latest}) == 1:
            return _open(condition, latest, conflicting=True)
        return _open(condition, latest)
    if len(truths) > 1:
        return _open(condition, latest)
    (result,) = truths
    if result is UNKNOWN:
        return _open(condition, latest[:1])
    return Judgement(result, (_reason(condition, latest[0]),), _words(latest[:1]), changes=_flip(condition, result))


def _stand_ins(condition: Between, case: Case) -> tuple[Measurement, ...]:
    """What stands for a quantity that is not given itself.

    ECOG grades from Karnofsky scores, and the other way round; a PT in multiples from the INR; a QTc by either formula.
    """
    id = condition.quantity
    if id == "pt" and condition.of == "ULN":
        limit = _defined_limits()["inr", "ULN"]
        known = (one for one in case.measurements("inr") if not _said_only(one))
        return tuple(replace(one, quantity=id, unit=None, upper_limit=one.upper_limit or limit) for one in known)
    if id == "qtc":
        return tuple(replace(one, quantity=id) for by in ("qtcf", "qtcb") for one in case.measurements(by))
    swap = {"ecog": ("karnofsky", ecog_of_karnofsky), "karnofsky": ("ecog", karnofsky_of_ecog)}
    if id not in swap:
        return ()
    other, turned = swap[id]
    found = []
    for one in case.measurements(other):
        try:
            found.append(replace(one, quantity=id, value=turned(one.value), unit=None))
        except ValueError:  # no score of that scale
            continue
    return tuple(found)


def _sum(condition: Between, one: Derived, case: Case) -> Reading:
    """The reading of a value worked out from others, with the sum and the words of all."""
    measurement = Measurement(condition.quantity, one.value, one.unit, one.words[0], taken=one.taken)
    reading = _read(condition, measurement, case)
    name = quantity(condition.quantity).name
    value = Range(round(one.value.low, 1), round(one.value.high, 1))
    said = reading.said if reading.problem else f"{name} {one.said} = {shown(value, one.unit)}"
    return replace(reading, said=said, words=one.words)


def _corresponding(reading: Reading, condition: Between) -> Reading:
    """The reading of a value on another scale, with that value's own words."""
    name, value = quantity(condition.quantity).name, shown(reading.measurement.value)
    if condition.of is not None and not reading.problem:
        return replace(reading, said=f"{quoted(reading.measurement.words)} is of the same test: {reading.said}")
    said = f"{quoted(reading.measurement.words)} corresponds to {name} {value}"
    return reading if reading.problem else replace(reading, said=said)


def _read(condition: Between, measurement: Measurement, case: Case) -> Reading:
    taken = measurement.taken
    name = quantity(condition.quantity).name
    if condition.window is not None:
        seen = taken or _noted(case.patient.dated)
        current = inside(condition.window, seen, seen, False, case.clock) if seen else UNKNOWN
        words = " ".join(condition.window.words.split())
        if current is FALSE and seen:
            return Reading(measurement, UNKNOWN, f"the {name} is of {day(seen)}, outside “{words}”", taken, True)
        if current is UNKNOWN:
            return Reading(measurement, UNKNOWN, f"the {name} has no day that settles “{words}”", taken, True)
    try:
        value, said = _comparable(condition, measurement)
    except UnitFault as fault:
        return Reading(measurement, UNKNOWN, f"{quoted(measurement.words)}: {fault}", taken, True)
    if value is None:
        return Reading(measurement, UNKNOWN, said, taken, True)
    dated = f" on {day(taken)}" if taken else ""
    return Reading(measurement, condition.range.holds(value), f"{name} {said}{dated}", taken)


def _noted(dated: date | None) -> Days | None:
    """A value without a day in a dated note is taken as of the note."""
    return Days(dated, dated) if dated else None


def _comparable(condition: Between, measurement: Measurement) -> tuple[Range | None, str]:
    """The value in the condition's unit, or in multiples of the limit of normal, and how it reads; None and why it cannot be."""
    if condition.of is not None:
        return _multiples(condition, measurement)
    if _said_only(measurement):
        span = _normal_span(measurement)
        if span is None:
            return None, f"{quoted(measurement.words)} gives no number"
        own = measurement.lower_limit or measurement.upper_limit
        unit = measurement.unit if own else quantity(condition.quantity).unit
        said = f"{measurement.flag} ({limits(span, '' if unit in (None, '1') else unit)})"
        return convert(span, unit, _unit(condition), condition.quantity), said
    value, unit = measurement.value, measurement.unit
    to, copies = _unit(condition), measurement.copies
    return convert(value, unit, to, condition.quantity, copies), working(value, unit, to, condition.quantity, copies)


def _unit(condition: Between) -> str:
    """The criterion's unit; where it names none, the one that its numbers must be in. Raises UnitFault where that is open."""
    return condition.unit or taken_as(condition.range, condition.quantity)


def _said_only(measurement: Measurement) -> bool:
    return measurement.value.low == -inf and measurement.value.high == inf


def _normal_span(measurement: Measurement) -> Range | None:
    """Where a value that is only called normal, high or low lies, by the laboratory's own limits."""
    low = measurement.lower_limit.low if measurement.lower_limit else -inf
    high = measurement.upper_limit.high if measurement.upper_limit else inf
    if measurement.flag == "normal" and (measurement.lower_limit or measurement.upper_limit):
        return Range(low, high)
    if measurement.flag == "normal":
        return _outermost(measurement.quantity)
    if measurement.flag == "high" and measurement.upper_limit:
        return Range(measurement.upper_limit.low, low_open=True)
    if measurement.flag == "low" and measurement.lower_limit:
        return Range(high=measurement.lower_limit.high, high_open=True)
    return None


_NORMAL = {
    ("ULN", "normal"): Range(high=1),
    ("ULN", "high"): Range(1, low_open=True),
    ("LLN", "normal"): Range(1),
    ("LLN", "low"): Range(high=1, high_open=True),
    ("ULN", "low"): Range(high=1, high_open=True),
    ("LLN", "high"): Range(1, low_open=True),
}
"""What a flag says in multiples of the limit."""


def _multiples(condition: Between, measurement: Measurement) -> tuple[Range | None, str]:
    name = quantity(condition.quantity).name
    limit = measurement.upper_limit if condition.of == "ULN" else measurement.lower_limit
    agreed = _defined_limits().get((condition.quantity, condition.of or ""))
    if limit is None and agreed is not None and not _said_only(measurement):
        limit, measurement = agreed, _in_own_unit(measurement)
    known = None if measurement.flag is None else _NORMAL.get((condition.of or "", measurement.flag))
    if limit is not None and limit.low > 0 and not _said_only(measurement):
        value = measurement.value.over(limit)
        said = shown(measurement.value, measurement.unit)
        return value, f"{said} = {shown(value)} × {condition.of} ({condition.of} {shown(limit)})"
    if known is not None:
        return known, f"{measurement.flag} ({limits(known)} × {condition.of})"
    return None, f"the laboratory's {condition.of} for {quoted(measurement.words)} ({name}) is not given"


def _in_own_unit(measurement: Measurement) -> Measurement:
    """The value in its quantity's own unit. Raises UnitFault."""
    unit = quantity(measurement.quantity).unit
    value = convert(measurement.value, measurement.unit, unit, measurement.quantity)
    return replace(measurement, value=value, unit=None if unit == "1" else unit)


def _outermost(id: str) -> Range | None:
    """Where a value that is called normal lies whatever the laboratory, in the quantity's own unit (`limits.tsv`)."""
    known = _defined_limits()
    lower, upper = known.get((id, "LLN")), known.get((id, "ULN"))
    if (id, "normal") in known or not (lower or upper):
        return known.get((id, "normal"))
    return Range(lower.low if lower else -inf, upper.high if upper else inf)


@cache
def _defined_limits() -> dict[tuple[str, str], Range]:
    """Limits of normal that follow from how a quantity is defined: the INR of normal plasma is 1."""
    table = rows("limits.tsv")
    return {(row["id"], row["limit"]): Range(float(row["low"]), float(row["high"])) for row in table}


def _latest(readings: Sequence[Reading]) -> list[Reading]:
    """The readings of the last day, and those without a day, for either may be the newest."""
    days = [reading.taken.last or date.max for reading in readings if reading.taken]
    last = max(days, default=None)
    return [reading for reading in readings if reading.taken is None or (reading.taken.last or date.max) == last]


def _open(condition: Between, readings: Sequence[Reading], *, conflicting: bool = False) -> Judgement:
    parts = [Judgement(UNKNOWN, (_reason(condition, reading),), _words([reading])) for reading in readings]
    whole = merged(parts, UNKNOWN)
    return Judgement(UNKNOWN, whole.reasons, whole.evidence, conflicting=conflicting, missing=(_wanted(condition),))


def _words(readings: Sequence[Reading]) -> tuple[Words, ...]:
    return tuple(words for reading in readings for words in reading.words or (reading.measurement.words,))


def _reason(condition: Between, reading: Reading) -> Reason:
    name = quantity(condition.quantity).name
    own = not reading.problem and reading.said.startswith(name)
    plain = f"your {name} is {reading.said.removeprefix(name).lstrip()}" if own else reading.said
    return Reason(reading.said, plain, asked(condition))


def _wanted(condition: Between) -> Wanted:
    name = quantity(condition.quantity).name
    window = f" from {' '.join(condition.window.words.split())}" if condition.window and condition.window.words else ""
    limit = " with the laboratory's upper limit of normal" if condition.of == "ULN" else ""
    return Wanted("quantity", condition.quantity, f"a value of {name}{limit}{window}")


def _silent(condition: Between, case: Case) -> Judgement:
    name = quantity(condition.quantity).name
    if case.closed and silences.means_unremarkable(condition) and not _is_hinted_at(condition.quantity, case):
        return Judgement(FALSE, (silence(asked(condition), read_as_absent=True),), assumed=True)
    reason = Reason(f"no {name} is given", f"you have not given your {name}", asked(condition))
    return Judgement(UNKNOWN, (reason,), missing=(_wanted(condition),))


def _is_hinted_at(id: str, case: Case) -> bool:
    """Whether the note names what a laboratory value would show: dialysis, where no creatinine is given."""
    shown = silences.shown_by(id) if quantity(id).kind == "lab" else ()
    return any(finding.present and is_a(finding.concept, one) for finding in case.findings() for one in shown)


def _flip(condition: Between, result: Truth) -> tuple[str, ...]:
    """The range on the other side of the bound, as far as such values are possible."""
    unit = unit_of(condition)
    name = quantity(condition.quantity).name
    there = outside(_possible(condition), unit) if result is TRUE else limits(condition.range, unit)
    return (f"{article(name)} {name} {'of ' if there.startswith('at') else ''}{there}",)


def _possible(condition: Between) -> Range:
    """The range without a bound that no value can lie beyond: nobody has an ECOG below 0."""
    range, possible = condition.range, quantity(condition.quantity).plausible
    if condition.of is not None or condition.unit not in (None, quantity(condition.quantity).unit):
        return range
    low = -inf if range.low <= possible.low else range.low
    high = inf if range.high >= possible.high else range.high
    return Range(low, high, range.low_open, range.high_open) if low > -inf or high < inf else range
