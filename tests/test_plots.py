"""Plots of a report: every figure is drawn and written, and words from outside stay text."""

import re

import pytest

from evals.plots import bars, heat

LABELS = ("label", "precision", "recall", "F1", "support")
CONFUSION = ("gold \\ said", "pass", "fail")


def test_bars_are_as_long_as_their_figures() -> None:
    drawn = bars(LABELS, [("pass", "1.000", "0.500", "0.667", "4"), ("fail", "–", "0.000", "0.000", "2")])
    widths = [int(width) for width in re.findall(r'<rect x="190" y="\d+" width="(\d+)" height="12"', drawn)]
    assert len(widths) == 5  # the key, then a pair a label
    assert widths[1:] == [360, 180, 0, 0]
    assert "pass (4)" in drawn
    assert "–" in drawn


def test_the_heat_map_shades_each_cell_by_its_share_of_the_row() -> None:
    drawn = heat(CONFUSION, [("pass", "3", "1"), ("fail", "0", "0")])
    assert re.findall(r'fill-opacity="([\d.]+)"', drawn) == ["0.75", "0.25", "0.00", "0.00"]
    assert drawn.count('stroke-width="2"') == 2


@pytest.mark.parametrize("draw", [pytest.param(bars, id="bars"), pytest.param(heat, id="heat")])
def test_nothing_is_drawn_of_an_empty_table(draw: object) -> None:
    assert callable(draw)
    assert draw(LABELS, []) == ""


def test_words_from_outside_are_text() -> None:
    assert "<script>" not in bars(LABELS, [("<script>", "1", "1", "1", "1")])
    assert "<script>" not in heat((*CONFUSION[:1], "<script>"), [("<script>", "1")])
