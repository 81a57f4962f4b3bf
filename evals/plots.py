"""Plots of a report, as inline SVG: bars of each label's precision and recall, and the confusion matrix as a heat map."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

_LABEL, _WIDE, _BAR, _GAP = 190, 360, 13, 14
"""Pixels: the column of names, a bar of 1, its height, the space between labels."""
_CELL, _TALL = 146, 34
_SHARES = (("precision", "#2f6f8f"), ("recall", "#d08a2e"))


def bars(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Precision and recall of each label, from a table that has those columns; a dash has no bar. Empty without rows."""
    if not rows:
        return ""
    step = 2 * _BAR + _GAP
    drawn = [part for at, row in enumerate(rows) for part in _pair(head, row, 30 + at * step)]
    keys = [
        f'<rect x="{_LABEL + 110 * at}" y="6" width="12" height="12" fill="{colour}"/>{_words(name, _LABEL + 110 * at + 18, 16)}'
        for at, (name, colour) in enumerate(_SHARES)
    ]
    return _svg("Precision and recall of each label", _LABEL + _WIDE + 70, 34 + step * len(rows), [*keys, *drawn])


def _pair(head: Sequence[str], row: Sequence[str], top: int) -> list[str]:
    support = row[head.index("support")]
    parts = [_words(f"{row[0]} ({support})", _LABEL - 8, top + _BAR + 4, "end")]
    for at, (name, colour) in enumerate(_SHARES):
        figure, y = row[head.index(name)], top + at * _BAR
        width = _WIDE * _number(figure)
        parts.append(f'<rect x="{_LABEL}" y="{y}" width="{width:.0f}" height="{_BAR - 1}" fill="{colour}"/>')
        parts.append(_words(figure, _LABEL + width + 6, y + _BAR - 2))
    return parts


def heat(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A confusion matrix, gold by row: the darker a cell, the larger its share of the row; the diagonal is framed. Empty without rows."""
    if not rows:
        return ""
    parts = [_words(name, _LABEL + _CELL * at + _CELL / 2, 20, "middle") for at, name in enumerate(head[1:])]
    for line, row in enumerate(rows):
        top, total = 30 + line * _TALL, sum(map(_number, row[1:]))
        parts.append(_words(row[0], _LABEL - 8, top + 22, "end"))
        for at, cell in enumerate(row[1:]):
            parts.append(
                _cell(cell, _number(cell) / total if total else 0.0, _LABEL + _CELL * at, top, same=head[at + 1] == row[0])
            )
    return _svg("Gold by row, said by column", _LABEL + _CELL * (len(head) - 1) + 10, 36 + _TALL * len(rows), parts)


def _cell(count: str, share: float, x: float, y: float, *, same: bool) -> str:
    frame = ' stroke="#1c2430" stroke-width="2"' if same else ' stroke="#dde3ea"'
    ink = "#ffffff" if share > 0.55 else "#1c2430"
    fill = "#17663a" if same else "#a4161a"
    box = (
        f'<rect x="{x + 2}" y="{y}" width="{_CELL - 4}" height="{_TALL - 4}" fill="{fill}" fill-opacity="{share:.2f}"{frame}/>'
    )
    return box + _words(count if _number(count) else "·", x + _CELL / 2, y + 20, "middle", ink)


def _words(text: str, x: float, y: float, anchor: str = "start", ink: str = "#1c2430") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{ink}">{escape(text)}</text>'


def _svg(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    """The drawing; `title` is what a screen reader says of it, beside the table that holds the same figures."""
    return (
        f'<div class=wide><svg role="img" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-size="12" font-family="system-ui, sans-serif"><title>{escape(title)}</title>{"".join(parts)}</svg></div>'
    )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return 0.0


PLOTS: Final[Mapping[str, Callable[[Sequence[str], Sequence[Sequence[str]]], str]]] = {"bars": bars, "heat": heat}
"""What draws a table, by the name that the table gives."""
