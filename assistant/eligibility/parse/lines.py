"""A line to a condition: its sentences, groups, exceptions, negations and judgements, down to its lists."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from assistant.eligibility.conditions import (
    Advised,
    AnyOf,
    Between,
    Condition,
    Demographic,
    Either,
    Has,
    Judged,
    Not,
    Only,
    PerProtocol,
    Unless,
    Unparsed,
)
from assistant.eligibility.parse.brackets import allowance, allowed, excepted, exemplified, for_group, said_of, sort_of
from assistant.eligibility.parse.limbs import bounded, takes_object, window_of
from assistant.eligibility.parse.lists import coordination, unread
from assistant.eligibility.parse.scene import Scene, known, solid, trimmed
from assistant.eligibility.parse.shapes import (
    all_of,
    any_of,
    decided_by_facts,
    leaves,
    mapped,
    understood,
    with_has,
    with_window,
)
from assistant.eligibility.parse.tables import own_will, whole_will
from assistant.eligibility.parse.tokens import Token, Tokens
from assistant.eligibility.ranges import Range
from assistant.eligibility.times.dates import windows as windows_in
from assistant.eligibility.vocabulary import concepts

_LET_IN = ("allowed", "onlyif")


def line(tokens: Tokens, scene: Scene) -> Condition | None:
    """The condition of a whole line: its sentences together; of one part of the trial where it says so."""
    part = _PART_ONLY.search(scene.text, tokens[0].start, tokens[-1].end) if tokens else None
    if part is not None and not scene.too_deep:
        rest = tuple(token for token in tokens if token.end <= part.start() or token.start >= part.end())
        rule = line(rest, scene.deeper()) if len(rest) < len(tokens) and known(rest) else None
        if rule is not None:
            return Only(Unparsed(" ".join(part[0].split()).strip(" ():")), rule)
    read: Condition | None = None
    for sentence in map(_without_reason, _sentences(_without_whatever(tokens))):
        read = _added(read, sentence, scene)
    return read


_PART = (
    r"(?:(?:dose[\s-]+)?(?:escalation|expansion)\s+)?(?:cohorts?|arms?|parts?|phases?|sub-?stud(?:y|ies))\s+"
    r"[A-Z0-9][\w.]{0,3}(?:\s*(?:,|and|or|&|/)\s*[A-Z0-9][\w.]{0,3}\b){0,5}"
)
_PART_ONLY = re.compile(
    rf"\(\s*(?:for\s+|in\s+)?{_PART}(?:\s+(?:patients|participants|subjects))?(?:\s+only)?\s*\)|"
    rf"\b(?:for\s+|in\s+)?{_PART}(?:\s+(?:patients|participants|subjects))?\s+only\b\s*:?|"
    rf"\b(?:only\s+)?(?:for|in)\s+{_PART}(?:\s+only)?\s*[:,]",
    re.IGNORECASE,
)
"""What names a part of the trial that alone a line binds: "(Cohort A only)", "For Part 2:"."""


def _sentences(tokens: Tokens) -> list[Tokens]:
    """The line cut at full stops and semicolons, but that a list which is let in as a whole stays whole."""
    tokens = _let_in_whole(tokens)
    found: list[Tokens] = []
    start = 0
    for place, token in enumerate(tokens):
        if token.kind == "stop" or (token.kind == "separator" and token.value == "semicolon") or token.is_cue("note"):
            found.append(tokens[start:place])
            start = place + 1
    found.append(tokens[start:])
    return [each for each in found if _speaks(each) or _find(each, "protocol") is not None]


def _let_in_whole(tokens: Tokens) -> Tokens:
    """The tokens with commas for the semicolons of a later sentence that ends by letting in: "Patients with A; B; or C may enroll"."""
    ends = [at for at, token in enumerate(tokens) if token.kind == "stop"]
    listed: set[int] = set()
    for start, end in pairwise([*ends, len(tokens)]):
        said = [token for token in tokens[start:end] if token.kind not in ("empty", "soft", "stop")]
        inner = [at for at in range(start, end) if tokens[at].kind == "separator" and tokens[at].value == "semicolon"]
        cues = [token for token in said if token.is_cue(*_LET_IN, "barred", "must")]
        if inner and len(cues) == 1 and cues[0].value == "allowed" and said[-1] is cues[0]:
            listed.update(inner)
    return (
        tuple(replace(token, value="comma") if at in listed else token for at, token in enumerate(tokens)) if listed else tokens
    )


def _without_whatever(tokens: Tokens) -> Tokens:
    """The tokens without what changes nothing ("with or without B"), up to the next comma, window or cue."""
    kept: list[Token] = []
    skips = False
    for token in tokens:
        if token.is_cue("whatever"):
            skips = True
        elif skips and not _abbreviates(token) and (token.kind in _ENDS_ASIDE or _ends_aside(token)):
            skips = False
        if not skips:
            kept.append(token)
    return tuple(kept)


_ENDS_ASIDE = ("separator", "stop", "window", "measure", "paren")


def _abbreviates(token: Token) -> bool:
    """Whether a bracket is only a short name: "regardless of bone mineral density (BMD) category"."""
    return token.kind == "paren" and len(token.inside) == 1 and token.end - token.start <= _SHORT_NAME


_SHORT_NAME = 8
"""Characters of a short name in its brackets."""


def _ends_aside(token: Token) -> bool:
    return token.kind == "cue" and token.value not in ("or", "ever", "now", "other")


def _without_reason(tokens: Tokens) -> Tokens:
    """A sentence without the reason that it gives ("… because of the risk to the child")."""
    place = _find(tokens, "because")
    if place is None:
        return tokens
    if solid(tokens[:place]):
        return tokens[:place]
    comma = next(
        (at for at in range(place, len(tokens)) if tokens[at].kind == "separator" and tokens[at].value == "comma"), None
    )
    return tokens if comma is None or not solid(tokens[comma + 1 :]) else tokens[comma + 1 :]


def _added(before: Condition | None, sentence: Tokens, scene: Scene) -> Condition | None:
    """A sentence after the others: one more rule, or an allowance within the rule before it."""
    if before is not None and not isinstance(before, Advised) and allowance(sentence, scene):
        return allowed(before, sentence, scene)
    if before is not None and (exceptions := _exceptions(sentence, scene)) is not None:
        return excepted(before, said_of(exceptions, before, sentence), False, scene)
    if before is not None and _explains(sentence, scene):
        return Unless(before, Unparsed(scene.words(sentence)))
    read = _barring_sentence(sentence, scene) if scene.bars else statement(sentence, scene)
    if read is None or before is None:
        return before if read is None else read
    if isinstance(before, Advised) and scene.bars:
        return read
    if isinstance(read, Advised):
        return before if scene.bars else all_of([before, read])
    if scene.bars:
        return any_of([before, read])
    if either := for_group(before, read):
        return either
    if _opens_with(sentence, "or"):
        return any_of([before, read])
    return all_of([before, read])


_NOT_CONSIDERED = re.compile(
    r"\b(?:is|are|will)\s+not\s+(?:be\s+)?considered\s+(?!eligib|acceptab|suitab|exclu)", re.IGNORECASE
)


def _explains(sentence: Tokens, scene: Scene) -> bool:
    """Whether a sentence takes a thing out of the rule before it: "Thyroxine is not considered systemic treatment"."""
    return scene.bars and _NOT_CONSIDERED.search(scene.text, sentence[0].start, sentence[-1].end) is not None


def _exceptions(sentence: Tokens, scene: Scene) -> Condition | None:
    """What a sentence of its own takes out of the rule before it: "Exceptions include A and B"."""
    said = [at for at, token in enumerate(sentence) if token.kind not in ("empty", "soft")]
    if not said or not sentence[said[0]].is_cue("except") or not sentence[said[0]].text.startswith("exception"):
        return None
    rest = sentence[said[0] + 1 :]
    opens = next((at for at, token in enumerate(rest) if token.kind != "empty"), None)
    if opens is not None and (rest[opens].is_cue("example") or rest[opens].kind == "separator"):
        rest = rest[opens + 1 :]
    return statement(rest, replace(scene.deeper(), bars=True)) if known(rest) else None


def _barring_sentence(sentence: Tokens, scene: Scene) -> Condition | None:
    """A sentence of a list of what is barred. One that says what is required ("patients must have …") bars who does not meet it."""
    sentence = tuple(replace(token, kind="empty") if _must_not(token) else token for token in sentence)
    place = _find(sentence, "must")
    asks = replace(scene.deeper(), bars=False)
    if (
        place is None
        or _find(sentence, "advised", "procedure", "barred", "investigator", "protocol", "except", "unless", "if", *_LET_IN)
        is not None
    ):
        return statement(sentence, scene)
    group, rule = sentence[:place], statement(sentence[place + 1 :], asks)
    if rule is None or not solid(sentence[place + 1 :]):
        return statement(sentence, scene)
    if not _wholly_known(rule):
        rule = Unparsed(scene.words(sentence[place + 1 :]))
    unmet = rule.part if isinstance(rule, Not) else Not(rule)
    if not solid(tuple(token for token in group if token.kind != "soft")):
        return unmet
    named = statement(group, scene.deeper())
    if named is not None and any(isinstance(leaf, Demographic) for leaf in leaves(named)):
        return Only(named, unmet)
    return all_of([named, unmet])


def _must_not(token: Token) -> bool:
    return token.is_cue("not") and token.text.startswith(
        ("must not", "should not", "may not", "must never", "cannot", "can not")
    )


def _opens_with(tokens: Tokens, role: str) -> bool:
    said = [token for token in tokens if token.kind != "empty"]
    return bool(said) and (said[0].is_cue(role) or (said[0].kind == "separator" and said[0].value == role))


def _without(tokens: Tokens, *roles: str) -> Tokens:
    return tuple(token for token in tokens if not token.is_cue(*roles))


def statement(tokens: Tokens, scene: Scene) -> Condition | None:
    """The condition of one sentence or part of one. None where nothing is said."""
    tokens = trimmed(tokens)
    if not solid(tokens):
        return _bare(tokens, scene)
    if scene.too_deep:
        return unread(tokens, scene)
    for read in (
        _own_or_family,
        _or_meets,
        _aged,
        _labelled,
        _picked,
        _advised,
        _protocol,
        _investigator,
        _of_whom,
        _grouped,
        _obliged,
        _barred,
        _let_in,
        _excepted,
        _conditional,
        _own_will,
        _and_has,
        _denied,
        _breaks,
        _with_clause,
    ):
        found = read(tokens, scene)
        if found is not None:
            return found
    return _with_examples(tokens, scene)


_MEETS = re.compile(r"(?:OR|or)\s+(?:meets?|meeting|ful[fl]ils?|fulfills?|satisf(?:y|ies))\b")


def _or_meets(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "A diagnosis by a doctor OR meets the criteria (B and C)": what stands behind the verb is an alternative of its own."""
    for at, token in enumerate(tokens):
        if token.is_cue("or") and _MEETS.match(scene.text, token.start) and known(tokens[:at]) and solid(tokens[at + 1 :]):
            return any_of([statement(tokens[:at], scene.deeper()), statement(tokens[at + 1 :], scene.deeper())])
    return None


def _aged(tokens: Tokens, scene: Scene) -> Condition | None:
    """An age beside other things that are asked for: both hold, whatever joins the rest."""
    ages = [token for token in tokens if token.kind == "age"]
    rest = tuple(token for token in tokens if token.kind != "age")
    if _leads_for(tokens, scene) is not None:
        return None
    simple = all(
        token.is_cue("or", "and", "with", "ever", "now", "non", "will", "unwilling") for token in rest if token.kind == "cue"
    )
    if (
        scene.bars
        or len(ages) != 1
        or not simple
        or any(token.kind == "separator" and token.value == "colon" for token in rest)
        or (_find(rest, "will", "unwilling") is not None and not _in_numbers(ages[0], scene))
    ):
        return None
    others = statement(rest, scene.deeper()) if _speaks(rest) else None
    return None if others is None else all_of([statement((ages[0],), scene.deeper()), others])


def _in_numbers(age: Token, scene: Scene) -> bool:
    return any(map(str.isdigit, scene.text[age.start : age.end]))


def _with_clause(tokens: Tokens, scene: Scene) -> Condition | None:
    """A list and, behind a comma, what must hold as well: "melanoma or sarcoma, with measurable disease"."""
    for at in range(1, len(tokens) - 1):
        if tokens[at].is_cue("with") and tokens[at - 1].kind == "separator" and tokens[at - 1].value == "comma":
            left, right = tokens[: at - 1], tokens[at + 1 :]
            if known(left) and solid(right):
                return all_of([statement(left, scene.deeper()), statement(right, scene.deeper())])
    return None


def _bare(tokens: Tokens, scene: Scene) -> Condition | None:
    """A part in which nothing is named but a deferral: "per protocol", "as judged by the investigator", "willing"."""
    if _find(tokens, "will", "unwilling") is not None:
        return _own_will(tokens, scene)
    if _find(tokens, "protocol") is not None:
        return PerProtocol(scene.words(tokens))
    if _find(tokens, "investigator") is not None:
        return Judged("investigator", scene.words(tokens))
    return None


def _find(tokens: Tokens, *roles: str, start: int = 0) -> int | None:
    return next((at for at in range(start, len(tokens)) if tokens[at].is_cue(*roles)), None)


def _labelled(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Label: rule": the label is a heading, whose "no", "history of" and groups hold for the rule."""
    place = next((at for at, token in enumerate(tokens) if token.kind == "separator" and token.value == "colon"), None)
    if place is None:
        return None
    label, rest = tokens[:place], tokens[place + 1 :]
    if not solid(rest):
        return statement(label, scene.deeper())
    if not solid(label) and not any(token.kind in ("window", "cue") for token in label):
        return statement(rest, scene.deeper())
    if (some := _including(label, rest, scene)) is not None:
        return some
    if takes_object(label) or (any(token.kind == "measure" for token in label) and known(label)):
        return statement(label + rest, scene.deeper())
    return under(label, rest, scene)


def _including(label: Tokens, rest: Tokens, scene: Scene) -> Condition | None:
    """ "Solid tumours including: A, B, C" of what is asked for: each of those suffices; whether others do is left open."""
    said = [token for token in label if token.kind != "empty"]
    if scene.bars or not said[:-1] or not said[-1].is_cue("example") or not known(label) or _structured(rest):
        return None
    kind, listed = statement(tuple(said[:-1]), scene.deeper()), coordination(rest, replace(scene.deeper(), bars=True))
    return all_of([kind, any_of([listed, Unparsed(said[-1].text)])])


def under(label: Tokens, rest: Tokens, scene: Scene) -> Condition | None:
    """A rule under a heading or a parent line: its negation, "history of", window and group reach the rule."""
    read: Condition | None
    negated = _find(label, "not", "barred") is not None and not scene.bars
    inner = replace(scene.deeper(), bars=True) if negated else scene.deeper()
    if _find(label, "moreof") is not None:
        some = coordination(rest, replace(inner, bars=True)) if not _structured(rest) else statement(rest, inner)
        read = all_of([some, Unparsed(scene.words(label))])
    elif _find(label, "oneof") is not None and not scene.bars and not negated:
        read = coordination(rest, replace(inner, bars=True)) if not _structured(rest) else statement(rest, inner)
    else:
        read = line(rest, inner)
    if read is None:
        return None
    read = shared(label, read, scene)
    about = next((token.text for token in label if token.is_cue("about")), None)
    if about is not None:
        read = with_has(
            read, lambda has: replace(has, concepts=(concepts.words_id(f"{about} {has.words}"),), traits=frozenset())
        )
    if negated:
        read = Not(read)
    if group := _group_of(label, scene):
        return Only(group, read)
    return read


def _picked(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "One or more risk factors, such as A, B, C" without a colon: any of the list, beside what stands before it."""
    place = _find(tokens, "oneof", "moreof")
    if place is None or _structured(tokens[:place]) or _structured(tokens[place + 1 :]) or not known(tokens[place + 1 :]):
        return None
    listed = coordination(tokens[place + 1 :], replace(scene.deeper(), bars=True))
    if tokens[place].value == "moreof":
        listed = all_of([listed, Unparsed(scene.words((tokens[place],)))])
    before = statement(tokens[:place], scene.deeper()) if solid(tokens[:place]) else None
    return all_of([before, listed])


def _structured(tokens: Tokens) -> bool:
    return any(
        token.kind == "cue" and token.value not in ("or", "and", "ever", "now", "other", "with", "link", "positive")
        for token in tokens
    )


def shared(label: Tokens, read: Condition, scene: Scene) -> Condition:
    """What a heading says of everything under it: a window, "history of", "other"."""
    windows = [token for token in label if token.kind == "window" and bounded(token)]
    if windows:
        read = with_window(read, window_of(windows[-1], scene))
    if _find(label, "ever") is not None and _find(label, "now") is None:
        read = with_has(read, lambda has: replace(has, ever=True))
    return read


def _group_of(label: Tokens, scene: Scene) -> Condition | None:
    """The group that a heading names: "Women:", "For patients with liver metastases:"."""
    said = [token for token in label if token.kind not in ("empty", "separator")]
    if said and said[0].kind in ("group", "sex", "age") and len(said) == 1:
        return statement(tuple(said), scene.deeper())
    if said and said[0].is_cue("if") and solid(tuple(said[1:])):
        return statement(tuple(label)[list(label).index(said[0]) + 1 :], replace(scene.deeper(), bars=True))
    if said and _FOR.search(scene.text, max(0, said[0].start - _FAR), said[0].start) and _names_people(label):
        return statement(label, replace(scene.deeper(), bars=True))
    return None


def _advised(tokens: Tokens, scene: Scene) -> Condition | None:
    """What is only recommended. Where more is said behind it, in a list of what is barred, nobody passes for the advice alone."""
    looked_for = _find(tokens, "procedure")
    if looked_for is not None:
        end = next((at for at in range(looked_for) if tokens[at].kind == "separator"), 0)
        if known(tokens[:end]) or any(token.is_cue("investigator") for token in tokens[:looked_for]):
            kept = tokens[:end] if known(tokens[:end]) else tokens[:looked_for]
            return all_of([statement(kept, scene.deeper()), Unparsed(scene.words(tokens[len(kept) :]))])
        return Advised(scene.words(tokens))
    place = _find(tokens, "advised")
    if place is None:
        return None
    if tokens[place].text.startswith("may "):
        return _free_to(tokens, place, scene)
    if not solid(tokens[place + 1 :]) or (not scene.bars and tokens[place].text.startswith(_FREES)):
        return Advised(scene.words(tokens))
    rest = statement(tokens[:place] + tokens[place + 1 :], scene.deeper())
    return all_of([rest, Unparsed(tokens[place].text)])


def _free_to(tokens: Tokens, place: int, scene: Scene) -> Condition:
    """ "May have received X": asks nothing, but for a limit on X or on whom it frees, which is left as words."""
    limited = any(
        token.kind in ("count", "window", "measure", "grade", "grading", "age", "paren")
        or token.is_cue("not", "if", "only", "onlyif", "except", "unless", "must", "but")
        or token.text.isdigit()
        for token in tokens[place + 1 :]
    ) or any(token.kind in ("window", "measure", "grading", "count") for token in tokens[:place])
    return Unparsed(scene.words(tokens)) if limited or scene.bars else Advised(scene.words(tokens))


_FREES = ("not ", "is not", "are not", "optional", "is optional", "recommended but")


def _protocol(tokens: Tokens, scene: Scene) -> Condition | None:
    place = _find(tokens, "protocol")
    if place is None or _is_will(tokens[:place]):
        return None
    rest = _inner(tokens[:place]) + _inner(tokens[place + 1 :])
    facts = statement(rest, scene.deeper()) if known(rest) else None
    return PerProtocol(scene.words(tokens), facts)


def _is_will(tokens: Tokens) -> bool:
    """Whether words before "per protocol" speak of keeping to it: "complies with the schedule as per protocol"."""
    named = [id for token in tokens if token.kind == "concept" for id in token.value.concepts]
    return _find(tokens, "will", "unwilling") is not None or any(own_will().get(id) for id in named)


def _inner(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if not token.is_cue("protocol", "investigator"))


def _investigator(tokens: Tokens, scene: Scene) -> Condition | None:
    """What the investigator judges; of a list only the item that says so, where it begins with "any" or "other"."""
    place = _find(tokens, "investigator")
    if place is None:
        return None
    split = _own_item(tokens, place)
    if split is not None:
        before = statement(tokens[:split], scene.deeper())
        own = statement(tokens[split + 1 :], scene.deeper())
        return any_of([before, own]) if scene.bars else all_of([before, own])
    rest = _inner(tokens)
    facts = statement(rest, scene.deeper()) if known(rest) else None
    return Judged("investigator", scene.words(tokens), facts if facts is not None and decided_by_facts(facts) else None)


def _own_item(tokens: Tokens, place: int) -> int | None:
    """Where ", or any other condition that …" begins before the cue."""
    for at in range(place - 1, 0, -1):
        token = tokens[at]
        if token.is_cue("or", "and") or (token.kind == "separator" and token.value in ("comma", "or")):
            after = [each for each in tokens[at + 1 : place] if each.text][:3]
            anew = any(each.text.lower() in ("any", "other", "any other", "another") for each in after)
            measured = _measured(tokens[:at]) and any(each.is_cue("ever", "now") for each in after[:2])
            if (anew or measured) and known(tokens[:at]):
                return at
    return None


def _grouped(tokens: Tokens, scene: Scene) -> Condition | None:
    """A line on a group: "women of childbearing potential must …", "if female, …", "men with partners …"."""
    place = next((at for at, token in enumerate(tokens) if token.kind in ("group", "sex")), None)
    if place is None:
        return _led_by_if(tokens, scene)
    people = [token for token in tokens if token.kind in ("group", "sex", "everybody")]
    if (
        scene.bars
        and len(people) > 1
        and all(token.kind == "sex" and token.value.sex == people[0].value.sex for token in people)
    ):
        rule = statement(tuple(token for token in tokens if token.kind != "sex"), scene.deeper())
        group = statement((people[0],), scene.deeper())
        return Only(group, rule) if rule is not None and group is not None else None
    own = tokens[place]
    before, after = tokens[:place], tokens[place + 1 :]
    more = _further_groups(after)
    if more and not solid(before) and _find(after[more:][:4], "must", "will") is not None:
        groups = any_of(
            statement((token,), scene.deeper()) for token in tokens[place : place + 1 + more] if token.kind in ("group", "sex")
        )
        rule = statement(after[more:], scene.deeper())
        return Only(groups, rule) if groups is not None and rule is not None else None
    if solid(before) or any(token.is_cue("except", "unless", "not") for token in before):
        return _trailing_group(tokens, place, scene)
    opened = _find(before, "if") is not None
    binds = (
        own.kind == "group"
        or opened
        or scene.bars
        or _find(after[:4], "must", "will", "barred") is not None
        or (_opens_with_comma(after) and _find(after, "must", "will", "if") is not None)
    )
    group = statement((own,), scene.deeper()) if len(tokens) > 1 else None
    if group is None or not binds or not _speaks(after):
        return None
    if not scene.bars and _opens_with(after, "or") and _find(after, "must", "will") is None:
        return None
    said = [token for token in after if token.kind != "empty"]
    if own.kind == "sex" and said and said[0].kind == "group" and said[0].value.sex == own.value.sex:
        return _grouped(after, scene)
    if own.kind == "sex" and any(token.kind in ("sex", "everybody", "group") for token in after):
        return None
    rule = statement(after, scene.deeper())
    return None if rule is None else Only(group, rule)


def _opens_with_comma(tokens: Tokens) -> bool:
    said = next((token for token in tokens if token.kind != "empty"), None)
    return said is not None and said.kind == "separator" and said.value == "comma"


def _of_whom(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Girls who have reached menarche must have B", "patients taking A must …": B is asked of those alone.

    What is said of a relative is left as words.
    """
    place = next((at for at, token in enumerate(tokens) if token.is_cue("must") or _must_do(token)), None)
    if scene.bars or place is None:
        return None
    asked = tokens[place + (0 if _must_do(tokens[place]) else 1) :]
    who = next((at for at, token in enumerate(tokens[:place]) if token.text.lower().split(" ")[0] in _WHO), place)
    if _TAKERS.search(scene.text, max(0, tokens[0].start - 40), tokens[0].start):
        who = 0
    subject, clause = tokens[:who], tokens[who:place]
    people = tuple(token for token in subject if token.kind in ("sex", "group", "age"))
    if any(token.kind not in ("sex", "group", "age", "word", "empty") for token in subject) or len(people) > 1:
        return None
    if not _speaks(asked) and not any(token.kind == "window" for token in asked):
        return None
    if any(token.kind == "age" and not _small(token, asked, scene) for token in people):
        return None
    if _find(clause, "will", "unwilling", "investigator", "protocol", "must") is not None:
        return None
    if not solid(clause):
        young = statement(people, scene.deeper()) if people and people[0].kind == "age" else None
        rule = statement(asked, scene.deeper())
        return None if young is None or rule is None else Only(young, rule)
    said = statement(_without(clause, "with"), replace(scene.deeper(), bars=True))
    if said is not None and _qualifies(asked):
        rule = _qualified(said, asked, scene)
    else:
        rule = statement(asked if known(asked) or _speaks_of_will(asked) else (*clause, *asked), scene.deeper())
    if rule is None:
        return None
    if said is None or clause[0].text.lower() == "whose" or not _known_limbs(said):
        said = Unparsed(scene.words(clause))
    group = all_of([statement(people, scene.deeper()) if people else None, with_has(said, _unaccompanied)])
    return None if group is None else Only(group, with_has(rule, _unaccompanied))


_WHO = frozenset(
    "who whose with having taking receiving using on requiring needing undergoing treated currently previously".split()
)
"""Words that begin what is said of the people a line is about."""
_TAKERS = re.compile(
    r"\b(?:patients?|subjects?|participants?|individuals?|persons?|people|those|volunteers?)\s+"
    r"(?:(?:currently|already|who\s+are)\s+)?(?:receiving|using|taking|on)\s+$",
    re.IGNORECASE,
)


def _small(token: Token, asked: Tokens, scene: Scene) -> bool:
    """Whether an age names a group within the trial, not the trial's own: "children", "patients under 18" who must assent."""
    return token.value.age.high <= 18 and (not _in_numbers(token, scene) or _speaks_of_will(asked))


def _speaks_of_will(tokens: Tokens) -> bool:
    own = own_will()
    return _find(tokens, "will", "unwilling") is not None or any(
        id in own for token in tokens if token.kind == "concept" for id in token.value.concepts
    )


def _qualifies(tokens: Tokens) -> bool:
    """Whether nothing is named but traits and times of what stands before: "must be on a stable dose for 30 days"."""
    said = [token for token in tokens if token.kind not in ("empty", "soft", "stop")]
    return bool(said) and all(token.kind in ("trait", "window") for token in said)


def _qualified(said: Condition, asked: Tokens, scene: Scene) -> Condition:
    traits = frozenset(token.value.trait for token in asked if token.kind == "trait")
    rule = with_has(said, lambda has: replace(has, traits=has.traits | traits))
    windows = [token for token in asked if token.kind == "window" and bounded(token)]
    return with_window(rule, window_of(windows[-1], scene)) if windows else rule


def _known_limbs(said: Condition) -> bool:
    """Whether each alternative is wholly known, or wholly words."""
    return all(map(_wholly_known, said.parts)) if isinstance(said, AnyOf) else _wholly_known(said)


def _unaccompanied(has: Has) -> Has:
    """ "Patients taking concomitant X": whoever takes it takes it beside the trial."""
    return replace(has, traits=has.traits - {"concurrent"}) if sort_of(has.concepts) == "care" else has


def _must_do(token: Token) -> bool:
    """Whether a cue of the patient's will obliges as well: "must use"."""
    return token.is_cue("will") and token.text.startswith(("must ", "should "))


def _obliged(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Patients with A or B, must have C": C is asked of those with A or B."""
    place = _find(tokens, "must")
    if scene.bars or place is None or place < 2 or tokens[place - 1].kind != "separator" or tokens[place - 1].value != "comma":
        return None
    left, right = tokens[: place - 1], tokens[place + 1 :]
    if not known(left) or not solid(right) or _structured(left) or any(token.kind == "age" for token in left):
        return None
    group = statement(left, replace(scene.deeper(), bars=True))
    rule = statement(right, scene.deeper())
    return Only(group, rule) if group is not None and rule is not None else None


def _further_groups(tokens: Tokens) -> int:
    """How many tokens name further groups: "(women …) and men"."""
    end, joined = 0, False
    for at, token in enumerate(tokens):
        joined = joined or token.is_cue("and", "or") or token.kind == "separator"
        if token.kind in ("group", "sex"):
            if not joined:
                break
            end = at + 1
        elif token.kind not in ("empty", "soft", "separator") and not token.is_cue("and", "or") and not _short_name(token):
            break
    return end


def _short_name(token: Token) -> bool:
    """Whether brackets hold an abbreviation alone: "(WOCBP)"."""
    said = token.inside[0] if token.kind == "paren" and len(token.inside) == 1 else None
    return said is not None and (said.kind == "group" or said.text.isupper())


def _speaks(tokens: Tokens) -> bool:
    return solid(tokens) or _find(tokens, "will", "unwilling", "investigator") is not None


def _trailing_group(tokens: Tokens, place: int, scene: Scene) -> Condition | None:
    """ "Negative pregnancy test for women of childbearing potential", "pregnant or breastfeeding women"."""
    own = tokens[place]
    before, after = tokens[:place], tokens[place + 1 :]
    if any(token.kind in ("sex", "everybody", "age", "group") for token in before + after):
        return None
    if (partner := next((at for at in range(max(0, place - 4), place) if _is_partner(tokens[at])), None)) is not None:
        rule = statement(_without(before[:partner], "if"), scene.deeper())
        return Only(Unparsed(scene.words(tokens[partner : place + 1])), rule) if rule is not None and not solid(after) else None
    ends = not solid(after)
    if not (own.kind == "group" or scene.bars or _find(before, "if") is not None):
        return None
    if not ends and not (scene.bars and _opens_with(trimmed_front(after), "or")):
        return None
    rule = statement(_without(before, "if") + after, scene.deeper())
    group = statement((own,), scene.deeper())
    return None if rule is None or group is None else Only(group, rule)


def _is_partner(token: Token) -> bool:
    return token.text.lower() in {"partner", "partners", "partner(s)"}


def trimmed_front(tokens: Tokens) -> Tokens:
    """Without commas and empty tokens in front."""
    at = 0
    while at < len(tokens) and (tokens[at].kind == "empty" or (tokens[at].kind == "separator" and tokens[at].value == "comma")):
        at += 1
    return tokens[at:]


def _led_by_if(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "If X, rule" and "In patients with X, rule"."""
    opens = 1 if tokens and tokens[0].is_cue("if") else _leads_for(tokens, scene)
    if opens is None:
        return None
    comma = next((at for at, token in enumerate(tokens) if token.kind == "separator" and token.value == "comma"), None)
    if comma is None or not solid(tokens[opens:comma]) or not _speaks(tokens[comma + 1 :]):
        return None
    group = statement(tokens[opens:comma], replace(scene.deeper(), bars=True))
    rule = statement(tokens[comma + 1 :], scene.deeper())
    return Only(group, rule) if group is not None and rule is not None else None


def _leads_for(tokens: Tokens, scene: Scene) -> int | None:
    """Where the group begins that "for" opens: "For adolescents under 16, …", "for asthma, …"; None where none is named."""
    comma = next((at for at, token in enumerate(tokens) if token.kind == "separator" and token.value == "comma"), None)
    if comma is None or scene.bars or not _FOR.search(scene.text, max(0, tokens[0].start - _FAR), tokens[0].start):
        return None
    asked = _find(tokens[comma:], "must", "will", "ever") is not None or _measured(tokens[comma:])
    return 0 if asked and _names_people(tokens[:comma]) else None


_FOR = re.compile(
    r"(?:^|[.;:]\s)\s*(?:for|in|among)\s+(?:(?:the\s+)?(?:adolescents?|patients|participants|subjects|those|individuals|people|"
    r"children|adults|volunteers)\s+)?(?:aged\s+|who\s+are\s+)?$",
    re.IGNORECASE,
)
_FAR = 40
_OF_PEOPLE = frozenset({"condition", "symptom", "drug", "therapy", "procedure"})


def _names_people(tokens: Tokens) -> bool:
    """Whether nothing is named but an age or a disease or treatment that people have."""
    said = [token for token in tokens if token.kind not in ("empty", "soft", "separator", "trait", "everybody")]
    named = [token for token in said if token.kind == "concept"]
    kinds = {concepts.concept(id).kind for token in named for id in token.value.concepts}
    return (
        bool(said) and kinds <= _OF_PEOPLE and all(token.kind in ("concept", "age") or token.is_cue("with") for token in said)
    )


_STOPS = re.compile(r"\s{0,3}to\s{1,3}(?:discontinue|stop|interrupt|withdraw|come off|change|reduce)\b", re.IGNORECASE)


def _barred(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "X is not allowed"."""
    place = _find(tokens, "barred")
    if place is None or (not scene.bars and _find(tokens[:place], "will") is not None):
        return None
    if _STOPS.match(scene.text, tokens[place].end):  # what may not be stopped is not barred itself
        return Unparsed(scene.words(tokens))
    rest = tokens[:place] + tokens[place + 1 :]
    read = statement(rest, replace(scene.deeper(), bars=True))
    if read is not None and _find(rest, "not") is None:
        read = mapped(read, _washed_out)
    return read if scene.bars or read is None else Not(read)


def _let_in(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "R, eligible only if X" and "X is allowed" by themselves."""
    place = _find(tokens, *_LET_IN)
    if place is None:
        return None
    left, rest = tokens[:place], tokens[place + 1 :]
    if tokens[place].value == "allowed" and _opens_with(left, "not") and not solid(rest):
        return statement(left[1:] if scene.bars else left, scene.deeper()) if known(left) else Unparsed(scene.words(tokens))
    if tokens[place].value == "onlyif" or _find(rest, "if", "onlyif") is not None:
        at = _find(rest, "if", "onlyif")
        rest = rest if tokens[place].value == "onlyif" or at is None else rest[at + 1 :]
        rule = statement(left, scene.deeper())
        condition = statement(rest, replace(scene.deeper(), bars=False))
        if rule is None or condition is None:
            return rule or condition
        if scene.bars:
            return all_of([rule, Not(_of_the_same(said_of(condition, rule, rest), rule))])
        words = scene.text[tokens[place].start : tokens[place].end].lower()
        only_group = any(
            word in words for word in ("eligible", "allowed", "permitted", "included", "enrolled", "participate", "acceptable")
        )
        return Only(rule, condition) if only_group else all_of([rule, condition])
    if scene.bars and (solid(rest) or _names_much(left)):
        return all_of([statement(left + rest, scene.deeper()), Unparsed(tokens[place].text)])
    named_first = bool(left) and left[0].kind == "concept" and _names_much(left)
    limited = any(token.kind in ("window", "measure", "grading", "count") for token in left)
    if not scene.bars and (
        named_first or limited or any(token.text.lower() in ("that", "have", "has", "must") for token in left)
    ):
        return Unparsed(scene.words(tokens))
    return Advised(scene.words(tokens))


def _of_the_same(condition: Condition, rule: Condition) -> Condition:
    """A condition on "the metastases" of a rule on brain metastases speaks of those."""
    if not isinstance(rule, Has):
        return condition
    ids = rule.concepts

    def narrowed(has: Has) -> Has:
        return replace(has, concepts=ids) if all(concepts.is_a(id, wide) for id in ids for wide in has.concepts) else has

    return with_has(condition, narrowed)


def _names_much(tokens: Tokens) -> bool:
    """Whether more is named than the one thing that "is allowed" can be said of."""
    return sum(token.kind in ("concept", "measure", "window", "grading") for token in tokens) > 1


def _excepted(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "A except B", "A unless B"."""
    place = _find(tokens, "except", "unless", start=0)
    if place is None:
        return None
    if not solid(tokens[:place]):
        if place == 0 and (comma := next((at for at, token in enumerate(tokens) if token.kind == "separator"), None)):
            return _excepting(tokens[comma + 1 :], tokens[1:comma], tokens[0], scene)
        return statement(tokens[:place] + tokens[place + 1 :], scene.deeper())
    after = tokens[place + 1 :]
    end = _exception_ends(after, tokens[place])
    if scene.bars:
        end = min(end, _leaves_kind(tokens[:place], after))
    found = _excepting(tokens[:place], after[:end], tokens[place], scene)
    rest = statement(after[end:], scene.deeper()) if solid(after[end:]) else None
    return any_of([found, rest]) if scene.bars else all_of([found, rest])


def _exception_ends(tokens: Tokens, cue: Token) -> int:
    """How far an exception reaches: "other than" to the next comma, any to an item that is a value where it names none before."""
    for at, token in enumerate(tokens):
        if token.kind != "separator" or token.value != "comma" or not solid(tokens[:at]):
            continue
        if cue.text == "other than" or _begins_with_value(tokens[:at], tokens[at + 1 :]):
            return at
    return len(tokens)


def _leaves_kind(rule: Tokens, exception: Tokens) -> int:
    """Where ", or Z" behind an exception names another thing than the rule speaks of: barred by itself, not excepted."""
    wide = [id for token in rule if token.kind == "concept" for id in token.value.concepts]
    for at, token in enumerate(exception):
        if token.kind != "separator" or token.value != "comma" or not known(exception[:at]):
            continue
        if any(each.is_cue("or", "and") or each.kind == "paren" for each in exception[:at]):
            break
        item = [each for each in exception[at + 1 :] if each.kind != "empty"]
        if not item or not item[0].is_cue("or"):
            break
        heads = [each for each in item[1:] if each.kind in ("concept", "word")]
        if heads and heads[0].kind == "concept" and not _within(heads[0], wide):
            return at
    return len(exception)


def _within(token: Token, wide: list[str]) -> bool:
    ids = token.value.concepts
    tumours = all(concepts.is_a(id, _TUMOUR) for id in (*ids, *wide))
    return not wide or tumours or any(concepts.is_a(id, other) for id in ids for other in wide)


_TUMOUR = "neoplasm"


def _begins_with_value(before: Tokens, after: Tokens) -> bool:
    named = [token.kind for token in after if token.kind in ("concept", "measure", "word")]
    return named[:1] == ["measure"] and not any(token.kind == "measure" for token in before)


def _excepting(rule_tokens: Tokens, exception_tokens: Tokens, cue: Token, scene: Scene) -> Condition | None:
    rule = statement(rule_tokens, scene.deeper())
    exception = statement(exception_tokens, replace(scene.deeper(), bars=cue.value == "except"))
    if rule is None:
        return exception
    if cue.value == "unless" and exception_tokens and _MAY_BE.match(scene.text, exception_tokens[0].start):
        exception = Unparsed(scene.words(exception_tokens))
    if exception is None:
        words = scene.words(exception_tokens)
        return rule if not words else Unless(rule, Unparsed(words))
    on_condition = cue.value == "unless" or _opens_with(exception_tokens, "if")
    exception = said_of(exception, rule, exception_tokens)
    if isinstance(rule, Only):
        return Only(rule.group, excepted(rule.rule, exception, on_condition, scene))
    return excepted(rule, exception, on_condition, scene)


_MAY_BE = re.compile(
    r"[^,;.]{0,60}?\b(?:can(?:not)?|could|may|might|(?:un)?able\s+to|"
    r"(?:im)?possible|(?:in)?feasible|(?:un)?willing|agrees?)\b",
    re.IGNORECASE,
)
"""An exception that speaks of what could be done, which no treatment given so far settles: "unless it can be replaced by B"."""


def _conditional(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "R1, or R2 in the presence of X" and "R if X"."""
    place = _find(tokens, "if")
    if place is None or not solid(tokens[:place]):
        return None
    if (asked := _asked_of_some(tokens, place, scene)) is not None:
        return asked
    group = statement(tokens[place + 1 :], replace(scene.deeper(), bars=True))
    left = tokens[:place]
    if group is None:
        return statement(left, scene.deeper())
    joint = _second_bound(left)
    if joint is not None:
        both = coordination(left, replace(scene.deeper(), bars=True))
        if isinstance(both, AnyOf) and len(both.parts) >= 2:
            return Either(group, _last_bound(both), _first_bounds(both))
    if scene.bars:
        sure = group if _wholly_known(group) else Unparsed(scene.words(tokens[place + 1 :]))
        return all_of([statement(left, scene.deeper()), sure])
    rule = statement(left, scene.deeper())
    return Only(group, rule) if rule is not None else None


def _asked_of_some(tokens: Tokens, place: int, scene: Scene) -> Condition | None:
    """ "For men, if X, rule": the rule is asked of men with X; what a partner is stays as words."""
    people, rest = tokens[:place], tokens[place + 1 :]
    comma = next((at for at, token in enumerate(rest) if token.kind == "separator" and token.value == "comma"), None)
    named = [token for token in people if token.kind not in ("empty", "soft", "separator")]
    if (
        scene.bars
        or comma is None
        or not named
        or any(token.kind not in ("sex", "group", "everybody", "age") for token in named)
    ):
        return None
    if not _speaks(rest[comma + 1 :]):
        return None
    whose = statement(people, scene.deeper())
    state = statement(rest[:comma], replace(scene.deeper(), bars=True))
    state = Unparsed(scene.words(rest[:comma])) if state is None or any(map(_is_partner, rest[:comma])) else state
    rule = statement(rest[comma + 1 :], scene.deeper())
    group = all_of([whose, state])
    return Only(group, rule) if group is not None and rule is not None else None


def _second_bound(tokens: Tokens) -> int | None:
    """Where the second of two bounds of the same quantity begins."""
    values = [at for at, token in enumerate(tokens) if token.kind == "measure"]
    if len(values) < 2:
        return None
    first, last = tokens[values[0]].value[0], tokens[values[-1]].value[0]
    return values[-1] if not last.quantities or set(last.quantities) & set(first.quantities) else None


def _last_bound(both: AnyOf) -> Condition:
    """The bounds of the last item: as many as it names quantities."""
    words = [part.words if isinstance(part, Between) else None for part in both.parts]
    last = words[-1]
    if last is None:
        return both.parts[-1]
    return all_of(part for part in both.parts if isinstance(part, Between) and part.words == last) or both.parts[-1]


def _first_bounds(both: AnyOf) -> Condition:
    last = both.parts[-1]
    rest = [part for part in both.parts if part is not last and not _same_words(part, last)]
    return all_of(rest) or last


def _same_words(one: Condition, other: Condition) -> bool:
    return isinstance(one, Between) and isinstance(other, Between) and one.words == other.words


def _own_will(tokens: Tokens, scene: Scene) -> Condition | None:
    """What is left to the patient's will or ability: consent, compliance, contraception."""
    place = _find(tokens, "will", "unwilling")
    if place is None:
        return _consent(tokens, scene)
    if (apart := _facts_apart(tokens, place, scene)) is not None:
        parts = [statement(tokens[:apart], scene.deeper()), statement(tokens[apart:], scene.deeper())]
        return any_of(parts) if scene.bars or _opens_with(tokens[apart:], "or") else all_of(parts)
    if scene.bars and (caused := _unable(tokens, place, scene)):
        return caused
    denied = tokens[place].value == "unwilling" or any(token.is_cue("not") for token in _since_named(tokens[:place]))
    named = [
        (mention, tuple(id for id in mention.concepts if any(concepts.is_a(id, wide) for wide in own_will())))
        for mention in concepts.find(scene.text[tokens[0].start : tokens[-1].end])
    ]
    facts = all_of(Has(_asked(ids, tokens)) for _, ids in named if ids)
    told = facts is not None and any(id in whole_will() for _, ids in named for id in ids)
    covered = [(tokens[0].start + mention.start, tokens[0].start + mention.end) for mention, ids in named if ids]
    if told and (more := [token for token in tokens if _says_more(token, covered)]):
        facts = all_of([facts, Unparsed(scene.words((more[0],)))])
    return Judged("patient", scene.words(tokens), Not(facts) if denied and facts is not None else facts)


def _asked(ids: tuple[str, ...], tokens: Tokens) -> tuple[str, ...]:
    """Consent itself where the line asks who is able and willing to give it."""
    wills = any(token.is_cue("will", "unwilling") and not _ABLE.search(token.text) for token in tokens)
    wills = wills or any(token.is_cue("will", "unwilling") and "willing" in token.text for token in tokens)
    return tuple("informed-consent" if wills and id == "capacity-to-consent" else id for id in ids)


_ABLE = re.compile(r"\b(?:un)?(?:able|abil\w+|capab\w+|capac\w+)|\binab|\bincap|\bunderstand|\bcan ?not")


def _says_more(token: Token, covered: Sequence[tuple[int, int]]) -> bool:
    """Whether a token narrows what is named: a word, a number, a time, a condition."""
    if any(token.start < end and start < token.end for start, end in covered):
        return False
    return token.kind in ("concept", "measure", "grading", "window", "count", "word", "paren") or token.is_cue(
        "if", "onlyif", "except", "unless", "not", "link"
    )


def _facts_apart(tokens: Tokens, place: int, scene: Scene) -> int | None:
    """Where what is willed parts from facts beside it: "a negative test and agrees to X", "signed consent and ECOG 0"."""
    joints = [at for at, token in enumerate(tokens) if token.is_cue("and", "or") or token.kind == "separator"]
    before = next((at for at in reversed(joints) if at < place), None)
    if before is not None and known(tokens[:before]):
        said = tokens[before + 1 : place]
        others = scene.bars and tokens[before].is_cue("or") and any(token.kind in ("group", "sex") for token in said)
        if others or not _promised(said):
            return before
    for at in joints:
        item = tokens[at + 1 : next((later for later in joints if later > at), len(tokens))]
        apart = scene.bars and at > place + 1 and tokens[at].is_cue("or") and tokens[at - 1].kind == "separator"
        if apart and known(item) and all(sort_of(token.value.concepts) == "state" for token in item if token.kind == "concept"):
            return at
        if (
            at > place
            and _find(item, "will", "unwilling") is None
            and (_measured(item) or _states_anew(trimmed(item)) or _denies_a_state(trimmed(item)))
        ):
            return at
    return None


def _promised(tokens: Tokens) -> bool:
    """Whether facts stand between a joint and the cue of will behind it."""
    return known(tokens) or any(token.kind in ("word", "trait") for token in tokens)


def _denies_a_state(tokens: Tokens) -> bool:
    """ "… and not pregnant", beside "… and not take X", which is promised."""
    named = [token for token in tokens if token.kind == "concept"]
    return _opens_with(tokens, "not") and bool(named) and all(sort_of(token.value.concepts) == "state" for token in named)


def _measured(tokens: Tokens) -> bool:
    return any(token.kind in ("measure", "grading", "age") for token in tokens)


def _since_named(tokens: Tokens) -> Tokens:
    """What stands behind the last thing or person named."""
    named = [at for at, token in enumerate(tokens) if token.kind in ("concept", "measure", "group", "sex", "separator")]
    return tokens[named[-1] + 1 :] if named else tokens


def _unable(tokens: Tokens, place: int, scene: Scene) -> Condition | None:
    """ "Unable to be scanned due to claustrophobia": without the cause it does not hold; with it, whether the patient is able is left."""
    cause = next((at for at, token in enumerate(tokens) if at > place and token.is_cue("link") and token.text in _CAUSES), None)
    if cause is None or tokens[place].value != "unwilling" or not known(tokens[cause + 1 :]):
        return None
    because = statement(tokens[cause + 1 :], scene.deeper())
    return None if because is None else all_of([because, Judged("patient", scene.words(tokens[:cause]))])


_CAUSES = ("due to", "caused by", "secondary to", "resulting from", "attributable to")


def _consent(tokens: Tokens, scene: Scene) -> Condition | None:
    """Consent and compliance as a line of their own."""
    named = [token for token in tokens if token.kind == "concept"]
    own = own_will()
    if (
        not named
        or not all(own.get(id) for token in named for id in token.value.concepts)
        or _find(tokens, "not", "negative") is not None
    ):
        return None
    facts = all_of(_said_or_denied(token, tokens) for token in named)
    if scene.bars and not isinstance(facts, Not) and any(token.kind == "word" for token in tokens):
        facts = None
    return Judged("patient", scene.words(tokens), facts)


def _said_or_denied(token: Token, tokens: Tokens) -> Condition:
    """ "Compliance", or "non-compliance"."""
    has = Has(token.value.concepts)
    before = [each for each in tokens if each.end <= token.start and each.kind != "empty"]
    return Not(has) if token.value.denies or (before and before[-1].is_cue("non")) else has


def _own_or_family(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "Personal or family history of X": the patient's own past, or a relative's."""
    place = _find(tokens, "ownorfamily")
    if place is None:
        return None
    readings = ((*tokens[:place], replace(tokens[place], value=role), *tokens[place + 1 :]) for role in ("ever", "family"))
    return any_of(statement(each, scene.deeper()) for each in readings)


def _denied(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "No A, B or C", "A without B": the negation reaches to the sentence's end or a "but"."""
    place = _find(tokens, "not")
    if place is None:
        return None
    if (own := _denied_item(tokens, place, scene)) is not None:
        return own
    if _COULD_NOT.match(scene.text, tokens[place].start):
        return Unparsed(scene.words(tokens))
    left, right = tokens[:place], tokens[place + 1 :]
    stop = _reach(right)
    rest = right[stop:]
    right = right[:stop]
    right = _led(tokens[place], right)
    inner = statement(right, replace(scene.deeper(), bars=True))
    if scene.bars and inner is not None and not _wholly_known(inner):
        inner = Unparsed(scene.words(right))
    if inner is not None:
        inner = mapped(inner, _washed_out)
    denied: Condition | None = Not(inner) if inner is not None else None
    if isinstance(inner, Not):
        denied = inner.part
    if inner is None and scene.words(right):
        return None if not solid(left) else statement(left + right, scene.deeper())
    before = statement(left, scene.deeper()) if solid(left) else None
    after = statement(rest, scene.deeper()) if solid(rest) else None
    if before is None:
        return all_of([denied, after]) if not scene.bars else _barring(denied, after)
    joint = _last_joint(left)
    together = (
        any_of([before, denied]) if joint == "or" or (joint and scene.bars and joint == "comma") else all_of([before, denied])
    )
    return all_of([together, after]) if not scene.bars else any_of([together, after])


_COULD_NOT = re.compile(r"(?<=could )not\s+(?:safely\s+)?undergo\b", re.IGNORECASE)
"""What nobody could do is more than what nobody did: "could not undergo an MRI"."""


def _denied_item(tokens: Tokens, place: int, scene: Scene) -> Condition | None:
    """ "A, B not requiring X, or C": what is denied is said of B alone; the others stand as they are."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    if behind is None or not _NEEDS.match(scene.text, behind.start):
        return None
    start = next((at + 1 for at in range(place - 1, 0, -1) if _joins(tokens[at])), 0)
    end = next(
        (at for at in range(place + 1, len(tokens)) if _joins(tokens[at]) and _names_state(tokens[at + 1 :])), len(tokens)
    )
    before, after = tokens[:start], tokens[end:]
    if not known(tokens[start:place]) or not (known(before) or known(after)):
        return None
    own = _lacks(tokens[start:end], tokens[place], scene)
    parts = [
        statement(before, scene.deeper()) if solid(before) else None,
        own,
        statement(after, scene.deeper()) if solid(after) else None,
    ]
    either = scene.bars or any(token.is_cue("or") for token in (*before[-2:], *after[:2]))
    return any_of(parts) if either else all_of(parts)


def _lacks(item: Tokens, denial: Token, scene: Scene) -> Condition | None:
    """What is named without the trait that is denied of it: "psoriasis not requiring systemic treatment"."""
    place = item.index(denial)
    named = statement(item[:place], scene.deeper())
    said = [token for token in item[place + 1 :] if token.kind != "empty"]
    if named is None or len(said) != 1 or said[0].kind != "trait":
        return statement(item, scene.deeper())
    return all_of([named, Not(with_has(named, lambda has: replace(has, traits=has.traits | {said[0].value.trait})))])


_NEEDS = re.compile(r"(?:requir|need|using\b|practi[cs]ing\b)", re.IGNORECASE)


def _joins(token: Token) -> bool:
    return token.is_cue("or", "and") or (token.kind == "separator" and token.value in ("comma", "or"))


def _names_state(tokens: Tokens) -> bool:
    """Whether the next item names something that is no treatment."""
    item = tokens[: next((at for at, token in enumerate(tokens) if at and _joins(token)), len(tokens))]
    said = [token for token in item if token.kind == "concept" or token.text.lower() in _ANY_STATE]
    return bool(said) and (said[0].kind != "concept" or sort_of(said[0].value.concepts) == "state")


_ANY_STATE = frozenset({"condition", "conditions", "disease", "diseases", "disorder", "disorders"})


def _washed_out(leaf: Condition) -> Condition:
    """ "No X for at least 4 weeks before": that there was none in those weeks, not that there was none before them."""
    window = leaf.window if isinstance(leaf, Has) else None
    if not isinstance(leaf, Has) or window is None or window.edge is not None:
        return leaf
    if not window.before or window.length.high < inf or window.length.low <= 0:
        return leaf
    inside = Range(0, window.length.low, high_open=not window.length.low_open)
    counted = windows_in(_LASTING.sub("within ", window.words))
    anchor = counted[0].window.anchor if counted and _BEFORE_ANCHOR.search(window.words) else window.anchor
    return replace(leaf, window=replace(window, length=inside, anchor=anchor))


_BEFORE_ANCHOR = re.compile(r"\b(?:before|prior|preceding)\b", re.IGNORECASE)
_LASTING = re.compile(r"^(?:for|lasting)\s+(?:(?:at\s+least|a\s+minimum\s+of|≥)\s*)?(?:the\s+)?", re.IGNORECASE)


def _wholly_known(condition: Condition) -> bool:
    """Whether nothing in it is left over, or narrowed by words alone: else its absence would bar more than is said."""
    by_words = {isinstance(leaf, Has) and leaf.concepts[0].startswith("w:") for leaf in leaves(condition)}
    return understood(condition) and by_words != {True, False}


def _barring(denied: Condition | None, after: Condition | None) -> Condition | None:
    return any_of([denied, after])


def _led(cue: Token, right: Tokens) -> Tokens:
    """A cue that holds more than "no": "no prior …", "no history of …", "no other …"."""
    extra = tuple(
        replace(cue, kind="cue", value=role)
        for word, role in (
            ("prior", "ever"),
            ("previous", "ever"),
            ("history", "ever"),
            ("other", "other"),
            ("received", "ever"),
            ("never", "ever"),
        )
        if word in cue.text
    )
    return extra + right


def _reach(tokens: Tokens) -> int:
    """How far a negation reaches: to a "but", or to an "and" after which something is required."""
    for at, token in enumerate(tokens):
        if token.is_cue("but") or (at and token.kind == "separator" and _opens_with(tokens[at + 1 :], "not")):
            return at
        if token.is_cue("and") and any(each.is_cue("must", "will", "not") for each in tokens[at + 1 : at + 4]):
            return at
        if token.is_cue("and") and _states_anew(tokens[at + 1 :]):
            return at
        if token.is_cue("or") and at and tokens[at - 1].kind == "separator" and any(map(_is_person, tokens[at + 1 : at + 3])):
            return at
    return len(tokens)


def _is_person(token: Token) -> bool:
    """Whether a word names the patient and so begins a statement of its own."""
    return token.text.lower() in ("patient", "patients", "participant", "participants", "subject", "subjects")


def _states_anew(tokens: Tokens) -> bool:
    """Whether a verb of possession opens a statement of its own: "… and has a negative test"."""
    words = tokens[0].text.lower().split() if tokens else []
    return bool(words) and words[-1] in ("has", "have", "is", "are")


def _last_joint(tokens: Tokens) -> str | None:
    for token in reversed(tokens):
        if token.is_cue("or", "and"):
            return str(token.value)
        if token.kind == "separator":
            return str(token.value)
        if token.kind != "empty":
            return None
    return None


def _and_has(tokens: Tokens, scene: Scene) -> Condition | None:
    """ "A and has B" in a list of what is barred: both bar for certain, either alone is left open."""
    place = next((at for at, token in enumerate(tokens) if token.is_cue("and") and _states_anew(tokens[at + 1 :])), None)
    if not scene.bars or place is None or not known(tokens[:place]) or not solid(tokens[place + 1 :]):
        return None
    left, right = statement(tokens[:place], scene.deeper()), statement(tokens[place + 1 :], scene.deeper())
    if left is None or right is None:
        return left or right
    either = all_of([any_of([left, right]), Unparsed(scene.words(tokens[place : place + 2]))])
    return any_of([all_of([left, right]), either])


def _breaks(tokens: Tokens, scene: Scene) -> Condition | None:
    """Two statements joined by "but"."""
    place = _find(tokens, "but")
    if place is None:
        return None
    return all_of([statement(tokens[:place], scene.deeper()), statement(tokens[place + 1 :], scene.deeper())])


def _with_examples(tokens: Tokens, scene: Scene) -> Condition | None:
    """A list with what "such as" adds to it."""
    place = _find(tokens, "example")
    if place is None:
        return coordination(tokens, scene)
    left, right = tokens[:place], tokens[place + 1 :]
    if not solid(left):
        return statement(right, scene.deeper())
    if not solid(right):
        return coordination(left + right, scene)
    windows = [at for at, token in enumerate(right) if token.kind == "window"]
    if windows and windows[-1] == len(trimmed(right)) - 1 and _set_off(right, windows[-1]):
        left, right = (*left, right[windows[-1]]), right[: windows[-1]]
    kind = statement(left, scene.deeper())
    examples = statement(right, replace(scene.deeper(), bars=True)) if solid(right) else None
    if scene.bars and tokens[place].text.startswith(_THAT_IS) and isinstance(kind, Unparsed) and examples is not None:
        return examples
    return exemplified(kind, examples, scene)


_THAT_IS = ("i.e", "ie", "namely", "viz")
"""Cues behind which stands all that is meant."""


def _set_off(tokens: Tokens, place: int) -> bool:
    """Whether a comma parts a window from the examples before it, so that it is the class's own."""
    before = [token for token in tokens[:place] if token.kind not in ("empty", "soft") and not token.is_cue("ever")]
    return bool(before) and before[-1].kind == "separator"
