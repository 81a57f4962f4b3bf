"""Lists to conditions: limbs joined by "or", "and", commas, with the heads, traits and windows that they share."""

import re
from dataclasses import dataclass, replace
from functools import partial

from assistant.eligibility.conditions import AnyOf, Between, Condition, Demographic, Has, Not, OneOf, Unparsed, Window
from assistant.eligibility.parse.brackets import sort_of
from assistant.eligibility.parse.limbs import bounded, limb, measured, takes_object, window_of
from assistant.eligibility.parse.scene import Scene, known, solid, trimmed
from assistant.eligibility.parse.shapes import all_of, any_of, leaves, with_first_has, with_has, with_window
from assistant.eligibility.parse.tables import episode_nouns, objects, shared_nouns, treating_words, unsaid_traits
from assistant.eligibility.parse.tokens import Token, Tokens
from assistant.eligibility.parse.tokens import tokens as tokens_of
from assistant.eligibility.vocabulary import concepts
from assistant.eligibility.vocabulary.traits import find_traits

_SHARED_BEHIND = frozenset({"intolerant", "undetectable"})
_MODIFIERS = frozenset({"trait", "empty", "cue", "grade", "window"})
_EVIDENCED = ("evidenced by", "manifested by")
_CLOSE = frozenset({"plus", "together with", "along with", "combined with", "in combination with", "+"})
_INFECTION = "infection"
_OF_ANY_TIME = frozenset({"clinically-significant", "severe", "uncontrolled", "unstable", "life-threatening"})
_TAILED = ("ic", "al", "ar", "ary", "ous", "ive", "ac", "ed", "an", "oid", "ing", "ory")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One item of a list and what joins it to the one before: comma, or, and, "" for the first.

    "close and" is an "and" that binds closer than "or" ("combined with"), "slash or" a stroke between two words.
    """

    tokens: Tokens
    joined: str


@dataclass(frozen=True, slots=True)
class Item:
    """A chunk that has been read."""

    condition: Condition
    joined: str
    tokens: Tokens


def chunks(tokens: Tokens) -> tuple[Chunk, ...]:
    """The items of a list. A comma before "or" or "and" counts with it."""
    found: list[Chunk] = []
    current: list[Token] = []
    joined = ""
    comma = False
    either = False
    for at, token in enumerate(tokens):
        if token.is_cue("orboth") and _closes_item(tokens[at + 1 :]):
            either = True
            continue
        joint = "or" if token.is_cue("orboth") else _joint(token)
        if joint is None:
            current.append(token)
            continue
        if any(each.kind != "empty" for each in current):
            found.append(Chunk(tuple(current), joined))
            current, joined, comma = [], joint, joint == "comma"
        elif joint != "comma" and not (joint.endswith("and") and joined.endswith("or")):
            joined = ("comma " if comma or joined.startswith("comma") else "") + joint if found else ""
        else:
            comma = True
    if any(each.kind != "empty" for each in current):
        found.append(Chunk(tuple(current), joined))
    last = max((at for at, chunk in enumerate(found) if not _only_modifies(chunk.tokens)), default=0)
    if either and last and found[last].joined == "comma":
        found[last] = replace(found[last], joined="comma or")
    return tuple(found)


def _closes_item(behind: Tokens) -> bool:
    """Whether nothing is named between "or both" and the next mark: "or both eyes" names something of its own."""
    following = next((token for token in behind[:8] if token.kind not in ("empty", "soft")), None)
    return following is None or following.kind in ("separator", "stop", "window", "paren", "cue")


def _joint(token: Token) -> str | None:
    if token.kind == "separator" and token.text == "/":
        return "slash or"
    if token.kind == "separator" and token.value != "and":
        return {"comma": "comma", "semicolon": "comma", "or": "or", "colon": "comma"}[token.value]
    if token.is_cue("or", "and") or token.kind == "separator":
        return "close and" if token.text.lower() in _CLOSE else str(token.value)
    return None


def coordination(tokens: Tokens, scene: Scene) -> Condition | None:
    """The condition of a list: any of its items where alternatives are listed, else all."""
    tokens = trimmed(tokens)
    if not solid(tokens):
        return None
    tokens = _opened(tokens)
    if (read := _treatment_for_either(tokens, scene)) or (read := _of_either(tokens, scene)):
        return read
    if stay := _stay_for(tokens, scene):
        return stay
    if bound := _link(tokens):
        return _linked(tokens, bound, scene)
    found = _led_on(_without_bare_allergy(_with_source(chunks(tokens))))
    if allergic := _allergy(found, tokens, scene):
        return allergic
    if len(found) > 1 and (window := _leading_window(found[0])) and solid(rest := tokens[tokens.index(window) + 1 :]):
        read = coordination(rest, scene.deeper())
        return with_window(read, window_of(window, scene)) if read is not None else None
    items = _shared_trait(_shared_intolerance(_named_alike(_at_one_site(_items(_shared_negative(found), scene)))), scene)
    read = _joined(_shared_window(_shared_ever(_shared_by_stroke(items)), tokens), scene)
    read = _dosed_together(read, scene) if scene.bars and isinstance(read, AnyOf) else read
    return _restricted(read, tokens, scene) if scene.bars and isinstance(read, AnyOf) else read


def _dosed_together(read: AnyOf, scene: Scene) -> Condition | None:
    """ "Needs corticosteroids, and a daily dose of prednisone above 15 mg": the drug and its dose are one thing, no alternatives."""
    dosed = [leaf for part in read.parts for leaf in leaves(part) if isinstance(leaf, Has) and leaf.dose is not None]

    def goes_on(part: Condition) -> bool:
        if not isinstance(part, Has) or part.dose is not None or part.window is not None:
            return False
        after = scene.text.find(part.words) + len(part.words)
        own = (leaf for leaf in dosed if any(concepts.is_a(one, wide) for one in leaf.concepts for wide in part.concepts))
        return any(_AND_ITS_DOSE.fullmatch(scene.text[after : max(after, scene.text.find(leaf.words))]) for leaf in own)

    return any_of([part for part in read.parts if not goes_on(part)])


_AND_ITS_DOSE = re.compile(r"[\s,]*\band\s+(?:(?:at|with|in|an?|the|their|its)\s+)*", re.IGNORECASE)


def _restricted(read: AnyOf, tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Drugs or foods that inhibit or induce X": a class that a clause behind it narrows bars nobody by itself."""
    clause = _CLAUSE.search(scene.text, tokens[0].start, tokens[-1].end)
    if clause is None:
        return read
    before = scene.text[tokens[0].start : clause.start()]

    def narrowed(part: Condition) -> Condition | None:
        whole = isinstance(part, Has) and part == Has(part.concepts, ever=part.ever, words=part.words)
        broad = isinstance(part, Has) and whole and all(id in _EVERYTHING for id in part.concepts)
        return all_of([part, Unparsed(clause[0])]) if broad and isinstance(part, Has) and part.words in before else part

    return any_of(map(narrowed, read.parts))


_EVERYTHING = frozenset(("medication", "treatment", "disease", "comorbidity", "symptom", "procedure", "surgery", "therapy"))
_CLAUSE = re.compile(
    r"\b(?:that|which)\s+(?:(?:is|are|was|were|has|have|had|may|might|can|could|would|will|do|does)\b|[a-z]+(?:s|es)?\b)",
    re.IGNORECASE,
)
"""A clause that says which of a class are meant."""


def _stay_for(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Hospitalized for A, B or C within 6 months": a stay in that time, for any of them."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "empty" and token.text.lower() == "for"), 0)
    named = [token for token in tokens[:place] if token.kind == "concept"]
    after = tuple(token for token in tokens[place + 1 :] if token.kind != "window")
    if len(named) != 1 or named[0].value.concepts != (_STAY,) or not any(map(_joint, after)):
        return None
    plain = all(
        token.kind in ("concept", "empty", "soft", "trait", "separator") or token.is_cue("or", "and") for token in after
    )
    illnesses = [token for token in after if token.kind == "concept"]
    if not plain or not illnesses or any(sort_of(token.value.concepts) != "state" for token in illnesses):
        return None
    windows = tuple(token for token in tokens[place + 1 :] if token.kind == "window")
    ill = coordination(after, replace(scene.deeper(), bars=True))
    past = with_has(ill, lambda has: replace(has, ever=True)) if ill is not None else None
    return all_of([limb(tokens[:place] + windows, scene), past])


_STAY = "hospitalised"


def _treatment_for_either(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Chemotherapy for recurrent or metastatic melanoma": one treatment of one disease, whose states are left as words."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "empty" and token.text.lower() == "for"), None)
    if place is None:
        return None
    before, after = tokens[:place], tokens[place + 1 :]
    if any(_joint(token) or token.kind in ("measure", "grading", "paren", "about") for token in before):
        return None
    named = [token for token in before if token.kind in ("concept", "soft")]
    if not named or any(_joint(token) in ("comma", "and") for token in after) or not any(_joint(token) for token in after):
        return None
    treats = named[-1].text.lower() in treating_words() if named[-1].kind == "soft" else _is_care(named[-1])
    states = [each for each in chunks(after)[:-1] if any(token.kind == "trait" or _recurs(token) for token in each.tokens)]
    if not treats or len(states) < len(chunks(after)) - 1:
        return None
    if any(token.kind in ("word", "measure", "paren") for chunk in states for token in chunk.tokens):
        return None
    for_what = Unparsed(scene.words(tokens[place:]))
    if any(token.kind == "concept" for token in before):
        return all_of([limb(before, scene), for_what])
    last = chunks(after)[-1].tokens
    disease = [Has(token.value.concepts, ever=True, words=token.text) for token in last if token.kind == "concept"]
    return all_of([*disease, Unparsed(scene.words(tokens))])


def _is_care(token: Token) -> bool:
    return sort_of(token.value.concepts) == "care"


def _recurs(token: Token) -> bool:
    """Whether a state that a treatment is given in is a concept by itself: "recurrent", "relapsed"."""
    return token.kind == "concept" and not _is_care(token) and len(token.text.split()) == 1


def _of_either(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "A transplant, of an organ or of stem cells": what follows "of" narrows the one thing before it, and is left as words."""
    comma = next((at for at, token in enumerate(tokens) if token.kind == "separator" and token.value == "comma"), None)
    if comma is None or comma + 1 >= len(tokens) or tokens[comma + 1].text.lower() != "of" or not known(tokens[:comma]):
        return None
    first = coordination(tokens[:comma], scene.deeper())
    return all_of([first, Unparsed(scene.words(tokens[comma + 1 :]))])


def _opened(tokens: Tokens) -> Tokens:
    """ "History (within 6 months) of A or B": the window before the list without its brackets."""
    first = next(
        (at for at, token in enumerate(tokens) if token.kind in ("concept", "measure", "word", "grading")), len(tokens)
    )
    for at, token in enumerate(tokens[:first]):
        windows = [each for each in token.inside if each.kind == "window"]
        if token.kind == "paren" and len(windows) == 1 and all(each.kind in ("window", "empty") for each in token.inside):
            return (*tokens[:at], windows[0], *tokens[at + 1 :])
    return tokens


def _led_on(found: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """ "Contraindication to A or B": what is said about the first is said about the next, which the patient need not have."""
    about = next((token for token in found[0].tokens if token.is_cue("about")), None) if found else None
    if about is None:
        return found
    reached = [found[0]]
    for chunk in found[1:]:
        plain = all(token.kind in ("concept", "word", "soft", "empty", "trait") for token in chunk.tokens)
        if not plain or ("comma" in chunk.joined and not about.text.startswith("change")):
            break
        reached.append(replace(chunk, tokens=(about, *chunk.tokens)))
    return (*reached, *found[len(reached) :])


def _without_bare_allergy(found: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """ "Hypersensitivity or allergy to X": the first word shares the object of the second."""
    if len(found) < 2 or not takes_object(found[0].tokens) or not takes_object(found[1].tokens):
        return found
    bare = all(token.kind != "word" for token in found[0].tokens) and sum(t.kind == "concept" for t in found[0].tokens) == 1
    objects = sum(token.kind in ("word", "concept") for token in found[1].tokens) > 1
    return (replace(found[1], joined=""), *found[2:]) if bare and objects else found


def _leading_window(chunk: Chunk) -> Token | None:
    """The window of a list's opening ("Within 6 months before randomisation, …")."""
    said = [token for token in chunk.tokens if token.kind not in ("empty", "soft") and token.kind != "cue"]
    return said[0] if len(said) == 1 and said[0].kind == "window" and bounded(said[0]) else None


def _allergy(found: tuple[Chunk, ...], tokens: Tokens, scene: Scene) -> Condition | None:
    """An allergy to any of several things: having the things is not asked."""
    if len(found) < 2 or not takes_object(found[0].tokens):
        return None
    end = next((at for at in range(1, len(found)) if takes_object(found[at].tokens)), len(found))
    first = limb(found[0].tokens, scene)
    lead = next(at for at, token in enumerate(found[0].tokens) if takes_object((token,)))
    named = any(id in objects() for id in found[0].tokens[lead].value.concepts)
    others = [
        limb(found[0].tokens[: lead + 1] + chunk.tokens, scene) if named else _allergic_to(chunk, scene)
        for chunk in found[1:end]
    ]
    begins = found[end].tokens[0].start if end < len(found) else len(scene.text)
    rest = coordination(tuple(token for token in tokens if token.start >= begins), scene.deeper())
    return any_of([first, *others, rest])


def _allergic_to(chunk: Chunk, scene: Scene) -> Condition | None:
    """A further object behind an allergy whose own name holds the first ("penicillin allergy")."""
    text = f"allergy to {scene.words(chunk.tokens)}"
    return limb(tokens_of(text), replace(scene.deeper(), text=text))


def _link(tokens: Tokens) -> int | None:
    """Where "with", "requiring" ties a list of objects, joined by "or" or "and" alone, to the last item before it."""
    for place, token in enumerate(tokens):
        if token.is_cue("link", "with") and known(tokens[:place]) and known(tokens[place:]):
            right = tokens[place + 1 :]
            if not any(_joint(each) for each in right) or _names_anew(right):
                return None
            if token.text.endswith(_EVIDENCED):
                return place
            own = any(each.kind == "window" or each.is_cue("ever", "now") for each in right)
            listed = _of_another_sort(tokens[:place], right) and (not own or _of_one_kind(right))
            return place if listed or not _commas(right) else None
    return None


def _names_anew(tokens: Tokens) -> bool:
    """Whether treatments come first and then something that needs none of them: "… requiring hormones only and skin disorders"."""
    sorts = [sort_of(token.value.concepts) for token in tokens if token.kind == "concept"]
    return len(sorts) > 1 and sorts[0] == "care" and sorts[-1] == "state"


def _of_another_sort(left: Tokens, right: Tokens) -> bool:
    """Whether a comma list names treatments alone, behind something that is none: "infection requiring antibiotics, antifungals or …"."""
    before = [token for token in left if token.kind == "concept"]
    after = [token for token in right if token.kind == "concept"]
    return (
        bool(before and after)
        and sort_of(before[-1].value.concepts) == "state"
        and {sort_of(token.value.concepts) for token in after} == {"care"}
    )


def _of_one_kind(tokens: Tokens) -> bool:
    """Whether a list that "or" closes names treatments of one kind, with a window at its end alone: "antibiotics, antivirals or …"."""
    found = chunks(tokens)
    named = [{id for token in chunk.tokens if token.kind == "concept" for id in token.value.concepts} for chunk in found]
    kinds = [{wide for id in ids for wide in concepts.ancestors(id)} for ids in named]
    early = any(token.kind == "window" or token.is_cue("ever", "now") for chunk in found[:-1] for token in chunk.tokens)
    shared = set.intersection(*kinds) & concepts.all_concepts().keys() if kinds else set()
    narrow = any(concepts.concept(id).parents for id in shared)
    return narrow and found[-1].joined.endswith("or") and not early


def _commas(tokens: Tokens) -> bool:
    return any(token.kind == "separator" and token.value in ("comma", "semicolon") for token in tokens)


def _linked(tokens: Tokens, place: int, scene: Scene) -> Condition | None:
    items = _items(chunks(tokens[:place]), scene)
    objects = coordination(tokens[place + 1 :], scene.deeper())
    if not items:
        return objects
    tied = all_of([items[-1].condition, objects])
    return _joined((*items[:-1], replace(items[-1], condition=tied)) if tied else items, scene)


def _items(found: tuple[Chunk, ...], scene: Scene) -> tuple[Item, ...]:
    items: list[Item] = []
    waiting: list[Chunk] = []
    skipped = -1
    for place, chunk in enumerate(found):
        if place <= skipped:
            continue
        if items and (run := _set_off_behind(found, place)):
            items[-1] = replace(items[-1], condition=_in_one_state(items[-1].condition, run, scene))
            skipped = place + len(run) - 1
            continue
        if _only_modifies(chunk.tokens):
            if place + 1 < len(found) and not (items and _only_follows(chunk.tokens)):
                waiting.append(chunk)
            elif items and chunk.joined == "comma" and _only_follows(chunk.tokens) and all(map(_treats, items)):
                items = [_within_too(item, chunk, scene) for item in items]
            elif items:
                items[-1] = replace(items[-1], condition=_modified(items[-1], chunk, scene))
            elif (read := limb(chunk.tokens, scene)) is not None:
                items.append(Item(read, chunk.joined, chunk.tokens))
            continue
        if waiting and items and not known(chunk.tokens):
            left = Unparsed(scene.words(tuple(token for each in waiting for token in each.tokens)))
            items[-1] = replace(items[-1], condition=all_of([items[-1].condition, left]) or left)
        read = _with_earlier(waiting, chunk, found[place + 1 :], items, scene)
        joined = waiting[0].joined if waiting else chunk.joined
        past = tuple(token for each in waiting for token in each.tokens if token.is_cue("ever"))
        waiting = []
        if read is not None:
            items.append(Item(read, joined, past + chunk.tokens))
    for chunk in waiting:
        if (read := limb(chunk.tokens, scene)) is not None:
            items.append(Item(read, chunk.joined, chunk.tokens))
    return tuple(items)


def _with_source(found: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """ "Toxicity of grade 2, from prior therapy": what a thing comes from belongs to the item before it."""
    merged: list[Chunk] = []
    for chunk in found:
        if merged and chunk.joined == "comma" and _from_treatment(chunk.tokens):
            merged[-1] = replace(merged[-1], tokens=merged[-1].tokens + chunk.tokens)
        else:
            merged.append(chunk)
    return tuple(merged)


def _from_treatment(tokens: Tokens) -> bool:
    """Whether an item says but that what stands before it comes from treatment: ", from prior therapy"."""
    said = [token for token in tokens if token.kind not in ("empty", "paren", "stop")]
    plain = bool(said) and all(token.kind == "soft" or token.is_cue("ever") for token in said)
    led = plain and any(token.text.lower() == "from" for token in tokens[: tokens.index(said[0])])
    return led and said[-1].text.lower() in treating_words()


def _set_off_behind(found: tuple[Chunk, ...], place: int) -> tuple[Chunk, ...]:
    """The chunks of ", acute or chronic," behind a name: traits alone, joined by "or" and set off by commas."""
    if found[place].joined != "comma":
        return ()
    end = place + 1
    while end < len(found) and found[end].joined == "or":
        end += 1
    run = found[place:end]
    bare = all(all(token.kind in ("trait", "empty", "soft", "stop") for token in chunk.tokens) for chunk in run)
    closed = end == len(found) or found[end].joined.startswith("comma")
    traits = all(sum(token.kind == "trait" for token in chunk.tokens) == 1 for chunk in run)
    return run if len(run) > 1 and bare and traits and closed else ()


def _in_one_state(condition: Condition, run: tuple[Chunk, ...], scene: Scene) -> Condition:
    """What is named, with one of the traits behind it."""
    traits = [token.value.trait for chunk in run for token in chunk.tokens if token.kind == "trait"]
    ways = [with_first_has(condition, partial(_with_trait, trait=trait)) for trait in traits]
    return any_of(ways) or condition if scene.bars else all_of([condition, any_of(ways)]) or condition


def _with_trait(has: Has, trait: str) -> Has:
    return replace(has, traits=has.traits | {trait})


def _treats(item: Item) -> bool:
    """Whether an item names treatments alone."""
    named = [token for token in item.tokens if token.kind == "concept"]
    return bool(named) and all(_is_care(token) for token in named)


def _within_too(item: Item, chunk: Chunk, scene: Scene) -> Item:
    """A treatment with the window that a list ends with, where it has none of its own."""
    own = any(token.kind == "window" for token in item.tokens)
    return item if own else replace(item, condition=_modified(item, chunk, scene))


def _only_modifies(tokens: Tokens) -> bool:
    """Whether a chunk has traits, "history of" or a window, but nothing that they are said of."""
    kinds = {token.kind for token in tokens}
    said = any(
        token.kind in ("trait", "grade", "window") or token.is_cue("ever", "now", "other", "positive", "negative")
        for token in tokens
    )
    return said and kinds <= _MODIFIERS and not any(token.is_cue("about") for token in tokens)


def _only_follows(tokens: Tokens) -> bool:
    """Whether it can only speak of what stands before it: a window alone."""
    return not any(token.kind == "trait" or token.is_cue("ever", "other") for token in tokens)


def _modified(item: Item, chunk: Chunk, scene: Scene) -> Condition:
    """The item with a trailing chunk of traits or a window: "hypertension that is uncontrolled or symptomatic"."""
    windows = [token for token in chunk.tokens if token.kind == "window" and bounded(token)]
    traits = frozenset(token.value.trait for token in chunk.tokens if token.kind == "trait")
    condition = item.condition
    if windows:
        condition = with_window(condition, window_of(windows[-1], scene))
    grade = next((token.value.range for token in chunk.tokens if token.kind == "grade"), None)
    if grade is not None:
        condition = with_first_has(condition, lambda has: replace(has, grade=has.grade or grade))
    if not traits:
        return condition
    if chunk.joined.endswith("or"):
        other = with_has(condition, lambda has: replace(has, traits=traits))
        return any_of([condition, other]) or condition
    return with_has(condition, lambda has: replace(has, traits=has.traits | traits))


def _with_earlier(
    waiting: list[Chunk], chunk: Chunk, later: tuple[Chunk, ...], items: list[Item], scene: Scene
) -> Condition | None:
    """A chunk with the modifier chunks right before it: "uncontrolled or symptomatic", "active / previous"."""
    tokens = _with_head(chunk.tokens, later, items, scene)
    read = tokens if not isinstance(tokens, tuple) else _limb(tokens, items, scene)
    if not waiting or read is None:
        return read
    if later and (apart := _with_shared_noun(waiting, chunk, later, scene)):
        return any_of([apart, read])
    if chunk.joined.endswith("or") or any(each.joined.endswith("or") for each in waiting):
        lead = frozenset([token.value.trait for token in waiting[0].tokens if token.kind == "trait"][:-1]) - unsaid_traits()
        readings: list[Condition | None] = [_as_said(read, each.tokens, chunk.tokens, scene) for each in waiting]
        if lead:
            readings = [with_first_has(each, lambda has: replace(has, traits=has.traits | lead)) for each in readings if each]
            read = with_first_has(read, lambda has: replace(has, traits=has.traits | lead))
        return _widest([*readings, read])
    traits = frozenset(token.value.trait for each in waiting for token in each.tokens if token.kind == "trait")
    ever = any(token.is_cue("ever") for each in waiting for token in each.tokens)
    if scene.bars and chunk.joined == "and" and isinstance(read, Has):
        both = replace(read, traits=read.traits | traits, ever=read.ever or ever)
        one = any_of([read, *(_as_said(read, each.tokens, chunk.tokens, scene) for each in waiting)])
        return any_of([both, all_of([one, Unparsed("and")])])
    return with_first_has(read, lambda has: replace(has, traits=has.traits | traits, ever=has.ever or ever))


def _with_shared_noun(waiting: list[Chunk], chunk: Chunk, later: tuple[Chunk, ...], scene: Scene) -> Condition | None:
    """ "Severe, malignant or portal hypertension": the trait is said of the last noun, not of the adjective behind it."""
    noun = _last_noun(_first_name(later[-1].tokens), scene)
    heads = [token for token in chunk.tokens if token.kind == "concept"]
    said_of = any(token.kind == "trait" for each in waiting for token in each.tokens)
    if heads and any(token.kind == "trait" for token in chunk.tokens[: chunk.tokens.index(heads[0])]):
        return None
    if not said_of or not noun or len(heads) != 1 or chunk.joined.endswith("and") or not later[-1].joined.endswith("or"):
        return None
    if len(heads[0].text.split()) > 1 or set(_whole(f"{heads[0].text} {noun}")) != set(heads[0].value.concepts):
        return None
    traits = frozenset(token.value.trait for each in waiting for token in each.tokens if token.kind == "trait")
    said = Unparsed(scene.words(waiting[0].tokens))
    return Has(_whole(noun), traits=traits, words=scene.words(waiting[0].tokens)) if _whole(noun) and traits else said


def _as_said(read: Condition, tokens: Tokens, own: Tokens, scene: Scene) -> Condition:
    """The same thing with another chunk's modifiers for its own: "topical or inhaled corticosteroids"."""
    traits = frozenset(token.value.trait for token in tokens if token.kind == "trait") - unsaid_traits()
    if isinstance(read, Has) and not any(token.kind == "trait" for token in tokens):
        traits = read.traits & _OF_ANY_TIME
    traits |= _behind(own)
    ever = any(token.is_cue("ever") for token in tokens)
    noun = _last_noun(_first_name(own), scene)
    said = " ".join(token.text or scene.text[token.start : token.end] for token in tokens if token.kind == "trait")
    named = _whole(f"{said} {noun}") if noun and said else ()
    if named:
        return with_first_has(read, lambda has: replace(has, concepts=named, traits=frozenset(), ever=ever))
    plain = _whole(noun) if noun and _named_with_trait(own) else ()
    return with_first_has(read, lambda has: replace(has, concepts=plain or has.concepts, traits=traits, ever=ever))


def _behind(own: Tokens) -> frozenset[str]:
    """The traits behind the one name of a chunk, which all that leads it shares: "acute or chronic infection requiring treatment"."""
    named = [at for at, token in enumerate(own) if token.kind == "concept"]
    if len(named) != 1:
        return frozenset()
    return frozenset(token.value.trait for token in own[named[0] + 1 :] if token.kind == "trait") - unsaid_traits()


def _first_name(own: Tokens) -> Tokens:
    """A chunk's tokens to the end of its first concept."""
    end = next((at for at, token in enumerate(own) if token.kind == "concept"), len(own) - 1)
    return own[: end + 1]


def _named_with_trait(own: Tokens) -> bool:
    """Whether a concept's own name begins with a trait, as "inhaled corticosteroids" does."""
    return any(mention.start == 0 for token in own if token.kind == "concept" for mention in find_traits(token.text))


def _whole(name: str) -> tuple[str, ...]:
    """The concepts that the whole of a name names."""
    return next((mention.concepts for mention in concepts.find(name) if mention.start == 0 and mention.end == len(name)), ())


def _widest(readings: list[Condition | None]) -> Condition | None:
    """Any of the readings; of readings of one thing the one without a trait takes the others in."""
    has = [read for read in readings if isinstance(read, Has)]
    plain = [read for read in has if not read.traits]
    if plain and len(has) == len(readings) and len({read.concepts for read in has}) == 1:
        return replace(plain[-1], ever=any(read.ever for read in has))
    if has and len(has) == len(readings) and len({(read.concepts, read.traits) for read in has}) == 1:
        return replace(has[-1], ever=any(read.ever for read in has))
    return any_of(readings)


def _limb(tokens: Tokens, items: list[Item], scene: Scene) -> Condition | None:
    """A limb; a bound without a name takes the names of the value before it."""
    values = [token for token in tokens if token.kind == "measure"]
    if len(values) == 1 and len(values[0].value) == 1 and not values[0].value[0].quantities:
        names = tuple(
            dict.fromkeys(leaf.quantity for item in items[-1:] for leaf in leaves(item.condition) if isinstance(leaf, Between))
        )
        if names:
            read = measured(values[0].value[0], scene, names)
            rest = limb(tuple(token for token in tokens if token is not values[0]), scene)
            return all_of([read, rest])
    return limb(tokens, scene)


def _with_head(tokens: Tokens, later: tuple[Chunk, ...], items: list[Item], scene: Scene) -> Tokens | Condition:
    """A chunk of adjectives with the noun that the list's last item shares: "cardiac, renal or hepatic disease"."""
    words = [token for token in tokens if token.kind in ("word", "soft")]
    if shared := _with_procedure(tokens, later, scene):
        return shared
    if known(tokens) or not words:
        return tokens
    if later and scene.text[words[-1].end : words[-1].end + 1] == "-" and known(later[-1].tokens):
        whole = limb(tuple(token for token in later[-1].tokens if token.kind != "trait"), scene)
        return all_of([whole, Unparsed(words[-1].text)]) or tokens
    if items and len(words) == 1 and (named := _with_last_word(words[0], items[-1], tokens, scene)):
        return named
    if not later or any(token.is_cue("about") for token in tokens):
        return tokens
    if traits := _trait_of(words, later[0]):
        following = _limb(later[0].tokens, items, scene)
        return with_has(following, lambda has: replace(has, traits=traits)) if following is not None else tokens
    noun = _last_noun(later[-1].tokens, scene)
    name = " ".join(token.text for token in words)
    composed = f"{name} {noun}"
    ids = _whole(composed) if noun else ()
    if not noun or not (ids or words[-1].text.lower().endswith(_TAILED) or noun.lower() in shared_nouns()):
        return tokens
    said = frozenset(token.value.trait for token in tokens if token.kind == "trait")
    ever = any(token.is_cue("ever") for token in tokens)
    if ids:
        return Has(ids, traits=said, ever=ever, words=composed)
    return Has((concepts.words_id(composed),), ever=ever, words=composed)


def _with_procedure(tokens: Tokens, later: tuple[Chunk, ...], scene: Scene) -> Condition | None:
    """ "Cataract or refractive surgery", "alcohol or drug abuse": the name with the last one's noun; the first alone is left open."""
    named = [token for token in tokens if token.kind not in ("empty", "cue")]
    if not later or not later[-1].joined.endswith("or") or len(named) != 1 or named[0].kind != "concept":
        return None
    shares = later[0] if later[0].joined == "slash or" else later[-1]
    noun = _episode(shares.tokens) or _last_noun(_first_name(shares.tokens), scene)
    composed = f"{named[0].text} {noun}"
    ids = _whole(composed) if noun.lower() in shared_nouns() else ()
    if not ids and _episode(shares.tokens):
        return all_of([limb(tokens, scene), Unparsed(noun)])
    own, last = named[0].value.concepts, [token for token in shares.tokens if token.kind == "concept"]
    sorts = (sort_of(own), sort_of(last[0].value.concepts)) if last else (None, None)
    if not ids and sorts == ("care", "state") and noun.lower() in shared_nouns():
        return all_of([Has(own, words=named[0].text), Unparsed(noun)])
    if not ids or ids == own or any(concepts.is_a(id, wide) for id in own for wide in ids):
        return None
    ever = any(token.is_cue("ever") for token in tokens)
    alone = Has(named[0].value.concepts, ever=ever, words=named[0].text)
    return any_of([Has(ids, ever=ever, words=composed), all_of([alone, Unparsed(noun)])])


def _episode(tokens: Tokens) -> str:
    """The noun behind a chunk's first name that makes an episode of it: "atopic dermatitis exacerbations"."""
    behind = tokens[len(_first_name(tokens)) :][:1]
    return behind[0].text if behind and behind[0].text.lower() in episode_nouns() else ""


def _renamed(has: Has, ids: tuple[str, ...], words: str) -> Has:
    return replace(has, concepts=ids, words=words)


def _trait_of(words: list[Token], following: Chunk) -> frozenset[str]:
    """An adverb that shares its participle with the next chunk: "histologically or cytologically confirmed"."""
    shared = next((token for token in following.tokens if token.kind not in ("empty",)), None)
    if shared is None or shared.kind != "trait" or not words[-1].text.lower().endswith("ly"):
        return frozenset()
    found = find_traits(f"{words[-1].text} {shared.text.split()[-1]}") if shared.text.split() else ()
    return frozenset(mention.trait for mention in found if mention.start == 0)


def _with_last_word(word: Token, before: Item, tokens: Tokens, scene: Scene) -> Condition | None:
    """A letter or number that stands for the last word of the item before it: "hepatitis B or C", "type 1 or 2"."""
    heads = [token for token in before.tokens if token.kind == "concept"]
    if len(word.text) > 2 or not heads:
        return None
    said = scene.text[heads[-1].start : heads[-1].end].split()
    for place in range(len(said) - 1, -1, -1):
        composed = " ".join([*said[:place], word.text, *said[place + 1 :]])
        found = concepts.find(composed)
        if (
            len(said) > 1
            and len(found) == 1
            and found[0].start == 0
            and found[0].end == len(composed)
            and found[0].concepts != heads[-1].value.concepts
        ):
            return with_has(before.condition, partial(_renamed, ids=found[0].concepts, words=composed))
    return None


def _last_noun(tokens: Tokens, scene: Scene) -> str:
    """The last word of a chunk's noun, where the noun has an adjective of its own."""
    row = [token for token in tokens if token.kind in ("concept", "word", "soft", "empty")]
    said = scene.text[row[0].start : row[-1].end].split() if row else []
    ends = [token for token in row if token.kind == "concept"]
    if ends:
        own = scene.text[ends[-1].start : ends[-1].end].split()
        led = any(token.kind == "word" for token in row[: row.index(ends[-1])])
        said = own if len(own) > 1 or not led else ["", *own]
    return said[-1].strip(".,;") if len(said) > 1 else ""


def _shared_negative(found: tuple[Chunk, ...]) -> tuple[Chunk, ...]:
    """ "Negative A, B and C", "A, B and C negative": a test's answer before the first name or behind the last is that of each."""
    if len(found) < 2:
        return found
    first, last = (_bare_said(found[at].tokens) for at in (0, -1))
    if len(first) > 1 and _says_negative(first[0]) and first[1].kind == "concept" and all(map(_tested, found[1:])):
        return (found[0], *(replace(chunk, tokens=(first[0], *chunk.tokens)) for chunk in found[1:]))
    few = len(found) == 2 and not all(sort_of(token.value.concepts) == "test" for token in first if token.kind == "concept")
    if len(last) > 1 and _says_negative(last[-1]) and last[-2].kind == "concept" and not few and all(map(_tested, found[:-1])):
        return (*(replace(chunk, tokens=(*chunk.tokens, last[-1])) for chunk in found[:-1]), found[-1])
    return found


def _bare_said(tokens: Tokens) -> list[Token]:
    return [token for token in tokens if token.kind not in ("empty", "soft", "stop")]


def _tested(chunk: Chunk) -> bool:
    """Whether an item names tests or infections alone, without an answer of its own."""
    said = [token for token in _bare_said(chunk.tokens) if token.kind != "paren"]
    return bool(said) and all(token.kind == "concept" and _has_test(token.value.concepts) for token in said)


def _has_test(ids: tuple[str, ...]) -> bool:
    return sort_of(ids) == "test" or all(concepts.is_a(id, _INFECTION) or _named_positive(id) for id in ids)


def _named_positive(id: str) -> bool:
    """Whether a concept's own names say that a test is positive ("anti-HCV positive")."""
    return any(name.lower().endswith(" positive") for name in concepts.concept(id).names)


def _says_negative(token: Token) -> bool:
    return token.is_cue("negative") or (token.kind == "trait" and token.value.trait == "negative")


def _shared_ever(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """ "History of A, B or C" counts the past of all, until an item says "current" or has a trait that does."""
    if not items or not _leads_with_ever(items[0].tokens):
        return items
    shared: list[Item] = []
    ended = False
    for item in items:
        ended = ended or (item is not items[0] and any(token.is_cue("now") for token in item.tokens))
        read = item.condition if ended else with_has(item.condition, lambda has: replace(has, ever=True))
        shared.append(replace(item, condition=read))
    return tuple(shared)


def _shared_intolerance(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """ "Aspirin, ibuprofen or naproxen intolerance", "HBV DNA or HCV RNA is undetectable": said of each."""
    said = [token for token in items[-1].tokens if token.kind in ("concept", "trait", "word")] if items else []
    if len(items) < 2 or not said or said[-1].kind != "trait" or said[-1].value.trait not in _SHARED_BEHIND:
        return items
    if any(token.kind not in ("concept", "soft", "empty") for item in items[:-1] for token in item.tokens):
        return items
    trait = said[-1].value.trait
    shared = (with_has(item.condition, lambda has: replace(has, traits=has.traits | {trait})) for item in items)
    return tuple(replace(item, condition=read) for item, read in zip(items, shared, strict=True))


def _named_alike(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """ "Inadequate renal or hepatic function": of things known by their words alone, what leads the first leads each."""
    said = [token for token in items[0].tokens if token.kind != "empty"] if items else []
    if len(items) < 2 or said[0].kind != "trait" or not all(_by_words_alone(item) for item in items):
        return items
    lead = said[0].text
    renamed = (with_has(item.condition, partial(_led_by, lead=lead)) for item in items)
    return tuple(replace(item, condition=read) for item, read in zip(items, renamed, strict=True))


def _by_words_alone(item: Item) -> bool:
    own = [token for token in item.tokens if token.kind == "trait"]
    return isinstance(item.condition, Has) and item.condition.concepts[0].startswith("w:") and len(own) < 2


def _led_by(has: Has, lead: str) -> Has:
    words = has.words if has.words.lower().startswith(lead.lower()) else f"{lead} {has.words}"
    return replace(has, concepts=(concepts.words_id(words),), words=words)


def _at_one_site(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """ "Symptomatic CNS malignancy or metastasis": a bare "metastasis" has the site and the traits of the tumour before it."""
    shared = list(items)
    for place in range(1, len(shared)):
        before, item = shared[place - 1], shared[place]
        said = [token for token in item.tokens if token.kind != "empty"]
        heads = [token for token in before.tokens if token.kind == "concept"]
        first = before.condition
        if (
            len(said) != 1
            or not heads
            or not isinstance(first, Has)
            or not first.traits
            or item.condition != Has(("metastasis",), words=said[0].text)
        ):
            continue
        words = _IN_BRACKETS.sub(" ", heads[-1].text).split()
        ids = _whole(" ".join([*words[:-1], "metastasis"])) if len(words) > 1 else ()
        if ids and item.joined in ("or", "slash or", "and"):
            shared[place] = replace(item, condition=replace(first, concepts=ids, words=f"{first.words} {said[0].text}"))
    return tuple(shared)


_IN_BRACKETS = re.compile(r"\([^()]*\)")


def _shared_trait(items: tuple[Item, ...], scene: Scene) -> tuple[Item, ...]:
    """ "Severe hepatic, renal or cardiac disease": the trait of the first adjective reaches to the noun that they share."""
    first = items[0].condition if items else None
    if isinstance(first, AnyOf) and len(items) > 1 and _adjective(items[0], items[-1], scene):
        return tuple(replace(item, condition=_in_either_degree(item, first)) for item in items)
    if not isinstance(first, Has) or not first.traits or len(items) < 2 or not _adjective(items[0], items[-1], scene):
        return items
    last = items[-1].condition
    behind = _behind(items[-1].tokens) & (last.traits if isinstance(last, Has) else frozenset())
    shared = [replace(items[0], condition=replace(first, traits=first.traits | behind))]
    runs = True
    for item in items[1:]:
        read = item.condition
        own = any(token.kind == "trait" for token in _first_name(item.tokens))
        if runs and isinstance(read, Has) and not own:
            item = replace(item, condition=replace(read, traits=first.traits | behind))
        runs = runs and not own and _adjective(item, items[-1], scene)
        shared.append(item)
    return tuple(shared)


def _in_either_degree(item: Item, first: AnyOf) -> Condition:
    """ "Moderate to severe visual or hearing impairment": an item without a trait of its own in either degree of the first."""
    read = item.condition
    degrees = [part.traits for part in first.parts if isinstance(part, Has) and part.traits]
    if not isinstance(read, Has) or read.traits or len(degrees) < len(first.parts):
        return read
    return any_of(replace(read, traits=traits) for traits in degrees) or read


def _shared_by_stroke(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """ "Resolved childhood asthma/atopy": what leads the first name leads the one behind the stroke, which has no words of its own."""
    shared = list(items)
    for place in range(1, len(shared)):
        before, item = shared[place - 1].condition, shared[place].condition
        bare = all(token.kind in ("concept", "empty", "soft") for token in shared[place].tokens)
        if shared[place].joined == "slash or" and bare and isinstance(item, Has) and not item.traits:
            first = next((leaf for leaf in leaves(before) if isinstance(leaf, Has)), None)
            if first is not None and first.traits and _leads(shared[place - 1]):
                shared[place] = replace(shared[place], condition=replace(item, traits=first.traits))
    return tuple(shared)


def _leads(item: Item) -> bool:
    """Whether an item's traits stand before its name."""
    kinds = [token.kind for token in item.tokens if token.kind in ("trait", "concept")]
    return "trait" not in kinds[kinds.index("concept") :] if "concept" in kinds else False


def _adjective(item: Item, last: Item, scene: Scene) -> bool:
    """Whether an item has no noun of its own, but shares the last one's: "kidney" in "kidney or liver disease"."""
    heads = [token for token in item.tokens if token.kind == "concept"]
    if not heads:
        return not known(item.tokens)
    noun = _last_noun(last.tokens, scene)
    first = next((token.text.split() for token in last.tokens if token.kind == "concept"), [""])
    if len(heads) == 1 and heads[0].text.lower().split()[0] == first[0].lower() == "type":
        return True
    return (
        len(heads) == 1
        and noun.lower() in shared_nouns()
        and set(_whole(f"{heads[0].text} {noun}")) == set(heads[0].value.concepts)
    )


def _leads_with_ever(tokens: Tokens) -> bool:
    for token in tokens:
        if token.is_cue("ever"):
            return True
        if token.kind in ("concept", "measure", "grading", "word"):
            return False
    return False


def _shared_window(items: tuple[Item, ...], tokens: Tokens) -> tuple[Item, ...]:
    """A window at the end of a list covers the items before it that have none; one inside, those joined to it by "or" alone."""
    if len(items) < 2:
        return items
    shared = list(items)
    for place in range(len(items) - 1, 0, -1):
        window = _last_window(shared[place].condition)
        if window is None or not window.before or not any(token.kind == "window" for token in items[place].tokens):
            continue
        closes = place == len(items) - 1 or items[place].joined.endswith(("or", "and"))
        ends = closes and _ends_with_window(items[place].tokens)
        for earlier in range(place - 1, -1, -1):
            direct = all(not items[at].joined.startswith("comma") for at in range(earlier + 1, place + 1))
            if not (ends or direct) or any(token.is_cue("now") for token in items[earlier].tokens):
                break
            if any(token.kind == "window" for token in items[earlier].tokens) or _past_alone(items[place], items[earlier]):
                break
            shared[earlier] = replace(shared[earlier], condition=_timed(shared[earlier].condition, window))
    if _windows(items[0].tokens) and items[0].tokens and _first_is_window(items[0].tokens):
        first = _last_window(shared[0].condition)
        shared = [replace(item, condition=_timed(item.condition, first)) if first else item for item in shared]
        if isinstance(items[0].condition, Not):
            shared = [shared[0], *(_as_well(item) for item in shared[1:])]
    return tuple(shared)


def _as_well(item: Item) -> Item:
    """ "At least 7 days since A or B": none of them was given in that time."""
    return replace(item, condition=item.condition if isinstance(item.condition, Not) else Not(item.condition), joined="and")


def _past_alone(item: Item, earlier: Item) -> bool:
    """Whether an item speaks of the past and the one before it does not: "active X or history of X within …"."""
    return _leads_with_ever(item.tokens) and not _leads_with_ever(earlier.tokens)


def _timed(condition: Condition, window: Window) -> Condition:
    return with_window(condition, window)


def _first_is_window(tokens: Tokens) -> bool:
    said = [token for token in tokens if token.kind not in ("empty", "trait") and not token.is_cue("ever", "now", "with")]
    return bool(said) and said[0].kind == "window"


def _windows(tokens: Tokens) -> bool:
    return any(token.kind == "window" for token in tokens)


def _ends_with_window(tokens: Tokens) -> bool:
    said = [token for token in tokens if token.kind not in ("empty", "stop", "paren")]
    return bool(said) and said[-1].kind == "window"


def _last_window(condition: Condition) -> Window | None:
    windows = [leaf.window for leaf in leaves(condition) if isinstance(leaf, Has | Between) and leaf.window]
    return windows[-1] if windows else None


def _joined(items: tuple[Item, ...], scene: Scene) -> Condition | None:
    if not items:
        return None
    if _of_an_age(items):
        return all_of(item.condition for item in items)
    joints = [item.joined for item in items[1:]]
    conditions = [item.condition for item in items]
    if _both_sexes(conditions):
        return any_of(conditions)
    if not scene.bars and len(conditions) > 2 and _both_sexes([conditions[0], conditions[-1]]) and items[1].joined == "or":
        return any_of([conditions[0], all_of(conditions[1:])])
    if scene.bars:
        return _barred(items)
    said_or = any(joint.endswith("or") for joint in joints)
    said_and = any(joint.endswith("and") for joint in joints)
    if closing := _closing_value(items):
        return all_of([_joined(items[:-1], scene), closing])
    if said_or and said_and:
        groups: list[list[Condition]] = [[]]
        for item in items:
            if item.joined.endswith("or"):
                groups.append([])
            groups[-1].append(item.condition)
        wide, narrow = any_of(all_of(group) for group in groups), _and_last(items)
        if {"comma or"} == {joint for joint in joints if joint.endswith("or")} and "comma and" not in joints:
            return wide
        if {"comma and"} == {joint for joint in joints if joint.endswith("and")} and "comma or" not in joints:
            return narrow
        if all(joint.endswith("close and") for joint in joints if joint.endswith("and")):
            return wide
        return _either_way(wide, narrow, scene.words(items[0].tokens))
    return _merged(conditions) if said_or else all_of(conditions)


def _barred(items: tuple[Item, ...]) -> Condition | None:
    """Any of what is listed, but that a value behind "and" belongs to the findings before it: "A or B positive and DNA > 9"."""
    conditions = [item.condition for item in items]
    if _one_test(items):
        return all_of(conditions)
    either = all(item.joined in ("or", "slash or") and isinstance(item.condition, Has) for item in items[1:-1])
    valued = len(items) > 2 and items[-1].joined == "and" and isinstance(conditions[-1], Between)
    if valued and either and _says_positive(items[-2].tokens):
        return all_of([any_of(conditions[:-1]), conditions[-1]])
    return any_of(conditions)


def _says_positive(tokens: Tokens) -> bool:
    """Whether a test's answer ends an item: "anti-HBc positive"."""
    said = _bare_said(tokens)
    return bool(said) and (said[-1].is_cue("positive") or said[-1].text.lower().endswith("positive"))


def _closing_value(items: tuple[Item, ...]) -> Condition | None:
    """A value or class behind the comma that ends a list of alternatives holds beside them: "asthma or COPD, stage II"."""
    if len(items) < 3 or items[-1].joined != "comma" or not any(item.joined.endswith("or") for item in items[1:-1]):
        return None
    valued = [all(isinstance(leaf, OneOf | Between) for leaf in leaves(item.condition)) for item in items]
    return items[-1].condition if valued[-1] and not any(valued[:-1]) else None


def _and_last(items: tuple[Item, ...]) -> Condition | None:
    """The items with "or" bound closer than "and": "(A or B) and C"."""
    groups: list[list[Condition]] = [[]]
    for item in items:
        if not item.joined.endswith("or"):
            groups.append([])
        groups[-1].append(item.condition)
    return all_of(any_of(group) for group in groups)


def _either_way(wide: Condition | None, narrow: Condition | None, words: str) -> Condition | None:
    """ "A or B and C" can be read in two ways: it holds where both do, and fails where neither does."""
    return wide if narrow is None or wide == narrow else all_of([wide, any_of([narrow, Unparsed(words)])])


def _of_an_age(items: tuple[Item, ...]) -> bool:
    """ "Age ≥ 50 and postmenopausal": an age and what must hold beside it, also in a list of what is barred."""
    if len(items) != 2 or items[1].joined != "and":
        return False
    aged = [isinstance(item.condition, Demographic) and item.condition.age is not None for item in items]
    return aged == [True, False]


def _both_sexes(conditions: list[Condition]) -> bool:
    """ "Men and non-pregnant women": nobody is both."""
    sexes = [{leaf.sex for leaf in leaves(each) if isinstance(leaf, Demographic) and leaf.sex} for each in conditions]
    return len(sexes) == 2 and all(len(each) == 1 for each in sexes) and sexes[0] != sexes[1]


def _one_test(items: tuple[Item, ...]) -> bool:
    """ "HBsAg positive and HBV DNA ≥ 1000": a finding and its value stand together even in a list of what is barred."""
    if len(items) != 2 or items[1].joined not in ("and", "close and"):
        return False
    first, second = items[0].condition, items[1].condition
    together = items[1].joined == "close and" and _treats(items[0]) and _treats(items[1])
    return together or (isinstance(first, Has) and isinstance(second, Between)) or isinstance(second, Not)


def _merged(conditions: list[Condition]) -> Condition | None:
    """Any of the conditions; classes of one scale as one."""
    merged: list[Condition] = []
    for condition in conditions:
        last = merged[-1] if merged else None
        if isinstance(condition, OneOf) and isinstance(last, OneOf) and last.scale == condition.scale:
            words = f"{last.words} or {condition.words}"
            merged[-1] = OneOf(last.scale, last.values | condition.values, condition.edition or last.edition, words)
        else:
            merged.append(condition)
    return any_of(merged)


def unread(tokens: Tokens, scene: Scene) -> Condition:
    """Tokens left as words."""
    return Unparsed(scene.words(tokens))
