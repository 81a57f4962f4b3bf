"""What an audit finds in one record by itself: sums, units, stages, gaps and words; and what it leaves alone."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from small_trials import trial

from assistant.audit.finding import Found
from assistant.audit.findings import findings
from assistant.audit.lint import arithmetic, gaps, signs, staging, units, unnamed, wording
from assistant.audit.record import Record, record
from index.trial import Trial


def found(check: Callable[[Record], Iterable[Found]], given: Trial) -> list[Found]:
    """What a check finds; each quotes what stands in the document."""
    all_found = list(check(record(given)))
    for one in all_found:
        for span in one.spans:
            assert given.quote(span).strip()
        assert set(one.criteria) <= {criterion.id for criterion in given.criteria}
    return all_found


def described(text: str) -> Trial:
    return trial(about=(("arms", text),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("PTV: 70.2 Gy/33 Fr/2.12 Gy", "33 × 2.12 Gy = 69.96 Gy, not 70.2 Gy.", id="total, fractions, each"),
        pytest.param("A dose of 45 Gy in 20 fractions of 2 Gy", "20 × 2 Gy = 40 Gy, not 45 Gy.", id="in fractions of"),
        pytest.param("30 fractions of 1.8 Gy, total dose 50.4 Gy", "30 × 1.8 Gy = 54 Gy, not 50.4 Gy.", id="fractions first"),
        pytest.param("3 Gy x 10 (total of 33 Gy)", "10 × 3 Gy = 30 Gy, not 33 Gy.", id="times a number"),
        pytest.param("200 cGy in 25 fractions to 45 Gy", "25 × 200 cGy = 50 Gy, not 45 Gy.", id="centigray"),
        pytest.param("150 mg twice daily (total daily dose 400 mg/day)", "2 × 150 mg = 300 mg a day, not 400 mg.", id="a day"),
        pytest.param("a maximum of 6 + 30 + 30 = 60 patients", "6 + 30 + 30 = 66, not 60.", id="a sum"),
        pytest.param("12 of 40 patients (35%)", "12 of 40 is 30%, not 35%.", id="a share"),
    ],
)
def test_what_does_not_add_up_is_shown_with_its_working(text: str, said: str) -> None:
    assert [one.text for one in found(arithmetic.adding_up, described(text))] == [said]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("69.96 Gy/33 Fr/2.12 Gy; CTV: 54 Gy/33 Fr/1.64 Gy", id="right, or rounded"),
        pytest.param("40.05 Gy in 15 fractions of 2.67 Gy", id="two decimals"),
        pytest.param("45-50.4 Gy in 25-28 fractions of 1.8 Gy", id="ranges"),
        pytest.param("8 Gy in a single fraction or 20 Gy in 5 fractions", id="two courses"),
        pytest.param("2 Gy × 28 (5 days/week)", id="no total"),
        pytest.param("2 Gy x 5 days per week to 60 Gy", id="times a week"),
        pytest.param("BED 72 Gy: 60 Gy in 30 fractions", id="biologically equivalent"),
        pytest.param("150 mg twice daily (300 mg/day)", id="a day, right"),
        pytest.param("10 to 50 mg twice daily, total daily dose 100 mg/day", id="a range a day"),
        pytest.param("a maximum of 6+30+30 = 66 patients", id="a sum, right"),
        pytest.param("BMI = weight / height2 and HOMA-IR x 2 = 5 units", id="a formula"),
        pytest.param("11 of 30 patients (37%)", id="a share, rounded"),
        pytest.param("at least 7/10 sessions (70%)", id="a share, right"),
    ],
)
def test_what_adds_up_or_is_no_calculation_is_left_alone(text: str) -> None:
    assert found(arithmetic.adding_up, described(text)) == []


def test_the_same_slip_in_two_places_is_told_once() -> None:
    (one,) = found(arithmetic.adding_up, described("CTV: 50 Gy/20 Fr/2 Gy. Again, CTV: 50 Gy/20 Fr/2 Gy."))
    assert len(one.spans) == 2


@pytest.mark.parametrize(
    ("sizes", "enrollment", "said"),
    [
        pytest.param((30, 30), 80, ["The groups have 30 + 30 = 60 participants, the trial 80."], id="too few"),
        pytest.param((40, 40), 80, [], id="right"),
        pytest.param((30, None), 80, [], id="one group without a size"),
    ],
)
def test_groups_sum_to_the_participants(sizes: tuple[int | None, ...], enrollment: int, said: list[str]) -> None:
    arms = [(f"Group {at}" + (f" (n = {size})" if size else ""), "EXPERIMENTAL", None) for at, size in enumerate(sizes)]
    assert [one.text for one in found(arithmetic.group_sizes, trial(arms=arms, enrollment=enrollment))] == said


@pytest.mark.parametrize(
    ("line", "said", "reading"),
    [
        pytest.param("Hemoglobin ≥ 9 mg/dL", "hemoglobin 9 mg/dL = 0.09 g/L", "≥ 9 g/dL", id="hemoglobin by the milligram"),
        pytest.param("haemoglobin > 90 g/dl", "hemoglobin 90 g/dL = 900 g/L", "> 90 g/L", id="hemoglobin ten times too high"),
        pytest.param("Hgb at least 8 g/L", "hemoglobin 8 g/L", "≥ 8 g/dL", id="hemoglobin ten times too low"),
        pytest.param("Albumin < 3.2 mg/dL", "serum albumin 3.2 mg/dL = 0.032 g/L", "< 3.2 g/dL", id="albumin"),
        pytest.param(
            "Platelets ≥ 75,000/L", "platelet count 75,000 /L = 0.075 /µL", "≥ 75,000 /µL", id="platelets by the litre"
        ),
        pytest.param(
            "ANC ≥ 1.2 x 10^9/mL", "absolute neutrophil count 1.2 × 10^9/mL = 1200 × 10^9/L", "≥ 1.2 × 10^9/L", id="by the ml"
        ),
        pytest.param("Platelets ≥ 90/mm3", "platelet count 90 /µL", "≥ 90 × 10^9/L", id="the power left off"),
        pytest.param("Serum sodium > 130 mg/dL", "serum sodium 130 mg/dL = 56.55 mmol/L", "> 130 mmol/L", id="sodium"),
    ],
)
def test_a_unit_that_cannot_be_is_told_with_the_likely_one(line: str, said: str, reading: str) -> None:
    (one,) = found(units.impossible_units, trial(inclusion=[line]))
    assert one.kind == "unit"
    assert one.text == f"The unit cannot be right: {said}."
    assert one.reading == f"{reading} is meant."


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Hemoglobin ≥ 90 g/L or ≥ 9.0 g/dL", id="both units right"),
        pytest.param("Serum creatinine clearance > 50 mL/min", id="a clearance"),
        pytest.param("Urine albumin/creatinine ratio ≥ 300 mg/g", id="a ratio"),
        pytest.param("Serum IgA > 2.0 g/dL", id="another unit of the same kind, possible"),
        pytest.param("Leukemic blasts > 30,000/mm³", id="a count where the table has a percentage"),
        pytest.param("Prothrombin time < 3 seconds longer than control", id="a difference"),
        pytest.param("Hemoglobin drop of more than 2 g/L from baseline", id="a change"),
        pytest.param("Creatinine > 1.5 mg/dL (> 132 µmol/L)", id="the same bound in two units"),
        pytest.param("HbA1c ≥ 7.5% (≥ 58 mmol/mol)", id="percent and its other unit"),
        pytest.param("ANC ≥ 1500/µL, platelets ≥ 100 x 109/L", id="counts, one with its superscript lost"),
        pytest.param("Erythrocyte (RBC) folate between 405 and 952 nmol/L", id="a quantity inside another's name"),
        pytest.param("ALT ≤ 2.5 × ULN", id="a multiple of a limit"),
    ],
)
def test_units_that_can_be_are_left_alone(line: str) -> None:
    assert found(units.impossible_units, trial(inclusion=[line])) == []


@pytest.mark.parametrize(
    ("disease", "line", "words"),
    [
        pytest.param("Nasopharyngeal Carcinoma", "Stage IVC (AJCC 8th edition)", "no stage IVC", id="a stage of the 7th"),
        pytest.param(
            "Non-Small Cell Lung Cancer", "Stage IIIB or IIIC, UICC 7th edition", "no stage IIIC", id="a stage of the 8th"
        ),
        pytest.param("Melanoma", "Stage IIID by AJCC 7th edition", "no stage IIID", id="IIID is new"),
        pytest.param("Nasopharyngeal Carcinoma", "Stage IVB (AJCC 9th edition)", None, id="it has it"),
        pytest.param("Melanoma", "Stage IIIB/C/D or IV M1a (AJCC 8th edition)", None, id="letters alone"),
        pytest.param("Nasopharyngeal Carcinoma", "Stage IV (AJCC 8th edition)", None, id="a group that has but parts"),
        pytest.param("Nasopharyngeal Carcinoma", "Stage IVC", None, id="no edition named"),
        pytest.param("Uveal Melanoma", "Stage IIID by AJCC 7th edition", None, id="a chapter of its own"),
        pytest.param("Osteosarcoma", "Stage IVC by AJCC 8th edition", None, id="no table for it"),
    ],
)
def test_stages_are_held_to_their_edition(disease: str, line: str, words: str | None) -> None:
    texts = [one.text for one in found(staging.foreign_groups, trial(conditions=(disease,), inclusion=[line]))]
    assert (len(texts) == 1 and words in texts[0]) if words else texts == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Stage III by AJCC 8th edition. Staged again by AJCC 7th edition at relapse.", 1, id="two editions"),
        pytest.param("Stage III by AJCC 7th or 8th edition.", 0, id="either, on purpose"),
        pytest.param("Stage III by AJCC 8th edition. N2 by UICC 8th edition.", 0, id="one edition of both bodies"),
        pytest.param("The 7th visit. Stage III by AJCC 8th edition.", 0, id="another ordinal"),
    ],
)
def test_editions_mixed(text: str, count: int) -> None:
    assert len(found(staging.mixed_editions, trial(about=(("eligibility", text),)))) == count


@pytest.mark.parametrize(
    "line",
    [
        "Adequate organ function (limits per protocol)",
        "Contraception as specified in the protocol",
        "Other protocol-defined exclusion criteria may apply",
        "Laboratory values within protocol-specified limits",
        "Infections (see protocol)",
        "Use of prohibited medication as detailed in the study protocol",
        "Women must use one of the methods of contraception listed in the study protocol",
        "Prohibited drugs (see Appendix 3)",
        "Adequate organ function as defined in Table 2",
    ],
)
def test_what_is_left_to_the_protocol_is_said(line: str) -> None:
    assert [one.kind for one in found(gaps.deferred, trial(inclusion=[line]))] == ["per_protocol"]


@pytest.mark.parametrize(
    "line",
    [
        "Able to comply with the study protocol",
        "Willing to undergo biopsies as per protocol",
        "A condition that would interfere with protocol-specified assessments",
        "Planned treatment given per protocol",
        "Pain that prevents engaging in the study protocol",
        "Unable to follow the procedures outlined in the protocol",
        "ECOG 0-1",
        "See the section below",
        "Viral hepatitis per institutional protocol",
        "Willing to adhere to the diet that is described in detail in the protocol",
        "Karnofsky performance status of at least 70 (see Appendix B)",
        "Able to give informed consent as described in Section 9.1",
        "Inhibitors of CYP3A4 need dose reductions as per Appendix C",
    ],
)
def test_keeping_to_the_protocol_is_no_gap(line: str) -> None:
    assert found(gaps.deferred, trial(inclusion=[line])) == []


def test_a_table_that_the_record_prints_is_no_gap() -> None:
    assert (
        found(gaps.deferred, trial(inclusion=["Organ function as defined in Table 2", "Table 2: bilirubin ≤ 20 µmol/L"])) == []
    )


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Dose: TBD after the first cohort.", 1, id="TBD"),
        pytest.param("Within ___ days of consent.", 1, id="a blank"),
        pytest.param("Drug [insert name] once daily.", 1, id="a template"),
        pytest.param("The interval is to be determined.", 1, id="to be determined"),
        pytest.param("Eligibility is to be determined by the investigator.", 0, id="who determines it"),
        pytest.param("Diabetes (250.XX) treated with metformin.", 0, id="a code"),
        pytest.param("Genotype to be confirmed by the laboratory.", 0, id="something to do"),
    ],
)
def test_places_not_filled_in(text: str, count: int) -> None:
    assert len(found(gaps.placeholders, trial(about=(("description", text),)))) == count


def test_what_every_record_has_is_missed_in_one_finding() -> None:
    (one,) = found(gaps.not_given, trial("page", inclusion=["Age over 18"]))
    assert one.text == "The documents do not give a registry number, a title, a sponsor, a recruitment status or any site."
    whole = trial(nct_id="NCT00000051", title="T", sponsor="S", status="WITHDRAWN", inclusion=["Age over 18"])
    assert found(gaps.not_given, whole) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"inclusion": ["Age over 18"]}, ["The documents give no list of exclusion criteria."], id="one list"),
        pytest.param({}, ["The documents give no eligibility criteria."], id="no list"),
        pytest.param({"inclusion": ["Asthma"], "exclusion": ["Pregnancy"]}, [], id="both"),
        pytest.param(
            {"inclusion": ["Asthma"], "about": [("eligibility", "Exclusion criteria: none")]}, [], id="none, and said so"
        ),
        pytest.param(
            {"inclusion": ["Asthma"], "about": [("eligibility", "Inclusion criteria:\n* Asthma\n\nExclusion Criteria:\n")]},
            ["The exclusion criteria have a heading here, and no line follows it."],
            id="a heading and nothing under it",
        ),
    ],
)
def test_lists_that_are_not_there(fields: dict[str, Any], said: list[str]) -> None:
    assert [one.text for one in found(gaps.missing_lists, trial(**fields))] == said


NAMED = {"nct_id": "NCT00000051", "title": "T", "sponsor": "S", "sites": [("Clinic", "Springfield", "Exampleland", None)]}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"status": "RECRUITING"}, ["Nobody to call or write to is named here."], id="open, nobody named"),
        pytest.param(
            {"status": "RECRUITING", "contacts": [("Ada Example", None)]},
            ["Nobody to call or write to is named here."],
            id="a name without a number",
        ),
        pytest.param({"status": "RECRUITING", "contacts": [("Ada Example", "+1 555 0100")]}, [], id="a number"),
        pytest.param({"status": "COMPLETED"}, [], id="over"),
        pytest.param({"status": "COMPLETED", "sites": []}, [], id="over, and no site"),
        pytest.param(
            {"status": "NOT_YET_RECRUITING", "sites": [], "contacts": [("Ada Example", "+1 555 0100")]}, [], id="no site as yet"
        ),
        pytest.param(
            {"status": "RECRUITING", "sites": []},
            ["The documents do not give any site. Nobody to call or write to is named here."],
            id="open, no site and nobody, told together",
        ),
    ],
)
def test_somebody_to_ask_where_somebody_may_want_to_join(fields: dict[str, Any], said: list[str]) -> None:
    assert [one.text for one in found(gaps.not_given, trial(**{**NAMED, **fields}))] == said


def test_who_lacks_a_contact_is_sent_to_the_registry() -> None:
    (one,) = found(gaps.not_given, trial(**NAMED, status="RECRUITING"))
    assert "NCT00000051" in (one.reading or "")


def test_all_that_is_left_to_the_protocol_is_one_finding() -> None:
    given = trial(inclusion=["Organ function per protocol", "Asthma"], exclusion=["Drugs listed in the study protocol"])
    (one,) = found(gaps.deferred, given)
    assert one.text.startswith("2 lines leave a rule to the full study plan (the protocol)")
    assert [given.quote(span) for span in one.spans] == ["Organ function per protocol", "Drugs listed in the study protocol"]


@pytest.mark.parametrize(
    ("inclusion", "count"),
    [
        pytest.param(["Asthma", "Adequate organ function, defined as follows:"], 1, id="nothing follows"),
        pytest.param(["Any of the following:", "- asthma", "- eczema"], 0, id="it follows"),
        pytest.param(["Asthma:", "Eczema"], 0, id="another line follows"),
    ],
)
def test_lists_that_are_announced(inclusion: list[str], count: int) -> None:
    assert len(found(gaps.empty_promises, trial(inclusion=inclusion))) == count


@pytest.mark.parametrize(
    ("text", "about", "count"),
    [
        pytest.param("Maintenance with a PD-1 inhibitor 240 mg IV every 3 weeks", (), 1, id="never named"),
        pytest.param("PD-1 inhibitor (toripalimab or camrelizumab)", (), 0, id="named beside it"),
        pytest.param(
            "PD-1 inhibitor every 3 weeks", (("description", "Toripalimab is the standard."),), 0, id="named elsewhere"
        ),
        pytest.param("PD-1 inhibitor", (("related", "NCT00000009: tislelizumab in asthma"),), 1, id="another trial's drug"),
        pytest.param("PD-1 inhibitor ABC-123 every 3 weeks", (), 0, id="a code of its own"),
        pytest.param("Cyclophosphamide 300 mg/m² and cisplatin", (), 0, id="drugs"),
        pytest.param("Antibiotics and vitamins as needed", (), 0, id="wide words"),
    ],
)
def test_drugs_without_a_name(text: str, about: tuple[tuple[str, str], ...], count: int) -> None:
    assert len(found(unnamed.unnamed_drugs, trial(about=(("arms", text), *about)))) == count


@pytest.mark.parametrize(
    ("check", "line", "reading"),
    [
        pytest.param(wording.other_words, "Myocardial infraction within 6 months", "“infarction”", id="infarction"),
        pytest.param(wording.other_words, "Any contradiction to MRI", "“contraindication”", id="contraindication"),
        pytest.param(wording.other_words, "Creatine clearance ≥ 50 mL/min", "“creatinine”", id="creatinine"),
        pytest.param(wording.other_words, "Sever renal insufficiency", "“severe”", id="severe"),
        pytest.param(wording.broken_signs, "LVEF ³50% by echocardiogram", "“≥”", id="at least, lost"),
        pytest.param(wording.broken_signs, "Performance status £ 1", "“≤”", id="at most, lost"),
        pytest.param(wording.broken_signs, "Creatinine > 132 ¿mol/L", "“µ”", id="micro, lost"),
        pytest.param(wording.broken_signs, "ANC ≥ 1500/µL or less at screening", None, id="at least or less"),
        pytest.param(wording.broken_signs, "Age ≤ 75 years or older.", None, id="at most or older"),
        pytest.param(wording.reversed_ranges, "Aged between 75 and 18 years", None, id="from high to low"),
        pytest.param(wording.reversed_ranges, "BMI between 30 and 18.5 kg/m2", None, id="from high to low with a unit"),
    ],
)
def test_words_that_say_another_thing(check: Callable[[Record], Iterable[Found]], line: str, reading: str | None) -> None:
    (one,) = found(check, trial(inclusion=[line]))
    assert one.reading == (f"{reading} is meant." if reading else None)


@pytest.mark.parametrize(
    "line",
    [
        "Creatine kinase ≤ 2.5 × ULN",
        "Use of creatine supplements",
        "Myocardial infarction within 6 months",
        "Age less than 18 years or older than 75 years",
        "Systolic pressure less than 90 or greater than 160 mmHg",
        "LVEF > 50% or lower limit of normal",
        "Aged 18 to 75 years",
        "Between 28 and 7 days before enrolment",
        "Travel costs of £ 20 per visit are paid",
        "Platelets ≥ 100 x 10³/µL",
        "Two to three lines",
        "Grade 2 or less",
    ],
)
def test_words_that_are_right_are_left_alone(line: str) -> None:
    given = trial(inclusion=[line])
    checks = (wording.other_words, wording.broken_signs, wording.reversed_ranges, wording.repeated_lines)
    assert [one for check in checks for one in found(check, given)] == []


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        pytest.param({"inclusion": ["Age ≤ 18 years"], "minimum_age": "18 Years"}, 1, id="at most the minimum"),
        pytest.param({"inclusion": ["Age ≥ 70 years"], "maximum_age": "70 Years"}, 1, id="at least the maximum"),
        pytest.param({"exclusion": ["Age > 18 years"], "minimum_age": "18 Years"}, 1, id="those who are old enough barred"),
        pytest.param({"inclusion": ["Age ≥ 18 years"], "minimum_age": "18 Years"}, 0, id="right"),
        pytest.param({"exclusion": ["Age < 18 years"], "minimum_age": "18 Years"}, 0, id="right, as exclusion"),
        pytest.param({"inclusion": ["Age ≤ 18 years"], "minimum_age": "6 Years", "maximum_age": "18 Years"}, 0, id="children"),
        pytest.param({"inclusion": ["Age ≤ 18 years"]}, 0, id="no other limit"),
    ],
)
def test_age_limits_turned_round(fields: dict[str, Any], count: int) -> None:
    assert len(found(wording.reversed_ages, trial(**fields))) == count


@pytest.mark.parametrize(
    ("check", "line", "count"),
    [
        pytest.param(wording.requirements_barred, "Patient must have a midline shift under 1 cm", 1, id="must have"),
        pytest.param(wording.requirements_barred, "Able to provide informed consent", 1, id="able to consent"),
        pytest.param(wording.requirements_barred, "Not able to provide informed consent", 0, id="not able"),
        pytest.param(wording.requirements_barred, "Patients who must take steroids", 0, id="who must"),
        pytest.param(wording.requirements_barred, "Refusal to provide informed consent", 0, id="refusal"),
        pytest.param(wording.requirements_barred, "Have had surgery within 4 weeks", 0, id="have had"),
    ],
)
def test_lines_in_the_wrong_list(check: Callable[[Record], Iterable[Found]], line: str, count: int) -> None:
    assert len(found(check, trial(exclusion=[line]))) == count
    assert found(check, trial(inclusion=[line])) == []


@pytest.mark.parametrize(
    ("inclusion", "count"),
    [
        pytest.param(["Allergic to ultrasound gel", "Asthma", "Allergic to ultrasound gel."], 1, id="twice"),
        pytest.param(["Measurable disease is present", "Phase 2", "Measurable disease is present"], 0, id="once a phase"),
        pytest.param(["Asthma", "Asthma"], 0, id="too short to tell"),
        pytest.param(
            ["Allergic to ultrasound gel", "2. Exclusion criteria of the other group", "Allergic to ultrasound gel"],
            0,
            id="once a list",
        ),
        pytest.param(
            ["Group one:", "- informed consent is given", "Group two:", "- informed consent is given"], 0, id="once a group"
        ),
    ],
)
def test_lines_that_stand_twice(inclusion: list[str], count: int) -> None:
    assert len(found(wording.repeated_lines, trial(inclusion=inclusion))) == count


def test_a_sound_record_has_no_finding() -> None:
    given = trial(
        nct_id="NCT00000051",
        title="Radiotherapy in asthma",
        sponsor="Example Hospital",
        status="RECRUITING",
        sites=[("Example Hospital", "Springfield", "Exampleland", "RECRUITING")],
        contacts=[("Ada Example", "+1 555 0100")],
        minimum_age="18 Years",
        inclusion=["Age ≥ 18 years", "Hemoglobin ≥ 90 g/L", "Signed informed consent"],
        exclusion=["Pregnancy", "Uncontrolled hypertension"],
        about=(("arms", "60 Gy in 30 fractions of 2 Gy with toripalimab 240 mg"),),
    )
    assert findings(record(given)) == ()


FIT = ("Hemoglobin ≥ 9 g/dL", "Total bilirubin ≤ 1.5 × ULN")


@pytest.mark.parametrize(
    ("disease", "lines", "meant"),
    [
        pytest.param("Melanoma", (*FIT, "ECOG performance status ≥ 2"), "at most 2", id="ECOG"),
        pytest.param("Breast Cancer", (*FIT, "Platelets ≤ 100 x 10^9/L"), "at least 100", id="platelets"),
        pytest.param("Melanoma", (*FIT, "Serum creatinine ≥ 1.5 mg/dL"), "at most 1.5", id="creatinine"),
        pytest.param("Melanoma", (*FIT, "ECOG performance status ≤ 2"), None, id="right"),
        pytest.param("Melanoma", (*FIT, "ECOG performance status of 1 to 2"), None, id="both bounds"),
        pytest.param("Melanoma", ("ECOG performance status ≥ 2",), None, id="no other line tells the side"),
        pytest.param("Melanoma in frail adults", (*FIT, "ECOG performance status ≥ 2"), None, id="for the frail"),
        pytest.param("Melanoma with liver dysfunction", (*FIT, "AST ≥ 3 × ULN"), None, id="for the impaired"),
        pytest.param("Heart Failure", (*FIT, "LVEF ≤ 40 %"), None, id="no tumour"),
        pytest.param("Melanoma", (*FIT, "Creatinine ≥ 1.5 mg/dL is allowed if clearance is normal"), None, id="for some"),
        pytest.param("Melanoma", (*FIT, "Performance status ≥ 80"), None, id="another scale"),
    ],
)
def test_signs_turned_round(disease: str, lines: tuple[str, ...], meant: str | None) -> None:
    readings = [
        one.reading for one in found(signs.turned_signs, trial(conditions=(disease,), inclusion=lines, exclusion=["Pregnancy"]))
    ]
    assert len(readings) == (meant is not None)
    assert all(meant in (reading or "") for reading in readings if meant)
