"""The marks of a criteria list: numbers, letters and bullets before items, and the headings that say which list it is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

BULLETS = "-*•·●▪■◦○‣–—−･°➢✓"
_ROMAN = {
    numeral: value
    for value, numeral in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"), 1
    )
}
_ORDINAL = r"""(?P<open>[(\[]?)
    (?: (?:(?P<prefix>[IE]|IC|EC|INC?L?|EXC?L?)[\ #-]?)? (?P<number>\d{1,2}) (?P<sub>[a-z]?)
      | (?P<letter>[A-Za-z])
      | (?P<roman>[ivx]{2,5}|[IVX]{2,5}) )
    (?P<close>\.\)|\)\)|\)[.:]?|[.\]]|-(?=\s[A-Z]))(?=\s|[^\W\d_]|[≥≤<>("“\[])"""
_MARK = re.compile(
    rf"(?:(?P<bullet>[{re.escape(BULLETS)}]{{1,3}}|o(?=\s+[A-Z≥≤<>]))(?!\d)[^\S\n]*)?(?:{_ORDINAL})?[^\S\n]*", re.VERBOSE
)
_INLINE = re.compile(rf"(?:(?<=\s)|(?<=[.;:,)]))(?:{_ORDINAL})\s*", re.VERBOSE)
_INLINE_BULLET = re.compile(rf"(?<=[\s:])[{re.escape(BULLETS)}]{{1,2}}\s+(?=\S)|(?<=\s)[•●▪■◦○‣➢✓·]\s*(?=\S)")


class Mark(NamedTuple):
    """What stands before an item. Items of one list share a style; `value` counts them, 0 for a bullet."""

    style: str
    value: int
    label: str | None
    start: int
    end: int
    """Where the item's own words begin."""

    @property
    def sub(self) -> str:
        """The letter after a number: "a" of "16a"."""
        return self.label[-1] if self.label and "1a" in self.style else ""

    def follows(self, other: "Mark") -> bool:
        """Whether this is the next number or letter in the other's list: after 15 "16a", then "16b", then 17."""
        if self.style.replace("1a", "1") != other.style.replace("1a", "1"):
            return False
        if self.value == other.value:
            return bool(self.sub and other.sub) and ord(self.sub) == ord(other.sub) + 1
        return self.value == other.value + 1 > 1 and self.sub in ("", "a")


def mark_at(text: str, start: int, end: int, last: Mark | None = None) -> Mark | None:
    """The mark that stands at `start`, if one does. `last`, the ordinal before it, tells "i" after "h" from a Roman one."""
    found = _MARK.match(text, start, end)
    if not found or found.end() == start or not (found["bullet"] or found["close"]):
        return None
    bullet = found["bullet"] or ""
    if not found["close"]:
        return Mark(bullet[0], 0, None, start, found.end())
    return _ordinal(found, _reads_as_roman(found["letter"] or "", last), bullet and "-")


def ordinals(text: str, start: int, end: int) -> Iterator[Mark]:
    """What looks like an item's number or letter inside a stretch, "i" and "v" both ways: only a run of them is a list."""
    for found in _INLINE.finditer(text, start, end):
        yield _ordinal(found, False)
        if (found["letter"] or "-") in "ivxIVX":
            yield _ordinal(found, True)


def bullets(text: str, start: int, end: int) -> Iterator[Mark]:
    """What looks like a bullet inside a stretch."""
    for found in _INLINE_BULLET.finditer(text, start, end):
        yield Mark(found[0][0], 0, None, found.start(), found.end())


def _ordinal(found: re.Match[str], roman: bool, bullet: str = "") -> Mark:
    brackets = "()" if found["open"] else found["close"][0]
    label = (found["prefix"] or "") + (found["number"] or found["roman"] or found["letter"]) + (found["sub"] or "")
    if found["number"]:
        style, value = (found["prefix"] or "") + ("1a" if found["sub"] else "1"), int(found["number"])
    elif found["roman"] or roman:
        style, value = ("I" if label.isupper() else "i"), _ROMAN.get(label.lower(), 99)
    else:
        style, value = ("A" if label.isupper() else "a"), ord(label.lower()) - ord("a") + 1
    return Mark(bullet + style + brackets, value, label, found.start(), found.end())


def _reads_as_roman(letter: str, last: Mark | None) -> bool:
    value = _ROMAN.get(letter.lower(), 0)
    if last and last.style.strip("-").lower().startswith("i"):
        return value == last.value + 1
    return value == 1 and not (last and last.label and last.label.lower() == "h")
