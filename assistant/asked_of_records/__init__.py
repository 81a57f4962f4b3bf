"""Questions about the records themselves and not about a patient: their faults, their pages, which of several is stricter."""
