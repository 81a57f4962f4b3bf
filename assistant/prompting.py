"""Prompts: one Markdown file each, its variables checked when it is loaded, its hash kept with every answer that used it.

Above the line `---` stand the rules, below it the data. Every variable stands in the data and is filled with JSON, so that nothing
in a document or a message can pass for a rule, or for the end of its own place.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from assistant.errors import UnusablePrompt

VARIABLES: Final[Mapping[str, frozenset[str]]] = {
    "read_message": frozenset({"message", "earlier"}),
    "word_answer": frozenset({"question", "audience", "kind", "verdict", "answer", "evidence"}),
    "judge_criterion": frozenset({"kind", "criterion", "note"}),
}
"""What the callers fill, by prompt."""
_VARIABLE: Final = re.compile(r"\{\{(\w+)\}\}")
_LINE: Final = "\n---\n"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it is sent: the rules, and the data that they speak of."""

    rules: str
    data: str


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt's file."""

    name: str
    rules: str
    data: str
    hash: str
    """The first 12 hex digits of the file's sha256."""

    def fill(self, **values: Any) -> Prompt:
        """The prompt with each variable as JSON. Raises KeyError where one is not given."""
        return Prompt(self.rules, _VARIABLE.sub(lambda name: json.dumps(values[name[1]], ensure_ascii=False), self.data))


@cache
def template(name: str) -> Template:
    """The prompt of that name. Raises UnusablePrompt where its variables are others than its caller fills."""
    return parsed(name, files("prompts").joinpath(f"{name}.md").read_text("utf-8"))


def parsed(name: str, text: str) -> Template:
    """A prompt's text, checked. Raises UnusablePrompt."""
    rules, line, data = text.partition(_LINE)
    found = frozenset(_VARIABLE.findall(data))
    if not line or _VARIABLE.search(rules):
        raise UnusablePrompt(f"prompts/{name}.md must have its rules above a line --- and all variables below it.")
    if found != VARIABLES[name]:
        raise UnusablePrompt(
            f"prompts/{name}.md has the variables {', '.join(sorted(found))}; its caller fills {', '.join(sorted(VARIABLES[name]))}."
        )
    return Template(name, rules.strip(), data.strip(), sha256(text.encode()).hexdigest()[:12])


def hashes() -> dict[str, str]:
    """The hash of every prompt, by name."""
    return {name: template(name).hash for name in VARIABLES}
