"""What happens to those who take part, how long it lasts, and which earlier treatments count: put together from a record's own parts."""

import re
from collections.abc import Iterator
from typing import Final

from assistant.chat.groups import arms, outcome_words
from assistant.chat.points import Point, Proof, Said, field_proofs, point
from assistant.chat.question import Question
from assistant.reply import Verdict
from assistant.voices import voiced
from index.sentences import sentences
from index.trial import Criterion, Trial
from index.view import clean, view

_TOLD: Final = ("summary", "description", "arms", "interventions", "design")
"""Sections that tell what is done, first those that tell it whole."""
_MOST_TOLD: Final = 4
_MOST_LINES: Final = 8
_LONGEST: Final = 700
"""Characters of one sentence; a longer one is a whole protocol."""
_TAKES_PART: Final = re.compile(
    r"\b(?:participants?|patients?|subjects?|volunteers?|women|men|children|parents|they|you)\b[^.]{0,40}\bwill (?!be (?:excluded|compared|analy|included|recruited|considered|calculated|summari[sz]ed))"
    r"|\b(?:participation|the study) (?:includes|involves|consists of|requires)\b|\b(?:visits?|sessions?|infusions?|injections?)\b[^.]{0,60}\b(?:weeks?|days?|months?)\b",
    re.IGNORECASE,
)
_TIME: Final = (
    r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[ -]?(?:to[ -]|–|-)?(?:\d+[ -])?"
    r"(?:days?|weeks?|months?|years?|cycles?|sessions?|minutes?|hours?)\b"
)
_LASTS: Final = re.compile(
    rf"\b(?:for|over|during|lasts?|lasting|up to|until|total of|maximum of|duration|follow(?:ed)?[ -]?up|period|within|throughout|every)\b[^.]{{0,60}}{_TIME}"
    rf"|{_TIME}[^.]{{0,30}}\b(?:treatment|follow|period|program|course|intervention|study|participation)\b",
    re.IGNORECASE,
)
_TREATMENT: Final = (
    r"(?:treat(?:ed|ments?)|therap(?:y|ies)|chemo\w*|radi(?:o|ation)\w*|surger(?:y|ies)|transplant\w*|immunotherap\w*|inhibitors?|drugs?|"
    r"medications?|regimens?|lines?|resection|operations?|\w+mab|\w+nib)\b"
)
_BEFORE: Final = re.compile(
    rf"\b(?:prior|previous(?:ly)?|earlier|past|history of|already|ha(?:s|ve|d) received|received|underwent|undergone)\b(?! to\b)[^.;,]{{0,50}}\b{_TREATMENT}"
    rf"|\b{_TREATMENT}[^.;]{{0,40}}\b(?:within|in the (?:past|last|previous)|in the past|before|prior to)\b|\b(?:treatment|therapy|drug)[- ]na[iï]ve\b|\buntreated\b",
    re.IGNORECASE,
)
"""Treatment that a person has had."""


def course(trial: Trial, question: Question) -> Said | None:
    """What is done with those who take part: the groups with what each gets, and the sentences that tell it of participants."""
    groups = arms(trial, question)
    told = list(_sentences(trial, _TAKES_PART, ("summary", "description")))[:_MOST_TOLD]
    points = (*(groups.points if groups else ()), *told)
    return Said(tuple(dict.fromkeys(points))) if points else None


def duration(trial: Trial, question: Question) -> Said | None:
    """How long it lasts, as far as the record says: treatment and follow-up in its words, the time frames, the study's dates."""
    points = list(_sentences(trial, _LASTS, _TOLD))[:_MOST_TOLD]
    framed = [one for one in (*trial.primary_outcomes, *trial.secondary_outcomes) if one.time_frame][:2]
    points += [Point(f"Measured: {outcome_words(one)}.", (Proof(one.span, "outcomes"),)) for one in framed]
    if trial.start_date and trial.completion_date:
        said = voiced("runs-from-to", start=trial.start_date, end=trial.completion_date)
        points.append(point(said, field_proofs(trial, "start_date", "completion_date")))
    return Said(tuple(dict.fromkeys(points))) if points else None


def prior_treatment(trial: Trial, question: Question) -> Said | None:
    """The lines on treatment that a person has had: which is asked for, and which shuts out."""
    found = [one for one in trial.leaves if _BEFORE.search(one.text)]
    verdict: Verdict | None = None if question.form == "open" else "depends"
    return Said(tuple(_line(trial, one) for one in found[:_MOST_LINES]), verdict) if found else None


def _line(trial: Trial, criterion: Criterion) -> Point:
    number = criterion.id.rpartition("/")[2]
    return Point(
        f"{criterion.kind.capitalize()} {number}: {criterion.text.rstrip('.;')}.", (Proof(criterion.span, criterion.kind),)
    )


def _sentences(trial: Trial, telling: re.Pattern[str], names: tuple[str, ...]) -> Iterator[Point]:
    """The sentences of those sections that the pattern finds, each once."""
    seen: set[str] = set()
    for name in names:
        for section in (one for one in trial.sections if one.name == name):
            source = trial.source(section.span.document)
            text = view(source, section.span.start, section.span.end)
            for start, end in sentences(text.text):
                if end - start <= _LONGEST and telling.search(text.text, start, end):
                    span = text.span(start, end)
                    words = clean(source, span)
                    if words not in seen:
                        seen.add(words)
                        yield Point(words, (Proof(span, section.name),))
