"""What findings entail, and which of them a later sentence ends, renews or takes back."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue
from assistant.eligibility.notes.scope import kind_of
from assistant.eligibility.patient import Finding, Grading, Sex, Words
from assistant.eligibility.vocabulary.concepts import all_concepts, find, is_a


def of_concepts(made: Sequence[Finding]) -> Iterator[Finding]:
    """What a finding entails: a womb removed is no childbearing potential; a metastatic cancer is a metastasis."""
    rules = [(row["words"], row["concept"], row["present"] == "yes") for row in rows("implied.tsv") if row["says"] == "concept"]
    traits = [(row["words"], row["detail"], row["concept"]) for row in rows("implied.tsv") if row["says"] == "trait"]
    for one in made:
        if one.present and one.certain and one.who == "patient" and one.concept in all_concepts():
            for concept, entailed, present in rules:
                if is_a(one.concept, concept):
                    yield Finding(entailed, present, one.words)
            for trait, of, entailed in traits:
                if trait in one.traits and is_a(one.concept, of):
                    yield Finding(entailed, True, one.words, started=one.started, count=one.count, size_mm=one.size_mm)
        if one.present and one.certain and one.who == "family":
            for row in rows("implied.tsv"):
                if row["says"] == "family" and one.concept == row["words"]:
                    yield Finding(row["concept"], True, one.words, started=one.started)


_ONLY = re.compile(r"\s*only\b", re.IGNORECASE)


def only_allergies(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Allergic to shellfish only" denies every other allergy."""
    for one in made:
        if (
            one.present
            and one.certain
            and one.who == "patient"
            and one.concept in all_concepts()
            and is_a(one.concept, "allergy")
        ):
            behind = _ONLY.match(text, one.words.end)
            if behind:
                words = Words(one.words.start, behind.end(), text[one.words.start : behind.end()])
                yield Finding("allergy", False, words, other=True)


_GAVE = re.compile(
    r"\s*(?:gave|has given|caused|triggered|provoked|led to|resulted in|brought on)\s+"
    r"(?:(?:me|him|her|the patient|an?|severe|acute)\s+){0,3}",
    re.IGNORECASE,
)


def of_reactions(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Infliximab gave me anaphylaxis" is an allergy to it, severe as anaphylaxis is (WAO 2020)."""
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    for reaction in (one for one in own if one.concept == "anaphylaxis"):
        start = max(0, reaction.words.start - 120)
        named = find(text[start : reaction.words.end])
        for drug, after in pairwise(named):
            if "anaphylaxis" in after.concepts and _GAVE.fullmatch(text, start + drug.end, start + after.start):
                for allergy in find(f"allergy to {text[start + drug.start : start + drug.end]}"):
                    for id in allergy.concepts:
                        if is_a(id, "allergy") or id not in all_concepts():
                            yield Finding(id, True, reaction.words, frozenset({"severe"}), started=reaction.started)


def of_classes(found: Sequence[Grading]) -> Iterator[Finding]:
    """What a class of a scale says by definition: M0 is no distant metastasis."""
    said = {row["words"]: row for row in rows("implied.tsv") if row["says"] == "grading"}
    for one in found:
        for name, row in said.items():
            scale, _, value = name.partition(":")
            if one.scale == scale and one.values and all(other == value or other.startswith(value) for other in one.values):
                yield Finding(row["concept"], row["present"] == "yes", one.words, started=one.given, ended=one.given)


def sex_of(made: Sequence[Finding]) -> tuple[Sex | None, Words | None]:
    """The sex that a finding implies: who is pregnant is female."""
    sexes = [(row["words"], row["detail"]) for row in rows("implied.tsv") if row["says"] == "sex"]
    for one in made:
        if one.present and one.certain and one.who == "patient":
            for concept, sex in sexes:
                if is_a(one.concept, concept):
                    return ("female" if sex == "female" else "male"), one.words
    return None, None


_SENTENCE_ENDS = re.compile(r"[.!?;](?=\s|$)|\n")


def signed(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding, with what another in its sentence shows of it: "passed out from a low blood sugar" is a severe one."""
    rules = [(row["words"], row["concept"], row["detail"]) for row in rows("implied.tsv") if row["says"] == "sign"]
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    shown = {concept: [one for one in own if is_a(one.concept, concept)][:100] for concept in {sign for _, sign, _ in rules}}
    ill = (
        {id(one) for one in own if any(is_a(one.concept, concept) for concept, _, _ in rules)} if any(shown.values()) else set()
    )
    for one in made:
        if id(one) in ill:
            for concept, sign, trait in rules:
                if is_a(one.concept, concept):
                    for beside in (each for each in shown[sign] if _one_sentence(text, one.words, each.words)):
                        undated = one.started is None and one.ended is None
                        started, ended = (beside.started, beside.ended) if undated else (one.started, one.ended)
                        one = replace(one, traits=one.traits | {trait}, started=started, ended=ended)
        yield one


def _one_sentence(text: str, one: Words, other: Words) -> bool:
    start, end = min(one.end, other.end), max(one.start, other.start)
    return end - start < 200 and _SENTENCE_ENDS.search(text, start, max(start, end)) is None


def stopped(made: Sequence[Finding]) -> Iterator[Finding]:
    """What a later sentence says to be over is not called ongoing before: "on durvalumab; durvalumab was discontinued"."""
    over: dict[str, int] = {}
    for one in made:
        if one.present and one.certain and one.who == "patient" and one.ongoing is False:
            over[one.concept] = max(over.get(one.concept, -1), one.words.start)
    for one in made:
        again = one.ongoing and one.present and one.who == "patient" and one.words.start < over.get(one.concept, -1)
        yield replace(one, ongoing=None) if again else one


_BEFORE = re.compile(r"\b(?:history|prior|previous|previously|past|before)\b", re.IGNORECASE)


def new_symptoms(made: Iterable[Finding]) -> Iterator[Finding]:
    """ "Presents with wheezing; no history of wheezing": the symptom is new, not denied."""
    found = tuple(made)
    had = {
        one.concept
        for one in found
        if one.present and one.certain and one.who == "patient" and kind_of(one.concept) == "symptom"
    }
    for one in found:
        new = not one.present and one.who == "patient" and one.concept in had and _BEFORE.search(one.words.quote)
        yield replace(one, certain=False) if new else one


def turned(text: str, made: Sequence[Finding], cues: Sequence[Cue]) -> list[Finding]:
    """Takes back what a later sentence corrects: "I have no hepatitis. Actually, I do have hepatitis B."""
    turns = sorted(cue.start for cue in cues if cue.does == "correct")
    if not turns:
        return list(made)
    after: dict[str, int] = {}
    for one in made:
        at = bisect_right(turns, one.words.start + 1) - 1
        if at >= 0 and one.words.start - turns[at] < 120 and one.certain and one.who == "patient":
            after[one.concept] = max(after.get(one.concept, -1), turns[at])
    return [
        replace(one, certain=False) if one.who == "patient" and one.words.start < after.get(one.concept, -1) else one
        for one in made
    ]
