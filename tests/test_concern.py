"""Whom a line about pregnancy, or about an organ of one sex, is not about."""

import pytest

from assistant.eligibility.conditions import AllOf, AnyOf, Condition, Demographic, Has, Judged, Only, Unparsed
from assistant.eligibility.judge import judge
from assistant.eligibility.patient import Patient
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.truth import FALSE, TRUE
from index.trial import Kind
from tests.small_patients import CLOCK, clause, has, no, patient

PREGNANT = Has(("pregnancy",))
EITHER = AnyOf((PREGNANT, Has(("breastfeeding",))))
USES = Judged("patient", "must use contraception", Has(("contraception",)))
FERTILE_WOMEN = Only(AllOf((Demographic("female"), Has(("childbearing-potential",)))), USES)
MAN = patient(sex="male")
WOMAN_OF_71 = patient(sex="female", age=exactly(71))
WOMAN_OF_30 = patient(sex="female", age=exactly(30))
WITHOUT_WOMB = patient(has("hysterectomy"), sex="female", age=exactly(40))
PAST_MENOPAUSE = patient(has("postmenopausal"), sex="female", age=exactly(52))


@pytest.mark.parametrize(
    ("condition", "who", "kind", "outside"),
    [
        pytest.param(PREGNANT, MAN, "exclusion", True, id="a man"),
        pytest.param(EITHER, MAN, "exclusion", True, id="a man, and both"),
        pytest.param(AllOf((PREGNANT, Unparsed("so and so"))), MAN, "exclusion", True, id="a man, whatever stands beside it"),
        pytest.param(PREGNANT, patient(age=exactly(4)), "exclusion", True, id="a small child"),
        pytest.param(PREGNANT, WOMAN_OF_71, "exclusion", True, id="a woman of 71: by her age alone"),
        pytest.param(EITHER, PAST_MENOPAUSE, "exclusion", True, id="past the menopause: she says so"),
        pytest.param(PREGNANT, WITHOUT_WOMB, "exclusion", True, id="without a womb"),
        pytest.param(EITHER, WITHOUT_WOMB, "exclusion", False, id="who may have borne a child before"),
        pytest.param(PREGNANT, WOMAN_OF_30, "exclusion", False, id="a woman of 30 may be pregnant"),
        pytest.param(PREGNANT, patient(age=Range(8, 12)), "exclusion", False, id="a child of 8 to 12 may be"),
        pytest.param(FERTILE_WOMEN, WOMAN_OF_71, "inclusion", True, id="not of childbearing potential at 71"),
        pytest.param(FERTILE_WOMEN, MAN, "inclusion", True, id="nor a man"),
        pytest.param(FERTILE_WOMEN, WOMAN_OF_30, "inclusion", False, id="but at 30 the rule may bind"),
        pytest.param(Has(("alcohol-abuse",)), patient(age=exactly(5)), "exclusion", True, id="a small child does not drink"),
        pytest.param(Has(("smoking",)), patient(age=exactly(14)), "exclusion", False, id="an adolescent may smoke"),
        pytest.param(Has(("prostate-cancer",)), WOMAN_OF_30, "exclusion", True, id="an organ of the other sex"),
        pytest.param(AllOf((Demographic("female"), Has(("pregnancy",)))), MAN, "inclusion", True, id="asked of women alone"),
    ],
)
def test_who_is_outside(condition: Condition, who: Patient, kind: Kind, outside: bool) -> None:
    judged = judge(condition, who, CLOCK, kind=kind)
    assert (judged.not_applicable, judged.assumed) == (outside, False)


def test_what_is_said_outweighs_what_age_suggests() -> None:
    assert judge(PREGNANT, patient(has("pregnancy"), sex="female", age=exactly(61)), CLOCK, kind="exclusion").truth is TRUE
    assert judge(PREGNANT, patient(no("pregnancy"), sex="female", age=exactly(30)), CLOCK, kind="exclusion").truth is FALSE


@pytest.mark.parametrize(
    ("who", "complete", "outside"),
    [
        pytest.param(patient(has("asthma")), True, True, id="no transplant is mentioned"),
        pytest.param(patient(has("asthma")), False, False, id="in a note that leaves things out"),
        pytest.param(patient(has("stem-cell-transplantation")), True, False, id="a recipient"),
        pytest.param(
            patient(clauses=(clause("a renal transplant was discussed", certain=False),)), True, False, id="spoken of"
        ),
    ],
)
def test_a_complication_of_what_never_was(who: Patient, complete: bool, outside: bool) -> None:
    judged = judge(Has(("gvhd",)), who, CLOCK, complete=complete, kind="exclusion")
    assert judged.not_applicable is outside
