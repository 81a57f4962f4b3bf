"""Terms of the field in plain words: what a patient's answer uses for the first time is explained beside it."""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from assistant.reply import Explained, Reply
from assistant.tables import read_table

MOST: Final = 2
"""Terms explained beside one reply."""
_BESIDE: Final = ("See also", "Related")
"""How a sentence begins that only points further."""
_SPEAKS: Final = frozenset({"answer", "not_stated", "declined"})
"""Kinds of reply that say what documents say."""


def explanations(reply: Reply, question: str, given: Collection[str] = ()) -> tuple[Explained, ...]:
    """The first terms of a patient's reply whose meaning was not given yet, each as it stands there.

    `given`: explanations that the conversation has given; a term that the question itself explains is known.
    """
    if reply.kind not in _SPEAKS:
        return ()
    known = {*given, *(meaning_of(match[0]) for match in _terms().finditer(question) if _is_told(question, match))}
    found: dict[str, Explained] = {}
    for term in _used(reply):
        meaning = meaning_of(term)
        if meaning not in known:
            found.setdefault(meaning, Explained(term, meaning))
    return tuple(found.values())[:MOST]


def _used(reply: Reply) -> Iterator[str]:
    """The terms in the sentences that answer, in their order."""
    for sentence in reply.sentences:
        if not sentence.text.startswith(_BESIDE):
            yield from (match[0] for match in _terms().finditer(sentence.text))


def _is_told(question: str, match: re.Match[str]) -> bool:
    """Whether the question says what the term means: "ECOG (how fit I am)", "birth control (contraception)"."""
    before, after = question[: match.start()], question[match.end() :]
    return re.match(r"\s*(?:\(|=|,? (?:that is|i\.e\.|meaning|means)\b)", after) is not None or bool(
        re.search(r"\w\s*\($", before) and re.match(r"\s*\)", after)
    )


def meaning_of(term: str) -> str:
    """What a term of the table means. Raises KeyError for another: eGFR is not EGFR."""
    known = _meanings()
    return known[term] if term in known else known[term.casefold()]


@cache
def _meanings() -> Mapping[str, str]:
    return {one if _has_case(one) else one.casefold(): row["explanation"] for row in entries() for one in spellings(row)}


@cache
def _terms() -> re.Pattern[str]:
    """Any spelling of a term, the longest first; those with several capitals only so."""
    longest_first = sorted((one for row in entries() for one in spellings(row)), key=len, reverse=True)
    forms = (re.escape(one) if _has_case(one) else f"(?i:{re.escape(one)})" for one in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")


def _has_case(spelling: str) -> bool:
    return len(re.findall(r"[A-Z]", spelling)) > 1


def spellings(row: Mapping[str, str]) -> list[str]:
    """How a row's term may stand in a text."""
    return [row["term"], *(one for part in row["variants"].split(";") if (one := part.strip()))]


@cache
def entries() -> tuple[dict[str, str], ...]:
    """The table's rows by column."""
    return tuple(read_table(files(__package__) / "glossary.tsv"))
