"""Statements about a trial's record: which of its lines bear on one, and whether they bear it out."""
