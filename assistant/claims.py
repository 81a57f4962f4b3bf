"""What a sentence claims, as far as code can hold it against other words: numbers, bounds, measures, denials, and what it lets in.

Everything here errs towards seeing a claim: a sentence that is held back costs fluency, a false one that is shown costs trust.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from assistant.eligibility.numbers.measures import Measure, measures
from assistant.eligibility.numbers.units import folded, lowered, unit_at
from assistant.eligibility.vocabulary.concepts import ancestors, find
from index.scope import NCT
from index.words import stem, words

Side = Literal["low", "high"]

_RAISED: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_NUMBER: Final = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WORDS: Final = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen twenty".split()
    )
} | dict(zip("thirty forty fifty sixty seventy eighty ninety hundred".split(), "30 40 50 60 70 80 90 100".split(), strict=True))
_IN_WORDS: Final = re.compile(rf"\b(?:{'|'.join(word for word in _WORDS if word not in {'one', 'zero'})})\b", re.IGNORECASE)
_ONE: Final = re.compile(
    r"\b(?:one|zero)(?= (?:or|to|prior|previous|earlier|more|line|cycle|course|dose|day|week|month|year)s?\b)", re.IGNORECASE
)
"""Where "one" is a number and no pronoun."""
_MONTHS: Final = {
    name: str(number)
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_MONTH: Final = re.compile(rf"\b(?:(?:{'|'.join(_MONTHS)})(?= \d)|(?<=\d )(?:{'|'.join(_MONTHS)}))\b", re.IGNORECASE)
_LOW: Final = re.compile(
    r"(?:≥|>=?|at least|minimum(?: \w+){0,3}|lower limit(?: of| is)?|(?<!no )(?<!not )(?:more|older|later) than|over|above|no less than|not less than|from|"
    r"aged?|between|since|after|exceed\w*)\s*(?:of |is |an? |the )?$",
    re.IGNORECASE,
)
_HIGH: Final = re.compile(
    r"(?:≤|<=?|at most|maximum(?: \w+){0,3}|upper limit(?: of| is)?|limit(?: of| is| for \w+ is)?|(?<!no )(?<!not )(?:less|fewer|younger) than|under|below|"
    r"no (?:more|older|later) than|not (?:more|older|later) than|up to|within|must be|has to be|needs to be|to be|and|to|until|before|[–—~-])"
    r"\s*(?:of |is |an? |the )?$",
    re.IGNORECASE,
)
_OWN: Final = re.compile(
    r"\b(?:you|he|she|the patient|(?:your|his|her|the patient['’]s) [\w -]{2,40}?) (?:are|is|will be|were|was|have|has|had|of)"
    r" (?:now |about |only |just )?$",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"\+?\d[\d\s().-]{5,}\d|\S+@\S+|(?:https?://|www\.)\S+")
_CODE: Final = re.compile(r"\b(?=\w*[A-Z])(?:\w*[A-Za-z]\w*\d\w*|\d\w*[A-Z]\w*|(?:I{2,3}|IV|V|VI{0,3})[ABC]?\d?)\b")
"""A token that names a class or a code: "IVB", "T4N2", "CYP3A4"."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a sentence."""

    value: str
    units: frozenset[str]
    """What may be its unit; empty where none follows."""
    side: Side | None
    """Which end of a limit it is said to be."""
    own: bool = False
    """It is said to be the patient's ("you are 75")."""


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text that stand by themselves, in digits or in words."""
    flat = _flat(text)
    lower = lowered(folded(flat))
    return tuple(
        Number(
            _plain(found[0]),
            _units(lower, found.end()),
            _side(flat, found.start()),
            _OWN.search(flat[max(0, found.start() - 60) : found.start()]) is not None,
        )
        for found in _NUMBER.finditer(flat)
        if not flat[: found.start()][-1:].isalpha()
    )


def digits(text: str) -> frozenset[str]:
    """Every number of a text, those inside of words too ("PHASE2" has 2)."""
    return frozenset(_plain(found[0]) for found in _NUMBER.finditer(_flat(text)))


def codes(text: str) -> frozenset[str]:
    """The classes, codes, telephone numbers and addresses that a text names, in lower case and without blanks."""
    text = NCT.sub(" ", text)
    reached = (found[0] for found in _ADDRESS.finditer(text))
    long = (one.rstrip(".,;:") for one in reached if not one[-1].isdigit() or sum(map(str.isdigit, one)) >= 7)
    return frozenset("".join(one.lower().split()) for one in (*long, *(found[0] for found in _CODE.finditer(text))))


def _flat(text: str) -> str:
    """The text with every number in digits: "10⁹" is "10^9", "eighteen" is "18", "20 November" is "20 11"; trial numbers are none."""
    raised = _RAISED.sub(lambda run: f"^{unicodedata.normalize('NFKC', run[0])}", NCT.sub(" ", text))
    plain = unicodedata.normalize("NFKC", raised)
    plain = _IN_WORDS.sub(lambda word: _WORDS[word[0].lower()], plain)
    plain = _ONE.sub(lambda word: _WORDS[word[0].lower()], plain)
    return _MONTH.sub(lambda name: _MONTHS[name[0].lower()], plain)


def _plain(number: str) -> str:
    return f"{float(number.replace(',', '')):.10g}"


def _units(lower: str, at: int) -> frozenset[str]:
    found = unit_at(lower, at)
    return frozenset(found.units) if found else frozenset()


def _side(text: str, at: int) -> Side | None:
    before = text[max(0, at - 60) : at]
    return "low" if _LOW.search(before) else "high" if _HIGH.search(before) else None


@lru_cache(maxsize=512)
def measured(text: str) -> tuple[Measure, ...]:
    """The values and bounds of named quantities."""
    return measures(text)


@lru_cache(maxsize=512)
def concepts(text: str) -> frozenset[str]:
    """The clinical concepts that a text names."""
    return frozenset(one for mention in find(text) for one in mention.concepts)


@lru_cache(maxsize=512)
def with_wider(text: str) -> frozenset[str]:
    """The clinical concepts that a text names, and those that they are kinds of."""
    own = concepts(text)
    return own.union(*(ancestors(one) for one in own))


_AT_MOST: Final = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|later|earlier|older|younger|greater|longer) than\b|\bnot exceed\w*", re.IGNORECASE
)
_DENIES: Final = re.compile(
    r"\b(?:not|no|never|without|none|neither|nor|cannot|non|denie[sd]|lacks?|absence of|free of|free from|negative for|"
    r"\w+n['’]t)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[.;:!?\n](?!\d)|\bbut\b|\bexcept\b|\bunless\b", re.IGNORECASE)
_PART: Final = re.compile(r"[.;!?\n](?!\d)|\bbut\b", re.IGNORECASE)
_EXCLUDES: Final = re.compile(
    r"\bexclu\w+|\brul\w+ (?:\w+ ){0,3}out\b|\bbar(?:s|red|ring)?\b|\bforbid\w*|\bprohibit\w*|\bkeeps? (?:\w+ ){0,3}out\b|\bleaves? (?:\w+ ){0,3}out\b|"
    r"\bstops?\b|\bprevents?\b|\bdisqualif\w+|\bban(?:s|ned)?\b",
    re.IGNORECASE,
)
_REACH: Final = 5
"""Content words that a denial reaches."""
_SILENCE: Final = frozenset(
    map(stem, "say says state states stated give gives given list lists mention mentions name names know known".split())
)
"""Words for what a record is silent on: one and the same."""


def denied(text: str) -> frozenset[str]:
    """The stems of what a text denies."""
    return frozenset(one for part in _CLAUSE.split(_AT_MOST.sub(" ", text)) for one in _denied_in(part))


def _denied_in(clause: str) -> Iterator[str]:
    content = list(words(clause, drop=frozenset()))
    for cue in _DENIES.finditer(clause):
        after = [word.stem for word in content if word.start >= cue.end()]
        telling = [one for one in after if len(one) > 2][:_REACH]
        yield from ("say" if one in _SILENCE else one for one in telling)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text with one statement: its words, and what in it a denial stands before."""

    text: str
    stems: frozenset[str]
    heads: frozenset[str]


@lru_cache(maxsize=1024)
def parts(text: str) -> tuple[Part, ...]:
    """The statements of a text."""
    found = []
    for part in _PART.split(_AT_MOST.sub(" ", text)):
        content = [word for word in words(part) if not _DENIES.fullmatch(part[word.start : word.end])]
        after = ([word.stem for word in content if word.start >= cue.end()] for cue in _DENIES.finditer(part))
        heads = frozenset("say" if following[0] in _SILENCE else following[0] for following in after if following)
        if content:
            found.append(Part(part, frozenset("say" if word.stem in _SILENCE else word.stem for word in content), heads))
    return tuple(found)


def denies(text: str) -> bool:
    """Whether a text denies anything."""
    return _DENIES.search(_AT_MOST.sub(" ", text)) is not None


def excludes(text: str) -> bool:
    """Whether a text says that something keeps somebody out."""
    return _EXCLUDES.search(text) is not None


_LETS_IN: Final = re.compile(
    r"(?<!not )(?<!never )\b(?:allow(?:s|ed)?|permit(?:s|ted)?|accept(?:s|ed|able)?|welcome|admitted)\b"
    r"|\b(?:do|does|did|is|are|would|will) ?(?:not|n['’]t|never) (?:\w+ ){0,3}?(?:exclu\w+|rule|ruled|bar|barred|stop|prevent|disqualif\w+|matter|keep)\b"
    r"|\bno (?:bar|problem|obstacle|exclusion|reason against)\b|\bnot (?:an? )?(?:exclu\w+|barred|ruled out|problem|obstacle)\b",
    re.IGNORECASE,
)
_MEETS: Final = re.compile(
    r"(?<!not )(?<!must )(?<!to )\b(?:meets?|met|fits?|satisf(?:y|ies|ied)|pass(?:es|ed)?|match(?:es)?|enough|sufficient|okay|ok|fine|in range|fulfil\w*)\b"
    r"|(?<!not )\b(?:is|are|lies?|falls?|stays?) (?:well |still |just )?(?:within|inside|in the)\b",
    re.IGNORECASE,
)
_FAILS: Final = re.compile(
    r"\b(?:do|does|did|is|are|would|will) ?(?:not|n['’]t|never) (?:\w+ ){0,2}?(?:meet|met|fit|satisf\w+|pass|match\w*|enough|sufficient|allowed|permitted|"
    r"accepted|within|inside|okay|ok)\b"
    r"|\b(?:not|never) (?:allowed|permitted|accepted|enough|met)\b|\btoo (?:low|high|old|young|early|late|soon|long|short|few|many|much|little)\b"
    r"|\b(?:outside|beyond|fails?|failed|violat\w+)\b|\b(?:is|are|lies?|falls?) (?:well |still |just )?(?:below|under|over|above)\b"
    r"|\b(?:rules?|ruled|keeps?|kept|leaves?) (?:you|him|her|them|the patient|this patient|it|this) out\b|\byou(?: are|['’]re) (?:excluded|barred|ruled out)\b",
    re.IGNORECASE,
)
_CALLS_ELIGIBLE: Final = re.compile(
    r"\b(?:in)?eligible\b|\b(?:dis)?qualif(?:y|ies|ied)\b|\bsuitable\b|\b(?:good|ideal|perfect|strong|right) (?:fit|match|candidate)\b|\bcandidates? for\b"
    r"|\b(?:can|could|may|might|will|would|should|shall|must|able to|allowed to|welcome to|free to|cannot|can['’]t|won['’]t)\s+(?:not\s+|still\s+|now\s+|never\s+|certainly\s+|also\s+)*"
    r"(?:join|enrol\w*|enter|take part|participate|get in|sign up|be (?:included|accepted|enrol\w+|admitted|part of))\b"
    r"|\bmeets? (?:all|every)\b|\b(?:all|every) (?:the |of the |other )?(?:criteri\w+|requirements?|rules?|lines?) (?:is|are) (?:met|satisfied|fulfilled)\b"
    r"|\bcleared to\b|\baccepted into\b",
    re.IGNORECASE,
)


def without_outcomes(text: str) -> str:
    """The text without its words on what is met or keeps somebody out, which the verdict is asked about."""
    return _FAILS.sub(" ", _LETS_IN.sub(" ", text))


def calls_eligible(text: str) -> bool:
    """Whether a sentence says of anybody that they can or cannot join."""
    return _CALLS_ELIGIBLE.search(text) is not None


def lets_in(text: str) -> bool:
    """Whether a sentence says that something is allowed or keeps nobody out."""
    return _LETS_IN.search(text) is not None


def meets(text: str) -> bool:
    """Whether a sentence says that something is met."""
    return _MEETS.search(_FAILS.sub(" ", text)) is not None


def fails(text: str) -> bool:
    """Whether a sentence says that something is not met, or keeps somebody out."""
    return _FAILS.search(_LETS_IN.sub(" ", text)) is not None
