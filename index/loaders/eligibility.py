"""The lines of a page that hold its criteria, split into single ones."""

from collections.abc import Sequence

from index.criteria import split
from index.loaders.lines import Line
from index.trial import Criterion, Source


def criteria(source: Source, body: Sequence[Line], trial: str) -> tuple[Criterion, ...]:
    """The criteria in the lines, headings of lists among them."""
    return split(source, body[0].start, body[-1].end, trial) if body else ()
