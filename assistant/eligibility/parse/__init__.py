"""A criterion's text to a typed condition, by structure and by what the annotators find; what is not understood is `Unparsed`."""

from assistant.eligibility.parse.criteria import condition_of, parse, structured

__all__ = ["condition_of", "parse", "structured"]
