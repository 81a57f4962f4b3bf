"""Ranks trials for one patient: those that nothing rules out first, then by how much of each is satisfied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.eligibility.assess import Rules, assess, rules
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge.finding import is_root
from assistant.eligibility.patient import Finding, Patient
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.reply import Audience
from index.trial import Trial
from index.words import stems


@dataclass(frozen=True, slots=True)
class Match:
    """One trial for one patient."""

    trial: str
    title: str | None
    rank: int
    """From 1."""
    assessment: Assessment
    why: str
    """One line: what rules it out, or what is satisfied and what is open."""


def match(
    patient: Patient,
    trials: Iterable[Trial],
    clock: Clock,
    *,
    relevance: Callable[[Trial], float] | None = None,
    complete: bool = False,
    audience: Audience = "patient",
    limit: int | None = None,
) -> tuple[Match, ...]:
    """The trials that could concern the patient, best first. `relevance`: a search score; trials of 0 and less are left out.

    Without it, a trial is left out where its diseases and the patient's are both known and none is a kind of another.
    """
    scored = [(trial, relevance(trial) if relevance else _concerns(rules(trial), patient)) for trial in trials]
    assessed = [
        (assess(trial, patient, clock, complete=complete, audience=audience), score, trial)
        for trial, score in scored
        if score > 0
    ]
    ranked = sorted(
        assessed,
        key=lambda one: (_is_far(one[1]), _is_ruled_out(one[0]), _is_guess(one[1]), *_place(one[0]), -one[1], one[2].id),
    )
    return tuple(
        Match(trial.id, trial.title or trial.official_title, rank, found, _why(found))
        for rank, (found, _, trial) in enumerate(ranked[:limit], 1)
    )


_UNSURE = 0.5
"""The score of a trial of which it is not known whether its disease is the patient's."""
_FAR = 0.25
"""The score of a trial whose disease no table knows, and of which the patient's text has no word: it is ranked last."""


def _concerns(known: Rules, patient: Patient) -> float:
    """1 where the patient has, or may have, a disease under study, 0 where none of them is the patient's; between where unknown."""
    has = [fact.concept for fact in patient.facts if isinstance(fact, Finding) and fact.present and fact.who == "patient"]
    if not known.study and known.trial.conditions:
        named = {stem for condition in known.trial.conditions for stem in stems(condition)}
        return _UNSURE if any(named & clause.stems for clause in patient.clauses if clause.who == "patient") else _FAR
    if not known.study or not has:
        return _UNSURE
    return float(any(is_a(one, disease) or _is_wider(one, disease) for one in has for disease in known.study))


def _is_wider(one: str, disease: str) -> bool:
    """Whether a finding may turn out to be the disease; "illness" may be anything and says nothing."""
    return is_a(disease, one) and not is_root(one)


def _is_ruled_out(found: Assessment) -> bool:
    return any(verdict.status == "violated" for verdict in found.criteria)


def _is_far(score: float) -> bool:
    return score <= _FAR


def _is_guess(score: float) -> bool:
    return score <= _UNSURE


def _place(found: Assessment) -> tuple[float, int]:
    """The larger satisfied share first, then fewer unknown."""
    statuses = [verdict.status for verdict in found.criteria]
    share = (statuses.count("satisfied") + statuses.count("not_applicable")) / len(statuses) if statuses else 0.0
    return -share, statuses.count("unknown") + statuses.count("conflicting")


def _why(found: Assessment) -> str:
    statuses = [verdict.status for verdict in found.criteria]
    against = [verdict for verdict in found.criteria if verdict.status == "violated"]
    if against:
        rest = f" (and {len(against) - 1} more)" if len(against) > 1 else ""
        return f"Ruled out by {against[0].id}{rest}: {against[0].reason}"
    if not statuses:
        return "The record lists no criteria, so nothing is decided."
    counts = f"{statuses.count('satisfied')} of {len(statuses)} lines satisfied, {found.coverage.unknown} open"
    protocol = f", {found.coverage.needs_protocol} left to the protocol" if found.coverage.needs_protocol else ""
    return f"Nothing rules it out so far: {counts}{protocol}."
