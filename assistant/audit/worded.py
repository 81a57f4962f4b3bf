"""What two wordings of a criterion have in common where no typed condition tells: the same words, a mended slip, one bound that moved."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from math import isfinite
from typing import Any, Final

from rapidfuzz.distance import OSA

from assistant.eligibility.conditions import Advised, AllOf, AnyOf, Condition, Has, Judged, Only, PerProtocol, Unless, Unparsed
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.parse.tokens import Token, tokens
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a
from assistant.eligibility.vocabulary.traits import find_traits
from index.words import stem, stems

_SIGNS: Final = (
    (re.compile(r"≥|>/=|=>|⩾|≧|>\s?=|≥="), ">="),
    (re.compile(r"≤|</=|=<|⩽|≦|<\s?="), "<="),
    (re.compile(r"[‐‑‒–—−]"), "-"),
    (re.compile(r"[“”„\"'’‘`´]"), ""),
    (re.compile(r"[μµ]"), "u"),
    (re.compile(r"\s*([<>=]+|[-/×])\s*"), r"\1"),
    (re.compile(r"\s+"), " "),
)
_EDGE: Final = re.compile(r"^[\s*•·.;,:()–-]+|[\s*•·.;,:–-]+$")
_WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[<>=]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_BOUNDS: Final = frozenset({"count", "grade", "age", "window", "measure"})
_TURNS: Final = frozenset(
    "no not without never unless except excluding exception if other than lack absence absent fail failed failure unable cannot nor "
    "neither free only less fewer when where prohibited excluded ineligible".split()
)
"""Words after which more may let fewer pass: a bound beside them is not compared by words."""
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_ENUMERATOR: Final = 4
"""Characters at the beginning of a line where its own number may stand."""
_SHORTEST: Final = 4
"""Letters from which an unknown word may be a slip of a known one."""


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The text as far as its words go: without case, marks at its edges, kinds of dashes and quotes, and white space of its own."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for sign, spelled in _SIGNS:
        plain = sign.sub(spelled, plain)
    return _EDGE.sub("", plain)


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same word for word, but for slips of the pen that one of them mends."""
    if fold(one) == fold(other):
        return True
    left, right = _WORD.findall(fold(one)), _WORD.findall(fold(other))
    if len(left) != len(right):
        return False
    return all(a == b or _slip(a, b) for a, b in zip(left, right, strict=True))


def _slip(one: str, other: str) -> bool:
    """Whether one is no word and the other is the word that it was meant to be."""
    if min(len(one), len(other)) < _SHORTEST or not (_LETTERS.fullmatch(one) and _LETTERS.fullmatch(other)):
        return False
    if _is_word(one) == _is_word(other):
        return False
    return OSA.distance(one, other) <= (1 if len(one) <= _SHORTEST + 1 else 2)


@cache
def _dictionary() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker()


@cache
def _terms() -> frozenset[str]:
    """The words of clinical names, which no common dictionary has."""
    names = (name for known in all_concepts().values() for name in (known.name, *known.names))
    return frozenset(word for name in names for word in _LETTERS.findall(name.casefold()))


def _is_word(word: str) -> bool:
    return word in _terms() or word in _dictionary()


def narrower_in_words(one: str, other: str, *, duty: bool = False) -> bool:
    """Whether two sentences are one but for a single bound, and the first one's lies inside the second's.

    "No more than 1 prior line" is narrower than "no more than 2 prior lines". `duty`: of what a patient must do, longer is narrower.
    """
    if one == other:
        return True
    left, right = _bounds(one), _bounds(other)
    if len(left) != len(right) or _without(one, left) != _without(other, right):
        return False
    if _TURNS & set(_WORD.findall(_without(one, left))):
        return False
    moved = [(a, b) for a, b in zip(left, right, strict=True) if fold(one[a.start : a.end]) != fold(other[b.start : b.end])]
    return len(moved) == 1 and _inside(*moved[0], duty=duty)


def _bounds(text: str) -> list[Token]:
    return [token for token in _flat(tokens(text)) if token.kind in _BOUNDS and _range_of(token) is not None]


def _flat(row: Iterable[Token]) -> Iterator[Token]:
    for token in row:
        yield from _flat(token.inside) if token.kind == "paren" else (token,)


def _without(text: str, bounds: Iterable[Token]) -> str:
    """The words without the bounds; what is counted is one word in the singular and the plural."""
    for token in sorted(bounds, key=lambda token: -token.start):
        text = f"{text[: token.start]} # {text[token.end :]}"
    return " ".join(stem(word) for word in re.findall(r"[^\W_]+|[^\w\s]", fold(text)))


def _range_of(token: Token) -> Range | None:
    value = token.value
    match token.kind:
        case "count" | "grade":
            return value.range  # type: ignore[no-any-return]
        case "age":
            return value.age  # type: ignore[no-any-return]
        case "window":
            return value.window.length  # type: ignore[no-any-return]
        case _:
            one = value[0] if len(value) == 1 else None
            return one.range if one and not one.negated else None


def _inside(one: Token, other: Token, *, duty: bool) -> bool:
    narrow, wide = _range_of(one), _range_of(other)
    if one.kind != other.kind or narrow is None or wide is None or _asides(one) != _asides(other):
        return False
    if one.kind == "window" and not one.value.window.before:
        return duty and narrow.high > wide.high and narrow.low == wide.low
    if one.kind == "window" and (duty or (narrow.low, wide.low) != (0, 0)):
        return False  # how long something goes on is more than when it was
    low = narrow.low > wide.low or (narrow.low == wide.low and (narrow.low_open or not wide.low_open))
    high = narrow.high < wide.high or (narrow.high == wide.high and (narrow.high_open or not wide.high_open))
    return low and high


def _asides(token: Token) -> tuple[Any, ...]:
    """What must be the same beside two ranges for them to be comparable."""
    match token.kind:
        case "window":
            window = token.value.window
            return (window.unit, window.anchor, window.before, token.value.whichever)
        case "measure":
            return (token.value[0].quantities, token.value[0].unit, token.value[0].of)
        case "age":
            return (token.value.sex,)
        case _:
            return ()


def unread(text: str, condition: Condition) -> frozenset[tuple[Any, ...]]:
    """What the text names that its condition does not hold: what stays the same there is not compared, what differs forbids it."""
    said, row = _Said(condition), list(_flat(tokens(text)))
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
    if token.kind in ("empty", "soft") and token.start > _ENUMERATOR and not said.keeps(words):
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
