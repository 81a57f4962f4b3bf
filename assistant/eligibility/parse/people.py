"""Ages and sexes as criteria write them: "aged 2 months to 20 years", "18+", "male or female", "women of childbearing potential"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import Literal, cast

from assistant.eligibility.parse.tables import Group, ages_named, groups
from assistant.eligibility.ranges import Range

_YEARS = {
    "year": 1.0,
    "yr": 1.0,
    "y": 1.0,
    "month": 1 / 12,
    "mo": 1 / 12,
    "week": 7 / 365.25,
    "wk": 7 / 365.25,
    "day": 1 / 365.25,
}
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "six": 6, "ten": 10, "twelve": 12, "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-one": 21,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "sixty-five": 65, "seventy": 70, "seventy-five": 75, "eighty": 80,
}  # fmt: skip
_N = rf"(?:\d{{1,3}}(?:\.\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_U = r"(?:years?|yrs?|y(?:\.?o\.?)?|months?|mos?|weeks?|wks?|days?)\b\.?"
_OLD = r"(?:\s*[-–]?\s*(?:of\s+age|olds?|in\s+age|aged?)\b)?"
_LOW = (
    r"(?:≥|>=|=>|>/=|>\s*or\s*=|⩾|≧|greater\s+than\s+or\s+equal\s+to|more\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:greater|older|more)\s+than|"
    r"older\s+than\s+or\s+equal\s+to|at\s+least|from|minimum(?:\s+of)?|not\s+(?:younger|less)\s+than|no\s+(?:younger|less)\s+than)"
)
_ABOVE = r"(?:>|above|over|older\s+than|greater\s+than|more\s+than|exceeding)"
_HIGH = (
    r"(?:≤|<=|=<|</=|<\s*or\s*=|⩽|≦|less\s+than\s+or\s+equal\s+to|equal\s+to\s+or\s+(?:less|younger)\s+than|younger\s+than\s+or\s+equal\s+to|up\s+to|"
    r"at\s+most|until|maximum(?:\s+of)?|not\s+(?:older|more|greater)\s+than|no\s+(?:older|more|greater)\s+than|not\s+exceeding)"
)
_BELOW = r"(?:<|below|under|younger\s+than|less\s+than)"
_TO = r"(?:\s*(?:-|–|—|‐|‑|~|to|and|through|until|up\s+to|or)\s*)"
_ADDED = (
    r"(?:\s*(?:\+|(?:,\s*)?(?:and|or)\s+(?:older|over|above|more|greater|up)|upwards?|"
    r"(?:,\s*)?(?:and|or)\s+(?P<down>younger|less|under|below)))"
)
_AGE = (
    r"(?:(?:chronological\s+|gestational\s+)?ages?d?(?:\s+(?:of|is|was|must\s+be|should\s+be|range|limit|group))*"
    r"\s*[:=]?\s*(?:between\s+|range\s+)?)"
)
_LIMIT = r"(?:eligible\s+)?age(?:\s+limit)?\s*(?:is|of|for\s+\w+)?\s*[:=]?\s*"
_TAIL = r"(?:\s*[,(]?\s*(?:both\s+)?inclusive(?:ly)?\b\)?|\s*\(\s*inclusive\s*\))?"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # ≥ 18 years and ≤ 70 years
        rf"{_AGE}?(?P<c1>{_LOW}|{_ABOVE})\s*(?:the\s+age\s+of\s+)?(?P<n1>{_N})\s*(?P<u1>{_U})?{_OLD}\s*(?:,|and|or|to|but|-|–|&)*\s*"
        rf"(?P<c2>{_HIGH}|{_BELOW})\s*(?:the\s+age\s+of\s+)?(?P<n2>{_N})\s*(?P<u2>{_U})?{_OLD}{_TAIL}",
        # minimum age 18 years
        rf"(?:minimum|lower|min)\.?\s*{_LIMIT}(?P<n1>{_N})\s*(?P<u1>{_U})?{_OLD}",
        rf"(?:maximum|upper|max)\.?\s*{_LIMIT}(?P<n2>{_N})\s*(?P<u2>{_U})?{_OLD}",
        # 18 ≤ age ≤ 70 years
        rf"(?P<n1>{_N})\s*(?P<u1>{_U})?\s*(?P<b1>≤|<=|<)\s*age\s*(?P<c2>{_HIGH}|{_BELOW})\s*(?P<n2>{_N})\s*(?P<u2>{_U})?{_OLD}",
        # aged 2 months to 20 years; between 18 and 75 years of age
        rf"(?P<lead>{_AGE}|between\s+(?:the\s+)?ages\s+of\s+|between\s+)?(?:from\s+)?(?P<n1>{_N})\s*(?P<u1>{_U})?{_OLD}{_TO}(?:(?P<c2>{_BELOW})\s*)?"
        rf"(?P<n2>{_N})\s*(?P<u2>{_U})?{_OLD}{_TAIL}",
        # 18 years or older; 18+
        rf"(?P<lead>{_AGE})?(?P<n1>{_N})\s*(?P<u1>{_U})?{_OLD}{_ADDED}{_OLD}",
        # at least 18 years
        rf"(?P<lead>{_AGE})?(?P<c1>{_LOW}|{_ABOVE})\s*(?:the\s+age\s+of\s+)?(?P<n1>{_N})\s*(?P<u1>{_U})?{_OLD}(?P<down>(?!))?",
        rf"(?P<lead>{_AGE})?(?P<c2>{_HIGH}|{_BELOW})\s*(?:the\s+age\s+of\s+)?(?P<n2>{_N})\s*(?P<u2>{_U})?{_OLD}",
    )
)
_SAYS_AGE = re.compile(r"\bag(?:e|es|ed)\b|\bold(?:er)?\b|younger|y\.?o\b", re.IGNORECASE)
_BARE = re.compile(r"\d\s*\+|\d\s*(?:years?|yrs?)\b", re.IGNORECASE)
_NEAR = re.compile(r"\d|\b(?:" + "|".join(_NUMBERS) + r")\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """A stretch that names an age, a sex, everybody or a group; "empty" for "adults" beside an age in numbers."""

    kind: Literal["age", "sex", "everybody", "group", "empty"]
    start: int
    end: int
    age: Range | None = None
    sex: Literal["female", "male"] | None = None
    group: Group | None = None


def people(text: str) -> tuple[Person, ...]:
    """Ages, sexes and groups in order of text, without overlap."""
    taken: list[Person] = []
    end = 0
    ages = list(_ages(text))
    for person in sorted([*ages, *_groups(text), *_age_groups(text, bool(ages))], key=lambda found: (found.start, -found.end)):
        if person.start >= end:
            taken.append(person)
            end = person.end
    return tuple(taken)


def _ages(text: str) -> Iterator[Person]:
    whole = len(text) < 90 and bool(_BARE.search(text))
    if not _SAYS_AGE.search(text) and not whole:
        return
    place = 0
    for near in _NEAR.finditer(text):
        if near.start() < place:
            continue
        start = _begin(text, near.start(), place)
        match = _first(text, start, near.start())
        if match and (person := _age(text, match, whole)):
            yield person
            place = person.end


def _age_groups(text: str, numbered: bool) -> Iterator[Person]:
    """ "Adults", "children": an age by themselves, nothing more beside a number."""
    for match in _age_group_pattern().finditer(text):
        if _WITH_CARERS.match(text, match.end()) or _NURSED.search(text, max(0, match.start() - 20), match.start()):
            continue
        low, high = ages_named()[" ".join(match[0].lower().split())]
        age = Range(low or -inf, high, high_open=high < inf)
        yield Person("empty", match.start(), match.end()) if numbered else Person("age", match.start(), match.end(), age=age)


_OF_A_PAST = re.compile(
    r"\b(?:diagnos\w+|onset|symptoms)\b[^.;:]{1,200}(?<![,\s])(?<!\band)(?<!\bor)(?<!\bare)\s*$", re.IGNORECASE
)
"""What makes an age behind it that of an illness, not of the patient today: "diagnosed with asthma before the age of 12"."""


_NURSED = re.compile(r"(?:feeding|feed|nursing)\s+(?:an?\s+|the\s+|their\s+|her\s+)?$", re.IGNORECASE)
_WITH_CARERS = re.compile(
    r"[\s-]*onset\b|\s*(?:/|and|or|and/or)\s*(?:(?:their|his|her|the)\s+)?(?:care-?\s?givers?|carers?|parents?|guardians?)",
    re.IGNORECASE,
)
"""What follows where the line speaks of a household or of a disease's onset: "children/caregivers", "adult-onset"."""


@cache
def _age_group_pattern() -> re.Pattern[str]:
    words = (re.escape(word).replace(r"\ ", r"\s+") for word in sorted(ages_named(), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(words)})(?![\w-])", re.IGNORECASE)


def _begin(text: str, number: int, floor: int) -> int:
    return max(floor, number - 60)


def _first(text: str, floor: int, number: int) -> re.Match[str] | None:
    """The best pattern around the number: earliest start, then longest."""
    found = []
    stop = min(len(text), number + 90)
    for pattern in _PATTERNS:
        for match in pattern.finditer(text, floor, stop):
            if match.start() <= number < match.end():
                found.append(match)
                break
    found = [match for match in found if not text[match.start() - 1 : match.start()].isalnum() or match.start() == 0]
    return max(found, key=lambda match: match.end() - match.start(), default=None)


def _age(text: str, match: re.Match[str], whole: bool) -> Person | None:
    said = match.groupdict()
    words = match[0]
    before = text[max(0, match.start() - 25) : match.start()]
    names_age = bool(_SAYS_AGE.search(words)) or bool(re.search(r"\bage[sd]?\W{0,3}(?:\w+\W+){0,2}$", before, re.IGNORECASE))
    if not names_age and not (
        whole
        and re.search(
            r"\b(?:adults?|males?|females?|men|women|patients?|subjects?|participants?|children|infants|toddlers|adolescents|boys|girls|newborns|must\s+be|are)(?:\s+from|\s+between)?\W*$|^\W*$",
            before,
            re.I,
        )
    ):
        return None
    if not (said.get("u1") or said.get("u2")) and re.match(
        r"\s*(?:%|mg|kg|cm|mm|g/|ml|weeks?|cycles?|times)", text[match.end() :], re.I
    ):
        return None
    if not _SAYS_AGE.search(words) and re.match(
        r"\s*(?:on|since|after|before|prior|ago|duration|from)\b", text[match.end() :], re.I
    ):
        return None
    if re.match(r"(?:between|at|before|by|from)\b", words.strip(), re.I) and _OF_A_PAST.search(text, 0, match.start()):
        return None
    if re.search(r"(?:gestational|bone|mental|developmental)\s+age", words + before, re.I):
        return None
    unit2 = said.get("u2") or said.get("u1")
    unit1 = said.get("u1") or unit2
    low = _years(said.get("n1"), unit1)
    high = _years(said.get("n2"), unit2)
    c1, c2, b1 = said.get("c1") or "", said.get("c2") or "", said.get("b1") or ""
    low_open = bool(re.fullmatch(_ABOVE, c1, re.I)) or b1 == "<"
    high_open = bool(re.fullmatch(_BELOW, c2, re.I))
    if said.get("down"):
        low, high, low_open = None, low, False
    if low is None and high is None:
        return None
    if low is not None and high is not None and low > high:
        return None
    bounds = Range(-inf if low is None else low, inf if high is None else high, low_open, high_open)
    return Person("age", match.start(), match.start() + len(words.rstrip(" ,.")), age=bounds)


def _years(number: str | None, unit: str | None) -> float | None:
    if number is None:
        return None
    value = float(_NUMBERS[number.lower()]) if number.lower() in _NUMBERS else float(number)
    name = re.sub(r"[^a-z]", "", (unit or "year").lower()).removesuffix("s")
    name = "y" if name == "yo" else name
    return round(value * _YEARS[name], 6)


@cache
def _group_patterns() -> tuple[tuple[re.Pattern[str], Group], ...]:
    """Each group with the pattern of its phrases."""
    return tuple(
        (re.compile(rf"(?<!\w)(?:{'|'.join(map(_phrase, group.phrases))})(?!\w)(?!{_OF_OTHERS})", re.IGNORECASE), group)
        for group in groups()
    )


_OF_OTHERS = r"[\s-]+(?:sex(?:ual)?\s+)?(?:partners?|spouses?|relatives?|donors?|hormones?|condoms?)\b"
"""What makes a sex that of somebody or something else: "the female partner"."""


def _phrase(phrase: str) -> str:
    parts = re.split(r"[{}]", phrase.strip())
    plain = [re.escape(part).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]*") for part in parts]
    return "".join(f"(?:{part.replace(',', '|')})" if at % 2 else part for at, part in enumerate(plain))


def _groups(text: str) -> Iterator[Person]:
    for pattern, group in _group_patterns():
        for match in pattern.finditer(text):
            if group.sex == "any":
                yield Person("everybody", match.start(), match.end(), group=group)
            elif group.concept or group.always:
                yield Person("group", match.start(), match.end(), sex=_sex(group), group=group)
            else:
                yield Person("sex", match.start(), match.end(), sex=_sex(group), group=group)


def _sex(group: Group) -> Literal["female", "male"] | None:
    return cast(Literal["female", "male"], group.sex) if group.sex in ("female", "male") else None
