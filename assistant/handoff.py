"""A hand-off sheet: one patient and one trial, for the first talk with the study site. Nothing on it leaves the machine by itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.audit.finding import Found
from assistant.eligibility.assessment import Assessment, CriterionVerdict, Status
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient
from assistant.held import Held, things
from index.trial import Contact, Site, Trial

DISCLAIMER: Final = (
    "This sheet holds what was told against what the trial’s documents say. It is not medical advice and not a decision: "
    "the study team decides who may join. Statuses of sites and contacts change; ask for the present ones."
)
_SITES: Final = 12
"""Sites listed by name; the rest are counted."""
_OPEN_SITES: Final = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_GROUPS: Final[tuple[tuple[str, str, frozenset[Status]], ...]] = (
    ("Not met", "These lines speak against joining as things stand.", frozenset({"violated"})),
    ("Facts or lines that disagree", "What was told, or what the record says, cannot both be so.", frozenset({"conflicting"})),
    ("Still open", "What was told does not decide these lines.", frozenset({"unknown"})),
    ("Left to the protocol", "The record does not print these rules; the study site has them.", frozenset({"needs_protocol"})),
    ("Met", "Of an exclusion: it does not apply to this person.", frozenset({"satisfied"})),
    ("Not for this person", "These lines address other people.", frozenset({"not_applicable"})),
)
"""The criteria by how they stand: first what decides."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion on the sheet."""

    name: str
    """"exclusion 3"."""
    text: str
    """The record's words."""
    why: str
    told: tuple[str, ...]
    """The person's own words that it rests on."""
    change: str | None
    """What would change it, or is still to know."""
    assumed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria that stand alike."""

    title: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody to ask, as the record prints it."""

    name: str
    role: str | None
    phone: str | None
    email: str | None
    place: str | None
    status: str | None
    """Of the site."""


@dataclass(frozen=True)
class Sheet:
    """All that stands on the page, in its order."""

    trial: str
    title: str
    facts: tuple[tuple[str, str], ...]
    """Of the trial: name and value, its status with the date of the data first."""
    told: tuple[str, ...]
    """The person's words that facts were read from, as given."""
    overall: str
    coverage: str
    days: str
    """What windows and ages were counted to."""
    groups: tuple[Group, ...]
    findings: tuple[str, ...]
    """What is wrong with the documents and bears on this."""
    questions: tuple[str, ...]
    """To ask the site, each with the line that it comes from."""
    contacts: tuple[Reach, ...]
    more_sites: int
    sources: tuple[str, ...]
    """The documents, each with the date of its data and when it was read."""
    disclaimer: str = DISCLAIMER


def sheet(trial: Trial, patient: Patient, assessment: Assessment, found: Sequence[Found], clock: Clock) -> Sheet:
    """The sheet of one patient and one trial. `found`: what an audit found in its documents."""
    verdicts = assessment.criteria
    groups = (Group(title, note, tuple(_line(one) for one in verdicts if one.status in of)) for title, note, of in _GROUPS)
    return Sheet(
        trial.id,
        trial.title or trial.official_title or trial.id,
        tuple(_of_trial(trial)),
        tuple(_told(patient)),
        _overall(assessment),
        f"{assessment.coverage.in_words()}.",
        f"Counted to {clock.today:%Y-%m-%d}; planned start {clock.start:%Y-%m-%d}.",
        tuple(group for group in groups if group.lines),
        tuple(f"{one.text} Likely reading (ours): {one.reading}" if one.reading else one.text for one in found),
        tuple(_questions(assessment, found)),
        tuple(_reach(trial)),
        max(0, len(_asked_first(trial.sites)) - _SITES),
        tuple(_sources(trial)),
    )


def name_of(verdict: CriterionVerdict) -> str:
    """A criterion within its trial: "exclusion 3"."""
    return verdict.id.partition("/")[2].replace("/", " ") if verdict.id.count("/") == 2 else verdict.id.rpartition("/")[2]


def _line(verdict: CriterionVerdict) -> Line:
    told = dict.fromkeys(" ".join(words.quote.split()) for words in verdict.patient_evidence)
    why = (
        "" if verdict.status == "unknown" and verdict.would_change else verdict.reason
    )  # what is still to know says it shorter
    return Line(name_of(verdict), verdict.text, why, tuple(told), verdict.would_change, verdict.assumed)


def _told(patient: Patient) -> Iterator[str]:
    """The person's words, each once: those within longer ones stand there."""
    spans = [one.words for one in things(Held(patient))]
    for one in spans:
        if not any(one is not other and other.start <= one.start and one.end <= other.end for other in spans):
            yield " ".join(one.quote.split())


def _of_trial(trial: Trial) -> Iterator[tuple[str, str]]:
    status = (trial.status or "not given").replace("_", " ").capitalize()
    yield "Status", f"{status} ({f'data of {trial.as_of}' if trial.as_of else 'no date of the data given'})"
    rows = (
        ("Official title", trial.official_title if trial.official_title != trial.title else None),
        ("Other ids", ", ".join(trial.other_ids)),
        ("Sponsor", trial.sponsor),
        ("Phase", ", ".join(one.replace("PHASE", "Phase ") for one in trial.phase if one != "NA")),
        ("Start", trial.start_date),
    )
    yield from ((name, value) for name, value in rows if value)


def _overall(assessment: Assessment) -> str:
    violated = [name_of(one) for one in assessment.criteria if one.status == "violated"]
    match assessment.overall:
        case "does_not_match":
            return f"Does not match as things stand: {', '.join(violated)}."
        case "may_match":
            return "May match: nothing that was told speaks against it. What is open is for the study team."
        case _:
            return "Cannot tell yet: some lines are open."


def _questions(assessment: Assessment, found: Iterable[Found]) -> Iterator[str]:
    """What only the study site can answer."""
    for one in assessment.criteria:
        name = name_of(one)
        if one.status == "needs_protocol":
            yield f"What does the protocol say here ({name}: “{one.text}”)?"
        elif one.status == "conflicting":
            yield f"Which of these is right ({name}: “{one.text}”)? {one.reason}"
        elif one.status == "unknown" and one.unparsed:
            yield f"How do you read this rule, and does it apply here ({name}: “{one.text}”)?"
    for clash in found:
        if clash.kind in {"contradiction", "disagreement"} and clash.criteria:
            yield f"How is this meant? {clash.text}"
    if any(one.status == "unknown" and not one.unparsed for one in assessment.criteria):
        yield "Which of the open lines need a test or a document at your site, and how recent must it be?"


def _reach(trial: Trial) -> Iterator[Reach]:
    """Central contacts first, then sites that take or will take people, each with its own."""
    yield from (_person(one) for one in trial.contacts)
    for site in _asked_first(trial.sites)[:_SITES]:
        place = ", ".join(filter(None, (site.facility, site.city, site.state, site.country)))
        for contact in site.contacts or (None,):
            yield _person(contact, place, site.status)


def _asked_first(sites: Sequence[Site]) -> list[Site]:
    """The sites, those that are open first; closed ones are no place to ask."""
    open_ = [site for site in sites if site.status is None or site.status in _OPEN_SITES]
    return sorted(open_, key=lambda site: site.status != "RECRUITING")


def _person(contact: Contact | None, place: str | None = None, status: str | None = None) -> Reach:
    if contact is None:
        return Reach("", None, None, None, place, status)
    role = contact.role and contact.role.replace("_", " ").capitalize()
    return Reach(contact.name, role, contact.phone, contact.email, place, status)


def _sources(trial: Trial) -> Iterator[str]:
    for source in trial.sources:
        of = f"data of {source.as_of}" if source.as_of else "no date of the data given"
        yield f"{source.document} ({of}; read {source.read[:10]})"
