"""A criterion's text to a typed condition, by structure and by what the annotators find; what is not understood is `Unparsed`."""

from assistant.eligibility.parse.criteria import above, condition_of, parse, structured, years

__all__ = ["above", "condition_of", "parse", "structured", "years"]
