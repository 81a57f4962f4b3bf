"""Holds one finding against what `Has` asks: its concept, traits, time, grade, number and size, each three-valued."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Literal

from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import AllOf, AnyOf, Condition, Has, Unparsed, Window
from assistant.eligibility.judge.case import Case
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.doses import Dose, daily, equivalents, local_steroids
from assistant.eligibility.numbers.units import UnitFault, convert
from assistant.eligibility.patient import Days, Finding
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import by_half_life, in_units, inside, lasting
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, some, truth
from assistant.eligibility.vocabulary.concepts import concept, is_a
from assistant.eligibility.vocabulary.traits import implies, name_of_trait, opposed
from assistant.eligibility.wording import concept_name, day, limits

OBSERVED = frozenset({"test-result", "biomarker", "status"})
"""Kinds that a dated look settles for that day: a pregnancy test of last week lies in a window of 14 days."""
GIVEN = frozenset({"drug", "therapy", "procedure"})
"""Kinds that are denied from a day on ("no steroids since May"), where a condition is looked for on it."""
OVER = "resolved"
SPREADING = frozenset(
    {"metastatic", "oligometastatic", "advanced", "locally-advanced", "progressive", "recurrent", "relapsed", "refractory"}
)
"""Traits that a disease under study may be barred for."""
_GOES_ON = SPREADING | {"active", "untreated", "chronic"}
"""Traits of what did not end with its diagnosis."""
_RECENT = 7
"""Days that anybody calls recent."""
_BARE = re.compile(
    r"(?:[<>≤≥=\d.,\s-]|for|within|in|the|last|past|at|least|more|less|than|hours?|days?|weeks?|months?|years?)*", re.I
)
"""Words of a window that name nothing it counts from: then it counts from today."""
_ONSET = re.compile(r"\bonset\b", re.IGNORECASE)
_SET_IN = re.compile(r"\b(?:onset|since|began|begun|started|first|for)\b", re.IGNORECASE)
"""Words of a patient's text by which a date is that of the first signs and not that of a diagnosis."""
_COURSE = "anticancer-therapy"
"""Given in courses: a line that asks for it asks whether it was given."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """How one side of a finding (a trait, its time, its grade …) stands to what is asked."""

    truth: Truth
    said: str = ""
    """"ended 2025-11-17, outside “within 14 days”", "whether it is uncontrolled is not said"."""
    wanted: str = ""
    """What would settle an open one: "whether it is uncontrolled", "when it was"."""
    about: Literal["kinship", "trait", "time", "extent", "dose"] = "kinship"


@dataclass(frozen=True, slots=True)
class Held:
    """One finding held against a condition: the deciding aspect."""

    finding: Finding
    truth: Truth
    said: str = ""
    wanted: str = ""
    hinges: frozenset[str] = frozenset()
    """What the aspects that do not hold are about."""


def match(condition: Has, finding: Finding, case: Case) -> Truth:
    """Whether one present finding is what the condition describes."""
    return some(hold(condition, one, finding, case).truth for one in case.meant(condition.concepts))


def is_broad(one: str) -> bool:
    """Whether having one member of a class says nothing of others; so too for what no table knows."""
    try:
        return concept(one).broad
    except KeyError:
        return True


def is_root(one: str) -> bool:
    """Whether a concept says no more than its kind: "symptom", "medical condition", "medication"."""
    try:
        return concept(one).broad and not concept(one).parents
    except KeyError:
        return False


def kind_of(one: str) -> str:
    """The kind of a concept; a condition where no table knows it."""
    try:
        return concept(one).kind
    except KeyError:
        return "condition"


def hold(condition: Has, one: str, finding: Finding, case: Case) -> Held:
    """The finding against every aspect of the condition: what fails first, else what is open, else that all holds."""
    aspects = tuple(_aspects(condition, one, finding, case))
    whole = every(aspect.truth for aspect in aspects)
    decides = next((aspect for aspect in aspects if aspect.truth is whole and aspect.said), Aspect(whole))
    hinges = frozenset(aspect.about for aspect in aspects if aspect.truth is not TRUE)
    return Held(finding, whole, decides.said, decides.wanted, hinges)


def _aspects(condition: Has, one: str, finding: Finding, case: Case) -> Iterator[Aspect]:
    yield _kinship(one, finding)
    if condition.other and (not case.study or is_broad(finding.concept)):
        yield Aspect(UNKNOWN, "whether it is the disease under study is not known", "whether it is the disease under study")
    time = replace(_window(condition.window, finding, case), about="time") if condition.window else None
    over = None if condition.ever or condition.window or is_event(finding) else _over(finding, case)
    for trait in sorted(condition.traits):
        aspect = replace(_trait(trait, finding, over), about="trait")
        yield Aspect(TRUE) if aspect.truth is UNKNOWN and _was_so(trait, finding, time, case) else aspect
    if time:
        yield time
    elif not condition.ever and condition.count is None:
        yield replace(_now(finding, case), about="time")
    number = finding.count or (Range(1) if condition.count else None)
    for name, wanted, said in (
        ("grade", condition.grade, finding.grade),
        ("number", condition.count, number),
        ("size", condition.size_mm, finding.size_mm),
    ):
        yield replace(_extent(name, wanted, said), about="extent")
    if condition.dose is not None:
        yield replace(_dose(condition.dose, one, finding, case), about="dose")


def _kinship(one: str, finding: Finding) -> Aspect:
    if is_a(finding.concept, one):
        return Aspect(TRUE)
    return _unsaid(f"whether it is {concept_name(one)}") if is_a(one, finding.concept) else Aspect(FALSE)


def _was_so(trait: str, finding: Finding, time: Aspect | None, case: Case) -> bool:
    """Whether it goes without saying.

    A cancer that is no metastasis is a primary one; what began inside the window was active in it, and what was given in the
    last days is recent.
    """
    if trait == "primary":
        return is_a(finding.concept, "malignancy") and not (
            is_a(finding.concept, "metastasis") or "metastatic" in finding.traits
        )
    if trait == "active":
        return time is not None and time.truth is TRUE and finding.started is not None
    first = finding.started.first if finding.started and (is_event(finding) or finding.ongoing) else None
    return trait == "recent" and first is not None and (case.clock.today - first).days <= _RECENT


def _unsaid(wanted: str) -> Aspect:
    return Aspect(UNKNOWN, f"{wanted} is not said", wanted)


def _trait(trait: str, finding: Finding, over: str | None) -> Aspect:
    """`over`: how the finding is said to be over: then it is not active any more."""
    traits = finding.traits | _own_traits(finding.concept)
    if any(implies(said, trait) for said in traits):
        return Aspect(TRUE)
    against = next((said for said in sorted(traits) if opposed(said, trait)), None)
    if against is not None:
        return Aspect(FALSE, f"{name_of_trait(against)}, not {name_of_trait(trait)}")
    if trait == "active" and over is not None:
        return Aspect(FALSE, over)
    return _unsaid(f"whether it is {name_of_trait(trait)}")


@cache
def _own_traits(one: str) -> frozenset[str]:
    """The traits that a concept has by its name: a cortisone shot into a joint is intra-articular."""
    return frozenset(row["concept"] for row in rows("implied.tsv") if row["says"] == "own" and row["words"] == one)


def is_event(finding: Finding) -> bool:
    """Whether it happened at one time."""
    return finding.started is not None and finding.started == finding.ended


def _now(finding: Finding, case: Case) -> Aspect:
    """What is over does not count as had now; a past event of a disease leaves open whether it still counts."""
    kind = kind_of(finding.concept)
    if kind == "procedure":
        return Aspect(TRUE)
    over = _over(finding, case)
    if over is None:
        return Aspect(TRUE)
    if case.passing is TRUE and _REMITTED in finding.traits and _of_study(finding, case):
        return Aspect(UNKNOWN, "in remission; whether it still counts is not said", "whether a remission counts")
    if is_a(finding.concept, _COURSE):
        return (
            Aspect(TRUE)
            if case.passing is TRUE
            else Aspect(UNKNOWN, f"{over}; whether it still counts is not said", "when it was")
        )
    if is_event(finding):
        return (
            Aspect(TRUE) if kind in OBSERVED else Aspect(UNKNOWN, f"{over}; whether it still counts is not said", "when it was")
        )
    return Aspect(FALSE, over)


_REMITTED = "inactive"
"""A disease under study in remission is still the one that a trial of it may ask for."""


def _of_study(finding: Finding, case: Case) -> bool:
    return any(is_a(finding.concept, disease) or is_a(disease, finding.concept) for disease in case.study)


def _over(finding: Finding, case: Case) -> str | None:
    """How it is said to be over; None where it is not."""
    ended = finding.ended
    past = ended is not None and ended.last is not None and ended.last < case.clock.today
    if finding.ongoing is not True and ended is not None and past:
        return f"{'on' if is_event(finding) else 'over since'} {day(ended)}"
    return "over" if finding.ongoing is False or any(implies(trait, OVER) for trait in finding.traits) else None


def _window(window: Window, finding: Finding, case: Case) -> Aspect:
    if window.anchor != "event" and not window.before:
        return Aspect(UNKNOWN, f"“{window.words}” lies ahead", "what is planned")
    if window.anchor == "event" and window.event is None and window.length.low == 0 and _BARE.fullmatch(window.words):
        window = replace(window, anchor="today")
    if lasting(window) and is_event(finding) and kind_of(finding.concept) in ("drug", "therapy"):
        return Aspect(UNKNOWN, f"{_when(finding)}; how long it was given is not said", "how long it was given")
    if window.event is not None:
        result = _from_event(window, window.event, finding, case)
        if result is None:
            return Aspect(UNKNOWN, "the day that the window counts from is not given", "the day that the window counts from")
    else:
        known = by_half_life(window, finding.half_life) if finding.half_life is not None else None
        window, settled = known or window, known is not None
        result = inside(window, *_stretch(window, finding), _clock(window, finding, case), settled=settled)
    when = _when(finding)
    words = " ".join(window.words.split())
    if result is UNKNOWN:
        return Aspect(
            UNKNOWN, f"{when}, which does not settle “{words}”" if when else f"no day is given for “{words}”", "when it was"
        )
    where = "inside" if result is TRUE else "outside"
    return Aspect(result, f"{when}{_gap(window, finding, case)}{', ' if when else ''}{where} “{words}”")


def _gap(window: Window, finding: Finding, case: Case) -> str:
    """How long before the day that the window counts to: ", 21 days (3 weeks) before 2026-01-27"; nothing where that is not one number."""
    last = finding.ended or finding.started
    if window.event is not None or finding.ongoing or last is None or last.last is None or last.first != last.last:
        return ""
    counted_to = case.clock.start if window.anchor == "start" else case.clock.today
    days = (counted_to - last.last).days
    whole = f" ({days // 7} week{'s' if days > 7 else ''})" if days % 7 == 0 else ""
    return f", {days} days{whole} before {counted_to}" if 1 < days < 366 else ""


def _clock(window: Window, finding: Finding, case: Case) -> Clock:
    """The clock by which a finding is held against a window: what goes on today is taken to go on until the start."""
    goes_on = finding.ongoing is True and window.anchor == "start" and case.clock.start > case.clock.today
    return Clock(case.clock.start, case.clock.start) if goes_on else case.clock


def _stretch(window: Window, finding: Finding) -> tuple[Days | None, Days | None, bool | None]:
    """When a finding began, when it ended and whether it goes on, as far as a window asks for them.

    What has a diagnosis and no later word is dated by it ("breast cancer in 2012"). A line that asks how long something has been
    there ("diagnosed at least 180 days before", "for at least 3 months") counts from its beginning, though it goes on.
    """
    started, ended, ongoing = finding.started, finding.ended, finding.ongoing
    if window.edge == "start" and window.event is None:
        return _beginning(window, finding)
    open_ = ended is None and ongoing is None and started is not None
    if lasting(window):
        return started, ended, True if open_ and kind_of(finding.concept) not in GIVEN else ongoing
    if window.length.low > 0 and window.length.high == inf and window.before and ended is None:
        stays = kind_of(finding.concept) not in GIVEN
        return (
            (started, started, None) if started is not None and (stays and ongoing is not False) else (started, ended, ongoing)
        )
    if started and ended is None and ongoing is not True and is_dated(finding.concept) and not finding.traits & _GOES_ON:
        return started, started, None
    return started, ended, ongoing


def _beginning(window: Window, finding: Finding) -> tuple[Days | None, Days | None, bool | None]:
    """When it began; an illness that is dated by its diagnosis may have set in before."""
    began = finding.started
    if began and _ONSET.search(window.words) and not is_event(finding) and not _SET_IN.search(finding.words.quote):
        began = Days(None, began.last)
    return (began, began, False) if began else (None, Days(None, None), None)


def is_dated(one: str) -> bool:
    """Whether a condition is dated by its diagnosis."""
    return any(is_a(one, dated) for dated in _dated())


@cache
def _dated() -> tuple[str, ...]:
    return tuple(row["id"] for row in rows("diagnosed.tsv"))


def _when(finding: Finding) -> str:
    if finding.ongoing:
        return "ongoing"
    if finding.ended is not None:
        return f"on {day(finding.ended)}" if is_event(finding) else f"ended {day(finding.ended)}"
    return f"started {day(finding.started)}" if finding.started is not None else ""


def _from_event(window: Window, event: Condition, finding: Finding, case: Case) -> Truth | None:
    """A finding held against what the window counts from; None where no such event is dated.

    Of several events a wait counts from the latest before the finding, and anything within a time of one is within it.
    """
    named = [
        (one, matched, _event_day(window, one, finding, case))
        for one, matched in _events(event, case)
        if one != finding and not (window.before is False and _comes_later(one, finding))
    ]
    dated = {one.concept for one, _, result in named if result is not None}
    found = [(matched, result) for one, matched, result in named if result is not None or not _only_names(one, dated)]
    if all(result is None for _, result in found):
        return None
    results = [(matched, UNKNOWN if result is None else result) for matched, result in found]
    if window.length.low <= 0 or window.length.high < inf:
        return some(matched & result for matched, result in results)
    if not any(matched is TRUE for matched, _ in results):
        return FALSE if all(result is FALSE for _, result in results) else UNKNOWN
    return every(result if matched is TRUE or result is TRUE else UNKNOWN for matched, result in results)


def _only_names(event: Finding, dated: set[str]) -> bool:
    """Whether it names once more, without a day, what is dated elsewhere: "tingling since cisplatin"."""
    return event.concept in dated and not event.traits and event.ongoing is None and event.started is None


def _event_day(window: Window, event: Finding, finding: Finding, case: Case) -> Truth | None:
    """The finding held against the day of one event, or its told distance from it; None where neither is given."""
    days = _side(window, event)
    if days is None:
        return _told_gap(window, event, finding)
    return inside(window, *_stretch(window, finding), _clock(window, finding, case), days)


def _told_gap(window: Window, event: Finding, finding: Finding) -> Truth | None:
    """Whether what began so long after the event, by the patient's word, lies in the window."""
    gap = finding.after
    if gap is None or window.before or event.concept not in gap.events:
        return None
    if kind_of(event.concept) != "procedure" and (gap.edge == "start") != (window.edge == "start"):
        return None
    return window.length.holds(in_units(gap.length, gap.unit, window.unit))


def _side(window: Window, event: Finding) -> Days | None:
    """The day on which an event counts: its beginning or its end as the line says, else the end of a treatment and all of an illness."""
    if window.edge == "start":
        return event.started
    if window.edge == "end" or kind_of(event.concept) in GIVEN:
        return event.ended or (None if event.ongoing else event.started)
    return Days(event.started.first, (event.ended or event.started).last) if event.started else event.ended


def _comes_later(event: Finding, finding: Finding) -> bool:
    """Whether an event began after what is counted on from it had begun."""
    first = (event.started or event.ended or Days(None, None)).first
    last = (finding.started or finding.ended or Days(None, None)).last
    return first is not None and last is not None and first > last


def _events(event: Condition, case: Case) -> Iterator[tuple[Finding, Truth]]:
    """The findings that are, or may be, the event."""
    asked = tuple(_findings_asked(event))
    whole = not isinstance(event, AllOf) or not any(isinstance(part, Unparsed) for part in event.parts)
    for finding in case.findings():
        if not (finding.present and finding.certain) or is_root(finding.concept):
            continue
        matched = some(match(replace(has, ever=True, window=None), finding, case) for has in asked)
        if matched is not FALSE:
            yield finding, matched if whole else UNKNOWN


def _findings_asked(condition: Condition) -> Iterator[Has]:
    if isinstance(condition, Has):
        yield condition
    elif isinstance(condition, (AnyOf, AllOf)):
        for part in condition.parts:
            yield from _findings_asked(part)


def _dose(wanted: Dose, one: str, finding: Finding, case: Case) -> Aspect:
    """The daily dose taken, as the criterion counts it: of the drug itself, or as much of the drug that it names."""
    if wanted.of is not None and any(is_a(finding.concept, local) for local in local_steroids()):
        return Aspect(truth(wanted.range.low <= 0), f"{concept_name(finding.concept)} adds nothing to a systemic dose")
    taken = daily(finding.dose) if finding.dose else None
    if taken is None:
        return _unsaid("its daily dose")
    if wanted.of is None and finding.concept != one and finding.concept in equivalents():
        return _unsaid("of which steroid the dose is meant")
    value, unit = taken
    as_said = f"{limits(value, unit)} of {concept_name(finding.concept)}"
    if wanted.of is not None and finding.concept != wanted.of:
        mine, other = equivalents().get(finding.concept), equivalents().get(wanted.of)
        if mine is None or other is None:
            return _unsaid(f"its daily dose as {wanted.of}")
        value = value.times(other / mine)
        as_said += f" = {limits(value, unit)} of {wanted.of}"
    if unit != wanted.unit:
        weighed = _by_weight(value, case) if unit == "mg/day" and wanted.unit == "mg/kg/day" else None
        if weighed is None:
            return _unsaid(f"its dose in {wanted.unit}")
        value = weighed
        as_said += f" = {limits(value, wanted.unit)}"
    result = wanted.range.holds(value)
    return Aspect(result, as_said, "its daily dose")


def _by_weight(dose: Range, case: Case) -> Range | None:
    """A dose for each kilogram of the patient, whose weight is given once."""
    weights = {(one.value, one.unit) for one in case.measurements("weight")}
    if len(weights) != 1:
        return None
    ((value, said_unit),) = weights
    try:
        kilograms = convert(value, said_unit, "kg", "weight")
    except UnitFault:
        return None
    return dose.over(kilograms) if kilograms.low > 0 and kilograms.high < inf else None


def _extent(name: str, wanted: Range | None, said: Range | None) -> Aspect:
    if wanted is None:
        return Aspect(TRUE)
    if said is None:
        return _unsaid(f"its {name}")
    result = wanted.holds(said)
    return Aspect(result, f"{name} {limits(said)}" if result is not TRUE else "", f"its {name}")
