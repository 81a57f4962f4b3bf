"""Two versions of a record: each criterion that changed is named by what its condition became, and nothing else is."""

import io
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from small_records import put, record
from small_trials import trial

from assistant.audit.amendments.criteria import Change, amended, mirrored
from assistant.audit.amendments.fields import amended_fields
from assistant.audit.passing import follows, passing
from assistant.audit.rewording import same_words
from assistant.eligibility.clock import Clock
from assistant.eligibility.intake.reading import read_patient
from assistant.eligibility.parse import parse
from assistant.interfaces import amended as shown
from assistant.interfaces.cli import main
from index.trial import Kind, Trial

Lines = Sequence[str]


def version(inclusion: Lines = (), exclusion: Lines = (), id: str = "NCT00000051") -> Trial:
    return trial(id, inclusion=inclusion, exclusion=exclusion)


def changes(old: Trial, new: Trial) -> list[Change]:
    """The changes, with what holds for every pair: both ways the same, and every place quotes its own document."""
    found, back = amended(old, new), amended(new, old)
    assert Counter(mirrored(one.kind) for one in found.changes) == Counter(one.kind for one in back.changes)
    for change in found.changes:
        assert all(old.quote(span) for span in change.old)
        assert all(new.quote(span) for span in change.new)
        assert change.why
    return list(found.changes)


@pytest.mark.parametrize(
    ("list_", "old", "new", "kind"),
    [
        pytest.param("inclusion", "ECOG performance status 0-1", "ECOG performance status 0-2", "loosened", id="ECOG widened"),
        pytest.param("inclusion", "Age 18 to 75 years", "Age 18 years or older", "loosened", id="the age cap is removed"),
        pytest.param(
            "exclusion",
            "Chemotherapy within 4 weeks before the first dose",
            "Chemotherapy within 2 weeks before the first dose",
            "loosened",
            id="a shorter washout",
        ),
        pytest.param(
            "inclusion",
            "At least 4 weeks since the last chemotherapy",
            "At least 14 days since the last chemotherapy",
            "loosened",
            id="a shorter washout asked for, in days",
        ),
        pytest.param("inclusion", "ANC ≥ 1.5 x 10^9/L", "ANC ≥ 1.0 x 10^9/L", "loosened", id="a lower neutrophil count"),
        pytest.param(
            "exclusion",
            "Brain metastases",
            "Brain metastases, except for treated and stable brain metastases",
            "loosened",
            id="an exception for treated brain metastases",
        ),
        pytest.param(
            "exclusion",
            "HIV infection",
            "HIV infection, unless controlled on antiretroviral therapy",
            "loosened",
            id="controlled HIV is allowed",
        ),
        pytest.param(
            "exclusion", "HIV infection", "Uncontrolled HIV infection", "loosened", id="only uncontrolled HIV is barred"
        ),
        pytest.param(
            "inclusion",
            "No more than 1 prior line of systemic therapy",
            "No more than 2 prior lines of systemic therapy",
            "loosened",
            id="one more prior line, by its words",
        ),
        pytest.param(
            "exclusion",
            "More than 1 prior line of chemotherapy",
            "More than 2 prior lines of chemotherapy",
            "loosened",
            id="one more prior line, by its condition",
        ),
        pytest.param(
            "inclusion",
            "Women of childbearing potential must use contraception during treatment and for 3 months after the last dose",
            "Women of childbearing potential must use contraception during treatment and for 6 months after the last dose",
            "tightened",
            id="contraception for longer",
        ),
        pytest.param(
            "inclusion",
            "Measurable disease",
            "Measurable or evaluable disease",
            "loosened",
            id="measurable disease is one of two",
        ),
        pytest.param(
            "inclusion",
            "PD-L1 tumor proportion score ≥ 1%",
            "PD-L1 tumor proportion score ≥ 50%",
            "tightened",
            id="a higher cutoff of a biomarker",
        ),
        pytest.param(
            "exclusion",
            "Myocardial infarction within 6 months",
            "Myocardial infarction within 12 months",
            "tightened",
            id="a longer look back",
        ),
        pytest.param(
            "exclusion",
            "Myocardial infarction within 6 months",
            "Myocardial infarction or stroke within 6 months",
            "tightened",
            id="another event is barred too",
        ),
        pytest.param(
            "exclusion",
            "Heart failure NYHA class III or IV",
            "Heart failure NYHA class II, III or IV",
            "tightened",
            id="a milder class is barred too",
        ),
        pytest.param("inclusion", "Stage III or IV disease", "Stage IV disease", "tightened", id="fewer stages"),
        pytest.param(
            "exclusion", "Prior PD-1 inhibitor", "Prior checkpoint inhibitor", "tightened", id="a wider class of drugs"
        ),
        pytest.param(
            "inclusion",
            "Histologically confirmed non-small cell lung cancer",
            "Histologically confirmed lung cancer",
            "loosened",
            id="a wider disease",
        ),
        pytest.param(
            "inclusion",
            "A biopsy is required",
            "A biopsy is recommended but not required",
            "loosened",
            id="only recommended now",
        ),
        pytest.param("exclusion", "Prednisone > 10 mg/day", "Prednisone > 20 mg/day", "loosened", id="a higher dose"),
        pytest.param(
            "exclusion", "Grade 2 or higher neuropathy", "Grade 3 or higher neuropathy", "loosened", id="a higher grade"
        ),
        pytest.param(
            "inclusion",
            "ALT ≤ 2.5 × ULN",
            "ALT ≤ 2.5 × ULN (≤ 5 × ULN in the presence of liver metastases)",
            "loosened",
            id="more room for one group",
        ),
        pytest.param(
            "inclusion",
            "Creatinine clearance ≥ 60 mL/min",
            "Serum creatinine ≤ 1.5 × ULN or creatinine clearance ≥ 60 mL/min",
            "loosened",
            id="an alternative",
        ),
        pytest.param(
            "exclusion", "Live vaccine within 4 weeks", "Live vaccine within 30 days", "tightened", id="30 days, 4 weeks"
        ),
        pytest.param(
            "inclusion",
            "A negative pregnancy test within 7 days before the first dose",
            "A negative pregnancy test within 14 days before the first dose",
            "loosened",
            id="an older test will do",
        ),
        pytest.param(
            "exclusion",
            "Lack of cooperation",
            "Lack of cooperation, except for patients with stable asthma",
            "changed",
            id="an exception under a denial",
        ),
        pytest.param(
            "exclusion",
            "Corticosteroids, or prednisone > 15 mg/day",
            "Corticosteroids, or prednisone > 12 mg/day",
            "changed",
            id="a part that adds nothing as it is read",
        ),
        pytest.param(
            "inclusion",
            "Measurable disease per RECIST 1.0",
            "Measurable disease per RECIST 1.1",
            "changed",
            id="another version of a standard",
        ),
        pytest.param(
            "exclusion",
            "Myocardial infarction",
            "Myocardial infarction within 6 months",
            "loosened",
            id="a limit in time for an event",
        ),
        pytest.param(
            "exclusion",
            "Systemic corticosteroids",
            "Systemic corticosteroids within 14 days",
            "changed",
            id="taken now, or at any time",
        ),
        pytest.param("exclusion", "Cardiogenic shock", "Cardoigenic shock", "reworded", id="a slip in a clinical word"),
        pytest.param("inclusion", "Hemoglobin ≥ 90 g/L", "Hemoglobin ≥ 9 g/dL", "reworded", id="another unit"),
        pytest.param("inclusion", "Creatinine ≤ 1.5 mg/dL", "Creatinine ≤ 133 µmol/L", "reworded", id="another unit, rounded"),
        pytest.param("exclusion", "Chemotherapy within 4 weeks", "Chemotherapy within 28 days", "reworded", id="weeks as days"),
        pytest.param(
            "inclusion",
            "Histologicaly confrimed breast cancer",
            "Histologically confirmed breast cancer",
            "reworded",
            id="slips are mended",
        ),
        pytest.param(
            "exclusion", "Heart attack within 6 months", "Myocardial infarction within 6 months", "reworded", id="a synonym"
        ),
        pytest.param("inclusion", "Hemoglobin 90 to 160 g/L", "Hemoglobin 80 to 150 g/L", "changed", id="both ways"),
        pytest.param(
            "exclusion",
            "Live vaccine within 30 days",
            "Live vaccine within 30 days before the first dose",
            "changed",
            id="counted from another day",
        ),
        pytest.param(
            "inclusion",
            "Recovered from toxicity to grade ≤ 1",
            "Recovered from toxicity to grade ≤ 2",
            "changed",
            id="a number that the condition does not hold",
        ),
        pytest.param(
            "inclusion",
            "Able to swallow the study capsules whole",
            "Able to swallow the crushed study capsules",
            "changed",
            id="words that no condition holds",
        ),
    ],
)
def test_one_line_was_amended(list_: Literal["inclusion", "exclusion"], old: str, new: str, kind: str) -> None:
    beside = ("Written informed consent",)
    found = changes(version(**{list_: (*beside, old)}), version(**{list_: (new, *beside)}))
    assert [one.kind for one in found] == [kind]


LISTS: dict[str, tuple[Lines, Lines]] = {
    "plain": (("Age 18 years or older", "Hemoglobin ≥ 90 g/L"), ("HIV infection", "Pregnant or breastfeeding")),
}


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        pytest.param(version(*LISTS["plain"]), version(*LISTS["plain"]), [], id="the same"),
        pytest.param(
            version(*LISTS["plain"]), version(LISTS["plain"][0][::-1], LISTS["plain"][1][::-1]), [], id="another order"
        ),
        pytest.param(
            version(*LISTS["plain"]),
            version([line.upper() for line in LISTS["plain"][0]], [f"  {line}. " for line in LISTS["plain"][1]]),
            [],
            id="another case, spaces and full stops",
        ),
        pytest.param(version(["Age ≥ 18 years"]), version(["Age >= 18 years"]), [], id="another sign for the same"),
        pytest.param(
            version(["Adequate blood counts:", "- Hemoglobin ≥ 90 g/L", "- Platelets ≥ 100 × 10^9/L"]),
            version(["Adequate blood counts:", "- Platelets ≥ 100 × 10^9/L", "- Hemoglobin ≥ 90 g/L"]),
            [],
            id="another order of sub-items",
        ),
        pytest.param(
            version(["Not pregnant or breastfeeding", "Age 18 years or older"]),
            version(["Age 18 years or older"], ["Pregnant or breastfeeding women"]),
            ["moved"],
            id="an inclusion becomes its exclusion",
        ),
        pytest.param(
            version(["ANC ≥ 1.5 x 10^9/L"]), version([], ["ANC < 1500/µL"]), ["moved"], id="a bound becomes its contrary"
        ),
        pytest.param(
            version([], ["HIV infection"]), version(["HIV infection"]), ["changed"], id="the same words in the other list"
        ),
        pytest.param(
            version(["Creatinine ≤ 1.5 × ULN and total bilirubin ≤ 1.5 × ULN"]),
            version(["Creatinine ≤ 1.5 × ULN", "Total bilirubin ≤ 1.5 × ULN"]),
            ["split"],
            id="one line becomes two",
        ),
        pytest.param(
            version([], ["Stroke within 6 months", "Myocardial infarction within 6 months"]),
            version([], ["Stroke or myocardial infarction within 6 months"]),
            ["merged"],
            id="two lines become one",
        ),
        pytest.param(
            version(["Age 18 to 75 years"]),
            version(["Age 18 years or older", "Age 75 years or younger"]),
            ["split"],
            id="two ends",
        ),
        pytest.param(
            version(["Age 18 years or older", "Measurable disease per RECIST 1.1"]),
            version(["Age 18 years or older"]),
            ["removed"],
            id="measurable disease is no longer asked for",
        ),
        pytest.param(
            version(["Demographics:", "- Age 70 years or younger"]),
            version(["Age 18 to 70 years"]),
            ["tightened"],
            id="a title above is gone, a limit came",
        ),
        pytest.param(
            version([], ["HIV infection"]),
            version([], ["HIV infection", "Interstitial lung disease"]),
            ["added"],
            id="an exclusion is added",
        ),
        pytest.param(
            version([], ["Interstitial lung disease"]),
            version([], ["Prior allogeneic stem cell transplant"]),
            ["added", "removed"],
            id="one goes, another comes",
        ),
        pytest.param(
            version(["One of the following:", "- Hemoglobin ≥ 90 g/L", "- Platelets ≥ 100 × 10^9/L"]),
            version(["One of the following:", "- Hemoglobin ≥ 90 g/L", "- Platelets ≥ 100 × 10^9/L", "- ANC ≥ 1.5 × 10^9/L"]),
            ["loosened"],
            id="an alternative is added to one of the following",
        ),
        pytest.param(
            version(["Within 14 days before the first dose:", "- Hemoglobin ≥ 90 g/L", "- Platelets ≥ 100 × 10^9/L"]),
            version(["Within 28 days before the first dose:", "- Hemoglobin ≥ 90 g/L", "- Platelets ≥ 100 × 10^9/L"]),
            ["loosened"],
            id="the line above counts from further back, said once",
        ),
    ],
)
def test_lists_were_amended(old: Trial, new: Trial, kinds: list[str]) -> None:
    assert sorted(one.kind for one in changes(old, new)) == kinds


POOL = (
    "Age 18 years or older",
    "Age 18 to 75 years",
    "ECOG performance status 0-1",
    "ECOG performance status 0-2",
    "Hemoglobin ≥ 90 g/L",
    "Hemoglobin ≥ 9 g/dL and platelets ≥ 100 × 10^9/L",
    "Platelets ≥ 100 × 10^9/L",
    "HIV infection",
    "No HIV infection",
    "Uncontrolled HIV infection",
    "Chemotherapy within 4 weeks",
    "Chemotherapy within 2 weeks before the first dose",
    "Stroke or myocardial infarction within 6 months",
    "Stroke within 6 months",
    "Willing to attend all visits",
    "A biopsy is recommended but not required",
    "Whatever the study team finds fitting",
)
LINES = st.lists(st.sampled_from(POOL), max_size=4, unique=True)
VERSIONS = st.builds(version, LINES, LINES)


@settings(max_examples=25, deadline=None)
@given(VERSIONS)
def test_nothing_differs_from_itself(one: Trial) -> None:
    assert amended(one, one).changes == ()


@settings(max_examples=40, deadline=None)
@given(VERSIONS, VERSIONS)
def test_the_other_way_round_is_the_mirror_image(old: Trial, new: Trial) -> None:
    found, back = amended(old, new), amended(new, old)
    assert Counter(mirrored(one.kind) for one in found.changes) == Counter(one.kind for one in back.changes)
    assert found.unchanged == back.unchanged


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("Age 18 years or older", "Age 12 years or older", (True, False), id="a range in a wider one"),
        pytest.param("Hemoglobin > 90 g/L", "Hemoglobin ≥ 90 g/L", (True, False), id="an open end in a closed one"),
        pytest.param("ANC ≥ 1.5 × 10^9/L", "ANC ≥ 1500/µL", (True, True), id="one bound in two units"),
        pytest.param(
            "Bilirubin ≤ 1.5 × ULN", "Bilirubin ≤ 1.5 mg/dL", (False, False), id="multiples and amounts do not compare"
        ),
        pytest.param("Hemoglobin ≥ 90 g/L", "Platelets ≥ 90 × 10^9/L", (False, False), id="other quantities do not compare"),
        pytest.param("Asthma and eczema", "Asthma", (True, False), id="more is asked together"),
        pytest.param("Asthma", "Asthma or eczema", (True, False), id="one of two is asked"),
        pytest.param("Type 2 diabetes", "Diabetes", (True, False), id="a kind of it"),
        pytest.param(
            "Stage IV (AJCC 8th edition)", "Stage IV (AJCC 7th edition)", (False, False), id="editions do not compare"
        ),
        pytest.param("Stage IV", "Stage IV (AJCC 8th edition)", (False, False), id="an edition that one does not name"),
        pytest.param(
            "Surgery within 1 month", "Surgery within 30 days", (False, False), id="a month is no fixed number of days"
        ),
        pytest.param(
            "Surgery within 180 days", "Surgery within 6 months", (True, False), id="six months are more than 180 days"
        ),
        pytest.param(
            "Malignancy, except basal cell carcinoma",
            "Malignancy, except basal cell carcinoma or melanoma",
            (False, True),
            id="a wider exception catches fewer",
        ),
    ],
)
def test_what_follows_from_what(old: str, new: str, expected: tuple[bool, bool]) -> None:
    kind: Kind = "inclusion"
    one, other = (passing(parse(text, kind), kind) for text in (old, new))
    assert (follows(one, other), follows(other, one)) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Known  HIV infection.", "known HIV infection", True, id="case, spaces and a full stop"),
        pytest.param("Histologicaly confirmed", "Histologically confirmed", True, id="a mended slip"),
        pytest.param("Uncontrolled hypertension", "Uncontrolled hypotension", False, id="two words, both known"),
        pytest.param("ALT < 3", "ALT < 5", False, id="numbers"),
        pytest.param("Unable to walk", "Able to walk", False, id="a denial"),
    ],
)
def test_the_same_words(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same


@pytest.mark.parametrize(
    ("old", "new", "kind", "field"),
    [
        pytest.param({"enrollment": 120}, {"enrollment": 200}, "changed", "enrollment", id="enrolment raised"),
        pytest.param({"maximum_age": "75 Years"}, {"maximum_age": "80 Years"}, "loosened", "maximum_age", id="older people"),
        pytest.param(
            {"sex": "ALL", "maximum_age": "75 Years"}, {"sex": "ALL"}, "loosened", "maximum_age", id="no upper limit any more"
        ),
        pytest.param({"minimum_age": "12 Years"}, {"minimum_age": "18 Years"}, "tightened", "minimum_age", id="no adolescents"),
        pytest.param({"sex": "FEMALE"}, {"sex": "ALL"}, "loosened", "sex", id="men too"),
        pytest.param({"status": "RECRUITING"}, {"status": "COMPLETED"}, "changed", "status", id="status"),
        pytest.param({"start_date": "2026-01"}, {"start_date": "2026-03"}, "changed", "start_date", id="a later start"),
        pytest.param(
            {"arms": [("A", "EXPERIMENTAL", "10 mg")]},
            {"arms": [("A", "EXPERIMENTAL", "20 mg")]},
            "changed",
            "arms",
            id="a dose",
        ),
        pytest.param(
            {"arms": [("A", "EXPERIMENTAL", None)]},
            {"arms": [("A", "EXPERIMENTAL", None), ("B", "PLACEBO_COMPARATOR", None)]},
            "added",
            "arms",
            id="another arm",
        ),
        pytest.param(
            {"primary": [("Pain", "12 weeks")]},
            {"primary": [("Pain", "24 weeks")]},
            "changed",
            "primary_outcomes",
            id="a later outcome",
        ),
        pytest.param(
            {"primary": [("Pain", "12 weeks")]},
            {"secondary": [("Pain", "12 weeks")]},
            "moved",
            "secondary_outcomes",
            id="no longer primary",
        ),
    ],
)
def test_fields_were_amended(old: dict[str, Any], new: dict[str, Any], kind: str, field: str) -> None:
    one, other = trial(**old), trial("NCT00000052", **new)
    assert [(change.kind, change.field) for change in amended_fields(one, other)] == [(kind, field)]
    assert amended_fields(one, one) == ()


def test_a_document_that_gives_less_changed_nothing() -> None:
    assert amended_fields(trial(status="RECRUITING", enrollment=20), trial(phase=("PHASE3",))) == ()


TODAY = date(2026, 5, 4)


def told(note: str) -> shown.Told:
    return shown.Told(read_patient(note, TODAY), Clock(TODAY, TODAY), False, "clinician")


def test_whose_verdict_flips() -> None:
    old = version(["ECOG performance status 0-1", "Age 18 years or older"], ["HIV infection", "Stroke"])
    new = version(["ECOG performance status 0-2", "Age 18 years or older"], ["HIV infection", "Asthma"])
    found = shown.diff_document(old, new, told("A 60-year-old man. ECOG 2. No HIV infection, no stroke. He has asthma."))
    flips = [(flip["old"] and flip["old"]["status"], flip["new"] and flip["new"]["status"]) for flip in found["flips"]]
    assert flips == [("violated", "satisfied"), (None, "violated")]
    assert "ECOG" in found["flips"][0]["new"]["reason"]
    assert found["overall"] == {"old": "does_not_match", "new": "does_not_match", "flips": False}


def test_nothing_flips_for_whom_nothing_changes() -> None:
    old, new = version(["ECOG performance status 0-1"]), version(["ECOG performance status 0-2"])
    found = shown.diff_document(old, new, told("ECOG 0."))
    assert (found["flips"], found["overall"]["flips"]) == ([], False)


def test_the_page_shows_both_sides_and_the_reason() -> None:
    old, new = version(["ANC ≥ 1.5 x 10^9/L"], ["HIV infection"]), version(["ANC ≥ 1.0 x 10^9/L"], [])
    out = io.StringIO()
    Console(file=out, width=140).print(shown.page(shown.diff_document(old, new, told("ANC 1.2 x 10^9/L."))))
    page = out.getvalue()
    for words in ("▼ Loosened", "− Removed", "ANC ≥ 1.5", "ANC ≥ 1.0", "1 loosened", "Does not pass", "For this patient"):
        assert words in page


CRITERIA = """Inclusion Criteria:

* Age 40 years or older
* ECOG performance status 0-{ecog}

Exclusion Criteria:

* Knee surgery within 6 months
"""


class TestCommand:
    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any]:
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    def test_two_files_and_a_patient(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        old = put(tmp_path, "old.json", record("NCT00000061", criteria=CRITERIA.format(ecog=1)))
        new = put(tmp_path, "new.json", record("NCT00000061", criteria=CRITERIA.format(ecog=2), enrollment=240))
        note = put(tmp_path, "note.txt", "A 60-year-old man, ECOG 2.")
        code, found = self.run(capsys, "diff", old, new, "--patient", note, "--today", "2026-05-04")
        assert code == 0
        assert {"old", "new", "changes", "summary", "flips"} <= set(found)
        assert [one["kind"] for one in found["changes"]] == ["loosened", "changed"]
        assert found["changes"][0]["old"]["quote"] == "ECOG performance status 0-1"
        assert found["changes"][0]["criteria"]["new"] == ["NCT00000061/inclusion/2"]
        assert (found["summary"]["loosened"], found["summary"]["unchanged"]) == (1, 2)
        assert [flip["new"]["status"] for flip in found["flips"]] == ["satisfied"]
        assert found["overall"] == {"old": "does_not_match", "new": "undecided", "flips": True}

    @pytest.mark.parametrize(
        ("name", "text", "code", "words"),
        [
            pytest.param("gone.json", None, 4, "no file", id="no such file and no index"),
            pytest.param("bare.json", record("NCT00000062", criteria=""), 4, "no criteria", id="no criteria"),
            pytest.param("empty.txt", "", 1, "empty.txt", id="nothing to read"),
        ],
    )
    def test_faults_are_one_message(
        self, name: str, text: str | None, code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old = put(tmp_path, "old.json", record("NCT00000061"))
        new = tmp_path / name if text is None else put(tmp_path, name, text)
        found, said = self.run(capsys, "diff", old, new, "--data-dir", tmp_path / "none")
        assert found == code
        assert words in said["error"]
