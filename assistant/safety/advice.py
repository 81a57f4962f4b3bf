"""Whether a message asks for what only a person's own doctor or the study team may say: a choice, a dose, a prognosis, a lie."""

import re
from functools import cache

from assistant.safety.likeness import CLASSES, LONG, probabilities
from assistant.safety.plain import sentences
from assistant.safety.tables import rows


def refusal(message: str) -> str | None:
    """The sentence by which a request for advice is declined; None where the message asks for none."""
    for sentence in sentences(message):
        for asks, unless, says in _requests():
            if asks.search(sentence) and not (unless and unless.search(sentence)):
                return says
    alike = len(message) <= LONG and probabilities([" ".join(said)])[0][_ADVICE] >= ALIKE
    return _GENERAL if alike else None


ALIKE: Final = 0.4
"""Probability from which a message is like requests for advice."""
_ADVICE: Final = CLASSES.index("advice")
_GENERAL: Final = "That is for your own doctor or the study team to say, and not for me."


@cache
def _requests() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None, str], ...]:
    return tuple(
        (re.compile(row["asks"]), re.compile(row["unless"]) if row["unless"] else None, row["says"])
        for row in rows("advice.tsv")
    )
