"""Which of the passages found go into an answer: those that speak of what the question speaks of, and no more."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.question import Question
from assistant.chat.synonyms import Concept, concepts
from index.sentences import sentences
from index.trial import Criterion, Hit, Passage, Span, Trial
from index.view import clean, view
from index.words import GENERIC, stem, stems

MOST = 6
"""Passages cited for a question that fields don't answer: recall@6 inside one trial is where the curve flattens."""
LONG = 500
"""Characters: a longer passage is quoted by its sentences that matter."""
_DROPPED = frozenset(stem(word) for word in GENERIC)


@dataclass(frozen=True, slots=True)
class Pick:
    """A passage chosen and the concepts that it covers."""

    passage: Passage
    covers: frozenset[int]
    weight: float
    """Inverse document frequency of the concepts covered, summed."""
    score: float
    """The ranking's, as a share of the best hit's."""


@dataclass(frozen=True)
class Selection:
    """The passages chosen, best first, and the share of the question's weight that they cover (0 … 1)."""

    picks: tuple[Pick, ...]
    coverage: float
    concepts: tuple[Concept, ...]
    others: tuple[Passage, ...] = ()
    """The next best passages: worth reading, not what the answer rests on."""


def select(
    hits: Sequence[Hit], question: Question, corpus: Sequence[Passage], *, silent: frozenset[str], most: int = 4
) -> Selection:
    """Choose among the hits. `corpus`: every passage of the scope, for the weight of words; `silent`: stems that only name the trial."""
    asked = concepts(question.text, tuple(word for word in question.stems if word not in silent))
    asked = tuple(concept for concept in asked if not set(concept.said) <= silent)
    found = {passage.id: _words(passage) for passage in corpus}
    weights = [_weight(concept, list(found.values())) for concept in asked]
    total = sum(weights) or 1.0
    candidates = [_pick(hit, hits[0].score, asked, weights, found) for hit in hits]
    about_a_person = question.form in {"fits", "excluded"}
    picks = _greedy(_rules_first(candidates) if about_a_person else candidates, weights, total, most)
    picks.sort(key=lambda pick: (about_a_person and pick.passage.level != "criterion", -pick.weight))
    covered = frozenset().union(*(pick.covers for pick in picks)) if picks else frozenset()
    chosen = {pick.passage.id for pick in picks}
    others = tuple(pick.passage for pick in candidates if pick.passage.id not in chosen)[: max(MOST - len(picks), 0)]
    return Selection(tuple(picks), sum(weights[n] for n in covered) / total, asked, others)


def _words(passage: Passage) -> frozenset[str]:
    """The stems of a passage's own words; its header is left out, for a title's words stand in every header."""
    return frozenset(stems(f"{passage.arm or ''} {passage.text}"))


def _weight(concept: Concept, found: Sequence[frozenset[str]]) -> float:
    """Inverse document frequency over the scope's passages; numbers weigh little, for a patient's own value is not in the record."""
    if all(re.fullmatch(r"[\d.]+", word) for word in concept.said):
        return 0.1
    having = sum(concept.within(passage) for passage in found)
    if not having and re.fullmatch(r"[\d.]+", concept.said[0]):
        return 0.0
    return math.log((len(found) + 1) / (having + 0.5)) if having else math.log(len(found) + 2)


def _pick(hit: Hit, best: float, asked: Sequence[Concept], weights: Sequence[float], found: dict[str, frozenset[str]]) -> Pick:
    passage = hit.passage
    words = found.get(passage.id) or _words(passage)
    covers = frozenset(n for n, concept in enumerate(asked) if concept.within(words))
    return Pick(passage, covers, sum(weights[n] for n in covers), hit.score / best if best > 0 else 0.0)


def _rules_first(candidates: Sequence[Pick]) -> list[Pick]:
    """For a question about a person: what the criteria and the arms say, the rest only where neither speaks of it."""
    rules = [pick for pick in candidates if pick.passage.level in {"criterion", "arm", "intervention"}]
    return rules if any(pick.covers for pick in rules) else list(candidates)


def _greedy(candidates: Sequence[Pick], weights: Sequence[float], total: float, most: int) -> list[Pick]:
    """The best by rank and covered weight together, then whatever adds cover or is nearly as good as the best."""
    chosen: list[Pick] = []
    rest = list(enumerate(candidates))
    covered: frozenset[int] = frozenset()
    best = 0.0
    while rest and len(chosen) < most:
        scored = [(_value(pick, covered, weights, total), -rank, pick) for rank, pick in rest]
        value, rank, pick = max(scored, key=lambda item: item[:2])
        best = best or value
        if chosen and (value < 0.5 * best or pick.weight < 0.3 * max(other.weight for other in chosen)):
            rest = [(n, other) for n, other in rest if n != -rank]
            continue
        chosen.append(pick)
        covered |= pick.covers
        rest = [(n, other) for n, other in rest if n != -rank]
    return chosen


def _value(pick: Pick, covered: frozenset[int], weights: Sequence[float], total: float) -> float:
    new = sum(weights[n] for n in pick.covers - covered) / total
    return pick.score + pick.weight / total + new


def quoted(trial: Trial, passage: Passage, asked: Sequence[Concept]) -> list[Span]:
    """What to quote of a passage: all of it when it is short or a criterion, else its sentences that speak of what was asked."""
    if passage.level == "criterion" or len(passage.text) <= LONG:
        return [passage.span]
    text = view(trial.source(passage.span.document), passage.span.start, passage.span.end)
    parts = [(text.span(start, end), frozenset(stems(text.text[start:end]))) for start, end in sentences(text.text)]
    scores = [sum(concept.within(words) for concept in asked) for _, words in parts]
    ranked = sorted(range(len(parts)), key=lambda n: (-scores[n], n))
    kept = sorted(n for n in ranked[:3] if scores[n] and scores[n] >= scores[ranked[0]] - 1)
    if not kept:
        return [passage.span]
    return _joined([parts[n][0] for n in kept], passage.span)


def _joined(spans: Sequence[Span], whole: Span) -> list[Span]:
    """Neighbouring spans (a few characters apart) made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= 2:
            joined[-1] = Span(whole.document, joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def family(trial: Trial, criterion: Criterion, asked: Sequence[Concept]) -> tuple[Span | None, list[Criterion]]:
    """A sub-item with its parent's lead-in, and the siblings that the question speaks of as well."""
    parent = next((c for c in trial.criteria if c.id == criterion.parent), None)
    if parent is None:
        return None, [criterion]
    siblings = [c for c in trial.criteria if c.parent == parent.id]
    kin = [c for c in siblings if c.id == criterion.id or _spoken_of(c, asked)]
    lead = lead_in(trial, parent, siblings)
    return lead, kin


def lead_in(trial: Trial, parent: Criterion, children: Sequence[Criterion]) -> Span | None:
    """The words of a parent before its first sub-item ("Adequate organ function within 14 days, defined as:")."""
    first = min((child.span.start for child in children), default=parent.span.end)
    if first <= parent.span.start:
        return None
    text = view(trial.source(parent.span.document), parent.span.start, first)
    end = len(text.text.rstrip())
    heading = children[0].heading if children else None
    if heading and text.text[:end].rstrip(" :").endswith(heading):
        end = text.text[:end].rindex(heading)
    marker = re.search(r"(?:[-*•]|\(?\w{1,3}[.)])\s*$", text.text[:end].rstrip())
    end = marker.start() if marker and marker.start() > 0 else end
    return text.span(0, end) if text.text[:end].strip() else None


def _spoken_of(criterion: Criterion, asked: Sequence[Concept]) -> bool:
    words = frozenset(stems(f"{criterion.heading or ''} {criterion.text}")) - _DROPPED
    return any(concept.within(words) for concept in asked if not all(said.isdigit() for said in concept.said))


def shown(trial: Trial, span: Span) -> str:
    """A span as it is read in a sentence."""
    return clean(trial.source(span.document), span)


_OPEN_QUESTION = re.compile(
    r"\b(?:uncertain|unclear|unknown|not (?:yet )?known|remains? (?:to be|controversial|unproven)|whether|compar\w+"
    r"|non-?inferior\w*|aims? to)\b",
    re.IGNORECASE,
)


def open_questions(trial: Trial, prose: Sequence[Passage]) -> list[tuple[Passage, Span]]:
    """At most two sentences of a summary or description that say what the trial does not know yet, the plainest first."""
    found: list[tuple[int, int, Passage, Span]] = []
    for passage in prose:
        text = view(trial.source(passage.span.document), passage.span.start, passage.span.end)
        for start, end in sentences(text.text):
            match = _OPEN_QUESTION.search(text.text, start, end)
            if match:
                plain = 0 if re.match(r"unc|unk|not|rem", match[0], re.IGNORECASE) else 1
                found.append((plain, len(found), passage, text.span(start, end)))
    return [(passage, span) for _, _, passage, span in sorted(found, key=lambda item: item[:2])[:2]]
