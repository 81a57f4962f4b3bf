"""Progress at a terminal: of indexing, files done, passages a second, time left; of matching, trials done."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from index import build
    from index.trial import Trial


@contextmanager
def indexing(console: Console) -> "Iterator[build.OnProgress | None]":
    """What moves the bar with each report of a run; None where standard error is no terminal."""
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task, started = bar.add_task("reading", total=None, rate=""), time.monotonic()

        def move(progress: "build.Progress") -> None:
            rate = progress.embedded / max(time.monotonic() - started, 0.001)
            shown = f"{rate:,.0f} passages/s" if progress.embedded else ""
            name = escape(progress.document[-40:]) if progress.document else ""
            bar.update(task, description=f"{progress.phase} {name}", completed=progress.done, total=progress.total, rate=shown)

        yield move


def matching(console: Console, trials: "Sequence[Trial]") -> "Iterable[Trial]":
    """The same trials, with a bar that moves as each one's turn comes: how many, how many a second, time left."""
    if not console.is_terminal:
        yield from trials
        return
    columns = (TextColumn("reading criteria"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task, started = bar.add_task("reading", total=len(trials), rate=""), time.monotonic()
        for number, trial in enumerate(trials, 1):
            yield trial
            rate = number / max(time.monotonic() - started, 0.001)
            bar.update(task, completed=number, rate=f"{rate:,.0f} trials/s")
