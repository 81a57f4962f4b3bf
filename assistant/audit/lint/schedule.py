"""Days and statuses of one document that do not fit together: recruiting before its start, open after its end, sites that differ."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.eligibility.patient import Days
from assistant.eligibility.times.days import days_of
from index.trial import Site, Span, Trial

LONG: Final = 30
"""Days that a record may lag behind: a status is set right at the next update (42 CFR 11.64: within 30 days of a change)."""
MOST_SITES: Final = 5
"""Sites quoted."""
_TAKING_PEOPLE: Final = frozenset({"RECRUITING", "ENROLLING_BY_INVITATION"})
_TO_COME: Final = frozenset({"NOT_YET_RECRUITING"})
_RUNNING: Final = _TAKING_PEOPLE | {"ACTIVE_NOT_RECRUITING"}
_OPEN: Final = _RUNNING | _TO_COME
_OVER: Final = frozenset({"COMPLETED", "TERMINATED", "WITHDRAWN"})
_CLOSED: Final = _OVER | {"ACTIVE_NOT_RECRUITING", "SUSPENDED"}


class _Day(NamedTuple):
    """A date of a record."""

    name: str
    said: str
    first: date
    last: date
    span: Span
    is_past: bool
    """Whether the record says that it has come, and is no longer a plan."""


def off_schedule(record: Record) -> Iterator[Found]:
    """What does not fit among the days and statuses of each document by itself."""
    for document in record.documents:
        yield from _by_the_calendar(document)
        yield from _order(document)
        yield from _stopped(document)
        yield from _sites(document)


def _by_the_calendar(trial: Trial) -> Iterator[Found]:
    """A status that the days of the record do not allow on the day that it was last updated."""
    status, seen = _status(trial), _day(trial, "as_of", "last update")
    if status is None or seen is None:
        return
    start, end = _day(trial, "start_date", "start"), _day(trial, "completion_date", "completion")
    primary = _day(trial, "primary_completion_date", "primary completion")
    named, as_of = _named(trial.status), f"when the record was last updated ({seen.said})"
    if start and start.first > seen.last and trial.status in _RUNNING:
        yield Found(
            "dates",
            f"The status was {named} {as_of}, but the start date ({start.said}) is later.",
            (status, seen.span, start.span),
            "recruitment was due to open on the start date; the record does not show whether it has.",
        )
    if start and trial.status in _TO_COME and (seen.first - start.last).days > LONG:
        yield Found(
            "dates",
            f"The status was still {named} {as_of}, more than {LONG} days after the start date ({start.said}).",
            (status, seen.span, start.span),
            "the start was put off, or the status was not brought up to date.",
        )
    over = _passed(end, seen) if trial.status in _OPEN else None
    if over is None and trial.status in _TAKING_PEOPLE | _TO_COME:
        over = _passed(primary, seen)
    if over:
        yield Found(
            "dates",
            f"The status was {named} {as_of}, more than {LONG} days after the {over.name} date ({over.said}).",
            (status, seen.span, over.span),
            "the status was not brought up to date, for that date is given as past."
            if over.is_past
            else "the study runs longer than planned, or the status was not brought up to date.",
        )
    if end and trial.status in {"COMPLETED", "TERMINATED"} and end.first > seen.last:
        yield Found(
            "dates",
            f"The status was {named} {as_of}, but the completion date ({end.said}) is later.",
            (status, seen.span, end.span),
            "the study ended earlier than planned and the date was not brought up to date.",
        )


def _passed(day: _Day | None, seen: _Day) -> _Day | None:
    """A date that lies well before the record's last update."""
    return day if day and (seen.first - day.last).days > LONG else None


def _order(trial: Trial) -> Iterator[Found]:
    """Days that stand in the wrong order."""
    days = [
        _day(trial, "start_date", "start"),
        _day(trial, "primary_completion_date", "primary completion"),
        _day(trial, "completion_date", "completion"),
    ]
    given = [day for day in days if day]
    for place, earlier in enumerate(given):
        for later in given[place + 1 :]:
            if earlier.first > later.last:
                yield Found(
                    "dates",
                    f"The {earlier.name} date ({earlier.said}) is after the {later.name} date ({later.said}).",
                    (earlier.span, later.span),
                )


def _stopped(trial: Trial) -> Iterator[Found]:
    """A reason for stopping beside an open status; people in a study that was withdrawn before the first."""
    status = _status(trial)
    if status is None:
        return
    if trial.why_stopped and trial.status in _OPEN and (why := trial.evidence.get("why_stopped")):
        yield Found(
            "status", f"The record says why the study stopped, but its status is {_named(trial.status)}.", (status, why[0])
        )
    if trial.status == "WITHDRAWN" and trial.enrollment and (count := trial.evidence.get("enrollment")):
        yield Found(
            "status",
            f"The status is withdrawn, which means that nobody took part, but the record counts {trial.enrollment} participants.",
            (status, count[0]),
        )


def _sites(trial: Trial) -> Iterator[Found]:
    """Sites whose own statuses are at odds with the overall one."""
    status = _status(trial)
    known = [site for site in trial.sites if site.status]
    taking = [site for site in known if site.status in _TAKING_PEOPLE]
    others = [site for site in known if site not in taking]
    if status is None or not known:
        return
    overall, of_all = _named(trial.status), f"{len(known)} site{'' if len(known) == 1 else 's'} whose status is given"
    if trial.status in _TAKING_PEOPLE and len(others) * 2 > len(known):
        said = f"{len(taking) or 'none'} of the {of_all} {'is' if len(taking) <= 1 else 'are'}: {_counted(others)}."
        yield Found(
            "status",
            f"The overall status is {overall}, but {'only ' if taking else ''}{said}",
            (status, *_cited(taking, 1), *_cited(others, MOST_SITES)),
            "the overall status stands for the study as a whole; whether one can join at a site is told by that site's status.",
        )
    if taking and trial.status in _CLOSED | _TO_COME | {"UNKNOWN"}:
        is_ = "is" if len(taking) == 1 else "are"
        yield Found(
            "status",
            f"The overall status is {overall}, but {len(taking)} of the {of_all} {is_} recruiting.",
            (status, *_cited(taking, MOST_SITES)),
            "the sites' statuses were not brought up to date."
            if trial.status != "UNKNOWN"
            else "the registry calls a status unknown when nobody has confirmed it for two years; the sites' may be as old.",
        )


def _cited(sites: Sequence[Site], most: int) -> tuple[Span, ...]:
    return tuple(site.span for site in sites[:most])


def _counted(sites: Sequence[Site]) -> str:
    """ "4 are not yet recruiting, 1 is withdrawn"."""
    counts = dict.fromkeys((site.status for site in sites), 0)
    for site in sites:
        counts[site.status] += 1
    return ", ".join(f"{count} {'is' if count == 1 else 'are'} {_named(status)}" for status, count in counts.items())


def _status(trial: Trial) -> Span | None:
    return next(iter(trial.evidence.get("status", ())), None) if trial.status else None


def _named(status: str | None) -> str:
    return (status or "").lower().replace("_", " ").replace("active not", "active, not")


def _day(trial: Trial, field: str, name: str) -> _Day | None:
    said, spans = getattr(trial, field), trial.evidence.get(field, ())
    if not said or not spans:
        return None
    days: Days = days_of(said)
    is_past = "(ACTUAL)" in trial.quote(spans[0]).upper()
    return _Day(name, said, days.first, days.last, spans[0], is_past) if days.first and days.last else None
