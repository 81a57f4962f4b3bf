"""Questions about several documents of one trial ("which page says so?", "where do they disagree?"), answered with each one's words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from textwrap import shorten
from typing import Final

from assistant.audit.audited import Audit
from assistant.audit.documents.comparison import Compared
from assistant.audit.documents.witnesses import Witness, witnesses
from assistant.audit.finding import Found
from assistant.citations import Citations, section_at
from assistant.reply import Citation, Finding, Reply, Sentence, Verdict
from assistant.voices import sentence
from index.scope import without_names
from index.sentences import sentences
from index.trial import Span, Trial
from index.view import fold, view
from index.words import GENERIC, STOPWORDS, stem, stems

_PAGE: Final = r"(?:pages?|documents?|sources?|versions?|copies|copy|listings?|websites?)"
_THIRD: Final = r"(?:third[- ]party|oncomatch|extract(?:ed|ion)|ai[- ]generated)"
ASKS: Final = (
    rf"\bone of the {_PAGE}\b|\b(?:both|two|which|either|each|the other|different|all) (?:of the )?(?:\w+ )?{_PAGE}\b"
    rf"|\b{_PAGE}\b[^.?!]*\b(?:disagree|differ|agree|the same|at odds)\b"
    rf"|\b(?:differences?|discrepanc(?:y|ies)) between (?:the |both |these )?(?:two )?{_PAGE}\b"
    rf"|\b(?:only|just) (?:on |in )?the (?:{_THIRD}|record|registry)\b"
    rf"|\b{_THIRD} {_PAGE}\b[^.?!]*\b(?:leave|left|omit|lack|drop|los[et]|miss|add|change|alter|differ|wrong|say)"
)
"""How a question about the pages of a trial is put."""
KINDS: Final = frozenset({"disagreement", "only_here"})
_OF_ASKING: Final = frozenset(
    stem(word)
    for word in (
        "page document source version copy listing website third party oncomatch extracted extraction record registry disagree differ "
        "difference discrepancy agree same odds two only so say says thing something state mention leave left drop lose lost miss "
        "anything everything nothing whatever add added change changed alter wrong text rule limit different other between ai generated "
        "believe trust rely count right correct reliable official should omit lack"
    ).split()
)
"""Words of such a question that name nothing that is asked about."""
_MOST: Final = 8
_LONGEST: Final = 300
_TELLING: Final = 15
"""Characters of a quote that another sentence has not by chance."""
_SAME: Final = re.compile(r"\b(?:the same|agree|consistent|match(?:es)?|identical)\b", re.IGNORECASE)
_OTHER: Final = re.compile(r"\b(?:disagree|differ\w*|conflict\w*|at odds|discrepanc\w+)\b", re.IGNORECASE)
_OPEN: Final = re.compile(r"^\W*(?:and |so |but )?(?:what|where|which|how|why|list|show|name)\b", re.IGNORECASE)
_ONLY_THIRD: Final = re.compile(rf"\bonly (?:on |in )?the {_THIRD}\b", re.IGNORECASE)
_ONLY_RECORD: Final = re.compile(r"\bonly (?:on |in )?the (?:record|registry)\b", re.IGNORECASE)
_LEFT_OUT: Final = re.compile(rf"\b{_THIRD} {_PAGE}\b[^.?!]*\b(?:leave|left|omit|lack|drop|los[et]|miss)", re.IGNORECASE)
"""What the third party's page has not of the record."""


def of_the_pages(question: str, audited: Audit, reply: Reply) -> Reply:
    """What the documents of a trial say differently, all of it or on what is asked about; else what each of them says of that."""
    said = witnesses(audited.record.documents)
    trial = audited.record.trial
    if len(said) < 2:
        return Reply("not_stated", (sentence("pages-one"),), (), None, (trial.id,), as_of=reply.as_of)
    topic = frozenset(stems(without_names(question), drop=STOPWORDS | GENERIC)) - _OF_ASKING
    found = [
        one for one in audited.findings if one.kind in KINDS and _on_side(one, question, said) and _fits(one, topic, trial)
    ]
    if found:
        return _told(question, found[:_MOST], audited, reply)
    row = next((row for row in audited.comparison if topic and frozenset(stems(row.field.replace("_", " "))) <= topic), None)
    spans = [(one, _spans(one, row, topic)) for one in said]
    return _each(question, [(one, span) for one, span in spans if span], row, topic, audited, reply)


def _on_side(found: Found, question: str, said: Sequence[Witness]) -> bool:
    """Whether a finding is of the side that the question names, where it names one."""
    documents = {span.document for span in found.spans}
    third_party = {one.document for one in said if one.is_third_party}
    if _LEFT_OUT.search(question):
        return found.kind == "only_here" and not documents <= third_party
    for asks, third in ((_ONLY_THIRD, True), (_ONLY_RECORD, False)):
        if asks.search(question):
            return documents <= {one.document for one in said if one.is_third_party == third}
    return True


def _fits(found: Found, topic: frozenset[str], trial: Trial) -> bool:
    """Whether a finding is about all that is asked of."""
    words = frozenset(stems(" ".join([found.text, *(trial.quote(span) for span in found.spans)])))
    return topic <= words


def _told(question: str, found: Sequence[Found], audited: Audit, reply: Reply) -> Reply:
    trial, citations = audited.record.trial, Citations()
    told, findings = list[Sentence](), list[Finding]()
    for one in found:
        at = tuple(citations.add(trial, span, section_at(trial, span)) for span in (*one.spans, *_lacking(one, audited)))
        findings.append(Finding(one.kind, one.text, at))
        told.append(Sentence(one.text, at))
    reading = next((one.reading for one in found if one.reading), None)
    told += [sentence("audit-reading", (), reading=reading)] if reading else []
    verdict: Verdict | None = None
    if not _OPEN.search(question):
        alone = _ONLY_THIRD.search(question) or _ONLY_RECORD.search(question)
        verdict = "no" if _SAME.search(question) else "yes" if alone or _OTHER.search(question) else None
    return Reply(
        "answer", tuple(told), tuple(citations.collected), verdict, (trial.id,), findings=tuple(findings), as_of=reply.as_of
    )


def _lacking(found: Found, audited: Audit) -> tuple[Span, ...]:
    """The list of criteria that lacks what one document alone says: from its first line to its last."""
    documents = {span.document for span in found.spans}
    lines = [criterion.span for one in audited.record.documents for criterion in one.criteria]
    if not any(
        line.document == span.document and line.start <= span.start < line.end for span in found.spans for line in lines
    ):
        return ()
    spans = [
        Span(each.document, min(c.span.start for c in each.trial.criteria), max(c.span.end for c in each.trial.criteria))
        for each in witnesses(audited.record.documents)
        if each.trial.criteria and each.document not in documents
    ]
    return tuple(spans[:1]) if len(documents) == 1 else ()


def _spans(one: Witness, row: Compared | None, topic: frozenset[str]) -> tuple[Span, ...]:
    """Where a document speaks of what is asked about: the field, else a criterion, else any sentence with all of its words."""
    stated = row.by(one.document) if row else None
    if stated:
        return stated.spans[:1]
    lines = tuple(line.span for line in one.trial.leaves if topic and topic <= frozenset(stems(line.text)))
    return lines[:2] or tuple(islice(_sentences(one.trial, topic), 2))


def _sentences(document: Trial, topic: frozenset[str]) -> Iterator[Span]:
    """The sentences of a document with all of these words; none for no words."""
    for section in document.sections if topic else ():
        text = view(document.source(section.span.document), section.span.start, section.span.end)
        for start, end in sentences(text.text):
            if topic <= frozenset(stems(text.text[start:end])):
                yield text.span(start, end)


def _each(
    question: str,
    said: Sequence[tuple[Witness, tuple[Span, ...]]],
    row: Compared | None,
    topic: frozenset[str],
    audited: Audit,
    reply: Reply,
) -> Reply:
    """What each document says of one thing on which none of the checks found a difference."""
    trial, citations = audited.record.trial, Citations()
    lines: list[Sentence] = []
    for one, spans in said:
        at = tuple(citations.add(trial, span, section_at(trial, span)) for span in spans)
        words = "; ".join(f"“{_short(trial.quote(span))}”" for span in spans)
        lines.append(Sentence(f"The {one.called} says {words}.", at))
    verdict: Verdict | None = None
    if len(said) > 1 and row is not None and row.verdict == "agree" and not _OPEN.search(question):
        verdict = "yes" if _SAME.search(question) else "no" if _OTHER.search(question) else None
    first = [] if said else [sentence("pages-neither" if topic else "pages-none")]
    return Reply("answer", (*first, *lines), tuple(citations.collected), verdict, (trial.id,), as_of=reply.as_of)


def _short(text: str) -> str:
    return shorten(" ".join(text.split()), _LONGEST, placeholder=" …")


def borne_out(reply: Reply, audited: Audit) -> Reply:
    """The reply with what was found of third-party words that it cites: that the record lacks them, or says something else."""
    third = {one.document for one in witnesses(audited.record.documents) if one.is_third_party}
    told = {finding.text for finding in reply.findings}
    cited = [one for one in reply.citations if one.document in third]
    found = [
        one
        for one in audited.findings
        if one.kind in KINDS
        and one.text not in told
        and any(
            _overlaps(span, cited) or _is_said(audited.record.trial, span, reply)
            for span in one.spans
            if span.document in third
        )
    ]
    citations = Citations(list(reply.citations))
    trial = audited.record.trial
    findings = [
        Finding(one.kind, one.text, tuple(citations.add(trial, span, section_at(trial, span)) for span in one.spans))
        for one in found
    ]
    return replace(reply, findings=(*reply.findings, *findings), citations=tuple(citations.collected)) if findings else reply


def _is_said(trial: Trial, span: Span, reply: Reply) -> bool:
    """Whether the reply's first sentence has the words of that stretch."""
    words = fold(trial.quote(span))
    return len(words) >= _TELLING and words in fold(reply.sentences[0].text)


def _overlaps(span: Span, cited: Iterable[Citation]) -> bool:
    """Whether a citation is of that stretch, not of a long passage that holds it among others."""
    return any(
        one.document == span.document and 2 * (min(one.end, span.end) - max(one.start, span.start)) >= one.end - one.start
        for one in cited
    )
