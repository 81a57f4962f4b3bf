"""Whether a message asks for what only a person's own doctor or the study team may say: a choice, a dose, a prognosis, a lie."""

import re
from functools import cache
from typing import Final

from assistant.safety.likeness import CLASSES, LONG, probabilities
from assistant.safety.plain import sentences
from assistant.safety.tables import rows

ALIKE: Final = 0.65
"""Probability from which a message is like requests for advice."""
_COMMAND: Final = "command"
"""Tells the assistant what to be or to say; only where the message has nothing else is there nothing to answer."""
_OF_DOCUMENTS: Final = re.compile(
    r"^(?:which|what) (?:page|document|version|source|copy|listing|record|website)s?\b(?!.*\b(?:my|me|mine|him|her)\b)",
    re.IGNORECASE,
)
"""A question which of the documents counts: nobody's own matter, though it sounds like a choice."""
_ADVICE: Final = CLASSES.index("advice")
_GENERAL: Final = "That is for your own doctor or the study team to say, and not for me."


def refusal(message: str) -> str | None:
    """The sentence by which a request for advice is declined; None where the message asks for none."""
    listed = request(message)
    if listed:
        return listed
    if _OF_DOCUMENTS.search(message.strip()):
        return None
    alike = 0 < len(message) <= LONG and probabilities([message])[0][_ADVICE] >= ALIKE
    return _GENERAL if alike else None


def request(message: str) -> str | None:
    """The sentence by which a request that the table lists is declined."""
    said = list(sentences(message))
    for sentence in said:
        for kind, asks, unless, says in _requests():
            if not asks.search(sentence) or (unless and unless.search(sentence)):
                continue
            if kind != _COMMAND or all(asks.search(other) for other in said):
                return says
    return None


@cache
def _requests() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None, str], ...]:
    return tuple(
        (row["kind"], re.compile(row["asks"]), re.compile(row["unless"]) if row["unless"] else None, row["says"])
        for row in rows("advice.tsv")
    )
