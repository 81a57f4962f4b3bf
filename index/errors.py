"""The errors of the index, each saying what to do next.

IndexFault
├── UnreadableDocument     a document that can't be read: the reason and the cure; the others go in
├── NothingIndexed         no index, or an empty one: what to run
├── UnknownTrial           an id or name that the index does not know
├── StaleIndex             made by another version or embedder: how to rebuild
├── StoreUnavailable       the data folder can't be read or written, or another process is writing
└── ModelUnavailable       the embedding model is missing or is not the one that was expected
"""


class IndexFault(Exception):
    """Something that stops the index's work. `str()` is what a user reads."""


class UnreadableDocument(IndexFault):
    """A document that can't be read."""

    def __init__(self, document: str, reason: str, cure: str) -> None:
        super().__init__(f"{document}: {reason} {cure}")
        self.document, self.reason, self.cure = document, reason, cure


class NothingIndexed(IndexFault):
    """No index at the data folder, or nothing in it."""


class UnknownTrial(IndexFault):
    """An id or name that no indexed trial or document has."""


class StaleIndex(IndexFault):
    """The index was made by another version or embedder."""


class StoreUnavailable(IndexFault):
    """The data folder can't be read or written."""


class ModelUnavailable(IndexFault):
    """The embedding model is missing or is not the expected one."""
