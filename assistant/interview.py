"""The questions that settle a trial, in turn: an answer to the one that waits is taken, and the next is put."""

from dataclasses import dataclass, replace

from assistant.chat.limits import somebody_joins
from assistant.chat.question import read_question
from assistant.deciding import Deciding
from assistant.memory import Memory
from assistant.reply import Reply
from assistant.settling import MOST_TRIALS, Settling, asking, moved_on, settled, stopped, unclear
from assistant.understanding.answering import Answered, answered
from assistant.understanding.asking import corrects
from assistant.understanding.telling import is_note


@dataclass(frozen=True, slots=True)
class Interview:
    """The question that waits in a conversation's memory, and what comes of a message for it."""

    deciding: Deciding
    memory: Memory

    def answer(self, message: str) -> Answered | None:
        """What a message answers to the question that waits; None where none waits and for all else."""
        asked = self.memory.settling.pending
        if asked is None or self.memory.settling.paused or corrects(message):
            return None
        answer = answered(asked, message, self.deciding.day)
        return None if answer is None or (answer.told and is_note(message, answer.told)) else answer

    def taken(self, answer: Answered) -> Reply:
        """The reply to an answer: what it settles, and the next question."""
        state = self.memory.settling
        if answer.word == "stop":
            self.memory.settling = Settling()
            return stopped(state)
        known = answer.word != "unknown"
        if known and answer.told is None:
            self.memory.settling = self._next(moved_on(state)) if state.again else replace(state, again=True)
            return unclear(self.memory.settling, answer)
        before = [self.deciding.standing(trial) for trial in state.trials]
        if answer.told is not None:
            self.memory.tell(answer.told)
        after = {trial: self.deciding.standing(trial) for trial in state.trials}
        repeats = known and not answer.settles and not state.again
        moved = state if repeats else moved_on(state, known=known)
        found = asking(moved, after.__getitem__, self.deciding.audience, self.memory.held.patient)
        self.memory.settling = replace(found, again=repeats)
        asked_of = state.pending.settles if state.pending else ()
        return settled(before, tuple(after.values()), asked_of, answer, self.memory.settling)

    def asking_on(self, message: str, reply: Reply) -> Reply:
        """The reply with the question that settles most, where it is about a person's joining or while such a question waits."""
        state = self.memory.settling
        if _begins(message, reply):
            self.memory.hold_asked(message, self.deciding.day)
            self.memory.settling = self._next(replace(state, trials=reply.trials, joins=reply.verdict is not None))
        elif reply.kind in {"emergency", "declined"}:
            self.memory.settling = replace(state, paused=True)
            return reply
        elif reply.trials and not set(reply.trials) & set(state.trials):
            self.memory.settling = replace(state, pending=None)
        elif state.pending is not None:
            self.memory.settling = self._once_more(state)
        asked = self.memory.settling.pending
        assessment = reply.assessment
        if assessment is not None:
            question = {"text": asked.text, "settles": list(asked.settles)} if asked else None
            assessment = {**assessment, "next_question": question}
        return replace(reply, next_question=asked.text if asked else None, assessment=assessment)

    def _next(self, state: Settling) -> Settling:
        return asking(state, self.deciding.standing, self.deciding.audience, self.memory.held.patient)

    def _once_more(self, waited: Settling) -> Settling:
        """The question put again, but not a third time."""
        found = self._next(waited)
        before, after = waited.pending, found.pending
        same = before is not None and after is not None and before.topic == after.topic
        return self._next(moved_on(waited)) if same and waited.again else replace(found, again=same)


def _begins(message: str, reply: Reply) -> bool:
    """Whether a reply is about a person's joining, so that questions follow it."""
    read = read_question(message)
    joins = somebody_joins(read) or read.form == "excluded"
    about_joining = reply.kind in {"answer", "not_stated"} and 0 < len(reply.trials) <= MOST_TRIALS
    settled_by_a_field = reply.verdict == "no" and reply.assessment is None
    return about_joining and (reply.assessment is not None or joins) and not settled_by_a_field and not read.of_kin
