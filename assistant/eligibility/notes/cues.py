"""Cues: the words of a note that deny, doubt, date or turn what stands beside them, as `knowledge/cues.tsv` lists them."""

import re
from dataclasses import dataclass, field
from functools import cache

from assistant.eligibility.knowledge import rows

_TOKEN = re.compile(r"\([-−–+]\)|(?<![\w+])[-−–+]ve\b|[^\W_]+(?:['’/][^\W_]+)*|\?")
"""A word, or a sign that stands for one: "(-)", "-ve", "?"."""
_GAP = re.compile(r"[\s‐‑-]{0,4}")
_NUMERAL_BEFORE = re.compile(r"(?:type|stage|class|phase|grade|factor|group|category|bipolar|who|nyha)[\s-]+$", re.IGNORECASE)
"""Before these a lone "I" is a Roman one."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a text: what it does, and to which side."""

    start: int
    end: int
    does: str
    side: str


@dataclass(slots=True)
class _Node:
    after: "dict[str, _Node]" = field(default_factory=dict)
    roles: tuple[tuple[str, str], ...] = ()


def tokens_of(text: str) -> list[str]:
    """The words of a text as cues are compared: lower-case, straight apostrophes."""
    return [match[0].lower().replace("’", "'") for match in _TOKEN.finditer(text)]


def spans_of(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as cues are compared, each with its start and end."""
    return [(match[0].lower().replace("’", "'"), match.start(), match.end()) for match in _TOKEN.finditer(text)]


@cache
def _trie() -> _Node:
    root = _Node()
    for row in rows("cues.tsv"):
        for phrase in row["cue"].split("|"):
            node = root
            for word in tokens_of(phrase):
                node = node.after.setdefault(word, _Node())
            role = (row["does"], row["side"])
            if role not in node.roles:
                node.roles = (*node.roles, role)
    return root


@cache
def words_that(does: str) -> frozenset[str]:
    """The single words of the table that do one thing: the words of an anaphor, the verbs of existence."""
    phrases = (phrase for row in rows("cues.tsv") if row["does"] == does for phrase in row["cue"].split("|"))
    return frozenset(word for phrase in phrases for word in tokens_of(phrase))


def find_cues(text: str) -> tuple[Cue, ...]:
    """The cues of a text, leftmost and longest; one with several roles gives a cue for each; "no no" gives one."""
    matches = list(_TOKEN.finditer(text))
    words = [match[0].lower().replace("’", "'") for match in matches]
    found: list[Cue] = []
    place = 0
    last: tuple[list[str], int] | None = None
    while place < len(words):
        node, step, best = _trie(), place, place
        roles: tuple[tuple[str, str], ...] = ()
        while step < len(words) and (after := node.after.get(words[step]) or node.after.get(words[step].removesuffix("'s"))):
            if step > place and not _GAP.fullmatch(text, matches[step - 1].end(), matches[step].start()):
                break
            node = after
            step += 1
            if node.roles:
                best, roles = step, node.roles
        start = matches[place].start()
        roman = words[place] == "i" and _NUMERAL_BEFORE.search(text, max(0, start - 12), start)
        if roles and not roman:
            span = start, matches[best - 1].end()
            said, before = words[place:best], last
            last = said, span[1]
            if before is None or before[0] != said or start - before[1] > 2:
                found.extend(Cue(*span, does, side) for does, side in roles)
        place = max(best, place + 1)
    return tuple(found)
