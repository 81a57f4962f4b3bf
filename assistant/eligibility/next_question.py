"""Chooses the one question whose answer is expected to settle most criteria, and words it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from assistant.eligibility.assessment import NextQuestion, Open, Topic
from assistant.eligibility.judge.judgement import Wanted
from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.vocabulary.concepts import all_concepts, concept, is_a
from assistant.eligibility.wording import concept_name
from assistant.reply import Audience

_CAN_RULE_OUT = 1.25
"""How much more an answer to an exclusion line weighs: it can end the search, and most are answered at once."""


_LONGEST = 400
"""Characters of a criterion that a question repeats; of a longer one it would show a part, and an answer would be to that."""
_OF_THE_CANCER = ("metastasis", "cancer-recurrence", "malignancy", "necrosis")
"""What belongs to a cancer and is no other illness."""
_UNREAD = 0.5
"""How much less a question in the criterion's own words weighs: the answer may not be understood either."""
FEWEST_AT_ONCE: Final = 3
MOST_AT_ONCE: Final = 5
"""Illnesses that one question asks for together."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How one fact is asked for."""

    what: str
    """concept, quantity, scale, age, sex, group; or "kind" and "any", the words for what has no row of its own."""
    id: str
    patient: str
    """US grade 8 at most."""
    clinician: str
    weight: float
    """How readily an answer rules out: above 1 for what trials and patients differ in most."""
    yes: str
    no: str
    listed: bool

    def text(self, audience: Audience, name: str) -> str:
        """The question, with the name filled in where it has a place for one."""
        return (self.patient if audience == "patient" else self.clinician).replace("{name}", name)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the making, and the criteria that it bears on."""

    topic: Topic
    wording: Wording
    weight: float
    settles: tuple[str, ...]
    excludes: bool
    """Whether all those criteria are exclusions."""

    def question(self, audience: Audience) -> NextQuestion:
        return NextQuestion(self.wording.text(audience, self.topic.name), self.settles, self.topic)


@cache
def wordings() -> tuple[Wording, ...]:
    """The table of questions."""
    return tuple(
        Wording(
            row["what"],
            row["id"],
            row["patient"],
            row["clinician"],
            float(row["weight"] or 1),
            row["yes"],
            row["no"],
            bool(row["listed"]),
        )
        for row in rows("questions.tsv")
    )


def next_question(
    open_: Sequence[Open],
    audience: Audience,
    put: Collection[Topic] = (),
    unknown: Collection[Topic] = (),
    has: Collection[str] = (),
) -> NextQuestion | None:
    """The question that settles most of the open criteria; None where no fact would.

    `put`: what was asked already; `unknown`: of that, what the person does not know, nor then what falls under it; `has`: concepts
    that are known to be there, so that no class of them is asked for.
    """
    single = [one for one in _single(open_, put, unknown) if not _is_wide(one) or not _holds(one.topic.ids[0], has)]
    listed = {id for topic in put if topic.about == "concept" and len(topic.ids) > 1 for id in topic.ids}
    asked = [*single, *_together(single, listed)]
    if not asked:
        return None
    best = max(asked, key=lambda one: (one.weight, _is_wide(one), one.wording.id, one.topic.name))
    return best.question(audience)


def _single(open_: Sequence[Open], put: Collection[Topic], unknown: Collection[Topic]) -> list[_Asked]:
    """A question for each thing that the open criteria wait for."""
    done = {_key(topic, id) for topic in put if len(topic.ids) == 1 or topic.about == "quantity" for id in topic.ids}
    weights: dict[tuple[Topic, Wording], float] = {}
    settles: dict[tuple[Topic, Wording], list[str]] = {}
    for line in open_:
        askable = [wanted for wanted in line.missing if wanted.askable and not _is_unknown(wanted, unknown)]
        asks = [tuple(one for one in _topics(wanted, line) if _key(one[0], one[0].ids[0]) not in done) for wanted in askable]
        for one in dict.fromkeys(one for some in asks for one in some):
            share = sum(one in some for some in asks) / len(line.missing)
            weights[one] = weights.get(one, 0.0) + share * _weight(line, one[1])
            settles.setdefault(one, []).append(line.id)
    kinds = {line.id: line.kind for line in open_}
    return [
        _Asked(topic, wording, weights[topic, wording], tuple(ids), all(kinds[id] == "exclusion" for id in ids))
        for (topic, wording), ids in settles.items()
    ]


def _holds(id: str, has: Collection[str]) -> bool:
    return any(is_a(one, id) for one in has if one in all_concepts())


def _key(topic: Topic, id: str) -> tuple[str, str, str]:
    """What a question was about; sides of one fact are asked for one by one."""
    return topic.about, id, topic.name if topic.about == "detail" else ""


def _is_unknown(wanted: Wanted, unknown: Iterable[Topic]) -> bool:
    return wanted.about == "concept" and any(
        topic.about in {"concept", "detail"} and is_a(wanted.id, id) for topic in unknown for id in topic.ids
    )


def _together(single: Sequence[_Asked], listed: Collection[str]) -> Iterator[_Asked]:
    """One question for several: the values of a group of tests, or illnesses that one "no" denies and that were not listed yet."""
    for group in (one for one in wordings() if one.what == "group"):
        within = group.id.split()
        values = [one for one in single if one.topic.about == "quantity" and one.topic.ids[0] in within]
        yield from _joined(sorted(values, key=lambda one: within.index(one.topic.ids[0])), group)
    ills = [one for one in single if one.excludes and _is_illness(one) and one.topic.ids[0] not in listed]
    chosen: list[_Asked] = []
    for one in sorted(ills, key=lambda one: (-one.weight, not _is_wide(one), one.topic.name)):
        if len(chosen) < MOST_AT_ONCE and not any(set(one.settles) <= set(other.settles) for other in chosen):
            chosen.append(one)
    yield from _joined(chosen if len(chosen) >= FEWEST_AT_ONCE else (), _generic("illnesses"))


def _joined(parts: Sequence[_Asked], wording: Wording) -> Iterator[_Asked]:
    if len(parts) < 2:
        return
    names = [_name(part.topic.about, part.topic.ids[0]) for part in parts]
    listed = f"{', '.join(names[:-1])} or {names[-1]}" if wording.what == "kind" else ", ".join(names)
    topic = Topic(parts[0].topic.about, tuple(part.topic.ids[0] for part in parts), listed, yes=wording.yes, no=wording.no)
    settles = tuple(dict.fromkeys(id for part in parts for id in part.settles))
    yield _Asked(topic, wording, sum(part.weight for part in parts), settles, all(part.excludes for part in parts))


def _is_illness(one: _Asked) -> bool:
    """Whether "any of these: …" can ask for it: an illness that a "no" denies as it stands."""
    topic = one.topic
    if not one.wording.listed or topic.about != "concept" or topic.family or topic.ids[0] not in all_concepts():
        return False
    known = concept(topic.ids[0])
    own = any(is_a(known.id, part) for part in _OF_THE_CANCER)
    return one.wording.what == "concept" or (known.kind == "condition" and not known.broad and not own)


def _weight(line: Open, wording: Wording) -> float:
    return (_CAN_RULE_OUT if line.kind == "exclusion" else 1.0) * (_UNREAD if wording.id == "words" else wording.weight)


def _is_wide(one: _Asked) -> bool:
    return one.wording.what == "concept"


def _topics(wanted: Wanted, line: Open) -> Iterator[tuple[Topic, Wording]]:
    """The questions that would bring out a fact: its own, and those of wider concepts; the line's own words for unknown ones."""
    if wanted.detail:
        yield _told("detail", wanted.id, wanted.name, _generic("detail"))
    elif wanted.about == "words" or (wanted.family and wanted.about != "concept"):
        whole = " ".join(line.text.split()).rstrip(".") or wanted.name
        if len(whole) <= _LONGEST:
            yield _told("line", line.id, whole, _generic("words"))
    elif wanted.family:
        topic, wording = _told("concept", wanted.id, wanted.name, _generic("family"))
        yield replace(topic, family=True), wording
    else:
        rows_ = [one for one in wordings() if one.what == wanted.about and _asks(one, wanted)]
        for one in rows_:
            if not any(other.id != one.id and is_a(other.id, one.id) for other in rows_ if wanted.about == "concept"):
                yield _told(wanted.about, one.id, "", one)
        if not any(one.id == wanted.id for one in rows_):
            yield _told(wanted.about, wanted.id, _name(wanted.about, wanted.id), _generic(_sort(wanted)))


def _told(about: str, id: str, name: str, wording: Wording) -> tuple[Topic, Wording]:
    return Topic(about, (id,), name, wording.yes, wording.no), wording  # type: ignore[arg-type]  # an askable `About`


def _asks(wording: Wording, wanted: Wanted) -> bool:
    return is_a(wanted.id, wording.id) if wanted.about == "concept" else wanted.id == wording.id


def _generic(kind: str) -> Wording:
    found = {one.id: one for one in wordings() if one.what == "kind"}
    return found.get(kind) or found["condition"]


def _sort(wanted: Wanted) -> str:
    if wanted.about != "concept":
        return wanted.about
    known = all_concepts()
    return known[wanted.id].kind if wanted.id in known else "condition"


def _name(about: str, id: str) -> str:
    if about == "quantity":
        return quantity(id).names[0]
    if about == "scale":
        return scale(id).name
    return concept_name(id)
