"""A condition in plain words for a physician to review, and the catalogue of the kinds of condition with an example of each."""

from dataclasses import dataclass
from math import inf

from assistant.eligibility.conditions import (
    Advised,
    AllOf,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    OneOf,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
    Window,
)
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.parse import parse
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import name_of
from assistant.eligibility.vocabulary.traits import name_of_trait
from assistant.eligibility.wording import dosed
from index.trial import Kind

_DEEPEST = 40
_ANCHORS = {"today": "today", "start": "the start of treatment"}


def in_words(condition: Condition) -> str:
    """The condition in plain words; parts are bracketed where it has several."""
    return _said(condition, 0)


def _said(condition: Condition, depth: int) -> str:
    if depth > _DEEPEST:
        return "…"

    def part(each: Condition) -> str:
        words = _said(each, depth + 1)
        return f"({words})" if isinstance(each, AllOf | AnyOf | Unless | Only | Either) else words

    match condition:
        case Between():
            return _between(condition)
        case OneOf(named, values, edition, _):
            return f"{_scale_name(named)} {' or '.join(sorted(values))}" + (f" (edition {edition})" if edition else "")
        case Has():
            return _has(condition)
        case Demographic(sex, age, _, _):
            return _demographic(sex, age)
        case AllOf(parts):
            return " and ".join(map(part, parts))
        case AnyOf(parts):
            return " or ".join(map(part, parts))
        case Not(inner):
            return f"not {part(inner)}"
        case Unless(rule, exception):
            return f"{part(rule)}, not counting {part(exception)}"
        case Only(group, rule):
            return f"for those with {part(group)}: {part(rule)}"
        case Either(group, then, otherwise):
            return f"with {part(group)}: {part(then)}; else: {part(otherwise)}"
        case Judged(by, words, facts):
            judge = "the investigator judges" if by == "investigator" else "the patient decides or is able"
            return f"{judge}: “{words}”" + (f" [facts: {part(facts)}]" if facts else "")
        case PerProtocol(words, facts):
            return f"the protocol says: “{words}”" + (f" [facts: {part(facts)}]" if facts else "")
        case Advised(words):
            return f"not required: “{words}”"
        case Unparsed(words):
            return f"not understood: “{words}”"


def _between(value: Between) -> str:
    unit = f" {value.unit}" if value.unit else ""
    limit = f" × {value.of}" if value.of else ""
    return f"{_quantity_name(value.quantity)} {range_in_words(value.range, unit + limit)}{_window(value.window)}"


def _quantity_name(id: str) -> str:
    try:
        return quantity(id).name
    except KeyError:
        return id.replace("-", " ")


def _scale_name(id: str) -> str:
    try:
        return scale(id).name
    except KeyError:
        return id.replace("-", " ")


def _has(has: Has) -> str:
    names = " or ".join(f"“{id[2:]}” (by its words)" if id.startswith("w:") else name_of(id) for id in has.concepts)
    traits = ", ".join(name_of_trait(trait) for trait in sorted(has.traits))
    said = " ".join(piece for piece in ("other" if has.other else "", traits, names) if piece)
    said = f"a relative with {said}" if has.family else said
    said += f", grade {range_in_words(has.grade)}" if has.grade else ""
    said += f", count {range_in_words(has.count)}" if has.count else ""
    said += f", size {range_in_words(has.size_mm, ' mm')}" if has.size_mm else ""
    said += f", {dosed(has.dose)}" if has.dose else ""
    return said + (", now or ever" if has.ever and not has.window else "") + _window(has.window)


def _demographic(sex: str | None, age: Range | None) -> str:
    said = [sex] if sex else []
    if age:
        said.append(f"age {range_in_words(age, ' years')}")
    return ", ".join(said) or "anybody, of any sex"


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    length = range_in_words(window.length, f" {window.unit}s")
    if window.anchor == "event":
        event = (f"the {window.edge} of " if window.edge else "") + (in_words(window.event) if window.event else "an event")
        return f", {length} {'before' if window.before else 'after'} {event}"
    begun = "begun " if window.edge == "start" else ""
    return f", {begun}{length} {'before' if window.before else 'after'} {_ANCHORS[window.anchor]}"


def range_in_words(bounds: Range, unit: str = "") -> str:
    """A range as people write one: "≥ 90 g/L", "18 to 70 years"."""
    if bounds.low == bounds.high:
        return f"{bounds.low:g}{unit}"
    low, high = bounds.low > -inf, bounds.high < inf
    if low and high and not bounds.low_open and not bounds.high_open:
        return f"{bounds.low:g} to {bounds.high:g}{unit}"
    pieces = []
    if low:
        pieces.append(f"{'>' if bounds.low_open else '≥'} {bounds.low:g}")
    if high:
        pieces.append(f"{'<' if bounds.high_open else '≤'} {bounds.high:g}")
    return (" and ".join(pieces) + unit) if pieces else "any value"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of condition: when a patient passes an inclusion line of it, and a line that reads so."""

    name: str
    asks: str
    passes: str
    example: str
    kind: Kind = "inclusion"


CATALOGUE: tuple[Shape, ...] = (
    Shape(
        "Between",
        "A measured quantity in a range.",
        "The latest value inside the line's window lies in the range, in one unit.",
        "Hemoglobin ≥ 90 g/L",
    ),
    Shape(
        "OneOf",
        "A class on a scale.",
        "The patient's class on the scale is one of those named, in the same edition.",
        "NYHA class II or III",
    ),
    Shape(
        "Has",
        "A condition, treatment, test result or state.",
        "A certain finding is the concept or a kind of it, with traits, window, grade and count.",
        "Type 2 diabetes",
    ),
    Shape(
        "Demographic", "Sex or age.", "Sex and age in completed years, on the anchor day, are as said.", "Age 18 to 70 years"
    ),
    Shape("AllOf", "Several things together.", "Every part passes.", "Asthma and atopic dermatitis"),
    Shape("AnyOf", "One of several things.", "At least one part passes.", "Asthma or atopic dermatitis"),
    Shape("Not", "That something is not so.", "The part is denied; silence is not a denial.", "No history of stroke"),
    Shape(
        "Unless",
        "A rule with an exception.",
        "Something that the exception describes does not count.",
        "Malignancy except basal cell carcinoma",
        "exclusion",
    ),
    Shape(
        "Only",
        "A rule for one group of people.",
        "The patient belongs to the group and the rule holds; outside the group the line does not apply.",
        "Women of childbearing potential must have a negative pregnancy test",
    ),
    Shape(
        "Either",
        "One rule for a group and another for the rest.",
        "Of the two rules, the one for the patient's group holds.",
        "ALT ≤ 2.5 × ULN, or ≤ 5 × ULN in the presence of liver metastases",
    ),
    Shape(
        "Judged",
        "The investigator's judgement or the patient's own will.",
        "The investigator, or the patient, has said so.",
        "Willing to attend all visits",
    ),
    Shape(
        "PerProtocol",
        "What only the protocol says.",
        "Nobody passes by the record alone: the protocol has the rule.",
        "Laboratory values per protocol",
    ),
    Shape(
        "Advised",
        "Nothing: it is advice.",
        "Everybody passes: it is not required.",
        "A colonoscopy is recommended but not mandatory",
    ),
    Shape("Unparsed", "Words that are not understood.", "Nobody passes until a person has read the words.", "Severe condition"),
)
"""Every kind of condition in `conditions.py`, with a line that `parse` reads into it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the catalogue: a kind of condition and how the example line is read."""

    kind: str
    asks: str
    passes: str
    example: str
    read: str


def catalogue() -> tuple[Row, ...]:
    """The kinds of condition, each with its example as the parser reads it now."""
    return tuple(
        Row(shape.name, shape.asks, shape.passes, f"{shape.example} ({shape.kind})", in_words(parse(shape.example, shape.kind)))
        for shape in CATALOGUE
    )


def catalogue_in_markdown() -> str:
    """The catalogue as the document that a physician reviews (`CRITERIA.md` beside this file)."""
    head = (
        "# How criteria are read",
        "",
        "Generated by `assistant.eligibility.phrases.catalogue_in_markdown()`; a test keeps it equal to the code.",
        "For an exclusion line the condition is what is barred: a patient passes where it does not hold.",
        "",
        "| kind | asks for | a patient meets it when | example line | is read as |",
        "|---|---|---|---|---|",
    )
    rows = (f"| {row.kind} | {row.asks} | {row.passes} | {row.example} | {row.read} |" for row in catalogue())
    return "\n".join((*head, *rows)) + "\n"
