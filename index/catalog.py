"""The truth on disk: documents, trials, passages, texts and their vectors in one SQLite file; all else is rebuilt from it."""

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from pydantic import TypeAdapter

from index.errors import StoreUnavailable, UnreadableDocument
from index.lexical import Text
from index.merge import Identity, identity
from index.trial import Passage, Source, Span, Trial
from index.vectors import Batch

SCHEMA = "1"
"""Of the tables below. `name`, `path` and `content` of documents keep their meaning in every schema: a rebuild starts there."""
_CHUNK = 5_000
"""Values in one statement: SQLite takes at most 32,766."""
_WAIT_S = 10.0
T = TypeVar("T")

_tables = sa.MetaData()
_meta = sa.Table("meta", _tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False))
_documents = sa.Table(
    "documents",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),  # the file's bytes, deflated: a rebuild needs no file
    sa.Column("revision", sa.Integer, nullable=False),  # the generation in which it was last read
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("read", sa.Text, nullable=False),
    sa.Column("as_of", sa.Text),
    sa.Column("page_starts", sa.JSON, nullable=False),
    sa.Column("trial", sa.Text, nullable=False),  # the record as JSON, without its source
    sa.Column("identity", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)
_texts = sa.Table(
    "texts",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),  # never given twice, so that a cache can't mistake one for another
    sa.Column("sha256", sa.Text, nullable=False, unique=True),
    sa.Column("header", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
_vectors = sa.Table(
    "vectors",
    _tables,
    sa.Column("text", sa.ForeignKey("texts.number", ondelete="CASCADE"), primary_key=True),
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float32, little-endian
)
_passages = sa.Table(
    "passages",
    _tables,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("document", sa.ForeignKey("documents.number", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("text", sa.ForeignKey("texts.number"), nullable=False, index=True),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("arm", sa.Text),
    sa.Column("field", sa.Text),
)


@dataclass(frozen=True)
class Reading:
    """One document as read: what the catalog takes in."""

    record: Trial
    passages: tuple[Passage, ...]
    path: str
    content: bytes

    @property
    def source(self) -> Source:
        """The document."""
        return self.record.sources[0]


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text."""

    number: int
    name: str
    path: str
    sha256: str
    revision: int
    as_of: str | None


class Found(NamedTuple):
    """A stored passage and the number of its text. Its `trial` is empty: which trial it is of is worked out when read."""

    passage: Passage
    text: int


class Counts(NamedTuple):
    """How much is stored; vectors are those of one embedder."""

    documents: int
    passages: int
    texts: int
    vectors: int


def embedded_text(passage: Passage) -> str:
    """What is embedded of a passage: its header, then its text."""
    return f"{passage.header}\n{passage.text}" if passage.header else passage.text


def text_key(passage: Passage) -> str:
    """The sha256 that a text is known by."""
    return hashlib.sha256(f"{passage.header}\n{passage.text}".encode("utf-8", "surrogatepass")).hexdigest()


class Catalog:
    """The SQLite file. Every method that changes it is one transaction. Raises StoreUnavailable where SQLite can't go on."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path, self.writable = path, writable
        self._engine = _engine(path, "rwc") if writable else _readable(path)
        if writable:
            _tables.create_all(self._engine)

    def close(self) -> None:
        """Let go of the file, all of it in one piece."""
        if self.writable:
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._engine.dispose()

    # -- what it is

    @property
    def meta(self) -> dict[str, str]:
        """Versions, the embedder's name, the generation."""
        with self._engine.connect() as connection:
            return {row.key: row.value for row in connection.execute(sa.select(_meta))}

    @property
    def generation(self) -> int:
        """Rises with every change."""
        with self._engine.connect() as connection:
            value = connection.scalar(sa.select(_meta.c.value).where(_meta.c.key == "generation"))
        return int(value or 0)

    def stamp(self, versions: Mapping[str, str]) -> None:
        """Say which versions made it."""
        with self._engine.begin() as connection:
            for key, value in versions.items():
                connection.execute(sa.insert(_meta).prefix_with("OR REPLACE").values(key=key, value=value))

    def counts(self, embedder: str) -> Counts:
        """How much is stored."""
        with self._engine.connect() as connection:
            sizes = [
                connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (_documents, _passages, _texts)
            ]
            own = sa.select(sa.func.count()).select_from(_vectors).where(_vectors.c.embedder == embedder)
            documents, passages, texts = (size or 0 for size in sizes)
            return Counts(documents, passages, texts, connection.scalar(own) or 0)

    def fault(self) -> str | None:
        """What SQLite's own check finds wrong with the file; None when it is whole."""
        with self._engine.connect() as connection:
            verdict = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        return None if verdict == "ok" else verdict

    # -- documents

    def documents(self) -> tuple[Document, ...]:
        """Every document, in the order in which they came in."""
        columns = [_documents.c[name] for name in ("number", "name", "path", "sha256", "revision", "as_of")]
        with self._engine.connect() as connection:
            return tuple(Document(*row) for row in connection.execute(sa.select(*columns).order_by(_documents.c.number)))

    def content(self, document: Document) -> bytes:
        """The bytes of a document's file, as they were read. Raises UnreadableDocument where they were damaged since."""
        select = sa.select(_documents.c.content).where(_documents.c.number == document.number)
        with self._engine.connect() as connection:
            packed = connection.execute(select).scalar_one()
        try:
            return zlib.decompress(packed)
        except zlib.error as error:
            cure = "Take it out with `eligibility remove` and index its file again."
            raise UnreadableDocument(document.name, "the copy of it that was kept is damaged.", cure) from error

    def source(self, name: str) -> Source | None:
        """A document's text; None for a name that isn't stored."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(*_source_columns()).where(_documents.c.name == name)).first()
        return _source(row) if row else None

    def records(self, numbers: Collection[int]) -> dict[int, Trial]:
        """The documents of these numbers, each as it was read."""
        columns = (_documents.c.number, _documents.c.trial, *_source_columns())
        rows = self._where_in(sa.select(*columns), _documents.c.number, numbers)
        with self._sound("records"):
            return {row.number: replace(_trials().validate_json(row.trial), sources=(_source(row),)) for row in rows}

    def identities(self) -> tuple[Identity, ...]:
        """What tells which trial each document is about, in the order in which they came in."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_documents.c.identity).order_by(_documents.c.number)).scalars()
            with self._sound("records"):
                return tuple(_identities().validate_python(row) for row in rows)

    def store(self, reading: Reading, vectors: Mapping[str, NDArray[np.float32]], embedder: str) -> None:
        """Take a document in, in place of the one of its name; `vectors` by text key, for the texts that have none yet."""
        keys = [text_key(passage) for passage in reading.passages]
        with self._engine.begin() as connection:
            number = _put_document(connection, reading, _raise_generation(connection))
            numbers = _put_texts(connection, dict(zip(keys, reading.passages, strict=True)))
            fresh = [
                {"text": number, "embedder": embedder, "vector": _bytes(vectors[key])}
                for key, number in numbers.items()
                if key in vectors
            ]
            if fresh:
                connection.execute(sa.insert(_vectors).prefix_with("OR IGNORE"), fresh)
            rows = [_passage_row(passage, number, numbers[key]) for key, passage in zip(keys, reading.passages, strict=True)]
            if rows:
                connection.execute(sa.insert(_passages), rows)

    def rename_path(self, number: int, path: str) -> None:
        """A document's file was moved."""
        with self._engine.begin() as connection:
            connection.execute(sa.update(_documents).where(_documents.c.number == number).values(path=path))

    def remove(self, numbers: Collection[int]) -> None:
        """Take documents out, with all that only they hold."""
        with self._engine.begin() as connection:
            _raise_generation(connection)
            for chunk in _chunks(sorted(numbers)):
                connection.execute(sa.delete(_documents).where(_documents.c.number.in_(chunk)))

    def prune(self, embedder: str) -> None:
        """Forget texts that no passage has any more, and the vectors of other embedders."""
        used = sa.select(_passages.c.text)
        with self._engine.begin() as connection:
            gone = connection.execute(sa.delete(_texts).where(_texts.c.number.not_in(used))).rowcount
            gone += connection.execute(sa.delete(_vectors).where(_vectors.c.embedder != embedder)).rowcount
            if gone:
                _raise_generation(connection)
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- passages, texts and vectors

    def passages(
        self,
        documents: Collection[int] | None = None,
        *,
        texts: Collection[int] | None = None,
        sections: Collection[str] = (),
        levels: Collection[str] = (),
    ) -> list[Found]:
        """Passages of these documents, texts, sections and levels (none named: all), by document and place."""
        rows = self._where_in(
            _narrowed(sa.select(*_passage_columns()).select_from(_passages_joined()), sections, levels),
            _passages.c.document if texts is None else _passages.c.text,
            documents if texts is None else texts,
        )
        kept = (row for row in rows if texts is None or documents is None or row.document in documents)
        ordered = sorted(kept, key=lambda row: (row.document, row.start, row.number))
        return [Found(_passage(row), row.text_number) for row in ordered]

    def count_passages(
        self, documents: Collection[int] | None, sections: Collection[str] = (), levels: Collection[str] = ()
    ) -> int:
        """How many passages that scope has."""
        select = _narrowed(sa.select(sa.func.count().label("n")).select_from(_passages), sections, levels)
        return sum(row.n for row in self._where_in(select, _passages.c.document, documents))

    def silent(self) -> tuple[str, ...]:
        """The documents that have no passage, which no document is without when it is stored."""
        select = sa.select(_documents.c.name).where(_documents.c.number.not_in(sa.select(_passages.c.document)))
        with self._engine.connect() as connection:
            return tuple(connection.execute(select.order_by(_documents.c.number)).scalars())

    def embedded(self, keys: Collection[str], embedder: str) -> set[str]:
        """Those of the text keys that have a vector by this embedder."""
        select = sa.select(_texts.c.sha256).join(_vectors).where(_vectors.c.embedder == embedder)
        return {row.sha256 for row in self._where_in(select, _texts.c.sha256, keys)}

    def unembedded(self, embedder: str) -> list[int]:
        """The texts that have no vector by this embedder."""
        own = sa.select(_vectors.c.text).where(_vectors.c.embedder == embedder)
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_texts.c.number).where(_texts.c.number.not_in(own))).scalars())

    def add_vectors(self, vectors: Mapping[int, NDArray[np.float32]], embedder: str) -> None:
        """Vectors for texts by number."""
        rows = [{"text": number, "embedder": embedder, "vector": _bytes(row)} for number, row in vectors.items()]
        with self._engine.begin() as connection:
            _raise_generation(connection)
            connection.execute(sa.insert(_vectors).prefix_with("OR IGNORE"), rows)

    def numbers(self, embedder: str) -> NDArray[np.int64]:
        """The texts that have a vector by this embedder, rising."""
        select = sa.select(_vectors.c.text).where(_vectors.c.embedder == embedder).order_by(_vectors.c.text)
        with self._engine.connect() as connection:
            return np.fromiter(connection.execute(select).scalars(), np.int64)

    def vectors(self, numbers: Sequence[int] | NDArray[np.int64], embedder: str) -> Iterator[Batch]:
        """The vectors of these texts, in batches, each by rising number."""
        select = sa.select(_vectors.c.text, _vectors.c.vector).where(_vectors.c.embedder == embedder).order_by(_vectors.c.text)
        for chunk in _chunks([int(number) for number in numbers]):
            rows = self._where_in(select, _vectors.c.text, chunk)
            if rows:
                with self._sound("vectors"):
                    matrix = np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(len(rows), -1)
                yield Batch(np.array([row.text for row in rows], np.int64), matrix.astype(np.float32, copy=False))

    def texts(self, numbers: Sequence[int] | NDArray[np.int64]) -> Iterator[Text]:
        """These texts, by rising number."""
        select = sa.select(_texts.c.number, _texts.c.header, _texts.c.text).order_by(_texts.c.number)
        for chunk in _chunks([int(number) for number in numbers]):
            yield from (Text(row.number, row.header, row.text) for row in self._where_in(select, _texts.c.number, chunk))

    @contextmanager
    def _sound(self, what: str) -> Iterator[None]:
        """Says which rows are damaged where what they hold can't be what was stored."""
        try:
            yield
        except ValueError as error:  # pydantic's ValidationError is one
            cure = "Run `eligibility index --rebuild`; if that fails too, index again into a new data folder."
            raise StoreUnavailable(f"{self.path}: its {what} are damaged. {cure}") from error

    def _where_in(self, select: sa.Select[Any], column: sa.Column[Any], values: Collection[Any] | None) -> list[sa.Row[Any]]:
        """The rows whose column is among the values; every row for None."""
        with self._engine.connect() as connection:
            if values is None:
                return list(connection.execute(select))
            return [row for chunk in _chunks(list(values)) for row in connection.execute(select.where(column.in_(chunk)))]


# -- rows


def _put_document(connection: sa.Connection, reading: Reading, revision: int) -> int:
    source = reading.source
    row = {
        "name": source.document,
        "path": reading.path,
        "content": zlib.compress(reading.content, 6),
        "revision": revision,
        "format": source.format,
        "sha256": source.sha256,
        "text": source.text,
        "read": source.read,
        "as_of": source.as_of,
        "page_starts": list(source.page_starts),
        "trial": _trials().dump_json(replace(reading.record, sources=())).decode(),
        "identity": asdict(identity(reading.record)),
    }
    known = connection.scalar(sa.select(_documents.c.number).where(_documents.c.name == source.document))
    if known is None:
        return int(connection.scalar(sa.insert(_documents).values(row).returning(_documents.c.number)) or 0)
    connection.execute(sa.delete(_passages).where(_passages.c.document == known))
    connection.execute(sa.update(_documents).where(_documents.c.number == known).values(row))
    return int(known)


def _put_texts(connection: sa.Connection, passages: Mapping[str, Passage]) -> dict[str, int]:
    """Text key → number, for texts that were there and those that now are."""
    rows = [{"sha256": key, "header": passage.header, "text": passage.text} for key, passage in passages.items()]
    if rows:
        connection.execute(sa.insert(_texts).prefix_with("OR IGNORE"), rows)
    select = sa.select(_texts.c.sha256, _texts.c.number)
    found = (connection.execute(select.where(_texts.c.sha256.in_(chunk))) for chunk in _chunks(list(passages)))
    return {row.sha256: row.number for rows in found for row in rows}


def _raise_generation(connection: sa.Connection) -> int:
    known = int(connection.scalar(sa.select(_meta.c.value).where(_meta.c.key == "generation")) or 0)
    connection.execute(sa.insert(_meta).prefix_with("OR REPLACE").values(key="generation", value=str(known + 1)))
    return known + 1


def _passage_row(passage: Passage, document: int, text: int) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document": document,
        "text": text,
        "level": passage.level,
        "section": passage.section,
        "start": passage.span.start,
        "end": passage.span.end,
        "arm": passage.arm,
        "field": passage.field,
    }


def _passage_columns() -> tuple[sa.ColumnElement[Any], ...]:
    return (
        *_passages.c[("number", "id", "document", "level", "section", "start", "end", "arm", "field")],
        _passages.c.text.label("text_number"),
        _documents.c.name,
        _texts.c.header,
        _texts.c.text.label("words"),
    )


def _passages_joined() -> sa.FromClause:
    return _passages.join(_texts, _passages.c.text == _texts.c.number).join(
        _documents, _passages.c.document == _documents.c.number
    )


def _narrowed(select: sa.Select[Any], sections: Collection[str], levels: Collection[str]) -> sa.Select[Any]:
    if sections:
        select = select.where(_passages.c.section.in_(list(sections)))
    return select.where(_passages.c.level.in_(list(levels))) if levels else select


def _passage(row: sa.Row[Any]) -> Passage:
    span = Span(row.name, row.start, row.end)
    return Passage(row.id, "", row.level, row.section, row.words, span, row.header, row.arm, row.field)


def _source_columns() -> tuple[sa.Column[Any], ...]:
    return tuple(_documents.c[("name", "format", "sha256", "text", "read", "as_of", "page_starts")])


def _source(row: sa.Row[Any]) -> Source:
    return Source(row.name, row.format, row.sha256, row.text, row.read, row.as_of, tuple(row.page_starts))


def _bytes(row: NDArray[np.float32]) -> bytes:
    return np.asarray(row, "<f4").tobytes()


@cache
def _trials() -> TypeAdapter[Trial]:
    return TypeAdapter(Trial)


@cache
def _identities() -> TypeAdapter[Identity]:
    return TypeAdapter(Identity)


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


# -- the file


def _readable(path: Path) -> sa.Engine:
    """Opened for reading; in a folder where SQLite can't make its side files, as a file that nobody changes."""
    for options in ("ro", "ro&immutable=1"):
        engine = _engine(path, options)
        try:
            with engine.connect() as connection:
                connection.execute(sa.select(_meta)).all()
        except StoreUnavailable:
            engine.dispose()
            if options != "ro":
                raise
        else:
            return engine
    raise AssertionError("unreachable")


def _engine(path: Path, mode: str) -> sa.Engine:
    def connect() -> sqlite3.Connection:
        try:
            return _connection(path, mode)
        except sqlite3.DatabaseError as error:
            raise _unavailable(path, error) from error

    def translate(context: sa.engine.ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
            raise _unavailable(path, error) from error

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)
    sa.event.listen(engine, "handle_error", translate)
    return engine


def _connection(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=_WAIT_S, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    if mode == "rwc":
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # What is removed is overwritten, not only unlinked.
        connection.execute("PRAGMA secure_delete = ON")
    return connection


def _unavailable(path: Path, error: sqlite3.DatabaseError) -> StoreUnavailable:
    return StoreUnavailable(f"{path}: {error}. {_cure(str(error))}")


def _cure(reason: str) -> str:
    cures: Iterable[tuple[tuple[str, ...], str]] = (
        (
            ("not a database", "malformed", "no such table", "no such column"),
            "Restore it from a copy, or index again into a new data folder.",
        ),
        (("locked", "busy"), "Another process is writing: wait for it, then try again."),
        (("full", "disk"), "Make room on the disk, then try again: what was stored before is whole."),
    )
    found = (cure for words, cure in cures if any(word in reason for word in words))
    return next(found, "Check that the data folder exists and that this user may write to it.")
