"""Patients who answer question by question, worked by hand: what they begin with, what they answer, how many questions it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from small_trials import SmallShelf, judged, trial

from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.eligibility.assess import assess
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.notes import read_note
from assistant.reply import Audience
from evals.cases import CheckCase, GoldLine
from evals.tasks.settling import answers, item, measure, opening, overall

ID = "NCT00000091"
TRIAL = trial(
    ID,
    title="Walking for asthma",
    conditions=("Asthma",),
    inclusion=("Hemoglobin ≥ 90 g/L",),
    exclusion=("HIV infection", "Glaucoma"),
)
TODAY = date(2026, 5, 4)
NOTE = "Man of 40 with asthma. HIV negative. Hemoglobin 80 g/L on 2026-05-01."


def line(number: int, kind: str, status: str, quote: str = "") -> GoldLine:
    return GoldLine.model_validate({"id": f"{ID}/{kind}/{number}", "kind": kind, "status": status, "patient_quote": quote})


LOW = CheckCase(
    id="low",
    trial=ID,
    note=NOTE,
    today=TODAY,
    criteria=(
        line(1, "inclusion", "violated"),
        line(1, "exclusion", "satisfied", "HIV negative"),
        line(2, "exclusion", "unknown"),
    ),
)
SILENT = CheckCase(
    id="silent", trial=ID, note="Man of 40 with asthma.", today=TODAY, criteria=(line(1, "inclusion", "unknown"),)
)


@dataclass(frozen=True)
class Small:
    """The assistant over one trial in memory."""

    library: SmallShelf

    def conversation(
        self, *, scope: Sequence[str] = (), audience: Audience = "patient", today: date | None = None
    ) -> Conversation:
        return Conversation(Engine(self.library), judged, tuple(scope), audience, today=today)

    def check(
        self, trial: str, told: str, clock: Clock, *, complete: bool = False, audience: Audience = "patient"
    ) -> Assessment:
        return assess(self.library.trial(trial), read_note(told, clock.today), clock, complete=complete, audience=audience)


SMALL = Small(SmallShelf([TRIAL]))


def test_a_patient_begins_with_age_sex_and_diagnosis_alone() -> None:
    said = opening(read_note(NOTE, TODAY), TRIAL, TODAY)
    assert said == f"I am 40 years old. I am male. I have asthma. Can I join {ID}?"


def test_answers_are_the_notes_own_sentences() -> None:
    says = answers(LOW, SMALL.check(ID, NOTE, Clock(TODAY, TODAY)))
    assert says[f"{ID}/inclusion/1"] == ["Hemoglobin 80 g/L on 2026-05-01."]
    assert says[f"{ID}/exclusion/1"] == ["HIV negative."]
    assert says[f"{ID}/exclusion/2"] == []


def test_questions_are_counted_until_the_trial_is_settled(tmp_path: Path) -> None:
    run = measure([LOW, SILENT], SMALL, predictions=tmp_path / "out.jsonl")
    low, silent = run.items
    assert low.prediction["overall"] == low.prediction["whole"] == "does_not_match"
    assert 1 <= len(low.prediction["asked"]) <= 3
    assert low.prediction["asked"][-1]["answer"] == "Hemoglobin 80 g/L on 2026-05-01."
    assert [low.scores[name].value for name in ("settled", "agrees", "agrees_gold", "within_goal")] == [1, 1, 1, 1]
    assert [one["answer"] for one in silent.prediction["asked"]] == ["I don't know."] * 3
    assert (silent.scores["settled"].value, silent.scores["agrees"].value, silent.scores["agrees_gold"].value) == (0, 1, None)
    assert "median" in run.grids[0].title
    assert sum(int(count) for _, count in run.grids[0].rows) == 2
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_patient_who_failed_has_no_scores() -> None:
    assert item(LOW, {"id": "low", "error": "broken"}).scores == {}


def test_the_golds_overall() -> None:
    assert overall(LOW.criteria) == "does_not_match"
    assert overall(SILENT.criteria) is None
    assert overall((line(1, "inclusion", "satisfied"), line(1, "exclusion", "not_applicable"))) == "may_match"
    assert overall(()) is None
