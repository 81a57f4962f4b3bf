"""Values that nobody can have in the unit that stands beside them: "hemoglobin ≥ 9 mg/dL", "platelets ≥ 100,000/L"."""

import re
from collections.abc import Iterator
from math import isfinite

from assistant.audit.finding import Found
from assistant.audit.prose import Prose, lines
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import Measure, measures
from assistant.eligibility.numbers.quantities import Quantity, quantity
from assistant.eligibility.numbers.units import UnitFault, named_unit, shown, taken_as, whatever_unit
from assistant.eligibility.ranges import Range, exactly
from index.trial import Criterion

_COMPARING = (
    r"(?:[\s()\[\],:;=<>≤≥/]|\b(?:of|is|are|be|at|least|most|greater|less|more|lower|higher|equal|than|or|to|not|no|must|should|above|below|over"
    r"|under|exceeding|level|levels|count|counts|value|values|between|and|minimum|maximum|range|from|with|a|an|the|has|have|within)\b"
    r"|\([A-Za-z0-9-]{1,8}\))*"
)
_AMOUNT = re.compile(
    rf"{_COMPARING}(?P<first>\d[\d.,·]*)(?:\s?[-–]\s?\d[\d.,·]*)?\s?(?P<unit>[^\s\d.,;:()][^\s,;:()]*(?:\s?[/^]\s?[^\s,;:()]+)*)",
    re.IGNORECASE,
)
_A_CHANGE = re.compile(
    r"\s{0,2}(?:longer|above|over|below|under|more|less|higher|lower|beyond|greater|from|than|change|increase|decrease|reduction|drop|rise"
    r"|difference|of\s+(?:each|the)|per\s|/|[-–]\s?\d)",
    re.IGNORECASE,
)
_OF_A_CHANGE = re.compile(
    r"(?:change|increase|decrease|reduction|drop|rise|fall|difference|gradient|delta|ratio|per|of\s+the)\W(?:\w+\W){0,3}$"
    r"|[/:]\s?$",
    re.IGNORECASE,
)
_CALLED_OTHER = re.compile(r"\W{0,3}(?:clearance|ratio|gradient|protein|dose|per\b|/\s?[a-z])", re.IGNORECASE)
_BY_VOLUME = re.compile(r"/|\bper\b", re.IGNORECASE)
"""What every unit of a concentration or a count has in it."""
_FEW_CELLS = 1.0
_PLAIN_COUNT = re.compile(r"(?:[x×*]\s?)?(?:10\s?\^?\s?(?P<power>9|6|3)|(?P<k>k))?\s?/\s?(?P<volume>l|ml|dl)\b", re.IGNORECASE)


def impossible_units(record: Record) -> Iterator[Found]:
    """Each value in a criterion that nobody can have, with the unit that it is likely to have."""
    for criterion, prose in lines(record.trial):
        for measure in measures(prose.text) if _BY_VOLUME.search(prose.text) else ():
            if found := _impossible(measure, criterion, prose):
                yield found


def _impossible(measure: Measure, criterion: Criterion, prose: Prose) -> Found | None:
    """What is wrong with a value; None also where it is not plainly the quantity's own: of a ratio, a change, a difference."""
    if measure.of or measure.unit is None or len(measure.quantities) != 1 or measure.start > measure.name_start:
        return None
    analyte = quantity(measure.quantities[0])
    said = _AMOUNT.match(prose.text, measure.name_end)
    if analyte.kind != "lab" or said is None or said.end("first") > measure.end or not _is_own(prose.text, measure, said.end()):
        return None
    numbers = [number for number in (measure.range.low, measure.range.high) if isfinite(number)]
    if not numbers:
        return None
    inside = [_standard(number, measure.unit, analyte) for number in numbers]
    if any(number is None or _plausible(number, analyte) for number in inside):
        return None
    likely = _likely(measure.range, analyte)
    unit = measure.unit.strip()
    workings = [_working(number, standard, unit, analyte) for number, standard in zip(numbers, inside, strict=True)]
    text = f"The unit cannot be right: {analyte.name} {', '.join(workings)}."
    return Found("unit", text, (prose.span(measure.name_start, max(measure.end, said.end())),), likely, (criterion.id,))


def _is_own(text: str, measure: Measure, end: int) -> bool:
    """Whether the value is one of the quantity itself."""
    before, between = text[: measure.name_start], text[measure.name_end :]
    return not (_A_CHANGE.match(text, end) or _OF_A_CHANGE.search(before[-60:]) or _CALLED_OTHER.match(between))


def _standard(number: float, unit: str, analyte: Quantity) -> float | None:
    """The number in the canonical unit; None where the unit is of another kind of thing, so that another thing may be meant."""
    known = named_unit(unit, analyte.id)
    standard = whatever_unit(number, known or unit, analyte.id)
    if standard is not None or not analyte.unit.endswith("/L") or "10^9" not in analyte.unit:
        return standard
    count = _PLAIN_COUNT.fullmatch(unit.strip())
    if count is None:
        return None
    power = 3 if count["k"] else int(count["power"] or 0)
    return number * 10.0 ** (power - 9) * {"l": 1, "dl": 10, "ml": 1000}[count["volume"].lower()]


def _plausible(number: float, analyte: Quantity) -> bool:
    """Whether anybody can have such a value; of cells also whether any trial would draw a line there."""
    bounds = next((numbers for unit, numbers in analyte.bare if unit == analyte.unit and "10^9" in unit), analyte.plausible)
    return number == 0 or bounds.low <= number <= bounds.high


def _likely(said: Range, analyte: Quantity) -> str | None:
    """The unit in which the same number is an ordinary one, where there is one."""
    try:
        unit = taken_as(said, analyte.id)
    except UnitFault:
        return None
    return f"{_times(shown(said, unit))} is meant."


def _working(number: float, standard: float | None, unit: str, analyte: Quantity) -> str:
    """ "10 mg/dL = 0.1 g/L"; of a count by the millilitre or litre what that is in a microlitre."""
    given = _times(shown(exactly(number), unit))
    if standard is None or named_unit(unit, analyte.id) == analyte.unit:
        return given
    if standard < _FEW_CELLS and "/µL" in analyte.units:
        return f"{given} = {shown(exactly(standard * 1000), '/µL')}" if "/µL" not in given else given
    return f"{given} = {_times(shown(exactly(standard), analyte.unit))}"


def _times(words: str) -> str:
    """ "1.5 × 10^9/L"."""
    return re.sub(r"\s(?:[x×*]\s?)?10\^", " × 10^", words)
