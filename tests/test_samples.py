"""The sample records: they load, keep their formats' traps, say what they are, and borrow no sentence."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.loaders import load
from index.samples import sample_paths
from index.trial import Criterion, Span, Trial

SAMPLES = {path.name: path for path in sample_paths()}
FORMATS = Path(__file__).parent / "data" / "formats"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
BORROWED_RUN = 8
"""Words of four letters or more in a row, in one line: names, and limits with their units, share shorter runs by necessity."""


def trial(name: str) -> Trial:
    return load(SAMPLES[name])


def spans(of: Trial) -> Iterator[Span]:
    yield from (section.span for section in of.sections)
    yield from (criterion.span for criterion in of.criteria)
    for things in (of.arms, of.interventions, of.primary_outcomes, of.secondary_outcomes, of.contacts, of.sites, of.related):
        yield from (thing.span for thing in things)
    for stated in of.evidence.values():
        yield from stated


@pytest.mark.parametrize("path", [*SAMPLES.values(), *sorted(FORMATS.iterdir())], ids=lambda path: path.name)
def test_every_span_quotes_its_own_text(path: Path) -> None:
    read = load(path)
    assert all(read.quote(span).strip() for span in spans(read))


@pytest.mark.parametrize(
    ("name", "inclusion", "exclusion"),
    [
        pytest.param("sample-reduced-target.txt", 8, 0, id="bullets without a header"),
        pytest.param("sample-immediate-or-salvage.txt", 10, 15, id="numbered, with glued labs"),
        pytest.param("sample-redefine.txt", 8, 9, id="joined by semicolons"),
        pytest.param("sample-liver-metastasis.txt", 10, 22, id="dashes"),
    ],
)
def test_criteria_are_counted_as_on_the_originals(name: str, inclusion: int, exclusion: int) -> None:
    read = trial(name)
    assert [len(list(read.of_kind("inclusion"))), len(list(read.of_kind("exclusion")))] == [inclusion, exclusion]


def test_glued_labs_are_children_of_their_item() -> None:
    read = trial("sample-immediate-or-salvage.txt")
    organs = next(criterion for criterion in read.criteria if criterion.label == "9" and criterion.kind == "inclusion")
    labs = [criterion.text for criterion in read.criteria if criterion.parent == organs.id]
    assert len(labs) >= 5
    assert any(lab.startswith("Hemoglobin") for lab in labs)
    assert any(lab.startswith("Creatinine") for lab in labs)


def test_the_pages_of_one_trial_have_their_ids() -> None:
    ids = {name: trial(name).nct_id for name in SAMPLES}
    assert ids == {
        "sample-immediate-or-salvage.txt": "NCT00000012",
        "sample-liver-metastasis.txt": None,
        "sample-oncomatch-reduced-target.txt": "NCT00000011",
        "sample-redefine.txt": "NCT00000013",
        "sample-reduced-target.txt": None,
    }


def test_related_trials_are_not_the_record_itself() -> None:
    assert [other.nct_id for other in trial("sample-redefine.txt").related] == ["NCT00000015"]
    assert [other.nct_id for other in trial("sample-immediate-or-salvage.txt").related] == ["NCT00000014"]


def test_overall_status_and_the_sites_disagree_as_on_the_original() -> None:
    read = trial("sample-immediate-or-salvage.txt")
    assert read.status == "RECRUITING"
    assert [site.status for site in read.sites] == ["RECRUITING"] + 4 * ["NOT_YET_RECRUITING"]
    assert [site.city for site in read.sites] == ["Guangzhou", "Changsha", "Fuzhou", "Hangzhou", "Nanning"]


@pytest.mark.parametrize(
    ("name", "trap"),
    [
        pytest.param("sample-reduced-target.txt", r"\S~[A-Z]", id="tilde line break"),
        pytest.param("sample-reduced-target.txt", r"60\.60 Gy/33 Fr/1\.82 Gy", id="dose that does not multiply"),
        pytest.param("sample-reduced-target.txt", r"View:\n\n•", id="no inclusion header"),
        pytest.param("sample-reduced-target.txt", r"GTV2: Nothing prescribed", id="typo for CTV2"),
        pytest.param("sample-oncomatch-reduced-target.txt", r"Phase 3Recruiting\w.*NCT00000011Data", id="run-together header"),
        pytest.param("sample-oncomatch-reduced-target.txt", r"Ages ≤ 70", id="minimum age lost"),
        pytest.param("sample-immediate-or-salvage.txt", r"g/L,ANC", id="glued labs"),
        pytest.param("sample-immediate-or-salvage.txt", r"\n\nBlood Counts:[^\n]*\n10\. ", id="numbering goes on at 10"),
        pytest.param("sample-immediate-or-salvage.txt", r"radiotherapy\\\*", id="escaped asterisk"),
        pytest.param("sample-immediate-or-salvage.txt", r"Changsha, , China", id="empty state"),
        pytest.param("sample-redefine.txt", r"D1 \\& D22[^\n]*\\~D28", id="escaped ampersand and tilde"),
        pytest.param("sample-redefine.txt", r"\\<3 Gy", id="escaped less-than"),
        pytest.param("sample-redefine.txt", r"per protocol", id="placeholder"),
        pytest.param("sample-liver-metastasis.txt", r"epistaxis[^\n]*excluded", id="exception inside an exclusion"),
        pytest.param("sample-liver-metastasis.txt", r"prior to randomization", id="a fourth anchor"),
    ],
)
def test_the_formats_traps_are_kept(name: str, trap: str) -> None:
    assert re.search(trap, SAMPLES[name].read_text("utf-8"))


@pytest.mark.parametrize("path", [*SAMPLES.values(), *sorted(FORMATS.iterdir())], ids=lambda path: path.name)
def test_every_file_says_that_it_is_a_sample(path: Path) -> None:
    assert "Sample record for trying the assistant" in path.read_text("utf-8")


@pytest.mark.parametrize("path", [*SAMPLES.values(), *sorted(FORMATS.iterdir())], ids=lambda path: path.name)
def test_contacts_are_invented(path: Path) -> None:
    text = path.read_text("utf-8")
    assert all(domain == "example.org" for domain in re.findall(r"@([\w.-]+\.\w+)", text))
    numbers = re.findall(r"(?<![\w.])\+?(?:\d[\d-]{8,}\d)(?![\w.])", re.sub(r"\d{4}-\d\d-\d\d|NCT\d{8}", "", text))
    assert all(int(re.sub(r"\D", "", number)) < 10 for number in numbers)


def runs(text: str) -> dict[tuple[str, ...], str]:
    found = {}
    for line in text.split("\n"):
        words = re.findall(r"[a-z]{4,}", line.lower())
        for at in range(len(words) - BORROWED_RUN + 1):
            found[tuple(words[at : at + BORROWED_RUN])] = line
    return found


@pytest.mark.shared
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the development data is not here")
@pytest.mark.parametrize("path", [*SAMPLES.values(), *sorted(FORMATS.iterdir())], ids=lambda path: path.name)
def test_no_sentence_is_borrowed(path: Path) -> None:
    originals = {run for seed in SEEDS.iterdir() for run in runs(seed.read_text("utf-8"))}
    assert not {" ".join(run): line for run, line in runs(path.read_text("utf-8")).items() if run in originals}


SCALARS = (
    "id", "nct_id", "other_ids", "title", "status", "as_of", "phase", "study_type", "enrollment", "start_date",
    "completion_date", "allocation", "masking", "primary_purpose", "intervention_model", "sex", "minimum_age", "maximum_age",
    "healthy_volunteers", "sponsor",
)  # fmt: skip


def told(criterion: Criterion) -> tuple[str, str, str]:
    return criterion.id, criterion.kind, criterion.text


@pytest.mark.parametrize("path", sorted(FORMATS.iterdir()), ids=lambda path: path.suffix)
class TestEveryFormatYieldsTheSameTrial:
    def test_fields(self, path: Path) -> None:
        ours, other = trial("sample-immediate-or-salvage.txt"), load(path)
        assert {name: getattr(other, name) for name in SCALARS} == {name: getattr(ours, name) for name in SCALARS}

    def test_criteria(self, path: Path) -> None:
        ours, other = trial("sample-immediate-or-salvage.txt"), load(path)
        assert [told(criterion) for criterion in other.criteria] == [told(criterion) for criterion in ours.criteria]

    def test_arms(self, path: Path) -> None:
        ours, other = trial("sample-immediate-or-salvage.txt"), load(path)
        assert [(arm.label, arm.type) for arm in other.arms] == [(arm.label, arm.type) for arm in ours.arms]

    def test_interventions(self, path: Path) -> None:
        ours, other = trial("sample-immediate-or-salvage.txt"), load(path)
        assert [(i.type, i.name) for i in other.interventions] == [(i.type, i.name) for i in ours.interventions]

    def test_sites(self, path: Path) -> None:
        ours, other = trial("sample-immediate-or-salvage.txt"), load(path)
        assert [(site.facility, site.city, site.state, site.country, site.status) for site in other.sites] == [
            (site.facility, site.city, site.state, site.country, site.status) for site in ours.sites
        ]
