"""Stages that do not fit the edition named beside them, and editions of one staging system mixed within a record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.audit.finding import Found
from assistant.audit.prose import lines, sections
from assistant.audit.record import Record
from assistant.eligibility.numbers.gradings import edition_of, gradings
from assistant.eligibility.vocabulary.concepts import is_a, name_of
from assistant.tables import read_table
from index.sentences import sentences
from index.trial import Span, Trial

_GROUP = re.compile(r"(?<![A-Za-z0-9])(?P<roman>IV|I{1,3})(?P<part>\s?[A-Da-d](?![a-z])\d?)?(?![A-Za-z0-9])")
_NAMED = re.compile(r"\b(?:AJCC|UICC|TNM|American\s+Joint|edition)\b", re.IGNORECASE)
"""What every sentence that names an edition has in it."""
_WORDS = {"6": "6th", "7": "7th", "8": "8th", "9": "9th"}


@dataclass(frozen=True, slots=True)
class _Edition:
    disease: str
    own: tuple[str, ...]
    """Kinds of the disease that are staged by themselves."""
    edition: str
    groups: frozenset[str]
    source: str


@cache
def _editions() -> tuple[_Edition, ...]:
    return tuple(
        _Edition(
            row["disease"],
            tuple(filter(None, row["not"].split("|"))),
            row["edition"],
            frozenset(row["groups"].split()),
            row["source"],
        )
        for row in read_table(files(__package__) / "stage-editions.tsv")
    )


def foreign_groups(record: Record) -> Iterator[Found]:
    """Stage groups that the edition named in the same sentence does not have for the trial's disease."""
    named = [(criterion, prose) for criterion, prose in lines(record.trial) if _NAMED.search(prose.text)]
    known = [edition for edition in _editions() if _is_of(record, edition)] if named else []
    if len({edition.disease for edition in known}) != 1:
        return
    for criterion, prose in named:
        for mention in gradings(prose.text):
            edition = next((one for one in known if one.edition == mention.edition), None)
            if mention.scale != "stage" or edition is None:
                continue
            wrong = [group for group in _groups(prose.text[mention.start : mention.end]) if not _has(edition, group)]
            if wrong:
                text = (
                    f"The {_WORDS[edition.edition]} edition has no stage {' or '.join(dict.fromkeys(wrong))} of "
                    f"{name_of(edition.disease)} ({edition.source})."
                )
                yield Found("staging", text, (prose.span(mention.start, mention.end),), criteria=(criterion.id,))


def _is_of(record: Record, edition: _Edition) -> bool:
    """Whether the edition's chapter is the one of the trial's disease."""
    diseases = record.rules.study
    return any(is_a(one, edition.disease) for one in diseases) and not any(
        is_a(one, own) for one in diseases for own in edition.own
    )


def _has(edition: _Edition, group: str) -> bool:
    """Whether an edition has a group, or parts of it: "IV" stands for IVA and IVB."""
    return any(re.fullmatch(rf"{group}(?:[A-D]\d?)?", one) for one in edition.groups)


def _groups(text: str) -> Iterator[str]:
    for match in _GROUP.finditer(text):
        yield match["roman"] + (match["part"] or "").strip().upper()


def mixed_editions(record: Record) -> Iterator[Found]:
    """Two editions of the TNM system in one document; a sentence that names both does so on purpose."""
    for document in record.documents:
        named = _named(document)
        if len(named) > 1:
            editions = " and the ".join(_WORDS[edition] for edition in sorted(named))
            text = f"The {editions} edition of the staging system are both named; a stage may mean another extent of disease in each."
            yield Found("staging", text, tuple(named[edition] for edition in sorted(named)))


def _named(document: Trial) -> dict[str, Span]:
    """Edition → the first sentence that names it alone."""
    named: dict[str, Span] = {}
    for prose in sections(document):
        if not _NAMED.search(prose.text):
            continue
        for sentence in sentences(prose.text):
            edition = edition_of(prose.text[sentence.start : sentence.end])
            if edition in _WORDS:
                named.setdefault(edition, prose.span(sentence.start, sentence.end))
    return named
