"""What an amendment changed: each criterion of two versions as loosened, tightened, reworded, moved … by its typed condition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, get_args

from assistant.audit.alignment import about, align, content
from assistant.audit.amendments.unread import unread
from assistant.audit.entailment import wordless
from assistant.audit.finding import short
from assistant.audit.passing import ALL, Proved, compared, follows, joined, passing
from assistant.audit.rewording import fold, same_words
from assistant.audit.together import together
from assistant.eligibility.assess import Line, rules
from assistant.eligibility.conditions import Advised, Condition, Has, Judged, PerProtocol, Unless, Unparsed
from assistant.eligibility.parse import above
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.phrases import in_words
from index.trial import Criterion, Kind, Span, Trial

ChangeKind = Literal["loosened", "tightened", "changed", "reworded", "moved", "split", "merged", "added", "removed"]
Effect = Literal["looser", "stricter", "same", "open"]
"""What a change does to who can pass: more, fewer, the same people; or that is not known."""

_MIRRORED: Final[dict[ChangeKind, ChangeKind]] = {
    "loosened": "tightened",
    "tightened": "loosened",
    "added": "removed",
    "removed": "added",
    "split": "merged",
    "merged": "split",
}
_COVERED: Final = 0.9
"""Share of the words of one line that must stand in several, and of theirs in it, for them to be its parts."""
_UNLIKE: Final = 0.55
"""Below this, two lines that cannot be compared are two lines, not one that was changed."""
_MARKER: Final = re.compile(r"(?:[\s*•·(–-]+(?:\w{1,4}[.)])?)?\s*$")
"""What stands before the first sub-item: white space and its bullet or number."""
_TITLE: Final = re.compile(
    r"(?!.*\b(?:part|cohort|phase|arm|group|stratum|for|only|if|women|men|patients|participants|subjects)\b)[a-z /&-]{3,40}:",
    re.IGNORECASE,
)
"""A heading that names a subject and no group of people."""
_ITEM: Final = re.compile(r"^\s*(?:[*•·▪◦‣–-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})[.)])\s+", re.MULTILINE)
"""The bullet or number of an item."""


@dataclass(frozen=True)
class Rule:
    """What one line asks, or lines that make one rule together ("one of the following")."""

    ids: tuple[str, ...]
    kind: Kind
    text: str
    above: str
    """The headings and lines that it stands under."""
    span: Span
    lead: Span | None
    """The line above it, where there is one."""
    condition: Condition

    @cached_property
    def passes(self) -> Condition:
        """Who passes it."""
        return passing(self.condition, self.kind)

    @cached_property
    def key(self) -> tuple[str, str, str]:
        """The same for rules that say the same in the same list."""
        return self.kind, fold(self.above), fold(self.text)


@dataclass(frozen=True)
class Change:
    """One difference between two versions, with the places in both that show it."""

    kind: ChangeKind
    effect: Effect
    why: str
    old: tuple[Span, ...] = ()
    new: tuple[Span, ...] = ()
    old_criteria: tuple[str, ...] = ()
    new_criteria: tuple[str, ...] = ()
    field: str | None = None
    """The field of the record that changed, where it is no criterion."""


@dataclass(frozen=True)
class Counterpart:
    """The lines of the old version and those of the new that stand for them; either may be empty."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Amended:
    """How the criteria of two versions compare."""

    changes: tuple[Change, ...]
    unchanged: int
    """Criteria that are the same in both."""
    counterparts: tuple[Counterpart, ...]


def amended(old: Trial, new: Trial) -> Amended:
    """The criteria of two versions held against each other. Order, numbering, bullets, case and white space are no change."""
    before, after = rules_of(old), rules_of(new)
    pairs = _identical(before, after)
    same = len(pairs)
    if _printed(old) == _printed(new):
        return Amended((), len(after), tuple(Counterpart(one.ids, other.ids) for one, other in pairs))
    left, right = _rest(before, pairs, 0), _rest(after, pairs, 1)
    alike = _alike(left, right)
    left, right = _rest(left, alike, 0), _rest(right, alike, 1)
    found = [_Match((one,), (other,)) for one, other in alike]
    found += _matches(left, right)
    changes = [change for match in found for change in _changes(match, before, after)]
    kept = [Counterpart(one.ids, other.ids) for one, other in pairs]
    kept += [Counterpart(change.old_criteria, change.new_criteria) for change in changes]
    return Amended(tuple(_collapsed(_in_order(changes, before, after))), same, tuple(kept))


def _printed(trial: Trial) -> list[list[str]]:
    """The words of both lists in order, whatever bullets, numbers and nesting they are printed with."""
    whole = [[one.span for one in trial.sections if one.name == "eligibility"]]
    lists = whole if whole[0] else [[one.span for one in trial.criteria if one.kind == kind] for kind in get_args(Kind)]
    return [_words(trial, spans) for spans in lists]


def _words(trial: Trial, spans: Sequence[Span]) -> list[str]:
    outer = [one for one in spans if not any(_holds(other, one) for other in spans)]
    printed = (_ITEM.sub(" ", trial.quote(span)) for span in outer)
    return fold(" ".join(printed)).replace("\\", "").split()


def _holds(wide: Span, narrow: Span) -> bool:
    return wide != narrow and wide.document == narrow.document and wide.start <= narrow.start and narrow.end <= wide.end


def rules_of(trial: Trial) -> tuple[Rule, ...]:
    """The rules of a trial's two lists, in reading order; the record's own ages and sex are fields."""
    lines = {line.id: line for line in rules(trial).lines}
    found: list[Rule] = []
    run: list[Criterion] = []
    for leaf in trial.leaves:
        if run and not _together(run[-1], leaf, lines):
            found.append(_rule(run, lines, trial))
            run = []
        run.append(leaf)
    return (*found, _rule(run, lines, trial)) if run else tuple(found)


def _together(one: Criterion, other: Criterion, lines: dict[str, Line]) -> bool:
    """Whether two siblings carry one rule that both make."""
    if one.parent is None or one.parent != other.parent or fold(one.text) == fold(other.text):
        return False
    read, beside = lines[one.id].condition, lines[other.id].condition
    return read == beside and not isinstance(read, Unparsed | Advised) and len(leaves(read)) > 1


def _rule(run: Sequence[Criterion], lines: dict[str, Line], trial: Trial) -> Rule:
    first, last = run[0], run[-1]
    text = "; ".join(sorted((one.text for one in run), key=fold)) if len(run) > 1 else first.text
    whole = first.span.document == last.span.document and first.span.start < last.span.end
    span = Span(first.span.document, first.span.start, last.span.end) if whole else first.span
    ids, places = tuple(one.id for one in run), " ".join(above(first, trial))
    return Rule(ids, first.kind, text, places, span, _lead(first, trial), lines[first.id].condition)


def _lead(criterion: Criterion, trial: Trial) -> Span | None:
    """Where the line above stands, up to its first sub-item."""
    parent = next((one for one in trial.criteria if one.id == criterion.parent), None)
    if parent is None:
        return None
    inside = [one.span.start for one in trial.criteria if one.parent == parent.id and one.span.start > parent.span.start]
    lead = replace(parent.span, end=min((*inside, parent.span.end)))
    said = _MARKER.sub("", trial.quote(lead))
    return replace(lead, end=lead.start + len(said)) if said else parent.span


def _identical(before: Sequence[Rule], after: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Rules in the same words, each with one of the other version, wherever it stands in its list."""
    waiting: dict[tuple[str, str, str], list[Rule]] = {}
    for rule in after:
        waiting.setdefault(rule.key, []).append(rule)
    return [(rule, waiting[rule.key].pop(0)) for rule in before if waiting.get(rule.key)]


def _rest(rules: Sequence[Rule], pairs: Iterable[tuple[Rule, Rule]], side: int) -> list[Rule]:
    taken = {pair[side].ids for pair in pairs}
    return [rule for rule in rules if rule.ids not in taken]


def _alike(left: Sequence[Rule], right: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Rules that ask the same in other words, or in the same words in another place."""
    found: list[tuple[Rule, Rule]] = []
    taken: set[tuple[str, ...]] = set()
    for one in left:
        same = [other for other in right if other.ids not in taken and _is_same(one, other)]
        if same:
            best = max(same, key=lambda other: (_shared(one.text, other.text), one.kind == other.kind))
            taken.add(best.ids)
            found.append((one, best))
    return found


def _is_same(one: Rule, other: Rule) -> bool:
    if one.kind == other.kind and same_words(one.text, other.text) and same_words(one.above, other.above):
        return True
    return one.passes != ALL and _relation(one, other) == Proved(True, True)


def _relation(one: Rule, other: Rule) -> Proved:
    """How two rules compare, where what was not read of their words is the same in both."""
    same_place = fold(one.above) == fold(other.above)
    if _unread(one, alone=same_place) != _unread(other, alone=same_place):
        return Proved(False, False)
    return compared(one.passes, other.passes)


def _unread(rule: Rule, *, alone: bool) -> frozenset[tuple[object, ...]]:
    """What of a rule's words its condition does not hold; a title above it ("Demographics:") asks nothing."""
    alone = alone or bool(_TITLE.fullmatch(rule.above))
    return unread(rule.text if alone else f"{rule.above} {rule.text}", rule.condition)


def _shared(one: str, other: str) -> float:
    """Share of the words of both texts that stand in both."""
    left, right = set(content(one)), set(content(other))
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


@dataclass(frozen=True)
class _Match:
    old: tuple[Rule, ...]
    new: tuple[Rule, ...]


def _matches(left: Sequence[Rule], right: Sequence[Rule]) -> list[_Match]:
    """Which rules stand for which; a rule that was split or merged has several."""
    swapped = [rule.key for rule in left] > [rule.key for rule in right]
    first, second = (right, left) if swapped else (left, right)
    links = [(one, other) for one, other in _linked(first, second)]
    pairs = [(other, one) for one, other in links] if swapped else links
    found: list[_Match] = []
    for group in _groups(pairs):
        found += _untangled(group)
    paired = {rule.ids for match in found for rule in match.old}, {rule.ids for match in found for rule in match.new}
    lone_left = [rule for rule in left if rule.ids not in paired[0]]
    lone_right = [rule for rule in right if rule.ids not in paired[1]]
    found, lone_left, lone_right = _completed(found, lone_left, lone_right)
    return [*found, *(_Match((rule,), ()) for rule in lone_left), *(_Match((), (rule,)) for rule in lone_right)]


def _linked(one: Sequence[Rule], other: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    lines, others = [_as_line(rule) for rule in one], [_as_line(rule) for rule in other]
    by_id, by_other = dict(zip((x.id for x in lines), one, strict=True)), dict(zip((x.id for x in others), other, strict=True))
    for pair in align(lines, others).pairs:
        yield by_id[pair.one.id], by_other[pair.other.id]


def _as_line(rule: Rule) -> Line:
    return Line(rule.ids[0], rule.kind, rule.text, rule.span, rule.kind, rule.condition)


def _groups(pairs: Sequence[tuple[Rule, Rule]]) -> Iterator[_Match]:
    """The pairs that share a rule, as one group each."""
    for group in together(pairs, lambda pair: [("old", pair[0].ids), ("new", pair[1].ids)]):
        olds, news = ({pair[side].ids: pair[side] for pair in group} for side in (0, 1))
        yield _Match(tuple(olds.values()), tuple(news.values()))


def _untangled(match: _Match) -> list[_Match]:
    """A group as one split, one merger, or pairs: the likest first, what is over stands alone."""
    if len(match.old) == len(match.new) == 1:
        return [match] if _is_one(match.old[0], match.new[0]) else []
    if 1 in (len(match.old), len(match.new)) and _whole_and_parts(match):
        return [match]
    ranked = sorted(
        ((one, other) for one in match.old for other in match.new if _is_one(one, other)),
        key=lambda pair: (-_closeness(*pair), sorted((pair[0].key, pair[1].key))),
    )
    taken: set[tuple[str, ...]] = set()
    gone: set[tuple[str, ...]] = set()
    found: list[_Match] = []
    for one, other in ranked:
        if one.ids not in taken and other.ids not in gone:
            taken.add(one.ids)
            gone.add(other.ids)
            found.append(_Match((one,), (other,)))
    return found


def _closeness(one: Rule, other: Rule) -> float:
    """How near two rules are: comparable ones first."""
    return _shared(one.text, other.text) + (_relation(one, other) != Proved(False, False))


def _is_one(one: Rule, other: Rule) -> bool:
    """Whether two rules are versions of one, not two that share words."""
    if _relation(one, other) != Proved(False, False):
        return True
    named = about(one.condition), about(other.condition)
    if all(named) and not named[0] & named[1] and _understood(one) and _understood(other):
        return False
    return _shared(one.text, other.text) >= _UNLIKE or bool(named[0] & named[1])


def _whole_and_parts(match: _Match) -> bool:
    """Whether one rule is several: by their conditions together, else by their words."""
    whole, parts = (match.old[0], match.new) if len(match.old) == 1 else (match.new[0], match.old)
    if _proved_parts(whole, parts):
        return True
    words = set(content(whole.text))
    each = [set(content(part.text)) for part in parts]
    held = set().union(*each)
    covers = len(words & held) >= _COVERED * len(words) and len(words & held) >= _COVERED * len(held)
    needed = all(len(words & set().union(*(x for x in each if x is not one))) < len(words & held) for one in each)
    return covers and needed and _figures(whole.text) == _figures(" ".join(part.text for part in parts))


def _figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", text))


def _proved_parts(whole: Rule, parts: Sequence[Rule]) -> bool:
    together = joined(part.passes for part in parts)
    if not (follows(whole.passes, together) and follows(together, whole.passes)):
        return False
    return _unread(whole, alone=True) == frozenset().union(*(_unread(part, alone=True) for part in parts))


def _completed(found: list[_Match], left: list[Rule], right: list[Rule]) -> tuple[list[_Match], list[Rule], list[Rule]]:
    """Pairs that lone rules complete to a whole and its parts, though they share too few words with it."""
    for at, match in enumerate(found):
        if len(match.old) != 1 or len(match.new) != 1:
            continue
        fits = [rule for rule in right if _part_of(rule, match.old[0])]
        if fits and _proved_parts(match.old[0], (*match.new, *fits)):
            found[at] = _Match(match.old, (*match.new, *fits))
            right = [rule for rule in right if rule not in fits]
            continue
        fits = [rule for rule in left if _part_of(rule, match.new[0])]
        if fits and _proved_parts(match.new[0], (*match.old, *fits)):
            found[at] = _Match((*match.old, *fits), match.new)
            left = [rule for rule in left if rule not in fits]
    return found, left, right


def _part_of(rule: Rule, whole: Rule) -> bool:
    return rule.passes != ALL and follows(whole.passes, rule.passes)


# -- what to say of a match


def _changes(match: _Match, before: Sequence[Rule], after: Sequence[Rule]) -> Iterator[Change]:
    if not match.new:
        yield _single(match.old[0], after, "removed")
    elif not match.old:
        yield _single(match.new[0], before, "added")
    elif len(match.old) == len(match.new) == 1:
        yield _pair(match.old[0], match.new[0], before, after)
    else:
        yield _several(match)


def _single(rule: Rule, others: Sequence[Rule], kind: Literal["added", "removed"]) -> Change:
    """A line that one version alone has."""
    name = f"{rule.kind} line"
    if rule.passes == ALL:
        effect, why = "same", f"{_an(name)} was {kind} that asks nothing: {in_words(rule.condition)}."
    elif said := next((other for other in others if follows(other.passes, rule.passes)), None):
        effect = "same"
        why = f"{_an(name)} was {kind}, but “{short(said.text)}” asks as much in the other version."
    else:
        effect = "stricter" if kind == "added" else "looser"
        why = f"{_an(name)} was {kind}: {'fewer' if kind == 'added' else 'more'} people can pass."
    place = (
        {"old": (rule.span,), "old_criteria": rule.ids}
        if kind == "removed"
        else {"new": (rule.span,), "new_criteria": rule.ids}
    )
    return Change(kind, effect, why, **place)  # type: ignore[arg-type]


def _an(name: str) -> str:
    return f"{'An' if name[0] in 'aeiou' else 'A'} {name}"


def _pair(one: Rule, other: Rule, before: Sequence[Rule], after: Sequence[Rule]) -> Change:
    kind, effect, why = _verdict(one, other, before, after)
    old, new = (one.lead or one.span, other.lead or other.span) if _only_above(one, other) else (one.span, other.span)
    return Change(kind, effect, why, (old,), (new,), one.ids, other.ids)


def _only_above(one: Rule, other: Rule) -> bool:
    """Whether the line stayed and the one above it changed."""
    return fold(one.text) == fold(other.text) and fold(one.above) != fold(other.above)


def _verdict(one: Rule, other: Rule, before: Sequence[Rule], after: Sequence[Rule]) -> tuple[ChangeKind, Effect, str]:
    lists = one.kind != other.kind
    moved = f" It moved from the {one.kind} to the {other.kind} list." if lists else ""
    if same_words(one.text, other.text):
        if lists and fold(one.above) == fold(other.above):
            opposite = f"The same words moved from the {one.kind} to the {other.kind} list, where they ask for the contrary."
            return (
                ("moved", "same", "It stands in another list.") if one.passes == other.passes else ("changed", "open", opposite)
            )
        if same_words(one.above, other.above):
            return "reworded", "same", "Slips of the pen apart, the words are the same."
    relation = _relation(one, other)
    if ALL == one.passes == other.passes:
        return "changed", "open", f"Neither asks for anything by itself; whether they let in the same was not compared.{moved}"
    lead = _only_above(one, other)
    said = f"above, “{short(one.above)}” became “{short(other.above)}”" if lead else _difference(one.condition, other.condition)
    if relation == Proved(True, True):
        if lists:
            return "moved", "same", f"It moved from the {one.kind} to the {other.kind} list and asks the same."
        if fold(one.text) == fold(other.text) and _stands_elsewhere(one, other, before, after):
            return "moved", "same", "It stands under another line or heading and asks the same."
        return "reworded", "same", f"Other words for the same: {in_words(other.condition)}."
    if relation.old_in_new:
        return "loosened", "looser", f"More people can pass: {said}.{moved}"
    if relation.new_in_old:
        return "tightened", "stricter", f"Fewer people can pass: {said}.{moved}"
    if lead and not lists and relation == Proved(False, False):
        return "moved", "open", f"The same words: {said}. What that changes was not compared."
    if _compares(one, other):
        return "changed", "open", f"It asks for something else, or for more in one way and less in another: {said}.{moved}"
    return "changed", "open", f"The words differ, and their meaning was not compared.{moved}"


def _stands_elsewhere(one: Rule, other: Rule, before: Sequence[Rule], after: Sequence[Rule]) -> bool:
    """Whether the place changed, not the words of the line above."""
    old_places, new_places = {fold(rule.above) for rule in before}, {fold(rule.above) for rule in after}
    return fold(other.above) in old_places or fold(one.above) in new_places


def _compares(one: Rule, other: Rule) -> bool:
    """Whether both are understood as a whole."""
    same_place = fold(one.above) == fold(other.above)
    unsaid = _unread(one, alone=same_place) == _unread(other, alone=same_place)
    return unsaid and _understood(one) and _understood(other)


def _understood(rule: Rule) -> bool:
    """Whether nothing of it is kept as words alone."""
    return not any(_is_words(leaf) for leaf in leaves(rule.condition))


def _is_words(leaf: Condition) -> bool:
    if isinstance(leaf, Has):
        return any(one.startswith("w:") for one in leaf.concepts)
    return isinstance(leaf, Unparsed | Judged | PerProtocol | Advised)


def _several(match: _Match) -> Change:
    split = len(match.old) == 1
    whole, parts = (match.old[0], match.new) if split else (match.new[0], match.old)
    count = f"One line became {len(parts)}" if split else f"{len(parts)} lines became one"
    proved = _proved_parts(whole, parts)
    tail = "that ask the same together" if split else "that asks the same as they did together"
    why = f"{count} {tail}." if proved else f"{count}; their words are the same, what they ask together was not compared."
    return Change(
        "split" if split else "merged",
        "same" if proved else "open",
        why,
        tuple(rule.span for rule in match.old),
        tuple(rule.span for rule in match.new),
        tuple(id for rule in match.old for id in rule.ids),
        tuple(id for rule in match.new for id in rule.ids),
    )


def _difference(old: Condition, new: Condition) -> str:
    """What of two conditions differs, in words: the leaves that one of them alone has."""
    if isinstance(new, Unless) and not isinstance(old, Unless) and wordless(new.rule) == wordless(old):
        return f"an exception was added, {in_words(new.exception)}"
    if isinstance(old, Unless) and not isinstance(new, Unless) and wordless(old.rule) == wordless(new):
        return f"an exception was dropped, {in_words(old.exception)}"
    left, right = leaves(old), leaves(new)
    known, beside = {wordless(leaf) for leaf in left}, {wordless(leaf) for leaf in right}
    gone = [leaf for leaf in left if wordless(leaf) not in beside]
    came = [leaf for leaf in right if wordless(leaf) not in known]
    if gone and came and max(len(gone), len(came)) <= 3:
        return f"{_listed(gone)} became {_listed(came)}"
    if came and not gone:
        return f"{_listed(came)} was put in"
    if gone and not came:
        return f"{_listed(gone)} was left out"
    return f"{short(in_words(old))} became {short(in_words(new))}"


def _listed(parts: Sequence[Condition]) -> str:
    return short("; ".join(dict.fromkeys(in_words(part) for part in parts)))


def _in_order(changes: Iterable[Change], before: Sequence[Rule], after: Sequence[Rule]) -> list[Change]:
    """By their place in the new version; what was removed by its place in the old."""
    new = {id: at for at, rule in enumerate(after) for id in rule.ids}
    old = {id: at for at, rule in enumerate(before) for id in rule.ids}

    def place(change: Change) -> tuple[int, int]:
        if change.new_criteria:
            return new[change.new_criteria[0]], 1
        return old[change.old_criteria[0]], 0

    return sorted(changes, key=place)


def _collapsed(changes: Iterable[Change]) -> list[Change]:
    """Lines that share one change, made in the line above them, as one."""
    found: dict[tuple[object, ...], Change] = {}
    for change in changes:
        key = (change.kind, change.effect, change.why, change.old, change.new)
        first = found.get(key)
        found[key] = (
            change
            if first is None
            else replace(
                first,
                old_criteria=(*first.old_criteria, *change.old_criteria),
                new_criteria=(*first.new_criteria, *change.new_criteria),
            )
        )
    return list(found.values())


def mirrored(kind: ChangeKind) -> ChangeKind:
    """What a change is called when the versions are read the other way round."""
    return _MIRRORED.get(kind, kind)
