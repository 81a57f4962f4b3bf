"""Saved pages, Markdown, HTML, PDF and DOCX: fields as printed, spans that quote what they state, no foreign number taken for own."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from index.errors import UnreadableDocument
from index.loaders import headings, load, oncomatch, overview, pdf, registry_copy, snapshot, vocabulary
from index.loaders.boilerplate import is_boilerplate, is_general_helper, is_helper
from index.loaders.html import visible
from index.loaders.institutions import institutions
from index.loaders.labels import ages, plain
from index.loaders.raw import Raw
from index.trial import SECTIONS, Span, Trial
from index.view import clean

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
PROTOCOLS = SEEDS.parent / "data" / "protocols"

SNAPSHOT = r"""Breathing Training or Airolumab for Adults With Stubborn Asthma

NCT ID: NCT09000001

Last Updated: 2030-03-04

Study Results

Results available

Outcome data of this study were posted.

Basic Information

Get a quick look at where recruitment stands.

Recruitment Status

ACTIVE_NOT_RECRUITING

Clinical Phase

PHASE1, PHASE2

Total Enrollment

1,204 participants

Study Classification

INTERVENTIONAL

Study Start Date

2030-01

Study Completion Date

2033-06-30

Official Title

Read the full scientific name of the study.

A Made-up Randomized Study of Airolumab

Brief Summary

Review what the sponsor says about the study.

Airolumab is compared with breathing training. See also NCT09000009 for the pilot.

Detailed Description

Dive into the long story of this research.

Conditions

See what this research is about.

Asthma

Keywords

See the words that sponsors attach to the study.

airways

Study Design

Understand the shape of the trial.

Allocation Method

RANDOMIZED

Intervention Model

CROSSOVER

Primary Study Purpose

TREATMENT

Blinding Strategy

DOUBLE

Primary Outcomes

Find out what the study measures first.

Attacks per year

Every attack that needs steroid tablets.

Time Frame: 52 weeks

Walking distance

Time Frame: 12 weeks

Study Groups

Review each arm of the study.

Airolumab group

Injections at the clinic.

Group Type EXPERIMENTAL

Airolumab

Intervention Type DRUG

Airolumab 30 mg under the skin.

Every two weeks \& for a year.

Spacer

Intervention Type DEVICE

Training group

Group Type NO_INTERVENTION

Breathing lessons

Intervention Type BEHAVIORAL

Ten lessons.

Late group

Starts after 6 months.

Group Type OTHER

Interventions

Learn about the drugs under test.

Airolumab

Airolumab 30 mg under the skin.

Every two weeks \& for a year.

Intervention Type DRUG

Spacer

Intervention Type DEVICE

Breathing lessons

Ten lessons.

Intervention Type BEHAVIORAL

Eligibility Criteria

Check the requirements for participation.

Inclusion Criteria

1. Asthma for \>1 year
2. FEV1 \<80 %

Exclusion Criteria

1. Smoker
Minimum Eligible Age

6 Months

Maximum Eligible Age

N/A

Eligible Sex

FEMALE

Accepts Healthy Volunteers

Yes

Sponsors

Meet the organizations behind the study.

Lungfish Foundation

OTHER

Sponsor Role lead

Bellows Pharma, Inc.

INDUSTRY

Sponsor Role collaborator

Windpipe Trust

Sponsor Role collaborator

Responsible Party

Identify who is responsible for the study.

Ada Puff, MD

Chief Physician

Lungfish University Hospital

Responsibility Role SPONSOR_INVESTIGATOR

Insurance Notes

Learn how participants are insured in this trial.

Covered by the clinic.

Locations

Explore where the study takes place.

Puff Clinic, Lyon, France

Lyon, , France

Site Status RECRUITING

Bellows Hospital

Boston, Massachusetts, United States

Countries

Review the countries of the study.

France
United States

Central Contacts

Reach out to these people with questions about the study.

Ada Puff, MD

Role: CONTACT

+33 1 23 45 67 89

puff@lung.example

Facility Contacts

Find the contact of a site.

Bo Wheeze

Role: backup

555-0100-22

Other Identifiers

Review further numbers of the study.

PUFF-1

Identifier Type: -

Identifier Source: org_study_id

2029-555555-11

Identifier Type: EUDRACT_NUMBER

Identifier Source: secondary_id

More Related Trials

Additional clinical trials that may be relevant.

Inhaler A or B
NCT09000002 RECRUITING PHASE3

Steam Baths for Colds
NCT09000003 NOT_YET_RECRUITING NA
"""

COPY = """Gel or Powder for Sore Knees

Status: Active, not recruiting
Location: See location...
Intervention Type: Drug, Other
Study Type: Observational
Study Phase: Phase 1/Phase 2
SUMMARY

Two remedies for sore knees are compared.

Eligibility
Participation Requirements
Sex: Male
Minimum Age: 18
Healthy Volunteers: t
View:

• Knee pain for 3 months.

Participants

• Able to walk 10 m.

Locations
United States
New York
Knee House
RECRUITING
New York
Georgia
Joint Center
Atlanta
Other Locations
Canada
Maple Clinic, Toronto
COMPLETED
Toronto
Contact Information
Primary
Kim Knee, RN
kim@knee.example
555-123-4567
Time Frame
Start Date: 2030-02
Completion Date: 2031-07-01
Participants
Target number of participants: 40
Treatments
Placebo_comparator: Powder: plain
Powder once a day.~Advice: rest.
No_intervention: Waiting
Experimental: Gel
Related Therapeutic Areas
Osteoarthritis
Sponsors
Collaborators: Third Affiliated Hospital, Maple University, Novel Pharma, Inc., Knee Hospital, Toronto, Ontario, Canada
Leads: Knee Society

This content was sourced from clinicaltrials.gov"""

ONCO = """OncoMatch

OncoMatch/Clinical Trials/NCT09000007

Vaccine Plus Tablets for Melanoma

Is NCT09000007 recruiting? No, it is closed (Mar 2030). This Phase 1/2 trial studies Vaxamel and Tabinib for melanoma (skin).

Phase 1/2Active, not recruitingMelanin Inc.NCT09000007Data as of Mar 2030Location: Spain, Italy

A vaccine is given with tablets.

Check if I qualify

Extracted eligibility criteria

Cancer type

Melanoma

Disease stage

Excluded: Stage I

Demographics

Ages 16–80 · Female only

Prior therapy

Min 2 prior lines

Cannot have received: CTLA-4 antibody

no earlier CTLA-4 antibodies

Lab requirements

Thyroid function

TSH in the normal range

Structured fields extracted by AI. May contain errors — verify against the official protocol.

Frequently asked questions

Is there an age limit?

Yes, 16 to 80 years.

Could you qualify for this trial?

Enter your biomarker results to see how this trial fits.

Check if I qualify"""

OVERVIEW = """Overview
Caffeine is tried against migraine.
Description
Tablets or coffee. The earlier study was NCT09000004.
Eligibility
Inclusion Criteria:
- Age: 18 to 60 years
- Two attacks a month
Exclusion Criteria:
- Allergy to coffee
Study details
Migraine
"""

MARKDOWN = """# Cold Packs After Knee Surgery

**NCT number:** NCT09000010
| Phase | Phase 2 |
Enrollment: 60 (estimated)

## Who can participate?

Ages Eligible for Study
18 Years to 75 Years

### Inclusion Criteria

- Knee surgery within 3 days

### Exclusion Criteria

* Frostbite
* Cold allergy:
  * hives

## Outcome Measures

Primary Outcome Measures:
1. Pain score [Time Frame: 2 weeks]

## What else we plan

A garden party.

## Locations

- Ice Hospital, Oslo, Norway - Recruiting

## Related Trials

NCT09000011
"""


def read(page: str, tmp_path: Path, name: str = "page.txt") -> Trial:
    path = tmp_path / name
    path.write_text(page, encoding="utf-8", newline="")
    return load(path)


def spans(trial: Trial) -> Iterator[tuple[Span, str | None]]:
    """Every span of a trial with the words that it must hold."""
    for field, found in trial.evidence.items():
        value = getattr(trial, field, None)
        single = (
            value if isinstance(value, str) and field in ("title", "official_title", "sponsor", "nct_id", "acronym") else None
        )
        yield from ((span, single) for span in found)
    named = (
        (trial.arms, "label"),
        (trial.interventions, "name"),
        (trial.primary_outcomes, "measure"),
        (trial.sites, "facility"),
    )
    for items, name in named:
        for item in items:
            yield item.span, getattr(item, name)
            yield item.span, getattr(item, "description", None)
    for person in (*trial.contacts, *trial.officials):
        yield from ((person.span, words) for words in (person.name, person.phone, person.email))
    yield from ((related.span, related.nct_id) for related in trial.related)
    yield from ((criterion.span, criterion.text) for criterion in trial.criteria)
    yield from ((section.span, None) for section in trial.sections)


def holds(trial: Trial) -> None:
    """What is true of every trial read from a page."""
    for span, words in spans(trial):
        quote = trial.quote(span)
        assert quote == quote.strip() != ""
        assert words is None or " ".join(words.split()) in clean(trial.source(span.document), span)
    assert all(section.name in SECTIONS for section in trial.sections)
    assert all(one.span.end <= two.span.start for one, two in zip(trial.sections, trial.sections[1:], strict=False))
    assert trial.nct_id not in {related.nct_id for related in trial.related}
    assert len({criterion.id for criterion in trial.criteria}) == len(trial.criteria)
    assert not any(is_boilerplate(line) for section in trial.sections for line in trial.quote(section.span).splitlines()[:1])


def facts(trial: Trial, *fields: str) -> dict[str, Any]:
    return {field: getattr(trial, field) for field in fields}


@pytest.mark.parametrize("newline", [pytest.param("\n", id="Unix"), pytest.param("\r\n", id="Windows")])
@pytest.mark.parametrize(
    ("page", "format", "expected"),
    [
        pytest.param(
            SNAPSHOT,
            "snapshot",
            {
                "id": "NCT09000001",
                "nct_id": "NCT09000001",
                "other_ids": ("PUFF-1", "2029-555555-11"),
                "title": "Breathing Training or Airolumab for Adults With Stubborn Asthma",
                "official_title": "A Made-up Randomized Study of Airolumab",
                "status": "ACTIVE_NOT_RECRUITING",
                "as_of": "2030-03-04",
                "phase": ("PHASE1", "PHASE2"),
                "study_type": "INTERVENTIONAL",
                "enrollment": 1204,
                "start_date": "2030-01",
                "completion_date": "2033-06-30",
                "allocation": "RANDOMIZED",
                "masking": "DOUBLE",
                "primary_purpose": "TREATMENT",
                "intervention_model": "CROSSOVER",
                "conditions": ("Asthma",),
                "keywords": ("airways",),
                "sex": "FEMALE",
                "minimum_age": "6 Months",
                "maximum_age": None,
                "healthy_volunteers": True,
                "sponsor": "Lungfish Foundation",
                "collaborators": ("Bellows Pharma, Inc.", "Windpipe Trust"),
                "has_results": True,
            },
            id="snapshot",
        ),
        pytest.param(
            COPY,
            "registry_copy",
            {
                "id": "page",
                "nct_id": None,
                "title": "Gel or Powder for Sore Knees",
                "status": "ACTIVE_NOT_RECRUITING",
                "as_of": None,
                "phase": ("PHASE1", "PHASE2"),
                "study_type": "OBSERVATIONAL",
                "enrollment": 40,
                "start_date": "2030-02",
                "completion_date": "2031-07-01",
                "conditions": ("Osteoarthritis",),
                "sex": "MALE",
                "minimum_age": "18 Years",
                "maximum_age": None,
                "healthy_volunteers": True,
                "sponsor": "Knee Society",
                "collaborators": (
                    "Third Affiliated Hospital, Maple University",
                    "Novel Pharma, Inc.",
                    "Knee Hospital, Toronto, Ontario, Canada",
                ),
                "interventions": (),
            },
            id="registry copy",
        ),
        pytest.param(
            ONCO,
            "oncomatch",
            {
                "id": "NCT09000007",
                "nct_id": "NCT09000007",
                "title": "Vaccine Plus Tablets for Melanoma",
                "status": "ACTIVE_NOT_RECRUITING",
                "as_of": "2030-03",
                "phase": ("PHASE1", "PHASE2"),
                "conditions": ("melanoma (skin)",),
                "sponsor": "Melanin Inc.",
                "sex": "FEMALE",
                "minimum_age": "16 Years",
                "maximum_age": "80 Years",
            },
            id="OncoMatch",
        ),
        pytest.param(
            OVERVIEW,
            "overview",
            {"id": "page", "nct_id": None, "title": None, "status": None, "minimum_age": None, "sponsor": None},
            id="overview",
        ),
        pytest.param(
            MARKDOWN,
            "headings",
            {
                "id": "NCT09000010",
                "title": "Cold Packs After Knee Surgery",
                "phase": ("PHASE2",),
                "enrollment": 60,
                "minimum_age": "18 Years",
                "maximum_age": "75 Years",
            },
            id="any Markdown page",
        ),
    ],
)
def test_fields(page: str, format: str, expected: dict[str, Any], newline: str, tmp_path: Path) -> None:
    trial = read(page.replace("\n", newline), tmp_path)
    assert trial.sources[0].format == format
    assert trial.sources[0].text == page.replace("\n", newline)
    assert trial.sources[0].as_of == trial.as_of
    assert facts(trial, *expected) == expected
    holds(trial)


def test_evidence_reads_by_itself(tmp_path: Path) -> None:
    trial = read(SNAPSHOT, tmp_path)
    quotes = {field: trial.quote(found[0]) for field, found in trial.evidence.items()}
    assert quotes["minimum_age"] == "Minimum Eligible Age\n\n6 Months"
    assert quotes["as_of"] == "Last Updated: 2030-03-04"
    assert quotes["allocation"] == "Allocation Method\n\nRANDOMIZED"
    assert quotes["results"] == "Results available\n\nOutcome data of this study were posted."
    assert "maximum_age" not in quotes
    assert "description" not in quotes
    site = trial.sites[0]
    assert trial.quote(site.span) == "Puff Clinic, Lyon, France\n\nLyon, , France\n\nSite Status RECRUITING"


def test_snapshot_arms_and_interventions(tmp_path: Path) -> None:
    """An arm ends where its intervention's text, which the page repeats, ends: the next arm's label is no part of it."""
    trial = read(SNAPSHOT, tmp_path)
    assert [(arm.label, arm.type, arm.description) for arm in trial.arms] == [
        ("Airolumab group", "EXPERIMENTAL", "Injections at the clinic."),
        ("Training group", "NO_INTERVENTION", None),
        ("Late group", "OTHER", "Starts after 6 months."),
    ]
    assert [(item.name, item.type, item.description) for item in trial.interventions] == [
        ("Airolumab", "DRUG", "Airolumab 30 mg under the skin. Every two weeks & for a year."),
        ("Spacer", "DEVICE", None),
        ("Breathing lessons", "BEHAVIORAL", "Ten lessons."),
    ]


def test_snapshot_people_places_and_the_rest(tmp_path: Path) -> None:
    trial = read(SNAPSHOT, tmp_path)
    assert [(s.facility, s.city, s.state, s.country, s.status) for s in trial.sites] == [
        ("Puff Clinic, Lyon, France", "Lyon", None, "France", "RECRUITING"),
        ("Bellows Hospital", "Boston", "Massachusetts", "United States", None),
    ]
    assert [(c.name, c.role, c.phone, c.email) for c in trial.contacts] == [
        ("Ada Puff, MD", "CONTACT", "+33 1 23 45 67 89", "puff@lung.example"),
        ("Bo Wheeze", "CONTACT", "555-0100-22", None),
    ]
    assert [(c.name, c.role, c.affiliation) for c in trial.officials] == [
        ("Ada Puff, MD", "SPONSOR_INVESTIGATOR", "Lungfish University Hospital")
    ]
    assert [(o.measure, o.time_frame, o.description) for o in trial.primary_outcomes] == [
        ("Attacks per year", "52 weeks", "Every attack that needs steroid tablets."),
        ("Walking distance", "12 weeks", None),
    ]
    assert [(r.nct_id, r.title, r.status) for r in trial.related] == [
        ("NCT09000002", "Inhaler A or B", "RECRUITING"),
        ("NCT09000003", "Steam Baths for Colds", "NOT_YET_RECRUITING"),
        ("NCT09000009", None, None),
    ]
    assert [c.text for c in trial.criteria] == ["Asthma for >1 year", "FEV1 <80 %", "Smoker"]
    assert [trial.quote(s.span) for s in trial.sections if s.name == "other"] == ["Covered by the clinic."]


def test_registry_copy_lists(tmp_path: Path) -> None:
    """A line "Participants" among the criteria is not the heading of that name; "New York" is a state and then a city."""
    trial = read(COPY, tmp_path)
    assert [(a.label, a.type, a.description) for a in trial.arms] == [
        ("Powder: plain", "PLACEBO_COMPARATOR", "Powder once a day. Advice: rest."),
        ("Waiting", "NO_INTERVENTION", None),
        ("Gel", "EXPERIMENTAL", None),
    ]
    assert [(s.facility, s.city, s.state, s.country, s.status) for s in trial.sites] == [
        ("Knee House", "New York", "New York", "United States", "RECRUITING"),
        ("Joint Center", "Atlanta", "Georgia", "United States", None),
        ("Maple Clinic, Toronto", "Toronto", None, "Canada", "COMPLETED"),
    ]
    assert [(c.name, c.role, c.phone, c.email) for c in trial.contacts] == [
        ("Kim Knee, RN", "CONTACT", "555-123-4567", "kim@knee.example")
    ]
    assert {"Knee pain for 3 months.", "Able to walk 10 m."} <= {c.text for c in trial.criteria}
    assert trial.quote(trial.evidence["interventions"][0]) == "Intervention Type: Drug, Other"


def test_oncomatch_statements(tmp_path: Path) -> None:
    trial = read(ONCO, tmp_path)
    assert [(c.kind, c.heading, c.text) for c in trial.criteria] == [
        ("inclusion", "Cancer type", "Melanoma"),
        ("exclusion", "Disease stage", "Excluded: Stage I"),
        ("inclusion", "Demographics", "Ages 16–80 · Female only"),
        ("inclusion", "Prior therapy", "Min 2 prior lines"),
        ("inclusion", "Prior therapy", "Cannot have received: CTLA-4 antibody no earlier CTLA-4 antibodies"),
        ("inclusion", "Thyroid function", "TSH in the normal range"),
    ]
    assert [item.name for item in trial.interventions] == ["Vaxamel", "Tabinib"]
    assert [site.country for site in trial.sites] == ["Spain", "Italy"]
    assert [trial.quote(s.span) for s in trial.sections if s.name == "faq"] == [
        "Is there an age limit?\n\nYes, 16 to 80 years."
    ]


def test_overview_takes_no_number_for_its_own(tmp_path: Path) -> None:
    trial = read(OVERVIEW, tmp_path)
    assert [(r.nct_id, r.title) for r in trial.related] == [("NCT09000004", None)]
    assert [(c.kind, c.text) for c in trial.criteria] == [
        ("inclusion", "Age: 18 to 60 years"),
        ("inclusion", "Two attacks a month"),
        ("exclusion", "Allergy to coffee"),
    ]
    assert trial.quote(trial.evidence["summary"][0]) == "Caffeine is tried against migraine."


def test_markdown_page(tmp_path: Path) -> None:
    trial = read(MARKDOWN, tmp_path)
    assert [(c.kind, c.text) for c in trial.of_kind("inclusion")] == [("inclusion", "Knee surgery within 3 days")]
    assert [c.text for c in trial.leaves if c.kind == "exclusion"] == ["Frostbite", "hives"]
    assert [(s.facility, s.city, s.country, s.status) for s in trial.sites] == [
        ("Ice Hospital", "Oslo", "Norway", "RECRUITING")
    ]
    assert [(o.measure, o.time_frame) for o in trial.primary_outcomes][-1][1] == "2 weeks"
    assert [r.nct_id for r in trial.related] == ["NCT09000011"]
    assert "A garden party." in [trial.quote(s.span) for s in trial.sections if s.name == "other"]


@pytest.mark.parametrize(
    ("page", "own"),
    [
        pytest.param("Trial of Tea (NCT09000020)\n\nSummary\nTea.", "NCT09000020", id="in the title"),
        pytest.param(
            "Summary\nNCT09000020 tries tea. Later NCT09000020 tries milk.", "NCT09000020", id="the only one, repeated"
        ),
        pytest.param("Summary\nTea, after NCT09000020.", None, id="named once in a sentence"),
        pytest.param("Summary\nNCT09000020 and NCT09000021. NCT09000020.", None, id="two of them"),
        pytest.param("Tea for Colds\n\nRelated Trials\nNCT09000020\nNCT09000020", None, id="only in related trials"),
        pytest.param("ClinicalTrials.gov Identifier: NCT09000020\nafter NCT09000021", "NCT09000020", id="labelled"),
    ],
)
def test_own_number(page: str, own: str | None, tmp_path: Path) -> None:
    trial = read(page, tmp_path)
    assert trial.nct_id == own
    assert trial.id == (own or "page")
    holds(trial)


@given(st.text(alphabet=st.sampled_from("ab NCT01:#-*\n.\r\t≥1Inclusion Criteria"), max_size=300))
def test_any_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    if not text.strip():
        return
    holds(read(text, tmp_path_factory.mktemp("any")))


def as_html(page: str) -> str:
    """A page as a browser saves it, each line a paragraph, with a menu and a script around."""
    body = "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>\n" for line in page.splitlines() if line.strip())
    menu = "<nav><a>Home</a> NCT09999999</nav><script>var own = 'NCT09999998'</script>"
    return f"<!DOCTYPE html><html><head><title>x</title></head><body>{menu}<main>{body}</main></body></html>"


@pytest.mark.parametrize(
    "page",
    [pytest.param(p, id=n) for p, n in ((SNAPSHOT, "snapshot"), (COPY, "copy"), (ONCO, "OncoMatch"), (OVERVIEW, "overview"))],
)
def test_saved_web_page_says_the_same(page: str, tmp_path: Path) -> None:
    plain_trial, web = read(page, tmp_path), read(as_html(page), tmp_path, "page.html")
    assert web.sources[0].format == "html"
    same = (
        "id",
        "title",
        "status",
        "phase",
        "enrollment",
        "sponsor",
        "collaborators",
        "minimum_age",
        "sex",
        "conditions",
        "as_of",
    )
    assert facts(web, *same) == facts(plain_trial, *same)
    assert [arm.label for arm in web.arms] == [arm.label for arm in plain_trial.arms]
    assert [site.status for site in web.sites] == [site.status for site in plain_trial.sites]
    assert [c.text for c in web.criteria] == [c.text for c in plain_trial.criteria]
    assert {r.nct_id for r in web.related} == {r.nct_id for r in plain_trial.related}
    holds(web)


def test_web_page_text_is_what_a_reader_sees(tmp_path: Path) -> None:
    page = (
        "<html><body><h1>Warm <b>Socks</b></h1><table><tr><th>Phase</th><td>Phase 4</td></tr></table>"
        "<h2>Inclusion&nbsp;Criteria</h2><ol><li>Cold feet<ul><li>both</li></ul></li><li>Age &ge; 18</li></ol>"
        "<p hidden>Not shown</p><h2>Plans</h2><p>None<br>yet</p></body></html>"
    )
    text, levels = visible(page)
    assert text == (
        "Warm Socks\n\nPhase: Phase 4\n\nInclusion Criteria\n\n1. Cold feet\n- both\n2. Age ≥ 18\n\nPlans\n\nNone\nyet"
    )
    assert [text[at:].split("\n")[0] for at in levels] == ["Warm Socks", "Inclusion Criteria", "Plans"]
    trial = read(page, tmp_path, "socks.html")
    assert (trial.title, trial.phase, [c.text for c in trial.leaves][-1]) == ("Warm Socks", ("PHASE4",), "Age ≥ 18")
    holds(trial)


def test_web_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="no visible text") as caught:
        read("<!doctype html><html><body><script>app()</script></body></html>", tmp_path)
    assert "browser" in caught.value.cure


def test_web_page_nested_too_deep_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="too deep"):
        read("<html>" + "<div>" * 5000 + "x", tmp_path)


def make_pdf(pages: list[list[str]], password: str | None = None) -> bytes:
    """A PDF with these lines on its pages."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        shown = "\n".join(f"({line.replace('(', '').replace(')', '')}) Tj T*" for line in page)
        stream = f"BT /F1 11 Tf 14 TL 72 760 Td\n{shown}\nET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    made = body + f"{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF".encode()
    if password is None:
        return made
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


PROTOCOL = [
    ["Made-up Protocol 7", "Page 1 of 4", "Protocol Title:", "A Study of Sea Air in Hay Fever", "NCT Number: NCT09000030"],
    [
        "Made-up Protocol 7",
        "Page 2 of 4",
        "TABLE OF CONTENTS",
        "5.1. Inclusion Criteria ............................ 3",
        "5.2. Exclusion Criteria ............................ 3",
    ],
    [
        "Made-up Protocol 7",
        "Page 3 of 4",
        "5. STUDY POPULATION",
        "5.1. Inclusion Criteria",
        "1. Hay fever that was proven by a test of the skin or the blood within the last",
        "two years before enrollment and that is still non-",
        "seasonal in the view of the doctor.",
        "2. Age 18 years or older.",
        "5.2. Exclusion Criteria",
        "Medical Conditions",
        "1. Asthma that needs treat-",
    ],
    [
        "Made-up Protocol 7",
        "Page 4 of 4",
        "ment every day.",
        "2. Fear of water.",
        "5.3. Lifestyle",
        "1. Every treatment is by the sea.",
    ],
]


def test_protocol_pdf(tmp_path: Path) -> None:
    """Running headers go, wrapped lines are joined, the table of contents opens no section, a page break ends no criterion."""
    path = tmp_path / "protocol.pdf"
    path.write_bytes(make_pdf(PROTOCOL))
    trial = load(path)
    source = trial.sources[0]
    assert trial.nct_id == "NCT09000030"
    assert trial.official_title == "A Study of Sea Air in Hay Fever"
    assert [(c.kind, c.text) for c in trial.criteria] == [
        (
            "inclusion",
            "Hay fever that was proven by a test of the skin or the blood within the last two years before enrollment and that is still "
            "non-seasonal in the view of the doctor.",
        ),
        ("inclusion", "Age 18 years or older."),
        ("exclusion", "Asthma that needs treatment every day."),
        ("exclusion", "Fear of water."),
    ]
    assert "Made-up Protocol" not in source.text
    assert [source.page(criterion.span) for criterion in trial.criteria] == [3, 3, 3, 4]
    assert len(source.page_starts) == 4
    holds(trial)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(make_pdf(PROTOCOL, password="secret"), "locked", id="locked"),  # noqa: S106
        pytest.param(make_pdf([[], []]), "no text", id="scanned"),
        pytest.param(make_pdf(PROTOCOL)[:300], "damaged|no text", id="cut short"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 20, "damaged|no text", id="junk"),
    ],
)
def test_unreadable_pdf_says_why(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "protocol.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        load(path)
    assert caught.value.cure


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def make_docx(body: str, **parts: str) -> bytes:
    """A Word document of this body; `parts` are its other parts' content."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{content}</w:{name}>")
    return out.getvalue()


def paragraph(words: str, style: str = "", number: str = "") -> str:
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    return f"<w:p><w:pPr>{look}</w:pPr><w:r><w:t>{words}</w:t></w:r></w:p>"


STYLES = (
    '<w:style w:styleId="T1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="T0"><w:name w:val="Title"/></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="4"/></w:num>'
)


def test_word_document(tmp_path: Path) -> None:
    rows = (
        "<w:tr><w:tc><w:p><w:r><w:t>Phase</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Phase 3</w:t></w:r></w:p></w:tc></w:tr>"
    )
    body = (
        paragraph("Warm Milk for Sleep", "T0")
        + f"<w:tbl>{rows}</w:tbl>"
        + paragraph("Inclusion Criteria", "T1")
        + paragraph("Poor sleep", number="1")
        + "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>"
        + paragraph("Age 30 &amp; over", number="1")
        + paragraph("Exclusion Criteria", "T1")
        + paragraph("Milk allergy", number="9")
    )
    path = tmp_path / "milk.docx"
    path.write_bytes(make_docx(body, styles=STYLES, numbering=NUMBERING))
    trial = load(path)
    assert trial.sources[0].text == (
        "Warm Milk for Sleep\n\nPhase: Phase 3\n\nInclusion Criteria\n\n1. Poor sleep\n2. Age 30 & over\n\n"
        "Exclusion Criteria\n\n- Milk allergy"
    )
    assert (trial.title, trial.phase) == ("Warm Milk for Sleep", ("PHASE3",))
    assert [(c.kind, c.text) for c in trial.criteria] == [
        ("inclusion", "Poor sleep"),
        ("inclusion", "Age 30 & over"),
        ("exclusion", "Milk allergy"),
    ]
    holds(trial)


def bomb() -> bytes:
    return make_docx("<w:p/>" + " " * 60_000_000)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(make_docx(paragraph("Some words"))[:150], "damaged", id="cut short"),
        pytest.param(make_docx(""), "no text", id="empty"),
        pytest.param(make_docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000), "too deep", id="nested too deep"),
        pytest.param(make_docx("<w:p>"), "damaged", id="not well-formed"),
        pytest.param(bomb(), "unpacks", id="unpacks to more than is read"),
    ],
)
def test_unreadable_word_document_says_why(data: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "page.docx"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument, match=reason) as caught:
        load(path)
    assert caught.value.cure


def test_word_document_expands_no_entities(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document {W}>&e;</w:document>'
        )
    path = tmp_path / "page.docx"
    path.write_bytes(out.getvalue())
    with pytest.raises(UnreadableDocument, match="damaged"):
        load(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("Recruiting", "RECRUITING", id="as the website words it"),
        pytest.param("Active, not recruiting", "ACTIVE_NOT_RECRUITING", id="with a comma"),
        pytest.param("Unknown status", "UNKNOWN", id="the website's word for UNKNOWN"),
        pytest.param("Open", "RECRUITING", id="open"),
        pytest.param("metastatic", None, id="no status"),
    ],
)
def test_status(text: str, value: str | None) -> None:
    assert vocabulary.status(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Phase 3", ("PHASE3",)),
        ("PHASE1, PHASE2", ("PHASE1", "PHASE2")),
        ("Phase 1/Phase 2", ("PHASE1", "PHASE2")),
        ("Phase II/III", ("PHASE2", "PHASE3")),
        ("Phase 1b", ("PHASE1",)),
        ("Early Phase 1", ("EARLY_PHASE1",)),
        ("EARLY_PHASE1", ("EARLY_PHASE1",)),
        ("Not Applicable", ("NA",)),
        ("N/A", ("NA",)),
        ("3", ("PHASE3",)),
        ("pilot", ()),
    ],
)
def test_phases(text: str, value: tuple[str, ...]) -> None:
    assert vocabulary.phases(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025-11-20", "2025-11-20"),
        ("Jun 2026", "2026-06"),
        ("June 5, 2026", "2026-06-05"),
        ("20 November 2025", "2025-11-20"),
        ("March 2024 (Estimated)", "2024-03"),
        ("2024", "2024"),
        ("soon", None),
        ("2025-13-01", None),
    ],
)
def test_dates_keep_their_precision(text: str, value: str | None) -> None:
    assert vocabulary.date(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18", "18 Years"),
        ("18 Years and older", "18 Years"),
        ("6 months", "6 Months"),
        ("1 Year", "1 Year"),
        ("N/A", None),
        ("any", None),
    ],
)
def test_age(text: str, value: str | None) -> None:
    assert vocabulary.age(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ages ≤ 70", (None, "70 Years")),
        ("18 Years to 75 Years", ("18 Years", "75 Years")),
        ("6 Months to 17 Years", ("6 Months", "17 Years")),
        ("18-70", ("18 Years", "70 Years")),
        ("18 Years and older", ("18 Years", None)),
        ("65+", ("65 Years", None)),
        ("all", (None, None)),
    ],
)
def test_age_ranges(text: str, value: tuple[str | None, str | None]) -> None:
    assert ages(text) == value


@pytest.mark.parametrize(
    ("text", "allowed", "value"),
    [
        ("Active_comparator", vocabulary.ARM_TYPES, "ACTIVE_COMPARATOR"),
        ("None (Open Label)", vocabulary.MASKINGS, "NONE"),
        ("Parallel Assignment", vocabulary.MODELS, "PARALLEL"),
        ("Non-Randomized", vocabulary.ALLOCATIONS, "NON_RANDOMIZED"),
        ("Both", vocabulary.SEXES, "ALL"),
        ("N/A", vocabulary.ALLOCATIONS, "NA"),
        ("purple", vocabulary.SEXES, None),
    ],
)
def test_choice(text: str, allowed: frozenset[str], value: str | None) -> None:
    assert vocabulary.choice(text, allowed) == value


@pytest.mark.parametrize(
    ("names", "split"),
    [
        pytest.param("Alpha Hospital, Beta Clinic", ("Alpha Hospital", "Beta Clinic"), id="plain"),
        pytest.param(
            "Alpha University, China, Beta Clinic", ("Alpha University, China", "Beta Clinic"), id="a country after a name"
        ),
        pytest.param("Alpha Hospital, Guangdong, China", ("Alpha Hospital, Guangdong, China",), id="province and country"),
        pytest.param(
            "Second Affiliated Hospital, Alpha University", ("Second Affiliated Hospital, Alpha University",), id="dependent"
        ),
        pytest.param(
            "Alpha Cancer Center, Alpha University", ("Alpha Cancer Center", "Alpha University"), id="two of one family"
        ),
        pytest.param("University of California, Irvine, Pfizer", ("University of California, Irvine", "Pfizer"), id="campus"),
        pytest.param("Alpha Bio Co., Ltd., Beta", ("Alpha Bio Co., Ltd.", "Beta"), id="legal form"),
    ],
)
def test_institutions(names: str, split: tuple[str, ...]) -> None:
    assert institutions(names) == split


@pytest.mark.parametrize(
    ("line", "helper"),
    [
        pytest.param("Learn about the drugs that are tested in this trial.", True, id="under a heading"),
        pytest.param("Check the blood count of participants every 2 weeks.", False, id="a number: content"),
        pytest.param("Patients learn about their trial.", False, id="no imperative"),
        pytest.param("Get well soon", False, id="too short"),
    ],
)
def test_helper_sentences(line: str, helper: bool) -> None:
    assert is_helper(line) == is_general_helper(line) == helper


def test_plain_labels() -> None:
    assert plain("**Enrollment (Estimated):**") == "enrollment"
    assert plain("### Estimated Completion Date") == "completion date"
    assert plain("Condition(s)") == "condition"


# The real pages


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="no development data beside the checkout")
@pytest.mark.parametrize(
    ("number", "format", "counts", "expected"),
    [
        (
            "000",
            "registry_copy",
            (8, 0),
            {"nct_id": None, "status": "RECRUITING", "enrollment": 166, "sponsor": "Ming-Yuan Chen"},
        ),
        (
            "001",
            "snapshot",
            (10, 15),
            {"nct_id": "NCT07235319", "as_of": "2025-11-19", "has_results": False, "maximum_age": "70 Years"},
        ),
        ("002", "oncomatch", (10, 0), {"nct_id": "NCT07188584", "as_of": "2026-06", "phase": ("PHASE3",), "minimum_age": None}),
        ("003", "snapshot", (8, 9), {"nct_id": "NCT07277764", "other_ids": ("REDEFINE",), "minimum_age": "18 Years"}),
        ("004", "overview", (10, 22), {"nct_id": None, "title": None, "status": None, "sponsor": None}),
    ],
)
def test_seeds(number: str, format: str, counts: tuple[int, int], expected: dict[str, Any]) -> None:
    path = next(SEEDS.glob(f"{number}_*.txt"))
    trial = load(path)
    assert trial.sources[0].format == format
    assert trial.sources[0].text == path.read_text(encoding="utf-8")
    assert facts(trial, *expected) == expected
    assert (len(list(trial.of_kind("inclusion"))), len(list(trial.of_kind("exclusion")))) == counts
    holds(trial)


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="no development data beside the checkout")
@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_seeds_belong_to_one_layout(number: str) -> None:
    trial = load(next(SEEDS.glob(f"{number}_*.txt")))
    raw = Raw("page", b"", trial.sources[0].text, "")
    assert sum(layout.recognises(raw) for layout in (snapshot, registry_copy, oncomatch, overview)) == 1
    assert headings.recognises(raw)
    assert not pdf.recognises(raw)


@pytest.mark.shared
@pytest.mark.skipif(not PROTOCOLS.is_dir(), reason="no development data beside the checkout")
def test_protocol_with_both_lists() -> None:
    trial = load(PROTOCOLS / "NCT04573309.pdf")
    assert (trial.nct_id, trial.phase, trial.sponsor) == ("NCT04573309", ("PHASE2",), "Alexion Pharmaceuticals, Inc.")
    assert (len(list(trial.of_kind("inclusion"))), len(list(trial.of_kind("exclusion")))) == (12, 19)
    holds(trial)
