"""A comma-separated list of institutions whose names hold commas themselves."""

import re

from index.loaders.places import PLACES

_SUFFIX = re.compile(
    r"(?:inc|llc|ltd|limited|corp|corporation|co|company|gmbh|ag|s\.?a|s\.?p\.?a|s\.?r\.?l|b\.?v|n\.?v|plc|l\.?p|pty|kk|k\.k|a/s|ab|oy"
    r"|md|phd|ph\.d|m\.d|jr|dr|mbbs)\.?(?:\s+ltd\.?|\s+kg)?",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(
    r"(?:the\s+)?(?:(?:\w+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|no\.?\s*\d+)\s+)?"
    r"(?:affiliated|people's|clinical|medical|teaching|general|university|cancer|children's)*\s*"
    r"(?:hospital|school of \w+|faculty of [\w ]+|college of \w+|department of [\w ]+|institute of [\w ]+|center for [\w ]+|campus)",
    re.IGNORECASE,
)
_OF_PLACE = re.compile(r".*\bUniversity of [A-Z][\w. ]+")
_KIND = re.compile(
    r"hospital|universit|cent(?:er|re)|institut|clinic|college|school|foundation|group|network|council|agency|society|trust",
    re.I,
)


def institutions(names: str, places: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The institutions of a list such as "Southern Medical University, China, West China Hospital".

    A part that is only a place (of the table, or one of `places`) or a legal form ends the name before it; a part that names
    no one's hospital or faculty ("Fifth Affiliated Hospital") goes with the part after it; after "University of X" a part
    that names no institution is its campus. A city that is not in the table and that the page does not name elsewhere
    is taken for an institution.
    """
    found: list[str] = []
    for part in (part.strip() for part in re.split(r"[,;](?=\s)", names)):
        if found and _continues(found[-1], part, PLACES | places):
            found[-1] = f"{found[-1]}, {part}"
        elif part:
            found.append(part)
    return tuple(found)


def _continues(name: str, part: str, places: frozenset[str]) -> bool:
    last = name.rsplit(", ", 1)[-1]
    if part in places or _SUFFIX.fullmatch(part):
        return True
    if _DEPENDENT.fullmatch(last) and _KIND.search(part) and not _DEPENDENT.fullmatch(part):
        return True
    return bool(_OF_PLACE.fullmatch(name)) and not _KIND.search(part) and len(part.split()) <= 3
