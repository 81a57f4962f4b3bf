"""Eligibility text to single criteria."""

import json
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.criteria import split
from index.loaders import load
from index.trial import Criterion, Source, Trial
from index.view import clean

SHARED = Path(__file__).parents[2] / "shared"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside the checkout")


def source_of(text: str) -> Source:
    return Source("page.txt", "text", "0" * 64, text, "2025-01-01T00:00:00Z")


def criteria_of(text: str) -> tuple[Criterion, ...]:
    return split(source_of(text), 0, len(text), "T")


def outline(text: str) -> list[str]:
    """Each criterion as "i3.1 its words"; parents by their id only."""
    found = criteria_of(text)
    parents = {criterion.parent for criterion in found}
    short = {c.id: c.kind[0] + c.id.rsplit("/", 1)[1] for c in found}
    return [short[c.id] if c.id in parents else f"{short[c.id]} {c.text}" for c in found]


LISTS = [
    pytest.param(
        "Inclusion Criteria:\n- Adults\n- Asthma\nExclusion Criteria:\n- Smoking",
        ["i1 Adults", "i2 Asthma", "e1 Smoking"],
        id="bullets",
    ),
    pytest.param("Inclusion Criteria:\n\n1. Adults\n2. Asthma", ["i1 Adults", "i2 Asthma"], id="numbers"),
    pytest.param("Inclusion criteria\n(1) Adults\n(2) Asthma", ["i1 Adults", "i2 Asthma"], id="numbers in brackets"),
    pytest.param("INCLUSION:\n1\\. Adults\n2\\. FEV1 \\> 60 %", ["i1 Adults", "i2 FEV1 > 60 %"], id="escaped numbers"),
    pytest.param("KEY EXCLUSION CRITERIA\nE1. Smoking\nE2. Obesity", ["e1 Smoking", "e2 Obesity"], id="numbers with a letter"),
    pytest.param("EXLUSION CRITERIA:\n• Smoking\n• Obesity", ["e1 Smoking", "e2 Obesity"], id="a misspelt heading"),
    pytest.param(
        "Adults~Never smokers~ECOG ~ 1 of 2", ["i1 Adults", "i2 Never smokers", "i3 ECOG ~ 1 of 2"], id="tilde breaks"
    ),
    pytest.param(
        "Inclusion Criteria: 1. Age 18 to 75 years. 2. Glioma, WHO grade 4. 3. Hemoglobin 9.5 g/dL or more. "
        "Exclusion Criteria: 1. Prior bevacizumab. 2. Toxicity of grade 2. or higher.",
        [
            "i1 Age 18 to 75 years.",
            "i2 Glioma, WHO grade 4.",
            "i3 Hemoglobin 9.5 g/dL or more.",
            "e1 Prior bevacizumab.",
            "e2 Toxicity of grade 2. or higher.",
        ],
        id="all on one line",
    ),
    pytest.param(
        "Inclusion Criteria: - Age over 18 - KPS of 60-100 - Signed consent Exclusion Criteria: - Pregnancy - HIV",
        ["i1 Age over 18", "i2 KPS of 60-100", "i3 Signed consent", "e1 Pregnancy", "e2 HIV"],
        id="bullets on one line",
    ),
    pytest.param(
        "Inclusion Criteria: Adults with glioma. Patients must swallow tablets. Exclusion Criteria: Pregnant women.",
        ["i1 Adults with glioma.", "i2 Patients must swallow tablets.", "e1 Pregnant women."],
        id="only sentences",
    ),
    pytest.param(
        "Inclusion Criteria\n\nProven asthma (mild; stable); FEV1 ≥ 60 %;\n\nnever smokers, except teenagers; consent.",
        ["i1 Proven asthma (mild; stable)", "i2 FEV1 ≥ 60 %", "i3 never smokers, except teenagers", "i4 consent."],
        id="semicolons are the structure",
    ),
    pytest.param(
        "Inclusion Criteria:\n- ANC ≥ 1.5; platelets ≥ 100; hemoglobin ≥ 9.\n- Consent",
        ["i1", "i1.1 ANC ≥ 1.5", "i1.2 platelets ≥ 100", "i1.3 hemoglobin ≥ 9.", "i2 Consent"],
        id="semicolons inside an item",
    ),
    pytest.param(
        "Inclusion Criteria:\n- No other cancer; patients with cured skin cancer are eligible\n- Consent",
        ["i1 No other cancer; patients with cured skin cancer are eligible", "i2 Consent"],
        id="a clarification after a semicolon",
    ),
    pytest.param(
        "Inclusion Criteria:\n1. Function:\n\nBlood:Hb ≥ 90 g/L,ANC ≥ 1.5Kidney Function:Creatinine ≤ 1.5 × ULN, or CrCl ≥ 60\n2. Adults",
        ["i1", "i1.1 Hb ≥ 90 g/L", "i1.2 ANC ≥ 1.5", "i1.3 Creatinine ≤ 1.5 × ULN, or CrCl ≥ 60", "i2 Adults"],
        id="glued labs and a number that goes on",
    ),
    pytest.param(
        "Exclusion Criteria:\n- Heart risks, including: chest pain within 4 weeks. Embolism within 3 months. "
        "Infarction within 6 months.\n- HIV",
        [
            "e1",
            "e1.1 chest pain within 4 weeks.",
            "e1.2 Embolism within 3 months.",
            "e1.3 Infarction within 6 months.",
            "e2 HIV",
        ],
        id="a sentence for each window",
    ),
    pytest.param(
        "Exclusion Criteria:\n- Known tuberculosis. Suspected cases need an X-ray.\n- HIV",
        ["e1 Known tuberculosis. Suspected cases need an X-ray.", "e2 HIV"],
        id="a rule and its clarification",
    ),
    pytest.param(
        "Exclusion Criteria:\n1. Other cancer, except: (a) skin cancer, (b) cervical cancer.\n2. HIV",
        ["e1 Other cancer, except: (a) skin cancer, (b) cervical cancer.", "e2 HIV"],
        id="numbered exceptions stay",
    ),
    pytest.param(
        "Exclusion Criteria:\n- Other cancer, with these exceptions:\n  - Skin cancer\n  - Cervical cancer\n- HIV",
        ["e1 Other cancer, with these exceptions: - Skin cancer - Cervical cancer", "e2 HIV"],
        id="listed exceptions stay",
    ),
    pytest.param(
        "Inclusion Criteria:\n1. Function defined as: a) ANC fine b) bilirubin normal\n2. Adults",
        ["i1", "i1.1 ANC fine", "i1.2 bilirubin normal", "i2 Adults"],
        id="letters inside an item",
    ),
    pytest.param(
        "Inclusion Criteria:\n1. All of:\n   a. Cough\n   b. Fever\n      i. high\n      ii. long\n2. Adults",
        ["i1", "i1.1 Cough", "i1.2", "i1.2.1 Fever", "i1.2.2 high", "i1.2.3 long", "i2 Adults"],
        id="three levels; a parent that requires something is its own first sub-item",
    ),
    pytest.param(
        "Inclusion Criteria:\n2. Function defined as:\n1. ANC fine\n2. Platelets fine\n3. Adults\n4. Consent",
        ["i1", "i1.1 ANC fine", "i1.2 Platelets fine", "i2 Adults", "i3 Consent"],
        id="a sub-list that restarts",
    ),
    pytest.param(
        "Inclusion Criteria:\n1. Adults\n\n   who live nearby\n\n2. Asthma\n\nNote: tested twice",
        ["i1 Adults who live nearby", "i2 Asthma Note: tested twice"],
        id="paragraphs and notes of an item",
    ),
    pytest.param(
        "Inclusion Criteria:\n- Creatinine below 1.5 OR\n- Clearance above 60\n- Adults",
        ["i1", "i1.1 Creatinine below 1.5 OR", "i1.2 Clearance above 60", "i2 Adults"],
        id="alternatives on two lines",
    ),
    pytest.param("Inclusion Criteria:\n- Adults\nExclusion Criteria: None", ["i1 Adults"], id="nothing excluded"),
    pytest.param("Inclusion Criteria:\n1. Adults\n\nExclusion Criteria: see above", ["i1 Adults"], id="see above"),
    pytest.param(
        "Adults\nAsthma\nPregnant women are excluded.",
        ["i1 Adults", "i2 Asthma", "e1 Pregnant women are excluded."],
        id="no heading",
    ),
    pytest.param(
        "Patients will be excluded from the study for any of the following reasons:\n[9] Asthma\n[15] Fever\n[16a] Gout in arm A\n"
        "[16b] Gout in arm B\n[17] Obesity",
        ["e1 Asthma", "e2 Fever", "e3 Gout in arm A", "e4 Gout in arm B", "e5 Obesity"],
        id="a sentence that gives reasons, and a number with letters",
    ),
    pytest.param(
        "1. Asthma:\n1a. mild\n1b. stable\n2. Adults",
        ["i1", "i1.1 mild", "i1.2 stable", "i2 Adults"],
        id="a number with letters under the number",
    ),
    pytest.param(
        "### Inclusion Criteria\n\n1. Adults\n\n### Exclusion Criteria\n\n1. Fever",
        ["i1 Adults", "e1 Fever"],
        id="headings in Markdown",
    ),
    pytest.param(
        "5.1. Inclusion Criteria\n\n1. Adults\n\n5.2. Exclusion Criteria\n\n1. Fever",
        ["i1 Adults", "e1 Fever"],
        id="headings with their section's number",
    ),
    pytest.param(
        "#### 4 **Inclusion Criteria:**\n- Adults\n__Exclusion Criteria__\n- Fever",
        ["i1 Adults", "e1 Fever"],
        id="headings in bold",
    ),
    pytest.param("Participants are excluded if they:\n- smoke\n- drink", ["e1 smoke", "e2 drink"], id="a sentence as heading"),
    pytest.param(
        "        Inclusion Criteria:\n\n          -  Adults who have lived for at least two years in the same town, with their own\n"
        "             family and friends\n\n          -  Asthma\n",
        ["i1 Adults who have lived for at least two years in the same town, with their own family and friends", "i2 Asthma"],
        id="wrapped lines",
    ),
]


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_splits_as_a_reader_would(text: str, expected: list[str]) -> None:
    assert outline(text) == expected


def test_headings_and_labels_are_kept() -> None:
    found = criteria_of(
        "Healthy volunteers\nInclusion Criteria:\n1. Adults\nPatients\nInclusion Criteria for Part B:\nBlood:\n- Hb fine\n"
        "Exclusion Criteria:\nb. Fever"
    )
    assert [(c.heading, c.label, c.text) for c in found] == [
        ("Healthy volunteers", "1", "Adults"),
        ("Patients · Inclusion Criteria for Part B · Blood", None, "Hb fine"),
        ("Patients", "b", "Fever"),
    ]


def test_a_heading_between_numbered_items_holds_until_the_next() -> None:
    found = criteria_of(
        "Inclusion Criteria:\n\nAge\n\n1. Adults\n\nType of Participants and Their Asthma\n\n2. Mild\n\n3. One of:\n\nSore throat\n\n"
        "4. Stable\n\nPrior/Concurrent Study Experience\n\n5. Finished it"
    )
    assert [(c.heading, c.text) for c in found if c.parent is None] == [
        ("Age", "Adults"),
        ("Type of Participants and Their Asthma", "Mild"),
        ("Type of Participants and Their Asthma", "One of: Sore throat"),
        ("Type of Participants and Their Asthma", "Stable"),
        ("Prior/Concurrent Study Experience", "Finished it"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1. a" + " " * 100_000 + "b", id="spaces"),
        pytest.param("- a" + "; " * 20_000, id="semicolons"),
        pytest.param("1. " * 2_000, id="marks"),
    ],
)
def test_noise_takes_no_time(text: str) -> None:
    started = time.monotonic()
    criteria_of("Inclusion Criteria:\n" + text)
    assert time.monotonic() - started < 5


def check(source: Source, found: tuple[Criterion, ...]) -> None:
    """Every span quotes its own text, parents hold their children, ids are unique and in order."""
    by_id = {criterion.id: criterion for criterion in found}
    assert len(by_id) == len(found)
    for criterion in found:
        assert clean(source, criterion.span) == criterion.text
        if criterion.parent:
            outer = by_id[criterion.parent].span
            assert outer.start <= criterion.span.start < criterion.span.end <= outer.end
    roots = [criterion.span for criterion in found if criterion.parent is None]
    assert all(one.end <= other.start for one, other in pairwise(roots))


def uncovered(text: str, found: tuple[Criterion, ...]) -> list[str]:
    held = bytearray(len(text))
    for criterion in found:
        held[criterion.span.start : criterion.span.end] = b"\x01" * (criterion.span.end - criterion.span.start)
    return [text[run.start() : run.end()] for run in re.finditer(rb"\x00+", bytes(held))]


ITEM = st.lists(
    st.sampled_from(["adults", "≥ 1.5", "asthma;", "(grade 2)", "HIV,", "e.g.", "3.5", "or", "fever."]), min_size=1, max_size=8
)
MARK = st.sampled_from(["- ", "* ", "", "{n}. ", "({n}) ", "{n}) "])


@given(st.lists(ITEM, min_size=1, max_size=6), MARK, st.sampled_from(["\n", "\n\n", " "]))
def test_no_word_is_lost(items: list[list[str]], mark: str, between: str) -> None:
    lines = [mark.format(n=number) + "X" + " ".join(item) for number, item in enumerate(items, 1)]
    text = "Inclusion Criteria:" + between + between.join(lines) + between + "Exclusion Criteria: - Yes"
    found = criteria_of(text)
    check(source_of(text), found)
    rest = " ".join(uncovered(text, found)).replace("Inclusion Criteria:", "").replace("Exclusion Criteria:", "")
    assert not re.search(r"[A-Za-z≥]", re.sub(r"[;,]\s*and\b", "", rest))


@given(st.text(alphabet="ab1.)(;:,- \n~\\•≥XIncusoErter", max_size=120))
@example("\\\\:1")
def test_any_text_is_split_without_a_crash(text: str) -> None:
    check(source_of(text), criteria_of(text))


@shared
@pytest.mark.shared
@pytest.mark.parametrize(
    ("seed", "inclusion", "exclusion"),
    [("000", 8, 0), ("001", 10, 15), ("003", 8, 9), ("004", 10, 22)],
)
def test_seeds_give_their_counts(seed: str, inclusion: int, exclusion: int) -> None:
    trial = load(next((SHARED / "seeds").glob(f"{seed}_*")))
    assert (len(list(trial.of_kind("inclusion"))), len(list(trial.of_kind("exclusion")))) == (inclusion, exclusion)


@shared
@pytest.mark.shared
def test_leaves_are_those_that_people_judged() -> None:
    cases = [json.loads(line) for line in (SHARED / "data/checks/dev.jsonl").read_text().splitlines()]
    for case in cases:
        trial = load(SHARED / "seeds" / case["seed"])
        ages = ("Minimum Eligible Age", "Maximum Eligible Age")
        judged = [line["text"] for line in case["criteria"] if not line["text"].startswith(ages)]
        assert [leaf.text for leaf in trial.leaves] == judged, case["id"]


def records() -> list[Path]:
    return sorted((SHARED / "data/records").glob("*/*"))


@shared
@pytest.mark.shared
def test_every_record_splits_exactly() -> None:
    for path in records():
        trial: Trial = load(path)
        check(trial.sources[0], trial.criteria)
        assert all(len(leaf.text) <= 2_000 for leaf in trial.leaves), path.name
