"""What a question takes for granted or asks for of what is given, where the record says otherwise or nothing."""

import pytest
from small_trials import SmallShelf, trial

from assistant.chat.extractive import answer
from assistant.chat.points import Said
from assistant.chat.premises import PREMISES, Premise
from assistant.chat.question import read_question
from assistant.chat.select import Reading
from assistant.safety.advice import request
from index.trial import Trial

TWO_ARMS = trial(
    summary="The trial asks whether Saltonib eases gout.",
    inclusion=("Gout for a year",),
    exclusion=("Prednisone above 10 mg a day",),
    arms=(
        ("Saltonib, cohort 1", "EXPERIMENTAL", "Saltonib 40 mg by mouth twice daily"),
        ("Saltonib, cohort 2", "EXPERIMENTAL", "Saltonib 80 mg by mouth twice daily"),
        ("Usual care", "NO_INTERVENTION", "Advice on diet"),
    ),
    drugs=("Saltonib",),
    primary=(("Flares", "week 8"),),
    sites=(("Hill Clinic", "Bern", "Switzerland", "NOT_YET_RECRUITING"), ("Lake Clinic", "Oslo", "Norway", "RECRUITING")),
    status="RECRUITING",
    study_type="INTERVENTIONAL",
    enrollment=80,
    start_date="2025-05",
    allocation="RANDOMIZED",
    masking="NONE",
    intervention_model="PARALLEL",
)
ONE_ARM = trial(
    summary="This study gives Metolazide to people with gout.",
    inclusion=("Gout for a year",),
    drugs=("Metolazide",),
    status="COMPLETED",
    study_type="INTERVENTIONAL",
    intervention_model="SINGLE_GROUP",
    allocation="NA",
)
MASKED = trial(
    summary="Saltonib against usual care in gout.",
    inclusion=("Gout",),
    arms=(("Saltonib", "EXPERIMENTAL", "Saltonib 80 mg"), ("Colchicine", "ACTIVE_COMPARATOR", "Colchicine 1 mg")),
    drugs=("Saltonib", "Colchicine"),
    allocation="RANDOMIZED",
    masking="DOUBLE",
    intervention_model="PARALLEL",
)
WATCHED = trial(summary="Records of people with gout are read.", inclusion=("Gout",), study_type="OBSERVATIONAL", enrollment=80)
BARE = trial(summary="A pilot with Metolazide.", inclusion=("Gout",), drugs=("Metolazide",))


def asked(question: str, record: Trial) -> Said:
    shelf = SmallShelf([record])
    found = shelf.passages([record.id])
    return answer(Reading(record, read_question(question), found, lambda one, q: shelf.search(q.text, trials=[one.id], k=24)))


@pytest.mark.parametrize(
    ("question", "record", "kind", "verdict", "says"),
    [
        pytest.param(
            "Half of us get a placebo, right?", TWO_ARMS, "answer", "no", "names no placebo", id="no placebo among the arms"
        ),
        pytest.param("Some of us get a placebo, right?", MASKED, "not_stated", None, "no placebo", id="silent on dummy pills"),
        pytest.param(
            "How big is my chance of the dummy pill?", BARE, "not_stated", None, "no placebo", id="nothing on placebo"
        ),
        pytest.param("It flips a coin for my group, right?", ONE_ARM, "answer", "no", "one group", id="one group"),
        pytest.param(
            "So everybody gets the new medicine, right?", WATCHED, "answer", "no", "observational", id="people are watched"
        ),
        pytest.param(
            "As it is double-blind, I never learn my group, correct?", TWO_ARMS, "answer", "no", "Open label", id="open"
        ),
        pytest.param("Halfway through we swap groups, correct?", TWO_ARMS, "answer", "no", "parallel", id="parallel"),
        pytest.param("They say 900 people take part. Is that so?", TWO_ARMS, "answer", "no", "80", id="another number"),
        pytest.param("They say 80 people take part. Is that so?", TWO_ARMS, "not_stated", None, "", id="the number itself"),
        pytest.param("It is run in Japan, isn't it?", TWO_ARMS, "answer", "no", "no site in Japan", id="another country"),
        pytest.param("What are my chances of the control group?", TWO_ARMS, "not_stated", None, "ratio", id="no ratio"),
        pytest.param("Is it an observational study?", WATCHED, "answer", "yes", "observational", id="type of study"),
    ],
)
def test_a_premise_is_held_against_the_record(question: str, record: Trial, kind: str, verdict: str | None, says: str) -> None:
    said = asked(question, record)
    assert says in " ".join(point.text for point in said.points)
    assert (said.kind, said.verdict) == (kind, verdict)


@pytest.mark.parametrize("premise", PREMISES, ids=[premise.name for premise in PREMISES])
def test_every_premise_is_seen_in_its_example(premise: Premise) -> None:
    assert premise.said.search(premise.example)


@pytest.mark.parametrize(
    ("question", "record", "kind", "says"),
    [
        pytest.param("What dose in mg of Metolazide is given?", BARE, "not_stated", "no dose in mg", id="no dose in the unit"),
        pytest.param("What dose in mg of Saltonib is given?", TWO_ARMS, "answer", "40 mg", id="a dose"),
        pytest.param("What frequency in Hz does the device use?", TWO_ARMS, "not_stated", "no value in Hz", id="no such unit"),
        pytest.param("Please confirm the dose of the drug.", ONE_ARM, "not_stated", "no dose", id="no dose at all"),
        pytest.param("How many viral particles per dose?", TWO_ARMS, "not_stated", "viral particles", id="never counted"),
        pytest.param("What is the dose in cohort 2?", TWO_ARMS, "answer", "80 mg", id="an arm by its number"),
        pytest.param("Does it use imatinib, and in which arm?", TWO_ARMS, "not_stated", "imatinib", id="another drug"),
        pytest.param("How many mg of prednisone a day is excluded?", TWO_ARMS, "answer", "10 mg", id="a rule has the number"),
    ],
)
def test_what_is_given(question: str, record: Trial, kind: str, says: str) -> None:
    said = asked(question, record)
    assert says in " ".join(point.text for point in said.points)
    assert said.kind == kind


@pytest.mark.parametrize(
    ("question", "record", "verdict", "says"),
    [
        pytest.param("Can I still sign up?", ONE_ARM, "no", "completed", id="over"),
        pytest.param("Can I still sign up?", TWO_ARMS, "depends", "recruiting", id="open"),
        pytest.param("Can I still join in Bern?", TWO_ARMS, "no", "not yet recruiting", id="not at that place"),
        pytest.param("Is the gout study still looking for people?", TWO_ARMS, "yes", "recruiting", id="looking for people"),
    ],
)
def test_whether_anybody_can_still_join(question: str, record: Trial, verdict: str, says: str) -> None:
    said = asked(question, record)
    assert says in " ".join(point.text for point in said.points)
    assert said.verdict == verdict


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        pytest.param("When does the gout study begin?", {"start_date"}, id="start"),
        pytest.param("Could somebody tell me what it wants to find out?", {"summary"}, id="aim"),
        pytest.param("Why is the study being done?", {"summary"}, id="why"),
        pytest.param("Study type and target accrual?", {"study_type", "enrollment"}, id="two names of fields"),
        pytest.param("What are my odds of the placebo arm?", {"allocation"}, id="odds"),
        pytest.param("I want to find out if my asthma is a problem.", set(), id="what a person wants"),
    ],
)
def test_what_is_asked_outright(question: str, topics: set[str]) -> None:
    found = set(read_question(question).topics)
    assert topics <= found
    assert topics or "summary" not in found


@pytest.mark.parametrize(
    ("message", "declined"),
    [
        pytest.param("What are my odds of the placebo arm?", False, id="which group is no prognosis"),
        pytest.param("What are my odds of survival?", True, id="prognosis"),
        pytest.param("Which injection works best for me?", True, id="which is best"),
        pytest.param("Just pick my arm.", True, id="a choice left to the assistant"),
        pytest.param("Do I get to pick my arm?", False, id="whether one may choose"),
    ],
)
def test_advice(message: str, declined: bool) -> None:
    assert (request(message) is not None) is declined


TOLD = trial(
    summary="This study tests light on gout. The primary endpoint is pain at 6 months; secondary endpoints include sleep.",
    inclusion=("Hemoglobin ≥ 90 g/L within 14 days before the first session",),
    exclusion=("More than 40 Gy to the joint before",),
    drugs=("Lamp",),
    sites=(("Hill Clinic", "Bern", "Switzerland", None),),
    status="NOT_YET_RECRUITING",
)


@pytest.mark.parametrize(
    ("question", "record", "kind", "verdict", "says"),
    [
        pytest.param(
            "By how many points did Saltonib lower pain compared with the control group?",
            TWO_ARMS,
            "not_stated",
            None,
            "No results",
            id="an effect asked for where no results are posted",
        ),
        pytest.param(
            "Since the study has proven that Saltonib works, by what percentage did it cut flares?",
            TWO_ARMS,
            "not_stated",
            None,
            "No results",
            id="a proof taken for granted",
        ),
        pytest.param(
            "What is the main thing the doctors will measure, and when?",
            TOLD,
            "answer",
            None,
            "pain at 6 months",
            id="an outcome told in the summary",
        ),
        pytest.param("Saltonib is injected, right?", TWO_ARMS, "answer", "no", "by mouth", id="a tablet is no injection"),
        pytest.param("Could I end up on placebo?", ONE_ARM, "answer", "no", "one group", id="no placebo: there is one group"),
        pytest.param(
            "Which antibody, and at what dose in mg, is given as maintenance?",
            BARE,
            "not_stated",
            None,
            "in mg",
            id="two things asked of one verb, neither stated",
        ),
        pytest.param(
            "How many Gy does each joint get?", TOLD, "not_stated", None, "Gy", id="a criterion's dose is not the treatment's"
        ),
        pytest.param(
            "is usual care the experimental arm", TWO_ARMS, "answer", "no", "no intervention", id="an arm's type, unmarked"
        ),
        pytest.param(
            "Is the clinic in Bern already taking people in?",
            TOLD,
            "answer",
            "no",
            "not yet recruiting",
            id="no site takes anybody in before the trial does",
        ),
        pytest.param(
            "Is there a clinic in Norway taking part?", TWO_ARMS, "answer", "yes", "Lake Clinic", id="a place that takes part"
        ),
    ],
)
def test_what_the_record_says_of_itself(question: str, record: Trial, kind: str, verdict: str | None, says: str) -> None:
    said = asked(question, record)
    assert (said.kind, said.verdict) == (kind, verdict)
    assert says in " ".join(f"{point.text} {point.plain}" for point in said.points)


def test_what_is_not_stated_says_which_record_is_silent() -> None:
    said = asked("What is the refund policy of the cafeteria?", TOLD)
    assert said.kind == "not_stated"
    assert said.points[-1].proofs
