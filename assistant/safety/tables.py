"""The tables of this folder: tab separated, one row a rule, "#" before a comment."""

from collections.abc import Iterator
from importlib.resources import files


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table by column."""
    lines = (files(__package__) / name).read_text("utf-8").splitlines()
    table = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    for cells in table[1:]:
        yield dict(zip(table[0], cells, strict=True))
