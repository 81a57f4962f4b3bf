"""Ages, sex, healthy volunteers, phase and number of participants: a document's own fields and title against its words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Final, Literal, NamedTuple

from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.eligibility.assess import Line, rules
from assistant.eligibility.conditions import Demographic, Has
from assistant.eligibility.contradictions import demands, in_groups, unconditional
from assistant.eligibility.judge.finding import kind_of
from assistant.eligibility.parse import years
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import asked, number
from index.trial import Span, Trial

_ANOTHER_TIME: Final = re.compile(
    r"\b(?:diagnos\w+|onset|birth|gestation\w*|menopaus\w*|menarche|amenorrh\w+|mother|father|parent\w*|partner|spouse|sibling|child of"
    r"|at the time of (?:surgery|transplant\w*|injury|death|first)|when they)\b",
    re.IGNORECASE,
)
"""Words of an age that is not the patient's own on joining."""
_MONTH: Final = 1 / 12

_HEALTHY: Final = re.compile(
    r"\b(?:healthy|unaffected|relatives?|famil\w+|siblings?|care-?givers?|without (?:the )?(?:disease|diagnosis|condition))\b",
    re.IGNORECASE,
)
"""Words of a record in which somebody without the disease may well take part."""
_ILL: Final = re.compile(
    r"\b(?:diagnos\w+|histolog\w+|histopatholog\w+|patholog\w+|cytolog\w+|infected)\b"
    r"|^(?:(?:patients|participants|subjects|people|adults|individuals)\s+)?(?:who\s+)?(?:with|have|having|suffering from)\b",
    re.IGNORECASE,
)
"""Words of a line that asks for a disease itself, not for a scar or a risk of it."""
_HEALTHY_WANTED: Final = re.compile(
    r"^(?:(?:adult|male|female|men|women|males|females|and|or|,|/)\s*)*healthy (?:adult |male |female )*"
    r"(?:volunteers?|subjects?|participants?|individuals?|controls?|people|persons?|adults?|men|women|males?|females?|children)\b",
    re.IGNORECASE,
)

_NUMERAL: Final = r"(?:[1-4]|I{1,3}|IV)"
_PHASE: Final = re.compile(
    rf"\bphase\s+({_NUMERAL})([ab])?(?:\s*(?:/|-|–|and|to)\s*(?:phase\s+)?({_NUMERAL})([ab])?)?,?\s+(?:(?!of\b|in\b|for\b)[\w-]+,?\s+){{0,4}}?"
    r"(?:stud(?:y|ies)|trials?)\b",
    re.IGNORECASE,
)
"""A phase that is the study's own: "a randomized, phase 3, open-label trial", not "phase 2 cardiac rehabilitation"."""
_ROMAN: Final[Mapping[str, str]] = {"I": "1", "II": "2", "III": "3", "IV": "4"}

_WHO: Final = (
    r"(?:(?!per\b|each\b)[\w-]+\s+){0,3}?"
    r"(?:patients|participants|subjects|individuals|volunteers|women|men|people|children|persons|adults)"
)
_TOTAL: Final = re.compile(
    rf"\ba total of (?P<total>\d[\d,]*) {_WHO} (?:(?P<plan>will|are to|are planned to|are going to) be|were|have been) "
    r"(?:enrolled|recruited|included|randomi[sz]ed|accrued)\b"
    r"|\b(?:the|this) (?:study|trial) (?P<planned>plans|intends|aims|is planned|is expected|will) (?:to )?"
    r"(?:enroll?|recruit|include|randomi[sz]e)"
    rf" (?:a total of )?(?P<number>\d[\d,]*) {_WHO}\b",
    re.IGNORECASE,
)
"""How many take part in all, as a description says it."""
_IN_PART: Final = re.compile(
    r"\b(?:each|per|every|group|arms?|cohorts?|phases?|parts?|stages?|sites?|first|additional|another|further|interim|pilot|previous"
    r"|screen\w*|follow\w*|sub-?study|lead-in|run-in)\b",
    re.IGNORECASE,
)
"""Words of a sentence that may count some of them."""

_YOUNG: Final = re.compile(
    r"\b(?:in|of|for|among|with) (?:[\w-]+ ){0,3}?"
    r"(?:p(?:a)?ediatric (?:patients|participants|subjects)|children|infants|neonates|newborns|toddlers)\b",
    re.IGNORECASE,
)
_GROWN: Final = re.compile(
    r"\b(?:in|of|for|among) (?:[\w-]+ ){0,3}?(?:adults|adult (?:patients|participants|subjects))\b", re.IGNORECASE
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:young|adolescen\w*|parent\w*|mother\w*|father\w*|care-?givers?|famil\w+|surviv\w+|childhood|born|history|who|with children)\b",
    re.IGNORECASE,
)
_OF_AGE: Final = 18.0
"""Years from which one is an adult, as the registry's age groups have it (ClinicalTrials.gov: child, adult from 18)."""


def fields_against_words(record: Record) -> Iterator[Found]:
    """What does not agree within each document by itself."""
    for document in record.documents:
        yield from _ages(document)
        yield from _sex(document)
        yield from _healthy(document)
        yield from _title(document)
        yield from _participants(document)


class _Limit(NamedTuple):
    """A limit of age that a criterion sets: in completed years, the one written and the one meant where "under 70" is 69."""

    line: Line
    end: Literal["lower", "upper"]
    years: float
    also: float


def _ages(trial: Trial) -> Iterator[Found]:
    """Limits of age in the fields that no criterion has, and one age that is both asked for and ruled out."""
    yield from _turned(trial)
    if in_groups(trial):
        return
    inside, outside = _limits(trial, "inclusion"), _limits(trial, "exclusion")
    for end in ("lower", "upper"):
        asked_for = [one for one in inside if one.end == end]
        if len({one.years for one in asked_for}) > 1:
            continue  # as many groups as limits, though nothing says so
        told = [*asked_for, *(one for one in outside if one.end == end)]
        yield from _against_field(trial, [one for one in told if not _agrees(trial, one)], end)
    for want in inside:
        for bar in outside:
            if want.end == bar.end and want.years == want.also == bar.years != bar.also:
                yield Found(
                    "age",
                    f"Who is exactly {_spoken(want.years)} old is asked for by {_name(want.line)} and ruled out by {_name(bar.line)}.",
                    (want.line.span, bar.line.span),
                    f"{_name(bar.line)} means those {'below' if want.end == 'lower' else 'above'} that age.",
                    (want.line.id, bar.line.id),
                )


def _turned(trial: Trial) -> Iterator[Found]:
    """A lowest age above the highest."""
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    spans = (*trial.evidence.get("minimum_age", ())[:1], *trial.evidence.get("maximum_age", ())[:1])
    if low is not None and high is not None and low > high and len(spans) > 1:
        text = f"The lowest age ({trial.minimum_age}) is above the highest ({trial.maximum_age}): nobody has an age between."
        yield Found("age", text, spans)


def _limits(trial: Trial, kind: Literal["inclusion", "exclusion"]) -> list[_Limit]:
    """The limits that one list sets for everybody on joining."""
    found = []
    for line in _for_everybody(trial, kind):
        if _ANOTHER_TIME.search(line.text):
            continue
        for wanted, leaf in demands(line.condition, kind == "inclusion", frozenset()):
            if isinstance(leaf, Demographic) and leaf.age and wanted == (kind == "inclusion"):
                found += [one for one in _limits_of(line, leaf, wanted) if _is_written(one)]
    return found


def _limits_of(line: Line, leaf: Demographic, wanted: bool) -> Iterator[_Limit]:
    """ "18 to 70" asked for: 18 and 70. "Under 18 or over 70" barred: the same."""
    low, high = (leaf.age.low, leaf.age.high) if leaf.age else (-inf, inf)
    low_open, high_open = (leaf.age.low_open, leaf.age.high_open) if leaf.age else (False, False)
    if low > 0:
        stricter = low + 1 if low_open else low
        yield _Limit(line, "lower", low, stricter) if wanted else _Limit(line, "upper", low, low if low_open else low - 1)
    if 0 < high < inf:
        stricter = high - 1 if high_open else high
        yield _Limit(line, "upper", high, stricter) if wanted else _Limit(line, "lower", high, high if high_open else high + 1)


def _is_written(limit: _Limit) -> bool:
    """Whether the line has the number, so that it is not only a word ("elderly", "adults")."""
    counts = {round(limit.years * units) for units in (1, 12, 365.25 / 7, 365.25)}
    return any(int(digits) in counts for digits in re.findall(r"\d+", limit.line.text))


def _agrees(trial: Trial, limit: _Limit) -> bool:
    field = years(_field(trial, limit.end))
    if field is None:
        return years(_field(trial, "upper" if limit.end == "lower" else "lower")) is None
    return any(abs(field - years) < _MONTH for years in (limit.years, limit.also))


def _against_field(trial: Trial, others: Sequence[_Limit], end: Literal["lower", "upper"]) -> Iterator[Found]:
    field, spans = _field(trial, end), trial.evidence.get("minimum_age" if end == "lower" else "maximum_age", ())
    for limit in others[:1]:
        own = f"{_name(limit.line)} sets the {end} limit of age at {_spoken(limit.years)}"
        said = f"the record's own field at {field.lower()}" if field else "the record's own fields set none"
        yield Found("age", f"{own[0].upper()}{own[1:]}, {said}.", (limit.line.span, *spans[:1]), None, (limit.line.id,))


def _field(trial: Trial, end: Literal["lower", "upper"]) -> str | None:
    return trial.minimum_age if end == "lower" else trial.maximum_age


def _spoken(years: float) -> str:
    if years < 1:
        return f"{number(round(years * 12))} months"
    return f"{number(years)} year{'' if years == 1 else 's'}"


def _sex(trial: Trial) -> Iterator[Found]:
    """A criterion for one sex alone beside a field for the other, or for all."""
    spans = trial.evidence.get("sex", ())
    if not spans or in_groups(trial):
        return
    wanted: dict[str, Line] = {}
    for line in _for_everybody(trial, "inclusion"):
        if all(isinstance(leaf, Demographic) for leaf in leaves(line.condition)) and not re.search(
            r"\b(?:gender|birth|trans)", line.text
        ):
            for asked_for, leaf in demands(line.condition, True, frozenset()):
                if isinstance(leaf, Demographic) and leaf.sex and asked_for:
                    wanted.setdefault(leaf.sex, line)
    if len(wanted) == 1:
        sex, line = next(iter(wanted.items()))
        if trial.sex and trial.sex.lower() != sex:
            field = "all" if trial.sex == "ALL" else f"{trial.sex.lower()} participants only"
            text = f"{_capital(line)} asks for {sex} participants only, the record's own field for {field}."
            yield Found("contradiction", text, (line.span, spans[0]), None, (line.id,))


def _healthy(trial: Trial) -> Iterator[Found]:
    """Healthy volunteers accepted by the field of a study whose every participant must have a disease, or the other way round."""
    spans = trial.evidence.get("healthy_volunteers", ())
    if not spans or in_groups(trial):
        return
    lines = _for_everybody(trial, "inclusion")
    if trial.healthy_volunteers:
        own = [trial.title or "", trial.official_title or "", *trial.conditions, *(arm.label for arm in trial.arms)]
        own += [one.text for one in trial.of_kind("inclusion")]
        diseases = _diseases(trial, lines)
        if diseases and not any(_HEALTHY.search(text) for text in own):
            line, disease = diseases[0]
            yield Found(
                "contradiction",
                f"The record's own field accepts healthy volunteers, but {_name(line)} asks for {asked(disease)}.",
                (spans[0], line.span),
                "the field is set wrong, for the criteria are for people with the disease.",
                (line.id,),
            )
    elif trial.healthy_volunteers is False:
        line_ = next((line for line in lines if _HEALTHY_WANTED.search(line.text)), None)
        if line_:
            text = f"{_capital(line_)} asks for healthy participants, but the record's own field does not accept them."
            yield Found("contradiction", text, (line_.span, spans[0]), None, (line_.id,))


def _diseases(trial: Trial, lines: Sequence[Line]) -> list[tuple[Line, Has]]:
    """The lines by which everybody has the disease under study."""
    study = rules(trial).study
    return [
        (line, leaf)
        for line in lines
        for wanted, leaf in demands(line.condition, True, frozenset())
        if wanted
        and isinstance(leaf, Has)
        and _ILL.search(line.text)
        and not leaf.family
        and all(_is_disease(one, study) for one in leaf.concepts)
    ]


def _is_disease(concept: str, study: frozenset[str]) -> bool:
    return kind_of(concept) == "condition" and any(is_a(concept, one) for one in study)


def _title(trial: Trial) -> Iterator[Found]:
    """A title whose phase or people are not those of the fields."""
    for name in ("title", "official_title"):
        title, spans = getattr(trial, name), trial.evidence.get(name, ())
        if not title or not spans:
            continue
        phases, field = _phases(title), trial.evidence.get("phase", ())
        given = {digit for phase in trial.phase for digit in re.findall(r"\d", phase)}
        if phases and field and trial.phase and not phases & given and (given or _may_have_phases(trial)):
            own = "that a phase does not apply" if trial.phase == ("NA",) else f"phase {'/'.join(sorted(given))}"
            text = f"The title calls the study a phase {'/'.join(sorted(phases))} trial, the record's own field says {own}."
            yield Found("contradiction", text, (spans[0], field[0]))
            return
        low, high = trial.evidence.get("minimum_age", ()), trial.evidence.get("maximum_age", ())
        youngest, oldest = years(trial.minimum_age), years(trial.maximum_age)
        if low and youngest and youngest >= _OF_AGE and _YOUNG.search(title) and not _OF_OTHERS.search(title):
            text = (
                f"The title is about children, but the youngest who may take part is {(trial.minimum_age or '').lower()} old."
            )
            yield Found("age", text, (spans[0], low[0]))
            return
        if high and oldest and oldest < _OF_AGE and _GROWN.search(title) and not _OF_OTHERS.search(title):
            text = f"The title is about adults, but the oldest who may take part is {(trial.maximum_age or '').lower()} old."
            yield Found("age", text, (spans[0], high[0]))
            return


def _may_have_phases(trial: Trial) -> bool:
    """Whether a drug may be given: the registry's phases are of such studies; others have "NA", whatever they call themselves."""
    types = {(one.type or "").upper() for one in trial.interventions}
    return not types or bool(types & {"DRUG", "BIOLOGICAL", "GENETIC", "COMBINATION_PRODUCT"})


def _phases(title: str) -> frozenset[str]:
    """The phases that a title names as the study's own: {"1", "2"} for "a phase I/II trial"."""
    found = (part for match in _PHASE.finditer(title) for part in (match[1], match[3]) if part)
    return frozenset(_ROMAN.get(one.upper(), one) for one in found)


def _participants(trial: Trial) -> Iterator[Found]:
    """A total of participants in the description that is not the field's."""
    spans = trial.evidence.get("enrollment", ())
    if not spans or not trial.enrollment:
        return
    for section in trial.sections:
        if section.name not in {"summary", "description"}:
            continue
        text, counted = trial.quote(section.span), "(ACTUAL)" in trial.quote(spans[0]).upper()
        for match in _TOTAL.finditer(text):
            if counted and (match["plan"] or match["planned"]):
                continue  # what was planned, beside what came of it
            start, end = text.rfind(".", 0, match.start()) + 1, text.find(".", match.end())
            sentence = text[start : end if end >= 0 else len(text)]
            total = int((match["total"] or match["number"]).replace(",", ""))
            if total != trial.enrollment and not _IN_PART.search(sentence):
                at = Span(section.span.document, section.span.start + match.start(), section.span.start + match.end())
                said = f"The {section.name} counts {total} participants in all, the record's own field {trial.enrollment}."
                yield Found("enrollment", said, (at, spans[0]))
                return


def _for_everybody(trial: Trial, kind: Literal["inclusion", "exclusion"]) -> list[Line]:
    """The lines of one list that bind every participant."""
    plain = unconditional(trial)
    return [line for line in rules(trial).lines if line.kind == kind and line.id in plain]


def _name(line: Line) -> str:
    return f"{line.kind} {line.id.rpartition('/')[2]}"


def _capital(line: Line) -> str:
    return _name(line).capitalize()
