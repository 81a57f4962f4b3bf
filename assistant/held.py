"""What a conversation holds of the patient: the facts of its messages, the later word before the earlier, each with its turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.eligibility.patient import Answer, Clause, Fact, Finding, Grading, Measurement, Patient, Words

NOBODY = Patient("")
_NOWHERE = Words(0, 0, "")
_BETWEEN = "\n"
"""What parts the messages in the text that evidence counts in."""


@dataclass(frozen=True, slots=True)
class Held:
    """The patient as told so far. `begins`: where each telling message begins in the patient's text, by its turn (from 1)."""

    patient: Patient = NOBODY
    begins: tuple[tuple[int, int], ...] = ()

    @property
    def last(self) -> int:
        """Where the last telling message begins."""
        return self.begins[-1][1] if self.begins else 0

    def turn_of(self, words: Words) -> int:
        """The turn in which words were said."""
        return next((turn for turn, begin in reversed(self.begins) if begin <= words.start), 0)


@dataclass(frozen=True, slots=True)
class Told:
    """One stretch of a person's words and all that was read from it."""

    turn: int
    words: Words
    facts: tuple[Fact, ...] = ()
    answers: tuple[Answer, ...] = ()
    of_age: bool = False
    of_sex: bool = False


def things(held: Held) -> tuple[Told, ...]:
    """What is held, by the words that say it, in the order in which it was told: its number is its place from 1."""
    patient = held.patient
    spans = {fact.words for fact in (*patient.facts, *patient.answers)}
    spans |= {words for words in (patient.age_words, patient.sex_words) if words}
    return tuple(
        Told(
            held.turn_of(words),
            words,
            tuple(fact for fact in patient.facts if fact.words == words),
            tuple(answer for answer in patient.answers if answer.words == words),
            patient.age_words == words,
            patient.sex_words == words,
        )
        for words in sorted(spans, key=lambda one: (one.start, one.end))
    )


def taken_out(held: Held, number: int) -> Held:
    """What is held once the told thing of this number is taken out, its words too; the same where there is none of that number."""
    all_ = things(held)
    if not 1 <= number <= len(all_):
        return held
    gone = all_[number - 1]
    patient = held.patient
    kept = [one.words for one in all_ if one is not gone]
    return replace(
        held,
        patient=replace(
            patient,
            text=_blanked(patient.text, gone.words, kept),
            facts=tuple(fact for fact in patient.facts if fact not in gone.facts),
            answers=tuple(answer for answer in patient.answers if answer not in gone.answers),
            clauses=tuple(clause for clause in patient.clauses if not _meet(clause.words, gone.words)),
            sex=None if gone.of_sex else patient.sex,
            sex_words=None if gone.of_sex else patient.sex_words,
            born=None if gone.of_age else patient.born,
            age=None if gone.of_age else patient.age,
            age_words=None if gone.of_age else patient.age_words,
        ),
    )


def _meet(one: Words, other: Words) -> bool:
    return one.start < other.end and other.start < one.end


def _blanked(text: str, gone: Words, kept: Sequence[Words]) -> str:
    """The text with blanks for the words that are gone, as far as no others need them: evidence keeps its place."""
    needed = {at for words in kept if _meet(words, gone) for at in range(words.start, words.end)}
    blank = "".join(" " if at not in needed else text[at] for at in range(gone.start, gone.end))
    return f"{text[: gone.start]}{blank}{text[gone.end :]}"


def told(held: Held, later: Patient, turn: int) -> Held:
    """What is held once another message is told. What it says anew of a quantity, scale, finding, age or sex replaces what stood."""
    if not held.patient.text:
        return Held(later, ((turn, 0),))
    begin = len(held.patient.text) + len(_BETWEEN)
    return Held(joined(held.patient, later), (*held.begins, (turn, begin)))


def news(held: Patient, told: Patient) -> Patient | None:
    """What is told without the facts that are held already in other words; None where nothing is new."""
    known = [_bare(one) for one in held.facts]
    facts = tuple(one for one in told.facts if _bare(one) not in known)
    return replace(told, facts=facts) if facts or told.age != held.age or told.born != held.born else None


def without_retold(held: Patient, told: Patient) -> Patient:
    """What is held without the facts that are told again."""
    again = [_bare(one) for one in told.facts]
    return replace(held, facts=tuple(one for one in held.facts if _bare(one) not in again))


def _bare(fact: Fact) -> Fact:
    return replace(fact, words=_NOWHERE)


def joined(earlier: Patient, later: Patient) -> Patient:
    """Two tellings of one patient as one; evidence of the later one counts in the joined text."""
    offset = len(earlier.text) + len(_BETWEEN)
    moved = _moved(later, offset)
    aged = later.age is not None or later.born is not None
    return Patient(
        text=f"{earlier.text}{_BETWEEN}{later.text}",
        facts=(*(fact for fact in earlier.facts if not any(_replaces(new, fact) for new in later.facts)), *moved.facts),
        clauses=(*earlier.clauses, *moved.clauses),
        sex=later.sex or earlier.sex,
        sex_words=moved.sex_words if later.sex else earlier.sex_words,
        born=later.born if aged else earlier.born,
        age=later.age if aged else earlier.age,
        age_words=moved.age_words if aged else earlier.age_words,
        dated=later.dated or earlier.dated,
        problems=(*earlier.problems, *later.problems),
        answers=(*earlier.answers, *moved.answers),
    )


def _replaces(new: Fact, old: Fact) -> bool:
    """Whether a later fact is another word on the same thing; values of different days stand beside each other."""
    if isinstance(new, Measurement) and isinstance(old, Measurement):
        return new.quantity == old.quantity and (new.taken is None or old.taken is None or new.taken == old.taken)
    if isinstance(new, Grading) and isinstance(old, Grading):
        return new.scale == old.scale
    if isinstance(new, Finding) and isinstance(old, Finding):
        return new.concept == old.concept and new.who == old.who and _said(new) != _said(old)
    return False


def _said(one: Finding) -> tuple[object, ...]:
    """What a later word on a finding says otherwise than an earlier one."""
    return one.present, one.started, one.ended, one.dose, one.grade


def _moved(patient: Patient, offset: int) -> Patient:
    def there(words: Words) -> Words:
        return replace(words, start=words.start + offset, end=words.end + offset)

    def fact_there(fact: Fact) -> Fact:
        return replace(fact, words=there(fact.words))

    def clause_there(clause: Clause) -> Clause:
        return replace(clause, words=there(clause.words))

    def answer_there(answer: Answer) -> Answer:
        return replace(answer, words=there(answer.words))

    return replace(
        patient,
        answers=tuple(map(answer_there, patient.answers)),
        facts=tuple(map(fact_there, patient.facts)),
        clauses=tuple(map(clause_there, patient.clauses)),
        sex_words=there(patient.sex_words) if patient.sex_words else None,
        age_words=there(patient.age_words) if patient.age_words else None,
    )
