"""What a record states in its fields, in sentences: one small function a topic, each answering None where the record is silent."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from assistant.chat import course, groups, persons, places
from assistant.chat.points import MOST, Point, Proof, Said, field_proofs, listed, more, point, spoken, stated
from assistant.chat.posted import posted
from assistant.chat.question import NUMERALS, PHASE, Question
from assistant.reply import Verdict
from assistant.voices import Voiced, voiced
from index.sentences import sentences
from index.trial import Criterion, Kind, Section, Span, Trial
from index.view import clean, view

Say = Callable[[Trial, Question], Said | None]

MOST_CRITERIA: Final = 3 * MOST
"""Criteria listed one by one when a whole list is asked for; how many more there are is said."""
_SUMMARY, _DESCRIPTION = 600, 250
"""Characters of a summary and of a description that say what a trial is about."""


def start_date(trial: Trial, question: Question) -> Said | None:
    """When it starts."""
    return _field(trial, "start_date", voiced("start-date", date=trial.start_date, how=how(trial, "start_date")))


def completion_date(trial: Trial, question: Question) -> Said | None:
    """When it ends: the primary completion date where it is asked for or is all that is given, and the completion date."""
    points = []
    if trial.primary_completion_date and (_PRIMARY.search(question.text) or not trial.completion_date):
        said = voiced("primary-completion-date", date=trial.primary_completion_date, how=how(trial, "primary_completion_date"))
        points.append(point(said, field_proofs(trial, "primary_completion_date")))
    if trial.completion_date:
        said = voiced("completion-date", date=trial.completion_date, how=how(trial, "completion_date"))
        points.append(point(said, field_proofs(trial, "completion_date")))
    elif points and not _PRIMARY.search(question.text):
        points.append(point(voiced("no-field", nouns=voiced("noun-completion_date"))))
    return Said(tuple(points)) if points else None


_PRIMARY: Final = re.compile(r"\bprimary\b", re.IGNORECASE)


def first_posted(trial: Trial, question: Question) -> Said | None:
    """When the record was first posted."""
    for section in trial.sections:
        if section.name == "status" and (match := _FIRST_POSTED.search(trial.quote(section.span))):
            start = section.span.start + match.start()
            proof = Proof(Span(section.span.document, start, start + len(match[0])), "status")
            return stated(voiced("first-posted", date=match[1]), (proof,))
    return None


_FIRST_POSTED: Final = re.compile(r"First (?:Posted|Submitted)[^:\n]{0,12}: *(\d{4}(?:-\d\d){0,2})")


def as_of(trial: Trial, question: Question) -> Said | None:
    """When the record was last updated."""
    return _field(trial, "as_of", voiced("as-of", date=trial.as_of))


def enrollment(trial: Trial, question: Question) -> Said | None:
    """How many participants."""
    return _field(trial, "enrollment", voiced("enrollment", number=trial.enrollment, how=how(trial, "enrollment")))


def how(trial: Trial, field: str) -> str:
    """Whether a date or a number is actual or estimated, where the record says so: " (estimated)"."""
    quotes = (trial.quote(proof.span) for proof in field_proofs(trial, field))
    found = next((match[0].lower() for quote in quotes if (match := _HOW.search(quote))), None)
    return f" ({found})" if found else ""


_HOW: Final = re.compile(r"\b(?:ACTUAL|ESTIMATED|ANTICIPATED)\b", re.IGNORECASE)


def _field(trial: Trial, field: str, said: Voiced) -> Said | None:
    return None if getattr(trial, field) is None else stated(said, field_proofs(trial, field))


def phase(trial: Trial, question: Question) -> Said | None:
    """The phase; yes or no when the question names one."""
    if not trial.phase:
        return None
    asked = PHASE.search(question.text)
    verdict: Verdict | None = None
    if asked and question.form != "open":
        wanted = {NUMERALS.get(number.upper(), number) for number in asked.groups() if number}
        verdict = "yes" if wanted == {value[-1] for value in trial.phase} else "no"
    words = "/".join(spoken(value) for value in trial.phase)
    said = voiced("phase-none" if trial.phase == ("NA",) else "phase", phase=words)
    return stated(said, field_proofs(trial, "phase"), verdict)


def sponsor(trial: Trial, question: Question) -> Said | None:
    """Sponsor and collaborators."""
    if not trial.sponsor:
        return None
    points = [point(voiced("sponsor", name=trial.sponsor), field_proofs(trial, "sponsor"))]
    if trial.collaborators:
        names = f"{listed(trial.collaborators[:MOST])}{more(trial.collaborators)}"
        points.append(point(voiced("collaborators", names=names), field_proofs(trial, "collaborators")))
    return Said(tuple(points))


def conditions(trial: Trial, question: Question) -> Said | None:
    """The conditions studied."""
    if not trial.conditions:
        return None
    names = f"{listed(trial.conditions[:MOST])}{more(trial.conditions)}"
    return stated(voiced("conditions", names=names), field_proofs(trial, "conditions"))


def related(trial: Trial, question: Question) -> Said | None:
    """Other trials that the document names; nothing is said of them beyond that."""
    if not trial.related:
        return None
    names = [" ".join(part for part in (item.nct_id, item.title) if part) for item in trial.related[:MOST]]
    proofs = tuple(Proof(item.span, "related") for item in trial.related[:MOST])
    return stated(voiced("related-trials", names="; ".join(names)), proofs)


def ids(trial: Trial, question: Question) -> Said | None:
    """NCT number, acronym and other identifiers."""
    labelled = [("NCT number", trial.nct_id), ("acronym", trial.acronym), *(("other id", other) for other in trial.other_ids)]
    given = [f"{label} {value}" for label, value in labelled if value]
    proofs = field_proofs(trial, "nct_id", "acronym", "other_ids")
    return stated(voiced("ids", names=listed(given)), proofs) if given and proofs else None


def results(trial: Trial, question: Question) -> Said | None:
    """Results: where the record has none, that is said, with its own words."""
    if found := posted(trial, question):
        return found
    if trial.has_results:
        return None
    if proofs := field_proofs(trial, "results"):
        said = point(voiced("results-pending"), proofs)
    else:
        proofs = field_proofs(trial, "has_results") or field_proofs(trial, "status", "completion_date")
        said = point(voiced("results-none"), proofs)
    return Said((said,), kind="not_stated")


def payment(trial: Trial, question: Question) -> Said | None:
    """What the record says of pay and costs, in its own sentences; a criterion is not meant."""
    points = [
        Point(clean(trial.source(span.document), span), (Proof(span, section.name),))
        for section in trial.sections
        if section.name in {"summary", "description", "arms", "interventions", "faq", "other"}
        for text in [view(trial.source(section.span.document), section.span.start, section.span.end)]
        for start, end in sentences(text.text)
        if _PAID.search(text.text, start, end)
        for span in [text.span(start, end)]
    ]
    return Said(tuple(points[:3])) if points else None


_PAID: Final = re.compile(
    r"\b(?:paid|payments?|compensation|compensated for|reimburs\w+|stipends?|gift ?cards?|vouchers?|parking"
    r"|travel (?:costs?|expenses?)|free of charge|out-of-pocket)\b",
    re.IGNORECASE,
)


def summary(trial: Trial, question: Question) -> Said | None:
    """What the trial is about, in the record's own sentences: the summary, and what its description opens with.

    Where the summary opens without saying what is to be found out, the first sentence that does is said as well.
    """
    points = [
        Point(clean(trial.source(span.document), span), (Proof(span, section.name),))
        for name, most in (("summary", _SUMMARY), ("description", _DESCRIPTION))
        for section in [section for section in trial.sections if section.name == name][:1]
        for span in opening(trial, section, most)
    ]
    if any(_AIM.search(point.text) for point in points):
        return Said(tuple(points))
    aim = next((point for name in ("summary", "description") for point in aims(trial, name)), None)
    points = [aim, *points] if aim else points
    return Said(tuple(points)) if points else None


def aims(trial: Trial, name: str) -> Iterator[Point]:
    """The sentences of a section that say what the trial is meant to find out."""
    for section in (section for section in trial.sections if section.name == name):
        text = view(trial.source(section.span.document), section.span.start, section.span.end)
        for start, end in sentences(text.text):
            if _AIM.search(text.text, start, end):
                span = text.span(start, end)
                yield Point(clean(trial.source(span.document), span), (Proof(span, section.name),))


_AIM: Final = re.compile(
    r"\b(?:aims?|goals?|purposes?|objectives?|hypothes[ie]\w*|intends?|intended)\b|\bto (?:determine|evaluate|assess|test|investigate|examine|"
    r"compare|find out|learn|study|explore|prove|demonstrate|establish|see (?:if|whether))\b"
    r"|\b(?:study|trial) (?:tests|compares|evaluates|investigates|examines|assesses|looks|will)\b",
    re.IGNORECASE,
)
"""Says what a trial is meant to find out."""


def opening(trial: Trial, section: Section, most: int) -> list[Span]:
    """The first sentences of a section up to about `most` characters, at least one, as one span."""
    text = view(trial.source(section.span.document), section.span.start, section.span.end)
    spans = sentences(text.text)
    within = [stretch for stretch in spans if stretch.end <= most] or list(spans[:1])
    return [text.span(within[0].start, within[-1].end)] if within else []


def inclusion(trial: Trial, question: Question) -> Said | None:
    """The inclusion criteria one by one."""
    return _criteria(trial, "inclusion")


def exclusion(trial: Trial, question: Question) -> Said | None:
    """The exclusion criteria one by one."""
    return _criteria(trial, "exclusion")


def _criteria(trial: Trial, kind: Kind) -> Said | None:
    found = list(trial.of_kind(kind))
    if not found:
        return None
    points = [_criterion(n, criterion) for n, criterion in enumerate(found[:MOST_CRITERIA], 1)]
    left = found[MOST_CRITERIA:]
    if left:
        points.append(point(voiced("more", number=len(left)), (Proof(left[0].span, kind),)))
    return Said(tuple(points))


def _criterion(n: int, criterion: Criterion) -> Point:
    text = f"{criterion.kind.capitalize()} {n}: {criterion.text.rstrip('.;')}."
    return Point(text, (Proof(criterion.span, criterion.kind),))


SAY: Final[Mapping[str, Say]] = {
    "results": results,
    "payment": payment,
    "contacts": places.contacts,
    "officials": places.officials,
    "sites": places.sites,
    "status": places.status,
    "start_date": start_date,
    "completion_date": completion_date,
    "as_of": as_of,
    "first_posted": first_posted,
    "enrollment": enrollment,
    "phase": phase,
    "sponsor": sponsor,
    "allocation": groups.allocation,
    "masking": groups.masking,
    "intervention_model": groups.design,
    "primary_purpose": groups.design,
    "study_type": groups.study_type,
    "primary_outcomes": groups.primary_outcomes,
    "secondary_outcomes": groups.secondary_outcomes,
    "arms": groups.arms,
    "interventions": groups.interventions,
    "course": course.course,
    "duration": course.duration,
    "prior_treatment": course.prior_treatment,
    "minimum_age": persons.age,
    "maximum_age": persons.age,
    "age": persons.age,
    "sex": persons.sex,
    "healthy_volunteers": persons.healthy_volunteers,
    "conditions": conditions,
    "related": related,
    "ids": ids,
    "summary": summary,
    "exclusion": exclusion,
    "inclusion": inclusion,
}
"""Topic → how it is said."""
