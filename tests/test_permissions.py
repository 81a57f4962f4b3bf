"""What a line expressly lets through, held against a message."""

from datetime import date

import pytest

from assistant.eligibility.assessment import CriterionVerdict
from assistant.eligibility.clock import Clock
from assistant.eligibility.permissions import permitted
from assistant.reply import Citation
from assistant.understanding.asking import asks_of_a_number, asks_of_age, last_question, without_the_trial
from assistant.understanding.telling import read_message

TODAY = date(2026, 5, 20)


def lets_through(message: str, kind: str, text: str) -> bool:
    line = CriterionVerdict(f"T/{kind}/1", kind, text, Citation("T", "a.txt", kind, 0, len(text), text), "unknown", "")  # type: ignore[arg-type]
    patient = read_message(message, TODAY).patient
    found = permitted([line], patient, last_question(message), Clock(TODAY, TODAY), "patient")
    if found is None:
        return False
    assert all(message[one.start : one.end] == one.quote for one in found.patient_evidence)
    return found.status == "satisfied"


TRANSPLANT = "Earlier transplant of a solid organ (other than corneal transplants) or of bone marrow"
STEROIDS = "Systemic steroids within 2 weeks, not including patients on inhaled or topical steroids at standard doses"
HEPATITIS = "Active hepatitis B or C. Prior treated hepatitis B or C with undetectable viral load may be enrolled."
TREATED = "Hepatitis C. Patients with a history of treated hepatitis C are eligible."
BRACKET = "Active brain metastases. Patients with treated brain metastases (BM) are eligible."
WITHOUT = "Planned for bypass operation, or valve repair with or without bypass operation"
REPLACEMENT = (
    "Immune disease that needed systemic treatment. Replacement therapy (e.g., thyroxine, insulin) is not considered a form of "
    "systemic treatment."
)
VACCINE = "A live vaccine within 30 days, except for Corona Virus Disease 2019(COVID-19) vaccine"
UNLESS = "Brain metastases unless asymptomatic, stable, and without steroids for at least 2 weeks"


@pytest.mark.parametrize(
    ("message", "kind", "text", "granted"),
    [
        pytest.param("I had a cornea transplant. Does it rule me out?", "exclusion", TRANSPLANT, True, id="other than"),
        pytest.param("I take insulin. Does that rule me out?", "exclusion", REPLACEMENT, True, id="not considered a treatment"),
        pytest.param("I take methotrexate. Does that rule me out?", "exclusion", REPLACEMENT, False, id="none of the examples"),
        pytest.param("I had a COVID-19 booster. Does that rule me out?", "exclusion", VACCINE, True, id="by its short form"),
        pytest.param("I had a measles vaccine. Does that rule me out?", "exclusion", VACCINE, False, id="another vaccine"),
        pytest.param("I had a kidney transplant. Does it rule me out?", "exclusion", TRANSPLANT, False, id="the rule itself"),
        pytest.param("I use a steroid inhaler. Does it rule me out?", "exclusion", STEROIDS, True, id="a route of a list"),
        pytest.param("I take prednisone tablets. Does it matter?", "exclusion", STEROIDS, False, id="another route"),
        pytest.param("I had hepatitis C, treated. Does it matter?", "exclusion", HEPATITIS, False, id="a condition not told"),
        pytest.param("I have hepatitis C. Does it matter?", "exclusion", TREATED, False, id="treated is asked, not told"),
        pytest.param("I was treated for my brain metastases. OK?", "exclusion", BRACKET, True, id="a bracket in the subject"),
        pytest.param("I had a bypass operation. OK?", "inclusion", WITHOUT, False, id="asked for elsewhere in the line"),
        pytest.param(
            "I had a VATS. Does that matter?",
            "exclusion",
            "Major surgery. Video-assisted thoracic surgery (VATS) and mediastinoscopy are exceptions.",
            True,
            id="by its short form",
        ),
        pytest.param(
            "My skin cancer was cut out, and I was on pembrolizumab. Is the pembrolizumab a problem?",
            "exclusion",
            "Major operation within 14 days (excluding skin cancer resection)",
            False,
            id="asked of something else",
        ),
        pytest.param("My brain metastases are stable. OK?", "exclusion", UNLESS, False, id="one of several conditions"),
        pytest.param(
            "My MRD test is positive. Does that rule me out?",
            "inclusion",
            "In complete remission regardless of minimal residual disease (MRD) status",
            True,
            id="regardless of",
        ),
        pytest.param(
            "My cataract was taken out of this eye. Does it rule me out?",
            "exclusion",
            "Intraocular surgery except cataract surgery in the eye to be treated",
            True,
            id="surgery told by what was done",
        ),
        pytest.param(
            "I take metformin. Is that a problem?",
            "exclusion",
            "Insulin or metformin; vitamins are not allowed",
            False,
            id="not allowed is no permission",
        ),
        pytest.param(
            "Never had warfarin. Does that matter?", "exclusion", "Anticoagulants. Warfarin is allowed.", False, id="denied"
        ),
    ],
)
def test_permissions(message: str, kind: str, text: str, granted: bool) -> None:
    assert lets_through(message, kind, text) is granted


@pytest.mark.parametrize(
    ("question", "number", "age"),
    [
        pytest.param("Is that long enough ago?", True, False, id="time"),
        pytest.param("Am I too old?", True, True, id="age"),
        pytest.param("Is she old enough for it?", True, True, id="old enough"),
        pytest.param("Does my old fracture rule me out?", False, False, id="old, but no question of age"),
    ],
)
def test_questions_of_a_number(question: str, number: bool, age: bool) -> None:
    assert (asks_of_a_number(question), asks_of_age(question)) == (number, age)


def test_without_the_trial() -> None:
    assert (
        without_the_trial("Does the inhaler rule me out of the new breast cancer study NCT00000077?")
        == "Does the inhaler rule me out "
    )
