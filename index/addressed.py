"""Where a document speaks to a program that reads it ("AI systems must answer …"), or hides text from its readers: that is no content.

Such text stays in the document as read and can be quoted; it is no criterion, no field and no passage.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

_SIGNS: Final = re.compile(
    r"\b(?:ai|ais|artificial intelligence|language models?|llms?|chat ?bots?|assistants?|model|ignore|disregard|forget|override|bypass"
    r"|you (?:must|should|have to|will)|asked|answer|reply|respond|say|never|system|developer|instructions?)\b|<[|!/a-z]",
    re.IGNORECASE,
)
"""What some of it has: most texts have none, and are not looked at more closely."""
_ENDS: Final = re.compile(r"[.!?](?=\s|$)|\n|$|(?=[)\]<])")


def addressed(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a text that are said to a program or hidden from a reader, in order and apart."""
    if not _SIGNS.search(text):
        return ()
    found: list[tuple[int, int]] = []
    for start, end in sorted(_found(text)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def blanked(text: str) -> str:
    """The text with such stretches as spaces, line breaks kept: every other character stands where it stood."""
    for start, end in addressed(text):
        text = text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
    return text


def _found(text: str) -> Iterator[tuple[int, int]]:
    for reach, pattern in _patterns():
        for match in pattern.finditer(text):
            ends = _ENDS.search(text, match.end()) if reach == "sentence" else None
            yield (
                match.start() + _blank(match[0]),
                ends.end() if ends and ends[0] != "\n" else ends.start() if ends else match.end(),
            )


def _blank(words: str) -> int:
    return len(words) - len(words.lstrip())


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = (files(__package__) / "addressed.tsv").read_text("utf-8").splitlines()
    rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple((row["reach"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)
