"""A message as the tables of this folder read it: lower case, its contractions written out, sentence by sentence."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

LONGEST: Final = 20_000
"""Characters of a message that are read."""

_SHORT: Final = {
    r"\bcan ?['’]?t\b|\bcan not\b|\bcould ?n['’]?t\b|\bunable to\b|\bnot able to\b": "cannot",
    r"\bwo ?n['’]?t\b": "will not",
    r"\bdo ?n['’]?t\b": "do not",
    r"\bdoes ?n['’]?t\b": "does not",
    r"\bdid ?n['’]?t\b": "did not",
    r"\bis ?n['’]?t\b": "is not",
    r"\bhas ?n['’]?t\b": "has not",
    r"\bhave ?n['’]?t\b": "have not",
    r"\bi ?['’]m\b|\bim\b": "i am",
    r"\bi ?['’]ve\b|\bive\b": "i have",
    r"\b(he|she|it|there|what|baby|dad|mum|mom|tongue|throat|face|heart|who)['’]s\b": r"\1 is",
    r"\b(they|we|you)['’]re\b": r"\1 are",
    r"\b(they|we|you)['’]ve\b": r"\1 have",
    r"\b(i|he|she|they|we|it)['’]ll\b": r"\1 will",
    r"\b(i|he|she|they|we|it)['’]d\b": r"\1 would",
}
_SENTENCE: Final = re.compile(
    r"(?<=[!?;\n])|(?<=[a-z)]\.)(?=\s)|(?<=\d\.)(?=\s+[a-z])|,? (?=\bbut\b)|(?= and (?:now|tonight|today|suddenly)\b)|(?=, now\b)"
    r"|(?<=,)(?= (?:is|are|does|do|can|could|will|would|should|what|how|when|which)\b)"
)


def sentences(message: str) -> Iterator[str]:
    """The sentences of a message; a turn ("but …", "and now …") begins one too."""
    for sentence in _SENTENCE.split(written_out(message)):
        if sentence.strip():
            yield " ".join(sentence.split())


def written_out(message: str) -> str:
    """The message in lower case, its contractions written out."""
    words = message[:LONGEST].lower()
    for short, long in _shorts():
        words = short.sub(long, words)
    return words


@cache
def _shorts() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(short), long) for short, long in _SHORT.items())
