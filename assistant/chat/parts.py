"""The several things that one question asks for, each by itself: "phase, planned N and the agents in NCT…?" asks for three."""

import re
from dataclasses import replace
from typing import Final

from assistant.chat.question import Question, read_question
from index.scope import without_names
from index.words import GENERIC, stem, stems

LONGEST: Final = 18
"""Words of a part; a longer one tells a story, whose commas part nothing."""
MOST: Final = 6
"""Parts of a question that are answered one by one."""
_SENTENCE: Final = re.compile(r"[^.?!]+(?:\.\d[^.?!]*)*[.?!]*")
_HEAD: Final = re.compile(r"^\s*(?:\w+\s+){0,3}it\s*:\s*", re.IGNORECASE)
"""What stands before a list of things asked for ("NCT…: phase, planned N?")."""
_WH: Final = re.compile(
    r"(?:over |after |for |at |in |by |to |on |from |about |exactly |roughly )*(?:what|which|who|whom|whose|when|where|why|how)\b",
    re.IGNORECASE,
)
_NOUNS: Final = (
    "phase|n|agents?|drugs?|dos(?:e|es|age|ing)|durations?|dates?|regimens?|size|time ?points?|interval|cycles?|limits?|windows?|"
    "number|name|schedule|period|masking|blinding|allocation|randomi[sz]ation|contacts?|sites?|status|sponsor|accrual|enrol\\w*|"
    "design|type|start|comparator|control|endpoints?|outcomes?|arms?|fractions?|follow-?up|cut-?offs?|thresholds?|ages?"
)
_ASKS_FOR: Final = re.compile(rf"\b(?:{_NOUNS})\b", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    rf"\s*[,;]\s+(?:and\s+|plus\s+|as well as\s+)?|\s+(?:and|plus|&)\s+(?={_WH.pattern}|(?:do|does|is|are|will)\b)"
    rf"|\s+(?:and|plus|&)\s+(?=(?:the |its )?"
    rf"(?:(?:planned|target|primary|secondary|start|completion|last|total|overall)\s+)?(?:{_NOUNS})\b)",
    re.IGNORECASE,
)
_AUXILIARY: Final = re.compile(r"(?:do|does|is|are|will)\b(?! (?:be )?(?:given|used|\w{3,}ed)\b)", re.IGNORECASE)
"""Opens a question of its own; not what is asked of the part before ("which drug, and at what dose, is given?")."""
_VERB: Final = re.compile(r"\b(?:do|does|did|is|are|agree|differ|have|has|had)\b", re.IGNORECASE)
_BACK: Final = re.compile(r"\b(?:they|them|those|these|there|this)\b", re.IGNORECASE)
"""Words by which a part hangs on the one before."""
_WHEN_OF_IT: Final = re.compile(
    r"(?:and )?(?:(?:at|over|in|within|during|for) )?(?:what|which) (?:time ?points?|time ?frames?|times|periods?(?: of time)?|intervals?)"
    r"|(?:and )?(?:when|how often|how) (?:is|are|will) (?:it|they|this|that|those|these)(?: be)? (?:measured|assessed|taken|checked|evaluated)",
    re.IGNORECASE,
)
"""Asks when the outcome named before is measured, which its own time frame says."""
_THERE: Final = re.compile(r"\bthere\b", re.IGNORECASE)
"""The place that another part names."""
_IN_PASSAGES: Final = frozenset({"interventions", "arms", "outcomes"})
_ASKED_STEMS: Final = GENERIC | frozenset(
    stem(word)
    for word in "it n planned total dose dosage duration cycle interval schedule period number name limit type date when by".split()
)
_BARE: Final = {
    "phase": re.compile(r"^(?:the )?(?:trial |study )?phase$", re.IGNORECASE),
    "enrollment": re.compile(
        r"\b(?:planned|total|target|estimated|actual) n\b|^n$|\b(?:accrual|sample size)\b|^(?:(?:the|planned|target|total) )*enrol?lment$",
        re.IGNORECASE,
    ),
    "study_type": re.compile(r"^(?:the )?(?:study )?type$", re.IGNORECASE),
    "masking": re.compile(r"^(?:the )?(?:masking|blinding)$", re.IGNORECASE),
    "allocation": re.compile(r"^(?:the )?(?:allocation|randomi[sz]ation)$", re.IGNORECASE),
    "sponsor": re.compile(r"^(?:the )?(?:lead )?sponsor$", re.IGNORECASE),
    "start_date": re.compile(r"\bstart(?:ing)? (?:date|and)\b|^(?:the )?start$", re.IGNORECASE),
    "completion_date": re.compile(r"\bcompletion dates?\b", re.IGNORECASE),
    "status": re.compile(r"^(?:the )?(?:overall |recruitment )?status$", re.IGNORECASE),
}
"""How a list of things asked for names a field in a word or two."""
_MOST_OF_A_BARE_NAME: Final = 7
_MOST_OF_A_NOUN: Final = 9
"""Words of a part that only names what it asks for."""


def parts(question: Question) -> tuple[Question, ...]:
    """The things that a question asks for, in its order; the question itself where it asks for one, or tells of a person."""
    if question.about_a_person or question.text.rstrip().endswith("?)"):  # one that takes up the question before, in brackets
        return (question,)
    found = [part for sentence in _SENTENCE.findall(without_names(question.text)) for part in _of_sentence(sentence)]
    if not 1 < len(found) <= MOST:
        return (question,)
    read = map(_read, found)
    return tuple(replace(one, text=question.text) if _THERE.search(one.text) and one.topics else one for one in read)


def _of_sentence(sentence: str) -> list[str]:
    """The parts of a sentence that asks; nothing of one that tells."""
    listed = _HEAD.match(sentence)
    if not (sentence.rstrip().endswith("?") or listed):
        return []
    pieces = [piece.strip(" ?.!") for piece in _BETWEEN.split(_HEAD.sub("", sentence))]
    found: list[str] = []
    waiting = ""
    for piece in filter(re.compile(r"\w").search, pieces):
        whole = f"{waiting}, {piece}" if waiting else piece
        if _stands_alone(piece):
            found.append(whole)
            waiting = ""
        elif found:
            found[-1] = f"{found[-1]}, {piece}"
        else:
            waiting = whole
    return found or [sentence.strip()]


def _stands_alone(piece: str) -> bool:
    """Whether a piece asks for something by itself: with a question word, or as a name of what is asked for with what it is of."""
    if _WHEN_OF_IT.fullmatch(piece):
        return False
    words, read = piece.split(), _read(piece)
    if len(words) > LONGEST:
        return False
    if _WH.match(piece) or _AUXILIARY.match(piece):
        return bool(read.topics) or (len(read.stems) > 1 and not _BACK.search(piece))
    if len(words) > _MOST_OF_A_NOUN or _VERB.search(piece) or not _ASKS_FOR.search(piece):
        return False
    return bool(set(read.topics) - _IN_PASSAGES or [word for word in stems(piece) if word not in _ASKED_STEMS])


def without_pronoun(part: str) -> str:
    """ "max duration in it" → "max duration"."""
    return re.sub(r"\s+(?:(?:in|of|for|to|from|on) )?it$", "", part)


def _read(part: str) -> Question:
    """A part as a question; a bare name of a field ("phase", "total N") asks for that field."""
    read = read_question(part)
    bare = (
        tuple(topic for topic, name in _BARE.items() if name.search(part)) if len(part.split()) <= _MOST_OF_A_BARE_NAME else ()
    )
    text = without_pronoun(part)
    return replace(read, text=text, topics=tuple(dict.fromkeys((*read.topics, *bare))))
