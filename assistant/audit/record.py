"""A trial as an audit reads it: the merged record, each of its documents by itself, and every criterion as a typed condition."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.eligibility.assess import Rules, rules
from index.trial import Trial


@dataclass(frozen=True)
class Record:
    """One trial to be audited."""

    trial: Trial
    """As merged over its documents."""
    documents: tuple[Trial, ...]
    """Each document as read alone; one that is not merged is the trial itself."""

    @property
    def rules(self) -> Rules:
        """Its criteria as typed conditions; reading them is kept by `assess`."""
        return rules(self.trial)


def record(trial: Trial, documents: Sequence[Trial] = ()) -> Record:
    """The record of a trial; `documents` are what its single documents say, where there is more than one."""
    return Record(trial, tuple(documents) or (trial,))
