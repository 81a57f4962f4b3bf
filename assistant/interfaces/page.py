"""The page's HTML, as pure functions: all that comes from a document, a question or a trial is escaped here, once."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote as url_quote

from assistant.audit.audited import Audit
from assistant.audit.finding import Found
from assistant.interfaces import render, verdicts
from assistant.reply import Citation, Draft, Reply, Sentence
from index.trial import Contact, Criterion, Kind, Site, Source, Trial

READER_WINDOW = 40_000
"""Characters of a document shown on each side of a passage; the rest is one link away."""
ROWS = 1_000
"""Trials listed on the page."""


@dataclass(frozen=True)
class Turn:
    """One question and what came of it: a reply, a fault in words, or neither yet."""

    question: str
    reply: Reply | None = None
    fault: str | None = None


def text(value: str) -> str:
    """Words from outside as HTML text or attribute value: never markup, nothing that reorders what is read."""
    return escape(render.plain(value), quote=True)


def header(model: str | None = None) -> str:
    """Name, purpose, the line that is always in sight, and the place where screen readers hear answers. `model`: who else reads along."""
    sent = f'<p class="sent">What you write goes to the chat model {text(model)}.</p>' if model else ""
    return (
        '<header class="masthead"><div><h1>Eligibility Assistant</h1>'
        "<p>Ask what a clinical-trial document says. Every answer shows the passages it stands on.</p></div>"
        '<p class="promise">We explain what the documents say; the study team decides.</p></header>'
        f"{sent}"
        '<div id="announcer" class="unseen" role="status" aria-live="polite"></div>'
    )


def conversation(turns: Sequence[Turn], examples: Sequence[str]) -> str:
    """The turns so far, or, before the first, questions to begin with."""
    if not turns:
        return _welcome(examples)
    return "".join(_turn(number, turn) for number, turn in enumerate(turns))


def _welcome(examples: Sequence[str]) -> str:
    if not examples:
        return (
            '<div class="welcome"><h2>No trials yet</h2><p>Nothing is indexed. In a terminal, run '
            "<code>eligibility index PATH</code> with your documents, then load this page again.</p></div>"
        )
    buttons = "".join(f'<li><button type="button" data-question="{text(one)}">{text(one)}</button></li>' for one in examples)
    return (
        '<div class="welcome"><h2>What would you like to know?</h2>'
        f'<p>Ask in your own words, or start with one of these:</p><ul class="examples">{buttons}</ul></div>'
    )


def examples_for(trials: Sequence[Trial], most: int = 4) -> list[str]:
    """Questions that the indexed trials can be asked, each about another trial as far as there are enough."""
    asks = ("Who can join {}?", "Is {} recruiting?", "What treatment is given in {}?", "Where does {} take place?")
    return [ask.format(trials[number % len(trials)].id) for number, ask in enumerate(asks[:most])] if trials else []


def _turn(number: int, turn: Turn) -> str:
    asked = f'<h3 class="asked">{text(turn.question)}</h3>'
    return f'<article class="turn" aria-label="Question {number + 1}">{asked}{_said(number, turn)}</article>'


def _said(number: int, turn: Turn) -> str:
    if turn.fault is not None:
        return f'<div class="answer fault"><p class="label">This did not work</p><p>{text(turn.fault)}</p></div>'
    if turn.reply is None:
        return '<div class="answer pending"><p>Looking in the documents …</p></div>'
    return _going(turn.reply) if isinstance(turn.reply, Draft) else _answer(number, turn.reply)


def _going(reply: Draft) -> str:
    """What of an answer may be shown while it is written; its passages open when it is whole."""
    said = "".join(f"<p>{text(one.text)}</p>" for one in reply.sentences)
    return f'<div class="answer {reply.kind}">{_label(reply)}<div class="spoken going">{said}<p class="more">…</p></div></div>'


def _answer(number: int, reply: Reply) -> str:
    parts = (
        _label(reply),
        '<div class="spoken">',
        *(_sentence(number, at, sentence, reply) for at, sentence in enumerate(reply.sentences)),
        *(
            f'<p class="note">{text(finding.text)}{_marks(number, finding.citations, reply.citations)}</p>'
            for finding in reply.findings
        ),
        f'<p class="next">{text(reply.next_question)}</p>' if reply.next_question else "",
        "</div>",
        _held(number, reply),
        _about(reply),
        _passages(number, reply.citations),
    )
    return f'<div class="answer {reply.kind}">{"".join(parts)}</div>'


def _held(number: int, reply: Reply) -> str:
    """The table of a patient against every criterion, where the reply carries one; a line that is cited opens its passage."""
    if reply.assessment is None:
        return ""
    places = {(one.document, one.start, one.end): at for at, one in enumerate(reply.citations)}

    def target(_: int, line: Mapping[str, Any]) -> str | None:
        cited = line["citation"]
        at = places.get((cited["document"], cited["start"], cited["end"]))
        return None if at is None else _target(number, at)

    return f'<div class="held">{_lines(reply.assessment, target)}</div>'


def told(facts: Sequence[Mapping[str, Any]], place: str) -> str:
    """What is held of the patient, each in the person's own words with how it was read, its message and a button that removes it.

    `place`: "side" stands open beside the conversation, "here" folds up above the place to write.
    """
    count = f" ({len(facts)})" if facts else ""
    heading = f'<h2 id="told-{place}-head" tabindex="-1">What you told me{count}</h2>'
    if not facts:
        return f'<section class="told empty">{heading}<p>Nothing yet. Facts about you stay on this machine.</p></section>'
    items = "".join(_told(fact) for fact in facts)
    body = (
        f'<ul aria-labelledby="told-{place}-head">{items}</ul>'
        '<p class="after">Removing changes the answers to come, not those above. To correct something, just say it again.</p>'
        '<button type="button" class="forget all" data-forget="0">Forget all</button>'
    )
    if place == "here":
        return f'<details class="told"><summary>{heading}</summary>{body}</details>'
    return f'<section class="told">{heading}{body}</section>'


def _told(fact: Mapping[str, Any]) -> str:
    words = text(str(fact["words"]))
    return (
        f'<li><q>{words}</q><span class="read">Read as: {text(str(fact["read"]))}</span>'
        f'<span class="message">Message {fact["turn"]}</span>'
        f'<button type="button" class="forget" data-forget="{fact["number"]}" aria-label="Remove: {words}">Remove</button></li>'
    )


def no_check() -> str:
    """What stands where a check's result comes."""
    return (
        '<div class="welcome"><h2>No check yet</h2><p>Choose a trial, paste what is known of the patient and press Check. '
        "The text stays on this machine and is not kept.</p></div>"
    )


def check_fault(reason: str) -> str:
    """What stands there when a check did not work."""
    return f'<div class="answer fault"><p class="label">This did not work</p><p>{text(reason)}</p></div>'


def checking() -> str:
    """What stands there while a check runs."""
    return '<div class="answer pending"><p>Reading the note and the criteria …</p></div>'


def assessment(document: Mapping[str, Any], request: Mapping[str, Any] | None = None) -> str:
    """A patient against every criterion of a trial: what comes of it, what is open, then a table for each list.

    `request`: what was asked, for the sheet that can be had of it.
    """
    question = document["next_question"]
    asked = f"To ask next: {question['text']} {verdicts.settles(question)}" if question else ""
    notes = [*(one["text"] for one in document["findings"]), *(f"Not used: {one}" for one in document["problems"])]
    parts = (
        f'<h2 class="overall {text(document["overall"])}" tabindex="-1">{text(verdicts.overall(document))}</h2>',
        f'<p class="about"><span class="chip">{text(document["trial"])}</span>'
        f"<span>{text(verdicts.coverage(document))}</span></p>",
        *(f'<p class="note">{text(note)}</p>' for note in notes),
        f'<p class="next">{text(asked)}</p>' if asked else "",
        _sheets(request) if request else "",
        _decisive(document),
        _lines(document, lambda at, _: f'data-line="{at}"', linked=True),
        f'<p class="reminder">{text(verdicts.LEGEND)} {text(verdicts.REMINDER)}</p>',
    )
    return f'<section class="answer check" aria-label="Result of the check">{"".join(parts)}</section>'


def _sheets(request: Mapping[str, Any]) -> str:
    """Buttons for the hand-off sheet of this very check; the browser asks this machine for it."""
    buttons = "".join(
        f'<button type="button" class="sheet" data-form="{form}">{name}</button>'
        for form, name in (("pdf", "PDF"), ("html", "Web page"))
    )
    return f'<p class="sheets" data-request="{text(json.dumps(request))}">Sheet for the study site, to print or save: {buttons}</p>'


def _decisive(document: Mapping[str, Any]) -> str:
    """The lines that decide, ahead of the tables, each a link to its row."""
    items = "".join(
        f'<li class="{text(one["status"])}"><a href="#{_row_id(one)}">{_standing(one)}: {text(verdicts.line_id(one))}</a> '
        f"{text(verdicts.short(one['text']))}</li>"
        for one in verdicts.deciding(document)
    )
    return f'<h3 class="from">What decides</h3><ul class="decisive">{items}</ul>' if items else ""


def _standing(line: Mapping[str, Any]) -> str:
    """A status as symbol and word; the symbol is not read out."""
    look = verdicts.STATUSES[line["status"]]
    return f'<span aria-hidden="true">{look.symbol}</span> {look.words}'


def _row_id(line: Mapping[str, Any]) -> str:
    return text(f"line-{verdicts.line_id(line).replace(' ', '-')}")


def _lines(document: Mapping[str, Any], target: Callable[[int, Mapping[str, Any]], str | None], *, linked: bool = False) -> str:
    """A table for each list of criteria. `target`: the attributes that say which passage a line opens; `linked`: rows have ids."""
    numbered = list(enumerate(document["criteria"]))
    tables = (
        _line_table(title, "".join(_line(one, target(at, one), linked) for at, one in numbered if one["kind"] == kind))
        for kind, title in verdicts.KINDS.items()
    )
    return "".join(tables)


def _line_table(title: str, rows: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Status", "Criterion", "Why"))
    table = f'<table class="lines"><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return table if rows else ""


def _line(line: Mapping[str, Any], target: str | None, linked: bool) -> str:
    anchor = f' id="{_row_id(line)}" tabindex="-1"' if linked else ""
    assumed = f'<span class="assumed">{verdicts.ASSUMED}</span>' if line["assumed"] else ""
    words, number = text(line["text"]), text(verdicts.short_id(line))
    named = f'aria-label="Criterion {text(verdicts.line_id(line))}: open it in its document"'
    shown = f'<button type="button" class="cite" {target} {named}>{number}</button>' if target else f"<b>{number}</b>"
    why = "".join(
        f'<p class="{"told" if name else "reason"}">{f"<b>{name}:</b> " if name else ""}{text(value)}</p>'
        for name, value in verdicts.remarks(line)
    )
    return (
        f'<tr class="{text(line["status"])}"{anchor}><td data-name="Status" class="status">{_standing(line)}{assumed}</td>'
        f'<th scope="row">{shown} {words}</th><td data-name="Why">{why}</td></tr>'
    )


def _label(reply: Reply) -> str:
    if label := render.KINDS[reply.kind]:
        return f'<p class="label">{label}</p>'
    verdict = render.VERDICTS.get(reply.verdict or "")
    return (
        f'<p class="label"><strong class="{reply.verdict}">{verdict}</strong> to the question as asked</p>' if verdict else ""
    )


def _sentence(number: int, at: int, sentence: Sentence, reply: Reply) -> str:
    return f"<p>{_with_terms(number, at, sentence.text, reply)}{_marks(number, sentence.citations, reply.citations)}</p>"


def _with_terms(turn: int, at: int, words: str, reply: Reply) -> str:
    """A sentence's words; a term that it is the first to use opens its explanation on hover, focus and touch."""
    before = " ".join(sentence.text for sentence in reply.sentences[:at])
    wanted = ((n, one, re.compile(rf"(?<![\w-]){re.escape(one.term)}(?![\w-])")) for n, one in enumerate(reply.glossary))
    places = {found.start(): (n, one) for n, one, term in wanted if (found := term.search(words)) and not term.search(before)}
    parts: list[str] = []
    end = 0
    for start, (n, one) in sorted(places.items()):
        tip = f"term-{turn}-{n}"
        parts += [
            text(words[end:start]),
            f'<span class="gloss"><button type="button" class="term" aria-expanded="false" aria-describedby="{tip}">{text(one.term)}'
            f'</button><span class="tip" role="tooltip" id="{tip}">{text(one.explanation)}</span></span>',
        ]
        end = start + len(one.term)
    return "".join([*parts, text(words[end:])])


def _marks(turn: int, indices: Iterable[int], citations: Sequence[Citation]) -> str:
    return "".join(
        f' <button type="button" class="cite" {_target(turn, index)} '
        f'aria-label="Passage {index + 1}, {text(citations[index].document)}: open it in its document">{index + 1}</button>'
        for index in indices
    )


def _target(turn: int, index: int) -> str:
    return f'data-turn="{turn}" data-citation="{index}"'


def _about(reply: Reply) -> str:
    trials = "".join(f'<span class="chip">{text(trial)}</span>' for trial in reply.trials)
    date = f"<span>Data as of {text(reply.as_of)}</span>" if reply.as_of else ""
    return f'<p class="about">{trials}{date}</p>' if trials or date else ""


def _passages(turn: int, citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    items = "".join(_passage(turn, index, citation) for index, citation in enumerate(citations))
    return f'<h4 class="from">From the documents</h4><ol class="passages">{items}</ol>'


def _passage(turn: int, index: int, citation: Citation) -> str:
    return (
        f'<li><button type="button" class="passage" {_target(turn, index)}>'
        f'<span class="where"><span class="number">{index + 1}</span>{_where(citation)}</span>'
        f'<span class="quote">{text(citation.quote)}</span></button></li>'
    )


def _where(citation: Citation) -> str:
    page = f" · page {citation.page}" if citation.page else ""
    return f"<span>{text(citation.document)} · {text(citation.section)}{page}</span>"


ASK_FIRST = "Ask a question. The passage that carries the answer is shown here, highlighted in its document."
CHECK_FIRST = "Press the number of a criterion. It is shown here, highlighted in its document."


def empty_reader(hint: str = ASK_FIRST) -> str:
    """The reader before anything was opened; `hint`: how to open something."""
    return f'<div class="reader empty"><h2>The document</h2><p>{text(hint)}</p></div>'


def unreadable(reason: str) -> str:
    """What stands in place of a document or trial that can't be shown."""
    return f'<div class="reader empty"><h2>This can’t be shown</h2><p>{text(reason)}</p></div>'


def reader(citation: Citation, source: Source, number: int, *, chosen: bool) -> str:
    """The document with the passage highlighted; `chosen` when a person asked for it, so that the page goes there."""
    start, end = max(0, citation.start - READER_WINDOW), min(len(source.text), citation.end + READER_WINDOW)
    link = f"/api/documents/{url_quote(source.document)}"
    cut = f'<p class="cut">The document goes on; <a href="{link}" target="_blank" rel="noopener">read all of it</a>.</p>'
    return (
        f'<div class="reader" data-chosen="{str(chosen).lower()}">'
        f'<div class="reader-head"><h2><span class="number">{number}</span>{_where(citation)}</h2>'
        '<button type="button" class="back">Back to the answer</button></div>'
        f'<div class="document" tabindex="0" role="region" aria-label="Text of {text(source.document)}, passage {number} highlighted">'
        f"{cut if start > 0 else ''}"
        f'<div class="words">{text(source.text[start : citation.start])}'
        f'<mark tabindex="-1">{text(source.text[citation.start : citation.end])}</mark>'
        f"{text(source.text[citation.end : end])}</div>"
        f"{cut if end < len(source.text) else ''}</div></div>"
    )


def trial_list(trials: Sequence[Trial]) -> str:
    """The trials in the index: title, status with its date, documents, number of criteria."""
    if not trials:
        return _welcome(())
    more = f"<p>The first {ROWS:,} of {len(trials):,} trials.</p>" if len(trials) > ROWS else ""
    rows = "".join(_trial_row(trial) for trial in trials[:ROWS])
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Trial", "Status", "Documents", "Criteria"))
    table = f'<table class="trials"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<h2 class="unseen">Trials in the index</h2>{more}{table}'


def _trial_row(trial: Trial) -> str:
    name = trial.title or trial.official_title or trial.id
    documents = "<br>".join(text(source.document) for source in trial.sources)
    return (
        f'<tr><th scope="row"><button type="button" data-trial="{text(trial.id)}">{text(name)}</button>'
        f'<span class="id">{text(trial.id)}</span></th>'
        f'<td data-name="Status">{text(render.standing(trial.status, trial.as_of))}</td>'
        f'<td data-name="Documents">{documents}</td><td data-name="Criteria" class="count">{len(trial.leaves)}</td></tr>'
    )


def trial_page(trial: Trial, read: Mapping[str, str] | None = None, audited: Audit | None = None) -> str:
    """One trial: its fields, what is wrong with its documents, criteria, arms, sites, contacts and documents.

    `read`: what a criterion is read as, in words, by its id.
    """
    name = text(trial.title or trial.official_title or trial.id)
    fields = "".join(f"<dt>{field}</dt><dd>{text(value)}</dd>" for field, value in render.field_rows(trial))
    parts = (
        f'<section class="trial" aria-labelledby="opened"><h2 id="opened" tabindex="-1">{name}</h2><dl>{fields}</dl>',
        f'<details class="faq" data-faq="{text(trial.id)}"><summary>What people ask first, answered</summary></details>',
        _audit(audited) if audited else "",
        *(_criteria(trial, kind, read or {}) for kind in ("inclusion", "exclusion")),
        _list("Arms", (_entry(arm.label, arm.type and render.words(arm.type), arm.description) for arm in trial.arms)),
        _list("Primary outcomes", (_entry(one.measure, one.time_frame) for one in trial.primary_outcomes)),
        _list("Secondary outcomes", (_entry(one.measure, one.time_frame) for one in trial.secondary_outcomes)),
        _list("Sites", (_site(site) for site in trial.sites)),
        _list("Contacts", (_contact(contact) for contact in (*trial.contacts, *trial.officials))),
        _list("Documents", (_document(source) for source in trial.sources)),
        "</section>",
    )
    return "".join(parts)


def _audit(audited: Audit) -> str:
    """What is found in the documents, each over the words that show it, and what they ask for, field by field."""
    rows = "".join(f"<dt>{text(name)}</dt><dd>{text(words)}</dd>" for name, words in render.extracted_rows(audited))
    asked = f"<h3>What the record asks for</h3><dl>{rows}</dl>" if rows else ""
    return _list("Found in the documents", (_finding(audited, one) for one in audited.findings)) + asked


def _finding(audited: Audit, one: Found) -> str:
    quotes = "".join(f'<p class="read">{text(quote)}</p>' for quote in render.finding_quotes(audited, one))
    return f"{text(render.finding_words(one))}{quotes}"


def _criteria(trial: Trial, kind: Kind, read: Mapping[str, str]) -> str:
    items = "".join(_criterion(trial, criterion, read) for criterion in trial.of_kind(kind))
    body = f'<ol class="criteria">{items}</ol>' if items else "<p>None in the documents.</p>"
    return f"<h3>{kind.capitalize()} criteria</h3>{body}"


def _criterion(trial: Trial, criterion: Criterion, read: Mapping[str, str]) -> str:
    below = "".join(_criterion(trial, child, read) for child in trial.criteria if child.parent == criterion.id)
    number = criterion.id.rpartition("/")[2]
    nested = f"<ol>{below}</ol>" if below else ""
    words = read.get(criterion.id)
    beneath = f'<p class="read">Read as: {text(words)}</p>' if words else ""
    return f'<li><span class="id">{text(number)}</span><div>{text(criterion.text)}{beneath}{nested}</div></li>'


def _list(name: str, entries: Iterable[str]) -> str:
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    return f'<h3>{name}</h3><ul class="entries">{items}</ul>' if items else ""


def _entry(name: str, *details: str | None) -> str:
    said = " · ".join(text(detail) for detail in details if detail)
    return f"<strong>{text(name)}</strong>" + (f"<span>{said}</span>" if said else "")


def _site(site: Site) -> str:
    place = ", ".join(filter(None, (site.city, site.state, site.country)))
    status = site.status and render.words(site.status)
    return _entry(site.facility, place, status) if site.facility else _entry(place or "Unnamed site", status)


def _contact(contact: Contact) -> str:
    return _entry(contact.name, contact.role and render.words(contact.role), contact.phone, contact.email, contact.affiliation)


def _document(source: Source) -> str:
    date = f"as of {source.as_of}" if source.as_of else "date not given"
    link = f'<a href="/api/documents/{url_quote(source.document)}" target="_blank" rel="noopener">{text(source.document)}</a>'
    return f"{link}<span>{text(source.format)} · {text(date)}</span>"
