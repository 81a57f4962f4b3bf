"""Whether a section bears a statement out: figures held against its amounts and comparisons, criteria judged, words found or missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.statements import bearing, likeness
from assistant.statements.amounts import Amount, amounts, in_unit, plain
from assistant.statements.claims import CUES, Claim, claims
from assistant.statements.criteria import judged
from assistant.statements.likeness import reading
from assistant.statements.named import ALIKE, Part, numbered, part_of
from assistant.statements.sections import Line, section
from assistant.statements.tables import Table, table
from assistant.statements.trees import Forest, forest

Label = Literal["Entailment", "Contradiction"]
_UP: Final = re.compile(
    r"\b(?:more|higher|greater|larger|longer|increased|better|older|most|highest|longest|twice|above|outperformed)\b",
    re.IGNORECASE,
)
_DOWN: Final = re.compile(
    r"\b(?:less|fewer|lower|smaller|shorter|decreased|worse|fewest|lowest|shortest|least|below)\b", re.IGNORECASE
)
_THAN: Final = re.compile(r"\b(?:than|compared|whereas|while|in comparison)\b", re.IGNORECASE)
_SAME: Final = re.compile(r"\b(?:same (?:number|amount|proportion|percentage|\w+)|equal|identical|as many)\b", re.IGNORECASE)
_NONE: Final = re.compile(
    r"\b(?:no (?:cases?|instances?|patients?|participants?|one|observed|recorded|reported|occurrences?)|none|nobody|not a single|"
    r"(?:did|does|was|were|is|are|do) ?n[o']t|never|neither|without|free (?:of|from)|zero|0 (?:cases?|patients?|participants?))\b",
    re.IGNORECASE,
)

_EACH: Final = re.compile(r"\b(?:both|each|either|all) (?:of the )?(?:cohorts?|arms?|groups?|study arms)\b", re.IGNORECASE)
_BOUND: Final = re.compile(
    r"\b(?:more|less|fewer|higher|lower|greater|longer|shorter|older|younger) than (?:just )?(?:an? )?(?=[\d.]|half|quarter|third|one\b)|"
    r"\bat (?:least|most)\b|\b(?:above|below|over|under)\b|\bno (?:more|less|fewer) than\b",
    re.IGNORECASE,
)
_NOT_THERE: Final = -9.0
"""Seen of what a statement or section does not have."""

_TABLE_FIGURES: Final = (
    "cells", "matched", "best_match", "named_figures", "sum", "share", "total", "agree", "disagree", "all_agree",
    "unheard_agree", "unheard_disagree", "lacking",
    "apart_agree", "apart_disagree", "order_agrees", "rows_order_agrees", "same_agrees", "none_agrees", "loose_agree", "groups",
)  # fmt: skip
_WORD_FIGURES: Final = (
    "best_words", "best_wider", "numbers_there", "numbers_missing", "concepts_there", "concepts_missing", "said_missing",
    "kind_of_best", "best_denies", "units_there",
)  # fmt: skip
_CRITERIA_FIGURES: Final = ("met", "failed", "open", "by_criteria", "list_by_words")
_BOTH: Final = (
    "sides_order_agrees",
    "sides_same_agrees",
    "sides_apart_agree",
    "sides_sum_agree",
    "both_have",
    "shared_words",
    "shared_events",
)

SEEN: Final = (
    *bearing.SECTIONS, "compares", "length", "amounts", *CUES, *_BOTH,
    *(f"{name}_{side}" for side in ("first", "second") for name in (*_TABLE_FIGURES, *_WORD_FIGURES, *_CRITERIA_FIGURES)),
)  # fmt: skip
"""What is seen of a statement and its sections, in the order in which the forest knows it."""


@dataclass(frozen=True)
class _Side:
    """One record's section as the statement speaks of it."""

    claim: Claim
    lines: tuple[Line, ...]
    table: Table
    part: Part
    """What the statement as a whole names."""


def borne(name: str, text: str, records: Sequence[Sequence[str]]) -> Label:
    """Whether the records bear the statement out."""
    likely = _weights().likely(seen(name, text, records)[None, :])[0]
    return "Entailment" if likely >= _weights().bound else "Contradiction"


@cache
def _weights() -> Forest:
    return forest("borne.tsv", SEEN)


def seen(name: str, text: str, records: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """What is seen of the statement and its records: shape (SEEN)."""
    said = claims(text, len(records))
    sides = [_side(claim, tuple(lines)) for claim, lines in zip(said, records, strict=True)]
    found: dict[str, float] = {one: float(one == name) for one in bearing.SECTIONS}
    found |= {"compares": len(records) > 1, "length": len(text.split()), "amounts": len(amounts(text))}
    found |= {cue: cue in said[0].cues for cue in CUES}
    found |= _between(text, sides)
    for side, suffix in zip(sides, ("first", "second"), strict=False):
        of_side = _of_table(side) | _of_words(side) | _of_criteria(name, side)
        found |= {f"{key}_{suffix}": value for key, value in of_side.items()}
    return np.array([float(found.get(column, _NOT_THERE)) for column in SEEN], np.float32)


def _side(claim: Claim, texts: tuple[str, ...]) -> _Side:
    figures = table(texts)
    part = part_of(claim.clause, figures)
    if not part.match:  # "more in the primary than in the secondary trial": what is counted stands in the other clause
        whole = part_of(claim.text, figures)
        part = Part(
            tuple(cell for cell in whole.cells if cell.group in part.groups) or whole.cells,
            whole.match,
            part.groups,
            part.lacking,
        )
    return _Side(claim, section(texts), figures, part)


def _of_table(side: _Side) -> dict[str, float]:
    """How the amounts of the statement stand to the figures that it names."""
    pieces = list(_pieces(side))
    counted = [(one, part) for one, part in pieces if not one.apart and not one.times]
    apart = [(one, part) for one, part in pieces if one.apart]
    marks = [_agrees(one, part, side.claim.clause) for one, part in counted if part.cells]
    unheard = [one.value == 0 or one.sign in {"<", "<="} for one, part in counted if not part.cells]
    apart_marks = [_apart(one, part, side.claim.clause) for one, part in apart]
    part = side.part
    everything = [cell.value for cell in side.table.cells] + [cell.share or 0 for cell in side.table.cells]
    return {
        "cells": len(side.table.cells),
        "matched": len(part.cells),
        "best_match": part.match,
        "named_figures": len(part.groups),
        "lacking": part.lacking,
        "groups": len(side.table.groups),
        "sum": part.whole,
        "share": max(part.shares.values(), default=-1),
        "total": sum(cell.value for cell in side.table.cells if cell.total and cell.group in part.groups),
        "agree": sum(marks),
        "disagree": len(marks) - sum(marks),
        "all_agree": all(marks) if marks else -1,
        "unheard_agree": sum(unheard),
        "unheard_disagree": len(unheard) - sum(unheard),
        "apart_agree": sum(apart_marks),
        "apart_disagree": len(apart_marks) - sum(apart_marks),
        "order_agrees": _order(
            side.claim.text, *([figures[group] for group in part.groups] for figures in (part.figures, part.shares))
        ),
        "rows_order_agrees": _rows_order(side),
        "same_agrees": _same(side.claim.text, list(part.figures.values())),
        "none_agrees": _none(side),
        "loose_agree": sum(any(one.holds(value) for value in everything) for one, _ in pieces),
    }


def _pieces(side: _Side) -> Iterator[tuple[Amount, Part]]:
    """Each amount that counts or measures what the table does, with what the words around it name."""
    text = side.claim.clause
    told = plain(text)
    found = [one for one in (in_unit(each, side.table.unit) for each in amounts(text)) if one is not None]
    for at, one in enumerate(found):
        end = found[at + 1].start if at + 1 < len(found) else len(told)
        own = part_of(told[one.start : end], side.table)
        groups = own.groups if numbered(told[one.start : end]) else side.part.groups
        if own.match:
            yield one, Part(tuple(cell for cell in own.cells if cell.group in groups), own.match, groups, own.lacking)
        else:
            yield one, side.part


def _agrees(amount: Amount, part: Part, text: str) -> bool:
    """Whether a figure named, their sum, or one of each group's, is as the amount says."""
    if amount.of is not None:
        return any(amount.holds(cell.value) and cell.of == amount.of for cell in part.cells)
    each = part.shares if amount.percent else part.figures
    whole = part.whole_share if amount.percent else part.whole
    if amount.percent and re.search(r"\bnot (?:have|experience|suffer|achieve|show|report)|n't\b", text):
        each, whole = {group: 100 - share for group, share in each.items()}, 100 - whole
    if _EACH.search(text):
        return bool(each) and all(map(amount.holds, each.values()))
    if amount.sign == "=":
        cells = [(cell.share or 0.0) if amount.percent else cell.value for cell in part.cells]
        return any(map(amount.holds, [*each.values(), whole, *cells])) if amount.value else amount.holds(whole)
    return amount.holds(whole)


def _apart(amount: Amount, part: Part, text: str) -> bool:
    """Whether two figures are as far from each other as said, in the order said."""
    ways = [part.shares] if amount.percent else [part.figures, part.shares]
    turned = -1 if _direction(text) < 0 and len(part.groups) == 2 and _THAN.search(text) else 1
    ordered = bool(_THAN.search(text)) and len(part.groups) == 2
    gaps = [(a - b) * turned if ordered else abs(a - b) for way in ways for a, b in combinations(way.values(), 2)]
    return any(map(amount.holds, gaps))


def _direction(text: str) -> int:
    """1 where the first named is said to be more, -1 less, 0 neither; bounds of amounts ("more than 3") say nothing of that."""
    told = _BOUND.sub(" ", plain(text))
    up, down = _UP.search(told), _DOWN.search(told)
    if up and down:
        return 1 if up.start() < down.start() else -1
    return 1 if up else -1 if down else 0


def _order(text: str, *ways: Sequence[float]) -> float:
    """Whether the first figure stands to the second as said: 1, or -1, or 0 where no order is said or there are no two."""
    direction = _direction(text)
    if not direction or len(ways[0]) < 2:
        return 0.0
    marks = [1.0 if (figures[0] - figures[1]) * direction > 0 else -1.0 for figures in ways]
    return float(np.mean(marks))


def _rows_order(side: _Side) -> float:
    """Whether of two things counted the first named is more than the second as said."""
    halves = _THAN.split(side.claim.text, maxsplit=1)
    if len(halves) < 2 or not _direction(side.claim.text):
        return 0.0
    first, second = (part_of(half, side.table) for half in halves)
    if first.match < ALIKE or second.match < ALIKE or first.cells == second.cells:
        return 0.0
    return _order(side.claim.text, [first.whole, second.whole])


def _same(text: str, figures: Sequence[float]) -> float:
    if not _SAME.search(text) or len(figures) < 2:
        return 0.0
    return 1.0 if len(set(figures)) == 1 else -1.0


def _none(side: _Side) -> float:
    """Whether what is denied has no case, and what is said has one; half where it is not in the table at all."""
    denied = bool(_NONE.search(side.claim.clause))
    if not side.part.match:
        return 0.5 if denied else -0.5
    return 1.0 if denied == (side.part.whole == 0) else -1.0


def _between(text: str, sides: Sequence[_Side]) -> dict[str, float]:
    """How the figures of two records stand to each other, against what is said."""
    if len(sides) < 2:
        return {}
    first, second = (side.part for side in sides)
    if text.lower().find("secondary") < text.lower().find("primary"):
        first, second = second, first
    wholes, shares = [first.whole, second.whole], [first.whole_share, second.whole_share]
    apart = [one for one in amounts(text) if one.apart]
    counted = [one for one in amounts(text) if not one.apart]
    there = [frozenset(cell.name.lower() for cell in side.table.cells if not cell.total and cell.value) for side in sides]
    words = [frozenset[str]().union(*(reading(line.text).stems for line in side.lines)) for side in sides]
    gaps = (wholes[0] - wholes[1], shares[0] - shares[1])
    sign = _direction(text) or 1
    return {
        "sides_order_agrees": _order(text, wholes, shares) if first.match and second.match else 0.0,
        "sides_same_agrees": _same(text, wholes),
        "sides_apart_agree": float(np.mean([any(one.holds(gap * sign) for gap in gaps) for one in apart])) if apart else -1,
        "sides_sum_agree": float(np.mean([one.holds(sum(wholes)) for one in counted])) if counted else -1,
        "both_have": float(first.whole > 0) + float(second.whole > 0),
        "shared_words": len(words[0] & words[1]) / max(1, min(map(len, words))),
        "shared_events": len(there[0] & there[1]),
    }


def _of_words(side: _Side) -> dict[str, float]:
    """Which words, numbers and concepts of the statement the section has."""
    if not side.lines:
        return {}
    said = reading(side.claim.clause)
    there = [reading(line.text) for line in side.lines]
    stems = frozenset[str]().union(*(one.stems for one in there))
    concepts = frozenset[str]().union(*(one.kinds for one in there))
    found = frozenset[float]().union(*(one.numbers for one in there))
    weight = likeness.rarity(there)
    near = np.array([likeness.shared(said.wider, one.stems, weight) for one in there])
    best = side.lines[int(near.argmax())]
    held = [one.value for one in amounts(side.claim.clause)]
    return {
        "best_words": max(len(one.stems & said.stems) for one in there) / max(1, len(said.stems)),
        "best_wider": len(said.stems & stems) / max(1, len(said.stems)),
        "numbers_there": sum(value in found for value in held),
        "numbers_missing": sum(value not in found for value in held),
        "concepts_there": len(said.concepts & concepts),
        "concepts_missing": len(said.concepts - concepts),
        "said_missing": len(said.stems - stems),
        "kind_of_best": {"inclusion": 1, "exclusion": -1}.get(best.kind, 0),
        "best_denies": bool(CUES["denies"].search(best.text)),
        "units_there": len(said.quantities & frozenset[str]().union(*(one.quantities for one in there))),
    }


def _of_criteria(name: str, side: _Side) -> dict[str, float]:
    """How somebody as the statement describes them fares with the criteria."""
    if name != "Eligibility":
        return {}
    counts = judged(
        side.claim.clause, tuple((line.kind or "inclusion", line.text) for line in side.lines if line.role != "heading")
    )
    excluded = bool(CUES["excluded"].search(side.claim.clause))
    fails = counts.failed > 0
    return {
        "met": counts.met,
        "failed": counts.failed,
        "open": counts.open,
        "by_criteria": 0 if not fails and not counts.met else 1 if fails == excluded else -1,
        "list_by_words": _by_list(side, excluded),
    }


def _by_list(side: _Side, excluded: bool) -> float:
    """Whether the list in which the statement's words stand most is the one that it says."""
    said = reading(side.claim.clause)
    likeness = [
        (len(reading(line.text).stems & said.wider), line.kind) for line in side.lines if line.role != "heading" and line.kind
    ]
    if not likeness:
        return 0.0
    best = max(likeness)
    return 0.0 if not best[0] else 1.0 if (best[1] == "exclusion") == excluded else -1.0
