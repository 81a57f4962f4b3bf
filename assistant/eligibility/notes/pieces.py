"""Cuts a note into pieces of one polarity: sentences, then statements at ";", then list items, brackets and cues."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.eligibility.notes.cues import Cue, tokens_of, words_that
from index.sentences import sentences

_SEPARATOR = re.compile(
    r"(?P<mark>\((?![-−–+]\))|(?<!\([-−–+])\)|[;\[\]•]|,(?!\d)|(?<!\d),|:(?!\d)|\.(?=\s|$))|\s(?P<dash>[-–—]{1,2})\s|(?<!\w)(?P<word>and/or|and|or|nor|plus|&)(?!\w)",
    re.IGNORECASE,
)
_OPENS = {"[": "(", "]": ")", "•": ";", "plus": "and", "&": "and", "and/or": "or", "nor": "or"}
_MARKUP = re.compile(r"</?[a-z][a-z0-9]{0,15}(?:\s[^<>]{0,60})?/?>", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"(?m)^[ \t]*\d{1,3}[.)](?=[ \t]+\S)")
SPLITTING = frozenset("deny deny-other deny-part deny-now pseudo past uncertain sought family stop except".split())
"""What begins a piece of its own where its cue stands before what it speaks of."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one statement. `opener`: what parts it from the piece before: ", ; : ( ) and or" or "" where a cue does."""

    start: int
    end: int
    sentence: int
    statement: int
    depth: int
    opener: str


def without_markup(text: str) -> str:
    """The text with HTML and XML tags blanked out, every other character in its place: "<b>1</b>" is no "> 1"."""
    return _MARKUP.sub(lambda match: " " * len(match[0]), text)


_TAG = re.compile(
    r"[,–-]?\s(?:or\s)?(?:(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|wo|ca)(?:n['’]?t)?\s"
    r"(?:he|she|it|they|I|we|you|that|this|there)(?:\s+(?:not|an?\s+(?:no|yes)(?:-go)?))?)\s?\?",
    re.IGNORECASE,
)
"""A question behind a statement that asks for no more than yes or no, which denies nothing: "…, isn't he?", "or is that a no?"."""


def without_tags(text: str) -> str:
    """The text with the words of tag questions blanked out behind the mark that they end with, every other character in its place."""
    return _TAG.sub(lambda match: "?".ljust(len(match[0])), text) if "?" in text else text


def without_numbers(text: str) -> str:
    """The text with the numbers of numbered lines blanked out, every other character in its place."""
    return _LIST_NUMBER.sub(lambda match: " " * len(match[0]), text)


def cut(
    text: str, atoms: Iterable[tuple[int, int]], names: Iterable[tuple[int, int]], cues: Sequence[Cue]
) -> tuple[Piece, ...]:
    """The pieces of a text in order.

    No separator inside an atom (a name, a number, a date) parts anything, but for brackets, which only names hold together.
    """
    inside, named = _Cover(atoms), _Cover(names)
    breaks = {cue.start for cue in cues if cue.does in SPLITTING and cue.side == "before" and not inside.holds(cue.start)}
    found: list[Piece] = []
    statement = number = 0
    for start, end in sentences(text):
        statement += 1
        number += 1
        depth, opener, begun = 0, ".", start
        marks = [
            (match.start(), match.end(), match)
            for match in _SEPARATOR.finditer(text, start, end)
            if not (named if match[0] in "()[]" else inside).holds(match.start())
        ]
        own = sorted(place for place in _between(breaks, start, end))
        events = sorted(
            [(left, right, _OPENS.get(_mark(match), _mark(match))) for left, right, match in marks] + [(b, b, "") for b in own]
        )
        for left, right, mark in [*events, (end, end, ".")]:
            piece = _trimmed(text, begun, left)
            if piece and not mark and set(tokens_of(text[piece[0] : piece[1]])) <= _leading():
                continue
            if piece:
                found.append(Piece(*piece, number, statement, depth, opener))
                opener = mark
            elif mark in ("(", ")", ";", ".") or (opener in ("", ",", ")") and mark):
                opener = mark
            if mark == "(":
                depth += 1
            elif mark == ")":
                depth = max(0, depth - 1)
            elif mark in (";", ".") and right < end:
                statement += 1
                number += mark == "."
            begun = max(begun, right)
    return tuple(found)


@cache
def _leading() -> frozenset[str]:
    """Subjects and auxiliaries: what leads to a cue without saying anything of its own ("he has", "there is")."""
    return words_that("auxiliary") | words_that("patient") | {"there"}


def _between(places: set[int], start: int, end: int) -> Iterable[int]:
    if len(places) < end - start:
        return (place for place in places if start < place < end)
    return (place for place in range(start + 1, end) if place in places)


def _mark(match: re.Match[str]) -> str:
    return "," if match["dash"] else match[0].lower().strip()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    bare = piece.strip(" \t\r\n.,")
    if not bare:
        return None
    lead = piece.find(bare)
    return start + lead, start + lead + len(bare)


class _Cover:
    """Which positions lie inside one of some stretches (past its first character)."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        merged: list[list[int]] = []
        for start, end in sorted(stretches):
            if merged and start < merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def holds(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and self._starts[at] < place < self._ends[at]
