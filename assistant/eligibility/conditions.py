"""What a criterion asks, as typed conditions: small frozen dataclasses that `judge` holds against a patient.

A condition says what the criterion's words describe; for an exclusion criterion that is what is barred. So "HIV infection" in an
exclusion list is `Has(("hiv",))`, and the criterion is satisfied where that is FALSE.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.eligibility.numbers.doses import Dose
from assistant.eligibility.ranges import Range

Anchor = Literal["today", "start", "event"]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time counted in whole units from an anchor.

    "Within 28 days before the first dose": Window(Range(0, 28), "day", "start", before=True, words=…): day 28 is inside.
    "More than 6 months after completion of radiotherapy": Window(Range(6, inf, low_open=True), "month", "event", event=Has(…)).
    """

    length: Range
    unit: Literal["hour", "day", "week", "month", "year"]
    anchor: Anchor
    """"start": treatment, first dose, enrolment, randomisation; "today": screening, or none named; "event": after `event`."""
    before: bool = True
    event: "Condition | None" = None
    edge: Literal["start", "end"] | None = None
    """Which side of the event it counts from: "onset of" the start, "completion of" the end; None: not said.

    "start" without an event: what is timed counts from its own beginning ("diagnosed within 2 years", "disease duration ≥ 1 year").
    """
    words: str = ""
    """As the criterion says it: "within 28 days before the first dose"."""


@dataclass(frozen=True, slots=True)
class Between:
    """A measured quantity lies in a range. "Hemoglobin ≥ 90 g/L": Between("hemoglobin", Range(90), "g/L")."""

    quantity: str
    range: Range
    unit: str | None = None
    of: Literal["ULN", "LLN"] | None = None
    """Where the range counts multiples of a limit of normal: "ALT ≤ 2.5 × ULN" is Between("alt", Range(high=2.5), of="ULN")."""
    window: Window | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A class on a scale is one of these. "Stage IVB (AJCC 8th)": OneOf("stage", {"IVB"}, edition="8")."""

    scale: str
    values: frozenset[str]
    edition: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Has:
    """The patient has, had or takes one of these concepts, with all the traits named, inside the window.

    "Uncontrolled hypertension": Has(("hypertension",), {"uncontrolled"}). "Prior PD-1/PD-L1 therapy": Has(("pd-1-inhibitor",
    "pd-l1-inhibitor"), ever=True). "History of …" and "prior …" set `ever`; a plain or "current" condition counts what is not over.
    "Other malignancy": Has(("malignancy",), other=True): the disease under study does not count.
    """

    concepts: tuple[str, ...]
    """Ids of `concepts.CONCEPTS`, or words that no table knows as `concepts.words_id` spells them ("w:invas major vessel")."""
    traits: frozenset[str] = frozenset()
    ever: bool = False
    window: Window | None = None
    grade: Range | None = None
    """CTCAE grade."""
    count: Range | None = None
    """Of cycles, lines, lesions."""
    size_mm: Range | None = None
    dose: Dose | None = None
    """The daily dose of a drug."""
    other: bool = False
    family: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Demographic:
    """Sex, or an age in years. "Age 18-70 years": Demographic(age=Range(18, 70))."""

    sex: Literal["female", "male"] | None = None
    age: Range | None = None
    """Completed years, as people count; months and days as fractions of a year."""
    anchor: Anchor = "start"
    words: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    """All hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Unless:
    """The rule holds, but what the exception describes does not count towards it.

    "Other malignancies except cured basal cell carcinoma": a patient with nothing but that is not caught by the rule.
    """

    rule: "Condition"
    exception: "Condition"


@dataclass(frozen=True, slots=True)
class Only:
    """The rule binds the group alone; for others the line does not apply. "Women of childbearing potential must …"."""

    group: "Condition"
    rule: "Condition"


@dataclass(frozen=True, slots=True)
class Either:
    """One rule for a group and another for the rest. "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases"."""

    group: "Condition"
    then: "Condition"
    otherwise: "Condition"


@dataclass(frozen=True, slots=True)
class Judged:
    """Left to the investigator or to the patient's own will, where facts do not decide ("in the investigator's opinion")."""

    by: Literal["investigator", "patient"]
    words: str = ""
    facts: "Condition | None" = None
    """What facts can still say of it: consent signed, a condition denied altogether."""


@dataclass(frozen=True, slots=True)
class PerProtocol:
    """The record leaves the rule to the protocol. `facts`: what would settle it all the same when it is FALSE (all is denied)."""

    words: str
    facts: "Condition | None" = None


@dataclass(frozen=True, slots=True)
class Advised:
    """Recommended or allowed, but not required: everybody passes. "Biopsy is recommended but not mandatory"."""

    words: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Words that were not understood: always UNKNOWN, never dropped."""

    words: str


Condition = (
    Between
    | OneOf
    | Has
    | Demographic
    | AllOf
    | AnyOf
    | Not
    | Unless
    | Only
    | Either
    | Judged
    | PerProtocol
    | Advised
    | Unparsed
)
