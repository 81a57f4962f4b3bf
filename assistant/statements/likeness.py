"""How alike a statement and the lines of a section are: words, clinical concepts, quantities, numbers."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from assistant.chat.synonyms import expansion
from assistant.claims import measured
from assistant.eligibility.vocabulary.concepts import ancestors, find
from assistant.statements.sections import numbers
from index.words import GENERIC, stem, stems

_ASIDE = GENERIC | {
    stem(word) for word in "primary secondary cohort arm group trial trials patients participants eligible".split()
}
"""Words that a statement has whatever it says."""
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is compared."""

    stems: frozenset[str]
    wider: frozenset[str]
    """Its stems and those of other wordings of what it speaks of."""
    concepts: frozenset[str]
    kinds: frozenset[str]
    """Its concepts and those that they are kinds of."""
    quantities: frozenset[str]
    numbers: frozenset[float]


@lru_cache(maxsize=_KEPT)
def reading(text: str) -> Reading:
    """A text read once for all that it is compared with."""
    own = frozenset(one for mention in find(text) for one in mention.concepts)
    return Reading(
        _content(text),
        _content(expansion(text)),
        own,
        own.union(*(ancestors(one) for one in own)),
        frozenset(one for measure in measured(text) for one in measure.quantities),
        frozenset(numbers(text)),
    )


def _content(text: str) -> frozenset[str]:
    return frozenset(one for one in stems(text) if one not in _ASIDE and not one.replace(".", "").isdigit())


def rarity(lines: Sequence[Reading]) -> Callable[[str], float]:
    """How much a stem tells, by how few of the lines have it."""
    found = Counter(one for line in lines for one in line.stems)
    return lambda one: log((2 + len(lines)) / (1 + found[one]))


def shared(said: frozenset[str], there: frozenset[str], weight: Callable[[str], float]) -> float:
    """The weight of what both have."""
    return sum(weight(one) for one in said & there)
