"""The usual quickstart as a yardstick: LangChain's splitter at 1,000 characters, MiniLM, Chroma, the four nearest chunks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from index.embed import packaged_model_folder

CHUNK, OVERLAP, NEAREST = 1_000, 200, 4
"""As LangChain's own tutorials have them."""


@dataclass(frozen=True)
class Chunk:
    """A chunk retrieved: `text == document_text[start:start + len(text)]`."""

    document: str
    start: int
    text: str


class Quickstart:
    """A vector store of chunks in a folder. Needs the extra `baselines`."""

    def __init__(self, folder: Path) -> None:
        from langchain_chroma import Chroma
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self._splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
        self._embeddings = HuggingFaceEmbeddings(model_name=str(packaged_model_folder()))
        self._store = Chroma("quickstart", self._embeddings, persist_directory=str(folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        client: Any = self._store._client
        client.close()

    def index(self, documents: Iterable[tuple[str, str]]) -> int:
        """Take in (name, text) pairs; says how many chunks they gave."""
        named = list(documents)
        chunks = self._splitter.create_documents([text for _, text in named], [{"document": name} for name, _ in named])
        if chunks:
            self._store.add_documents(chunks)
        return len(chunks)

    def retrieve(self, question: str, k: int = NEAREST, document: str | None = None) -> list[Chunk]:
        """The k nearest chunks, of one document or of all."""
        only = {"document": document} if document else None
        found = self._store.similarity_search(question, k=k, filter=only)
        return [Chunk(one.metadata["document"], one.metadata["start_index"], one.page_content) for one in found]
