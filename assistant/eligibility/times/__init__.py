"""Dates and windows: reading them in notes and criteria, and the calendar that settles them."""
