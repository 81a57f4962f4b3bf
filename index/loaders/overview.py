"""Pages of three headings, "Overview", "Description" and "Eligibility", that often give neither number nor title."""

import re

from index.loaders.headings import read_text
from index.loaders.raw import Raw
from index.trial import Trial

FORMAT = "overview"
_HEADINGS = tuple(
    re.compile(rf"^[ \t]*{heading}:?[ \t]*\r?$", re.MULTILINE) for heading in ("Overview", "Description", "Eligibility")
)
_LIST = re.compile(r"^[ \t]*(?:Inclusion|Exclusion) Criteria:?[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)


def recognises(raw: Raw) -> bool:
    """Whether the page begins with "Overview", or has all three headings in order, and then a list of criteria."""
    starts = [found.start() if (found := heading.search(raw.text)) else None for heading in _HEADINGS]
    overview, description, eligibility = starts
    if overview is None or eligibility is None or not _LIST.search(raw.text, eligibility):
        return False
    return overview < eligibility and (description is None or overview < description)


def read(raw: Raw) -> Trial:
    """The trial on a page of this layout."""
    return read_text(raw.source(FORMAT), {})
