"""For whom an amendment makes a difference: the lines, and the whole, whose verdict it flips for one patient."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from assistant.audit.amendments.criteria import Amended
from assistant.eligibility.assessment import Assessment, CriterionVerdict, Status

_WORST: Final[tuple[Status, ...]] = ("violated", "conflicting", "unknown", "needs_protocol", "satisfied", "not_applicable")
"""Of several lines that stand for one, the first of these that there is says how they stand."""
_PASSES: Final = frozenset({"satisfied", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Flip:
    """How a criterion stood and how it stands; None where a version has no such line."""

    old: CriterionVerdict | None
    new: CriterionVerdict | None


@dataclass(frozen=True)
class Flips:
    """What an amendment changes for one patient."""

    old: Assessment
    new: Assessment
    lines: tuple[Flip, ...]


def flips(old: Assessment, new: Assessment, between: Amended) -> Flips:
    """The lines whose status differs between two assessments of one patient; a line that is not there lets everybody pass."""
    before = {verdict.id: verdict for verdict in old.criteria}
    after = {verdict.id: verdict for verdict in new.criteria}
    pairs = [(one.old, one.new) for one in between.counterparts]
    listed = {id for pair in pairs for ids in pair for id in ids}
    pairs += _of_the_record(before, after, listed)
    found = [Flip(_worst(ids, before), _worst(others, after)) for ids, others in pairs]
    order = {id: at for at, id in enumerate((*after, *before))}
    lines = sorted(filter(_flipped, found), key=lambda flip: order[(flip.new or flip.old).id])  # type: ignore[union-attr]
    return Flips(old, new, tuple(lines))


def _of_the_record(
    before: Mapping[str, CriterionVerdict], after: Mapping[str, CriterionVerdict], listed: set[str]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The record's own ages and sex, by their names."""
    own = [{id.rpartition("/record/")[2]: id for id in verdicts if id not in listed} for verdicts in (before, after)]
    names = dict.fromkeys((*own[0], *own[1]))
    return [(tuple(filter(None, (own[0].get(name),))), tuple(filter(None, (own[1].get(name),)))) for name in names]


def _worst(ids: Iterable[str], verdicts: Mapping[str, CriterionVerdict]) -> CriterionVerdict | None:
    found = [verdicts[id] for id in ids if id in verdicts]
    return min(found, key=lambda verdict: _WORST.index(verdict.status)) if found else None


def _flipped(flip: Flip) -> bool:
    before, after = (_standing(verdict) for verdict in (flip.old, flip.new))
    return before != after


def _standing(verdict: CriterionVerdict | None) -> str:
    """How a line stands, as far as it matters: a line that does not apply, or is not there, passes as one that is met."""
    return "passes" if verdict is None or verdict.status in _PASSES else verdict.status
