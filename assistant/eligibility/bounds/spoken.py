"""What a stretch of text speaks of, and how much two stretches have in common."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Final

from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.vocabulary.traits import find_traits
from index.words import GENERIC, STOPWORDS, stem, stems

LONGEST: Final = 2_000
"""Characters of a line, and of a message, that are read."""
ROUTES: Final = frozenset(
    {
        "oral",
        "intravenous",
        "intramuscular",
        "subcutaneous",
        "topical",
        "inhaled",
        "intranasal",
        "ophthalmic",
        "intra-articular",
    }
)
"""Traits that say how something is given."""
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z(•*\d-])|;\s|\n+")
_OF_ASKING: Final = frozenset(
    stem(word)
    for word in (
        "long enough soon late early old high low still rule keep out fit ok okay count clear stop matter first last dose start enter "
        "entry enrol screening day week month year ago since already time today"
    ).split()
)
"""Words of asking and of time, which say nothing of what is asked about."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a stretch of text speaks of."""

    stems: frozenset[str] = frozenset()
    concepts: frozenset[str] = frozenset()
    """Ids of the vocabulary."""
    routes: frozenset[str] = frozenset()
    """Ways in which something is given."""


NOTHING: Final = Spoken()


@lru_cache(maxsize=20_000)
def spoken(text: str) -> Spoken:
    """The content words of a text, but those of asking, and the concepts that it names."""
    words = frozenset(word for word in stems(text, drop=STOPWORDS | GENERIC) if not word.isdigit() and word not in _OF_ASKING)
    routes = frozenset(one.trait for one in find_traits(text)) & ROUTES
    return Spoken(words, frozenset(one for mention in find(text) for one in mention.concepts), routes)


def apart(one: Spoken, other: Spoken) -> bool:
    """Whether two stretches are of what is given in different ways: tablets, and an infusion."""
    return bool(one.routes and other.routes) and not one.routes & other.routes


def in_common(told: Spoken, asked: Spoken, rarity: Mapping[str, float]) -> float:
    """The weight of what both speak of: words by their rarity, concepts more where the told one is the very one or a kind of it."""
    words = sum(rarity.get(word, 0.0) for word in told.stems & asked.stems)
    kinds = {wide for wide in asked.concepts if any(is_a(narrow, wide) for narrow in told.concepts)}
    wider = {narrow for narrow in asked.concepts - kinds if any(is_a(narrow, wide) for wide in told.concepts)}
    things = 2.0 * len(kinds) + 0.6 * len(told.concepts & asked.concepts) + 1.2 * len(wider)
    return max(words, things) + 0.3 * min(words, things)


def touch(one: Spoken, other: Spoken) -> bool:
    """Whether two stretches share a word or a concept."""
    return bool(one.stems & other.stems) or related(one.concepts, other.concepts)


def related(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a concept of one set is a kind of one of the other."""
    return any(is_a(one, other) or is_a(other, one) for one in some for other in others)


def rarity_over(texts: Sequence[str]) -> Mapping[str, float]:
    """Inverse document frequency of each stem over a trial's lines."""
    found = [frozenset(stems(text)) for text in texts]
    every = frozenset().union(*found) if found else frozenset()
    return {word: log((len(found) + 1) / (sum(word in one for one in found) + 0.5)) for word in every}


def parts(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a text stand, parts between semicolons apart."""
    begin = 0
    for end in (*(gap.start() for gap in _SENTENCE.finditer(text)), len(text)):
        if text[begin:end].strip():
            yield begin, end
        begin = end
