"""What is read from disk, and what is refused with a reason and a cure."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import loaders
from index.errors import UnreadableDocument
from index.loaders import FORMATS, load
from index.loaders import raw as raw_module
from index.loaders.raw import read_raw

GERMAN = "Alter über 18 Jahre, Einwilligung der Ärztin möglich. ".encode("cp1252") * 20
CHINESE = "入组标准：年龄十八岁以上，签署知情同意书，经组织学证实为鼻咽癌。".encode("gb18030") * 20
WORDS = "Inclusion: age ≥ 18 years, Ärztin’s consent.\r\n\tSecond line.\r\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(WORDS.encode(), WORDS, id="utf-8: line ends as they are"),
        pytest.param(b"\xef\xbb\xbf" + WORDS.encode(), WORDS, id="utf-8 with mark: the mark is no character"),
        pytest.param(WORDS.encode("utf-16"), WORDS, id="utf-16 with mark"),
        pytest.param(b"\xfe\xff" + WORDS.encode("utf-16-be"), WORDS, id="utf-16 big-endian with mark"),
        pytest.param(WORDS.encode("utf-32"), WORDS, id="utf-32 with mark"),
        pytest.param(WORDS.encode("utf-16-le"), WORDS, id="utf-16 without mark"),
        pytest.param(WORDS.encode("utf-16-be"), WORDS, id="utf-16 big-endian without mark"),
        pytest.param(GERMAN, None, id="cp1252"),
        pytest.param(CHINESE, None, id="gb18030"),
        pytest.param(b"%PDF-1.7\n\0\0\1\2", "", id="a PDF keeps its bytes for its loader"),
        pytest.param(b"PK\x03\x04\0\0\1\2", "", id="a DOCX is a zip"),
        pytest.param(b"one stray \x1b control character " + b"in a long page " * 40, None, id="a stray control character"),
    ],
)
def test_text_is_the_files_own(tmp_path: Path, data: bytes, text: str | None) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    raw = read_raw(path)
    assert raw.data == data
    assert raw.document == "page.txt"
    assert len(raw.sha256) == 64
    assert raw.text == text if text is not None else len(raw.text) > 100
    assert raw.source("headings").text == raw.text
    assert raw.source("pdf", "extracted", "2025-01", (0,)).page_starts == (0,)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        pytest.param(GERMAN, "Ärztin", id="cp1252"),
        pytest.param(CHINESE, "鼻咽癌", id="gb18030"),
    ],
)
def test_other_encodings_are_told_from_the_text(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    assert word in read_raw(path).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \r\n\t ", "empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf \n", "white space", id="white space after a mark"),
        pytest.param(bytes(range(256)) * 40, "binary", id="every byte"),
        pytest.param(b"text with a \0 in it", "binary", id="a NUL"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "picture", id="a picture"),
        pytest.param(b"\xff\xd8\xff\xe0abc", "picture", id="a JPEG"),
        pytest.param(b"\x1f\x8b\x08\0", "gzip", id="gzip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word", id="an old .doc"),
        pytest.param(b"a\0b\0\0\xd8" * 9, "binary", id="utf-16 without mark, half a pair in it"),
        pytest.param(b'{"protocolS', "JSON breaks off", id="JSON broken off in its first word"),
        pytest.param(b"[" * 100_000, "too deep", id="brackets without end"),
        pytest.param(b'<?xml version="1', "XML breaks off", id="XML broken off in its first line"),
        pytest.param(b"<?xml version='1.0'?><shelf><book/></shelf>", "its root is shelf", id="XML of another kind"),
        pytest.param(
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type", id="XML with entities, any root"
        ),
        pytest.param(
            b"<?xml version='1.0'?><clinical_study/>", "no field that is known", id="an XML record with nothing in it"
        ),
        pytest.param(b"\xff\xfea\0b", "marked as utf-16", id="utf-16 broken off in a character"),
    ],
)
def test_refused_with_reason_and_cure(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert reason in caught.value.reason
    assert caught.value.cure
    assert caught.value.document == "page.txt"


def test_blank_lines_take_no_time(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("Walking" + "\n" * 100_000 + "before breakfast")
    started = time.monotonic()
    load(path)
    assert time.monotonic() - started < 5


def test_a_damaged_pdf_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj")
    with pytest.raises(UnreadableDocument, match="the PDF is damaged"):
        load(path)
    assert not caplog.records


def test_refuses_a_dump_before_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(UnreadableDocument, match="200 MB"):
        read_raw(path)


def test_missing_folder_pipe_and_locked_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableDocument, match="no such file"):
        read_raw(tmp_path / "missing.txt")
    with pytest.raises(UnreadableDocument, match="folder"):
        read_raw(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableDocument, match="not a regular file"):
        read_raw(tmp_path / "pipe")
    with pytest.raises(UnreadableDocument, match="system can't read"):
        read_raw(tmp_path / ("x" * 300))

    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "locked.txt"
    path.write_text("text")
    monkeypatch.setattr(Path, "open", deny)  # file modes do not hold for root, who runs tests in containers
    with pytest.raises(UnreadableDocument, match="may not read"):
        read_raw(path)


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.txt"
    path.write_text("x" * 11)
    monkeypatch.setattr(raw_module, "MAX_BYTES", 10)
    with pytest.raises(UnreadableDocument, match="MB"):
        read_raw(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "file.txt"
    path.write_bytes(data)
    try:
        raw = read_raw(path, "name")
    except UnreadableDocument:
        return
    assert raw.data == data
    assert "\0" not in raw.text


def test_names_are_told_apart_and_a_document_can_be_named(tmp_path: Path) -> None:
    assert len({format.name for format in FORMATS}) == len(FORMATS)
    path = tmp_path / "a.json"
    path.write_text('{"protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}}')
    source = load(path, "folder/a.json").sources[0]
    assert (source.document, source.format) == ("folder/a.json", "api-v2")


def test_failure_names_the_format_or_what_was_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cut.json"
    path.write_text('{"protocolSection": {"identificationModule"')
    with pytest.raises(UnreadableDocument, match=r"read as api-v2: .*line 1, column"):
        load(path)
    path.write_text("a page of text")
    monkeypatch.setattr(loaders, "FORMATS", FORMATS[:2])
    with pytest.raises(UnreadableDocument, match="tried api-v2, registry-xml"):
        load(path)
