"""The figures of the evals as pure functions: a score is a number or the reason why there is none."""

import math
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from index.view import fold

COVERED_SHARE = 0.6
"""Quotes that lie inside a gold passage cover it when together they make up this much of it."""
RESAMPLES = 1_000
SEED = 20_261_120


@dataclass(frozen=True, slots=True)
class Score:
    """One case's figure for one metric. Exactly one of the two is given."""

    value: float | None
    unscored: str | None = None
    """Why there is no figure: the case has no gold for it, or the metric does not apply."""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.unscored is None):
            raise ValueError("a score is a number or a reason why there is none")


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % bootstrap interval of a mean."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """One metric over many cases. `mean` and `interval` are None when no case has a figure."""

    metric: str
    mean: float | None
    interval: Interval | None
    scored: int
    unscored: int
    failed: int
    """Of all cases, those that ended in an error; they are scored as an empty prediction wherever that has a figure."""


def summarise(metric: str, scores: Sequence[Score], failed: int) -> Summary:
    """Mean and interval over the scores that are numbers, with how many are not."""
    values = [score.value for score in scores if score.value is not None]
    return Summary(
        metric=metric,
        mean=fmean(values) if values else None,
        interval=interval(values) if values else None,
        scored=len(values),
        unscored=len(scores) - len(values),
        failed=failed,
    )


def interval(values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """95 % percentile bootstrap interval of the mean, the same for the same values. Raises ValueError without values."""
    if not values:
        raise ValueError("an interval needs at least one value")
    draw = random.Random(seed)  # noqa: S311 -- resampling, not secrecy
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(resamples))
    return Interval(low=means[int(0.025 * resamples)], high=means[math.ceil(0.975 * resamples) - 1])


def is_covered(passage: str, quotes: Iterable[str]) -> bool:
    """Whether a quote holds the whole passage, or distinct quotes inside it make up 60 % of it (white space folded)."""
    wanted = fold(passage)
    folded = {fold(quote) for quote in quotes}
    pieces = (quote for quote in folded if quote and quote in wanted)
    return any(wanted in quote for quote in folded) or sum(map(len, pieces)) >= COVERED_SHARE * len(wanted)


def bears_on(quote: str, passages: Iterable[str]) -> bool:
    """Whether the quote holds one of the passages or lies in one (white space folded)."""
    given = fold(quote)
    return any(given and (given in passage or passage in given) for passage in map(fold, passages))


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Share of the relevant that stand among the first k. Raises ZeroDivisionError when nothing is relevant."""
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """1 / the rank of the first relevant one, counted from 1; 0 when none was found."""
    return next((1 / rank for rank, found in enumerate(ranked, 1) if found in relevant), 0.0)


def ndcg_at(k: int, ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval has it; 0 when no grade is positive."""
    ideal = _discounted(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k])
    return _discounted([max(0, grades.get(found, 0)) for found in ranked[:k]]) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
