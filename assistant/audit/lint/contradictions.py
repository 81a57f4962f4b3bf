"""Lines of one record that no patient can all satisfy: what one asks for another bars, ranges that do not meet, words on both lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from assistant.audit.entailment import entails
from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.audit.together import together
from assistant.eligibility.assess import Line, Rules
from assistant.eligibility.conditions import Between, Demographic, Has, OneOf
from assistant.eligibility.contradictions import Contradiction, Leaf, asking, demands, in_groups
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.ranges import Range
from assistant.eligibility.truth import TRUE
from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.wording import asked, limits, named
from index.trial import Trial

_SAYS_WHICH_WAY: Final = re.compile(
    r"\b(?:must|should|shall|need|(?:not |in)?eligible|excluded|criteri\w+|protocol|consent\w*|investigator\w*)\b",
    re.IGNORECASE,
)
"""Lines that mean the same on either list ("patients must have …", "… are not eligible"), or nothing by themselves."""
_ANOTHER_VALUE: Final = re.compile(
    r"\b(?:visits?|baseline|screening|increas\w+|decreas\w+|ris\w+|chang\w+|differ\w+|peak|nadir|ratio|previous\w*|prior|histor\w+"
    r"|after|before|within|during|since|respon\w+|ever|log)\b|/\s*F?VC"
    r"|\bor\b(?! (?:more|less|greater|higher|lower|above|below|over|under|older|younger|better|worse|fewer|equal)\b)",
    re.IGNORECASE,
)
"""Words of a line whose value is not the one that a patient has on joining."""


def contradictory(record: Record) -> Iterator[Found]:
    """Each contradiction once, with every line that takes part in it."""
    rules = record.rules
    always = asking(rules.trial)
    plain = [line for line in rules.lines if line.id in always]
    yield from _treatments(rules)
    yield from _on_both_lists(rules)
    yield from _ranges(plain, rules.study)


def _treatments(rules: Rules) -> Iterator[Found]:
    """Treatments that one line asks for and others bar: one finding for all lines that hang together."""
    for pairs in together(rules.contradictions, lambda pair: (pair.requiring, pair.barring)):
        wanting = _lines(rules, (pair.requiring for pair in pairs))
        opposed = _lines(rules, (pair.barring for pair in pairs))
        wanted = _listed(dict.fromkeys(named(pair.asked) for pair in pairs))
        barred = _listed(dict.fromkeys(named(pair.barred) for pair in pairs))
        yield Found(
            "contradiction",
            f"No one can meet all of these lines as they are written: {_names(wanting)} {_verb('ask', wanting)} for {wanted}, "
            f"and {_names(opposed)} {_verb('rule', opposed)} out any earlier {barred}.",
            tuple(line.span for line in (*wanting, *opposed)),
            _given_before(rules.trial, wanting, pairs),
            tuple(line.id for line in (*wanting, *opposed)),
        )


def _given_before(trial: Trial, wanting: Sequence[Line], pairs: Sequence[Contradiction]) -> str | None:
    """What is probably meant, where the trial's own title or summary speaks of the treatment that is asked for."""
    own = [text for text in (trial.title, trial.official_title) if text]
    own += [trial.quote(section.span) for section in trial.sections if section.name == "summary"]
    given = {concept for text in own for mention in find(text) if not mention.denies for concept in mention.concepts}
    asked_for = {concept for pair in pairs for concept in pair.asked.concepts}
    if not any(is_a(one, concept) or is_a(concept, one) for one in given for concept in asked_for):
        return None
    return (
        f"the treatment that {_names(wanting)} {_verb('ask', wanting)} for is the first part of the study's own treatment, given within "
        "it or right before it; what is ruled out is treatment before that."
    )


def _on_both_lists(rules: Rules) -> Iterator[Found]:
    """The same words as an inclusion and as an exclusion criterion."""
    top = {one.id for one in rules.trial.leaves if one.parent is None and not in_groups(rules.trial)}
    lines = [line for line in rules.lines if line.id in top and not _SAYS_WHICH_WAY.search(line.text)]
    excluded = {_key(line): line for line in lines if line.kind == "exclusion"}
    for line in lines:
        other = excluded.get(_key(line)) if line.kind == "inclusion" and _key(line) else None
        if other:
            yield _found(
                line,
                other,
                f"{_name(line)} and {_lower(other)} are the same, so that it is both asked for and ruled out.",
                "one of the two stands on the wrong list.",
            )


def _key(line: Line) -> tuple[str, ...]:
    """What a line says, where it names something that the tables know; its words in order, a "no" among them."""
    typed = leaves(line.condition)
    known = [
        one
        for one in typed
        if isinstance(one, Between | OneOf | Demographic)
        or (isinstance(one, Has) and not all(concept.startswith("w:") for concept in one.concepts))
    ]
    return tuple(re.findall(r"[^\W_]+|[<>≤≥=]+", line.text.lower())) if known else ()


def _ranges(lines: Sequence[Line], study: frozenset[str]) -> Iterator[Found]:
    """Ranges of one quantity, classes of one scale or ages that leave nobody: both asked for, or asked for and ruled out."""
    told = [
        (line, wanted, leaf)
        for line in lines
        if not _ANOTHER_VALUE.search(line.text)
        for wanted, leaf in demands(line.condition, line.kind == "inclusion", study)
    ]
    wants = [(line, leaf) for line, wanted, leaf in told if wanted and line.kind == "inclusion"]
    bars = [(line, leaf) for line, wanted, leaf in told if not wanted and line.kind == "exclusion"]
    for line, want in wants:
        for other, bar in bars:
            if _all_of(want, bar):
                yield _found(
                    line,
                    other,
                    f"{_name(line)} asks for {_said(want)}, and {_lower(other)} rules out {_said(bar)}: that is all of it.",
                    "one of the two stands on the wrong list, or its sign is turned round.",
                )
    for at, (line, want) in enumerate(wants if bars else ()):
        for other, second in wants[at + 1 :]:
            if line.id != other.id and _apart(want, second):
                yield _found(
                    line,
                    other,
                    f"{_name(line)} asks for {_said(want)}, and {_lower(other)} asks for {_said(second)}: no value is both.",
                    None,
                )


def _found(line: Line, other: Line, text: str, reading: str | None) -> Found:
    return Found("contradiction", text, (line.span, other.span), reading, (line.id, other.id))


def _all_of(want: Leaf, bar: Leaf) -> bool:
    """Whether everything that is asked for is barred."""
    return not (_is_dated(want) or _is_dated(bar)) and not isinstance(want, Has) and entails(want, bar) is TRUE


def _is_dated(leaf: Leaf) -> bool:
    return isinstance(leaf, Between) and leaf.window is not None


def _apart(one: Leaf, other: Leaf) -> bool:
    """Whether no value is in both."""
    ranges = _ranges_of_one(one, other)
    return ranges is not None and not ranges[0].meets(ranges[1])


def _ranges_of_one(one: Leaf, other: Leaf) -> tuple[Range, Range] | None:
    """Two ranges of the same quantity in the same unit on the day of joining, or two of the age; None for anything else."""
    if isinstance(one, Between) and isinstance(other, Between):
        same = (one.quantity, one.unit, one.of) == (other.quantity, other.unit, other.of)
        return (one.range, other.range) if same and not (one.window or other.window) else None
    if isinstance(one, Demographic) and isinstance(other, Demographic) and not (one.sex or other.sex):
        return (one.age, other.age) if one.age and other.age else None
    return None


def _said(leaf: Leaf) -> str:
    if isinstance(leaf, Demographic):
        return f"an age of {limits(leaf.age or Range(), 'years')}"
    return asked(leaf)


def _lines(rules: Rules, ids: Iterable[str]) -> tuple[Line, ...]:
    """The lines of these ids in the record's order."""
    among = set(ids)
    return tuple(line for line in rules.lines if line.id in among)


def _name(line: Line) -> str:
    return f"{line.kind.capitalize()} {line.id.rpartition('/')[2]}"


def _lower(line: Line) -> str:
    return _name(line).lower()


def _names(lines: Sequence[Line]) -> str:
    return _listed(map(_lower, lines))


def _verb(verb: str, lines: Sequence[Line]) -> str:
    return f"{verb}s" if len(lines) == 1 else verb


def _listed(names: Iterable[str]) -> str:
    """ "one, another and a third"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
