"""Whether one simple condition entails another: whoever meets the first meets the second, in three values."""

from dataclasses import replace
from math import inf, isfinite

from assistant.audit.demands import simple, wordless
from assistant.audit.trials.facts import Fact
from assistant.eligibility.conditions import Between, Condition, Demographic, Has, Judged, OneOf, PerProtocol, Unparsed
from assistant.eligibility.judge.has import lifelong
from assistant.eligibility.numbers.doses import Dose
from assistant.eligibility.numbers.units import UnitFault, convert
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.days import Unit, in_units
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, truth
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.vocabulary.traits import implies

_WORDS = "w:"
_MONTHS = frozenset({"month", "year"})


def entails(one: Condition, other: Condition, fact: Fact) -> Truth:
    """Whether whoever meets the one meets the other, as far as the fact is concerned."""
    if wordless(one) == wordless(other):
        return TRUE
    match one, other:
        case Between(), Between():
            return _values(one, other)
        case OneOf(), OneOf():
            differ = one.edition and other.edition and one.edition != other.edition
            return FALSE if one.scale != other.scale else UNKNOWN if differ else truth(one.values <= other.values)
        case Demographic(), Demographic():
            return _people(one, other)
        case Has(), Has():
            return _findings(one, other, fact)
        case _:
            return UNKNOWN if _is_unread(one) or _is_unread(other) else FALSE


def _is_unread(condition: Condition) -> bool:
    return any(isinstance(part, Unparsed | Judged | PerProtocol) for part in simple(condition))


def _people(one: Demographic, other: Demographic) -> Truth:
    if other.sex and one.sex != other.sex:
        return FALSE
    return truth(other.age is None or (one.age is not None and within(one.age, other.age)))


def within(inner: Range, outer: Range) -> bool:
    """Whether every number of one range lies in the other."""
    low = outer.low < inner.low or (outer.low == inner.low and (not outer.low_open or inner.low_open or inner.low == -inf))
    high = inner.high < outer.high or (
        inner.high == outer.high and (not outer.high_open or inner.high_open or inner.high == inf)
    )
    return low and high


def _values(one: Between, other: Between) -> Truth:
    if one.quantity != other.quantity:
        return FALSE
    if one.of != other.of:
        return UNKNOWN
    if one.of:
        return truth(within(one.range, other.range))
    try:
        return _every_end(one, other)
    except UnitFault:
        return truth(within(one.range, other.range)) if one.unit == other.unit else UNKNOWN


def _every_end(one: Between, other: Between) -> Truth:
    """Each end of the one, converted, against the other's: an interval where assays differ."""
    ends = []
    if isfinite(other.range.low):
        end = in_unit_of(one, one.range.low, other) if isfinite(one.range.low) else None
        ends.append(
            FALSE if end is None else _beyond(end, other.range.low, strict=other.range.low_open and not one.range.low_open)
        )
    if isfinite(other.range.high):
        end = in_unit_of(one, one.range.high, other) if isfinite(one.range.high) else None
        mirrored = end and Range(-end.high, -end.low)
        strict = other.range.high_open and not one.range.high_open
        ends.append(FALSE if not mirrored else _beyond(mirrored, -other.range.high, strict=strict))
    return every(ends)


def in_unit_of(one: Between, end: float, other: Between) -> Range:
    """A number of the one in the other's unit. Raises UnitFault."""
    return convert(Range(end, end), one.unit, other.unit, one.quantity)


def _beyond(end: Range, bound: float, *, strict: bool) -> Truth:
    """Whether an end lies at or above a bound; above it where `strict`."""
    if end.low > bound or (end.low == bound and not strict):
        return TRUE
    return FALSE if end.high < bound or (end.low == end.high == bound) else UNKNOWN


def _findings(one: Has, other: Has, fact: Fact) -> Truth:
    aspects = (
        every(_kind(concept, other) for concept in _concerned(one, fact)),
        _traits(one, other),
        truth(one.family == other.family),
        UNKNOWN if other.other and not one.other and not fact.other else TRUE,
        *(
            _extent(mine, its)
            for mine, its in ((one.grade, other.grade), (one.count, other.count), (one.size_mm, other.size_mm))
        ),
        _dose(one.dose, other.dose),
        _time(one, other),
    )
    return every(aspects)


def _concerned(one: Has, fact: Fact) -> tuple[str, ...]:
    """What of a finding is about the fact: a wider class counts as the fact itself."""
    concerned: list[str] = []
    for concept in one.concepts:
        if any(is_a(concept, root) for root in fact.concepts):
            concerned.append(concept)
        else:
            concerned += [root for root in sorted(fact.concepts) if is_a(root, concept)]
    return tuple(concerned) or one.concepts


def _kind(concept: str, other: Has) -> Truth:
    if any(is_a(concept, wide) for wide in other.concepts):
        return TRUE
    unknown = concept.startswith(_WORDS) or any(wide.startswith(_WORDS) for wide in other.concepts)
    return UNKNOWN if unknown else FALSE


def _traits(one: Has, other: Has) -> Truth:
    """Whether the one has all traits of the other; a narrower concept may say a trait by itself ("HCV RNA" that it is active)."""
    if all(any(implies(said, trait) for said in one.traits) for trait in other.traits):
        return TRUE
    return FALSE if set(one.concepts) & set(other.concepts) else UNKNOWN


def _extent(mine: Range | None, its: Range | None) -> Truth:
    return truth(its is None or (mine is not None and within(mine, its)))


def _dose(mine: Dose | None, its: Dose | None) -> Truth:
    if its is None or mine == its:
        return TRUE
    if mine is None:
        return FALSE
    return truth(within(mine.range, its.range)) if (mine.unit, mine.of) == (its.unit, its.of) else UNKNOWN


def _time(one: Has, other: Has) -> Truth:
    """Whether all the time that the one looks at, the other does."""
    months = all(each.window and each.window.unit in _MONTHS for each in (one, other))
    mine, its = (looks_back(each, "month" if months else "day") for each in (one, other))
    if mine is None or its is None:
        alike = one.window and other.window and replace(one.window, words="") == replace(other.window, words="")
        return TRUE if alike or (its is not None and its.low == inf) else UNKNOWN
    if mine.high < its.low or (mine.high == its.low and (not its.high_open or mine.high_open)):
        return TRUE
    return FALSE if mine.low > its.high or (mine.low == mine.high == its.high) else UNKNOWN


def looks_back(finding: Has, unit: Unit = "day") -> Range | None:
    """How long back a finding counts, as far as months and years tell; 0: now alone; None: counted otherwise."""
    window = finding.window
    if window is None:
        always = finding.ever or all(any(is_a(one, each) for each in lifelong()) for one in finding.concepts)
        return Range(inf, inf) if always else Range(0, 0)
    length = window.length
    if window.anchor == "event" or not window.before or length.low > 0 or window.edge == "start":
        return None
    if not isfinite(length.high):
        return Range(inf, inf)
    return replace(in_units(Range(length.high, length.high), window.unit, unit), high_open=length.high_open)
