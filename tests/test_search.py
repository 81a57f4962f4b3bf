import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search import Shortlist, best_first, fuse, hits
from index.trial import Passage, Span


def passage(number: int, text: str, trial: str = "NCT00000001") -> Passage:
    return Passage(f"a:{number}", trial, "criterion", "inclusion", text, Span("a", number, number + 1))


def test_fusion_by_hand() -> None:
    fused = fuse({"dense": [7, 8], "lexical": [8]})
    assert fused[8].score == pytest.approx(1 / 62 + 1 / 61)
    assert fused[7].score == pytest.approx(1 / 61)
    assert fused[8].found_by == ["dense", "lexical"]
    assert best_first(fused) == [8, 7]


def test_ties_go_by_item() -> None:
    assert best_first(fuse({"dense": [9], "lexical": [4]})) == [4, 9]


@given(st.lists(st.lists(st.integers(0, 30), unique=True), max_size=3))
def test_fusion_keeps_every_item_once(rankings: list[list[int]]) -> None:
    fused = fuse({str(n): ranking for n, ranking in enumerate(rankings)})
    assert sorted(best_first(fused)) == sorted({item for ranking in rankings for item in ranking})


def test_a_text_that_a_trial_repeats_is_one_hit() -> None:
    found = [
        (passage(1, "Walk  daily"), 0.3, ("dense",)),
        (passage(2, "walk daily"), 0.2, ("dense",)),
        (passage(3, "walk daily", "NCT00000002"), 0.1, ("dense",)),
        (passage(4, "rest"), 0.05, ("dense",)),
    ]
    assert [hit.passage.span.start for hit in hits(found, 10)] == [1, 3, 4]
    assert [(hit.rank, hit.passage.span.start) for hit in hits(found, 2)] == [(1, 1), (2, 3)]


@pytest.mark.parametrize(
    ("meaning", "order"),
    [
        pytest.param([0.5, 0.0, 0.9], ["knee surgery", "walks", "age 40"], id="words lift what means something close"),
        pytest.param([0.1, 0.0, 0.9], ["walks", "knee surgery", "age 40"], id="words don't lift what means something else"),
    ],
)
def test_a_shortlist_ranks_by_meaning_and_by_words(meaning: list[float], order: list[str]) -> None:
    texts = ["knee surgery", "age 40", "walks"]
    shortlist = Shortlist.of([passage(n, text) for n, text in enumerate(texts)], np.eye(3, dtype=np.float32))
    found = shortlist.rank("surgery of the knee", np.array(meaning, np.float32), 10)
    assert [hit.passage.text for hit in found] == order
    assert {hit.passage.text for hit in found if "lexical" in hit.found_by} == {"knee surgery"}
    assert all(hit.found_by[:2] == ("exact", "dense") for hit in found)
    assert [hit.rank for hit in found] == [1, 2, 3]


def test_an_empty_shortlist_has_no_hits() -> None:
    assert Shortlist.of([], np.empty((0, 3), np.float32)).rank("knee", np.ones(3, np.float32), 5) == []
