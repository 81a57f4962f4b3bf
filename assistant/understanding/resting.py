"""A message that rests on the one before, written out in full: a value put in its place, a pronoun by its name, what was told again.

"sorry, 30 months" after "thyroid cancer 18 months ago: excluded?" asks what "thyroid cancer 30 months ago: excluded?" does.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.eligibility.times.time_words import pattern
from assistant.understanding.asking import (
    ASKS,
    LONGEST,
    corrects,
    last_question,
    says_what_it_asks,
    tells_only,
    without_the_trial,
)
from assistant.understanding.planned import planned, without_days
from assistant.understanding.references import only_supposes
from index.scope import NCT, without_names
from index.words import stems

MOST: Final = 14
"""Words of a message that does little but give a value."""
_NOT: Final = re.compile(r"(?:,|\band\b|-|–)?\s*(?:and )?(?:not|instead of|rather than)\s*$", re.IGNORECASE)
_DENIES: Final = re.compile(r"\b(?:was|is|were|had|[’']s)\b[^.?!]{0,60}(?:,| and) not (?:the )?\d", re.IGNORECASE)
"""Gives a value in the place of another: "it was 10 months after, not 2 years"."""
_LENGTH: Final = r"(?<![\w.,])<LENGTH>"
_DAY: Final = (
    r"(?<![\w./-])(?:(?:\d{1,2}(?:st|nd|rd|th)?(?: of)? )?(?:<MONTH>)\b\.?(?: \d{1,2}(?:st|nd|rd|th)?\b,?)?(?: (?:19|20)\d\d\b)?"
    r"|(?:19|20)\d\d-\d\d-\d\d)(?![\w/-])"
)
_NUMBER: Final = re.compile(r"(?<![\w.,/-])\d{1,6}(?:[.,]\d{1,3})?(?![\d/]|-\d|\.\d)(?!\s*(?:st|nd|rd|th)\b)")
_MEASURE: Final = re.compile(
    r"\s?(?:%|[a-zµ]{1,6}/[a-z\d²]{1,6}|x ?10\^?9/l|x ULN|(?:ms|msec|mmhg|bpm|kg|lbs?|pounds|stone|cm|mg|ml|g)\b)",
    re.IGNORECASE,
)
_PUTS_RIGHT: Final = re.compile(
    r"\b(?:make (?:that|it)|turns? out|it (?:was|is)(?: actually| really)?|that (?:was|is) (?:actually|really)|actually|rather"
    r"|on repeat|repeat(?:ed)?|re-?checked?|re-?tested|instead)\b",
    re.IGNORECASE,
)
_TO_COME: Final = re.compile(
    r"\b(?:wait(?:s|ed|ing)?|postpon\w+|put(?:s|ting)? (?:[\w'’]+ ){0,3}off|hold(?:s|ing)? off|delay\w*|another|a further|in) "
    r"(?:for |by |another |a further )*(?:\d+|an?|one|two|three|four|five|six|eight|ten|twelve)(?: more)? (?:day|week|month|year)s?\b",
    re.IGNORECASE,
)
"""Speaks of time to come: "if I wait another 6 weeks"."""
_HAD_BEEN: Final = re.compile(
    r"\b(?:if|suppose|supposing|say) (?:it|that|this|they|these|those|i|he|she|we|mine|his|hers)(?:['’]d)?\b"
    r"|\bhad (?:it|that|this|i|he|she|they) been\b|\binstead\b",
    re.IGNORECASE,
)
_LITTLE: Final = frozenset(
    "and or so but then now what about how if we i they he she it you mine his hers the a an on at to in for is was were be been would "
    "will could can do does did that this still only just even ok okay alright fine make had have has no not sorry wait actually oops "
    "meant mean mistake my bad correction instead rather really one more than of me him her repeat repeated value result said say came "
    "comes come back echo test scan lab labs with as too there here right oh ah hmm typo years old ago before after since earlier next "
    "time".split()
)
"""Words beside a value in a message that does little but give it."""
_ITS_TIME: Final = re.compile(
    r"^(?P<lead>\W*(?:(?:and|so|but|ok|okay|well|yes|no|oh|hmm)\b\W*)*)(?P<who>mine|it|that|they|his|hers)\b"
    r"(?= (?:was|were|is|started|began|ended|finished|stopped|happened|came on)\b)",
    re.IGNORECASE,
)
_ITS_VALUE: Final = re.compile(
    r"^(?P<lead>\W*(?:(?:and|so|but|ok|okay|well|yes|no|oh|hmm)\b\W*)*)"
    r"(?:mine|his|hers|ours|theirs|(?:the )?(?:pt|patient)['’]s)(?: (?:is|are|was|were))? (?P<value>\d[\d.,]*(?<![.,]))",
    re.IGNORECASE,
)
_SAME: Final = re.compile(
    r"\bsame\b|\b(?:there|here|it|that one|this one)\W*(?:too|also|as well)\b|\b(?:too|also|as well)\?\W*$"
    r"|^\W*(?:and|what about|how about)\b",
    re.IGNORECASE,
)
_OPENLY: Final = re.compile(r"\b(?:what(?! about)|which|who|whom|whose|where|when|how(?! about)|why)\b", re.IGNORECASE)
MOST_OWN: Final = 5
"""Content words of a message that asks of another trial what was asked before."""
_SENTENCE: Final = re.compile(r"(?<=[.!?;\n])\s+")
_TAIL: Final = re.compile(r"(?:[,–—:-]|\s-)\s*[^,–—:]{1,60}\?\W*$")


@dataclass(frozen=True, slots=True)
class _Value:
    start: int
    end: int
    text: str
    unit: str = ""


def put_in_place(message: str, before: str) -> str | None:
    """The message before with the value that this one gives in the place of its own; None where this gives none, or it fits two.

    "What if it had been 10 months?", "sorry, 30 months", "it was 10 months after, not 2 years. Does that still fit?"
    """
    if not (_gives_a_value(message) and before) or _TO_COME.search(message):
        return None
    for values in (_lengths, _days, _numbers):
        told = list(values(message))
        denied = [one for one in told if _NOT.search(message[: one.start])]
        new = [one for one in told if one not in denied]
        if len({one.text.lower() for one in new}) == 1 and (values is not _numbers or _does_little_else(message, new)):
            old = _place(list(values(before)), denied, new[0], message, before)
            return _asking(message, _with(before, old, new[0], values(before))) if old else None
    return None


def by_name(message: str, name: str) -> str | None:
    """The message with the name of what its first word means ("mine was 8 weeks ago" → "my infection was 8 weeks ago")."""
    found = _ITS_TIME.match(message)
    first = _SENTENCE.split(message)[0]
    if found is None or not (any(_lengths(first)) or any(_days(first))):
        return None
    whose = {"his": "his", "hers": "her"}.get(found["who"].lower(), "my")
    return f"{found['lead']}{whose} {name}{message[found.end() :]}"


def its_value(message: str) -> str | None:
    """The number that a message gives for what was asked about, which it does not name ("hers are 84")."""
    found = _ITS_VALUE.match(message)
    return found["value"] if found else None


def value_by_name(message: str, name: str) -> str:
    """That message with the name of what the number is of."""
    return _ITS_VALUE.sub(lambda found: f"{found['lead']}{name} {found['value']}", message)


def told_again(message: str, before: str) -> str:
    """What the message before told, and this one."""
    told = " ".join(filter(None, map(_stated, _SENTENCE.split(before)))) or before.replace("?", ".")
    return f"{NCT.sub('it', told).strip()} {message}"[:LONGEST]


def starting(before: str, day: date, since: date) -> str | None:
    """The message before with another day in the place of the one that it counts with; None where it counts with none."""
    plan = planned(before, since)
    return None if plan is None else f"{before[: plan.start]}{day.isoformat()}{before[plan.end :]}"


def asked_there(message: str, before: str) -> str:
    """What was asked before, asked of the trial that this message names, in its words where they say by themselves what is asked."""
    own = last_question(message)
    return told_again(own, before) if says_what_it_asks(without_the_trial(own)) else NCT.sub("it", before)


def asks_the_same(message: str) -> bool:
    """Whether a message asks of another trial what was asked before ("same bloods in that one?", "would it do there too?")."""
    own = without_names(message[:LONGEST])
    return _SAME.search(own) is not None and not _OPENLY.search(own) and len(stems(own)) <= MOST_OWN


def _stated(part: str) -> str:
    """A sentence without the question that it ends in; empty where it only asks."""
    if "?" not in part and ASKS.search(part) is None:
        return part
    told = _TAIL.sub(".", part)
    return told if told != part and len(told.split()) > 1 and ASKS.search(told) is None else ""


def _gives_a_value(message: str) -> bool:
    short = len(message.split()) <= MOST
    puts_right = corrects(message) or (_PUTS_RIGHT.search(message) is not None and (short or _NOT.search(message) is not None))
    bare = short and not [word for word in re.findall(r"[^\W\d_]+", message.lower()) if word not in _LITTLE | _UNITS]
    if tells_only(message) or corrects(message) or _DENIES.search(message):
        return puts_right or bare or _DENIES.search(message) is not None
    return (short and (only_supposes(message) or _HAD_BEEN.search(message) is not None)) or bare


_UNITS: Final = frozenset(
    "day days week weeks wk wks month months year years yr yrs hour hours h d y mg g kg lb lbs pounds ml ms msec mmhg bpm x uln "
    "jan feb mar apr may jun jul aug sep oct nov dec january february march april june july august september october november "
    "december".split()
)


def _does_little_else(message: str, values: Sequence[_Value]) -> bool:
    rest = message
    for one in reversed(values):
        rest = f"{rest[: one.start]} {rest[one.end :]}"
    return len(stems(rest)) <= MOST // 2


def _lengths(text: str) -> Iterator[_Value]:
    for found in pattern(_LENGTH).finditer(text):
        if not re.match(r"\s{0,2}(?:of\s{1,2}age|old\b|-old)", text[found.end() :]):
            yield _Value(found.start(), found.end(), found[0], found["unit"].lower()[:2])


def _days(text: str) -> Iterator[_Value]:
    for found in pattern(_DAY).finditer(text):
        if found[0].lower() not in {"may", "march", "mar", "sec"}:
            yield _Value(found.start(), found.end(), found[0])


def _numbers(text: str) -> Iterator[_Value]:
    plain = without_days(NCT.sub(lambda name: " " * len(name[0]), text))
    lengths = list(_lengths(text))
    for found in _NUMBER.finditer(plain):
        if not any(one.start <= found.start() < one.end for one in lengths):
            unit = _MEASURE.match(plain, found.end())
            yield _Value(found.start(), found.end(), found[0], unit[0].strip().lower() if unit else "")


def _place(old: Sequence[_Value], denied: Sequence[_Value], new: _Value, message: str, before: str) -> _Value | None:
    """The one value that the new one is put for: the one denied, the only one, that of the same unit, or that of the same words."""
    if denied:
        return next((one for one in old if _same(one, denied[0])), None)
    kept = [one for one in old if not _same(one, new)]
    if len({one.text.lower() for one in kept}) <= 1:
        return kept[0] if kept else None
    beside = [one for one in kept if one.unit == new.unit] if new.unit else kept
    if len({one.text.lower() for one in beside}) == 1 and new.unit:
        return beside[0]
    said = frozenset(stems(message)) - frozenset(stems(new.text))
    shared = [(len(said & frozenset(stems(_clause(before, one)))), one) for one in kept]
    most = max(count for count, _ in shared)
    best = [one for count, one in shared if count == most and count > 0]
    return best[0] if len(best) == 1 else None


def _same(one: _Value, other: _Value) -> bool:
    return one.text.lower() == other.text.lower()


def _clause(text: str, value: _Value) -> str:
    """The part of a sentence that a value stands in."""
    cuts = [found.end() for found in re.finditer(r"[,;.!?:]\s|\band\b|\bbut\b", text)]
    start = max((cut for cut in cuts if cut <= value.start), default=0)
    return text[start : min((cut for cut in cuts if cut > value.end), default=len(text))]


def _with(before: str, old: _Value, new: _Value, every: Iterator[_Value]) -> str:
    """The message with the new value wherever the old one stands; a month has no day that it is "on"."""
    for one in sorted((one for one in every if _same(one, old)), key=lambda one: -one.start):
        lead = before[: one.start]
        if new.text[0].isalpha() and not old.text[0].isalpha():
            lead = re.sub(r"\bon $", "in ", lead)
        before = f"{lead}{new.text}{before[one.end :]}"
    return before


def _asking(message: str, told: str) -> str:
    """What is told with the question of the message, where it has one of its own words; else with that of the one before."""
    own = last_question(message)
    if "?" not in own or only_supposes(message) or _gives_a_value(own):
        return told
    return told_again(own, told)
