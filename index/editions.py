"""A cache on disk as a shelf of editions that never change: readers use the newest whole one, a change makes the next.

A crash while one is made leaves it without its imprint: nobody opens it, and the next writer clears it away.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_IMPRINT, _NUMBERS = "imprint.json", "numbers.npy"


@dataclass(frozen=True)
class Edition:
    """A whole cache: which catalog it stands for and which texts it holds."""

    folder: Path
    generation: int
    """The catalog's, when it was made."""
    made_by: str
    """What a cache must share to be of use: the embedder's name, the analyzer's version."""

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The texts that it holds, by number, rising."""
        return np.asarray(np.load(self.folder / _NUMBERS), np.int64)


@dataclass(frozen=True)
class _Imprint:
    generation: int
    made_by: str
    sizes: dict[str, int]
    """File → bytes when it was published: a file that is missing or shorter was damaged since."""


def newest(shelf: Path, made_by: str) -> Edition | None:
    """The newest whole edition made by the same embedder or analyzer; None where there is none."""
    for folder in sorted(_folders(shelf), reverse=True):
        imprint = _imprint(folder)
        if imprint and imprint.made_by == made_by and _is_whole(folder, imprint):
            return Edition(folder, imprint.generation, made_by)
    return None


def begin(shelf: Path, base: Edition | None = None) -> Path:
    """A folder for the next edition: empty, or a copy of `base`. It counts for nothing until it is published."""
    shelf.mkdir(parents=True, exist_ok=True)
    folder = shelf / f"{max((int(old.name) for old in _folders(shelf)), default=0) + 1:08d}"
    if base is None:
        folder.mkdir()
    else:
        shutil.copytree(base.folder, folder, ignore=shutil.ignore_patterns(_IMPRINT, _NUMBERS))
    return folder


def publish(folder: Path, generation: int, made_by: str, numbers: NDArray[np.int64]) -> Edition:
    """Declare an edition whole; from now on it is what `newest` finds."""
    np.save(folder / _NUMBERS, np.sort(numbers))
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    draft = folder / f"{_IMPRINT}.draft"
    draft.write_text(json.dumps(asdict(_Imprint(generation, made_by, sizes))), encoding="utf-8")
    draft.replace(folder / _IMPRINT)
    return Edition(folder, generation, made_by)


def clear(shelf: Path, *, keep: Edition | None = None) -> None:
    """Take away every other edition. One that another process still holds open where that locks files stays for next time."""
    for folder in list(_folders(shelf)):
        if keep is None or folder != keep.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _folders(shelf: Path) -> Iterator[Path]:
    if not shelf.is_dir():
        return iter(())
    return (path for path in shelf.iterdir() if path.is_dir() and path.name.isdigit())


def _imprint(folder: Path) -> _Imprint | None:
    try:
        return _Imprint(**json.loads((folder / _IMPRINT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _is_whole(folder: Path, imprint: _Imprint) -> bool:
    # A store may grow its files when it is opened; it never shortens them.
    paths = ((folder / name, size) for name, size in imprint.sizes.items())
    return all(path.is_file() and path.stat().st_size >= size for path, size in paths)
