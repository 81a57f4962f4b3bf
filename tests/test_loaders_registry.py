"""Registry records, JSON and XML: every field right, every span quotes what it states, bad records refused with a cure."""

import html
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableDocument
from index.loaders import api_v2, load, registry_xml
from index.loaders.fields import Fields, WrongType, word
from index.loaders.page import layout
from index.loaders.raw import Raw, read_raw
from index.trial import SECTIONS, Span, Trial
from index.view import fold

SHARED = Path(__file__).parents[2] / "shared" / "data" / "records"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="no development data beside the checkout")

XML = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <id_info>
    <org_study_id>LANTERN-7</org_study_id>
    <secondary_id>2030-000111-22</secondary_id>
    <nct_id>NCT09990001</nct_id>
    <nct_alias>NCT09990000</nct_alias>
  </id_info>
  <brief_title>Lanternib for Lantern Cell Tumours &amp;gt; 2 cm</brief_title>
  <official_title>A Made-up Trial of Lanternib</official_title>
  <acronym>GLOW</acronym>
  <sponsors>
    <lead_sponsor><agency>Invented Institute</agency><agency_class>U.S. Fed</agency_class></lead_sponsor>
    <collaborator><agency>Second Institute</agency><agency_class>Industry</agency_class></collaborator>
    <collaborator><agency>Third Institute</agency></collaborator>
  </sponsors>
  <source>Invented Institute</source>
  <oversight_info><has_dmc>Yes</has_dmc><is_fda_regulated_drug>No</is_fda_regulated_drug></oversight_info>
  <brief_summary>
    <textblock>
      The first paragraph of this summary is long enough to be wrapped by whoever wrote the file, as&#xD;
      such files are; it belongs on one line.&#xD;
&#xD;
      The second paragraph follows NCT01234567.&#xD;
    </textblock>
  </brief_summary>
  <overall_status>Active, not recruiting</overall_status>
  <start_date type="Actual">January 4, 2023</start_date>
  <completion_date type="Anticipated">July 2024</completion_date>
  <primary_completion_date type="Anticipated">May 31, 2024</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <has_expanded_access>No</has_expanded_access>
  <study_design_info>
    <allocation>N/A</allocation>
    <intervention_model>Single Group Assignment</intervention_model>
    <primary_purpose>Treatment</primary_purpose>
    <masking>Double (Participant, Outcomes Assessor)</masking>
    <masking_description>Everybody but the pharmacist.</masking_description>
  </study_design_info>
  <primary_outcome>
    <measure>Tumour size</measure><time_frame>12 weeks</time_frame><description>Longest diameter</description>
  </primary_outcome>
  <secondary_outcome><measure>Survival</measure></secondary_outcome>
  <other_outcome><measure>Sleep</measure><time_frame>1 year</time_frame></other_outcome>
  <enrollment type="Anticipated">42</enrollment>
  <condition>Lantern Cell Tumour</condition>
  <condition>Glow Syndrome</condition>
  <arm_group>
    <arm_group_label>Lanternib 5 mg</arm_group_label>
    <arm_group_type>Active Comparator</arm_group_type>
    <description>One tablet a day</description>
  </arm_group>
  <intervention>
    <intervention_type>Dietary Supplement</intervention_type>
    <intervention_name>Lanternib</intervention_name>
    <arm_group_label>Lanternib 5 mg</arm_group_label>
    <other_name>LN-7</other_name>
  </intervention>
  <eligibility>
    <criteria>
      <textblock>
        Inclusion Criteria:&#xD;
&#xD;
          -  Any of these:&#xD;
&#xD;
               1. a lantern cell tumour that was seen twice, by two radiologists who did not know of&#xD;
                  one another&#xD;
&#xD;
               2. a glow syndrome&#xD;
&#xD;
          -  Age 18 or more&#xD;
&#xD;
        Exclusion Criteria:&#xD;
&#xD;
          -  Known allergy to lanternib&#xD;
      </textblock>
    </criteria>
    <gender>Both</gender>
    <minimum_age>18 Years</minimum_age>
    <maximum_age>N/A</maximum_age>
    <healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers>
  </eligibility>
  <overall_official>
    <last_name>Ada Example, MD</last_name><role>Study Chair</role><affiliation>Invented Institute</affiliation>
  </overall_official>
  <overall_contact>
    <last_name>Bo Example</last_name><phone>000-111</phone><phone_ext>7</phone_ext><email>bo@example.org</email>
  </overall_contact>
  <overall_contact_backup><first_name>Cy</first_name><last_name>Example</last_name><degrees>RN</degrees></overall_contact_backup>
  <location>
    <facility>
      <name>Hilltop Clinic</name>
      <address><city>Springfield</city><state>Nowhere</state><zip>00001</zip><country>Utopia</country></address>
    </facility>
    <status>Not yet recruiting</status>
    <contact><last_name>Di Example</last_name><phone>000-222</phone></contact>
    <investigator><last_name>Ed Example</last_name><role>Sub-Investigator</role></investigator>
  </location>
  <location><facility><address><city>Shelbyville</city><country>Utopia</country></address></facility></location>
  <reference><citation>Example A. On lanterns.</citation><PMID>1</PMID></reference>
  <responsible_party>
    <responsible_party_type>Principal Investigator</responsible_party_type>
    <investigator_affiliation>Invented Institute</investigator_affiliation>
    <investigator_full_name>Ada Example</investigator_full_name>
    <investigator_title>Professor</investigator_title>
  </responsible_party>
  <keyword>lantern</keyword>
  <verification_date>March 2023</verification_date>
  <last_update_posted type="Estimate">June 9, 2023</last_update_posted>
  <patient_data><sharing_ipd>Undecided</sharing_ipd></patient_data>
</clinical_study>
"""


def raw(text: str, document: str = "record") -> Raw:
    return Raw(document, text.encode(), text, "2026-01-01T00:00:00+00:00")


def from_xml(text: str) -> Trial:
    return registry_xml.read(raw(text))


def from_json(record: object) -> Trial:
    return api_v2.read(raw(json.dumps(record)))


def protocol(**modules: object) -> Trial:
    return from_json({"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}, **modules}})


@pytest.fixture(scope="module")
def glow() -> Trial:
    return from_xml(XML)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "NCT09990001"),
        ("nct_id", "NCT09990001"),
        ("other_ids", ("LANTERN-7", "2030-000111-22", "NCT09990000")),
        ("acronym", "GLOW"),
        ("title", "Lanternib for Lantern Cell Tumours > 2 cm"),
        ("official_title", "A Made-up Trial of Lanternib"),
        ("status", "ACTIVE_NOT_RECRUITING"),
        ("as_of", "2023-06-09"),
        ("phase", ("PHASE1", "PHASE2")),
        ("study_type", "INTERVENTIONAL"),
        ("enrollment", 42),
        ("start_date", "2023-01-04"),
        ("primary_completion_date", "2024-05-31"),
        ("completion_date", "2024-07"),
        ("allocation", "NA"),
        ("masking", "DOUBLE"),
        ("primary_purpose", "TREATMENT"),
        ("intervention_model", "SINGLE_GROUP"),
        ("conditions", ("Lantern Cell Tumour", "Glow Syndrome")),
        ("keywords", ("lantern",)),
        ("sex", "ALL"),
        ("minimum_age", "18 Years"),
        ("maximum_age", None),
        ("healthy_volunteers", True),
        ("sponsor", "Invented Institute"),
        ("collaborators", ("Second Institute", "Third Institute")),
        ("has_results", False),
        ("why_stopped", None),
    ],
)
def test_xml_field(glow: Trial, field: str, value: object) -> None:
    assert getattr(glow, field) == value


def test_xml_parts(glow: Trial) -> None:
    assert [(a.label, a.type, a.description) for a in glow.arms] == [
        ("Lanternib 5 mg", "ACTIVE_COMPARATOR", "One tablet a day")
    ]
    assert [(i.type, i.name, i.other_names) for i in glow.interventions] == [("DIETARY_SUPPLEMENT", "Lanternib", ("LN-7",))]
    assert [(o.measure, o.time_frame, o.description) for o in glow.primary_outcomes] == [
        ("Tumour size", "12 weeks", "Longest diameter")
    ]
    assert [o.measure for o in glow.secondary_outcomes + glow.other_outcomes] == ["Survival", "Sleep"]
    assert [(s.facility, s.city, s.state, s.country, s.status) for s in glow.sites] == [
        ("Hilltop Clinic", "Springfield", "Nowhere", "Utopia", "NOT_YET_RECRUITING"),
        (None, "Shelbyville", None, "Utopia", None),
    ]
    assert [(c.name, c.role) for c in glow.sites[0].contacts] == [("Di Example", "CONTACT"), ("Ed Example", "SUB_INVESTIGATOR")]
    assert [(c.name, c.phone, c.email) for c in glow.contacts] == [
        ("Bo Example", "000-111", "bo@example.org"),
        ("Cy Example, RN", None, None),
    ]
    assert [(c.name, c.role, c.affiliation) for c in glow.officials] == [
        ("Ada Example, MD", "STUDY_CHAIR", "Invented Institute"),
        ("Ada Example", "PRINCIPAL_INVESTIGATOR", "Invented Institute"),
    ]
    assert [related.nct_id for related in glow.related] == ["NCT01234567"]


@pytest.mark.parametrize(
    "line",
    [
        "Minimum Age: 18 Years",
        "Overall Status: ACTIVE_NOT_RECRUITING",
        "Masking: DOUBLE (PARTICIPANT, OUTCOMES_ASSESSOR)",
        "Enrollment: 42 participants (ESTIMATED)",
        "Site: Hilltop Clinic, Springfield, Nowhere 00001, Utopia — Status: NOT_YET_RECRUITING",
        "Contact: Bo Example — Role: CONTACT — Phone: 000-111 ext. 7 — Email: bo@example.org",
        "Data Monitoring Committee: Yes",
        "Plan to Share Participants' Data: UNDECIDED",
        "Reference: Example A. On lanterns. (PMID 1, BACKGROUND)",
        "Lead Sponsor: Invented Institute (FED)",
    ],
)
def test_one_fact_a_line_with_its_label(glow: Trial, line: str) -> None:
    assert line in glow.sources[0].text.split("\n")


def test_wrapped_lines_are_whole_and_lists_are_nested(glow: Trial) -> None:
    text = glow.sources[0].text
    assert "as such files are; it belongs on one line.\n\nThe second paragraph" in text
    assert "\n- Any of these:\n\n  1. a lantern cell tumour that was seen twice," in text
    assert "did not know of one another\n\n  2. a glow syndrome\n\n- Age 18 or more\n\nExclusion Criteria:" in text


def spans(trial: Trial) -> Iterator[tuple[Span, tuple[object, ...]]]:
    """Every span of a trial with the values that its words must hold."""
    for arm in trial.arms:
        yield arm.span, (arm.label, arm.type, arm.description)
    for one in trial.interventions:
        yield one.span, (one.name, one.type, one.description, *one.other_names)
    for outcome in trial.primary_outcomes + trial.secondary_outcomes + trial.other_outcomes:
        yield outcome.span, (outcome.measure, outcome.time_frame, outcome.description)
    for site in trial.sites:
        yield site.span, (site.facility, site.city, site.state, site.country, site.status)
    people = (*trial.contacts, *trial.officials, *(c for site in trial.sites for c in site.contacts))
    for person in people:
        yield person.span, (person.name, person.role, person.phone, person.email, person.affiliation)
    for related in trial.related:
        yield related.span, (related.nct_id,)
    for section in trial.sections:
        yield section.span, ()
    for criterion in trial.criteria:
        yield criterion.span, ()
    for name, stated in trial.evidence.items():
        value = getattr(trial, name, None)
        single = isinstance(value, str | int) and not isinstance(value, bool)
        for span in stated[:1]:
            yield span, (value,) if single else ()


def check_spans(trial: Trial) -> None:
    for span, values in spans(trial):
        quote = fold(trial.quote(span))
        assert quote
        for value in values:
            assert value is None or fold(str(value)) in quote
    assert {section.name for section in trial.sections} <= set(SECTIONS)
    for name in ("conditions", "keywords", "collaborators", "phase", "other_ids"):
        stated = "\n".join(trial.quote(span) for span in trial.evidence.get(name, ()))
        assert all(value in stated for value in getattr(trial, name))


def check_every_value_has_evidence(trial: Trial) -> None:
    silent = {"id", "sources", "criteria", "related", "sections", "evidence"}
    for name in set(Trial.__dataclass_fields__) - silent:
        value = getattr(trial, name)
        assert (name in trial.evidence) == (value not in (None, ())) or name in {
            "status",
            "masking",
            "intervention_model",
            "sex",
        }


def test_spans_quote_what_they_state(glow: Trial) -> None:
    check_spans(glow)
    check_every_value_has_evidence(glow)


def without_source(trial: Trial) -> dict[str, object]:
    return {name: getattr(trial, name) for name in Trial.__dataclass_fields__ if name != "sources"}


def test_both_formats_of_a_record_are_the_same_trial(glow: Trial) -> None:
    same = from_json(registry_xml.record(ElementTree.fromstring(XML)))
    assert without_source(same) == without_source(glow)
    assert same.sources[0].text == glow.sources[0].text


@pytest.mark.parametrize(
    ("element", "field", "value"),
    [
        pytest.param("<overall_status>Unknown status</overall_status>", "status", "UNKNOWN", id="unknown status"),
        pytest.param(
            "<overall_status>Enrolling by invitation</overall_status>", "status", "ENROLLING_BY_INVITATION", id="invited"
        ),
        pytest.param("<overall_status>No longer available</overall_status>", "status", "NO_LONGER_AVAILABLE", id="access over"),
        pytest.param("<phase>Early Phase 1</phase>", "phase", ("EARLY_PHASE1",), id="early phase"),
        pytest.param("<phase>Phase 0</phase>", "phase", ("EARLY_PHASE1",), id="phase 0, its older name"),
        pytest.param("<phase>Phase 2/Phase 3</phase>", "phase", ("PHASE2", "PHASE3"), id="two phases"),
        pytest.param("<phase>N/A</phase>", "phase", ("NA",), id="no phase"),
        pytest.param("<study_type>Observational [Patient Registry]</study_type>", "study_type", "OBSERVATIONAL", id="registry"),
        pytest.param("<study_type>Expanded Access</study_type>", "study_type", "EXPANDED_ACCESS", id="expanded access"),
        pytest.param("<enrollment>1,200</enrollment>", "enrollment", 1200, id="thousands"),
        pytest.param("<start_date>2023-01</start_date>", "start_date", "2023-01", id="date that is ISO already"),
        pytest.param("<start_date>soon</start_date>", "start_date", None, id="no date"),
        pytest.param("<last_update_posted>May 1, 2020</last_update_posted>", "as_of", "2020-05-01", id="last update as posted"),
        pytest.param("<lastchanged_date>May 1, 2012</lastchanged_date>", "as_of", "2012-05-01", id="last update, older name"),
        pytest.param("<why_stopped>No money</why_stopped>", "why_stopped", "No money", id="why stopped"),
        pytest.param(
            "<eligibility><healthy_volunteers>No</healthy_volunteers></eligibility>",
            "healthy_volunteers",
            False,
            id="no healthy",
        ),
        pytest.param("<eligibility><gender>Female</gender></eligibility>", "sex", "FEMALE", id="women"),
        pytest.param("<clinical_results><reported_events/></clinical_results>", "has_results", True, id="results"),
    ],
)
def test_vocabulary_of_public_xsd(element: str, field: str, value: object) -> None:
    assert getattr(from_xml(f"<clinical_study><brief_title>T</brief_title>{element}</clinical_study>"), field) == value


@pytest.mark.parametrize(
    ("masking", "value"),
    [
        ("None (Open Label)", "NONE"),
        ("Open Label", "NONE"),
        ("No masking", "NONE"),
        ("Single Blind", "SINGLE"),
        ("Single (Outcomes Assessor)", "SINGLE"),
        ("Double-Blind", "DOUBLE"),
        ("Double Blind (Subject, Caregiver)", "DOUBLE"),
        ("Triple (Participant, Care Provider, Investigator)", "TRIPLE"),
        ("Quadruple", "QUADRUPLE"),
    ],
)
def test_masking(masking: str, value: str) -> None:
    info = f"<study_design_info><masking>{masking}</masking></study_design_info>"
    assert from_xml(f"<clinical_study>{info}</clinical_study>").masking == value


def test_design_on_one_line() -> None:
    design = "Allocation:  Non-Randomized, Endpoint Classification:  Safety Study, Intervention Model:  Crossover Assignment, "
    design += "Masking:  Double Blind (Subject, Investigator), Primary Purpose:  Basic Science"
    trial = from_xml(f"<clinical_study><study_design>{design}</study_design></clinical_study>")
    assert (trial.allocation, trial.intervention_model) == ("NON_RANDOMIZED", "CROSSOVER")
    assert (trial.masking, trial.primary_purpose) == ("DOUBLE", "BASIC_SCIENCE")
    assert "Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)" in trial.sources[0].text


def test_observational_record_keeps_what_only_it_has() -> None:
    study = """<clinical_study><study_type>Observational [Patient Registry]</study_type>
    <study_design_info><observational_model>Case-Control</observational_model>
    <time_perspective>Cross-Sectional</time_perspective></study_design_info>
    <target_duration>5 Years</target_duration><biospec_retention>Samples With DNA</biospec_retention>
    <biospec_descr><textblock>blood</textblock></biospec_descr><eligibility><study_pop><textblock>Lamplighters</textblock></study_pop>
    <sampling_method>Non-Probability Sample</sampling_method></eligibility></clinical_study>"""
    lines = from_xml(study).sources[0].text.split("\n")
    for line in (
        "Patient Registry: Yes",
        "Observational Model: CASE_CONTROL",
        "Time Perspective: CROSS_SECTIONAL",
        "Target Duration: 5 Years",
        "Biospecimens Retained: SAMPLES_WITH_DNA",
        "Biospecimen Description: blood",
        "Study Population: Lamplighters",
        "Sampling Method: NON_PROBABILITY_SAMPLE",
    ):
        assert line in lines


def test_expanded_access_record() -> None:
    study = """<clinical_study><study_type>Expanded Access</study_type><overall_status>Available</overall_status>
    <expanded_access_info><expanded_access_type_individual>Yes</expanded_access_type_individual></expanded_access_info>
    </clinical_study>"""
    trial = from_xml(study)
    assert (trial.status, trial.study_type) == ("AVAILABLE", "EXPANDED_ACCESS")
    assert "Expanded Access, Individual: Yes" in trial.sources[0].text


BOMB = (
    '<!DOCTYPE clinical_study [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clinical_study><acronym>&b;</acronym></clinical_study>'
)
OUTSIDE = '<!DOCTYPE clinical_study SYSTEM "http://example.org/x.dtd"><clinical_study/>'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(BOMB, "declares a document type or entities", id="entities"),
        pytest.param(OUTSIDE, "declares a document type or entities", id="a DTD elsewhere"),
        pytest.param(XML[: len(XML) // 2], "breaks off or is wrong at line", id="broken off"),
        pytest.param("<clinical_study></clinical_stud>", "line 1", id="wrong tag"),
        pytest.param('<?xml version="1.0" encoding="klingon"?><clinical_study/>', "encoding", id="unknown encoding"),
        pytest.param("<all><clinical_study/><clinical_study/></all>", "2 studies", id="two studies"),
        pytest.param('{"protocolSection": {"identificationModule": {"nctId": "NCT', "line 1, column", id="JSON broken off"),
        pytest.param('{"studies": [{"protocolSection": {}}, {"protocolSection": {}}]}', "2 studies", id="two JSON studies"),
        pytest.param('{"resourceType": "Patient"}', "no protocolSection", id="other JSON"),
        pytest.param("[1, 2]", "no protocolSection", id="a list"),
        pytest.param('{"protocolSection": 1}', "protocolSection should be an object and is '1'", id="a number for an object"),
        pytest.param('{"protocolSection": {}}', "no field that is known", id="nothing in it"),
        pytest.param('{"protocolSection": ' + "[" * 100_000, "too deep", id="endless nesting"),
        pytest.param(
            '{"protocolSection": {"designModule": {"enrollmentInfo": {"count": "many"}}}}',
            "protocolSection.designModule.enrollmentInfo.count should be a whole number and is 'many'",
            id="words for a number",
        ),
        pytest.param(
            '{"protocolSection": {"contactsLocationsModule": {"locations": [null, "Utopia"]}}}',
            "protocolSection.contactsLocationsModule.locations[0] should be an object",
            id="a text for a site",
        ),
    ],
)
def test_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "NCT09990001.txt"
    path.write_text(text)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert reason in caught.value.reason
    assert caught.value.cure


def test_json_with_nulls_odd_keys_and_little_in_it() -> None:
    record = {
        "hasResults": None,
        "protocolSection": {
            "identificationModule": {"nctId": "nct09990001", "briefTitle": "T", "orgStudyIdInfo": None},
            "statusModule": None,
            "contactsLocationsModule": {"locations": None, "locations_nested": [{"city": "X"}], "centralContacts": [None]},
            "conditionsModule": {"conditions": ["A &lt; B", None, " "], "keywords": "one"},
            "eligibilityModule": {"healthyVolunteers": None, "minimumAge": ""},
        },
        "unknownSection": [],
    }
    trial = from_json(record)
    assert (trial.id, trial.status, trial.has_results, trial.sites) == ("NCT09990001", None, None, ())
    assert (trial.conditions, trial.keywords, trial.minimum_age) == (("A < B",), ("one",), None)
    check_spans(trial)


def test_wrapped_json_with_one_study() -> None:
    study = {"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}}}
    for wrapped in ({"studies": [study], "nextPageToken": "x"}, [study], study["protocolSection"]):
        assert from_json(wrapped).id == "NCT09990001"


def test_without_a_number_the_stem_is_the_id() -> None:
    assert api_v2.read(raw('{"protocolSection": {"identificationModule": {"acronym": "GLOW"}}}', "x/glow.json")).id == "glow"


def test_half_a_surrogate_pair_can_be_stored() -> None:
    trial = from_json({"protocolSection": {"identificationModule": {"briefTitle": "a \ud83d b"}}})
    assert trial.sources[0].text.encode()


def test_escapes_stay_as_the_source_has_them() -> None:
    assert "ANC \\> 1" in protocol(eligibilityModule={"eligibilityCriteria": "* ANC \\> 1"}).sources[0].text


def test_expanded_access_record_is_related_with_its_status() -> None:
    trial = protocol(statusModule={"expandedAccessInfo": {"nctId": "NCT01111111", "statusForNctId": "AVAILABLE"}})
    assert [(r.nct_id, r.status) for r in trial.related] == [("NCT01111111", "AVAILABLE")]


RESULTS = """<clinical_study><brief_title>T</brief_title><clinical_results>
  <participant_flow>
    <group_list><group group_id="P1"><title>Lanternib</title><description>5 mg</description></group>
      <group group_id="P2"><title>Placebo</title></group></group_list>
    <period_list><period><title>All of it</title>
      <milestone_list><milestone><title>STARTED</title><participants_list>
        <participants group_id="P1" count="20"/><participants group_id="P2" count="22">two late</participants>
      </participants_list></milestone></milestone_list>
      <drop_withdraw_reason_list><drop_withdraw_reason><title>Moved away</title><participants_list>
        <participants group_id="P1" count="1"/></participants_list></drop_withdraw_reason></drop_withdraw_reason_list>
    </period></period_list>
  </participant_flow>
  <baseline>
    <group_list><group group_id="B1"><title>Lanternib</title></group></group_list>
    <analyzed_list><analyzed><units>Participants</units><count_list><count group_id="B1" value="20"/></count_list></analyzed>
    </analyzed_list>
    <measure_list><measure><title>Age</title><units>years</units><param>Mean</param><dispersion>Standard Deviation</dispersion>
      <class_list><class><category_list><category><measurement_list>
        <measurement group_id="B1" value="61" spread="4.5"/></measurement_list></category></category_list></class></class_list>
    </measure></measure_list>
  </baseline>
  <outcome_list><outcome><type>Primary</type><title>Tumour size</title><time_frame>12 weeks</time_frame>
    <group_list><group group_id="O1"><title>Lanternib</title></group><group group_id="O2"><title>Placebo</title></group>
    </group_list>
    <measure><title>Tumour size</title><units>mm</units><param>Median</param>
      <class_list><class><title>Week 12</title><category_list><category><measurement_list>
        <measurement group_id="O1" value="8" lower_limit="6" upper_limit="11"/><measurement group_id="O2" value="15"/>
      </measurement_list></category></category_list></class></class_list></measure>
    <analysis_list><analysis><group_id_list><group_id>O1</group_id><group_id>O2</group_id></group_id_list>
      <p_value>0.03</p_value><method>t-test</method><param_type>Mean Difference</param_type><param_value>-7</param_value>
      <ci_percent>95</ci_percent><ci_lower_limit>-12</ci_lower_limit><ci_upper_limit>-2</ci_upper_limit></analysis>
    </analysis_list></outcome></outcome_list>
  <reported_events><time_frame>1 year</time_frame>
    <group_list><group group_id="E1"><title>Lanternib</title></group></group_list>
    <serious_events><category_list>
      <category><title>Total</title><event_list><event><sub_title>Total, serious adverse events</sub_title>
        <counts group_id="E1" subjects_affected="2" subjects_at_risk="20"/></event></event_list></category>
      <category><title>Eye disorders</title><event_list><event><sub_title>Glare</sub_title>
        <counts group_id="E1" subjects_affected="2" subjects_at_risk="20"/></event></event_list></category>
    </category_list></serious_events></reported_events>
  <limitations_and_caveats>Few took part.</limitations_and_caveats>
</clinical_results></clinical_study>"""


@pytest.mark.parametrize(
    "line",
    [
        "Has Results: Yes",
        "Group: Lanternib — 5 mg",
        "STARTED: Lanternib: 20; Placebo: 22 [two late]",
        "Left, Moved away: Lanternib: 1",
        "Baseline Participants: Lanternib: 20",
        "Baseline Measure: Age (MEAN, Standard Deviation, years)",
        "Value: Lanternib: 61 (spread 4.5)",
        "Outcome Measure: Tumour size (MEDIAN, mm)",
        "Week 12: Lanternib: 8 (6 to 11); Placebo: 15",
        "Analysis: Lanternib versus Placebo; Mean Difference -7; 95% CI -12 to -2; p-value 0.03; t-test",
        "Serious Adverse Events: Lanternib: 2 of 20",
        "Serious Adverse Event: Glare (Eye disorders) — Lanternib: 2 of 20",
        "Limitations and Caveats: Few took part.",
    ],
)
def test_results_are_lines_that_name_their_groups(line: str) -> None:
    trial = from_xml(RESULTS)
    assert line in trial.sources[0].text.split("\n")
    assert trial.evidence["results"]


RECORD = registry_xml.record(ElementTree.fromstring(XML))
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists, max_leaves=4)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of everything in a JSON value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[str | int, ...], by: object) -> Any:
    """The JSON value with another one at the path."""
    if not path:
        return by
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@given(st.sampled_from(sorted(places(RECORD), key=str)), JSON)
def test_any_value_anywhere_is_read_or_refused(path: tuple[str | int, ...], value: object) -> None:
    try:
        trial = from_json(replaced(RECORD, path, value))
    except UnreadableDocument:
        return
    check_spans(trial)


@pytest.mark.parametrize(
    ("text", "laid_out"),
    [
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\n\n \n\n\nb  \t c ", "a\n\nb c", id="blank lines and runs of space"),
        pytest.param("  * a\n      * b\n          * c\n  * d", "* a\n  * b\n    * c\n* d", id="nesting by two"),
        pytest.param(
            "Head:\n   - a\n     more of a\n   - b\nHead:\n   - c", "Head:\n- a\n  more of a\n- b\nHead:\n- c", id="heads"
        ),
        pytest.param("1. a\n\n   1. b\n\n2. c", "1. a\n\n  1. b\n\n2. c", id="numbers"),
        pytest.param(" \n ", "", id="nothing"),
    ],
)
def test_layout(text: str, laid_out: str) -> None:
    assert layout(text) == laid_out
    assert layout(laid_out) == laid_out


def test_word_is_api_v2_spelling() -> None:
    assert word("Active, not recruiting") == "ACTIVE_NOT_RECRUITING"
    assert word("ACTIVE_NOT_RECRUITING") == "ACTIVE_NOT_RECRUITING"
    with pytest.raises(WrongType, match=r"a\.b should be true or false"):
        Fields({"b": 3}, "a").flag("b")


# An independent, naive reading of the same files, to measure by.

PHASES = {"N/A": ["NA"], "Early Phase 1": ["EARLY_PHASE1"], "Phase 1": ["PHASE1"], "Phase 2": ["PHASE2"], "Phase 3": ["PHASE3"]}
PHASES |= {"Phase 4": ["PHASE4"], "Phase 1/Phase 2": ["PHASE1", "PHASE2"], "Phase 2/Phase 3": ["PHASE2", "PHASE3"]}
MODELS = {
    "Parallel Assignment": "PARALLEL",
    "Single Group Assignment": "SINGLE_GROUP",
    "Crossover Assignment": "CROSSOVER",
    "Sequential Assignment": "SEQUENTIAL",
    "Factorial Assignment": "FACTORIAL",
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def plain(text: str | None) -> str:
    return " ".join(html.unescape(text or "").split())


def upper(text: str | None) -> str | None:
    return text.upper().replace(",", "").replace("-", "_").replace(" ", "_") if text else None


def day(text: str | None) -> str | None:
    if not text:
        return None
    parts = text.replace(",", "").split()
    return "-".join([parts[-1], f"{MONTHS.index(parts[0]) + 1:02}", *(f"{int(d):02}" for d in parts[1:-1])])


ADDRESS = ("facility/address/city", "facility/address/state", "facility/address/country")


def naive_xml(path: Path) -> dict[str, object]:
    root = ElementTree.parse(path).getroot()

    def one(tag: str, node: Element = root) -> str | None:
        return plain(node.findtext(tag)) or None

    def many(tag: str) -> list[str]:
        return [plain(node.text) for node in root.findall(tag)]

    def table(tag: str, *columns: str) -> list[list[str | None]]:
        return [[one(column, node) for column in columns] for node in root.findall(tag)]

    def age(tag: str) -> str | None:
        return None if one(tag) == "N/A" else one(tag)

    allocation, model = one("study_design_info/allocation"), one("study_design_info/intervention_model")
    masking = one("study_design_info/masking") or ""
    return {
        "nct_id": one("id_info/nct_id"),
        "other_ids": list(dict.fromkeys(many("id_info/org_study_id") + many("id_info/secondary_id"))),
        "acronym": one("acronym"),
        "title": one("brief_title"),
        "official_title": one("official_title"),
        "status": upper(one("overall_status")),
        "as_of": day(one("last_update_posted")),
        "phase": PHASES[one("phase") or ""],
        "study_type": upper(one("study_type")),
        "enrollment": int(one("enrollment") or 0),
        "start_date": day(one("start_date")),
        "primary_completion_date": day(one("primary_completion_date")),
        "completion_date": day(one("completion_date")),
        "allocation": "NA" if allocation == "N/A" else upper(allocation),
        "masking": upper(masking.split(" (")[0]) or None,
        "primary_purpose": upper(one("study_design_info/primary_purpose")),
        "intervention_model": MODELS.get(model or ""),
        "conditions": many("condition"),
        "keywords": many("keyword"),
        "interventions": [
            [upper(kind), *rest]
            for kind, *rest in table("intervention", "intervention_type", "intervention_name", "description")
        ],
        "arms": [
            [label, upper(kind), text]
            for label, kind, text in table("arm_group", "arm_group_label", "arm_group_type", "description")
        ],
        "primary_outcomes": table("primary_outcome", "measure", "time_frame", "description"),
        "secondary_outcomes": table("secondary_outcome", "measure", "time_frame", "description"),
        "other_outcomes": table("other_outcome", "measure", "time_frame", "description"),
        "sex": upper(one("eligibility/gender")),
        "minimum_age": age("eligibility/minimum_age"),
        "maximum_age": age("eligibility/maximum_age"),
        "healthy_volunteers": one("eligibility/healthy_volunteers") == "Accepts Healthy Volunteers",
        "sponsor": one("sponsors/lead_sponsor/agency"),
        "collaborators": many("sponsors/collaborator/agency"),
        "sites": [
            [*place, upper(status)]
            for *place, status in table(
                "location",
                "facility/name",
                "facility/address/city",
                "facility/address/state",
                "facility/address/country",
                "status",
            )
        ],
        "contacts": table("overall_contact", "last_name", "phone", "email")
        + table("overall_contact_backup", "last_name", "phone", "email"),
        "has_results": root.find("clinical_results") is not None,
        "criteria text": one("eligibility/criteria/textblock"),
        "summary text": one("brief_summary/textblock"),
        "description text": one("detailed_description/textblock"),
    }


def naive_json(path: Path) -> dict[str, object]:
    whole = json.loads(path.read_text(encoding="utf-8"))
    record = whole["protocolSection"]

    def at(module: str, *path: str) -> object:
        value = record.get(module, {})
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return plain(value) if isinstance(value, str) else value

    def many(module: str, name: str) -> list[str]:
        return [plain(value) for value in at(module, name) or []]  # type: ignore[attr-defined]

    def table(module: str, name: str, *columns: str) -> list[list[str | None]]:
        rows = record.get(module, {}).get(name, [])
        return [[plain(row[column]) if row.get(column) else None for column in columns] for row in rows]

    identity = record["identificationModule"]
    own = [identity.get("orgStudyIdInfo", {}).get("id"), *(i["id"] for i in identity.get("secondaryIdInfos", []))]
    return {
        "nct_id": at("identificationModule", "nctId"),
        "other_ids": [value for value in own if value],
        "acronym": at("identificationModule", "acronym"),
        "title": at("identificationModule", "briefTitle"),
        "official_title": at("identificationModule", "officialTitle"),
        "status": at("statusModule", "overallStatus"),
        "why_stopped": at("statusModule", "whyStopped"),
        "as_of": at("statusModule", "lastUpdatePostDateStruct", "date"),
        "phase": at("designModule", "phases") or [],
        "study_type": at("designModule", "studyType"),
        "enrollment": at("designModule", "enrollmentInfo", "count"),
        "start_date": at("statusModule", "startDateStruct", "date"),
        "primary_completion_date": at("statusModule", "primaryCompletionDateStruct", "date"),
        "completion_date": at("statusModule", "completionDateStruct", "date"),
        "allocation": at("designModule", "designInfo", "allocation"),
        "masking": at("designModule", "designInfo", "maskingInfo", "masking"),
        "primary_purpose": at("designModule", "designInfo", "primaryPurpose"),
        "intervention_model": at("designModule", "designInfo", "interventionModel"),
        "conditions": many("conditionsModule", "conditions"),
        "keywords": many("conditionsModule", "keywords"),
        "interventions": table("armsInterventionsModule", "interventions", "type", "name", "description"),
        "arms": table("armsInterventionsModule", "armGroups", "label", "type", "description"),
        "primary_outcomes": table("outcomesModule", "primaryOutcomes", "measure", "timeFrame", "description"),
        "secondary_outcomes": table("outcomesModule", "secondaryOutcomes", "measure", "timeFrame", "description"),
        "sex": at("eligibilityModule", "sex"),
        "minimum_age": at("eligibilityModule", "minimumAge"),
        "maximum_age": at("eligibilityModule", "maximumAge"),
        "healthy_volunteers": at("eligibilityModule", "healthyVolunteers"),
        "sponsor": at("sponsorCollaboratorsModule", "leadSponsor", "name"),
        "collaborators": [plain(c["name"]) for c in record["sponsorCollaboratorsModule"].get("collaborators", [])],
        "sites": table("contactsLocationsModule", "locations", "facility", "city", "state", "country", "status"),
        "contacts": table("contactsLocationsModule", "centralContacts", "name", "phone", "email"),
        "has_results": whole.get("hasResults"),
        "criteria text": at("eligibilityModule", "eligibilityCriteria"),
        "summary text": at("descriptionModule", "briefSummary"),
        "description text": at("descriptionModule", "detailedDescription"),
    }


COLUMNS = {
    "interventions": ("type", "name", "description"),
    "arms": ("label", "type", "description"),
    "primary_outcomes": ("measure", "time_frame", "description"),
    "secondary_outcomes": ("measure", "time_frame", "description"),
    "other_outcomes": ("measure", "time_frame", "description"),
    "sites": ("facility", "city", "state", "country", "status"),
    "contacts": ("name", "phone", "email"),
}


def as_read(trial: Trial, name: str) -> object:
    """A field of the trial in the naive reading's form."""
    if name.endswith(" text"):
        stretch = trial.evidence.get(name.removesuffix(" text"), ())
        return fold(trial.quote(stretch[0])) if stretch else None
    value = getattr(trial, name)
    if name in COLUMNS:
        rows = [[getattr(row, column) for column in COLUMNS[name]] for row in value]
        return [[fold(cell) if cell else None for cell in row] for row in rows]
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(("folder", "naive"), [("xml", naive_xml), ("api-v2", naive_json)])
def test_fields_of_real_records(folder: str, naive: object, capsys: pytest.CaptureFixture[str]) -> None:
    paths = sorted((SHARED / folder).iterdir())
    assert paths
    started = time.perf_counter()
    trials = [load(path) for path in paths]
    seconds = time.perf_counter() - started
    wrong, fields = [], 0
    for path, trial in zip(paths, trials, strict=True):
        check_spans(trial)
        check_every_value_has_evidence(trial)
        for name, expected in naive(path).items():  # type: ignore[operator]
            fields += 1
            if as_read(trial, name) != expected:
                wrong.append(f"{path.name} {name}: {as_read(trial, name)!r} for {expected!r}"[:400])
    with capsys.disabled():
        right = f"{fields - len(wrong)} of {fields} fields right"
        sys.stdout.write(f"\n{folder}: {right}; {len(paths) / seconds:.0f} records/s\n")
    assert not wrong, wrong[:20]


@pytest.mark.shared
@needs_shared
def test_both_formats_of_real_records() -> None:
    for path in sorted((SHARED / "xml").iterdir()):
        study = ElementTree.fromstring(read_raw(path).data)
        same = api_v2.read(raw(json.dumps(registry_xml.record(study)), path.name))
        assert without_source(same) == without_source(load(path))
