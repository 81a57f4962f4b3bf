"""Terms in plain words: short, plain, explained once, and never where the question says what is meant."""

import re

import pytest
from small_trials import SmallShelf, judged, trial

from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.glossary import entries, explanations, meaning_of, spellings
from assistant.reply import Reply, ReplyKind, Sentence
from evals.readability import grades

ROWS = [pytest.param(row, id=row["term"]) for row in entries()]


@pytest.mark.parametrize("row", ROWS)
def test_an_explanation_is_short_plain_and_has_a_source(row: dict[str, str]) -> None:
    found = grades(row["explanation"])
    assert found is not None
    assert found.within, found
    assert len(row["explanation"].split()) <= 20
    assert row["source"]


@pytest.mark.parametrize("row", ROWS)
def test_the_example_has_a_term_that_is_explained(row: dict[str, str]) -> None:
    assert row["example"]
    assert explanations(Reply("answer", (Sentence(row["example"]),)), "")


def test_there_are_enough_and_each_spelling_means_one_thing() -> None:
    assert len(entries()) >= 120
    every = [one if len(re.findall("[A-Z]", one)) > 1 else one.casefold() for row in entries() for one in spellings(row)]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("text", "question", "terms"),
    [
        pytest.param("Inclusion 3: ECOG score of 0-1.", "", ["ECOG score"], id="as it stands there"),
        pytest.param("anc ≥ 1.5", "", [], id="an abbreviation in small letters is another word"),
        pytest.param("eGFR ≥ 60, EGFR mutation", "", ["eGFR", "EGFR mutation"], id="letters tell the kidney from the gene"),
        pytest.param("RT-PCR for the PD-1-like gene", "", [], id="parts of longer names"),
        pytest.param("Masking, placebo, washout.", "", ["Masking", "placebo"], id="two at most, the first ones"),
        pytest.param("ECOG 0-1 and a washout.", "ECOG (how fit I am)?", ["washout"], id="the question says what it means"),
        pytest.param("ECOG 0-1", "How fit (ECOG) must I be?", [], id="the question has it in brackets"),
        pytest.param("ECOG 0-1", "What does ECOG mean?", ["ECOG"], id="the question asks what it means"),
        pytest.param("See also: “a washout”.", "", [], id="not where it only points further"),
        pytest.param("AST and ALT", "", ["AST"], id="one meaning once"),
    ],
)
def test_what_is_explained(text: str, question: str, terms: list[str]) -> None:
    assert [one.term for one in explanations(Reply("answer", (Sentence(text),)), question)] == terms


@pytest.mark.parametrize("kind", ["clarify", "emergency"])
def test_only_what_documents_say_is_explained(kind: ReplyKind) -> None:
    assert explanations(Reply(kind, (Sentence("ECOG 0-1"),)), "") == ()


def test_a_term_is_explained_once_in_a_conversation_and_to_patients_only() -> None:
    record = trial(inclusion=("ECOG 0-1",), nct_id="NCT00000081")
    engine = Engine(SmallShelf([record]))
    patient, clinician = (Conversation(engine, judged, audience=audience) for audience in ("patient", "clinician"))
    first, second = (patient.ask("Which ECOG does NCT00000081 ask for?") for _ in range(2))
    assert [(one.term, one.explanation) for one in first.glossary] == [("ECOG", meaning_of("ECOG"))]
    assert list(first.as_json()["glossary"]) == [{"term": "ECOG", "explanation": meaning_of("ECOG")}]
    assert second.glossary == ()
    assert clinician.ask("Which ECOG does NCT00000081 ask for?").glossary == ()
