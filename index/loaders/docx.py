"""Word documents: headings, paragraphs, lists and tables in reading order."""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from index.errors import UnreadableDocument
from index.loaders.layouts import read_extracted
from index.loaders.raw import Raw
from index.trial import Trial
from index.view import fold

FORMAT = "docx"
MAX_BYTES = 50_000_000
"""Of a part of the document once unpacked: a small file can hold a huge one."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CURE = "Open it in Word and save it again, or save it as text."
_HEADING = re.compile(r"(?:heading|berschrift|titre)\s*(\d)", re.IGNORECASE)


def recognises(raw: Raw) -> bool:
    """Whether the file is a zip with a Word document in it."""
    if not raw.data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        # A file cut short has lost its list of contents; its first part still says what it was.
        return b"word/" in raw.data


def read(raw: Raw) -> Trial:
    """The trial in a Word document. `Source.text` is its text, one paragraph a line. Raises UnreadableDocument."""
    try:
        text, levels = _Document.open(raw).text()
    except RecursionError as error:
        raise UnreadableDocument(raw.document, "the Word document nests its parts too deep to be read.", _CURE) from error
    if not text:
        raise UnreadableDocument(raw.document, "the Word document holds no text.", "Save the record's text into it.")
    return read_extracted(raw, FORMAT, text, levels)


@dataclass
class _Document:
    """The parts of a Word document that its text is made of."""

    body: Element
    levels: dict[str, int]
    """Style → how deep a heading it makes."""
    formats: dict[tuple[str, str], str]
    """List and depth → its number format."""
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def open(cls, raw: Raw) -> "_Document":
        try:
            with zipfile.ZipFile(io.BytesIO(raw.data)) as archive:
                body, styles, lists = (_part(raw, archive, name) for name in ("document", "styles", "numbering"))
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
            raise UnreadableDocument(raw.document, "the Word document is damaged or locked.", _CURE) from error
        if body is None:
            raise UnreadableDocument(raw.document, "the Word document has no body.", _CURE)
        return cls(body, _levels(styles), _formats(lists))

    def text(self) -> tuple[str, dict[int, int]]:
        """The text, and how deep each heading stands, by where it begins."""
        text = ""
        levels: dict[int, int] = {}
        listed = False
        for words, level, is_item in self._paragraphs(self.body):
            text += ("\n" if is_item and listed else "\n\n") if text else ""
            if level:
                levels[len(text)] = level
            text += words
            listed = is_item
        return text, levels

    def _paragraphs(self, parent: Element) -> Iterator[tuple[str, int | None, bool]]:
        """Words, heading level, whether an item of a list or a row of a table."""
        for element in parent:
            if element.tag == _W + "p":
                words = fold(_words(element))
                if words:
                    mark = self._mark(element)
                    yield mark + words, None if mark else self.levels.get(_attribute(element, "pStyle")), bool(mark)
            elif element.tag == _W + "tbl":
                yield from ((row, None, True) for row in map(_row, element.iter(_W + "tr")) if row)
            elif element.tag in (_W + "body", _W + "sdt", _W + "sdtContent", _W + "ins"):
                yield from self._paragraphs(element)

    def _mark(self, paragraph: Element) -> str:
        """The bullet or number that Word shows before a paragraph of a list."""
        key = (_attribute(paragraph, "numId"), _attribute(paragraph, "ilvl") or "0")
        if not key[0] or key[0] == "0" or self.levels.get(_attribute(paragraph, "pStyle")):
            return ""
        self.counts[key] += 1
        for deeper in [other for other in self.counts if other[0] == key[0] and other[1] > key[1]]:
            del self.counts[deeper]
        return "  " * int(key[1]) + _numeral(self.formats.get(key, "bullet"), self.counts[key])


def _part(raw: Raw, archive: zipfile.ZipFile, name: str) -> Element | None:
    path = f"word/{name}.xml"
    if path not in archive.namelist():
        return None
    if archive.getinfo(path).file_size > MAX_BYTES:
        reason = f"the Word document unpacks to more than {MAX_BYTES / 1e6:,.0f} MB."
        raise UnreadableDocument(raw.document, reason, "Save the record's text alone.")
    try:
        return fromstring(archive.read(path))
    except (ParseError, DefusedXmlException) as error:
        raise UnreadableDocument(raw.document, "the Word document is damaged.", _CURE) from error


def _levels(styles: Element | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for style in styles.iter(_W + "style") if styles is not None else ():
        name = _attribute(style, "name")
        heading = _HEADING.search(name)
        if heading or name.lower() == "title":
            found[style.get(_W + "styleId", "")] = int(heading[1]) if heading else 1
    return found


def _formats(lists: Element | None) -> dict[tuple[str, str], str]:
    if lists is None:
        return {}
    kinds = {
        (kind.get(_W + "abstractNumId", ""), level.get(_W + "ilvl", "")): _attribute(level, "numFmt")
        for kind in lists.iter(_W + "abstractNum")
        for level in kind.iter(_W + "lvl")
    }
    return {
        (number.get(_W + "numId", ""), depth): format
        for number in lists.iter(_W + "num")
        for (kind, depth), format in kinds.items()
        if kind == _attribute(number, "abstractNumId")
    }


def _numeral(format: str, value: int) -> str:
    if format in ("bullet", "none", ""):
        return "- "
    if format in ("lowerLetter", "upperLetter") and value <= 26:
        return f"{chr(ord('a' if format == 'lowerLetter' else 'A') + value - 1)}. "
    return f"{value}. "


def _attribute(element: Element, name: str) -> str:
    """The value of the first setting of that name inside an element; "" where there is none."""
    found = next(element.iter(_W + name), None)
    return found.get(_W + "val", "") if found is not None else ""


def _words(element: Element) -> str:
    """The words shown: without deletions, field codes and the second copy of a drawing."""
    words = ""
    for child in element:
        name = child.tag.rsplit("}", 1)[-1]
        if name == "t":
            words += child.text or ""
        elif name in ("tab", "br", "cr"):
            words += " "
        elif name not in ("del", "instrText", "Fallback", "pPr", "rPr"):
            words += _words(child)
    return words


def _row(row: Element) -> str:
    """A row of two cells is a label and its value; of more, its cells in order."""
    cells = [words for cell in row.iter(_W + "tc") if (words := fold(" ".join(_words(line) for line in cell.iter(_W + "p"))))]
    return ": ".join([cells[0].rstrip(": "), cells[1]]) if len(cells) == 2 else " | ".join(cells)
