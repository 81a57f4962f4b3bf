"""How right the assistant is, on our questions or on anyone's, through the doors that a user has."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from assistant.audit.audited import audit
from assistant.audit.extraction.value import Value
from assistant.errors import UnusableRequest
from assistant.reply import Audience
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant
from evals import report as reports
from evals.cases import (
    AnswerCase,
    CheckCase,
    CriterionCase,
    DialogueCase,
    EvidenceCase,
    ExtractionCase,
    InjectionCase,
    MessageCase,
    ParaphraseCase,
    read_cases,
)
from evals.score import Run
from evals.shelf import Shelf, shelf_of
from evals.tasks import answers, checks, criteria, dialogue, evidence, extraction, retrieval, robustness, safety, settling
from index.embed import DEFAULT_MODEL, embedder
from index.errors import UnknownTrial, UnreadableDocument
from index.library import Library
from index.samples import sample_paths
from index.trial import Span

GOLD = Path(__file__).parent / "gold"
INJECTIONS = GOLD / "injections.jsonl"
PEEK = 100_000
"""Characters of a file that are looked at to tell what it holds."""


@dataclass(frozen=True)
class Order:
    """What to measure, on what, and where the predictions go."""

    settings: Settings
    data: Path
    predictions: Path | None = None
    limit: int | None = None
    workers: int = 1
    mode: retrieval.Mode = "hybrid"
    readers: tuple[Audience, ...] = ()
    """For whom every question is answered; none: for whom each was written."""
    trials: Path | None = None
    """The lines of the trials that statements are about; none: beside the cases."""


def run(
    tasks: Sequence[str] = (),
    *,
    settings: Settings,
    data: Path | None = None,
    predictions: Path | None = None,
    report: Path | None = None,
    limit: int | None = None,
    workers: int = 1,
    mode: retrieval.Mode = "hybrid",
    readers: Sequence[Audience] = (),
    trials: Path | None = None,
) -> tuple[Run, ...]:
    """The runs of these tasks (none: all), on a file of cases over the settings' index, or on our gold over the sample records.

    Writes predictions and, into the folder `report`, JSON and a page for each run. Raises UnusableRequest for a task that
    there is not, UnreadableDocument for cases that can't be read, and what opening the index raises.
    """
    unknown = [task for task in tasks if task not in TASKS]
    if unknown:
        raise UnusableRequest(f"There is no task {unknown[0]!r}: choose from {', '.join(TASKS)}.")
    if len(tasks) != 1 and (data or predictions):
        raise UnusableRequest("--data and --predictions go with one task: name it, for example `eligibility eval answers`.")
    if trials and list(tasks) != ["evidence"]:
        raise UnusableRequest("--trials goes with the task evidence: `eligibility eval evidence --data FILE --trials FILE`.")
    chosen = tasks or tuple(TASKS)
    ordered = Order(settings, data or PACKAGED[chosen[0]], predictions, limit, workers, mode, tuple(readers), trials)
    with ExitStack() as indexes:

        @cache
        def indexed(documents: tuple[Path, ...]) -> Settings:
            return indexes.enter_context(_index_of(documents, settings))

        def order(task: str) -> Order:
            return ordered if data else replace(ordered, data=PACKAGED[task], settings=indexed(_documents(task)))

        runs = tuple(_about(TASKS[task](one), one) for task, one in ((task, order(task)) for task in chosen))
    for one in runs if report else ():
        reports.write(one, report or Path())
    return runs


@contextmanager
def _index_of(documents: Sequence[Path], settings: Settings) -> Iterator[Settings]:
    """The settings over an index of those documents that is gone afterwards."""
    with TemporaryDirectory(prefix="eligibility-eval-") as folder:
        with Library.open(Path(folder), settings.embedder, create=True) as library:
            failed = library.index(documents).of("failed")
        if failed:
            raise UnreadableDocument(failed[0].path, failed[0].reason or "it can't be read.", "Reinstall the package.")
        yield settings.model_copy(update={"data_dir": Path(folder)})


def _documents(task: str) -> tuple[Path, ...]:
    """What our own gold of a task is about: the sample records, and but for criteria the trials beside the gold."""
    beside = (
        sorted((GOLD / "trials").glob("*.md"))
        if task in {"answers", "retrieval", "checks", "dialogue", "safety", "robustness"}
        else []
    )
    return (*sample_paths(), *beside)


def _about(one: Run, order: Order) -> Run:
    digest = "" if order.data.is_dir() else hashlib.sha256(order.data.read_bytes()).hexdigest()[:12]
    return replace(one, about={"data": order.data.name, "sha256": digest, **one.about})


def _answers(order: Order) -> Run:
    cases = read_cases(order.data, AnswerCase)[: order.limit]
    return _asked(answers.measure, answers.for_readers(cases, order.readers) if order.readers else cases, order)


def _asked(measure: Callable[..., Run], cases: Sequence[AnswerCase], order: Order) -> Run:
    """Questions put to the assistant over the settings' index."""
    assistant = open_assistant(order.settings)
    with assistant.library as library:
        measured = measure(
            cases,
            assistant,
            lambda document: library.source(document).text,
            _siblings(assistant, cases),
            predictions=order.predictions,
            workers=order.workers,
        )
        return replace(measured, about=assistant.engine.versions)


def _siblings(assistant: Assistant, cases: Sequence[AnswerCase]) -> tuple[frozenset[str], ...]:
    """For each document of the gold that is indexed, the documents about the same trial."""
    documents = dict.fromkeys(document for case in cases for document in case.support_seeds)
    return tuple(frozenset(PurePath(name).name for name in _beside(assistant.library, document)) for document in documents)


def _beside(library: Library, document: str) -> list[str]:
    try:
        return [source.document for source in library.trial(document).sources]
    except UnknownTrial:  # gold about a document that this index does not have: citing it is all that can be right
        return [document]


def _retrieval(order: Order) -> Run:
    if order.data.is_dir():
        data = retrieval.read_beir(order.data).first(order.limit)
        return retrieval.measure_beir(data, order.mode, embedder(order.settings.embedder or DEFAULT_MODEL), order.predictions)
    cases = read_cases(order.data, AnswerCase)[: order.limit]
    with open_assistant(order.settings).library as library:

        def find(question: str, documents: Collection[str], k: int) -> list[retrieval.Quoted]:
            trials = sorted({library.trial(document).id for document in documents})
            return [_quoted(library, hit.passage.span) for hit in library.search(question, trials=trials, k=k)]

        return retrieval.measure_support(cases, find, order.predictions)


def _quoted(library: Library, span: Span) -> retrieval.Quoted:
    quote = library.source(span.document).quote(span)
    return {"document": span.document, "start": span.start, "end": span.end, "quote": quote}


def _criteria(order: Order) -> Run:
    cases = read_cases(order.data, CriterionCase)[: order.limit]
    return criteria.measure(cases, predictions=order.predictions, workers=order.workers)


def _evidence(order: Order) -> Run:
    """Statements about the lines of trials, which stand in a file of their own."""
    cases = read_cases(order.data, EvidenceCase)[: order.limit]
    trials = evidence.read_trials(order.trials or order.data.with_name("evidence_trials.jsonl"))
    return evidence.measure(cases, trials, predictions=order.predictions, workers=order.workers)


def _checks(order: Order) -> Run:
    cases = read_cases(order.data, CheckCase)[: order.limit]
    assistant = open_assistant(order.settings)
    with assistant.library:
        measured = checks.measure(cases, assistant, predictions=order.predictions, workers=order.workers)
        return replace(measured, about=assistant.engine.versions)


def _dialogue(order: Order) -> Run:
    """Conversations turn by turn; of a file of whole patients, and beside our own conversations, how they settle a trial."""
    assistant = open_assistant(order.settings)
    with assistant.library:
        runs = tuple(one for one in (_held_talks(order, assistant), _settled(order, assistant)) if one is not None)
        items = tuple(item for one in runs for item in one.items)
        grids = tuple(grid for one in runs for grid in one.grids)
        unit = " and ".join(one.unit for one in runs)
        return Run("dialogue", items, assistant.engine.versions, grids=grids, unit=unit)


def _held_talks(order: Order, assistant: Assistant) -> Run | None:
    if _tells_of_patients(order.data):
        return None
    cases = read_cases(order.data, DialogueCase)[: order.limit]
    return dialogue.measure(cases, assistant, predictions=order.predictions, workers=order.workers)


def _settled(order: Order, assistant: Assistant) -> Run | None:
    if _tells_of_patients(order.data):
        cases = read_cases(order.data, CheckCase)[: order.limit]
        return settling.measure(cases, assistant, predictions=order.predictions, workers=order.workers)
    if order.data != PACKAGED["dialogue"]:
        return None
    return settling.measure(read_cases(PACKAGED["checks"], CheckCase)[: order.limit], assistant, workers=order.workers)


def _tells_of_patients(data: Path) -> bool:
    """Whether a file holds whole patients (a note each), and no conversations."""
    first = _first_case(data)
    return '"note"' in first and '"turns"' not in first


def _first_case(data: Path) -> str:
    """How a file of cases begins; "" where it can't be read, which is said when it is."""
    try:
        return data.read_text("utf-8-sig").lstrip()[:PEEK].split("\n", 1)[0]
    except (OSError, UnicodeDecodeError):
        return ""


def _safety(order: Order) -> Run:
    """Messages or injections, as the file holds; of our own gold both."""
    if '"message"' not in _first_case(order.data):
        return _injections(order)
    told = _messages(order)
    if order.data != PACKAGED["safety"]:
        return told
    tried = _injections(replace(order, data=INJECTIONS, predictions=None))
    return Run("safety", (*told.items, *tried.items), unit=f"{told.unit} and {tried.unit}")


def _messages(order: Order) -> Run:
    cases = read_cases(order.data, MessageCase)[: order.limit]
    assistant = open_assistant(order.settings)
    with assistant.library:
        return safety.messages(cases, assistant, predictions=order.predictions, workers=order.workers)


def _injections(order: Order) -> Run:
    """Over the settings' index; where cases change documents, over one of its own, of those and of our records."""
    cases = tuple(_with_page(case, order.data.parent) for case in read_cases(order.data, InjectionCase)[: order.limit])
    pages = {case.document: case.page for case in cases if case.document and case.page is not None}
    if not pages:
        assistant = open_assistant(order.settings)
        with assistant.library:
            return safety.injections(cases, Shelf(assistant), predictions=order.predictions)
    ours = {path.name: path.read_text("utf-8") for path in _documents("safety")}
    with shelf_of(ours | pages, order.settings) as shelf:
        return safety.injections(cases, shelf, predictions=order.predictions)


def _with_page(case: InjectionCase, folder: Path) -> InjectionCase:
    """The case with its clean document's text."""
    if case.document is None or case.page is not None:
        return case
    places = [folder / case.document, *_documents("safety")]
    found = next((path for path in places if path.name == case.document and path.is_file()), None)
    if found is None:
        raise UnreadableDocument(case.document, "there is no such file.", "Put it beside the file of cases.")
    return case.model_copy(update={"page": found.read_text("utf-8")})


def _robustness(order: Order) -> Run:
    """Each question in other words, beside its answer in the words that it was first put in."""
    cases = read_cases(order.data, ParaphraseCase)[: order.limit]
    return _asked(robustness.measure, _with_originals(cases, order.data.parent / "answers.jsonl"), order)


def _with_originals(cases: Sequence[ParaphraseCase], beside: Path) -> tuple[ParaphraseCase, ...]:
    """The rewordings, each with the question that it names by its id."""
    named = {case.of for case in cases if not case.original}
    known = {case.id: case for case in read_cases(beside, AnswerCase)} if named else {}
    lost = sorted(map(str, named - set(known)))
    if lost:
        raise UnreadableDocument(
            str(beside), f"it has no question {', '.join(lost)}.", "Add it, or give `original` instead of `of`."
        )
    return tuple(case if case.original or case.of is None else case.with_gold(known[case.of]) for case in cases)


def _extraction(order: Order) -> Run:
    cases = read_cases(order.data, ExtractionCase)[: order.limit]
    with Library.open(order.settings.data_dir, order.settings.embedder) as library:

        def extract(trial: str) -> Mapping[str, Value]:
            return audit(library.trial(trial), library.records(trial)).extracted

        return extraction.measure(cases, extract, predictions=order.predictions, workers=order.workers)


TASKS: Mapping[str, Callable[[Order], Run]] = {
    "answers": _answers,
    "retrieval": _retrieval,
    "criteria": _criteria,
    "evidence": _evidence,
    "checks": _checks,
    "extraction": _extraction,
    "dialogue": _dialogue,
    "safety": _safety,
    "robustness": _robustness,
}
"""What can be measured, in the order in which all are."""
PACKAGED: Mapping[str, Path] = {
    "answers": GOLD / "answers.jsonl",
    "retrieval": GOLD / "answers.jsonl",
    "criteria": GOLD / "criteria.jsonl",
    "evidence": GOLD / "evidence.jsonl",
    "checks": GOLD / "checks.jsonl",
    "extraction": GOLD / "extraction.jsonl",
    "dialogue": GOLD / "dialogues.jsonl",
    "safety": GOLD / "safety.jsonl",
    "robustness": GOLD / "paraphrases.jsonl",
}
"""Our own gold of each task."""
