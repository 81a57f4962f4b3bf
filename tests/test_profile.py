"""The profile file, and telling apart what a patient's text is: bundle, profile, note, or nothing that can be used."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eligibility.intake.profile import read_profile
from assistant.eligibility.intake.reading import read_patient
from assistant.eligibility.patient import Days, Finding, Grading, Measurement, Patient
from assistant.eligibility.ranges import Range, exactly
from assistant.errors import UnusableRequest

TODAY = date(2025, 12, 8)


def read(**fields: Any) -> Patient:
    patient = read_profile(fields, TODAY)
    for part in (*patient.facts, *patient.clauses):
        assert patient.text[part.words.start : part.words.end] == part.words.quote
    return patient


def finding(**fields: Any) -> Finding:
    (fact,) = read(**fields).facts
    assert isinstance(fact, Finding)
    return fact


def on(first: str, last: str | None = None) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


def test_age_and_sex() -> None:
    patient = read(age=58, sex="Female")
    assert (patient.age, patient.sex, patient.text) == (exactly(58), "female", "Sex: female\nAge: 58 years")
    assert patient.age_words
    assert patient.age_words.quote == "Age: 58 years"


def test_a_birth_date_goes_before_an_age() -> None:
    patient = read(age=58, born="1967-03")
    assert (patient.born, patient.age) == (on("1967-03-01", "1967-03-31"), None)


@pytest.mark.parametrize(
    ("fields", "present", "ongoing", "certain", "trait"),
    [
        pytest.param({"status": "active"}, True, True, True, "active", id="active"),
        pytest.param({"status": "controlled"}, True, True, True, "controlled", id="controlled"),
        pytest.param({"status": "resolved"}, True, False, True, "resolved", id="resolved"),
        pytest.param({"resolved": "2020"}, True, False, True, "resolved", id="resolved in a year"),
        pytest.param({"resolved": True}, True, False, True, "resolved", id="resolved, no date"),
        pytest.param({"status": "suspected"}, True, None, False, "suspected", id="suspected"),
        pytest.param({"status": "ruled out"}, False, None, True, None, id="ruled out"),
        pytest.param({"status": "poorly controlled"}, True, None, True, "uncontrolled", id="in other words"),
        pytest.param({}, True, None, True, None, id="nothing said"),
    ],
)
def test_a_conditions_status(
    fields: dict[str, Any], present: bool, ongoing: bool | None, certain: bool, trait: str | None
) -> None:
    fact = finding(conditions=[{"name": "asthma"} | fields])
    assert (fact.concept, fact.present, fact.ongoing, fact.certain) == ("asthma", present, ongoing, certain)
    assert trait is None or trait in fact.traits


def test_a_condition_since_and_its_stage() -> None:
    patient = read(conditions=[{"name": "nasopharyngeal carcinoma", "since": "2025-07", "stage": "IVB", "edition": "8th"}])
    disease, stage = patient.facts
    assert isinstance(disease, Finding)
    assert isinstance(stage, Grading)
    assert disease.started == on("2025-07-01", "2025-07-31")
    assert (stage.values, stage.edition) == ({"IVB"}, "8")


def test_a_bare_name_is_a_condition() -> None:
    assert finding(conditions=["asthma"]).concept == "asthma"


def test_a_measurement() -> None:
    patient = read(measurements=[{"name": "Hb", "value": 9.4, "unit": "g/dL", "date": "2025-12-01", "upper_limit": 17}])
    (fact,) = patient.facts
    assert isinstance(fact, Measurement)
    assert (fact.quantity, fact.value, fact.unit, fact.upper_limit) == ("hemoglobin", exactly(9.4), "g/dL", exactly(17))
    assert (fact.taken, fact.words.quote) == (on("2025-12-01"), "2025-12-01 Hb 9.4 g/dL (ULN 17)")


def test_a_measurement_below_the_assay() -> None:
    (fact,) = read(measurements=[{"name": "HBV DNA", "value": "<20", "unit": "IU/mL"}]).facts
    assert isinstance(fact, Measurement)
    assert fact.value == Range(high=20, high_open=True)


def test_a_result_in_words() -> None:
    fact = finding(measurements=[{"name": "HBsAg", "value": "negative", "date": "2025-10-01"}])
    assert (fact.concept, fact.present, fact.started) == ("hbsag", False, None)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        pytest.param({"name": "Hb", "value": 900, "unit": "g/L"}, "impossible", id="impossible"),
        pytest.param({"name": "creatinine", "value": 1, "unit": "furlong"}, "furlong", id="unit"),
        pytest.param({"name": "glorbin", "value": 1}, "not known", id="unknown quantity"),
        pytest.param({"name": "Hb"}, "value", id="no value"),
    ],
)
def test_a_measurement_that_cannot_be_used_is_named(item: dict[str, Any], words: str) -> None:
    patient = read(measurements=[item])
    assert patient.facts == ()
    assert "measurements[0]" in patient.problems[0]
    assert words in patient.problems[0]


def test_a_treatment_with_cycles_and_response() -> None:
    patient = read(
        treatments=[
            {"name": "cisplatin", "started": "2025-06", "ended": "2025-11-17", "cycles": 5, "response": "partial response"}
        ]
    )
    drug, response = patient.facts
    assert isinstance(drug, Finding)
    assert isinstance(response, Grading)
    assert (drug.started, drug.ended, drug.ongoing, drug.count) == (
        on("2025-06-01", "2025-06-30"),
        on("2025-11-17"),
        False,
        exactly(5),
    )
    assert response.values == {"PR"}


@pytest.mark.parametrize(("ended", "ongoing"), [("ongoing", True), (None, None), ("2025-11-17", False)])
def test_whether_a_treatment_goes_on(ended: str | None, ongoing: bool | None) -> None:
    assert finding(treatments=[{"name": "warfarin", "ended": ended}]).ongoing is ongoing


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("pneumonitis", "pneumonitis"),
        ("never smoked", "smoking"),
        ("no asthma", "asthma"),
        ("brindle disease", "w:brindl diseas"),
    ],
)
def test_what_is_denied(said: str, concept: str) -> None:
    fact = finding(denied=[said])
    assert (fact.concept, fact.present) == (concept, False)


def test_statements_are_read_as_a_note() -> None:
    patient = read(statements=["I am a 44-year-old woman. I had a stroke three weeks ago.", "My father had tuberculosis."])
    told = {fact.concept: fact for fact in patient.facts if isinstance(fact, Finding)}
    assert (told["stroke"].started, told["tuberculosis"].who) == (on("2025-11-17"), "family")
    assert (patient.sex, patient.age) == ("female", exactly(44))


def test_relative_dates_count_from_today() -> None:
    assert finding(conditions=[{"name": "asthma", "since": "three weeks ago"}]).started == on("2025-11-17")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"age": 44, "shoe_size": 42}, "shoe_size", id="unknown field"),
        pytest.param({"conditions": [{"name": "asthma", "colour": "red"}]}, "colour", id="unknown field of a part"),
        pytest.param({"conditions": [{"nme": "asthma"}]}, "conditions[0]", id="a part without a name"),
        pytest.param({"conditions": [{"name": "asthma", "since": "some day"}]}, "conditions[0].since", id="no date"),
        pytest.param({"born": "1967-13-40"}, "born", id="no birth date"),
        pytest.param({"sex": "unknown"}, "unknown", id="sex"),
        pytest.param({"age": 140}, "140", id="age"),
        pytest.param({"denied": [3]}, "denied[0]", id="no text"),
        pytest.param(
            {"statements": ["Der Patient hat einen Schlaganfall gehabt und nimmt jetzt Aspirin ein."]},
            "English",
            id="another language",
        ),
    ],
)
def test_what_cannot_be_used_is_named(fields: dict[str, Any], words: str) -> None:
    assert words in " ".join(read(**fields).problems)


def test_json_is_told_apart() -> None:
    assert read_patient('\ufeff {"age": 44}', TODAY).age == exactly(44)
    assert read_patient("A 44-year-old woman with asthma.", TODAY).age == exactly(44)
    assert read_patient("[Clinic letter] A 44-year-old woman with asthma.", TODAY).age == exactly(44)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param(" \n\t", "empty", id="blank"),
        pytest.param("PK\x03\x04\x00\x00\x08", "binary", id="binary"),
        pytest.param("\ufffd\ufffd\ufffd fi\ufffd", "binary", id="bytes that were no text"),
        pytest.param('{"age": 44,', "line 1", id="broken JSON"),
        pytest.param('{"age": NaN}', "NaN", id="a number that is none"),
        pytest.param('[{"age": 44}]', "list", id="a list"),
        pytest.param('{"colour": "red"}', "no profile", id="another JSON"),
        pytest.param('{"age": "old"}', "age", id="a field of the wrong kind"),
        pytest.param('{"conditions": {"name": "asthma"}}', "conditions", id="no list"),
        pytest.param('{"a":' * 100_000, "JSON", id="nested deeply"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(text: str, words: str) -> None:
    with pytest.raises(UnusableRequest, match=words):
        read_patient(text, TODAY)


def test_a_note_in_another_language_decides_nothing() -> None:
    patient = read_patient("Der Patient hat einen Schlaganfall gehabt und nimmt jetzt Aspirin ein.", TODAY)
    assert patient.facts == ()
    assert patient.problems


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
PART = st.dictionaries(
    st.sampled_from(["name", "value", "unit", "status", "since", "stage", "cycles", "ended", "date"]), JSON, max_size=5
)


@given(
    st.fixed_dictionaries(
        {"age": JSON},
        optional={key: st.lists(PART | JSON, max_size=3) for key in ("conditions", "measurements", "treatments", "denied")},
    )
)
def test_any_profile_is_read_or_refused(document: dict[str, Any]) -> None:
    try:
        patient = read_patient(json.dumps(document), TODAY)
    except UnusableRequest:
        return
    assert all(patient.text[fact.words.start : fact.words.end] == fact.words.quote for fact in patient.facts)


@pytest.mark.parametrize("born", ["1700-01-01", "2090-05-05"])
def test_a_birth_date_that_nobody_alive_can_have_is_named_and_left_out(born: str) -> None:
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "birthDate": born}}],
    }
    for document in (bundle, {"born": born, "sex": "female"}):
        patient = read_patient(json.dumps(document), date(2026, 1, 20))
        assert patient.born is None
        assert patient.age is None
        assert any(born in problem for problem in patient.problems)
