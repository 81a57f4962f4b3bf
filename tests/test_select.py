"""Which passages go into an answer."""

import pytest
from small_trials import SmallShelf, trial

from assistant.chat.question import read_question
from assistant.chat.select import MOST, Reading, Selection, choose, select
from assistant.chat.synonyms import concepts
from assistant.chat.wording import family, lead_in, open_questions, points_of, quoted, related, requirements
from index.trial import Hit, Trial

RECORD = trial(
    summary="It is unclear whether a cold bath helps sore legs. The study compares baths after a run.",
    inclusion=(
        "Runs twice a week",
        "Adequate organ function, defined as:",
        "- Haemoglobin of 100 g/L or more",
        "- Platelets of 90 or more",
        "- Creatinine normal",
    ),
    exclusion=("Gout", "Deep vein thrombosis within 6 months", "Raynaud phenomenon"),
    arms=(("Cold bath", "EXPERIMENTAL", "12 degrees for 9 minutes"), ("Warm bath", "ACTIVE_COMPARATOR", "30 degrees")),
    sponsor="Gout Society",
)


def chosen(question: str, record: Trial = RECORD, most: int = 3) -> Selection:
    shelf = SmallShelf([record])
    read = read_question(question)
    return choose(
        Reading(record, read, shelf.passages([record.id]), lambda trial, _: shelf.search(question, trials=[trial.id], k=24)),
        most,
    )


def texts(selection: Selection) -> list[str]:
    return [pick.passage.text for pick in selection.picks]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        pytest.param("Does gout rule me out?", "Gout", id="a criterion, not the sponsor's name"),
        pytest.param("Is a thrombosis a problem?", "Deep vein thrombosis within 6 months", id="a longer criterion"),
        pytest.param("Which haemoglobin is needed?", "Haemoglobin of 100 g/L or more", id="a sub-item, not its parent"),
        pytest.param("What does the warm arm get?", "Warm bath ACTIVE_COMPARATOR 30 degrees", id="the arm asked about"),
    ],
)
def test_the_passage_that_speaks_of_it_comes_first(question: str, first: str) -> None:
    assert texts(chosen(question))[0] == first


def test_no_passage_is_picked_twice_and_no_more_than_asked_for() -> None:
    selection = chosen("Are runs, baths, legs, gout, thrombosis and platelets spoken of?", most=2)
    picked = [pick.passage.id for pick in selection.picks]
    others = [passage.id for passage in selection.others]
    assert len(picked) <= 2
    assert len(set(picked + others)) == len(picked + others) <= MOST


def test_what_names_the_trial_is_not_what_is_asked() -> None:
    corpus = SmallShelf([RECORD]).passages([RECORD.id])
    hits = [Hit(passage, 1.0, rank, ("lexical",)) for rank, passage in enumerate(corpus, 1)]
    asked = select(hits, read_question("Is thrombosis barred by the Raynaud rule?"), corpus, silent=frozenset({"raynaud"}))
    assert "raynaud" not in {word for concept in asked.concepts for word in concept.said}


def test_nothing_found_is_nothing_chosen() -> None:
    selection = chosen("Xylophone?")
    assert selection.picks == ()
    assert selection.coverage == 0


def spoken(question: str) -> list[str]:
    selection = chosen(question)
    return [points_of(RECORD, pick, selection.concepts).text for pick in selection.picks]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        pytest.param("Does gout rule me out?", "Exclusion 1: Gout.", id="a criterion by its number"),
        pytest.param(
            "Which platelets are needed?",
            "Inclusion 2: Adequate organ function, defined as: Platelets of 90 or more.",
            id="a sub-item after its lead-in",
        ),
        pytest.param(
            "What does the warm arm get?", "Warm bath (active comparator arm): 30 degrees", id="an arm under its name"
        ),
    ],
)
def test_a_passage_as_a_sentence(question: str, sentence: str) -> None:
    assert sentence in spoken(question)


def test_siblings_that_are_asked_for_as_well_are_said_together() -> None:
    question = read_question("Which haemoglobin and creatinine are needed?")
    asked = concepts(question.text, question.stems)
    one = next(c for c in RECORD.criteria if c.text.startswith("Haemoglobin"))
    lead, kin = family(RECORD, one, asked)
    assert lead is not None
    assert RECORD.quote(lead) == "Adequate organ function, defined as:"
    assert [c.text for c in kin] == ["Haemoglobin of 100 g/L or more", "Creatinine normal"]


def test_a_criterion_alone_has_no_lead_in() -> None:
    assert family(RECORD, RECORD.criteria[0], ())[0] is None
    assert lead_in(RECORD, RECORD.criteria[0], ()) is not None


def test_a_long_passage_is_quoted_by_the_sentences_that_matter() -> None:
    filler = [f"Sentence number {n} is about the weather over the hills." for n in range(20)]
    record = trial(summary=" ".join([*filler[:10], "A tetanus shot is given at the start.", *filler[10:]]))
    passage = next(p for p in SmallShelf([record]).passages([record.id]) if "tetanus" in p.text)
    spans = quoted(record, passage, concepts("tetanus", ("tetanus",)))
    assert [record.quote(span) for span in spans] == ["A tetanus shot is given at the start."]


def test_related_passages_are_one_sentence_without_what_was_said() -> None:
    selection = chosen("Are gout, thrombosis, Raynaud, legs, baths and platelets spoken of?", most=1)
    said = [points_of(RECORD, pick, selection.concepts) for pick in selection.picks]
    (point,) = related(RECORD, selection, said)
    assert point.text.startswith("Related passages: “")
    assert not {proof.span for proof in point.proofs} & {proof.span for one in said for proof in one.proofs}
    assert related(RECORD, Selection((), 0.0, ()), said) == ()


def test_requirements_name_what_was_not_yet_said() -> None:
    (point,) = requirements(RECORD, "other-criteria", ())
    assert point.text.startswith("What else has to hold: Runs twice a week; Adequate organ function")
    assert requirements(trial(exclusion=("Gout",)), "other-criteria", ()) == ()


def test_open_questions_are_the_plainest_first() -> None:
    points = open_questions(RECORD, [p for p in SmallShelf([RECORD]).passages([RECORD.id]) if p.section == "summary"])
    assert points[0].text.startswith("It is unclear whether a cold bath")


@pytest.mark.parametrize("word", ["gout", "bath", "platelets"])
def test_quotes_are_the_document_s_own(word: str) -> None:
    selection = chosen(f"Is {word} spoken of?")
    points = [points_of(RECORD, pick, selection.concepts) for pick in selection.picks]
    assert points
    assert all(RECORD.quote(proof.span) for point in points for proof in point.proofs)
