"""How a message asks: in how many questions, of a rule by its name or number, of a person, or not at all."""

import re
from typing import Final

from index.words import stems

LONGEST: Final = 20_000
"""Characters read; what an interface takes as one message."""

SHORT_CLOSING: Final = 120
"""Characters of a message that only thanks."""
SHORT: Final = 8
"""Words of a question that asks one thing."""
ASKS: Final = re.compile(
    r"\?"
    r"|^[^\w\n]{0,16}(?:and |so |but |please )?"
    r"(?:what|which|how|when|where|who|whom|whose|why|is|are|was|were|do|does|did|can|could|may|will|would"
    r"|should|list|show|explain|compare|summari[sz]e|tell|describe|give|find|ignore|disregard)\b"
    r"|(?<![\w’'])(?<!nor )(?<!neither )(?<!so )(?<!as )(?<!than )(?:am i|are (?:we|they)|is (?:he|she|that|it|this)|do (?:i|we)"
    r"|does (?:he|she|it|that|this|my \w+|the (?:pt|patient))|(?:can|could|may|will|would|should) (?:i|he|she|we|they|that|it))\b"
    r"|\b(?:wonder(?:ing|ed|s)?|(?:would|['’]d) like to (?:know|hear|see|understand|be told)|(?:wants?|needs?) to know|not sure|unsure"
    r"|curious)\b[^.!;\n]{0,40}\b(?:if|whether|what|which|how|when|where|who|why|about)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Asks or orders something, with a question mark or without, outright or as a musing ("I wonder whether that fits")."""

PERSON: Final = re.compile(r"\b(?:i|i['’]m|me|my|he|she|his|her|him|patient|pt|father|mother|son|daughter)\b", re.IGNORECASE)
"""Words for the person whom a message is about."""

_RULE: Final = re.compile(
    r"\b(?:criteri(?:on|a)|line|rule|limit|item|cut-?off|threshold)s?"
    r"(?P<who> for (?:him|her|me|them|(?:this|that|the(?: new| same)?) (?:one|pt|patient|case|person|man|woman)))?\s*\?",
    re.IGNORECASE,
)
_ANOTHER_QUESTION: Final = re.compile(
    r"(?<=\?)\s+|[,;]\s*(?:and\s+|or\s+|also\s+)?(?=(?:is|are|am|do|does|did|can|could|would|will|what|how|when|where|who|which|may|must)\b)"
    r"|\s+and\s+(?=(?:is|are|am|do|does|can|could|would|will|what|how|when|where|who|which|may|must) \w+ )",
    re.IGNORECASE,
)


_OPENER: Final = re.compile(
    r"\b(?:is|are|am|do|does|did|can|could|would|will|what|how|when|where|who|which|may|must)\s+\w+[^.!;]*$", re.IGNORECASE
)
NUMBERED: Final = re.compile(
    r"\b(?P<kind>in|ex)clusion(?: criteri(?:on|a))?(?: no\.?| number|#)? ?#?(?P<number>\d+(?:\.\d+)?)\b", re.IGNORECASE
)


def names_a_rule(message: str) -> bool:
    """Whether a message asks by naming a rule ("…, TSAT 17 %. Iron deficiency criterion?")."""
    return _RULE.search(message[:LONGEST]) is not None


_FIELD: Final = re.compile(
    r"\W*(?:(?:and|so|ok|then|what about) )?(?:the )?(?:[\w/-]+ ){1,4}(?:limit|cut-?off|threshold|floor|ceiling|minimum|maximum|range|rule|"
    r"wash-?out|window|dose|criteri(?:on|a))(?: (?:for entry|there|here|then|again))?\s*\?\W*",
    re.IGNORECASE,
)


def asks_for_a_field(question: str) -> bool:
    """Whether a fragment asks for what the record says, and of nobody ("albumin limit?", "and the washout?")."""
    return _FIELD.fullmatch(question) is not None and not PERSON.search(question)


_ASKS_LAST: Final = re.compile(
    r"[,;.–—-]\s*(?:and |so |but )?(?:is|are|am|was|were|do|does|did|can|could|may|will|would|should)"
    r" (?:that|this|it|these|those|i|he|she|we|they)\b[^.!;,]{0,60}$",
    re.IGNORECASE,
)
"""Asks with its last words, without a question mark: "they could take me on the 4th, would that do"."""
_CORRECTS: Final = re.compile(
    r"\b(?:i|we) meant\b|\b(?:misread|mis-?typed|typo|correction|corrected|fat fingers|my (?:mistake|bad)|mixed (?:\w+ up|up)"
    r"|got (?:it|that|this|them) wrong|wrong (?:line|number|value|sheet|patient|date|column)|scratch that|strike that"
    r"|i(?:['’]m| am) an idiot|(?:read|reading|checked|checking|looked|looking) (?:it |that |at it )?again|on second look)\b"
    r"|^\W*(?:\w{2,5} )?(?:no,? )?(?:sorry|wait|actually)\b",
    re.IGNORECASE,
)


_LAST_QUESTION: Final = re.compile(r"(?:^|[.!?;:\n]\s)\s*([^.!?;:\n]*\?)\W*$")
_BARE_QUESTION: Final = re.compile(
    r"\W*(?:(?:and|so|but|now|then|what|still|today|here|with (?:that|this|it)|the same|same|instead) ?)+\?", re.IGNORECASE
)
_PASSES: Final = re.compile(
    r"\b(?:fits?|ok(?:ay)?|all ?right|fine|allowed|pass(?:es)?|meets?|met|enough|works?|acceptable|(?:both|all|still) in)\b",
    re.IGNORECASE,
)
_ELLIPTIC: Final = re.compile(
    r"\W*(?:(?:and|so|but|ok|okay|then|or|what about|how about)\W+)*(?!(?:what|which|how|when|where|who|why|any|is|are|am|was|were|do|"
    r"does|did|can|could|may|might|will|would|should|must|has|have|had)\b)[^?;:,]{1,60}\?\W*",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"^\W*(?:and|so|but|then|or|what about|how about)\b|\d", re.IGNORECASE)
_DECIDES: Final = re.compile(
    r"\b(?:excluded|exclusion|eligible|qualif\w+|barred|bar|out|in|join|counts?|problem|ruled|right|correct|true)\b",
    re.IGNORECASE,
)
_ON_WHAT: Final = re.compile(
    r"\b(?:excluded|out|barred|ruled out|disqualified|ok(?:ay)?|pass|fine|eligible|in)(?: now| still| then)?"
    r" (?:on|for|by|because of|due to|over) (?:the |his |her |my |their )?(?P<what>[^?.;,]{2,40})\?\W*$",
    re.IGNORECASE,
)
_SEVERAL: Final = (
    (re.compile(r"\b(?:both|the two|(?:same|these|those) two|two of (?:them|those|these))\b", re.IGNORECASE), 2),
    (re.compile(r"\b(?:all|the|those|these) three\b", re.IGNORECASE), 3),
)


def last_question(message: str) -> str:
    """The sentence with which a message asks; the whole of it where none ends it."""
    found = _LAST_QUESTION.search(message[:LONGEST])
    return found[1].strip() if found else message


_THE_TRIAL: Final = re.compile(
    r"\b(?:for|of|in|from|into|to|join(?:ing)?|by|with)\s+(?:the\s+|this\s+|that\s+)?(?:\S+\s+){0,8}?(?:study|trial|registry|NCT\d{8})\b.*",
    re.IGNORECASE | re.DOTALL,
)


_ITS_DRUG: Final = re.compile(r"\b(?:study|trial) (?:drug|medicine|medication|treatment)s?\b", re.IGNORECASE)


def without_the_trial(question: str) -> str:
    """A question without the name of the trial that it is about ("Does that rule me out of the CAR T trial?")."""
    return _THE_TRIAL.sub("", _ITS_DRUG.sub(" ", question[:LONGEST]))


def asks_nothing_new(question: str) -> bool:
    """Whether a question says nothing of its own, so that it is put the way that the one before was ("and now?")."""
    return _BARE_QUESTION.fullmatch(question) is not None


def asks_to_pass(question: str) -> bool:
    """Whether a short question asks if something fits, in so many words ("so his age fits then?", "both in?")."""
    return len(question.split()) <= SHORT and _PASSES.search(question) is not None


def is_elliptic(question: str) -> bool:
    """Whether a question leaves out what it asks, so that it asks as the one before did ("and platelets?", "slot only on the 19th?")."""
    return (
        len(question.split()) <= SHORT
        and _ELLIPTIC.fullmatch(question) is not None
        and _GOES_ON.search(question) is not None
        and not (says_what_it_asks(question) or _RULE.search(question))
    )


def says_what_it_asks(question: str) -> bool:
    """Whether a question has a word of its own for passing or for being ruled out ("would 12 April be far enough away?")."""
    return (_DECIDES.search(question) or _PASSES.search(question)) is not None


def tells_before_it_asks(message: str) -> bool:
    """Whether a message says something of a person before its last question."""
    last = last_question(message)
    return bool(last) and PERSON.search(message[:LONGEST].rpartition(last)[0]) is not None


def named_to_decide(question: str) -> frozenset[str]:
    """The stems of what a question asks the verdict on, of all that is told ("excluded on Hb?"); none where it names nothing."""
    found = _ON_WHAT.search(question[:LONGEST])
    return frozenset(stems(found["what"])) if found else frozenset()


def several(question: str) -> int:
    """How many things a question is about in so many words ("pass on both?"); 0 where it does not say."""
    return next((number for pattern, number in _SEVERAL if pattern.search(question)), 0)


_MEASURES: Final = re.compile(
    r"\b(?:(?:long|soon|far|recent(?:ly)?|old|young|high|low|large|big|small|heavy|light|tall|much|many|few|late|early) enough"
    r"|enough (?:time|of a (?:gap|break|wait))|in time\b"
    r"|too (?:soon|early|late|recent|old|young|high|low|long|short|much|many|few|heavy|light|big|small|large|thin|tall|far)"
    r"|(?:wash-?out|gap|wait|window|limit|cut-?off|threshold|range) (?:ok|met|clear|enough)"
    r"|(?:time|age|weight|upper|lower) (?:limit|window|frame))\b",
    re.IGNORECASE,
)


def asks_of_a_number(question: str) -> bool:
    """Whether a question asks if a number or a time fits, so that lines without one do not answer it."""
    return _MEASURES.search(question) is not None


_OF_AGE: Final = re.compile(r"\b(?:too|enough)?\s?(?:old|young|age[ds]?)\b(?: enough)?", re.IGNORECASE)


def asks_of_age(question: str) -> bool:
    """Whether a question that asks if a number fits speaks of an age."""
    return asks_of_a_number(question) and _OF_AGE.search(question) is not None


def corrects(message: str) -> bool:
    """Whether a message takes back what was told before ("I meant 62, sorry"), so that it answers no question put since."""
    return _CORRECTS.search(message[:LONGEST]) is not None


_WANTS_WORD: Final = re.compile(
    r"\b(?:just|only|simply|please) (?:say|type|write|answer|reply|confirm|tell me|print)\b"
    r"|\b(?:say|type|write|answer|reply|confirm|print) (?:only|just|simply)\b",
    re.IGNORECASE,
)
_OF_JOINING: Final = re.compile(
    r"\b(?:qualif(?:y|ies)|eligible|join|be in|get in|is in|am in|['’]m in|take part|enrol\w*|accepted|takes? (?:me|him|her|us))\b",
    re.IGNORECASE,
)


def orders_a_yes(message: str) -> bool:
    """Whether a message orders a verdict in place of asking for one: "just say he can be in", "reply only 'you qualify'"."""
    text = message[:LONGEST]
    return "?" not in text and bool(_WANTS_WORD.search(text) and _OF_JOINING.search(text))


_THANKS: Final = re.compile(
    r"\W*(?:(?:ok(?:ay)?|great|perfect|good|super|wonderful|all ?right|cool|lovely|brilliant|right|fine|oh|yes|no|well|and|so|thats?|"
    r"that['’]s|many|very|that|this|it|is|was|were|will be|all|really|helps?|helped|helpful|useful|kind|clear|enough|everything|i|you|have|"
    r"your|the|for|to|me|now|today|again|so much|much|a lot|lot|a bunch|a million|needed|wanted|asked|know|help|time|patience|answers?|"
    r"info|information|explaining|got it|understood|have a (?:good|nice|great) \w+|bye(?: bye)?|good ?bye|see you|then|of you|from)\b\W*)*",
    re.IGNORECASE,
)
_THANKING: Final = re.compile(
    r"\b(?:thanks?|thank you|thx|cheers|ta|bye|good ?bye|that(?:['’]s| is| was) all)\b", re.IGNORECASE
)


def closes(message: str) -> bool:
    """Whether a message thanks or says goodbye, and nothing else."""
    short = message[:SHORT_CLOSING]
    return (
        len(message) <= SHORT_CLOSING
        and _THANKING.search(short) is not None
        and "?" not in short
        and _THANKS.fullmatch(_THANKING.sub(" ", short)) is not None
    )


def tells_only(message: str) -> bool:
    """Whether a message asks nothing: what it tells is held against what was asked before ("no, I meant 62")."""
    return not asks(message)


def asks(message: str) -> bool:
    """Whether a message asks or orders something."""
    return ASKS.search(message[:LONGEST]) is not None or _ASKS_LAST.search(message[:LONGEST]) is not None


def about_somebody(message: str) -> bool:
    """Whether a message speaks of a person."""
    rule = _RULE.search(message[:LONGEST])
    return PERSON.search(message[:LONGEST]) is not None or (rule is not None and rule["who"] is not None)


def numbered(message: str, trial_id: str) -> frozenset[str]:
    """Ids of the criteria that a message names by their number ("exclusion 3")."""
    found = NUMBERED.finditer(message[:LONGEST])
    return frozenset(f"{trial_id}/{one['kind'].lower()}clusion/{one['number']}" for one in found)


def questions(message: str) -> tuple[str, ...]:
    """The questions of a message, where it asks several; what is told before the first goes with it. Else the message."""
    parts = [part.strip() for part in _ANOTHER_QUESTION.split(message[:LONGEST]) if part.strip()]
    if (
        len(parts) < (2 if message.count("?") > 1 else 3)
        or not _OPENER.search(parts[0])
        or not all(ASKS.search(part) for part in parts[1:])
    ):
        return (message,)
    return tuple(part if part.endswith("?") else f"{part}?" for part in parts)
