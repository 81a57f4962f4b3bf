"""A chat model in a conversation: what it hears in a message and how it words an answer, with what code holds it to."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from assistant.chat.question import read_question
from assistant.citations import cite
from assistant.errors import ModelFault
from assistant.generative.reading import Heard, hear
from assistant.generative.wording import WORDED, Task, evidence, not_used, words
from assistant.model import ChatModel
from assistant.reply import Audience, Citation, Draft, Finding, Reply
from assistant.understanding.telling import Message
from assistant.verifier import Embed, Entails, Ground
from index.scope import without_names
from index.trial import Hit, Trial

MORE: Final = 8
"""Further passages that a model is given."""


class Shelf(Protocol):
    """What is needed of an index."""

    def trial(self, trial_id: str) -> Trial:
        """The trial of that id."""

    def search(self, query: str, *, trials: Sequence[str] = (), k: int = 10) -> Sequence[Hit]:
        """The best passages of those trials."""


@dataclass
class Voice:
    """The chat model of one conversation, message by message."""

    model: ChatModel
    shelf: Shelf
    embed: Embed | None = None
    entails: Entails | None = None
    _fault: ModelFault | None = None
    """Why the message at hand could not be read."""

    def hears(self, message: str, read: Message, earlier: Sequence[str], questions: Sequence[str]) -> Heard:
        """The message as code and model read it together; as code reads it where the model fails."""
        self._fault = None
        try:
            return hear(self.model, message, read, earlier, questions, date.today())
        except ModelFault as fault:
            self._fault = fault
            return Heard(read)

    def says(self, reply: Reply, question: str, told: str, audience: Audience) -> Generator[Draft, None, Reply]:
        """The reply as far as it is worded, again and again; returns the whole. `told`: message and patient in their own words."""
        if reply.kind not in WORDED or not reply.citations or reply.assessment is not None:
            return reply
        if self._fault is not None and self._fault.out_of_reach:
            return replace(reply, findings=(*reply.findings, not_used(str(self._fault))))
        more = tuple(self._more(question, reply))
        excluded = read_question(question).form == "excluded"
        ground = Ground(
            told, tuple(one.text for one in reply.sentences), reply.trials, reply.verdict, excluded, self.embed, self.entails
        )
        said = yield from words(self.model, Task(reply, question, audience, ground, evidence(reply, more)))
        if self._fault is None:
            return said
        unread = Finding("model", f"The chat model did not read this message: {self._fault}.")
        return replace(said, findings=(*said.findings, unread))

    def _more(self, question: str, reply: Reply) -> Iterator[Citation]:
        for trial_id in reply.trials[:1] if len(reply.trials) == 1 else ():
            trial = self.shelf.trial(trial_id)
            for hit in self.shelf.search(without_names(question), trials=[trial_id], k=MORE):
                yield cite(trial, hit.passage.span, hit.passage.section)
