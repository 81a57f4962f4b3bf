"""Reads a patient's note, a clinician's or the patient's own words, into typed facts that each quote it."""

from assistant.eligibility.notes.note import read_note

__all__ = ["read_note"]
