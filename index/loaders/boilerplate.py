"""Sentences of the page and not of the trial: what a site prints on every page."""

import re

_SENTENCES = re.compile(
    r"""view:?(?:\s+(?:more|less|all|inclusion|exclusion).*)?
      | (?:check|see|find\ out)\ if\ (?:i|you)\ (?:may\ )?qualify.*
      | could\ you\ qualify\ for\ this\ trial\?
      | enter\ your\ biomarker\ results.*
      | this\ content\ was\ sourced\ from.*
      | structured\ fields\ extracted\ by\ ai\..*
      | see\ locations?\.*
      | (?:show|read|see|view)\ (?:more|less|all).{0,40}
      | (?:skip\ to\ (?:main\ )?content|back\ to\ (?:top|results|search).*)
      | (?:share(?:\ this.*)?|print(?:\ this\ page)?|save|log\ ?in|sign\ (?:in|up))
      | (?:we\ use|this\ (?:site|website)\ uses)\ cookies.*
      | ©.*|copyright\ (?:©|\(c\)|\d{4}).*|all\ rights\ reserved\.?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:get|review|dive|see|understand|learn|check|meet|identify|explore|reach|find|view|discover|read|browse|access|look|track|know"
    r"|compare|examine|consult|locate|contact|download|additional|key|a list|list)\b[^\d]{20,200}\.",
    re.IGNORECASE,
)


_ABOUT_STUDIES = re.compile(r"\b(?:trial|stud(?:y|ies)|research|participa\w+|sponsor|site)s?\b", re.IGNORECASE)


def is_boilerplate(line: str) -> bool:
    """Whether a line is one that sites print on all of their pages."""
    return _SENTENCES.fullmatch(line.strip()) is not None


def is_general_helper(line: str) -> bool:
    """Whether a helper sentence speaks of studies, so that under an unknown heading, too, it is one."""
    return is_helper(line) and _ABOUT_STUDIES.search(line) is not None


def is_helper(line: str) -> bool:
    """Whether a line tells the reader what the section under a heading is for: one sentence without a number, in the imperative."""
    return _ADDRESS.fullmatch(line.strip()) is not None and ". " not in line.strip()
