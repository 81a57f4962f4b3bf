"""A patient against a whole trial: a cited verdict for every line, an overall that never promises, and what the record gets wrong."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from assistant.citations import holds
from assistant.eligibility.assess import assess, rules, study
from assistant.eligibility.assessment import Assessment
from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import AllOf, AnyOf, Has, Not, Unless
from assistant.eligibility.contradictions import contradictions
from assistant.eligibility.patient import Patient
from assistant.eligibility.ranges import Range, exactly
from assistant.reply import Audience
from index.trial import Trial
from tests.small_patients import CLOCK, clause, has, no, on, patient, value
from tests.small_trials import trial

LINES = ("Hemoglobin ≥ 90 g/L", "ECOG performance status 0-1", "Written informed consent")
BARS = ("HIV infection", "Pregnant or breastfeeding women", "Major surgery within 4 weeks before enrollment")


def small(inclusion: Sequence[str] = LINES, exclusion: Sequence[str] = BARS, **fields: Any) -> Trial:
    return trial(title="Melanoma study", inclusion=inclusion, exclusion=exclusion, **fields)


def by_text(found: Assessment, words: str) -> str:
    return next(verdict.status for verdict in found.criteria if words in verdict.text)


FIT = patient(
    value("hemoglobin", 10.2, "g/dL"),
    value("ecog", 1),
    has("melanoma"),
    has("informed-consent", "consent signed"),
    no("hiv", "HIV negative"),
    no("major-surgery", "never operated on"),
    sex="male",
    age=exactly(50),
)


def test_every_leaf_has_a_cited_verdict() -> None:
    record = small(minimum_age="18 Years", maximum_age="75 Years")
    found = assess(record, FIT, CLOCK)
    assert {leaf.id for leaf in record.leaves} <= {verdict.id for verdict in found.criteria}
    for verdict in found.criteria:
        assert holds(verdict.citation, record.sources[0])
        assert verdict.reason.endswith(".")
        for words in verdict.patient_evidence:
            assert FIT.text[words.start : words.end] == words.quote


def test_the_records_own_age_limits_are_lines_where_no_criterion_says_them() -> None:
    found = assess(small(minimum_age="60 Years"), FIT, CLOCK)
    verdict = next(verdict for verdict in found.criteria if "minimum_age" in verdict.id)
    assert verdict.status == "violated"
    assert "60 Years" in verdict.citation.quote
    assert found.overall == "does_not_match"


def test_statuses_and_reasons() -> None:
    found = assess(small(), FIT, CLOCK)
    assert by_text(found, "Hemoglobin") == "satisfied"
    assert by_text(found, "HIV") == "satisfied"
    assert by_text(found, "Pregnant") == "not_applicable"
    reason = next(verdict.reason for verdict in found.criteria if "Hemoglobin" in verdict.text)
    assert "10.2 g/dL = 102 g/L" in reason
    assert "at least 90" in reason


def test_a_violated_line_says_what_would_change_it() -> None:
    found = assess(small(), patient(value("hemoglobin", 84, "g/L")), CLOCK)
    verdict = found.criteria[0]
    assert (verdict.status, found.overall) == ("violated", "does_not_match")
    assert verdict.would_change is not None
    assert "at least 90" in verdict.would_change
    assert found.next_question is None, "no answer can change the outcome"


def test_an_unknown_line_says_what_would_settle_it() -> None:
    found = assess(small(), Patient(""), CLOCK)
    assert found.overall == "undecided"
    verdict = found.criteria[0]
    assert verdict.status == "unknown"
    assert verdict.would_change is not None
    assert "hemoglobin" in verdict.would_change


def test_may_match_needs_all_that_facts_can_decide() -> None:
    assert assess(small(inclusion=LINES[:2]), FIT, CLOCK).overall == "may_match"
    lacking = patient(*(fact for fact in FIT.facts if "hiv" not in str(fact)), sex="male", age=exactly(50))
    assert assess(small(inclusion=LINES[:2]), lacking, CLOCK).overall == "undecided"


def test_the_coverage_counts_every_line_once() -> None:
    coverage = assess(small(), FIT, CLOCK).coverage
    assert coverage.decided + coverage.unknown + coverage.needs_protocol == coverage.criteria


def test_a_trial_without_criteria_decides_nothing() -> None:
    found = assess(small((), ()), FIT, CLOCK)
    assert (found.overall, found.criteria) == ("undecided", ())
    assert [finding.kind for finding in found.findings] == ["missing"]


def test_a_rule_of_the_protocol_is_named() -> None:
    found = assess(small(exclusion=("Laboratory limits per protocol",)), FIT, CLOCK)
    assert by_text(found, "per protocol") == "needs_protocol"
    finding = next(finding for finding in found.findings if finding.kind == "per_protocol")
    assert found.criteria[finding.citations[0]].status == "needs_protocol"


def test_what_would_change_a_line_is_a_noun_phrase() -> None:
    found = assess(small(), patient(value("hemoglobin", 112, "g/L"), sex="male", age=exactly(50)), CLOCK)
    changes = {verdict.text: verdict.would_change for verdict in found.criteria}
    assert next(str(change) for text, change in changes.items() if "HIV" in text).startswith("an answer about ")
    assert all(change is None or not change.startswith("would ") for change in changes.values())
    assert all("an age" not in (change or "") for change in changes.values()), "nobody of the right age changes it"


@pytest.mark.parametrize("complete", [False, True], ids=["a note", "a complete note"])
def test_a_complete_note_assumes_openly(complete: bool) -> None:
    found = assess(small(), patient(has("melanoma"), sex="male"), CLOCK, complete=complete)
    verdict = next(verdict for verdict in found.criteria if "HIV" in verdict.text)
    assert (verdict.status, verdict.assumed) == (("satisfied", True) if complete else ("unknown", False))


@pytest.mark.parametrize("audience", ["patient", "clinician"])
def test_nothing_says_eligible(audience: Audience) -> None:
    for who in (FIT, Patient("")):
        said = assess(small(minimum_age="18 Years"), who, CLOCK, audience=audience)
        texts = [*(f"{v.reason} {v.would_change}" for v in said.criteria), *(f.text for f in said.findings)]
        assert "eligible" not in " ".join(texts).lower()


@pytest.mark.parametrize(
    ("inclusion", "facts", "shown"),
    [
        pytest.param("Asthma", (has("dizziness", "came with vertigo"),), ["came with vertigo"], id="the complaint"),
        pytest.param("Hemoglobin ≥ 90 g/L", (has("dizziness", "came with vertigo"),), [], id="a value is no illness"),
        pytest.param("Asthma", (no("dizziness", "no vertigo"),), [], id="what is denied is no complaint"),
    ],
)
def test_an_open_line_without_evidence_shows_what_to_read(inclusion: str, facts: Sequence[Any], shown: list[str]) -> None:
    verdict = assess(small((inclusion,), ()), patient(*facts, sex="male"), CLOCK).criteria[0]
    assert verdict.status == "unknown"
    assert [words.quote for words in verdict.patient_evidence] == shown


def test_a_clause_in_the_lines_words_is_shown() -> None:
    near = patient(clauses=[clause("Owns a wrist tracker for sleep")], sex="male")
    verdict = assess(small(("Sleep tracker worn on each night for a week",), ()), near, CLOCK).criteria[0]
    assert verdict.status == "unknown"
    assert [words.quote for words in verdict.patient_evidence] == ["Owns a wrist tracker for sleep"]


def test_patients_are_spoken_to() -> None:
    said = assess(small(), FIT, CLOCK, audience="patient").criteria[0].reason
    assert said.startswith("Your hemoglobin")
    assert "the trial asks for" in said


def test_an_assessment_is_json() -> None:
    document = json.loads(json.dumps(assess(small(), FIT, CLOCK).as_json()))
    assert document["coverage"]["criteria"] == len(document["criteria"])


def test_the_patients_unusable_words_are_passed_on() -> None:
    assert assess(small(), Patient("", problems=("a hemoglobin of 9400 g/L is impossible",)), CLOCK).problems


PD1 = Has(("pembrolizumab",), ever=True)
WIDER = Has(("pd-1-inhibitor",), ever=True)


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "count"),
    [
        pytest.param(PD1, WIDER, 1, id="asks for a drug and bars its class"),
        pytest.param(WIDER, PD1, 0, id="asks for a class and bars one drug of it"),
        pytest.param(AllOf((Has(("melanoma",)), PD1)), AnyOf((WIDER, Has(("hiv",)))), 1, id="within lists"),
        pytest.param(AnyOf((PD1, Has(("melanoma",)))), WIDER, 0, id="one of two is asked"),
        pytest.param(PD1, AllOf((WIDER, Has(("hiv",)))), 0, id="only both together are barred"),
        pytest.param(PD1, AllOf((WIDER, Has(("melanoma",)))), 1, id="barred for the disease that all have"),
        pytest.param(PD1, Not(WIDER), 0, id="its absence is barred"),
        pytest.param(PD1, Unless(WIDER, PD1), 0, id="with an exception"),
        pytest.param(PD1, Has(("pd-1-inhibitor",)), 0, id="once is asked, now is barred"),
        pytest.param(Has(("pembrolizumab",)), WIDER, 0, id="asked to come, not to have been"),
        pytest.param(PD1, Has(("medication",), ever=True), 0, id="any medicine is too little said"),
        pytest.param(Has(("melanoma",), ever=True), Has(("malignancy",), ever=True), 0, id="a disease, not a treatment"),
        pytest.param(PD1, Has(("pd-1-inhibitor",), frozenset({"severe"}), ever=True), 0, id="only a form of it is barred"),
        pytest.param(
            Has(("pembrolizumab",), ever=True, count=Range(4, 6)), WIDER, 1, id="four to six are asked, any is barred"
        ),
    ],
)
def test_lines_that_contradict_each_other(inclusion: Has, exclusion: Has, count: int) -> None:
    lines = (("a/inclusion/1", "inclusion", inclusion), ("a/exclusion/1", "exclusion", exclusion))
    assert len(contradictions(lines, frozenset({"melanoma"}))) == count  # type: ignore[arg-type]


def test_a_contradiction_is_named_and_the_barred_line_stays_violated() -> None:
    record = small(("Prior treatment with pembrolizumab",), ("Prior treatment with a PD-1 inhibitor",))
    given = patient(has("pembrolizumab", ended=on("2025-10-01"), ongoing=False))
    found = assess(record, given, CLOCK)
    barred = next(verdict for verdict in found.criteria if verdict.kind == "exclusion")
    assert barred.status == "violated"
    assert "contradicts itself" in barred.reason
    finding = next(finding for finding in found.findings if finding.kind == "contradiction")
    assert [found.criteria[index].kind for index in finding.citations] == ["inclusion", "exclusion"]


def test_a_class_is_no_disease_under_study() -> None:
    assert "malignancy" not in study(small(), rules(small()).lines)
    assert "melanoma" in study(small(), rules(small()).lines)


def test_reading_is_kept() -> None:
    assert rules(small()) is rules(small())


def test_the_clock_moves_the_verdict() -> None:
    who = patient(has("major-surgery", started=on("2026-01-10"), ended=on("2026-01-10")), sex="male")
    soon, later = Clock(date(2026, 1, 20), date(2026, 1, 27)), Clock(date(2026, 1, 20), date(2026, 2, 8))
    assert by_text(assess(small(), who, soon), "surgery") == "violated"
    assert by_text(assess(small(), who, later), "surgery") != "violated"
