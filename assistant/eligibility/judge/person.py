"""Judges `Demographic`: sex, and age on the day that counts."""

from datetime import date
from math import floor, inf

from assistant.eligibility.conditions import Demographic
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.judgement import Judgement, Reason, Wanted, both
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import age_on
from assistant.eligibility.truth import FALSE, UNKNOWN, truth
from assistant.eligibility.wording import day, limits, outside

_YEAR = 365.2425
"""Days, on average (Gregorian calendar)."""


def judge_person(condition: Demographic, case: Case) -> Judgement:
    """Sex and age, as far as the condition names them."""
    parts = [_sex(condition, case)] if condition.sex else []
    if condition.age:
        parts.append(_age(condition.age, condition, case))
    return both(parts)


def _sex(condition: Demographic, case: Case) -> Judgement:
    sex = case.patient.sex
    if sex is None:
        reason = Reason("the sex is not given", "you have not said your sex", f"{condition.sex} sex")
        return Judgement(UNKNOWN, (reason,), missing=(Wanted("sex", "sex", "the sex"),))
    words = (case.patient.sex_words,) if case.patient.sex_words else ()
    return Judgement(
        truth(sex == condition.sex), (Reason(f"the patient is {sex}", f"you are {sex}", f"{condition.sex} sex"),), words
    )


def _age(wanted: Range, condition: Demographic, case: Case) -> Judgement:
    on = case.clock.start if condition.anchor == "start" else case.clock.today
    rule = f"age {limits(wanted, 'years')}"
    age = years_lived(case, on)
    if age is None:
        reason = Reason("the age is not given", "you have not said your age", rule)
        return Judgement(UNKNOWN, (reason,), missing=(Wanted("age", "age", "the age or date of birth"),))
    result = _continuous(wanted, condition.words).holds(age)
    words = (case.patient.age_words,) if case.patient.age_words else ()
    completed = _completed(age)
    when = f" on {on}"
    if result is UNKNOWN:
        reason = Reason(f"{completed}{when}: a birthday may lie between", f"you will be {completed}{when}", rule)
        return Judgement(UNKNOWN, (reason,), words, missing=(Wanted("age", "age", "the date of birth"),))
    born = None if case.patient.born is None else f"born {day(case.patient.born)}"
    said = f"{born}, {completed}{when}" if born else f"{completed}{when}"
    plain = f"you were {born} and will be {completed}{when}" if born else f"you will be {completed}{when}"
    change = limits(wanted, "years") if result is FALSE else outside(wanted, "years")
    changes = () if result is case.passing else (f"an age {change}",)
    return Judgement(result, (Reason(said, plain, rule),), words, changes=changes)


def years_lived(case: Case, on: date) -> Range | None:
    """The time lived on a day, in years with fractions: between which bounds it lies."""
    patient = case.patient
    if patient.born is not None and patient.born.first and patient.born.last:
        whole = age_on(patient.born, on)
        if whole.low >= 2:
            return Range(floor(whole.low), floor(whole.high) + 1, high_open=True)
        return Range(max(0.0, (on - patient.born.last).days / _YEAR), max(0.0, (on - patient.born.first).days / _YEAR))
    if patient.age is None:
        return None
    said = patient.age
    if said.low == said.high == floor(said.low):
        said = Range(said.low, said.high + 1, high_open=True)
    passed = (on - (patient.dated or case.clock.today)).days / _YEAR
    return Range(max(0.0, said.low + passed), max(0.0, said.high + passed), said.low_open, said.high_open)


def _continuous(wanted: Range, words: str) -> Range:
    """A range of completed years as time lived: "at most 70" holds until the 71st birthday, "over 70" from it on."""
    low, high = wanted.low, wanted.high
    if any(unit in words.lower() for unit in ("month", "week", "day")):
        return wanted
    closed_high = high < inf and high == floor(high) and not wanted.high_open
    open_low = low > -inf and low == floor(low) and wanted.low_open
    return Range(
        low + 1 if open_low else low,
        high + 1 if closed_high else high,
        wanted.low_open and not open_low,
        wanted.high_open or closed_high,
    )


def _completed(age: Range) -> str:
    low = floor(age.low)
    high = floor(age.high) - (1 if age.high_open and age.high == floor(age.high) else 0) if age.high < inf else None
    if high is None:
        return f"at least {low} years old"
    if low >= 2 or high >= 2:
        return f"{low} years old" if low == high else f"{low} to {high} years old"
    return f"{floor(age.low * 12)} months old"
