"""A criterion's text as one row of tokens: what the annotators found, the cues of the table, and the words that are left."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from assistant.eligibility.numbers import doses, measures
from assistant.eligibility.parse import counts, people
from assistant.eligibility.parse.tables import empty_words, lead_phrases, single_leads, soft_words, therapeutic_inr
from assistant.eligibility.ranges import Range
from assistant.eligibility.times import dates
from assistant.eligibility.vocabulary import concepts, traits
from assistant.eligibility.vocabulary.concepts import Mention
from assistant.eligibility.vocabulary.traits import TraitMention
from index.words import STOPWORDS

_RAW = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\w\s]|_+")
_OPENING = {"(": ")", "[": "]", "{": "}"}
_SEPARATORS = {",": "comma", ";": "semicolon", "/": "or", ":": "colon", "|": "or", "•": "semicolon", "+": "and"}
_DASHES = frozenset("-–—*")
_NOISE = frozenset("'\"“”‘’`*.-–—_®™©°·!?#~^\\&%<>=≥≤±@$…§†‡")
_DENYING = frozenset({"no", "not", "without", "never", "non"})
_ENUMERATOR = re.compile(r"\s*[(]?(?:\d{1,2}(?:\.\d{1,2})?|[a-z]|i{1,3}|iv|vi{0,3}|ix)(?:[)]|\.[)]?)\s+(?=\S)", re.IGNORECASE)
"""A line's own number: "3. ", "b) ", "(iv) "."""
_DENIES = re.compile(r"(?:not|cannot|can not)\s", re.IGNORECASE)
"""How a trait begins that says no itself: "not controlled"."""
_LONGEST = 60_000
_NAMES_REACH = 120
"""How far the names go that one word is said of."""


@dataclass(frozen=True, slots=True)
class Token:
    """One unit of a criterion.

    `kind`: concept, trait, measure, dose, window, grading, grade, age, sex, everybody, group, count, cue, separator, stop, paren, word,
    soft (a word that is empty beside something known) or empty. `value`: the annotator's mention, or the role of a cue or separator.
    """

    kind: str
    start: int
    end: int
    value: Any = None
    text: str = ""
    inside: tuple["Token", ...] = ()
    """What stands between the brackets, for "paren"."""

    def is_cue(self, *roles: str) -> bool:
        """Whether it is a cue with one of the roles."""
        return self.kind == "cue" and self.value in roles


Tokens = tuple[Token, ...]


@lru_cache(maxsize=2048)
def tokens(text: str) -> Tokens:
    """The tokens of a text, brackets nested one level deep. Text beyond 60,000 characters is one word token."""
    whole, rest = text[:_LONGEST], text[_LONGEST:]
    row = _degrees(tuple(_row(whole)))
    if rest.strip():
        row += (Token("word", _LONGEST, len(text), None, rest),)
    return tuple(_nested(row))


_DEGREES = ("mild", "moderate", "severe", "life-threatening")


def _degrees(row: Tokens) -> Tokens:
    """ "Moderate to severe": either degree; "mild to severe" is any."""
    read = list(row)
    for at in range(1, len(row) - 1):
        ends = [_degree(row, at - 1, -1), _degree(row, at + 1, 1)]
        if row[at].text.lower() != "to" or None in ends:
            continue
        first, last = (end for end in ends if end is not None)
        low, high = (_DEGREES.index(row[end].value.trait) for end in (first, last))
        read[at] = replace(row[at], kind="cue", value="or", text="or")
        if high - low > 1:
            for place in (first, at, last):
                read[place] = replace(row[place], kind="empty", value=None)
    return tuple(read)


def _degree(row: Tokens, place: int, step: int) -> int | None:
    """Where a degree of severity stands next to a place, over a hyphen."""
    while 0 <= place < len(row) and row[place].kind == "empty" and row[place].text in _DASHES:
        place += step
    named = 0 <= place < len(row) and row[place].kind == "trait" and row[place].value.trait in _DEGREES
    return place if named else None


def _row(text: str) -> Iterator[Token]:
    marked = _apart(_annotations(text))
    if label := _ENUMERATOR.match(text):
        marked = [Token("empty", label.start(), label.end()), *(token for token in marked if token.start >= label.end())]
    raw = list(_RAW.finditer(text))
    free: list[re.Match[str]] = []
    spans = iter(marked)
    span = next(spans, None)
    for match in raw:
        while span and span.end <= match.start():
            yield from _plain(free, text)
            free = []
            yield span
            span = next(spans, None)
        if span and match.end() > span.start:
            continue
        free.append(match)
    yield from _plain(free, text)
    while span:
        yield span
        span = next(spans, None)


_UNIT = r"[A-Za-zµμ%]*/[\w²³µμ^.]{1,6}|pounds?|lbs?|inches|kPa|kg|cm"
_CONVERTED = re.compile(
    rf"(?<=\d)(?P<unit>\s*(?:%|[A-Za-zµμ/][\w/%²³^µμ.]{{0,11}})\s*)(?P<said>\(\s*[<>≤≥=]?\s*\d[\d.,]{{0,9}}\s*(?:{_UNIT})\s*\))"
)
"""A value once more in another unit: "7.5 % (58 mmol/mol)"."""
_UNIT_ALONE = re.compile(r"(?<=[a-z])\s*(?P<said>\(\s*[a-zµμ]{1,4}/[A-Za-z]{1,3}[²³\d]?\s*\))")
_FACTOR = r"(?:sex|gender|age|height|weight|race|ethnicity|body\s+size)"
_ADJUSTED = re.compile(
    rf"(?P<said>\(?\b(?:as\s+)?(?:adjusted|corrected)\s+for\s+{_FACTOR}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+){_FACTOR}){{1,4}}\b\)?"
    rf"|(?<=centile)\s+for\s+{_FACTOR}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|/){_FACTOR}){{0,4}}\b)",
    re.IGNORECASE,
)
"""How a value is predicted, which names no value itself: "adjusted for sex, age and height", "centile for age and sex"."""
_POSITION = re.compile(
    r"(?P<said>\(?\b(?:in\s+(?:an?|the)\s+)?(?:sitting|seated|upright|supine|standing)\s+position\b\)?|\bupright(?=\s+\(?(?:sitting|seated|slow|forced)))",
    re.IGNORECASE,
)
_BY_FORMULA = re.compile(
    r"(?P<said>\(?\b(?:as\s+)?(?:calculated|estimated|determined|assessed)\s+(?:according\s+to|by|using|with|via|per)\s+(?:the\s+)?(?:modified\s+)?"
    r"(?:Cockcroft[\s-]{0,2}(?:and\s+)?Gault|MDRD|CKD-EPI|Schwartz)(?:'s)?(?:\s+(?:formula|equation|method))?"
    r"(?:\s+\d{1,2}(?=\s+or\b|\s*[),;]))?\)?)",
    re.IGNORECASE,
)
_METHOD = (
    r"(?:(?:past\s+)?(?:medical\s+|clinical\s+)?history|physical\s+exam(?:ination)?s?|clinical\s+exam(?:ination)?s?|imaging|"
    r"(?:blood|laboratory|lab)\s+(?:tests?|testing|work)|interview|chart\s+review|medical\s+records?)"
)
_BY_METHOD = re.compile(
    rf"\b(?:as\s+)?(?:(?:determined|documented|assessed|established|evidenced)\s+)?(?:by|based\s+on|on\s+the\s+basis\s+of)\s+"
    rf"{_METHOD}(?:\s*(?:,|and/or|and|or)\s+(?:by\s+)?{_METHOD}){{0,4}}(?!\s+of\b)\b",
    re.IGNORECASE,
)
"""How something is known, which asks for nothing beside it: "by history and blood tests"."""


_FOUND_BY = (
    r"(?:(?:tissue|tumou?r|core|needle|surgical|excisional|skin|liver|renal|bone\s+marrow|histo(?:logical|logic|pathological|pathologic)|"
    r"cyto(?:logical|logic|pathological)|pathological|pathologic|radiological|radiologic|radiographic|clinical|laboratory|"
    r"structured|cross-sectional|medical|diagnostic|cardiac|chest|abdominal|contrast-enhanced|transthoracic|serum|blood)"
    r"(?:\s*(?:and/or|/|,|or|and)\s*|\s+)){0,3}"
    r"(?:biops(?:y|ies)|histology|cytology|(?:histo)?pathology|histopathological\s+findings|imaging|radiology|radiography|radiographs?|"
    r"x-?rays?|ct|mri|pet(?:[-/]ct)?|(?:ct|mri|pet)\s+(?:scans?|scanning|imaging)|computed\s+tomography|"
    r"magnetic\s+resonance\s+imaging|tomography|ultrasound|ultrasonography|sonography|echocardiogra(?:phy|m)|"
    r"electrocardiogra(?:phy|m)|e[ck]g|angiogra(?:phy|m)|endoscopy|colonoscopy|gastroscopy|bronchoscopy|cystoscopy|laparoscopy|echo|"
    r"spirometry|polysomnography|pcr|rt-pcr|scid|mini|(?:medical\s+)?(?:records?|files?|charts?)|screening|findings|examinations?|evaluations?|tests?|testing|assays?|interviews?|methods?|means)"
)
_HOW_FOUND = re.compile(
    rf"(?<!not )(?<!never )\b(?:(?:as|which\s+(?:is|was|were|has\s+been)|that\s+(?:is|was|has\s+been))\s+)?"
    rf"(?:(?:confirmed|proven|verified|diagnosed|documented|established|demonstrated|identified|detected|determined|assessed|"
    rf"evidenced|seen|shown|found|revealed|visible|ascertained|based)\s+(?:by|on|via|with|through|using|from|in|at)"
    rf"|(?:by|via|on)(?=\s+(?:(?:tissue|tumou?r|core|needle|surgical|skin)\s+)?(?:biopsy|histology|cytology|scid|imaging|pcr)\b))\s+"
    rf"(?:an?\s+|the\s+|either\s+)?{_FOUND_BY}(?:\s*(?:,|and/or|/|and|or)\s+(?:by\s+)?{_FOUND_BY}){{0,3}}(?!\s+(?:of|for)\b)(?![\w-])",
    re.IGNORECASE,
)
"""How a disease was found, which does not narrow it: "confirmed by biopsy or imaging"."""
_FINDS = re.compile(
    rf"(?<![\w-])(?:the\s+)?{_FOUND_BY}(?:\s*(?:,|and/or|/|and|or)\s+{_FOUND_BY}){{0,3}}\s+"
    rf"(?:shows?|showing|confirms?|confirming|demonstrates?|demonstrating|reveals?|revealing|proves?|proving)\b(?!\s+(?:no|neither|that)\b)",
    re.IGNORECASE,
)
"""The same before the disease: "histology or cytology shows"."""
_BY_STANDARD = re.compile(
    r"\b(?:(?:as\s+)?(?:defined|measured|assessed|diagnosed|classified|determined|graded|evaluated|established|described|made)\s+"
    r"(?:by|per|using|on|with|in|according\s+to)|(?:as\s+)?per|according\s+to|based\s+on|in\s+accordance\s+with|meeting|fulfilling)\s+"
    r"(?:the\s+)?(?:[\w./'’()&-]{1,30}\s+){0,8}?['’\"]?(?:criteria(?:\s+in\s+solid\s+tumou?rs)?|guidelines?|consensus)(?!\s+(?:of|for)\b)(?![\w-])",
    re.IGNORECASE,
)
"""By whose rules something is named, which asks for nothing beside it: "according to the Rome IV criteria"."""
_STANDARD_ASKS = re.compile(r"\b(?:inclusion|exclusion|eligibility|no|not|without|or|and\s+(?:no|not))\b", re.IGNORECASE)
"""What a standard's name never holds."""
_A_TIME = re.compile(r"/(?=\s*(?:days?|d|weeks?|wk|months?|mo|years?|yr|hours?|hr?|kg|m2|m²|dose)\b)", re.IGNORECASE)
"""The stroke of a rate behind its unit: "10 mg/day"."""
_ONCE_BEFORE = re.compile(r"\b(?:before|in\s+the\s+past|previously)(?=\s*(?:[.,;)]|$))", re.IGNORECASE)
"""What puts a thing in the past from behind it: "treated with insulin before"."""
_SPECIMENS = re.compile(
    r"\b(?P<said>(?:urine|serum)\s{0,2}(?:/|\band\s?/\s?or\b|\bor\b)\s{0,2}(?:urine|serum|blood|plasma)"
    r"|(?:blood|plasma)\s{0,2}(?:/|\band\s?/\s?or\b|\bor\b)\s{0,2}(?:urine|serum))\b",
    re.IGNORECASE,
)
"""What a test may be done in, which is no choice of tests: "a negative urine or serum pregnancy test"."""
_CAUSES_SYMPTOMS = re.compile(
    r"\b(?:(?:that|which)\s+(?:cause|causes|produce|produces)|causing|producing)\s+symptoms\b", re.IGNORECASE
)
_IN_STUDY = re.compile(
    r"\b(?:enrol(?:l?ed|ment|lment)|participat(?:ion|ing|ed)|taking\s+part|included)\s+in\s+(?:an?\s+|any\s+)?"
    r"(?:(?:other|another|different|concurrent|ongoing|interventional|therapeutic|clinical|investigational|drug|device|vaccine|medical|or|and),?\s+){1,6}"
    r"(?:trials?\b(?:\(s\))?|stud(?:y|ies)\b)",
    re.IGNORECASE,
)
"""Another study, whatever is said of it: "enrolled in an ongoing interventional study"."""
_TESTED = (
    r"(?:(?:an?|any|new|medical|investigational|experimental|other)\s+){0,3}"
    r"(?:drug|vaccine|device|procedure|product|medicine|treatment|therapy|intervention)s?\b"
)
_TESTING = re.compile(
    r"(?<=\s)(?:trial|stud(?:y|ies))s?\b(?P<said>\s+(?:(?:that|which)\s+)?(?:investigat|test|evaluat|study|involv)(?:ing|es?|s)\s+"
    rf"{_TESTED}(?:\s*(?:,|/)\s*(?:(?:and/)?or\s+)?{_TESTED}|\s+(?:and/)?or\s+{_TESTED}){{1,6}})",
    re.IGNORECASE,
)
"""What a study may test, which narrows it no further: "another trial investigating a vaccine, drug or device"."""
_STUDY_KIND = re.compile(r"\b(?:another|other|different|concurrent|ongoing|interventional)\b", re.IGNORECASE)


_THERAPEUTIC = re.compile(
    r"(?P<joint>(?:,\s{0,2})?\b(?:and|as\s+long\s+as|so\s+long\s+as|provided(?:\s+that)?)\s+)?"
    r"(?P<said>(?:the\s+)?\b(?P<of>INR|PT[-/ ]?INR|values?|levels?|PT(?:\s?/\s?PTT)?|a?PTT|PT\s+(?:or|and)\s+a?PTT)\s+"
    r"(?:(?:is|are|remains?)\s+)?(?:with)?in\s+(?:the\s+)?(?:intended\s+|target\s+)?therapeutic\s+range"
    r"(?:\s+(?:of|for)\s+(?:the\s+)?(?:intended\s+use\s+of\s+)?(?:the\s+)?anticoagulants?)?)",
    re.IGNORECASE,
)
"""The range that anticoagulation aims at: "as long as INR is within therapeutic range of intended use of anticoagulants"."""
_ABNORMALITIES = re.compile(
    r"\b(?:(?:clinically\s+significant|laboratory|lab)\s+){0,2}abnormalit(?:y|ies)\s+"
    r"(?:(?:of\s+)?(?:≥|>=|at\s+least)?\s?(?:CTCAE\s+)?grade\s+(?:1\b(?:\s+or\s+(?:higher|greater|more|above))?|≥\s?1)\s+)?(?:in|of)\s+",
    re.IGNORECASE,
)
_OR_WORSE = re.compile(
    r"(?:\s{1,3}(?!or\b|and\b)[\w-]{1,30}){1,4}?\s{1,3}(?P<worse>or\s{1,3}(?:worse|greater|higher|more|above)\b)(?!\s+than)",
    re.IGNORECASE,
)
"""Behind what a grade is said of: "grade 3 hyponatremia or worse"."""
_RATE = re.compile(r"\s*(?:/|per\b)", re.IGNORECASE)
"""What makes "2 days" a rate: "> 2 days/week"."""


def _annotations(text: str) -> Iterator[tuple[int, Token]]:
    """Every annotator's mentions with its rank: a lower rank wins where two overlap."""
    again = [
        match.span("said")
        for pattern in (_CONVERTED, _UNIT_ALONE, _ADJUSTED, _POSITION, _BY_FORMULA, _SPECIMENS)
        for match in pattern.finditer(text)
    ]
    mentions = concepts.find(text)
    plain = text
    for start, end in again:
        plain = plain[:start] + " " * (end - start) + plain[end:]
        yield 2, Token("empty", start, end)
    for match in _BY_METHOD.finditer(text):
        past = "history" in match[0].lower()
        yield 0, Token("cue" if past else "empty", match.start(), match.end(), "ever" if past else None, match[0].lower())
    for pattern in (_HOW_FOUND, _FINDS):
        for match in pattern.finditer(text):
            yield 6, Token("empty", match.start(), match.end())
    for match in _BY_STANDARD.finditer(text):
        if not _STANDARD_ASKS.search(match[0]):
            yield 6, Token("empty", match.start(), match.end())
    for match in _ONCE_BEFORE.finditer(text):
        yield 6, Token("cue", match.start(), match.end(), "ever", match[0].lower())
    for match in _CAUSES_SYMPTOMS.finditer(text):
        yield 0, Token("trait", match.start(), match.end(), TraitMention(match.start(), match.end(), "symptomatic"), match[0])
    for match in _IN_STUDY.finditer(text):
        if _STUDY_KIND.search(match[0]):
            mention = Mention(match.start(), match.end(), ("clinical-trial-participation",), False)
            yield 0, Token("concept", match.start(), match.end(), mention, match[0])
    for match in _TESTING.finditer(text):
        yield 0, Token("empty", match.start("said"), match.end("said"))
    for person in people.people(text):
        yield 0, Token(person.kind, person.start, person.end, person)
    for window in dates.windows(text):
        if _RATE.match(text, window.end):
            continue
        yield 2, Token("window", window.start, window.end, window, text[window.start : window.end])
    for (start, end), same in groupby(measures.measures(plain), key=lambda measure: (measure.start, measure.end)):
        named = tuple(measure for measure in same if "age" not in measure.quantities)
        if named and not _is_part(named, mentions):
            yield 1, Token("measure", start, end, named)
    yield from _abnormalities(text)
    yield from _therapeutic(text)
    for bound in doses.dose_bounds(text):
        yield 1, Token("dose", bound.start, bound.end, bound, text[bound.start : bound.end])
    for grading in measures.gradings(text):
        yield 3, Token("grading", grading.start, grading.end, grading)
    for grade in measures.grades(text):
        worse = _OR_WORSE.match(text, grade.end) if grade.range.low == grade.range.high else None
        if worse:
            grade = replace(grade, range=Range(grade.range.low))
            yield 0, Token("empty", worse.start("worse"), worse.end("worse"))
        yield 4, Token("grade", grade.start, grade.end, grade)
    for count in counts.counts(text):
        yield 5, Token("count", count.start, count.end, count)
    cues = tuple(_cues(text))
    for cue in cues:
        if cue.value in ("investigator", "protocol", "will", "unwilling", "family", "bound"):
            yield 6, replace(cue, kind="word" if cue.value == "bound" else "cue")
        if cue.value == "example" and " " in cue.text:
            yield 0, cue
    for mention in mentions:
        yield from _named(mention, text)
    for trait in traits.find_traits(text):
        rank = 6 if trait.trait.startswith("confirmed-") or _DENIES.match(text, trait.start) else 9
        yield rank, Token("trait", trait.start, trait.end, trait, text[trait.start : trait.end])
    for cue in cues:
        rank = 7 if (" " in cue.text or "-" in cue.text) and not _cuts(cue, mentions) else 10
        if cue.text == "non":
            cue = replace(cue, value="non")
        yield rank, replace(cue, kind={"empty": "empty", "bound": "word"}.get(cue.value, "cue"))


def _abnormalities(text: str) -> Iterator[tuple[int, Token]]:
    """ "Abnormalities ≥ grade 1 in sodium or potassium": each outside its limits of normal."""
    for match in _ABNORMALITIES.finditer(text):
        flagged = "abnormal "
        found = measures.measures(flagged + text[match.end() : match.end() + _NAMES_REACH])
        if found and found[0].start == 0 and found[0].flag == "abnormal" and found[0].range == Range():
            end = match.end() + found[0].end - len(flagged)
            yield 0, Token("measure", match.start(), end, (replace(found[0], start=match.start(), end=end),))


def _therapeutic(text: str) -> Iterator[tuple[int, Token]]:
    """The INR that anticoagulation aims at; of other tests the range is not known."""
    for match in _THERAPEUTIC.finditer(text):
        if match["joint"]:
            yield 0, Token("cue", match.start("joint"), match.end("joint"), "and", "and")
        start, end = match.span("said")
        if "inr" in match["of"].lower() or (match["of"].lower().startswith(("value", "level")) and "INR" in text):
            low, high = therapeutic_inr()
            yield 0, Token("measure", start, end, (measures.Measure(start, end, start, end, ("inr",), Range(low, high)),))
        else:
            yield 0, Token("word", start, end, None, match["said"])


def _is_part(measures: tuple[measures.Measure, ...], mentions: tuple[Mention, ...]) -> bool:
    """Whether a value without a number is but part of a disease's name: "prolonged QT syndrome"."""
    first = measures[0]
    at = bisect_left(mentions, first.end, key=lambda mention: mention.end)
    whole = mentions[at] if at < len(mentions) else None
    return first.range == Range() and whole is not None and whole.start <= first.start and whole.end > first.end


def _cuts(cue: Token, named: tuple[Mention, ...]) -> bool:
    """Whether a cue takes a part of a concept's name; one that holds the whole name is longer and wins."""
    for edge in (cue.start, cue.end):
        at = bisect_left(named, edge, key=lambda mention: mention.end)
        if at < len(named) and named[at].start < edge < named[at].end:
            return True
    return False


def _named(mention: Mention, text: str) -> Iterator[tuple[int, Token]]:
    """A concept; one whose name begins with "no" as the word and what it denies."""
    words = text[mention.start : mention.end]
    first = _RAW.match(words)
    if mention.denies and first and first.end() < len(words) and first[0].lower() in _DENYING:
        yield (
            7,
            Token(
                "cue",
                mention.start,
                mention.start + first.end(),
                "non" if first[0].lower() == "non" else "not",
                first[0].lower(),
            ),
        )
        mention = replace(mention, start=mention.start + first.end(), denies=False)
        words = text[mention.start : mention.end]
    yield 7, Token("concept", mention.start, mention.end, mention, words)


def _apart(found: Iterable[tuple[int, Token]]) -> list[Token]:
    """Of overlapping tokens those of the lower rank, then the longer, in order of text."""
    ordered = sorted(found, key=lambda pair: (pair[0], pair[1].start - pair[1].end, pair[1].start))
    taken: list[Token] = []
    covered: set[int] = set()
    for _, token in ordered:
        places = range(token.start, token.end)
        if token.end > token.start and not (
            token.start in covered or token.end - 1 in covered or not covered.isdisjoint(places)
        ):
            covered.update(places)
            taken.append(token)
    return sorted(taken, key=lambda token: token.start)


def _cues(text: str) -> Iterator[Token]:
    """The cues of `leads.tsv` in a text, the longest at each place."""
    raw = [match for match in _RAW.finditer(text) if match[0] not in "-‐‑"]
    low = [match[0].lower().replace("’", "'") for match in raw]
    phrases = lead_phrases()
    place = 0
    while place < len(raw):
        for phrase, role in phrases.get(low[place], ()):
            if tuple(low[place : place + len(phrase)]) == phrase:
                last = place + len(phrase) - 1
                yield Token(
                    "cue", raw[place].start(), raw[last].end(), role, text[raw[place].start() : raw[last].end()].lower()
                )
                place = last
                break
        place += 1


def _plain(found: list[re.Match[str]], text: str) -> Iterator[Token]:
    """Words and marks that no annotator took."""
    for match in found:
        word = match[0]
        low = word.lower()
        if low == "non":
            yield Token("cue", match.start(), match.end(), "non", low)
        elif role := single_leads().get(low):
            yield Token(role if role == "empty" else "cue", match.start(), match.end(), role, low)
        elif word in _DASHES and _bullet(text, match):
            yield Token("separator", match.start(), match.end(), "comma", word)
        elif word in _SEPARATORS:
            between = text[match.start() - 1 : match.start()].isspace() or text[match.end() : match.end() + 1].isspace()
            rate = word == "/" and _A_TIME.match(text, match.start()) and text[max(match.start() - 1, 0)].isalpha()
            kind = "empty" if rate or (word == "+" and not between) else "separator"
            yield Token(kind, match.start(), match.end(), _SEPARATORS[word], word)
        elif word == "." and _ends_sentence(text, match.end()):
            yield Token("stop", match.start(), match.end(), None, word)
        elif word in _OPENING or word in _OPENING.values():
            yield Token("bracket", match.start(), match.end(), None, word)
        elif word in _NOISE or low in STOPWORDS or low in empty_words():
            yield Token("empty", match.start(), match.end(), None, word)
        elif low in soft_words():
            yield Token("soft", match.start(), match.end(), None, word)
        elif len(word) == 1 and not word.isalnum():
            yield Token("empty", match.start(), match.end(), None, word)
        else:
            yield Token("word", match.start(), match.end(), None, word)


def _bullet(text: str, match: re.Match[str]) -> bool:
    """A dash that sets items apart: after a space and before a word."""
    return text[match.start() - 1 : match.start()].isspace() and text[match.end() : match.end() + 2].strip()[:1].isalpha()


def _ends_sentence(text: str, end: int) -> bool:
    after = text[end : end + 3].lstrip()
    return end >= len(text.rstrip()) or (text[end : end + 1].isspace() and after[:1].isupper())


def _nested(row: Iterable[Token]) -> Iterator[Token]:
    """Brackets with what they hold as one token; inner brackets are dropped, an unclosed one ends with the text."""
    depth, opened, inside = 0, None, list[Token]()
    for token in row:
        if token.kind == "bracket":
            opens = token.text in _OPENING
            if opens and not depth:
                opened, inside = token, []
            depth = depth + 1 if opens else max(depth - 1, 0)
            if not opens and not depth and opened:
                yield replace(opened, kind="paren", end=token.end, inside=tuple(inside))
                opened = None
        elif opened:
            inside.append(token)
        else:
            yield token
    if opened:
        yield from inside
