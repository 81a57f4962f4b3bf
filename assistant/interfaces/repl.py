"""The conversation in a terminal: each line is a question or a /command."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from rich.console import RenderableType
from rich.text import Text

from assistant.errors import AssistantFault
from assistant.interfaces import render, verdicts
from assistant.interfaces.intake import usable_question
from assistant.reply import Reply
from index.errors import IndexFault

if TYPE_CHECKING:
    from index.library import Library

HELP = """\
Ask in plain words. A line that starts with / is a command:
  /why N            passage [N] of the last answer, in its document
  /scope            which trials the answers are about
  /scope ID [ID …]  only these trials; /scope all for every one
  /trials           the trials in the index
  /facts            what was told of the patient, how it was read, and in which message
  /forget N         hold fact N no more; /forget for all of them
  /correct N WORDS  put other words in the place of fact N
  /help             this
  /quit             leave (Ctrl-D does the same)"""


AGAIN = "That was not the whole of it. The answer, from the beginning:"
NOTHING_HELD = "Nothing is held of a patient."


class Conversing(Protocol):
    """A conversation: what was said before bears on the next answer."""

    scope: tuple[str, ...]

    def stream(self, message: str) -> Iterator[Reply]:
        """The answer to the next message as far as it may be shown, and last the whole of it."""

    def state(self) -> Mapping[str, Any]:
        """What is held: the trials in scope, and the facts of the patient with their turns."""

    def forget(self, number: int | None = None) -> None:
        """Hold the fact of that number no more; without one, nothing of the patient."""

    def correct(self, number: int, words: str) -> None:
        """Put what these words tell in the place of the fact of that number."""


def told(written: Iterable[Reply], say: Callable[[RenderableType], None]) -> Reply:
    """Say an answer while it is written, sentence by sentence, and then what belongs to it. Returns the whole. At least one reply."""
    said: list[str] = []
    for reply in written:
        lines = [render.marked(one) for one in reply.sentences]
        if reply.assessment is None and lines[: len(said)] == said:
            opening = [] if said else render.label(reply)
            for line in [*opening, *map(Text, lines[len(said) :])]:
                say(line)
            said = lines
    if said == lines and reply.assessment is None:
        say(render.closing(reply))
    else:
        if said:
            say(Text(AGAIN, style="dim"))
        say(verdicts.reply(reply))
    return reply


@dataclass
class Talk:
    """One conversation in a terminal and what was said in it."""

    conversation: Conversing
    library: "Library"
    say: Callable[[RenderableType], None]
    turns: list[tuple[str, Reply]] = field(default_factory=list)

    def run(self, lines: Iterable[str]) -> None:
        """Answer line after line until /quit or the end; a fault in one line is said and the next goes on."""
        for line in lines:
            if line.strip() in ("/quit", "/exit", "/q"):
                return
            try:
                self._line(line.strip())
            except (AssistantFault, IndexFault) as fault:
                self.say(Text(render.plain(str(fault)), style="yellow"))

    def _line(self, line: str) -> None:
        if not line:
            return
        if line.startswith("/"):
            command, *arguments = line.split()
            self._command(command, arguments)
        else:
            self.turns.append((line, told(self.conversation.stream(usable_question(line)), self.say)))

    def _command(self, command: str, arguments: Sequence[str]) -> None:
        if command == "/why":
            self._why(arguments)
        elif command == "/scope":
            self._scope(arguments)
        elif command == "/trials":
            self.say(render.trials(self.library.trials()))
        elif command == "/facts":
            self._facts()
        elif command in ("/forget", "/correct"):
            self._change(command, arguments)
        elif command == "/help":
            self.say(Text(HELP))
        else:
            self.say(Text(f"There is no {render.plain(command)}; /help lists what there is."))

    def _scope(self, names: Sequence[str]) -> None:
        if list(names) == ["all"]:
            self.conversation.scope = ()
        elif names:
            self.conversation.scope = tuple(self.library.trial(name).id for name in names)
        trials = ", ".join(self.conversation.scope) or "all trials in the index"
        self.say(Text(f"Answers are about: {render.plain(trials)}"))

    def _facts(self) -> None:
        facts = self.conversation.state()["facts"]
        held = "\n".join(
            f"{fact['number']}. message {fact['turn']}: {fact['words']} (read as: {fact['read']})" for fact in facts
        )
        self.say(Text(f"Told of the patient, and how it was read:\n{render.plain(held)}" if held else NOTHING_HELD))

    def _change(self, command: str, arguments: Sequence[str]) -> None:
        """/forget, /forget N or /correct N WORDS; what is held afterwards is said."""
        number, words = (arguments[0] if arguments else ""), " ".join(arguments[1:])
        known = {str(fact["number"]): int(fact["number"]) for fact in self.conversation.state()["facts"]}
        if command == "/forget" and not number:
            self.conversation.forget()
        elif number not in known or (command == "/correct" and not words):
            self.say(Text(f"{command} takes the number of a fact{' and the right words' if command == '/correct' else ''}."))
        elif command == "/forget":
            self.conversation.forget(known[number])
        else:
            self.conversation.correct(known[number], usable_question(words))
        self._facts()

    def _why(self, arguments: Sequence[str]) -> None:
        citations = self.turns[-1][1].citations if self.turns else ()
        number = arguments[0].strip("[]") if arguments else "1"
        if not citations:
            self.say(Text("There is no answer with passages yet."))
        elif number.isdecimal() and 1 <= int(number) <= len(citations):
            citation = citations[int(number) - 1]
            self.say(render.in_context(citation, self.library.source(citation.document)))
        else:
            self.say(Text(f"The last answer has passages 1 to {len(citations)}: /why 1"))

    def document(self) -> dict[str, Any]:
        """The conversation as `chat --json` prints it."""
        return {"turns": [{"user": said, "reply": reply.as_json()} for said, reply in self.turns]}
