"""Which trial is meant."""

import pytest

from index.scope import names
from index.trial import Contact, Intervention, Section, Source, Span, Trial


def trial(id: str, text: str, *, title: str | None = None, drug: str | None = None, person: str | None = None, **more) -> Trial:
    source = Source(f"{id.lower()}-page.txt", "text", "0", text, "2026-01-01T00:00:00Z")
    span = Span(source.document, 0, len(text))
    return Trial(
        id=id,
        nct_id=id if id.startswith("NCT") else None,
        sources=(source,),
        title=title,
        interventions=(Intervention("DRUG", drug, None, span),) if drug else (),
        officials=(Contact(person, "PRINCIPAL_INVESTIGATOR", None, None, span),) if person else (),
        sections=(Section("summary", "Summary", span),),
        **more,
    )


NAMES = names(
    [
        trial(
            "NCT00000091",
            "A study of asthma in children.",
            title="Inhaled steroid in childhood asthma",
            drug="Budesonide",
            person="Ada Quill, MD",
            acronym="BREEZE",
        ),
        trial(
            "NCT00000092",
            "A study of severe asthma in adults.",
            title="An antibody in severe adult asthma",
            drug="Tezlomab",
            person="Ben Stark",
            other_ids=("TZ-204",),
        ),
        trial("skin-page", "Cream for eczema with crisaborole in infants.", title=None),
    ]
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("What is the phase of NCT00000092?", ("NCT00000092",), id="number"),
        pytest.param("what about nct00000091", ("NCT00000091",), id="number in lower case"),
        pytest.param("In TZ-204, who can join?", ("NCT00000092",), id="other id"),
        pytest.param("Does BREEZE take adults?", ("NCT00000091",), id="acronym"),
        pytest.param("Who leads the Tezlomab trial?", ("NCT00000092",), id="drug"),
        pytest.param("Is Dr. Quill's trial recruiting?", ("NCT00000091",), id="investigator"),
        pytest.param("How much does the crisaborole eczema study give?", ("skin-page",), id="words of a page without title"),
        pytest.param("In skin-page-page.txt, what is the dose?", ("skin-page",), id="file name"),
        pytest.param("Compare NCT00000091 and the eczema trial", ("NCT00000091", "skin-page"), id="a number and a description"),
        pytest.param("What is the dose of budesonide?", ("NCT00000091",), id="a drug that one trial has"),
        pytest.param("the asthma trial", (), id="two trials fit"),
        pytest.param("Is a breeze of fresh air allowed?", (), id="an acronym as a plain word"),
        pytest.param("What ages are allowed?", (), id="nothing named"),
    ],
)
def test_scope(question: str, expected: tuple[str, ...]) -> None:
    assert NAMES.find(question).trials == expected


def test_an_unknown_number_is_said_and_nothing_stands_in_for_it() -> None:
    scope = NAMES.find("Is NCT00000077 recruiting?")
    assert scope.trials == ()
    assert scope.unknown == ("NCT00000077",)


def test_one_trial_needs_no_name() -> None:
    only = names([trial("NCT00000091", "A study of asthma.")])
    assert only.find("Is it recruiting?").trials == ("NCT00000091",)
    assert only.find("Is NCT00000077 recruiting?").trials == ()
