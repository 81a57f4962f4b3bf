"""The parser's own tables, read once: cues and their roles, empty words, groups."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import inf

from assistant.eligibility.knowledge import rows

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Words that name people whom a line binds. `always`: even without "must", as women of childbearing potential."""

    phrases: tuple[str, ...]
    """The longest first; braces hold alternatives: "women {of,with} childbearing potential"."""
    sex: str | None
    concept: str | None
    always: bool


def words_of(phrase: str) -> Phrase:
    """A phrase as the tokeniser cuts it: lower-case, without hyphens."""
    return tuple(word for word in _WORD.findall(phrase.lower().replace("’", "'")) if word != "-")


@cache
def lead_phrases() -> Mapping[str, tuple[tuple[Phrase, str], ...]]:
    """First word → the cues that begin with it and their roles, the longest first (`leads.tsv`)."""
    table: dict[str, list[tuple[Phrase, str]]] = {}
    for row in rows("leads.tsv"):
        for phrase in row["phrases"].split("|"):
            words = words_of(phrase)
            table.setdefault(words[0], []).append((words, row["role"]))
    return {first: tuple(sorted(phrases, key=lambda pair: -len(pair[0]))) for first, phrases in table.items()}


@cache
def single_leads() -> Mapping[str, str]:
    """The cues of one word and their roles."""
    return {words[0]: role for phrases in lead_phrases().values() for words, role in phrases if len(words) == 1}


@cache
def empty_words() -> frozenset[str]:
    """Words that say nothing of the patient (`fluff.tsv`)."""
    return frozenset(word for row in rows("fluff.tsv") if row["beside"] == "no" for word in row["words"].lower().split())


@cache
def soft_words() -> frozenset[str]:
    """Words that say nothing beside something known ("therapy" in "insulin therapy"), and are content by themselves."""
    return (
        frozenset(word for row in rows("fluff.tsv") if row["beside"] == "yes" for word in row["words"].lower().split())
        - empty_words()
    )


@cache
def treating_words() -> frozenset[str]:
    """Words for a treatment that has no name: "therapy for asthma" (`fluff.tsv`, topic "treating")."""
    return frozenset(word for row in rows("fluff.tsv") if row["topic"] == "treating" for word in row["words"].split())


@cache
def groups() -> tuple[Group, ...]:
    """The groups of `groups.tsv`."""
    return tuple(
        Group(
            tuple(sorted(row["phrases"].split("|"), key=len, reverse=True)),
            row["sex"] or None,
            row["concept"] or None,
            row["always"] == "yes",
        )
        for row in rows("groups.tsv")
    )


@cache
def pairs() -> Mapping[frozenset[str], str]:
    """Quantities named together with one bound → "all" or "any", whatever the conjunction says (`pairs.tsv`)."""
    return {frozenset(row["quantities"].split()): row["holds"] for row in rows("pairs.tsv")}


@cache
def methods() -> frozenset[tuple[str, str]]:
    """Examinations with the quantities that they yield (`methods.tsv`)."""
    return frozenset((row["concept"], each) for row in rows("methods.tsv") for each in row["quantities"].split())


@cache
def therapeutic_inr() -> tuple[float, float]:
    """The INR that anticoagulation aims at (`limits.tsv`)."""
    return next((float(row["low"]), float(row["high"])) for row in rows("limits.tsv") if row["limit"] == "therapeutic")


@cache
def objects() -> Mapping[str, str]:
    """Concepts that take an object ("allergy to …") → the concept meant when the object is a drug (`objects.tsv`)."""
    return {row["concept"]: row["meant"] for row in rows("objects.tsv")}


@cache
def own_will() -> Mapping[str, bool]:
    """Concepts that lie in the patient's own will → whether a line that names nothing else is (`own-will.tsv`)."""
    return {row["concept"]: row["alone"] == "yes" for row in rows("own-will.tsv")}


@cache
def whole_will() -> frozenset[str]:
    """Of those the ones that words beside them narrow: "able to walk 500 m"."""
    return frozenset(row["concept"] for row in rows("own-will.tsv") if row["whole"] == "yes")


@cache
def ages_named() -> Mapping[str, tuple[float, float]]:
    """Words for an age group → from and below how many years (`age-groups.tsv`)."""
    return {
        word.strip(): (float(row["from"] or 0), float(row["below"] or inf))
        for row in rows("age-groups.tsv")
        for word in row["words"].split("|")
    }


@cache
def unsaid_traits() -> frozenset[str]:
    """Traits that a criterion names without narrowing what it means: "known or suspected" (`unsaid-traits.tsv`)."""
    return frozenset(row["trait"] for row in rows("unsaid-traits.tsv"))


@cache
def shared_nouns() -> frozenset[str]:
    """Nouns that several words before them share: "liver and kidney function" (`shared-nouns.tsv`)."""
    return frozenset(word for row in rows("shared-nouns.tsv") for word in row["words"].split())


@cache
def episode_nouns() -> frozenset[str]:
    """Of those the ones for an episode of an illness: "asthma or eczema flares" means neither illness by itself."""
    return frozenset(word for row in rows("shared-nouns.tsv") if row["says"] == "episode" for word in row["words"].split())


@cache
def unnarrowing() -> frozenset[str]:
    """Words that do not narrow what they stand beside, but compare, deny or measure it (`unnarrowing.tsv`)."""
    return frozenset(word for row in rows("unnarrowing.tsv") for word in row["words"].split())


@cache
def defined_traits() -> Mapping[str, bool]:
    """Traits that values in brackets define, rather than narrow → whether the values are all that they say (`defined-traits.tsv`)."""
    return {row["trait"]: row["alone"] == "yes" for row in rows("defined-traits.tsv")}


@cache
def shown_by() -> frozenset[tuple[str, str]]:
    """Conditions with the quantities that show them (`signs.tsv`)."""
    return frozenset((row["concept"], row["quantity"]) for row in rows("signs.tsv"))
