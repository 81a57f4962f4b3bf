"""Any text or Markdown page by its headings, so that nothing readable is refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from index.loaders import vocabulary
from index.loaders.boilerplate import is_boilerplate, is_general_helper
from index.loaders.eligibility import criteria
from index.loaders.labels import LABEL_LENGTH, Stated, assemble, is_label, on_one_line, on_two_lines, plain, read_field
from index.loaders.lines import NCT, Line, Part, foreign, lines, parts, sections, shown, stretch, unmarked
from index.loaders.outcomes import outcomes
from index.loaders.people import OFFICIAL_ROLES, people
from index.loaders.raw import Raw
from index.loaders.sites import listed_sites
from index.loaders.treatments import typed_arms, typed_interventions
from index.trial import Criterion, Source, Span, Trial

FORMAT = "headings"
_SYNONYMS = {
    "title": "title page|title|protocol title|official title|brief title|public title|scientific title|short title",
    "summary": (
        "summary|brief summary|overview|study overview|trial overview|synopsis|study synopsis|protocol synopsis"
        "|protocol summary|abstract|plain language summary|lay summary|about this study|about this trial"
        "|about the study|about the trial|purpose|study purpose|at a glance"
    ),
    "description": (
        "description|detailed description|study description|trial description|more information|background"
        "|background and rationale|rationale|introduction|study rationale|what will happen|details"
    ),
    "status": (
        "status|recruitment status|study status|trial status|recruitment|enrollment|dates|key dates|study dates"
        "|timeline|time frame|tracking information|basic information|study record dates"
    ),
    "conditions": (
        "conditions|condition|disease|diseases|indication|indications|condition or disease|conditions studied"
        "|medical conditions|keywords|health conditions"
    ),
    "design": (
        "study design|trial design|design|design details|overall design|study details|study plan|study type"
        "|investigational plan"
    ),
    "arms": (
        "arms|study arms|arms and interventions|arms & interventions|arm groups|study groups|groups and cohorts"
        "|treatment arms|groups|participant groups|treatment groups|cohorts|arms/interventions"
    ),
    "interventions": (
        "interventions|intervention|treatments|treatment|study treatment|study treatments|study intervention"
        "|study interventions|study drug|study drugs|drugs|intervention/treatment|intervention / treatment"
        "|study intervention and concomitant therapy"
    ),
    "outcomes": (
        "outcomes|outcome measures|primary outcomes|primary outcome|primary outcome measures"
        "|primary outcome measure|secondary outcomes|secondary outcome|secondary outcome measures"
        "|secondary outcome measure|other outcome measures|endpoints|primary endpoint|primary endpoints"
        "|secondary endpoint|secondary endpoints|objectives|study objectives|objectives and endpoints"
        "|what is the study measuring?|what the study is measuring"
    ),
    "eligibility": (
        "eligibility|eligibility criteria|participation criteria|who can participate|who can participate?"
        "|who can take part|who can take part?|who can join|who can join?|can i join?|am i eligible?"
        "|inclusion criteria|exclusion criteria|key inclusion criteria|key exclusion criteria|inclusion|exclusion"
        "|inclusion/exclusion criteria|inclusion and exclusion criteria|main inclusion criteria"
        "|main exclusion criteria|criteria|study population|selection criteria|patient selection"
        "|selection of study population|participation requirements|key eligibility criteria"
        "|criteria for enrollment|eligible participants|subject inclusion criteria|subject exclusion criteria"
        "|patient inclusion criteria|patient exclusion criteria|participant eligibility|eligibility requirements"
        "|who may be eligible|who is eligible?|requirements|selection of participants"
        "|participant inclusion criteria|participant exclusion criteria"
        "|study inclusion criteria|study exclusion criteria"
    ),
    "sponsor": (
        "sponsor|sponsors|sponsors and collaborators|collaborators|collaborators and investigators"
        "|sponsor and collaborators|responsible party|investigators|investigator|principal investigator"
        "|principal investigators|lead sponsor|study officials|funding|who is running the clinical trial?"
    ),
    "contacts": (
        "contacts|contact|contact information|study contact|study contacts|central contacts|central contact"
        "|contact us|trial contact|facility contacts|study contact backup|principal contact|how to contact us"
        "|who to contact"
    ),
    "locations": (
        "locations|location|sites|study sites|trial sites|study locations|trial locations|where"
        "|contacts and locations|centers|participating sites|participating centers|study centers|recruitment sites"
        "|countries|study location|hospitals"
    ),
    "identifiers": (
        "identifiers|identifier|other identifiers|secondary ids|other study id numbers|study identifiers"
        "|registration|trial registration|study ids|registry identifiers|ids"
    ),
    "results": "results|study results|trial results|results overview",
    "references": (
        "references|publications|bibliography|literature|citations|further reading|related publications|links"
        "|sources|reference list"
    ),
    "related": (
        "related trials|more related trials|similar trials|similar studies|related studies|other trials"
        "|you may also be interested in|other studies|see also|related clinical trials"
    ),
    "faq": "faq|faqs|frequently asked questions|questions and answers|common questions|q&a",
}
NAMES = {heading: name for name, headings in _SYNONYMS.items() for heading in headings.split("|")}
"""Heading, as `labels.plain` has it → the section's name."""

_MARKDOWN = re.compile(r"(#{1,6})\s+(\S.*?)\s*#*")
_BOLD = re.compile(r"(?:\*\*|__)(\S[^*_]*?)(?:\*\*|__):?")
_UNDERLINE = re.compile(r"={3,}|-{3,}|~{3,}|\*{3,}")
_NUMBER = re.compile(r"(?:section\s+)?((?:\d{1,2}\.)*\d{1,2})\.?\s+(?=[A-Z])", re.IGNORECASE)
_CONTENTS = re.compile(r".*?(?:\.\s?){4,}\s*\d*|.*\S\s{2,}\d{1,3}|(?:\d+\.)+\d*\s.*\s\d{1,3}")
"""A line of a table of contents: leaders, or a page number."""
_CAPITALS = re.compile(r"[^a-z]*[A-Z]{2,}[^a-z]*")
_LIST = re.compile(r"(?:inclusion|exclusion)\b", re.IGNORECASE)
_LIMITS = frozenset({"sex", "minimum_age", "maximum_age", "healthy_volunteers"})
_FREE_TEXT = frozenset(
    {"summary", "description", "eligibility", "references", "related", "faq", "outcomes", "arms", "interventions"}
)
"""Sections in whose sentences "status:" or "phase:" need not speak of the trial."""
_SOMEWHERE = Span("", 0, 1)
_HEAD = 3000
"""How far into a document its own number is looked for."""
_TITLE_LENGTH = 400
_NO_TITLE = re.compile(
    r"copyright|©|confidential|proprietary|all rights|^page \d|\bversion \d|^protocol (?:amendment|number|no)", re.IGNORECASE
)


class Heading(NamedTuple):
    """A heading: the section that it opens, how deep it stands (None where the page does not say)."""

    name: str | None
    level: int | None
    numbered: bool = False


def recognises(raw: Raw) -> bool:
    """Whether there is text at all."""
    return bool(raw.text.strip())


def read(raw: Raw) -> Trial:
    """The trial on a page of any layout."""
    return read_text(raw.source(FORMAT), {})


def read_text(source: Source, levels: Mapping[int, int]) -> Trial:
    """The trial in a text. `levels` gives how deep the headings stand that are known from elsewhere, by where they begin."""
    page = lines(source.text)
    found = _headings(source.text, page, levels)
    cut = [
        _content(part) for part in parts(page, {at: heading.name or "other" for at, heading in found.items()}, _before(found))
    ]
    trial = assemble(Trial(PurePath(source.document).stem, (source,)), _stated(source, cut))
    nct_id = trial.nct_id or own_number(source, cut)
    trial = replace(trial, nct_id=nct_id, id=nct_id or trial.id)
    measured = outcomes(source, cut)
    named = tuple(people(source, [line for line in _body(cut, "contacts") if not is_label(line.text)], "CONTACT"))
    return replace(
        trial,
        arms=tuple(typed_arms(source, _body(cut, "arms"))),
        interventions=tuple(typed_interventions(source, _body(cut, "interventions", "arms"))),
        primary_outcomes=measured.primary,
        secondary_outcomes=measured.secondary,
        other_outcomes=measured.other,
        sites=tuple(listed_sites(source, _body(cut, "locations"))),
        contacts=tuple(person for person in named if person.role not in OFFICIAL_ROLES and (person.phone or person.email)),
        officials=tuple(person for person in named if person.role in OFFICIAL_ROLES),
        criteria=_criteria(source, cut, trial.id),
        related=foreign(source, nct_id),
        sections=sections(source, cut),
    )


# Headings


def _before(found: Mapping[int, Heading]) -> str:
    return "title" if found else "summary"


def _headings(text: str, page: Sequence[Line], levels: Mapping[int, int]) -> dict[int, Heading]:
    found: dict[int, Heading] = {}
    eligibility: Heading | None = None
    for at in range(len(page)):
        heading = _heading(text, page, at, levels)
        if not heading or (eligibility and not _ends(eligibility, heading)):
            continue
        if heading.name is None and not found and heading.level in (None, 1):
            heading = heading._replace(name="title")
        found[at] = heading
        eligibility = heading if heading.name == "eligibility" else None
    return found


def _ends(eligibility: Heading, heading: Heading) -> bool:
    """Whether a heading ends the criteria: one as high as theirs, or a known one where depth is not shown.

    Others are sub-headings of the list: "Medical Conditions" under "5.2. Exclusion Criteria".
    """
    if heading.name == "eligibility":
        return True
    if eligibility.numbered and not heading.numbered:
        return False
    if heading.level is not None and eligibility.level is not None:
        return heading.level <= eligibility.level
    return heading.name is not None and eligibility.level is None


def _heading(text: str, page: Sequence[Line], at: int, levels: Mapping[int, int]) -> Heading | None:
    line = page[at]
    if line.start in levels:
        return _named(line.text, levels[line.start])
    if (
        len(line.text) > 120
        or on_label(line.text)
        or _is_value(page, at)
        or _UNDERLINE.fullmatch(line.text)
        or _CONTENTS.fullmatch(line.text)
    ):
        return None
    if found := _MARKDOWN.fullmatch(line.text):
        return _named(found[2], len(found[1]))
    if found := _BOLD.fullmatch(line.text):
        return _named(found[1], None)
    if at + 1 < len(page) and _UNDERLINE.fullmatch(page[at + 1].text) and _adjoins(text, line, page[at + 1]):
        return _named(line.text, 1 if page[at + 1].text[0] == "=" else 2)
    return _plain_heading(text, page, at)


def _is_value(page: Sequence[Line], at: int) -> bool:
    """Whether the line is what the label before it states: "TREATMENT" under "Primary Purpose" is no heading."""
    line = page[at]
    label = page[at - 1].text if at else ""
    return is_label(label) and not is_label(line.text) and any(True for _ in read_field(label, line.text, _SOMEWHERE))


def _plain_heading(text: str, page: Sequence[Line], at: int) -> Heading | None:
    """A heading without a mark: a known one, a numbered one, one in capitals after a blank line, or one that ends with a colon."""
    line = page[at]
    number = _NUMBER.match(line.text)
    words = number.end() if number else 0
    name = NAMES.get(plain(line.text[words:]))
    level = number[1].count(".") + 1 if number else None
    if name:
        return Heading(name, level, number is not None)
    deep = level is not None and (level > 1 or _CAPITALS.fullmatch(line.text) is not None)
    if deep and len(line.text) <= 100 and line.text[-1] not in ".;,":
        return Heading(None, level, True)
    apart = at == 0 or not _adjoins(text, page[at - 1], line)
    if number or not apart or len(line.text) > 80 or is_label(line.text) or vocabulary.status(line.text):
        return None
    if _CAPITALS.fullmatch(line.text) and line.text[-1] not in ".,;" and len(line.text.split()) <= 10 and " " in line.text:
        return Heading(None, None)
    return (
        Heading(None, None) if line.text.endswith(":") and len(line.text) <= LABEL_LENGTH and line.text[0].isupper() else None
    )


def _named(words: str, level: int | None) -> Heading:
    number = _NUMBER.match(words)
    return Heading(NAMES.get(plain(words[number.end() if number else 0 :])), level, number is not None)


def _adjoins(text: str, first: Line, second: Line) -> bool:
    return text.count("\n", first.end, second.start) <= 1


def _content(part: Part) -> Part:
    body = part.body[1:] if part.heading and part.body and is_general_helper(part.body[0].text) else part.body
    kept = (line for line in body if not is_boilerplate(line.text) and not _UNDERLINE.fullmatch(line.text))
    return Part(part.name, part.heading, tuple(kept))


def _body(cut: Sequence[Part], *names: str) -> list[Line]:
    return [line for part in cut if part.name in names for line in part.body]


# Fields


def _stated(source: Source, cut: Sequence[Part]) -> Iterator[Stated]:
    for part in cut:
        if part.heading:
            yield from _under_heading(source, part)
        if part.name not in _FREE_TEXT:
            yield from on_one_line(source, part.body)
            yield from on_two_lines(source, part.body)
        elif part.name == "eligibility":
            limits = (*on_one_line(source, part.body), *on_two_lines(source, part.body))
            yield from (stated for stated in limits if stated.field in _LIMITS and not _in_list(source, stated.span.start))
        elif part.name in ("summary", "description") and part.body:
            yield Stated(part.name, None, stretch(source, part.body[0], part.body[-1]))
            yield from on_one_line(source, [line for line in part.body if len(line.text) <= 2 * LABEL_LENGTH])
    yield from _title(source, cut)


def _in_list(source: Source, start: int) -> bool:
    """Whether the line there is an item of a list: "- Age: 18 to 70" is a criterion."""
    return source.text[start] in "-*•·" or source.text[start].isdigit()


def _under_heading(source: Source, part: Part) -> Iterator[Stated]:
    """What a heading that is a label states with the lines under it: "Phase", "Sponsor", "Conditions"."""
    if not part.heading or not part.body or len(part.body) > 12:
        return
    label = part.title
    if part.name == "conditions":
        for line in part.body:
            bare = shown(source, line).lstrip("-*• ")
            yield from read_field(label, bare, stretch(source, line)) if not on_label(bare) else ()
    elif len(part.body[0].text) <= _TITLE_LENGTH and part.name not in _FREE_TEXT:
        yield from read_field(label, shown(source, part.body[0]), stretch(source, part.heading, part.body[0]))


def on_label(text: str) -> bool:
    """Whether a line is a label with its value."""
    label, colon, _ = text.partition(":")
    return bool(colon) and is_label(label)


def _title(source: Source, cut: Sequence[Part]) -> Iterator[Stated]:
    """The first heading when it names no section, else the first line before all headings."""
    first = next(iter(cut), None)
    if not first:
        return
    if first.heading and first.name == "title" and plain(first.title) not in NAMES:
        title = unmarked(first.heading)
        yield Stated("title", shown(source, title), stretch(source, title))
    elif not first.heading and first.name == "title":
        for line in first.body:
            if _may_be_title(line.text):
                yield Stated("title", shown(source, line), stretch(source, line))
                return


def _may_be_title(text: str) -> bool:
    wordy = len(text.split()) > 2 and len(text) <= _TITLE_LENGTH
    return wordy and not on_label(text) and not is_label(text) and not _NO_TITLE.search(text)


def own_number(source: Source, cut: Sequence[Part]) -> str | None:
    """The number that the document is about where no label says so: the only one near its beginning, and in the title or repeated."""
    elsewhere = [
        (part.body[0].start, part.body[-1].end) for part in cut if part.name in ("related", "references") and part.body
    ]
    found = [n for n in NCT.finditer(source.text) if not any(start <= n.start() < end for start, end in elsewhere)]
    early = {number[0] for number in found if number.start() < _HEAD}
    if len(early) != 1:
        return None
    own = early.pop()
    head = [line for part in cut[:1] if part.name == "title" for line in (part.heading, *part.body) if line]
    titled = any(own in line.text for line in head)
    return own if titled or sum(number[0] == own for number in found) > 1 else None


# Criteria


def _criteria(source: Source, cut: Sequence[Part], trial: str) -> tuple[Criterion, ...]:
    """The criteria of the run of eligibility parts that has both lists, and of those the most: a synopsis repeats them in short."""
    runs = [_split_run(source, run, trial) for run in _runs(cut)]
    both = [run for run in runs if {c.kind for c in run} == {"inclusion", "exclusion"}]
    if both:
        return max(both, key=len)
    best = {
        kind: max((run for run in runs if run and run[0].kind == kind), key=len, default=())
        for kind in ("inclusion", "exclusion")
    }
    return tuple(criterion for run in best.values() for criterion in run)


def _runs(cut: Sequence[Part]) -> list[list[Part]]:
    runs: list[list[Part]] = [[]]
    for part in cut:
        if part.name == "eligibility":
            runs[-1].append(part)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _split_run(source: Source, run: Sequence[Part], trial: str) -> tuple[Criterion, ...]:
    """The criteria under the headings that name a list, or under all where none does."""
    listed = [part for part in run if _names_list(part)] or list(run)
    return criteria(source, [line for part in listed for line in _list_lines(source, part)], trial)


def _list_lines(source: Source, part: Part) -> Sequence[Line]:
    """The lines of a list, with its heading when that says which list it is, without the labelled limits around it."""
    body = list(part.body)
    while body and not _names_list(part) and (on_label(body[0].text) or is_label(body[0].text)):
        body = body[1:] if on_label(body[0].text) else body[2:]
    while len(body) > 1 and any(
        stated.field in _LIMITS and not _in_list(source, stated.span.start)
        for stated in (*on_one_line(source, body[-1:]), *on_two_lines(source, body[-2:]))
    ):
        body = body[:-1] if on_label(body[-1].text) else body[:-2]
    return [part.heading, *body] if part.heading and _names_list(part) and body else body


def _names_list(part: Part) -> bool:
    return _LIST.search(part.title) is not None
