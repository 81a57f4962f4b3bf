"""The lines of a page with their positions, and the page as a run of headed parts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from index.addressed import blanked
from index.trial import Related, Section, Source, Span
from index.view import clean

NCT = re.compile(r"\bNCT\d{8}\b")
_MARKDOWN = re.compile(r"(?:#{1,6}\s+|\*\*|__)(\S.*?)(?:\s+#+|\*\*|__)?")
_LINE = re.compile(r"[^\r\n]+")


class Line(NamedTuple):
    """A line that is not blank, without the white space at its edges: `blanked(source.text)[start:end] == text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the lines under it."""

    name: str
    """One of SECTIONS."""
    heading: Line | None
    """None for what stands before the first heading."""
    body: tuple[Line, ...]

    @property
    def title(self) -> str:
        """The heading's words; "" where there is none."""
        return unmarked(self.heading).text if self.heading else ""


def lines(text: str) -> tuple[Line, ...]:
    """All lines but the blank ones and those that speak to a program, in order."""
    found = ((match.start(), match[0]) for match in _LINE.finditer(blanked(text)))
    return tuple(
        Line(line.strip(), at + len(line) - len(line.lstrip()), at + len(line.rstrip())) for at, line in found if line.strip()
    )


def unmarked(line: Line) -> Line:
    """The line without the marks that make it a Markdown heading or bold."""
    found = _MARKDOWN.fullmatch(line.text)
    return Line(found[1], line.start + found.start(1), line.start + found.end(1)) if found else line


def parts(page: Sequence[Line], names: dict[int, str], before: str = "title") -> tuple[Part, ...]:
    """The page cut at its headings: `names` gives the section of each line (by its place in `page`) that is one."""
    cuts = [-1, *sorted(names), len(page)]
    cut = [
        Part(names.get(at, before), page[at] if at >= 0 else None, tuple(page[at + 1 : until])) for at, until in pairwise(cuts)
    ]
    return tuple(part for part in cut if part.heading or part.body)


def stretch(source: Source, first: Line, last: Line | None = None) -> Span:
    """From the beginning of one line to the end of another."""
    return Span(source.document, first.start, (last or first).end)


def shown(source: Source, line: Line) -> str:
    """The line's words with escapes undone, on one line."""
    return clean(source, stretch(source, line))


def joined(source: Source, body: Sequence[Line]) -> str | None:
    """The words of several lines on one; None where there are none."""
    return clean(source, stretch(source, body[0], body[-1])) if body else None


def sections(source: Source, found: Iterable[Part]) -> tuple[Section, ...]:
    """The parts that have something under their heading."""
    return tuple(Section(part.name, part.title, stretch(source, part.body[0], part.body[-1])) for part in found if part.body)


def foreign(source: Source, own: str | None, known: Iterable[Related] = ()) -> tuple[Related, ...]:
    """The trials that the text names and that are not its own: those `known`, then every other number where it first stands."""
    found = {related.nct_id: related for related in known}
    for number in NCT.finditer(source.text):
        if number[0] != own:
            found.setdefault(number[0], Related(number[0], None, None, Span(source.document, number.start(), number.end())))
    return tuple(found.values())
