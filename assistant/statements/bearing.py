"""Which lines of a section bear on a statement: what is seen of each line, and a small forest that weighs it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assistant.statements import likeness
from assistant.statements.claims import CUES, Claim, claims
from assistant.statements.likeness import Reading, reading
from assistant.statements.sections import Line, Role, section
from assistant.statements.trees import Forest, forest

Rows = NDArray[np.float32]
Column = NDArray[np.float32]

SECTIONS: Final = ("Intervention", "Eligibility", "Results", "Adverse Events")
ROLES: Final[tuple[Role, ...]] = ("heading", "title", "total", "event", "value", "text")

_OF_LINE: Final = (
    "place", "order", "from_end", "alone", "inclusion", "exclusion", "group", "group_named", "group_other", "length",
    "count", "same_text", *ROLES,
    "words_of_statement", "words_of_line", "words_best", "words_rank", "wider_of_statement", "wider_best",
    "clause_words", "concepts", "kinds", "kinds_above",
    "quantities", "numbers", "heading_words", "before", "after", "group_words", "below_words",
)  # fmt: skip
_OF_SECTION: Final = (
    *SECTIONS, "compares", "second", "lines", "groups", "best_words", "best_wider", "covered",
    "events", "statement_length", "statement_numbers", "groups_named", "statement_quantities", "statement_concepts", *CUES,
)  # fmt: skip
SEEN: Final = (*_OF_LINE, *_OF_SECTION)
"""What is seen of a line, in the order in which the forest knows it."""


def bearing(name: str, text: str, records: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
    """For each record the lines of its section that bear on the statement, by their numbers; never none of a section that has lines."""
    return tuple(_chosen(likely) for likely in likelihoods(name, text, records))


def likelihoods(name: str, text: str, records: Sequence[Sequence[str]]) -> tuple[NDArray[np.float64], ...]:
    """For each record how likely each line bears on the statement."""
    weighed = _weights()
    return tuple(weighed.likely(rows) for rows in seen(name, text, records))


def _chosen(likely: NDArray[np.float64]) -> tuple[int, ...]:
    if not len(likely):
        return ()
    bound = min(_weights().bound, float(likely.max()))
    return tuple(int(at) for at in np.flatnonzero(likely >= bound))


@cache
def _weights() -> Forest:
    return forest("bearing.tsv", SEEN)


def seen(name: str, text: str, records: Sequence[Sequence[str]]) -> tuple[Rows, ...]:
    """For each record what is seen of its lines: shape (lines, SEEN)."""
    said = claims(text, len(records))
    return tuple(_of_record(name, said[side], side, len(records), section(tuple(lines))) for side, lines in enumerate(records))


def _of_record(name: str, claim: Claim, side: int, records: int, lines: Sequence[Line]) -> Rows:
    if not lines:
        return np.zeros((0, len(SEEN)), np.float32)
    said, clause = reading(claim.text), reading(claim.clause)
    there = [reading(line.text) for line in lines]
    rows = _line_columns(claim, said, clause, lines, there)
    whole = _section_columns(name, claim, said, side, records, lines, rows)
    table = np.zeros((len(lines), len(SEEN)), np.float32)
    for at, column in enumerate(SEEN):
        table[:, at] = rows[column] if column in rows else whole[column]
    return table


def _line_columns(
    claim: Claim,
    said: Reading,
    clause: Reading,
    lines: Sequence[Line],
    there: Sequence[Reading],
) -> dict[str, Column]:
    """What is seen of each line by itself and beside the others."""
    weight = likeness.rarity(there)
    number = len(lines)
    all_said = sum(map(weight, said.stems)) or 1.0
    own = np.array([likeness.shared(said.stems, one.stems, weight) for one in there], np.float32)
    wider = np.array([likeness.shared(said.wider, one.wider, weight) for one in there], np.float32)
    from_clause = np.array([likeness.shared(clause.wider, one.stems, weight) for one in there], np.float32)
    size = np.array([sum(map(weight, one.stems)) or 1.0 for one in there], np.float32)
    heading = [line.heading for line in lines]
    groups = np.array([line.group for line in lines])
    texts = [line.text for line in lines]
    named = {group for group in claim.groups if group in groups}
    columns: dict[str, Any] = {
        "place": [line.place for line in lines],
        "order": [line.index / number for line in lines],
        "from_end": [number - line.index for line in lines],
        "alone": [number == 1] * number,
        "inclusion": [line.kind == "inclusion" for line in lines],
        "exclusion": [line.kind == "exclusion" for line in lines],
        "group": groups,
        "group_named": [line.group in named for line in lines],
        "group_other": [bool(named) and line.group > 0 and line.group not in named for line in lines],
        "length": [len(line.text) for line in lines],
        "count": [-1 if line.count is None else line.count.number for line in lines],
        "same_text": [texts.count(text) for text in texts],
        **{role: [line.role == role for line in lines] for role in ROLES},
        "words_of_statement": own / all_said,
        "words_of_line": own / size,
        "words_best": own / max(float(own.max()), 1e-6),
        "words_rank": _ranks(own),
        "wider_of_statement": wider / all_said,
        "wider_best": wider / max(float(wider.max()), 1e-6),
        "clause_words": from_clause / size,
        "concepts": [len(clause.concepts & one.concepts) for one in there],
        "kinds": [len(clause.kinds & one.concepts) for one in there],
        "kinds_above": [len(clause.concepts & one.kinds) for one in there],
        "quantities": [len(clause.quantities & one.quantities) for one in there],
        "numbers": [len(said.numbers & one.numbers) for one in there],
        "heading_words": own[heading] / all_said,
        "before": np.concatenate([[0], own[:-1]]) / all_said,
        "after": np.concatenate([own[1:], [0]]) / all_said,
        "group_words": _best_of(own, groups) / all_said,
        "below_words": _best_of(own, np.array(heading)) / all_said,
    }
    return {name: np.asarray(values, np.float32) for name, values in columns.items()}


def _section_columns(
    name: str,
    claim: Claim,
    said: Reading,
    side: int,
    records: int,
    lines: Sequence[Line],
    rows: Mapping[str, Column],
) -> dict[str, float]:
    """What is seen of the statement and the section as wholes, the same for every line."""
    return {
        **{one: float(one == name) for one in SECTIONS},
        "compares": float(records > 1),
        "second": float(side),
        "lines": float(len(lines)),
        "groups": float(max(line.group for line in lines)),
        "best_words": float(rows["words_of_statement"].max()),
        "best_wider": float(rows["wider_of_statement"].max()),
        "covered": float((rows["wider_of_statement"] > 0).mean()),
        "events": float(sum(line.role == "event" for line in lines)),
        "statement_length": float(len(claim.text.split())),
        "statement_numbers": float(len(claim.numbers)),
        "groups_named": float(len(claim.groups)),
        "statement_quantities": float(len(said.quantities)),
        "statement_concepts": float(len(said.concepts)),
        **{cue: float(cue in claim.cues) for cue in CUES},
    }


def _ranks(values: Column) -> Column:
    """How many are larger than each."""
    return np.asarray((values[None, :] > values[:, None]).sum(axis=1), np.float32)


def _best_of(values: Column, groups: NDArray[np.int64]) -> Column:
    """The largest of each one's group."""
    best = {group: values[groups == group].max() for group in set(groups.tolist())}
    return np.array([best[group] for group in groups.tolist()], np.float32)
