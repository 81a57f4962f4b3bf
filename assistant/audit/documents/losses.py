"""What a third party's page lost of the record that it was extracted from, added to it, or turned into something else."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.audit.documents.disagreements import both_say, ids, in_order, listed, outranks, whole_words
from assistant.audit.documents.statements import Demand, Statement, content, covered, let_through, related, said_in, traits_lost
from assistant.audit.documents.witnesses import Two, Witness, in_twos
from assistant.audit.finding import Found, short
from assistant.audit.record import Record
from assistant.audit.rewording import Change, changes, stretch_of
from assistant.audit.together import together
from assistant.eligibility.assess import rules
from assistant.eligibility.conditions import Between, Demographic, Has, OneOf
from assistant.eligibility.numbers.quantities import all_quantities
from assistant.eligibility.numbers.units import UnitFault, convert
from assistant.eligibility.parse import parse
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import all_concepts, ancestors, is_a
from assistant.eligibility.wording import asked, limits, unit_of
from index.sentences import sentences
from index.trial import Kind, Span, Trial
from index.view import clean

_MOST: Final = 6
"""Lines left out that are told one by one; the rest together."""
_FEWEST: Final = 3
"""Words that a page's line must have to be compared word by word; demands from which a line is a long one."""
_OFFSPRING: Final = frozenset({"pregnancy", "breastfeeding", "contraception", "childbearing-potential"})
"""Lines about any of these are about one matter."""
_QUESTION: Final = re.compile(r"\?\s*$")
_OR: Final = re.compile(r"(?P<one>[\w+/-]+)\s+or\s+(?:stage\s+|grade\s+|class\s+)?(?P<other>[\w+/-]+)", re.IGNORECASE)
_GLOSS: Final = re.compile(r"(?<=[^\s(])\([^()]*\)\s*$")
"""A site's own explanation, glued to a value: "ECOG 0–1(Restricted strenuous activity)"."""
_LABEL: Final = re.compile(r"^(?:required|excluded|allowed)\s*:\s*", re.IGNORECASE)


def lost(record: Record) -> Iterator[Found]:
    """What each third-party page left out, added or changed, each once."""
    for two in in_twos(record.documents):
        if two.other.is_third_party and not two.best.is_third_party and two.best.trial.leaves and two.other.trial.leaves:
            yield from _Audit(two, ids(record)).found()


@dataclass(frozen=True)
class _Audit:
    """A record beside one page that was extracted from it."""

    two: Two
    known: Mapping[Span, str]

    @cached_property
    def lines(self) -> tuple[Statement, ...]:
        """The record's criteria."""
        return tuple(
            Statement(one.text, one.kind, one.span, one.condition, None, one.id) for one in listed(self.two.best.trial)
        )

    @cached_property
    def criteria(self) -> tuple[Statement, ...]:
        """The page's, the site's own words and the record's words under them each by itself."""
        return tuple(_pieces(self.two.other))

    @cached_property
    def answers(self) -> tuple[Statement, ...]:
        """What the page answers to the questions that it puts to itself."""
        return tuple(_answers(self.two.other.trial))

    @cached_property
    def asked_by_record(self) -> tuple[Demand, ...]:
        return tuple(demand for line in self.lines for demand in line.demands)

    @cached_property
    def asked_by_page(self) -> tuple[Demand, ...]:
        return tuple(demand for line in (*self.criteria, *self.answers) for demand in line.demands)

    @cached_property
    def page_words(self) -> tuple[frozenset[str], ...]:
        """Of each of the page's lines."""
        return tuple(content(line.text) for line in (*self.criteria, *self.answers))

    def _worded(self, text: str) -> bool:
        """Whether one line of the page has most of the words."""
        return any(said_in(text, words) for words in self.page_words)

    @cached_property
    def record_words(self) -> frozenset[str]:
        return content(self.two.best.trial.sources[0].text)

    @cached_property
    def _all_words(self) -> frozenset[str]:
        return frozenset(word for words in self.page_words for word in words)

    @cached_property
    def record_in_order(self) -> str:
        """The record's criteria, word by word."""
        return whole_words(self.two.best.trial)

    def found(self) -> Iterator[Found]:
        """What was left out, then what was added, then what was changed."""
        disease = self._other_disease()
        yield from self._ages()
        yield from self._parts_left_out(disease)
        yield from self._left_out(disease)
        yield from self._added(disease)
        yield from self._changed()

    def _says(self, what: str, one: str, other: str) -> str:
        return both_say(self.two, what, one, other)

    @property
    def _counts(self) -> str:
        return outranks(self.two)

    # Left out

    def _ages(self) -> Iterator[Found]:
        """A limit of age that only the record gives."""
        record, page = self.two.best.trial, self.two.other.trial
        stated = [one for one in self.asked_by_page if isinstance(one.leaf, Demographic) and one.leaf.age]
        for name, is_low in (("minimum_age", True), ("maximum_age", False)):
            age, other = getattr(record, name), getattr(record, "maximum_age" if is_low else "minimum_age")
            bounds = [let_through(one) for one in stated]
            if not age or getattr(page, name) or any(one and _bounded(one, low=is_low) for one in bounds):
                continue
            called = name.replace("_", " ")
            lines = [line.span for line in (*self.criteria, *self.answers) if any(one in stated for one in line.demands)]
            says = f"gives only {limits(bounds[0], 'years')}" if bounds and bounds[0] and other else "gives none"
            text = f"Only the {self.two.best.called} gives a {called}, {age}; the {self.two.other.called} {says}.{self._counts}"
            spans = (*record.evidence.get(name, ())[:1], *self._age_lines(), *lines)
            yield Found("only_here", text, spans, None, self._ids(spans))

    def _age_lines(self) -> tuple[Span, ...]:
        return tuple(
            line.span
            for line in self.lines
            if line.demands and all(isinstance(one.leaf, Demographic) and one.leaf.age for one in line.demands)
        )

    def _left_out(self, disease: Statement | None) -> Iterator[Found]:
        """Lines of the record of which the page says nothing at all: those about one matter together."""
        lines = [line for line in self.lines if self._is_lost(line)]
        groups = together(lines, _matters)
        for group in groups[:_MOST]:
            yield self._lost_lines(group)
        if rest := [line for group in groups[_MOST:] for line in group]:
            yield self._lost_lines(rest)

    def _lost_lines(self, lines: Sequence[Statement]) -> Found:
        spans = tuple(line.span for line in lines)
        shown = "; ".join(f"“{short(line.text)}”" for line in lines[:3]) + ("; …" if len(lines) > 3 else "")
        has, lacks = self.two.best.called, self.two.other.called
        count = "" if len(lines) == 1 else f" ({len(lines)} criteria)"
        text = f"Only the {has} says so{count}, the {lacks} leaves it out: {shown}.{self._counts}"
        return Found("only_here", text, spans, None, self._ids(spans))

    def _is_lost(self, line: Statement) -> bool:
        telling = [one for one in line.demands if not isinstance(one.leaf, Demographic)]
        if not telling or self._worded(line.text):
            return False
        return not any(self._is_said(one) for one in telling)

    def _is_said(self, demand: Demand) -> bool:
        words = getattr(demand.leaf, "words", "")
        return covered(demand, self.asked_by_page) or (not _is_only_a_name(demand) and self._worded(words))

    def _parts_left_out(self, disease: Statement | None) -> Iterator[Found]:
        """Parts of lines of which the page has the rest; what it calls the disease is set beside the record's histology."""
        for line in self.lines:
            known = [one for one in line.demands if one.is_known and not isinstance(one.leaf, Demographic)]
            about_disease = disease is not None and any(self._is_disease(one) for one in known)
            missing = [one for one in known if not self._is_said(one) and not self._is_disease(one)]
            if not known or (len(missing) == len(known) and not about_disease) or (self._is_lost(line) and not about_disease):
                continue
            traits = [name for one in known if one not in missing for name in self._traits(one)]
            parts = tuple(dict.fromkeys([*traits, *(_named(one) for one in missing)]))
            if parts:
                yield self._lost_parts(line, parts, disease if about_disease else None)

    def _traits(self, demand: Demand) -> tuple[str, ...]:
        near = [one for one in self.asked_by_page if isinstance(one.leaf, Has) and isinstance(demand.leaf, Has)]
        return traits_lost(demand, (one for one in near if related(one.leaf, demand.leaf)), self._all_words)  # type: ignore[arg-type]

    def _lost_parts(self, line: Statement, parts: Sequence[str], disease: Statement | None) -> Found:
        beside = [disease] if disease else [one for one in self.criteria if _shares(one, line)]
        spans = (line.span, *dict.fromkeys(one.span for one in beside))
        says = f"{f'says “{disease.text}” and ' if disease else ''}leaves out: {'; '.join(parts)}"
        text = f"The {self.two.best.called} says “{short(line.text)}”; the {self.two.other.called} {says}.{self._counts}"
        return Found("only_here" if not disease else "disagreement", text, spans, None, self._ids(spans))

    # Added

    def _other_disease(self) -> Statement | None:
        """What the page calls the disease, where that is neither the record's nor a wider name of it."""
        for line in self.criteria:
            for one in line.demands:
                if isinstance(one.leaf, Has) and one.wanted and self._is_disease(one) and not covered(one, self._diseases()):
                    return line
        return None

    def _diseases(self) -> tuple[Demand, ...]:
        study = rules(self.two.best.trial).study
        return tuple(Demand(Has((one,)), True) for one in study)

    def _is_disease(self, demand: Demand) -> bool:
        """Whether it is the disease under study, by whatever name: both are kinds of one tumour of one organ."""
        if not isinstance(demand.leaf, Has) or not demand.wanted:
            return False
        study = rules(self.two.best.trial).study
        return any(_is_near(one, other) for one in demand.leaf.concepts for other in study)

    def _added(self, disease: Statement | None) -> Iterator[Found]:
        """Rules of the page that stand nowhere in the record."""
        for line in self.criteria:
            telling = [one for one in line.demands if one.is_known and not isinstance(one.leaf, Demographic)]
            new = [one for one in telling if not self._is_in_record(one)]
            whole = not said_in(line.text, self.record_words)
            if (
                line is disease
                or not new
                or (len(new) < len(telling) and not all(isinstance(one.leaf, Between) for one in new))
            ):
                continue
            words = line.text if len(new) == len(telling) and whole else "; ".join(_named(one) for one in new)
            page, record = self.two.other.called, self.two.best.called
            text = f"Only the {page} says so, the {record} has no such rule: “{short(words)}”. Ask the study team."
            yield Found("only_here", text, (line.span,))

    def _is_in_record(self, demand: Demand) -> bool:
        words = getattr(demand.leaf, "words", "")
        said = content(words) <= self.record_words if demand.is_known else said_in(words, self.record_words)
        return covered(demand, self.asked_by_record) or said or self._is_disease(demand)

    # Changed

    def _changed(self) -> Iterator[Found]:
        """One finding for each thing that the page turned into another, however often it says so."""
        found: dict[str, list[tuple[Statement, Statement, str]]] = {}
        for line in (*self.criteria, *self.answers):
            for subject, own, text in self._alterations(line):
                found.setdefault(subject, []).append((own, line, text))
        for cases in found.values():
            own, _, text = cases[0]
            spans = tuple(dict.fromkeys((own.span, *(line.span for _, line, _ in cases))))
            yield Found("disagreement", text, spans, None, self._ids(spans))

    def _alterations(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """What a line of the page turned into another; how it is worded counts only where nothing typed was changed."""
        copied = in_order(line.text) in self.record_in_order
        for read in (self._turned,) if copied else (self._turned, self._typed, self._joined_by_or, self._reworded):
            if found := list(read(line)):
                yield from found
                return

    def _typed(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        yield from self._values(line)
        yield from self._classes(line)

    def _values(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """Bounds of the page that no bound of the record on the same quantity has."""
        for one in line.demands:
            if not isinstance(one.leaf, Between) or (said := let_through(one)) is None:
                continue
            same = [
                (own, range)
                for own in self.lines
                for other in own.demands
                if isinstance(other.leaf, Between) and (range := _comparable(other, one.leaf)) is not None
            ]
            if len(line.demands) > _FEWEST and _numbers(said) <= {number for _, range in same for number in _numbers(range)}:
                continue
            if same and not all(any(bound in _bounds(range) for _, range in same) for bound in _bounds(said)):
                own, range = same[0]
                name = _quantity_name(one.leaf.quantity)
                unit = unit_of(one.leaf)
                yield one.leaf.quantity, own, self._says(name, limits(range, unit), limits(said, unit))

    def _classes(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """Classes of a scale that the record does not name, or another choice of them."""
        for one in line.demands:
            if not isinstance(one.leaf, OneOf):
                continue
            same = [
                (own, other.leaf)
                for own in self.lines
                for other in own.demands
                if isinstance(other.leaf, OneOf) and other.leaf.scale == one.leaf.scale and other.wanted == one.wanted
            ]
            if same and all(leaf.values != one.leaf.values for _, leaf in same):
                own, leaf = same[0]
                yield one.leaf.scale, own, self._says(short(own.text), asked(leaf), asked(one.leaf))

    def _turned(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """What the page asks for and the record bars, or the other way round: in the same words, or by one plain finding."""
        own = self._same_words_elsewhere(line) or self._plainly_turned(line)
        if own:
            sides = ("must be so", "must not be so")
            sides = sides if own.kind == "inclusion" else sides[::-1]
            yield f"turned:{own.id}", own, self._says(f"“{short(own.text)}”", *(f"that this {side}" for side in sides))

    def _same_words_elsewhere(self, line: Statement) -> Statement | None:
        """The line of the record's other list that has the same words, where its own list has none."""
        same = [own for own in self.lines if len(content(own.text)) > 1 and content(own.text) == content(line.text)]
        return same[0] if same and all(own.kind != line.kind and not changes(own.text, line.text) for own in same) else None

    def _plainly_turned(self, line: Statement) -> Statement | None:
        for one in line.demands:
            if not (isinstance(one.leaf, Has) and one.is_known and one.wanted is not None) or covered(
                one, self.asked_by_record
            ):
                continue
            mirror = Demand(one.leaf, not one.wanted)
            own = next((each for each in self.lines if _alone(each) and covered(mirror, each.demands)), None)
            if own and _alone(line) and not self._is_disease(one):
                return own
        return None

    def _joined_by_or(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """ "A, B" of the record that the page gives as "A or B"."""
        for said in _OR.finditer(line.text):
            one, other = (re.escape(said[side]) for side in ("one", "other"))
            comma = re.compile(
                rf"(?<!\w){one}\s?(?:,|\band\b|\+)\s*(?:and\s+)?(?:stage\s+|grade\s+|class\s+)?{other}(?!\w)", re.IGNORECASE
            )
            either = re.compile(rf"(?<!\w){one},?\s+or\s+(?:\w+\s+)?{other}(?!\w)", re.IGNORECASE)
            own = next((each for each in self.lines if comma.search(each.text)), None)
            if own and not any(either.search(each.text) for each in self.lines):
                found = comma.search(own.text)
                yield (
                    f"or:{said[0].lower()}",
                    own,
                    self._says("“And” became “or”", f"“{found[0] if found else ''}”", f"“{said[0]}”"),
                )

    def _reworded(self, line: Statement) -> Iterator[tuple[str, Statement, str]]:
        """Numbers, limits, "and" and "or" and negation in words that are otherwise the record's."""
        if len(content(line.text)) < _FEWEST:
            return
        beside = [(own, edits) for own in self.lines if (edits := _beside(own.text, line.text)) is not None]
        if not beside or any(not edits for _, edits in beside):
            return
        own, edits = min(beside, key=lambda pair: len(pair[1]))
        telling = [edit for edit in edits if _tells(edit)]
        if telling:
            yield f"words:{own.id}", own, self._says("The wording was changed", f"“{telling[0].one}”", f"“{telling[0].other}”")

    def _ids(self, spans: Iterable[Span]) -> tuple[str, ...]:
        return tuple(self.known[span] for span in spans if span in self.known)


def _beside(own: str, said: str) -> tuple[Change, ...] | None:
    """What was changed between a line of the record and a line of the page of which one holds the other; None where none does."""
    if (part := stretch_of(own, said)) is not None:
        return changes(part, said)
    part = stretch_of(said, own)
    return changes(own, part) if part is not None else None


def _tells(edit: Change) -> bool:
    """Whether something was exchanged, not left out: what is left out is told elsewhere."""
    if not edit.lost or not edit.gained:
        return edit.gained == ("or",)
    return bool(edit.kinds & {"number", "comparator", "joiner", "negation"})


def _alone(line: Statement) -> bool:
    """Whether a line says one thing only, so that it is plain what it requires or rules out."""
    return len(line.demands) <= 2 and all(one.wanted is not None for one in line.demands)


def _is_only_a_name(demand: Demand) -> bool:
    """Whether its words name a value alone, which other rules name too."""
    return isinstance(demand.leaf, Between | OneOf)


def _numbers(range: Range) -> set[float]:
    """Its bounds, on whatever side: in a long line it is not plain what a negation reaches."""
    return {number for _, number, _ in _bounds(range)}


def _bounds(range: Range) -> set[tuple[str, float, bool]]:
    found = {("low", round(range.low, 6), range.low_open)} if _bounded(range, low=True) else set()
    return found | ({("high", round(range.high, 6), range.high_open)} if _bounded(range, low=False) else set())


def _bounded(range: Range, *, low: bool) -> bool:
    return range.low > 0 and range.low != float("-inf") if low else range.high != float("inf")


def _comparable(demand: Demand, like: Between) -> Range | None:
    """The passing values of a demand in another one's unit; None where they do not compare."""
    leaf, range = demand.leaf, let_through(demand)
    if not isinstance(leaf, Between) or range is None or leaf.quantity != like.quantity or leaf.of != like.of:
        return None
    if leaf.of or leaf.unit == like.unit:
        return range
    try:
        return convert(range, leaf.unit, like.unit, leaf.quantity)
    except UnitFault:
        return None


def _quantity_name(quantity: str) -> str:
    known = all_quantities().get(quantity)
    name = known.name if known else quantity.replace("-", " ")
    return name[0].upper() + name[1:]


def _named(demand: Demand) -> str:
    """What a demand says, in the document's words."""
    words = " ".join(getattr(demand.leaf, "words", "").split())
    return words or (asked(demand.leaf) if isinstance(demand.leaf, Has | Between | OneOf) else "")


def _is_near(one: str, other: str) -> bool:
    """Whether two names of diseases are of one tumour or illness, or of tumours of one organ."""
    if one == other or is_a(one, other) or is_a(other, one):
        known = all_concepts().get(one)
        return known is None or not known.broad
    shared = ancestors(one) & ancestors(other)
    telling = {each for each in shared if not is_a("carcinoma", each) and each != "carcinoma" and each != "solid-tumor"}
    return bool(telling) and is_a(one, "malignancy")


def _shares(one: Statement, line: Statement) -> bool:
    return any(covered(demand, line.demands) for demand in one.demands)


def _pieces(page: Witness) -> Iterator[Statement]:
    """The lines of a page's criteria, each by itself: what the site says, and the record's words that it quotes."""
    source = page.trial.sources[0]
    for criterion in page.trial.leaves:
        start = criterion.span.start
        for line in source.quote(criterion.span).split("\n"):
            span = Span(source.document, start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
            start += len(line) + 1
            if line.strip():
                text = _GLOSS.sub("", _LABEL.sub("", clean(source, span))).strip()
                yield Statement(text, criterion.kind, span, parse(text, criterion.kind), criterion.heading, criterion.id)


def _answers(page: Trial) -> Iterator[Statement]:
    """The answers to the questions that a page puts to itself, sentence by sentence."""
    kind: Kind = "inclusion"
    for section in page.sections:
        if section.name != "faq":
            continue
        source = page.sources[0]
        words = source.quote(section.span)
        for start, end in sentences(words):
            span = Span(source.document, section.span.start + start, section.span.start + end)
            text = clean(source, span)
            if not _QUESTION.search(text) and len(content(text)) > 1:
                yield Statement(text, kind, span, parse(text, kind))


def _matters(line: Statement) -> frozenset[str]:
    """What a line is about: concepts, or laboratory values."""
    found = set()
    for one in line.demands:
        if isinstance(one.leaf, Between):
            found.add("values")
        elif isinstance(one.leaf, Has):
            found.update(name for name in one.leaf.concepts if _is_telling(name))
    return frozenset("offspring" if name in _OFFSPRING else name for name in found)


def _is_telling(name: str) -> bool:
    """Whether two lines with this concept are about one matter: contraception is one, infection is none."""
    known = all_concepts().get(name)
    return known is not None and (not known.broad or known.kind == "status")
