"""Tumour and host markers that are asked for or barred, each with its state."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.vocabulary.concepts import concept, find
from index.trial import Kind, Span

_SPELLED: Final = {
    "human epidermal growth factor receptor 2": "HER2",
    "human epidermal growth receptor 2": "HER2",
    "her2/neu": "HER2",
    "her-2/neu": "HER2",
    "her-2": "HER2",
    "erbb2": "HER2",
    "estrogen receptor": "ER",
    "oestrogen receptor": "ER",
    "progesterone receptor": "PR",
    "hormone receptor": "hormone receptor",
    "pgr": "PR",
    "androgen receptor": "androgen receptor",
    "somatostatin receptor": "somatostatin receptor",
    "folate receptor alpha": "folate receptor alpha",
    "programmed death-ligand 1": "PD-L1",
    "programmed death ligand 1": "PD-L1",
    "mesothelin": "mesothelin",
    "claudin 18.2": "claudin 18.2",
    "claudin18.2": "claudin 18.2",
    "philadelphia chromosome": "Philadelphia chromosome",
    "p16": "p16",
    "p53": "p53",
    "c-met": "c-MET",
    "microsatellite instability": "MSI",
}
"""Markers that have a name in words, and the short form in use (HUGO, ASCO/CAP)."""
_STATES: Final = {
    "positive": "positive",
    "+": "positive",
    "positivity": "positive",
    "negative": "negative",
    "-": "negative",
    "–": "negative",
    "mutation": "mutated",
    "mutations": "mutated",
    "mutant": "mutated",
    "mutated": "mutated",
    "variant": "mutated",
    "variants": "mutated",
    "alteration": "altered",
    "alterations": "altered",
    "wild-type": "wild-type",
    "wild type": "wild-type",
    "wildtype": "wild-type",
    "amplification": "amplified",
    "amplified": "amplified",
    "fusion": "fusion",
    "fusions": "fusion",
    "rearrangement": "rearranged",
    "rearrangements": "rearranged",
    "rearranged": "rearranged",
    "translocation": "rearranged",
    "translocations": "rearranged",
    "deletion": "deleted",
    "deletions": "deleted",
    "expression": "expressed",
    "expressing": "expressed",
    "overexpression": "overexpressed",
    "overexpressing": "overexpressed",
    "low": "low",
    "high": "high",
}
_NOT_MARKERS: Final = frozenset(
    (
        "hiv hbv hcv hdv hbsag hbcab hbeag hbsab hcvab rna dna hbv-dna hcv-rna covid covid-19 sars-cov-2 sars tb cmv "
        "vzv htlv htlv-1 ebv hsv ana igg igm pcr pet fdg mri ct pet-ct pet/ct fish ihc ngs ish wes anc wbc alc hcg "
        "β-hcg bhcg b-hcg sn rt-pcr nsclc sclc tnbc hnscc crc hcc rcc npc mds aml all cll gist mm fda clia cns ecog who "
        "rbc plt alt ast uln ii iii iv i ast/alt uk us usa eu ae aes irae icu ecg nyha ctcae recist sars-cov2 cd4 psa "
        "afp cea ldh crp kps dlt dna/rna vdrl rpr ppd tst igra quantiferon"
    ).split()
)
"""Infections, methods, laboratory values and diseases: not what a marker's state is said of."""
_WORDED: Final = "|".join(sorted(map(re.escape, _SPELLED), key=len, reverse=True))
_SYMBOL: Final = r"[A-Za-z]{1,8}[0-9A-Za-z*:.]*(?:-[A-Z0-9][A-Za-z0-9*:.]*)*"
_CHANGE: Final = r"(?:\s\(?(?:p\.)?[A-Z]\d{2,4}[A-Z]?\)?(?:/[A-Z])?|\sexon \d+)?"
_NAME: Final = re.compile(rf"(?<![\w*-])(?:(?i:{_WORDED})|{_SYMBOL}{_CHANGE})(?![a-z])(?: \([A-Za-z0-9/-]{{1,12}}\))?")
_AND: Final = re.compile(r"\s?,\s?(?:and |or |and/or )?|\s?/\s?|\s(?:and|or|and/or)\s")
_AFTER: Final = re.compile(
    r"[\s-]{0,2}(?:(?:gene|genes|tumou?r|protein|receptor|tissue|activating|sensiti[sz]ing|driver|somatic|germline"
    r"|pathogenic|deleterious"
    r"|oncogenic|point|genetic|genomic|hotspot|actionable)\s){0,3}"
    r"(?P<state>(?i:positive)|positivity|(?i:negative)|(?i:mutations?)|(?i:mutant)|mutated|variants?|alterations?"
    r"|(?i:wild[- ]?type)|amplification|amplified|fusions?"
    r"|rearrange(?:ments?|d)|translocations?|deletions?|expression|expressing|overexpression|overexpressing|low"
    r"|high)\b(?! risk| grade)"
    r"|\s?(?P<sign>[+]|[-–](?![\w-]))"
)
_BEFORE: Final = re.compile(
    r"\b(?P<state>positive|negative|mutations?|alterations?|variants?|rearrangements?|fusions?|amplification"
    r"|overexpression|expression|deletions?"
    r"|wild-?\s?type)(?: (?:in|of|for|any of|any|the|one|following|genes?|at least|either)){0,6}:? $",
    re.IGNORECASE,
)
_LEFT_OUT: Final = re.compile(r"\b(?:are|is|will be) (?:excluded|not eligible|ineligible|not allowed)\b", re.IGNORECASE)
_OF_DISEASE: Final = re.compile(
    r"\)?,?\s(?:[\w-]+,?\s){0,3}?(?:cancers?|carcinomas?|tumou?rs?|melanomas?|lymphomas?|leuk[a]?emias?|NSCLC|ALL"
    r"|malignanc\w+)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"\b(?:who|that|which|must|should|need)\b", re.IGNORECASE)
_LEVEL: Final = re.compile(r"\b(?P<level>low|high)\b(?:\s[\w-]+){0,2}\s(?:over)?expression of (?:the )?$", re.IGNORECASE)
_TWO: Final = re.compile(r"\b([A-Z]{2,}) ?1/2\b")
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
    r"|known or|optional|stratif\w+|either|cohort|part|arm|group|determined by|evaluable|acceptable)\b",
    re.IGNORECASE,
)
"""What makes of a marker something other than a demand on every patient."""
_NOT_WANTED: Final = re.compile(
    r"\b(?:no|not|without|absence of|lack(?:s|ing)?|free of|neither|exclud(?:ed|ing)|ineligible)\b(?!\s+more)", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"(?<=[a-z0-9)\]%+-][.;])\s+(?=[A-Z*(])|[•;]|(?:^|\s)[*-]\s")


@dataclass(frozen=True, slots=True)
class _Marker:
    name: str
    state: str


def biomarkers(record: Record) -> Mapping[str, Value]:
    """The markers that whoever passes has in that state, and those that keep out."""
    told: dict[str, dict[_Marker, list[Span]]] = {"biomarkers_required": {}, "biomarkers_excluded": {}}
    for line in record.rules.lines:
        for wanted, marker in _markers(" ".join(line.text.split()), line.kind):
            told["biomarkers_required" if wanted else "biomarkers_excluded"].setdefault(marker, []).append(line.span)
    if not told["biomarkers_required"]:
        told["biomarkers_required"] = _of_titles(record)
    return {name: _value(markers) for name, markers in told.items() if markers and _agree(markers)}


def _agree(markers: Mapping[_Marker, list[Span]]) -> bool:
    """Whether each marker has one state: groups of a trial may differ in them."""
    return len({one.name for one in markers}) == len(markers)


def _value(markers: Mapping[_Marker, list[Span]]) -> Value:
    listed = [{"name": one.name, "state": one.state} for one in markers]
    return Value(listed, tuple(dict.fromkeys(span for spans in markers.values() for span in spans)))


def _of_titles(record: Record) -> dict[_Marker, list[Span]]:
    trial = record.trial
    for field in ("official_title", "title"):
        text, spans = getattr(trial, field), trial.evidence.get(field)
        found = tuple(_named(text)) if text and spans and not _OF_TREATMENT.search(text) else ()
        if found:
            return {marker: list(spans or ()) for _, marker, _ in found}
    return {}


def _markers(text: str, kind: Kind) -> Iterator[tuple[bool, _Marker]]:
    for sentence in _SENTENCES.split(text):
        if not sentence:
            continue
        for place, marker, end in _named(sentence):
            if _aside(sentence, place, end):
                continue
            denied = _NOT_WANTED.search(sentence[:place]) is not None or (
                kind == "inclusion" and _LEFT_OUT.search(sentence) is not None
            )
            if kind == "inclusion":
                yield not denied, marker
            elif not denied:
                yield False, marker


def _aside(sentence: str, place: int, end: int) -> bool:
    """Whether a marker is named only to say whom a treatment or a test is for."""
    described = _OF_DISEASE.match(sentence, end) and not _CLAUSE.search(sentence, end)
    bound = sentence[:place] if described else sentence
    return _OF_TREATMENT.search(bound) is not None or _OPEN.search(bound) is not None


def _named(text: str) -> Iterator[tuple[int, _Marker, int]]:
    """The markers of a text, each between the places where its words begin and end."""
    text = _TWO.sub(r"\g<1>1, \g<1>2", text)
    seen: set[str] = set()
    for pattern, name, state in _WHOLE:
        match = pattern.search(text)
        if match:
            seen.add(name)
            yield match.start(), _Marker(name, state), match.end()
    for start, end, names in _lists(text):
        after = _AFTER.match(text, end)
        before = None if after else _BEFORE.search(text[max(0, start - 60) : start])
        said = (after["state"] or after["sign"]) if after else before["state"] if before else None
        if said is None:
            continue
        state = _STATES[" ".join(said.lower().split())]
        level = _LEVEL.search(text[max(0, start - 60) : start]) if state == "expressed" else None
        for name in names:
            if name not in seen and (after is None or not after["sign"] or name in _SPELLED.values() or name.startswith("CD")):
                seen.add(name)
                yield start, _Marker(name, level["level"].lower() if level else state), after.end() if after else end


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
    if name in _SPELLED.values():
        return True
    if any(concept(one).kind == "condition" for mention in find(name) for one in mention.concepts):
        return False
    letters = sum(mark.isupper() for mark in name)
    return name.lower() not in _NOT_MARKERS and (letters >= 2 or (letters == 1 and any(mark.isdigit() for mark in name)))
