"""What the patient's text has beside an open line of which it says nothing itself: words to read on, which decide nothing."""

from typing import Final

from assistant.eligibility.judge.finding import kind_of
from assistant.eligibility.judge.judgement import Judgement, smallest
from assistant.eligibility.judge.silence import empty
from assistant.eligibility.patient import Finding, Patient, Words
from assistant.eligibility.truth import UNKNOWN
from assistant.eligibility.vocabulary.concepts import find, is_a
from index.trial import Kind
from index.words import stems

_SHARED: Final = 2
"""Words that say something which a clause must share with the line."""
_MOST: Final = 2
"""Clauses that are shown."""


def context(judgement: Judgement, kind: Kind, line: str, patient: Patient) -> tuple[Words, ...]:
    """The judgement's own evidence; of an open line without any, clauses in its words, or the complaint where an illness is asked for."""
    if judgement.evidence or judgement.truth is not UNKNOWN or judgement.not_applicable or judgement.needs_protocol:
        return judgement.evidence
    content = frozenset(stems(line)) - empty()
    own = [clause for clause in patient.clauses if clause.who == "patient"]
    alike = [clause.words for clause in own if len(content & clause.stems) >= _SHARED]
    return smallest((*alike[:_MOST], *_left_to_others(judgement, line, patient)[:_MOST], *_complaint(judgement, kind, patient)))


def _left_to_others(judgement: Judgement, line: str, patient: Patient) -> list[Words]:
    """What the patient has of what a line names, where somebody is to judge it ("dementia that prevents consent")."""
    if not any(one.about == "judgement" for one in judgement.missing):
        return []
    named = {one for mention in find(line) if not mention.denies for one in mention.concepts}
    told = (one for one in patient.facts if isinstance(one, Finding) and one.who == "patient" and one.present and one.certain)
    return [one.words for one in told if any(is_a(one.concept, wide) for wide in named)]


def _complaint(judgement: Judgement, kind: Kind, patient: Patient) -> tuple[Words, ...]:
    """What the patient came with, where a line asks for nothing but illnesses."""
    asks = kind == "inclusion" and bool(judgement.missing)
    if not asks or not all(one.about == "concept" and kind_of(one.id) == "condition" for one in judgement.missing):
        return ()
    found = (fact for fact in patient.facts if isinstance(fact, Finding) and fact.who == "patient")
    return tuple(
        one.words for one in found if one.present and one.certain and kind_of(one.concept) in {"symptom", "condition"}
    )[:1]
