"""The lines of a page that hold its criteria, split list by list where a list's heading is marked or numbered."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.criteria import split
from index.loaders.lines import Line
from index.trial import Criterion, Source

_HEADING = re.compile(
    r"(?P<mark>#{1,6}\s+|(?:\d{1,2}\.)*\d{1,2}\.?\s+)?\**(?=(?:\w+\s+){0,4}(?:inclusion|exclusion)(?:\s+criteria)?\W*$)",
    re.IGNORECASE,
)
"""A line that names a list; `mark` is what stands before its words: "### ", "5.2. "."""


def criteria(source: Source, body: Sequence[Line], trial: str) -> tuple[Criterion, ...]:
    """The criteria in the lines, headings of lists among them."""
    if not body:
        return ()
    return split(source, body[0].start, body[-1].end, trial)
    headed = [(at, found) for at, line in enumerate(body) if len(line.text) <= 80 and (found := _HEADING.match(line.text))]
    if not any(found["mark"] for _, found in headed):
        return split(source, body[0].start, body[-1].end, trial)
    starts = [body[at].start + found.end() for at, found in headed]
    if headed[0][0] > 0:
        starts.insert(0, body[0].start)
    ends = [*(_before(body, start) for start in starts[1:]), body[-1].end]
    lists = [split(source, start, end, trial) for start, end in zip(starts, ends, strict=True)]
    ids = [criterion.id for one in lists for criterion in one]
    if len(ids) > len(set(ids)):
        return split(source, starts[0], body[-1].end, trial)
    return tuple(criterion for one in lists for criterion in one)


def _before(body: Sequence[Line], start: int) -> int:
    """Where the line before the heading whose words begin at `start` ends."""
    return next(line.end for line, after in pairwise(body) if after.start <= start < after.end)
