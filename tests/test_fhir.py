"""FHIR R4 bundles: every resource becomes a readable line, its facts quote it, and what is broken is named."""

import json
from datetime import date
from typing import Any

import pytest

from assistant.eligibility.intake.fhir import read_bundle
from assistant.eligibility.intake.reading import read_patient
from assistant.eligibility.patient import Days, Finding, Grading, Measurement, Patient
from assistant.eligibility.ranges import Range, exactly
from assistant.errors import UnusableRequest

TODAY = date(2025, 12, 8)
PERSON = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1967-03-02"}
ABOUT = {"reference": "Patient/p1"}
LOINC, SNOMED, RXNORM = "http://loinc.org", "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def bundle(*resources: dict[str, Any], person: dict[str, Any] = PERSON) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"https://ehr.example/fhir/{each['resourceType']}/{each.get('id', 'x')}", "resource": each}
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:p1", "resource": person}, *entries]}


def read(*resources: dict[str, Any]) -> Patient:
    patient = read_bundle(bundle(*resources))
    for fact in patient.facts:
        assert patient.text[fact.words.start : fact.words.end] == fact.words.quote
    for clause in patient.clauses:
        assert patient.text[clause.words.start : clause.words.end] == clause.words.quote
    return patient


def coded(system: str, code: str, display: str | None = None) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}


def resource(kind: str, **fields: Any) -> dict[str, Any]:
    about = {"patient": ABOUT} if kind in ("AllergyIntolerance", "Immunization", "FamilyMemberHistory") else {"subject": ABOUT}
    return {"resourceType": kind, "id": "r1"} | about | fields


def condition(text: str = "Type 2 diabetes mellitus", **fields: Any) -> dict[str, Any]:
    return resource("Condition", code={"text": text}, **fields)


def observation(**fields: Any) -> dict[str, Any]:
    return resource("Observation", **({"status": "final"} | fields))


def finding(*resources: dict[str, Any]) -> Finding:
    (fact,) = read(*resources).facts
    assert isinstance(fact, Finding)
    return fact


def measurement(**fields: Any) -> Measurement:
    (fact,) = read(observation(**fields)).facts
    assert isinstance(fact, Measurement)
    return fact


def on(first: str, last: str | None = None) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))


def test_the_patient_has_a_sex_and_a_birth_date() -> None:
    patient = read()
    assert (patient.sex, patient.born) == ("female", on("1967-03-02"))
    assert patient.sex_words
    assert patient.age_words
    assert (patient.sex_words.quote, patient.age_words.quote) == ("Sex: female", "Born: 1967-03-02")


def test_a_gender_that_is_neither_leaves_the_sex_open() -> None:
    patient = read_bundle(bundle(person=PERSON | {"gender": "other"}))
    assert patient.sex is None
    assert "other" in patient.problems[0]


STATUS = "http://terminology.hl7.org/CodeSystem/condition-clinical"


@pytest.mark.parametrize(
    ("fields", "present", "ongoing", "certain"),
    [
        pytest.param({"clinicalStatus": coded(STATUS, "active")}, True, True, True, id="active"),
        pytest.param({"clinicalStatus": coded(STATUS, "resolved")}, True, False, True, id="resolved"),
        pytest.param({"clinicalStatus": coded(STATUS, "remission")}, True, None, True, id="remission"),
        pytest.param({"abatementDateTime": "2019"}, True, False, True, id="abated"),
        pytest.param({}, True, None, True, id="nothing said"),
        pytest.param({"verificationStatus": coded(STATUS, "refuted")}, False, None, True, id="refuted"),
        pytest.param({"verificationStatus": coded(STATUS, "provisional")}, True, None, False, id="provisional"),
        pytest.param({"clinicalStatus": coded(STATUS, "no-such-status")}, True, None, False, id="unknown status"),
    ],
)
def test_what_a_conditions_status_says(fields: dict[str, Any], present: bool, ongoing: bool | None, certain: bool) -> None:
    fact = finding(condition(**fields))
    assert (fact.concept, fact.present, fact.ongoing, fact.certain) == ("type-2-diabetes", present, ongoing, certain)


def test_a_conditions_dates() -> None:
    fact = finding(condition(onsetDateTime="2015-03", abatementDateTime="2019-06-01T10:00:00Z"))
    assert (fact.started, fact.ended) == (on("2015-03-01", "2015-03-31"), on("2019-06-01"))


def test_an_onset_at_an_age_counts_from_birth() -> None:
    fact = finding(condition(onsetAge={"value": 40, "unit": "years", "code": "a", "system": "http://unitsofmeasure.org"}))
    assert fact.started == on("2007-01-01", "2008-12-31")


def test_a_refuted_condition_is_denied_without_a_date() -> None:
    fact = finding(condition(onsetDateTime="2015", verificationStatus=coded(STATUS, "refuted")))
    assert (fact.present, fact.started) == (False, None)


def test_a_history_of_something_does_not_go_on() -> None:
    fact = finding(
        condition("History of myocardial infarction (situation)", clinicalStatus=coded(STATUS, "active"), onsetDateTime="2024")
    )
    assert (fact.concept, fact.ongoing, fact.started) == ("myocardial-infarction", None, None)


def test_what_is_suspected_in_the_text_is_not_certain() -> None:
    assert not finding(condition("Suspected lung cancer (situation)", clinicalStatus=coded(STATUS, "active"))).certain


def test_a_stage_keeps_its_edition() -> None:
    stage = [{"summary": {"text": "Stage IVB"}, "type": {"text": "AJCC 8th edition"}}]
    grading = read(condition("Nasopharyngeal carcinoma", stage=stage)).facts[1]
    assert isinstance(grading, Grading)
    assert (grading.scale, grading.values, grading.edition) == ("stage", {"IVB"}, "8")


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        pytest.param(coded(ICD, "I21.9"), "myocardial-infarction", id="ICD-10-CM"),
        pytest.param(coded(SNOMED, "44054006"), "type-2-diabetes", id="SNOMED CT"),
        pytest.param({"text": "Brindle-Arkwright syndrome"}, "w:arkwright brindl syndrom", id="words of no table"),
    ],
)
def test_a_condition_by_its_code(code: dict[str, Any], concept: str) -> None:
    assert finding(resource("Condition", code=code)).concept == concept


def test_an_unknown_code_without_text_is_named() -> None:
    patient = read(resource("Condition", code=coded(SNOMED, "999999")))
    assert patient.facts == ()
    assert "Condition/r1" in patient.problems[0]
    assert "999999" in patient.problems[0]


HEMOGLOBIN = {"code": coded(LOINC, "718-7"), "valueQuantity": {"value": 9.4, "unit": "g/dL"}}


def test_a_measurement_has_value_limits_flag_and_day() -> None:
    fact = measurement(
        **HEMOGLOBIN,
        referenceRange=[{"low": {"value": 12, "unit": "g/dL"}, "high": {"value": 17, "unit": "g/dL"}}],
        interpretation=[coded("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "L")],
        effectiveDateTime="2025-11-17T08:30:00Z",
    )
    assert (fact.quantity, fact.value, fact.unit) == ("hemoglobin", exactly(9.4), "g/dL")
    assert (fact.lower_limit, fact.upper_limit, fact.flag) == (exactly(12), exactly(17), "low")
    assert fact.taken == on("2025-11-17")
    assert fact.words.quote == "2025-11-17 hemoglobin 9.4 g/dL (LLN 12, ULN 17)"


def test_limits_in_another_unit_or_of_several_groups_are_not_taken() -> None:
    other = measurement(**HEMOGLOBIN, referenceRange=[{"high": {"value": 170, "unit": "g/L"}}])
    several = measurement(
        **HEMOGLOBIN, referenceRange=[{"high": {"value": 17}, "text": "men"}, {"high": {"value": 15}, "text": "women"}]
    )
    assert (other.upper_limit, several.upper_limit) == (None, None)


@pytest.mark.parametrize(
    ("fields", "quantity", "value", "unit"),
    [
        pytest.param(
            {"code": coded(LOINC, "777-3"), "valueQuantity": {"value": 128, "code": "10*3/uL"}},
            "platelets",
            exactly(128),
            "10^3/µL",
            id="UCUM",
        ),
        pytest.param(
            {"code": {"text": "Creatinine"}, "valueQuantity": {"value": 1.2, "unit": "mg/dL"}},
            "creatinine",
            exactly(1.2),
            "mg/dL",
            id="by its name",
        ),
        pytest.param(
            {"code": {"text": "HBV DNA"}, "valueQuantity": {"value": 20, "comparator": "<", "unit": "IU/mL"}},
            "hbv-dna",
            Range(high=20, high_open=True),
            "IU/mL",
            id="less than",
        ),
        pytest.param({"code": coded(LOINC, "89247-1"), "valueInteger": 1}, "ecog", exactly(1), None, id="integer"),
        pytest.param(
            {"code": coded(LOINC, "89247-1"), "valueCodeableConcept": coded(LOINC, "LA9624-3")},
            "ecog",
            exactly(2),
            None,
            id="coded answer",
        ),
    ],
)
def test_values_of_many_forms(fields: dict[str, Any], quantity: str, value: Range, unit: str | None) -> None:
    fact = measurement(**fields)
    assert (fact.quantity, fact.value, fact.unit) == (quantity, value, unit)


def test_a_panel_gives_its_components() -> None:
    parts = [
        {"code": coded(LOINC, code), "valueQuantity": {"value": value, "code": "mm[Hg]"}}
        for code, value in (("8480-6", 128), ("8462-4", 76))
    ]
    facts = read(observation(code={"text": "Blood pressure"}, component=parts, effectiveDateTime="2025-11-17")).facts
    assert [(fact.quantity, fact.value.low, fact.taken) for fact in facts if isinstance(fact, Measurement)] == [
        ("systolic-bp", 128, on("2025-11-17")),
        ("diastolic-bp", 76, on("2025-11-17")),
    ]


@pytest.mark.parametrize(
    ("code", "value", "concept", "present"),
    [
        pytest.param(coded(LOINC, "5195-3"), coded(SNOMED, "260385009"), "hbsag", False, id="negative by code"),
        pytest.param(coded(LOINC, "5195-3"), {"text": "Positive"}, "hbsag", True, id="positive by text"),
        pytest.param({"text": "Hepatitis B surface antigen"}, {"text": "Not detected"}, "hbsag", False, id="not detected"),
        pytest.param(
            coded(LOINC, "72166-2", "Tobacco smoking status NHIS"),
            {"text": "Never smoker"},
            "smoking",
            False,
            id="an answer by itself",
        ),
    ],
)
def test_results_in_words(code: dict[str, Any], value: dict[str, Any], concept: str, present: bool) -> None:
    fact = finding(observation(code=code, valueCodeableConcept=value))
    assert (fact.concept, fact.present) == (concept, present)


def test_a_negative_result_is_no_narrower_for_its_date() -> None:
    fields = {"code": coded(LOINC, "5195-3"), "effectiveDateTime": "2025-10-01"}
    negative = finding(observation(**fields, valueCodeableConcept={"text": "Negative"}))
    positive = finding(observation(**fields, valueCodeableConcept={"text": "Positive"}))
    assert (negative.started, positive.started) == (None, on("2025-10-01"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param(
            {"valueQuantity": {"value": 1.2, "unit": "furlong"}, "code": {"text": "Creatinine"}}, "furlong", id="unit"
        ),
        pytest.param(
            {"valueQuantity": {"value": 940, "unit": "g/L"}, "code": coded(LOINC, "718-7")}, "impossible", id="impossible"
        ),
        pytest.param(
            {"valueQuantity": {"value": "high"}, "code": {"text": "Potassium"}}, "breaks the FHIR standard", id="invalid"
        ),
        pytest.param({"code": {"text": "Potassium"}}, "no result", id="no result"),
    ],
)
def test_an_observation_that_cannot_be_used_is_named(fields: dict[str, Any], words: str) -> None:
    patient = read(observation(**fields))
    assert patient.facts == ()
    assert "Observation/r1" in patient.problems[0]
    assert words in patient.problems[0]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered"])
def test_an_observation_that_does_not_count(status: str) -> None:
    assert read(observation(**(HEMOGLOBIN | {"status": status}))).facts == ()


DRUG = {"medicationCodeableConcept": {"text": "Metformin 500 MG Oral Tablet"}}


@pytest.mark.parametrize(
    ("kind", "fields", "present", "ongoing", "certain"),
    [
        pytest.param("MedicationStatement", {"status": "active"}, True, True, True, id="taken"),
        pytest.param("MedicationStatement", {"status": "stopped"}, True, False, True, id="stopped"),
        pytest.param("MedicationStatement", {"status": "not-taken"}, False, None, True, id="not taken"),
        pytest.param("MedicationStatement", {"status": "intended"}, True, None, False, id="intended"),
        pytest.param(
            "MedicationStatement",
            {"status": "active", "effectivePeriod": {"start": "2020", "end": "2021"}},
            True,
            None,
            True,
            id="active with an end",
        ),
        pytest.param("MedicationRequest", {"status": "active", "intent": "order"}, True, True, True, id="prescribed"),
        pytest.param("MedicationRequest", {"status": "active", "intent": "plan"}, True, True, False, id="planned"),
        pytest.param("MedicationRequest", {"status": "cancelled", "intent": "order"}, True, None, False, id="cancelled"),
        pytest.param(
            "MedicationAdministration", {"status": "completed", "effectiveDateTime": "2025-09-01"}, True, None, True, id="given"
        ),
        pytest.param(
            "MedicationAdministration",
            {"status": "not-done", "effectiveDateTime": "2025-09-01"},
            False,
            None,
            True,
            id="not given",
        ),
    ],
)
def test_what_a_medications_status_says(
    kind: str, fields: dict[str, Any], present: bool, ongoing: bool | None, certain: bool
) -> None:
    fact = finding(resource(kind, **DRUG, **fields))
    assert (fact.concept, fact.present, fact.ongoing, fact.certain) == ("metformin", present, ongoing, certain)


def test_a_drug_given_has_begun_and_ended() -> None:
    fact = finding(resource("MedicationAdministration", status="completed", effectiveDateTime="2025-09-01", **DRUG))
    assert fact.started == fact.ended == on("2025-09-01")


def test_a_dose_is_kept() -> None:
    assert (
        finding(resource("MedicationStatement", status="active", dosage=[{"text": "500 mg twice daily"}], **DRUG)).dose
        == "500 mg twice daily"
    )


@pytest.mark.parametrize(
    ("held", "reference"),
    [
        pytest.param(
            {"resourceType": "Medication", "id": "m1", "code": coded(RXNORM, "11289")}, "Medication/m1", id="in the bundle"
        ),
        pytest.param(None, "#m1", id="contained"),
    ],
)
def test_a_medication_by_reference(held: dict[str, Any] | None, reference: str) -> None:
    contained = {} if held else {"contained": [{"resourceType": "Medication", "id": "m1", "code": coded(RXNORM, "11289")}]}
    request = resource(
        "MedicationRequest", status="active", intent="order", medicationReference={"reference": reference}, **contained
    )
    assert finding(*([held] if held else []), request).concept == "warfarin"


def test_a_broken_reference_is_named() -> None:
    patient = read(
        resource("MedicationRequest", status="active", intent="order", medicationReference={"reference": "Medication/lost"})
    )
    assert patient.facts == ()
    assert "Medication/lost" in patient.problems[0]


@pytest.mark.parametrize(("status", "present"), [("completed", True), ("not-done", False)])
def test_a_procedure(status: str, present: bool) -> None:
    fact = finding(resource("Procedure", status=status, code={"text": "Appendectomy"}, performedDateTime="1999"))
    assert (fact.concept, fact.present) == ("appendectomy", present)
    assert fact.started == fact.ended == on("1999-01-01", "1999-12-31")


def test_an_allergy_says_nothing_of_taking_the_drug() -> None:
    assert finding(resource("AllergyIntolerance", code={"text": "Penicillin"})).concept == "penicillin-allergy"


def test_no_known_allergies_is_a_denial() -> None:
    fact = finding(resource("AllergyIntolerance", code=coded(SNOMED, "716186003")))
    assert (fact.concept, fact.present) == ("allergy", False)


def test_a_vaccine_says_nothing_of_the_disease() -> None:
    fact = finding(
        resource(
            "Immunization", status="completed", vaccineCode={"text": "Influenza, seasonal"}, occurrenceDateTime="2025-10-10"
        )
    )
    assert "vaccine" in fact.concept
    assert fact.started == fact.ended == on("2025-10-10")


def test_a_relatives_disease_is_the_familys() -> None:
    history = resource(
        "FamilyMemberHistory",
        status="completed",
        relationship={"text": "father"},
        condition=[{"code": {"text": "Tuberculosis"}}],
    )
    fact = finding(history)
    assert (fact.concept, fact.who, fact.words.quote) == ("tuberculosis", "family", "Family history (father): Tuberculosis")


def test_what_is_somebody_elses_is_left_out() -> None:
    patient = read(condition() | {"subject": {"reference": "Patient/other"}})
    assert patient.facts == ()
    assert "Patient/other" in patient.problems[0]


@pytest.mark.parametrize(
    "reference", ["Patient/p1", "urn:uuid:p1", "https://ehr.example/fhir/Patient/p1", "Patient/p1/_history/3"]
)
def test_the_patient_by_every_reference(reference: str) -> None:
    assert len(read(condition() | {"subject": {"reference": reference}}).facts) == 1


def test_a_broken_resource_does_not_spoil_the_rest() -> None:
    patient = read(condition() | {"onsetDateTime": "the other day"}, observation(**HEMOGLOBIN))
    assert [fact.words.quote for fact in patient.facts] == ["hemoglobin 9.4 g/dL"]
    assert "onsetDateTime" in patient.problems[0]


def test_kinds_that_are_not_read_are_counted() -> None:
    encounters = [{"resourceType": "Encounter", "id": str(place)} for place in range(3)]
    assert read(*encounters).problems == ("Kinds of resource that were not read: Encounter (3).",)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param(PERSON, "not a Bundle", id="a patient alone"),
        pytest.param({"resourceType": "Bundle", "type": "collection"}, "no Patient", id="empty"),
        pytest.param(bundle(PERSON | {"id": "p2"}), "2 patients", id="two patients"),
        pytest.param({"resourceType": ["Bundle"]}, "not a Bundle", id="a type that is no text"),
    ],
)
def test_what_is_no_bundle_of_one_patient(document: dict[str, Any], words: str) -> None:
    with pytest.raises(UnusableRequest, match=words):
        read_patient(json.dumps(document), TODAY)


@pytest.mark.parametrize(
    "entry",
    [None, 3, "x", [], {}, {"resource": None}, {"resource": {"resourceType": 5}}, {"resource": {"resourceType": "Condition"}}],
)
def test_entries_of_any_shape_are_survived(entry: object) -> None:
    document = bundle()
    document["entry"].append(entry)
    assert read_bundle(document).problems
