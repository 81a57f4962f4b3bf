"""Reads what a record says of infections: `infections`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from assistant.audit.extraction.exceptions import demanded, granted, unless
from assistant.audit.extraction.stretches import Stretch, any_is_a, naming, sentences
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.vocabulary.concepts import Mention, find
from index.trial import Kind

_NAMED: Final = {
    "HIV": ("hiv", "hiv-rna-detectable"),
    "hepatitis B (HBV)": ("hepatitis-b", "hbv-dna-detectable", "anti-hbc"),
    "hepatitis C (HCV)": ("hepatitis-c", "hcv-rna-detectable", "anti-hcv"),
    "tuberculosis": ("tuberculosis-infection",),
    "syphilis": ("syphilis",),
    "COVID-19": ("covid-19",),
    "HTLV": ("htlv-infection",),
    "cytomegalovirus (CMV)": ("cmv-infection",),
}
"""Infections that records name one by one, each with its concepts."""
_OF_TUMOURS: Final = ("hpv-infection", "ebv-infection", "helicobacter-pylori-infection")
"""Infections that inclusion criteria name as a cause of the tumour."""
_ACTIVE: Final = re.compile(r"\bactive\b[^,;.]{0,40}$", re.IGNORECASE)
_DENIED: Final = re.compile(r"\b(?:no|not|negative|without|absence of|free of|non)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"\b(?:not (?:be )?(?:required|needed|mandatory|necessary)|no (?:\w+ )?(?:testing|test)\b|screening tests?"
    r"|will be (?:referred|tested|required)|vaccin\w+|is defined|are defined|defined as)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a record says of one infection. "HIV infection": Rule("HIV", "excluded")."""

    what: str
    rule: str


def infections(record: Record) -> dict[str, Value]:
    """Each rule once, with the lines that state them."""
    found = [(rule, line.span) for line in record.rules.lines for rule in rules_in(line.text, line.kind)]
    values = [asdict(rule) for rule in dict.fromkeys(_merged(rule for rule, _ in found))]
    return {"infections": Value(values, tuple(dict.fromkeys(span for _, span in found)))} if found else {}


def _merged(rules: Iterator[Rule]) -> Iterator[Rule]:
    """The rules, a bare one left out where another line says more of the same infection."""
    listed = list(rules)
    fuller = {rule.what.removeprefix("active ") for rule in listed if rule.rule != "excluded" and _is_named(rule)}
    for rule in listed:
        if not (rule.rule == "excluded" and _is_named(rule) and rule.what.removeprefix("active ") in fuller):
            yield rule


def _is_named(rule: Rule) -> bool:
    return rule.what.removeprefix("active ") in _NAMED


def rules_in(text: str, kind: Kind) -> Iterator[Rule]:
    """The rules of one criterion."""
    said = list(sentences(text))
    for name, concepts in _NAMED.items():
        about = [one for one in said if _names(one, text, concepts) and not _ASIDE.search(one.words)]
        if about and (rule := _rule(about, said, text, kind, concepts)):
            mention = next(m for m in find(text) if any_is_a(m, concepts) and m.start >= about[0].start)
            active = kind == "exclusion" and _ACTIVE.search(text[about[0].start : mention.start])
            yield Rule(f"active {name}" if active else name, rule)
    if kind == "exclusion":
        yield from _others(text, said)


def _names(sentence: Stretch, text: str, concepts: tuple[str, ...]) -> bool:
    return any(sentence.start <= m.start < sentence.end and any_is_a(m, concepts) for m in find(text))


def _rule(about: list[Stretch], said: list[Stretch], text: str, kind: Kind, concepts: tuple[str, ...]) -> str | None:
    """What the sentences about one infection come to."""
    words = [one.words for one in about]
    allowed = next((rule for one in words if (rule := granted(one))), None)
    if kind == "inclusion":
        if allowed:
            return allowed
        first = next(m for m in find(text) if any_is_a(m, concepts) and m.start >= about[0].start)
        denied = (
            first.denies
            or _DENIED.search(text[about[0].start : first.start])
            or re.search(r"\bnegative\b", words[0], re.IGNORECASE)
        )
        return "excluded" if denied else next((rule for one in words if (rule := demanded(one))), None)
    alone = len(_named_in(text)) == 1
    exception = next((rule for one in words if (rule := unless(one))), None)
    later = next((rule for one in said if alone and (rule := granted(one.words))), None)
    return exception or allowed or later or "excluded"


def _named_in(text: str) -> set[str]:
    return {name for name, concepts in _NAMED.items() if any(any_is_a(mention, concepts) for mention in find(text))}


def _others(text: str, said: list[Stretch]) -> Iterator[Rule]:
    """Infections that no table row names: "active infection requiring systemic therapy"."""
    every = tuple(concept for concepts in _NAMED.values() for concept in concepts)

    def other(mention: Mention) -> bool:
        return any_is_a(mention, ("infection",)) and not any_is_a(mention, every) and not mention.denies

    for stretch in naming(text, other):
        if (said and stretch.start >= said[0].end) or _ASIDE.search(stretch.words):
            continue
        yield Rule(stretch.words, unless(text[stretch.start :]) or "excluded")
