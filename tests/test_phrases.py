"""Conditions in plain words, and the catalogue: each kind of condition has a line that reads into it."""

from pathlib import Path
from typing import get_args

import pytest

from assistant.eligibility.conditions import (
    Advised,
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
    Window,
)
from assistant.eligibility.parse import parse
from assistant.eligibility.phrases import CATALOGUE, Shape, catalogue, catalogue_in_markdown, in_words, range_in_words
from assistant.eligibility.ranges import Range, exactly

GOUT, ASTHMA = Has(("gout",)), Has(("asthma",))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        pytest.param(GOUT, "gout", id="plain"),
        pytest.param(Has(("gout",), ever=True), "gout, now or ever", id="ever"),
        pytest.param(Has(("asthma",), frozenset({"uncontrolled"})), "uncontrolled asthma", id="trait"),
        pytest.param(Has(("malignancy",), other=True), "other malignancy", id="other"),
        pytest.param(Has(("gout",), family=True), "a relative with gout", id="family"),
        pytest.param(Has(("w:blefuscu fever",)), "“blefuscu fever” (by its words)", id="words"),
        pytest.param(Has(("gout",), grade=Range(3)), "gout, grade ≥ 3", id="grade"),
        pytest.param(Has(("chemotherapy",), count=Range(1, 2)), "chemotherapy, count 1 to 2", id="count"),
        pytest.param(Has(("melanoma",), size_mm=Range(high=10)), "melanoma, size ≤ 10 mm", id="size"),
        pytest.param(
            Has(("gout",), window=Window(Range(0, 28), "day", "start")),
            "gout, 0 to 28 days before the start of treatment",
            id="window",
        ),
        pytest.param(
            Has(("gout",), window=Window(Range(1), "year", "event", False, ASTHMA)), "gout, ≥ 1 years after asthma", id="event"
        ),
        pytest.param(Between("hemoglobin", Range(90), "g/L"), "hemoglobin ≥ 90 g/L", id="value"),
        pytest.param(Between("alt", Range(high=2.5), of="ULN"), "alanine aminotransferase ≤ 2.5 × ULN", id="multiple"),
        pytest.param(Between("no-such-value", Range(1)), "no such value ≥ 1", id="unknown quantity"),
        pytest.param(OneOf("no-such-scale", frozenset({"II", "I"}), "8"), "no such scale I or II (edition 8)", id="class"),
        pytest.param(Demographic(age=Range(18, 70)), "age 18 to 70 years", id="age"),
        pytest.param(Demographic("female", Range(50)), "female, age ≥ 50 years", id="sex and age"),
        pytest.param(Demographic(), "anybody, of any sex", id="anybody"),
        pytest.param(AllOf((GOUT, AnyOf((ASTHMA, GOUT)))), "gout and (asthma or gout)", id="nested"),
        pytest.param(Not(AnyOf((ASTHMA, GOUT))), "not (asthma or gout)", id="not"),
        pytest.param(Unless(GOUT, ASTHMA), "gout, not counting asthma", id="unless"),
        pytest.param(Only(Demographic("male"), GOUT), "for those with male: gout", id="only"),
        pytest.param(Either(ASTHMA, GOUT, Not(GOUT)), "with asthma: gout; else: not gout", id="either"),
        pytest.param(Judged("investigator", "unfit", GOUT), "the investigator judges: “unfit” [facts: gout]", id="judged"),
        pytest.param(Judged("patient", "willing"), "the patient decides or is able: “willing”", id="own will"),
        pytest.param(PerProtocol("per protocol"), "the protocol says: “per protocol”", id="protocol"),
        pytest.param(Advised("encouraged"), "not required: “encouraged”", id="advised"),
        pytest.param(Unparsed("blefuscu"), "not understood: “blefuscu”", id="unparsed"),
    ],
)
def test_in_words(condition: Condition, words: str) -> None:
    assert in_words(condition) == words


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        pytest.param(Range(90), "≥ 90", id="at least"),
        pytest.param(Range(90, low_open=True), "> 90", id="above"),
        pytest.param(Range(high=5, high_open=True), "< 5", id="below"),
        pytest.param(Range(18, 70), "18 to 70", id="between"),
        pytest.param(Range(0, 4, high_open=True), "≥ 0 and < 4", id="half open"),
        pytest.param(exactly(2), "2", id="one number"),
        pytest.param(Range(), "any value", id="unbounded"),
    ],
)
def test_range_in_words(bounds: Range, words: str) -> None:
    assert range_in_words(bounds) == words


def test_depth_is_bounded() -> None:
    condition: Condition = GOUT
    for _ in range(500):
        condition = Not(condition)
    assert in_words(condition).endswith("…")


def test_the_catalogue_has_every_kind_of_condition() -> None:
    assert {shape.name for shape in CATALOGUE} == {kind.__name__ for kind in get_args(Condition)}


@pytest.mark.parametrize("shape", CATALOGUE, ids=lambda shape: shape.name)
def test_the_example_reads_into_its_kind(shape: Shape) -> None:
    assert type(parse(shape.example, shape.kind)).__name__ == shape.name


def test_the_catalogue_says_how_each_example_is_read() -> None:
    assert [row.kind for row in catalogue()] == [shape.name for shape in CATALOGUE]
    assert all(row.asks and row.passes and row.read for row in catalogue())


def test_the_document_is_what_the_code_generates() -> None:
    document = Path(__file__).parent.parent / "assistant" / "eligibility" / "CRITERIA.md"
    assert document.read_text(encoding="utf-8") == catalogue_in_markdown()
