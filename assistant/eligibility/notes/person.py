"""Reads sex, age and birth date of the one a note is about, the day of the note, and whether it is English at all."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue, tokens_of, words_that
from assistant.eligibility.patient import Days, Sex, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.dates import TimeMention, months_on
from index.words import STOPWORDS

_MONTH = 31
"""Days: the longest."""
_OLDEST = 122
"""Years: the longest human life on record (J. Calment, 122 years; Allard 1998)."""
_UNIT_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_PER_OLD = r"(?P<unit>years?|yrs?|yo|y/o|y\.o\.?|y|months?|mos?|weeks?|wks?|days?)"
_WORDED = {
    word: number
    for number, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
            "eighteen nineteen"
        ).split()
    )
} | {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_DIGITS = r"(?P<number>-?\d{1,4}(?:\.\d)?)"
_SPELLED = r"(?P<spelled>(?:" + "|".join(_WORDED) + r")(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
_TITLED = (
    r"(?:Mrs|Mr|Ms|Miss)\.?(?:(?:\s(?:v[ao]n|ter|de[rn]?|di|la|le|el|al|bin)){0,3}"
    r"\s[A-Z](?:(?:\.\s?[A-Z]){0,3}\.|[\w'’-]{0,30})){1,3}"
)
"""A patient by title and name, as letters introduce them: "Mrs Keller, 67 years", "Mr. B., 71"."""
_ENDS = (
    r"(?=[ \t]*(?:[;:!)–—\n]|[,.](?!\d)|-\s|\Z|(?:years?|yrs?|y|yo|y/o)\b|(?:and|but|with|who|whose|has|had|is|was|from|after|on|in|at|"
    r"living|lives|presenting|presents|presented|known|seen|referred|admitted|diagnosed|married|here|now)\b))"
)
"""What may follow a bare number that is an age."""
_HALF = r"(?:\s?½|[\s-]1/2|[\s-]and[\s-]a[\s-]half)?"
_TENS = (
    r"(?P<spelled>(?:thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety)(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
)
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w./-]){_DIGITS}{_HALF}[\s-]*{_PER_OLD}[\s-]*(?:-?\s*old|of\s+age)(?!\w)",
        rf"(?<!\w){_SPELLED}{_HALF}[\s-]+{_PER_OLD}[\s-]*old(?!\w)",
        rf"\b(?:I['’]?m|I am|he is|she is|he['’]s|she['’]s|aged?)\s+{_TENS}(?=\s*(?:[,.;!)]|years?\b|and\b|but\b|with\b|\Z))",
        r"\A(?:hi|hello|hey)(?:\s(?:there|all|everyone|doctor|team))?[,.!–—-]*\s+(?P<number>\d{2,3})"
        r"(?=\s*(?:here\b|[,;](?!\d)|y\b|years?\b|(?:year-old\s)?(?:fe)?male\b))",
        r"\b(?:I['’]?m|I am)\s+an?\s+(?:[\w-]+\s){0,3}[\w-]+,\s+(?P<number>\d{2,3})(?=[,;])",
        r"\(\s*(?:(?:fe)?male|woman|man|(?-i:[MF]))\s*[,/]\s*(?P<number>\d{1,3})(?=\s*(?:\)|(?:years?|yrs?|y/?o?)\b))",
        rf"(?<![\w./-]){_DIGITS}{_HALF}\s*-?\s*(?P<unit>yo|y/o|y\.o\.)(?!\w)",
        rf"(?<![\w./-]){_DIGITS}{_HALF}[\s-]*(?P<unit>years?|yrs?|y|months?|weeks?|days?)[\s-]*(?:old)?\s+"
        r"(?=(?:\w+\s+){0,2}(?:man|woman|male|female|boy|girl|lady|gentleman|infant|child|baby)\b)",
        r"(?<![\w.-])(?P<number>\d{1,3})\s?(?:y|yo|yrs?)\.?[\s,/]{1,2}(?=[mf]\b)",
        r"(?<!gestational )(?<!corrected )(?<!bone )(?<!mental )(?<!lung )"
        rf"\bage[sd]?\s*(?:is|of|:|=)?\s*{_DIGITS}(?![\w-]|\.\d)(?:[\s-]*{_PER_OLD}\b)?",
        rf"(?:\A|\b(?:I|he|she|(?:(?:the|this|our)\s)?(?:patient|pt))(?:\s*am|\s+is|['’][ms])|\b(?:just|recently)\s+turned)\s*(?:now\s+|currently\s+)?{_DIGITS}"
        r"(?!\s*[-–]\s*\d|[.,]\d)(?=\s*(?:[,.;!)–—]|-(?!\w)|and\b|but\b|with\b|years?\b|now\b|$))"
        rf"(?:\s*{_PER_OLD}\b)?",
        r"\b(?:just|recently)\s+(?:had|celebrated)\s+(?:my|his|her)\s+(?P<number>\d{1,3})(?:st|nd|rd|th)\s+birthday\b",
        r"(?<![\w.-])(?P<number>\d{1,3})\s?[-/]?(?=(?-i:[MF])\b(?![/-]))",
        r"(?:\A|[.!?;,\n]\s*|\b(?:hi|hello|hey)\s+)im\s+(?P<number>\d{2,3})(?=\s*(?:[,.;!)](?!\d)|(?:and|but|with|years?)\b|y/?o\b|\Z))",
        r"\A\s*(?P<number>\d{2,3})\s+here\b",
        r"\b(?:he|she|patient|pt)\s{0,12}[,(]\s?(?:aged?\s)?(?P<number>\d{1,3})(?=\s?[,)])",
        r"\b(?:old|young)(?:\s+enough)?\s+at\s+(?P<number>\d{2,3})\b(?!\s*(?:weeks?|months?|days?))",
        r"(?:\A|[.!?;,\n]\s*)at\s+(?P<number>\d{2,3})(?=,?\s+(?:i['’]?m|i\s+am|am\s+i|he['’]?s|she['’]?s|he\s+is|she\s+is|is\s+(?:he|she))\b)",
        rf"\b(?:woman|man|female|male|lady|gentleman|boy|girl|patient)\s+of\s+(?P<number>\d{{1,3}}){_ENDS}",
        r"\A(?:wom[ae]n|m[ae]n)\s*(?:,|\(|of\s|aged?\s)?\s*(?P<number>\d{1,3})"
        r"(?=\s*(?:[,.;)]|years?\b|yrs?\b|y\b|(?:with|after|who|on|has|presenting|known|and)\b|$))",
        r"(?:\A|[.\n]\s*|\b(?:an?|the)\s+)(?:woman|man|female|male|boy|girl|lady|gentleman|guy|gent|person)\s*[,(]\s*(?:now\s+)?(?P<number>\d{1,3})"
        r"(?=\s*(?:[,.;)]|years?\b|yrs?\b|y\b|$))",
        r"(?:\A|[.\n]\s*)(?:woman|man|female|male|boy|girl|lady|gentleman)\s*[,(]?\s*(?P<number>\d{1,3})\s*(?P<unit>years?|yrs?|y|yo|months?|weeks?|days?)\b",
        r"(?:\A|\n)[ \t]*(?-i:[MF])[\s,/]{1,2}(?P<number>\d{1,3})(?=\s*(?:[,.;:)–—-]|years?\b|yrs?\b|y/?o\b|with\b|$))",
        rf"(?<!\w)(?-i:{_TITLED})(?:\s?[,(]\s*(?:(?:now|aged?)\s+)?|\s+is\s+(?:now\s+)?)(?P<number>\d{{1,3}}){_ENDS}",
        rf"(?<!\w)(?-i:{_TITLED})\s(?P<number>\d{{1,3}})\s?(?:years?|yrs?|y/?o)\b(?!\s(?:ago|later|after|of))",
    )
)
_SHORT = re.compile(
    r"(?<![\w.-])(?P<number>\d{1,3})\s?[-/]?(?:(?:y/?o|yrs?|years?|y\.o\.|y)\.?(?:[\s-]old)?[\s,/]{1,2}(?P<small>[mf])|"
    r"(?:(?:y/?o|yrs?|years?|y\.o\.)(?:[\s-]old)?[\s,]{1,2})?(?P<sex>[MF]))(?![\w-])|"
    r"(?:\A|\n)[ \t]*(?P<first_sex>[MF])[\s,/]{1,2}(?P<age>\d{1,3})(?=\s*(?:[,.;:)–—-]|y|with\b|$))"
)
_DECADE = re.compile(
    r"\bin\s+(?:her|his|their|my|the)\s+(?P<part>early|mid|late)?[\s-]*(?:(?P<decade>twenties|thirties|forties|fifties|sixties|seventies|"
    r"eighties|nineties|teens)|(?P<digits>[1-9]0)['’]?s)\b",
    re.IGNORECASE,
)
_DECADES = {
    word: 10 * number
    for number, word in enumerate(
        "teens twenties thirties forties fifties sixties seventies eighties nineties".split(), start=1
    )
}
_PARTS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}
_AT_AGE = re.compile(r"\b(?:at|from|since|until|by|when|before|after|the)\s+(?:the\s+)?(?:age\s+(?:of\s+)?)?$", re.IGNORECASE)
_HER_CHILD = re.compile(r"\b(?:I|I['’]m|I['’]ve|she|he)\s[^.;,\n]{1,40}?\b(?:my|our|her|his)\s+$", re.IGNORECASE)
"""Before an age that is a child's: "I breastfeed my 4 month old"."""
_BACK_THEN = re.compile(
    r"\b(?:had|was|were|got|did|took|underwent|diagnosed|started|stopped|developed|smoked|used|operated|treated|lost|broke|back|when|since)\b"
    r"(?![^.;\n]*\b(?:is|am|['’]m|['’]s|now)\s*$)[^.;\n]*$",
    re.IGNORECASE,
)
"""Before a decade of life that an event fell in: "had glandular fever in my twenties"."""
_BORN = re.compile(
    r"(?:\b(?:born|dob|d\.o\.b\.?|date\s+of\s+birth|birth\s*date|birthday|year\s+of\s+birth|yob)\b|(?:(?<![^,;:(\n]\s)|(?<=\bstates\s)|(?<=\bsays\s))(?<![\w.])(?-i:b)\.(?=\s?\d)|"
    r"(?<!\w)\*(?=\s?\d))[\s:,]*(?:on|in|is|was)?\s*(?:the\s+)?(?:(?:early|late|mid|spring|summer|autumn|fall|winter)\s+(?:of\s+)?)?",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"\b(?:(?:(?P<ahead>turns|turning|will\sturn|['’]ll\sturn|(?:\b(?:I|he|she|who|patient)(?:\swill|['’]ll)\sbe))|turned)\s+(?P<number>\d{1,3})|"
    r"(?:my|his|her)\s+(?P<nth>\d{1,3})(?:st|nd|rd|th)\s+birthday(?P<coming>\s+(?:is|will\sbe|comes|falls))?)"
    r"(?:\s(?:years?(?:\sold)?|was|on|in|this\scoming))*[\s,(]*",
    re.IGNORECASE,
)
"""A birthday that a time follows: "will turn 18 on 1 March", "his 70th birthday was on 3 May"."""
_BORN_ISO = re.compile(r"(?P<y>\d{4})(?:-(?P<m>\d{1,2})-(?P<d>\d{1,2}))?(?![\w-])")
_FEMALE = frozenset(
    "woman women female girl lady gal mrs ms miss f she her hers herself ♀ mum mom mother grandmother grandma housewife widow".split()
)
_SEX = re.compile(
    r"(?<![\w-])(?P<word>woman|female|girl|lady|man|male|boy|gentleman|gent|guy|(?-i:Mrs|Ms|Mr|Miss)|♀|♂|"
    r"(?<![\s\S])(?:men|women)(?=\s*[,(]|\s+(?:of\s+|aged?\s+)?\d))(?![\w-])",
    re.IGNORECASE,
)
_SEX_FIELD = re.compile(r"\b(?:sex|gender)\s*[:=]?\s*(?:is\s+)?(?P<word>male|female|man|woman|m|f)(?!\w)", re.IGNORECASE)
_SEX_ALONE = re.compile(r"(?:^|[;,(|/])[ \t]*(?P<word>male|female)[ \t]*(?=[;,.)|/\n]|\Z)", re.IGNORECASE | re.MULTILINE)
_ROLE = re.compile(
    r"\b(?:I['’]?m|I am|year[\s-]old|y/o|(?<=\d)yo)\s+(?:an?\s+)?(?:(?!(?:for|of|with|to|my|by|whose|and|but)\b)[\w-]+\s+){0,2}"
    r"(?P<word>mum|mom|mother|grandmother|grandma|housewife|widow|father|dad|grandfather|grandpa|widower)\b"
    r"(?!['’]|\sof\s(?:an?|the|my)\b|\s(?:who|has|had)\b)|"
    r"(?<!\w)(?P<bore>(?:primi|multi|nulli)(?:gravida|para|parous)|(?-i:G\d{1,2}\s?P\d{1,2}))(?!\w)",
    re.IGNORECASE,
)
"""What only a woman or only a man is: "I'm a mum of two", "a 29-year-old G2P1"."""
_OTHERS = re.compile(
    r"\b(?:PI|investigators?|physician|doctor|GP|surgeon|professor|nurse|counsell?or|colleague|\w+ologist|psychiatrist|dentist)\b"
)
_BESIDE = re.compile(r"\b(?:i['’]m|i am|is|was|this|pleasant|old|a|an|the|yo|y/o)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_NOT_THE_PATIENT = re.compile(
    r"\s*(?:partner|condom|relative|sibling|pattern|of childbearing|in the|genital|sex hormone|s\b)", re.IGNORECASE
)
_TRANS = re.compile(r"\b(?:trans(?:gender)?|non-?binary|intersex|MtF|FtM)\b(?!\s+(?:fat|esophageal))", re.IGNORECASE)
_PRONOUN = re.compile(r"(?<![\w/])(?P<word>he|she|his|her|hers|him|himself|herself)(?![\w/])", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Who the note is about."""

    sex: Sex | None = None
    sex_words: Words | None = None
    born: Days | None = None
    age: Range | None = None
    age_words: Words | None = None
    problems: tuple[str, ...] = ()


def _words(text: str, start: int, end: int) -> Words:
    return Words(start, end, text[start:end])


def read_person(
    text: str, today: date, of_patient: Callable[[int], bool], times: Sequence[TimeMention], cues: Sequence[Cue]
) -> Person:
    """`of_patient`: whether the words at a place speak of the patient, not of a relative."""
    problems: list[str] = []
    born, born_words = _born(text, today, of_patient, times, cues, problems)
    age, age_words = _age(text, of_patient, cues, problems)
    sex, sex_words = _sex(text, of_patient, age_words, problems)
    return Person(sex, sex_words, born, age, age_words or born_words, tuple(dict.fromkeys(problems)))


def _born(
    text: str,
    today: date,
    of_patient: Callable[[int], bool],
    times: Sequence[TimeMention],
    cues: Sequence[Cue],
    problems: list[str],
) -> tuple[Days | None, Words | None]:
    """The birth date; the one after a correction where the text takes the first back."""
    starts = {time.start: time for time in times}
    turns = [cue.start for cue in cues if cue.does == "correct"]
    found: tuple[Days, Words] | None = None
    for match in _BORN.finditer(text):
        if not of_patient(match.start()):
            continue
        time = next((starts[place] for place in range(match.start(), match.end() + 1) if place in starts), None)
        days = time.days if time else _iso(text, match.end())
        if days is None or days.first is None:
            continue
        end = time.end if time else match.end() + 10
        words = _words(text, match.start(), min(end, len(text)))
        if days.first > today or (days.last is not None and (today - days.last).days > _OLDEST * 366):
            problems.append(f"“{words.quote}” could not be used: nobody alive was born then")
            continue
        if found is None or any(found[1].end <= turn < match.start() for turn in turns):
            found = days, words
    return found or _turned(text, today, of_patient, starts)


def _turned(
    text: str, today: date, of_patient: Callable[[int], bool], starts: Mapping[int, TimeMention]
) -> tuple[Days | None, Words | None]:
    """The birth date that a dated birthday gives; one that lies ahead and names no year is the next."""
    for match in _TURNS.finditer(text):
        time = next((starts[place] for place in range(match.end() - 3, match.end() + 1) if place in starts), None)
        years = int(match["number"] or match["nth"])
        if time is None or time.relation != "on" or not 0 < years <= _OLDEST or not of_patient(match.start()):
            continue
        first, last = time.days.first, time.days.last
        if first is None or last is None:
            continue
        ahead = bool(match["ahead"] or match["coming"])
        if ahead and last <= today:
            if str(last.year) in text[time.start : time.end] or (last - first).days > _MONTH:
                continue
            years -= 1
        born = Days(months_on(first, -12 * years), months_on(last, -12 * years))
        return born, _words(text, match.start(), time.end)
    return None, None


def _iso(text: str, place: int) -> Days | None:
    match = _BORN_ISO.match(text, place)
    if not match:
        return None
    year = int(match["y"])
    if not 1850 <= year <= 2200:
        return None
    if match["m"] is None:
        return Days(date(year, 1, 1), date(year, 12, 31))
    try:
        day = date(year, int(match["m"]), int(match["d"]))
    except ValueError:
        return None
    return Days(day, day)


def _age(
    text: str, of_patient: Callable[[int], bool], cues: Sequence[Cue], problems: list[str]
) -> tuple[Range | None, Words | None]:
    found: list[tuple[int, Range, Words]] = []
    for pattern in _AGES:
        for match in pattern.finditer(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" .\n\t"))
            if len(found) > 50 or not of_patient(start) or _AT_AGE.search(text, max(0, start - 24), start):
                continue
            if _HER_CHILD.search(text, max(0, start - 60), start):
                continue
            years = _years(match)
            words = _words(text, start, match.end())
            if years is None or years.low < 0 or years.low > _OLDEST:
                problems.append(f"“{words.quote.strip()}” could not be used: nobody has that age")
                continue
            found.append((start, years, words))
    for match in _DECADE.finditer(text):
        if of_patient(match.start()) and not _BACK_THEN.search(text, max(0, match.start() - 60), match.start()):
            decade = _DECADES[match["decade"].lower()] if match["decade"] else int(match["digits"])
            low, high = _PARTS.get((match["part"] or "").lower(), (0, 9))
            found.append((match.start(), Range(decade + low, decade + high), _words(text, match.start(), match.end())))
    if not found:
        return None, None
    found.sort(key=lambda one: (one[0], -one[2].end))
    chosen = found[0]
    for cue in cues:
        if cue.does == "correct":
            later = next((one for one in found if cue.start <= one[0] <= cue.end + 30), None)
            chosen = later or _bare_age(text, cue, chosen) or chosen
    return chosen[1], chosen[2]


_AGE_TURN = re.compile(
    r"[\s,:-]*(?:i['’]?m|i am|it['’]?s|it is|my age is|age|aged|he is|she is|is)?\s*(?P<number>\d{1,3})(?=\s*(?:[,.;!)]|not\b|years?\b|$))",
    re.IGNORECASE,
)


def _bare_age(text: str, cue: Cue, chosen: tuple[int, Range, Words]) -> tuple[int, Range, Words] | None:
    """ "I'm 26 — sorry, I meant 62": a bare number right after the age is the age."""
    match = _AGE_TURN.match(text, cue.end)
    if match and 0 <= cue.start - chosen[2].end < 40 and int(match["number"]) <= _OLDEST:
        return match.start("number"), exactly(float(match["number"])), _words(text, match.start("number"), match.end())
    return None


def _years(match: re.Match[str]) -> Range | None:
    groups = match.groupdict()
    raw = groups.get("number")
    if raw is None:
        parts = re.split(r"[\s-]", match["spelled"].lower())
        number = float(sum(_WORDED[part] for part in parts))
    else:
        number = float(raw)
    unit = (groups.get("unit") or "y").lower()[0]
    if unit == "y":
        return Range(number, number) if number >= 0 else None
    factor = _UNIT_YEARS[unit]
    return Range(number * factor, (number + 1) * factor, high_open=True) if number >= 0 else None


def _sex_said(word: str) -> Sex:
    return "female" if word.lower() in _FEMALE else "male"


def _sex(
    text: str, of_patient: Callable[[int], bool], age_words: Words | None, problems: list[str]
) -> tuple[Sex | None, Words | None]:
    trans = _TRANS.search(text)
    if trans and of_patient(trans.start()):
        problems.append(f"“{trans[0]}”: the sex that the trial means has to be asked for")
        return None, None
    named = _named_sex(text, of_patient, age_words)
    if named is not None:
        return named
    pronouns = [match for match in _PRONOUN.finditer(text) if of_patient(match.start()) or _of_relative(text, match)]
    sexes = {_sex_said(match["word"]) for match in pronouns}
    subject = [match for match in pronouns if match["word"].lower() in ("he", "she", "his", "her", "himself", "herself")]
    if len(sexes) > 1:
        subject = [match for match in subject if not _OTHERS.search(text, _sentence_start(text, match.start()), match.start())]
        sexes = {_sex_said(match["word"]) for match in subject}
    if len(sexes) == 1 and subject:
        return next(iter(sexes)), _words(text, subject[0].start(), subject[0].end())
    return None, None


def _sentence_start(text: str, place: int) -> int:
    return max(text.rfind(". ", max(0, place - 300), place), text.rfind("\n", max(0, place - 300), place), max(0, place - 300))


def named_sex(text: str) -> Sex | None:
    """The sex that a noun, a field or "his mother" says, wherever it stands; other pronouns are not looked at."""
    named = _named_sex(text, lambda place: True, _age(text, lambda place: True, (), [])[1])
    if named is not None:
        return named[0]
    owner = next((match for match in _PRONOUN.finditer(text) if _of_relative(text, match)), None)
    return _sex_said(owner["word"]) if owner else None


def is_own_role(text: str, start: int) -> bool:
    """Whether the word for a relative at a place says what the asker is: "I'm a mum of two"."""
    return any(match.start("word") == start for match in _ROLE.finditer(text, max(0, start - 60), start + 20))


def _named_sex(text: str, of_patient: Callable[[int], bool], age_words: Words | None) -> tuple[Sex, Words] | None:
    strong: list[tuple[int, int, Sex, Words]] = []
    for match in _SEX_FIELD.finditer(text):
        strong.append((0, match.start(), _sex_said(match["word"]), _words(text, match.start(), match.end())))
    for match in _SHORT.finditer(text):
        start = match.end() - len(match[0].lstrip())
        if of_patient(start) and 0 < int(match["number"] or match["age"]) <= _OLDEST:
            strong.append(
                (0, start, _sex_said(match["sex"] or match["small"] or match["first_sex"]), _words(text, start, match.end()))
            )
    for match in _ROLE.finditer(text):
        if match["word"] or of_patient(match.start()):
            strong.append((1, match.start(), _sex_said(match["word"] or "female"), _words(text, match.start(), match.end())))
    for match in _SEX_ALONE.finditer(text, 0, 400):
        if of_patient(match.start("word")):
            strong.append((2, match.start(), _sex_said(match["word"]), _words(text, match.start("word"), match.end("word"))))
    for match in _SEX.finditer(text):
        if not of_patient(match.start()) or _NOT_THE_PATIENT.match(text, match.end()):
            continue
        near = age_words is not None and 0 <= match.start() - age_words.start < 60
        before = text[max(0, match.start() - 12) : match.start()]
        leads = (
            not text[: match.start()].strip()
            or before.endswith(". ")
            or before.rpartition("\n")[2].strip(" -•") == "" != before
        )
        if near or leads or _BESIDE.search(text, max(0, match.start() - 40), match.start()):
            begin = age_words.start if near and age_words is not None else match.start()
            strong.append((0 if near else 1, match.start(), _sex_said(match["word"]), _words(text, begin, match.end())))
    if strong:
        best = min(strong)
        return best[2], best[3]
    return None


def _of_relative(text: str, match: re.Match[str]) -> bool:
    """Whether a possessive names a relative of the patient, and so the patient: "his older siblings"."""
    following = tokens_of(text[match.end() : match.end() + 40])[:3]
    return match["word"].lower() in ("his", "her") and any(word in words_that("relation") for word in following)


def read_noted(text: str, times: Sequence[TimeMention], cues: Sequence[Cue]) -> tuple[date | None, frozenset[int]]:
    """The day of the note, where a full day stands right after a word for the visit, and the starts of the times that say it."""
    visits = {cue.end: cue for cue in cues if cue.does == "noted"}
    for time in times:
        if time.days.first is None or time.days.first != time.days.last or time.relation != "on":
            continue
        for gap in range(8):
            cue = visits.get(time.start - gap)
            if cue is not None and re.fullmatch(r"[\s:,(]*(?:on|of|in)?\s*", text[cue.end : time.start]):
                return time.days.first, frozenset({time.start})
        lead = text[: time.start].strip()
        if not lead and re.match(r"\s*[:.,–-]?\s*\n|\s*[:–-]", text[time.end : time.end + 4]):
            return time.days.first, frozenset({time.start})
    return None, frozenset()


@cache
def _foreign() -> frozenset[str]:
    return frozenset(word for row in rows("languages.tsv") for word in row["words"].split())


def is_foreign(text: str) -> bool:
    """Whether most of a text is of another language: other letters, or more foreign function words than English ones."""
    letters = [letter for letter in text[:4000] if letter.isalpha()]
    if len(letters) >= 8 and sum(ord(letter) > 0x24F and not 0x370 <= ord(letter) <= 0x3FF for letter in letters) * 2 > len(
        letters
    ):
        return True
    words = [match[0].lower() for match in _WORD.finditer(text[:8000])]
    if len(letters) >= 20 and sum(0x370 <= ord(letter) <= 0x3FF for letter in letters) * 2 > len(letters):
        return True
    foreign = sum(word in _foreign() for word in words)
    english = sum(word in STOPWORDS or word in ("no", "not") for word in words)
    return foreign >= 3 and foreign > english and foreign * 8 >= len(words)
