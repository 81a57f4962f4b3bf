"""Reads a patient's note, a clinician's or the patient's own words, into typed facts that each quote it."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.eligibility.notes.cues import Cue, find_cues
from assistant.eligibility.notes.entailed import (
    asked_again,
    defined,
    denied_on,
    healed,
    immune_events,
    kept_on,
    new_symptoms,
    of_classes,
    of_concepts,
    of_pressures,
    of_reactions,
    of_values,
    only_allergies,
    only_ones,
    over_now,
    sex_of,
    signed,
    spared_allergies,
    stopped,
    summed_up,
    treated_ill,
    turned,
    wholes,
    worded,
)
from assistant.eligibility.notes.findings import findings
from assistant.eligibility.notes.gaps import after_events
from assistant.eligibility.notes.half_lives import with_half_lives
from assistant.eligibility.notes.imaging import found_clear, sited
from assistant.eligibility.notes.menopause import menopause
from assistant.eligibility.notes.names import mark_ends, names, outside_times, readings, unmeasured, untangled, without_symptoms
from assistant.eligibility.notes.person import is_foreign, named_sex, read_noted, read_person
from assistant.eligibility.notes.pieces import Piece, cut, without_markup, without_numbers, without_tags
from assistant.eligibility.notes.recurrence import recurrences
from assistant.eligibility.notes.scope import Polarity, Said, read_scopes
from assistant.eligibility.notes.tumours import (
    begun_in,
    by_marker,
    measurable,
    never_irradiated,
    no_others,
    of_measurable_size,
    of_one_cancer,
    of_this_cancer,
    operated,
    radical,
    seen,
    spread_at_first,
    who_types,
)
from assistant.eligibility.notes.values import Placed, only_values, read_values, staged
from assistant.eligibility.numbers.measures import GradingMention, Measure, grades, gradings, measures
from assistant.eligibility.patient import Clause, Fact, Finding, Measurement, Patient, Words
from assistant.eligibility.times.dates import TimeMention, times
from assistant.eligibility.vocabulary.traits import TraitMention, find_traits
from index.words import stems

_EMPTY = "The note is empty."


_FOREIGN = "The note does not seem to be in English; nothing was read from it."


def read_note(text: str, today: date) -> Patient:
    """The facts of a note. Relative times and ages count from the day of the note where it says one, else from `today`.

    Never raises for a text: what cannot be used is named in `problems`.
    """
    if not text.strip():
        return Patient(text, problems=(_EMPTY,))
    if is_foreign(text):
        return Patient(text, problems=(_FOREIGN,))
    return _read(text, without_tags(without_numbers(without_markup(text))), today)


def _read(text: str, plain: str, today: date) -> Patient:
    """`plain`: the text with markup and list numbers blanked, character for character."""
    all_cues = find_cues(plain)
    first_times = times(plain, today)
    dated, noted_starts = read_noted(plain, first_times, all_cues)
    noted = dated or today
    found_times = first_times if noted == today else times(plain, noted)
    timeless = outside_times(all_cues, found_times)
    named = names(plain)
    found_traits = find_traits(plain)
    mentions, cues = untangled(plain, *without_symptoms(named, timeless, found_traits))
    values, classes, levels = readings(measures(only_values(plain)), mentions), staged(plain, gradings(plain)), grades(plain)
    spans = [(one.start, one.end) for group in (mentions, values, classes, levels, found_times) for one in group]
    phrases = [(cue.start, cue.end) for cue in cues if cue.does != "stop"]
    pieces = cut(plain, [*spans, *phrases], [(one.start, one.end) for one in mentions], cues)
    measured = sorted({(one.start, one.end) for group in (values, levels, found_times) for one in group})
    scopes = read_scopes(plain, pieces, cues, unmeasured(mentions, values), measured, named_sex(plain))
    mark_ends(plain, scopes.said)
    places = [piece.start for piece in pieces]

    def polarity_at(place: int) -> Polarity | None:
        at = bisect_right(places, place) - 1
        return scopes.polarities[at] if at >= 0 else None

    def of_patient(place: int) -> bool:
        polarity = polarity_at(place)
        return polarity is None or polarity.who == "patient"

    person = read_person(plain, noted, of_patient, found_times, all_cues)
    placed = Placed(pieces, [one.who == "patient" for one in scopes.polarities])
    read = read_values(plain, placed, values, classes, found_times, all_cues, noted_starts, _named(scopes.said))
    dating = _dating_times(found_times, noted_starts, person.age_words)
    sites = tuple(sited(plain, pieces, scopes.said))
    traits = _untouched(_ungraded(found_traits, sorted([*classes, *values], key=lambda one: one.start)), cues)
    made = findings(
        plain, pieces, sites, cues, traits, levels, dating, noted, [one.denied for one in scopes.polarities], classes
    )
    made = tuple(recurrences(plain, tuple(worded(plain, made)), found_times))
    made = tuple(no_others(plain, tuple(radical(tuple(denied_on(plain, made, found_times))))))
    made = tuple(spread_at_first(plain, tuple(seen(plain, tuple(of_one_cancer(plain, made, classes)))), classes))
    made = tuple(defined(signed(plain, tuple(operated(plain, made)))))
    made = tuple(kept_on(plain, tuple(begun_in(plain, made))))
    made = tuple(only_ones(plain, tuple(over_now(plain, tuple(summed_up(plain, made))))))
    made = (*made, *menopause(plain, person, noted, of_patient, found_times))
    classed = (*of_this_cancer(read.gradings, made), *who_types(made))
    made = (
        *made,
        *found_clear(plain, pieces, cues, scopes.polarities, found_times),
        *measurable(plain, made),
        *of_measurable_size(plain, made),
        *by_marker(made),
        *never_irradiated(plain, made),
        *of_concepts(made),
        *wholes(made),
        *treated_ill(plain, made),
        *healed(plain, made),
        *only_allergies(plain, made),
        *spared_allergies(plain, made),
        *of_reactions(plain, made),
        *immune_events(plain, made),
        *of_classes(classed, made),
        *of_values(read.measurements),
        *of_pressures(plain, made, read.measurements, traits),
    )
    made = tuple(with_half_lives(plain, tuple(after_events(plain, made, scopes.said))))
    facts: list[Fact] = [
        *turned(plain, list(new_symptoms(stopped(tuple(asked_again(plain, made))))), all_cues),
        *read.measurements,
        *classed,
    ]
    facts = [_quoting(text, fact) for fact in sorted(facts, key=lambda fact: (fact.words.start, fact.words.end))]
    sex, sex_words = person.sex, person.sex_words
    if sex is None:
        sex, sex_words = sex_of(made)
    return Patient(
        text=text,
        facts=tuple(dict.fromkeys(facts)),
        clauses=tuple(_clauses(text, pieces, scopes.polarities)),
        sex=sex,
        sex_words=_quoted(text, sex_words),
        born=person.born,
        age=person.age,
        age_words=_quoted(text, person.age_words),
        dated=dated,
        problems=(*person.problems, *read.problems),
    )


def _dating_times(found: Sequence[TimeMention], noted: frozenset[int], age: Words | None) -> list[TimeMention]:
    """The times that can date a finding: not the note's own day, not an age."""
    return [
        time
        for time in found
        if time.start not in noted and not (age is not None and time.start < age.end and time.end > age.start)
    ]


def _ungraded(traits: Sequence[TraitMention], classes: Sequence[GradingMention | Measure]) -> list[TraitMention]:
    """The traits that are no part of a class or a value: the "IV" of a stage is no infusion."""
    kept, place = [], 0
    for trait in traits:
        while place < len(classes) and classes[place].end <= trait.start:
            place += 1
        if place == len(classes) or trait.end <= classes[place].start:
            kept.append(trait)
    return kept


def _named(said: Sequence[Said]) -> list[int]:
    """Where something is named that a date beside it can be of: no examination."""
    return [one.mention.start for one in said if not {"drug", "procedure"} & one.kinds or "condition" in one.kinds]


def _untouched(traits: Sequence[TraitMention], cues: Sequence[Cue]) -> list[TraitMention]:
    """The traits that no longer cue takes back ("not increased", "without improvement")."""
    takers = [cue for cue in cues if cue.does in ("deny", "pseudo", "past", "uncertain", "not-given", "over")]
    kept, place = [], 0
    for trait in traits:
        while place < len(takers) and takers[place].end <= trait.start:
            place += 1
        near = takers[place : place + 4]
        if not any(
            cue.start <= trait.start and trait.end <= cue.end and cue.end - cue.start > trait.end - trait.start for cue in near
        ):
            kept.append(trait)
    return kept


def _quoted(text: str, words: Words | None) -> Words | None:
    return None if words is None else _trimmed(text, words)


def _trimmed(text: str, words: Words) -> Words:
    """The words as the text has them, without blanks at their ends."""
    quote = text[words.start : words.end]
    bare = quote.strip()
    if not bare:
        return Words(words.start, words.end, quote)
    start = words.start + quote.find(bare)
    return Words(start, start + len(bare), bare)


def _quoting(text: str, fact: Fact) -> Fact:
    """The fact with its quote taken from the text itself, list numbers and all."""
    words = _trimmed(text, fact.words)
    if isinstance(fact, Finding):
        return replace(fact, words=words)
    if isinstance(fact, Measurement):
        return replace(fact, words=words)
    return replace(fact, words=words)


def _clauses(text: str, pieces: Sequence[Piece], polarities: Sequence[Polarity]) -> Iterator[Clause]:
    for piece, polarity in zip(pieces, polarities, strict=True):
        quote = text[piece.start : piece.end]
        yield Clause(
            Words(piece.start, piece.end, quote), frozenset(stems(quote)), polarity.denied, polarity.who, polarity.certain
        )
