"""The events that a window counts from, as conditions: "completion of radical radiotherapy", "the last dose", "diagnosis"."""

from collections.abc import Iterable
from functools import cache
from typing import Literal

from assistant.eligibility.conditions import AllOf, Condition, Has, Unparsed
from assistant.eligibility.knowledge import rows
from assistant.eligibility.parse.scene import Scene
from assistant.eligibility.parse.shapes import any_of
from assistant.eligibility.parse.tokens import Token, Tokens
from assistant.eligibility.parse.tokens import tokens as tokens_of
from assistant.eligibility.vocabulary import concepts

ANY_TREATMENT = "anticancer-therapy"
STUDY_DISEASE = "study-disease"
_CURATIVE = "curative-therapy"


@cache
def event_words(role: str) -> frozenset[str]:
    """The words with one role (`event-words.tsv`)."""
    return frozenset(word for row in rows("event-words.tsv") if row["role"] == role for word in row["words"].split())


def event(words: str, scene: Scene) -> tuple[Condition, Literal["start", "end"] | None]:
    """The event that the words name, and which side of it is meant. What they say beyond that is kept as `Unparsed`."""
    row = tuple(part for token in tokens_of(words) for part in (token.inside if token.kind == "paren" else (token,)))
    said = frozenset(token.text.lower() for token in row)
    edge: Literal["start", "end"] | None = (
        "end" if said & event_words("end") else "start" if said & event_words("start") else None
    )
    named = tuple(token for token in row if token.kind == "concept")
    traits = frozenset(token.value.trait for token in row if token.kind == "trait")
    loose = [token for token in row if token.kind not in ("concept", "trait") and not _says_nothing(token)]
    if named:
        read = _any(named, traits, words)
    elif said & event_words("treatment"):
        read = _treatment_of(scene, traits, words)
    elif said & event_words("disease"):
        read, edge = Has((STUDY_DISEASE,), traits, ever=True, words=words), "start"
    else:
        return Has((concepts.words_id(words),), ever=True, words=words), edge
    return (AllOf((read, Unparsed(words))) if loose else read), edge


def _says_nothing(token: Token) -> bool:
    role_words = (
        event_words("empty") | event_words("end") | event_words("start") | event_words("treatment") | event_words("disease")
    )
    return token.text.lower() in role_words or token.kind in ("separator", "stop") or token.is_cue("and", "or")


def _any(named: Tokens, traits: frozenset[str], words: str) -> Condition:
    """One of the concepts named, and a cure by whatever treatment it was."""
    ids = [token.value.concepts for token in named]
    found: list[Condition] = [Has(one, traits, ever=True, words=words) for one in ids]
    if any(_CURATIVE in one for one in ids):
        found.append(Has((ANY_TREATMENT,), traits | {"curative"}, ever=True, words=words))
    return any_of(found) or Unparsed(words)


def _treatment_of(scene: Scene, traits: frozenset[str], words: str) -> Condition:
    """A treatment without a name: the one that the same text names, else any of the cancer."""
    if traits:
        return Has((ANY_TREATMENT,), traits, ever=True, words=words)
    named = tuple(
        token
        for token in _flat(tokens_of(scene.text))
        if token.kind == "concept" and all(is_given(one) for one in token.value.concepts)
    )
    return _any(named, frozenset(), words) if named else Has((ANY_TREATMENT,), ever=True, words=words)


def _flat(row: Tokens) -> Iterable[Token]:
    for token in row:
        yield from token.inside if token.kind == "paren" else (token,)


def is_given(one: str) -> bool:
    """Whether a concept is a drug or another therapy."""
    known = concepts.all_concepts()
    return one in known and known[one].kind in ("drug", "therapy")
