"""What a record leaves open: rules left to the protocol, places not filled in, lists and fields that are not there."""

import re
from collections.abc import Iterator

from assistant.audit.finding import Found
from assistant.audit.prose import everything, lines
from assistant.audit.record import Record
from index.trial import Criterion, Kind, Span, Trial

# --- left to the protocol -----------------------------------------------------------------------------------------------------------

_THE_PROTOCOL = r"(?:the\s+|this\s+)?(?:(?:study|trial|clinical|main|full|master|research)[\s-]+){0,2}protocol\b(?:['’]s)?"
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
    r"|premedications?|procedures?|visits?|assessments?|biops(?:y|ies))\b",
    re.IGNORECASE,
)
"""Words before "per protocol" that speak of what is done under it, not of who can take part."""
_IS_PUBLIC = re.compile(
    r"\b(?:ECOG|Karnofsky|Lansky|NYHA|CTCAE|RECIST|Gleason|consent\w*|dose (?:reductions?|modifications?|adjustments?))\b[^.;]{0,60}$",
    re.IGNORECASE,
)
"""Words before a reference: a scale that is printed everywhere, how one consents, how the treatment is adapted."""
_TO_KEEP_TO = re.compile(r"\b(?:compl(?:y|ies|iance|ying|iant)|adher\w*|abide)\b", re.IGNORECASE)
"""Words of keeping to what the protocol says, however far before it."""
_MOST_SAID = 4
"""Different wordings that a finding repeats."""
_CONTRACEPTION = re.compile(r"contracepti\w*|birth\s+control", re.IGNORECASE)


def deferred(record: Record) -> Iterator[Found]:
    """Criteria whose rule, or a part of it, stands only in the protocol: in one finding with every line."""
    left = [(criterion, prose, words) for criterion, prose in lines(record.trial) if (words := _left(record, prose.text))]
    if not left:
        return
    said = list(dict.fromkeys(f"“{words}”" for _, _, words in left))
    count = "1 line leaves" if len(left) == 1 else f"{len(left)} lines leave"
    more = f" and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
    text = f"{count} a rule to the full study plan (the protocol), which is not here: {', '.join(said[:_MOST_SAID])}{more}."
    spans = tuple(prose.span(0, len(prose.text)) for _, prose, _ in left)
    yield Found("per_protocol", text, spans, criteria=tuple(criterion.id for criterion, _, _ in left))


def _left(record: Record, text: str) -> str | None:
    """The words with which a line leaves a rule, or a part of it, to the protocol."""
    left = next((match for match in _LEFT.finditer(text) if not _is_doing(text, match)), None)
    if left:
        return " ".join(left[0].split())
    part = _PART.search(text)
    if part and not _IS_PUBLIC.search(text, 0, part.start()) and not _has_part(record, part["part"]):
        return " ".join(part[0].split())
    return None


def _is_doing(text: str, match: re.Match[str]) -> bool:
    """Whether the words speak of keeping to the protocol, not of a rule that it holds."""
    before = re.split(r"[.;]\s", text[: match.start()])[-1]
    if _CONTRACEPTION.search(before[-80:]):
        return False
    if _TO_KEEP_TO.search(before) or (match["per"] and _KEEPING_TO_IT.search(before)):
        return True
    return bool(_KEEPING_TO_IT.search(before[-30:]))


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

_FIELDS = {"number": ("nct_id", "other_ids"), "title": ("title", "official_title")}
"""What is given where one of several fields is."""
_CALLED = {
    "number": "a registry number",
    "title": "a title",
    "sponsor": "a sponsor",
    "status": "a recruitment status",
    "sites": "any site",
}
_ALWAYS = ("number", "title", "sponsor", "status")
_PLACES_KNOWN = frozenset({None, "RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
"""Statuses with which a reader needs a place; before a trial opens, the registry asks for none."""
_OPEN = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"})
_PROMISE = re.compile(
    r"(?:defined\s+(?:as|by)|as\s+follows|(?:the|one\s+of\s+the|any\s+of\s+the|all\s+of\s+the)\s+following(?:\s+\w+){0,3}|including|such\s+as)\s*:?\s*$",
    re.IGNORECASE,
)


def not_given(record: Record) -> Iterator[Found]:
    """What a reader needs and the documents lack, in one finding: places and people only where somebody may want to join."""
    trial = record.trial
    needed = [*_ALWAYS, *(["sites"] if trial.status in _PLACES_KNOWN else [])]
    absent = [_CALLED[name] for name in needed if not any(getattr(trial, field) for field in _FIELDS.get(name, (name,)))]
    people = [*trial.contacts, *(contact for site in trial.sites for contact in site.contacts)]
    alone = trial.status in _OPEN and not any(person.phone or person.email for person in people)
    said = [f"The documents do not give {_listed(absent)}."] if absent else []
    said += ["Nobody to call or write to is named here."] if alone else []
    if said:
        reading = (
            f"this is a copy, and the registry's own page of {trial.nct_id} may say it." if alone and trial.nct_id else None
        )
        yield Found("missing", " ".join(said), trial.evidence.get("status", ())[:1], reading)


def missing_lists(record: Record) -> Iterator[Found]:
    """No criteria at all, or only one of the two lists."""
    kinds = {criterion.kind for criterion in record.trial.criteria}
    if not kinds:
        yield Found("missing", "The documents give no eligibility criteria.", ())
    elif len(kinds) == 1:
        absent: Kind = "exclusion" if "inclusion" in kinds else "inclusion"
        heading = next(_bare_headings(record.trial, absent), None)
        if heading:
            yield Found("missing", f"The {absent} criteria have a heading here, and no line follows it.", (heading,))
        elif not _speaks_of(record.trial, absent):
            yield Found("missing", f"The documents give no list of {absent} criteria.", ())


def _speaks_of(trial: Trial, kind: Kind) -> bool:
    """Whether the eligibility text has the list's name all the same: "Exclusion criteria: none"."""
    return any(re.search(kind, trial.quote(span), re.IGNORECASE) for span in _eligibility(trial))


def _bare_headings(trial: Trial, kind: Kind) -> Iterator[Span]:
    """The name of a list with nothing under it before the text ends or the other list begins."""
    bare = re.compile(rf"(?im)^\W*({kind}[ \t]+criteria)\W*?(?=\s*\Z|\n\s*\W*(?:in|ex)clusion[ \t]+criteria\b)")
    for span in _eligibility(trial):
        match = bare.search(trial.quote(span))
        if match:
            yield Span(span.document, span.start + match.start(1), span.start + match.end(1))


def _eligibility(trial: Trial) -> Iterator[Span]:
    return (section.span for section in trial.sections if section.name == "eligibility")


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
