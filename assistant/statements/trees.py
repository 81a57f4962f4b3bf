"""A small forest of decision trees, kept as a table of numbers: reads it and weighs rows by it."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tree:
    """Nodes in order, the root first; a leaf has no column (-1)."""

    column: NDArray[np.int64]
    bound: NDArray[np.float64]
    """At most this goes left."""
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]

    def weigh(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The value of the leaf that each row falls into: shape (rows)."""
        at = np.zeros(len(rows), np.int64)
        while (inner := self.column[at] >= 0).any():
            which = np.flatnonzero(inner)
            node = at[which]
            goes_left = rows[which, self.column[node]] <= self.bound[node]
            at[which] = np.where(goes_left, self.left[node], self.right[node])
        return self.value[at]


@dataclass(frozen=True)
class Forest:
    """Trees whose values add up to the log odds."""

    start: float
    bound: float
    """From this likelihood on the answer is yes."""
    trees: tuple[Tree, ...]

    def likely(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """How likely each row is a yes: shape (rows)."""
        odds = self.start + sum((tree.weigh(rows) for tree in self.trees), np.zeros(len(rows)))
        return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def forest(name: str, columns: Sequence[str]) -> Forest:
    """The forest of a table beside this module, its columns numbered as here. Raises KeyError for a column that there is not."""
    with (files(__package__) / name).open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    placed: Mapping[str, int] = {column: at for at, column in enumerate(columns)} | {"": -1}
    grown: dict[int, list[Mapping[str, Any]]] = {}
    whole = {row["column"]: float(row["value"]) for row in rows if row["tree"] == ""}
    for row in rows:
        if row["tree"] != "":
            grown.setdefault(int(row["tree"]), []).append(row)
    return Forest(whole["start"], whole["bound"], tuple(_tree(nodes, placed) for nodes in grown.values()))


def _tree(nodes: Sequence[Mapping[str, Any]], placed: Mapping[str, int]) -> Tree:
    def numbers(name: str) -> list[float]:
        return [float(node[name] or 0) for node in nodes]

    return Tree(
        np.array([placed[node["column"]] for node in nodes]),
        np.array(numbers("bound")),
        np.array(numbers("left"), np.int64),
        np.array(numbers("right"), np.int64),
        np.array(numbers("value")),
    )
