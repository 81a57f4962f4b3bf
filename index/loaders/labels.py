"""What pages label their fields with, how the values are read, and a trial put together from what was stated where."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from typing import Any

from index.loaders import vocabulary
from index.loaders.lines import NCT, Line, shown, stretch
from index.trial import Source, Span, Trial

LABEL_LENGTH = 60
"""No label is longer."""
_LABELLED = re.compile(r"(?:[-*•|]\s+)?\**([A-Za-z][^:：|]{1,60}?)\**\s*[:：|]\**\s*(\S.*?)\s*\|?")
_LABEL = re.compile(r"(?:[-*•|]\s+)?\**([^:：|]{1,70})[:：|]")
_QUALIFIER = re.compile(
    r"\((?!s\))[^()]*\)|^(?:actual|estimated|anticipated|planned|current|overall)\s+|[*#|:：]|\(s\)", re.IGNORECASE
)
_LIST = re.compile(r"\s*[;|•]\s*|\s{2,}")


@dataclass(frozen=True, slots=True)
class Stated:
    """One field's value and the stretch that states it, its label included."""

    field: str
    """A field of `Trial`, or "as_of"."""
    value: Any
    span: Span


def _text(value: str) -> str | None:
    return value or None


def _several(value: str) -> tuple[str, ...]:
    return tuple(item for item in _LIST.split(value) if item)


def _nct(value: str) -> str | None:
    numbers = set(NCT.findall(value))
    return numbers.pop() if len(numbers) == 1 else None


def _one_of(allowed: frozenset[str]) -> Callable[[str], str | None]:
    return lambda value: vocabulary.choice(value, allowed)


Reader = Callable[[str], Any]
_FIELDS: dict[str, tuple[Reader, str]] = {
    "nct_id": (
        _nct,
        "nct id|nct number|nct|clinicaltrials.gov id|clinicaltrials.gov identifier|clinicaltrials.gov number|clinicaltrials.gov"
        "|clinicaltrials.gov registration|trial registration|registration number|trial id|registry id|study identifier|nct identifier",
    ),
    "other_ids": (
        _several,
        "other id|other ids|other study id numbers|org study id|organization study id|secondary id|secondary ids|protocol number"
        "|protocol id|protocol no|protocol code|study number|eudract number|eudract|eu ct number|eu trial number|sponsor protocol number",
    ),
    "acronym": (_text, "acronym|study acronym|trial acronym"),
    "title": (_text, "title|brief title|short title|public title|study title|trial title"),
    "official_title": (_text, "official title|scientific title|full title|protocol title|official study title"),
    "status": (vocabulary.status, "status|recruitment status|recruiting status|study status|trial status|enrollment status"),
    "why_stopped": (_text, "why stopped|reason stopped|reason for stopping"),
    "as_of": (
        vocabulary.date,
        "last updated|last update|last update posted|last updated on|last modified|updated|data as of|last verified|record verified",
    ),
    "phase": (vocabulary.phases, "phase|phases|study phase|clinical phase|trial phase|development phase|clinical trial phase"),
    "study_type": (_one_of(vocabulary.STUDY_TYPES), "study type|study classification|type of study|trial type"),
    "enrollment": (
        vocabulary.count,
        "enrollment|enrolment|total enrollment|target enrollment|target number of participants|number of participants|sample size"
        "|participants|enrollment count|number of subjects|target sample size",
    ),
    "start_date": (vocabulary.date, "study start date|start date|study start|trial start date|start"),
    "primary_completion_date": (vocabulary.date, "primary completion date|primary completion|study primary completion date"),
    "completion_date": (
        vocabulary.date,
        "study completion date|completion date|study completion|estimated study completion date|trial completion date|end date",
    ),
    "allocation": (_one_of(vocabulary.ALLOCATIONS), "allocation|allocation method|randomization|randomisation"),
    "masking": (_one_of(vocabulary.MASKINGS), "masking|blinding|blinding strategy|masking type|masking strategy"),
    "primary_purpose": (_one_of(vocabulary.PURPOSES), "primary purpose|primary study purpose|purpose|study purpose"),
    "intervention_model": (
        _one_of(vocabulary.MODELS),
        "intervention model|interventional model|interventional study model|model|assignment|intervention assignment",
    ),
    "conditions": (
        _several,
        "condition|conditions|disease|diseases|indication|condition or disease|health condition|conditions studied|medical condition",
    ),
    "keywords": (_several, "keywords|keyword|key words"),
    "sex": (
        _one_of(vocabulary.SEXES),
        "sex|sexes|eligible sex|gender|genders|sexes eligible for study|genders eligible for study|sex eligible for study|eligible gender",
    ),
    "minimum_age": (vocabulary.age, "minimum age|minimum eligible age|min age|age minimum|lower age limit"),
    "maximum_age": (vocabulary.age, "maximum age|maximum eligible age|max age|age maximum|upper age limit"),
    "healthy_volunteers": (
        vocabulary.yes_no,
        "healthy volunteers|accepts healthy volunteers|healthy volunteers accepted|healthy participants",
    ),
    "sponsor": (
        _text,
        "sponsor|sponsors|lead sponsor|sponsored by|study sponsor|sponsor name|leads|lead|lead organization|primary sponsor",
    ),
    "collaborators": (_several, "collaborators|collaborator"),
}
LABELS = {label: (field, read) for field, (read, labels) in _FIELDS.items() for label in labels.split("|")}
_AGES = frozenset("age|ages|age range|eligible age|eligible ages|ages eligible for study|age group|age eligibility".split("|"))
_AGE_RANGE = re.compile(
    r"(?P<low>\d{1,3}(?:\s*[A-Za-z]+)?)\s*(?:-|–|—|to|and)\s*(?P<high>\d{1,3})\s*(?P<unit>[A-Za-z]+)?"
    r"|(?:≥|>=|at least|from)\s*(?P<least>\d{1,3}\s*[A-Za-z]*)"
    r"|(?:≤|<=|up to|at most)\s*(?P<most>\d{1,3}\s*[A-Za-z]*)"
    r"|(?P<over>\d{1,3}\s*[A-Za-z]*?)\s*(?:\+|and (?:over|older|up)|or (?:over|older))",
    re.IGNORECASE,
)


def plain(label: str) -> str:
    """A label as the table has it: lower case, without brackets, marks and "estimated"."""
    bare = _QUALIFIER.sub(" ", label.strip())
    return " ".join(_QUALIFIER.sub(" ", bare.strip()).lower().split())


def ages(text: str) -> tuple[str | None, str | None]:
    """The lowest and the highest age of a range: "18 Years to 75 Years", "Ages ≤ 70", "18+"."""
    found = _AGE_RANGE.search(text)
    if not found:
        return None, None
    if found["low"]:
        unit = found["unit"] or "years"
        low = found["low"] if re.search("[A-Za-z]", found["low"]) else f"{found['low']} {unit}"
        return vocabulary.age(low), vocabulary.age(f"{found['high']} {unit}")
    return vocabulary.age(found["least"] or found["over"] or ""), vocabulary.age(found["most"] or "")


def read_field(label: str, value: str, span: Span) -> Iterator[Stated]:
    """What a labelled value states; nothing for a label that is not in the table or a value that is not understood."""
    name = plain(label)
    if name in _AGES:
        low, high = ages(value)
        yield from (Stated(field, limit, span) for field, limit in (("minimum_age", low), ("maximum_age", high)) if limit)
    elif name in LABELS:
        field, read = LABELS[name]
        found = read(value)
        if found is not None and found != ():
            yield Stated(field, found, span)


def on_one_line(source: Source, body: Iterable[Line]) -> Iterator[Stated]:
    """What lines such as "Maximum Age: 70" state."""
    for line in body:
        first = _LABEL.match(line.text)
        found = _LABELLED.fullmatch(shown(source, line)) if first and is_label(first[1]) else None
        if found:
            yield from read_field(found[1], found[2], stretch(source, line))


def on_two_lines(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    """What a label and the line after it state."""
    for label, value in pairwise(body):
        if is_label(label.text) and not is_label(value.text):
            yield from read_field(label.text, shown(source, value), stretch(source, label, value))


def is_label(text: str) -> bool:
    """Whether a line is nothing but a label of the table."""
    return len(text) <= LABEL_LENGTH and (plain(text) in LABELS or plain(text) in _AGES)


def assemble(trial: Trial, stated: Iterable[Stated]) -> Trial:
    """The trial with what was stated: of single values the first counts, lists add up; evidence is every place that agrees."""
    values: dict[str, Any] = {}
    listed: dict[str, dict[str, None]] = {item.name: {} for item in fields(Trial) if isinstance(item.default, tuple)}
    evidence: defaultdict[str, dict[Span, None]] = defaultdict(dict)
    for item in stated:
        # Without a value the stretch states itself: a summary.
        if item.field in listed:
            listed[item.field] |= dict.fromkeys(item.value or ())
        elif item.value is not None and values.setdefault(item.field, item.value) != item.value:
            continue
        evidence[item.field][item.span] = None
    values |= {field: tuple(found) for field, found in listed.items() if found}
    as_of = values.pop("as_of", None)
    sources = tuple(replace(source, as_of=as_of or source.as_of) for source in trial.sources)
    return replace(
        trial,
        sources=sources,
        as_of=as_of or trial.as_of,
        evidence={field: tuple(found) for field, found in evidence.items()},
        **values,
    )
