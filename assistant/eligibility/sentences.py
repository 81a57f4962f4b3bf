"""One plain sentence for a verdict, from the reasons of a judgement: the same facts for clinicians and for patients."""

import re
from collections.abc import Iterable, Sequence

from assistant.eligibility.judge.judgement import FIXED, Judgement, Reason
from assistant.eligibility.truth import TRUE, UNKNOWN
from assistant.reply import Audience
from assistant.voices import Voiced
from index.trial import Kind

_MOST = 3
"""As many missing values or things not mentioned are named; the rest are counted."""
_MOST_WORDS = 35
"""Beyond these no further clause is begun."""
_EVER = "a history of "
_LONGEST_RULE = 14
"""Words of the criterion that are repeated."""


def sentence(judgement: Judgement, kind: Kind, audience: Audience, *, beside: Voiced | None = None) -> str:
    """Both sides, what decides first: in one sentence, for a patient in short ones. `beside`: what else bears on it, put last."""
    said = [reason for reason in judgement.reasons if reason.about == "said"]
    passes = None if judgement.truth is UNKNOWN else (judgement.truth is TRUE) == (kind == "inclusion")
    if judgement.not_applicable:
        clauses = _inapplicable(said)
    elif passes is None:
        clauses = [_open(reason, _is_barred(reason, kind)) for reason in said]
    else:
        clauses = _decided(said, kind, passes)
    clauses += _unsaid(judgement)
    parts = [part.to(audience) for part in (*_capped(clauses), *([beside] if beside else []))]
    if not parts:
        return "Nothing decides this." if judgement.truth is UNKNOWN else "This is the same for everybody."
    return " ".join(f"{_begun(part)}." for part in parts) if audience == "patient" else f"{_begun('; '.join(parts))}."


def _begun(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}"


def _capped(clauses: Iterable[Voiced]) -> list[Voiced]:
    """The clauses, as many as a clinician reads at a glance, so that both voices say the same; what is left out is counted."""
    once = list({clause.exact: clause for clause in clauses if clause.exact}.values())
    kept = once[:1]
    for clause in once[1:]:
        if len(f"{'; '.join(one.exact for one in kept)} {clause.exact}".split()) > _MOST_WORDS:
            more, last = f" (and {len(once) - len(kept)} more)", kept[-1]
            return [*kept[:-1], Voiced(last.exact + more, last.plain + more)]
        kept.append(clause)
    return kept


_UNSAID = {
    ("silence", False): "not stated: {names}",
    ("silence", True): "you have not told us about {names}",
    ("absence", False): "not mentioned, so taken as absent: {names}",
    ("absence", True): "you did not mention {names}, so we took it as a no",
    ("unclear", False): "not understood in the criterion: “{names}”",
    ("unclear", True): "we could not make sense of these words of the trial: “{names}”",
}
"""What is said of silence and of words that were not understood, for clinicians and (True) for patients."""


def _unsaid(judgement: Judgement) -> list[Voiced]:
    found = []
    for about in ("absence", "silence", "unclear"):
        rules = (reason.rule for reason in judgement.reasons if reason.about == about)
        names = dict.fromkeys(_short(rule.removeprefix(_EVER)) for rule in rules)
        if names:
            exact, plain = (_UNSAID[about, patient].format(names=_listed(", ", names)) for patient in (False, True))
            found.append(Voiced(exact, plain))
    return found


def _plainly(rule: str) -> str:
    """What the line names, for a patient: "a history of" in plainer words."""
    return f"{_short(rule.removeprefix(_EVER))} at any time" if rule.startswith(_EVER) else _short(rule)


def _short(rule: str) -> str:
    """What the line names, cut where it is the line's own long wording."""
    rule = _NEEDS.sub("", rule)
    words = rule.split()
    return rule if len(words) <= _LONGEST_RULE else f"{' '.join(words[:_LONGEST_RULE]).rstrip(',;:(')} …"


_NEEDS = re.compile(r"^(?:must (?:have|be)|have|has)\s+", re.IGNORECASE)


def _inapplicable(said: Sequence[Reason]) -> list[Voiced]:
    """ "The patient is male; this line is about pregnancy"."""
    rules = dict.fromkeys(_short(reason.rule) for reason in said if reason.rule)
    about = [f"this line is about {_listed(', ', rules)}"] if rules else []
    return [*(Voiced(reason.fact, reason.plain) for reason in said), *(Voiced(one, one) for one in about)]


def _is_barred(reason: Reason, kind: Kind) -> bool:
    return reason.barred != (kind == "exclusion")


_TAILS = {
    (False, True, False): ", and {rule} is required",
    (False, False, False): ", but {rule} is required",
    (True, True, False): "; only {rule} is excluded",
    (True, False, False): ", and {rule} is excluded",
    (False, True, True): ", and the trial asks for {rule}",
    (False, False, True): ", but the trial asks for {rule}",
    (True, True, True): ", and the trial only leaves out {rule}",
    (True, False, True): ", and the trial leaves out {rule}",
}
"""How what the line names follows a fact: by whether it is barred, whether the patient passes, and whether the patient is told."""
_DENIES, _SAYS = "” denies it", re.compile(r"” says (?:so|it)$")


def _decided(said: Sequence[Reason], kind: Kind, passes: bool) -> list[Voiced]:
    """A clause for each fact, with all that it decides, and for facts that decide the same."""
    rules: dict[tuple[Voiced, bool], list[str]] = {}
    for reason in said:
        rules.setdefault((Voiced(reason.fact, reason.plain), _is_barred(reason, kind)), []).append(reason.rule)
    facts: dict[tuple[Voiced, bool], list[Voiced]] = {}
    for (fact, barred), named in rules.items():
        first, *more = dict.fromkeys(rule for rule in named if rule) or [""]
        others = [_short(one.removeprefix(_EVER)) for one in more]
        rule = Voiced(_listed(", ", [_short(first), *others]), _listed(", ", [_plainly(first), *others]))
        facts.setdefault((rule, barred), []).append(fact)
    return [
        Voiced(
            _clause(" and ".join(fact.exact for fact in some[:2]), rule.exact, barred, passes, patient=False),
            _clause(" and ".join(fact.plain for fact in some[:2]), rule.plain, barred, passes, patient=True),
        )
        for (rule, barred), some in facts.items()
    ]


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


def _open(reason: Reason, barred: bool) -> Voiced:
    """What is there and leaves it open: "whether “Asthma” is controlled is not stated"."""
    exact = _left_open(reason.fact, _short(reason.rule), "is excluded" if barred else "is required")
    plain = _left_open(reason.plain, _plainly(reason.rule), "the trial leaves out" if barred else "the trial asks for")
    return Voiced(exact, plain)


def _left_open(fact: str, rule: str, stands: str) -> str:
    if fact.endswith("which contradict each other"):
        return fact.replace(", which contradict each other", f" contradict each other{f' on {rule}' if rule else ''}")
    if not rule or rule in fact or fact.startswith(("whether ", "the ", "you did not say ")):
        return fact
    named = _without_name(rule, fact)
    return f"{fact} ({f'{stands} {named}' if stands.startswith('the ') else f'{named} {stands}'})"


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
