"""Which trial is meant: worked out from numbers, names and descriptions before any passage is looked at."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from index.trial import Trial
from index.words import GENERIC, STOPWORDS, stem, stems

NCT = re.compile(r"\bNCT\s?-?(\d{8})\b", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"\b(?:(?P<definite>the|this|that)|an?|on|in|for|of|into|Dr\.?|Prof\.?)\s+(?P<words>(?:(?!(?:the|this|that|of|in|for|with|from|on)\s)[^\s,.;:?()]+\s+){1,6}?)(?:clinical\s+)?(?:(?:trials?|stud(?:y|ies))|(?P<page>page|record|document))\b"
    r"(?!\s*(?:\(\s*)?NCT)",
    re.IGNORECASE,
)
_BY_DESCRIPTION = re.compile(
    r"\b(?:(?:in|of|for|from|by|to|on|into)\s+(?:(?:the|this|that)\s+)?(?=\S+\s+\S)|(?:the|this|that|Dr\.?|Prof\.?|[\w.-]+['’]s)\s+(?!(?:trial|study|page|record|document)\b))"
    r"(?:(?!(?:the|this|that|of|in|for|with|from|on|by|to|does|do|is|are)\s)[^\s,;:?()]+\s+){1,6}?(?:clinical\s+)?(?:trials?|stud(?:y|ies)|page|record|document)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:^|(?<=[.;?!]\s)|(?<=\bvs\s)|(?<=\bvs\.\s)|(?<=\bversus\s)|(?<=\bback to\s)|(?<=,\s))"
    r"(?!(?:which|what|how|is|are|does|do|can|could|any|list|find|show|who|where|when|why|my|i|and|or|a|another|other|tell|please)\b)"
    r"(?P<words>(?:(?!(?:the|this|that|of|in|for|with|from|on|me|about|to)\s)[^\s,.;:?()]+\s+){1,6}?)(?:trial|study)"
    r"(?=\s*(?:[:,.?–-]|vs\b|versus\b|$))",
    re.IGNORECASE,
)
"""A description that opens a message, or stands against another: "Oral iron trial: renal limit?"."""
_ONE = re.compile(
    r"\b(?:the|that)\s+(?P<words>(?:(?!(?:the|this|that|of|in|for|with|from|on|other|first|second|last|same|next|only|right|new|old)\s)"
    r"[^\s,.;:?()]+\s+){1,4}?)one\b(?!\s+(?:of|more|day|week|month|year)\b)"
    r"|\bback to (?:the )?(?!(?:my|his|her|our|your|normal|work|that|this|it|what)\b)"
    r"(?P<back>(?:[^\s,.;:?()–-]+[ ]?){1,5})(?=[,.;:?!–-]|\s[–-]|$)"
    r"|\b(?:the|that|this) (?:trial|study)\s+(?:with|of|on|about|for|using|testing|that (?:uses|tests|gives))\s+"
    r"(?P<after>(?:(?!(?:the|this|that|of|in|for|with|from|on|which|who|where|and)\s)[^\s,.;:?()]+\s?){1,4})",
    re.IGNORECASE,
)
"""A trial by what it gives, without the word before it: "the penpulimab one", "back to penpulimab: …", "the study with penpulimab"."""
_IN_APPOSITION = re.compile(r"\bNCT\s?-?\d{8}\s?[,:(–-]?\s?(?:is |which is |that is )?$", re.IGNORECASE)
"""Right before a description that only says what the numbered trial is: "NCT01234567, the blood thinner study"."""
_WEIGHTS = {"name": 3.0, "title": 2.0, "text": 1.0}
_ENOUGH = 0.6
"""Share of a description's telling words (by inverse document frequency) that a trial must have to be meant by it."""
_SOME = 0.35
"""The same share where nothing but the question's own words tell which trial it is about."""
_MARGIN = 1.25
"""How far the best trial must lie before the next to be meant alone."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The trials that a question is about."""

    trials: tuple[str, ...]
    how: Literal["named", "described", "mentioned", "only", "open"]
    """By number, id or file name; by a description ("the aspirin trial"); by what the question happens to speak of; because there is
    only one; or open: nothing says which."""
    unknown: tuple[str, ...] = ()
    """NCT numbers and descriptions ("the aspirin trial") that the question names and nothing in the index fits."""


@dataclass(frozen=True)
class Names:
    """What the indexed trials can be called by."""

    aliases: Mapping[str, frozenset[str]]
    """Lower-case id, file name, stem, acronym or other id → trials."""
    vocabulary: Mapping[str, Mapping[str, float]]
    """Trial → stem → weight of the place that it stands in."""
    idf: Mapping[str, float]
    titles: Mapping[str, frozenset[str]]
    """Trial → the stems of its title."""

    def find(self, question: str) -> Scope:
        """The scope of a question: numbers and ids first, then descriptions such as "the penpulimab trial"."""
        numbers = [f"NCT{digits}" for digits in NCT.findall(question)]
        known = [number for number in numbers if number.lower() in self.aliases]
        unknown = tuple(dict.fromkeys(number for number in numbers if number.lower() not in self.aliases))
        named = [trial for number in known for trial in sorted(self.aliases[number.lower()])]
        named += [trial for trial in (*self._called(question), *self._titled(question)) if trial not in named]
        found, strange = self._described(question)
        described = [trial for trial in found if trial not in named]
        unknown += tuple(strange) if not named else ()
        if named or described:
            return Scope(tuple(dict.fromkeys([*named, *described])), "named" if named else "described", unknown)
        if unknown:
            return Scope((), "named", unknown)
        if len(self.vocabulary) == 1:
            return Scope(tuple(self.vocabulary), "only")
        mentioned = self._mentioned(question) or tuple(self._best(_telling(question), _SOME, question))
        return Scope(mentioned, "mentioned") if mentioned else Scope((), "open")

    def _called(self, question: str) -> list[str]:
        """Trials called by an id, a file name or an acronym, in the order of the question."""
        found: list[tuple[int, str]] = []
        lowered = question.lower()
        for alias, trials in self.aliases.items():
            if len(trials) > 1 or alias.startswith("nct") or alias not in lowered:
                continue
            for match in re.finditer(rf"(?<![\w-]){re.escape(alias)}(?![\w-])", lowered):
                printed = question[match.start() : match.end()]
                if _is_a_name(printed, question[match.end() :]):
                    found += [(match.start(), trial) for trial in trials]
        return list(dict.fromkeys(trial for _, trial in sorted(found)))

    def _titled(self, question: str) -> list[str]:
        """Trials whose title the question gives, nearly in full."""
        said = set(_telling(question))
        return [trial for trial, title in self.titles.items() if len(title) >= 3 and len(title & said) >= 0.8 * len(title)]

    def _described(self, question: str) -> tuple[list[str], list[str]]:
        """Trials that descriptions fit, and descriptions that fit none because a word of theirs stands in no trial's names."""
        found: list[str] = []
        strange: list[str] = []
        for match in _DESCRIBED.finditer(question):
            if _IN_APPOSITION.search(question[: match.start()]):
                continue
            telling = _telling(match["words"])
            best = self._best(telling, _ENOUGH, question)
            found += best
            if not best and match["definite"] and not match["page"] and any(word not in self.idf for word in telling[:3]):
                strange.append(f"{match['definite']} {match['words'].strip()} trial")
        for match in _ONE.finditer(question) if not found else ():
            found += self._best(_telling(match["words"] or match["back"] or match["after"]), _ENOUGH, question)
        found += [
            trial for match in _BARE.finditer(question) for trial in self._best(_telling(match["words"]), _ENOUGH, question)
        ]
        return list(dict.fromkeys(found)), strange

    def _mentioned(self, question: str) -> tuple[str, ...]:
        """Trials that a drug, a person or another name in the question belongs to, when few share it."""
        telling = _telling(question)
        votes: Counter[str] = Counter()
        for word in telling:
            holders = [trial for trial, vocabulary in self.vocabulary.items() if vocabulary.get(word, 0) >= _WEIGHTS["name"]]
            if 0 < len(holders) <= max(1, len(self.vocabulary) // 20):
                votes.update(dict.fromkeys(holders, self.idf[word]))
        if not votes:
            return ()
        best = max(votes.values())
        return tuple(sorted(trial for trial, score in votes.items() if score * _MARGIN >= best))[:3]

    def _best(self, telling: list[str], enough: float, question: str) -> list[str]:
        """The one trial that a description fits; of several the one that the whole question fits, when it tells them apart."""
        unseen = math.log(len(self.vocabulary) + 1)
        weight = sum(self.idf.get(word, unseen) for word in telling)
        if weight < 0.5 * unseen:
            return []
        scores: dict[str, float] = {}
        for trial, vocabulary in self.vocabulary.items():
            share = sum(self.idf[word] for word in telling if word in vocabulary) / weight
            if share >= enough:
                scores[trial] = self._weight(telling, trial)
        return _clear(scores) or _clear({trial: self._weight(_telling(question), trial) for trial in scores})

    def _weight(self, telling: list[str], trial: str) -> float:
        vocabulary = self.vocabulary[trial]
        return sum(self.idf[word] * vocabulary[word] for word in set(telling) if word in vocabulary)


def _clear(scores: Mapping[str, float]) -> list[str]:
    """The trial that lies clearly before the next, or none."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or (len(ranked) > 1 and ranked[0][1] < _MARGIN * ranked[1][1]):
        return []
    return [ranked[0][0]]


def without_names(text: str) -> str:
    """The text with "it" for NCT numbers and for what only describes a trial: what is asked and searched inside one."""
    plain = NCT.sub("it", _BY_DESCRIPTION.sub(_by_pronoun, _BARE.sub("it", text)))
    return " ".join(re.sub(r"[(\[]\s*it\s*[)\]]", " ", plain).split())


def _by_pronoun(described: re.Match[str]) -> str:
    """ "in Dr. Quill's asthma study" → "in it", "what is the asthma trial testing" → "what is it testing"."""
    preposition = re.match(r"(?:in|of|for|from|by|to|on|into)\b", described[0], re.IGNORECASE)
    return f"{preposition[0]} it" if preposition else "it"


def names(trials: Iterable[Trial]) -> Names:
    """What the given (merged) trials can be called by."""
    aliases: defaultdict[str, set[str]] = defaultdict(set)
    vocabulary: dict[str, dict[str, float]] = {}
    frequency: Counter[str] = Counter()
    titles: dict[str, frozenset[str]] = {}
    for trial in trials:
        for alias in _aliases(trial):
            aliases[alias.lower()].add(trial.id)
        vocabulary[trial.id] = _vocabulary(trial)
        titles[trial.id] = frozenset(_telling(trial.title or ""))
        frequency.update(vocabulary[trial.id].keys())
    total = len(vocabulary)
    idf = {word: math.log((total + 1) / count) for word, count in frequency.items()}
    return Names({alias: frozenset(ids) for alias, ids in aliases.items()}, vocabulary, idf, titles)


def _aliases(trial: Trial) -> Iterator[str]:
    yield trial.id
    others = (trial.nct_id, trial.acronym, *trial.other_ids)
    yield from (alias for alias in others if alias and len(alias) >= (5 if alias.isdigit() else 3))
    for source in trial.sources:
        yield source.document
        yield PurePath(source.document).name
        yield PurePath(source.document).stem


def _vocabulary(trial: Trial) -> dict[str, float]:
    people = (official.name for official in (*trial.officials, *trial.contacts))
    drugs = (name for item in trial.interventions for name in (item.name, *item.other_names))
    sections = [s for s in trial.sections if s.name in {"summary", "description", "arms", "conditions"}]
    places = {
        "text": (
            *(trial.quote(section.span)[:4000] for section in sections),
            *(arm.label for arm in trial.arms),
            *(place for site in trial.sites[:20] for place in (site.facility, site.city) if place),
        ),
        "title": (trial.title or trial.id, trial.official_title, *trial.conditions, *trial.keywords),
        "name": (*people, *drugs, trial.sponsor),
    }
    found: dict[str, float] = {}
    for place, texts in places.items():
        for word in (word for text in texts if text for word in _telling(text)):
            found[word] = max(found.get(word, 0.0), _WEIGHTS[place])
    return found


_SILENT = frozenset(stem(word) for word in GENERIC)


def _telling(text: str) -> list[str]:
    """The stems that can tell trials apart: no function words, no words of every trial, no bare numbers."""
    return [word for word in stems(text, drop=STOPWORDS) if word not in _SILENT and not word.replace(".", "").isdigit()]


def _is_a_name(printed: str, after: str) -> bool:
    """An alias that is also a plain word ("hope") counts only when it is printed as a name or called a trial."""
    plain_word = printed.replace(" ", "").isalpha() and printed.islower()
    return not plain_word or bool(re.match(r"[\s,)]*(?:trial|study)\b", after, re.IGNORECASE))
