"""Fits the two small forests of `assistant.statements` and says how well they do on records that were not fitted on.

`python -m evals.baselines.fit_evidence CASES TRIALS [FOLDER]`: CASES with gold and TRIALS as `eligibility eval evidence` takes them; the
tables are written into FOLDER (default: the package's own). Figures are of five folds, each record in one of them alone. What is stored
is numbers of general features, no text.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.statements import bearing, borne
from evals.cases import EvidenceCase, read_cases
from evals.tasks.evidence import Trials, lines_of, read_trials

FOLDS = 5
OWN = Path(borne.__file__).parent
HEAD = ("tree", "node", "column", "bound", "left", "right", "value")
LINES = {"max_iter": 110, "learning_rate": 0.07, "max_leaf_nodes": 8, "min_samples_leaf": 60, "l2_regularization": 5.0}
LABELS = {"max_iter": 80, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 20, "l2_regularization": 5.0}

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Fitted:
    """All that a forest is fitted on: rows, their answers, and the fold of each."""

    rows: Rows
    answers: NDArray[np.int64]
    folds: NDArray[np.int64]


def folds(cases: Sequence[EvidenceCase]) -> list[int]:
    """The fold of each case: cases that share a record are in the same one."""
    first: dict[str, str] = {}

    def root(trial: str) -> str:
        while first.setdefault(trial, trial) != trial:
            trial = first[trial]
        return trial

    for case in cases:
        roots = sorted({root(trial) for trial in case.trials})
        first.update(dict.fromkeys(roots, roots[0]))
    sizes: dict[str, int] = {}
    for case in cases:
        sizes[root(case.trials[0])] = sizes.get(root(case.trials[0]), 0) + 1
    filled = [0] * FOLDS
    placed: dict[str, int] = {}
    for trial in sorted(sizes, key=lambda one: (-sizes[one], one)):
        placed[trial] = int(np.argmin(filled))
        filled[placed[trial]] += sizes[trial]
    return [placed[root(case.trials[0])] for case in cases]


def grown(options: Mapping[str, Any], rows: Rows, answers: NDArray[np.int64]) -> Any:
    """A forest fitted on the rows."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(**options, random_state=0, early_stopping=False, max_features=0.3).fit(rows, answers)


def unseen(options: Mapping[str, Any], data: Fitted) -> NDArray[np.float64]:
    """How likely each row is by a forest that was not fitted on its fold."""
    likely = np.zeros(len(data.rows))
    for fold in range(FOLDS):
        left = data.folds == fold
        likely[left] = grown(options, data.rows[~left], data.answers[~left]).predict_proba(data.rows[left])[:, 1]
    return likely


def best_bound(likely: NDArray[np.float64], answers: NDArray[np.int64]) -> tuple[float, float]:
    """The bound from which on the F1 of the yeses is best, and that F1."""
    bounds = np.round(np.arange(0.2, 0.8, 0.01), 2)
    scores = [2 * (answers * (likely >= bound)).sum() / (answers.sum() + (likely >= bound).sum()) for bound in bounds]
    return float(bounds[int(np.argmax(scores))]), float(max(scores))


def table(model: Any, columns: Sequence[str], bound: float) -> Iterator[tuple[Any, ...]]:
    """The rows of a forest's table: where it starts, from where on it says yes, then node by node."""
    yield ("", "", "start", "", "", "", f"{float(model._baseline_prediction.ravel()[0]):.5f}")
    yield ("", "", "bound", "", "", "", f"{bound:.2f}")
    for at, (tree,) in enumerate(model._predictors):
        for number, node in enumerate(tree.nodes):
            if node["is_leaf"]:
                yield (at, number, "", "", "", "", f"{node['value']:.5f}")
            else:
                name = columns[node["feature_idx"]]
                yield (at, number, name, f"{node['num_threshold']:.6g}", node["left"], node["right"], "")


def write(path: Path, model: Any, columns: Sequence[str], bound: float) -> None:
    """The forest as a table."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(table(model, columns, bound))


def _seen(cases: Sequence[EvidenceCase], trials: Trials, see: Callable[..., Any]) -> list[Any]:
    return [see(case.section, case.statement, lines_of(case, trials)) for case in cases]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(cases_file: Path, trials_file: Path, folder: Path = OWN) -> None:
    """Fit, measure and write."""
    cases, trials = read_cases(cases_file, EvidenceCase), read_trials(trials_file)
    parts = folds(cases)
    seen_lines = _seen(cases, trials, bearing.seen)
    gold = [(case.primary or (), case.secondary or ()) for case in cases]
    each = [
        (rows, due, part)
        for one, dues, part in zip(seen_lines, gold, parts, strict=True)
        for rows, due in zip(one, dues, strict=False)
    ]
    lines = Fitted(
        np.concatenate([rows for rows, _, _ in each]),
        np.concatenate([np.isin(np.arange(len(rows)), due) * 1 for rows, due, _ in each]),
        np.concatenate([np.full(len(rows), part) for rows, _, part in each]),
    )
    bound, f1 = best_bound(unseen(LINES, lines), lines.answers)
    write(folder / "bearing.tsv", grown(LINES, lines.rows, lines.answers), bearing.SEEN, bound)
    every = 2 * lines.answers.sum() / (lines.answers.sum() + len(lines.answers))
    _say(f"lines: {len(lines.answers)} of {len(cases)} statements; F1 {f1:.3f} from {bound}; every line {every:.3f}")
    labels = Fitted(
        np.stack(_seen(cases, trials, borne.seen)),
        np.array([case.label == "Entailment" for case in cases], np.int64),
        np.array(parts),
    )
    right = ((unseen(LABELS, labels) >= 0.5) == labels.answers).mean()
    write(folder / "borne.tsv", grown(LABELS, labels.rows, labels.answers), borne.SEEN, 0.5)
    _say(f"labels: accuracy {right:.3f}; the commonest {max(labels.answers.mean(), 1 - labels.answers.mean()):.3f}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
