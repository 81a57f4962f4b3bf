"""What the words of a line name that its typed condition does not hold."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any, Final

from assistant.audit.narrower import flat
from assistant.eligibility.conditions import Advised, AllOf, AnyOf, Condition, Has, Judged, Only, PerProtocol, Unless, Unparsed
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.parse.tokens import Token, tokens
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import find_traits
from index.words import stems

_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_NUMBER_OF_LINE: Final = 4
"""Characters at the beginning of a line where its own number may stand."""


def unread(text: str, condition: Condition) -> frozenset[tuple[Any, ...]]:
    """What the text names that its condition does not hold: what stays the same there is not compared, what differs forbids it."""
    said, row = _Said(condition), list(flat(tokens(text)))
    exceptions = sum(token.is_cue("except", "unless") for token in row) - _exceptions(condition)
    lost = [("exceptions", exceptions)] if exceptions > 0 else []
    return frozenset([*(item for token in row for item in _items(token, text, said)), *lost])


def _exceptions(condition: Condition) -> int:
    """How many rules with an exception a condition has, those left out that stand under a denial or in another exception."""
    match condition:
        case Unless():
            return 1
        case AllOf(parts) | AnyOf(parts):
            return sum(map(_exceptions, parts))
        case Only(_, rule):
            return _exceptions(rule)
        case _:
            return 0


class _Said:
    """All that a condition holds: ids, bounds, and the words that it keeps."""

    def __init__(self, condition: Condition) -> None:
        parts = leaves(condition)
        self.ids = {one for leaf in parts if isinstance(leaf, Has) for one in leaf.concepts}
        self.traits = {trait for leaf in parts if isinstance(leaf, Has) for trait in leaf.traits}
        self.words = {word for one in self.ids if one.startswith("w:") for word in one[2:].split()}
        kept = (leaf.words for leaf in parts if isinstance(leaf, Advised | Judged | PerProtocol | Unparsed))
        self.words |= {word for words in kept for word in _numbered(words)}
        self.bounds = set(_ends(condition))

    def keeps(self, words: str) -> bool:
        return set(_numbered(words)) <= self.words


def _numbered(text: str) -> list[str]:
    return stems(text, drop=frozenset())


def _ends(value: Any) -> Iterator[float]:
    """Every finite end of a range inside a condition."""
    if isinstance(value, Range):
        yield from (end for end in (value.low, value.high) if isfinite(end))
    elif isinstance(value, AllOf | AnyOf):
        for part in value.parts:
            yield from _ends(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _ends(getattr(value, field.name))


def _items(token: Token, text: str, said: _Said) -> Iterator[tuple[Any, ...]]:
    words = text[token.start : token.end]
    if token.kind == "cue":
        yield from (("trait", one.trait) for one in find_traits(words) if one.trait not in said.traits)
    if token.kind in ("empty", "soft") and token.start > _NUMBER_OF_LINE and not said.keeps(words):
        yield from (("figure", figure) for figure in _FIGURE.findall(words))
    if token.kind in ("cue", "separator", "stop", "empty", "soft", "sex", "everybody", "group", "grading") or said.keeps(words):
        return
    match token.kind:
        case "concept":
            if not any(is_a(known, one) for one in token.value.concepts for known in said.ids):
                yield ("concept", token.value.concepts)
        case "trait":
            if token.value.trait not in said.traits:
                yield ("trait", token.value.trait)
        case "count" | "grade" | "age" | "window" | "measure" | "dose":
            yield from (("bound", token.kind, end) for end in _ends(token.value) if end and end not in said.bounds)
        case _:
            yield from (("word", one) for one in _numbered(words) if one not in said.words)
