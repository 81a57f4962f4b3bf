"""Told numbers against the bounds that they speak of: the line that one of them decides."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.eligibility.assessment import CriterionVerdict, Status
from assistant.eligibility.bounds.asked import Bound, bounds
from assistant.eligibility.bounds.spoken import LONGEST, Spoken, apart, in_common, rarity_over, related, spoken, touch
from assistant.eligibility.bounds.told import Told, numbers_told
from assistant.eligibility.clock import Clock
from assistant.eligibility.numbers.units import UnitFault, convert, working
from assistant.eligibility.patient import Finding, Patient
from assistant.eligibility.times.days import in_units
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from assistant.eligibility.vocabulary.concepts import find
from assistant.eligibility.wording import concept_name, quoted
from assistant.reply import Audience
from assistant.voices import voiced
from index.words import stems

LEAST: Final = 1.6
"""Weight of what a told number and a bound must share: about one word that few lines of the trial have."""
CLEAR: Final = 1.25
"""How much more than another pair the best one must share, where the two come to different ends."""
_SELF_NAMED: Final = frozenset({"weight", "height", "gestational-age"})
"""Quantities that their unit alone tells of a person."""
_PAST_MENDING: Final = re.compile(r"\b(?:un|ir)[a-z]{4,18}[ai]ble (?=[a-z]{3,30} ?\()", re.IGNORECASE)
_UNTIL: Final = re.compile(r"\s{0,2}(?:before|prior to|until|ahead of)\b[^.?!]{0,60}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A told number and a bound of its kind."""

    told: Told
    bound: Bound
    shared: float
    truth: Truth
    how: str
    """The working of a conversion or a count of days."""

    @property
    def passes(self) -> bool | None:
        """Whether the line passes by this bound; None where that is open: what is allowed under a condition is not barred without it."""
        if self.truth is UNKNOWN or (self.bound.role == "allows" and self.truth is FALSE):
            return None
        passes = (self.truth is TRUE) != (self.bound.role == "bars")
        excepted = related(self.told.near.concepts, self.bound.excepted.concepts)
        if not passes and excepted:  # what the line excepts may be what was told
            return None
        return None if self.bound.one_of and not passes else passes


def bounded(lines: Sequence[CriterionVerdict], patient: Patient, clock: Clock, audience: Audience) -> CriterionVerdict | None:
    """The line that a number of a message decides by one bound of it, as decided; None where none does clearly.

    `patient`: as the message tells of one, its text being the message.
    """
    told = numbers_told(patient, clock)
    if not told:
        return None
    every = [bound for line in lines for bound in bounds(line) if bound.sex in {None, patient.sex}]
    rarity = rarity_over([line.text for line in lines])
    pairs = [pair for one in told for bound in every if (pair := _pair(one, bound, rarity))]
    pair = _clearest(sorted(pairs, key=lambda pair: -pair.shared), spoken(patient.text[:LONGEST]))
    if pair is None or (_leaves_out(pair, patient) if pair.passes else _leaves_open(pair, patient)):
        return None
    name = "bound-met" if pair.truth is TRUE else "bound-missed"
    said = voiced(name, told=f"{quoted(pair.told.words)}{pair.how}", bound=" ".join(pair.bound.words.split()))
    status: Status = "satisfied" if pair.passes else "violated"
    return replace(
        pair.bound.line,
        status=status,
        reason=said.to(audience),
        patient_evidence=(pair.told.words,),
        would_change=None,
        weighed=True,
    )


def meets(bound: Bound, patient: Patient, clock: Clock) -> bool | None:
    """Whether the numbers of a message meet a bound; None where none is of its kind, or that is open."""
    held = [found[0] for one in numbers_told(patient, clock) if (found := _held(one, bound)) is not None]
    return None if not held or UNKNOWN in held else all(one is TRUE for one in held)


def _pair(told: Told, bound: Bound, rarity: Mapping[str, float]) -> Pair | None:
    held = _held(told, bound)
    if held is None or apart(told.near, bound.near):
        return None
    shared = _shared(told, bound, rarity)
    return Pair(told, bound, shared, *held) if shared >= LEAST else None


def _held(told: Told, bound: Bound) -> tuple[Truth, str] | None:
    """Whether a told number meets a bound, with the working; None where they are of different kinds."""
    asks = bound.asks
    if asks.unit is not None:
        if told.length is None or told.unit is None or (asks.after and not told.after):
            return None
        if told.how != "bare" and (told.how == "for") != asks.lasting:
            return None
        return asks.range.holds(in_units(told.length, told.unit, asks.unit)), told.working
    if told.value is None:
        return None
    by_name = asks.by_name or (asks.quantity is not None and told.quantity is None and asks.measured is None)
    if by_name and told.named and told.named <= bound.near.stems and told.measured == asks.measured:
        return asks.range.holds(told.value), ""
    if asks.by_name:
        return None
    if asks.quantity is None and not told.noun and not told.label:
        return None
    if asks.quantity is None:
        return (asks.range.holds(told.value), "") if (asks.noun, asks.label) == (told.noun, told.label) else None
    if told.measured is None and asks.measured is None and told.quantity == asks.quantity:
        return asks.range.holds(told.value), ""
    if told.measured is None or told.quantity not in {None, asks.quantity}:
        return None
    try:
        value = convert(told.value, told.measured, asks.measured, asks.quantity)
        shown = working(told.value, told.measured, asks.measured, asks.quantity)
    except UnitFault:
        return None
    return asks.range.holds(value), f" ({shown})" if " = " in shown else ""


def _shared(told: Told, bound: Bound, rarity: Mapping[str, float]) -> float:
    """The weight of what both speak of: near words count whole, those farther off half; a bound of fewer things is nearer."""
    near = in_common(told.near, bound.near, rarity)
    half = max(in_common(told.near, bound.far, rarity), in_common(told.far, bound.near, rarity))
    known = bound.asks.quantity in _SELF_NAMED or (told.quantity is not None and told.quantity == bound.asks.quantity)
    named = 2.0 if known or bound.asks.by_name else 0.0
    beside = len(bound.near.concepts - told.near.concepts)
    return near + 0.5 * half + named - min(0.05 * beside, 0.2) - (0.3 if bound.asks.free else 0.0)


def _clearest(pairs: Sequence[Pair], message: Spoken) -> Pair | None:
    """The best pair, where every pair nearly as good says the same. A permission that is granted settles its line."""
    if not pairs:
        return None
    best = pairs[0]
    granted = next((pair for pair in pairs if pair.bound.line is best.bound.line and _grants(pair, pairs, message)), None)
    if granted is not None:
        pairs = [granted, *(pair for pair in pairs if pair.bound.line is not best.bound.line)]
        best = replace(granted, shared=best.shared)
    elif best.bound.role == "allows":
        return None
    if best.passes is None and best.bound.one_of:  # another alternative of its line may do
        others = [pair for pair in pairs if pair.bound.line is best.bound.line and pair.passes and pair.bound.one_of]
        best = replace(others[0], shared=best.shared) if others else best
        pairs = [pair for pair in pairs if pair.bound.line is not best.bound.line or not pair.bound.one_of]
    close = [pair for pair in pairs if pair.shared * CLEAR >= best.shared]
    if best.passes and any(pair.passes is False for pair in pairs if pair.bound.line is best.bound.line):
        return None
    return None if best.passes is None or any(pair.passes is not best.passes for pair in close) else best


def _grants(pair: Pair, pairs: Sequence[Pair], message: Spoken) -> bool:
    """Whether a permission holds: its bound is met, none beside it fails, and what else it asks was spoken of."""
    if pair.bound.role != "allows" or pair.truth is not TRUE:
        return False
    beside = (one for one in pairs if one.bound.line is pair.bound.line and one.bound.role == "allows")
    return all(one.truth is TRUE for one in beside) and all(touch(part, message) for part in pair.bound.conditions)


def _leaves_open(pair: Pair, patient: Patient) -> bool:
    """Whether what a barred value qualifies is asked to be past mending, which was not told: "uncorrectable anaemia (below 8 g/dL)"."""
    sentence = pair.bound.line.text[:LONGEST]
    return any(stem not in stems(patient.text[:LONGEST]) for one in _PAST_MENDING.findall(sentence) for stem in stems(one))


def _leaves_out(pair: Pair, patient: Patient) -> bool:
    """Whether a message tells of something that the bound's sentence does not speak of, so that passing the bound is not all."""
    concepts = pair.bound.near.concepts | pair.bound.far.concepts
    words = pair.bound.near.stems | pair.bound.far.stems
    told = (one for one in patient.facts if isinstance(one, Finding) and one.who == "patient")
    beside = (one.concept for one in told if not _only_until(one.concept, pair.told, patient.text))
    return any(not related(frozenset({one}), concepts) and not words & set(stems(concept_name(one))) for one in beside)


def _only_until(concept: str, told: Told, text: str) -> bool:
    """Whether a message names a concept only as what a length counts to ("3 weeks before the chemo")."""
    named = [mention.start for mention in find(text) if concept in mention.concepts]
    return bool(named) and all(_UNTIL.fullmatch(text[told.words.end : start]) for start in named)
