"""The amounts that a statement gives, each with its bound: "more than 3", "at least 12%", "5 fewer"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from assistant.statements.claims import COUNTED, NAMED_NUMBER, WORD_NUMBERS

Sign = Literal["=", ">", ">=", "<", "<="]

_SIGNS: Final[Mapping[str, Sign]] = {
    "more than": ">", "over": ">", "above": ">", "greater than": ">", "higher than": ">", "exceeding": ">", "longer than": ">",
    "at least": ">=", "minimum of": ">=", "no less than": ">=", ">=": ">=", "≥": ">=", ">": ">",
    "less than": "<", "under": "<", "below": "<", "fewer than": "<", "lower than": "<", "shorter than": "<", "<": "<",
    "at most": "<=", "maximum of": "<=", "no more than": "<=", "up to": "<=", "<=": "<=", "≤": "<=",
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<sign>" + "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True)) + r")?\s*(?:an?|the|of)?\s*"
    r"(?<![\w.])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\.\d+)(?:\s*/\s*(?P<of>\d+))?\s*(?P<percent>%|per ?cent)?"
    r"(?P<apart>\s*(?:\w+\s+){0,2}(?:more|fewer|less|higher|lower|greater|longer|shorter|difference|increase|decrease)\b)?"
    r"(?P<times>\s*(?:times|x|-?fold)\b)?"
    r"(?:\s*-?\s*(?P<unit>mg|mcg|µg|kg|g|ml|l|cm|mm|gy|iu|days?|weeks?|wks?|months?|years?|yrs?|hours?|hrs?|h|minutes?)(?:[/²³\d]|\b))?",
    re.IGNORECASE,
)
_WORDED: Final[Mapping[str, str]] = {
    r"\b(?:more than half|the majority|most)(?= of| patients| participants)": "more than 50%",
    r"\bless than half\b": "less than 50%",
    r"\bhalf of\b": "50% of",
    r"\b(?:not a single|none|nobody|no)\b(?= (?:cases?|patients?|participants?|instances?|one|of|observed|recorded|subjects?))": "0",
    r"\b(?:all|every one|each) (?=of the (?:patients|participants|subjects)|patients|participants|subjects)": "100% ",
    r"\ba quarter\b": "25%",
    r"\ba third\b": "33%",
    r"\b(?:a|an) (?=(?:single )?(?:patient|participant|case|subject)\b)": "1 ",
    r"\ba single\b": "1",
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that a statement gives."""

    value: float
    sign: Sign
    percent: bool
    apart: bool
    """It is how far two figures are from each other."""
    times: bool
    of: int | None = None
    unit: str = ""
    """As written, of doses and times."""
    start: int = 0
    """Where it stands in the text given back with it."""

    def holds(self, figure: float) -> bool:
        """Whether a figure is as the amount says, to the precision given."""
        near = abs(figure - self.value) <= self._slack
        match self.sign:
            case "=":
                return near
            case ">":
                return figure > self.value
            case ">=":
                return figure >= self.value or near
            case "<":
                return figure < self.value
            case "<=":
                return figure <= self.value or near

    @property
    def _slack(self) -> float:
        if not self.percent:
            return 1e-6
        return 0.006 if self.value % 1 and round(self.value, 1) != self.value else 0.06 if self.value % 1 else 0.5


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """The statement with its numbers in digits; those of groups, grades and stages left out."""
    told = NAMED_NUMBER.sub(lambda match: "_" * len(match[0]), text)
    for words, number in _WORDED.items():
        told = re.sub(words, number, told, flags=re.IGNORECASE)
    return COUNTED.sub(lambda match: str(WORD_NUMBERS[match[1].lower()]), told)


@lru_cache(maxsize=512)
def amounts(text: str) -> tuple[Amount, ...]:
    """The amounts of a statement, in order."""
    return tuple(
        Amount(
            float(found["number"].replace(",", "")),
            _SIGNS[found["sign"].lower()] if found["sign"] else "=",
            bool(found["percent"]),
            bool(found["apart"]),
            bool(found["times"]),
            int(found["of"]) if found["of"] else None,
            (found["unit"] or "").lower(),
            found.start("number"),
        )
        for found in _AMOUNT.finditer(plain(text))
    )


_DAYS: Final[Mapping[str, float]] = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}


def in_unit(amount: Amount, unit: str) -> Amount | None:
    """The amount in the unit of a table: times are turned, doses and times that the table does not measure are none of it."""
    if not amount.unit:
        return amount
    own, theirs = _time(amount.unit), _time(unit)
    if own is None or theirs is None:
        return amount if amount.unit in unit.lower().split() else None
    return amount if own == theirs else replace(amount, value=amount.value * own / theirs)


def _time(unit: str) -> float | None:
    found = re.match(r"(?:mean |median )?(h(?:ou)?rs?|h|days?|weeks?|wks?|months?|years?|yrs?)\b", unit.strip(), re.IGNORECASE)
    return _DAYS[found[1][0].lower()] if found else None
