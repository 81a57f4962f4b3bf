"""Trials side by side: fields, and for each fact that they rule on which is stricter."""
