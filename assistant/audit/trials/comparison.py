"""Trials side by side: their fields, and every fact that their lines rule on by which is stricter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.audit.trials.facts import Fact
from assistant.audit.trials.strictness import Strictness, facts_of, strictness
from index.trial import Arm, Intervention, Outcome, Site, Span, Trial

FIELDS: Final = (
    "status",
    "phase",
    "study_type",
    "allocation",
    "intervention_model",
    "masking",
    "conditions",
    "interventions",
    "minimum_age",
    "maximum_age",
    "sex",
    "enrollment",
    "arms",
    "primary_outcomes",
    "sponsor",
    "sites",
    "start_date",
)
"""The fields that are set side by side, in their order."""


@dataclass(frozen=True)
class Comparison:
    """Trials side by side."""

    trials: tuple[Trial, ...]
    facts: tuple[Strictness, ...]

    @property
    def shared(self) -> tuple[Strictness, ...]:
        """The facts that more than one trial rules on."""
        return tuple(one for one in self.facts if len(one.ruling) > 1)

    @property
    def single(self) -> tuple[Strictness, ...]:
        """The facts that one trial alone rules on."""
        return tuple(one for one in self.facts if len(one.ruling) == 1)


def compare(trials: Sequence[Trial], on: Sequence[Fact] = ()) -> Comparison:
    """The trials side by side; `on`: these facts alone, else all that their lines rule on."""
    return Comparison(tuple(trials), tuple(strictness(fact, trials) for fact in on or facts_of(trials)))


def stated(trial: Trial, field: str) -> tuple[Span, ...]:
    """Where a trial's documents state a field."""
    listed: Mapping[str, Sequence[Arm | Intervention | Outcome | Site]] = {
        "arms": trial.arms,
        "interventions": trial.interventions,
        "primary_outcomes": trial.primary_outcomes,
        "sites": trial.sites,
    }
    return trial.evidence.get(field, ()) or tuple(one.span for one in listed.get(field, ()))
