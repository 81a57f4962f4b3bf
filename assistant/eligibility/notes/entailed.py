"""What findings entail, and which of them a later sentence ends, renews or takes back."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise
from math import inf

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue
from assistant.eligibility.notes.scope import kind_of
from assistant.eligibility.numbers.units import UnitFault, convert
from assistant.eligibility.patient import Finding, Grading, Measurement, Sex, Words
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import TimeMention
from assistant.eligibility.truth import TRUE
from assistant.eligibility.vocabulary.concepts import all_concepts, find, is_a
from assistant.eligibility.vocabulary.traits import TraitMention


def of_concepts(made: Sequence[Finding]) -> Iterator[Finding]:
    """What a finding entails: a womb removed is no childbearing potential; a metastatic cancer is a metastasis."""
    rules = [(row["words"], row["concept"], row["present"] == "yes") for row in rows("implied.tsv") if row["says"] == "concept"]
    traits = [(row["words"], row["detail"], row["concept"]) for row in rows("implied.tsv") if row["says"] == "trait"]
    for one in made:
        if one.present and one.certain and one.who == "patient" and one.concept in all_concepts():
            for concept, entailed, present in rules:
                if is_a(one.concept, concept):
                    yield Finding(entailed, present, one.words)
            for trait, of, entailed in traits:
                if trait in one.traits and is_a(one.concept, of):
                    yield replace(one, concept=entailed, traits=frozenset(), grade=None, dose=None)
        if one.present and one.certain and one.who == "family":
            for row in rows("implied.tsv"):
                if row["says"] == "family" and one.concept == row["words"]:
                    yield Finding(row["concept"], True, one.words, started=one.started)


def wholes(made: Sequence[Finding]) -> Iterator[Finding]:
    """What is denied where all its kinds are: "never had a PD-1, PD-L1 or CTLA-4 antibody" denies checkpoint inhibitors."""
    denied = {
        one.concept: one
        for one in made
        if not one.present and one.certain and one.who == "patient" and one.started is None and not (one.traits or one.ongoing)
    }
    for row in rows("implied.tsv"):
        kinds = row["words"].split()
        if row["says"] == "whole" and all(kind in denied for kind in kinds):
            yield Finding(row["concept"], False, denied[kinds[-1]].words, other=True)


_HEALED = re.compile(
    r"[\s,;:–-]*(?:(?:(?:his|her|my|the)\s+last\s+(?:operation|surgery)|it|this|which|wounds?|scars?|incisions?|everything|all|and|has|have|is)"
    r"[\s,]+){0,4}(?:(?:long|well|fully|completely|since|now|all|uneventfully|nicely)\s+){0,2}healed\b"
    r"(?!\s+(?:badly|poorly|slowly|partly|partially|incompletely|except|but|by\s+second))",
    re.IGNORECASE,
)

_LAST_HEALED = re.compile(r"\b(?:surgery|operation)" + _HEALED.pattern, re.IGNORECASE)


def healed(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Hernia repair 2026-02-15, healed", "my last operation and everything has healed": no unhealed wound."""
    for one in made:
        done = one.present and one.certain and one.who == "patient" and one.concept in all_concepts()
        if done and is_a(one.concept, "surgery"):
            after = _HEALED.match(text, one.words.end) or _LAST_HEALED.search(text, one.words.start, one.words.end)
            if after:
                words = Words(one.words.start, after.end(), text[one.words.start : after.end()])
                yield Finding("surgical-wound-unhealed", False, words)


_ONLY = re.compile(r"\s*only\b", re.IGNORECASE)
_ONLY_ONE = re.compile(
    r"(?<!not )\b(?:only|sole|single)\s+(?:known\s+)?(?:(?:drug|medication|medicine)\s+)?allerg|allergic\s+only", re.IGNORECASE
)


def only_allergies(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Allergic to shellfish only" denies every other allergy."""
    for one in made:
        if (
            one.present
            and one.certain
            and one.who == "patient"
            and one.concept in all_concepts()
            and is_a(one.concept, "allergy")
        ):
            behind = _ONLY.match(text, one.words.end)
            end = behind.end() if behind else one.words.end
            if behind or (one.concept not in _BARE_ALLERGY and _ONLY_ONE.search(text, one.words.start, end)):
                words = Words(one.words.start, end, text[one.words.start : end])
                every = "drug-allergy" if _OF_DRUGS.search(words.quote) else "allergy"
                yield Finding(every, False, words, other=True)


def only_ones(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; "flu jab in March, only vaccine this year" denies every other vaccine of the year."""
    for place, one in enumerate(made):
        only = one.present and one.started is not None and text[one.words.start : one.words.start + 5].lower() == "only "
        before = made[max(0, place - 5) : place] if only else ()
        if any(is_a(other.concept, one.concept) and other.concept != one.concept and other.present for other in before):
            one = replace(one, present=False, other=True, ongoing=None)
        yield one


_EXCEPT = re.compile(
    r"[\s,(]*(?:except|except for|apart from|aside from|other than|besides|with the exception of|save for|but for)\s+(?:an?\s+)?"
    r"(?:(?:allergy\s+)?(?:to|for)\s+)?(?P<named>[^.;\n()]{3,80})",
    re.IGNORECASE,
)


def spared_allergies(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "No allergies except penicillin": an allergy to penicillin."""
    for one in made:
        if one.present or not one.certain or one.who != "patient" or not is_a(one.concept, "allergy"):
            continue
        spared = _EXCEPT.match(text, one.words.end)
        for drug in re.split(r",|\band\b|\bor\b", spared["named"])[:6] if spared else ():
            words = Words(one.words.start, spared.end(), text[one.words.start : spared.end()]) if spared else one.words
            yield from _allergy(drug.strip(), replace(one, present=True, other=False, words=words))


_OF_DRUGS = re.compile(r"\b(?:drug|medication|medicine)\b", re.IGNORECASE)
_BARE_ALLERGY = ("allergy", "drug-allergy")
_GAVE = re.compile(
    r"\s*(?:gave|has given|caused|triggered|provoked|led to|resulted in|brought on|:|=|→|->)\s+"
    r"(?:(?:me|him|her|the patient|an?|severe|acute)\s+){0,3}",
    re.IGNORECASE,
)
_UPON = re.compile(
    r"\s*(?:\([^()]{0,30}\)\s*)?(?:to|with|from|after|on|upon|due to|caused by|:)\s+"
    r"(?:(?:the|an?|her|his|my|first|second|last|dose|infusion|injection|of|oral|iv|i\.v\.)\s+){0,4}",
    re.IGNORECASE,
)
"""Between a reaction and the drug before or behind it."""
_REACTIONS = ("anaphylaxis", "urticaria", "angioedema")


def of_reactions(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Infliximab gave me anaphylaxis", "hives with amoxicillin": an allergy to it, severe as the reaction is."""
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    for reaction in (one for one in own if one.concept in _REACTIONS):
        start = max(0, reaction.words.start - 120)
        named = find(text[start : reaction.words.end + 80])
        for before, after in pairwise(named):
            between = start + before.end, start + after.start
            if reaction.concept in after.concepts and _GAVE.fullmatch(text, *between):
                yield from _allergy(text[start + before.start : start + before.end], reaction)
            elif reaction.concept in before.concepts and _UPON.fullmatch(text, *between):
                yield from _allergy(text[start + after.start : start + after.end], reaction)


def asked_again(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding, but what a question takes up that the note has stated: "I had an operation in May. Is the operation a bar?"."""
    stated = [one for one in made if one.present and one.certain and one.who == "patient"][:200] if "?" in text else []
    for one in made:
        open_ = one.present and not one.certain and one.started is None and one.ended is None
        if not (open_ and stated and _asks(text, one.words) and any(is_a(other.concept, one.concept) for other in stated)):
            yield one


def _asks(text: str, words: Words) -> bool:
    end = _SENTENCE_ENDS.search(text, words.end, words.end + 2 * _NEAR)
    return end is not None and end[0] == "?"


_THAT_WAS = re.compile(
    r"[\s,;.–-]*(?:(?:but|and|though|although)\s+)?(?:that|it|this|the\s+test)\s+(?:was|is\s+from|dates?\s+from)\s+"
    r"(?:(?:done|taken|made|from|on|in|already|only|about|some)\s+){0,3}$",
    re.IGNORECASE,
)
"""Between what was denied and when: "negative, but that was ten days ago"."""


def denied_on(text: str, made: Iterable[Finding], found: Sequence[TimeMention]) -> Iterator[Finding]:
    """Every finding; what was denied by a test whose day follows in a clause of its own was denied on that day."""
    starts = [time.start for time in found]
    for one in made:
        if not one.present and one.started is None and one.ended is None and found:
            time = found[min(bisect_right(starts, one.words.end), len(found) - 1)]
            near = 0 <= time.start - one.words.end < _NEAR and time.relation == "on"
            if near and _THAT_WAS.fullmatch(text, one.words.end, time.start):
                words = Words(one.words.start, time.end, text[one.words.start : time.end])
                one = replace(one, started=time.days, ended=time.days, words=words)
        yield one


_MADE_ILL = re.compile(
    r"\s*(?:gave|has given|caused|triggered|provoked|led to|resulted in|brought on)\s+"
    r"(?:(?:me|him|her|the patient|an?|some|bad|terrible|nasty|serious|severe|"
    r"mild|moderate|acute|grade|g|\d|immune-related|autoimmune)\s*){0,5}",
    re.IGNORECASE,
)
_ILL_FROM = re.compile(
    r"\s*(?:\([^()]{0,30}\)\s*)?(?:from|due to|caused by|secondary to|induced by|attributed to|triggered by|because of)\s+"
    r"(?:(?:the|an?|her|his|my|prior|previous|earlier|anti-)\s*){0,3}",
    re.IGNORECASE,
)
"""Between an illness and the treatment that made it."""
_IMMUNE_MADE = re.compile(r"\bimmune[\s-](?:related|mediated)\b|\birAEs?\b", re.IGNORECASE)
_BLOCKER, _IMMUNE_EVENT = "checkpoint-inhibitor", "immune-related-adverse-event"


def immune_events(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Nivolumab gave me colitis", "thyroiditis, immune-related": what a checkpoint inhibitor did (CTCAE v5.0)."""
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    blockers = [one for one in own if is_a(one.concept, _BLOCKER)][:20]
    for one in own[:200] if blockers or _IMMUNE_MADE.search(text) else ():
        ill = all_concepts()[one.concept].kind in ("condition", "symptom")
        if not ill or is_a(one.concept, _IMMUNE_EVENT) or is_a(one.concept, "malignancy") or is_a(one.concept, "metastasis"):
            continue
        start, end = _named_at(text, one)
        said = _IMMUNE_MADE.search(text, one.words.start, one.words.end) is not None
        for named, behind in [] if said else [_named_at(text, drug) for drug in blockers]:
            said = said or bool(_MADE_ILL.fullmatch(text, behind, start) or _ILL_FROM.fullmatch(text, end, named))
        if said:
            yield replace(one, concept=_IMMUNE_EVENT, traits=one.traits - {"secondary"})


def _allergy(drug: str, reaction: Finding) -> Iterator[Finding]:
    for allergy in find(f"allergy to {drug}"):
        for id in allergy.concepts:
            if (is_a(id, "allergy") and id != "allergy") or id not in all_concepts():
                severe = reaction.traits & {"severe"}
                yield Finding(id, True, reaction.words, severe, started=reaction.started)


_TREATED_WITH = re.compile(
    r"[^.;\n]{0,60}?(?:,|:|\b(?:on|with|and\s+(?:took|takes|received|needed|had|was\s+on|is\s+on)|took|needed|needing|required|requiring|received|given))"
    r"\s+(?:(?!for\b|stopped\b)[\w-]+\s+){0,2}(?:[\w-]+\s+(?:and|plus|\+)\s+)?",
    re.IGNORECASE,
)
"""Between an illness and the drug that it was treated with."""
_FOR_ANOTHER = re.compile(
    r"[^.;,\n]{0,30}\b(?:for|because\s+of|due\s+to)\s+(?!\d|a\b|about\b|the\s+(?:last|past)|it\b|this\b|months|years|weeks)",
    re.I,
)


def treated_ill(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Lupus, took mycophenolate until 2024": it required systemic treatment for as long as that was given."""
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    for row in rows("implied.tsv"):
        if row["says"] != "treated":
            continue
        drugs = [one for one in own if is_a(one.concept, row["concept"]) and (one.started or one.ended or one.ongoing)][:40]
        for one in [one for one in own if is_a(one.concept, row["words"])][:40] if drugs else []:
            for drug in drugs:
                (_, ill), (named, behind) = _named_at(text, one), _named_at(text, drug)
                led = 0 <= named - ill < _NEAR and _TREATED_WITH.fullmatch(text, ill, named)
                if led and not _FOR_ANOTHER.match(text, behind):
                    words = Words(one.words.start, drug.words.end, text[one.words.start : drug.words.end])
                    traits = one.traits | {row["detail"]}
                    yield replace(one, words=words, traits=traits, ended=drug.ended, ongoing=drug.ongoing)


_NEAR = 120


def _named_at(text: str, one: Finding) -> tuple[int, int]:
    """Where the words of a finding name its concept."""
    start = one.words.start
    for mention in find(text[start : one.words.end]):
        if one.concept in mention.concepts:
            return start + mention.start, start + mention.end
    return start, one.words.end


_UNCONTROLLED = "uncontrolled"


def of_pressures(
    text: str, made: Sequence[Finding], read: Sequence[Measurement], said: Sequence[TraitMention]
) -> Iterator[Finding]:
    """ "BP 182/104 on three drugs – uncontrolled": of a blood pressure that is said of no illness."""
    pressures = [one for one in read if one.quantity == "systolic-bp" and not one.superseded]
    for trait in (one for one in said if one.trait == _UNCONTROLLED):
        words = Words(trait.start, trait.end, text[trait.start : trait.end])
        near = [one for one in pressures if one.words.end <= trait.start and _one_sentence(text, one.words, words)]
        told = any(_UNCONTROLLED in one.traits and one.words.start < trait.end and one.words.end > trait.start for one in made)
        if near and not told:
            whole = Words(near[-1].words.start, trait.end, text[near[-1].words.start : trait.end])
            yield Finding("hypertension", True, whole, frozenset({_UNCONTROLLED}))


def of_classes(found: Sequence[Grading], made: Sequence[Finding]) -> Iterator[Finding]:
    """What a class of a scale says by definition, or of what is named beside it: M0 is no distant metastasis."""
    there = [
        one.concept for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()
    ]
    said = {row["words"]: row for row in rows("implied.tsv") if row["says"] == "grading"}
    for one in found:
        for name, row in said.items():
            scale, _, value = name.partition(":")
            needed = row["detail"].removeprefix("with ")
            if needed and not any(is_a(each, needed) for each in there):
                continue
            if one.scale == scale and one.values and all(other == value or other.startswith(value) for other in one.values):
                yield Finding(row["concept"], row["present"] == "yes", one.words, started=one.given, ended=one.given)


def sex_of(made: Sequence[Finding]) -> tuple[Sex | None, Words | None]:
    """The sex that a finding implies: who is pregnant is female."""
    sexes = [(row["words"], row["detail"]) for row in rows("implied.tsv") if row["says"] == "sex"]
    for one in made:
        if one.present and one.certain and one.who == "patient":
            for concept, sex in sexes:
                if is_a(one.concept, concept):
                    return ("female" if sex == "female" else "male"), one.words
    return None, None


def defined(made: Iterable[Finding]) -> Iterator[Finding]:
    """Every finding, with the traits that its concept has by definition: an anaphylaxis is severe."""
    rules = [(row["words"], row["detail"]) for row in rows("implied.tsv") if row["says"] == "always"]
    for one in made:
        given = {trait for concept, trait in rules if one.present and is_a(one.concept, concept)}
        yield replace(one, traits=one.traits | given) if given else one


def of_values(found: Sequence[Measurement]) -> Iterator[Finding]:
    """What a value says by definition: ECOG 0 to 2 is ambulatory."""
    said = [row for row in rows("implied.tsv") if row["says"] == "value"]
    for one in found:
        for row in said:
            quantity, low, high = row["words"].split()
            if one.quantity == quantity and not one.superseded and _lies_within(one, Range(float(low), float(high))):
                yield Finding(row["concept"], row["present"] == "yes", one.words, started=one.taken)


def _lies_within(one: Measurement, span: Range) -> bool:
    """Whether a value certainly lies in a span of its quantity's own unit."""
    with suppress(UnitFault):
        return one.value.high != inf and span.holds(convert(one.value, one.unit, None, one.quantity)) is TRUE
    return False


_SENTENCE_ENDS = re.compile(r"[.!?;](?=\s|$)|\n")


def signed(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding, with what another in its sentence shows of it: "passed out from a low blood sugar" is a severe one."""
    rules = [(row["words"], row["concept"], row["detail"]) for row in rows("implied.tsv") if row["says"] == "sign"]
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    shown = {concept: [one for one in own if is_a(one.concept, concept)][:100] for concept in {sign for _, sign, _ in rules}}
    ill = (
        {id(one) for one in own if any(is_a(one.concept, concept) for concept, _, _ in rules)} if any(shown.values()) else set()
    )
    for one in made:
        if id(one) in ill:
            for concept, sign, trait in rules:
                if is_a(one.concept, concept):
                    for beside in (each for each in shown[sign] if _one_sentence(text, one.words, each.words)):
                        undated = one.started is None and one.ended is None
                        started, ended = (beside.started, beside.ended) if undated else (one.started, one.ended)
                        one = replace(one, traits=one.traits | {trait}, started=started, ended=ended)
        yield one


def _one_sentence(text: str, one: Words, other: Words) -> bool:
    start, end = min(one.end, other.end), max(one.start, other.start)
    return end - start < 200 and _SENTENCE_ENDS.search(text, start, max(start, end)) is None


def stopped(made: Sequence[Finding]) -> Iterator[Finding]:
    """What a later sentence says to be over is not called ongoing before: "on durvalumab; durvalumab was discontinued"."""
    over: dict[str, int] = {}
    for one in made:
        if one.present and one.certain and one.who == "patient" and one.ongoing is False:
            over[one.concept] = max(over.get(one.concept, -1), one.words.start)
    for one in made:
        again = one.ongoing and one.present and one.who == "patient" and one.words.start < over.get(one.concept, -1)
        yield replace(one, ongoing=None) if again else one


_KEPT_ON = re.compile(
    r"\b(?:(?:can['’]?t|cannot|can not|must not|mustn['’]?t|should not|(?:is |am )?(?:unable|not able|not allowed) to) (?:be )?"
    r"(?:stop(?:ped)?|come off|discontinued?|do without|go without|interrupt(?:ed)?|paused?)|(?:has|have|had|needs?|must) (?:to )?stay on) "
    r"(?:it|them|this|these|that|the (?:drug|medicine|medication|tablets?|pills?))\b",
    re.IGNORECASE,
)
"""That a medicine named before cannot be stopped: "on warfarin, and cannot come off it"."""
_FOR_LIFE = "cannot-stop"


def kept_on(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding; the medicine that a later clause says cannot be stopped has that trait."""
    drugs = [one for one in made if one.present and one.certain and one.who == "patient" and kind_of(one.concept) == "drug"]
    said = [found.start() for found in islice(_KEPT_ON.finditer(text), _NEAR)]
    nearest = [max((one for one in drugs if 0 <= at - one.words.end < _NEAR), key=_ends, default=None) for at in said]
    for one in made:
        kept = any(other is not None and other.words == one.words for other in nearest) and one in drugs
        yield replace(one, traits=one.traits | {_FOR_LIFE}) if kept else one


def _ends(finding: Finding) -> int:
    return finding.words.end


_NOW = re.compile(r"\b(?:now|currently|current|at present|presently|at the moment|today|any ?more)\b", re.IGNORECASE)


def over_now(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Antibiotics for an abscess; no infection now": an illness that passes has passed where a later denial of the present covers it."""
    acute = tuple(row["words"] for row in rows("implied.tsv") if row["says"] == "acute")
    denied = [one for one in made if not one.present and one.certain and not one.other and one.who == "patient"]
    gone = [one for one in denied if _NOW.search(text, max(0, one.words.start - 12), one.words.end + 8)][:50]
    for one in made:
        past = one.present and one.certain and one.who == "patient" and one.ongoing is None
        ended = past and any(later.words.start > one.words.end and is_a(one.concept, later.concept) for later in gone)
        yield replace(one, ongoing=False) if ended and any(is_a(one.concept, each) for each in acute) else one


_OVER = frozenset(("resolved", "cured", "inactive"))
_STORY = 300
"""Characters that the story of one illness may take."""
_STOPS = re.compile(r"[.!?;](?=\s+[A-Z]|\s*$)|[;\n]")


def summed_up(text: str, made: Sequence[Finding]) -> Iterator[Finding]:
    """ "Urosepsis, two weeks of meropenem, infection cured": the class that ends a sentence's story is the illness named last."""
    own = [one for one in made if one.present and one.certain and one.who == "patient" and one.concept in all_concepts()]
    meant: dict[int, Finding] = {}
    explained: set[int] = set()
    for named in [one for one in own if one.traits & _OVER and all_concepts()[one.concept].broad][:50]:
        told = [one for one in own if one.concept != named.concept and is_a(one.concept, named.concept)]
        before = [one for one in told if 0 <= named.words.start - one.words.end < _STORY]
        last = max(before, key=lambda one: one.words.start, default=None)
        if last is not None and _STOPS.search(text, last.words.end, named.words.start) is None:
            explained.add(id(named))
            same = [one for one in before if text[one.words.end : last.words.start].strip() == "("]
            meant.update({id(one): named for one in (last, *same) if one.ongoing is None})
    for one in made:
        if id(one) in meant:
            yield replace(one, traits=one.traits | meant[id(one)].traits, ongoing=False)
        elif id(one) not in explained:
            yield one


def worded(text: str, made: Iterable[Finding]) -> Iterator[Finding]:
    """Every finding, the patient's word on something as its clause has it: given, refused, or left open by its bare name."""
    for one in made:
        word = _words_given().get(one.concept)
        if word is None or one.who != "patient" or (one.certain and not one.present):
            yield one
            continue
        said = word.said(text, one.words)
        yield replace(one, present=said != "refused", certain=said != "open")


@dataclass(frozen=True, slots=True)
class _Word:
    """How a note says that the patient's word is given, refused or left open (`word-given.tsv`)."""

    patterns: Mapping[str, re.Pattern[str]]

    def said(self, text: str, words: Words) -> str:
        """What the clause of the words says; what stands before it in the sentence, where it says nothing itself."""
        start = max((end.end() for end in _CLAUSE.finditer(text, max(0, words.start - 200), words.start)), default=0)
        behind = _CLAUSE.search(text, words.end, words.end + 200)
        clause = text[max(start, words.start - 200) : behind.start() if behind else words.end + 200]
        first = max(
            (end.end() for end in _SENTENCE_ENDS.finditer(text, max(0, start - 200), start)), default=max(0, start - 200)
        )
        said = next((role for role in ("open", "refused", "given") if self.patterns[role].search(clause)), None)
        if said is not None:
            return said
        listed = [
            (match.start(), role) for role in ("refused", "given") for match in self.patterns[role].finditer(text, first, start)
        ]
        return max(listed, default=(0, "open"))[1]


_CLAUSE = re.compile(r"[.!?](?=\s|$)|[;,\n]|\bbut\b", re.IGNORECASE)


@cache
def _words_given() -> Mapping[str, _Word]:
    roles: dict[str, dict[str, str]] = {}
    for row in rows("word-given.tsv"):
        for concept in row["concept"].split("|"):
            roles.setdefault(concept, {})[row["says"]] = row["words"]
    return {
        concept: _Word({role: re.compile(rf"(?<![\w'-])(?:{words})(?![\w'-])", re.IGNORECASE) for role, words in said.items()})
        for concept, said in roles.items()
    }


_BEFORE = re.compile(r"\b(?:history|prior|previous|previously|past|before)\b", re.IGNORECASE)


def new_symptoms(made: Iterable[Finding]) -> Iterator[Finding]:
    """ "Presents with wheezing; no history of wheezing": the symptom is new, not denied."""
    found = tuple(made)
    had = {
        one.concept
        for one in found
        if one.present and one.certain and one.who == "patient" and kind_of(one.concept) == "symptom"
    }
    for one in found:
        new = not one.present and one.who == "patient" and one.concept in had and _BEFORE.search(one.words.quote)
        yield replace(one, certain=False) if new else one


def turned(text: str, made: Sequence[Finding], cues: Sequence[Cue]) -> list[Finding]:
    """Takes back what a later sentence corrects: "I have no hepatitis. Actually, I do have hepatitis B."""
    turns = sorted(cue.start for cue in cues if cue.does == "correct")
    if not turns:
        return list(made)
    after: dict[str, int] = {}
    for one in made:
        at = bisect_right(turns, one.words.start + 1) - 1
        if at >= 0 and one.words.start - turns[at] < 120 and one.certain and one.who == "patient":
            after[one.concept] = max(after.get(one.concept, -1), turns[at])
    return [
        replace(one, certain=False) if one.who == "patient" and one.words.start < after.get(one.concept, -1) else one
        for one in made
    ]
