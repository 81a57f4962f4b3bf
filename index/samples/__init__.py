"""Sample records for trying the assistant, written by us: facts after public records, the formats' traps kept (see README.md)."""

from importlib.resources import files
from pathlib import Path


def sample_paths() -> tuple[Path, ...]:
    """The sample records' files, in the order of their names."""
    return tuple(sorted(Path(str(entry)) for entry in files(__name__).iterdir() if entry.name.startswith("sample-")))
