"""OncoMatch pages: a header whose words run together, and eligibility as a machine extracted it, label by label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import PurePath

from index.loaders import vocabulary
from index.loaders.boilerplate import is_boilerplate
from index.loaders.labels import Stated, ages, assemble, plain
from index.loaders.lines import Line, Part, foreign, lines, parts, sections, shown, stretch
from index.loaders.places import COUNTRIES
from index.loaders.raw import Raw
from index.trial import Criterion, Intervention, Kind, Site, Source, Span, Trial
from index.view import clean

FORMAT = "oncomatch"
_HEADINGS = {
    "extracted eligibility criteria": "eligibility",
    "frequently asked questions": "faq",
    "brief summary": "summary",
    "summary": "summary",
    "about this trial": "summary",
    "detailed description": "description",
    "treatments": "interventions",
    "interventions": "interventions",
    "locations": "locations",
    "trial locations": "locations",
    "related trials": "related",
    "similar trials": "related",
    "could you qualify for this trial?": "other",
}
_PATH = re.compile(r"OncoMatch\s*/.*\b(NCT\d{8})\b", re.IGNORECASE)
_QUESTION = re.compile(r"Is (NCT\d{8}) recruiting\?.*", re.IGNORECASE)
_STUDIES = re.compile(r"\btrial studies (?P<what>.+?) for (?P<condition>[^.]+?(?:\([^)]*\))?)\.(?:\s|$)", re.IGNORECASE)
_UNNAMED = re.compile(
    r"(?:non-drug|drug|various|multiple|other|\d+|an? )\s*(?:\w+ )?(?:interventions?|treatments?|agents?)", re.IGNORECASE
)
_HEADER = re.compile(
    r"""(?P<phase>Early\ Phase\ ?1|Phase\ [\dIV]+(?-i:[ab])?(?:\s?[/-]\s?(?:Phase\ )?[\dIV]+(?-i:[ab])?)*|N/A|Not\ Applicable)?\s*
    (?P<status>Not\ yet\ recruiting|Enrolling\ by\ invitation|Active,?\ not\ recruiting|Recruiting|Completed|Terminated|Suspended
        |Withdrawn|Unknown(?:\ status)?|No\ longer\ available|Available)?\s*
    (?P<sponsor>\S.*?)?\s*
    (?P<nct>NCT\d{8})\s*
    (?:(?P<as_of>Data\ as\ of\ (?P<date>[A-Za-z]+\.?\ (?:\d{1,2},?\ )?\d{4}))\s*)?
    (?:(?P<location>Locations?:\ ?(?P<places>\S.*)))?""",
    re.VERBOSE | re.IGNORECASE,
)
_LABELS = frozenset(
    (
        "cancer type|cancer types|histology|disease stage|stage|performance status|demographics|prior therapy"
        "|prior therapies|lab requirements|biomarkers|biomarker requirements|biomarker|genomic alterations"
        "|required biomarkers|excluded biomarkers|cardiac function|renal function|kidney function|liver function"
        "|hepatic function|blood counts|hematology|bone marrow function|organ function|pulmonary function|coagulation"
        "|brain metastases|cns metastases|cns involvement|infectious disease|infections|comorbidities|other conditions"
        "|other requirements|washout|washout periods|concomitant medications|measurable disease|life expectancy"
        "|pregnancy|contraception|exclusions|prior malignancy|metabolic|neurological|autoimmune disease|other"
    ).split("|")
)
_LABEL_FORM = re.compile(r"[A-Z][a-z]+(?: [a-z]+){0,3}(?: \([\w ]+\))?")
_LABEL_END = re.compile(r"\b(?:function|requirements?|counts?|status|metastases|disease|involvement|history)$")
_SAYS = re.compile(
    r"\b(?:required|excluded|allowed|permitted|must|cannot|not|no|any|only|ages?|min|max|received|ecog|eligible|prior)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"(?:(?:required|excluded|allowed|preferred|must|cannot|can|may|max(?:imum)?|min(?:imum)?|ages?|ecog|karnofsky|no|not|male|female|prior)\b"
    r"|.*\b(?:required|excluded|allowed|permitted|only)$|.*[≤≥<>=]\s*\d).*",
    re.IGNORECASE,
)
_EXCLUDES = re.compile(r"exclu(?:ded|sion)\b", re.IGNORECASE)
_SEX = re.compile(r"\b(female|male|women|men)s?\b(?: only| patients| participants)?", re.IGNORECASE)
_WORD_STATUS = re.compile(r"\bcurrently (?:enrolling|recruiting)\b", re.IGNORECASE)
_SIGNS = tuple(
    re.compile(sign, re.MULTILINE | re.IGNORECASE)
    for sign in (
        r"^[^\S\n]*OncoMatch\b",
        r"^[^\S\n]*Extracted eligibility criteria[^\S\n]*$",
        r"^[^\S\n]*Structured fields extracted by AI\b",
        r"^[^\S\n]*Is NCT\d{8} (?:currently )?recruiting\?",
        r"NCT\d{8}\s*Data as of ",
        r"^[^\S\n]*Check if I qualify[^\S\n]*$",
    )
)


def recognises(raw: Raw) -> bool:
    """Whether at least three of the layout's marks are there."""
    return sum(bool(sign.search(raw.text)) for sign in _SIGNS) >= 3


def read(raw: Raw) -> Trial:
    """The trial on a page of this layout."""
    source = raw.source(FORMAT)
    page = lines(source.text)
    cut = _cut(page)
    trial = assemble(Trial(PurePath(raw.document).stem, (source,)), _stated(source, page, cut))
    trial_id = trial.nct_id or trial.id
    blocks = [block for part in cut if part.name == "eligibility" for block in _blocks(part.body)]
    return replace(
        trial,
        id=trial_id,
        interventions=tuple(_interventions(source, page)),
        sites=tuple(_sites(source, page)),
        criteria=tuple(_criteria(source, blocks, trial_id)),
        related=foreign(source, trial.nct_id),
        sections=sections(source, cut),
    )


def _cut(page: Sequence[Line]) -> tuple[Part, ...]:
    """The parts; what the header line ends is the title part, the paragraphs after it are the summary."""
    names = {at: _HEADINGS[plain(line.text)] for at, line in enumerate(page) if plain(line.text) in _HEADINGS}
    header = next((at for at, line in enumerate(page) if _header(line)), -1)
    cut: list[Part] = []
    for part in parts(page, names):
        if part.heading or header < 0:
            cut.append(part)
        else:
            cut += [Part("title", None, tuple(page[: header + 1])), Part("summary", None, part.body[header + 1 :])]
    return tuple(_content(part) for part in cut if not is_boilerplate(part.title))


def _content(part: Part) -> Part:
    return Part(part.name, part.heading, tuple(line for line in part.body if not is_boilerplate(line.text)))


def _header(line: Line) -> re.Match[str] | None:
    found = _HEADER.fullmatch(line.text)
    return found if found and (found["status"] or found["as_of"] or found["phase"]) else None


def _stated(source: Source, page: Sequence[Line], cut: Sequence[Part]) -> Iterator[Stated]:
    for line in page:
        if path := _PATH.match(line.text):
            yield Stated("nct_id", path[1].upper(), stretch(source, line))
        elif question := _QUESTION.match(line.text):
            yield Stated("nct_id", question[1].upper(), stretch(source, line))
            yield from _asked(source, line)
        elif header := _header(line):
            yield from _in_header(line, source, header)
    for part in cut:
        if part.name == "title":
            yield from _title(source, part)
        if part.name in ("summary", "description") and part.body:
            yield Stated(part.name, None, stretch(source, part.body[0], part.body[-1]))
        elif part.name == "eligibility":
            yield from _demographics(source, part.body)


def _title(source: Source, part: Part) -> Iterator[Stated]:
    """The first line that is neither the site's name nor its path, question or header."""
    for line in part.body:
        if line.text != "OncoMatch" and not any(form.match(line.text) for form in (_PATH, _QUESTION)) and not _header(line):
            yield Stated("title", shown(source, line), stretch(source, line))
            return


def _asked(source: Source, line: Line) -> Iterator[Stated]:
    """ "Is NCT… recruiting? Yes, currently enrolling (…). This Phase 3 trial studies … for …." """
    if _WORD_STATUS.search(line.text) and re.search(r"\?\s*Yes\b", line.text):
        end = line.text.index(".") + 1 if "." in line.text else len(line.text)
        yield Stated("status", "RECRUITING", Span(source.document, line.start, line.start + end))
    if studied := _STUDIES.search(line.text):
        yield Stated(
            "conditions", (studied["condition"],), _inside(source, line, studied.start("what"), studied.end("condition"))
        )


def _in_header(line: Line, source: Source, header: re.Match[str]) -> Iterator[Stated]:
    read = {
        "phase": ("phase", vocabulary.phases(header["phase"] or "")),
        "status": ("status", vocabulary.status(header["status"] or "")),
        "sponsor": ("sponsor", header["sponsor"]),
        "nct": ("nct_id", header["nct"].upper()),
        "as_of": ("as_of", vocabulary.date(header["date"] or "")),
    }
    for group, (field, value) in read.items():
        if value:
            yield Stated(field, value, _inside(source, line, header.start(group), header.end(group)))


def _inside(source: Source, line: Line, start: int, end: int) -> Span:
    return Span(source.document, line.start + start, line.start + end)


def _demographics(source: Source, body: Sequence[Line]) -> Iterator[Stated]:
    for label, statements in _blocks(body):
        if plain(label.text) != "demographics":
            continue
        for first, last in statements:
            words, span = shown(source, first), stretch(source, first, last)
            low, high = ages(words)
            sex = _SEX.search(words)
            read = (
                ("minimum_age", low),
                ("maximum_age", high),
                ("sex", vocabulary.choice(sex[1], vocabulary.SEXES) if sex else None),
            )
            yield from (Stated(field, value, span) for field, value in read if value)


def _interventions(source: Source, page: Sequence[Line]) -> Iterator[Intervention]:
    """What the page's first sentence says is studied, where it names it."""
    for line in page:
        studied = _STUDIES.search(line.text) if _QUESTION.match(line.text) else None
        if studied and not _UNNAMED.fullmatch(studied["what"]):
            at = studied.start("what")
            for name in re.finditer(r"(?:(?!,\s| and ).)+", studied["what"]):
                words = name[0].removeprefix("and ").strip(" ,")
                start = at + name.start() + name[0].index(words)
                if words and not _UNNAMED.fullmatch(words):
                    yield Intervention(None, words, None, _inside(source, line, start, start + len(words)))


def _sites(source: Source, page: Sequence[Line]) -> Iterator[Site]:
    """The countries of the header: the page names no facility."""
    for line in page:
        header = _header(line)
        if header and header["places"]:
            for place in header["places"].split(","):
                if place.strip() in COUNTRIES:
                    span = _inside(source, line, header.start("location"), header.end("location"))
                    yield Site(None, None, None, place.strip(), None, span)


Statement = tuple[Line, Line]
"""The first and the last line of one requirement: what is required, then the words that it was taken from."""


def _blocks(body: Sequence[Line]) -> list[tuple[Line, list[Statement]]]:
    """The labels with their statements; a label with nothing under it heads the labels that follow."""
    blocks: list[tuple[Line, list[Statement]]] = []
    for at, line in enumerate(body):
        if _is_label(body, at, not blocks or bool(blocks[-1][1])):
            blocks.append((line, []))
        elif blocks and (not blocks[-1][1] or _is_statement(line, blocks[-1][1][-1][0])):
            blocks[-1][1].append((line, line))
        elif blocks:
            first, _ = blocks[-1][1].pop()
            blocks[-1][1].append((first, line))
    return [block for block in blocks if block[1]]


def _is_statement(line: Line, last: Line) -> bool:
    """Whether a line is a requirement of its own; after one in the site's words the record's own, in small letters, go with it."""
    quoted = line.text[0].islower() and not last.text[0].islower()
    return not quoted and _STATEMENT.fullmatch(line.text) is not None


def _is_label(body: Sequence[Line], at: int, complete: bool) -> bool:
    """Whether a line labels the lines under it; one that is not in the table only where the block before it is `complete`."""
    text = body[at].text
    if plain(text) in _LABELS:
        return True
    if at + 1 == len(body) or plain(body[at + 1].text) in _LABELS or not _LABEL_FORM.fullmatch(text) or _SAYS.search(text):
        return False
    return complete or _LABEL_END.search(text) is not None


def _criteria(source: Source, blocks: Sequence[tuple[Line, list[Statement]]], trial: str) -> Iterator[Criterion]:
    """Each statement under the label that it stands under."""
    ordinals: dict[Kind, count[int]] = {"inclusion": count(1), "exclusion": count(1)}
    for label, statements in blocks:
        for first, last in statements:
            kind: Kind = "exclusion" if _EXCLUDES.match(first.text) or _EXCLUDES.match(label.text) else "inclusion"
            span = stretch(source, first, last)
            own = f"{trial}/{kind}/{next(ordinals[kind])}"
            yield Criterion(own, kind, clean(source, span), span, heading=shown(source, label))
