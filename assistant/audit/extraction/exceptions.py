"""Reads under what condition a barred thing is let through all the same: "unless stable on treatment", "are eligible if …"."""

import re
from typing import Final

_UNLESS: Final = re.compile(
    r"\b(?:unless|except(?:ing|ions? (?:of|are|is))?(?: for)?|excluding|other than|with the exception of)\b[:,]?\s*(?P<words>[^.;]{3,200})",
    re.IGNORECASE,
)
_GRANTED: Final = re.compile(
    r"(?P<who>[^.;]{3,220}?)\s(?:are|is|will be|may be|can be|may)\s(?:still |also |considered |potentially )*"
    r"(?:eligible|allowed|permitted|acceptable|enrolled|entered|included|participate|enroll)\b(?P<how>[^.;]{0,200})",
    re.IGNORECASE,
)
_NOT: Final = re.compile(r"\b(?:not|no|in)\s?$", re.IGNORECASE)
_IF: Final = re.compile(
    r"^[^.;]{0,40}?\b(?:if|provid(?:ed|ing)(?: that)?|as long as|so long as|when|only if|with)\s(?P<words>.+)", re.IGNORECASE
)
_WHO: Final = re.compile(
    r"^[\s,(:-]*(?:however,?\s)?(?:(?:the\s)?(?:patients?|subjects?|participants?|individuals|those|persons?|people)\s)?"
    r"(?:(?:with|who (?:are|have|had)|having|that (?:are|have))\s)?",
    re.IGNORECASE,
)
_MUST: Final = re.compile(r"\b(?:must|should|need to)\s(?P<words>(?:be|have|not be|not have)\s[^.;]{3,200})", re.IGNORECASE)
_LONGEST: Final = 220


def unless(sentence: str) -> str | None:
    """ "excluded unless …", where a sentence of an exclusion makes an exception."""
    found = _UNLESS.search(sentence)
    return f"excluded unless {_tidy(found['words'])}" if found else None


def granted(sentence: str) -> str | None:
    """ "allowed if …", where a sentence lets people in."""
    only = _ONLY.search(sentence)
    if only:
        return f"allowed if {_tidy(only['words'])}"
    found = _GRANTED.search(sentence)
    if found and not _NOT.search(found["who"]):
        condition = _IF.match(found["how"])
        infected = _INFECTED.match(found["who"])
        words = condition["words"] if condition else _WHO.sub("", found["who"][infected.end() if infected else 0 :])
        return f"allowed if {_tidy(words)}" if condition or (infected and words) or _SAYS_MORE.search(words) else "allowed"
    return None


_INFECTED: Final = re.compile(
    r"^[^,;.]{0,50}?-?(?:infected|positive)\s(?=(?:patients|participants|subjects|individuals)\b)", re.IGNORECASE
)
_ONLY: Final = re.compile(r"\beligible only (?:if|when|provided(?: that)?)\s(?P<words>[^.;]{3,200})", re.IGNORECASE)
_SAYS_MORE: Final = re.compile(
    r"\b(?:who|on|with|without|having|undetect\w*|control\w*|cured|treated|stable|negative|resolved|free|receiving|showing|adequate\w*)\b"
    r"|well-controlled",
    re.IGNORECASE,
)


def demanded(sentence: str) -> str | None:
    """ "allowed if …", where a sentence says what those who have it must do: "the viral load must be undetectable"."""
    found = _MUST.search(sentence)
    if found is None:
        return None
    subject = re.split(r"[,:]", sentence[: found.start()])[-1].strip()
    words = found["words"]
    if _PERSON.search(subject):
        return f"allowed if {_tidy(_TO_BE.sub('', words))}"
    return f"allowed if {_tidy(subject + ' ' + words)}"


_PERSON: Final = re.compile(
    r"\b(?:patients?|participants?|subjects?|individuals|those|they|infection|virus|hcv|hbv|hiv)\b|^$|\)$", re.IGNORECASE
)
_TO_BE: Final = re.compile(r"^(?:be|have been|have)\s", re.IGNORECASE)


def _tidy(words: str) -> str:
    plain = " ".join(words.split()).strip(" ,;:")
    if plain.count(")") > plain.count("("):
        plain = plain[: plain.rfind(")")].rstrip()
    return plain[:_LONGEST]
