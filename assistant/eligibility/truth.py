"""Three-valued truth: what is not known is neither yes nor no, and never passes for either by accident."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Kleene's strong logic: `and` is the least, `or` the greatest, `not` the mirror image. It has no `bool()`."""

    FALSE = -1
    UNKNOWN = 0
    TRUE = 1

    def __bool__(self) -> bool:
        raise TypeError("a Truth is not a bool: compare it with TRUE, FALSE or UNKNOWN")

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(min(self.value, other.value))

    def __or__(self, other: "Truth") -> "Truth":
        return Truth(max(self.value, other.value))

    def __invert__(self) -> "Truth":
        return Truth(-self.value)


TRUE, UNKNOWN, FALSE = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE


def truth(value: bool) -> Truth:
    """What is known to hold or not to hold."""
    return TRUE if value else FALSE


def every(truths: Iterable[Truth]) -> Truth:
    """Whether all hold; TRUE of none."""
    found = TRUE
    for one in truths:
        found &= one
        if found is FALSE:
            break
    return found


def some(truths: Iterable[Truth]) -> Truth:
    """Whether any holds; FALSE of none."""
    found = FALSE
    for one in truths:
        found |= one
        if found is TRUE:
            break
    return found
