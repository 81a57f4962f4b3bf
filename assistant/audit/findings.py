"""Everything that is wrong with a trial's documents: one ordered table of checks, each in its own file."""

from collections.abc import Callable, Iterable
from typing import Final

from assistant.audit.documents.disagreements import disagreeing
from assistant.audit.documents.losses import lost
from assistant.audit.finding import Found
from assistant.audit.lint.arithmetic import adding_up, group_sizes
from assistant.audit.lint.contradictions import contradictory
from assistant.audit.lint.eligibility_fields import fields_against_words
from assistant.audit.lint.gaps import deferred, empty_promises, missing_lists, not_given, placeholders
from assistant.audit.lint.schedule import off_schedule
from assistant.audit.lint.signs import turned_signs
from assistant.audit.lint.staging import foreign_groups, mixed_editions
from assistant.audit.lint.units import impossible_units
from assistant.audit.lint.unnamed import unnamed_drugs
from assistant.audit.lint.wording import (
    broken_signs,
    other_words,
    repeated_lines,
    requirements_barred,
    reversed_ages,
    reversed_ranges,
)
from assistant.audit.record import Record

Check = Callable[[Record], Iterable[Found]]

CHECKS: Final[tuple[Check, ...]] = (
    contradictory,
    fields_against_words,
    off_schedule,
    lost,
    disagreeing,
    adding_up,
    group_sizes,
    impossible_units,
    foreign_groups,
    mixed_editions,
    other_words,
    broken_signs,
    turned_signs,
    reversed_ranges,
    reversed_ages,
    requirements_barred,
    repeated_lines,
    unnamed_drugs,
    deferred,
    placeholders,
    empty_promises,
    missing_lists,
    not_given,
)
"""In the order in which a reader wants to know."""


def findings(record: Record) -> tuple[Found, ...]:
    """What all checks find, each once, in the order of the checks."""
    return tuple(dict.fromkeys(found for check in CHECKS for found in check(record)))
