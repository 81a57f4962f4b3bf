"""Nearest texts by meaning: Chroma as a cache over the catalog's vectors, or the catalog's own vectors compared exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexFault

if TYPE_CHECKING:
    from chromadb.api.client import Client

_COLLECTION = "texts"
_BATCH = 5_000
"""Chroma refuses more than 5,461 items at once."""


class Scored(NamedTuple):
    """A text by its number in the catalog, and how well it matched."""

    number: int
    score: float


class Batch(NamedTuple):
    """Texts by number and their vectors: shape (numbers, dimensions)."""

    numbers: NDArray[np.int64]
    rows: NDArray[np.float32]


class CacheDamaged(Exception):
    """A cache that can't be used as it lies there; the catalog rebuilds it."""


class Vectors(Protocol):
    """What search asks of a store of vectors."""

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        ...

    def nearest(self, query: NDArray[np.float32], k: int) -> list[Scored]:
        """The k texts of highest cosine, best first."""
        ...


@dataclass(frozen=True)
class ExactVectors:
    """Vectors in memory, every one compared: for a folder in which Chroma can't open its files."""

    numbers: NDArray[np.int64]
    rows: NDArray[np.float32]

    @property
    def count(self) -> int:
        """How many vectors it holds."""
        return len(self.numbers)

    def nearest(self, query: NDArray[np.float32], k: int) -> list[Scored]:
        """The k texts of highest cosine, best first; ties by number."""
        cosines = self.rows @ query
        best = np.lexsort((self.numbers, -cosines))[:k]
        return [Scored(int(self.numbers[i]), float(cosines[i])) for i in best]


class ChromaVectors:
    """An edition's folder opened by Chroma. Raises CacheDamaged when what lies there can't be used."""

    def __init__(self, folder: Path) -> None:
        self._client = _client(folder)
        try:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self.count = int(self._collection.count())
        except BaseException as error:
            self._client.close()
            raise _as_damage(error) from error

    def nearest(self, query: NDArray[np.float32], k: int) -> list[Scored]:
        """The k texts of highest cosine, best first; ties by number."""
        if not self.count:
            return []
        try:
            found: Any = self._collection.query(
                query_embeddings=[query.tolist()], n_results=min(k, self.count), include=["distances"]
            )
        except BaseException as error:
            raise _as_damage(error) from error
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return sorted((Scored(int(number), 1.0 - distance) for number, distance in pairs), key=lambda s: (-s.score, s.number))

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()


def write(folder: Path, dropped: Sequence[int], added: Iterable[Batch]) -> None:
    """Change an unpublished edition's vectors. Raises CacheDamaged when its base can't be used."""
    client = _client(folder)
    try:
        collection = client.get_or_create_collection(
            _COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        for start in range(0, len(dropped), _BATCH):
            collection.delete(ids=[str(number) for number in dropped[start : start + _BATCH]])
        for batch in added:
            for start in range(0, len(batch.numbers), _BATCH):
                part = slice(start, start + _BATCH)
                collection.add(ids=[str(number) for number in batch.numbers[part]], embeddings=batch.rows[part])
    except BaseException as error:
        raise _as_damage(error) from error
    finally:
        client.close()


def _client(folder: Path) -> "Client":
    import chromadb
    from chromadb.config import Settings

    try:
        return cast("Client", chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False)))
    except BaseException as error:
        raise _as_damage(error) from error


def _as_damage(error: BaseException) -> BaseException:
    """Chroma's Rust core fails with exceptions of every kind, a panic among them, which is no Exception."""
    if isinstance(error, IndexFault):  # of the catalog, whose vectors are being written
        return error
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return CacheDamaged(f"{type(error).__name__}: {error}")
    return error
