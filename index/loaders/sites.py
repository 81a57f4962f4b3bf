"""Sites as lists of one line each print them: facility, city, state, country."""

import re
from collections.abc import Iterator, Sequence

from index.loaders import vocabulary
from index.loaders.lines import Line, shown, stretch
from index.loaders.places import COUNTRIES, PROVINCES, STATES
from index.trial import Site, Source

_INSTITUTION = re.compile(
    r"hospital|universit|cent(?:er|re)|institut|clinic|college|school|research|medical|oncology|health", re.IGNORECASE
)
_LABEL = re.compile(r"(?:site|recruitment)?\s*status\s*:?\s*", re.IGNORECASE)
_ZIP = re.compile(r"[A-Z0-9-]*\d[A-Z0-9 -]*")


def listed_sites(source: Source, body: Sequence[Line]) -> Iterator[Site]:
    """The sites of lines that end with a country, perhaps under the facility's line, perhaps over their status."""
    for at, line in enumerate(body):
        place, tail = _cut_status(shown(source, line).lstrip("-*• "))
        names = [name.strip() for name in place.split(",") if name.strip() and not _ZIP.fullmatch(name.strip())]
        if len(names) < 2 or names[-1] not in COUNTRIES:
            continue
        facility, city, state = _facility(names[:-1])
        above = body[at - 1] if not facility and at and not _is_place(body[at - 1]) and not _status(body[at - 1].text) else None
        below = body[at + 1] if not tail and at + 1 < len(body) and _status(body[at + 1].text) else None
        named = facility or (shown(source, above).lstrip("-*• ") if above else None)
        status = _status(below.text if below else tail)
        yield Site(named, city, state, names[-1], status, stretch(source, above or line, below or line))


def _status(words: str) -> str | None:
    return vocabulary.status(_LABEL.sub("", words))


def _is_place(line: Line) -> bool:
    return line.text.rsplit(",", 1)[-1].strip() in COUNTRIES


def _cut_status(words: str) -> tuple[str, str]:
    """The words before a status at their end, and the status."""
    for cut in re.finditer(r"\s+[-–—|]\s+|\s*\(|:\s+", words):
        if vocabulary.status(words[cut.end() :].strip(" ()")):
            return words[: cut.start()], words[cut.end() :].strip(" ()")
    return words, ""


def _facility(names: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Facility, city and state of what stands before the country: institutions first, then the city, then the state."""
    kinds = [bool(_INSTITUTION.search(name)) for name in names]
    institutions = len(kinds) - kinds[::-1].index(True) if True in kinds else max(len(names) - 2, 0)
    facility, rest = ", ".join(names[:institutions]) or None, list(names[institutions:])
    if len(rest) > 2:
        facility, rest = ", ".join(filter(None, (facility, *rest[:-2]))), rest[-2:]
    if len(rest) == 2:
        return facility, rest[0], rest[1]
    if rest and rest[0] in STATES | PROVINCES and facility is None:
        return None, None, rest[0]
    return facility, rest[0] if rest else None, None
