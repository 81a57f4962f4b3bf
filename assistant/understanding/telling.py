"""What a message tells of a patient, and how it means it: as a fact, a supposition, or a wish to be held against a trial."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from assistant.eligibility.patient import Days, Fact, Finding, Measurement, Patient, Words
from assistant.understanding.asking import ASKS, LONGEST, NUMBERED, PERSON
from assistant.understanding.planned import blank, moved, planned, without_days, without_plan
from assistant.understanding.written import Written, as_typed
from index.scope import NCT

FACTS: Final = 2
"""Facts from which a message that asks for a check, or asks nothing at all, is a patient."""
MANY: Final = 5
"""Facts from which a question about joining is one about every line of the trial, not about the one line that it names."""
_CHECK: Final = re.compile(
    r"(?:^|[.!?;:,\n]\s{0,8})(?:please |now |can you |could you |and )*(?:check|screen|assess|evaluate|pre-?screen)\b"
    r"(?! (?:if|whether|what|which|how|when|that|the (?:trial|study|record|document|criteria|list)))"
    r"|\b(?:do|does|would|could|might|will) (?:i|he|she|they|we|it|(?:my|this|the|our) [\w-]+(?: [\w-]+)?) match\b"
    r"|\b(?:against|meets?|passe?s?) (?:each|every|all)(?: (?:of )?the)? (?:criteri|lines?)",
    re.IGNORECASE,
)
"""Asks for a check: "check a 58-year-old man with …", "does she match", "against every criterion"."""
_JOINS: Final = re.compile(
    r"\b(?:am|is|are|can|could|may|might|would|do|does|will) (?:i|he|she|they|we|(?:my|this|the|our) [\w-]+(?: [\w-]+)?)\b[^.?!]{0,80}"
    r"\b(?:join|enrol\w*|eligible|qualify|qualifies|take part|participate|get in(?:to)?|be accepted)\b",
    re.IGNORECASE,
)
"""Asks whether somebody can join, whatever line would decide."""
_TRIAL: Final = re.compile(r"\b(?:the|that|this|your) (?:[\w'’-]+ ){0,6}?(?:trial|study)\b", re.IGNORECASE)
"""A trial by its description, whose words are not the patient's."""
_LABEL: Final = re.compile(
    r"^\W*(?:(?:ok|okay|and|so|now|then|but|going)\b\W*)*"
    r"(?:back to (?:[\w'’-]+ ){0,5}?[\w'’-]+\s?(?:[:,;]|\s[–-]\s)|(?:[\w'’-]+ ){1,6}?(?:trial|study)\s?(?::|\s[–-]\s))",
    re.IGNORECASE,
)
"""Names the trial that a message goes on about: "back to cisplatin: …", "mirdametinib trial: …"."""
_CODE: Final = re.compile(r"\b[A-Z]{2,8}[ -]?\d{2,4}-\d{2,5}\b(?!-)")
"""A study by its number: "HCC 24-056"."""
_NUMBERS: Final = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)?(?![\w-]*\d)(?=\s*(?:$|[.,;?!)]|\s[a-z%µ×x(]|[%µ×]))", re.IGNORECASE)
_OF_TIME: Final = re.compile(
    r"\s*(?:-?\s?(?:days?|weeks?|wks?|months?|years?|yrs?|y|yo|hours?|h|minutes?|d)\b|%)", re.IGNORECASE
)
_NAMED_ONE: Final = re.compile(
    r"(?<=, )the (?:[\w+'’-]+ ){1,6}?one\b(?: (?:at|in|with|from) [\w'’-]+)?"
    r"|(?<=\bNCT\d{8})(?:,? )\([^()]{1,60}\)",
    re.IGNORECASE,
)
"""A trial by what it gives: "NCT01234567 (mirdametinib)", "…, the keytruda one"."""
_RULE_OF: Final = re.compile(
    r"\b(?:the|that|this|its|their|your|any|which) (?:[\w'’/-]+ ){1,3}?"
    r"(?:rule|item|line|criteri(?:on|a)|exclusion|inclusion|requirement|clause|cut-?off|threshold)s?\b"
    r"(?! (?:me|him|her|them|us|out|it|my|the|this|our|of)\b)(?=[^.!\n]{0,200}\?)",
    re.IGNORECASE,
)
"""A rule that a question names, whose words are not the patient's: "excluded by the steroid item?"."""
_BARRED: Final = re.compile(
    r"(?:\b(?:am|is|are|was|were|be|being|get|gets|getting) (?:(?:i|he|she|they|we|pt|(?:my|the|this) \w+) )?(?:still |now |also )?"
    r"|(?:^|[,;.!–-] ?)\W*(?:and |so |then )?(?:still |now |also )?)"
    r"(?P<how>excluded|ruled out|barred|disqualified|out)\b(?= (?:for|because|with|by|due|if|from|on|after|as)\b[^.!\n]{0,200}\?)",
    re.IGNORECASE,
)
"""Asks whether a person is excluded, which denies nothing: "am I excluded for having gout?"."""
_BOUND_NAMED: Final = re.compile(
    r"\b(?:(?:min|max|minimum|maximum|lowest|highest|upper|lower)\.? (?:(?:limit|bound) (?:of|for) )?(?:\w+ ){0,2}?(?:is |of |at |= ?)?\d"
    r"|\w+ (?:limit|cut-?off|threshold|ceiling|floor)(?: is| of| at)? \d)"
    r"[\d.,]*(?: ?(?:years?|yrs?|months?|kg|%))?(?=[^.!\n]{0,60}\?)",
    re.IGNORECASE,
)
"""A limit with the value that a question takes it to have, which is nobody's: "min age 18 years?"."""
_TAKEN_AS: Final = re.compile(
    r"\b(?:(?:count|qualify|class|rank|go|pass)(?:s|es|ed|ies|ified)?|classified|considered|regarded|treated|seen|taken|viewed)"
    r" (?:as|towards|under|among) (?P<what>[^.?!;,\n]{1,80}?)(?=[.?!;,\n]| and | or (?:does|is|will|would|can)\b|$)(?=[^.!\n]{0,200}\?)",
    re.IGNORECASE,
)
"""What something may be taken as, in a question: "does that count as a previous cancer?"."""
_OBLIGED: Final = re.compile(
    r"\b(?:do|does|did|would|will|should|might|if|whether|must) (?:i|he|she|they|we|you|one|somebody|patients?|participants?)\b"
    r"[^.?!;\n]{0,40}?"
    r"\b(?:(?:have|need|made|forced|required|obliged|expected|asked|supposed) to|must|be made to|agree to)\b[^.?!;\n]*"
    r"|\bmust (?:i|he|she|they|we|you|one)\b[^.?!;\n]*",
    re.IGNORECASE,
)
"""What somebody may be obliged to do, which is not so yet: "do I have to use birth control?"."""
_TAKEN_UP: Final = re.compile(
    r"\b(?:that|this|such|these|those|the same) (?:[\w'’-]+ ){0,2}?(?:problem|condition|issue|trouble|disease|illness|ailment|thing|history"
    r"|treatment|therapy|drug|medicine|medication|result|finding|diagnosis)s?\b(?=[^.!\n]*\?)",
    re.IGNORECASE,
)
"""What takes up something told, in a question: "is that thyroid problem …?"."""
_IF: Final = re.compile(
    r"\b(?:and |so |but )?(?:what |how about |what about )?if\b"
    r"|\b(?:let us |let['’]s )?(?:suppose|supposing|imagine|assume|assuming)\b(?: that)?",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r"^\W*(?:correction|typo|sorry|wait|no|oops)\W*[,:;!–—-]+(?=\s)"
    r"|(?<=\s)[–—-]?\s*(?:is (?:he|she) )?(?:excluded|ruled out|barred|out|in|both in|ok|pass(?:es)?|eligible|allowed)\s?\?"
    r"|(?<=[:;,.–—])\s+(?:so |then )?(?:excluded|ruled out|barred|disqualified)\s+(?:from|of|for|by|in|under)\b\s*[\w'’-]{0,20}\s*\?",
    re.IGNORECASE,
)
"""What opens a correction, and a question of a word or two after what is told ("INR 2.4 on warfarin - excluded?"): neither tells."""
_OWN: Final = re.compile(r"\bi(?:['’]m| am| have| had|['’]ve| take| was| never| smoke| quit| use)\b", re.IGNORECASE)
"""Facts about the person who writes."""
_KIN: Final = re.compile(
    r"\b(?:my|our) (?:(?:little|older|younger|elder|big|baby) )?(?:(?P<she>wife|mother|mom|mum|daughter|sister|grandmother|grandma|"
    r"aunt|girl|girlfriend|niece|granddaughter)|husband|father|dad|son|brother|grandfather|grandpa|uncle|boy|boyfriend|nephew|grandson)\b(?!['’])"
    r"|(?:(?<=[.!?,;:\n] )|^)(?-i:(?P<she_alone>Mum|Mom|Mama|Gran|Grandma)|Dad|Papa|Grandpa)\b(?!['’])",
    re.IGNORECASE,
)
"""The patient of a carer who writes, where no facts about that writer stand beside."""
_KINS: Final = re.compile(
    r"\b(?:my|our) (?:(?:little|older|younger|elder|big|baby) )?(?:(?P<she>wife|mother|mom|mum|daughter|sister|grandmother|grandma|"
    r"aunt|girlfriend|niece|granddaughter)|husband|father|dad|son|brother|grandfather|grandpa|uncle|boyfriend|nephew|grandson)"
    r"['’]s\b(?! (?:\w+ )?(?:wife|mother|mom|mum|daughter|sister|grandmother|aunt|husband|father|dad|son|brother|uncle|side|family)\b)",
    re.IGNORECASE,
)
_CLOSE: Final = re.compile(r"\bmy (?:partner|spouse|child|kid|baby|toddler|friend|fianc[eé]e?|cousin)\b(?!['’])", re.IGNORECASE)
_FOR_ONESELF: Final = re.compile(
    r"\b(?:can|could|may|might|would|will|am|do|should) i\b"
    r"|\b(?:put|rul(?:e|es|ed|ing)|keep|leave|let|exclude|bar|stop|shut|count|throw|knock|catch|catche|affect)s? me\b",
    re.IGNORECASE,
)
"""Asks for the one who writes: of a relative it tells what runs in the family."""
_ASKS_FOR: Final = re.compile(
    r"\b(?:can|could|would|is|does|will|may|might|has|was|should) (?:he|she)\b"
    r"|\b(?:put|puts|rule|rules|keep|keeps|leave|let|for|exclude|excludes|bar|bars) (?:him|her)\b",
    re.IGNORECASE,
)
"""Asks about the one named: "can he join", "does it rule her out"."""


_SUPPOSES: Final = re.compile(
    r"^\W*(?:and |so |but |ok |then )*(?:what |how about |what about )?if\b|\bwhat if\b"
    r"|\b(?:suppose|supposing|imagine|assume|assuming|hypothetically)\b"
    r"|\b(?:were|was) (?:he|she|it|i|they|the \w+) (?:in|on|at|not|to|only|over|under|above|below|\d)"
    r"|\bwould (?:it|that|he|she|i)\b[^.?!]{0,40}\bif\b"
    r"|\bif (?:a|the|my|his|her|their|that|it|i|he|she|they|we)\b[^.?!]{0,40}"
    r"\b(?:were|was|came|comes|had|did|didn['’]?t|could|went|goes|rose|fell|improves?d?|drops?|repeat)\b",
    re.IGNORECASE,
)
"""Asks what would be if: what it says holds for the answer alone."""
_ANOTHER: Final = re.compile(
    r"^\W*(?:and |ok |now )*(?:an?)?(?:other|another|different|new|next|second|third) "
    r"(?:pt|patient|person|case|woman|man|lady|gentleman|child)\b"
    r"|\b(?:now|next),? (?:for )?(?:an?)?other (?:pt|patient)\b",
    re.IGNORECASE,
)
"""Turns to another patient."""
_SAME_SUPPOSED: Final = re.compile(
    r"\b(?:with|at|on|given|under) (?:that|this|the (?:new|repeat|same|latest|hypothetical))\b|\bin that case\b", re.IGNORECASE
)
"""Takes up what the message before supposed."""
_OWN_FACTS: Final = re.compile(
    r"\b(?:everything|all|what|anything|things?) (?:\w+ )?(?:i|we)(?: have|['’]ve)? (?:told|said|gave|given|mentioned)\b"
    r"|\bstands? in (?:the|my|his|her) way\b|\b(?:so far|overall|all in all)\b[^.?!]*\b(?:fit|match|rule|against|eligib|problem|miss)"
    r"|\b(?:what|which|anything)\b[^.?!]{0,30}\b(?:blocks?|bars?|stops?|rules?|keeps?|excludes?|speaks? against)\b[^.?!]{0,40}"
    r"\b(?:all told|altogether|(?:all|everything|taken) together|in sum|in total)\b",
    re.IGNORECASE,
)
"""Asks what comes of all that was told."""
_TREATS: Final = re.compile(
    r"\bhow (?:do|does|would|will|is|are)\b[^.?!]*\b(?:treat|handle|see|view|deal|regard|judge|classify|count|stand|rule)\w*\b"
    r"|\bwhat (?:do|does|would)\b[^.?!]*\b(?:make of|say (?:to|about) (?:that|this|it|him|her|me))\b"
    r"|\bany (?:bar|problem|issue|conflict)\b|\bhandling\b(?=[^.!\n]*\?)|\bside by side\b"
    r"|\bhow (?:each|both|they|the two)\b[^.?!]{0,30}\b(?:treats?|handles?|sees?|views?|regards?)\b"
    r"|\bwhat (?:do|does|would|will)\b[^?!]*\b(?:each|both)\b[^.?!]*\bsay\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:what|which|when|from when|is|would)\b[^.?!]{0,30}\b(?:first|earliest|soonest|next)\b[^.?!]{0,40}"
    r"\b(?:date|day|start|treat|dos|enrol|moment)\w*|\bat the earliest\b|\bearliest (?:\w+ ){0,2}(?:start|day|date)\b"
    r"|\bfirst (?:treatment |possible |allowed |free |clear |start )?(?:date|day) (?:that|on which|when|which|clear|free|allowed)\b"
    r"|\bfrom (?:about |around )?when\b|\b(?:what|which)(?: is| would be|['’]s)? (?:the )?(?:first|earliest) (?:day|date)\b"
    r"|\b(?:when|from which day|how soon)\b[^.?!]{0,20}\b(?:can|could|may|might|would|is|will)\b[^.?!]{0,40}"
    r"\b(?:start|begin|join|enrol|treated|dosed|clear|ok|okay|allowed|earliest|over)\w*"
    r"|\bhow (?:long|many (?:days|weeks|months))\b[^.?!]{0,30}\b(?:wait|left|to go)\b"
    r"|(?:^|[.;!]\s)\W*(?:(?:and|so|ok|then|when|what)\b\W*)*(?:the )?(?:first|earliest|soonest)"
    r"(?: (?:clear|possible|free|safe|allowed|ok))? (?:day|date|day 1|start|c1d1|slot)\b(?! of)",
    re.IGNORECASE,
)
_NUMBER: Final = r"\d+|an?|one|two|three|four|five|six|seven|eight|ten|twelve"
_START: Final = re.compile(
    r"\b(?:start|begin|join|enrol|treated|treatment|first dose|dosing|day 1|randomi[sz]|screen)\w*\b[^.?!]{0,60}?"
    rf"(?:\bin (?P<n>{_NUMBER}) (?P<unit>day|week|month)s?\b"
    rf"|(?<!within )\b(?P<n4>{_NUMBER}) (?P<unit4>day|week|month)s? from (?:now|today)\b)"
    rf"|\bin (?P<n2>{_NUMBER}) (?P<unit2>day|week|month)s?['’]?(?: time)?\b[^.?!]{{0,40}}\b(?:start|begin|join|enrol|first dose)\w*"
    r"|\b(?:put|push|postpon|delay|mov|wait|hold|shift)\w*[^.?!\d]{0,40}?\b(?:by|for|another|a further)(?: another)?"
    rf" (?P<n3>{_NUMBER})(?: more)? (?P<unit3>day|week|month)s?\b",
    re.IGNORECASE,
)
"""When treatment would begin, counted from today."""
_SCREENED: Final = re.compile(
    r"\bscreen\w*\b[^.?!]{0,30}\bin \w+ (?:day|week|month)s?\b|\bin \w+ (?:day|week|month)s?\b[^.?!]{0,30}\bscreen",
    re.IGNORECASE,
)
_COUNTS: Final = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_DAYS: Final = {"day": 1, "week": 7, "month": 30}
_PASSES: Final = (
    r"(?:rul|throw|kick|keep|knock|shut|count|leav|hold|put|tak)\w* (?:me|him|her|them|us|my \w+|(?:the|this|our) \w+) (?:\w+ ){0,2}?"
    r"(?:out|back|off|away|from)\b|rule out\b|exclu(?:de|sion)|disqualif\w+|bar(?:red|s)?\b|stop\b|prevent\b|matter\b|count against|"
    r"make (?:me|him|her|them|us) (?:in)?eligible|stand in (?:my|his|her|the) way|shut the door|(?:an? |the )?(?:problem|deal-?breaker|"
    r"barrier|issue|obstacle|show-?stopper|hindrance|no-go)\b|okay\b|ok\b|fine\b|allowed\b|acceptable\b|accepted\b|permitted\b"
)
_PRESUPPOSES: Final = re.compile(
    r"\b(?:can|could|may|might|would|will|am|is|are) (?:i|he|she|we|they|(?:my|this|the|our) \w+|pt) [^.?!;\n]{0,80}?"
    r"\b(?:(?:join|enrol\w*|eligible|qualif\w+|take part|participate|get in|be in|accepted|allowed|in)\b[^.?!;\n]{0,60}?"
    r"(?<!trial )(?<!study )(?<!arm )(?<!group )(?<!cohort )\b(?:with|despite|given|having|after|while (?:on|taking)|even though)"
    r"|(?:excluded|ruled out|kept out|barred|disqualified|ineligible|out)\b[^.?!;\n]{0,60}?\b"
    r"(?:with|by|because of|due to|given|having|after|on)) (?P<held>[^.?!;\n]{2,160})"
    r"|\b(?:does|do|will|would|could|can|might|may|is|are|should) (?P<what>[^.?!;\n]{2,160}?)"
    rf"(?: (?:still|already|alone|itself|also|even|automatically|really|now|be|count as|mean|going to|then))* (?:{_PASSES})",
    re.IGNORECASE,
)
"""A question whose words take for granted what it asks about: "does my asthma rule me out?", "can I join with a pacemaker?"."""
_HEDGED: Final = re.compile(
    r"\b(?:possibl[ey]|suspect\w*|probabl[ey]|maybe|perhaps|potential\w*|planned|might|unclear|any)\b", re.IGNORECASE
)
_SENTENCES: Final = re.compile(r"(?<=[.!?;\n])\s+|(?<=\w):\s+(?=\S[^.!?]*\?)")


@dataclass(frozen=True)
class Message:
    """A message as far as it speaks of a patient."""

    patient: Patient
    """All that it says of one, in its questions too: what the answer is about."""
    telling: Patient | None
    """What it states, to be held for later messages; None where it states nothing."""
    supposes: bool = False
    another: bool = False
    """It turns to another patient: what was held is not this one's."""
    same: bool = False
    """It takes up what the message before supposed."""
    sums_up: bool = False
    """It asks what comes of all that was told."""
    treats: bool = False
    """It asks how a trial treats what is told ("how do both trials see that?")."""
    when: bool = False
    """It asks from which day on a line is met."""
    start: date | None = None
    """The first day of treatment that it counts with."""
    screened: bool = False
    """The day that it counts with is the day of screening as well."""


def read_message(message: str | Written, today: date, since: date | None = None) -> Message:
    """What a message tells of a patient, and how it means it. Positions count in the message as it was typed.

    `since`: a day to come that is named without its year is the first such day from then on; from today where it is not given.
    """
    from assistant.eligibility.notes import read_note

    meant = as_typed(message[:LONGEST]) if isinstance(message, str) else message
    words = meant.text[:LONGEST]
    supposes, plan = bool(_SUPPOSES.search(words)), planned(words, since or today)
    told = words if plan is None else blank(words, plan)
    own = _FOR_ONESELF.search(told) is not None
    telling = _quoting(read_note(_as_a_note(_stated(told), own=own), today), meant, today)
    return Message(
        _quoting(_granting(read_note(_as_a_note(told, own=own), today), told), meant, today),
        telling if telling.facts or _number(telling) else None,
        supposes,
        bool(_ANOTHER.search(words)),
        bool(_SAME_SUPPOSED.search(words)),
        bool(_OWN_FACTS.search(words)),
        bool(_TREATS.search(words)),
        bool(_WHEN.search(words)),
        plan.day if plan else _start(words, today),
        plan is not None or bool(_SCREENED.search(words)),
    )


def counting_with(read: Message, since: date) -> Message | None:
    """A message that does nothing but name another day, as one that counts with it for what was asked before; None for any other."""
    day = moved(read.patient.text, since)
    if day is None:
        return None
    return replace(read, patient=Patient(read.patient.text), telling=None, same=True, start=day.day, screened=True)


def _granting(patient: Patient, message: str) -> Patient:
    """The patient with what a question about a person takes for granted: what "does my asthma rule me out?" says is so."""
    if not PERSON.search(message):
        return patient
    granted = [found.span(group) for found in _PRESUPPOSES.finditer(message) for group in ("what", "held") if found[group]]
    granted = [(start, end) for start, end in granted if not _HEDGED.search(message, start, end)]
    facts = tuple(
        replace(fact, certain=True) if isinstance(fact, Finding) and fact.present and _asked_in(fact.words, granted) else fact
        for fact in patient.facts
    )
    clauses = tuple(
        replace(clause, certain=True) if not clause.denied and _asked_in(clause.words, granted) else clause
        for clause in patient.clauses
    )
    return replace(patient, facts=facts, clauses=clauses)


def _asked_in(words: Words, spans: Sequence[tuple[int, int]]) -> bool:
    return any(words.start < end and start < words.end for start, end in spans)


def _quoting(patient: Patient, message: Written, today: date) -> Patient:
    """The patient with the words as they were typed in the message; a value told without a day is today's."""

    def said(words: Words) -> Words:
        start, end = message.span(words.start, words.end)
        return Words(start, end, message.typed[start:end])

    if patient.age_words and _NUMBERS.fullmatch(message.text.strip(" .!?")):
        patient = replace(patient, age=None, age_words=None)  # a number by itself is no age
    return replace(
        patient,
        text=message.typed[:LONGEST],
        facts=tuple(_current(replace(fact, words=said(fact.words)), today) for fact in patient.facts),
        clauses=tuple(replace(clause, words=said(clause.words)) for clause in patient.clauses),
        sex_words=said(patient.sex_words) if patient.sex_words else None,
        age_words=said(patient.age_words) if patient.age_words else None,
    )


def _current(fact: Fact, today: date) -> Fact:
    return replace(fact, taken=Days(today, today)) if isinstance(fact, Measurement) and fact.taken is None else fact


def _stated(message: str) -> str:
    """The message with its questions blank, and all from where it begins to suppose, as long as it was."""
    kept, begin, supposed = [], 0, False
    for end in (*(gap.end() for gap in _SENTENCES.finditer(message)), len(message)):
        part = message[begin:end]
        supposed = supposed or _SUPPOSES.search(part) is not None
        kept.append(" " * len(part) if supposed or "?" in part or ASKS.search(part) else part)
        begin = end
    return "".join(kept)


def _start(message: str, today: date) -> date | None:
    found = _START.search(message)
    if found is None:
        return None
    which = next(one for one in ("", "2", "3", "4") if found[f"n{one}"])
    count, unit = found[f"n{which}"].lower(), found[f"unit{which}"].lower()
    number = int(count) if count.isdigit() else _COUNTS.get(count, 1)
    return today + timedelta(days=number * _DAYS[unit]) if number < 1000 else None


_PRONOUN: Final = re.compile(r"(?:s?he|her|hers|his|him|himself|herself|my|our)(?:['’]s)?", re.IGNORECASE)


def tells_sex_alone(read: Message) -> bool:
    """Whether a message tells of a patient no more than the sex, by another word than a pronoun ("and in a man?")."""
    words = read.patient.sex_words
    tells_more = read.patient.facts or _aged(read.patient)
    return words is not None and not tells_more and _PRONOUN.fullmatch(words.quote) is None


def without_start(message: str, since: date) -> str:
    """The message with the day that it counts with blank, as long as it was."""
    return _START.sub(lambda words: " " * len(words[0]), without_plan(message, since))


def unread(read: "Message") -> bool:
    """Whether a message has a number that no fact holds: something of what it tells was not understood."""
    patient = read.patient
    plain = patient.text
    for aside in (NCT, _TRIAL, NUMBERED, _START):
        plain = aside.sub(lambda words: " " * len(words[0]), plain)
    if read.start is not None:
        plain = without_days(plain)
    spans = [fact.words for fact in patient.facts] + [words for words in (patient.age_words, patient.sex_words) if words]
    known = {found[0] for span in spans for found in _NUMBERS.finditer(span.quote)}
    return any(
        found[0] not in known
        and not any(span.start <= found.start() < span.end for span in spans)
        and not _OF_TIME.match(plain, found.end())
        for found in _NUMBERS.finditer(plain)
    )


def wants_check(message: str, patient: Patient) -> bool:
    """Whether a message tells of a patient who is to be held against every line; else it is a question about the documents.

    Conservative: a message with few facts, with a plain question beside them, or with nothing but symptoms is no check.
    """
    words = message[:LONGEST]
    checks, joins = bool(_CHECK.search(words)), bool(_JOINS.search(words)) and words.count("?") <= 1
    if not (checks or joins) and ASKS.search(words):
        return False
    if checks:
        return _number(patient) >= FACTS and _of_somebody(patient)
    return _number(patient) >= (MANY if joins else FACTS) and _is_note(patient)


def is_note(message: str, patient: Patient) -> bool:
    """Whether a message is a whole patient, or asks for a check, rather than the answer to one question."""
    return (_number(patient) >= MANY and _is_note(patient)) or bool(_CHECK.search(message[:LONGEST]))


def _as_a_note(message: str, *, own: bool = False) -> str:
    """The message as a note about the patient, as long as it was: trial names are blank, "my wife" is "she", and "if" states.

    `own`: the patient is the one who writes.
    """
    plain = message
    for aside in (_LABEL, _NAMED_ONE, _RULE_OF, NCT, _CODE, _TRIAL, _OBLIGED, _TAKEN_UP, _IF, _ASIDE):
        plain = aside.sub(lambda words: " " * len(words[0]), plain)
    plain = _BARRED.sub(lambda words: words[0][: -len(words["how"])] + " " * len(words["how"]), plain)
    plain = _BOUND_NAMED.sub(lambda words: " " * len(words[0]), plain)
    plain = _TAKEN_AS.sub(lambda words: words[0][: -len(words["what"])] + " " * len(words["what"]), plain)
    if own or _OWN.search(plain):
        return plain
    if _ASKS_FOR.search(plain):
        plain = _KINS.sub(lambda kin: ("her" if kin["she"] else "his").ljust(len(kin[0])), plain)
        plain = _CLOSE.sub(lambda close: "pt".ljust(len(close[0])), plain)
    return _KIN.sub(lambda kin: ("she" if kin["she"] or kin["she_alone"] else "he").ljust(len(kin[0])), plain)


def _of_somebody(patient: Patient) -> bool:
    """Whether the message tells of a person, and is not a list of words to look for."""
    return (
        patient.sex is not None
        or patient.age is not None
        or patient.born is not None
        or _measured(patient)
        or bool(PERSON.search(patient.text))
    )


def _is_note(patient: Patient) -> bool:
    """Whether the facts are a note's: something measured, or an age. Who tells of symptoms alone may need help, and no check."""
    from assistant.eligibility.vocabulary.concepts import concept

    symptoms = any(isinstance(one, Finding) and concept(one.concept).kind == "symptom" for one in patient.facts)
    return _measured(patient) or (not symptoms and _aged(patient))


def _measured(patient: Patient) -> bool:
    return any(isinstance(fact, Measurement) for fact in patient.facts)


def _aged(patient: Patient) -> bool:
    return patient.age is not None or patient.born is not None


def _number(patient: Patient) -> int:
    """How many things are known of a patient."""
    own = [fact for fact in patient.facts if not isinstance(fact, Finding) or fact.who == "patient"]
    return len(own) + (patient.sex is not None) + _aged(patient)
