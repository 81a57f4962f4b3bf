"""One trial, many documents, field by field: what each of them says, and whether they agree, differ, or one alone speaks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from typing import Any, Final, Literal

from assistant.audit.documents.witnesses import witnesses
from assistant.audit.record import Record
from assistant.audit.rewording import key_words, unchanged
from index.trial import Arm, Contact, Intervention, Outcome, Site, Span, Trial

Verdict = Literal["agree", "differ", "only"]
Listed = Arm | Intervention | Outcome | Site | Contact

_SAME_ITEM: Final = 0.6
"""Share of words in common from which two entries of a list are the same one."""
_DAYS: Final = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0, "hour": 1 / 24, "minute": 1 / 1440}


@dataclass(frozen=True)
class Stated:
    """What one document says of a field."""

    document: str
    value: Any
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Compared:
    """One field over all documents, best first; those that do not state it are not among `stated`."""

    field: str
    verdict: Verdict
    stated: tuple[Stated, ...]

    def by(self, document: str) -> Stated | None:
        """What that document says."""
        return next((one for one in self.stated if one.document == document), None)


@dataclass(frozen=True)
class Difference:
    """One thing that two documents say differently: what each says, and where; `one` or `other` is None where it says nothing."""

    what: str
    one: str | None
    other: str | None
    one_spans: tuple[Span, ...]
    other_spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A single-valued field of `Trial`."""

    called: str
    same: Callable[[Any, Any], bool]


def _equal(one: Any, other: Any) -> bool:
    return bool(one == other)


def _as_sets(one: Sequence[str], other: Sequence[str]) -> bool:
    return set(one) == set(other)


def same_date(one: str, other: str) -> bool:
    """Whether two ISO dates fit to the precision that both have."""
    return one.startswith(other) or other.startswith(one)


def same_age(one: str, other: str) -> bool:
    """Whether two ages of API v2's wording are the same: "24 Months" and "2 Years"."""
    return isclose(_in_days(one), _in_days(other), rel_tol=0.01)


def _in_days(age: str) -> float:
    number, _, unit = age.partition(" ")
    return float(number) * _DAYS.get(unit.lower().rstrip("s"), 1.0) if number.replace(".", "").isdigit() else -1.0


def _same_name(one: str, other: str) -> bool:
    """One name may hold a town or a country that the other leaves out."""
    words, others = set(key_words(one)), set(key_words(other))
    return words <= others or others <= words


FIELDS: Final[Mapping[str, Field]] = {
    "status": Field("status", _equal),
    "start_date": Field("start date", same_date),
    "primary_completion_date": Field("primary completion date", same_date),
    "completion_date": Field("completion date", same_date),
    "enrollment": Field("number of participants", _equal),
    "minimum_age": Field("minimum age", same_age),
    "maximum_age": Field("maximum age", same_age),
    "sex": Field("sex", _equal),
    "healthy_volunteers": Field("healthy volunteers", _equal),
    "phase": Field("phase", _as_sets),
    "study_type": Field("type of study", _equal),
    "allocation": Field("allocation", _equal),
    "masking": Field("masking", _equal),
    "intervention_model": Field("intervention model", _equal),
    "primary_purpose": Field("primary purpose", _equal),
    "sponsor": Field("sponsor", _same_name),
    "nct_id": Field("registry number", _equal),
    "official_title": Field("official title", unchanged),
}
"""In the order in which a reader wants to know. Not compared: brief titles, conditions and keywords, which pages word as they like."""


@dataclass(frozen=True, slots=True)
class List:
    """A field of `Trial` that lists things: what tells one entry from another, and what else is compared of it."""

    called: str
    key: Callable[[Any], str]
    facts: Callable[[Any], Mapping[str, str | None]]


def _place(site: Site) -> str:
    return ", ".join(part for part in (site.facility, site.city) if part)


def _time_frame(outcome: Outcome) -> Mapping[str, str | None]:
    return {"time frame": outcome.time_frame}


LISTS: Final[Mapping[str, List]] = {
    "arms": List("arm", lambda arm: arm.label, lambda arm: {"type": arm.type, "description": arm.description}),
    "interventions": List("intervention", lambda one: one.name, lambda one: {"type": one.type}),
    "primary_outcomes": List("primary outcome", lambda one: one.measure, _time_frame),
    "secondary_outcomes": List("secondary outcome", lambda one: one.measure, _time_frame),
    "sites": List("site", _place, lambda site: {"status": site.status}),
    "contacts": List("contact", lambda one: one.name, lambda one: {"telephone": one.phone, "e-mail": one.email}),
}


def compared(record: Record) -> tuple[Compared, ...]:
    """Every field that some document states, over all documents; nothing for a trial of one document."""
    ranked = [witness.trial for witness in witnesses(record.documents)]
    if len(ranked) < 2:
        return ()
    rows = [_single(name, ranked) for name in FIELDS] + [_listed(name, ranked) for name in LISTS]
    return tuple(row for row in rows if row.stated)


def _single(name: str, ranked: Sequence[Trial]) -> Compared:
    stated = tuple(stated for one in ranked if (stated := said(name, one)))
    return Compared(name, _verdict(stated, FIELDS[name].same), stated)


def said(name: str, document: Trial) -> Stated | None:
    """What a document says of a single-valued field."""
    value = getattr(document, name)
    spans = document.evidence.get(name, ())[:1]
    return Stated(document.sources[0].document, value, spans) if value not in (None, ()) else None


def _verdict(stated: Sequence[Stated], same: Callable[[Any, Any], bool]) -> Verdict:
    if len(stated) < 2:
        return "only"
    return "agree" if all(same(stated[0].value, other.value) for other in stated[1:]) else "differ"


def _listed(name: str, ranked: Sequence[Trial]) -> Compared:
    having = [one for one in ranked if entries(name, one)]
    stated = tuple(
        Stated(one.sources[0].document, [shown(item) for item in entries(name, one)], tuple(i.span for i in entries(name, one)))
        for one in having
    )
    if len(having) < 2:
        return Compared(name, "only", stated)
    differ = any(next(list_differences(name, having[0], other), None) for other in having[1:])
    return Compared(name, "differ" if differ else "agree", stated)


def shown(item: Listed) -> str:
    """An entry of a list in one line."""
    match item:
        case Arm(label=label):
            return label
        case Intervention(name=name) | Contact(name=name):
            return name
        case Outcome(measure=measure):
            return measure
        case Site():
            return _place(item) or item.country or ""


def list_differences(name: str, one: Trial, other: Trial) -> Iterator[Difference]:
    """What two documents list differently; nothing where one of them has no such list."""
    items, others = entries(name, one), entries(name, other)
    if not items or not others:
        return
    if name == "sites" and not all(site.facility for site in (*items, *others)):
        yield from _countries(items, others)
        return
    pairs = _matched(name, items, others)
    for item, same in pairs:
        yield from _facts(name, item, same)
    left = [item for item in items if all(item is not pair[0] for pair in pairs)]
    right = [item for item in others if all(item is not pair[1] for pair in pairs)]
    called = LISTS[name].called
    if left:
        yield Difference(_counted(called, left), _joined(left), None, tuple(item.span for item in left), ())
    if right:
        yield Difference(_counted(called, right), None, _joined(right), (), tuple(item.span for item in right))


def entries(name: str, document: Trial) -> tuple[Any, ...]:
    """The entries of a list; pages differ in whether they tie a contact to its site."""
    items: tuple[Any, ...] = getattr(document, name)
    return (*items, *(contact for site in document.sites for contact in site.contacts)) if name == "contacts" else items


def _counted(called: str, items: Sequence[Listed]) -> str:
    return called if len(items) == 1 else f"{len(items)} {called}s"


def _joined(items: Iterable[Listed]) -> str:
    return "; ".join(shown(item) for item in items)


def _countries(items: Sequence[Site], others: Sequence[Site]) -> Iterator[Difference]:
    """Where one page names no more than countries: those that only one of the two names."""
    known, named = ({site.country for site in sites if site.country} for sites in (items, others))
    if known and named and known != named:
        spans = tuple(tuple(site.span for site in sites)[:3] for sites in (items, others))
        yield Difference("countries", ", ".join(sorted(known)), ", ".join(sorted(named)), *spans)


def _matched(name: str, items: Sequence[Listed], others: Sequence[Listed]) -> list[tuple[Listed, Listed]]:
    """Entries of two lists that are the same one, the likest first."""
    key = LISTS[name].key
    words, other_words = ([frozenset(key_words(key(item))) for item in each] for each in (items, others))
    scored = sorted(
        (
            (-_shared(a, b), sum(1 for _ in _facts(name, items[i], others[j])), abs(i - j), i, j)
            for i, a in enumerate(words)
            for j, b in enumerate(other_words)
            if _shared(a, b) >= _SAME_ITEM
        ),
    )
    taken: dict[int, int] = {}
    for *_, i, j in scored:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return [(items[i], others[j]) for i, j in sorted(taken.items())]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else float(one == other)


def _facts(name: str, item: Listed, same: Listed) -> Iterator[Difference]:
    read = LISTS[name].facts
    for fact, value in read(item).items():
        said = read(same)[fact]
        if value and said and not _same_fact(fact, value, said):
            what = f"{fact} of the {LISTS[name].called} “{shown(item)}”"
            yield Difference(what, value, said, (item.span,), (same.span,))


def _same_fact(fact: str, value: str, said: str) -> bool:
    if fact == "telephone":
        digits, others = ("".join(filter(str.isdigit, number)) for number in (value, said))
        return digits.endswith(others) or others.endswith(digits)
    return value.casefold() == said.casefold() or unchanged(value, said)
