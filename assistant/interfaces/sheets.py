"""A hand-off sheet as Markdown, as one self-contained printable HTML page, and as PDF."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from assistant.handoff import Group, Line, Reach, Sheet
from assistant.interfaces.intake import Form
from assistant.interfaces.render import plain, words

MEDIA: Final[Mapping[Form, str]] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
"""What each form is called over HTTP."""
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")
_STYLE: Final = """
body{font:11pt/1.45 system-ui,sans-serif;max-width:48rem;margin:1.5rem auto;padding:0 1rem;color:#111}
h1{font-size:1.4rem;margin:0 0 .2rem}h2{font-size:1.1rem;border-bottom:1px solid #888;margin:1.4rem 0 .4rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem}dt{color:#444}dd{margin:0}
li{margin:.35rem 0}.quote{color:#222}.why,.note{color:#333}.why{display:block}.overall{font-weight:700}
footer{margin-top:1.5rem;border-top:1px solid #888;font-size:.9rem}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}li{break-inside:avoid}}
"""

Block = tuple[str, str, tuple[str, ...]]
"""A headed part of the sheet: its title, a note under it, its items."""


def write(sheet: Sheet, form: Form) -> bytes:
    """The sheet in that form: Markdown and HTML in UTF-8."""
    return pdf(sheet) if form == "pdf" else (html(sheet) if form == "html" else markdown(sheet)).encode()


def markdown(sheet: Sheet) -> str:
    """The sheet as Markdown; what documents and people wrote steers nothing in it."""
    parts = [f"# {_md(f'{sheet.trial}: {sheet.title}')}", "Hand-off sheet for the study site", *_md_facts(sheet)]
    for title, note, items in _blocks(sheet):
        parts.append(f"## {_md(title)}" + (f"\n\n{_md(note)}" if note else ""))
        parts += ["\n".join(f"- {_md(item)}" for item in items)] if items else []
    return "\n\n".join([*parts, _md(sheet.disclaimer)]) + "\n"


def html(sheet: Sheet) -> str:
    """The sheet as one page that loads nothing."""
    facts = "".join(f"<dt>{_html(name)}</dt><dd>{_html(value)}</dd>" for name, value in sheet.facts)
    parts = "".join(_section(*block) for block in _blocks(sheet))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{_html(sheet.trial)}: hand-off sheet</title><style>{_STYLE}</style></head><body>"
        f"<header><h1>{_html(sheet.trial)}: {_html(sheet.title)}</h1><p>Hand-off sheet for the study site</p></header>"
        f"<main><dl>{facts}</dl>{parts}</main><footer><p>{_html(sheet.disclaimer)}</p></footer></body></html>"
    )


def pdf(sheet: Sheet) -> bytes:
    """The sheet as PDF, A4, with its text selectable."""
    page = _Page(sheet)
    page.put(f"{sheet.trial}: {sheet.title}", size=15, bold=True)
    page.put("Hand-off sheet for the study site", size=10)
    for name, value in sheet.facts:
        page.put(f"{name}: {value}")
    for title, note, items in _blocks(sheet):
        page.heading(title)
        if note:
            page.put(note)
        for item in items:
            page.put(f"•  {item}", indent=4)
    page.ln(3)
    page.put(sheet.disclaimer, size=8.5)
    return bytes(page.output())


class _Page(FPDF):
    """A4 pages that number themselves, in a font with the signs that criteria use (≥, ×, ⁹, µ)."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self._trial = sheet.trial
        for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
            self.add_font("sheet", style, str(files("matplotlib") / "mpl-data" / "fonts" / "ttf" / name))
        self.set_auto_page_break(auto=True, margin=18)
        self.set_title(f"{sheet.trial}: hand-off sheet")
        self.set_lang("en")
        self.add_page()

    def footer(self) -> None:
        """The trial and the page's number under each page."""
        self.set_y(-12)
        self.set_font("sheet", size=8)
        self.cell(0, 5, f"{self._trial} · page {self.page_no()} of {{nb}}", align="C")

    def put(self, text: str, *, size: float = 9.5, bold: bool = False, indent: float = 0) -> None:
        """One paragraph."""
        self.set_font("sheet", "B" if bold else "", size)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, size * 0.5, plain(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def heading(self, title: str) -> None:
        """The title of a part, kept with what follows it."""
        if self.will_page_break(24):
            self.add_page()
        self.ln(3)
        self.put(title, size=11.5, bold=True)


def _blocks(sheet: Sheet) -> Iterator[Block]:
    """The parts of the sheet, in their order."""
    yield "The person, as told", "", sheet.told or ("Nothing was told that could be read as a fact.",)
    yield "What comes of it", f"{sheet.overall} {sheet.coverage} {sheet.days}", ()
    yield from (_group(group) for group in sheet.groups)
    if sheet.questions:
        yield "Questions for the study site", "", sheet.questions
    if sheet.findings:
        yield "Found in the documents", "", sheet.findings
    more = f"{sheet.more_sites} more sites stand in the record." if sheet.more_sites else ""
    reached = tuple(filter(None, map(_reach, sheet.contacts)))
    yield "Contacts of the study, as the record prints them", more, reached or ("The record names no contact.",)
    yield "Documents", "", sheet.sources


def _group(group: Group) -> Block:
    return f"{group.title} ({len(group.lines)})", group.note, tuple(_line(one) for one in group.lines)


def _line(line: Line) -> str:
    quotes = [f"“{told}”" for told in line.told if f"“{told}”" not in line.why]
    rest = (
        f"Told: {' … '.join(quotes)}." if quotes else "",
        f"{'What would change it' if line.why else 'Still to know'}: {line.change.rstrip('.')}." if line.change else "",
        "Assumed: the note is silent." if line.assumed else "",
    )
    return " ".join(filter(None, (f"{line.name}: “{line.text}”", line.why, *rest)))


def _reach(one: Reach) -> str:
    status = words(one.status) if one.status else None
    return " · ".join(filter(None, (one.name, one.role, one.phone, one.email, one.place, status)))


def _section(title: str, note: str, items: tuple[str, ...]) -> str:
    listed = f"<ul>{''.join(f'<li>{_html(item)}</li>' for item in items)}</ul>" if items else ""
    said = f'<p class="note">{_html(note)}</p>' if note else ""
    return f"<section><h2>{_html(title)}</h2>{said}{listed}</section>"


def _md_facts(sheet: Sheet) -> list[str]:
    return ["\n".join(f"- {_md(f'{name}: {value}')}" for name, value in sheet.facts)]


def _md(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(plain(text).split()))


def _html(text: str) -> str:
    return escape(" ".join(plain(text).split()))
