"""What a condition is judged against: a patient, a clock, and which way out passes."""

from dataclasses import dataclass, replace

from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Finding, Grading, Measurement, Patient
from assistant.eligibility.truth import Truth

STUDY_DISEASE = "study-disease"
"""What a line means that names no disease: "diagnosed within two years"."""


@dataclass(frozen=True)
class Case:
    """A patient on a day, for one condition."""

    patient: Patient
    clock: Clock
    study: frozenset[str]
    """Concepts of the trial's disease: they are no "other malignancy"."""
    passing: Truth
    """The truth with which the patient passes: TRUE for what is required, FALSE for what is barred."""
    closed: bool = False
    """Whether silence is read as absence where `silence` allows it."""
    excepted: frozenset[Finding] = frozenset()
    """What an exception takes out of the rule."""
    grouping: bool = False
    """Whether a group is judged: who cannot be in it is outside it, rather than outside of what is asked."""
    alone: bool = False
    """Whether it is asked of what is told alone: what else a line names beside it is left out."""

    def meant(self, concepts: tuple[str, ...]) -> tuple[str, ...]:
        """The concepts asked for; "the disease under study" by the name that the trial gives it."""
        return tuple(sorted(self.study)) or concepts if concepts == (STUDY_DISEASE,) else concepts

    def turned(self) -> "Case":
        """For what stands under "not"."""
        return replace(self, passing=~self.passing)

    def without(self, findings: frozenset[Finding]) -> "Case":
        """The same patient, had these findings not been there."""
        facts = tuple(fact for fact in self.patient.facts if not (isinstance(fact, Finding) and fact in findings))
        return replace(self, patient=replace(self.patient, facts=facts), excepted=self.excepted | findings)

    def findings(self, *, family: bool = False) -> tuple[Finding, ...]:
        """The findings in the patient, or in the family."""
        who = "family" if family else "patient"
        return tuple(fact for fact in self.patient.facts if isinstance(fact, Finding) and fact.who == who)

    def measurements(self, quantity: str) -> tuple[Measurement, ...]:
        """The values of one quantity that nothing corrects."""
        facts = (fact for fact in self.patient.facts if isinstance(fact, Measurement))
        return tuple(fact for fact in facts if fact.quantity == quantity and not fact.superseded)

    def gradings(self, scale: str) -> tuple[Grading, ...]:
        """The classes given on one scale."""
        return tuple(fact for fact in self.patient.facts if isinstance(fact, Grading) and fact.scale == scale)
