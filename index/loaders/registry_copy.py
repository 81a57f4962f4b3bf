"""Plain copies of a registry page: "Participation Requirements", "View:", "Treatments", "Leads:", one value a line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from index.loaders import vocabulary
from index.loaders.boilerplate import is_boilerplate
from index.loaders.eligibility import criteria
from index.loaders.institutions import institutions
from index.loaders.labels import LABEL_LENGTH, Stated, assemble, on_one_line, plain
from index.loaders.lines import Line, Part, foreign, lines, parts, sections, shown, stretch, unmarked
from index.loaders.outcomes import outcomes
from index.loaders.people import EMAIL, PHONE, RANK
from index.loaders.places import COUNTRIES, PROVINCES, STATES
from index.loaders.raw import Raw
from index.loaders.treatments import typed_arms
from index.trial import Contact, Criterion, Site, Source, Trial

FORMAT = "registry_copy"
_ORDER = (
    ("summary", "summary"),
    ("description", "description"),
    ("detailed description", "description"),
    ("eligibility", "eligibility"),
    ("participation requirements", "eligibility"),
    ("view", "eligibility"),
    ("locations", "locations"),
    ("contact information", "contacts"),
    ("time frame", "status"),
    ("participants", "status"),
    ("treatments", "arms"),
    ("outcomes", "outcomes"),
    ("primary outcome measures", "outcomes"),
    ("secondary outcome measures", "outcomes"),
    ("related therapeutic areas", "conditions"),
    ("sponsors", "sponsor"),
)
"""The layout's headings in the order that it prints them."""
_PLACE = {heading: at for at, (heading, _) in enumerate(_ORDER)}
_CRITERIA = ("view", "participation requirements", "eligibility")
"""The criteria stand under the last of these headings that is there."""
_OTHER = frozenset({"other locations"})
_SPONSOR = re.compile(r"(?P<role>leads?|lead sponsors?|collaborators?)\s*:\s*(?P<names>\S.*)", re.IGNORECASE)
_SIGNS = tuple(
    re.compile(sign, re.MULTILINE)
    for sign in (
        r"^[^\S\n]*Participation Requirements[^\S\n]*$",
        r"^[^\S\n]*Healthy Volunteers: ?\w+[^\S\n]*$",
        r"^[^\S\n]*Target number of participants:",
        r"^[^\S\n]*View:[^\S\n]*$",
        r"^[^\S\n]*Treatments[^\S\n]*$",
        r"^[^\S\n]*Related Therapeutic Areas[^\S\n]*$",
        r"^[^\S\n]*Leads: ?\S",
        r"^[^\S\n]*Study Phase: ?\S",
    )
)


def recognises(raw: Raw) -> bool:
    """Whether at least four of the layout's labels are there."""
    return sum(bool(sign.search(raw.text)) for sign in _SIGNS) >= 4


def read(raw: Raw) -> Trial:
    """The trial on a page of this layout."""
    source = raw.source(FORMAT)
    page = lines(source.text)
    cut = [_content(part) for part in parts(page, _headings(page))]
    sites = tuple(_sites(source, _body(cut, "locations")))
    trial = assemble(Trial(PurePath(raw.document).stem, (source,)), _stated(source, cut, sites))
    trial_id = trial.nct_id or trial.id
    measured = outcomes(source, cut)
    return replace(
        trial,
        id=trial_id,
        arms=tuple(typed_arms(source, _body(cut, "arms"))),
        primary_outcomes=measured.primary,
        secondary_outcomes=measured.secondary,
        other_outcomes=measured.other,
        sites=sites,
        contacts=tuple(_contacts(source, _body(cut, "contacts"))),
        criteria=_criteria(source, cut, trial_id),
        related=foreign(source, trial.nct_id),
        sections=sections(source, cut),
    )


def _headings(page: Sequence[Line]) -> dict[int, str]:
    """The longest run of heading lines in the layout's order: a stray "Participants" inside a list of criteria is none."""
    longest: dict[int, list[int]] = {}
    for at, line in enumerate(page):
        place = _PLACE.get(plain(line.text)) if len(line.text) <= LABEL_LENGTH else None
        if place is not None:
            before = max((run for last, run in longest.items() if last < place), key=len, default=[])
            if len(before) >= len(longest.get(place, [])):
                longest[place] = [*before, at]
    run = max(longest.values(), key=len, default=[])
    return {at: _ORDER[_PLACE[plain(page[at].text)]][1] for at in run}


def _content(part: Part) -> Part:
    return Part(part.name, part.heading, tuple(line for line in part.body if not is_boilerplate(line.text)))


def _body(cut: Sequence[Part], name: str) -> list[Line]:
    return [line for part in cut if part.name == name for line in part.body]


def _stated(source: Source, cut: Sequence[Part], sites: Sequence[Site]) -> Iterator[Stated]:
    for part in cut:
        if not part.heading and part.body:
            title = unmarked(part.body[0])
            yield Stated("title", shown(source, title), stretch(source, title))
            yield from on_one_line(source, part.body[1:])
            yield from _intervention_type(source, part.body)
        elif plain(part.title) in ("eligibility", "participation requirements") or part.name == "status":
            yield from on_one_line(source, part.body)
        elif part.name in ("summary", "description") and part.body:
            yield Stated(part.name, None, stretch(source, part.body[0], part.body[-1]))
        elif part.name == "conditions":
            yield from (Stated("conditions", (shown(source, line),), stretch(source, line)) for line in part.body)
        elif part.name == "sponsor":
            yield from _sponsors(source, part.body, sites)


def _intervention_type(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    """The layout gives the interventions' type without their names: evidence, but no value."""
    for line in body:
        if line.text.lower().startswith("intervention type:"):
            yield Stated("interventions", None, stretch(source, line))


def _sponsors(source: Source, body: Sequence[Line], sites: Sequence[Site]) -> Iterator[Stated]:
    places = frozenset(place for site in sites for place in (site.city, site.state, site.country) if place)
    for line in body:
        if found := _SPONSOR.fullmatch(shown(source, line)):
            if found["role"].lower().startswith("collaborator"):
                yield Stated("collaborators", institutions(found["names"], places), stretch(source, line))
            else:
                yield Stated("sponsor", found["names"], stretch(source, line))


def _sites(source: Source, body: Sequence[Line]) -> Iterator[Site]:
    """Under a country, and in the United States a state: a facility, perhaps its status, its city."""
    country: str | None = None
    state: str | None = None
    at = 0
    while at < len(body):
        name = body[at].text
        if plain(name) in _OTHER or name in COUNTRIES or name in STATES | PROVINCES:
            state = name if name in STATES | PROVINCES and country else None
            country = country if state else name if name in COUNTRIES else None
            at += 1
            continue
        status = vocabulary.status(body[at + 1].text) if at + 1 < len(body) else None
        last = min(at + (2 if status else 1), len(body) - 1)
        city = shown(source, body[last]) if last > at and not (status and last == at + 1) else None
        yield Site(shown(source, body[at]), city, state, country, status, stretch(source, body[at], body[last]))
        at = last + 1


def _contacts(source: Source, body: Sequence[Line]) -> Iterator[Contact]:
    """ "Primary" or "Backup", a name, an e-mail address, a telephone number."""
    starts = [at for at, line in enumerate(body) if RANK.fullmatch(line.text)]
    for start, until in pairwise([*starts, len(body)]):
        person = body[start + 1 : until]
        if not person:
            continue
        said = [shown(source, line) for line in person]
        email = next((found[0] for words in said if (found := EMAIL.search(words))), None)
        phone = next((found[1] for words in said if (found := PHONE.fullmatch(words))), None)
        yield Contact(said[0], "CONTACT", phone, email, stretch(source, body[start], person[-1]))


def _criteria(source: Source, cut: Sequence[Part], trial: str) -> tuple[Criterion, ...]:
    for heading in _CRITERIA:
        for part in cut:
            if plain(part.title) == heading:
                listed = [line for line in part.body if heading == "view" or not list(on_one_line(source, [line]))]
                return criteria(source, listed, trial)
    return ()
