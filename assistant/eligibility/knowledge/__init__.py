"""What medicine knows, as tables: one row a fact, with its source and, where it is worded, an example that a test reads."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from assistant.tables import read_table


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of this folder by column."""
    return read_table(files(__name__) / name)


@cache
def tables(prefix: str) -> tuple[str, ...]:
    """The names of the tables that begin so ("concepts-")."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name for name in names if name.startswith(prefix) and name.endswith(".tsv")))
