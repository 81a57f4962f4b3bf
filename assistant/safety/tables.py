"""The tables of this folder."""

from collections.abc import Iterator
from importlib.resources import files

from assistant.tables import read_table


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table by column."""
    return read_table(files(__package__) / name)
