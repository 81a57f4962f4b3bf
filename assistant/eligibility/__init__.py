"""Decides: a patient's facts against every criterion of a trial, in three-valued logic, without a model."""
