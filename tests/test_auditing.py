"""Questions about the record itself are answered by what an audit finds, with every line quoted; a clean audit proves nothing."""

from datetime import date

import pytest

from assistant.asked_of_records.auditing import row_for
from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.reply import Reply
from assistant.safety.advice import refusal
from tests.small_trials import SmallShelf, check, judged, trial

ASKS, BARS = "Partial response after 4 cycles of prior chemotherapy", "Any prior chemotherapy"
TORN = trial(
    "NCT00000061", title="Torn gel trial", inclusion=("Age 18 years or older", ASKS), exclusion=("HIV infection", BARS)
)
WHOLE = trial("NCT00000062", title="Whole gel trial", inclusion=("Age 18 years or older",), exclusion=("HIV infection",))
ENGINE = Engine(SmallShelf([TORN, WHOLE]))


def ask(question: str, scope: str = TORN.id) -> Reply:
    reply = Conversation(ENGINE, judged, (scope,), "clinician", today=date(2026, 1, 10)).ask(question)
    check(reply, [TORN, WHOLE])
    return reply


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        pytest.param("Are the criteria consistent?", "no", id="consistent"),
        pytest.param("Do the inclusion and exclusion criteria contradict each other?", "yes", id="contradict"),
        pytest.param("Is the record free of contradictions?", "no", id="free of"),
        pytest.param("Is anything wrong with this record?", "yes", id="anything wrong"),
        pytest.param("Can anyone actually qualify as written?", "no", id="can anyone"),
        pytest.param("Could a patient meet all of these criteria at once?", "no", id="a patient, at once"),
        pytest.param("Where does the record contradict itself?", None, id="no yes or no is asked for"),
    ],
)
def test_a_fault_is_told_with_both_lines(question: str, verdict: str | None) -> None:
    reply = ask(question)
    assert (reply.kind, reply.verdict) == ("answer", verdict)
    assert {ASKS, BARS} <= {citation.quote for citation in reply.citations}
    assert any(finding.kind == "contradiction" for finding in reply.findings)


def test_a_fault_elsewhere_is_told_as_that() -> None:
    reply = ask("Are the laboratory criteria consistent?")
    assert reply.verdict == "depends"
    assert "nothing on just that" in reply.text
    assert ASKS in {citation.quote for citation in reply.citations}
    assert ask("Are the chemotherapy criteria consistent?").verdict == "no"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        pytest.param("Are the prior-therapy criteria of NCT00000061 internally consistent?", "criteria", id="criteria"),
        pytest.param("Is there a contradiction between inclusion 2 and exclusion 2?", "criteria", id="between two"),
        pytest.param("Do any of the rules contradict one another?", "criteria", id="rules"),
        pytest.param("Are there mistakes in the eligibility criteria?", "criteria", id="mistakes in"),
        pytest.param("Do the dates make sense?", "days", id="dates"),
        pytest.param("Is the recruitment status consistent with the sites?", "days", id="status"),
        pytest.param("Do the age limits agree or contradict each other?", "ages", id="ages"),
        pytest.param("Does NCT00000061 contradict itself?", "record", id="itself"),
        pytest.param("Any errors in this registry record?", "record", id="errors in"),
        pytest.param("What is wrong with this trial?", "record", id="wrong with"),
        pytest.param("Is it possible to meet all of these criteria at once?", "anyone qualifies", id="possible"),
        pytest.param("Is it possible to satisfy every single rule?", "anyone qualifies", id="every rule"),
        pytest.param("Is this page reliable?", "trust", id="reliable"),
        pytest.param("Can I rely on this record?", "trust", id="rely on"),
        pytest.param("Is anything missing from this page?", "gaps", id="missing from"),
        pytest.param("What does the record not say?", "gaps", id="not say"),
        pytest.param("Which limits are left to the study protocol?", "protocol", id="left to the protocol"),
        pytest.param("Is the arithmetic of the doses right?", "sums", id="arithmetic"),
        pytest.param("Do 30 fractions of 2.5 Gy add up to 75 Gy?", "sums", id="fractions"),
        pytest.param("Do 20 fractions at the stated dose come to the stated total?", "sums", id="come to the total"),
        pytest.param("Is the platelet threshold a typo?", "values", id="a typo"),
        pytest.param("Are there impossible values in the criteria?", "values", id="impossible"),
        pytest.param("Does any line stand on the wrong list?", "lines", id="the wrong list"),
        pytest.param("Is any rule written twice?", "lines", id="twice"),
        pytest.param("Does the record name the drug?", "drug named", id="the drug"),
        pytest.param("Why is it recruiting if it has not started?", "started", id="not started"),
        pytest.param("Does the status fit the sites?", "days", id="status and sites"),
        pytest.param("Does the age limit agree with the registry field?", "ages", id="ages agree"),
        pytest.param("Is the phase the same everywhere?", "fields", id="the same everywhere"),
        pytest.param("Which document should I believe?", "pages", id="which to believe"),
        pytest.param("What did the third-party page leave out?", "pages", id="left out by a page"),
    ],
)
def test_which_row_a_question_is_of(question: str, row: str) -> None:
    found = row_for(question)
    assert found is not None
    assert found.name == row


@pytest.mark.parametrize("question", ["Are the criteria consistent?", "Can anyone actually qualify as written?"])
def test_a_clean_audit_proves_nothing(question: str) -> None:
    reply = ask(question, WHOLE.id)
    assert reply.verdict == "depends"
    assert "checks found nothing" in reply.text
    assert reply.findings == ()


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("I have a conflict of interest, can I join the trial?", id="a conflict of interest"),
        pytest.param("I am 45 and had chemotherapy. Can I join?", id="a person"),
        pytest.param("What are the inclusion criteria?", id="what the criteria are"),
        pytest.param("Can anyone join the trial?", id="who may join"),
        pytest.param("Does my wrong blood type matter?", id="another wrong"),
        pytest.param("Does the study measure medication errors?", id="errors that are measured"),
        pytest.param("Is this trial compatible with taking warfarin?", id="compatible with a drug"),
        pytest.param("Is the dose consistent across sites?", id="the same everywhere"),
        pytest.param("Is stable disease consistent with a partial response?", id="consistent with a finding"),
        pytest.param("Do the visits conflict with my work?", id="a conflict of one's own"),
        pytest.param("What is wrong with my heart valve?", id="wrong with somebody"),
        pytest.param("Does it make sense for older people to join?", id="sense for somebody"),
        pytest.param("Can a patient who has diabetes qualify?", id="can a patient"),
        pytest.param("What is the right dose of radiation?", id="the right dose"),
        pytest.param("How many fractions are given in total?", id="how many"),
        pytest.param("Is imaging done twice?", id="done twice"),
        pytest.param("Is a reliable form of birth control needed?", id="reliable otherwise"),
        pytest.param("Is a missing kidney allowed?", id="missing otherwise"),
        pytest.param("Which drug is given?", id="which drug"),
        pytest.param("When does recruiting start?", id="when"),
    ],
)
def test_other_questions_are_not_about_the_record(question: str) -> None:
    assert row_for(question) is None


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Is it recruiting before its own start date?", id="before its start"),
        pytest.param("Is it called recruiting though it hasn't started?", id="not started"),
        pytest.param("Is the status out of date?", id="out of date"),
    ],
)
def test_a_status_before_the_start_is_told(question: str) -> None:
    days = {"status": "RECRUITING", "as_of": "2025-03-04", "start_date": "2025-03-09"}
    early = trial("NCT00000063", title="Early gel trial", inclusion=("Age 18 years or older",), **days)
    reply = Conversation(Engine(SmallShelf([early])), judged, (early.id,), "patient", today=date(2026, 1, 10)).ask(question)
    assert (reply.kind, reply.verdict) == ("answer", "yes")
    assert any(finding.kind == "dates" for finding in reply.findings)


def test_how_far_to_trust_a_record_is_no_yes_or_no() -> None:
    reply = ask("Is this record reliable?")
    assert reply.verdict == "depends"
    assert {ASKS, BARS} <= {citation.quote for citation in reply.citations}


def test_how_far_asks_for_no_yes_or_no() -> None:
    assert ask("How reliable is this record?").verdict is None


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        pytest.param("Are any rules left to the protocol?", "yes", id="left"),
        pytest.param("Does the record defer anything to the full protocol?", "yes", id="deferred"),
    ],
)
def test_what_is_left_to_the_protocol_is_told(question: str, verdict: str) -> None:
    deferring = trial("NCT00000064", title="Late gel trial", inclusion=("Adequate organ function per protocol",))
    talk = Conversation(Engine(SmallShelf([deferring])), judged, (deferring.id,), "patient", today=date(2026, 1, 10))
    reply = talk.ask(question)
    assert (reply.kind, reply.verdict) == ("answer", verdict)


def test_without_a_fault_the_documents_answer() -> None:
    reply = ask("Does the record name the drug?", WHOLE.id)
    assert reply.findings == ()
    assert "checks" not in reply.text


@pytest.mark.parametrize(
    ("message", "declined"),
    [
        pytest.param("What did the website leave out?", False, id="what a page leaves out"),
        pytest.param("Which version should I believe?", False, id="which page to believe"),
        pytest.param("Can I leave my asthma out of the form?", True, id="what a person leaves out"),
        pytest.param("Which page of my form can I leave out?", True, id="a person's page"),
    ],
)
def test_what_pages_leave_out_is_no_lie(message: str, declined: bool) -> None:
    assert (refusal(message) is not None) == declined
