"""The composition root: the one module that names concrete classes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.audit.audited import Audit, audit
from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient
from assistant.faq import QUESTIONS
from assistant.generative.judging import with_views
from assistant.generative.voice import Voice
from assistant.model import ChatModel, open_model
from assistant.prompting import hashes
from assistant.reply import Audience, Finding, Reply
from assistant.settings import Settings
from assistant.understanding.lexicon import TrialWords
from assistant.verifier import Entails
from index.entail import Entailment
from index.library import Library
from index.trial import Trial

if TYPE_CHECKING:
    from assistant.eligibility.match import Match
    from assistant.handoff import Sheet


@dataclass(frozen=True)
class Assistant:
    """The assistant over one index."""

    library: Library
    engine: Engine
    country: str | None = None
    """Whose emergency numbers are given: ISO 3166."""
    model: ChatModel | None = None
    entails: Entails | None = None

    def ask(self, question: str, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Reply:
        """The reply to a question by itself. Raises UnknownTrial when the scope names a trial that is not indexed."""
        return self.conversation(scope=scope, audience=audience).ask(question)

    def faq(self, trial: str, audience: Audience = "patient") -> Iterator[tuple[str, Reply]]:
        """What people ask first of any trial, each with its answer. Raises UnknownTrial."""
        return ((question, self.ask(question, scope=(trial,), audience=audience)) for question in QUESTIONS)

    def conversation(
        self, *, scope: Sequence[str] = (), audience: Audience = "patient", today: date | None = None
    ) -> Conversation:
        """A new conversation. `today`: the day that windows and ages count to, where it is not today's date."""
        embed = self.library.embedder.embed
        voice = Voice(self.model, self.library, embed, self.entails) if self.model is not None else None
        return Conversation(
            self.engine,
            self._assess,
            tuple(scope),
            audience,
            self.country,
            voice,
            words=self._words,
            today=today,
            audit=self._audit,
        )

    def _audit(self, trial: Trial) -> Audit:
        return audit(trial, self.library.records(trial.id))

    @cached_property
    def _words(self) -> TrialWords:
        return TrialWords(self.library)

    def check(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> Assessment:
        """What was told of a patient (free text, FHIR bundle, profile) against every criterion of a trial.

        `complete`: the text is a complete note, whose silence may be read as absence. Raises UnknownTrial, and UnusableRequest
        for a text that can't be read.
        """
        assessment, patient = self._checked(trial, told, clock, complete, audience)
        return with_views(assessment, patient.text, self.model) if self.model is not None else assessment

    def handoff(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> "Sheet":
        """The sheet of one patient and one trial for the first talk with the study site; no model sees it. Raises as `check`."""
        from assistant.audit.audited import audit
        from assistant.handoff import sheet

        assessment, patient = self._checked(trial, told, clock, complete, audience)
        record = self.library.trial(trial)
        return sheet(record, patient, assessment, audit(record, self.library.records(trial)).findings, clock)

    def _checked(self, trial: str, told: str, clock: Clock, complete: bool, audience: Audience) -> tuple[Assessment, Patient]:
        from assistant.eligibility.intake.reading import read_patient

        patient = read_patient(told, clock.today)
        assessment = self._assess(self.library.trial(trial), patient, clock, audience, complete=complete)
        return replace(assessment, findings=(*assessment.findings, *_doubts(patient, clock))), patient

    def _assess(
        self,
        trial: Trial,
        patient: Patient,
        clock: Clock,
        audience: Audience,
        *,
        complete: bool = False,
        alone: bool = False,
        hints: bool = True,
    ) -> Assessment:
        from assistant.eligibility.assess import assess
        from assistant.eligibility.related import with_related

        assessment = assess(trial, patient, clock, complete=complete, alone=alone, audience=audience)
        return with_related(assessment, patient, self.library.embedder.embed) if hints else assessment

    def sheet(self, told: str, clock: Clock) -> str | None:
        """The text that a check's evidence counts in, where it is not the one told: a bundle or profile as readable lines.

        Raises UnusableRequest for a text that can't be read.
        """
        if told.lstrip("\ufeff").lstrip()[:1] not in {"{", "["}:
            return None  # a note is its own text; it is long to read twice
        from assistant.eligibility.intake.reading import read_patient

        text = read_patient(told, clock.today).text
        return None if text == told else text

    def match(
        self,
        told: str,
        clock: Clock,
        *,
        complete: bool = False,
        audience: Audience = "patient",
        limit: int | None = None,
        watched: Callable[[Sequence[Trial]], Iterable[Trial]] = iter,
    ) -> "tuple[Match, ...]":
        """The indexed trials for one patient, best first. `watched` sees each trial as its turn comes: for a progress bar.

        Raises UnusableRequest for a text that can't be read.
        """
        from assistant.eligibility.intake.reading import read_patient
        from assistant.eligibility.match import match

        patient, trials = read_patient(told, clock.today), watched(self.library.trials())
        return match(patient, trials, clock, complete=complete, audience=audience, limit=limit)


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the index in the settings' data folder. Raises NothingIndexed, StaleIndex or StoreUnavailable."""
    library = Library.open(settings.data_dir, settings.embedder)
    model = open_model(settings)
    entails = Entailment(settings.nli_model).probability if settings.nli_model and model else None
    return Assistant(library, Engine(library, _versions(library, model)), settings.country, model, entails)


def _doubts(patient: Patient, clock: Clock) -> Iterable[Finding]:
    """What is odd about the days that were counted to, and about what was told."""
    if clock.start < clock.today:
        yield Finding("dates", f"The start, {clock.start}, lies before today, {clock.today}: windows and ages count to it.")
    known = (*patient.facts, patient.sex, patient.age, patient.born)
    if not patient.problems and not any(known):
        yield Finding("missing", "No fact about a patient was found in what was told, so nothing could be decided from it.")


def _versions(library: Library, model: ChatModel | None) -> dict[str, object]:
    """What an answer depends on."""
    made = library.versions
    return {
        "assistant": version("eligibility-assistant"),
        "index": f"{made['schema']}.{made['criteria']}.{made['passages']}",
        "embedder": made["embedder"],
        "model": model.name if model else None,
        "prompts": hashes() if model else {},
    }
