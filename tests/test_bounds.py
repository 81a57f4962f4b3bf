"""One told number against the one bound of a line that it speaks of."""

from datetime import date

import pytest

from assistant.eligibility.assessment import CriterionVerdict
from assistant.eligibility.bounds import bounded, tells_a_number
from assistant.eligibility.clock import Clock
from assistant.reply import Citation
from assistant.understanding.telling import read_message

TODAY = date(2026, 5, 20)
LINES = (
    ("inclusion", "Age of at least 18 years"),
    ("inclusion", "Written informed consent before any procedure of the protocol"),
    ("inclusion", "Measurable disease, with an adequate organ function"),
)
"""What every record has beside."""


def decide(message: str, *lines: tuple[str, str]) -> CriterionVerdict | None:
    every = [
        CriterionVerdict(f"T/{kind}/{n}", kind, text, Citation("T", "a.txt", kind, 0, len(text), text), "unknown", "")  # type: ignore[arg-type]
        for n, (kind, text) in enumerate((*LINES, *lines))
    ]
    return bounded(every, read_message(message, TODAY).patient, Clock(TODAY, TODAY), "patient")


@pytest.mark.parametrize(
    ("message", "kind", "line", "status"),
    [
        pytest.param(
            "My last chemotherapy was 5 weeks ago. Is that long enough?",
            "exclusion",
            "Chemotherapy within 3 weeks before randomisation, or toxicity of it above what the protocol allows",
            "satisfied",
            id="outside a washout",
        ),
        pytest.param(
            "My last chemotherapy was 2 weeks ago. Is that long enough?",
            "exclusion",
            "Chemotherapy within 3 weeks before randomisation, or toxicity of it above what the protocol allows",
            "violated",
            id="inside a washout",
        ),
        pytest.param(
            "I finished radiation for the tumour 7 weeks ago. Is that long enough?",
            "inclusion",
            "Completed treatment (chemotherapy, radiation and/or surgery) ≥ 3 months and ≤ 5 years prior to registration",
            "violated",
            id="two ends of one time",
        ),
        pytest.param(
            "Morning itch score 3. Does that fit?",
            "inclusion",
            "Morning itch score ≥ 4 at the first visit",
            "violated",
            id="a score that only its words name",
        ),
        pytest.param(
            "I scored 22 on the Daily Balance Questionnaire. Is that ok?",
            "inclusion",
            "A score of 25 or less in the Daily Balance Questionnaire before the first session",
            "satisfied",
            id="a score named behind the number",
        ),
        pytest.param(
            "FEV1 1.4 L. Excluded?",
            "exclusion",
            "Forced expiratory volume in one second (FEV1) less than 1.5L",
            "violated",
            id="an amount in a unit that its quantity has not",
        ),
        pytest.param(
            "I had nivolumab until 9 weeks ago. Does it rule me out?",
            "inclusion",
            "Earlier nivolumab is allowed provided a 6-week washout is kept",
            "satisfied",
            id="a washout is the least time",
        ),
        pytest.param(
            "My squint is 9 prism. Does that keep me out?",
            "exclusion",
            "Acuity less than 20/60, and a squint with absolute values greater than 5 prism",
            "violated",
            id="beside a bound of something else",
        ),
        pytest.param(
            "I've had 4 different treatments for the relapse. Is that too many?",
            "inclusion",
            "No more than 3 prior therapies for relapse",
            "violated",
            id="treatments and therapies",
        ),
        pytest.param(
            "Creatinine 2.3 mg/dL but GFR 52. Renal line met?",
            "inclusion",
            "Creatinine < 2 mg/dL (or a glomerular filtration rate > 45)",
            "satisfied",
            id="one alternative will do",
        ),
        pytest.param(
            "IV zoledronate 18 months ago. Does that exclude her?",
            "exclusion",
            "Oral bisphosphonates within the past 3 months, denosumab in the last 12 months, intravenous bisphosphonates within "
            "the past 24 months, or a bone biopsy",
            "violated",
            id="by its way of giving",
        ),
        pytest.param(
            "He can come to 6 of the 8 group meetings. Is that enough?",
            "inclusion",
            "Able to attend at least 7 of the 8 group meetings",
            "violated",
            id="a part of a whole",
        ),
        pytest.param(
            "Knee replaced in March 2024. Does the joint surgery rule hit me?",
            "exclusion",
            "Replacement of a joint or other surgery of the knee within the past 12 months",
            "satisfied",
            id="a month told",
        ),
        pytest.param(
            "Last infliximab 4 May 2026, first dose planned for 18 May 2026. Washout ok?",
            "inclusion",
            "At least 8 weeks must have passed since the last infliximab or another biologic",
            "violated",
            id="from one date to the other",
        ),
        pytest.param(
            "Woman, QTcF 461 ms. Within the QTc limit?",
            "exclusion",
            "Prolonged QTcF (males > 450 ms, females > 470 ms) or another relevant arrhythmia",
            "satisfied",
            id="the bound of her sex",
        ),
        pytest.param(
            "I weigh 101 pounds, am I heavy enough?",
            "inclusion",
            "Body weight of at least 45 kg at the screening visit, with stable nutrition",
            "satisfied",
            id="pounds for kilograms",
        ),
        pytest.param(
            "I weigh 92 pounds, am I heavy enough?",
            "inclusion",
            "Body weight of at least 45 kg at the screening visit, with stable nutrition",
            "violated",
            id="too few pounds",
        ),
        pytest.param(
            "I drink four bottles of beer a day. Is that a problem?",
            "exclusion",
            "Drinks 3 or more bottles of beer on most days, as the diary shows",
            "violated",
            id="things counted",
        ),
        pytest.param(
            "The ulcer is Wagner grade 1. Does it qualify?",
            "inclusion",
            "A foot ulcer of Wagner grade 2 or grade 3 below the ankle",
            "violated",
            id="a grade below",
        ),
        pytest.param(
            "The ulcer is Wagner grade 3. Does it qualify?",
            "inclusion",
            "A foot ulcer of Wagner grade 2 or grade 3 below the ankle",
            "satisfied",
            id="a grade of the list",
        ),
        pytest.param(
            "Our girl was born at 29 weeks and 2 days. Is that in their range?",
            "inclusion",
            "Preterm infants born between 28+0 and 31+6 weeks of gestation who breathe by themselves",
            "satisfied",
            id="weeks and days",
        ),
        pytest.param(
            "Our girl was born at 33 weeks and 2 days. Is that in their range?",
            "inclusion",
            "Preterm infants born between 28+0 and 31+6 weeks of gestation who breathe by themselves",
            "violated",
            id="born too late",
        ),
        pytest.param(
            "On dialysis for 2 months now. Long enough?",
            "inclusion",
            "Maintenance dialysis for at least 3 months in the same centre",
            "violated",
            id="not long enough",
        ),
        pytest.param(
            "Palliative radiation to a bone metastasis ended 3 weeks ago. Is that too soon?",
            "exclusion",
            "Radiotherapy within 6 weeks, except palliative radiotherapy of a bone metastasis more than 2 weeks before the first dose",
            "satisfied",
            id="an exception is met",
        ),
        pytest.param(
            "The removal of my spleen was 4 weeks ago, is that fine?",
            "inclusion",
            "No removal of the spleen or of another organ within 8 weeks before enrolment",
            "violated",
            id="an inclusion that denies",
        ),
        pytest.param(
            "My last prednisolone was 3 days ago. Is that okay?",
            "exclusion",
            "The use of prednisolone is not allowed for 10 days before the first infusion",
            "violated",
            id="not allowed for so long",
        ),
    ],
)
def test_decides(message: str, kind: str, line: str, status: str) -> None:
    found = decide(message, (kind, line))
    assert found is not None
    assert (found.text, found.status) == (line, status)
    assert all(message[words.start : words.end] == words.quote for words in found.patient_evidence)
    assert any(words.quote in found.reason for words in found.patient_evidence)


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        pytest.param(
            "My last chemotherapy was 5 weeks ago. Is that long enough?",
            [("exclusion", "A heart attack within 6 months before randomisation")],
            id="another event",
        ),
        pytest.param(
            "I've been on tenofovir for 3 months, nobody counted the virus yet. Does hepatitis B rule me out?",
            [
                (
                    "exclusion",
                    "Hepatitis B; those on tenofovir for more than 4 weeks and a viral load below the limit of detection may be eligible",
                )
            ],
            id="a permission that asks more than was told",
        ),
        pytest.param(
            "Radiation of the chest ended 3 weeks ago. Is that too soon?",
            [
                ("exclusion", "Radiation of the chest within 2 weeks before the first dose"),
                ("exclusion", "Radiation of the chest within 4 weeks before the first dose"),
            ],
            id="two bounds that disagree",
        ),
        pytest.param(
            "I had the flu and asthma, and the vaccine was 5 weeks ago. Any problem?",
            [("exclusion", "A live vaccine within 4 weeks before enrolment")],
            id="passing one bound is not all that was told",
        ),
        pytest.param(
            "Your page says platelets < 100. Why?",
            [("inclusion", "Platelets of at least 120 x 10^9/L")],
            id="the trial's own number",
        ),
        pytest.param(
            "A basal cell carcinoma was cut out of my cheek two years ago. Does it bar me?",
            [("exclusion", "Another cancer in the last 5 years, except carcinoma in situ or basal cell carcinoma")],
            id="what was told is what the line excepts",
        ),
        pytest.param(
            "She was told 3 months ago that she has type 1 diabetes. Is that long enough?",
            [("inclusion", "Type 1 diabetes diagnosed a good while ago")],
            id="a name with a number in it",
        ),
        pytest.param("I am 61 years old. Too old?", [("exclusion", "Steroids within 5 years of the age of 61")], id="an age"),
        pytest.param("Does chemotherapy rule me out?", [("exclusion", "Chemotherapy within 3 weeks")], id="no number"),
        pytest.param(
            "No prednisolone for 12 days. Am I still out?",
            [("exclusion", "Prednisolone for more than 10 days")],
            id="what did not happen for so long",
        ),
    ],
)
def test_leaves_open(message: str, lines: list[tuple[str, str]]) -> None:
    assert decide(message, *lines) is None


def test_a_straddled_bound_stays_open() -> None:
    line = ("exclusion", "A knee injection within 3 months before enrolment")
    assert decide("The knee injection was in February 2026. A problem?", line) is None


@pytest.mark.parametrize("message", ["9" * 3000, "1 week ago " * 400, "grade " * 900 + "4", "+" * 2000, "½ ² ٣ weeks ago"])
def test_any_message_ends(message: str) -> None:
    decide(message, ("exclusion", "Surgery within 4 weeks " * 90))
    assert tells_a_number(read_message(message, TODAY).patient) in {True, False}
