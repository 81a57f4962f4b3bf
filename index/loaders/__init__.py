"""Documents to trials: an ordered table of formats, each recognised by content; failure says what was tried."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import UnreadableDocument
from index.loaders import (
    api_v2,
    docx,
    headings,
    html,
    oncomatch,
    overview,
    pdf,
    registry_copy,
    registry_xml,
    snapshot,
)
from index.loaders.raw import Raw, read_raw
from index.trial import Trial


@dataclass(frozen=True)
class Format:
    """One way that a trial is written down, how it is recognised, and what reads it."""

    name: str
    recognises: Callable[[Raw], bool]
    """By content, never by file name."""
    reads: Callable[[Raw], Trial]
    """Raises UnreadableDocument."""


FORMATS: tuple[Format, ...] = (
    Format(api_v2.FORMAT, api_v2.recognises, api_v2.read),
    Format(registry_xml.FORMAT, registry_xml.recognises, registry_xml.read),
    Format(pdf.FORMAT, pdf.recognises, pdf.read),
    Format(docx.FORMAT, docx.recognises, docx.read),
    Format(html.FORMAT, html.recognises, html.read),
    Format(snapshot.FORMAT, snapshot.recognises, snapshot.read),
    Format(registry_copy.FORMAT, registry_copy.recognises, registry_copy.read),
    Format(oncomatch.FORMAT, oncomatch.recognises, oncomatch.read),
    Format(overview.FORMAT, overview.recognises, overview.read),
    Format(headings.FORMAT, headings.recognises, headings.read),
)
"""The first that recognises a document reads it; `headings` takes any text that the others leave."""


def load(path: Path, document: str | None = None) -> Trial:
    """The trial in the file, under the name `document` (default: the file's). Raises UnreadableDocument."""
    raw = read_raw(path, document)
    for format in FORMATS:
        if format.recognises(raw):
            return _read(format, raw)
    tried = ", ".join(format.name for format in FORMATS)
    raise UnreadableDocument(raw.document, f"no format fits (tried {tried}).", "Save the record as text, JSON, XML or PDF.")


def _read(format: Format, raw: Raw) -> Trial:
    try:
        return format.reads(raw)
    except UnreadableDocument as error:
        raise UnreadableDocument(raw.document, f"read as {format.name}: {error.reason}", error.cure) from error
