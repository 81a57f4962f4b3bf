"""The one line that decides: whether a condition that a question names stands in a criterion, in its exception, or under a qualifier."""

import re
from typing import Final

from assistant.chat.question import Question
from assistant.chat.synonyms import Concept
from assistant.reply import Verdict
from index.trial import Criterion
from index.words import stems

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
_DENIED: Final = re.compile(r"\b(?:no|not|never|without|negative|denies|free of|none)\b|n['’]t\b", re.IGNORECASE)
PER_PROTOCOL: Final = re.compile(
    r"\b(?:per|by|in|see|defined in|according to|specified in) (?:the )?(?:full |study )?protocol\b|\bprotocol[- ](?:specified|defined)\b",
    re.IGNORECASE,
)
"""A line that leaves the rule itself to a protocol that is not there."""


def decides(criterion: Criterion, question: Question, asked: tuple[Concept, ...]) -> Verdict | None:
    """The verdict to the question as asked when this one line settles it, "depends" when it does not, None when it is not about it.

    An exclusion's exception that the question meets in full lets somebody through this line; an exclusion that stands without any
    qualifier stops them; all else depends on what was not said.
    """
    exception = EXCEPTION.search(criterion.text)
    main, excepted = (
        (criterion.text[: exception.start()], criterion.text[exception.end() :]) if exception else (criterion.text, "")
    )
    in_main = _named(asked, main)
    in_exception = _named(asked, excepted)
    if not (in_main or in_exception):
        return None
    if criterion.kind == "exclusion" and in_exception and _meets(question, excepted, in_exception):
        return _as_asked(True, question)
    lenient = _ALLOWED.search(criterion.text)
    unqualified = not lenient and in_main and not in_exception and not _QUALIFIER.search(main)
    if criterion.kind == "exclusion" and unqualified and not _DENIED.search(question.text):
        return _as_asked(False, question)
    return "depends"


def _named(asked: tuple[Concept, ...], text: str) -> tuple[Concept, ...]:
    found = frozenset(stems(text))
    return tuple(concept for concept in asked if concept.within(found))


def _meets(question: Question, excepted: str, named: tuple[Concept, ...]) -> bool:
    """The question says every qualifier of the exception's clause that it names ("stable hypothyroidism": is it stable?)."""
    clauses = [
        clause for clause in re.split(r",|;|\bor\b|\band\b", excepted) if any(c.within(frozenset(stems(clause))) for c in named)
    ]
    said = frozenset(word for concept in named for word in concept.said) | frozenset(question.stems)
    return bool(clauses) and all(_qualifiers_said(clause, said, named) for clause in clauses[:1])


def _qualifiers_said(clause: str, said: frozenset[str], named: tuple[Concept, ...]) -> bool:
    within = frozenset(word for concept in named for alternative in concept.alternatives for word in alternative)
    return all(set(stems(match[0])) <= said | within for match in _QUALIFIER.finditer(clause))


def _as_asked(passes: bool, question: Question) -> Verdict:
    """ "Does it rule me out?" is answered no where "am I allowed?" is answered depends: one line never lets anybody in."""
    if question.form == "excluded":
        return "no" if passes else "yes"
    return "depends" if passes else "no"
