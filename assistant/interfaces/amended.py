"""Two versions of a record held against each other: the JSON document of `diff`, and what people see of it in a terminal."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, get_args

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.audit.amendments.criteria import Change, ChangeKind, amended
from assistant.audit.amendments.fields import amended_fields
from assistant.audit.amendments.flips import Flip, Flips, flips
from assistant.citations import cite, section_at
from assistant.eligibility.assess import assess
from assistant.eligibility.assessment import CriterionVerdict
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient
from assistant.interfaces.render import plain
from assistant.interfaces.verdicts import OVERALL, STATUSES, short
from assistant.reply import Audience
from index.trial import Span, Trial

REMINDER: Final = "This compares what the two versions say; the protocol in force decides."


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of change is shown: never by colour alone."""

    symbol: str
    words: str
    style: str


KINDS: Final[Mapping[ChangeKind, Look]] = {
    "tightened": Look("▲", "Tightened", "bold red"),
    "loosened": Look("▼", "Loosened", "bold green"),
    "added": Look("+", "Added", "red"),
    "removed": Look("−", "Removed", "green"),
    "changed": Look("≠", "Changed", "magenta"),
    "split": Look("⑂", "Split", "cyan"),
    "merged": Look("⋈", "Merged", "cyan"),
    "moved": Look("→", "Moved", "cyan"),
    "reworded": Look("≈", "Reworded", "dim"),
}
LEGEND: Final = "▲ fewer people can pass, ▼ more can; ≈ → ⑂ ⋈ leave what is asked as it was unless the note says otherwise."


@dataclass(frozen=True)
class Told:
    """A patient whom both versions are checked against."""

    patient: Patient
    clock: Clock
    complete: bool
    audience: Audience


def diff_document(old: Trial, new: Trial, told: Told | None = None) -> dict[str, Any]:
    """What the second version changed of the first, as `diff --json` prints it."""
    between = amended(old, new)
    changes = [*between.changes, *amended_fields(old, new)]
    counts = Counter(change.kind for change in changes)
    criteria = sum(change.field is None for change in changes)
    document: dict[str, Any] = {
        "old": _version(old),
        "new": _version(new),
        "changes": [_change(change, old, new) for change in changes],
        "summary": {
            "unchanged": between.unchanged,
            **{kind: counts[kind] for kind in get_args(ChangeKind)},
            "criteria": criteria,
            "fields": len(changes) - criteria,
        },
        "flips": [],
        "overall": None,
    }
    if told is None:
        return document
    checked = [assess(trial, told.patient, told.clock, complete=told.complete, audience=told.audience) for trial in (old, new)]
    return document | _flips(flips(checked[0], checked[1], between))


def _version(trial: Trial) -> dict[str, Any]:
    return {
        "id": trial.id,
        "title": trial.title or trial.official_title,
        "documents": [source.document for source in trial.sources],
        "as_of": trial.as_of,
        "criteria": len(trial.leaves),
    }


def _change(change: Change, old: Trial, new: Trial) -> dict[str, Any]:
    before, after = _cited(old, change.old), _cited(new, change.new)
    return {
        "kind": change.kind,
        "effect": change.effect,
        "field": change.field,
        "old": before[0] if before else None,
        "new": after[0] if after else None,
        "further": {"old": before[1:], "new": after[1:]},
        "why": change.why,
        "criteria": {"old": list(change.old_criteria), "new": list(change.new_criteria)},
    }


def _cited(trial: Trial, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [asdict(cite(trial, span, section_at(trial, span))) for span in spans]


def _flips(found: Flips) -> dict[str, Any]:
    return {
        "flips": [_flip(flip) for flip in found.lines],
        "overall": {"old": found.old.overall, "new": found.new.overall, "flips": found.old.overall != found.new.overall},
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {"old": _verdict(flip.old), "new": _verdict(flip.new)}


def _verdict(verdict: CriterionVerdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    said = asdict(verdict)
    return {name: said[name] for name in ("id", "kind", "text", "citation", "status", "reason", "patient_evidence", "assumed")}


# -- for people


def page(document: Mapping[str, Any]) -> RenderableType:
    """The document as a terminal shows it: criteria, then fields, then what it means for the patient."""
    changes = document["changes"]
    parts: list[RenderableType] = [Text(plain(f"{_named(document['old'])} → {_named(document['new'])}"), style="bold")]
    for title, found in (
        ("Criteria", [one for one in changes if one["field"] is None]),
        ("The rest of the record", [one for one in changes if one["field"] is not None]),
    ):
        if found:
            parts += [Text(""), Text(title, style="bold"), _table(found)]
    parts += [Text(""), Text(_counts(document["summary"]), style="bold"), *_patient(document)]
    legend = [Text(LEGEND, style="dim")] if changes else []
    return Group(*parts, *legend, Text(REMINDER, style="dim"))


def _named(version: Mapping[str, Any]) -> str:
    date = f" (data of {version['as_of']})" if version["as_of"] else ""
    return f"{version['id']}, {', '.join(version['documents'])}{date}"


def _table(changes: Iterable[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("change", no_wrap=True, min_width=max(len(look.words) for look in KINDS.values()) + 2)
    table.add_column("before", ratio=3, overflow="fold")
    table.add_column("after", ratio=3, overflow="fold")
    table.add_column("why", ratio=4, overflow="fold")
    for one in changes:
        look = KINDS[one["kind"]]
        cells = (_quotes(one, "old"), _quotes(one, "new"), Text(plain(one["why"])))
        table.add_row(Text(f"{look.symbol} {look.words}", style=look.style), *cells)
    return table


def _quotes(change: Mapping[str, Any], side: str) -> Text:
    """The quotes of one side, each with its line's id."""
    cited = [change[side], *change["further"][side]] if change[side] else []
    ids = [id.partition("/")[2] for id in change["criteria"][side]]
    shown = Text(f"{', '.join(ids)}\n" if ids else "", style="cyan")
    return shown.append(plain("\n".join(short(one["quote"], 300) for one in cited)), style="none")


def _counts(summary: Mapping[str, int]) -> str:
    said = [f"{summary[kind]} {KINDS[kind].words.lower()}" for kind in KINDS if summary[kind]]
    same = f"{summary['unchanged']:,} criteria unchanged"
    return f"{same}; {', '.join(said)}." if said else f"No change: {same}."


def _patient(document: Mapping[str, Any]) -> Iterable[RenderableType]:
    overall = document["overall"]
    if overall is None:
        return
    yield Text("")
    yield Text("For this patient", style="bold")
    before, after = OVERALL[overall["old"]], OVERALL[overall["new"]]
    yield Text(f"Overall: {before} → {after}" if overall["flips"] else f"Overall: {after}, as before")
    for flip in document["flips"]:
        line = flip["new"] or flip["old"]
        was, now = (_status(flip[side]) for side in ("old", "new"))
        yield Text.assemble(was, " → ", now, f"  {plain(short(line['text']))}")
        yield Text(plain(line["reason"]), style="dim")
    if not document["flips"]:
        yield Text("No line changes its verdict.")


def _status(verdict: Mapping[str, Any] | None) -> Text:
    if verdict is None:
        return Text("no such line", style="dim")
    look = STATUSES[verdict["status"]]
    return Text(f"{look.symbol} {look.words}", style=look.style)
