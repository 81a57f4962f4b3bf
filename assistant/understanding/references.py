"""What a message points back at: the question before, a value told before, a trial by its order."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from assistant.eligibility.patient import Days, Finding, Measurement, Patient, Words
from assistant.eligibility.ranges import exactly
from assistant.eligibility.vocabulary.concepts import concept
from assistant.eligibility.wording import concept_name
from assistant.held import Held
from assistant.understanding.asking import LONGEST
from assistant.understanding.telling import Message
from index.scope import NCT
from index.trial import Trial
from index.words import stems

MOST_WORDS: Final = 40
"""Words of a question that are searched for what it measures."""
SHORT: Final = 7
"""Words of a message that is about the value it names."""
_VALUE_ALONE: Final = re.compile(
    r"(?<![\w.,-])(\d{1,6}(?:[.,]\d{1,3})?)(?![\w.,-]*\d)(?!\s*(?:days?|weeks?|months?|years?|hours?|times|x\b))"
    r"\s*(?P<unit>%|[a-zµ]{1,6}/[a-z\d²]{1,6}|x ?10\^?9/l|(?:ms|msec|mmhg|bpm|kg)\b)?",
    re.IGNORECASE,
)
_VALUE_FIRST: Final = re.compile(
    r"\W*(?:and |so |but |ok |then |what about |how about |is |would |are )*\d[\d.,]*(?!\d)"
    r"(?! ?-?(?:days?|weeks?|wks?|months?|years?|y\b|yo\b|hours?|trials?|studies|questions?|pt|patients?)\b)",
    re.IGNORECASE,
)
_REPEATED: Final = re.compile(
    r"\b(?:repeat(?:ed)?|re-?test|re-?check|tests?|results?|values?|levels?|counts?|samples?|labs?)\b[^.?!]*\b(?:came|comes|come) back\b",
    re.IGNORECASE,
)
"""A result that comes back, which is no disease that does."""
_DOSE: Final = r"(?:tablet|pill|capsule|dose|infusion|injection|shot|cycle)s?"
_LAST_DOSE: Final = re.compile(
    rf"\b(?:last {_DOSE}\b(?! of\b)[^.?!\d]{{0,20}}?\b(?:is|was|will be|would be|were)(?: (?:planned )?(?:on|for))?"
    rf"|(?:take|took|taken|swallow(?:ed)?|have|had|get|got) (?:my|his|her|the|their) last (?:one|{_DOSE})(?: on)?"
    r"|(?:stop(?:ped)?|finish(?:ed)?|quit) (?:it|them|that|this)(?: on)?)"
    r" (?P<day>\d{1,2}\.? [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{1,2},? \d{4}|\d{4}-\d\d-\d\d)"
)
"""When a treatment ends that the message does not name."""
_HAS_NOT: Final = re.compile(
    r"\b(?:i|he|she|we|they) (?:(?:do|does|did)(?:n['’]t| not) (?:have|take|use|get)|never (?:had|have|took|take|used?)"
    r"|(?:have|has)(?:n['’]t| not)(?: got| had)?) (?:it|that|this|them|any)\b(?! (?:for|since|in|within|during|yet|today|now|any ?more)\b)"
    r"|\b(?:i|he|she)(?: (?:have|has|was|am|is)|['’]m|['’]s)? (?:tested |test )?negative\b(?! for\b)",
    re.IGNORECASE,
)
"""Denies what a pronoun or nothing names: "I don't have it", "I tested negative"."""
_TAKEN: Final = frozenset({"drug", "therapy"})
_VALUE: Final = re.compile(
    r"\bone\b(?=\s*(?:[?.,;:!]|$|(?:for|in|there|here|too|as|on|at|either|then|of its)\b))"
    r"|\b(?:same|that|this) (?:number|value|limit|threshold|cut-?off|rule|minimum|maximum)\b",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:one|it(?! (?:say|state|mention|list)\b)|that|this|same|those|these|such)\b|^\W*(?:and|so|but|what about|how about)\b",
    re.IGNORECASE,
)
"""Points back at what the message before was about."""
_OTHER_ORDER: Final = r"\b(?! (?:two|three|few|dose|day|date|week|month|year|line|visit|cycle|time|treatment|patient|infusion))"
_ONLY_IF: Final = re.compile(
    r"\W*(?:(?:and|so|but|ok|okay|then|what|what about|how about) )*(?:if|were|suppose|supposing|assuming)\b"
    r"(?![^?]*(?:[,;:.]|\bthen) (?:and )?(?:would|will|does|do|did|is|are|am|can|could|may|must|what|which|how|when|who|where|ok|okay)\b)"
    r"[^?]*\?\W*$",
    re.IGNORECASE,
)
_THIS_LINE: Final = re.compile(r"\b(?:this|that|the same) (?:line|rule|criterion|limit)\b", re.IGNORECASE)
_ORDINALS: Final = (
    (re.compile(rf"\bthe (?:first|former|1st)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(0, 1)),
    (re.compile(rf"\bthe (?:second|2nd)(?: (?:one|trial|study))?{_OTHER_ORDER}", re.IGNORECASE), slice(1, 2)),
    (re.compile(r"\bthe latter\b|\bthe last (?:one|trial|study)\b", re.IGNORECASE), slice(-1, None)),
    (
        re.compile(
            r"\bthe two\b|\b(?:the )?first two\b|\b(?:in|for|from|with|at) both\b|\bboth (?:trials|studies|of them)\b"
            r"|\beither (?:trial|study|one)\b|\bwhich (?:trial|study|one|of them)\b",
            re.IGNORECASE,
        ),
        slice(0, 2),
    ),
)


_PLACES: Final = (
    ("first", "1st", "1", "one", "former"),
    ("second", "2nd", "2", "two"),
    ("third", "3rd", "3", "three"),
    ("fourth", "4th", "4", "four"),
    ("fifth", "5th", "5", "five"),
)
_CHOSEN: Final = re.compile(
    r"(?:(?:i mean|i meant|for|number|no\.?|in|please|the|of|them|all of|both of) )*"
    rf"(?P<which>both|all|last|latter|{'|'.join(word for words in _PLACES for word in words)})"
    r"(?: (?:of )?(?:them|one|ones|trial|trials|study|studies|please))*",
    re.IGNORECASE,
)
_DESCRIBED: Final = re.compile(
    r"(?:(?:i mean|i meant|for|in|please) )*(?:the|that) (?P<words>[\w' -]{2,60}?) (?:one|trial|study)(?: please)?",
    re.IGNORECASE,
)
_THE_OTHER: Final = re.compile(
    r"\bthe other (?:one|trial|study)\b|^\W*(?:and|what about|how about|and what about) the other\W*$", re.IGNORECASE
)


def starts_with_a_value(message: str) -> bool:
    """Whether a message is about a number that it begins with ("and 95 ok?")."""
    return _VALUE_FIRST.match(message[:LONGEST]) is not None


def is_about_a_value(message: str) -> bool:
    """Whether a message begins with a number, or is short and has one value with its unit ("female, 462 ms: acceptable?")."""
    found = list(_VALUE_ALONE.finditer(message[:LONGEST]))
    alone = len(found) == 1 and found[0]["unit"] is not None and len(message.split()) <= SHORT
    return alone or starts_with_a_value(message)


def measured_in(question: str, value: str, today: date) -> Measurement | None:
    """What a question asks the value of, with that value; None where it names nothing measured, or several things."""
    words = question.split()[:MOST_WORDS]
    found: list[Measurement] = []
    at = 0
    while at < len(words):
        reads = ((n, _one_measured(f"{' '.join(words[at : at + n]).strip(' ?.,:;')} {value}", today)) for n in (3, 2, 1))
        n, named = next(((n, one) for n, one in reads if one is not None), (1, None))
        found += [named] if named else []
        at += n
    return found[0] if len({one.quantity for one in found}) == 1 else None


def _one_measured(note: str, today: date) -> Measurement | None:
    from assistant.eligibility.notes import read_note

    facts = [fact for fact in read_note(note, today).facts if isinstance(fact, Measurement)]
    return facts[0] if len(facts) == 1 and facts[0].words.start == 0 else None


def ended_then(read: Message, held: Patient, today: date) -> Message:
    """The message with the day of "my last tablet" as the end of the one treatment that goes on, where it names none itself."""
    from assistant.eligibility.notes import read_note

    found = _LAST_DOSE.search(read.patient.text)
    if found is None or any(isinstance(fact, Finding) for fact in read.patient.facts):
        return read
    present = [one for one in held.facts if isinstance(one, Finding) and one.present and one.who == "patient"]
    told = [one for one in present if concept(one.concept).kind in _TAKEN]
    taken = [one for one in told if one.ongoing] or told[-1:]
    if len({one.concept for one in taken}) != 1:
        return read
    last = taken[-1]
    dated = read_note(f"{last.concept.replace('-', ' ')} until {found['day']}", today).facts
    ended = next((one.ended for one in dated if isinstance(one, Finding) and one.concept == last.concept and one.ended), None)
    if ended is None:
        return read
    fact = replace(last, ended=ended, ongoing=False, words=Words(found.start(), found.end(), found[0]))
    stated = replace(read.telling or read.patient, facts=(fact,))
    return replace(
        read, patient=replace(read.patient, facts=(*read.patient.facts, fact)), telling=None if read.supposes else stated
    )


def denied_since(read: Message, held: Held) -> Message:
    """The message with what was told last denied, where it takes that back by a pronoun ("that was my sister, I don't have it")."""
    found = _HAS_NOT.search(read.patient.text)
    last = [one for one in held.patient.facts if isinstance(one, Finding) and one.present and one.words.start >= held.last]
    own = [one for one in last if one.who == "patient"]
    said = set(stems(read.patient.text))
    named = [one for one in own if said & set(stems(concept_name(one.concept)))]
    taken_back = {one.concept for one in named or own}
    if found is None or len(taken_back) != 1:
        return read
    denial = Finding(taken_back.pop(), False, Words(found.start(), found.end(), found[0]))
    others = tuple(one for one in read.patient.facts if not isinstance(one, Finding) or one.concept != denial.concept)
    telling = read.telling or replace(read.patient, facts=())
    stated = tuple(one for one in telling.facts if not isinstance(one, Finding) or one.concept != denial.concept)
    return replace(
        read, patient=replace(read.patient, facts=(*others, denial)), telling=replace(telling, facts=(*stated, denial))
    )


def carried_on(read: Message, held: Patient, question: str, today: date) -> Message:
    """The message with a number that has no name as a new value of what was asked about or measured last ("if it came back at 134?")."""
    found = _VALUE_ALONE.search(NCT.sub(lambda name: " " * len(name[0]), read.patient.text))
    told = [fact for fact in read.patient.facts if not _REPEATED.search(fact.words.quote)]
    if found is None or told or read.patient.age is not None or read.start is not None:
        return read
    last = measured_in(question, found[0], today) or next(
        (fact for fact in reversed(held.facts) if isinstance(fact, Measurement)), None
    )
    if last is None:
        return read
    words = Words(found.start(), found.start() + len(found[0].rstrip()), found[0].rstrip())
    value = replace(
        last,
        value=exactly(_number(found[1])),
        unit=found["unit"] or last.unit,
        words=words,
        taken=Days(today, today),
        superseded=False,
    )
    telling = read.telling
    if not read.supposes:
        telling = replace(telling or read.patient, facts=(value,))
    return replace(read, patient=replace(read.patient, facts=(value,)), telling=telling)


def _number(words: str) -> float:
    """A number as it is written: "3,200" is of thousands, "1,5" is one and a half."""
    thousands = re.fullmatch(r"[1-9]\d{0,2},\d{3}", words) is not None
    return float(words.replace(",", "" if thousands else "."))


def wants_same_rule(message: str) -> bool:
    """Whether a message asks for a rule of the kind asked for before ("does it give one?", "the same number?")."""
    return _VALUE.search(message[:LONGEST]) is not None


def this_line(message: str) -> bool:
    """Whether a message asks of the very line that the one before was about."""
    return _THIS_LINE.search(message[:LONGEST]) is not None


def only_supposes(message: str) -> bool:
    """Whether a message is a supposition and nothing else, so that the question is the one before ("and if I were 40?")."""
    return _ONLY_IF.match(message[:LONGEST]) is not None


def points_back(message: str) -> bool:
    """Whether a message may mean what the one before asked about ("does the other trial give one?")."""
    return _POINTS.search(message[:LONGEST]) is not None


def named_of(message: str, among: Sequence[str]) -> tuple[str, ...]:
    """The trials of a list that a message chooses by their place in it, and says nothing else ("the second", "2", "both")."""
    found = _CHOSEN.fullmatch(message.strip(" .,!"))
    if found is None:
        return ()
    word = found["which"].lower()
    if word in {"both", "all"}:
        return tuple(among)
    place = -1 if word in {"last", "latter"} else next(at for at, words in enumerate(_PLACES) if word in words)
    return (among[place],) if place < len(among) else ()


def described_by(message: str, among: Sequence[Trial]) -> tuple[str, ...]:
    """The trials of a list, though not all of it, that a message describes, and says nothing else ("the lung one", "the spray study")."""
    found = _DESCRIBED.fullmatch(message.strip(" .,!"))
    if found is None:
        return ()
    described = frozenset(stems(found["words"]))
    texts = {one.id: " ".join((one.title or "", one.official_title or "", *one.conditions)) for one in among}
    fits = tuple(id for id, text in texts.items() if described and described <= set(stems(text)))
    return fits if len(fits) < len(among) else ()


def referred(message: str, named: Sequence[str], scope: Sequence[str]) -> tuple[str, ...]:
    """The trials that a message points at by their order ("the first one", "both"), or as the other of two; none where it does not.

    `named`: all trials spoken of, in the order of their first mention.
    """
    if len(named) > 1 and _THE_OTHER.search(message):
        return tuple(trial for trial in named if trial not in scope)[-1:]
    found = (named[which] for words, which in _ORDINALS if words.search(message))
    return next((tuple(trials) for trials in found if len(named) > 1 and trials), ())
