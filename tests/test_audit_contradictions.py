"""Lines that nobody can meet together, and fields that deny the words: each found once, with all that it quotes, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from assistant.audit.finding import Found
from assistant.audit.lint.contradictions import contradictory
from assistant.audit.lint.eligibility_fields import fields_against_words
from assistant.audit.record import record
from index.trial import Trial
from tests.small_trials import trial

RESPONSE = "Achieved a partial response after 4-6 cycles of chemotherapy plus PD-1 inhibitor therapy"


def built(inclusion: Sequence[str] = (), exclusion: Sequence[str] = (), **fields: Any) -> Trial:
    about = {"title": "Gel for melanoma"} | fields
    return trial(
        inclusion=inclusion, exclusion=exclusion, **{name: value for name, value in about.items() if value is not None}
    )


def clashes(inclusion: Sequence[str], exclusion: Sequence[str], **fields: Any) -> list[Found]:
    return list(contradictory(record(built(inclusion, exclusion, **fields))))


def test_what_hangs_together_is_one_finding_with_every_line() -> None:
    one = built(
        ("No prior anti-tumor treatment for melanoma (radiotherapy, chemotherapy, surgery, etc.)", RESPONSE),
        ("Prior anti-tumor therapy for melanoma, including chemotherapy", "Prior treatment with a PD-1 inhibitor"),
        title="PD-1 inhibitor plus chemotherapy followed by gel in melanoma",
    )
    (found,) = contradictory(record(one))
    places = ("inclusion/2", "inclusion/1", "exclusion/1", "exclusion/2")
    assert found.criteria == tuple(f"{one.id}/{place}" for place in places), "what asks comes first"
    assert one.quote(found.spans[0]) == RESPONSE
    assert "chemotherapy" in found.text
    assert "PD-1 inhibitor" in found.text
    assert found.reading is not None, "the title speaks of the treatment that is asked for"


def test_without_a_word_on_its_own_treatment_there_is_no_reading() -> None:
    (found,) = clashes(("Received at least one prior chemotherapy regimen",), ("Any prior chemotherapy",))
    assert found.reading is None


@pytest.mark.parametrize(
    ("inclusion", "exclusion"),
    [
        pytest.param("Negative pregnancy test", "Negative pregnancy test", id="the same on both lists"),
        pytest.param("Being assessed for asthma or eczema", "Being assessed for asthma or eczema", id="either of two"),
        pytest.param("Hemoglobin ≥ 90 g/L", "Hemoglobin > 80 g/L", id="a sign turned round"),
        pytest.param("ECOG performance status 0-1", "ECOG performance status ≤ 2", id="a class and all below"),
        pytest.param("Age 18 to 40 years", "Age over 17 years", id="an age"),
    ],
)
def test_what_is_asked_for_and_ruled_out(inclusion: str, exclusion: str) -> None:
    (found,) = clashes((inclusion,), (exclusion,))
    assert found.kind == "contradiction"
    assert len(found.spans) == len(found.criteria) == 2


@pytest.mark.parametrize(
    "inclusion",
    [
        pytest.param(("Hemoglobin ≥ 110 g/L", "Hemoglobin < 100 g/L"), id="signs"),
        pytest.param(("Body mass index of 32 kg/m2 or more", "Body mass index below 27 kg/m2"), id="in words"),
    ],
)
def test_two_ranges_that_do_not_meet(inclusion: Sequence[str]) -> None:
    (found,) = clashes(inclusion, ("Platelets < 50 × 10⁹/L",))
    assert "no value is both" in found.text


@pytest.mark.parametrize(
    ("inclusion", "exclusion"),
    [
        pytest.param(("Prior chemotherapy is required",), ("Any prior chemotherapy within 28 days",), id="a window"),
        pytest.param(("Less than or equal to one prior line of chemotherapy",), ("Any prior chemotherapy",), id="may be none"),
        pytest.param(
            ("Received prior chemotherapy",), ("Prior chemotherapy that was stopped due to toxicity",), id="a kind of it"
        ),
        pytest.param(("Received prior chemotherapy",), ("Prior chemotherapy unless adjuvant",), id="an exception"),
        pytest.param(("Patients with BRAF mutation may have received prior dabrafenib",), ("Prior dabrafenib",), id="may have"),
        pytest.param(("Cohort 1: prior chemotherapy", "Cohort 2: HIV"), ("Prior chemotherapy",), id="cohorts"),
        pytest.param(
            ("ECOG 0-1", "Prior chemotherapy", "ECOG 0-1"), ("Any prior chemotherapy",), id="a list that stands twice"
        ),
        pytest.param(("One of:", "- no prior chemotherapy", "- prior chemotherapy"), ("HIV",), id="one of two"),
        pytest.param(("HIV-1 infection",), ("HIV-2 infection",), id="another type"),
        pytest.param(("Melanoma",), ("Other malignancy",), id="another disease"),
        pytest.param(("Additional criteria may apply",), ("Additional criteria may apply",), id="no rule by itself"),
        pytest.param(("Hemoglobin ≥ 90 g/L",), ("Hemoglobin < 90 g/L",), id="the same bound twice"),
        pytest.param(("HbA1c ≥ 7.5% at visit 1",), ("HbA1c > 7% at visit 4",), id="values of two days"),
        pytest.param(("Type 2 diabetes",), ("Diabetes with ketoacidosis",), id="a form of it"),
    ],
)
def test_what_somebody_can_meet_is_no_contradiction(inclusion: Sequence[str], exclusion: Sequence[str]) -> None:
    assert clashes(inclusion, exclusion) == []


ADULTS = {"minimum_age": "18 Years", "maximum_age": "70 Years"}


@pytest.mark.parametrize(
    ("fields", "inclusion", "exclusion", "words"),
    [
        pytest.param(ADULTS, ("Age 18-75 years",), (), "sets the upper limit of age at 75 years", id="upper"),
        pytest.param(ADULTS, ("Aged 21 years or older",), (), "sets the lower limit of age at 21 years", id="lower"),
        pytest.param(ADULTS, (), ("Age < 18 and > 65 years",), "exclusion 1 sets the upper", id="an exclusion"),
        pytest.param({"minimum_age": "18 Years"}, ("Age 18-75 years",), (), "fields set none", id="no upper field"),
        pytest.param(ADULTS, ("Age ≥ 18 years",), ("Age ≤ 18 years",), "exactly 18 years", id="asked for and ruled out"),
        pytest.param(
            {"healthy_volunteers": True}, ("Diagnosed with melanoma",), (), "accepts healthy volunteers", id="healthy, yet ill"
        ),
        pytest.param(
            {"healthy_volunteers": False}, ("Healthy adult volunteers",), (), "does not accept them", id="healthy, no"
        ),
        pytest.param({"sex": "FEMALE"}, ("Men aged 18 years or older",), (), "asks for male", id="the other sex"),
        pytest.param({"phase": ("PHASE2",), "title": "A phase III trial of gel"}, (), (), "phase 3 trial", id="phase"),
        pytest.param({"phase": ("NA",), "title": "Gel: a randomized, Phase 2, open trial"}, (), (), "not apply", id="no phase"),
        pytest.param(
            {"minimum_age": "65 Years", "maximum_age": "55 Years"}, (), (), "is above the highest", id="ages turned round"
        ),
        pytest.param(
            {"enrollment": 40, "summary": "The study plans to enroll 90 participants."}, (), (), "counts 90", id="as planned"
        ),
        pytest.param({"title": "Gel in children", **ADULTS}, (), (), "about children", id="children of 18"),
        pytest.param({"title": "Gel in adults", "maximum_age": "12 Years"}, (), (), "about adults", id="adults of 12"),
        pytest.param(
            {"enrollment": 40, "description": "A total of 60 patients will be randomized."},
            (),
            (),
            "60 participants",
            id="number",
        ),
    ],
)
def test_fields_that_deny_the_words(
    fields: dict[str, Any], inclusion: Sequence[str], exclusion: Sequence[str], words: str
) -> None:
    one = built(inclusion, exclusion, **fields)
    (found,) = fields_against_words(record(one))
    assert words.lower() in found.text.lower()
    assert all(one.quote(span) for span in found.spans)


@pytest.mark.parametrize(
    ("fields", "inclusion", "exclusion"),
    [
        pytest.param(ADULTS, ("Age 18-70 years",), ("Age < 18 or > 70 years",), id="the same ages"),
        pytest.param(ADULTS, ("Age ≥ 18 and < 71 years",), (), id="under 71 is 70"),
        pytest.param(ADULTS, ("Aged over 17 years",), ("71 years or older",), id="over 17 is 18"),
        pytest.param(ADULTS, ("Diagnosed at the age of 12 years or older",), (), id="an age at diagnosis"),
        pytest.param(ADULTS, ("Women aged 18-45 years", "Men aged 18-60 years"), (), id="an age for each sex"),
        pytest.param(ADULTS, ("Cohort A: age 18-40 years",), (), id="an age for a cohort"),
        pytest.param(ADULTS, ("Elderly people",), (), id="a word for an age"),
        pytest.param({}, ("Age 18-75 years",), (), id="no field at all"),
        pytest.param({"healthy_volunteers": True}, ("Diagnosed with melanoma", "Healthy controls"), (), id="healthy controls"),
        pytest.param({"healthy_volunteers": True}, ("At risk of melanoma",), (), id="at risk"),
        pytest.param({"sex": "ALL"}, ("Male or female, 18 years or older",), (), id="either sex"),
        pytest.param({"sex": "ALL"}, ("Women must not be pregnant",), (), id="a rule for women"),
        pytest.param({"phase": ("PHASE1", "PHASE2"), "title": "A phase Ib/IIa study of gel"}, (), (), id="two phases"),
        pytest.param({"phase": ("NA",), "title": "Walking in phase 2 cardiac rehabilitation"}, (), (), id="another phase"),
        pytest.param({"minimum_age": "1 Hour", "maximum_age": "3 Days"}, (), (), id="the newborn"),
        pytest.param({"title": "Gel in adults born as preterm infants", **ADULTS}, (), (), id="adults who were infants"),
        pytest.param({"title": "Gel in children and young adults", **ADULTS}, (), (), id="young adults"),
        pytest.param(
            {"enrollment": 40, "description": "A total of 20 patients will be randomized in each arm."}, (), (), id="an arm"
        ),
        pytest.param(
            {"enrollment": 38, "printed": {"enrollment": "Enrollment: 38 (ACTUAL)"}}
            | {"description": "A total of 40 patients will be enrolled."},
            (),
            (),
            id="planned beside actual",
        ),
    ],
)
def test_fields_that_agree_with_the_words(fields: dict[str, Any], inclusion: Sequence[str], exclusion: Sequence[str]) -> None:
    assert list(fields_against_words(record(built(inclusion, exclusion, **fields)))) == []


@pytest.mark.parametrize(("kind", "count"), [pytest.param("RADIATION", 0, id="no drug"), pytest.param("DRUG", 1, id="a drug")])
def test_a_phase_is_missed_where_a_drug_is_given(kind: str, count: int) -> None:
    one = built(title="Rays for pain: a phase 3 trial", phase=("NA",), drugs=("A",))
    given = replace(one, interventions=tuple(replace(each, type=kind) for each in one.interventions))
    assert len(list(fields_against_words(record(given)))) == count
