"""What is said where the documents do not say it, leave it to a protocol, or the assistant must not say it."""

from collections.abc import Sequence
from typing import Final

from assistant.chat.kinds import Kind
from assistant.chat.points import Point, Proof, Said, field_proofs, point
from assistant.chat.select import Reading, choose
from assistant.chat.topics import BY_NAME
from assistant.chat.wording import open_questions, points_of
from assistant.voices import Voiced, known, voiced
from index.trial import Criterion

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
    """Nothing but fields was asked for, and the record has none of them: that, and the nearest passage."""
    selection = choose(reading, 1)
    found = [points_of(reading.trial, pick, selection.concepts) for pick in selection.picks]
    return Said((*without_fields(topics).points, *nearest(found).points), kind="not_stated")


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


def declined(reading: Reading, says: str) -> Said:
    """No advice; what the record does say about the choice: that it is made at random, and what is not known yet."""
    trial = reading.trial
    points = [Point(says)]
    if trial.allocation == "RANDOMIZED":
        points.append(point(voiced("no-choice"), field_proofs(trial, "allocation")))
    points += open_questions(trial, [passage for passage in reading.corpus if passage.section in {"summary", "description"}])
    selection = choose(reading, 2)
    telling = [pick for pick in selection.picks if pick.weight >= RARE or len(points) == 1]
    points += [points_of(trial, pick, selection.concepts) for pick in telling]
    return Said(tuple(dict.fromkeys(points)), kind="declined")
