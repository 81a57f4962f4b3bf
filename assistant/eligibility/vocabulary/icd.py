"""ICD-10-CM behind the concept tables: what a code is called, and which code lies within which."""

import re
from collections.abc import Callable
from functools import cache

_CODE = re.compile(r"(?:[A-Z]\d[0-9A-Z]|QA\d)(?:\.?[0-9A-Z]{1,4})?")


def dotted(code: str) -> str:
    """A code as ICD-10-CM prints it: "c119" is "C11.9". A block stays as it is."""
    plain = code.strip().upper()
    return f"{plain[:3]}.{plain[3:]}" if len(plain) > 3 and plain[3] not in ".-" else plain


def is_code(text: str) -> bool:
    """Whether a text has the form of an ICD-10-CM code."""
    return _CODE.fullmatch(text.strip().upper()) is not None


def name(code: str) -> str:
    """What ICD-10-CM calls a code, or the nearest code above it that it has; the code itself where there is none."""
    known = _known(dotted(code))
    return _classification()[0](known) if known else code


@cache
def above(code: str) -> tuple[str, ...]:
    """The codes, blocks and shorter codes that a code lies in, the nearest first: I21.4 in I21 in I20-I25."""
    plain = dotted(code)
    shorter = () if "-" in plain else tuple(plain[:end] for end in range(len(plain) - 1, 2, -1) if plain[end - 1] != ".")
    known = _known(plain)
    wider = _classification()[1](known) if known else ()
    return tuple(dict.fromkeys((*shorter, *(each for each in wider if is_code(each) or "-" in each))))


def inside(code: str, span: str) -> bool:
    """Whether a code or range lies wholly in another: I21.4 in I21, in I20-I25; I21-I22 in I20-I25."""
    low, high = _ends(code)
    first, last = _ends(span)
    return _from(first, low) and _to(high, last)


@cache
def _classification() -> tuple[Callable[[str], str], Callable[[str], list[str]], Callable[[str], bool]]:
    """The library's names, ancestors and test of validity; loading the classification takes seconds, so only a code asks for it."""
    from simple_icd_10_cm import get_ancestors, get_description, is_valid_item

    return get_description, get_ancestors, is_valid_item


def _known(code: str) -> str | None:
    """The code, or the longest beginning of it that ICD-10-CM has."""
    whole = (code,) if "-" in code else tuple(code[:end] for end in range(len(code), 2, -1))
    return next((each for each in whole if _classification()[2](each)), None)


def _ends(code: str) -> tuple[str, str]:
    first, _, last = code.partition("-")
    return first.replace(".", ""), (last or first).replace(".", "")


def _from(first: str, low: str) -> bool:
    return low[: len(first)] >= first and (len(low) >= len(first) or low >= first)


def _to(high: str, last: str) -> bool:
    return high[: len(last)] <= last and (len(high) >= len(last) or high + "~" < last)
