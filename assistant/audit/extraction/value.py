"""One extracted field: its value as JSON has it, and the stretches that state it."""

from dataclasses import dataclass
from typing import Any

from index.trial import Span


@dataclass(frozen=True)
class Value:
    """What a field holds (a word, a number, a list of objects) and where that stands."""

    value: Any
    spans: tuple[Span, ...]
