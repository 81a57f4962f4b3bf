"""A document's trial to retrievable passages: criteria, arms, fields and what is left of each section, each with its header."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, zip_longest

from index.list_headings import heading_at
from index.sentences import sentences
from index.trial import Contact, Criterion, Level, Passage, Section, Site, Span, Trial
from index.view import clean, fold, view

VERSION = "1"
"""Raised when the same trial gives other passages: an older index then says that it is stale."""
PIECE = 900
"""Characters at most in a piece of a long stretch, unless one sentence is longer."""
WHOLE = 1_000
"""Characters at most in a criterion with sub-items that is kept whole; a longer one is its lead-in."""


_LONG_SENTENCE = 40
"""Characters from which a repeated sentence is no mere label."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A stretch that asks to be a passage."""

    level: Level
    section: str
    span: Span
    header: tuple[str | None, ...] = ()
    arm: str | None = None
    field: str | None = None


def passages(trial: Trial) -> tuple[Passage, ...]:
    """The passages of one document's trial, in the order criteria, arms … fields, rest; stable, ids unique.

    Every content character of every section is in a passage; text that a document repeats is in its first one only.
    """
    shelf = _Shelf(trial)
    for draft in chain(_criteria(trial), _arms(trial), _listed(trial), _fields(trial)):
        for piece in _unsaid(trial, draft, shelf.sentences) if draft.level == "intervention" else _pieces(trial, draft):
            shelf.put(piece)
        shelf.cover(draft.span)
    for section in trial.sections:
        for piece in _rest(trial, section, shelf.covered[section.span.document]):
            shelf.put(piece)
    return tuple(shelf.kept.values())


class _Shelf:
    """Passages kept so far, and which characters of each document they hold."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.kept: dict[Span, Passage] = {}
        self.said: set[tuple[str | None, ...]] = set()
        self.sentences: set[str] = set()
        """The longer sentences of the arms, which records print again under the interventions."""
        self.covered = {source.document: bytearray(len(source.text)) for source in trial.sources}

    def cover(self, span: Span) -> None:
        """Marks a stretch as held, or as said elsewhere."""
        self.covered[span.document][span.start : span.end] = b"\x01" * (span.end - span.start)

    def put(self, draft: _Draft) -> None:
        """Keeps a passage unless its stretch or its text is there already."""
        span = draft.span
        self.cover(span)
        text = clean(self.trial.source(span.document), span)
        said = (text, draft.arm if draft.level == "arm" else None, *(draft.header if draft.level == "criterion" else ()))
        if span in self.kept or said in self.said or not re.search(r"\w", text):
            return
        self.said |= {said, (text, None)}
        if draft.level == "arm":
            spans = _sentence_spans(self.trial, span)
            self.sentences |= {clean(self.trial.source(s.document), s) for s in spans if s.end - s.start >= _LONG_SENTENCE}
        header = " · ".join(part for part in (self.trial.title, *draft.header) if part)
        name = f"{span.document}:{span.start}-{span.end}"
        self.kept[span] = Passage(name, self.trial.id, draft.level, draft.section, text, span, header, draft.arm, draft.field)


def _criteria(trial: Trial) -> Iterator[_Draft]:
    first_child: dict[str, Criterion] = {}
    by_id = {criterion.id: criterion for criterion in trial.criteria}
    for criterion in trial.criteria:
        if criterion.parent:
            first_child.setdefault(criterion.parent, criterion)
    for criterion in trial.criteria:
        parent = by_id.get(criterion.parent or "")
        lead = _lead_in(trial, parent, first_child[parent.id]) if parent else None
        above = clean(trial.source(lead.document), lead) if lead else None
        header = (f"{criterion.kind.capitalize()} criteria", criterion.heading, above)
        child = first_child.get(criterion.id)
        span = _lead_in(trial, criterion, child) if child and len(criterion.text) > WHOLE else criterion.span
        if span:
            yield _Draft("criterion", criterion.kind, span, header, field=criterion.id)


def _lead_in(trial: Trial, parent: Criterion, child: Criterion) -> Span | None:
    """The words of a criterion before its first sub-item, without that one's mark; None when it has none."""
    before = trial.source(parent.span.document).text[parent.span.start : child.span.start]
    words = _MARK_AT_END.sub("", before)
    if child.heading and words.rstrip(" :").endswith(child.heading):
        words = words.rstrip(" :").removesuffix(child.heading).rstrip()
    return Span(parent.span.document, parent.span.start, parent.span.start + len(words)) if words else None


_MARK_AT_END = re.compile(r"\s*(?:(?<!\w)[(\[]?\w{1,3}[.)\]]+|[-*•·●○◦–\\])*\s*$")


def _arms(trial: Trial) -> Iterator[_Draft]:
    for arm, following in zip_longest(trial.arms, trial.arms[1:]):
        span = _reach(trial, arm.span, following.span if following else None)
        yield _Draft("arm", "arms", span, (_heading(trial, arm.span), arm.label), arm=arm.label)


def _reach(trial: Trial, span: Span, following: Span | None) -> Span:
    """An arm with what is printed under it: up to the next arm or the end of its section."""
    section = _section_of(trial, span)
    if not section or section.name != "arms":
        return span
    end = section.span.end
    if following and following.document == span.document and span.end <= following.start < end:
        end = following.start
    words = trial.source(span.document).text[span.start : max(end, span.end)].rstrip()
    return Span(span.document, span.start, span.start + len(words))


def _listed(trial: Trial) -> Iterator[_Draft]:
    for intervention in trial.interventions:
        yield _Draft(
            "intervention", "interventions", intervention.span, (_heading(trial, intervention.span), intervention.name)
        )
    for outcome in (*trial.primary_outcomes, *trial.secondary_outcomes, *trial.other_outcomes):
        yield _Draft("outcome", "outcomes", outcome.span, (_heading(trial, outcome.span),))
    for site in trial.sites:
        yield from _site(trial, site)
    for person in (*trial.contacts, *trial.officials):
        yield _contact(trial, person, None)


def _site(trial: Trial, site: Site) -> Iterator[_Draft]:
    yield _Draft("site", "locations", site.span, (_heading(trial, site.span),))
    for person in site.contacts:
        yield _contact(trial, person, site.facility)


def _contact(trial: Trial, person: Contact, place: str | None) -> _Draft:
    return _Draft("contact", _section_name(trial, person.span, "contacts"), person.span, (_heading(trial, person.span), place))


_WHOLE_SECTIONS = frozenset({"criteria", "summary", "description", "results"})
"""Evidence that is a section's whole text: its criteria and sentences are passages of their own."""


def _fields(trial: Trial) -> Iterator[_Draft]:
    for name, spans in trial.evidence.items():
        for span in spans if name not in _WHOLE_SECTIONS else ():
            yield _Draft("field", _section_name(trial, span, "other"), span, (_heading(trial, span),), field=name)


def _section_of(trial: Trial, span: Span) -> Section | None:
    """The innermost section that the span begins in."""
    around = [s for s in trial.sections if s.span.document == span.document and s.span.start <= span.start < s.span.end]
    return min(around, key=lambda s: s.span.end - s.span.start, default=None)


def _section_name(trial: Trial, span: Span, otherwise: str) -> str:
    section = _section_of(trial, span)
    return section.name if section else otherwise


def _heading(trial: Trial, span: Span) -> str | None:
    section = _section_of(trial, span)
    return (section.title or section.name.capitalize()) if section else None


# Pieces of long stretches


def _pieces(trial: Trial, draft: _Draft) -> Iterator[_Draft]:
    """The draft itself, or where it is long, stretches of whole sentences."""
    if draft.span.end - draft.span.start <= (WHOLE if draft.level == "criterion" else PIECE):
        yield draft
        return
    for span in _packed(_sentence_spans(trial, draft.span)):
        yield replace(draft, span=span)


def _unsaid(trial: Trial, draft: _Draft, said: set[str]) -> Iterator[_Draft]:
    """The draft's pieces, or only its first lines where the arms say all the rest of it."""
    spans = _sentence_spans(trial, draft.span)
    long = [span for span in spans if span.end - span.start >= _LONG_SENTENCE]
    if not long or any(clean(trial.source(span.document), span) not in said for span in long):
        yield from _pieces(trial, draft)
    elif draft.span.start < long[0].start:
        before = trial.source(draft.span.document).text[draft.span.start : long[0].start].rstrip()
        yield replace(draft, span=Span(draft.span.document, draft.span.start, draft.span.start + len(before)))


def _runs(spans: Sequence[Span], kept: Sequence[Span]) -> Iterator[list[Span]]:
    """The kept spans in runs of neighbours."""
    wanted = set(kept)
    for is_kept, run in groupby(spans, key=wanted.__contains__):
        if is_kept:
            yield list(run)


def _sentence_spans(trial: Trial, span: Span) -> list[Span]:
    seen = view(trial.source(span.document), span.start, span.end)
    return [seen.span(*stretch) for stretch in sentences(seen.text)]


def _packed(spans: Sequence[Span]) -> Iterator[Span]:
    """Neighbouring sentences joined while they stay within a piece."""
    run: Span | None = None
    for span in spans:
        if run and span.end - run.start <= PIECE:
            run = Span(run.document, run.start, span.end)
            continue
        if run:
            yield run
        run = span
    if run:
        yield run


def _rest(trial: Trial, section: Section, covered: bytearray) -> Iterator[_Draft]:
    """The sentences of a section that no other passage holds, packed where they stand together."""
    spans = _sentence_spans(trial, section.span)
    for run in _runs(spans, [span for span in spans if _says_more(trial, span, covered)]):
        for piece in _packed(run):
            yield _Draft("section", section.name, piece, (section.title or section.name.capitalize(),))


_MARKS = re.compile(r"(?:[\W_]|(?<!\w)[IE]?\w{1,3}[.):])*")


def _says_more(trial: Trial, span: Span, covered: bytearray) -> bool:
    """Whether the stretch has words, more than list marks and list headings, that no passage holds yet."""
    text = trial.source(span.document).text
    for run in re.finditer(rb"\x00+", covered[span.start : span.end]):
        start, end = span.start + run.start(), span.start + run.end()
        words = fold(text[start:end])
        heading = heading_at(words, 0, len(words))
        if not _MARKS.fullmatch(words) and not (heading and heading.end >= len(words)):
            return True
    return False
