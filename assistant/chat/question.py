"""A question as the assistant reads it: what it asks for, how it asks, and the few plain facts that one line of a record can decide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.chat.intent import Form, Intent, Seen, intent
from assistant.chat.topics import BY_NAME, outright, topics_of
from assistant.safety.orders import without_orders
from index.scope import without_names
from index.words import GENERIC, STOPWORDS, stem, stems

LONGEST = 10_000
"""Characters: more than two pages of clinical notes. A longer message is a document, and belongs in the index."""


_OPENER = r"(?:am|is|are|was|were|do|does|did|can|could|may|might|must|has|have|had|will|would|shall|should|isn't|aren't|don't|doesn't|can't|won't)"
_WHETHER = re.compile(
    rf"(?:^|[.!?;:,\n]\s*|\b(?:and|so|but|then|please|tell me)\s+|(?<=[\w\s]\s)(?-i:(?=(?:Am|Is|Are|Was|Do|Does|Did|Can|Could|May|Will|Has|Have)\b))){_OPENER}\s+(?!i\s+(?:choose|do)\b)\w[^.!?]*\?|\b(?:whether|ok|okay|allowed|eligible|acceptable|pass|excluded|barred|caught by|disqualif\w+|correct|right)\b[^.?!]{{0,60}}\?|\btoo (?:early|late|soon|old|young|high|low|long)\s*\?"
    rf"|^{_OPENER}\s+(?:i|it|the|this|that|there|they|we|my|patients?|people|someone|NCT)\b",
    re.IGNORECASE,
)
_EXCLUDED = re.compile(
    r"\b(?:rul(?:e|es|ed|ing)|throw\w*|kick\w*|leav\w+) (?:\w+ ){0,3}out\b|\btoo (?:old|young)\b|\b(?:past|over|under|above|below) the (?:upper |lower )?age\b|\b(?:knock|shut|put|count) (?:me|him|her|them|us) out\b|\bexclu(?:de|ded|des|sion)\b|\bdisqualif|\bkeep (?:me|him|her|them|us) (?:out|from)\b|\bbar(?:red|s)?\b(?: from)?"
    r"|\bcaught by\b|\bdeal-?breaker\b|\b(?:stop|prevent) (?:me|him|her|them|us)\b|\bnot (?:be )?(?:allowed|able to join)\b|\ba problem\b",
    re.IGNORECASE,
)
_FITS = re.compile(
    r"\b(?:can|could|may|might|would|am|is|are|do|does|will) (?:i|he|she|they|we|my|the|a|this|that|it|someone|people|patients?)\b.*"
    r"\b(?:join|enrol\w*|eligible|allowed|qualify|qualifies|satisf(?:y|ies)|take part|participate|fit|fits|meet|meets|pass|passes|ok|okay|enter|accepted?|get in|be (?:in|on|part of)|young enough|old enough|included?)\b"
    r"|\b(?:allowed|ok|okay|eligible|acceptable)\b[^.?!]{0,40}\?|\btoo (?:early|late|soon|old|young|high|low)\s*\?|\b(?:i|he|she|we|they)\b[^.?!]{0,60}\bwants?\b(?! to (?:know|ask|understand|see|find))",
    re.IGNORECASE | re.DOTALL,
)
_SHORT_FITS = re.compile(
    r"\b(?:met|ok|okay|o\.k\.|alright|pass(?:es|ed)?|fine|enough|allowed|excluded|eligible|in range|within (?:range|limits)|washed out|satisfied|"
    r"fulfilled|good|acceptable|clear|cleared|included|qualif(?:y|ies)|a (?:bar|problem)|ruled out|respected|observed|kept)"
    r"(?:\s+(?:now|then|too|there|here|still|today|yet|from (?:it|that|there)|(?:for|from|of|by|on|in|with|at) [\w' -]{1,40}))?\s*\?",
    re.IGNORECASE,
)
"""A short question whether something fits: "ok then?", "INR line met?"."""
_LEADS_WITH_IT = re.compile(
    r"(?:^|[.!?;:\n–—]\s*)(?:and |so |but |then )?(?:still |already |now )?"
    r"(?:acceptable|accepted|allowed|permitted|permissible|eligible|ok|okay|fine|inside|within|(?:high|low|old|young|long|far|good|well) enough|"
    r"fits?|meets?|pass(?:es)?|qualif(?:y|ies)|satisf(?:y|ies)|excluded|exclusion|exclusionary|ruled out|barred|disqualified|out)\b"
    r"(?![^.?!;:]*\bor\b)[^.?!;:]{0,90}\?",
    re.IGNORECASE,
)
"""A question that begins with its verdict, for short: "Acceptable performance status for the trial?", "Excluded by the rule on QTc?"."""
_OUT_ALONE = re.compile(r"\b(?:exclu\w+|ruled out|barred|disqualified|out|a (?:bar|problem))\b", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:^|(?<=[.?!;]))\s*(?:and |so |but )?(?!(?-i:WHO)\b)(?:what|which|how|when|where|who|whom|whose|why)\b[^.?!]*",
    re.IGNORECASE,
)
"""A sentence that a yes or a no does not answer, whatever its words."""
_AGE = re.compile(
    r"(?<!\bmin )(?<!\bmax )(?<!imum )(?<!lower )(?<!upper )(?<!lowest )(?<!highest )"
    r"\b(?:i['’]?m|i am|aged?|(?:s?he|patient|pt|father|mother|husband|wife|son|daughter|brother|sister|dad|mom|mum)(?: is|['’]s| of)|turned|turning|age of|age is)\s+(?:aged?\s+|only\s+|now\s+|already\s+|nearly\s+|almost\s+)?(\d{1,3})\b"
    r"(?!\s*(?:%|mg|g/|kg|cm|mm|x\b|×|weeks?|months?|days?|hours?|cycles?|times|points?|/|\.\d|[-–]\s?\d))"
    r"|\b(\d{1,3})[\s-](?:years?|yrs?|yo|y/o|y\.o\.)[\s-](?:old|of age)\b|\b(\d{1,3})\s?(?:yo|y/o|y)\b(?!\s+(?:ago|before|after|since|later))"
    r"|\b(\d{1,3})(?:st|nd|rd|th) birthday\b|\bat (\d{2})\b(?=[^.?!\d]{0,30}\b(?:young|old)\b)"
    r"|\b(?:old|young)(?: enough)? at (\d{2,3})\b"
    r"|\b(?:father|mother|husband|wife|son|daughter|brother|sister|dad|mom|mum|aunt|uncle|grand\w+|patient|pt) ?[,(] ?(?:aged? )?(\d{1,3})(?= ?[,)])",
    re.IGNORECASE,
)
_FEMALE = re.compile(
    r"\b(?:i['’]?m|i am|as) (?:an? )?(?:\d+[\w\s-]{0,15} )?(?:woman|female|girl|mother)\b|\b(?:my (?:wife|mother|mom|mum|daughter|sister|grandmother))\b|\bi(?:['’]?m| am) pregnant\b",
    re.IGNORECASE,
)
_MALE = re.compile(
    r"\b(?:i['’]?m|i am|as) (?:an? )?(?:\d+[\w\s-]{0,15} )?(?:man|male|boy|father)\b|\b(?:my (?:husband|father|dad|son|brother|grandfather))\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\bhow (?:many|much|often|long|large|big|old|high|low)\b|\b(?:what|which) (?:\w+ ){0,3}(?:dose|dosage|number|amount|level|threshold|cut-?off|limit|minimum|maximum|rate|percentage|proportion|value|range)s?\b"
    r"|\b(?:minimum|maximum|min|max)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:testing|test|time|look-?back|screening) windows?\b|\bwhat windows?\b|\bhow recent\b|\bwithin how (?:many|long)\b"
    r"|\bhow (?:long|many (?:days|weeks|months|years)) (?:before|after|ago|since|must|between)\b|\bwash-?out\b",
    re.IGNORECASE,
)
_EXISTS = re.compile(
    r"\b(?:does|do|did|is there|are there)\b[^.?!]{0,60}\b(?:give|state|mention|say|list|specify|name|set|define|(?:have|has) (?:an?|any|one)|contain|any)\b",
    re.IGNORECASE,
)
_UNIT_ASKED = re.compile(
    r"\bhow (?:many|much)\s+(Gy|grays?|mg|milligrams?|mcg|µg|micrograms?|g|grams?|ml|millilit(?:er|re)s?|IU|units|fractions|cycles|doses|weeks|days|months|years|hours|minutes|sessions|visits)\b",
    re.IGNORECASE,
)
_SHORT_UNITS = {"gray": "gy", "milligram": "mg", "microgram": "mcg", "gram": "g", "milliliter": "ml", "millilitre": "ml"}
PHASE = re.compile(r"\bphase\s*(\d|I{1,3}V?|IV)(?:\s*[/-]\s*(\d|I{1,3}V?|IV))?\b", re.IGNORECASE)
"""A phase that a text names, "phase 1/2" as two."""
NUMERALS = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_FOR_ME = re.compile(
    r"\b(?:can|could|may|might|would|will|am|do|should) i\b|\b(?:rules?|excludes?|lets?|accepts?|takes?|bars?|keeps?|stops?|allows?) me\b",
    re.IGNORECASE,
)
_KIN = re.compile(
    r"\bmy (?:\w+ )?(?:wife|husband|partner|mother|father|mom|mum|dad|parents?|sister|brother|son|daughter|child|grand\w+|aunt|uncle|cousin|friend)\b[^.?!,;]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question read without a model."""

    text: str
    topics: tuple[str, ...]
    """Names of the TOPICS rows that it is about, in its own order."""
    form: Form
    """"fits": does something meet a rule; "excluded": does something fall under one; "whether": another yes-or-no; "open": the rest."""
    age: float | None
    """Years, when the message states one."""
    sex: Literal["FEMALE", "MALE"] | None
    whole: bool
    """It asks about joining as a whole, not about one thing."""
    quantity: bool
    """It asks for a number."""
    time: bool
    """It asks for a span of time: a window, how recent, how long before."""
    exists: bool
    """It asks whether the documents have something at all ("does it give a limit?")."""
    units: tuple[str, ...]
    """How the unit that it asks for is written ("how many milligrams": milligram, mg)."""
    stems: tuple[str, ...]
    """Content words, without those that every trial document is full of, in order and once each."""
    of_kin: bool
    """It asks for the person who writes and tells of a relative, whose facts are not that person's."""

    @property
    def about_a_person(self) -> bool:
        """Whether it asks what a rule says of somebody."""
        return self.form in {"fits", "excluded"}


_TIMES = re.compile(r"\bhow many times\b", re.IGNORECASE)
"""Asks how often, and for no time."""
ANY = Question("", (), "open", None, None, False, False, False, False, (), (), False)
"""Asks for a field as it stands."""


@lru_cache(maxsize=512)
def read_question(text: str) -> Question:
    """Read a question; of one longer than LONGEST, its beginning."""
    plain = without_orders(without_names(text[:LONGEST]))
    telling = _TIMES.sub("how often", plain)
    words = tuple(dict.fromkeys(word for word in stems(telling, drop=STOPWORDS) if word not in _SILENT))
    seen = seen_in(text)
    read = intent(seen) if words or seen.topics else Intent(seen.form, False, ())  # a bare pointer asks for nothing
    of_kin = bool(_FOR_ME.search(plain) and _KIN.search(plain))
    own = _KIN.sub(" ", plain) if of_kin else plain
    return Question(
        text=text[:LONGEST],
        topics=_asked_topics(seen, read, outright(plain)),
        form=_asked_form(seen, read, plain, _age(own)),
        whole=read.whole,
        age=_age(own),
        sex=_sex(own),
        quantity=bool(_QUANTITY.search(plain)),
        time=bool(_TIME.search(plain)),
        exists=bool(_EXISTS.search(plain)),
        units=_units(plain),
        stems=words,
        of_kin=of_kin,
    )


_OF_AGE = frozenset({"age", "minimum_age", "maximum_age"})
_ALONE = ("allocation", "results")
"""Topics whose words name the groups and what they get without asking for them."""


def _asked_topics(seen: Seen, read: Intent, sure: Sequence[str]) -> tuple[str, ...]:
    """The topics; of an age asked for, the limit that the tables see; `sure`: what is asked for outright, beside
    which only the tables' own topics stand."""
    told = _OF_AGE & set(seen.topics)
    idle = frozenset[str]().union(*(BY_NAME[name].idle for name in _ALONE if name in sure or name in seen.topics))
    kept = (
        one
        for one in read.topics
        if (one in seen.topics and one not in idle) or not (sure or one in idle or (told and one in _OF_AGE))
    )
    return tuple(dict.fromkeys((*kept, *sure)))


def _asked_form(seen: Seen, read: Intent, plain: str, age: float | None) -> Form:
    """The form; a wish to join, or an age beside the age limits, asks whether it fits unless something else is asked ("what …");
    a sentence that opens like a yes-or-no question and has no word of another kind is one."""
    if read.form != "open" and (plainly := turned(plain)) is not None:
        return plainly
    held_against = read.whole or (age is not None and bool(_OF_AGE & set(read.topics))) or bool(_WISHES.search(plain))
    if read.form == "open" and held_against and not _OPEN.search(plain):
        return "fits"
    if read.form == "open" and not _OPEN.search(plain) and (leads := _LEADS_WITH_IT.search(plain) or _SHORT_FITS.search(plain)):
        return "excluded" if _OUT_ALONE.search(leads[0]) else "fits"
    return seen.form if read.form == "open" and _YES_OR_NO.search(plain) and not _ASKS_OPENLY.search(plain) else read.form


_WISHES = re.compile(
    r"\b(?:i|he|she|we|they|(?:my|the|a|this|our) \w+)(?:['’]d)?\b[^.?!]{0,80}\b(?:wants?|wish(?:es)?|hop(?:es?|ing)|(?:would |['’]d )?like) "
    r"to (?:join|enrol\w*|enter|take part|participate|start|begin|sign up|volunteer|get in(?:to)?|be (?:in|part of|included))\b[^?]*$",
    re.IGNORECASE,
)
"""Tells of a wish to join and asks nothing: whether that fits is what is to be answered."""
_YES_OR_NO = re.compile(
    rf"(?:^|[.!?]\s+)(?:and |so |but |then )?{_OPENER}\s+(?!i\s+(?:choose|do)\b)\w[^.!?]*\?\W*$", re.IGNORECASE
)
_ASKS_OPENLY = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|or|tell|explain|list|describe|name|give|wonder\w*|know|show|should|advise|would you)\b",
    re.IGNORECASE,
)
"""Words of a question that no yes or no answers, whatever it opens with."""


_OUT = r"(?:excluded|ruled out|barred|disqualified|kept out|left out|out\b|(?:an? )?(?:problem|barrier|bar|deal-?breaker|no-go|obstacle)\b)"
_BARS = r"(?:rul(?:e|es) \w+ out|exclud\w*|bar(?:s|red)?\b|disqualif\w*|keep\w* \w+ (?:out|from)|stop\w* \w+|matter\w*|count\w* against)"
_CLEARED = re.compile(
    r"(?<!\w)(?:i|he|she|they|we|it|that|this|pt|patient|\w+)(?:['’](?:m|s|re|ll|d))?(?: (?:am|is|are|was|would|will|should))?"
    rf"(?: still)? ?(?:not|(?:is|are|was|wo|would|should)n['’]t)(?: be| been)? {_OUT}[^?]{{0,80}}\b(?:right|correct|ok|okay|yes|agreed|is (?:he|she|it)|are (?:they|we)|am i)\b"
    rf"|\w (?:does|do|did|will|would|should|can|could|wo|ca)(?:n['’]t| ?not) {_BARS}[^?]{{0,80}}\b(?:right|correct|ok|okay|yes|agreed|does it|do they|will it|would it|can it)\b"
    r"|\b(?:am|is|are) (?:i|he|she|they|we) in(?:,? (?:then|now|or out))?\s*\?"
    r"|\w(?:['’](?:s|m|re)| is| am| are) not too \w+[^?]{0,60}\?"
    r"|(?<!not )\b(?:far|long|early|late|recent|old|young|high|low|heavy|tall|well|good) enough\b[^.!?]{0,60}\?"
    r"|\b(?:clear of|safe from|spared by|escapes?)\b[^.?!]{0,40}\b(?:exclusion|rule|criteri|line)|\bin (?:my|his|her|their|our) favou?r\b"
    r"|\b(?:tell me|say|confirm|agree)(?: that)? (?:i|he|she|we|they)(?:['’]m| am| is| are)? (?:still )?(?:pass|passes|qualify|qualifies|fit|fits|meet|meets|eligible|in)\b",
    re.IGNORECASE,
)
"""Asks to be told that something does not rule out: a yes is the good news ("so I'm not excluded, right?")."""
_SHUT = re.compile(
    r"(?<!not )(?<!n't )(?<!n’t )\btoo (?:big|large|small|heavy|light|thick|deep|wide|long|short|far|many|much|early|late|soon|recent|high|low|weak|sick|ill|advanced|"
    r"old|young)\b|\bshuts? the door\b|\bmissed (?:the|my|his|her) (?:boat|chance)|\bno-?go\b|\bany bar to\b|\b(?:do|does|would|will) (?:they|it|that|the \w+) (?:mind|object)\b"
    r"|(?<!not )(?<!n't )(?<!n’t )(?<!no )\b(?:an?|any|the) (?:bar|barrier|obstacle|hindrance|deal-?breaker|show-?stopper|no-go)\b(?! exam)[^?.]{0,40}\?"
    r"|\bstill (?:out|excluded|barred|ruled out|disqualified)\b[^.!?]{0,60}\?"
    r"|\b(?:over|past|beyond|exceeds?|outside) (?:the|their|that|its|this) (?:\w+ ){0,2}(?:line|limit|cut-?off|threshold|maximum|ceiling|window)s?\b",
    re.IGNORECASE,
)
"""Asks whether something rules out, in words that name no exclusion: a yes is the bad news ("is that too big?")."""


def turned(plain: str) -> Form | None:
    """The form of a question whose words say by themselves what a yes to it means."""
    return "fits" if _CLEARED.search(plain) else "excluded" if _SHUT.search(plain) else None


def seen_in(text: str) -> Seen:
    """A question as the tables of words see it: without orders, its form, its topics."""
    asked = without_orders(text[:LONGEST])
    return Seen(asked, _form(asked), topics_of(without_orders(without_names(text[:LONGEST]))))


def _units(text: str) -> tuple[str, ...]:
    asked = _UNIT_ASKED.search(text)
    if not asked:
        return ()
    unit = asked[1].lower()
    unit = unit.removesuffix("s") if len(unit) > 2 else unit
    return tuple(dict.fromkeys((unit, _SHORT_UNITS.get(unit, unit))))


_ASKING = frozenset(
    "minimum maximum highest lowest threshold cutoff limit limits window value values level levels number amount range item rule line exactly say says said mention "
    "mentioned list listed name named state stated give gives given define defined specify specified treat treated describe word words "
    "plain english explain detail details kind type sort thing way much many long doctor told tell think hello hi thanks thank help "
    "find found happen happens take takes taken start started year years month months week weeks day days ago already still yet now "
    "compare included include including cut off unit units accept accepted acceptable demand demands ask asks apply applies count counts "
    "often go goes going come coming testing tested test tests due date first second two three one last ago "
    "wife husband partner mother father mom mum dad parent sister brother son daughter".split()
)
"""Words of asking and of telling, which a passage need not share with a question."""
_SILENT = frozenset(stem(word) for word in GENERIC | _ASKING)


def _form(text: str) -> Form:
    text = _OPEN.sub(" ", text)
    fits = _FITS.search(text) or _SHORT_FITS.search(text)
    if not (_WHETHER.search(text) or fits):
        return "open"
    if _EXCLUDED.search(text):
        return "excluded"
    return "fits" if fits else "whether"


_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        1,
    )
} | {word: str(10 * number) for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBERS)})\b(?!\s*(?:of|or|times|other|more|weeks?|months?|days?))", re.IGNORECASE)


def _age(text: str) -> float | None:
    for match in _AGE.finditer(_NUMBER_WORD.sub(lambda word: _NUMBERS[word[0].lower()], text)):
        years = float(next(group for group in match.groups() if group))
        if years <= 120:
            return years
    return None


def _sex(text: str) -> Literal["FEMALE", "MALE"] | None:
    female, male = bool(_FEMALE.search(text)), bool(_MALE.search(text))
    if female == male:
        return None
    return "FEMALE" if female else "MALE"
