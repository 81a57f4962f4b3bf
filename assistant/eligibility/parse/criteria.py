"""A trial's criteria to conditions: each line with what stands above it, siblings that make one rule, and the record's own fields."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import inf

from assistant.eligibility.conditions import Advised, Condition, Demographic, Has, Not, Only, Unless, Unparsed
from assistant.eligibility.parse.limbs import bounded, timed, window_of
from assistant.eligibility.parse.lines import line, shared, statement
from assistant.eligibility.parse.people import people
from assistant.eligibility.parse.scene import Scene, known, solid
from assistant.eligibility.parse.shapes import all_of, any_of, leaves, ungrouped, with_measure_window
from assistant.eligibility.parse.tokens import Token, Tokens, tokens
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import find, is_a
from index.trial import Criterion, Kind, Span, Trial

_LONGEST_LEAD = 400
_ENDS_WITH_OR = re.compile(r"[\s,;]or\W*$", re.IGNORECASE)
_BEGINS_WITH_OR = re.compile(r"or\b", re.IGNORECASE)
_LISTING = frozenset({"following", "below", "these"})


def parse(text: str, kind: Kind, context: tuple[str, ...] = ()) -> Condition:
    """The condition that a criterion's words describe; for an exclusion, what is barred. `context`: the lines above, outermost first.

    Never raises: what is not understood is `Unparsed`.
    """
    return _parsed(text, kind, context)


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: Kind, context: tuple[str, ...]) -> Condition:
    text = _folded(text)
    text = _named_by_kind(text)
    text = _SEEN_BY.sub("", text) if kind == "exclusion" else _LEAST_OF.sub(r"\g<name> \g<least> of ", text)
    text = _PROLONGED_BY_SEX.sub(r"\g<name> \g<bound> for \g<sex> or \g<other_bound> for \g<other>", text)
    text = _PROLONGED.sub(r"\g<name> \g<bound>", text)
    row = tokens(text)
    scene = Scene(text, kind == "exclusion", statement)
    read = _nothing(text, context) or _again(text, kind) or _recovered(text, kind) or line(row, scene) or timed(row, scene)
    if read is None:
        read = Unparsed(" ".join(text.split()))
    if kind == "exclusion" and _AT_ONCE.match(text):
        read = all_of([read, Unparsed("at the same time")]) or read
    read = ungrouped(read)
    for above in reversed(context):
        read = _under(above, read, kind)
    return read


_AT_ONCE = re.compile(
    r"\W*combined with (?:other |any |another )?(?:operations?|surger(?:y|ies)|(?:surgical )?procedures?)\b", re.IGNORECASE
)
"""Operations beside the trial's own: an earlier one is none of them."""
_KIND_AND_NAME = re.compile(r"(?P<kind>[^\s-][^-–:;,.()]{2,60})\s[-–]\s(?P<name>[^-–:;,.()]{3,60})\W*")


def _named_by_kind(text: str) -> str:
    """The name alone of "kind - name" ("Thyroid disease - Graves disease"): the kind is no alternative to it."""
    line = _KIND_AND_NAME.fullmatch(text.strip())
    if line is None:
        return text
    kinds = [one for mention in find(line["kind"]) for one in mention.concepts]
    names = [one for mention in find(line["name"]) for one in mention.concepts]
    narrower = kinds and names and all(one not in kinds and any(is_a(one, kind) for kind in kinds) for one in names)
    return line["name"] if narrower else text


_INTERVAL = r"\b(?:prolonged\s)?(?P<name>QTc[BF]?)(?:\s(?:interval|time))?(?:\sprolongation)?\s?"
_LENGTH = r"(?:[<>≥≤]=?|greater than|more than|above|over|at least)\s?\d{3}\s?(?:ms|msec|milliseconds?)\b"
_SEX = r"(?:fe)?males?|(?:wo)?men"
_PROLONGED_BY_SEX = re.compile(
    rf"{_INTERVAL}(?P<opens>\(\s?)?(?:(?:in|for|of)\s)?(?P<sex>{_SEX})\s?:?\s?(?P<bound>{_LENGTH})[\s,;/]{{0,3}}(?:(?:and|or)\s)?"
    rf"(?:(?:in|for)\s)?(?P<other>{_SEX})\s?:?\s?(?P<other_bound>{_LENGTH})(?(opens)\s?\))",
    re.IGNORECASE,
)
"""A prolonged QTc with a bound for each sex: "QTc prolongation (males > 450 ms, females > 470 ms)"."""
_PROLONGED = re.compile(
    rf"{_INTERVAL}\(\s?(?P<bound>{_LENGTH}(?:\s(?:in|for)\s(?:{_SEX})[\s,;/]{{0,3}}(?:(?:and|or)\s)?{_LENGTH}\s(?:in|for)\s(?:{_SEX}))?)\s?\)",
    re.IGNORECASE,
)
"""A prolonged QTc with its bound in brackets."""
_NOTHING = re.compile(
    r"\W*(?:none|nil|n\.?\s?/?\s?a\.?|not applicable|(?:none|no|nil)\s(?:(?:specific|other|further|additional|formal)\s)?"
    r"(?:(?:in|ex)clusion\s)?(?:criteri(?:a|on)|restrictions?|exclusions?))(?:\s(?:specified|stated|listed|given|apply))?\W*",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\W*(?:\w+\s){0,2}?(?:in|ex)clusions?(?:\scriteria)?\W*", re.IGNORECASE)


def _nothing(text: str, context: tuple[str, ...]) -> Condition | None:
    """ "None" as a whole list of criteria: it asks nothing and bars nobody. Under a line of its own it answers that line."""
    said = _NOTHING.fullmatch(text) and all(_HEADING.fullmatch(above) for above in context)
    return Advised(" ".join(text.split())) if said else None


_AGAIN = re.compile(
    r"\W*(?:(?:the\s)?(?:patients?|subjects?|participants?|volunteers?|individuals?|those)\s)?(?:who\s|with\s)?"
    r"(?=(?:\w+\s){0,4}?(?:prior|previous(?:ly)?|earlier|already|past|before|ha(?:s|ve|d))\b)"
    r"(?:(?:any|a|prior|previous(?:ly)?|earlier|already|past|has|have|had|been|were|was)\s){0,6}"
    r"(?:participa\w+|enrol\w+|includ(?:ed|ing)|inclusion|randomi[sz]\w+|screened)\s(?:in|into|for|to)\s"
    r"(?:this|the\s(?:present|current|same))\s(?:clinical\s|research\s)?(?:stud(?:y|ies)|trial|protocol)\W*",
    re.IGNORECASE,
)


def _again(text: str, kind: Kind) -> Condition | None:
    """ "Prior participation in this study": who was in no study was not in this one; which one it was is left as words."""
    words = " ".join(text.split())
    if kind != "exclusion" or not _AGAIN.fullmatch(words):
        return None
    return all_of([Has(("clinical-trial-participation",), ever=True, words=words), Unparsed(words)])


_RECOVERED = re.compile(
    r"(?:[\w-]+\s+){0,6}?(?:recover\w*|resol(?:ved|ution))\b[^.;]{0,40}?\b(?:from|of)\b[^.;]{0,40}?"
    r"\b(?:effects?|toxicit\w*|adverse events?|AEs?)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|un\w+|no|without|failure)\b", re.IGNORECASE)


def _recovered(text: str, kind: Kind) -> Condition | None:
    """ "Recovered from the effects of any earlier chemotherapy or surgery": no toxicity is left; the treatments need not have been."""
    said = _RECOVERED.match(text)
    if kind != "inclusion" or said is None or _DENIES.search(said[0]):
        return None
    return Not(Has(("treatment-toxicity",), frozenset({"unresolved"}), words=" ".join(text.split())))


_EITHER_PD = re.compile(r"\bPD-?\(L\)-?1\b", re.IGNORECASE)
_SAINT = re.compile(r"\bSt\.(?=\s+[A-Z][a-z])")
_ROMAN = re.compile(r"[\u2160-\u217f]+")


def _folded(text: str) -> str:
    """The text with one spelling of what is written in several: "PD-(L)1", "St. John", Roman numbers of one sign."""
    plain = _GRADE_WITHIN.sub(r"\g<grade> \g<led>\g<event>", _SAINT.sub("St", _EITHER_PD.sub("PD-1/PD-L1", text)))
    plain = _IN_POUNDS.sub(r"\g<kg>", plain)
    plain = _CANNOT_STOP.sub("cannot discontinue", plain)
    plain = _GRADED_BY.sub(r"\g<scale> \g<grade>\g<of>", plain)
    return _ROMAN.sub(lambda match: unicodedata.normalize("NFKC", match[0]), plain)


_LEAST_OF = re.compile(
    r"\b(?P<least>minimum|maximum)\s+(?P<name>(?!(?:of|age|duration|period|interval|time|dose|number|follow|wash)\b)[a-z]+"
    r"(?:\s(?!of\b)[a-z]+){0,3})\s+of\s+(?=\d)",
    re.IGNORECASE,
)
"""A bound before the name: "minimum body weight of 5 kg"."""
_IN_POUNDS = re.compile(r"(?P<kg>\d\s?kg)\s?(?:/|\()\s?\d+(?:\.\d+)?\s?(?:lbs?|pounds)\b\.?\)?", re.IGNORECASE)
"""A weight said over again in pounds."""
_CANNOT_STOP = re.compile(
    r"\b(?:(?:who\s+are\s+|is\s+|are\s+)?(?:unable|not\s+able)\s+to|inability\s+to|can\s?not)\s+(?:discontinue|stop|interrupt|be\s+taken\s+off)"
    r"(?:\s+(?:(?:taking|using|receiving|(?:the\s+)?use\s+of|treatment\s+with|therapy\s+with|concomitant|concurrent)\b)){0,2}(?=\s+\w)",
    re.IGNORECASE,
)
"""That a medicine cannot be stopped, in one spelling."""
_GRADED_BY = re.compile(
    r"\b(?P<grade>grade\s+(?:[0-4]|I{1,3}|IV)(?:\s*(?:,|or|and|to|-|–|/)\s*(?:grade\s+)?(?:[0-4]|I{1,3}|IV)\b){0,3})"
    r"(?P<of>[^.;,\d]{0,80}?)\s+(?:\(?by|according\s+to|on|using|per|based\s+on|in)\s+(?:the\s+)?"
    r"(?P<scale>Kellgren(?:\s?(?:&|and|-|–)\s?|\s)Lawrence)\b(?:\s+(?:radiographic|radiological|classification|grading|scale|system|criteria|score)\b){0,4}\)?",
    re.IGNORECASE,
)
"""A grade whose scale is named behind it: "grade 2 or 3 of the hip by the Kellgren & Lawrence system"."""
_GRADE_WITHIN = re.compile(
    r"\b(?P<led>(?:immune|treatment|drug|therapy|infusion)[\s-](?:related|mediated|emergent|induced)\s+)"
    r"(?P<grade>(?:[≥>]=?\s*)?(?:CTCAE\s+)?grade\s*(?:[≥>]=?\s*)?\d(?:\s*(?:-|–|to|or)\s*(?:\d|higher|greater|above|more))?)\s+"
    r"(?P<event>AEs?\b|adverse\s+(?:event|reaction)s?|toxicit(?:y|ies)|side\s+effects?)",
    re.IGNORECASE,
)
"""A grade inside a name: "immune-related ≥ grade 3 AE"."""
_SEEN_BY = re.compile(
    r",?\s+(?:as\s+)?(?:measured|assessed|determined|shown|seen|demonstrated|evaluated|documented|detected|visible|confirmed)\s+(?:by|on|with|using|via)\s+"
    r"(?:(?:a|an|the|contrast[\s-]enhanced|baseline|screening|chest|brain|whole[\s-]body|recent)\s+){0,3}"
    r"(?:CT|MRI|PET(?:[/-](?:CT|MRI))?|ultrasound|ultrasonography|x-?ray|imaging|scan|scintigraphy|computed\s+tomography|magnetic\s+resonance\s+imaging)\b"
    r"(?:\s+(?:scan|imaging)s?\b)?(?:\s+of\s+(?:the\s+)?[a-z]+(?:\s*(?:,|and|/|or)\s*(?:the\s+)?(?:thorax|chest|abdomen|pelvis|brain|head|neck|spine|liver|lungs?))*)?",
    re.IGNORECASE,
)
"""What a barred state is seen by, which bars whoever has it seen in another way as well."""


def _under(above: str, read: Condition, kind: Kind) -> Condition:
    """A line under another: the upper one's window, "history of", negation and group reach it."""
    row = tokens(above)
    scene = Scene(above, kind == "exclusion", statement)
    if not row:
        return read
    read = _timed(row, read, scene)
    negated = kind == "inclusion" and _negates(row)
    if negated:
        read = read.part if isinstance(read, Not) else Not(read)
    group = _group(row, scene)
    return Only(group, read) if group is not None else read


def _timed(row: Tokens, read: Condition, scene: Scene) -> Condition:
    windows = [token for token in row if token.kind == "window" and bounded(token)]
    if windows and any(token.kind == "measure" for token in row) and not _opens_list(row):
        return read
    if not windows:
        return shared(row, read, scene) if _opens_list(row) else read
    window = window_of(windows[-1], scene)
    return with_measure_window(shared(row, read, scene), window) if _opens_list(row) else with_measure_window(read, window)


def _opens_list(row: Tokens) -> bool:
    said = [token for token in row if token.kind != "empty"]
    return bool(said) and (
        said[-1].kind == "separator"
        or any(token.is_cue("oneof", "allof", "moreof", "example") for token in row)
        or len(said) <= 6
    )


def _negates(row: Tokens) -> bool:
    """Whether the last sentence of an upper line opens with "no" or ends with "are excluded"."""
    ends = [
        at for at, token in enumerate(row) if token.kind == "stop" or (token.kind == "separator" and token.value == "semicolon")
    ]
    starts = [at + 1 for at in ends if solid(row[at + 1 :])]
    said = [
        token
        for token in row[starts[-1] if starts else 0 :]
        if token.kind not in ("empty", "soft", "sex", "group", "everybody")
    ]
    opens = any(token.is_cue("example", "oneof", "allof") or token.text.lower() in _LISTING for token in said) or not known(
        tuple(said)
    )
    return bool(said) and ((said[0].is_cue("not") and opens) or any(_keeps_out(said, at) for at in range(len(said))))


def _keeps_out(said: list[Token], place: int) -> bool:
    """Whether "are excluded" ends the sentence that it stands in."""
    return said[place].is_cue("barred") and not any(
        token.kind in ("word", "concept") and token.text.lower() not in _LISTING and not token.text.isdigit()
        for token in said[place + 1 :]
    )


def _group(row: Tokens, scene: Scene) -> Condition | None:
    """Whom an upper line speaks of: "For women:", "Male participants", "Female patients: one of these must hold"."""
    colon = next((at for at, token in enumerate(row) if token.kind == "separator" and token.value == "colon"), 0)
    if 0 < colon < len(row) - 1 and (named := _group(row[:colon], scene)) is not None:
        return named
    said = tuple(token for token in row if token.kind not in ("empty", "separator", "stop"))
    if said and said[0].is_cue("if") and not any(token.kind == "measure" for token in said):
        return statement(said[1:], replace(scene.deeper(), bars=True)) if solid(said[1:]) else None
    people = [token for token in said if token.kind in ("sex", "group")]
    others = [
        token
        for token in said
        if token.kind in ("concept", "measure", "age", "everybody") or token.is_cue("not", "except", "or", "and")
    ]
    if (
        len(people) == 1
        and not others
        and len(said) <= 4
        and not any(token.kind == "word" and len(token.text) > 3 for token in said[:1])
    ):
        return statement((people[0],), scene.deeper())
    return None


def condition_of(criterion: Criterion, trial: Trial) -> Condition:
    """The condition of one criterion of a trial, read with its heading and the lines above it.

    Siblings under "one of the following" (or "except the following") make one rule together, which each of them then carries.
    """
    by_id = {each.id: each for each in trial.criteria}
    context = _context(criterion, by_id)
    parent = by_id.get(criterion.parent or "")
    if parent is None:
        return parse(criterion.text, criterion.kind, context)
    if criterion.kind == "inclusion" and _allows(tokens(_lead(parent, by_id))):
        return Advised(" ".join(criterion.text.split()))
    siblings = [each for each in trial.criteria if each.parent == parent.id]
    together = _together(criterion, parent, siblings, by_id)
    return parse(criterion.text, criterion.kind, context) if together is None else together


def _allows(row: Tokens) -> bool:
    """Whether an upper line lists what is let in: "Chemotherapy allowed:"."""
    said = tuple(token for token in row if token.kind not in ("empty", "soft", "separator", "stop"))
    return (
        known(row)
        and bool(said)
        and said[-1].is_cue("allowed")
        and said[-1].text.endswith(("allowed", "permitted"))
        and not any(token.is_cue("not", "if", "onlyif", "must", "barred") for token in said)
    )


def above(criterion: Criterion, trial: Trial) -> tuple[str, ...]:
    """The headings and lines that a criterion stands under, outermost first, without their other sub-items."""
    return _context(criterion, {each.id: each for each in trial.criteria})


def _context(criterion: Criterion, by_id: dict[str, Criterion]) -> tuple[str, ...]:
    found: list[str] = []
    above: Criterion | None = criterion
    seen: set[str] = set()
    while above is not None and above.id not in seen:
        seen.add(above.id)
        if above is not criterion:
            found.append(_lead(above, by_id))
        if above.heading:
            found.append(above.heading + ":")
        above = by_id.get(above.parent or "")
    return tuple(reversed(found))


def _lead(parent: Criterion, by_id: dict[str, Criterion]) -> str:
    """The parent's own words: without its sub-items, which its text repeats."""
    places = [parent.text.find(child.text[:40]) for child in by_id.values() if child.parent == parent.id and child.text]
    repeated = [place for place in places if place >= 0]
    return parent.text[: min(repeated)] if repeated else parent.text[:_LONGEST_LEAD]


def _together(
    criterion: Criterion, parent: Criterion, siblings: list[Criterion], by_id: dict[str, Criterion]
) -> Condition | None:
    """The one rule that a parent and its sub-items make, where the parent says so; None where each stands by itself."""
    lead = _lead(parent, by_id)
    row = tokens(lead)
    roles = {token.value for token in row if token.kind == "cue"}
    context = _context(criterion, by_id)
    if _ends_with_exception(row):
        rule = statement(row[: _last_cue(row, "except", "unless")], Scene(lead, criterion.kind == "exclusion", statement))
        exceptions = any_of(parse(each.text, "exclusion") for each in siblings)
        if rule is not None and exceptions is not None:
            return Not(Unless(rule.part, exceptions)) if isinstance(rule, Not) else Unless(rule, exceptions)
    if criterion.kind == "inclusion" and not _negates(row):
        whole = "oneof" in roles or (known(row) and _closes_with_or(siblings))
        run = siblings if whole else _run_of_alternatives(criterion, siblings)
        if len(run) > 1 or whole:
            return any_of(parse(each.text, each.kind, context) for each in run)
    if criterion.kind == "exclusion" and "allof" in roles and "oneof" not in roles:
        return all_of(parse(each.text, each.kind, context) for each in siblings)
    if "moreof" in roles:
        some = any_of(parse(each.text, each.kind, context) for each in siblings)
        return all_of([some, Unparsed(" ".join(lead.split()))])
    return None


def _closes_with_or(siblings: list[Criterion]) -> bool:
    """ "A / B, or / C" under one lead: only the last joint is named, and it holds for all."""
    joints = [_or_between(one, other) for one, other in pairwise(siblings)]
    return bool(joints) and joints[-1]


def _run_of_alternatives(criterion: Criterion, siblings: list[Criterion]) -> list[Criterion]:
    """The neighbours that "or" joins a line to, with the line itself; those beyond stand by themselves."""
    first = last = siblings.index(criterion)
    while first > 0 and _or_between(siblings[first - 1], siblings[first]):
        first -= 1
    while last + 1 < len(siblings) and _or_between(siblings[last], siblings[last + 1]):
        last += 1
    return siblings[first : last + 1]


def _or_between(one: Criterion, other: Criterion) -> bool:
    return bool(_ENDS_WITH_OR.search(one.text[-8:]) or _BEGINS_WITH_OR.match(other.text))


def _ends_with_exception(row: Tokens) -> bool:
    place = _last_cue(row, "except", "unless")
    return place > 0 and not known(row[place + 1 :]) and known(row[:place])


def _last_cue(row: tuple[Token, ...], *roles: str) -> int:
    return max((at for at, token in enumerate(row) if token.is_cue(*roles)), default=-1)


def structured(trial: Trial) -> tuple[tuple[str, Kind, str, Condition, Span | None], ...]:
    """The record's own ages and sex as lines (id, kind, text, condition, where it stands), where no criterion says them."""
    stated = [leaf for each in trial.leaves for leaf in leaves(condition_of(each, trial)) if isinstance(leaf, Demographic)]
    return tuple(_fields(trial, stated))


def _fields(trial: Trial, stated: list[Demographic]) -> Iterator[tuple[str, Kind, str, Condition, Span | None]]:
    low, high = years(trial.minimum_age), years(trial.maximum_age)
    ages = [demographic.age for demographic in stated if demographic.age]
    if low and not any(age.low > 0 for age in ages):
        yield _field(trial, "minimum_age", f"Minimum age: {trial.minimum_age}", Demographic(age=Range(low)))
    if high is not None and not any(age.high < inf for age in ages):
        yield _field(trial, "maximum_age", f"Maximum age: {trial.maximum_age}", Demographic(age=Range(high=high)))
    sex = (trial.sex or "").lower()
    if sex in ("female", "male") and not any(demographic.sex for demographic in stated):
        yield _field(trial, "sex", f"Sex: {sex}", Demographic(sex="female" if sex == "female" else "male"))


def _field(trial: Trial, name: str, text: str, condition: Demographic) -> tuple[str, Kind, str, Condition, Span | None]:
    spans = trial.evidence.get(name, ())
    return f"{trial.id}/record/{name}", "inclusion", text, replace(condition, words=text), spans[0] if spans else None


_FIRST_DAYS = re.compile(r"(\d+)\s*(hour|minute)s?", re.IGNORECASE)
"""A registry's age of a newborn."""


def years(said: str | None) -> float | None:
    """An age as the record words it ("18 Years", "6 Months"), in years."""
    first_days = _FIRST_DAYS.fullmatch(said or "")
    if first_days:
        return int(first_days[1]) / {"hour": 24 * 365.25, "minute": 60 * 24 * 365.25}[first_days[2].lower()]
    found = people(f"age at least {said}") if said else ()
    return found[0].age.low if found and found[0].age else None
