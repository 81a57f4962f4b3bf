"""x."""

from collections.abc import Iterator
from assistant.audit.record import Record
from assistant.audit.finding import Found


def lost(record: Record) -> Iterator[Found]:
    yield from ()
