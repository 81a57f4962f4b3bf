"""Judges `Has`: what a patient has, had or takes, held against a concept with its traits, window, grade, count and size."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from math import inf

from assistant.eligibility.conditions import Has, Window
from assistant.eligibility.judge import silence as silences
from assistant.eligibility.judge.case import STUDY_DISEASE, Case
from assistant.eligibility.judge.concern import Outside, outside
from assistant.eligibility.judge.finding import (
    GIVEN,
    OBSERVED,
    OVER,
    SPREADING,
    Held,
    hold,
    is_broad,
    is_dated,
    is_event,
    is_root,
    kind_of,
)
from assistant.eligibility.judge.graded import judge_by_value
from assistant.eligibility.judge.judgement import FIXED, Judgement, Reason, Wanted, either, silence
from assistant.eligibility.judge.words import judge_words, plain
from assistant.eligibility.knowledge import rows
from assistant.eligibility.patient import Days, Finding
from assistant.eligibility.times.dates import first_clear_day, inside
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN
from assistant.eligibility.vocabulary.concepts import concept, is_a
from assistant.eligibility.vocabulary.traits import implies
from assistant.eligibility.wording import asked, concept_name, day, named, quoted

_SPREAD, _TUMOR, _IN_SITU = "metastasis", "malignancy", "carcinoma-in-situ"
_OF_THE_CANCER = (_SPREAD, "cancer-recurrence", "necrosis", "vascular-invasion")
"""What belongs to a cancer: no other illness."""
_LOOK = "imaging"
_BAD = frozenset({"uncontrolled", "unstable", "life-threatening"})
"""Traits by which any illness bars."""
_AGED = 366
"""Days for which a finding of absence holds, where nothing says how long."""
_ANY_ILLNESS = frozenset({"disease", "comorbidity"})
"""Classes that say no more than "an illness": which ones bar a patient, the line leaves open."""


def judge_has(condition: Has, case: Case) -> Judgement:
    """TRUE where a finding matches; FALSE where each concept is denied or every known finding of it fails; else what values show."""
    if condition.concepts == (STUDY_DISEASE,):
        return _of_study(condition, case)
    judged = [
        judge_words(condition, one, case) if one.startswith("w:") else _judge_concept(condition, one, case)
        for one in condition.concepts
    ]
    told = [one for one in judged if one.truth is not UNKNOWN or one.evidence]
    whole = either(told if case.alone and case.passing is FALSE and told else judged)
    shown = judge_by_value(condition, case) if whole.assumed or (whole.truth is UNKNOWN and not whole.conflicting) else None
    return shown or whole


def _of_study(condition: Has, case: Case) -> Judgement:
    """The trial's own disease; of several, those that the patient has have to agree. Silence about it is no absence."""
    opened = replace(case, closed=False)
    judged = [_judge_concept(replace(condition, concepts=(one,)), one, opened) for one in case.meant(condition.concepts)]
    named = [one for one in judged if one.evidence]
    together = either(named or judged)
    return together if len({one.truth for one in named}) <= 1 else replace(together, truth=UNKNOWN)


@cache
def lifelong() -> tuple[str, ...]:
    """Conditions that nobody loses once they are there."""
    return tuple(row["id"] for row in rows("lasting.tsv"))


def _judge_concept(condition: Has, one: str, case: Case) -> Judgement:
    reason = None if condition.family else outside(one, case)
    if reason is not None:
        return _outside(condition, reason, case)
    if not condition.other and _means_others(condition, one, case):
        condition = replace(condition, other=True)
    related = [
        f for f in case.findings(family=condition.family) if not (condition.other and f.present and _of_the_study(f, case))
    ]
    stated = [f for f in related if f.present and f.certain and not _is_slight(f, one, case)]
    narrow = [hold(condition, one, f, case) for f in stated if is_a(f.concept, one)]
    wide = [
        hold(condition, one, f, case)
        for f in stated
        if is_a(one, f.concept) and f.concept != one and _says_more(f.concept, one) and not _is_explained(f, narrow, one, case)
    ]
    denials = [f for f in related if not f.present and f.certain and (_denies(f, one) or _refutes(f, condition, one))]
    covering = [
        f for f in denials if _covers(f, condition, one, case) and (condition.other or _names_its_own(f, one, stated, case))
    ]
    if kind_of(one) == "condition" and any(f.present for f in _uncertain(related, one)):
        covering = [f for f in covering if not f.other]
    own = next((part for part in _OF_THE_CANCER if is_a(one, part)), None)
    if own is not None:
        covering = [f for f in covering if not f.other or is_a(f.concept, own)]
    if case.passing is FALSE and one in _ANY_ILLNESS and not condition.traits & _BAD:
        narrow = [_unweighed(held) for held in narrow]
    positive = [held for held in narrow if held.truth is TRUE]
    if positive:
        return _positive(condition, one, positive, related, case)
    open_ = [held for held in (*narrow, *wide) if held.truth is UNKNOWN]
    if case.closed and is_root(one) and all(silences.trait_means_absence(trait) for trait in condition.traits):
        open_ = [held for held in open_ if held.hinges != {"trait"}]
    guesses = _uncertain(related, one)
    denial = next((f for f in covering if _stands(f, open_) and not (f.other and guesses)), None)
    if denial is not None:
        return _denied(condition, denial, [held for held in narrow if held.truth is FALSE])
    instead = next((f for f in stated if not open_ and _is_exclusive(f.concept, one)), None)
    if instead is not None and instead.ongoing is not False:
        fact = f"{quoted(instead.words)} ({concept_name(instead.concept)} rules out {concept_name(one)})"
        return Judgement(FALSE, (_reason(condition, fact),), (instead.words,))
    failed = [held for held in narrow if held.truth is FALSE]
    failed += [Held(f, FALSE, "excepted") for f in sorted(case.excepted, key=_place) if is_a(f.concept, one)]
    if (
        failed
        and not open_
        and (case.alone or _are_all(failed, condition, one) or _is_too_soon(failed, condition, one, case))
        and not _uncertain(related, one)
    ):
        return _failed(condition, failed)
    unsaid = case.closed and not (
        open_
        or _uncertain(related, one)
        or any(_is_hint(f) for f in denials if f not in covering)
        or silences.speaks_of(one, case.patient)
        or _may_be(stated, one)
    )
    if unsaid and not condition.family and silences.means_absence(one):
        return Judgement(FALSE, (silence(asked(condition), read_as_absent=True),), (), assumed=True)
    return _unknown(condition, one, open_, failed, _uncertain(related, one), denials)


def _means_others(condition: Has, one: str, case: Case) -> bool:
    """Whether a barred class holds the trial's own disease: then it means others, for else it would bar everybody."""
    if condition.family or case.passing is TRUE or not is_broad(one) or condition.traits & SPREADING or condition.grade:
        return False
    return any(is_a(disease, one) and disease != one for disease in case.study)


def _says_more(wide: str, one: str) -> bool:
    """Whether a wider class is more than the kind of a thing: of an operation it is open whether it was a major one."""
    return not is_root(wide) or (is_broad(one) and kind_of(one) == "procedure" == kind_of(wide))


def _is_explained(wider: Finding, narrow: Iterable[Held], one: str, case: Case) -> bool:
    """Whether a wider finding only says again, less exactly, what is known: "metastatic" of one with a brain metastasis."""
    known = [held.finding.concept for held in narrow] + [f.concept for f in case.excepted if is_a(f.concept, one)]
    return not is_broad(one) and any(is_a(concept, wider.concept) for concept in known)


@cache
def _tests() -> tuple[tuple[str, str], ...]:
    return tuple((row["test"], row["refutes"]) for row in rows("refutes.tsv"))


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    """Conditions that exclude one another, either way round."""
    pairs = [(row["id"], row["other"]) for row in rows("exclusive.tsv")]
    return (*pairs, *((other, one) for one, other in pairs))


def _is_exclusive(present: str, one: str) -> bool:
    return any(is_a(present, left) and is_a(one, right) for left, right in _pairs())


@cache
def _unnoticed() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((row["id"], tuple(row["within"].split(","))) for row in rows("unnoticed.tsv"))


def _denies(denial: Finding, one: str) -> bool:
    """Whether a denial is of this or of a class of it; not where only a test, or the look for it, would show this one."""
    hidden = any(denial.concept in classes and is_a(one, id) for id, classes in _unnoticed())
    return not hidden and is_a(one, denial.concept)


def _refutes(denial: Finding, condition: Has, one: str) -> bool:
    """Whether a negative test shows that an infection is not there now."""
    if condition.ever or condition.window:
        return False
    return _tests_for(denial.concept, one)


def _is_hint(denial: Finding) -> bool:
    """Whether a denial of the worse lets the milder be there: "no neuropathy of grade 3"."""
    return denial.grade is not None or "severe" in denial.traits


def _may_be(stated: Iterable[Finding], one: str) -> bool:
    """Whether a treatment that is there may be of the class: of an operation it is not known whether it was a major one."""
    if not is_broad(one) or is_root(one) or kind_of(one) not in GIVEN:
        return False
    wider = [wide for wide in concept(one).parents if kind_of(one) == "procedure" or not is_root(wide)]
    return any(is_a(finding.concept, wide) for finding in stated for wide in wider)


def _unweighed(held: Held) -> Held:
    """An illness that is there, where a line bars illness without a name."""
    wanted = "whether it counts for this line"
    return replace(held, truth=UNKNOWN, said=f"{wanted} is not said", wanted=wanted) if held.truth is TRUE else held


def _place(finding: Finding) -> int:
    return finding.words.start


def _is_slight(finding: Finding, one: str, case: Case) -> bool:
    """Whether it is a complaint or a result where illness is barred, or a look where what it shows is ("by history or imaging")."""
    if case.passing is TRUE:
        return False
    complaint = (
        (is_root(one) or one in _ANY_ILLNESS) and kind_of(one) == "condition" and kind_of(finding.concept) != "condition"
    )
    return complaint or is_a(one, _LOOK)


def _are_all(failed: Iterable[Held], condition: Has, one: str) -> bool:
    """Whether what is known may be taken as all there is: of a treatment or an operation with dates, the last one decides.

    Of illnesses one says nothing of others, cancers apart. "Medication" may be anything. Doses of several drugs may add up.
    """
    failed = tuple(failed)
    if condition.dose is not None and len({held.finding.concept for held in failed if "dose" in held.hinges}) > 1:
        return False
    if not is_broad(one):
        return True
    dated = condition.window is not None and (kind_of(one) in GIVEN or is_dated(one)) and not is_root(one)
    return dated and all(held.hinges <= {"time"} for held in failed)


def _is_too_soon(failed: Iterable[Held], condition: Has, one: str, case: Case) -> bool:
    """Whether a wait after an operation is asked for that is not over: "at least three months post-surgery", operated last week."""
    window = condition.window
    if window is None or window.length.low <= 0 or not window.before or window.anchor == "event" or case.passing is FALSE:
        return False
    wait = replace(condition, window=replace(window, length=replace(window.length, high=inf, high_open=False)))
    return kind_of(one) == "procedure" and all(
        held.hinges == {"time"} and hold(wait, one, held.finding, case).truth is FALSE for held in failed
    )


def _of_the_study(finding: Finding, case: Case) -> bool:
    """Whether a finding is, or may be, the trial's own disease or its spread."""
    one = finding.concept
    return bool(case.study) and (is_a(one, _SPREAD) or any(is_a(one, disease) or is_a(disease, one) for disease in case.study))


def _covers(denial: Finding, condition: Has, one: str, case: Case) -> bool:
    """Whether a denial reaches what is asked: no more is denied than is said, in traits, grade, size and time."""
    narrower = denial.traits - {"active"} if condition.window and denial.ongoing else denial.traits
    traits = all(any(implies(trait, said) for trait in condition.traits) for said in narrower)
    whole = denial.dose is None or condition.dose is None
    placed = _site(denial) <= _families(condition.words)
    return traits and whole and placed and _reaches(denial, condition) and _covers_time(denial, condition, one, case)


def _reaches(denial: Finding, asked: Has | Finding) -> bool:
    """Whether a denial is not narrower than what is asked or stated, in grade, size and number."""
    return all(
        said is None or (wanted is not None and said.holds(wanted) is TRUE)
        for wanted, said in ((asked.grade, denial.grade), (asked.size_mm, denial.size_mm), (asked.count, denial.count))
    )


_SITE = re.compile(
    r"\b(?:to|in|on|over|at)\s+(?:(?:the|his|her|my)\s+)?(?P<site>(?:(?:left|right|other|opposite|contralateral)\s+)[a-z]+|"
    r"(?<=the )(?:breast|chest|pelvis|abdomen|head|neck|brain|spine|lungs?|liver|prostate|eyes?|hips?|knees?|legs?|arms?)\b)",
    re.IGNORECASE,
)
"""Where alone something is denied: "no radiotherapy to the right breast"."""


def _site(denial: Finding) -> frozenset[str]:
    """The site that a denial is limited to, as far as its concept does not name it."""
    site = _SITE.search(denial.words.quote)
    return _families(site["site"]) - _families(concept_name(denial.concept)) if site else frozenset()


def _families(words: str) -> frozenset[str]:
    """The beginnings of words, alike for "pelvis" and "pelvic"."""
    return frozenset(word[:4].lower() for word in words.split())


def _names_its_own(denial: Finding, one: str, stated: Iterable[Finding], case: Case) -> bool:
    """Whether what "no other …" sets apart is known: the tumour that is not named may be the very one that is asked for.

    The spread of a disease is no other disease.
    """
    if not denial.other:
        return True
    if is_a(_SPREAD, denial.concept) and is_a(one, _SPREAD):
        return is_a(denial.concept, _SPREAD)
    return case.passing is FALSE or (
        any(is_a(f.concept, denial.concept) and not (is_a(one, _TUMOR) and _is_minor(f)) for f in stated)
    )


def _is_minor(tumor: Finding) -> bool:
    """Whether a tumour may be beside the one that "no other" sets apart: spread, one in situ, one that is over."""
    over = tumor.ongoing is False or tumor.ended is not None or any(implies(trait, OVER) for trait in tumor.traits)
    return (
        over
        or "in-situ" in tumor.traits
        or is_a(tumor.concept, _SPREAD)
        or is_a(tumor.concept, _IN_SITU)
        or is_broad(tumor.concept)
    )


def _covers_time(denial: Finding, condition: Has, one: str, case: Case) -> bool:
    """A denial without a day denies all time, one with a day the state from then on; a look on one day says nothing of later ones.

    "Takes no medicines" says nothing of what was ever taken.
    """
    if denial.started is None:
        now = denial.ongoing and condition.ever and kind_of(one) in GIVEN
        return denial.ended is None and not now
    if condition.window is not None:
        if kind_of(one) in OBSERVED:
            seen = inside(condition.window, denial.started, denial.ended or denial.started, None, case.clock)
            return seen is TRUE
        if denial.ended is None and not (denial.ongoing or kind_of(one) in GIVEN):
            return False
        return _covers_window(denial.started, denial.ended, condition.window, case)
    if condition.ever:
        return any(is_a(one, lasting) for lasting in lifelong())
    if denial.ended is None:
        return True
    aged = _is_past(denial.ended, case) if kind_of(one) in GIVEN else _is_aged(denial.ended, case)
    return is_event(denial) and not aged


def _is_aged(look: Days, case: Case) -> bool:
    """Whether a look is so old that what it did not show may be there now."""
    return look.last is not None and (case.clock.today - look.last).days > _AGED


def _is_past(stretch: Days, case: Case) -> bool:
    """Whether a stretch of time is past ("no steroids in 2024"). What is denied on one day is taken to hold."""
    return stretch.last is not None and stretch.last < case.clock.today and stretch.first != stretch.last


def _covers_window(since: Days, until: Days | None, window: Window, case: Case) -> bool:
    """Whether a window lies within the denied stretch, up to today: from its first day, or from the latest that it may begin on."""
    first = since.last if until is None else since.first
    if (
        window.event is not None
        or first is None
        or (until is not None and (until.last is None or until.last < case.clock.today))
    ):
        return False
    before = first - timedelta(days=1)
    return inside(window, Days(before, before), Days(before, before), False, case.clock) is FALSE


def _stands(denial: Finding, open_: Iterable[Held]) -> bool:
    """Whether a denial settles it although findings are open: not where it denies what is stated without saying which."""
    reached = [held for held in open_ if is_a(held.finding.concept, denial.concept) and not _later(denial, held.finding)]
    return not reached or (bool(denial.traits) and not denial.other)


def _uncertain(related: Iterable[Finding], one: str) -> tuple[Finding, ...]:
    return tuple(
        f for f in related if not f.certain and (is_a(f.concept, one) or is_a(one, f.concept) or _tests_for(f.concept, one))
    )


def _tests_for(test: str, one: str) -> bool:
    return any(is_a(test, known) and is_a(one, refuted) for known, refuted in _tests())


def _clash(finding: Finding, denial: Finding) -> bool:
    """Whether one thing is both asserted and denied for the same time."""
    if denial.other or finding.concept != denial.concept:
        return False
    if not all(any(implies(trait, said) for trait in finding.traits) for said in denial.traits) or not _reaches(
        denial, finding
    ):
        return False
    if finding.ongoing is False or any(implies(trait, OVER) for trait in finding.traits):
        return False
    if finding.started is not None and denial.started is not None:
        return finding.started == denial.started
    if finding.started is None and any(is_a(finding.concept, lasting) for lasting in lifelong()):
        return True
    return denial.started is None and not (is_event(finding) or finding.ended is not None)


def _later(denial: Finding, finding: Finding) -> bool:
    """Whether the denial is of a later day: "HBsAg positive in 2020, negative in 2025"."""
    if finding.concept != denial.concept or denial.other or denial.traits or denial.started is None or finding.started is None:
        return False
    seen, before = denial.started.first, (finding.ended or finding.started).last
    return seen is not None and before is not None and seen > before


def _positive(condition: Has, one: str, positive: list[Held], related: list[Finding], case: Case) -> Judgement:
    findings = [held.finding for held in positive]
    denials = [f for f in related if not f.present and f.certain]
    clash = next((d for d in denials if any(_clash(f, d) for f in findings)), None)
    if clash is not None:
        words = (*(f.words for f in findings), clash.words)
        fact = f"{quoted(findings[0].words)} and {quoted(clash.words)}, which contradict each other"
        wanted = Wanted("concept", one, f"which of the two holds for {concept_name(one)}", condition.family, detail=True)
        return Judgement(UNKNOWN, (_reason(condition, fact),), words, conflicting=True, missing=(wanted,))
    later = (
        None if condition.ever or condition.window else next((d for d in denials if all(_later(d, f) for f in findings)), None)
    )
    if later is not None:
        return _denied(condition, later, [])
    best = positive[0]
    said = f" ({best.said})" if best.said else ""
    fact = f"{quoted(best.finding.words)}{_counts_as(best.finding.concept, one)}{said}"
    return Judgement(TRUE, (_reason(condition, fact),), (best.finding.words,), changes=_way_out(condition, positive, case))


def _counts_as(concept: str, one: str) -> str:
    return f" ({concept_name(concept)} counts as {concept_name(one)})" if concept != one else " says so"


def _way_out(condition: Has, positive: list[Held], case: Case) -> tuple[str, ...]:
    """The first clear day of a washout; that nothing can undo the past; nothing where a state may change by itself."""
    if condition.window is None:
        return (FIXED,) if condition.ever else ()
    if condition.window.event is not None:
        return ()
    ends = [(held.finding.ended or (held.finding.started if is_event(held.finding) else None)) for held in positive]
    clear = [first_clear_day(condition.window, end, case.clock) if end else None for end in ends]
    if any(one is None for one in clear):
        return ()
    last = max(range(len(clear)), key=lambda place: str(clear[place]))
    window = " ".join(condition.window.words.split())
    begins = "a start" if condition.window.anchor == "start" else "a screening"
    return (f"{begins} from {clear[last]} on (clear of “{window}”, the last being {day(ends[last])})",)  # type: ignore[arg-type]


def _denied(condition: Has, denial: Finding, failed: list[Held]) -> Judgement:
    fact = f"{quoted(denial.words)} denies it"
    past = "".join(f"; {quoted(held.finding.words)}: {held.said}" for held in failed[:2])
    words = (denial.words, *(held.finding.words for held in failed))
    return Judgement(FALSE, (_reason(condition, fact + past),), words)


def _failed(condition: Has, failed: list[Held]) -> Judgement:
    fact = "; ".join(dict.fromkeys(f"{quoted(held.finding.words)}: {held.said}" for held in failed[:2]))
    return Judgement(FALSE, (_reason(condition, fact),), tuple(held.finding.words for held in failed))


def _unknown(
    condition: Has, one: str, open_: list[Held], failed: list[Held], guesses: tuple[Finding, ...], denials: list[Finding]
) -> Judgement:
    name = named(condition) if condition.other else concept_name(one)
    family = " in the family" if condition.family else ""
    reasons: tuple[Reason, ...] = ()
    if open_:
        facts = []
        reasons = tuple(_gap(condition, held) for held in open_[:2])
        words = tuple(held.finding.words for held in open_)
        wanted = _of_it(open_[0].wanted or "more", concept_name(open_[0].finding.concept))
    elif guesses:
        facts = [f"{quoted(guesses[0].words)}, which leaves it open"]
        words = tuple(f.words for f in guesses)
        wanted = f"{name}{family}"
    elif denials:
        facts = [f"{quoted(denials[0].words)}, which does not cover all of it"]
        words = (denials[0].words,)
        wanted = asked(condition)
    elif failed:
        facts = [f"{quoted(failed[0].finding.words)}: {failed[0].said}; anything else of this kind is not mentioned"]
        words = tuple(held.finding.words for held in failed)
        wanted = f"any other {name}"
    else:
        unsaid = Wanted("concept", one, asked(condition), condition.family)
        return Judgement(UNKNOWN, (silence(asked(condition)),), missing=(unsaid,))
    reasons = reasons or tuple(_reason(condition, fact) for fact in facts)
    return Judgement(UNKNOWN, reasons, words, missing=(Wanted("concept", one, wanted, condition.family, detail=bool(open_)),))


def _gap(condition: Has, held: Held) -> Reason:
    """What is not said of a finding: "whether “Asthma” is controlled is not stated"."""
    quote = quoted(held.finding.words)
    if not held.wanted or held.said != f"{held.wanted} is not said":
        return _reason(condition, f"{quote}: {held.said}")
    open_ = _of_it(held.wanted, quote)
    return Reason(f"{open_} is not stated", f"you did not say {open_}", asked(condition))


def _of_it(wanted: str, name: str) -> str:
    """What is wanted of a thing, with its name: "whether asthma is controlled", "the grade of pneumonitis"."""
    if wanted.startswith("its "):
        return f"the {wanted.removeprefix('its ')} of {name}"
    return re.sub(r"\bit (is|was)\b", lambda verb: f"{name} {verb[1]}", wanted) if " it " in wanted else f"{wanted} ({name})"


def _outside(condition: Has, why: Outside, case: Case) -> Judgement:
    reason = Reason(why.fact, why.plain, asked(condition))
    truth = FALSE if case.grouping else UNKNOWN
    return Judgement(truth, (reason,), why.words, aside=not case.grouping)


def _reason(condition: Has, fact: str) -> Reason:
    return Reason(fact, plain(fact), asked(condition))
