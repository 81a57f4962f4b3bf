"""Days and statuses of a record that do not fit: each found with what shows it, and nothing found where they do."""

from typing import Any

import pytest

from assistant.audit.finding import Found
from assistant.audit.lint.schedule import off_schedule
from assistant.audit.record import record
from tests.small_trials import trial

OPEN = {"status": "RECRUITING", "as_of": "2025-11-19", "start_date": "2024-10-01", "completion_date": "2034-11-20"}


def found(sites: tuple[str | None, ...] = (), **fields: Any) -> list[Found]:
    places = [(f"Hospital {number}", "Cork", "Ireland", status) for number, status in enumerate(sites, 1)]
    one = trial(sites=places, **{name: value for name, value in fields.items() if value is not None})
    told = list(off_schedule(record(one)))
    for each in told:
        assert all(one.quote(span) for span in each.spans)
    return told


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"start_date": "2025-11-20"}, "but the start date (2025-11-20) is later", id="starts the day after"),
        pytest.param({"start_date": "2025-12"}, "but the start date (2025-12) is later", id="starts the month after"),
        pytest.param({"completion_date": "2025-10-19"}, "after the completion date", id="open 31 days past its end"),
        pytest.param({"primary_completion_date": "2025-09"}, "after the primary completion date", id="past its primary end"),
        pytest.param({"status": "NOT_YET_RECRUITING"}, "still not yet recruiting", id="not yet, long after its start"),
        pytest.param({"status": "COMPLETED"}, "but the completion date (2034-11-20) is later", id="completed before its end"),
        pytest.param({"start_date": "2034-12-01", "as_of": None}, "is after the completion date", id="starts after its end"),
        pytest.param({"why_stopped": "no funds"}, "why the study stopped", id="stopped and open"),
        pytest.param({"status": "WITHDRAWN", "enrollment": 12}, "nobody took part", id="withdrawn with people"),
    ],
)
def test_days_and_statuses_that_do_not_fit(fields: dict[str, Any], words: str) -> None:
    told = found(**OPEN | fields)
    assert [words in one.text for one in told] == [True]
    assert told[0].kind in {"dates", "status"}
    assert len(told[0].spans) >= 2


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="all in order"),
        pytest.param({"start_date": "2025-11-19"}, id="updated on the day of its start"),
        pytest.param({"start_date": "2025-11"}, id="the month of its start"),
        pytest.param({"completion_date": "2025-10-20"}, id="30 days past its end"),
        pytest.param({"completion_date": "2025"}, id="the year of its end"),
        pytest.param({"status": "NOT_YET_RECRUITING", "start_date": "2025-10-20"}, id="not yet, 30 days late"),
        pytest.param({"status": "ACTIVE_NOT_RECRUITING", "primary_completion_date": "2025-01"}, id="in follow-up"),
        pytest.param(
            {"status": "TERMINATED", "completion_date": "2025-10", "why_stopped": "no funds"}, id="stopped and closed"
        ),
        pytest.param({"status": "WITHDRAWN", "enrollment": 0}, id="withdrawn with nobody"),
        pytest.param({"as_of": None, "start_date": "2099-01", "completion_date": None}, id="no day to hold it against"),
        pytest.param({"status": None}, id="no status"),
    ],
)
def test_days_and_statuses_that_fit(fields: dict[str, Any]) -> None:
    assert found(**OPEN | fields) == []


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        pytest.param("2025-09-01 (ACTUAL)", "the status was not brought up to date", id="it has come"),
        pytest.param("2025-09-01 (ESTIMATED)", "the study runs longer than planned", id="it was a plan"),
    ],
)
def test_a_date_that_has_come_is_no_plan(printed: str, reading: str) -> None:
    days = OPEN | {"primary_completion_date": "2025-09-01", "printed": {"primary_completion_date": printed}}
    (one,) = found(**days)
    assert one.reading is not None
    assert one.reading.startswith(reading)


@pytest.mark.parametrize(
    ("status", "sites", "words"),
    [
        pytest.param(
            "RECRUITING",
            ("RECRUITING", *4 * ("NOT_YET_RECRUITING",)),
            "only 1 of the 5 sites whose status is given is: 4 are not yet recruiting",
            id="four of five are not open",
        ),
        pytest.param(
            "RECRUITING", ("WITHDRAWN", None), "none of the 1 site whose status is given is: 1 is withdrawn", id="no site"
        ),
        pytest.param(
            "COMPLETED", ("RECRUITING", "COMPLETED"), "1 of the 2 sites whose status is given is recruiting", id="closed"
        ),
        pytest.param(
            "NOT_YET_RECRUITING", ("RECRUITING",), "1 of the 1 site whose status is given is recruiting", id="not yet"
        ),
        pytest.param("UNKNOWN", ("RECRUITING",), "The overall status is unknown", id="unknown"),
        pytest.param("RECRUITING", ("RECRUITING", "NOT_YET_RECRUITING"), "", id="half of them are open"),
        pytest.param("RECRUITING", (None, None), "", id="no site has a status"),
        pytest.param("ACTIVE_NOT_RECRUITING", ("COMPLETED", None), "", id="closed here and there"),
    ],
)
def test_sites_against_the_overall_status(status: str, sites: tuple[str | None, ...], words: str) -> None:
    told = found(sites, status=status)
    assert [words in one.text for one in told] == ([True] if words else [])
    assert all(one.kind == "status" for one in told)
