"""Whether somebody may need help now: a deterministic check of every message, before anything else is read in it.

Tables decide first: what people say of danger (`dangers.tsv`), and what makes the same words no call for help (`excuses.tsv`): told of
the past, supposed, asked about the documents, said of others, a figure of speech, denied. What no table lists is judged by its
likeness to such messages. In doubt it is a call for help.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from assistant.safety.advice import request
from assistant.safety.likeness import LONG, probabilities
from assistant.safety.plain import sentences
from assistant.safety.tables import rows

Route = Literal["emergency", "crisis"]

LIKE: Final = "like a call for help"
"""The category of what no table lists."""
TOGETHER: Final = 4
"""Sentences within which the signs of one danger stand."""
LEAST: Final = 5
"""Words from which a part of a message is like anything."""
ALIKE: Final = 0.2
"""Probability from which a message, or what it tells of the present with its questions left out, is like those of people in danger."""
ALIKE_IN_WHOLE, ALIKE_AS_TOLD = 0.25, 0.75
"""The same where the message asks about a trial, for which people tell of their illness: in whole, and as told."""
ALIKE_AS_ASKED: Final = 0.5
"""The same where a message does nothing but ask or suppose."""
_TELLS: Final = re.compile(r"[.!;\n]\s")
_OF_A_TRIAL: Final = re.compile(
    r"\bnct ?\d|\b(?:trial|study|studie)s?\b"
    r"|\b(?:control|comparator|placebo|sham|active|standard|treatment|experimental|intervention|other) (?:arm|group)s?\b",
    re.IGNORECASE,
)


_WORD: Final = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Danger:
    """What a message tells of: a category of the table, and who can help (emergency services, or a crisis line)."""

    category: str
    route: Route


@dataclass(frozen=True, slots=True)
class _Sign:
    danger: Danger
    acute: bool
    patterns: tuple[re.Pattern[str], ...]


_TOLD_NOW: Final = re.compile(
    r"\b(?:i|my|me|he|she|his|her|we)\b[^.?!]{0,60}\b(?:am|is|are|have|has|feels?|feeling|hurts?|keeps?|cannot|took|taken|swallowed|started|"
    r"want|think|thinking|think of)\b"
)
"""Tells of a person as of now, whatever it asks beside."""


def danger(message: str) -> Danger | None:
    """The danger that a message tells of, physical before any other; None where it tells of none."""
    found = _signs_in(message)
    return next((one for one in found if one.route == "emergency"), found[0] if found else _alike(message))


def _signs_in(message: str) -> list[Danger]:
    """The dangers whose signs stand together, within a few sentences that tell what is the case now."""
    said = [_cut(sentence) for sentence in sentences(message)]
    present = [sentence for sentence in said if _is_present(sentence)]
    acute = _matches("now", " . ".join(present)) or _matches("acute", " . ".join(said))
    told = [" . ".join(present[at : at + TOGETHER]) for at in range(max(1, len(present) - TOGETHER + 1))]
    return [
        sign.danger
        for sign in _signs()
        if (acute or not sign.acute) and any(all(pattern.search(part) for pattern in sign.patterns) for part in told)
    ]


def _alike(message: str) -> Danger | None:
    """The danger of messages that this one, or what it tells of the present, is like.

    A long one is a note or a document, which the model was not fitted for; one that asks for advice in so many words gets its answer.
    """
    parts = compared(message) if len(message) <= LONG and not request(message) else {}
    if not parts:
        return None
    for (_, emergency, crisis, _), bound in zip(probabilities(list(parts)), parts.values(), strict=True):
        if emergency + crisis >= bound:
            return Danger(LIKE, "emergency" if emergency >= crisis else "crisis")
    return None


def compared(message: str) -> dict[str, float]:
    """What the likeness of a message is judged by, each with the bound from which it counts: the whole, and what it tells as of now."""
    said = [_cut(sentence) for sentence in sentences(message)]
    told = [sentence for sentence in said if not any(_matches(kind, sentence) for kind in ("asked", "supposed", "over"))]
    only_asks = message.rstrip().endswith("?") and not _TELLS.search(message)
    alone = (ALIKE_AS_ASKED, ALIKE_AS_ASKED) if only_asks else (ALIKE, ALIKE)
    whole, part = (ALIKE_IN_WHOLE, ALIKE_AS_TOLD) if _OF_A_TRIAL.search(message) else alone
    if only_asks:
        whole = max(whole, ALIKE_AS_ASKED)
    seen = [(" ".join(told), LEAST, part), (" ".join(said), 2, whole)]
    return {part: bound for part, least, bound in seen if len(_WORD.findall(part)) >= least}


def _cut(sentence: str) -> str:
    """The sentence without figures of speech and without what it denies."""
    for kind in ("idiom", "denied"):
        for pattern in _excuses()[kind]:
            sentence = pattern.sub(" ", sentence)
    return sentence


def _is_present(sentence: str) -> bool:
    """Whether a sentence tells what is the case now, not what was, may be, is asked of the documents or is said of others."""
    if _matches("supposed", sentence) or _matches("over", sentence):
        return False
    if _matches("now", sentence):
        return not _matches("asked", sentence) or _TOLD_NOW.search(sentence) is not None
    return not any(_matches(kind, sentence) for kind in ("other", "past", "asked"))


def _matches(kind: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _excuses()[kind])


@cache
def _signs() -> tuple[_Sign, ...]:
    return tuple(
        _Sign(
            Danger(row["category"], "crisis" if row["route"] == "crisis" else "emergency"),
            row["acute"] == "yes",
            tuple(re.compile(pattern) for pattern in row["signs"].split(" && ")),
        )
        for row in rows("dangers.tsv")
    )


@cache
def _excuses() -> dict[str, tuple[re.Pattern[str], ...]]:
    kinds: dict[str, list[re.Pattern[str]]] = {}
    for row in rows("excuses.tsv"):
        kinds.setdefault(row["kind"], []).append(re.compile(row["pattern"]))
    return {kind: tuple(patterns) for kind, patterns in kinds.items()}
