"""How a question asks, and for which fields: a linear model over its words, letters and meaning and over what the tables see in it.

It reads what the tables of words alone read wrong: questions without a question mark, in shorthand, hidden in a story. Its weights are
made by `python -m evals.baselines.fit_intent` from questions written for this project (`evals/gold/intent_train.jsonl`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.counting import counter, weighed
from index.embed import embedder

Form = Literal["fits", "excluded", "whether", "open"]
FORMS: Final[tuple[Form, ...]] = ("fits", "excluded", "whether", "open")
BUCKETS: Final = 2**13
"""Hash buckets of the words, and as many of the letters."""
LONG: Final = 900
"""Characters from which a message is a note, which the model was not fitted for."""
SURE: Final = 0.75
"""Probability from which a field is asked for that the tables do not see."""
DOUBTED: Final = 0.15
"""Probability below which a field that the tables see is only mentioned."""
WEIGHTS: Final = "intent.npz"
_TABLES: Final = 0.5
"""Weight of what the tables see, beside words and meaning of length 1."""
_ID: Final = re.compile(r"\bNCT ?\d+\b", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"(?<=[.?!;])\s+")


@dataclass(frozen=True, slots=True)
class Seen:
    """A question and what the tables of words see in it."""

    text: str
    form: Form
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intent:
    """How a question asks, and the fields that it asks for."""

    form: Form
    whole: bool
    """It asks about joining as a whole."""
    topics: tuple[str, ...]


class _Model(NamedTuple):
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    """One row a form, one for joining as a whole, one a field."""
    bias: NDArray[np.float32]
    names: tuple[str, ...]


def intent(seen: Seen) -> Intent:
    """The likeliest reading of one question; the tables' own for what is too long or empty."""
    if not 0 < len(seen.text) <= LONG:
        return Intent(seen.form, False, seen.topics)
    model = _model()
    scores = (features([seen], model.idf, model.names) @ model.weights.T + model.bias)[0]
    form = FORMS[int(np.argmax(scores[: len(FORMS)]))]
    likely = 1 / (1 + np.exp(-scores[len(FORMS) :]))
    chances = dict(zip(model.names, likely[1:], strict=True))
    kept = [name for name in seen.topics if chances.get(name, 1.0) >= DOUBTED]
    added = [name for name, chance in chances.items() if chance >= SURE]
    return Intent(form, bool(likely[0] >= SURE), tuple(dict.fromkeys((*kept, *added))))


def features(seen: Sequence[Seen], idf: NDArray[np.float32], names: Sequence[str]) -> Any:
    """What the model looks at: counts of words and letters, the meaning of the whole and of what asks, what the tables see.

    `names`: of the fields that the model knows; of any other the tables decide.
    """
    from scipy.sparse import csr_matrix, hstack

    texts = [masked(one.text) for one in seen]
    meaning = embedder().embed([*texts, *map(_asking, texts)])
    tables = [[one.form == form for form in FORMS] + [name in one.topics for name in names] for one in seen]
    parts = (counts(texts), meaning[: len(texts)], meaning[len(texts) :], _TABLES * np.array(tables, np.float32))
    return hstack([weighed(parts[0], idf), *map(csr_matrix, parts[1:])]).tocsr()


def counts(texts: Sequence[str]) -> Any:
    """The counts of masked texts: shape (texts, 2 · BUCKETS)."""
    return counter(BUCKETS, str.lower).transform(texts)


def masked(text: str) -> str:
    """The text without what only tells trials and values apart."""
    return re.sub(r"\d+", "0", _ID.sub("NCT", text))


def _asking(text: str) -> str:
    """The sentences that ask; the last one where none does."""
    parts = [part for part in _SENTENCES.split(text) if part.strip()]
    return " ".join([part for part in parts if "?" in part] or parts[-1:])


@cache
def _model() -> _Model:
    with (files(__package__) / WEIGHTS).open("rb") as file, np.load(file) as stored:
        idf, weights, bias = (stored[name].astype(np.float32) for name in ("idf", "weights", "bias"))
        return _Model(idf, weights, bias, tuple(map(str, stored["names"])))
