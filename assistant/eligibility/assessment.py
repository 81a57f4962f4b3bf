"""What `check` says, as frozen types: a verdict for each criterion, with both sides quoted."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.eligibility.judge.judgement import Wanted
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
    weighed: bool = True
    """Whether the evidence was weighed; else it only stands in the line's words."""
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

    def in_words(self) -> str:
        """Every listed rule is checked; how many are decided, and what the others need."""
        parts = [f"{self.decided} decided", f"{self.unknown} need data"]
        parts += [f"{self.needs_protocol} need the full protocol"] if self.needs_protocol else []
        parts += [f"{self.unparsed} not fully understood"] if self.unparsed else []
        return f"{self.criteria} of {self.criteria} listed rules checked: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Open:
    """A criterion that is not settled, and the facts that it waits for."""

    id: str
    kind: Kind
    missing: tuple[Wanted, ...]
    text: str = ""
    """The criterion's own words, to ask for what no table knows."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What one question asks about, and what a bare yes or no to it says."""

    about: Literal["concept", "quantity", "scale", "age", "sex", "detail", "line"]
    ids: tuple[str, ...]
    """Of the concept, quantities or scale; of a line, the criterion's id."""
    name: str
    """As a person says it; of a line, its words."""
    yes: str = "-"
    """What a bare "yes" says: "=" the fact itself, "-" nothing, "?" that it is not known; else a sentence of a note."""
    no: str = "-"
    family: bool = False


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """The unknown whose answer is expected to settle most."""

    text: str
    settles: tuple[str, ...]
    """Ids of the criteria."""
    topic: Topic | None = None


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
    open: tuple[Open, ...] = ()
    """The lines that facts could still settle."""

    def as_json(self) -> dict[str, Any]:
        """As the outer contract names it: ready for `json.dumps`."""
        document = asdict(replace(self, open=()))
        del document["open"]
        if document["next_question"]:
            del document["next_question"]["topic"]
        return document
