"""Judges single criteria against single patients' notes and scores the labels against experts'."""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final, get_args

from assistant.eligibility.assessment import Status
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient, Words
from evals.cases import CriterionCase, Label
from evals.metrics import Figure, Score, Tally, added, label_figures, macro_f1, ratio
from evals.score import Grid, Item, Prediction, Run, counted, predict, written
from index.sentences import sentences
from index.trial import Kind

LABELS: Final[tuple[Label, ...]] = get_args(Label)
OPEN: Final[Label] = "not enough information"
DECIDED: Final[Mapping[tuple[Kind, Status], Label]] = {
    ("inclusion", "satisfied"): "included",
    ("inclusion", "violated"): "not included",
    ("exclusion", "satisfied"): "not excluded",
    ("exclusion", "violated"): "excluded",
    ("inclusion", "not_applicable"): "not applicable",
    ("exclusion", "not_applicable"): "not applicable",
}
"""The label of a status; every other status is "not enough information"."""
OUTCOMES: Final[Mapping[Label, str]] = {
    "included": "pass",
    "not excluded": "pass",
    "not included": "fail",
    "excluded": "fail",
    "not enough information": "open",
    "not applicable": "open",
}
"""What a label means for the patient: the line is passed, it is failed, or it decides nothing (unknown, or addressed to others)."""
NO_GOLD: Final = "the case has no expert label"
NO_SENTENCES: Final = "the case names no sentences"
_NUMBERED: Final = re.compile(r"^[ \t]*(\d+)\.[ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """A note without the numbers of its sentences, and where each numbered sentence stands in it."""

    text: str
    numbers: tuple[int, ...]
    starts: tuple[int, ...]

    def sentences_of(self, evidence: Sequence[Words]) -> list[int]:
        """The numbers of the sentences that hold some of those words, sorted."""
        stretches = list(zip(self.numbers, self.starts, (*self.starts[1:], len(self.text) + 1), strict=False))
        return sorted(
            {number for words in evidence for number, start, end in stretches if start < words.end and words.start < end}
        )


def unnumbered(note: str) -> Note:
    """The note read as numbered sentences, one a line; one without numbers is split into sentences, counted from 0."""
    marks = list(_NUMBERED.finditer(note))
    if not marks:
        spans = sentences(note)
        return Note(note, tuple(range(len(spans))), tuple(start for start, _ in spans))
    ends = [*(mark.start() for mark in marks[1:]), len(note)]
    lead = note[: marks[0].start()]
    parts = [note[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    starts = accumulate((len(part) + 1 for part in parts[:-1]), initial=len(lead))
    return Note(lead + "\n".join(parts), tuple(int(mark[1]) for mark in marks), tuple(starts))


def named(case: CriterionCase) -> Prediction:
    """What every prediction begins with."""
    return {"annotation_id": case.id}


def decided(case: CriterionCase) -> Prediction:
    """Label, evidence sentences and reason for one criterion; an empty criterion asks nothing, so nothing is known of it."""
    from assistant.eligibility.assess import status, study_of
    from assistant.eligibility.context import context
    from assistant.eligibility.judge import judge
    from assistant.eligibility.parse import parse
    from assistant.eligibility.sentences import sentence

    kind, text = case.criterion_type, case.criterion_text.strip()
    if not text:
        return {"label": OPEN, "sentences": [], "reason": "The criterion has no text."}
    note, patient = _read(case.note)
    today = patient.dated or date.today()
    study = study_of((case.trial_title,))
    found = judge(parse(text, kind), patient, Clock(today, today), complete=True, study=study, kind=kind)
    return {
        "label": DECIDED.get((kind, status(found, kind)), OPEN),
        "sentences": note.sentences_of(context(found, kind, text, patient)),
        "reason": sentence(found, kind, "clinician"),
    }


@lru_cache(maxsize=64)
def _read(note: str) -> tuple[Note, Patient]:
    from assistant.eligibility.notes import read_note

    plain = unnumbered(note)
    return plain, read_note(plain.text, date.today())


def measure(
    cases: Sequence[CriterionCase],
    decide: Callable[[CriterionCase], Prediction] = decided,
    *,
    predictions: Path | None = None,
    workers: int = 1,
) -> Run:
    """All pairs judged and scored, each prediction written as soon as it is there."""
    given = written(predict(cases, decide, named, workers), predictions)
    pairs = list(counted(zip(cases, given, strict=True), len(cases), "criteria"))
    usual = by_kind(cases)
    items = tuple(item(case, prediction, usual) for case, prediction in pairs)
    figures = FIGURES if any(item.tally for item in items) else {}
    return Run("criteria", items, figures=figures, grids=grids(items))


def by_kind(cases: Sequence[CriterionCase]) -> Mapping[Kind, Label]:
    """The commonest expert label of each kind of criterion: what one scores without reading anything."""
    counts: dict[Kind, Counter[Label]] = {}
    for case in cases:
        if case.expert_eligibility:
            counts.setdefault(case.criterion_type, Counter())[case.expert_eligibility] += 1
    return {kind: count.most_common(1)[0][0] for kind, count in counts.items()}


def item(case: CriterionCase, prediction: Prediction, usual: Mapping[Kind, Label]) -> Item:
    """The pair with its prediction and scores; a failed case scores as one that says nothing."""
    said = prediction.get("label", "")
    gold = case.expert_eligibility
    cited = ", ".join(map(str, prediction.get("sentences", ())))
    shown = {
        "question": f"{case.criterion_type}: {case.criterion_text or '(no text)'}",
        "gold": f"{gold or '—'} (sentences {', '.join(map(str, case.expert_sentences or ())) or 'none'})",
        "said": prediction.get("error") or f"{said} (sentences {cited or 'none'}): {prediction.get('reason', '')}",
        "note": case.note,
    }
    cluster = case.patient_id or case.note
    if gold is None:
        return Item(case.id, case.criterion_type, prediction, {}, shown, cluster)
    scores = {
        "accuracy": Score(float(said == gold)),
        "accuracy_3": Score(float(OUTCOMES.get(said) == OUTCOMES[gold])),
        "baseline_by_kind": Score(float(usual[case.criterion_type] == gold)),
        "unsafe": Score(float(OUTCOMES[gold] == "fail" and OUTCOMES.get(said) == "pass")),
        "over_commitment": _only(OUTCOMES[gold] == "open", OUTCOMES.get(said) in {"pass", "fail"}, "the expert decides"),
        "over_abstention": _only(OUTCOMES[gold] != "open", OUTCOMES.get(said) == "open", "the expert leaves it open"),
    }
    return Item(case.id, case.criterion_type, prediction, scores, shown, cluster, tally(case, prediction))


def _only(applies: bool, holds: bool, otherwise: str) -> Score:
    return Score(float(holds)) if applies else Score(None, otherwise)


def tally(case: CriterionCase, prediction: Prediction) -> Tally:
    """The pair's counts: its (gold, said) and how many sentences are named by both, by the expert, by us."""
    counts: dict[Hashable, float] = {(case.expert_eligibility, prediction.get("label", "none")): 1.0}
    if case.expert_sentences is None:
        return counts
    due, said = set(case.expert_sentences), set(prediction.get("sentences", ()))
    return counts | {"both": float(len(due & said)), "due": float(len(due)), "said": float(len(said))}


def _pairs(counts: Tally) -> dict[tuple[str, str], float]:
    return {key: number for key, number in counts.items() if isinstance(key, tuple)}


FIGURES: Final[Mapping[str, Figure]] = {
    "macro_f1": lambda counts: macro_f1(_pairs(counts)),
    "evidence_precision": lambda counts: ratio(counts.get("both", 0), counts.get("said", 0)),
    "evidence_recall": lambda counts: ratio(counts.get("both", 0), counts.get("due", 0)),
    "evidence_f1": lambda counts: ratio(2 * counts.get("both", 0), counts.get("said", 0) + counts.get("due", 0)),
}
"""Over all pairs together: mean F1 of the labels that the gold has, and the sentences pooled."""


def grids(items: Sequence[Item]) -> tuple[Grid, ...]:
    """Figures of each label, and how often each was said for each; nothing without gold."""
    pairs = _pairs(added(one.tally for one in items))
    return label_grids(pairs) if pairs else ()


def label_grids(pairs: Mapping[tuple[str, str], float]) -> tuple[Grid, Grid]:
    """Precision, recall, F1 and support of each label, and the confusion matrix, gold by row."""
    rows = tuple(
        (one.label, _figure(one.precision), _figure(one.recall), _figure(one.f1), str(one.support))
        for one in label_figures(pairs)
    )
    labels = sorted({label for pair in pairs for label in pair})
    confusion = tuple((gold, *(f"{pairs.get((gold, said), 0):.0f}" for said in labels)) for gold in labels)
    return (
        Grid("Labels", ("label", "precision", "recall", "F1", "support"), rows, "bars"),
        Grid("Gold by row, said by column", ("gold \\ said", *labels), confusion, "heat"),
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
