"""What the readers of measures, classes and grades find in a criterion or a note, and what they leave alone."""

import time
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.numbers.measures import Measure, grades, gradings, measures
from assistant.eligibility.numbers.units import shown
from assistant.eligibility.ranges import Range, exactly


def said(measure: Measure) -> str:
    """A measure in short: "ast+alt ≤ 2.5 ULN"."""
    value = measure.flag if measure.range == Range() else shown(measure.range, measure.unit)
    return " ".join(filter(None, ("+".join(measure.quantities), value, measure.of)))


FOUND = [
    # bounds
    ("Haemoglobin ≥ 95 g/L", "hemoglobin ≥ 95 g/L"),
    ("Neutrophils of at least 1,200/mm3", "anc ≥ 1200 /µL"),
    ("Thrombocytes no less than 75 x 10^9/L", "platelets ≥ 75 10^9/L"),
    ("Creatinine clearance >50 mL/min", "creatinine-clearance > 50 mL/min"),
    ("Creatinine clearance (by the Cockcroft-Gault equation) above 45 mL/min", "creatinine-clearance > 45 mL/min"),
    ("Serum albumin must be greater than or equal to 2.8 g/dL", "albumin ≥ 2.8 g/dL"),
    ("Potassium not exceeding 5.5 mmol/L", "potassium ≤ 5.5 mmol/L"),
    ("LVEF below 45%", "lvef < 45%"),
    ("Left ventricular ejection fraction (LVEF) of 40% or less", "lvef ≤ 40%"),
    ("BMI of 27 or more", "bmi ≥ 27"),
    ("Lactate > or = 4 mmol/L", "lactate ≥ 4 mmol/L"),
    ("Hb not below 8 g/dL", "hemoglobin ≥ 8 g/dL"),
    ("Hb less than (<) 8 g/dL", "hemoglobin < 8 g/dL"),
    ("platelets \\< 60 x 109/L", "platelets < 60 10^9/L"),
    ("ANC ≥ 1.2 × 10⁹/L", "anc ≥ 1.2 10^9/L"),
    ("ANC =< 900 / μL", "anc ≤ 900 /µL"),
    ("platelet count of at least\n        60,000 cells/mm^3", "platelets ≥ 60,000 /µL"),
    ("Life expectancy of at least 16 weeks", "life-expectancy ≥ 16 week"),
    ("expected survival of more than six months", "life-expectancy > 6 month"),
    ("at least 12 weeks life expectancy", "life-expectancy ≥ 12 week"),
    ("HBV DNA < 2 x 10^3 IU/mL", "hbv-dna < 2000 IU/mL"),
    ("HBV DNA ≥ 10⁴ copies/mL", "hbv-dna ≥ 10,000 copies/mL"),
    ("T-score ≤ -2.5", "bone-density-t-score ≤ -2.5"),
    ("proteinuria ≥ 2+", "urine-protein-dipstick ≥ 2 +"),
    ("Slow vital capacity (SVC) > 55% of predicted", "svc > 55% predicted"),
    ("C-SSRS score of 4 or 5", "c-ssrs 4-5"),
    ("AIS ≥ 4 of any region", "abbreviated-injury-scale ≥ 4"),
    ("systolic between 145 - 95", "systolic-bp 95-145"),
    ("T-score at the hip of -2.6", "bone-density-t-score -2.6"),
    # multiples of a limit
    ("SGOT and SGPT ≤ 3 × ULN", "ast+alt ≤ 3 ULN"),
    ("ALT ≤3 times the upper limit of normal", "alt ≤ 3 ULN"),
    ("bilirubin < 2 x upper limit of the normal range (ULN)", "bilirubin < 2 ULN"),
    ("INR or PT ≤1.2xULN", "inr+pt ≤ 1.2 ULN"),
    ("Alkaline phosphatase no more than 2.5-fold the institutional upper limit of normal", "alp ≤ 2.5 ULN"),
    ("lipase two times or greater than the upper limit of normal", "lipase ≥ 2 ULN"),
    ("Calcium ≤ ULN", "calcium ≤ 1 ULN"),
    ("Folate at least the lower limit of normal", "folate ≥ 1 LLN"),
    ("Liver enzymes above 3 x ULN", "ast+alt > 3 ULN"),
    ("ALT about twice the upper limit of normal", "alt 2 ULN"),
    ("Bilirubin is double the normal value", "bilirubin 2 ULN"),
    ("Lipase threefold the upper limit", "lipase 3 ULN"),
    ("Creatinine one and a half times the upper limit", "creatinine 1.5 ULN"),
    ("AST was 4.5 times the normal limit", "ast 4.5 ULN"),
    ("ALT 3x the limit", "alt 3 ULN"),
    ("Troponin above the limit", "troponin > 1 ULN"),
    # ranges
    ("BMI between 19 and 34 kg/m2", "bmi 19-34 kg/m²"),
    ("BMI 19.5-34", "bmi 19.5-34"),
    ("SBP 95 to 150", "systolic-bp 95-150"),
    ("HbA1c 6.5% to 9.5% inclusive", "hba1c 6.5-9.5%"),
    ("K+ 3.4–5.2", "potassium 3.4-5.2"),
    ("MMSE ≥ 16 and ≤ 25", "mmse 16-25"),
    ("110 < SBP ≤ 150 mmHg", "systolic-bp > 110 and ≤ 150 mmHg"),
    ("ECOG 0-2", "ecog 0-2"),
    ("ECOG PS of 0, 1 or 2", "ecog 0-2"),
    ("ECOG PS:0-1", "ecog 0-1"),
    ("WHO performance status ≤2", "ecog ≤ 2"),
    ("PS 0/1", "ecog 0-1"),
    ("Karnofsky > 60", "karnofsky > 60"),
    # notes
    ("Hb 8.7 g/dL", "hemoglobin 8.7 g/dL"),
    ("hemoglobin was 8.7", "hemoglobin 8.7"),
    ("Hb 8,7 g/dL", "hemoglobin 8.7 g/dL"),
    ("Hb 2 weeks ago, drawn at home", ""),
    ("platelets 91K", "platelets 91 10^3/µL"),
    ("WBC 14,200/mm", "wbc 14,200 /µL"),
    ("WBC of 1.450/mm3", "wbc 1450 /µL"),
    ("heart rate is 112 bpm", "heart-rate 112 /min"),
    ("temp 38.9", "temperature 38.9"),
    ("She weighs 64 kg", "weight 64 kg"),
    ("He is 5'11\" tall", "height 71 in"),
    ("potassium normal", "potassium normal"),
    ("Sodium within normal limits", "sodium normal"),
    ("normal creatinine", "creatinine normal"),
    ("elevated ALT", "alt high"),
    ("a lesion of 17 mm", "lesion-size 17 mm"),
    ("17 mm liver lesion", "lesion-size 17 mm"),
    ("35 pack-year smoking history", "pack-years 35 pack-years"),
    ("at 31 weeks of gestation", "gestational-age 31 week of gestation"),
    ("Hb fell to 7.9 g/dL", "hemoglobin 7.9 g/dL"),
    ("MMSE 22/30", "mmse 22"),
    ("GCS 14/15", "gcs 14"),
    ("Pain VAS 7/10", "pain-score 7"),
    ("Peak pruritus NRS 8/10", "itch-nrs 8"),
    ("MMSE 22/28", ""),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in FOUND])
def test_one_measure_is_found(text: str, expected: str) -> None:
    assert [said(measure) for measure in measures(text)] == ([expected] if expected else [])


SEVERAL = [
    ("BP 138/86 mmHg", ["systolic-bp 138 mmHg", "diastolic-bp 86 mmHg"]),
    ("> 165/95 mm Hg", ["systolic-bp > 165 mmHg", "diastolic-bp > 95 mmHg"]),
    ("BP ≥ 150 mmHg systolic and/or ≥ 95 mmHg diastolic", ["systolic-bp ≥ 150 mmHg", "diastolic-bp ≥ 95 mmHg"]),
    ("QTc > 440 ms for men (460 for women)", ["qtc > 440 ms", "qtc > 460 ms"]),
    ("HbA1c less than 7% or above 11%", ["hba1c < 7%", "hba1c > 11%"]),
    ("ALT ≤ 3 × ULN, or ≤ 6 × ULN with hepatic metastases", ["alt ≤ 3 ULN", "alt ≤ 6 ULN"]),
    ("For liver metastases, AST or ALT ≤ 6 × ULN", ["ast+alt ≤ 6 ULN"]),
    ("ALT ≤ 3 × ULN unless metastases are present, in which case ≤ 6 × ULN", ["alt ≤ 3 ULN", "alt ≤ 6 ULN"]),
    ("A metastasis of 15 mm and ALT ≤ 3 × ULN", ["lesion-size 15 mm", "alt ≤ 3 ULN"]),
    ("Prostate volume ≥ 35 mL, bilirubin ≤ 2 × upper normal limit [ULN]", ["prostate-volume ≥ 35 mL", "bilirubin ≤ 2 ULN"]),
    ("Aspartate transferase and alanine transferase ≤ 4 × ULN", ["ast+alt ≤ 4 ULN"]),
    ("Creatinine ≤ 1.5 × ULN, or CrCl / eGFR ≥ 50 mL/min", ["creatinine ≤ 1.5 ULN", "creatinine-clearance+egfr ≥ 50 mL/min"]),
    ("Hb 8.1, WBC 2.9, plt 51, creat 1.3", ["hemoglobin 8.1", "wbc 2.9", "platelets 51", "creatinine 1.3"]),
    ("AST 88 and ALT 97 U/L", ["ast 88 U/L", "alt 97 U/L"]),
    ("AST is 4.5 times the limit and ALT 5.2 times", ["ast 4.5 ULN", "alt 5.2 ULN"]),
    ("AST 3 times and ALT 4 times the upper limit", ["ast 3 ULN", "alt 4 ULN"]),
    ("ALT was checked 3 times and was below the ULN", ["alt < 1 ULN"]),
    ("HBV DNA below the limit of quantification", []),
    ("Current episode, HAM-D 19.", ["ham-d 19"]),
    ("HAM-D 17 total 22, HAMD-17, none.", ["ham-d 22"]),
    ("aPTT slightly prolonged at 48 s (ULN 40)", ["aptt 48 s"]),
    ("Creatinine and bilirubin both in range", ["creatinine+bilirubin normal"]),
    ("Hemoglobin in the range of 9 to 11 g/dL", ["hemoglobin 9-11 g/dL"]),
    ("Weight 80 kg, twice the normal dose of insulin", ["weight 80 kg"]),
    ("Serum creatinine ≤1.4 mg/dL or 1.4 × ULN", ["creatinine ≤ 1.4 mg/dL", "creatinine ≤ 1.4 ULN"]),
    ("ECOG 1, 2 courses given", ["ecog 1"]),
    ("Hb must not be below 8 g/dL", ["hemoglobin ≥ 8 g/dL"]),
    ("Gleason 7 (4+3)", ["gleason 7"]),
    ("Gleason 4+3", ["gleason 7"]),
    ("Gleason score 3+5=8 on biopsy", ["gleason 8"]),
    ("A girl of nine, 31 kg, 133 cm", ["weight 31 kg", "height 133 cm"]),
    ("6 ft 1, 82 kg", ["height 73 in", "weight 82 kg"]),
    ("AST/ALT nl.", ["ast+alt normal"]),
    ("T: 38.9 C", ["temperature 38.9 °C"]),
    ("Hb 10.1 → 8.7 g/dL", ["hemoglobin 8.7 g/dL"]),
    ("creatinine 1.1 -> 1.9 mg/dL", ["creatinine 1.9 mg/dL"]),
    ("AST/ALT 31/44 U/L", ["ast 31 U/L", "alt 44 U/L"]),
    ("BP: 96/61 HR: 118/min", ["systolic-bp 96", "diastolic-bp 61", "heart-rate 118 /min"]),
    ("raised ferritin, WBC 15,100/mm", ["ferritin high", "wbc 15,100 /µL"]),
    ("Asthma Control Test above 19, no more than 2 courses of prednisone", ["act > 19"]),
    ("ECOG PS:0-1,life expectancy over 3 months", ["ecog 0-1", "life-expectancy > 3 month"]),
    ("platelets ≥ 100 x 10^9/L; age ≥ 18 years", ["platelets ≥ 100 10^9/L"]),
    ("Hemoglobin ≥ 9 g/dL (5.6 mmol/L)", ["hemoglobin ≥ 9 g/dL"]),
    ("ANC ≥ 1,500/µL (1.5 × 10^9/L), platelets ≥ 90,000/µL", ["anc ≥ 1500 /µL", "platelets ≥ 90,000 /µL"]),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*row, id=row[0][:60]) for row in SEVERAL])
def test_several_measures_are_found(text: str, expected: list[str]) -> None:
    assert [said(measure) for measure in measures(text)] == expected


NOT_MEASURES = [
    "aPTT not sent",
    "aPTT was not done",
    "Troponin pending",
    "prednisone 5 mg daily, grade 3 anemia on 2026-01-12",
    "PT 3 weeks ago",
    "increase in creatinine > 0.3 mg/dL",
    "QTc prolongation of more than 60 ms",
    "a drop of haemoglobin by 2 g/dL",
    "weight loss of more than 10%",
    "platelets 2 units given",
    "platelet transfusion within 7 days",
    "RECIST 1.1, version 4.03, cycle 3 day 1",
    "IL-6 and PD-1 in cohort 2",
    "INR on 12/03/2025",
    "creatinine checked in 2019",
    "hemoglobin electrophoresis twice",
    "BP well controlled",
    "sweat chloride of 71 mmol/L",
    "CSF glucose 40 mg/dL",
    "",
]


@pytest.mark.parametrize("text", [pytest.param(text, id=text[:50] or "empty") for text in NOT_MEASURES])
def test_no_measure_is_invented(text: str) -> None:
    assert measures(text) == ()


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        pytest.param("creatinine 1.5 mg/dL (ULN 1.2)", None, 1.2, id="upper limit"),
        pytest.param("ALT 31 U/L (9-52)", 9, 52, id="range in brackets"),
        pytest.param("ALT 31 U/L (normal range 9 to 52 U/L)", 9, 52, id="range announced"),
        pytest.param("LDH 310 U/L (ref < 250)", None, 250, id="reference"),
        pytest.param("Folate 3 ng/mL (LLN 4)", 4, None, id="lower limit"),
        pytest.param("INR 2.4 on warfarin (target 2.0-3.0)", None, None, id="a target is no limit"),
    ],
)
def test_limits_of_normal_are_read(text: str, lower: float | None, upper: float | None) -> None:
    (measure,) = measures(text)
    assert measure.lower_limit == (None if lower is None else exactly(lower))
    assert measure.upper_limit == (None if upper is None else exactly(upper))


def test_neighbours_share_what_is_given_once() -> None:
    ast, alt = measures("AST 61 and ALT 74 U/L (ULN 35 each)")
    assert ast.unit == alt.unit == "U/L"
    assert ast.upper_limit == alt.upper_limit == exactly(35)


def test_spans_quote_the_text() -> None:
    text = "Labs today: platelet count 88,000/µL; Hb\n   9.1 g/dL."
    platelets, hemoglobin = measures(text)
    assert text[platelets.start : platelets.end] == "platelet count 88,000/µL"
    assert text[platelets.name_start : platelets.name_end] == "platelet count"
    assert text[hemoglobin.start : hemoglobin.end] == "Hb\n   9.1 g/dL"


def test_a_unit_of_something_else_is_kept_to_be_reported() -> None:
    (measure,) = measures("WBC ≥ 3.5 x 109/ml")
    assert measure.unit == "x 109/ml"


GRADINGS = [
    ("Stage IIIB or IV disease", "stage", {"IIIB", "IV", "IVA", "IVB", "IVC"}, {"IIIA", "III"}),
    ("stages IIB to IVA", "stage", {"IIB", "III", "IIIC2", "IVA"}, {"IIA", "IVB", "IV"}),
    ("Stage ≥ III", "stage", {"III", "IIIA", "IV"}, {"IIC"}),
    ("stage 4", "stage", {"IV", "IVB"}, {"III"}),
    ("FIGO stage IB2-IIA", "stage", {"IB2", "IIA1"}, {"IB1", "IIB"}),
    ("NYHA class III or IV", "nyha", {"III", "IV"}, {"II"}),
    ("NYHA > 2", "nyha", {"III", "IV"}, {"II"}),
    ("New York Heart Association (NYHA) class II or higher", "nyha", {"II", "III", "IV"}, {"I"}),
    ("Child-Pugh class A or B7", "child-pugh", {"A", "A5", "A6", "B7"}, {"B", "B8"}),
    ("complete or partial response", "response", {"CR", "PR"}, {"SD"}),
    ("CR, PR or SD per RECIST 1.1", "response", {"CR", "PR", "SD"}, {"PD"}),
    ("partial remission on CT", "response", {"PR"}, {"CR"}),
    ("WHO type II/III", "who-npc-type", {"II", "III"}, {"I"}),
    ("ASA I-III", "asa", {"I", "II", "III"}, {"IV"}),
    ("stage 3b chronic kidney disease", "ckd", {"3B"}, {"3A"}),
    ("CKD stage 4 or 5", "ckd", {"4", "5"}, {"3"}),
    ("Hoehn and Yahr stage 2-3", "hoehn-yahr", {"2", "2.5", "3"}, {"4"}),
    ("rT2-rT4 recurrence", "t", {"T2", "T3", "T4b"}, {"T1"}),
    ("BI-RADS 4 lesion", "bi-rads", {"4", "4A"}, {"5"}),
    ("Killip class ≥ III", "killip", {"III", "IV"}, {"II"}),
]


@pytest.mark.parametrize(("text", "scale_id", "inside", "outside"), [pytest.param(*row, id=row[0]) for row in GRADINGS])
def test_a_class_is_found(text: str, scale_id: str, inside: set[str], outside: set[str]) -> None:
    (mention,) = gradings(text)
    assert mention.scale == scale_id
    assert inside <= mention.values
    assert not outside & mention.values


def test_tnm_gives_each_category() -> None:
    found = {mention.scale: mention for mention in gradings("Biopsy-proven, cT3N2M1, stage IVB (UICC 8th edition)")}
    assert found["t"].values >= {"T3", "T3a"}
    assert found["n"].values >= {"N2"}
    assert "M1" in found["m"].values
    assert found["stage"].values == {"IVB"}
    assert found["stage"].edition == "8"


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        pytest.param("Stage IV by the 9th edition of the AJCC/UICC system", "9", id="ninth"),
        pytest.param("Stage IV (AJCC version 8)", "8", id="version"),
        pytest.param("according to the seventh edition, stage IV", "7", id="in words, before"),
        pytest.param("Stage IV. The 5th edition of a manual", None, id="another sentence"),
        pytest.param("Stage IV", None, id="none"),
    ],
)
def test_the_edition_is_read(text: str, edition: str | None) -> None:
    assert gradings(text)[0].edition == edition


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("T2-weighted MRI", id="a sequence"),
        pytest.param("free T4 normal", id="a hormone"),
        pytest.param("PR interval 200 ms", id="an interval"),
        pytest.param("ASA 81 mg daily", id="aspirin"),
        pytest.param("WHO performance status 1", id="a performance status"),
        pytest.param("end-stage renal disease", id="no class"),
        pytest.param("", id="empty"),
    ],
)
def test_no_class_is_invented(text: str) -> None:
    assert gradings(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("neuropathy of grade ≥2", Range(2), id="inside"),
        pytest.param("≥ Grade 3 rash", Range(3), id="before"),
        pytest.param("G3-4 diarrhoea", Range(3, 4), id="short"),
        pytest.param("grade 2 or higher", Range(2), id="or higher"),
        pytest.param("grade 1 or less", Range(high=1), id="or less"),
        pytest.param("grade > 1", Range(1, inf, low_open=True), id="above"),
        pytest.param("Grade III or IV", Range(3, 4), id="roman"),
        pytest.param("grade 2 colitis", exactly(2), id="one"),
        pytest.param("recovered to grade 0-1", Range(0, 1), id="from nought"),
    ],
)
def test_a_grade_is_found(text: str, expected: Range) -> None:
    assert [mention.range for mention in grades(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "grade 3 glioma",
        "histologic grade 2",
        "Gleason grade group 4",
        "KRAS G12C",
        "high-grade dysplasia",
        "WHO grade II",
        "G6PD",
    ],
)
def test_a_histologic_grade_is_no_toxicity(text: str) -> None:
    assert grades(text) == ()


PIECES = st.sampled_from(
    [
        *"0123456789.,≥≤<>=-–/()%: \n",
        "Hb",
        "ANC",
        "ULN",
        "x",
        "10^9/L",
        "g/dL",
        "between",
        "and",
        "or",
        "to",
        "stage",
        "IV",
        "grade",
    ]
)


@given(
    st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map(" ".join))
)
def test_any_text_is_read_and_quoted(text: str) -> None:
    for measure in measures(text):
        assert 0 <= measure.start < measure.end <= len(text)
        assert 0 <= measure.name_start < measure.name_end <= len(text)
        assert measure.quantities
    for mention in (*gradings(text), *grades(text)):
        assert 0 <= mention.start < mention.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 20_000, id="one word"),
        pytest.param("1" * 20_000, id="one number"),
        pytest.param("Hb " * 7_000, id="names"),
        pytest.param("≥" * 20_000, id="signs"),
        pytest.param("Hb ≥ 9, " * 2_500, id="values"),
        pytest.param("(" * 20_000, id="brackets"),
        pytest.param("1/" * 10_000, id="fractions"),
        pytest.param("stage " * 4_000, id="stages"),
        pytest.param(" " * 20_000 + "\n" * 20_000, id="blanks"),
        pytest.param("T1N0M0" * 3_000, id="categories"),
        pytest.param("grade 1-" * 2_500, id="grades"),
    ],
)
def test_long_text_takes_no_longer_than_its_length(text: str) -> None:
    started = time.perf_counter()
    measures(text)
    gradings(text)
    grades(text)
    assert time.perf_counter() - started < 60  # what grows with the square of the length takes minutes


@pytest.mark.parametrize(
    ("text", "scale_id"),
    [
        pytest.param("stage 3 renal cell carcinoma", "stage", id="a cancer of the kidney"),
        pytest.param("renal cell carcinoma, stage 3", "stage", id="named before"),
        pytest.param("chronic kidney disease (KDOQI) stage 3", "ckd", id="a kidney disease named before"),
        pytest.param("Stage 2 pelvic organ prolapse", "prolapse-stage", id="a prolapse"),
        pytest.param("limited-stage small cell lung cancer", "sclc-stage", id="limited stage"),
    ],
)
def test_a_stage_belongs_to_its_disease(text: str, scale_id: str) -> None:
    assert [mention.scale for mention in gradings(text)] == [scale_id]


def test_limited_to_is_no_stage() -> None:
    assert gradings("including but not limited to: extensive burns") == ()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        pytest.param("ALT 41 (normal)", "normal", id="normal"),
        pytest.param("AST 133 (high)", "high", id="high"),
        pytest.param("ALT 41 (fasting)", None, id="another word"),
    ],
)
def test_what_is_said_of_a_value_in_brackets_is_its_flag(text: str, flag: str | None) -> None:
    assert measures(text)[0].flag == flag


@pytest.mark.parametrize(
    ("text", "scale_id", "words", "edition"),
    [
        pytest.param("Stage III (AJCC 8th)", "stage", "Stage III (AJCC 8th)", "8", id="brackets"),
        pytest.param("Stage IVA by AJCC, 8th edition", "stage", "Stage IVA by AJCC, 8th edition", "8", id="by"),
        pytest.param("stage II, AJCC/UICC 9th edition", "stage", "stage II, AJCC/UICC 9th edition", "9", id="comma"),
        pytest.param(
            "Stage III according to the 9th edition of the UICC/AJCC staging system",
            "stage",
            "Stage III according to the 9th edition of the UICC/AJCC staging system",
            "9",
            id="according to",
        ),
        pytest.param(
            "Clinical stage by AJCC 9th edition: TanyNanyM1",
            "m",
            "Clinical stage by AJCC 9th edition: TanyNanyM1",
            "9",
            id="before, and categories that may be any",
        ),
        pytest.param("any T, any N, M1 tumour", "m", "any T, any N, M1", None, id="any T, any N"),
        pytest.param("Stage II (T2 tumour, AJCC 8th)", "stage", "Stage II", "8", id="a bracket that says more"),
    ],
)
def test_the_words_of_the_system_belong_to_the_class(text: str, scale_id: str, words: str, edition: str | None) -> None:
    mention = gradings(text)[0]
    assert (mention.scale, text[mention.start : mention.end], mention.edition) == (scale_id, words, edition)


def test_a_system_that_stands_apart_says_the_class_again() -> None:
    first, again = gradings("Stage III disease of the throat (AJCC 8th edition)")
    assert again.values == first.values


def test_a_range_of_categories_may_run_into_the_next() -> None:
    found = {mention.scale: mention.values for mention in gradings("T1-4N1M0 tumours")}
    assert {"T2", "T4b"} <= found["t"]
    assert found["m"] == {"M0"}


def test_any_node_is_every_category_but_none() -> None:
    (mention,) = gradings("clinical cN+ disease")
    assert {"N1", "N3b"} <= mention.values
    assert not {"N0", "NX"} & mention.values
