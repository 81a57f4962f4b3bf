"""Reads what a record says of infections: `infections`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final

from assistant.audit.extraction.exceptions import demanded, granted, unless
from assistant.audit.extraction.stretches import Stretch, any_is_a, listed, naming, sentences
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import measures
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
_ACTIVE: Final = re.compile(r"\bactive\b[^,;.]{0,60}$", re.IGNORECASE)
_DENIED: Final = re.compile(r"\b(?:no|not|negative|without|absence of|free of|non)\b", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"\b(?:not (?:be )?(?:required|needed|mandatory|necessary)|no (?:\w+ )?(?:testing|test)\b|screening tests?"
    r"|will be (?:referred|tested|required)|vaccin\w+|is defined|are defined|defined as)",
    re.IGNORECASE,
)


_TREATED: Final = re.compile(r"anti-?\s?(?:retro)?viral", re.IGNORECASE)
"""A treatment: what is denied beside it is not the infection ("no antiretroviral therapy for HIV-positive patients")."""
_DEFERRED: Final = re.compile(r"\bper(?: the)? protocol\b", re.IGNORECASE)
_LOADS: Final = frozenset({"hbv-dna", "hcv-rna", "hiv-rna"})
_LONGEST: Final = 180


@dataclass(frozen=True, slots=True)
class Rule:
    """What a record says of one infection. "HIV infection": Rule("HIV", "excluded")."""

    what: str
    rule: str


def infections(record: Record) -> dict[str, Value]:
    """Each rule once, with the lines that state them."""
    parents = [criterion for criterion in record.trial.criteria if criterion not in record.trial.leaves]
    said = [*((line.text, line.kind, line.span) for line in record.rules.lines), *((c.text, c.kind, c.span) for c in parents)]
    found = [(rule, span) for text, kind, span in said for rule in rules_in(text, kind)]
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
            active = kind == "exclusion" and _ACTIVE.search(text[about[0].start : mention.end])
            yield Rule(f"active {name}" if active else name, rule)
    if kind == "exclusion":
        yield from _others(text, said)


def _names(sentence: Stretch, text: str, concepts: tuple[str, ...]) -> bool:
    return any(sentence.start <= m.start < sentence.end and any_is_a(m, concepts) for m in find(text))


def _rule(about: list[Stretch], said: list[Stretch], text: str, kind: Kind, concepts: tuple[str, ...]) -> str | None:
    """What the sentences about one infection come to."""
    words = [one.words for one in about]
    allowed = next((rule for one in words if (rule := granted(one))), None)
    asked = next((rule for one in words if (rule := demanded(one))), None)
    if kind == "inclusion":
        if allowed and asked and len(words) > 1:
            return f"{asked}, or {allowed.removeprefix('allowed if ')}"
        if allowed:
            return allowed
        first = next(m for m in find(text) if any_is_a(m, concepts) and m.start >= about[0].start)
        denied = (
            first.denies
            or _DENIED.search(text[about[0].start : first.start])
            or re.search(r"\b(?:sero)?negative\b", words[0], re.IGNORECASE)
        )
        if denied and _TREATED.search(words[0]):
            return None
        return "excluded" if denied else asked
    alone = len(_named_in(text)) == 1
    exception = next((rule for one in words if (rule := unless(one))), None)
    later = next((rule for one in said if alone and (rule := granted(one.words))), None)
    if _DEFERRED.search(words[0]):
        return "per protocol"
    return exception or allowed or later or _above(about, text, concepts) or "excluded"


def _above(about: list[Stretch], text: str, concepts: tuple[str, ...]) -> str | None:
    """ "excluded if …", where a viral load bars and not the infection alone."""
    parts = (part for one in about for part in listed(one, text) if _names(part, text, concepts))
    counted = (one for one in parts if any(measure.quantities[0] in _LOADS for measure in measures(one.words)))
    return next((f"excluded if {one.words.split(': ')[-1]}" for one in counted if len(one.words) <= _LONGEST), None)


def _named_in(text: str) -> set[str]:
    return {name for name, concepts in _NAMED.items() if any(any_is_a(mention, concepts) for mention in find(text))}


def _others(text: str, said: list[Stretch]) -> Iterator[Rule]:
    """Infections that no table row names: "active infection requiring systemic therapy"."""
    for stretch in naming(text, _is_other):
        if (
            not said
            or stretch.start >= said[0].end
            or _ASIDE.search(stretch.words)
            or granted(text[stretch.start : said[0].end])
        ):
            continue
        parts = listed(stretch, text) if _named_in(stretch.words) else (stretch,)
        for part in parts:
            words = _BRACKET.sub("", part.words) if _named_in(part.words) else part.words
            if _INFECTS.search(words) and not _named_in(words) and not _UNMEANT.search(words):
                yield Rule(words, unless(text[part.start : said[0].end]) or "excluded")


def _leads(stretch: Stretch, said: list[Stretch]) -> bool:
    """Whether a stretch stands in what is barred, and not in what is explained after it."""
    sentence = next(one for one in said if one.start <= stretch.start < one.end)
    return sentence is said[0] or sentence.words.lower().lstrip().startswith("including")


_BRACKET: Final = re.compile(r"\s?\([^()]*\)")
_INFECTS: Final = re.compile(
    r"infect|sepsis|septic|bacter|viral|virus|fung|herp|zoster|pneumonia|tubercul|parasit|mycosis", re.IGNORECASE
)
_UNMEANT: Final = re.compile(
    r"^(?:which|that)\b|risk of|\brecovered\b|contraindication|cancer|carcinoma|leptomening|hepatitis"
    r"|^(?:[A-C]|chronic|asymptomatic) infections?$|[:：]$",
    re.IGNORECASE,
)


def _is_other(mention: Mention) -> bool:
    every = tuple(concept for concepts in _NAMED.values() for concept in concepts)
    return any_is_a(mention, ("infection",)) and not any_is_a(mention, every) and not mention.denies
