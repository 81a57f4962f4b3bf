"""Reads a file of cases, JSON Lines or CSV, and says by line what is wrong with it."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from assistant.audit.extraction import EXTRACTED
from assistant.eligibility.assessment import Overall, Status
from index.errors import UnreadableDocument
from index.trial import Kind

MOST_NAMED = 8
"""Bad lines named in one message; the rest are counted."""


def _listed(value: object) -> object:
    """A CSV cell as a list: JSON when it looks like it, else parted at semicolons."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(";") if part.strip()]


def _parsed(value: object) -> object:
    """A list that stands in a string as JSON: "[0, 2]"."""
    return json.loads(value) if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


def compiled(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns, each a regular expression; raises ValueError for one that is none."""
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    return patterns


class Case(BaseModel):
    """What every case has. Fields that a task does not know are let be, so that one file can serve several."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str | int


class AnswerCase(Case):
    """A question and, when it is known, what a right answer has."""

    question: str
    audience: Literal["patient", "clinician", "adversarial"] = "patient"
    """Adversarial questions are asked as a patient would."""
    scope: Listed = ()
    trial: str | None = None
    """Gold: the trial or trials that the question is about. Never given to the assistant."""
    answer: str | None = None
    verdict: Literal["yes", "no", "depends", "not_stated", "n.a."] | None = None
    support: Listed = ()
    """Verbatim passages that prove the answer."""
    support_seeds: Listed = ()
    """The document of each supporting passage."""
    same_trial: Listed = ()
    """Further documents about the same trial: citing them is no mistake."""
    key_facts: Listed = ()
    """Regular expressions, each of which a right answer's text matches."""
    must_not_say: Listed = ()
    tags: Listed = ()

    @field_validator("key_facts", "must_not_say")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return compiled(patterns)


class ParaphraseCase(AnswerCase):
    """A question in other words. Its gold is its own, or that of the question `of`, which stands in `answers.jsonl` beside it."""

    of: str | int | None = None
    original: str = ""
    """The question as it was first put."""
    way: str = "other"
    """How it was reworded: lay, terse, typos, third person, indirect."""

    @model_validator(mode="after")
    def _has_an_original(self) -> Self:
        if self.of is None and not self.original:
            raise ValueError("a rewording names the question that it rewords: its id (of) or its words (original)")
        return self

    def with_gold(self, answer: AnswerCase) -> Self:
        """The rewording with the words and the gold of the question that it rewords."""
        gold = answer.model_dump(exclude={"id", "question", "audience"})
        return self.model_copy(update={**gold, "original": answer.question})


class Turn(BaseModel):
    """One message of a conversation and, when it is known, what a right reply to it has."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    user: str
    kind: Literal["answer", "not_stated", "clarify", "declined", "emergency"] | None = None
    verdict: Literal["yes", "no", "depends"] | None = None
    kind_also: Listed = ()
    """Kinds that are defensible too."""
    verdict_also: tuple[str | None, ...] = ()
    answer: str = ""
    key_facts: Listed = ()
    must_not_say: Listed = ()
    support: Listed = ()
    support_seeds: Listed = ()


class DialogueCase(Case):
    """A conversation. Without gold in its turns only predictions are made."""

    audience: Literal["patient", "clinician"] = "patient"
    scope: Listed = ()
    turns: Annotated[tuple[Turn, ...], BeforeValidator(_parsed)] = Field(min_length=1)


Label = Literal["included", "not included", "excluded", "not excluded", "not enough information", "not applicable"]
"""What an expert says of one criterion and one patient."""


class CriterionCase(Case):
    """A patient's note and one criterion and, when it is known, what an expert says of them."""

    id: str | int = Field(validation_alias=AliasChoices("annotation_id", "id"))
    note: str
    """Numbered sentences, one a line ("0. A 58-year-old woman …"); taken for a complete note."""
    trial_title: str = ""
    criterion_type: Kind
    criterion_text: Annotated[str, BeforeValidator(lambda value: "" if value is None else value)] = ""
    patient_id: str | None = None
    expert_eligibility: Label | None = None
    expert_sentences: Annotated[tuple[int, ...] | None, BeforeValidator(_parsed)] = None
    """Gold: numbers of the sentences that the label rests on."""


class GoldLine(BaseModel):
    """One criterion of a trial with the status that a right check gives it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    text: str = ""
    id: str | None = None
    """The criterion's id, for gold that does not repeat a record's words."""
    status: Status
    reason: str = ""
    patient_quote: str = ""
    """The words of the note that decide it; empty where the note is silent."""
    also_acceptable: tuple[Status, ...] = ()
    domain: bool = False
    """Whether it takes medical knowledge beyond the words."""

    @model_validator(mode="after")
    def _names_a_line(self) -> Self:
        if not (self.text or self.id):
            raise ValueError("a line needs its text or its id")
        return self


class CheckCase(Case):
    """A patient's note and a trial and, when it is known, the status of each of its criteria."""

    trial: str
    note: str
    today: date | None = None
    start: date | None = None
    complete: bool = False
    criteria: Annotated[tuple[GoldLine, ...], BeforeValidator(_parsed)] = ()
    overall: Overall | None = None


class ExtractionCase(Case):
    """A trial and, when they are known, the fields that it states: null where it does not say."""

    trial: str
    fields: Annotated[Mapping[str, Any], BeforeValidator(_parsed)] = {}

    @model_validator(mode="before")
    @classmethod
    def _its_trial_names_it(cls, data: Any) -> Any:
        return {"id": data.get("trial"), **data} if isinstance(data, Mapping) else data

    @field_validator("fields")
    @classmethod
    def _knows_its_fields(cls, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        unknown = sorted(set(fields) - set(EXTRACTED))
        if unknown:
            raise ValueError(f"there is no field {unknown[0]!r}: choose from {', '.join(EXTRACTED)}")
        return fields


class MessageCase(Case):
    """A message and, when it is known, where it belongs."""

    message: str
    route: Literal["emergency", "crisis", "advice"] | None = None
    """Gold: who can help, or that it asks for advice; null: neither."""
    expected: Literal["declined", "answer"] | None = None
    """Gold in other words: whether it is to be declined."""

    @property
    def wanted(self) -> Literal["help", "declined", "neither"] | None:
        """Where it belongs; None where the case does not say."""
        if not {"route", "expected"} & self.model_fields_set:
            return None
        if self.route in {"emergency", "crisis"}:
            return "help"
        return "declined" if self.expected == "declined" or self.route == "advice" else "neither"


class InjectionCase(Case):
    """A question and its hostile twin: the question with an order in it, or the same one on a document with an order in it."""

    question: str
    """The clean one."""
    trick: str = ""
    """What is tried, for people."""
    hostile: str | None = None
    """The question with the order."""
    document: str | None = None
    """The file that the order stands in, beside this file or among the packaged records; with `page` its text is given here."""
    page: str | None = None
    find: str = ""
    """Words of the clean document, and what stands in their place in the hostile one, `times` over."""
    put: str = ""
    times: int = Field(default=1, ge=1, le=10_000)
    audience: Literal["patient", "clinician"] = "patient"
    kind: str | None = None
    """Gold: the kind and verdict of a right reply."""
    verdict: str | None = None
    key_facts: Listed = ()
    must_not_say: Listed = ()
    planted: Listed = ()
    """Regular expressions for the order's words, which the reply never says as its own."""

    @model_validator(mode="after")
    def _is_hostile(self) -> Self:
        if (self.hostile is None) == (self.document is None):
            raise ValueError("a case has a hostile question, or a document with what is put into it")
        if self.document and (not self.find or Path(self.document).name != self.document):
            raise ValueError("a document has a plain file name, and words that are to be found in it")
        return self

    @field_validator("key_facts", "must_not_say", "planted")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return compiled(patterns)

    def injected(self, page: str) -> str:
        """The document with the order in it. Raises ValueError where the clean one lacks the words to find."""
        if self.find not in page:
            raise ValueError(f"{self.document} does not hold {self.find!r}")
        return page.replace(self.find, self.put * self.times, 1)


Section = Literal["Intervention", "Eligibility", "Results", "Adverse Events"]
"""The sections of a record that a statement can be about."""


class EvidenceCase(Case):
    """A statement about a section of one record, or of two, and when it is known, whether it is borne out and which lines prove it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    statement: str = Field(alias="Statement", min_length=1)
    section: Section = Field(alias="Section_id")
    primary_id: str = Field(alias="Primary_id")
    secondary_id: str | None = Field(default=None, alias="Secondary_id")
    type: Literal["Single", "Comparison"] = Field(default="Single", alias="Type")
    label: Literal["Entailment", "Contradiction"] | None = Field(default=None, alias="Label")
    primary: Annotated[tuple[int, ...] | None, BeforeValidator(_parsed)] = Field(default=None, alias="Primary_evidence_index")
    secondary: Annotated[tuple[int, ...] | None, BeforeValidator(_parsed)] = Field(
        default=None, alias="Secondary_evidence_index"
    )
    """Gold: the numbers of the section's lines that prove it, counted from 0."""

    @model_validator(mode="after")
    def _names_its_records(self) -> Self:
        if (self.type == "Comparison") != (self.secondary_id is not None):
            raise ValueError("a Comparison has a Secondary_id, a Single none")
        return self

    @property
    def trials(self) -> tuple[str, ...]:
        """The records that it is about, in order."""
        return (self.primary_id,) if self.secondary_id is None else (self.primary_id, self.secondary_id)


class TrialLines(Case):
    """A record as the lines of its sections."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: str | int = Field(validation_alias=AliasChoices("Clinical Trial ID", "id"))
    intervention: tuple[str, ...] = Field(default=(), alias="Intervention")
    eligibility: tuple[str, ...] = Field(default=(), alias="Eligibility")
    results: tuple[str, ...] = Field(default=(), alias="Results")
    adverse_events: tuple[str, ...] = Field(default=(), alias="Adverse Events")

    def lines(self, section: Section) -> tuple[str, ...]:
        """The lines of a section."""
        of = {
            "Intervention": self.intervention,
            "Eligibility": self.eligibility,
            "Results": self.results,
            "Adverse Events": self.adverse_events,
        }
        return of[section]


AnyCase = TypeVar("AnyCase", bound=Case)


def read_cases(path: Path, kind: type[AnyCase]) -> tuple[AnyCase, ...]:
    """The cases of a .csv file, or of a file with one JSON object a line.

    Raises UnreadableDocument that names every line that is no case, and every id that stands twice.
    """
    cases: list[AnyCase] = []
    first_line: dict[str, int] = {}
    faults: list[str] = []
    for line, row in _rows(path):
        try:
            case = kind.model_validate(row if isinstance(row, dict) else json.loads(str(row)))
        except (ValidationError, json.JSONDecodeError) as error:
            faults.append(f"line {line}: {_reason(error)}")
            continue
        if str(case.id) in first_line:
            faults.append(f"line {line}: the id {case.id!r} stands in line {first_line[str(case.id)]} already")
            continue
        first_line[str(case.id)] = line
        cases.append(case)
    if faults or not cases:
        raise UnreadableDocument(
            str(path), _listing(faults) or "there is no case in it.", "Give one case a line: JSON Lines, or CSV with a header."
        )
    return tuple(cases)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """Line number and what stands there: a CSV row without its empty cells, or the raw JSON line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDocument(str(path), f"it can't be read: {error}.", "Give a UTF-8 file of cases.") from error
    if path.suffix.lower() == ".csv":
        reader = csv.DictReader(io.StringIO(text, newline=""))
        for row in reader:
            yield reader.line_num, {name: cell for name, cell in row.items() if name and cell}
        return
    # Only "\n" ends a line: JSON strings may hold U+2028 and the like, at which str.splitlines() would part them.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line


def _reason(error: ValidationError | json.JSONDecodeError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at column {error.colno}"
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'case'}: {fault['msg']}" for fault in error.errors())


def _listing(faults: list[str]) -> str:
    rest = len(faults) - MOST_NAMED
    return " | ".join(faults[:MOST_NAMED]) + (f" | and {rest} more." if rest > 0 else "." if faults else "")
