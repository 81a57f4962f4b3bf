"""What the tables of drugs, of medicine and of a patient's circumstances say: kinds of kinds, lay words, denials, no false kin."""

import pytest

from assistant.eligibility.knowledge import rows
from assistant.eligibility.vocabulary.concepts import all_concepts, concept, find, is_a

TABLES = ("concepts-drugs.tsv", "concepts-medicine.tsv", "concepts-status.tsv")
IDS = [row["id"] for table in TABLES for row in rows(table)]


def found(text: str) -> set[str]:
    """The concepts that a text names without denying them."""
    return {id for mention in find(text) if not mention.denies for id in mention.concepts}


def denied(text: str) -> set[str]:
    """The concepts whose absence a word of the text says."""
    return {id for mention in find(text) if mention.denies for id in mention.concepts}


def test_the_tables_are_broad() -> None:
    assert [sum(1 for _ in rows(table)) >= least for table, least in zip(TABLES, (700, 700, 150), strict=True)] == [True] * 3


def test_every_name_finds_its_concept() -> None:
    lost = [
        (id, name)
        for id in IDS
        for name in (concept(id).name, *concept(id).names)
        if not name.endswith(" to")
        if id not in found(f"Note: {name.removeprefix('=')}.")
    ]
    assert lost == []


def test_every_denying_word_denies_its_concept() -> None:
    assert [(id, name) for id in IDS for name in concept(id).denies if id not in denied(f"Note: {name}.")] == []


def test_every_drug_is_a_medication() -> None:
    assert [id for id in IDS if concept(id).kind == "drug" and not is_a(id, "medication")] == []


def test_every_antineoplastic_agent_is_an_anticancer_therapy() -> None:
    """NCI Thesaurus: through chemotherapy, immunotherapy, targeted therapy, hormone therapy or radionuclides."""
    agents = [id for id in IDS if is_a(id, "antineoplastic-agent") and id != "antineoplastic-agent"]
    assert len(agents) > 300
    assert [id for id in agents if not is_a(id, "anticancer-therapy")] == []


def test_no_symptom_or_status_is_a_disease() -> None:
    assert [id for id in ("symptom", "fever", "pain", "pregnancy", "smoking", "medication") if is_a(id, "disease")] == []


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        pytest.param("toripalimab", "immunotherapy", id="PD-1 antibody is immunotherapy"),
        pytest.param("toripalimab", "medication", id="and a medication"),
        pytest.param("ipilimumab", "ctla-4-inhibitor", id="CTLA-4 antibody"),
        pytest.param("cadonilimab", "pd-1-inhibitor", id="bispecific against PD-1"),
        pytest.param("cadonilimab", "ctla-4-inhibitor", id="and CTLA-4"),
        pytest.param("cisplatin", "platinum", id="platinum"),
        pytest.param("gemcitabine", "antimetabolite", id="antimetabolite"),
        pytest.param("eribulin", "chemotherapy", id="cytotoxic"),
        pytest.param("osimertinib", "egfr-inhibitor", id="EGFR kinase inhibitor"),
        pytest.param("trastuzumab-deruxtecan", "anti-her2-therapy", id="HER2 conjugate"),
        pytest.param("letrozole", "hormone-therapy", id="aromatase inhibitor"),
        pytest.param("prednisone", "systemic-corticosteroid", id="oral steroid"),
        pytest.param("prednisone", "immunosuppressant", id="suppresses immunity"),
        pytest.param("azathioprine", "immunosuppressant", id="azathioprine"),
        pytest.param("apixaban", "anticoagulant", id="direct oral anticoagulant"),
        pytest.param("celecoxib", "nsaid", id="coxib"),
        pytest.param("low-dose-aspirin", "antiplatelet", id="baby aspirin"),
        pytest.param("furosemide", "diuretic", id="loop diuretic"),
        pytest.param("insulin-glargine", "insulin", id="long-acting insulin"),
        pytest.param("clarithromycin", "strong-cyp3a4-inhibitor", id="interaction"),
        pytest.param("rifampin", "cyp3a4-inducer", id="induction"),
        pytest.param("sotalol", "qt-prolonging-drug", id="QT"),
        pytest.param("live-influenza-vaccine", "live-vaccine", id="nasal flu vaccine is live"),
        pytest.param("live-influenza-vaccine", "influenza-vaccine", id="and a flu vaccine"),
        pytest.param("graves", "autoimmune-disease", id="Graves is autoimmune"),
        pytest.param("graves", "hyperthyroidism", id="and an overactive thyroid"),
        pytest.param("type-1-diabetes", "autoimmune-disease", id="type 1 diabetes is autoimmune"),
        pytest.param("crohns-disease", "gastrointestinal-disease", id="Crohn's"),
        pytest.param("nstemi", "coronary-artery-disease", id="heart attack without ST elevation"),
        pytest.param("aortic-stenosis", "heart-disease", id="valve"),
        pytest.param("atrial-fibrillation", "arrhythmia", id="rhythm"),
        pytest.param("hemorrhagic-stroke", "stroke", id="bleeding stroke is a stroke"),
        pytest.param("hemorrhagic-stroke", "bleeding", id="and a bleeding"),
        pytest.param("pulmonary-embolism", "thrombosis", id="embolism"),
        pytest.param("rheumatoid-arthritis", "autoimmune-disease", id="rheumatoid arthritis is autoimmune"),
        pytest.param("idiopathic-pulmonary-fibrosis", "interstitial-lung-disease", id="fibrosis"),
        pytest.param("alzheimers-disease", "dementia", id="Alzheimer's"),
        pytest.param("vascular-dementia", "dementia", id="vascular dementia"),
        pytest.param("epilepsy", "seizure", id="epilepsy has seizures"),
        pytest.param("hip-fracture", "injury", id="broken hip"),
        pytest.param("vasectomy", "surgically-sterile", id="vasectomy"),
        pytest.param("penicillin-allergy", "drug-allergy", id="drug allergy"),
        pytest.param("alcohol-abuse", "substance-use-disorder", id="alcohol"),
        pytest.param("lupus", "comorbidity", id="a comorbidity"),
        pytest.param("former-smoking", "smoking", id="past smoking is smoking, ever"),
        pytest.param("al-amyloidosis", "amyloidosis", id="amyloidosis"),
        pytest.param("febrile-neutropenia", "neutropenia", id="neutropenia with fever"),
        pytest.param("immune-related-colitis", "colitis", id="colitis of a checkpoint inhibitor"),
        pytest.param("meningitis", "neurological-disorder", id="meningitis"),
        pytest.param("empyema", "lung-disease", id="empyema"),
        pytest.param("pyelonephritis", "kidney-disease", id="kidney infection"),
        pytest.param("chronic-kidney-disease", "renal-impairment", id="chronic kidney disease is an impairment"),
        pytest.param("severe-obesity", "obesity", id="obesity of class II"),
        pytest.param("intravenous-iron", "iron-preparation", id="iron"),
        pytest.param("wolff-parkinson-white-syndrome", "preexcitation", id="a bypass tract"),
        pytest.param("distant-recurrence", "distant-metastasis", id="a distant recurrence"),
    ],
)
def test_is_a_kind_of(narrow: str, wide: str) -> None:
    assert is_a(narrow, wide)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        pytest.param("hypertension", "heart-disease", id="high blood pressure is not a heart disease"),
        pytest.param("hypertension", "cardiovascular-disease", id="no cardiovascular disease does not deny hypertension"),
        pytest.param("stroke", "heart-disease", id="stroke is not a heart disease"),
        pytest.param("dvt", "heart-disease", id="leg clot is not a heart disease"),
        pytest.param("type-2-diabetes", "autoimmune-disease", id="type 2 diabetes is not autoimmune"),
        pytest.param("osteoarthritis", "autoimmune-disease", id="wear is not autoimmune"),
        pytest.param("vascular-dementia", "alzheimers-disease", id="another dementia"),
        pytest.param("bleeding", "bleeding-disorder", id="a bleeding is not a diathesis"),
        pytest.param("warfarin", "antiplatelet", id="warfarin leaves platelets alone"),
        pytest.param("heparin-flush", "anticoagulant", id="a line flush is not anticoagulation"),
        pytest.param("acetaminophen", "nsaid", id="paracetamol"),
        pytest.param("inhaled-corticosteroid", "systemic-corticosteroid", id="inhaled is not systemic"),
        pytest.param("topical-corticosteroid", "immunosuppressant", id="a cream does not suppress immunity"),
        pytest.param("hydrocortisone", "systemic-corticosteroid", id="hydrocortisone may be a cream"),
        pytest.param("methotrexate", "chemotherapy", id="methotrexate alone may be for rheumatism"),
        pytest.param("interferon-alfa", "immunotherapy", id="interferon alone may be for hepatitis"),
        pytest.param("allergen-immunotherapy", "immunotherapy", id="allergy shots are not cancer immunotherapy"),
        pytest.param("inactivated-influenza-vaccine", "live-vaccine", id="the flu shot is not live"),
        pytest.param("recombinant-zoster-vaccine", "live-vaccine", id="nor is the recombinant shingles vaccine"),
        pytest.param("tenofovir", "hiv-antiretroviral", id="tenofovir alone may be for hepatitis B"),
        pytest.param("food-allergy", "drug-allergy", id="food is not a drug"),
        pytest.param("alcohol-abuse", "psychiatric-disorder", id="no psychiatric history leaves alcohol open"),
        pytest.param("passive-smoking", "smoking", id="others' smoke"),
        pytest.param("premenopausal", "childbearing-potential", id="may be sterile all the same"),
        pytest.param("fever", "comorbidity", id="a symptom"),
        pytest.param("pulmonary-embolism", "lung-disease", id="no lung disease does not deny a clot"),
        pytest.param("insomnia", "neurological-disorder", id="sleeplessness"),
        pytest.param("constipation", "gastrointestinal-disease", id="constipation"),
        pytest.param("qt-prolongation", "heart-disease", id="an ECG finding"),
        pytest.param("proteinuria", "kidney-disease", id="a urine finding"),
        pytest.param("vaccine", "medication", id="no medication does not deny a vaccine"),
        pytest.param("radioactive-iodine", "anticancer-therapy", id="radioiodine may be for Graves"),
        pytest.param("obesity", "severe-obesity", id="obesity need not be severe"),
        pytest.param("good-health", "healthy-volunteer", id="good health alone makes no volunteer"),
    ],
)
def test_is_no_kind_of(narrow: str, wide: str) -> None:
    assert {narrow, wide} <= all_concepts().keys()
    assert not is_a(narrow, wide)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("I had a heart attack in 2015", "myocardial-infarction", id="heart attack"),
        pytest.param("She had a mini-stroke", "transient-ischemic-attack", id="mini-stroke"),
        pytest.param("high blood pressure since forty", "hypertension", id="high blood pressure"),
        pytest.param("my mother called it sugar disease", "diabetes", id="sugar disease"),
        pytest.param("told of kidney failure", "kidney-failure", id="kidney failure"),
        pytest.param("an underactive thyroid", "hypothyroidism", id="underactive thyroid"),
        pytest.param("he passed out at work", "syncope", id="passed out"),
        pytest.param("a clot in the leg", "dvt", id="leg clot"),
        pytest.param("I take a blood thinner", "anticoagulant", id="blood thinner"),
        pytest.param("a water pill each morning", "diuretic", id="water pill"),
        pytest.param("nose bleeds twice a week", "epistaxis", id="nosebleed"),
        pytest.param("got my flu shot", "influenza-vaccine", id="flu shot"),
        pytest.param("takes Keytruda", "pembrolizumab", id="brand"),
        pytest.param("Eliquis 5 mg twice daily", "apixaban", id="brand with a dose"),
        pytest.param("no significant cardiac history", "heart-disease", id="cardiac history"),
        pytest.param("COPD and CHF", "copd", id="COPD"),
        pytest.param("COPD and CHF", "congestive-heart-failure", id="CHF"),
        pytest.param("stage 3 CKD", "chronic-kidney-disease", id="CKD"),
        pytest.param("GERD", "gastroesophageal-reflux-disease", id="GERD"),
        pytest.param("longstanding RA", "rheumatoid-arthritis", id="RA in capitals"),
        pytest.param("relapsing MS", "multiple-sclerosis", id="MS in capitals"),
        pytest.param("Sjögren's syndrome", "sjogren", id="accent"),
        pytest.param("diarrhoea and dyspnoea", "dyspnea", id="British spelling"),
        pytest.param("takes St. John's wort", "st-johns-wort", id="herb with a full stop in its name"),
        pytest.param("she had her tubes tied", "tubal-ligation", id="tubes tied"),
        pytest.param("nursing females", "breastfeeding", id="nursing"),
        pytest.param("allergic to contrast dye", "contrast-allergy", id="contrast dye"),
        pytest.param("an ex-smoker", "former-smoking", id="ex-smoker"),
    ],
)
def test_people_say_it_so(text: str, expected: str) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        pytest.param("ms. Green came with her son", "multiple-sclerosis", id="a form of address"),
        pytest.param("reaction time 250 ms", "multiple-sclerosis", id="milliseconds"),
        pytest.param("Aspirin 81 MG tablet", "myasthenia-gravis", id="milligrams"),
        pytest.param("SpO2 97 % on RA", "rheumatoid-arthritis", id="room air"),
        pytest.param("a double-blind comparison", "blindness", id="blinding"),
        pytest.param("seen in the ED", "erectile-dysfunction", id="emergency department"),
        pytest.param("admitted in fall 2019", "injury", id="a season"),
        pytest.param("ASA class II", "aspirin", id="anaesthetic risk"),
        pytest.param("state of the art imaging", "hiv-antiretroviral", id="an art"),
        pytest.param("bowel prep the night before", "pre-exposure-prophylaxis", id="a preparation"),
        pytest.param("ST depression in V5", "depression", id="an ECG finding"),
        pytest.param("signs of insulin resistance", "insulin", id="resistance is not treatment"),
        pytest.param("lives in a nursing home", "breastfeeding", id="a nursing home"),
        pytest.param("born at 30 weeks' gestation", "pregnancy", id="a child's gestational age"),
        pytest.param("no evidence of disease", "disease", id="disease alone means the cancer"),
        pytest.param("denies tobacco, alcohol and drugs", "medication", id="drugs alone are not medicines"),
        pytest.param("testosterone 410 ng/dL", "testosterone", id="a hormone measured"),
    ],
)
def test_words_that_mean_something_else(text: str, absent: str) -> None:
    assert absent not in found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("NKDA", "drug-allergy", id="NKDA"),
        pytest.param("no known drug allergies", "drug-allergy", id="no known drug allergies"),
        pytest.param("afebrile", "fever", id="afebrile"),
        pytest.param("a lifelong non-smoker", "smoking", id="non-smoker"),
        pytest.param("teetotal", "alcohol-use", id="teetotal"),
        pytest.param("non-diabetic", "diabetes", id="non-diabetic"),
        pytest.param("not pregnant", "pregnancy", id="not pregnant"),
        pytest.param("pregnancy test negative", "pregnancy", id="test"),
        pytest.param("unable to swallow tablets", "able-to-swallow", id="cannot swallow"),
        pytest.param("noncompliant with visits", "compliance", id="noncompliant"),
        pytest.param("uninsured", "health-insurance", id="uninsured"),
        pytest.param("immunocompetent", "immunodeficiency", id="immunocompetent"),
    ],
)
def test_words_that_say_absence(text: str, expected: str) -> None:
    assert expected in denied(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("normotensive on amlodipine", "hypertension", id="treated hypertension is still hypertension"),
        pytest.param("euthyroid on levothyroxine", "hypothyroidism", id="so is a treated thyroid"),
        pytest.param("asymptomatic brain metastases", "symptom", id="asymptomatic says it of one disease"),
        pytest.param("diabetic but otherwise healthy", "comorbidity", id="otherwise healthy denies no named disease"),
    ],
)
def test_words_that_do_not_say_absence(text: str, kept: str) -> None:
    assert kept not in denied(text)
