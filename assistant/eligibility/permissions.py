"""What a line expressly lets through, by an exception or a permission, held against what a message tells of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from assistant.eligibility.assessment import CriterionVerdict
from assistant.eligibility.bounds.asked import bounds
from assistant.eligibility.bounds.deciding import meets
from assistant.eligibility.bounds.spoken import LONGEST, ROUTES, Spoken, in_common, parts, rarity_over, related, spoken
from assistant.eligibility.clock import Clock
from assistant.eligibility.judge.silence import empty
from assistant.eligibility.patient import Clause, Finding, Patient, Words
from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.vocabulary.traits import find_traits, implies
from assistant.reply import Audience
from assistant.voices import voiced
from index.words import GENERIC, STOPWORDS, stems

_EXCEPT: Final = re.compile(
    r"\b(?:except(?:ing|ions? (?:of|are|is|include))?|unless|other than|(?<!is )(?<!are )excluding|not including|apart from"
    r"|with the exceptions? of|aside from|not counting|does not (?:include|apply to)|do not (?:include|apply to))\b[:,]?"
    r"(?: (?:for|in|of|if|when|that|those|with|the|cases?|case of|patients|participants|subjects|people|individuals))*",
    re.IGNORECASE,
)
_GRANT: Final = re.compile(
    r"\b(?:(?:(?:will|would|shall|can|may) )?(?:is|are|be|being|were) (?:an? )?(?:also |still |considered |both )?"
    r"(?:allowed|permitted|permissible|acceptable|accepted|eligible|exempt\w*|exceptions?|excepted)"
    r"|(?:can|may|could) (?:still |also )?(?:be )?(?:enrol\w*|includ\w*|participat\w*|enter\w*|considered)"
    r"|(?:is|are|will|be|does|do) not (?:be )?(?:an? |considered |constitute |a reason for |grounds for |an )*"
    r"(?:exclu\w+|prohibit\w*|preclude\w*|disqualif\w+)"
    r"|(?:is|are) not (?:considered|regarded|deemed|counted|classed)(?: as| to be)?(?: an?)? (?:form of |type of |kind of )?"
    r"(?:[\w-]+ ){0,2}(?:treatments?|therap(?:y|ies)|immunosuppress\w+|steroids?))",
    re.IGNORECASE,
)
"""What lets through whoever is named before it."""
_EXAMPLES: Final = re.compile(
    r"\((?:e\.? ?g\.?|i\.? ?e\.?|such as|including|for example)[,:]? ?([^()]{3,200})\)", re.IGNORECASE
)
"""What a bracket names as kinds of what stands before it, each let through with it."""
_GRANT_AHEAD: Final = re.compile(
    r"\b(?:regardless of|irrespective of|with or without|(?:subjects?|patients?|participants?) may (?:previously )?have(?: had| received)?"
    r"|may (?:previously )?have(?: had| received| been))\b",
    re.IGNORECASE,
)
"""What lets through whatever is named behind it."""
_FORBIDS: Final = re.compile(r"\b(?:not|no|never|neither|nor|only)\b|n['’]t\b", re.IGNORECASE)
_IF: Final = re.compile(
    r"\b(?:if|provided|providing|as long as|so long as|only|when|where|who|which|that|after|until|unless|whose|once|on the condition)\b",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r",\s*or\s+|;\s*(?:or\s+)?|\s+or\s+(?=(?:patients|participants|subjects|those|for|in)\b)")
_GROUP: Final = re.compile(r"[,;:]\s*(?:and |or )?")
_JOINT: Final = re.compile(r" and/or | and | or |/")
_AND: Final = re.compile(r",|\band\b|;")
_CLAUSE: Final = re.compile(r"[;:(]|\.\s|\bhowever,?\b|\bbut\b|\balthough\b|\bnote:?\s", re.IGNORECASE)
_WITH: Final = re.compile(r"\b(?:with|without|on|off|under|after|if|in|by)\b(?! situ)", re.IGNORECASE)
"""Begins what is said of all that a list names."""
_OF: Final = re.compile(r"\b(?:with|by|of|for|from|to|in|on|at|after|using)\b", re.IGNORECASE)
_EITHER_WAY: Final = re.compile(r"regardless|irrespective|with or without", re.IGNORECASE)
_BRACKET: Final = re.compile(r"\(([^()]{0,40})\)")
_SHORT_FORM: Final = re.compile(r"(?<=\w)\s{0,2}\(([A-Z][A-Z\d-]{1,12})\)")
_STOP: Final = re.compile(r";|\.\s|\.$|\bhowever\b|\bbut\b", re.IGNORECASE)
_DENIES: Final = re.compile(r"\b(?:no|not|never|without|none|absence|free)\b", re.IGNORECASE)
_IDLE: Final = frozenset(
    one
    for word in (
        "history previous prior previously known any case type kind form use disease condition "
        "diagnosis diagnosed past current currently currently received receiving receive had purpose standard normal usual "
        "status level dose doses following considered deemed adequately"
    ).split()
    for one in stems(word)
)
"""Words of a permission that ask nothing that has to be told."""


_WEIGHTY: Final = frozenset(stems("treated treatment untreated controlled stable cured"))
"""Words that say nothing of who a patient is, but ask something of what is let through."""
_DONE: Final = tuple(
    (trait, frozenset(one for word in done.split() for one in stems(word)))
    for trait, done in (
        ("excised", "surgery surgical surgically removal removed resected excised excision treated"),
        ("irradiated", "radiation radiotherapy irradiated treated"),
        ("cured", "treated curative curatively cured"),
    )
)
"""What was done where a trait is told: "a cataract taken out" was surgery."""
_FAMILY: Final = 5
"""Letters that stems of one family share."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A stretch of a line that lets something through."""

    line: CriterionVerdict
    start: int
    end: int
    subjects: tuple[str, ...]
    """What it lets through, each for itself."""
    conditions: tuple[str, ...]
    """What it asks of that beside."""
    either: bool = False
    """It lets through whoever has it and whoever has not ("regardless of …")."""

    @property
    def words(self) -> str:
        """The stretch as the line has it."""
        return " ".join(self.line.text[self.start : self.end].split())


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message says of the patient."""

    concepts: frozenset[str]
    traits: frozenset[str]
    stems: frozenset[str]


def permitted(
    lines: Sequence[CriterionVerdict], patient: Patient, question: str, clock: Clock, audience: Audience
) -> CriterionVerdict | None:
    """The line that expressly lets through what a message tells of, as passed; None where none clearly does.

    `patient`: as the message tells of one, its text being the message. `question`: the words that it asks with.
    """
    told = [clause for clause in patient.clauses if clause.who == "patient" and not clause.denied and clause.certain]
    if not told:
        return None
    every = [clause for clause in patient.clauses if clause.who == "patient"]
    said, mentioned, asked = _said(patient, told), _said(patient, every), spoken(question[:LONGEST])
    rarity, message = rarity_over([line.text for line in lines]), spoken(patient.text[:LONGEST])
    found = [
        (in_common(message, spoken(one.words), rarity), one, subject)
        for line in lines
        for one in permissions(line.text[:LONGEST], line)
        for subject in one.subjects
        if _covers(subject, mentioned if one.either else said)
        and _holds(one, said, patient, clock)
        and not _barred_else(one, subject, patient, asked)
    ]
    if not found:
        return None
    _, best, subject = max(found, key=lambda one: one[0])
    evidence = _evidence(subject, every)
    reason = voiced("let-through", told=f"“{' '.join(evidence.quote.split())}”", permission=best.words)
    return replace(
        best.line, status="satisfied", reason=reason.to(audience), patient_evidence=(evidence,), would_change=None, weighed=True
    )


def permissions(text: str, line: CriterionVerdict) -> Iterator[Permission]:
    """Every exception and permission of a line."""
    for begin, end in parts(text):
        sentence = text[begin:end]
        for start, stop, subject, conditions in (*_exceptions(sentence, line), *_grants(sentence)):
            subjects = tuple(_alternatives(subject))
            if subjects:
                asks = tuple(one for one in conditions if one.strip())
                either = _EITHER_WAY.match(sentence, start) is not None
                yield Permission(line, begin + start, begin + stop, subjects, asks, either)


_Stretch = tuple[int, int, str, tuple[str, ...]]


def _exceptions(sentence: str, line: CriterionVerdict) -> Iterator[_Stretch]:
    """What follows "except": to its bracket's end, else to the sentence's; of what is required only "unless" lets anybody through."""
    for match in _EXCEPT.finditer(sentence):
        bars = line.kind == "exclusion" or _DENIES.search(sentence[: match.start()])
        if not bars and not match[0].lower().startswith("unless"):
            continue
        stop = _closing(sentence, match.start())
        stretch = sentence[match.end() : stop]
        if not _inside(sentence, match.start()):
            stretch = _of_the_same_sort(sentence[: match.start()], stretch)
        end = match.end() + len(stretch)
        if match[0].lower().startswith("unless"):
            subject, *others = _AND.split(stretch)
            yield match.start(), end, subject, tuple(others)
        else:
            for item in _ITEM.split(stretch):
                for name in _names(item):
                    yield match.start(), end, *_with_conditions(name)


def _names(item: str) -> Iterator[str]:
    """What is excepted, and by its short form in brackets where no trait narrows it: "varicella zoster virus (VZV) vaccine"."""
    yield item
    short = _SHORT_FORM.search(item)
    if short is not None and not find_traits(item[: short.start()]) and not _IF.search(item[: short.start()]):
        yield short[1] + item[short.end() :]


def _of_the_same_sort(rule: str, stretch: str) -> str:
    """An exception without brackets, as far as its list is of the rule's own sort: "no antibiotics except topical ones, or steroids"."""
    wide = spoken(rule).concepts
    for joint in _GROUP.finditer(stretch):
        rest = spoken(_GROUP.split(stretch[joint.end() :])[0]).concepts
        if rest and wide and not any(is_a(one, other) for one in rest for other in wide):
            return stretch[: joint.start()]
    return stretch


def _grants(sentence: str) -> Iterator[_Stretch]:
    for match in _GRANT.finditer(sentence):
        clauses = (one for one in _CLAUSE.finditer(sentence, 0, match.start()) if not _closes(sentence, one, match.start()))
        begin = max((one.end() for one in clauses), default=0)
        subject = _BRACKET.sub(_beside, _EXAMPLES.sub(r", \1,", sentence[begin : match.start()]))
        if _FORBIDS.search(subject) or _EXCEPT.search(subject):
            continue
        subject, own = _with_conditions(subject)
        stop = min((one.start() for one in _CLAUSE.finditer(sentence, match.end())), default=len(sentence))
        yield begin, stop, subject, (*own, *_AND.split(sentence[match.end() : stop]))
    for match in _GRANT_AHEAD.finditer(sentence):
        stop = min((one.start() for one in _STOP.finditer(sentence, match.end())), default=len(sentence))
        subject, conditions = _with_conditions(sentence[match.end() : stop].replace("(", ",").replace(")", ","))
        yield match.start(), stop, subject, conditions


def _beside(bracket: re.Match[str]) -> str:
    """What a bracket adds to what is named: a short form is another name of it, unless a trait was named too."""
    return f" or {bracket[1]} " if bracket[1].isupper() and not find_traits(bracket.string[: bracket.start()]) else " "


def _closes(sentence: str, opened: re.Match[str], before: int) -> bool:
    """Whether a bracket closes again before a place: "hepatitis B (HBV) infection"."""
    return opened[0] == "(" and _closing(sentence, opened.end()) < before


def _with_conditions(stretch: str) -> tuple[str, tuple[str, ...]]:
    """A stretch's subject, and what "if", "who" or a bound ask of it."""
    found = _IF.search(stretch)
    return (stretch, ()) if found is None else (stretch[: found.start()], tuple(_AND.split(stretch[found.end() :])))


def _alternatives(subject: str) -> Iterator[str]:
    """The things of a list, one by one; a trait before the first belongs to those that it is listed with ("in situ breast and …").

    Traits that can all be true at once are asked for together ("asymptomatic and treated metastases"), routes one by one.
    """
    for group in _GROUP.split(subject):
        pieces = [piece.strip() for piece in _JOINT.split(group) if piece.strip()]
        tail = _WITH.search(pieces[-1]) if pieces else None
        pieces = [*(f"{piece} {pieces[-1][tail.start() :]}" for piece in pieces[:-1]), pieces[-1]] if tail else pieces
        leading, head = "", ""
        for at, piece in enumerate(pieces):
            bare, last = _only_traits(piece), at + 1 == len(pieces)
            if bare and not last and _routes(piece):
                yield f"{piece} {_without_leading_trait(pieces[-1])}"
            elif bare and not last:
                leading = f"{leading} {piece}"
            elif not bare:
                yield f"{head or leading} {piece}".strip()
            if at == 0 and not bare:
                leading, head = f"{leading} {_leading_trait(piece)}", _head(piece)


def _head(piece: str) -> str:
    """What a piece says before its last preposition: that of all that "or" joins to it ("metastases treated with surgery or …")."""
    found = list(_OF.finditer(piece))
    return piece[: found[-1].end()] if found else ""


def _only_traits(piece: str) -> bool:
    """Whether a piece is nothing but traits of what comes next."""
    left = set(_content(piece))
    for trait in find_traits(piece):
        left -= set(stems(piece[trait.start : trait.end]))
    return not left


def _routes(piece: str) -> bool:
    return any(trait.trait in ROUTES for trait in find_traits(piece))


def _leading_trait(piece: str) -> str:
    """The trait with which a piece begins."""
    first = next(iter(find_traits(piece)), None)
    return piece[: first.end] if first is not None and not _content(piece[: first.start]) else ""


def _without_leading_trait(piece: str) -> str:
    return piece[len(_leading_trait(piece)) :]


def _closing(sentence: str, at: int) -> int:
    """Where the bracket ends that a place stands in; the sentence's end where it stands in none."""
    depth = 0
    for place in range(at, len(sentence)):
        depth += (sentence[place] == "(") - (sentence[place] == ")")
        if depth < 0:
            return place
    return len(sentence)


def _inside(sentence: str, at: int) -> bool:
    return sentence[:at].count("(") > sentence[:at].count(")")


def _said(patient: Patient, told: Sequence[Clause]) -> _Said:
    facts = [one for one in patient.facts if isinstance(one, Finding) and one.who == "patient" and one.present and one.certain]
    named = {one for clause in told for mention in find(clause.words.quote) if not mention.denies for one in mention.concepts}
    traits = {one for fact in facts for one in fact.traits}
    traits |= {one.trait for clause in told for one in find_traits(clause.words.quote)}
    done = {one for trait, words in _DONE for one in words if any(implies(told, trait) for told in traits)}
    spoken_words = frozenset(one for clause in told for one in clause.stems)
    return _Said(frozenset({one.concept for one in facts} | named), frozenset(traits), spoken_words | done)


@lru_cache(maxsize=4096)
def _content(text: str) -> frozenset[str]:
    return frozenset(one for one in stems(text, drop=STOPWORDS | GENERIC) if not one.isdigit()) - _IDLE - (empty() - _WEIGHTY)


def _covers(subject: str, said: _Said) -> bool:
    """Whether all that a subject names was told: its concepts, or a kind of them, its traits, and its other words."""
    content = _content(subject)
    if not content:
        return False
    left = set(content)
    for mention in find(subject):
        if any(is_a(one, wide) for one in said.concepts for wide in mention.concepts):
            left -= set(stems(subject[mention.start : mention.end]))
    for trait in find_traits(subject):
        if any(implies(one, trait.trait) for one in said.traits):
            left -= set(stems(subject[trait.start : trait.end]))
    return all(any(_related(one, other) for other in said.stems) for one in left)


def _related(one: str, other: str) -> bool:
    """Whether two stems are of one family: "cornea", "corneal"."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _FAMILY and long.startswith(short) and len(long) - len(short) <= 3)


def _holds(permission: Permission, said: _Said, patient: Patient, clock: Clock) -> bool:
    """Whether what a permission asks beside was told: its numbers are met, and of each condition something was said."""
    inside = permission.line.text[permission.start : permission.end]
    numbers = [one for one in bounds(permission.line) if one.words in inside]
    if any(meets(one, patient, clock) is not True for one in numbers):
        return False
    figures = re.findall(r"(?<![\w-])\d+(?!\d|\s?\([A-Z])", inside)  # those of a name with a short form are the name's own
    if any(not any(figure in one.words for one in numbers) for figure in figures if figure not in patient.text):
        return False
    return all(_spoken_of(condition, numbers_in=numbers, said=said) for condition in permission.conditions)


def _spoken_of(condition: str, *, numbers_in: Sequence[object], said: _Said) -> bool:
    content = _content(condition)
    if not content or (numbers_in and re.search(r"\d", condition)):
        return True
    return _covers(condition, said)


def _barred_else(permission: Permission, subject: str, patient: Patient, asked: Spoken) -> bool:
    """Whether the question is of something else, or the message tells of more that the line bars than the permitted thing."""
    text = permission.line.text
    rest = f"{text[: permission.start]} {text[permission.end :]}"
    if permission.either and _content(subject) <= _content(rest):
        return True
    rule = spoken(rest).concepts
    let = spoken(subject)
    if asked.concepts and not related(asked.concepts, spoken(text).concepts) and not let.stems & asked.stems:
        return True  # the question is of something that the line does not name
    if let.stems & asked.stems and not any(is_a(one, wide) for one in asked.concepts - let.concepts for wide in rule):
        return False
    told = (one for one in patient.facts if isinstance(one, Finding) and one.who == "patient" and one.present)
    others = [
        one
        for one in told
        if not any(is_a(one.concept, wide) for wide in let.concepts) and not let.stems & set(stems(one.words.quote))
    ]
    return permission.line.kind == "exclusion" and any(is_a(one.concept, wide) for one in others for wide in rule)


def _evidence(subject: str, told: Sequence[Clause]) -> Words:
    """The clause that has most of the subject."""
    wanted = spoken(subject)
    return max(told, key=lambda one: in_common(spoken(one.words.quote), wanted, dict.fromkeys(wanted.stems, 1.0))).words
