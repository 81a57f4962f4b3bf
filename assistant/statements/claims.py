"""What a statement says of one or two records: which part speaks of which, the groups and numbers named, how it compares."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.statements.sections import numbers

_SIDES: Final = (re.compile(r"\bprimary\b", re.IGNORECASE), re.compile(r"\bsecondary\b", re.IGNORECASE))
_TURN = re.compile(
    r"[,;.]?\s+(?:whereas|however|but|while|in contrast(?: to)?|in con\w*rast|unlike|although|compared (?:to|with)|than)\b[, ]*|;\s+",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b(?:cohorts?|arms?|groups?|interventions?)\s+(\d)(?:\s*(?:and|&|,|or|to|than)\s*(?:cohort\s+)?(\d))?", re.IGNORECASE
)
WORD_NUMBERS: Final[Mapping[str, int]] = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
    )
}
COUNTED = re.compile(r"\b(" + "|".join(WORD_NUMBERS) + r")\b", re.IGNORECASE)
NAMED_NUMBER = re.compile(
    r"\b(?:cohorts?|arms?|groups?|interventions?|phase|grade|stage|type|cycle|day)\s+\d+(?:\s*(?:and|or|-)\s*\d+\b)*",
    re.IGNORECASE,
)

CUES: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "denies": r"\b(?:no|not|none|nobody|never|neither|nor|without|cannot|can't|didn't|did not|does not|do not|zero|0) ?\b|n't\b",
        "none": r"\b(?:no (?:cases|instances|patients|participants|observed|recorded|"
        r"\w+ (?:cases|events|patients))|none|nobody|not a single|neither|zero)\b",
        "all": r"\b(?:all|every|each|any|only|entire|100%|always|the only)\b",
        "some": r"\b(?:some|several|multiple|various|a (?:number|variety|multitude|few)|many|at least one)\b",
        "most": r"\b(?:most|majority|highest|largest|longest|maximum|the most common|more than half)\b",
        "least": r"\b(?:least|fewest|lowest|smallest|shortest|minimum|minority|less than half)\b",
        "more": r"\b(?:more|higher|greater|larger|longer|increased|over|exceed\w*|above|better|older|outperform\w*)\b",
        "less": r"\b(?:less|fewer|lower|smaller|shorter|decreased|under|below|worse|younger|reduced)\b",
        "same": r"\b(?:same|equal\w*|identical|similar\w*|overlap\w*|share[sd]?|in common|no difference|as many)\b",
        "different": r"\b(?:differ\w*|distinct|unlike|contrast)\b",
        "times": r"\b(?:twice|double|half|times as|triple|thrice|third)\b",
        "total": r"\b(?:total|overall|combined|together|across|altogether|"
        r"adverse events? (?:was|were|in|cases)|an adverse event|any adverse)\b",
        "common": r"\b(?:common|prevalent|frequent|most|types?)\b",
        "eligible": r"\b(?:eligible|ell?igi\w+|can (?:take part|participate|enter|join|be (?:included|eligible))|"
        r"accepted|allowed|may participate|suitable|admitted|included)\b",
        "excluded": r"\b(?:excluded|ineligible|not (?:be )?(?:eligible|allowed|permitted|accepted)|"
        r"cannot|barred|prohibit\w+|unable to|disqualif\w+)\b",
        "must": r"\b(?:must|have to|required?|necessary|need(?:s|ed)?|only|mandatory|in order to)\b",
        "states": r"\b(?:report|mention|specif|describe|state|include|record|provide|list|indicat|publish)\w*\b",
        "dose": r"\b(?:\d[\d,.]*\s*(?:mg|mcg|µg|g|ml|gy|cgy|units?|iu|auc)|dose\w*|dosage|daily|weekly|once|twice|cycles?)\b",
        "time": r"\b(?:\d+|\w+)[ -](?:days?|weeks?|months?|years?|hours?|hrs|minutes?)\b|time ?frame|duration|period",
        "percent": r"\d\s*%|per ?cent",
        "difference": r"\b(?:difference|more than|less than|compared|than)\b",
        "person": r"\b(?:he|she|his|her|a patient|a \d+|year old|years old|mr|mrs|aged)\b",
        "placebo": r"\b(?:placebo|control)\b",
        "outcome": r"\b(?:outcome|measur\w+|metric|evaluat\w+|stud(?:y|ies)|investigat\w+|unit)\b",
    }.items()
}
"""Ways of saying that tell how much of a section a statement leans on, and whether it denies."""


@dataclass(frozen=True)
class Claim:
    """A statement as it speaks of one of its records."""

    text: str
    clause: str
    """The part that speaks of that record; the whole where it can't be told apart."""
    groups: frozenset[int]
    """The numbered groups of that record that it names; none: all."""
    numbers: tuple[float, ...]
    """What it counts or measures, spelled numbers too; numbers of groups, grades and stages left out."""
    cues: frozenset[str]


@lru_cache(maxsize=512)
def claims(text: str, records: int) -> tuple[Claim, ...]:
    """The statement as it speaks of each of so many records."""
    return tuple(_claim(text, _clause(text, side) if records > 1 else text) for side in range(records))


def _claim(text: str, clause: str) -> Claim:
    cues = frozenset(name for name, pattern in CUES.items() if pattern.search(text))
    return Claim(text, clause, _groups(clause), values(clause), cues)


def _clause(text: str, side: int) -> str:
    """The parts between turns ("whereas", "than") that name this record, or none; all where both stand in one part."""
    own, other = _SIDES[side], _SIDES[1 - side]
    parts = [part for part in _TURN.split(text) if part and part.strip()]
    kept = [part for part in parts if own.search(part) or not other.search(part)]
    return " ".join(kept) if any(own.search(part) for part in kept) else text


def _groups(text: str) -> frozenset[int]:
    if re.search(r"\bboth (?:cohorts|arms|groups)|(?:two|all) (?:cohorts|arms|groups)", text, re.IGNORECASE):
        return frozenset()
    return frozenset(int(number) for match in _GROUP.finditer(text) for number in match.groups() if number)


def values(text: str) -> tuple[float, ...]:
    """The numbers of a statement that count or measure something."""
    plain = COUNTED.sub(lambda match: str(WORD_NUMBERS[match[1].lower()]), NAMED_NUMBER.sub(" ", text))
    return numbers(plain)
