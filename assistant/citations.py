"""Citations made from spans and checked against the documents: what is shown quotes its document exactly, or it is not shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from assistant.reply import Citation, Finding, Reply
from index.trial import Source, Span, Trial


def cite(trial: Trial, span: Span, section: str) -> Citation:
    """A citation of one span of the trial's documents. Raises ValueError or KeyError for a span that is not theirs."""
    source = trial.source(span.document)
    return Citation(trial.id, span.document, section, span.start, span.end, source.quote(span), source.page(span))


def section_at(trial: Trial, span: Span) -> str:
    """The name of the part that a span stands in: "inclusion" or "exclusion" for a criterion, else its section's, else "other"."""
    listed = next((c.kind for c in trial.criteria if _covers(c.span, span) or _covers(span, c.span)), None)
    return listed or next((one.name for one in trial.sections if _covers(one.span, span)), "other")


def _covers(wide: Span, narrow: Span) -> bool:
    return wide.document == narrow.document and wide.start <= narrow.start and narrow.end <= wide.end


@dataclass
class Citations:
    """The citations of one reply, each once, in the order of their first use."""

    collected: list[Citation] = field(default_factory=list)

    def add(self, trial: Trial, span: Span, section: str) -> int:
        """The index of the citation of that span, added when it is new."""
        for index, citation in enumerate(self.collected):
            if (citation.document, citation.start, citation.end) == (span.document, span.start, span.end):
                return index
        self.collected.append(cite(trial, span, section))
        return len(self.collected) - 1


def holds(citation: Citation, source: Source) -> bool:
    """Whether the citation quotes that document exactly."""
    return citation.document == source.document and source.text[citation.start : citation.end] == citation.quote != ""


def broken(reply: Reply, sources: Iterable[Source]) -> tuple[Citation, ...]:
    """The reply's citations that quote none of the given documents: empty, always, for a reply that may be shown."""
    documents = {source.document: source for source in sources}
    return tuple(c for c in reply.citations if c.document not in documents or not holds(c, documents[c.document]))


def without(reply: Reply, bad: Iterable[Citation]) -> Reply:
    """The reply without those citations and without the sentences and findings that rest on them."""
    dropped = {reply.citations.index(citation) for citation in bad}
    if not dropped:
        return reply
    kept = [index for index in range(len(reply.citations)) if index not in dropped]
    moved = {old: new for new, old in enumerate(kept)}
    sentences = [
        replace(s, citations=tuple(moved[i] for i in s.citations)) for s in reply.sentences if not dropped & set(s.citations)
    ]
    findings = [
        Finding(f.kind, f.text, tuple(moved[i] for i in f.citations)) for f in reply.findings if not dropped & set(f.citations)
    ]
    citations = tuple(reply.citations[index] for index in kept)
    return replace(reply, sentences=tuple(sentences), findings=tuple(findings), citations=citations)
