"""ICD-10-CM behind the concept tables: the names of its categories, and which code lies within which."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_CODE = re.compile(r"(?:[A-Z]\d[0-9A-Z]|QA\d)(?:\.?[0-9A-Z]{1,4})?")
_TABLE = "icd-10-cm.tsv"


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    path = files("assistant.eligibility") / "knowledge" / _TABLE
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    cells = (line.split("\t") for line in lines if line and not line.startswith("#"))
    next(cells, None)
    return MappingProxyType({code: tuple(names.split("|")) for code, names in cells})


@cache
def _blocks() -> tuple[tuple[str, str], ...]:
    ranges = (tuple(code.split("-", 1)) for code in _table() if "-" in code)
    return tuple(sorted((first, last) for first, last in ranges))


def names() -> Iterator[tuple[str, str]]:
    """Each name of each code, as pairs (code, name); a block is spelled "I20-I25"."""
    for code, spelled in _table().items():
        for name in spelled[1:]:
            yield code, name


def dotted(code: str) -> str:
    """A code as ICD-10-CM prints it: "c119" is "C11.9". A block stays as it is."""
    plain = code.strip().upper()
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 and plain[3] not in ".-" else plain


def is_code(text: str) -> bool:
    """Whether a text has the form of an ICD-10-CM code."""
    return _CODE.fullmatch(text.strip().upper()) is not None


def name(code: str) -> str:
    """What ICD-10-CM calls a code, or the nearest code above it that the table holds; the code itself where there is none."""
    for wider in (code, *above(code)):
        if wider in _table():
            return _table()[wider][0]
    return code


def above(code: str) -> tuple[str, ...]:
    """The codes and blocks that a code lies in, the nearest first: I21.4 in I21 in I20-I25."""
    if "-" in code:
        return tuple(
            f"{first}-{last}" for first, last in _blocks() if inside(code, f"{first}-{last}") and f"{first}-{last}" != code
        )
    shorter = [code[:length] for length in range(len(code) - 1, 2, -1) if code[length - 1] != "."]
    return (*shorter, *_around(code[:3]))


@cache
def _around(category: str) -> tuple[str, ...]:
    blocks = _blocks()[: bisect_right(_blocks(), (category, "~"))]
    return tuple(f"{first}-{last}" for first, last in reversed(blocks) if inside(category, f"{first}-{last}"))


def inside(code: str, span: str) -> bool:
    """Whether a code or range lies wholly in another: I21.4 in I21, in I20-I25; I21-I22 in I20-I25."""
    low, high = _ends(code)
    first, last = _ends(span)
    return _from(first, low) and _to(high, last)


def _ends(code: str) -> tuple[str, str]:
    first, _, last = code.partition("-")
    return first.replace(".", ""), (last or first).replace(".", "")


def _from(first: str, low: str) -> bool:
    return low[: len(first)] >= first and (len(low) >= len(first) or low >= first)


def _to(high: str, last: str) -> bool:
    return high[: len(last)] <= last and (len(high) >= len(last) or high + "~" < last)
