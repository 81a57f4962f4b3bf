"""Claims about a trial that the record's own words deny: "off-the-shelf?" of autologous cells, "an injection on day 120?" without one."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from assistant.chat.points import Point, Proof, Said
from assistant.chat.select import OF_A_RULE, ON_TREATMENT, Reading
from assistant.chat.wording import shown
from assistant.tables import read_table
from index.sentences import sentences
from index.trial import Passage, Span, Trial
from index.view import view

_WHAT_IT_IS: Final = ON_TREATMENT - {"description"}
"""Sections whose words are the trial's own; a criterion may name what it keeps out."""
_CLAIMS: Final = re.compile(r"\b(?:correct|right|true|yes|confirm)\b[^.?!]{0,40}[?.!]|\?", re.IGNORECASE)
_TIME_POINT: Final = re.compile(r"\b(day|week|month|visit|cycle)\s*(\d+)\b", re.IGNORECASE)
_NEXT_POINT: Final = re.compile(rf"(?<!after )(?<!from )(?<!before ){_TIME_POINT.pattern}", re.IGNORECASE)
_EVENT: Final = r"(?:treatments?|injections?|dos(?:e|es|ing)|infusions?|vaccinations?|administrations?|drug)"
_EVENT_ASKED: Final = re.compile(rf"\b{_EVENT}\b", re.IGNORECASE)
_NO_EVENT: Final = re.compile(rf"\bno (?:further |more |additional )?{_EVENT}\b|\bwithout (?:any )?{_EVENT}\b", re.IGNORECASE)
_TOLD: Final = re.compile(r"\b(?:i|i['’]m|he|she|we|pt|patient)\b", re.IGNORECASE)
"""Somebody's own treatment is no claim about the trial's."""
_SOMEBODY: Final = re.compile(r"\b(?:i|my|me|he|she|his|her|him|we|our|pt)\b", re.IGNORECASE)
_DENIED: Final = re.compile(r"\b(?:no|not|without|never)\b|n['’]t\b", re.IGNORECASE)


def denied(reading: Reading) -> Said | None:
    """No, with the words that deny it; None where nothing is claimed or nothing denies it."""
    question = reading.question
    if (question.form == "open" and not _CLAIMS.search(question.text)) or _DENIED.search(question.text):
        return None
    if question.form == "excluded" or OF_A_RULE.search(question.text) or _TOLD.search(question.text):
        return None
    if question.about_a_person and _SOMEBODY.search(question.text):
        return None
    found = list(_other_word(reading)) or list(_nothing_then(reading))
    return Said(tuple(dict.fromkeys(found)), "no") if found else None


def _other_word(reading: Reading) -> Iterator[Point]:
    """The sentences that use the contrary of a word of the question, where the record never uses the word itself."""
    own = [passage for passage in reading.corpus if passage.section in ON_TREATMENT]
    for first, second in _pairs():
        for claimed, contrary in ((first, second), (second, first)):
            if not claimed.search(reading.question.text) or contrary.search(reading.question.text):
                continue
            if any(claimed.search(passage.text) for passage in own):
                continue
            yield from _sentences(reading.trial, [one for one in own if one.section in _WHAT_IT_IS], contrary)


def _nothing_then(reading: Reading) -> Iterator[Point]:
    """What the record says of the time point asked about, where that is that nothing is given then."""
    asked = _TIME_POINT.search(reading.question.text)
    if not (asked and _EVENT_ASKED.search(reading.question.text)):
        return
    then = re.compile(rf"\b{asked[1]}\s*{asked[2]}\b", re.IGNORECASE)
    for passage in reading.corpus:
        if passage.section not in ON_TREATMENT:
            continue
        text = view(reading.trial.source(passage.span.document), passage.span.start, passage.span.end)
        for start in (match.start() for match in then.finditer(text.text)):
            following = _NEXT_POINT.search(text.text, start + len(asked[0]))
            none = _NO_EVENT.search(text.text, start, following.start() if following else len(text.text))
            if none:
                span = text.span(start, none.end())
                words = shown(reading.trial, span)
                said = f"{passage.arm}: {words}" if passage.arm else words
                yield Point(said, (Proof(span, passage.section),))


def _sentences(trial: Trial, passages: list[Passage], pattern: re.Pattern[str]) -> Iterator[Point]:
    """The first sentence of each passage that has it, three at most."""
    found = 0
    for passage in passages:
        text = view(trial.source(passage.span.document), passage.span.start, passage.span.end)
        for start, end in sentences(text.text):
            if found < 3 and pattern.search(text.text, start, end):
                span: Span = text.span(start, end)
                found += 1
                yield Point(shown(trial, span), (Proof(span, passage.section),))


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    rows = read_table(files(__package__) / "contraries.tsv")
    return tuple((_whole(row["first"]), _whole(row["second"])) for row in rows)


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
