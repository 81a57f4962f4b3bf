"""Statements about a record: its lines and figures read, the amounts of a statement held against them, the lines that bear on it."""

import numpy as np
import pytest

from assistant.statements import bearing, borne
from assistant.statements.amounts import amounts, in_unit
from assistant.statements.claims import claims
from assistant.statements.criteria import judged
from assistant.statements.reader import read
from assistant.statements.sections import Count, numbers, section
from assistant.statements.tables import table
from assistant.statements.trees import forest

EVENTS = (
    "Adverse Events 1:",
    "  Total: 12/112 (10.71%)",
    "  Heart failure 5/112 (4.46%)",
    "  Syncope * 20/112 (0.00%)",
    "Adverse Events 2:",
    "  Total: 14/111 (12.61%)",
    "  Heart failure 9/111 (8.11%)",
    "  Syncope * 21/111 (0.90%)",
)
RESULTS = (
    "Outcome Measurement: ",
    "  Best response",
    "Results 1: ",
    "  Arm/Group Title: Drug A",
    "  Overall Number of Participants Analyzed: 40",
    "  Unit of Measure: Participants  Complete Response: 4",
    "  Partial Response: 10   25.0%",
    "Results 2: ",
    "  Arm/Group Title: Placebo",
    "  Overall Number of Participants Analyzed: 20",
    "  Unit of Measure: Participants  Complete Response: 0",
    "  Partial Response: 2   10.0%",
)
CRITERIA = ("Inclusion Criteria:", "  LVEF of at most 45%", "Exclusion Criteria:", "  Dialysis", "  Pregnancy")


def seen(name: str, text: str, *records: tuple[str, ...]) -> dict[str, float]:
    return dict(zip(borne.SEEN, borne.seen(name, text, records).tolist(), strict=True))


class TestSections:
    def test_groups_roles_and_headings(self) -> None:
        lines = section(EVENTS)
        assert [line.role for line in lines] == ["heading", "total", "event", "event"] * 2
        assert [line.group for line in lines] == [1, 1, 1, 1, 2, 2, 2, 2]
        assert [line.heading for line in lines] == [0, 0, 0, 0, 4, 4, 4, 4]

    def test_the_list_of_a_criterion(self) -> None:
        assert [line.kind for line in section(CRITERIA)] == ["inclusion"] * 2 + ["exclusion"] * 3

    @pytest.mark.parametrize(
        ("text", "name", "count"),
        [
            pytest.param("Heart failure 5/112 (4.46%)", "Heart failure", Count(5, 112), id="plain"),
            pytest.param("Syncope * 21/111 (0.90%)", "Syncope", Count(1, 111), id="a footnote runs into the number"),
            pytest.param("Anaemia 28/482 (1.66%)", "Anaemia", Count(8, 482), id="one without a mark"),
            pytest.param("Nausea  [3]12/60 (20.00%)", "Nausea", Count(12, 60), id="a mark in brackets"),
            pytest.param("Fever 21/100 (21.00%)", "Fever", Count(21, 100), id="a number that is what it seems"),
        ],
    )
    def test_counts(self, text: str, name: str, count: Count) -> None:
        line = section(("Adverse Events 1:", f"  {text}"))[1]
        assert (line.name, line.count) == (name, count)

    def test_numbers(self) -> None:
        assert numbers("1,500 of -4.63 and .5, but not NCT00000012") == (1500.0, -4.63, 0.5)


class TestTables:
    def test_results_by_group(self) -> None:
        cells = [(cell.name, cell.group, cell.value, cell.share) for cell in table(RESULTS).cells]
        assert cells == [
            ("Complete Response", 1, 4, 10.0),
            ("Partial Response", 1, 10, 25.0),
            ("Complete Response", 2, 0, 0.0),
            ("Partial Response", 2, 2, 10.0),
        ]

    def test_a_unit_is_no_row(self) -> None:
        lines = (
            "Results 1: ",
            "  Overall Number of Participants Analyzed: 9",
            "  Unit of Measure: Months  7.0        (5.9 to 7.7)",
        )
        (cell,) = table(lines).cells
        assert (cell.name, cell.value, table(lines).unit) == ("", 7.0, "Months")


class TestAmounts:
    @pytest.mark.parametrize(
        ("text", "sign", "value", "percent"),
        [
            pytest.param("More than 20% of patients fell.", ">", 20, True, id="a share with a bound"),
            pytest.param("At least two patients fell.", ">=", 2, False, id="a word for a number"),
            pytest.param("A single patient fell.", "=", 1, False, id="a single one"),
            pytest.param("There were no cases of fever.", "=", 0, False, id="none"),
            pytest.param("The majority of patients fell.", ">", 50, True, id="the majority"),
            pytest.param("No more than 3 patients fell.", "<=", 3, False, id="no more than"),
            pytest.param("In cohort 2, 7 patients fell.", "=", 7, False, id="a group's number is none"),
        ],
    )
    def test_reads(self, text: str, sign: str, value: float, percent: bool) -> None:
        (found,) = amounts(text)
        assert (found.sign, found.value, found.percent) == (sign, value, percent)

    def test_how_far_apart(self) -> None:
        (found,) = amounts("There were 3 more cases in cohort 1 than in cohort 2.")
        assert (found.value, found.apart) == (3, True)

    @pytest.mark.parametrize(
        ("text", "unit", "value"),
        [
            pytest.param("They lived for 2 years.", "months", 24, id="years in months"),
            pytest.param("They took 40 mg.", "Participants", None, id="a dose is no count"),
            pytest.param("3 patients fell.", "Participants", 3, id="a count"),
        ],
    )
    def test_in_the_tables_unit(self, text: str, unit: str, value: float | None) -> None:
        found = in_unit(amounts(text)[0], unit)
        assert (None if found is None else pytest.approx(found.value)) == value

    @pytest.mark.parametrize(("said", "figure", "holds"), [("13.2%", 13.24, True), ("13.2%", 13.3, False), ("13%", 13.4, True)])
    def test_to_the_precision_given(self, said: str, figure: float, holds: bool) -> None:
        assert amounts(f"{said} of patients fell.")[0].holds(figure) is holds


class TestClaims:
    def test_each_record_has_its_clause(self) -> None:
        first, second = claims("The primary trial had 5 deaths, whereas cohort 2 of the secondary trial had none.", 2)
        assert ("5 deaths" in first.clause, "none" in first.clause) == (True, False)
        assert (first.groups, second.groups) == (frozenset(), frozenset({2}))


class TestFigures:
    @pytest.mark.parametrize(
        ("text", "agree", "disagree"),
        [
            pytest.param("5 patients in cohort 1 of the primary trial had heart failure.", 1, 0, id="one group"),
            pytest.param("9 patients in cohort 1 of the primary trial had heart failure.", 0, 1, id="the other group's"),
            pytest.param("In total 14 patients of the primary trial had heart failure.", 1, 0, id="both together"),
            pytest.param("More than 8% of cohort 2 of the primary trial had heart failure.", 1, 0, id="a share above a bound"),
            pytest.param("There was 1 case of syncope and 14 of heart failure in the primary trial.", 2, 0, id="two in one"),
            pytest.param("Over 20% of cohort 2 of the primary trial had adverse events.", 0, 1, id="the total"),
        ],
    )
    def test_amounts_against_counts(self, text: str, agree: int, disagree: int) -> None:
        found = seen("Adverse Events", text, EVENTS)
        assert (found["agree_first"], found["disagree_first"]) == (agree, disagree)

    @pytest.mark.parametrize(
        ("text", "column", "value"),
        [
            pytest.param(
                "More heart failure in cohort 2 than in cohort 1 of the primary trial.", "order_agrees", 1, id="order"
            ),
            pytest.param(
                "More heart failure in cohort 1 than in cohort 2 of the primary trial.", "order_agrees", -1, id="turned"
            ),
            pytest.param("There were no cases of syncope in cohort 1 of the primary trial.", "none_agrees", 1, id="none"),
            pytest.param(
                "There were no cases of syncope in cohort 2 of the primary trial.", "none_agrees", -1, id="denied, but one"
            ),
            pytest.param(
                "There were no cases of appendicitis in the primary trial.", "none_agrees", 0.5, id="not in the table"
            ),
            pytest.param("Cohort 2 had 4 more cases of heart failure than cohort 1.", "apart_agree", 1, id="difference"),
            pytest.param("Cohort 3 of the primary trial had heart failure.", "lacking", 1, id="a group that is not there"),
        ],
    )
    def test_comparisons(self, text: str, column: str, value: float) -> None:
        assert seen("Adverse Events", text, EVENTS)[f"{column}_first"] == value

    def test_groups_by_their_titles(self) -> None:
        found = seen("Results", "The placebo group had more partial responses than the drug A group.", RESULTS)
        assert (found["named_figures_first"], found["order_agrees_first"]) == (2, -1)

    def test_two_records(self) -> None:
        other = ("Adverse Events 1:", "  Total: 3/50 (6.00%)", "  Heart failure 3/50 (6.00%)")
        found = seen(
            "Adverse Events", "There was more heart failure in the secondary trial than in the primary trial.", EVENTS, other
        )
        assert found["sides_order_agrees"] == -1  # 3 of 50 (6.0 %) against 14 of 223 (6.3 %)


class TestCriteria:
    @pytest.mark.parametrize(
        ("text", "failed"),
        [
            pytest.param("A patient with an LVEF of 55%.", True, id="over a bound"),
            pytest.param("A patient with an LVEF of 40%.", False, id="within it"),
            pytest.param("A patient on dialysis.", True, id="an exclusion"),
        ],
    )
    def test_somebody_described(self, text: str, failed: bool) -> None:
        lines = tuple((line.kind or "inclusion", line.text) for line in section(CRITERIA) if line.role != "heading")
        assert (judged(text, lines).failed > 0) is failed  # type: ignore[arg-type]


class TestForests:
    @pytest.mark.parametrize(("name", "columns"), [("bearing.tsv", bearing.SEEN), ("borne.tsv", borne.SEEN)])
    def test_every_row_falls_into_a_leaf(self, name: str, columns: tuple[str, ...]) -> None:
        grown = forest(name, columns)
        likely = grown.likely(np.random.default_rng(1).normal(size=(50, len(columns))).astype(np.float32))
        assert grown.trees
        assert ((likely > 0) & (likely < 1)).all()
        assert 0.2 < grown.bound < 0.8

    def test_a_column_that_there_is_not(self) -> None:
        with pytest.raises(KeyError):
            forest("borne.tsv", ("length",))


class TestReading:
    def test_the_line_that_says_it_bears_on_it(self) -> None:
        found = read("Adverse Events", "9 patients in cohort 2 of the primary trial had heart failure.", [EVENTS])
        assert 6 in found.lines[0]
        assert 3 not in found.lines[0]

    def test_a_section_without_lines(self) -> None:
        found = read("Results", "The primary trial met its outcome.", [()])
        assert (found.lines, found.label in {"Entailment", "Contradiction"}) == (((),), True)

    def test_one_answer_a_record(self) -> None:
        found = read("Adverse Events", "Both the primary and the secondary trial saw heart failure.", [EVENTS, EVENTS[:4]])
        assert [max(lines) < len(record) for lines, record in zip(found.lines, (EVENTS, EVENTS[:4]), strict=True)] == [
            True,
            True,
        ]
