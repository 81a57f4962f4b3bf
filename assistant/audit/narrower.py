"""Whether two sentences that no typed condition tells are one but for a single bound, and which of the two is narrower."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from assistant.audit.rewording import WORD, fold
from assistant.eligibility.parse.tokens import Token, tokens
from assistant.eligibility.ranges import Range
from assistant.eligibility.truth import TRUE
from index.words import stem

_BOUNDS: Final = frozenset({"count", "grade", "age", "window", "measure"})
_TURNS: Final = frozenset(
    "no not without never unless except excluding exception if other than lack absence absent fail failed failure unable cannot nor "
    "neither free only less fewer when where prohibited excluded ineligible".split()
)
"""Words after which more may let fewer pass: a bound beside them is not compared by words."""


def narrower_in_words(one: str, other: str, *, duty: bool = False) -> bool:
    """Whether two sentences are one but for a single bound, and the first one's lies inside the second's.

    "No more than 1 prior line" is narrower than "no more than 2 prior lines". `duty`: of what a patient must do, longer is narrower.
    """
    if one == other:
        return True
    left, right = _bounds(one), _bounds(other)
    if len(left) != len(right) or _without(one, left) != _without(other, right):
        return False
    if _TURNS & set(WORD.findall(_without(one, left))):
        return False
    moved = [(a, b) for a, b in zip(left, right, strict=True) if fold(one[a.start : a.end]) != fold(other[b.start : b.end])]
    return len(moved) == 1 and _inside(*moved[0], duty=duty)


def _bounds(text: str) -> list[Token]:
    return [token for token in flat(tokens(text)) if token.kind in _BOUNDS and _range_of(token) is not None]


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
    return wide.holds(narrow) is TRUE


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


def flat(row: Iterable[Token]) -> Iterator[Token]:
    """The tokens, those in brackets among them."""
    for token in row:
        yield from flat(token.inside) if token.kind == "paren" else (token,)
