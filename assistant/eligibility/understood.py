"""A fact in a few plain words: how what was told was read, for the person to check."""

from collections.abc import Iterator
from math import inf

from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.patient import Answer, Days, Fact, Finding, Grading, Measurement, Patient
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.traits import name_of_trait
from assistant.eligibility.wording import concept_name, day, limits


def understood(fact: Fact) -> str:
    """How a fact was read: "no other malignancy", "heart attack: yes, 2019", "hemoglobin 88 g/L on 2026-05-04"."""
    if isinstance(fact, Finding):
        return _finding(fact)
    if isinstance(fact, Measurement):
        return _measurement(fact)
    return _grading(fact)


def age_understood(patient: Patient) -> str:
    """How an age or a birth date was read."""
    if patient.born is not None:
        return f"born {day(patient.born)}"
    return f"age {limits(patient.age, 'years')}" if patient.age is not None else "an age"


def answer_understood(answer: Answer) -> str:
    """How a word on a line of a trial was read."""
    kind, number = answer.line.split("/")[-2:]
    return f"{kind} {number}: {'this is so' if answer.holds else 'this is not so'}"


def _finding(fact: Finding) -> str:
    traits = "".join(f"{name_of_trait(trait)} " for trait in sorted(fact.traits))
    name = f"{'other ' if fact.other else ''}{traits}{concept_name(fact.concept)}"
    whose = " in the family" if fact.who == "family" else " of someone else" if fact.who == "other" else ""
    state = ("yes" if fact.certain else "perhaps") if fact.present else "no"
    return ", ".join((f"{name}{whose}: {state}", *_details(fact)))


def _details(fact: Finding) -> Iterator[str]:
    if fact.grade is not None:
        yield f"grade {limits(fact.grade)}"
    if fact.count is not None:
        yield f"number {limits(fact.count)}"
    if fact.size_mm is not None:
        yield limits(fact.size_mm, "mm")
    if fact.dose:
        yield fact.dose
    if fact.started and fact.ended and fact.started != fact.ended:
        yield f"from {day(fact.started)} to {day(fact.ended)}"
    elif fact.started or fact.ended:
        yield _when(fact)
    if fact.ongoing is not None and fact.present:
        yield "still" if fact.ongoing else "over"


def _when(fact: Finding) -> str:
    if fact.started is None:
        return f"until {_day(fact.ended)}"
    return _day(fact.started) if fact.ended else f"since {_day(fact.started)}" if fact.ongoing else _day(fact.started)


def _day(days: Days | None) -> str:
    return day(days) if days else ""


def _measurement(fact: Measurement) -> str:
    value = fact.flag if fact.flag and _unbounded(fact.value) else limits(fact.value, fact.unit or "")
    upper = f" (upper limit {limits(fact.upper_limit)})" if fact.upper_limit else ""
    taken = f" on {day(fact.taken)}" if fact.taken else ""
    return f"{quantity(fact.quantity).name} {value}{upper}{taken}{', corrected since' if fact.superseded else ''}"


def _unbounded(value: Range) -> bool:
    return value.low == -inf and value.high == inf


def _grading(fact: Grading) -> str:
    known = scale(fact.scale)
    inner = {one for value in fact.values for one in known.within(value) if one != value}
    widest = sorted(fact.values - inner or fact.values)
    edition = f" (edition {fact.edition})" if fact.edition else ""
    return f"{known.name} {' or '.join(widest)}{edition}"
