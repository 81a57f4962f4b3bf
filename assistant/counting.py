"""Messages as counts of their words and letters: what the small models that are fitted beforehand look at."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def counter(buckets: int, preprocessor: Callable[[str], str]) -> Any:
    """Counts words (one to three in a row) and letters (two to five), without any state: shape (messages, 2 · buckets)."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.pipeline import make_union

    plain = {"n_features": buckets, "norm": None, "alternate_sign": False, "preprocessor": preprocessor, "lowercase": False}
    letters = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), **plain)
    words = HashingVectorizer(analyzer="word", ngram_range=(1, 3), token_pattern=r"\b\w+\b", **plain)  # noqa: S106
    return make_union(letters, words)


def weighed(counts: Any, idf: NDArray[np.float32]) -> Any:
    """Counts as a model sees them: sublinear, by inverse document frequency, each row of length 1."""
    from sklearn.preprocessing import normalize

    seen = counts.tocsr().astype(np.float32)
    seen.data = (1 + np.log(seen.data)) * idf[seen.indices]
    return normalize(seen)


def inverse_frequency(counts: Any) -> NDArray[np.float16]:
    """How much each bucket tells, by how few messages have it: shape (buckets)."""
    found_in = np.asarray((counts > 0).sum(axis=0)).ravel()
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + found_in)) + 1, np.float16)
