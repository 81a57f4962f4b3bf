"""What is said where the documents do not say it, leave it to a protocol, or the assistant must not say it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.chat.fields import SAY, aims
from assistant.chat.kinds import Kind
from assistant.chat.points import Point, Proof, Said, field_proofs, point
from assistant.chat.question import ANY
from assistant.chat.select import Reading, choose
from assistant.chat.topics import BY_NAME
from assistant.chat.wording import open_questions, points_of
from assistant.voices import Voiced, known, voiced
from index.trial import Criterion, Trial

_AT_RANDOM: Final = re.compile(r"\brandomi[sz]", re.IGNORECASE)
MOST_NEAREST: Final = 3
"""Passages named where none answers."""
RARE: Final = 3.5
"""Weight of what so few passages speak of that one of them answers, whatever else the question says."""


def gaps(reading: Reading, silent: Sequence[str]) -> list[str]:
    """Of the topics on which the fields are silent, those that no passage can speak of in their place."""
    return [topic for topic in silent if BY_NAME[topic].noun and not _in_prose(reading, topic)]


def _in_prose(reading: Reading, topic: str) -> bool:
    pattern = BY_NAME[topic].prose
    return pattern is not None and any(pattern.search(passage.text) for passage in reading.corpus)


def without_fields(topics: Sequence[str]) -> Said:
    """That the record does not have the fields asked for. At least one topic with a noun."""
    nouns = [_noun(topic, noun) for topic in topics if (noun := BY_NAME[topic].noun)]
    joined = Voiced(" and no ".join(noun.exact for noun in nouns), " and no ".join(noun.plain for noun in nouns))
    return Said((point(voiced("no-field", nouns=joined)),), kind="not_stated")


def _noun(topic: str, noun: str) -> Voiced:
    name = f"noun-{topic}"
    return voiced(name) if known(name) else Voiced(noun, noun)


def silent_on(reading: Reading, topics: Sequence[str]) -> Said:
    """Nothing but fields was asked for, and the record has none of them: that, and what stands nearest."""
    selection = choose(reading, 1)
    told = [pick for pick in selection.picks if pick.weight >= RARE]
    found = nearest([points_of(reading.trial, pick, selection.concepts) for pick in told]).points
    return Said((*without_fields(topics).points, *(found or _in_its_place(reading.trial, topics))), kind="not_stated")


_INSTEAD: Final = {
    "sites": ("sponsor", "contacts"),
    "contacts": ("sponsor", "sites"),
    "masking": ("study_type",),
    "study_type": ("conditions",),
}
"""What says most in the place of a field that is missing."""


def _in_its_place(trial: Trial, topics: Sequence[str]) -> tuple[Point, ...]:
    """Other fields that come near to those asked for, else the record's title."""
    names = dict.fromkeys(name for topic in topics for name in _INSTEAD.get(topic, ()))
    said = [part for name in names if (part := SAY[name](trial, ANY))]
    return tuple(point for part in said for point in part.points[:1]) or tuple(of_title(trial))


def none_of_the_kind(reading: Reading, kinds: Sequence[Kind]) -> Said:
    """No passage has the kind of fact asked for: that, and what is said nearest."""
    selection = choose(reading, MOST_NEAREST)
    nouns = [voiced(f"kind-{kind.name}") for kind in kinds]
    joined = Voiced(" or ".join(noun.exact for noun in nouns), " or ".join(noun.plain for noun in nouns))
    found = [points_of(reading.trial, pick, selection.concepts) for pick in selection.picks]
    return Said((point(voiced("no-field", nouns=joined)), *nearest(found).points), kind="not_stated")


def not_stated(points: Sequence[Point]) -> Said:
    """The passages found do not answer: that, and the nearest of them."""
    lead = point(voiced("not-stated"))
    return Said((lead, *nearest(points[:MOST_NEAREST]).points), kind="not_stated")


def of_title(trial: Trial) -> list[Point]:
    """What the record is of, by its title; without one by the first words of its summary on what is to be found out."""
    named = ((field, getattr(trial, field)) for field in ("official_title", "title"))
    found = [(words, proofs) for field, words in named if words and (proofs := field_proofs(trial, field))]
    if not found:
        return list(aims(trial, "summary"))[:1]
    return [point(voiced("of-title", title=words.rstrip(".")), proofs[:1]) for words, proofs in found[:1]]


def nearest(points: Sequence[Point]) -> Said:
    """Passages that do not answer but lie nearest."""
    if not points:
        return Said((), kind="not_stated")
    first, *rest = points
    lead = voiced("nearest-ones" if rest else "nearest", text=Voiced(first.text, first.plain or first.text))
    return Said((point(lead, first.proofs), *rest), kind="not_stated")


def to_protocol(criterion: Criterion, points: Sequence[Point]) -> Said:
    """The criterion that speaks of it leaves its rule to the protocol."""
    proof = (Proof(criterion.span, criterion.kind),)
    first = point(voiced("to-protocol"), proof)
    finding = ("per_protocol", Point(f"This line defers to the protocol: {criterion.text}", proof))
    return Said((first, *points), None, "not_stated", (finding,))


def _without_a_choice(reading: Reading) -> Iterator[Point]:
    """That nobody chooses a group, or that there is but one, in the record's own fields."""
    trial = reading.trial
    if trial.allocation == "RANDOMIZED":
        yield point(voiced("no-choice"), field_proofs(trial, "allocation"))
    elif trial.allocation and _OF_GROUPS.search(reading.question.text) and (said := SAY["intervention_model"](trial, ANY)):
        yield from said.points


_OF_GROUPS: Final = re.compile(r"\b(?:arms?|groups?|cohorts?|randomi[sz]\w*|placebo|sham|control)\b", re.IGNORECASE)


def declined_among(readings: Sequence[Reading], says: str) -> list[Said]:
    """No advice on which of several trials to take; what each is for and how its groups are made up, in its own words."""
    told = [[*_purpose(reading.trial), *_without_a_choice(reading)] for reading in readings]
    named = [[one.under(reading.trial.id) for one in points] for reading, points in zip(readings, told, strict=True)]
    return [Said((*([] if at else [Point(says)]), *points), kind="declined") for at, points in enumerate(named)]


def _purpose(trial: Trial) -> tuple[Point, ...]:
    """What a trial is for: the first sentence of its summary that says so, else its title."""
    return tuple([*aims(trial, "summary"), *of_title(trial)][:1])


def declined(reading: Reading, says: str) -> Said:
    """No advice; what the record does say about the choice: that it is made at random, and what is not known yet."""
    trial = reading.trial
    points = [Point(says)]
    points += _without_a_choice(reading)
    if not trial.allocation and _AT_RANDOM.search(f"{trial.official_title} {trial.title}"):
        points += of_title(trial)
    points += open_questions(trial, [passage for passage in reading.corpus if passage.section in {"summary", "description"}])
    selection = choose(reading, 2)
    telling = [pick for pick in selection.picks if pick.weight >= RARE or len(points) == 1]
    points += [points_of(trial, pick, selection.concepts) for pick in telling]
    return Said(tuple(dict.fromkeys(points)), kind="declined")
