"""A registry record, in API v2's shape, to its text and its trial: both registry formats are read here."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from index.criteria import split
from index.errors import UnreadableDocument
from index.loaders.fields import Fields, WrongType
from index.loaders.page import Page
from index.loaders.raw import Raw
from index.loaders.results import write_results
from index.trial import Arm, Contact, Criterion, Intervention, Outcome, Related, Site, Source, Span, Trial

_NCT = re.compile(r"\bNCT\d{8}\b", re.IGNORECASE)
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_CURE = "Save the record again from ClinicalTrials.gov."


def read_record(raw: Raw, format: str, record: Fields) -> Trial:
    """The trial of one record: a mapping with `protocolSection` and, as far as there are, the sections beside it.

    Raises UnreadableDocument where a field has the wrong type.
    """
    page = Page(raw.document)
    trial = Trial(id=Path(raw.document).stem, sources=())
    try:
        for write in _WRITERS:
            trial = write(page, record, trial)
    except WrongType as error:
        raise UnreadableDocument(raw.document, f"{error}.", _CURE) from error
    if not page.text:
        raise UnreadableDocument(raw.document, "the record has no field that is known.", _CURE)
    source = raw.source(format, page.text, trial.as_of)
    return replace(
        trial,
        sources=(source,),
        criteria=_criteria(page, source, trial.id),
        related=_related(source, record, trial),
        sections=tuple(page.sections),
        evidence={name: tuple(spans) for name, spans in page.evidence.items()},
    )


def _criteria(page: Page, source: Source, trial: str) -> tuple[Criterion, ...]:
    return tuple(c for span in page.evidence.get("criteria", ()) for c in split(source, span.start, span.end, trial))


def _related(source: Source, record: Fields, trial: Trial) -> tuple[Related, ...]:
    """Every NCT number in the text that is not the trial's own, where it is named first."""
    own = {trial.nct_id, *(other.upper() for other in trial.other_ids)}
    first: dict[str, Span] = {}
    for found in _NCT.finditer(source.text):
        first.setdefault(found[0].upper(), Span(source.document, found.start(), found.end()))
    access = _module(record, "statusModule").child("expandedAccessInfo")
    status = {access.line("nctId"): access.word("statusForNctId")}
    return tuple(Related(number, None, status.get(number), span) for number, span in first.items() if number not in own)


def _module(record: Fields, name: str) -> Fields:
    return record.child("protocolSection").child(name)


def _identification(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "identificationModule")
    page.section("title", "Title")
    title, official, acronym = module.line("briefTitle"), module.line("officialTitle"), module.line("acronym")
    page.fact("Brief Title", title, "title")
    page.fact("Official Title", official, "official_title")
    page.fact("Acronym", acronym, "acronym")
    page.section("identifiers", "Identifiers")
    number = (module.line("nctId") or "").upper()
    nct_id = number if _NCT.fullmatch(number) else None
    page.fact("NCT Number", nct_id, "nct_id")
    own = module.child("orgStudyIdInfo")
    page.fact("Organization's Study ID", _with_note(own.line("id"), own.line("type"), own.line("domain")), "other_ids")
    secondary = module.children("secondaryIdInfos")
    for other in secondary:
        note = _with_note(other.line("id"), other.line("type"), other.line("domain"))
        page.fact("Secondary ID", note, "other_ids")
        page.fact("Secondary ID Link", other.line("link"))
    aliases = module.lines("nctIdAliases")
    page.fact("Earlier NCT Numbers", _listed(aliases), "other_ids")
    ids = (own.line("id"), *(other.line("id") for other in secondary), *aliases)
    return replace(
        trial,
        id=nct_id or trial.id,
        nct_id=nct_id,
        title=title,
        official_title=official,
        acronym=acronym,
        other_ids=tuple(dict.fromkeys(other for other in ids if other)),
    )


def _status(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "statusModule")
    page.section("status", "Status and Dates")
    status, stopped = module.word("overallStatus"), module.line("whyStopped")
    page.fact("Overall Status", status, "status")
    page.fact("Last Known Status", module.word("lastKnownStatus"), "status")
    page.fact("Why Stopped", stopped, "why_stopped")
    start = _date(page, module, "Start Date", "start", "start_date")
    primary = _date(page, module, "Primary Completion Date", "primaryCompletion", "primary_completion_date")
    completion = _date(page, module, "Completion Date", "completion", "completion_date")
    page.fact("Status Verified", module.line("statusVerifiedDate"))
    page.fact("First Submitted", module.line("studyFirstSubmitDate"))
    _date(page, module, "First Posted", "studyFirstPost")
    page.fact("Results First Submitted", module.line("resultsFirstSubmitDate"))
    _date(page, module, "Results First Posted", "resultsFirstPost")
    _date(page, module, "Certification or Extension First Posted", "dispFirstPost")
    page.fact("Last Update Submitted", module.line("lastUpdateSubmitDate"))
    as_of = _date(page, module, "Last Update Posted", "lastUpdatePost", "as_of")
    results = record.flag("hasResults")
    if results is None and record.child("resultsSection").value:
        results = True
    page.fact("Has Results", _yes_no(results), "has_results")
    access = module.child("expandedAccessInfo")
    page.fact("Expanded Access", _yes_no(access.flag("hasExpandedAccess")))
    page.fact("Expanded Access Record", _with_note(access.line("nctId"), access.word("statusForNctId")))
    return replace(
        trial,
        status=status,
        why_stopped=stopped,
        start_date=start,
        primary_completion_date=primary,
        completion_date=completion,
        as_of=as_of,
        has_results=results,
    )


def _date(page: Page, module: Fields, label: str, name: str, *fields: str) -> str | None:
    """The date as ISO. One in other words is written as it is and is no value."""
    struct = module.child(f"{name}DateStruct")
    date = struct.line("date")
    page.fact(label, _with_note(date, struct.word("type")), *fields)
    return date if date and _ISO.fullmatch(date) else None


def _descriptions(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "descriptionModule")
    for section, title, name in (
        ("summary", "Brief Summary", "briefSummary"),
        ("description", "Detailed Description", "detailedDescription"),
    ):
        text = module.block(name)
        page.section(section, title)
        if text:
            page.evidence[section].append(page.add(text))
    return trial


def _conditions(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "conditionsModule")
    page.section("conditions", "Conditions")
    conditions, keywords = module.lines("conditions"), module.lines("keywords")
    page.fact("Conditions", _listed(conditions), "conditions")
    page.fact("Keywords", _listed(keywords), "keywords")
    browse = record.child("derivedSection").child("conditionBrowseModule")
    page.fact("Condition MeSH Terms", _listed(_terms(browse)))
    return replace(trial, conditions=conditions, keywords=keywords)


def _design(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "designModule")
    info, masking = module.child("designInfo"), module.child("designInfo").child("maskingInfo")
    page.section("design", "Study Design")
    study_type, phases = module.word("studyType"), module.words("phases")
    page.fact("Study Type", study_type, "study_type")
    page.fact("Patient Registry", _yes_no(module.flag("patientRegistry")))
    page.fact("Phase", ", ".join(phases), "phase")
    enrollment = module.child("enrollmentInfo")
    count = enrollment.number("count")
    people = None if count is None else f"{count} participants"
    page.fact("Enrollment", _with_note(people, enrollment.word("type")), "enrollment")
    page.fact("Allocation", info.word("allocation"), "allocation")
    page.fact("Intervention Model", info.word("interventionModel"), "intervention_model")
    page.fact("Intervention Model Description", info.block("interventionModelDescription"), "intervention_model")
    page.fact("Primary Purpose", info.word("primaryPurpose"), "primary_purpose")
    page.fact("Masking", _with_note(masking.word("masking"), ", ".join(masking.words("whoMasked"))), "masking")
    page.fact("Masking Description", masking.block("maskingDescription"), "masking")
    page.fact("Observational Model", info.word("observationalModel"))
    page.fact("Time Perspective", info.word("timePerspective"))
    page.fact("Target Duration", module.line("targetDuration"))
    _biospecimens(page, module.child("bioSpec"))
    _expanded_access(page, module.child("expandedAccessTypes"))
    return replace(
        trial,
        study_type=study_type,
        phase=phases,
        enrollment=count,
        allocation=info.word("allocation"),
        intervention_model=info.word("interventionModel"),
        primary_purpose=info.word("primaryPurpose"),
        masking=masking.word("masking"),
    )


def _biospecimens(page: Page, kept: Fields) -> None:
    page.fact("Biospecimens Retained", kept.word("retention"))
    page.fact("Biospecimen Description", kept.block("description"))


def _expanded_access(page: Page, access: Fields) -> None:
    for name, label in (("individual", "Individual"), ("intermediate", "Intermediate-size"), ("treatment", "Treatment IND")):
        page.fact(f"Expanded Access, {label}", _yes_no(access.flag(name)))


def _arms(page: Page, record: Fields, trial: Trial) -> Trial:
    page.section("arms", "Arms")
    arms = _module(record, "armsInterventionsModule").children("armGroups")
    return replace(trial, arms=tuple(_arm(page, arm) for arm in arms))


def _arm(page: Page, arm: Fields) -> Arm:
    label, kind, description = arm.line("label") or "unnamed", arm.word("type"), arm.block("description")
    given = _listed(arm.lines("interventionNames"))
    span = page.entry({"Arm": label, "Type": kind, "Interventions": given, "Description": description}, "arms")
    return Arm(label, kind, description, span)


def _interventions(page: Page, record: Fields, trial: Trial) -> Trial:
    page.section("interventions", "Interventions")
    module = _module(record, "armsInterventionsModule")
    interventions = tuple(_intervention(page, given) for given in module.children("interventions"))
    terms = _listed(_terms(record.child("derivedSection").child("interventionBrowseModule")))
    if terms:
        page.entry({"Intervention MeSH Terms": terms})
    return replace(trial, interventions=interventions)


def _intervention(page: Page, given: Fields) -> Intervention:
    name, kind, others = given.line("name") or "unnamed", given.word("type"), given.lines("otherNames")
    description = given.block("description")
    lines = {"Intervention": name, "Type": kind, "Other Names": _listed(others)}
    lines |= {"Arms": _listed(given.lines("armGroupLabels")), "Description": description}
    return Intervention(kind, name, description, page.entry(lines, "interventions"), others)


def _outcomes(page: Page, record: Fields, trial: Trial) -> Trial:
    return replace(
        trial,
        primary_outcomes=_outcome_list(page, record, "Primary"),
        secondary_outcomes=_outcome_list(page, record, "Secondary"),
        other_outcomes=_outcome_list(page, record, "Other"),
    )


def _outcome_list(page: Page, record: Fields, rank: str) -> tuple[Outcome, ...]:
    page.section("outcomes", f"{rank} Outcomes")
    outcomes = _module(record, "outcomesModule").children(f"{rank.lower()}Outcomes")
    return tuple(_outcome(page, outcome, rank) for outcome in outcomes)


def _outcome(page: Page, outcome: Fields, rank: str) -> Outcome:
    measure, frame = outcome.line("measure") or "unnamed", outcome.line("timeFrame")
    description = outcome.block("description")
    lines = {f"{rank} Outcome": measure, "Time Frame": frame, "Description": description}
    return Outcome(measure, frame, page.entry(lines, f"{rank.lower()}_outcomes"), description)


def _eligibility(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "eligibilityModule")
    page.section("eligibility", "Eligibility")
    sex, healthy = module.word("sex"), module.flag("healthyVolunteers")
    youngest, oldest = module.line("minimumAge"), module.line("maximumAge")
    page.fact("Sex", sex, "sex")
    page.fact("Gender Based", _yes_no(module.flag("genderBased")), "sex")
    page.fact("Gender Description", module.block("genderDescription"), "sex")
    page.fact("Minimum Age", youngest, "minimum_age")
    page.fact("Maximum Age", oldest, "maximum_age")
    page.fact("Age Groups", ", ".join(module.words("stdAges")))
    page.fact("Healthy Volunteers", _yes_no(healthy), "healthy_volunteers")
    page.fact("Study Population", module.block("studyPopulation"))
    page.fact("Sampling Method", module.word("samplingMethod"))
    criteria = module.block("eligibilityCriteria")
    if criteria:
        page.add("Eligibility Criteria", "\n\n")
        page.evidence["criteria"].append(page.add(criteria, "\n\n"))
    return replace(trial, sex=sex, minimum_age=youngest, maximum_age=oldest, healthy_volunteers=healthy)


def _sponsor(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "sponsorCollaboratorsModule")
    page.section("sponsor", "Sponsor")
    lead, collaborators = module.child("leadSponsor"), module.children("collaborators")
    page.fact("Lead Sponsor", _with_note(lead.line("name"), lead.word("class")), "sponsor")
    named = [_with_note(other.line("name"), other.word("class")) for other in collaborators]
    page.fact("Collaborators", _listed(name for name in named if name), "collaborators")
    organization = _module(record, "identificationModule").child("organization")
    page.fact("Organization", _with_note(organization.line("fullName"), organization.word("class")))
    return replace(
        trial,
        sponsor=lead.line("name"),
        collaborators=tuple(name for other in collaborators if (name := other.line("name"))),
        officials=_responsible(page, module.child("responsibleParty")),
    )


def _responsible(page: Page, party: Fields) -> tuple[Contact, ...]:
    """The responsible party where it is a person; older records give only an organisation."""
    kind, name = party.word("type"), party.line("investigatorFullName") or party.line("oldNameTitle")
    title, affiliation = party.line("investigatorTitle"), party.line("investigatorAffiliation")
    affiliation = affiliation or party.line("oldOrganization")
    parts = [part for part in (name, title, affiliation) if part]
    span = page.fact("Responsible Party", _with_note(", ".join(parts), kind) or kind, *(["officials"] if name else []))
    return (Contact(name, kind, None, None, span, affiliation),) if name and span else ()


def _oversight(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "oversightModule")
    page.section("other", "Oversight")
    for label, name in (
        ("Data Monitoring Committee", "oversightHasDmc"),
        ("FDA-regulated Drug", "isFdaRegulatedDrug"),
        ("FDA-regulated Device", "isFdaRegulatedDevice"),
        ("Device Not Approved by the FDA", "isUnapprovedDevice"),
        ("Pediatric Postmarket Surveillance", "isPpsd"),
        ("Exported from the US", "isUsExport"),
    ):
        page.fact(label, _yes_no(module.flag(name)))
    return trial


def _contacts(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "contactsLocationsModule")
    page.section("contacts", "Contacts and Officials")
    contacts = tuple(_contact(page, "Contact", person, "contacts") for person in module.children("centralContacts"))
    officials = tuple(_contact(page, "Study Official", person, "officials") for person in module.children("overallOfficials"))
    return replace(trial, contacts=contacts, officials=(*officials, *trial.officials))


def _contact(page: Page, label: str, person: Fields, *fields: str) -> Contact:
    name, role, affiliation = person.line("name") or "unnamed", person.word("role"), person.line("affiliation")
    phone, email, extension = person.line("phone"), person.line("email"), person.line("phoneExt")
    number = f"{phone} ext. {extension}" if phone and extension else phone
    words = _dashed(", ".join(filter(None, (name, affiliation))), Role=role, Phone=number, Email=email)
    span = page.add(f"{label}: {words}")
    for field in fields:
        page.evidence[field].append(span)
    return Contact(name, role, phone, email, span, affiliation)


def _locations(page: Page, record: Fields, trial: Trial) -> Trial:
    page.section("locations", "Locations")
    sites = _module(record, "contactsLocationsModule").children("locations")
    return replace(trial, sites=tuple(_site(page, site) for site in sites))


def _site(page: Page, site: Fields) -> Site:
    facility, city, state, country = (site.line(name) for name in ("facility", "city", "state", "country"))
    status = site.word("status")
    place = " ".join(filter(None, (state, site.line("zip"))))
    where = ", ".join(filter(None, (facility, city, place, country))) or "not named"
    span = page.add(f"Site: {_dashed(where, Status=status)}")
    page.evidence["sites"].append(span)
    contacts = tuple(_contact(page, "Site Contact", person) for person in site.children("contacts"))
    return Site(facility, city, state, country, status, span, contacts)


def _references(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "referencesModule")
    page.section("references", "References")
    for reference in module.children("references"):
        pmid = reference.line("pmid")
        page.fact("Reference", _with_note(reference.line("citation"), pmid and f"PMID {pmid}", reference.word("type")))
        for retraction in reference.children("retractions"):
            page.fact("Retraction", _with_note(retraction.line("source"), retraction.line("pmid")))
    for link in module.children("seeAlsoLinks"):
        page.fact("Link", _with_note(link.line("label"), link.line("url")) or link.line("url"))
    for held in module.children("availIpds"):
        page.fact("Available Data", _with_note(held.line("type"), held.line("id"), held.line("url"), held.line("comment")))
    large = record.child("documentSection").child("largeDocumentModule").children("largeDocs")
    for document in large:
        page.fact("Document", _with_note(document.line("label"), document.line("date"), document.line("filename")))
    return trial


def _sharing(page: Page, record: Fields, trial: Trial) -> Trial:
    module = _module(record, "ipdSharingStatementModule")
    page.section("other", "Sharing of Participants' Data")
    page.fact("Plan to Share Participants' Data", module.word("ipdSharing"))
    page.fact("Sharing Description", module.block("description"))
    page.fact("Shared Documents", ", ".join(module.words("infoTypes")))
    page.fact("Sharing Time Frame", module.block("timeFrame"))
    page.fact("Sharing Access Criteria", module.block("accessCriteria"))
    page.fact("Sharing Link", module.line("url"))
    return trial


def _results(page: Page, record: Fields, trial: Trial) -> Trial:
    write_results(page, record.child("resultsSection"))
    return trial


_WRITERS: tuple[Callable[[Page, Fields, Trial], Trial], ...] = (
    _identification,
    _status,
    _descriptions,
    _conditions,
    _design,
    _arms,
    _interventions,
    _outcomes,
    _eligibility,
    _sponsor,
    _oversight,
    _contacts,
    _locations,
    _references,
    _sharing,
    _results,
)
"""In reading order: each writes its part of the text and fills its fields of the trial."""


def _terms(browse: Fields) -> tuple[str, ...]:
    return tuple(term for mesh in browse.children("meshes") if (term := mesh.line("term")))


def _listed(values: Iterable[str]) -> str | None:
    return "; ".join(values) or None


def _yes_no(value: bool | None) -> str | None:
    return None if value is None else "Yes" if value else "No"


def _with_note(value: str | None, *notes: str | None) -> str | None:
    """ "value (note, note)"; None without a value."""
    noted = ", ".join(note for note in notes if note)
    return f"{value} ({noted})" if value and noted else value or None


def _dashed(value: str, **facts: str | None) -> str:
    """ "value — Label: fact — Label: fact"."""
    return " — ".join((value, *(f"{label}: {fact}" for label, fact in facts.items() if fact)))
