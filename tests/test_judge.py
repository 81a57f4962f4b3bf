"""Conditions against patients: what is said decides, what is not said does not, and the reason names both."""

from datetime import date
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.eligibility.conditions import (
    Advised,
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
    Window,
)
from assistant.eligibility.judge import judge
from assistant.eligibility.judge.judgement import FIXED, Judgement
from assistant.eligibility.numbers.quantities import quantity
from assistant.eligibility.numbers.units import convert
from assistant.eligibility.patient import Days, Fact, Measurement, Patient
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from assistant.eligibility.vocabulary.concepts import all_concepts, words_id
from index.trial import Kind
from tests.small_patients import CLOCK, clause, grading, has, no, on, patient, value, year

LAST_14_DAYS = Window(Range(0, 14), "day", "start", words="within 14 days before the first dose")
LAST_5_YEARS = Window(Range(0, 5), "year", "today", words="within the past 5 years")
BARE = Window(Range(0, 5, high_open=True), "year", "event", words="< 5 years")
STUDY = frozenset({"breast-cancer"})


def truth_of(condition: Condition, who: Patient, *, complete: bool = False, kind: Kind = "inclusion") -> Truth:
    return judge(condition, who, CLOCK, complete=complete, study=STUDY, kind=kind).truth


def fact(judgement: Judgement) -> str:
    return "; ".join(reason.fact for reason in judgement.reasons)


LIVER = Has(("liver-disease",))
FATTY = Has(("fatty-liver-disease",))
LUNG = Has(("lung-disease",), ever=True)
CONTROLLED_NOT = Has(("hypertension",), frozenset({"uncontrolled"}))
STEROID = Has(("corticosteroid",), window=LAST_14_DAYS)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(Has(("hiv",)), (), UNKNOWN, id="silence is not a no"),
        pytest.param(Has(("hiv",)), (has("hiv"),), TRUE, id="what is there is there"),
        pytest.param(Has(("hiv",)), (no("hiv"),), FALSE, id="what is denied is not"),
        pytest.param(LUNG, (has("copd"),), TRUE, id="presence flows up: COPD is a lung disease"),
        pytest.param(Has(("copd",)), (no("lung-disease"),), FALSE, id="denial flows down: no lung disease, no COPD"),
        pytest.param(LUNG, (no("copd"),), UNKNOWN, id="denial does not flow up: no COPD says nothing of asthma"),
        pytest.param(Has(("type-1-diabetes",)), (has("diabetes"),), UNKNOWN, id="which diabetes is not said"),
        pytest.param(Has(("hiv",)), (has("hiv", certain=False),), UNKNOWN, id="a pending test decides nothing"),
        pytest.param(Has(("hiv",)), (no("hiv", certain=False),), UNKNOWN, id="a doubtful denial decides nothing"),
        pytest.param(
            Has(("pembrolizumab",)),
            (has("pembrolizumab", certain=False), no("pembrolizumab")),
            FALSE,
            id="discussed but not given",
        ),
        pytest.param(
            Has(("tuberculosis",)), (has("tuberculosis", who="family"),), UNKNOWN, id="the father's is not the patient's"
        ),
        pytest.param(
            Has(("tuberculosis",), family=True), (has("tuberculosis", who="family"),), TRUE, id="but asked of the family"
        ),
        pytest.param(
            Has(("tuberculosis",), family=True), (has("tuberculosis"),), UNKNOWN, id="the patient's is not the family's"
        ),
        pytest.param(CONTROLLED_NOT, (has("hypertension", "", "controlled"),), FALSE, id="controlled is not uncontrolled"),
        pytest.param(CONTROLLED_NOT, (has("hypertension", "", "uncontrolled"),), TRUE, id="uncontrolled is said"),
        pytest.param(CONTROLLED_NOT, (has("hypertension"),), UNKNOWN, id="control is not said"),
        pytest.param(CONTROLLED_NOT, (no("hypertension"),), FALSE, id="no hypertension at all"),
        pytest.param(
            Has(("infection",), frozenset({"active"})), (no("infection", "", "active"),), FALSE, id="no active infection"
        ),
        pytest.param(Has(("infection",)), (no("infection", "", "active"),), UNKNOWN, id="no more is denied than is said"),
        pytest.param(Has(("pneumonitis",)), (has("pneumonitis", "", "resolved"),), FALSE, id="what is over is not current"),
        pytest.param(Has(("pneumonitis",), ever=True), (has("pneumonitis", "", "resolved"),), TRUE, id="but was there once"),
        pytest.param(Has(("pneumonitis",)), (has("pneumonitis", ongoing=False),), FALSE, id="said to be over"),
        pytest.param(
            Has(("myocardial-infarction",)),
            (has("myocardial-infarction", started=year(2019), ended=year(2019)),),
            UNKNOWN,
            id="whether an event of 2019 still counts is not said",
        ),
        pytest.param(
            Has(("pneumonitis",), ever=True, grade=Range(2)), (has("pneumonitis", grade=exactly(2)),), TRUE, id="grade 2"
        ),
        pytest.param(
            Has(("pneumonitis",), ever=True, grade=Range(2)), (has("pneumonitis", grade=exactly(1)),), FALSE, id="grade 1"
        ),
        pytest.param(Has(("pneumonitis",), ever=True, grade=Range(2)), (has("pneumonitis"),), UNKNOWN, id="no grade given"),
        pytest.param(
            Has(("dexamethasone",), ever=True, count=Range(4, 6)),
            (has("dexamethasone", count=exactly(5)),),
            TRUE,
            id="five of 4 to 6",
        ),
        pytest.param(STEROID, (has("dexamethasone", ended=on("2026-01-12")),), FALSE, id="day 15 is outside 14 days"),
        pytest.param(STEROID, (has("dexamethasone", ended=on("2026-01-13")),), TRUE, id="day 14 is inside 14 days"),
        pytest.param(STEROID, (has("dexamethasone", ongoing=True),), TRUE, id="still taken"),
        pytest.param(STEROID, (has("dexamethasone"),), UNKNOWN, id="when is not said"),
        pytest.param(STEROID, (no("medication"),), FALSE, id="no medicines at all"),
        pytest.param(
            Has(("infection",), ever=True, window=LAST_14_DAYS),
            (has("infection", started=year(2020), ended=year(2020)),),
            UNKNOWN,
            id="an old infection says nothing of others: the class is broad",
        ),
        pytest.param(
            STEROID,
            (no("corticosteroid", started=Days(date(2025, 12, 1), date(2025, 12, 1))),),
            FALSE,
            id="denied since December",
        ),
        pytest.param(
            STEROID,
            (no("corticosteroid", started=on("2026-01-18")),),
            UNKNOWN,
            id="denied since two days ago covers no fortnight",
        ),
        pytest.param(
            Has(("malignancy",), ever=True, window=LAST_5_YEARS),
            (no("malignancy", "", "active", started=year(2014), ongoing=True, other=True), has("melanoma", started=year(2014))),
            FALSE,
            id="none since a day before the window",
        ),
        pytest.param(
            Has(("malignancy",), ever=True, window=LAST_5_YEARS),
            (no("malignancy", started=year(2024), ongoing=True),),
            UNKNOWN,
            id="none since a day inside the window says nothing of before",
        ),
        pytest.param(
            Has(("malignancy",), ever=True, window=LAST_5_YEARS),
            (no("malignancy", started=year(2014)),),
            UNKNOWN,
            id="none in a year long ago says nothing of later",
        ),
        pytest.param(
            Has(("pneumonia",), frozenset({"active"})),
            (has("pneumonia", started=on("2025-12-01"), ended=on("2025-12-20")),),
            FALSE,
            id="what ended is not active",
        ),
        pytest.param(
            Has(("pneumonia",), frozenset({"active"})),
            (has("pneumonia", started=on("2026-01-18"), ended=on("2026-01-18")),),
            UNKNOWN,
            id="what came on one day may go on",
        ),
        pytest.param(
            Has(("brain-metastasis",), ever=True),
            (no("brain-metastasis", started=on("2026-01-02"), ended=on("2026-01-02")),),
            UNKNOWN,
            id="a clear scan does not deny the past",
        ),
        pytest.param(
            Has(("brain-metastasis",)),
            (no("brain-metastasis", started=on("2026-01-02"), ended=on("2026-01-02")),),
            FALSE,
            id="a clear scan denies the present",
        ),
        pytest.param(
            Has(("hiv",), ever=True),
            (no("hiv", started=on("2026-01-02"), ended=on("2026-01-02")),),
            FALSE,
            id="nobody loses HIV",
        ),
        pytest.param(
            Has(("malignancy",), other=True, ever=True), (has("breast-cancer"),), UNKNOWN, id="the study's own disease"
        ),
        pytest.param(Has(("malignancy",), other=True, ever=True), (has("metastasis"),), UNKNOWN, id="nor its spread"),
        pytest.param(Has(("malignancy",), other=True, ever=True), (has("melanoma"),), TRUE, id="another one"),
        pytest.param(
            Has(("malignancy",), other=True, ever=True),
            (has("breast-cancer"), no("malignancy", other=True)),
            FALSE,
            id="no other cancer",
        ),
        pytest.param(
            Has(("malignancy",), ever=True),
            (has("melanoma"), no("malignancy", other=True)),
            TRUE,
            id="no other than the one stated",
        ),
        pytest.param(
            Has(("autoimmune-disease",), frozenset({"uncontrolled"})),
            (has("lupus", "", "controlled"), no("autoimmune-disease", other=True)),
            FALSE,
            id="the one stated fails and there is no other",
        ),
        pytest.param(Has(("hiv", "hepatitis-c")), (no("hiv"),), UNKNOWN, id="one of two is denied"),
        pytest.param(Has(("hiv", "hepatitis-c")), (no("hiv"), no("hepatitis-c")), FALSE, id="both are denied"),
    ],
)
def test_findings(condition: Has, facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(condition, patient(*facts)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param((has("hiv"), no("hiv")), True, id="asserted and denied"),
        pytest.param((has("lung-disease"), no("copd")), False, id="a narrower denial"),
        pytest.param(
            (has("hiv", started=on("2025-01-02")), no("hiv", started=on("2025-02-02"))), False, id="on different days"
        ),
    ],
)
def test_a_thing_both_asserted_and_denied_conflicts(facts: tuple[object, ...], expected: bool) -> None:
    judged = judge(Has((facts[0].concept,)), patient(*facts), CLOCK)  # type: ignore[attr-defined,arg-type]
    assert judged.conflicting is expected
    assert (judged.truth is UNKNOWN) is expected


def test_a_later_test_outweighs_an_earlier_one() -> None:
    before = has("hepatitis-b", started=on("2020-03-01"), ended=on("2020-03-01"))
    after = no("hepatitis-b", started=on("2025-03-01"), ended=on("2025-03-01"))
    assert truth_of(Has(("hepatitis-b",)), patient(before, after)) is FALSE
    assert truth_of(Has(("hepatitis-b",), ever=True), patient(before, after)) is TRUE


def test_a_recurrence_counts_from_the_end_of_what_came_before() -> None:
    window = Window(Range(12), "month", "event", before=False, event=Has(("pembrolizumab",), ever=True), words="a year after")
    recurrence = Has(("metastasis",), window=window)
    late = (has("pembrolizumab", ended=on("2024-10-25")), has("metastasis", started=on("2025-10-25"), ended=on("2025-10-25")))
    early = (has("pembrolizumab", ended=on("2024-10-25")), has("metastasis", started=on("2025-10-13"), ended=on("2025-10-13")))
    assert truth_of(recurrence, patient(*late)) is TRUE
    assert truth_of(recurrence, patient(*early)) is not TRUE
    assert truth_of(recurrence, patient(late[1])) is UNKNOWN


HB = Between("hemoglobin", Range(90), "g/L")
ALT = Between("alt", Range(high=2.5), of="ULN")
RECENT = Between("platelets", Range(100), "10^9/L", window=LAST_14_DAYS)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(HB, (), UNKNOWN, id="no value"),
        pytest.param(HB, (value("hemoglobin", 9.4, "g/dL"),), TRUE, id="9.4 g/dL is 94 g/L"),
        pytest.param(HB, (value("hemoglobin", 9.0, "g/dL"),), TRUE, id="the bound itself passes"),
        pytest.param(HB, (value("hemoglobin", 8.9, "g/dL"),), FALSE, id="below the bound"),
        pytest.param(
            HB, (value("hemoglobin", 8.8, "g/dL", superseded=True), value("hemoglobin", 98, "g/L")), TRUE, id="corrected"
        ),
        pytest.param(HB, (value("hemoglobin", Range(85, 95), "g/L"),), UNKNOWN, id="a range across the bound"),
        pytest.param(HB, (value("hemoglobin", 9.4, "mmHg"),), UNKNOWN, id="a unit that hemoglobin does not have"),
        pytest.param(Between("anc", Range(1.5), "10^9/L"), (value("anc", 1450, "/µL"),), FALSE, id="1450/µL is 1.45"),
        pytest.param(ALT, (value("alt", 90, "U/L", uln=40),), TRUE, id="2.25 × ULN"),
        pytest.param(ALT, (value("alt", 171, "U/L", uln=40),), FALSE, id="4.3 × ULN"),
        pytest.param(ALT, (value("alt", 90, "U/L"),), UNKNOWN, id="the laboratory's limit is not given"),
        pytest.param(ALT, (value("alt", Range(), flag="normal"),), TRUE, id="normal is at most 1 × ULN"),
        pytest.param(
            Between("alt", Range(high=0.5), of="ULN"), (value("alt", Range(), flag="normal"),), UNKNOWN, id="half the ULN"
        ),
        pytest.param(ALT, (value("alt", Range(), flag="high"),), UNKNOWN, id="high may be 1.1 or 11 × ULN"),
        pytest.param(Between("inr", Range(high=1.5), of="ULN"), (value("inr", 1.0),), TRUE, id="INR 1.0 without a limit"),
        pytest.param(Between("inr", Range(high=1.5), of="ULN"), (value("inr", 2.4),), FALSE, id="INR 2.4 without a limit"),
        pytest.param(
            Between("inr", Range(high=1.5), of="ULN"), (value("inr", 1.7),), UNKNOWN, id="INR 1.7: it depends on the limit"
        ),
        pytest.param(RECENT, (value("platelets", 128, "10^9/L", taken=on("2026-01-13")),), TRUE, id="14 days before is inside"),
        pytest.param(
            RECENT, (value("platelets", 128, "10^9/L", taken=on("2026-01-12")),), UNKNOWN, id="15 days before is too old"
        ),
        pytest.param(RECENT, (value("platelets", 128, "10^9/L"),), UNKNOWN, id="of no day"),
        pytest.param(
            RECENT,
            (
                value("platelets", 90, "10^9/L", taken=on("2026-01-14")),
                value("platelets", 128, "10^9/L", taken=on("2026-01-19")),
            ),
            TRUE,
            id="the latest decides",
        ),
        pytest.param(
            RECENT,
            (
                value("platelets", 128, "10^9/L", taken=on("2026-01-19")),
                value("platelets", 90, "10^9/L", taken=on("2025-12-01")),
            ),
            TRUE,
            id="an old one is not looked at",
        ),
        pytest.param(Between("ecog", Range(0, 1)), (value("ecog", 1),), TRUE, id="ECOG 1 of 0 to 1"),
        pytest.param(Between("ecog", Range(0, 1)), (value("karnofsky", 80),), TRUE, id="Karnofsky 80 is ECOG 1"),
        pytest.param(Between("ecog", Range(0, 1)), (value("karnofsky", 60),), FALSE, id="Karnofsky 60 is ECOG 2"),
    ],
)
def test_values(condition: Between, facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(condition, patient(*facts)) is expected  # type: ignore[arg-type]


def test_an_undated_value_in_a_dated_note_is_of_the_note() -> None:
    assert truth_of(RECENT, patient(value("platelets", 128, "10^9/L"), dated=date(2026, 1, 20))) is TRUE


def test_two_values_of_one_sample_on_both_sides_of_the_bound_conflict() -> None:
    limit = Between("hbv-dna", Range(500), "IU/mL")
    day = on("2026-01-12")
    who = patient(value("hbv-dna", 320, "IU/mL", taken=day), value("hbv-dna", 3200, "IU/mL", taken=day))
    judged = judge(limit, who, CLOCK)
    assert (judged.truth, judged.conflicting) == (UNKNOWN, True)
    assert len(judged.evidence) == 2
    assert not judge(Between("hbv-dna", Range(100), "IU/mL"), who, CLOCK).conflicting, "both are on the same side"


def test_a_reason_shows_the_conversion_and_the_bound() -> None:
    judged = judge(HB, patient(value("hemoglobin", 8.4, "g/dL")), CLOCK)
    assert "8.4 g/dL = 84 g/L" in fact(judged)
    assert judged.reasons[0].rule == "hemoglobin at least 90 g/L"
    assert judged.changes == ("a hemoglobin of at least 90 g/L",)


STAGE_IV_8 = OneOf("stage", frozenset({"IVB"}), edition="8")


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(STAGE_IV_8, (grading("stage", "IVB", edition="8"),), TRUE, id="the class and the edition"),
        pytest.param(STAGE_IV_8, (grading("stage", "IVB", edition="9"),), UNKNOWN, id="another edition"),
        pytest.param(STAGE_IV_8, (grading("stage", "IVB"),), UNKNOWN, id="no edition is named"),
        pytest.param(STAGE_IV_8, (grading("stage", "IIA", edition="8"),), FALSE, id="another class"),
        pytest.param(
            STAGE_IV_8, (grading("stage", "IV", "IVA", "IVB", "IVC", edition="8"),), UNKNOWN, id="stage IV may be IVB"
        ),
        pytest.param(OneOf("stage", frozenset({"IV"})), (grading("stage", "IVB", edition="9"),), TRUE, id="IVB is a stage IV"),
        pytest.param(OneOf("nyha", frozenset({"III", "IV"})), (grading("nyha", "II"),), FALSE, id="NYHA II"),
        pytest.param(OneOf("nyha", frozenset({"III", "IV"})), (), UNKNOWN, id="nothing is said"),
    ],
)
def test_classes(condition: OneOf, facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(condition, patient(*facts)) is expected  # type: ignore[arg-type]


def test_two_classes_at_once_conflict() -> None:
    judged = judge(OneOf("nyha", frozenset({"III", "IV"})), patient(grading("nyha", "I"), grading("nyha", "III")), CLOCK)
    assert (judged.truth, judged.conflicting) == (UNKNOWN, True)


UP_TO_70 = Demographic(age=Range(18, 70))


@pytest.mark.parametrize(
    ("condition", "who", "expected"),
    [
        pytest.param(UP_TO_70, Patient("", age=exactly(58)), TRUE, id="58"),
        pytest.param(UP_TO_70, Patient("", age=exactly(70)), UNKNOWN, id="70 today, perhaps 71 at the start"),
        pytest.param(
            Demographic(age=Range(18, 70), anchor="today"), Patient("", age=exactly(70)), TRUE, id="70 today, asked of today"
        ),
        pytest.param(UP_TO_70, Patient("", age=exactly(71)), FALSE, id="71"),
        pytest.param(UP_TO_70, Patient("", age=Range(60, 70, high_open=True)), TRUE, id="in the sixties"),
        pytest.param(Demographic(age=Range(high=75)), Patient("", born=on("1951-01-27")), TRUE, id="75 on the first day"),
        pytest.param(
            Demographic(age=Range(high=74)), Patient("", born=on("1951-01-27")), FALSE, id="the birthday is the first day"
        ),
        pytest.param(
            Demographic(age=Range(high=74)), Patient("", born=on("1951-01-28")), TRUE, id="the birthday is a day later"
        ),
        pytest.param(Demographic(age=Range(high=75)), Patient("", born=year(1950)), UNKNOWN, id="born in 1950: 75 or 76"),
        pytest.param(Demographic(age=Range(18)), Patient("", age=exactly(18)), TRUE, id="18 and getting older"),
        pytest.param(
            Demographic(age=Range(high=18, high_open=True)), Patient("", age=exactly(17)), UNKNOWN, id="17, perhaps 18 then"
        ),
        pytest.param(
            Demographic(age=Range(0.5)), Patient("", age=Range(2 / 52, 3 / 52)), FALSE, id="two weeks old, half a year asked"
        ),
        pytest.param(UP_TO_70, Patient(""), UNKNOWN, id="no age"),
        pytest.param(Demographic("female"), Patient("", sex="male"), FALSE, id="a man"),
        pytest.param(Demographic("female"), Patient(""), UNKNOWN, id="no sex"),
    ],
)
def test_persons(condition: Demographic, who: Patient, expected: Truth) -> None:
    assert truth_of(condition, who) is expected


SKIN = Has(("basal-cell-carcinoma",), frozenset({"cured"}))
OTHER_CANCER = Unless(Has(("malignancy",), other=True, ever=True), SKIN)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            (has("basal-cell-carcinoma", "", "cured"), no("malignancy", other=True)), FALSE, id="what is excepted, and no other"
        ),
        pytest.param((has("basal-cell-carcinoma", "", "cured"),), UNKNOWN, id="what is excepted; others are not mentioned"),
        pytest.param(
            (has("basal-cell-carcinoma", "", "cured"), has("melanoma")), TRUE, id="an exception does not excuse another"
        ),
        pytest.param(
            (has("basal-cell-carcinoma"), no("malignancy", other=True)), UNKNOWN, id="whether it was cured is not said"
        ),
        pytest.param((has("melanoma"),), TRUE, id="no exception"),
        pytest.param((no("malignancy"),), FALSE, id="nothing at all"),
    ],
)
def test_exceptions_do_not_count_but_excuse_nothing_else(facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(OTHER_CANCER, patient(*facts), kind="exclusion") is expected  # type: ignore[arg-type]


def test_no_other_tumour_leaves_the_one_asked_for_open() -> None:
    asked, other = Has(("melanoma",)), no("malignancy", other=True)
    assert truth_of(asked, patient(other)) is UNKNOWN
    assert truth_of(asked, patient(has("colon-cancer"), other)) is FALSE
    assert truth_of(asked, patient(other), kind="exclusion") is FALSE


def test_an_exception_of_another_sort_lifts_the_rule() -> None:
    asked = Unless(Between("inr", Range(high=1.5), of="ULN"), Has(("dabigatran",)))
    high = value("inr", 2.4)
    assert truth_of(asked, patient(high, has("dabigatran"))) is TRUE
    assert truth_of(asked, patient(high, no("dabigatran"))) is FALSE
    assert truth_of(asked, patient(high)) is UNKNOWN
    barred = Unless(Between("inr", Range(1.5, low_open=True), of="ULN"), Has(("dabigatran",)))
    assert truth_of(barred, patient(high, has("dabigatran")), kind="exclusion") is FALSE


WOMEN = Only(Demographic("female"), Has(("contraception",)))
TWO_LIMITS = Either(Has(("liver-metastasis",)), Between("alt", Range(high=5), of="ULN"), ALT)


def test_a_rule_for_a_group() -> None:
    judged = judge(WOMEN, patient(sex="male"), CLOCK)
    assert judged.not_applicable
    assert truth_of(WOMEN, patient(has("contraception"), sex="female")) is TRUE
    assert truth_of(WOMEN, patient(sex="female")) is UNKNOWN
    assert truth_of(WOMEN, patient(has("contraception"))) is TRUE, "the rule is met, so the group does not matter"


def test_a_rule_for_a_group_leaves_the_rest_of_the_line_alone() -> None:
    line = AnyOf((Only(Demographic("female"), Has(("pregnancy",))), Has(("hiv",))))
    assert truth_of(line, patient(no("hiv"), sex="male"), kind="exclusion") is FALSE
    assert truth_of(line, patient(has("hiv"), sex="male"), kind="exclusion") is TRUE


def test_pregnancy_does_not_apply_to_men() -> None:
    assert judge(Has(("pregnancy", "breastfeeding")), patient(sex="male"), CLOCK, kind="exclusion").not_applicable


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param((value("alt", 171, "U/L", uln=40), has("liver-metastasis")), TRUE, id="4.3 × ULN with liver metastases"),
        pytest.param((value("alt", 171, "U/L", uln=40), no("liver-metastasis")), FALSE, id="4.3 × ULN without"),
        pytest.param((value("alt", 171, "U/L", uln=40),), UNKNOWN, id="4.3 × ULN, the liver not mentioned"),
        pytest.param((value("alt", 60, "U/L", uln=40),), TRUE, id="1.5 × ULN passes both"),
        pytest.param((value("alt", 400, "U/L", uln=40),), FALSE, id="10 × ULN fails both"),
    ],
)
def test_one_rule_for_a_group_and_another_for_the_rest(facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(TWO_LIMITS, patient(*facts)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "facts", "kind", "expected"),
    [
        pytest.param(Judged("patient", "able to consent"), (), "inclusion", UNKNOWN, id="consent is never assumed"),
        pytest.param(
            Judged("patient", facts=Has(("informed-consent",))), (has("informed-consent"),), "inclusion", TRUE, id="signed"
        ),
        pytest.param(
            Judged("patient", facts=Has(("informed-consent",))), (no("informed-consent"),), "inclusion", FALSE, id="refused"
        ),
        pytest.param(
            Judged("investigator", facts=Has(("infection",))), (no("infection"),), "exclusion", FALSE, id="nothing to judge"
        ),
        pytest.param(
            Judged("investigator", facts=Has(("infection",))), (has("infection"),), "exclusion", UNKNOWN, id="bad enough?"
        ),
        pytest.param(PerProtocol("as the protocol says"), (), "inclusion", UNKNOWN, id="only the protocol says"),
        pytest.param(
            PerProtocol("per protocol", Has(("infection",))), (no("infection"),), "exclusion", FALSE, id="all is denied"
        ),
        pytest.param(
            PerProtocol("per protocol", Has(("infection",))), (has("infection"),), "exclusion", UNKNOWN, id="some is there"
        ),
        pytest.param(Advised("biopsy is recommended"), (), "inclusion", TRUE, id="advice binds nobody"),
        pytest.param(Advised("biopsy is recommended"), (), "exclusion", FALSE, id="nor bars anybody"),
        pytest.param(Unparsed("whatever that means"), (), "inclusion", UNKNOWN, id="what is not understood is open"),
        pytest.param(AllOf((Has(("hiv",)), Unparsed("x"))), (no("hiv"),), "exclusion", FALSE, id="a denied limb decides"),
        pytest.param(AllOf((Has(("hiv",)), Unparsed("x"))), (has("hiv"),), "exclusion", UNKNOWN, id="but never a present one"),
        pytest.param(AllOf((Has(("hiv",)), Advised("x"))), (has("hiv"),), "exclusion", TRUE, id="advice beside a rule"),
    ],
)
def test_what_facts_do_not_decide(condition: Condition, facts: tuple[object, ...], kind: Kind, expected: Truth) -> None:
    assert truth_of(condition, patient(*facts), kind=kind) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "facts", "kind", "expected"),
    [
        pytest.param(
            "Written informed consent", (has("informed-consent"),), "inclusion", TRUE, id="consent is asked and given"
        ),
        pytest.param(
            "Refusal of informed consent", (has("informed-consent"),), "exclusion", FALSE, id="its refusal bars; given"
        ),
        pytest.param("Written informed consent", (no("informed-consent"),), "inclusion", FALSE, id="asked and refused"),
        pytest.param("Written informed consent", (), "inclusion", UNKNOWN, id="not stated"),
        pytest.param(
            "Informed consent and hypertension", (has("informed-consent"),), "inclusion", UNKNOWN, id="more than consent"
        ),
    ],
)
def test_consent_passes_whichever_way_it_is_worded(words: str, facts: tuple[object, ...], kind: Kind, expected: Truth) -> None:
    assert truth_of(Judged("patient", words), patient(*facts), kind=kind) is expected  # type: ignore[arg-type]


def test_a_course_that_is_over_was_given_all_the_same() -> None:
    over = has("toripalimab", ended=on("2025-11-17"), ongoing=False)
    assert truth_of(Has(("pd-1-inhibitor",)), patient(over)) is TRUE
    assert truth_of(Has(("pd-1-inhibitor",)), patient(over), kind="exclusion") is UNKNOWN
    stopped = has("warfarin", ended=on("2025-11-17"), ongoing=False)
    assert truth_of(Has(("anticoagulant",)), patient(stopped), kind="exclusion") is FALSE


WORDS = Has((words_id("tortuous major vessels"),), words="tortuous major vessels")
ONE_WORD = Has(("w:claustrophobia",), words="claustrophobia")


@pytest.mark.parametrize(
    ("condition", "clauses", "kind", "expected"),
    [
        pytest.param(WORDS, (), "exclusion", UNKNOWN, id="silence"),
        pytest.param(
            WORDS, (clause("no tortuous carotid or other major vessel", denied=True),), "exclusion", FALSE, id="denied"
        ),
        pytest.param(WORDS, (clause("tortuous major vessels on angiography"),), "exclusion", TRUE, id="all words are said"),
        pytest.param(WORDS, (clause("major surgery"), clause("a tortuous vessel")), "exclusion", UNKNOWN, id="in two clauses"),
        pytest.param(WORDS, (clause("tortuous major vessels", certain=False),), "exclusion", UNKNOWN, id="only suspected"),
        pytest.param(WORDS, (clause("tortuous major vessels", who="family"),), "exclusion", UNKNOWN, id="the mother's"),
        pytest.param(ONE_WORD, (clause("severe claustrophobia"),), "exclusion", TRUE, id="one word bars"),
        pytest.param(ONE_WORD, (clause("severe claustrophobia"),), "inclusion", UNKNOWN, id="one word lets nobody pass"),
        pytest.param(
            ONE_WORD, (clause("no severe claustrophobia", denied=True),), "exclusion", UNKNOWN, id="mild is not denied"
        ),
    ],
)
def test_words_that_no_table_knows(condition: Has, clauses: tuple[object, ...], kind: Kind, expected: Truth) -> None:
    assert truth_of(condition, patient(clauses=clauses), kind=kind) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "kind", "expected"),
    [
        pytest.param(Has(("heart-failure",)), "exclusion", FALSE, id="a diagnosis would be mentioned"),
        pytest.param(Not(Has(("dexamethasone",), ever=True)), "inclusion", TRUE, id="no prior treatment"),
        pytest.param(Has(("heart-failure",)), "inclusion", UNKNOWN, id="what is required is never read as absent"),
        pytest.param(Has(("hbsag",)), "exclusion", UNKNOWN, id="a test may not have been done"),
        pytest.param(Has(("hepatitis-c",)), "exclusion", FALSE, id="but a known hepatitis would be named"),
        pytest.param(Has(("prosthetic-heart-valve",)), "exclusion", FALSE, id="and a heart valve"),
        pytest.param(Has(("pregnancy",)), "exclusion", UNKNOWN, id="pregnancy is asked for"),
        pytest.param(Has(("diabetes",), family=True), "exclusion", UNKNOWN, id="the family is not the note's subject"),
        pytest.param(Between("hemoglobin", Range(high=100), "g/L"), "exclusion", UNKNOWN, id="an ordinary value"),
        pytest.param(Between("egfr", Range(high=15), "mL/min"), "exclusion", FALSE, id="kidney failure would be named"),
        pytest.param(Judged("patient", facts=Has(("compliance",))), "inclusion", UNKNOWN, id="willingness is not assumed"),
        pytest.param(ONE_WORD, "exclusion", FALSE, id="words of which none is said"),
        pytest.param(Unparsed("squint surgery abroad"), "exclusion", UNKNOWN, id="words that were not understood"),
        pytest.param(Not(Unparsed("squint surgery abroad")), "inclusion", UNKNOWN, id="whichever way they stand"),
        pytest.param(AllOf((Has(("hbsag",)), Unparsed("any other"))), "exclusion", UNKNOWN, id="but not beside a test"),
        pytest.param(AllOf((ONE_WORD, Unparsed("over 35 units"))), "exclusion", UNKNOWN, id="words that name a value"),
        pytest.param(AnyOf((HB, Not(ONE_WORD))), "inclusion", UNKNOWN, id="an alternative to what is required"),
        pytest.param(Judged("patient", "Cannot lie flat"), "exclusion", FALSE, id="an inability would be named"),
        pytest.param(Judged("patient", "Refuses consent"), "exclusion", UNKNOWN, id="consent is not assumed"),
        pytest.param(Between("systolic-bp", Range(180), "mmHg"), "exclusion", FALSE, id="so would a very high pressure"),
        pytest.param(Between("systolic-bp", Range(135), "mmHg"), "exclusion", UNKNOWN, id="a common one would not"),
        pytest.param(Has(("disease",), frozenset({"unstable"})), "exclusion", FALSE, id="no illness is called unstable"),
    ],
)
def test_the_silence_of_a_complete_note(condition: Condition, kind: Kind, expected: Truth) -> None:
    silent = patient(has("migraine"), sex="female", age=exactly(30))
    judged = judge(condition, silent, CLOCK, complete=True, kind=kind)
    assert judged.truth is expected
    assert judged.assumed is (expected is not UNKNOWN)
    assert truth_of(condition, silent, kind=kind) is UNKNOWN


def test_a_complete_note_that_speaks_of_it_is_not_silent() -> None:
    who = patient(has("diabetes"))
    assert truth_of(Has(("type-1-diabetes",)), who, complete=True, kind="exclusion") is UNKNOWN
    assert truth_of(Has(("hiv",)), patient(has("hiv", certain=False)), complete=True, kind="exclusion") is UNKNOWN


def test_silence_about_a_detail_of_what_is_there_stays_open() -> None:
    bar = AllOf((Has(("diabetes",)), Unparsed("insulin pump")))
    assert truth_of(bar, patient(has("diabetes")), complete=True, kind="exclusion") is UNKNOWN
    assert truth_of(bar, patient(has("migraine")), complete=True, kind="exclusion") is FALSE


@pytest.mark.parametrize(
    ("bar", "sign", "expected"),
    [
        pytest.param("anemia", value("hemoglobin", 89, "g/L"), UNKNOWN, id="the sign itself"),
        pytest.param("thalassemia", value("hemoglobin", 89, "g/L"), FALSE, id="what electrophoresis shows"),
        pytest.param("liver-failure", value("alt", 90, "U/L"), FALSE, id="raised enzymes are no failure"),
        pytest.param("liver-failure", value("bilirubin", 4, "mg/dL"), UNKNOWN, id="jaundice may be"),
    ],
)
def test_what_a_value_speaks_of(bar: str, sign: Measurement, expected: Truth) -> None:
    assert truth_of(Has((bar,)), patient(sign), complete=True, kind="exclusion") is expected


def test_a_note_with_a_sign_or_a_relative_of_it_is_not_silent() -> None:
    kidney = Has(("kidney-disease",), ever=True)
    assert truth_of(kidney, patient(value("creatinine", 1.9, "mg/dL")), complete=True, kind="exclusion") is UNKNOWN
    assert truth_of(kidney, patient(value("creatinine", 0.8, "mg/dL")), complete=True, kind="exclusion") is FALSE
    assert truth_of(Unparsed("poor kidneys"), patient(value("egfr", 40, "mL/min")), complete=True, kind="exclusion") is UNKNOWN
    major = Has(("major-surgery",), window=LAST_14_DAYS)
    assert truth_of(major, patient(has("appendectomy")), complete=True, kind="exclusion") is UNKNOWN
    words = Has((words_id("immunodeficient state"),), words="immunodeficient state")
    drugs = patient(clauses=[clause("on immunosuppressive tablets")])
    assert truth_of(words, drugs, complete=True, kind="exclusion") is UNKNOWN


CANCER_5_YEARS = Has(("malignancy",), other=True, window=LAST_5_YEARS)
SURGERY_4_WEEKS = Has(("major-surgery",), window=Window(Range(0, 4), "week", "start", words="within 4 weeks"))


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(
            SURGERY_4_WEEKS,
            (has("hip-replacement", started=on("2025-06-03"), ended=on("2025-06-03")),),
            FALSE,
            id="the last one",
        ),
        pytest.param(CANCER_5_YEARS, (has("colon-cancer", started=year(2012)),), FALSE, id="dated by its diagnosis"),
        pytest.param(
            CANCER_5_YEARS, (has("colon-cancer", "", "metastatic", started=year(2012)),), UNKNOWN, id="not if it goes on"
        ),
        pytest.param(CANCER_5_YEARS, (has("colon-cancer", started=year(2024)),), TRUE, id="inside"),
        pytest.param(
            Has(("malignancy",), frozenset({"active"})),
            (has("breast-cancer", "", "active"),),
            UNKNOWN,
            id="not the trial's own",
        ),
        pytest.param(Has(("comorbidity",)), (has("headache"),), UNKNOWN, id="a complaint is no comorbidity"),
        pytest.param(Has(("comorbidity",)), (has("gout"),), UNKNOWN, id="which illness bars is left open"),
        pytest.param(Has(("imaging",)), (has("mri"),), UNKNOWN, id="a look bars nobody"),
        pytest.param(
            Has(("malignancy",), frozenset({"primary"}), ever=True, other=True),
            (has("colon-cancer"), has("breast-cancer")),
            TRUE,
            id="a cancer that is no metastasis is a primary one",
        ),
        pytest.param(
            Has(("malignancy",), other=True, window=BARE), (has("colon-cancer", started=year(2012)),), FALSE, id="no anchor"
        ),
        pytest.param(
            AnyOf(tuple(Has(("pancreatitis",), frozenset({one}), ever=True) for one in ("acute", "chronic"))),
            (has("pancreatitis"),),
            TRUE,
            id="acute or chronic is either",
        ),
        pytest.param(
            Unless(Has(("malignancy",), ever=True, other=True), Has(("w:cured",))),
            (has("colon-cancer"),),
            UNKNOWN,
            id="an exception known by its words is open",
        ),
        pytest.param(
            Unless(Unless(AnyOf((LIVER, HB)), FATTY), FATTY),
            (has("fatty-liver-disease"), value("hemoglobin", 110, "g/L")),
            TRUE,
            id="an exception takes out its own sort alone",
        ),
        pytest.param(Has(("hepatitis-b",)), (no("hbsag"),), FALSE, id="no HBsAg, no hepatitis B now"),
        pytest.param(Has(("type-1-diabetes",)), (has("type-2-diabetes"),), FALSE, id="the other type"),
        pytest.param(Has(("type-1-diabetes",)), (has("diabetes"),), UNKNOWN, id="either type"),
        pytest.param(Has(("good-health",)), (has("hospitalised"),), UNKNOWN, id="a stay in hospital may be long past"),
        pytest.param(Has(("hepatitis-b",), ever=True), (no("hbsag"),), UNKNOWN, id="it says nothing of the past"),
        pytest.param(
            Has(("brain-metastasis",), frozenset({"untreated"})),
            (has("metastasis"), has("brain-metastasis", "", "treated")),
            FALSE,
            id="metastatic says again, less exactly, what is known",
        ),
        pytest.param(
            Has(("pneumonia",), frozenset({"active"}), window=LAST_14_DAYS),
            (has("pneumonia", started=on("2026-01-18"), ended=on("2026-01-18")),),
            TRUE,
            id="what began in the window was active in it",
        ),
    ],
)
def test_bars(condition: Has, facts: tuple[object, ...], expected: Truth) -> None:
    assert truth_of(condition, patient(*facts), kind="exclusion") is expected  # type: ignore[arg-type]


def test_what_goes_on_today_goes_on_until_the_start() -> None:
    week = Has(("corticosteroid",), window=Window(Range(0, 3), "day", "start", words="within 3 days before the first dose"))
    assert truth_of(week, patient(has("prednisone", ongoing=True)), kind="exclusion") is TRUE


def test_a_diagnosis_of_long_ago_is_at_least_that_old() -> None:
    old = Window(Range(180), "day", "today", words="at least 180 days before screening")
    diabetic = patient(has("type-2-diabetes", started=year(2014), ongoing=True))
    assert truth_of(Has(("type-2-diabetes",), window=old), diabetic) is TRUE
    new = patient(has("type-2-diabetes", started=on("2025-12-01"), ongoing=True))
    assert truth_of(Has(("type-2-diabetes",), window=old), new) is FALSE


def test_what_would_change_it() -> None:
    recent = judge(STEROID, patient(has("dexamethasone", ended=on("2026-01-13"))), CLOCK, kind="exclusion")
    assert recent.changes[0].startswith("a start from 2026-01-28 on")
    past = judge(Has(("pneumonitis",), ever=True), patient(has("pneumonitis")), CLOCK, kind="exclusion")
    assert past.changes == (FIXED,)
    both = judge(AllOf((HB, Between("ecog", Range(0, 1)))), patient(value("hemoglobin", 80, "g/L"), value("ecog", 2)), CLOCK)
    assert len(both.changes) == 2
    mixed = judge(
        AnyOf((STEROID, Has(("pneumonitis",), ever=True))),
        patient(has("dexamethasone", ongoing=True), has("pneumonitis")),
        CLOCK,
    )
    assert mixed.changes in ((), (FIXED,))


def test_a_list_of_bars_needs_every_limb_denied_and_says_what_is_missing() -> None:
    judged = judge(AnyOf((Has(("hiv",)), Has(("stroke",)))), patient(no("hiv")), CLOCK, kind="exclusion")
    assert judged.truth is UNKNOWN
    assert [wanted.id for wanted in judged.missing] == ["stroke"]


CONCEPTS = ("hiv", "copd", "lung-disease", "hypertension", "diabetes", "dexamethasone", "melanoma", "malignancy")
LEAVES: st.SearchStrategy[Condition] = st.one_of(
    st.builds(
        Has,
        st.sampled_from(CONCEPTS).map(lambda one: (one,)),
        st.frozensets(st.sampled_from(("controlled", "uncontrolled", "active", "resolved")), max_size=1),
        ever=st.booleans(),
        window=st.sampled_from((None, LAST_14_DAYS, LAST_5_YEARS)),
        other=st.booleans(),
    ),
    st.builds(lambda low: Between("hemoglobin", Range(low), "g/L"), st.integers(60, 120)),
    st.just(Unparsed("words")),
    st.just(Judged("investigator", "in the investigator's opinion")),
    st.just(Demographic("female")),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda a, b: AllOf((a, b)), inner, inner),
        st.builds(lambda a, b: AnyOf((a, b)), inner, inner),
        st.builds(Not, inner),
        st.builds(Unless, inner, inner),
        st.builds(Only, inner, inner),
        st.builds(Either, inner, inner, inner),
    ),
    max_leaves=5,
)
FINDINGS = st.builds(
    lambda concept, present, traits, ended, ongoing, certain, other: (has if present else no)(
        concept, "", *traits, ended=ended, ongoing=ongoing, certain=certain, other=other and not present
    ),
    st.sampled_from(CONCEPTS),
    st.booleans(),
    st.frozensets(st.sampled_from(("controlled", "uncontrolled", "active", "resolved")), max_size=1),
    st.sampled_from((None, on("2026-01-15"), on("2025-06-01"), year(2015))),
    st.sampled_from((None, True, False)),
    st.booleans(),
    st.booleans(),
)
VALUES = st.builds(lambda number: value("hemoglobin", number, "g/L"), st.integers(60, 120))
PATIENTS = st.lists(st.one_of(FINDINGS, VALUES), max_size=4).map(lambda facts: patient(*facts, sex="female"))
KINDS: st.SearchStrategy[Kind] = st.sampled_from(("inclusion", "exclusion"))


@given(LEAVES, LEAVES, PATIENTS)
def test_not_mirrors_and_or_mirrors_and(one: Condition, other: Condition, who: Patient) -> None:
    assert truth_of(Not(Not(one)), who) is truth_of(one, who)
    assert truth_of(Not(AllOf((one, other))), who) is truth_of(AnyOf((Not(one), Not(other))), who)
    assert truth_of(AllOf((one, other)), who) is truth_of(AllOf((other, one)), who)


@given(CONDITIONS, PATIENTS, KINDS)
def test_a_fact_about_something_else_changes_nothing(condition: Condition, who: Patient, kind: Kind) -> None:
    more = patient(*who.facts, has("migraine"), value("platelets", 150, "10^9/L"), sex="female")
    assert truth_of(condition, more, kind=kind) is truth_of(condition, who, kind=kind)


@given(CONDITIONS, PATIENTS, st.one_of(FINDINGS, VALUES), KINDS)
def test_a_fact_that_turns_a_violation_round_is_named(condition: Condition, who: Patient, fact: Fact, kind: Kind) -> None:
    passing = TRUE if kind == "inclusion" else FALSE
    before = judge(condition, who, CLOCK, study=STUDY, kind=kind)
    more = patient(*who.facts, fact, sex="female")
    after = judge(condition, more, CLOCK, study=STUDY, kind=kind)
    if before.truth is ~passing and after.truth is passing:
        assert more.facts[-1].words in after.evidence


@given(CONDITIONS, PATIENTS, KINDS)
@settings(deadline=None)  # the first example reads the tables
def test_a_complete_note_never_bars_and_says_what_it_assumes(condition: Condition, who: Patient, kind: Kind) -> None:
    passing = TRUE if kind == "inclusion" else FALSE
    said = judge(condition, who, CLOCK, study=STUDY, kind=kind)
    assumed = judge(condition, who, CLOCK, complete=True, study=STUDY, kind=kind)
    assert said.assumed is False
    if assumed.truth is not said.truth:
        assert said.truth is UNKNOWN
        assert assumed.truth is passing
        assert assumed.assumed


@given(CONDITIONS, KINDS)
def test_silence_passes_nobody(condition: Condition, kind: Kind) -> None:
    judged = judge(condition, Patient(""), CLOCK, study=STUDY, kind=kind)
    assert judged.truth is UNKNOWN
    assert judged.reasons or judged.aside


@given(CONDITIONS, PATIENTS, KINDS)
def test_every_decision_quotes_the_patient_or_says_that_it_assumes(condition: Condition, who: Patient, kind: Kind) -> None:
    judged = judge(condition, who, CLOCK, complete=True, study=STUDY, kind=kind)
    if judged.truth is not UNKNOWN:
        assert judged.reasons
        assert judged.evidence or judged.assumed or who.sex
    for words in judged.evidence:
        assert who.text[words.start : words.end] == words.quote


@given(st.integers(60, 120), st.integers(60, 120), st.integers(60, 120))
def test_a_higher_value_never_fails_a_lower_bound(bound: int, lower: int, higher: int) -> None:
    asked = Between("hemoglobin", Range(bound, inf), "g/L")
    low, high = sorted((lower, higher))
    passes = [truth_of(asked, patient(value("hemoglobin", number, "g/L"))).value for number in (low, high)]
    assert passes == sorted(passes)


def test_the_tables_name_concepts_that_are_there() -> None:
    from assistant.eligibility.knowledge import rows

    known = all_concepts()
    for table in ("sexes.tsv", "lasting.tsv", "maternity.tsv", "diagnosed.tsv"):
        assert [row["id"] for row in rows(table) if row["id"] not in known] == []
    assert [row for row in rows("refutes.tsv") if not {row["test"], row["refutes"]} <= known.keys()] == []
    assert [row for row in rows("exclusive.tsv") if not {row["id"], row["other"]} <= known.keys()] == []
    assert [row["concept"] for row in rows("signs.tsv") if row["concept"] not in known] == []
    for row in rows("signs.tsv"):
        convert(exactly(float(row["bound"])), row["unit"], quantity(row["quantity"]).unit, row["quantity"])
    assert [row for row in rows("will.tsv") if not set(row["given"].split("|")) <= known.keys()] == []
    assert [row["id"] for row in rows("silence.tsv") if row["what"] == "concept" and row["id"] not in known] == []
