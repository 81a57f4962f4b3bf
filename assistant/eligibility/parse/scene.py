"""Where a stretch of a criterion stands while it is read: the text, and whether it describes what is barred."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from assistant.eligibility.conditions import Condition
from assistant.eligibility.parse.tokens import Token, Tokens

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Scene:
    """The text read, and how its lists are meant."""

    text: str
    bars: bool
    """True in an exclusion list and under a negation: "and" then mostly enumerates alternatives."""
    read: "Callable[[Tokens, Scene], Condition | None]"
    """Reads a part, as brackets hold them."""
    depth: int = 0

    def deeper(self, bars: bool | None = None) -> "Scene":
        """The scene of a part."""
        return replace(self, depth=self.depth + 1, bars=self.bars if bars is None else bars)

    @property
    def too_deep(self) -> bool:
        """Whether parts within parts have to be left as words."""
        return self.depth > _DEEPEST

    def words(self, tokens: Tokens) -> str:
        """What the tokens say, as the text has it, folded."""
        return " ".join(self.text[tokens[0].start : tokens[-1].end].split()).strip(" ,;:.") if tokens else ""


def trimmed(tokens: Tokens, *, ends: str = "comma semicolon colon or and") -> Tokens:
    """Without empty tokens and separators at the ends."""
    first, last = 0, len(tokens)
    loose = frozenset(ends.split())
    while first < last and _loose(tokens[first], loose):
        first += 1
    while last > first and _loose(tokens[last - 1], loose):
        last -= 1
    return tokens[first:last]


def _loose(token: Token, loose: frozenset[str]) -> bool:
    return (
        token.kind in ("empty", "stop")
        or (token.kind == "separator" and token.value in loose)
        or (token.kind == "cue" and token.value in ("and", "or", "but") and token.value in loose | {"but"})
    )


def solid(tokens: Tokens) -> bool:
    """Whether something is said that a condition can be read from."""
    return any(
        token.kind in ("concept", "measure", "dose", "grading", "age", "sex", "everybody", "group", "word", "soft", "trait")
        for token in tokens
    ) or any(solid(token.inside) for token in tokens if token.kind == "paren")


def known(tokens: Tokens) -> bool:
    """Whether a concept, measure, class or person is named."""
    return any(token.kind in ("concept", "measure", "dose", "grading", "age", "sex", "everybody", "group") for token in tokens)
