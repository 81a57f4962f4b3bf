"""Two parts of one record side by side, where a question names both and asks whether they say the same: each is quoted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assistant.chat.points import Point, Proof, Said
from assistant.chat.select import Pick, Reading
from assistant.chat.synonyms import Concept, concepts
from assistant.chat.wording import points_of
from index.trial import Passage
from index.words import stem, stems


@dataclass(frozen=True, slots=True)
class Side:
    """A part of a record that a question may name."""

    name: str
    asks: re.Pattern[str]
    sections: frozenset[str]


def _side(name: str, asks: str, sections: str) -> Side:
    return Side(name, re.compile(rf"\b(?:{asks})\b", re.IGNORECASE), frozenset(sections.split()))


SIDES: Final = (
    _side("title", r"(?:official )?titles?", "title"),
    _side("summary", r"(?:brief )?summary", "summary"),
    _side("description", r"(?:detailed )?description", "description"),
    _side("outcomes", r"outcomes?(?: (?:section|measures?))?|end ?points?", "outcomes"),
    _side("arms", r"arms?(?: (?:section|text|description))?", "arms"),
    _side("interventions", r"interventions?(?: section)?", "interventions"),
    _side("inclusion", r"inclusion(?: (?:criteria|list))?", "inclusion"),
    _side("exclusion", r"exclusion(?: (?:criteria|list))?", "exclusion"),
)
_COMPARED: Final = re.compile(
    r"\b(?:agree|disagree|differ|match|mismatch|conflict|contradict|consistent|inconsistent|the same|tally|fit together|odds)\w*\b",
    re.IGNORECASE,
)
MOST: Final = 4
"""Passages quoted of one side."""
_FRAME: Final = frozenset(
    map(
        stem,
        "agree disagree differ match mismatch conflict contradict consistent inconsistent same seem section measure name primary".split(),
    )
)


def side_by_side(reading: Reading) -> Said | None:
    """What each side says of what is asked; None where the question compares no two sides, or one of them says nothing of it."""
    text = reading.question.text
    named = [side for side in SIDES if side.asks.search(text)]
    if len(named) < 2 or not _COMPARED.search(text):
        return None
    asked = _asked(reading, named)
    found = [_of_side(reading, side, asked) for side in named]
    if not all(found):
        return None
    return Said(tuple(dict.fromkeys(point for points in found for point in points)))


def _asked(reading: Reading, named: Sequence[Side]) -> tuple[Concept, ...]:
    """What is compared: the question's words without those that name the sides or the comparing."""
    framing = _FRAME | {
        word for side in named for match in side.asks.finditer(reading.question.text) for word in stems(match[0])
    }
    keep = tuple(word for word in reading.question.stems if word not in framing)
    return tuple(one for one in concepts(reading.question.text, keep) if not set(one.said) <= framing)


def _of_side(reading: Reading, side: Side, asked: tuple[Concept, ...]) -> list[Point]:
    """The side's passages that speak of it most, its first where none does but the side is one line."""
    passages = [passage for passage in reading.corpus if passage.section in side.sections]
    covers = {passage.id: _cover(passage, asked) for passage in passages}
    most = max((len(cover) for cover in covers.values()), default=0)
    best = [passage for passage in passages if len(covers[passage.id]) == most][:MOST]
    if side.name == "title":
        best = passages[:2]
    elif not most:
        best = best[:1] if side.name in {"outcomes", "summary"} else []
    return [_point(reading, passage, covers[passage.id], asked) for passage in best]


def _point(reading: Reading, passage: Passage, cover: frozenset[int], asked: tuple[Concept, ...]) -> Point:
    if passage.level == "field" or passage.section in {"summary", "description"}:
        return Point(passage.text, (Proof(passage.span, passage.section),))
    return points_of(reading.trial, Pick(passage, cover, float(len(cover)), 1.0), asked)


def _cover(passage: Passage, asked: tuple[Concept, ...]) -> frozenset[int]:
    words = frozenset(stems(f"{passage.arm or ''} {passage.text}"))
    return frozenset(n for n, concept in enumerate(asked) if concept.within(words))
