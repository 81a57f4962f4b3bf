"""Sentences of clinical prose with their positions, so that "e.g.", "vs.", "1.5" and "v1.1" never end one."""

import re
from typing import NamedTuple

_NEVER_LAST = re.compile(
    r"e\.?g|i\.?e|vs?|viz|cf|ca|approx|resp|incl|excl|figs?|eq|dr|mrs?|ms|prof|st|al|max|min|dept|univ|refs?", re.IGNORECASE
)
"""Abbreviations that more of the sentence always follows."""
_BEFORE_NUMBER = re.compile(r"nos?|nr|art|sec|vol|pp?|ch|ver", re.IGNORECASE)
"""Abbreviations only where a number follows: "No. 5", but "the answer was no."."""
_LETTERED = re.compile(
    r"hepatitis|type|group|arms?|cohorts?|parts?|class|vitamin|stage|grade|influenza|phase|pugh|haemophilia|hemophilia",
    re.IGNORECASE,
)
"""Words whose letter may end a sentence ("hepatitis B. Patients …"); after others a lone capital is an initial."""
_STOP = re.compile(
    r"""(?P<stop>[.!?。]["'”’)\]]*)\s+(?=["'“‘(\[]?[A-Z\d≥≤<>•*À-ÖØ-ÞΑ-Ω-])  # a stop, white space, something that begins
      | (?<=[a-z]{3})(?P<glued>\.)(?=[A-Z][a-z]{2})                    # "examined.Suspected"
      | (?P<chinese>。)
      | (?P<line>\n)(?=\s*\n|[^\S\n]*[^\s a-z])                         # a blank line, or a line that does not run on
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"(?:(?P<before>[\w-]+)[\s-]+)?(?P<word>[\w.]+)$")
_MARKER = re.compile(r"\s*(?:\(?\w{1,3}[.)]+|[-*•])?\s*")


class Stretch(NamedTuple):
    """Positions in a text: `text[start:end]`."""

    start: int
    end: int


def sentences(text: str) -> tuple[Stretch, ...]:
    """The sentences of a text in order, trimmed of white space; together they hold all of its other characters."""
    found: list[Stretch] = []
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end(stop.lastgroup) if stop.lastgroup else stop.end()
        if stop["line"] or not _runs_on(text[start : stop.start()], text[stop.end() : stop.end() + 1]):
            found.append(_trimmed(text, start, end))
            start = end
    found.append(_trimmed(text, start, len(text)))
    return tuple(stretch for stretch in found if stretch.start < stretch.end)


def _runs_on(text: str, after: str) -> bool:
    """Whether the full stop after `text` belongs to an abbreviation, an initial or a list's marker."""
    if _MARKER.fullmatch(text + "."):
        return True
    last = _LAST_WORD.search(text)
    if not last:
        return False
    word, before = last["word"], last["before"] or "A"
    if _NEVER_LAST.fullmatch(word) or (_BEFORE_NUMBER.fullmatch(word) and after.isdigit()):
        return True
    return len(word) == 1 and word.isupper() and before[0].isupper() and not _LETTERED.fullmatch(before)


def _trimmed(text: str, start: int, end: int) -> Stretch:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    return Stretch(start + lead, start + lead + len(piece.strip()))
