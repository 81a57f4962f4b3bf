"""Lines that lie in the patient's own will, held against what the patient promised or refused."""

import pytest

from assistant.eligibility.conditions import Condition, Has, Judged, Not, PerProtocol, Unparsed
from assistant.eligibility.judge import judge
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth
from index.trial import Kind
from tests.small_patients import CLOCK, has, no, patient

CONSENT, PROMISE = has("informed-consent"), has("compliance")
COMPLIES = Has(("compliance",))


def will(words: str, facts: Condition | None = None) -> Judged:
    return Judged("patient", words, facts)


@pytest.mark.parametrize(
    ("condition", "facts", "kind", "expected"),
    [
        pytest.param(will("Signed consent form"), (CONSENT,), "inclusion", TRUE, id="consent"),
        pytest.param(will("Willing and able to come to all visits"), (PROMISE,), "inclusion", TRUE, id="visits"),
        pytest.param(
            will("Willing and able to come to all visits"), (CONSENT,), "inclusion", UNKNOWN, id="consent is no diary"
        ),
        pytest.param(will("Refuses to take part", None), (CONSENT,), "exclusion", FALSE, id="refusal; consent is given"),
        pytest.param(will("Unlikely to adhere to the schedule", Not(COMPLIES)), (PROMISE,), "exclusion", FALSE, id="turned"),
        pytest.param(
            will("Earlier poor adherence", COMPLIES), (PROMISE,), "exclusion", FALSE, id="whatever the parse makes of it"
        ),
        pytest.param(will("Consents to the study"), (no("informed-consent"),), "inclusion", FALSE, id="consent refused"),
        pytest.param(will("Agrees to a second biopsy"), (CONSENT,), "inclusion", TRUE, id="a procedure is agreed to"),
        pytest.param(
            will("Agrees to use contraception"), (CONSENT, PROMISE), "inclusion", UNKNOWN, id="contraception is asked for"
        ),
        pytest.param(will("Agrees to a second biopsy"), (no("biopsy-willingness"),), "inclusion", FALSE, id="a biopsy refused"),
        pytest.param(PerProtocol("a second biopsy"), (CONSENT,), "inclusion", UNKNOWN, id="a biopsy alone is no will"),
        pytest.param(
            will("Able to give consent", Has(("capacity-to-consent",))),
            (has("capacity-to-consent"),),
            "inclusion",
            TRUE,
            id="able",
        ),
        pytest.param(
            will("Willing to give consent", Has(("informed-consent",))),
            (has("capacity-to-consent"),),
            "inclusion",
            UNKNOWN,
            id="able, not asked",
        ),
        pytest.param(will("Able to swallow capsules"), (PROMISE,), "inclusion", UNKNOWN, id="no promise makes anybody able"),
        pytest.param(Unparsed("refusal of assent"), (CONSENT,), "exclusion", FALSE, id="words alone"),
        pytest.param(Has(("w:voluntari",), words="voluntary"), (CONSENT,), "inclusion", TRUE, id="voluntary"),
        pytest.param(PerProtocol("adherence to the procedures"), (PROMISE,), "inclusion", TRUE, id="named as the protocol's"),
        pytest.param(
            Judged("investigator", "Anything that makes participation unsafe"),
            (CONSENT,),
            "exclusion",
            UNKNOWN,
            id="not theirs",
        ),
    ],
)
def test_will(condition: Condition, facts: tuple[object, ...], kind: Kind, expected: Truth) -> None:
    judged = judge(condition, patient(*facts), CLOCK, kind=kind)  # type: ignore[arg-type]
    assert judged.truth is expected
    assert bool(judged.evidence) is (expected is not UNKNOWN)


@pytest.mark.parametrize(
    ("condition", "facts", "expected"),
    [
        pytest.param(will("Unable to swallow capsules", Not(Has(("able-to-swallow",)))), (), FALSE, id="not mentioned"),
        pytest.param(
            will("Unable to swallow capsules", Not(Has(("able-to-swallow",)))), (no("able-to-swallow"),), TRUE, id="mentioned"
        ),
        pytest.param(will("Unable to consent", Not(Has(("informed-consent",)))), (), UNKNOWN, id="consent is asked for"),
        pytest.param(will("Refuses contraception", Not(Has(("contraception",)))), (), UNKNOWN, id="and contraception"),
    ],
)
def test_inability_that_a_complete_note_leaves_out(condition: Condition, facts: tuple[object, ...], expected: Truth) -> None:
    judged = judge(condition, patient(*facts), CLOCK, complete=True, kind="exclusion")  # type: ignore[arg-type]
    assert judged.truth is expected
