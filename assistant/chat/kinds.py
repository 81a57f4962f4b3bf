"""What kind of thing a question asks for, as a table, and whether a passage has one: only a dose in Gy answers "how many Gy?"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from assistant.chat.question import Question


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact. Likeness alone never stands in for it."""

    name: str
    asks: re.Pattern[str]
    has: re.Pattern[str]
    example: str
    needed: bool = True
    """Whether a record without one does not answer; else it is only what an answer is looked for by."""

    def within(self, text: str) -> bool:
        """Whether a text states one."""
        return self.has.search(text) is not None


_NUMBER: Final = r"\d[\d.,]*"
_ANALYTES: Final = (
    ("neutrophils", r"neutrophils?|ANC"),
    ("platelets", r"platelets?|plt"),
    ("haemoglobin", r"ha?emoglobin|hgb|hb"),
    ("white-cells", r"leu[ck]ocytes?|white (?:blood )?cells?|wbc"),
    ("creatinine", r"creatinine|eGFR|glomerular filtration|GFR|CrCl"),
    ("bilirubin", r"bilirubin"),
    ("transaminases", r"ALT|AST|SGOT|SGPT|transaminases?|alanine aminotransferase|aspartate aminotransferase"),
    ("albumin", r"albumin"),
    ("clotting", r"INR|aPTT|prothrombin|clotting|coagulation"),
)
_TARGET: Final = (
    r"(?:PD-?L?-?1|CTLA-?4|EGFR|HER-?2|VEGFR?|FGFR|MET|ALK|BRAF|MEK|PARP|CDK ?4/6|JAK|BTK|TNF(?:-?alpha)?|IL-?\d+\w?|CD\d+)"
)
"""What drugs are called by where they have no name yet."""
_LIMIT_ASKED: Final = r"(?:cut-?offs?|thresholds?|limits?|minimum|maximum|min\.?|max\.?|how (?:high|low))"


_COUNTS: Final = r"(?:blood (?:counts?|cells?|values?|tests?|work)|ha?ematolog\w+|ha?eme|cbc|labs?|laborator\w+|organ function)"
_HOW_GOOD: Final = (
    rf"(?:{_LIMIT_ASKED}|how good|how (?:bad|strong)|good enough|levels?|values? (?:must|have|need)|requirements?)"
)


def _kind(name: str, asks: str, has: str, example: str, *, needed: bool = True) -> Kind:
    return Kind(name, re.compile(asks, re.IGNORECASE), re.compile(has, re.IGNORECASE), example, needed)


def _limit(name: str, analyte: str) -> Kind:
    asks = rf"\b(?:{analyte})\b[^.?!]*\b{_LIMIT_ASKED}|\b{_LIMIT_ASKED}[^.?!]*\b(?:{analyte})\b"
    has = rf"\b(?:{analyte})\b[^.;]*?(?:[<>≤≥=]|\d|\bULN\b)|\d[^.;]{{0,30}}\b(?:{analyte})\b"
    return _kind(f"limit-{name}", asks, has, f"What is the {name.replace('-', ' ')} limit?")


KINDS: Final[tuple[Kind, ...]] = (
    _kind(
        "gray",
        r"\b(?:how (?:many|much)|dose|amount|number|total)\b[^.?!]*\b(?:Gy|grays?)\b|\babsorbed dose\b|\bGy (?:per|to|for|on|dose)\b",
        rf"{_NUMBER}\s*(?:c?Gy\b|grays?\b)",
        "What is the dose in Gy?",
    ),
    _kind(
        "cells",
        r"\bhow many (?:million |billion )?(?:(?!white|red|blood)\w+[- ]){0,3}cells\b"
        r"|\bnumber of (?:(?!white|red|blood)\w+[- ]){0,2}cells\b"
        r"|\bcell (?:dose|number|count per dose)s?\b",
        rf"{_NUMBER}(?:\s*[x×*^]\s*10\S*|\s*(?:million|billion))?\s*(?:\S+\s+){{0,3}}cells\b|\bcells?\s*/\s*kg",
        "How many million cells are in a dose?",
    ),
    _kind(
        "drug-name",
        rf"\b(?:name of|which|what|called)\b[^.?!]{{0,30}}\b{_TARGET}\b"
        r"[^.?!]{0,15}\b(?:drug|agent|antibody|inhibitor|medicine|blocker)s?\b"
        rf"|\bname of (?:the )?(?:anti-)?{_TARGET}\b",
        r"\b\w{3,}(?:mab|nib|cept|parib|ciclib|stat)\b",
        "What is the name of the PD-1 drug?",
    ),
    _kind(
        "dose",
        r"\bdos(?:e|es|age|ing)\b|\bhow much\b",
        rf"{_NUMBER}\s*-?\s*(?:mg|mcg|µg|μg|ug|g|ml|mL|IU|units?|c?Gy|MBq|mCi|mmol|%|tablets?|capsules?|drops?)\b|\bcells\s*/\s*kg",
        "What is the dose of the drug?",
        needed=False,
    ),
    _kind(
        "duration",
        r"\bduration\b|\bhow long\b|\bover what period\b|\buntil when\b",
        rf"(?:{_NUMBER}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve))[\s-]*(?:minute|hour|day|week|month|year|cycle)s?\b",
        "What is the duration of treatment?",
        needed=False,
    ),
    _kind(
        "frequency",
        r"\bhow (?:often|frequently)\b|\bhow many times (?:a|an|per|each|every|in)\b|\bfrequency of\b",
        r"\b(?:once|twice|thrice|daily|weekly|monthly|hourly|nightly|every (?:\w+ ){0,2}(?:day|week|month|hour|year)s?|q\d+\s?[dwhm]|[bt]id)\b"
        r"|\b(?:\d+|two|three|four|five|six) (?:times|sessions|visits|days|doses)? ?(?:a|an|per|each|every) (?:day|week|month|year)\b",
        "How often is the drug given?",
        needed=False,
    ),
    *(_limit(name, analyte) for name, analyte in _ANALYTES),
    _kind(
        "blood-counts",
        rf"\b{_HOW_GOOD}\b[^.?!]*\b{_COUNTS}\b|\b{_COUNTS}\b[^.?!]*\b{_HOW_GOOD}\b",
        rf"\b(?:{'|'.join(analyte for _, analyte in _ANALYTES)})\b[^.;]*?(?:[<>≤≥=]|\d|\bULN\b)",
        "How good do my blood counts have to be?",
        needed=False,
    ),
)


LIMITS: Final = frozenset({"blood-counts", *(f"limit-{name}" for name, _ in _ANALYTES)})
"""Kinds that a criterion states."""


def kinds_asked(question: Question) -> tuple[Kind, ...]:
    """The kinds of fact that a question asks for; none where it tells of a person, whose values are not the record's."""
    return () if question.about_a_person else tuple(kind for kind in KINDS if kind.asks.search(question.text))


def lacking(kinds: Iterable[Kind], texts: Iterable[str]) -> tuple[Kind, ...]:
    """The kinds that none of the texts has."""
    known = list(texts)
    return tuple(kind for kind in kinds if not any(kind.within(text) for text in known))
