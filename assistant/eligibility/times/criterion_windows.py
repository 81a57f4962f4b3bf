"""Reads the windows of time that a criterion names, and what they count to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor
from typing import Literal

from assistant.eligibility.conditions import Anchor, Window
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.days import Unit
from assistant.eligibility.times.time_words import PAST, number_of, pattern, roles, signs, unit_of

Kind = Literal["before", "after", "for", "during", "at", "bare"]
Whichever = Literal["longer", "shorter", "unsaid"]


@dataclass(frozen=True, slots=True)
class WindowMention:
    """A window that a criterion names, with the words of its anchor.

    `kind` "before" and "after" count to and from the anchor; "for" asks that something lasted so long (`lasting`); "during" is the
    study or screening itself; "at" and a "before" without a length set no bound; "bare" is a length and no more
    ("(14 days)"): its window counts from an event that nobody names, and decides nothing.
    """

    start: int
    end: int
    window: Window
    event_start: int | None = None
    """The words of an anchor that is an event of the patient's own: `text[event_start:event_end]`, inside the mention."""
    event_end: int | None = None
    kind: Kind = "before"
    whichever: Whichever | None = None
    """Where the criterion gives half-lives beside the length: which of the two counts. Half-lives are not computed."""


_LEAD = (
    r"(?:\b(?P<lead>within|w/in|w/i|in|during|over|for|throughout|since|lasting|from|of)\s{1,3}|(?P<slash>/)\s?)?"
    r"(?:\b(?:a|the)\s{1,3})?(?:(?:period|interval|duration|total)\s{1,3}of\s{1,3})?(?:\b(?:a|the|about|approximately|their|her|his)\s{1,3})?"
    rf"(?P<sooner>(?:immediate(?:ly)?\s{{1,3}})?(?:{PAST}|most\s{{1,3}}recent)\s{{1,3}}(?:or\s{{1,3}}(?:equal\s)?to\s)?)?"
    rf"(?P<cmp>(?:<CMP>))?\s{{0,3}}(?P<later>(?:the\s{{1,3}})?{PAST}\s{{1,3}})?(?P<between>between\s{{1,3}})?$"
)
_OR_MORE = r"\s{0,2}(?:(?P<more>or\s(?:more|longer|greater|above))|(?P<fewer>or\s(?:less|fewer|shorter|within)))\b"
_DIRECTION = (
    r"[\s,(]{0,3}(?:(?:<GAP>)\s{1,3}){0,4}?"
    r"(?:(?P<ago>ago|earlier|previously|(?:prior|before)(?=\s*(?:[.,;:)]|$)))"
    r"|(?P<before>before|prior(?:\s{1,3}to)?|preceding|previous\s{1,3}to|in\s{1,3}advance\s{1,3}of|ahead\s{1,3}of|leading\s{1,3}up\s{1,3}to)"
    r"|(?P<since>since)|(?P<after>after|following|post))(?!\w)[\s-]{0,3}"
)
_NEAR = r"\s{1,3}(?:(?P<of>of)|to|from)\s{1,3}"
_FREE_PERIOD = r"[\s-]{1,3}(?:[\w-]{1,20}[\s-])?free[\s-](?:period|interval|survival)\b"
_HALF_LIVES = r"half[\s-]{0,2}li(?:fe|ves)"
_HALF_LIVES_AFTER = (
    rf"[\s,(]{{0,3}}or\s[^.;]{{0,40}}?{_HALF_LIVES}\)?"
    r"(?:\sof\s(?:the\s|that\s|each\s)?[\w-]{1,30}(?:\s(?:drug|agent|product|compound|medication))?)?"
)
_HALF_LIVES_BEFORE = (
    r"(?:\d{1,3}(?:\.\d)?|\b[a-z]{3,6})\s?(?:times\s(?:the\s)?)?"
    rf"{_HALF_LIVES}[^.;]{{0,40}}?\bor\s(?:(?:within|at\sleast)\s)?$"
)
_HALF_LIVES_LATER = rf"[^.;]{{0,50}}?\bor\s(?:within\s)?(?:\d{{1,3}}(?:\.\d)?|[a-z]{{3,6}})\s(?:times\sthe\s)?{_HALF_LIVES}"
_WHICH = r"(?:(?P<longer>longer|later|greater|longest|more)|(?P<shorter>shorter|earlier|lesser|less|first|shortest))\b"
_WHICHEVER = rf"[^.;]{{0,60}}?\bwhichever\s(?:\w+\s){{0,3}}?{_WHICH}\)?"
_OF_TWO = rf"\b(?:the\s)?{_WHICH}\s(?:period\s)?of:?\s(?:at\sleast\s)?$"
_AGE = r"(?:\s{0,2}(?:of\s{1,3}age|old|and\s(?:older|over|above)|or\s(?:older|over)|-old))\b"
_AGED = re.compile(r"\b(?:age[ds]?|aging|older|younger)\b[^.;\n]{0,40}$", re.IGNORECASE)
_EVERY = re.compile(r"(?:\b(?:every|per|q)|/)\s{0,2}$", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;:.()\[\]]+")
_CODE = re.compile(r"[A-Z]{1,6}\d{0,2}-?\d{3,7}[A-Za-z]?")
"""A drug's code name: the study's own, where days are counted to its first dose ("AB-1234")."""
_BREAK = re.compile(r"[,;:.()\[\]]")
_JOINT = re.compile(r"\s{0,2}(?:/|,?\s(?:or|and)\s|,\s(?=day\b))\s{0,2}(?:to\s)?", re.IGNORECASE)
_AHEAD = re.compile(r"(?:and|or)\s{1,3}(?:during|throughout|at|on|after)\s{1,3}", re.IGNORECASE)
_TO_COME = re.compile(
    r"\b(?:plan|expect|intend|intent|anticipat|schedul|will|would|life|surviv|likel|hop|wish|goal|aim|complet|return|follow|avail|able|"
    r"undergo|requir|need|due|becom|mov|leav|await|candidate|deliver|progress|improv|resol|heal|recover|respon)\w*",
    re.IGNORECASE,
)
"""What makes "in 6 months" a time to come, or a stretch in which something happens."""
_LOOKS_BACK = re.compile(r"within|past|last", re.IGNORECASE)
_WITHIN = ("within", "w/in", "w/i")
_OLD = 10
"""Years by themselves, from which on they are an age and not a length."""
_FOR = ("for", "lasting", "since")
_LONE = (
    rf"\b(?:in|over|during|within)\s{{1,3}}"
    rf"(?:(?:the\s{{1,3}})?{PAST}\s{{1,3}}(?P<lone><UNIT>)\b|the\s{{1,3}}(?P<unit><UNIT>)\s{{1,3}}(?:before|prior\sto|preceding)\s{{1,3}})"
)
_CLAUSE = re.compile(
    r"(?:[^.;:,()\n]|\([\w-]{1,8}\)(?=\w)){0,120}?(?=[.;:,()\n]|\s+(?:unless|except|excluding|but|and|or|if|who|which|that|whichever|is|are|were|was|must|may)\b|$)"
    r"|[^.;:,()\n]{0,120}",
    re.IGNORECASE,
)
_PLAIN_BEFORE = r"\b(?:at\sany\stime\s{1,3})?(?:before|prior\s{1,3}to)\s{1,3}"
_AT = r"\b(?:at|on)\s{1,3}(?:the\s{1,3})?(?:time\s{1,3}(?:point\s{1,3})?of\s{1,3})?"
_DURING = (
    r"\b(?:during|throughout|while\s(?:on|in|participating\sin|receiving|enrolled\sin)"
    r"|for\sthe\s(?:entire\s)?(?:duration|length)\sof|(?:in|over)\sthe\scourse\sof)\s{1,3}"
)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a window counts to, and where its words end."""

    anchor: Anchor
    end: int
    dosing: bool = False
    """True where nothing but treatment is named, which need not be the study's when it is counted on from."""


def _anchor_at(text: str, start: int) -> _Anchor | None:
    """The anchor whose words begin at a place: "the planned start of study treatment" → start. None for an event of another kind."""
    one = _one_anchor(text, start)
    joint = _JOINT.match(text, one.end) if one else None
    other = _one_anchor(text, joint.end()) if joint else None
    return other if one and other and other.anchor == one.anchor else one


def _role(word: str) -> str:
    """What a word is to an anchor; "visit1" and "visit" are one."""
    return roles().get(word) or roles().get(word.rstrip("0123456789"), "")


def _one_anchor(text: str, start: int) -> _Anchor | None:
    found, end = set[str](), start
    ahead = _AHEAD.match(text, start)
    if ahead:
        start = end = ahead.end()
    for match in _WORD.finditer(text, start, min(len(text), start + 110)):
        coded = _CODE.fullmatch(match[0]) is not None
        parts = ["dosing"] if coded else [_role(part) for part in re.split(r"[-/]", match[0].lower()) if part]
        if (
            _BREAK.search(text, end, match.start())
            or "" in parts
            or not parts
            or ("end" in parts and found & {"start", "dosing", "today", "visit"})
        ):
            break
        if "end" in parts:
            return None
        found.update(parts)
        if set(parts) != {"link"}:
            end = match.end()
    if "today" in found or ("visit" in found and not found & {"start", "dosing"}):
        return _Anchor("today", end)
    return _Anchor("start", end, "start" not in found) if found & {"start", "dosing"} else None


def windows(text: str) -> tuple[WindowMention, ...]:
    """The windows that a criterion names, in order, none overlapping another.

    Enrolment, randomisation, registration, study entry, baseline, first dose and start of treatment count to the start; screening,
    consent and a window that names no anchor to today; "since" speaks of what it follows ("at least 4 weeks since chemotherapy" is
    chemotherapy at least 4 weeks before). Any other anchor is an event. Ages and rates ("every 3 weeks") are no windows.
    """
    lengths = list(pattern("<LENGTH>").finditer(text))
    counted = (_counted_window(match, text) for match in lengths)
    mixed = (_mixed_window(first, second, text) for first, second in pairwise(lengths))
    lone = (_lone(match, text) for match in pattern(_LONE).finditer(text))
    kept: list[WindowMention] = []
    for mention in sorted(
        (mention for mention in (*counted, *mixed, *lone, *_unmeasured(text)) if mention),
        key=lambda found: (found.start, -found.end),
    ):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


def _lone(match: re.Match[str], text: str) -> WindowMention:
    """ "Within the past year", "in the week before inclusion": one unit."""
    found = _Stretch(text, match.start(), match.end(), Range(0, 1), unit_of(match["lone"] or match["unit"]))
    return _counting_back(found, match.end() if match["unit"] else None)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A length that a criterion names, on the way to its window."""

    text: str
    start: int
    end: int
    length: Range
    unit: Unit
    whichever: Whichever | None = None

    def window(
        self, kind: Kind, end: int, anchor: Anchor, before: bool = True, event: tuple[int, int] | None = None
    ) -> WindowMention:
        """The mention that ends at `end`."""
        end = self.start + len(self.text[self.start : end].rstrip(" \n\t\u00a0(,"))
        window = Window(self.length, self.unit, anchor, before, words=_said(self.text, self.start, end))
        first, last = event or (None, None)
        halves = not self.whichever and "half" in self.text[end : end + 90].lower()
        later = halves and pattern(_HALF_LIVES_LATER).match(self.text, end)
        return WindowMention(self.start, end, window, first, last, kind, "unsaid" if later else self.whichever)


def _said(text: str, start: int, end: int) -> str:
    return re.sub(r"\s+", " ", text[start:end]).strip()


def _unmeasured(text: str) -> Iterator[WindowMention]:
    """Anchors without a length: "before enrolment", "at screening", "during the study"."""
    kinds: tuple[tuple[str, Kind], ...] = ((_PLAIN_BEFORE, "before"), (_AT, "at"), (_DURING, "during"))
    for source, kind in kinds:
        for match in pattern(source).finditer(text):
            anchor = _anchor_at(text, match.end())
            if anchor is None or (kind == "at" and anchor.dosing):
                continue
            stretch = _Stretch(text, match.start(), match.end(), Range(0), "day")
            if kind == "during":
                yield stretch.window(kind, anchor.end, "event" if anchor.anchor == "today" else "start", before=False)
            else:
                yield stretch.window(kind, anchor.end, anchor.anchor)


def _counted_window(match: re.Match[str], text: str) -> WindowMention | None:
    """The window of one length; None where it is an age or a rate."""
    whichever, start, end = _half_lives(text, match.start(), match.end())
    left = text[max(0, start - 60) : start]
    if _EVERY.search(left) or pattern(_AGE).match(text, end):
        return None
    if unit_of(match["unit"]) == "year" and _AGED.search(left) and not _LOOKS_BACK.search(left):
        return None
    lead = pattern(_LEAD).search(left)
    if lead is None or lead["slash"]:
        return None
    sign = signs().get(_said(lead["cmp"], 0, 99).lower()) if lead["cmp"] else None
    more = pattern(_OR_MORE).match(text, end)
    if more:
        sign, end = ("≥" if more["more"] else "≤"), more.end()
    low, high, unit = _bounds(match)
    start -= len(lead[0].lstrip()) if any(lead.groups()) else 0
    named = low < high if lead["between"] else sign is not None
    bounded = _bounded(low, high, sign)
    if (lead["lead"] or "").lower() in _WITHIN:
        bounded = _bounded(low, high, "<" if sign == "<" else "≤")
    return _placed(_Stretch(text, start, end, bounded, unit, whichever), lead, named, _bounded(low, high, "≤"))


def _mixed_window(first: re.Match[str], second: re.Match[str], text: str) -> WindowMention | None:
    """ "3 months to 5 years after surgery": one stretch between lengths in two units."""
    units = unit_of(first["unit"]), unit_of(second["unit"])
    if units not in _IN_SMALLER or not _UP_TO.fullmatch(text, first.end(), second.start()) or first["high"] or second["high"]:
        return None
    low, high = number_of(first["low"])[0], number_of(second["low"])[1] * _IN_SMALLER[units]
    lead = pattern(_LEAD).search(text[max(0, first.start() - 60) : first.start()])
    if lead is None or low >= high or pattern(_AGE).match(text, second.end()):
        return None
    return _placed(_Stretch(text, first.start(), second.end(), Range(low, high), units[0]), lead, True, Range(0, high))


_UP_TO = re.compile(r"\s{0,2}(?:-|–|\bto\b|\band\b)\s{0,2}", re.IGNORECASE)
_IN_SMALLER: dict[tuple[Unit, Unit], int] = {("month", "year"): 12, ("day", "week"): 7, ("hour", "day"): 24}
"""How many of the smaller unit the larger one of a stretch has."""


def _bounds(match: re.Match[str]) -> tuple[float, float, Unit]:
    """The numbers and the unit of a length. Half years are months."""
    low, high = number_of(match["low"])
    unit = unit_of(match["unit"])
    if match["high"]:
        high = number_of(match["high"])[1]
    if unit == "year" and (low != floor(low) or high != floor(high)):
        low, high, unit = low * 12, high * 12, "month"
    return min(low, high), max(low, high), unit


def _bounded(low: float, high: float, sign: str | None) -> Range:
    """What a sign makes of a length: "≥ 4 weeks" is 4 and more, "< 3 weeks" is 0 to under 3."""
    if sign in ("≥", ">"):
        return Range(low, low_open=sign == ">")
    return Range(low, high) if sign is None else Range(0, high, high_open=sign == "<")


def half_lives(words: str) -> Whichever | None:
    """Which counts where a window's words name half-lives beside a length: "28 days or 5 half-lives, whichever is longer"."""
    if not pattern(_HALF_LIVES).search(words):
        return None
    which = pattern(rf"\bwhichever\b.{{0,40}}?{_WHICH}").search(words) or pattern(rf"\b{_WHICH}\s(?:period\s)?of\b").search(
        words
    )
    if which is None:
        return "unsaid"
    return "longer" if which["longer"] else "shorter"


def _half_lives(text: str, start: int, end: int) -> tuple[Whichever | None, int, int]:
    """Half-lives beside the length, and which of the two counts: the words that say so belong to the window."""
    if "half" not in text[max(0, start - 80) : end + 80].lower():
        return None, start, end
    after = pattern(_HALF_LIVES_AFTER).match(text, end)
    before = pattern(_HALF_LIVES_BEFORE).search(text[max(0, start - 80) : start])
    if not after and not before:
        return None, start, end
    end = after.end() if after else end
    start = max(0, start - 80) + before.start() if before else start
    which = pattern(_WHICHEVER).match(text, end)
    if which:
        return ("longer" if which["longer"] else "shorter"), start, which.end()
    of_two = pattern(_OF_TWO).search(text[max(0, start - 40) : start])
    if of_two:
        return ("longer" if of_two["longer"] else "shorter"), start - len(of_two[0]), end
    return "unsaid", start, end


def _placed(found: _Stretch, lead: re.Match[str], named: bool, upto: Range) -> WindowMention | None:
    """The window with its direction and anchor. `named`: the criterion gives bounds of its own; `upto`: from 0 to the length."""
    word = (lead["lead"] or "").lower()
    direction = pattern(_DIRECTION).match(found.text, found.end)
    near = None if direction else pattern(_NEAR).match(found.text, found.end)
    past = bool(lead["sooner"] or lead["later"] or (direction and direction["ago"]))
    if word in _FOR and direction and direction["after"]:
        return _counting_on(found if named else replace(found, length=upto), direction.end())
    if word in _FOR or (word in ("throughout", "of") and not direction):
        anchored = _anchor_at(found.text, direction.end()) if direction and direction["before"] else None
        least = found if named else replace(found, length=Range(found.length.low))
        return least.window("for", anchored.end if anchored else found.end, "event")
    if direction and direction["since"]:
        return _since(found if named else replace(found, length=Range(found.length.low)), direction.end())
    spans = found.length.low < found.length.high and bool(direction) and word not in _WITHIN
    if word in _WITHIN or ((past or direction) and not named):
        found = replace(found, length=found.length if word in _WITHIN or spans else upto)
        if not direction and not near:
            return _counting_back(found)
    if direction and direction["after"]:
        exact = word in _WITHIN or named or past or spans
        return _counting_on(found if exact else replace(found, length=Range(upto.high, upto.high)), direction.end())
    if direction:
        return _counting_back(replace(found, end=direction.end()), None if direction["ago"] else direction.end())
    if near and near["of"] and word not in _WITHIN and _anchor_at(found.text, near.end()) is None:
        return found.window("for" if named else "bare", found.end, "event", before=named)
    if near and (word in _WITHIN or past or named):
        return _near(found, near.end())
    if past:
        return _counting_back(found)
    if pattern(_FREE_PERIOD).match(found.text, found.end):
        return replace(found, length=Range(upto.high)).window("for", found.end, "event")
    if found.unit == "year" and upto.high >= _OLD:
        return None
    if word == "in" and not named and not near and not _TO_COME.search(found.text, 0, found.start):
        return _counting_back(replace(found, length=upto))
    return found.window("for" if named else "bare", found.end, "event", before=named)


def _counting_back(found: _Stretch, place: int | None = None) -> WindowMention:
    """A window that counts back: to the anchor that stands at `place`, to an event, or to today where none is named."""
    anchor = None if place is None else _anchor_at(found.text, place)
    if anchor:
        return found.window("before", anchor.end, anchor.anchor)
    event = None if place is None else _event(found.text, place)
    if event:
        return found.window("before", event[1], "event", event=event)
    return found.window("before", found.end if place is None else place, "today")


def _counting_on(found: _Stretch, place: int) -> WindowMention:
    """A window that counts on from an event; from the study's own anchor it lies in the time after the start."""
    anchor = _anchor_at(found.text, place)
    if anchor and not anchor.dosing:
        return found.window("after", anchor.end, anchor.anchor, before=False)
    event = _event(found.text, place)
    return found.window("after", event[1] if event else place, "event", before=False, event=event)


def _near(found: _Stretch, place: int) -> WindowMention:
    """ "Within 30 days of enrolment" counts back from it, "within 6 months of completing chemotherapy" on from that."""
    anchor = _anchor_at(found.text, place)
    if anchor:
        return found.window("before", anchor.end, anchor.anchor)
    return _since(found, place) if found.length.low > 0 else _counting_on(found, place)


def _since(found: _Stretch, place: int) -> WindowMention:
    """ "At least 4 weeks since chemotherapy": what follows is what is timed; an anchor may stand later in the sentence."""
    sentence = re.split(r"[.;]", found.text[place : place + 160], maxsplit=1)[0]
    later = pattern(_PLAIN_BEFORE).search(sentence)
    anchor = _anchor_at(found.text, place + later.end()) if later else None
    return found.window("before", place, anchor.anchor if anchor else "today")


def _event(text: str, start: int) -> tuple[int, int] | None:
    """The words of an event anchor, up to the clause's end."""
    match = _CLAUSE.match(text, start)
    said = match[0].rstrip() if match else ""
    return (start, start + len(said)) if said else None
