"""Puts together what a note says of one cancer in several places: its site, what the biopsy showed, where it has spread."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice, permutations

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.scope import kind_of
from assistant.eligibility.numbers.measures import GradingMention
from assistant.eligibility.patient import Finding, Grading, Words
from assistant.eligibility.vocabulary.concepts import all_concepts, find, is_a
from assistant.eligibility.vocabulary.traits import opposed

_CONFIRMED = "confirmed-histologically"
_HISTOLOGIES = (
    "carcinoma",
    "adenocarcinoma",
    "squamous-cell-carcinoma",
    "undifferentiated-carcinoma",
    "neoplasm",
    "malignancy",
    "solid-tumor",
)
"""What tissue is called whatever organ it came from: with the one cancer of a note it is that cancer."""
_SAMPLE = re.compile(
    r"\b(?:biops(?:y|ies|ied)|bx|histolog(?:y|ical|ically)|histopatholog(?:y|ical)|patholog(?:y|ical|ically)|"
    r"curettage|curettings|resection specimen)\b",
    re.IGNORECASE,
)
_NOTHING_FOUND = re.compile(
    r"\b(?:no|not|without|negative|benign|inconclusive|non-?diagnostic|insufficient|pending|awaited|planned|scheduled|refused|declined|"
    r"normal|if|unless|cannot|never|before|prior)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[!?;](?=\s|$)|\.(?=\s+[^\sa-z(]|\s*$)|\n")
_SAMPLE_OF = re.compile(
    r"\b(?:biops(?:y|ies|ied)|bx|core|histology|pathology|sample)\s+"
    r"(?:(?:(?:on|in)\s+)?(?:\d[\d./-]{3,9}|(?:\d{1,2}\s)?[a-z]{3,9}\.?(?:\s\d{1,2},)?\s\d{4}),?\s+)?"
    r"(?:(?:from\s+)?(?P<place>behind|at the back of)|of|from|in)?\s*(?:(?:the|a|my|his|her)\s+)?(?P<organ>[a-z]+(?:\s[a-z]+)?)",
    re.IGNORECASE,
)
_ORGAN_SAMPLED = re.compile(
    r"\b(?P<organ>[a-z]+)(?:\s+(?:mass\s+|tumou?r\s+|core\s+|needle\s+)?(?:biops(?:y|ies)|bx)|,?\s+(?:was\s+)?biopsied)\b",
    re.IGNORECASE,
)
_HOSTS = ("liver-cancer", "lung-cancer", "bone-sarcoma", "brain-cancer", "lymphoma", "leukemia")
"""Organs that cancers of others spread to: what a sample of these shows may have come from elsewhere."""
_TYPED = re.compile(r"\b(?P<negated>non-?\s?)?keratini[sz]ing\b", re.IGNORECASE)
_NODES_ONLY = re.compile(r"\s+(?:to|in)\s+(?:\w+\s+){0,4}(?:lymph\s+)?nodes?\b", re.IGNORECASE)
_NPC = "nasopharyngeal-carcinoma"
_WHO_TYPES = {
    "I": frozenset({"keratinizing"}),
    "II": frozenset({"non-keratinizing", "differentiated"}),
    "III": frozenset({"non-keratinizing", "undifferentiated"}),
}
"""WHO 1991: I keratinizing, II differentiated and III undifferentiated non-keratinizing."""
_PLACE = (
    r"(?P<organ>lungs?|liver|brain|adrenals?|adrenal\s+glands?|peritoneum|pleura|spine|backbone|vertebrae?|ribs?|sternum|breastbone|femur|pelvis|"
    r"(?:hip|thigh|pelvic|tail|shin|skull)\s+bones?|hips?|bones?|skeleton|sacrum|[CTL]\d{1,2}(?=\W))"
)
_SPOTS = re.compile(
    rf"\b(?:spots?|lesions?|nodules?|tumou?rs?|masses|deposits?|growths?)\s+(?:in|on)\s+(?:(?:my|his|her|the|both|one)\s+)?{_PLACE}\b",
    re.IGNORECASE,
)
_WENT = re.compile(
    rf"\b(?:spread(?:ing)?|gone|went|travell?ed|moved|metasta[st]i[sz]ed|seeded|already|also)\s+(?:to|into|in|on|through(?:out)?)\s+"
    rf"(?:(?:my|his|her|the|both|one)\s+)?{_PLACE}\b(?!\s+(?:biops|scan|clinic|surg|speciali))",
    re.IGNORECASE,
)
"""A cancer that spread, by the organ it went to: "it has gone to my liver"."""
_NOT_SPREAD = re.compile(
    r"\b(?:has(?:n['’]t| not)|did(?:n['’]t| not)|(?:has )?never)\s+spread"
    r"(?:\s+(?:anywhere|any ?where else|elsewhere|at all))?(?=\s*(?:[.;,!]|and\b|$))",
    re.IGNORECASE,
)
_MOST = 50
"""Places of one kind that are looked at in a note."""
_DOUBTED = re.compile(
    r"\b(?:(?-i:may)|might|could|can|possibl[ey]|suspect\w*|worried|afraid|fear\w*|scared|whether|see|check\w*|risk|prevent|"
    r"ruled out|excluded|as if|feels?|hope\w*|likely|probably|hasn|haven|didn|wasn)\b|\?",
    re.IGNORECASE,
)
_MORE_SPOTS = re.compile(
    rf"(?:\s*,\s*|\s+)(?:and\s+|plus\s+|&\s+)?(?:(?:one|two|three|four|five|several|some|another|more|others?|a few|\d{{1,2}})\s+){{0,2}}"
    rf"(?:(?:in|on)\s+)?(?:(?:my|his|her|the|both)\s+)?{_PLACE}\b(?!\s+(?:is|are|was|were|looks?)?\s*(?:clear|clean|normal|free|ok))",
    re.IGNORECASE,
)
_CLEAR = re.compile(
    r"\b(?P<organ>liver|skeleton|bones?|brain)(?:,?\s+(?:and|&)\s+(?P<second>liver|skeleton|bones?|brain))?\s+(?:is\s+|are\s+|was\s+|were\s+|looks?\s+)?"
    r"(?:clear|clean)\b(?!\s+cell)",
    re.IGNORECASE,
)
_SEEN = re.compile(
    r"\b(?:CT|MRI|PET|PET/CT|PET-CT|PSMA-PET|scans?|scintigraphy|x-?rays?|ultrasound|sonography|imaging|radiograph\w*|avid|MR)\b",
    re.IGNORECASE,
)
_NO_OTHER = re.compile(
    r"\bno\s+(?:other|further|additional|second|new)\s+(?:primary\s+)?(?:primary|primaries|malignanc(?:y|ies)|cancers?|neoplasms?|tumou?rs?)\b"
    r"(?!\s+(?:treatments?|therap|drugs?|medic|surger|work|progress|growth|markers?|site|lesion|care|symptom|pain))",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(
    r"[.!?]\s+(?!(?:(?:the|its|his|her|my)\s+)?(?:report|results?|pathology|histology|it|biopsy|sample)\b)", re.IGNORECASE
)
"""A new sentence that is no report of the sample."""
_SUBJECT = 160
"""Characters within which what spread is named before the organ it went to."""
_REPORT = 120
"""Characters that may lie between a biopsy and what its report says."""
_ORGANS = {
    "lung": "lung",
    "liver": "liver",
    "brain": "brain",
    "adrenal": "adrenal",
    "adrenal gland": "adrenal",
    "peritoneum": "peritoneal",
    "pleura": "pleural",
}
"""Organs by the word for them; all other places named are bone."""


_BEGUN_IN = re.compile(
    r"(?:[\s,]*\b(?:that|which|has|had|have|first|originally|initially|it|is|was|the primary|my primary|primary)\b){0,4}[\s,]*"
    r"\b(?P<how>(?:start(?:ed|ing)|began|beginning|begun|arose|arising|originat(?:ed|ing)|came|grew first|primary)\s+(?:in|on|from|at)"
    r"|inside|behind|in|of|on)\s+"
    r"(?:(?:my|his|her|their|the|a|an|one|left|right|back of|back|inside of|inside|lining of|surface of|of)\s+){0,4}(?P<organ>[a-z]+)",
    re.IGNORECASE,
)
"""Where a tumour is said to have begun: "cancer that started in the colon", "a melanoma inside my eye"."""
_HERE = ("melanoma",)
"""Tumours whose name and place make another one even where only the place is named: a cancer in an organ may have spread to it."""


def begun_in(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; a tumour that is said to have begun in an organ is that organ's tumour."""
    for one in made:
        organ = _organ_of(text, one)
        meant = [each for mention in find(organ) for each in mention.concepts] if organ else []
        narrower = len(meant) == 1 and meant[0] != one.concept and is_a(meant[0], one.concept)
        yield replace(one, concept=meant[0]) if narrower else one


def _organ_of(text: str, one: Finding) -> str | None:
    """The name of a tumour by the organ that it began in: "colon cancer", "eye melanoma"; None where none is said."""
    if not (one.present and one.who == "patient" and one.concept in all_concepts() and is_a(one.concept, "neoplasm")):
        return None
    name = one.concept if one.concept in _HERE else "cancer"
    said = next((each for each in (name, "cancer", "tumor", "tumour") if each in one.words.quote.lower()), None)
    if said is None:
        return None
    place = _BEGUN_IN.match(text, one.words.start + one.words.quote.lower().find(said) + len(said))
    begun = place is not None and (one.concept in _HERE or " " in place["how"])
    return f"{place['organ'].lower()} {name}" if place is not None and begun else None


def of_one_cancer(text: str, made: Sequence[Finding], classes: Sequence[GradingMention]) -> Iterator[Finding]:
    """Every finding, those of a cancer with the traits that other places give it, and the spread that its words name."""
    cancers = [one for one in made if _current_cancer(one)]
    sites = {one.concept for one in cancers if one.concept not in _HISTOLOGIES}
    only = next(iter(sites)) if len(_most_specific(sites)) == 1 else None
    site = next(iter(_most_specific(sites))) if only else None
    shown = {id(one): _shown(text, one) for one in cancers}
    spread = [
        _statement(text, one.words) for one in made if one.present and one.certain and one.who == "patient" and _is_distant(one)
    ]
    told = _told(text) if site is not None else frozenset()
    if site == _NPC:
        told |= frozenset().union(*(_traits_of_type(one.values) for one in classes if one.scale == "who-npc-type"))
    disseminated = any(one.scale == "m" and all(value.startswith("M1") for value in one.values) for one in classes)
    placed = tuple(_spread(text, made, site, disseminated=disseminated))
    spread += [_statement(text, one.words) for one in placed if _is_distant(one) and one.concept != "distant-metastasis"]
    resectable = _resectable(made)
    for one in made:
        traits = set(one.traits)
        if id(one) in shown:
            traits |= shown[id(one)]
            if one.concept == site and resectable is not None and not any(opposed(resectable, known) for known in traits):
                traits.add(resectable)
            if one.concept == site:
                for other in cancers:
                    if other.concept in _HISTOLOGIES:
                        traits |= {trait for trait in {*other.traits, *shown[id(other)]} if trait in _of_tissue()}
                traits |= told
            if any(start <= one.words.start < end for start, end in spread) or (spread and one.concept == site):
                traits.add("metastatic")
        made_one = replace(one, traits=frozenset(traits)) if traits != one.traits else one
        yield made_one
        if id(one) in shown and one.concept in _HISTOLOGIES:
            sampled = _sampled(text, one) if site is None and _CONFIRMED in made_one.traits else None
            named = site or sampled
            general = "carcinoma" if one.concept == "undifferentiated-carcinoma" else one.concept
            if named is not None and (is_a(named, general) or (sampled and is_a(one.concept, "malignancy"))):
                yield replace(made_one, concept=named)
    yield from placed
    if not spread and not any(is_a(one.concept, "metastasis") for one in made if one.present and one.concept in all_concepts()):
        local = [one.words for one in cancers if one.concept == site and "non-metastatic" in one.traits]
        unspread = [one for one in islice(_NOT_SPREAD.finditer(text), _MOST) if _of_solid_cancer(one.start(), made)]
        for words in (*local, *(Words(one.start(), one.end(), one[0]) for one in unspread)):
            yield Finding("distant-metastasis", False, words)
    if cancers:
        yield from _clear(text)


_OF_THE_TUMOUR = re.compile(r"operable|resect|remov|cut out|option", re.IGNORECASE)


def _resectable(made: Sequence[Finding]) -> str | None:
    """Whether the cancer can be removed, where that is said of it and not of the patient's fitness."""
    said = {
        one.present
        for one in made
        if one.concept == "surgical-candidate"
        and one.certain
        and one.who == "patient"
        and _OF_THE_TUMOUR.search(one.words.quote)
    }
    return None if len(said) != 1 else "resectable" if said.pop() else "unresectable"


def by_marker(made: Sequence[Finding]) -> Iterator[Finding]:
    """The cancer that the one site of a note and a marker make: breast cancer whose tumour is HER2-positive."""
    cancers = [one for one in made if _current_cancer(one) and one.concept not in _HISTOLOGIES]
    if len(_most_specific({one.concept for one in cancers})) != 1:
        return
    markers = {
        one.concept for one in made if one.present and one.certain and one.who == "patient" and one.concept in _markers()
    }
    for one in cancers:
        for marker in markers:
            for cancer, site in _markers()[marker]:
                if one.concept == site:
                    yield replace(one, concept=cancer)


@cache
def _markers() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The markers that with a site make a cancer of its own, by the parents of that cancer."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in all_concepts().values():
        for marker, site in permutations(each.parents, 2):
            if kind_of(marker) == "biomarker" and is_a(site, "malignancy") and each.kind == "condition":
                found.setdefault(marker, []).append((each.id, site))
    return {marker: tuple(made) for marker, made in found.items()}


def who_types(made: Sequence[Finding]) -> Iterator[Grading]:
    """The WHO type that the words for the tissue of a nasopharyngeal carcinoma say."""
    for one in made:
        if one.concept == _NPC and _current_cancer(one):
            types = [type for type, traits in _WHO_TYPES.items() if not any(opposed(a, b) for a in traits for b in one.traits)]
            if one.traits & {"keratinizing", "non-keratinizing"} and types:
                yield Grading("who-npc-type", frozenset(types), one.words)


def _traits_of_type(types: frozenset[str]) -> frozenset[str]:
    """What all the WHO types that are left possible have in common."""
    each = [traits for type, traits in _WHO_TYPES.items() if type in types]
    return frozenset.intersection(*each) | {_CONFIRMED} if each else frozenset()


def _current_cancer(one: Finding) -> bool:
    return (
        one.present
        and one.certain
        and one.who == "patient"
        and one.concept in all_concepts()
        and is_a(one.concept, "neoplasm")
        and not is_a(one.concept, "metastasis")
        and one.ongoing is not False
        and one.ended is None
        and not one.traits & {"excised", "cured", "inactive", "resolved", "benign", "adequately-treated"}
    )


def _most_specific(sites: set[str]) -> set[str]:
    return {one for one in sites if not any(other != one and is_a(other, one) for other in sites)}


@cache
def _of_tissue() -> frozenset[str]:
    """Traits that a look at the tissue shows."""
    return frozenset(
        {
            *(_CONFIRMED, "keratinizing", "non-keratinizing", "differentiated", "undifferentiated", "high-grade", "low-grade"),
            *("invasive", "in-situ", "metastatic"),
        }
    )


def _statement(text: str, words: Words) -> tuple[int, int]:
    """The sentence or part of it up to ";" that the words stand in, no more than 300 characters either side."""
    before = list(_SENTENCE_END.finditer(text, max(0, words.start - 300), words.start))
    after = _SENTENCE_END.search(text, words.end, words.end + 300)
    return (before[-1].end() if before else max(0, words.start - 300)), (
        after.start() if after else min(len(text), words.end + 300)
    )


def _shown(text: str, one: Finding) -> frozenset[str]:
    """What is said of the tissue beside a cancer: "proven by biopsy", "on curettage", "biopsy 2025-03-04: …".

    Whether a carcinoma keratinizes is seen in tissue alone (WHO Classification of Tumours, 5th ed.)."""
    if one.traits & {"keratinizing", "non-keratinizing"}:
        return frozenset({_CONFIRMED})
    start, end = _statement(text, one.words)
    for sample in _SAMPLE.finditer(text, start, end):
        near = text[max(start, sample.start() - 25) : sample.start()] + " " + text[sample.end() : min(end, sample.end() + 25)]
        if not _NOTHING_FOUND.search(near):
            return frozenset({_CONFIRMED})
    return frozenset()


def _told(text: str) -> frozenset[str]:
    """A tissue type told without the name of the cancer: "The biopsy said non-keratinizing." """
    for sample in _SAMPLE.finditer(text):
        end = _SENTENCE_END.search(text, sample.end(), sample.end() + 200)
        typed = _TYPED.search(text, sample.end(), end.start() if end else min(len(text), sample.end() + 200))
        if typed and not _NOTHING_FOUND.search(text, sample.end(), typed.start()):
            return frozenset({_CONFIRMED, "non-keratinizing" if typed["negated"] else "keratinizing"})
    return frozenset()


def _sampled(text: str, one: Finding) -> str | None:
    """The cancer of the organ that a biopsy was taken of: "biopsy of the nasopharynx: undifferentiated carcinoma"."""
    start, end = max(0, one.words.start - _REPORT), one.words.end
    samples = (
        []
        if "metastatic" in one.traits
        else [*_SAMPLE_OF.finditer(text, start, end), *_ORGAN_SAMPLED.finditer(text, start, end)]
    )
    for sample in sorted(samples, key=lambda match: -match.start()):
        between = text[sample.end() : one.words.start]
        if _NOTHING_FOUND.search(between) or _OTHER_MATTER.search(between):
            continue
        words = sample["organ"].lower().split()
        place = f"{sample['place'].lower()} my" if sample.groupdict().get("place") else "of the"
        names = [
            name
            for n in range(len(words), 0, -1)
            for name in (f"cancer {place} {' '.join(words[:n])}", f"{' '.join(words[:n])} cancer")
        ]
        cancer = next((found for found in map(_one_named, names) if found), None)
        if cancer is not None:
            return None if any(is_a(cancer, host) for host in _HOSTS) else cancer
    return None


def _one_named(name: str) -> str | None:
    """The one cancer that a name, all of it, is of."""
    found = find(name)
    whole = len(found) == 1 and len(found[0].concepts) == 1 and (found[0].start, found[0].end) == (0, len(name))
    return found[0].concepts[0] if whole and is_a(found[0].concepts[0], "malignancy") else None


@cache
def _metastasis_of() -> Mapping[str, str]:
    """The metastasis that a lesion of each organ is when the cancer has spread."""
    return {row["words"]: row["concept"] for row in rows("implied.tsv") if row["says"] == "spread"}


def _spread(text: str, made: Sequence[Finding], site: str | None, *, disseminated: bool) -> Iterator[Finding]:
    """Metastatic is a distant metastasis, unless to lymph nodes alone; lesions named beside it are metastases."""
    spread = [one for one in made if one.present and one.certain and one.who == "patient" and _has_spread(one)]
    for one in spread:
        if "metastatic" in one.traits and is_a(one.concept, "malignancy") and one.ongoing is not False:
            place = text.lower().find("metasta", one.words.start, one.words.end + 12)
            nodes = place >= 0 and _NODES_ONLY.match(text, text.find(" ", place) if " " in text[place : place + 20] else place)
            yield Finding("metastasis" if nodes else "distant-metastasis", True, one.words)
    stretches = [_statement(text, one.words) for one in spread]
    known = {one.concept for one in made if one.present and one.certain and is_a(one.concept, "metastasis")}
    for one in made:
        metastasis = _metastasis_of().get(one.concept)
        if metastasis is None or not (one.present and one.certain and one.who == "patient"):
            continue
        beside = any(start <= one.words.start < end for start, end in stretches)
        measured = bool(spread) and _measurable(text, one)
        if not _of_own_organ(one, site) and "benign" not in one.traits and (beside or metastasis in known or measured):
            known.add(metastasis)
            yield replace(one, concept=metastasis)
    stretches = [_statement(text, one.words) for one in made if _current_cancer(one)]
    if stretches and (spread or disseminated):
        stretches = [(0, len(text))]
    for start, end in dict.fromkeys(stretches):
        yield from _spots(text, (one for one in _SPOTS.finditer(text, start, end)), end, made, known)
    went = [one for one in islice(_WENT.finditer(text), _MOST) if _says_spread(text, one, made, site)]
    yield from _spots(text, went, len(text), made, known)


def _says_spread(text: str, went: re.Match[str], made: Sequence[Finding], site: str | None) -> bool:
    """Whether it is the patient's solid cancer that went to an organ of another: no pain, no infection, no relative's."""
    start, end = _statement(text, Words(went.start(), went.end(), went[0]))
    return (
        not _DOUBTED.search(text, start, min(end, went.end() + 40))
        and _of_solid_cancer(went.start(), made)
        and not _in_own_organ(_organ(went), site)
    )


def _of_solid_cancer(place: int, made: Sequence[Finding]) -> bool:
    """Whether the illness named last before a place is the patient's solid cancer."""
    before = [
        one for one in made if place - _SUBJECT <= one.words.start < place and kind_of(one.concept) in ("condition", "symptom")
    ]
    subject = max(before, key=lambda one: one.words.start, default=None)
    return (
        subject is not None
        and subject.present
        and subject.certain
        and subject.who == "patient"
        and any(is_a(subject.concept, cancer) for cancer in ("neoplasm", "metastasis", "cancer-recurrence"))
        and not is_a(subject.concept, "hematologic-malignancy")
    )


def _organ(spots: re.Match[str]) -> str:
    return _ORGANS.get(" ".join(spots["organ"].lower().rstrip("s").split()), "bone")


def _clear(text: str) -> Iterator[Finding]:
    """The organs that a scan found clear: "two spots in the lungs, liver clear"."""
    for clear in _CLEAR.finditer(text):
        before = text[max(0, clear.start() - 150) : clear.start()].rsplit(". ", 1)[-1]
        if _SEEN.search(before) or _SPOTS.search(before):
            for organ in (clear["organ"], clear["second"]):
                if organ is not None:
                    metastasis = f"{_ORGANS.get(organ.lower(), 'bone')}-metastasis"
                    yield Finding(metastasis, False, Words(clear.start(), clear.end(), clear[0]))


def _spots(text: str, found: Iterable[re.Match[str]], end: int, made: Sequence[Finding], known: set[str]) -> Iterator[Finding]:
    """What spots of a cancer in other organs are, and which organs beside them are clear."""
    for first in found:
        benign = "benign" in text[first.end() : first.end() + 40]
        spots = None if benign or _NOTHING_FOUND.search(text, max(0, first.start() - 25), first.start()) else first
        while spots is not None:
            metastasis = f"{_organ(spots)}-metastasis"
            if metastasis not in known:
                known.add(metastasis)
                at = spots.start("organ") if spots is not first else spots.start()
                size = next((other.size_mm for other in made if other.words.start <= at < other.words.end), None)
                yield Finding(metastasis, True, Words(spots.start(), spots.end(), spots[0]), size_mm=size)
            spots = _MORE_SPOTS.match(text, spots.end(), end)


def _of_own_organ(lesion: Finding, site: str | None) -> bool:
    """Whether a lesion lies in the organ that the cancer came from."""
    return _in_own_organ(lesion.concept.removesuffix("-lesion"), site)


def _in_own_organ(organ: str, site: str | None) -> bool:
    return site is not None and f"{organ}-cancer" in all_concepts() and is_a(site, f"{organ}-cancer")


_OPERATED = re.compile(
    r"(?<!un)\b(?:operated(?:\s+on)?|excised|resected|cut out|taken out|surgically removed|removed)\b", re.IGNORECASE
)
_WHOLLY = re.compile(
    r"\b(?:clear|negative|free)\s+margins?\b|\bmargins?\s+(?:were\s+|are\s+)?(?:clear|negative|free)\b|"
    r"\b(?:completely|fully|totally|in toto|R0)\b",
    re.IGNORECASE,
)


def operated(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding, and the operation that its words name beside a cancer, dated as the cancer is.

    Excised with clear margins is adequately treated; so is an excised non-melanoma skin cancer (NCCN 2024: surgery is definitive).
    """
    for one in made:
        if not (
            one.present
            and one.certain
            and one.who == "patient"
            and one.concept in all_concepts()
            and is_a(one.concept, "malignancy")
        ):
            yield one
            continue
        _, end = _statement(text, one.words)
        done = _OPERATED.search(text, one.words.start, min(end, one.words.end + 40))
        if done is None or _NOTHING_FOUND.search(text[max(one.words.start, done.start() - 20) : done.start()]):
            yield one
            continue
        wholly = _WHOLLY.search(text, one.words.start, end) is not None
        skin = is_a(one.concept, "non-melanoma-skin-cancer") and done[0].lower() != "operated"
        traits = one.traits | {"treated"} | ({"adequately-treated", "excised"} if wholly or skin else frozenset())
        words = Words(one.words.start, max(one.words.end, done.end()), text[one.words.start : max(one.words.end, done.end())])
        yield replace(one, traits=traits, words=words)
        yield Finding("cancer-surgery", True, words, started=one.started, ended=one.started)


_GRAYS = re.compile(r"(?P<dose>\d{2}(?:\.\d+)?)\s?Gy\b")
_NOT_CONVENTIONAL = re.compile(
    r"\b(?:palliat\w*|sbrt|sabr|stereotactic|radiosurgery|hypofraction\w*|metasta\w*|mets|[1-9]\s?(?:#|fx|fractions?))\b|\bin [1-9]\b",
    re.IGNORECASE,
)


def no_others(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "No further malignancy", "no other primary" deny every cancer but those that the note states."""
    said = [match for match in _NO_OTHER.finditer(text) if not _of_family(made, match.start())]
    starts = [match.start() for match in said]
    for one in made:
        at = bisect_right(starts, one.words.end) - 1
        within = at >= 0 and one.words.start < said[at].end() and one.words.end - one.words.start <= len(said[at][0]) + 12
        if not (within and one.concept in ("malignancy", "second-primary-malignancy")):
            yield one
    for match in said:
        yield Finding("malignancy", False, Words(match.start(), match.end(), match[0]), other=True)


def _of_family(made: Sequence[Finding], place: int) -> bool:
    """Whether the cancer named last before a place is a relative's."""
    before = [one for one in made if one.present and one.words.end <= place and is_a(one.concept, "malignancy")]
    return bool(before) and max(before, key=lambda one: one.words.end).who == "family"


def seen(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; a metastasis that the words of a scan beside it show is radiologically confirmed."""
    for one in made:
        if one.present and one.certain and one.concept in all_concepts() and is_a(one.concept, "metastasis"):
            start, end = _statement(text, one.words)
            if _SEEN.search(text, start, end):
                one = replace(one, traits=one.traits | {"confirmed-radiologically"})
        yield one


def radical(made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; radiation to a dose that is given to cure alone is curative."""
    rules = [row for row in rows("implied.tsv") if row["says"] in ("dose", "fractions")]
    for one in made:
        dose = _GRAYS.search(one.dose or "")
        given = {"dose": float(dose["dose"]) if dose else 0.0, "fractions": one.count.low if one.count and not dose else 0.0}
        for row in rules:
            treatment, trait = row["words"], row["concept"]
            if (
                one.present
                and given[row["says"]] >= float(row["detail"])
                and one.concept in all_concepts()
                and is_a(one.concept, treatment)
                and not any(opposed(trait, known) for known in one.traits)
                and not _NOT_CONVENTIONAL.search(one.words.quote)
            ):
                one = replace(one, traits=one.traits | {trait})
        yield one


def _measurable(text: str, one: Finding) -> bool:
    start, end = _statement(text, one.words)
    return "measurable" in one.traits or re.search(r"\b(?:measurable|target)\b", text[start:end], re.IGNORECASE) is not None


_MEASURABLE = re.compile(r"\bmeasurable\b(?!\s+(?:improve|benefit|effect|change|response|differ))", re.IGNORECASE)
_LESION = re.compile(
    r"\b(?:lesions?|mass(?:es)?|nod(?:es?|al|ules?)|tumou?rs?|glands?|metastas[ie]s|mets|deposits?|primary)\b", re.IGNORECASE
)
_SIZED = re.compile(r"\d\s?(?:mm|cm)\b|\b(?:RECIST|target)\b", re.IGNORECASE)
_UNMEASURED = re.compile(
    r"\b(?:no|not|non-?|none|nothing|never|without|whether|if|(?-i:may)|might|unclear|below|too small|barely|longer|previously|was|were)\b"
    r"|n't|\?",
    re.IGNORECASE,
)


_LEAST_MM = 10
_LOCALLY_TREATED = re.compile(r"irradiat|radiother|radiosurg|sbrt|ablat|cystic|necro|resected|too small", re.IGNORECASE)


def of_measurable_size(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Liver and lung metastases of 10 mm and more on a scan are measurable by definition (RECIST 1.1); treated ones may not be."""
    for one in made:
        start, end = _statement(text, one.words)
        if (
            one.present
            and one.certain
            and one.who == "patient"
            and one.concept in ("liver-metastasis", "lung-metastasis")
            and one.size_mm is not None
            and one.size_mm.low >= _LEAST_MM
            and one.ongoing is not False
            and "confirmed-radiologically" in one.traits
            and not _LOCALLY_TREATED.search(text, start, end)
        ):
            yield Finding("measurable-disease", True, one.words)


_NEVER_IRRADIATED = re.compile(
    r"(?:(?<=[.;,:(]\s)|(?<=\n)|^)(?:(?:I|he|she|(?:the )?patient|it|we)\s+)?(?:(?:was|were|has|have)\s+)?(?:never|not(?:\s+yet)?)\s+"
    r"(?:yet\s+)?(?:been\s+)?irradiated\b|\bnothing(?:\s+(?:has been|was|is))?\s+(?:yet\s+)?irradiated\b",
    re.IGNORECASE,
)


def never_irradiated(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Never irradiated" of a patient with cancer; "neck never irradiated" speaks of the neck alone."""
    if any(_current_cancer(one) or _is_distant(one) for one in made):
        for said in _NEVER_IRRADIATED.finditer(text):
            yield Finding("radiotherapy", False, Words(said.start(), said.end(), said[0]))


def measurable(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Measurable disease where a lesion's size and "measurable" stand in one sentence: "node of 22 mm, measurable"."""
    if not any(_current_cancer(one) or _is_distant(one) for one in made):
        return
    for said in islice(_MEASURABLE.finditer(text), _MOST):
        words = Words(said.start(), said.end(), said[0])
        if any(one.concept == "measurable-disease" and _overlap(one.words, words) for one in made):
            continue
        start, end = _statement(text, words)
        before = text[start : said.start()]
        if _LESION.search(before) and _SIZED.search(text, start, end) and not _UNMEASURED.search(before):
            yield Finding("measurable-disease", True, Words(start, said.end(), text[start : said.end()]))


_FROM_THE_START = re.compile(
    r"\b(?:at|on|from|since) (?:first |initial |the (?:time of )?)?(?:presentation|diagnosis|outset|start|beginning)\b|\bupfront\b|"
    r"\balready\b[^.;]{0,40}\bwhen (?:it|they|he|she|we|the cancer|the tumou?r) (?:was |were )?"
    r"(?:found|diagnosed|discovered|detected|first)\b",
    re.IGNORECASE,
)
"""That a cancer had spread when it was found."""


def spread_at_first(text: str, made: Sequence[Finding], classes: Sequence[GradingMention]) -> Iterator[Finding]:
    """Every finding; metastases there when the one cancer of a note was found make it and them de novo metastatic (AJCC 8: M1).

    After M0 they are metachronous.
    """
    found = [one for one in made if one.present and one.certain and one.who == "patient" and _is_distant(one)]
    first = {id(one) for one in found if _says_first(text, one)}
    sites = _most_specific({one.concept for one in made if _current_cancer(one) and one.concept not in _HISTOLOGIES})
    categories = {one.values for one in classes if one.scale == "m"}
    trait = "de-novo" if first else "metachronous" if found and categories == {frozenset({"M0"})} else None
    for one in made:
        theirs = id(one) in (first or {id(each) for each in found})
        theirs = theirs or (len(sites) == 1 and one.concept in sites and _current_cancer(one))
        known = trait is None or any(opposed(trait, other) for other in one.traits)
        yield replace(one, traits=one.traits | {trait}) if trait is not None and theirs and not known else one


def of_this_cancer(found: Sequence[Grading], made: Sequence[Finding]) -> Iterator[Grading]:
    """The classes, but for one said in the words of a cancer that is over where another of its scale stands: "stage I, resected"."""
    over = [
        one.words
        for one in made
        if one.present and one.concept in all_concepts() and is_a(one.concept, "malignancy") and not _current_cancer(one)
    ]
    of_others = {id(one) for one in found for words in over if _overlap(one.words, words)}
    kept = {one.scale for one in found if id(one) not in of_others}
    for one in found:
        if id(one) not in of_others or one.scale not in kept:
            yield one


def _says_first(text: str, one: Finding) -> bool:
    start, end = _statement(text, one.words)
    said = _FROM_THE_START.search(text, start, end)
    return said is not None and not _NOTHING_FOUND.search(text, max(start, said.start() - 15), said.start())


def _overlap(one: Words, other: Words) -> bool:
    return one.start < other.end and other.start < one.end


def _is_distant(one: Finding) -> bool:
    return one.concept in all_concepts() and is_a(one.concept, "distant-metastasis")


def _has_spread(one: Finding) -> bool:
    return one.concept in all_concepts() and (
        ("metastatic" in one.traits and is_a(one.concept, "malignancy")) or _is_distant(one)
    )
