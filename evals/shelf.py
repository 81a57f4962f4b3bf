"""An index of its own over documents whose text can be changed, to ask of a document and of its hostile twin."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant
from index.errors import UnreadableDocument
from index.library import Library


@dataclass(frozen=True)
class Shelf:
    """The assistant over the index, and where its documents' files lie."""

    assistant: Assistant
    folder: Path | None = None
    """None: the documents are not ours to change."""

    def put(self, document: str, text: str) -> None:
        """The document has that text from now on. Raises UnreadableDocument where it can't be read with it."""
        if self.folder is None:
            raise UnreadableDocument(document, "it may not be changed.", "Name it in the cases.")
        path = self.folder / document
        path.write_text(text, encoding="utf-8")
        _index(self.assistant.library, [path])

    def text(self, document: str) -> str:
        """What a document reads as."""
        return self.assistant.library.source(document).text


@contextmanager
def shelf_of(pages: Mapping[str, str], settings: Settings) -> Iterator[Shelf]:
    """A shelf of those documents, by name, that is gone afterwards."""
    with TemporaryDirectory(prefix="eligibility-eval-") as kept:
        folder = Path(kept, "documents")
        folder.mkdir()
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
        own = settings.model_copy(update={"data_dir": Path(kept, "index")})
        with Library.open(own.data_dir, own.embedder, create=True) as library:
            _index(library, sorted(folder.iterdir()))
        assistant = open_assistant(own)
        with assistant.library:
            yield Shelf(assistant, folder)


def _index(library: Library, paths: Iterable[Path]) -> None:
    failed = library.index(paths).of("failed")
    if failed:
        raise UnreadableDocument(failed[0].path, failed[0].reason or "it can't be read.", "Reinstall the package.")
