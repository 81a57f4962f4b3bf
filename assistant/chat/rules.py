"""The one line that decides: whether what a question says stands in a criterion, in its exception, or under a qualifier."""

import re
from typing import Final

from assistant.chat.question import Question
from assistant.chat.synonyms import Concept, same_as
from assistant.reply import Verdict
from index.trial import Criterion
from index.words import GENERIC, stem, stems

EXCEPTION: Final = re.compile(
    r"\b(?:except(?:ion|ing)?(?: (?:for|of|that))?|unless|other than|excluding|with the exception of|apart from|does not include)\b",
    re.IGNORECASE,
)
_QUALIFIER: Final = re.compile(
    r"[<>≤≥=\d]|\b(?:active|uncontrolled|symptomatic|unstable|severe|serious|significant|requiring|untreated|recent|history|known|"
    r"within|grade|class|stage|poorly|if|judg\w+|opinion|adequate\w*|treated|stable|resolved|cured|controlled|in situ|"
    r"planned|planning|suspected|evidence|study|investigational|certain|such as|e\.g\.|including|other)\b",
    re.IGNORECASE,
)
_ALLOWED: Final = re.compile(
    r"\b(?:allow|permit|accept|eligib)\w*|\bmay be (?:included|enrol)|\bnot (?:be )?(?:an )?exclu|\bexempt", re.IGNORECASE
)
"""A line that lets some people through, whatever it bars."""
_NOT_SURE: Final = re.compile(
    r"\b(?:no|not|never|without|negative|denies|free of|none|against|vaccin\w*|cured|past|used to|remission|suspect\w*|might|maybe|"
    r"perhaps|possibl\w+|risk|worried|afraid|screen\w*|if|family|parents?)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words by which what a question names need not be what the person has."""
_WHO: Final = re.compile(r"[,;]?\s*(?:\b(?:or|and)\b)?\s*(?=\bwho\b)", re.IGNORECASE)
"""Where one of several relative clauses begins; each has its own qualifiers ("who are pregnant, or who plan a pregnancy")."""
_PART: Final = re.compile(r"[,;/()]|\bor\b|\band\b", re.IGNORECASE)
_EMPTY: Final = frozenset(
    map(
        stem,
        "disease disorder condition infection syndrome women woman men man female male adult child children have any".split(),
    )
) | frozenset(map(stem, GENERIC))
"""Words of a criterion that need not be said to name what it bars."""
PER_PROTOCOL: Final = re.compile(
    r"\b(?:per|by|in|see|defined in|according to|specified in) (?:the )?(?:full |study )?protocol\b|\bprotocol[- ](?:specified|defined)\b",
    re.IGNORECASE,
)
"""A line that leaves the rule itself to a protocol that is not there."""


def decides(criterion: Criterion, question: Question, asked: tuple[Concept, ...]) -> Verdict | None:
    """The verdict to the question as asked when this one line settles it, "depends" when it does not, None when it is not about it.

    An exclusion's exception that the question says in full lets somebody through this line; an exclusion that the question says in
    full and that stands without any qualifier stops them; all else depends on what was not said.
    """
    exception = EXCEPTION.search(criterion.text)
    main, excepted = (
        (criterion.text[: exception.start()], criterion.text[exception.end() :]) if exception else (criterion.text, "")
    )
    if not (_about(asked, main) or _about(asked, excepted)):
        return None
    if criterion.kind != "exclusion" or question.of_kin or _NOT_SURE.search(question.text):
        return "depends"
    if _says(question, excepted):
        return _as_asked(True, question)
    if _about(asked, excepted) or _ALLOWED.search(criterion.text):
        return "depends"
    bars = any(_says(question, clause) and not _QUALIFIER.search(clause) for clause in _clauses(main))
    return _as_asked(False, question) if bars else "depends"


def _about(asked: tuple[Concept, ...], text: str) -> bool:
    found = frozenset(stems(text))
    return any(concept.within(found) for concept in asked)


def _clauses(main: str) -> list[str]:
    """The line, or each of its relative clauses with what they hang on."""
    head, *clauses = _WHO.split(main)
    return [f"{head} {clause}" for clause in clauses] or [main]


def _says(question: Question, text: str) -> bool:
    """Whether the question says all of some part of the text ("stable hypothyroidism": the condition and that it is stable)."""
    said = _EMPTY | frozenset(question.stems) | same_as(question.text)
    parts = [frozenset(stems(part)) for part in _PART.split(text)]
    return any(part <= said and not part <= _EMPTY for part in parts)


def _as_asked(passes: bool, question: Question) -> Verdict:
    """ "Does it rule me out?" is answered no where "am I allowed?" is answered depends: one line never lets anybody in."""
    if question.form == "excluded":
        return "no" if passes else "yes"
    return "depends" if passes else "no"
