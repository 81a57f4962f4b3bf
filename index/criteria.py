"""Eligibility text to single criteria with exact spans and stable ids: lines and marks, then a tree of items, then leaves."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.list_headings import Heading, heading_at
from index.list_leaves import apart, refine
from index.list_lines import Block, read_blocks, unrolled
from index.list_tree import Item, Tree, names_group
from index.marks import mark_at
from index.trial import Criterion, Kind, Source
from index.view import View, fold, view

VERSION = "1"
"""Part of the index's name: raise it when the same text would split differently."""


class _List(NamedTuple):
    """The blocks between two headings that say which list it is."""

    kind: Kind
    title: str | None
    announced: bool
    """Whether a heading said so; without one a list is taken for inclusion."""
    blocks: list[Block]


def split(source: Source, start: int, end: int, trial: str) -> tuple[Criterion, ...]:
    """The criteria in a stretch of eligibility text, in reading order, each parent before its sub-items.

    Spans count in `source.text` and leave out list marks and headings. A list without a heading is an inclusion list.
    """
    seen = view(source, start, end)
    text = seen.text
    found: list[Criterion] = []
    count: Counter[Kind] = Counter()
    for part in _lists(text, read_blocks(text)):
        for item in _items(text, part):
            kind = _kind_of(text, part, item)
            count[kind] += 1
            found += _criteria(seen, trial, kind, str(count[kind]), item, None)
    return tuple(found)


def _criteria(seen: View, trial: str, kind: Kind, path: str, item: Item, parent: str | None) -> Iterator[Criterion]:
    own = f"{trial}/{kind}/{path}"
    span = seen.span(item.start, item.end)
    yield Criterion(own, kind, fold(seen.text[item.start : item.end]), span, parent, item.label, item.heading)
    for ordinal, child in enumerate(item.children, 1):
        yield from _criteria(seen, trial, kind, f"{path}.{ordinal}", child, own)


def _lists(text: str, blocks: Iterable[Block]) -> list[_List]:
    """The blocks under the headings that say which list they belong to."""
    lists = [_List("inclusion", None, False, [])]
    group: str | None = None
    for block in blocks:
        heading = _opens_list(text, block, lists[-1])
        if not heading:
            lists[-1].blocks.append(block)
            continue
        group = _named_before(text, lists[-1]) or group
        title = " · ".join(name for name in (group, heading.title) if name)
        lists.append(_List(heading.kind or lists[-1].kind, title or None, True, []))
        lists[-1].blocks.extend(_after(text, heading, block))
    return lists


def _named_before(text: str, above: _List) -> str | None:
    """Takes off the line right above a list heading that says whom both lists are for ("Healthy volunteers")."""
    if not above.blocks or above.blocks[-1].mark or not names_group(text, above.blocks[-1]):
        return None
    others = above.blocks[:-1]
    if not all(block.mark for block in others) or (above.announced and not others):
        return None
    name = above.blocks.pop()
    return fold(text[name.start : name.end]).strip(" :")


def _after(text: str, heading: Heading, block: Block) -> Iterator[Block]:
    """What follows a heading in its own line."""
    words = text[heading.end : block.end]
    if words.strip():
        start = heading.end + len(words) - len(words.lstrip())
        mark = mark_at(text, start, block.end)
        yield Block(mark.end if mark else start, block.end, block.indent, False, mark)


def _opens_list(text: str, block: Block, current: _List) -> Heading | None:
    heading = heading_at(text, block.start, block.end, marked=block.mark is not None)
    if heading and block.mark and heading.kind in (None, current.kind) and current.announced and current.blocks:
        return None
    if heading and heading.kind is None and _CHOICE[current.kind].search(text, block.start, heading.end):
        return None
    return heading


_CHOICE: dict[Kind, re.Pattern[str]] = {
    "inclusion": re.compile(r"\b(?:any|one|two|either)\b", re.IGNORECASE),
    "exclusion": re.compile(r"\b(?:all|both)\b", re.IGNORECASE),
}
"""Words that make a lead-in a criterion: an inclusion list is otherwise all of its items, an exclusion list any of them."""


def _kind_of(text: str, part: _List, item: Item) -> Kind:
    """Without a heading a sentence may still say that it excludes."""
    excludes = not part.announced and not item.children and _EXCLUDES.search(text, item.start, item.end)
    return "exclusion" if excludes else part.kind


_EXCLUDES = re.compile(
    r"\b(?:are|is|will be|were|be) (?:excluded|ineligible|not eligible|not enrolled|not included)\b",
    re.IGNORECASE,
)


def _items(text: str, part: _List) -> list[Item]:
    """The items of one list, nested and refined to leaves."""
    blocks = list(unrolled(text, part.blocks))
    tree = Tree(text, part.title)
    for index, block in enumerate(blocks):
        tree.add(block, blocks[index + 1 :])
    items = [item for item in tree.items if not _NOTHING.fullmatch(text, item.start, item.end)]
    if not any(block.mark for block in blocks):
        items = apart(text, items)
    if part.kind == "inclusion":
        items = _with_alternatives(text, items)
    for item in items:
        refine(text, item)
    return items


def _with_alternatives(text: str, items: list[Item]) -> list[Item]:
    """Neighbours joined by an "or" at the line's end, under a parent of their own: all other items of the list are required."""
    groups: list[list[Item]] = []
    for item in items:
        if item.children and not _CHOICE["inclusion"].search(text, item.start, item.children[0].start):
            grouped = _with_alternatives(text, item.children)
            item.children = grouped if len(grouped) > 1 else item.children
        if groups and _ENDS_IN_OR.search(text, groups[-1][-1].start, groups[-1][-1].end):
            groups[-1].append(item)
        else:
            groups.append([item])
    return [g[0] if len(g) == 1 else Item(g[0].start, g[-1].end, None, g[0].heading, g) for g in groups]


_ENDS_IN_OR = re.compile(r"\bor\W*$", re.IGNORECASE)
_NOTHING = re.compile(
    r"\W*(?:(?:none|n/?a|nil|not (?:applicable|provided|specified)"
    r"|(?:see|as|same as) (?:above|\w+ (?:characteristics|criteria)))\W*)?",
    re.IGNORECASE,
)
