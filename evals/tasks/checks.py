"""Checks whole patients against whole trials and scores the status of every criterion against the gold's."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from rapidfuzz import fuzz

from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.reply import Audience
from evals.cases import CheckCase, GoldLine
from evals.metrics import Figure, Score, added, macro_f1
from evals.score import Grid, Item, Prediction, Run, counted, predict, written
from evals.tasks.criteria import label_grids

ALIKE: Final = 85
"""rapidfuzz's ratio from which two wordings are the same line."""
MISSING: Final = "no such line"
"""What stands for the status of a gold line that the assessment does not have."""
DECIDING: Final = frozenset({"satisfied", "violated"})
_WORDS: Final = re.compile(r"\w+")
_AGE_FIELD: Final = re.compile(
    r"\b(minimum|maximum)\b.*\bage\b|\bage\b.*\b(minimum|maximum)\b|\b(?:minimum|maximum)_age\b", re.I
)


class Checks(Protocol):
    """What is measured: the assistant as every interface calls it."""

    def check(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> Assessment:
        """One patient against every criterion of one trial."""


def named(case: CheckCase) -> Prediction:
    """What every prediction begins with."""
    return {"id": case.id}


def checked(assistant: Checks) -> Callable[[CheckCase], Prediction]:
    """How a case becomes a prediction: the note on the case's days; gold fields stay out of it."""

    def check(case: CheckCase) -> Prediction:
        today = case.today or date.today()
        clock = Clock(today, case.start or today)
        found = assistant.check(case.trial, case.note, clock, complete=case.complete, audience="clinician")
        return {"assessment": found.as_json()}

    return check


def measure(cases: Sequence[CheckCase], assistant: Checks, *, predictions: Path | None = None, workers: int = 1) -> Run:
    """All patients checked and every gold line scored, each prediction written as soon as it is there."""
    given = written(predict(cases, checked(assistant), named, workers), predictions)
    pairs = list(counted(zip(cases, given, strict=True), len(cases), "checks"))
    items = tuple(item for case, prediction in pairs for item in items_of(case, prediction))
    scored = any(item.tally for item in items)
    return Run(
        "checks",
        items,
        figures=FIGURES if scored else {},
        grids=grids(items, pairs) if scored else (),
        unit="lines" if scored else "cases",
    )


def items_of(case: CheckCase, prediction: Prediction) -> list[Item]:
    """One item for each line of the gold; for a case without gold, one for the whole."""
    ours: Sequence[Mapping[str, Any]] = (prediction.get("assessment") or {}).get("criteria", ())
    if not case.criteria:
        said = prediction.get("error") or (prediction.get("assessment") or {}).get("overall", "")
        return [Item(case.id, case.trial, prediction, {}, {"question": f"{case.trial}: {case.note[:200]}", "said": said})]
    found = matched(case.criteria, ours)
    return [item(case, at, line, one, prediction) for at, (line, one) in enumerate(zip(case.criteria, found, strict=True), 1)]


def matched(gold: Sequence[GoldLine], ours: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any] | None]:
    """For each line of the gold the line of ours that it is, each used once: by id, the same words, a field of age, much alike."""
    left = list(ours)
    found: list[Mapping[str, Any] | None] = [None] * len(gold)
    for same in (_same_id, _same_words, _same_field, _much_alike):
        for at, line in enumerate(gold):
            if found[at] is None:
                found[at] = next((one for one in left if one["kind"] == line.kind and same(line, one)), None)
                left = [one for one in left if one is not found[at]]
    return found


def _folded(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))


def _same_id(line: GoldLine, one: Mapping[str, Any]) -> bool:
    return line.id is not None and line.id == one["id"]


def _same_words(line: GoldLine, one: Mapping[str, Any]) -> bool:
    return bool(line.text) and _folded(line.text) == _folded(one["text"])


def _same_field(line: GoldLine, one: Mapping[str, Any]) -> bool:
    """Both speak of the same structured field of age ("Minimum Eligible Age 18 Years")."""
    theirs, own = _AGE_FIELD.search(line.text), _AGE_FIELD.search(f"{one['id']} {one['text']}")
    return bool(theirs and own and _bound(theirs[0]) == _bound(own[0]))


def _bound(words: str) -> str:
    return "minimum" if "minimum" in words.lower() else "maximum"


def _much_alike(line: GoldLine, one: Mapping[str, Any]) -> bool:
    return bool(line.text) and fuzz.ratio(_folded(line.text), _folded(one["text"])) >= ALIKE


def item(case: CheckCase, at: int, line: GoldLine, one: Mapping[str, Any] | None, prediction: Prediction) -> Item:
    """One line with what was said of it and its scores; a line that is missing scores as one of which nothing is said."""
    said = str(one["status"]) if one else MISSING
    evidence = one["patient_evidence"] if one else ()
    quotes = " … ".join(words["quote"] for words in evidence)
    shown = {
        "question": f"{line.kind}: {line.text or line.id}",
        "gold": f"{line.status}: {line.reason} “{line.patient_quote}”",
        "said": prediction.get("error") or f"{said}: {one['reason'] if one else ''} “{quotes}”",
        "would change": (one or {}).get("would_change") or "",
    }
    scores = scored(line, said) | overlap(case.note, line.patient_quote, evidence)
    pair = {(line.status, said): 1.0}
    error = {"error": prediction["error"]} if "error" in prediction else {}
    return Item(f"{case.id}/{line.kind}/{at}", line.kind, {"status": said, **error}, scores, shown, str(case.id), pair)


def scored(line: GoldLine, said: str) -> dict[str, Score]:
    """How the status said stands to the gold's."""
    accepted = {line.status, *line.also_acceptable}
    return {
        "accuracy": Score(float(said == line.status)),
        "accepted": Score(float(said in accepted)),
        "unsafe": _only(
            line.status == "violated",
            said == "satisfied" and said not in accepted,
            "the line is not violated",
        ),
        "over_commitment": _only(
            line.status == "unknown",
            said in DECIDING and said not in accepted,
            "the facts decide the line",
        ),
        "over_abstention": _only(
            line.status in DECIDING,
            said not in DECIDING and said not in accepted,
            "the facts do not decide the line",
        ),
    }


def overlap(note: str, quote: str, evidence: Iterable[Mapping[str, Any]]) -> dict[str, Score]:
    """How the patient's words that are shown meet the gold's, by characters of the note; `quote` stands there verbatim."""
    names = ("evidence_found", "evidence_recall", "evidence_precision")
    start = note.find(quote) if quote else -1
    if start < 0:
        return dict.fromkeys(names, Score(None, "the gold names no words of the note"))
    due = set(range(start, start + len(quote)))
    shown = {at for words in evidence for at in range(words["start"], words["end"])}
    both = len(due & shown)
    precision = Score(both / len(shown)) if shown else Score(None, "no words of the note are shown")
    return dict(zip(names, (Score(float(both > 0)), Score(both / len(due)), precision), strict=True))


def _only(applies: bool, holds: bool, otherwise: str) -> Score:
    return Score(float(holds)) if applies else Score(None, otherwise)


def _pairs(counts: Mapping[Any, float]) -> dict[tuple[str, str], float]:
    return {key: number for key, number in counts.items() if isinstance(key, tuple)}


FIGURES: Final[Mapping[str, Figure]] = {"macro_f1": lambda counts: macro_f1(_pairs(counts))}
"""Over all lines together: mean F1 of the statuses that the gold has."""


def grids(items: Sequence[Item], pairs: Sequence[tuple[CheckCase, Prediction]]) -> tuple[Grid, ...]:
    """Figures of each status, the confusion matrix, and how each patient came out as a whole."""
    rows = tuple(_whole(case, prediction.get("assessment") or {}) for case, prediction in pairs)
    head = ("patient", "trial", "gold overall", "said overall", "gold lines", "our lines")
    return (*label_grids(_pairs(added(item.tally for item in items))), Grid("Patients", head, rows))


def _whole(case: CheckCase, assessment: Mapping[str, Any]) -> tuple[str, ...]:
    said, lines = assessment.get("overall", "failed"), assessment.get("criteria", ())
    return (str(case.id), case.trial, case.overall or "–", said, str(len(case.criteria)), str(len(lines)))
