"""One plain sentence for a verdict, from the reasons of a judgement: the same facts for clinicians and for patients."""

from collections.abc import Iterable, Sequence

from assistant.eligibility.judge.judgement import FIXED, Judgement, Reason
from assistant.eligibility.truth import UNKNOWN
from assistant.reply import Audience
from index.trial import Kind

_MOST = 3
"""As many facts, rules or missing values are named; the rest are counted."""


def sentence(judgement: Judgement, kind: Kind, audience: Audience, *, beside: str = "") -> str:
    """Both sides in one sentence. `beside`: what else bears on it, put last."""
    patient = audience == "patient"
    said = [reason for reason in judgement.reasons if reason.about == "said"]
    facts = _listed("; ", dict.fromkeys(reason.plain if patient else reason.fact for reason in said))
    parts = [facts, *_rules(judgement, said, kind, patient=patient, facts=facts), *_unsaid(judgement, patient=patient), beside]
    whole = "; ".join(part for part in parts if part)
    if not whole:
        return "Nothing decides this." if judgement.truth is UNKNOWN else "This is the same for everybody."
    return f"{whole[:1].upper()}{whole[1:]}."


_UNSAID = {
    ("silence", False): "not mentioned: {names}",
    ("silence", True): "you have not said anything about this: {names}",
    ("absence", False): "not mentioned, so read as absent: {names}",
    ("absence", True): "you did not mention this, so we took it as a no: {names}",
    ("unclear", False): "this wording was not understood: {names}",
    ("unclear", True): "we could not make sense of these words of the trial: {names}",
}
"""What is said of silence and of words that were not understood, for clinicians and (True) for patients."""


def _unsaid(judgement: Judgement, *, patient: bool) -> list[str]:
    found = []
    for about in ("absence", "silence", "unclear"):
        names = dict.fromkeys(reason.rule for reason in judgement.reasons if reason.about == about)
        if names:
            found.append(_UNSAID[about, patient].format(names=_listed(", ", names)))
    return found


def _rules(judgement: Judgement, said: Sequence[Reason], kind: Kind, *, patient: bool, facts: str) -> list[str]:
    """What the line names, once, as asked for or barred; left out where the fact already says it."""
    found: dict[bool, list[str]] = {}
    for reason in said:
        if reason.rule and reason.rule not in facts:
            found.setdefault(_is_barred(reason, kind), []).append(reason.rule)
    if judgement.not_applicable:
        every = dict.fromkeys(rule for rules in found.values() for rule in rules)
        return [f"the line is about {_listed(', ', every)}"] if every else []
    return [_rule(_listed(", ", dict.fromkeys(rules)), barred, patient=patient) for barred, rules in found.items()]


def _is_barred(reason: Reason, kind: Kind) -> bool:
    return reason.barred != (kind == "exclusion")


def _rule(rules: str, barred: bool, *, patient: bool) -> str:
    if patient:
        return f"the trial leaves out people with {rules}" if barred else f"the trial asks for {rules}"
    return f"{'barred' if barred else 'asked'}: {rules}"


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
    names = dict.fromkeys(wanted.name for wanted in judgement.missing)
    return [name if name.startswith(_NOUNS) else f"an answer about {name}" for name in names]


_NOUNS = ("a ", "an ", "the ", "any ")
