"""The laboratory limits of a criterion, as fields: one element for each analyte and each group, an exclusion negated."""

import pytest
from small_trials import trial

from assistant.audit.extraction import extract
from assistant.audit.extraction.labs import limits
from assistant.audit.record import record
from index.trial import Kind

CASES = [
    pytest.param("Hemoglobin ≥ 95 g/L", "inclusion", ["Hemoglobin ≥ 95 g/L"], id="a plain bound"),
    pytest.param(
        "Neutrophils >= 1.2 x 109/L", "inclusion", ["Neutrophils (ANC) ≥ 1.2 10^9/L"], id="a power that lost its superscript"
    ),
    pytest.param(
        "Platelets of 80,000/mm3 or more", "inclusion", ["Platelets ≥ 80000 /mm3"], id="the unit as printed, not as converted"
    ),
    pytest.param(
        "AST and ALT ≤ 3 × ULN (≤ 6 × ULN if liver metastases are present)",
        "inclusion",
        ["AST ≤ 3 ULN", "ALT ≤ 3 ULN", "AST ≤ 6 ULN [liver metastases]", "ALT ≤ 6 ULN [liver metastases]"],
        id="two analytes, and a group in brackets",
    ),
    pytest.param(
        "ALT ≤ 2 × ULN. Patients with liver metastases: ALT ≤ 4 × ULN.",
        "inclusion",
        ["ALT ≤ 2 ULN", "ALT ≤ 4 ULN [liver metastases]"],
        id="a group named before its limit",
    ),
    pytest.param(
        "ALT ≤ 3 × ULN unless liver metastases are present, in which case it must be ≤ 4 × ULN",
        "inclusion",
        ["ALT ≤ 3 ULN", "ALT ≤ 4 ULN [liver metastases]"],
        id="unless, in which case",
    ),
    pytest.param(
        "Total bilirubin ≤ 1.5 × ULN (except patients with Gilbert's syndrome)",
        "inclusion",
        ["Total bilirubin ≤ 1.5 ULN [unless Gilbert's syndrome]"],
        id="an exception without a limit of its own",
    ),
    pytest.param(
        "Total bilirubin ≤ 1.5 × ULN, except in patients with Gilbert's syndrome who must have a total bilirubin < 3.0 mg/dL",
        "inclusion",
        ["Total bilirubin ≤ 1.5 ULN", "total bilirubin < 3 mg/dL [Gilbert's syndrome]"],
        id="an exception with a limit of its own",
    ),
    pytest.param(
        "Serum creatinine ≤ 1.4 × ULN or creatinine clearance ≥ 55 mL/min for patients with creatinine > 1.4 × ULN",
        "inclusion",
        ["Serum creatinine ≤ 1.4 ULN", "creatinine clearance ≥ 55 mL/min [creatinine > 1.4 × ULN]"],
        id="a bound of the wrong side is a condition",
    ),
    pytest.param(
        "Platelet count < 90 x 10^9/L or hemoglobin < 85 g/L",
        "exclusion",
        ["Platelet count ≥ 90 10^9/L", "hemoglobin ≥ 85 g/L"],
        id="an exclusion is negated",
    ),
    pytest.param("SGOT/AST and bilirubin < 2 × ULN", "inclusion", ["AST < 2 ULN", "bilirubin < 2 ULN"], id="two names of one"),
    pytest.param("LDH greater than 2.5 × ULN", "exclusion", ["LDH ≤ 2.5 ULN"], id="an excluded multiple"),
    pytest.param(
        "For liver metastasis, AST or ALT > 5 × ULN",
        "exclusion",
        ["AST ≤ 5 ULN [liver metastasis]", "ALT ≤ 5 ULN [liver metastasis]"],
        id="the group of an exclusion",
    ),
    pytest.param(
        "Total bilirubin > 1.5 × ULN. Patients with Gilbert's syndrome and bilirubin < 3 × ULN are eligible.",
        "exclusion",
        ["Total bilirubin ≤ 1.5 ULN", "bilirubin < 3 ULN [Gilbert's syndrome]"],
        id="what an exclusion lets through is no exclusion",
    ),
    pytest.param(
        "Bilirubin > 1.5 × upper limit [ULN]", "exclusion", ["Bilirubin ≤ 1.5 ULN"], id="the limit's name in square brackets"
    ),
    pytest.param("No hyperleukocytosis (WBC > 40,000/µL)", "inclusion", ["WBC ≤ 40000 /µL"], id="a finding denied"),
    pytest.param("HBsAg positive with HBV DNA ≥ 700 copies/mL", "exclusion", [], id="a viral load is an infection's"),
    pytest.param("Negative hCG test with a sensitivity of at least 30 IU/L", "inclusion", [], id="a test's sensitivity"),
    pytest.param("Adequate liver function", "inclusion", [], id="no number"),
    pytest.param("At least one lesion of 12 mm or more", "inclusion", [], id="no laboratory"),
]


@pytest.mark.parametrize(("text", "kind", "said"), CASES)
def test_limits(text: str, kind: Kind, said: list[str]) -> None:
    assert [_shown(lab) for lab in limits(text, kind)] == said


def _shown(lab: object) -> str:
    a, c, v, u, m, w = (getattr(lab, name) for name in ("analyte", "comparator", "value", "unit", "uln_multiple", "condition"))
    number = f"{m:g} ULN" if m is not None else " ".join(part for part in (f"{v:.10g}", u) if part)
    return f"{a} {c} {number}{f' [{w}]' if w else ''}"


def test_every_limit_once_with_the_line_that_states_it() -> None:
    made = trial(inclusion=["Hemoglobin ≥ 95 g/L", "Signed consent", "Hemoglobin ≥ 95 g/L"])
    labs = extract(record(made))["labs"]
    assert [lab["analyte"] for lab in labs.value] == ["Hemoglobin"]
    assert {made.quote(span) for span in labs.spans} == {"Hemoglobin ≥ 95 g/L"}


def test_a_record_without_limits_has_no_such_field() -> None:
    assert "labs" not in extract(record(trial(inclusion=["Adequate bone marrow function"])))
