"""What people see in a terminal: pure functions from replies, trials and hits to rich renderables."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from assistant.audit.audited import Audit
from assistant.audit.finding import Found
from assistant.reply import Citation, Reply, Sentence, with_marks
from index.trial import Criterion, Hit, Source, Span, Trial

REMINDER = "This explains what the documents say; the study team decides."
KINDS: Mapping[str, str] = {
    "answer": "",
    "not_stated": "The documents do not say",
    "clarify": "A question back",
    "declined": "Not something the documents can answer",
    "emergency": "Get help now",
}
"""What stands above a reply of each kind."""
VERDICTS: Mapping[str, str] = {"yes": "Yes", "no": "No", "depends": "It depends"}
"""Said of the question as asked, never of a person's eligibility."""

_STEERING = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, bidirectional marks and overrides, tag characters (text that nobody sees), lone surrogates."""
_SHOWN = 300
"""Characters of a passage shown under a finding."""
_BLANK_LINES = re.compile(r"\n\s*\n")
_STYLES: Mapping[str, str] = {"emergency": "bold red", "declined": "yellow", "clarify": "cyan", "not_stated": "yellow"}
_OUTCOME_STYLES: Mapping[str, str] = {"failed": "red", "skipped": "yellow", "added": "green", "replaced": "green"}


def plain(text: str) -> str:
    """The text without characters that steer a terminal or reorder what is read; a document may carry any."""
    return _STEERING.sub("\ufffd", text.replace("\r\n", "\n").expandtabs(4))


def words(value: str) -> str:
    """An enumerated value as people write it: "ACTIVE_NOT_RECRUITING" → "Active not recruiting", "PHASE3" → "Phase 3"."""
    return "Not applicable" if value == "NA" else re.sub(r"PHASE(?=\d)", "PHASE ", value).replace("_", " ").capitalize()


def standing(status: str | None, as_of: str | None) -> str:
    """A status with its date: "Recruiting, as of 2025-11-19"."""
    if not status:
        return "Status not given"
    return f"{words(status)}, as of {as_of}" if as_of else f"{words(status)}, date not given"


def reply(said: Reply) -> RenderableType:
    """An answer: what is said with its [n], the passages that carry it, findings, the date of the data, the reminder."""
    return Group(*label(said), *(Text(marked(one)) for one in said.sentences), closing(said))


def asked(question: str, said: Reply) -> RenderableType:
    """A question over its answer, its passages in short below."""
    cited = [Text(f"    [{n}] {_short(one.quote)}", style="dim") for n, one in enumerate(said.citations, 1)]
    return Group(
        Text(plain(question), style="bold cyan"), *label(said), *(Text(marked(one)) for one in said.sentences), *cited, Text("")
    )


def _short(quote: str) -> str:
    words = " ".join(plain(quote).split())
    return f"“{words[:_SHOWN]}…”" if len(words) > _SHOWN else f"“{words}”"


def label(said: Reply) -> list[Text]:
    """What stands above an answer."""
    verdict = VERDICTS.get(said.verdict or "", "")
    words = KINDS[said.kind] or (f"{verdict} (to the question as asked)" if verdict else "")
    return [Text(words, style=_STYLES.get(said.kind, "bold"))] if words else []


def marked(sentence: Sentence) -> str:
    """A sentence as it is read, with its [n]."""
    return plain(with_marks(sentence))


def closing(said: Reply) -> RenderableType:
    """What stands below an answer."""
    parts: list[RenderableType] = [Text(f"Note: {plain(finding.text)}", style="yellow") for finding in said.findings]
    parts += [Text(plain(f"{one.term}: {one.explanation}"), style="italic") for one in said.glossary]
    if said.next_question:
        parts.append(Text(plain(said.next_question), style="cyan"))
    if said.citations:
        parts += [Text(""), Text("Passages", style="bold"), *passages(said.citations)]
    return Group(*parts, Text(""), Text(_footer(said), style="dim"))


def _footer(said: Reply) -> str:
    scope = f"About {', '.join(plain(trial) for trial in said.trials)}. " if said.trials else ""
    date = f"Data as of {plain(said.as_of)}." if said.as_of else ""
    return "\n".join(filter(None, ((scope + date).strip(), REMINDER)))


def passages(citations: Iterable[Citation]) -> list[RenderableType]:
    """Each passage as "[n] document · section" over its quote."""
    return [_passage(number, citation) for number, citation in enumerate(citations, 1)]


def _passage(number: int, citation: Citation) -> RenderableType:
    page = f" · page {citation.page}" if citation.page else ""
    head = Text.assemble((f"[{number}] ", "bold cyan"), (plain(f"{citation.document} · {citation.section}{page}"), "dim"))
    return Group(head, Padding(Text(_BLANK_LINES.sub("\n", plain(citation.quote))), (0, 0, 0, 4)))


def in_context(citation: Citation, source: Source, around: int = 600) -> RenderableType:
    """The passage highlighted in the text around it, cut at line ends."""
    start = source.text.rfind("\n", 0, max(0, citation.start - around)) + 1
    end = source.text.find("\n", min(len(source.text), citation.end + around))
    end = len(source.text) if end < 0 else end
    return Group(
        Text(plain(f"{citation.document} · {citation.section}"), style="dim"),
        Text.assemble(
            plain(source.text[start : citation.start]),
            (plain(source.text[citation.start : citation.end]), "reverse"),
            plain(source.text[citation.end : end]),
        ),
    )


def hits(found: Sequence[Hit]) -> RenderableType:
    """Passages, best first, each under its trial, document and section."""
    if not found:
        return Text("No passage matches. Try other words, or fewer filters.")
    return Group(*(_hit(hit) for hit in found))


def _hit(hit: Hit) -> RenderableType:
    passage = hit.passage
    where = f"{passage.trial} · {passage.span.document} · {passage.section}"
    head = Text.assemble((f"{hit.rank:>2}  ", "bold cyan"), (plain(where), "dim"), (f"  {hit.score:.3f}", "dim"))
    return Group(head, Padding(Text(plain(passage.text)), (0, 0, 1, 4)))


def trials(indexed: Sequence[Trial]) -> RenderableType:
    """The trials in the index, a row each."""
    table = columns(("trial", 2), ("title", 5), ("status", 3), ("documents", 4), ("criteria", 0))
    for trial in indexed:
        name = trial.title or trial.official_title or ""
        documents = ", ".join(source.document for source in trial.sources)
        cells = (trial.id, name, standing(trial.status, trial.as_of), documents, str(len(trial.leaves)))
        table.add_row(*(Text(plain(cell)) for cell in cells))
    return table


def columns(*widths: tuple[str, int]) -> Table:
    """An empty table over the whole width, its columns in these proportions; one of proportion 0 takes what it needs."""
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    for name, ratio in widths:
        table.add_column(name, ratio=ratio or None, no_wrap=not ratio, overflow="fold")
    return table


def trial(shown: Trial, read: Mapping[str, str] | None = None, audited: Audit | None = None) -> RenderableType:
    """One trial: fields, what is wrong with its documents, what it asks for, criteria as a tree with ids, arms, outcomes, sites, sources.

    `read`: what a criterion is read as, in words, by its id.
    """
    parts: list[RenderableType] = [Text(plain(shown.title or shown.official_title or shown.id), style="bold"), fields(shown)]
    if audited is not None:
        parts += [found(audited), compared(audited), extracted(audited)]
    parts += [criteria(shown, "inclusion", read or {}), criteria(shown, "exclusion", read or {})]
    for name, rows in _lists(shown):
        parts += [Text(""), Text(name, style="bold"), _rows(rows)]
    return Group(*parts)


def found(audited: Audit) -> RenderableType:
    """What is wrong with the documents: each finding over the words that show it."""
    parts: list[RenderableType] = []
    for one in audited.findings:
        parts.append(Text(plain(f"! {finding_words(one)}"), style="yellow"))
        parts += [Padding(Text(plain(quote), style="dim"), (0, 0, 0, 4)) for quote in finding_quotes(audited, one)]
    return Group(Text(""), Text("Found in the documents", style="bold"), *parts) if parts else Text("")


def finding_words(one: Found) -> str:
    """A finding and its likely reading, said as ours."""
    return f"{one.text} Likely reading (ours): {one.reading}" if one.reading else one.text


def finding_quotes(audited: Audit, one: Found) -> list[str]:
    """The words that show a finding; the same words in several places once, with how often they stand there."""
    often = Counter(_quoted(audited, span) for span in one.spans)
    return [f"{quote} ({count} places)" if count > 1 else quote for quote, count in often.items()]


def compared(audited: Audit) -> RenderableType:
    """What each document of the trial says, field by field, and whether they agree."""
    if not audited.comparison:
        return Text("")
    documents = list(dict.fromkeys(stated.document for row in audited.comparison for stated in row.stated))
    table = columns(("Field", 2), ("", 1), *((plain(name), 4) for name in documents))
    for row in audited.comparison:
        said = [row.by(name) for name in documents]
        cells = [Text(plain(_in_words(one.value))) if one else Text("–", style="dim") for one in said]
        style = {"agree": "green", "differ": "yellow", "only": "dim"}[row.verdict]
        table.add_row(row.field.replace("_", " "), Text(row.verdict, style=style), *cells)
    return Group(Text(""), Text("What each document says", style="bold"), table)


def extracted(audited: Audit) -> RenderableType:
    """What the record asks for, field by field."""
    table = Table(box=None, show_header=False, pad_edge=False, title="Extracted", title_justify="left", title_style="bold")
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in extracted_rows(audited):
        table.add_row(name, Text(plain(words)))
    return table if audited.extracted else Text("")


def extracted_rows(audited: Audit) -> list[tuple[str, str]]:
    """Each extracted field and its value in words."""
    return [(name.replace("_", " "), _in_words(one.value)) for name, one in audited.extracted.items()]


def _in_words(value: Any) -> str:
    """An extracted value as people read it: lists by semicolons, objects by their filled fields."""
    if isinstance(value, list | tuple):
        return "; ".join(_in_words(one) for one in value)
    if isinstance(value, Mapping):
        return " ".join(str(one) for one in value.values() if one is not None)
    return str(value)


def _quoted(audited: Audit, span: Span) -> str:
    return _short(audited.record.trial.quote(span))


def fields(shown: Trial) -> Table:
    """The trial's single-valued fields; those that no document gives are left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in field_rows(shown):
        table.add_row(name, Text(plain(value)))
    return table


def field_rows(shown: Trial) -> list[tuple[str, str]]:
    """Name and value of each field as people read them; only those that a document gives."""
    ages = " to ".join(filter(None, (shown.minimum_age or ("any age" if shown.maximum_age else None), shown.maximum_age)))
    healthy = {True: "accepted", False: "not accepted", None: None}[shown.healthy_volunteers]
    rows = (
        ("Trial", shown.id),
        ("Also known as", ", ".join(filter(None, (shown.acronym, *shown.other_ids)))),
        ("Status", standing(shown.status, shown.as_of)),
        ("Why stopped", shown.why_stopped),
        ("Phase", ", ".join(words(phase) for phase in shown.phase)),
        ("Study type", shown.study_type and words(shown.study_type)),
        ("Purpose", shown.primary_purpose and words(shown.primary_purpose)),
        ("Design", ", ".join(words(one) for one in (shown.allocation, shown.intervention_model) if one)),
        ("Masking", shown.masking and ("None (open label)" if shown.masking == "NONE" else words(shown.masking))),
        ("Participants", None if shown.enrollment is None else f"{shown.enrollment:,}"),
        ("Start", shown.start_date),
        ("Primary completion", shown.primary_completion_date),
        ("Completion", shown.completion_date),
        ("Conditions", ", ".join(shown.conditions)),
        ("Interventions", ", ".join(one.name for one in shown.interventions)),
        ("Sex", shown.sex and words(shown.sex)),
        ("Ages", f"from {ages}".lower() if ages and not shown.maximum_age else ages.lower()),
        ("Healthy volunteers", healthy),
        ("Sponsor", shown.sponsor),
        ("Collaborators", ", ".join(shown.collaborators)),
    )
    return [(name, value) for name, value in rows if value]


def criteria(shown: Trial, kind: str, read: Mapping[str, str]) -> RenderableType:
    """One list of criteria as a tree, sub-items under their parent, what each is read as beneath it."""
    tree = Tree(Text(f"{kind.capitalize()} criteria", style="bold"), guide_style="dim")
    branches: dict[str | None, Tree] = {None: tree}
    for criterion in shown.criteria:
        if criterion.kind == kind:
            parent = branches.get(criterion.parent, tree)
            branches[criterion.id] = parent.add(_criterion(criterion, read.get(criterion.id)))
    if len(branches) == 1:
        tree.add(Text("none in the documents", style="dim"))
    return Padding(tree, (1, 0, 0, 0))


def _criterion(criterion: Criterion, read: str | None) -> Text:
    beneath = f"\nread as: {plain(read)}" if read else ""
    return Text.assemble((criterion.id.partition("/")[2], "cyan"), "  ", plain(criterion.text), (beneath, "dim"))


def _lists(shown: Trial) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    lists: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("Arms", [(arm.label, _joined((arm.type and words(arm.type), arm.description))) for arm in shown.arms]),
        ("Primary outcomes", [(one.measure, one.time_frame or "") for one in shown.primary_outcomes]),
        ("Secondary outcomes", [(one.measure, one.time_frame or "") for one in shown.secondary_outcomes]),
        ("Sites", [_site_row(site.facility, site.city, site.state, site.country, site.status) for site in shown.sites]),
        ("Contacts", [(one.name, _joined((one.phone, one.email))) for one in shown.contacts]),
        ("Officials", [(one.name, _joined((one.role and words(one.role), one.affiliation))) for one in shown.officials]),
        ("Related trials", [(one.nct_id, _joined((one.title, one.status and words(one.status)))) for one in shown.related]),
        ("Sources", [(one.document, _joined((one.format, one.as_of and f"as of {one.as_of}"))) for one in shown.sources]),
    )
    return ((name, rows) for name, rows in lists if rows)


def _site_row(
    facility: str | None, city: str | None, state: str | None, country: str | None, status: str | None
) -> tuple[str, str]:
    place = ", ".join(filter(None, (city, state, country)))
    return facility or place or "unnamed", _joined((place if facility else None, status and words(status)))


def _joined(values: Iterable[str | None]) -> str:
    return " · ".join(value for value in values if value)


def _rows(rows: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(Text(plain(name)), Text(plain(value), style="dim"))
    return table


def report(run: Mapping[str, Any]) -> RenderableType:
    """What became of each file (as `show.report_document` gives it), and what the index now holds."""
    table = columns(("file", 5), ("outcome", 0), ("trial", 3), ("criteria", 0), ("why", 5))
    for file in run["files"]:
        criteria = "" if file["criteria"] is None else f"{file['inclusion']} + {file['exclusion']}"
        outcome = Text(file["outcome"], style=_OUTCOME_STYLES.get(file["outcome"], "dim"))
        cells = (Text(plain(one or "")) for one in (file["trial"], criteria, file["reason"]))
        table.add_row(Text(plain(file["document"] or file["path"])), outcome, *cells)
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in run["counts"].items() if number)
    holds = run["index"]
    total = f"The index holds {holds['trials']:,} trials, {holds['documents']:,} documents, {holds['criteria']:,} criteria."
    if not counts:
        return Text(f"There was nothing to read: name a file, or a folder with documents in it. {total}")
    return Group(table, Text(""), Text(f"{counts} in {run['seconds']:.1f} s. {total}"))


def health(state: Mapping[str, Any]) -> RenderableType:
    """How the index is (as `show.health_document` gives it), its problems first."""
    verdict = (
        Text("The index is whole.", style="green") if state["whole"] else Text("The index needs attention.", style="bold red")
    )
    problems = [Text(f"• {plain(problem)}", style="red") for problem in state["problems"]]
    dates = " to ".join(dict.fromkeys(state["as_of"] or ())) or "not given"
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    counts = {name: f"{state[name]:,}" for name in ("trials", "documents", "passages", "texts", "vectors")}
    made_with = {f"made with {name}": version for name, version in state["versions"].items()}
    rows = {"data folder": state["data_dir"], **counts, "data as of": dates, **made_with, **state["program"]}
    for name, value in rows.items():
        table.add_row(name, Text(plain(str(value)) if value is not None else "none"))
    return Group(verdict, *problems, table)
