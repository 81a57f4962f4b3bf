"""A section of a record as lines: its headings, the groups that they begin, the counts and numbers that its lines give."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Role = Literal["heading", "title", "total", "event", "value", "text"]

_GROUP = re.compile(r"^\s*(?:intervention|results?|adverse events?|cohort|arm|group)\s+(\d+)\s*:?\s*$", re.IGNORECASE)
_OUTCOME = re.compile(r"^\s*outcome measure(?:ment)?\s*:?\s*$", re.IGNORECASE)
_LIST = re.compile(r"\b(inclusion|exclusion)\b", re.IGNORECASE)
_TITLE = re.compile(r"^\s*arm/group title\s*:\s*(.*)", re.IGNORECASE)
_COUNT = re.compile(r"(\d+)\s*/\s*(\d+)\s*(?:\((\d+(?:\.\d+)?)\s*%\))?\s*$")
_NUMBER = re.compile(r"(?<![\w.])[-–]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\w.])[-–]?\.\d+")
_TABLE_MARK = re.compile(r"\s*(?:\[\d+\]|\*|†|‡)\s*\d*$")


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many: "3/85 (3.53%)"."""

    number: int
    of: int

    @property
    def share(self) -> float:
        """In per cent; 0 of nobody."""
        return 100 * self.number / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section with what it is there."""

    index: int
    text: str
    role: Role
    group: int
    """The numbered group that it belongs to ("Results 2"); 0 outside any."""
    place: int
    """Lines since the heading."""
    heading: int
    """The line that heads it; its own number where none does."""
    kind: Literal["inclusion", "exclusion", ""] = ""
    """Of criteria: the list that it stands in."""
    count: Count | None = None
    name: str = ""
    """The event counted, or the group's title."""


def numbers(text: str) -> tuple[float, ...]:
    """The numbers of a text, in order; "1,500" is one."""
    return tuple(float(match[0].replace(",", "").replace("–", "-")) for match in _NUMBER.finditer(text))


@lru_cache(maxsize=512)
def section(texts: tuple[str, ...]) -> tuple[Line, ...]:
    """The lines of a section with their headings and groups."""
    lines: list[Line] = []
    group, heading, kind = 0, 0, ""
    for index, text in enumerate(texts):
        if headed := _is_heading(text, texts, index):
            found = _GROUP.match(text)
            group = int(found[1]) if found else 0 if _OUTCOME.match(text) or _LIST.search(text) else group
            heading = index
            named = _LIST.search(text)
            kind = named[1].lower() if named else kind
        lines.append(_line(index, text, group, heading, kind, headed))
    return tuple(lines)


def _is_heading(text: str, texts: Sequence[str], index: int) -> bool:
    """A line that stands further left than the next, or a group's name, or a short one that ends in a colon."""
    if _GROUP.match(text) or _OUTCOME.match(text):
        return True
    bare = text.strip()
    return bare.endswith(":") and (not text.startswith(" ") or len(bare) <= 60) and index + 1 < len(texts)


def _line(index: int, text: str, group: int, heading: int, kind: str, headed: bool) -> Line:
    listed: Literal["inclusion", "exclusion", ""] = "inclusion" if kind == "inclusion" else "exclusion" if kind else ""
    counted = _counted(text)
    titled = _TITLE.match(text)
    role: Role = (
        "heading"
        if headed
        else "title"
        if titled
        else "total"
        if counted and text.strip().lower().startswith("total")
        else "event"
        if counted
        else "value"
        if _NUMBER.search(text)
        else "text"
    )
    name = titled[1].strip() if titled else counted[0] if counted else ""
    return Line(index, text.strip(), role, group, index - heading, heading, listed, counted and counted[1], name)


def _counted(text: str) -> tuple[str, Count] | None:
    """The event and its count; a footnote's mark that runs into the number ("* 20/26 (0.00%)") is told by the share."""
    found = _COUNT.search(text)
    if found is None:
        return None
    number, of = found[1], int(found[2])
    if found[3] is not None:
        true = round(float(found[3]) * of / 100)
        if int(number) != true and number.endswith(str(true)):
            number = str(true)
    name = _TABLE_MARK.sub("", text[: found.start()].strip()).strip(" :*")
    return name, Count(int(number), of)
