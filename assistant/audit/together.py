"""Things that hang together because they share something: the one owner of how lines, pairs and findings are grouped."""

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import TypeVar

_T = TypeVar("_T")


def together(things: Iterable[_T], shared: Callable[[_T], Collection[Hashable]]) -> list[list[_T]]:
    """The things in groups, each group all that share something with one another, over others too; the group last added to is last."""
    groups: list[tuple[set[Hashable], list[_T]]] = []
    for one in things:
        own = set(shared(one))
        near = [group for group in groups if group[0] & own]
        merged = own.union(*(names for names, _ in near)), [*(each for _, members in near for each in members), one]
        groups = [*(group for group in groups if not group[0] & own), merged]
    return [members for _, members in groups]
