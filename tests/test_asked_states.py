"""One line of a trial and one question about a state: an illness, a treatment, a decision, the words of a rule or of a trial."""

from datetime import date

import pytest

from assistant.eligibility.assess import status
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.parse import parse
from assistant.eligibility.patient import Finding
from assistant.understanding.asking import orders_a_yes
from assistant.understanding.telling import read_message
from index.trial import Kind

TODAY = date(2026, 1, 20)


def stands(kind: Kind, criterion: str, message: str, *, alone: bool = True, study: frozenset[str] = frozenset()) -> str:
    patient = read_message(message, TODAY).patient
    return status(judge(parse(criterion, kind), patient, Clock(TODAY, TODAY), alone=alone, study=study, kind=kind), kind)


def present(message: str) -> set[str]:
    facts = read_message(message, TODAY).patient.facts
    return {one.concept for one in facts if isinstance(one, Finding) and one.present and one.certain and one.who == "patient"}


@pytest.mark.parametrize(
    ("message", "concept"),
    [
        pytest.param("Does my gout rule me out?", "gout", id="whether mine rules me out"),
        pytest.param("Can I join with a pacemaker?", "pacemaker", id="joining with it"),
        pytest.param("Would having lupus exclude me?", "lupus", id="having it"),
        pytest.param("Is my epilepsy a problem?", "epilepsy", id="a problem"),
        pytest.param("Will the earlier stroke keep her out?", "stroke", id="the earlier one"),
        pytest.param("Am I excluded for having had gout?", "gout", id="excluded for it"),
        pytest.param("Is she excluded because of her asthma?", "asthma", id="excluded because of it"),
        pytest.param("Can my son with cystic fibrosis still take part?", "cystic-fibrosis", id="somebody with it"),
        pytest.param(
            "HIV-positive on therapy, undetectable: excluded from NCT00000081?", "hiv", id="asked for short behind it"
        ),
    ],
)
def test_what_a_question_takes_for_granted_is_so(message: str, concept: str) -> None:
    assert concept in present(message)


@pytest.mark.parametrize(
    ("message", "concept"),
    [
        pytest.param("Do I need to have gout to join?", "gout", id="what may be needed"),
        pytest.param("Could a possible lupus exclude her?", "lupus", id="only possible"),
        pytest.param("Embolism was ruled out. Can she join?", "embolism", id="what was ruled out"),
        pytest.param("Does my lack of asthma exclude me?", "asthma", id="the lack of it"),
        pytest.param("Is he eligible for the arm with chemotherapy?", "chemotherapy", id="what an arm gets"),
        pytest.param("Can I take ibuprofen during the study?", "ibuprofen", id="what may be taken"),
        pytest.param("They suspect that I have lupus. Does it exclude me?", "lupus", id="suspected before"),
        pytest.param("I take 5 mg of prednisone. Am I excluded by the insulin rule?", "insulin", id="a rule by its name"),
        pytest.param("I had a lipoma removed. Does that count as a previous sarcoma?", "sarcoma", id="what it may count as"),
        pytest.param("I have gout. Am I right for NCT00000081, the insulin one?", "insulin", id="a trial by what it gives"),
        pytest.param("I have gout. Is NCT00000081 (rituximab) for me?", "rituximab", id="a trial's drug in brackets"),
        pytest.param("Does the asthma criterion apply to me?", "asthma", id="a criterion"),
        pytest.param("The transplant committee has not met me yet.", "transplantation", id="a committee by its task"),
        pytest.param("They refused him dialysis.", "dialysis", id="refused"),
        pytest.param("The patient denied a transplant.", "transplantation-refused", id="denied by the patient"),
        pytest.param("Does he, as a man, have to use birth control?", "contraception", id="what he may be obliged to"),
        pytest.param("I wonder whether I would have to take aspirin then.", "aspirin", id="an obligation mused about"),
        pytest.param(
            "My thyroid is underactive. Is that thyroid disease a bar?", "thyroid-disease", id="what takes up something told"
        ),
    ],
)
def test_what_a_question_only_names_is_no_fact(message: str, concept: str) -> None:
    assert concept not in present(message)


@pytest.mark.parametrize(
    ("kind", "criterion", "message", "expected"),
    [
        pytest.param("exclusion", "Gout", "Does my gout rule me out?", "violated", id="asked with its name"),
        pytest.param(
            "exclusion",
            "Previous treatment with genetically modified CAR T cells",
            "I had CAR-T cells two years ago.",
            "violated",
            id="what every product of the class is",
        ),
        pytest.param("exclusion", "Know valvular disease", "I have a leaky aortic valve.", "violated", id="a slip of the pen"),
        pytest.param(
            "exclusion",
            "Uveal melanoma",
            "My melanoma began in the left eye and went to the liver.",
            "violated",
            id="the organ that it began in",
        ),
        pytest.param(
            "exclusion", "Colon cancer", "He has cancer in his colon and lungs.", "unknown", id="a place is no beginning"
        ),
        pytest.param(
            "exclusion",
            "Previous treatment for melanoma",
            "I have melanoma. I had radiotherapy for it last year.",
            "violated",
            id="treated before",
        ),
        pytest.param(
            "exclusion", "Previous treatment for melanoma", "I have melanoma.", "unknown", id="not known to be treated"
        ),
        pytest.param(
            "exclusion",
            "Unable to discontinue proton pump inhibitors",
            "I take pantoprazole and I can't stop it.",
            "violated",
            id="it cannot be stopped",
        ),
        pytest.param(
            "exclusion",
            "Unable to discontinue proton pump inhibitors",
            "I take pantoprazole.",
            "unknown",
            id="whether it can be stopped",
        ),
        pytest.param(
            "exclusion",
            "Chronic hepatitis B. Patients with hepatitis B on stable antiviral therapy and undetectable viral load may be eligible.",
            "I have chronic hepatitis B and have been on a stable dose of entecavir.",
            "unknown",
            id="an exception of two halves, one told",
        ),
        pytest.param(
            "exclusion",
            "Autoimmune disease. Patients with vitiligo; hypothyroidism on a stable dose; or alopecia are permitted to enroll.",
            "I have vitiligo.",
            "satisfied",
            id="a list with semicolons is let in",
        ),
        pytest.param(
            "exclusion",
            "Autoimmune disease. Patients with vitiligo; hypothyroidism on a stable dose; or alopecia are permitted to enroll.",
            "I have lupus.",
            "violated",
            id="what the list does not name",
        ),
        pytest.param(
            "exclusion",
            "Active autoimmune disease requiring systemic treatment",
            "I have psoriasis that I only treat with creams.",
            "satisfied",
            id="creams are no systemic treatment",
        ),
        pytest.param(
            "exclusion",
            "Major surgery within 4 weeks. Thoracoscopy and biopsies are exceptions.",
            "I had a thoracoscopy ten days ago.",
            "satisfied",
            id="a sentence that says exceptions",
        ),
        pytest.param("inclusion", "Melanoma from stage IIB", "He has melanoma, stage IIIA.", "satisfied", id="from a stage up"),
        pytest.param("inclusion", "Melanoma from stage IIB", "He has melanoma, stage IB.", "violated", id="below the stage"),
        pytest.param(
            "inclusion",
            "Melanoma from stage IIB",
            "He has Merkel cell carcinoma, stage I.",
            "unknown",
            id="the stage of another cancer",
        ),
        pytest.param(
            "inclusion",
            "Grade 2 or Grade 3 knee osteoarthritis by Kellgren & Lawrence grading system",
            "My knee is Kellgren-Lawrence grade 4.",
            "violated",
            id="a scale behind its grade",
        ),
        pytest.param(
            "exclusion",
            "Intra-articular corticosteroids within 3 months before screening",
            "I had a cortisone shot six weeks ago.",
            "violated",
            id="a name that says the route",
        ),
        pytest.param(
            "exclusion",
            "Having been rejected for liver transplantation",
            "The committee turned me down for a new liver in May.",
            "violated",
            id="turned down",
        ),
        pytest.param(
            "exclusion",
            "Having been rejected for liver transplantation",
            "I had a new liver in 2020.",
            "unknown",
            id="transplanted",
        ),
        pytest.param(
            "exclusion",
            "Heart disease - sick sinus syndrome",
            "I have a leaky aortic valve.",
            "unknown",
            id="a kind and its name",
        ),
        pytest.param(
            "inclusion",
            "Minimal change (MC) or other, regardless of bone marrow density (BMD) category",
            "No complaints.",
            "unknown",
            id="a short name in what changes nothing",
        ),
    ],
)
def test_a_line_about_a_state(kind: Kind, criterion: str, message: str, expected: str) -> None:
    assert stands(kind, criterion, message) == expected


def test_a_remission_leaves_open_whether_the_disease_counts() -> None:
    study = frozenset({"acute-lymphoblastic-leukemia"})
    told = "My acute lymphoblastic leukemia is in remission."
    assert stands("inclusion", "Acute lymphoblastic leukemia", told, study=study) == "unknown"
    assert stands("inclusion", "Acute lymphoblastic leukemia", told) == "violated"


def test_what_is_let_in_shows_what_was_told_of_it() -> None:
    patient = read_message("I have vitiligo.", TODAY).patient
    told = judge(parse("Vitiligo does not preclude inclusion", "inclusion"), patient, Clock(TODAY, TODAY))
    assert [words.quote for words in told.evidence] == ["I have vitiligo"]


def test_a_line_on_the_partner_does_not_bind_women_alone() -> None:
    line = parse("Use a condom with partners who are women of childbearing potential", "inclusion", ("Male participants:",))
    man = read_message("I am a man.", TODAY).patient
    assert status(judge(line, man, Clock(TODAY, TODAY)), "inclusion") == "unknown"


@pytest.mark.parametrize(
    ("above", "message", "expected"),
    [
        pytest.param("Female patients: one of these must hold:", "I am a man.", "not_applicable", id="another group"),
        pytest.param("Female patients: one of these must hold:", "I am a woman.", "unknown", id="the group"),
    ],
)
def test_a_heading_with_more_behind_it_binds_its_group(above: str, message: str, expected: str) -> None:
    line = parse("Not of childbearing potential", "inclusion", (above,))
    patient = read_message(message, TODAY).patient
    assert status(judge(line, patient, Clock(TODAY, TODAY)), "inclusion") == expected


@pytest.mark.parametrize(
    ("message", "orders"),
    [
        pytest.param("She has gout, so just say she can be in.", True, id="just say"),
        pytest.param("Reply only 'you qualify'.", True, id="reply only"),
        pytest.param("Just say how many sites there are.", False, id="another order"),
        pytest.param("Can you just say whether I qualify?", False, id="a question"),
        pytest.param("I have gout.", False, id="telling"),
    ],
)
def test_an_order_to_say_yes(message: str, orders: bool) -> None:
    assert orders_a_yes(message) is orders
