"""What one trial's documents say to a question, without a model: its fields, its criteria and its best passages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.chat.amounts import not_given, on_treatment
from assistant.chat.contraries import denied
from assistant.chat.fields import SAY, Say
from assistant.chat.kinds import LIMITS, kinds_asked, lacking
from assistant.chat.limits import joint, of_the_whole, within_limits
from assistant.chat.parts import parts
from assistant.chat.points import Point, Said, merged, point, stated
from assistant.chat.premises import corrected
from assistant.chat.question import Question
from assistant.chat.rules import PER_PROTOCOL, decides
from assistant.chat.select import Pick, Reading, Selection, choose
from assistant.chat.sides import side_by_side
from assistant.chat.silence import (
    RARE,
    gaps,
    nearest,
    none_of_the_kind,
    not_stated,
    of_title,
    silent_on,
    to_protocol,
    without_fields,
)
from assistant.chat.topics import BY_NAME, topical_stems
from assistant.chat.wording import criterion_of, points_of, related, requirements
from assistant.reply import Verdict
from assistant.voices import voiced
from index.trial import Criterion, Trial
from index.words import stem, stems

MOST_PICKED: Final = 5
"""Passages that an answer rests on."""
MOST_OF_A_PART: Final = 2
"""The same for each of several things asked at once."""
ENOUGH: Final = 0.34
"""Share of what a question speaks of that the passages must cover to count as an answer."""
TELLING: Final = 1.0
"""Weight (inverse document frequency) of what a passage must share with a question that is mostly about a person."""
_WITH_PASSAGES: Final = frozenset("arms interventions outcomes consistency".split())
"""Topics whose answer lies in passages as much as in fields."""
_COMPARES: Final = frozenset({"consistency", "compare"})
_ROOMY: Final = frozenset({"inclusion", "exclusion", "summary"}) | {
    name for name, topic in BY_NAME.items() if topic.only_a_field
}
"""Topics that a question asks for in many words."""
_COLOUR: Final = frozenset(
    map(stem, "please help ask old year yr age dr doctor get go live plain word english really exactly current".split())
)
"""Words that ask for nothing beside a field."""
_FRACTIONS: Final = re.compile(
    r"\d\s*(?:fractions?\b|fr\b|fx\b|sessions?\b)|Gy\s*[×x]\s*\d|\d\s*[×x]\s*[\d.]+\s*Gy", re.IGNORECASE
)
"""Sessions of radiotherapy as records write them: "2 Gy ×28", "33 Fr"."""
_A_TIME: Final = re.compile(r"\b(?:day|week|month|year|hour|minute|half-li)\w*\b", re.IGNORECASE)
_A_NUMBER: Final = re.compile(r"\d|\b(?:one|two|three|four|five|six|once|twice|daily|weekly|monthly|every)\b")


def answer(reading: Reading) -> Said:
    """Everything that the trial's documents say to the question, or that they say nothing."""
    compared = side_by_side(reading)
    if compared is not None:
        return compared
    against = denied(reading)
    if against is not None and not of_the_whole(reading.question):
        return against
    asked = parts(reading.question)
    said = _of_one(reading, MOST_PICKED) if len(asked) == 1 else _of_parts(reading, asked)
    return _placed(reading.trial, within_limits(reading.trial, reading.question, corrected(reading, said)))


def _placed(trial: Trial, said: Said) -> Said:
    """What is not stated with what the record is of, so that it is seen which record is silent."""
    if said.kind != "not_stated" or said.findings:
        return said
    told = {proof.span for point in said.points for proof in point.proofs}
    title = [point for point in of_title(trial) if not told & {proof.span for proof in point.proofs}]
    return replace(said, points=(*said.points, *title))


def _of_parts(reading: Reading, asked: Sequence[Question]) -> Said:
    """Each thing asked for with its own field or passage, in the question's order; what the documents do not say is named."""
    found = [_of_one(replace(reading, question=part), MOST_OF_A_PART) for part in asked]
    if all(said.kind != "answer" for said in found):
        leads = dict.fromkeys(said.points[0] for said in found if said.points)
        return Said((*leads, *found[0].points[1:2]), kind="not_stated")
    told = [
        replace(said, further=()) if said.kind == "answer" else _silent_part(part, said)
        for part, said in zip(asked, found, strict=True)
    ]
    return merged(told, joint([said.verdict for said in told], reading.question))


def _silent_part(part: Question, said: Said) -> Said:
    """That one of the things asked for is not stated: the field by its name, anything else in the question's words."""
    named = part.topics and any(BY_NAME[topic].noun for topic in part.topics)
    return Said(said.points[:1]) if named and said.points else stated(voiced("part-not-stated", part=part.text))


def _of_one(reading: Reading, most: int) -> Said:
    """What the documents say to a question that asks for one thing; `most` passages at most."""
    trial, question = reading.trial, reading.question
    if "results" not in question.topics and (lacks := not_given(reading)):
        return lacks
    said, silent = _fields(trial, question)
    missing = gaps(reading, silent)
    in_prose = len(missing) < len(silent)
    if missing and not said and not in_prose:
        return silent_on(reading, missing)
    found = [*said, *([without_fields(missing)] if said and missing else [])]
    if not said or in_prose or _asks_more(trial, question, said):
        found += _beside(said, _from_passages(reading, most))
    return merged(found, joint([part.verdict for part in found], question))


def _beside(fields: Sequence[Said], found: Said) -> list[Said]:
    """What the passages add to the fields: nothing when they don't answer; no answer where the fields deny that there is one."""
    if not fields:
        return [found]
    if found.kind != "answer":
        return []
    return [found if any(part.kind == "answer" for part in fields) else nearest(found.points[:2])]


def _fields(trial: Trial, question: Question) -> tuple[list[Said], list[str]]:
    """What the fields of the topics say, once each, and the topics on which the record's fields are silent."""
    saying: dict[Say, str] = {}
    for topic in question.topics:
        if topic in SAY:
            saying.setdefault(SAY[topic], topic)
    parts = [(topic, say(trial, question)) for say, topic in saying.items()]
    return [part for _, part in parts if part], [topic for topic, part in parts if not part]


def _asks_more(trial: Trial, question: Question, fields: Sequence[Said]) -> bool:
    """Whether the question speaks of more than its fields say."""
    if _WITH_PASSAGES & set(question.topics):
        return (
            bool(trial.arms)
            or any(item.description for item in trial.interventions)
            or set(question.topics) != {"interventions"}
        )
    said = {word for part in fields for point in part.points for word in stems(point.text)}
    known = said | topical_stems(question.text, question.topics) | _COLOUR
    left = [word for word in question.stems if word not in known and not word.isdigit()]
    return len(left) >= (1 if question.about_a_person else 4 if _ROOMY & set(question.topics) else 2)


def _from_passages(reading: Reading, most: int) -> Said:
    """What the best passages say, or that none of them says it."""
    trial, question = reading.trial, reading.question
    selection = choose(reading, most)
    told_nothing = not any(concept.says_something for concept in selection.concepts)
    if of_the_whole(question) and told_nothing and any(trial.of_kind("inclusion")):
        return Said(requirements(trial, "all-criteria", ()), "depends")
    kinds = tuple(kind for kind in kinds_asked(question) if kind.needed)
    lacks = kinds and lacking(kinds, (passage.text for passage in reading.corpus)) == kinds
    if lacks and not (selection.picks and _deferred(trial, selection)):
        return none_of_the_kind(reading, kinds)
    if not selection.picks:
        return Said((point(voiced("silent", trial=trial.id)),), kind="not_stated")
    verdict, picks = _decided(trial, question, selection)
    points = tuple(dict.fromkeys(points_of(trial, pick, selection.concepts) for pick in picks))
    if deferred := _deferred(trial, selection):
        return to_protocol(deferred, points)
    if not _speaks_of_it(question, selection) or not _has_quantity(question, points):
        nothing_near = selection.picks[0].weight < RARE and _TREATS & set(question.topics)
        return not_stated((_given(reading) if nothing_near else ()) or points)
    if verdict == "depends" and of_the_whole(question):
        points += requirements(trial, "other-criteria", points)
    return Said(points, verdict, further=related(trial, selection, points))


_TREATS: Final = frozenset({"arms", "interventions"})


def _given(reading: Reading) -> tuple[Point, ...]:
    """What the record does say of what is given, where it does not say what is asked of it."""
    return () if reading.question.about_a_person else tuple(dict.fromkeys(on_treatment(reading)))


def _deferred(trial: Trial, selection: Selection) -> Criterion | None:
    """The criterion that speaks best of what is asked, when it leaves its rule to the protocol and no other passage speaks of it."""
    most = selection.picks[0].weight
    best = [criterion_of(trial, pick.passage) for pick in selection.picks if pick.weight >= 0.8 * most]
    criteria = [criterion for criterion in best if criterion]
    left = [criterion for criterion in criteria if PER_PROTOCOL.search(criterion.text)]
    return left[0] if left and len(left) == len(criteria) else None


def _has_quantity(question: Question, points: Sequence[Point]) -> bool:
    """A question for a number is answered only by a number, in the unit asked for when it names one."""
    text = " ".join(point.text for point in points)
    if set(question.units) & {"session", "fraction"} and _FRACTIONS.search(text):
        return True
    if question.units:
        return re.search(rf"\d[\d.,]*\s*-?\s*(?:{'|'.join(map(re.escape, question.units))})", text, re.IGNORECASE) is not None
    if question.time and not _A_TIME.search(text):
        return False
    return not question.quantity or _A_NUMBER.search(text) is not None


def _speaks_of_it(question: Question, selection: Selection) -> bool:
    """Whether the passages speak of what is asked: of most of it, or, when facts about a person stand around it, of one telling part."""
    if question.about_a_person:
        return selection.picks[0].weight >= TELLING
    limits = any(kind.name in LIMITS for kind in kinds_asked(question))
    given = any(
        pick.in_kind and pick.covers and (pick.passage.level in {"arm", "intervention"} or limits) for pick in selection.picks
    )
    return given or selection.coverage >= ENOUGH or selection.picks[0].weight >= RARE


def _decided(trial: Trial, question: Question, selection: Selection) -> tuple[Verdict | None, list[Pick]]:
    """The verdict, and the passages with what decides first: a criterion that stops somebody, else the first one.

    "depends" where no criterion decides, None where no yes or no is asked for.
    """
    picks = list(selection.picks)
    rules = [(pick, criterion) for pick in picks if (criterion := criterion_of(trial, pick.passage))]
    if question.exists and question.form != "open":
        return "yes", picks
    if not question.about_a_person:
        on_a_rule = question.form == "whether" and rules and rules[0][0] is picks[0]
        return "depends" if on_a_rule else None, picks
    verdicts = [(decides(criterion, question, selection.concepts), pick) for pick, criterion in rules]
    stops: Verdict = "yes" if question.form == "excluded" else "no"
    for verdict, pick in verdicts:
        if verdict == stops:
            return stops, [pick, *(other for other in picks if other is not pick)]
    return (verdicts[0][0] if verdicts else None) or "depends", picks
