"""A conversation: messages in turn, each answered within the scope that stands, which follow-ups inherit."""

from dataclasses import dataclass, field

from assistant.chat.engine import Engine
from assistant.citations import broken, without
from assistant.reply import Audience, Reply


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
        named = self.engine.scope(message)
        limit = () if named.how == "named" and named.trials else self.scope
        reply = checked(self.engine, self.engine.answer(message, scope=limit))
        if named.how in {"named", "described"} and reply.trials:
            self.scope = reply.trials
        self.replies.append(reply)
        return reply


def checked(engine: Engine, reply: Reply) -> Reply:
    """The reply as it may be shown: a sentence with a citation that does not quote its document is taken out."""
    sources = [source for trial_id in reply.trials for source in engine.shelf.trial(trial_id).sources]
    return without(reply, broken(reply, sources))
