"""Runs cases through the thing that is measured: one prediction a case, in order, then scores and their summary."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.errors import AssistantFault
from evals.metrics import Figure, Score, Summary, Tally, added, cluster_interval, summarise
from index.errors import IndexFault

log = logging.getLogger(__name__)

Prediction = Mapping[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Item:
    """One case with what was predicted for it and how that scored."""

    id: str | int
    group: str
    """The part of the cases that it is also summed up with (an audience, a query set)."""
    prediction: Prediction
    scores: Mapping[str, Score] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    """What a reader of the report needs beside the scores: the question, the gold answer, what was said."""
    cluster: str | None = None
    """What it was drawn with (a patient): intervals draw whole clusters, where items have one."""
    tally: Tally = field(default_factory=dict)
    """What it adds to the run's figures."""

    @property
    def failed(self) -> bool:
        """Whether the case ended in an error."""
        return "error" in self.prediction


@dataclass(frozen=True)
class Run:
    """A task's items and where they came from; without gold there are no scores, only predictions."""

    task: str
    items: tuple[Item, ...]
    about: Mapping[str, Any] = field(default_factory=dict)
    """Data file, versions, settings of the run."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """Metrics over all items together, from their tallies."""
    grids: tuple["Grid", ...] = ()
    """Tables beside the metrics: a confusion matrix, figures of each label."""
    unit: str = "cases"
    """What an item is, in the plural."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics scored, in the order in which the task gives them."""
        return tuple(dict.fromkeys(metric for item in self.items for metric in item.scores))

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of the items, sorted."""
        return tuple(sorted({item.group for item in self.items}))

    def summaries(self, group: str | None = None) -> tuple[Summary, ...]:
        """Every metric over the items of a group, or over all."""
        items = [item for item in self.items if group in (None, item.group)]
        failed = sum(item.failed for item in items)
        means = (self._mean(metric, [item for item in items if metric in item.scores], failed) for metric in self.metrics)
        return (*means, *(_whole(name, figure, items, failed) for name, figure in self.figures.items()))

    def _mean(self, metric: str, items: Sequence[Item], failed: int) -> Summary:
        clusters = [item.cluster for item in items]
        return summarise(metric, [item.scores[metric] for item in items], failed, clusters if any(clusters) else None)


@dataclass(frozen=True)
class Grid:
    """A table of a report, its cells as they are printed."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plot: Literal["bars", "heat"] | None = None
    """How a page draws it, above the table."""


def _whole(name: str, figure: Figure, items: Sequence[Item], failed: int) -> Summary:
    """A figure over all items that add to it, its interval by clusters."""
    counted = [item for item in items if item.tally]
    tallies = [item.tally for item in counted]
    between = cluster_interval(tallies, [item.cluster or item.id for item in counted], figure)
    return Summary(name, figure(added(tallies)), between, len(counted), len(items) - len(counted), failed)


def predict(
    cases: Sequence[T], answer: Callable[[T], Prediction], named: Callable[[T], Prediction], workers: int = 1
) -> Iterator[Prediction]:
    """One prediction a case, in order. A case that fails yields its name with the error, and the others go on."""

    def attempt(case: T) -> Prediction:
        try:
            return {**named(case), **answer(case)}
        except Exception as error:  # whatever it is, the other cases still count; the line and the log keep it
            told = isinstance(error, AssistantFault | IndexFault)
            log.warning("case %s failed: %s", named(case), error, exc_info=not told)
            return {**named(case), "error": f"{type(error).__name__}: {error}"}

    if workers <= 1:
        yield from map(attempt, cases)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(attempt, cases)


def written(predictions: Iterable[Prediction], path: Path | None) -> Iterator[Prediction]:
    """The same predictions, each also a line of the file as soon as it is there."""
    if path is None:
        yield from predictions
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        for prediction in predictions:
            # ASCII, so that no reader takes a separator inside a string for the end of the line.
            out.write(json.dumps(prediction) + "\n")
            out.flush()
            yield prediction


def counted(things: Iterable[T], total: int, label: str) -> Iterator[T]:
    """The same things, with a bar on standard error while they pass."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield from progress.track(things, total=total, description=label)
