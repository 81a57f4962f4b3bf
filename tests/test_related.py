"""What an open line may be about is shown beside it and decides nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.eligibility.assessment import Assessment, Coverage, CriterionVerdict, Overall, Status
from assistant.eligibility.patient import Clause, Patient, Words
from assistant.eligibility.related import with_related
from assistant.reply import Citation

TEXT = "He wears a step counter. His father wears one too."
CLAUSE = Clause(Words(0, 23, TEXT[:23]), frozenset(), denied=False)
FATHER = Clause(Words(25, 50, TEXT[25:50]), frozenset(), denied=False, who="family")


def by_first_letter(texts: Sequence[str]) -> NDArray[np.float32]:
    """An embedder that finds alike what begins with the same letter."""
    return np.array(
        [[float(text[0].lower() == letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts], np.float32
    )


def assessed(text: str, status: Status, overall: Overall = "undecided", **more: object) -> Assessment:
    line = CriterionVerdict("T/exclusion/1", "exclusion", text, Citation("T", "d", "s", 0, 4, "text"), status, "Not mentioned.")
    counts = Coverage(1, int(status != "unknown"), int(status == "unknown"), 0, 0)
    return Assessment("T", overall, (replace(line, **more),), counts)  # type: ignore[arg-type]


def test_an_alike_clause_is_shown_and_decides_nothing() -> None:
    found = with_related(assessed("Has an activity tracker", "unknown"), Patient(TEXT, clauses=(CLAUSE,)), by_first_letter)
    (line,) = found.criteria
    assert (line.status, line.reason) == ("unknown", "Not mentioned; possibly related: “He wears a step counter”.")
    assert [TEXT[words.start : words.end] for words in line.patient_evidence] == ["He wears a step counter"]


def test_what_may_have_been_said_is_no_silence() -> None:
    given = assessed("Has an activity tracker", "satisfied", "may_match", assumed=True)
    found = with_related(given, Patient(TEXT, clauses=(CLAUSE,)), by_first_letter)
    assert (found.criteria[0].status, found.criteria[0].assumed, found.overall) == ("unknown", False, "undecided")
    assert (found.coverage.decided, found.coverage.unknown) == (0, 1)


@pytest.mark.parametrize(
    ("given", "clauses"),
    [
        pytest.param(assessed("Unrelated words", "unknown"), (CLAUSE,), id="nothing alike"),
        pytest.param(assessed("His father", "unknown"), (FATHER,), id="said of the family"),
        pytest.param(assessed("Has a tracker", "unknown"), (), id="no text"),
        pytest.param(assessed("Has a tracker", "satisfied"), (CLAUSE,), id="decided by facts"),
        pytest.param(assessed("Has a tracker", "unknown", patient_evidence=(CLAUSE.words,)), (CLAUSE,), id="evidence stands"),
    ],
)
def test_left_as_it_is(given: Assessment, clauses: tuple[Clause, ...]) -> None:
    assert with_related(given, Patient(TEXT, clauses=clauses), by_first_letter) == given
