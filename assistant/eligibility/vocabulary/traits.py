"""What is said of a condition or treatment: active or over, controlled or not, mild or severe, and which of it rules out which."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from assistant.eligibility.knowledge import rows
from assistant.eligibility.vocabulary.concepts import concept, find
from assistant.eligibility.vocabulary.terms import Terms

_TABLE = "traits.tsv"
_TREATMENTS = frozenset(("drug", "therapy"))


@dataclass(frozen=True, slots=True)
class Trait:
    """A property of a condition or treatment, and the words that say it."""

    id: str
    name: str
    names: tuple[str, ...]
    """The first is how a sentence says it; one that ends with "…" counts before a drug or treatment only."""
    opposes: tuple[str, ...]
    """What cannot be said of the same thing at the same time."""
    implies: tuple[str, ...]
    source: str
    example: str


@dataclass(frozen=True, slots=True)
class TraitMention:
    """A trait named in a text."""

    start: int
    end: int
    trait: str


@cache
def all_traits() -> Mapping[str, Trait]:
    """Every trait of the table, by id."""
    return MappingProxyType({row["id"]: _trait(row) for row in rows(_TABLE)})


def _trait(row: Mapping[str, str]) -> Trait:
    cells = {
        column: tuple(part.strip() for part in row[column].split(separator) if part.strip())
        for column, separator in (("names", "|"), ("opposes", ","), ("implies", ","))
    }
    name = cells["names"][0]
    return Trait(row["id"], name, cells["names"], cells["opposes"], cells["implies"], row["source"], row["example"])


@cache
def _terms() -> Terms:
    return Terms(
        (name.rstrip("…"), name[-1:] * name.endswith("…") + trait.id) for trait in all_traits().values() for name in trait.names
    )


@lru_cache(maxsize=512)
def find_traits(text: str) -> tuple[TraitMention, ...]:
    """The traits that a text names, leftmost and longest; words that say two give two mentions of the same place."""
    return tuple(
        TraitMention(hit.start, hit.end, trait.lstrip("…"))
        for hit in _terms().find(text)
        for trait in hit.entries
        if trait[0] != "…" or _before_treatment(text, hit.end)
    )


def _before_treatment(text: str, end: int) -> bool:
    """Whether a drug or treatment is named next: "IV" is a route in "IV antibiotics" and a number in "stage IV"."""
    ahead = text[end : end + 60]
    return any(
        not ahead[: mention.start].strip() and all(concept(id).kind in _TREATMENTS for id in mention.concepts)
        for mention in find(ahead)[:1]
    )


@lru_cache(maxsize=10_000)
def _implied(id: str) -> frozenset[str]:
    """A trait and all that follows from it."""
    found = {id}
    ahead = [id]
    while ahead:
        known = all_traits().get(ahead.pop())
        for wider in known.implies if known else ():
            if wider not in found:
                found.add(wider)
                ahead.append(wider)
    return frozenset(found)


def implies(narrow: str, wide: str) -> bool:
    """Whether whatever is `narrow` is `wide`: "well-controlled" is "controlled". Reflexive and transitive."""
    return wide in _implied(narrow)


def opposed(one: str, other: str) -> bool:
    """Whether nothing is both at once: "active" and "resolved". Symmetric; what follows from opposed traits is opposed too."""
    table = all_traits()
    return any(
        (left in table and right in table[left].opposes) or (right in table and left in table[right].opposes)
        for left in _implied(one)
        for right in _implied(other)
    )


def name_of_trait(id: str) -> str:
    """A trait as a sentence would say it."""
    known = all_traits().get(id)
    return known.name if known else id
