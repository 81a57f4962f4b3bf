import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_records import SUMMARY, WordEmbedder, put, record

from index import criteria
from index import library as libraries
from index.errors import NothingIndexed, StaleIndex, StoreUnavailable, UnknownTrial
from index.library import Library
from index.vectors import CacheDamaged

PAGE = f"""Walking before breakfast

Summary

{SUMMARY}

Inclusion Criteria:

- Age 40 years or older
- Owns a pair of boots
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def library(tmp_path: Path, data_dir: Path) -> Iterator[Library]:
    put(tmp_path / "in", "walk.json", record("NCT00000001"))
    put(tmp_path / "in", "evening.json", record("NCT00000002", "Evening swims", summary="Swims.", status="COMPLETED"))
    put(tmp_path / "in", "page.md", PAGE)
    with Library.open(data_dir, WordEmbedder(), create=True) as library:
        library.index([tmp_path / "in"])
        yield library


@pytest.fixture
def across(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every search goes through both caches, as in a large index."""
    monkeypatch.setattr(libraries, "_EXACT_PASSAGES", 0)
    monkeypatch.setattr(libraries, "_EXACT_TRIALS", 0)


# -- opening


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NothingIndexed, match="eligibility index PATH"):
        Library.open(tmp_path / "nowhere", WordEmbedder())
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_index_says_what_to_run(data_dir: Path) -> None:
    Library.open(data_dir, WordEmbedder(), create=True).close()
    with pytest.raises(NothingIndexed, match=r"empty.*eligibility index PATH"):
        Library.open(data_dir, WordEmbedder())


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="another folder"):
        Library.open(put(tmp_path, "file", "x"), WordEmbedder(), create=True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda patch: patch.setattr(criteria, "VERSION", "next"), id="criteria split differently"),
        pytest.param(lambda patch: patch.setattr(libraries, "SCHEMA", "next"), id="another schema"),
        pytest.param(lambda patch: patch.setattr(WordEmbedder, "dimensions", 32), id="another embedder"),
    ],
)
def test_a_stale_index_is_rebuilt_from_itself(
    library: Library,
    data_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[pytest.MonkeyPatch], None],
) -> None:
    library.close()
    shutil.rmtree(tmp_path / "in")  # the files are gone, the documents are not
    change(monkeypatch)
    embedder = WordEmbedder(f"hashed-words-{WordEmbedder.dimensions}" if WordEmbedder.dimensions != 64 else "hashed-words")
    with pytest.raises(StaleIndex, match="eligibility index --rebuild"):
        Library.open(data_dir, embedder)
    with Library.open(data_dir, embedder, create=True) as stale:
        with pytest.raises(StaleIndex):
            stale.index([])
        report = stale.index([], rebuild=True)
        assert len(report.of("replaced")) == 3
        assert stale.health().problems == ()
    with Library.open(data_dir, embedder) as fresh:
        assert len(fresh.trials()) == 2
        assert fresh.search("knee surgery")[0].passage.text == "Knee surgery within 6 months"


def test_a_name_chooses_the_embedder(library: Library, data_dir: Path) -> None:
    library.close()
    with pytest.raises(StaleIndex, match="hashed-words, not all-MiniLM-L6-v2"):
        Library.open(data_dir)


# -- trials and documents


def test_documents_of_one_trial_are_merged(library: Library) -> None:
    trial = library.trial("NCT00000001")
    assert [source.document for source in trial.sources] == ["walk.json", "page.md"]
    assert [record.sources[0].document for record in library.records("NCT00000001")] == ["page.md", "walk.json"]
    assert all(trial.quote(criterion.span) for criterion in trial.criteria)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("NCT00000001", id="its number"),
        pytest.param(" nct00000001 ", id="in any case"),
        pytest.param("walk", id="a stem"),
        pytest.param("walk.json", id="a document"),
        pytest.param("page", id="the stem of its page"),
        pytest.param("WALK-001", id="the sponsor's number"),
    ],
)
def test_a_trial_is_known_by(library: Library, name: str) -> None:
    assert library.trial(name).id == "NCT00000001"


def test_an_unknown_trial_names_the_closest(library: Library) -> None:
    with pytest.raises(UnknownTrial, match=r"NCT00000003.*Closest: NCT0000000"):
        library.trial("NCT00000003")
    with pytest.raises(UnknownTrial, match="eligibility show"):
        library.trial("zebra")
    with pytest.raises(UnknownTrial):
        library.source("walk")


def test_a_name_of_two_trials_is_asked_back(library: Library, tmp_path: Path) -> None:
    put(tmp_path / "more" / "x", "walk.json", record("NCT00000004", "Other", summary="Other."))
    library.index([tmp_path / "more"])
    with pytest.raises(UnknownTrial, match="NCT00000001, NCT00000004"):
        library.trial("walk")
    assert library.trial("walk.json").id == "NCT00000001"
    assert library.trial("x/walk.json").id == "NCT00000004"


def test_every_passage_quotes_its_document(library: Library) -> None:
    passages = library.passages(trial.id for trial in library.trials())
    assert passages
    for passage in passages:
        assert library.source(passage.span.document).quote(passage.span)
        assert passage.trial == library.trial(passage.span.document).id


def test_a_criterion_s_passage_names_the_trial_s_own_criterion_or_none(library: Library) -> None:
    trial = library.trial("NCT00000001")
    by_id = {criterion.id: criterion for criterion in trial.criteria}
    criteria = [passage for passage in library.passages([trial.id]) if passage.level == "criterion"]
    assert {passage.span.document for passage in criteria} == {"walk.json", "page.md"}
    for passage in criteria:
        assert passage.field
        assert (passage.field in by_id) is (passage.span.document == "walk.json")
        if passage.field in by_id:
            assert by_id[passage.field].span == passage.span


def test_trials_are_kept_until_something_changes(library: Library, tmp_path: Path) -> None:
    before = {trial.id: trial for trial in library.trials()}
    put(tmp_path / "in", "evening.json", record("NCT00000002", "Evening swims", summary="Swims.", status="RECRUITING"))
    library.index([tmp_path / "in"])
    after = {trial.id: trial for trial in library.trials()}
    assert after["NCT00000001"] is before["NCT00000001"]
    assert after["NCT00000002"].status == "RECRUITING"


def test_another_process_s_change_is_seen(library: Library, data_dir: Path, across: None) -> None:
    reader = Library.open(data_dir, WordEmbedder())
    assert reader.search("swims", k=1)[0].passage.trial == "NCT00000002"
    library.remove(["NCT00000002"])
    assert [trial.id for trial in reader.trials()] == ["NCT00000001"]
    assert all(hit.passage.trial == "NCT00000001" for hit in reader.search("swims"))
    reader.close()


# -- removing


@pytest.mark.parametrize(
    ("name", "documents", "trials"),
    [
        pytest.param("NCT00000001", {"walk.json", "page.md"}, ("NCT00000001",), id="a trial with its documents"),
        pytest.param("page.md", {"page.md"}, (), id="one document of two"),
        pytest.param("page", {"page.md"}, (), id="its stem"),
        pytest.param("nct00000002", {"evening.json"}, ("NCT00000002",), id="a number in any case"),
    ],
)
def test_removing(library: Library, name: str, documents: set[str], trials: tuple[str, ...]) -> None:
    removed = library.remove([name])
    assert (set(removed.documents), removed.trials) == (documents, trials)
    assert library.health().problems == ()
    for document in documents:
        with pytest.raises(UnknownTrial):
            library.source(document)


def test_nothing_of_a_removed_trial_is_found(library: Library, data_dir: Path, across: None) -> None:
    library.search("swims")
    library.remove(["NCT00000002"])
    assert all(hit.passage.trial == "NCT00000001" for hit in library.search("evening swims", k=50))
    library.close()
    kept = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"Evening" not in kept
    assert b"swim" not in kept


def test_an_unknown_name_removes_nothing(library: Library) -> None:
    with pytest.raises(UnknownTrial):
        library.remove(["NCT00000001", "zebra"])
    assert len(library.trials()) == 2


def test_removing_all_leaves_an_empty_index(library: Library, data_dir: Path) -> None:
    library.remove(["NCT00000001", "NCT00000002"])
    assert library.trials() == ()
    assert library.search("knee") == []
    library.close()
    with pytest.raises(NothingIndexed, match="empty"):
        Library.open(data_dir, WordEmbedder())


# -- searching


@pytest.mark.parametrize("everywhere", [pytest.param(False, id="exactly"), pytest.param(True, id="through the caches")])
def test_search_narrows(library: Library, everywhere: bool, request: pytest.FixtureRequest) -> None:
    if everywhere:
        request.getfixturevalue("across")
    first = library.search("knee surgery", k=3)
    assert first[0].passage.text == "Knee surgery within 6 months"
    assert [hit.rank for hit in first] == [1, 2, 3]
    assert set(first[0].found_by) >= {"dense", "lexical"}
    assert ("exact" in first[0].found_by) is not everywhere
    assert first == library.search("knee surgery", k=3)
    for hit in library.search("knee surgery", sections=["inclusion"], k=50):
        assert hit.passage.section == "inclusion"
    for hit in library.search("knee surgery", levels=["criterion"], k=50):
        assert hit.passage.level == "criterion"
    assert {hit.passage.trial for hit in library.search("knee surgery", trials=["evening"], k=50)} == {"NCT00000002"}
    assert {hit.passage.trial for hit in library.search("knee surgery", status=["completed"], k=50)} == {"NCT00000002"}
    assert library.search("knee surgery", status=["WITHDRAWN"]) == []
    assert library.search("knee surgery", trials=["NCT00000001"], status=["COMPLETED"]) == []


def test_a_text_that_two_documents_of_a_trial_share_is_one_hit(library: Library) -> None:
    texts = [hit.passage.text for hit in library.search("age", trials=["NCT00000001"], k=50)]
    assert texts.count("Age 40 years or older") == 1


@pytest.mark.parametrize("query", ["", "   ", '"(knee AND', "walk " * 10_000, "\x00", "鼻咽癌", "title:knee^9"])
def test_whatever_is_asked_is_answered(library: Library, query: str, across: None) -> None:
    assert bool(library.search(query)) is bool(query.strip())


def test_an_unknown_scope_is_an_error(library: Library) -> None:
    with pytest.raises(UnknownTrial):
        library.search("knee", trials=["zebra"])


# -- damage and neighbours


def _shorten(folder: Path, pattern: str) -> None:
    for path in folder.rglob(pattern):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garbage(folder: Path, pattern: str) -> None:
    for path in folder.rglob(pattern):
        path.write_bytes(b"\xff" * path.stat().st_size)


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda data: shutil.rmtree(data / "vectors"), id="Chroma's folder is gone"),
        pytest.param(lambda data: shutil.rmtree(data / "words"), id="tantivy's folder is gone"),
        pytest.param(lambda data: _shorten(data / "vectors", "chroma.sqlite3"), id="Chroma's file is cut short"),
        pytest.param(lambda data: _garbage(data / "vectors", "chroma.sqlite3"), id="Chroma's file is garbage"),
        pytest.param(lambda data: _shorten(data / "words", "*.*"), id="tantivy's files are cut short"),
        pytest.param(lambda data: _garbage(data / "words", "*.term"), id="tantivy's terms are garbage"),
        pytest.param(lambda data: _garbage(data / "words", "meta.json"), id="tantivy's list is garbage"),
        pytest.param(lambda data: (data / "writer.lock").write_text("12345"), id="a lock file was left behind"),
        pytest.param(lambda data: (data / "writer").write_text("12345"), id="a writer's name was left behind"),
    ],
)
def test_damage_heals_at_the_next_search(
    library: Library, data_dir: Path, harm: Callable[[Path], object], across: None
) -> None:
    expected = library.search("knee surgery")
    library.close()
    harm(data_dir)
    with Library.open(data_dir, WordEmbedder()) as again:
        assert again.search("knee surgery") == expected
        assert again.health().problems == ()


def test_health_says_what_is_missing(library: Library, data_dir: Path) -> None:
    whole = library.health()
    assert (whole.documents, whole.trials, whole.problems) == (3, 2, ())
    assert whole.texts == whole.vectors
    assert whole.as_of == ("2026-03-04", "2026-03-04")
    assert whole.versions["embedder"] == "hashed-words"
    shutil.rmtree(data_dir / "vectors")
    (problem,) = library.health().problems
    assert "vectors cache is missing" in problem


def test_health_names_documents_without_passages(library: Library, data_dir: Path) -> None:
    with sqlite3.connect(data_dir / "catalog.sqlite") as rows:
        rows.execute("DELETE FROM passages WHERE document = (SELECT number FROM documents WHERE name = 'walk.json')")
    (problem,) = library.health().problems
    assert "no passages (walk.json)" in problem


def test_a_folder_that_can_t_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", deny)
    with pytest.raises(StoreUnavailable, match=r"can't be read .Permission denied.*--data-dir"):
        Library.open(tmp_path, WordEmbedder())


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), CacheDamaged("no room")], ids=["files", "a cache"])
def test_a_full_disk_says_what_to_do(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(libraries, "refresh_vectors", full)
    put(tmp_path / "in", "more.json", record("NCT00000009"))
    with pytest.raises(StoreUnavailable, match="Check the disk's room"):
        library.index([tmp_path / "in"])
    monkeypatch.undo()
    assert library.trial("NCT00000009").id == "NCT00000009"
    library.index([])
    assert library.health().problems == ()


def test_a_second_writer_is_told_of_the_first(library: Library, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_WAIT_S", 0.1)
    with library._writing(), Library.open(data_dir, WordEmbedder(), create=True) as second:
        with pytest.raises(StoreUnavailable, match=r"process \(id \d+\) is writing.*try again"):
            second.index([])
        with pytest.raises(StoreUnavailable):
            second.remove(["page"])


def test_a_reader_goes_on_while_another_writes(library: Library, data_dir: Path, across: None) -> None:
    shutil.rmtree(data_dir / "vectors")
    with library._writing(), Library.open(data_dir, WordEmbedder()) as reader:
        assert reader.search("knee surgery")[0].passage.text == "Knee surgery within 6 months"
    assert not (data_dir / "vectors").exists()


READ = """
import os, sys
from pathlib import Path
from index import library as libraries
from index.errors import StoreUnavailable
from small_records import WordEmbedder
writable, locked, libraries._EXACT_PASSAGES = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
with libraries.Library.open(writable, WordEmbedder(), create=True) as library:
    library.search("knee surgery")
if os.geteuid() == 0:
    os.setuid(65_534)  # whatever the interpreter needs from a folder that only root may read is loaded by now
with libraries.Library.open(locked, WordEmbedder()) as library:
    print(len(library.trials()), library.search("knee surgery")[0].passage.text)
    try:
        library.remove(["NCT00000001"])
    except StoreUnavailable as error:
        print(error)
try:
    libraries.Library.open(locked, WordEmbedder(), create=True)
except StoreUnavailable as error:
    print(error)
"""


@pytest.mark.parametrize("exact", [pytest.param("2000", id="exactly"), pytest.param("0", id="through the caches")])
def test_a_folder_that_can_t_be_written_can_be_read(library: Library, data_dir: Path, exact: str) -> None:
    library.close()
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "index"
        shutil.copytree(data_dir, locked)
        for path in (*locked.rglob("*"), locked, Path(folder)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", READ, str(data_dir), str(locked), exact],
            env={"PYTHONPATH": f"{here.parent}:{here}"},
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (Path(folder), locked):
            path.chmod(0o755)
    assert done.stdout.splitlines()[:1] == ["2 Knee surgery within 6 months"], done.stderr
    assert done.stdout.count("can't be written") == 2
