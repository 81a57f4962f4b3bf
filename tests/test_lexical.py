from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import ExactLexical, Lexical, Text
from index.vectors import CacheDamaged

TEXTS = [
    Text(4, "Walks for knees · Inclusion", "Patients aged 40 years or older"),
    Text(7, "Walks for knees · Exclusion", "Knee surgery within 6 months"),
    Text(9, "Walks for knees · Contact", "Call the study desk"),
    Text(11, "Surgery trial", "Hémoglobin of at least 90 g/L"),
]


@pytest.fixture(scope="module")
def words() -> Lexical:
    return Lexical.in_memory(TEXTS)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        pytest.param("patient age", 4, id="stems: patient for patients"),
        pytest.param("HEMOGLOBIN", 11, id="case and accents"),
        pytest.param("surgery", 7, id="the text before the header"),
        pytest.param("Which months is it?", 7, id="function words count for nothing"),
        pytest.param('(knee AND surgery" OR ~^[text:', 7, id="no query syntax"),
    ],
)
def test_best(words: Lexical, query: str, first: int) -> None:
    assert words.best(query, 3)[0].number == first


@pytest.mark.parametrize(
    "query", [pytest.param("", id="nothing"), pytest.param("?! ~~", id="no word"), pytest.param("zebra", id="unknown")]
)
def test_no_known_word_finds_nothing(words: Lexical, query: str) -> None:
    assert words.best(query, 3) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_is_answered(query: str) -> None:
    numbers = [one.number for one in Lexical.in_memory(TEXTS[:1]).best(query, 3)]
    assert numbers in ([], [4])


def test_a_very_long_question_is_answered(words: Lexical) -> None:
    assert words.best("knee surgery " + "lorem ipsum " * 5_000, 1)[0].number == 7


def test_an_index_grows_on_disk(tmp_path: Path) -> None:
    lexical.write(tmp_path, TEXTS[:2])
    assert Lexical.opened(tmp_path).count == 2
    lexical.write(tmp_path, TEXTS[2:])
    opened = Lexical.opened(tmp_path)
    assert opened.count == 4
    assert opened.best("call the desk", 1)[0].number == 9


def test_damage_is_called_damage(tmp_path: Path) -> None:
    lexical.write(tmp_path, TEXTS)
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(CacheDamaged):
        Lexical.opened(tmp_path)


def test_few_passages_are_scored_exactly() -> None:
    scores = ExactLexical.of([(text.header, text.text) for text in TEXTS]).scores("knee surgery")
    assert scores.argmax() == 1
    assert scores[2] > 0  # its header says knees
    assert scores[1] > 3 * scores[2]


def test_what_every_passage_says_decides_nothing() -> None:
    exact = ExactLexical.of([("Walks", "knee pain"), ("Walks", "knee surgery"), ("Walks", "knee")])
    scores = exact.scores("knee surgery")
    assert scores[1] > 2 * scores[0]


def test_no_passages_no_scores() -> None:
    assert ExactLexical.of([]).scores("knee").tolist() == []
