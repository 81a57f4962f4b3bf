"""Whom a concept cannot concern: pregnancy and men, small children or women past the menopause; ovarian cancer and men."""

from dataclasses import dataclass
from functools import cache

from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.person import years_lived
from assistant.eligibility.judge.silence import unmentioned
from assistant.eligibility.knowledge import rows
from assistant.eligibility.patient import Words
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import concept_name
from index.words import stems


@dataclass(frozen=True, slots=True)
class Outside:
    """Why a line about a concept is not about the patient."""

    fact: str
    plain: str
    words: tuple[Words, ...]


@cache
def _sexes() -> tuple[tuple[str, str], ...]:
    return tuple((row["id"], row["sex"]) for row in rows("sexes.tsv"))


@cache
def _maternity() -> tuple[tuple[str, str, str], ...]:
    return tuple((row["id"], row["when"], row["value"]) for row in rows("maternity.tsv"))


def sex_of(concept: str) -> str | None:
    """The sex that alone can have it: pregnancy is of women."""
    return next((only for bound, only in _sexes() if is_a(concept, bound)), None)


def outside(concept: str, case: Case) -> Outside | None:
    """Why a concept cannot be the patient's, by sex, age or a finding; None where it can, or nothing is known."""
    sex = case.patient.sex
    if sex is not None and any(sex != only and is_a(concept, bound) for bound, only in _sexes()):
        words = (case.patient.sex_words,) if case.patient.sex_words else ()
        return Outside(f"the patient is {sex}", f"you are {sex}", words)
    if any(finding.present and is_a(finding.concept, concept) for finding in case.findings()):
        return None
    found = (_by_row(when, value, case) for bound, when, value in _maternity() if is_a(concept, bound))
    return next((one for one in found if one is not None), None)


def _by_row(when: str, value: str, case: Case) -> Outside | None:
    if when == "has":
        held = [f for f in case.findings() if f.present and f.certain and is_a(f.concept, value)]
        return Outside(f"“{held[0].words.quote}”", f"you said “{held[0].words.quote}”", (held[0].words,)) if held else None
    if when == "lacks":
        return _without(value, case)
    age = years_lived(case, case.clock.today)
    if age is None or not (age.high <= float(value) if when == "below" else age.low >= float(value)):
        return None
    words = (case.patient.age_words,) if case.patient.age_words else ()
    fact = f"{'below' if when == 'below' else 'over'} {value} years old"
    return Outside(f"the patient is {fact}", f"you are {fact}", words)


def _without(value: str, case: Case) -> Outside | None:
    """Whom nothing that leads to it has befallen, by a complete note: rejection and those without a transplant."""
    spoken = any(is_a(finding.concept, value) or is_a(value, finding.concept) for finding in case.findings() if finding.present)
    if not case.closed or spoken or not unmentioned(stems(value), case.patient):
        return None
    return Outside(f"no {concept_name(value)} is mentioned", f"you have not mentioned {concept_name(value)}", ())
