"""The composition root: the one module that names concrete classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from assistant.chat.engine import Engine
from assistant.dialogue import Conversation
from assistant.reply import Audience, Reply
from assistant.settings import Settings
from index.library import Library


@dataclass(frozen=True)
class Assistant:
    """The assistant over one index."""

    library: Library
    engine: Engine

    def ask(self, question: str, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Reply:
        """The reply to a question by itself. Raises UnknownTrial when the scope names a trial that is not indexed."""
        return self.conversation(scope=scope, audience=audience).ask(question)

    def conversation(self, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Conversation:
        """A new conversation."""
        return Conversation(self.engine, tuple(scope), audience)


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the index in the settings' data folder. Raises NothingIndexed, StaleIndex or StoreUnavailable."""
    library = Library.open(settings.data_dir, settings.embedder)
    return Assistant(library, Engine(library, _versions(library)))


def _versions(library: Library) -> dict[str, object]:
    """What an answer depends on."""
    made = library.versions
    return {
        "assistant": version("eligibility-assistant"),
        "index": f"{made['schema']}.{made['criteria']}.{made['passages']}",
        "embedder": made["embedder"],
        "model": None,
        "prompts": {},
    }
