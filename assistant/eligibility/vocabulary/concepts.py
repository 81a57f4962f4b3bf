"""What patients have, had and take, and which of it is a kind of which: a table of concepts, with ICD-10-CM behind it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, product, zip_longest
from types import MappingProxyType

from assistant.eligibility.knowledge import rows, tables
from assistant.eligibility.vocabulary import icd
from assistant.eligibility.vocabulary.terms import Hit, Terms, tokens
from index.words import stems

_WORDS = "w:"
_CODE = "icd:"
_DENIES = "!"
_TO = "-to:"
_PLACES = {".": "\x00", ":": "\x01", ",": "\x02"}
"""The last mark of a name, and what an entry begins with that counts only in such a place."""
_OPTIONAL_LETTER = re.compile(r"\b([A-Z]{1,3}-?)\(([A-Z])\)(\d)")
"""A letter that may be left out: "PD-(L)1" is "PD-1/L1"."""
_CLAUSE_ENDS = re.compile(
    r"\s*(?:$|[^\w\s'’(/,-]|\(|\n|(?:but|by|on|as|due|because|after|since|within|at|in|with|per|is|are|was|were|has|had)\b)"
)
_LIST_ENDS = re.compile(r"\s*(?:,|/|and\b|or\b)|" + _CLAUSE_ENDS.pattern)
_OBJECT_WORDS = (
    r"(?:a|an|the|any|all|of|other|another|its|their|this|one|or|more|known|prior|previous|component|components|constituent|constituents"
    r"|ingredient|ingredients|excipients?|part|parts|class|classes|drugs?|agents?|either|both|active|inactive|used|in|similar)\b"
)
_OBJECT = re.compile(
    rf"\s*(?:reactions?\s*)?(?:\([^()]{{0,30}}\)\s*)?(?:to|with|from|against|:)\s*(?:{_OBJECT_WORDS}\s*){{0,8}}", re.IGNORECASE
)
_AFTER_TO = re.compile(rf"\s*(?:{_OBJECT_WORDS}\s*){{0,8}}", re.IGNORECASE)
_NEXT_OBJECT = re.compile(
    rf"\s*(?:(?:,|;|/|\(|\)|\bor\b|\band\b|\bto\b|\be\.g\.|\bsuch as\b|\bincluding\b)\s*)+(?:{_OBJECT_WORDS}\s*){{0,8}}",
    re.IGNORECASE,
)
_AND_OR = re.compile(r"\s*(?:,|/|\bor\b|\band\b|\band/or\b|\bknown\b|\bsevere\b|\s)+", re.IGNORECASE)
_OBJECT_KINDS = frozenset(("drug", "procedure", "therapy"))
_LINKS = "links.tsv"
_OTHER_WORD = re.compile(r"[-‐‑](?:free|ineligible|like|sparing)\b|[-‐‑]\d{4,}(?!\w)", re.IGNORECASE)
_PERCENTAGE = re.compile(r"\d\s?%\s$")
_NAIVE = re.compile(r"[-‐‑ ]na[iï]ve\b", re.IGNORECASE)
_NOT_SAID_BY = frozenset("non anti pre pseudo sub un".split())
"""Before a hyphen these make another word: "non-malignant" does not say malignant."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A condition, symptom, drug, therapy, procedure, test result, biomarker, habit or status, and the words that say it."""

    id: str
    name: str
    kind: str
    """condition, symptom, drug, therapy, procedure, test-result, biomarker, lifestyle or status."""
    parents: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Further names; one that begins with "=" counts only as it is spelled ("=ALL"), one that ends with "." only where its clause ends
    ("," also in a list), one that ends with ":" only as a heading; braces hold alternatives: "spots {on,in} the liver"."""
    denies: tuple[str, ...] = ()
    """Words that say its absence: "treatment-naive", "afebrile"."""
    icd: tuple[str, ...] = ()
    """ICD-10-CM codes and ranges of which every code is of this kind: "I20-I25"."""
    broad: bool = False
    """A class of which having one member says nothing of others: infection, surgery, medication."""
    takes_object: bool = False
    """Whether "to" brings in what it is about, and makes a narrower concept of the two: an allergy, anaphylaxis."""
    source: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept named in a text; several concepts where the words are ambiguous. `denies`: the words say that it is absent."""

    start: int
    end: int
    concepts: tuple[str, ...]
    denies: bool = False


def _parts(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


def _names(cell: str) -> tuple[str, ...]:
    """The names of a cell, each with its braces written out."""
    return tuple(name for part in _parts(cell, "|") for name in _written_out(part))


def _written_out(name: str) -> Iterator[str]:
    choices = [part.split(",") for part in re.split(r"[{}]", name)[1::2]]
    fixed = re.split(r"\{[^{}]*\}", name)
    for chosen in product(*choices):
        said = "".join(chain.from_iterable(zip_longest(fixed, chosen, fillvalue="")))
        yield re.sub(r" {2,}", " ", said).strip()


def _concept(row: Mapping[str, str]) -> Concept:
    return Concept(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        parents=_parts(row["parents"], ","),
        names=_names(row["names"]),
        denies=_names(row.get("denies", "")),
        icd=_parts(row.get("icd", ""), ","),
        broad="broad" in row.get("flags", ""),
        takes_object="object" in row.get("flags", ""),
        source=row.get("source", ""),
        example=row.get("example", ""),
    )


@cache
def all_concepts() -> Mapping[str, Concept]:
    """Every concept of the tables, by id, with the parents and names that the table of links adds across their borders."""
    found: dict[str, Concept] = {}
    for table in tables("concepts-"):
        for row in rows(table):
            found.setdefault(row["id"], _concept(row))
    for row in rows(_LINKS):
        if row["id"] in found:
            known = found[row["id"]]
            names = (*known.names, *_names(row["names"]))
            parents = dict.fromkeys((*known.parents, *_parts(row["parents"], ",")))
            found[known.id] = replace(known, names=names, parents=tuple(parents))
    return MappingProxyType(found)


def concept(id: str) -> Concept:
    """A concept of the tables, a code ("icd:M31.4") or words ("w:arter stiff"). Raises KeyError for an id of none of them."""
    known = all_concepts().get(id)
    if known is not None:
        return known
    if id.startswith(_CODE):
        return Concept(id, icd.name(id.removeprefix(_CODE)), "condition", source="ICD-10-CM")
    if _TO in id:
        taker, _, thing = id.partition(_TO)
        return replace(
            concept(taker), id=id, name=f"{name_of(taker)} to {name_of(thing)}", parents=_next(id), names=(), denies=()
        )
    if id.startswith(_WORDS):
        return Concept(id, id.removeprefix(_WORDS), "condition", source="the text's own words")
    raise KeyError(f"no concept has the id {id!r}")


def name_of(id: str) -> str:
    """A concept's name as a sentence would say it; the id itself where no table knows it."""
    try:
        return concept(id).name
    except KeyError:
        return id


@cache
def _terms() -> Terms:
    return Terms(_spelled())


def _spelled() -> Iterator[tuple[str, str]]:
    for known in all_concepts().values():
        for name in (known.name, *known.names):
            yield name.rstrip(".:,"), _PLACES.get(name[-1], "") + known.id
            for short in _shortened(name):
                yield short, known.id
            if known.kind == "biomarker" and name.startswith("=") and name[1:].isalnum():
                for wild in ("wt", "wild type"):
                    yield f"{name[1:]} {wild}", _DENIES + known.id
                    yield f"{wild} {name[1:]}", _DENIES + known.id
        for name in known.denies:
            yield name.rstrip(".:,"), _PLACES.get(name[-1], "") + _DENIES + known.id


@cache
def _shorthand() -> Mapping[str, tuple[str, ...]]:
    """How charts shorten the last word of a longer name: "bladder ca", "lung dz"."""
    return {row["word"]: tuple(row["short"].split("|")) for row in rows("shorthand.tsv")}


def _shortened(name: str) -> Iterator[str]:
    before, _, last = name.rpartition(" ")
    if before and name[0] != "=" and "{" not in name:
        for short in _shorthand().get(last, ()):
            yield f"{before} {short}"


@lru_cache(maxsize=512)
def find(text: str) -> tuple[Mention, ...]:
    """The concepts that a text names, leftmost and longest, none overlapping another; "allergy to cisplatin" is one."""
    plain = _OPTIONAL_LETTER.sub(r"\1\3/\2\3", text)
    hits = (_in_place(hit, text) for hit in _terms().find(plain) if not _is_part_of_a_word(hit, text))
    return tuple(_sharing_objects(_with_objects([_mention(hit, text) for hit in hits if hit.entries], text), text))


def _in_place(hit: Hit, text: str) -> Hit:
    """A hit without what its words say only at the end of a clause or as a heading, where it stands elsewhere."""
    if not any(entry[0] in _PLACES.values() for entry in hit.entries):
        return hit
    headed = tuple(entry[1:] for entry in hit.entries if entry[0] == _PLACES[":"])
    if headed and text.startswith(":", hit.end):
        return replace(hit, entries=headed)
    barred = _PLACES[":"]
    barred += "" if _CLAUSE_ENDS.match(text, hit.end) else _PLACES["."]
    barred += "" if _LIST_ENDS.match(text, hit.end) else _PLACES[","]
    said = (entry.lstrip("".join(_PLACES.values())) for entry in hit.entries if entry[0] not in barred)
    return replace(hit, entries=tuple(dict.fromkeys(said)))


def _is_part_of_a_word(hit: Hit, text: str) -> bool:
    """Whether a hyphen makes another word of it ("non-malignant", "CTX-1234"), or it says how a percentage was taken ("97% RA")."""
    if _OTHER_WORD.match(text, hit.end) or (
        hit.end - hit.start <= 3 and _PERCENTAGE.search(text[max(0, hit.start - 6) : hit.start])
    ):
        return True
    if not hit.start or text[hit.start - 1] not in "-‐‑":
        return False
    before = tokens(text[max(0, hit.start - 12) : hit.start - 1])
    return bool(before) and before[-1].key in _NOT_SAID_BY


def _mention(hit: Hit, text: str) -> Mention:
    naive = _NAIVE.match(text, hit.end)
    if naive:
        return Mention(hit.start, naive.end(), tuple(entry.removeprefix(_DENIES) for entry in hit.entries), True)
    denied = tuple(entry.removeprefix(_DENIES) for entry in hit.entries if entry.startswith(_DENIES))
    return Mention(hit.start, hit.end, denied or hit.entries, bool(denied))


def _with_objects(found: list[Mention], text: str) -> Iterator[Mention]:
    """The mentions, with each allergy and its objects made into allergies to them: "allergy to cisplatin or taxanes" names two."""
    place = 0
    while place < len(found):
        head, place = found[place], place + 1
        after = found[place] if place < len(found) else None
        if (
            after
            and _is_object(head)
            and not after.denies
            and after.concepts[0] == _taker(after)
            and text[head.end : after.start] in (" ", "-")
        ):
            head = Mention(head.start, after.end, tuple(_about(_taker(after), id) for id in head.concepts))
            place += 1
        taker, last = _taker(head), head
        named = taker and head.concepts[0] != taker
        gap = _NEXT_OBJECT if named else _opening(head, text)
        if named and " to " not in text[head.start : head.end]:
            taker = ""
        while taker and place < len(found) and _is_object(found[place]) and gap.fullmatch(text, last.end, found[place].start):
            if last is head and gap is _NEXT_OBJECT:
                yield head
            start, last, gap = (found[place].start if gap is _NEXT_OBJECT else head.start), found[place], _NEXT_OBJECT
            yield Mention(start, last.end, tuple(_about(taker, id) for id in last.concepts), head.denies)
            place += 1
        if last is head:
            yield from _with_words(head, taker, text, after) if taker and not named else (head,)


def _sharing_objects(found: Iterable[Mention], text: str) -> Iterator[Mention]:
    """The mentions, an allergy before "or" taken with the object of the next: "allergy or hypersensitivity to latex"."""
    listed = list(found)
    for mention, after in zip_longest(listed, listed[1:]):
        bare = not mention.denies and mention.concepts[0] == _taker(mention)
        shared = bare and after and _taker(after) and _AND_OR.fullmatch(text, mention.end, after.start)
        yield replace(mention, concepts=after.concepts) if shared else mention


def _opening(head: Mention, text: str) -> re.Pattern[str]:
    """What may stand between an allergy and its object; "reaction to" has its "to" already."""
    return _AFTER_TO if text[max(0, head.end - 3) : head.end].lower() == " to" else _OBJECT


def _with_words(head: Mention, taker: str, text: str, after: Mention | None) -> Iterator[Mention]:
    """An allergy to what is itself no concept, where the tables have such an allergy: "hypersensitivity to latex".

    Where they have none, a denial of it denies nothing else: "no allergies to metals".
    """
    opening = _opening(head, text)
    gap = opening.match(text, head.end)
    words = tokens(text[head.end : min(gap.end() + 40, after.start if after else len(text))]) if gap else ()
    first = sum(word.end <= gap.end() - head.end for word in words) if gap else 0
    for start, last in ((first, first + 3), (first, first + 2), (first, first + 1), (first - 1, first)):
        said = _terms().entries(f"{' '.join(word.key for word in words[max(start, 0) : last])} {taker}")
        if said and taker not in said and start < len(words):
            yield Mention(head.start, head.end + words[min(last, len(words)) - 1].end, said, head.denies)
            return
    if opening is _OBJECT and not (head.denies and gap and ":" not in gap[0]):
        yield head


def _is_object(mention: Mention) -> bool:
    return not mention.denies and all(concept(id).kind in _OBJECT_KINDS for id in mention.concepts)


def _taker(mention: Mention) -> str:
    """What a mention takes an object as: an allergy to something is an allergy."""
    known = all_concepts()
    wider = (each for id in mention.concepts for each in (id, *ancestors(id)))
    return next((id for id in wider if id in known and known[id].takes_object), "")


@lru_cache(maxsize=10_000)
def _about(taker: str, id: str) -> str:
    """The id of an allergy to a thing: that of the tables where they name one ("penicillin-allergy"), else one of both ids."""
    named = _terms().entries(f"{name_of(id)} {taker}")
    return f"{id}-{taker}" if f"{id}-{taker}" in all_concepts() else named[0] if named else f"{taker}{_TO}{id}"


def words_id(text: str) -> str:
    """An id for words that no table knows: "w:" and their stems, sorted, each once."""
    return _WORDS + " ".join(sorted(set(stems(text))))


def is_a(narrow: str, wide: str) -> bool:
    """Whether whoever has `narrow` has `wide`: over the tables' parents, the ICD hierarchy, and words (more words are narrower)."""
    if narrow == wide:
        return True
    if narrow.startswith(_WORDS) and wide.startswith(_WORDS):
        words = set(wide.removeprefix(_WORDS).split())
        return bool(words) and words <= set(narrow.removeprefix(_WORDS).split())
    return wide in ancestors(narrow) or (wide.startswith(_CODE) and _lies_within(narrow, wide.removeprefix(_CODE)))


@lru_cache(maxsize=50_000)
def ancestors(id: str) -> frozenset[str]:
    """Every wider concept that has `id` under it, without itself."""
    found: set[str] = set()
    ahead = [id]
    while ahead:
        for wider in _next(ahead.pop()):
            if wider not in found:
                found.add(wider)
                ahead.append(wider)
    return frozenset(found)


def _next(id: str) -> tuple[str, ...]:
    if _TO in id:
        taker, _, thing = id.partition(_TO)
        wider = [parent for parent in all_concepts()[taker].parents if all_concepts()[parent].takes_object]
        return (*(_about(taker, each) for each in _next(thing)), *(_about(each, thing) for each in wider), taker)
    if not id.startswith(_CODE):
        known = all_concepts().get(id)
        return known.parents if known else ()
    code = id.removeprefix(_CODE)
    above = tuple(_CODE + wider for wider in icd.above(code))
    return above + tuple(known for known, spans in _coded() if any(icd.inside(code, span) for span in spans))


@cache
def _coded() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((known.id, known.icd) for known in all_concepts().values() if known.icd)


def _lies_within(id: str, code: str) -> bool:
    """Whether all codes of a concept of the tables, or of one of its ancestors, lie within a code or block."""
    chain = (all_concepts().get(wider) for wider in (id, *ancestors(id)))
    return any(
        not known.broad and bool(known.icd) and all(icd.inside(span, code) for span in known.icd) for known in chain if known
    )
