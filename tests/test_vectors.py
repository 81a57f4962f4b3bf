import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import vectors
from index.vectors import Batch, CacheDamaged, ChromaVectors, ExactVectors


def rows(count: int, dimensions: int = 16) -> np.ndarray:
    drawn = np.random.default_rng(7).standard_normal((count, dimensions)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, ExactVectors]:
    whole = ExactVectors(np.arange(10, 310), rows(300))
    vectors.write(
        tmp_path / "chroma", [], [Batch(whole.numbers[:200], whole.rows[:200]), Batch(whole.numbers[200:], whole.rows[200:])]
    )
    return tmp_path / "chroma", whole


def test_chroma_finds_what_comparing_all_finds(kept: tuple[Path, ExactVectors]) -> None:
    folder, whole = kept
    opened = ChromaVectors(folder)
    assert opened.count == whole.count
    for query in rows(20):
        found, expected = opened.nearest(query, 5), whole.nearest(query, 5)
        assert found[0].number == expected[0].number
        assert found[0].score == pytest.approx(expected[0].score, abs=1e-5)
        assert len({one.number for one in found} & {one.number for one in expected}) >= 4
    opened.close()


def test_more_than_there_is_gives_all(kept: tuple[Path, ExactVectors]) -> None:
    opened = ChromaVectors(kept[0])
    assert len(opened.nearest(rows(1)[0], 5_000)) == 300
    opened.close()


def test_what_is_dropped_is_not_found(kept: tuple[Path, ExactVectors]) -> None:
    folder, whole = kept
    vectors.write(folder, [10, 11, 12], [])
    opened = ChromaVectors(folder)
    assert opened.count == 297
    assert all(one.number not in (10, 11, 12) for one in opened.nearest(whole.rows[0], 297))
    opened.close()


def test_more_than_chroma_takes_at_once_goes_in(tmp_path: Path) -> None:
    vectors.write(tmp_path, [], [Batch(np.arange(6_000), rows(6_000, 4))])
    opened = ChromaVectors(tmp_path)
    assert opened.count == 6_000
    opened.close()


def _cut(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:500])


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda folder: shutil.rmtree(folder), id="the folder is gone"),
        pytest.param(lambda folder: (folder / "chroma.sqlite3").write_bytes(b"no database at all" * 100), id="not a database"),
        pytest.param(_cut, id="cut short"),
    ],
)
def test_damage_is_called_damage(kept: tuple[Path, ExactVectors], harm: Callable[[Path], object]) -> None:
    harm(kept[0])
    with pytest.raises(CacheDamaged):
        ChromaVectors(kept[0])


def test_ties_go_by_number() -> None:
    same = np.ones((3, 1), np.float32)
    assert [one.number for one in ExactVectors(np.array([9, 4, 7]), same).nearest(np.ones(1, np.float32), 2)] == [4, 7]


def test_interrupting_is_no_damage() -> None:
    assert isinstance(vectors._as_damage(KeyboardInterrupt()), KeyboardInterrupt)
