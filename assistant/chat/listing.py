"""Trials that fit a question for trials: structured conditions first (status, phase, place, age, sex), then what they are about."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from assistant.chat.fields import places, years
from assistant.chat.points import Point, Proof, field_proofs, spoken
from assistant.chat.question import Question
from assistant.chat.select import quoted, shown
from assistant.chat.synonyms import Concept, concepts
from index.trial import Hit, Trial
from index.words import stems

Condition = Callable[[Trial], bool]
_STATUSES: Final = (
    (r"\bnot (?:yet )?recruiting\b|\bnot yet open\b", frozenset({"NOT_YET_RECRUITING"})),
    (r"\brecruiting\b|\bopen\b|\benrol+ing\b|\baccepting\b", frozenset({"RECRUITING"})),
    (r"\bcompleted\b|\bfinished\b", frozenset({"COMPLETED"})),
    (r"\bterminated\b|\bstopped\b", frozenset({"TERMINATED"})),
    (r"\bwithdrawn\b", frozenset({"WITHDRAWN"})),
)
_NUMERAL: Final = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_STRUCTURED_WORDS: Final = frozenset(
    stems(
        "recruiting open enrolling accepting completed terminated withdrawn phase list show any currently now many i ii iii iv 1 2 3 4"
    )
)
_ABOUT: Final = 0.6
"""Share of the best trial's cover that another must have to be listed beside it."""


def listing(trials: Sequence[Trial], question: Question, hits: Sequence[Hit]) -> list[tuple[Trial, Point]]:
    """The trials that fit, best first, each with what it is called and the passage that fits best."""
    fitting = [trial for trial in trials if all(condition(trial) for condition in _conditions(trials, question))]
    here = {word for trial in fitting for site in places(trial, question) for part in _parts(site) for word in stems(part)}
    topical = tuple(word for word in question.stems if word not in _STRUCTURED_WORDS and word not in here)
    asked = tuple(concept for concept in concepts(question.text, topical) if not set(concept.said) <= _STRUCTURED_WORDS | here)
    best: dict[str, tuple[int, Hit]] = {}
    for rank, hit in enumerate(hits):
        best.setdefault(hit.passage.trial, (rank, hit))
    scored = [(_cover(trial, asked), -best[trial.id][0] if trial.id in best else -len(hits), trial) for trial in fitting]
    most = max((cover for cover, _, _ in scored), default=0)
    kept = [item for item in scored if not asked or (most and item[0] >= _ABOUT * most)]
    ordered = sorted(kept, key=lambda item: (-item[0], -item[1], item[2].id))
    return [(trial, _named(trial, question, best.get(trial.id), asked)) for _, _, trial in ordered]


def _conditions(trials: Sequence[Trial], question: Question) -> list[Condition]:
    text = question.text
    statuses = next((values for pattern, values in _STATUSES if re.search(pattern, text, re.IGNORECASE)), None)
    numbers = re.findall(r"\bphase\s+(\d|I{1,3}V?|IV)\b(?:\s*/\s*(\d|I{1,3}|IV)\b)?", text, re.IGNORECASE)
    phases = {f"PHASE{_NUMERAL.get(n.upper(), n)}" for pair in numbers for n in pair if n}
    somewhere = any(places(trial, question) for trial in trials)
    found: list[Condition] = []
    if statuses and somewhere:
        found.append(lambda trial: any((site.status or trial.status) in statuses for site in places(trial, question)))
    elif statuses:
        found.append(lambda trial: trial.status in statuses)
    elif somewhere:
        found.append(lambda trial: bool(places(trial, question)))
    if phases:
        found.append(lambda trial: bool(phases & set(trial.phase)))
    if question.age is not None:
        found.append(lambda trial: _takes_age(trial, question.age))
    if question.sex is not None:
        found.append(lambda trial: trial.sex in {None, "ALL", question.sex})
    return found


def _takes_age(trial: Trial, age: float | None) -> bool:
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    return age is None or ((low is None or age >= low) and (high is None or age < high + 1))


def _parts(site: object) -> list[str]:
    return [part for name in ("city", "state", "country", "facility") if (part := getattr(site, name))]


def _cover(trial: Trial, asked: Sequence[Concept]) -> int:
    """How many of the concepts the trial's title, conditions, interventions and summary speak of."""
    texts = [trial.title, trial.official_title, *trial.conditions, *trial.keywords, trial.sponsor]
    texts += [f"{item.name} {' '.join(item.other_names)}" for item in trial.interventions]
    texts += [arm.label for arm in trial.arms]
    texts += [trial.quote(section.span)[:3000] for section in trial.sections if section.name in {"summary", "description"}]
    words = frozenset(word for text in texts if text for word in stems(text))
    return sum(concept.within(words) for concept in asked)


def _named(trial: Trial, question: Question, found: tuple[int, Hit] | None, asked: tuple[Concept, ...]) -> Point:
    about = ", ".join(spoken(value) for value in (trial.status, *trial.phase) if value)
    title = f"{trial.id}, {trial.title}" if trial.title else trial.id
    heads = tuple(proof for field in ("title", "status", "phase") for proof in field_proofs(trial, field)[:1])
    sites = places(trial, question)[:2]
    text = f"{title}{f' ({about})' if about else ''}"
    if sites:
        where = "; ".join(shown(trial, site.span) for site in sites)
        return Point(f"{text}: {where}", (*heads, *(Proof(site.span, "locations") for site in sites)))
    if found is None or found[1].passage.field == "title":
        return Point(text, heads or _first_criterion(trial))
    passage = found[1].passage
    span = quoted(trial, passage, asked)[0]
    return Point(f"{text}: {shown(trial, span)}", (*heads, Proof(span, passage.section)))


def _first_criterion(trial: Trial) -> tuple[Proof, ...]:
    """Something to cite for a page that gives neither title, status nor phase."""
    return tuple(Proof(criterion.span, criterion.kind) for criterion in trial.criteria[:1])
