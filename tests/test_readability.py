"""How hard our own words are to read: grades worked by hand, and what is not ours left out."""

from typing import Any

import pytest

from assistant.reply import Citation, Finding, Reply, Sentence
from evals import readability
from evals.cases import AnswerCase
from evals.tasks.answers import for_readers


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        pytest.param("you", 1, id="one"),
        pytest.param("rule", 1, id="a silent e"),
        pytest.param("asked", 1, id="a silent ed"),
        pytest.param("stated", 2, id="an ed that is heard"),
        pytest.param("open", 2, id="a letter by itself at the beginning"),
        pytest.param("able", 2, id="le"),
        pytest.param("any", 2, id="a letter by itself at the end"),
        pytest.param("passages", 3, id="an es that is heard"),
        pytest.param("medicine", 3, id="three"),
        pytest.param("participants", 4, id="four"),
        pytest.param("record's", 2, id="a genitive"),
    ],
)
def test_syllables(word: str, syllables: int) -> None:
    assert readability.syllables(word) == syllables


@pytest.mark.parametrize(
    ("text", "counts", "flesch_kincaid", "smog"),
    [
        # 0.39 × 6/1 + 11.8 × 6/6 − 15.59 = −1.45; no long word: SMOG 3.1291
        pytest.param("The cat sat on the mat.", (1, 6, 6, 0), -1.45, 3.1291, id="short words"),
        # 8 words in 2 sentences, 12 syllables, 2 words (hospital, medicine) of three:
        # 0.39 × 4 + 11.8 × 12/8 − 15.59 = 3.67; 1.0430 × √(2 × 30/2) + 3.1291 = 8.8418
        pytest.param("Ask the hospital. They know your medicine best.", (2, 8, 12, 2), 3.67, 8.8418, id="two sentences"),
        # one sentence of 4 words, 4 + 2 + 5 + 3 syllables, 3 long ones:
        # 0.39 × 4 + 11.8 × 14/4 − 15.59 = 27.27; 1.0430 × √(3 × 30/1) + 3.1291 = 13.0239
        pytest.param("Participants receive experimental medicine.", (1, 4, 14, 3), 27.27, 13.0239, id="long words"),
    ],
)
def test_grades(text: str, counts: tuple[int, ...], flesch_kincaid: float, smog: float) -> None:
    found = readability.grades(text)
    assert found is not None
    assert (found.sentences, found.words, found.syllables, found.polysyllables) == counts
    assert (found.flesch_kincaid, found.smog) == (pytest.approx(flesch_kincaid), pytest.approx(smog, abs=1e-4))


@pytest.mark.parametrize(
    ("text", "quotes", "own"),
    [
        pytest.param("You said “I have severe renal impairment” here.", (), "You said here.", id="a quotation"),
        pytest.param("It says: “Adequate organ function.” You must ask.", (), "It says: . You must ask.", id="one that ends a sentence"),
        pytest.param("Exclusion 3.1: ask them.", (), ": ask them.", id="the name of a line"),
        pytest.param("NCT00000012 and ECOG are codes.", (), "and are codes.", id="codes"),
        pytest.param("It is NCT00000012. It is 70.", (), "It is . It is .", id="a full stop after a code or a number"),
        pytest.param("Your hemoglobin is 88 g/L, not 90 g/L.", (), "Your is , not .", id="a test and numbers with units"),
        pytest.param("At least 4 weeks.", (), "At least weeks.", id="a span of time stays ours"),
        pytest.param("You take cisplatin now.", (), "You take now.", id="a drug"),
        pytest.param("It tests treatment given over a pause.", ("treatment given over",), "It tests a pause.", id="words of the passage"),
        pytest.param("It tests a treatment.", ("a treatment",), "It tests a treatment.", id="two words in a row are anybody's"),
        pytest.param("The sponsor is Hill University.", ("Hill University",), "The sponsor is .", id="names of the passage"),
        pytest.param("The sponsor is Hill University.", (), "The sponsor is Hill University.", id="names that nobody wrote are ours"),
        pytest.param("Do you have asthma?", ("Asthma",), "Do you have ?", id="a condition that the passage names"),
        pytest.param("Do you have asthma?", (), "Do you have asthma?", id="one that it does not"),
    ],
)  # fmt: skip
def test_own_words(text: str, quotes: tuple[str, ...], own: str) -> None:
    assert " ".join(readability.own_words(text, quotes).split()) == own


def reply(*sentences: str, **fields: Any) -> dict[str, Any]:
    return Reply("answer", tuple(map(Sentence, sentences)), **fields).as_json()


def test_a_reply_is_all_that_it_says() -> None:
    said = reply(
        "It is so.",
        findings=(Finding("missing", "There is a gap."), Finding("gap", "It is so.")),
        next_question="How old are you?",
    )
    found = readability.of_reply(said)
    assert found is not None
    assert (found.sentences, found.words) == (3, 11)


def test_a_reply_without_words_of_ours_has_no_grade() -> None:
    cited = Citation("NCT00000012", "one.txt", "summary", 0, 30, "Metformin for adults with gout")
    assert readability.of_reply(reply("Metformin for adults with gout", citations=(cited,))) is None
    assert readability.of_reply({}) is None


def test_a_case_is_asked_for_each_reader() -> None:
    case = AnswerCase(id="A1", question="How old?", audience="adversarial")
    both = for_readers([case], ("patient", "clinician"))
    assert [(one.id, one.audience) for one in both] == [("A1/patient", "patient"), ("A1/clinician", "clinician")]
    assert [(one.id, one.audience) for one in for_readers([case], ("clinician",))] == [("A1", "clinician")]
