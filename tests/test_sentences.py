"""Sentences of clinical prose."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One rule. Another rule.", ["One rule.", "Another rule."], id="plain"),
        pytest.param(
            "A drug, e.g. Aspirin, i.e. Not this. Next.", ["A drug, e.g. Aspirin, i.e. Not this.", "Next."], id="e.g. and i.e."
        ),
        pytest.param("Drug vs. Placebo. Done.", ["Drug vs. Placebo.", "Done."], id="vs."),
        pytest.param("Ask Dr. Who and Prof. Grey. Then go.", ["Ask Dr. Who and Prof. Grey.", "Then go."], id="titles"),
        pytest.param("See Hong J. Li first. Then go.", ["See Hong J. Li first.", "Then go."], id="an initial"),
        pytest.param("At 1.5 mg. RECIST v1.1 holds.", ["At 1.5 mg.", "RECIST v1.1 holds."], id="decimals and versions"),
        pytest.param(
            "Protocol No. 5 holds. The answer was no. Stop.",
            ["Protocol No. 5 holds.", "The answer was no.", "Stop."],
            id="No. 5",
        ),
        pytest.param("In approx. 3 weeks. Then stop.", ["In approx. 3 weeks.", "Then stop."], id="approx."),
        pytest.param(
            "Active hepatitis B. Patients on drugs.", ["Active hepatitis B.", "Patients on drugs."], id="a letter that ends one"
        ),
        pytest.param("Toxicity of grade 2. Fever.", ["Toxicity of grade 2.", "Fever."], id="a number that ends one"),
        pytest.param(
            "1. First rule. 2. Second rule.", ["1. First rule.", "2. Second rule."], id="list marks stay with their words"
        ),
        pytest.param("It was examined.Suspected cases go.", ["It was examined.", "Suspected cases go."], id="glued"),
        pytest.param("First line\nSecond line\nand its rest", ["First line", "Second line\nand its rest"], id="line breaks"),
        pytest.param("One\n\ntwo", ["One", "two"], id="a blank line"),
        pytest.param("(A rule.) Another.", ["(A rule.)", "Another."], id="closing bracket"),
        pytest.param("Tea, coffee, etc. Water is allowed.", ["Tea, coffee, etc.", "Water is allowed."], id="etc. may end one"),
        pytest.param(" \n ", [], id="blank"),
    ],
)
def test_cuts_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet="aB1.;:!? \n()“”-≥e.g", max_size=80))
def test_holds_every_character_once_and_in_order(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())
    stretches = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(stretches))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in stretches)
