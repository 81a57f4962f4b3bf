"""Questions that set trials side by side ("which is stricter about HBV?"), answered by their typed conditions with each line cited."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from assistant.audit.demands import Demand
from assistant.audit.entailment import entails
from assistant.audit.trials.facts import AGE, Fact, concerning, facts_in
from assistant.audit.trials.rulings import back_to_back, name_of, ruled, silence, verdict
from assistant.audit.trials.strictness import Stand, Strictness, strictness
from assistant.citations import Citations
from assistant.eligibility.conditions import Between, Condition, Demographic, Has, OneOf, Window
from assistant.eligibility.numbers.gradings import gradings
from assistant.eligibility.numbers.measures import measures
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE, Truth, every, some
from assistant.reply import Reply, Sentence, Verdict
from assistant.voices import sentence
from index.scope import without_names
from index.trial import Trial

MOST: Final = 8
"""Trials set side by side where the question names none, and trials told one by one."""
_TODAY: Final = Window(exactly(0), "day", "start")
_TRIALS: Final = r"(?:trials?|stud(?:y|ies)|records?|protocols?)"
_LETS_IN: Final = (
    r"(?:takes?|accepts?|allows?|admits?|lets?|enrol\w*|includes?|excludes?|bars?|rules? out|permits?|requires?|wants?|excluded|allowed"
    r"|accepted|permitted|barred|ruled out|eligible|taken|enough|acceptable|required|fine|ok)"
)
_OF_BOTH: Final = (
    rf"(?:both|either|neither|each|all(?: of)?(?: (?:these|those|the|them))?(?: (?:two|three|four))?)"
    rf"(?: of (?:them|these|those|the(?: two)?)\b)?(?: {_TRIALS}\b|(?=\s*(?:[?,.;]|$|{_LETS_IN}\b|also|still|only|really)))"
)
_OF_THESE: Final = rf"(?:one |(?:one )?of (?:them|these|those|the (?:two|three|four)(?: {_TRIALS})?) )"
_SETS: Final = r"(?:has|have|sets|allows?|asks(?: for)?|requires?|demands?|gives|wants)"
_FURTHER: Final = (
    r"(?:longe(?:r|st)|shorte(?:r|st)|highe(?:r|st)|lowe(?:r|st)|wide(?:r|st)|narrower|broader|older|younger|larger)"
)
_STRICT: Final = r"(?:strict|stringent|restrictive|lenient|liberal|permissive|demanding)"
_COMPARES: Final = re.compile(
    rf"\b(?:(?:more|less|most|least) {_STRICT}|(?:stricte|tighte|loose)(?:r|st)|laxer)\b"
    r"|\bcompare(?!d with| to (?:placebo|standard))\b|\bside by side\b"
    rf"|\b(?:how|do|where) (?:do )?(?:they|the (?:two |three )?{_TRIALS}|these {_TRIALS}|both) (?:differ|compare)\b"
    r"|\bdifferences? between (?:the |these |them|both|NCT)|\bthe same (?:in|for|across) (?:both|all|each)\b"
    rf"|\bwhich (?:{_OF_THESE}|{_TRIALS} )?{_SETS} (?:for )?(?:the |a |an )?{_FURTHER}\b",
    re.IGNORECASE,
)
_WHICH_TAKES: Final = re.compile(
    rf"\bwhich {_OF_THESE}[^.?!]*\b{_LETS_IN}\b|\b{_LETS_IN}\b[^.?!]*\b(?:in|by|for) {_OF_BOTH}"
    rf"|\b(?:do|does|would|will|can) {_OF_BOTH}[^.?!]*\b{_LETS_IN}\b",
    re.IGNORECASE,
)
_TIMES: Final = re.compile(
    r"\b(?:wash-?outs?|wait(?:ing)?|intervals?|how long|long(?:er|est)|short(?:er|est)|look-?backs?|time since)\b",
    re.IGNORECASE,
)
_BARRED: Final = re.compile(
    r"\b(?:exclu\w+|bar(?:s|red)?|rules? out|ruled out|keeps? out|refuses?|forbids?|prohibits?)\b", re.IGNORECASE
)
_REQUIRED: Final = re.compile(r"\b(?:requires?|required|needs?|wants?|asks? for|demands?)\b", re.IGNORECASE)
_ALL: Final = re.compile(
    rf"\b(?:all|any|every|each) (?:of )?(?:the |your )?(?:other |indexed )*{_TRIALS}\b|\b(?:the )?other {_TRIALS}\b",
    re.IGNORECASE,
)
_BOTH: Final = re.compile(rf"\b{_OF_BOTH}", re.IGNORECASE)
_OF_PARTS: Final = re.compile(
    r"\b(?:arms?|groups?|cohorts?|dos(?:es?|age|ing)|placebo|controls?|schedules?|outcomes?|end ?points?|pages?|documents?|versions?"
    r"|inclusions?|exclusions?)\b",
    re.IGNORECASE,
)
"""A question about parts of a trial, not about its rules."""
_OF_SEVERAL: Final = re.compile(rf"\b{_TRIALS}\b|\b{_OF_BOTH}|\bthe two\b|\bthe other\b", re.IGNORECASE)

Takes = Literal["yes", "no", "depends", "silent"]


def compares(question: str, age: Range | None = None) -> tuple[Fact, ...]:
    """The facts that a question would have compared among trials; none for any other question. `age`: the one that it names."""
    if _OF_PARTS.search(question) or not (_COMPARES.search(question) or _WHICH_TAKES.search(question)):
        return ()
    return facts_in(without_names(question)) or (facts_in(AGE) if age else ())


def about_all(question: str) -> bool:
    """Whether a question is about all indexed trials."""
    return _ALL.search(question) is not None


def of_several(question: str) -> bool:
    """Whether a question itself says that it is about several trials."""
    return _OF_SEVERAL.search(question) is not None


def side_by_side(question: str, facts: Sequence[Fact], trials: Sequence[Trial], age: Range | None = None) -> Reply:
    """How the trials stand to one another about the facts; or which of them take what is named, where a value or finding is asked of.

    `age`: the one that the question names.
    """
    named = [one for one in (_named(question, fact, age) for fact in facts[:1]) if one is not None]
    if named and _WHICH_TAKES.search(question) and not _COMPARES.search(question):
        return _taking(question, facts[0], named[0], trials)
    citations = Citations()
    told = list[Sentence]()
    times = _TIMES.search(question) is not None
    for fact in facts[:2]:
        told += _compared(strictness(fact, trials), citations, times=times)
    return Reply("answer", tuple(told), tuple(citations.collected), None, _ids(trials), as_of=_as_of(trials))


def which_other(trial: Trial, others: Sequence[Trial]) -> Reply:
    """A question back: with which trial this one is to be compared."""
    named = ", ".join(one.id for one in others[:5]) + (" …" if len(others) > 5 else "")
    return Reply("clarify", (sentence("compare-with", trial=name_of(trial), trials=named),), trials=(trial.id,))


def _ids(trials: Sequence[Trial]) -> tuple[str, ...]:
    return tuple(trial.id for trial in trials)


def _as_of(trials: Sequence[Trial]) -> str | None:
    return min((trial.as_of for trial in trials if trial.as_of), default=None)


def _compared(found: Strictness, citations: Citations, *, times: bool) -> Iterator[Sentence]:
    """Which is stricter, with the lines of all that rule on it, then what each says. `times`: how long each counts comes first."""
    cited = {stand.trial.id: _cite(stand, citations) for stand in found.stands}
    ruling = tuple(dict.fromkeys(at for stand in found.ruling for at in cited[stand.trial.id]))
    said = [*(back_to_back(found) if times else ()), *verdict(found)]
    for one in dict.fromkeys(said):
        yield Sentence(one.exact, ruling, one.plain)
    if silent := silence(found):
        yield Sentence(silent.exact, (), silent.plain)
    yield from _each(found.stands, found.fact, cited)


def _each(stands: Sequence[Stand], fact: Fact, cited: dict[str, tuple[int, ...]]) -> Iterator[Sentence]:
    speaking = [stand for stand in stands if stand.state != "none"] or stands
    for stand in speaking[:MOST]:
        yield Sentence(f"{name_of(stand.trial)}: {ruled(stand, fact)}.", cited[stand.trial.id])
        for line, at in zip(stand.lines, cited[stand.trial.id], strict=False):
            number = line.id.rpartition("/")[2]
            label = f"{line.kind.capitalize()} {number}" if number[:1].isdigit() else "The record"
            yield Sentence(f"{label}: “{' '.join(line.text.split())}”", (at,))


def _cite(stand: Stand, citations: Citations) -> tuple[int, ...]:
    return tuple(citations.add(stand.trial, line.span, line.section) for line in stand.lines)


def _named(question: str, fact: Fact, age: Range | None) -> Condition | None:
    """What is asked of: a value, a class, an age, or having what the fact is."""
    if fact.id == AGE:
        return Demographic(age=age) if age else None
    text = without_names(question)
    for one in measures(text):
        known = next((id for id in one.quantities if id in fact.quantities), None)
        if known and one.range.low == one.range.high:
            return Between(known, one.range, one.unit, of=one.of)
    for graded in gradings(text):
        if graded.scale in fact.scales:
            return OneOf(graded.scale, graded.values, graded.edition)
    return Has(tuple(sorted(fact.concepts)), window=_TODAY) if fact.concepts else None


def _taking(question: str, fact: Fact, named: Condition, trials: Sequence[Trial]) -> Reply:
    """Which of the trials take what is named: the verdict first, then each trial's lines."""
    found = strictness(fact, trials)
    takes = {stand.trial.id: _takes(stand, named, fact) for stand in found.stands}
    citations = Citations()
    cited = {stand.trial.id: _cite(stand, citations) for stand in found.stands}
    told = list[Sentence]()
    for kind in ("yes", "no", "depends", "silent"):
        those = [stand for stand in found.stands if takes[stand.trial.id] == kind]
        if those:
            at = tuple(dict.fromkeys(place for stand in those for place in cited[stand.trial.id]))
            told.append(sentence(f"compare-takes-{kind}", at, trials=" and ".join(name_of(one.trial) for one in those)))
    told += _each(found.stands, fact, cited)
    return Reply(
        "answer",
        (*told, sentence("close")),
        tuple(citations.collected),
        _of_both(question, tuple(takes.values())),
        _ids(trials),
        as_of=_as_of(trials),
    )


def _of_both(question: str, takes: Sequence[Takes]) -> Verdict | None:
    """To a question about both (or all): yes or no where all are known; none to one that asks which."""
    if re.search(r"\bwhich\b", question, re.IGNORECASE) or not _BOTH.search(question) or _REQUIRED.search(question):
        return None
    wanted: Takes = "no" if _BARRED.search(question) else "yes"
    other: Takes = "yes" if wanted == "no" else "no"
    if re.search(r"\bneither\b", question, re.IGNORECASE):
        return "no" if wanted in takes else "yes" if set(takes) == {other} else "depends"
    if re.search(r"\beither\b", question, re.IGNORECASE):
        return "yes" if wanted in takes else "no" if set(takes) == {other} else "depends"
    return "yes" if set(takes) == {wanted} else "no" if other in takes else "depends"


def _takes(stand: Stand, named: Condition, fact: Fact) -> Takes:
    """Whether a trial's rules on the fact let in what is named; only rules on the same thing tell: a class on classes."""
    if stand.state == "none":
        return "silent"
    if stand.state != "rule":
        return "depends"
    asked = [demand for demand in stand.demands if type(demand.atom) is type(named)]
    beside = any(not demand.wanted for demand in stand.demands if demand not in asked)
    truths = [_meets(demand, named, fact) for demand in asked]
    if FALSE in truths:
        return "no"
    return "yes" if truths and every(truths) is TRUE and not beside else "depends"


def _meets(demand: Demand, named: Condition, fact: Fact) -> Truth:
    """Whether what is named meets a demand; open where the demand is for some people alone, or rests on more than the fact."""
    if demand.group:
        return TRUE if demand.wanted and entails(named, concerning(demand.atom, fact)) is TRUE else Truth.UNKNOWN
    if demand.wanted:
        met = some(entails(named, concerning(one, fact)) for one in (demand.atom, *demand.beside))
        return Truth.UNKNOWN if met is FALSE and demand.beside else met
    caught = entails(named, concerning(demand.atom, fact))
    if caught is TRUE:
        return Truth.UNKNOWN if demand.beside or demand.exceptions else FALSE
    return Truth.UNKNOWN
