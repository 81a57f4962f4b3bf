"""What a clinical-trial document says, as frozen types: the leaf that every other module may import and that imports none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["inclusion", "exclusion"]
Level = Literal["criterion", "field", "arm", "intervention", "outcome", "site", "contact", "section"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one document, in Unicode code points: `source.text[start:end]`."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """One document as it was read. The text is never edited; spans count in it."""

    document: str
    """The document's name, unique in an index (the file name, with as much of its folder as uniqueness takes)."""
    format: str
    """The row of `index.loaders.FORMATS` that read it."""
    sha256: str
    """Of the file's bytes."""
    text: str
    read: str
    """When it was read: ISO 8601, UTC."""
    as_of: str | None = None
    """The date that the document gives for its data: ISO, to the precision given."""
    page_starts: tuple[int, ...] = ()
    """Where each page begins in `text`, for paged formats."""

    def quote(self, span: Span) -> str:
        """What stands at the span. Raises ValueError for another document's span or one outside the text."""
        if span.document != self.document or not 0 <= span.start < span.end <= len(self.text):
            raise ValueError(f"{span} is not a stretch of {self.document} ({len(self.text)} characters)")
        return self.text[span.start : span.end]

    def page(self, span: Span) -> int | None:
        """The page that the span begins on, counted from 1; None for formats without pages."""
        return sum(start <= span.start for start in self.page_starts) or None


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document. `name` is one of SECTIONS; `title` is the heading as printed."""

    name: str
    title: str
    span: Span
    """The section's body, without its heading and without helper sentences at its edges."""


SECTIONS = (
    "title",
    "summary",
    "description",
    "status",
    "conditions",
    "design",
    "arms",
    "interventions",
    "outcomes",
    "eligibility",
    "sponsor",
    "contacts",
    "locations",
    "identifiers",
    "results",
    "references",
    "related",
    "faq",
    "other",
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One inclusion or exclusion criterion. One with sub-items is their parent and is judged through them."""

    id: str
    """`<trial>/<kind>/<ordinal>`, a sub-item `<trial>/<kind>/<ordinal>.<ordinal>`: stable under re-reading."""
    kind: Kind
    text: str
    """The words with escapes undone and line breaks folded; `span` quotes them as the document prints them."""
    span: Span
    """Without the list marker."""
    parent: str | None = None
    label: str | None = None
    """The number or letter that the document prints before it ("5", "a"), when it prints one."""
    heading: str | None = None
    """The sub-heading that it stands under ("Hematology", "Part 2"), when there is one."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of the trial."""

    label: str
    type: str | None
    description: str | None
    span: Span
    """Label, type and description, as far as they stand together."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that is given or done."""

    type: str | None
    name: str
    description: str | None
    span: Span
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that is measured."""

    measure: str
    time_frame: str | None
    span: Span
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A study contact or official, as the record prints it."""

    name: str
    role: str | None
    """API v2's word: CONTACT, PRINCIPAL_INVESTIGATOR, STUDY_DIRECTOR …"""
    phone: str | None
    email: str | None
    span: Span
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the trial runs."""

    facility: str | None
    city: str | None
    state: str | None
    country: str | None
    status: str | None
    span: Span
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another trial that a document names: never the document's own."""

    nct_id: str
    title: str | None
    status: str | None
    span: Span


@dataclass(frozen=True)
class Trial:
    """One trial as one document gives it, or merged over several (`index.merge`).

    Enumerated values are ClinicalTrials.gov API v2's. What no document gives is None or empty, never invented.
    """

    id: str
    """The NCT number when a document has one, else the file's stem."""
    sources: tuple[Source, ...]
    nct_id: str | None = None
    other_ids: tuple[str, ...] = ()
    acronym: str | None = None
    title: str | None = None
    official_title: str | None = None
    status: str | None = None
    why_stopped: str | None = None
    as_of: str | None = None
    phase: tuple[str, ...] = ()
    study_type: str | None = None
    enrollment: int | None = None
    """Participants, planned or actual."""
    start_date: str | None = None
    """Dates are ISO, to the precision given ("2025-11" stays so)."""
    primary_completion_date: str | None = None
    completion_date: str | None = None
    allocation: str | None = None
    masking: str | None = None
    primary_purpose: str | None = None
    intervention_model: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    arms: tuple[Arm, ...] = ()
    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()
    sex: str | None = None
    minimum_age: str | None = None
    """As API v2 words it: "18 Years", "6 Months"."""
    maximum_age: str | None = None
    healthy_volunteers: bool | None = None
    sponsor: str | None = None
    collaborators: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    contacts: tuple[Contact, ...] = ()
    """Central contacts, and facility contacts that the document does not tie to a site."""
    officials: tuple[Contact, ...] = ()
    """Investigators, study chairs and directors, the responsible party when it is a person."""
    criteria: tuple[Criterion, ...] = ()
    """In reading order, each parent before its sub-items."""
    related: tuple[Related, ...] = ()
    has_results: bool | None = None
    sections: tuple[Section, ...] = ()
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    """Field name (the names above, also "summary", "description", "results") → where it is stated, label included."""

    def source(self, document: str) -> Source:
        """The document of that name. Raises KeyError when the trial has none."""
        for source in self.sources:
            if source.document == document:
                return source
        raise KeyError(document)

    def quote(self, span: Span) -> str:
        """What stands at the span in the trial's own document."""
        return self.source(span.document).quote(span)

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """The criteria that are judged: those without sub-items."""
        parents = {criterion.parent for criterion in self.criteria}
        return tuple(criterion for criterion in self.criteria if criterion.id not in parents)

    def of_kind(self, kind: Kind) -> Iterator[Criterion]:
        """The top-level criteria of one list, in order."""
        return (c for c in self.criteria if c.kind == kind and c.parent is None)


@dataclass(frozen=True, slots=True)
class Passage:
    """A retrievable stretch of one document."""

    id: str
    """`<document>:<start>-<end>`."""
    trial: str
    level: Level
    section: str
    """One of SECTIONS; for criteria "inclusion" or "exclusion"."""
    text: str
    """The words with escapes undone and line breaks folded: what is ranked and embedded (after `header`)."""
    span: Span
    header: str = ""
    """Context put before the text when it is embedded: title, section, arm."""
    arm: str | None = None
    field: str | None = None
    """The field of `Trial` that it states, for level "field"; the criterion's id for level "criterion"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first; `found_by` says by which rankings ("dense", "lexical", "exact")."""

    passage: Passage
    score: float
    rank: int
    found_by: tuple[str, ...]
