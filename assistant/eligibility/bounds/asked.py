"""The bounds of a line, each with which way its words cut: what it requires, bars, or allows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import inf
from typing import Final, Literal

from assistant.eligibility.assessment import CriterionVerdict
from assistant.eligibility.bounds.numerals import (
    BESIDE,
    GRADE,
    as_units,
    classes,
    counted,
    counts,
    gestations,
    number_pattern,
    value_of,
)
from assistant.eligibility.bounds.spoken import LONGEST, NOTHING, Spoken, parts, spoken
from assistant.eligibility.numbers.measures import measures
from assistant.eligibility.numbers.units import unit_at
from assistant.eligibility.patient import Sex
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.criterion_windows import WindowMention, windows
from assistant.eligibility.times.days import Unit, in_units
from assistant.eligibility.times.time_words import signs

Role = Literal["requires", "bars", "allows"]

_EXCEPT: Final = re.compile(
    r"\b(?:except(?:ion|ions|ing)?|unless|other than|excluding|with the exception|apart from|not counting)\b", re.IGNORECASE
)
_ALLOWS: Final = re.compile(
    r"\b(?:allowed|permitted|permissible|acceptable|eligible|exempt|accepted|can (?:be )?(?:enrol|includ|participat|enter)\w*"
    r"|may (?:be|have|receive|participate|enrol|enter|continue)|not (?:be )?(?:an )?exclu\w+"
    r"|(?:does|do|will) not (?:exclude|prohibit|preclude))\b",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(
    r"\bnot (?:be )?(?:allowed|permitted|eligible|acceptable)\b|\bineligible\b|\bexcluded\b", re.IGNORECASE
)
_DENIES: Final = re.compile(
    r"\b(?:no|not|never|none|without|neither|nor|free of|absence of|prohibited|ineligible|exclud\w+)\b|n['’]t\b", re.IGNORECASE
)
_MUST: Final = re.compile(
    r"\b(?:must|should|have|has|shall|needs? to|required to) (?:have |has )?"
    r"(?:elapsed?|passed|be (?:at least|completed|stopped|discontinued)|recovered)\b",
    re.IGNORECASE,
)
_WOMEN: Final = re.compile(r"\b(?:females?|wom[ae]n|girls?)\b", re.IGNORECASE)
_MEN: Final = re.compile(r"\b(?:males?|m[ae]n|boys?)\b", re.IGNORECASE)
_BREAK: Final = re.compile(r"[,;)]| and | or ")
_AND: Final = re.compile(r"\b(?:and|if|provided|as long as|when|where)\b", re.IGNORECASE)
_JOINS_ASKED: Final = re.compile(r"\bor\b", re.IGNORECASE)
_JOINS_BARRED: Final = re.compile(r"\band\b(?!/or)", re.IGNORECASE)
_ITEM_END: Final = re.compile(r"[,;]")
_LIST: Final = re.compile(r"[,;:]")
_TO: Final = re.compile(r"\s?(?:-|–|to|and)\s?")
_AND_UP_TO: Final = re.compile(r"\s?,?\s?(?:(?:and|but|to|-|–)\s?)?")
_ELAPSED: Final = re.compile(
    r"\s{0,2}(?:must |should |shall |will |has |have |had |to |needs? )*(?:elapsed?|passed|gone by|between|wash-?out|interval|gap|post)\b",
    re.IGNORECASE,
)
"""Makes a length the time since something, not how long it went on."""
_AT_ENTRY: Final = re.compile(
    r"\b(?:randomi[sz]\w+|enrol\w+|includ\w+|inclusion|recruit\w+|present\w*|admitted|admission|enter\w*|start\w*|dos(?:ed|ing))\b[^,;]{0,80}$",
    re.IGNORECASE,
)
"""What is to happen so long after an event is that the patient enters: the time since the event counts."""
_KEPT_UP: Final = re.compile(
    r"\b(?:contracepti\w+|birth control|condoms?|abstain\w*|abstinen\w+|refrain\w*|(?:sperm|eggs?|ova) donation"
    r"|donat\w+ (?:of )?(?:sperm|eggs?|ova)|becom\w+ pregnant|conceiv\w+|father\w* (?:an? )?child\w*)",
    re.IGNORECASE,
)
"""What is to be kept up for so long after a dose: no time that must have gone by."""
_NO_LESS: Final = re.compile(r"\s?-?\s?(?:(?:drug|treatment)[\s-])?(?:wash-?out|interval|gap|treatment-free)\b", re.IGNORECASE)
"""Makes a bare length the least that must have gone by: "a 6-week washout"."""
_COUNTING: Final = frozenset({"before", "after", "for", "bare"})


@dataclass(frozen=True, slots=True)
class Asks:
    """What a bound asks of a number: a range of a length of time, of a quantity, of what is counted, or of a grade."""

    range: Range
    unit: Unit | None = None
    lasting: bool = False
    """It asks how long something went on ("for at least 3 months")."""
    free: bool = False
    """It asks how long something must not have been ("no steroids for 10 days before")."""
    after: bool = False
    """It counts from an event that the line names ("progression within 6 months after treatment")."""
    quantity: str | None = None
    measured: str | None = None
    """The unit that the line gives for a quantity."""
    noun: str = ""
    label: str = ""
    by_name: bool = False
    """It is of what only the words beside it name ("Itch NRS score ≥ 4")."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of a line."""

    line: CriterionVerdict
    words: str
    role: Role
    near: Spoken
    """Of its own stretch: between the bounds beside it and an exception's words."""
    far: Spoken
    """Of the rest of its sentence."""
    asks: Asks
    sex: Sex | None = None
    """Whom alone it is for ("> 470 ms in women")."""
    conditions: tuple[Spoken, ...] = ()
    """What its stretch asks beside."""
    excepted: Spoken = NOTHING
    """What its sentence excepts from the rule that the bound is of."""
    one_of: bool = False
    """Another bound beside it would do as well where it asks, or must be met too where it bars."""


def bounds(line: CriterionVerdict) -> Iterator[Bound]:
    """Every bound of a line."""
    text = line.text[:LONGEST]
    for start, end in parts(text):
        sentence = text[start:end]
        every = sorted(_found(sentence), key=lambda one: one[0])
        plain = [one for one in every if not one[2].by_name]
        for begin, stop, asks in every:
            found = every if asks.by_name else plain
            place = found.index((begin, stop, asks))
            low = min(found[place - 1][1], begin) if place else 0
            high = max(found[place + 1][0], stop) if place + 1 < len(found) else len(sentence)
            low, high = max(low, _opening(sentence, begin)), min(high, _closing(sentence, stop))
            if len(found) > 1 and (asks.unit is not None or asks.by_name):
                low, high = _item(sentence, low, begin, stop, high)
            role, near = _role(line.kind, sentence, begin, stop), sentence[low:high]
            denied = asks.lasting and role == "bars" and _DENIES.search(near) is not None
            if denied:  # "not allowed for 10 days before": none within 10 days
                asks = replace(asks, range=Range(high=asks.range.low), lasting=False, free=True)
            far = spoken(f"{sentence[:low]} {sentence[high:]}")
            sex, beside = _sex(sentence, found, place), _conditions(sentence, begin, stop)
            one_of, excepted = _one_of(sentence, found, place, role), spoken(sentence[_closing(sentence, stop) :])
            yield Bound(line, sentence[begin:stop], role, spoken(near), far, asks, sex, beside, excepted, one_of)


def _item(sentence: str, low: int, begin: int, stop: int, high: int) -> tuple[int, int]:
    """The item of a list that a bound stands in, where the item names something: "oral ones within 3 months, infusions within 24"."""
    opens = max((one.end() for one in _ITEM_END.finditer(sentence, low, begin)), default=low)
    ends = next((one.start() for one in _ITEM_END.finditer(sentence, stop, high)), high)
    return (opens, ends) if spoken(f"{sentence[opens:begin]} {sentence[stop:ends]}").stems else (low, high)


def _one_of(sentence: str, found: Sequence[tuple[int, int, Asks]], place: int, role: Role) -> bool:
    """Whether "or" joins a required bound to the one beside it, or "and" a barred one, so that failing it decides nothing."""
    joint = _JOINS_BARRED if role == "bars" else _JOINS_ASKED
    gaps = [sentence[found[at][1] : found[at + 1][0]] for at in (place - 1, place) if 0 <= at < len(found) - 1]
    return role != "allows" and any(joint.search(gap) for gap in gaps)


def _sex(sentence: str, found: Sequence[tuple[int, int, Asks]], place: int) -> Sex | None:
    """The sex that a bound among several is for: "males > 450 ms, females > 470 ms", "450 ms (470 ms for women)"."""
    begin, end, _ = found[place]
    before = sentence[found[place - 1][1] if place else 0 : end]
    after = sentence[begin : found[place + 1][0] if place + 1 < len(found) else len(sentence)]
    for stretch in (before, _BREAK.split(after)[0]):
        women, men = bool(_WOMEN.search(stretch)), bool(_MEN.search(stretch))
        if women is not men:
            return "female" if women else "male"
    return None


def _role(kind: str, sentence: str, begin: int, end: int) -> Role:
    """Which way a bound cuts, by the words of its stretch: an inclusion that denies bars; an exception turns the rule round."""
    low, high = _opening(sentence, begin), _closing(sentence, end)
    stretch = sentence[low:high]
    if low:
        return "bars" if kind == "inclusion" and _ALLOWS.search(sentence) else "allows"
    if _ALLOWS.search(stretch) and not _FORBIDS.search(stretch):
        return "allows"
    if kind == "inclusion":
        return "bars" if _DENIES.search(stretch[:begin]) or _FORBIDS.search(stretch) else "requires"
    return "requires" if _MUST.search(stretch) else "bars"


def _opening(sentence: str, at: int) -> int:
    """Where the exception begins that a place stands in; 0 where it stands in the rule."""
    found = [match.end() for match in _EXCEPT.finditer(sentence, 0, at)]
    return found[-1] if found else 0


def _closing(sentence: str, at: int) -> int:
    found = _EXCEPT.search(sentence, at)
    return found.start() if found else len(sentence)


def _conditions(sentence: str, begin: int, end: int) -> tuple[Spoken, ...]:
    """The parts of a bound's stretch that ask something else."""
    low, high = _opening(sentence, begin), _closing(sentence, end)
    others = (*_AND.split(sentence[low:begin])[1:-1], *_AND.split(_LIST.split(sentence[end:high])[0])[1:])
    said = (spoken(_ALLOWS.sub(" ", part)) for part in others)
    return tuple(one for one in said if one.stems)


def _found(sentence: str) -> Iterator[tuple[int, int, Asks]]:
    taken: list[tuple[int, int]] = []
    nouns: list[tuple[int, int]] = []
    for first, second in pairwise(gestations(sentence)):
        if _TO.fullmatch(sentence[first[1] : second[0]]) and first[2] < second[2]:
            taken.append((first[0], second[1]))
            yield first[0], second[1], Asks(Range(first[2], second[2]), quantity="gestational-age", measured="week")
    for begin, window in _joined(sentence):
        if _counts_time(window) and not _lies_in(begin, window.end, taken):
            taken.append((begin, window.end))
            length, event = window.window.length, window.window.anchor == "event"
            if not window.window.before and _KEPT_UP.search(sentence[:begin]):
                continue
            if length.low == length.high and _NO_LESS.match(sentence, window.end):
                length = Range(length.low)
            lasting = window.kind == "for" and not _ELAPSED.match(sentence, window.end)
            after = event and length.low <= 0 and not _AT_ENTRY.search(sentence[:begin])
            yield begin, window.end, Asks(length, unit=window.window.unit, lasting=lasting, after=after)
    for one in measures(sentence):
        bounded = one.range.low < one.range.high and one.range != Range() and not one.negated
        if bounded and len(one.quantities) == 1 and one.of is None and not _lies_in(one.start, one.end, taken):
            yield one.start, one.end, Asks(one.range, quantity=one.quantities[0], measured=one.unit)
    for match in _counted().finditer(sentence):
        limit = _limit(match)
        if limit is not None and counts(match["noun"]) and not _lies_in(match.start(), match.end(), taken):
            nouns.append(match.span())
            yield match.start(), match.end(), Asks(limit, noun=counted(match["noun"]))
    known = [
        *taken,
        *nouns,
        *((one.start, one.end) for one in measures(sentence)),
        *(one.span() for one in GRADE.finditer(sentence)),
    ]
    for match in _limited().finditer(sentence):
        limit = _limit(match)
        if limit is not None and not _lies_in(match.start(), match.end(), known):
            mention = unit_at(as_units(sentence), match.end())
            unit = mention.units[0] if mention and mention.units[0] != "in" else None  # "120 or less in the test" is no inch
            if unit is not None or not sentence[match.end() : match.end() + 1].isalnum():
                yield match.start(), match.end(), Asks(limit, measured=unit, by_name=True)
    for match in GRADE.finditer(sentence):
        values = classes(match["values"])
        if values:
            yield (
                match.start(),
                match.end(),
                Asks(_of_grade(values, match, sentence[: match.start()]), label=match["label"].lower()),
            )


def _joined(sentence: str) -> Iterator[tuple[int, WindowMention]]:
    """Where each window begins, two that are the ends of one as one: "at least 3 months and at most 5 years before"."""
    held: WindowMention | None = None
    for window in windows(sentence):
        if held is not None and _AND_UP_TO.fullmatch(sentence[held.end : window.start]) and window.kind in {"before", "after"}:
            low, high = held.window.length, window.window.length
            least = in_units(low, held.window.unit, window.window.unit).low
            both = Range(least, high.high, low_open=low.low_open, high_open=high.high_open)
            if least < high.high:
                yield held.start, replace(window, window=replace(window.window, length=both))
                held = None
                continue
        if held is not None:
            yield held.start, held
        held = window
    if held is not None:
        yield held.start, held


def _counts_time(window: WindowMention) -> bool:
    """Whether a window gives a length of its own; half-lives beside it leave it open."""
    length = window.window.length
    return window.kind in _COUNTING and window.whichever is None and (length.low > 0 or length.high < inf)


def _lies_in(start: int, end: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(begin < end and start < stop for begin, stop in taken)


def _of_grade(values: Sequence[float], match: re.Match[str], before: str) -> Range:
    sign = next((sign for words, sign in _signs() if before.rstrip().lower().endswith(words)), None)
    if match["more"] or sign in {"≥", ">"}:
        return Range(min(values), low_open=sign == ">")
    if match["less"] or sign in {"≤", "<"}:
        return Range(high=max(values), high_open=sign == "<")
    return Range(min(values), max(values))


def _limit(match: re.Match[str]) -> Range | None:
    """A bound of a count: "2 or more glasses", "more than 14 drinks", "3-5 lesions"; None for a number without a sign."""
    low = value_of(match["low"])[0]
    if match["high"]:
        high = value_of(match["high"])[1]
        return Range(low, high) if low <= high else None
    sign = signs().get((match["sign"] or "").lower()) or ("≥" if match["more"] else "≤" if match["less"] else "")
    return {
        "≥": Range(low),
        ">": Range(low, low_open=True),
        "≤": Range(high=low),
        "<": Range(high=low, high_open=True),
    }.get(sign)


@cache
def _signs() -> tuple[tuple[str, str], ...]:
    """The words of comparison with their signs, the longest first."""
    return tuple(sorted(signs().items(), key=lambda pair: -len(pair[0])))


@cache
def _counted() -> re.Pattern[str]:
    return re.compile(rf"{_limit_pattern()}{BESIDE}[\s-]{{1,2}}(?P<noun>[a-z]{{4,20}})\b", re.IGNORECASE)


@cache
def _limited() -> re.Pattern[str]:
    return re.compile(rf"{_limit_pattern()}(?!\d|[.,]\d)", re.IGNORECASE)


@cache
def _limit_pattern() -> str:
    sign = "|".join(re.escape(words) for words, _ in _signs())
    number = number_pattern()
    return (
        rf"(?:(?P<sign>{sign})\s{{0,2}})?(?<![\w.,])(?P<low>{number})(?:\s?(?:-|–|to)\s?(?P<high>{number}))?"
        r"(?:\s(?:or|and)\s(?P<more>more|greater|above|higher)|\s(?:or|and)\s(?P<less>less|fewer|below|lower))?"
    )
