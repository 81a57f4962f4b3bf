"""What a record leaves open: rules left to the protocol, places not filled in, lists and fields that are not there."""

import re
from collections.abc import Iterator

from assistant.audit.finding import Found
from assistant.audit.prose import everything, lines
from assistant.audit.record import Record
from index.trial import Criterion, Trial

# --- left to the protocol -----------------------------------------------------------------------------------------------------------

_THE_PROTOCOL = (
    r"(?:the\s+|this\s+)?(?:(?:study|trial|clinical|main|full|master|research|institutional)[\s-]+){0,2}protocol\b(?:['’]s)?"
)
_GIVEN = r"(?:defined|specified|described|outlined|listed|detailed|indicated|stated|set\s+out|set\s+forth|given|provided|noted)"
_LEFT = re.compile(
    rf"(?P<per>\b(?:as\s+)?per\s+{_THE_PROTOCOL}(?![\s-]+(?:treatment|therapy|visits?|procedures?|doses?|schedule)))"
    rf"|\b{_GIVEN}\s+(?:in|by|per|within)\s+{_THE_PROTOCOL}"
    rf"|\b(?:see|refer\s+to|consult|according\s+to)\s+{_THE_PROTOCOL}(?=\s*(?:[.,;)\]]|$|for\b|appendix|section))"
    r"|\bprotocol[\s-](?:defined|specified|specific)\s+(?:\w+\s+(?:and|or|/)?\s*){0,2}"
    r"(?:criteria|exclusions?|inclusions?|thresholds?|limits?|ranges?|levels?|windows?|intervals?|periods?|conditions?|requirements?|restrictions?|values?|methods?)\b"
    r"|\bprotocol\s+(?:thresholds?|limits|criteria|definitions?)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:see|refer\s+to|listed\s+in|defined\s+in|described\s+in|outlined\s+in|specified\s+in|detailed\s+in|provided\s+in|methods\s+in|per)\s+(?:the\s+)?"
    r"(?:protocol\s+)?(?P<part>(?:section|appendix|appendices|attachment|annex|table)\s+(?:\d+(?:\.\d+)*|[IVX]{1,4}|[A-H])(?:[.-]?\d+)*)\b",
    re.IGNORECASE,
)
_KEEPING_TO_IT = re.compile(
    r"\b(?:compl(?:y|ies|iance|ying|iant)|adher\w*|follow(?:ing)?|abide|undergo|able|unable|willing\w*|unwilling\w*|agrees?|accept\w*|conduct\w*|understand\w*"
    r"|interfer\w*|compromis\w*|participat\w*|administer\w*|perform\w*|receiv\w*|treated|treatment|given|managed?|scheduled|collected|provide[ds]?|assessed"
    r"|premedications?|procedures?|visits?|assessments?|biops(?:y|ies)|not\s+(?:be\s+)?(?:permitted|allowed)|prohibited)\b",
    re.IGNORECASE,
)
"""Words before "per protocol" that speak of what is done under it, not of who can take part."""
_CONTRACEPTION = re.compile(r"contracepti\w*|birth\s+control", re.IGNORECASE)


def deferred(record: Record) -> Iterator[Found]:
    """Criteria whose rule, or a part of it, stands only in the protocol."""
    for criterion, prose in lines(record.trial):
        left = next((match for match in _LEFT.finditer(prose.text) if not _is_doing(prose.text, match)), None)
        if left:
            text = f"A rule is left to the protocol: “{' '.join(left[0].split())}”."
            yield Found("per_protocol", text, (prose.span(0, len(prose.text)),), criteria=(criterion.id,))
            continue
        part = _PART.search(prose.text)
        if part and not _has_part(record, part["part"]):
            name = " ".join(part["part"].split())
            text = f"This line refers to {name}, which is not in these documents."
            yield Found("per_protocol", text, (prose.span(0, len(prose.text)),), criteria=(criterion.id,))


def _is_doing(text: str, match: re.Match[str]) -> bool:
    """Whether the words speak of keeping to the protocol, not of a rule that it holds."""
    before = re.split(r"[.;]\s", text[: match.start()])[-1]
    if _CONTRACEPTION.search(before[-80:]):
        return False
    return bool(match["per"] and _KEEPING_TO_IT.search(before)) or bool(_KEEPING_TO_IT.search(before[-30:]))


def _has_part(record: Record, part: str) -> bool:
    """Whether the record prints the part itself: a line that begins with its name."""
    heading = re.compile(rf"(?m)^\W*{re.escape(part)}\b(?!\s*\))", re.IGNORECASE)
    return any(heading.search(source.text) for source in record.trial.sources)


# --- not filled in ------------------------------------------------------------------------------------------------------------------

_PLACEHOLDER = re.compile(
    r"(?<![\w.])(?:TBD|TBC|TBA)(?![\w])|(?<![\w_])_{3,}(?!\w)|\[(?:insert|enter|specify|to\s+be)\b[^\]]{0,60}\]|(?<![\w.-])(?:XX|XXX|xxx|XXXX)(?![\w-])"
    r"|\bto\s+be\s+(?:determined|defined|decided|announced)(?=\s*(?:[.;,)\]]|$))|\?{2,}|\blorem\s+ipsum\b"
)


def placeholders(record: Record) -> Iterator[Found]:
    """Places that somebody meant to fill in."""
    for prose in everything(record):
        for match in _PLACEHOLDER.finditer(prose.text):
            text = f"“{' '.join(match[0].split())}” stands where something was to be filled in."
            yield Found("missing", text, (prose.around(match.start(), match.end()),))


# --- not there ----------------------------------------------------------------------------------------------------------------------

_FIELDS = {
    "a registry number": ("nct_id", "other_ids"),
    "a title": ("title", "official_title"),
    "a sponsor": ("sponsor",),
    "a recruitment status": ("status",),
    "any site": ("sites",),
}
_OPEN = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_PROMISE = re.compile(
    r"(?:defined\s+(?:as|by)|as\s+follows|(?:the|one\s+of\s+the|any\s+of\s+the|all\s+of\s+the)\s+following(?:\s+\w+){0,3}|including|such\s+as)\s*:?\s*$",
    re.IGNORECASE,
)


def missing_fields(record: Record) -> Iterator[Found]:
    """What every record of a trial has, and this one has not: in one finding."""
    trial = record.trial
    absent = [name for name, fields in _FIELDS.items() if not any(getattr(trial, field) for field in fields)]
    if trial.status == "WITHDRAWN" and absent == ["any site"]:
        return
    if absent:
        yield Found("missing", f"The documents do not give {_listed(absent)}.", ())


def missing_lists(record: Record) -> Iterator[Found]:
    """No criteria at all, or only one of the two lists."""
    kinds = {criterion.kind for criterion in record.trial.criteria}
    if not kinds:
        yield Found("missing", "The documents give no eligibility criteria.", ())
    elif len(kinds) == 1:
        absent = "exclusion" if "inclusion" in kinds else "inclusion"
        if not _speaks_of(record.trial, absent):
            yield Found("missing", f"The documents give no list of {absent} criteria.", ())


def _speaks_of(trial: Trial, kind: str) -> bool:
    """Whether the eligibility text has the list's name all the same: "Exclusion criteria: none"."""
    return any(
        re.search(kind, trial.quote(section.span), re.IGNORECASE) for section in trial.sections if section.name == "eligibility"
    )


def missing_contact(record: Record) -> Iterator[Found]:
    """Open to participants, and nobody to ask."""
    trial = record.trial
    people = [*trial.contacts, *(contact for site in trial.sites for contact in site.contacts)]
    if trial.status in _OPEN and not any(person.phone or person.email for person in people):
        where = trial.evidence.get("status", ())[:1]
        yield Found("missing", "The trial is open or about to open, and the documents name nobody to call or write to.", where)


_ITEM = re.compile(r"[-*•–·≥≤<>(]|\d|[a-z]|[A-Z][.)]")


def empty_promises(record: Record) -> Iterator[Found]:
    """A last line that announces a list, and none follows."""
    leaves = record.trial.leaves
    for criterion, after in zip(leaves, (*leaves[1:], None), strict=True):
        if (after is None or after.kind != criterion.kind) and _promises(criterion) and _ends(record.trial, criterion):
            text = "A list is announced here, and nothing follows."
            yield Found("missing", text, (criterion.span,), criteria=(criterion.id,))


def _promises(criterion: Criterion) -> bool:
    return bool(_PROMISE.search(criterion.text)) or criterion.text.rstrip().endswith(":")


def _ends(trial: Trial, criterion: Criterion) -> bool:
    """Whether what follows is no item of a list."""
    rest = trial.source(criterion.span.document).text[criterion.span.end :].lstrip(" :;,\t\r\n")
    return not _ITEM.match(rest)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
