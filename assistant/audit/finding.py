"""What an audit finds, as a frozen type: what is wrong or missing, the stretches that show it, and its likely reading."""

from dataclasses import dataclass
from typing import Literal

from index.trial import Span

FindingKind = Literal[
    "contradiction",
    "disagreement",
    "only_here",
    "dates",
    "status",
    "arithmetic",
    "age",
    "enrollment",
    "unit",
    "staging",
    "per_protocol",
    "missing",
    "unnamed",
    "wording",
]
"""Two parts of one record that cannot both hold; two documents of one trial that differ; what one document alone says; days that do
not fit; statuses that do not fit; numbers that do not add up; limits of age that differ; numbers of participants that differ; a unit
that the analyte cannot have; a class that its edition does not have; a rule left to the protocol; a part that is not there; a drug
that is not named; words that mean another thing than was meant."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something about the documents. `text` quotes nothing that `spans` do not show."""

    kind: FindingKind
    text: str
    """One or two sentences in our words: both sides, with the working where numbers are derived."""
    spans: tuple[Span, ...]
    """Where it stands: both sides of a contradiction. Empty only for what is not there at all."""
    reading: str | None = None
    """What is probably meant, said as ours; None where there is no telling."""
    criteria: tuple[str, ...] = ()
    """Ids of the criteria that it is about."""


def short(text: str, longest: int = 160) -> str:
    """The words of a text in one line, cut where they are many."""
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}…"
