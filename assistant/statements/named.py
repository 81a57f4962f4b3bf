"""What a piece of a statement names in a table: the rows by their words, the groups by number or title, the figures where they meet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assistant.statements.likeness import Reading, reading
from assistant.statements.tables import Cell, Table

Figures = Mapping[int, float]
"""One figure a group."""

_NUMBERED: Final = re.compile(
    r"\b(?:cohort|arm|group|intervention)s?\s+\d(?:\s*(?:and|or|&)\s*(?:(?:cohort|arm|group)\s+)?\d\b)*", re.IGNORECASE
)
_TOKEN: Final = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
_UNTELLING: Final = frozenset(
    "a an and or the of in with arm group cohort phase i ii iii 1 2 3 patients treatment treated dose day days mg control all".split()
)
_AS_SUCH: Final = re.compile(r"\b(?:adverse (?:events?|effects?|reactions?)|side effects?|AEs?)\b", re.IGNORECASE)
ALIKE: Final = 0.75
"""From here on a row is what a text names."""
_UNNAMED_ROW: Final = 0.5


@dataclass(frozen=True)
class Part:
    """What one piece of a statement names in a table: rows and groups, and the figures where they meet."""

    cells: tuple[Cell, ...]
    match: float
    """How far the rows are what it names; 0 where none is."""
    groups: tuple[int, ...]
    """The groups that it names, in its order; all where it names none."""
    lacking: int
    """Groups that it names and the record does not have."""

    @property
    def figures(self) -> Figures:
        """One figure a group."""
        return {group: sum(cell.value for cell in self.cells if cell.group == group) for group in self.groups}

    @property
    def shares(self) -> Figures:
        """One share a group, in per cent."""
        return {group: sum(cell.share or 0.0 for cell in self.cells if cell.group == group) for group in self.groups}

    @property
    def whole(self) -> float:
        """All together."""
        return sum(self.figures.values())

    @property
    def whole_share(self) -> float:
        """In per cent of all that were looked at."""
        of = sum({cell.group: cell.of or 0 for cell in self.cells}.values())
        return 100 * self.whole / of if of else 0.0


def part_of(text: str, figures: Table) -> Part:
    """What a text names in a table."""
    by_number = numbered(text)
    known = [group for group in by_number if group in figures.groups]
    groups = tuple(known or ([] if by_number else _by_title(text, figures))) or figures.groups
    cells, match = _matched(text, figures)
    return Part(tuple(cell for cell in cells if cell.group in groups), match, groups, len(by_number) - len(known))


def numbered(text: str) -> list[int]:
    """The groups that a text names by number, in its order."""
    found = [int(number) for match in _NUMBERED.finditer(text) for number in re.findall(r"\d", match[0])]
    return list(dict.fromkeys(found))


def _by_title(text: str, figures: Table) -> list[int]:
    """The groups of whose title's own words the text has one, by where it stands."""
    words = {group: {one.lower() for one in _TOKEN.findall(title)} for group, title in figures.titles}
    lower = text.lower()
    said = {match[0]: match.start() for match in reversed(list(_TOKEN.finditer(lower)))}
    placed: list[tuple[int, int]] = []
    for group, mine in words.items():
        own = mine.difference(*(theirs for other, theirs in words.items() if other != group), _UNTELLING)
        if stand := [said[one] for one in own if one in said]:
            placed.append((min(stand), group))
        elif not own and mine and len(words) > 1 and mine <= set(said):
            placed.append((min(said[one] for one in mine), group))
    return [group for _, group in sorted(placed)]


def _matched(text: str, figures: Table) -> tuple[list[Cell], float]:
    """The figures of what a text names: the rows most like it, the total where it speaks of events as such, else none."""
    rows = [cell for cell in figures.cells if not cell.total]
    totals = [cell for cell in figures.cells if cell.total]
    said = reading(text)
    names = {cell.name for cell in rows}
    scores = {name: _likeness(said, reading(name)) if name else _UNNAMED_ROW for name in names}
    best = max(scores.values(), default=0.0)
    if best < ALIKE:
        if totals:
            return (totals, _UNNAMED_ROW) if _AS_SUCH.search(text) else ([], 0.0)
        return (rows, _UNNAMED_ROW) if len(names) == 1 else ([], 0.0)
    kept = [name for name, score in scores.items() if score >= ALIKE]
    kept = [name for name in kept if not any(_is_part(name, other, text) for other in kept)]
    return [cell for cell in rows if cell.name in kept], best


def _is_part(name: str, other: str, text: str) -> bool:
    """Whether a row's name is only said inside of another's: neutropenia inside of febrile neutropenia."""
    own, theirs = reading(name).stems, reading(other).stems
    return (
        own < theirs and theirs <= reading(text).stems and text.lower().count(name.lower()) <= text.lower().count(other.lower())
    )


def _likeness(said: Reading, row: Reading) -> float:
    """How far a row is what the text names: its words said, or a clinical concept that both name."""
    if row.concepts & said.concepts:
        return 1.0
    words = len(row.stems & said.stems) / len(row.stems) if row.stems else 0.0
    return max(
        words,
        0.9 if row.kinds & said.concepts else 0.0,
        0.9 * (len(row.stems & said.wider) / len(row.stems)) if row.stems else 0.0,
    )
