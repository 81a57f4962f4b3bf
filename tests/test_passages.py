"""A trial's passages."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.criteria import split
from index.list_headings import heading_at
from index.loaders import load
from index.passages import PIECE, passages
from index.trial import Arm, Contact, Intervention, Passage, Section, Site, Source, Span, Trial
from index.view import clean, fold, view

SHARED = Path(__file__).parents[2] / "shared"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not beside the checkout")

DOSE = "Patients take 20 mg of examplemab every morning for twelve weeks with food."
TEXT = f"""A Trial of Examplemab
Status: RECRUITING
Study Groups
Treatment group
{DOSE}
Control group
Patients take a placebo every morning for twelve weeks with some food.
Interventions
Examplemab
{DOSE}
Eligibility Criteria
Inclusion Criteria:
1. Adults
2. Blood counts: ANC ≥ 1.5; platelets ≥ 100
Exclusion Criteria: None
Locations
Sample Hospital, Springfield
Ada Example, +1 555 0100
References
{"A long remark about nothing in particular that goes on. " * 40}
"""


def span(first: str, last: str | None = None) -> Span:
    start = TEXT.index(first)
    return Span("page.txt", start, TEXT.index(last or first, start) + len(last or first))


SOURCE = Source("page.txt", "text", "0" * 64, TEXT, "2025-01-01T00:00:00Z")
ELIGIBILITY = span("Inclusion Criteria:", "None")
INTERVENTION = Span("page.txt", TEXT.index("Examplemab\nPatients"), TEXT.index("\nEligibility"))
TRIAL = Trial(
    id="T",
    sources=(SOURCE,),
    title="A Trial of Examplemab",
    arms=(
        Arm("Treatment group", None, None, span("Treatment group")),
        Arm("Control group", None, None, span("Control group")),
    ),
    interventions=(Intervention("DRUG", "Examplemab", DOSE, INTERVENTION),),
    sites=(
        Site("Sample Hospital", "Springfield", None, None, None, span("Sample Hospital, Springfield"),
             (Contact("Ada Example", None, "+1 555 0100", None, span("Ada Example, +1 555 0100")),)),
    ),
    criteria=split(SOURCE, ELIGIBILITY.start, ELIGIBILITY.end, "T"),
    sections=(
        Section("title", "", span("A Trial of Examplemab", "RECRUITING")),
        Section("arms", "Study Groups", span("Treatment group", "some food.")),
        Section("interventions", "Interventions", INTERVENTION),
        Section("eligibility", "Eligibility Criteria", ELIGIBILITY),
        Section("locations", "Locations", span("Sample Hospital", "0100")),
        Section("references", "References", Span("page.txt", TEXT.index("A long"), len(TEXT.rstrip()))),
    ),
    evidence={"status": (span("Status: RECRUITING"),), "title": (span("A Trial of Examplemab"),)},
)  # fmt: skip
FOUND = passages(TRIAL)


def test_a_criterion_carries_what_it_stands_under() -> None:
    by_field = {passage.field: passage for passage in FOUND}
    assert by_field["T/inclusion/2.1"].text == "ANC ≥ 1.5"
    assert by_field["T/inclusion/2.1"].header == "A Trial of Examplemab · Inclusion criteria · Blood counts:"
    assert by_field["T/inclusion/2"].section == "inclusion"


def test_an_arm_is_found_with_what_is_printed_under_it() -> None:
    treatment, control = [passage for passage in FOUND if passage.level == "arm"]
    assert treatment.text == f"Treatment group {DOSE}"
    assert treatment.header == "A Trial of Examplemab · Study Groups · Treatment group"
    assert (control.arm, DOSE in control.text) == ("Control group", False)


def test_repeated_text_is_one_passage() -> None:
    assert sum(DOSE in passage.text for passage in FOUND) == 1
    assert [p.text for p in FOUND if p.level == "intervention"] == ["Examplemab"]


def test_fields_sites_and_contacts_have_their_own() -> None:
    assert {(p.level, p.text) for p in FOUND if p.level in ("field", "site", "contact")} == {
        ("field", "A Trial of Examplemab"),
        ("field", "Status: RECRUITING"),
        ("site", "Sample Hospital, Springfield"),
        ("contact", "Ada Example, +1 555 0100"),
    }


def test_long_sections_are_cut_between_sentences() -> None:
    pieces = [passage for passage in FOUND if passage.section == "references"]
    assert pieces
    assert all(len(piece.text) <= PIECE and piece.text.endswith("goes on.") for piece in pieces)


def test_an_empty_list_is_still_said_somewhere() -> None:
    assert any("None" in passage.text for passage in FOUND if passage.level == "section")


def test_a_long_parent_is_its_lead_in() -> None:
    text = "Inclusion Criteria:\n1. All of these:\n" + "".join(f"   - {'word ' * 60}{n}\n" for n in range(5))
    source = Source("page.txt", "text", "0" * 64, text, "2025-01-01T00:00:00Z")
    trial = Trial(id="T", sources=(source,), criteria=split(source, 0, len(text), "T"))
    assert passages(trial)[0].text == "All of these:"


def check(trial: Trial) -> None:
    found = passages(trial)
    assert len({passage.id for passage in found}) == len(found)
    for passage in found:
        assert passage.id == f"{passage.span.document}:{passage.span.start}-{passage.span.end}"
        assert clean(trial.source(passage.span.document), passage.span) == passage.text != ""
    said = " ".join(passage.text for passage in found)
    for section in trial.sections:
        unmarked = (re.sub(r"^\W*(?:\w{1,3}[.)]\s+)?", "", line) for line in left_out(trial, section.span, found))
        # a criterion that a record repeats stands in the passage of its first
        assert [line for line in unmarked if line.rstrip(";") not in said] == []


def left_out(trial: Trial, whole: Span, found: tuple[Passage, ...]) -> list[str]:
    """The lines with words that no passage's span holds, list headings apart."""
    source = trial.source(whole.document)
    held = bytearray(len(source.text))
    for passage in found:
        held[passage.span.start : passage.span.end] = b"\x01" * (passage.span.end - passage.span.start)
    runs = re.finditer(rb"\x00+", held[whole.start : whole.end])
    texts = [clean_lines(source, whole.start + run.start(), whole.start + run.end()) for run in runs]
    return [line for lines in texts for line in lines if re.search(r"[^\W\d_]{2}", line) and not heading_at(line, 0, len(line))]


def clean_lines(source: Source, start: int, end: int) -> list[str]:
    return [fold(line) for line in view(source, start, end).text.split("\n")]


def test_nothing_is_lost() -> None:
    check(TRIAL)
    assert passages(TRIAL) == FOUND
    check(replace(TRIAL, arms=(), interventions=(), criteria=(), sites=(), evidence={}))


@shared
@pytest.mark.shared
@pytest.mark.parametrize("folder", ["seeds", "data/records/xml", "data/records/api-v2"])
def test_nothing_is_lost_in_real_records(folder: str) -> None:
    for path in sorted((SHARED / folder).iterdir()):
        check(load(path))
