"""A message without what is said to the program alone: orders, forged turns, hidden characters. They ask for nothing and tell nothing."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from assistant.safety.tables import rows
from assistant.safety.triage import LIKE, danger
from index.view import INVISIBLE

LONGEST: Final = 20_000
"""Characters in which orders are looked for."""
_ESCAPES: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-_])")
"""What steers a terminal (ECMA-48)."""
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENDS: Final = re.compile(
    r"[.!?](?=\s|$|[\"”'’)])[\"”'’)]*|\n"
    r"|[,:;–—-](?=\s*(?:and |but |so )?(?:i|i['’]m|i['’]ve|my|he|she|we|can|could|may|am|is|are|does|do|what|which|how|when|where|who"
    r"|decide|tell)\b)",
    re.IGNORECASE,
)
"""Where an order ends: with its sentence, or where somebody goes on to tell or to ask."""


def heard(message: str) -> str:
    """The message as it is read: legible, and without orders unless what stands among them tells of danger."""
    plain = legible(message)
    asked = without_orders(plain)
    found = danger(plain) if asked != plain else None
    return plain if found and found.category != LIKE else asked


def legible(message: str) -> str:
    """The message without characters that nobody sees and that steer a terminal or the order of reading."""
    return _CONTROLS.sub(" ", INVISIBLE.sub("", _ESCAPES.sub(" ", message)))


def without_orders(message: str) -> str:
    """The message without its orders; the whole of it where nothing else is said."""
    if len(message) > LONGEST:
        return message
    left = message
    for pattern in _orders("all"):
        left = pattern.sub(" ", left)
    left = _without(left, sorted(_clause(left, order) for pattern in _orders("clause") for order in pattern.finditer(left)))
    return left.strip() if re.search(r"\w{2}", left) else message


def _clause(text: str, order: re.Match[str]) -> tuple[int, int]:
    """The clause that an order opens; nothing of it where it ends in a question, which is one."""
    ends = _ENDS.search(text, order.end())
    stop = ends.end() if ends else len(text)
    return order.start(), order.start() if "?" in text[order.start() : stop] else stop


def _without(text: str, stretches: Iterable[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, stop in stretches:
        if stop > at:
            kept.append(text[at : max(at, start)])
            at = stop
    return " ".join([*kept, text[at:]])


@cache
def _orders(reach: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(row["pattern"], re.IGNORECASE | (re.MULTILINE if row["kind"] == "speaker" else re.NOFLAG))
        for row in rows("orders.tsv")
        if row["reach"] == reach
    )
