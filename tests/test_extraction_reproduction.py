"""Whether contraception is required and pregnancy excluded, as fields."""

import pytest
from small_trials import trial

from assistant.audit.extraction import extract
from assistant.audit.record import record

BOTH = {"contraception_required", "pregnancy_excluded"}
CASES = [
    pytest.param(["Women must agree to use effective contraception"], [], {"contraception_required"}, id="contraception"),
    pytest.param([], ["Unwilling to use adequate contraception"], {"contraception_required"}, id="a refusal excludes"),
    pytest.param([], ["Pregnant or breastfeeding women"], {"pregnancy_excluded"}, id="pregnancy"),
    pytest.param(["Negative serum pregnancy test within 7 days"], [], {"pregnancy_excluded"}, id="a negative test"),
    pytest.param(
        ["Negative pregnancy test; fertile patients must use contraception"], ["Nursing"], BOTH, id="both, over several lines"
    ),
    pytest.param([], ["Pregnancy. Others must agree to use contraception"], BOTH, id="a demand among the exclusions"),
    pytest.param([], ["Treatment with combined hormonal contraception"], set(), id="a hormone that interacts"),
    pytest.param(["Contraception is not required"], [], set(), id="waived"),
    pytest.param(["Signed consent"], ["Heart failure"], set(), id="silence"),
]


@pytest.mark.parametrize(("inclusion", "exclusion", "said"), CASES)
def test_reproduction(inclusion: list[str], exclusion: list[str], said: set[str]) -> None:
    found = extract(record(trial(inclusion=inclusion, exclusion=exclusion)))
    assert {name for name in BOTH if name in found} == said
    assert all(found[name].value is True and found[name].spans for name in said)
