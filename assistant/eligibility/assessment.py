"""What `check` says, as frozen types: a verdict for each criterion, with both sides quoted."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from assistant.eligibility.patient import Words
from assistant.reply import Citation, Finding
from index.trial import Kind

Status = Literal["satisfied", "violated", "unknown", "not_applicable", "conflicting", "needs_protocol"]
Overall = Literal["may_match", "does_not_match", "undecided"]


@dataclass(frozen=True, slots=True)
class ModelView:
    """How a chat model reads a line that the parser left open. It decides nothing: the line's status stays as it is."""

    label: Literal["satisfied", "violated", "unknown"]
    reason: str
    evidence: tuple[Words, ...]
    by: str
    """The model's name."""


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion against one patient."""

    id: str
    kind: Kind
    text: str
    citation: Citation
    status: Status
    reason: str
    """One sentence that names both sides, with conversions shown."""
    patient_evidence: tuple[Words, ...] = ()
    assumed: bool = False
    """True where silence was read as absence (complete notes only)."""
    would_change: str | None = None
    unparsed: bool = False
    """Some part of the line was not understood."""
    model: ModelView | None = None
    """A chat model's view of a line that is unknown because it was not understood, where a model is configured."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many criteria there are and how many the facts decide."""

    criteria: int
    decided: int
    unknown: int
    needs_protocol: int
    unparsed: int
    """Criteria of which some part was not understood."""


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The unknown whose answer is expected to settle most."""

    text: str
    settles: tuple[str, ...]
    """Ids of the criteria."""


@dataclass(frozen=True)
class Assessment:
    """A patient against every criterion of a trial. It never says that somebody is eligible."""

    trial: str
    overall: Overall
    criteria: tuple[CriterionVerdict, ...]
    coverage: Coverage
    next_question: NextQuestion | None = None
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    """What of the patient's text could not be used, and why."""

    def as_json(self) -> dict[str, Any]:
        """As the outer contract names it: ready for `json.dumps`."""
        return asdict(self)
