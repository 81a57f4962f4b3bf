"""Where a trial runs, whether it takes people in there, and whom to ask: its sites, statuses, contacts and officials in sentences."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from assistant.chat.points import MOST, Point, Proof, Said, field_proofs, listed, more, point, spoken, stated
from assistant.chat.question import Question
from assistant.reply import Verdict
from assistant.tables import read_table
from assistant.voices import voiced
from index.scope import without_names
from index.trial import Contact, Site, Trial
from index.words import stems

_TAKES_IN: Final = re.compile(
    r"recruit|enrol|accept|taking(?! part)|takes? (?!part|place)|join|sign up|open|admit|right now|looking for|places|spots"
    r"|sign(?:ing|s)? (?:\w+ )?up|letting (?:people|patients|anyone) in",
    re.IGNORECASE,
)
_NAMES_IT: Final = re.compile(
    r"recruit|\bopen\b|accept|taking(?! part)|looking for|sign(?:ing|s)? (?:\w+ )?up|letting (?:people|patients|anyone) in",
    re.IGNORECASE,
)
_EVERY_SITE: Final = re.compile(
    r"\b(?:are|is|do|does) (?:they |the (?:sites|hospitals|centers|centres|places) )?(?:all|every|each)\b"
    r"|\ball (?:of them|the (?:sites|hospitals))\b",
    re.IGNORECASE,
)
_SOMEBODY: Final = re.compile(r"\b(?:can|could|may|might) (?:i|we|he|she|they|my|our)\b", re.IGNORECASE)
_THE_OTHER_WAY: Final = re.compile(
    r"not (?:yet )?recruiting|closed to|"
    r"\bis (?:it|this|the (?:trial|study)) (?:closed|finished|over|completed|terminated|withdrawn|suspended)",
    re.IGNORECASE,
)
"""Asked so that a yes would mean that nobody is taken in."""
_PLACE: Final = re.compile(r"\b(?:in|near|at|from|around)\s+((?:[A-Z][\w'’-]+)(?:\s+[A-Z][\w'’-]+){0,3})")


_SITE_IN: Final = re.compile(
    r"\b(?:ones?|sites?|cent(?:er|re)s?|hospitals?|clinics?) (?:in|at|near) (?:the )?([\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
)
"""A site by its place."""


def status(trial: Trial, question: Question) -> Said | None:
    """Whether the trial takes people in, overall and at a place that the question names, with its as-of date."""
    if here := places(trial, question):
        return _status_at(trial, here, question)
    if not trial.status:
        return None
    if elsewhere := _elsewhere(trial, question):
        overall = voiced("no-site-but-overall", place=elsewhere, status=spoken(trial.status), dated=_dated(trial))
        return stated(overall, field_proofs(trial, "status", "as_of"), None if question.form == "open" else "depends")
    why = f" {voiced('why-stopped', why=trial.why_stopped.rstrip('.')).plain}" if trial.why_stopped else ""
    proofs = field_proofs(trial, "status", "as_of", "why_stopped")
    points = [point(voiced("status", status=spoken(trial.status), dated=_dated(trial), why=why), proofs)]
    others = [site for site in trial.sites if site.status and site.status != trial.status]
    if others and len(others) < MOST:
        points.append(point(voiced("other-statuses", sites=_site_list(others)), _site_proofs(others)))
    verdict = _recruits(trial.status, question)
    return Said(tuple(points), "no" if verdict == "yes" and others and _EVERY_SITE.search(question.text) else verdict)


_NO_PLACE: Final = re.compile(
    r"(?:NCT|January|February|March|April|May|June|July|August|September|October|November|December|Phase|Stage|Part|Arm|Cohort|Dr|Prof)",
    re.IGNORECASE,
)


def _elsewhere(trial: Trial, question: Question) -> str | None:
    """A place that the question names and no site of the trial is in; a name of the trial's own is no place."""
    if site := _SITE_IN.search(question.text):
        return site[1]
    own = set(
        stems(
            " ".join(
                filter(None, (trial.id, trial.acronym, trial.title, trial.official_title, trial.sponsor, *trial.conditions))
            )
        )
    )
    named = (match[1] for match in _PLACE.finditer(question.text) if not _NO_PLACE.match(match[1]))
    return next((place for place in named if not own & set(stems(place))), None)


def _status_at(trial: Trial, here: Sequence[Site], question: Question) -> Said:
    known = [site for site in here if site.status]
    if not known:
        overall = f" {voiced('overall', status=spoken(trial.status)).plain}" if trial.status else ""
        said = voiced("no-status", sites=_site_list(here[:MOST]), overall=overall)
        overall_verdict = _recruits(trial.status, question) if trial.status else None
        verdict: Verdict = "no" if overall_verdict == "no" else "depends"  # where nobody is taken in, no site takes anybody in
        return stated(said, (*_site_proofs(here[:MOST]), *field_proofs(trial, "status", "as_of")), verdict)
    proofs = (*_site_proofs(known[:MOST]), *field_proofs(trial, "as_of"))
    points = [Point(f"{_site_list(known[:MOST])}{more(known)}{_dated(trial)}.", proofs)]
    elsewhere = [site for site in trial.sites if site.status == "RECRUITING" and site not in known][:MOST]
    if elsewhere and any(site.status != "RECRUITING" for site in known):
        points.append(point(voiced("elsewhere", sites=_site_list(elsewhere)), _site_proofs(elsewhere)))
    verdicts = {_recruits(site.status, question) for site in known if site.status}
    return Said(tuple(points), verdicts.pop() if len(verdicts) == 1 else "depends")


def _dated(trial: Trial) -> str:
    return f" (record of {trial.as_of})" if trial.as_of else ""


def _recruits(value: str, question: Question) -> Verdict | None:
    """Yes or no only to a question whether people are taken in."""
    text = question.text
    if question.form == "open" or not _TAKES_IN.search(text) or _THE_OTHER_WAY.search(text):
        return None
    if value == "RECRUITING":
        joins = question.form == "fits" or _SOMEBODY.search(text)
        return "depends" if joins and not _NAMES_IT.search(text) else "yes"
    return "depends" if value == "ENROLLING_BY_INVITATION" else "no"


def sites(trial: Trial, question: Question) -> Said | None:
    """Where the trial runs: the places that the question names, else all of them."""
    if not trial.sites:
        return None
    if here := places(trial, question):
        if trial.status and "status" not in question.topics and question.form != "open" and _TAKES_IN.search(question.text):
            return _status_at(trial, here, question)
        said = voiced("sites", sites=f"{_site_list(here[:MOST])}{more(here)}")
        return stated(said, _site_proofs(here[:MOST]), "yes" if _asks_where(question) else None)
    everywhere = Point(_all_sites(trial.sites), _site_proofs(trial.sites[:MOST]))
    own = set(stems(trial.title or ""))
    asked = [name for name in _PLACE.findall(question.text) if not _NO_PLACE.match(name) and not own & set(stems(name))]
    if asked and question.form != "open":
        return Said((point(voiced("no-site", place=asked[0]), everywhere.proofs), everywhere), "no")
    return Said((everywhere,))


def _asks_where(question: Question) -> bool:
    """Whether a listed site answers it ("is there a site in …?"); whether that site takes anybody in is its status's to say."""
    return question.form == "whether" and _EXISTS.search(question.text) is not None


_EXISTS: Final = re.compile(
    r"\b(?:is|are) there\b|\btak(?:es?|ing) part\b|\bha(?:ve|s) (?:it |they )?(?:an? |any )?(?:sites?|cent(?:er|re)s?|locations?)\b"
    r"|\b(?:run(?:ning)?|located|conducted|take place|done) (?:in|at|near)\b",
    re.IGNORECASE,
)


def _all_sites(all_sites: Sequence[Site]) -> str:
    countries = list(dict.fromkeys(site.country for site in all_sites if site.country))
    where = f" in {listed(countries[:8])}" if len(all_sites) > 1 and countries else ""
    number = "1 site" if len(all_sites) == 1 else f"{len(all_sites)} sites"
    return f"The record lists {number}{where}: {_site_list(all_sites[:MOST])}{more(all_sites)}."


def places(trial: Trial, question: Question) -> list[Site]:
    """The trial's sites that the question names by city, state, country or facility."""
    asked = set(stems(without_names(question.text)))
    named = [site for site in trial.sites if any(_is_named(part, asked) for part in address(site))]
    facilities = [site for site in named if site.facility and _is_named(site.facility, asked)]
    return facilities or named or [site for site in trial.sites if site.country in _countries(question.text)]


def _countries(text: str) -> frozenset[str]:
    """The countries of the regions that a text names ("in Europe")."""
    named = (countries for words, countries in _regions() if words.search(text))
    return frozenset(country for countries in named for country in countries)


@cache
def _regions() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    rows = read_table(files(__package__) / "regions.tsv")
    return tuple((re.compile(rf"\b(?:{row['words']})\b"), tuple(row["countries"].split("|"))) for row in rows)


def address(site: Site) -> tuple[str, ...]:
    """What a site's place is called, smallest first."""
    return tuple(part for part in (site.facility, site.city, site.state, site.country) if part)


def _is_named(place: str, asked: set[str]) -> bool:
    parts = set(stems(place))
    return bool(parts) and parts <= asked


def _site_list(some: Iterable[Site]) -> str:
    return "; ".join(_site(site) for site in some)


def _site(site: Site) -> str:
    where = ", ".join(address(site))
    return f"{where}: {spoken(site.status)}" if site.status else where


def _site_proofs(some: Iterable[Site]) -> tuple[Proof, ...]:
    return tuple(Proof(site.span, "locations") for site in some)


def contacts(trial: Trial, question: Question) -> Said | None:
    """The record's official study contacts, those of a place that the question names first."""
    there = [contact for site in places(trial, question) for contact in site.contacts]
    known = there or [*trial.contacts] or [contact for site in trial.sites for contact in site.contacts]
    found = [contact for contact in known if contact.phone or contact.email] or known
    if not found:
        return None
    unplaced = not there and _OF_ONE_SITE.search(question.text)
    aside = f" {voiced('contacts-unplaced').plain}" if unplaced else ""
    said = voiced("contacts", names=f"{'; '.join(_contact(contact) for contact in found[:MOST])}{more(found)}", aside=aside)
    asks_if_any = question.form == "whether" and _NAMES_ANYBODY.search(question.text)
    return stated(said, tuple(Proof(contact.span, "contacts") for contact in found[:MOST]), "yes" if asks_if_any else None)


_OF_ONE_SITE: Final = re.compile(r"\b(?:that|this) (?:hospital|site|cent(?:er|re)|clinic)\b|\bthe one in [A-Z]")
_NAMES_ANYBODY: Final = re.compile(r"\bnames? (?:some|any)(?:one|body)\b", re.IGNORECASE)
"""Asks whether there is a contact at all."""


def officials(trial: Trial, question: Question) -> Said | None:
    """Who leads the study: its officials, and the sponsor where it is asked who runs it."""
    names = list(dict.fromkeys(_official(person) for person in trial.officials))[:MOST]
    proofs = tuple(Proof(person.span, "contacts") for person in trial.officials[:MOST])
    points = [point(voiced("officials", names="; ".join(names)), proofs)] if names else []
    if trial.sponsor and _RUNS.search(question.text):
        points.append(point(voiced("sponsor", name=trial.sponsor), field_proofs(trial, "sponsor")))
    return Said(tuple(points)) if points else None


_RUNS: Final = re.compile(r"\bwho(?: is|['’]s)? (?:runs?|running|responsible|in charge|organi[sz]\w+)\b", re.IGNORECASE)


def _official(person: Contact) -> str:
    return f"{_contact(person)} ({spoken(person.role)})" if person.role else _contact(person)


def _contact(contact: Contact) -> str:
    return ", ".join(part for part in (contact.name, contact.affiliation, contact.phone, contact.email) if part)
