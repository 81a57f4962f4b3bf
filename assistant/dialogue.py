"""A conversation: messages in turn, each answered within the scope that stands, which follow-ups inherit."""

from dataclasses import dataclass, field

from assistant.chat.engine import Engine
from assistant.citations import broken, without
from assistant.reply import Audience, Reply
from index.scope import Scope


@dataclass
class Conversation:
    """One person's turns. `scope` is shown and may be set; a message that names trials moves it."""

    engine: Engine
    scope: tuple[str, ...] = ()
    """Trial ids that the next message is about unless it names others."""
    audience: Audience = "patient"
    replies: list[Reply] = field(default_factory=list)

    def ask(self, message: str) -> Reply:
        """The reply to one message. Every citation has been checked against its document."""
        meant = self.engine.scope(message)
        reply = checked(self.engine, self.engine.answer(message, scope=() if self._moves(meant) else self.scope))
        if meant.how in {"named", "described", "mentioned"} and reply.trials:
            self.scope = reply.trials
        self.replies.append(reply)
        return reply

    def _moves(self, meant: Scope) -> bool:
        """Whether a message leaves the scope: it names trials, or describes others than those in it."""
        described = meant.how == "described" and not set(meant.trials) & set(self.scope)
        return bool(meant.trials) and (meant.how == "named" or described)


def checked(engine: Engine, reply: Reply) -> Reply:
    """The reply as it may be shown: a sentence with a citation that does not quote its document is taken out."""
    sources = [source for trial_id in reply.trials for source in engine.shelf.trial(trial_id).sources]
    return without(reply, broken(reply, sources))
