"""One trial on several pages: what they say differently, what a third party's page lost, and never a difference of mere form."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from small_trials import SmallShelf, check, judged, trial

from assistant.audit.audited import Audit, audit
from assistant.audit.documents.comparison import same_age, same_date
from assistant.audit.finding import Found
from assistant.audit.rewording import changes, unchanged
from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.interfaces.show import trial_document
from assistant.reply import Reply
from index.loaders import load
from index.merge import link, merge
from index.trial import Trial

FORMATS = Path(__file__).parent / "data" / "formats"
SUMMARY = (
    "This study looks at whether a copper mouth rinse, taken after each radiotherapy session for a cancer of the larynx, keeps the "
    "mouth from getting sore, and whether people who use it can eat better and need fewer pain killers than people who use water."
)
RECORD = f"""A Randomized Trial of a Copper Mouth Rinse During Radiotherapy of Laryngeal Carcinoma

Status: Recruiting
Location: See location...
Intervention Type: Drug
Study Type: Interventional
Study Phase: Phase 2
SUMMARY

{SUMMARY}

Eligibility
Participation Requirements
Sex: All
Minimum Age: 21
Maximum Age: 65
Healthy Volunteers: f
View:

• Age: 21 years - 65 years.

• Non-keratinizing laryngeal carcinoma, confirmed by biopsy.

• Clinical stage: TanyN1M0, stage III (AJCC 8th edition).

• Partial response after receiving first-line cisplatin.

• ECOG score: 0-1.

• Hemoglobin ≥ 95 g/L within 14 days before the first dose.

• Women of childbearing potential must have a negative pregnancy test within 7 days before enrollment.

• Men must use effective contraception during the study if their partner can become pregnant.

Time Frame
Start Date: 2025-03-10
Completion Date: 2027-04-01
Participants
Target number of participants: 84
Treatments
Experimental: Copper rinse
Copper mouth rinse: 10 mL after each session.
Active_comparator: Water
Water: 10 mL after each session.
Sponsors
Leads: Hill Clinic

This content was sourced from clinicaltrials.gov
"""
THIRD = f"""OncoMatch

OncoMatch/Clinical Trials/NCT00000071

Copper Rinse in Radiotherapy of the Larynx

Is NCT00000071 recruiting? Yes, currently enrolling (May 2026). This Phase 2 trial studies various treatments for laryngeal carcinoma.

Phase 2RecruitingHill ClinicNCT00000071Data as of May 2026Location: Norway

{SUMMARY}

Check if I qualify

Extracted eligibility criteria

Cancer type

Laryngeal carcinoma

Disease stage

Required: Stage TANYN1M0, III (AJCC 8th edition)

Clinical stage: TanyN1M0, stage III (AJCC 8th edition)

Performance status

ECOG 0–1(Restricted strenuous activity)

Demographics

Ages ≤ 65

Prior therapy

Must have received: cisplatin — first-line

Lab requirements

Hemoglobin ≥ 95 g/L

Cardiac function

no resting heart rate > 110 beats per minute or heart failure

Structured fields extracted by AI. May contain errors — verify against the official protocol.

Frequently asked questions

Is NCT00000071 currently recruiting?

Yes, this trial is currently recruiting patients.

What disease stage is eligible?

Stage TANYN1M0 or III is required.

Could you qualify for this trial?

Check if I qualify
"""

Change = Callable[[str], str]


def read(folder: Path, record: str, third: str) -> Audit:
    documents = []
    for name, text in (("record.txt", record), ("third.txt", third)):
        (folder / name).write_text(text, encoding="utf-8")
        documents.append(load(folder / name))
    links = link(documents)
    assert set(links.values()) == {"NCT00000071"}
    return audit(merge(documents, "NCT00000071"), documents)


def quotes(audited: Audit, found: Found) -> list[str]:
    return [audited.record.trial.quote(span) for span in found.spans]


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return read(tmp_path_factory.mktemp("pages"), RECORD, THIRD)


@pytest.mark.parametrize(
    ("kind", "says", "quoted"),
    [
        pytest.param("only_here", "minimum age, 21 Years", ["Minimum Age: 21", "Ages ≤ 65"], id="the minimum age was dropped"),
        pytest.param(
            "only_here", "Partial response", ["Must have received: cisplatin — first-line"], id="the response was dropped"
        ),
        pytest.param("only_here", "keratinizing", ["Laryngeal carcinoma"], id="the histology was dropped"),
        pytest.param("only_here", "(2 criteria)", ["Men must use effective contraception"], id="pregnancy rules, together"),
        pytest.param("only_here", "no such rule", ["no resting heart rate > 110"], id="a rule found nowhere else"),
        pytest.param(
            "disagreement",
            "“TanyN1M0, stage III”; the third-party page (data of 2026-05) says “TANYN1M0 or III”",
            ["Clinical stage: TanyN1M0", "Stage TANYN1M0 or III is required"],
            id="a comma became or",
        ),
        pytest.param(
            "only_here", "number of participants (84)", ["Target number of participants: 84"], id="fields of the record"
        ),
    ],
)
def test_what_a_page_lost_is_found(audited: Audit, kind: str, says: str, quoted: list[str]) -> None:
    [found] = [one for one in audited.findings if says in one.text]
    assert found.kind == kind
    assert all(any(words in quote for quote in quotes(audited, found)) for words in quoted)


def test_each_difference_is_told_once_and_no_other(audited: Audit) -> None:
    told = [one.text for one in audited.findings if one.kind in BETWEEN]
    assert len(told) == 7, told


BETWEEN = {"disagreement", "only_here"}
"""What documents of one trial say against each other; the rest is of one record by itself."""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda page: page.replace("≥ 95 g/L", "≥ 85 g/L"), ["at least 95 g/L", "at least 85 g/L"], id="a number"),
        pytest.param(lambda page: page.replace("≥ 95", "> 95"), ["at least 95", "above 95"], id="a comparator"),
        pytest.param(lambda page: page.replace("≥ 95", "≤ 95"), ["at least 95", "at most 95"], id="the side of a bound"),
        pytest.param(lambda page: page.replace("ECOG 0–1", "ECOG 0–2"), ["from 0 to 1", "from 0 to 2"], id="a score"),
        pytest.param(lambda page: page.replace("Ages ≤ 65", "Ages 21–60"), ["65 Years", "60 Years"], id="an age"),
        pytest.param(
            lambda page: page.replace("Must have received: cisplatin — first-line", "Excluded: prior cisplatin"),
            ["must be so", "must not be so"],
            id="what is required was ruled out",
        ),
        pytest.param(
            lambda page: page.replace("2RecruitingHill", "2SuspendedHill").replace("Yes, currently enrolling (May 2026). ", ""),
            ["recruiting", "suspended"],
            id="the status",
        ),
    ],
)
def test_what_a_page_altered_is_found(tmp_path: Path, audited: Audit, change: Change, says: list[str]) -> None:
    known = {one.text for one in audited.findings}
    new = [one for one in read(tmp_path, RECORD, change(THIRD)).findings if one.text not in known]
    assert any(one.kind == "disagreement" and all(words in one.text for words in says) for one in new), [
        one.text for one in new
    ]


@pytest.mark.parametrize("format", ["html", "md", "xml"])
def test_one_trial_in_two_formats_differs_in_nothing(format: str) -> None:
    documents = [load(path) for path in (FORMATS / "immediate-or-salvage.json", FORMATS / f"immediate-or-salvage.{format}")]
    found = audit(merge(documents, documents[0].id), documents)
    assert [one.text for one in found.findings if one.kind in {"disagreement", "only_here"}] == []
    assert {row.verdict for row in found.comparison if len(row.stated) > 1} == {"agree"}


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        pytest.param("Platelets ≥ 100 × 10^9/L", "platelets at least 100 x 10⁹ / L.", False, id="signs spelled otherwise"),
        pytest.param("Tumours of the oesophagus", "tumors of the esophagus", False, id="British and American"),
        pytest.param("1) Age greater than or equal to 18 years", "Age ≥18years", False, id="words for a sign, glued"),
        pytest.param("AST and ALT ≤ 2.5 × ULN", "ALT and AST ≤ 2.5 x ULN", False, id="another order"),
        pytest.param("four (4) weeks", "4 (four) weeks", False, id="number words"),
        pytest.param("fever, cough, rash", "fever, cough and rash", False, id="and before the last"),
        pytest.param("stage III, IVB", "stage III or IVB", True, id="a comma became or"),
        pytest.param("within 14 days", "within 28 days", True, id="a number"),
        pytest.param("within 14 days", "within 14 weeks", True, id="a unit"),
        pytest.param("platelets ≥ 100", "platelets > 100", True, id="a comparator"),
        pytest.param("Prior chemotherapy", "No prior chemotherapy", True, id="a negation"),
        pytest.param("symptomatic metastases", "asymptomatic metastases", True, id="a word that looks alike"),
    ],
)
def test_only_meaning_makes_a_change(one: str, other: str, differ: bool) -> None:
    assert bool(changes(one, other)) is differ
    assert unchanged(one, other) is not differ


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("2025-11", "2025-11-20", True, id="to the precision that both have"),
        pytest.param("2025-11-20", "2025-12", False, id="another month"),
    ],
)
def test_dates_are_compared_to_their_precision(one: str, other: str, same: bool) -> None:
    assert same_date(one, other) is same


def test_ages_are_compared_over_units() -> None:
    assert same_age("24 Months", "2 Years")
    assert not same_age("18 Years", "18 Months")


def test_two_records_of_one_trial_are_compared_line_by_line() -> None:
    inclusion = ("Histologically confirmed breast cancer", "ECOG 0-1", "Hemoglobin ≥ 90 g/L")
    old = trial(inclusion=inclusion, exclusion=("Pregnant women",), enrollment=40, start_date="2025-01")
    new = trial(
        inclusion=(inclusion[0], "ECOG 0-2"), exclusion=("Pregnant women", "HIV infection"), enrollment=40, start_date="2025-03"
    )
    new = replace(new, sources=tuple(replace(one, document="newer.txt") for one in new.sources))
    new = load_under("newer.txt", new)
    texts = [one.text for one in audit(merge([old, new], old.id), [old, new]).findings if one.kind in BETWEEN]
    assert len(texts) == 4, texts
    assert sum("Start date" in text and "2025-03" in text for text in texts) == 1
    assert sum("ECOG 0-1" in text and "ECOG 0-2" in text for text in texts) == 1
    assert sum("“Hemoglobin ≥ 90 g/L”" in text for text in texts) == 1
    assert sum("“HIV infection”" in text for text in texts) == 1


def load_under(name: str, built: Trial) -> Trial:
    """The trial with all that it states standing in a document of that name."""
    moved = {
        "criteria": tuple(replace(one, span=replace(one.span, document=name)) for one in built.criteria),
        "evidence": {field: tuple(replace(span, document=name) for span in spans) for field, spans in built.evidence.items()},
    }
    return replace(built, **moved)  # type: ignore[arg-type]


def ask(audited: Audit, question: str) -> Reply:
    whole = audited.record.trial
    shelf = Engine(SmallShelf([whole]))
    reply = Conversation(shelf, judged, (whole.id,), "clinician", today=date(2026, 6, 1), audit=lambda _: audited).ask(question)
    check(reply, [whole])
    return reply


@pytest.mark.parametrize(
    ("question", "verdict", "says"),
    [
        pytest.param("Where do the two pages disagree?", None, ["TANYN1M0 or III", "21 Years"], id="all of it"),
        pytest.param(
            "Where do the two pages of NCT00000071 disagree?", None, ["TANYN1M0 or III", "21 Years"], id="by its number"
        ),
        pytest.param("Do both pages say the same about the minimum age?", "no", ["21 Years", "at most 65"], id="one field"),
        pytest.param("Do both pages agree on the maximum age?", "yes", ["Maximum Age: 65", "Ages ≤ 65"], id="no difference"),
        pytest.param("Which page says anything about heart rate?", None, ["no such rule"], id="a rule of one page"),
        pytest.param("Is the heart rate rule only on the third-party page?", "yes", ["no such rule"], id="only there"),
        pytest.param("Do both pages mention tuberculosis?", None, ["None of the documents"], id="of neither"),
    ],
)
def test_questions_on_the_pages_are_answered_by_both(
    audited: Audit, question: str, verdict: str | None, says: list[str]
) -> None:
    reply = ask(audited, question)
    assert (reply.kind, reply.verdict) == ("answer", verdict)
    assert all(words in reply.text for words in says)
    if "None of" not in reply.text:
        assert {citation.document for citation in reply.citations} == {"record.txt", "third.txt"}


def test_words_outside_the_criteria_are_found_too(audited: Audit) -> None:
    reply = ask(audited, "Which page mentions copper mouth rinse?")
    assert "None of" not in reply.text
    assert {citation.document for citation in reply.citations} == {"record.txt"}


def test_a_word_like_only_is_no_yes(audited: Audit) -> None:
    assert ask(audited, "Do both pages take only people over 21?").verdict is None


def test_a_reply_that_rests_on_the_third_party_alone_says_so(audited: Audit) -> None:
    reply = ask(audited, "Is there a rule on resting heart rate?")
    assert any("no such rule" in finding.text for finding in reply.findings)


def test_show_sets_the_documents_side_by_side(audited: Audit) -> None:
    shown = trial_document(audited.record.trial, {}, audited)
    rows = {row["field"]: row for row in shown["comparison"]}
    assert rows["status"]["verdict"] == "agree"
    assert rows["minimum_age"]["verdict"] == "only"
    [stated] = rows["minimum_age"]["values"]
    assert (stated["document"], stated["value"]) == ("record.txt", "21 Years")
    assert shown["citations"][stated["citations"][0]]["quote"] == "Minimum Age: 21"
