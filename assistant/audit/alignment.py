"""Which line of one list of criteria stands for which line of another: by words and by what their typed conditions are about."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from assistant.eligibility.assess import Line
from assistant.eligibility.conditions import Between, Condition, Demographic, Has, OneOf
from assistant.eligibility.parse.shapes import leaves
from index.words import GENERIC, STOPWORDS, stems

LIKE: Final = 0.45
"""From which two lines are taken for one criterion in other words."""
_INSIDE: Final = 0.75
"""Share of a line's words that another holds, from which it is a part of it."""
_FEWEST: Final = 2
"""Words that a line must share to be a part of another."""
_NEAR: Final = 0.05
"""What the place in the list adds: of two lines alike, the one at the same place."""
_OTHER_LIST: Final = 0.9
"""A line that moved from one list to the other is a little less alike."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the first list and the line of the second that stands for it, whole or in part."""

    one: Line
    other: Line
    likeness: float
    """From 0 to 1; 1 for the same words."""


@dataclass(frozen=True)
class Alignment:
    """Two lists of criteria side by side. A line that was split or merged is in several pairs."""

    pairs: tuple[Pair, ...]
    """In the order of the first list."""
    only_one: tuple[Line, ...]
    only_other: tuple[Line, ...]


def align(one: Sequence[Line], other: Sequence[Line]) -> Alignment:
    """Each line with its counterpart: the likest first, then what is a part of a line that has one."""
    weights = _weights(line.text for line in (*one, *other))
    read_one, read_other = [_read(line, weights) for line in one], [_read(line, weights) for line in other]
    scored = sorted(
        (
            (-_likeness(a, b) - _NEAR * _nearness(i, len(one), j, len(other)), i, j)
            for i, a in enumerate(read_one)
            for j, b in enumerate(read_other)
            if _likeness(a, b) >= LIKE
        ),
    )
    matched: dict[int, int] = {}
    for _, i, j in scored:
        if i not in matched and j not in matched.values():
            matched[i] = j
    pairs = {(i, j): _likeness(read_one[i], read_other[j]) for i, j in matched.items()}
    pairs |= {(i, j): share for j, i, share in _parts(read_other, read_one, set(matched.values()))}
    pairs |= {(i, j): share for i, j, share in _parts(read_one, read_other, set(matched))}
    return Alignment(
        tuple(Pair(one[i], other[j], round(likeness, 3)) for (i, j), likeness in sorted(pairs.items())),
        tuple(line for i, line in enumerate(one) if i not in {i for i, _ in pairs}),
        tuple(line for j, line in enumerate(other) if j not in {j for _, j in pairs}),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    line: Line
    words: Mapping[str, float]
    about: frozenset[str]


def _read(line: Line, weights: Mapping[str, float]) -> _Read:
    return _Read(line, {word: weights[word] for word in content(line.text)}, about(line.condition))


def content(text: str) -> tuple[str, ...]:
    """The stems that tell one criterion from another; numbers change where a criterion is amended, so they do not."""
    found = stems(text, drop=STOPWORDS | GENERIC)
    return tuple(word for word in found if not word[0].isdigit()) or tuple(stems(text))


def _weights(texts: Iterable[str]) -> dict[str, float]:
    """Rare words tell more."""
    found = [set(content(text)) for text in texts]
    counted = Counter(word for words in found for word in words)
    return {word: 0.3 + log(1 + len(found) / times) for word, times in counted.items()}


def about(condition: Condition) -> frozenset[str]:
    """What a condition is about, whatever it says of it: quantities, scales, concepts, age, sex."""
    return frozenset(name for leaf in leaves(condition) for name in _names(leaf))


def _names(leaf: Condition) -> tuple[str, ...]:
    match leaf:
        case Between(quantity=quantity):
            return (f"value:{quantity}",)
        case OneOf(scale=scale):
            return (f"scale:{scale}",)
        case Has(concepts=concepts):
            return tuple(one for one in concepts if not one.startswith("w:"))
        case Demographic(sex, age):
            return (("age",) if age else ()) + (("sex",) if sex else ())
        case _:
            return ()


def _likeness(one: _Read, other: _Read) -> float:
    if " ".join(one.line.text.split()).casefold() == " ".join(other.line.text.split()).casefold():
        return 1.0 if one.line.kind == other.line.kind else _OTHER_LIST
    words = _overlap(one.words, other.words)
    if one.about or other.about:
        shared = 2 * len(one.about & other.about) / (len(one.about) + len(other.about))
        words = max(words, 0.5 * words + 0.5 * shared)
    return words if one.line.kind == other.line.kind else words * _OTHER_LIST


def _overlap(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(weight for word, weight in one.items() if word in other) / total if total else 0.0


def _nearness(i: int, many: int, j: int, others: int) -> float:
    return 1 - abs(i / many - j / others)


def _parts(rest: Sequence[_Read], wholes: Sequence[_Read], matched: set[int]) -> list[tuple[int, int, float]]:
    """Lines without a counterpart that stand inside a line of the other list: (place, place of the whole, share)."""
    found: list[tuple[int, int, float]] = []
    for place, read in enumerate(rest):
        if place in matched or not wholes:
            continue
        share, whole = max(((_held(read, one), at) for at, one in enumerate(wholes)), key=lambda pair: (pair[0], -pair[1]))
        if share >= _INSIDE:
            found.append((place, whole, share))
    return found


def _held(read: _Read, whole: _Read) -> float:
    if len(read.words.keys() & whole.words.keys()) < min(_FEWEST, len(read.words)):
        return 0.0
    total = sum(read.words.values())
    return sum(weight for word, weight in read.words.items() if word in whole.words) / total if total else 0.0
