"""Whether one text follows from another: a cross-encoder for natural language inference, by its sentence-transformers name."""

from functools import cached_property
from typing import Any

import numpy as np

from index.errors import ModelUnavailable


class Entailment:
    """A cross-encoder with a class for entailment; loaded when first used. Raises ModelUnavailable when it can't be had."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self.name)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The entailment model {self.name!r} can't be loaded. Check its name and the connection, or give a folder that holds it."
            ) from error

    @cached_property
    def _place(self) -> int:
        labels = {int(at): str(label).lower() for at, label in self._model.config.id2label.items()}
        found = [at for at, label in labels.items() if label.startswith("entail")]
        if not found:
            raise ModelUnavailable(
                f"The model {self.name!r} has no class for entailment; its classes are {', '.join(labels.values())}."
            )
        return found[0]

    def probability(self, premise: str, hypothesis: str) -> float:
        """How likely the hypothesis follows from the premise: 0 … 1."""
        place = self._place
        scores = np.asarray(self._model.predict([(premise, hypothesis)]), np.float64).reshape(-1)
        shares = np.exp(scores - scores.max())
        return float(shares[place] / shares.sum())
