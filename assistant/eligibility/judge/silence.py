"""Which silences of a complete note may be read as absence: a table by kind of concept, by concept, and by quantity."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from assistant.eligibility.conditions import Between
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.units import UnitFault, convert, taken_as
from assistant.eligibility.patient import Clause, Measurement, Patient
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import concept, is_a
from index.words import stems

_RELATED = 6
"""Letters that words of one family share: immunodeficiency, immunosuppressed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One silence and how it is read."""

    what: str
    """kind, concept, trait or quantity."""
    id: str
    absent: bool
    side: str
    """For a quantity: "high" where the line must not reach above the bound, "low" where it must not reach below it."""
    bound: float | None
    unit: str
    source: str
    example: str


@dataclass(frozen=True, slots=True)
class _Sign:
    """A range of values that speaks of a condition and of those under it, but for some."""

    concept: str
    but: tuple[str, ...]
    quantity: str
    span: Range
    unit: str


@cache
def table() -> tuple[Row, ...]:
    """All rows."""
    return tuple(
        Row(
            row["what"],
            row["id"],
            row["absent"] == "yes",
            row["side"],
            float(row["bound"]) if row["bound"] else None,
            row["unit"],
            row["source"],
            row["example"],
        )
        for row in rows("silence.tsv")
    )


def means_absence(id: str) -> bool:
    """Whether a complete note that says nothing of a concept may be read as saying that it is absent."""
    about = {row.id: row.absent for row in table() if row.what == "concept" and is_a(id, row.id)}
    if id in about:
        return about[id]
    return all(about.values()) if about else kind_means_absence(_kind(id))


def kind_means_absence(kind: str) -> bool:
    """The same for a kind of concept; "words" for what no table knows."""
    return any(row.absent for row in table() if row.what == "kind" and row.id == kind)


def trait_means_absence(trait: str) -> bool:
    """Whether a complete note would say of an illness that it has this trait."""
    return any(row.absent for row in table() if row.what == "trait" and row.id == trait)


def unmentioned(words: Iterable[str], patient: Patient) -> bool:
    """Whether no clause of the patient's text has most of the stems that say something, or their relatives, and no value does."""
    content = _content(words)
    signs = [sign for sign in _signs() if content & _name_stems(sign.concept)]
    return not any(_speaks(clause, content) for clause in patient.clauses) and not _shows(signs, patient)


def says_nothing(words: Iterable[str]) -> bool:
    """Whether the stems say nothing of a patient."""
    return not _content(words)


def _content(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem for stem in words if not stem.isdigit()) - empty()


@lru_cache(maxsize=4096)
def _families(words: frozenset[str]) -> frozenset[str]:
    return frozenset(stem[:_RELATED] for stem in words)


def _speaks(clause: Clause, content: Collection[str]) -> bool:
    said = _families(clause.stems)
    return 2 * sum(stem[:_RELATED] in said for stem in content) > len(content)


@cache
def speaks_of(id: str, patient: Patient) -> bool:
    """Whether a measured value speaks of a condition that the note does not name: a high creatinine of kidney disease."""
    return _shows([sign for sign in _signs() if is_a(sign.concept, id) or _is_sign_of(sign, id)], patient)


def _is_sign_of(sign: _Sign, id: str) -> bool:
    return is_a(id, sign.concept) and not any(is_a(id, one) for one in sign.but)


def _shows(signs: Sequence[_Sign], patient: Patient) -> bool:
    values = [fact for fact in patient.facts if isinstance(fact, Measurement) and not fact.superseded]
    return any(one.quantity == sign.quantity and _lies_beyond(one, sign.span, sign.unit) for sign in signs for one in values)


@cache
def _signs() -> tuple[_Sign, ...]:
    return tuple(
        _Sign(row["concept"], tuple(row["but"].split("|")) if row["but"] else (), row["quantity"], _span(row), row["unit"])
        for row in rows("signs.tsv")
    )


@cache
def shown_by(quantity: str) -> frozenset[str]:
    """The conditions that values of a quantity speak of."""
    return frozenset(sign.concept for sign in _signs() if sign.quantity == quantity)


@cache
def _name_stems(id: str) -> frozenset[str]:
    return frozenset(stems(concept(id).name)) - empty()


def _span(row: Mapping[str, str]) -> Range:
    bound = float(row["bound"])
    return Range(bound, low_open=True) if row["side"] == "above" else Range(high=bound, high_open=True)


def _lies_beyond(measurement: Measurement, span: Range, unit: str) -> bool:
    """Whether a value may lie beyond a bound; so too where its unit leaves that open."""
    if measurement.flag == "normal":
        return False
    try:
        return span.meets(convert(measurement.value, measurement.unit, unit, measurement.quantity))
    except UnitFault:
        return True


@cache
def empty() -> frozenset[str]:
    """Stems of words that say nothing of a patient ("disease", "study", "any")."""
    return frozenset(stem for row in rows("fluff.tsv") for stem in stems(row["words"]))


def _kind(id: str) -> str:
    try:
        return concept(id).kind
    except KeyError:
        return "words"


def means_unremarkable(condition: Between) -> bool:
    """Whether a line names only values so extreme that a complete note without the quantity would have named them."""
    if condition.of is not None:
        return False
    return any(_beyond(row, condition) for row in table() if row.what == "quantity" and row.id == condition.quantity)


def _beyond(row: Row, condition: Between) -> bool:
    if row.bound is None:
        return False
    try:
        unit = condition.unit or taken_as(condition.range, condition.quantity)
        bound = convert(Range(row.bound, row.bound), row.unit or None, unit, condition.quantity)
    except UnitFault:
        return False
    return condition.range.high <= bound.low if row.side == "high" else condition.range.low >= bound.high
