"""How long after a treatment a cancer came back, held against criteria that count from that treatment."""

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
    ],
)
def test_a_told_distance_is_held_against_a_window_from_the_event(
    kind: str, criterion: str, message: str, expected: str
) -> None:
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
