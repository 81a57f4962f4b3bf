"""The quantities that trials and notes speak of, and the scales that class a patient: knowledge/quantities.tsv and scales.tsv."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Literal

from assistant.eligibility.knowledge import rows
from assistant.eligibility.ranges import Range

QuantityKind = Literal["lab", "vital", "score", "size", "time"]
Sense = Literal["high", "low", "both"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something that is measured, calculated or scored."""

    id: str
    name: str
    names: tuple[str, ...]
    """As texts call it; a name of three characters or fewer is only meant where it is spelled exactly so ("K", "PT")."""
    kind: QuantityKind
    unit: str
    """The canonical unit; "1" for a pure number or score."""
    units: tuple[str, ...]
    """Every unit that converts to it."""
    bare: tuple[tuple[str, Range], ...]
    """Units that writers leave off, each with the numbers that then mean it: creatinine 0.1-14 is mg/dL, 20-2500 is µmol/L."""
    molar_mass: float | None
    """In g/mol."""
    valence: int | None
    per_iu: str | None
    """What one International Unit is: "2.4 ng"."""
    plausible: Range
    """In the canonical unit; outside of it a value is a slip of the pen."""
    uln_at_least: float | None
    """A lower bound of every laboratory's upper limit of normal, by definition: 1.0 for the INR."""
    sense: Sense
    """On which side the abnormal values lie."""
    loinc: tuple[str, ...]
    source: str
    example: str


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes in their order, mildest first."""

    id: str
    name: str
    values: tuple[str, ...]
    contains: Mapping[str, frozenset[str]]
    """For a value that others refine, what it leaves possible, itself included: "IV" → {"IV", "IVA", "IVB", "IVC"}."""
    spellings: Mapping[str, frozenset[str]]
    """Lower-case words to what they leave possible: "2" → {"II"}; one that ends in "…" counts beside others only ("complete or …")."""
    leads: tuple[str, ...]
    """Words that announce the scale: "nyha class", "nyha"."""
    tails: tuple[str, ...]
    """Words after "stage 3" that make it this scale's: "ckd"."""
    alone: bool
    """Whether a value is meant without a lead ("partial response", "T3N2M1")."""
    editions: tuple[str, ...]
    source: str
    example: str

    def within(self, value: str) -> frozenset[str]:
        """What a value leaves possible: itself and its refinements."""
        return self.contains.get(value, frozenset({value}))


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _bare(cell: str) -> tuple[str, Range]:
    unit, _, numbers = cell.rpartition(":")
    low, _, high = numbers[1:].partition("-")
    return unit, Range(float(numbers[0] + low), float(high))


def _quantity(row: dict[str, str]) -> Quantity:
    low, high = _number(row["low"]), _number(row["high"])
    valence = _number(row["valence"])
    return Quantity(
        id=row["id"],
        name=row["name"],
        names=_listed(row["names"]),
        kind=row["kind"],  # type: ignore[arg-type]  # the table's test holds it to the kinds
        unit=row["unit"],
        units=_listed(row["units"]),
        bare=tuple(map(_bare, _listed(row["bare"]))),
        molar_mass=_number(row["molar_mass"]),
        valence=None if valence is None else int(valence),
        per_iu=row["per_iu"] or None,
        plausible=Range(-inf if low is None else low, inf if high is None else high),
        uln_at_least=_number(row["uln_at_least"]),
        sense=row["sense"],  # type: ignore[arg-type]
        loinc=tuple(row["loinc"].split()),
        source=row["source"],
        example=row["example"],
    )


@cache
def all_quantities() -> Mapping[str, Quantity]:
    """Every quantity, by id."""
    return {row["id"]: _quantity(row) for row in rows("quantities.tsv")}


def quantity(quantity_id: str) -> Quantity:
    """The quantity of an id. Raises KeyError for an id that the table does not have."""
    return all_quantities()[quantity_id]


@cache
def quantities_by_loinc() -> Mapping[str, Quantity]:
    """LOINC codes to the quantity that they name."""
    return {code: each for each in all_quantities().values() for code in each.loinc}


def _contained(cell: str) -> tuple[str, frozenset[str]]:
    wide, _, narrow = cell.partition("=")
    return wide, frozenset({wide, *narrow.split(",")})


def _scale(row: dict[str, str]) -> Scale:
    values = _listed(row["values"])
    contains = dict(map(_contained, _listed(row["contains"])))
    spellings = {value.lower(): contains.get(value, frozenset({value})) for value in values}
    for cell in _listed(row["spellings"]):
        spelling, _, meant = cell.partition("=")
        spellings[spelling.lower()] = frozenset().union(*(contains.get(value, {value}) for value in meant.split(",")))
    return Scale(
        id=row["id"],
        name=row["name"],
        values=values,
        contains=contains,
        spellings=spellings,
        leads=_listed(row["leads"]),
        tails=_listed(row["tails"]),
        alone=row["alone"] == "yes",
        editions=_listed(row["editions"]),
        source=row["source"],
        example=row["example"],
    )


@cache
def all_scales() -> Mapping[str, Scale]:
    """Every scale, by id."""
    return {row["id"]: _scale(row) for row in rows("scales.tsv")}


def scale(scale_id: str) -> Scale:
    """The scale of an id. Raises KeyError for an id that the table does not have."""
    return all_scales()[scale_id]


_KARNOFSKY_OF_ECOG = {0: (90, 100), 1: (70, 80), 2: (50, 60), 3: (30, 40), 4: (10, 20), 5: (0, 0)}
"""Oken 1982, as ECOG-ACRIN publishes it beside the scale."""


def karnofsky_of_ecog(ecog: Range) -> Range:
    """The Karnofsky scores that correspond to ECOG grades: ECOG 1 is 70-80, ECOG 0-1 is 70-100. Raises ValueError for no grade."""
    spans = [span for grade, span in _KARNOFSKY_OF_ECOG.items() if ecog.low <= grade <= ecog.high]
    return Range(min(low for low, _ in spans), max(high for _, high in spans))


def ecog_of_karnofsky(karnofsky: Range) -> Range:
    """The ECOG grades that correspond to Karnofsky scores: 80 is ECOG 1, 60-80 is ECOG 1-2. Raises ValueError for no score."""
    grades = [grade for grade, (low, high) in _KARNOFSKY_OF_ECOG.items() if low <= karnofsky.high and karnofsky.low <= high]
    return Range(min(grades), max(grades))
