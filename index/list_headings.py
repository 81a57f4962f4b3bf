"""The headings of a criteria list: which lines open an inclusion or an exclusion list, and which only name a group of items."""

import re
from typing import NamedTuple

from index.trial import Kind

_QUALIFIER = (
    r"(?:key|main|major|principal|primary|general|core|specific|additional|other|further|common|overall|basic|selected|summary|"
    r"list|of|the|all|subjects?|patients?|participants?|study|trial|clinical|protocol|donors?|recipients?|medical|healthy|"
    r"volunteers?|controls?|caregivers?|screening|enrol+ment|randomi[sz]ation|registration|eligibility|and|for|to|"
    r"(?:cohort|part|phase|arm|group|stage|step|module|population|period)\s+(?:\d\w?|[A-Z]|[IVX]+))"
)
_WORD = (
    r"(?:inc?l?u?s+ions?|inculsions?|exc?l?u?s+ions?|exculsions?|exclusionary|inclusive|exclusive|eligibility|ineligibility"
    r"|withdrawal|discontinuation"
    r"|(?:entry|enrol+ment|randomi[sz]ation|participation|selection|admission)(?=\s+criteri)"
    r"|criteria\s+(?:for|of)\s+(?:entry|enrol+ment|randomi[sz]ation|inclusion|exclusion|participation|eligibility|selection|withdrawal))"
)
_PREFIX = r"(?:\#{1,6}\s+)?(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[\W_]{0,3}"
"""What stands before a heading's words: Markdown's marks, a section's number."""
_NAMED = re.compile(
    rf"""(?P<prefix>{_PREFIX})(?:{_QUALIFIER}[\s/,–-]+){{0,6}}(?P<word>{_WORD})
        (?P<criteria>\s*(?:criteri(?:a|on|um)s?|critera|conditions?|factors?))?
        (?P<tail>\s*(?:[(\[–-]|\b(?:for|of|in|at|to|on|into|related|by|prior|includes?|are|is|were|will|apply|only)\b)
            [^:：.;\n]{{0,110}}?)?
        \s*[*_]*(?P<close>[:：]+|\.?\s*$|(?=\s*\n)|(?=\s+[-*•–]\s)|(?=\s+\(?1\\?[.)]\s))[*_]*\s*""",
    re.VERBOSE | re.IGNORECASE,
)
"""A heading at a line's start, in whatever case and with the usual misspellings."""
_MARKS = re.compile(_PREFIX)
_INLINE = re.compile(
    r"""(?:(?<![^\s.;,)\]])|(?<=[a-z]))(?=[A-Z])
        (?:(?:Key|Main|Major|Principal|Primary|General|Additional|Other|Specific|Common|KEY|MAIN|MAJOR|Subject|Patient)\s+){0,2}
        (?:Inclusion|Exclusion|INCLUSION|EXCLUSION)
        (?: \s*(?:Criteria|CRITERIA|criteria|Criterion)(?:\s(?:for|of|in|FOR)\s[^:.;]{1,60})?
            \s*(?:[:：]|(?=\s*[-–*•]\s)|(?=\s+\(?1[.)]\s))
          | \s*[:：])""",
    re.VERBOSE,
)
"""A heading in mid-line: capitals, and a colon or the first mark of its list after it."""
_LEAD_IN = re.compile(
    r"(?:a|according|all|also|an|and|any|applicable|apply|are|as|at|be|before|below|but|by|can|cannot|case|circumstances|conditions"
    r"|considered|could|criteria|criterion|deemed|each|either|eligibility|eligible|enrol|enroll|enrolled|enrollment"
    r"|enrolment|enter|entered|entry|every|exclude|excluded|excludes|excluding|exclusion|exclusions|fit|following|for"
    r"|from|fulfil|fulfill|fulfilled|fulfilling|fulfills|fulfils|general|had|has|have|having|he|her|his|if|in|include"
    r"|included|includes|inclusion|individual|individuals|ineligible|into|is|it|least|list|listed|main|may|meet"
    r"|meeting|meets|men|met|more|must|need|no|non|none|not|of|on|one|only|or|order|other|part|participant"
    r"|participants|participate|participating|participation|patient|patients|people|person|persons|population"
    r"|potential|presence|present|prior|provided|randomisation|randomization|randomized|reason|reasons|recruited|registered"
    r"|registration|required|requirements|s|satisfied|satisfy|screening|selected|shall|she|should|since|situations|studies|study"
    r"|subject|subjects|take|taking|than|that|the|their|them|there|these|they|this|those|time|to|trial|undergo|unless"
    r"|unsuitable|visit|volunteers|were|when|who|whom|will|with|women|would)(?:'s)?",
    re.IGNORECASE,
)
"""Words that announce a list and state nothing themselves."""
_EXCLUDES = re.compile(
    r"exclu|ineligib|non-?eligib|\b(?:not|never|cannot|can't|none)\b(?!\s+(?:limited|only))|\bno\s+(?:patient|subject|participant)",
    re.IGNORECASE,
)
_INCLUDES = re.compile(r"inclu|eligib|enrol|\bmust\b|\bmeet|\bfulfil|\bsatisf|criteri", re.IGNORECASE)
_ASKS = re.compile(r"criteri|following|inclu|exclu|eligib|\bif\b|\bmust\b", re.IGNORECASE)
_GOES_ON = re.compile(r"following|below|\bif\b", re.IGNORECASE)
_NAMES_EXCLUSION = re.compile(r"\bex\w{1,4}sion|exclu|ineligib|withdraw|discontinu", re.IGNORECASE)
_NAMES_INCLUSION = re.compile(r"\bin\w{1,4}sion|inclu|entry|enrol|randomi|participation|selection|admission", re.IGNORECASE)
_SAYS = re.compile(
    r"\b(?:may|apply|applied|applies|includ\w+|is|are|was|were|will|must|should|has|have|had|can|age|outlined|specified|defined"
    r"|described|listed)\b|[<>≤≥]",
    re.IGNORECASE,
)
"""Words of a sentence, which a heading without a colon does not have."""


class Heading(NamedTuple):
    """A heading and where the text after it goes on."""

    kind: Kind | None
    """None for "Eligibility:"."""
    title: str | None
    """The heading as printed, only where it says more than the kind."""
    end: int


def heading_at(text: str, start: int, end: int, marked: bool = False) -> Heading | None:
    """The heading that opens a list at `start`, if the stretch `start:end` begins with one.

    A `marked` line (one with a bullet or number before `start`) opens a list only by its name: "Patients are excluded if they:"
    is there an item with sub-items.
    """
    named = _NAMED.match(text, start, end)
    if named and _stands_alone(named):
        return Heading(_kind(named[0]), _title(named[0].removeprefix(named["prefix"])), named.end())
    return None if marked else _lead_in(text, start, end)


def inline_headings(text: str, start: int, end: int) -> tuple[int, ...]:
    """Where "Exclusion Criteria:" stands inside a stretch that begins with something else."""
    starts = (found.start() for found in _INLINE.finditer(text, start, end))
    return tuple(at for at in starts if not _MARKS.fullmatch(text, start, at))


def is_lead_in(text: str) -> bool:
    """Whether the words only announce a list ("All of the following:"), so that they state nothing themselves."""
    return all(_LEAD_IN.fullmatch(word) for word in re.findall(r"[A-Za-z']+", text))


def _stands_alone(named: re.Match[str]) -> bool:
    """A heading closes with a colon; without one it is short and says "criteria", or is the bare word."""
    if ":" in named["close"] or "：" in named["close"]:
        return named["criteria"] is not None or len(named[0].split()) <= 6
    tail = named["tail"] or ""
    return len(tail.split()) <= 14 and (named["criteria"] is not None or not tail) and not _SAYS.search(tail)


def _kind(title: str) -> Kind | None:
    excludes, includes = _NAMES_EXCLUSION.search(title), _NAMES_INCLUSION.search(title)
    if excludes and re.search(r"inclusion", title, re.IGNORECASE):
        return None
    return "exclusion" if excludes else "inclusion" if includes else None


def _title(heading: str) -> str | None:
    words = " ".join(heading.split()).strip(" :：*#-–.")
    numbered = re.search(r"\d|\b(?:[A-Z]|[IVX]+)\b", words)
    plain = words if numbered else re.sub(rf"\b{_QUALIFIER}\b", " ", words, flags=re.IGNORECASE)
    return words if numbered or not is_lead_in(plain) else None


def _lead_in(text: str, start: int, end: int) -> Heading | None:
    """ "Patients will be excluded if any of the following apply:": common words only, closed by a colon or the line's end."""
    colon = text.find(":", start, min(end, start + _LONGEST))
    stop = end if colon < 0 else colon + 1
    words = text[start:stop]
    if len(words) > _LONGEST or len(words.split()) < 2 or not _ASKS.search(words):
        return None
    if (colon < 0 and not _GOES_ON.search(words)) or not is_lead_in(words):
        return None
    if _EXCLUDES.search(words):
        return Heading("exclusion", None, stop)
    return Heading("inclusion" if _INCLUDES.search(words) else None, None, stop)


_LONGEST = 300
