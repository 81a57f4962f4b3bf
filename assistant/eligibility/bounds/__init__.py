"""The one bound of a line that a told number speaks of: a window, a limit, a count, a grade, held against that bound alone.

Typed conditions decide whole lines. Where one stays open ("chemotherapy within 4 weeks of the first dose, unless resolved to grade 1"),
a question that tells a number ("my last chemo was 5 weeks ago") is asked of that bound only, and the line's own words say which way it
cuts. Where two bounds suit as well and disagree, nothing is said.

told.py reads the numbers of a message, asked.py the bounds of a line, spoken.py what both speak of, deciding.py brings them together.
"""

from assistant.eligibility.bounds.deciding import bounded
from assistant.eligibility.bounds.told import tells_a_number

__all__ = ["bounded", "tells_a_number"]
