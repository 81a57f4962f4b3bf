"""Units: how texts spell them, and conversion between them; the one owner of pint."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.quantities import Quantity, all_quantities, quantity
from assistant.eligibility.ranges import Range, exactly

if TYPE_CHECKING:
    from pint import UnitRegistry

_DEFINITIONS = """
pico- = 1e-12 = p-
nano- = 1e-9 = n-
micro- = 1e-6 = u-
milli- = 1e-3 = m-
centi- = 1e-2 = c-
deci- = 1e-1 = d-
kilo- = 1e3 = k-
femto- = 1e-15 = f-
gram = [mass] = g
meter = [length] = m
second = [time] = s
mole = [substance] = mol
enzyme_unit = [activity] = U
equivalent = [charge] = eq
copy = [copies]
kelvin = [temperature]; offset: 0 = K
degree_Celsius = kelvin; offset: 273.15 = degC
degree_Fahrenheit = 5 / 9 * kelvin; offset: 255.3722222222222 = degF
liter = 1e-3 * meter ** 3 = L
minute = 60 * second = min
hour = 3600 * second = h
day = 24 * hour
week = 7 * day
year = 365.25 * day
month = year / 12
katal = 6e7 * enzyme_unit = kat
pascal = [pressure] = Pa
mmHg = 133.322387415 * pascal
inch = 0.0254 * meter
ft = 12 * inch
lb = 453.59237 * gram
oz = lb / 16
st = 14 * lb
ngsp = [ngsp]
ifcc = [ifcc]
predicted = [predicted]
percent = 0.01
ppb = [ppb]
letters = [letters]
packyear = [packyears]
plus = [plus]
"""
"""What the table's units are made of; a whole registry of physics would take longer to load than all else here."""


class UnitFault(ValueError):
    """A value in a unit that the quantity does not have, or without one where several are possible."""


@dataclass(frozen=True, slots=True)
class UnitMention:
    """A unit in a text: where it ends, and every unit that the spelling can mean."""

    end: int
    units: tuple[str, ...]


_ODD = str.maketrans(
    {
        **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789", strict=True)),
        **{chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)},
        **dict.fromkeys("‐‑‒–—―−﹣－⁻", "-"),
        **dict.fromkeys("×✕✖⨯", "x"),
        **dict.fromkeys("≥⩾≧⋝", "≥"),
        **dict.fromkeys("≤⩽≦⋜", "≤"),
        **dict.fromkeys("µμ", "u"),
        **dict.fromkeys("·∙⋅", "."),
        **dict.fromkeys("’‘′`´", "'"),
        **dict.fromkeys("“”″", '"'),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000\t\r\f\v", " "),
        "⁄": "/",
        "∕": "/",
        "⁺": "+",
        "º": "°",
    }
)


def folded(text: str) -> str:
    """The text with one spelling for each sign, character for character, so that offsets stay: "10⁹" is "109", "µ" is "u"."""
    return text.translate(_ODD)


def lowered(text: str) -> str:
    """The text in lower case, character for character."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def collapsed(text: str) -> tuple[str, list[int]]:
    """The text with every run of blanks as one, and where each of its characters stood (and its end): lines may be broken anywhere.

    An empty line, and a line that starts with a bullet or a number, stay lines of their own.
    """
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in _BLANKS.finditer(text):
        pieces.append(text[last : match.start()])
        places.extend(range(last, match.start()))
        pieces.append("\n" if _NEW_LINE.match(text, match.start(), match.end() + 4) else " ")
        places.append(match.start())
        last = match.end()
    pieces.append(text[last:])
    places.extend(range(last, len(text) + 1))
    return "".join(pieces), places


_BLANKS = re.compile(r"\s{2,}|[\n\t]")
_NEW_LINE = re.compile(r"\s*\n\s*(?:\n|[-*•–] |\d{1,2}[.)] |[a-z][.)] )")

_COUNT = re.compile(
    r"\s{0,3}(?:(?:[x*.]\s{0,2})?10\s{0,2}(?P<sign>\^|\*{1,2}|exp|e|\(|)\s{0,2}\(?\+?(?P<power>12|9|6|4|3)\)?|"
    r"(?:[x*]\s{0,2})?(?P<thousand>1000|k|thousands?|g|t|m(?=/)|millions?|1[, ]000)|(?P<one>))\s{0,3}"
    r"(?:(?:platelets?|plt|neutrophils?|cells?|eosinophils?|leu[ck]ocytes?|lymphocytes?|granulocytes?|wbc|c)(?![a-z]))?\s{0,3}"
    r"(?:(?:/|per\b)\s{0,3}(?P<volume>mm\s?\^?\s?\(?3\)?|millimet(?:er|re)s?\s?\^?3|cu\.?\s?mm|cmm|mm\b(?!\s?hg)|cubic\s(?:mm\b|millimet(?:er|re)s?)|"
    r"mic(?:ro)?\s?lit(?:er|re)s?|ul|mcl|l\b|lit(?:er|re)s?|ml\b|millilit(?:er|re)s?|cc\b)|(?P<bare>))(?![a-z0-9])"
)
_VOLUMES = {"l": "L", "m": "mL", "c": "mL"}
_POWERS = {"k": 3, "t": 3, "g": 9, "m": 6}


def _volume(spelling: str) -> str:
    """The volume that a count is in: "mm3", "cumm" and "microliter" are all a µL."""
    if re.match(r"mm|millim|cu|cmm|mic|ul|mcl", spelling):
        return "µL"
    return _VOLUMES[spelling[0]]


def _count_at(text: str, at: int) -> UnitMention | None:
    """A count of cells in a volume: "x 10^9/L", "×10e9/l", "K/µL", "cells/mm3", "/cumm", and "x 109/L" with its superscript lost."""
    match = _COUNT.match(text, at)
    if match is None:
        return None
    power = match["power"]
    thousand = match["thousand"]
    exponent = int(power) if power else 0
    if thousand:
        exponent = 12 if thousand == "t" else _POWERS.get(thousand[0], 3)
    if match["bare"] is not None:
        return _count_without_volume(match, exponent)
    volume = _volume(match["volume"])
    unit = f"10^{exponent}/{volume}" if exponent else f"/{volume}"
    if unit not in _table():
        return None
    return UnitMention(match.end(), (unit,))


def _count_without_volume(match: re.Match[str], exponent: int) -> UnitMention | None:
    """ "x 10^9" and "K" with the volume left off."""
    unit = {9: "10^9/L", 3: "10^3/µL"}.get(exponent)
    if unit is None or (match["power"] and not match["sign"]) or match["thousand"] in ("1000", "1,000", "1 000", "g"):
        return None
    return UnitMention(match.end(), (unit,))


@cache
def _table() -> dict[str, str]:
    """Canonical units to what pint calls them."""
    return {row["unit"]: row["pint"] for row in rows("units.tsv")}


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Spellings without blanks to the units that they can mean."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("units.tsv"):
        for spelling in (row["unit"], *row["spellings"].split("|")):
            key = _key(spelling)
            if key and row["unit"] not in found.get(key, ()):
                found[key] = (*found.get(key, ()), row["unit"])
    return found


def _key(spelling: str) -> str:
    return re.sub(r"\s*(?:/|\bper\b)\s*", "/", re.sub(r"\s+", " ", lowered(folded(spelling)).strip())).replace(" ", "")


def _pattern_of(spelling: str) -> str:
    pieces = re.split(r"([ /])", lowered(folded(spelling)))
    return "".join({" ": r"\s{0,2}", "/": r"\s{0,2}(?:/|\bper\b)\s{0,2}"}.get(piece, re.escape(piece)) for piece in pieces)


def _boundary(spelling: str) -> str:
    """What must not follow a spelling: "mg" is not in "mgs", and the "+" of "4+3" is no dipstick's."""
    if spelling == "+":
        return r"(?!\s?\d)"
    return r"(?![a-z0-9])" if spelling[-1].isalnum() else ""


@cache
def _pattern() -> re.Pattern[str]:
    """Any spelling of the table, longest first, by its first letter so that few are tried."""
    spellings = {s for row in rows("units.tsv") for s in (row["unit"], *row["spellings"].split("|")) if s and s[0] not in "1"}
    by_first: dict[str, list[str]] = {}
    for spelling in sorted(spellings, key=lambda s: (-len(s), s)):
        by_first.setdefault(re.escape(lowered(folded(spelling[0]))), []).append(spelling)
    branches = []
    for first, some in by_first.items():
        body = "|".join(_pattern_of(spelling) + _boundary(spelling) for spelling in some)
        branches.append(f"(?={first})(?:{body})" if first not in ("/",) else f"(?:{body})")
    return re.compile(r"\s{0,3}(?:-(?=[a-z]))?(" + "|".join(branches) + ")")


def unit_at(text: str, at: int) -> UnitMention | None:
    """The unit that starts at an offset of a text which is folded and in lower case; blanks before it are skipped."""
    count = _count_at(text, at)
    match = _pattern().match(text, at)
    if match is None or (count is not None and count.end > match.end()):
        return count
    meant = _spellings()[_key(match[1])]
    both = count is not None and count.end == match.end()
    return UnitMention(match.end(), (*meant, *count.units) if both and count is not None else meant)


def named_unit(spelling: str, quantity_id: str) -> str | None:
    """The unit that a spelling means for a quantity: "%" is "% (NGSP)" for HbA1c; None where the quantity has no such unit."""
    accepted = quantity(quantity_id).units
    if spelling in accepted:
        return spelling
    return next((unit for unit in _meanings(spelling) if unit in accepted), None)


@lru_cache(maxsize=4096)
def _meanings(spelling: str) -> tuple[str, ...]:
    text = lowered(folded(spelling))
    known = _spellings().get(_key(spelling), ())
    count = _count_at(text, 0)
    return (*known, *(count.units if count is not None and count.end == len(text) else ()))


@cache
def _registry() -> "UnitRegistry[float]":
    from pint import UnitRegistry

    return UnitRegistry(_DEFINITIONS.strip().splitlines(), cache_folder=None)


@cache
def _context(quantity_id: str) -> Any:
    """What an analyte adds to the dimensions: its molar mass, its valence, its International Unit."""
    from pint import Context

    ureg = _registry()
    analyte = quantity(quantity_id)
    context: Any = Context()
    substance, mass, volume = "[substance]", "[mass]", "[length] ** 3"
    if analyte.molar_mass:
        molar = ureg.Quantity(analyte.molar_mass, "g/mol")
        context.add_transformation(f"{mass} / {volume}", f"{substance} / {volume}", lambda _, value: value / molar)
        context.add_transformation(f"{substance} / {volume}", f"{mass} / {volume}", lambda _, value: value * molar)
        context.add_transformation("", f"{mass} / {substance}", lambda _, value: value * molar)
        context.add_transformation(f"{mass} / {substance}", "", lambda _, value: value / molar)
    if analyte.valence:
        charge = ureg.Quantity(analyte.valence, "eq/mol")
        context.add_transformation(f"[charge] / {volume}", f"{substance} / {volume}", lambda _, value: value / charge)
        context.add_transformation(f"{substance} / {volume}", f"[charge] / {volume}", lambda _, value: value * charge)
    if analyte.per_iu:
        amount, unit = analyte.per_iu.split()
        dose = ureg.Quantity(float(amount), f"{unit}/U")
        kind = mass if unit.endswith("g") else substance
        context.add_transformation(f"[activity] / {volume}", f"{kind} / {volume}", lambda _, value: value * dose)
        context.add_transformation(f"{kind} / {volume}", f"[activity] / {volume}", lambda _, value: value / dose)
    context.add_transformation("[ngsp]", "[ifcc]", lambda u, value: u.Quantity((value.magnitude - 2.152) / 0.09148, "ifcc"))
    context.add_transformation("[ifcc]", "[ngsp]", lambda u, value: u.Quantity(value.magnitude * 0.09148 + 2.152, "ngsp"))
    return context


def _in_pint(number: float, unit: str, to: str, quantity_id: str) -> float:
    from pint.errors import PintError

    ureg = _registry()
    source: Any = ureg.Quantity(ureg.parse_expression(_table()[unit]))
    target: Any = ureg.Quantity(ureg.parse_expression(_table()[to]))
    try:
        value = ureg.Quantity(number * source.magnitude, source.units).to(target.units, _context(quantity_id))
    except PintError as error:
        raise UnitFault(f"{quantity(quantity_id).name} in {unit} cannot be given in {to}") from error
    return float(value.magnitude / target.magnitude)


@lru_cache(maxsize=4096)
def _line(unit: str, to: str, quantity_id: str) -> tuple[float, float]:
    """Slope and offset from one unit to another: every conversion here is a straight line."""
    if unit == to or _table()[unit] == _table()[to]:
        return 1.0, 0.0
    zero = _in_pint(0.0, unit, to, quantity_id)
    thousand = _in_pint(1000.0, unit, to, quantity_id)
    return (thousand - zero) / 1000.0, zero


def _rounded(number: float) -> float:
    """Ten significant digits: 9.4 g/dL is 94 g/L, not 94.00000000000001."""
    return float(f"{number:.10g}") if isfinite(number) else number


def _mapped(value: Range, slope: float, offset: float) -> Range:
    def point(number: float) -> float:
        return _rounded(number * slope + offset) if isfinite(number) else number

    return Range(point(value.low), point(value.high), value.low_open, value.high_open)


@cache
def _copies() -> dict[str, Range]:
    """How many copies an International Unit is, by virus."""
    return {row["quantity"]: Range(float(row["copies_low"]), float(row["copies_high"])) for row in rows("virus-units.tsv")}


def counts_copies(quantity_id: str) -> bool:
    """Whether a quantity is a viral load, given in copies or in International Units."""
    return quantity_id in _copies()


def _viral(value: Range, unit: str, to: str, quantity_id: str, own: float | None) -> Range:
    """A viral load in the other unit: an interval, for assays differ; by the assay's own number of copies where that is known."""
    copies = exactly(own) if own else _copies()[quantity_id]
    value = _unlogged(value) if unit.startswith("log10") else value
    if "copies" in to and "IU" in unit:
        value = Range(_product(value.low, copies.low), _product(value.high, copies.high), value.low_open, value.high_open)
    if "IU" in to and "copies" in unit:
        value = Range(
            _product(value.low, 1 / copies.high), _product(value.high, 1 / copies.low), value.low_open, value.high_open
        )
    return _logged(value) if to.startswith("log10") else value


def _product(number: float, factor: float) -> float:
    return _rounded(number * factor) if isfinite(number) else number


def _unlogged(value: Range) -> Range:
    return Range(_power(value.low), _power(value.high), value.low_open, value.high_open)


def _power(exponent: float) -> float:
    return _rounded(10**exponent) if -300 < exponent < 300 else (inf if exponent > 0 else 0.0)


def _logged(value: Range) -> Range:
    return Range(_log(value.low), _log(value.high), value.low_open, value.high_open)


def _log(number: float) -> float:
    from math import log10

    return _rounded(log10(number)) if 0 < number < inf else (number if number > 0 else -inf)


def _ends(value: Range) -> list[float]:
    return [number for number in (value.low, value.high) if isfinite(number)]


def taken_as(value: Range, quantity_id: str) -> str:
    """The unit that a number without one must be in. Raises UnitFault where none or several are possible: creatinine 16."""
    analyte = quantity(quantity_id)
    ends = _ends(value)
    bare = analyte.bare or (((analyte.unit, analyte.plausible),) if len(analyte.units) == 1 else ())
    possible = [unit for unit, numbers in bare if all(numbers.low <= number <= numbers.high for number in ends)]
    if len(possible) == 1 and ends:
        return possible[0]
    fit = " or ".join(possible or analyte.units)
    raise UnitFault(f"{analyte.name} {shown(value)} is given without a unit; it could be in {fit}")


def convert(value: Range, unit: str | None, to: str | None, quantity_id: str, copies: float | None = None) -> Range:
    """A value of a quantity in another unit; None as `unit`: none was said, as `to`: the canonical unit.

    `copies`: how many of them the laboratory counts for an International Unit.

    A viral load turns from copies into IU as an interval, so convert what is known of the patient into the criterion's unit,
    never the criterion's bound. Raises UnitFault, naming the unit, where the quantity does not have it or it cannot be told.
    """
    if quantity_id not in all_quantities():
        raise UnitFault(f"nothing is known of the units of {quantity_id}")
    analyte = quantity(quantity_id)
    source = _accepted(unit, quantity_id) if unit is not None else taken_as(value, quantity_id)
    target = analyte.unit if to is None else _accepted(to, quantity_id)
    if source == target:
        return value
    if quantity_id in _copies():
        return _viral(value, source, target, quantity_id, copies)
    return _mapped(value, *_line(source, target, quantity_id))


def whatever_unit(number: float, unit: str, quantity_id: str) -> float | None:
    """A number in the canonical unit, from any unit of that dimension, also one in which nobody gives the quantity.

    Hemoglobin 10 mg/dL is 0.1 g/L; None where the dimension is another, or the unit is not known.
    """
    for meant in (one for one in dict.fromkeys(_meanings(unit)) if "log10" not in one):
        try:
            slope, offset = _line(meant, quantity(quantity_id).unit, quantity_id)
        except UnitFault:
            continue
        return _rounded(number * slope + offset)
    return None


def _accepted(unit: str, quantity_id: str) -> str:
    known = named_unit(unit, quantity_id)
    if known is None:
        analyte = quantity(quantity_id)
        raise UnitFault(f"{unit} is not a unit of {analyte.name}, which is given in {' or '.join(analyte.units)}")
    return known


def shown(value: Range, unit: str | None = None) -> str:
    """A range as people write it: "94 g/L", "≥ 90 g/L", "18-30 kg/m²"."""
    after = {None: "", "1": "", "% (NGSP)": "%", "% predicted": "% predicted", "%": "%"}.get(unit, f" {unit}")
    if value.low == value.high:
        return f"{_digits(value.low)}{after}"
    if value.low == -inf and value.high == inf:
        return f"any value{after}"
    if value.high == inf:
        return f"{'>' if value.low_open else '≥'} {_digits(value.low)}{after}"
    if value.low == -inf:
        return f"{'<' if value.high_open else '≤'} {_digits(value.high)}{after}"
    if value.low_open or value.high_open:
        return f"{'>' if value.low_open else '≥'} {_digits(value.low)} and {'<' if value.high_open else '≤'} {_digits(value.high)}{after}"
    return f"{_digits(value.low)}-{_digits(value.high)}{after}"


def _digits(number: float) -> str:
    """Three significant digits or the whole number: 1450, 0.0123, 94."""
    if not isfinite(number):
        return "infinity" if number > 0 else "-infinity"
    if number == int(number) and abs(number) < 1e15:
        return f"{int(number):,}" if abs(number) >= 10000 else str(int(number))
    return f"{number:.4g}" if abs(number) < 1e4 else f"{number:,.0f}"


def working(value: Range, unit: str | None, to: str | None, quantity_id: str, copies: float | None = None) -> str:
    """The conversion in words: "9.4 g/dL = 94 g/L", "9.4 (taken as g/dL) = 94 g/L". Raises UnitFault as `convert` does."""
    analyte = quantity(quantity_id)
    source = _accepted(unit, quantity_id) if unit is not None else taken_as(value, quantity_id)
    target = analyte.unit if to is None else _accepted(to, quantity_id)
    said = shown(value, source)
    if unit is None and source != "1":
        said = f"{shown(value)} (taken as {source})"
    result = convert(value, unit, to, quantity_id, copies)
    if source == target:
        return said
    approximate = not copies and quantity_id in _copies() and ("IU" in source) != ("IU" in target)
    return f"{said} {'≈' if approximate else '='} {shown(result, target)}"


def implausible(analyte: Quantity | str, value: Range, unit: str | None) -> str | None:
    """Why a value cannot be true, or None: "hemoglobin 900 g/L is impossible (10-260 g/L)". A unit fault is one, too."""
    known = quantity(analyte) if isinstance(analyte, str) else analyte
    if not _ends(value):
        return None
    try:
        standard = convert(value, unit, None, known.id)
    except UnitFault as fault:
        return str(fault)
    if all(known.plausible.low <= number <= known.plausible.high for number in _ends(standard)):
        return None
    return f"{known.name} {shown(value, unit)} is impossible (plausible: {shown(known.plausible, known.unit)})"


def implausible_age(years: Range) -> str | None:
    """Why an age in years cannot be true, or None. The oldest person on record reached 122."""
    if all(0 <= number <= 122 for number in _ends(years)):
        return None
    return f"an age of {shown(years)} years is impossible"
