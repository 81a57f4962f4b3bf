"""The text of a structured record as it grows: headings, one fact a line, and a span back for everything that is written."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from index.trial import Section, Span
from index.view import fold

ITEM = re.compile(r"\\?(?:[-*•·▪◦‣–—]|\(?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{1,4})\\?[.)])\s")
"""How an item of a list begins: "* ", "1. ", "b) ", "(iv) "."""
_BREAK = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_TAB = 4


def layout(text: str) -> str:
    """The text with its paragraphs and one item a line, nested by two spaces a level, and no other white space kept."""
    lines: list[str] = []
    items: list[int] = []
    for line in _BREAK.sub("\n", text).expandtabs(_TAB).split("\n"):
        words = fold(line)
        if not words:
            lines += [""] if lines and lines[-1] else []
            continue
        indent = len(line) - len(line.lstrip())
        lines.append("  " * _level(items, indent, bool(ITEM.match(words + " "))) + words)
    return "\n".join(lines).strip()


def _level(items: list[int], indent: int, is_item: bool) -> int:
    """How deep a line stands, given the indents of the items that enclose it, which are brought up to date."""
    while items and (items[-1] > indent or (items[-1] == indent and not is_item)):
        items.pop()
    if is_item and (not items or items[-1] < indent):
        items.append(indent)
    return len(items) - is_item


@dataclass
class Page:
    """A text under construction. `add` and its kin return where in it the words came to stand."""

    document: str
    sections: list[Section] = field(default_factory=list)
    evidence: defaultdict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _pending: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    def section(self, name: str, title: str) -> None:
        """Begin a section (a name of SECTIONS); its heading is written only if something follows."""
        self._pending = (name, title)

    def add(self, text: str, gap: str = "\n") -> Span:
        """Write a text that is not empty, `gap` after what stands before it."""
        if self._pending:
            name, title = self._pending
            self._pending = None
            self._write(title, "\n\n")
            span = self._write(text, "\n\n")
            self.sections.append(Section(name, title, span))
            return span
        span = self._write(text, gap)
        if self.sections:
            last = self.sections[-1]
            self.sections[-1] = Section(last.name, last.title, join(last.span, span))
        return span

    def fact(self, label: str, value: str | None, *fields: str) -> Span | None:
        """Write "label: value" on its own line as evidence for the fields; nothing for a missing value."""
        if not value:
            return None
        span = self.add(f"{label}: {value}")
        for name in fields:
            self.evidence[name].append(span)
        return span

    def entry(self, lines: dict[str, str | None], *fields: str) -> Span:
        """Write facts that belong together, after a blank line, as one piece of evidence."""
        span = self.add("\n".join(f"{label}: {value}" for label, value in lines.items() if value), "\n\n")
        for name in fields:
            self.evidence[name].append(span)
        return span

    def _write(self, text: str, gap: str) -> Span:
        if not self._parts:
            gap = ""
        self._parts += [gap, text]
        start = self._length + len(gap)
        self._length = start + len(text)
        return Span(self.document, start, self._length)


def join(first: Span, last: Span) -> Span:
    """From the beginning of one span to the end of another that follows it."""
    return Span(first.document, first.start, last.end)
