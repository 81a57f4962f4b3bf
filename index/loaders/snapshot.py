"""Pages with a helper sentence under each heading ("Get a concise snapshot …") and labels on lines of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from index.loaders import vocabulary
from index.loaders.boilerplate import is_boilerplate, is_general_helper, is_helper
from index.loaders.eligibility import criteria
from index.loaders.fields import word
from index.loaders.labels import Stated, assemble, on_one_line, on_two_lines, plain
from index.loaders.lines import NCT, Line, Part, foreign, joined, lines, parts, sections, shown, stretch, unmarked
from index.loaders.outcomes import outcomes
from index.loaders.people import OFFICIAL_ROLES, people
from index.loaders.places import COUNTRIES
from index.loaders.raw import Raw
from index.trial import Arm, Contact, Intervention, Related, Site, Source, Trial

FORMAT = "snapshot"
_HEADINGS = {
    "primary outcomes": "outcomes",
    "secondary outcomes": "outcomes",
    "other outcomes": "outcomes",
    "primary outcome measures": "outcomes",
    "secondary outcome measures": "outcomes",
    "other outcome measures": "outcomes",
    "outcome measures": "outcomes",
    "outcomes": "outcomes",
    "study results": "results",
    "basic information": "status",
    "official title": "title",
    "brief summary": "summary",
    "detailed description": "description",
    "conditions": "conditions",
    "keywords": "conditions",
    "study design": "design",
    "study groups": "arms",
    "interventions": "interventions",
    "eligibility criteria": "eligibility",
    "sponsors": "sponsor",
    "responsible party": "sponsor",
    "principal investigators": "sponsor",
    "overall officials": "sponsor",
    "study officials": "sponsor",
    "investigators": "sponsor",
    "locations": "locations",
    "countries": "locations",
    "central contacts": "contacts",
    "facility contacts": "contacts",
    "other identifiers": "identifiers",
    "secondary identifiers": "identifiers",
    "references": "references",
    "related links": "references",
    "publications": "references",
    "more related trials": "related",
    "related trials": "related",
}
_LIMITS = frozenset({"minimum eligible age", "maximum eligible age", "eligible sex", "accepts healthy volunteers"})
_BARE = frozenset({"study results"})
"""Headings that the layout prints no helper sentence under."""
_GROUP_TYPE = re.compile(r"Group Type\b\s*(.*)")
_INTERVENTION_TYPE = re.compile(r"Intervention Type\b\s*(.*)")
_SPONSOR_ROLE = re.compile(r"Sponsor Role\s+(\w+)", re.IGNORECASE)
_RESPONSIBLE = re.compile(r"Responsibility Role\s+(\w+)", re.IGNORECASE)
_SITE_STATUS = re.compile(r"Site Status\b\s*(.*)")
_IDENTIFIER = re.compile(r"Identifier (?:Type|Source)\b.*", re.IGNORECASE)
_INSTITUTION = re.compile(r"hospital|universit|cent(?:er|re)|institut|clinic|college|school|inc\b|ltd|pharma", re.IGNORECASE)
_LABELLED = re.compile(r"[A-Z][A-Za-z ]{1,30}:\s")
_POSTED = re.compile(r"\b(?:available|posted|published|complete|submitted|has results)\b")
_PENDING = re.compile(r"\b(?:pending|not|no|none|awaited)\b")
_TITLE_CASE = re.compile(r"(?:[A-Z][a-z]+|and|of|&|for)(?: (?:[A-Z][a-z]+|and|of|&|for)){0,5}")
_SIGNS = (
    re.compile(r"^NCT ID:", re.MULTILINE),
    re.compile(r"^[^\S\n]*Basic Information[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*Recruitment Status[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*Study Classification[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*(?:Group|Intervention) Type [A-Z_]+[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*Minimum Eligible Age[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*Sponsor Role \w+[^\S\n]*$", re.MULTILINE),
    re.compile(r"^[^\S\n]*Identifier Source:", re.MULTILINE),
)


def recognises(raw: Raw) -> bool:
    """Whether at least four of the layout's labels are there."""
    return sum(bool(sign.search(raw.text)) for sign in _SIGNS) >= 4


def read(raw: Raw) -> Trial:
    """The trial on a page of this layout."""
    source = raw.source(FORMAT)
    page = lines(source.text)
    cut = [_without_helper(part) for part in parts(page, _headings(page))]
    trial = assemble(Trial(PurePath(raw.document).stem, (source,)), _stated(source, cut))
    treatments = tuple(_interventions(source, _body(cut, "interventions")))
    measured = outcomes(source, cut)
    listed = _body(cut, "eligibility")
    named = tuple(people(source, [line for part in cut if part.name == "contacts" for line in part.body]))
    return replace(
        trial,
        id=trial.nct_id or trial.id,
        arms=tuple(_arms(source, _body(cut, "arms"), treatments)),
        interventions=treatments,
        primary_outcomes=measured.primary,
        secondary_outcomes=measured.secondary,
        other_outcomes=measured.other,
        sites=tuple(_sites(source, cut)),
        contacts=tuple(person for person in named if person.role not in OFFICIAL_ROLES),
        officials=(*_responsible(source, cut), *(person for person in named if person.role in OFFICIAL_ROLES)),
        criteria=criteria(source, listed[: _end_of_criteria(listed)], trial.nct_id or trial.id),
        related=foreign(source, trial.nct_id, _related(source, _body(cut, "related"))),
        sections=sections(source, cut),
    )


def _headings(page: Sequence[Line]) -> dict[int, str]:
    """The lines that a helper sentence follows are headings, known or not. A copy without helper sentences has the known ones."""
    known = {at: _HEADINGS[plain(line.text)] for at, line in enumerate(page) if plain(line.text) in _HEADINGS}
    helped = {at for at in range(len(page) - 1) if is_helper(page[at + 1].text)}
    if not helped & known.keys():
        return {at: name for at, name in known.items() if at == _first(page, page[at].text)}
    found = {at: known.get(at, "other") for at in helped if at in known or _may_be_heading(page, at)}
    return found | {
        at: name for at, name in known.items() if plain(page[at].text) in _BARE and at == _first(page, page[at].text)
    }


def _first(page: Sequence[Line], text: str) -> int:
    return next(at for at, line in enumerate(page) if line.text == text)


def _may_be_heading(page: Sequence[Line], at: int) -> bool:
    return bool(_TITLE_CASE.fullmatch(page[at].text)) and is_general_helper(page[at + 1].text)


def _body(cut: Sequence[Part], *names: str, title: str | None = None) -> list[Line]:
    """The lines under the parts of those sections, helper sentences left out."""
    return [line for part in cut if part.name in names and title in (None, plain(part.title)) for line in part.body]


def _without_helper(part: Part) -> Part:
    body = part.body[1:] if part.heading and part.body and is_helper(part.body[0].text) else part.body
    return Part(part.name, part.heading, tuple(line for line in body if not is_boilerplate(line.text)))


def _stated(source: Source, cut: Sequence[Part]) -> Iterator[Stated]:
    for part in cut:
        if part.name == "title":
            yield from _titles(source, part)
        if part.name in ("title", "status", "design"):
            yield from on_one_line(source, part.body)
            yield from on_two_lines(source, part.body)
        elif part.name == "eligibility":
            yield from on_two_lines(source, part.body[_end_of_criteria(part.body) :])
        elif part.name == "conditions":
            field = "keywords" if plain(part.title) == "keywords" else "conditions"
            yield from (Stated(field, (shown(source, line),), stretch(source, line)) for line in part.body)
        elif part.name == "results" and part.body and part.heading:
            yield from _results(source, part.body)
        elif part.name == "identifiers":
            yield from _identifiers(source, part.body)
        elif part.name == "sponsor":
            yield from _sponsors(source, part.body)
        elif part.name in ("summary", "description") and part.body:
            yield Stated(part.name, None, stretch(source, part.body[0], part.body[-1]))


def _titles(source: Source, part: Part) -> Iterator[Stated]:
    """What stands before the first label: the title, perhaps the official one."""
    labelled = [at for at, line in enumerate(part.body) if _LABELLED.match(line.text)]
    heads = part.body[: labelled[0] if labelled else 1]
    fields = ("official_title",) if part.heading else ("title", "official_title")
    for field, line in zip(fields, map(unmarked, heads), strict=False):
        yield Stated(field, shown(source, line), stretch(source, line))


def _results(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    said = body[0].text.lower()
    posted = _POSTED.search(said) is not None
    if posted or _PENDING.search(said):
        yield Stated("has_results", posted and not _PENDING.search(said), stretch(source, body[0], body[-1]))
    yield Stated("results", None, stretch(source, body[0], body[-1]))


def _identifiers(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    for at, line in enumerate(body):
        if not _IDENTIFIER.fullmatch(line.text) and at + 1 < len(body) and _IDENTIFIER.fullmatch(body[at + 1].text):
            last = at + 1
            while last + 1 < len(body) and _IDENTIFIER.fullmatch(body[last + 1].text):
                last += 1
            yield Stated("other_ids", (shown(source, line),), stretch(source, line, body[last]))


def _sponsors(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    """A name, perhaps a class, and "Sponsor Role lead" or "collaborator" in turn."""
    for item, role in _ended_by(body, _SPONSOR_ROLE):
        name = shown(source, item[0])
        if role.lower() == "lead":
            yield Stated("sponsor", name, stretch(source, item[0], item[-1]))
        else:
            yield Stated("collaborators", (name,), stretch(source, item[0], item[-1]))


def _ended_by(body: Sequence[Line], end: re.Pattern[str]) -> Iterator[tuple[list[Line], str]]:
    """The items that a line of this form ends, each with what the form catches; an item has a line before its last."""
    item: list[Line] = []
    for line in body:
        item.append(line)
        if found := end.fullmatch(line.text):
            if len(item) > 1:
                yield item, found[1]
            item = []


def _responsible(source: Source, cut: Sequence[Part]) -> Iterator[Contact]:
    """The responsible party when it is a person: a name, a title or an institution, and the role."""
    for part in cut:
        for item, role in _ended_by(part.body, _RESPONSIBLE) if part.name == "sponsor" else ():
            place = next((shown(source, line) for line in item[1:-1] if _INSTITUTION.search(line.text)), None)
            yield Contact(shown(source, item[0]), word(role), None, None, stretch(source, item[0], item[-1]), place)


def _interventions(source: Source, body: Sequence[Line]) -> Iterator[Intervention]:
    """A name, perhaps a description, the type, perhaps other names."""
    item: list[Line] = []
    for line in body:
        item.append(line)
        kind = _INTERVENTION_TYPE.fullmatch(line.text)
        if kind and len(item) > 1:
            type_ = vocabulary.choice(kind[1], vocabulary.INTERVENTION_TYPES)
            span = stretch(source, item[0], line)
            yield Intervention(type_, shown(source, item[0]), joined(source, item[1:-1]), span)
            item = []


def _arms(source: Source, body: Sequence[Line], treatments: Sequence[Intervention]) -> Iterator[Arm]:
    """A label, perhaps a description, the type; then the arm's interventions, which the page describes again elsewhere."""
    start = 0
    for at, line in enumerate(body):
        kind = _GROUP_TYPE.fullmatch(line.text)
        if not kind:
            continue
        first = _after_interventions(source, body[start:at], treatments) + start
        if first < at:
            type_ = vocabulary.choice(kind[1], vocabulary.ARM_TYPES)
            label, about = shown(source, body[first]), joined(source, body[first + 1 : at])
            yield Arm(label, type_, about, stretch(source, body[first], line))
        start = at + 1


def _after_interventions(source: Source, between: Sequence[Line], treatments: Sequence[Intervention]) -> int:
    """Where between two "Group Type" lines the next arm begins: after the last intervention's type and its description."""
    types = [at for at, line in enumerate(between) if _INTERVENTION_TYPE.fullmatch(line.text)]
    if not types:
        return 0
    name = shown(source, between[types[-1] - 1]) if types[-1] else ""
    after = types[-1] + 1
    for about in (treatment.description for treatment in treatments if treatment.name == name and treatment.description):
        for end in range(after + 1, len(between)):
            if joined(source, between[after:end]) == about:
                return end
    described = any(treatment.name == name for treatment in treatments)
    # An intervention that the page does not list again: its description is one paragraph, as most are.
    return after if described or len(between) - after < 2 else after + 1


def _sites(source: Source, cut: Sequence[Part]) -> Iterator[Site]:
    countries = COUNTRIES | {line.text for line in _body(cut, "locations", title="countries")}
    body = [line for part in cut if part.name == "locations" and plain(part.title) != "countries" for line in part.body]
    at = 0
    while at < len(body):
        facility = body[at] if at + 1 < len(body) and _place(body[at + 1], countries) else None
        where = body[at + 1] if facility else body[at]
        at += 2 if facility else 1
        place = _place(where, countries)
        if not place:
            continue
        status = _SITE_STATUS.fullmatch(body[at].text) if at < len(body) else None
        last = body[at] if status else where
        at += 1 if status else 0
        named = shown(source, facility) if facility else None
        yield Site(named, *place, vocabulary.status(status[1]) if status else None, stretch(source, facility or where, last))


def _place(line: Line, countries: frozenset[str]) -> tuple[str | None, str | None, str] | None:
    """City, state and country of a line such as "Changsha, , China"; None for another line."""
    first, *middle, last = [item.strip() for item in line.text.split(",")] if "," in line.text else [line.text, ""]
    if last not in countries or not middle:
        return None
    state = ", ".join(item for item in middle if item and not any(c.isdigit() for c in item))
    return first or None, state or None, last


def _end_of_criteria(body: Sequence[Line]) -> int:
    """Where the labelled limits begin ("Minimum Eligible Age") that stand after the criteria."""
    return next((at for at, line in enumerate(body) if plain(line.text) in _LIMITS), len(body))


def _related(source: Source, body: Sequence[Line]) -> Iterator[Related]:
    """A title and, on the next line, the number, the status and the phase."""
    for at, line in enumerate(body):
        if number := NCT.match(line.text):
            title = body[at - 1] if at and not NCT.match(body[at - 1].text) else None
            status = vocabulary.status(line.text[number.end() :].split()[0]) if line.text[number.end() :].split() else None
            yield Related(number[0], shown(source, title) if title else None, status, stretch(source, title or line, line))
