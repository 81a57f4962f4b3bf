"""Judges words that no table knows: they are looked for, all together, in the clauses of the patient's text."""

from assistant.eligibility.conditions import Has
from assistant.eligibility.judge import silence as silences
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.judgement import Judgement, Reason, Wanted, silence
from assistant.eligibility.judge.will import is_will, own_will
from assistant.eligibility.patient import Clause
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN
from assistant.eligibility.vocabulary.traits import find_traits, implies
from assistant.eligibility.wording import asked, quoted
from index.words import stems


def judge_words(condition: Has, one: str, case: Case) -> Judgement:
    """FALSE where one clause denies all the words; TRUE where one certain clause says them all; else UNKNOWN.

    A single word in a clause is too little to let a patient pass ("ambulatory" in "ambulatory blood pressure").
    """
    words = frozenset(one.removeprefix("w:").split())
    own = own_will(condition.words or " ".join(words), case) if is_will(words) else None
    if own is not None:
        return own
    who = "family" if condition.family else "patient"
    clauses = [clause for clause in case.patient.clauses if clause.who == who]
    holding = [clause for clause in clauses if words and words <= clause.stems]
    denying = [clause for clause in holding if clause.denied and clause.certain and _denies_no_less(clause, words, condition)]
    saying = [clause for clause in holding if not clause.denied and clause.certain]
    if denying and saying:
        return _open(condition, one, [denying[0], saying[0]], ", which are at odds")
    if denying:
        return Judgement(FALSE, (_reason(condition, f"{quoted(denying[0].words)} denies it"),), (denying[0].words,))
    enough = len(words) > 1 or case.passing is FALSE
    if (
        saying
        and enough
        and not (condition.traits or condition.window or condition.grade or condition.count or condition.other)
    ):
        return Judgement(TRUE, (_reason(condition, f"{quoted(saying[0].words)} says it"),), (saying[0].words,))
    if holding:
        return _open(condition, one, holding[:1], ", which does not settle it")
    if case.closed and silences.kind_means_absence("words") and silences.unmentioned(words, case.patient):
        return Judgement(FALSE, (silence(asked(condition), read_as_absent=True),), assumed=True)
    return Judgement(UNKNOWN, (silence(asked(condition)),), missing=(_wanted(condition, one),))


def _denies_no_less(clause: Clause, words: frozenset[str], condition: Has) -> bool:
    """Whether the clause is not narrowed by a trait that was not asked for ("no severe fatigue" leaves mild fatigue open)."""
    quote = clause.words.quote
    said = {mention.trait for mention in find_traits(quote) if not words.issuperset(stems(quote[mention.start : mention.end]))}
    return all(any(implies(trait, narrower) for trait in condition.traits) for narrower in said)


def _open(condition: Has, one: str, clauses: list[Clause], why: str) -> Judgement:
    fact = f"{' and '.join(quoted(clause.words) for clause in clauses)}{why}"
    words = tuple(clause.words for clause in clauses)
    return Judgement(UNKNOWN, (_reason(condition, fact),), words, missing=(_wanted(condition, one),))


def _wanted(condition: Has, one: str) -> Wanted:
    return Wanted("words", one, asked(condition), condition.family)


def _reason(condition: Has, fact: str) -> Reason:
    return Reason(fact, plain(fact), asked(condition))


_SAYS = ("” denies it", "” says so", "” says it")


def plain(fact: str) -> str:
    """A fact that begins with the patient's words, said to the patient."""
    if not fact.startswith("“"):
        return fact
    for says in _SAYS:
        fact = fact.replace(says, "”")
    return f"you said {fact}"
