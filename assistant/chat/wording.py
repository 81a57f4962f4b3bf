"""Passages and criteria as sentences: what to quote of them, under which name, with the spans that prove it."""

import re
from collections.abc import Sequence
from textwrap import shorten
from typing import Final

from assistant.chat.groups import outcome_words
from assistant.chat.points import Point, Proof, point, spoken
from assistant.chat.select import Pick, Selection
from assistant.chat.synonyms import Concept
from assistant.voices import voiced
from index.sentences import sentences
from index.trial import Criterion, Intervention, Outcome, Passage, Span, Trial
from index.view import clean, view
from index.words import GENERIC, stem, stems

LONG: Final = 500
"""Characters: a longer passage is quoted by its sentences that matter."""
FULL: Final = 300
"""Characters of a related passage that are said; its citation has all of it."""
MOST_RELATED: Final = 3
SHORT: Final = 160
"""Characters of a criterion or a passage that is only named."""
MOST: Final = 12
"""Criteria named in one sentence; how many more there are is said."""
_GENERIC: Final = frozenset(stem(word) for word in GENERIC)
_FORM: Final = re.compile(r"^.{0,300}\b(?:Group|Intervention) Type:? [A-Z_]+ ")
"""What a page prints as a form before the words that say what a group gets."""
_LABEL: Final = re.compile(
    r"\s*(?:Arm|Intervention|Type|Arms|Interventions|Other Names|Group Type|Intervention Type):", re.IGNORECASE
)
"""A line of a form that says no more than the name does."""
_OPEN_QUESTION: Final = re.compile(
    r"\b(?:uncertain|unclear|unknown|not (?:yet )?known|remains? (?:to be|controversial|unproven)|whether|compar\w+"
    r"|non-?inferior\w*|aims? to)\b",
    re.IGNORECASE,
)


def shown(trial: Trial, span: Span) -> str:
    """A span as it is read in a sentence."""
    return clean(trial.source(span.document), span)


def points_of(trial: Trial, pick: Pick, asked: Sequence[Concept]) -> Point:
    """A passage as one sentence: a criterion by its number, what a group gets under the group's name."""
    criterion = criterion_of(trial, pick.passage)
    if criterion and criterion.span == pick.passage.span:
        return _criterion_point(trial, criterion, asked)
    if criterion:
        return Point(f"{_label(criterion)}: {pick.passage.text}", (Proof(pick.passage.span, criterion.kind),))
    spans = quoted(trial, pick.passage, asked)
    named: tuple[Intervention | Outcome, ...] = (
        *trial.interventions,
        *trial.primary_outcomes,
        *trial.secondary_outcomes,
        *trial.other_outcomes,
    )
    if any(item.span == pick.passage.span and not item.description for item in named):
        return Point(f"{_name_of(trial, pick.passage)[0]}.", (Proof(pick.passage.span, pick.passage.section),))
    text = " … ".join(shown(trial, span) for span in spans)
    return Point(_plainly(trial, pick.passage, text), tuple(Proof(span, pick.passage.section) for span in spans))


def _plainly(trial: Trial, passage: Passage, text: str) -> str:
    """The words of a passage that a form prints under labels ("Type: …, Description: …"), under the one name that they belong to."""
    name, told = _name_of(trial, passage)
    text = _FORM.sub("", text) if name else text
    at = text.find(told[:40]) if told else -1
    if name and 0 <= at < 2 * len(name) + 200:
        return f"{name}: {text[at:]}"
    return f"{name}: {text}" if name and name not in text[: 2 * len(name) + 20] else text


def _name_of(trial: Trial, passage: Passage) -> tuple[str, str]:
    """What a passage about an arm, an intervention or an outcome is called, and how its description begins."""
    for arm in trial.arms:
        if passage.level == "arm" and passage.arm == arm.label:
            return f"{arm.label} ({spoken(arm.type)} arm)" if arm.type else arm.label, arm.description or ""
    for item in trial.interventions:
        if item.span == passage.span:
            return f"{item.name} ({spoken(item.type)})" if item.type else item.name, item.description or ""
    for outcome in (*trial.primary_outcomes, *trial.secondary_outcomes, *trial.other_outcomes):
        if outcome.span == passage.span:
            return outcome_words(outcome), outcome.description or ""
    return passage.arm or "", ""


def criterion_of(trial: Trial, passage: Passage) -> Criterion | None:
    """The criterion that a passage is, or is a piece of."""
    if passage.level != "criterion":
        return None
    same = next((c for c in trial.criteria if c.span == passage.span), None)
    return same or next((c for c in trial.criteria if c.id == passage.field), None)


def _label(criterion: Criterion) -> str:
    """ "Exclusion 7"; a sub-item goes by its parent's number."""
    return f"{criterion.kind.capitalize()} {(criterion.parent or criterion.id).rsplit('/', 1)[-1]}"


def _criterion_point(trial: Trial, criterion: Criterion, asked: Sequence[Concept]) -> Point:
    lead, kin = family(trial, criterion, asked)
    label = _label(criterion)
    words = "; ".join(c.text.rstrip(".;") for c in kin)
    heading = f"{label}: {shown(trial, lead).rstrip(':')}" if lead else label
    leads = (Proof(lead, criterion.kind),) if lead else ()
    return Point(f"{heading}: {words}.", (*leads, *(Proof(c.span, c.kind) for c in kin)))


def family(trial: Trial, criterion: Criterion, asked: Sequence[Concept]) -> tuple[Span | None, list[Criterion]]:
    """A sub-item with its parent's lead-in, and the siblings that the question speaks of as well."""
    parent = next((c for c in trial.criteria if c.id == criterion.parent), None)
    if parent is None:
        return None, [criterion]
    siblings = [c for c in trial.criteria if c.parent == parent.id]
    kin = [c for c in siblings if c.id == criterion.id or _spoken_of(c, asked)]
    return lead_in(trial, parent, siblings), kin


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
    words = frozenset(stems(f"{criterion.heading or ''} {criterion.text}")) - _GENERIC
    return any(concept.within(words) for concept in asked if concept.says_something)


def quoted(trial: Trial, passage: Passage, asked: Sequence[Concept]) -> list[Span]:
    """What to quote of a passage: all of it when it is short or a criterion, else its sentences that speak of what was asked.

    What an arm's own name says tells none of its sentences from the others.
    """
    if passage.level == "criterion" or len(passage.text) <= LONG:
        return [passage.span]
    text = view(trial.source(passage.span.document), passage.span.start, passage.span.end)
    stretches = sentences(text.text)
    told = [stretch for stretch in stretches if not _LABEL.match(text.text[stretch.start : stretch.end])] or stretches
    parts = [(text.span(start, end), frozenset(stems(text.text[start:end]))) for start, end in told]
    label = frozenset(stems(passage.arm or ""))
    telling = [concept for concept in asked if not concept.within(label)]
    scores = [sum(concept.within(words) for concept in telling) for _, words in parts]
    ranked = sorted(range(len(parts)), key=lambda n: (-scores[n], n))
    kept = sorted(n for n in ranked[:3] if scores[n] and scores[n] >= scores[ranked[0]] - 1)
    return _joined([parts[n][0] for n in kept]) or [passage.span]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbouring spans (a few characters apart) of one document made one."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= 2:
            joined[-1] = Span(span.document, joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def related(trial: Trial, selection: Selection, said: Sequence[Point]) -> tuple[Point, ...]:
    """The next best passages in one sentence, for what the main ones leave out; none when there are none."""
    told = {proof.span for point in said for proof in point.proofs}
    proofs = [
        Proof(span, passage.section) for passage in selection.others for span in quoted(trial, passage, selection.concepts)
    ]
    fresh = tuple(proof for proof in proofs if proof.span not in told)[:MOST_RELATED]
    words = "; ".join(f"“{shorten(shown(trial, proof.span), FULL, placeholder=' …')}”" for proof in fresh)
    return (point(voiced("related", quotes=words), fresh),) if fresh else ()


def requirements(trial: Trial, name: str, said: Sequence[Point]) -> tuple[Point, ...]:
    """The inclusion criteria not yet spoken of, in one sentence (its name among the voices); none when there are none."""
    told = {proof.span for point in said for proof in point.proofs}
    rest = [c for c in trial.of_kind("inclusion") if c.span not in told]
    if not rest:
        return ()
    names = "; ".join(shorten(c.text.rstrip(".;"), SHORT, placeholder=" …") for c in rest[:MOST])
    more = f" (and {len(rest) - MOST} more)" if len(rest) > MOST else ""
    return (point(voiced(name, names=f"{names}{more}"), tuple(Proof(c.span, c.kind) for c in rest[:MOST])),)


def open_questions(trial: Trial, prose: Sequence[Passage]) -> list[Point]:
    """At most two sentences of a summary or description that say what the trial does not know yet, the plainest first."""
    found: list[tuple[bool, Point]] = []
    for passage in prose:
        text = view(trial.source(passage.span.document), passage.span.start, passage.span.end)
        for start, end in sentences(text.text):
            match = _OPEN_QUESTION.search(text.text, start, end)
            if match:
                span = text.span(start, end)
                plain = re.match(r"unc|unk|not|rem", match[0], re.IGNORECASE) is not None
                found.append((not plain, Point(shown(trial, span), (Proof(span, passage.section),))))
    return [point for _, point in sorted(found, key=lambda item: item[0])[:2]]
