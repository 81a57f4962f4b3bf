"""Performance status, measurable disease and life expectancy, as numbers."""

import re
from collections.abc import Mapping, Sequence
from math import ceil, floor, inf
from typing import Final

from assistant.audit.extraction.asked import Asked, asked, lines_of
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.conditions import Between, Has
from assistant.eligibility.ranges import Range

_MONTHS: Final = {"day": 1 / 30, "week": 1 / 4, "month": 1.0, "year": 12.0}
"""As trials round: 12 weeks are 3 months."""
_WORST: Final = 5
_NOT_NEEDED: Final = re.compile(
    r"\bmeasur(?:e)?able\b[^.;]{0,60}?\b(?:is|are) not (?:required|mandatory|necessary|needed)"
    r"|\b(?:with or without|regardless of) measur(?:e)?able\b"
    r"|\bmeasur(?:e)?able (?:disease |lesions? )?(?:\([^)]{1,60}\) )?(?:and|or|and/or|/) ?(?:\w+ )?non-?measur(?:e)?able\b"
    r"|\bnon-?measur(?:e)?able (?:disease |lesions? )?(?:[^.;]{0,40}\b)?(?:and|or|and/or|/) ?measur(?:e)?able\b",
    re.IGNORECASE,
)
_EITHER_WAY: Final = re.compile(
    r"measur(?:e)?able ?(?:disease |lesions? )?(?:or|and/or|/) ?(?:\w+ )?(?:evaluable|assessable)"
    r"|(?:evaluable|assessable) ?(?:disease |lesions? )?(?:or|and/or|/) ?measur|not required to have measur",
    re.IGNORECASE,
)
"""Disease that may be measurable: "measurable or evaluable"."""
_DEMANDED: Final = re.compile(
    r"(?<!non-)(?<!non)(?<!not )\bmeasur(?:e)?able\b(?:\s\([^)]{1,60}\),?)?\s?(?:[\w,-]+\s){0,3}?"
    r"(?:diseases?|lesions?|sites?|tumou?rs?|cancers?|metastas[ei]s|lymphadenopathy|targets?)\b"
    r"|\b(?:lesions?|diseases?|tumou?rs?|metastas[ei]s)(?:\s\([^)]{1,40}\))?\s(?:that|which)?\s?"
    r"(?:is|are|must be)\smeasur(?:e)?able\b",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"\b(?:considered|(?:is|are|be) defined|not be|no longer|if (?:the )?measur\w+|without|absence of|change in"
    r"|previously (?:irradiated|radiated))\b",
    re.IGNORECASE,
)
"""What says of a sentence that it explains what is measurable."""
_SENTENCES: Final = re.compile(r"(?<=[a-z0-9)])[.;]\s+(?=[A-Z*(])")


def performance(record: Record) -> Mapping[str, Value]:
    """ECOG's bounds, whether disease must be measurable, and the least life expectancy in months."""
    found = tuple(asked(record))
    return {**_ecog(found), **_measurable(record, found), **_life(found)}


def _ecog(found: Sequence[Asked]) -> dict[str, Value]:
    bounds = [
        (one, _bound(one.leaf.range, one.wanted))
        for one in found
        if isinstance(one.leaf, Between) and one.leaf.quantity == "ecog"
    ]
    told = [(one, low, high) for one, (low, high) in bounds if low is not None or high is not None]
    if not told:
        return {}
    spans = tuple(line.span for line in lines_of(one for one, _, _ in told))
    highs = [high for _, _, high in told if high is not None]
    lows = [low for _, low, _ in told if low is not None]
    fields = {"ecog_max": max(highs, default=None), "ecog_min": min(lows, default=None)}
    return {name: Value(value, spans) for name, value in fields.items() if value is not None}


def _bound(range: Range, wanted: bool) -> tuple[int | None, int | None]:
    """The least and the greatest grade that pass, as far as they are said."""
    if wanted:
        return _least(range), _greatest(range)
    if range.low > -inf and range.high in (inf, _WORST, _WORST - 1):
        return None, (floor(range.low) if range.low_open else ceil(range.low) - 1)
    return None, None


def _least(range: Range) -> int | None:
    return None if range.low == -inf else floor(range.low) + 1 if range.low_open else ceil(range.low)


def _greatest(range: Range) -> int | None:
    return None if range.high == inf else ceil(range.high) - 1 if range.high_open else floor(range.high)


def _measurable(record: Record, found: Sequence[Asked]) -> dict[str, Value]:
    """Whether disease must be measurable; false where the record says that it need not be, or may be evaluable instead."""
    denied = [line for line in record.rules.lines if _NOT_NEEDED.search(line.text)]
    if denied:
        return {"measurable_disease": Value(False, tuple(line.span for line in denied))}
    wanting = lines_of(one for one in found if one.wanted and _measures(one))
    lines = [line for line in record.rules.lines if line.kind == "inclusion" and (line in wanting or _demands(line.text))]
    plain = [line for line in lines if not _EITHER_WAY.search(line.text)]
    either = [line for line in record.rules.lines if line.kind == "inclusion" and _EITHER_WAY.search(line.text)]
    said = plain or either
    return {"measurable_disease": Value(bool(plain), tuple(line.span for line in said))} if said else {}


def _demands(text: str) -> bool:
    """Whether a sentence names measurable disease without saying what that is."""
    return any(_DEMANDED.search(one) and not _ASIDE.search(one) for one in _SENTENCES.split(" ".join(text.split())))


def _measures(one: Asked) -> bool:
    return isinstance(one.leaf, Has) and ("measurable-disease" in one.leaf.concepts or "measurable" in one.leaf.traits)


def _life(found: Sequence[Asked]) -> dict[str, Value]:
    told: dict[float, list[Asked]] = {}
    for one in found:
        if isinstance(one.leaf, Between) and one.leaf.quantity == "life-expectancy":
            least = one.leaf.range.low if one.wanted else one.leaf.range.high
            if 0 < least < inf and one.leaf.unit in _MONTHS:
                told.setdefault(round(least * _MONTHS[one.leaf.unit], 1), []).append(one)
    if len(told) != 1:
        return {}
    months, saying = next(iter(told.items()))
    return {
        "life_expectancy_min_months": Value(
            int(months) if months == int(months) else months, tuple(line.span for line in lines_of(saying))
        )
    }
