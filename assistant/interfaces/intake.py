"""What an interface takes from outside: how much at once, and requests made sound or refused with what to do."""

import re
from collections.abc import Iterable

from assistant.errors import UnusableQuestion, UnusableRequest
from index.loaders import vocabulary
from index.trial import SECTIONS

QUESTION = 20_000
"""Characters in a question: several pages; a longer text is a document, and belongs in the index."""
BODY = 256_000
"""Bytes in the body of an HTTP request."""
HITS = 100
"""Passages in one search."""
SCOPE = 200
"""Trials named for one question."""
_STEERING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, overrides of the writing direction, and bytes that were no UTF-8: no part of any word."""
_EXAMPLE = 'Ask something, for example "Who can join this trial?"'
SECTION_NAMES = ("inclusion", "exclusion", *SECTIONS)
"""What a search can be limited to."""


def usable_question(text: str) -> str:
    """The question without steering characters and white space around it.

    Raises UnusableQuestion for one that is empty, without a word or number, or too long.
    """
    question = _STEERING.sub(" ", text).strip()
    if not question:
        raise UnusableQuestion(f"The question is empty. {_EXAMPLE}")
    if not any(character.isalnum() for character in question):
        raise UnusableQuestion(f"The question holds no words. {_EXAMPLE}")
    if len(question) > QUESTION:
        raise UnusableQuestion(
            f"The question has {len(question):,} characters; {QUESTION:,} are the most that can be read at once. "
            "Shorten it to what you want to know; to ask about a long document, save it as a file and index it."
        )
    return question


def usable_sections(names: Iterable[str]) -> tuple[str, ...]:
    """The sections as the index names them; "eligibility" takes in both lists. Raises UnusableRequest for an unknown one."""
    chosen = tuple(name.strip().lower() for name in names)
    unknown = [name for name in chosen if name not in SECTION_NAMES]
    if unknown:
        raise UnusableRequest(f"No section is called {', '.join(unknown)}. There are: {', '.join(SECTION_NAMES)}.")
    return (*chosen, *(("inclusion", "exclusion") if "eligibility" in chosen else ()))


def usable_statuses(names: Iterable[str]) -> tuple[str, ...]:
    """The statuses as the registry writes them: "active, not recruiting" → ACTIVE_NOT_RECRUITING. Raises UnusableRequest."""
    chosen = {name: vocabulary.status(name) for name in names}
    unknown = [name for name, status in chosen.items() if status is None]
    if unknown:
        raise UnusableRequest(f"No status is called {', '.join(unknown)}. There are: {', '.join(sorted(vocabulary.STATUSES))}.")
    return tuple(status for status in chosen.values() if status)
