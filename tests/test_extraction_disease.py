"""What a record asks of the disease, of performance, of treatments before and of markers, as fields with the words that prove each."""

from collections.abc import Sequence
from typing import Any

import pytest
from small_trials import trial

from assistant.audit.extraction import extract
from assistant.audit.extraction.value import Value
from assistant.audit.record import record


def extracted(inclusion: Sequence[str] = (), exclusion: Sequence[str] = (), **fields: Any) -> dict[str, Value]:
    """The fields of a small trial, each checked to stand where it says."""
    built = trial(inclusion=inclusion, exclusion=exclusion, **fields)
    found = extract(record(built))
    for value in found.values():
        assert value.spans
        assert all(built.quote(span) for span in value.spans)
    return found


def held(inclusion: Sequence[str] = (), exclusion: Sequence[str] = (), **fields: Any) -> dict[str, Any]:
    return {name: value.value for name, value in extracted(inclusion, exclusion, **fields).items()}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        pytest.param(
            {"conditions": ("Metastatic Gallbladder Cancer",)}, "gallbladder cancer", id="spread is no part of the name"
        ),
        pytest.param({"conditions": ("NSCLC, Stage II",)}, "non-small cell lung cancer", id="abbreviation with a stage"),
        pytest.param(
            {"conditions": ("Ovarian Neoplasms",), "title": "Diet in Ovarian Cancer"}, "ovarian cancer", id="MeSH heading"
        ),
        pytest.param({"conditions": ("Melanoma", "Acral Melanoma", "Sirolimus")}, "acral melanoma", id="the narrower; no drug"),
        pytest.param(
            {"conditions": ("Thyroid Cancer", "Bladder Cancer", "Fatigue")},
            "thyroid cancer; bladder cancer",
            id="several, no symptom",
        ),
        pytest.param({"conditions": ("Advanced Solid Tumors",)}, "solid tumor", id="any solid tumour"),
        pytest.param({"conditions": ("Stage III Rectal Cancer AJCC v8",)}, "rectal cancer", id="stage and edition left out"),
        pytest.param(
            {"inclusion": ["Histologically proven cholangiocarcinoma"]}, "cholangiocarcinoma", id="by the criteria alone"
        ),
    ],
)
def test_cancer_type(fields: dict[str, Any], name: str) -> None:
    assert held(**fields)["cancer_type"] == name


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"conditions": ("Asthma",)}, id="another disease"),
        pytest.param({"conditions": ("Sleep",), "exclusion": ["History of breast cancer"]}, id="cancer only barred"),
    ],
)
def test_no_cancer_type_where_no_cancer_is_enrolled(fields: dict[str, Any]) -> None:
    assert "cancer_type" not in held(**fields)


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "fields"),
    [
        pytest.param(["Stage IIB to IVA disease, FIGO 2018"], [], {"stage": ["IIB", "III", "IVA"]}, id="range"),
        pytest.param(["Stage II or III adenocarcinoma confirmed by biopsy"], [], {"stage": ["II", "III"]}, id="two stages"),
        pytest.param(
            ["Stage III disease, or recurrence after initial treatment of stage I disease"],
            [],
            {"stage": ["III"]},
            id="earlier stage",
        ),
        pytest.param(["Stage IIIA (AJCC 8th edition)"], [], {"stage": ["IIIA"], "stage_edition": "8"}, id="edition"),
        pytest.param(["Stage IIIA, B or C colon cancer"], [], {"stage": ["IIIA", "IIIB", "IIIC"]}, id="letters alone"),
        pytest.param(["Confirmed colon cancer (stage Ⅱ/Ⅲ)"], [], {"stage": ["II", "III"]}, id="numerals of one letter"),
        pytest.param(
            [], ["Spread to other organs (cM1, AJCC 8th edition)"], {"stage_edition": "8"}, id="edition in an exclusion"
        ),
        pytest.param([], ["Stage IV disease"], {"metastatic": "excluded"}, id="stage IV barred"),
    ],
)
def test_stage(inclusion: list[str], exclusion: list[str], fields: dict[str, Any]) -> None:
    found = held(inclusion, exclusion, conditions=("Cervical Cancer",))
    assert {name: found[name] for name in fields} == fields


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "value"),
    [
        pytest.param(["Histologically or cytologically confirmed metastatic colon cancer"], [], "required", id="metastatic"),
        pytest.param(
            ["Colon cancer with liver metastasis, or liver metastasis after colectomy"], [], "required", id="each way has it"
        ),
        pytest.param(["Locally advanced or metastatic colon cancer"], [], "allowed", id="both"),
        pytest.param(["Unresectable and/or metastatic colon cancer"], [], "allowed", id="both with and/or"),
        pytest.param(["Advanced colon cancer"], [], "allowed", id="advanced"),
        pytest.param(["Stage III or IV colon cancer"], [], "allowed", id="stages of both"),
        pytest.param([], ["Evidence of distant metastases"], "excluded", id="barred"),
        pytest.param(["No evidence of distant metastasis"], [], "excluded", id="none wanted"),
        pytest.param(
            [], ["Definite clinical or radiographic evidence of metastatic disease"], "excluded", id="evidence of any kind"
        ),
        pytest.param(["Resected colon cancer, pT3 N0-1 M0"], [], "excluded", id="M0"),
        pytest.param(["Unresectable, metastatic, or recurrent colon cancer"], [], "allowed", id="one of three"),
        pytest.param(["Confirmed metastatic, unresectable colon cancer"], [], "required", id="both at once"),
        pytest.param(["Patients with up to two brain metastases are eligible"], [], "allowed", id="people with it are let in"),
        pytest.param([], ["Metastases to the meninges"], None, id="to one organ"),
        pytest.param(["Stage II colon cancer"], [], "excluded", id="a stage below IV has not spread"),
        pytest.param([], ["Symptomatic brain metastases"], None, id="in one organ, in one state"),
        pytest.param([], ["Prior chemotherapy for metastatic disease"], None, id="what is barred is a treatment's setting"),
        pytest.param(["ALT ≤ 5 × ULN in patients with documented liver metastases"], [], None, id="whom a limit is for"),
        pytest.param(["No earlier treatment for metastatic colon cancer"], [], None, id="what is barred is treatment"),
    ],
)
def test_spread(inclusion: list[str], exclusion: list[str], value: str | None) -> None:
    assert held(inclusion, exclusion, conditions=("Colon Cancer",)).get("metastatic") == value


@pytest.mark.parametrize(
    ("line", "value"),
    [
        pytest.param("Histologically confirmed adenocarcinoma of the lung", "adenocarcinoma", id="adenocarcinoma"),
        pytest.param("Cytologically proven non-squamous lung cancer", "non-squamous", id="non-squamous"),
        pytest.param("Lung cancer of any histology, including adenocarcinoma, confirmed by biopsy", None, id="any"),
    ],
)
def test_histology(line: str, value: str | None) -> None:
    assert held([line], conditions=("Lung Cancer",)).get("histology") == value


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "fields"),
    [
        pytest.param(["ECOG performance status 0-2"], [], {"ecog_min": 0, "ecog_max": 2}, id="range"),
        pytest.param(["ECOG ≤ 1"], [], {"ecog_max": 1}, id="only an upper bound"),
        pytest.param([], ["WHO performance status > 2"], {"ecog_max": 2}, id="barred above"),
        pytest.param([], ["ECOG ≥ 2"], {"ecog_max": 1}, id="barred from"),
        pytest.param(["Karnofsky score of at least 70"], [], {}, id="another scale"),
        pytest.param(["Life expectancy of at least 12 weeks"], [], {"life_expectancy_min_months": 3}, id="weeks"),
        pytest.param([], ["Life expectancy below 6 months"], {"life_expectancy_min_months": 6}, id="barred below"),
        pytest.param(["At least one measurable lesion (RECIST 1.1)"], [], {"measurable_disease": True}, id="measurable"),
        pytest.param(["Measurable disease is not required"], [], {"measurable_disease": False}, id="not needed"),
        pytest.param(["At least one lesion that is measurable on CT"], [], {"measurable_disease": True}, id="a lesion that is"),
        pytest.param(
            ["Part A: measurable or evaluable disease", "Part B: measurable lesion by RECIST"],
            [],
            {"measurable_disease": True},
            id="in a part",
        ),
        pytest.param(["Measurable disease or non-measurable disease"], [], {"measurable_disease": False}, id="with or without"),
        pytest.param(["Irradiated lesions are not considered measurable"], [], {}, id="what is measurable"),
        pytest.param(["Measurable or evaluable disease"], [], {"measurable_disease": False}, id="either"),
    ],
)
def test_performance(inclusion: list[str], exclusion: list[str], fields: dict[str, Any]) -> None:
    names = ("ecog_min", "ecog_max", "life_expectancy_min_months", "measurable_disease")
    found = held(inclusion, exclusion)
    assert {name: found[name] for name in names if name in found} == fields


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "fields"),
    [
        pytest.param(["At least two prior lines of systemic therapy"], [], {"prior_lines_min": 2}, id="at least"),
        pytest.param(["Must have received at least one standard therapy"], [], {"prior_lines_min": 1}, id="a therapy received"),
        pytest.param(["At least one dose of vitamin D therapy"], [], {}, id="no line"),
        pytest.param(["No more than 3 prior lines of chemotherapy"], [], {"prior_lines_max": 3}, id="at most"),
        pytest.param([], ["More than 2 prior regimens"], {"prior_lines_max": 2}, id="barred above"),
        pytest.param(["1 to 3 prior lines of therapy"], [], {"prior_lines_min": 1, "prior_lines_max": 3}, id="range"),
        pytest.param(
            ["At least 1 but not more than 4 prior lines of therapy"],
            [],
            {"prior_lines_min": 1, "prior_lines_max": 4},
            id="but",
        ),
        pytest.param(["Progressed after second-line or later treatment"], [], {"prior_lines_min": 2}, id="by its number"),
        pytest.param(["Previously untreated disease"], [], {"prior_lines_max": 0}, id="untreated"),
        pytest.param(
            ["No prior systemic therapy for bladder cancer"], [], {"prior_lines_max": 0}, id="all systemic therapy barred"
        ),
        pytest.param(["Any number of prior lines of therapy is allowed"], [], {}, id="no bound"),
        pytest.param([], ["Systemic anticancer therapy within 4 weeks of the first dose"], {}, id="a washout"),
    ],
)
def test_lines(inclusion: list[str], exclusion: list[str], fields: dict[str, int]) -> None:
    found = held(inclusion, exclusion, conditions=("Bladder Cancer",))
    assert {name: found[name] for name in ("prior_lines_min", "prior_lines_max") if name in found} == fields


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "required", "barred"),
    [
        pytest.param([], ["Prior treatment with any PARP inhibitor"], None, ["PARP inhibitor"], id="one"),
        pytest.param(
            [],
            ["Previously treated with an AKT, mTOR or PI3K inhibitor"],
            None,
            ["AKT inhibitor", "mTOR inhibitor", "PI3K inhibitor"],
            id="shared noun",
        ),
        pytest.param(
            [],
            ["Prior organ or allogeneic stem cell transplantation"],
            None,
            ["organ transplantation", "allogeneic stem cell transplantation"],
            id="grafts",
        ),
        pytest.param(["No prior pelvic radiotherapy"], [], None, ["pelvic radiotherapy"], id="denied in an inclusion"),
        pytest.param(
            ["Has failed standard therapy, or has none to choose"], [], ["standard therapy"], None, id="the standard one"
        ),
        pytest.param(
            ["Relapsed after two lines of therapy, including an anthracycline and rituximab"],
            [],
            ["anthracycline", "rituximab"],
            None,
            id="what the lines held",
        ),
        pytest.param(
            ["Progression (resistance, toxicity) after at least one PD-1 inhibitor"],
            [],
            ["PD-1 inhibitor"],
            None,
            id="how, in brackets",
        ),
        pytest.param(["Treated with first-line immunotherapy"], [], ["first-line immunotherapy"], None, id="treated with"),
        pytest.param([], ["Prior therapy with a TEAD blocker"], None, ["TEAD blocker"], id="a class by its noun"),
        pytest.param([], ["Prior treatment with quixotinol"], None, ["quixotinol"], id="a name that no table has"),
        pytest.param(
            [],
            ["Prior pelvic or abdominal radiotherapy (for a skin cancer it is permitted)"],
            None,
            ["pelvic/abdominal radiotherapy"],
            id="what is permitted in brackets",
        ),
        pytest.param(
            [],
            ["Prior antibody targeting CTLA-4, PD-1 or PD-L1"],
            None,
            ["antibody targeting CTLA-4, PD-1 or PD-L1"],
            id="several targets",
        ),
        pytest.param([], ["History of or planned solid organ transplant"], None, ["solid organ transplant"], id="or planned"),
        pytest.param(
            [],
            ["Complete axillary lymph node dissection"],
            None,
            ["complete axillary lymph node dissection"],
            id="an operation",
        ),
        pytest.param([], ["In patients with prior lung radiotherapy, active pneumonitis"], None, None, id="whom a rule is for"),
        pytest.param(["Has not undergone a hysterectomy"], [], None, None, id="who can become pregnant"),
        pytest.param(["Irradiated lesions, unless progression followed after radiotherapy"], [], None, None, id="an exception"),
        pytest.param(
            ["Previously treated with rituximab only if the response lasted 2 years"], [], None, None, id="on a condition"
        ),
        pytest.param(
            ["Must have received a platinum-based chemotherapy"], [], ["platinum-based chemotherapy"], None, id="required"
        ),
        pytest.param(["Progression on or after an aromatase inhibitor"], [], ["aromatase inhibitor"], None, id="progressed on"),
        pytest.param(
            ["Partial response (PR) after 4-6 cycles of gemcitabine plus cisplatin"],
            [],
            ["gemcitabine", "cisplatin"],
            None,
            id="responded to",
        ),
        pytest.param([], ["Chemotherapy within 3 weeks before randomization"], None, None, id="a washout"),
        pytest.param(
            [], ["Grade 3 or higher toxicity with a prior PD-1 inhibitor"], None, None, id="its harm, not the treatment"
        ),
        pytest.param(
            [], ["Prior PD-1 inhibitor that was discontinued for an adverse event"], None, None, id="stopped for harm"
        ),
        pytest.param(
            [],
            ["Prior therapy with a combination of olaparib and bevacizumab"],
            None,
            ["combination of olaparib and bevacizumab"],
            id="together only",
        ),
        pytest.param(["Prior adjuvant chemotherapy is allowed"], [], None, None, id="allowed"),
        pytest.param(["Patients must have completed all prior radiotherapy"], [], None, None, id="done with, if it was given"),
        pytest.param(
            [],
            ["Received a stem cell or solid organ transplantation in the past"],
            None,
            ["stem cell transplantation", "solid organ transplantation"],
            id="in the past is no window",
        ),
        pytest.param([], ["History or planned organ transplantation"], None, ["organ transplantation"], id="had or planned"),
        pytest.param([], ["Prior ICI-based regimen"], None, ["checkpoint inhibitor-based regimen"], id="a short name in full"),
        pytest.param(
            [], ["History of allergy to nivolumab or prior antibody treatment"], None, None, id="a reaction is no bar"
        ),
        pytest.param(
            ["Tumor excised, relapse after all standard therapies"], [], ["standard therapies"], None, id="standard, used up"
        ),
        pytest.param(["In remission after induction and consolidation"], [], ["induction therapy"], None, id="induction"),
        pytest.param(["The tumor must be excised by lumpectomy"], [], ["lumpectomy"], None, id="the operation that was done"),
        pytest.param(
            ["Those with a mutation should have received targeted therapy if available"], [], None, None, id="if available"
        ),
        pytest.param(
            [
                "Completed chemoradiation",
                "Must have completed chemoradiation with radiotherapy and temozolomide of the primary tumor",
            ],
            [],
            ["radiotherapy", "temozolomide"],
            None,
            id="both parts of chemoradiation",
        ),
    ],
)
def test_therapies(inclusion: list[str], exclusion: list[str], required: list[str] | None, barred: list[str] | None) -> None:
    found = held(inclusion, exclusion, conditions=("Breast Cancer",))
    assert found.get("required_prior_therapies") == required
    assert found.get("excluded_prior_therapies") == barred


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "required", "barred"),
    [
        pytest.param(["ER+ and HER2- breast cancer"], [], [("ER", "positive"), ("HER2", "negative")], [], id="signs"),
        pytest.param(
            ["Known mutation in BRCA1/2 or PALB2"],
            [],
            [("BRCA1", "mutated"), ("BRCA2", "mutated"), ("PALB2", "mutated")],
            [],
            id="list",
        ),
        pytest.param(["HLA-A*02:01 positive"], [], [("HLA-A*02:01", "positive")], [], id="tissue type"),
        pytest.param(["Microsatellite instability-high tumor"], [], [("MSI", "high")], [], id="state in the name"),
        pytest.param(
            [],
            ["Known EGFR mutation or ALK rearrangement"],
            [],
            [("EGFR", "mutated"), ("ALK", "rearranged")],
            id="each its own state",
        ),
        pytest.param(["No EGFR mutation"], [], [], [("EGFR", "mutated")], id="denied in an inclusion"),
        pytest.param(
            ["Tumors expressing CD70 (2+ or CD70 positive)"], [], [("CD70", "expressed")], [], id="the state before the name"
        ),
        pytest.param(
            ["Human leukocyte antigen-A*02:01 (HLA A*02:01) positive"], [], [("HLA-A*02:01", "positive")], [], id="in words"
        ),
        pytest.param(["Melanoma with an NF1 mutation"], [], [("NF1", "mutated")], [], id="a gene named as a disease"),
        pytest.param(
            ["Amplification of MYC, mutation of FBXW7, CCNE1 amplification"],
            [],
            [("MYC", "amplified"), ("FBXW7", "mutated"), ("CCNE1", "amplified")],
            [],
            id="each with its own change",
        ),
        pytest.param(["Glioma, IDH-mutant or IDH-wildtype"], [], [], [], id="either state"),
        pytest.param([], ["Positive sentinel lymph node (SLN positive)"], [], [], id="a lymph node"),
        pytest.param(
            [],
            ["Known dihydropyrimidine dehydrogenase deficiency"],
            [],
            [("dihydropyrimidine dehydrogenase (DPD)", "deficient")],
            id="deficient",
        ),
        pytest.param(
            [],
            ["Mutation in EGFR for which first-line therapy is a tyrosine kinase inhibitor"],
            [],
            [("EGFR", "mutated")],
            id="barred for its drug",
        ),
        pytest.param(
            ["CD19 positive disease, either by flow cytometry or by biopsy"],
            [],
            [("CD19", "positive")],
            [],
            id="by either test",
        ),
        pytest.param(["The rate of RB1 mutation in liposarcoma is low"], [], [], [], id="how frequent it is"),
        pytest.param(
            ["Patients with a BRAF mutation must have received a BRAF inhibitor"], [], [], [], id="whom a treatment is for"
        ),
        pytest.param(["Known BRAF mutation status"], [], [], [], id="status only"),
        pytest.param([], ["HIV positive or hepatitis B surface antigen positive"], [], [], id="an infection"),
        pytest.param(["PD-L1 expression on the tumor"], [], [("PD-L1", "expressed")], [], id="expression"),
    ],
)
def test_biomarkers(
    inclusion: list[str], exclusion: list[str], required: list[tuple[str, str]], barred: list[tuple[str, str]]
) -> None:
    found = held(inclusion, exclusion)

    def pairs(name: str) -> list[tuple[str, str]]:
        return [(one["name"], one["state"]) for one in found.get(name, [])]

    assert pairs("biomarkers_required") == required
    assert pairs("biomarkers_excluded") == barred


@pytest.mark.parametrize(
    ("inclusion", "exclusion", "other_cancer", "brain"),
    [
        pytest.param(
            [],
            ["Another malignancy in the past 3 years, except cured skin cancer"],
            "Another malignancy in the past 3 years, except cured skin cancer",
            None,
            id="other cancer",
        ),
        pytest.param(
            ["Concurrent malignancy that does not interfere is allowed"],
            [],
            "Concurrent malignancy that does not interfere is allowed",
            None,
            id="let in",
        ),
        pytest.param([], ["Prior cancer vaccine"], None, None, id="a treatment of cancer"),
        pytest.param([], ["Family history of breast cancer"], None, None, id="a family's"),
        pytest.param(
            [], ["Pregnancy. Active brain metastases. Nursing."], None, "Active brain metastases.", id="the sentence alone"
        ),
        pytest.param(
            ["Treated brain metastases are eligible if stable"],
            ["Leptomeningeal disease"],
            None,
            "Treated brain metastases are eligible if stable Leptomeningeal disease",
            id="two lines",
        ),
    ],
)
def test_rules(inclusion: list[str], exclusion: list[str], other_cancer: str | None, brain: str | None) -> None:
    found = held(inclusion, exclusion, conditions=("Lung Cancer",))
    assert found.get("prior_malignancy_rule") == other_cancer
    assert found.get("cns_metastases_rule") == brain


def test_a_silent_record_has_no_fields() -> None:
    assert held(["Signed informed consent", "Age 18 years or older"], ["Pregnancy"]).keys() <= {"pregnancy_excluded"}
