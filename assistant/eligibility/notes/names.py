"""Finds what a note names: the tables' names, whole phrases, names that share a word; and frees them of cues and values."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import inf

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.courses import regimens
from assistant.eligibility.notes.cues import Cue, spans_of, tokens_of
from assistant.eligibility.notes.organs import called_fine, mark_fine
from assistant.eligibility.notes.scope import Said, kind_of
from assistant.eligibility.numbers.measures import Measure
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import TimeMention
from assistant.eligibility.vocabulary.concepts import Mention, all_concepts, find, is_a
from assistant.eligibility.vocabulary.traits import TraitMention


def names(text: str) -> list[Mention]:
    """Every name of a text, phrases and shared words resolved, in order and apart."""
    found = find(text)
    whole = sorted([*_of_phrases(text, found), *regimens(text), *called_fine(text)], key=lambda one: one.start)
    named = _merged([_freed(text, mention) for mention in found], whole)
    more = sorted([*_shared(text, named), *_treatments(text, named), *_only_allergies(text, named)], key=lambda one: one.start)
    return _merged(_merged(list(_operations(text)), named), more)


def outside_times(cues: Sequence[Cue], found: Sequence[TimeMention]) -> list[Cue]:
    """The cues that are no part of a time: "in the past 5 years" does not say that something is over."""
    kept, place = [], 0
    for cue in cues:
        while place < len(found) and found[place].end <= cue.start:
            place += 1
        within = place < len(found) and found[place].start <= cue.start and cue.end <= found[place].end
        if not (within and cue.does in ("over", "uncertain", "ongoing")):
            kept.append(cue)
    return kept


def readings(found: Sequence[Measure], mentions: Sequence[Mention]) -> list[Measure]:
    """The measures, without those that only name an illness: "high blood pressure" is no reading of a blood pressure."""
    kept, place = [], 0
    for measure in found:
        while place < len(mentions) and mentions[place].end <= measure.start:
            place += 1
        near = mentions[place : place + 3]
        ill = any(
            one.start < measure.end
            and one.end > measure.start
            and {"condition", "symptom"} & {kind_of(id) for id in one.concepts}
            for one in near
        )
        if not (ill and measure.range == Range() and len(measure.quantities) < 3):
            kept.append(measure)
    return kept


def untangled(text: str, mentions: Sequence[Mention], cues: Sequence[Cue]) -> tuple[list[Mention], list[Cue]]:
    """Of a name and a cue that share words the longer one stands: "no history of" over "history", "HIV test" over "test"."""
    kept_mentions, kept_cues, place = [], [], 0
    by_start = sorted(cues, key=lambda cue: (cue.start, cue.end))
    for mention in mentions:
        while place < len(by_start) and by_start[place].end <= mention.start:
            kept_cues.append(by_start[place])
            place += 1
        over = [cue for cue in by_start[place : place + 12] if cue.start < mention.end and cue.end > mention.start]
        longer = [
            cue
            for cue in over
            if cue.start <= mention.start and cue.end >= mention.end and cue.end - cue.start > mention.end - mention.start
        ]
        name = text[mention.start : mention.end]
        subject = any(
            cue.does in ("patient", "auxiliary") and (cue.start, cue.end) == (mention.start, mention.end) for cue in over
        )
        if [cue for cue in longer if cue.does != "allergen"] or (subject and not name.isupper()):
            continue
        kept_mentions.append(mention)
        while place < len(by_start) and by_start[place].start < mention.end:
            cue = by_start[place]
            within = mention.start <= cue.start and cue.end <= mention.end
            result = cue.does == "positive" or (
                cue.does == "deny" and cue.side == "either" and mention.denies and cue.end == mention.end
            )
            same = (cue.start, cue.end) == (mention.start, mention.end)
            leads = mention.denies and cue.start < mention.start and cue.end > mention.start and cue.does == "deny"
            allergen = cue.does == "allergen" and not mention.denies
            if not leads and (not within or result or allergen or same):
                kept_cues.append(cue)
            place += 1
    kept_cues.extend(by_start[place:])
    return kept_mentions, kept_cues


def without_symptoms(
    mentions: Sequence[Mention], cues: Sequence[Cue], traits: Sequence[TraitMention]
) -> tuple[list[Mention], list[Cue]]:
    """ "Stable and without symptoms" says how an illness is; it does not deny every symptom."""
    said = [(one.start, one.end) for one in traits if one.trait == "asymptomatic"]

    def inside(start: int, end: int) -> bool:
        at = bisect_right(said, (start, inf)) - 1
        return at >= 0 and said[at][0] <= start and end <= said[at][1]

    ill = any({"condition"} & {kind_of(id) for id in mention.concepts} for mention in mentions[:200])
    if not said or not ill:
        return list(mentions), list(cues)
    return [one for one in mentions if not inside(one.start, one.end)], [one for one in cues if not inside(one.start, one.end)]


def unmeasured(mentions: Sequence[Mention], values: Sequence[Measure]) -> list[Mention]:
    """The names that are not the name of a measured value ("HBV DNA 850 copies/mL" states a number, not a finding)."""
    kept, place = [], 0
    for mention in mentions:
        while place < len(values) and values[place].end <= mention.start:
            place += 1
        measured = place < len(values) and values[place].start <= mention.start and mention.end <= values[place].end
        if (
            measured
            and "pregnancy" not in mention.concepts
            and (values[place].range != Range() or not {"condition", "symptom"} & {kind_of(id) for id in mention.concepts})
        ):
            continue
        kept.append(mention)
    return kept


_FREE = re.compile(r"[\s-]free(?!\w|[\s-](?:of|from|survival|interval|light|t[34]|testosterone))", re.IGNORECASE)


_JOINED = re.compile(r"(?P<before>[^\W_][\w-]{0,20})(?P<gap>\s+(?:or|and|and/or|&)\s+|\s?/\s?|,\s(?:or\s)?)$")


_NEXT = re.compile(r"(?P<gap>\s+(?:or|and|and/or|&)\s+|\s?/\s?)(?P<after>[A-Z]|\d{1,2}|I{1,3}|IV)(?!\w)")


_GIVEN = frozenset(("received", "got", "given"))
_NEXT_GIVEN = re.compile(r"(?:\s+(?:or|and|nor)\s+|,\s)(?P<after>[a-z]+(?:\s[a-z]+){0,2})", re.IGNORECASE)
"""After "received an organ": what else was received."""


def _shared(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """The names that share a word with their neighbour: "liver and lung metastases", "hepatitis B or C"."""
    for mention in mentions:
        words = text[mention.start : mention.end].split()
        if len(words) > 1 and len(words) < 6 and not mention.denies:
            joined = _JOINED.search(text, max(0, mention.start - 40), mention.start)
            if joined and not joined["gap"].startswith(","):
                shared = (" ".join([joined["before"], *words[first:]]) for first in range(1, len(words)))
                named = (list(_named_as(name, joined.start("before"), joined.end("before"), mention)) for name in shared)
                yield from next((found for found in named if found), [])
            given = _NEXT_GIVEN.match(text, mention.end) if words[0].lower() in _GIVEN else None
            if given:
                more = given["after"].split()
                starts = (" ".join([words[0], *more[:count]]) for count in range(len(more), 0, -1))
                yield from next(filter(None, (list(_named_given(name, given.start("after"), mention)) for name in starts)), [])
            following = _NEXT.match(text, mention.end)
            if following:
                yield from _named_as(
                    " ".join([*words[:-1], following["after"]]), following.start("after"), following.end("after"), mention
                )


_TREATMENT_OF = re.compile(
    r"\b(?P<treatment>treatments?|therap(?:y|ies)|medicines?|drugs?)\s+(?:for|of|against)\s+(?:(?:the|her|his|my|this|that|their)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)


def _treatments(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """ "No treatment for the lymphoma": what is denied or given is a treatment of cancer."""
    for mention in mentions:
        if any(one in all_concepts() and (is_a(one, "malignancy") or is_a(one, "metastasis")) for one in mention.concepts):
            led = _TREATMENT_OF.search(text, max(0, mention.start - 50), mention.start)
            if led:
                yield Mention(led.start("treatment"), led.end("treatment"), ("anticancer-therapy",), False)


_IS_ONLY = re.compile(r"\s+(?:is|was|being)\s+(?:my|his|her|their|the)\s+(?:only|sole|single)\s+(?:known\s+)?", re.IGNORECASE)
_ONLY_IS = re.compile(r"\b(?:only|sole|single)\s+(?:known\s+)?$", re.IGNORECASE)
_BEING = re.compile(r"\s*(?:is|was|being|:)\s+(?:to\s+)?", re.IGNORECASE)


def _only_allergies(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """ "Penicillin is my only allergy", "only known allergy: latex": an allergy to it, no use of it."""
    for one, after in pairwise(mentions):
        if set(after.concepts) <= _ANY_ALLERGY and _IS_ONLY.fullmatch(text, one.end, after.start):
            thing = one
        elif set(one.concepts) <= _ANY_ALLERGY and _BEING.fullmatch(text, one.end, after.start):
            if _ONLY_IS.search(text, max(0, one.start - 20), one.start) is None:
                continue
            thing = after
        else:
            continue
        about = find(f"allergy to {text[thing.start : thing.end]}")
        if len(about) == 1 and not about[0].denies and not set(about[0].concepts) & _ANY_ALLERGY:
            yield Mention(one.start, after.end, about[0].concepts, False)


_ANY_ALLERGY = frozenset(("allergy", "drug-allergy"))


@cache
def _operation() -> tuple[re.Pattern[str], str]:
    row = next(row for row in rows("implied.tsv") if row["says"] == "operation")
    return re.compile(rf"\b(?!(?:{row['detail']})\b)[a-z]{{4,40}}(?:{row['words']})\b", re.IGNORECASE), row["concept"]


def _operations(text: str) -> Iterator[Mention]:
    """Words that by their ending name an operation: "hepaticojejunostomy"."""
    pattern, concept = _operation()
    for match in pattern.finditer(text):
        yield Mention(match.start(), match.end(), (concept,), False)


def _named_given(name: str, start: int, beside: Mention) -> Iterator[Mention]:
    """What a name begun by a verb before a conjunction says: "received an organ or stem cells"."""
    return _named_as(name, start, start + len(name.partition(" ")[2]), beside)


def _named_as(name: str, start: int, end: int, beside: Mention) -> Iterator[Mention]:
    found = find(name)
    if (
        len(found) == 1
        and (found[0].start, found[0].end) == (0, len(name))
        and not set(found[0].concepts) & set(beside.concepts)
    ):
        yield Mention(start, end, found[0].concepts, found[0].denies)


@cache
def _phrases() -> Mapping[tuple[str, ...], tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]]:
    """The phrases by their first two words, longest first."""
    found: dict[tuple[str, ...], list[tuple[tuple[str, ...], Mapping[str, str]]]] = {}
    for row in rows("implied.tsv"):
        if row["says"] == "phrase":
            for phrase in row["words"].split("|"):
                words = tuple(tokens_of(phrase))
                found.setdefault(words[:2], []).append((words, row))
    return {first: tuple(sorted(items, key=lambda item: -len(item[0]))) for first, items in found.items()}


def _of_phrases(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """What whole phrases name or deny: "Urine hCG negative", "last child weaned"."""
    words = spans_of(text)
    found: list[Mention] = []
    for place, (word, start, _) in enumerate(words):
        following = words[place + 1 : place + 2]
        led = [*(_phrases().get((word, following[0][0]), ()) if following else ()), *_phrases().get((word,), ())]
        if not led or (found and start < found[-1].end):
            continue
        fits = [
            (phrase, row)
            for phrase, row in led
            if tuple(other[0] for other in words[place : place + len(phrase)]) == phrase and row["concept"] in all_concepts()
        ]
        fits = [
            (phrase, row)
            for phrase, row in fits
            if len(phrase) == len(fits[0][0])
            and (not row["detail"] or _is_named(row["detail"], text, start, words[place + len(phrase) - 1][2], mentions))
        ]
        if len({row["concept"] for _, row in fits}) == 1:
            phrase, row = fits[0]
            found.append(Mention(start, words[place + len(phrase) - 1][2], (row["concept"],), row["present"] == "no"))
    return found


_BESIDE = 60
"""So near another name makes plain what a phrase is about: no drugs beside no alcohol."""


_LISTED = re.compile(r"(?:^|[,;:(/]|\b(?:or|and|nor|no|an|any|prior|previous|old|recent|without))\s*$", re.IGNORECASE)


def _is_named(detail: str, text: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
    """Whether what a phrase needs to mean its concept is named: "with X" in the text, "beside X" near it, "among X" in a list,
    "next X" as the last thing before it.
    """
    where, _, concept = detail.partition(" ")
    if where == "next":
        last = max((one for one in mentions if start - _BESIDE < one.end <= start), key=lambda one: one.end, default=None)
        return last is not None and any(is_a(one, concept) for one in last.concepts)
    if where == "among" and _LISTED.search(text, max(0, start - 12), start) is None:
        return False
    near = mentions if where == "with" else [one for one in mentions if one.end > start - _BESIDE and one.start < end + _BESIDE]
    return any(is_a(one, concept) for mention in near[:400] for one in mention.concepts)


def _freed(text: str, mention: Mention) -> Mention:
    """ "Seizure free" says that there are none."""
    free = _FREE.match(text, mention.end)
    return Mention(mention.start, free.end(), mention.concepts, True) if free and not mention.denies else mention


_ANY_DRUG = "medication"
_ELSE = re.compile(r"\b(?:else|other)\b", re.IGNORECASE)
"""In a phrase that denies: all but what the note states."""


def mark_ends(text: str, said: Sequence[Said]) -> None:
    """What a phrase says to be over ("weaned") or open ("has not yet decided")."""
    marked = {
        phrase: row["present"] for items in _phrases().values() for phrase, row in items if row["present"] in ("over", "unsure")
    }
    mark_fine(text, said)
    for one in said:
        if one.mention.denies and _ELSE.search(text, one.mention.start, one.mention.end):
            one.other = True
        if one.denied and one.other and _ANY_DRUG in one.mention.concepts and one.ongoing is None:
            one.ongoing = True
        if one.mention.end - one.mention.start < 60 and not one.denied:
            mark = marked.get(tuple(tokens_of(text[one.mention.start : one.mention.end])))
            if mark == "over":
                one.ongoing, one.ends = False, True
            elif mark == "unsure":
                one.certain = False


def _merged(mentions: Sequence[Mention], phrases: Sequence[Mention]) -> list[Mention]:
    """Names and phrases together; a phrase stands for the names inside it."""
    kept, place = [], 0
    for mention in mentions:
        while place < len(phrases) and phrases[place].end <= mention.start:
            place += 1
        if (
            place == len(phrases)
            or mention.end <= phrases[place].start
            or (mention.end - mention.start > phrases[place].end - phrases[place].start)
        ):
            kept.append(mention)
    both = sorted([*kept, *phrases], key=lambda mention: (mention.start, -mention.end))
    apart: list[Mention] = []
    for mention in both:
        if not apart or mention.start >= apart[-1].end:
            apart.append(mention)
    return apart
