"""One line of a trial and one message: distances between events, infusions, bounds by sex, half-lives, a lab's own units."""

from datetime import date

import pytest

from assistant.eligibility.assess import status
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.parse import parse
from assistant.understanding.telling import read_message

TODAY = date(2026, 1, 20)


@pytest.mark.parametrize(
    ("kind", "criterion", "message", "expected"),
    [
        pytest.param(
            "exclusion",
            "Disease progression within 6 months of the last platinum-based chemotherapy",
            "Her ovarian cancer progressed within 5 months of the last platinum.",
            "violated",
            id="within",
        ),
        pytest.param(
            "exclusion",
            "Relapse within 6 months after autologous stem cell transplantation",
            "His lymphoma relapsed 4 months after the autologous stem cell transplant.",
            "violated",
            id="after-a-transplant",
        ),
        pytest.param(
            "exclusion",
            "Relapse within 6 months after autologous stem cell transplantation",
            "My myeloma came back about 6 months after my autologous stem cell transplant.",
            "unknown",
            id="about-the-bound-decides-nothing",
        ),
        pytest.param(
            "inclusion",
            "Recurrence > 6 months after completion of platinum-based chemotherapy",
            "Cisplatin was completed 7 months before the bladder cancer recurred.",
            "satisfied",
            id="event-first",
        ),
        pytest.param(
            "inclusion",
            "Recurrence > 6 months after completion of platinum-based chemotherapy",
            "The bladder cancer recurred 7 months after starting cisplatin.",
            "unknown",
            id="the-other-side-of-the-event",
        ),
        pytest.param(
            "inclusion",
            "Recurrence > 6 months after completion of platinum-based chemotherapy",
            "The bladder cancer recurred 7 months after the cystectomy; he had cisplatin too.",
            "unknown",
            id="another-event",
        ),
        pytest.param(
            "inclusion",
            "local recurrence ≥ 2 years after completion of radiotherapy",
            "Larynx cancer, finished radiation; three years later it came back at the original site.",
            "satisfied",
            id="later",
        ),
        pytest.param(
            "inclusion",
            "local recurrence ≥ 2 years after completion of radiotherapy",
            "Local sarcoma recurrence, 14 months post-RT.",
            "violated",
            id="telegraphic",
        ),
        pytest.param(
            "inclusion",
            "local recurrence ≥ 2 years after completion of radiotherapy",
            "My uncle's tongue cancer has returned where it was, 3 years after the end of his radiation. Can he join?",
            "satisfied",
            id="asked-for-an-uncle",
        ),
        pytest.param(
            "exclusion",
            "Relapse within 12 months of completing adjuvant chemotherapy",
            "Would a relapse 10 months after adjuvant chemotherapy be a problem? I have breast cancer.",
            "unknown",
            id="supposed",
        ),
        pytest.param(
            "exclusion",
            "Relapse within 12 months of completing adjuvant chemotherapy",
            "Breast cancer, no relapse 10 months after adjuvant chemotherapy.",
            "unknown",
            id="denied",
        ),
        pytest.param(
            "exclusion",
            "Noradrenaline > 0.3 µg/kg/min and/or use of vasopressin",
            "norad 0.12 µg/kg/min, no vasopressin",
            "satisfied",
            id="infusion-below",
        ),
        pytest.param(
            "exclusion",
            "Dopamine > 5 mcg/kg/min",
            "dopamine 8 mcg/kg/min",
            "violated",
            id="infusion-above",
        ),
        pytest.param(
            "exclusion",
            "Dopamine > 5 mcg/kg/min",
            "dopamine 300 mg/day",
            "unknown",
            id="infusion-in-another-unit",
        ),
        pytest.param(
            "exclusion",
            "Heparin above 1000 units/hour",
            "heparin 1200 units/h",
            "violated",
            id="by-the-hour",
        ),
        pytest.param(
            "exclusion",
            "QTc prolongation (males > 450 ms, females > 470 ms)",
            "I'm a man and my QTc is 465 ms.",
            "violated",
            id="bound-of-his-sex",
        ),
        pytest.param(
            "exclusion",
            "QTc prolongation (males > 450 ms, females > 470 ms)",
            "I'm a woman and my QTc is 465 ms.",
            "satisfied",
            id="bound-of-her-sex",
        ),
        pytest.param(
            "exclusion",
            "QTc prolongation (males > 450 ms, females > 470 ms)",
            "My QTc is 465 ms.",
            "unknown",
            id="sex-not-said",
        ),
        pytest.param(
            "exclusion",
            "Prolonged QTc interval (> 480 ms)",
            "QTcF 492 ms",
            "violated",
            id="corrected-by-a-formula",
        ),
        pytest.param(
            "exclusion",
            "Active hepatitis B (HBV DNA ≥ 500 IU/mL)",
            "HBV DNA 2,600 copies/mL; the lab says 1 IU = 5.6 copies.",
            "satisfied",
            id="own-copies",
        ),
        pytest.param(
            "exclusion",
            "Active hepatitis B (HBV DNA ≥ 500 IU/mL)",
            "HBV DNA 2,600 copies/mL.",
            "unknown",
            id="copies-of-an-unknown-assay",
        ),
        pytest.param(
            "exclusion",
            "Active hepatitis C infection",
            "HCV Ab+, RNA negative.",
            "satisfied",
            id="antibodies-without-rna",
        ),
        pytest.param(
            "exclusion",
            "Active hepatitis C infection",
            "HCV Ab+. HIV positive, RNA undetectable.",
            "unknown",
            id="rna-of-another-virus",
        ),
        pytest.param(
            "exclusion",
            "Congestive heart failure NYHA class ≥ II",
            "Heart failure, NYHA III.",
            "violated",
            id="heart-failure-by-class",
        ),
        pytest.param(
            "exclusion",
            "Congestive heart failure",
            "NYHA II from pulmonary hypertension.",
            "unknown",
            id="class-of-another-illness",
        ),
        pytest.param(
            "exclusion",
            "Monoclonal antibody within 28 days or 5 half-lives, whichever is longer",
            "My last dose of omalizumab was 60 days ago; the half-life is 26 days.",
            "violated",
            id="half-lives-are-longer",
        ),
        pytest.param(
            "exclusion",
            "Monoclonal antibody within 28 days or 5 half-lives, whichever is shorter",
            "My last dose of omalizumab was 24 days ago; it has a 4-day half-life.",
            "satisfied",
            id="half-lives-are-shorter",
        ),
        pytest.param(
            "exclusion",
            "Monoclonal antibody within 28 days or 5 half-lives, whichever is longer",
            "My last dose of omalizumab was 60 days ago.",
            "unknown",
            id="half-life-not-told",
        ),
        pytest.param(
            "inclusion",
            "Colonoscopy within 12 months",
            "Colonoscopy (clean, in Utrecht) three years ago.",
            "violated",
            id="time-behind-a-bracket",
        ),
        pytest.param(
            "inclusion",
            "Three months to five years post-surgery",
            "My melanoma was cut out seven weeks ago.",
            "violated",
            id="too-soon-after-surgery",
        ),
        pytest.param(
            "inclusion",
            "Three months to five years post-surgery",
            "My melanoma was cut out eight years ago.",
            "unknown",
            id="a-later-operation-may-be",
        ),
    ],
)
def test_a_line_is_decided_by_what_a_message_tells(kind: str, criterion: str, message: str, expected: str) -> None:
    told = judge(parse(criterion, kind), read_message(message, TODAY).patient, Clock(TODAY, TODAY), kind=kind)  # type: ignore[arg-type]
    assert status(told, kind) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "concept"),
    [
        pytest.param("Local hospital saw a recurrence of the sarcoma.", "local-recurrence", id="a-local-hospital"),
        pytest.param("My uncle's cousin has a sarcoma. Can he join?", "sarcoma", id="kin-of-kin"),
    ],
)
def test_what_is_not_said_of_the_patient_is_no_fact(message: str, concept: str) -> None:
    facts = read_message(message, TODAY).patient.facts
    assert not any(getattr(fact, "concept", None) == concept and getattr(fact, "who", None) == "patient" for fact in facts)
