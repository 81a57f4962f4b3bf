"""Two versions of a record: each criterion that changed is named by what its condition became, and nothing else is."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import pytest
from small_trials import trial

from assistant.audit.amendments import Change, amended, mirrored
from index.trial import Trial

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
