"""Which of two trials is stricter about a fact: a table of pairs of lines, each judged by reading; and the same in a conversation."""

from datetime import date

import pytest

from assistant.asked_of_records.comparing import compares
from assistant.audit.trials.facts import examples, facts_in
from assistant.audit.trials.rulings import ruled, verdict
from assistant.audit.trials.strictness import Strictness, strictness
from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.reply import Reply
from index.trial import Trial
from tests.small_trials import SmallShelf, check, judged, trial


def made(number: int, *lines: str) -> Trial:
    """A trial of which a line that begins with "-" is an exclusion."""
    bars = tuple(line[1:].strip() for line in lines if line.startswith("-"))
    asks = tuple(line for line in lines if not line.startswith("-"))
    return trial(f"NCT0000009{number}", title=f"Gel trial {number}", inclusion=asks, exclusion=bars)


def held(on: str, one: str, other: str) -> Strictness:
    (fact,) = facts_in(on)
    return strictness(fact, [made(1, *one.split("|")), made(2, *other.split("|"))])


@pytest.mark.parametrize(
    ("on", "one", "other", "relation"),
    [
        pytest.param("hemoglobin", "Hemoglobin ≥ 9 g/dL", "Hemoglobin ≥ 100 g/L", "second", id="units turned"),
        pytest.param("hemoglobin", "Hemoglobin ≥ 9 g/dL", "Hb of at least 90 g/L", "same", id="the same in another unit"),
        pytest.param(
            "hemoglobin", "Hemoglobin ≥ 9 g/dL", "- Hemoglobin < 9 g/dL", "same", id="asked for, and its reverse barred"
        ),
        pytest.param("platelets", "Platelets > 75 × 10^9/L", "Platelets ≥ 75,000/µL", "first", id="above, and at least"),
        pytest.param("HBV DNA", "- HBV DNA ≥ 1000 copies/mL", "- HBV DNA ≥ 500 IU/mL", "first", id="copies below any IU"),
        pytest.param(
            "HBV DNA", "- HBV DNA ≥ 2500 copies/mL", "- HBV DNA ≥ 500 IU/mL", "unclear", id="copies: it depends on the test"
        ),
        pytest.param(
            "HBV", "- HBsAg positive with HBV DNA ≥ 500 IU/mL", "- HBV DNA ≥ 2000 IU/mL", "first", id="carriers and their load"
        ),
        pytest.param("ALT", "ALT ≤ 2.5 × ULN", "ALT ≤ 3 × ULN", "first", id="multiples of the limit"),
        pytest.param("ALT", "ALT ≤ 2.5 × ULN", "ALT ≤ 100 U/L", "unclear", id="a multiple and a plain number"),
        pytest.param(
            "ALT",
            "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
            "ALT ≤ 5 × ULN",
            "first",
            id="stricter but for a group, which is alike",
        ),
        pytest.param("age", "Age 18 to 70 years", "Age 18 to 75 years", "first", id="ages"),
        pytest.param("age", "Age 18 to 70 years", "Age 16 to 65 years", "each", id="ages: each at one end"),
        pytest.param("ECOG", "ECOG 0-1", "ECOG 0-2", "first", id="ECOG"),
        pytest.param("performance status", "ECOG 0-1", "Karnofsky ≥ 70", "same", id="Karnofsky as ECOG"),
        pytest.param("NYHA", "- Heart failure NYHA class II or more", "- NYHA class III or IV", "first", id="classes barred"),
        pytest.param("NYHA", "NYHA class I or II", "- NYHA class III or IV", "same", id="classes asked for and barred"),
        pytest.param(
            "past cancer",
            "- Other malignancy within 5 years",
            "- Other malignancy within the past 3 years",
            "first",
            id="five years",
        ),
        pytest.param(
            "past cancer", "- Another malignancy within 5 years", "- Any prior malignancy", "second", id="at any time"
        ),
        pytest.param(
            "past cancer",
            "- Other malignancy within 5 years, except basal cell carcinoma",
            "- Other malignancy within 5 years",
            "second",
            id="an exception lets more in",
        ),
        pytest.param(
            "past cancer",
            "- Other malignancy unless disease-free for at least 3 years",
            "- Other malignancy within 5 years",
            "second",
            id="free of it for three years",
        ),
        pytest.param(
            "surgery", "- Major surgery within 4 weeks", "- Major surgery within 28 days", "same", id="weeks and days"
        ),
        pytest.param(
            "surgery", "- Major surgery within 4 weeks", "At least 2 weeks since last major surgery", "first", id="time since"
        ),
        pytest.param("surgery", "- Major surgery within 4 weeks", "- Any surgery within 4 weeks", "second", id="any surgery"),
        pytest.param(
            "brain metastases", "- Brain metastases", "- Symptomatic brain metastases", "first", id="a trait narrows a bar"
        ),
        pytest.param("HIV", "- HIV infection", "- Known history of HIV infection", "same", id="what is never over"),
        pytest.param("pneumonitis", "- Pneumonitis", "- History of pneumonitis", "second", id="now, and ever"),
        pytest.param("neuropathy", "- Neuropathy grade ≥ 2", "- Neuropathy grade ≥ 3", "first", id="grades"),
        pytest.param(
            "PD-1", "Prior PD-1 inhibitor", "- Prior PD-1 inhibitor", "opposite", id="one asks for what the other bars"
        ),
        pytest.param(
            "creatinine", "Creatinine ≤ 1.5 × ULN or eGFR ≥ 60 mL/min", "Creatinine ≤ 1.5 × ULN", "second", id="another way in"
        ),
        pytest.param("creatinine", "Creatinine ≤ 1.5 mg/dL", "Creatinine ≤ 133 µmol/L", "same", id="rounded in another unit"),
        pytest.param("age", "Age 18 to 80 years", "Age ≥ 18 years|- Age > 85 years", "first", id="two bounds as one range"),
        pytest.param(
            "corticosteroids",
            "- Systemic corticosteroids",
            "- Systemic corticosteroids within 14 days",
            "unclear",
            id="taken now, or at any time",
        ),
        pytest.param(
            "surgery", "- Major surgery", "- Major surgery within 4 weeks", "first", id="an operation, whenever it was"
        ),
        pytest.param("pregnancy", "- Pregnant women", "- Pregnancy", "same", id="a line about women bars for all"),
    ],
)
def test_which_is_stricter(on: str, one: str, other: str, relation: str) -> None:
    found = held(on, one, other)
    (pair,) = found.pairs
    mirrored = {"first": "second", "second": "first"}.get(relation, relation)
    (turned,) = held(on, other, one).pairs
    assert (pair.relation, turned.relation) == (relation, mirrored)
    assert all(line.text in f"{one} {other}" for stand in found.stands for line in stand.lines)


@pytest.mark.parametrize(
    ("other", "state", "said"),
    [
        pytest.param("- HIV infection", "none", "no rule stated", id="silent"),
        pytest.param("Hemoglobin per protocol", "mentioned", "speaks of it", id="named without a rule"),
    ],
)
def test_silence_is_no_looser_rule(other: str, state: str, said: str) -> None:
    found = held("hemoglobin", "Hemoglobin ≥ 90 g/L", other)
    assert (found.pairs, found.strictest) == ((), ())
    assert found.stands[1].state in (state, "open")
    assert said in ruled(found.stands[1], found.fact) or found.stands[1].state == "open"
    assert "Only NCT00000091" in verdict(found)[0].exact


def test_a_trial_that_asks_for_what_it_bars_is_not_ranked() -> None:
    torn, whole = made(1, "Prior PD-1 inhibitor", "- Prior PD-1 inhibitor"), made(2, "- Prior PD-1 inhibitor")
    (fact,) = facts_in("PD-1")
    found = strictness(fact, [torn, whole])
    assert found.pairs[0].relation == "unclear"
    assert "rules out itself" in verdict(found)[0].exact


def test_the_strictest_of_three_may_be_two() -> None:
    (fact,) = facts_in("age")
    found = strictness(fact, [made(1, "Age 18 to 70 years"), made(2, "Age 18 to 75 years"), made(3, "Age 18 to 70 years")])
    assert [stand.trial.id for stand in found.strictest] == ["NCT00000091", "NCT00000093"]


def test_a_conversion_is_shown() -> None:
    said = " ".join(one.exact for one in verdict(held("HBV DNA", "- HBV DNA ≥ 1000 copies/mL", "- HBV DNA ≥ 500 IU/mL")))
    assert "1000 copies/mL ≈ 120.5-294.1 IU/mL" in said


@pytest.mark.parametrize(("words", "name"), [(words, fact.name) for words, fact in examples()])
def test_a_fact_is_known_by_its_names(words: str, name: str) -> None:
    assert name in [fact.name for fact in facts_in(words)]


FIRST = made(
    1,
    "Age 18 to 70 years",
    "ECOG 0-1",
    "Hemoglobin ≥ 90 g/L",
    "- Other malignancy within the past 5 years",
    "- Heart failure of NYHA class II or more",
    "- Major surgery within 4 weeks before enrollment",
    "- HIV infection",
)
SECOND = made(
    2,
    "Age 18 to 80 years",
    "ECOG 0-2",
    "Hemoglobin ≥ 8 g/dL",
    "- Other malignancy within the past 3 years",
    "- NYHA class III or IV",
    "- Major surgery within 2 weeks before enrollment",
)
ENGINE = Engine(SmallShelf([FIRST, SECOND]))


def ask(question: str, *scope: str) -> Reply:
    reply = Conversation(ENGINE, judged, scope or (FIRST.id, SECOND.id), "clinician", today=date(2026, 1, 10)).ask(question)
    check(reply, [FIRST, SECOND])
    return reply


@pytest.mark.parametrize(
    ("question", "first", "quotes"),
    [
        pytest.param("Which trial is stricter about age?", "NCT00000091 is stricter than NCT00000092", 2, id="stricter"),
        pytest.param("Compare the hemoglobin limits", "NCT00000091 is stricter", 2, id="compare"),
        pytest.param("How do they differ on past cancers?", "NCT00000091 is stricter", 2, id="differ"),
        pytest.param(
            "Which has the longer washout for surgery?", "NCT00000091 counts the last 4 weeks; NCT00000092", 2, id="longer"
        ),
        pytest.param("Which is less strict about performance status?", "NCT00000091 is stricter", 2, id="less strict"),
        pytest.param("Which trial is stricter about HIV?", "Only NCT00000091 states a rule", 1, id="one is silent"),
        pytest.param("Which trial is stricter about asthma?", "None of these trials", 0, id="both are silent"),
        pytest.param(
            "Which of them takes people with NYHA class II?", "By these lines it is let in: NCT00000092.", 2, id="takes"
        ),
        pytest.param("Which of them takes a 75-year-old?", "By these lines it is let in: NCT00000092.", 2, id="takes an age"),
    ],
)
def test_a_conversation_says_the_verdict_first_and_cites_both(question: str, first: str, quotes: int) -> None:
    reply = ask(question)
    assert reply.kind == "answer"
    assert reply.sentences[0].text.startswith(first)
    assert len(reply.citations) == quotes


@pytest.mark.parametrize(
    ("question", "verdict_"),
    [
        pytest.param("Is ECOG 1 allowed in both?", "yes", id="both"),
        pytest.param("Is ECOG 2 allowed in both?", "no", id="one does not"),
        pytest.param("Do either of them accept ECOG 1?", "yes", id="either"),
        pytest.param("Does neither trial accept ECOG 1?", "no", id="neither is denied by one that does"),
        pytest.param("Do both trials accept a hemoglobin of 85 g/L?", "no", id="a value"),
        pytest.param("Are people with NYHA class I accepted by both?", "yes", id="a class"),
        pytest.param("Do both trials exclude people with HIV?", "depends", id="silence is no yes and no no"),
    ],
)
def test_a_question_about_both_has_a_verdict(question: str, verdict_: str) -> None:
    assert ask(question).verdict == verdict_


def test_one_trial_in_scope_is_asked_back_about() -> None:
    reply = ask("Which trial is stricter about age?", FIRST.id)
    assert (reply.kind, SECOND.id in reply.text) == ("clarify", True)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("How do the two arms differ in their dose of radiotherapy?", id="arms"),
        pytest.param("Is pneumonitis measured in both groups?", id="groups"),
        pytest.param("Do the two pages differ about age?", id="pages of one trial"),
        pytest.param("I have hepatitis B. Can I join?", id="a person"),
        pytest.param("What is compared with surgery in this trial?", id="what a trial compares"),
    ],
)
def test_other_questions_are_no_comparison_of_trials(question: str) -> None:
    assert compares(question) == ()
