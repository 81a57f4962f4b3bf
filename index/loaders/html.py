"""Saved web pages: their visible text, block by block, then whatever layout that text has."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Doctype, NavigableString

from index.errors import UnreadableDocument
from index.loaders.layouts import read_extracted
from index.loaders.raw import Raw
from index.trial import Trial
from index.view import fold

FORMAT = "html"
_SIGN = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body|<(?:div|main|article|h1|p|section)\b)",
    re.I | re.S,
)
_DROPPED = (
    "script style noscript template svg nav iframe form button select option input dialog canvas video audio head".split()
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "dialog"})
_BLOCKS = frozenset(
    """address article aside blockquote body dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr html li
    main ol p pre section summary table tbody td tfoot th thead tr ul caption center""".split()
)
_TIGHT = frozenset({"li", "tr", "dt", "dd"})
_LEVEL = {f"h{level}": level for level in range(1, 7)}


def recognises(raw: Raw) -> bool:
    """Whether the text begins as a web page does."""
    return _SIGN.match(raw.text) is not None


def read(raw: Raw) -> Trial:
    """The trial on a saved page. `Source.text` is the page's visible text. Raises UnreadableDocument."""
    try:
        text, levels = visible(raw.text)
    except RecursionError as error:
        reason = "the web page nests its elements too deep to be read."
        raise UnreadableDocument(raw.document, reason, "Save what a browser shows as text or PDF.") from error
    if not text:
        reason = "the web page has no visible text: a script writes it when the page is opened."
        raise UnreadableDocument(raw.document, reason, "Open it in a browser and save what it shows as text or PDF.")
    return read_extracted(raw, FORMAT, text, levels)


def visible(page: str) -> tuple[str, dict[int, int]]:
    """The text that a reader of the page sees, and how deep each heading stands, by where it begins in the text."""
    soup = BeautifulSoup(page, "html.parser")
    for tag in soup.find_all(_is_dropped):
        tag.decompose()
    written = _Text()
    _write(soup, written, tight=False)
    written.end(0)
    return written.text, written.levels


def _is_dropped(tag: Tag) -> bool:
    hidden = (
        tag.has_attr("hidden")
        or tag.get("aria-hidden") == "true"
        or "display:none" in str(tag.get("style", "")).replace(" ", "")
    )
    return tag.name in _DROPPED or str(tag.get("role", "")) in _ROLES or hidden


class _Text:
    """The text as it grows: words gather in a line until a block ends."""

    def __init__(self) -> None:
        self.text = ""
        self.levels: dict[int, int] = {}
        self._line: list[str] = []
        self._mark = ""
        self._gap = 0

    def add(self, words: str) -> None:
        self._line.append(words)

    def mark(self, mark: str) -> None:
        """What stands before the next line: the bullet or number of a list's item."""
        self._mark = mark

    def end(self, gap: int, level: int | None = None) -> None:
        """End the line, if one was begun; the next one stands at least `gap` line breaks after it."""
        words = fold("".join(self._line))
        self._line.clear()
        if not words:
            self._gap = max(self._gap, gap)
            return
        self.text += "\n" * self._gap if self.text else ""
        if level:
            self.levels[len(self.text)] = level
        self.text += self._mark + words
        self._mark = ""
        self._gap = gap


def _write(tag: Tag, written: _Text, tight: bool) -> None:
    for child in tag.children:
        if isinstance(child, Tag):
            _write_tag(child, written, tight)
        elif isinstance(child, NavigableString) and not isinstance(child, Comment | Doctype):
            written.add(str(child))


def _write_tag(tag: Tag, written: _Text, tight: bool) -> None:
    if tag.name == "br":
        written.end(1)
    elif tag.name == "tr":
        _write_row(tag, written)
    elif tag.name not in _BLOCKS:
        _write(tag, written, tight)
    else:
        gap = 1 if tight or tag.name in _TIGHT else 2
        written.end(gap)
        if tag.name == "li":
            written.mark(_item_mark(tag))
        _write(tag, written, tight or tag.name in _TIGHT)
        written.end(gap, _LEVEL.get(tag.name))


def _write_row(row: Tag, written: _Text) -> None:
    """A row of two cells is a label and its value; of more, its cells in order."""
    written.end(1)
    cells = [words for cell in row.find_all(["td", "th"], recursive=False) if (words := fold(cell.get_text(" ")))]
    written.add(": ".join([cells[0].rstrip(": "), cells[1]]) if len(cells) == 2 else " | ".join(cells))
    written.end(1)


def _item_mark(item: Tag) -> str:
    if item.parent is None or item.parent.name != "ol":
        return "- "
    before = sum(1 for sibling in item.find_previous_siblings("li"))
    start = str(item.parent.get("start", "1"))
    return f"{before + (int(start) if start.isdigit() else 1)}. "
