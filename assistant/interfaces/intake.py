"""What an interface takes from outside: how much at once, and requests made sound or refused with what to do."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final, Literal

from assistant.eligibility.clock import Clock
from assistant.errors import UnusableQuestion, UnusableRequest
from index.loaders import vocabulary
from index.trial import SECTIONS

Form = Literal["html", "pdf", "md"]
"""What a hand-off sheet is written as."""
FORMS: Final[tuple[Form, ...]] = ("html", "pdf", "md")
QUESTION = 20_000
"""Characters in a question: several pages; a longer text is a document, and belongs in the index."""
NOTE = 100_000
"""Characters of a patient's free text: a long discharge summary many times over."""
RECORD = 20_000_000
"""Characters of a patient's JSON (a FHIR bundle, a profile)."""
BODY = 4_000_000
"""Bytes in the body of an HTTP request: a FHIR bundle of some thousand resources."""
EARLIER = 60
"""Messages of a conversation that a request sends again with its question."""
HITS = 100
"""Passages in one search."""
SCOPE = 200
"""Trials named for one question."""
_STEERING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, overrides of the writing direction, and bytes that were no UTF-8: no part of any word."""
_NO_TEXT = re.compile("[\ud800-\udfff]")
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


def usable_note(text: str) -> str:
    """What is told of a patient, as long as it was: evidence counts its characters. Bytes that were no UTF-8 become "\ufffd".

    Raises UnusableRequest when it is empty or too long.
    """
    if not any(character.isalnum() for character in text):
        raise UnusableRequest("Nothing is told of the patient. Give a note, a FHIR R4 bundle or a profile, as text or JSON.")
    most = RECORD if text.lstrip().startswith("{") else NOTE
    if len(text) > most:
        raise UnusableRequest(
            f"The patient's text has {len(text):,} characters; {most:,} are the most that can be read at once. "
            "Give the letters or notes that tell how the patient is now."
        )
    return _NO_TEXT.sub("\ufffd", text)


def usable_form(out: Path | None) -> Form:
    """The form in which a sheet is written, by its file's name. Raises UnusableRequest for one that no sheet has."""
    ending = "md" if out is None else out.suffix.lower().removeprefix(".")
    for form in FORMS:
        if form == ending:
            return form
    raise UnusableRequest(f"{out} names no form that a sheet is written in. End it with .html, .pdf or .md.")


def usable_clock(today: str | None, start: str | None, *, now: date) -> Clock:
    """The two days that are counted to: `start` is today where none is given, today is `now`. Raises UnusableRequest."""
    day = _day(today, "today") or now
    return Clock(day, _day(start, "start") or day)


def _day(text: str | None, name: str) -> date | None:
    if text is None or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        raise UnusableRequest(
            f"{text[:40]!r} is no day for {name}. Write it as year-month-day, for example 2026-01-31."
        ) from fault


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
