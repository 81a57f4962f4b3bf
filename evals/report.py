"""A run for people and for programs: a table, JSON, and one HTML page that needs nothing beside it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evals import plots
from evals.metrics import Summary
from evals.score import Grid, Item, Run

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1c2430; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid #dde3ea; vertical-align: top; }
.wide { overflow-x: auto; } .wide td { white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
details { border-bottom: 1px solid #dde3ea; padding: .4rem 0; }
summary { cursor: pointer; }
.wrong { color: #a4161a; } .right { color: #17663a; } .none { color: #667085; }
"""


def figure(summary: Summary) -> str:
    """A metric's mean as it is printed: three places below ten, whole numbers above, a dash where there is none."""
    if summary.mean is None:
        return "–"
    return f"{summary.mean:.3f}" if summary.mean < 10 else f"{summary.mean:.0f}"


def span_of(summary: Summary) -> str:
    """The 95 % interval as it is printed."""
    if summary.interval is None:
        return ""
    places = 3 if summary.interval.high < 10 else 0
    return f"{summary.interval.low:.{places}f}–{summary.interval.high:.{places}f}"


def shown(run: Run) -> RenderableType:
    """The run for a terminal: its figures, then its further tables."""
    grids = [part for grid in run.grids for part in (Text(""), _grid_table(grid))]
    return Group(table(run), *grids)


def _grid_table(grid: Grid) -> Table:
    shown = Table(title=grid.title)
    for at, heading in enumerate(grid.head):
        shown.add_column(heading, justify="right" if at else "left", overflow="fold")
    for row in grid.rows:
        shown.add_row(*map(Text, row))
    return shown


def table(run: Run) -> Table:
    """The run's figures, the groups side by side, for a terminal."""
    groups = run.groups if len(run.groups) > 1 else ()
    shown = Table(title=f"{run.task}: {len(run.items)} {run.unit}, {sum(item.failed for item in run.items)} failed")
    for heading in ("metric", "all", "95 %", "scored", "unscored", *groups):
        shown.add_column(heading, justify="left" if heading == "metric" else "right")
    parts = [run.summaries(group) for group in groups]
    for row, summary in enumerate(run.summaries()):
        of_groups = [figure(part[row]) for part in parts]
        shown.add_row(summary.metric, figure(summary), span_of(summary), str(summary.scored), str(summary.unscored), *of_groups)
    return shown


def as_json(run: Run) -> dict[str, Any]:
    """The run for programs: what was measured, the figures with their intervals, every case's scores or why it has none."""
    return {
        "task": run.task,
        "about": dict(run.about),
        "cases": len(run.items),
        "failed": sum(item.failed for item in run.items),
        "summary": [asdict(summary) for summary in run.summaries()],
        "tables": [asdict(grid) for grid in run.grids],
        "groups": {group: [asdict(summary) for summary in run.summaries(group)] for group in run.groups},
        "items": [_item_json(item) for item in run.items],
    }


def page(run: Run) -> str:
    """The run as one self-contained HTML page: the figures first, then every case to open, the wrong ones first."""
    about = " · ".join(f"{escape(name)}: {escape(str(value))}" for name, value in run.about.items())
    cases = "\n".join(_case(item) for item in sorted(run.items, key=_is_fine))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(run.task)}: {len(run.items)} {run.unit}</title><style>{_STYLE}</style></head><body>
<h1>{escape(run.task)}</h1><p>{about}</p>
<p>{len(run.items)} {run.unit}, {sum(item.failed for item in run.items)} failed.
Intervals are 95 % bootstrap intervals{_drawn(run)}.</p>
{_figures(run)}
{"".join(map(_grid, run.grids))}
<h2>{run.unit.capitalize()}</h2>
{cases}
</body></html>
"""


def write(run: Run, folder: Path) -> tuple[Path, ...]:
    """The JSON and the page in the folder, which is made when it is missing: `<task>.json`, `<task>.html`.

    Half a character (a lone surrogate) in a case becomes "?".
    """
    folder.mkdir(parents=True, exist_ok=True)
    data, shown = folder / f"{run.task}.json", folder / f"{run.task}.html"
    data.write_text(json.dumps(as_json(run), indent=1, ensure_ascii=False), encoding="utf-8", errors="replace")
    shown.write_text(page(run), encoding="utf-8", errors="replace")
    return data, shown


def _item_json(item: Item) -> dict[str, Any]:
    scores = {metric: asdict(score) for metric, score in item.scores.items()}
    return {"id": item.id, "group": item.group, "scores": scores, **item.shown, "error": item.prediction.get("error")}


def _is_fine(item: Item) -> bool:
    first = next(iter(item.scores.values()), None)
    return not item.failed and (first is None or first.value is None or first.value >= 1)


def _row(cells: Iterable[str], tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}{' class=n' if at else ''}>{cell}</{tag}>" for at, cell in enumerate(cells)) + "</tr>"


def _figures(run: Run) -> str:
    groups = run.groups if len(run.groups) > 1 else ()
    parts = [run.summaries(group) for group in groups]
    head = _row(("metric", "all", "95 %", "scored", "unscored", *map(escape, groups)), "th")
    rows = (
        _row((escape(summary.metric), figure(summary), span_of(summary), str(summary.scored), str(summary.unscored),
              *(figure(part[at]) for part in parts)))
        for at, summary in enumerate(run.summaries())
    )  # fmt: skip
    return f"<div class=wide><table>{head}{''.join(rows)}</table></div>"


def _drawn(run: Run) -> str:
    clusters = {item.cluster for item in run.items if item.cluster}
    return f", {len(clusters)} patients drawn whole" if clusters else " of the mean"


def _grid(grid: Grid) -> str:
    rows = "".join(_row(map(escape, row)) for row in grid.rows)
    table = f"<div class=wide><table>{_row(map(escape, grid.head), 'th')}{rows}</table></div>"
    drawn = plots.PLOTS[grid.plot](grid.head, grid.rows) if grid.plot else ""
    shown = f"{drawn}<details><summary>The same as a table</summary>{table}</details>" if drawn else table
    return f"<h2>{escape(grid.title)}</h2>{shown}"


def _case(item: Item) -> str:
    mark = '<span class="right">✓</span>' if _is_fine(item) else '<span class="wrong">✗</span>'
    title = escape(str(item.shown.get("question", item.id)))
    shown = "".join(f"<p><b>{escape(name)}</b> {escape(text)}</p>" for name, text in item.shown.items() if name != "question")
    scores = "".join(
        f"<tr><td>{escape(metric)}</td><td class=n>{_value(score.value, score.unscored)}</td></tr>"
        for metric, score in item.scores.items()
    )
    return f"<details><summary>{mark} {escape(str(item.id))} · {title}</summary>{shown}<table>{scores}</table></details>"


def _value(value: float | None, unscored: str | None) -> str:
    return f'<span class="none">{escape(unscored or "")}</span>' if value is None else f"{value:g}"
