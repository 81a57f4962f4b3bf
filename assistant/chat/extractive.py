"""What one trial's documents say to a question, without a model: its fields, its criteria and its best passages."""

import re
from collections.abc import Callable, Sequence
from textwrap import shorten
from typing import Final

from assistant.chat.fields import MOST, SAY
from assistant.chat.points import Point, Proof, Said, field_proofs
from assistant.chat.question import Question
from assistant.chat.rules import PER_PROTOCOL, decides
from assistant.chat.select import Pick, Selection, family, open_questions, quoted, select, shown
from assistant.chat.topics import BY_NAME
from assistant.reply import Verdict
from index.trial import Criterion, Hit, Passage, Trial
from index.words import stem, stems

Find = Callable[[Trial, Question], Sequence[Hit]]
"""Ranks one trial's own passages for a question."""

ENOUGH: Final = 0.34
"""Share of what a question speaks of that the passages must cover to count as an answer."""
TELLING: Final = 1.0
"""Weight (inverse document frequency) of what a passage must share with a question that is mostly about a person."""
RARE: Final = 3.5
"""Weight of what so few passages speak of that one of them answers, whatever else the question says."""
_FIELD_ONLY: Final = frozenset(
    [
        "contacts",
        "sites",
        "status",
        "start_date",
        "completion_date",
        "as_of",
        "enrollment",
        "phase",
        "sponsor",
        "ids",
        "healthy_volunteers",
        "related",
        "results",
    ]
)
"""Where the record has no such field, it does not state it: no passage stands in for it."""
_ASIDE: Final = frozenset("title status sponsor contacts identifiers results related references".split())
"""Sections whose content is said from fields; as passages they only resemble a question."""
_SAID_BY_FIELD: Final = frozenset(
    "status phase study_type enrollment start_date primary_completion_date completion_date allocation masking primary_purpose "
    "intervention_model conditions keywords sex minimum_age maximum_age healthy_volunteers sponsor collaborators as_of".split()
)
_WITH_PASSAGES: Final = frozenset("arms interventions outcomes consistency compare advice".split())
"""Topics whose answer lies in passages as much as in fields."""
_JOINING: Final = re.compile(
    r"\b(?:can|could|may|might)\b[^.?!]*\b(?:join|enrol\w*|enter|take part|participate|get in(?:to)?|sign up|volunteer)\b",
    re.IGNORECASE,
)
_CLOSED: Final = frozenset("COMPLETED TERMINATED WITHDRAWN SUSPENDED ACTIVE_NOT_RECRUITING NO_LONGER_AVAILABLE".split())
_LISTS: Final = frozenset("inclusion exclusion".split())
_WHOLE: Final = re.compile(
    r"\b(?:join|qualif\w+|eligible|enrol\w*|take part|participate|get in|be (?:in|included)|fit)\b", re.IGNORECASE
)
_BY_NAME_ONLY: Final = {
    "primary_outcomes": re.compile(
        r"\bprimary (?:\w+ )?(?:end ?points?|outcomes?|objectives?|aims?|measures?)\b", re.IGNORECASE
    ),
    "secondary_outcomes": re.compile(
        r"\bsecondary (?:\w+ )?(?:end ?points?|outcomes?|objectives?|aims?|measures?)\b", re.IGNORECASE
    ),
}
"""What a passage must name to speak of the topic."""
NAMES: Final = {
    "primary_outcomes": "primary outcome",
    "secondary_outcomes": "secondary outcome",
    "contacts": "contact",
    "sites": "site or location",
    "status": "recruitment status",
    "start_date": "start date",
    "completion_date": "completion date",
    "as_of": "date of last update",
    "enrollment": "number of participants",
    "phase": "phase",
    "sponsor": "sponsor",
    "ids": "registry number",
    "healthy_volunteers": "rule on healthy volunteers",
    "related": "related trial",
    "results": "result",
}


def answer(trial: Trial, question: Question, corpus: Sequence[Passage], find: Find) -> Said:
    """Everything that the trial's documents say to the question, or that they say nothing."""
    if "advice" in question.topics:
        return _declined(trial, question, corpus, find)
    fields, silent = _fields(trial, question)
    gaps = [topic for topic in silent if topic in _FIELD_ONLY or not _in_prose(topic, corpus)]
    in_prose = len(gaps) < len(silent)
    if fields and not in_prose and not _needs_passages(question, fields):
        return _with_limits(trial, question, _merged([*fields, *_gaps(gaps)]))
    if gaps and not fields and not in_prose:
        return _silent(trial, question, gaps, corpus, find)
    selection = _select(trial, question, corpus, find, _most(question))
    said = _from_passages(trial, question, selection)
    if fields:
        return _with_limits(trial, question, _merged([*fields, said]) if said.kind == "answer" else _merged(fields))
    return _with_limits(trial, question, said)


def _select(trial: Trial, question: Question, corpus: Sequence[Passage], find: Find, most: int) -> Selection:
    """The passages that go into the answer; a criterion with sub-items is spoken of through those that were found."""
    hits = find(trial, question)
    spans = {hit.passage.span for hit in hits if hit.passage.level == "criterion"}
    told = {c.parent for c in trial.criteria if c.span in spans and c.parent}
    idle = {c.span for c in trial.criteria if c.id in told}
    useful = [hit for hit in hits if hit.passage.span not in idle and not _aside(hit.passage)]
    return select(useful, question, corpus, silent=_naming(trial, question), most=most)


def _aside(passage: Passage) -> bool:
    """Whether fields say it when it is asked for, so that as a passage it only resembles the question."""
    return passage.section in _ASIDE or passage.level in {"contact", "site"} or passage.field in _SAID_BY_FIELD


def _fields(trial: Trial, question: Question) -> tuple[list[Said], list[str]]:
    """What the fields of the topics say, once each, and the topics on which the record's fields are silent."""
    said: list[Said] = []
    silent: list[str] = []
    done = set()
    for topic in _particular(question.topics):
        say = SAY.get(topic)
        if say is None or say in done:
            continue
        done.add(say)
        part = say(trial, question)
        if part:
            said.append(part)
        else:
            silent.append(topic)
    return said, silent


def _particular(topics: Sequence[str]) -> list[str]:
    """The topics, less those that a more particular one makes idle ("primary endpoint" is not also "outcomes" and "summary")."""
    dropped: set[str] = set()
    for topic, idle in _IDLE.items():
        if topic in topics:
            dropped |= idle
    return [topic for topic in topics if topic not in dropped]


_BROAD: Final = frozenset(
    "summary inclusion exclusion interventions outcomes conditions arms start_date completion_date".split()
)
_IDLE: Final = {
    **{topic: frozenset({"summary", "inclusion"}) for topic in BY_NAME if topic not in _BROAD},
    "results": frozenset("summary outcomes interventions arms status primary_outcomes inclusion".split()),
    "primary_outcomes": frozenset("outcomes summary interventions conditions".split()),
    "secondary_outcomes": frozenset("outcomes summary interventions conditions".split()),
    "outcomes": frozenset("summary interventions".split()),
    "consistency": frozenset("inclusion exclusion summary interventions".split()),
    "compare": frozenset("inclusion exclusion summary".split()),
    "allocation": frozenset("summary arms inclusion".split()),
    "masking": frozenset("summary arms intervention_model inclusion".split()),
    "intervention_model": frozenset("summary arms".split()),
    "exclusion": frozenset("summary inclusion".split()),
    "arms": frozenset("summary".split()),
    "interventions": frozenset("summary".split()),
    "advice": frozenset("inclusion summary".split()),
}
"""Topic → topics that its presence makes idle, because their words come along with its own."""


def _needs_passages(question: Question, fields: Sequence[Said]) -> bool:
    """Whether the question speaks of more than its fields say."""
    topics = _particular(question.topics)
    if any(topic in _WITH_PASSAGES for topic in topics):
        return True
    said = {word for part in fields for point in part.points for word in stems(point.text)}
    shown_by = {
        word for topic in topics for match in BY_NAME[topic].pattern.finditer(question.text) for word in stems(match[0])
    }
    left = [word for word in question.stems if word not in said | shown_by | _COLOUR and not word.isdigit()]
    return len(left) >= (4 if set(topics) & (_FIELD_ONLY | _LISTS | {"summary"}) else 2)


_COLOUR: Final = frozenset(
    stem(word)
    for word in [
        "please",
        "help",
        "ask",
        "old",
        "year",
        "yr",
        "age",
        "dr",
        "doctor",
        "get",
        "go",
        "live",
        "plain",
        "word",
        "english",
        "really",
        "exactly",
        "current",
    ]
)


def _merged(parts: Sequence[Said]) -> Said:
    verdicts = [part.verdict for part in parts if part.verdict]
    stated = [part for part in parts if part.kind == "answer"]
    return Said(
        tuple(dict.fromkeys(point for part in parts for point in part.points)),
        _joint(verdicts),
        "answer" if stated else parts[0].kind,
        tuple(finding for part in parts for finding in part.findings),
    )


def _joint(verdicts: Sequence[Verdict]) -> Verdict | None:
    """One verdict out of several lines': a line that fails decides, all else must agree."""
    if not verdicts:
        return None
    if "no" in verdicts:
        return "no"
    return verdicts[0] if len(set(verdicts)) == 1 else "depends"


def _with_limits(trial: Trial, question: Question, said: Said) -> Said:
    """What decides any question about joining, whatever else it speaks of: a stated age, and whether anybody can still join."""
    said = _with_age(trial, question, said)
    if question.form != "fits" or not _JOINING.search(question.text) or trial.status not in _CLOSED:
        return said
    closed = SAY["status"](trial, question)
    if closed is None or any(point in said.points for point in closed.points):
        return said
    return Said((*closed.points[:1], *said.points), "no", "answer", said.findings)


def _with_age(trial: Trial, question: Question, said: Said) -> Said:
    """A stated age outside the limits decides a question about joining, whatever else it speaks of."""
    if question.age is None or question.form not in {"fits", "excluded"}:
        return said
    part = SAY["age"](trial, question)
    if part is None or any(point in said.points for point in part.points):
        return said
    outside = part.verdict == ("yes" if question.form == "excluded" else "no")
    if outside:
        return Said((*part.points, *(said.points if said.kind == "answer" else ())), part.verdict, "answer", said.findings)
    if said.kind == "answer" and _WHOLE.search(question.text):
        return Said((*said.points[:3], *part.points, *said.points[3:]), said.verdict, said.kind, said.findings)
    return said


def _naming(trial: Trial, question: Question) -> frozenset[str]:
    """The stems that only name the trial in a question ("the penpulimab trial"): its own ids, and words right before "trial"."""
    text = question.text
    named = {
        word
        for match in re.finditer(r"((?:[\w/-]+\s+){1,4})(?:trial|study)\b", text, re.IGNORECASE)
        for word in stems(match[1])
    }
    ids = {word for alias in (trial.id, trial.acronym, *trial.other_ids) if alias for word in stems(alias)}
    rest = set(stems(re.sub(r"((?:[\w/-]+\s+){1,4})(?:trial|study)\b", " ", text, flags=re.IGNORECASE)))
    return frozenset((named - rest) | ids)


def _most(question: Question) -> int:
    return 5 if set(question.topics) & {"consistency", "compare"} else 3


def _from_passages(trial: Trial, question: Question, selection: Selection) -> Said:
    if not selection.picks:
        return Said((Point(f"The documents of {trial.id} do not say."),), kind="not_stated")
    points = tuple(dict.fromkeys(point for pick in selection.picks for point in _points(trial, pick, selection)))
    deferred = _deferred(trial, selection)
    if deferred:
        return _to_protocol(trial, deferred, points)
    if not _covers_what_matters(question, selection) or not _has_quantity(question, points):
        lead = Point("Not stated: the documents do not say this. The nearest passages:")
        return Said((lead, *points[:3], *_further(trial, selection, points[:3])), kind="not_stated")
    verdict = _verdict(trial, question, selection)
    rest = _rest(trial, question, points) if verdict == "depends" else ()
    return Said((*points, *rest, *_further(trial, selection, (*points, *rest))), verdict)


def _further(trial: Trial, selection: Selection, said: Sequence[Point]) -> tuple[Point, ...]:
    """The next best passages in one sentence, for what the main ones leave out."""
    told = {proof.span for point in said for proof in point.proofs}
    spans = [(span, passage.section) for passage in selection.others for span in quoted(trial, passage, selection.concepts)]
    fresh = [(span, section) for span, section in spans if span not in told]
    if not fresh:
        return ()
    words = "; ".join(f"“{shorten(shown(trial, span), 140, placeholder=' …')}”" for span, _ in fresh)
    return (Point(f"Related passages: {words}.", tuple(Proof(span, section) for span, section in fresh)),)


def _points(trial: Trial, pick: Pick, selection: Selection) -> list[Point]:
    criterion = _criterion(trial, pick.passage)
    if criterion:
        return [_criterion_point(trial, criterion, selection)]
    spans = quoted(trial, pick.passage, selection.concepts)
    label = f"{pick.passage.arm}: " if pick.passage.arm else ""
    text = " … ".join(shown(trial, span) for span in spans)
    prefix = "" if label.rstrip(": ") and text.startswith(label.rstrip(": ")) else label
    return [Point(f"{prefix}{text}", tuple(Proof(span, pick.passage.section) for span in spans))]


def _criterion(trial: Trial, passage: Passage) -> Criterion | None:
    return next((c for c in trial.criteria if passage.level == "criterion" and c.span == passage.span), None)


def _criterion_point(trial: Trial, criterion: Criterion, selection: Selection) -> Point:
    lead, kin = family(trial, criterion, selection.concepts)
    label = f"{criterion.kind.capitalize()} {(criterion.parent or criterion.id).rsplit('/', 1)[-1]}"
    proofs = tuple(Proof(c.span, c.kind) for c in kin)
    words = "; ".join(c.text.rstrip(".;") for c in kin)
    if lead is None:
        return Point(f"{label}: {words}.", proofs)
    return Point(f"{label}: {shown(trial, lead).rstrip(':')}: {words}.", (Proof(lead, criterion.kind), *proofs))


def _deferred(trial: Trial, selection: Selection) -> Criterion | None:
    """The criterion that speaks best of what is asked, when it leaves its rule to the protocol and no other passage speaks of it."""
    most = selection.picks[0].weight
    best = [_criterion(trial, pick.passage) for pick in selection.picks if pick.weight >= 0.8 * most]
    left = [criterion for criterion in best if criterion and PER_PROTOCOL.search(criterion.text)]
    return left[0] if left and len(left) == len([criterion for criterion in best if criterion]) else None


def _to_protocol(trial: Trial, criterion: Criterion, points: tuple[Point, ...]) -> Said:
    proof = (Proof(criterion.span, criterion.kind),)
    first = Point(
        'The record does not state the rule: it refers to the full protocol ("per protocol"), which is not among the documents.',
        proof,
    )
    finding = ("per_protocol", Point(f"This line defers to the protocol: {criterion.text}", proof))
    return Said((first, *points), None, "not_stated", (finding,))


def _has_quantity(question: Question, points: Sequence[Point]) -> bool:
    """A question for a number is answered only by a number, in the unit asked for when it names one."""
    text = " ".join(point.text for point in points)
    if question.unit:
        return re.search(rf"\d[\d.,]*\s*-?\s*{re.escape(question.unit.rstrip('s'))}", text, re.IGNORECASE) is not None
    return (
        not question.quantity
        or re.search(r"\d|\b(?:one|two|three|four|five|six|once|twice|daily|weekly|monthly|every)\b", text) is not None
    )


def _covers_what_matters(question: Question, selection: Selection) -> bool:
    """Whether the passages speak of what is asked: of most of it, or, when facts about a person stand around it, of one telling part."""
    if question.form in {"fits", "excluded"}:
        return selection.picks[0].weight >= TELLING
    return selection.coverage >= ENOUGH or selection.picks[0].weight >= RARE


def _verdict(trial: Trial, question: Question, selection: Selection) -> Verdict | None:
    if not question.asks_yes_no:
        return None
    if question.form == "whether":
        return "depends" if any(_criterion(trial, pick.passage) for pick in selection.picks[:1]) else None
    criteria = [c for pick in selection.picks if (c := _criterion(trial, pick.passage))]
    first = decides(criteria[0], question, selection.concepts) if criteria else None
    return first or "depends"


def _rest(trial: Trial, question: Question, said: Sequence[Point]) -> tuple[Point, ...]:
    """What else has to hold, for a question about joining as a whole: the inclusion criteria not yet spoken of."""
    if not _WHOLE.search(question.text):
        return ()
    spans = {proof.span for point in said for proof in point.proofs}
    rest = [c for c in trial.of_kind("inclusion") if c.span not in spans]
    if not rest:
        return ()
    names = "; ".join(c.text.rstrip(".") if len(c.text) < 160 else f"{c.text[:150].rsplit(' ', 1)[0]} …" for c in rest[:MOST])
    more = f" (and {len(rest) - MOST} more)" if len(rest) > MOST else ""
    return (Point(f"What else has to hold: {names}{more}.", tuple(Proof(c.span, c.kind) for c in rest[:MOST])),)


def _in_prose(topic: str, corpus: Sequence[Passage]) -> bool:
    """Whether a passage speaks of the topic by name, where the record has no such field."""
    pattern = _BY_NAME_ONLY.get(topic)
    return pattern is None or any(pattern.search(passage.text) for passage in corpus)


def _gaps(topics: Sequence[str]) -> list[Said]:
    """The fields asked for that the record does not have, beside those that it has."""
    if not topics:
        return []
    return [Said((Point(f"The documents give no {' and no '.join(NAMES[topic] for topic in topics)}."),), kind="not_stated")]


def _silent(trial: Trial, question: Question, topics: Sequence[str], corpus: Sequence[Passage], find: Find) -> Said:
    """Fields that the record does not have, with the nearest passage."""
    selection = _select(trial, question, corpus, find, 1)
    nearest = [point for pick in selection.picks[:1] for point in _points(trial, pick, selection)]
    gaps = _gaps(topics)[0].points
    return Said((*gaps, *([Point("The nearest passage:"), *nearest] if nearest else [])), kind="not_stated")


def _declined(trial: Trial, question: Question, corpus: Sequence[Passage], find: Find) -> Said:
    """No advice; what the record does say about the choice: that it is made at random, and what is not known yet."""
    points = [Point("I can't advise on treatment or on joining: please talk it over with your own doctor and the study team.")]
    if trial.allocation == "RANDOMIZED":
        points.append(Point("You could not choose a group: they are assigned at random.", field_proofs(trial, "allocation")))
    prose = [passage for passage in corpus if passage.section in {"summary", "description"}]
    points += [Point(shown(trial, span), (Proof(span, passage.section),)) for passage, span in open_questions(trial, prose)]
    selection = _select(trial, question, corpus, find, 2)
    telling = [pick for pick in selection.picks if pick.weight >= RARE or len(points) == 1]
    points += [point for pick in telling for point in _points(trial, pick, selection)]
    return Said(tuple(dict.fromkeys(points)), kind="declined")
