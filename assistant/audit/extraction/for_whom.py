"""Reads for whom a limit holds, from the words around it: "if liver metastases are present", "patients with Gilbert's syndrome"."""

import re
from typing import Final

from assistant.eligibility.numbers.measures import measures
from assistant.eligibility.vocabulary.concepts import find

_PEOPLE: Final = (
    r"(?:patients?|participants?|subjects?|those|individuals?|people|persons|cases?|men|women|males?|females?|children|adults)"
)
_BUT: Final = r"(?:unless|except(?:ing|ion:?)?|with the exception of|excluding)"
_CUE: Final = re.compile(
    rf"\b(?:(?P<unless>{_BUT})|if|when|where|whose|provided|because of|due to|in (?:the )?(?:presence|case|absence|setting) of"
    rf"|(?:for|in|with|among|including)(?: an?)?(?=\s+{_PEOPLE}\b)|(?:{_PEOPLE} )?with(?=\s)(?! or without)|(?:for|in)(?=\s))\b",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(rf"^{_BUT}\s*(?:of\s)?", re.IGNORECASE)
_LEAD: Final = re.compile(
    rf"^(?:[\s,:;(\[-]|(?:of|for|in|if|when|the|an?|with|who (?:have|has|are)|having|{_PEOPLE}|is|are|be|has|have|known|documented"
    r"|confirmed|presence of|case of|setting of|because of|due to|history of|there (?:is|are)|diagnosed|diagnosis of|baseline"
    r"|associated)\b)+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(
    r"[\s,:;(\[)\].-]+$|\s(?:(?:are|is) )?(?:present|excluded|included|enrolled|eligible|allowed|acceptable|permitted|considered)$"
    r"|[\s,(]*\b(?:who|which|that|may|must|can|could|should|will|shall|have|has|be|is|are|in which case|then|they|the following|if|with"
    r"|and|or|a|an|the|to|of|up|values?|levels?|limits?|serum|total)$",
    re.IGNORECASE,
)
_STOP: Final = re.compile(r"[.;](?=\s|$)|\n")
_OPENS: Final = re.compile(r"^[\s\])]*[,.;:(\[]|^\s*or\b", re.IGNORECASE)
_CLOSED: Final = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_PLAIN: Final = re.compile(rf"if\s|(?:for|in|among) {_PEOPLE}\s(?:with|who)\b", re.IGNORECASE)
"""A cue that speaks of people and of nothing else."""
_LONGEST: Final = 120


def for_whom(text: str, before: int, start: int, end: int, after: int, *, last: bool) -> str | None:
    """The group that a limit at `text[start:end]` is for, in the words of the record; None where it is for all.

    `before` is where the limit before it ends, `after` where the next one starts; `last`: there is no next one.
    """
    return _ahead(text[before:start], first=not before) or _behind(text[end:after], last=last)


def _ahead(gap: str, *, first: bool) -> str | None:
    """A group named before its limit: "; for patients with liver metastases, ≤ 5 × ULN"."""
    clauses = _STOP.split(_CLOSED.sub(" ", gap))
    parts = clauses[-1].split(":")
    said = parts[-1] if parts[-1].strip() or len(parts) == 1 else parts[-2]
    broken = first or len(clauses) > 1 or len(parts) > 1 or _OPENS.match(gap) is not None
    cue = _CUE.search(said)
    return _group(said[cue.start() :]) if cue and (broken or cue["unless"]) else None


def _behind(gap: str, *, last: bool) -> str | None:
    """A group named after its limit: "≤ 5 × ULN in the presence of liver metastases"."""
    bracket = _CLOSED.match(gap.lstrip(" )]"))
    said = _STOP.split(bracket[1] if bracket else gap.lstrip(" )],"))[0].lstrip(" ([")
    cue = _CUE.match(said)
    if cue is None or not (last or bracket or not (cue["unless"] or _OPENS.match(gap))):
        return None
    return _group(said, "unless " if cue["unless"] else "")


def _group(words: str, sign: str = "") -> str | None:
    plain = sign or _PLAIN.match(words)
    words = _LEAD.sub("", _EXCEPT.sub("", re.split(r"[()\[\]]|\sor\s(?=[≤≥<>])|,?\sin which case\b", words)[0]))
    while (shorter := _TAIL.sub("", words)) != words:
        words = shorter
    known = (plain and " " in words) or find(words) or measures(words)
    return sign + words if words and len(words) <= _LONGEST and known else None
