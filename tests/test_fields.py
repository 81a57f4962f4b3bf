"""What a record's fields say, topic by topic, and that a silent record says nothing."""

from dataclasses import replace

import pytest
from small_trials import trial

from assistant.chat.fields import SAY
from assistant.chat.persons import age_words, takes_age, years
from assistant.chat.points import Said
from assistant.chat.question import read_question
from assistant.chat.topics import BY_NAME
from index.trial import Trial

FULL = trial(
    summary="The trial asks whether slow breathing lowers blood pressure.",
    inclusion=("Aged 30 to 60 years", "Hypertension for a year"),
    exclusion=("Dialysis", "Prior surgery"),
    arms=(("Breathing", "EXPERIMENTAL", "ten minutes a day"), ("Reading", "PLACEBO_COMPARATOR", "ten minutes a day")),
    drugs=("Metolazide",),
    primary=(("Blood pressure", "8 weeks"), ("Pulse", None)),
    secondary=(("Sleep", None),),
    sites=(("Hill Clinic", "Bern", "Switzerland", "RECRUITING"), ("Lake Clinic", "Oslo", "Norway", "COMPLETED")),
    contacts=(("Study desk", "+00 1"),),
    officials=(("Ada Quill", "PRINCIPAL_INVESTIGATOR"),),
    related=("NCT00000077",),
    results="Results pending",
    about=(("status", "First Posted: 2025-04-02"), ("other", "Participants get a voucher for each visit.")),
    printed={
        "masking": "Masking: DOUBLE (PARTICIPANT, OUTCOMES_ASSESSOR)",
        "enrollment": "Enrollment: 80 participants (ESTIMATED)",
        "completion_date": "Completion Date: 2027-01-31 (ACTUAL)",
    },
    nct_id="NCT00000051",
    status="RECRUITING",
    as_of="2026-02-03",
    phase=("PHASE2", "PHASE3"),
    study_type="INTERVENTIONAL",
    enrollment=80,
    start_date="2025-05",
    primary_completion_date="2026-12",
    completion_date="2027-01-31",
    allocation="RANDOMIZED",
    masking="DOUBLE",
    primary_purpose="TREATMENT",
    intervention_model="PARALLEL",
    conditions=("Hypertension",),
    sex="FEMALE",
    minimum_age="30 Years",
    maximum_age="60 Years",
    healthy_volunteers=False,
    sponsor="Hill University",
    collaborators=("Lake University", "Sea University"),
)


def say(topic: str, question: str, record: Trial = FULL) -> Said | None:
    return SAY[topic](record, read_question(question))


def text(said: Said | None) -> str:
    assert said is not None
    return " ".join(point.text for point in said.points)


@pytest.mark.parametrize("topic", SAY)
def test_a_silent_record_says_nothing(topic: str) -> None:
    said = say(topic, BY_NAME[topic].example, trial())
    assert said is None or said.kind == "not_stated"


@pytest.mark.parametrize("topic", SAY)
def test_every_sentence_of_a_field_has_its_proof(topic: str) -> None:
    said = say(topic, "Which drugs are given?" if topic == "interventions" else BY_NAME[topic].example)
    assert said is not None
    assert all(point.proofs for point in said.points)
    assert all(FULL.quote(proof.span) for point in said.points for proof in point.proofs)


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        pytest.param("secondary_outcomes", "Secondary outcome 1: Sleep.", id="secondary outcome"),
        pytest.param("status", "recruiting (record of 2026-02-03)", id="status with its date"),
        pytest.param("start_date", "2025-05.", id="a date to the precision given"),
        pytest.param("completion_date", "2027-01-31", id="completion"),
        pytest.param("as_of", "last updated on 2026-02-03", id="as of"),
        pytest.param("enrollment", "80 participants (estimated)", id="enrolment, planned"),
        pytest.param("first_posted", "2025-04-02", id="first posted"),
        pytest.param("payment", "a voucher for each visit", id="payment in the record's own words"),
        pytest.param("phase", "phase 2/phase 3 trial", id="two phases"),
        pytest.param(
            "sponsor", "lead sponsor is Hill University. Collaborators: Lake University and Sea University.", id="sponsor"
        ),
        pytest.param("allocation", "at random", id="randomised"),
        pytest.param("masking", "double (participant, outcomes assessor)", id="masked, and who"),
        pytest.param("intervention_model", "Study type: interventional; intervention model: parallel", id="design"),
        pytest.param("arms", "Reading (placebo comparator arm): ten minutes a day.", id="an arm with its type"),
        pytest.param(
            "primary_outcomes", "Primary outcome 1: Blood pressure (time frame: 8 weeks).", id="outcome with time frame"
        ),
        pytest.param("primary_outcomes", "Primary outcome 2: Pulse.", id="outcome without"),
        pytest.param("age", "from 30 to 60 years old", id="ages"),
        pytest.param("sex", "women only", id="one sex"),
        pytest.param("healthy_volunteers", "not accepted", id="healthy volunteers"),
        pytest.param("conditions", "Hypertension", id="conditions"),
        pytest.param("contacts", "Study desk, +00 1", id="contact"),
        pytest.param("officials", "Ada Quill (principal investigator)", id="official with role"),
        pytest.param("ids", "NCT00000051", id="number"),
        pytest.param("related", "NCT00000077", id="related trials"),
        pytest.param("sites", "2 sites in Switzerland and Norway", id="sites and countries"),
        pytest.param("inclusion", "Inclusion 2: Hypertension for a year.", id="criteria by number"),
        pytest.param("exclusion", "Exclusion 1: Dialysis.", id="exclusions"),
        pytest.param("summary", "slow breathing", id="summary"),
        pytest.param("results", "pending or not published", id="results pending"),
    ],
)
def test_what_is_said(topic: str, words: str) -> None:
    assert words in text(say(topic, BY_NAME[topic].example))


@pytest.mark.parametrize(
    ("topic", "question", "verdict"),
    [
        pytest.param("status", "Is it recruiting?", "yes", id="recruiting"),
        pytest.param("status", "Is it recruiting in Oslo?", "no", id="completed at the place asked for"),
        pytest.param("status", "Is the trial completed?", None, id="asked the other way round"),
        pytest.param("status", "What is the status?", None, id="no yes or no asked for"),
        pytest.param("status", "Can I join now?", "depends", id="recruiting lets nobody in by itself"),
        pytest.param("sites", "Is there a site in Bern?", "yes", id="a site there"),
        pytest.param("sites", "Is there a site in Rome?", "no", id="no site there"),
        pytest.param("phase", "Is it a phase 2/3 trial?", "yes", id="both phases"),
        pytest.param("phase", "Is it a phase III trial?", "no", id="one of two phases"),
        pytest.param("allocation", "Is it randomised?", "yes", id="randomised"),
        pytest.param("allocation", "Can I choose my group?", "no", id="no choice"),
        pytest.param("masking", "Is it blinded?", "yes", id="blinded"),
        pytest.param("masking", "Is it open label?", "no", id="not open label"),
        pytest.param("masking", "Is it blinded or open label?", None, id="a choice has no yes"),
        pytest.param("masking", "It is double blind, so the participants are masked, right?", "yes", id="one of those masked"),
        pytest.param("masking", "Are the nurses blinded too?", "no", id="somebody who is not masked"),
        pytest.param("masking", "Are participants and nurses blinded?", None, id="one of two is masked"),
        pytest.param("masking", "Is it a blinded trial for patients with hypertension?", "yes", id="whom the trial is for"),
        pytest.param("intervention_model", "Is it a single-arm study?", "no", id="not single-arm"),
        pytest.param("arms", "Is Breathing the experimental arm?", "yes", id="its type"),
        pytest.param("arms", "Is Reading the experimental arm?", "no", id="another type"),
        pytest.param("sex", "Does it accept men?", "no", id="men where women only"),
        pytest.param("sex", "Does it accept both men and women?", "no", id="both where women only"),
        pytest.param("sex", "Is it only for women?", "yes", id="only"),
        pytest.param("sex", "Is it only for men?", "no", id="only the other"),
        pytest.param("sex", "I am a woman. Can I join?", "depends", id="a sex lets nobody in by itself"),
        pytest.param("sex", "My husband wants to join. Can he?", "no", id="a sex keeps out"),
        pytest.param("healthy_volunteers", "Does it take healthy volunteers?", "no", id="healthy volunteers"),
        pytest.param("age", "I am 61. Can I join?", "no", id="over the limit"),
        pytest.param("age", "I am 60. Can I join?", "depends", id="the limit itself is inside"),
        pytest.param("age", "I am 60. Am I too old?", "no", id="not excluded by age"),
        pytest.param("age", "I am 29. Am I too young?", "yes", id="excluded by age"),
        pytest.param("age", "I am 45. Is my age ok?", "yes", id="age alone asked for"),
        pytest.param("age", "I am 45. Which age is allowed?", None, id="open"),
    ],
)
def test_verdict(topic: str, question: str, verdict: str | None) -> None:
    said = say(topic, question)
    assert said is not None
    assert said.verdict == verdict


ONE_GROUP = trial(
    intervention_model="SINGLE_GROUP",
    primary_completion_date="2031-02",
    sites=(
        ("Hill Clinic", "Bern", "Switzerland", "RECRUITING"),
        ("Lake Hospital", "Bern", "Switzerland", "NOT_YET_RECRUITING"),
        ("Sea Clinic", "Boston", "United States", "RECRUITING"),
    ),
    drugs=("Metolazide", "Saltonib"),
    arms=(
        ("Metolazide", "EXPERIMENTAL", "5 mg a day"),
        ("Lamp off", "OTHER", "sham light"),
        ("Lamp on", "ACTIVE_COMPARATOR", "light"),
    ),
)


@pytest.mark.parametrize(
    ("topic", "question", "words", "verdict"),
    [
        pytest.param("allocation", "Are patients randomised?", "one group", "no", id="one group is not randomised"),
        pytest.param(
            "completion_date", "Primary completion date?", "Primary completion date: 2031-02.", None, id="primary completion"
        ),
        pytest.param("completion_date", "When does it end?", "no completion date", None, id="only the primary one is given"),
        pytest.param(
            "status", "Is the Lake Hospital in Bern taking people?", "not yet recruiting", "no", id="one of two in a city"
        ),
        pytest.param("sites", "Which clinics in North America?", "Sea Clinic", None, id="by region"),
        pytest.param("sites", "Which clinics in Europe?", "Lake Hospital", None, id="by another region"),
        pytest.param("interventions", "Which agents are listed?", "Metolazide (drug) and Saltonib (drug)", None, id="agents"),
    ],
)
def test_of_a_trial_with_one_group(topic: str, question: str, words: str, verdict: str | None) -> None:
    said = say(topic, question, ONE_GROUP)
    assert words in text(said)
    assert said is not None
    assert said.verdict == verdict


def test_the_control_is_the_sham_before_an_active_comparator() -> None:
    sham = trial(arms=(("Lamp off", "SHAM_COMPARATOR", "dark"), ("Lamp on", "ACTIVE_COMPARATOR", "light")))
    assert text(say("arms", "What does the control arm get?", sham)) == "Lamp off (sham comparator arm): dark."


POSTED = trial(
    has_results=True,
    about=(
        (
            "results",
            "Outcome Measure: Sleep (MEAN, hours)\nType: SECONDARY\nValue: Arm A: 7; Arm B: 6\n\n"
            "Outcome Measure: Pain on stairs (MEAN, points)\nType: PRIMARY\nValue: Arm A: 3.1; Arm B: 3.3\nAnalysis: p-value 0.40",
        ),
    ),
)


@pytest.mark.parametrize(
    ("question", "words", "verdict"),
    [
        pytest.param("Did it significantly reduce pain?", "Arm A: 3.1", "no", id="a claim that the test does not show"),
        pytest.param("How did sleep come out?", "Arm A: 7", None, id="the outcome asked for"),
        pytest.param("What are the results?", "p-value 0.40", None, id="the primary outcome first"),
    ],
)
def test_posted_results(question: str, words: str, verdict: str | None) -> None:
    said = say(
        "results", question, replace(POSTED, sections=tuple(replace(s, title="Outcome Measures") for s in POSTED.sections))
    )
    assert words in text(said)
    assert said is not None
    assert said.verdict == verdict


def test_a_named_place_comes_alone_and_says_where_it_recruits_otherwise() -> None:
    said = text(say("status", "Is it recruiting in Oslo?"))
    assert said.startswith("Lake Clinic, Oslo, Norway: completed")
    assert "Recruiting elsewhere: Hill Clinic" in said


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        pytest.param("Is it recruiting?", "yes", id="the trial"),
        pytest.param("Are all the sites open for recruiting?", "no", id="every site"),
    ],
)
def test_one_site_that_is_closed_is_enough_for_not_all(question: str, verdict: str) -> None:
    said = say("status", question)
    assert said is not None
    assert said.verdict == verdict


def test_who_is_masked_is_not_taken_from_silence() -> None:
    record = trial(masking="DOUBLE")
    said = say("masking", "Are the participants blinded?", record)
    assert said is not None
    assert said.verdict is None


def test_a_place_without_status_is_not_given_the_trial_s() -> None:
    record = trial(sites=(("Hill Clinic", "Bern", "Switzerland", None),), status="RECRUITING")
    said = say("status", "Is it recruiting in Bern?", record)
    assert said is not None
    assert said.verdict == "depends"
    assert "gives no status for it" in text(said)


def test_a_criterion_that_contradicts_the_age_field_leaves_the_age_between_open() -> None:
    record = trial(inclusion=("Aged 18 to 65 years",), minimum_age="18 Years", maximum_age="75 Years")
    between = say("age", "I am 70. Can I join?", record)
    assert between is not None
    assert between.verdict == "depends"
    assert "contradicts itself" in text(between)
    assert len(between.points[0].proofs) == 3
    outside_both = say("age", "I am 80. Can I join?", record)
    assert outside_both is not None
    assert outside_both.verdict == "no"


def test_a_long_list_says_how_much_it_leaves_out_and_cites_it() -> None:
    record = trial(exclusion=tuple(f"Condition number {n}" for n in range(1, 41)))
    said = say("exclusion", "What are the exclusion criteria?", record)
    assert said is not None
    assert said.points[-1].text == "The record lists 4 more."
    assert record.quote(said.points[-1].proofs[0].span) == "Condition number 37"


def test_an_official_named_twice_is_said_once() -> None:
    record = trial(officials=(("Ada Quill", "PRINCIPAL_INVESTIGATOR"), ("Ada Quill", "PRINCIPAL_INVESTIGATOR")))
    assert text(say("officials", "Who leads it?", record)).count("Ada Quill") == 1


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param("18 Years", 18.0, id="years"),
        pytest.param("6 Months", 0.5, id="months"),
        pytest.param(None, None, id="none"),
        pytest.param("N/A", None, id="not applicable"),
    ],
)
def test_years(limit: str | None, expected: float | None) -> None:
    assert years(limit) == expected


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        pytest.param("18 Years", "70 Years", "from 18 to 70 years old", id="one unit"),
        pytest.param("6 Months", "5 Years", "from 6 months to 5 years old", id="two units"),
        pytest.param("18 Years", None, "from 18 years old, with no upper limit given", id="no upper limit"),
        pytest.param(None, "70 Years", "up to 70 years old, with no lower limit given", id="no lower limit"),
    ],
)
def test_age_words(low: str | None, high: str | None, words: str) -> None:
    assert age_words(low, high) == words


@pytest.mark.parametrize(("age", "inside"), [(29.9, False), (30, True), (60, True), (60.9, True), (61, False)])
def test_an_upper_limit_of_60_years_lasts_until_the_61st_birthday(age: float, inside: bool) -> None:
    assert takes_age(FULL, age) is inside
