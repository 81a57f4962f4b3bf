"""Fits the weights of `assistant.safety.likeness` and says how well they do on messages that were not fitted on.

`python -m evals.baselines.fit_triage [FILE]` writes the weights to FILE (default: the package's own). Ten-fold figures over the
fitted messages are harsh: many of them were written in pairs that differ in a word.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.counting import inverse_frequency, weighed
from assistant.safety.likeness import CLASSES, WEIGHTS, features
from assistant.safety.triage import compared

Routes = NDArray[np.int64]
GOLD = Path(__file__).parents[1] / "gold"


FITTED = ("triage_train.jsonl", "intent_train.jsonl")
"""What is fitted on: messages in danger and their look-alikes, and the questions that people ask of a trial."""


def messages(*files: str) -> tuple[list[str], "Routes"]:
    """The messages of files in the gold and the place of each one's route in CLASSES."""
    rows = [json.loads(line) for name in files for line in (GOLD / name).read_text("utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row["route"] in (None, *CLASSES)]
    return [row["message"] for row in rows], np.array([CLASSES.index(row["route"] or "none") for row in rows])


def in_parts(texts: list[str], routes: "Routes") -> tuple[list[str], "Routes"]:
    """The messages, and each part by which the check judges one, as a message of the same route."""
    parts = [
        (part, route) for text, route in zip(texts, routes, strict=True) for part in dict.fromkeys((text, *compared(text)))
    ]
    return [part for part, _ in parts], np.array([route for _, route in parts])


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(target: Path) -> None:
    """Fit, measure and write."""
    from sklearn.linear_model import LogisticRegression

    texts, routes = in_parts(*messages(*FITTED))
    counts = features().transform(texts)
    idf = inverse_frequency(counts)
    model = LogisticRegression(C=100, max_iter=5000, class_weight="balanced").fit(
        weighed(counts, idf.astype(np.float32)), routes
    )
    stored = {"idf": idf, "weights": model.coef_.astype(np.float16), "bias": model.intercept_.astype(np.float32)}
    np.savez_compressed(target, **stored)
    _say(f"{len(texts)} messages fitted, {target.stat().st_size / 1000:.0f} kB written to {target}")
    texts, routes = messages("safety.jsonl")
    seen = weighed(features().transform(texts), idf.astype(np.float32))
    likely = model.predict_proba(seen)
    danger, advice = likely[:, 1] + likely[:, 2], likely[:, 3]
    in_danger, asking = (routes == 1) | (routes == 2), routes == 3
    for bound in (0.3, 0.4, 0.5, 0.6):
        recall, alarms = (danger[in_danger] >= bound).mean(), (danger[~in_danger] >= bound).mean()
        asked, refused = (advice[asking] >= bound).mean(), (advice[routes == 0] >= bound).mean()
        _say(
            f"from {bound}: danger recall {recall:.3f}, false alarms {alarms:.3f}; "
            f"advice recall {asked:.3f}, plain questions declined {refused:.3f}; {len(texts)} messages not fitted on"
        )


if __name__ == "__main__":
    default = Path(__file__).parents[2] / "assistant" / "safety" / WEIGHTS
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
