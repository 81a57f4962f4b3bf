"""Chooses the one question whose answer is expected to settle most criteria, and words it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from assistant.eligibility.assessment import NextQuestion
from assistant.eligibility.judge.judgement import Wanted
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.vocabulary.concepts import concept, is_a
from assistant.eligibility.wording import concept_name
from assistant.reply import Audience
from index.trial import Kind

_CAN_RULE_OUT = 1.25
"""How much more an answer to an exclusion line weighs: it can end the search, and most are answered at once."""


_LONGEST = 160
"""Characters of a criterion that a question repeats."""
_UNREAD = 0.5
"""How much less a question in the criterion's own words weighs: the answer may not be understood either."""


@dataclass(frozen=True, slots=True)
class Open:
    """A criterion that is not settled, and the facts that it waits for."""

    id: str
    kind: Kind
    missing: tuple[Wanted, ...]
    text: str = ""
    """The criterion's own words, to ask for what no table knows."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How one fact is asked for."""

    what: str
    """concept, quantity, scale, age, sex; or "kind" and "any", the words for what has no row of its own."""
    id: str
    patient: str
    """US grade 8 at most."""
    clinician: str

    def text(self, audience: Audience, name: str) -> str:
        """The question, with the name filled in where it has a place for one."""
        return (self.patient if audience == "patient" else self.clinician).replace("{name}", name)


@dataclass(frozen=True, slots=True)
class _Topic:
    """What one question asks about."""

    wording: Wording
    name: str


@cache
def wordings() -> tuple[Wording, ...]:
    """The table of questions."""
    return tuple(Wording(row["what"], row["id"], row["patient"], row["clinician"]) for row in rows("questions.tsv"))


def next_question(open_: Sequence[Open], audience: Audience) -> NextQuestion | None:
    """The question that settles most of the open criteria; None where no fact would."""
    weights: dict[_Topic, float] = {}
    settles: dict[_Topic, list[str]] = {}
    for line in open_:
        askable = [wanted for wanted in line.missing if wanted.askable]
        topics = [tuple(_topics(wanted, line.text)) for wanted in askable]
        for topic in {topic for some in topics for topic in some}:
            share = sum(topic in some for some in topics) / len(line.missing)
            weights[topic] = weights.get(topic, 0.0) + share * _weight(line, topic)
            settles.setdefault(topic, []).append(line.id)
    if not weights:
        return None
    best = max(weights, key=lambda topic: (weights[topic], not _is_wide(topic), topic.wording.id, topic.name))
    return NextQuestion(best.wording.text(audience, best.name), tuple(settles[best]))


def _weight(line: Open, topic: _Topic) -> float:
    return (_CAN_RULE_OUT if line.kind == "exclusion" else 1.0) * (_UNREAD if topic.wording.id == "words" else 1.0)


def _is_wide(topic: _Topic) -> bool:
    return topic.wording.what == "concept"


def _topics(wanted: Wanted, line: str) -> Iterator[_Topic]:
    """The questions that would bring out a fact: its own, and those of wider concepts; the line's own words for unknown ones."""
    if wanted.detail:
        yield _Topic(_generic("detail"), wanted.name)
        return
    if wanted.family or wanted.about == "words":
        yield _Topic(_generic("words"), wanted.name if wanted.family else _shortened(line) or wanted.name)
        return
    rows_ = [one for one in wordings() if one.what == wanted.about and _asks(one, wanted)]
    yield from (_Topic(one, "") for one in rows_)
    if not any(one.id == wanted.id for one in rows_):
        yield _Topic(_generic(_sort(wanted)), _name(wanted))


def _shortened(line: str) -> str:
    whole = " ".join(line.split()).rstrip(".")
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1].rstrip()}…"


def _asks(wording: Wording, wanted: Wanted) -> bool:
    return is_a(wanted.id, wording.id) if wanted.about == "concept" else wanted.id == wording.id


def _generic(kind: str) -> Wording:
    found = {one.id: one for one in wordings() if one.what == "kind"}
    return found.get(kind) or found["condition"]


def _sort(wanted: Wanted) -> str:
    if wanted.about != "concept":
        return wanted.about
    try:
        return concept(wanted.id).kind
    except KeyError:
        return "condition"


def _name(wanted: Wanted) -> str:
    if wanted.about == "quantity":
        return quantity(wanted.id).name
    if wanted.about == "scale":
        return scale(wanted.id).name
    return concept_name(wanted.id) if wanted.about == "concept" else wanted.name
