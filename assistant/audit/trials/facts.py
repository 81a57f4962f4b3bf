"""The facts that trials are compared by: the names that people use for them, and what of a trial's lines speaks of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from importlib.resources import files

from assistant.audit.demands import Atom, Demand
from assistant.audit.entailment import with_leaves
from assistant.eligibility.conditions import Between, Condition, Demographic, Has, OneOf
from assistant.eligibility.judge.finding import GIVEN, is_broad, is_root, kind_of
from assistant.eligibility.numbers.quantities import all_quantities, all_scales, quantity, scale
from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.wording import concept_name
from assistant.tables import read_table

AGE, SEX = "age", "sex"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that trials rule on."""

    id: str
    name: str
    quantities: frozenset[str] = frozenset()
    scales: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()
    other: bool = False
    """The disease under study does not count."""


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table(files(__package__) / "facts.tsv"))


def _set(cell: str) -> frozenset[str]:
    return frozenset(part for part in cell.split("|") if part)


@cache
def grouped() -> tuple[Fact, ...]:
    """The facts of the table: several measures, scales or concepts under one name."""
    return tuple(
        Fact(
            row["id"],
            row["name"],
            _set(row["quantities"]),
            _set(row["scales"]),
            _set(row["concepts"]),
            row["of"] == "other",
        )
        for row in _rows()
    )


def examples() -> Iterator[tuple[str, Fact]]:
    """Words that name each fact of the table."""
    return zip((row["example"] for row in _rows()), grouped(), strict=True)


@cache
def _names() -> dict[str, tuple[str, Fact]]:
    """What names a fact, in lower case, as it is spelled: the table's words, then the measures' and scales' own names."""
    named: dict[str, tuple[str, Fact]] = {}
    for row, fact in zip(_rows(), grouped(), strict=True):
        named |= {word: (word, fact) for word in row["words"].split("|")}
    owners = {id: fact for fact in grouped() for id in fact.scales}
    for one in all_quantities().values():
        single = Fact(one.id, one.name, quantities=frozenset({one.id}))
        for name in (one.name, *one.names):
            named.setdefault(name.lower(), (name, single))
    for each in all_scales().values():
        graded = owners.get(each.id, Fact(each.id, each.name, scales=frozenset({each.id})))
        for name in (each.name, *each.leads):
            named.setdefault(name.lower(), (name, graded))
    return named


@cache
def _pattern() -> re.Pattern[str]:
    """Any of the names, longer ones first; a plural counts, too."""
    longest = sorted(_names(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest))})(?:es|s)?(?!\w)", re.IGNORECASE)


_SHORT = 3


def _is_meant(name: str, spelled: str) -> bool:
    """A short name of a measure counts only as it is spelled ("PT", "K"); words of the table however they are."""
    return len(name) > _SHORT or name.islower() or name == spelled


@lru_cache(maxsize=10_000)
def facts_in(text: str) -> tuple[Fact, ...]:
    """The facts that a text names, in its order; a stretch names one at most, the longest name first."""
    named = list[tuple[int, int, Fact]]()
    for match in _pattern().finditer(text):
        name, fact = _names()[match[1].lower()]
        if _is_meant(name, match[1]):
            named.append((match.start(), match.end(), fact))
    named += [(mention.start, mention.end, _of_concepts(mention.concepts)) for mention in find(text)]
    found: list[tuple[int, int, Fact]] = []
    for start, end, fact in sorted(named, key=lambda one: one[0] - one[1]):
        if not any(start < other_end and other < end for other, other_end, _ in found):
            found.append((start, end, fact))
    return tuple(dict.fromkeys(fact for _, _, fact in sorted(found, key=lambda one: one[0]) if not _says_nothing(fact)))


def _of_concepts(ids: tuple[str, ...]) -> Fact:
    return Fact(ids[0], " or ".join(map(concept_name, ids)), concepts=frozenset(ids))


def _says_nothing(fact: Fact) -> bool:
    """Whether it is a whole kind of things ("treatment", "disease")."""
    return fact not in grouped() and bool(fact.concepts) and all(map(is_root, fact.concepts))


def fact_of(atom: Atom) -> Fact | None:
    """The fact that a simple condition is about, by itself or as one of the table's; None for words that no table knows."""
    match atom:
        case Demographic(sex, age):
            return next((fact for fact in grouped() if fact.id == (AGE if age else SEX)), None) if age or sex else None
        case Between(id):
            return _group("quantities", id) or Fact(id, quantity(id).name, quantities=frozenset({id}))
        case OneOf(id):
            return _group("scales", id) or Fact(id, scale(id).name, scales=frozenset({id}))
        case Has(concepts):
            known = tuple(one for one in concepts if not one.startswith("w:") and (not is_root(one) or one in _roots()))
            whole = next((fact for fact in grouped() if known and any(_is_of(one, fact) for one in known)), None)
            if whole and whole.other and not atom.other:
                return None
            return whole or (_of_concepts(known) if len(known) == len(concepts) else None)


@cache
def _roots() -> frozenset[str]:
    return frozenset(one for fact in grouped() for one in fact.concepts)


def _group(kind: str, id: str) -> Fact | None:
    return next((fact for fact in grouped() if id in getattr(fact, kind)), None)


def _is_of(one: str, fact: Fact) -> bool:
    if fact.other:
        return one in fact.concepts
    return any(is_a(one, root) for root in fact.concepts)


def bears(demand: Demand, fact: Fact) -> bool:
    """Whether a demand rules on a fact: it names it or a kind of it, or bars a class that it is of."""
    atom = demand.atom
    match atom:
        case Demographic(sex, age):
            return (fact.id == AGE and age is not None) or (fact.id == SEX and sex is not None and not demand.beside)
        case Between(id):
            return id in fact.quantities
        case OneOf(id):
            return id in fact.scales
        case Has(concepts):
            if fact.other:
                return any(one in fact.concepts for one in concepts) and (atom.other or not demand.wanted)
            narrow = any(is_a(one, root) for one in concepts for root in fact.concepts)
            return narrow or (not demand.wanted and any(_is_class_of(one, fact) for one in concepts))


def concerning(condition: Condition, fact: Fact) -> Condition:
    """A condition as far as a fact is concerned: a wider class counts as the fact itself, a window from whichever day of joining."""
    return with_leaves(condition, partial(_concerning, fact=fact))


def _concerning(leaf: Condition, fact: Fact) -> Condition:
    match leaf:
        case Between():
            return replace(leaf, window=None)
        case Has(concepts=concepts, window=window):
            named = dict.fromkeys(part for one in concepts for part in _meant(one, fact))
            day = replace(window, anchor="start") if window and window.anchor == "today" else window
            return replace(leaf, concepts=tuple(named), window=day, other=leaf.other and not fact.other)
        case _:
            return leaf


def _meant(concept: str, fact: Fact) -> tuple[str, ...]:
    """What of a class is about the fact."""
    if any(is_a(concept, root) for root in fact.concepts):
        return (concept,)
    return tuple(root for root in sorted(fact.concepts) if is_a(root, concept)) or (concept,)


def _is_class_of(one: str, fact: Fact) -> bool:
    """Whether a concept is a class that the fact is of, and barring the class bars it."""
    if is_root(one) or not any(is_a(root, one) for root in fact.concepts):
        return False
    return kind_of(one) in GIVEN or not is_broad(one)
