"""Which of several trials is stricter about one fact: by what their typed conditions entail, not by how their lines are worded.

A trial is at least as strict as another where everybody whom its lines let through is let through by the other's, too. One that says
nothing of the fact is never the looser one: it states no rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf, isfinite
from typing import Literal

from assistant.audit.demands import Demand, demands
from assistant.audit.entailment import entails, wordless
from assistant.audit.passing import beyond, implied, joined, passing
from assistant.audit.trials.facts import Fact, bears, concerning, fact_of, facts_in, grouped
from assistant.eligibility.assess import Line, Rules, rules
from assistant.eligibility.conditions import Between, Condition, Demographic, Has, OneOf
from assistant.eligibility.contradictions import is_given
from assistant.eligibility.judge.finding import GIVEN, is_broad, kind_of
from assistant.eligibility.numbers.quantities import ecog_of_karnofsky, quantity, scale
from assistant.eligibility.numbers.units import UnitFault, taken_as, working
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every
from assistant.eligibility.vocabulary.concepts import ancestors
from index.trial import Trial

State = Literal["rule", "open", "mentioned", "none"]
"""It rules on the fact; it leaves the rule to the protocol or to somebody's judgement; its lines speak of it, but no rule could be
read; they do not speak of it."""
Relation = Literal["same", "first", "second", "each", "opposite", "unclear"]
"""Two rules: alike; the one stricter; the other; each in one respect; one asks for what the other bars; not to be told."""


@dataclass(frozen=True)
class Stand:
    """What one trial says of a fact."""

    trial: Trial
    state: State
    demands: tuple[Demand, ...]
    lines: tuple[Line, ...]
    """Those that say it."""
    contradicts: bool = False
    """It asks for what it bars."""


@dataclass(frozen=True, slots=True)
class Order:
    """How two trials stand to one another about one aspect of a fact: a measure, a scale, or findings."""

    aspect: str
    relation: Relation
    first: tuple[Demand, ...]
    second: tuple[Demand, ...]
    working: str = ""
    """A conversion that it rests on: "1000 copies/mL ≈ 120-294 IU/mL"."""


@dataclass(frozen=True)
class Pair:
    """Two trials that rule on a fact."""

    first: Stand
    second: Stand
    relation: Relation
    orders: tuple[Order, ...]
    """About what both state."""
    only_first: tuple[Demand, ...] = ()
    """What only the one rules on."""
    only_second: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class Strictness:
    """One fact in several trials."""

    fact: Fact
    stands: tuple[Stand, ...]
    pairs: tuple[Pair, ...]

    @property
    def ruling(self) -> tuple[Stand, ...]:
        """The trials that rule on it."""
        return tuple(stand for stand in self.stands if stand.state == "rule")

    @property
    def strictest(self) -> tuple[Stand, ...]:
        """Those that are at least as strict as each of the others that rule on it: several where they rule alike."""
        return tuple(stand for stand in self.ruling if self.pairs and all(_leads(pair, stand) for pair in self.pairs))


def _leads(pair: Pair, stand: Stand) -> bool:
    """Whether a trial is at least as strict as the other of a pair; of a pair without it, nothing is said."""
    if stand is pair.first:
        return pair.relation in ("first", "same")
    return stand is not pair.second or pair.relation in ("second", "same")


def strictness(fact: Fact, trials: Sequence[Trial]) -> Strictness:
    """How the trials stand to one another about a fact."""
    stands = tuple(stand(fact, trial) for trial in trials)
    ruling = [one for one in stands if one.state == "rule"]
    return Strictness(fact, stands, tuple(_pair(fact, one, other) for one, other in combinations(ruling, 2)))


def stand(fact: Fact, trial: Trial) -> Stand:
    """What a trial says of a fact."""
    known = rules(trial)
    found = [demand for demand in demands(known) if bears(demand, fact)]
    ruling = tuple(one for demand in found if demand.left_to is None for one in _normal(demand, fact, known))
    ruling = tuple({_clause(demand): demand for demand in reversed(ruling) if not _only_carries(demand, fact)}.values())[::-1]
    if ruling:
        contradicts = any(_opposite(one, other, fact) for one in ruling for other in ruling)
        return Stand(trial, "rule", ruling, _lines(found), contradicts)
    if found:
        return Stand(trial, "open", tuple(found), _lines(found))
    spoken = tuple(line for line in known.lines if _speaks_of(line, fact))
    return Stand(trial, "mentioned" if spoken else "none", (), spoken)


def _clause(demand: Demand) -> tuple[object, ...]:
    """What makes two demands of a trial one: "creatinine or clearance" is found by way of both."""
    parts = frozenset(map(wordless, (demand.atom, *demand.beside)))
    return demand.wanted, parts, tuple(map(wordless, demand.group)), tuple(map(wordless, demand.exceptions))


def _lines(found: Iterable[Demand]) -> tuple[Line, ...]:
    return tuple({demand.line.id: demand.line for demand in found}.values())


def _speaks_of(line: Line, fact: Fact) -> bool:
    """Whether a line names the fact, though no rule on it was read: that is no silence."""
    return any(fact.id == one.id or _names_of(one) & _names_of(fact) for one in facts_in(line.text))


def _names_of(fact: Fact) -> frozenset[str]:
    return fact.concepts | fact.quantities | fact.scales


def _normal(demand: Demand, fact: Fact, known: Rules) -> Iterator[Demand]:
    """A demand as one or two that can be held against others: bounds one by one, what is barred beside the study's disease alone."""
    beside = tuple(part for part in demand.beside if not _is_carrier(part, demand, fact) and not is_given(part, known.study))
    if isinstance(demand.atom, Has):  # what only women can have, a line about women bars for all
        beside = tuple(part for part in beside if not _is_of_sex(part))
    group = tuple(part for part in demand.group if not (isinstance(demand.atom, Has) and _is_of_sex(part)))
    demand = replace(demand, beside=beside, group=group)
    match demand.atom:
        case Between() as value:
            yield from _bounds(demand, _in_one_measure(value, fact))
        case OneOf(id, values):
            allowed = values if demand.wanted else frozenset(scale(id).values) - values
            left = replace(demand, wanted=True, atom=replace(demand.atom, values=allowed), turned=not demand.wanted)
            yield demand if beside else left
        case Demographic(sex=None, age=Range() as age) as person:
            yield from (replace(demand, atom=replace(person, age=one)) for one in _one_sided(age, beside))
        case Has() as finding:
            yield _since_free(demand, finding)
        case _:
            yield demand


def _is_carrier(part: Condition, demand: Demand, fact: Fact) -> bool:
    """Whether it only says who has such a value or class: HBsAg beside HBV DNA, heart failure beside an NYHA class."""
    if isinstance(demand.atom, Has) or demand.wanted or not isinstance(part, Has):
        return False
    return bears(Demand(demand.line, wanted=False, atom=part), fact)


def _only_carries(demand: Demand, fact: Fact) -> bool:
    """Whether a finding stands beside a value or a class of the same fact, which says the rule."""
    if not isinstance(demand.atom, Has) or demand.wanted:
        return False
    return any(isinstance(part, Between | OneOf) and _aspect_of(part) in _aspects(fact) for part in demand.beside)


def _is_of_sex(group: Condition) -> bool:
    return all(
        isinstance(part, Demographic) or part == Has(("childbearing-potential",)) for part in map(wordless, leaves(group))
    )


def _in_one_measure(value: Between, fact: Fact) -> Between:
    """A Karnofsky bound as ECOG grades, where both count as one fact."""
    if value.quantity != "karnofsky" or "ecog" not in fact.quantities:
        return value
    possible = quantity("karnofsky").plausible
    low, high = max(value.range.low, possible.low), min(value.range.high, possible.high)
    low, high = (low + 10 if value.range.low_open else low), (high - 10 if value.range.high_open else high)
    try:
        return replace(value, quantity="ecog", range=ecog_of_karnofsky(Range(low, high)))
    except ValueError:
        return value


def _bounds(demand: Demand, value: Between) -> Iterator[Demand]:
    """A value's demand as bounds of what is let through; one that is part of more stays as it is."""
    if value.unit is None and value.of is None:
        value = replace(value, unit=_unit(value))
    if demand.beside:
        yield replace(demand, atom=value)
        return
    low, high = value.range.low, value.range.high
    if not demand.wanted and isfinite(low) and isfinite(high):
        yield replace(demand, atom=value)
        return
    let_through = value.range if demand.wanted else next(beyond(value.range), value.range)
    for one in _one_sided(_possible(let_through, value), ()):
        yield replace(demand, wanted=True, atom=replace(value, range=one), turned=not demand.wanted)


def _unit(value: Between) -> str | None:
    try:
        return taken_as(value.range, value.quantity)
    except UnitFault:
        return None


def _possible(bounds: Range, value: Between) -> Range:
    """The bounds without one that no value can lie beyond: nobody has an ECOG below 0."""
    known = quantity(value.quantity)
    if value.of is not None or value.unit not in (None, known.unit):
        return bounds
    low = -inf if bounds.low <= known.plausible.low else bounds.low
    high = inf if bounds.high >= known.plausible.high else bounds.high
    return Range(low, high, bounds.low_open, bounds.high_open) if low > -inf or high < inf else bounds


def _one_sided(bounds: Range, beside: Sequence[Condition]) -> Iterator[Range]:
    if beside or not (isfinite(bounds.low) and isfinite(bounds.high)):
        yield bounds
        return
    if bounds.low > 0:
        yield Range(low=bounds.low, low_open=bounds.low_open)
    yield Range(high=bounds.high, high_open=bounds.high_open)


def _since_free(demand: Demand, finding: Has) -> Demand:
    """ "Another cancer unless free of it for 3 years" bars one of the last 3 years."""
    for exception in demand.exceptions:
        free = exception if isinstance(exception, Has) else None
        if free and free.window and free.window.length.low > 0 and set(free.concepts) <= set(finding.concepts):
            least = free.window.length
            back = replace(free.window, length=Range(0, least.low, high_open=not least.low_open), anchor="today", before=True)
            rest = tuple(one for one in demand.exceptions if one is not exception)
            if not demand.wanted and finding.window is None:
                return replace(demand, atom=replace(finding, window=replace(back, event=None, edge=None)), exceptions=rest)
    return demand


def _pair(fact: Fact, first: Stand, second: Stand) -> Pair:
    mine, its = _by_aspect(first), _by_aspect(second)
    shared = tuple(aspect for aspect in mine if aspect in its)
    orders = tuple(_order(fact, aspect, mine[aspect], its[aspect]) for aspect in shared)
    only_first = tuple(demand for aspect in mine if aspect not in its for demand in mine[aspect])
    only_second = tuple(demand for aspect in its if aspect not in mine for demand in its[aspect])
    relation = _together([order.relation for order in orders], bool(only_first), bool(only_second))
    relation = "unclear" if first.contradicts or second.contradicts else relation
    return Pair(first, second, relation, orders, only_first, only_second)


def _together(relations: Sequence[Relation], more_first: bool, more_second: bool) -> Relation:
    """The relation over all aspects. What only one rules on is no looser rule of the other."""
    if not relations:
        return "unclear"
    for alone in ("opposite", "unclear"):
        if alone in relations:
            return alone
    kinds = set(relations) - {"same"}
    if len(kinds) > 1 or "each" in kinds or (kinds == {"first"} and more_second) or (kinds == {"second"} and more_first):
        return "each"
    return kinds.pop() if kinds else "same"


def _by_aspect(one: Stand) -> dict[str, tuple[Demand, ...]]:
    found: dict[str, tuple[Demand, ...]] = {}
    for demand in one.demands:
        aspect = _aspect_of(demand.atom)
        found[aspect] = (*found.get(aspect, ()), demand)
    return found


def _aspect_of(atom: Condition) -> str:
    match atom:
        case Between(id) | OneOf(id):
            return id
        case Demographic(sex):
            return "sex" if sex else "age"
        case _:
            return "finding"


def _aspects(fact: Fact) -> frozenset[str]:
    return fact.quantities | fact.scales


def _order(fact: Fact, aspect: str, first: tuple[Demand, ...], second: tuple[Demand, ...]) -> Order:
    if any(_opposite(one, other, fact) or _opposite(other, one, fact) for one in first for other in second):
        return Order(aspect, "opposite", first, second)
    relation = _RELATIONS[_at_least(first, second, fact), _at_least(second, first, fact)]
    return Order(aspect, relation, first, second, _working(first, second))


_RELATIONS: dict[tuple[Truth, Truth], Relation] = {
    (TRUE, TRUE): "same",
    (TRUE, FALSE): "first",
    (FALSE, TRUE): "second",
    (FALSE, FALSE): "each",
    **{(one, UNKNOWN): "unclear" for one in (TRUE, UNKNOWN, FALSE)},
    **{(UNKNOWN, other): "unclear" for other in (TRUE, FALSE)},
}


def _opposite(wanting: Demand, barring: Demand, fact: Fact) -> bool:
    """Whether everybody who has what the one asks for is barred by the other."""
    if not wanting.wanted or barring.wanted or wanting.beside or not isinstance(wanting.atom, Has):
        return False
    plain = not (barring.beside or barring.exceptions or barring.group or wanting.group)
    return plain and entails(concerning(wanting.atom, fact), concerning(barring.atom, fact)) is TRUE


def _at_least(ones: Sequence[Demand], others: Sequence[Demand], fact: Fact) -> Truth:
    """Whether everybody whom the ones let through is let through by the others."""
    met = joined(_passes(one, fact) for one in ones)
    return every(implied(met, _passes(other, fact)) for other in others)


def _passes(demand: Demand, fact: Fact) -> Condition:
    """Who passes a demand, as far as the fact is concerned."""
    return passing(concerning(demand.rule, fact), "inclusion" if demand.wanted else "exclusion")


def _working(first: Sequence[Demand], second: Sequence[Demand]) -> str:
    """The first conversion between the two sides' units."""
    for one in first:
        for other in second:
            if isinstance(one.atom, Between) and isinstance(other.atom, Between):
                said = _converted(one.atom, other.atom)
                if said:
                    return said
    return ""


def _converted(one: Between, other: Between) -> str:
    if one.quantity != other.quantity or one.of or other.of or one.unit == other.unit or other.unit is None:
        return ""
    end = one.range.low if isfinite(one.range.low) else one.range.high
    try:
        said = working(exactly(end), one.unit, other.unit, one.quantity)
    except UnitFault:
        return ""
    return said if "=" in said or "≈" in said else ""


def facts_of(trials: Sequence[Trial]) -> tuple[Fact, ...]:
    """The facts that the trials' lines rule on: those of the table first, then in the order of the lines.

    The diseases under study, and classes that are of everything ("infection", "lung disease"), are no facts to compare by.
    """
    studied = {wide for trial in trials for one in rules(trial).study for wide in (one, *ancestors(one))}
    found = dict.fromkeys(
        fact
        for trial in trials
        for demand in demands(rules(trial))
        if demand.left_to is None and (fact := fact_of(demand.atom)) is not None
    )
    order = {fact.id: place for place, fact in enumerate(grouped())}
    kept = (fact for fact in found if fact.other or not (fact.concepts & studied or _is_class(fact)))
    ranked = sorted(kept, key=lambda fact: order.get(fact.id, len(order)))
    return tuple({_where(fact, trials): fact for fact in reversed(ranked)}.values())[::-1]


def _where(fact: Fact, trials: Sequence[Trial]) -> tuple[object, ...]:
    """The demands that rule on a fact: two facts with the same are one to compare by."""
    found = (demand for trial in trials for demand in demands(rules(trial)) if bears(demand, fact))
    return tuple((demand.line.id, wordless(demand.atom)) for demand in found)


def _is_class(fact: Fact) -> bool:
    return fact not in grouped() and any(is_broad(one) and kind_of(one) not in GIVEN for one in fact.concepts)
