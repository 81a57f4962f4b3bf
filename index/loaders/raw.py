"""A file as it came in: its bytes and, where it is text, its characters untouched; what can't be read says why."""

import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from charset_normalizer import from_bytes

from index.errors import UnreadableDocument
from index.trial import Source

MAX_BYTES = 25_000_000
"""Above every registry record and protocol PDF seen; a bigger file is a data dump, not one trial."""
_MAX_CONTROLS = 0.005
"""Share of control characters that a copied page may hold; one byte in ten of noise is one."""
_MOSTLY = 0.7
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_PAGED = (b"%PDF-", b"PK\x03\x04")
"""PDF, and the zip that a DOCX is: their loaders extract the text."""
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_REFUSED = (
    (b"\xd0\xcf\x11\xe0", "it is an old Word, Excel or PowerPoint file.", "Save it as .docx, PDF or text."),
    (b"\x1f\x8b", "it is compressed (gzip).", "Unpack it and index what is inside."),
    (b"\x89PNG", "it is a picture.", "Save the record's text, not an image of it."),
    (b"\xff\xd8\xff", "it is a picture.", "Save the record's text, not an image of it."),
)
_SAVE_AS_TEXT = "Save the document as UTF-8 text and index it again."


@dataclass(frozen=True)
class Raw:
    """One file's content. `text` is "" for PDF and zip files; for the rest nothing but a byte-order mark was taken off."""

    document: str
    data: bytes
    text: str
    read: str
    """ISO 8601, UTC."""

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return sha256(self.data).hexdigest()

    def source(
        self, format: str, text: str | None = None, as_of: str | None = None, page_starts: tuple[int, ...] = ()
    ) -> Source:
        """The source that a loader's spans count in: `text` where it extracted one, else the file's own."""
        shown = self.text if text is None else text
        return Source(self.document, format, self.sha256, shown, self.read, as_of, page_starts)


def read_raw(path: Path, document: str | None = None) -> Raw:
    """The file at `path`, under the name `document` (default: the file's). Raises UnreadableDocument."""
    name = document or path.name
    data = _read_bytes(path, name)
    if not data.strip():
        raise UnreadableDocument(name, "the file is empty.", "Save the record's text into it, or leave it out.")
    text = "" if data.startswith(_PAGED) else _decode(name, data)
    if not data.startswith(_PAGED) and not text.strip():
        raise UnreadableDocument(name, "the file holds only white space.", "Save the record's text into it, or leave it out.")
    return Raw(name, data, text, datetime.now(UTC).isoformat(timespec="seconds"))


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise UnreadableDocument(name, "it is a folder, not a file.", "Index the folder, or name one file in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise UnreadableDocument(name, "it is not a regular file.", "Save its content to a file first.")
        if facts.st_size > MAX_BYTES:
            raise _too_big(name, facts.st_size)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise UnreadableDocument(name, "there is no such file.", "Check the path.") from error
    except PermissionError as error:
        raise UnreadableDocument(name, "this user may not read it.", "Change the file's permissions.") from error
    except OSError as error:
        reason = f"the system can't read it ({error.strerror or error})."
        raise UnreadableDocument(name, reason, "Check the path and the disk.") from error
    if len(data) > MAX_BYTES:
        raise _too_big(name, len(data))
    return data


def _too_big(name: str, size: int) -> UnreadableDocument:
    reason = f"the file has {size / 1e6:,.0f} MB; one trial's document has at most {MAX_BYTES / 1e6:,.0f} MB."
    return UnreadableDocument(name, reason, "Split it into one file for each trial.")


def _decode(name: str, data: bytes) -> str:
    for magic, reason, cure in _REFUSED:
        if data.startswith(magic):
            raise UnreadableDocument(name, reason, cure)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _refuse_noise(name, _decode_marked(name, data, encoding))
    if unmarked := _unmarked_utf16(data):
        return _refuse_noise(name, unmarked)
    try:
        return _refuse_noise(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        _refuse_noise(name, data.decode("latin-1"))
        return _guess(name, data, error)


def _decode_marked(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"it is marked as {error.encoding} but byte {error.start} is not."
        raise UnreadableDocument(name, reason, _SAVE_AS_TEXT) from error


def _unmarked_utf16(data: bytes) -> str | None:
    """The text of UTF-16 without its mark: where most characters are Latin, every second byte is mostly zero."""
    if len(data) % 2:
        return None
    for zeros, encoding in ((data[1::2], "utf-16-le"), (data[::2], "utf-16-be")):
        if zeros.count(0) > _MOSTLY * len(zeros):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _guess(name: str, data: bytes, not_utf8: UnicodeDecodeError) -> str:
    """The text in the encoding that fits it best. Its characters may be wrong, never refused for being foreign."""
    best = from_bytes(data).best()
    if best is None:
        reason = f"its text is neither UTF-8 (byte {not_utf8.start}) nor in any other encoding that fits."
        raise UnreadableDocument(name, reason, _SAVE_AS_TEXT) from not_utf8
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        reason = f"its text looks like {best.encoding}, but byte {error.start} is not."
        raise UnreadableDocument(name, reason, _SAVE_AS_TEXT) from error


def _refuse_noise(name: str, text: str) -> str:
    if "\0" in text or len(_CONTROLS.findall(text)) > _MAX_CONTROLS * len(text):
        raise UnreadableDocument(name, "it is not text: it holds binary data.", _SAVE_AS_TEXT)
    return text
