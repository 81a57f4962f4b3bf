"""A message with its words written out right, which maps every position back to the message as it was typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Respelled:
    """A stretch of a message, and what is read there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Written:
    """`text` as read; its character `i` stands for `typed[begins[i]:ends[i]]`, all of a respelled word for the whole of that word."""

    typed: str
    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the message as typed."""
        if start >= end:
            at = self.begins[start] if start < len(self.begins) else len(self.typed)
            return at, at
        return self.begins[start], self.ends[end - 1]


def as_typed(message: str) -> Written:
    """A message read as it stands."""
    return Written(message, message, range(len(message)), range(1, len(message) + 1))


def written(message: str, respelled: Iterable[Respelled]) -> Written:
    """The message with stretches respelled. They do not overlap."""
    text, begins, ends, at = "", list[int](), list[int](), 0
    for one in sorted(respelled, key=lambda one: one.start):
        text += message[at : one.start] + one.text
        begins += [*range(at, one.start), *[one.start] * len(one.text)]
        ends += [*range(at + 1, one.start + 1), *[one.end] * len(one.text)]
        at = one.end
    rest = range(at, len(message))
    return Written(message, text + message[at:], (*begins, *rest), (*ends, *(place + 1 for place in rest)))
