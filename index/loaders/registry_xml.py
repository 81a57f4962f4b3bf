"""ClinicalTrials.gov's old XML records (`clinical_study`, public.xsd), brought into API v2's shape and words."""

import re
from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from index.errors import UnreadableDocument
from index.loaders import vocabulary
from index.loaders.fields import Fields, word
from index.loaders.raw import Raw
from index.loaders.registry import read_record
from index.loaders.results_xml import results
from index.trial import Trial

_ROOT = re.compile(r"<clinical_study[\s>/]")
_XML = re.compile(r"<\?xml\b(?!.{0,2000}<html\b)|<!doctype\s+(?!html\b)", re.IGNORECASE | re.DOTALL)
"""How XML begins that is no web page."""
FORMAT = "registry-xml"
_CURE = "Save the record again from ClinicalTrials.gov, best as JSON."
_WRAP = 80
"""The records' text blocks are wrapped at 100 columns: a line that ends before this one was broken on purpose."""

WORDS: dict[str, dict[str, str]] = {
    "status": {
        "UNKNOWN_STATUS": "UNKNOWN",
        "NO_LONGER_RECRUITING": "ACTIVE_NOT_RECRUITING",
    },
    "allocation": {"N_A": "NA"},
    "purpose": {"EDUCATIONAL_COUNSELING_TRAINING": "ECT"},
    "masked": {"SUBJECT": "PARTICIPANT", "CAREGIVER": "CARE_PROVIDER"},
    "sex": {"BOTH": "ALL"},
    "made": {"ANTICIPATED": "ESTIMATED", "ESTIMATE": "ESTIMATED"},
    "class": {"U_S_FED": "FED"},
    "document": {
        "STATISTICAL_ANALYSIS_PLAN_SAP": "SAP",
        "INFORMED_CONSENT_FORM_ICF": "ICF",
        "CLINICAL_STUDY_REPORT_CSR": "CSR",
    },
}
"""public.xsd's wordings whose API v2 word is not just the same in capitals."""

_MASKING = {"NO": "NONE", "OPEN": "NONE", "NONE": "NONE", "SINGLE": "SINGLE", "DOUBLE": "DOUBLE"}
_MASKING |= {"TRIPLE": "TRIPLE", "QUADRUPLE": "QUADRUPLE"}
"""The first word of a masking: "None (Open Label)", "Open Label", "No masking", "Double-Blind", "Double (Participant …)"."""
_OLD_DESIGN = {
    "Allocation": "allocation",
    "Intervention Model": "intervention_model",
    "Observational Model": "observational_model",
    "Time Perspective": "time_perspective",
    "Primary Purpose": "primary_purpose",
    "Masking": "masking",
}
"""Labels in the one line `study_design` of records processed before 2017."""
_OLD_LABEL = re.compile(rf"({'|'.join(_OLD_DESIGN)}|Endpoint Classification):\s*")


def recognises(raw: Raw) -> bool:
    """Whether the text is XML: with a `clinical_study`, or any that says so at its beginning (then it may be broken off)."""
    text = raw.text.lstrip()
    return text.startswith("<") and (_ROOT.search(text) is not None or _XML.match(text) is not None)


def read(raw: Raw) -> Trial:
    """The trial of the one record in the file. Raises UnreadableDocument for broken or unsafe XML and for several records."""
    return read_record(raw, FORMAT, Fields(record(_study(raw))))


def _study(raw: Raw) -> Element:
    try:
        root: Element = fromstring(raw.data.lstrip(), forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        reason = f"the XML breaks off or is wrong at line {line}, column {column + 1} ({error})."
        raise UnreadableDocument(raw.document, reason, _CURE) from error
    except DefusedXmlException as error:
        reason = "the XML declares a document type or entities, which no registry record needs and which can do harm."
        raise UnreadableDocument(raw.document, reason, _CURE) from error
    except (LookupError, ValueError) as error:
        raise UnreadableDocument(raw.document, f"the XML's encoding can't be read ({error}).", _CURE) from error
    studies = list(root.iter("clinical_study"))
    if not studies:
        reason = f"it is XML, but not a record of ClinicalTrials.gov (its root is {root.tag[:60]})."
        raise UnreadableDocument(raw.document, reason, "Save what a browser shows of it as text or PDF.")
    if len(studies) > 1:
        reason = f"it holds {len(studies)} studies, and a document is one trial."
        raise UnreadableDocument(raw.document, reason, "Save each clinical_study as a file of its own.")
    return studies[0]


Record = dict[str, object]


def record(study: Element) -> Record:
    """The study in API v2's shape: what it does not give is left out."""
    protocol = {name: module for name, make in _MODULES.items() if (module := _present(make(study)))}
    return _present(
        {
            "protocolSection": protocol,
            "derivedSection": _derived(study),
            "documentSection": _documents(study),
            "resultsSection": results(study),
            "hasResults": study.find("clinical_results") is not None if protocol else None,
        }
    )


def _identification(study: Element) -> Record:
    return {
        "nctId": _line(study, "id_info/nct_id"),
        "nctIdAliases": _lines(study, "id_info/nct_alias"),
        "orgStudyIdInfo": _present({"id": _line(study, "id_info/org_study_id")}),
        "secondaryIdInfos": [_secondary_id(one) for one in study.iterfind("id_info/secondary_id")],
        "organization": _present({"fullName": _line(study, "source"), "class": _coded(study, "source_class", "class")}),
        "briefTitle": _line(study, "brief_title"),
        "officialTitle": _line(study, "official_title"),
        "acronym": _line(study, "acronym"),
    }


def _secondary_id(one: Element) -> Record:
    kind = one.get("type") or one.get("id_type")
    return _present({"id": _own(one), "type": kind and word(kind), "domain": one.get("domain") or one.get("id_domain")})


def _status(study: Element) -> Record:
    return {
        "overallStatus": _coded(study, "overall_status", "status"),
        "lastKnownStatus": _coded(study, "last_known_status", "status"),
        "whyStopped": _line(study, "why_stopped"),
        "startDateStruct": _date(study, "start_date"),
        "primaryCompletionDateStruct": _date(study, "primary_completion_date"),
        "completionDateStruct": _date(study, "completion_date"),
        "statusVerifiedDate": _date(study, "verification_date").get("date"),
        "studyFirstSubmitDate": _date(study, "study_first_submitted", "firstreceived_date").get("date"),
        "studyFirstSubmitQcDate": _date(study, "study_first_submitted_qc").get("date"),
        "studyFirstPostDateStruct": _date(study, "study_first_posted"),
        "resultsFirstSubmitDate": _date(study, "results_first_submitted", "firstreceived_results_date").get("date"),
        "resultsFirstPostDateStruct": _date(study, "results_first_posted"),
        "dispFirstPostDateStruct": _date(study, "disposition_first_posted"),
        "lastUpdateSubmitDate": _date(study, "last_update_submitted").get("date"),
        "lastUpdatePostDateStruct": _date(study, "last_update_posted", "lastchanged_date"),
        "expandedAccessInfo": _expanded_access(study),
    }


def _expanded_access(study: Element) -> Record:
    return _present(
        {
            "hasExpandedAccess": _flag(study, "has_expanded_access"),
            "nctId": _line(study, "expanded_access_info/nct_id"),
            "statusForNctId": _coded(study, "expanded_access_info/status", "status"),
        }
    )


def _descriptions(study: Element) -> Record:
    return {
        "briefSummary": _block(study, "brief_summary/textblock"),
        "detailedDescription": _block(study, "detailed_description/textblock"),
    }


def _conditions(study: Element) -> Record:
    return {"conditions": _lines(study, "condition"), "keywords": _lines(study, "keyword")}


def _design(study: Element) -> Record:
    kind = _line(study, "study_type") or ""
    info = _design_words(study)
    who = (info.get("masking") or "").partition("(")[2].rstrip(") ")
    return {
        "studyType": word(kind.partition("[")[0]),
        "patientRegistry": True if "patient registry" in kind.lower() else None,
        "targetDuration": _line(study, "target_duration"),
        "phases": list(vocabulary.phases(_line(study, "phase") or "")),
        "designInfo": _present(
            {
                "allocation": _coded_word(info.get("allocation"), "allocation"),
                "interventionModel": _assignment(info.get("intervention_model")),
                "interventionModelDescription": _line_or_block(study, "study_design_info/intervention_model_description"),
                "primaryPurpose": _coded_word(info.get("primary_purpose"), "purpose"),
                "observationalModel": _coded_word(info.get("observational_model")),
                "timePerspective": _coded_word(info.get("time_perspective")),
                "maskingInfo": _present(
                    {
                        "masking": _masking(info.get("masking")),
                        "maskingDescription": _line_or_block(study, "study_design_info/masking_description"),
                        "whoMasked": [_coded_word(one, "masked") for one in re.split(r",\s*", who) if one],
                    }
                ),
            }
        ),
        "bioSpec": _present(
            {
                "retention": _coded(study, "biospec_retention"),
                "description": _block(study, "biospec_descr/textblock"),
            }
        ),
        "enrollmentInfo": _present(
            {"count": _number(study, "enrollment"), "type": _coded_word(_attribute(study, "enrollment", "type"), "made")}
        ),
        "expandedAccessTypes": _access_types(study),
    }


def _access_types(study: Element) -> Record:
    info = "expanded_access_info/expanded_access_type_"
    return _present({name: _flag(study, info + name) for name in ("individual", "intermediate", "treatment")})


def _design_words(study: Element) -> dict[str, str]:
    """The design's facts as worded, by element name: of `study_design_info`, or of the older one-line `study_design`."""
    info = study.find("study_design_info")
    if info is not None:
        return {part.tag: _own(part) for part in info}
    parts = _OLD_LABEL.split(_line(study, "study_design") or "")
    return {_OLD_DESIGN[k]: v.strip(" ,") for k, v in zip(parts[1::2], parts[2::2], strict=True) if k in _OLD_DESIGN}


def _masking(worded: str | None) -> str | None:
    first = word(worded or "").partition("_")[0]
    return _MASKING.get(first, first) or None


def _assignment(worded: str | None) -> str | None:
    return word(worded).removesuffix("_ASSIGNMENT") if worded else None


def _arms_and_interventions(study: Element) -> Record:
    return {
        "armGroups": [_arm(study, arm) for arm in study.iterfind("arm_group")],
        "interventions": [_intervention(given) for given in study.iterfind("intervention")],
    }


def _arm(study: Element, arm: Element) -> Record:
    label = _line(arm, "arm_group_label")
    given = [one for one in study.iterfind("intervention") if label in _lines(one, "arm_group_label")]
    return _present(
        {
            "label": label,
            "type": _coded(arm, "arm_group_type"),
            "description": _line_or_block(arm, "description"),
            "interventionNames": [f"{_line(one, 'intervention_type')}: {_line(one, 'intervention_name')}" for one in given],
        }
    )


def _intervention(given: Element) -> Record:
    return _present(
        {
            "type": _coded(given, "intervention_type"),
            "name": _line(given, "intervention_name"),
            "description": _line_or_block(given, "description"),
            "armGroupLabels": _lines(given, "arm_group_label"),
            "otherNames": _lines(given, "other_name"),
        }
    )


def _outcomes(study: Element) -> Record:
    return {f"{rank}Outcomes": [_outcome(one) for one in study.iterfind(f"{rank}_outcome")] for rank in _RANKS}


_RANKS = ("primary", "secondary", "other")


def _outcome(one: Element) -> Record:
    return _present(
        {
            "measure": _line(one, "measure"),
            "description": _line_or_block(one, "description"),
            "timeFrame": _line(one, "time_frame"),
        }
    )


def _eligibility(study: Element) -> Record:
    healthy = _line(study, "eligibility/healthy_volunteers")
    return {
        "eligibilityCriteria": _block(study, "eligibility/criteria/textblock"),
        "healthyVolunteers": healthy.lower() not in ("no", "false") if healthy else None,
        "sex": _coded(study, "eligibility/gender", "sex"),
        "genderBased": _flag(study, "eligibility/gender_based"),
        "genderDescription": _line_or_block(study, "eligibility/gender_description"),
        "minimumAge": _age(study, "eligibility/minimum_age"),
        "maximumAge": _age(study, "eligibility/maximum_age"),
        "studyPopulation": _block(study, "eligibility/study_pop/textblock"),
        "samplingMethod": _coded(study, "eligibility/sampling_method"),
    }


def _age(study: Element, path: str) -> str | None:
    age = _line(study, path)
    return None if age in ("N/A", "None") else age


def _sponsors(study: Element) -> Record:
    lead = study.find("sponsors/lead_sponsor")
    return {
        "responsibleParty": _responsible(study),
        "leadSponsor": {} if lead is None else _agency(lead),
        "collaborators": [_agency(one) for one in study.iterfind("sponsors/collaborator")],
    }


def _agency(one: Element) -> Record:
    return _present({"name": _line(one, "agency"), "class": _coded(one, "agency_class", "class")})


def _responsible(study: Element) -> Record:
    party = study.find("responsible_party")
    if party is None:
        return {}
    return _present(
        {
            "type": _coded(party, "responsible_party_type"),
            "investigatorFullName": _line(party, "investigator_full_name"),
            "investigatorTitle": _line(party, "investigator_title"),
            "investigatorAffiliation": _line(party, "investigator_affiliation"),
            "oldNameTitle": _line(party, "name_title"),
            "oldOrganization": _line(party, "organization"),
        }
    )


def _oversight(study: Element) -> Record:
    return {
        "oversightHasDmc": _flag(study, "oversight_info/has_dmc"),
        "isFdaRegulatedDrug": _flag(study, "oversight_info/is_fda_regulated_drug"),
        "isFdaRegulatedDevice": _flag(study, "oversight_info/is_fda_regulated_device"),
        "isUnapprovedDevice": _flag(study, "oversight_info/is_unapproved_device"),
        "isPpsd": _flag(study, "oversight_info/is_ppsd"),
        "isUsExport": _flag(study, "oversight_info/is_us_export"),
    }


def _contacts_and_locations(study: Element) -> Record:
    central = [one for tag in ("overall_contact", "overall_contact_backup") for one in study.iterfind(tag)]
    return {
        "centralContacts": [_person(one) for one in central],
        "overallOfficials": [_person(one) for one in study.iterfind("overall_official")],
        "locations": [_location(one) for one in study.iterfind("location")],
    }


def _person(one: Element) -> Record:
    """A contact, who has no role of his own, or an official or investigator, who has one."""
    names = " ".join(filter(None, (_line(one, tag) for tag in ("first_name", "middle_name", "last_name"))))
    return _present(
        {
            "name": ", ".join(filter(None, (names, _line(one, "degrees")))),
            "role": _coded(one, "role") or (None if one.tag in ("overall_official", "investigator") else "CONTACT"),
            "affiliation": _line(one, "affiliation"),
            "phone": _line(one, "phone"),
            "phoneExt": _line(one, "phone_ext"),
            "email": _line(one, "email"),
        }
    )


def _location(one: Element) -> Record:
    people = [person for tag in ("contact", "contact_backup", "investigator") for person in one.iterfind(tag)]
    return _present(
        {
            "facility": _line(one, "facility/name"),
            "status": _coded(one, "status", "status"),
            "city": _line(one, "facility/address/city"),
            "state": _line(one, "facility/address/state"),
            "zip": _line(one, "facility/address/zip"),
            "country": _line(one, "facility/address/country"),
            "contacts": [_person(person) for person in people],
        }
    )


def _references(study: Element) -> Record:
    kinds = (("reference", "BACKGROUND"), ("results_reference", "RESULT"))
    return {
        "references": [_reference(one, kind) for tag, kind in kinds for one in study.iterfind(tag)],
        "seeAlsoLinks": [
            _present({"label": _line(one, "description"), "url": _line(one, "url")}) for one in study.iterfind("link")
        ],
        "availIpds": [_study_document(one) for one in study.iterfind("study_docs/study_doc")],
    }


def _reference(one: Element, kind: str) -> Record:
    return _present({"pmid": _line(one, "PMID"), "type": kind, "citation": _line(one, "citation")})


def _study_document(one: Element) -> Record:
    return _present({name: _line(one, f"doc_{name}") for name in ("id", "type", "url", "comment")})


def _sharing(study: Element) -> Record:
    shared = [_coded_word(one, "document") for one in _lines(study, "patient_data/ipd_info_type")]
    return {
        "ipdSharing": _coded(study, "patient_data/sharing_ipd"),
        "description": _line_or_block(study, "patient_data/ipd_description"),
        "infoTypes": shared,
        "timeFrame": _line_or_block(study, "patient_data/ipd_time_frame"),
        "accessCriteria": _line_or_block(study, "patient_data/ipd_access_criteria"),
        "url": _line(study, "patient_data/ipd_url"),
    }


_MODULES: dict[str, Callable[[Element], Record]] = {
    "identificationModule": _identification,
    "statusModule": _status,
    "sponsorCollaboratorsModule": _sponsors,
    "oversightModule": _oversight,
    "descriptionModule": _descriptions,
    "conditionsModule": _conditions,
    "designModule": _design,
    "armsInterventionsModule": _arms_and_interventions,
    "outcomesModule": _outcomes,
    "eligibilityModule": _eligibility,
    "contactsLocationsModule": _contacts_and_locations,
    "referencesModule": _references,
    "ipdSharingStatementModule": _sharing,
}


def _derived(study: Element) -> Record:
    return _present(
        {
            f"{module}BrowseModule": _present(
                {"meshes": [{"term": term} for term in _lines(study, f"{module}_browse/mesh_term")]}
            )
            for module in ("condition", "intervention")
        }
    )


def _documents(study: Element) -> Record:
    found = study.iterfind("provided_document_section/provided_document")
    return _present({"largeDocumentModule": _present({"largeDocs": [_provided(one) for one in found]})})


def _provided(one: Element) -> Record:
    date = vocabulary.date(_line(one, "document_date") or "")
    return _present({"label": _line(one, "document_type"), "date": date, "filename": _line(one, "document_url")})


def _present(values: Record) -> Record:
    """Without what the record does not give: API v2 leaves such keys out."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _own(element: Element) -> str:
    return " ".join((element.text or "").split())


def _line(parent: Element, path: str) -> str | None:
    found = parent.find(path)
    return None if found is None else _own(found) or None


def _lines(parent: Element, path: str) -> list[str]:
    return [line for found in parent.iterfind(path) if (line := _own(found))]


def _line_or_block(parent: Element, path: str) -> str | None:
    """Text whose line breaks are its author's; older records put it into a wrapped `textblock`."""
    return _block(parent, f"{path}/textblock") or parent.findtext(path) or None


def _block(parent: Element, path: str) -> str | None:
    """A text block with its wrapped lines made whole again, one line a paragraph or item, indented as it was."""
    paragraphs = re.split(r"\n\s*\n", (parent.findtext(path) or "").replace("\r", ""))
    return "\n\n".join(_unwrapped(paragraph.split("\n")) for paragraph in paragraphs if paragraph.strip()) or None


def _unwrapped(lines: Iterable[str]) -> str:
    """A paragraph's lines joined, except where the next word would well have fitted: that break was meant."""
    whole: list[str] = []
    width = 0
    for line in filter(str.strip, lines):
        if whole and width + 1 + len(line.split()[0]) > _WRAP:
            whole[-1] += " " + line.strip()
        else:
            whole.append(line.rstrip())
        width = len(line.rstrip())
    return "\n".join(whole)


def _coded(parent: Element, path: str, table: str | None = None) -> str | None:
    return _coded_word(_line(parent, path), table)


def _coded_word(worded: str | None, table: str | None = None) -> str | None:
    """API v2's word for a wording of public.xsd."""
    spelt = word(worded or "")
    return WORDS[table].get(spelt, spelt) or None if table else spelt or None


def _flag(parent: Element, path: str) -> bool | None:
    """Yes or no; an empty element says neither, other words are kept out of API v2's yes and no."""
    return {"yes": True, "no": False}.get((_line(parent, path) or "").lower())


def _number(parent: Element, path: str) -> int | None:
    number = (_line(parent, path) or "").replace(",", "")
    return int(number) if number.isascii() and number.isdigit() else None


def _attribute(parent: Element, path: str, name: str) -> str | None:
    found = parent.find(path)
    return None if found is None else found.get(name)


def _date(study: Element, *paths: str) -> Record:
    """The date at the first of the paths that there is, and whether it was made or planned."""
    for path in paths:
        written = _line(study, path)
        if written:
            made = _coded_word(_attribute(study, path, "type"), "made")
            return _present({"date": vocabulary.date(written) or written, "type": made})
    return {}
