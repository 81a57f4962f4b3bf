"""Fits the weights of `assistant.chat.intent` and says how well they do on families of questions that were not fitted on.

`python -m evals.baselines.fit_intent [FILE]` writes the weights to FILE (default: the package's own).
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.chat.intent import FORMS, SURE, WEIGHTS, Seen, counts, features, masked
from assistant.chat.question import seen_in
from assistant.counting import inverse_frequency

GOLD = Path(__file__).parents[1] / "gold" / "intent_train.jsonl"
FOLDS = 3


def fitted(seen: Any, forms: NDArray[np.int64], others: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights and bias: one row a form, one for joining as a whole, one a field."""
    from sklearn.linear_model import LogisticRegression

    form = LogisticRegression(C=20, max_iter=1000).fit(seen, forms)
    rows, biases = [form.coef_], [form.intercept_]
    for asked in others.T:
        one = LogisticRegression(C=20, max_iter=150, class_weight="balanced").fit(seen, asked) if asked.any() else None
        rows.append(one.coef_ if one else np.zeros((1, seen.shape[1])))
        biases.append(one.intercept_ if one else np.array([-9.0]))
    return np.vstack(rows).astype(np.float32), np.concatenate(biases).astype(np.float32)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(target: Path) -> None:
    """Fit on all and write, then measure over families."""
    from sklearn.model_selection import GroupKFold

    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    questions = [seen_in(row["message"]) for row in rows]
    idf = inverse_frequency(counts([masked(one.text) for one in questions]))
    names = sorted({name for row in rows for name in row["topics"]})
    seen = features(questions, idf.astype(np.float32), names)
    forms = np.array([FORMS.index(row["form"]) for row in rows])
    others = np.array([[row["whole"], *(name in row["topics"] for name in names)] for row in rows])
    weights, bias = fitted(seen, forms, others)
    np.savez_compressed(target, idf=idf, weights=weights.round(2).astype(np.float16), bias=bias, names=np.array(names))
    _say(f"{len(rows)} questions fitted, {target.stat().st_size / 1000:.0f} kB written to {target}")
    families = [row["id"].rpartition("/")[0] for row in rows]
    scores = np.zeros((len(rows), len(FORMS) + 1 + len(names)), np.float32)
    for train, test in GroupKFold(FOLDS).split(seen, groups=families):
        weights, bias = fitted(seen[train], forms[train], others[train])
        scores[test] = seen[test] @ weights.T + bias
    _report(rows, questions, names, forms, others, scores)


def _report(
    rows: Sequence[dict[str, Any]], questions: Sequence[Seen], names: Sequence[str], forms: Any, others: Any, scores: Any
) -> None:
    """Shares of right readings over families not fitted on, beside those of the tables alone."""
    found, tables = scores[:, : len(FORMS)].argmax(axis=1), np.array([FORMS.index(one.form) for one in questions])
    asked = 1 / (1 + np.exp(-scores[:, len(FORMS) :])) >= SURE
    _say(f"form: {(found == forms).mean():.3f}, tables alone {(tables == forms).mean():.3f}")
    _say(f"joining as a whole: {(asked[:, 0] == others[:, 0]).mean():.3f}")
    listed = np.array([[name in one.topics for name in names] for one in questions])
    for name, said in (("fields", asked[:, 1:]), ("fields by tables alone", listed)):
        hits = (said & others[:, 1:]).sum()
        exact = (said == others[:, 1:]).all(axis=1).mean()
        _say(f"{name}: precision {hits / said.sum():.3f}, recall {hits / others[:, 1:].sum():.3f}, all right {exact:.3f}")
    for kind in sorted({row["id"].rpartition("/")[2] for row in rows}):
        own = np.array([row["id"].endswith(f"/{kind}") for row in rows])
        _say(f"  {kind}: form {(found == forms)[own].mean():.3f}, tables alone {(tables == forms)[own].mean():.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "assistant" / "chat" / WEIGHTS)
