"""Typed reading of a nested record: absent and null are None, a wrong type names the path that has it."""

import html
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from index.loaders.page import layout
from index.view import fold

_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")
_SURROGATE = re.compile("[\ud800-\udfff]")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class WrongType(TypeError):
    """A field that holds something else than its kind: `str()` names its path."""

    def __init__(self, path: str, expected: str, value: object) -> None:
        super().__init__(f"{path} should be {expected} and is {str(value)[:60]!r}")


@dataclass(frozen=True)
class Fields:
    """A mapping out of a record, and where in the record it stands."""

    value: Mapping[str, object]
    path: str = ""

    def child(self, name: str) -> "Fields":
        """The mapping under `name`; an empty one where there is none."""
        value = self.value.get(name)
        if value is None:
            return Fields({}, self._at(name))
        if not isinstance(value, Mapping):
            raise WrongType(self._at(name), "an object", value)
        return Fields(value, self._at(name))

    def children(self, name: str) -> tuple["Fields", ...]:
        """The mappings of the list under `name`, nulls left out."""
        found = []
        for n, value in enumerate(self._list(name)):
            if not isinstance(value, Mapping):
                raise WrongType(f"{self._at(name)}[{n}]", "an object", value)
            found.append(Fields(value, f"{self._at(name)}[{n}]"))
        return tuple(found)

    def line(self, name: str) -> str | None:
        """The text under `name` on one line; None where it is missing or blank."""
        return fold(self._text(self._at(name), self.value.get(name))) or None

    def block(self, name: str) -> str | None:
        """The text under `name` with its paragraphs and lists; None where it is missing or blank."""
        return layout(self._text(self._at(name), self.value.get(name))) or None

    def lines(self, name: str) -> tuple[str, ...]:
        """The texts of the list under `name`, each on one line, blanks left out. A single text counts as a list of one."""
        values = [fold(self._text(f"{self._at(name)}[{n}]", value)) for n, value in enumerate(self._list(name))]
        return tuple(value for value in values if value)

    def word(self, name: str) -> str | None:
        """The enumerated value under `name` in API v2's spelling."""
        return word(self.line(name) or "") or None

    def words(self, name: str) -> tuple[str, ...]:
        """The enumerated values under `name` in API v2's spelling."""
        return tuple(word(value) for value in self.lines(name))

    def number(self, name: str) -> int | None:
        """The whole number under `name`."""
        value = self.value.get(name)
        if isinstance(value, str) and re.fullmatch(r"\s*\d{1,12}\s*", value):
            return int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        if isinstance(value, float) and math.isfinite(value) and value == int(value):
            return int(value)
        raise WrongType(self._at(name), "a whole number", value)

    def flag(self, name: str) -> bool | None:
        """The yes or no under `name`."""
        value = self.value.get(name)
        if isinstance(value, str) and value.strip().lower() in _YES_NO:
            return _YES_NO[value.strip().lower()]
        if value is None or isinstance(value, bool):
            return value
        raise WrongType(self._at(name), "true or false", value)

    def _at(self, name: str) -> str:
        return f"{self.path}.{name}".lstrip(".")

    def _list(self, name: str) -> list[object]:
        value = self.value.get(name)
        if isinstance(value, str):
            return [value]
        if value is None or isinstance(value, list):
            return [item for item in value or [] if item is not None]
        raise WrongType(self._at(name), "a list", value)

    @staticmethod
    def _text(path: str, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise WrongType(path, "text", value)
        # Half a surrogate pair can stand in JSON but in no file that we write.
        text = _SURROGATE.sub("\ufffd", str(value))
        return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def word(value: str) -> str:
    """An enumerated value as API v2 spells it: "Active, not recruiting" → ACTIVE_NOT_RECRUITING."""
    return re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_").upper()
