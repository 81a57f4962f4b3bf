"""Plays patients who answer one question at a time, and counts the questions until a trial is settled."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Final, Protocol

from assistant.eligibility.assess import rules
from assistant.eligibility.assessment import Assessment, Overall
from assistant.eligibility.clock import Clock
from assistant.eligibility.notes import read_note
from assistant.eligibility.patient import Finding, Patient
from assistant.eligibility.times.days import age_on
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import concept_name
from assistant.reply import Audience, Reply
from evals.cases import CheckCase, GoldLine
from evals.metrics import Score
from evals.score import Grid, Item, Prediction, Run, counted, predict, written
from evals.tasks.checks import matched
from index.sentences import sentences
from index.trial import Trial

MOST: Final = 60
"""Questions after which a patient gives up."""
GOAL: Final = 5
UNKNOWN: Final = "I don't know."


class Converses(Protocol):
    """One person's conversation."""

    def ask(self, message: str) -> Reply:
        """The reply to the next message."""

    def state(self) -> Mapping[str, Any]:
        """What is held after it, and the question that waits."""

    def standing(self, trial: str) -> Assessment:
        """The patient as told so far against a trial."""


class Shelf(Protocol):
    """Where trials are kept."""

    def trial(self, name: str) -> Trial:
        """A trial by its id."""


class Opens(Protocol):
    """What is measured: the assistant as every interface calls it."""

    @property
    def library(self) -> Shelf:
        """The trials."""

    def conversation(
        self, *, scope: Sequence[str] = (), audience: Audience = "patient", today: date | None = None
    ) -> Converses:
        """A new conversation."""

    def check(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> Assessment:
        """A whole note against a trial."""


def measure(cases: Sequence[CheckCase], assistant: Opens, *, predictions: Path | None = None, workers: int = 1) -> Run:
    """All patients played, each prediction written as soon as it is there. An item is a patient."""
    given = written(predict(cases, lambda case: played(case, assistant), lambda case: {"id": case.id}, workers), predictions)
    items = tuple(item(case, one) for case, one in counted(zip(cases, given, strict=True), len(cases), "patients"))
    return Run("dialogue", items, grids=grids(items), unit="patients")


def played(case: CheckCase, assistant: Opens) -> Prediction:
    """One patient, who begins with age, sex and diagnosis and answers from the note, until the trial is settled or nothing is asked."""
    today = case.today or date.today()
    trial = assistant.library.trial(case.trial)
    whole = assistant.check(case.trial, case.note, Clock(today, today))
    says = answers(case, whole)
    talk = assistant.conversation(scope=(trial.id,), today=today)
    reply = talk.ask(opening(read_note(case.note, today), trial, today))
    asked: list[dict[str, str]] = []
    while (pending := talk.state()["pending"]) and len(asked) < MOST:
        told = () if reply.kind == "emergency" else (one for id in pending["settles"] for one in says.get(id, ()))
        answer = " ".join(dict.fromkeys(told)) or UNKNOWN
        asked.append({"question": pending["question"], "answer": answer})
        reply = talk.ask(answer)
    found = talk.standing(trial.id)
    return {
        "asked": asked,
        "overall": found.overall,
        "whole": whole.overall,
        "decided": found.coverage.decided,
        "decided_whole": whole.coverage.decided,
    }


def opening(patient: Patient, trial: Trial, today: date) -> str:
    """What a patient begins with: age, sex and diagnosis of the note, and the question."""
    age = round(patient.age.low) if patient.age else None
    if patient.born:
        age = int(age_on(patient.born, today).low)
    has = [fact.concept for fact in patient.facts if isinstance(fact, Finding) and fact.present and fact.who == "patient"]
    study = rules(trial).study
    disease = next((one for one in has if any(is_a(one, wanted) for wanted in study)), None)
    parts = (
        f"I am {age} years old." if age is not None else "",
        f"I am {patient.sex}." if patient.sex else "",
        f"I have {concept_name(disease)}." if disease else "",
        f"Can I join {trial.id}?",
    )
    return " ".join(part for part in parts if part)


def answers(case: CheckCase, whole: Assessment) -> Mapping[str, Sequence[str]]:
    """For each line the sentences of the note that speak to it: the gold's quote, else what a check of the whole note cites."""
    lines = [{"id": line.id, "kind": line.kind, "text": line.text} for line in whole.criteria]
    gold = dict(zip((one["id"] if one else None for one in matched(case.criteria, lines)), case.criteria, strict=True))
    return {
        line.id: _sentences(case.note, _spans(case.note, gold.get(line.id), whole, at))
        for at, line in enumerate(whole.criteria)
    }


def _spans(note: str, gold: GoldLine | None, whole: Assessment, at: int) -> list[tuple[int, int]]:
    quote = gold.patient_quote if gold else ""
    start = note.find(quote) if quote else -1
    if start >= 0:
        return [(start, start + len(quote))]
    return [(words.start, words.end) for words in whole.criteria[at].patient_evidence]


def _sentences(note: str, spans: Sequence[tuple[int, int]]) -> Sequence[str]:
    return [note[start:end].strip() for start, end in sentences(note) if any(low < end and start < high for low, high in spans)]


def item(case: CheckCase, prediction: Prediction) -> Item:
    """One patient with the number of questions, and whether the trial came out as for the whole note and as for the gold."""
    if "error" in prediction:
        return Item(case.id, "patient", prediction, {}, {"question": case.trial, "said": prediction["error"]}, str(case.id))
    number = len(prediction["asked"])
    settled = prediction["overall"] != "undecided"
    gold = case.overall or overall(case.criteria)
    scores = {
        "turns_to_settle": Score(float(number)),
        "within_goal": Score(float(number <= GOAL)),
        "settled": Score(float(settled)),
        "agrees": Score(float(prediction["overall"] == prediction["whole"])),
        "agrees_gold": Score(float(prediction["overall"] == gold)) if gold else Score(None, "no gold status"),
    }
    said = " | ".join(f"{one['question']} → {one['answer']}" for one in prediction["asked"])
    shown = {"question": f"{case.trial}: {case.note[:200]}", "gold": f"{gold or '–'}; whole note: {prediction['whole']}"}
    return Item(
        case.id,
        "patient",
        prediction,
        scores,
        {**shown, "said": f"{prediction['overall']} after {number}: {said}"},
        str(case.id),
    )


def overall(lines: Sequence[GoldLine]) -> Overall | None:
    """What the gold's lines make of the trial: not a match where one is violated; None where that hangs on what is open."""
    statuses = {line.status for line in lines}
    if "violated" in statuses:
        return "does_not_match"
    return None if not statuses or statuses & {"unknown", "conflicting", "needs_protocol"} else "may_match"


def grids(items: Sequence[Item]) -> tuple[Grid, ...]:
    """How many patients took how many questions."""
    numbers = [len(one.prediction["asked"]) for one in items if not one.failed]
    if not numbers:
        return ()
    spread = tuple((str(number), str(count)) for number, count in sorted(Counter(numbers).items()))
    return (
        Grid(f"Questions until settled (median {median(numbers):g}, goal at most {GOAL})", ("questions", "patients"), spread),
    )
