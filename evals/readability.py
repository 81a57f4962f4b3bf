"""How hard our own words are to read: US grades by Flesch-Kincaid and SMOG, without what others wrote and what only names things.

Flesch-Kincaid: Kincaid et al. 1975, Derivation of new readability formulas for Navy enlisted personnel. SMOG: McLaughlin 1969, SMOG
grading, Journal of Reading 12(8).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any, Final

import pyphen

from assistant.eligibility.numbers.quantities import all_quantities
from assistant.eligibility.vocabulary.concepts import all_concepts, find
from index.loaders.vocabulary import ENUMERATED
from index.sentences import sentences

GRADE: Final = 8.0
"""The US school grade that a patient's answer stays within."""
RUN: Final = 3
"""Words in a row that stand in a passage cited are the passage's, not ours."""
POLYSYLLABLE: Final = 3
"""Syllables from which SMOG counts a word."""
_NAMED_KINDS: Final = frozenset({"drug", "therapy", "biomarker", "test-result"})
"""Concepts whose names are nobody's choice of words; of other kinds only those that the passages use too."""
_QUOTE: Final = re.compile(r"[“\"][^“”\"]*[”\"](?P<ends>\s+(?=[A-Z“])|$)?", re.DOTALL)
_LINE_NAME: Final = re.compile(r"\b(?:Inclusion|Exclusion) [\w.]+", re.IGNORECASE)
"""How a criterion is called: its list and its number."""
_NUMBER: Final = re.compile(
    r"[≥≤<>=~±×]*\s*\b\d(?:[\d.,:/–-]*\d)?(?:\s*×\s*10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?:\s*(?:%|×\s*ULN|(?:[a-zµμ]+|mL|dL|IU|U|Gy)/[\w²³]+(?:/[\w²³]+)*|"
    r"mg|kg|g|Gy|mL|L|cm|mm|mmHg|ms|IU|U|ULN)(?![\w/]))?",
)
_CODE: Final = re.compile(r"\S*(?:\d|[a-z][A-Z]|[A-Z][A-Z]|[@_])\S*?(?=[.,;:!?)\]]*(?:\s|$))")
"""Trial ids, abbreviations, addresses: what has digits, several capitals or capitals inside."""
_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][a-z]+)?")
_CAPITALISED: Final = re.compile(r"(?<=[^.!?:\s] )[A-ZÀ-Þ][a-zà-ÿ]+")
"""A capitalised word that does not begin a sentence."""
_SILENT: Final = re.compile(r"(?<=[aeiouy])([^aeiouy]+)(?:e|(?<![td])ed|(?<![sxzcg])(?<!sh)(?<!ch)es)$")
_SYLLABIC: Final = re.compile(r"[^aeiouy]le[sd]?$")


@dataclass(frozen=True, slots=True)
class Grades:
    """A text's counts and the grades that come of them."""

    sentences: int
    words: int
    syllables: int
    polysyllables: int

    @property
    def flesch_kincaid(self) -> float:
        """The Flesch-Kincaid grade level."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def smog(self) -> float:
        """The SMOG grade; a text of fewer than 30 sentences as if it went on in the same way."""
        return 1.0430 * sqrt(self.polysyllables * 30 / self.sentences) + 3.1291

    @property
    def within(self) -> bool:
        """Whether both grades are those that a patient's answer stays within."""
        return self.flesch_kincaid <= GRADE and self.smog <= GRADE


def grades(text: str) -> Grades | None:
    """The grades of a text as it stands; None where it has no word."""
    parts = [words for line in text.split("\n") for part in sentences(line) if (words := _WORD.findall(line[slice(*part)]))]
    counts = [syllables(word) for words in parts for word in words]
    if not counts:
        return None
    return Grades(len(parts), len(counts), sum(counts), sum(count >= POLYSYLLABLE for count in counts))


@cache
def syllables(word: str) -> int:
    """The syllables of an English word: as many as it can be hyphenated into, and at least as many as it has groups of vowels.

    Hyphenation never leaves a single letter alone ("o-pen"), so that it falls short by itself.
    """
    plain = re.sub(r"['’].*", "", word).lower()
    heard = plain if _SYLLABIC.search(plain) else _SILENT.sub(r"\1", plain)
    return max(len(_hyphenation().positions(plain)) + 1, len(re.findall(r"[aeiouyà-ÿ]+", heard)))


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")


def of_reply(reply: Mapping[str, Any]) -> Grades | None:
    """The grades of a reply's own words: its sentences, what it says of the documents, what it asks next, and the terms explained."""
    quotes = [citation["quote"] for citation in reply.get("citations") or ()]
    quotes += reply.get("trials") or ()
    said = [one["text"] for part in ("sentences", "findings") for one in reply.get(part) or ()]
    said += [reply["next_question"]] if reply.get("next_question") else []
    explained = [one["explanation"] for one in reply.get("glossary") or ()]
    return grades("\n".join([*(own_words(one, quotes) for one in dict.fromkeys(said)), *explained]))


def own_words(text: str, quotes: Iterable[str] = ()) -> str:
    """A text without quotations, runs of words that stand in the quotes, names, codes, and numbers with their units."""
    said = _LINE_NAME.sub("", _QUOTE.sub(lambda quote: ". " if quote["ends"] is not None else " ", text))
    passages = [tuple(word.casefold() for word in _WORD.findall(quote)) for quote in quotes]
    said = _without_names(_without_runs(said, passages), {word for passage in passages for word in passage})
    return _CODE.sub(" ", _NUMBER.sub(" ", said))


def _without_runs(text: str, passages: Sequence[tuple[str, ...]]) -> str:
    """The text without its stretches of RUN words or more that stand in a passage."""
    runs = {passage[at : at + RUN] for passage in passages for at in range(len(passage) - RUN + 1)}
    words = list(_WORD.finditer(text))
    taken: set[int] = set()
    for at in range(len(words) - RUN + 1):
        if tuple(word[0].casefold() for word in words[at : at + RUN]) in runs:
            taken.update(range(at, at + RUN))
    return _cut(text, (words[at].span() for at in taken))


def _without_names(text: str, cited: set[str]) -> str:
    """The text without names: of drugs, treatments, tests and quantities; where the passages have them, of other concepts, of the
    registry's values, and capitalised words.
    """
    spans = [match.span() for match in _quantity_names().finditer(text)]
    for mention in find(text):
        kinds = {known.kind for one in mention.concepts if (known := all_concepts().get(one))}
        theirs = all(word.casefold() in cited for word in _WORD.findall(text[mention.start : mention.end]))
        if kinds & _NAMED_KINDS or theirs:
            spans.append((mention.start, mention.end))
    spans += [word.span() for word in _WORD.finditer(text) if word[0].casefold() in _values() & cited]
    spans += [word.span() for word in _CAPITALISED.finditer(text) if word[0].casefold() in cited]
    return _cut(text, spans)


@cache
def _values() -> frozenset[str]:
    """The long words of the registry's own values: "experimental", "recruiting"."""
    words = (word.lower() for values in ENUMERATED for value in values for word in value.split("_"))
    return frozenset(word for word in words if syllables(word) >= POLYSYLLABLE)


@cache
def _quantity_names() -> re.Pattern[str]:
    names = sorted((one.name for one in all_quantities().values()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept = list(text)
    for start, end in spans:
        kept[start:end] = " " * (end - start)
    return "".join(kept)
