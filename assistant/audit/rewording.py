"""What changed between two wordings of one statement: numbers, comparators, "and" and "or", negation, words; never mere spelling."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from typing import Any, Final, Literal

from rapidfuzz.distance import OSA

from assistant.eligibility.numbers.units import folded
from assistant.eligibility.times.time_words import number_of, numbers, signs
from assistant.eligibility.vocabulary.concepts import all_concepts
from assistant.eligibility.vocabulary.terms import key
from index.words import STOPWORDS

ChangeKind = Literal["number", "comparator", "joiner", "negation", "words"]
_Kind = Literal["number", "comparator", "joiner", "negation", "words", "empty"]

_RELATIONS: Final = frozenset(
    "before after during within until since between only each both either all any more most above below".split()
)
"""Function words that carry meaning in a criterion."""
_JOINERS: Final = {"and": "and", "or": "or", "&": "and"}
_NEGATIONS: Final = frozenset(
    "no not without never non neither nor none cannot unless except excluding excluded exclude".split()
)
_LIKE: Final = {"prior": "before", "previous": "before", "previously": "before", "percent": "%", "following": "after"}
_BEFORE_NUMBER: Final = re.compile(r"(?=\s*\d)")
_POWER: Final = re.compile(
    r"(?<![\d.])10\s?(?:\^|\*{1,2}|e)?\s?\(?(12|9|6|4|3)\)?(?=\s?(?:/|per\b|cells\b|platelets\b))", re.IGNORECASE
)
_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*|[≥≤<>=%&]", re.IGNORECASE)
_PLURAL: Final = re.compile(r"(?<=\w)\s?\((?:s|es)\)", re.IGNORECASE)
_ENUMERATOR: Final = re.compile(r"^\s*(?:[(]?(?:\d{1,2}(?:\.\d{1,2})*|[a-z]|[ivx]{1,4})[.)]|[-*•·])\s+", re.IGNORECASE)
_AROUND: Final = 4
"""Words of a statement that are quoted on each side of what changed."""
_HELD: Final = 0.7
"""Share of a wording that stands in another text, from which it is taken from there."""
_LOOSE: Final = 3
"""Words that may stand between."""
_SHORT: Final = 110
"""Characters up to which a statement is quoted whole."""


_SIGNS: Final = (
    (re.compile(r"≥|>/=|=>|⩾|≧|>\s?=|≥="), ">="),
    (re.compile(r"≤|</=|=<|⩽|≦|<\s?="), "<="),
    (re.compile(r"[‐‑‒–—−]"), "-"),
    (re.compile(r"[“”„\"'’‘`´]"), ""),
    (re.compile(r"[μµ]"), "u"),
    (re.compile(r"\s*([<>=]+|[-/×])\s*"), r"\1"),
    (re.compile(r"\s+"), " "),
)
_EDGE: Final = re.compile(r"^[\s*•·.;,:()–-]+|[\s*•·.;,:–-]+$")
WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[<>=]+")
"""A word, number or sign of a folded text."""
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SHORTEST: Final = 4
"""Letters from which an unknown word may be a slip of a known one."""


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    kind: _Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One stretch in which two wordings differ. Where one has nothing there, its words are those around the place."""

    kinds: frozenset[ChangeKind]
    one: str
    other: str
    lost: tuple[str, ...]
    """Keys that the first has there."""
    gained: tuple[str, ...]


def key_words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as they are compared, function words left out."""
    return tuple(token.key for token in _tokens(text) if token.kind != "empty")


def all_words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text as they are compared."""
    return tuple(token.key for token in _tokens(text))


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """The text as far as its words go: without case, marks at its edges, kinds of dashes and quotes, and white space of its own."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    for sign, spelled in _SIGNS:
        plain = sign.sub(spelled, plain)
    return _EDGE.sub("", plain)


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same word for word, but for slips of the pen that one of them mends."""
    if fold(one) == fold(other):
        return True
    left, right = WORD.findall(fold(one)), WORD.findall(fold(other))
    if len(left) != len(right):
        return False
    return all(a == b or _slip(a, b) for a, b in zip(left, right, strict=True))


def _slip(one: str, other: str) -> bool:
    """Whether one is no word and the other is the word that it was meant to be."""
    if min(len(one), len(other)) < _SHORTEST or not (_LETTERS.fullmatch(one) and _LETTERS.fullmatch(other)):
        return False
    if _is_word(one) == _is_word(other):
        return False
    return OSA.distance(one, other) <= (1 if len(one) <= _SHORTEST + 1 else 2)


@cache
def _dictionary() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker()


@cache
def _terms() -> frozenset[str]:
    """The words of clinical names, which no common dictionary has."""
    names = (name for known in all_concepts().values() for name in (known.name, *known.names))
    return frozenset(word for name in names for word in _LETTERS.findall(name.casefold()))


def _is_word(word: str) -> bool:
    return word in _terms() or word in _dictionary()


def unchanged(one: str, other: str) -> bool:
    """Whether two texts differ by spelling, punctuation, case and empty words alone."""
    return not changes(one, other)


def changes(one: str, other: str) -> tuple[Change, ...]:
    """Where two wordings of one statement differ. What was only moved inside the statement is no change."""
    ones, others = ([token for token in _tokens(text) if token.kind != "empty"] for text in (one, other))
    keys, other_keys = [token.key for token in ones], [token.key for token in others]
    if "".join(keys) == "".join(other_keys):
        return ()
    matcher = SequenceMatcher(None, keys, other_keys, autojunk=False)
    edits = [(ones[a:b], others[c:d], (a, b, c, d)) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    moved = _moved([lost for lost, _, _ in edits], [gained for _, gained, _ in edits])
    found: list[Change] = []
    for lost, gained, (a, b, c, d) in edits:
        kinds = _kinds(lost, gained, moved)
        if kinds and "".join(token.key for token in lost) != "".join(token.key for token in gained):
            found.append(
                Change(
                    kinds,
                    _around(one, ones, a, b),
                    _around(other, others, c, d),
                    tuple(token.key for token in lost),
                    tuple(token.key for token in gained),
                )
            )
    return tuple(found)


def stretch_of(whole: str, part: str) -> str | None:
    """The stretch of a text that another one words, nearly as it stands: most of its words, in their order and close together."""
    ones, others = ([token for token in _tokens(text) if token.kind != "empty"] for text in (whole, part))
    matcher = SequenceMatcher(None, [token.key for token in ones], [token.key for token in others], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    same = sum(block.size for block in blocks)
    if not blocks or same < _HELD * len(others):
        return None
    first = max(0, blocks[0].a - blocks[0].b)
    last = min(len(ones), blocks[-1].a + len(others) - blocks[-1].b)
    if last - first > len(others) + _LOOSE:
        return None
    return whole[ones[first].start : ones[last - 1].end]


def _kinds(lost: Sequence[_Token], gained: Sequence[_Token], moved: Counter[str]) -> frozenset[ChangeKind]:
    """What an edit touches; "A, B and C" for "A, B, C" is no change, an "or" that comes or goes is."""
    read = [token for token in (*lost, *gained) if not moved[token.key]]
    joiners = {token.key for token in read if token.kind == "joiner"}
    kinds = {token.kind for token in read if token.kind not in {"empty", "joiner"}}
    if joiners and (joiners != {"and"} or (lost and gained)):
        kinds.add("joiner")
    return frozenset(kind for kind in kinds if kind != "empty")


def _moved(lost: Sequence[Sequence[_Token]], gained: Sequence[Sequence[_Token]]) -> Counter[str]:
    """Words that stand at another place of the same statement: numbers and negations count where they stand."""
    gone, come = (Counter(token.key for edit in edits for token in edit if token.kind == "words") for edits in (lost, gained))
    return Counter({word: 1 for word, times in gone.items() if come[word] == times})


def _around(text: str, tokens: Sequence[_Token], first: int, last: int) -> str:
    """The words of a stretch with some on each side; a short statement whole."""
    plain = " ".join(text.split())
    if len(plain) <= _SHORT or not tokens:
        return plain
    low, high = max(0, first - _AROUND), min(len(tokens), last + _AROUND)
    start = tokens[low].start if low < len(tokens) else tokens[-1].start
    end = tokens[high - 1].end if high else tokens[0].end
    return " ".join(text[min(start, end) : max(start, end)].split())


def _tokens(text: str) -> Iterator[_Token]:
    """The words, numbers and signs, each under the key that it is compared by."""
    plain = folded(text)
    mark = _ENUMERATOR.match(plain)
    at = mark.end() if mark else 0
    while at < len(plain):
        if found := _PLURAL.match(plain, at):
            pass
        elif found := _POWER.match(plain, at):
            yield _Token(f"10^{found[1]}", "number", at, found.end())
        elif found := _sign_words().match(plain, at):
            yield _Token(_sign(found[0]), "comparator", at, found.end())
        elif found := _TOKEN.match(plain, at):
            yield _word(found[0], at, found.end())
        at = found.end() if found else at + 1


@cache
def _sign_words() -> re.Pattern[str]:
    """Words and signs before a number that compare."""
    longest = sorted(signs(), key=len, reverse=True)
    words = "|".join(re.escape(one).replace(r"\ ", r"\s+") + (r"(?!\w)" if one[-1].isalpha() else "") for one in longest)
    return re.compile(rf"(?<!\w)(?:{words}){_BEFORE_NUMBER.pattern}|(?:≥|≤|>\s?/?\s?=|<\s?/?\s?=|=\s?>|=\s?<)", re.IGNORECASE)


def _sign(words: str) -> str:
    plain = " ".join(words.lower().split())
    return signs().get(plain) or ("≥" if ">" in plain or "≥" in plain else "≤")


def _word(word: str, start: int, end: int) -> _Token:
    lower = word.lower()
    if word[0].isdigit():
        return _Token(_number(word), "number", start, end)
    if lower in _JOINERS:
        return _Token(_JOINERS[lower], "joiner", start, end)
    if lower in _NEGATIONS:
        return _Token(lower, "negation", start, end)
    if word in "≥≤<>=":
        return _Token(word, "comparator" if word != "=" else "empty", start, end)
    if lower in numbers():
        low, high = number_of(lower)
        return _Token(f"{low:g}" if low == high else lower, "number", start, end)
    same = _LIKE.get(lower, lower)
    empty = same in STOPWORDS and same not in _RELATIONS
    return _Token(key(same), "empty" if empty else "words", start, end)


def _number(word: str) -> str:
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+", word)
    plain = word.replace(",", "") if thousands else word.replace(",", ".")
    try:
        return f"{float(plain):g}"
    except ValueError:
        return plain
