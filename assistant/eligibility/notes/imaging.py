"""What an examination looked at: "brain MRI without metastases" speaks of the brain alone."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue, tokens_of
from assistant.eligibility.notes.pieces import Piece
from assistant.eligibility.notes.scope import Polarity, Said
from assistant.eligibility.patient import Finding, Words
from assistant.eligibility.times.dates import TimeMention
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a

_BUT = re.compile(r"\s+(?:new|but|except|apart|besides|else|other|more|further|cell|margins?)\b", re.IGNORECASE)
"""Behind "found nothing" these leave something there."""


_NEGATIVE = re.compile(r"neg(?:ative)?\b", re.IGNORECASE)
_FILLING = frozenset("a an the his her my repeat recent latest also was is came back".split())
"""What may stand beside an examination and its result."""
_WITHIN = re.compile(r"\s+(?:in|on|of|inside)\s+(?:my|the|his|her|both|either)\s+(?P<organ>[a-z]+)", re.IGNORECASE)
"""Behind a result: the organ it is of."""


@cache
def _sites() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    return {
        tuple(tokens_of(study)): tuple(row["site"].split(","))
        for row in rows("imaging.tsv")
        for study in row["study"].split("|")
    }


def sited(text: str, pieces: Sequence[Piece], said: Sequence[Said]) -> Iterator[Said]:
    """ "Brain MRI without metastases" speaks of the brain alone: what is found or denied is narrowed to the organ looked at."""
    for one in said:
        sites = _site_before(text, pieces, one) if set(one.mention.concepts) & {"metastasis", "distant-metastasis"} else ()
        narrowed = tuple(site for site in sites if site in all_concepts() and is_a(site, "metastasis"))
        yield replace(one, mention=replace(one.mention, concepts=narrowed)) if narrowed else one


def _site_before(text: str, pieces: Sequence[Piece], one: Said) -> tuple[str, ...]:
    return _site_named(text, pieces, one.piece, one.mention.start)


def _site_named(text: str, pieces: Sequence[Piece], number: int, place: int) -> tuple[str, ...]:
    """The organ of the last examination named before a place, in its statement."""
    first = number
    while first and pieces[first - 1].statement == pieces[number].statement and number - first < 4:
        first -= 1
    words = tokens_of(text[pieces[first].start : place])[-40:]
    for start in reversed(range(len(words))):
        for length in (4, 3, 2, 1):
            sites = _sites().get(tuple(words[start : start + length]))
            if sites:
                return sites
    return ()


def _site_within(text: str, place: int) -> tuple[str, ...]:
    """The organ named behind the result: "an MRI showed nothing in my brain"."""
    organ = _WITHIN.match(text, place)
    word = organ["organ"].lower() if organ else ""
    return _sites().get((word, "ct")) or _sites().get((word.removesuffix("s"), "ct")) or ()


def _all_said(text: str, piece: Piece, cue: Cue) -> bool:
    """Whether a piece names an examination and its result and nothing that the result could be of instead: "brain MRI was negative"."""
    if text[cue.end : piece.end].strip(" .;)"):
        return False
    words = tokens_of(text[piece.start : cue.start])[-40:]
    while words and words[0] in _FILLING:
        words = words[1:]
    while words and words[-1] in _FILLING:
        words = words[:-1]
    return tuple(words) in _sites()


def found_clear(
    text: str, pieces: Sequence[Piece], cues: Sequence[Cue], polarities: Sequence[Polarity], found: Sequence[TimeMention]
) -> Iterator[Finding]:
    """ "Chest CT clear" denies what an examination of the chest would have shown."""
    starts = [piece.start for piece in pieces]
    for cue in cues:
        number = bisect_right(starts, cue.start) - 1
        if cue.does != "clear" and not (cue.does == "deny" and cue.side == "either" and _NEGATIVE.match(text, cue.start)):
            continue
        if number < 0 or polarities[number].who != "patient" or not polarities[number].certain:
            continue
        if cue.does == "deny" and not _all_said(text, pieces[number], cue):
            continue
        before = text[pieces[number].start : cue.start].lower()
        if before.endswith(("not ", "no ", "n't ")):
            continue
        if _BUT.match(text, cue.end):
            continue
        start = pieces[number].start if before.strip() else pieces[max(0, number - 1)].start
        for site in _site_named(text, pieces, number, cue.start) or _site_within(text, cue.end):
            days = next((time.days for time in found if start <= time.start < cue.end and time.relation == "on"), None)
            if site in all_concepts():
                yield Finding(site, False, Words(start, cue.end, text[start : cue.end]), started=days, ended=days)
