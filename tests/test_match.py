"""Trials are ranked by what rules them out, what is satisfied and what is open."""

from assistant.eligibility.match import match
from assistant.eligibility.patient import Patient
from assistant.eligibility.ranges import exactly
from tests.small_patients import CLOCK, has, no, patient, value
from tests.small_trials import trial

WHO = patient(has("melanoma"), value("ecog", 1), no("hiv"), value("hemoglobin", 84, "g/L"), age=exactly(50), sex="female")

OPEN = trial("NCT00000001", title="Melanoma", inclusion=("Hemoglobin ≥ 80 g/L", "Platelet count ≥ 100 × 10^9/L"))
GOOD = trial("NCT00000002", title="Melanoma", inclusion=("Hemoglobin ≥ 80 g/L", "ECOG performance status 0-1"))
BAD = trial("NCT00000003", title="Melanoma", inclusion=("Hemoglobin ≥ 90 g/L", "ECOG performance status 0-1"))
ELSEWHERE = trial("NCT00000004", title="Migraine", conditions=("Migraine",), inclusion=("ECOG performance status 0-1",))
EMPTY = trial("NCT00000005", title="Melanoma")


def test_what_nothing_rules_out_comes_first_then_what_is_satisfied() -> None:
    ranked = match(WHO, (BAD, OPEN, GOOD), CLOCK)
    assert [one.trial for one in ranked] == [GOOD.id, OPEN.id, BAD.id]
    assert [one.rank for one in ranked] == [1, 2, 3]


def test_each_says_why_in_a_line() -> None:
    good, bad = match(WHO, (GOOD, BAD), CLOCK)
    assert good.why == "Nothing rules it out so far: 2 of 2 lines satisfied, 0 open."
    assert bad.why.startswith(f"Ruled out by {BAD.id}/inclusion/1")
    assert "eligible" not in good.why + bad.why


def test_trials_of_other_diseases_are_left_out() -> None:
    assert [one.trial for one in match(WHO, (ELSEWHERE, GOOD), CLOCK)] == [GOOD.id]


def test_a_trial_of_which_the_text_has_no_word_is_last() -> None:
    strange = trial(
        "NCT00000006", title="Zorblax", conditions=("Zorblax syndrome",), inclusion=("ECOG performance status 0-1",)
    )
    assert [one.trial for one in match(WHO, (strange, BAD, GOOD), CLOCK)] == [GOOD.id, BAD.id, strange.id]


def test_a_search_score_takes_the_place_of_the_diseases() -> None:
    ranked = match(WHO, (ELSEWHERE, GOOD), CLOCK, relevance=lambda one: 1.0 if one is ELSEWHERE else 0.0)
    assert [one.trial for one in ranked] == [ELSEWHERE.id]


def test_a_trial_without_criteria_is_last_of_those_not_ruled_out() -> None:
    assert [one.trial for one in match(WHO, (EMPTY, GOOD, BAD), CLOCK)] == [GOOD.id, EMPTY.id, BAD.id]


def test_a_patient_of_whom_nothing_is_known_is_ruled_out_nowhere() -> None:
    assert all(one.assessment.overall != "does_not_match" for one in match(Patient(""), (GOOD, BAD, ELSEWHERE), CLOCK))


def test_the_limit_cuts_the_list() -> None:
    assert [one.trial for one in match(WHO, (BAD, OPEN, GOOD), CLOCK, limit=1)] == [GOOD.id]
