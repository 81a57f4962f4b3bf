"""Protocols and other PDF files: their text by page, without running headers, line breaks inside sentences undone."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from index.errors import UnreadableDocument
from index.loaders.layouts import read_extracted
from index.loaders.raw import Raw
from index.marks import mark_at
from index.trial import Trial

FORMAT = "pdf"
MAX_PAGES = 2000
_RUNNING = 4
"""How many lines at a page's top and bottom may be running headers or footers."""
_NUMBERS = re.compile(r"\d+")
_HEADING = re.compile(r"(?:\d{1,2}\.)*\d{1,2}\.?\s+[A-Z][^.;]{2,80}|[^a-z]{4,80}|[A-Z][^.]{1,60}:")
_NUMBERED = re.compile(r"(?:\d{1,2}\.)+\d*\s")
_CONTENTS = re.compile(r".*(?:\.\s?){4,}\s*\d*")
_SENTENCE = re.compile(r"\b(?:is|are|was|were|be|must|will|has|have|had|should|may|can)\b|\d")
_WORD = re.compile(r"[A-Za-z]+")
_LONGEST = 40
"""Letters of a word before a hyphen at a line's end."""
_HYPHEN = re.compile(r"([A-Za-z]+)-$")


class _Line(NamedTuple):
    text: str
    page: int


def recognises(raw: Raw) -> bool:
    """Whether the file begins as a PDF does."""
    return raw.data.startswith(b"%PDF-")


def read(raw: Raw) -> Trial:
    """The trial in a PDF. `Source.text` is its text with each paragraph on one line.

    Raises UnreadableDocument for one that is locked, damaged or scanned.
    """
    text, starts = _unwrapped(_without_running(_pages(raw)))
    return read_extracted(raw, FORMAT, text, {}, starts)


def _pages(raw: Raw) -> list[list[str]]:
    # What pypdf logs of a damaged file is said here once, as its reason.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(raw.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(raw.document, "the PDF is locked with a password.", "Save a copy without the password.")
        if len(reader.pages) > MAX_PAGES:
            reason = f"the PDF has {len(reader.pages)} pages; at most {MAX_PAGES} are read."
            raise UnreadableDocument(raw.document, reason, "Save the protocol's own pages as a file.")
        pages = [_page_lines(page.extract_text()) for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as error:
        # pypdf meets damaged files with whatever error the damage leads to.
        reason = f"the PDF is damaged ({type(error).__name__})."
        raise UnreadableDocument(raw.document, reason, "Save it again from its origin, or save its text.") from error
    if not any(pages):
        cure = "Run text recognition (OCR) over it, or save its text."
        raise UnreadableDocument(raw.document, "the PDF holds pictures of pages and no text.", cure)
    return pages


def _page_lines(text: str) -> list[str]:
    clean = text.replace("\xa0", " ").replace("\xad", "").replace("\0", "")
    return [line for line in (" ".join(line.split()) for line in clean.splitlines()) if line]


def _without_running(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without the lines at their edges that most pages share, numbers aside."""
    if len(pages) < 3:
        return [list(page) for page in pages]
    shapes = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page)})
    running = {shape for shape, times in shapes.items() if times > 0.5 * len(pages)}
    return [_trimmed(page, running) for page in pages]


def _edges(page: Sequence[str]) -> Sequence[str]:
    return [*page[:_RUNNING], *page[-_RUNNING:]]


def _shape(line: str) -> str:
    return _NUMBERS.sub("#", line)


def _trimmed(page: Sequence[str], running: set[str]) -> list[str]:
    last = len(page) - _RUNNING
    return [line for at, line in enumerate(page) if not ((at < _RUNNING or at >= last) and _shape(line) in running)]


def _unwrapped(pages: Sequence[Sequence[str]]) -> tuple[str, tuple[int, ...]]:
    """The paragraphs, one a line, and where each page begins."""
    page_lines = [_Line(text, number) for number, page in enumerate(pages) for text in page]
    words = Counter(_WORD.findall(" ".join(line.text for line in page_lines).lower()))
    width = sorted(len(line.text) for line in page_lines)[int(0.9 * len(page_lines))] if page_lines else 0
    text = ""
    starts: dict[int, int] = {}
    previous: _Line | None = None
    for at, line in enumerate(page_lines):
        following = page_lines[at + 1].text if at + 1 < len(page_lines) else ""
        apart = _is_heading(line.text) or _heads_list(line.text, following)
        if previous and not apart and _runs_on(previous.text, line.text, width):
            text = _joined(text, line.text, words)
        else:
            text += ("\n" + ("\n" if apart else "") if text else "") + line.text
        starts.setdefault(line.page, len(text) - len(line.text))
        previous = line
    ends = [starts.get(number) for number in range(len(pages))]
    return text, tuple(_filled(ends, len(text)))


def _filled(starts: Sequence[int | None], end: int) -> Iterator[int]:
    """The beginnings of the pages; a page without text begins where the next one does."""
    later = end
    found: list[int] = []
    for start in reversed(starts):
        later = later if start is None else start
        found.append(later)
    yield from reversed(found)


def _runs_on(before: str, line: str, width: int) -> bool:
    """Whether a line goes on with the sentence of the one before it."""
    if _CONTENTS.fullmatch(line) and _NUMBERED.match(before):
        return not _CONTENTS.fullmatch(before) and not _NUMBERED.match(line)
    if mark_at(line, 0, len(line)) or _is_heading(line) or _CONTENTS.fullmatch(line) or _CONTENTS.fullmatch(before):
        return False
    if _is_heading(before) and line[:1].isupper():
        return False
    if line[:1].islower() or before[-1:] in ",-/(–":
        return True
    full = len(before) + 1 + len(line.split()[0]) > 0.93 * width
    return full or (before[-1] not in ".;:?!" and len(before) > 0.6 * width)


def _is_heading(line: str) -> bool:
    return len(line) <= 90 and _HEADING.fullmatch(line) is not None


def _heads_list(line: str, following: str) -> bool:
    """Whether a line names the group of items that begins after it: "Prior Therapy" over "9. Previous treatment …"."""
    if len(line) > 70 or not line[0].isupper() or line[-1] in ".;,:" or mark_at(line, 0, len(line)):
        return False
    return mark_at(following, 0, len(following)) is not None and _SENTENCE.search(line) is None


def _joined(text: str, line: str, words: Counter[str]) -> str:
    """A hyphen at the line's end goes when the document has the word without it."""
    hyphen = _HYPHEN.search(text, max(0, len(text) - _LONGEST))
    rest = _WORD.match(line)
    if hyphen and rest:
        whole = (hyphen[1] + rest[0]).lower()
        return text[: -1 if words[whole] else None] + line
    return f"{text} {line}"
