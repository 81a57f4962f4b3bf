"""The door to an index: open a data folder, put documents in or take them out, read trials, search passages."""

import difflib
import logging
import os
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from threading import RLock
from types import TracebackType
from typing import Self

import numpy as np
from filelock import FileLock, Timeout

from index import criteria, editions, lexical, passages
from index.build import Builder, OnProgress, Report, refresh_vectors, refresh_words
from index.catalog import SCHEMA, Catalog, Document, Found
from index.editions import Edition
from index.embed import Embedder
from index.embed import embedder as make_embedder
from index.errors import NothingIndexed, StaleIndex, StoreUnavailable, UnknownTrial
from index.lexical import Lexical
from index.merge import Identity, criteria_document, link_identities, merge, under
from index.search import Shortlist, best_first, fuse, hits
from index.trial import Hit, Passage, Source, Trial
from index.vectors import Batch, CacheDamaged, ChromaVectors, ExactVectors, Scored

_log = logging.getLogger(__name__)
_CATALOG, _VECTORS, _WORDS, _LOCK, _WRITER = "catalog.sqlite", "vectors", "words", "writer.lock", "writer"
_WAIT_S = 5.0
"""For another writer to finish."""
_EXACT_TRIALS, _EXACT_PASSAGES = 20, 2_000
"""A scope of so few is ranked exactly: a metadata filter costs Chroma 80 ms, comparing 2,000 vectors 1 ms."""
_OVERFETCH, _MAX_FETCH = 8, 4_096
_SHORTLISTS = 16


@dataclass(frozen=True)
class Removed:
    """What a removal took out."""

    documents: tuple[str, ...]
    trials: tuple[str, ...]
    """Those of which nothing is left."""


@dataclass(frozen=True)
class Health:
    """Whether an index is whole, and what it holds."""

    data_dir: Path
    generation: int
    documents: int
    trials: int
    passages: int
    texts: int
    vectors: int
    embedder: str
    versions: Mapping[str, str]
    as_of: tuple[str, str] | None
    """The oldest and the newest date that documents give for their data."""
    problems: tuple[str, ...] = ()
    """Each with what to do; none in a whole index."""


@dataclass(frozen=True)
class _Snapshot:
    """Who is who in one generation of the catalog."""

    generation: int
    documents: Mapping[str, Document]
    links: Mapping[str, str]
    """Document → trial."""
    own: Mapping[str, str]
    """Document → the id that it would have alone."""
    criteria_from: frozenset[str]
    """The documents whose criteria are their trials'."""
    members: Mapping[str, tuple[Document, ...]]
    """Trial → its documents."""
    aliases: tuple[Mapping[str, frozenset[str]], ...]
    """Lower-case name → trials; the first of the tables that has a name decides."""
    stems: Mapping[str, frozenset[str]]
    """Lower-case stem → documents."""


@dataclass
class _Opened:
    """Both caches as they were opened for a generation."""

    generation: int = -1
    vectors: ChromaVectors | ExactVectors | None = None
    words: Lexical | None = None


class Library:
    """An index at a data folder. Safe to use from several threads; other processes may read or write beside it."""

    def __init__(self, data_dir: Path, catalog: Catalog, embedder: Embedder) -> None:
        self.data_dir, self.embedder = data_dir, embedder
        self._catalog, self._lock = catalog, RLock()
        self._seen: _Snapshot | None = None
        self._records: dict[int, tuple[int, Trial]] = {}
        self._merged: dict[str, tuple[tuple[tuple[int, int], ...], Trial]] = {}
        self._caches = _Opened()
        self._shortlists: OrderedDict[tuple[object, ...], Shortlist] = OrderedDict()

    @classmethod
    def open(cls, data_dir: Path, embedder: Embedder | str | None = None, *, create: bool = False) -> "Library":
        """The index at a data folder; `create` makes one where there is none, and opens a stale one for rebuilding.

        Raises NothingIndexed (no index, or an empty one), StaleIndex (made by another version or embedder) or
        StoreUnavailable (a folder that can't be read, or with `create` one that can't be written).
        """
        chosen = _embedder(embedder)
        path = data_dir / _CATALOG
        if create:
            return cls(data_dir, _made(path, chosen), chosen)
        if not _is_there(path):
            raise NothingIndexed(f"There is no index at {data_dir}: run `eligibility index PATH` first.")
        library = cls(data_dir, Catalog(path, writable=_may_write(data_dir)), chosen)
        stale = library.stale
        if stale:
            library.close()
            raise StaleIndex(stale)
        if not library._catalog.documents():
            library.close()
            raise NothingIndexed(f"The index at {data_dir} is empty: run `eligibility index PATH` first.")
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every file."""
        with self._lock:
            self._close_caches()
            self._catalog.close()

    # -- what it is

    @property
    def generation(self) -> int:
        """Rises with every change, by whichever process."""
        return self._catalog.generation

    @property
    def versions(self) -> dict[str, str]:
        """What this program makes an index with."""
        return _versions(self.embedder)

    @property
    def stale(self) -> str | None:
        """Why this program can't use the index as it is, and what to do; None when it can."""
        made = self._catalog.meta
        differing = [name for name, version in self.versions.items() if made.get(name) != version]
        if not differing:
            return None
        parts = "; ".join(f"its {name} is {made.get(name, 'unknown')}, not {self.versions[name]}" for name in differing)
        return f"The index at {self.data_dir} is stale ({parts}): run `eligibility index --rebuild` to make it again."

    def health(self) -> Health:
        """Whether the catalog and both caches are whole and agree."""
        counts, seen = self._catalog.counts(self.embedder.name), self._snapshot()
        dates = sorted(document.as_of for document in seen.documents.values() if document.as_of)
        return Health(
            data_dir=self.data_dir,
            generation=seen.generation,
            documents=counts.documents,
            trials=len(seen.members),
            passages=counts.passages,
            texts=counts.texts,
            vectors=counts.vectors,
            embedder=self.embedder.name,
            versions=self._catalog.meta,
            as_of=(dates[0], dates[-1]) if dates else None,
            problems=tuple(self._problems(counts.texts, counts.vectors, seen.generation)),
        )

    def _problems(self, texts: int, vectors: int, generation: int) -> Iterator[str]:
        fault = self._catalog.fault()
        if fault:
            yield f"The catalog is damaged ({fault}): restore it from a copy, or index again into a new data folder."
        if silent := self._catalog.silent():
            yield f"{len(silent)} documents have no passages ({', '.join(silent[:3])}): run `eligibility index --rebuild`."
        if texts != vectors:
            yield f"{texts - vectors} texts have no vector: run `eligibility index --rebuild`."
        for name, made_by in ((_VECTORS, self.embedder.name), (_WORDS, lexical.ANALYZER)):
            edition = editions.newest(self.data_dir / name, made_by)
            if edition is None or edition.generation != generation:
                yield f"The {name} cache is missing, damaged or behind: the next search across trials makes it again."
            elif len(edition.numbers) != vectors:
                held = len(edition.numbers)
                yield f"The {name} cache has {held} texts, the catalog {vectors}: run `eligibility index --rebuild`."

    # -- putting in and taking out

    def index(self, paths: Iterable[Path], on_progress: OnProgress | None = None, rebuild: bool = False) -> Report:
        """Read files and folders into the index; `rebuild` first reads again every document that it holds.

        Raises StaleIndex without `rebuild` on an index of another version, StoreUnavailable, ModelUnavailable.
        """
        with self._writing():
            if self.stale and not rebuild and self._catalog.documents():
                raise StaleIndex(self.stale)
            builder = Builder(self._catalog, self.embedder, on_progress)
            again = builder.reread() if rebuild else Report(())
            report = builder.index(paths)
            builder.complete()
            if self.stale:
                self._catalog.stamp(self.versions)
            self._publish(on_progress, anew=rebuild)
        files = {file.path: file for file in (*report.files, *again.files)}
        return Report(tuple(files.values()), report.embedded, again.seconds + report.seconds)

    def remove(self, ids: Iterable[str]) -> Removed:
        """Take out documents (by name) or trials (by id, with all documents). Raises UnknownTrial before anything goes."""
        with self._writing():
            before = self._snapshot()
            chosen = {document.number: document for name in ids for document in self._meant(before, name)}
            if chosen:
                self._catalog.remove(chosen)
                self._publish()
        left = self._snapshot().members
        return Removed(
            tuple(document.name for document in chosen.values()),
            tuple(trial for trial in before.members if trial not in left),
        )

    def _publish(self, on_progress: OnProgress | None = None, *, anew: bool = False) -> None:
        """Bring both caches to the catalog's generation. The caller holds the writer's lock."""
        self._catalog.prune(self.embedder.name)
        with self._lock:
            self._close_caches()
        refresh_vectors(self.data_dir / _VECTORS, self._catalog, self.embedder.name, on_progress, anew=anew)
        refresh_words(self.data_dir / _WORDS, self._catalog, self.embedder.name, anew=anew)

    @contextmanager
    def _writing(self, wait: float = _WAIT_S) -> Iterator[None]:
        """Hold the writer's lock. The system frees it when its process ends, however that ends."""
        if not self._catalog.writable:
            raise StoreUnavailable(f"{self.data_dir} can't be written by this user: choose another folder with --data-dir.")
        lock, writer = FileLock(self.data_dir / _LOCK), self.data_dir / _WRITER
        try:
            lock.acquire(timeout=wait)
        except Timeout as error:
            who = writer.read_text(encoding="utf-8") if writer.is_file() else "unknown"
            raise StoreUnavailable(
                f"Another process (id {who}) is writing to {self.data_dir}: wait for it to finish, then try again."
            ) from error
        except OSError as error:
            raise StoreUnavailable(f"{self.data_dir} can't be written ({error}): choose another folder.") from error
        try:
            writer.write_text(str(os.getpid()), encoding="utf-8")
            yield
        except (OSError, CacheDamaged) as error:
            cure = "Check the disk's room and the permissions, then try again: what was stored before is whole."
            raise StoreUnavailable(f"{self.data_dir} can't be written ({error}). {cure}") from error
        finally:
            writer.unlink(missing_ok=True)
            lock.release()

    # -- trials and documents

    def trials(self) -> tuple[Trial, ...]:
        """Every trial, merged over its documents, in the order in which they came in."""
        seen = self._snapshot()
        self._load(seen, seen.members)
        return tuple(self._merge(seen, trial) for trial in seen.members)

    def trial(self, id_or_alias: str) -> Trial:
        """The trial of that NCT number, stem, document name or other id, in any case. Raises UnknownTrial."""
        seen = self._snapshot()
        name = self._resolve(seen, id_or_alias)
        self._load(seen, [name])
        return self._merge(seen, name)

    def records(self, id_or_alias: str) -> tuple[Trial, ...]:
        """What each document of that trial says, as it was read. Raises UnknownTrial."""
        seen = self._snapshot()
        name = self._resolve(seen, id_or_alias)
        self._load(seen, [name])
        return tuple(self._records[document.number][1] for document in seen.members[name])

    def passages(self, trial_ids: Iterable[str]) -> tuple[Passage, ...]:
        """The passages of these trials, by document and place. Raises UnknownTrial."""
        seen = self._snapshot()
        names = dict.fromkeys(self._resolve(seen, name) for name in trial_ids)
        numbers = [document.number for name in names for document in seen.members[name]]
        return tuple(_of_trial(found, seen) for found in self._catalog.passages(numbers))

    def source(self, document: str) -> Source:
        """The text of the document of that name. Raises UnknownTrial."""
        source = self._catalog.source(document)
        if source is None:
            names = self._snapshot().documents
            raise UnknownTrial(f"No document is called {document!r}.{_closest(document, names)}")
        return source

    def _snapshot(self) -> _Snapshot:
        with self._lock:
            generation = self._catalog.generation
            if self._seen is None or self._seen.generation != generation:
                self._seen = _snapshot(generation, self._catalog.documents(), self._catalog.identities())
            return self._seen

    def _load(self, seen: _Snapshot, trials: Iterable[str]) -> None:
        """Bring into memory the records of these trials that changed since they were last needed."""
        with self._lock:
            wanted = {document.number: document.revision for trial in trials for document in seen.members[trial]}
            missing = [n for n, revision in wanted.items() if n not in self._records or self._records[n][0] != revision]
            self._records |= {n: (wanted[n], record) for n, record in self._catalog.records(missing).items()}

    def _merge(self, seen: _Snapshot, trial: str) -> Trial:
        key = tuple((document.number, document.revision) for document in seen.members[trial])
        with self._lock:
            known = self._merged.get(trial)
            if known is None or known[0] != key:
                known = key, merge([self._records[document.number][1] for document in seen.members[trial]], trial)
                self._merged[trial] = known
        return known[1]

    def _resolve(self, seen: _Snapshot, name: str) -> str:
        for table in seen.aliases:
            meant = table.get(name.strip().casefold())
            if meant and len(meant) == 1:
                return next(iter(meant))
            if meant:
                raise UnknownTrial(f"{name!r} may be any of {', '.join(sorted(meant))}: use one of these.")
        raise UnknownTrial(f"No indexed trial or document is called {name!r}.{_closest(name, seen.members)}")

    def _meant(self, seen: _Snapshot, name: str) -> tuple[Document, ...]:
        """What a removal names: a document by its name or stem, else a trial with all its documents."""
        if name in seen.documents:
            return (seen.documents[name],)
        stem = name.strip().casefold()
        if stem not in seen.aliases[0] and len(seen.stems.get(stem, ())) == 1:
            return tuple(seen.documents[document] for document in seen.stems[stem])
        return seen.members[self._resolve(seen, name)]

    # -- search

    def search(
        self,
        query: str,
        *,
        trials: Collection[str] = (),
        sections: Collection[str] = (),
        levels: Collection[str] = (),
        status: Collection[str] = (),
        k: int = 10,
    ) -> list[Hit]:
        """The k best passages, best first; none named means all trials, sections, levels, statuses. Raises UnknownTrial."""
        if not query.strip() or k < 1:
            return []
        seen = self._snapshot()
        documents = self._scope(seen, trials, status)
        vector = self.embedder.embed([query])[0]
        narrow = trials and len(trials) <= _EXACT_TRIALS
        if narrow or self._catalog.count_passages(documents, sections, levels) <= _EXACT_PASSAGES:
            return self._shortlist(seen, documents, sections, levels).rank(query, vector, k)
        return self._rank_all(seen, query, vector, documents, sections, levels, k)

    def _scope(self, seen: _Snapshot, trials: Collection[str], status: Collection[str]) -> frozenset[int] | None:
        """The documents in scope, by number; None for all."""
        if not trials and not status:
            return None
        names = [self._resolve(seen, name) for name in trials] or list(seen.members)
        if status:
            wanted = {one.upper() for one in status}
            self._load(seen, names)
            names = [name for name in names if self._merge(seen, name).status in wanted]
        return frozenset(document.number for name in names for document in seen.members[name])

    def _shortlist(
        self, seen: _Snapshot, documents: frozenset[int] | None, sections: Collection[str], levels: Collection[str]
    ) -> Shortlist:
        key = seen.generation, documents, frozenset(sections), frozenset(levels)
        with self._lock:
            if key not in self._shortlists:
                found = self._catalog.passages(documents, sections=sections, levels=levels)
                rows = self._rows(sorted({one.text for one in found}))
                kept = [one for one in found if one.text in rows]
                matrix = np.array([rows[one.text] for one in kept], np.float32).reshape(len(kept), self.embedder.dimensions)
                self._shortlists[key] = Shortlist.of([_of_trial(one, seen) for one in kept], matrix)
            self._shortlists.move_to_end(key)
            while len(self._shortlists) > _SHORTLISTS:
                self._shortlists.popitem(last=False)
            return self._shortlists[key]

    def _rows(self, numbers: list[int]) -> dict[int, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        batches = self._catalog.vectors(numbers, self.embedder.name)
        return {int(number): row for batch in batches for number, row in zip(batch.numbers, batch.rows, strict=True)}

    def _rank_all(
        self,
        seen: _Snapshot,
        query: str,
        vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
        documents: frozenset[int] | None,
        sections: Collection[str],
        levels: Collection[str],
        k: int,
    ) -> list[Hit]:
        """Both caches asked for more than is wanted, again for more still while the filters leave too little."""
        fetch = max(64, k * _OVERFETCH)
        while True:
            rankings = {
                "dense": [one.number for one in self._nearest(vector, fetch)],
                "lexical": [one.number for one in self._best(query, fetch)],
            }
            fused = fuse(rankings)
            found: dict[int, list[Passage]] = defaultdict(list)
            for one in self._catalog.passages(documents, texts=fused, sections=sections, levels=levels):
                found[one.text].append(_of_trial(one, seen))
            ordered = ((p, fused[n].score, tuple(fused[n].found_by)) for n in best_first(fused) for p in found[n])
            best = hits(ordered, k)
            if len(best) == k or fetch >= _MAX_FETCH or max(map(len, rankings.values())) < fetch:
                return best
            fetch *= 4

    # -- the caches

    def _nearest(self, vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]], k: int) -> list[Scored]:
        return self._healing(lambda opened: opened.vectors.nearest(vector, k) if opened.vectors else [])

    def _best(self, query: str, k: int) -> list[Scored]:
        return self._healing(lambda opened: opened.words.best(query, k) if opened.words else [])

    def _healing(self, ask: Callable[[_Opened], list[Scored]]) -> list[Scored]:
        try:
            return ask(self._open_caches())
        except CacheDamaged as damage:
            _log.warning("A cache is damaged and is made anew: %s", damage)
            return ask(self._open_caches(anew=True))

    def _open_caches(self, *, anew: bool = False) -> _Opened:
        with self._lock:
            generation = self._catalog.generation
            if anew or self._caches.generation != generation:
                self._close_caches()
                words, vectors = self._edition(_WORDS, generation, anew), self._edition(_VECTORS, generation, anew)
                self._caches = _Opened(generation, self._opened_vectors(vectors), self._opened_words(words))
            return self._caches

    def _edition(self, name: str, generation: int, anew: bool) -> Edition | None:
        """The edition to search: the catalog's own, made now if need be; while another process writes, the newest there is."""
        shelf, made_by = self.data_dir / name, self.embedder.name if name == _VECTORS else lexical.ANALYZER
        edition = None if anew else editions.newest(shelf, made_by)
        if edition and edition.generation == generation:
            return edition
        try:
            with self._writing(wait=0):
                if name == _VECTORS:
                    return refresh_vectors(shelf, self._catalog, made_by, anew=anew)
                return refresh_words(shelf, self._catalog, self.embedder.name, anew=anew)
        except StoreUnavailable as reason:
            _log.info("The %s cache stays as it is: %s", name, reason)
            return edition

    def _opened_vectors(self, edition: Edition | None) -> ChromaVectors | ExactVectors:
        if edition:
            try:
                opened = ChromaVectors(edition.folder)
            except CacheDamaged:
                if self._catalog.writable:
                    raise
            else:
                return opened
        numbers = self._catalog.numbers(self.embedder.name)
        empty = Batch(np.empty(0, np.int64), np.empty((0, self.embedder.dimensions), np.float32))
        batches = [empty, *self._catalog.vectors(numbers, self.embedder.name)]
        return ExactVectors(np.concatenate([b.numbers for b in batches]), np.concatenate([b.rows for b in batches]))

    def _opened_words(self, edition: Edition | None) -> Lexical:
        if edition:
            try:
                return Lexical.opened(edition.folder)
            except CacheDamaged:
                if self._catalog.writable:
                    raise
        return Lexical.in_memory(self._catalog.texts(self._catalog.numbers(self.embedder.name)))

    def _close_caches(self) -> None:
        if isinstance(self._caches.vectors, ChromaVectors):
            self._caches.vectors.close()
        self._caches = _Opened()


def _embedder(chosen: Embedder | str | None) -> Embedder:
    if chosen is None:
        return make_embedder()
    return make_embedder(chosen) if isinstance(chosen, str) else chosen


def _versions(embedder: Embedder) -> dict[str, str]:
    return {
        "schema": SCHEMA,
        "criteria": criteria.VERSION,
        "passages": passages.VERSION,
        "embedder": embedder.name,
    }


def _made(path: Path, embedder: Embedder) -> Catalog:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"{path.parent} can't be made ({error}): choose another folder with --data-dir.") from error
    if not _may_write(path.parent):
        raise StoreUnavailable(f"{path.parent} can't be written by this user: choose another folder with --data-dir.")
    catalog = Catalog(path, writable=True)
    if not catalog.meta:
        catalog.stamp(_versions(embedder))
    return catalog


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise StoreUnavailable(
            f"{path.parent} can't be read ({error.strerror}): choose another folder with --data-dir."
        ) from error


def _may_write(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK) and all(os.access(path, os.W_OK) for path in folder.glob(f"{_CATALOG}*"))


def _snapshot(generation: int, documents: Iterable[Document], identities: tuple[Identity, ...]) -> _Snapshot:
    by_name = {document.name: document for document in documents}
    links = link_identities(identities)
    members: dict[str, tuple[Document, ...]] = {}
    for name, trial in links.items():
        members[trial] = (*members.get(trial, ()), by_name[name])
    others = ((alias, links[one.document]) for one in identities for alias in one.other_ids)
    return _Snapshot(
        generation,
        by_name,
        links,
        {one.document: one.id for one in identities},
        frozenset(_criteria_documents(identities, links)),
        members,
        aliases=(
            _table((trial, trial) for trial in members),
            _table(links.items()),
            _table((PurePath(name).stem, trial) for name, trial in links.items()),
            _table(others),
        ),
        stems=_table((PurePath(name).stem, name) for name in links),
    )


def _criteria_documents(identities: Iterable[Identity], links: Mapping[str, str]) -> Iterator[str]:
    by_trial: dict[str, list[Identity]] = defaultdict(list)
    for one in identities:
        by_trial[links[one.document]].append(one)
    return (name for same in by_trial.values() if (name := criteria_document(same)))


def _table(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for name, meant in pairs:
        table[name.casefold()] = table.get(name.casefold(), frozenset()) | {meant}
    return table


def _of_trial(found: Found, seen: _Snapshot) -> Passage:
    """The passage with the trial that its document is linked to."""
    passage, document = found.passage, found.passage.span.document
    trial, field = seen.links[document], passage.field
    if passage.level == "criterion" and field:
        # Only one document's list is the merged trial's; another's third line is not the trial's third criterion.
        field = under(trial if document in seen.criteria_from else document, seen.own[document], field)
    return replace(passage, trial=trial, field=field)


def _closest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3)
    return f" Closest: {', '.join(close)}." if close else " `eligibility show` lists them."
