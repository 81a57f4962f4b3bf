"""What an amendment changed outside the criteria: ages, sex, enrolment, dates, status, design, arms, interventions, outcomes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from assistant.audit.amendments.criteria import Change, ChangeKind, Effect
from assistant.audit.rewording import fold
from assistant.eligibility.parse import years
from index.trial import Span, Trial

_PLAIN: Final[Mapping[str, str]] = {
    "status": "status",
    "phase": "phase",
    "enrollment": "number of participants",
    "start_date": "start",
    "primary_completion_date": "primary completion",
    "completion_date": "completion",
    "allocation": "allocation",
    "masking": "masking",
    "primary_purpose": "primary purpose",
    "intervention_model": "intervention model",
    "sponsor": "sponsor",
    "title": "title",
    "official_title": "official title",
    "conditions": "conditions",
}
"""Fields that say nothing of who can pass, and what they are called."""
_OUTCOMES: Final = ("primary_outcomes", "secondary_outcomes", "other_outcomes")


@dataclass(frozen=True, slots=True)
class _Item:
    """An arm, an intervention or an outcome: what it is called, what is said of it, where."""

    name: str
    about: str
    span: Span
    field: str


def amended_fields(old: Trial, new: Trial) -> tuple[Change, ...]:
    """The fields that differ. What one of two documents does not give is no change, but for limits of age."""
    return tuple(_fields(old, new))


def _fields(old: Trial, new: Trial) -> Iterator[Change]:
    yield from _ages(old, new)
    yield from _people(old, new)
    for name, called in _PLAIN.items():
        before, after = getattr(old, name), getattr(new, name)
        if before not in (None, ()) and after not in (None, ()) and _folded(before) != _folded(after):
            yield _change(
                name, "changed", "same", f"The {called} was {_said(before)} and is {_said(after).rstrip('.')}.", old, new
            )
    for one, other in ((_arms(old), _arms(new)), (_interventions(old), _interventions(new)), (_outcomes(old), _outcomes(new))):
        if one and other:
            yield from _items(one, other)


def _folded(value: object) -> object:
    return tuple(sorted(fold(str(one)) for one in value)) if isinstance(value, tuple) else fold(str(value))


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _change(field: str, kind: ChangeKind, effect: Effect, why: str, old: Trial, new: Trial) -> Change:
    return Change(kind, effect, why, old.evidence.get(field, ())[:1], new.evidence.get(field, ())[:1], field=field)


def _ages(old: Trial, new: Trial) -> Iterator[Change]:
    """A limit that is not given is none, where the document gives the other limit or the sex."""
    if not all(trial.minimum_age or trial.maximum_age or trial.sex for trial in (old, new)):
        return
    for field, called, none, sign in (("minimum_age", "lower", -inf, 1), ("maximum_age", "upper", inf, -1)):
        before, after = getattr(old, field), getattr(new, field)
        low, high = (_limit(one, none) for one in (before, after))
        if low != high and fold(before or "") != fold(after or ""):
            kind: ChangeKind = "tightened" if (high - low) * sign > 0 else "loosened"
            why = f"The {called} limit of age was {before or 'not set'} and is {after or 'not set'}."
            yield _change(field, kind, "stricter" if kind == "tightened" else "looser", why, old, new)


def _limit(said: str | None, none: float) -> float:
    read = years(said)
    return none if read is None else read


def _people(old: Trial, new: Trial) -> Iterator[Change]:
    if old.sex and new.sex and old.sex != new.sex:
        kind: ChangeKind = "loosened" if new.sex == "ALL" else "tightened" if old.sex == "ALL" else "changed"
        effect: Effect = "looser" if kind == "loosened" else "stricter" if kind == "tightened" else "open"
        yield _change("sex", kind, effect, f"The sex was {old.sex} and is {new.sex}.", old, new)
    if None not in (old.healthy_volunteers, new.healthy_volunteers) and old.healthy_volunteers != new.healthy_volunteers:
        opened = bool(new.healthy_volunteers)
        why = f"Healthy volunteers are {'now' if opened else 'no longer'} let in."
        yield _change(
            "healthy_volunteers", "loosened" if opened else "tightened", "looser" if opened else "stricter", why, old, new
        )


def _arms(trial: Trial) -> list[_Item]:
    return [_Item(arm.label, f"{arm.type or ''} {arm.description or ''}", arm.span, "arms") for arm in trial.arms]


def _interventions(trial: Trial) -> list[_Item]:
    return [_Item(one.name, one.description or "", one.span, "interventions") for one in trial.interventions]


def _outcomes(trial: Trial) -> list[_Item]:
    return [
        _Item(one.measure, f"{one.time_frame or ''} {one.description or ''}", one.span, field)
        for field in _OUTCOMES
        for one in getattr(trial, field)
    ]


def _items(old: Sequence[_Item], new: Sequence[_Item]) -> Iterator[Change]:
    """By their names, then by what is said of them."""
    waiting = list(new)
    left: list[_Item] = []
    for one in old:
        same = [other for other in waiting if fold(other.name) == fold(one.name)]
        other = next((other for other in same if other.field == one.field), same[0] if same else None)
        if other is None:
            left.append(one)
            continue
        waiting.remove(other)
        if one.field != other.field:
            yield _moved(one, other)
        elif fold(one.about) != fold(other.about):
            yield _between(one, other, f"What is said of “{other.name}” ({_called(other.field)}) changed.")
    for one in left:
        other = next(
            (
                other
                for other in waiting
                if one.field == other.field and one.about.strip() and fold(other.about) == fold(one.about)
            ),
            None,
        )
        if other is None:
            yield Change("removed", "same", f"“{one.name}” ({_called(one.field)}) was removed.", (one.span,), field=one.field)
        else:
            waiting.remove(other)
            yield _between(one, other, f"“{one.name}” ({_called(one.field)}) is now called “{other.name}”.")
    for other in waiting:
        yield Change(
            "added", "same", f"“{other.name}” ({_called(other.field)}) was added.", new=(other.span,), field=other.field
        )


def _called(field: str) -> str:
    return field.replace("_", " ").removesuffix("s")


def _moved(one: _Item, other: _Item) -> Change:
    why = f"“{other.name}” was a {_called(one.field)} and is a {_called(other.field)}."
    return Change("moved", "same", why, (one.span,), (other.span,), field=other.field)


def _between(one: _Item, other: _Item, why: str) -> Change:
    return Change("changed", "same", why, (one.span,), (other.span,), field=one.field)
