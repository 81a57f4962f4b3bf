"""Finds lines of one record that no patient can both satisfy: one asks for what another bars."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant.eligibility.conditions import AllOf, AnyOf, Between, Condition, Demographic, Has, Not, OneOf
from assistant.eligibility.judge.finding import is_root, kind_of
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import implies
from index.trial import Criterion, Kind, Trial
from index.words import stems

_GIVEN = frozenset({"drug", "therapy", "procedure"})
Leaf = Has | Between | OneOf | Demographic

_GROUPS: Final = re.compile(
    r"\b(?:cohorts?|strat(?:um|a)|sub-?stud(?:y|ies)|escalation|expansion|donors?|care-?givers?|providers?|controls|control group)\b"
    r"|\b(?:arms?|groups?|parts?|phases?|populations?)\s+(?:\d|[A-F]\b|[IV]+\b)|\bhealthy (?:volunteer|control|subject|participant)",
    re.IGNORECASE,
)
"""Words of a record that has several groups, each with its own lines."""
_OPTIONAL: Final = re.compile(
    r"\b(?:unless|except\w*|other than|if|when|where|may|might|can|could|allowed|permi\w+|eligible|considered|acceptable|either"
    r"|optional\w*|recommended|for (?:patients|subjects|participants|women|men|those)|harbou?ring|subset)\b"
    r"|\b(?:at most|(?:no|not) more than|less than(?: or equal to)?|fewer than|up to|maximum(?: of)?)\b[^.;]{0,20}"
    r"\b(?:prior|previous|lines?|regimens?|cycles?|courses?|therap(?:y|ies))\b",
    re.IGNORECASE,
)
"""Words that let a line bind some, or nobody."""
_NARROWED: Final = re.compile(
    r"\b(?:who|whom|whose|which|that|discontinued|stopped|due to|because|caus\w+|fail\w*|recover\w*|resol\w+|toxicit\w+"
    r"|intoleran\w+|refractory|resistant|respon\w+|within|during|while|until|before|after|since|last|recent\w*|less than|more than|at least"
    r"|concurrent\w*|concomitant\w*|current\w*|now|ongoing|planned|anticipated|need\w*|requir\w*|hours?|days?|weeks?|months?|years?"
    r"|advanced|metastatic|recurrent|adjuvant|neo-?adjuvant|specific|certain|same|defined|following|only|alone|investigational)\b"
    r"|\be\.g\b|\d",
    re.IGNORECASE,
)
"""Words that make what is barred less than all of it at any time."""
_NUMBERED: Final = re.compile(r"\b[A-Z]+(?:-\d)?/?-?[A-Z]*-?\d\b")
"""A number that belongs to a name: "PD-1", "PD-L1", "CTLA-4"."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One line asks for what another bars."""

    requiring: str
    barring: str
    """Ids of the criteria."""
    asked: Has
    barred: Has


def contradictions(lines: Iterable[tuple[str, Kind, Condition]], study: frozenset[str]) -> tuple[Contradiction, ...]:
    """Each pair of lines of which one requires a past treatment and another bars it, or a wider one, at any time and in any form.

    `study`: the concepts of the trial's disease, which all of its patients have: "treatment for …" adds nothing to what is barred.
    """
    required_: list[tuple[str, Has]] = []
    barred: list[tuple[str, Has]] = []
    for id, kind, condition in lines:
        findings = [(wanted, leaf) for wanted, leaf in demands(condition, kind == "inclusion", study) if isinstance(leaf, Has)]
        treatments = [(wanted, finding) for wanted, finding in findings if _is_treatment(finding)]
        past = any(wanted and _is_past(finding) for wanted, finding in treatments)
        required_ += [(id, finding) for wanted, finding in treatments if wanted and past and not _may_be_none(finding)]
        barred += [(id, finding) for wanted, finding in treatments if not wanted]
    return tuple(
        Contradiction(asking, barring, asked, bar)
        for asking, asked in required_
        for barring, bar in barred
        if asking != barring and _rules_out(bar, replace(asked, ever=True))
    )


def in_groups(trial: Trial) -> bool:
    """Whether a record's words tell of several groups, so that a line may be meant for one of them."""
    return any(_GROUPS.search(f"{one.heading or ''} {one.text}") for one in trial.criteria)


def asking(trial: Trial) -> frozenset[str]:
    """Ids of the criteria that bind every patient of a trial, whatever else is so: none of a record with several groups."""
    repeated = Counter((one.kind, tuple(stems(one.text))) for one in trial.leaves)
    if in_groups(trial) or any(count > 1 and len(words) > 1 for (_, words), count in repeated.items()):
        return frozenset()
    return unconditional(trial)


def unconditional(trial: Trial) -> frozenset[str]:
    """Ids of the criteria that stand by themselves and leave nothing open."""
    return frozenset(one.id for one in trial.leaves if one.parent is None and not _OPTIONAL.search(one.text))


def barring(trial: Trial) -> frozenset[str]:
    """Ids of those that bind everybody, and leave out nothing of what they bar, at any time."""
    always = asking(trial)
    return frozenset(one.id for one in trial.leaves if one.id in always and not _narrowed(one))


def _narrowed(criterion: Criterion) -> bool:
    return _NARROWED.search(_NUMBERED.sub(" ", criterion.text)) is not None


def _is_past(finding: Has) -> bool:
    return finding.ever or bool(finding.count)


def _may_be_none(finding: Has) -> bool:
    """Whether "at most one prior line" is all that is asked."""
    return finding.count is not None and finding.count.low <= 0


def _is_treatment(finding: Has) -> bool:
    """Whether it is something given, of which a class says something ("anticancer therapy", not "medication")."""
    return all(kind_of(one) in _GIVEN and not is_root(one) for one in finding.concepts)


def required(lines: Iterable[tuple[Kind, Condition]]) -> tuple[Has, ...]:
    """The findings that every patient must have."""
    asked = (demand for kind, condition in lines for demand in demands(condition, kind == "inclusion", frozenset()))
    return tuple(leaf for wanted, leaf in asked if wanted and isinstance(leaf, Has))


def demands(condition: Condition, wanted: bool, study: frozenset[str]) -> Iterator[tuple[bool, Leaf]]:
    """What must hold for every passing patient (True) and what must not (False), as far as the condition is plain."""
    match condition:
        case Has() | Between() | OneOf() | Demographic():
            yield wanted, condition
        case Not(part):
            yield from demands(part, not wanted, study)
        case AllOf(parts) | AnyOf(parts):
            each = isinstance(condition, AllOf) == wanted
            bound = parts if each else [part for part in parts if isinstance(condition, AnyOf) or not is_given(part, study)]
            for part in bound if each or len(bound) == 1 else ():
                yield from demands(part, wanted, study)
        case _:
            return


def is_given(part: Condition, study: frozenset[str]) -> bool:
    """Whether a limb only names the disease that all the trial's patients have."""
    if not isinstance(part, Has) or part.traits or part.window or part.other:
        return False
    return any(is_a(disease, one) for disease in study for one in part.concepts)


def _rules_out(bar: Has, asked: Has) -> bool:
    """Whether everybody with what is asked is caught by what is barred."""
    if bar.window or bar.grade or bar.count or bar.size_mm or bar.other or asked.other or bar.family != asked.family:
        return False
    if not bar.ever:
        return False
    if not all(any(implies(said, trait) for said in asked.traits) for trait in bar.traits):
        return False
    return all(any(is_a(one, wide) for wide in bar.concepts) for one in asked.concepts)
