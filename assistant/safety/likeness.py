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

from assistant.safety.plain import written_out

Class = Literal["none", "emergency", "crisis", "advice"]
CLASSES: Final[tuple[Class, ...]] = ("none", "emergency", "crisis", "advice")
LONG: Final = 600
"""Characters from which a message is a note or a document, which the model was not fitted for."""
BUCKETS: Final = 2**15
"""Hash buckets of the words, and as many of the letters."""
WEIGHTS: Final = "triage.npz"


def features() -> Any:
    """The counting of words (one to three in a row) and letters (two to five), without any state: shape (messages, 2 · BUCKETS)."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import make_union

    plain = {"n_features": BUCKETS, "norm": None, "alternate_sign": False, "preprocessor": written_out, "lowercase": False}
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **plain)
    words = HashingVectorizer(analyzer="word", ngram_range=(1, 3), token_pattern=r"\b\w+\b", **plain)  # noqa: S106
    return make_union(letters, words)


def weighed(counts: Any, idf: NDArray[np.float32]) -> Any:
    """Counts as the model sees them: sublinear, by inverse document frequency, each row of length 1."""
    from sklearn.preprocessing import normalize

    seen = counts.tocsr().astype(np.float32)
    seen.data = (1 + np.log(seen.data)) * idf[seen.indices]
    return normalize(seen)


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
