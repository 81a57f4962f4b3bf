"""Passages ranked: by meaning and by words, the two joined by reciprocal-rank fusion, repeated text shown once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.lexical import ExactLexical
from index.trial import Hit, Passage

_FUSION = 60
"""Cormack, Clarke and Büttcher (SIGIR 2009): ranks near the top differ little, so that one ranking alone can't decide."""


_MEANING = 0.6
"""Share of the dense score inside one scope, where scores (unlike across scopes) can be compared: of 0.3 … 0.7 the best recall@6."""


@dataclass
class Fused:
    """What an item gets from every ranking that has it."""

    score: float = 0.0
    found_by: list[str] = field(default_factory=list)


def fuse(rankings: Mapping[str, Sequence[int]]) -> dict[int, Fused]:
    """Reciprocal-rank fusion: ranking's name → items, best first. Gives each item the sum of 1 / (60 + rank)."""
    fused: dict[int, Fused] = {}
    for name, items in rankings.items():
        for rank, item in enumerate(items, start=1):
            one = fused.setdefault(item, Fused())
            one.score += 1 / (_FUSION + rank)
            one.found_by.append(name)
    return fused


def best_first(fused: Mapping[int, Fused]) -> list[int]:
    """The items by falling score; ties by item, so that the same question gives the same order."""
    return sorted(fused, key=lambda item: (-fused[item].score, item))


@dataclass(frozen=True)
class Shortlist:
    """A scope small enough to compare every passage with the question."""

    passages: tuple[Passage, ...]
    rows: NDArray[np.float32]
    """Their vectors: shape (passages, dimensions)."""
    words: ExactLexical

    @classmethod
    def of(cls, passages: Sequence[Passage], rows: NDArray[np.float32]) -> "Shortlist":
        """From passages and their vectors."""
        return cls(tuple(passages), rows, ExactLexical.of([(passage.header, passage.text) for passage in passages]))

    def rank(self, query: str, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """The k best passages by the weighted sum of both scores: inside one scope how much better tells more than the rank."""
        if not self.passages:
            return []
        dense, lexical = self.rows @ vector, self.words.scores(query)
        scores = _MEANING * _stretched(dense) + (1 - _MEANING) * lexical / max(float(lexical.max()), 1e-9)
        found = ((self.passages[i], float(scores[i]), self._found_by(lexical[i])) for i in _falling(scores))
        return hits(found, k)

    @staticmethod
    def _found_by(lexical: float) -> tuple[str, ...]:
        return ("exact", "dense", "lexical") if lexical > 0 else ("exact", "dense")


def _stretched(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    """Scores moved to 0 … 1 over the passages compared."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / max(high - low, 1e-9)


def hits(found: Iterable[tuple[Passage, float, tuple[str, ...]]], k: int) -> list[Hit]:
    """The first k of passages in order, a text that a trial repeats only once."""
    return [
        Hit(passage, score, rank, by) for rank, (passage, score, by) in zip(range(1, k + 1), _distinct(found), strict=False)
    ]


def _distinct(found: Iterable[tuple[Passage, float, tuple[str, ...]]]) -> Iterator[tuple[Passage, float, tuple[str, ...]]]:
    seen: set[tuple[str, str]] = set()
    for one in found:
        key = one[0].trial, " ".join(one[0].text.casefold().split())
        if key not in seen:
            seen.add(key)
            yield one


def _falling(scores: NDArray[np.floating]) -> list[int]:
    return [int(i) for i in np.argsort(-scores, kind="stable")]
