"""Reads how long must pass since a treatment: `washouts`."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from math import inf
from typing import Final

from assistant.audit.extraction.stretches import Stretch, naming, sentences
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.numbers.measures import measures
from assistant.eligibility.numbers.quantities import quantity
from assistant.eligibility.times.criterion_windows import WindowMention, windows
from assistant.eligibility.times.time_words import number_of
from assistant.eligibility.vocabulary.concepts import Mention, all_concepts, find, is_a
from index.trial import Kind

_GIVEN: Final = frozenset({"drug", "therapy", "procedure"})
_NO_TREATMENT: Final = (
    "imaging",
    "biopsy",
    "study-drug",
    "tumor-tissue-available",
    "electrocardiogram",
    "echocardiogram",
    "anesthesia",
)
_ALSO: Final = ("clinical-trial-participation",)
_OTHER_EVENTS: Final = re.compile(
    r"\b(?:recur\w*|relaps\w*|progress\w*|develop\w*|respon\w*|surviv\w*|contracept\w*|birth control|abstain|abstinen\w*|pregnan\w*"
    r"|sperm\w*|breast-?\s?feed\w*|nursing|diagnos\w*|fresh|sample|specimen|scan|imaging|biops\w*|life expectancy|stable dose|refractory)",
    re.IGNORECASE,
)
"""Words of a sentence that times something else than a treatment left behind."""
_DENIED: Final = re.compile(r"\b(?:no|not|without|never|free of|off)\b", re.IGNORECASE)
_LEFT: Final = re.compile(
    r"\b(?:last dose|wash-?\s?out|off|without|discontinu\w+|stopp\w+|ceas\w+|complet\w+|elaps\w+|interval|not (?:requir\w+|receiv\w+|us\w+|tak\w+))\b",
    re.IGNORECASE,
)
_WASHOUT: Final = re.compile(r"\bwash(?:ed|ing)?[\s-]?out\b", re.IGNORECASE)
_NEEDED_BY: Final = re.compile(r"\b(?:requir\w+|treated with|on)\b", re.IGNORECASE)
_TO: Final = re.compile(
    r"\b(?:before|prior\sto|preceding|in advance of|(?:within|last|past)\b.{0,30}?\s(?:of|from|to))\s(?:the\s)?(?P<anchor>[^,;.()]{3,80})",
    re.IGNORECASE,
)
_HALF_LIVES: Final = re.compile(
    r"(?P<count>\d{1,2}|[a-z]{3,6})\s?(?:times the |drug |elimination |plasma )*half[\s-]?li", re.IGNORECASE
)
_FOR: Final = re.compile(r"[\s,]*\b(?:for|if|from|since|after)\s", re.IGNORECASE)
_LEAD: Final = re.compile(
    r"^(?:(?:has|have|had|not|no|must|should|currently|previously|receiv(?:ed|ing)|receipt of|use of|used|using|treat(?:ed|ment) with|been|are|is"
    r"|administration of|administered|prior|previous|taken|taking|intake of|any dose of|undergone|underwent|last dose of|the|any|a|an|of|with|to|and|or"
    r"|at least|other than|either|all|in|last|completion of|completed|discontinu\w+|who|patients?|participants?|subjects?|washout (?:period )?(?:of|for|from)|exposure to)\b[\s,:]*)+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"[\s,:;(]+(?:(?:was|were|is|are|has|have|had|been|must|should|be|being|administered|received|given|used|completed|discontinued|ceased?|stopped|performed"
    r"|not|allowed|prohibited|within|the|in|at|for|during|a|an|and|or|of|than|less|more|but|any|last|to|from|by|elapsed|with|therapy that|permitted|occurred)\b[\s,(]*)+$",
    re.IGNORECASE,
)
_LONGEST: Final = 160


@dataclass(frozen=True, slots=True)
class Washout:
    """Time that must pass. "No radiotherapy within 4 weeks before enrollment": Washout("radiotherapy", 4, "week", "enrollment")."""

    what: str
    duration: float
    unit: str
    anchor: str | None


def washouts(record: Record) -> dict[str, Value]:
    """Each washout once, with the lines that state them."""
    found = [(one, line.span) for line in record.rules.lines for one in washouts_in(line.text, line.kind)]
    values = [asdict(one) for one in dict.fromkeys(one for one, _ in found)]
    return {"washouts": Value(values, tuple(dict.fromkeys(span for _, span in found)))} if found else {}


def washouts_in(text: str, kind: Kind) -> Iterator[Washout]:
    """The washouts of one criterion."""
    mentions = windows(text)
    for sentence in sentences(text):
        inside = [one for one in mentions if sentence.start <= one.start < sentence.end]
        found = [pair for at in range(len(inside)) if (pair := _washout(text, sentence, inside, at, kind))]
        later = next((one.anchor for one, _ in reversed(found) if one.anchor), None)
        for one, mention in found:
            anchored = one if one.anchor else replace(one, anchor=later)
            yield anchored
            if halves := _half_lives(text, mention, sentence):
                yield replace(anchored, duration=halves, unit="half-life")


def _washout(
    text: str, sentence: Stretch, inside: list[WindowMention], at: int, kind: Kind
) -> tuple[Washout, WindowMention] | None:
    mention = inside[at]
    length = _length(mention, sentence.words, text, kind)
    if length is None:
        return None
    start = inside[at - 1].end if at else sentence.start
    end = inside[at + 1].start if at + 1 < len(inside) else sentence.end
    what = _treatment(text, start, mention, end)
    if what is None:
        return None
    return Washout(what, length, mention.window.unit, _anchor(text, mention)), mention


def _length(mention: WindowMention, sentence: str, text: str, kind: Kind) -> float | None:
    """How long must pass by a window, None where it asks for something else."""
    length = mention.window.length
    least = length.low if length.low > 0 and length.high == inf else None
    most = length.high if length.low == 0 and length.high < inf else None
    if _WASHOUT.search(sentence) and (length.low > 0 or length.high < inf):
        return _plain(length.high if length.high < inf else length.low)
    if _OTHER_EVENTS.search(sentence) and (mention.kind != "before" or _OTHER_EVENTS.search(text[: mention.start])):
        return None
    if mention.kind in ("for", "bare") and not _LEFT.search(text[max(0, mention.start - 90) : mention.end]):
        return None
    if least is not None and (kind == "inclusion" or mention.kind == "for"):
        return _plain(least)
    if most is None or mention.kind not in ("before", "after") or most == 0:
        return None
    if kind == "exclusion":
        return _plain(most)
    denied = mention.kind == "before" and _DENIED.search(text[max(0, mention.start - 120) : mention.start])
    return _plain(most) if denied and not _measures_blood(text) else None


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def _measures_blood(text: str) -> bool:
    return any(quantity(one.quantities[0]).kind == "lab" for one in measures(text))


def _is_treatment(mention: Mention) -> bool:
    known = all_concepts()
    kinds = {known[one].kind for one in mention.concepts if one in known}
    if any(is_a(one, kind) for one in mention.concepts for kind in _NO_TREATMENT):
        return False
    return bool(kinds & _GIVEN) or any(one in _ALSO for one in mention.concepts)


def _treatment(text: str, start: int, mention: WindowMention, end: int) -> str | None:
    """What must be left behind: named before the window, or after it ("within 4 weeks before entry has received …")."""
    ahead = text[mention.end : end]
    said = text[mention.start : mention.end]
    spans: list[tuple[int, int]] = [(start, mention.start), (mention.end, end)]
    if mention.kind == "after" and mention.event_start is not None and mention.event_end is not None:
        spans = [(mention.event_start, mention.event_end)]
    elif _FOR.match(ahead) or re.search(r"\bsince$", said):
        spans = [(mention.end, end)]
    elif len(text[start : mention.start].split()) > _FEW:
        spans = spans[:1]
    for first, last in spans:
        named = [one for one in naming(text, _is_treatment, first, last) if not _for_a_disease(text, one)]
        if named:
            words = _trimmed(named[-1].words)
            return words if words and len(words) <= _LONGEST else None
    return None


_FEW: Final = 4
"""Words before a window that name nothing by themselves: "Patients who, within 4 weeks …"."""


def _for_a_disease(text: str, named: Stretch) -> bool:
    """Whether a disease is timed and not its treatment: "autoimmune disease that required systemic treatment in the past 2 years"."""
    mentions = [m for m in find(text) if named.start <= m.start and m.end <= named.end]
    first = next((m for m in mentions if _is_treatment(m)), None)
    known = all_concepts()
    diseases = [m for m in mentions if any(one in known and known[one].kind == "condition" for one in m.concepts)]
    return first is not None and any(m.end <= first.start and _NEEDED_BY.search(text, m.end, first.start) for m in diseases)


def _trimmed(words: str) -> str:
    while (shorter := _TAIL.sub("", _LEAD.sub("", words)).strip(" ,;:(")) != words:
        words = shorter
    return f"{words})" if words.count("(") > words.count(")") else words


def _anchor(text: str, mention: WindowMention) -> str | None:
    """What the time counts to, in the record's words."""
    stop = re.search(r"[.;,)]", text[mention.end :])
    said = text[mention.start : mention.end + (stop.start() if stop else 0)]
    found = _TO.search(said)
    return " ".join(found["anchor"].split()) if found else None


def _half_lives(text: str, mention: WindowMention, sentence: Stretch) -> float | None:
    """The half-lives that are given beside a length."""
    found = _HALF_LIVES.search(text, max(sentence.start, mention.start - 40), min(sentence.end, mention.end + 60))
    if found is None:
        return None
    try:
        return _plain(number_of(found["count"])[0])
    except (KeyError, ValueError):
        return None
