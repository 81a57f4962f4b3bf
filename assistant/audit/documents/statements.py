"""What statements of a document ask and bar, leaf by leaf, with the words that say it: the common ground of a record and a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from assistant.audit.passing import beyond
from assistant.eligibility.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
)
from assistant.eligibility.judge.will import WILL
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a
from assistant.eligibility.vocabulary.traits import implies, name_of_trait
from index.trial import Kind, Span
from index.words import GENERIC, STOPWORDS, stems

Leaf = Between | OneOf | Has | Demographic | Unparsed
ENOUGH = 0.6
"""Share of the words of a demand from which a text says it."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One leaf of a statement. `wanted`: whether a patient must have it; None: an exception, which only limits a rule."""

    leaf: Leaf
    wanted: bool | None

    @property
    def is_known(self) -> bool:
        """Whether the tables know what it is about."""
        if isinstance(self.leaf, Has):
            return not any(one.startswith("w:") for one in self.leaf.concepts)
        return not isinstance(self.leaf, Unparsed)


@dataclass(frozen=True)
class Statement:
    """A line of a record, or one line of what a page says, as a typed condition."""

    text: str
    kind: Kind
    span: Span
    condition: Condition
    heading: str | None = None
    id: str | None = None
    """Of the criterion that it is, or is a part of."""

    @cached_property
    def demands(self) -> tuple[Demand, ...]:
        """Its leaves; sex and ages of a group that a rule is for are none, nor is what lies in the patient's will."""
        return tuple(one for one in _demands(self.condition, self.kind == "inclusion") if not _is_will(one.leaf))


def _demands(condition: Condition, wanted: bool | None) -> Iterator[Demand]:
    match condition:
        case Has() | Between() | OneOf() | Demographic() | Unparsed():
            yield Demand(condition, wanted)
        case Not(part):
            yield from _demands(part, None if wanted is None else not wanted)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _demands(part, wanted)
        case Unless(rule, exception):
            yield from _demands(rule, wanted)
            yield from _demands(exception, None)
        case Only(_, rule):
            yield from _demands(rule, wanted)
        case Either(_, then, otherwise):
            yield from _demands(then, wanted)
            yield from _demands(otherwise, wanted)
        case Judged(_, _, facts) | PerProtocol(_, facts) if facts:
            yield from _demands(facts, wanted)
        case _:
            return


def _is_will(leaf: Leaf) -> bool:
    return isinstance(leaf, Has) and all(one in WILL for one in leaf.concepts)


def content(text: str) -> frozenset[str]:
    """The words of a text that tell what it is about."""
    return frozenset(stems(text, drop=STOPWORDS | GENERIC))


def said_in(text: str, words: frozenset[str]) -> bool:
    """Whether most of a text's words are among those words."""
    own = content(text)
    return bool(own) and len(own & words) / len(own) >= ENOUGH


def let_through(demand: Demand) -> Range | None:
    """The values of a measured quantity or of age that let a patient pass; None where that is no one range."""
    leaf = demand.leaf
    range = leaf.range if isinstance(leaf, Between) else leaf.age if isinstance(leaf, Demographic) else None
    if range is None or demand.wanted is None:
        return None
    passing = (range,) if demand.wanted else tuple(beyond(range))
    return passing[0] if len(passing) == 1 else None


def covered(demand: Demand, others: Iterable[Demand]) -> bool:
    """Whether another demand is about the same, and no less bars than asks for it."""
    return any(_same_subject(demand, other) for other in others)


def _same_subject(one: Demand, other: Demand) -> bool:
    match one.leaf, other.leaf:
        case Between(quantity=quantity), Between(quantity=said):
            return quantity == said
        case OneOf(scale=scale), OneOf(scale=said):
            return scale == said
        case Demographic(sex, age), Demographic(other_sex, other_age):
            return (age is not None and other_age is not None) or (sex is not None and sex == other_sex)
        case Has() as mine, Has() as theirs:
            agree = one.wanted == other.wanted or None in (one.wanted, other.wanted)
            return agree and mine.other == theirs.other and mine.family == theirs.family and related(mine, theirs)
        case _:
            return False


def related(one: Has, other: Has) -> bool:
    """Whether two findings are of one concept, or one of a narrower one that is no mere class."""
    return any(_is_kin(a, b) for a in one.concepts for b in other.concepts)


def _is_kin(one: str, other: str) -> bool:
    if one == other:
        return True
    narrow, wide = (one, other) if is_a(one, other) else (other, one)
    known = all_concepts().get(wide)
    return is_a(narrow, wide) and (known is None or not known.broad or wide == "metastasis")


def traits_lost(demand: Demand, others: Iterable[Demand], words: frozenset[str]) -> tuple[str, ...]:
    """The names of traits that a finding has and that nothing of the same kind says on the other side, in whatever words."""
    leaf = demand.leaf
    if not isinstance(leaf, Has):
        return ()
    said = {trait for other in others if isinstance(other.leaf, Has) for trait in other.leaf.traits}
    lost = (trait for trait in sorted(leaf.traits) if not any(implies(one, trait) for one in said))
    return tuple(name_of_trait(trait) for trait in lost if not said_in(name_of_trait(trait), words))
