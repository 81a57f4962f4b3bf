"""The words that a message may use: those of our clinical tables, and those of the indexed trials."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Final, Protocol

from assistant.eligibility import knowledge
from assistant.eligibility.knowledge import rows
from assistant.eligibility.vocabulary.concepts import all_concepts
from index.trial import Passage, Trial
from index.words import GENERIC

_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)*")
_KEPT: Final = 32
"""Choices of trials whose words are kept."""


_GLOSSARY: Final = frozenset(
    "adherence adverse allocation amendment arm arms baseline biomarker biospecimen blinded blinding cohort cohorts comparator completion "
    "confidentiality consent contact contraindicated control crossover dosage dosages dosing efficacy eligibility eligible "
    "endpoint endpoints enrol enroll enrolled enrolling enrolment enrollment event events exclude excluded exclusion experimental "
    "factorial fraction fractions include included inclusion ineligible intervention interventional interventions investigational "
    "investigator investigators locations masking maximum measure minimum multicenter observational outcome outcomes participant "
    "participants phase placebo primary protocol randomisation randomised randomization randomized recruit recruiting recruitment "
    "results screening secondary site sites sponsor sponsored status terminated threshold thresholds titration toxicity treatment "
    "volunteer volunteers washout withdraw withdrawal withdrawn".split()
)
"""Words that everybody uses who asks about trials (ClinicalTrials.gov, Glossary Terms)."""
_SHORT_FORMS: Final = frozenset(
    "abdo abdom adeno adjuv admin aden appt appts bili bilat bronch cardio carbo chole colo cysto derm durva ipi elev endo esoph exam "
    "gastro gyn gynae haem hemo hosp hypo hyper immuno inpt intraop invest labs lami lymphs meds mets neoadj nephro neuro neut neuts "
    "nivo nocte osteo outpt palp pacli pathol peds pembro periop plts pneumo postop preop prev prog prox psych pulm radio resp retic "
    "rheum sats subcut subq supp surg sympt tachy temp thora treg tregs trops vasc vacc xray".split()
)
"""How clinicians write short: never a slip."""


@dataclass(frozen=True)
class Lexicon:
    """Words in lower case. `known` ones are never respelled, `names` are what a misspelled word may be meant as."""

    known: frozenset[str]
    names: frozenset[str]
    drugs: frozenset[str] = frozenset()
    """Those that name a drug."""


class Shelf(Protocol):
    """What is needed of an index: `index.library.Library` is one."""

    @property
    def generation(self) -> int:
        """Rises with every change of the index."""

    def trials(self) -> Sequence[Trial]:
        """Every trial."""

    def passages(self, trial_ids: Sequence[str]) -> Sequence[Passage]:
        """Every passage of those trials."""


@dataclass
class TrialWords:
    """The words of an index, read once in each generation: the names of all trials, and all words of those asked for."""

    shelf: Shelf
    _generation: int = field(default=-1, init=False)
    _names: Lexicon = field(default_factory=lambda: Lexicon(frozenset(), frozenset()), init=False)
    _of: dict[tuple[str, ...], Lexicon] = field(default_factory=dict, init=False)

    def of(self, trial_ids: Sequence[str]) -> Lexicon:
        """What all trials, drugs and sponsors are called, and every word that the given trials use."""
        if self._generation != self.shelf.generation:
            self._names, self._of, self._generation = _named(self.shelf.trials()), {}, self.shelf.generation
        kept, asked = self._of, tuple(trial_ids)
        if asked not in kept:
            if len(kept) >= _KEPT:
                kept.clear()
            said = words(passage.text for passage in self.shelf.passages(asked)) if asked else frozenset()
            kept[asked] = replace(self._names, known=self._names.known | said)
        return kept.get(asked, self._names)


def words(texts: Iterable[str | None]) -> frozenset[str]:
    """The words of the texts."""
    return frozenset(word for text in texts if text for word in _WORD.findall(text.lower()))


@cache
def of_tables() -> Lexicon:
    """The words of the clinical tables."""
    named = words(_names())
    folder = files(knowledge).iterdir()
    every = words(table.read_text("utf-8") for table in folder if table.name.endswith(".tsv"))
    drugs = words(name for one in all_concepts().values() if one.kind == "drug" for name in (one.name, *one.names))
    return Lexicon(every | named | _SHORT_FORMS, named, drugs)


def _names() -> Iterator[str]:
    for one in all_concepts().values():
        yield from (one.name, *one.names, *one.denies)
    for row in rows("quantities.tsv"):
        yield from (row["name"], row["names"])
    for row in rows("traits.tsv"):
        yield row["names"]
    yield from (*GENERIC, *_GLOSSARY)


def _named(trials: Iterable[Trial]) -> Lexicon:
    """What trials can be called by; people and places are known and nothing is respelled as one of them."""
    names: list[str | None] = []
    drugs: list[str | None] = []
    known: list[str | None] = []
    for trial in trials:
        names += [trial.title, trial.official_title, *trial.conditions, *trial.keywords, trial.sponsor]
        drugs += [name for item in trial.interventions for name in (item.name, *item.other_names)]
        known += [trial.id, trial.acronym, *trial.other_ids, *trial.collaborators]
        known += [person.name for person in (*trial.officials, *trial.contacts)]
        known += [place for site in trial.sites for place in (site.facility, site.city, site.country)]
        known += [arm.label for arm in trial.arms] + [source.document for source in trial.sources]
    named, given = words(names), words(drugs)
    return Lexicon(words(known) | named | given, named | given, given)
