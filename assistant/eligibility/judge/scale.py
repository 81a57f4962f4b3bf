"""Judges `OneOf`: a class on a scale (stage, NYHA class, response) against the classes that a criterion names."""

from collections.abc import Iterable

from assistant.eligibility.conditions import OneOf
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.judgement import Judgement, Reason, Wanted
from assistant.eligibility.numbers.quantities import scale
from assistant.eligibility.patient import Grading
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from assistant.eligibility.wording import asked, day, quoted


def judge_class(condition: OneOf, case: Case) -> Judgement:
    """TRUE where all that the note leaves possible is named, FALSE where none of it is; editions must be known to be the same."""
    found = _latest(case.gradings(condition.scale))
    if not found:
        name = scale(condition.scale).name
        return _unknown(condition, f"no {name} is given", f"you have not given your {name}", ())
    truths = [_holds(condition, grading) for grading in found]
    if {TRUE, FALSE} <= set(truths):
        fact = " and ".join(quoted(grading.words) for grading in found) + ", which contradict each other"
        return _unknown(condition, fact, f"you said {fact}", found, conflicting=len({grading.given for grading in found}) == 1)
    if UNKNOWN in truths:
        grading = found[truths.index(UNKNOWN)]
        fact = f"{quoted(grading.words)}{_why_open(condition, grading)}"
        return _unknown(condition, fact, f"you said {fact}", (grading,))
    first = found[0]
    fact = f"{quoted(first.words)}{f' of {day(first.given)}' if first.given else ''}"
    return Judgement(truths[0], (Reason(fact, f"you said {fact}", asked(condition)),), (first.words,))


def _latest(gradings: Iterable[Grading]) -> tuple[Grading, ...]:
    """The classes of the last day given, and those without a day."""
    gradings = tuple(gradings)
    last = max((grading.given.last for grading in gradings if grading.given and grading.given.last), default=None)
    return tuple(g for g in gradings if g.given is None or g.given.last is None or g.given.last == last)


def _holds(condition: OneOf, grading: Grading) -> Truth:
    if condition.edition is not None and grading.edition != condition.edition:
        return UNKNOWN
    named = _spread(condition.scale, condition.values)
    possible = _narrowest(condition.scale, grading.values)
    if possible and possible <= named:
        return TRUE
    return UNKNOWN if not possible or possible & named or named & grading.values else FALSE


def _spread(id: str, values: frozenset[str]) -> frozenset[str]:
    """The values with all that they contain: stage IV with IVA and IVB."""
    contains = scale(id).contains
    return values.union(*(contains.get(value, frozenset()) for value in values))


def _narrowest(id: str, values: frozenset[str]) -> frozenset[str]:
    """All that the values leave possible, without a value whose parts stand beside it."""
    contains = scale(id).contains
    whole = _spread(id, values)
    return frozenset(value for value in whole if not (contains.get(value, frozenset()) - {value}))


def _why_open(condition: OneOf, grading: Grading) -> str:
    if condition.edition is not None and grading.edition is None:
        return f", which names no edition (edition {condition.edition} is meant)"
    if condition.edition is not None and grading.edition != condition.edition:
        return f", which is by edition {grading.edition}, not {condition.edition}"
    return ", which leaves more than one class possible"


def _unknown(condition: OneOf, fact: str, plain: str, found: Iterable[Grading], *, conflicting: bool = False) -> Judgement:
    edition = f" by edition {condition.edition}" if condition.edition else ""
    wanted = Wanted("scale", condition.scale, f"the {scale(condition.scale).name}{edition}")
    words = tuple(grading.words for grading in found)
    return Judgement(UNKNOWN, (Reason(fact, plain, asked(condition)),), words, conflicting=conflicting, missing=(wanted,))
