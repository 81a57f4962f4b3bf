"""Citations quote their document exactly, or are not shown."""

import pytest
from small_trials import trial

from assistant.citations import Citations, broken, cite, holds, without
from assistant.reply import Citation, Finding, Reply, Sentence
from index.trial import Span

RECORD = trial(exclusion=("Gout", "Asthma"))
SOURCE = RECORD.sources[0]
GOUT, ASTHMA = (cite(RECORD, criterion.span, "exclusion") for criterion in RECORD.criteria)
FORGED = Citation(RECORD.id, SOURCE.document, "exclusion", ASTHMA.start, ASTHMA.end, "Asthmatic")


def test_a_citation_quotes_its_span() -> None:
    assert GOUT.quote == "Gout" == SOURCE.text[GOUT.start : GOUT.end]
    assert holds(GOUT, SOURCE)


@pytest.mark.parametrize(
    "span",
    [
        pytest.param(Span(SOURCE.document, 0, 10_000), id="beyond the end"),
        pytest.param(Span(SOURCE.document, 3, 3), id="empty"),
        pytest.param(Span("other.txt", 0, 3), id="another document"),
    ],
)
def test_a_span_that_is_not_the_trial_s_cannot_be_cited(span: Span) -> None:
    with pytest.raises((ValueError, KeyError)):
        cite(RECORD, span, "exclusion")


def test_a_span_is_cited_once() -> None:
    citations = Citations()
    first, second = (criterion.span for criterion in RECORD.criteria)
    assert [citations.add(RECORD, span, "exclusion") for span in (first, second, first)] == [0, 1, 0]
    assert len(citations.collected) == 2


def reply(*citations: Citation) -> Reply:
    sentences = (
        Sentence("About gout.", (0,)),
        Sentence("About both.", (0, 1)),
        Sentence("About asthma.", (1,)),
        Sentence("No fact."),
    )
    return Reply("answer", sentences, citations, trials=(RECORD.id,), findings=(Finding("missing", "Asthma.", (1,)),))


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(FORGED, id="other words"),
        pytest.param(Citation(RECORD.id, SOURCE.document, "exclusion", 2, 2, ""), id="nothing quoted"),
        pytest.param(Citation(RECORD.id, SOURCE.document, "exclusion", -4, 10_000, "Gout"), id="offsets outside"),
        pytest.param(Citation(RECORD.id, "other.txt", "exclusion", 0, 4, "Gout"), id="a document that is not there"),
    ],
)
def test_a_broken_citation_takes_its_sentences_and_findings_along(bad: Citation) -> None:
    given = reply(GOUT, bad)
    assert broken(given, [SOURCE]) == (bad,)
    kept = without(given, broken(given, [SOURCE]))
    assert [sentence.text for sentence in kept.sentences] == ["About gout.", "No fact."]
    assert kept.citations == (GOUT,)
    assert kept.findings == ()


def test_indices_move_with_the_citations_that_stay() -> None:
    kept = without(reply(FORGED, ASTHMA), [FORGED])
    assert [(sentence.text, sentence.citations) for sentence in kept.sentences] == [("About asthma.", (0,)), ("No fact.", ())]
    assert kept.findings == (Finding("missing", "Asthma.", (0,)),)


def test_a_sound_reply_stays_as_it_is() -> None:
    given = reply(GOUT, ASTHMA)
    assert broken(given, [SOURCE]) == ()
    assert without(given, ()) is given
