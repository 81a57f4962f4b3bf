"""The half-life of a drug, where a text tells it: what a wait of "5 half-lives" comes to is then known."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from assistant.eligibility.patient import Finding
from assistant.eligibility.ranges import exactly
from assistant.eligibility.times.dates import in_units
from assistant.eligibility.times.time_words import number_of, pattern, unit_of
from assistant.eligibility.vocabulary.concepts import all_concepts

_NAME = r"\b(?:half[\s-]?life|t\s?1/2|t½)"
_TOLD = rf"{_NAME}(?:\s?(?:is|was|of|:|=|being|the drug|it)){{0,3}}\s{{0,2}}<LENGTH>"
_LED = rf"<LENGTH>[\s-](?:(?:plasma|elimination|terminal)\s)?{_NAME}"
_REACH = 160
"""Characters within which the drug is named before its half-life."""
_MOST = 10


def with_half_lives(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; the drug named last before a half-life with it."""
    found = list(made)
    for source in (_TOLD, _LED):
        for match in islice(pattern(source).finditer(text), _MOST):
            low, high = number_of(match["low"])
            near = [
                at
                for at, one in enumerate(found)
                if one.words.start <= match.start() and match.start() - one.words.end < _REACH and _is_drug(one)
            ]
            if match["high"] or low != high or not near:
                continue
            last = max(found[at].words.start for at in near)
            days = in_units(exactly(low), unit_of(match["unit"]), "day")
            for at in near:
                if found[at].words.start == last and days.low == days.high:
                    found[at] = replace(found[at], half_life=days.low)
    yield from found


def _is_drug(one: Finding) -> bool:
    known = one.present and one.certain and one.who == "patient" and one.concept in all_concepts()
    return known and all_concepts()[one.concept].kind == "drug"
