"""What the judgement of a condition is, as frozen types, and how judgements combine: truth, both sides' words, what is missing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal

from assistant.eligibility.patient import Words
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth

About = Literal["concept", "words", "quantity", "scale", "age", "sex", "judgement", "protocol", "unparsed"]

FIXED = "none: a past event cannot change"


@dataclass(frozen=True, slots=True)
class Reason:
    """Both sides of one decision: what is known of the patient, and what the line names."""

    fact: str
    """For clinicians: "hemoglobin 9.4 g/dL = 94 g/L"."""
    plain: str
    """The same for patients: "your hemoglobin is 9.4 g/dL = 94 g/L"."""
    rule: str
    """What the line names: "hemoglobin at least 90 g/L"."""
    barred: bool = False
    """True where the line's words turn it round ("no prior …")."""
    about: Literal["said", "silence", "absence", "unclear"] = "said"
    """What decides, or leaves open: what is said; silence; silence read as absence; the line's words (then `rule` is all)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact that would settle a condition, or what else it waits for."""

    about: About
    id: str
    """Of the concept, quantity or scale; else the words."""
    name: str
    """As a person says it: "a hemoglobin value from within 14 days before the first dose"."""
    family: bool = False
    detail: bool = False
    """True where the fact is there and one side of it is open: whether the hypertension is controlled."""

    @property
    def askable(self) -> bool:
        """Whether the patient's facts could answer it: not consent, not judgement, not the protocol, not what was not understood."""
        return self.about not in {"judgement", "protocol", "unparsed"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A condition held against a patient."""

    truth: Truth
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Words, ...] = ()
    assumed: bool = False
    """True where silence was read as absence."""
    aside: bool = False
    """Left out of what it is a part of: it speaks of a group that the patient is outside (UNKNOWN), or only advises (passes)."""
    conflicting: bool = False
    needs_protocol: bool = False
    missing: tuple[Wanted, ...] = ()
    """Of an UNKNOWN: the facts that would settle it."""
    changes: tuple[str, ...] = ()
    """The smallest changes that, all together, flip a TRUE or FALSE; (FIXED,) where none can."""

    @property
    def not_applicable(self) -> bool:
        """Whether the patient is outside the group that the condition speaks of."""
        return self.aside and self.truth is UNKNOWN


def silence(rule: str, *, read_as_absent: bool = False) -> Reason:
    """That nothing is said of what a line names."""
    return Reason("", "", rule, about="absence" if read_as_absent else "silence")


def denied(part: Judgement) -> Judgement:
    """The judgement of "not": the facts stay, what is asked becomes what is barred."""
    turned = tuple(replace(reason, barred=not reason.barred) for reason in part.reasons)
    return replace(part, truth=~part.truth, reasons=turned)


def both(parts: Sequence[Judgement]) -> Judgement:
    """The judgement of "and"."""
    return _combined(parts, FALSE, lambda left, right: left & right)


def either(parts: Sequence[Judgement]) -> Judgement:
    """The judgement of "or"."""
    return _combined(parts, TRUE, lambda left, right: left | right)


def _combined(parts: Sequence[Judgement], absorbing: Truth, operation: Callable[[Truth, Truth], Truth]) -> Judgement:
    """One part of the absorbing truth decides; else all that are open leave it open; else all speak for it."""
    bound = [part for part in parts if not part.aside]
    if not bound:
        passed = next((part.truth for part in parts if part.truth is not UNKNOWN), UNKNOWN)
        return replace(merged(parts, passed), aside=True) if parts else Judgement(~absorbing)
    result = reduce(operation, (part.truth for part in bound), ~absorbing)
    deciding = [part for part in bound if part.truth is result]
    if result is absorbing:  # any of them is enough, so what is assumed is not needed beside what is said, and all must change
        said = [part for part in deciding if not part.assumed]
        return replace(merged(said or deciding, result), changes=merged(deciding, result).changes)
    whole = merged(deciding, result)
    if result is UNKNOWN:
        return (
            replace(whole, evidence=smallest(words for part in bound for words in part.evidence))
            if absorbing is FALSE
            else whole
        )
    assumed = any(part.assumed for part in (*deciding, *(part for part in parts if part.aside)))
    return replace(whole, assumed=assumed, changes=_any_change(deciding))


def merged(parts: Iterable[Judgement], truth: Truth, *, aside: bool = False) -> Judgement:
    """All that the parts say, under one truth; every change of theirs is needed."""
    parts = tuple(parts)
    changes = tuple(dict.fromkeys(change for part in parts for change in part.changes))
    known = all(part.changes for part in parts)
    return Judgement(
        truth,
        tuple(dict.fromkeys(reason for part in parts for reason in part.reasons)),
        smallest(words for part in parts for words in part.evidence),
        any(part.assumed for part in parts),
        aside,
        any(part.conflicting for part in parts),
        any(part.needs_protocol for part in parts),
        tuple(dict.fromkeys(wanted for part in parts for wanted in part.missing)),
        ((FIXED,) if FIXED in changes else changes) if known else (),
    )


def _any_change(parts: Sequence[Judgement]) -> tuple[str, ...]:
    """The first change that alone flips the whole, where any single part's change does."""
    ways = [part.changes for part in parts if part.changes]
    return next((way for way in ways if way != (FIXED,)), ways[0] if len(ways) == len(parts) else ())


def smallest(evidence: Iterable[Words]) -> tuple[Words, ...]:
    """The words in order of text, without repeats and without those that hold others whole."""
    once = sorted(set(evidence), key=lambda words: (words.start, words.end))
    kept: list[Words] = []
    for words in once:
        while kept and kept[-1].start <= words.start and words.end <= kept[-1].end:
            kept.pop()
        if not (kept and words.start <= kept[-1].start and kept[-1].end <= words.end):
            kept.append(words)
    return tuple(kept)
