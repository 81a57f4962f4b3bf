"""An audit of one trial: everything that is found in its documents, and everything that is extracted from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.audit.documents.comparison import Compared, compared
from assistant.audit.extraction import extract
from assistant.audit.extraction.value import Value
from assistant.audit.finding import Found
from assistant.audit.findings import findings
from assistant.audit.record import Record, record
from index.trial import Trial


@dataclass(frozen=True)
class Audit:
    """What an audit says of a trial."""

    record: Record
    findings: tuple[Found, ...]
    extracted: Mapping[str, Value]
    comparison: tuple[Compared, ...] = ()
    """What each document says, field by field; empty for a trial of one document."""


def audit(trial: Trial, documents: Sequence[Trial] = ()) -> Audit:
    """The audit of a trial. `documents`: what its single documents say, where there is more than one."""
    read = record(trial, documents)
    return Audit(read, findings(read), extract(read), compared(read))
