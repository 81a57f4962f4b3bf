"""Reads the assistant's own profile of a patient, JSON that a person or a form fills in, into a sheet and typed facts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.eligibility.intake.sheet import (
    Line,
    Standing,
    Value,
    days,
    held,
    line,
    measured,
    named,
    note_line,
    quantity_of,
    sheet,
    standing,
)
from assistant.eligibility.numbers.quantities import Quantity
from assistant.eligibility.numbers.units import implausible_age
from assistant.eligibility.patient import Days, Fact, Finding, Grading, Patient, Sex, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.vocabulary.concepts import words_id
from assistant.eligibility.vocabulary.traits import find_traits
from assistant.errors import UnusableRequest
from index.words import stems

_SEXES: Mapping[str, Sex] = {"female": "female", "f": "female", "woman": "female", "male": "male", "m": "male", "man": "male"}
_NUMBER = re.compile(r"\s*(?P<sign><=|>=|[<>≤≥])?\s*(?P<number>\d+(?:\.\d+)?)\s*$")
_DENIAL = re.compile(r"(?:no|not|never|denies|without)\b", re.IGNORECASE)
_NOWHERE = Words(0, 0, "")


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", str_strip_whitespace=True, str_max_length=20_000, allow_inf_nan=False)


class _Condition(_Part):
    name: str = Field(min_length=1)
    status: str | None = None
    since: str | None = None
    resolved: str | bool | None = None
    stage: str | None = None
    edition: str | int | None = None


class _Measurement(_Part):
    name: str = Field(min_length=1)
    value: float | str
    unit: str | None = None
    date: str | None = None
    upper_limit: float | None = None
    lower_limit: float | None = None


class _Treatment(_Part):
    name: str = Field(min_length=1)
    started: str | None = None
    ended: str | None = None
    cycles: int | None = Field(default=None, ge=0, le=1000)
    response: str | None = None


_T = TypeVar("_T", bound=_Part)


class _Person(_Part):
    age: float | None = Field(default=None, ge=0, le=150)
    born: str | None = None
    sex: str | None = None
    conditions: list[Any] = []
    measurements: list[Any] = []
    treatments: list[Any] = []
    denied: list[Any] = []
    statements: list[Any] = []


def read_profile(document: Mapping[str, Any], today: date | None = None) -> Patient:
    """The patient of a profile. A part that cannot be used, and a field that is not known, is named in `problems`.

    `today`: the day that relative times in it count from; without it they are not read.
    Raises UnusableRequest where the document has no field of a profile, or one of the wrong kind at its top.
    """
    problems: list[str] = []
    person = _top(document)
    _name_unknown(person, "the profile", problems)
    lines = [
        *_conditions(person, today, problems),
        *_measurements(person, today, problems),
        *_treatments(person, today, problems),
    ]
    lines += _denials(person, problems)
    notes = [note_line(text, today or date.today()) for text in _texts(person.statements, "statements", problems)]
    sex, sex_line = _sex(person, problems)
    born, age, age_line = _age(person, today, problems)
    top = [line(text) for text in (sex_line, age_line) if text]
    patient = sheet(
        [*top, *lines, *(said for said, _ in notes)],
        sex=sex,
        sex_line=sex_line,
        born=born,
        age=age,
        age_line=age_line,
        problems=problems,
    )
    return _completed(patient, [read for _, read in notes])


def _completed(patient: Patient, notes: list[Patient]) -> Patient:
    """Sex and age from the free statements, where no field gives them."""
    sexes = {read.sex for read in notes if read.sex}
    told = next((read for read in notes if read.born or read.age), None)
    if patient.sex is None and len(sexes) == 1:
        patient = replace(patient, sex=sexes.pop())
    if patient.born is None and patient.age is None and told is not None:
        patient = replace(patient, born=told.born, age=told.age, dated=told.dated)
    return patient


def _top(document: Mapping[str, Any]) -> _Person:
    if not set(document) & set(_Person.model_fields):
        raise UnusableRequest(f"This JSON is no profile: it has none of the fields {', '.join(_Person.model_fields)}.")
    try:
        return _Person.model_validate(dict(document))
    except ValidationError as fault:
        raise UnusableRequest(f"The profile cannot be read: {_why(fault)}. Correct it and try again.") from fault


def _why(fault: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'it'}: {each['msg']}" for each in fault.errors()[:3])


def _name_unknown(part: _Part, where: str, problems: list[str]) -> None:
    unknown = sorted(map(str, part.model_extra or {}))
    if unknown:
        known = ", ".join(type(part).model_fields)
        listed = ", ".join(repr(name[:40]) for name in unknown[:8])
        problems.append(f"Not a field of {where}, and not read: {listed}. Known are {known}.")


def _parts(model: type[_T], items: list[Any], where: str, problems: list[str]) -> Iterator[tuple[str, _T]]:
    """The items that are sound, each with its place; the others are named."""
    for place, item in enumerate(items):
        name = f"{where}[{place}]"
        try:
            part = model.model_validate({"name": item} if isinstance(item, str) else item)
        except ValidationError as fault:
            problems.append(f"{name} was left out: {_why(fault)}.")
        else:
            _name_unknown(part, name, problems)
            yield name, part


def _texts(items: list[Any], where: str, problems: list[str]) -> Iterator[str]:
    for place, item in enumerate(items):
        if isinstance(item, str) and item.strip():
            yield item
        else:
            problems.append(f"{where}[{place}] is no text; it was left out.")


def _day(said: str | None, where: str, today: date | None, problems: list[str]) -> Days | None:
    if not said:
        return None
    found = days(said, today)
    if found is None:
        problems.append(f"{where} is no date: {said[:40]!r}. Write it as 2025-03-14, 2025-03 or 2025.")
    return found


def _sex(person: _Person, problems: list[str]) -> tuple[Sex | None, str | None]:
    if not person.sex:
        return None, None
    sex = _SEXES.get(person.sex.lower())
    if sex is None:
        problems.append(f"The sex is {person.sex[:40]!r}, not female or male: what a criterion asks of it stays open.")
        return None, None
    return sex, f"Sex: {sex}"


def _age(person: _Person, today: date | None, problems: list[str]) -> tuple[Days | None, Range | None, str | None]:
    born = _day(person.born, "born", None, problems)
    age = exactly(person.age) if person.age is not None else None
    impossible = implausible_age(age) if age else None
    if impossible:
        problems.append(impossible)
        age = None
    if born:
        return born, None, f"Born: {person.born}"
    return None, age, f"Age: {person.age:g} years" if age else None


def _standing(said: str | None) -> Standing:
    """What a status in somebody's own words says: of the table, else by its traits."""
    known = standing(said)
    if known is None:
        return Standing(traits=frozenset(one.trait for one in find_traits(said or "")))
    return known


def _conditions(person: _Person, today: date | None, problems: list[str]) -> Iterator[Line]:
    for where, one in _parts(_Condition, person.conditions, "conditions", problems):
        stands = _standing(one.status)
        if not stands.counts:
            continue
        since = _day(one.since, f"{where}.since", today, problems)
        resolved = _day(one.resolved, f"{where}.resolved", today, problems) if isinstance(one.resolved, str) else None
        if resolved or one.resolved is True:
            stands = replace(stands, ongoing=False, traits=stands.traits | {"resolved"})
        said = [one.status or "", f"since {one.since}" if one.since else "", f"resolved {one.resolved}" if one.resolved else ""]
        text = f"Condition: {', '.join(filter(None, (one.name, *said)))}"
        facts = tuple(held(named(one.name, "thing"), stands, since, resolved))
        yield line(text, *facts, denied=not stands.present, certain=stands.certain)
        if one.stage and stands.present and stands.certain:
            yield _stage(one)


def _stage(one: _Condition) -> Line:
    edition = f" (AJCC edition {one.edition})" if one.edition else ""
    text = f"{'' if 'stage' in (one.stage or '').lower() else 'Stage '}{one.stage}{edition}"
    classes = [fact for fact in named(text) if isinstance(fact, Grading)]
    number = re.search(r"\d+", str(one.edition or ""))
    return line(text, *(replace(each, edition=number[0]) if number else each for each in classes))


def _measurements(person: _Person, today: date | None, problems: list[str]) -> Iterator[Line]:
    for where, one in _parts(_Measurement, person.measurements, "measurements", problems):
        taken = _day(one.date, f"{where}.date", today, problems)
        number = _number(one.value)
        shown = f"{one.name} {one.value:g}" if isinstance(one.value, float) else f"{one.name} {one.value}"
        limits = (("LLN", one.lower_limit), ("ULN", one.upper_limit))
        said = ", ".join(f"{name} {limit:g}" for name, limit in limits if limit is not None)
        text = f"{f'{one.date} ' if taken else ''}{shown}{f' {one.unit}' if one.unit else ''}{f' ({said})' if said else ''}"
        if number is None:
            yield line(text, *map(partial(_dated, taken=taken), named(f"{one.name}: {one.value}")))
            continue
        value = Value(number, one.unit, taken, one.lower_limit, one.upper_limit)
        yield _measured(text, quantity_of(one.name, value), value, where, problems)


def _dated(fact: Fact, taken: Days | None) -> Fact:
    """A result in words with its day; a denial stays without one, for a date would narrow it."""
    return replace(fact, started=taken, ended=taken) if isinstance(fact, Finding) and fact.present else fact


def _measured(text: str, analyte: Quantity | None, value: Value, where: str, problems: list[str]) -> Line:
    if analyte is None:
        problems.append(f"{where} is a quantity that is not known: {text[:60]!r}.")
        return line(text)
    made = measured(analyte, value)
    if isinstance(made, str):
        problems.append(f"{where} was left out: {made}")
        return Line(text)
    return line(text, made)


def _number(said: float | str) -> Range | None:
    """A number, or one with a sign ("<5"); None for words."""
    if not isinstance(said, str):
        return exactly(said)
    match = _NUMBER.match(said)
    if match is None:
        return None
    number = float(match["number"])
    if match["sign"] in ("<", "<=", "≤"):
        return Range(high=number, high_open=match["sign"] == "<")
    return Range(number, low_open=match["sign"] == ">") if match["sign"] else exactly(number)


def _treatments(person: _Person, today: date | None, problems: list[str]) -> Iterator[Line]:
    for where, one in _parts(_Treatment, person.treatments, "treatments", problems):
        started = _day(one.started, f"{where}.started", today, problems)
        over = (one.ended or "").lower() not in ("", "ongoing", "no", "current")
        ended = _day(one.ended, f"{where}.ended", today, problems) if over else None
        ongoing = False if over else (True if one.ended else None)
        said = [
            f"from {one.started}" if one.started else "",
            f"until {one.ended}" if over else ("ongoing" if one.ended else ""),
            f"{one.cycles} cycles" if one.cycles is not None else "",
            f"response: {one.response}" if one.response else "",
        ]
        text = f"Treatment: {', '.join(filter(None, (one.name, *said)))}"
        facts: list[Fact] = [*held(named(one.name, "act"), Standing(ongoing=ongoing), started, ended)]
        if one.cycles is not None:
            counted = exactly(float(one.cycles))
            facts = [replace(fact, count=counted) if isinstance(fact, Finding) else fact for fact in facts]
        if one.response:
            facts += (fact for fact in named(one.response) if isinstance(fact, Grading))
        yield line(text, *facts)


def _denials(person: _Person, problems: list[str]) -> Iterator[Line]:
    """What is denied: as a note would say it, and by its words where no table knows them."""
    for said in _texts(person.denied, "denied", problems):
        text = said.strip() if _DENIAL.match(said.strip()) else f"No {said.strip()}"
        denied = [fact for fact in named(text) if isinstance(fact, Finding) and not fact.present]
        plain = _DENIAL.sub("", text, count=1).strip()
        unknown = [Finding(words_id(plain), False, _NOWHERE)] if stems(plain) else []
        yield line(text, *(denied or unknown), denied=True)
