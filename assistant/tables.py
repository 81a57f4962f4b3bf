"""Tables that are kept as files beside the code: tab separated, "#" before a comment, the columns' names first."""

from collections.abc import Iterator
from importlib.resources.abc import Traversable


def read_table(file: Traversable) -> Iterator[dict[str, str]]:
    """The rows of a table by column; a cell left out at a row's end is empty.

    Raises:
        ValueError: a row has more cells than the table has columns.
    """
    table = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    columns = table[0]
    for cells in table[1:]:
        if len(cells) > len(columns):
            raise ValueError(f"{file.name}: {len(cells)} cells under {len(columns)} columns: {cells[0]!r}")
        yield dict(zip(columns, (*map(str.strip, cells), *[""] * (len(columns) - len(cells))), strict=True))
