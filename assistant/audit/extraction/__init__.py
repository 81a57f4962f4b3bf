"""What a record asks for, as fields with the words that prove each: `extract`. What is not said is not there."""

from collections.abc import Callable, Mapping
from typing import Final

from assistant.audit.extraction.biomarkers import biomarkers
from assistant.audit.extraction.cardiac import cardiac
from assistant.audit.extraction.disease import disease
from assistant.audit.extraction.infections import infections
from assistant.audit.extraction.labs import labs
from assistant.audit.extraction.performance import performance
from assistant.audit.extraction.reproduction import reproduction
from assistant.audit.extraction.rules import rules_of
from assistant.audit.extraction.therapies import therapies
from assistant.audit.extraction.value import Value
from assistant.audit.extraction.washouts import washouts
from assistant.audit.record import Record

EXTRACTED: Final = (
    "cancer_type",
    "histology",
    "stage",
    "stage_edition",
    "metastatic",
    "ecog_min",
    "ecog_max",
    "prior_lines_min",
    "prior_lines_max",
    "required_prior_therapies",
    "excluded_prior_therapies",
    "biomarkers_required",
    "biomarkers_excluded",
    "measurable_disease",
    "life_expectancy_min_months",
    "labs",
    "washouts",
    "contraception_required",
    "pregnancy_excluded",
    "infections",
    "cardiac",
    "prior_malignancy_rule",
    "cns_metastases_rule",
)
"""The names of the fields; each is null where the record does not state it."""

Reader = Callable[[Record], Mapping[str, Value]]

READERS: Final[tuple[Reader, ...]] = (
    disease,
    performance,
    therapies,
    biomarkers,
    labs,
    washouts,
    reproduction,
    infections,
    cardiac,
    rules_of,
)
"""Each fills its own fields."""


def extract(record: Record) -> dict[str, Value]:
    """Field name (the outer contract's) → its value; a field that the record does not state is not in it."""
    return {name: value for reader in READERS for name, value in reader(record).items()}
