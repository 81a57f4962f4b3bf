"""The blocks of a criteria list as a tree of items: numbers that go on decide first, then indentation, then the change of mark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.list_headings import heading_at
from index.list_lines import Block
from index.marks import Mark
from index.view import fold


@dataclass
class Item:
    """A criterion in the making."""

    start: int
    end: int
    label: str | None = None
    heading: str | None = None
    children: list["Item"] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    """Where unmarked paragraphs under its first words begin."""


@dataclass
class _Open:
    """An item that later lines may still belong to."""

    item: Item
    mark: Mark | None
    indent: int


class Tree:
    """The items of one list while its blocks are placed one by one."""

    def __init__(self, text: str, title: str | None) -> None:
        self.text, self.title = text, title
        self.items: list[Item] = []
        self.open: list[_Open] = []
        self.headings: dict[int, str] = {}

    def add(self, block: Block, later: Sequence[Block]) -> None:
        """Puts the next block where it belongs; `later` are the blocks of the list that still come."""
        if self.open and _CONNECTIVE.fullmatch(self.text, block.start, block.end):
            self._extend(block)
        elif block.mark and _only_names(self.text, block):
            self._head(block, later)
        elif block.mark:
            self._place(block, self._depth(block, block.mark, later))
        elif (later or self.open) and _GROUP.fullmatch(self.text, block.start, block.end):
            self._head(block, later)
        elif (between := self._between(block, later)) is not None:
            self._name(block, between)
        elif self._goes_on(block, later):
            self._extend(block)
        elif later and later[0].mark and _TITLE.fullmatch(self.text, block.start, block.end):
            self._head(block, later)
        else:
            self._place(block, len(self.open) if self._announces() else self._enclosing(block))

    def _enclosing(self, block: Block) -> int:
        return sum(item.indent < block.indent for item in self.open)

    def _place(self, block: Block, depth: int) -> None:
        del self.open[depth:]
        for deeper in [d for d in self.headings if d > depth]:
            del self.headings[deeper]
        heading = self.headings.get(depth) or (self.title if depth == 0 else None)
        item = Item(block.start, block.end, block.mark.label if block.mark else None, heading)
        (self.open[-1].item.children if self.open else self.items).append(item)
        for outer in self.open:
            outer.item.end = block.end
        self.open.append(_Open(item, block.mark, block.indent))

    def _head(self, block: Block, later: Sequence[Block]) -> None:
        inside = self._announces() and self.open and _resumes(self.open[-1].mark, later)
        self._name(block, len(self.open) if inside else self._enclosing(block))

    def _name(self, block: Block, depth: int) -> None:
        """Makes the block the heading of the items at that depth, until the next one there."""
        del self.open[depth:]
        title = fold(self.text[block.start : block.end]).strip(" :")
        self.headings[depth] = title if depth or not self.title else f"{self.title} · {title}"

    def _between(self, block: Block, later: Sequence[Block]) -> int | None:
        """The depth at which an open list goes on counting right after a block that stands apart and only names its items."""
        following = later[0].mark if later else None
        if not following or not self.open or not block.gap or not _titles(self.text, block):
            return None
        if _OPEN_END.search(self.text, self.open[-1].item.start, self.open[-1].item.end):
            return None
        found = (i for i, o in enumerate(self.open) if o.mark and following.follows(o.mark) and block.indent <= o.indent + 1)
        return next(found, None)

    def _extend(self, block: Block) -> None:
        self.open[-1].item.paragraphs.append(block.start)
        for outer in self.open:
            outer.item.end = block.end

    def _announces(self) -> bool:
        """Whether the last item ends in a colon, so that what follows belongs to it."""
        return bool(self.open) and self.text[: self.open[-1].item.end].rstrip().endswith(":")

    def _goes_on(self, block: Block, later: Sequence[Block]) -> bool:
        """Whether an unmarked paragraph belongs to the item above it."""
        if not self.open:
            return False
        top = self.open[-1]
        return bool(
            (top.mark is not None and block.indent > top.indent)
            or any(_resumes(o.mark, later) for o in self.open)
            or (_NOTE.match(self.text, block.start, block.end) and not _ON_THE_LIST.search(self.text, block.start, block.end))
        )

    def _depth(self, block: Block, mark: Mark, later: Sequence[Block]) -> int:
        """How many of the open items the marked block stands in."""
        goes_on = [i for i, o in enumerate(self.open) if o.mark and mark.follows(o.mark)]
        level = [i for i in goes_on if abs(self.open[i].indent - block.indent) <= 2]
        if goes_on:
            return (level or goes_on)[0]
        if self.open and block.indent > self.open[-1].indent + 1:
            return len(self.open)
        peers = [i for i, o in enumerate(self.open) if o.indent >= block.indent - 1]
        if not peers:
            return len(self.open)
        same = [i for i in peers if (m := self.open[i].mark) and m.style == mark.style]
        if self._opens_sublist(mark, later, bool(same)):
            return len(self.open)
        return (same or peers)[0]

    def _opens_sublist(self, mark: Mark, later: Sequence[Block], seen: bool) -> bool:
        """Whether a mark at the same indentation begins a list inside the last item."""
        above = self.open[-1].mark
        if seen:
            return mark.value == 1 and self._announces()
        if self._announces():
            return True
        return above is not None and above.value > 0 and (mark.value == 1 or _resumes(above, later))


def _only_names(text: str, block: Block) -> bool:
    """Whether a marked line is a heading ("- Eligibility criteria specific for part 2")."""
    heading = heading_at(text, block.start, block.end, marked=True)
    return heading is not None and heading.end >= block.end


def _resumes(mark: Mark | None, later: Sequence[Block]) -> bool:
    """Whether the number after this one still comes."""
    if not mark or not mark.value:
        return False
    following = next((b.mark.value for b in later if b.mark and b.mark.style == mark.style), 0)
    return following == mark.value + 1


_NUMBERED = (
    r"(?:Parts?|Cohorts?|Groups?|Arms?|Phases?|Stages?|Steps?|Cycles?|Modules?|Periods?|Visits?|Blocks?)"
    r"\s+(?:\d\w?|[A-Z]|[IVX]+)\b"
)
_STATES = (
    r"(?!.*\b(?:following|includ\w+|defined as|least|either|must|ha(?:s|ve)|are|is|with|any of|all of)\b)"
    r"(?!.*\b(?:of|for|by|to|from|as|or|and)\s*:)"
)
"""Not a line with a verb or an open end, which requires something itself."""
_GROUP = re.compile(
    rf"(?!(?i:note|nb)\b){_STATES}(?=.{{2,90}}$)(?:[^\s:]+[ \t]+){{0,6}}[^\s:]+\s*:\W*|{_NUMBERED}\W*",
)
"""A line that names the items under it: "Hematology:", "For cohort B:", "Part 2"."""
_TITLE = re.compile(rf"{_STATES}[A-Z](?:[^\s.;:,<>≤≥=\d]+[ \t]+){{0,4}}[^\s.;:,<>≤≥=\d]*")
"""The same without a colon, right before a list ("Performance status")."""
_CAPITALS = re.compile(
    rf"{_STATES}[A-Z][\w/&’'-]*(?:[ \t]+(?:\(?[A-Z][\w/&’')-]*|&|(?:of|and|or|for|the|in|to|on|a)\b)){{0,9}}"
)
"""A longer one, in a heading's capitals ("Type of Participants and Disease Characteristics")."""
_NOTE = re.compile(r"\W*(?:note\b|nb\b|n\.b\.)", re.IGNORECASE)
_ON_THE_LIST = re.compile(r"criteria\b.{0,20}\bappl", re.IGNORECASE)
"""A note on the whole list: "Other protocol-defined criteria may apply"."""
_OPEN_END = re.compile(r"(?:[:,]|\b(?:and|or))\s*$")
"""Of an item that what follows belongs to."""
_CONNECTIVE = re.compile(r"\W*(?:(?:and/or|and|or)\W*)?", re.IGNORECASE)


def _titles(text: str, block: Block) -> bool:
    return bool(_TITLE.fullmatch(text, block.start, block.end) or _CAPITALS.fullmatch(text, block.start, block.end))


def names_group(text: str, block: Block) -> bool:
    """Whether an unmarked block only names what follows: "Healthy volunteers", "Cohort B:"."""
    return bool(_TITLE.fullmatch(text, block.start, block.end) or _GROUP.fullmatch(text, block.start, block.end))
