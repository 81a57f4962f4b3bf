"""How fast we index and search, against the usual quickstart: `python -m evals.baselines.speed FOLDER`, both in one run."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from evals.baselines.quickstart import Quickstart
from index.library import Library

_ROUNDS = 8
"""Enough that both meet the same neighbours on a shared machine."""
_QUESTIONS = (
    "What is the minimum age?",
    "Is the trial recruiting?",
    "hemoglobin of at least 90 g/L",
    "Can patients with brain metastases join?",
    "Who is the contact and what is the phone number?",
    "What is the primary outcome and when is it measured?",
    "pregnant or breastfeeding women excluded",
    "Which drug is given in the experimental arm?",
    "prior chemotherapy within four weeks",
    "Where are the study sites?",
)


@dataclass
class Timed:
    """One side's figures: seconds a round of indexing, seconds a question."""

    name: str
    documents: int = 0
    indexing: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Documents a second, over all rounds."""
        return self.documents / sum(self.indexing)

    def line(self) -> str:
        """The figures as a person reads them."""
        rounds = " ".join(f"{seconds:.1f}" for seconds in self.indexing)
        p50 = statistics.median(self.asking) * 1_000
        return f"{self.name:10}  {self.rate:6.2f} documents/s  (rounds {rounds} s)  query p50 {p50:.1f} ms"


def compare(files: Sequence[Path], rounds: int = _ROUNDS) -> tuple[Timed, Timed]:
    """Index the files with both, a share each in turn, then ask both the same questions in turn. Both start warm."""
    ours, theirs = Timed("ours"), Timed("quickstart")
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(Path(folder) / "ours", create=True) as library,
        Quickstart(Path(folder) / "theirs") as quickstart,
    ):
        library.embedder.embed(["warm"])
        quickstart.retrieve("warm")
        for start in range(rounds):
            share = files[start::rounds]
            _timed(ours.indexing, partial(library.index, share))
            _timed(theirs.indexing, partial(_read_and_index, quickstart, share))
            ours.documents += len(share)
            theirs.documents += len(share)
        library.search(_QUESTIONS[0])
        for question in _QUESTIONS * 3:
            _timed(ours.asking, partial(library.search, question, k=4))
            _timed(theirs.asking, partial(quickstart.retrieve, question))
    return ours, theirs


def _read_and_index(quickstart: Quickstart, files: Sequence[Path]) -> int:
    return quickstart.index((file.name, file.read_text(encoding="utf-8", errors="replace")) for file in files)


def _timed(into: list[float], work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    into.append(time.perf_counter() - started)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both sides' figures and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m evals.baselines.speed", description=__doc__)
    parser.add_argument("folder", type=Path, help="files that both can read as text")
    parser.add_argument("--limit", type=int, help="only the first so many files")
    chosen = parser.parse_args(arguments)
    files = sorted(path for path in chosen.folder.iterdir() if path.is_file())[: chosen.limit]
    if not files:
        parser.error(f"{chosen.folder} holds no files")
    ours, theirs = compare(files)
    sys.stdout.write(f"{ours.line()}\n{theirs.line()}\nratio of documents/s: {ours.rate / theirs.rate:.2f}\n")


if __name__ == "__main__":
    main()
