"""Numbers of one record that do not add up: doses and fractions, doses a day, products, shares, sizes of groups."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Literal

from assistant.audit.finding import Found
from assistant.audit.prose import Prose, everything
from assistant.audit.record import Record
from index.trial import Span, Trial

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_INTEGER_SLACK = Decimal("0.05")
"""“2 Gy” may be 2.04 rounded, never 2.12."""
_NO_RANGE_BEFORE = r"(?<![\d.,])(?<!\d[-–—~])(?<!\d\s[-–—~]\s)(?<!\d\sto\s)(?<!≥)(?<!≤)(?<!>)(?<!<)"
_NO_RANGE_AFTER = r"(?!\s?(?:[-–—~]|to\b|or\b|±|/-)\s?\d)"


def adding_up(record: Record) -> Iterator[Found]:
    """Each calculation in the record whose result is another; the same one found in several places is told once."""
    found: dict[str, list[Span]] = {}
    for prose in everything(record):
        for slip in (*_fractions(prose), *_daily(prose), *_equations(prose), *_shares(prose)):
            found.setdefault(slip.text, []).append(slip.span)
    for text, spans in found.items():
        yield Found("arithmetic", text, tuple(spans))


def group_sizes(record: Record) -> Iterator[Found]:
    """Groups whose sizes do not sum to the number of participants."""
    for document in record.documents:
        yield from _sizes(document)


@dataclass(frozen=True, slots=True)
class _Slip:
    text: str
    span: Span


# --- doses and fractions ----------------------------------------------------------------------------------------------------------

_Role = Literal["dose", "count", "each"]
_DOSE = (
    rf"{_NO_RANGE_BEFORE}(?P<dose>{_NUMBER})\s?(?P<c>c)?Gy(?:\s?\(?(?:RBE|GyE)\)?|E)?(?!\w)"
    r"(?P<each>\s?(?:/|per|a|each)\s?(?:fr(?:action)?|fx|f|time)\b\.?|\s(?:daily|each)\b)?" + _NO_RANGE_AFTER
)
_COUNT = (
    rf"{_NO_RANGE_BEFORE}(?P<before>\d{{1,2}})\s?(?:fractions?|fract\.?|frs?|fxs?|f|times)\b\.?|[x×*]\s?(?P<after>\d{{1,2}})(?![\d.,])"
    r"(?!\s?(?:days?|weeks?|months?|per|/|[-–]\s?\d))(?:\s?(?:fractions?|frs?|fxs?|f|times)\b\.?)?"
    r"|(?<![\d.,-])(?P<times>\d{1,2})\s?[x×*](?=\s?\d)"
)
_NOT_A_COUNT = re.compile(r"\s?(?:/|per|an?|each|every)?\s?(?:days?|weeks?|weekly|daily|wk|d)\b", re.IGNORECASE)
_PIECES = re.compile(rf"{_DOSE}|{_COUNT}", re.IGNORECASE)
_FILLER = re.compile(
    r"(?:[\s/(),:=@]|\b(?:in|of|at|over|as|given|delivered|administered|total|totall?ing|dose|doses|to|a|the|per|fraction|each|for|with|using|daily"
    r"|once|is|was|prescribed|prescription|day|radiation|radiotherapy|intensity|modulated|and)\b){0,14}",
    re.IGNORECASE,
)
_EQUIVALENT = re.compile(r"(?:BED|EQD|equivalent|biological\w*)\W[^.;]{0,25}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    role: _Role
    value: Decimal
    said: str
    start: int
    end: int


def _fractions(prose: Prose) -> Iterator[_Slip]:
    """A total dose, a number of fractions and the dose of each, side by side, that do not multiply."""
    for group in _groups(prose.text) if "Gy" in prose.text else ():
        doses = [piece for piece in group if piece.role != "count"]
        counts = [piece for piece in group if piece.role == "count"]
        if len(doses) != 2 or len(counts) != 1 or _EQUIVALENT.search(prose.text, 0, group[0].start):
            continue
        each, total = sorted(doses, key=lambda piece: piece.value)
        count = counts[0]
        if total.role == "each" or not count.value or count.value == 1:
            continue
        worked = each.value * count.value
        if abs(worked - total.value) > count.value * _slack(each.said) + _slack(total.said):
            text = f"{count.value} × {each.said} = {_plain(worked)} Gy, not {total.said}."
            yield _Slip(text, prose.span(group[0].start, group[-1].end))


def _groups(text: str) -> Iterator[Sequence[_Piece]]:
    """Doses and numbers of fractions with nothing else between them."""
    group: list[_Piece] = []
    for piece in _dose_pieces(text):
        if group and not _FILLER.fullmatch(text, group[-1].end, piece.start):
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _dose_pieces(text: str) -> Iterator[_Piece]:
    for match in _PIECES.finditer(text):
        if match["dose"]:
            value = _decimal(match["dose"]) / (100 if match["c"] else 1)
            said = f"{match['dose']} {'cGy' if match['c'] else 'Gy'}"
            yield _Piece("each" if match["each"] else "dose", value, said, match.start(), match.end())
        else:
            said = match["before"] or match["after"] or match["times"]
            if not _NOT_A_COUNT.match(text, match.end()):
                yield _Piece("count", Decimal(said), said, match.start(), match.end())


# --- doses a day ------------------------------------------------------------------------------------------------------------------

_TIMES = {
    "twice": 2,
    "two times": 2,
    "bid": 2,
    "b.i.d": 2,
    "three times": 3,
    "thrice": 3,
    "tid": 3,
    "t.i.d": 3,
    "four times": 4,
    "qid": 4,
}
_OFTEN = "|".join(re.escape(words).replace(r"\ ", r"\s") for words in _TIMES)
_A_DAY = re.compile(
    rf"{_NO_RANGE_BEFORE}(?P<each>{_NUMBER})\s?(?P<unit>mg|g|mcg|µg|IU)\s(?:(?:orally|PO|IV|po|by\smouth)\s)?(?P<often>{_OFTEN})\b\.?"
    r"(?:\s?(?:a|per|/|each)?\s?(?:day|daily))?\s?[(,;]\s?(?:(?:for|i\.e\.|ie|a|=|total|daily|dose|of|is|equivalent|to|or)[\s,:]{1,2}){0,6}"
    rf"(?P<total>{_NUMBER})\s?(?P=unit)\s?(?:/|per|a|total)?\s?(?:d|day|daily)\b",
    re.IGNORECASE,
)


def _daily(prose: Prose) -> Iterator[_Slip]:
    """A dose, how often it is taken in a day, and the dose a day beside it."""
    for match in _A_DAY.finditer(prose.text):
        times = _TIMES[re.sub(r"\s+", " ", match["often"].lower())]
        worked, total = _decimal(match["each"]) * times, _decimal(match["total"])
        if worked != total:
            unit = match["unit"]
            text = f"{times} × {match['each']} {unit} = {_plain(worked)} {unit} a day, not {match['total']} {unit}."
            yield _Slip(text, prose.span(match.start(), match.end()))


# --- equations and shares ---------------------------------------------------------------------------------------------------------

_EQUATION = re.compile(
    rf"(?<![\w.,^/()\-–+×*=])(?<![+×*x/=-]\s)(?P<terms>(?:{_NUMBER})(?:\s?(?P<sign>[+×*x])\s?(?:{_NUMBER}))(?:\s?(?P=sign)\s?(?:{_NUMBER}))*)"
    rf"\s?=\s?(?P<result>{_NUMBER})(?![\d.,]*\d|\s?[×x*+/^%-])"
)
_SHARE = re.compile(
    r"(?<![\w.,/≥≤<>-])(?P<part>\d{1,6})\s?(?:/|out\sof|of(?:\sthe)?)\s?(?P<whole>\d{1,6})(?![\d.,/])(?:\s[a-z]{3,20}){0,2}\s?[(,]\s?(?P<share>\d{1,3}(?:\.\d{1,2})?)\s?%"
)


def _equations(prose: Prose) -> Iterator[_Slip]:
    """A sum or product with its result: "6+30+30 = 66"."""
    for match in _EQUATION.finditer(prose.text) if "=" in prose.text else ():
        sign = match["sign"]
        terms = [_decimal(term) for term in re.findall(_NUMBER, match["terms"])]
        worked = sum(terms, Decimal(0)) if sign == "+" else prod(terms, start=Decimal(1))
        said = _decimal(match["result"])
        if abs(worked - said) > _slack(match["result"], exact=True):
            shown = (" + " if sign == "+" else " × ").join(map(_plain, terms))
            yield _Slip(f"{shown} = {_plain(worked)}, not {match['result']}.", prose.span(match.start(), match.end()))


def _shares(prose: Prose) -> Iterator[_Slip]:
    """A part of a whole with its percentage: "12 of 40 patients (30%)"."""
    for match in _SHARE.finditer(prose.text) if "%" in prose.text else ():
        part, whole = Decimal(match["part"]), Decimal(match["whole"])
        if not 0 < part <= whole or whole < 5:
            continue
        worked = 100 * part / whole
        if abs(worked - Decimal(match["share"])) > Decimal(1):
            text = f"{part} of {whole} is {_plain(round(worked, 1))}%, not {match['share']}%."
            yield _Slip(text, prose.span(match.start(), match.end()))


# --- sizes of groups --------------------------------------------------------------------------------------------------------------

_SIZE = re.compile(r"(?<!\w)n\s?=\s?(?P<n>\d{1,5})(?![\d.,%])", re.IGNORECASE)


def _sizes(document: Trial) -> Iterator[Found]:
    """Each arm gives its own size, and together they are not the participants of the record."""
    stated = [(arm, {match["n"] for match in _SIZE.finditer(f"{arm.label} {arm.description or ''}")}) for arm in document.arms]
    if document.enrollment is None or len(stated) < 2 or any(len(sizes) != 1 for _, sizes in stated):
        return
    sizes = [int(size) for _, each in stated for size in each]
    if sum(sizes) != document.enrollment:
        shown = " + ".join(map(str, sizes))
        where = (*(arm.span for arm, _ in stated), *document.evidence.get("enrollment", ())[:1])
        yield Found(
            "enrollment", f"The groups have {shown} = {sum(sizes)} participants, the trial {document.enrollment}.", where
        )


# --- numbers ----------------------------------------------------------------------------------------------------------------------


def _decimal(said: str) -> Decimal:
    return Decimal(said.replace(",", ""))


def _slack(said: str, *, exact: bool = False) -> Decimal:
    """By how much a number as written may differ from the one that was rounded to it."""
    digits = said.split()[0].replace(",", "")
    decimals = len(digits.partition(".")[2])
    if not decimals:
        return Decimal("0.5") if exact else _INTEGER_SLACK
    slack = Decimal(5) * Decimal(10) ** (-decimals - 1)
    return slack / 100 if "cGy" in said else slack


def _plain(number: Decimal) -> str:
    """Without trailing zeros: "60.06", "66"."""
    shown = f"{number:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
