"""Results that a record has posted: the outcome asked for, else the primary one, with its values and what was tested."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assistant.chat.points import Point, Proof, Said
from assistant.chat.question import Question
from assistant.reply import Verdict
from index.trial import Span, Trial
from index.view import clean
from index.words import stems

_BLOCK: Final = re.compile(r"^Outcome Measure: .*(?:\n(?!\n|Outcome Measure: ).*)*", re.MULTILINE)
_LINE: Final = re.compile(
    r"^(?!Group:|Type:|Description:|Population:|Time Frame:|Outcome Measure:|[^:\n]{1,30} Analyzed:)[^:\n]{1,120}: .+$",
    re.MULTILINE,
)
_HEAD: Final = re.compile(r"^Outcome Measure: (.+)$", re.MULTILINE)
_P_VALUE: Final = re.compile(r"\bp-value\s*(?P<sign>[<>=≤≥]*)\s*(?P<value>0?\.\d+)", re.IGNORECASE)
_BENEFIT: Final = re.compile(
    r"\b(?:met (?:its|the) (?:goal|primary|end ?point)|signific\w+|works? better|superior"
    r"|improv\w+|prolong\w+|lengthen\w+|rais\w+|reduc\w+)\b",
    re.IGNORECASE,
)
_CONFIRM: Final = re.compile(r"\b(?:confirm|correct|right|true|agree)\b", re.IGNORECASE)
SIGNIFICANT: Final = 0.05
"""Two-sided p from which a difference counts as none shown (ICH E9, 5.5)."""
MOST: Final = 4
"""Lines of an outcome that are quoted."""


@dataclass(frozen=True, slots=True)
class _Posted:
    """One outcome's results."""

    title: str
    head: Span
    lines: tuple[Span, ...]
    primary: bool


def posted(trial: Trial, question: Question) -> Said | None:
    """The posted results of the outcome that is asked for; "no" to a claim of an effect that their test does not show."""
    found = list(_outcomes(trial))
    if not found:
        return None
    asked = set(question.stems)
    best = max(found, key=lambda one: (len(asked & set(stems(one.title))) / (len(stems(one.title)) or 1), one.primary))
    points = [
        Point(f"{best.title}: {_shown(trial, best.lines[0])}", (Proof(best.head, "results"), Proof(best.lines[0], "results")))
    ]
    points += [Point(_shown(trial, line), (Proof(line, "results"),)) for line in best.lines[1:MOST]]
    return Said(tuple(points), _verdict(" ".join(point.text for point in points), question))


def _outcomes(trial: Trial) -> Iterator[_Posted]:
    for section in trial.sections:
        if section.name != "results" or "Outcome" not in section.title:
            continue
        text = trial.quote(section.span)
        for block in _BLOCK.finditer(text):
            head = _HEAD.search(block[0])
            lines = tuple(_span(section.span, block.start() + one.start(), one[0]) for one in _LINE.finditer(block[0]))
            if head and lines:
                at = block.start() + head.start(1)
                yield _Posted(head[1].strip(), _span(section.span, at, head[1]), lines, "Type: PRIMARY" in block[0])


def _span(section: Span, at: int, text: str) -> Span:
    return Span(section.document, section.start + at, section.start + at + len(text.rstrip()))


def _shown(trial: Trial, span: Span) -> str:
    return clean(trial.source(span.document), span)


def _verdict(said: str, question: Question) -> Verdict | None:
    """ "no" where an effect is claimed and its test shows none; an effect shown may lie the other way, so it is never a yes."""
    asks = question.form != "open" or _CONFIRM.search(question.text)
    test = _P_VALUE.search(said)
    if not (asks and test and _BENEFIT.search(question.text)):
        return None
    return "no" if float(test["value"]) >= SIGNIFICANT and "<" not in test["sign"] else None
