"""Reads what a record says of the heart: its diseases, QTc, ejection fraction, blood pressure: `cardiac`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import inf
from typing import Final

from assistant.audit.extraction.exceptions import granted, unless
from assistant.audit.extraction.stretches import Stretch, any_is_a, listed, naming, sentences
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import PRESSURES, Measure, measures
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import Mention, find
from assistant.eligibility.wording import number
from index.trial import Kind

_MEASURED: Final = {
    "lvef": "left ventricular ejection fraction (LVEF)",
    "qtc": "QTc interval",
    "qtcf": "QTc interval (QTcF)",
    "qtcb": "QTc interval (QTcB)",
    "qt": "QT interval",
}
_DISEASES: Final = (
    "heart-disease",
    "cardiovascular-disease",
    "ecg-abnormality",
    "hypertension",
    "cardiac-intervention",
    "coronary-revascularization",
)
_ELSEWHERE: Final = (
    "cerebrovascular-disease",
    "thrombosis",
    "venous-thromboembolism",
    "peripheral-artery-disease",
    "peripheral-vascular-disease",
    "aortic-aneurysm",
    "aortic-dissection",
    "vasculitis",
)
_DENIED: Final = re.compile(r"\b(?:no|not|without|absence of|free of|never)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"\bdefined as\b|is defined|contraindicat|life[\s-]?expectancy|thromboembol|will be evaluated|effusion"
    r"|\b(?:medications?|drugs?|agents?)\b.{0,80}\b(?:prolong|risk|caus|induc)",
    re.IGNORECASE,
)
_WORDED: Final = re.compile(
    r"\b(?:cardiac|heart|cardio-?\s?\w+|coronary)\s(?:\w+\s){0,2}(?:diseases?|disorders?|conditions?|dysfunctions?|events?)\b",
    re.IGNORECASE,
)
"""Heart disease in words that the tables have no concept for: "cardio-cerebrovascular disease"."""
_WITHIN: Final = re.compile(r"\b(?:within|in the (?:last|past)|≤)\s(?:(?!\sor\s)[^,;])*$", re.IGNORECASE)
_PAIR: Final = re.compile(
    r"(?P<one>(?:(?!\b(?:or|within)\b)[^,;()])+) or (?P<other>(?:(?!\b(?:or|within)\b)[^,;()])+)"
    r" (?P<window>within (?:(?!\bor\b)[^,;()])+)",
    re.IGNORECASE,
)
_NO: Final = re.compile(r"^no\s(?:known\s)?", re.IGNORECASE)
_APART: Final = re.compile(r"(?:,|\bor|\band(?:\shave)?)\s(?:an?\s|the\s)?$", re.IGNORECASE)
_EXCEPTED: Final = re.compile(r"(?:excluding|except|unless|other than|related to)\b", re.IGNORECASE)
_INCLUDING: Final = re.compile(r",?\sincluding(?: but not limited to)?[,:]?\s", re.IGNORECASE)
_GENERIC: Final = re.compile(
    r"\b(?:diseases?|conditions?|disorders?|problems?|abnormalit(?:y|ies)|dysfunction)\b", re.IGNORECASE
)
"""What names no disease in particular."""
_TIMED: Final = re.compile(
    r"\bfollowing\s(?:conditions?\s|events?\s|diseases?\s)?(?P<window>within\s[^:;.]{3,80}):", re.IGNORECASE
)
_HISTORY: Final = re.compile(r"[\s,]*(?:or\s|and\s)?(?:an?\s)?history of\b", re.IGNORECASE)
_SEVERAL: Final = 3
_OPENING: Final = re.compile(
    r"^(?:[^:]*\bfollowing\b[^:]*:\s*|furthermore,?\s(?:patients|participants|subjects) (?:may|must) not have (?:an?\s)?)",
    re.IGNORECASE,
)
_BARRED_CLASS: Final = re.compile(
    r"\b(?:NYHA|New York Heart Association)(?: \(NYHA\))?(?: functional)? class(?:ification)?\s?"
    r"(?P<class>[≥>]?=?\s?(?:IV|I{1,3}|[1-4])(?:\s?(?:/|or|to|-)\s?(?:IV|I{1,3}|[1-4]))?)\b"
)
_CLASS_FIRST: Final = re.compile(
    r"^class\s(?P<class>[≥>]?=?\s?(?:IV|I{1,3}|[1-4])(?:\s?(?:/|or|to|-)\s?(?:IV|I{1,3}|[1-4]))?)\s[^.;]{0,60}\b(?:NYHA|New York Heart)",
    re.IGNORECASE,
)
"""A class named before its scale: "class III/IV disability by the NYHA classification"."""
_BRACKET: Final = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a record says of one thing of the heart. "LVEF < 50 % excluded": Rule("LVEF", "≥ 50%")."""

    what: str
    rule: str


def cardiac(record: Record) -> dict[str, Value]:
    """Each rule once, with the lines that state them."""
    found = [(rule, line.span) for line in record.rules.lines for rule in rules_in(line.text, line.kind)]
    values = [asdict(rule) for rule in dict.fromkeys(rule for rule, _ in found)]
    return {"cardiac": Value(values, tuple(dict.fromkeys(span for _, span in found)))} if found else {}


def rules_in(text: str, kind: Kind) -> Iterator[Rule]:
    """The rules of one criterion."""
    measured: list[tuple[int, int]] = []
    for measure in measures(text):
        rule = _limit(measure, text, kind) if measure.quantities[0] in _MEASURED and not _is_example(text, measure) else None
        if rule:
            corrected = "qtcf" if measure.quantities[0] == "qtc" and "frideric" in text.lower() else measure.quantities[0]
            measured.append((measure.start, measure.end))
            yield Rule(_MEASURED[corrected], rule)
    if kind == "inclusion" and (pressure := _pressure(text)):
        yield Rule("blood pressure", pressure)
    yield from _classes(text, kind)
    yield from _diseases(text, kind, measured)


def _is_example(text: str, measure: Measure) -> bool:
    """Whether a value is one of several in brackets after what they are signs of: "conduction delays (PR > 200 ms, QTc > 480 ms)"."""
    if text[measure.start - 1 : measure.start] == "(" and ")" in text[measure.start : measure.end]:
        return False  # the bracket holds but its name: "(QTcF) of > 470 ms"
    opened, closed = text.rfind("(", 0, measure.start), text.find(")", measure.end)
    inside = opened >= 0 and text.find(")", opened, measure.start) < 0
    return inside and "," in text[opened : closed if closed > 0 else len(text)]


def _limit(measure: Measure, text: str, kind: Kind) -> str | None:
    allowed = measure.range
    unbounded = allowed.low == -inf and allowed.high == inf
    if unbounded or allowed.low == allowed.high or measure.of or measure.negated or (allowed.low > 0 and allowed.high < inf):
        return None
    if kind == "exclusion":
        upper = allowed.high == inf
        allowed = (
            Range(high=allowed.low, high_open=not allowed.low_open)
            if upper
            else Range(allowed.high, low_open=not allowed.high_open)
        )
    low = allowed.low > -inf
    if low != (measure.quantities[0] == "lvef"):
        return None
    sign = (">" if allowed.low_open else "≥") if low else ("<" if allowed.high_open else "≤")
    unit = measure.unit or ("%" if measure.quantities[0] == "lvef" else "ms")
    value = number(allowed.low if low else allowed.high)
    return f"{sign} {value}%" if unit == "%" else f"{sign} {value} {unit}"


def _pressure(text: str) -> str | None:
    """ "≤ 140/90 mmHg", where both pressures have an upper bound."""
    highs = {m.quantities[0]: m.range for m in measures(text) if m.quantities[0] in PRESSURES and m.range.low == -inf}
    if set(highs) != set(PRESSURES):
        return None
    upper, lower = (highs[one] for one in PRESSURES)
    return f"{'<' if upper.high_open else '≤'} {number(upper.high)}/{number(lower.high)} mmHg"


def _classes(text: str, kind: Kind) -> Iterator[Rule]:
    """A functional class that is asked for: "patients should be NYHA class 2B or better"."""
    if not re.search(r"NYHA|New York Heart", text):
        return
    if kind == "exclusion":
        barred = _BARRED_CLASS.search(text) or _CLASS_FIRST.search(text)
        if barred and (barred.re is _CLASS_FIRST or not naming(text, _is_cardiac)):
            yield Rule(f"NYHA class {barred['class']}", "excluded")
        return
    found = _NYHA.search(text)
    if found:
        yield Rule("NYHA class", " ".join(found["class"].split()))


_CLASS: Final = r"(?:IV|I{1,3}|[1-4])[A-D]?"
_NYHA: Final = re.compile(
    rf"\b(?:class|classification of class)\s(?P<class>{_CLASS}(?:\s(?:or|to|-)\s{_CLASS})?(?:\sor\s(?:better|less|lower|below))?)\b"
)


def _is_cardiac(mention: Mention) -> bool:
    return any_is_a(mention, _DISEASES) and not any_is_a(mention, _ELSEWHERE)


def _diseases(text: str, kind: Kind, measured: list[tuple[int, int]]) -> Iterator[Rule]:
    """Diseases of the heart that a criterion bars, one for each item of its list."""
    said = list(sentences(text))
    found = naming(text, _is_cardiac)
    if not found and not measured and kind == "exclusion" and said and _WORDED.search(said[0].words):
        found = tuple(one for one in listed(said[0], text) if _WORDED.search(one.words))
    timed = _TIMED.search(text)
    plain = f"excluded if {' '.join(timed['window'].split())}" if timed else "excluded"
    for stretch in found:
        sentence = next(one for one in said if one.start <= stretch.start < one.end)
        allowed = granted(sentence.words)
        if _ASIDE.search(_BRACKET.sub("", sentence.words)) or (allowed and sentence is not said[0]):
            continue
        if kind == "inclusion" and (allowed or not _DENIED.search(text[max(0, stretch.start - 30) : stretch.start + 30])):
            continue
        for part in (each for one in _parts(stretch, text, measured) for each in _two(one)):
            yield Rule(
                _NO.sub("", _OPENING.sub("", part.words)),
                (unless(sentence.words) if kind == "exclusion" else None) or plain,
            )


def _heads(stretch: Stretch, text: str) -> tuple[Stretch, ...]:
    """A disease as such and those that it includes, where they are several: "heart disease, including angina, infarction or failure"."""
    found = _INCLUDING.search(text, stretch.start, stretch.end)
    if (
        found is None
        or not _GENERIC.search(text, stretch.start, found.start())
        or text.count("(", stretch.start, found.start()) > text.count(")", stretch.start, found.start())
    ):
        return ()
    items = listed(Stretch(found.end(), stretch.end, text[found.end() : stretch.end]), text)
    named = [one for one in items if any(_is_cardiac(mention) for mention in find(one.words))]
    if len(named) < _SEVERAL:
        return ()
    head = listed(Stretch(stretch.start, found.start(), text[stretch.start : found.start()]), text)
    return (*head, *items)


def _two(part: Stretch) -> tuple[Stretch, ...]:
    """Two diseases that share one window, each with it: "infarction or unstable angina within 6 months"."""
    pair = _PAIR.fullmatch(part.words)
    if pair is None or not all(any(_is_cardiac(one) for one in find(pair[side])) for side in ("one", "other")):
        return (part,)
    return tuple(Stretch(part.start, part.end, f"{pair[side]} {pair['window']}") for side in ("one", "other"))


def _parts(stretch: Stretch, text: str, measured: list[tuple[int, int]]) -> tuple[Stretch, ...]:
    """The items of a stretch without those that a limit says; one stretch where a window at the end is for all of them."""
    limited = [(start, end) for start, end in measured if stretch.start <= start and end <= stretch.end]
    if limited:
        apart = _APART.search(text, stretch.start, limited[0][0])
        parts = naming(text, _is_cardiac, stretch.start, apart.start() if apart else stretch.start)
        return tuple(part for part in parts if len(part.words.split()) > 1)
    every = _heads(stretch, text) or listed(stretch, text)
    parts = tuple(part for part in every if not _EXCEPTED.match(part.words))
    if not parts:
        return ()
    if any(_HISTORY.match(text, part.start) for part in parts[1:]):
        return parts
    last, others = parts[-1], parts[:-1]
    if _WITHIN.search(last.words) and others and not any(_WITHIN.search(part.words) for part in others):
        return (stretch,)
    named = tuple(part for part in parts if any(_is_cardiac(mention) for mention in find(part.words)))
    return named if len(named) > 1 or (named and parts != every) else (stretch,)
