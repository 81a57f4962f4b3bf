"""Tumour and host markers that are asked for or barred, each with its state."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.knowledge import rows
from assistant.eligibility.vocabulary.concepts import concept, find
from index.trial import Kind, Span

_SPELLED: Final = {word.lower(): row["marker"] for row in rows("markers.tsv") for word in row["words"].split("|")}
"""Markers that have a name in words, and the short form in use."""
_KNOWN: Final = frozenset(_SPELLED.values())
_STATES: Final = {word: row["state"] for row in rows("marker-states.tsv") for word in row["words"].split("|")}
_NOT_MARKERS: Final = frozenset(word for row in rows("not-markers.tsv") for word in row["words"].split("|"))
"""Infections, methods, laboratory values and diseases: not what a marker's state is said of."""
_SAID: Final = "|".join(
    sorted((re.escape(one).replace("\\ ", "[- ]") for one in _STATES if one[0].isalpha()), key=len, reverse=True)
)
_WORDED: Final = "|".join(sorted(map(re.escape, _SPELLED), key=len, reverse=True))
_SYMBOL: Final = r"[A-Za-z]{1,8}[0-9A-Za-z*:.]*(?:-[A-Z0-9][A-Za-z0-9*:.]*)*"
_CHANGE: Final = r"(?:\s\(?(?:p\.)?[A-Z]\d{2,4}[A-Z]?\)?(?:/[A-Z])?|\sexon \d+)?"
_NAME: Final = re.compile(rf"(?<![\w*-])(?:(?i:{_WORDED})|{_SYMBOL}{_CHANGE})(?![a-z])(?: \([A-Za-z0-9/-]{{1,12}}\))?")
_AND: Final = re.compile(r"\s?,\s?(?:and |or |and/or )?|\s?/\s?|\s(?:and|or|and/or)\s")
_AFTER: Final = re.compile(
    r"[\s-]{0,2}(?:(?:gene|genes|tumou?r|protein|receptor|tissue|activating|sensiti[sz]ing|driver|somatic|germline"
    r"|pathogenic|deleterious"
    r"|oncogenic|point|genetic|genomic|hotspot|actionable)\s){0,3}"
    rf"(?P<state>(?i:{_SAID}))\b(?! risk| grade)"
    r"|\s?(?P<sign>[+]|[-–](?![\w-]))"
)
_BEFORE: Final = re.compile(
    rf"\b(?P<state>{_SAID})(?: (?:in|of|for|any of|any|the|one|following|genes?|at least|either)){{0,6}}:? \(?$",
    re.IGNORECASE,
)
_LEFT_OUT: Final = re.compile(r"\b(?:are|is|will be) (?:excluded|not eligible|ineligible|not allowed)\b", re.IGNORECASE)
_OF_DISEASE: Final = re.compile(
    r"\)?,?\s(?:[\w-]+,?\s){0,3}?(?:cancers?|carcinomas?|tumou?rs?|melanomas?|lymphomas?|leuk[a]?emias?|NSCLC|ALL"
    r"|malignanc\w+)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"\b(?:who|that|which|must|should|need|eligible|allowed|permitted)\b", re.IGNORECASE)
_LEVEL: Final = re.compile(r"\b(?P<level>low|high)\b(?:\s[\w-]+){0,2}\s(?:over)?expression of (?:the )?$", re.IGNORECASE)
_TWO: Final = re.compile(r"\b([A-Z]{2,}) ?1/2\b")
_TISSUE_TYPE: Final = re.compile(
    r"\b(?:human leu[ck]ocyte antigens?|HLA)[- ]?(?P<locus>[ABC])[*⁕ -]{1,2}(?P<allele>\d\d(?::\d\d)?)\b", re.I
)
_TWICE: Final = re.compile(r"(HLA-[ABC][\d*:]+)\s?\(\1\)")
_SHORTLY: Final = 40
"""Characters behind a barred marker in which a treatment would be said for which alone it counts."""
_WHOLE: Final = (
    (
        re.compile(
            r"\bMSI-H(?:igh)?\b|\bmicrosatellite instability[- ]high\b|\bhigh microsatellite instability\b", re.IGNORECASE
        ),
        "MSI",
        "high",
    ),
    (
        re.compile(r"\bdMMR\b|\b(?:mismatch repair|MMR)[- ]deficien\w+|\bdeficient (?:DNA )?mismatch repair\b"),
        "MMR",
        "deficient",
    ),
    (re.compile(r"\bMSS\b|\bmicrosatellite[- ]stable\b|\bmicrosatellite stability\b"), "MSI", "stable"),
    (re.compile(r"\bpMMR\b|\b(?:mismatch repair|MMR)[- ]proficient"), "MMR", "proficient"),
)
_OF_TREATMENT: Final = re.compile(
    r"\b(?:received|receiving|progress(?:ed|ion)|treated|treatment with|previously|prior|previous|should have|inhibitors?"
    r"|inhibition|blockade"
    r"|monotherapy|naive|naïve|antibod(?:y|ies)|refused|anti)\b",
    re.IGNORECASE,
)
_OPEN: Final = re.compile(
    r"\b(?:status|testing|tested|regardless|irrespective|allowed|permitted|eligible|eligibility|assumed|not (?:necessary"
    r"|required|mandatory)|may be|if|whether|unknown"
    r"|rate of|frequency of|prevalence|incidence"
    r"|known or unknown|optional|stratif\w+|either(?! by| on| in| via)|cohort|part|arm|group|determined by|evaluable|acceptable)\b",
    re.IGNORECASE,
)
"""What makes of a marker something other than a demand on every patient."""
_NOT_WANTED: Final = re.compile(
    r"\b(?:no|not|without|absence of|lack(?:s|ing)?|free of|neither|exclud(?:ed|ing)|ineligible)\b(?!\s+more)", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"(?<=[A-Za-z0-9)\]%+-][.;])\s+(?=[A-Z*(])|[•;]|(?:^|\s)[*-]\s")


@dataclass(frozen=True, slots=True)
class _Marker:
    name: str
    state: str


def biomarkers(record: Record) -> Mapping[str, Value]:
    """The markers that whoever passes has in that state, and those that keep out."""
    told: dict[str, dict[_Marker, list[Span]]] = {"biomarkers_required": {}, "biomarkers_excluded": {}}
    for line in record.rules.lines:
        for wanted, marker in _markers(_written_out(line.text), line.kind):
            told["biomarkers_required" if wanted else "biomarkers_excluded"].setdefault(marker, []).append(line.span)
    named = {_plain(one.name) for markers in told.values() for one in markers}
    if "er" in named:
        named.add("hormonereceptor")
    for marker, spans in _of_titles(record).items():
        if marker.state not in _LOOSE and not any(_same(_plain(marker.name), one) for one in named):
            told["biomarkers_required"][marker] = spans
    agreed = {name: _agreed(markers) for name, markers in told.items()}
    return {name: _value(markers) for name, markers in agreed.items() if markers}


_LOOSE: Final = frozenset({"mutated", "altered", "rearranged", "fusion"})
"""States that a title says of more than the criteria then ask for."""


def _agreed(markers: Mapping[_Marker, list[Span]]) -> dict[_Marker, list[Span]]:
    """The markers that have one state: groups of a trial may differ in them."""
    count = Counter(one.name for one in markers)
    return {one: spans for one, spans in markers.items() if count[one.name] == 1}


def _same(one: str, other: str) -> bool:
    """Whether one name is the other's, or that of a change of it: BRAF, BRAF V600E."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > 2 and long.startswith(short))


def _plain(name: str) -> str:
    """A name without its marks: "HLA-A*02:01" is "HLA-A*0201"."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _written_out(text: str) -> str:
    """A text with each marker's name whole: "BRCA1/2", "human leukocyte antigen A*02:01"."""
    plain = _TWO.sub(r"\g<1>1, \g<1>2", " ".join(text.split()))
    return _TWICE.sub(r"\1", _TISSUE_TYPE.sub(lambda match: f"HLA-{match['locus'].upper()}*{match['allele']}", plain))


def _value(markers: Mapping[_Marker, list[Span]]) -> Value:
    listed = [{"name": one.name, "state": one.state} for one in markers]
    return Value(listed, tuple(dict.fromkeys(span for spans in markers.values() for span in spans)))


def _of_titles(record: Record) -> dict[_Marker, list[Span]]:
    trial = record.trial
    for field in ("official_title", "title"):
        text, spans = getattr(trial, field), trial.evidence.get(field)
        found = tuple(_named(_written_out(text))) if text and spans and not _OF_TREATMENT.search(text) else ()
        if found:
            return {marker: list(spans or ()) for _, marker, _ in found}
    return {}


def _markers(text: str, kind: Kind) -> Iterator[tuple[bool, _Marker]]:
    for sentence in _SENTENCES.split(text):
        if not sentence:
            continue
        for place, marker, end in _named(sentence):
            if _aside(sentence, place, end, kind):
                continue
            denied = _NOT_WANTED.search(sentence[:place]) is not None or (
                kind == "inclusion" and _LEFT_OUT.search(sentence) is not None
            )
            if kind == "inclusion":
                yield not denied, marker
            elif not denied:
                yield False, marker


def _aside(sentence: str, place: int, end: int, kind: Kind) -> bool:
    """Whether a marker is named only to say whom a treatment or a test is for."""
    described = _OF_DISEASE.match(sentence, end) and not _CLAUSE.search(sentence, end)
    bound = sentence[:place] if described else sentence
    treated = bound[: end + _SHORTLY] if kind == "exclusion" else bound
    return _OF_TREATMENT.search(treated) is not None or _OPEN.search(bound) is not None


def _named(text: str) -> Iterator[tuple[int, _Marker, int]]:
    """The markers of a text, each between the places where its words begin and end."""
    seen: set[tuple[str, str]] = set()
    for pattern, name, state in _WHOLE:
        match = pattern.search(text)
        if match:
            seen.add((name, state))
            yield match.start(), _Marker(name, state), match.end()
    for start, end, names in _lists(text):
        after = _AFTER.match(text, end)
        ahead = text[max(0, start - 60) : start]
        before, apart = _BEFORE.search(ahead), not _JOINED.search(text, start, end)
        for place, name in enumerate(names):
            last = place == len(names) - 1
            said = _state(after if after and (last or not (before and apart)) else before, ahead)
            signed = after is not None and after["sign"] is not None and not (name in _KNOWN or name.startswith("CD"))
            if said is None or signed or (said == "deficient" and name not in _KNOWN) or (name, said) in seen:
                continue
            bracketed = text.count("(", 0, start) > text.count(")", 0, start)
            if any(one == name for one, _ in seen) and (said in _VAGUE or bracketed):
                continue
            seen.add((name, said))
            yield start, _Marker(name, said), after.end() if after else end


_JOINED: Final = re.compile(r"\s(?:or|and|and/or)\s|/", re.IGNORECASE)
_VAGUE: Final = frozenset({"positive", "expressed", "altered"})
"""States that but repeat what was said of a marker: "HER2 overexpression (HER2 positive by FISH)"."""


def _state(said: re.Match[str] | None, ahead: str) -> str | None:
    """What is said of a marker, behind it or before it."""
    if said is None:
        return None
    groups = said.groupdict()
    state = _STATES[" ".join((groups["state"] or groups["sign"]).lower().split())]
    level = _LEVEL.search(ahead) if state == "expressed" else None
    return level["level"].lower() if level else state


def _lists(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """The runs of marker names in a text, where each begins and ends."""
    run: list[re.Match[str]] = []
    for match in _NAME.finditer(text):
        if not any(map(_is_marker, _split(match[0]))):
            continue
        if run and not _AND.fullmatch(text, run[-1].end(), match.start()):
            yield run[0].start(), run[-1].end(), _names(run)
            run = []
        run.append(match)
    if run:
        yield run[0].start(), run[-1].end(), _names(run)


def _names(run: list[re.Match[str]]) -> tuple[str, ...]:
    return tuple(name for match in run for name in _split(match[0]) if _is_marker(name))


def _split(names: str) -> Iterator[str]:
    """The short forms of what a name says: "BRCA1/2" is two."""
    plain = re.sub(r" \([^)]*\)$", "", names).rstrip(".:*")
    yield _SPELLED.get(plain.lower(), plain)


def _is_marker(name: str) -> bool:
    if name in _KNOWN:
        return True
    if any(concept(one).kind == "condition" for mention in find(name) for one in mention.concepts):
        return False
    letters = sum(mark.isupper() for mark in name)
    return name.lower() not in _NOT_MARKERS and (letters >= 2 or (letters == 1 and any(mark.isdigit() for mark in name)))
