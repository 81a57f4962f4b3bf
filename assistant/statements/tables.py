"""The counts and results of a section as a table: what is counted, in which group, how many and in which share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.statements.sections import Line, numbers, section

_UNIT = re.compile(r"^\s*unit of measure\s*:\s*(.*)$", re.IGNORECASE)
_ANALYSED = re.compile(r"number of participants analyzed\s*:\s*(\d+)", re.IGNORECASE)
_DISPERSION = re.compile(r"\([^()]*\)")
_VALUE = re.compile(r"^(.*?)(?:\s\s+|:\s*|^)([-–]?(?:\d[\d,]*)?\.?\d+|NA)(?:\s+([\d.]+)\s*%)?\s*(?:\(|$)")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table."""

    name: str
    """What is counted; empty where the table has one row."""
    group: int
    value: float
    share: float | None
    """In per cent, of those looked at."""
    of: int | None
    line: int
    total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a section."""

    cells: tuple[Cell, ...]
    titles: tuple[tuple[int, str], ...]
    """Each group's title, where it has one."""
    unit: str = ""
    """What its results are measured in."""

    @property
    def groups(self) -> tuple[int, ...]:
        """The groups with figures, in order."""
        return tuple(sorted({cell.group for cell in self.cells}))


@lru_cache(maxsize=512)
def table(texts: tuple[str, ...]) -> Table:
    """The figures of a section's lines; none where it has no counts and no results."""
    lines = section(texts)
    cells = [
        Cell(line.name, line.group, line.count.number, line.count.share, line.count.of, line.index, line.role == "total")
        for line in lines
        if line.count is not None and line.group
    ]
    titles = tuple((line.group, line.name) for line in lines if line.role == "title")
    if cells:
        return Table(tuple(cells), titles)
    units = [found[1].strip() for line in lines if (found := _UNIT.match(line.text))]
    return Table(tuple(_results(lines)), titles, re.split(r"\s\s+", units[0])[0] if units else "")


def _results(lines: Sequence[Line]) -> list[Cell]:
    """The figures below each group's unit of measure."""
    cells: list[Cell] = []
    analysed: int | None = None
    inside, percent = False, False
    for line in lines:
        if line.role == "heading":
            inside = False
        if found := _ANALYSED.search(line.text):
            analysed, inside = int(found[1]), False
        unit = _UNIT.match(line.text)
        if unit:
            inside, percent = True, "percent" in unit[1].lower()
        if inside and line.group and (value := _VALUE.match(unit[1] if unit else line.text)) and value[2] != "NA":
            number = numbers(value[2])[-1]
            name = _after_unit(value[1]) if unit else value[1]
            share = float(value[3]) if value[3] else number if percent else 100 * number / analysed if analysed else None
            cells.append(Cell(_DISPERSION.sub(" ", name).strip(" :"), line.group, number, share, analysed, line.index))
    return cells


def _after_unit(text: str) -> str:
    """The first row's name, which stands after the unit and a gap; empty where only the unit does."""
    return "".join(re.split(r"\s\s+", text.strip(), maxsplit=1)[1:])
