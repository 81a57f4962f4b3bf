"""A check and a match as people see them in a terminal: pure functions from the JSON of the outer contract to rich renderables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.eligibility.assessment import Coverage
from assistant.interfaces import render
from assistant.interfaces.render import plain
from assistant.reply import Reply

REMINDER: Final = "This holds what was told against what the documents say; the study team decides."


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is shown: never by colour alone."""

    symbol: str
    words: str
    style: str


STATUSES: Final[Mapping[str, Look]] = {
    "satisfied": Look("✓", "Passes", "green"),
    "violated": Look("✗", "Does not pass", "bold red"),
    "unknown": Look("?", "Not known", "yellow"),
    "not_applicable": Look("–", "Does not apply", "dim"),
    "conflicting": Look("≠", "Facts disagree", "magenta"),
    "needs_protocol": Look("§", "In the protocol", "cyan"),
}
"""Of an exclusion line, to pass is not to be excluded by it."""
OVERALL: Final[Mapping[str, str]] = {
    "may_match": "May match",
    "does_not_match": "Does not match",
    "undecided": "Cannot tell yet",
}
KINDS: Final[Mapping[str, str]] = {"inclusion": "Inclusion criteria", "exclusion": "Exclusion criteria"}
_STATUS_WIDTH: Final = max(len(look.words) for look in STATUSES.values()) + 2
"""So that the two lists stand in the same columns."""
ASSUMED: Final = "assumed: the note is silent"
MODELS: Final = "A chat model’s view, which decides nothing"
LEGEND: Final = "Of an exclusion, to pass is not to be excluded by it."
DECIDING: Final = ("violated", "conflicting")
"""Statuses of the lines that stand above all others."""
_SHORT: Final = 110
"""Characters of a criterion, a title or a reason where it is only named."""


def short_id(verdict: Mapping[str, Any]) -> str:
    """A criterion's id within its trial: "exclusion/3"."""
    return str(verdict["id"]).rpartition(f"/{verdict['kind']}/")[2] or str(verdict["id"]).rpartition("/")[2]


def line_id(verdict: Mapping[str, Any]) -> str:
    """The same with its list: "exclusion 3"."""
    return f"{verdict['kind']} {short_id(verdict)}"


def overall(document: Mapping[str, Any]) -> str:
    """What comes of all lines together, with the lines that decide it: "Does not match on this line: exclusion 3"."""
    label = OVERALL[document["overall"]]
    violated = [line_id(one) for one in document["criteria"] if one["status"] == "violated"]
    if document["overall"] != "does_not_match" or not violated:
        return label
    return f"{label} on {'this line' if len(violated) == 1 else 'these lines'}: {', '.join(violated)}"


def coverage(document: Mapping[str, Any]) -> str:
    """How much was checked, and what the lines that are not decided need."""
    return Coverage(**document["coverage"]).in_words()


def deciding(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines that are not passed, then those on which facts disagree."""
    return [one for status in DECIDING for one in document["criteria"] if one["status"] == status]


def short(text: str, most: int = _SHORT) -> str:
    """The text on one line, cut where it is long."""
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[: most - 1].rstrip()}…"


def remarks(verdict: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What stands beside a verdict, each with its name: the reason, the words told that it does not quote, what would change it, and a
    chat model's view where there is one."""
    reason = verdict["reason"]
    quotes = dict.fromkeys(" ".join(one["quote"].split()) for one in verdict["patient_evidence"])
    told = " … ".join(f"“{quote}”" for quote in quotes if f"“{quote}”" not in reason)
    change = _change(verdict)
    return [(name, value) for name, value in (("", reason), ("Told", told), change, _view(verdict)) if value]


def _view(verdict: Mapping[str, Any]) -> tuple[str, str]:
    """How a chat model reads a line that was left open, marked as the model's."""
    view = verdict.get("model")
    if view is None:
        return "", ""
    quotes = " … ".join(f"“{' '.join(one['quote'].split())}”" for one in view["evidence"])
    said = f"{STATUSES[view['label']].words.lower()}. {view['reason']}{f' {quotes}' if quotes else ''}"
    return f"{MODELS} ({view['by']})", said


_WAYS: Final[Mapping[str, str]] = {"satisfied": "Would no longer pass with", "violated": "Would pass with"}
"""What a change does to a line that passes or does not; a line that is open has something still to know."""


def _change(verdict: Mapping[str, Any]) -> tuple[str, str]:
    """What would change a verdict, under a name that says which way."""
    return _WAYS.get(verdict["status"], "Still to know"), str(verdict["would_change"] or "")


def reply(said: Reply) -> RenderableType:
    """An answer; one that carries a check has its table above it."""
    return render.reply(said) if said.assessment is None else Group(*_tables(said.assessment), render.reply(said))


def assessment(document: Mapping[str, Any]) -> RenderableType:
    """A patient against every criterion of a trial (as `check --json` prints it), then what comes of it."""
    said = Text(plain(f"{document['trial']}: {overall(document)}"), style="bold")
    reminder = Text(f"{LEGEND} {REMINDER}", style="dim")
    counts = Text(f"{coverage(document)}.")
    return Group(*_decisive(document), *_tables(document), said, counts, *_notes(document), reminder)


def _decisive(document: Mapping[str, Any]) -> Iterable[RenderableType]:
    """The lines that decide, ahead of the tables."""
    if lines := deciding(document):
        yield Text("What decides", style="bold")
        for one in lines:
            look = STATUSES[one["status"]]
            name = Text(f"{look.symbol} {look.words}: {line_id(one)}", style=look.style)
            yield Text.assemble(name, f"  {plain(short(one['text']))}")
        yield Text("")


def _tables(document: Mapping[str, Any]) -> Iterable[RenderableType]:
    """The lines of each list, under its title."""
    for kind, title in KINDS.items():
        if lines := [one for one in document["criteria"] if one["kind"] == kind]:
            yield from (Text(title, style="bold"), _lines(lines), Text(""))


def matches(document: Mapping[str, Any]) -> RenderableType:
    """Trials for one patient (as `match --json` prints them): counts of lines, the line that decides, why."""
    considered, found = document["considered"], document["trials"]
    if not found:
        return Text(f"None of {considered:,} indexed trials is about what this patient is told to have.")
    table = render.columns(("", 0), ("trial", 4), ("overall", 2), ("✓", 0), ("✗", 0), ("?", 0), ("line that decides", 7))
    for one in found:
        numbers = (str(one["counts"][status]) for status in ("satisfied", "violated", "unknown"))
        name = Text.assemble((plain(one["trial"]), "bold"), f"\n{plain(short(one['title'] or '', 70))}")
        said = (OVERALL[one["overall"]], *numbers, plain(_decides(one)))
        table.add_row(str(one["rank"]), name, *map(Text, said), end_section=True)
    problems = (Text(f"Not used: {plain(problem)}", style="yellow") for problem in document.get("problems", ()))
    shown = f"{len(found):,} of {considered:,} indexed trials; ✓ lines passed, ✗ not passed, ? not known."
    return Group(table, Text(""), *problems, Text(shown), Text(REMINDER, style="dim"))


def _decides(one: Mapping[str, Any]) -> str:
    """The line that decides a match, with how it stands and why; without such a line, why the trial stands where it does."""
    line = one["decides"]
    if line is None:
        return str(one["why"])
    look = STATUSES[line["status"]]
    return f"{look.symbol} {line_id(line)}: {short(line['text'])}\n{short(line.get('reason') or one['why'], 160)}"


def _notes(document: Mapping[str, Any]) -> Iterable[Text]:
    yield from (Text(f"Note: {plain(finding['text'])}", style="yellow") for finding in document["findings"])
    yield from (Text(f"Not used: {plain(problem)}", style="yellow") for problem in document.get("problems", ()))
    if question := document["next_question"]:
        yield Text(f"To ask next: {plain(question['text'])} {settles(question)}", style="cyan")


def settles(question: Mapping[str, Any]) -> str:
    """How many lines the next question's answer may settle: "(settles 2 lines)"."""
    number = len(question["settles"])
    return f"(settles {number} {'line' if number == 1 else 'lines'})" if number else ""


def _lines(lines: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column("status", no_wrap=True, min_width=_STATUS_WIDTH)
    table.add_column("line", no_wrap=True)
    table.add_column("criterion", ratio=2, overflow="fold")
    table.add_column("why", ratio=3, overflow="fold")
    for one in lines:
        table.add_row(_status(one), Text(short_id(one), style="cyan"), Text(plain(one["text"])), _why(one))
    return table


def _status(verdict: Mapping[str, Any]) -> Text:
    look = STATUSES[verdict["status"]]
    return Text(f"{look.symbol} {look.words}", style=look.style)


def _why(verdict: Mapping[str, Any]) -> Text:
    why = Text()
    for name, value in remarks(verdict):
        why.append(f"{name}: {plain(value)}\n" if name else f"{plain(value)}\n", style="italic" if name else "")
    if verdict["assumed"]:
        why.append(f"({ASSUMED})", style="dim")
    why.rstrip()
    return why
