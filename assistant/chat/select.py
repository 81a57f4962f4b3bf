"""Which of the passages found go into an answer: those that speak of what the question speaks of, and no more."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from assistant.chat.groups import named_arms
from assistant.chat.kinds import Kind, kinds_asked
from assistant.chat.question import Question
from assistant.chat.synonyms import Concept, concepts
from assistant.chat.topics import topical_stems
from index.scope import without_names
from index.trial import Hit, Passage, Span, Trial
from index.words import stems

Find = Callable[[Trial, Question], Sequence[Hit]]
"""Ranks one trial's own passages for a question."""

MOST: Final = 6
"""Passages cited for a question that fields don't answer: recall@6 inside one trial is where the curve flattens."""
IN_KIND: Final = 0.5
"""What it counts for that a passage states a fact of the kind asked for (a dose where a dose is asked for)."""
ON_TREATMENT: Final = frozenset({"title", "summary", "description", "design", "arms", "interventions"})
"""Sections that say what is done in a trial; a criterion's words and numbers are of what people bring."""
OF_A_RULE: Final = re.compile(
    r"\b(?:exclu\w+|eligib\w+|criteri\w+|allow\w*|permit\w*|accept\w*|qualif\w+|rules?|bars?|barred|history|prior|previous\w*|earlier"
    r"|wash-?out)\b",
    re.IGNORECASE,
)
"""Words of a question about who may take part, which is no claim about what is done in the trial."""
CLOSE: Final = 0.65
"""Share of the best score from which a passage that covers nothing asked is still worth naming."""
_ASIDE: Final = frozenset("title status sponsor contacts identifiers results related references".split())
"""Sections whose content is said from fields; as passages they only resemble a question."""
_SAID_BY_FIELD: Final = frozenset(
    "status phase study_type enrollment start_date primary_completion_date completion_date allocation masking primary_purpose "
    "intervention_model conditions keywords sex minimum_age maximum_age healthy_volunteers sponsor collaborators as_of".split()
)
_RULES: Final = frozenset({"criterion", "arm", "intervention"})
_NUMBER: Final = re.compile(r"[\d.]+")


@dataclass(frozen=True)
class Reading:
    """A question put to the documents of one trial."""

    trial: Trial
    question: Question
    corpus: Sequence[Passage]
    """Every passage of the trial, for the weight of words."""
    find: Find


@dataclass(frozen=True, slots=True)
class Pick:
    """A passage chosen and the concepts that it covers."""

    passage: Passage
    covers: frozenset[int]
    weight: float
    """Inverse document frequency of the concepts covered, summed."""
    score: float
    """The ranking's, as a share of the best hit's."""
    in_kind: bool = False
    """Whether it states a fact of the kind asked for."""


@dataclass(frozen=True)
class Selection:
    """The passages chosen, best first, and the share of the question's weight that they cover (0 … 1)."""

    picks: tuple[Pick, ...]
    coverage: float
    concepts: tuple[Concept, ...]
    others: tuple[Passage, ...] = ()
    """The next best passages: worth reading, not what the answer rests on."""


def choose(reading: Reading, most: int) -> Selection:
    """The passages of one trial that go into an answer; a criterion with sub-items is spoken of through those that were found."""
    trial, hits = reading.trial, reading.find(reading.trial, reading.question)
    spans = {hit.passage.span for hit in hits if hit.passage.level == "criterion"}
    told = {c.parent for c in trial.criteria if c.span in spans and c.parent}
    idle = {c.span for c in trial.criteria if c.id in told}
    useful = [hit for hit in hits if hit.passage.span not in idle and not aside(hit.passage)]
    arms = frozenset(arm.label for arm in named_arms(trial, reading.question) if "arms" in reading.question.topics)
    silent = _naming(trial, reading.question)
    also = other_names(trial)
    leads = {} if reading.question.about_a_person else _leads(trial)
    return select(useful, reading.question, reading.corpus, silent=silent, most=most, arms=arms, also=also, leads=leads)


def _leads(trial: Trial) -> dict[Span, frozenset[str]]:
    """For each sub-item the stems of the line that it stands under, which is quoted with it."""
    texts = {criterion.id: criterion for criterion in trial.criteria}
    return {one.span: frozenset(stems(texts[one.parent].text)) for one in trial.criteria if one.parent in texts}


def other_names(trial: Trial) -> tuple[tuple[str, ...], ...]:
    """What each intervention is called beside its name ("cadonilimab (AK104)"): one row an intervention that has several names."""
    rows = []
    for item in trial.interventions:
        names = [item.name, *_BRACKETED.split(item.name), *item.other_names]
        row = tuple(dict.fromkeys(name.strip().lower() for name in names if len(name.strip()) > 2))
        rows += [row] if len(row) > 1 else []
    return tuple(rows)


_BRACKETED: Final = re.compile(r"\s*[(（)）\[\]]\s*")


def aside(passage: Passage) -> bool:
    """Whether fields say it when it is asked for, so that as a passage it only resembles the question."""
    return passage.section in _ASIDE or passage.level in {"contact", "site"} or passage.field in _SAID_BY_FIELD


def _naming(trial: Trial, question: Question) -> frozenset[str]:
    """The stems that only name the trial in a question: its own ids, and words of a description ("the penpulimab trial")."""
    named = set(stems(question.text)) - set(stems(without_names(question.text)))
    ids = {word for alias in (trial.id, trial.acronym, *trial.other_ids) if alias for word in stems(alias)}
    return frozenset(named | ids)


def select(
    hits: Sequence[Hit],
    question: Question,
    corpus: Sequence[Passage],
    *,
    silent: frozenset[str] = frozenset(),
    most: int = 3,
    arms: frozenset[str] = frozenset(),
    also: Sequence[tuple[str, ...]] = (),
    leads: Mapping[Span, frozenset[str]] = MappingProxyType({}),
) -> Selection:
    """Choose among the hits. `corpus`: every passage of the scope, for the weight of words; `silent`: stems that only name the trial;
    `arms`: labels of the arms that are asked about; `also`: names that mean the same in this trial; `leads`: stems of the line that a
    sub-item stands under."""
    asked = concepts(question.text, tuple(word for word in question.stems if word not in silent), also)
    asked = tuple(concept for concept in asked if not set(concept.said) <= silent)
    if _only_how(question, asked):
        own = [hit for hit in hits if _is_of_arms(hit.passage, arms)]
        groups = own or [hit for hit in hits if hit.passage.level in {"arm", "intervention"}]
        return Selection(tuple(Pick(hit.passage, frozenset(), 0.0, hit.score) for hit in groups[:most]), 1.0, ())
    found = {passage.id: _words(passage) for passage in corpus}
    span_of = {passage.id: passage.span for passage in corpus}
    weights = [_weight(concept, list(found.values())) for concept in asked]
    total = sum(weights) or 1.0
    kinds = kinds_asked(question)
    known = {id: words | leads.get(span_of[id], frozenset()) for id, words in found.items()} if leads else found
    candidates = [_pick(hit, hits[0].score, asked, weights, known, kinds) for hit in hits]
    picks = _greedy(_first(candidates, question, arms), weights, total, most)
    picks.sort(key=lambda pick: (question.about_a_person and pick.passage.level != "criterion", -pick.weight))
    covered = frozenset[int]().union(*(pick.covers for pick in picks))
    chosen = {pick.passage.id for pick in picks}
    left = [pick for pick in candidates if pick.passage.id not in chosen and (pick.covers or pick.score >= CLOSE)]
    others = tuple(pick.passage for pick in left)[: max(MOST - len(picks), 0)]
    return Selection(tuple(picks), sum(weights[n] for n in covered) / total, asked, others)


def _only_how(question: Question, asked: Sequence[Concept]) -> bool:
    """Whether it asks for nothing but what is done and how ("how is the drug given?"): the groups' and the treatments' passages say."""
    topics = {"arms", "interventions"} & set(question.topics)
    topical = topical_stems(question.text, topics)
    return bool(topics) and question.form == "open" and all(set(concept.said) <= topical for concept in asked)


def _words(passage: Passage) -> frozenset[str]:
    """The stems of a passage's own words; its header is left out, for a title's words stand in every header."""
    return frozenset(stems(f"{passage.arm or ''} {passage.text}"))


def _weight(concept: Concept, found: Sequence[frozenset[str]]) -> float:
    """Inverse document frequency over the scope's passages; numbers weigh little, for a patient's own value is not in the record."""
    if not concept.says_something:
        return 0.1
    having = sum(concept.within(passage) for passage in found)
    if not having and _NUMBER.fullmatch(concept.said[0]):
        return 0.0
    return math.log((len(found) + 1) / (having + 0.5)) if having else math.log(len(found) + 2)


def _pick(
    hit: Hit,
    best: float,
    asked: Sequence[Concept],
    weights: Sequence[float],
    found: dict[str, frozenset[str]],
    kinds: Sequence[Kind],
) -> Pick:
    passage = hit.passage
    words = found.get(passage.id) or _words(passage)
    covers = frozenset(n for n, concept in enumerate(asked) if concept.within(words))
    in_kind = any(kind.within(passage.text) for kind in kinds)
    return Pick(passage, covers, sum(weights[n] for n in covers), hit.score / best if best > 0 else 0.0, in_kind)


def _first(candidates: Sequence[Pick], question: Question, arms: frozenset[str]) -> list[Pick]:
    """What says what the arms asked about get; for a question about a person the criteria and the arms; the rest where none does."""
    own = [pick for pick in candidates if _is_of_arms(pick.passage, arms)]
    if any(pick.passage.level == "arm" for pick in own) and question.form == "open":
        return own
    if question.form == "open" and {"arms", "interventions"} & set(question.topics) and not _ASKS_A_RULE.search(question.text):
        told = [pick for pick in candidates if pick.passage.level != "criterion"]
        ruled = max((pick.weight for pick in candidates if pick.passage.level == "criterion"), default=0.0)
        candidates = told if max((pick.weight for pick in told), default=0.0) >= ruled else candidates
    rules = [pick for pick in candidates if pick.passage.level in _RULES]
    return rules if question.about_a_person and any(pick.covers for pick in rules) else list(candidates)


def _is_of_arms(passage: Passage, arms: frozenset[str]) -> bool:
    """Whether it says what one of those arms gets: its own passage, or that of a treatment that is given in it."""
    if passage.level == "intervention" and (given := _GIVEN_IN.search(passage.text)):
        return any(arm in given[1].split("; ") for arm in arms)
    return passage.level == "arm" and passage.arm in arms


_GIVEN_IN: Final = re.compile(r"\bArms: (.+?)(?= Description:|$)")
_ASKS_A_RULE: Final = re.compile(
    r"\b(?:exclu\w+|inclu\w+|eligib\w+|criteri\w+|allow\w*|permit\w*|prohibit\w*|forbid\w*|prior|previous\w*|before|wash-?out|limits?|cut-?off)\b",
    re.IGNORECASE,
)
"""Words of a question about a rule, which a criterion answers."""


def _greedy(candidates: Sequence[Pick], weights: Sequence[float], total: float, most: int) -> list[Pick]:
    """The best by rank and covered weight together, then whatever adds cover or is nearly as good as the best."""
    chosen: list[Pick] = []
    rest = list(candidates)
    covered: frozenset[int] = frozenset()
    least, heaviest = 0.0, 0.0
    while rest and len(chosen) < most:
        best = max(rest, key=lambda pick: _value(pick, covered, weights, total))
        value = _value(best, covered, weights, total)
        rest.remove(best)
        if chosen and (value < least or best.weight < 0.3 * heaviest):
            continue
        least, heaviest = least or 0.5 * value, max(heaviest, best.weight)
        chosen.append(best)
        covered |= best.covers
    return chosen


def _value(pick: Pick, covered: frozenset[int], weights: Sequence[float], total: float) -> float:
    new = sum(weights[n] for n in pick.covers - covered) / total
    return pick.score + pick.weight / total + new + (IN_KIND if pick.in_kind and pick.covers else 0.0)
