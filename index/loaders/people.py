"""Contacts and officials as pages list them: a name, then a role, telephone numbers, an e-mail address."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.loaders import vocabulary
from index.loaders.lines import Line, shown, stretch
from index.trial import Contact, Source

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"(?:tel|phone|mobile|telephone)?[.:\s]*(\+?[\d(][\d\s().+/-]{5,}\d(?:\s*(?:ext|x)\.?\s*\d+)?)", re.IGNORECASE
)
ROLE = re.compile(r"role:\s*(.+)", re.IGNORECASE)
RANK = re.compile(r"(?:primary|backup|secondary|additional)(?:\s+contact)?:?", re.IGNORECASE)
"""What stands over a contact's name in some pages."""
OFFICIAL_ROLES = vocabulary.ROLES - {"CONTACT"}


def people(source: Source, body: Sequence[Line], role: str | None = None) -> Iterator[Contact]:
    """Everyone in the lines: a name is a line that is no role, number or address and has one of those after it.

    `role` is what those have that no role is printed for.
    """
    body = [line for line in body if not RANK.fullmatch(line.text)]
    starts = [at for at in range(len(body)) if _is_name(body, at)]
    for start, until in pairwise([*starts, len(body)]):
        yield _person(source, body[start:until], role)


def _is_detail(line: Line) -> bool:
    return bool(EMAIL.search(line.text) or PHONE.fullmatch(line.text) or ROLE.fullmatch(line.text))


def _is_name(body: Sequence[Line], at: int) -> bool:
    if _is_detail(body[at]):
        return False
    return at == 0 or (_is_detail(body[at - 1]) and (at + 1 == len(body) or _is_detail(body[at + 1])))


def _person(source: Source, body: Sequence[Line], role: str | None) -> Contact:
    said = [shown(source, line) for line in body]
    roles = [found[1] for line in said if (found := ROLE.fullmatch(line))]
    rest = [line for at, line in enumerate(said[1:], 1) if not _is_detail(body[at])]
    return Contact(
        name=said[0],
        role=(vocabulary.choice(roles[0], vocabulary.ROLES) or role) if roles else role,
        phone=next((found[1] for line in said[1:] if (found := PHONE.fullmatch(line))), None),
        email=next((found[0] for line in said[1:] if (found := EMAIL.search(line))), None),
        span=stretch(source, body[0], body[-1]),
        affiliation=rest[0] if rest else None,
    )
