from dataclasses import replace
from pathlib import Path

import pytest
from small_records import SUMMARY

from index.loaders import FORMATS, load
from index.merge import _TRUST, link, merge
from index.trial import Criterion, Outcome, Related, Section, Site, Source, Span, Trial

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def read(
    document: str,
    nct_id: str | None = None,
    *,
    format: str = "page",
    summary: str = SUMMARY,
    as_of: str | None = None,
    **fields: object,
) -> Trial:
    source = Source(document, format, "0" * 64, summary + "\n" + "x" * 40, "2026-01-01T00:00:00Z", as_of)
    trial = Trial(nct_id or document.rpartition(".")[0], (source,), nct_id=nct_id, as_of=as_of)
    whole = Span(document, 0, len(summary))
    shown = {"evidence": {"summary": (whole,)}, "sections": (Section("summary", "Summary", whole),)} if summary else {}
    return replace(trial, **{**shown, **fields})  # type: ignore[arg-type]


def criteria(trial: Trial, count: int) -> tuple[Criterion, ...]:
    span = Span(trial.sources[0].document, 0, 3)
    first = Criterion(f"{trial.id}/inclusion/1", "inclusion", "all of:", span)
    return first, *(Criterion(f"{trial.id}/inclusion/1.{n}", "inclusion", "x", span, first.id) for n in range(1, count))


NUMBERED = read(
    "walk.json", "NCT00000001", enrollment=120, sponsor="Hill Clinic", official_title="Morning walks for stiff knees"
)


@pytest.mark.parametrize(
    ("page", "trial"),
    [
        pytest.param(read("copy.txt"), "NCT00000001", id="the same summary"),
        pytest.param(
            read("copy.txt", summary=SUMMARY.replace('"', "").replace(" ", "\n ")), "NCT00000001", id="other quotes and breaks"
        ),
        pytest.param(read("copy.txt", summary=SUMMARY.replace("aches", "ache")), "NCT00000001", id="a typo"),
        pytest.param(read("copy.txt", summary=SUMMARY.replace("half an hour", "30 minutes")), "copy", id="another number"),
        pytest.param(read("copy.txt", summary=SUMMARY[:90]), "copy", id="half of it"),
        pytest.param(read("copy.txt", summary="A study of knees."), "copy", id="too short to tell"),
        pytest.param(read("copy.txt", summary=""), "copy", id="no summary"),
        pytest.param(read("copy.txt", enrollment=120), "NCT00000001", id="the same size"),
        pytest.param(read("copy.txt", enrollment=60), "copy", id="another size"),
        pytest.param(read("copy.txt", sponsor="Hill Clinic, Bern"), "NCT00000001", id="the sponsor with its town"),
        pytest.param(read("copy.txt", sponsor="Lake Hospital"), "copy", id="another sponsor"),
        pytest.param(
            read("copy.txt", official_title="A trial of supper against fasting in healthy men"), "copy", id="another title"
        ),
        pytest.param(read("copy.txt", "NCT00000002"), "NCT00000002", id="a number of its own"),
    ],
)
def test_which_trial_a_page_belongs_to(page: Trial, trial: str) -> None:
    assert link([NUMBERED, page]) == {"walk.json": "NCT00000001", "copy.txt": trial}
    assert link([page, NUMBERED])["copy.txt"] == trial


def test_a_summary_that_two_trials_share_tells_nothing() -> None:
    sibling = read("other.json", "NCT00000002")
    assert link([NUMBERED, sibling, read("copy.txt")])["copy.txt"] == "copy"


def test_two_documents_of_one_number_are_one_trial() -> None:
    assert set(link([NUMBERED, read("walk.xml", "NCT00000001", summary="")]).values()) == {"NCT00000001"}


def test_pages_of_one_stem_stay_apart() -> None:
    pages = [read(name, summary="") for name in ("a.txt", "b/a.txt", "a.md")]
    assert list(link(pages).values()) == ["a", "b/a.txt", "a.md"]


def test_registries_come_first_then_pages_then_third_parties() -> None:
    third = read("x.txt", "NCT00000001", format="oncomatch", as_of="2026-09", status="COMPLETED", phase=("PHASE3",))
    page = read("page.txt", status="RECRUITING", minimum_age="18 Years", title="Page")
    registry = read("walk.json", "NCT00000001", format="api-v2", as_of="2026-01-05", title="Registry")
    merged = merge([third, page, registry], "NCT00000001")
    assert (merged.title, merged.minimum_age, merged.status, merged.phase) == (
        "Registry",
        "18 Years",
        "RECRUITING",
        ("PHASE3",),
    )
    assert [source.document for source in merged.sources] == ["walk.json", "page.txt", "x.txt"]


def test_the_newer_of_two_registry_records_comes_first() -> None:
    old = read("old.json", "NCT00000001", format="api-v2", as_of="2025-11-02", status="RECRUITING", enrollment=10)
    new = read("new.xml", "NCT00000001", format="registry-xml", as_of="2025-12", status="COMPLETED")
    merged = merge([old, new], "NCT00000001")
    assert (merged.status, merged.as_of, merged.enrollment) == ("COMPLETED", "2025-12", 10)


def test_the_date_is_that_of_the_status() -> None:
    undated = read("a.json", "NCT00000001", format="api-v2", title="t", as_of="2026-02")
    page = read("b.txt", "NCT00000001", status="RECRUITING", as_of="2024-01")
    assert merge([undated, page], "NCT00000001").as_of == "2024-01"


def test_a_third_party_s_criteria_never_mix_in() -> None:
    page, third = read("page.txt"), read("x.txt", "NCT00000001", format="oncomatch")
    page, third = replace(page, criteria=criteria(page, 3)), replace(third, criteria=criteria(third, 9))
    merged = merge([third, page], "NCT00000001")
    assert [criterion.id for criterion in merged.criteria] == [f"NCT00000001/inclusion/{n}" for n in ("1", "1.1", "1.2")]
    assert [criterion.parent for criterion in merged.criteria] == [None, "NCT00000001/inclusion/1", "NCT00000001/inclusion/1"]
    assert {criterion.span.document for criterion in merged.criteria} == {"page.txt"}
    alone = merge([third], "NCT00000001")
    assert len(alone.criteria) == 9


def test_lists_are_whole_from_one_document() -> None:
    span = Span("a.json", 0, 3)
    sites = tuple(Site(name, None, None, None, None, span) for name in ("Hill", "Lake"))
    registry = read("a.json", "NCT00000001", format="api-v2", sites=sites)
    page = read("b.txt", sites=sites[:1], primary_outcomes=(Outcome("Pain", None, span),))
    merged = merge([page, registry], "NCT00000001")
    assert merged.sites == sites
    assert merged.primary_outcomes == page.primary_outcomes


def test_evidence_sections_names_and_relations_unite() -> None:
    span = Span("a.json", 0, 3)
    related = tuple(Related(f"NCT0000000{n}", None, None, span) for n in (1, 2, 3))
    registry = read("a.json", "NCT00000001", format="api-v2", other_ids=("WALK-1",), related=related[1:2])
    page = read("page.txt", related=related)
    merged = merge([page, registry], "NCT00000001")
    assert {span.document for span in merged.evidence["summary"]} == {"a.json", "page.txt"}
    assert len(merged.sections) == 2
    assert merged.other_ids == ("WALK-1", "page")
    assert [one.nct_id for one in merged.related] == ["NCT00000002", "NCT00000003"]


def test_one_document_is_itself() -> None:
    assert merge([NUMBERED], "NCT00000001") == NUMBERED


def test_trust_names_formats_that_there_are() -> None:
    assert set(_TRUST) <= {format.name for format in FORMATS}


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the development data is not beside the checkout")
def test_the_seeds_are_four_trials() -> None:
    records = [load(path) for path in sorted(SEEDS.glob("*.txt"))]
    links = link(records)
    assert len(set(links.values())) == 4
    merged = merge([record for record in records if links[record.sources[0].document] == "NCT07188584"], "NCT07188584")
    assert [source.format for source in merged.sources][-1] == "oncomatch"
    assert len(merged.leaves) == 8
    for criterion in merged.criteria:
        assert merged.quote(criterion.span)
