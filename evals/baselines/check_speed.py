"""How fast criteria are read and judged on one core: `python -m evals.baselines.check_speed FOLDER`."""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.eligibility.assess import assess, rules
from assistant.eligibility.clock import Clock
from assistant.eligibility.match import match
from assistant.eligibility.notes import read_note
from assistant.eligibility.patient import Patient
from index.errors import IndexFault
from index.loaders import load
from index.trial import Trial

_TODAY = date(2026, 1, 20)
_NOTE = (
    "58-year-old man with nasopharyngeal carcinoma and one liver metastasis, stage IVB. ECOG 1. Labs 2026-01-15: hemoglobin 9.4 g/dL, "
    "ANC 1,450/µL, platelets 128 x10^9/L, creatinine 1.1 mg/dL (ULN 1.2), AST 40 and ALT 52 U/L (ULN 40). Type 2 diabetes since 2015, on "
    "metformin. Four cycles of gemcitabine and cisplatin, last given 2025-12-01. No autoimmune disease. HBsAg negative. BP 128/76."
)


@dataclass(frozen=True)
class Speed:
    """Seconds that each step took, all on one core, each done once after a warm start."""

    trials: int
    criteria: int
    note: float
    """Reading one note."""
    parsing: float
    """Reading all criteria into conditions."""
    judging: float
    """Judging one patient against all of them, once they are read."""
    matching: float
    """Ranking the trials for one patient, once they are read."""

    def lines(self) -> str:
        """The figures as a person reads them."""
        return (
            f"{self.trials:,} trials, {self.criteria:,} criteria\n"
            f"note read        {self.note * 1000:10.1f} ms\n"
            f"criteria parsed  {self.criteria / self.parsing:10,.0f} /s  ({self.parsing:.1f} s)\n"
            f"criteria judged  {self.criteria / self.judging:10,.0f} /s  ({self.judging:.1f} s)\n"
            f"match            {self.matching:10.2f} s   (first time, with parsing: {self.parsing + self.matching:.1f} s)\n"
            f"ratio of parsing to judging, per criterion: {self.parsing / self.judging:.1f}\n"
        )


def measure(trials: Sequence[Trial]) -> Speed:
    """Read the trials' criteria, then judge one made-up patient against them. The tables are loaded before the clock starts."""
    clock = Clock(_TODAY, _TODAY)
    assess(trials[0], read_note(_NOTE, _TODAY), clock)
    rest = trials[1:]
    started = time.perf_counter()
    patient = read_note(_NOTE, _TODAY)
    noted = time.perf_counter()
    criteria = sum(len(rules(trial).lines) for trial in rest)
    parsed = time.perf_counter()
    _judge(rest, patient, clock)
    judged = time.perf_counter()
    match(patient, rest, clock)
    ended = time.perf_counter()
    return Speed(len(rest), criteria, noted - started, parsed - noted, judged - parsed, ended - judged)


def _judge(trials: Sequence[Trial], patient: Patient, clock: Clock) -> None:
    for trial in trials:
        assess(trial, patient, clock)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures for the records of a folder; those that can't be read are counted."""
    parser = argparse.ArgumentParser(prog="python -m evals.baselines.check_speed", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of registry records")
    parser.add_argument("--limit", type=int, help="only the first so many files of each")
    chosen = parser.parse_args(arguments)
    files = [path for folder in chosen.folders for path in _files(folder)[: chosen.limit]]
    trials = [trial for trial in map(_loaded, files) if trial is not None]
    if len(trials) < 2:
        parser.error("two records that can be read are the least")
    sys.stdout.write(measure(trials).lines())
    if len(trials) < len(files):
        sys.stdout.write(f"{len(files) - len(trials)} files could not be read\n")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []


def _loaded(path: Path) -> Trial | None:
    try:
        return load(path)
    except IndexFault:
        return None


if __name__ == "__main__":
    main()
