"""What is known of a patient, as frozen types: facts that each keep the words they came from.

A note, messages of a conversation, a FHIR bundle and a profile file all become a `Patient`; nothing else reaches the judgement.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant.eligibility.ranges import Range

Sex = Literal["female", "male"]
Who = Literal["patient", "family", "other"]


@dataclass(frozen=True, slots=True)
class Words:
    """The patient's own words that say a fact: `patient.text[start:end] == quote`, in Unicode code points."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Days:
    """A day, to the precision said: "2019" is 1 January to 31 December 2019, "2025-11-17" one day. None: open on that side."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Gap:
    """How long after another event something began, where that is told and no day: "came back 8 months after radiotherapy"."""

    length: Range
    unit: Literal["hour", "day", "week", "month", "year"]
    events: frozenset[str]
    """The concepts by which the text names that event."""
    edge: Literal["start", "end"] | None = None
    """The side of the event that is named: "after it finished" the end, "after starting" the start; None: not said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """That a patient has, had or takes something, or that it is denied.

    "No history of pneumonitis" → present=False. "HBsAg negative" → concept "hbsag", present=False. "Never smoked" → "smoking", False.
    "No active infection" → concept "infection", present=False, traits {"active"}: only as much is denied as is said.
    "No other autoimmune disease" → present=False, other=True: all but what is stated present elsewhere in the text.
    "Treatment-naive" → "anticancer-therapy", present=False.
    """

    concept: str
    """An id of `concepts.CONCEPTS`."""
    present: bool
    words: Words
    traits: frozenset[str] = frozenset()
    """Ids of `traits.TRAITS` said of it: "active", "controlled", "resolved", "adequately-treated", "stable", "severe" …"""
    grade: Range | None = None
    """CTCAE grade, where one is given."""
    started: Days | None = None
    """When it happened, was diagnosed or first given; relative times are resolved against the day of the note."""
    ended: Days | None = None
    """When it ended or was last given. For a single event (a heart attack, a vaccine, an operation) the same as `started`."""
    ongoing: bool | None = None
    """True where it is said to go on ("on warfarin", "takes"), False where it is said to be over, else None."""
    other: bool = False
    who: Who = "patient"
    certain: bool = True
    """False for what was only suspected, planned, offered, discussed, or is pending: it decides nothing."""
    count: Range | None = None
    """How many: cycles of a treatment, lesions, lines, pack-years' packs …"""
    size_mm: Range | None = None
    dose: str | None = None
    after: Gap | None = None
    """How long after what it began."""
    half_life: float | None = None
    """Of a drug, in days."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number measured, calculated or scored: a lab value, a vital sign, an ECOG status, a BMI."""

    quantity: str
    """An id of `quantities.QUANTITIES`."""
    value: Range
    unit: str | None
    """As `units` spells it; None for pure numbers and where none was given."""
    words: Words
    upper_limit: Range | None = None
    """The laboratory's own upper limit of normal, in the same unit."""
    lower_limit: Range | None = None
    flag: Literal["normal", "high", "low", "abnormal"] | None = None
    """How the note calls it; with `value` unbounded where only that is said ("potassium normal")."""
    taken: Days | None = None
    copies: float | None = None
    """How many copies an International Unit is in the laboratory's own assay, where the text says so."""
    superseded: bool = False
    """True where the text itself corrects it ("reported as 8.8, corrected to 9.8"): kept to be shown, never judged."""


@dataclass(frozen=True, slots=True)
class Grading:
    """A class on a scale that is not a plain number: a stage, a TNM category, a response, an NYHA class, a WHO histologic type."""

    scale: str
    """An id of `quantities.SCALES`: "stage", "t", "n", "m", "response", "nyha", "child-pugh", "who-npc-type" …"""
    values: frozenset[str]
    """What the words leave possible, in the scale's own spelling: "stage IV" → {"IV", "IVA", "IVB", "IVC"}."""
    words: Words
    edition: str | None = None
    """Of a staging system: "8" for AJCC/UICC 8th edition."""
    given: Days | None = None


Fact = Finding | Measurement | Grading


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text with one polarity: where a condition that no table knows is looked for by its words."""

    words: Words
    stems: frozenset[str]
    denied: bool
    who: Who = "patient"
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said when asked whether a criterion, in its own words, is so for them."""

    line: str
    """The criterion's id."""
    holds: bool
    words: Words


@dataclass(frozen=True)
class Patient:
    """A patient as far as the text tells. What is not here was not said."""

    text: str
    facts: tuple[Fact, ...] = ()
    clauses: tuple[Clause, ...] = ()
    sex: Sex | None = None
    sex_words: Words | None = None
    born: Days | None = None
    """From a birth date, to its precision."""
    age: Range | None = None
    """In years on the day of the note, where the text gives an age ("58-year-old", "in her sixties", "2 weeks old")."""
    age_words: Words | None = None
    """The words for `born` or `age`."""
    dated: date | None = None
    """The day of the note, where it says one; relative times and an age count from it, else from today."""
    problems: tuple[str, ...] = field(default=())
    """What could not be used and why: an impossible value, a unit that the analyte does not have, an unknown code."""
    answers: tuple[Answer, ...] = ()
    """Of criteria asked about in their own words."""

    def present(self) -> frozenset[str]:
        """The concepts that are there for sure."""
        return frozenset(
            one.concept
            for one in self.facts
            if isinstance(one, Finding) and one.present and one.certain and one.who == "patient"
        )
