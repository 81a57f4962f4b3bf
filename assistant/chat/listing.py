"""Trials that fit a question for trials: structured conditions first (status, phase, place, age, sex), then what they are about."""

import math
import re
from collections.abc import Callable, Collection, Sequence
from typing import Final

from assistant.chat.persons import sex_asked, takes_age
from assistant.chat.places import address, places
from assistant.chat.points import Point, Proof, field_proofs, spoken
from assistant.chat.question import NUMERALS, PHASE, Question
from assistant.chat.synonyms import Concept, concepts
from assistant.chat.wording import quoted, shown
from index.trial import Hit, Passage, Trial
from index.words import stems

Condition = Callable[[Trial], bool]
_STATUSES: Final = (
    (r"\bnot (?:yet )?recruiting\b|\bnot yet open\b", frozenset({"NOT_YET_RECRUITING"})),
    (r"\brecruiting\b|\bopen\b|\benrol+ing\b|\baccepting\b", frozenset({"RECRUITING"})),
    (r"\bcompleted\b|\bfinished\b", frozenset({"COMPLETED"})),
    (r"\bterminated\b|\bstopped\b", frozenset({"TERMINATED"})),
    (r"\bwithdrawn\b", frozenset({"WITHDRAWN"})),
)
_STRUCTURED_WORDS: Final = frozenset(
    stems(
        "recruiting open enrolling accepting completed terminated withdrawn phase list show any currently now many i ii iii iv 1 2 3 4 "
        "woman women female man men male not"
    )
)
_TELLING: Final = frozenset({"summary", "description", "conditions", "arms", "interventions"})
"""Sections that say what a trial is about; a criterion may name just what the trial keeps out."""
_ABOUT: Final = 0.6
"""Share of the best trial's cover that another must have to be listed beside it."""


def listing(trials: Sequence[Trial], question: Question, hits: Sequence[Hit]) -> list[tuple[Trial, Point]]:
    """The trials that fit, best first, each with what it is called and the passage that fits best."""
    conditions = _conditions(trials, question)
    fitting = [trial for trial in trials if all(condition(trial) for condition in conditions)]
    asked = _asked(fitting, question)
    ranks = {hit.passage.trial: -rank for rank, hit in reversed(list(enumerate(hits)))}
    covers = {trial.id: _cover(trial, asked) for trial in fitting}
    weights = [_weight(n, covers.values()) for n in range(len(asked))]
    scores = {trial: sum(weights[n] for n in covered) for trial, covered in covers.items()}
    most = max(scores.values(), default=0.0)
    kept = [trial for trial in fitting if not asked or (most and scores[trial.id] >= _ABOUT * most)]
    kept.sort(key=lambda trial: (-scores[trial.id], -ranks.get(trial.id, -len(hits)), trial.id))
    return [(trial, _named(trial, question, _telling(trial, hits, asked), asked)) for trial in kept]


def _asked(fitting: Sequence[Trial], question: Question) -> tuple[Concept, ...]:
    """What the trials must be about, beside status, phase and place."""
    sites = [site for trial in fitting for site in places(trial, question)]
    structured = _STRUCTURED_WORDS | {word for site in sites for part in address(site) for word in stems(part)}
    topical = tuple(word for word in question.stems if word not in structured)
    return tuple(concept for concept in concepts(question.text, topical) if not set(concept.said) <= structured)


def _conditions(trials: Sequence[Trial], question: Question) -> list[Condition]:
    """The structured conditions that the question names; status counts at the place when it names one."""
    statuses = next((values for pattern, values in _STATUSES if re.search(pattern, question.text, re.IGNORECASE)), None)
    phases = {f"PHASE{NUMERALS.get(n.upper(), n)}" for pair in PHASE.findall(question.text) for n in pair if n}
    somewhere = any(places(trial, question) for trial in trials)
    age, sex = question.age, question.sex or sex_asked(question.text)
    found: list[Condition] = []
    if statuses and somewhere:
        found.append(lambda trial: any((site.status or trial.status) in statuses for site in places(trial, question)))
    elif statuses:
        found.append(lambda trial: trial.status in statuses)
    elif somewhere:
        found.append(lambda trial: bool(places(trial, question)))
    if phases:
        found.append(lambda trial: bool(phases & set(trial.phase)))
    if age is not None:
        found.append(lambda trial: takes_age(trial, age))
    if sex is not None:
        found.append(lambda trial: sex == "ALL" or trial.sex in {None, "ALL", sex})
    return found


def _cover(trial: Trial, asked: Sequence[Concept]) -> frozenset[int]:
    """Which of the concepts the trial's title, conditions, interventions and summary speak of."""
    texts = [trial.title, trial.official_title, *trial.conditions, *trial.keywords, trial.sponsor]
    texts += [f"{item.name} {' '.join(item.other_names)}" for item in trial.interventions]
    texts += [arm.label for arm in trial.arms]
    texts += [trial.quote(section.span)[:3000] for section in trial.sections if section.name in {"summary", "description"}]
    words = frozenset(word for text in texts if text for word in stems(text))
    return frozenset(n for n, concept in enumerate(asked) if concept.within(words))


def _weight(concept: int, covers: Collection[frozenset[int]]) -> float:
    """Inverse document frequency: what every trial speaks of tells none apart."""
    return math.log((len(covers) + 1) / (sum(concept in cover for cover in covers) + 0.5))


def _telling(trial: Trial, hits: Sequence[Hit], asked: Sequence[Concept]) -> Passage | None:
    """The trial's best passage that speaks of what was asked, when one does."""
    own = (hit.passage for hit in hits if hit.passage.trial == trial.id and hit.passage.section in _TELLING)
    return next((p for p in own if any(concept.within(frozenset(stems(p.text))) for concept in asked)), None)


def _named(trial: Trial, question: Question, passage: Passage | None, asked: tuple[Concept, ...]) -> Point:
    """A trial in a list: what it is called, its status and phase, and its sites asked for or the passage that tells."""
    about = ", ".join(spoken(value) for value in (trial.status, *trial.phase) if value)
    text = f"{trial.id}{f', {trial.title}' if trial.title else ''}{f' ({about})' if about else ''}"
    heads = tuple(proof for field in ("title", "status", "phase") for proof in field_proofs(trial, field)[:1])
    if sites := places(trial, question)[:2]:
        where = "; ".join(shown(trial, site.span) for site in sites)
        return Point(f"{text}: {where}", (*heads, *(Proof(site.span, "locations") for site in sites)))
    if passage is None:
        return Point(f"{text}.", heads or _first_criterion(trial))
    span = quoted(trial, passage, asked)[0]
    return Point(f"{text}: {shown(trial, span)}", (*heads, Proof(span, passage.section)))


def _first_criterion(trial: Trial) -> tuple[Proof, ...]:
    """Something to cite for a page that gives neither title, status nor phase."""
    return tuple(Proof(criterion.span, criterion.kind) for criterion in trial.criteria[:1])
