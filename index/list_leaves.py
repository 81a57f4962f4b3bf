"""Items to leaves: the independent requirements that one item joins ("ANC ≥ 1.5; platelets ≥ 100") become its sub-items."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from index.list_lines import Block, brackets, counted_on, in_phrase
from index.list_tree import Item
from index.marks import Mark, bullets, ordinals
from index.sentences import sentences

_Stretch = tuple[int, int]


def apart(text: str, items: Sequence[Item]) -> list[Item]:
    """The paragraphs of a list without marks, cut where semicolons, or in a single paragraph sentences, are its structure."""
    cuts = [len(_at_semicolons(text, item.start, item.end)) > 1 for item in items]
    joined = any(cuts) and all(";" in text[item.start : item.end] for item in items[:-1])
    return [piece for item in items for piece in _apart(text, item, joined, len(items) == 1)]


def _apart(text: str, item: Item, joined: bool, alone: bool) -> list[Item]:
    if item.children or not (joined or alone):
        return [item]
    parts = _at_semicolons(text, item.start, item.end) if joined else _at_sentences(text, item.start, item.end)
    merged = [(start, end) for start, end in _merged(text, parts) if _WORD.search(text, start, end)]
    return [Item(start, end, item.label, item.heading) for start, end in merged]


def refine(text: str, item: Item) -> None:
    """Gives an item that joins independent requirements its sub-items."""
    if item.children:
        item.children = _kept_children(text, item)
    else:
        item.children = _parts(text, item)
    for child in item.children:
        refine(text, child)
    item.end = _without_connective(text, item)


def _kept_children(text: str, item: Item) -> list[Item]:
    """The lines below an item: none where they are its exceptions or remarks; after its own words where these require something."""
    lead = _cut(text, [(item.start, _before_mark(text, item))])
    if item.end - item.start <= _LONG and _EXCEPTIONS.search(text, item.start, item.children[0].start):
        return []
    if not lead or _LEADS.search(text, item.start, lead[0].end):
        return item.children
    kept: list[Item] = lead
    for child in item.children:
        if not child.children and _CLARIFIES.match(text, child.start, child.end):
            kept[-1].end = child.end
        else:
            kept.append(child)
    return kept if len(kept) > 1 else []


def _before_mark(text: str, item: Item) -> int:
    """Where an item's own words end, before the mark of its first sub-item."""
    line = text.rfind("\n", item.start, item.children[0].start)
    return line if line > 0 else item.children[0].start


def _parts(text: str, item: Item) -> list[Item]:
    for splitter in (_paragraphs, _enumerated, _bulleted_within, _labelled, _glued, _one_a_sentence, _joined):
        parts = splitter(text, item)
        if len(parts) > 1:
            return parts
    return []


_EXCEPTS = re.compile(
    r"(?:except|unless|other than|provided|excluding|e\.g|such as"
    r"|(?:eligible|allowed|permitted|acceptable|enrolled|included)\s+(?:only\s+)?if)[^.;]*$",
    re.IGNORECASE,
)
"""Words that make what follows them an exception or an example, up to the end."""
_EXCEPTIONS = re.compile(r"\b(?:except\w*|unless|not (?:be )?exclu\w+)\b(?:[^.;]|\.\d)*:\W*$", re.IGNORECASE)
_MEASURED = re.compile(
    r"[≥≤<>]|\b(?:at least|at most|(?:less|greater|more|fewer|higher|lower) than|below|above|up to|within)\b", re.IGNORECASE
)
_COMPARED = re.compile(r"[≥≤<>]=?\s*\d|\bULN\b")
_REMARKS = re.compile(
    r"\b(?:must|should|may|might|can|will|would|is|are|was|were|be|been|has|have|had|agrees?)\b", re.IGNORECASE
)
_LABEL = re.compile(r"(?:(?<=[\s.;,)])|(?<=[a-z\d])|^)(?P<label>[A-Z][a-z]+(?:\s[A-Za-z]+){0,2}):(?=\s*[A-Za-z])")
_ANNOUNCES = re.compile(
    r"(?:following|includ\w+(?: but not limited to)?|defined as|such as|as follows|any of|criteria|below)\s*:\s*", re.IGNORECASE
)
_LEADS = re.compile(
    r"(?::|\b(?:following|below|follows|either|if|who|criteria|by|of|as|are|and|with|have|to|the|is|one|,))\s*$", re.IGNORECASE
)
"""How words end that need those after them."""
_CLARIFIES = re.compile(
    r"""\W*(?:(?:except|unless|however|but|although|though|provided|if|only|with|without|excluding|eg|e\.g|i\.e|for\ example|such\ as
        |including|in\ (?:this|that|such|these|addition)|for\ (?:this|these)|nor|which|who|that|this|these|those|they|such|otherwise
        |note|see|as|when|where|then|also|while|whereas|thus|therefore|exceptions?|examples?|it|its|their|he|she|and|or)\b
      | [^.;]*\b(?:is|are|(?:may|will|can|should)\ be)\ (?:still\ )?
        (?:eligible|allowed|permitted|acceptable|allowable|considered|recommended|defined|required)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
"""How a part begins, or what it says, that only explains the part before it."""
_ALTERNATIVE = re.compile(r"\W*(?:or|and/or)\b", re.IGNORECASE)
_LONG = 1_500
_OPENINGS = 20
"""How many a's and 1's inside one item are tried as the beginning of a list: noise can hold thousands."""
_WORD = re.compile(r"\w")
_NAME = re.compile(r"(?:[^\s:;.≥≤<>=]+\s+){0,5}[^\s:;.≥≤<>=]+:\s*(?=[A-Za-z])")
"""A name before the first of several values: "Blood counts: ANC ≥ 1.5; platelets ≥ 100"."""


def _paragraphs(text: str, item: Item) -> list[Item]:
    """Paragraphs under an item that ends in a colon."""
    starts = item.paragraphs
    if len(starts) < 2 or not text[item.start : starts[0]].rstrip().endswith(":"):
        return []
    return _cut(text, pairwise([*starts, item.end]))


def _enumerated(text: str, item: Item) -> list[Item]:
    """ "(a) … (b) …" inside an item; not inside an exception."""
    whole = Block(item.start, item.end, 0, False, None)
    inside = brackets(text, item.start, item.end)
    ones = (m for m in ordinals(text, item.start, item.end) if m.value == 1 and m.start not in inside)
    for first in islice(ones, _OPENINGS):
        if in_phrase(text, first) or _EXCEPTS.search(text, item.start, first.start):
            continue
        marks = [first, *counted_on(text, whole._replace(start=first.end), first)]
        if len(marks) > 1:
            return _marked(text, marks, item.end)
    return []


def _bulleted_within(text: str, item: Item) -> list[Item]:
    """Bullets that run on after a colon inside an item."""
    inside = brackets(text, item.start, item.end)
    found = [m for m in bullets(text, item.start, item.end) if m.start not in inside]
    if not found or not _LEADS.search(text, item.start, found[0].start) or _EXCEPTS.search(text, item.start, found[0].start):
        return []
    return _marked(text, [m for m in found if m.style == found[0].style], item.end)


def _marked(text: str, marks: Sequence[Mark], end: int) -> list[Item]:
    ends = [*(mark.start for mark in marks[1:]), end]
    return [Item(m.end, e, m.label) for m, e in zip(marks, ends, strict=True) if _WORD.search(text, m.end, e)]


def _labelled(text: str, item: Item) -> list[Item]:
    """Measured values under labels in one line ("Hematology:Hemoglobin ≥ 90 g/L,ANC ≥ … Renal Function:Creatinine …")."""
    labels = list(_LABEL.finditer(text, item.start, item.end))
    ends = [*(label.start() for label in labels[1:]), item.end]
    labels_ends = [(m, e) for m, e in zip(labels, ends, strict=False) if _MEASURED.search(text, m.end(), e)]
    if len(labels_ends) < 2:
        return []
    found: list[Item] = []
    for label, end in labels_ends:
        whole = Item(label.end(), end)
        for part in _glued(text, whole) or _joined(text, whole) or [whole]:
            found += _cut(text, [(part.start, part.end)], label["label"])
    return found


def _glued(text: str, item: Item) -> list[Item]:
    """Measured values joined by a comma without a space."""
    inside = brackets(text, item.start, item.end)
    commas = [m.start() for m in re.finditer(r",(?=[A-Za-z])(?!or\b|and\b)", text[item.start : item.end])]
    cuts = [item.start + at for at in commas if item.start + at not in inside]
    parts = _cut(text, zip([item.start, *(at + 1 for at in cuts)], [*cuts, item.end], strict=True))
    return parts if all(_MEASURED.search(text, part.start, part.end) for part in parts) else []


def _one_a_sentence(text: str, item: Item) -> list[Item]:
    """ "Any of the following: A. B. C.": sentences under a lead-in, each with its own window."""
    lead = _ANNOUNCES.search(text, item.start, item.end)
    if not lead or _EXCEPTS.search(text, item.start, lead.end()) or len(sentences(text[item.start : lead.end()])) > 1:
        return []
    parts = _at_sentences(text, lead.end(), item.end)
    measured = [_MEASURED.search(text, start, end) for start, end in parts]
    return _cut(text, parts) if len(parts) > 2 or all(measured) else []


def _joined(text: str, item: Item) -> list[Item]:
    """Independent requirements joined by semicolons; alternatives and exceptions stay with what they belong to."""
    lead = _ANNOUNCES.search(text, item.start, item.end)
    name = _NAME.match(text, item.start, item.end)
    begin = item.start
    if lead and ";" not in text[item.start : lead.end()]:
        begin = lead.end()
    elif name and ":" not in text[name.end() : item.end]:
        begin = name.end()
    parts = _at_semicolons(text, begin, item.end)
    if _EXCEPTS.search(text, item.start, begin) or any(_ALTERNATIVE.match(text, start, end) for start, end in parts):
        return []
    independent = [_stands_by_itself(text[start:end]) for start, end in parts[1:]]
    if len(parts) <= 3 and not all(independent):
        return []
    remarks = [part for part, stands in zip(parts[1:], independent, strict=True) if not stands]
    return _cut(text, _merged(text, parts, remarks))


def _stands_by_itself(part: str) -> bool:
    """Whether a part between semicolons is a requirement of its own: a measured value or a condition, not a remark on the others."""
    return len(part.split()) <= 40 and (_COMPARED.search(part) is not None or not _REMARKS.search(part))


def _merged(text: str, parts: Sequence[_Stretch], remarks: Sequence[_Stretch] = ()) -> list[_Stretch]:
    """Parts with each clarification joined to the part before it."""
    merged: list[_Stretch] = []
    for start, end in parts:
        if merged and ((start, end) in remarks or _CLARIFIES.match(text, start, end)):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, stretches: Iterable[_Stretch], heading: str | None = None) -> list[Item]:
    """The stretches that are not blank, as items."""
    pieces = [(start, text[start:end]) for start, end in stretches]
    trimmed = [(start + len(words) - len(words.lstrip()), words.strip()) for start, words in pieces]
    return [Item(start, start + len(words), None, heading) for start, words in trimmed if _WORD.search(words)]


_SEMICOLON = re.compile(r"(?<!&lt)(?<!&gt)(?<!&amp);\s*(?!\d)")
"""Not in "t(9;22)" nor in an entity that somebody left undecoded."""


def _at_semicolons(text: str, start: int, end: int) -> list[_Stretch]:
    inside = brackets(text, start, end)
    found = [(start + m.start(), start + m.end()) for m in _SEMICOLON.finditer(text[start:end])]
    cuts = [(before, after) for before, after in found if before not in inside]
    edges = [start, *(after for _, after in cuts)]
    ends = [*(before for before, _ in cuts), end]
    return [(a, b) for a, b in zip(edges, ends, strict=True) if _WORD.search(text, a, b)]


def _at_sentences(text: str, start: int, end: int) -> list[_Stretch]:
    return [(start + s.start, start + s.end) for s in sentences(text[start:end])]


def _without_connective(text: str, item: Item) -> int:
    """The item's end without the "; and" that leads to the next one."""
    words, bare = "", text[item.start : item.end]
    while bare != words:
        words, bare = bare, bare.rstrip().rstrip(";,")
        before = bare.removesuffix("and").rstrip()
        bare = before if before.endswith((";", ",")) else bare
    return item.start + len(words)
