"""Takes what is told of a patient, in any form, and reads it: a FHIR bundle, a profile, or a note in plain words."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.eligibility.intake.fhir import read_bundle
from assistant.eligibility.intake.profile import read_profile
from assistant.eligibility.notes import read_note
from assistant.eligibility.numbers.units import implausible_age
from assistant.eligibility.patient import Patient
from assistant.eligibility.times.dates import age_on
from assistant.errors import UnusableRequest

_UNREADABLE = 0.02
"""More control and replacement characters than this share are no text."""


def read_patient(text: str, today: date) -> Patient:
    """The patient that a text tells of: JSON with a resourceType is FHIR, other JSON a profile, all else a note.

    Raises UnusableRequest for an empty text, binary content, and JSON that is broken or holds no patient. A note in another
    language comes back without facts, and `problems` says so.
    """
    told = text.removeprefix("\ufeff")
    if not told.strip():
        raise UnusableRequest("Nothing is told of the patient: the text is empty. Give a note, a FHIR R4 bundle or a profile.")
    if _is_binary(told):
        raise UnusableRequest(
            "This is no text: it looks like a binary file. Save the note as plain text (UTF-8) and try again."
        )
    if told.lstrip()[0] in "{[":
        return _read_json(told, today)
    return read_note(text, today)


def _is_binary(text: str) -> bool:
    odd = sum(1 for character in text if character == "\ufffd" or (character < " " and character not in "\t\n\r\f\v"))
    return "\x00" in text or odd > _UNREADABLE * len(text)


def _read_json(text: str, today: date) -> Patient:
    try:
        document: Any = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as fault:
        if not _looks_like_json(text):
            return read_note(text, today)
        where = f"line {fault.lineno}, column {fault.colno}"
        raise UnusableRequest(f"The JSON is broken at {where}: {fault.msg}. Export it again, or correct it there.") from fault
    except (RecursionError, ValueError) as fault:
        raise UnusableRequest(
            "The JSON cannot be read: it is nested too deeply, or holds NaN, Infinity or a number too long."
        ) from fault
    if not isinstance(document, dict):
        raise UnusableRequest("The JSON is a list. Give one object: a FHIR R4 bundle, or a profile of one patient.")
    return _of_the_living(read_bundle(document) if "resourceType" in document else read_profile(document, today), today)


def _of_the_living(patient: Patient, today: date) -> Patient:
    """The patient without a birth date that nobody alive today can have."""
    born = patient.born
    if born is None or born.first is None:
        return patient
    impossible = implausible_age(age_on(born, today)) or ("it lies in the future" if born.first > today else None)
    if impossible is None:
        return patient
    problem = f"The birth date {born.first} could not be used: {impossible}."
    return replace(patient, born=None, age_words=None, problems=(*patient.problems, problem))


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _looks_like_json(text: str) -> bool:
    """Whether a text that opens with a brace is meant as JSON: a note may open with one, too ("[Clinic letter] …")."""
    inner = text.lstrip()[1:].lstrip()
    return inner[:1] in ('"', "'", "}", "]", "{", "")
