"""Several things asked at once, the kinds of fact asked for, and claims that the record denies."""

import pytest
from small_trials import SmallShelf, trial

from assistant.chat.extractive import answer
from assistant.chat.kinds import KINDS, kinds_asked
from assistant.chat.parts import parts
from assistant.chat.points import Said
from assistant.chat.question import read_question
from assistant.chat.select import Reading
from index.trial import Trial

RECORD = trial(
    summary="This single-arm study gives autologous cells and looks at pain at baseline and at week 6.",
    inclusion=("Adequate organ function as described below",),
    exclusion=("Allogeneic transplant",),
    arms=(("Cells", "EXPERIMENTAL", "Day 0: first injection. Day 30: second injection. Day 60: questionnaire, NO treatment."),),
    drugs=("Cells",),
    primary=(("Pain", "week 8"),),
    phase=("PHASE2",),
    enrollment=40,
    masking="DOUBLE",
    intervention_model="SINGLE_GROUP",
)


def asked(question: str, record: Trial = RECORD) -> Said:
    shelf = SmallShelf([record])
    found = shelf.passages([record.id])
    return answer(Reading(record, read_question(question), found, lambda one, q: shelf.search(q.text, trials=[one.id], k=24)))


@pytest.mark.parametrize(
    ("question", "number"),
    [
        pytest.param("Phase, planned N and the agents given alongside Metolazide?", 3, id="names of fields"),
        pytest.param("Metolazide dose, Saltonib dose, max duration of Metolazide?", 3, id="doses"),
        pytest.param("What does the control arm get, total N, who is blinded, and when does it start?", 4, id="questions"),
        pytest.param("Where is it running and who can I call?", 2, id="and"),
        pytest.param("What dose and schedule does the drug have?", 1, id="one thing in two nouns"),
        pytest.param("In plain words, what is it testing?", 1, id="an aside is no part"),
        pytest.param("My mother has gout, diabetes, and asthma. Can she join?", 1, id="facts about a person are no parts"),
        pytest.param("What blood counts does it ask for, and how recent must they be?", 1, id="a part that hangs on the other"),
    ],
)
def test_parts(question: str, number: int) -> None:
    assert len(parts(read_question(question))) == number


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_a_kind_is_asked_for(kind: object) -> None:
    assert kind in kinds_asked(read_question(kind.example))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "kind", "verdict", "says"),
    [
        pytest.param("Phase, planned N and masking?", "answer", None, "40 participants", id="each by its field"),
        pytest.param("What is the platelet cut-off?", "not_stated", None, "no platelet limit", id="no such threshold"),
        pytest.param(
            "How many million cells are in a dose?", "not_stated", None, "no number of cells", id="no number of cells"
        ),
        pytest.param("What is the dose in Gy?", "not_stated", None, "no dose in Gy", id="no radiation dose"),
        pytest.param(
            "How much do they pay me, and is parking paid?", "not_stated", None, "no word on payment", id="no payment"
        ),
        pytest.param("Is it an allogeneic product?", "answer", "no", "autologous", id="the contrary is said"),
        pytest.param(
            "Is an allogeneic transplant an exclusion?",
            "answer",
            "yes",
            "Allogeneic transplant",
            id="a rule is no claim about the trial",
        ),
        pytest.param("A third injection on Day 60, correct?", "answer", "no", "NO treatment", id="nothing is given then"),
        pytest.param("I had an allogeneic graft, right?", "not_stated", None, "", id="somebody's own treatment is no claim"),
        pytest.param("An injection on Day 30, correct?", "answer", None, "", id="never a yes by likeness"),
        pytest.param("Do the summary and the outcome section agree on pain?", "answer", None, "week 8", id="both sides"),
        pytest.param("Do the summary and the outcome section agree on pain?", "answer", None, "week 6", id="the other side"),
    ],
)
def test_answer(question: str, kind: str, verdict: str | None, says: str) -> None:
    said = asked(question)
    assert says in " ".join(point.text for point in said.points)
    assert said.kind == kind
    assert said.verdict != "yes" if verdict is None else said.verdict == verdict
    assert all(RECORD.quote(proof.span) for point in said.points for proof in point.proofs)
