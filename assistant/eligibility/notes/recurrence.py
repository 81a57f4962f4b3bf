"""Recurrence of a cancer: where it came back, by the place named or by the r of its classes; and words that only look like it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.scope import kind_of
from assistant.eligibility.patient import Finding, Words
from assistant.eligibility.times.dates import TimeMention
from assistant.eligibility.vocabulary.concepts import all_concepts, is_a

_BACK = (
    r"(?:relaps(?:e[sd]?|ing)|recur(?:s|red|ren(?:ces?|t(?! laryngeal)))|re-?gr(?:owth|own|ew)|(?:came|come|coming|is|was|grown|grew) back"
    r"|(?:is|has been|was) growing back|(?:has |have |had )?returned|(?:has |have |had )?reappeared"
    r"|(?:turned|turns|shown?|showed|popped|cropped) up again"
    r"|(?:was |been )?(?:found|seen|there) (?:it )?again|(?:is|was|been) back)"
)
_BETWEEN = (
    r"(?:[\s,:(]|\b(?:mass|tumou?r|disease|cancer|carcinoma|lesion|growth|regrowth|at|in|into|of|to|on|the|a|my|his|her|right|left|R|L|side|it|"
    r"bilateral|exactly|very|precisely|right|was|is|has|now|seen|found|again|node|nodes|nodal|lymph|local|same|inside|around)\b){0,12}"
)
_DOUBTED = re.compile(
    r"\b(?:no|not|never|without|denies|free|negative|nil|possible|possibly|suspected|suspicious|suspicion|query|if|risk|prevent|exclude|rule|"
    r"r/o|concern|fear|feared|worry|worried|vs|versus|cannot|(?-i:may)|might|mother|father|sister|brother|aunt|uncle|wife|husband)\b|n't|\?",
    re.IGNORECASE,
)
_SPEAKS_OF_CANCER = re.compile(
    r"cancer|tumou?r|carcin|sarcoma|melanom|lymphom|leuk[ae]|myelom|gliom|blastom|malign|neoplas|metast|oncolog|chemo|radiother|adenoma|polyp|"
    r"cyst|mass|nodul|lesion|recist|\b[cpr]?T[0-4x][a-d]?\s?N",
    re.IGNORECASE,
)
"""In a note without these a relapse or a resection is of another illness."""
_RESULT_BACK = re.compile(r"\b(?:came|come|comes|coming) back\b(?P<after>\s+(?:\w+\s+){0,2}\w+)?", re.IGNORECASE)
_AS_RESULT = re.compile(r"\b(?:as|positive|negative|normal|clear|clean|benign|fine|high|low|ok|from|to)\b", re.IGNORECASE)
_NO_CANCER = re.compile(
    r"\b(?:results?|tests?|biopsy|bloods?|scans?|swab|culture|report|fever|pain|rash|hair|periods?|symptoms?|cough|headaches?|appetite|"
    r"strength|feeling|voice|he|she|I|they|we)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_RESTAGED = re.compile(r"(?<![\w-])[cp]?r[cp]?T(?P<t>[0-4])[a-d]?(?:\s?[cpr]{0,2}N(?P<n>[0-3])[a-d]?)?(?![a-z0-9])")
_SENTENCE_END = re.compile(r"[!?](?=\s|$)|\.(?=\s+[^\sa-z(]|\s*$)|\n")
_NEAR = 60


@cache
def _sites() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """The cancers, the kind of recurrence, and its words beside the places that make it one."""
    return tuple(
        (
            row["words"],
            row["concept"],
            re.compile(rf"\b(?:{_BACK}{_BETWEEN}(?:{row['detail']})|(?:{row['detail']}){_BETWEEN}{_BACK})\b", re.IGNORECASE),
        )
        for row in rows("implied.tsv")
        if row["says"] == "site"
    )


def recurrences(text: str, made: Sequence[Finding], times: Sequence[TimeMention]) -> Iterator[Finding]:
    """Every finding but what only looks like a recurrence, and the recurrences that the text places."""
    kept = [one for one in made if not (one.concept == "cancer-recurrence" and _is_result(text, one))]
    if not _SPEAKS_OF_CANCER.search(text) and not any(_is_cancer(one) for one in kept):
        kept = [
            replace(one, concept="surgery") if one.concept == "cancer-surgery" else one
            for one in kept
            if one.concept != "cancer-recurrence" or not any(_is_illness(other) for other in kept)
        ]
    cancers = {one.concept for one in kept if _is_own_cancer(one)}
    sites = [(concept, pattern) for cancer, concept, pattern in _sites() if any(is_a(one, cancer) for one in cancers)]
    for one in kept:
        denied = [concept for concept, pattern in sites if _denies_there(text, one, pattern)]
        yield replace(one, concept=denied[0]) if denied else one
    for concept, pattern in sites:
        for match in pattern.finditer(text):
            start = max(0, match.start() - _NEAR)
            ends = list(_SENTENCE_END.finditer(text, start, match.start()))
            if not _DOUBTED.search(text, ends[-1].end() if ends else start, match.end()):
                yield _recurrence(text, concept, match.start(), match.end(), kept, times)
    for match in _RESTAGED.finditer(text) if cancers else ():
        for concept, figure in (("local-recurrence", match["t"]), ("regional-recurrence", match["n"])):
            if figure is not None:
                placed = _recurrence(text, concept, match.start(), match.end(), kept, times)
                yield placed if figure != "0" else replace(placed, present=False)


def _denies_there(text: str, one: Finding, place: re.Pattern[str]) -> bool:
    """Whether a recurrence is denied of one place alone: "no recurrence in the nasopharynx"."""
    return (
        one.concept == "cancer-recurrence"
        and not one.present
        and place.search(text, one.words.start, one.words.end) is not None
    )


def _is_cancer(one: Finding) -> bool:
    return one.concept in all_concepts() and any(is_a(one.concept, wide) for wide in ("malignancy", "neoplasm"))


def _is_illness(one: Finding) -> bool:
    """Whether it is another illness of the patient's, which a relapse can be of."""
    return one.present and one.who == "patient" and one.concept != "cancer-recurrence" and kind_of(one.concept) == "condition"


def _is_own_cancer(one: Finding) -> bool:
    return (
        one.present
        and one.certain
        and one.who == "patient"
        and one.concept in all_concepts()
        and is_a(one.concept, "malignancy")
    )


def _is_result(text: str, one: Finding) -> bool:
    """Whether "came back" is said of a result, a symptom or a person."""
    back = _RESULT_BACK.search(text, one.words.start, one.words.end + 30)
    if back is None or back.start() >= one.words.end:
        return False
    before = text[max(0, back.start() - 40) : back.start()]
    return _AS_RESULT.match((back["after"] or "").strip()) is not None or _NO_CANCER.search(before) is not None


def _recurrence(
    text: str, concept: str, start: int, end: int, made: Sequence[Finding], times: Sequence[TimeMention]
) -> Finding:
    """The recurrence with its day: that of the recurrence named there, else the one day of its sentence."""
    words = Words(start, end, text[start:end])
    said = (
        one
        for one in made
        if one.concept == "cancer-recurrence" and one.present and one.words.start < end and start < one.words.end
    )
    named = next(said, None)
    if named is not None:
        words = words if named.words.end < end or start < named.words.start else named.words
        if named.started is not None:
            return replace(named, concept=concept, words=words)
    ends = list(_SENTENCE_END.finditer(text, max(0, start - 120), start))
    stop = _SENTENCE_END.search(text, end, end + 120)
    low, high = ends[-1].end() if ends else max(0, start - 120), stop.start() if stop else end + 120
    days = {time.days for time in times if low <= time.start < high and time.relation == "on"}
    return replace(
        named or Finding(concept, True, words), concept=concept, words=words, started=days.pop() if len(days) == 1 else None
    )
