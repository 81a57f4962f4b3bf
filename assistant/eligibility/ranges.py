"""Ranges of numbers with open and closed ends: what a criterion allows and what a patient's words leave possible."""

from dataclasses import dataclass
from math import inf

from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers from `low` to `high`. "≥ 90" is Range(90), "< 5" is Range(high=5, high_open=True), "9.4" is exactly(9.4)."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a range from {self.low} to {self.high} is empty")

    def holds(self, said: "Range") -> Truth:
        """Whether a number of which `said` is known lies in this range: three-valued, for `said` may straddle a bound."""
        if self._below(said) or said._below(self):
            return FALSE
        low_in = self.low < said.low or (self.low == said.low and (not self.low_open or said.low_open))
        high_in = said.high < self.high or (self.high == said.high and (not self.high_open or said.high_open))
        return TRUE if low_in and high_in else UNKNOWN

    def _below(self, other: "Range") -> bool:
        """Whether every number of this range is less than every number of the other."""
        return self.high < other.low or (self.high == other.low and (self.high_open or other.low_open))

    def meets(self, other: "Range") -> bool:
        """Whether some number lies in both."""
        return not (self._below(other) or other._below(self))

    def times(self, factor: float) -> "Range":
        """The range in another unit. `factor` is positive."""
        return Range(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def over(self, divisor: "Range") -> "Range":
        """Every quotient of a number of this range by one of the other (both positive): a value as multiples of a ULN."""
        return Range(self.low / divisor.high, self.high / divisor.low, self.low_open, self.high_open)


def exactly(value: float) -> Range:
    """The one number."""
    return Range(value, value)
