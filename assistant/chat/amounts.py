"""What is given and how much, where a question asks for it and the record's words on the treatment do not have it."""

import re
from collections.abc import Sequence
from typing import Final

from assistant.chat.groups import named_arms
from assistant.chat.kinds import kinds_asked, lacking
from assistant.chat.points import Point, Said, point
from assistant.chat.premises import DUMMY, names_no_dummy
from assistant.chat.select import OF_A_RULE, ON_TREATMENT, Pick, Reading, choose, other_names
from assistant.chat.silence import nearest
from assistant.chat.synonyms import Concept, concepts
from assistant.chat.wording import points_of
from assistant.voices import Voiced, voiced
from index.scope import without_names
from index.trial import Passage
from index.words import stem, stems

_UNITS: Final = (
    r"mg|milligrams?|mcg|µg|μg|micrograms?|grams?|ml|millilit(?:er|re)s?|IU|Gy|grays?|MBq|mCi|kHz|Hz|mmol|mmHg|cm ?H2O|watts?|mJ|joules?|"
    r"bar|kPa|mbar|rpm|PFU|litres?|liters?"
)
_IN_UNIT: Final = re.compile(
    rf"\bhow (?:many|much) (?P<many>{_UNITS})\b(?! ?[/\d])"
    rf"|\b(?:what|which|how (?:much|many|high|big|strong)|dose|dosage)\b[^.?!]*?(?:\bin |\()(?P<measured>{_UNITS})\b(?! ?[/\d])"
    rf"|\b(?P<before>{_UNITS}) (?:dose|per dose)\b",
    re.IGNORECASE,
)
_SAME_UNIT: Final = (
    r"mg|milligrams?",
    r"mcg|µg|μg|ug|micrograms?",
    r"g|grams?",
    r"ml|millilit(?:er|re)s?|cc",
    r"c?Gy|grays?",
    r"l|litres?|liters?",
)
_DOSE_ASKED: Final = re.compile(
    r"\b(?:what|which|confirm|exact|starting|total|daily|state[sd]?|how (?:big|large|high))\b[^.?!]{0,40}?\b(?:dose|dosage)\b(?! ?-?(?:limit|escalat|group|level|cohort|arm|reduc|delay|interval|schedule))"
    r"|\bhow much (?:of )?(?!(?:time|longer|weight|blood|will|would|is|are|do|does|did)\b)[\w-]+ (?:is|do|does|did|will|would|are)\b[^.?!]*\b(?:given|get|gets|receive|take|injected|infused|used)\b",
    re.IGNORECASE,
)
_BESIDE_A_DOSE: Final = re.compile(
    r"\b(?:first|last|final|next|second|each|every|after|before|since|between|prior to|any|booster) (?:[\w-]+ ){0,3}dos(?:e|age)\b",
    re.IGNORECASE,
)
"""A dose as a point in time."""
_A_DOSE: Final = re.compile(
    r"\d[\d.,]*\s*-?\s*(?:mg|milligram|mcg|µg|μg|ug|g|gm|gr|grams?|kg|ml|mL|cc|IU|U|units?|mU|c?Gy|grays?|MBq|mCi|GBq|kBq|mmol|nmol|mM|M|%|PFU|TCID50|"
    r"tablets?|capsules?|caps|drops?|puffs?|sprays?|sachets?|vials?|ampoules?|syringes?|patch(?:es)?|scoops?|cups?|spoons?|mJ|J|Hz|kHz|bar|watts?|W|"
    r"lit(?:er|re)s?|L|ppm|fractions?|cells|vp|vg)(?![a-z])|\b10\s?[\^*]\s?\d|[x×]\s?10|\b(?:one|two|three|four|half an?|a single) (?:\w+ )?"
    r"(?:tablet|capsule|drop|puff|spray|sachet|vial|ampoule|syringe|patch|scoop|cup|spoon|pill|millilit)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\bhow many ((?:[a-z][a-z-]+ ){0,3}?[a-z][a-z-]+)(?= (?:per|do|does|did|are|is|will|would|of|in|must|can|may|should|have|has|at|for|each|on|to|i|they|we|you|go|goes|make|there|altogether|total)\b|\s*[?,])",
    re.IGNORECASE,
)
_COUNTED_ELSEWHERE: Final = frozenset(
    map(
        stem,
        "people patients participants subjects volunteers adults women men children babies kids arms groups sites centres centers hospitals "
        "cities countries locations phases places weeks days months years hours minutes times cycles doses visits criteria trials studies "
        "outcomes endpoints sessions fractions treatments drugs prior previous lines metastases million billion stages others".split(),
    )
)
"""What fields count, or what a record may count in other words."""
_DRUG_NAME: Final = re.compile(
    r"\b[a-z]{3,}(?:mab|nib|parib|ciclib|taxel|platin|rubicin|statin|gliptin|gliflozin|glutide|sartan|prazole|cillin|mycin|floxacin|azole|vir|lukast|olol|dronate|fusp|leucel)\b",
    re.IGNORECASE,
)
"""Names by stems of the WHO list of international nonproprietary names."""
_SAID_TO_BE_GIVEN: Final = re.compile(
    r"\b(?:uses?|gives?|given|testing|tests|getting|gets?|receives?|arm|combin\w+|plus|dose|dosage|study drug|product)\b",
    re.IGNORECASE,
)
_DRUG_ASKED: Final = re.compile(
    r"\b(?:which|what|name) (?:(?:exact|specific|particular|of the) )?(?:drugs?|medicines?|medications?|pills?|tablets?|antibod(?:y|ies)|vaccines?)\b",
    re.IGNORECASE,
)
_DRUGS: Final = frozenset({"DRUG", "BIOLOGICAL", "DIETARY_SUPPLEMENT", "COMBINATION_PRODUCT", "GENETIC"})
MOST: Final = 3
"""Passages named as the nearest."""


def not_given(reading: Reading) -> Said | None:
    """That the record does not have the value or the name asked for, with what it does say of the treatment; None where it has."""
    question = reading.question
    if question.about_a_person or OF_A_RULE.search(question.text):
        return None
    noun = _kind_missing(reading) or _value_missing(reading) or _count_missing(reading) or _name_missing(reading)
    return _said(reading, noun) if noun else None


def _kind_missing(reading: Reading) -> Voiced | None:
    """A kind of fact about what is given (a dose in Gy, a number of cells) that no passage has."""
    kinds = [kind for kind in kinds_asked(reading.question) if kind.name in _GIVEN]
    without = lacking(kinds, [passage.text for passage in reading.corpus if passage.section in _TOLD_OF_TREATMENT])
    return voiced(f"kind-{kinds[0].name}") if kinds and len(without) == len(kinds) else None


_GIVEN: Final = frozenset({"gray", "cells", "drug-name"})
_TOLD_OF_TREATMENT: Final = ON_TREATMENT | {"outcomes", "faq", "other"}
"""Sections that may say what is given; a criterion's doses are those of earlier treatment."""


def _value_missing(reading: Reading) -> Voiced | None:
    """A value in a unit, or a dose, that no passage on its subject has."""
    text = reading.question.text
    unit = _IN_UNIT.search(text)
    dose = _DOSE_ASKED.search(text) and not _BESIDE_A_DOSE.search(text)
    if not (unit or dose):
        return None
    name = next(filter(None, unit.groups())) if unit else ""
    wanted = _number_in(name) if unit else _A_DOSE
    about = _about(reading, [passage for passage in reading.corpus if passage.section in ON_TREATMENT or unit])
    if any(wanted.search(passage.text) for passage in about):
        return None
    of_a_dose = re.search(r"\bdos(?:e|age)\b", text, re.IGNORECASE)
    return voiced("amount-unit-dose" if of_a_dose else "amount-unit", unit=name) if unit else voiced("amount-dose")


def _number_in(unit: str) -> re.Pattern[str]:
    same = next((row for row in _SAME_UNIT if re.fullmatch(row, unit, re.IGNORECASE)), re.escape(unit.removesuffix("s")) + "s?")
    return re.compile(rf"\d[\d.,]*\s*-?\s*(?:{same})(?![a-z])|[(\[]\s*(?:{same})\s*[)\]]", re.IGNORECASE)


def _about(reading: Reading, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that speak of what the value is asked of, where any does; else all of them."""
    names = {word for item in reading.trial.interventions for word in stems(item.name)}
    asked = [one for one in _asked(reading) if any(set(way) & names for way in one.alternatives)]
    own = [one for one in passages if any(concept.within(_words(one)) for concept in asked)]
    return own if asked and own else list(passages)


def _asked(reading: Reading) -> tuple[Concept, ...]:
    question = reading.question
    return concepts(without_names(question.text), question.stems, other_names(reading.trial))


def _words(passage: Passage) -> frozenset[str]:
    return frozenset(stems(f"{passage.arm or ''} {passage.text}"))


def _count_missing(reading: Reading) -> Voiced | None:
    """A count of something that the record never speaks of."""
    counted = _COUNTED.search(without_names(reading.question.text))
    if not counted:
        return None
    words = stems(counted[1])
    if not words or set(words) & _COUNTED_ELSEWHERE:
        return None
    thing = [one for one in concepts(counted[1], (words[-1],)) if words[-1] in one.said]
    if any(one.within(_words(passage)) for one in thing for passage in reading.corpus):
        return None
    return voiced("amount-count", things=counted[1].lower())


def _name_missing(reading: Reading) -> Voiced | None:
    """A drug that is said to be given, or a placebo, which the record never names."""
    text = reading.question.text
    own = " ".join(passage.text for passage in reading.corpus).lower()
    if _SAID_TO_BE_GIVEN.search(text):
        unnamed = [name for name in dict.fromkeys(_DRUG_NAME.findall(without_names(text))) if name.lower() not in own]
        if unnamed:
            return voiced("amount-name", name=unnamed[0].lower())
    if _DRUG_ASKED.search(text) and not any(item.type in _DRUGS for item in reading.trial.interventions):
        own = " ".join(passage.text for passage in reading.corpus if passage.section in ON_TREATMENT)
        if not _DRUG_NAME.search(own) and reading.trial.interventions:
            return voiced("amount-drug")
    if DUMMY.search(text) and names_no_dummy(reading):
        return voiced("amount-placebo")
    return None


def _said(reading: Reading, noun: Voiced) -> Said:
    lead = point(voiced("no-field", nouns=noun))
    told = dict.fromkeys(on_treatment(reading))
    return Said((lead, *(told or nearest(_found(reading)).points)), kind="not_stated")


def _found(reading: Reading) -> list[Point]:
    selection = choose(reading, MOST)
    return [points_of(reading.trial, pick, selection.concepts) for pick in selection.picks]


def on_treatment(reading: Reading) -> list[Point]:
    """What the record does say of what is given: the groups asked about or the treatments named, else the first of both."""
    trial, asked = reading.trial, _asked(reading)
    arms = {arm.label for arm in named_arms(trial, reading.question)}
    rows = [passage for passage in reading.corpus if passage.level in {"arm", "intervention"}]
    own = [row for row in rows if row.arm in arms] or [
        row for row in rows if any(concept.within(_words(row)) for concept in asked if concept.says_something)
    ]
    telling = [one for one in asked if one.says_something]
    own.sort(key=lambda row: -sum(concept.within(_words(row)) for concept in telling))
    found = (own or rows)[:MOST]
    return [points_of(trial, Pick(row, frozenset(), 0.0, 1.0), asked) for row in found]
