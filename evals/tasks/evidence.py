"""Statements about records: which lines bear on each, and whether they bear it out, scored against people's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from evals.cases import EvidenceCase, TrialLines, read_cases
from evals.metrics import Figure, Score, Tally, added, macro_f1, ratio
from evals.score import Grid, Item, Prediction, Run, counted, predict, written
from evals.tasks.criteria import label_grids
from index.errors import UnreadableDocument

Trials = Mapping[str, TrialLines]
POSITIVE: Final = "Entailment"
"""The label whose F1 NLI4CT (SemEval-2023 task 7) reports."""


def read_trials(path: Path) -> Trials:
    """The records of a file, by id. Raises UnreadableDocument that names every line that is none."""
    return {str(one.id): one for one in read_cases(path, TrialLines)}


def lines_of(case: EvidenceCase, trials: Trials) -> tuple[tuple[str, ...], ...]:
    """The lines of the section that a case is about, for each of its records. Raises UnreadableDocument for a record that is not there."""
    lost = [trial for trial in case.trials if trial not in trials]
    if lost:
        raise UnreadableDocument(lost[0], "the file of trials does not have it.", "Give its lines with --trials.")
    return tuple(trials[trial].lines(case.section) for trial in case.trials)


def named(case: EvidenceCase) -> Prediction:
    """What every prediction begins with."""
    return {"id": case.id}


def decided(trials: Trials) -> Callable[[EvidenceCase], Prediction]:
    """What reads a case: its label and its lines."""
    return partial(_decided, trials)


def _decided(trials: Trials, case: EvidenceCase) -> Prediction:
    from assistant.statements.reader import read

    found = read(case.section, case.statement, lines_of(case, trials))
    return {
        "label": found.label,
        "primary": list(found.lines[0]),
        "secondary": list(found.lines[1]) if len(found.lines) > 1 else [],
    }


def measure(
    cases: Sequence[EvidenceCase],
    trials: Trials,
    decide: Callable[[EvidenceCase], Prediction] | None = None,
    *,
    predictions: Path | None = None,
    workers: int = 1,
) -> Run:
    """All statements read and scored, each prediction written as soon as it is there."""
    given = written(predict(cases, decide or decided(trials), named, workers), predictions)
    pairs = list(counted(zip(cases, given, strict=True), len(cases), "evidence"))
    items = tuple(item(case, prediction, trials) for case, prediction in pairs)
    scored = any(one.tally for one in items)
    return Run("evidence", items, figures=FIGURES if scored else {}, grids=grids(items) if scored else (), unit="statements")


def item(case: EvidenceCase, prediction: Prediction, trials: Trials) -> Item:
    """The statement with its prediction and scores; a failed one scores as one that says nothing."""
    said = prediction.get("label", "")
    sides = (("primary", case.primary_id, case.primary), ("secondary", case.secondary_id, case.secondary))
    shown = {
        "question": f"{case.section}: {case.statement}",
        "gold": case.label or "—",
        "said": prediction.get("error") or said,
    }
    for side, trial, due in sides:
        if trial is not None:
            shown[f"{side} {trial}"] = _told(trials, trial, case, due or (), prediction.get(side, ()))
    scores = {} if case.label is None else {"accuracy": Score(float(said == case.label))}
    counts = tally(case, prediction, trials)
    if "due" in counts:
        scores["mean_line_f1"] = Score(ratio(2 * counts["both"], counts["said"] + counts["due"]) or 0.0)
    return Item(case.id, case.section, prediction, scores, shown, None, counts)


def _told(trials: Trials, trial: str, case: EvidenceCase, due: Collection[int], said: Collection[int]) -> str:
    """The lines that are gold or given, each with which it is."""
    lines = trials[trial].lines(case.section) if trial in trials else ()
    marks = {(True, True): "✓", (True, False): "missed", (False, True): "not gold"}
    told = [
        f"{at} ({marks[at in due, at in said]}): {text.strip()}" for at, text in enumerate(lines) if at in due or at in said
    ]
    return " | ".join(told)


def tally(case: EvidenceCase, prediction: Prediction, trials: Trials) -> Tally:
    """The statement's counts: its (gold, said), and how many lines are given by both, by the gold, by us, and there."""
    counts: dict[Any, float] = {}
    if case.label is not None:
        counts[case.label, prediction.get("label", "none")] = 1.0
    due = [
        (side, set(lines)) for side, lines in (("primary", case.primary), ("secondary", case.secondary)) if lines is not None
    ]
    if not due:
        return counts
    given = [(lines, set(prediction.get(side, ()))) for side, lines in due]
    return counts | {
        "both": float(sum(len(lines & ours) for lines, ours in given)),
        "due": float(sum(len(lines) for lines, _ in given)),
        "said": float(sum(len(ours) for _, ours in given)),
        "lines": float(sum(len(trials[trial].lines(case.section)) for trial in case.trials if trial in trials)),
    }


def _pairs(counts: Tally) -> dict[tuple[str, str], float]:
    return {key: number for key, number in counts.items() if isinstance(key, tuple)}


def _of(part: str, *whole: str, times: int = 1) -> Figure:
    return lambda counts: ratio(times * counts.get(part, 0), sum(counts.get(one, 0) for one in whole))


def _label_f1(counts: Tally) -> float | None:
    pairs = _pairs(counts)
    said = sum(number for (_, given), number in pairs.items() if given == POSITIVE)
    due = sum(number for (gold, _), number in pairs.items() if gold == POSITIVE)
    return ratio(2 * pairs.get((POSITIVE, POSITIVE), 0.0), said + due)


FIGURES: Final[Mapping[str, Figure]] = {
    "line_f1": _of("both", "said", "due", times=2),
    "line_precision": _of("both", "said"),
    "line_recall": _of("both", "due"),
    "every_line_f1": _of("due", "lines", "due", times=2),
    "label_f1": _label_f1,
    "label_macro_f1": lambda counts: macro_f1(_pairs(counts)),
}
"""Over all statements together. `line_…` pool the lines of all statements, primary and secondary (micro), as the published figures of
NLI4CT do; `every_line_f1` is what one scores who gives every line; `label_f1` is of Entailment, as published."""


def grids(items: Sequence[Item]) -> tuple[Grid, ...]:
    """Figures of each label, and how often each was said for each."""
    pairs = _pairs(added(one.tally for one in items))
    return label_grids(pairs) if pairs else ()
