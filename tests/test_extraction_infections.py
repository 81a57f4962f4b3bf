"""What a criterion says of infections and of the heart, as fields."""

import pytest
from small_trials import trial

from assistant.audit.extraction import cardiac as heart
from assistant.audit.extraction import extract
from assistant.audit.extraction.cardiac import rules_in as cardiac_in
from assistant.audit.extraction.infections import rules_in as infections_in
from assistant.audit.record import record
from index.trial import Kind

INFECTIONS = [
    pytest.param("Known HIV infection", "exclusion", [("HIV", "excluded")], id="one"),
    pytest.param(
        "Active hepatitis B or hepatitis C, or HIV",
        "exclusion",
        [("HIV", "excluded"), ("active hepatitis B (HBV)", "excluded"), ("active hepatitis C (HCV)", "excluded")],
        id="three of one line",
    ),
    pytest.param(
        "HIV-infected patients on effective therapy with an undetectable viral load are eligible",
        "inclusion",
        [("HIV", "allowed if on effective therapy with an undetectable viral load")],
        id="let in",
    ),
    pytest.param(
        "Patients with a history of hepatitis C must have been treated and cured",
        "inclusion",
        [("hepatitis C (HCV)", "allowed if treated and cured")],
        id="what they must have done",
    ),
    pytest.param(
        "Hepatitis B, unless the viral load is undetectable on treatment",
        "exclusion",
        [("hepatitis B (HBV)", "excluded unless the viral load is undetectable on treatment")],
        id="unless",
    ),
    pytest.param(
        "HBsAg positive with HBV DNA ≥ 600 IU/mL",
        "exclusion",
        [("hepatitis B (HBV)", "excluded if HBsAg positive with HBV DNA ≥ 600 IU/mL")],
        id="above a viral load",
    ),
    pytest.param(
        "Active infections (HIV criteria per protocol)",
        "exclusion",
        [("active HIV", "per protocol"), ("Active infections", "excluded")],
        id="left to the protocol",
    ),
    pytest.param("Negative test for HIV", "inclusion", [("HIV", "excluded")], id="a negative test is asked for"),
    pytest.param("No antiretroviral therapy for HIV-positive patients", "inclusion", [], id="the treatment is denied"),
    pytest.param(
        "Uncontrolled diabetes, active infection requiring antibiotics, or seizures",
        "exclusion",
        [("active infection requiring antibiotics", "excluded")],
        id="one item of a list",
    ),
    pytest.param("HIV testing is not required", "exclusion", [], id="no test needed"),
    pytest.param("Leptomeningeal disease or carcinomatous meningitis", "exclusion", [], id="a meningitis of the tumour"),
]
HEART = [
    pytest.param(
        "Left ventricular ejection fraction < 48%",
        "exclusion",
        [("left ventricular ejection fraction (LVEF)", "≥ 48%")],
        id="a low ejection fraction excluded",
    ),
    pytest.param("QTcF > 475 ms", "exclusion", [("QTc interval (QTcF)", "≤ 475 ms")], id="a long QTc excluded"),
    pytest.param("QT prolongation", "exclusion", [("QT prolongation", "excluded")], id="no number"),
    pytest.param(
        "Systolic pressure < 150 mmHg and diastolic pressure < 95 mmHg",
        "inclusion",
        [("blood pressure", "< 150/95 mmHg")],
        id="blood pressure asked for",
    ),
    pytest.param(
        "Unstable angina, symptomatic heart failure, uncontrolled arrhythmia",
        "exclusion",
        [("Unstable angina", "excluded"), ("symptomatic heart failure", "excluded"), ("uncontrolled arrhythmia", "excluded")],
        id="item by item",
    ),
    pytest.param(
        "Unstable angina, heart failure, or myocardial infarction within 6 months",
        "exclusion",
        [("Unstable angina, heart failure, or myocardial infarction within 6 months", "excluded")],
        id="a window for all of them",
    ),
    pytest.param(
        "Arrhythmia that needs treatment, excluding rate-controlled atrial fibrillation",
        "exclusion",
        [("Arrhythmia that needs treatment", "excluded unless rate-controlled atrial fibrillation")],
        id="an exception",
    ),
    pytest.param(
        "No history of heart failure", "inclusion", [("history of heart failure", "excluded")], id="denied in an inclusion"
    ),
    pytest.param("Medication known to prolong the QT interval", "exclusion", [], id="a drug's effect"),
    pytest.param(
        "Corrected QT interval (by Fridericia) (QTcF) of > 465 msec, or a history of torsades (e.g. familial)",
        "exclusion",
        [("QTc interval (QTcF)", "≤ 465 ms")],
        id="its short name in brackets",
    ),
    pytest.param(
        "Heart disease, including unstable angina, NYHA class III heart failure, or uncontrolled hypertension",
        "exclusion",
        [
            ("Heart disease", "excluded"),
            ("unstable angina", "excluded"),
            ("NYHA class III heart failure", "excluded"),
            ("uncontrolled hypertension", "excluded"),
        ],
        id="what a disease as such includes",
    ),
    pytest.param(
        "Any of the following within 4 months before dosing: unstable angina, heart failure",
        "exclusion",
        [
            ("unstable angina", "excluded if within 4 months before dosing"),
            ("heart failure", "excluded if within 4 months before dosing"),
        ],
        id="a window ahead of its list",
    ),
    pytest.param(
        "Orthostatic drop in pressure below 90, or history of uncontrolled hypertension",
        "exclusion",
        [("Orthostatic drop in pressure below 90", "excluded"), ("history of uncontrolled hypertension", "excluded")],
        id="or history of",
    ),
    pytest.param(
        "Class III/IV disability by the New York Heart Association scale",
        "exclusion",
        [("NYHA class III/IV", "excluded")],
        id="a class first",
    ),
    pytest.param(
        "Heart attack or unstable angina within 6 months",
        "exclusion",
        [("Heart attack within 6 months", "excluded"), ("unstable angina within 6 months", "excluded")],
        id="one window of two",
    ),
    pytest.param("Peripheral vascular disease or aortic dissection", "exclusion", [], id="vessels are not the heart"),
    pytest.param("Disability status of NYHA class ≥3", "exclusion", [("NYHA class ≥3", "excluded")], id="a class barred"),
    pytest.param("Pericardial effusion that needs drainage", "exclusion", [], id="an effusion"),
]


@pytest.mark.parametrize(("text", "kind", "said"), INFECTIONS)
def test_infections(text: str, kind: Kind, said: list[tuple[str, str]]) -> None:
    assert [(one.what, one.rule) for one in infections_in(text, kind)] == said


@pytest.mark.parametrize(("text", "kind", "said"), HEART)
def test_the_heart(text: str, kind: Kind, said: list[tuple[str, str]]) -> None:
    assert [(one.what, one.rule) for one in cardiac_in(text, kind)] == said


def test_what_says_more_of_an_infection_stands_alone() -> None:
    said = extract(
        record(trial(inclusion=["HIV-infected patients with a CD4 count above 400/µL are eligible"], exclusion=["HIV"]))
    )
    assert said["infections"].value == [{"what": "HIV", "rule": "allowed if a CD4 count above 400/µL"}]


def test_the_fields_quote_their_lines() -> None:
    made = trial(exclusion=["Known HIV infection", "Unstable angina"])
    said = extract(record(made))
    assert [made.quote(span) for span in said["infections"].spans] == ["Known HIV infection"]
    assert [made.quote(span) for span in said["cardiac"].spans] == ["Unstable angina"]
    assert heart(record(trial(exclusion=["Pregnancy"]))) == {}
