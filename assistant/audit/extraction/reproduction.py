"""Reads whether contraception is required and whether pregnancy or breastfeeding excludes: `reproduction`."""

import re
from typing import Final

from assistant.audit.extraction.stretches import any_is_a
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.assess import Line
from assistant.eligibility.vocabulary.concepts import find

_CONTRACEPTION: Final = ("contraception",)
_CHILD: Final = ("pregnancy", "breastfeeding")
_DEMANDS: Final = re.compile(
    r"\b(?:agree\w*|willing|must|should|shall|will|need\w*|requir\w+|practi[cs]\w+|commit\w*|adopt|adapt|adequate|effective"
    r"|reliable|per protocol|us(?:e|es|ing|age)|take)\b",
    re.IGNORECASE,
)
_REFUSES: Final = re.compile(
    r"\b(?:unwilling\w*|unable|refus\w*|cannot|can\s?not|not|without|fail\w*|inadequate|no|lack)\b|\bdeclin\w+", re.IGNORECASE
)
_AGREES: Final = re.compile(r"\b(?:must|should)\s(?:\w+\s){0,2}(?:agree|use|practi[cs]e)|\bagree to use\b", re.IGNORECASE)
_WAIVED: Final = re.compile(r"contraception (?:is|are) not (?:required|needed)|no contraception", re.IGNORECASE)
_NEGATIVE: Final = re.compile(r"\b(?:not|non|no|negative|exclu\w+|rul\w+ out|must|test\w*|neither|without)\b", re.IGNORECASE)
_AVOIDED: Final = re.compile(
    r"\b(?:avoid|prevent|against|risk of|becom\w+|result\w* in)\W{0,3}(?:an?\s|becoming\s|any\s)?$", re.IGNORECASE
)


def reproduction(record: Record) -> dict[str, Value]:
    """What is required or barred, with every line that says so; what no line says is not there."""
    found = {
        "contraception_required": tuple(line.span for line in record.rules.lines if _requires_contraception(line)),
        "pregnancy_excluded": tuple(line.span for line in record.rules.lines if _excludes_pregnancy(line)),
    }
    return {name: Value(True, spans) for name, spans in found.items() if spans}


def _requires_contraception(line: Line) -> bool:
    named = [mention for mention in find(line.text) if any_is_a(mention, _CONTRACEPTION)]
    if not named or _WAIVED.search(line.text):
        return False
    demanded = _DEMANDS.search(line.text) is not None
    if line.kind == "inclusion":
        return demanded
    near = [line.text[max(0, mention.start - _NEAR) : mention.end + _NEAR] for mention in named]
    return demanded and any(_REFUSES.search(words) or _AGREES.search(words) for words in near)


_NEAR: Final = 80
"""Characters within which a refusal speaks of contraception."""


def _excludes_pregnancy(line: Line) -> bool:
    for mention in find(line.text):
        if not any_is_a(mention, _CHILD):
            continue
        before = line.text[max(0, mention.start - 30) : mention.start]
        if line.kind == "exclusion" and not _AVOIDED.search(before):
            return True
        around = line.text[max(0, mention.start - 60) : mention.end + 40]
        if line.kind == "inclusion" and (mention.denies or ("test" in around.lower() and _NEGATIVE.search(around))):
            return True
        if line.kind == "inclusion" and _NEGATIVE.search(before[-20:]):
            return True
    return False
