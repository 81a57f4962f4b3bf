"""Reading a patient's note: what is denied, doubted, of a relative, over, dated and measured, each with the words that say it."""

import time
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes import read_note
from assistant.eligibility.notes.cues import find_cues
from assistant.eligibility.patient import Days, Finding, Grading, Measurement, Patient, Words
from assistant.eligibility.ranges import Range, exactly

TODAY = date(2026, 1, 20)


def read(note: str) -> Patient:
    return read_note(note, TODAY)


def findings(note: str, concept: str) -> list[Finding]:
    return [fact for fact in read(note).facts if isinstance(fact, Finding) and fact.concept == concept]


def stances(note: str, concept: str) -> set[str]:
    """How a note stands to a concept: "yes", "no", "no other", "unsure", and the same of the family."""
    return {
        ("" if one.who == "patient" else f"{one.who} ")
        + ("unsure" if not one.certain else "yes" if one.present else "no other" if one.other else "no")
        for one in findings(note, concept)
    }


def values(note: str, quantity: str) -> list[Measurement]:
    return [fact for fact in read(note).facts if isinstance(fact, Measurement) and fact.quantity == quantity]


def day(year: int, month: int, number: int) -> Days:
    return Days(date(year, month, number), date(year, month, number))


def month_of_thirty(number: int, of: int) -> Days:
    return Days(date(number, of, 1), date(number, of, 30))


def year(number: int) -> Days:
    return Days(date(number, 1, 1), date(number, 12, 31))


@pytest.mark.parametrize(
    ("note", "concept", "stance"),
    [
        pytest.param("She has asthma.", "asthma", "yes", id="plain"),
        pytest.param("PMH: gout, asthma.", "asthma", "yes", id="a heading and a list"),
        pytest.param("No asthma.", "asthma", "no", id="no"),
        pytest.param("Brain MRI was negative.", "brain-metastasis", "no", id="a negative examination"),
        pytest.param("MRI of the brain negative.", "brain-metastasis", "no", id="a negative examination of an organ"),
        pytest.param("An MRI showed nothing in my liver.", "liver-metastasis", "no", id="nothing in an organ"),
        pytest.param("Hep B core Ab positive.", "anti-hbc", "yes", id="a core antibody"),
        pytest.param("Endometriosis, resection in 2019.", "surgery", "yes", id="a resection without a cancer"),
        pytest.param("Colon cancer, resection in 2019.", "cancer-surgery", "yes", id="a resection of a cancer"),
        pytest.param("She needs a hip replacement.", "hip-replacement", "unsure", id="an operation needed"),
        pytest.param("Radiotherapy is indicated.", "radiotherapy", "unsure", id="a treatment of cancer indicated"),
        pytest.param("She needed a hip replacement in 2019.", "hip-replacement", "yes", id="an operation that was needed"),
        pytest.param("She needs insulin.", "insulin", "yes", id="a drug needed is given"),
        pytest.param("Hysterectomy is booked for June.", "hysterectomy", "unsure", id="booked"),
        pytest.param("Warfarin contraindicated, takes apixaban.", "warfarin", "unsure", id="contraindicated"),
        pytest.param("Warfarin contraindicated, takes apixaban.", "apixaban", "yes", id="beside what is contraindicated"),
        pytest.param("Contraindications: metformin.", "metformin", "unsure", id="a heading of contraindications"),
        pytest.param(
            "Carries epinephrine for wasp allergy but has not needed it.", "epinephrine", "no", id="a drug not needed"
        ),
        pytest.param("Migraine and sumatriptan, but has not needed it.", "migraine", "yes", id="its illness stays"),
        pytest.param("Liver from his sister, tacrolimus.", "tacrolimus", "yes", id="an organ from a relative"),
        pytest.param("No known asthma.", "asthma", "no", id="no known"),
        pytest.param("He does not have asthma.", "asthma", "no", id="does not have"),
        pytest.param("I don't have asthma.", "asthma", "no", id="don't"),
        pytest.param("I don’t have asthma.", "asthma", "no", id="a typographic apostrophe"),
        pytest.param("I have never had asthma.", "asthma", "no", id="never had"),
        pytest.param("She has never been diagnosed with asthma.", "asthma", "no", id="never been diagnosed with"),
        pytest.param("There is no evidence of pneumonia.", "pneumonia", "no", id="no evidence of"),
        pytest.param("Without signs of sepsis.", "sepsis", "no", id="without signs of"),
        pytest.param("No children, not pregnant.", "pregnancy", "no", id="two denials beside one another"),
        pytest.param("A man with no asthma presents with gout.", "gout", "yes", id="a verb after what is denied"),
        pytest.param("No lesions in the liver.", "liver-lesion", "no", id="no lesions in"),
        pytest.param("Allergies: warfarin.", "warfarin", "", id="a list of allergies is not taken"),
        pytest.param("Allergies: penicillin.", "penicillin-allergy", "yes", id="a list of allergies"),
        pytest.param("No medicines other than paracetamol.", "medication", "no other", id="other than"),
        pytest.param("No medicines other than paracetamol.", "acetaminophen", "yes", id="what other than excepts"),
        pytest.param("No autoimmune disease except vitiligo.", "vitiligo", "yes", id="except"),
        pytest.param("Stroke ruled out by MRI.", "stroke", "no", id="ruled out by"),
        pytest.param("He was exposed to tuberculosis but never developed it.", "tuberculosis", "no", id="never developed it"),
        pytest.param("I am a mother of two with asthma.", "asthma", "yes", id="the patient is a mother"),
        pytest.param("no i don't have gout", "gout", "no", id="no, I don't"),
        pytest.param("Seizure free.", "seizure", "no", id="free behind"),
        pytest.param("She lives with her husband, who has hepatitis B.", "hepatitis-b", "other yes", id="a husband, who has"),
        pytest.param("He does not smoke or vape.", "e-cigarette-use", "no", id="a name that denies goes on after or"),
        pytest.param("Never smoked, hypertension.", "hypertension", "yes", id="a name that denies ends at a comma"),
        pytest.param("He has gout. He has not yet been told.", "gout", "yes", id="not yet denies nothing before"),
        pytest.param(
            "50-year-old man. His sister has lupus. She takes prednisone.",
            "prednisone",
            "family yes",
            id="she, of a man's sister",
        ),
        pytest.param("40-year-old man. His sister has gout. He has lupus.", "lupus", "yes", id="he, after his sister"),
        pytest.param("Mother had gout. She was treated for asthma.", "asthma", "unsure", id="she, of a mother or the patient"),
        pytest.param("The tumour board met. Willing to have surgery.", "surgery", "unsure", id="willing to have"),
        pytest.param("Melanoma, never had systemic therapy.", "anticancer-therapy", "no", id="no systemic therapy"),
        pytest.param("The tumour is unresectable.", "surgical-candidate", "no", id="unresectable"),
        pytest.param("He takes CTX-4711 since May.", "cyclophosphamide", "", id="a code is no short name"),
        pytest.param("Rituximab gave me anaphylaxis.", "allergy-to:rituximab", "yes", id="a drug gave anaphylaxis"),
        pytest.param("Penicillin caused anaphylaxis.", "penicillin-allergy", "yes", id="a drug caused anaphylaxis"),
        pytest.param("Gout in 2015, treated then, none now.", "gout", "yes", id="none now"),
        pytest.param(
            "Lymphoma. No treatment for the lymphoma so far.", "anticancer-therapy", "no", id="no treatment for a cancer"
        ),
        pytest.param("Lymphoma. No treatment for the lymphoma so far.", "lymphoma", "yes", id="a cancer not treated is there"),
        pytest.param("Gout. No treatment so far.", "anticancer-therapy", "", id="no treatment of what is no cancer"),
        pytest.param(
            "Drinks wine, no alcohol or drug use disorder.", "alcohol-abuse", "no", id="two words that two names share"
        ),
        pytest.param("Allergic to shellfish only.", "allergy", "no other", id="allergic to one thing only"),
        pytest.param("No medical problems before, now a headache.", "disease", "no other", id="no medical problems"),
        pytest.param("Wheezing today. No history of wheezing.", "wheezing", "unsure", id="a new symptom is not denied"),
        pytest.param("Brain metastasis, without symptoms.", "symptom", "", id="an illness without symptoms"),
        pytest.param("My GP and a nurse came.", "gp-regimen", "", id="a doctor is no regimen"),
        pytest.param("GP + physio advised rest.", "gp-regimen", "", id="a doctor and others"),
        pytest.param("TPF x3, then surgery.", "docetaxel", "", id="a regimen stands for its drugs"),
        pytest.param("Radical radiotherapy in 2022.", "curative-therapy", "yes", id="treatment meant to cure"),
        pytest.param("NPC 2021; relapse in the clivus.", "local-recurrence", "yes", id="a place of the primary tumour"),
        pytest.param("NPC 2021. Possible relapse in the clivus.", "local-recurrence", "", id="a doubted relapse"),
        pytest.param("NPC, rT3N0M0.", "local-recurrence", "yes", id="the r of a category"),
        pytest.param("NPC, rT3N0M0.", "regional-recurrence", "no", id="no nodes at recurrence"),
        pytest.param("NPC. No recurrence in the nasopharynx.", "cancer-recurrence", "", id="denied of one place"),
        pytest.param("NPC. No recurrence in the nasopharynx.", "local-recurrence", "no", id="denied there"),
        pytest.param("NPC. Recurrent infections in the neck.", "regional-recurrence", "", id="infections that recur"),
        pytest.param("Breast cancer. The results came back as normal.", "cancer-recurrence", "", id="results that came back"),
        pytest.param("Colon cancer. Relapse in the neck.", "regional-recurrence", "", id="a place of another cancer's nodes"),
        pytest.param("Breast cancer, nothing measurable.", "measurable-disease", "no", id="nothing measurable"),
        pytest.param("Seg VI lesion, RECIST target. NPC.", "measurable-disease", "yes", id="a target lesion"),
        pytest.param("A mass encasing the left carotid.", "large-vessel-invasion", "yes", id="an encased vessel"),
        pytest.param("A mass not invading the aorta.", "large-vessel-invasion", "no", id="a vessel not invaded"),
        pytest.param("NPC T2N1M0.", "nasopharyngeal-carcinoma", "yes", id="an abbreviation before a class"),
        pytest.param("NPC. No further malignancy.", "malignancy", "no other", id="no further cancer"),
        pytest.param("NPC. No other primary.", "malignancy", "no other", id="no other primary"),
        pytest.param("NPC. No other cancer treatment.", "malignancy", "", id="no other treatment"),
        pytest.param("Breast cancer, HER2 1+.", "her2-positive", "no", id="HER2 1+ is negative"),
        pytest.param("Breast cancer, HER2 3+.", "her2-positive", "yes", id="HER2 3+ is positive"),
        pytest.param("Breast cancer, HER2 2+.", "her2-positive", "unsure", id="HER2 2+ is open"),
        pytest.param(
            "NPC T2N1M1. PET: spots in my hip bone and two in the lungs.", "bone-metastasis", "yes", id="a bone by name"
        ),
        pytest.param(
            "NPC T2N1M1. PET: spots in my hip bone and two in the lungs.", "lung-metastasis", "yes", id="the next organ"
        ),
        pytest.param(
            "NPC T2N1M1. PET: spots in the lungs, liver clear.", "liver-metastasis", "no", id="a clear organ beside them"
        ),
        pytest.param("I have rectal cancer and it has gone to my liver.", "liver-metastasis", "yes", id="gone to an organ"),
        pytest.param(
            "I have rectal cancer and it has gone to my liver.", "rectal-cancer", "yes", id="a cancer that is not gone"
        ),
        pytest.param(
            "My prostate cancer has spread into my spine and lungs.", "lung-metastasis", "yes", id="spread to two organs"
        ),
        pytest.param(
            "The tumour was already in my liver when they found it.", "liver-metastasis", "yes", id="already in an organ"
        ),
        pytest.param(
            "I have kidney cancer. It has not spread to my lungs.", "lung-metastasis", "", id="not spread to an organ"
        ),
        pytest.param("Her kidney cancer may have spread to her lungs.", "lung-metastasis", "", id="may have spread"),
        pytest.param("Her kidney cancer may have spread to her lungs.", "distant-metastasis", "", id="may have spread at all"),
        pytest.param("I have melanoma. The rash spread to my hips.", "bone-metastasis", "", id="a rash that spread"),
        pytest.param(
            "My father's cancer went to his liver. I have melanoma.", "liver-metastasis", "", id="a relative's spread"
        ),
        pytest.param("My liver cancer has spread through the liver.", "liver-metastasis", "", id="spread in its own organ"),
        pytest.param("Castration-resistant since 2023.", "orchiectomy", "", id="castration-resistant is no operation"),
        pytest.param("My lung cancer hasn't spread.", "distant-metastasis", "no", id="a cancer that has not spread"),
        pytest.param("My lung cancer didn't spread to the brain.", "brain-metastasis", "no", id="not spread to the brain"),
        pytest.param("The rash hasn't spread. Lung cancer in 2020.", "distant-metastasis", "", id="a rash that has not"),
        pytest.param("Lip cancer. It came back in the same spot.", "local-recurrence", "yes", id="back in the same spot"),
        pytest.param("Lip cancer. The test came back from the same site.", "local-recurrence", "", id="a test that came back"),
        pytest.param("Mucosa intact, no necrosis.", "necrosis", "no", id="no necrosis"),
        pytest.param("The tumour wraps around the aorta.", "large-vessel-invasion", "yes", id="wrapped around a vessel"),
        pytest.param("Lung cancer, not spread in 2020. Bone metastases now.", "distant-metastasis", "", id="not spread then"),
        pytest.param("They took out my thyroid in May.", "thyroidectomy", "yes", id="an organ taken out"),
        pytest.param("I have breast cancer; the tumour is HER2 positive.", "her2-positive-breast-cancer", "yes", id="a marker"),
        pytest.param(
            "Gastric and breast cancer; one is HER2 positive.",
            "her2-positive-breast-cancer",
            "",
            id="a marker of either of two",
        ),
        pytest.param("Colon cancer. CT: liver metastasis of 21 mm.", "measurable-disease", "yes", id="measurable by its size"),
        pytest.param("Colon cancer. CT: liver metastasis of 7 mm.", "measurable-disease", "", id="too small by its size"),
        pytest.param("Colon cancer. CT: ablated liver metastasis of 21 mm.", "measurable-disease", "", id="an ablated one"),
        pytest.param("Two new liver metastases on CT.", "liver-transplantation", "", id="new metastases are no new liver"),
        pytest.param("Breast cancer. An L2 deposit on PET.", "bone-metastasis", "yes", id="a deposit in a vertebra"),
        pytest.param("Lung cancer with an occipital metastasis.", "brain-metastasis", "yes", id="a lobe of the brain"),
        pytest.param(
            "Biopsied 2025-05-02, node 21 mm, measurable. Lymphoma.", "measurable-disease", "yes", id="a size and measurable"
        ),
        pytest.param(
            "Lymphoma. The node is 8 mm, not measurable.", "measurable-disease", "", id="a size that is not measurable"
        ),
        pytest.param("Tongue cancer. Never irradiated.", "radiotherapy", "no", id="never irradiated"),
        pytest.param("Tongue cancer. Chest never irradiated.", "radiotherapy", "", id="one place never irradiated"),
        pytest.param("The surgeon cannot remove the tumour.", "surgical-candidate", "no", id="cannot be removed"),
        pytest.param("The surgeon cannot remove the tumour.", "neoplasm", "", id="cannot remove denies no tumour"),
        pytest.param("Surgeons consider the mass not resectable.", "surgical-candidate", "no", id="consider it not resectable"),
        pytest.param("The tumour is operable and can be fully removed.", "surgical-candidate", "yes", id="operable"),
        pytest.param("Surgery is not an option for my liver cancer.", "liver-cancer", "yes", id="not an option for"),
        pytest.param("No anticancer drug or radiation since.", "antineoplastic-agent", "unsure", id="a list since no day"),
        pytest.param("HIV negative. Gout in 2012, no relapse since.", "hiv", "no", id="since of another statement"),
        pytest.param("Primary: nasopharynx, biopsied 2025-05-03, carcinoma.", "nasopharyngeal-carcinoma", "yes", id="biopsied"),
        pytest.param(
            "A biopsy from behind my nose showed carcinoma.", "nasopharyngeal-carcinoma", "yes", id="from behind my nose"
        ),
        pytest.param(
            "Biopsy 2025-02-03 of the nasopharynx: carcinoma.", "nasopharyngeal-carcinoma", "yes", id="a dated biopsy of"
        ),
        pytest.param("NPC. Spots in the lungs from childhood.", "lung-metastasis", "", id="spots of no known spread"),
        pytest.param("NPC. A head MRI found nothing.", "brain-metastasis", "no", id="a scan that found nothing"),
        pytest.param("NPC. A head MRI found nothing new.", "brain-metastasis", "", id="nothing new may leave the old"),
        pytest.param("NPC. Brain clear of fog, liver fine.", "brain-metastasis", "", id="no scan"),
        pytest.param("Kidney cancer with spots on my lungs.", "lung-metastasis", "yes", id="spots beside a cancer"),
        pytest.param(
            "Metastatic colon cancer: two liver lesions.", "liver-metastasis", "yes", id="lesions of a metastatic cancer"
        ),
        pytest.param(
            "Biopsy behind my nose in May; the report reads 'keratinizing squamous cell carcinoma'.",
            "nasopharyngeal-carcinoma",
            "yes",
            id="a report apart from its biopsy",
        ),
        pytest.param("Gastric biopsy: adenocarcinoma.", "gastric-cancer", "yes", id="the organ before the biopsy"),
        pytest.param("Liver biopsy: adenocarcinoma.", "liver-cancer", "", id="what may have come from elsewhere"),
        pytest.param("Biopsy of the breast: benign. Lung: carcinoma.", "breast-cancer", "", id="a benign sample"),
        pytest.param("Biopsy of a lymph node: carcinoma.", "lymphoma", "", id="a carcinoma is no lymphoma"),
        pytest.param("Colon cancer and a benign liver lesion.", "liver-metastasis", "", id="a benign lesion is no metastasis"),
        pytest.param("Metastatic colon cancer.", "distant-metastasis", "yes", id="metastatic"),
        pytest.param("Breast cancer metastatic to axillary nodes.", "distant-metastasis", "", id="metastatic to nodes alone"),
        pytest.param(
            "Biopsy of the nasopharynx: undifferentiated carcinoma.",
            "nasopharyngeal-carcinoma",
            "yes",
            id="a biopsy of an organ",
        ),
        pytest.param("Gallbladder removed in 2019, his last operation.", "surgery", "no", id="the last operation, none since"),
        pytest.param("His mother gave written consent.", "parental-consent", "yes", id="a mother's consent"),
        pytest.param("My wife says I snore. She has asthma.", "asthma", "other yes", id="she, of my wife"),
        pytest.param("I'm trying to get pregnant.", "pregnancy", "", id="trying to get pregnant"),
        pytest.param("I'm trying to get pregnant.", "planning-pregnancy", "yes", id="trying to is planning"),
        pytest.param("No stroke or TIA; no family history of gout.", "transient-ischemic-attack", "no", id="no family history"),
        pytest.param("No asthma, and takes no medicines except aspirin.", "asthma", "no", id="except is of its own denial"),
        pytest.param("No prior therapy for metastatic disease.", "anticancer-therapy", "no", id="no therapy for metastases"),
        pytest.param("High blood pressure.", "hypertension", "yes", id="an illness that sounds like a reading"),
        pytest.param(
            "My aunt had gout; I was tested and am HIV negative.", "gout", "family yes", id="a result denies nothing before"
        ),
        pytest.param("Not yet started on chemotherapy.", "chemotherapy", "no", id="not yet started on"),
        pytest.param("No asthma (childhood wheeze only).", "wheezing", "unsure", id="a bracket after what is denied"),
        pytest.param("Free of epilepsy.", "epilepsy", "no", id="free of"),
        pytest.param("I have no idea about syphilis.", "syphilis", "unsure", id="no idea about"),
        pytest.param("No clue about syphilis or HIV.", "hiv", "unsure", id="no clue goes on over or"),
        pytest.param("I can't remember having had shingles.", "herpes-zoster", "unsure", id="can't remember having"),
        pytest.param("I had a stroke, can't remember when.", "stroke", "yes", id="a detail not remembered"),
        pytest.param("Don't know which cancer my aunt had.", "malignancy", "family yes", id="a detail not known of the family"),
        pytest.param("HIV was never tested.", "hiv", "unsure", id="never tested"),
        pytest.param("HIV not on file.", "hiv", "unsure", id="not on file"),
        pytest.param("Results awaited for HIV.", "hiv", "unsure", id="results awaited for"),
        pytest.param("Nobody has tested me for HIV.", "hiv", "unsure", id="nobody has tested me"),
        pytest.param("No HIV test on file.", "hiv", "unsure", id="no test"),
        pytest.param("No HIV testing done.", "hiv", "unsure", id="no testing"),
        pytest.param("No positive HIV test.", "hiv", "no", id="no positive test"),
        pytest.param("No hepatitis C antibodies.", "anti-hcv", "no", id="no antibodies"),
        pytest.param("HIV (-), syphilis (+).", "hiv", "no", id="a minus in brackets"),
        pytest.param("HIV (-), syphilis (+).", "syphilis", "yes", id="a plus in brackets"),
        pytest.param("HIV -ve.", "hiv", "no", id="-ve"),
        pytest.param("HIV +ve.", "hiv", "yes", id="+ve"),
        pytest.param("Gout was never diagnosed.", "gout", "no", id="was never diagnosed"),
        pytest.param("She was never in heart failure.", "heart-failure", "no", id="never in"),
        pytest.param("No surgery in heart failure.", "heart-failure", "unsure", id="in behind another word"),
        pytest.param("Never had anything autoimmune.", "autoimmune-disease", "no", id="anything autoimmune"),
        pytest.param("No gout, no rhythm trouble.", "arrhythmia", "no", id="rhythm trouble"),
        pytest.param("Nothing wrong with my liver.", "liver-disease", "no", id="nothing wrong with"),
        pytest.param("I have never had surgery, gout or a stroke.", "gout", "no", id="a list behind a name that denies"),
        pytest.param("I have never had surgery, gout or a stroke.", "stroke", "no", id="the end of that list"),
        pytest.param("Never had surgery, gout since 2010.", "gout", "yes", id="a dated item of that list"),
        pytest.param("Never smoked, gout.", "gout", "yes", id="never smoked is no list"),
        pytest.param("He never had measles, mumps or rubella himself.", "rubella", "no", id="a list that ends in himself"),
        pytest.param("No gout. FHx: none. NKDA.", "gout", "no", id="a heading's none"),
        pytest.param(
            "No gout. Bloods 03-09: Hb 9 g/dL, INR to follow, pending.", "gout", "no", id="a pending value is no illness"
        ),
        pytest.param("Allergies: NKDA.", "drug-allergy", "no", id="NKDA under its heading"),
        pytest.param("HIV since 2010, undetectable on dolutegravir.", "dolutegravir", "yes", id="undetectable on a drug"),
        pytest.param("Immune to rubella.", "rubella", "unsure", id="immune"),
        pytest.param("He smoked for thirty years.", "former-smoking", "yes", id="smoked for years"),
        pytest.param("Two units of blood in May.", "red-cell-transfusion", "yes", id="units of blood"),
        pytest.param("We are not planning any children.", "planning-pregnancy", "no", id="no children planned"),
        pytest.param("Took part in a vaccine study.", "clinical-trial-participation", "yes", id="took part in a study"),
        pytest.param("My bowels and thyroid have always been fine.", "thyroid-disease", "no other", id="always been fine"),
        pytest.param("Kidneys and heart are in good shape.", "kidney-disease", "no other", id="in good shape"),
        pytest.param("Kidneys and heart are healthy.", "good-health", "", id="a healthy organ is no good health"),
        pytest.param("Heart fine except for a murmur.", "heart-disease", "", id="fine with an exception"),
        pytest.param("If my liver is fine I may begin.", "liver-disease", "", id="fine, supposed"),
        pytest.param("The new kidney is working well.", "kidney-disease", "", id="another's kidney"),
        pytest.param("My uncle's heart is fine.", "heart-disease", "family no other", id="a relative's heart"),
        pytest.param("Dental checkup 14 Sep 2025.", "sepsis", "", id="a month is no sepsis"),
        pytest.param("Sepsis in 2019.", "sepsis", "yes", id="sepsis"),
        pytest.param("A new kidney stone.", "kidney-transplantation", "", id="a new stone is no new kidney"),
        pytest.param("He was given a new kidney in 2015.", "kidney-transplantation", "yes", id="a new kidney"),
        pytest.param("Hepaticojejunostomy in May 2025.", "surgery", "yes", id="an operation by its ending"),
        pytest.param("No duodenotomy was needed.", "surgery", "no", id="an operation by its ending, denied"),
        pytest.param("Weekly phlebotomy.", "surgery", "", id="an ending that names no operation"),
        pytest.param(
            "Latent TB was never found: Mantoux positive in 2018.", "tuberculosis", "", id="a skin test is no illness"
        ),
        pytest.param("The X-ray raised the question of sarcoidosis.", "sarcoidosis", "unsure", id="raised the question of"),
        pytest.param("At no time in shock.", "shock", "no", id="at no time"),
        pytest.param("Hepatitis B vaccinated in 2019.", "hepatitis-b", "unsure", id="vaccinated against it"),
        pytest.param("Tetanus jab in 2019.", "tetanus", "", id="a jab is no illness"),
        pytest.param("anti-HBs 120 IU/L, HBsAg negative.", "anti-hbs", "yes", id="a value is no member of a list of negatives"),
        pytest.param("I never had trouble with alcohol or drugs.", "alcohol-use", "", id="trouble with alcohol is not its use"),
        pytest.param("I never had trouble with alcohol or drugs.", "alcohol-abuse", "no", id="no trouble with alcohol"),
        pytest.param("No angina, infarct or arrhythmia.", "myocardial-infarction", "no", id="an infarct beside angina"),
        pytest.param("Renal infarction in 2019, no angina.", "myocardial-infarction", "", id="another organ's infarct"),
        pytest.param("I am on lisinopril and take nothing else.", "medication", "no other", id="nothing else"),
        pytest.param("Lisinopril. No other drugs.", "medication", "no other", id="no other drugs"),
        pytest.param("Sumatriptan is my only allergy.", "triptan", "", id="an only allergy is no drug taken"),
        pytest.param("Penicillin is my only allergy.", "penicillin-allergy", "yes", id="an only allergy"),
        pytest.param("Penicillin is my only allergy.", "allergy", "no other", id="an only allergy denies others"),
        pytest.param("Only known drug allergy: penicillin.", "drug-allergy", "no other", id="the only drug allergy"),
        pytest.param("Not only allergic to penicillin but to latex too.", "allergy", "", id="not the only one"),
        pytest.param(
            "Ovarian cyst excised 2025-03-04; hernia repair 2025-05-02, healed.", "surgical-wound-unhealed", "no", id="healed"
        ),
        pytest.param("Hernia repair 2025-05-02, healed poorly.", "surgical-wound-unhealed", "", id="healed poorly"),
        pytest.param(
            "Colectomy was my last surgery and everything has healed.", "surgical-wound-unhealed", "no", id="all healed"
        ),
        pytest.param(
            "Never had a PD-1, PD-L1 or CTLA-4 antibody.", "checkpoint-inhibitor", "no other", id="all kinds, the whole"
        ),
        pytest.param("Never had a PD-1 or PD-L1 antibody.", "checkpoint-inhibitor", "", id="not all kinds"),
        pytest.param("My husband and I hope to try for a baby.", "planning-pregnancy", "yes", id="try for a baby"),
        pytest.param("Problems with my kidneys since May.", "kidney-disease", "yes", id="problems with"),
        pytest.param("My wife had measles; I was checked and never caught it.", "measles", "no", id="never caught it, of me"),
        pytest.param("My wife had measles; I was checked and never caught it.", "measles", "other yes", id="it, of my wife"),
        pytest.param("Wife - tuberculosis.", "tuberculosis", "other yes", id="a dash after a person"),
        pytest.param("No bleeds.", "bleeding", "no", id="no bleeds"),
        pytest.param("No bleeds.", "epistaxis", "", id="no is no nose"),
        pytest.param("Never received an organ or stem cells.", "stem-cell-transplantation", "no", id="received, of two things"),
        pytest.param("She received stem cells from her sister.", "stem-cell-transplantation", "yes", id="received stem cells"),
        pytest.param("He gave a kidney to his son.", "organ-transplantation", "", id="a donor is no recipient"),
        pytest.param("Gout? Yes, since May.", "gout", "yes", id="a question answered yes"),
        pytest.param("Gout?", "gout", "unsure", id="a question without an answer"),
        pytest.param("Can people with gout take part?", "gout", "unsure", id="a question of others"),
        pytest.param("I have gout, can I take part?", "gout", "yes", id="a question after a fact"),
        pytest.param("Hives with amoxicillin.", "penicillin-allergy", "", id="no allergy to the class"),
        pytest.param("Hives with rituximab.", "allergy-to:rituximab", "yes", id="hives with a drug"),
        pytest.param("Hives, takes rituximab.", "allergy-to:rituximab", "", id="hives beside a drug"),
        pytest.param("No known allergies to drugs or food.", "allergy", "no", id="to drugs or food"),
        pytest.param("Meds: none.", "medication", "no", id="no meds"),
        pytest.param("Fibrotic NSIP on CT.", "pulmonary-fibrosis", "yes", id="fibrotic NSIP"),
        pytest.param("Appendectomy in May, scars well healed.", "surgical-wound-unhealed", "no", id="scars healed"),
        pytest.param("Appendectomy in May, wound not healed.", "surgical-wound-unhealed", "yes", id="a wound not healed"),
        pytest.param("Gout; no other autoimmune hx.", "autoimmune-disease", "no other", id="no other autoimmune hx"),
        pytest.param("Tested for syphilis: negative.", "syphilis", "no", id="tested for, and the result"),
        pytest.param("Tested for syphilis, takes aspirin.", "syphilis", "unsure", id="tested for, no result"),
        pytest.param("Screened for gout: positive.", "gout", "unsure", id="screened positive is no diagnosis"),
        pytest.param("Tested for HIV and syphilis, both negative.", "hiv", "no", id="tested for two, both negative"),
        pytest.param("Evaluated for melanoma, margins negative.", "melanoma", "unsure", id="what is negative is another thing"),
        pytest.param("Ruled out for stroke.", "stroke", "no", id="ruled out for"),
        pytest.param("HIV, viral load undetectable.", "hiv", "yes", id="a load undetectable"),
        pytest.param("HIV on Biktarvy, undetectable.", "hiv", "yes", id="a virus undetectable under treatment"),
        pytest.param("HIV on Biktarvy, undetectable.", "bictegravir", "yes", id="a drug is not undetectable"),
        pytest.param("HIV undetectable.", "hiv", "unsure", id="undetectable alone"),
        pytest.param("HBV DNA undetectable.", "hbv-dna-detectable", "no", id="a test undetectable"),
        pytest.param("Rituximab: anaphylaxis.", "allergy-to:rituximab", "yes", id="a drug and its reaction"),
        pytest.param("HIV: non-reactive.", "hiv", "no", id="non-reactive after a colon"),
        pytest.param("HIV, antibody test negative.", "hiv", "no", id="a test in the next piece"),
        pytest.param("Lupus, smear negative.", "lupus", "yes", id="another thing is negative"),
        pytest.param("Gout on allopurinol, aspirate negative.", "allopurinol", "yes", id="a result denies no drug"),
        pytest.param("MRI brain negative.", "mri", "yes", id="a negative examination was done"),
        pytest.param("Syphilis treated 2016, test negative.", "syphilis", "yes", id="negative after treatment"),
        pytest.param("Contraception not yet raised.", "contraception", "unsure", id="not yet raised"),
        pytest.param("Flu shot 2026-01-04, only vaccine this year.", "vaccine", "no other", id="the only one of its year"),
        pytest.param("No gout or lupus as far as I know.", "lupus", "no", id="as far as I know"),
        pytest.param("I don't believe I have gout.", "gout", "unsure", id="don't believe"),
        pytest.param("Misdiagnosed with gout.", "gout", "unsure", id="misdiagnosed"),
        pytest.param("Gout versus cellulitis.", "gout", "unsure", id="before versus"),
        pytest.param("Lupus (maternal aunt).", "lupus", "family yes", id="a relative in brackets"),
        pytest.param("Lupus (seen with her mother).", "lupus", "yes", id="a relative beside others in brackets"),
        pytest.param("Per mother, has gout.", "gout", "yes", id="per mother"),
        pytest.param("Aspirin was prescribed but she never took it.", "aspirin", "no", id="prescribed, never taken"),
        pytest.param("Aspirin was prescribed but she never took it.", "aspirin", "unsure", id="prescribed is not taken"),
        pytest.param("Screening was negative for malaria.", "malaria", "no", id="negative for"),
        pytest.param("Absence of pneumothorax.", "pneumothorax", "no", id="absence of"),
        pytest.param("He does not have a history of stroke.", "stroke", "no", id="does not have a history of"),
        pytest.param("No asthma, gout or epilepsy.", "asthma", "no", id="a denied list, first"),
        pytest.param("No asthma, gout or epilepsy.", "gout", "no", id="a denied list, middle"),
        pytest.param("No asthma, gout or epilepsy.", "epilepsy", "no", id="a denied list, last"),
        pytest.param("No asthma, gout, epilepsy.", "epilepsy", "no", id="a denied list without or"),
        pytest.param("No asthma and no gout.", "gout", "no", id="no and no"),
        pytest.param("Neither asthma nor gout.", "gout", "no", id="neither nor"),
        pytest.param("No asthma or gout, has epilepsy.", "epilepsy", "yes", id="a verb ends the list"),
        pytest.param("No asthma, epilepsy controlled on valproate.", "epilepsy", "yes", id="a predicate ends the list"),
        pytest.param("No asthma or gout, epilepsy since 2004.", "epilepsy", "yes", id="a list that or has closed"),
        pytest.param("No asthma but gout.", "asthma", "no", id="before but"),
        pytest.param("No asthma but gout.", "gout", "yes", id="after but"),
        pytest.param("No asthma; gout.", "gout", "yes", id="after a semicolon"),
        pytest.param("No asthma. Gout.", "gout", "yes", id="after a full stop"),
        pytest.param("Gout without asthma.", "gout", "yes", id="before without"),
        pytest.param("Gout without asthma.", "asthma", "no", id="after without"),
        pytest.param("He denies asthma, gout, or a family history of epilepsy.", "asthma", "no", id="denies a list, first"),
        pytest.param("He denies asthma, gout, or a family history of epilepsy.", "gout", "no", id="denies a list, second"),
        pytest.param(
            "He denies asthma, gout, or a family history of epilepsy.", "epilepsy", "family no", id="denies of the family"
        ),
        pytest.param("HIV negative.", "hiv", "no", id="negative behind"),
        pytest.param("Malaria: negative.", "malaria", "no", id="a colon and negative"),
        pytest.param("Epilepsy: none.", "epilepsy", "no", id="none"),
        pytest.param("Epilepsy - no.", "epilepsy", "no", id="a dash and no"),
        pytest.param("Ascites not detected.", "ascites", "no", id="not detected"),
        pytest.param("Sepsis was ruled out.", "sepsis", "no", id="ruled out"),
        pytest.param("Imaging ruled out pneumonia.", "pneumonia", "no", id="ruled out, the other way"),
        pytest.param("Ascites absent.", "ascites", "no", id="absent"),
        pytest.param("HBsAg, anti-HCV and HIV negative.", "hbsag", "no", id="a list that one negative closes, first"),
        pytest.param("HBsAg, anti-HCV and HIV negative.", "anti-hcv", "no", id="a list that one negative closes, middle"),
        pytest.param("HBsAg, anti-HCV and HIV negative.", "hiv", "no", id="a list that one negative closes, last"),
        pytest.param("HBsAg positive, anti-HCV negative.", "hbsag", "yes", id="positive beside negative"),
        pytest.param("HBsAg positive, anti-HCV negative.", "anti-hcv", "no", id="negative beside positive"),
        pytest.param("Asthma, HIV negative.", "asthma", "yes", id="negative does not reach another kind"),
        pytest.param("Negative HIV test.", "hiv", "no", id="negative before"),
        pytest.param("HIV test: negative.", "hiv", "no", id="a test with its result behind a colon"),
        pytest.param("HIV test is still pending.", "hiv", "unsure", id="pending"),
        pytest.param("HIV test next week.", "hiv", "unsure", id="a test without a result"),
        pytest.param("HIV not tested.", "hiv", "unsure", id="not tested"),
        pytest.param("No increase in ascites.", "ascites", "yes", id="no increase in"),
        pytest.param("Ascites without change.", "ascites", "yes", id="without change"),
        pytest.param("Not only asthma but also gout.", "asthma", "yes", id="not only"),
        pytest.param("Not only asthma but also gout.", "gout", "yes", id="but also"),
        pytest.param("No evidence of progression of the liver metastases.", "liver-metastasis", "yes", id="no progression of"),
        pytest.param("Sepsis cannot be excluded.", "sepsis", "unsure", id="cannot be excluded"),
        pytest.param("Sepsis has not been ruled out.", "sepsis", "unsure", id="not ruled out"),
        pytest.param("No metastasis was biopsied.", "metastasis", "unsure", id="a verb that presupposes"),
        pytest.param("No metastasis was seen.", "metastasis", "no", id="a verb of existence"),
        pytest.param("No surgery for the epilepsy.", "epilepsy", "unsure", id="what a denied thing was for"),
        pytest.param("No surgery for the epilepsy.", "surgery", "no", id="the denied thing itself"),
        pytest.param("No chemotherapy because of neuropathy.", "chemotherapy", "no", id="before because of"),
        pytest.param("No other cancer.", "malignancy", "no other", id="no other"),
        pytest.param("She has had no other autoimmune disease.", "autoimmune-disease", "no other", id="has had no other"),
        pytest.param("I have no idea whether I had malaria.", "malaria", "unsure", id="whether"),
        pytest.param("Not sure if I had malaria.", "malaria", "unsure", id="not sure if"),
        pytest.param("Suspected sarcoidosis.", "sarcoidosis", "unsure", id="suspected before"),
        pytest.param("Sarcoidosis is suspected.", "sarcoidosis", "unsure", id="suspected behind"),
        pytest.param("Possible sarcoidosis or tuberculosis.", "tuberculosis", "unsure", id="possible, a list"),
        pytest.param("Possible sarcoidosis; asthma.", "asthma", "yes", id="possible ends at a semicolon"),
        pytest.param("Rule out sepsis.", "sepsis", "unsure", id="rule out"),
        pytest.param("Screening for diabetes was arranged.", "diabetes", "unsure", id="screening for"),
        pytest.param("At risk of stroke.", "stroke", "unsure", id="at risk of"),
        pytest.param("Vaccinated against tuberculosis.", "tuberculosis", "unsure", id="vaccinated against"),
        pytest.param("Seen in the diabetes clinic.", "diabetes", "unsure", id="a clinic's name"),
        pytest.param("Plan: start methotrexate.", "methotrexate", "unsure", id="a plan"),
        pytest.param("Chemotherapy is planned.", "chemotherapy", "unsure", id="planned behind"),
        pytest.param("Scheduled for radiotherapy.", "radiotherapy", "unsure", id="scheduled for"),
        pytest.param("She was offered rituximab.", "rituximab", "unsure", id="offered"),
        pytest.param("Rituximab was discussed.", "rituximab", "unsure", id="discussed"),
        pytest.param("Rituximab was discussed in May but not given.", "rituximab", "no", id="discussed but not given"),
        pytest.param("She declined rituximab.", "rituximab", "unsure", id="declined"),
        pytest.param("Not fit for chemotherapy.", "chemotherapy", "unsure", id="not fit for"),
        pytest.param("If he has epilepsy we stop.", "epilepsy", "unsure", id="if"),
        pytest.param("His father had tuberculosis.", "tuberculosis", "family yes", id="a father"),
        pytest.param("Family history of epilepsy.", "epilepsy", "family yes", id="family history of"),
        pytest.param("Family history: epilepsy, gout.", "gout", "family yes", id="family history, a list"),
        pytest.param("No family history of epilepsy.", "epilepsy", "family no", id="no family history of"),
        pytest.param("Mother has lupus; the patient has no lupus.", "lupus", "no", id="back to the patient"),
        pytest.param("My dad had gout, I have asthma.", "gout", "family yes", id="a dad"),
        pytest.param("My dad had gout, I have asthma.", "asthma", "yes", id="back to me"),
        pytest.param("Epilepsy in her sister.", "epilepsy", "family yes", id="a relative behind"),
        pytest.param("Nobody in my family has epilepsy.", "epilepsy", "family no", id="nobody in the family"),
        pytest.param("His brother underwent surgery. He has gout.", "surgery", "family yes", id="a brother's operation"),
        pytest.param("His brother underwent surgery. He has gout.", "gout", "yes", id="the next sentence is the patient's"),
        pytest.param("His mother reports asthma.", "asthma", "yes", id="a mother who tells"),
        pytest.param("The parents deny epilepsy.", "epilepsy", "no", id="parents who deny"),
        pytest.param("Brought in by his mother with pneumonia.", "pneumonia", "yes", id="a mother who brings"),
        pytest.param("Her husband has tuberculosis.", "tuberculosis", "other yes", id="a husband"),
        pytest.param("His father had tuberculosis; he never did.", "tuberculosis", "no", id="he never did"),
        pytest.param("My sister had gout, I never had it.", "gout", "no", id="never had it"),
        pytest.param("Chemotherapy was offered; she never had it.", "chemotherapy", "no", id="never had what was offered"),
        pytest.param("Any epilepsy? No.", "epilepsy", "no", id="a question answered"),
        pytest.param("Never smoked.", "smoking", "no", id="never smoked"),
        pytest.param("Treatment-naive.", "anticancer-therapy", "no", id="treatment-naive"),
        pytest.param("Urine hCG negative.", "pregnancy", "no", id="hCG negative"),
        pytest.param("Pregnancy test: negative.", "pregnancy", "no", id="a pregnancy test"),
        pytest.param("Afebrile.", "fever", "no", id="afebrile"),
        pytest.param("She walks daily and lives alone.", "disease", "", id="daily life says nothing"),
        pytest.param("Hysterectomy in 2015.", "childbearing-potential", "no", id="a womb removed"),
        pytest.param("Consent form signed 2026-01-02.", "informed-consent", "yes", id="consent signed"),
        pytest.param("Consent form handed out to read.", "informed-consent", "unsure", id="consent form read"),
        pytest.param("Undecided about the consent form.", "informed-consent", "unsure", id="consent undecided"),
        pytest.param("Informed consent: not asked.", "informed-consent", "unsure", id="consent not asked"),
        pytest.param("Signed the consent form for surgery.", "informed-consent", "unsure", id="consent to surgery"),
        pytest.param("Does not want to participate.", "informed-consent", "no", id="consent refused"),
        pytest.param("Contraception not yet raised.", "contraception", "unsure", id="contraception not raised"),
        pytest.param("Contraception.", "contraception", "unsure", id="contraception: a heading"),
        pytest.param("Agrees to visits, biopsies and contraception.", "contraception", "yes", id="contraception agreed to"),
        pytest.param("Uses reliable contraception.", "contraception", "yes", id="contraception used"),
        pytest.param("Refuses any contraception.", "contraception", "no", id="contraception refused"),
        pytest.param("Twelve weeks on: she is 9 weeks pregnant.", "pregnancy", "yes", id="weeks pregnant"),
        pytest.param("Cannot swallow tablets.", "able-to-swallow", "no", id="cannot swallow"),
        pytest.param("ECOG 1.", "ambulatory", "yes", id="up and about by ECOG"),
        pytest.param("ECOG 3.", "ambulatory", "", id="ECOG 3 leaves walking open"),
        pytest.param("β-hCG 1 IU/L.", "pregnancy", "no", id="hCG below 5"),
        pytest.param("β-hCG 60 IU/L.", "pregnancy", "", id="hCG above 5 may be a tumour's"),
        pytest.param("Has full decision-making capacity.", "capacity-to-consent", "yes", id="capacity"),
        pytest.param("Lacks capacity.", "capacity-to-consent", "no", id="no capacity"),
        pytest.param("Brain MRI without metastases.", "brain-metastasis", "no", id="an examination speaks of its organ"),
        pytest.param("Brain MRI without metastases.", "metastasis", "", id="and of no other"),
        pytest.param("Chest CT clear.", "lung-metastasis", "no", id="a clear chest"),
        pytest.param("Takes no medications.", "medication", "no", id="no medications now"),
        pytest.param(
            "Never received a PD-1 or PD-L1 antibody.", "pd-1-inhibitor", "no", id="a word that two names share, before"
        ),
        pytest.param("Liver and lung metastases.", "liver-metastasis", "yes", id="a word that two names share"),
        pytest.param("No hepatitis B or C.", "hepatitis-c", "no", id="a word that two names share, behind"),
        pytest.param("Thyroid ca 2011, no other ca.", "thyroid-cancer", "yes", id="ca is cancer"),
        pytest.param("Thyroid ca 2011, no other ca.", "malignancy", "no other", id="no other ca"),
        pytest.param("No lung dz.", "lung-disease", "no", id="dz is disease"),
        pytest.param("KRAS wt.", "kras-mutation", "no", id="wt is wild type"),
        pytest.param("No mutation of KRAS, BRAF.", "braf-mutation", "no", id="no mutation of a list"),
        pytest.param("Melanoma. No prior IO.", "immunotherapy", "no", id="no IO"),
        pytest.param("Lymphoma, R-CHOP in 2019.", "r-chop", "yes", id="a regimen"),
        pytest.param("Vomited coffee grounds.", "caffeine-intake", "", id="coffee grounds are no coffee"),
        pytest.param("She takes a muscle relaxant.", "cyclobenzaprine", "", id="a class is not its member"),
        pytest.param("Non-proliferative retinopathy.", "proliferative-diabetic-retinopathy", "", id="not proliferative"),
        pytest.param("My gallbladder is out.", "cholecystectomy", "yes", id="a gallbladder that is out"),
        pytest.param("Anaphylaxis from cefazolin.", "cefazolin", "", id="what one reacts to is not taken"),
        pytest.param("A tick bite left me with a rash.", "bispecific-antibody", "", id="a bite is no antibody"),
        pytest.param("Lymphoma, given a BiTE in 2024.", "bispecific-antibody", "yes", id="a BiTE is one"),
        pytest.param(
            "People with lupus can only join after rituximab has failed. I have gout.", "rituximab", "other yes", id="of people"
        ),
        pytest.param("They want people with gout. I have asthma.", "gout", "other yes", id="of people wanted"),
        pytest.param("They want people with gout. I have asthma.", "asthma", "yes", id="of oneself behind it"),
        pytest.param("Patient with gout who takes allopurinol.", "gout", "yes", id="one patient"),
        pytest.param("My ulcer can be treated with omeprazole.", "omeprazole", "unsure", id="what can be given"),
        pytest.param("I'm terrified of chemotherapy.", "chemotherapy", "unsure", id="what is feared"),
        pytest.param("She has gout, doesn't she?", "gout", "unsure", id="a tag question asks, and denies nothing"),
        pytest.param("The interview rules out current depression.", "depression", "no", id="rules out"),
        pytest.param("I had an operation in May. Is surgery a bar?", "surgery", "yes", id="stated and asked"),
        pytest.param("Is surgery a bar in              ?", "surgery", "unsure", id="only asked, with a gap before the mark"),
        pytest.param("He won't take aspirin.", "aspirin", "unsure", id="what is not wanted"),
        pytest.param("Aneurysm of the aorta.", "aneurysm", "yes", id="an aneurysm"),
        pytest.param("They gave her two bags of blood.", "transfusion", "yes", id="bags of blood"),
        pytest.param("I broke my wrist in May.", "fracture", "yes", id="a broken bone"),
        pytest.param("Knee OA since 2019.", "knee-osteoarthritis", "yes", id="OA behind a joint"),
        pytest.param("Two measurable liver metastases.", "measurable-disease", "yes", id="measurable lesions"),
        pytest.param(
            "I stopped nursing and the pregnancy test was negative.", "breastfeeding", "yes", id="a test speaks of itself"
        ),
    ],
)
def test_stance(note: str, concept: str, stance: str) -> None:
    held = stances(note, concept)
    assert (stance in held) if stance else not held


@pytest.mark.parametrize(
    ("note", "concept", "field", "expected"),
    [
        pytest.param("Failed sulfasalazine, now on infliximab.", "sulfasalazine", "ongoing", None, id="now is of what follows"),
        pytest.param("Failed sulfasalazine, now on infliximab.", "infliximab", "ongoing", True, id="now on"),
        pytest.param(
            "Quit smoking in 2021, before that a pack a day for 20 years.",
            "former-smoking",
            "ended",
            year(2021),
            id="quit, and for how long before",
        ),
        pytest.param("Colitis on nivolumab in May 2024.", "nivolumab", "ongoing", None, id="on, back then"),
        pytest.param("On nivolumab since May 2024.", "nivolumab", "ongoing", True, id="on, since then"),
        pytest.param("Iritis resolved on prednisone.", "prednisone", "ongoing", None, id="resolved on"),
        pytest.param("On aspirin, iritis settled on prednisone.", "prednisone", "ongoing", None, id="settled on, after on"),
        pytest.param(
            "Anaphylaxis to ceftriaxone.", "anaphylaxis-to:ceftriaxone", "traits", {"severe"}, id="severe by definition"
        ),
        pytest.param("Hives with rituximab.", "allergy-to:rituximab", "traits", set(), id="hives are not severe of themselves"),
        pytest.param("Cellulitis in hospital. No infection now.", "cellulitis", "ongoing", False, id="no infection now"),
        pytest.param("Syphilis. No infection now.", "syphilis", "ongoing", None, id="what does not pass by itself"),
        pytest.param("Urosepsis, meropenem, infection cured.", "urosepsis", "traits", {"cured"}, id="the class that sums up"),
        pytest.param("HIV, UTI in May, infection cured.", "hiv", "traits", set(), id="the class sums up the last alone"),
        pytest.param("Leuprorelin, last shot 2026-01-11.", "leuprolide", "ended", day(2026, 1, 11), id="last shot"),
        pytest.param(
            "No steroids or methotrexate since June.",
            "corticosteroid",
            "started",
            month_of_thirty(2025, 6),
            id="a date of a denied list",
        ),
        pytest.param(
            "BP 184/104 on three drugs: uncontrolled.", "hypertension", "traits", {"uncontrolled"}, id="a pressure uncontrolled"
        ),
        pytest.param("Pemphigus 2021, skin clear since.", "pemphigus", "traits", {"inactive"}, id="clear since"),
        pytest.param("Syphilis treated 2016, test negative.", "syphilis", "ongoing", False, id="negative after treatment"),
        pytest.param("Mild emphysema, nothing acute.", "emphysema", "traits", {"mild"}, id="nothing acute"),
        pytest.param(
            "Lumpectomy in May 2021. That was my last operation.",
            "surgery",
            "started",
            Days(date(2021, 5, 1), date(2021, 5, 31)),
            id="that was the last",
        ),
        pytest.param("Asthma, well controlled.", "asthma", "traits", {"well-controlled"}, id="a trait in the next piece"),
        pytest.param("Hypertension is controlled.", "hypertension", "traits", {"controlled"}, id="a trait behind"),
        pytest.param("Severe asthma and gout.", "asthma", "traits", {"severe"}, id="a trait before"),
        pytest.param("Severe asthma and gout.", "gout", "traits", set(), id="a trait does not spread"),
        pytest.param("Gout and asthma are both controlled.", "gout", "traits", {"controlled"}, id="both, first"),
        pytest.param("Gout and asthma are both controlled.", "asthma", "traits", {"controlled"}, id="both, second"),
        pytest.param("No active infection.", "infection", "traits", {"active"}, id="only as much is denied as is said"),
        pytest.param("Hypothyroidism, stable on levothyroxine.", "hypothyroidism", "traits", {"stable"}, id="stable on a drug"),
        pytest.param("Pneumonitis, fully resolved.", "pneumonitis", "ongoing", False, id="resolved is over"),
        pytest.param("Graves disease 1999, in remission since.", "graves", "ongoing", False, id="in remission since"),
        pytest.param("Formerly on lithium.", "lithium", "ongoing", False, id="former"),
        pytest.param("I used to take lithium.", "lithium", "ongoing", False, id="used to"),
        pytest.param("I came off lithium in 2010.", "lithium", "ended", year(2010), id="came off"),
        pytest.param("She no longer takes lithium.", "lithium", "ongoing", False, id="no longer takes"),
        pytest.param("On warfarin.", "warfarin", "ongoing", True, id="on"),
        pytest.param("Ramipril 5 mg, same dose for two years.", "ramipril", "traits", {"stable"}, id="the same dose, stable"),
        pytest.param("Ramipril 5 mg, same dose since 2024.", "ramipril", "started", year(2024), id="the same dose since"),
        pytest.param("Gout for ten years.", "gout", "ongoing", True, id="for ten years"),
        pytest.param("Lithium for three months in 2021.", "lithium", "ended", year(2021), id="a length within a year"),
        pytest.param("He took lithium for two years.", "lithium", "started", None, id="a length of something past"),
        pytest.param("Had a stroke last year, on 2025-06-14.", "stroke", "started", day(2025, 6, 14), id="the exact day wins"),
        pytest.param("Colon cancer in 2011, colectomy, no relapse.", "colon-cancer", "traits", {"inactive"}, id="no relapse"),
        pytest.param(
            "Cholecystectomy under general anesthesia on 2025-12-12.",
            "cholecystectomy",
            "ended",
            day(2025, 12, 12),
            id="one day of two things at once",
        ),
        pytest.param(
            "Insulin for five weeks during her pregnancy in 2018.",
            "insulin",
            "ended",
            year(2018),
            id="during a dated pregnancy",
        ),
        pytest.param(
            "Three cycles of docetaxel with a partial response on 2025-06-20.",
            "docetaxel",
            "ended",
            None,
            id="a response's day",
        ),
        pytest.param("Docetaxel, three cycles.", "docetaxel", "count", exactly(3), id="cycles in the next piece"),
        pytest.param(
            "Hospitalized for heart failure in 2024.", "hospitalised", "started", year(2024), id="a stay and its reason"
        ),
        pytest.param("Day 12 of cycle 2 of docetaxel.", "docetaxel", "count", None, id="a day of a cycle is no count"),
        pytest.param("He takes 5 mg of prednisone daily.", "prednisone", "dose", "5 mg", id="a dose in front"),
        pytest.param(
            "Pneumonia in May 2021.", "pneumonia", "ended", Days(date(2021, 5, 1), date(2021, 5, 31)), id="acute and past"
        ),
        pytest.param("He has asthma. Three attacks in 2025.", "asthma-exacerbation", "count", exactly(3), id="attacks counted"),
        pytest.param(
            "Asthma. Two exacerbations since 2025.",
            "asthma-exacerbation",
            "started",
            Days(date(2025, 1, 1), TODAY),
            id="events since a day",
        ),
        pytest.param(
            "Gastric cancer, biopsy 2025-03-04.", "gastric-cancer", "traits", {"confirmed-histologically"}, id="a biopsy"
        ),
        pytest.param("Lung cancer. Biopsy negative.", "lung-cancer", "traits", set(), id="a negative biopsy"),
        pytest.param(
            "Nasopharyngeal cancer. The biopsy said keratinizing.",
            "nasopharyngeal-carcinoma",
            "traits",
            {"confirmed-histologically", "keratinizing"},
            id="what a biopsy said of the one cancer",
        ),
        pytest.param(
            "Basal cell carcinoma cut out in 2022.",
            "basal-cell-carcinoma",
            "traits",
            {"adequately-treated", "excised", "treated"},
            id="cut out",
        ),
        pytest.param("Colon cancer in 2014, operated.", "cancer-surgery", "ended", year(2014), id="operated"),
        pytest.param("Had 33 sessions of radiotherapy.", "radiotherapy", "traits", {"curative"}, id="a full course"),
        pytest.param("Had 10 sessions of radiotherapy.", "radiotherapy", "traits", set(), id="a short course"),
        pytest.param("Endoscopy: active mucosal necrosis.", "tumor-necrosis", "traits", {"active"}, id="active necrosis"),
        pytest.param(
            "Lip cancer 2021. In May 2025 it came back in the same place.",
            "local-recurrence",
            "started",
            Days(date(2025, 5, 1), date(2025, 5, 31)),
            id="the day it came back",
        ),
        pytest.param("HCC. Surgery is not an option.", "hepatocellular-carcinoma", "traits", {"unresectable"}, id="no surgery"),
        pytest.param("HCC. He is unfit for surgery.", "hepatocellular-carcinoma", "traits", set(), id="unfit for surgery"),
        pytest.param("No recurrence at the primary site.", "local-recurrence", "traits", set(), id="the site in its name"),
        pytest.param("Brain metastases and a seizure.", "brain-metastasis", "traits", {"symptomatic"}, id="a sign of them"),
        pytest.param("I have rectal cancer. It has gone to my liver.", "rectal-cancer", "traits", {"metastatic"}, id="gone to"),
        pytest.param(
            "Gastric cancer, liver metastases from the outset.",
            "gastric-cancer",
            "traits",
            {"metastatic", "de-novo"},
            id="spread from the outset",
        ),
        pytest.param(
            "Gastric cancer T2N0M0 in 2021. Liver metastases now.",
            "liver-metastasis",
            "traits",
            {"metachronous"},
            id="spread after M0",
        ),
        pytest.param(
            "Gastric cancer, no spread at diagnosis. Liver metastases now.",
            "liver-metastasis",
            "traits",
            set(),
            id="no spread at diagnosis",
        ),
        pytest.param("Thyroid cancer. Bone metastases on CT.", "thyroid-cancer", "traits", {"metastatic"}, id="its metastases"),
        pytest.param(
            "Brain metastasis, without symptoms.", "brain-metastasis", "traits", {"asymptomatic"}, id="without symptoms"
        ),
        pytest.param("Sarcoma, refractory to chemotherapy.", "sarcoma", "traits", {"refractory"}, id="refractory to"),
        pytest.param("Major depressive disorder.", "depression", "traits", set(), id="a word of the name is no trait"),
        pytest.param("A history of two weeks of joint pain.", "arthralgia", "ongoing", True, id="two weeks of"),
        pytest.param("He takes metformin.", "metformin", "ongoing", True, id="takes"),
        pytest.param("Medications: metformin, aspirin.", "aspirin", "ongoing", True, id="a list of medications"),
        pytest.param("HBsAg positive on entecavir.", "entecavir", "ongoing", True, id="on a drug, beside a finding"),
        pytest.param("Metformin stopped in 2024.", "metformin", "ended", year(2024), id="stopped in"),
        pytest.param("Radiotherapy, completed 2024-10-05.", "radiotherapy", "ended", day(2024, 10, 5), id="completed"),
        pytest.param("Dexamethasone 4 mg, last dose 2026-01-02.", "dexamethasone", "ended", day(2026, 1, 2), id="last dose"),
        pytest.param(
            "IMRT 66.5 Gy + weekly cisplatin finished 2025-04-02.",
            "intensity-modulated-radiotherapy",
            "ended",
            day(2025, 4, 2),
            id="joined by a sign",
        ),
        pytest.param("Radiotherapy 50 Gy, last day 2025-04-02.", "radiotherapy", "ended", day(2025, 4, 2), id="last day"),
        pytest.param("Aspirin, insulin + metformin stopped 2025-04-02.", "aspirin", "ended", None, id="not joined"),
        pytest.param("Dexamethasone 4 mg, last dose 2026-01-02.", "dexamethasone", "dose", "4 mg", id="a dose"),
        pytest.param("Gout 10 years ago.", "gout", "ongoing", None, id="years ago does not say that it is over"),
        pytest.param(
            "CAD s/p CABG 2019, hypertension.", "hypertension", "ongoing", None, id="status post speaks of the next alone"
        ),
        pytest.param(
            "MRI 2025-04-02 showed local recurrence.", "local-recurrence", "started", day(2025, 4, 2), id="seen first"
        ),
        pytest.param(
            "First bone metastases on CT 2025-04-02.", "bone-metastasis", "started", day(2025, 4, 2), id="first on a look"
        ),
        pytest.param("Bone metastases on CT 2025-04-02.", "bone-metastasis", "started", None, id="a look may be a later one"),
        pytest.param(
            "MRI 2025-04-02 showed the known local recurrence.", "local-recurrence", "started", None, id="known before"
        ),
        pytest.param("MRI 2025-04-02 for local recurrence.", "local-recurrence", "started", None, id="why it was done"),
        pytest.param("Docetaxel 2022, FOOBAR 2023.", "docetaxel", "ended", year(2022), id="an unknown drug's date is its own"),
        pytest.param("On warfarin for thrombosis since 2019.", "warfarin", "started", year(2019), id="since, of what is taken"),
        pytest.param(
            "Colectomy for severe colitis 2019.", "colectomy", "started", year(2019), id="an operation and its reason"
        ),
        pytest.param(
            "Mastectomy for breast cancer diagnosed in 2019.", "mastectomy", "started", None, id="the day of a diagnosis"
        ),
        pytest.param(
            "Lupus; I took prednisone and mycophenolate until 2024.", "prednisone", "ended", year(2024), id="until, of both"
        ),
        pytest.param("Had surgery and took tamoxifen until 2024.", "surgery", "ended", None, id="until, of the drug alone"),
        pytest.param("Treated with isoniazid for nine months.", "isoniazid", "ongoing", None, id="treated for months"),
        pytest.param("My sister is well; my tonsillitis is long over.", "tonsillitis", "ongoing", False, id="long over"),
        pytest.param("Smokes cigars, used cannabis at university.", "cannabis-use", "ongoing", False, id="used, at university"),
        pytest.param("Jabbed twice, last booster 2024.", "vaccine", "ended", year(2024), id="a booster"),
        pytest.param("Migraine as a girl, no attacks since.", "migraine", "ongoing", False, id="no attacks since"),
        pytest.param(
            "Two heart attacks, the last one in 2018.", "myocardial-infarction", "ended", year(2018), id="the last one"
        ),
        pytest.param("Gout (2012), no recurrence.", "gout", "ongoing", False, id="no recurrence"),
        pytest.param("Asthma since 2004.", "asthma", "started", year(2004), id="since"),
        pytest.param("Warfarin since 2019.", "warfarin", "ongoing", True, id="a drug since a year goes on"),
        pytest.param("Stroke in 2019.", "stroke", "ended", year(2019), id="an event begins and ends at once"),
        pytest.param("In 2019 she had a mastectomy.", "mastectomy", "started", year(2019), id="a date in front"),
        pytest.param("Mastectomy 2019, gout 2021.", "mastectomy", "started", year(2019), id="each its own date, first"),
        pytest.param("Mastectomy 2019, gout 2021.", "gout", "started", year(2021), id="each its own date, second"),
        pytest.param("Three cycles of cisplatin plus gemcitabine.", "cisplatin", "count", exactly(3), id="cycles, first drug"),
        pytest.param(
            "Three cycles of cisplatin plus gemcitabine.", "gemcitabine", "count", exactly(3), id="cycles, second drug"
        ),
        pytest.param("Docetaxel x 4 cycles.", "docetaxel", "count", exactly(4), id="cycles behind"),
        pytest.param("AC x4 in 2021.", "ac-regimen", "count", exactly(4), id="a regimen by its letters"),
        pytest.param("Carboplatin q3w x5.", "carboplatin", "count", exactly(5), id="cycles behind a rhythm"),
        pytest.param(
            "GP + nivolumab (C1 2025-08-04, C5 2025-11-03).",
            "gp-regimen",
            "ended",
            day(2025, 11, 3),
            id="the last cycle of all",
        ),
        pytest.param(
            "GP + nivolumab (C1 2025-08-04, C5 2025-11-03).", "nivolumab", "started", day(2025, 8, 4), id="the first cycle"
        ),
        pytest.param("Nivolumab C3 2026-01-05, C4 due 2026-02-02.", "nivolumab", "ended", day(2026, 1, 5), id="a cycle due"),
        pytest.param(
            "Durvalumab (3 Nov 2025, 1 Dec 2025, 5 Jan 2026).", "durvalumab", "ended", day(2026, 1, 5), id="a list of days"
        ),
        pytest.param(
            "IMRT 70 Gy/35# + carboplatin, last 2024-02-05.", "carboplatin", "ended", day(2024, 2, 5), id="one course"
        ),
        pytest.param("Carboplatin 2019, nivolumab since 2024.", "carboplatin", "ended", year(2019), id="two courses"),
        pytest.param("RT 60 Gy in 30 fractions with carboplatin.", "carboplatin", "count", None, id="fractions are no cycles"),
        pytest.param("Tonsil cancer, RT 66 Gy in 33 fractions.", "radiotherapy", "traits", {"curative"}, id="a radical dose"),
        pytest.param("Palliative RT 60 Gy.", "radiotherapy", "traits", {"palliative"}, id="a dose that does not aim to cure"),
        pytest.param(
            "SBRT 60 Gy in 5 fractions.", "stereotactic-radiotherapy", "traits", set(), id="a dose in a few fractions"
        ),
        pytest.param("CT: liver metastases.", "liver-metastasis", "traits", {"confirmed-radiologically"}, id="seen on a scan"),
        pytest.param("Four liver metastases.", "liver-metastasis", "count", exactly(4), id="lesions counted"),
        pytest.param("Liver metastasis of 31 mm.", "liver-metastasis", "size_mm", exactly(31), id="a size in mm"),
        pytest.param("Liver metastases, largest 3.1 cm.", "liver-metastasis", "size_mm", exactly(31), id="a size in cm"),
        pytest.param("Grade 2 pneumonitis after cycle 3.", "pneumonitis", "grade", exactly(2), id="a grade"),
        pytest.param("Last child weaned in 2023.", "breastfeeding", "ended", year(2023), id="weaned"),
        pytest.param("Melanoma, stage IV.", "melanoma", "traits", set(), id="the IV of a stage is no infusion"),
        pytest.param(
            "Cystitis cured 2026-01-02, no infection since.", "infection", "started", day(2026, 1, 2), id="none since a day"
        ),
        pytest.param(
            "Cystitis cured 2026-01-02, no infection since.", "infection", "traits", {"active"}, id="none active since"
        ),
        pytest.param("Gout. No infection since.", "infection", "certain", False, id="since when is not said"),
        pytest.param(
            "On lithium since October.", "lithium", "started", Days(date(2025, 10, 1), date(2025, 10, 31)), id="month, stop"
        ),
        pytest.param(
            "No vaccine since last autumn.", "vaccine", "started", Days(date(2025, 9, 1), date(2025, 12, 21)), id="a season"
        ),
        pytest.param("She passed out from a low sugar.", "hypoglycemia", "traits", {"severe"}, id="a sign of severity"),
        pytest.param(
            "PE in 2025 with dyspnea.", "pulmonary-embolism", "traits", {"symptomatic"}, id="a symptom in its sentence"
        ),
        pytest.param(
            "G2 tingling of the toes after cisplatin.", "peripheral-neuropathy", "grade", exactly(2), id="a graded neuropathy"
        ),
        pytest.param(
            "Breast cancer. They measured it at 3.5 cm.", "breast-cancer", "size_mm", exactly(35), id="the size of it"
        ),
        pytest.param(
            "Pregnancy test negative, but that was on 3 March 2025.",
            "pregnancy",
            "started",
            day(2025, 3, 3),
            id="that was then",
        ),
        pytest.param("COPD stable, no acute lung dz.", "copd", "traits", {"stable"}, id="a denied trait is of what is denied"),
        pytest.param(
            "Melanoma, undiff. (nodular), bx 2025-03-01.", "melanoma", "traits", {"confirmed-histologically"}, id="bx"
        ),
    ],
)
def test_attributes(note: str, concept: str, field: str, expected: object) -> None:
    found = findings(note, concept)
    assert expected in [getattr(one, field) for one in found]


@pytest.mark.parametrize(
    ("note", "quantity", "expected"),
    [
        pytest.param("Hb 9.1 g/dL", "hemoglobin", [(9.1, "g/dL", None)], id="a value"),
        pytest.param("Labs 2026-01-03: Hb 9.1 g/dL, ALT 30 U/L.", "alt", [(30, "U/L", day(2026, 1, 3))], id="a heading's day"),
        pytest.param(
            "ANC 1.2 x10^9/L on 2026-01-02, 1.8 x10^9/L on 2026-01-16.",
            "anc",
            [(1.2, "10^9/L", day(2026, 1, 2)), (1.8, "10^9/L", day(2026, 1, 16))],
            id="two days",
        ),
        pytest.param("Labs 2026-01-03: Hb 9.1 g/dL. INR 1.1.", "inr", [(1.1, None, day(2026, 1, 3))], id="a day that lasts"),
        pytest.param(
            "Creatinine 1.2 mg/dL on 2025-12-30.", "creatinine", [(1.2, "mg/dL", day(2025, 12, 30))], id="its own day"
        ),
        pytest.param("INR 2.1 on warfarin for thrombosis in 2020.", "inr", [(2.1, None, None)], id="the day of another thing"),
        pytest.param("Father's Hb 9.1 g/dL.", "hemoglobin", [], id="a relative's value"),
        pytest.param("BP 132/84.", "systolic-bp", [(132, "mmHg", None)], id="systolic"),
        pytest.param("BP 132/84.", "diastolic-bp", [(84, "mmHg", None)], id="diastolic"),
        pytest.param(
            "ECOG 0 on 01-05, 1 today.",
            "ecog",
            [(0, None, day(2026, 1, 5)), (1, None, day(2026, 1, 20))],
            id="two days, bare number",
        ),
        pytest.param("WBC 4.0 G/L, neutrophils 50 %.", "anc", [(2.0, "10^9/L", None)], id="a share of the white count"),
        pytest.param("Neutrophils 50 %.", "anc", [], id="a share of nothing"),
        pytest.param("WBC 4.0 G/L with 60 % neutrophils.", "anc", [(2.4, "10^9/L", None)], id="a share before its cells"),
        pytest.param("WBC 4.0 G/L, 60 % neutrophils 30 % lymphocytes.", "anc", [], id="shares on either side of the cells"),
        pytest.param(
            "Seen 2026-01-18. Bloods 01-14: Hb 93 g/L, neuts 2.2, plt 88 (both x10^9/L).",
            "anc",
            [(2.2, "10^9/L", day(2026, 1, 14))],
            id="a short day and a unit for both",
        ),
        pytest.param("Labs 12/Jan/2026: plt 88 G/L.", "platelets", [(88, "10^9/L", day(2026, 1, 12))], id="day/month/year"),
        pytest.param("Seen 2026-01-18. Plt 88 G/L 12/Jan.", "platelets", [(88, "10^9/L", day(2026, 1, 12))], id="day/month"),
        pytest.param("Glucose 8.1 (mmol/L).", "glucose", [(8.1, "mmol/L", None)], id="a unit in brackets"),
        pytest.param("Platelets fell from 210 to 88 x10^9/L.", "platelets", [(88, "10^9/L", None)], id="from one to another"),
        pytest.param("BP around 140 over 85.", "diastolic-bp", [(85, "mmHg", None)], id="over"),
        pytest.param("FEV1 1.4 L (48 % predicted).", "fev1", [(48, "% predicted", None)], id="litres and a share"),
        pytest.param("HCV RNA 1.2 million IU/mL.", "hcv-rna", [(1.2e6, "IU/mL", None)], id="millions"),
        pytest.param("I am 5'6\" and 160 pounds.", "weight", [(160, "lb", None)], id="feet and pounds"),
        pytest.param("A lift of 20 lb hurts.", "weight", [], id="pounds lifted"),
        pytest.param("Hb 8.8 in the morning.", "hemoglobin", [(8.8, "mmHg", None)], id="in the morning is no inch"),
        pytest.param("WCC 6.7, neut 4.2.", "wbc", [(6.7, "mmHg", None)], id="WCC"),
        pytest.param("Asthma. 71 kg, 168 cm. Well.", "height", [(168, "cm", None)], id="a bare height"),
        pytest.param("I am 5 ft 9 and weigh 150 lb.", "height", [(69, "in", None)], id="feet and a bare number"),
        pytest.param("A liver lesion, 15 cm.", "height", [], id="a lesion is no height"),
        pytest.param(
            "On 12 Jan Hb 9.1 g/dL, ALT 33 U/L and AST 30 U/L.", "ast", [(30, "U/L", day(2026, 1, 12))], id="the day of a list"
        ),
        pytest.param("Infusion on 12 Jan, ALT 33 U/L.", "alt", [(33, "U/L", None)], id="the day of something else"),
        pytest.param(
            "Labs (2026-01-12)\nALT 33 U/L", "alt", [(33, "U/L", day(2026, 1, 12))], id="a heading with its day in brackets"
        ),
        pytest.param("eGFR 41 mL/min (CKD-EPI 2021).", "egfr", [(41, "mL/min", None)], id="the year of a formula"),
        pytest.param("ALT 33 U/L (2021).", "alt", [(33, "U/L", year(2021))], id="the year of a value"),
        pytest.param("ANC recovered from 0.4 to 1.6 x10^9/L.", "anc", [(1.6, "10^9/L", None)], id="recovered from and to"),
        pytest.param("I am 24 weeks along.", "gestational-age", [(24, "week of gestation", None)], id="weeks along"),
        pytest.param("My INR sits at 2.6 on warfarin.", "inr", [(2.6, None, None)], id="a value that sits"),
        pytest.param(
            "Bilirubin is 2.4 times what they call the upper limit.", "bilirubin", [(2.4, "mmHg", None)], id="their limit"
        ),
        pytest.param("My oxygen level is 93 % at home.", "spo2", [(93, "%", None)], id="a level of oxygen"),
        pytest.param("PSA rose from 4 to 12 ng/mL in six months.", "psa", [(12, "ng/mL", None)], id="in six months"),
        pytest.param("QTcF 466 ms, over-read by nobody.", "qtcf", [(466, "ms", None)], id="over-read is no comparison"),
    ],
)
def test_measurements(note: str, quantity: str, expected: list[tuple[float, str | None, Days | None]]) -> None:
    found = [
        (one.value.low, one.unit if one.unit or quantity in ("inr", "ecog") else "mmHg", one.taken)
        for one in values(note, quantity)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("He is fully active and works.", exactly(0), id="fully active"),
        pytest.param("Restricted in strenuous activity but does office work.", exactly(1), id="restricted"),
        pytest.param("Manages all self-care but is unable to do any work.", exactly(2), id="self-care, no work"),
        pytest.param("I'm up and about all day but can't work.", Range(1, 2), id="up and about, no work"),
        pytest.param("She is confined to bed or chair more than half of the day.", Range(3, 4), id="in bed most of the day"),
        pytest.param("My doctor gave me a performance status of one.", exactly(1), id="a grade in words"),
        pytest.param("ECOG one day after surgery was not noted.", None, id="a day, no grade"),
        pytest.param("Fully active ulcerative colitis.", None, id="a disease that is fully active"),
        pytest.param("She was bedridden for two weeks last year.", None, id="who was bedridden"),
        pytest.param("She is not bedridden.", None, id="who is not"),
        pytest.param("ECOG 1. Up and about more than half of the day.", exactly(1), id="the grade itself is given"),
    ],
)
def test_performance_in_words(note: str, expected: Range | None) -> None:
    assert [one.value for one in values(note, "ecog")] == ([] if expected is None else [expected])


@pytest.mark.parametrize("quantity", ["potassium", "sodium", "albumin"])
def test_a_list_that_is_normal_flags_each(quantity: str) -> None:
    [one] = values("Potassium, sodium and albumin normal.", quantity)
    assert (one.flag, one.value) == ("normal", Range())


@pytest.mark.parametrize(
    ("note", "quantity", "expected"),
    [
        pytest.param(
            "Hb reported as 7.9 g/dL, corrected to 8.9 g/dL.", "hemoglobin", [(7.9, True), (8.9, False)], id="corrected to"
        ),
        pytest.param(
            "Hb reported as 7.9 g/dL, corrected by the laboratory to 8.9 g/dL.",
            "hemoglobin",
            [(7.9, True), (8.9, False)],
            id="corrected by somebody to",
        ),
        pytest.param("ECOG 2. Sorry, I meant 1.", "ecog", [(2, True), (1, False)], id="I meant"),
        pytest.param("ECOG 2, at home.\nNow ECOG 1.", "ecog", [(2, True), (1, False)], id="a later message"),
        pytest.param("ECOG 2. ECOG 1.", "ecog", [(2, False), (1, False)], id="two values in one line"),
        pytest.param(
            "Platelets 80 x10^9/L. Actually platelets 180 x10^9/L.", "platelets", [(80, True), (180, False)], id="actually"
        ),
        pytest.param(
            "Platelets 55 x10^9/L on the EDTA tube (clumped), 166 on the citrate repeat.",
            "platelets",
            [(55, True), (166, False)],
            id="clumps, and a citrate tube",
        ),
        pytest.param(
            "Platelets first read as 55 x10^9/L; EDTA clumps, citrate tube gave 166 x10^9/L.",
            "platelets",
            [(55, True), (166, False)],
            id="a citrate tube in a part of its own",
        ),
        pytest.param("K 6.6 (hemolyzed), repeat 4.2.", "potassium", [(6.6, True), (4.2, False)], id="a hemolyzed sample"),
        pytest.param(
            "K 4.2 mmol/L, repeat 6.6 mmol/L (hemolyzed).",
            "potassium",
            [(4.2, False), (6.6, False)],
            id="the repeat is the bad one",
        ),
        pytest.param(
            "Glucose 19 mmol/L from the drip arm, repeat 6.2 mmol/L.", "glucose", [(19, True), (6.2, False)], id="the drip arm"
        ),
        pytest.param("Troponin 40 ng/L, repeat 42 ng/L.", "troponin", [(40, False), (42, False)], id="a repeat, both good"),
        pytest.param("Hb 9.9 g/dL, repeat in 3 weeks.", "hemoglobin", [(9.9, False)], id="a repeat that is due"),
        pytest.param("ALT 90 U/L, recheck at day 8.", "alt", [(90, False)], id="the day of a recheck"),
        pytest.param("LVEF 35 % (old report), re-read as 48 %.", "lvef", [(35, True), (48, False)], id="re-read as"),
        pytest.param(
            "eGFR first released as 71, corrected the next day to 52 (wrong age); ALT 30 U/L.",
            "egfr",
            [(71, True), (52, False)],
            id="corrected, with another value behind",
        ),
        pytest.param(
            "LVEF 42 % in one report and 55 % in the other.", "lvef", [(42, False), (55, False)], id="two reports in per cent"
        ),
        pytest.param(
            "Weight 71 kg on the ward scale and 64 kg in the clinic.", "weight", [(71, False), (64, False)], id="two scales"
        ),
        pytest.param(
            "Hemoglobin of this sample is 9.4 g/dL on the printout but 8.4 g/dL in the system.",
            "hemoglobin",
            [(9.4, False), (8.4, False)],
            id="a printout and a system",
        ),
        pytest.param("PS (WHO) was 2 in the week after the operation, 1 now.", "ecog", [(2, True), (1, False)], id="1 now"),
        pytest.param("PS ECOG 2 at Easter, back to 1 since mid-May.", "ecog", [(2, True), (1, False)], id="back to"),
        pytest.param("I was ECOG 3 in winter but now it is 1.", "ecog", [(3, True), (1, False)], id="but now it is"),
        pytest.param("LVEF 35 % in 2023, now 52 %.", "lvef", [(35, True), (52, False)], id="now, with its unit"),
        pytest.param("Weight 80 kg last year, 72 kg now.", "weight", [(80, True), (72, False)], id="its unit, now"),
        pytest.param(
            "Creatinine 180 µmol/L on admission and 96 µmol/L at discharge.",
            "creatinine",
            [(180, True), (96, False)],
            id="at discharge",
        ),
        pytest.param(
            "Hb 7.1 two days ago, transfused, 9.4 today.", "hemoglobin", [(7.1, True), (9.4, False)], id="ago, and today"
        ),
        pytest.param("ECOG 2, now 3 cycles done.", "ecog", [(2, False)], id="a count of something else"),
        pytest.param("ECOG 1, pain 3 now.", "ecog", [(1, False)], id="another score"),
        pytest.param("ECOG 1 in May. Gout now 2 attacks.", "ecog", [(1, False)], id="another sentence"),
        pytest.param(
            "Hb first signed out as 8.1, amended to 9.1 g/dL.", "hemoglobin", [(8.1, True), (9.1, False)], id="signed out as"
        ),
        pytest.param("Platelets reported as 70, which is wrong.", "platelets", [(70, True)], id="which is wrong"),
        pytest.param(
            "Platelets 70 x10^9/L, which is wrong: rechecked 110 x10^9/L.",
            "platelets",
            [(70, True), (110, False)],
            id="which is wrong, and what is right",
        ),
        pytest.param(
            "HBV DNA: 210 IU/mL in one report, 2,100 IU/mL in the other.",
            "hbv-dna",
            [(210, False), (2100, False)],
            id="two reports, neither taken back",
        ),
    ],
)
def test_corrections(note: str, quantity: str, expected: list[tuple[float, bool]]) -> None:
    assert [(one.value.low, one.superseded) for one in values(note, quantity)] == expected


def test_what_is_taken_back_decides_nothing() -> None:
    assert stances("I have no gout. Actually, I do have gout.", "gout") == {"unsure", "yes"}


@pytest.mark.parametrize(
    ("note", "sex", "age"),
    [
        pytest.param("58-year-old man with gout.", "male", exactly(58), id="58-year-old man"),
        pytest.param("44 yo male.", "male", exactly(44), id="44 yo male"),
        pytest.param("62F with asthma.", "female", exactly(62), id="62F"),
        pytest.param("I'm a 45 year old woman.", "female", exactly(45), id="a 45 year old woman"),
        pytest.param("I'm 62, and I take aspirin.", None, exactly(62), id="I'm 62"),
        pytest.param("I am 62 years old.", None, exactly(62), id="I am 62 years old"),
        pytest.param("A woman in her sixties.", "female", Range(60, 69), id="in her sixties"),
        pytest.param("A man in his mid-50s.", "male", Range(54, 56), id="mid-50s"),
        pytest.param("Sixty-one-year-old lady.", "female", exactly(61), id="an age in words"),
        pytest.param("67 y/o F with gout.", "female", exactly(67), id="67 y/o F"),
        pytest.param("I'm 26 - sorry, 62.", None, exactly(62), id="an age taken back"),
        pytest.param("Male, aged 71.", "male", exactly(71), id="aged"),
        pytest.param("Man of 71 with gout.", "male", exactly(71), id="man of 71"),
        pytest.param("A woman of 63.", "female", exactly(63), id="a woman of 63"),
        pytest.param("Woman, 38, seen 2026-01-11.", "female", exactly(38), id="woman, 38"),
        pytest.param("Man, 47.", "male", exactly(47), id="man, 47"),
        pytest.param("Male, 49 years. Gout.", "male", exactly(49), id="male, 49 years"),
        pytest.param("I am 51 and a woman.", "female", exactly(51), id="I am 51 and a woman"),
        pytest.param("Girl, 18 years old since May.", "female", exactly(18), id="18 years old since"),
        pytest.param("Female, age: 33.", "female", exactly(33), id="age with a colon"),
        pytest.param("He has gout; his mother had asthma at age 40.", "male", None, id="an age of the past, a pronoun"),
        pytest.param("She is pregnant.", "female", None, id="she"),
        pytest.param("Pregnant, 20 weeks.", "female", None, id="pregnant"),
        pytest.param("Gout. Mother, 70-year-old woman, has asthma.", None, None, id="a mother's age and sex"),
        pytest.param("Trans woman, 30 years old.", None, exactly(30), id="a sex to be asked for"),
        pytest.param("M 54. Gout.", "male", exactly(54), id="a letter before the age"),
        pytest.param("F, 71, with asthma.", "female", exactly(71), id="a letter and a comma"),
        pytest.param("To the clinic, re: Mrs Almeida, 48 years. Gout.", "female", exactly(48), id="a letter about Mrs"),
        pytest.param("We refer Mr Tanaka, 29. He has gout.", "male", exactly(29), id="a title and a name"),
        pytest.param("I stopped breastfeeding in 2024. Gout.", "female", None, id="who has breastfed"),
        pytest.param("My womb was taken out in 2011.", "female", None, id="a womb taken out"),
        pytest.param("6MWD 310 m. He walks 50 m a day.", "male", None, id="metres"),
        pytest.param("Man 44 after a fall.", "male", exactly(44), id="man 44 after"),
        pytest.param("Patient: 45y f, asthma.", "female", exactly(45), id="small letters"),
        pytest.param("Age/sex: 45/M.", "male", exactly(45), id="a slash"),
        pytest.param("I just turned 61.", None, exactly(61), id="turned"),
        pytest.param("The patient is 61, on aspirin.", None, exactly(61), id="the patient is"),
        pytest.param("Mr. P., 58, has gout.", "male", exactly(58), id="a title and an initial"),
        pytest.param("Seen: Mrs A.B. van der Veen, 64 y, gout.", "female", exactly(64), id="a title and a long name"),
        pytest.param("Mr Okoro is 66 and has gout.", "male", exactly(66), id="a title, a name and is"),
        pytest.param("Ms Tan, 2 weeks after a fall.", "female", None, id="weeks behind a name"),
        pytest.param("Mrs Roy, 50 Gy to the chest wall.", "female", None, id="a dose behind a name"),
        pytest.param("I am a man of 52 from Turin.", "male", exactly(52), id="a man of 52 from"),
        pytest.param("She is a woman of 47 kg.", "female", None, id="a woman of so many kilograms"),
        pytest.param("My name is Ida and I'm fifty-three.", None, exactly(53), id="an age in words"),
        pytest.param("4 1/2-year-old boy with asthma.", "male", exactly(4), id="four and a half"),
        pytest.param("Three-and-a-half-year-old girl.", "female", exactly(3), id="three and a half in words"),
        pytest.param("Hello, 47 here, female, with gout.", "female", exactly(47), id="a greeting"),
        pytest.param("A new referral (male, 63 years) with gout.", "male", exactly(63), id="sex and age in brackets"),
        pytest.param("Hi, I'm a mum, 38, with gout.", "female", exactly(38), id="a mother of her own account"),
        pytest.param("I'm a 44yo dad of two.", "male", exactly(44), id="a father of his own account"),
        pytest.param("I'm the mother of a 6-year-old with asthma.", None, exactly(6), id="the mother of who is meant"),
        pytest.param("A 29-year-old G2P1 with asthma.", "female", exactly(29), id="births counted"),
        pytest.param("I had my scan. I just had my 50th birthday.", None, exactly(50), id="a birthday"),
        pytest.param("Asked the surgeon for his view. She has gout.", "female", None, id="a pronoun of a doctor"),
        pytest.param("Mrs Bello (61) has asthma.", "female", exactly(61), id="a name and a bracket"),
        pytest.param("♀ 61 y, gout.", "female", None, id="a sign"),
        pytest.param("She is 12 weeks pregnant.", "female", None, id="weeks of a pregnancy"),
        pytest.param("24-h urine protein 0.4 g.", None, None, id="the hours of a collection"),
        pytest.param("I'm 1.75 m tall.", None, None, id="a height is no age"),
        pytest.param("Gestational age 31 weeks.", None, None, id="the age of a pregnancy"),
        pytest.param("mRS 2, MS since 2019, MR brain clear.", None, None, id="Rankin, sclerosis and resonance are no titles"),
        pytest.param("He is 3-4 days after surgery.", "male", None, id="days after surgery"),
        pytest.param("I breastfeed my 4 month old.", "female", None, id="the age of a child"),
        pytest.param("I had mumps in my twenties.", None, None, id="a decade that something fell in"),
        pytest.param("I am in my twenties.", None, Range(20, 29), id="a decade of now"),
        pytest.param("Had a PET scan (18F-NaF) in May.", None, None, id="an isotope"),
        pytest.param("hi, im 29 and have gout", None, exactly(29), id="im without an apostrophe"),
        pytest.param("Asthma.", None, None, id="nothing said"),
    ],
)
def test_person(note: str, sex: str | None, age: Range | None) -> None:
    patient = read(note)
    assert (patient.sex, patient.age) == (sex, age)


@pytest.mark.parametrize(
    ("note", "stance"),
    [
        pytest.param("55 y.o. woman; LMP 4 years ago.", {"yes"}, id="LMP"),
        pytest.param("Woman of 61. Periods stopped at 50.", {"yes"}, id="periods stopped at an age"),
        pytest.param("I am 58, my periods stopped when I was 50.", {"yes"}, id="when I was"),
        pytest.param("56F, amenorrhoeic since 2019.", {"yes"}, id="amenorrhoeic since"),
        pytest.param("56F. No menses for 14 months.", {"yes"}, id="no menses for"),
        pytest.param("44F, LMP 2015.", {"yes"}, id="at 44 after two years"),
        pytest.param("44F, LMP 16 months ago.", set(), id="at 44 too soon"),
        pytest.param("56F. LMP 2 weeks ago.", set(), id="weeks ago"),
        pytest.param("33-year-old woman. LMP 2019.", set(), id="too young"),
        pytest.param("51F, LMP 2019, Mirena coil.", set(), id="another reason"),
        pytest.param("56F. Her daughter: LMP 2019.", set(), id="a daughter's"),
    ],
)
def test_menopause_by_the_last_period(note: str, stance: set[str]) -> None:
    assert stances(note, "postmenopausal") == stance


@pytest.mark.parametrize(
    ("note", "stance"),
    [
        pytest.param("33F. Serum β-hCG <2 IU/L.", {"no"}, id="below"),
        pytest.param("33F. hCG 1 IU/L.", {"no"}, id="a number"),
        pytest.param("33F. hCG 12 IU/L.", set(), id="above"),
        pytest.param("33F. hCG <25 IU/L.", set(), id="below a bound that says nothing"),
    ],
)
def test_a_low_hcg_is_no_pregnancy(note: str, stance: set[str]) -> None:
    assert stances(note, "pregnancy") == stance


@pytest.mark.parametrize("row", list(rows("panels.tsv")), ids=lambda row: row["example"])
def test_a_normal_panel_flags_what_it_measures(row: Mapping[str, str]) -> None:
    assert row["source"]
    found = [one for one in read(row["example"]).facts if isinstance(one, Measurement)]
    assert {(one.quantity, one.flag) for one in found} == {(id, "normal") for id in row["quantities"].split()}


def test_a_normal_panel_has_the_day_said_of_the_list() -> None:
    assert [one.taken for one in values("FBC, LFTs and clotting of 3 Jan all within reference.", "alt")] == [day(2026, 1, 3)]


@pytest.mark.parametrize(
    "note",
    [
        "LFTs not normal.",
        "LFTs were never normal.",
        "LFTs pending, ECG normal.",
        "LFTs normal except the ALT.",
        "LFTs raised, ECG normal.",
        "Her mother's LFTs are normal.",
    ],
)
def test_a_panel_not_called_normal_flags_nothing(note: str) -> None:
    assert values(note, "alt") == []


def test_an_infant_of_weeks() -> None:
    age = read("2-week-old infant.").age
    assert age is not None
    assert 14 / 366 < age.low < age.high < 22 / 365


@pytest.mark.parametrize(
    ("note", "born"),
    [
        pytest.param("Male, born 1950-11-17.", day(1950, 11, 17), id="a day"),
        pytest.param("I was born on the 4th of July 1958.", day(1958, 7, 4), id="born on the"),
        pytest.param("I was born in early 1950.", year(1950), id="born in early"),
        pytest.param("DOB: 1950-11-17", day(1950, 11, 17), id="DOB"),
        pytest.param("Born in 1950.", year(1950), id="a year"),
        pytest.param("Woman, b. 17 Nov 1950, with gout.", day(1950, 11, 17), id="b."),
        pytest.param("The letter states b. 1948, which is wrong: b. 17-Nov-1950.", day(1950, 11, 17), id="a date taken back"),
        pytest.param("He is 59 and will turn 60 on 4 March 2026.", day(1966, 3, 4), id="a birthday that lies ahead"),
        pytest.param("She turns 65 on 3 April.", day(1961, 4, 3), id="a birthday that names no year"),
        pytest.param("I turned 70 in October 2025.", Days(date(1955, 10, 1), date(1955, 10, 31)), id="the month of a birthday"),
        pytest.param("His 50th birthday was on 2026-01-04.", day(1976, 1, 4), id="a birthday by its number"),
        pytest.param("Her platelets will be 60 in June.", None, id="what turns sixty is not she"),
        pytest.param("On 2 May 2010, before his 18th birthday, he had gout.", None, id="an event before a birthday"),
        pytest.param("Hepatitis b. 1998 she had gout.", None, id="no b. for born"),
    ],
)
def test_born(note: str, born: Days | None) -> None:
    assert read(note).born == born


@pytest.mark.parametrize(
    ("note", "dated"),
    [
        pytest.param("50-year-old man, clinic 2025-12-08.", date(2025, 12, 8), id="clinic"),
        pytest.param("Reviewed 2025-11-03 for gout.", date(2025, 11, 3), id="reviewed"),
        pytest.param("Seen on 3 November 2025.", date(2025, 11, 3), id="seen on"),
        pytest.param("MRI 2025-11-03: clear.", None, id="an examination's day is not the note's"),
    ],
)
def test_the_day_of_the_note(note: str, dated: date | None) -> None:
    assert read(note).dated == dated


def test_relative_times_count_from_the_day_of_the_note() -> None:
    [one] = findings("Clinic 2025-06-30. Stroke three weeks ago.", "stroke")
    assert one.started == day(2025, 6, 9)


def test_numbered_lines_are_read_without_their_numbers() -> None:
    note = "0. A 50-year-old woman has asthma.\n1. She denies gout.\n2. She takes metformin."
    patient = read(note)
    assert patient.age == exactly(50)
    assert stances(note, "gout") == {"no"}
    assert [fact for fact in patient.facts if isinstance(fact, Measurement)] == []


def test_clauses_carry_stems_and_polarity() -> None:
    clauses = {clause.words.quote: clause for clause in read("Knobbly knees, no frobnication of the ear.").clauses}
    assert not clauses["Knobbly knees"].denied
    assert clauses["no frobnication of the ear"].denied
    assert "ear" in clauses["no frobnication of the ear"].stems


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n ", id="blank"),
        pytest.param(
            "Die Patientin ist 60 Jahre alt und hat keine Beschwerden, sie nimmt nicht regelmäßig Medikamente.", id="German"
        ),
        pytest.param(
            "La patiente est âgée de 60 ans et elle a un cancer du sein avec des métastases dans le foie.", id="French"
        ),
        pytest.param("患者，男，58岁，鼻咽癌，既往无高血压病史。", id="Chinese"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_no_fact(note: str) -> None:
    patient = read(note)
    assert patient.problems
    assert patient.facts == ()


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("A 240-year-old man.", id="an age nobody has"),
        pytest.param("Hb 900 g/dL.", id="a value nobody has"),
        pytest.param("Temperature 400 C.", id="a temperature nobody has"),
    ],
)
def test_impossible_values_are_named_and_left_out(note: str) -> None:
    patient = read(note)
    assert patient.problems
    assert patient.age is None
    assert [fact for fact in patient.facts if isinstance(fact, Measurement)] == []


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("aspirin" * 3000, id="20,000 characters without a space"),
        pytest.param("no asthma, gout or epilepsy; takes metformin since 2019. Hb 9.1 g/dL. " * 1400, id="100 kB of notes"),
        pytest.param("asthma, gout, " * 4000, id="one endless list"),
        pytest.param("(" * 20000, id="brackets"),
        pytest.param("no " * 33333, id="denials"),
        pytest.param("2019 " * 10000, id="dates"),
        pytest.param("ECOG 2 actually 1 " * 1500, id="corrections"),
    ],
)
def test_time_grows_with_length_alone(note: str) -> None:
    read("No asthma. Hb 9.1 g/dL since 2019.")
    begun = time.process_time()
    read(note)
    assert time.process_time() - begun < 60  # what grows with the square of the length takes minutes


def every_words(patient: Patient) -> list[Words]:
    found = [fact.words for fact in patient.facts] + [clause.words for clause in patient.clauses]
    return found + [words for words in (patient.sex_words, patient.age_words) if words is not None]


_PIECES = st.lists(
    st.sampled_from(
        "no|asthma|gout|denies|,|;|.|and|or|but|(|)|:|HIV|negative|on|warfarin|2019|since|his father had|she|never did|Hb 9.1 g/dL|"
        "grade 2|pneumonitis|resolved|not|actually|62|years old|?|\n|0. |stage IV|–|corrected to 8.1|last dose 2025-01-02|“|é|日".split(
            "|"
        )
    ),
    max_size=24,
)


@settings(max_examples=120, deadline=None)
@given(_PIECES)
def test_every_quote_is_the_text(pieces: list[str]) -> None:
    note = " ".join(pieces)
    patient = read(note)
    assert all(note[words.start : words.end] == words.quote for words in every_words(patient))
    assert all(words.quote.strip() for words in every_words(patient))


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=120))
def test_reading_never_raises(note: str) -> None:
    patient = read(note)
    assert all(note[words.start : words.end] == words.quote for words in every_words(patient))


@pytest.mark.parametrize("row", list(rows("cues.tsv")), ids=lambda row: f"{row['does']} {row['side']}: {row['cue'][:24]}")
def test_every_row_of_cues_has_a_source_and_an_example_that_shows_it(row: Mapping[str, str]) -> None:
    assert row["source"]
    assert (row["does"], row["side"]) in {(cue.does, cue.side) for cue in find_cues(row["example"])}


PHRASES = [row for row in rows("implied.tsv") if row["says"] == "phrase"]


@pytest.mark.parametrize("row", PHRASES, ids=[row["words"][:30] for row in PHRASES])
def test_every_phrase_says_its_concept(row: Mapping[str, str]) -> None:
    assert row["source"]
    certain = row["present"] != "unsure"
    assert (row["present"] != "no") in {
        one.present for one in findings(row["example"], row["concept"]) if one.certain == certain
    }


@pytest.mark.parametrize("row", list(rows("imaging.tsv")), ids=lambda row: row["example"])
def test_every_examination_denies_what_it_would_have_shown(row: Mapping[str, str]) -> None:
    assert {"no"} == set.union(*(stances(row["example"], site) for site in row["site"].split(",")))


def test_quotes_are_clauses_not_notes() -> None:
    note = "58-year-old man. Asthma, well controlled. No gout or epilepsy; on warfarin since 2019, last INR 2.1."
    quotes = {fact.concept: fact.words.quote for fact in read(note).facts if isinstance(fact, Finding)}
    assert quotes["asthma"] == "Asthma, well controlled"
    assert quotes["epilepsy"] == "No gout or epilepsy"
    assert quotes["warfarin"] == "on warfarin since 2019"


def test_a_stage_is_a_grading() -> None:
    gradings = [fact for fact in read("T3N2M1, stage IV (AJCC 9th edition).").facts if isinstance(fact, Grading)]
    assert {one.scale for one in gradings} >= {"stage", "t", "n", "m"}
    assert "9" in {one.edition for one in gradings}
    assert stances("T3N2M0.", "distant-metastasis") == {"no"}
    assert stances("T3N2M1.", "distant-metastasis") == {"yes"}


@pytest.mark.parametrize(
    ("note", "scale", "expected"),
    [
        pytest.param(
            "Colon cancer, cT4 N2 M1a, IVA per UICC 8th ed.", "stage", {("IVA", "8")}, id="the edition of a bare group"
        ),
        pytest.param("Gastric cancer T2N1M0 = II (AJCC 8).", "stage", {("II", "8")}, id="a group behind an equals sign"),
        pytest.param(
            "Lung cancer, stage IIB (AJCC 9th edition; 8th not recorded).", "stage", {("IIB", "9")}, id="not recorded"
        ),
        pytest.param("Staged T3N1M0. Edition used: AJCC 8th.", "t", {("T3", "8")}, id="an edition in the next sentence"),
        pytest.param("Staging by the 9th UICC edition. T3N1M0.", "n", {("N1", "9")}, id="an edition in the sentence before"),
        pytest.param("Stage II in 2012 by AJCC 7. Now T4N0M0.", "t", {("T4", None)}, id="another staging has its own edition"),
        pytest.param("Vulvar cancer T1N0, I had an operation.", "stage", set(), id="the pronoun is no stage"),
        pytest.param("Restaging CT 2025-05-03 PR, node smaller.", "response", {("PR", None)}, id="a response behind its day"),
        pytest.param("Heart clinic after CT 2025-05-03: PR 160 ms.", "response", set(), id="a PR interval"),
        pytest.param("NPC cT2N1 in 2019. Now rT4N0 by AJCC 8th.", "t", {("T4", "8")}, id="the T of a recurrence"),
        pytest.param("NPC cT2N1 in 2019. Now rT4N0 by AJCC 8th.", "n", {("N0", "8")}, id="the N of a recurrence"),
        pytest.param("Melanoma, at first stage II; the letter now says stage III.", "stage", {("III", None)}, id="at first"),
        pytest.param(
            "Melanoma, first treated in 2020, stage II; now stage III.", "stage", {("II", None), ("III", None)}, id="two"
        ),
        pytest.param("Gastric cancer stage III. Stage I lip cancer resected 2019.", "stage", {("III", None)}, id="of another"),
        pytest.param("Stage I lip cancer resected 2019.", "stage", {("I", None)}, id="the only stage"),
        pytest.param("Restaging CT: signed out as SD; amended to PR.", "response", {("PR", None)}, id="an amended response"),
        pytest.param("FLOT x4: PR.", "response", {("PR", None)}, id="a response behind a course"),
        pytest.param("ECG after three cycles: PR 180 ms.", "response", set(), id="the PR interval"),
        pytest.param("PD exchanges x4, PD catheter clean.", "response", set(), id="peritoneal dialysis"),
        pytest.param("NPC, non-keratinizing undifferentiated.", "who-npc-type", {("III", None)}, id="the type by its words"),
        pytest.param("Keratinizing cancer of the tongue.", "who-npc-type", set(), id="a type of the nasopharynx alone"),
    ],
)
def test_classes(note: str, scale: str, expected: set[tuple[str, str | None]]) -> None:
    graded = [fact for fact in read(note).facts if isinstance(fact, Grading) and fact.scale == scale]
    assert {(min(one.values, key=len), one.edition) for one in graded} == expected


@pytest.mark.parametrize(
    ("note", "concept", "stance"),
    [
        ("Melanoma in 2011, cured. No further malignancy.", "malignancy", {"no other"}),
        ("Vitiligo; no further autoimmune disease.", "autoimmune-disease", {"no other"}),
        ("Seizure in 2010. No further seizures.", "seizure", {"yes"}),
        ("Her mother had gastric cancer. No further cancers.", "malignancy", {"yes"}),
        ("CT head clear of metastases.", "brain-metastasis", {"no"}),
        ("No idea about gout.", "gout", {"unsure"}),
        ("I have no clue whether I had gout.", "gout", {"unsure"}),
    ],
)
def test_what_a_no_denies(note: str, concept: str, stance: set[str]) -> None:
    assert stances(note, concept) == stance


def test_a_class_in_brackets_has_the_day_before_them() -> None:
    gradings = [fact for fact in read("Melanoma, May 2021 (T2N0M0).").facts if isinstance(fact, Grading)]
    assert {one.given for one in gradings if one.scale == "m"} == {Days(date(2021, 5, 1), date(2021, 5, 31))}
    denied = next(one for one in findings("Melanoma, May 2021 (T2N0M0).", "distant-metastasis"))
    assert denied.started == denied.ended == Days(date(2021, 5, 1), date(2021, 5, 31))


def test_markup_is_no_comparison() -> None:
    assert [one.value for one in values("ECOG <b>1</b>.", "ecog")] == [exactly(1)]
    assert [one.value for one in values("ALT <40 U/L and ECOG >1.", "alt")] == [Range(high=40, high_open=True)]


@pytest.mark.parametrize(
    "note",
    [
        "HbA1c: the clinic says 6.1 %, the hospital 8.4 %.",
        "On 4 May the clinic's letter says HbA1c 6.1 % and the hospital's letter says 8.4 %.",
    ],
)
def test_two_sources_of_one_sample_both_stand(note: str) -> None:
    found = values(note, "hba1c")
    assert [one.value for one in found] == [exactly(6.1), exactly(8.4)]
    assert len({one.taken for one in found}) == 1
    assert not any(one.superseded for one in found)


@pytest.mark.parametrize("note", ["KPS 70 in March.", "KPS 70 in 2025."])
def test_in_before_a_month_is_no_inch(note: str) -> None:
    assert [(one.value, one.taken is not None) for one in values(note, "karnofsky")] == [(exactly(70), True)]


@pytest.mark.parametrize(
    ("note", "quantity", "upper"),
    [
        pytest.param("Bilirubin 12 (limit 21).", "bilirubin", 21, id="no unit, but a limit"),
        pytest.param("AST 52 and ALT 118 (limit 40 for both).", "ast", 40, id="a limit for both"),
        pytest.param("ALT 70 where the limit is 33.", "alt", 33, id="where the limit is"),
        pytest.param("AST 88 U/L (N<40).", "ast", 40, id="N <"),
    ],
)
def test_a_limit_of_normal_is_read_beside_the_value(note: str, quantity: str, upper: float) -> None:
    [one] = values(note, quantity)
    assert one.upper_limit == exactly(upper)


@pytest.mark.parametrize("note", ["K 3.3 mmol/L (limit 3.5).", "Hb 10 g/dL (limit 12)."])
def test_a_limit_may_be_the_lower_one(note: str) -> None:
    assert [one.upper_limit for one in read(note).facts if isinstance(one, Measurement)] == [None]


@pytest.mark.parametrize(("note", "flag"), [("K 3.3 (L).", "low"), ("ALT 88 (H).", "high"), ("Na + Ca + alb wnl.", "normal")])
def test_flags_of_one_letter_and_of_a_sum(note: str, flag: str) -> None:
    assert {one.flag for one in read(note).facts if isinstance(one, Measurement)} == {flag}


def test_a_short_tnm_gives_its_node_and_stage() -> None:
    graded = {fact.scale: fact.values for fact in read("Rectal cancer, cT2N1 = IIIA.").facts if isinstance(fact, Grading)}
    assert "N1" in graded["n"]
    assert "IIIA" in graded["stage"]
    assert "IIIB" not in graded["stage"]


@pytest.mark.parametrize(
    ("note", "sex", "age"), [("Men, 61 years, with gout.", "male", 61), ("Women of 44 years.", "female", 44)]
)
def test_an_opening_in_the_plural_is_of_one(note: str, sex: str, age: int) -> None:
    assert (read(note).sex, read(note).age) == (sex, exactly(age))


def test_spots_of_a_cancer_have_their_size() -> None:
    found = findings("Colon cancer, three spots in the liver, the biggest 2.4 cm.", "liver-metastasis")
    assert [one.size_mm for one in found] == [exactly(24)]


def test_keratinization_is_seen_in_tissue() -> None:
    [cancer, *_] = findings("Non-keratinizing nasopharyngeal carcinoma.", "nasopharyngeal-carcinoma")
    assert "confirmed-histologically" in cancer.traits


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("Multiple sclerosis, relapse in October.", "cancer-recurrence"),
        ("Depression with relapse in 2024.", "cancer-recurrence"),
        ("Hep B core Ab positive.", "hepatitis-b"),
        ("Endometriosis, resection in 2019.", "cancer-surgery"),
        ("Brain MRI and HIV test negative.", "brain-metastasis"),
        ("CT head negative for bleeding.", "brain-metastasis"),
        ("Chest CT, HIV negative.", "pneumonitis"),
        ("MRI showed nothing new in the liver.", "liver-metastasis"),
    ],
)
def test_what_is_said_of_something_else_is_no_finding(note: str, concept: str) -> None:
    assert not stances(note, concept)


def test_quotes_end_in_words() -> None:
    words = read("58-year-old  man.").age_words
    assert words is not None
    assert words.quote == words.quote.strip()
