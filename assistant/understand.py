"""What a message is: facts about a patient that want to be held against a trial, or a question about the documents."""

import re
from datetime import date
from typing import Final

from assistant.eligibility.patient import Finding, Measurement, Patient
from index.scope import NCT

FACTS: Final = 2
"""Facts from which a message that asks for a check, or asks nothing at all, is a patient."""
MANY: Final = 5
"""Facts from which a question about joining is one about every line of the trial, not about the one line that it names."""
LONGEST: Final = 20_000
"""Characters read; what an interface takes as one message."""

_CHECK: Final = re.compile(
    r"(?:^|[.!?;:,\n]\s*)(?:please |now |can you |could you |and )*(?:check|screen|assess|evaluate|pre-?screen)\b"
    r"(?! (?:if|whether|what|which|how|when|that|the (?:trial|study|record|document|criteria|list)))"
    r"|\b(?:do|does|would|could|might|will) (?:i|he|she|they|we|it|(?:my|this|the|our) [\w-]+(?: [\w-]+)?) match\b"
    r"|\b(?:against|meets?|passe?s?) (?:each|every|all)(?: (?:of )?the)? (?:criteri|lines?)",
    re.IGNORECASE,
)
"""Asks for a check: "check a 58-year-old man with …", "does she match", "against every criterion"."""
_JOINS: Final = re.compile(
    r"\b(?:am|is|are|can|could|may|might|would|do|does|will) (?:i|he|she|they|we|(?:my|this|the|our) [\w-]+(?: [\w-]+)?)\b[^.?!]{0,80}"
    r"\b(?:join|enrol\w*|eligible|qualify|qualifies|take part|participate|get in(?:to)?|be accepted)\b",
    re.IGNORECASE,
)
"""Asks whether somebody can join, whatever line would decide."""
_ASKS: Final = re.compile(
    r"\?"
    r"|^\W*(?:and |so |but |please )?(?:what|which|how|when|where|who|whom|whose|why|is|are|was|were|do|does|did|can|could|may|will|would"
    r"|should|list|show|explain|compare|summari[sz]e|tell|describe|give|find|ignore|disregard)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Asks or orders something."""


_PERSON: Final = re.compile(r"\b(?:i|i['’]m|me|my|he|she|his|her|him|patient|pt|father|mother|son|daughter)\b", re.IGNORECASE)
"""Words for the person whom a message is about."""


_OWN: Final = re.compile(r"\bi(?:['’]m| am| have| had|['’]ve| take| was)\b", re.IGNORECASE)
"""Facts about the person who writes."""
_KIN: Final = re.compile(
    r"\bmy (?:(?P<she>wife|mother|mom|mum|daughter|sister|grandmother|aunt)|husband|father|dad|son|brother|grandfather|uncle)\b(?!['’])",
    re.IGNORECASE,
)
"""The patient of a carer who writes, where no facts about that writer stand beside."""


def told(message: str, today: date) -> Patient | None:
    """The patient whom a message tells of and wants held against a trial; None where it is a question about the documents.

    Conservative: a message with few facts, with a plain question beside them, or with nothing but symptoms is no check.
    """
    words = message[:LONGEST]
    checks, joins = bool(_CHECK.search(words)), bool(_JOINS.search(words)) and words.count("?") <= 1
    if not (checks or joins) and _ASKS.search(words):
        return None
    from assistant.eligibility.notes import read_note

    patient = read_note(_as_a_note(words), today)
    if checks:
        meant = _number(patient) >= FACTS and _of_somebody(patient)
    else:
        meant = _number(patient) >= (MANY if joins else FACTS) and _is_note(patient)
    return patient if meant else None


def _as_a_note(message: str) -> str:
    """The message as a note about the patient, as long as it was: trial numbers are blank, and "my wife" is "she"."""
    plain = NCT.sub(lambda number: " " * len(number[0]), message)
    if _OWN.search(plain):
        return plain
    return _KIN.sub(lambda kin: ("she" if kin["she"] else "he").ljust(len(kin[0])), plain)


def _of_somebody(patient: Patient) -> bool:
    """Whether the message tells of a person, and is not a list of words to look for."""
    return (
        patient.sex is not None
        or patient.age is not None
        or patient.born is not None
        or _measured(patient)
        or bool(_PERSON.search(patient.text))
    )


def _is_note(patient: Patient) -> bool:
    """Whether the facts are a note's: something measured, or an age. Who tells of symptoms alone may need help, and no check."""
    from assistant.eligibility.vocabulary.concepts import concept

    symptoms = any(isinstance(one, Finding) and concept(one.concept).kind == "symptom" for one in patient.facts)
    return _measured(patient) or (not symptoms and _aged(patient))


def _measured(patient: Patient) -> bool:
    return any(isinstance(fact, Measurement) for fact in patient.facts)


def _aged(patient: Patient) -> bool:
    return patient.age is not None or patient.born is not None


def _number(patient: Patient) -> int:
    """How many things are known of a patient."""
    own = [fact for fact in patient.facts if not isinstance(fact, Finding) or fact.who == "patient"]
    return len(own) + (patient.sex is not None) + _aged(patient)
