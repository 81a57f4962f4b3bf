"""Whom a trial takes by age, sex and health, in sentences, and on which side of a limit a stated age falls."""

import re
from typing import Final

from assistant.chat.points import Proof, Said, field_proofs, spoken, stated
from assistant.chat.question import Question
from assistant.reply import Verdict
from assistant.voices import voiced
from index.trial import Trial
from index.view import clean

_UNITS: Final = {"year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766, "minute": 1 / 525960}
_LIMIT: Final = re.compile(rf"(\d+(?:\.\d+)?)\s+({'|'.join(_UNITS)})", re.IGNORECASE)
_AGE_LINE: Final = re.compile(
    r"\bage[ds]?\b(?!\w)|\byears? (?:old|of age)|\b\d+\s*(?:years|yrs)\b(?=.*\b(?:male|female|old|older)\b)"
    r"|^(?:greater|older|less|younger|more|at least|≥|>|≤|<|over|under|from|between|\d)[\w\s≥≤<>=-]*\byears\W*$",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"\b(\d{1,2})\s*(?:years?|yrs?)?(?: old| of age)?\s*(?:-|–|—|~|to|and|till|until)\s*(?:≤|<=|<)?\s*(\d{1,3})\b"
)
_AGE_ASKED: Final = re.compile(r"\bage\b|old enough|young enough|too (?:old|young)", re.IGNORECASE)
_WOMEN: Final = re.compile(r"\bwom[ae]n\b|\bfemales?\b", re.IGNORECASE)
_MEN: Final = re.compile(r"\bm[ae]n\b|\bmales?\b", re.IGNORECASE)
_ONLY: Final = re.compile(r"\bonly\b", re.IGNORECASE)
_TAKES: Final = re.compile(r"accept|open to|include|take", re.IGNORECASE)
_SEXES: Final = {"ALL": "sex-all", "FEMALE": "sex-female", "MALE": "sex-male"}


def age(trial: Trial, question: Question) -> Said | None:
    """The age limits, and on which side of them a stated age falls."""
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    proofs = (*age_criteria(trial), *field_proofs(trial, "minimum_age", "maximum_age"))
    if not proofs or (low is None and high is None):
        return None
    limits = f"The trial takes people {age_words(trial.minimum_age, trial.maximum_age)}"
    if question.age is None:
        return stated(voiced("age", limits=limits), proofs)
    if _contradicted(trial, question.age):
        said = voiced("age-contradicted", limits=limits, age=f"{question.age:g}")
        return stated(said, proofs, None if question.form == "open" else "depends")
    said = voiced("age-side", limits=limits, age=f"{question.age:g}", side=_side(trial, question.age))
    return stated(said, proofs, _as_asked(takes_age(trial, question.age), question))


def takes_age(trial: Trial, age: float) -> bool:
    """Whether the record's fields let that age (years) in; a limit of 70 years includes people of 70 until they turn 71."""
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    return (low is None or age >= low) and (high is None or age < high + 1)


def _side(trial: Trial, age: float) -> str:
    if takes_age(trial, age):
        return "inside the age range"
    low = years(trial.minimum_age)
    if low is not None and age < low:
        return f"under the lower limit of {(trial.minimum_age or '').lower()}"
    return f"over the upper limit of {(trial.maximum_age or '').lower()}"


def _contradicted(trial: Trial, age: float) -> bool:
    """Whether a criterion's age range and the record's fields put an age on different sides."""
    lines = [clean(trial.source(proof.span.document), proof.span) for proof in age_criteria(trial)]
    ranges = [match for line in lines for match in _RANGE.findall(line)]
    return any((float(first) <= age < float(last) + 1) is not takes_age(trial, age) for first, last in ranges)


def _as_asked(inside: bool, question: Question) -> Verdict | None:
    """The verdict to the question as asked; a passed line never answers a question about the whole trial with yes."""
    if question.form == "excluded":
        return "no" if inside else "yes"
    if question.form == "open":
        return None
    if not inside:
        return "no"
    return "yes" if _AGE_ASKED.search(question.text) else "depends"


def age_words(minimum: str | None, maximum: str | None) -> str:
    """ "from 18 to 70 years old", in the record's own units."""
    if minimum and maximum:
        same = minimum.split()[-1] == maximum.split()[-1]
        return f"from {minimum.split()[0] if same else minimum.lower()} to {maximum.lower()} old"
    if minimum:
        return f"from {minimum.lower()} old, with no upper limit given"
    return f"up to {maximum.lower()} old, with no lower limit given" if maximum else "of any age"


def years(limit: str | None) -> float | None:
    """An age limit as API v2 words it, in years; None for none."""
    match = _LIMIT.match(limit or "")
    return float(match[1]) * _UNITS[match[2].lower()] if match else None


def age_criteria(trial: Trial) -> tuple[Proof, ...]:
    """The inclusion criteria that state an age, two at most."""
    lines = [c for c in trial.leaves if c.kind == "inclusion" and len(c.text) < 200]
    found = [c for c in lines if re.search(r"\d", c.text) and _AGE_LINE.search(c.text)]
    return tuple(Proof(c.span, c.kind) for c in found)[:2]


def sex(trial: Trial, question: Question) -> Said | None:
    """Which sexes are eligible."""
    if not trial.sex:
        return None
    said = voiced(_SEXES.get(trial.sex, "sex"), value=spoken(trial.sex))
    return stated(said, field_proofs(trial, "sex"), _sex_verdict(trial.sex, question))


def _sex_verdict(taken: str, question: Question) -> Verdict | None:
    asked = question.sex or sex_asked(question.text)
    if question.form == "open" or not asked:
        return None
    if _ONLY.search(question.text):
        return "yes" if taken == asked != "ALL" else "no"
    inside = taken in {"ALL", asked}
    about_the_rule = question.sex is None and (asked == "ALL" or _TAKES.search(question.text))
    return "yes" if inside and about_the_rule and question.form != "excluded" else _as_asked(inside, question)


def sex_asked(text: str) -> str | None:
    """The sex that a text speaks of; "ALL" for both."""
    women, men = _WOMEN.search(text), _MEN.search(text)
    return "ALL" if women and men else "FEMALE" if women else "MALE" if men else None


def healthy_volunteers(trial: Trial, question: Question) -> Said | None:
    """Whether healthy volunteers are accepted."""
    if trial.healthy_volunteers is None:
        return None
    said = voiced("healthy" if trial.healthy_volunteers else "not-healthy")
    verdict: Verdict = "yes" if trial.healthy_volunteers else "no"
    return stated(said, field_proofs(trial, "healthy_volunteers"), verdict if question.form != "open" else None)
