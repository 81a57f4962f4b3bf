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
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return patterns


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
