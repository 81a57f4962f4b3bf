"""A line of a record against a sentence of a note, from the words to the status: each feature with its worked examples."""

from datetime import date

import pytest

from assistant.eligibility.assess import status
from assistant.eligibility.assessment import Status
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge import judge
from assistant.eligibility.judge.judgement import Judgement
from assistant.eligibility.notes import read_note
from assistant.eligibility.parse import parse
from assistant.eligibility.sentences import change, sentence
from index.trial import Kind

CLOCK = Clock(date(2026, 1, 20), date(2026, 1, 27))
STUDY = frozenset({"nasopharyngeal-carcinoma"})


def judged(kind: Kind, criterion: str, note: str, *, complete: bool = False) -> Judgement:
    patient = read_note(note, CLOCK.today)
    found = judge(parse(criterion, kind), patient, CLOCK, complete=complete, study=STUDY, kind=kind)
    assert all(note[words.start : words.end] == words.quote for words in found.evidence)
    return found


STATES = [
    pytest.param("inclusion", "ECOG 0-1", "ECOG 1.", "satisfied", id="satisfied"),
    pytest.param("inclusion", "ECOG 0-1", "ECOG 2.", "violated", id="violated"),
    pytest.param("inclusion", "ECOG 0-1", "A 60-year-old woman.", "unknown", id="silence is unknown"),
    pytest.param("inclusion", "ECOG 0-1", "ECOG 1-2.", "unknown", id="the patient's own range straddles the bound"),
    pytest.param("exclusion", "HIV infection", "HIV negative.", "satisfied", id="denied"),
    pytest.param("exclusion", "HIV infection", "The HIV test is still pending.", "unknown", id="pending decides nothing"),
    pytest.param("exclusion", "HIV infection", "Hepatitis C negative.", "unknown", id="silence about HIV is not a no"),
    pytest.param("exclusion", "Pregnant or breastfeeding women", "50-year-old man.", "not_applicable", id="another group"),
    pytest.param("inclusion", "Adequate organ function per protocol", "Creatinine 70 µmol/L.", "needs_protocol", id="protocol"),
    pytest.param(
        "exclusion",
        "HBV DNA ≥ 500 IU/mL",
        "HBV DNA 320 IU/mL; the letter says HBV DNA 3,200 IU/mL.",
        "conflicting",
        id="conflict",
    ),
    pytest.param("inclusion", "Signed informed consent", "A 60-year-old woman.", "unknown", id="consent is hers to give"),
    pytest.param("inclusion", "Signed informed consent", "Consent form signed on 2026-01-19.", "satisfied", id="consent given"),
]

UNITS = [
    pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 9.0 g/dL.", "satisfied", id="g/dL, the bound itself"),
    pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 8.9 g/dL.", "violated", id="g/dL, just below"),
    pytest.param("inclusion", "ANC ≥ 1.5 × 10⁹/L", "ANC 1,450/µL.", "violated", id="/µL to ×10⁹/L"),
    pytest.param("inclusion", "Platelets ≥ 100,000/mm3", "Platelets 128 x10^9/L.", "satisfied", id="×10⁹/L to /mm3"),
    pytest.param(
        "inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL (ULN 1.3).", "satisfied", id="the lab's own limit"
    ),
    pytest.param("inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL.", "unknown", id="no limit given, none guessed"),
    pytest.param("inclusion", "ALT ≤ 2.5 × ULN", "ALT normal.", "satisfied", id="normal is within any multiple"),
    pytest.param("inclusion", "INR ≤ 1.5 × ULN", "INR 1.0.", "satisfied", id="an INR of 1 is normal by definition"),
    pytest.param("exclusion", "HBV DNA ≥ 2000 IU/mL", "HBV DNA 850 copies/mL.", "satisfied", id="copies are fewer IU"),
    pytest.param("exclusion", "HBV DNA ≥ 500 IU/mL", "HBV DNA 2,600 copies/mL.", "unknown", id="the assay's range straddles"),
    pytest.param("inclusion", "Creatinine ≤ 133 µmol/L", "Creatinine 1.4 mg/dL.", "satisfied", id="mg/dL to µmol/L"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-06-30.", "satisfied", id="70 completed years"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-01-27.", "violated", id="71 on the day of the start"),
    pytest.param("inclusion", "Age 18-70 years", "Born 1955-01-28.", "satisfied", id="71 the day after the start"),
]

DAYS = [
    pytest.param(
        "Live vaccine within 6 months of screening", "No live vaccine in the last year.", "satisfied", id="denied stretch"
    ),
    pytest.param(
        "Live vaccine within 6 months of screening", "No live vaccine in the last 3 months.", "unknown", id="too short"
    ),
    pytest.param("Live vaccine within 6 months of screening", "No live vaccine in 2024.", "unknown", id="a year that is past"),
    pytest.param("Live vaccine within 4 weeks of screening", "No live vaccine before 2020.", "unknown", id="denied until then"),
    pytest.param("Seizure within 6 months", "No seizures since June 2024.", "satisfied", id="none since"),
    pytest.param("Seizure within 6 months", "No seizures since December 2025.", "unknown", id="none since late"),
    pytest.param("Current use of corticosteroids", "No steroids in 2024.", "unknown", id="then is not now"),
    pytest.param("Pregnancy", "A 30-year-old woman. Pregnancy test negative last week.", "satisfied", id="a look holds"),
    pytest.param(
        "Major surgery within 28 days before the first dose", "Appendectomy on 2025-12-30.", "violated", id="day 28 is in"
    ),
    pytest.param(
        "Major surgery within 28 days before the first dose", "Appendectomy on 2025-12-29.", "satisfied", id="day 29 is out"
    ),
    pytest.param(
        "Live vaccine within 4 weeks before treatment", "MMR booster on 2025-12-30.", "violated", id="four weeks to the day"
    ),
    pytest.param("Live vaccine within 4 weeks before treatment", "MMR booster on 2025-12-29.", "satisfied", id="a day more"),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack on 2025-07-27.", "violated", id="to the day"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack in 2024.", "satisfied", id="a year suffices"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Heart attack in 2025.", "unknown", id="a year straddles"
    ),
    pytest.param(
        "Myocardial infarction within 6 months before treatment", "Never had a heart attack.", "satisfied", id="never"
    ),
]

EVENTS = [
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "satisfied",
        id="a year after the cure",
    ),
    pytest.param(
        "inclusion",
        "Liver metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in March 2025. Liver metastasis in October 2025.",
        "violated",
        id="months after the cure",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Palliative radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "unknown",
        id="no cure was tried",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radiotherapy ended in March 2023. Distant metastasis in May 2025.",
        "unknown",
        id="whether it was to cure is not said",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis at least 1 year after prior radical therapy",
        "Radical radiotherapy ended in May 2024. Distant metastasis in May 2025.",
        "unknown",
        id="a year to the month",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Chemotherapy until February 2023. Liver metastasis in May 2025. Chemotherapy again until November 2025.",
        "satisfied",
        id="what was given later does not count",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Chemotherapy until February 2023, radiotherapy until April 2025. Liver metastasis in May 2025.",
        "violated",
        id="the latest before it counts",
    ),
    pytest.param(
        "inclusion",
        "Developed liver metastasis more than 6 months after treatment completion",
        "Liver metastasis in May 2025.",
        "unknown",
        id="no treatment is named",
    ),
    pytest.param(
        "exclusion",
        "Pneumonitis within 3 months after the last dose of pembrolizumab",
        "Pembrolizumab until June 2024. Pneumonitis in July 2024.",
        "violated",
        id="soon after the last dose",
    ),
    pytest.param(
        "exclusion",
        "Pneumonitis within 3 months after the last dose of pembrolizumab",
        "Pembrolizumab until June 2024. Pneumonitis in July 2025.",
        "satisfied",
        id="long after the last dose",
    ),
    pytest.param(
        "inclusion",
        "Distant metastasis more than 1 year after diagnosis",
        "Nasopharyngeal carcinoma diagnosed in 2021. Distant metastasis in May 2025.",
        "satisfied",
        id="after the diagnosis of the study's disease",
    ),
    pytest.param(
        "inclusion",
        "Liver metastasis more than 6 months after the last dose of cisplatin",
        "Cisplatin until May 2024. Liver metastasis in March 2025. Numb toes since cisplatin.",
        "satisfied",
        id="named again without a day",
    ),
    pytest.param("inclusion", "At least 6 months post-stroke", "Stroke on 2025-03-02.", "satisfied", id="time and event alone"),
    pytest.param("inclusion", "At least 6 months post-stroke", "Stroke on 2025-11-02.", "violated", id="too early"),
    pytest.param("inclusion", "3 to 12 months post-stroke", "Stroke on 2026-01-02.", "violated", id="a stretch has two ends"),
    pytest.param("inclusion", "Stroke 3 to 12 months ago", "Stroke on 2025-08-02.", "satisfied", id="inside the stretch"),
    pytest.param(
        "inclusion",
        "At least 28 days after completion of radiotherapy",
        "Radiotherapy ended on 2026-01-10.",
        "violated",
        id="a wait that is not over",
    ),
    pytest.param(
        "inclusion",
        "At least 28 days after completion of radiotherapy",
        "Never had radiotherapy.",
        "satisfied",
        id="nothing to wait for",
    ),
    pytest.param(
        "inclusion",
        "At least 100 days after kidney transplantation",
        "Never had a transplant.",
        "violated",
        id="what must be there",
    ),
    pytest.param("exclusion", "Prior PD-1 inhibitor", "Takes no medicines.", "unknown", id="not taken now, of the past"),
    pytest.param(
        "exclusion",
        "Major surgery within 28 days before the first dose",
        "Duodenojejunostomy on 12 January 2026. Hysterectomy in 2019.",
        "unknown",
        id="an operation that may be a major one",
    ),
    pytest.param(
        "exclusion",
        "Autoimmune disease requiring systemic treatment within the past 2 years",
        "I had myositis of the thighs and took azathioprine until June 2024.",
        "violated",
        id="treated with what it took",
    ),
    pytest.param(
        "exclusion",
        "Autoimmune disease requiring systemic treatment within the past 2 years",
        "Vitiligo, prednisone for gout in May 2025.",
        "unknown",
        id="treated for something else",
    ),
    pytest.param("exclusion", "Anticoagulants", "Metformin and nothing else.", "unknown", id="nothing else of what"),
    pytest.param("exclusion", "Heart failure", "My heart is fine.", "satisfied", id="a fine heart"),
    pytest.param(
        "exclusion", "History of heart failure", "My heart is fine.", "unknown", id="a fine heart says nothing of the past"
    ),
    pytest.param("exclusion", "HIV infection", "Cystitis, cured; no other infection.", "unknown", id="a silent infection"),
    pytest.param("exclusion", "Distant metastasis", "I have no other illness.", "unknown", id="spread is looked for"),
    pytest.param("exclusion", "Pneumonia", "Cystitis, cured; no other infection.", "satisfied", id="an infection one feels"),
    pytest.param(
        "exclusion",
        "Live vaccine within 30 days before leukapheresis",
        "MMR booster on 2026-01-12.",
        "violated",
        id="study procedure",
    ),
    pytest.param(
        "inclusion",
        "Neoadjuvant chemotherapy for two months",
        "Neoadjuvant chemotherapy on 2025-12-01.",
        "unknown",
        id="one dose",
    ),
]
BEGINNINGS = [
    pytest.param(
        "Diagnosed within the last 2 years", "Nasopharyngeal carcinoma diagnosed in March 2025.", "satisfied", id="new"
    ),
    pytest.param("Diagnosed within the last 2 years", "Nasopharyngeal carcinoma since 2019.", "violated", id="old"),
    pytest.param("Diagnosed within the last 2 years", "Asthma diagnosed in March 2025.", "unknown", id="another disease"),
    pytest.param("Diagnosed within the last 2 years", "Nasopharyngeal carcinoma.", "unknown", id="no day"),
    pytest.param(
        "At least 3 months since diagnosis", "Nasopharyngeal carcinoma diagnosed in May 2025.", "satisfied", id="since"
    ),
    pytest.param(
        "Time since diagnosis ≥ 6 months", "Nasopharyngeal carcinoma diagnosed in December 2025.", "violated", id="time"
    ),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma diagnosed in 2023.", "unknown", id="it may be older"),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma diagnosed in 2016.", "violated", id="onset is no later"),
    pytest.param("Disease onset ≤ 5 years", "Nasopharyngeal carcinoma since 2023.", "satisfied", id="onset"),
    pytest.param("Duration of diabetes > 1 year", "Diabetes since 2019.", "satisfied", id="duration of"),
    pytest.param(
        "Diabetes duration of at least 12 months", "Diabetes since November 2025.", "violated", id="duration behind it"
    ),
    pytest.param(
        "Type 1 diabetes diagnosed less than 1 year ago", "Type 1 diabetes since 2014.", "violated", id="lasting illness"
    ),
    pytest.param("Diagnosis of asthma at least 12 months prior to screening", "Asthma since 2014.", "satisfied", id="named"),
    pytest.param("Acute stroke with onset within 24 hours", "Acute stroke on 2025-12-20.", "violated", id="hours"),
]

EXCEPTIONS = [
    pytest.param(
        "inclusion",
        "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
        "Liver metastases on CT. ALT 160 U/L (ULN 40).",
        "satisfied",
        id="the wider bound for the group",
    ),
    pytest.param(
        "inclusion",
        "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
        "No liver metastases. ALT 160 U/L (ULN 40).",
        "violated",
        id="the narrow bound for the rest",
    ),
    pytest.param(
        "exclusion",
        "Other malignancy within 5 years, except cured basal cell carcinoma",
        "Basal cell carcinoma cured in 2024; no other cancer.",
        "satisfied",
        id="excepted",
    ),
    pytest.param(
        "exclusion",
        "Other malignancy within 5 years, except cured basal cell carcinoma",
        "Melanoma treated in 2024.",
        "violated",
        id="not excepted",
    ),
    pytest.param(
        "exclusion",
        "HCV antibody positive, eligible only if HCV RNA is negative",
        "Anti-HCV positive, HCV RNA not detected.",
        "satisfied",
        id="a polarity that flips inside an exclusion",
    ),
    pytest.param(
        "exclusion",
        "HCV antibody positive, eligible only if HCV RNA is negative",
        "Anti-HCV positive, HCV RNA positive.",
        "violated",
        id="and the other way",
    ),
    pytest.param(
        "inclusion",
        "Age ≥ 18 years, male or non-pregnant female",
        "61-year-old woman.",
        "satisfied",
        id="too old to be pregnant",
    ),
    pytest.param("exclusion", "Autoimmune disease", "Her mother has lupus.", "unknown", id="family is not the patient"),
    pytest.param("exclusion", "Prior PD-1 inhibitor", "Pembrolizumab was discussed.", "unknown", id="discussed is not given"),
    pytest.param(
        "exclusion", "Prior PD-1 inhibitor", "Three doses of toripalimab in 2024.", "violated", id="a drug of the class"
    ),
    pytest.param("exclusion", "Prior chemotherapy", "Treatment-naive.", "satisfied", id="a denial flows down"),
    pytest.param("exclusion", "Patients on anticoagulants", "I take a blood thinner.", "violated", id="a lay word"),
]


@pytest.mark.parametrize(("kind", "criterion", "note", "expected"), [*STATES, *UNITS, *EVENTS, *EXCEPTIONS])
def test_a_line_against_a_note(kind: Kind, criterion: str, note: str, expected: Status) -> None:
    assert status(judged(kind, criterion, note), kind) == expected


@pytest.mark.parametrize(("criterion", "note", "expected"), BEGINNINGS)
def test_a_beginning_counts_from_the_diagnosis(criterion: str, note: str, expected: Status) -> None:
    assert status(judged("inclusion", criterion, note), "inclusion") == expected


@pytest.mark.parametrize(("criterion", "note", "expected"), DAYS)
def test_days_count_to_the_anchor(criterion: str, note: str, expected: Status) -> None:
    assert status(judged("exclusion", criterion, note), "exclusion") == expected


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "told"),
    [
        pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hb 9.4 g/dL.", "9.4 g/dL = 94 g/L", id="the conversion"),
        pytest.param(
            "inclusion", "Creatinine ≤ 1.5 × ULN", "Creatinine 1.6 mg/dL (ULN 1.3).", "1.231 × ULN", id="the multiple"
        ),
        pytest.param(
            "exclusion", "Autoimmune disease", "She has Graves disease.", "counts as autoimmune disease", id="the class"
        ),
    ],
)
def test_the_working_is_shown(kind: Kind, criterion: str, note: str, told: str) -> None:
    assert told in sentence(judged(kind, criterion, note), kind, "clinician")


@pytest.mark.parametrize(
    ("kind", "criterion", "note", "clinician", "patient"),
    [
        pytest.param(
            "inclusion",
            "ECOG 0-1",
            "ECOG 1.",
            "ECOG performance status 1, and 0 to 1 is required.",
            "Your ECOG performance status is 1, and the trial asks for 0 to 1.",
            id="a value that passes",
        ),
        pytest.param(
            "exclusion",
            "HIV infection",
            "No HIV.",
            "“No HIV” rules out HIV infection.",
            "You said “No HIV”, which rules out HIV infection.",
            id="a denial",
        ),
        pytest.param(
            "inclusion",
            "Type 2 diabetes",
            "No diabetes.",
            "“No diabetes” rules out type 2 diabetes, which is required.",
            "You said “No diabetes”, but the trial asks for type 2 diabetes.",
            id="a denial of what is required",
        ),
        pytest.param(
            "exclusion",
            "Uncontrolled hypertension",
            "Hypertension since 2019.",
            "Whether “Hypertension since 2019” is uncontrolled is not stated.",
            "You did not say whether “Hypertension since 2019” is uncontrolled.",
            id="a detail that is not said",
        ),
        pytest.param(
            "exclusion",
            "Glaucoma",
            "Gout.",
            "Not stated: glaucoma.",
            "You have not told us about glaucoma.",
            id="nothing said",
        ),
    ],
)
def test_a_reason_is_one_flowing_sentence(kind: Kind, criterion: str, note: str, clinician: str, patient: str) -> None:
    found = judged(kind, criterion, note)
    assert (sentence(found, kind, "clinician"), sentence(found, kind, "patient")) == (clinician, patient)


def test_a_long_reason_is_cut_and_a_criterion_is_not_repeated() -> None:
    text = "Able and willing, in the opinion of the investigator, to attend each of the visits that are planned in the year"
    assert text not in sentence(judged("inclusion", text, "Gout."), "inclusion", "clinician")
    many = "Epilepsy, gout, stroke, asthma, psoriasis, lupus, migraine or glaucoma"
    said = sentence(
        judged("exclusion", many, "No epilepsy, gout, stroke, asthma, psoriasis or lupus."), "exclusion", "clinician"
    )
    assert len(said.split()) <= 45


def test_the_first_clear_day_is_named() -> None:
    found = judged("exclusion", "Live vaccine within 4 weeks before treatment", "MMR booster on 2026-01-12.")
    assert "2026-02-10" in (change(found, passes=False) or "")


def test_silence_is_absence_only_in_a_complete_note_and_says_so() -> None:
    note = "A 60-year-old man with hypertension."
    open_, closed = (judged("exclusion", "Interstitial lung disease", note, complete=complete) for complete in (False, True))
    assert (status(open_, "exclusion"), open_.assumed) == ("unknown", False)
    assert (status(closed, "exclusion"), closed.assumed) == ("satisfied", True)
