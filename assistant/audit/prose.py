"""The running text of a document as an audit reads it: each part by itself, mapped back to the words as printed."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from assistant.audit.record import Record
from index.trial import Criterion, Span, Trial
from index.view import View, view

ABOUT: frozenset[str] = frozenset({"title", "summary", "description", "design", "arms", "interventions", "eligibility"})
"""Sections that say what is planned: no results, references, other trials or places."""

_AROUND = 100


@dataclass(frozen=True)
class Prose:
    """A part of a document, cleaned; `span` gives the place of a stretch of its text."""

    section: str
    read: View

    @property
    def text(self) -> str:
        """Escapes undone, line breaks as printed."""
        return self.read.text

    def span(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stands in the document."""
        return self.read.span(start, end)

    def around(self, start: int, end: int) -> Span:
        """The words with their line around them, at most about 100 characters to each side, cut between words."""
        first = max(
            self.text.rfind("\n\n", 0, start) + 1,
            self.text.rfind(" ", 0, max(0, start - _AROUND)) + 1 if start > _AROUND else 0,
        )
        stops = [stop for stop in (self.text.find("\n\n", end), self.text.find(" ", end + _AROUND)) if stop >= 0]
        return self.span(first, min(stops, default=len(self.text)))


def sections(document: Trial, names: Container[str] = ABOUT) -> Iterator[Prose]:
    """The sections of those names, in reading order."""
    for section in document.sections:
        if section.name in names:
            span = section.span
            yield Prose(section.name, view(document.source(span.document), span.start, span.end))


def everything(record: Record, names: Container[str] = ABOUT) -> Iterator[Prose]:
    """The sections of those names of all documents."""
    for document in record.documents:
        yield from sections(document, names)


def line(trial: Trial, criterion: Criterion) -> Prose:
    """One criterion."""
    span = criterion.span
    return Prose(criterion.kind, view(trial.source(span.document), span.start, span.end))


def lines(trial: Trial) -> Iterator[tuple[Criterion, Prose]]:
    """Each criterion that is judged."""
    for criterion in trial.leaves:
        yield criterion, line(trial, criterion)
