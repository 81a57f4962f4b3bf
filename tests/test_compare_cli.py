"""The command `compare`: one JSON document or a page, over the samples that come with the program."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main
from index.library import Library
from index.samples import sample_paths

HEART, SUGAR = "NCT00000021", "NCT00000022"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    chosen = [path for path in sample_paths() if any(name in path.read_text("utf-8") for name in (HEART, SUGAR))]
    assert main(["index", *map(str, chosen), "--data-dir", str(folder)]) == 0
    return folder


def run(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["compare", *arguments, "--json", "--data-dir", str(data)])
    return code, json.loads(capsys.readouterr().out)


def test_the_document_has_fields_and_facts_with_true_quotes(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, said = run(capsys, data, HEART, SUGAR)
    assert (code, [one["id"] for one in said["trials"]]) == (0, [HEART, SUGAR])
    assert said["trials"][0]["fields"]["minimum_age"]["value"] == "18 Years"
    facts = {one["name"]: one for one in said["facts"]}
    assert facts["estimated glomerular filtration rate" if "kidney function" not in facts else "kidney function"][
        "strictest"
    ] == [SUGAR]
    library = Library.open(data)
    assert said["citations"]
    for one in said["citations"]:
        assert library.source(one["document"]).text[one["start"] : one["end"]] == one["quote"]


def test_one_fact_alone(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    code, said = run(capsys, data, HEART, SUGAR, "--on", "NYHA")
    (fact,) = said["facts"]
    assert (code, fact["name"]) == (0, "heart failure")
    assert all(cell["citations"] for cell in fact["cells"] if cell["state"] == "rule")


def test_a_page_for_people(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    assert main(["compare", HEART, SUGAR, "--on", "age", "--data-dir", str(data)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"{HEART} is stricter than {SUGAR} about age." in said
    assert "The study team decides" in said or "the study team decides" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param([HEART], 2, "Name 2 to 8", id="one trial"),
        pytest.param([HEART, HEART], 2, "Name 2 to 8", id="one trial twice"),
        pytest.param([HEART, "nobody"], 4, "nobody", id="an unknown trial"),
        pytest.param([HEART, SUGAR, "--on", "gladness"], 2, "names nothing to compare by", id="no fact"),
    ],
)
def test_a_request_that_cannot_be_met(
    arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str], data: Path
) -> None:
    got, said = run(capsys, data, *arguments)
    assert (got, words in said["error"]) == (code, True)
