"""What medicine knows, as tables: one row a fact, with its source and, where it is worded, an example that a test reads."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table by column: tab separated, "#" before a comment; a cell left out is empty."""
    lines = (files(__name__) / name).read_text("utf-8").splitlines()
    table = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    for cells in table[1:]:
        yield {column: cells[place].strip() if place < len(cells) else "" for place, column in enumerate(table[0])}


@cache
def tables(prefix: str) -> tuple[str, ...]:
    """The names of the tables that begin so ("concepts-")."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name for name in names if name.startswith(prefix) and name.endswith(".tsv")))
