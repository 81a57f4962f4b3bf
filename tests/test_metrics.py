"""The figures of the evals, each against an example worked by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import (
    Score,
    added,
    bears_on,
    cluster_interval,
    interval,
    is_covered,
    label_figures,
    macro_f1,
    ndcg_at,
    ratio,
    recall_at,
    reciprocal_rank,
    summarise,
)

PASSAGE = "one two  three\nfour"  # 18 characters once white space is folded; 60 % are 10.8


@pytest.mark.parametrize(
    ("quotes", "covered"),
    [
        pytest.param(["so: one two three four."], True, id="the passage lies in a quote"),
        pytest.param(["ONE TWO THREE FOUR"], False, id="case matters"),
        pytest.param(["one two thr"], True, id="eleven characters of eighteen"),
        pytest.param(["one two th"], False, id="ten characters of eighteen"),
        pytest.param(["one two", "four"], True, id="two pieces make up eleven"),
        pytest.param(["four", "four", "four"], False, id="the same piece counts once"),
        pytest.param(["one two", "four of them"], False, id="a quote that runs over the end is no piece"),
        pytest.param([""], False, id="an empty quote"),
        pytest.param([], False, id="nothing cited"),
    ],
)
def test_coverage(quotes: list[str], covered: bool) -> None:
    assert is_covered(PASSAGE, quotes) is covered


@pytest.mark.parametrize(
    ("quote", "bears"),
    [
        pytest.param("before one two three four after", True, id="holds it"),
        pytest.param("two three", True, id="lies in it"),
        pytest.param("four five", False, id="overlaps only"),
        pytest.param(" ", False, id="white space"),
    ],
)
def test_bearing(quote: str, bears: bool) -> None:
    assert bears_on(quote, ["something else", PASSAGE]) is bears


RANKED = ["d3", "d1", "d7", "d2"]
GRADES = {"d1": 2, "d2": 1, "d9": 1, "d7": 0}
RELEVANT = {"d1", "d2", "d9"}


def test_recall() -> None:
    assert recall_at(2, RANKED, RELEVANT) == pytest.approx(1 / 3)
    assert recall_at(10, RANKED, RELEVANT) == pytest.approx(2 / 3)


def test_reciprocal_rank() -> None:
    assert reciprocal_rank(RANKED, RELEVANT) == 0.5
    assert reciprocal_rank(RANKED, {"d8"}) == 0.0


def test_ndcg() -> None:
    # Found: grade 2 at rank 2, grade 1 at rank 4. Ideal: 2, 1, 1 at ranks 1 to 3.
    gained = 2 / math.log2(3) + 1 / math.log2(5)
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(10, RANKED, GRADES) == pytest.approx(gained / ideal)
    assert ndcg_at(2, RANKED, GRADES) == pytest.approx((2 / math.log2(3)) / (2 + 1 / math.log2(3)))


def test_ndcg_without_anything_relevant_is_zero() -> None:
    assert ndcg_at(10, RANKED, {"d1": 0}) == 0.0


@given(st.permutations(sorted(GRADES)))
def test_ndcg_is_one_exactly_for_an_ideal_order(order: list[str]) -> None:
    grades = [GRADES[name] for name in order]
    assert (ndcg_at(10, order, GRADES) == pytest.approx(1.0)) == (grades == sorted(grades, reverse=True))


def test_a_score_is_a_number_or_a_reason() -> None:
    with pytest.raises(ValueError, match="number or a reason"):
        Score(None)
    with pytest.raises(ValueError, match="number or a reason"):
        Score(1.0, "and a reason")


def test_summary_counts_what_has_no_figure_and_what_failed() -> None:
    summary = summarise("right", [Score(1.0), Score(0.0), Score(None, "no gold")], failed=1)
    assert (summary.mean, summary.scored, summary.unscored, summary.failed) == (0.5, 2, 1, 1)


def test_a_metric_without_figures_has_no_mean() -> None:
    summary = summarise("right", [Score(None, "no gold")], failed=0)
    assert summary.mean is None
    assert summary.interval is None


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=30))
def test_interval_lies_around_the_mean_and_repeats(values: list[float]) -> None:
    first = interval(values, resamples=200)
    assert min(values) <= first.low <= first.high <= max(values)
    assert first == interval(values, resamples=200)


def test_interval_of_equal_values_is_a_point() -> None:
    assert interval([0.7] * 5).low == pytest.approx(interval([0.7] * 5).high)


def test_interval_of_a_fair_coin_is_that_of_the_binomial() -> None:
    # 100 throws: the mean's standard error is 0.05, so 95 % lie within about ± 0.098.
    found = interval([0.0, 1.0] * 50)
    assert found.low == pytest.approx(0.402, abs=0.025)
    assert found.high == pytest.approx(0.598, abs=0.025)


def test_interval_needs_values() -> None:
    with pytest.raises(ValueError, match="at least one"):
        interval([])


class TestLabels:
    PAIRS = {("a", "a"): 3, ("a", "b"): 1, ("b", "b"): 2, ("b", "c"): 2}  # noqa: RUF012

    def test_figures_of_each_label(self) -> None:
        a, b, c = label_figures(self.PAIRS)
        assert (a.precision, a.recall, a.support) == (1, 3 / 4, 4)
        assert (b.precision, b.recall, b.f1) == (pytest.approx(2 / 3), 1 / 2, pytest.approx(4 / 7))
        assert (c.precision, c.recall, c.f1, c.support) == (0, None, 0, 0)

    def test_macro_f1_is_over_the_labels_of_the_gold(self) -> None:
        assert macro_f1(self.PAIRS) == pytest.approx((6 / 7 + 4 / 7) / 2)

    def test_a_label_that_a_draw_left_out_does_not_count(self) -> None:
        assert macro_f1({("a", "a"): 3, ("b", "c"): 0}) == 1

    def test_nothing_has_no_figure(self) -> None:
        assert (label_figures({}), macro_f1({}), ratio(0, 0), added([])) == ((), None, None, {})


class TestClusters:
    TALLIES = ({"right": 1, "all": 1}, {"right": 1, "all": 1}, {"right": 0, "all": 2})

    @staticmethod
    def share(tally):
        return ratio(tally["right"], tally["all"])

    def test_draws_are_of_whole_clusters(self) -> None:
        drawn = cluster_interval(self.TALLIES, ["p", "p", "q"], self.share)
        assert drawn is not None
        assert (drawn.low, drawn.high) == (0, 1)

    def test_one_cluster_has_one_value(self) -> None:
        drawn = cluster_interval(self.TALLIES, ["p"] * 3, self.share)
        assert drawn is not None
        assert drawn.low == drawn.high == 1 / 2

    def test_it_is_wider_than_drawing_each_by_itself(self) -> None:
        scores = [Score(value) for value in (1.0,) * 20 + (0.0,) * 20]
        alone = summarise("m", scores, 0).interval
        whole = summarise("m", scores, 0, ["p"] * 20 + ["q"] * 20).interval
        assert alone is not None
        assert whole is not None
        assert whole.high - whole.low > alone.high - alone.low

    def test_the_same_draws_every_time(self) -> None:
        clusters = ["p", "q", "r"]
        assert cluster_interval(self.TALLIES, clusters, self.share) == cluster_interval(self.TALLIES, clusters, self.share)

    def test_a_figure_that_no_draw_has_has_no_interval(self) -> None:
        assert cluster_interval(self.TALLIES, ["p", "q", "r"], lambda tally: None) is None
        assert cluster_interval([{}], ["p"], self.share) is None

    def test_unscored_cases_leave_their_cluster(self) -> None:
        found = summarise("m", [Score(1.0), Score(None, "no gold"), Score(0.0)], 0, ["p", "p", "q"])
        assert (found.mean, found.scored, found.unscored) == (1 / 2, 2, 1)
