"""Words as people type them on a phone, read as they were meant; what is not certain is left as typed.

A word is respelled only where no dictionary and no table knows it and one word lies clearly nearest. A wrong respelling is worse than
none: numbers, units, short forms, names and drugs that no table knows stay, and none crosses a contrast ("hypo", "hyper") or a denial.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Literal

from rapidfuzz.distance import OSA

from assistant.tables import read_table
from assistant.understanding.lexicon import Lexicon, of_tables
from assistant.understanding.written import Respelled, Written, as_typed, written
from index.words import stem

LONGEST: Final = 2_000
"""Characters of a message that is respelled; a longer one is a note or a document, full of short forms and seldom typed on a phone."""
MOST: Final = 50
"""Unknown words that are looked up in a message: 100 ms."""
LEAST: Final = 4
"""Letters from which a word is respelled; "no", "not" and units are shorter."""
SHORT: Final = 5
"""Letters up to which only one may be wrong."""
LONG: Final = 11
"""Letters from which two may be wrong that change how it sounds."""
_COMMON: Final = 50_000
_FREQUENT: Final = 10_000
_USUAL: Final = 2_000
_RARE: Final = 200
"""Occurrences in the dictionary's texts: of "should" and "many", of "score", of "sponsor" and "dosage", of "eligibility"."""
_OURS: Final = 50_000
"""What a word of the clinical tables or the trials weighs beside its occurrences."""
_CLEARLY: Final = 10
"""Times that the word meant must outweigh the next."""

_CHUNK: Final = re.compile(r"[\w@./\\'’+#:-]*[^\W\d_][\w@./\\'’+#:-]*")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_POSSESSIVE: Final = re.compile(r"['’]s$")
_NO_WORD: Final = re.compile(r"[\d@\\_+#:]|//|^/|\.\w")
_TITLE: Final = re.compile(r"\b(?:dr|prof|professor|mr|mrs|ms|miss|named|called|name is)\.?\s+(?:[\w-]+\s+)?$", re.IGNORECASE)
"""A person's name follows."""
_PLACE: Final = re.compile(r"\b(?:in|from|near|at|to)\s+$", re.IGNORECASE)
_OPENS: Final = re.compile(r"(?:^|[.!?:;\n])\W*$")
_DRUG: Final = re.compile(
    r"(?:mab|[^b]nib|cept|[cr]lib|parib|taxel|platin|rubicin|cillin|azole|pril|sartan|statin|olol|gliptin|gliflozin|tide|vir|vudine|mycin"
    r"|cycline|oxacin|setron|limus|grastim|parin|gatran|xaban|leucel)$"
)
"""Ends as drugs do (WHO, INN stems): a drug that no table knows, or one misspelled, and the two can't be told apart."""
_MAYBE_DRUG: Final = re.compile(r"(?:in|ine|ol|one|ide|ole|ate)$")
_TERM: Final = re.compile(
    r"(?:ectomy|otomy|ostomy|plasty|itis|osis|a?emia|omas?|pathy|penia|philia|scopy|graphy|lysis|uria|algia|megaly|trophy|plegia|phasia"
    r"|cytes?|blasts?)$"
)
"""Ends as clinical terms do: likely one that no table knows."""
_DERIVED: Final = re.compile(r"(?:ic|al|ly|er|ee|or|ist|ous|ive|ian|oid|ism|able|ible|ome|is|o)$")
"""Ends as words do that are made from others: "introducer", "glycemic"."""
_BEFORE: Final = re.compile(
    r"(?:post|pre|peri|para|intra|inter|extra|sub|supra|super|multi|non|neo|neuro|cardio|hemi|semi|micro|macro|re|un|co|anti|over|under"
    r"|electro|echo|immuno|radio|chemo|poly|mono|bi|tri|ortho|trans|hypo|hyper|auto)(?=[a-z]{5})"
)
"""What makes a known word another: "prefilled"."""
_DENIALS: Final = frozenset(
    "never without none neither nothing nobody cannot denies denied deny denying absent absence negative lacks lack except unless "
    "refused".split()
)
_SOUNDS: Final = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"ck|c|q"), "k"),
    (re.compile(r"z"), "s"),
    (re.compile(r"(?<!^)[aeiou]"), ""),
)
_AMERICAN: Final = (
    (re.compile(r"is(?=e[ds]?$|ing$|ations?$|er$|able$)"), "iz"),
    (re.compile(r"ys(?=e[ds]?$|ing$)"), "yz"),
    (re.compile(r"our"), "or"),
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"ll(?=ed$|ing$)"), "l"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ence$"), "ense"),
    (re.compile(r"ogue(?=s?$)"), "og"),
)
"""British spellings as American ones, which the dictionary has."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    word: str
    distance: int
    """Letters left out, put in, changed or swapped."""
    alike: bool
    """It sounds the same, or has the same letters."""
    shuffled: bool
    """It has the same letters."""
    weight: int
    ours: bool
    swapped: bool
    """It begins with the first two letters swapped."""

    @property
    def cost(self) -> float:
        return self.distance - 0.5 * self.alike - 0.1 * self.shuffled + 0.5 * self.swapped


@dataclass(frozen=True, slots=True)
class _Slip:
    pattern: re.Pattern[str]
    reads: str


@dataclass(frozen=True, slots=True)
class _Contrast:
    side: Literal["begin", "end"]
    affix: str
    other: str

    def counterpart(self, word: str) -> str | None:
        """The word with the other affix; None where it has not this one."""
        if self.side == "begin":
            return self.other + word.removeprefix(self.affix) if word.startswith(self.affix) else None
        return word.removesuffix(self.affix) + self.other if word.endswith(self.affix) else None

    def is_in(self, typed: str) -> bool:
        return typed.startswith(self.affix) if self.side == "begin" else typed.endswith(self.affix)


def respelled(message: str, trials: Lexicon) -> Written:
    """A message as it was meant. `trials`: the words of the indexed trials."""
    if len(message) > LONGEST:
        return as_typed(message)
    slips = list(_slips_in(message))
    taken = [range(one.start, one.end) for one in slips]
    loose = [one for one in _words(message) if not any(one.start() in slip for slip in taken)]
    unknown = [word for word in loose if not _is_known(word[0].lower(), trials)]
    changed = [found for word in unknown[:MOST] if (found := _as_meant(message, word, trials))]
    if 2 * len(unknown) > len(_LETTERS.findall(message)) and 2 * len(changed) < len(unknown):
        changed = []  # another language
    return written(message, (*slips, *changed)) if slips or changed else as_typed(message)


def _slips_in(message: str) -> Iterator[Respelled]:
    """What the table of slips says, first row first."""
    taken: set[int] = set()
    for slip in _slips():
        for found in slip.pattern.finditer(message):
            start, end = found.span(found.lastindex or 0)
            if not taken.intersection(range(start, end)):
                taken.update(range(start, end))
                yield Respelled(start, end, _cased(slip.reads, message[start:end]))


def _words(message: str) -> Iterator[re.Match[str]]:
    """The words of a message that may be respelled: nothing beside a digit, no address, no short form in capitals."""
    for chunk in _CHUNK.finditer(message):
        bare = _POSSESSIVE.sub("", chunk[0].rstrip(".:'’-/"))
        if _NO_WORD.search(bare) or "'" in bare or "’" in bare:
            continue
        for word in _LETTERS.finditer(message, chunk.start(), chunk.start() + len(bare)):
            in_name = word[0][0].isupper() and "-" in bare
            if len(word[0]) >= LEAST and word[0][1:].islower() and word[0].isascii() and not in_name:
                yield word


def _as_meant(message: str, word: re.Match[str], trials: Lexicon) -> Respelled | None:
    """The word as it was meant, where that is certain."""
    typed, before = word[0].lower(), message[: word.start()][-80:]
    if _TITLE.search(before):
        return None
    meant = _nearest(typed, trials)
    if meant is None:
        return None
    if word[0][0].isupper() and not (meant.alike and (meant.ours or _OPENS.search(before))):
        return None
    if _PLACE.search(before) and not (meant.alike or meant.ours):
        return None
    return Respelled(word.start(), word.end(), _cased(meant.word, word[0]))


def _nearest(typed: str, trials: Lexicon) -> _Candidate | None:
    """The one word that lies clearly nearest to an unknown one."""
    if not re.search(r"[aeiouy]", typed) or _DRUG.search(typed):
        return None
    near = list(_near(typed, trials))
    fit = sorted((one for one in near if _is_likely(typed, one)), key=lambda one: (one.cost, -one.weight))
    if not fit:
        return None
    best = fit[0]
    others = [one for one in near if stem(one.word) != stem(best.word)]
    rivals = [one for one in others if one.cost <= best.cost]
    if any(best.weight < _CLEARLY * one.weight for one in rivals) or any(_outweighs(one, best) for one in fit):
        return None
    if _is_drug(best.word, trials) and any(_is_drug(one.word, trials) and one.distance <= best.distance + 1 for one in others):
        return None
    return None if _is_contrary(typed, best, others, trials) else best


def _outweighs(one: _Candidate, best: _Candidate) -> bool:
    """Whether a word hardly less near is so much commoner that it may be meant: "oter" is rather "other" than "outer"."""
    times = _CLEARLY // 3 if one.ours and not best.ours else 3 * _CLEARLY
    return best.cost < one.cost <= best.cost + 0.5 and one.weight >= times * best.weight


def _near(typed: str, trials: Lexicon) -> Iterator[_Candidate]:
    """The words within as many wrong letters as its length allows, that begin as it does or with its first two letters swapped."""
    most = 1 if len(typed) <= SHORT else 2
    firsts = dict.fromkeys(typed[:2])
    shelf = _shelf()
    pool = [word for first in firsts for size in range(len(typed) - most, len(typed) + most + 1) for word in shelf[first, size]]
    pool += [word for word in _rare(trials) if word[0] in firsts and abs(len(word) - len(typed)) <= most]
    sounds, letters = _sound(typed), sorted(typed)
    for word in dict.fromkeys(pool):
        swapped = word[0] != typed[0]
        distance = OSA.distance(typed, word, score_cutoff=most)
        if distance > most or (swapped and word[:2] != typed[1::-1]):
            continue
        if word.startswith(typed) and len(word) > len(typed) + 1:
            continue  # a short form, not a slip: "pembro"
        shuffled = sorted(word) == letters
        alike = shuffled or _sound(word) == sounds or word == f"{typed}g"  # "havin"
        ours = _is_ours(word, trials)
        yield _Candidate(word, distance, alike, shuffled, _english().get(word, 0) + _OURS * ours, ours, swapped)


def _is_likely(typed: str, one: _Candidate) -> bool:
    """Whether a word is common enough, or near enough in sound, to be what was meant."""
    if one.word in _DENIALS and not (one.alike and one.distance == 1):
        return False
    if _TERM.search(typed) or _MAYBE_DRUG.search(typed):
        ending = _TERM.search(typed)
        return one.alike and one.distance == 1 and (ending is None or one.word.endswith(ending[0]))
    if one.distance == 2:
        return (one.alike and (one.ours or one.weight >= _RARE)) or (one.ours and len(typed) >= LONG)
    if _DERIVED.search(typed) and one.word.startswith(typed[:-3]) and not one.alike:
        return False
    if len(typed) <= SHORT:
        if not one.alike:
            return one.weight >= _COMMON and len(one.word) > len(typed)
        return _english().get(one.word, 0) >= _FREQUENT if len(typed) == LEAST else one.weight >= _USUAL
    return one.ours or one.weight >= (_RARE if one.alike else _USUAL)


def _is_contrary(typed: str, best: _Candidate, others: Sequence[_Candidate], trials: Lexicon) -> bool:
    """Whether the word could as well be one of contrary meaning: "hyptension", "iactive"."""
    if best.word not in _DENIALS and any(one.word in _DENIALS and one.distance <= best.distance for one in others):
        return True
    for contrast in _contrasts():
        counterpart = contrast.counterpart(best.word)
        if counterpart is None or contrast.is_in(typed) or not _is_known(counterpart, trials):
            continue
        if OSA.distance(typed, counterpart) <= best.distance + 1 or not contrast.other:
            return True
    return False


def _is_known(word: str, trials: Lexicon) -> bool:
    tables, english = of_tables(), _english()
    forms = [word, word.removesuffix("s"), _BEFORE.sub("", word, count=1), *_american(word)]
    return any(form in english or form in tables.known or form in trials.known for form in forms)


def _is_ours(word: str, trials: Lexicon) -> bool:
    return word in of_tables().names or word in trials.names or word in trials.known


def _is_drug(word: str, trials: Lexicon) -> bool:
    """Whether a word names a drug, and nothing that everybody speaks of."""
    return (word in of_tables().drugs or word in trials.drugs) and _english().get(word, 0) < _USUAL


def _american(word: str) -> Iterator[str]:
    whole = word
    for british, american in _AMERICAN:
        yield british.sub(american, word)
        whole = british.sub(american, whole)
    yield whole


@cache
def _sound(word: str) -> str:
    """The consonants of a word as they sound, and its first letter."""
    for letters, sound in _SOUNDS:
        word = letters.sub(sound, word)
    return word


def _cased(word: str, typed: str) -> str:
    return word[0].upper() + word[1:] if typed[0].isupper() else word


@cache
def _english() -> Mapping[str, int]:
    """English words with their occurrences in the dictionary's texts."""
    from spellchecker import SpellChecker

    counts: Mapping[str, int] = SpellChecker(language="en").word_frequency.dictionary
    return counts


@cache
def _shelf() -> Mapping[tuple[str, int], Sequence[str]]:
    """The words that may be meant, by first letter and length."""
    shelf: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
    usual: Iterable[str] = (word for word, count in _english().items() if count >= _RARE and word.isalpha())
    for word in dict.fromkeys((*usual, *of_tables().names)):
        if len(word) >= LEAST - 1:
            shelf[word[0], len(word)].append(word)
    return shelf


@lru_cache(maxsize=8)
def _rare(trials: Lexicon) -> Sequence[str]:
    """What trials are called and how they speak, as far as the dictionary's usual words have it not."""
    english = _english()
    spoken = (word for word in trials.known if 0 < english.get(word, 0) < _RARE)
    return [word for word in {*spoken, *trials.names} if english.get(word, 0) < _RARE and len(word) >= LEAST]


@cache
def _slips() -> tuple[_Slip, ...]:
    rows = read_table(files(__package__) / "slips.tsv")
    return tuple(_Slip(re.compile(row["pattern"], re.IGNORECASE), row["reads"]) for row in rows)


@cache
def _contrasts() -> tuple[_Contrast, ...]:
    rows = read_table(files(__package__) / "contrasts.tsv")
    return tuple(_Contrast("begin" if row["side"] == "begin" else "end", row["affix"], row["other"].strip("-")) for row in rows)
