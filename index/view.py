"""A cleaned reading of a document that maps every character back to the text as read, so that cleaning never moves a span."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.addressed import addressed
from index.trial import Source, Span

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
"""A Markdown escape: API v2 and pages copied from it print "\\>" for ">"."""
INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]|(?<=\w)[\u200c\u200d](?=\w)"
)
"""Characters that nobody sees and that part a word or turn the order of reading: soft hyphens, zero widths, bidirectional marks, tags."""
_TILDE_BREAK = re.compile(r"(?<=[^\s\\])~(?=[A-Z])")
"""Registry copies print "~" for a line break; "~D28" or "~ 30" (about) has a space or a line start before it."""


@dataclass(frozen=True)
class View:
    """`text` as cleaned; `origin[i]` is where its character `i` stands in the source, `origin[len(text)]` where it ends."""

    source: Source
    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The source's span for `text[start:end]`, trimmed of white space at its edges."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start == end:
            raise ValueError(f"nothing but white space at {start}–{end} of the view of {self.source.document}")
        return Span(self.source.document, self._begin(start), self.origin[end - 1] + 1)

    def _begin(self, start: int) -> int:
        """Where a character begins in the source: an escaped backslash at its escape, or it would escape what follows."""
        at = self.origin[start]
        before = self.origin[start - 1] if start else -1
        escaped = self.text[start] == "\\" and at > 0 and self.source.text[at - 1] == "\\" and before != at - 1
        return at - 1 if escaped else at


def view(source: Source, start: int = 0, end: int | None = None) -> View:
    """The stretch `start:end` of the source with escapes undone and "~" breaks made real, without what only a program should see."""
    end = len(source.text) if end is None else end
    raw = source.text[start:end]
    dropped = {match.start() for pattern in (_ESCAPE, INVISIBLE) for match in pattern.finditer(raw)}
    dropped |= {at for stretch in addressed(raw) for at in range(*stretch)}
    breaks = {match.start() for match in _TILDE_BREAK.finditer(raw)}
    if not dropped and not breaks:
        return View(source, raw, range(start, end + 1))
    kept = [at for at in range(len(raw)) if at not in dropped]
    text = "".join("\n" if at in breaks else raw[at] for at in kept)
    return View(source, text, (*(start + at for at in kept), end))


def fold(text: str) -> str:
    """White space folded to single spaces: how a stretch is shown on one line."""
    return " ".join(text.split())


def clean(source: Source, span: Span) -> str:
    """What stands at the span with escapes undone, "~" breaks and white space folded: for ranking and reading, not for quoting."""
    return fold(view(source, span.start, span.end).text)
