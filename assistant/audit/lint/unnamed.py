"""Drugs that a trial gives by their class alone: no document says which one it is."""

import re
from collections.abc import Iterator
from functools import cache

from assistant.audit.finding import Found
from assistant.audit.prose import everything
from assistant.audit.record import Record
from assistant.eligibility.vocabulary.concepts import all_concepts, find, is_a
from index.trial import SECTIONS, Span

_GIVEN = frozenset({"arms", "interventions"})
_OWN = frozenset(SECTIONS) - {"related", "references"}
"""Other trials name other drugs."""
_MEMBERS = 3
"""A class of fewer drugs than this is as good as a name."""
_CLASS_NAME = re.compile(r"(?:\S+ ){0,3}(?:inhibitor|blocker|agonist|antagonist|antibody)$")
_WIDE = frozenset({"monoclonal-antibody", "checkpoint-inhibitor", "immunosuppressant"})
"""Classes that say nearly nothing; a narrower one is told."""
_NAME_OF_ITS_OWN = re.compile(
    r"\b(?:[A-Z]{2,5}-?\d{2,6}[A-Za-z]?\b|[A-Za-z]{3,}(?:mab|nib|cept|zomib|ciclib|parib|degib|lisib|rafenib)\b)"
)
"""A code or an international name that the tables may not know."""


@cache
def _classes() -> frozenset[str]:
    """Classes of drugs that are called by what they act on, and whose members the tables list."""
    members: dict[str, int] = {}
    for concept in all_concepts().values():
        for parent in concept.parents if concept.kind == "drug" else ():
            members[parent] = members.get(parent, 0) + 1
    named = {one: all_concepts()[one].name for one, count in members.items() if count >= _MEMBERS and one in all_concepts()}
    return frozenset(one for one, name in named.items() if _CLASS_NAME.fullmatch(name) and one not in _WIDE)


def unnamed_drugs(record: Record) -> Iterator[Found]:
    """Each class of drugs that is given to the participants and of which no drug is named anywhere in the documents."""
    given = _given(record)
    if not given or any(_NAME_OF_ITS_OWN.search(prose.text) for prose in everything(record)):
        return
    named = _named(record)
    for drug_class, spans in given.items():
        if not any(is_a(one, drug_class) and one != drug_class for one in named):
            name = all_concepts()[drug_class].name
            yield Found(
                "unnamed", f"{name[0].upper()}{name[1:]} is given, and the documents do not name the drug.", tuple(spans)
            )


def _given(record: Record) -> dict[str, list[Span]]:
    """Class → where arms or interventions give it."""
    found: dict[str, list[Span]] = {}
    for prose in everything(record, _GIVEN):
        for mention in find(prose.text):
            if len(mention.concepts) == 1 and mention.concepts[0] in _classes() and not mention.denies:
                found.setdefault(mention.concepts[0], []).append(prose.span(mention.start, mention.end))
    return found


def _named(record: Record) -> set[str]:
    """Everything that the documents name of this trial."""
    return {one for prose in everything(record, _OWN) for mention in find(prose.text) for one in mention.concepts}
