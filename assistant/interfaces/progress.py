"""Progress of indexing at a terminal: files done, passages a second, time left."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from index import build


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
