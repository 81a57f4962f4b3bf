"""Several documents of one trial become one trial: which belong together, and whose word counts for each field."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import PurePath
from typing import Any, TypeVar

from rapidfuzz.distance import Indel

from index.trial import Criterion, Related, Span, Trial
from index.view import clean

_TRUST = {"api-v2": 0, "registry-xml": 0, "oncomatch": 2}
"""Format → whose word comes first: registries 0, pages that copy them 1 (every other format), third-party extractions 2."""
_COPIED_PAGE = 1
_SAME_SUMMARY = 0.97
"""Share of words in common, in order: two copies of one summary differ by quotes and the odd typo."""
_TELLING_WORDS = 25
"""A shorter summary may be the same by chance."""
_SAME_TITLE = 0.5
"""Below this, two official titles are of two trials; a page may shorten or reword its own."""
_WORD = re.compile(r"\w+")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells which trial a document is about."""

    document: str
    id: str
    """As the document alone would have it."""
    nct_id: str | None
    summary: tuple[str, ...]
    """The words of its brief summary, lower-case."""
    official_title: tuple[str, ...]
    sponsor: tuple[str, ...]
    enrollment: int | None
    other_ids: tuple[str, ...]
    format: str
    as_of: str | None
    has_criteria: bool


def identity(record: Trial) -> Identity:
    """What tells which trial this document is about. Takes a trial of one document."""
    return Identity(
        document=record.sources[0].document,
        id=record.id,
        nct_id=record.nct_id,
        summary=_words(" ".join(clean(record.sources[0], span) for span in record.evidence.get("summary", ()))),
        official_title=_words(record.official_title or ""),
        sponsor=_words(record.sponsor or ""),
        enrollment=record.enrollment,
        other_ids=record.other_ids,
        format=record.sources[0].format,
        as_of=record.as_of,
        has_criteria=bool(record.criteria),
    )


def link(records: Sequence[Trial]) -> dict[str, str]:
    """Document → trial id, for documents as read: see `link_identities`."""
    return link_identities([identity(record) for record in records])


def link_identities(identities: Sequence[Identity]) -> dict[str, str]:
    """Document → trial id, in the order given.

    A document's own NCT number decides. One without a number belongs to the one numbered trial whose summary it shares, if
    nothing contradicts; else it is a trial of its own, called by its file's stem (by its whole name where stems clash).
    """
    numbered = [one for one in identities if one.nct_id]
    links: dict[str, str] = {}
    stems: set[str] = set()
    for one in identities:
        links[one.document] = one.nct_id or _shared(one, numbered) or _own_name(one.document, stems)
    return links


def _shared(one: Identity, numbered: Iterable[Identity]) -> str | None:
    trials = {other.nct_id for other in numbered if _same_summary(one, other) and not _contradict(one, other)}
    return trials.pop() if len(trials) == 1 else None


def _own_name(document: str, taken: set[str]) -> str:
    stem = PurePath(document).stem
    name = document if stem in taken else stem
    taken.add(name)
    return name


def _same_summary(one: Identity, other: Identity) -> bool:
    if min(len(one.summary), len(other.summary)) < _TELLING_WORDS or _numbers(one.summary) != _numbers(other.summary):
        return False
    return Indel.normalized_similarity(one.summary, other.summary, score_cutoff=_SAME_SUMMARY) >= _SAME_SUMMARY


def _numbers(words: Iterable[str]) -> list[str]:
    """Sibling trials share a text but for a dose or a phase."""
    return [word for word in words if any(character.isdigit() for character in word)]


def _contradict(one: Identity, other: Identity) -> bool:
    if None not in (one.enrollment, other.enrollment) and one.enrollment != other.enrollment:
        return True
    if one.sponsor and other.sponsor and not set(one.sponsor) & set(other.sponsor):
        return True
    titles = one.official_title, other.official_title
    return all(titles) and Indel.normalized_similarity(*titles) < _SAME_TITLE


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))


def under(trial_id: str, own_id: str, criterion: str) -> str:
    """A criterion's id under the merged trial's name in place of its document's own."""
    return f"{trial_id}/{criterion.removeprefix(f'{own_id}/')}"


def merge(records: Sequence[Trial], trial_id: str) -> Trial:
    """One trial from its documents, each as read; every field is from the best document that gives it.

    Registries come before pages, pages before third-party extractions, newer data first. Lists are taken whole from one
    document, so a third party's criteria never mix into a record's. Sources, sections and evidence are of all of them.
    """
    ranked = best_first(records)
    special: Mapping[str, Callable[[Sequence[Trial], str], Any]] = {
        "other_ids": _other_ids,
        "as_of": _as_of,
        "criteria": _criteria,
        "related": _related,
        "evidence": _evidence,
        "sources": lambda ranked, _: tuple(source for record in ranked for source in record.sources),
        "sections": lambda ranked, _: tuple(section for record in ranked for section in record.sections),
    }
    values = {
        field.name: special[field.name](ranked, trial_id) if field.name in special else _first(ranked, field.name)
        for field in fields(Trial)
    }
    return Trial(**values | {"id": trial_id})


def criteria_document(identities: Sequence[Identity]) -> str | None:
    """Which of one trial's documents `merge` takes the criteria from."""
    ranked = _best_first(identities, lambda one: (one.format, one.as_of))
    return next((one.document for one in ranked if one.has_criteria), None)


def trust(format: str) -> int:
    """Whose word comes first, smallest best: 0 a registry, 1 a page that copies one, 2 a third party's extraction."""
    return _TRUST.get(format, _COPIED_PAGE)


def best_first(records: Sequence[Trial]) -> list[Trial]:
    """The documents of one trial, each as read, in the order in which their word counts."""
    return _best_first(records, lambda record: (record.sources[0].format, record.as_of))


def _best_first(items: Sequence[T], format_and_date: Callable[[T], tuple[str, str | None]]) -> list[T]:
    # Sorting is stable: within a trust, newer data first; among equals, the order in which they were indexed.
    newest_first = sorted(items, key=lambda item: format_and_date(item)[1] or "", reverse=True)
    return sorted(newest_first, key=lambda item: trust(format_and_date(item)[0]))


def _first(ranked: Sequence[Trial], name: str) -> Any:
    """The best record's value that is given: neither None nor an empty list."""
    values = [getattr(record, name) for record in ranked]
    return next((value for value in values if value is not None and value != ()), values[0])


def _as_of(ranked: Sequence[Trial], _: str) -> str | None:
    """The date of the document that the status is from, so that "recruiting, as of" is true."""
    stated = next((record.as_of for record in ranked if record.status is not None), None)
    return stated or next((record.as_of for record in ranked if record.as_of), None)


def _other_ids(ranked: Sequence[Trial], trial_id: str) -> tuple[str, ...]:
    names = [name for record in ranked for name in record.other_ids]
    stems = [PurePath(source.document).stem for record in ranked if not record.nct_id for source in record.sources]
    return tuple(dict.fromkeys(name for name in [*names, *stems] if name != trial_id))


def _criteria(ranked: Sequence[Trial], trial_id: str) -> tuple[Criterion, ...]:
    """The best list, its ids under the merged trial's name."""
    best = next((record for record in ranked if record.criteria), ranked[0])

    return tuple(
        replace(
            criterion,
            id=under(trial_id, best.id, criterion.id),
            parent=under(trial_id, best.id, criterion.parent) if criterion.parent else None,
        )
        for criterion in best.criteria
    )


def _related(ranked: Sequence[Trial], trial_id: str) -> tuple[Related, ...]:
    """Each once, as the best document that names it does; never the trial itself."""
    found: dict[str, Related] = {}
    for record in ranked:
        for related in record.related:
            if related.nct_id != trial_id:
                found.setdefault(related.nct_id, related)
    return tuple(found.values())


def _evidence(ranked: Sequence[Trial], _: str) -> dict[str, tuple[Span, ...]]:
    names = dict.fromkeys(name for record in ranked for name in record.evidence)
    return {name: tuple(span for record in ranked for span in record.evidence.get(name, ())) for name in names}
