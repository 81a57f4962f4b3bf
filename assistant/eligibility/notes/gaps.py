"""How long after a treatment a cancer came back, spread or grew, where a text tells the distance and no days."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from assistant.eligibility.notes.scope import TREATMENT, Said
from assistant.eligibility.patient import Finding, Gap, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.time_words import number_of, pattern, signs, unit_of
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a

_LENGTH = (
    r"(?<!\w)(?P<about>about|approximately|around|roughly|nearly|almost|some|barely|not\s(?:even|quite))?\s{0,2}"
    r"(?:(?P<cmp><CMP>)\s{0,2})?(?P<within>within\s(?:the\s)?(?:first\s)?)?<LENGTH>"
)
_AFTER = rf"{_LENGTH}[\s,-]{{1,3}}(?P<word>after(?!wards)|post|following|from|since|of|out\sfrom)(?!\w)"
_LATER = (
    rf"{_LENGTH}[\s-]{{1,3}}(?:later|afterwards|of\s(?:peace|remission|nothing|quiet|calm|being\s(?:well|fine|clear))"
    r"|in\s(?:full\s|complete\s)?remission|(?:cancer|disease|tumou?r|relapse|recurrence|symptom)[\s-]free)(?!\w)"
)
_BEFORE = rf"{_LENGTH}[\s,-]{{1,3}}(?:before|prior\sto|until|till|ahead\sof)(?!\w)"
_NEWS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "cancer-recurrence",
        re.compile(
            r"\b(?:relaps(?:ed?|ing)|recurred|recurrence|(?:came|come) back|(?:has |have |had )?returned|reappeared"
            r"|(?:turned|shown?|showed|popped|cropped) up again|(?:found|seen) (?:it )?again|(?:is|was|been) back)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "progressive-cancer",
        re.compile(r"\b(?:(?-i:PD)|progress(?:ed|ion|ing|es)|started growing|grew|grown|got worse)\b", re.IGNORECASE),
    ),
)
"""What a cancer did, where no finding says so."""
_DATED = ("cancer-recurrence", "progressive-cancer", "metastasis")
_OPEN = re.compile(
    r"\b(?:if|would|could|should|no|not|never|without|n['’]t|risk|chance|usually|unless|might|(?-i:may)|whether)\b",
    re.IGNORECASE,
)
"""Words by which a recurrence is not told as one that came."""
_EDGES: tuple[tuple[Literal["start", "end"], re.Pattern[str]], ...] = (
    (
        "end",
        re.compile(
            r"\b(?:last|final|end(?:ed|ing|s)?|complet\w*|finish\w*|stopp\w*|over|done|cessation|discontinu\w*)\b",
            re.IGNORECASE,
        ),
    ),
    ("start", re.compile(r"\b(?:start\w*|began|begin\w*|begun|initiat\w*|first)\b", re.IGNORECASE)),
)
_SENTENCE_END = re.compile(r"[!?;](?=\s|$)|\.(?=\s|$)|\n")
_REACH = 90
"""Characters between a length and the treatment that it counts from."""
_MOST = 20
"""Distances that are looked at in a text."""


def after_events(text: str, made: Sequence[Finding], said: Sequence[Said]) -> Iterator[Finding]:
    """Every finding; what came back, spread or grew so long after a treatment with that distance."""
    given = [one for one in said if one.kinds & TREATMENT and one.certain and not one.denied]
    found = list(made)
    for match, event in _distances(text, given) if given else ():
        gap = _gap(text, match, event, found)
        start, end = _sentence(text, min(match.start(), event.mention.start), max(match.end(), event.mention.end))
        if not gap or _OPEN.search(text, start, end):
            continue
        place = _told(found, (match.start(), match.end()), (start, end))
        for at, one in enumerate(found):
            same = place is not None and one.words.start < place.end and place.start < one.words.end
            if same and one.after is None and one.started is None and _is_dated(one):
                found[at] = replace(one, after=gap)
        cancer = any(is_a(one, "anticancer-therapy") for one in event.mention.concepts) or any(_is_cancer(one) for one in found)
        if place is None and cancer:
            found.extend(_news(text, match.start(), (start, end), gap))
    yield from found


def _distances(text: str, given: Sequence[Said]) -> Iterator[tuple[re.Match[str], Said]]:
    """Each length of time with the treatment that it counts from."""
    for match in islice(pattern(_AFTER).finditer(text), _MOST):
        if match["word"].lower() == "of" and not (match["within"] or match["cmp"]):
            continue
        stop = _SENTENCE_END.search(text, match.end(), match.end() + _REACH)
        reach = stop.start() if stop else match.end() + _REACH
        behind = [one for one in given if match.end() <= one.mention.start + 1 and one.mention.end <= reach]
        if behind:
            yield match, min(behind, key=lambda one: one.mention.start)
    for source, sentences in ((_LATER, 1), (_BEFORE, 0)):
        for match in islice(pattern(source).finditer(text), _MOST):
            start = match.start()
            for _ in range(sentences + 1):
                start = _sentence(text, max(0, start - 2), match.start())[0]
            before = [one for one in given if start <= one.mention.start and one.mention.end <= match.start()]
            if before:
                yield match, max(before, key=lambda one: one.mention.start)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The bounds of the sentences that a stretch stands in."""
    low = max(0, start - 300)
    ends = [one.end() for one in _SENTENCE_END.finditer(text, low, start)]
    stop = _SENTENCE_END.search(text, end, end + 300)
    return (ends[-1] if ends else low), (stop.start() if stop else min(len(text), end + 300))


def _gap(text: str, match: re.Match[str], event: Said, made: Sequence[Finding]) -> Gap | None:
    """The distance as told: whole units as people count them, a unit more or less where it is about so long."""
    low, high = number_of(match["low"])
    if match["high"]:
        high = number_of(match["high"])[1]
    unit = unit_of(match["unit"])
    sign = signs().get(re.sub(r"\s+", " ", match["cmp"]).lower()) if match["cmp"] else None
    exact = unit in ("hour", "day", "week")
    if match["within"] or sign in ("<", "≤"):
        length = Range(0, high, high_open=sign == "<")
    elif sign in (">", "≥"):
        length = Range(low, low_open=sign == ">")
    elif match["about"]:
        length = Range(max(0.0, low - 1), high + 1)
    else:
        length = Range(low, high) if exact or low != int(low) else Range(low, high + 1, high_open=True)
    near = text[min(match.end(), event.mention.end) : max(match.start(), event.mention.start)]
    near += " " + text[event.mention.end : event.mention.end + 12].split(",")[0]
    edge = next((side for side, words in _EDGES if words.search(near)), None)
    covering = (
        one.concept
        for one in made
        if one.words.start <= event.mention.start and event.mention.end <= one.words.end and _is_given(one.concept)
    )
    return Gap(length, unit, frozenset((*event.mention.concepts, *covering)), edge)


def _is_given(one: str) -> bool:
    return one in all_concepts() and all_concepts()[one].kind in ("drug", "therapy", "procedure")


def _is_dated(one: Finding) -> bool:
    """Whether it is of what a cancer does at some time."""
    own = one.present and one.certain and one.who == "patient" and one.concept in all_concepts()
    return own and any(is_a(one.concept, kind) for kind in _DATED)


def _told(made: Sequence[Finding], place: tuple[int, int], sentence: tuple[int, int]) -> Words | None:
    """The words of the nearest thing in the sentence that a cancer did."""
    near = [one.words for one in made if _is_dated(one) and sentence[0] <= one.words.start and one.words.end <= sentence[1] + 1]
    return min(near, key=lambda words: max(0, words.start - place[1], place[0] - words.end), default=None)


def _is_cancer(one: Finding) -> bool:
    own = one.present and one.certain and one.who == "patient" and one.concept in all_concepts()
    return own and is_a(one.concept, "malignancy")


def _news(text: str, at: int, sentence: tuple[int, int], gap: Gap) -> Iterator[Finding]:
    """The recurrence or growth that the sentence tells in other words, of a cancer that was treated."""
    told = [(abs(news.start() - at), concept) for concept, words in _NEWS for news in words.finditer(text, *sentence)]
    if told:
        start = sentence[0] + len(text[slice(*sentence)]) - len(text[slice(*sentence)].lstrip())
        yield Finding(min(told)[1], True, Words(start, sentence[1], text[start : sentence[1]]), after=gap)
