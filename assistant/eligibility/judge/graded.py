"""What a value says of a condition that is graded by it: "anemia of grade 2 or more" is a hemoglobin below 100 g/L."""

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Literal

from assistant.eligibility.conditions import Between, Has
from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.judgement import Judgement, either
from assistant.eligibility.judge.value import judge_value
from assistant.eligibility.knowledge import rows
from assistant.eligibility.ranges import Range
from assistant.eligibility.truth import FALSE, TRUE

_GRADES = 4


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where the grades of a condition begin on the scale of a quantity; None where the value alone does not say."""

    quantity: str
    below: bool
    unit: str | None
    begins: tuple[tuple[float, Literal["ULN", "LLN"] | None] | None, ...]
    plain: bool


@cache
def _scales() -> dict[str, tuple[_Scale, ...]]:
    found: dict[str, tuple[_Scale, ...]] = {}
    for row in rows("value-grades.tsv"):
        begins = tuple(_begin(row[f"grade{grade}"]) for grade in range(1, _GRADES + 1))
        scale = _Scale(row["quantity"], row["side"] == "below", row["unit"] or None, begins, row["plain"] == "yes")
        found[row["concept"]] = (*found.get(row["concept"], ()), scale)
    return found


def _begin(cell: str) -> tuple[float, Literal["ULN", "LLN"] | None] | None:
    number, _, limit = cell.partition(" ")
    return (float(number), "ULN" if limit == "ULN" else "LLN" if limit == "LLN" else None) if number else None


def judge_by_value(condition: Has, case: Case) -> Judgement | None:
    """Whether the values show the condition in the grade asked for; None where they do not decide, or it is not graded so."""
    scales = _scales().get(condition.concepts[0], ()) if len(condition.concepts) == 1 else ()
    least = _least(condition, scales)
    if least is None or condition.ever or condition.family or condition.other or condition.traits or condition.count:
        return None
    judged = [_judge(scale, least, condition, case) for scale in scales]
    whole = either([one for one in judged if one is not None])
    return whole if whole.truth is TRUE or (whole.truth is FALSE and None not in judged) else None


def _least(condition: Has, scales: tuple[_Scale, ...]) -> int | None:
    """The least grade asked for: of "grade 2 or more" 2, of "above grade 2" 3; None where the grades have an upper end."""
    grade = condition.grade
    if grade is None:
        return 1 if scales and all(scale.plain for scale in scales) else None
    whole = grade.high == inf and grade.low == int(grade.low) and 0 <= grade.low <= _GRADES
    least = int(grade.low) + (1 if grade.low_open else 0) if whole else 0
    return least if scales and 1 <= least <= _GRADES else None


def _judge(scale: _Scale, least: int, condition: Has, case: Case) -> Judgement | None:
    """One quantity against where the grade begins; a value that is not even of a lower grade is not of this one."""
    if not case.measurements(scale.quantity):
        return None
    for grade in range(least, 0, -1):
        begin = scale.begins[grade - 1]
        if begin is None:
            continue
        bound, of = begin
        span = Range(high=bound, high_open=True) if scale.below else Range(bound, low_open=True)
        asked = Between(scale.quantity, span, None if of else scale.unit, of, condition.window, condition.words)
        judgement = judge_value(asked, case)
        if judgement.truth is FALSE or (judgement.truth is TRUE and grade == least):
            return judgement
    return None
