"""The command `eligibility`: each command opens what it needs, says one document or one page, and exits with its code."""

import io
import json
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from assistant.errors import AssistantFault, UnusableRequest
from index.errors import IndexFault, NothingIndexed, UnknownTrial

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from assistant.settings import Settings
    from assistant.wiring import Assistant
    from index.library import Library
    from index.trial import Trial

DONE, FAILED, USAGE, IN_PART, NOTHING = 0, 1, 2, 3, 4
"""The exit codes of the outer contract."""

_PIPED_WIDTH = 100
"""Columns where the output is no terminal."""
_NAMED = 20
"""Trials named in one message."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Ask a clinical-trial document a question; get the answer with the passage that proves it.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else.")]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="DIR", help="Where the index lives (or ELIGIBILITY_DATA_DIR).", readable=False),
]
Trials = Annotated[
    list[str] | None, typer.Option("--trial", metavar="ID", help="Only this trial: its id, name or file. Repeatable.")
]
PatientFile = Annotated[
    str,
    typer.Option("--patient", metavar="FILE", help="What is told of the patient: text, FHIR or profile JSON; - reads stdin."),
]
Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="The day of screening (year-month-day); today when not given.")
]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="DATE", help="The planned first treatment or enrolment; --today when not given."),
]
CompleteNote = Annotated[
    bool,
    typer.Option(
        "--complete-note", help="The note is complete: what such a note would mention and does not is taken as absent."
    ),
]
Voice = Annotated[Literal["patient", "clinician"], typer.Option("--audience", help="Whom the answer is for.")]


@dataclass(frozen=True)
class Run:
    """One run of the command: its settings and where its words go."""

    settings: "Settings"
    as_json: bool

    def tell(self, document: Any, *pages: "RenderableType") -> None:
        """The command's result: the JSON document when asked for, else the pages that people read."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            console = _console()
            for page in pages:
                console.print(page)

    def assistant(self) -> "Assistant":
        """The assistant over the index at the data folder."""
        from assistant.wiring import open_assistant

        return open_assistant(self.settings)

    def library(self, *, create: bool = False) -> "Library":
        """The index at the data folder."""
        from index.library import Library

        return Library.open(self.settings.data_dir, self.settings.embedder, create=create)


@app.callback()
def everywhere(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Take --json and --data-dir before the command as well as after it."""
    context.obj = (as_json, data_dir)


def _run(context: typer.Context, as_json: bool, data_dir: Path | None, **chosen: Any) -> Run:
    from assistant.settings import load_settings

    earlier_json, earlier_dir = context.obj
    return Run(load_settings(data_dir=data_dir or earlier_dir, **chosen), as_json or earlier_json)


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


@app.command()
def index(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders to read.", readable=False)
    ] = None,
    samples: Annotated[bool, typer.Option("--samples", help="Read the sample records that come with the program.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the whole index again from the documents it holds.")] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Read documents into the index; say per file what was read, skipped or failed, and why."""
    from assistant.interfaces import render, show
    from assistant.interfaces.progress import indexing
    from index.samples import sample_paths

    run = _run(context, as_json, data_dir)
    chosen = [*(paths or ()), *(sample_paths() if samples else ())]
    if not chosen and not rebuild:
        raise UnusableRequest("Say what to read: a file, a folder, or --samples for the records that come with the program.")
    library = run.library(create=True)
    with indexing(_console(stderr=True)) as on_progress:
        report = library.index(chosen, on_progress=on_progress, rebuild=rebuild)
    trials = library.trials()
    records = [record for trial in trials for record in library.records(trial.id)]
    document = show.report_document(report, trials, records)
    run.tell(document, render.report(document))
    raise typer.Exit(_index_code(document["counts"]))


def _index_code(counts: Mapping[str, int]) -> int:
    """Done in part when some documents failed, nothing to work on when none could be read."""
    read = sum(counts.get(outcome, 0) for outcome in ("added", "replaced", "unchanged"))
    if not read:
        return NOTHING
    return IN_PART if counts.get("failed") else DONE


@app.command()
def remove(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="ID...", help="Documents or trials to take out.")],
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Take a document or trial out; nothing of it can be retrieved afterwards."""
    from rich.text import Text

    from assistant.interfaces import render

    run = _run(context, as_json, data_dir)
    removed = run.library().remove(names)
    gone = [f"Removed {document}." for document in removed.documents]
    gone += [f"Nothing is left of {trial}." for trial in removed.trials]
    run.tell({"documents": list(removed.documents), "trials": list(removed.trials)}, *(Text(render.plain(one)) for one in gone))


@app.command()
def chat(
    context: typer.Context,
    trial: Trials = None,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """The same as a conversation in the terminal; /help lists its commands."""
    from rich.text import Text

    from assistant.interfaces import render
    from assistant.interfaces.repl import Talk

    run = _run(context, as_json, data_dir)
    assistant = run.assistant()
    scope = tuple(assistant.library.trial(name).id for name in trial or ())
    console = _console(stderr=run.as_json)
    _tell_of_model(run)
    talk = Talk(assistant.conversation(scope=scope, audience=audience), assistant.library, console.print)
    if sys.stdin.isatty():
        console.print(Text(f"Ask about the indexed trials. {render.REMINDER} /help lists commands, /quit leaves."))
    with suppress(KeyboardInterrupt):
        talk.run(_lines(console))
    if run.as_json:
        run.tell(talk.document())


def _tell_of_model(run: Run) -> None:
    """Whom the conversation goes to, where a chat model is configured."""
    if run.settings.model:
        from rich.text import Text

        where = f" at {run.settings.model_url}" if run.settings.model_url else ""
        words = f"Messages, what is told of a patient and passages go to the chat model {run.settings.model}{where}."
        _console(stderr=True).print(Text(f"{words} Unset ELIGIBILITY_MODEL to keep them here.", style="yellow"))


def _lines(console: "Console") -> Iterator[str]:
    """What a person types, with a prompt; or the lines of a pipe, without one."""
    if not sys.stdin.isatty():
        yield from sys.stdin
        return
    with suppress(ImportError):
        import readline  # noqa: F401  importing it gives input() its editing keys and history
    while True:
        try:
            console.print()
            yield input("› ")
        except EOFError:
            console.print()
            return


@app.command()
def doctor(context: typer.Context, as_json: Json = False, data_dir: DataDir = None) -> None:
    """Is the index whole? Which model, versions, date of the data?"""
    from assistant.interfaces import render, show

    run = _run(context, as_json, data_dir)
    program = {
        "assistant": version("eligibility-assistant"),
        "python": platform.python_version(),
        "chat model": run.settings.model,
    }
    document = show.health_document(run.library().health(), program)
    run.tell(document, render.health(document))
    raise typer.Exit(DONE if document["whole"] else FAILED)


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (or ELIGIBILITY_HOST).")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on, or the next free one.")] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """The web page and the HTTP API; prints its address."""
    from rich.text import Text

    run = _run(context, as_json, data_dir, host=host, port=port)
    assistant = run.assistant()
    _console(stderr=True).print(Text("Starting …", style="dim"))
    _tell_of_model(run)
    from assistant.interfaces import http, web

    listener = http.listen(run.settings.host, run.settings.port)
    address = http.address(run.settings.host, listener)
    taken = run.settings.port not in (0, listener.getsockname()[1])
    note = f"Port {run.settings.port} is in use, so the next free one is taken. " if taken else ""
    run.tell({"address": address}, Text(f"{note}Open {address} in a browser. Ctrl-C stops."))
    sys.stdout.flush()
    threading.Thread(target=_warm, args=(assistant.library,), daemon=True).start()
    if open_browser:
        typer.launch(address)
    with suppress(KeyboardInterrupt):
        http.serve(web.mount(http.api(assistant, run.settings.host), assistant), listener)


def _warm(library: "Library") -> None:
    """Load what the first search needs (seconds) while the page is opened; a fault is said to whoever asks."""
    with suppress(IndexFault):
        library.search("trial", k=1)


@app.command(name="eval")
def eval_(
    context: typer.Context,
    task: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[TASK]...", help="answers, retrieval, criteria, evidence, checks, dialogue, safety, robustness; none: all"
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="FILE", help="Your own cases.")] = None,
    trials: Annotated[
        Path | None,
        typer.Option("--trials", metavar="FILE", help="evidence: the lines of the trials that statements are about."),
    ] = None,
    predictions: Annotated[Path | None, typer.Option("--predictions", metavar="OUT", help="Where predictions go.")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Where the report goes.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first so many cases.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Questions asked at once.")] = 1,
    mode: Annotated[Literal["hybrid", "dense", "bm25"], typer.Option("--mode", help="What ranks a BEIR folder.")] = "hybrid",
    audience: Annotated[
        Literal["patient", "clinician", "both"] | None,
        typer.Option("--audience", help="answers: whom every question is answered for; none: whom each was written for."),
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Measure the answers on the packaged questions, or on your own data."""
    import evals
    from evals import report as reports

    run = _run(context, as_json, data_dir)
    runs = evals.run(
        task or (),
        settings=run.settings,
        data=data,
        predictions=predictions,
        report=report,
        limit=limit,
        workers=workers,
        mode=mode,
        trials=trials,
        readers=() if audience is None else ("patient", "clinician") if audience == "both" else (audience,),
    )
    run.tell([reports.as_json(one) for one in runs], *(reports.shown(one) for one in runs))
    raise typer.Exit(IN_PART if any(item.failed for one in runs for item in one.items) else DONE)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What you want to know; - reads it from standard input.")],
    trial: Trials = None,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """One answer with the passages that carry it."""
    from assistant.interfaces.intake import usable_question
    from assistant.interfaces.repl import told

    run = _run(context, as_json, data_dir)
    asked = usable_question(sys.stdin.read() if question == "-" else question)
    assistant = run.assistant()
    scope = tuple(assistant.library.trial(name).id for name in trial or ())
    talk = assistant.conversation(scope=scope, audience=audience)
    if run.as_json:
        run.tell(talk.ask(asked).as_json())
    else:
        told(talk.stream(asked), _console().print)


@app.command()
def check(
    context: typer.Context,
    patient: PatientFile,
    trial: Annotated[
        list[str] | None, typer.Option("--trial", metavar="ID", help="The trial; may be left out where only one is indexed.")
    ] = None,
    today: Today = None,
    start: Start = None,
    complete: CompleteNote = False,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """A patient against every criterion of a trial."""
    from assistant.interfaces import show, verdicts
    from assistant.interfaces.intake import usable_clock

    run = _run(context, as_json, data_dir)
    told, clock = _told(patient), usable_clock(today, start, now=date.today())
    assistant = run.assistant()
    chosen = _one_trial(trial or (), assistant.library)
    assessment = assistant.check(chosen, told, clock, complete=complete, audience=audience)
    document = show.check_document(assessment, assistant.sheet(told, clock))
    run.tell(document, verdicts.assessment(document))


@app.command()
def handoff(
    context: typer.Context,
    patient: PatientFile,
    trial: Annotated[
        list[str] | None, typer.Option("--trial", metavar="ID", help="The trial; may be left out where only one is indexed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where it is written: .html, .pdf or .md. Shown here without.")
    ] = None,
    today: Today = None,
    start: Start = None,
    complete: CompleteNote = False,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """One printable sheet for the study site: what was told, each criterion, what to ask, whom."""
    from dataclasses import asdict

    from rich.markdown import Markdown
    from rich.text import Text

    from assistant.interfaces import sheets
    from assistant.interfaces.intake import usable_clock, usable_form

    run = _run(context, as_json, data_dir)
    form = usable_form(out)
    told, clock = _told(patient), usable_clock(today, start, now=date.today())
    assistant = run.assistant()
    sheet = assistant.handoff(_one_trial(trial or (), assistant.library), told, clock, complete=complete, audience=audience)
    if out is not None:
        _write(out, sheets.write(sheet, form))
    said = Markdown(sheets.markdown(sheet)) if out is None else Text(f"Written to {out}.")
    run.tell(asdict(sheet) | {"written": None if out is None else str(out)}, said)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise UnusableRequest(
            f"{path} can't be written ({fault.strerror}). Name a file in a folder that you may write to."
        ) from fault


@app.command()
def match(
    context: typer.Context,
    patient: PatientFile,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many trials are shown.")] = 10,
    today: Today = None,
    start: Start = None,
    complete: CompleteNote = False,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Rank the indexed trials for one patient."""
    from assistant.interfaces import show, verdicts
    from assistant.interfaces.intake import usable_clock
    from assistant.interfaces.progress import matching

    run = _run(context, as_json, data_dir)
    told, clock = _told(patient), usable_clock(today, start, now=date.today())
    assistant = run.assistant()
    console = _console(stderr=True)
    found = assistant.match(
        told, clock, complete=complete, audience=audience, limit=limit, watched=lambda trials: matching(console, trials)
    )
    document = show.match_document(found, len(assistant.library.trials()))
    run.tell(document, verdicts.matches(document))


@app.command()
def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier version: a file, or the id of a trial or document.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later version: a file, or the id of a trial or document.")],
    patient: Annotated[
        str | None,
        typer.Option(
            "--patient", metavar="FILE", help="Whom both versions are checked against: text, FHIR or profile JSON; -."
        ),
    ] = None,
    today: Today = None,
    start: Start = None,
    complete: CompleteNote = False,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """What an amendment changed: criteria loosened, tightened, reworded, moved; whose verdict flips for a patient."""
    from assistant.eligibility.intake.reading import read_patient
    from assistant.interfaces import amended
    from assistant.interfaces.intake import usable_clock

    run = _run(context, as_json, data_dir)
    earlier, later = (_version(name, run) for name in (old, new))
    clock = usable_clock(today, start, now=date.today())
    told = None if patient is None else amended.Told(read_patient(_told(patient), clock.today), clock, complete, audience)
    document = amended.diff_document(earlier, later, told)
    run.tell(document, amended.page(document))


def _version(name: str, run: Run) -> "Trial":
    """The trial in a file, or the indexed trial or document of that name; nothing is stored. Raises UnknownTrial for neither."""
    from index.loaders import load

    path = Path(name)
    if path.is_file():
        trial = load(path)
    elif path.is_dir():
        raise UnusableRequest(f"{name} is a folder. Name one file, or the id of an indexed trial or document.")
    else:
        trial = _indexed(name, run)
    if not trial.leaves:
        raise NothingIndexed(f"{name} has no criteria that could be compared: no inclusion or exclusion list was found in it.")
    return trial


def _indexed(name: str, run: Run) -> "Trial":
    """One document where it is named, else the whole trial."""
    try:
        library = run.library()
        trial = library.trial(name)
        alone = [one for one in library.records(name) if name.casefold() in _names(one.sources[0].document)]
    except (NothingIndexed, UnknownTrial) as fault:
        raise UnknownTrial(f"There is no file {name}, and: {fault}") from fault
    return alone[0] if len(alone) == 1 and name.casefold() != trial.id.casefold() else trial


def _names(document: str) -> tuple[str, str]:
    return document.casefold(), Path(document).stem.casefold()


def _told(patient: str) -> str:
    """What the file, or standard input, tells of the patient; its line ends stay, for evidence counts its characters."""
    from assistant.interfaces.intake import usable_note

    try:
        return usable_note(sys.stdin.read() if patient == "-" else Path(patient).read_bytes().decode("utf-8-sig"))
    except OSError as fault:
        raise UnusableRequest(f"{patient} can't be read ({fault.strerror}). Name a file, or - for standard input.") from fault
    except UnicodeDecodeError as fault:
        raise UnusableRequest(f"{patient} is no UTF-8 text. Save it as UTF-8 text or JSON.") from fault


def _one_trial(named: Sequence[str], library: "Library") -> str:
    """The one trial named, or the only one indexed. Raises UnusableRequest that names those there are."""
    if len(named) == 1:
        return named[0]
    ids = [trial.id for trial in library.trials()]
    if not named and len(ids) == 1:
        return ids[0]
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    raise UnusableRequest(f"Say which one trial with --trial ID. Indexed are: {', '.join(ids[:_NAMED])}{more}.")


@app.command()
def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="Words to look for.")],
    trial: Trials = None,
    section: Annotated[
        list[str] | None, typer.Option("--section", help="Only this section (inclusion, arms, locations …). Repeatable.")
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="Only trials with this status (RECRUITING …). Repeatable.")
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Passages, best first."""
    from assistant.interfaces import intake, render, show

    run = _run(context, as_json, data_dir)
    query = intake.usable_question(text)
    library = run.library()
    sections, statuses = intake.usable_sections(section or ()), intake.usable_statuses(status or ())
    found = library.search(query, trials=trial or (), sections=sections, status=statuses, k=k)
    run.tell(show.search_document(query, found, library.source), render.hits(found))


@app.command(name="show")
def show_(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A trial: its id, name or file.")] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="DOCUMENT", help="Print a document's text instead.")] = None,
    faq: Annotated[bool, typer.Option("--faq", help="What people ask first of any trial, answered, instead.")] = False,
    audience: Voice = "patient",
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """One trial: fields, criteria and what each is read as, arms, sites, sources. Without an ID, the list of trials."""
    from assistant.interfaces import render, show

    run = _run(context, as_json, data_dir)
    if faq:
        _tell_faq(run, name, audience)
        return
    library = run.library()
    if text is not None:
        _tell_text(run, text, library.source(text).text)
    elif name is None:
        indexed = library.trials()
        run.tell({"trials": [show.trial_line(one) for one in indexed]}, render.trials(indexed))
    else:
        from assistant.audit.audited import audit

        trial = library.trial(name)
        audited, read = audit(trial, library.records(name)), show.conditions(trial)
        run.tell(show.trial_document(trial, read, audited), render.trial(trial, show.condition_words(read), audited))


def _tell_faq(run: Run, name: str | None, audience: Literal["patient", "clinician"]) -> None:
    """The common questions of one trial, each with its answer and passages."""
    from assistant.interfaces import render

    assistant = run.assistant()
    asked = list(assistant.faq(_one_trial([name] if name else [], assistant.library), audience))
    document = {"faq": [{"question": question, "reply": reply.as_json()} for question, reply in asked]}
    run.tell(document, *(render.asked(question, reply) for question, reply in asked))


@app.command()
def compare(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="ID ID...", help="Trials: their ids, names or files.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="FACT", help="Only this: hemoglobin, age, hepatitis B, surgery, ECOG …")
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Trials side by side: their fields, and for each fact that they rule on which is stricter, with the lines that say so."""
    from assistant.interfaces import sides

    run = _run(context, as_json, data_dir)
    library = run.library()
    comparison = sides.compared([library.trial(name) for name in names], on)
    run.tell(sides.document(comparison), sides.page(comparison))


def _tell_text(run: Run, document: str, text: str) -> None:
    """The document's text: untouched when it is piped on, without steering characters at a terminal."""
    from assistant.interfaces import render

    if run.as_json:
        run.tell({"document": document, "text": text})
    elif sys.stdout.isatty():
        print(render.plain(text))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
        sys.stdout.buffer.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code: every error is one message, never a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    _write_utf8()
    try:
        return int(app(given, prog_name="eligibility", standalone_mode=False) or DONE)
    except typer.TyperException as fault:
        return _usage(fault, as_json)
    except UnusableRequest as fault:
        return _fault(fault, USAGE, as_json)
    except (NothingIndexed, UnknownTrial) as fault:
        return _fault(fault, NOTHING, as_json)
    except (AssistantFault, IndexFault) as fault:
        return _fault(fault, FAILED, as_json)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as fault:
        return _internal(fault, as_json)


def _write_utf8() -> None:
    """Documents hold any character; a terminal that can't show one gets a substitute, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _usage(fault: typer.TyperException, as_json: bool) -> int:
    """typer's own message: how the command is used, and what was wrong; its faults know how to show themselves."""
    show: Callable[[], None] = getattr(fault, "show", lambda: print(f"Error: {fault}", file=sys.stderr))
    message: Callable[[], str] = getattr(fault, "format_message", lambda: str(fault))
    show()
    if as_json:
        print(json.dumps({"error": message(), "kind": "Usage"}, ensure_ascii=False))
    return int(getattr(fault, "exit_code", USAGE))


def _fault(fault: Exception, code: int, as_json: bool) -> int:
    from assistant.interfaces.render import plain

    print(f"Error: {plain(str(fault))}", file=sys.stderr)
    if as_json:
        print(json.dumps({"error": str(fault), "kind": type(fault).__name__}, ensure_ascii=False))
    return code


def _internal(fault: Exception, as_json: bool) -> int:
    if os.environ.get("ELIGIBILITY_DEBUG"):
        traceback.print_exception(fault)
    message = (
        f"internal error ({type(fault).__name__}: {fault}); please report it. ELIGIBILITY_DEBUG=1 prints where it happened."
    )
    return _fault(RuntimeError(message), FAILED, as_json)
