"""One plain sentence for a verdict, from the reasons of a judgement: the same facts for clinicians and for patients."""

import re
from collections.abc import Iterable, Sequence

from assistant.eligibility.judge.judgement import FIXED, Judgement, Reason
from assistant.eligibility.truth import TRUE, UNKNOWN
from assistant.reply import Audience
from index.trial import Kind

_MOST = 3
"""As many missing values or things not mentioned are named; the rest are counted."""
_MOST_WORDS = 35
"""Beyond these no further clause is begun."""
_EVER = "a history of "
_LONGEST_RULE = 14
"""Words of the criterion that are repeated."""


def sentence(judgement: Judgement, kind: Kind, audience: Audience, *, beside: str = "") -> str:
    """Both sides in one sentence, what decides first. `beside`: what else bears on it, put last."""
    patient = audience == "patient"
    said = [reason for reason in judgement.reasons if reason.about == "said"]
    passes = None if judgement.truth is UNKNOWN else (judgement.truth is TRUE) == (kind == "inclusion")
    if judgement.not_applicable:
        clauses = _inapplicable(said, patient=patient)
    elif passes is None:
        clauses = [_open(reason, _is_barred(reason, kind), patient=patient) for reason in said]
    else:
        clauses = _decided(said, kind, passes, patient=patient)
    clauses += _unsaid(judgement, patient=patient)
    whole = "; ".join(part for part in (_capped(clauses), beside) if part)
    if not whole:
        return "Nothing decides this." if judgement.truth is UNKNOWN else "This is the same for everybody."
    return f"{whole[:1].upper()}{whole[1:]}."


def _capped(clauses: Iterable[str]) -> str:
    """The clauses as one, as many as are read at a glance; what is left out is counted."""
    once = list(dict.fromkeys(clause for clause in clauses if clause))
    kept = once[:1]
    for clause in once[1:]:
        if len(f"{kept} {clause}".split()) > _MOST_WORDS:
            return f"{'; '.join(kept)} (and {len(once) - len(kept)} more)"
        kept.append(clause)
    return "; ".join(kept)


_UNSAID = {
    ("silence", False): "not stated: {names}",
    ("silence", True): "you have not told us about {names}",
    ("absence", False): "not mentioned, so taken as absent: {names}",
    ("absence", True): "you did not mention {names}, so we took it as a no",
    ("unclear", False): "not understood in the criterion: “{names}”",
    ("unclear", True): "we could not make sense of these words of the trial: “{names}”",
}
"""What is said of silence and of words that were not understood, for clinicians and (True) for patients."""


def _unsaid(judgement: Judgement, *, patient: bool) -> list[str]:
    found = []
    for about in ("absence", "silence", "unclear"):
        rules = (reason.rule for reason in judgement.reasons if reason.about == about)
        names = dict.fromkeys(_short(rule.removeprefix(_EVER)) for rule in rules)
        if names:
            found.append(_UNSAID[about, patient].format(names=_listed(", ", names)))
    return found


def _short(rule: str) -> str:
    """What the line names, cut where it is the line's own long wording."""
    rule = _NEEDS.sub("", rule)
    words = rule.split()
    return rule if len(words) <= _LONGEST_RULE else f"{' '.join(words[:_LONGEST_RULE]).rstrip(',;:(')} …"


_NEEDS = re.compile(r"^(?:must (?:have|be)|have|has)\s+", re.IGNORECASE)


def _inapplicable(said: Sequence[Reason], *, patient: bool) -> list[str]:
    """ "The patient is male; the line is about pregnancy"."""
    facts = dict.fromkeys(reason.plain if patient else reason.fact for reason in said)
    rules = dict.fromkeys(_short(reason.rule) for reason in said if reason.rule)
    about = f"this line is about {_listed(', ', rules)}" if rules else ""
    return ["; ".join([*facts, *([about] if about else [])])]


def _is_barred(reason: Reason, kind: Kind) -> bool:
    return reason.barred != (kind == "exclusion")


_TAILS = {
    (False, True, False): ", and {rule} is required",
    (False, False, False): ", but {rule} is required",
    (True, True, False): "; only {rule} is excluded",
    (True, False, False): ", and {rule} is excluded",
    (False, True, True): ", and the trial asks for {rule}",
    (False, False, True): ", but the trial asks for {rule}",
    (True, True, True): "; the trial only leaves out {rule}",
    (True, False, True): ", and the trial leaves out {rule}",
}
"""How what the line names follows a fact: by whether it is barred, whether the patient passes, and whether the patient is told."""
_DENIES, _SAYS = "” denies it", re.compile(r"” says (?:so|it)$")


def _decided(said: Sequence[Reason], kind: Kind, passes: bool, *, patient: bool) -> list[str]:
    """A clause for each fact, with all that it decides, and for facts that decide the same."""
    rules: dict[tuple[str, bool], list[str]] = {}
    for reason in said:
        fact = reason.plain if patient else reason.fact
        rules.setdefault((fact, _is_barred(reason, kind)), []).append(reason.rule)
    facts: dict[tuple[str, bool], list[str]] = {}
    for (fact, barred), named in rules.items():
        first, *more = dict.fromkeys(rule for rule in named if rule) or [""]
        rule = _listed(", ", [_short(first), *(_short(one.removeprefix(_EVER)) for one in more)])
        facts.setdefault((rule, barred), []).append(fact)
    return [_clause(" and ".join(some[:2]), rule, barred, passes, patient=patient) for (rule, barred), some in facts.items()]


def _clause(fact: str, rule: str, barred: bool, passes: bool, *, patient: bool) -> str:
    """A fact and what it decides: "“HIV negative” rules out HIV infection", "hemoglobin 94 g/L, and at least 90 g/L is required"."""
    if not rule:
        return (
            fact
            if _SAYS.search(fact) is None
            else f"{_SAYS.sub('”', fact)} {'settles this' if passes else 'stands against this'}"
        )
    if _DENIES in fact:
        needed = "" if passes else ", which is required"
        return f"{fact.replace(_DENIES, f'” rules out {rule}{needed}', 1)}"
    if _SAYS.search(fact):
        return f"{_SAYS.sub('”', fact)} shows {rule}, which is {'excluded' if barred else 'required'}"
    if patient and barred and passes and fact.startswith("you said “") and fact.endswith("”"):
        return f"{fact}, which rules out {rule}"
    if rule in fact:
        return fact
    return fact + _TAILS[barred, passes, patient].format(rule=_without_name(rule, fact))


def _without_name(rule: str, fact: str) -> str:
    """What is asked of a quantity, where the fact has named it: "at least 90 g/L" of "hemoglobin at least 90 g/L"."""
    place = min((at for word in _BOUNDS if (at := rule.find(word)) >= 0), default=0)
    name = rule[:place].strip()
    return rule[place:].removeprefix("from ") if name and (name in fact or name == "age") else rule


_BOUNDS = ("at least ", "at most ", "above ", "below ", "from ")
"""Words with which a range begins."""


def _open(reason: Reason, barred: bool, *, patient: bool) -> str:
    """What is there and leaves it open: "whether “Asthma” is controlled is not stated"."""
    fact, rule = reason.plain if patient else reason.fact, _short(reason.rule)
    if fact.endswith("which contradict each other"):
        return fact.replace(", which contradict each other", f" contradict each other{f' on {rule}' if rule else ''}")
    if not rule or rule in fact or fact.startswith(("whether ", "the ", "you did not say ")):
        return fact
    return f"{fact} ({_without_name(rule, fact)} is {'excluded' if barred else 'required'})"


def _listed(separator: str, items: Iterable[str]) -> str:
    items = list(items)
    rest = f"{separator}and {len(items) - _MOST} more" if len(items) > _MOST else ""
    return separator.join(items[:_MOST]) + rest


def change(judgement: Judgement, *, passes: bool | None) -> str | None:
    """What would flip or settle the verdict, as one noun phrase; None where nothing is known to. `passes`: None where it is open."""
    if judgement.not_applicable:
        return None
    if passes is None:
        return _listed("; ", _answers(judgement)) or None
    ways = [way for way in judgement.changes if not (passes and way == FIXED)]
    return " and ".join(ways) or None


def _answers(judgement: Judgement) -> Iterable[str]:
    """What is waited for: "the date of birth", "a value of hemoglobin", "an answer about HIV infection"."""
    names = dict.fromkeys(_short(wanted.name) for wanted in judgement.missing)
    return [name if name.startswith(_NOUNS) else f"an answer about {name}" for name in names]


_NOUNS = ("a ", "an ", "the ", "any ", "whether ", "when ")
