"""Scores the fields that are extracted from trials against those that a reader found in them, field by field.

A field of one value is right where it says the same. A list is right where its elements and the gold's match with an F1 of 0.8 or
more, in part right from 0.5. What the gold has as null is to stay null: silence is scored by itself.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from assistant.audit.extraction.value import Value
from evals.cases import ExtractionCase
from evals.metrics import Score
from evals.score import Grid, Item, Prediction, Run, counted, predict, written
from index.words import stems

RIGHT: Final = 0.8
IN_PART: Final = 0.5
VERDICTS: Final = ("right", "in_part", "wrong", "missing")
"""How a field that the gold fills came out: the four shares add up to one."""
_EMPTY: Final[tuple[object, ...]] = (None, [], (), "")
_GROUP: Final = "fields"
_WEAK: Final = frozenset("patient subject disease therapi treatment prior previous cancer drug".split())
_SIDES: Final = {">=": "≥", "<=": "≤", "=>": "≥", "=<": "≤"}


class Extracts(Protocol):
    """What is measured: everything that an audit of one trial extracts."""

    def __call__(self, trial: str) -> Mapping[str, Value]:
        """The fields of the trial of that id."""


def named(case: ExtractionCase) -> Prediction:
    """What every prediction begins with."""
    return {"id": case.id, "trial": case.trial}


def extracted(extract: Extracts) -> Callable[[ExtractionCase], Prediction]:
    """How a case becomes a prediction: the values of its trial's fields."""

    def read(case: ExtractionCase) -> Prediction:
        return {"fields": {name: value.value for name, value in extract(case.trial).items()}}

    return read


def measure(cases: Sequence[ExtractionCase], extract: Extracts, *, predictions: Path | None = None, workers: int = 1) -> Run:
    """All trials read and every field of the gold scored, each prediction written as soon as it is there."""
    given = written(predict(cases, extracted(extract), named, workers), predictions)
    pairs = list(counted(zip(cases, given, strict=True), len(cases), "trials"))
    items = tuple(item for case, prediction in pairs for item in items_of(case, prediction))
    return Run("extraction", items, grids=(_by_field(items),) if any(item.scores for item in items) else (), unit="fields")


def items_of(case: ExtractionCase, prediction: Prediction) -> list[Item]:
    """One item for each field of the gold; for a case without gold, one for the whole."""
    found: Mapping[str, Any] = prediction.get("fields") or {}
    if not case.fields:
        return [Item(case.id, case.trial, prediction, {}, {"question": case.trial, "said": str(found)})]
    return [_item(case, name, gold, found.get(name), prediction) for name, gold in case.fields.items()]


def _item(case: ExtractionCase, name: str, gold: Any, found: Any, prediction: Prediction) -> Item:
    error = {"error": prediction["error"]} if "error" in prediction else {}
    shown = {"question": f"{case.trial}: {name}", "gold": str(gold), "said": prediction.get("error") or str(found)}
    return Item(f"{case.id}/{name}", _GROUP, {"value": found, **error}, scored(name, gold, found), shown, str(case.id))


def scored(name: str, gold: Any, found: Any) -> dict[str, Score]:
    """How one field came out."""
    if gold in _EMPTY:
        none = dict.fromkeys(VERDICTS, Score(None, "the record does not say"))
        return none | {"silent": Score(float(found in _EMPTY))}
    verdict = verdict_of(name, gold, found)
    return {one: Score(float(one == verdict)) for one in VERDICTS} | {"silent": Score(None, "the record says it")}


def verdict_of(name: str, gold: Any, found: Any) -> str:
    """One of VERDICTS, for a field that the gold fills."""
    if found in _EMPTY:
        return "missing"
    if isinstance(gold, list) != isinstance(found, list | tuple):
        return "wrong"
    if isinstance(gold, list):
        share = overlap(name, gold, found)
        return "right" if share >= RIGHT else "in_part" if share >= IN_PART else "wrong"
    return "right" if same(name, gold, found) else "wrong"


def overlap(name: str, gold: Sequence[Any], found: Iterable[Any]) -> float:
    """F1 of the elements of two lists, each matched once."""
    left = list(found)
    total, hits = len(gold) + len(left), 0
    for one in gold:
        match = next((other for other in left if same_element(name, one, other)), None)
        if match is not None:
            left.remove(match)
            hits += 1
    return 2 * hits / total if total else 1.0


def same(name: str, gold: Any, found: Any) -> bool:
    """Whether two values of a field that has one say the same: numbers and states alike, wordings by what they share."""
    if isinstance(gold, bool) or isinstance(found, bool):
        return gold is found
    if isinstance(gold, int | float):
        return isinstance(found, int | float) and abs(gold - found) < 1e-6 * max(1, abs(gold))
    if name in {"metastatic", "stage_edition"}:
        return str(gold).casefold() == str(found).casefold()
    return alike(str(gold), str(found), 0.5 if name in {"cancer_type", "histology"} else 0.3)


def same_element(name: str, gold: Any, found: Any) -> bool:
    """Whether two elements of a list field are the same."""
    if not isinstance(gold, Mapping) or not isinstance(found, Mapping):
        return _class(gold) == _class(found) if name == "stage" else alike(str(gold), str(found), 0.5)
    if name == "labs":
        bounds = [(_number(gold.get(key)), _number(found.get(key))) for key in ("value", "uln_multiple")]
        bound = any(one is not None and one == other for one, other in bounds)
        return bound and _side(gold) == _side(found) and alike(gold["analyte"], found["analyte"], 0.3)
    if name == "washouts":
        length = _number(gold.get("duration")) == _number(found.get("duration")) and gold.get("unit") == found.get("unit")
        return length and alike(gold["what"], found["what"], 0.3)
    if "state" in gold:
        return alike(gold["name"], found["name"], 0.5) and alike(gold["state"] or "", found.get("state") or "", 0.3)
    return alike(gold["what"], found["what"], 0.3)


def alike(one: str, other: str, least: float) -> bool:
    """Whether two wordings share at least that part of the content words of the shorter one."""
    ours, theirs = _content(one), _content(other)
    return len(ours & theirs) >= least * max(1, min(len(ours), len(theirs)))


def _content(text: str) -> frozenset[str]:
    found = frozenset(stems(text)) or frozenset(text.casefold().split())
    return (found - _WEAK) or found


def _class(stage: Any) -> str:
    return re.sub(r"stage|\s", "", str(stage).casefold())


def _side(lab: Mapping[str, Any]) -> str:
    side = str(lab.get("comparator"))
    return _SIDES.get(side, side)


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _by_field(items: Sequence[Item]) -> Grid:
    """How each field came out, in counts."""
    of: dict[str, list[Item]] = {}
    for item in items:
        of.setdefault(str(item.id).rpartition("/")[2], []).append(item)
    head = ("field", "filled", *VERDICTS, "null", "kept null")
    return Grid("Fields", head, tuple(_row(name, some) for name, some in of.items()))


def _row(name: str, items: Sequence[Item]) -> tuple[str, ...]:
    def total(metric: str) -> float:
        return sum(item.scores[metric].value or 0.0 for item in items if metric in item.scores)

    filled = sum(item.scores["right"].value is not None for item in items if item.scores)
    counts = (filled, *(total(one) for one in VERDICTS), len(items) - filled, total("silent"))
    return (name, *(f"{count:.0f}" for count in counts))
