"""Outcome measures as pages list them: a measure, perhaps its description, perhaps a time frame that ends it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from index.loaders.lines import Line, Part, joined, shown, stretch
from index.trial import Outcome, Source

_TIME_FRAME = re.compile(r"\[?\s*time\s*frame\s*[:\-]?\s*(?P<time>[^\]]*?)\s*\]?", re.IGNORECASE)
_INLINE = re.compile(r"(?P<measure>.+?)\s*[\[(]\s*time\s*frame\s*:\s*(?P<time>[^\])]+?)\s*[\])]\s*(?P<rest>.*)", re.IGNORECASE)
_KINDS = ("secondary", "primary")
_SUBHEADING = re.compile(
    r"(primary|secondary|other)(?: pre-specified)?\s+(?:outcomes?|end\s?points?)(?:\s+measures?)?\s*:?", re.IGNORECASE
)


class Outcomes(NamedTuple):
    """The outcomes of a page, by kind."""

    primary: tuple[Outcome, ...] = ()
    secondary: tuple[Outcome, ...] = ()
    other: tuple[Outcome, ...] = ()


def outcomes(source: Source, page: Iterable[Part]) -> Outcomes:
    """The outcomes of every part about them; the kind is the one that the nearest heading names."""
    found: dict[str, list[Outcome]] = {"primary": [], "secondary": [], "other": []}
    for part in page:
        if part.name == "outcomes":
            for kind, body in _by_kind(part):
                found[kind] += _items(source, body)
    return Outcomes(*(tuple(found[kind]) for kind in ("primary", "secondary", "other")))


def _by_kind(part: Part) -> Iterator[tuple[str, list[Line]]]:
    kind = next((kind for kind in _KINDS if kind in part.title.lower()), "other")
    body: list[Line] = []
    for line in part.body:
        if named := _SUBHEADING.fullmatch(line.text):
            yield kind, body
            kind, body = named[1].lower(), []
        else:
            body.append(line)
    yield kind, body


def _items(source: Source, body: Sequence[Line]) -> Iterator[Outcome]:
    if any(_TIME_FRAME.fullmatch(line.text) and "frame" in line.text.lower() for line in body):
        yield from _ended(source, body)
        return
    for line in body:
        words = shown(source, line)
        inline = _INLINE.fullmatch(words)
        if inline:
            yield Outcome(inline["measure"], inline["time"], stretch(source, line), inline["rest"] or None)
        else:
            yield Outcome(words, None, stretch(source, line))


def _ended(source: Source, body: Sequence[Line]) -> Iterator[Outcome]:
    """Items whose last line is their time frame, which may stand under its label."""
    item: list[Line] = []
    lines = iter(body)
    for line in lines:
        frame = _TIME_FRAME.fullmatch(line.text)
        if not frame or not item:
            item.append(line)
            continue
        last = line if frame["time"] else next(lines, line)
        time = _TIME_FRAME.sub(r"\g<time>", shown(source, line)) if last is line else shown(source, last)
        yield Outcome(shown(source, item[0]), time or None, stretch(source, item[0], last), joined(source, item[1:]))
        item = []
    for line in item:
        yield Outcome(shown(source, line), None, stretch(source, line))
