from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import editions


def made(shelf: Path, generation: int, base: editions.Edition | None = None) -> editions.Edition:
    folder = editions.begin(shelf, base)
    (folder / f"data{generation}").write_text("x" * 100)
    return editions.publish(folder, generation, "maker", np.array([3, 1]))


def test_the_newest_whole_one_is_used(tmp_path: Path) -> None:
    made(tmp_path, 1)
    second = made(tmp_path, 2)
    editions.begin(tmp_path)  # a crash before it was published
    assert editions.newest(tmp_path, "maker") == second
    assert second.numbers.tolist() == [1, 3]


def test_no_edition_of_another_maker_is_used(tmp_path: Path) -> None:
    made(tmp_path, 1)
    assert editions.newest(tmp_path, "other") is None
    assert editions.newest(tmp_path / "nowhere", "maker") is None


def test_the_next_begins_as_a_copy_and_the_base_stays(tmp_path: Path) -> None:
    first = made(tmp_path, 1)
    second = made(tmp_path, 2, first)
    assert {path.name for path in second.folder.iterdir()} >= {"data1", "data2"}
    assert not (first.folder / "data2").exists()


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda folder: (folder / "data2").unlink(), id="a file is gone"),
        pytest.param(lambda folder: (folder / "data2").write_text("x"), id="a file was cut short"),
        pytest.param(lambda folder: (folder / "imprint.json").write_text("{"), id="the imprint is half written"),
        pytest.param(lambda folder: (folder / "numbers.npy").unlink(), id="the numbers are gone"),
    ],
)
def test_a_damaged_one_falls_back_to_the_one_before(tmp_path: Path, harm: Callable[[Path], object]) -> None:
    first = made(tmp_path, 1)
    harm(made(tmp_path, 2).folder)
    assert editions.newest(tmp_path, "maker") == first


def test_clearing_keeps_one(tmp_path: Path) -> None:
    made(tmp_path, 1)
    kept = made(tmp_path, 2)
    editions.clear(tmp_path, keep=kept)
    assert list(tmp_path.iterdir()) == [kept.folder]
