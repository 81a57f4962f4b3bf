"""Finds the names of a table in running text: leftmost and longest, whole words, blind to case, plural, hyphen and spelling."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_WORD = re.compile(_TOKEN.pattern + r"|(?<=[A-Za-z0-9])\+(?![\w+])|(?<=[A-Z0-9])[-−](?=[\s,;.)/\]]|$)(?!\s*(?:or|and|to)\b)")
_SIGNS = {"+": "positive", "-": "negative", "−": "negative"}
"""A sign after a word: "HER2+" says HER2 positive."""
_GAP = re.compile(r"[ \t\u00a0]*(?:\r?\n[ \t\u00a0]*)?|[ \t]*[-‐‑–—/][ \t]*|['’] ?")
_HYPHEN = re.compile(r"[-‐‑–/]")
_HYPHENS = frozenset("-‐‑–/")
_INITIAL = re.compile(r"\.[ \t]?")
_OWNER = re.compile(r"['’]s?$")
_LONGEST_WORD = 60
_SHORT_SIS = 7
"""Letters below which a word in -sis would lose all but a syllable: "sepsis", "ptosis", "stasis"."""
_LONGEST_BRACKET = 24
_BRACKETED = re.compile(r" \((?:[A-Z0-9]{2,7}|(?:±|\+/-|\+/−|and/or|or) ?[a-z]{3,12})\) ")
"""An abbreviation of the words before it, or what may be added: "local (± regional) recurrence"."""
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[ao]e(?=[a-z]{2})", "e"),
        (r"(?<=[a-z]{4})ae$", "a"),
        (r"(?<=[a-z]{2})our(?=$|s$|ed$|ing$|a[bl])", "or"),
        (r"(?<=[a-z]{3})is(?=e$|es$|ed$|ing$|ation|er$)", "iz"),
        (r"(?<=[bt])re$", "er"),
        (r"sulph", "sulf"),
        (r"ll(?=ed$|ing$|er$)", "l"),
        (r"(?<=[a-z]{2})ies$", "y"),
        (r"omata$", "oma"),
        (r"(?<=[a-z]{3})(?:ses|sis|se)$", "s"),
        (r"(?<=[a-z]{2})(?<=x|z)es?$|(?<=[a-z](?:ch|sh))es$", ""),
    )
)
"""British to American, then plural to singular; Greek and Latin -ses and -sis fall together. Applied in this order."""
_ANY_SPELLING = re.compile("|".join(pattern.pattern for pattern, _ in _SPELLINGS))
_AND = frozenset(("and", "or", "nor"))
_PLURAL = re.compile(r"(?<=[a-z0-9]{2})(?<![siu])s$")
_GREEK = str.maketrans(
    {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "µ": "mu", "μ": "mu"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found: `text[start:end]` says `entries`, all that was added under it."""

    start: int
    end: int
    entries: tuple[str, ...]


class Token(NamedTuple):
    """A word of a text under its key; `joined` where no more than a gap parts it from the next, `hyphened` where a hyphen does."""

    start: int
    end: int
    key: str
    joined: bool
    hyphened: bool


@lru_cache(maxsize=200_000)
def key(word: str) -> str:
    """What a word is compared by: lower-case, no accents, American, singular. Words of more than 60 characters have none."""
    if len(word) > _LONGEST_WORD:
        return ""
    folded = unicodedata.normalize("NFKD", word.lower().translate(_GREEK))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    plain = _OWNER.sub("", plain).replace("'", "").replace("’", "")
    if _ANY_SPELLING.search(plain):
        for pattern, replacement in _SPELLINGS:
            plain = pattern.sub(replacement, plain)
    return plain[:-1] if _PLURAL.search(plain) and _may_be_plural(word) else plain


def _may_be_plural(word: str) -> bool:
    """Whether a final s may be an ending: in "ribs" and "MIs", not in "IBS", "PRES" or "cns", nor in "sepsis", which is no "Sep"."""
    if word[-3:].lower() == "sis" and len(word) < _SHORT_SIS:
        return False
    return len(word) > 4 or (len(word) == 4 and not word.isupper()) or (word[:-1].isupper() and word[-1] == "s")


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text."""
    matches = list(_WORD.finditer(text))
    found = []
    for place, match in enumerate(matches):
        start, end = match.span()
        gap = text[end : matches[place + 1].start()] if place + 1 < len(matches) else ";"
        word = match[0]
        joined = gap == " " or (len(gap) < _LONGEST_WORD and _joins(gap, initial=end - start == 1))
        found.append(Token(start, end, _SIGNS.get(word) or key(word), joined, gap in _HYPHENS))
    return tuple(found)


def _joins(gap: str, *, initial: bool) -> bool:
    """Whether a name may go on over what stands between two words; over a full stop after an initial only ("H. pylori")."""
    return _GAP.fullmatch(gap) is not None or (initial and _INITIAL.fullmatch(gap) is not None)


def spellings(name: str) -> Iterator[tuple[str, ...]]:
    """The keys of a name, word by word, with each of its (first three) hyphens kept apart and closed up: anti-HBc, antiHBc."""
    chunks = [_WORD.findall(chunk) for chunk in _HYPHEN.split(name)]
    chunks = [chunk for chunk in chunks if chunk]
    breaks = min(3, len(chunks) - 1)
    for closed in product((False, True), repeat=max(breaks, 0)):
        words: list[str] = []
        for place, chunk in enumerate(chunks):
            if place and place <= breaks and closed[place - 1] and _may_close(words[-1] + chunk[0]):
                words[-1] += chunk[0]
                words.extend(chunk[1:])
            else:
                words.extend(chunk)
        yield tuple(_SIGNS.get(word) or key(word) for word in words)


def _may_close(word: str) -> bool:
    """Whether two words make one that is no common word: "antiHBc" and "PD1", but not "cart" of "CAR-T"."""
    return len(word) > 4 or not word.isalpha()


_Span = tuple[int, int, tuple[str, ...]]
"""The places of the first word of a name and of the one after it, and what the name says."""


@dataclass(slots=True)
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    entries: tuple[str, ...] = ()
    exact: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By the one spelling that counts: "ALL" is a leukaemia, "all" is not."""

    def said(self, raw: str, shouted: bool) -> tuple[str, ...]:
        """What ends here, given how the text spells it."""
        if not self.exact or shouted:
            return self.entries
        spelled = self.exact.get(raw) or (self.exact.get(raw[:-1]) if raw.endswith("s") else None)
        return tuple(dict.fromkeys((*self.entries, *(spelled or ()))))


class Terms:
    """A trie of names, built word by word as texts need it.

    A name that begins with "=" counts only as it is spelled ("=ALL"), and not amid a shouted line.
    """

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        """`names`: pairs (name, entry); several entries may share a name."""
        self._waiting: dict[str, list[tuple[str, str]]] = {}
        for name, entry in names:
            for first in _first_keys(name.removeprefix("=")):
                self._waiting.setdefault(first, []).append((name, entry))
        self._built: dict[str, _Node | None] = {}

    def _root(self, first: str) -> _Node | None:
        """The trie of all names that begin with a word."""
        if first not in self._waiting:
            return None
        if first not in self._built:
            root = _Node()
            for name, entry in self._waiting[first]:
                _add(root, first, name, entry)
            self._built[first] = root
        return self._built[first]

    def entries(self, name: str) -> tuple[str, ...]:
        """What is found under exactly this name."""
        words = tokens(name)
        best = self._longest(name, words, 0) if words else None
        return best[1] if best and best[0] == len(words) else ()

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every name in a text, in its order, none overlapping another; linear in its length.

        Names that share a word are each found: "liver or bone metastases" gives "liver" and "bone metastases".
        """
        words = tokens(text)
        spans: list[_Span] = []
        place = 0
        while place < len(words):
            word = words[place]
            if (word.key in self._waiting or word.hyphened) and text[word.start] not in _SIGNS:
                best = self._longest(text, words, place)
                if best:
                    spans.append((place, *best))
                    place = best[0]
                    continue
            place += 1
        spans.extend(tuple(self._shared(text, words, spans)))
        return tuple(Hit(words[first].start, words[end - 1].end, entries) for first, end, entries in sorted(spans))

    def _shared(self, text: str, words: tuple[Token, ...], spans: list[_Span]) -> Iterator[_Span]:
        """The names of which a name found says the rest: before "and" its end ("liver or …"), after it its beginning ("… or C")."""
        taken = {place for first, end, _ in spans for place in range(first, end)}
        for first, end, own in spans:
            place = first
            while shared := self._sharing_the_end(text, words, (first, end), place, taken, own):
                yield shared
                place = shared[0]
                taken.update(range(place, shared[1]))
            last = end
            while shared := self._sharing_the_beginning(text, words, (first, end), last, taken):
                yield shared
                last = shared[1]
                taken.add(last - 1)

    def _sharing_the_end(
        self, text: str, words: tuple[Token, ...], name: tuple[int, int], place: int, taken: set[int], own: tuple[str, ...]
    ) -> _Span | None:
        """The name whose own words end before the conjunction (or, further on, the comma) that stands before `place`."""
        end = place - 1 if place and words[place - 1].key in _AND else place
        marks = "/" if place == name[0] else ",/"
        if end < 1 or (end == place and not _listed(text, words, place, marks)):
            return None
        for first in range(max(0, end - 3), end):
            if any(word in taken for word in range(first, end)) or not all(
                words[word].joined for word in range(first, end - 1)
            ):
                continue
            for rest in range(name[0] + 1, name[1]):
                entries = self._exactly([word.key for word in (*words[first:end], *words[rest : name[1]])])
                if entries and entries != own:
                    return first, end, entries
        return None

    def _sharing_the_beginning(
        self, text: str, words: tuple[Token, ...], name: tuple[int, int], end: int, taken: set[int]
    ) -> _Span | None:
        """The name of which no more than a letter or number follows the conjunction or comma after `end`: "hepatitis B or C"."""
        place = end + 1 if end < len(words) and words[end].key in _AND else end
        if place >= len(words) or place in taken or (place == end and not _listed(text, words, end, ",/")):
            return None
        own = text[words[place].start : words[place].end]
        if len(own) > 2 or own in ("a", "i") or not own.isalnum():
            return None
        for rest in range(name[1] - 1, name[0], -1):
            entries = self._exactly([*(word.key for word in words[name[0] : rest]), words[place].key])
            if entries:
                return place, place + 1, entries
        return None

    def _exactly(self, keys: list[str]) -> tuple[str, ...]:
        """The entries of the name of just these words."""
        node = self._root(keys[0])
        for word in keys:
            node = node.children.get(word) if node else None
        return node.entries if node else ()

    def _longest(self, text: str, words: tuple[Token, ...], first: int) -> tuple[int, tuple[str, ...]] | None:
        """The end (a place in `words`) and the entries of the longest name that begins at `first`."""
        best: tuple[int, tuple[str, ...]] | None = None
        ways: list[tuple[_Node | None, int]] = []
        for first_key, taken in reversed(_ways(text, words, first)):
            root = self._root(first_key)
            ways.append((root.children.get(first_key) if root else None, first + taken))
        while ways:
            node, place = ways.pop()
            if node is None:
                continue
            if (node.entries or node.exact) and (best is None or place > best[0]):
                raw = text[words[first].start : words[place - 1].end]
                said = node.said(raw, bool(node.exact) and _shouted(text, words, first, place))
                if said:
                    best = (place, said)
            place = _onward(text, words, place)
            if place < len(words):
                ways.extend(
                    (node.children.get(next_key), place + taken) for next_key, taken in reversed(_ways(text, words, place))
                )
        return best


def _listed(text: str, words: tuple[Token, ...], place: int, marks: str) -> bool:
    """Whether one of these marks, and no more, stands before a word."""
    gap = text[words[place - 1].end : words[place].start].strip()
    return len(gap) == 1 and gap in marks


def _onward(text: str, words: tuple[Token, ...], place: int) -> int:
    """Where a name goes on after the word before `place`, over a bracket that adds to it; past the end where it cannot."""
    if words[place - 1].joined:
        return place
    for after in range(place + 1, min(place + 4, len(words))):
        if words[after].start - words[place - 1].end > _LONGEST_BRACKET:
            break
        if _BRACKETED.fullmatch(text, words[place - 1].end, words[after].start):
            return after
    return len(words)


def _ways(text: str, words: tuple[Token, ...], place: int) -> list[tuple[str, int]]:
    """How a name may go on at a word: with the word itself, or, over a hyphen, with it and the next closed up."""
    word = words[place]
    if not word.hyphened or place + 1 == len(words):
        return [(word.key, 1)]
    after = words[place + 1]
    return [(word.key, 1), (key(text[word.start : word.end] + text[after.start : after.end]), 2)]


def _add(root: _Node, first: str, name: str, entry: str) -> None:
    exact = name.startswith("=")
    raw = name.removeprefix("=").strip()
    for words in set(spellings(raw)):
        if not all(words) or words[0] != first:
            continue
        node = root
        for word in words:
            node = node.children.setdefault(word, _Node())
        if exact:
            node.exact[raw] = tuple(dict.fromkeys((*node.exact.get(raw, ()), entry)))
        elif entry not in node.entries:
            node.entries = (*node.entries, entry)


def _first_keys(name: str) -> set[str]:
    """The keys that the spellings of a name begin with."""
    word = _WORD.search(name)
    if word is None:
        return set()
    if _HYPHEN.match(name, word.end()) is None:
        return {key(word[0])}
    return {words[0] for words in spellings(name) if words}


def _shouted(text: str, words: tuple[Token, ...], first: int, end: int) -> bool:
    """Whether a neighbouring word is a long one in capitals: in "ALL PATIENTS" no word is an abbreviation."""
    near = [words[place] for place in (first - 1, end) if 0 <= place < len(words)]
    return any(
        word.end - word.start > 4 and text[word.start : word.end].isupper() and text[word.start : word.end].isalpha()
        for word in near
    )
