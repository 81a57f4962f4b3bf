"""The documents of one trial as witnesses: whose word counts first, and what each is called in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.merge import best_first, trust
from index.trial import Trial

_CALLED: Final = ("registry's record", "saved copy of the record", "third-party page")
"""By trust; where a record stands beside a third party's page alone, it is "the record"."""
THIRD_PARTY: Final = 2


@dataclass(frozen=True)
class Witness:
    """One document of a trial."""

    trial: Trial
    called: str
    """ "record", "third-party page (data of 2026-06)"."""

    @property
    def document(self) -> str:
        """The document's name."""
        return self.trial.sources[0].document

    @property
    def is_third_party(self) -> bool:
        """Whether somebody extracted it from a record."""
        return trust(self.trial.sources[0].format) == THIRD_PARTY


@dataclass(frozen=True)
class Two:
    """The document whose word counts, and one beside it."""

    best: Witness
    other: Witness


def witnesses(documents: Sequence[Trial]) -> tuple[Witness, ...]:
    """The documents, best first, each called so that it is told from the others."""
    ranked = best_first(documents)
    called = [_called(one, ranked) for one in ranked]
    return tuple(
        Witness(one, name if called.count(name) == 1 else f"{name} “{one.sources[0].document}”")
        for one, name in zip(ranked, called, strict=True)
    )


def in_twos(documents: Sequence[Trial]) -> tuple[Two, ...]:
    """Each document beside the best one."""
    best, *others = witnesses(documents)
    return tuple(Two(best, other) for other in others)


def _called(one: Trial, ranked: Sequence[Trial]) -> str:
    trusts = {trust(other.sources[0].format) for other in ranked}
    own = trust(one.sources[0].format)
    name = "record" if own < THIRD_PARTY and len(trusts - {THIRD_PARTY}) == 1 and len(trusts) > 1 else _CALLED[own]
    return f"{name} (data of {one.as_of})" if one.as_of else name
