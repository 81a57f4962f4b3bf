"""The command `compare`: one JSON document or a page, over the samples that come with the program."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main
from index.library import Library
from index.samples import sample_paths

FIRST, LIVER = "NCT00000012", "sample-liver-metastasis"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    chosen = [path for path in sample_paths() if path.stem in ("sample-immediate-or-salvage", LIVER)]
    assert main(["index", *map(str, chosen), "--data-dir", str(folder)]) == 0
    return folder


def run(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["compare", *arguments, "--json", "--data-dir", str(data)])
    return code, json.loads(capsys.readouterr().out)


def test_the_document_has_fields_and_facts_with_true_quotes(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, said = run(capsys, data, FIRST, LIVER)
    assert (code, [one["id"] for one in said["trials"]]) == (0, [FIRST, LIVER])
    assert said["trials"][0]["fields"]["enrollment"]["value"] == 260
    facts = {one["name"]: one for one in said["facts"]}
    assert facts["another cancer"]["strictest"] == [LIVER]
    assert facts["kidney function"]["strictest"] == [LIVER]
    library = Library.open(data)
    assert said["citations"]
    for one in said["citations"]:
        assert library.source(one["document"]).text[one["start"] : one["end"]] == one["quote"]


def test_one_fact_alone(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, said = run(capsys, data, FIRST, LIVER, "--on", "NYHA")
    (fact,) = said["facts"]
    assert (code, fact["name"]) == (0, "heart failure")
    assert all(cell["citations"] for cell in fact["cells"] if cell["state"] == "rule")


def test_a_page_for_people(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert main(["compare", FIRST, LIVER, "--on", "NYHA", "--data-dir", str(data)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"Only {FIRST} states a rule" not in said
    assert "rules out NYHA functional class II or III or IV" in said
    assert "the study team decides" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param([FIRST], 2, "Name 2 to 8", id="one trial"),
        pytest.param([FIRST, FIRST], 2, "Name 2 to 8", id="one trial twice"),
        pytest.param([FIRST, "nobody"], 4, "nobody", id="an unknown trial"),
        pytest.param([FIRST, LIVER, "--on", "gladness"], 2, "names nothing to compare by", id="no fact"),
    ],
)
def test_a_request_that_cannot_be_met(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    got, said = run(capsys, data, *arguments)
    assert (got, words in said["error"]) == (code, True)
