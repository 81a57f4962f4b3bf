"""What a terminal shows: answers with their passages, and nothing that a document could use to steer it."""

import io
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType
from small_shelf import SmallAssistant, hostile_trial, walking_trial

from assistant.interfaces import render, show
from assistant.reply import Citation, Explained, Reply, ReplyKind, Sentence


def shown(page: RenderableType, *, colour: bool = False) -> str:
    out = io.StringIO()
    Console(file=out, width=100, force_terminal=colour, highlight=False, markup=False, emoji=False).print(page)
    return out.getvalue()


def test_an_answer_shows_its_marks_passages_findings_date_and_who_decides() -> None:
    said = shown(render.reply(SmallAssistant().ask("Who can join?")))
    for words in (
        "These are the lines. [1][2][3][4]",
        "[3] walk.txt · inclusion",
        "stands for 5 minutes",
        "No upper age is given.",
    ):
        assert words in said
    assert "2026-01-01" in said
    assert render.REMINDER in said
    assert "It depends (to the question as asked)" in said


@pytest.mark.parametrize("kind", get_args(ReplyKind))
def test_every_kind_of_reply_is_said_with_the_reminder(kind: ReplyKind) -> None:
    said = shown(render.reply(Reply(kind, (Sentence("Said."),))))
    assert said.startswith(render.KINDS[kind])
    assert "Said." in said
    assert render.REMINDER in said


def test_no_verdict_speaks_of_a_person() -> None:
    assert not any("eligib" in word.lower() or "you" in word.lower().split() for word in render.VERDICTS.values())


def test_without_colour_there_are_no_escapes() -> None:
    assert "\x1b" not in shown(render.trial(walking_trial()))
    assert "\x1b" in shown(render.trial(walking_trial()), colour=True)


def test_a_documents_control_characters_do_not_reach_the_terminal() -> None:
    for page in (
        render.trial(hostile_trial()),
        render.reply(SmallAssistant().ask("hostile")),
        render.trials([hostile_trial()]),
    ):
        said = shown(page)
        assert not {"\x1b", "\u202e"} & set(said)
    assert "<img src=x" in shown(render.trial(hostile_trial()))


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param("\u202eelbigile\u202c", id="a bidirectional override"),
        pytest.param("\u200fyes\u200e \u061c", id="bidirectional marks"),
        pytest.param("\U000e0073\U000e0061\U000e0079", id="tag characters"),
        pytest.param("\x1b[2J\x1b]0;title\x07", id="escapes"),
    ],
)
def test_what_hides_or_turns_text_is_shown_as_such(hidden: str) -> None:
    assert not set(render.plain(hidden)) & set("\u202e\u202c\u200f\u200e\u061c\U000e0073\U000e0061\U000e0079\x1b\x07")


@given(st.text(st.characters(codec=None), max_size=60))
def test_plain_text_is_harmless_and_stays_so(text: str) -> None:
    once = render.plain(text)
    assert render.plain(once) == once
    assert all(character.isprintable() or character == "\n" or ord(character) > 0x9F for character in once)
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("ACTIVE_NOT_RECRUITING", "Active not recruiting", id="status"),
        pytest.param("PHASE3", "Phase 3", id="phase"),
        pytest.param("EARLY_PHASE1", "Early phase 1", id="early phase"),
        pytest.param("NA", "Not applicable", id="not applicable"),
    ],
)
def test_enumerated_values_read_as_words(value: str, words: str) -> None:
    assert render.words(value) == words


def test_a_trial_is_shown_with_fields_criteria_and_lists() -> None:
    said = shown(render.trial(walking_trial()))
    for words in (
        "Recruiting, as of 2026-01-01",
        "Phase 3",
        "1,200",
        "from 40 years",
        "inclusion/2.1  bends",
        "Hill Clinic",
        "walk.txt",
    ):
        assert words in said


def test_the_passage_is_shown_in_the_text_around_it() -> None:
    trial = walking_trial()
    criterion = trial.leaves[-1]
    citation = Citation(
        trial.id, criterion.span.document, "exclusion", criterion.span.start, criterion.span.end, criterion.text
    )
    said = shown(render.in_context(citation, trial.sources[0]), colour=True)
    assert "\x1b[7mKnee surgery within 6 months\x1b[0m" in said
    assert "stands for 5 minutes" in said


def test_the_record_has_the_names_of_the_contract() -> None:
    record = show.trial_document(walking_trial())
    contract = (
        "id nct_id other_ids title official_title status as_of phase study_type enrollment start_date completion_date allocation "
        "masking primary_purpose intervention_model conditions interventions arms primary_outcomes secondary_outcomes sex minimum_age "
        "maximum_age healthy_volunteers sponsor collaborators sites contacts criteria extracted findings sources"
    )
    assert set(contract.split()) <= set(record)
    assert len(record["extracted"]) == 23
    assert set(record["extracted"].values()) == {None}
    assert {one["id"] for one in record["criteria"]} | {one["id"] for one in record["groups"]} == {
        criterion.id for criterion in walking_trial().criteria
    }


def test_every_citation_of_the_record_quotes_its_document() -> None:
    trial = walking_trial()
    for one in show.trial_document(trial)["criteria"]:
        citation = one["citation"]
        assert trial.sources[0].text[citation["start"] : citation["end"]] == citation["quote"] != ""


def test_a_term_is_explained_under_the_answer() -> None:
    said = shown(render.reply(Reply("answer", (Sentence("ECOG 0."),), glossary=(Explained("ECOG", "How well you cope."),))))
    assert "ECOG 0.\nECOG: How well you cope.\n" in said
