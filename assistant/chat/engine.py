"""A question to a reply: which trials are meant, what each of them says, and how that is put together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from assistant.chat.extractive import answer
from assistant.chat.listing import listing
from assistant.chat.points import Point, Said, point, reply
from assistant.chat.question import Question, read_question
from assistant.chat.select import Reading, choose
from assistant.chat.silence import declined, declined_among
from assistant.chat.synonyms import expansion
from assistant.chat.topics import topical_stems
from assistant.chat.wording import criterion_of
from assistant.reply import Reply, ReplyKind, Sentence
from assistant.voices import Voiced, voiced
from index.scope import NCT, Names, Scope, names, without_names
from index.trial import Hit, Passage, Trial

MOST_TRIALS: Final = 5
"""Trials answered one by one; a question that fits more is answered by a list."""
MOST_TRIED: Final = 3
"""Trials asked when the question names none: those of the best passages."""
MOST_LISTED: Final = 10
"""Trials named in a list."""
_MOST_PICKED: Final = 5
"""Passages looked at for the criteria that a question is about."""
_FINDS_TRIALS: Final = re.compile(
    r"\b(?:which|what|any|list|find|show|are there|how many)\s+(?:\w+\s+|\w+-\w+\s+){0,4}(?:trials|studies)\b"
    r"|\b(?:trials|studies)\s+(?:for|on|with|using|that|in|testing|about)\b",
    re.IGNORECASE,
)


class Shelf(Protocol):
    """What the engine needs of an index: `index.library.Library` is one."""

    @property
    def generation(self) -> int:
        """Rises with every change of the index."""

    def trials(self) -> Sequence[Trial]:
        """Every trial, merged over its documents."""

    def trial(self, trial_id: str) -> Trial:
        """The trial of that id or name; raises UnknownTrial."""

    def passages(self, trial_ids: Sequence[str]) -> Sequence[Passage]:
        """Every passage of those trials."""

    def search(self, query: str, *, trials: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        """The best passages, of those trials only when any are given."""


@dataclass
class Engine:
    """Answers questions from one index."""

    shelf: Shelf
    versions: Mapping[str, object] = field(default_factory=dict)
    """What every reply says that it depends on."""
    _names: Names | None = field(default=None, init=False)
    _generation: int = field(default=-1, init=False)

    def answer(self, text: str, *, scope: Sequence[str] = ()) -> Reply:
        """The reply to one question. `scope`: trial ids that it is limited to; raises UnknownTrial for one that is not indexed."""
        return replace(self._answer(text, scope), versions=self.versions)

    def _answer(self, text: str, scope: Sequence[str]) -> Reply:
        question = read_question(text)
        limited = tuple(dict.fromkeys(self.shelf.trial(trial_id).id for trial_id in scope))
        meant = self._meant(question, limited)
        if meant.unknown and not meant.trials:
            return _nothing(_missing(meant.unknown))
        if meant.trials:
            return self._answer_for(meant.trials[:MOST_TRIALS], question, meant.unknown)
        return self._answer_open(question)

    def decline(self, text: str, says: str, *, scope: Sequence[str] = ()) -> Reply:
        """A request for advice is declined in the words given, with what the record does say of the one trial that is meant."""
        question = read_question(text)
        meant = self._meant(question, tuple(dict.fromkeys(self.shelf.trial(trial_id).id for trial_id in scope)))
        readings = [
            Reading(trial, question, self.shelf.passages([trial.id]), self._find)
            for trial in map(self.shelf.trial, meant.trials[:MOST_TRIALS])
        ]
        if not readings:
            return Reply("declined", (Sentence(says),), versions=self.versions)
        if len(readings) == 1:
            said = [(readings[0].trial, declined(readings[0], says))]
        else:
            said = [(one.trial, part) for one, part in zip(readings, declined_among(readings, says), strict=True)]
        return replace(reply(said, kind="declined", verdict=None), versions=self.versions)

    def criteria(self, text: str, trial_id: str) -> frozenset[str]:
        """Ids of the criteria of one trial that a question's words lead to, with those that stand above them."""
        trial = self.shelf.trial(trial_id)
        selection = choose(Reading(trial, read_question(text), self.shelf.passages([trial_id]), self._find), _MOST_PICKED)
        found = [criterion for pick in selection.picks if (criterion := criterion_of(trial, pick.passage))]
        return frozenset(id for criterion in found for id in (criterion.id, criterion.parent) if id)

    def scope(self, text: str) -> Scope:
        """Which trials a text names or describes."""
        if self._names is None or self._generation != self.shelf.generation:
            self._names, self._generation = names(self.shelf.trials()), self.shelf.generation
        return self._names.find(text)

    def _meant(self, question: Question, limited: tuple[str, ...]) -> Scope:
        """The scope by the question's own words within the limit; the limit itself when the question names nothing in it."""
        found = self.scope(question.text)
        if not limited:
            named = found.trials and found.how == "named"
            finds = _FINDS_TRIALS.search(NCT.sub("", question.text)) and not named
            return Scope((), "open", tuple(filter(NCT.fullmatch, found.unknown))) if finds else found
        if not found.trials and any(NCT.fullmatch(name) for name in found.unknown):
            return found
        inside = tuple(trial for trial in found.trials if trial in limited)
        return Scope(inside or limited, "named", found.unknown)

    def _answer_for(self, trial_ids: Sequence[str], question: Question, unknown: Sequence[str]) -> Reply:
        """What each of the trials says. At least one trial."""
        if _asks_nothing(question):
            return self._clarify("what-to-know", trial_ids)
        said = [self._said(trial_id, question) for trial_id in trial_ids]
        if unknown:
            first, part = said[0]
            said[0] = (first, replace(part, points=(point(_missing(unknown)), *part.points)))
        return _joined(said)

    def _said(self, trial_id: str, question: Question) -> tuple[Trial, Said]:
        trial = self.shelf.trial(trial_id)
        return trial, answer(Reading(trial, question, self.shelf.passages([trial_id]), self._find))

    def _find(self, trial: Trial, question: Question) -> Sequence[Hit]:
        return self.shelf.search(expansion(without_names(question.text)), trials=[trial.id], k=24)

    def _answer_open(self, question: Question) -> Reply:
        """No trial is named: list the trials that fit, ask which is meant, or answer from those that speak of it."""
        hits = self.shelf.search(expansion(question.text), k=60)
        if _FINDS_TRIALS.search(question.text):
            return self._listing(question, hits)
        ranked = list(dict.fromkeys(hit.passage.trial for hit in hits))
        if _asks_nothing(question) or (question.topics and not _telling(question)):
            possible = ranked or [trial.id for trial in self.shelf.trials()]
            return self._clarify("which-trial", possible[:MOST_TRIALS])
        if not ranked:
            return _nothing(voiced("nothing-speaks"))
        said = [self._said(trial_id, question) for trial_id in ranked[:MOST_TRIED]]
        return _joined([(trial, part) for trial, part in said if part.kind == "answer"] or said[:1])

    def _listing(self, question: Question, hits: Sequence[Hit]) -> Reply:
        trials = self.shelf.trials()
        found = listing(trials, question, hits)
        if not found:
            return _nothing(voiced("none-fits"))
        more = f"; the first {MOST_LISTED}:" if len(found) > MOST_LISTED else ":"
        count = voiced("fits" if len(found) == 1 else "fit", number=len(found), all=len(trials), more=more)
        first, told = found[0]
        rest = [(trial, Said((one,))) for trial, one in found[1:MOST_LISTED]]
        return reply([(first, Said((point(count), told))), *rest], kind="answer", verdict=None)

    def _clarify(self, name: str, trial_ids: Sequence[str]) -> Reply:
        """A question back, with the trials that it can be about."""
        first, *rest = [(trial, Point(_title(trial))) for trial in map(self.shelf.trial, trial_ids)]
        said = [(first[0], Said((point(voiced(name)), first[1]))), *((trial, Said((one,))) for trial, one in rest)]
        return reply(said, kind="clarify", verdict=None)


def _title(trial: Trial) -> str:
    return f"{trial.id}: {trial.title}" if trial.title else f"{trial.id} ({trial.sources[0].document})"


def _asks_nothing(question: Question) -> bool:
    """Nothing but a greeting or a pointer ("what about it?")."""
    return question.form == "open" and not (question.topics or question.stems)


def _telling(question: Question) -> bool:
    """Whether the question says more than its topic, so that passages can tell which trial fits."""
    topical = topical_stems(question.text, question.topics)
    return len([word for word in question.stems if word not in topical]) >= 2


def _joined(said: Sequence[tuple[Trial, Said]]) -> Reply:
    """What several trials say as one reply, each under its name. One that stops somebody decides nothing for the others."""
    parts = [part for _, part in said]
    verdicts = {part.verdict for part in parts}
    verdict = verdicts.pop() if len(verdicts) == 1 else "depends"
    named = said if len(said) == 1 else [(trial, _named(trial, part)) for trial, part in said]
    return reply(named, kind=_kind(parts), verdict=verdict)


def _named(trial: Trial, said: Said) -> Said:
    """What one of several trials says, under its name."""
    first, *rest = said.points
    return replace(said, points=(first.under(trial.acronym or trial.id), *rest))


def _kind(parts: Sequence[Said]) -> ReplyKind:
    kinds = {part.kind for part in parts}
    return "answer" if "answer" in kinds else "declined" if "declined" in kinds else "not_stated"


def _missing(unknown: Sequence[str]) -> Voiced:
    return voiced("not-indexed", names=", ".join(unknown))


def _nothing(said: Voiced) -> Reply:
    """Nothing in the index speaks to the question."""
    return Reply(kind="not_stated", sentences=(Sentence(said.exact, plain=said.plain),))
