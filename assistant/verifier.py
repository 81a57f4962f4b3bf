"""Stands behind every voice: a sentence is shown when its citations prove it, and is dropped and counted when they do not.

What the deterministic answer says was worked out by code from the record; its sentences may be said in other words. What a chat model
adds to that must stand in the passages that it cites.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from assistant.citations import holds
from assistant.claims import (
    Part,
    calls_eligible,
    codes,
    concepts,
    denied,
    denies,
    digits,
    excludes,
    fails,
    lets_in,
    measured,
    meets,
    numbers,
    parts,
    with_wider,
    without_outcomes,
)
from assistant.eligibility.ranges import Range
from assistant.reply import Citation, Reply, Sentence, Verdict
from index.scope import NCT
from index.trial import Source
from index.words import GENERIC, stem, stems

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to rows of length 1."""
Entails = Callable[[str, str], float]
"""How likely (0 … 1) a passage entails a sentence."""
Stance = Literal["pass", "fail"]
Reason = Literal[
    "citation",
    "quote",
    "trial",
    "number",
    "unit",
    "measure",
    "negation",
    "verdict",
    "eligible",
    "concept",
    "unsupported",
    "entailment",
]
"""Why a sentence is withheld."""

SHARED: Final = 0.6
"""Share of a sentence's words that stand in what it rests on: enough by itself."""
SHARED_AT_LEAST: Final = 0.3
ALIKE: Final = 0.45
"""Cosine to what it rests on, from which fewer shared words are enough (all-MiniLM-L6-v2; unrelated clinical sentences lie below 0.3)."""
NEAR: Final = 0.5
"""Share of a statement's words from which another is one on the same."""
ENTAILED: Final = 0.5
"""Probability of entailment that is asked for where a cross-encoder is configured."""
_PLAIN: Final = frozenset(map(stem, (*GENERIC, "line", "point", "value", "answer")))
"""Stems of words that say nothing by themselves."""
_QUOTED: Final = re.compile(r"[“\"]([^“”\"]{12,})[”\"]")
_ANSWERS: Final = re.compile(r"^\W*(yes|no)\b[,.:;!–-]", re.IGNORECASE)


@dataclass(frozen=True)
class Ground:
    """What a sentence may rest on besides the passages that it cites."""

    told: str = ""
    """The question, and the patient's own words."""
    derived: tuple[str, ...] = ()
    """The sentences of the deterministic answer."""
    trials: tuple[str, ...] = ()
    verdict: Verdict | None = None
    excluded: bool = False
    """The question asks what rules out, so that its "yes" is a "does not pass"."""
    embed: Embed | None = None
    entails: Entails | None = None

    @cached_property
    def all_derived(self) -> str:
        """The deterministic answer."""
        return "\n".join(self.derived)

    @property
    def stance(self) -> Stance | None:
        """What the verdict says of the patient."""
        if self.verdict not in {"yes", "no"}:
            return None
        return "pass" if (self.verdict == "yes") != self.excluded else "fail"


def fault(text: str, cited: Sequence[Citation], ground: Ground) -> Reason | None:
    """Why a chat model's sentence may not be shown; None where it may. The citations themselves are checked before."""
    if " ".join(text.split()) in ground.derived:
        return None  # the deterministic answer's own words
    quotes = "\n".join(citation.quote for citation in cited)
    checks: Iterable[tuple[Reason, Callable[[str, str, Sequence[Citation], Ground], bool]]] = (
        ("eligible", lambda said, *_: calls_eligible(said)),
        ("trial", _foreign_trial),
        ("quote", _misquoted),
        ("number", _invented_number),
        ("unit", _other_unit),
        ("measure", _other_measure),
        ("verdict", _contradicts),
        ("negation", _turned_round),
        ("concept", _foreign_concept),
        ("unsupported", _unsupported),
        ("entailment", _not_entailed),
    )
    return next((reason for reason, fails_it in checks if fails_it(text, quotes, cited, ground)), None)


def _foreign_trial(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A trial number that is not of the passages cited."""
    known = {citation.trial for citation in cited} or set(ground.trials)
    return not _trials_in(text) <= {*known, *_trials_in(quotes)}


def _trials_in(text: str) -> frozenset[str]:
    return frozenset(f"NCT{number}" for number in NCT.findall(text))


def _misquoted(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """Words between quotation marks that nobody wrote."""
    whole = _folded(f"{quotes}\n{ground.told}\n{ground.all_derived}")
    return any(_folded(quote).rstrip(".,;") not in whole for quote in _QUOTED.findall(text))


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _invented_number(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A number or a code that stands nowhere; or one said to be a limit that no passage states and the answer does not call so."""
    limits = digits(quotes) | {one.value for one in numbers(ground.all_derived) if one.side}
    anywhere = digits(quotes) | digits(ground.all_derived) | digits(ground.told)
    if any(one.value not in (limits if one.side else anywhere) for one in numbers(text)):
        return True
    of_patient = digits(ground.told) | (digits(ground.all_derived) - digits(quotes))
    of_patient |= {one.value for one in numbers(ground.all_derived) if one.own}
    if any(one.own and one.value not in of_patient for one in numbers(text)):
        return True
    known = "".join(f"{quotes} {ground.all_derived} {ground.told}".lower().split())
    return any(code not in known for code in codes(text))


def _other_unit(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A number with another unit than it has wherever it stands with one."""
    held = [one for part in (quotes, ground.all_derived, ground.told) for one in numbers(part) if one.units]
    for one in numbers(text):
        same = [other for other in held if other.value == one.value]
        if one.units and same and not any(one.units & other.units for other in same):
            return True
    return False


def _other_measure(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A bound of a named quantity that is not the one stated: the wrong end, the wrong side, or another quantity's."""
    stated = {(name, one.range) for one in measured(quotes) for name in one.quantities}
    said = {
        (name, one.range) for part in (ground.all_derived, ground.told) for one in measured(part) for name in one.quantities
    }
    turned = bool(cited) and all(citation.section == "exclusion" for citation in cited) != excludes(text)
    for one in measured(text):
        if one.range == Range() or one.range.low == one.range.high:
            continue  # a value is no bound: its number and unit are looked at elsewhere
        ranges = (_complement(one.range), one.range) if turned else (one.range,)
        known = {(name, each) for name in one.quantities for each in ranges}
        if not known & stated and not {(name, one.range) for name in one.quantities} & said:
            return True
    return False


def _complement(bound: Range) -> Range:
    if bound.low > -inf and bound.high == inf:
        return Range(high=bound.low, high_open=not bound.low_open)
    if bound.high < inf and bound.low == -inf:
        return Range(low=bound.high, low_open=not bound.high_open)
    return bound


def _turned_round(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A denial that nothing supports, or one that got lost."""
    barring = [citation.quote for citation in cited if citation.section == "exclusion"]
    if _clashes(text, cited, ground):
        return True
    own = denied(without_outcomes(text))
    around = denied(f"{quotes}\n{ground.all_derived}\n{ground.told}") | frozenset(stems("\n".join(barring)))
    if own and not own & around:
        return True
    negative = denies(text) or excludes(text)
    if cited and len(barring) == len(cited) and not negative and not meets(text) and not fails(text):
        return True
    plain = "\n".join(citation.quote for citation in cited if citation.section != "exclusion")
    return not negative and not fails(text) and bool(denied(plain) & set(stems(text)) - _stated_too(plain))


def _clashes(text: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A statement that denies what the statement nearest to it does not, or leaves out that one's denial."""
    bases = [(part, citation.section == "exclusion") for citation in cited for part in parts(citation.quote)]
    bases += [(part, False) for said in (*ground.derived, ground.told) for part in parts(said)]
    for one in parts(text):
        shared = [len(one.stems & base.stems) for base, _ in bases]
        most = max(shared, default=0)
        if most < 2 or most < NEAR * len(one.stems):
            continue
        nearest = [base for base, number in zip(bases, shared, strict=True) if number == most]
        if all(_clash(one, base, barring) for base, barring in nearest):
            return True
    return False


def _clash(one: Part, base: Part, barring: bool) -> bool:
    """Whether two statements of the same differ in what they deny. A barring one is denied by who has to be free of it."""
    judged = excludes(one.text) or fails(one.text)
    lost = (base.heads & one.stems) - denied(one.text)
    plain = next(iter(parts(without_outcomes(one.text))), one)
    added = (plain.heads & base.stems) - denied(base.text)
    return bool((lost and not judged) or (added and not (barring and not excludes(one.text))))


def _stated_too(text: str) -> frozenset[str]:
    """Stems that a text both denies and states: nothing follows from leaving out the denial."""
    lost = denied(text)
    return frozenset(one for one in lost if stems(text).count(one) > 1)


def _contradicts(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A sentence that answers otherwise than the engine does, or lets in what it does not."""
    if (answer := _ANSWERS.match(text)) and answer[1].lower() != ground.verdict:
        return True
    barring = any(citation.section == "exclusion" for citation in cited)
    unsaid = ground.stance != "pass" and not lets_in(ground.all_derived) and not lets_in(quotes)
    if lets_in(text) and unsaid and (ground.verdict is not None or barring or denies(text) or not cited):
        return True
    if ground.verdict is None and fails(text) and (barring or denies(quotes)):
        return False  # what the record bars may be said to be barred
    for stance, says in (("pass", meets), ("fail", fails)):
        if says(text) and stance != ground.stance and (ground.stance is not None or not says(ground.all_derived)):
            return True
    return False


def _foreign_concept(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A disease, a drug or a test that neither the passages nor the answer nor the question names."""
    return not concepts(text) <= with_wider(f"{quotes}\n{ground.all_derived}\n{ground.told}")


def _unsupported(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """A sentence that neither shares enough words with what it rests on nor is like it."""
    own = frozenset(stems(without_outcomes(text))) - _PLAIN
    bases = [quotes, *ground.derived] if cited else list(ground.derived)
    known = frozenset(stems("\n".join((*bases, ground.told))))
    shared = len(own & known) / len(own) if own else 1.0
    if shared >= SHARED:
        return not cited and bool(numbers(text))
    if shared < SHARED_AT_LEAST or not cited or ground.embed is None:
        return True
    rows = ground.embed([text, *(base for base in bases if base.strip())])
    return float((rows[1:] @ rows[0]).max(initial=0.0)) < ALIKE


def _not_entailed(text: str, quotes: str, cited: Sequence[Citation], ground: Ground) -> bool:
    """Where a cross-encoder is configured: a sentence that does not follow from what it cites and the answer."""
    if ground.entails is None:
        return False
    premise = "\n".join(part for part in (quotes, ground.all_derived, ground.told) if part)
    return ground.entails(premise, text) < ENTAILED


# The deterministic voice: its words are the record's own or worked out by code; what it points at is held to the documents.

_COUNTED: Final = re.compile(
    r"\b\d+ of \d+ (?:lines|indexed trials)\b|\b\d+ are not known yet\b|\band \d+ (?:more|others?)\b|\b\d+ (?:more|others?|sites?|lines?)\b"
    r"|\b(?:inclusion|exclusion)[ /][\d.]+|\b(?:primary|secondary|main|further) outcome \d+:",
    re.IGNORECASE,
)
"""What a sentence of ours counts, and the numbers that lines go by."""
_NOTHING_LEFT: Final = "What was found could not be proven from the documents, so it is not shown."


def proven(reply: Reply, sources: Iterable[Source], *, told: str = "", worked: str = "") -> Reply:
    """The deterministic reply as it may be shown: a sentence whose citations, trial numbers or numbers do not hold is taken out.

    `told`: what the person said; `worked`: what the engine worked out, with its working.
    """
    documents = {source.document: source for source in sources}
    sound = [one.document in documents and holds(one, documents[one.document]) for one in reply.citations]
    kept: list[Sentence] = []
    counts: dict[str, int] = dict(reply.withheld)
    for sentence in reply.sentences:
        reason = own_fault(sentence, reply, sound, f"{told}\n{worked}")
        if reason is None:
            kept.append(sentence)
        else:
            counts[reason] = counts.get(reason, 0) + 1
    if counts == reply.withheld:
        return reply
    if not kept:
        return Reply("not_stated", (Sentence(_NOTHING_LEFT),), trials=reply.trials, as_of=reply.as_of, withheld=counts)
    return replace(reply, sentences=tuple(kept), withheld=counts)


def own_fault(sentence: Sentence, reply: Reply, sound: Sequence[bool], known: str) -> Reason | None:
    """Why a sentence of the deterministic answer may not be shown; None where it may. `known`: what it may say beside its passages."""
    if not all(0 <= at < len(sound) for at in sentence.citations):
        return "citation"
    if not all(sound[at] for at in sentence.citations):
        return "quote"
    if not sentence.citations:
        return None  # it states no fact of a document
    cited = [reply.citations[at] for at in sentence.citations]
    quotes = "\n".join(citation.quote for citation in cited)
    trials = {*reply.trials, *(citation.trial for citation in cited)}
    if not _trials_in(sentence.text) <= {*trials, *_trials_in(f"{quotes}\n{known}")}:
        return "trial"
    bare = sentence.text
    for trial in trials:
        bare = bare.replace(trial, " ")
    return "number" if _unknown_numbers(bare, f"{quotes}\n{known}") else None


def _unknown_numbers(text: str, known: str) -> frozenset[str]:
    """The numbers of a sentence of ours that stand nowhere and are not shown to be worked out."""
    bare = _COUNTED.sub(" ", text)
    return frozenset(one.value for one in numbers(bare)) - digits(known) - _worked_out(bare)


def _worked_out(text: str) -> frozenset[str]:
    """Numbers that a sentence shows to be worked out ("8.8 g/dL = 88 g/L")."""
    return frozenset(value for part in re.split("[=≈]", text)[1:] for value in digits(part[:40]))
