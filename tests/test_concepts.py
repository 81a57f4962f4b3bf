"""The tables of concepts, how their names are found in a text, and which concept is a kind of which."""

from itertools import chain

import pytest

from assistant.eligibility.knowledge import rows, tables
from assistant.eligibility.vocabulary import icd
from assistant.eligibility.vocabulary.concepts import (
    all_concepts,
    ancestors,
    concept,
    find,
    is_a,
    name_of,
    words_id,
)

KINDS = {"condition", "symptom", "drug", "therapy", "procedure", "test-result", "biomarker", "lifestyle", "status"}
ANCHORS = (
    "anticancer-therapy chemotherapy radiotherapy immunotherapy targeted-therapy hormone-therapy cancer-surgery surgery "
    "major-surgery checkpoint-inhibitor pd-1-inhibitor pd-l1-inhibitor ctla-4-inhibitor malignancy metastasis distant-metastasis "
    "brain-metastasis liver-metastasis bone-metastasis lung-metastasis autoimmune-disease infection tuberculosis hiv hepatitis-b "
    "hepatitis-c hbsag anti-hcv hbv-dna-detectable hcv-rna-detectable heart-disease lung-disease interstitial-lung-disease "
    "pneumonitis stroke bleeding diabetes type-1-diabetes type-2-diabetes hypertension pregnancy breastfeeding "
    "childbearing-potential postmenopausal contraception informed-consent compliance allergy drug-allergy corticosteroid "
    "systemic-corticosteroid immunosuppressant anticoagulant medication vaccine live-vaccine transplantation "
    "organ-transplantation stem-cell-transplantation smoking alcohol-abuse drug-abuse measurable-disease comorbidity disease "
    "psychiatric-disorder seizure dementia clinical-trial-participation investigational-drug healthy-volunteer"
).split()


def named(text: str) -> list[tuple[str, str]]:
    """What is found, as pairs (concepts, words)."""
    return [(" ".join(mention.concepts), text[mention.start : mention.end]) for mention in find(text)]


def test_ids_are_unique_over_all_tables() -> None:
    ids = [row["id"] for table in tables("concepts-") for row in rows(table)]
    assert sorted(ids) == sorted(set(ids))


def test_every_row_is_whole() -> None:
    for known in all_concepts().values():
        assert all((known.id, known.name, known.source, known.example)), known.id
        assert known.kind in KINDS, known.id


def test_every_parent_exists_and_no_concept_is_its_own_ancestor() -> None:
    known = all_concepts()
    assert {parent for each in known.values() for parent in each.parents} <= known.keys()
    assert [id for id in known if id in ancestors(id)] == []


def test_the_table_of_links_speaks_of_concepts_that_exist() -> None:
    assert {row["id"] for row in rows("links.tsv")} <= all_concepts().keys()


def test_every_example_finds_its_concept() -> None:
    lost = [known.id for known in all_concepts().values() if known.id not in chain(*(m.concepts for m in find(known.example)))]
    assert lost == []


def test_the_common_anchors_exist() -> None:
    assert [id for id in ANCHORS if id not in all_concepts()] == []


def test_icd_columns_are_codes_or_ranges() -> None:
    spans = [span for known in all_concepts().values() for span in known.icd]
    assert [span for span in spans if not all(icd.is_code(code) for code in span.split("-"))] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Tumours of the breast", [("neoplasm", "Tumours")], id="plural"),
        pytest.param("acute myeloid leukaemia", [("acute-myeloid-leukemia", "acute myeloid leukaemia")], id="British"),
        pytest.param("acute myeloid leukemia", [("acute-myeloid-leukemia", "acute myeloid leukemia")], id="American"),
        pytest.param("Brain metastases", [("brain-metastasis", "Brain metastases")], id="Greek plural"),
        pytest.param("anti HBc", [("anti-hbc", "anti HBc")], id="hyphen as a space"),
        pytest.param("antiHBc", [("anti-hbc", "antiHBc")], id="hyphen left out"),
        pytest.param("chemo-radiotherapy", [("chemoradiotherapy", "chemo-radiotherapy")], id="hyphen put in"),
        pytest.param("Ewing’s sarcoma", [("ewing-sarcoma", "Ewing’s sarcoma")], id="curly apostrophe"),
        pytest.param("FRα-positive", [("folate-receptor-alpha-positive", "FRα-positive")], id="Greek letter"),
        pytest.param(
            "non-small\ncell lung cancer", [("non-small-cell-lung-cancer", "non-small\ncell lung cancer")], id="line end"
        ),
        pytest.param("breast. Cancer", [("malignancy", "Cancer")], id="no name over a full stop"),
        pytest.param("relapsed ALL", [("acute-lymphoblastic-leukemia", "ALL")], id="abbreviation in capitals"),
        pytest.param("all of them", [], id="the English word"),
        pytest.param("ALL PATIENTS must sign", [], id="a shouted heading"),
        pytest.param("H. pylori", [("helicobacter-pylori-infection", "H. pylori")], id="initial"),
        pytest.param("HER2+ disease", [("her2-positive", "HER2+")], id="plus sign"),
        pytest.param("a non-malignant lump", [], id="non- makes another word"),
        pytest.param("seizure-free since spring", [], id="-free tells of a past"),
        pytest.param("criteria that are met", [], id="no lesion is meant"),
        pytest.param("a shopping cart", [], id="no treatment is meant"),
        pytest.param("sickle-cell disease", [("sickle-cell-disease", "sickle-cell disease")], id="the tables come before ICD"),
        pytest.param("surgery-ineligible", [("surgical-candidate", "surgery-ineligible")], id="-ineligible is no surgery"),
        pytest.param(
            "central nervous system (CNS) metastases",
            [("brain-metastasis", "central nervous system (CNS) metastases")],
            id="over a bracketed abbreviation",
        ),
        pytest.param("EGFR mutated", [("egfr-mutation", "EGFR mutated")], id="a gene, not a filtration rate"),
        pytest.param("eGFR of 52", [], id="a filtration rate, not a gene"),
        pytest.param(
            "liver, lung and bone metastases",
            [("liver-metastasis", "liver"), ("lung-metastasis", "lung"), ("bone-metastasis", "bone metastases")],
            id="a shared end",
        ),
        pytest.param(
            "basal cell or squamous cell carcinoma of the skin",
            [("basal-cell-carcinoma", "basal cell"), ("skin-squamous-cell-carcinoma", "squamous cell carcinoma of the skin")],
            id="a shared end of several words",
        ),
        pytest.param("hepatitis B or C", [("hepatitis-b", "hepatitis B"), ("hepatitis-c", "C")], id="a shared beginning"),
        pytest.param("lung cancer and surgery", [("lung-cancer", "lung cancer"), ("surgery", "surgery")], id="nothing shared"),
        pytest.param("SpO2 95% RA", [], id="room air after a percentage"),
        pytest.param("PE: soft abdomen", [("physical-examination", "PE")], id="a heading"),
        pytest.param("a PE in May", [("pulmonary-embolism", "PE")], id="no heading"),
        pytest.param("PD-(L)1 blockade", [("pd-1-inhibitor pd-l1-inhibitor", "PD-(L)1")], id="a letter that may be left out"),
        pytest.param(
            "PD-1/PD-L1, CTLA-4",
            [("pd-1-inhibitor pd-l1-inhibitor", "PD-1/PD-L1"), ("ctla-4-inhibitor", "CTLA-4")],
            id="targets",
        ),
        pytest.param("PD-L1 expression of 30%", [("pd-l1-positive", "PD-L1 expression")], id="the biomarker"),
        pytest.param("PD-L1 status unknown", [], id="no drug"),
        pytest.param("The mass is inoperable.", [("surgical-candidate", "inoperable")], id="said of the patient"),
        pytest.param("inoperable or metastatic melanoma", [("melanoma", "melanoma")], id="said of the tumour"),
        pytest.param("a relapse, then a fall", [("cancer-recurrence", "relapse")], id="a relapse by itself"),
        pytest.param("relapse of melanoma", [("melanoma", "melanoma")], id="a relapse of something"),
        pytest.param(
            "local (± regional) recurrence",
            [("local-recurrence", "local (± regional) recurrence")],
            id="over what may be added",
        ),
        pytest.param("spots on my liver", [("liver-lesion", "spots on my liver")], id="lay words"),
        pytest.param(
            "2nd or 3rd degree heart block",
            [("second-degree-av-block", "2nd"), ("complete-heart-block", "3rd degree heart block")],
            id="degrees",
        ),
        pytest.param("structured interview (SCID)", [], id="an interview, no immunodeficiency"),
        pytest.param("", [], id="empty"),
        pytest.param("肺癌の既往", [], id="another language"),
    ],
)
def test_find(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        pytest.param("treatment-naive", "anticancer-therapy", id="treatment-naive"),
        pytest.param("cisplatin-naïve", "cisplatin", id="naive to a drug"),
        pytest.param("HIV-negative", "hiv", id="negative"),
        pytest.param("PR- tumour", "progesterone-receptor-positive", id="minus sign"),
        pytest.param("BRAF wild-type", "braf-mutation", id="wild type"),
    ],
)
def test_words_that_deny(text: str, denied: str) -> None:
    mention = find(text)[0]
    assert mention.denies
    assert mention.concepts == (denied,)


def test_words_that_assert_do_not_deny() -> None:
    assert not find("HIV-positive")[0].denies


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        pytest.param("glioblastoma", "solid-tumor", True, id="over several steps"),
        pytest.param("solid-tumor", "glioblastoma", False, id="not upwards"),
        pytest.param("malignancy", "malignancy", True, id="reflexive"),
        pytest.param("pd-1-inhibitor", "anticancer-therapy", True, id="over two tables"),
        pytest.param("hysterectomy", "surgery", True, id="over a link"),
        pytest.param("acute-myeloid-leukemia", "solid-tumor", False, id="blood cancer is not solid"),
        pytest.param("carcinoma-in-situ", "malignancy", False, id="in situ is not invasive"),
        pytest.param("hbsag", "hepatitis-b", True, id="antigen carrier has hepatitis B"),
        pytest.param("hepatitis-b", "hbsag", False, id="a past hepatitis B leaves no antigen"),
        pytest.param("active-hepatitis-b", "hbsag", True, id="an active one does"),
        pytest.param("latent-tuberculosis", "tuberculosis", False, id="latent is not active"),
        pytest.param("icd:I21.4", "myocardial-infarction", True, id="code under a concept"),
        pytest.param("icd:I21.4", "heart-disease", True, id="code under a wide concept"),
        pytest.param("icd:C50.911", "breast-cancer", True, id="long code"),
        pytest.param("icd:C50.911", "malignancy", True, id="C codes are malignant"),
        pytest.param("icd:C79.31", "malignancy", False, id="a code of spread is the same cancer's"),
        pytest.param("icd:D05.1", "malignancy", False, id="D00-D09 are in situ"),
        pytest.param("icd:I21.4", "icd:I20-I25", True, id="code in a block"),
        pytest.param("icd:I21", "icd:I21.4", False, id="category not in its code"),
        pytest.param("hodgkin-lymphoma", "icd:C81-C96", True, id="concept in a block"),
        pytest.param("w:invas major vessel", "w:major vessel", True, id="more words are narrower"),
        pytest.param("w:vessel", "w:major vessel", False, id="fewer words are wider"),
        pytest.param("w:vessel", "w:", False, id="no words are nothing"),
        pytest.param("no-such", "disease", False, id="unknown"),
    ],
)
def test_is_a(narrow: str, wide: str, expected: bool) -> None:
    assert is_a(narrow, wide) is expected


def test_names() -> None:
    assert name_of("brain-metastasis") == "brain metastasis"
    assert name_of("icd:I21.4") == "Non-ST elevation (NSTEMI) myocardial infarction"
    assert name_of("icd:C50.9119") == name_of("icd:C50.911")
    assert name_of("no-such") == "no-such"
    assert concept("w:major vessel").name == "major vessel"
    with pytest.raises(KeyError, match="no-such"):
        concept("no-such")


def test_words_id_does_not_heed_order_or_repeats() -> None:
    assert words_id("Invasion of major vessels") == words_id("major vessel invasions, vessels") == "w:invas major vessel"


@pytest.mark.parametrize(
    ("code", "span", "expected"),
    [
        ("I21.4", "I21", True),
        ("I21", "I21.4", False),
        ("I21", "I20-I21.4", False),
        ("I21.4", "I20-I21.4", True),
        ("C4A", "C43-C44", False),
        ("I21-I22", "I20-I25", True),
        ("I20-I25", "I21-I22", False),
    ],
)
def test_a_code_lies_within(code: str, span: str, expected: bool) -> None:
    assert icd.inside(code, span) is expected


def test_codes_are_dotted() -> None:
    assert icd.dotted("c119") == "C11.9"
    assert icd.dotted("C11") == "C11"
    assert icd.dotted("I20-I25") == "I20-I25"
    assert icd.above("I21.4")[:2] == ("I21", "I20-I25")
