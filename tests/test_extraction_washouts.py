"""The washouts of a criterion, as fields: what must be left behind, for how long, and up to when."""

import pytest
from small_trials import trial

from assistant.audit.extraction import extract
from assistant.audit.extraction.washouts import washouts_in
from assistant.audit.record import record
from index.trial import Kind

CASES = [
    pytest.param(
        "Major surgery within 5 weeks before enrollment", "exclusion", [("Major surgery", 5, "week", "enrollment")], id="within"
    ),
    pytest.param(
        "No radiotherapy within 10 days prior to the first dose of study drug",
        "inclusion",
        [("radiotherapy", 10, "day", "first dose of study drug")],
        id="denied in an inclusion",
    ),
    pytest.param(
        "At least 4 weeks since prior chemotherapy (6 weeks for nitrosoureas or mitomycin C)",
        "inclusion",
        [("chemotherapy", 4, "week", None), ("nitrosoureas", 6, "week", None), ("mitomycin C", 6, "week", None)],
        id="since, and longer for some",
    ),
    pytest.param(
        "Prior immunotherapy must have been completed at least 3 weeks before randomization",
        "inclusion",
        [("immunotherapy", 3, "week", "randomization")],
        id="completed at least",
    ),
    pytest.param(
        "Investigational drug within 21 days or 5 half-lives, whichever is longer, before randomization",
        "exclusion",
        [("Investigational drug", 21, "day", "randomization"), ("Investigational drug", 5, "half-life", "randomization")],
        id="half-lives beside a length",
    ),
    pytest.param(
        "Live vaccines within 30 days, or systemic antibiotics within 2 weeks, before leukapheresis",
        "exclusion",
        [("Live vaccines", 30, "day", "leukapheresis"), ("systemic antibiotics", 2, "week", "leukapheresis")],
        id="two lengths, one anchor",
    ),
    pytest.param(
        "A condition requiring systemic corticosteroids (> 10 mg daily) or other immunosuppressive drugs within 14 days of dosing",
        "exclusion",
        [
            ("systemic corticosteroids (> 10 mg daily)", 14, "day", "dosing"),
            ("other immunosuppressive drugs", 14, "day", "dosing"),
        ],
        id="steroids and other immunosuppressants",
    ),
    pytest.param(
        "Surgery under general anesthesia less than 48 hours before dosing",
        "exclusion",
        [("Surgery under general anesthesia", 2, "day", "dosing")],
        id="hours are days",
    ),
    pytest.param(
        "Patients on ipilimumab must have a 4-month washout before registration",
        "exclusion",
        [("ipilimumab", 4, "month", "registration")],
        id="a washout by name",
    ),
    pytest.param(
        "Radiotherapy, chemotherapy, or hormone therapy within 3 weeks before randomization",
        "exclusion",
        [(one, 3, "week", "randomization") for one in ("Radiotherapy", "chemotherapy", "hormone therapy")],
        id="each treatment of a list",
    ),
    pytest.param(
        "PD-1 or PD-L1 antibody within 30 days of dosing",
        "exclusion",
        [("PD-1 or PD-L1 antibody", 30, "day", "dosing")],
        id="targets",
    ),
    pytest.param(
        "Strong CYP3A4 inducers: at least 2 weeks before dosing",
        "exclusion",
        [("Strong CYP3A4 inducers", 2, "week", "dosing")],
        id="left open",
    ),
    pytest.param(
        "4 weeks from administration of monoclonal antibodies",
        "inclusion",
        [("monoclonal antibodies", 4, "week", None)],
        id="from a treatment",
    ),
    pytest.param(
        "Autologous transplant within 8 weeks of planned cell infusion",
        "exclusion",
        [("Autologous transplant", 8, "week", "planned cell infusion")],
        id="before another treatment",
    ),
    pytest.param(
        "Diagnosis of immunodeficiency or is receiving systemic steroid therapy within 7 days before dosing",
        "exclusion",
        [("systemic steroid therapy", 7, "day", "dosing")],
        id="a disease, or a treatment",
    ),
    pytest.param(
        "At least 3 weeks must have elapsed since any prior systemic therapy",
        "inclusion",
        [("systemic therapy", 3, "week", None)],
        id="any",
    ),
    pytest.param(
        "Infection that requires systemic therapy within 2 weeks before dosing", "exclusion", [], id="an infection, treated"
    ),
    pytest.param("Myocardial infarction within 6 months before enrollment", "exclusion", [], id="a disease is no treatment"),
    pytest.param(
        "Autoimmune disease that required systemic treatment within the past 2 years", "exclusion", [], id="a disease, treated"
    ),
    pytest.param(
        "Stroke, unstable angina or coronary artery bypass graft within 12 months",
        "exclusion",
        [],
        id="diseases and an operation",
    ),
    pytest.param("Recurrence more than 6 months after chemotherapy", "inclusion", [], id="a recurrence"),
    pytest.param("Use contraception for 4 months after the last dose of chemotherapy", "inclusion", [], id="contraception"),
    pytest.param("At least 12 weeks of treatment with a PD-1 inhibitor", "inclusion", [], id="a treatment's length"),
    pytest.param("Radiotherapy is permitted within 3 weeks before dosing", "exclusion", [], id="allowed"),
    pytest.param("CT scan within 28 days before enrollment", "inclusion", [], id="an examination"),
]


@pytest.mark.parametrize(("text", "kind", "said"), CASES)
def test_washouts(text: str, kind: Kind, said: list[tuple[str, int, str, str | None]]) -> None:
    assert [(one.what, one.duration, one.unit, one.anchor) for one in washouts_in(text, kind)] == said


def test_a_washout_quotes_its_line() -> None:
    made = trial(exclusion=["Chemotherapy within 3 weeks before enrollment", "Pregnancy"])
    washouts = extract(record(made))["washouts"]
    assert washouts.value == [{"what": "Chemotherapy", "duration": 3, "unit": "week", "anchor": "enrollment"}]
    assert [made.quote(span) for span in washouts.spans] == ["Chemotherapy within 3 weeks before enrollment"]
