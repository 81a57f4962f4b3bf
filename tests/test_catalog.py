import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_records import CRITERIA, WordEmbedder, put, record

from index import catalog as catalogs
from index.catalog import Catalog, Counts, Reading, embedded_text, text_key
from index.errors import StoreUnavailable
from index.loaders import load
from index.passages import passages


def reading(path: Path) -> Reading:
    trial = load(path)
    return Reading(trial, passages(trial), str(path), path.read_bytes())


def vectors(one: Reading) -> dict[str, np.ndarray]:
    texts = {text_key(passage): embedded_text(passage) for passage in one.passages}
    return dict(zip(texts, WordEmbedder().embed(list(texts.values())), strict=True))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite", writable=True)


@pytest.fixture
def one(tmp_path: Path) -> Reading:
    return reading(put(tmp_path, "walk.json", record("NCT00000001")))


def test_a_document_comes_back_as_it_was_read(catalog: Catalog, one: Reading) -> None:
    catalog.store(one, vectors(one), "e")
    (document,) = catalog.documents()
    assert catalog.records([document.number]) == {document.number: one.record}
    assert catalog.source("walk.json") == one.source
    assert catalog.content(document) == one.content
    stored = [replace(found.passage, trial=one.record.id) for found in catalog.passages()]
    assert sorted(stored, key=lambda p: p.id) == sorted(one.passages, key=lambda p: p.id)


def test_vectors_come_back_exactly(catalog: Catalog, one: Reading) -> None:
    rows = vectors(one)
    catalog.store(one, rows, "e")
    (batch,) = catalog.vectors(catalog.numbers("e"), "e")
    by_number = dict(zip(batch.numbers.tolist(), batch.rows, strict=True))
    for found in catalog.passages():
        assert np.array_equal(by_number[found.text], rows[text_key(found.passage)])


def test_what_has_a_vector_is_known_by_its_embedder(catalog: Catalog, one: Reading) -> None:
    rows = vectors(one)
    catalog.store(one, rows, "e")
    assert catalog.embedded([*rows, "another"], "e") == set(rows)
    assert catalog.embedded(rows, "other") == set()
    assert len(catalog.unembedded("other")) == len(rows)


def test_a_changed_document_replaces_its_own_passages(catalog: Catalog, one: Reading, tmp_path: Path) -> None:
    other = reading(put(tmp_path, "other.json", record("NCT00000002", "Evening walks")))
    catalog.store(one, vectors(one), "e")
    catalog.store(other, vectors(other), "e")
    kept = catalog.passages([2])
    changed = reading(put(tmp_path, "walk.json", record("NCT00000001", criteria=CRITERIA.replace("40", "50"))))
    catalog.store(changed, vectors(changed), "e")
    catalog.prune("e")
    assert catalog.passages([2]) == kept
    texts = " ".join(found.passage.text for found in catalog.passages([1]))
    assert "Age 50 years" in texts
    assert "Age 40 years" not in texts
    assert "Age 40 years" not in " ".join(text.text for text in catalog.texts(catalog.numbers("e")) if "Morning" in text.header)


def test_text_numbers_are_never_given_twice(catalog: Catalog, one: Reading) -> None:
    catalog.store(one, vectors(one), "e")
    first = set(catalog.numbers("e").tolist())
    catalog.remove([document.number for document in catalog.documents()])
    catalog.prune("e")
    catalog.store(one, vectors(one), "e")
    assert not first & set(catalog.numbers("e").tolist())


def test_removal_leaves_nothing(catalog: Catalog, one: Reading) -> None:
    catalog.store(one, vectors(one), "e")
    catalog.remove([1])
    catalog.prune("e")
    assert catalog.counts("e") == Counts(0, 0, 0, 0)
    catalog.close()
    held = b"".join(path.read_bytes() for path in catalog.path.parent.glob("catalog.sqlite*"))
    assert b"Knee surgery" not in held


def test_pruning_forgets_other_embedders(catalog: Catalog, one: Reading) -> None:
    catalog.store(one, vectors(one), "old")
    catalog.add_vectors({number: np.ones(64, np.float32) for number in catalog.unembedded("new")}, "new")
    catalog.prune("new")
    assert catalog.numbers("old").size == 0
    assert catalog.unembedded("new") == []


def test_a_failure_in_the_middle_stores_nothing(catalog: Catalog, one: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogs, "_passage_row", fail)
    with pytest.raises(KeyboardInterrupt):
        catalog.store(one, vectors(one), "e")
    assert catalog.counts("e") == Counts(0, 0, 0, 0)
    assert catalog.generation == 0


def test_every_change_raises_the_generation(catalog: Catalog, one: Reading) -> None:
    seen = [catalog.generation]
    catalog.store(one, vectors(one), "e")
    seen.append(catalog.generation)
    catalog.prune("e")
    assert catalog.generation == seen[-1]  # nothing was forgotten
    catalog.remove([1])
    seen.append(catalog.generation)
    assert seen == sorted(set(seen))


def test_passages_narrow_by_section_level_and_text(catalog: Catalog, one: Reading) -> None:
    catalog.store(one, vectors(one), "e")
    every = catalog.passages()
    inclusion = [found for found in every if found.passage.section == "inclusion"]
    assert catalog.passages(sections=["inclusion"]) == inclusion
    assert catalog.count_passages(None, ["inclusion"]) == len(inclusion)
    assert catalog.count_passages([1]) == len(every)
    assert catalog.count_passages([2]) == 0
    assert {found.passage.level for found in catalog.passages(levels=["criterion"])} == {"criterion"}
    assert catalog.passages(texts=[every[0].text]) == [found for found in every if found.text == every[0].text]
    assert catalog.passages([2], texts=[every[0].text]) == []


def test_text_with_half_a_surrogate_pair_has_a_key(one: Reading) -> None:
    assert len(text_key(replace(one.passages[0], text="\ud800"))) == len(hashlib.sha256().hexdigest())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no database" * 500, id="another file"),
        pytest.param(b"SQLite format 3\x00" + b"\xff" * 4_000, id="damaged"),
    ],
)
def test_a_file_that_is_no_catalog_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match=r"catalog\.sqlite.*new data folder"):
        Catalog(path, writable=True)


@pytest.mark.parametrize(
    ("change", "read", "what"),
    [
        pytest.param("documents SET trial = '{'", lambda catalog: catalog.records([1]), "records", id="a record"),
        pytest.param("documents SET identity = '[1]'", lambda catalog: catalog.identities(), "records", id="an identity"),
        pytest.param("vectors SET vector = x'00'", lambda catalog: list(catalog.vectors([1], "e")), "vectors", id="a vector"),
    ],
)
def test_damaged_rows_say_what_to_do(
    catalog: Catalog, one: Reading, change: str, read: Callable[[Catalog], object], what: str
) -> None:
    catalog.store(one, vectors(one), "e")
    with sqlite3.connect(catalog.path) as rows:
        rows.execute(f"UPDATE {change}")
    with pytest.raises(StoreUnavailable, match=f"its {what} are damaged. Run `eligibility index --rebuild`"):
        read(catalog)


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="Check that the data folder exists"):
        Catalog(tmp_path / "nowhere" / "catalog.sqlite", writable=True)


def test_two_readers_see_what_a_writer_stored(catalog: Catalog, one: Reading) -> None:
    reader = Catalog(catalog.path, writable=False)
    assert reader.documents() == ()
    catalog.store(one, vectors(one), "e")
    assert len(reader.documents()) == 1


def test_a_file_that_another_process_locks_says_what_to_do(
    catalog: Catalog, one: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogs, "_WAIT_S", 0.05)
    other = Catalog(catalog.path, writable=True)
    with sqlite3.connect(catalog.path) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="Another process is writing"):
            other.store(one, vectors(one), "e")
    other.store(one, vectors(one), "e")
    assert len(other.documents()) == 1
