"""Organs that a note calls fine: "my heart and lungs have always been fine" denies their diseases."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.scope import Said
from assistant.eligibility.vocabulary.concepts import Mention

_WHOSE = r"(?:(?:my|his|her|their|the)\s+)?"
_FINE = (
    r"\s+(?:(?:is|are|works?|seems?|remains?|(?:has|have)\s+(?P<always>always\s+)?been)(?:\s+(?:all|both|still|also|perfectly))*\s+)?"
    r"(?:fine|ok|okay|healthy|sound|all\s+right|alright|working\s+well|in\s+(?:good|excellent|perfect)\s+(?:shape|health|order))"
    r"(?=\s*(?:[.,;:!)\n]|$)|\s+(?:and|now|too|today|so\s+far|currently|at\s+present)\b)"
    r"(?!\s*,?\s*(?:but|except|apart|other\s+than|aside|until|before|once)\b)"
)
_NOT_SO = re.compile(
    r"(?:\b(?:new|donor|transplanted|grafted|artificial|remaining|other|right|left|if|whether|once|when|unless|provided|is|are|not)"
    r"|-|(?:^|[.,;:(]|\band)\s*(?:\w+\s*){0,2}(?:[,&/]|\band))\s*(?:(?:my|his|her|their|the|both)\s+)?$",
    re.IGNORECASE,
)
"""Before an organ: it is another's or a part, it is asked or supposed, or it ends a list of which the rest is unknown."""


@cache
def _organs() -> Mapping[str, str]:
    return {organ: row["concept"] for row in rows("organs.tsv") for organ in row["organ"].split("|")}


@cache
def _called_fine() -> re.Pattern[str]:
    organ = "(?:" + "|".join(sorted(_organs(), key=len, reverse=True)) + ")"
    return re.compile(rf"\b(?P<organs>{organ}(?:\s*(?:,|/|&|,?\s+and)\s*{_WHOSE}{organ}){{0,8}}){_FINE}", re.IGNORECASE)


def called_fine(text: str) -> Iterator[Mention]:
    """The diseases that are denied of organs called fine, as one name that denies."""
    for match in _called_fine().finditer(text):
        if _NOT_SO.search(text, max(0, match.start() - 30), match.start()) is None:
            named = re.findall(r"[a-z]+", match["organs"].lower())
            concepts = tuple(dict.fromkeys(_organs()[word] for word in named if word in _organs()))
            yield Mention(match.start(), match.end(), concepts, True)


def mark_fine(text: str, said: Sequence[Said]) -> None:
    """What is fine now may have been ill before, and a note that states an illness of the organ states it all the same."""
    for one in said:
        match = _called_fine().match(text, one.mention.start) if one.mention.denies else None
        if match and match.end() == one.mention.end:
            one.other = True
            if not match["always"]:
                one.ongoing = one.today = True
