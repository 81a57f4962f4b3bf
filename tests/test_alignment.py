"""Two lists of criteria side by side: reworded, moved, split and merged lines find each other, and others do not."""

from collections.abc import Sequence

import pytest
from small_trials import trial

from assistant.audit.alignment import Alignment, align
from assistant.eligibility.assess import rules

OLD = (
    "Histologically confirmed breast cancer",
    "Hemoglobin ≥ 90 g/L within 14 days before the first dose",
    "Platelets ≥ 100 × 10^9/L",
    "ECOG performance status 0-1",
    "Creatinine ≤ 1.5 × ULN and total bilirubin ≤ 1.5 × ULN",
)


def aligned(old: Sequence[str], new: Sequence[str]) -> Alignment:
    return align(rules(trial(inclusion=old)).lines, rules(trial("NCT00000052", inclusion=new)).lines)


@pytest.mark.parametrize(
    ("new", "pairs"),
    [
        pytest.param(OLD, [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)], id="the same list"),
        pytest.param(OLD[::-1], [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0)], id="another order"),
        pytest.param(
            (OLD[0], "Hb at least 80 g/L", *OLD[2:]), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)], id="another word and number"
        ),
        pytest.param(
            (*OLD[:4], "Creatinine ≤ 1.5 × ULN", "Total bilirubin ≤ 1.5 × ULN"),
            [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (4, 5)],
            id="one line became two",
        ),
        pytest.param(
            (OLD[0], "Hemoglobin ≥ 90 g/L within 14 days before the first dose; platelets ≥ 100 × 10^9/L", *OLD[3:]),
            [(0, 0), (1, 1), (2, 1), (3, 2), (4, 3)],
            id="two lines became one",
        ),
        pytest.param((*OLD[:3], OLD[4]), [(0, 0), (1, 1), (2, 2), (4, 3)], id="a line was dropped"),
        pytest.param((*OLD, "No uncontrolled hypertension"), [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)], id="a line was added"),
        pytest.param((), [], id="an empty list"),
    ],
)
def test_lines_find_their_counterparts(new: Sequence[str], pairs: list[tuple[int, int]]) -> None:
    found = aligned(OLD, new)
    places = [(OLD.index(pair.one.text), list(new).index(pair.other.text)) for pair in found.pairs]
    assert places == pairs
    assert {line.text for line in found.only_one} == {line for at, line in enumerate(OLD) if at not in dict(pairs)}
    assert {line.text for line in found.only_other} == {
        line for at, line in enumerate(new) if at not in [other for _, other in pairs]
    }
