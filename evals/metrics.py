"""The figures of the evals as pure functions: a score is a number or the reason why there is none."""

import math
import random
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

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


def summarise(metric: str, scores: Sequence[Score], failed: int, clusters: Sequence[Hashable] | None = None) -> Summary:
    """Mean and interval over the scores that are numbers, with how many are not.

    `clusters`: what each score belongs to (a patient), where scores of one are no independent draws.
    """
    kept = [at for at, score in enumerate(scores) if score.value is not None]
    values = [score.value for score in scores if score.value is not None]
    return Summary(
        metric=metric,
        mean=fmean(values) if values else None,
        interval=_interval(values, clusters and [clusters[at] for at in kept]) if values else None,
        scored=len(values),
        unscored=len(scores) - len(values),
        failed=failed,
    )


def _interval(values: Sequence[float], clusters: Sequence[Hashable] | None) -> Interval | None:
    if clusters is None:
        return interval(values)
    tallies = [{"sum": value, "number": 1.0} for value in values]
    return cluster_interval(tallies, clusters, lambda tally: tally["sum"] / tally["number"])


def interval(values: Sequence[float], resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """95 % percentile bootstrap interval of the mean, the same for the same values. Raises ValueError without values."""
    if not values:
        raise ValueError("an interval needs at least one value")
    draw = random.Random(seed)  # noqa: S311 -- resampling, not secrecy
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(resamples))
    return Interval(low=means[int(0.025 * resamples)], high=means[math.ceil(0.975 * resamples) - 1])


Tally = Mapping[Any, float]
"""Counts that add up over cases: how often each label was given for each, sentences cited, sentences due."""
Figure = Callable[[Tally], float | None]
"""What is computed from the counts of all cases together, and is no mean of single cases: a macro F1."""


def added(tallies: Iterable[Tally]) -> dict[Any, float]:
    """The counts of all together."""
    total: Counter[Any] = Counter()
    for tally in tallies:
        total.update(tally)
    return dict(total)


def cluster_interval(
    tallies: Sequence[Tally],
    clusters: Sequence[Hashable],
    figure: Figure,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval | None:
    """95 % percentile bootstrap interval of a figure, whole clusters drawn with replacement; None where no draw has a figure."""
    groups: dict[Hashable, list[Tally]] = {}
    for tally, cluster in zip(tallies, clusters, strict=True):
        groups.setdefault(cluster, []).append(tally)
    sums = [added(group) for group in groups.values()]
    keys = list(dict.fromkeys(key for one in sums for key in one))
    if not keys:
        return None
    table = np.array([[one.get(key, 0.0) for key in keys] for one in sums])
    draws = np.random.default_rng(seed).multinomial(len(sums), [1 / len(sums)] * len(sums), size=resamples)
    drawn = (figure(dict(zip(keys, row, strict=True))) for row in (draws @ table).tolist())
    values = sorted(value for value in drawn if value is not None)
    if not values:
        return None
    return Interval(low=values[int(0.025 * len(values))], high=values[math.ceil(0.975 * len(values)) - 1])


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one label is given. None where nothing was said so, or nothing is so."""

    label: str
    precision: float | None
    recall: float | None
    f1: float
    support: int
    """Cases whose gold it is."""


def label_figures(pairs: Mapping[tuple[str, str], float]) -> tuple[LabelFigures, ...]:
    """Precision, recall and F1 of each label, from how often (gold, said) came together; sorted by label."""
    labels = sorted({label for pair in pairs for label in pair})
    return tuple(_of_label(label, pairs) for label in labels)


def _of_label(label: str, pairs: Mapping[tuple[str, str], float]) -> LabelFigures:
    hits = pairs.get((label, label), 0.0)
    said = sum(number for (_, given), number in pairs.items() if given == label)
    due = sum(number for (gold, _), number in pairs.items() if gold == label)
    return LabelFigures(label, ratio(hits, said), ratio(hits, due), ratio(2 * hits, said + due) or 0.0, round(due))


def macro_f1(pairs: Mapping[tuple[str, str], float]) -> float | None:
    """Mean F1 over the labels that the gold has; None without gold."""
    given = [one.f1 for one in label_figures({pair: number for pair, number in pairs.items() if number}) if one.support]
    return fmean(given) if given else None


def ratio(part: float, whole: float) -> float | None:
    """`part / whole`; None of nothing."""
    return part / whole if whole else None


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
