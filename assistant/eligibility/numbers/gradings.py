"""Finds classes on scales (stages, TNM, NYHA, Child-Pugh, response …) and CTCAE grades, in criteria and in notes."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import NamedTuple

from assistant.eligibility.numbers.quantities import Scale, all_scales, scale
from assistant.eligibility.numbers.units import collapsed, folded, lowered
from assistant.eligibility.ranges import Range


@dataclass(frozen=True, slots=True)
class GradingMention:
    """A class on a scale that is not a plain number: "Stage IIIB or IV (AJCC 8th edition)"."""

    start: int
    end: int
    scale: str
    """An id of `quantities.all_scales()`."""
    values: frozenset[str]
    """All that the words allow or leave possible, refinements included: "stage IV" → {"IV", "IVA", "IVB", "IVC", …}."""
    edition: str | None = None


@dataclass(frozen=True, slots=True)
class GradeMention:
    """A CTCAE grade or a range of them: "grade ≥ 2" is Range(2)."""

    start: int
    end: int
    range: Range


_AT_LEAST = r"≥|>=|=>|> ?or ?=|at least|(?:greater|higher|more) than or equal to|no(?:t)? (?:less|lower) than|minimum(?: of)?"
_MORE = r">|above|(?:greater|higher|more|worse) than|over|exceeding|beyond"
_AT_MOST = (
    r"≤|<=|=<|< ?or ?=|at most|(?:less|lower) than or equal to|no(?:t)? (?:more|higher|greater|worse) than"
    r"|up to|maximum(?: of)?|not exceeding"
)
_LESS = r"<|below|(?:less|lower|better) than|under"
_SIGN = re.compile(rf"(?:(?P<ge>{_AT_LEAST})|(?P<le>{_AT_MOST})|(?P<gt>{_MORE})|(?P<lt>{_LESS}))\s{{0,2}}")
_AFTER = re.compile(
    r"\s{0,2}(?:(?P<ge>\(?(?:or|and|/)\s"
    r"(?:higher|greater|more|above|worse|over|up|beyond|later|more advanced|more severe|any higher)\b\)?"
    r"|\+|and up|(?:and )?(?:on|up)wards?\b)"
    r"|(?P<le>\(?(?:or|and|/)\s(?:lower|less|below|better|fewer|earlier|lesser)\b\)?))"
)
_TO = re.compile(r"\s{0,2}(?:-|to\b|through\b|thru\b|~|until\b)\s{0,2}")
_LIST = re.compile(r"\s{0,2}(?:,\s{0,2}(?:and/or|or|and)\b|and/or\b|or\b|and\b|/|,|&|\+)\s{0,2}")
_FILLERS = (
    "is was are of as in being classification class stages stage grade score category status criteria "
    "group level type the be with has a"
)
_BETWEEN = re.compile(
    rf"\s{{0,3}}(?:[:=,(]\s{{0,2}}|-\s?(?=[a-z0-9])|(?:{_FILLERS.replace(' ', '|')})\b\s{{0,2}}|\((?:[a-z/&-]{{2,30}})\)\s{{0,2}})"
)


_LETTER = re.compile(r"(?:(?P<to>-)|/|\sor\s)(?P<letter>[b-d])(?![a-z0-9]|\s(?:symptom|cell))")
"""A class of which only the letter is said again: "stage IIIA-C", "IIIA/B"."""


class _Classes(NamedTuple):
    """A class expression: what it allows, and where it ends."""

    values: frozenset[str]
    end: int
    spelled: int
    """How many classes are written out."""


@cache
def _value_pattern(scale_id: str) -> re.Pattern[str]:
    spellings = sorted((s.removesuffix("…") for s in scale(scale_id).spellings), key=lambda s: (-len(s), s))
    body = "|".join(re.escape(spelling).replace(r"\ ", r"[ -]") for spelling in spellings)
    return re.compile(rf"(?:{body})(?![a-z0-9]|\.[a-z\d]|\s?%|-(?:year|month|week|day|hour|fold)| ?(?:mg|mcg|ml|g|kg|mm|cm)\b)")


def _meant(each: Scale, spelling: str) -> frozenset[str]:
    key = spelling.replace("-", " ") if spelling not in each.spellings and f"{spelling}…" not in each.spellings else spelling
    return each.spellings.get(key) or each.spellings.get(f"{key}…") or frozenset()


def _upward(each: Scale, values: frozenset[str], sign: str) -> frozenset[str]:
    """What "≥", "<" … of a class allows, by the scale's order; a class that has refinements is allowed with all of them only."""
    places = [each.values.index(value) for value in values]
    order = range(len(each.values))
    chosen = {
        "ge": [place for place in order if place >= min(places)],
        "gt": [place for place in order if place > max(places)],
        "le": [place for place in order if place <= max(places)],
        "lt": [place for place in order if place < min(places)],
    }[sign]
    return _whole(each, frozenset(each.values[place] for place in chosen))


def _span(each: Scale, low: frozenset[str], high: frozenset[str]) -> frozenset[str]:
    return _whole(each, _upward(each, low, "ge") & _upward(each, high, "le")) | (low if low == high else frozenset())


def _whole(each: Scale, values: frozenset[str]) -> frozenset[str]:
    return frozenset(value for value in values if each.within(value) <= values)


def _sign_of(match: re.Match[str] | None) -> str | None:
    return None if match is None else next((name for name, found in match.groupdict().items() if found), None)


def _classes(each: Scale, text: str, at: int, noun: str = "") -> _Classes | None:
    """The class expression at an offset: "III or IV", "IIB-IVA", "≥ II", "II or higher", "I, II or IIIA"."""
    pattern = _value_pattern(each.id)
    sign = _SIGN.match(text, at)
    start = _past(text, sign.end(), noun) if sign is not None else at
    first = pattern.match(text, start)
    if first is None:
        return None
    values = latest = _meant(each, first[0])
    end, spelled, said = first.end(), 1, first[0]
    if sign is not None:
        values = _upward(each, latest, _sign_of(sign) or "ge")
    while spelled < 12:
        joint = _TO.match(text, end)
        ranged = joint is not None
        joint = joint or _LIST.match(text, end)
        following = pattern.match(text, _past(text, joint.end(), noun)) if joint is not None else None
        letter = _LETTER.match(text, end) if following is None else None
        lettered = f"{said[:-1]}{letter['letter']}" if letter is not None and said[-1:] < letter["letter"] else ""
        if letter is not None and said[-1:] in "abc" and (meant := _meant(each, lettered)):
            values = values | (_span(each, latest, meant) if letter["to"] and sign is None else meant)
            latest, end, spelled, said = meant, letter.end(), spelled + 1, lettered
            continue
        if following is None:
            break
        meant, said = _meant(each, following[0]), following[0]
        values = values | (_span(each, latest, meant) if ranged and sign is None else meant)
        latest, end, spelled = meant, following.end(), spelled + 1
    after = _AFTER.match(text, end) if sign is None else None
    if after is not None:
        values, end = values | _upward(each, latest, _sign_of(after) or "ge"), after.end()
    return _Classes(values, end, spelled) if values else None


def _past(text: str, at: int, noun: str) -> int:
    """Past a repeated lead: "stage III or stage IV"."""
    return at + len(noun) + 1 if noun and text.startswith(noun + " ", at) else at


@cache
def _leads() -> dict[str, list[tuple[str, str]]]:
    """First word to the leads that start with it, longest first, each with its scale."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in all_scales().values():
        for lead in each.leads:
            found.setdefault(re.split(r"[^a-z0-9]", lead)[0], []).append((lead, each.id))
    return {word: sorted(leads, key=lambda item: -len(item[0])) for word, leads in found.items()}


@cache
def _lead_pattern(lead: str) -> re.Pattern[str]:
    words = re.split(r"[ -]", lead)
    gap = r"(?:'s)?(?:\s|-|\s?\([a-z/&-]{1,30}\)\s?){1,2}"
    return re.compile(gap.join(map(re.escape, words)) + r"(?:'s)?(?![a-z0-9])")


_WORD = re.compile(r"(?<![a-z0-9])[a-z][a-z0-9]*")
_STOP = re.compile(r"[.;!?](?=\s|$)|\n")


def _led(text: str) -> Iterator[GradingMention]:
    """Classes that a lead announces: "NYHA class III"; "stage 3 CKD" is by its tail no anatomic stage."""
    leads = _leads()
    done = 0
    for word in _WORD.finditer(text):
        if word.start() < done or word[0] not in leads:
            continue
        for lead, scale_id in leads[word[0]]:
            match = _lead_pattern(lead).match(text, word.start())
            if match is None:
                continue
            mention = _after_lead(scale(scale_id), text, match)
            if mention is not None:
                yield mention
                done = mention.end
                break


def _after_lead(each: Scale, text: str, lead: re.Match[str]) -> GradingMention | None:
    at = lead.end()
    noun = lead[0].split()[-1]
    start = lead.start()
    before = re.search(rf"(?:{_AT_LEAST}|{_AT_MOST}|{_MORE}|{_LESS})\s{{0,2}}$", text[max(0, start - 30) : start])
    for _ in range(5):
        at = _blanks(text, at)
        if at > lead.end() or text[at - 1 : at + 1].strip() != text[at - 1 : at]:
            classes = _classes(each, text, at, noun)
            if classes is not None:
                return _mention(each, text, start, classes, before)
        filler = _BETWEEN.match(text, at)
        if filler is None or filler.end() == at:
            return None
        at = filler.end()
    return None


_FROM = re.compile(r"(?<!ed )(?<!went )(?<!gone )(?<!moved )\bfrom\s{1,2}$")
"""What stands before the lowest class let in: "melanoma from stage IIB"; no move from one class to another."""


def _blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _mention(each: Scale, text: str, start: int, classes: _Classes, before: re.Match[str] | None) -> GradingMention | None:
    values = classes.values
    sign = _sign_of(_SIGN.match(before[0] + " ")) if before is not None else None
    if before is None and classes.spelled == 1 and _FROM.search(text, max(0, start - 30), start):
        values = _upward(each, values, "ge")
    if before is not None and sign is not None:
        values = _upward(each, values, sign)
        start -= len(before[0])
    if each.id == "stage":
        other = _by_tail(text, classes.end) or _by_head(text, start, classes.end)
        if other is not None:
            lead = _STAGE.search(text, start, classes.end)
            again = _classes(other, text, lead.end()) if lead is not None else None
            if again is None:
                return None
            values = _upward(other, again.values, sign) if sign else again.values
            return GradingMention(start, again.end, other.id, values)
    if each.id == "who-npc-type" and _of_brain(text, start, classes.end):
        return None
    return GradingMention(start, classes.end, each.id, values, _edition(each, text, start, classes.end)) if values else None


_STAGE = re.compile(r"stages?\s{0,3}(?:of |= ?|: ?)?")


def _by_tail(text: str, end: int) -> Scale | None:
    tail = text[end : end + 40].lstrip(" ,(-")
    return next((each for each in all_scales().values() if any(tail.startswith(word) for word in each.tails)), None)


def _by_head(text: str, start: int, end: int) -> Scale | None:
    """The scale of a stage in Arabic figures whose disease is named before it: "chronic kidney disease (KDOQI) stage 3"."""
    if not any(mark.isdigit() for mark in text[start:end]):
        return None
    before = text[max(0, start - 45) : start]
    before = before[max(before.rfind(mark) for mark in ".;\n,") + 1 :]
    return next((each for each in all_scales().values() if any(f" {word}" in f" {before}" for word in each.tails)), None)


_BRAIN = re.compile(r"gliom|astrocyt|ependym|mening|glioblast|oligodendro|performance|ecog|brain|thymom|obes|bmi")


def _of_brain(text: str, start: int, end: int) -> bool:
    """Whether "WHO II" speaks of another of the WHO's scales."""
    return _BRAIN.search(text, max(0, start - 60), end + 40) is not None


_EDITION = re.compile(
    r"(?:(?P<number>\d)\s?(?:st|nd|rd|th)|(?P<word>sixth|seventh|eighth|ninth))[\s-]?(?:(?:ajcc|uicc|tnm)[\s/-]){0,2}"
    r"(?:(?<=ajcc.)|(?<=uicc.)|(?<=tnm.)|ed\b|ed\.|edition|version)"
    r"|(?:ajcc|uicc|tnm)[ /a-z()-]{0,12}?(?P<bare>\d)(?:st|nd|rd|th)"
    r"|(?:edition|version)\s(?P<of>\d)\sof\sthe\s(?:ajcc|uicc|tnm)"
    r"|(?:ajcc|uicc|tnm)[ /a-z(),-]{0,30}?(?:v\.?|version|edition|ed\.?)\s?(?P<version>\d)(?!\d)"
    r"|(?:ajcc|uicc|tnm)\s?-?(?P<joined>[6-9])(?![\d.])"
)
_NO_EDITION = re.compile(
    r"[\s)]{0,2}(?:(?:edition|ed\.?|stage|staging)\s)?(?:is |was )?(?:not|never|unknown|unavailable|missing|n/a)\b"
)
"""Behind an edition by which a note does not stage: "8th not recorded"."""
_EDITION_WORDS = {"sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9"}


def _edition(each: Scale, text: str, start: int, end: int) -> str | None:
    """The edition of a staging system that is named in the same sentence, not far off."""
    if not each.editions:
        return None
    low, high = max(0, start - 100), min(len(text), end + 120)
    stop = _STOP.search(text, end, high)
    before = [match.end() for match in _STOP.finditer(text, low, start)]
    return _edition_named(each, text, end, stop.start() if stop else high) or _edition_named(
        each, text, before[-1] if before else low, start
    )


def _edition_named(each: Scale, text: str, start: int, end: int) -> str | None:
    """The first edition of a scale's system that a stretch names and does not call missing."""
    for match in _EDITION.finditer(text, start, end):
        if _NO_EDITION.match(text, match.end()) is None:
            found = next((digit for name, digit in match.groupdict().items() if digit and name != "word"), None)
            found = found or _EDITION_WORDS[match["word"]]
            return found if found in each.editions else None
    return None


def edition_of(text: str) -> str | None:
    """The one edition of the TNM system that a sentence names."""
    named = {
        _edition_named(scale("stage"), lowered(text), match.start(), len(text)) for match in _EDITION.finditer(lowered(text))
    }
    return named.pop() if len(named) == 1 else None


_SYSTEM = (
    r"(?:a\s?jcc|uicc|tnm|figo|valg|american joint (?:committee|commission)(?: on cancer)?|union for international cancer control"
    r"|international union against cancer)(?:[- ]?(?:[6-9](?![\d.]|\s?th)|(?:19|20)\d\d\b))?"
)
_VERSION = (
    r"(?:\d\s?(?:st|nd|rd|th)|sixth|seventh|eighth|ninth)(?:\s?(?:edition|version|ed\b\.?))?"
    r"|(?:edition|version|ed\.?|v\.?)\s?[6-9](?![\d.])"
)
_ABOUT_SYSTEM = re.compile(
    rf"(?P<strong>(?<![a-z0-9])(?:{_SYSTEM}|{_VERSION})(?![a-z0-9]))"
    r"|(?P<noun>(?<![a-z])(?:staging|stages?|systems?|manual|cancer|classifications?|criteria|guidelines?|edition|version)(?![a-z]))"
    r"|(?P<link>(?<![a-z])(?:according to|as defined by|as determined by|as assessed by|defined by|determined by|based on|assessed by"
    r"|in accordance with|as per|per|by|using|on|of|in|with|the|and|clinical|pathologic(?:al)?)(?![a-z])|[,;/&:=-])"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|\s{1,3}"
)
"""The words of a staging system and its edition, and what stands between them: "according to the 9th edition of the AJCC manual"."""
_STRONG = re.compile(rf"(?<![a-z0-9])(?:{_SYSTEM}|{_VERSION})(?![a-z0-9])")
_PIECES_OF_SYSTEM = 40
_FARTHEST_SYSTEM = 120


def _system_after(text: str, at: int) -> int:
    """Where the words of a staging system that follow a class end; `at` where none do. Brackets are taken whole or not at all."""
    end, depth, strong, place = at, 0, False, at
    for _ in range(_PIECES_OF_SYSTEM):
        match = _ABOUT_SYSTEM.match(text, place)
        if match is None:
            break
        place = match.end()
        strong = strong or match["strong"] is not None
        depth += (match["open"] is not None) - (match["close"] is not None)
        if depth < 0:
            break
        if strong and depth == 0 and match["link"] is None and match[0].strip():
            end = place
    return end


def _system_before(text: str, start: int) -> int:
    """Where the words of a staging system that lead up to a class begin; `start` where none do."""
    low = max(0, start - 110)
    run: list[re.Match[str]] = []
    for match in _ABOUT_SYSTEM.finditer(text, low, start):
        if run and run[-1].end() != match.start():
            run = []
        run.append(match)
    if not run or run[-1].end() != start or (low and run[0].start() == low):
        return start
    first = next((place for place, match in enumerate(run) if match["strong"]), None)
    if first is None or any(match["close"] for match in run[:first]) or _unbalanced(run[first:]):
        return start
    while first and (
        run[first - 1]["noun"] or run[first - 1]["link"] not in (None, ",", ";", "and") or not run[first - 1][0].strip()
    ):
        first -= 1
    return run[first].start() + len(run[first][0]) - len(run[first][0].lstrip())


def _unbalanced(run: Sequence[re.Match[str]]) -> bool:
    return sum(match["open"] is not None for match in run) != sum(match["close"] is not None for match in run)


def _with_systems(text: str, kept: Sequence[GradingMention]) -> Iterator[GradingMention]:
    """The classes of systems that have editions with the words of their system; where these stand apart, the class is said there again."""
    done = 0
    named = [match.start() for match in _STRONG.finditer(text)]
    for place, mention in enumerate(kept):
        near = bisect_left(named, mention.start - _FARTHEST_SYSTEM) < bisect_left(named, mention.end + _FARTHEST_SYSTEM)
        if not near or not scale(mention.scale).editions:
            yield mention
            done = mention.end
            continue
        following = kept[place + 1].start if place + 1 < len(kept) else len(text)
        start = max(done, _system_before(text, mention.start))
        end = min(following, _system_after(text, mention.end))
        yield replace(mention, start=start, end=end)
        done = end
        apart = _STRONG.search(text, end, _sentence_end(text, end)) if place + 1 == len(kept) else None
        if apart is not None:
            begin, done = _system_before(text, apart.start()), max(_system_after(text, apart.start()), apart.end())
            yield replace(_any_of(kept, mention.edition), start=max(end, begin), end=done)


def _sentence_end(text: str, at: int) -> int:
    stop = _STOP.search(text, at, at + _FARTHEST_SYSTEM)
    return stop.start() if stop is not None else min(len(text), at + _FARTHEST_SYSTEM)


def _any_of(kept: Sequence[GradingMention], edition: str | None) -> GradingMention:
    """What words of a system that stand apart say: no more than that one of the classes named holds, by this edition."""
    editioned = [mention for mention in kept if scale(mention.scale).editions]
    first = editioned[0]
    values = frozenset(scale(first.scale).values)
    if all(mention.scale == first.scale for mention in editioned):
        values = frozenset[str]().union(*(mention.values for mention in editioned))
    return replace(first, values=values, edition=edition)


# --- scales whose classes stand alone -------------------------------------------------------------------------------------------

_RESPONSE_NEAR = re.compile(
    r"respon(?!sib)|remission|recist|stable disease|imwg|lugano|cheson|\brestag|signed out as|amended to"
    r"|\bafter (?:\w+ ){0,2}(?:cycles?|courses?|rounds?)\b|\bon (?:re-?)?(?:ct|pet)\b|re-?(?:assess|evaluat)|\bbest\b"
)
_COURSE_BEFORE = re.compile(r"(?:\b(?:cycles?|courses?|rounds?)|[x×]\s?\d{1,2})\b[^.;]{0,15}$")
"""A course of treatment right before an abbreviated response: "TPF x3: PR"."""


def _alone(text: str, plain: str) -> Iterator[GradingMention]:
    """Responses and other classes that need no lead: "complete or partial response", "CR or PR"."""
    for each in all_scales().values():
        if not each.alone or not each.spellings or each.id in ("t", "n", "m"):
            continue
        done = 0
        pattern = _value_pattern(each.id)
        for match in re.finditer(r"(?<![a-z0-9/-])(?=[a-z])", text):
            if match.start() < done:
                continue
            if pattern.match(text, match.start()) is None:
                continue
            classes = _response_list(each, text, plain, match.start())
            if classes is not None:
                done = classes.end
                yield GradingMention(match.start(), classes.end, each.id, classes.values)


_NO_RESPONSE = re.compile(
    r"\s?(?:interval|positive|negative|status|/?her2|expression|exchange|catheter|peritonitis|fluid|[:=<>]?\s?\d|-)"
)
_ABBREVIATED = re.compile(r"\s?[\[(](?:cr|pr|sd|pd|icr|ipr)[\])]")


def _response_list(each: Scale, text: str, plain: str, at: int) -> _Classes | None:
    """A list of classes of which one at least is written in full, or abbreviations where a response is spoken of."""
    pattern = _value_pattern(each.id)
    values: frozenset[str] = frozenset()
    end, full, spelled = at, False, 0
    while (match := pattern.match(text, at)) is not None and spelled < 8:
        partial = match[0] not in each.spellings and match[0].replace("-", " ") not in each.spellings
        if len(match[0]) == 2 and not (
            plain[match.start() : match.end()].isupper() and text[match.end() : match.end() + 1] != "-"
        ):
            break
        values, end, spelled = values | _meant(each, match[0]), match.end(), spelled + 1
        full = full or not (partial or len(match[0]) == 2)
        bracket = _ABBREVIATED.match(text, end)
        end = bracket.end() if bracket is not None else end
        joint = _LIST.match(text, end)
        if joint is None:
            break
        at = joint.end() + (2 if text.startswith("a ", joint.end()) else 0)
    if not values or (not full and not (_abbreviations(text, plain, end, spelled))):
        return None
    return _Classes(values, end, spelled)


def _abbreviations(text: str, plain: str, end: int, spelled: int) -> bool:
    """Whether bare abbreviations mean a response: "CR or PR per RECIST", not the PR interval."""
    reach = 80 if spelled > 1 else 25
    near = _RESPONSE_NEAR.search(text, max(0, end - 2 * reach), end + reach) or _COURSE_BEFORE.search(
        text, max(0, end - 40), end - 2
    )
    odd = _NO_RESPONSE.match(text, end)
    return near is not None and odd is None and plain[end - 2 : end].isupper()


# --- TNM ------------------------------------------------------------------------------------------------------------------------

_TNM = re.compile(
    r"(?:(?<![A-Za-z0-9.])(?P<prefix>[cpryau]{0,3})|(?<=[0-4a-dxXs+])[cpr]?|(?<=is)[cpr]?|(?<=any)[cpr]?)"
    r"(?P<letter>[TNM])(?P<value>is|[xX]|(?<=N)\+|[0-4](?:[a-d](?:mi)?)?)"
    r"(?=[cpryau]{0,2}[TNM](?:[0-4xX]|any)|[^A-Za-z0-9.%]|\.(?!\d)|$)"
)
_ANY = r"(?:(?:(?<![A-Za-z])|(?<=any))[cp]?[TNM][\s-]?[Aa]ny|(?<![A-Za-z])[Aa]ny\s?[TNM])"
_ANY_BEFORE = re.compile(rf"(?:{_ANY}\s?(?:,\s?|and\s|/\s?)?){{1,2}}$")
_ANY_AFTER = re.compile(rf"(?:\s?(?:,\s?|and\s|/\s?)?{_ANY}(?![A-Za-z0-9])){{1,2}}")
"""A category that may be any narrows nothing, and belongs to the words of the one beside it: "any T, any N, M1"."""
_TNM_NEXT = re.compile(
    r"(?:\s?(?P<to>-|to\b|through\b)\s?|\s?(?:/|,\s?(?:or|and)?|or|and|&)\s?)(?P<prefix>[cpry]{0,2})(?P<letter>[TNM]?)(?P<value>is|[0-4][a-d]?)(?:(?=[cpry]{0,2}[NM](?:[0-4xX]|any))|(?![A-Za-z0-9.%]|-(?!T|r?T)))"
)
_TNM_NEAR = re.compile(
    r"\b(?:stag(?:e|es|ed|ing)|categor|classification|clinical|pathologic|tnm|tumou?rs?|disease|any|ajcc|uicc|cancer|carcinoma|node|nodal|primary|lymph)",
    re.IGNORECASE,
)
_HORMONE = re.compile(r"(?:free|total|serum|Free|Total|Serum)\s$")
_NOT_TNM = re.compile(
    r"\s?-?\s?(?:weight|signal|hyper|hypo|flair|image|mri|sequence|vertebra|level|dm\b|lesion load|cell|helper|macro|\d|≥|≤|<|>|=)",
    re.IGNORECASE,
)


def _tnm(plain: str, lower: str) -> Iterator[GradingMention]:
    """T, N and M categories: "cT3N2M1", "T3-4", "N2-3", "rT2-rT4", "T3 or higher"."""
    matches = list(_TNM.finditer(plain))
    done = 0
    for place, match in enumerate(matches):
        if match.start() < done or not _is_tnm(plain, matches, place):
            continue
        each = scale(match["letter"].lower())
        values, end = _tnm_values(each, plain, match)
        if not values:
            continue
        sign = re.search(
            rf"(?:{_AT_LEAST}|{_AT_MOST}|{_MORE}|{_LESS})\s{{0,2}}$", plain[max(0, match.start() - 20) : match.start()].lower()
        )
        start = match.start() - (len(sign[0]) if sign is not None else 0)
        if sign is not None:
            values = _upward(each, values, _sign_of(_SIGN.match(sign[0] + " ")) or "ge")
        after = _AFTER.match(plain, end)
        if after is not None and sign is None:
            values, end = values | _upward(each, values, _sign_of(after) or "ge"), after.end()
        before = _ANY_BEFORE.search(plain, max(done, start - 30), start)
        start = before.start() if before is not None else start
        any_after = _ANY_AFTER.match(plain, end)
        end = done = any_after.end() if any_after is not None else end
        yield GradingMention(start, end, each.id, values, _edition(each, lower, start, end))


def _is_tnm(plain: str, matches: Sequence[re.Match[str]], place: int) -> bool:
    """Whether "T2" is a category and no MRI sequence, vertebra or hormone: its company tells."""
    match = matches[place]
    if _HORMONE.search(plain, max(0, match.start() - 8), match.start()) is not None:
        return False
    if _NOT_TNM.match(plain, match.end()) and not _TNM_NEXT.match(plain, match.end()):
        return False
    if match["prefix"]:
        return True
    for other in (matches[max(0, place - 1)], matches[min(place + 1, len(matches) - 1)]):
        if other["letter"] != match["letter"] and max(other.start(), match.start()) - min(other.end(), match.end()) < 25:
            return True
    return _TNM_NEAR.search(plain, max(0, match.start() - 30), match.end() + 25) is not None


def _tnm_values(each: Scale, plain: str, match: re.Match[str]) -> tuple[frozenset[str], int]:
    letter = match["letter"]
    values = latest = _category(each, letter, match["value"])
    end = match.end()
    while (following := _TNM_NEXT.match(plain, end)) is not None:
        other, ranged = following["letter"], following["to"] is not None
        bare = not other and not ranged and "/" not in following[0]
        if (other and other != letter) or bare:
            break
        meant = _category(each, letter, following["value"])
        if not meant:
            break
        values = values | (_span(each, latest, meant) if ranged else meant)
        latest, end = meant, following.end()
    return values, end


def _category(each: Scale, letter: str, value: str) -> frozenset[str]:
    if value == "+":
        return frozenset(each.values) - {f"{letter}X", f"{letter}0"}
    name = f"{letter}{value.upper() if value in 'xX' else value.removesuffix('mi')}"
    return each.within(name) if name in each.values else frozenset()


def gradings(text: str) -> tuple[GradingMention, ...]:
    """Every class of a text, in its order; offsets in code points of the text as given. Linear in its length."""
    flat, places = collapsed(text)
    plain = folded(flat)
    lower = lowered(plain)
    found = sorted(
        (*_led(lower), *_alone(lower, plain), *_tnm(plain, lower)), key=lambda mention: (mention.start, -mention.end)
    )
    kept: list[GradingMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    kept = list(_with_systems(lower, kept))
    return tuple(replace(mention, start=places[mention.start], end=places[mention.end - 1] + 1) for mention in kept)


# --- CTCAE grades ---------------------------------------------------------------------------------------------------------------

_FIGURE = r"(?:iv|v|i{1,3}|[0-5])(?![a-z0-9]|\.\d|\s?%|/\d{2})"
_GRADE = re.compile(
    rf"(?<![a-z0-9])(?P<before>(?:{_AT_LEAST}|{_AT_MOST}|{_MORE}|{_LESS})\s{{0,2}})?"
    rf"(?:(?:ctcae |nci |nci-ctcae |toxicity )?(?P<noun>grades?|gr\.?|gd\.?)\s{{0,2}}-?|(?P<g>g)\s?)"
    rf"(?:of |: ?|= ?|is )?(?:\(?(?P<inside>{_AT_LEAST}|{_AT_MOST}|{_MORE}|{_LESS})\s{{0,2}})?(?P<first>{_FIGURE})"
)
_GRADE_NEXT = re.compile(
    rf"(?:\s?(?P<to>-|to|through)\s?|\s?(?:/|,\s?(?:or |and )?|or|and)\s?)(?:(?:grade|gr\.?|g)\s?)?(?P<figure>{_FIGURE})"
)
_GRADES = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_HISTOLOGIC_BEFORE = re.compile(
    r"(?:histolog\w*|nuclear|fuhrman|tumou?r|who|figo|gleason|isup|kellgren|lawrence|asa|forrest|nottingham|patholog\w*|k-?l|ecog|mmrc|differentiation|edmondson|hunt|hess|fisher|angina|isolation|iga|sch?aff?er|performance|psoriasis|polyposis|nyha|chf|adhesions?)\W{0,3}(?:\w+\W{1,3})?$"
)
_HISTOLOGIC_AFTER = re.compile(
    r"\s?(?:,\s?)?(?:\w+\s)?(?:gliom|astrocyt|oligodendro|ependym|mening|tumou?r|sarcom|carcinom|follicular|endometri|adenocarcinom|chondro|neuroendocrine|nets?\b|"
    r"lymphom|cancer|group|school|students?|neoplas|differentiat|dysplasia|prostat|urothelial|p\d|varic|isthm|student)"
)


def _grade_of(figure: str) -> float:
    return float(_GRADES.get(figure) or int(figure))


def grades(text: str) -> tuple[GradeMention, ...]:
    """Every CTCAE grade of a text, in its order; histologic grades and grades of other scales are none."""
    flat, places = collapsed(text)
    plain = folded(flat)
    lower = lowered(plain)
    found: list[GradeMention] = []
    for match in _GRADE.finditer(lower):
        if found and match.start() < found[-1].end:
            continue
        mention = _grade(lower, plain, match)
        if mention is not None:
            found.append(mention)
    return tuple(replace(mention, start=places[mention.start], end=places[mention.end - 1] + 1) for mention in found)


def _grade(lower: str, plain: str, match: re.Match[str]) -> GradeMention | None:
    low = high = _grade_of(match["first"])
    end, several = match.end(), False
    while (following := _GRADE_NEXT.match(lower, end)) is not None:
        figure = _grade_of(following["figure"])
        low, high, end, several = min(low, figure), max(high, figure), following.end(), True
    sign = _sign_of(_SIGN.match(f"{match['before'] or match['inside'] or ''} "))
    after = _AFTER.match(lower, end) if sign is None else None
    if after is not None:
        sign, end = _sign_of(after), after.end()
    if match["g"] and not _is_short_grade(plain, lower, match, end, signed=sign is not None, several=several):
        return None
    if _HISTOLOGIC_BEFORE.search(lower, max(0, match.start() - 30), match.start()) or _HISTOLOGIC_AFTER.match(lower, end):
        return None
    return GradeMention(match.start(), end, _grade_range(sign, low, high))


def _is_short_grade(plain: str, lower: str, match: re.Match[str], end: int, *, signed: bool, several: bool) -> bool:
    """Whether "G3" is a grade: a capital with a figure, and a sign, a range or a word after it."""
    capital = plain[match.start("g")] == "G" and match["first"].isdigit()
    return capital and (signed or several or re.match(r"\s[a-z]{4}", lower[end : end + 5]) is not None)


def _grade_range(sign: str | None, low: float, high: float) -> Range:
    match sign:
        case "ge":
            return Range(low)
        case "gt":
            return Range(high, inf, low_open=True)
        case "le":
            return Range(high=high)
        case "lt":
            return Range(high=low, high_open=True)
        case _:
            return Range(low, high)
