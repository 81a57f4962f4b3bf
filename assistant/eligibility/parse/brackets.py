"""What brackets and examples add to a limb: another name, examples, an exception, an allowance, a window, or a narrower sense."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Literal

from assistant.eligibility.conditions import (
    AllOf,
    AnyOf,
    Between,
    Condition,
    Either,
    Has,
    Not,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
)
from assistant.eligibility.parse.scene import Scene, known, solid
from assistant.eligibility.parse.shapes import all_of, any_of, leaves, mapped, with_first_has, with_has, with_window
from assistant.eligibility.parse.tables import defined_traits, shown_by, treating_words, unsaid_traits
from assistant.eligibility.parse.tokens import Token, Tokens
from assistant.eligibility.vocabulary import concepts
from assistant.eligibility.vocabulary.traits import find_traits

Sort = Literal["care", "test", "state"]

_SHORT = 6
_AMOUNT = frozenset({"more", "less", "than", "least", "most", "over", "under", "per"})
_UNCONTROLLED = "uncontrolled"
_ABUSE = "substance-use-disorder"
_SORTS: dict[str, Sort] = {"drug": "care", "therapy": "care", "procedure": "care", "test-result": "test", "biomarker": "test"}


def within(read: Condition | None, inside: Tokens, limb: Tokens, scene: Scene) -> Condition | None:
    """The limb's condition with what stands between its brackets."""
    opens = _first(inside)
    if read is None and opens and opens.is_cue("except", "unless"):
        return Unparsed(scene.words(inside))
    if scene.too_deep or read is None:
        return read if read is not None else scene.read(inside, scene.deeper())
    if _only_a_name(inside, limb) or _aside(inside):
        return read
    first = _first(inside)
    if first and first.is_cue("except", "unless"):
        exception = scene.read(_after(inside, first), replace(scene.deeper(), bars=first.value == "except"))
        return excepted(read, exception or Unparsed(scene.words(inside)), first.value == "unless", scene)
    narrows = first is not None and first.is_cue("onlyif") and first.text.startswith("only")
    if not narrows and any(token.is_cue("allowed", "onlyif") for token in inside):
        return allowed(read, inside, scene)
    if first and first.is_cue("example"):
        examples = scene.read(_after(inside, first), replace(scene.deeper(), bars=True))
        return exemplified(read, examples, scene)
    if first and first.is_cue("if", "onlyif") and not any(token.kind == "measure" for token in inside):
        group = scene.read(_after(inside, first), replace(scene.deeper(), bars=True))
        return (all_of([read, group]) if scene.bars else Only(group, read)) if group is not None else read
    if first and first.is_cue("or") and (other := scene.read(_after(inside, first), scene.deeper())) is not None:
        return any_of([read, other]) or read
    if alternatives := _alternative_traits(inside):
        return any_of(with_first_has(read, partial(_also, trait=trait)) for trait in alternatives)
    if scene.bars and (doses := _defined_by_doses(read, inside, scene)) is not None:
        return doses
    if all(token.kind in ("window", "trait", "empty", "grade", "dose") or token.is_cue("ever", "now") for token in inside):
        return _timed(read, inside, scene)
    if any(_measures_dose(token, inside, limb) for token in inside):
        return all_of([read, Unparsed(scene.words(inside))])
    parts = _in_parts(inside)
    if len(parts) > 1 and any(_alternative_traits(part) for part in parts):
        whole = [within(read, part, limb, scene) for part in parts]
        return all_of([read, *whole])
    added = scene.read(inside, scene.deeper())
    if added is None:
        return _timed(read, inside, scene)
    if scene.bars and isinstance(added, PerProtocol) and added.facts is not None and _are_kinds(added.facts, read):
        return any_of([read, added])
    if stated := _restated(read, added, limb, scene):
        return stated
    if defined := _defined(read, added, scene):
        return defined
    if scene.bars and any(token.is_cue("and") for token in inside) and _makes_up(read, added):
        return read
    if scene.bars and _are_examples(read, added):
        return exemplified(read, added, scene)
    if not scene.bars and _enumerates(inside, added):
        added = any_of(added.parts if isinstance(added, AllOf) else (added,)) or added
    return for_group(read, added) or all_of([read, added])


def _are_kinds(facts: Condition, read: Condition) -> bool:
    """Whether all that is left to the protocol is of the kinds barred before: "active infections (HBV and HIV per protocol)"."""
    wide = [concept for leaf in leaves(read) if isinstance(leaf, Has) for concept in leaf.concepts]
    named = [concept for leaf in leaves(facts) if isinstance(leaf, Has) for concept in leaf.concepts]
    return bool(named) and all(any(concepts.is_a(one, other) for other in wide) for one in named)


def _enumerates(inside: Tokens, added: Condition) -> bool:
    """Whether a bracket lists kinds of what stands before it, by commas alone: "any statin (simvastatin, atorvastatin)"."""
    commas = any(token.kind == "separator" and token.value == "comma" for token in inside)
    listed = commas and isinstance(added, AllOf) and all(isinstance(part, Has) and not part.traits for part in added.parts)
    return listed and not any(token.is_cue("and", "with", "link") for token in inside)


def _measures_dose(token: Token, inside: Tokens, limb: Tokens) -> bool:
    """Whether a drug names what a dose of its class is counted in: "corticosteroids (> 10 mg/day prednisone or equivalent)"."""
    heads = [head for head in limb if head.kind == "concept"]
    dosed = any(each.kind == "word" and each.text.isdigit() for each in inside)
    return token.kind == "concept" and dosed and any(_narrower_dosed(token, head) for head in heads)


def _defined_by_doses(label: Condition, inside: Tokens, scene: Scene) -> Condition | None:
    """A state without a name of its own, or its support, known by doses: "immunosuppression (> 10 mg prednisone daily)".

    Either suffices to be barred: the state, or any of the treatments; one whose dose nobody understands is left as words.
    """
    words = scene.text[inside[0].start : inside[-1].end] if inside else ""
    if not _DOSED.search(words):
        return None
    dose = next((token for token in inside if token.kind == "dose"), None)
    plain = all(token.kind in ("dose", "empty") for token in inside)
    if dose is not None and plain and dose.value.dose.of and all(map(_by_words, leaves(label))):
        from assistant.eligibility.parse.limbs import dosed

        return any_of([label, dosed(Has((dose.value.dose.of,), words=words), dose.value)])
    parts = [scene.read(part, scene.deeper()) for part in _alternatives(inside)]
    if len(parts) < _FEWEST or not any(isinstance(part, Has) and sort_of(part.concepts) == "care" for part in parts):
        return None
    given = [
        part if isinstance(part, Has) and sort_of(part.concepts) == "care" else Unparsed(words)
        for part in parts
        if part is not None
    ]
    return any_of([label, *given])


_FEWEST = 2
_DOSED = re.compile(r"[<>≤≥]\s*\d[\d.,]*\s*(?:mg|mcg|[µμ]g|ug|g|IU|units?)\b", re.IGNORECASE)


def _alternatives(inside: Tokens) -> list[Tokens]:
    """What a bracket joins by "or" and "and/or"."""
    parts: list[list[Token]] = [[]]
    for token in inside:
        if token.is_cue("or") or (token.kind == "separator" and token.value == "or"):
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts if solid(tuple(part))]


def _narrower_dosed(drug: Token, head: Token) -> bool:
    """Whether a drug is of the class that a head names, and not the class itself."""
    own, wide = drug.value.concepts, head.value.concepts
    return sort_of(own) == "care" and own != wide and all(any(concepts.is_a(id, other) for other in wide) for id in own)


def _in_parts(inside: Tokens) -> list[Tokens]:
    """What stands between the commas of a bracket."""
    parts: list[list[Token]] = [[]]
    for token in inside:
        if token.kind == "separator" and token.value == "comma":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]


def _restated(label: Condition, added: Condition, limb: Tokens, scene: Scene) -> Condition | None:
    """A treatment without a name of its own and those that it was: "systemic therapy (cisplatin or carboplatin)".

    Where it is asked for, those alone count, with the traits of the label; to be barred, each suffices.
    """
    given = leaves(added)
    sorts = {sort_of(leaf.concepts) if isinstance(leaf, Has) else "state" for leaf in given}
    if not sorts <= {"care", None} or "care" not in sorts:
        return None
    whole = label.concepts if isinstance(label, Has) and not label.traits and sort_of(label.concepts) == "care" else ()
    broad = bool(whole) and all(id in concepts.all_concepts() and concepts.concept(id).broad for id in whole)
    loose = all(token.kind in ("soft", "trait", "empty") or token.is_cue("ever", "now", "with") for token in limb)
    unnamed = isinstance(label, Unparsed) and loose and any(token.text.lower() in treating_words() for token in limb)
    if not broad and not unnamed:
        return None
    if scene.bars:
        return any_of([label, added]) if unnamed else None
    traits = frozenset(token.value.trait for token in limb if token.kind == "trait") - {"systemic"} - unsaid_traits()
    ever = any(token.is_cue("ever") for token in limb)
    stated = with_has(added, lambda has: replace(has, traits=has.traits | traits, ever=has.ever or ever))
    windows = [leaf.window for leaf in leaves(label) if isinstance(leaf, Has) and leaf.window]
    return with_window(stated, windows[-1]) if windows else stated


def _defined(label: Condition, values: Condition, scene: Scene) -> Condition | None:
    """A label with the values that define it: "uncontrolled hypertension (systolic pressure > 160 mmHg)".

    Either suffices to be barred, the values alone where they are all that the label says ("inadequate function", "renal failure");
    "adequate kidney function (…)" asks for the values alone. A plain disease is narrowed, not defined.
    """
    named = leaves(label)
    if not all(isinstance(leaf, Between) for leaf in leaves(values)) or not all(isinstance(leaf, Has) for leaf in named):
        return None
    traits = {trait for leaf in named if isinstance(leaf, Has) for trait in leaf.traits}
    by_words = all(_by_words(leaf) for leaf in named)
    if scene.bars:
        defines = (
            any(defined_traits().get(trait) for trait in traits)
            or all(map(_is_lack, named))
            or ("uncontrolled" not in traits and _speak_of(values, named))
        )
        whole = by_words or bool(traits & defined_traits().keys())
        return values if defines else any_of([label, values]) if whole else None
    return values if by_words or traits & {"adequate", "normal"} else None


_LACK = re.compile(r"inadequate|insufficient|impaired|abnormal|poor|reduced|decreased|deranged|dysfunction", re.IGNORECASE)


def _is_lack(leaf: Condition) -> bool:
    """Whether words name no disease, but that something is too low or too high: the values are all that they say."""
    return isinstance(leaf, Has) and leaf.concepts[0].startswith("w:") and _LACK.search(leaf.words) is not None


def _speak_of(values: Condition, named: Iterable[Condition]) -> bool:
    """Whether a disease is known by the quantities that the values are of: "renal insufficiency (creatinine > 2 mg/dL)"."""
    measured = {leaf.quantity for leaf in leaves(values) if isinstance(leaf, Between)}
    return all(
        isinstance(leaf, Has)
        and any(concepts.is_a(one, wide) and quantity in measured for one in leaf.concepts for wide, quantity in shown_by())
        for leaf in named
    )


def _alternative_traits(inside: Tokens) -> tuple[str, ...]:
    """ "(acute or chronic)"."""
    said = [token for token in inside if token.kind not in ("empty", "soft")]
    if not any(token.is_cue("or", "and") or token.kind == "separator" for token in said):
        return ()
    if not all(token.kind in ("trait", "separator") or token.is_cue("or", "and") for token in said):
        return ()
    return tuple(token.value.trait for token in said if token.kind == "trait")


def _also(has: Has, trait: str) -> Has:
    return replace(has, traits=has.traits | {trait})


def for_group(rule: Condition, added: Condition) -> Either | None:
    """A bound with another one for a group: "ALT ≤ 3 × ULN (≤ 5 × ULN if liver metastases)"."""
    if not isinstance(added, Only):
        return None
    bounds = [leaf for leaf in leaves(rule) if isinstance(leaf, Between)]
    others = [leaf for leaf in leaves(added.rule) if isinstance(leaf, Between)]
    same = {leaf.quantity for leaf in bounds} & {leaf.quantity for leaf in others}
    return Either(added.group, added.rule, rule) if same and len(bounds) == len(leaves(rule)) else None


def _first(tokens: Tokens) -> Token | None:
    return next((token for token in tokens if token.kind != "empty"), None)


def _after(tokens: Tokens, token: Token) -> Tokens:
    return tokens[tokens.index(token) + 1 :]


def _only_a_name(inside: Tokens, limb: Tokens) -> bool:
    """An abbreviation, or the same concept again."""
    said = [token for token in inside if token.kind not in ("empty", "separator")]
    if not said:
        return True
    if any(token.kind == "empty" and token.text.lower() in _AMOUNT for token in inside):
        return False
    if all(
        token.kind == "word"
        and (token.text.isupper() or token.text.isdigit() or len(token.text) == 1 or token.text[:-1].isupper())
        for token in said
    ):
        return len(said) <= 3 or said[-1].end - said[0].start <= _SHORT
    if len(said) == 1 and said[0].text.isupper() and any(_initials(token.text) == said[0].text for token in limb):
        return True
    if all(token.kind in ("concept", "word") for token in said):
        names = [token for token in said if token.kind == "concept"]
        heads = [token for token in limb if token.kind == "concept"]
        same = [name for name in names if any(_no_narrower(name, head) for head in heads)]
        return bool(names) and len(same) == len(said)
    return False


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()).upper()


def _aside(inside: Tokens) -> bool:
    """A reason, a reference, advice, or words that say nothing beside the limb ("serum or urine")."""
    first = _first(inside)
    if any(token.is_cue("because", "note", "advised") for token in inside) or (first and first.is_cue("whatever")):
        return True
    return all(token.kind in ("soft", "empty", "separator") or token.is_cue("or", "and") for token in inside)


def _no_narrower(name: Token, head: Token) -> bool:
    """Whether a name is the head's own or that of what the head is a kind of: "active hepatitis C virus (HCV)"."""
    return any(concepts.is_a(other, one) for one in name.value.concepts for other in head.value.concepts)


def _timed(read: Condition, inside: Tokens, scene: Scene) -> Condition:
    from assistant.eligibility.parse.limbs import bounded, dosed, window_of

    dose = next((token for token in inside if token.kind == "dose"), None)
    if dose is not None:
        drugs = {leaf for leaf in leaves(read) if isinstance(leaf, Has) and sort_of(leaf.concepts) == "care"}
        if not drugs:
            return all_of([read, Unparsed(scene.words(inside))]) or read
        read = with_has(read, lambda has: dosed(has, dose.value) if has in drugs else has)
    windows = [token for token in inside if token.kind == "window" and bounded(token)]
    read = with_window(read, window_of(windows[-1], scene)) if windows else read
    traits = frozenset(token.value.trait for token in inside if token.kind == "trait") - unsaid_traits()
    grade = next((token.value.range for token in inside if token.kind == "grade"), None)
    read = with_first_has(read, lambda has: replace(has, traits=has.traits | traits, grade=has.grade or grade))
    return with_has(read, lambda has: replace(has, ever=True)) if any(token.is_cue("ever") for token in inside) else read


def _makes_up(read: Condition, added: Condition) -> bool:
    """Whether "(A, B and C)" behind a named disease lists what makes it up: none of them is a kind of it."""
    whole = [concept for leaf in leaves(read) if isinstance(leaf, Has) for concept in leaf.concepts]
    parts = [concept for leaf in leaves(added) if isinstance(leaf, Has) for concept in leaf.concepts]
    return len(whole) == 1 and sort_of((whole[0],)) == "state" and not any(concepts.is_a(part, whole[0]) for part in parts)


def _are_examples(read: Condition, added: Condition) -> bool:
    """Whether what is added lists narrower things of the same sort, without a trait or value that would narrow the limb itself."""
    kinds = [leaf for leaf in leaves(read) if isinstance(leaf, Has)]
    named = leaves(added)
    if not kinds or not named or not all(isinstance(leaf, Has) and not isinstance(added, Not) for leaf in named):
        return False
    return any(sort_of(leaf.concepts) == sort_of(kind.concepts) for leaf in named if isinstance(leaf, Has) for kind in kinds)


def sort_of(ids: tuple[str, ...]) -> Sort | None:
    """Whether concepts are treatments, tests or states of the patient; None for words."""
    kinds = [concepts.concept(id).kind for id in ids if id in concepts.all_concepts()]
    return _SORTS.get(kinds[0], "state") if kinds else None


def exemplified(kind: Condition | None, examples: Condition | None, scene: Scene) -> Condition | None:
    """A class and examples of it: each suffices to be barred; where a class is asked for, they only say what is meant.

    What is abused is no abuse by itself.
    Examples of a treatment behind a disease ("… requiring systemic treatment, e.g. steroids") are no alternative to the disease.
    """
    if kind is None or examples is None:
        return kind or examples
    if not scene.bars:
        return _defined(kind, examples, scene) or kind
    if isinstance(kind, AllOf):
        last = next((part for part in reversed(kind.parts) if isinstance(part, Has)), None)
        return all_of(exemplified(part, examples, scene) if part is last else part for part in kind.parts)
    whole = [leaf for leaf in leaves(kind) if isinstance(leaf, Has)]
    sorts = {sort_of(has.concepts) for has in whole} - {None}
    named = {sort_of(leaf.concepts) for leaf in leaves(examples) if isinstance(leaf, Has)} - {None}
    if (sorts and named and not sorts & named) or any(concepts.is_a(id, _ABUSE) for has in whole for id in has.concepts):
        return kind
    ever = any(has.ever for has in whole)
    if sorts:
        examples = _known_alone(examples)
    if examples is None:
        return kind
    examples = with_has(examples, lambda has: replace(has, ever=has.ever or ever))
    if whole and all(_UNCONTROLLED in has.traits for has in whole):
        examples = with_has(examples, _uncontrolled)
    windows = [has.window for has in whole if has.window]
    if windows:
        examples = with_window(examples, windows[-1])
    return any_of([kind, examples])


def _uncontrolled(has: Has) -> Has:
    """An example of what is uncontrolled, where nothing else is said of it: "uncontrolled illness, including arrhythmia"."""
    plain = not has.traits and has.window is None and has.grade is None and sort_of(has.concepts) == "state"
    return _also(has, _UNCONTROLLED) if plain else has


def _known_alone(examples: Condition) -> Condition | None:
    """The examples that a table knows; the class stands for the others."""
    parts = examples.parts if isinstance(examples, AnyOf) else (examples,)
    return any_of(part for part in parts if not any(_by_words(leaf) for leaf in leaves(part)))


def _by_words(leaf: Condition) -> bool:
    return isinstance(leaf, Unparsed) or (isinstance(leaf, Has) and any(id.startswith("w:") for id in leaf.concepts))


def excepted(rule: Condition, exception: Condition, on_condition: bool, scene: Scene) -> Condition:
    """The rule with its exception: inside a negation where the rule is one; "unless" of what is asked for is an alternative to it."""
    exception = unvoiding(rule, exception)
    match rule:
        case Not(part):
            return Not(Unless(part, exception))
        case _ if not scene.bars and (on_condition or all(isinstance(leaf, Between) for leaf in leaves(rule))):
            return _excused(rule, exception)
        case _:
            return Unless(rule, exception)


def unvoiding(rule: Condition, exception: Condition) -> Condition:
    """The exception, but that a limb as wide as the rule, which would void it, is left open."""
    if isinstance(exception, AnyOf):
        return AnyOf(tuple(unvoiding(rule, part) for part in exception.parts))
    plain = isinstance(exception, Has) and exception == Has(exception.concepts, ever=exception.ever, words=exception.words)
    ruled = [concept for leaf in leaves(rule) if isinstance(leaf, Has) for concept in leaf.concepts]
    if (
        isinstance(exception, Has)
        and plain
        and any(concepts.is_a(concept, wide) for concept in ruled for wide in exception.concepts)
    ):
        return AllOf((exception, Unparsed(exception.words)))
    return exception


def _excused(rule: Condition, exception: Condition) -> Condition:
    """What is asked for, or an exception that excuses from it; one that sets another bound makes a rule for its group.

    A range with two ends is what a treatment aims at: who has not come there yet is held to the rule.
    """
    parts = exception.parts if isinstance(exception, AllOf) else (exception,)
    bounds = [part for part in parts if isinstance(part, Between)]
    group = all_of(part for part in parts if not isinstance(part, Between))
    asked = {leaf.quantity for leaf in leaves(rule) if isinstance(leaf, Between)}
    then = all_of(bounds)
    widened = all(_widens(bound, leaf) for bound in bounds for leaf in leaves(rule) if isinstance(leaf, Between))
    if group is not None and then is not None and widened and all(bound.quantity in asked for bound in bounds):
        return Either(group, then, rule)
    return any_of([rule, exception]) or rule


def _widens(bound: Between, asked: Between) -> bool:
    """Whether a bound lets in the low values that another one of its quantity does: an INR of 2 to 3 does not let in one of 1."""
    return bound.quantity != asked.quantity or bound.range.low <= asked.range.low


def allowance(tokens: Tokens, scene: Scene) -> tuple[Condition | None, Condition | None] | None:
    """What words let in, and on what condition: "inhaled steroids are allowed", "… may be included if …"."""
    place = next((at for at, token in enumerate(tokens) if token.is_cue("allowed", "onlyif")), None)
    if place is None or any(token.is_cue("barred") for token in tokens[:place]) or _denies(tokens[:place]):
        return None
    let_in, rest = tokens[:place], tokens[place + 1 :]
    asks, bars = replace(scene.deeper(), bars=False), replace(scene.deeper(), bars=True)
    at = next((at for at, token in enumerate(rest) if token.is_cue("if", "onlyif")), None)
    condition = None
    if tokens[place].value == "onlyif":
        condition = scene.read(rest, asks)
    elif at is not None:
        condition = scene.read(rest[at + 1 :], asks)
    elif solid(rest) and not solid(let_in):
        let_in = rest
    elif known(rest):
        condition = scene.read(rest, asks)
    what = scene.read(tuple(token for token in let_in if not token.is_cue("if")), bars)
    if isinstance(what, AnyOf) and _a_value_beside(what) and not any(token.is_cue("or") for token in let_in):
        what = AllOf(what.parts)
    if what is not None and condition is not None:
        condition = said_of(condition, what, tokens[place + 1 :])
    return what, condition


def _a_value_beside(what: AnyOf) -> bool:
    """Whether a state and a value are named, which only together let in: "Gilbert's syndrome and bilirubin < 3 mg/dL"."""
    return {_is_a_value(part) for part in what.parts} == {True, False}


_VALUED = re.compile(
    r"\b(?:viral load|titers?|titres?|undetectable|not detectable|below the (?:lower )?limit)\b", re.IGNORECASE
)


def _is_a_value(part: Condition) -> bool:
    """Whether a value is named, if only by its words: "viral load undetectable"."""
    return isinstance(part, Between) or (
        _by_words(part) and isinstance(part, (Has, Unparsed)) and bool(_VALUED.search(part.words))
    )


def _denies(tokens: Tokens) -> bool:
    """Whether "not" is said of what is let in, and not of a thing named before it: "skin disease not needing steroids"."""
    place = next((at for at, token in enumerate(tokens) if token.is_cue("not")), None)
    return place is not None and not known(tokens[:place])


def allowed(rule: Condition, tokens: Tokens, scene: Scene) -> Condition:
    """The rule with what the words let in taken out of it."""
    let = allowance(tokens, scene)
    what, condition = let if let else (None, None)
    exception = unvoiding(rule, all_of([what, condition]) or Unparsed(scene.words(tokens)))
    match rule:
        case _ if scene.bars:
            return Unless(rule, exception)
        case Not(part):
            return Not(Unless(part, exception))
        case _ if what is not None and condition is not None:
            return Either(what, condition, rule)
        case _ if what is not None and _bounds_of(rule) & _bounds_of(what):
            return _excused(rule, AllOf(what.parts) if isinstance(what, AnyOf) else what)
        case Has(concepts=asked) if what is not None and _lets_in_without(what, asked):
            return any_of([rule, what]) or rule
        case _:
            return rule


def _lets_in_without(what: Condition, asked: tuple[str, ...]) -> bool:
    """Whether those are let in who lack what is asked for: "patients without measurable disease are eligible"."""
    parts = what.parts if isinstance(what, AllOf) else (what,)
    return any(isinstance(part, Not) and isinstance(part.part, Has) and part.part.concepts == asked for part in parts)


def _bounds_of(condition: Condition) -> set[str]:
    return {leaf.quantity for leaf in leaves(condition) if isinstance(leaf, Between)}


def said_of(condition: Condition, rule: Condition, tokens: Tokens) -> Condition:
    """A condition of traits alone ("unless treated", "if clinically stable for 4 weeks") said of what the rule names."""
    named = [leaf for leaf in leaves(rule) if isinstance(leaf, Has)]
    if named:
        condition = mapped(condition, partial(_trait_said, named=named))
    traits = frozenset(token.value.trait for token in tokens if token.kind == "trait") - unsaid_traits()
    if (
        known(tokens)
        or not named
        or not traits
        or any(token.kind in ("word", "paren") or token.is_cue("not") for token in tokens)
    ):
        return condition
    window = next((token.value.window for token in tokens if token.kind == "window"), None)
    said = any_of(replace(has, traits=has.traits | traits, window=window, ever=True, other=False) for has in named)
    return said or condition


def _trait_said(leaf: Condition, named: list[Has]) -> Condition:
    """A trait that was left as words beside other things ("unless stable and not on steroids") said of what the rule names."""
    found = find_traits(leaf.words) if isinstance(leaf, Unparsed) else ()
    if not isinstance(leaf, Unparsed) or len(found) != 1 or (found[0].start, found[0].end) != (0, len(leaf.words)):
        return leaf
    said = frozenset({found[0].trait}) - unsaid_traits()
    return any_of(replace(has, traits=has.traits | said, window=None, ever=True, other=False) for has in named) or leaf
