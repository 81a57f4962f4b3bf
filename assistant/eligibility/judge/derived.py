"""Quantities worked out from others that the note gives, with the sum shown: BMI, creatinine clearance, corrected calcium, tumour size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import floor, inf

from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.person import years_lived
from assistant.eligibility.numbers.units import UnitFault, convert, shown
from assistant.eligibility.patient import Days, Measurement, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import is_a


@dataclass(frozen=True, slots=True)
class Derived:
    """A value in the quantity's canonical unit, and what it comes from."""

    value: Range
    unit: str
    said: str
    """"82 kg / (165 cm)²"."""
    taken: Days | None
    words: tuple[Words, ...]


def derived(quantity: str, case: Case) -> Derived | None:
    """The quantity worked out; None where it is not one of these, or a part is missing, given twice or of another day."""
    rule = _RULES.get(quantity)
    return rule(case) if rule else None


def _part(quantity: str, unit: str, case: Case) -> tuple[Range, Measurement] | None:
    """A positive value that is given once, in one unit."""
    found = {(one.value, one.unit, one.taken): one for one in case.measurements(quantity)}
    if len(found) != 1:
        return None
    (measurement,) = found.values()
    try:
        value = convert(measurement.value, measurement.unit, unit, quantity)
    except UnitFault:
        return None
    return (value, measurement) if value.low > 0 and value.high < inf else None


def _said(_: Range, measurement: Measurement) -> str:
    return shown(measurement.value, measurement.unit)


def _body_mass_index(case: Case) -> Derived | None:
    """kg/m²: WHO Technical Report Series 894."""
    weight, height = _part("weight", "kg", case), _part("height", "cm", case)
    if weight is None or height is None:
        return None
    meters = height[0].times(0.01)
    value = weight[0].over(Range(meters.low**2, meters.high**2))
    said = f"{_said(*weight)} / ({_said(*height)})²"
    return Derived(value, "kg/m²", said, weight[1].taken, (weight[1].words, height[1].words))


def _creatinine_clearance(case: Case) -> Derived | None:
    """mL/min: Cockcroft and Gault, Nephron 1976;16:31, with the actual body weight."""
    creatinine, weight = _part("creatinine", "mg/dL", case), _part("weight", "kg", case)
    sex = case.patient.sex
    if creatinine is None or weight is None or sex is None:
        return None
    taken = creatinine[1].taken
    lived = years_lived(case, _last(taken) or case.clock.today)
    if lived is None or lived.high > 130 or lived.low < 18:
        return None
    oldest = floor(lived.high) - (1 if lived.high_open and lived.high == floor(lived.high) else 0)
    factor = 0.85 if sex == "female" else 1.0
    years = Range(140 - oldest, 140 - floor(lived.low))
    product = Range(years.low * weight[0].low, years.high * weight[0].high).times(factor)
    value = product.over(creatinine[0].times(72))
    age = f"{floor(lived.low)}" if floor(lived.low) == oldest else f"{floor(lived.low)}–{oldest}"
    mg_dl = shown(creatinine[0], "mg/dL")
    said = f"(140 − {age}) × {_said(*weight)} / (72 × {mg_dl}){' × 0.85' if sex == 'female' else ''} (Cockcroft-Gault)"
    words = (creatinine[1].words, weight[1].words, *((case.patient.age_words,) if case.patient.age_words else ()))
    return Derived(value, "mL/min", said, taken, words)


def _corrected_calcium(case: Case) -> Derived | None:
    """mmol/L: total calcium + 0.8 mg/dL for each g/dL of albumin below 4 (Payne, BMJ 1973;4:643), of one day."""
    calcium, albumin = _part("calcium", "mg/dL", case), _part("albumin", "g/dL", case)
    if calcium is None or albumin is None or calcium[1].taken != albumin[1].taken:
        return None
    low, high = calcium[0].low + 0.8 * (4 - albumin[0].high), calcium[0].high + 0.8 * (4 - albumin[0].low)
    value = convert(Range(low, high), "mg/dL", "mmol/L", "corrected-calcium")
    said = f"{_said(*calcium)} corrected for an albumin of {_said(*albumin)}"
    return Derived(value, "mmol/L", said, calcium[1].taken, (calcium[1].words, albumin[1].words))


def _tumor_size(case: Case) -> Derived | None:
    """mm: of the one cancer of which a size is said; metastases have their own."""
    sized = {
        (one.size_mm.low, one.size_mm.high): one
        for one in case.findings()
        if one.present and one.certain and one.size_mm is not None and is_a(one.concept, "malignancy")
    }
    if len(sized) != 1:
        return None
    (one,) = sized.values()
    if one.size_mm is None or one.ongoing is False:
        return None
    return Derived(one.size_mm, "mm", shown(one.size_mm, "mm"), one.started, (one.words,))


def _last(days: Days | None) -> date | None:
    return days.last if days else None


_RULES: Mapping[str, Callable[[Case], Derived | None]] = {
    "bmi": _body_mass_index,
    "creatinine-clearance": _creatinine_clearance,
    "corrected-calcium": _corrected_calcium,
    "tumor-size": _tumor_size,
}
