"""The hand-off sheet: everything that was told and decided stands on it, in each of its forms, and nothing that it quotes steers it."""

import io
import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from markdown_it import MarkdownIt
from pypdf import PdfReader
from small_shelf import HOSTILE, NOTE, SmallAssistant
from small_trials import trial

from assistant import wiring
from assistant.audit.audited import audit
from assistant.eligibility.assess import assess
from assistant.eligibility.clock import Clock
from assistant.eligibility.intake.reading import read_patient
from assistant.handoff import Sheet, sheet
from assistant.interfaces import http, sheets
from assistant.interfaces.cli import main
from index.trial import Trial

DAY = Clock(date(2026, 5, 4), date(2026, 5, 18))
GOUT = trial(
    inclusion=("Gout", "Age 18 to 70 years", "Platelets ≥ 100 × 10⁹/L", "Adequate liver function per protocol"),
    exclusion=("HIV infection", "Prior treatment with allopurinol", "Pregnancy"),
    title="Saltonib in gout",
    status="RECRUITING",
    as_of="2026-04-30",
    contacts=(("Office", "+1 555 0100"),),
    sites=(("North Clinic", "Oslo", "Norway", "COMPLETED"), ("South Clinic", "Bern", "Switzerland", "RECRUITING")),
)
TOLD = "45-year-old man with gout. No HIV. Platelets 90 x10^9/L."


def made(record: Trial = GOUT, told: str = TOLD) -> Sheet:
    patient = read_patient(told, DAY.today)
    return sheet(record, patient, assess(record, patient, DAY), audit(record).findings, DAY)


def in_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


class Words(HTMLParser):
    """The words of a page, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(content: bytes, form: str) -> str:
    if form == "pdf":
        return in_pdf(content)
    page = content.decode() if form == "html" else MarkdownIt().render(content.decode())
    return " ".join(" ".join(Words(page).words).split())


@pytest.mark.parametrize("form", ["md", "html", "pdf"])
@pytest.mark.parametrize(
    "words",
    [
        pytest.param("45-year-old man", id="what was told"),
        pytest.param("No HIV", id="what was denied"),
        pytest.param("Does not match as things stand: inclusion 3.", id="what comes of it"),
        pytest.param("7 of 7 listed rules checked:", id="coverage"),
        pytest.param("1 need the full protocol", id="the protocol's share"),
        pytest.param("“Platelets ≥ 100 × 10⁹/L”", id="a line that is not met, with its signs"),
        pytest.param("What does the protocol say here (inclusion 4", id="a question for the site"),
        pytest.param("Office · Contact · +1 555 0100", id="the official contact"),
        pytest.param("South Clinic, Bern, Switzerland · Recruiting", id="a site that is open"),
        pytest.param("data of 2026-04-30", id="the date of the data"),
        pytest.param("Counted to 2026-05-04; planned start 2026-05-18.", id="the days counted to"),
        pytest.param("the study team decides who may join", id="the disclaimer"),
    ],
)
def test_stands_on_the_sheet(form: Any, words: str) -> None:
    assert words in read(sheets.write(made(), form), form)


def test_every_criterion_stands_on_the_sheet_once() -> None:
    lines = [line.text for group in made().groups for line in group.lines]
    assert sorted(lines) == sorted(one.text for one in GOUT.leaves)


def test_a_closed_site_is_no_place_to_ask() -> None:
    assert not any("North Clinic" in (one.place or "") for one in made().contacts)


def test_words_told_twice_stand_once() -> None:
    told = made().told
    assert told == ("45-year-old man with gout", "No HIV", "Platelets 90 x10^9/L")


@pytest.mark.parametrize("form", ["md", "html"])
def test_hostile_words_steer_nothing(form: Any) -> None:
    hostile = trial(inclusion=("Gout <script>alert(1)</script> # big **bold** [x](y)",), title=HOSTILE)
    content = sheets.write(made(hostile), form).decode()
    page = content if form == "html" else MarkdownIt("commonmark", {"html": True}).render(content)
    assert not {"script", "img", "strong", "a", "iframe"} & Words(page).tags


def test_nothing_told_is_said() -> None:
    assert "Nothing was told that could be read as a fact." in sheets.markdown(made(told="Hello there."))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "open_assistant", lambda settings: SmallAssistant())


@pytest.fixture
def note(tmp_path: Path) -> Path:
    file = tmp_path / "note.txt"
    file.write_bytes(NOTE.encode())
    return file


@pytest.mark.usefixtures("small")
class TestCommand:
    @pytest.mark.parametrize(("name", "begins"), [("s.pdf", b"%PDF-"), ("s.html", b"<!doctype html>"), ("s.MD", b"# ")])
    def test_the_file_s_name_says_its_form(self, name: str, begins: bytes, note: Path, tmp_path: Path) -> None:
        out = tmp_path / name
        assert main(["handoff", "--trial", "walk.txt", "--patient", str(note), "--out", str(out)]) == 0
        assert out.read_bytes().startswith(begins)

    def test_json_is_the_sheet(self, note: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["handoff", "--trial", "walk.txt", "--patient", str(note), "--json"]) == 0
        assert {"trial", "told", "groups", "questions", "contacts", "written"} <= set(json.loads(capsys.readouterr().out))

    @pytest.mark.parametrize(
        ("arguments", "code", "words"),
        [
            pytest.param(
                ["--trial", "walk.txt", "--out", "sheet.docx"], 2, ".html, .pdf or .md", id="a form that is not written"
            ),
            pytest.param(["--trial", "walk.txt", "--out", "no/such/sheet.pdf"], 2, "can't be written", id="no such folder"),
            pytest.param(["--trial", "nobody"], 4, "nobody", id="unknown trial"),
        ],
    )
    def test_a_fault_is_one_message(
        self, arguments: list[str], code: int, words: str, note: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["handoff", "--patient", str(note), *arguments]) == code
        said = capsys.readouterr()
        assert words in said.out + said.err
        assert "Traceback" not in said.err


def test_over_http_it_is_a_file() -> None:
    client = TestClient(http.api(SmallAssistant(), "127.0.0.1"), base_url="http://127.0.0.1")  # type: ignore[arg-type]
    answer = client.post("/api/handoff", json={"trial": "walk.txt", "patient": NOTE, "form": "pdf"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''NCT01234567.pdf")
    assert client.post("/api/handoff", json={"trial": "walk.txt", "patient": NOTE, "form": "exe"}).status_code == 422
