"""What a conversation holds of the patient: the facts of its messages, the later word before the earlier, each with its turn."""

from dataclasses import dataclass, replace

from assistant.eligibility.patient import Clause, Fact, Finding, Grading, Measurement, Patient, Words

NOBODY = Patient("")
_BETWEEN = "\n"
"""What parts the messages in the text that evidence counts in."""


@dataclass(frozen=True, slots=True)
class Held:
    """The patient as told so far. `begins`: where each telling message begins in the patient's text, by its turn (from 1)."""

    patient: Patient = NOBODY
    begins: tuple[tuple[int, int], ...] = ()

    def turn_of(self, words: Words) -> int:
        """The turn in which words were said."""
        return next((turn for turn, begin in reversed(self.begins) if begin <= words.start), 0)


def told(held: Held, later: Patient, turn: int) -> Held:
    """What is held once another message is told. What it says anew of a quantity, scale, finding, age or sex replaces what stood."""
    if not held.patient.text:
        return Held(later, ((turn, 0),))
    begin = len(held.patient.text) + len(_BETWEEN)
    return Held(joined(held.patient, later), (*held.begins, (turn, begin)))


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
    )


def _replaces(new: Fact, old: Fact) -> bool:
    """Whether a later fact is another word on the same thing; values of different days stand beside each other."""
    if isinstance(new, Measurement) and isinstance(old, Measurement):
        return new.quantity == old.quantity and (new.taken is None or old.taken is None or new.taken == old.taken)
    if isinstance(new, Grading) and isinstance(old, Grading):
        return new.scale == old.scale
    if isinstance(new, Finding) and isinstance(old, Finding):
        return new.concept == old.concept and new.who == old.who and (new.present != old.present or new.started != old.started)
    return False


def _moved(patient: Patient, offset: int) -> Patient:
    def there(words: Words) -> Words:
        return replace(words, start=words.start + offset, end=words.end + offset)

    def fact_there(fact: Fact) -> Fact:
        return replace(fact, words=there(fact.words))

    def clause_there(clause: Clause) -> Clause:
        return replace(clause, words=there(clause.words))

    return replace(
        patient,
        facts=tuple(map(fact_there, patient.facts)),
        clauses=tuple(map(clause_there, patient.clauses)),
        sex_words=there(patient.sex_words) if patient.sex_words else None,
        age_words=there(patient.age_words) if patient.age_words else None,
    )
