"""Everything that is wrong with a trial's documents: one ordered table of checks, each in its own file."""

from collections.abc import Callable, Iterable
from typing import Final

from assistant.audit.contradictions import contradictory
from assistant.audit.eligibility_fields import fields_against_words
from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.audit.schedule import off_schedule

Check = Callable[[Record], Iterable[Found]]

CHECKS: Final[tuple[Check, ...]] = (contradictory, fields_against_words, off_schedule)
"""In the order in which a reader wants to know."""


def findings(record: Record) -> tuple[Found, ...]:
    """What all checks find, each once, in the order of the checks."""
    return tuple(dict.fromkeys(found for check in CHECKS for found in check(record)))
