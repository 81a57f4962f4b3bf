"""Lines of one record that no patient can both satisfy."""

from collections.abc import Iterator

from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.eligibility.wording import asked


def contradictory(record: Record) -> Iterator[Found]:
    """Each pair of lines of which one asks for what the other bars."""
    lines = {line.id: line for line in record.rules.lines}
    for pair in record.rules.contradictions:
        wanting, barring = lines[pair.requiring], lines[pair.barring]
        yield Found(
            "contradiction",
            f"No one can meet both of these lines. One asks for {asked(pair.asked)}, the other rules out {asked(pair.barred)}.",
            (wanting.span, barring.span),
            criteria=(wanting.id, barring.id),
        )
