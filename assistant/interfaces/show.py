"""A trial, a hit and a list of trials in the shapes of the outer contract's JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, get_args

from assistant.audit.audited import Audit
from assistant.audit.documents.comparison import Compared
from assistant.audit.extraction import EXTRACTED
from assistant.audit.extraction.value import Value
from assistant.audit.finding import Found
from assistant.citations import Citations, cite, section_at
from assistant.eligibility.assessment import Assessment, Status
from assistant.eligibility.conditions import Condition
from index.build import FileResult, Report
from index.build import Outcome as FileOutcome
from index.library import Health
from index.trial import Contact, Criterion, Hit, Intervention, Kind, Outcome, Site, Source, Trial

if TYPE_CHECKING:
    from assistant.eligibility.match import Match

_PLAIN_FIELDS = (
    "id",
    "nct_id",
    "other_ids",
    "acronym",
    "title",
    "official_title",
    "status",
    "why_stopped",
    "as_of",
    "phase",
    "study_type",
    "enrollment",
    "start_date",
    "primary_completion_date",
    "completion_date",
    "allocation",
    "masking",
    "primary_purpose",
    "intervention_model",
    "conditions",
    "keywords",
    "sex",
    "minimum_age",
    "maximum_age",
    "healthy_volunteers",
    "sponsor",
    "collaborators",
    "has_results",
)
"""The fields of `Trial` that go out as they are."""


def conditions(trial: Trial) -> dict[str, Condition]:
    """Each criterion that is judged, by its id, as the typed condition that its words are read as."""
    from assistant.eligibility.parse import condition_of

    return {criterion.id: condition_of(criterion, trial) for criterion in trial.leaves}


def condition_words(read: Mapping[str, Condition]) -> dict[str, str]:
    """The same conditions in words."""
    from assistant.eligibility.phrases import in_words

    return {name: in_words(condition) for name, condition in read.items()}


def condition_document(value: Any) -> Any:
    """A condition as JSON: an object with its "type" and fields; an open end of a range is null, a set a sorted list."""
    if is_dataclass(value):
        parts = {part.name: condition_document(getattr(value, part.name)) for part in fields(value)}
        return {"type": type(value).__name__, **parts}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [condition_document(part) for part in value]
    return None if isinstance(value, float) and not isfinite(value) else value


_DECIDES = ("violated", "conflicting", "unknown", "needs_protocol")
"""Which line decides a match: one of the first of these that there is, before others one that the next question settles."""


def trial_document(
    trial: Trial,
    read: Mapping[str, Condition] | None = None,
    audited: Audit | None = None,
) -> dict[str, Any]:
    """The trial as `show --json` prints it: the contract's fields, and more of the same kind.

    `read`: the typed condition of each criterion, by its id; a criterion without one has null. The findings of the audit count in
    "citations".
    """
    typed = read or {}
    extracted, found, citations = (audited.extracted, audited.findings, Citations()) if audited else ({}, (), Citations())
    leaves = {criterion.id for criterion in trial.leaves}
    plain = {name: _plain(getattr(trial, name)) for name in _PLAIN_FIELDS}
    return plain | {
        "interventions": [_intervention(one) for one in trial.interventions],
        "arms": [{"label": arm.label, "type": arm.type, "description": arm.description} for arm in trial.arms],
        "primary_outcomes": [_outcome(one) for one in trial.primary_outcomes],
        "secondary_outcomes": [_outcome(one) for one in trial.secondary_outcomes],
        "other_outcomes": [_outcome(one) for one in trial.other_outcomes],
        "sites": [_site(site) for site in trial.sites],
        "contacts": [_contact(contact) for contact in trial.contacts],
        "officials": [_contact(official) for official in trial.officials],
        "related": [{"nct_id": one.nct_id, "title": one.title, "status": one.status} for one in trial.related],
        "criteria": [
            _criterion(trial, one) | {"condition": condition_document(typed.get(one.id))}
            for one in trial.criteria
            if one.id in leaves
        ],
        "groups": [_criterion(trial, one) for one in trial.criteria if one.id not in leaves],
        "extracted": dict.fromkeys(EXTRACTED) | {name: _value(trial, one) for name, one in extracted.items()},
        "findings": [_finding(trial, one, citations) for one in found],
        "comparison": [_compared(trial, one, citations) for one in (audited.comparison if audited else ())],
        "citations": [asdict(citation) for citation in citations.collected],
        "sources": [
            {"document": one.document, "format": one.format, "sha256": one.sha256, "read": one.read, "as_of": one.as_of}
            for one in trial.sources
        ],
    }


def trial_line(trial: Trial) -> dict[str, Any]:
    """The trial in a list of trials: what it is, how it stands, how much of it was read."""
    return {
        "id": trial.id,
        "title": trial.title or trial.official_title,
        "status": trial.status,
        "as_of": trial.as_of,
        "documents": [source.document for source in trial.sources],
        "criteria": len(trial.leaves),
    }


def check_document(assessment: Assessment, sheet: str | None) -> dict[str, Any]:
    """A check as `check --json` prints it; "patient_text" holds the `sheet` that evidence counts in, where it is not what was told."""
    return assessment.as_json() | ({} if sheet is None else {"patient_text": sheet})


def match_document(found: "Sequence[Match]", considered: int) -> dict[str, Any]:
    """The trials for one patient, best first, as `match --json` prints them; `considered`: how many were looked at."""
    problems = found[0].assessment.problems if found else ()
    return {"considered": considered, "trials": [_match(one) for one in found], "problems": list(problems)}


def _match(one: "Match") -> dict[str, Any]:
    lines = one.assessment.criteria
    counts = {status: sum(line.status == status for line in lines) for status in get_args(Status)}
    asked = one.assessment.next_question.settles if one.assessment.next_question else ()
    decisive = (
        line for status in _DECIDES for line in sorted(lines, key=lambda line: line.id not in asked) if line.status == status
    )
    decides = next(decisive, None)
    return {
        "rank": one.rank,
        "trial": one.trial,
        "title": one.title,
        "overall": one.assessment.overall,
        "counts": counts,
        "decides": decides
        and {"id": decides.id, "kind": decides.kind, "text": decides.text, "status": decides.status, "reason": decides.reason},
        "why": one.why,
        "assessment": one.assessment.as_json(),
    }


def search_document(query: str, hits: Sequence[Hit], source: Callable[[str], Source]) -> dict[str, Any]:
    """The passages found as `search --json` lists them; `source` gives the document of a name."""
    return {"query": query, "hits": [hit_document(hit, source(hit.passage.span.document)) for hit in hits]}


def hit_document(hit: Hit, source: Source) -> dict[str, Any]:
    """A passage found, as `search --json` lists it, with its quote from the document that it stands in."""
    passage, span = hit.passage, hit.passage.span
    return {
        "rank": hit.rank,
        "score": hit.score,
        "found_by": list(hit.found_by),
        "trial": passage.trial,
        "document": span.document,
        "section": passage.section,
        "level": passage.level,
        "arm": passage.arm,
        "field": passage.field,
        "start": span.start,
        "end": span.end,
        "quote": source.quote(span),
        "page": source.page(span),
        "text": passage.text,
    }


def report_document(report: Report, trials: Sequence[Trial], records: Iterable[Trial]) -> dict[str, Any]:
    """What an indexing run did as `index --json` prints it; `records` are what single documents say, for their counts."""
    owners = {source.document: trial.id for trial in trials for source in trial.sources}
    by_document = {source.document: record for record in records for source in record.sources}
    files = [_file(one, owners.get(one.document or ""), by_document.get(one.document or "")) for one in report.files]
    return {
        "files": files,
        "counts": {outcome: len(report.of(outcome)) for outcome in get_args(FileOutcome)},
        "passages": sum(one.passages for one in report.files),
        "embedded": report.embedded,
        "seconds": round(report.seconds, 3),
        "index": {
            "trials": len(trials),
            "documents": len(by_document),
            "criteria": sum(len(r.leaves) for r in by_document.values()),
        },
    }


def _file(one: FileResult, trial: str | None, record: Trial | None) -> dict[str, Any]:
    listed = {kind: sum(1 for _ in record.of_kind(kind)) for kind in get_args(Kind)} if record else {}
    return {
        "path": one.path,
        "document": one.document,
        "outcome": one.outcome,
        "reason": one.reason,
        "trial": trial,
        "criteria": len(record.leaves) if record else None,
        "inclusion": listed.get("inclusion"),
        "exclusion": listed.get("exclusion"),
        "passages": one.passages,
    }


def health_document(health: Health, chosen: Mapping[str, str | None]) -> dict[str, Any]:
    """How the index is, as `doctor --json` prints it; `chosen` are settings and versions of the program to name beside it."""
    fields = asdict(health) | {"data_dir": str(health.data_dir), "versions": dict(health.versions)}
    return {"whole": not health.problems, **fields, "program": dict(chosen)}


def _criterion(trial: Trial, criterion: Criterion) -> dict[str, Any]:
    citation = cite(trial, criterion.span, criterion.kind)
    return {
        "id": criterion.id,
        "kind": criterion.kind,
        "text": criterion.text,
        "parent": criterion.parent,
        "label": criterion.label,
        "heading": criterion.heading,
        "citation": asdict(citation),
    }


def _value(trial: Trial, extracted: Value) -> dict[str, Any]:
    cited = [asdict(cite(trial, span, section_at(trial, span))) for span in extracted.spans]
    return {"value": extracted.value, "citations": cited}


def _finding(trial: Trial, found: Found, citations: Citations) -> dict[str, Any]:
    places = [citations.add(trial, span, section_at(trial, span)) for span in found.spans]
    return {
        "kind": found.kind,
        "text": found.text,
        "reading": found.reading,
        "citations": places,
        "criteria": list(found.criteria),
    }


def _compared(trial: Trial, row: Compared, citations: Citations) -> dict[str, Any]:
    values = [
        {
            "document": stated.document,
            "value": _plain(stated.value),
            "citations": [citations.add(trial, span, section_at(trial, span)) for span in stated.spans],
        }
        for stated in row.stated
    ]
    return {"field": row.field, "verdict": row.verdict, "values": values}


def _intervention(one: Intervention) -> dict[str, Any]:
    return {"type": one.type, "name": one.name, "description": one.description, "other_names": list(one.other_names)}


def _outcome(one: Outcome) -> dict[str, Any]:
    return {"measure": one.measure, "time_frame": one.time_frame, "description": one.description}


def _contact(one: Contact) -> dict[str, Any]:
    return {"name": one.name, "role": one.role, "phone": one.phone, "email": one.email, "affiliation": one.affiliation}


def _site(site: Site) -> dict[str, Any]:
    place = {name: getattr(site, name) for name in ("facility", "city", "state", "country", "status")}
    return place | {"contacts": [_contact(contact) for contact in site.contacts]}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
