"""What the documents of one trial say differently, field by field and criterion by criterion, and what one of them alone says."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from assistant.audit.alignment import Pair, align
from assistant.audit.documents.comparison import FIELDS, LISTS, Difference, entries, list_differences, said
from assistant.audit.documents.witnesses import Two, in_twos
from assistant.audit.finding import Found, short
from assistant.audit.passing import follows, passing
from assistant.audit.record import Record
from assistant.audit.rewording import Change, changes, key_words
from assistant.eligibility.assess import Line, rules
from assistant.eligibility.conditions import Has, Unparsed
from assistant.eligibility.parse.shapes import leaves, understood
from index.trial import Kind, Span, Trial
from index.view import clean

_MOST: Final = 6
"""Single findings of one kind about criteria; the rest are told together."""
_LONGEST: Final = 120
_ANNOUNCES: Final = 6
"""Words of a line above sub-items that says nothing of its own."""
_AGES: Final = frozenset({"minimum_age", "maximum_age"})
_ELSEWHERE: Final = frozenset({"nct_id", "official_title", "healthy_volunteers"})
"""Fields of which one document's silence says nothing to a reader."""


def disagreeing(record: Record) -> Iterator[Found]:
    """Each difference between the document whose word counts and another one, once."""
    for two in in_twos(record.documents):
        yield from _fields(two)
        yield from _lists(two)
        if not two.other.is_third_party:
            yield from _criteria(two, ids(record))
        yield from _only(two)


def ids(record: Record) -> dict[Span, str]:
    """Where each criterion of the merged record stands → its id."""
    return {criterion.span: criterion.id for criterion in record.trial.criteria}


def outranks(two: Two) -> str:
    """Whose word counts, as a further sentence; empty where neither comes first."""
    if two.other.is_third_party and not two.best.is_third_party:
        return " The record counts: the page was extracted from it."
    if two.best.called.startswith("registry") and not two.other.called.startswith("registry"):
        return " The registry's record counts: the saved page is a copy of it."
    return ""


def newer(two: Two) -> str | None:
    """Of two documents that count alike, the likely reading: the newer data."""
    dates = two.best.trial.as_of, two.other.trial.as_of
    if outranks(two) or not all(dates) or dates[0] == dates[1]:
        return None
    return f"The newer data (of {dates[0]}) hold: the record was changed."


def both_say(two: Two, what: str, one: str, other: str) -> str:
    """Both sides in one sentence."""
    return f"{what}: the {two.best.called} says {one}; the {two.other.called} says {other}.{outranks(two)}"


def _fields(two: Two) -> Iterator[Found]:
    for name, field in FIELDS.items():
        one, other = said(name, two.best.trial), said(name, two.other.trial)
        if one and other and one.spans and other.spans and not field.same(one.value, other.value):
            text = both_say(two, field.called.capitalize(), words_of(one.value), words_of(other.value))
            yield Found("disagreement", text, (*one.spans, *other.spans), newer(two))


def words_of(value: Any) -> str:
    """A field's value as a sentence says it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(words_of(one) for one in value)
    text = str(value)
    return text.lower().replace("_", " ") if text.isupper() and not text.startswith("NCT") else text


def _lists(two: Two) -> Iterator[Found]:
    for name in LISTS:
        for found in list_differences(name, two.best.trial, two.other.trial):
            yield _listed(two, found)


def _listed(two: Two, found: Difference) -> Found:
    spans = (*found.one_spans, *found.other_spans)
    if found.one is not None and found.other is not None:
        edits = changes(found.one, found.other)
        one, other = (edits[0].one, edits[0].other) if edits else (found.one, found.other)
        text = both_say(two, f"{found.what[0].upper()}{found.what[1:]}", _as_said(one), _as_said(other))
        return Found("disagreement", text, spans, newer(two))
    has = two.best if found.one is not None else two.other
    return Found("only_here", f"Only the {has.called} lists the {found.what} {found.one or found.other}.", spans)


def _as_said(words: str) -> str:
    return words_of(words) if words.isupper() and "_" in words else f"“{words}”"


def _criteria(two: Two, known: dict[Span, str]) -> Iterator[Found]:
    """The two lists of criteria, line by line. What is only cut into other lines is no difference."""
    one, other = (listed(each.trial) + tuple(_leads(each.trial)) for each in (two.best, two.other))
    if not one or not other:
        return
    aligned = align(one, other)
    texts = whole_words(two.best.trial), whole_words(two.other.trial)
    both = {line.kind for line in one} & {line.kind for line in other}
    changed = [
        (pair, edits)
        for pair in aligned.pairs
        if (edits := _edits(pair, texts)) or (pair.one.kind != pair.other.kind and {pair.one.kind, pair.other.kind} <= both)
    ]
    for pair, edits in changed[:_MOST]:
        yield _one_changed(two, pair, edits, known)
    if rest := changed[_MOST:]:
        spans = tuple(dict.fromkeys(chain.from_iterable((pair.one.span, pair.other.span) for pair, _ in rest)))
        text = f"{len(rest)} more criteria differ between the {two.best.called} and the {two.other.called}."
        yield Found("disagreement", text, spans, newer(two), _named(spans, known))
    for has, lacks, lines, text in (
        (two.best, two.other, aligned.only_one, texts[1]),
        (two.other, two.best, aligned.only_other, texts[0]),
    ):
        alone = [line for line in lines if not _is_lead(line, has.trial) and not _stands_in(line, text)]
        yield from _only_lines(has.called, lacks.called, alone, known)


def listed(document: Trial) -> tuple[Line, ...]:
    """The criteria of a document that are judged, without its structured fields."""
    own = {criterion.id for criterion in document.criteria}
    return tuple(line for line in rules(document).lines if line.id in own)


def _leads(document: Trial) -> Iterator[Line]:
    """What stands above sub-items: "Any of the following within 6 months:"."""
    source = document.sources[0]
    for criterion in document.criteria:
        first = next((child.span.start for child in document.criteria if child.parent == criterion.id), None)
        if first is not None and source.text[criterion.span.start : first].strip():
            span = Span(source.document, criterion.span.start, first)
            words = clean(source, span)
            yield Line(criterion.id, criterion.kind, words, span, criterion.kind, Unparsed(words))


def _is_lead(line: Line, document: Trial) -> bool:
    """Whether a line only announces its sub-items."""
    return all(line.id != leaf.id for leaf in document.leaves) and len(key_words(line.text)) <= _ANNOUNCES


def whole_words(document: Trial) -> str:
    """All the words of a document's criteria, in order: what is cut into other lines still stands in them."""
    return in_order(
        " \n ".join(criterion.text for criterion in document.criteria if criterion.parent is None or criterion.text)
    )


def in_order(text: str) -> str:
    """The words of a text as they are looked for in others."""
    return f" {' '.join(key_words(text))} "


def _stands_in(line: Line, whole: str) -> bool:
    return in_order(line.text) in whole


def _edits(pair: Pair, texts: tuple[str, str]) -> tuple[Change, ...]:
    """What differs between the two wordings, where it may change what the line asks."""
    if _stands_in(pair.one, texts[1]) and _stands_in(pair.other, texts[0]):
        return ()
    found = changes(pair.one.text, pair.other.text)
    telling = [change for change in found if change.kinds != {"words"}]
    return found if telling or not _means_the_same(pair) else ()


def _means_the_same(pair: Pair) -> bool:
    """Whether two wordings are wholly understood, and as one condition."""
    conditions = pair.one.condition, pair.other.condition
    known = all(understood(one) and not _has_unknown_words(one) for one in conditions)
    passes = [passing(line.condition, line.kind) for line in (pair.one, pair.other)]
    return known and follows(*passes) and follows(*reversed(passes))


def _has_unknown_words(condition: Any) -> bool:
    return any(name.startswith("w:") for leaf in leaves(condition) if isinstance(leaf, Has) for name in leaf.concepts)


def _one_changed(two: Two, pair: Pair, edits: Sequence[Change], known: dict[Span, str]) -> Found:
    spans = (pair.one.span, pair.other.span)
    if edits:
        text = both_say(two, _what(edits), f"“{edits[0].one}”", f"“{edits[0].other}”")
    else:
        text = both_say(two, f"“{short(pair.one.text, _LONGEST)}”", _as_list(pair.one.kind), _as_list(pair.other.kind))
    return Found("disagreement", text, spans, newer(two), _named(spans, known))


def _as_list(kind: Kind) -> str:
    return f"that it is an {kind} criterion"


def _what(edits: Sequence[Change]) -> str:
    kinds = frozenset(chain.from_iterable(edit.kinds for edit in edits))
    names = {
        "negation": "What is denied",
        "number": "A number",
        "comparator": "A limit",
        "joiner": "“And” or “or”",
        "words": "The wording",
    }
    return f"{next(name for kind, name in names.items() if kind in kinds)} of a criterion differs"


def _only_lines(has: str, lacks: str, lines: Sequence[Line], known: dict[Span, str]) -> Iterator[Found]:
    """Criteria that one document alone has: each by itself, or together where they are many."""
    for line in lines if len(lines) <= _MOST else ():
        text = f"Only the {has} has this {line.kind} criterion; the {lacks} lacks it: “{short(line.text, _LONGEST)}”."
        yield Found("only_here", text, (line.span,), None, _named((line.span,), known))
    if len(lines) > _MOST:
        spans = tuple(line.span for line in lines)
        text = f"Only the {has} has {len(lines)} of the criteria; the {lacks} lacks them."
        yield Found("only_here", text, spans, None, _named(spans, known))


def _named(spans: Iterable[Span], known: dict[Span, str]) -> tuple[str, ...]:
    return tuple(known[span] for span in spans if span in known)


def _only(two: Two) -> Iterator[Found]:
    """What one document alone states, told at once for each of the two."""
    skipped = _ELSEWHERE | (_AGES if two.other.is_third_party else frozenset())
    for has, lacks in ((two.best, two.other), (two.other, two.best)):
        named: list[str] = []
        spans: list[Span] = []
        for name, field in FIELDS.items():
            one = said(name, has.trial)
            if name not in skipped and one and one.spans and said(name, lacks.trial) is None:
                named.append(f"{field.called} ({words_of(one.value)})")
                spans += one.spans
        for name, listed_ in LISTS.items():
            items = entries(name, has.trial)
            if items and not _has(lacks.trial, name) and _has(has.trial, name):
                named.append(f"{len(items)} {listed_.called}{'s' if len(items) > 1 else ''}")
                spans += [item.span for item in items]
        if named:
            yield Found("only_here", f"Only the {has.called} gives: {', '.join(named)}.", tuple(spans))


def _has(document: Trial, name: str) -> bool:
    """Whether a document has that list; of sites, whether it names one by more than its country."""
    items = entries(name, document)
    return any(site.facility for site in items) if name == "sites" else bool(items)
