"""A criteria list as blocks: one paragraph or item each, wrapped lines folded in and run-on items cut apart."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from index.list_headings import heading_at, inline_headings
from index.marks import Mark, bullets, mark_at, ordinals


class Block(NamedTuple):
    """One paragraph or list line, its wrapped lines together: positions in the view's text, without the mark."""

    start: int
    end: int
    indent: int
    gap: bool
    """Whether a blank line stands before it."""
    mark: Mark | None


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    gap: bool
    mark: Mark | None


def _lines(text: str) -> Iterator[_Line]:
    gap, last = True, None
    for found in re.finditer(r"[^\n]*\n?", text):
        words = found[0].strip()
        if not words:
            gap = True
            continue
        start = found.start() + found[0].index(words[0])
        end = start + len(words)
        mark = mark_at(text, start, end, last)
        last = mark if mark and mark.value else last
        yield _Line(start, end, start - found.start(), gap, mark)
        gap = False


def read_blocks(text: str) -> list[Block]:
    """Lines with their wrapped continuations folded in, cut where a heading stands in mid-line."""
    blocks: list[Block] = []
    lines = list(_lines(text))
    width = max((line.end - line.start + line.indent for line in lines), default=0)
    spaced = _spaced(lines)
    previous: _Line | None = None
    for line in lines:
        if previous and blocks and _wrapped(text, previous, line, blocks[-1], width, spaced):
            blocks[-1] = blocks[-1]._replace(end=line.end)
        else:
            blocks.append(Block(line.mark.end if line.mark else line.start, line.end, line.indent, line.gap, line.mark))
        previous = line
    return [piece for block in blocks if block.start < block.end for piece in _cut_at_headings(text, block)]


def _spaced(lines: Sequence[_Line]) -> bool:
    """Whether blank lines separate the items, so that a mark without one before it is a wrapped word such as "1."."""
    marked = [line.gap for line in lines if line.mark]
    return len(marked) > 2 and sum(marked) > 0.8 * len(marked)


def _wrapped(text: str, previous: _Line, line: _Line, block: Block, width: int, spaced: bool) -> bool:
    """Whether a line break inside a sentence, not the end of an item, stands before the line."""
    first = text[line.start : line.end].split()[0]
    filled = width <= _WRAPPED and previous.end - previous.start + previous.indent + 1 + len(first) > width
    if line.gap or (heading_at(text, block.start, block.end) and not filled):
        return False
    if line.mark:
        return spaced and filled and line.mark.value > 0
    if line.indent > block.indent and block.mark and width <= _WRAPPED:
        return True
    return (filled and line.indent > 0) or (_RUNS_ON.fullmatch(first) is not None and text[previous.end - 1] not in ".;:")


_WRAPPED = 120
"""A text whose longest line is longer was not wrapped."""
_RUNS_ON = re.compile(r"and|or|of|with|in|for|to|than|by|on|at|from|the|within")
"""A line that begins so goes on with the one above."""


def _cut_at_headings(text: str, block: Block) -> Iterator[Block]:
    cuts = [*inline_headings(text, block.start, block.end), block.end]
    yield block._replace(end=cuts[0])
    for start, end in pairwise(cuts):
        yield Block(start, end, block.indent, True, None)


def unrolled(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with items that run on inside them ("1. … 2. … 3. …" on one line) cut apart."""
    counting: list[Mark] = []
    for index, block in enumerate(blocks):
        _count(counting, block.mark)
        cuts = _run_on(text, block, counting, blocks[index + 1 :])
        yield block._replace(end=cuts[0].start if cuts else block.end)
        for mark, end in zip(cuts, [*(cut.start for cut in cuts[1:]), block.end], strict=False):
            _count(counting, mark)
            yield Block(mark.end, end, block.indent, False, mark)


def _count(counting: list[Mark], mark: Mark | None) -> None:
    """Keeps the last number or letter of each list that is open, outer ones first."""
    if mark and mark.value:
        same = [i for i, last in enumerate(counting) if last.style == mark.style]
        del counting[same[0] if same else len(counting) :]
        counting.append(mark)


def _run_on(text: str, block: Block, counting: Sequence[Mark], later: Sequence[Block]) -> list[Mark]:
    """The marks inside a block that go on counting in an open list, as far as its next line counts."""
    if block.mark and not block.mark.value:
        cuts = _bulleted(text, block, later)
        if cuts:
            return cuts
    for last in counting:
        own = block.mark is not None and block.mark.style == last.style
        upcoming = next((b.mark.value for b in later if b.mark and b.mark.style == last.style), 0)
        chain = [m for m in counted_on(text, block, last) if m.value < upcoming or upcoming <= last.value]
        if chain and (chain[-1].value == upcoming - 1 or len(chain) > 1 or (own and upcoming <= last.value)):
            return chain if own else [*_nested_chain(text, block, chain[0].start), *chain]
    return []


def _nested_chain(text: str, block: Block, end: int) -> list[Mark]:
    """The block's own list, as far as the outer one goes on."""
    return counted_on(text, block._replace(end=end), block.mark) if block.mark and block.mark.value else []


def counted_on(text: str, block: Block, last: Mark) -> list[Mark]:
    """The marks that count on from `last` inside a block; one number may be missing."""
    inside = brackets(text, block.start, block.end)
    found = [m for m in ordinals(text, block.start, block.end) if m.style == last.style and m.start not in inside]
    found = [m for m in found if not in_phrase(text, m)]
    chain = [last]
    while following := _next(found, chain[-1]):
        chain.append(following)
    return chain[1:]


def _next(found: Sequence[Mark], last: Mark) -> Mark | None:
    after = [m for m in found if m.start > last.start]
    exact = [m for m in after if m.value == last.value + 1]
    skipped = [
        m for m in after if m.value == last.value + 2 and any(n.value == m.value + 1 and n.start > m.start for n in after)
    ]
    return next(iter(exact or skipped), None)


_COUNTED = re.compile(
    r"\b(?:grades?|stages?|class|phases?|types?|levels?|score|cohorts?|arms?|parts?|groups?|days?|cycles?|versions?|v|no|ecog"
    r"|status|nyha|hepatitis|vitamin|pugh|criteri(?:a|on)|table|section|visit)\W?\s*$",
    re.IGNORECASE,
)
_IN_PHRASE = re.compile(r"(?:\b(?:and|or|to|of|than|least|is|was|by)|[≤≥<>=–-])\s*$", re.IGNORECASE)


def in_phrase(text: str, mark: Mark) -> bool:
    """Whether the number or letter belongs to the words before it ("grade 2.", "hepatitis B.", "at least 3.")."""
    before = text[max(0, mark.start - 20) : mark.start]
    return bool(_COUNTED.search(before) or (mark.style.endswith(".") and _IN_PHRASE.search(before)))


def _bulleted(text: str, block: Block, later: Sequence[Block]) -> list[Mark]:
    """Bullets that run on in one line: only where the list has no lines of its own."""
    if not block.mark or any(b.mark for b in later):
        return []
    inside = brackets(text, block.start, block.end)
    return [m for m in bullets(text, block.start, block.end) if m.style == block.mark.style and m.start not in inside]


def brackets(text: str, start: int, end: int) -> frozenset[int]:
    """The positions inside matched brackets."""
    inside: set[int] = set()
    opened: list[int] = []
    for found in _BRACKET.finditer(text, start, end):
        if found[0] in "([{（":
            opened.append(found.end())
        elif opened:
            inside.update(range(opened.pop(), found.start()))
    return frozenset(inside)


_BRACKET = re.compile(r"[()\[\]{}（）]")
