"""What the patient said that an open line may be about, by likeness of meaning: a hint to read on, which never decides yes or no."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from assistant.eligibility.assessment import Assessment, CriterionVerdict
from assistant.eligibility.patient import Clause, Patient

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""One row a text, of length 1: shape (texts, dimensions)."""

ALIKE: Final = 0.5
"""Cosine from which the packaged model's likeness is worth a look: read by eye over 228 open lines of 31 patients, of the 50
likest (0.50 to 0.84) three spoke of something else."""


def with_related(assessment: Assessment, patient: Patient, embed: Embed) -> Assessment:
    """The assessment with the likest clause of the patient's text beside each line that is open without any evidence.

    A line whose silence was read as absence goes back to "unknown" where a clause is alike: what may have been said is no silence.
    """
    clauses = [clause for clause in patient.clauses if clause.who == "patient"]
    silent = [verdict for verdict in assessment.criteria if _is_silent(verdict)]
    if not clauses or not silent:
        return assessment
    likeness = embed([verdict.text for verdict in silent]) @ embed([clause.words.quote for clause in clauses]).T
    hints = {
        verdict.id: _hinted(verdict, clauses[int(row.argmax())])
        for verdict, row in zip(silent, likeness, strict=True)
        if row.max() >= ALIKE
    }
    reopened = sum(verdict.assumed for verdict in silent if verdict.id in hints)
    coverage = assessment.coverage
    return replace(
        assessment,
        overall="undecided" if reopened and assessment.overall == "may_match" else assessment.overall,
        criteria=tuple(hints.get(verdict.id, verdict) for verdict in assessment.criteria),
        coverage=replace(coverage, decided=coverage.decided - reopened, unknown=coverage.unknown + reopened),
    )


def _is_silent(verdict: CriterionVerdict) -> bool:
    """Whether the verdict rests on nothing that the patient said."""
    return not verdict.patient_evidence and (verdict.status == "unknown" or verdict.assumed)


def _hinted(verdict: CriterionVerdict, clause: Clause) -> CriterionVerdict:
    reason = f"{verdict.reason.rstrip('.')}; possibly related: “{clause.words.quote}”."
    return replace(verdict, status="unknown", assumed=False, reason=reason, patient_evidence=(clause.words,))
