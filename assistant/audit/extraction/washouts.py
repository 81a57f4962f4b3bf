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
    *("imaging", "biopsy", "study-drug", "tumor-tissue-available", "electrocardiogram", "echocardiogram", "anesthesia"),
    *("coronary-revascularization", "cardiac-intervention"),
)
_ALSO: Final = ("clinical-trial-participation",)
_OTHER_EVENTS: Final = re.compile(
    r"\b(?:recur\w*|relaps\w*|progress\w*|develop\w*|respon\w*|surviv\w*|contracept\w*|birth control|abstain|abstinen\w*|pregnan\w*"
    r"|menopaus\w*|sperm\w*|breast-?\s?feed\w*|nursing|diagnos\w*(?! of immunodeficien)|fresh|sample|specimen|scan|imaging|biops\w*"
    r"|life expectancy"
    r"|stable (?:dose|regimen)|stabili[sz]ed|dose (?:adjust\w*|chang\w*)|avoid\w*|refractory|documented|assessment)\b",
    re.IGNORECASE,
)
"""Words of a sentence that times something else than a treatment left behind."""
_DENIED: Final = re.compile(r"\b(?:no|not|without|never|free of|off)\b", re.IGNORECASE)
_LEFT: Final = re.compile(
    r"\b(?:last dose|wash-?\s?out|off|without|discontinu\w+|stopp\w+|ceas\w+|complet\w+|elaps\w+|interval"
    r"|not (?:have |be |been |to have )*(?:requir\w+|receiv\w+|us\w+|tak\w+|treated))\b",
    re.IGNORECASE,
)
_WASHOUT: Final = re.compile(r"\bwash(?:ed|ing)?[\s-]?out\b", re.IGNORECASE)
_BACK: Final = re.compile(
    r"\b(?:before|prior|preceding|since|ago|earlier|elaps\w+|from|cease\w*|stopp\w*|discontinu\w*)\b", re.IGNORECASE
)
_GRANTED: Final = re.compile(r"(?:\b(?:is|are)\s(?:allowed|permitted|acceptable)|\bmay be\b[^,;.]*)\s*$", re.IGNORECASE)
_NEEDED_BY: Final = re.compile(r"\b(?:requir\w+|treated|on|controlled|caused|despite|unless)\b", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"\b(?:before|prior\sto|prior(?=\s(?:the\b|first|start|enrol|participat|study|day|cycle))|preceding|in advance of)"
    r"\s(?:or after\s)?(?:the\s)?(?!\d)(?P<anchor>[^,;.()]{3,80})",
    re.IGNORECASE,
)
_OF: Final = re.compile(
    r"\b(?:within|last|past)\b.{0,30}?\s(?:of|from|to)\s(?:the\s)?(?P<anchor>[^,;.()]{3,80})", re.IGNORECASE
)
_CLOSED: Final = re.compile(r"^\s?\([^()]*\)")
_ANCHOR_ENDS: Final = re.compile(
    r"\s(?:or|and|as|except|while|which|that|are|is|has|have|with|unless|was|were)\s|[:，）]", re.IGNORECASE
)
_HALF_LIVES: Final = re.compile(
    r"(?P<count>\d{1,2}|[a-z]{3,6})\s?(?:times the |drug |elimination |plasma )*half[\s-]?li", re.IGNORECASE
)
_MUST: Final = re.compile(r":\s*$|\b(?:must|should|need to)\b", re.IGNORECASE)
"""What makes a least time of an exclusion one that must have passed."""
_ELAPSED: Final = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:must |should )?(?:have )?(?:elapsed )?(?:from|since|after)\s", re.IGNORECASE
)
_OF_EVENT: Final = re.compile(r"(?:within|less than|<|≤).*\sof\b", re.IGNORECASE)
_RECEIVING: Final = re.compile(r"\bor (?:is|are) (?:currently )?(?:receiving|taking|on)\s", re.IGNORECASE)
"""Where after a disease a treatment begins: "immunodeficiency or is receiving steroids"."""
_UP_TO: Final = re.compile(r",?\s(?:except|unless)\b|,\swhich\b|\sat the time\b", re.IGNORECASE)
_FOR: Final = re.compile(r"[\s,]*(?:\([^()]*\)\s*)?(?:elapsed\s)?\b(?:for|if|from|since|after)\s", re.IGNORECASE)
_LEAD: Final = re.compile(
    r"^(?:[^:]{0,80}:\s|[^()]*\)\s|(?:may not require|concomitant use of|known|has|have|had|having|not|no|must|should|currently"
    r"|previously|receiv(?:ed?|ing)|receipt of|use of|used|using|(?:systemic )?treat(?:ed|ment) with(?: either)?|been|being|are|is"
    r"|now|be|on|off|administration of|administered|prior|previous|taken|taking|intake of|any dose of|undergone|underwent|last dose of"
    r"|the|any|an?|of|with|to|and|or|for|if|already|at least|more than \d|other than|either|all|in|last|completion of|withdrawal of"
    r"|\d+ half-?li(?:fe|ves)"
    r"|whichever (?:is|was) \w+|from|elapsed|administration from|history of|completed|discontinu\w+"
    r"|who|patients?|participants?|subjects?|volunteers|they|he|she"
    r"|washout (?:period )?(?:of|for|from)"
    r"|exposure to|(?:potential )?requirement for|conditions?|requir(?:ing|es?)|there|chronic treatment with"
    r"|medications or substances that|live(?=\slive)|except in cases? of)\b[\s,:]*)+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"[\s,:;(]+(?:(?:was|were|is|are|has|have|had|been|must|should|be|being|administered|received|given|used|use|taken|completed"
    r"|discontinued|ceased?|stopped|performed|not|allowed|prohibited|within|the|in|at|for|during|an?|and|or|of|than|less|more|but"
    r"|any|last|to|from|by|elapsed|with|therapy that|permitted|occur(?:red)?|held|prescribed)\b[\s,(]*)+$",
    re.IGNORECASE,
)
_AND_MORE: Final = re.compile(
    r"\s(?:and (?:have )?(?:fully )?recovered|must have completed (?:therapy|treatment)|AND no"
    r"|may enroll|are required|allowed\b,?|or who|for which|unless)(?=\s|$)"
)
_BARE: Final = re.compile(
    r"(?:concomitant |concurrent )?(?:medication|drug|treatment|therapy|therapies|medicine|agent)s?", re.IGNORECASE
)
_DRUG_WORDS: Final = re.compile(
    r"\b(?:inhibitors?|inducers?|experimental (?:agents?|drugs?)|substrates?"
    r"|vaccines?|antibiotics?|supplements?|transfusions?|steroids?|interventional stud(?:y|ies))\b",
    re.IGNORECASE,
)
_ANY_SYSTEMIC: Final = re.compile(
    r"systemic (?:anti-?\s?(?:cancer|tumou?r|neoplastic) )?(?:therap(?:y|ies)|treatments?)", re.IGNORECASE
)
_OTHER: Final = re.compile(r",?\s(?:and/or|or)\s(?=(?:any\s|an)?other\s(?:\w+\s){0,3}immunosuppress)", re.IGNORECASE)
_LISTED: Final = re.compile(r"\s*,\s*(?:and/or\s|or\s|and\s)?|\s(?:and/or|or|and)\s")
_NO_LIST: Final = re.compile(
    r"\b(?:including|such as|e\.?g|i\.e|with|that|which|other than|based|combination|plus)\b|[(]", re.IGNORECASE
)
"""What makes of a list one treatment, or examples of one."""
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
        found = [(one, inside[at]) for at in range(len(inside)) for one in _washout(text, sentence, inside, at, kind)]
        later = next((one.anchor for one, _ in reversed(found) if one.anchor), None)
        for one, mention in found:
            anchored = one if one.anchor else replace(one, anchor=later)
            yield anchored
            if halves := _half_lives(text, mention, sentence):
                yield replace(anchored, duration=halves, unit="half-life")


def _washout(text: str, sentence: Stretch, inside: list[WindowMention], at: int, kind: Kind) -> Iterator[Washout]:
    mention = inside[at]
    length = _length(mention, sentence, text, kind)
    start = inside[at - 1].end if at and not _WASHOUT.search(sentence.words) else sentence.start
    end = inside[at + 1].start if at + 1 < len(inside) else sentence.end
    what = _treatment(text, start, mention, end) if length is not None else None
    if length is not None and what is None and _WASHOUT.search(sentence.words) and sentence.start:
        what = next((_trimmed(one.words) for one in naming(text, _is_treatment, 0, sentence.start)), None)
    if length is None or what is None:
        return
    unit: str = mention.window.unit
    if unit == "hour" and length % _DAY == 0:
        length, unit = length / _DAY, "day"
    for one in _parts(what):
        yield Washout(one, _plain(length), unit, _anchor(text, mention))


_DAY: Final = 24


def _parts(what: str) -> list[str]:
    """ "Steroids or other immunosuppressive agents" are two, and so is each treatment of a list that names but treatments."""
    items = [part for part in _LISTED.split(what) if part]
    if len(items) > 1 and not _NO_LIST.search(what) and all(map(_is_named, items)):
        return [_trimmed(part) for part in items]
    parts = _OTHER.split(what)
    return [_trimmed(part) for part in parts] if all(any(map(_is_treatment, find(part))) for part in parts) else [what]


def _is_named(part: str) -> bool:
    """Whether an item names a treatment as its head."""
    found = [one for one in find(part) if _is_treatment(one)]
    return bool(found) and re.search("[a-z]{3}|mAb", part) is not None and found[-1].end >= len(part.rstrip(" .)s"))


def _length(mention: WindowMention, sentence: Stretch, text: str, kind: Kind) -> float | None:
    """How long must pass by a window, None where it asks for something else."""
    length = mention.window.length
    least = length.low if length.low > 0 and length.high == inf else None
    most = length.high if length.low == 0 and length.high < inf else None
    before = text[sentence.start : mention.start]
    if _WASHOUT.search(sentence.words) and not re.search(r"half-?\s?li\w+\s*$", before):
        return length.high if length.high < inf else length.low or None
    if _OTHER_EVENTS.search(sentence.words) and (mention.kind != "before" or _OTHER_EVENTS.search(before)):
        return None
    if mention.kind == "bare" and before.rstrip().endswith("(") and _FOR.match(text, mention.end):
        return length.high
    if mention.kind == "bare" and kind == "inclusion" and not before.strip(" -*") and _ELAPSED.match(text, mention.end):
        return length.high
    if (mention.kind in ("for", "bare") and not _LEFT.search(before)) or _GRANTED.search(before):
        return None
    if mention.kind == "after" and least is not None and _DENIED.search(before):
        return None
    if least is not None and (kind == "inclusion" or mention.kind == "for" or _MUST.search(before)):
        return least if mention.kind == "after" or _BACK.search(text, sentence.start, sentence.end) else None
    if not most or mention.kind not in ("before", "after"):
        return None
    if kind == "exclusion":
        return most
    denied = mention.kind == "before" and (_DENIED.search(before) or _LEFT.search(before[-_NEAR:]))
    return most if denied and not _measures_blood(text) else None


_NEAR: Final = 40
"""Characters before a window within which "must cease" speaks of it."""


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
    spans: list[tuple[int, int]] = [(start, mention.start), (mention.end, end)]
    said = text[mention.start : mention.end]
    receiving = _RECEIVING.search(text, start, mention.start)
    if receiving and not any(_is_treatment(one) and start <= one.start < receiving.start() for one in find(text)):
        spans[0] = (receiving.end(), mention.start)
    if _OF_EVENT.match(said) and any(_is_treatment(one) and start <= one.start < mention.start for one in find(text)):
        spans = spans[:1]
    elif mention.kind == "after" and mention.event_start is not None and mention.event_end is not None:
        spans = [(mention.event_start, mention.event_end)]
    elif (_FOR.match(text, mention.end) and not _HALF_LIVES.search(text, mention.start, mention.end)) or re.search(
        r"\bsince$", text[mention.start : mention.end]
    ):
        closed = text.find(")", mention.end, end) if text[start : mention.start].rstrip().endswith("(") else -1
        stop = _UP_TO.search(text, mention.end, end)
        spans = [(mention.end, closed if closed > 0 else stop.start() if stop else end)]
    elif len(text[start : mention.start].split()) > _FEW or _diseases(text, start, mention.start):
        spans = spans[:1]
    for first, last in spans:
        treated = naming(text, _is_treatment, first, last)
        named = [one for one in treated if not _for_a_disease(text, one)]
        apart = [one for one in _diseases(text, first, last) if named and one.end <= named[-1].start]
        if len(apart) > 1 or (named and _lists_disease(text, named[-1])):
            return None
        words = _trimmed(named[-1].words) if named else ""
        if _BARE.fullmatch(words) or (not treated and _DRUG_WORDS.search(text, first, last)):
            words = _trimmed(" ".join(text[first:last].split()))
        whole = _trimmed(" ".join(text[first:last].split())) if not treated else ""
        if _ANY_SYSTEMIC.fullmatch(whole):
            return whole
        if words or treated:
            return words if words and len(words) <= _LONGEST and not _measures_blood(words) else None
    return None


_FEW: Final = 4
"""Words before a window that name nothing by themselves: "Patients who, within 4 weeks …"."""


def _diseases(text: str, start: int, end: int) -> list[Mention]:
    known = all_concepts()
    mentions = (m for m in find(text) if start <= m.start and m.end <= end)
    return [m for m in mentions if any(one in known and known[one].kind == "condition" for one in m.concepts)]


def _lists_disease(text: str, named: Stretch) -> bool:
    """Whether a disease is listed with its treatments in brackets: "infarction, angina (including bypass grafting)"."""
    first = next((m for m in find(text) if named.start <= m.start and m.end <= named.end and _is_treatment(m)), None)
    if first is None or text.count("(", named.start, first.start) <= text.count(")", named.start, first.start):
        return False
    opened = text.rfind("(", named.start, first.start)
    return any(m.end <= opened for m in _diseases(text, named.start, opened))


def _for_a_disease(text: str, named: Stretch) -> bool:
    """Whether a disease is timed and not its treatment: "autoimmune disease that required systemic treatment in the past 2 years"."""
    first = next((m for m in find(text) if named.start <= m.start and m.end <= named.end and _is_treatment(m)), None)
    diseases = _diseases(text, named.start, named.end)
    timed = any(is_a(one, "autoimmune-disease") for m in diseases for one in m.concepts) or "despite" in named.words
    return timed or (
        first is not None and any(m.end <= first.start and _NEEDED_BY.search(text, m.end, first.start) for m in diseases)
    )


def _trimmed(words: str) -> str:
    words = _AND_MORE.split(words)[0] or words
    while (shorter := _TAIL.sub("", _LEAD.sub("", words)).strip(" ,;:(")) != words:
        words = shorter
    opened = words.count("(") - words.count(")")
    return f"{words})" if opened > 0 else words.removesuffix(")") if opened < 0 else words


def _anchor(text: str, mention: WindowMention) -> str | None:
    """What the time counts to, in the record's words."""
    said = text[mention.start : mention.end]
    ahead = re.split(r"[.;,)]", _CLOSED.sub("", text[mention.end :], count=1))[0]
    longer = f"{said}{ahead}"
    found = next((hit for each in (said, longer) for way in (_BEFORE, _OF) if (hit := way.search(each))), None)
    anchor = " ".join(_ANCHOR_ENDS.split(found["anchor"])[0].split()) if found else ""
    return anchor or None


def _half_lives(text: str, mention: WindowMention, sentence: Stretch) -> float | None:
    """The half-lives that are given beside a length."""
    found = _HALF_LIVES.search(text, max(sentence.start, mention.start - 40), min(sentence.end, mention.end + 60))
    if found is None:
        return None
    try:
        return _plain(number_of(found["count"])[0])
    except (KeyError, ValueError):
        return None
