import os
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from small_records import CRITERIA, WordEmbedder, put, record

from index import build
from index.build import Progress, Report
from index.catalog import embedded_text
from index.library import Library
from index.loaders import load
from index.trial import Trial


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: WordEmbedder) -> Library:
    return Library.open(tmp_path / "index", embedder, create=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    put(tmp_path / "in", "one.json", record("NCT00000001"))
    put(tmp_path / "in", "deep/two.json", record("NCT00000002", "Evening walks", summary="Short."))
    return tmp_path / "in"


def outcomes(report: Report) -> dict[str, str]:
    return {Path(file.path).name: file.outcome for file in report.files}


def test_a_folder_is_read_with_its_folders(library: Library, folder: Path) -> None:
    report = library.index([folder])
    assert outcomes(report) == {"one.json": "added", "two.json": "added"}
    assert {trial.id for trial in library.trials()} == {"NCT00000001", "NCT00000002"}


def test_the_second_run_embeds_nothing(library: Library, folder: Path, embedder: WordEmbedder) -> None:
    library.index([folder])
    generation, asked = library.generation, len(embedder.asked)
    report = library.index([folder])
    assert set(outcomes(report).values()) == {"unchanged"}
    assert (report.embedded, len(embedder.asked), library.generation) == (0, asked, generation)


def test_each_distinct_text_is_embedded_once(library: Library, folder: Path, embedder: WordEmbedder) -> None:
    put(folder, "copy.json", (folder / "one.json").read_text())
    library.index([folder])
    assert max(Counter(embedder.asked).values()) == 1
    assert set(embedder.asked) == {embedded_text(passage) for passage in library.passages(["NCT00000001", "NCT00000002"])}


def test_a_changed_file_embeds_only_what_is_new(library: Library, folder: Path, embedder: WordEmbedder) -> None:
    library.index([folder])
    asked = len(embedder.asked)
    put(folder, "one.json", record("NCT00000001", criteria=CRITERIA.replace("40", "50")))
    report = library.index([folder])
    assert outcomes(report) == {"one.json": "replaced", "two.json": "unchanged"}
    assert embedder.asked[asked:]
    assert all("50" in text for text in embedder.asked[asked:])


@pytest.mark.parametrize(
    ("name", "content", "outcome", "reason"),
    [
        pytest.param("empty.txt", b"", "failed", "empty", id="an empty file"),
        pytest.param("cut.json", record("NCT00000003")[:200].encode(), "failed", "", id="truncated JSON"),
        pytest.param("dots.txt", b"... --- ...", "failed", "no words", id="no words"),
        pytest.param("photo.png", b"\x89PNG", "skipped", "ending", id="a picture"),
        pytest.param("old.ZIP", b"PK", "skipped", "ending", id="an archive"),
        pytest.param(".notes.txt", b"x", "skipped", "hidden", id="a hidden file"),
        pytest.param(".git/config", b"x", "skipped", "hidden", id="a hidden folder"),
    ],
)
def test_what_can_t_be_read_is_named_and_the_rest_goes_in(
    library: Library, folder: Path, name: str, content: bytes, outcome: str, reason: str
) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    report = library.index([folder])
    (file,) = report.of(outcome)  # type: ignore[arg-type]
    assert Path(file.path) in (path, path.parent)
    assert reason in (file.reason or "")
    assert len(report.of("added")) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf_8_is_written_as_escapes(library: Library, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"walk\xff.json")
    path.write_text(record("NCT00000001"))
    assert [file.document for file in library.index([tmp_path]).files] == ["walk\\udcff.json"]
    assert [file.outcome for file in library.index([tmp_path]).files] == ["unchanged"]


def test_a_fault_of_the_program_in_one_document_keeps_no_other_out(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(path: Path, name: str) -> Trial:
        if name == "one.json":
            raise ZeroDivisionError("oh")
        return load(path, name)

    monkeypatch.setattr(build, "load", faulty)
    report = library.index([folder])
    assert outcomes(report) == {"one.json": "failed", "two.json": "added"}
    assert "Please report it" in (report.of("failed")[0].reason or "")


def test_folders_within_folders_without_end(library: Library, tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(1_200):
        folder = folder / "d"
        folder.mkdir()
    (tmp_path / "walk.json").write_text(record("NCT00000001"))
    assert outcomes(library.index([tmp_path])) == {"walk.json": "added"}
    while folder != tmp_path:  # pytest takes its folders away by recursion
        folder.rmdir()
        folder = folder.parent


def test_a_linked_folder_is_named_and_not_entered(library: Library, folder: Path) -> None:
    (folder / "again").symlink_to(folder)
    report = library.index([folder])
    assert len(report.of("added")) == 2
    assert "link to a folder" in (report.of("skipped")[0].reason or "")


@pytest.mark.parametrize("name", [pytest.param("x" * 5_000, id="too long"), pytest.param("~nobody-here/x", id="no such home")])
def test_a_path_that_can_t_be_followed_is_named(library: Library, name: str) -> None:
    (file,) = library.index([Path(name)]).files
    assert file.outcome == "failed"


def test_a_link_to_itself_is_named(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("a")
    (file,) = library.index([tmp_path / "a"]).files
    assert file.outcome == "failed"


def test_of_a_huge_file_only_what_a_document_may_have_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MAX_BYTES", 10)
    path = tmp_path / "dump.txt"
    path.write_bytes(b"x" * 100)
    assert len(build._content(path)) == 11


def test_a_damaged_copy_is_named_and_the_rest_is_read_again(library: Library, folder: Path, tmp_path: Path) -> None:
    library.index([folder])
    with sqlite3.connect(tmp_path / "index" / "catalog.sqlite") as rows:
        rows.execute("UPDATE documents SET content = x'00' WHERE name = 'one.json'")
    report = library.index([], rebuild=True)
    assert outcomes(report) == {"one.json": "failed", "two.json": "replaced"}
    assert len(library.trials()) == 2


def test_a_picture_that_is_named_is_tried(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    (file,) = library.index([path]).files
    assert file.outcome == "failed"
    assert "picture" in (file.reason or "")


def test_a_missing_path_is_named(library: Library, tmp_path: Path) -> None:
    (file,) = library.index([tmp_path / "nowhere.txt"]).files
    assert (file.outcome, file.document) == ("failed", "nowhere.txt")


def test_a_device_is_not_waited_for(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (file,) = library.index([tmp_path / "pipe"]).files
    assert file.outcome == "failed"


def test_the_index_s_own_folder_is_not_read(library: Library, tmp_path: Path, folder: Path) -> None:
    report = library.index([tmp_path])
    assert outcomes(report) == {"one.json": "added", "two.json": "added"}
    assert library.index([tmp_path]).of("added") == ()


def test_a_path_given_twice_is_read_once(library: Library, folder: Path) -> None:
    assert len(library.index([folder, folder / "one.json", folder / "deep" / ".." / "one.json"]).files) == 2


def test_one_name_in_two_folders_gives_two_documents(library: Library, tmp_path: Path) -> None:
    for nct_id, where in (("NCT00000001", "a"), ("NCT00000002", "b"), ("NCT00000003", "c/b")):
        put(tmp_path / "in" / where, "page.json", record(nct_id, where, summary=where))
    library.index([tmp_path / "in"])
    names = [trial.sources[0].document for trial in library.trials()]
    assert names == ["page.json", "b/page.json", "c/b/page.json"]
    assert set(outcomes(library.index([tmp_path / "in"])).values()) == {"unchanged"}


def test_a_file_that_was_moved_is_known_again(library: Library, folder: Path) -> None:
    library.index([folder])
    (folder / "one.json").rename(folder / "deep" / "one.json")
    assert set(outcomes(library.index([folder])).values()) == {"unchanged"}
    assert len(library.trials()) == 2


def test_progress_ends_at_the_total(library: Library, folder: Path) -> None:
    put(folder, "empty.txt", "")
    seen: list[Progress] = []
    report = library.index([folder], seen.append)
    stored = [progress for progress in seen if progress.phase == "storing"]
    assert (stored[-1].done, stored[-1].total) == (3, 3)
    assert [progress.done for progress in stored] == sorted(progress.done for progress in stored)
    assert max(progress.embedded for progress in seen) == report.embedded
    assert {progress.phase for progress in seen} == {"reading", "embedding", "storing", "publishing"}


CRASH = """
import os, sys
from pathlib import Path
from index.catalog import Catalog
from index.library import Library
from small_records import WordEmbedder
stored = 0
original = Catalog.store
def store(self, *rest):
    global stored
    original(self, *rest)
    stored += 1
    if stored == int(sys.argv[3]):
        os._exit(9)
Catalog.store = store
class Dies(WordEmbedder):
    def embed(self, texts):
        if sys.argv[3] == "embedding":
            os._exit(9)
        return super().embed(texts)
import index.vectors
write = index.vectors.write
def dying(*rest):
    write(*rest)
    os._exit(9)
if sys.argv[3] == "publishing":
    index.vectors.write = dying
if not sys.argv[3].isdigit():
    sys.argv[3] = sys.argv[3] if sys.argv[3] == "embedding" else "0"
Library.open(Path(sys.argv[1]), Dies(), create=True).index([Path(sys.argv[2])])
"""


@pytest.mark.parametrize("when", ["1", "2", "embedding", "publishing"])
def test_a_writer_that_dies_leaves_whole_documents(tmp_path: Path, folder: Path, when: str) -> None:
    put(folder, "three.json", record("NCT00000003", "Noon walks", summary="Other."))
    script = CRASH.replace("int(sys.argv[3])", "int(sys.argv[3] if sys.argv[3].isdigit() else 0)")
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parent)])
    died = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "index"), str(folder), when],
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    assert died.returncode == 9
    with Library.open(tmp_path / "index", WordEmbedder(), create=True) as library:
        for trial in library.trials():
            assert trial.criteria
            assert len(library.passages([trial.id])) > 4
        report = library.index([folder])
        stored = {"1": 1, "2": 2, "embedding": 0, "publishing": 3}[when]
        assert Counter(outcomes(report).values()) == Counter({"unchanged": stored, "added": 3 - stored}) + Counter()
        health = library.health()
        assert (health.trials, health.problems) == (3, ())
        assert health.texts == health.vectors
        assert library.search("knee surgery")
