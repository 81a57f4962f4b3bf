"""One limb of a list to a condition: its concepts, values and classes with the traits, windows, grades and counts said of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from math import inf
from typing import Literal

from assistant.eligibility.conditions import AllOf, Between, Condition, Demographic, Has, Not, OneOf, Unparsed, Window
from assistant.eligibility.numbers.doses import DoseMention, equivalents
from assistant.eligibility.numbers.measures import Measure
from assistant.eligibility.numbers.quantities import quantity
from assistant.eligibility.parse.brackets import within
from assistant.eligibility.parse.events import STUDY_DISEASE, event, event_words, is_given
from assistant.eligibility.parse.scene import Scene, known
from assistant.eligibility.parse.shapes import all_of, any_of, leaves, with_has, with_window
from assistant.eligibility.parse.tables import methods, objects, pairs, treating_words, unnarrowing, unsaid_traits
from assistant.eligibility.parse.tokens import Token, Tokens
from assistant.eligibility.parse.tokens import tokens as tokens_of
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import WindowMention
from assistant.eligibility.vocabulary import concepts
from assistant.eligibility.vocabulary.concepts import Mention

_THERAPY = frozenset({"drug", "therapy", "procedure"})
_TESTS = frozenset({"test-result", "biomarker"})
_BESIDE = frozenset({"of", "and"})
_DATED = re.compile(r"\b(?P<dates>diagnosed|diagnosis|onset|duration)\s(?:of|with)\s(?:an?\s|the\s)?$", re.IGNORECASE)
"""What stands before a name and says that its beginning is timed."""
_NEW = "newly-diagnosed"
_MOST_NARROWING = 3
_SHORTEST = 2
_SYSTEMIC = "systemic-corticosteroid"
_SYMPTOM = "symptom"
_DISEASE = "disease"
_OF_ANY_DISEASE = frozenset({"uncontrolled", "unstable", "severe", "clinically-significant", "life-threatening"})


def limb(tokens: Tokens, scene: Scene) -> Condition | None:
    """What the tokens say, all of it: words that nobody knows become `Unparsed`. None where they say nothing.

    A limb without anything known is a `Has` of its words.
    """
    brackets = tuple(token for token in tokens if token.kind == "paren")
    if brackets:
        return _bracketed(tokens, brackets, scene)
    if (begun := _begun(tokens, scene)) is not None:
        return begun
    about = next((at for at, token in enumerate(tokens) if token.is_cue("about")), None)
    if about is not None:
        if about and _is_state(tokens[:about]) and any(token.kind in ("word", "concept") for token in tokens[about + 1 :]):
            return all_of([limb(tokens[:about], scene), _by_words(tokens[about:], scene)])
        return _by_words(tokens, scene)
    prefixed = next((at for at in range(1, len(tokens)) if _after_non(tokens, at)), None)
    if prefixed is not None:
        rest = limb(tuple(token for at, token in enumerate(tokens) if at != prefixed and not token.is_cue("non")), scene)
        return all_of([rest, Unparsed(f"non-{tokens[prefixed].text}")])
    if treated := _treatment_for(tokens, scene):
        return treated
    if unnamed := _any_disease(tokens, scene):
        return unnamed
    if (run := _of_treatment(tokens)) is not None:
        start, end = run
        return all_of([limb(tokens[:start] + tokens[end:], scene), Unparsed(scene.words(tokens[start:end]))])
    quantities = {each for token in tokens if token.kind == "measure" for one in token.value for each in one.quantities}
    heads = [head for head in _heads(tokens) if not _yields(head, quantities)]
    people = [_person(token) for token in tokens if token.kind in ("age", "sex", "everybody", "group")]
    values = [value for token in tokens for value in _value(token, heads, scene)]
    if not heads and not values and not people:
        return _by_words(tokens, scene)
    conditions = [_has(head, heads, tokens, scene) for head in heads]
    if scene.bars and _side_by_side(tokens):
        values = [read for read in (any_of(values),) if read is not None]
    parts = [*people, *conditions, *values, *_unread(tokens, heads, scene)]
    read = all_of(parts)
    return _windowed(read, heads, tokens, scene)


def _side_by_side(tokens: Tokens) -> bool:
    """Whether values of several quantities follow each other with nothing that ties them: the rows of a list without marks."""
    named = [one.quantities for token in tokens if token.kind == "measure" for one in token.value[:1]]
    tied = any(token.kind == "cue" or token.kind in ("concept", "grading") for token in tokens)
    return len(named) > 1 and len(set(named)) == len(named) and all(named) and not tied


def _yields(head: Token, quantities: set[str]) -> bool:
    """Whether a head is but the examination that the values come from: "LVEF < 50 % by echocardiography"."""
    return any((concept, each) in methods() for concept in head.value.concepts for each in quantities)


def _begun(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Diagnosed within the last 2 years", "duration of diabetes > 1 year": when it began; without a name the disease under study."""
    windows = [token for token in tokens if token.kind == "window" and bounded(token)]
    heads = [token for token in tokens if token.kind == "concept"]
    rest = [token for token in tokens if token.kind not in ("window", "concept", "trait", "empty")]
    if len(windows) != 1 or len(heads) > 1 or any(token.kind not in ("word", "soft", "cue", "separator") for token in rest):
        return None
    said = {word for token in tokens if token.kind != "concept" for word in token.text.lower().split()}
    said |= {match["dates"].lower() for match in _DATED.finditer(scene.text[: tokens[0].start][-40:])}
    allowed = _BESIDE | event_words("dates") | event_words("about")
    plain = all(set(token.text.lower().split()) <= allowed for token in rest if token.kind != "separator")
    if not plain or not said & event_words("dates"):
        return None
    if any(_kind(head) != "condition" or head.value.denies for head in heads):
        return None
    mention: WindowMention = windows[0].value
    if not mention.window.before or mention.event_start is not None:
        return None
    anchor = "today" if mention.window.anchor == "event" else mention.window.anchor
    window = replace(mention.window, anchor=anchor, edge="start", words=scene.words(tokens))
    ids = heads[0].value.concepts if heads else (STUDY_DISEASE,)
    traits = frozenset(token.value.trait for token in tokens if token.kind == "trait") - unsaid_traits() - {_NEW}
    return Has(ids, traits, any(token.is_cue("ever") for token in tokens), window, words=scene.words(tokens))


def timed(tokens: Tokens, scene: Scene) -> Condition | None:
    """A line that is nothing but a time: "at least 6 months post stroke", "within 2 years of diagnosis"."""
    windows = [token for token in tokens if token.kind == "window" and bounded(token)]
    if len(windows) != 1:
        return None
    mention: WindowMention = windows[0].value
    if mention.event_start is None:
        return _begun(tokens, scene)
    if any(token.kind not in ("empty", "stop", "separator", "window", "soft") for token in tokens):
        return None
    counted = window_of(windows[0], scene)
    if counted.before or counted.event is None:
        return None
    window = replace(counted, anchor="today", before=True, event=None)
    ends = [leaf for leaf in leaves(counted.event) if isinstance(leaf, Has)]
    waits = window.length.low > 0 and window.length.high == inf and window.edge == "end"
    if waits and not scene.bars and all(is_given(one) for has in ends for one in has.concepts):
        gone = replace(window, length=Range(0, window.length.low, high_open=not window.length.low_open))
        return Not(with_window(counted.event, gone))
    return with_window(counted.event, window)


def _of_treatment(tokens: Tokens) -> tuple[int, int] | None:
    """Where a treatment without a name and its traits stand behind a disease: "gout that requires acute treatment"."""
    last = max((at for at, token in enumerate(tokens) if token.kind == "concept"), default=None)
    if last is None or _kind(tokens[last]) != "condition":
        return None
    start = next((at for at in range(last + 1, len(tokens)) if tokens[at].kind == "trait"), None)
    if start is None:
        return None
    end = next((at for at in range(start + 1, len(tokens)) if tokens[at].kind != "trait"), len(tokens))
    named = end < len(tokens) and tokens[end].kind == "soft" and tokens[end].text.lower() in treating_words()
    return (start, end + 1) if named else None


def _any_disease(tokens: Tokens, scene: Scene) -> Condition | None:
    """A disease that has no name, in a list of what is barred: "any other uncontrolled disorder"."""
    named = [token for token in tokens if token.kind not in ("empty", "trait") and not token.is_cue("ever", "now", "other")]
    traits = frozenset(token.value.trait for token in tokens if token.kind == "trait") - unsaid_traits()
    if not scene.bars or len(named) != 1 or named[0].kind != "soft" or not traits or not traits <= _OF_ANY_DISEASE:
        return None
    ever = any(token.is_cue("ever") for token in tokens)
    other = any(token.is_cue("other") for token in tokens)
    one = other or scene.text[: tokens[0].start].rstrip().lower().endswith("any")
    if named[0].text.lower() not in (_UNNAMED | {"disease", "disorder", "illness"} if one else _UNNAMED):
        return None
    return Has((_DISEASE,), traits=traits, ever=ever, other=other, words=scene.words(tokens))


_UNNAMED = frozenset({"diseases", "disorders", "illnesses"})


def _after_non(tokens: Tokens, place: int) -> bool:
    """Whether "non-" stands right before a trait, or before a word beside something known."""
    own = tokens[place]
    if own.kind != "trait" and not (
        own.kind in ("word", "soft", "empty") and own.text.isalpha() and any(token.kind == "concept" for token in tokens)
    ):
        return False
    before = [token for token in tokens[:place] if token.text not in "-–"]
    return bool(before) and before[-1].is_cue("non")


def _treatment_for(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Systemic therapy for melanoma": the treatment, which has no name, is asked for, not the disease alone."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "concept"), None)
    if place is None or place < 2 or tokens[place - 1].text.lower() not in _AIMS or _kind(tokens[place]) != "condition":
        return None
    before = [token for token in tokens[:place] if token.kind not in ("empty",)]
    if not before or before[-1].kind != "soft" or before[-1].text.lower() not in treating_words() | _AIMS:
        return None
    loose = frozenset(("trait", "count", "window"))
    disease = limb(tuple(token for token in tokens[place:] if token.kind not in loose), scene)
    past = with_has(disease, lambda has: replace(has, ever=True)) if disease is not None else None
    plain = all(token.kind in ("empty", "soft") or token.is_cue("ever") for token in tokens[:place])
    if plain and scene.bars and isinstance(disease, Has) and all(concepts.is_a(one, _TUMOR) for one in disease.concepts):
        return all_of([past, Has((_TREATMENT,), ever=True, words=scene.words(tokens))])
    return all_of([past, Unparsed(scene.words(tokens[:place]))])


_TUMOR, _TREATMENT = "malignancy", "anticancer-therapy"


_AIMS = frozenset({"for", "treat", "treating"})


def _is_state(tokens: Tokens) -> bool:
    """Whether a disease or class is named, and nothing that words alone narrow: what "about …" behind it adds to."""
    named = [token for token in tokens if token.kind == "concept"]
    kinds = [_kind(token) for token in named]
    whole = not any(token.kind in ("word", "window", "count") or token.is_cue("not", "non", "negative") for token in tokens)
    return whole and bool(kinds) and set(kinds) == {"condition"}


def _bracketed(tokens: Tokens, brackets: Tokens, scene: Scene) -> Condition | None:
    """A limb with what its brackets add."""
    rest = tuple(token for token in tokens if token.kind != "paren")
    run = _of_treatment(tokens)
    if run is not None and tokens[run[1] :] == brackets[-1:]:
        return all_of([limb(tokens[: run[0]], scene), limb(tokens[run[0] :], scene)])
    read = _closed_up(rest, scene) or limb(rest, scene)
    for bracket in brackets:
        read = within(read, bracket.inside, rest, scene)
    return read


def window_of(token: Token, scene: Scene) -> Window:
    """A window with the condition of the event that it counts from."""
    mention: WindowMention = token.value
    window = mention.window
    if mention.event_start is None or mention.event_end is None or scene.too_deep:
        return window
    read, edge = event(scene.text[mention.event_start : mention.event_end], scene)
    return replace(window, event=read, edge=edge)


def _closed_up(rest: Tokens, scene: Scene) -> Condition | None:
    """A name that a bracket stands inside ("local (or regional) recurrence"), read without the bracket."""
    if not rest or known(rest):
        return None
    text = " ".join(scene.text[token.start : token.end] for token in rest)
    row = tokens_of(text)
    return (
        limb(row, replace(scene.deeper(), text=text))
        if known(row) and not any(token.kind == "paren" for token in row)
        else None
    )


def bounded(token: Token) -> bool:
    """Whether a window has a bound: "at screening" and "during the study" have none."""
    window: Window = token.value.window
    return window.anchor == "event" or window.length.low > 0 or window.length.high < inf


def _strictly(narrow: Mention, wide: Mention) -> bool:
    return narrow is not wide and set(narrow.concepts) != set(wide.concepts) and _all_in(narrow, wide)


def _all_in(narrow: Mention, wide: Mention) -> bool:
    return all(any(concepts.is_a(one, other) for other in wide.concepts) for one in narrow.concepts)


def _heads(tokens: Tokens) -> list[Token]:
    """The concepts of a limb; of neighbours that say one thing twice ("HIV infection") the narrower."""
    heads: list[Token] = []
    between: list[Token] = []
    for token in tokens:
        if token.kind == "concept":
            if heads and not between and _only_signs(token):
                continue
            if heads and not any(each.kind == "word" or (each.kind == "cue" and each.text != "with") for each in between):
                if _all_in(heads[-1].value, token.value):
                    between = []
                    continue
                if _strictly(token.value, heads[-1].value):
                    heads.pop()
            heads.append(token)
            between = []
        else:
            between.append(token)
    return _without_objects(heads, tokens)


def _only_signs(token: Token) -> bool:
    """Whether a concept is the word "symptoms" alone, which behind a disease's name means its symptoms."""
    return token.value.concepts == (_SYMPTOM,) and len(token.text.split()) == 1


def _without_objects(heads: list[Token], tokens: Tokens) -> list[Token]:
    """An allergy's object is not a thing that the patient has."""
    for place, head in enumerate(heads):
        if any(concept in objects() for concept in head.value.concepts):
            return [head, *(other for other in heads[:place] if other.value != head.value)]
    return heads


def _has(head: Token, heads: list[Token], tokens: Tokens, scene: Scene) -> Condition:
    first = head is heads[0]
    mention: Mention = head.value
    meant = _with_object(head, heads, tokens)
    count = next((token.value.range for token in tokens if token.kind == "count"), None) if head is _counted(heads) else None
    has = Has(
        meant or mention.concepts,
        traits=_traits(head, heads, tokens),
        ever=any(token.is_cue("ever") for token in tokens),
        grade=_grade(head, heads, tokens),
        count=count,
        other=first and any(token.is_cue("other") for token in tokens),
        family=any(token.is_cue("family") for token in tokens),
        words=scene.words(tokens),
    )
    dose = next((token for token in tokens if token.kind == "dose" and _taker(token, heads) is head), None)
    has = dosed(has, dose.value) if dose is not None else has
    if count and count.low <= 0:
        return Not(replace(has, count=Range(count.high, low_open=not count.high_open)))
    denied = mention.denies or _tests_negative(head, tokens) or _prefixed(head, tokens)
    return Not(replace(has, traits=has.traits - {"negative"})) if denied else replace(has, traits=_not_positive(has))


def _not_positive(has: Has) -> frozenset[str]:
    """A test result, marker or status is present where it is positive."""
    kinds = {concepts.concept(concept).kind for concept in has.concepts if concept in concepts.all_concepts()}
    return has.traits - {"positive", "detectable"} if kinds and kinds <= _TESTS | {"condition", "status"} else has.traits


def _prefixed(head: Token, tokens: Tokens) -> bool:
    """ "Non-pregnant"."""
    before = [token for token in tokens[: tokens.index(head)] if token.text not in "-–"]
    return bool(before) and before[-1].is_cue("non")


def _tests_negative(head: Token, tokens: Tokens) -> bool:
    said = any(
        token.is_cue("negative", "naive") or (token.kind == "trait" and token.value.trait == "negative") for token in tokens
    )
    return said and not any(token.kind == "grading" for token in tokens)


def takes_object(tokens: Tokens) -> bool:
    """Whether an allergy is named whose object follows."""
    return any(
        token.kind == "concept" and any(concepts.is_a(id, wide) for id in token.value.concepts for wide in objects())
        for token in tokens
    )


def _with_object(head: Token, heads: list[Token], tokens: Tokens) -> tuple[str, ...]:
    """What "allergy to …" means with its object."""
    meant = [objects()[concept] for concept in head.value.concepts if concept in objects()]
    return tuple(dict.fromkeys(meant))


def _counted(heads: list[Token]) -> Token:
    return next((head for head in heads if _kind(head) in _THERAPY), heads[0])


def _kind(head: Token) -> str:
    return concepts.concept(head.value.concepts[0]).kind if head.value.concepts[0] in concepts.all_concepts() else ""


def _owner(token: Token, heads: list[Token]) -> Token | None:
    """The head that a trait or grade is said of: the next one, else the last."""
    after = [head for head in heads if head.start >= token.end]
    return after[0] if after else (heads[-1] if heads else None)


def _traits(head: Token, heads: list[Token], tokens: Tokens) -> frozenset[str]:
    said = {token.value.trait for token in tokens if token.kind == "trait" and _owner(token, heads) is head}
    if _with_symptoms(head, tokens):
        said.add("symptomatic")
    if _kind(head) == "condition" and any(token.kind == "trait" and token.text.lower() == "definitive" for token in tokens):
        said.discard("curative")
    if _kind(head) in ("drug", "therapy"):
        said.discard("adequate")
    return frozenset(said) - unsaid_traits()


def _with_symptoms(head: Token, tokens: Tokens) -> bool:
    """Whether "symptoms" stands right behind a disease, which then shows itself: "heart failure symptoms"."""
    place = tokens.index(head) + 1
    return _kind(head) == "condition" and place < len(tokens) and tokens[place].kind == "concept" and _only_signs(tokens[place])


def _grade(head: Token, heads: list[Token], tokens: Tokens) -> Range | None:
    """The grade said of a head; one that it has not come down to ("not resolved to grade ≤ 1") is exceeded."""
    graded = [each for each in heads if _kind(each) not in _THERAPY] or heads
    place = next((at for at, token in enumerate(tokens) if token.kind == "grade" and _owner(token, graded) is head), None)
    if place is None:
        return None
    grade: Range = tokens[place].value.range
    before = [token for token in tokens[:place] if token.kind != "empty"]
    short = (
        bool(before)
        and before[-1].kind == "trait"
        and before[-1].value.trait == "unresolved"
        and before[-1].text.lower().startswith("not")
    )
    return Range(grade.high, low_open=not grade.high_open) if short and grade.high < inf else grade


def _person(token: Token) -> Condition:
    """A demographic, or a group with what makes it one."""
    person = token.value
    words = ""
    if person.kind == "age":
        return Demographic(age=person.age, words=words)
    demographic = Demographic(sex=person.sex, words=words)
    if person.kind == "group" and person.group and person.group.concept:
        status = Has((person.group.concept,))
        return AllOf((demographic, status)) if person.sex else status
    return demographic


def _value(token: Token, heads: list[Token], scene: Scene) -> Iterator[Condition]:
    if token.kind == "measure":
        together = any_of if scene.bars else all_of
        read = together(measured(measure, scene) for measure in token.value)
        if read is not None:
            yield read
    elif token.kind == "grading":
        mention = token.value
        yield OneOf(mention.scale, mention.values, mention.edition, scene.text[mention.start : mention.end])
    elif token.kind == "dose" and _taker(token, heads) is None:
        yield _drug_alone(token, scene)


def _taker(token: Token, heads: list[Token]) -> Token | None:
    """The drug that a dose is of: the one before it, else the next."""
    drugs = [head for head in heads if _kind(head) in ("drug", "therapy")]
    before = [head for head in drugs if head.end <= token.start]
    return before[-1] if before else next(iter(drugs), None)


def _drug_alone(token: Token, scene: Scene) -> Condition:
    """A dose that names its own drug: "> 10 mg/day of prednisone or equivalent"."""
    mention: DoseMention = token.value
    words = scene.text[token.start : token.end]
    if mention.dose.of is None:
        return Unparsed(words)
    return dosed(Has((mention.dose.of,), words=words), mention)


def dosed(has: Has, mention: DoseMention) -> Has:
    """A drug with a bound of its dose; where equivalents count, every systemic steroid is meant. "High" and "low" it defines."""
    named = (
        replace(mention.dose, of=None) if mention.drug == mention.dose.of and has.concepts == (mention.drug,) else mention.dose
    )
    wide = named.of is not None and any(concept in equivalents() for concept in has.concepts)
    traits = has.traits - {"high-dose", "low-dose"}
    return replace(has, concepts=(_SYSTEMIC,) if wide else has.concepts, traits=traits, dose=named)


def measured(measure: Measure, scene: Scene, quantities: tuple[str, ...] = ()) -> Condition:
    """A measured value; of several quantities under one bound all or any, as the conjunction and the list say."""
    words = " ".join(scene.text[measure.start : measure.end].split())
    names = measure.quantities or quantities
    if not names:
        return Unparsed(words)
    if measure.of and any(quantity(name).kind != "lab" for name in names):
        return Unparsed(words)
    if measure.flag == "abnormal" and measure.range == Range():
        beyond: list[tuple[Range, Literal["ULN", "LLN"]]] = [
            (Range(1, low_open=True), "ULN"),
            (Range(high=1, high_open=True), "LLN"),
        ]
        outside = [any_of(Between(name, bound, of=of, words=words) for bound, of in beyond) for name in names]
        return (any_of(outside) if scene.bars or " or " in words.lower() else all_of(outside)) or Unparsed(words)
    normal = measure.flag == "normal" and measure.range == Range()
    parts = [_normal(name, words) if normal else Between(name, *_bound(measure), words=words) for name in names]
    joined = any_of(parts) if _any(measure, names, scene) else all_of(parts)
    read = joined or Unparsed(words)
    return Not(read) if measure.negated else read


def _normal(name: str, words: str) -> Condition:
    """Inside the limits of normal, of which one side matters for most quantities: no hemoglobin is too high, no ALT too low."""
    sides = {"high": ("ULN",), "low": ("LLN",)}.get(quantity(name).sense, ("LLN", "ULN"))
    upper, lower = Between(name, Range(high=1), of="ULN", words=words), Between(name, Range(1), of="LLN", words=words)
    return all_of([lower if "LLN" in sides else None, upper if "ULN" in sides else None]) or upper


def _bound(measure: Measure) -> tuple[Range, str | None, Literal["ULN", "LLN"] | None]:
    """Range, unit and limit: a flag alone ("elevated bilirubin") counts against the limits of normal."""
    if measure.flag and measure.range == Range():
        flags: dict[str, tuple[Range, Literal["ULN", "LLN"]]] = {
            "high": (Range(1, low_open=True), "ULN"),
            "low": (Range(high=1, high_open=True), "LLN"),
        }
        if measure.flag in flags:
            return flags[measure.flag][0], None, flags[measure.flag][1]
    return measure.range, measure.unit, measure.of


def _any(measure: Measure, names: tuple[str, ...], scene: Scene) -> bool:
    joined = pairs().get(frozenset(names))
    between = scene.text[measure.start : measure.end].lower()
    if joined == "any":
        return True
    joined_by_or = " or " in between or "/" in between.split("≤")[0].split("<")[0].split(">")[0]
    if scene.bars:
        return joined_by_or or " and " not in between
    return " or " in between and joined != "all"


def _windowed(read: Condition | None, heads: list[Token], tokens: Tokens, scene: Scene) -> Condition | None:
    """The window set on what it speaks of: with both a treatment and a disease named, the treatment."""
    windows = [token for token in tokens if token.kind == "window" and bounded(token)]
    if not windows or read is None:
        return read
    window = window_of(windows[-1], scene)
    if not any(isinstance(leaf, Has | Between) for leaf in leaves(read)):
        return all_of([read, Unparsed(scene.words((windows[-1],)))])
    gone = replace(window, length=Range(0, window.length.low, high_open=not window.length.low_open))
    if not scene.bars and _washes_out(windows[-1], tokens, heads):
        return Not(with_window(read, gone))
    if isinstance(read, Not) and window.before and window.edge is None and window.length.low > 0 and window.length.high == inf:
        return with_window(read, gone)
    treatments = [head for head in heads if _kind(head) in _THERAPY]
    if len(heads) > 1 and treatments and len(treatments) < len(heads) and isinstance(read, AllOf):
        ids = {id for head in treatments for id in head.value.concepts}
        return AllOf(
            tuple(
                with_window(part, window) if isinstance(part, Has) and ids & set(part.concepts) else part for part in read.parts
            )
        )
    return with_window(read, window)


def _washes_out(window: Token, tokens: Tokens, heads: list[Token]) -> bool:
    """ "At least 4 weeks since chemotherapy": that none was given in that time, also where none was ever given."""
    length = window.value.window.length
    if not (
        window.value.window.before
        and length.low > 0
        and length.high == inf
        and heads
        and all(_kind(head) in _THERAPY for head in heads)
    ):
        return False
    first = next(token for token in tokens if token.kind in ("window", "concept"))
    return first is window or "since" in window.text.lower()


def _unread(tokens: Tokens, heads: list[Token], scene: Scene) -> list[Condition]:
    """The words that nothing accounts for, stretch by stretch; an allergy's objects as the words of that allergy."""
    allergy = next((head for head in heads if _with_object(head, heads, tokens)), None)
    if allergy:
        return _objects(allergy, tokens, scene)
    parts: list[Condition] = []
    for loose, run in groupby(tokens, key=lambda token: token.kind in ("word", "soft", "empty")):
        words = tuple(run)
        if loose and any(token.kind == "word" and not _trifle(token) for token in words):
            first = next(place for place, token in enumerate(words) if token.kind == "word")
            last = max(place for place, token in enumerate(words) if token.kind == "word")
            parts.append(_narrowing(words[first:] if _only_people(tokens) else words[first : last + 1], heads, tokens, scene))
    kinds = {token.kind for token in tokens}
    if (
        not heads
        and "trait" in kinds
        and not ("measure" in kinds or "grading" in kinds or "age" in kinds or "sex" in kinds or "group" in kinds)
    ):
        parts += [Unparsed(scene.text[token.start : token.end]) for token in tokens if token.kind == "trait"]
    if not heads and "grade" in kinds:
        parts += [Unparsed(scene.text[token.start : token.end]) for token in tokens if token.kind == "grade"]
    return parts


def _only_people(tokens: Tokens) -> bool:
    """Whether people and words are all that a limb holds: "children in foster care"."""
    kinds = {token.kind for token in tokens}
    return bool(kinds & {"age", "sex", "group"}) and kinds <= {"age", "sex", "group", "word", "soft", "empty", "window"}


def _narrowing(words: Tokens, heads: list[Token], tokens: Tokens, scene: Scene) -> Condition:
    """One to three plain words that narrow a head ("periocular" beside "infection"): head and words, to be found in one clause."""
    said = [token for token in words if token.kind == "word" and not _trifle(token)]
    name = concepts.words_id(" ".join(token.text for token in said))
    head = _nearest(words, heads)
    if scene.bars and _only_people(tokens) and len(said) <= _MOST_NARROWING and all(map(_plain, said)):
        return _by_words(words, scene) or Unparsed(scene.words(words))
    if head is None or len(said) > _MOST_NARROWING or not all(_plain(token) for token in said) or not name[2:]:
        return Unparsed(scene.words(words))
    both = sorted((*words, head), key=lambda token: token.start)
    named = " ".join(scene.text[token.start : token.end] for token in both if token.kind != "empty")
    return Has(
        (concepts.words_id(f"{' '.join(token.text for token in said)} {scene.text[head.start : head.end]}"),),
        ever=any(token.is_cue("ever") for token in tokens),
        family=any(token.is_cue("family") for token in tokens),
        words=named,
    )


def _nearest(words: Tokens, heads: list[Token]) -> Token | None:
    """The head that words stand beside: the one right behind them, else the one before, else the next."""
    after = [head for head in heads if head.start >= words[-1].end]
    before = [head for head in heads if head.end <= words[0].start]
    if after and (not before or after[0].start - words[-1].end <= words[0].start - before[-1].end):
        return after[0]
    return before[-1] if before else None


def _plain(token: Token) -> bool:
    """Whether a word can narrow: no number, no unit, no comparison, no abbreviation of two letters."""
    return len(token.text) > _SHORTEST and token.text.isalpha() and token.text.lower() not in unnarrowing()


def _objects(allergy: Token, tokens: Tokens, scene: Scene) -> list[Condition]:
    named = [
        token
        for token in tokens
        if token.kind in ("word", "concept") and token is not allergy and not takes_object((token,)) and not _trifle(token)
    ]
    if not named:
        return []
    said = " ".join(scene.text[token.start : token.end] for token in named)
    return [Has((concepts.words_id(f"{said} allergy"),), ever=True, words=scene.words(tokens))]


def _trifle(token: Token) -> bool:
    return len(token.text) == 1 and not token.text.isdigit()


def _by_words(tokens: Tokens, scene: Scene) -> Condition | None:
    """A limb that no table knows: its words, which the judge looks for in the patient's clauses."""
    said = tuple(
        token
        for token in tokens
        if token.kind in ("word", "soft", "trait", "concept", "grade", "count", "measure", "dose", "grading")
        or token.is_cue("about")
    )
    if not any(token.kind in ("word", "soft", "concept", "measure", "grading", "trait") for token in said):
        return None
    named = " ".join(scene.text[token.start : token.end] for token in said)
    id = concepts.words_id(named)
    if any(token.is_cue("non", "negative", "naive") for token in tokens):
        return Unparsed(scene.words(tokens))
    if all(token.text.lower() in unnarrowing() for token in said if token.kind == "word") and not any(
        token.kind not in ("word", "soft") for token in said
    ):
        return Unparsed(scene.words(said))
    if not any(len(stem) > 2 and stem.isalpha() for stem in id[2:].split()) or not any(
        token.kind in ("word", "concept", "measure", "grading") or token.is_cue("about") for token in said
    ):
        return Unparsed(scene.words(said))
    window = next((window_of(token, scene) for token in tokens if token.kind == "window" and bounded(token)), None)
    return Has(
        (id,),
        ever=any(token.is_cue("ever") for token in tokens),
        window=window,
        other=any(token.is_cue("other") for token in tokens),
        family=any(token.is_cue("family") for token in tokens),
        words=scene.words(tokens),
    )
