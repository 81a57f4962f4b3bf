"""Reads what a record says of the heart: its diseases, QTc, ejection fraction, blood pressure: `cardiac`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import inf
from typing import Final

from assistant.audit.extraction.exceptions import granted, unless
from assistant.audit.extraction.stretches import any_is_a, naming, sentences
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import Measure, measures
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import Mention
from assistant.eligibility.wording import number
from index.trial import Kind

_MEASURED: Final = {"lvef": "LVEF", "qtc": "QTc", "qtcf": "QTcF", "qtcb": "QTcB", "qt": "QT"}
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
    "vasculitis",
)
_DENIED: Final = re.compile(r"\b(?:no|not|without|absence of|free of|never)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(r"\b(?:defined as|is defined)\b|contraindicat|should be excluded", re.IGNORECASE)


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
    measured = [m for m in measures(text) if m.quantities[0] in _MEASURED and not _is_example(text, m)]
    for measure in measured:
        if rule := _limit(measure, text, kind):
            yield Rule(_MEASURED[measure.quantities[0]], rule)
    yield from _classes(text, kind)
    yield from _diseases(text, kind, [(m.start, m.end) for m in measured])


def _is_example(text: str, measure: Measure) -> bool:
    """Whether a value stands in brackets after the disease that it is a sign of: "conduction delays (QTc > 480 ms)"."""
    opened = text.rfind("(", 0, measure.start)
    inside = opened >= 0 and text.find(")", opened, measure.start) < 0
    return inside and bool(naming(text[max(0, opened - 60) : opened], _is_cardiac))


def _limit(measure: Measure, text: str, kind: Kind) -> str | None:
    allowed = measure.range
    if allowed.low == allowed.high or measure.of or measure.negated or (allowed.low > 0 and allowed.high < inf):
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


def _classes(text: str, kind: Kind) -> Iterator[Rule]:
    """A functional class that is asked for: "patients should be NYHA class 2B or better"."""
    if kind != "inclusion" or not re.search(r"NYHA|New York Heart", text):
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
    first = next(iter(sentences(text)), None)
    if first is None:
        return
    for stretch in naming(text, _is_cardiac):
        if _ASIDE.search(stretch.words) or any(stretch.start <= start and end <= stretch.end for start, end in measured):
            continue
        sentence = next(one for one in sentences(text) if one.start <= stretch.start < one.end)
        allowed = granted(sentence.words)
        if kind == "inclusion":
            if allowed is None and _DENIED.search(text[max(0, stretch.start - 30) : stretch.start + 30]):
                yield Rule(stretch.words, "excluded")
            continue
        if allowed and sentence.start > first.start:
            continue
        if sentence.start == first.start or not allowed:
            yield Rule(stretch.words, unless(sentence.words) or "excluded")
