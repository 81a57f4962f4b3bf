"""How like a message is to those of people in danger or in want of advice: a linear model over words and letters, fitted beforehand.

It catches what no table lists ("put the kettle in the fridge and does not know what year it is"). Its weights are made by
`python -m evals.baselines.fit_triage` from messages written for this project (`evals/gold/triage_train.jsonl`).
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.counting import counter, weighed
from assistant.safety.plain import written_out

Class = Literal["none", "emergency", "crisis", "advice"]
CLASSES: Final[tuple[Class, ...]] = ("none", "emergency", "crisis", "advice")
LONG: Final = 600
"""Characters from which a message is a note or a document, which the model was not fitted for."""
BUCKETS: Final = 2**15
"""Hash buckets of the words, and as many of the letters."""
WEIGHTS: Final = "triage.npz"


def features() -> Any:
    """What counts a message: shape (messages, 2 · BUCKETS)."""
    return counter(BUCKETS, written_out)


def probabilities(messages: Sequence[str]) -> NDArray[np.float32]:
    """The probability of each class for each message: shape (messages, 4), rows sum to 1."""
    idf, weights, bias = _model()
    scores = weighed(features().transform(messages), idf) @ weights.T + bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


@cache
def _model() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    with (files(__package__) / WEIGHTS).open("rb") as file, np.load(file) as stored:
        idf, weights, bias = (stored[name].astype(np.float32) for name in ("idf", "weights", "bias"))
    return idf, weights, bias
