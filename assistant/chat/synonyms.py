"""Words that mean the same in a clinical-trial document: what a patient says, what a record prints, what a clinician writes short.

SYNONYMS finds passages and never decides: a row holds what is spoken of together. SAME is strict: what is true of one wording is
true of every other. Sources: MedlinePlus and NCI Dictionary of Cancer Terms for the lay words, the records' own usage for the short
forms.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.words import stem, stems

SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("birth control", "contraception", "contraceptive", "pill to prevent pregnancy"),
    ("breastfeeding", "breast feeding", "nursing", "lactation", "lactating"),
    ("pregnant", "pregnancy", "expecting a baby", "gravid", "having a baby", "get pregnant", "childbearing"),
    ("underactive thyroid", "hypothyroidism", "hashimoto"),
    ("overactive thyroid", "hyperthyroidism", "graves"),
    ("blood thinner", "blood thinners", "anticoagulant", "anticoagulation", "warfarin"),
    ("water pill", "diuretic"),
    ("heart attack", "myocardial infarction", "mi"),
    ("heart failure", "weak heart", "nyha", "cardiac failure"),
    ("heart disease", "heart problem", "heart trouble", "cardiovascular disease", "cardiac disease", "coronary"),
    ("irregular heartbeat", "arrhythmia", "atrial fibrillation", "afib", "palpitations"),
    ("chest pain", "angina"),
    ("stroke", "cerebrovascular accident", "cva"),
    ("mini-stroke", "mini stroke", "transient ischemic attack", "tia"),
    ("blood clot", "clot", "thrombosis", "thromboembolism", "thromboembolic", "embolism", "dvt"),
    ("high blood pressure", "hypertension", "blood pressure"),
    ("high blood sugar", "blood sugar", "glucose", "hba1c", "diabetes", "diabetic"),
    (
        "kidney",
        "renal",
        "creatinine",
        "egfr",
        "gfr",
        "glomerular filtration",
        "creatinine clearance",
        "nephropathy",
        "dialysis",
    ),
    ("liver", "hepatic", "bilirubin", "alt", "ast", "transaminase", "cirrhosis"),
    ("lung", "pulmonary", "respiratory"),
    ("eos", "eosinophils", "eosinophil count"),
    ("rounds", "cycles", "courses"),
    ("lung inflammation", "lung scarring", "pneumonitis", "interstitial lung disease", "pulmonary fibrosis"),
    ("brain", "central nervous system", "cns", "cerebral", "leptomeningeal"),
    ("skin cancer", "melanoma", "basal cell carcinoma", "squamous cell carcinoma of the skin", "basal cell"),
    (
        "another cancer",
        "other cancer",
        "second cancer",
        "past cancer",
        "previous cancer",
        "had cancer",
        "other malignancies",
        "other malignancy",
        "prior malignancy",
        "previous malignancy",
        "malignancies",
    ),
    ("cancer", "tumor", "tumour", "malignancy", "carcinoma", "neoplasm"),
    ("spread", "spreading", "metastatic", "metastasis", "metastases", "distant", "m1", "stage iv"),
    ("came back", "come back", "coming back", "returned", "relapse", "relapsed", "recurrence", "recurrent", "recur"),
    ("radiation", "radiotherapy", "irradiation", "rt", "imrt"),
    ("chemo", "chemotherapy", "cytotoxic"),
    ("light treatment", "light therapy", "phototherapy", "uvb"),
    (
        "immunotherapy",
        "immune therapy",
        "immune drug",
        "checkpoint inhibitor",
        "immune checkpoint",
        "pd-1",
        "pd-l1",
        "anti-pd-1",
        "ctla-4",
        "nivolumab",
        "pembrolizumab",
        "atezolizumab",
        "durvalumab",
        "ipilimumab",
        "keytruda",
        "opdivo",
    ),
    ("upkeep", "maintenance"),
    ("surgery", "operation", "operated", "surgical", "resection", "laparotomy"),
    ("fit enough", "performance status", "ecog", "karnofsky", "how active"),
    ("shot", "vaccine", "vaccination", "vaccinated", "jab", "immunization"),
    ("flu", "influenza"),
    ("blood test", "lab", "laboratory", "blood work"),
    ("blood count", "blood counts", "hematology", "haematology", "hematologic", "hemoglobin", "platelet", "anc"),
    ("hemoglobin", "haemoglobin", "hb", "hgb", "anemia", "anaemia"),
    ("platelet", "platelets", "plt", "thrombocytopenia"),
    ("neutrophil", "neutrophils", "anc", "absolute neutrophil count"),
    ("white blood cell", "white cell", "wbc", "leukocyte"),
    ("hepatitis b", "hep b", "hbv", "hbsag"),
    ("hepatitis c", "hep c", "hcv"),
    ("aids", "hiv", "human immunodeficiency virus"),
    ("tb", "tuberculosis"),
    ("infection", "infections", "infected"),
    ("antibiotic", "antibiotics", "anti-infective", "antibacterial"),
    ("steroid", "steroids", "cortisone", "corticosteroid", "corticosteroids", "prednisone", "dexamethasone"),
    ("lupus", "rheumatoid", "autoimmune"),
    ("organ transplant", "transplant", "transplantation"),
    ("allergic", "allergy", "hypersensitivity", "allergies", "intolerance"),
    ("nerve damage", "numbness", "tingling", "neuropathy"),
    ("seizure", "seizures", "epilepsy", "convulsion", "fits"),
    ("depressed", "depression", "depressive"),
    ("drinking", "alcohol", "alcoholism", "drink"),
    ("drug use", "drug abuse", "substance abuse", "substance use", "illicit"),
    ("smoke", "smoker", "smoking", "tobacco", "cigarette", "nicotine"),
    ("pacemaker", "implanted device", "implantable", "defibrillator", "icd"),
    ("mri", "magnetic resonance"),
    ("ct", "computed tomography"),
    ("overweight", "obese", "obesity", "bmi", "body mass index", "weight"),
    ("life expectancy", "expected survival", "how long to live", "prognosis", "life expectation"),
    (
        "biopsy",
        "needle",
        "tissue sample",
        "histologically",
        "histology",
        "histological",
        "cytologically",
        "pathologically",
        "tissue",
    ),
    ("measurable", "recist", "lesion"),
    ("stage", "staging", "ajcc"),
    ("first-line", "first line", "untreated", "treatment-naive", "no prior", "no treatment"),
    (
        "earlier treatment",
        "prior therapy",
        "prior treatment",
        "previous treatment",
        "previous therapy",
        "prior anti",
        "treated before",
        "had treatment",
    ),
    ("another trial", "another study", "other trial", "investigational", "clinical trial", "experimental drug"),
    ("consent", "informed consent", "sign", "signature", "agree", "willing"),
    ("guardian", "legally authorized representative", "parent", "caregiver", "surrogate"),
    ("language", "english", "speak", "read", "fluent", "literate"),
    ("nosebleed", "nosebleeds", "epistaxis", "nasal bleeding"),
    ("bleeding", "hemorrhage", "haemorrhage", "bleed", "bled"),
    ("washout", "stopped taking", "discontinued", "half-lives", "half lives"),
    ("side effect", "side effects", "adverse events", "adverse event", "toxicity", "toxicities", "safety"),
    ("questionnaire", "survey", "quality of life", "qol"),
    ("visit", "visits", "appointment", "appointments", "come in"),
    (
        "paid",
        "payment",
        "compensation",
        "reimbursed",
        "reimbursement",
        "stipend",
        "cost",
        "free of charge",
        "insurance",
        "travel costs",
    ),
    ("sugar pill", "placebo", "dummy", "sham", "pretend", "fake"),
    ("iv", "intravenous", "infusion", "drip", "intravenously"),
    ("by mouth", "oral", "orally", "tablet", "tablets", "pill", "capsule"),
    ("injection", "injected", "subcutaneous", "intramuscular"),
    ("survival", "overall survival", "os"),
    ("progression-free survival", "pfs"),
    ("response rate", "orr", "objective response"),
    ("endpoint", "endpoints", "outcome", "outcomes", "outcome measure"),
    ("partial response", "pr", "shrank", "shrunk", "tumor shrinkage"),
    ("complete response", "cr", "disappeared", "complete remission", "no evidence of disease"),
    ("kids", "children", "child", "pediatric", "paediatric", "minor"),
    ("woman", "women", "female", "females"),
    ("man", "men", "male", "males"),
    ("sedation", "anesthesia", "anaesthesia", "put to sleep"),
    ("steady", "stable", "controlled", "under control"),
    ("glioblastoma", "gbm", "glioblastoma multiforme"),
    ("genetic change", "mutation", "mutations", "gene", "biomarker", "mutant"),
    ("eye", "ocular", "vision", "ophthalmic"),
    ("hearing", "deaf", "ear", "auditory"),
    ("joint pain", "arthritis", "joint"),
    ("memory", "cognitive", "dementia", "mental"),
    ("mental illness", "psychiatric", "mental health", "schizophrenia", "bipolar"),
    ("suicidal", "suicide", "suicidality", "self-harm"),
    ("trouble swallowing", "swallow", "dysphagia"),
    ("low-dose", "low dose"),
    ("dxa", "dexa", "dual energy x-ray", "dual-energy x-ray", "bone density", "bone mineral density"),
    ("time points", "time point", "timepoints", "timepoint"),
)

SAME: tuple[tuple[str, ...], ...] = (
    ("breastfeeding", "breast feeding", "breastfeed", "lactation", "lactating"),
    ("pregnant", "pregnancy"),
    ("underactive thyroid", "hypothyroidism"),
    ("overactive thyroid", "hyperthyroidism"),
    ("heart attack", "myocardial infarction"),
    ("heart failure", "cardiac failure"),
    ("stroke", "cerebrovascular accident"),
    ("mini-stroke", "mini stroke", "transient ischemic attack"),
    ("high blood pressure", "hypertension"),
    ("lung scarring", "pulmonary fibrosis"),
    ("kidney failure", "renal failure"),
    ("liver failure", "hepatic failure"),
    ("hepatitis b", "hep b", "hbv"),
    ("hepatitis c", "hep c", "hcv"),
    ("hiv", "human immunodeficiency virus"),
    ("tb", "tuberculosis"),
    ("aspirin", "acetylsalicylic acid"),
    ("steady", "stable"),
)


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question speaks of: a passage has it when it holds every stem of one of the alternatives."""

    alternatives: tuple[tuple[str, ...], ...]
    said: tuple[str, ...]
    """The stems that the question itself uses."""

    @property
    def says_something(self) -> bool:
        """Whether it is more than a number."""
        return not all(re.fullmatch(r"[\d.]+", word) for word in self.said)

    def within(self, found: frozenset[str]) -> bool:
        """Whether a passage with these stems speaks of it."""
        return any(all(part in found for part in alternative) for alternative in self.alternatives)


def concepts(text: str, keep: tuple[str, ...], also: Sequence[tuple[str, ...]] = ()) -> tuple[Concept, ...]:
    """The concepts of a question: rows of SYNONYMS and of `also` that its words show, then each remaining stem of `keep` by itself."""
    lowered = text.lower()
    rows = [row for row, pattern in _patterns() if pattern.search(lowered)]
    rows += [row for row in also if any(_said(phrase, lowered) for phrase in row)]
    found = [
        Concept(_alternatives(row), tuple(s for phrase in row if _said(phrase, lowered) for s in stems(phrase))) for row in rows
    ]
    found += [
        Concept((pair,), pair) for pair in dict.fromkeys((number, stem(unit)) for number, unit in _MEASURE.findall(lowered))
    ]
    covered = {said for concept in found for said in concept.said}
    return (*found, *(Concept(((word,),), (word,)) for word in keep if word not in covered))


_MEASURE = re.compile(
    r"\b(\d+(?:\.\d+)?)[\s-]?(days?|weeks?|months?|years?|hours?|mg|gy|ml|kg|cycles?|fractions?)\b(?![\s-]olds?\b)"
)
"""A number with its unit is one concept: "14-day", "240 mg"; an age is none."""


def expansion(text: str) -> str:
    """The question's words with the other wordings of what it speaks of: what is searched for."""
    lowered = text.lower()
    return " ".join([text, *(phrase for row, pattern in _patterns() if pattern.search(lowered) for phrase in row[:6])])


def same_as(text: str) -> frozenset[str]:
    """The stems of every wording that means just what a wording of the text does."""
    lowered = text.lower()
    rows = [row for row in SAME if any(_said(phrase, lowered) for phrase in row)]
    return frozenset(word for row in rows for phrase in row for word in stems(phrase))


def _said(phrase: str, lowered: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}", lowered) is not None


@cache
def _patterns() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    return tuple((row, re.compile(r"\b(?:" + "|".join(re.escape(p) for p in row) + r")(?:s|es)?\b")) for row in SYNONYMS)


@cache
def _alternatives(row: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(tuple(stems(phrase)) or (stem(phrase),) for phrase in row))
