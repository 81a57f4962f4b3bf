"""A deterministic answer in a chat model's words: sentence by sentence as they pass the verifier, never another verdict."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.claims import numbers
from assistant.errors import ModelFault
from assistant.model import ChatModel
from assistant.prompting import template
from assistant.reply import Audience, Citation, Draft, Finding, Reply, Sentence, draft
from assistant.verifier import Ground, fault
from index.words import stems

WORDED: Final = frozenset({"answer", "not_stated"})
"""Kinds of reply that a model may word; what matters for safety, and questions back, are never sent."""
MOST_EVIDENCE: Final = 24
"""Passages that a model is given."""
LONGEST: Final = 12_000
"""Characters of them, together."""
MOST_SENTENCES: Final = 6


class Said(BaseModel):
    """One sentence and the numbers of the passages that prove it."""

    model_config = ConfigDict(extra="forbid")
    text: str
    citations: list[int]


class Worded(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid")
    verdict: Literal["yes", "no", "depends"] | None
    sentences: list[Said]


@dataclass(frozen=True)
class Task:
    """What is to be worded, and what the wording is held to."""

    reply: Reply
    """As it may be shown without a model."""
    question: str
    audience: Audience
    ground: Ground
    evidence: tuple[Citation, ...]
    """The reply's citations, then more passages of the same trials. All of them hold."""


@dataclass
class _Draft:
    """The sentences that passed so far."""

    task: Task
    passed: list[Sentence] = field(default_factory=list)
    """Their citations count in the evidence."""
    withheld: dict[str, int] = field(default_factory=dict)
    read: int = 0

    def take(self, said: Said) -> None:
        """One more sentence: kept, or counted with the reason why not."""
        self.read += 1
        text = " ".join(said.text.split())
        places = tuple(dict.fromkeys(number - 1 for number in said.citations))
        if not text or self.read > MOST_SENTENCES or any(text == one.text for one in self.passed):
            return
        if any(not 0 <= place < len(self.task.evidence) for place in places):
            self._withhold("citation")
            return
        reason = fault(text, [self.task.evidence[place] for place in places], self.task.ground)
        if reason is not None:
            self._withhold(reason)
        else:
            self.passed.append(Sentence(text, places))

    def _withhold(self, reason: str) -> None:
        self.withheld[reason] = self.withheld.get(reason, 0) + 1

    def shown(self) -> Draft | None:
        """What may be shown while the answer is written: nothing before the fact that it rests on has been said."""
        first = essentials(self.task.reply)[:1]
        if not self.passed or any(_is_lost(one, self.passed, self.task) for one in first):
            return None
        return draft(_reply(self.task, self.passed))

    def whole(self) -> Reply:
        """The answer, with the deterministic sentence for each fact that the model left out."""
        if not self.passed:
            unproven = _with_finding(self.task.reply, "no sentence of it could be proven from the documents")
            return replace(unproven, withheld=_added(unproven.withheld, self.withheld))
        lost = [one for one in essentials(self.task.reply) if _is_lost(one, self.passed, self.task)]
        before = [one for one in lost if one in essentials(self.task.reply)[:1]]
        said = _reply(self.task, [*before, *self.passed, *(one for one in lost if one not in before)])
        return replace(said, withheld=_added(said.withheld, self.withheld))


def words(model: ChatModel, task: Task) -> Generator[Draft, None, Reply]:
    """The reply as far as its sentences passed, again and again; returns the whole of it: the deterministic one where none did."""
    so_far = _Draft(task)
    try:
        for written in model.stream(_prompt(task), Worded):
            if isinstance(written, Worded):
                _agree(task, written.verdict)
                complete = written.sentences
            elif "verdict" in written and "sentences" in written:
                complete = _complete(written)
                if not complete:
                    continue
                _agree(task, written["verdict"])
            else:
                continue
            if len(complete) < so_far.read:
                so_far = _Draft(task)  # it was asked again, and begins anew
            before = len(so_far.passed)
            for said in complete[so_far.read :]:
                so_far.take(said)
            if len(so_far.passed) > before and (shown := so_far.shown()):
                yield shown
    except ModelFault as reason:
        return _with_finding(task.reply, str(reason))
    return so_far.whole()


def _complete(written: Mapping[str, Any]) -> list[Said]:
    """The sentences that are written to their end: all but the last."""
    try:
        return [Said.model_validate(one) for one in list(written["sentences"] or ())[:-1]]
    except (TypeError, ValidationError):
        return []


def _agree(task: Task, verdict: object) -> None:
    if verdict != task.reply.verdict:
        raise ModelFault("its verdict is not the one that the documents give")


def _prompt(task: Task) -> Any:
    reply = task.reply
    return template("word_answer").fill(
        question=task.question,
        audience=task.audience,
        kind=reply.kind,
        verdict=reply.verdict,
        answer=[{"text": one.text, "citations": [at + 1 for at in one.citations]} for one in reply.sentences],
        evidence=[
            {"number": number, "trial": one.trial, "section": one.section, "passage": one.quote}
            for number, one in enumerate(task.evidence, 1)
        ],
    )


def essentials(reply: Reply) -> list[Sentence]:
    """Of each trial the sentence that carries the answer: the first with a passage, or the second where only that has numbers."""
    found = []
    for trial in reply.trials:
        own = [one for one in reply.sentences if any(reply.citations[at].trial == trial for at in one.citations)][:2]
        with_numbers = [one for one in own if numbers(one.text)]
        found += (with_numbers or own)[:1]
    return list(dict.fromkeys(found))


def _is_lost(sentence: Sentence, passed: Sequence[Sentence], task: Task) -> bool:
    """Whether nothing of what a sentence tells is said: none of its numbers, or none of its words beside the question's."""
    said = " ".join(one.text for one in passed)
    values = {one.value for one in numbers(sentence.text)}
    if values:
        return not values & {one.value for one in numbers(said)}
    telling = set(stems(sentence.text)) - set(stems(task.question))
    return bool(telling) and not telling & set(stems(said))


def _reply(task: Task, sentences: Sequence[Sentence]) -> Reply:
    """The reply in these sentences; citations are numbered in the order of their use, so that a longer one counts alike."""
    places: dict[int, int] = {}

    def numbered(at: int) -> int:
        return places.setdefault(at, len(places))

    said = tuple(replace(one, citations=tuple(map(numbered, one.citations))) for one in sentences)
    findings = tuple(replace(one, citations=tuple(map(numbered, one.citations))) for one in task.reply.findings)
    cited = tuple(task.evidence[at] for at in places)
    return replace(task.reply, sentences=said, findings=findings, citations=cited)


def _with_finding(reply: Reply, reason: str) -> Reply:
    return replace(reply, findings=(*reply.findings, not_used(reason)))


def not_used(reason: str) -> Finding:
    """Said where a chat model is configured and the answer is not in its words."""
    return Finding("model", f"The chat model’s wording was not used: {reason}.")


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {reason: one.get(reason, 0) + other.get(reason, 0) for reason in (*one, *(new for new in other if new not in one))}


def evidence(reply: Reply, more: Sequence[Citation]) -> tuple[Citation, ...]:
    """The reply's citations, as they count in it, then further passages as far as there is room."""
    chosen = list(reply.citations)
    room = LONGEST - sum(len(one.quote) for one in chosen)
    for one in more:
        known = any(one.document == other.document and other.start <= one.start and one.end <= other.end for other in chosen)
        if not known and len(chosen) < MOST_EVIDENCE and len(one.quote) <= room:
            chosen.append(one)
            room -= len(one.quote)
    return tuple(chosen)
