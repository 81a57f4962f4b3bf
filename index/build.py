"""Documents into the catalog, and the catalog into both caches, under one writer's lock."""

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index import editions, lexical, vectors
from index.catalog import Catalog, Document, Reading, embedded_text, text_key
from index.editions import Edition
from index.embed import Embedder
from index.errors import UnreadableDocument
from index.loaders import load
from index.loaders.raw import MAX_BYTES
from index.passages import passages
from index.vectors import CacheDamaged

Outcome = Literal["added", "replaced", "unchanged", "skipped", "failed"]
Phase = Literal["reading", "embedding", "storing", "publishing"]

_log = logging.getLogger(__name__)
_EMBED_AT_ONCE = 1_024
"""Distinct texts gathered over documents before they are embedded: enough that sorting by length pays, little to lose."""
_STEP = 512
"""Texts between two reports of progress."""
_FOREIGN = tuple(
    ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .svg .ico .heic .mp3 .mp4 .avi .mov .wav .zip .gz .bz2 .xz .7z .rar .tar "
    ".tgz .exe .dll .so .dylib .bin .pyc .class .jar .iso .dmg .db .sqlite .sqlite3 .parquet .npy .npz .pt .safetensors .onnx".split()
)
"""Endings that no trial's document has; in a folder they are passed over. A file that is named itself is always tried."""


@dataclass(frozen=True)
class FileResult:
    """What became of one file."""

    path: str
    outcome: Outcome
    document: str | None = None
    reason: str | None = None
    """Why it was skipped, or what is wrong with it and what to do."""
    passages: int = 0


@dataclass(frozen=True)
class Report:
    """What an indexing run did, file by file."""

    files: tuple[FileResult, ...]
    embedded: int = 0
    """Distinct texts that had no vector yet."""
    seconds: float = 0.0

    def of(self, outcome: Outcome) -> tuple[FileResult, ...]:
        """The files with that outcome, in order."""
        return tuple(file for file in self.files if file.outcome == outcome)


@dataclass(frozen=True)
class Progress:
    """How far a run is. `done` and `total` count documents, or cached texts while publishing."""

    phase: Phase
    done: int
    total: int
    embedded: int = 0
    """Distinct texts embedded so far."""
    document: str | None = None


OnProgress = Callable[[Progress], None]


class Builder:
    """One indexing run over a catalog. The caller holds the writer's lock."""

    def __init__(self, catalog: Catalog, embedder: Embedder, on_progress: OnProgress | None = None) -> None:
        self._catalog, self._embedder = catalog, embedder
        self._tell = on_progress or (lambda progress: None)
        self._results: dict[str, FileResult] = {}
        self._waiting: list[Reading] = []
        self._texts: dict[str, str] = {}
        self._done = self._total = self._embedded = 0

    def index(self, paths: Iterable[Path]) -> Report:
        """Read the files and folders into the catalog; unchanged files are left as they are."""
        started = time.monotonic()
        found = list(_found(paths, self._catalog.path.parent.resolve()))
        self._total += len(found)
        names = _Names(self._catalog.documents())
        for file in found:
            if isinstance(file, FileResult):
                self._finish(file)
            else:
                self._take(file, names)
        self._flush()
        return self._report(started)

    def reread(self) -> Report:
        """Read every stored document again, from the bytes that were kept."""
        started = time.monotonic()
        documents = self._catalog.documents()
        self._total += len(documents)
        with tempfile.TemporaryDirectory() as folder:
            for document in documents:
                self._reread(document, Path(folder) / PurePath(document.name).name)
        self._flush()
        return self._report(started)

    def _reread(self, document: Document, copy: Path) -> None:
        try:
            copy.write_bytes(self._catalog.content(document))
        except UnreadableDocument as error:
            self._finish(FileResult(document.path, "failed", document.name, f"{error.reason} {error.cure}"))
            return
        self._read(copy, document.name, document.path, "replaced")
        copy.unlink()

    def complete(self) -> int:
        """Embed every stored text that has no vector by this embedder; says how many."""
        numbers = self._catalog.unembedded(self._embedder.name)
        for start in range(0, len(numbers), _EMBED_AT_ONCE):
            texts = {
                str(text.number): f"{text.header}\n{text.text}"
                for text in self._catalog.texts(numbers[start : start + _EMBED_AT_ONCE])
            }
            rows = self._embed(texts)
            self._catalog.add_vectors({int(number): row for number, row in rows.items()}, self._embedder.name)
        return len(numbers)

    def _take(self, path: Path, names: "_Names") -> None:
        content = _content(path)
        digest, shown = hashlib.sha256(content).hexdigest(), _spelled(path)
        known = names.at(path, digest)
        if known and known.sha256 == digest:
            if known.path != shown:
                self._catalog.rename_path(known.number, shown)
            self._finish(FileResult(shown, "unchanged", known.name))
            return
        name = known.name if known else names.new(path)
        self._read(path, name, shown, "replaced" if known else "added")

    def _read(self, path: Path, name: str, shown: str, outcome: Outcome) -> None:
        self._tell(Progress("reading", self._done, self._total, self._embedded, name))
        try:
            record = load(path, name)
            content = _content(path)
            if hashlib.sha256(content).hexdigest() != record.sources[0].sha256:
                raise UnreadableDocument(name, "it changed while it was read.", "Index it again when it is complete.")
            reading = Reading(record, passages(record), shown, content)
            if not reading.passages:
                raise UnreadableDocument(name, "it holds no words.", "Save the record's text into it, or leave it out.")
        except UnreadableDocument as error:
            self._finish(FileResult(shown, "failed", name, f"{error.reason} {error.cure}"))
            return
        except Exception as error:  # a fault of the program in one document must not keep the others out
            _log.debug("%s", name, exc_info=error)
            reason = (
                f"the program failed on it ({type(error).__name__}: {error}). Please report it, with the document if you may."
            )
            self._finish(FileResult(shown, "failed", name, reason))
            return
        self._results[shown] = FileResult(shown, outcome, name, passages=len(reading.passages))
        self._waiting.append(reading)
        self._texts |= {text_key(passage): embedded_text(passage) for passage in reading.passages}
        if len(self._texts) >= _EMBED_AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Embed what the waiting documents need, then store them one by one."""
        known = self._catalog.embedded(self._texts, self._embedder.name)
        rows = self._embed({key: text for key, text in self._texts.items() if key not in known})
        for reading in self._waiting:
            self._catalog.store(reading, rows, self._embedder.name)
            self._finish(self._results[reading.path])
        self._waiting.clear()
        self._texts.clear()

    def _embed(self, texts: dict[str, str]) -> dict[str, NDArray[np.float32]]:
        keys = sorted(texts, key=lambda key: (len(texts[key]), key))
        rows: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(keys), _STEP):
            step = keys[start : start + _STEP]
            rows |= zip(step, self._embedder.embed([texts[key] for key in step]), strict=True)
            self._embedded += len(step)
            self._tell(Progress("embedding", self._done, self._total, self._embedded))
        return rows

    def _finish(self, result: FileResult) -> None:
        self._results[result.path] = result
        self._done += 1
        self._tell(Progress("storing", self._done, self._total, self._embedded, result.document))

    def _report(self, started: float) -> Report:
        return Report(tuple(self._results.values()), self._embedded, time.monotonic() - started)


class _Names:
    """Which document a file is, and what a new one is called: its file name, with as much of its folder as tells it apart."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_path = {document.path: document for document in documents}
        self._taken = {document.name for document in documents}
        self._moved = {(document.sha256, PurePath(document.path).name): document for document in documents}

    def at(self, path: Path, digest: str) -> Document | None:
        """The stored document of that file; one that was moved is known by its content and name."""
        moved = self._moved.get((digest, _spelled(path.name)))
        return self._by_path.get(_spelled(path)) or (moved if moved and not Path(moved.path).exists() else None)

    def new(self, path: Path) -> str:
        """A name that no other document has."""
        parts = PurePath(_spelled(path)).parts
        names = ("/".join(parts[-depth:]) for depth in range(1, len(parts) + 1))
        name = next(name for name in names if name not in self._taken)
        self._taken.add(name)
        return name


def _spelled(path: PurePath | str) -> str:
    """The path in characters that can be stored and printed: bytes of a name that are no UTF-8 are written as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _content(path: Path) -> bytes:
    """The file's bytes, as many as a document may have; none for what is no readable file, which the loader then explains."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return b""


def _found(paths: Iterable[Path], own: Path) -> Iterator[Path | FileResult]:
    """The files that are meant, each once; what a folder holds beside documents, with the reason why it is passed over."""
    seen: set[str] = set()
    for path in paths:
        whole = _resolved(path)
        for file in _walk(whole, own) if _is_folder(whole) else (whole,):
            name = file.path if isinstance(file, FileResult) else _spelled(file)
            if name not in seen:
                seen.add(name)
                yield file


def _resolved(path: Path) -> Path:
    """The path from the root, links followed as far as they lead anywhere."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError):  # too long, a link to itself, an unknown home: reading it says so
        return path.absolute()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _walk(folder: Path, own: Path) -> Iterator[Path | FileResult]:
    """Everything under a folder, by name; hidden folders and the index's own are not entered."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        reason = None if path == folder else _why_not(path)
        if reason:
            yield FileResult(_spelled(path), "skipped", reason=reason)
        elif not _is_folder(path):
            yield path
        elif path != own:
            try:
                waiting += sorted(path.iterdir(), reverse=True)
            except OSError as error:
                reason = f"the folder can't be read ({error.strerror}). Change its permissions."
                yield FileResult(_spelled(path), "failed", reason=reason)


def _why_not(path: Path) -> str | None:
    """Why what stands in a folder is passed over."""
    if path.name.startswith("."):
        return "it is hidden."
    if _is_folder(path):
        return "it is a link to a folder. Name that folder to read it." if path.is_symlink() else None
    return f"{path.suffix} is no document's ending." if path.suffix.lower() in _FOREIGN else None


# -- the caches


def refresh_vectors(
    shelf: Path, catalog: Catalog, embedder: str, tell: OnProgress | None = None, *, anew: bool = False
) -> Edition:
    """The edition of Chroma that stands for the catalog as it is: the newest, or one made from it; `anew`, from nothing."""
    base = None if anew else editions.newest(shelf, embedder)
    generation = catalog.generation
    if base and base.generation == generation:
        return base
    wanted = catalog.numbers(embedder)
    held = base.numbers if base else np.empty(0, np.int64)
    missing, surplus = np.setdiff1d(wanted, held), np.setdiff1d(held, wanted)
    folder = editions.begin(shelf, base)
    try:
        vectors.write(folder, surplus.tolist(), _told(catalog.vectors(missing, embedder), len(missing), tell))
    except CacheDamaged as damage:
        if base is None:
            raise
        _log.warning("The vectors' cache is damaged and is made anew: %s", damage)
        return refresh_vectors(shelf, catalog, embedder, tell, anew=True)
    edition = editions.publish(folder, generation, embedder, wanted)
    editions.clear(shelf, keep=edition)
    return edition


def refresh_words(shelf: Path, catalog: Catalog, embedder: str, *, anew: bool = False) -> Edition:
    """The same for tantivy. Where a text goes, it is made from nothing: a deleted text's words would stay in the files."""
    base = None if anew else editions.newest(shelf, lexical.ANALYZER)
    generation = catalog.generation
    if base and base.generation == generation:
        return base
    wanted = catalog.numbers(embedder)
    held = base.numbers if base else np.empty(0, np.int64)
    if base and len(np.setdiff1d(held, wanted)):
        return refresh_words(shelf, catalog, embedder, anew=True)
    folder = editions.begin(shelf, base)
    try:
        lexical.write(folder, catalog.texts(np.setdiff1d(wanted, held)))
    except CacheDamaged as damage:
        if base is None:
            raise
        _log.warning("The words' cache is damaged and is made anew: %s", damage)
        return refresh_words(shelf, catalog, embedder, anew=True)
    edition = editions.publish(folder, generation, lexical.ANALYZER, wanted)
    editions.clear(shelf, keep=edition)
    return edition


def _told(batches: Iterable[vectors.Batch], total: int, tell: OnProgress | None) -> Iterator[vectors.Batch]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch.numbers)
        if tell:
            tell(Progress("publishing", done, total))
