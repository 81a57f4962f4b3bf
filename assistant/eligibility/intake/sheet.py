"""Writes what a structured record says on a sheet, one readable line a fact, so that every fact quotes its line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes import read_note
from assistant.eligibility.notes.cues import find_cues
from assistant.eligibility.numbers.measures import measures
from assistant.eligibility.numbers.quantities import Quantity, all_quantities, quantity
from assistant.eligibility.numbers.units import implausible, named_unit
from assistant.eligibility.patient import Clause, Days, Fact, Finding, Measurement, Patient, Sex, Who, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import day_of, month_of, times, year_of
from assistant.eligibility.vocabulary.concepts import concept, words_id
from index.words import stems

_ISO = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:$|[T ])")
_LONE_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which JSON can hold and no text can."""
_ANY_DAY = date(2000, 1, 1)
"""For names, which hold no relative times."""
_THING = frozenset("condition symptom status lifestyle test-result biomarker".split())
_ACT = frozenset("procedure therapy drug".split())
_NOWHERE = Words(0, 0, "")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet and what it says; the words of its facts and clauses count in the line, or are put to all of it."""

    text: str
    facts: tuple[Fact, ...] = ()
    clauses: tuple[Clause, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record's status says of a thing."""

    present: bool = True
    ongoing: bool | None = None
    certain: bool = True
    traits: frozenset[str] = frozenset()
    counts: bool = True
    """False for an entry made in error."""


@cache
def _standings() -> dict[str, Standing]:
    goes_on = {"yes": True, "no": False, "": None}
    return {
        row["status"]: Standing(
            row["present"] != "no",
            goes_on[row["ongoing"]],
            row["certain"] != "no",
            frozenset({row["trait"]} if row["trait"] else ()),
            row["present"] != "skip",
        )
        for row in rows("codes-status.tsv")
    }


def standing(*statuses: str | None) -> Standing | None:
    """What statuses say together; None where one is not in the table."""
    said = [_standings().get(status.strip().lower()) for status in statuses if status]
    known = [one for one in said if one is not None]
    if len(known) < len(said):
        return None
    return Standing(
        all(one.present for one in known),
        next((one.ongoing for one in known if one.ongoing is not None), None),
        all(one.certain for one in known),
        frozenset[str]().union(*(one.traits for one in known)),
        all(one.counts for one in known),
    )


def days(said: str, noted: date | None = None) -> Days | None:
    """A date to its precision ("2019", "2019-05", "2019-05-02T10:00:00Z"); with `noted` also as a note would say it. None for others."""
    match = _ISO.match(said.strip())
    if match is None:
        found = times(said, noted) if noted else ()
        return found[0].days if len(found) == 1 and found[0].relation in ("on", "since", "until", "for") else None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if year is None or month is None:
            return year_of(year or 0)
        return month_of(year, month) if day is None else day_of(date(year, month, day))
    except ValueError:
        return None


def line(text: str, *facts: Fact, denied: bool = False, who: Who = "patient", certain: bool = True) -> Line:
    """A line with facts that each quote all of it, and the clause that it is."""
    text = _LONE_HALF.sub("\ufffd", text)
    words = Words(0, len(text), text)
    clause = Clause(words, frozenset(stems(text)), denied, who, certain)
    return Line(text, tuple(_put(fact, words) for fact in facts), (clause,))


def note_line(text: str, today: date) -> tuple[Line, Patient]:
    """Free text as part of a sheet, and what was read of it."""
    read = read_note(_LONE_HALF.sub("\ufffd", text), today)
    return Line(read.text, read.facts, read.clauses, read.problems), read


@lru_cache(maxsize=4096)
def named(name: str, kind: Literal["thing", "act", "any"] = "any") -> tuple[Fact, ...]:
    """What a name says by itself ("Suspected lung cancer": not certain); words that no table knows where it says nothing known.

    `kind`: what a diagnosis names ("thing") or what a procedure or prescription does ("act").
    """
    wanted = {"thing": _THING, "act": _ACT, "any": _THING | _ACT}[kind]
    read = read_note(name, _ANY_DAY).facts
    found = tuple(fact for fact in read if not isinstance(fact, Finding) or concept(fact.concept).kind in wanted)
    if any(isinstance(fact, Finding) for fact in found) or not stems(name):
        return found
    return (*found, Finding(words_id(name), True, _NOWHERE))


def speaks_of_past(name: str) -> bool:
    """Whether a name speaks of something gone by ("History of stroke"): the entry is active, what it names is not."""
    return any(cue.does in ("history", "over", "past") for cue in find_cues(name))


def held(facts: Iterable[Fact], stands: Standing, started: Days | None, ended: Days | None) -> Iterator[Fact]:
    """The findings of a name with the status and dates of their record. What the name itself denies or doubts stays so.

    What is "active" although it has an end is left open: such lists go stale.
    """
    for fact in facts:
        if not isinstance(fact, Finding) or fact.who != "patient":
            yield fact
            continue
        present = fact.present and stands.present
        ongoing = None if stands.ongoing and ended else stands.ongoing
        yield replace(
            fact,
            present=present,
            ongoing=ongoing if present and fact.ongoing is None else fact.ongoing,
            certain=fact.certain and stands.certain,
            traits=fact.traits | stands.traits if present else fact.traits,
            started=started or fact.started,
            ended=ended or fact.ended,
        )


@dataclass(frozen=True, slots=True)
class Value:
    """A number as a record gives it, with the limits of normal in the same unit."""

    range: Range
    unit: str | None
    taken: Days | None = None
    low: float | None = None
    high: float | None = None
    flag: Literal["normal", "high", "low", "abnormal"] | None = None


def quantity_of(name: str, value: Value) -> Quantity | None:
    """The quantity that a name with a number and unit speaks of; None where no table knows it."""
    wanted = " ".join(name.lower().split())
    for one in all_quantities().values():
        if (
            wanted == one.name.lower()
            or wanted in (each.lower() for each in one.names if len(each) > 3)
            or name.strip() in one.names
        ):
            return one
    number = value.range.low if value.range.low > float("-inf") else value.range.high
    for measure in measures(f"{name} {number:g} {value.unit or ''}"):
        if measure.quantities:
            ids = [id for id in measure.quantities if value.unit is None or named_unit(value.unit, id)]
            return quantity(ids[0] if ids else measure.quantities[0])
    return None


def measured(analyte: Quantity, value: Value) -> Measurement | str:
    """The measurement, or why the value cannot be used: a unit that the analyte does not have, a number that cannot be."""
    unit = named_unit(value.unit, analyte.id) if value.unit else None
    if value.unit and unit is None:
        return f"{analyte.name} is not given in {value.unit!r}: known are {', '.join(analyte.units)}."
    impossible = implausible(analyte, value.range, unit)
    if impossible:
        return impossible
    upper, lower = (Range(limit, limit) if limit is not None else None for limit in (value.high, value.low))
    return Measurement(analyte.id, value.range, unit, _NOWHERE, upper, lower, value.flag, value.taken)


def sheet(
    lines: Iterable[Line],
    *,
    sex: Sex | None = None,
    sex_line: str | None = None,
    born: Days | None = None,
    age: Range | None = None,
    age_line: str | None = None,
    dated: date | None = None,
    problems: Iterable[str] = (),
) -> Patient:
    """The patient whose text is the lines. `sex_line`, `age_line`: the lines that say sex, and birth date or age."""
    facts: list[Fact] = []
    clauses: list[Clause] = []
    found = list(problems)
    texts: list[str] = []
    starts: dict[str, Words] = {}
    place = 0
    for one in lines:
        facts += (_moved(fact, place) for fact in one.facts)
        clauses += (replace(clause, words=_shifted(clause.words, place)) for clause in one.clauses)
        found += one.problems
        starts.setdefault(one.text, Words(place, place + len(one.text), one.text))
        texts.append(one.text)
        place += len(one.text) + 1
    return Patient(
        text="\n".join(texts),
        facts=tuple(facts),
        clauses=tuple(clauses),
        sex=sex,
        sex_words=starts.get(sex_line) if sex_line else None,
        born=born,
        age=age,
        age_words=starts.get(age_line) if age_line else None,
        dated=dated,
        problems=tuple(found),
    )


def _shifted(words: Words, by: int) -> Words:
    return Words(words.start + by, words.end + by, words.quote)


def _moved(fact: Fact, by: int) -> Fact:
    return _put(fact, _shifted(fact.words, by))


def _put(fact: Fact, words: Words) -> Fact:
    if isinstance(fact, Finding):
        return replace(fact, words=words)
    if isinstance(fact, Measurement):
        return replace(fact, words=words)
    return replace(fact, words=words)
