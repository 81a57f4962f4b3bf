"""Judges a typed condition against a patient in three-valued logic, and says why and what would change it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from textwrap import shorten
from typing import assert_never

from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import (
    Advised,
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
)
from assistant.eligibility.judge import silence as silences
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.finding import kind_of
from assistant.eligibility.judge.finding import match as match_finding
from assistant.eligibility.judge.has import judge_has
from assistant.eligibility.judge.judgement import Judgement, Reason, Wanted, both, denied, either, merged, silence
from assistant.eligibility.judge.person import judge_person
from assistant.eligibility.judge.scale import judge_class
from assistant.eligibility.judge.value import judge_value
from assistant.eligibility.judge.will import ASKED, WILL, abilities, is_will, own_will, topics
from assistant.eligibility.knowledge import rows
from assistant.eligibility.patient import Finding, Patient
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every, some, truth
from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.wording import asked, concept_name, quoted
from index.trial import Kind
from index.words import stems


def judge(
    condition: Condition,
    patient: Patient,
    clock: Clock,
    *,
    complete: bool = False,
    alone: bool = False,
    study: frozenset[str] = frozenset(),
    kind: Kind = "inclusion",
) -> Judgement:
    """Whether the condition holds for the patient. `kind`: whether holding lets the patient pass ("inclusion") or bars them.

    `complete`: silence may be read as absence where that lets the patient pass; it never bars anybody. `alone`: whether what is told
    stands in the way, whatever else the line bars or leaves to the patient's will. `study`: the concepts of the trial's disease,
    which are no "other malignancy".
    """
    case = Case(patient, clock, study, passing=TRUE if kind == "inclusion" else FALSE)
    said = _judge(condition, case)
    if alone and said.truth is UNKNOWN and not (said.conflicting or said.not_applicable):
        told = _judge(condition, replace(case, alone=True))
        return told if told.truth is case.passing and told.evidence else said
    if not complete or said.truth is case.passing or said.not_applicable or said.conflicting:
        return said
    closed = _judge(condition, replace(case, closed=True))
    passes = closed.truth is case.passing or closed.not_applicable
    return closed if passes and said.truth is UNKNOWN else said


def _judge(condition: Condition, case: Case) -> Judgement:
    match condition:
        case Has():
            return judge_has(condition, replace(case, closed=case.closed and not _names_a_value(condition)))
        case Between():
            return judge_value(condition, case)
        case OneOf():
            return judge_class(condition, case)
        case Demographic():
            return judge_person(condition, case)
        case AllOf(parts):
            return _all_of(parts, case)
        case AnyOf(parts):
            return _any_of(parts, case)
        case Not(part):
            return denied(_judge(part, case.turned()))
        case Unless():
            return _unless(condition, case)
        case Only():
            return _only(condition, case)
        case Either():
            return _either(condition, case)
        case Judged():
            return _judged(condition, case)
        case PerProtocol():
            return _per_protocol(condition, case)
        case Advised(words):
            return _advised(words, case)
        case Unparsed(words):
            return _unparsed(words, replace(case, closed=case.closed and not _names_a_value(condition)))
        case _:
            assert_never(condition)


def _advised(words: str, case: Case) -> Judgement:
    """Everybody passes; what the patient has of what the words name is shown beside it."""
    named = {one for mention in find(words) for one in mention.concepts}
    told = (one for one in case.findings() if one.present and one.certain and any(is_a(one.concept, wide) for wide in named))
    evidence = tuple(one.words for one in told)
    return Judgement(case.passing, (_words("this is advised, not required", ""),), evidence, aside=True)


def _unparsed(words: str, case: Case) -> Judgement:
    """Always unknown, unless the words are of the patient's own will, which is asked for."""
    own = own_will(words, case) if is_will(stems(words)) else None
    if own is not None:
        return own
    missing = (Wanted("unparsed", words, f"what “{words}” means"),)
    return Judgement(UNKNOWN, (Reason("", "", " ".join(words.split()), about="unclear"),), missing=missing)


def _all_of(parts: Sequence[Condition], case: Case) -> Judgement:
    """All parts together; a bar on what cannot concern the patient does not apply, whatever stands beside it.

    Silence about one part is not read as absence where another part is there: "diabetes that needs insulin" of a diabetic.
    """
    valued = any(_names_a_value(part) for part in parts)
    judged = [
        _judge(part, replace(case, closed=case.closed and not _is_vague(part) and (not valued or _is_an_illness(part))))
        for part in parts
    ]
    judged = _stages_apart(parts, judged, case)
    if case.passing is FALSE and any(one.not_applicable for one in judged):
        return merged([one for one in judged if one.not_applicable], UNKNOWN, aside=True)
    others = [one for part, one in zip(parts, judged, strict=True) if not _is_a_group(part)]
    if len(others) < len(parts) and others and all(one.not_applicable for one in others):
        return merged(others, UNKNOWN, aside=True)
    there = [
        one
        for part, one in zip(parts, judged, strict=True)
        if (one.truth is TRUE or (one.truth is UNKNOWN and one.evidence)) and not isinstance(part, Demographic)
    ]
    if case.closed and case.passing is FALSE and any(not one.aside for one in there):
        opened = replace(case, closed=False)
        judged = [
            _judge(part, opened) if one.assumed and one.truth is FALSE and _is_a_detail(part) else one
            for part, one in zip(parts, judged, strict=True)
        ]
    said = any(one.evidence for part, one in zip(parts, judged, strict=True) if not isinstance(part, Demographic))
    return both(_told(judged, case) if case.passing is TRUE and said else judged)


_CANCER = "malignancy"


def _stages_apart(parts: Sequence[Condition], judged: list[Judgement], case: Case) -> list[Judgement]:
    """The judgements, where a stage asked of one cancer is told of another: "melanoma from stage II" of a lymphoma in stage I."""
    asked = [one for part in parts if isinstance(part, Has) for one in part.concepts if is_a(one, _CANCER)]
    silent = [one for part, one in zip(parts, judged, strict=True) if isinstance(part, Has) and one.truth is UNKNOWN]
    had = [one.concept for one in case.findings() if one.present and one.certain and is_a(one.concept, _CANCER)]
    if not asked or not silent or not had or any(is_a(one, each) or is_a(each, one) for one in had for each in asked):
        return judged
    return [
        replace(one, truth=UNKNOWN, changes=()) if isinstance(part, OneOf) and part.scale == "stage" else one
        for part, one in zip(parts, judged, strict=True)
    ]


def _told(judged: Sequence[Judgement], case: Case) -> Sequence[Judgement]:
    """Where it is asked of what is told alone: the parts that it bears on; of what is required only the patient's own will is left out."""
    if not case.alone or not any(one.evidence for one in judged):
        return judged
    if case.passing is TRUE:
        return [one for one in judged if one.truth is not UNKNOWN or not _is_will(one)]
    return [one for one in judged if one.truth is not UNKNOWN or one.evidence]


def _is_will(judged: Judgement) -> bool:
    return bool(judged.missing) and all(wanted.about == "judgement" for wanted in judged.missing)


def _any_of(parts: Sequence[Condition], case: Case) -> Judgement:
    """Any part; of alternatives that are asked for, silence about one is not enough where another is open."""
    parts = (*parts, *_whole(parts))
    judged = _of_one_test(parts, [_judge(part, _beside(part, parts, case)) for part in parts])
    if case.closed and case.passing is TRUE and not all(one.truth is TRUE for one in judged):
        opened = replace(case, closed=False)
        judged = [_judge(part, opened) if one.assumed else one for part, one in zip(parts, judged, strict=True)]
    if case.passing is TRUE:
        judged = [_granted(part, one, case) for part, one in zip(parts, judged, strict=True)]
    if case.passing is TRUE:
        return either(judged)
    own = [one for part, one in zip(parts, judged, strict=True) if one.truth is UNKNOWN and _is_bound_of_group(part)]
    return either([*_told(judged, case), *(own if case.alone else ())])


def _is_bound_of_group(part: Condition) -> bool:
    """Whether an alternative is a bound for one sex: "QTc > 450 ms for men". Where it is open it is not left out."""
    return isinstance(part, AllOf) and any(map(_is_a_group, part.parts)) and any(isinstance(one, Between) for one in part.parts)


@cache
def _same_tests() -> frozenset[frozenset[str]]:
    """Quantities that are readings of one test (`pairs.tsv`)."""
    return frozenset(frozenset(row["quantities"].split()) for row in rows("pairs.tsv") if row["holds"] == "any")


def _of_one_test(parts: Sequence[Condition], judged: list[Judgement]) -> list[Judgement]:
    """The judgements, where of two readings of one test under one bound the one that is not given follows the other."""
    for at, part in enumerate(parts):
        if not isinstance(part, Between) or judged[at].truth is not UNKNOWN or judged[at].evidence:
            continue
        for other, one in zip(parts, judged, strict=True):
            if not isinstance(other, Between) or one.truth is not FALSE or replace(other, quantity=part.quantity) != part:
                continue
            if frozenset((part.quantity, other.quantity)) in _same_tests():
                judged[at] = one
    return judged


def _beside(part: Condition, parts: Sequence[Condition], case: Case) -> Case:
    """The case for one of several alternatives: for "… or other B" what the alternative before it names is no other one.

    "Prednisone above 10 mg or other immunosuppressants": prednisone counts by its own rule, and 5 mg of it do not count.
    """
    if not isinstance(part, Has) or not part.other or case.passing is TRUE:
        return case
    dosed = [limb for limb in parts if isinstance(limb, Has) and limb is not part and limb.dose]
    own = frozenset(
        finding
        for finding in case.findings()
        for limb in dosed
        if finding.present and any(is_a(finding.concept, one) for one in limb.concepts)
        if match_finding(limb, finding, case) is FALSE
    )
    return case.without(own) if own else case


def _granted(part: Condition, judged: Judgement, case: Case) -> Judgement:
    """What cannot concern the patient is no bar to an alternative of her own group: "male or non-pregnant female" at 70."""
    if not judged.not_applicable or not isinstance(part, AllOf):
        return judged
    groups = [_judge(one, case) for one in part.parts if _is_a_group(one)]
    return replace(judged, truth=TRUE, aside=False) if any(one.truth is TRUE for one in groups) else judged


_COURSES = ("acute", "chronic")
"""Traits of which every illness has one."""


def _whole(parts: Sequence[Condition]) -> tuple[Has, ...]:
    """What "acute or chronic …" comes to: the illness of either course."""
    limbs = [part for part in parts if isinstance(part, Has)]
    acute = [replace(part, traits=part.traits - {_COURSES[0]}, words="") for part in limbs if _COURSES[0] in part.traits]
    chronic = [replace(part, traits=part.traits - {_COURSES[1]}, words="") for part in limbs if _COURSES[1] in part.traits]
    return tuple(part for part in acute if part in chronic)


def _is_a_group(part: Condition) -> bool:
    return isinstance(part, Demographic) and part.sex is not None and part.age is None


def _is_a_detail(part: Condition) -> bool:
    """Whether it is known by its words alone."""
    return isinstance(part, Unparsed) or (isinstance(part, Has) and all(one.startswith("w:") for one in part.concepts))


_VALUE = re.compile(r"(?<![\w-])\d[\d.,]*(?!\w|\s*-?\s*(?:hour|day|week|month|year))", re.IGNORECASE)
"""A number that counts no time."""


def _names_a_value(part: Condition) -> bool:
    """Whether it is words with a number: a value that nobody names may not have been measured."""
    match part:
        case Unparsed(words):
            return _VALUE.search(words) is not None
        case Has():
            number = any(stem.isdigit() for one in part.concepts if one.startswith("w:") for stem in one[2:].split())
            return number and _VALUE.search(part.words) is not None
        case _:
            return False


def _is_an_illness(part: Condition) -> bool:
    return isinstance(part, Has) and all(not one.startswith("w:") and kind_of(one) == "condition" for one in part.concepts)


def _is_vague(part: Condition) -> bool:
    """Whether it is words that say nothing alone: beside others their silence is none."""
    return isinstance(part, Unparsed) and silences.says_nothing(stems(part.words))


def _unless(condition: Unless, case: Case) -> Judgement:
    """What is excepted does not count; an exception of another sort (a treatment, a value) lifts the rule as a whole."""
    if any(
        _same_sort(left, right) for left in _findings_asked(condition.rule) for right in _findings_asked(condition.exception)
    ):
        return _without_excepted(condition, case)
    rule = _judge(condition.rule, case)
    exception = _judge(condition.exception, replace(case, passing=TRUE))
    return either([rule, exception]) if case.passing is TRUE else both([rule, denied(exception)])


_SORTS = ({"condition", "symptom", "test-result", "biomarker"}, {"drug", "therapy"}, {"procedure", "therapy"})
"""Kinds of concept that can be exceptions to one another."""


def _same_sort(left: Has, right: Has) -> bool:
    return any(
        is_a(one, other) or is_a(other, one) or any({kind_of(one), kind_of(other)} <= sort for sort in _SORTS)
        for one in left.concepts
        for other in right.concepts
    )


def _findings_asked(condition: Condition) -> Iterator[Has]:
    """The findings that a condition is made of."""
    match condition:
        case Has():
            yield condition
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _findings_asked(part)
        case Not(part) | Unless(part, _):
            yield from _findings_asked(part)
        case _:
            return


def _without_excepted(condition: Unless, case: Case) -> Judgement:
    present = [finding for finding in case.findings() if finding.present]
    excepted = {finding: _excepts(condition.exception, condition.rule, finding, case) for finding in present}
    sure = frozenset(finding for finding, truth in excepted.items() if truth is TRUE)
    maybe = frozenset(finding for finding, truth in excepted.items() if truth is UNKNOWN)
    most = _judge(condition.rule, case.without(sure))
    least = _judge(condition.rule, case.without(sure | maybe)) if maybe else most
    if case.alone and sure and case.passing is FALSE and most.truth is UNKNOWN and not most.evidence:
        most = replace(most, truth=FALSE, reasons=(), missing=())
        least = most if not maybe else least
    if least.truth is most.truth:
        found = _with_exceptions(most, condition, sure, case)
        told = tuple(one.words for one in sorted(sure, key=lambda one: one.words.start) if one.words not in found.evidence)
        return replace(found, evidence=(*found.evidence, *told)) if found.truth is UNKNOWN else found
    open_ = [finding for finding in maybe if finding.words in most.evidence] or sorted(maybe, key=lambda f: f.words.start)
    words = tuple(finding.words for finding in open_)
    fact = f"whether {' and '.join(quoted(one) for one in words[:2])} is excepted is not settled"
    excepted_as = next((asked(has) for has in _findings_asked(condition.exception)), "an exception")
    wanted = tuple(
        Wanted("concept", f.concept, f"whether {concept_name(f.concept)} counts as this: {excepted_as}", detail=True)
        for f in open_
    )
    rule = most.reasons[0].rule if most.reasons else ""
    return Judgement(UNKNOWN, (Reason(fact, fact, rule),), words, missing=wanted)


def _with_exceptions(judged: Judgement, condition: Unless, sure: frozenset[Finding], case: Case) -> Judgement:
    """The judgement with what is excepted named first, where it would have counted."""
    counted = [
        finding
        for finding in sorted(sure, key=lambda f: f.words.start)
        if finding.words not in judged.evidence
        and (not judged.reasons or any(match_finding(has, finding, case) is TRUE for has in _findings_asked(condition.rule)))
    ]
    if judged.truth is TRUE or not counted:
        return judged
    rule = judged.reasons[0].rule if judged.reasons else ""
    fact = f"{' and '.join(quoted(finding.words) for finding in counted)}, which is excepted"
    words = (*(finding.words for finding in counted), *judged.evidence)
    return replace(judged, reasons=(Reason(fact, f"you said {fact}", rule), *judged.reasons), evidence=words)


def _excepts(exception: Condition, rule: Condition, finding: Finding, case: Case) -> Truth:
    """Whether an exception takes one finding out of the rule."""
    match exception:
        case Has((one,)) if one.startswith("w:"):
            return truth(set(one[2:].split()) <= set(stems(finding.words.quote))) | UNKNOWN
        case Has() if any(_same_sort(exception, named) for named in _findings_asked(rule)):
            return match_finding(replace(exception, ever=True, other=False), finding, case)
        case AllOf(parts):
            return every(_excepts(part, rule, finding, case) for part in parts)
        case AnyOf(parts):
            return some(_excepts(part, rule, finding, case) for part in parts)
        case _:
            return _judge(exception, replace(case, passing=TRUE, closed=False)).truth


def _only(condition: Only, case: Case) -> Judgement:
    """Outside the group the line does not apply; where the group is open, passing the rule is enough.

    The patients of the disease under study are no group in its trial: "patients with X must have Y" asks for both.
    """
    group = _judge(condition.group, replace(case, passing=FALSE, grouping=True))
    if (group.truth is FALSE or group.not_applicable) and not (case.passing is TRUE and _of_study(condition.group, case)):
        return replace(group, truth=UNKNOWN, aside=True, changes=())
    rule = _judge(condition.rule, replace(case, grouping=False))
    if case.passing is TRUE and _of_study(condition.group, case):
        return both([group, rule])
    if group.truth is TRUE or rule.truth is case.passing or rule.aside or (case.alone and rule.evidence):
        return rule
    return merged([group, rule] if rule.truth is UNKNOWN else [group], UNKNOWN)


def _of_study(group: Condition, case: Case) -> bool:
    """Whether a group is that of the disease under study itself."""
    return isinstance(group, Has) and any(is_a(one, disease) for one in group.concepts for disease in case.study)


def _either(condition: Either, case: Case) -> Judgement:
    """The rule of the group, or that of the rest; where the group is open, only what both say."""
    group = _judge(condition.group, replace(case, grouping=True))
    then, otherwise = _judge(condition.then, case), _judge(condition.otherwise, case)
    if group.truth is TRUE:
        said = merged([then, group], then.truth)
        return replace(then, reasons=said.reasons, evidence=said.evidence, assumed=said.assumed)
    if group.truth is FALSE:
        return replace(otherwise, assumed=otherwise.assumed or group.assumed)
    if then.truth is otherwise.truth:
        return merged([then, otherwise], then.truth)
    return merged([group, *(part for part in (then, otherwise) if part.truth is UNKNOWN)], UNKNOWN)


def _judged(condition: Judged, case: Case) -> Judgement:
    """Facts can rule it out, or say what the patient decided; that something is bad enough to bar is the investigator's to say."""
    own = own_will(condition.words, case) if condition.by == "patient" else None
    if own is not None:
        return own
    asks_will = (
        bool(topics(condition.words))
        and isinstance(condition.facts, (Has, Not))
        and any(has.concepts[0] in WILL for has in _findings_asked(condition.facts))
    )
    closed = replace(case, closed=case.closed and condition.by == "patient")
    facts = _judge(condition.facts, closed) if condition.facts and not asks_will else Judgement(UNKNOWN)
    decided = facts.truth is FALSE or (facts.truth is TRUE and (condition.by == "patient" or case.passing is TRUE))
    if decided or facts.not_applicable:
        return facts
    asks = {one for has in _findings_asked(condition.facts) for one in has.concepts} if condition.facts else set()
    unsaid = not facts.evidence and asks <= abilities() and "consent" not in topics(condition.words)
    inability = condition.by == "patient" and unsaid
    if inability and case.closed and case.passing is FALSE and silences.unmentioned(stems(condition.words), case.patient):
        return Judgement(FALSE, (silence(" ".join(condition.words.split()), read_as_absent=True),), assumed=True)
    who = "the investigator's judgement" if condition.by == "investigator" else "the patient's own decision"
    said = facts.reasons if facts.truth is TRUE else ()
    return Judgement(UNKNOWN, (*said, _left_open(condition)), facts.evidence, missing=(Wanted("judgement", condition.by, who),))


def _left_open(condition: Judged) -> Reason:
    """One short sentence on what is left to whom."""
    if condition.by == "investigator":
        return Reason("this is left to the investigator, whose judgement is not stated", "the study doctor decides this", "")
    named = [concept_name(one) for has in _findings_asked(condition.facts) for one in has.concepts] if condition.facts else []
    asked_for = [ASKED[topic] for topic in sorted(topics(condition.words)) if topic in ASKED]
    what = " and ".join(list(dict.fromkeys(named or asked_for))[:2]) or f"“{_short(condition.words)}”"
    return Reason(f"not yet stated by the patient: {what}", f"this is for you to say: {what}", "")


def _short(words: str) -> str:
    """The first words, at a word's end."""
    return shorten(" ".join(words.split()), 80, placeholder=" …")


def _per_protocol(condition: PerProtocol, case: Case) -> Judgement:
    """Only the protocol has the rule, unless all that it could be about is denied, or it lies in the patient's own will."""
    own = own_will(condition.words, case)
    if own is not None:
        return own
    facts = _judge(condition.facts, case) if condition.facts else Judgement(UNKNOWN)
    if facts.truth is FALSE or facts.not_applicable:
        return facts
    reason = _words("the rule is only in the protocol", "")
    missing = (Wanted("protocol", condition.words, "the protocol"),)
    return Judgement(UNKNOWN, (reason,), facts.evidence, needs_protocol=True, missing=missing)


def _words(fact: str, words: str) -> Reason:
    return Reason(fact, fact, " ".join(words.split()))
