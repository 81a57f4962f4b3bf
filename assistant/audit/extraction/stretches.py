"""Cuts a criterion into sentences and the items of its lists, and finds the stretches that name what is sought."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from assistant.eligibility.vocabulary.concepts import Mention, find, is_a

Wanted = Callable[[Mention], bool]

_SENTENCE: Final = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!\bvs)(?<!\betc)[.;](?=\s|$)|\n|•|\s\*\s|\s-\s(?=[A-Z])")
_NOTE: Final = re.compile(r"\W*note\b", re.IGNORECASE)
_ITEM: Final = re.compile(r"[,，](?=\s|\w)(?!\d)|\s(?:and/or|or)(?=\s)(?!\s(?:IV|I{1,3}|\d)\b)", re.IGNORECASE)
_COMMA: Final = re.compile(r"[,;，](?=\s)")
_EDGE: Final = re.compile(r"^[\s,;:.)\]-]+|[\s,;:.(\[-]+$")
_JOINT: Final = re.compile(
    r"^(?:and/or|or|and|any|any of the following|including|such as|the following)\b[\s:,]*"
    r"|\s(?:and/or|or|and|with|that|which|who)(?:\s(?:have|has))?(?:\san?)?$",
    re.IGNORECASE,
)
_PEOPLE: Final = re.compile(
    r"^(?:(?:the\s)?(?:patients?|subjects?|participants?|individuals|those|anyone|people|persons)\s(?:(?:who|that)\s)?)?"
    r"(?:(?:with|must not have|may not have|has|have|had|having|is|are"
    r"|known to (?:have|be)|presence of|evidence of|suffering from|history of(?=\s(?:known|active)))"
    r"\s)*"
    r"(?:(?:an?|any|the|known|a known|current)\s)*",
    re.IGNORECASE,
)
_LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text, without edge words."""

    start: int
    end: int
    words: str


def sentences(text: str) -> Iterator[Stretch]:
    """The sentences of a criterion, without notes."""
    start = 0
    for stop in (*_SENTENCE.finditer(text), None):
        end = stop.start() if stop else len(text)
        if _NOTE.match(text, start, end):
            return
        if text[start:end].strip(" -*"):
            yield Stretch(start, end, text[start:end])
        start = stop.end() if stop else end


def naming(text: str, wanted: Wanted, start: int = 0, end: int | None = None) -> tuple[Stretch, ...]:
    """The stretches of `text[start:end]`, items of lists, that name what is wanted; a sentence that names little else is one."""
    end = len(text) if end is None else end
    mentions = [mention for mention in find(text) if wanted(mention)]
    found: list[Stretch] = []
    for sentence in sentences(text):
        first, last = max(start, sentence.start), min(end, sentence.end)
        items = list(_items(text, first, last)) if first < last else []
        named = [at for at, (low, high) in enumerate(items) if any(m.start < high and low < m.end for m in mentions)]
        if 2 * len(named) >= len(items) and last - first <= _LONGEST and named:
            found.append(_plain(text, first, last))
        elif named:
            found += [_plain(text, items[one][0], items[other][1]) for one, other in _runs(named)]
    return tuple(stretch for stretch in found if stretch.words)


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbours: 1, 2, 5 is (1, 2) and (5, 5)."""
    first = last = places[0]
    for place in places[1:]:
        if place > last + 1:
            yield first, last
            first = place
        last = place
    yield first, last


def _items(text: str, start: int, end: int, cut: re.Pattern[str] = _ITEM) -> Iterator[tuple[int, int]]:
    """The items of a list, brackets kept whole."""
    depth, begun = 0, start
    cuts = {match.start(): match.end() for match in cut.finditer(text, start, end)}
    for at in range(start, end):
        depth += (text[at] in "([（") - (text[at] in ")]）")
        if at in cuts and depth <= 0 and text[begun:at].strip():
            yield begun, at
            begun = cuts[at]
    yield begun, end


def listed(stretch: Stretch, text: str) -> tuple[Stretch, ...]:
    """The items that commas part in a stretch; what "including" or "such as" opens belongs to the item before it."""
    parts: list[tuple[int, int]] = []
    open_ = False
    for start, end in _items(text, stretch.start, stretch.end, _COMMA):
        open_ = open_ or _OPENS.match(text, start, end) is not None
        if parts and open_:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return tuple(_plain(text, start, end) for start, end in parts)


_OPENS: Final = re.compile(r"\s*(?:including|such as|e\.g\.|i\.e\.|that|which)\b", re.IGNORECASE)


def _plain(text: str, start: int, end: int) -> Stretch:
    words = " ".join(text[start:end].split())
    while (shorter := _EDGE.sub("", _JOINT.sub("", _PEOPLE.sub("", _EDGE.sub("", words), count=1)))) != words:
        words = shorter
    if words.count("(") > words.count(")"):
        words += ")"
    return Stretch(start, end, words)


def any_is_a(mention: Mention, kinds: tuple[str, ...]) -> bool:
    """Whether a mention names one of these kinds."""
    return any(is_a(concept, kind) for concept in mention.concepts for kind in kinds)
