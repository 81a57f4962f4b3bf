"""The words for lengths of time, their comparators and anchors, from the tables of `knowledge/`, as patterns."""

import re
from collections.abc import Iterable
from functools import cache
from typing import get_args

from assistant.eligibility.knowledge import rows
from assistant.eligibility.times.days import Unit

PAST = r"(?:last|past|previous|preceding|prior|recent)"


def choice(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in sorted(words, key=len, reverse=True))


@cache
def numbers() -> dict[str, tuple[float, float]]:
    """Number words with the least and the most that they leave possible."""
    return {row["words"]: (float(row["low"]), float(row["high"])) for row in rows("time-numbers.tsv")}


@cache
def units() -> dict[str, Unit]:
    """The words for each unit of time."""
    named = {row["unit"]: row["words"].split("|") for row in rows("time-units.tsv")}
    return {word: unit for unit in get_args(Unit) for word in named[unit]}


@cache
def month_names() -> dict[str, int]:
    """The names of the months and their short forms, lower-case."""
    return {word: int(row["month"]) for row in rows("time-months.tsv") for word in row["words"].split("|")}


@cache
def signs() -> dict[str, str]:
    """Words before a length and the sign (≥ > ≤ <) that they stand for."""
    return {word: row["sign"] for row in rows("time-comparators.tsv") for word in row["words"].split("|")}


@cache
def roles() -> dict[str, str]:
    """The words of an anchor and what they count to: start, today, end (an event), filler or link."""
    return {row["word"]: row["role"] for row in rows("time-anchors.tsv")}


@cache
def _comparator() -> str:
    ends = {True: r"(?!\w)", False: ""}
    longest_first = sorted(signs(), key=len, reverse=True)
    return "|".join(f"(?:{choice([word])}){ends[word[-1].isalpha()]}" for word in longest_first)


@cache
def _length() -> str:
    """A pattern for "4 weeks", "four (4) weeks", "4-6 weeks", "28-day", with the groups low, high and unit."""
    number = rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?(?![\d.,]?\d)|(?:{choice(numbers())})(?!\w))"
    twice = rf"{number}(?:\s?\(\s?(?:{number})\s?\))?"
    letters = [word for word in units() if len(word) == 1]
    unit = rf"(?:{choice(set(units()) - set(letters))}|(?-i:{'|'.join(letters)}))"
    joint = r"(?:\s?[-–—]\s?|\s{1,3}(?:to|or|and)\s{1,3})"
    return rf"(?=[\w])(?<![\w.,])(?P<low>{twice})(?:{joint}(?P<high>{twice}))?[\s-]{{0,3}}(?P<unit>{unit})(?![\w])"


def number_of(words: str) -> tuple[float, float]:
    """The least and the most that a number's words leave possible: "four (4)" → 4, 4."""
    said = re.sub(r"\s+", " ", words.split("(")[0]).strip().lower()
    return numbers().get(said) or (float(said), float(said))


def unit_of(word: str) -> Unit:
    """The unit that a word of `units()` names."""
    return units()[re.sub(r"\s+", " ", word).lower()]


@cache
def pattern(source: str) -> re.Pattern[str]:
    """A pattern compiled once, with the tables' words put in for LENGTH, CMP, GAP, MONTH, UNIT."""
    named = {
        "LENGTH": _length(),
        "CMP": rf"(?:{_comparator()})",
        "GAP": choice(row["word"] for row in rows("time-gaps.tsv")),
        "MONTH": rf"(?:{choice(month_names())})",
        "UNIT": rf"(?:{choice(word for word in units() if len(word) > 1)})",
    }
    for name, words in named.items():
        source = source.replace(f"<{name}>", words)
    return re.compile(source, re.IGNORECASE)
