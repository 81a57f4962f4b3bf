"""Words as ranking and scope compare them: lower-case, accents folded, stems by Snowball, function words dropped."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+(?:\.\d+)?")

STOPWORDS = frozenset(
    "a about above after again all also although am an and any are as at be because been before being below between both but "
    "by can could did do does doing don down during each either else ever few for from further get give given had has have "
    "having he her here hers him his how i if in into is isn it its itself just let like may me might mine more most much "
    "must my myself of off on once only onto or other our ours out over own per please said same say see she should since so "
    "some such tell than that the their theirs them then there these they this those through to too under until up upon us "
    "use used using very via was we were what when where whether which while who whom whose why will with within without "
    "would yes yet you your yours".split()
)
"""English function words; "no" and "not" are kept out of it, for they carry meaning in a criterion."""

GENERIC = frozenset(
    "trial study studies trials research clinical patient patients participant participants people person subject subjects "
    "record document page protocol nct question know want need allowed allow join enroll enrol enter eligible eligibility "
    "criterion criteria qualify fit meet pass rule requirement require required".split()
)
"""Words that every trial document is full of: they never tell one passage or trial from another."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text and where it stands."""

    stem: str
    start: int
    end: int


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


_APART = {"lactate": "lactate", "lactates": "lactate"}
"""Words that the stemmer would join with others of another meaning: lactate is no lactation."""


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of one word, lower-case and without accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return _APART.get(plain) or str(_stemmer().stemWord(plain))


def words(text: str, *, drop: frozenset[str] = STOPWORDS) -> Iterator[Word]:
    """The content words of a text; a hyphenated word gives its parts ("low-dose": low, dose)."""
    for match in _WORD.finditer(text):
        for part in _PART.finditer(match[0]):
            if part[0].lower() not in drop and (len(part[0]) > 1 or part[0].isdigit()):
                start = match.start() + part.start()
                yield Word(stem(part[0]), start, start + len(part[0]))


def stems(text: str, *, drop: frozenset[str] = STOPWORDS) -> list[str]:
    """The stems of a text's content words, in order, repeats kept."""
    return [word.stem for word in words(text, drop=drop)]
