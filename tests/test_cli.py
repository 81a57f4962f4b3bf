"""The command as a person or a script runs it: documents, exit codes, and one message for every fault."""

import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from small_shelf import HOSTILE, PLAIN, SmallAssistant

from assistant import wiring
from assistant.interfaces.cli import main
from index.embed import Embedder
from index.library import Library

MARKUP = HOSTILE.replace("\x1b", "")
"""Without the control character that marks a file as no text."""
NUMBER = "NCT01234567"
COMMANDS = "index remove ask chat search show doctor serve eval check match handoff compare diff".split()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two documents in it, indexed by the command itself."""
    papers, data = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("data")
    (papers / "walk.txt").write_text(f"{NUMBER}\n{PLAIN}", encoding="utf-8")
    (papers / "hostile.txt").write_text(MARKUP, encoding="utf-8")
    assert main(["index", str(papers), "--data-dir", str(data)]) == 0
    return data


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any, str]:
    """Exit code, the JSON document on standard output, and what stood on standard error."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_takes_json_and_a_data_folder(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert "--json" in said
    assert "--data-dir" in said


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'torch', 'gradio', 'chromadb', 'fastapi', 'sqlalchemy', 'numpy', 'sentence_transformers'}"
    look = (
        f"import sys; from assistant.interfaces.cli import main; main(['--help']); sys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, cwd=Path(__file__).parents[1]).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "code", "kind", "words"),
    [
        pytest.param(["ask", ""], 2, "UnusableQuestion", "is empty", id="an empty question"),
        pytest.param(["ask", " \n "], 2, "UnusableQuestion", "is empty", id="a blank question"),
        pytest.param(["ask", "?! \u200b"], 2, "UnusableQuestion", "no words", id="only punctuation"),
        pytest.param(["ask", "\x1b\x07\u202e"], 2, "UnusableQuestion", "is empty", id="only steering characters"),
        pytest.param(["ask", "x" * 50_000], 2, "UnusableQuestion", "Shorten it", id="a question of 50,000 characters"),
        pytest.param(["ask", "who?", "--trial", "NCT99999999"], 4, "UnknownTrial", "NCT99999999", id="ask: unknown trial"),
        pytest.param(["ask"], 2, "Usage", "question", id="no question"),
        pytest.param(["ask", "who?", "--audience", "cat"], 2, "Usage", "audience", id="an unknown audience"),
        pytest.param(["search", "knee", "--trial", "nobody"], 4, "UnknownTrial", "nobody", id="search: unknown trial"),
        pytest.param(["search", "knee", "--section", "middle"], 2, "UnusableRequest", "inclusion", id="an unknown section"),
        pytest.param(["search", "knee", "--status", "opne"], 2, "UnusableRequest", "RECRUITING", id="an unknown status"),
        pytest.param(["search", "knee", "-k", "0"], 2, "Usage", "-k", id="no passages wanted"),
        pytest.param(["show", "nobody"], 4, "UnknownTrial", "nobody", id="show: unknown trial"),
        pytest.param(["show", "--text", "nobody.txt"], 4, "UnknownTrial", "nobody.txt", id="show: unknown document"),
        pytest.param(["remove", "nobody"], 4, "UnknownTrial", "nobody", id="remove: unknown trial"),
        pytest.param(["index"], 2, "UnusableRequest", "--samples", id="nothing named to index"),
        pytest.param(["dance"], 2, "Usage", "dance", id="an unknown command"),
        pytest.param(["eval", "dance"], 2, "UnusableRequest", "dance", id="an unknown task"),
    ],
)
def test_a_fault_is_a_message_a_document_and_a_code(
    arguments: list[str], code: int, kind: str, words: str, shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    got, document, err = run(capsys, "--data-dir", shelf, "--json", *arguments)
    assert (got, document["kind"]) == (code, kind)
    assert words in document["error"]
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "who?"],
        ["show"],
        ["search", "x"],
        ["remove", "x"],
        ["doctor"],
        ["chat"],
        ["serve"],
        ["check", "--patient", __file__],
    ],
)
def test_without_an_index_there_is_nothing_to_work_on(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, document, _ = run(capsys, *arguments, "--json", "--data-dir", tmp_path / "none")
    assert (code, document["kind"]) == (4, "NothingIndexed")
    assert "eligibility index" in document["error"]
    assert not (tmp_path / "none").exists()


def test_a_wrong_setting_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ELIGIBILITY_PORT", "everywhere")
    code, document, _ = run(capsys, "doctor", "--json")
    assert (code, document["kind"]) == (2, "UnusableSettings")
    assert "ELIGIBILITY_PORT" in document["error"]


def test_the_data_folder_comes_from_the_environment(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ELIGIBILITY_DATA_DIR", str(shelf))
    assert run(capsys, "doctor", "--json")[1]["data_dir"] == str(shelf)


@pytest.mark.parametrize(
    ("files", "code", "outcomes"),
    [
        pytest.param({"walk.txt": PLAIN, "empty.txt": ""}, 3, {"added": 1, "failed": 1}, id="one of two fails"),
        pytest.param({"empty.txt": ""}, 4, {"failed": 1}, id="nothing readable"),
        pytest.param({}, 4, {}, id="an empty folder"),
    ],
)
def test_index_says_what_became_of_each_file(
    files: dict[str, str], code: int, outcomes: dict[str, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    for name, text in files.items():
        (papers / name).write_text(text, encoding="utf-8")
    got, document, _ = run(capsys, "index", papers, "--json", "--data-dir", tmp_path / "data")
    assert got == code
    assert {outcome: number for outcome, number in document["counts"].items() if number} == outcomes
    assert all(file["reason"] for file in document["files"] if file["outcome"] == "failed")


def test_a_second_run_leaves_unchanged_files_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paper = tmp_path / "walk.txt"
    paper.write_text(PLAIN, encoding="utf-8")
    first = run(capsys, "index", paper, "--json", "--data-dir", tmp_path / "data")[1]
    code, second, _ = run(capsys, "index", paper, "--json", "--data-dir", tmp_path / "data")
    assert (code, second["files"][0]["outcome"], second["embedded"]) == (0, "unchanged", 0)
    assert first["files"][0]["criteria"] == second["files"][0]["criteria"] == 4
    assert (second["files"][0]["inclusion"], second["files"][0]["exclusion"]) == (2, 1)


def test_show_is_the_record_of_the_contract(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, record, _ = run(capsys, "show", NUMBER.lower(), "--json", "--data-dir", shelf)
    assert (code, record["id"], record["status"]) == (0, NUMBER, "RECRUITING")
    assert [one["id"].partition("/")[2] for one in record["criteria"]] == [
        "inclusion/1",
        "inclusion/2.1",
        "inclusion/2.2",
        "exclusion/1",
    ]
    assert [one["id"] for one in record["groups"]] == [record["criteria"][1]["parent"]]


def test_every_quote_stands_where_it_says(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    citations = [one["citation"] for one in run(capsys, "show", NUMBER, "--json", "--data-dir", shelf)[1]["criteria"]]
    citations += run(capsys, "search", "knee", "--json", "--data-dir", shelf)[1]["hits"]
    citations += run(capsys, "ask", f"Who can join {NUMBER}?", "--json", "--data-dir", shelf)[1]["citations"]
    assert len(citations) > 5
    for one in citations:
        text = run(capsys, "show", "--text", one["document"], "--json", "--data-dir", shelf)[1]["text"]
        assert text[one["start"] : one["end"]] == one["quote"]


def test_a_documents_text_is_printed_untouched_when_piped(shelf: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["show", "--text", "hostile.txt", "--data-dir", str(shelf)]) == 0
    assert capfdbinary.readouterr().out.decode("utf-8") == MARKUP


def test_search_keeps_to_trial_section_and_status(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found, _ = run(
        capsys,
        "search",
        "knee",
        "--trial",
        "walk",
        "--section",
        "exclusion",
        "--status",
        "recruiting",
        "--json",
        "--data-dir",
        shelf,
    )
    assert [hit["quote"] for hit in found["hits"]] == ["Knee surgery within 6 months"]
    _, none, _ = run(capsys, "search", "knee", "--status", "active, not recruiting", "--json", "--data-dir", shelf)
    assert none["hits"] == []


def test_people_see_the_answer_its_passages_and_who_decides(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["ask", f"What is the minimum age in {NUMBER}?", "--data-dir", str(shelf)]) == 0
    said = capsys.readouterr().out
    assert "40" in said
    assert "[1] walk.txt" in said
    assert "the study team decides" in said


def test_chat_shows_and_forgets_what_was_told(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "/facts\nI am 44 and have asthma. Is my age allowed?\n/facts\n/forget\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    code, _, err = run(capsys, "chat", "--json", "--data-dir", shelf)
    assert code == 0
    assert err.count("Nothing is held of a patient.") == 2
    assert "1: have asthma" in err


def test_chat_takes_out_and_corrects_single_facts(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "I am 44. I have asthma. Is my age allowed?\n/forget 9\n/correct 1\n/correct 1 I am 45\n/forget 1\n/facts\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    _, _, err = run(capsys, "chat", "--json", "--data-dir", shelf)
    assert "/forget takes the number of a fact." in err
    assert "/correct takes the number of a fact and the right words." in err
    assert "I am 45 (read as: age 45 years)" in err
    assert err.rstrip().endswith("1. message 1: I am 45 (read as: age 45 years)")


def test_chat_works_through_a_pipe(shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = f"/scope {NUMBER}\nWhat is the minimum age?\n/why 1\n/scope nobody\n/trials\n/dance\n\n/quit\nnever asked\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    code, document, err = run(capsys, "chat", "--json", "--data-dir", shelf)
    assert code == 0
    assert [turn["user"] for turn in document["turns"]] == ["What is the minimum age?"]
    assert "walk.txt" in err
    assert "nobody" in err
    assert "/dance" in err


def test_remove_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, words in (("walk.txt", f"{NUMBER}\n{PLAIN}"), ("swim.txt", PLAIN.replace("walk", "swim"))):
        (tmp_path / name).write_text(words, encoding="utf-8")
    data = tmp_path / "data"
    main(["index", str(tmp_path / "walk.txt"), str(tmp_path / "swim.txt"), "--data-dir", str(data)])
    code, removed, _ = run(capsys, "remove", NUMBER, "--json", "--data-dir", data)
    assert (code, removed) == (0, {"documents": ["walk.txt"], "trials": [NUMBER]})
    assert run(capsys, "show", NUMBER, "--json", "--data-dir", data)[0] == 4
    hits = run(capsys, "search", "knee surgery", "--json", "--data-dir", data)[1]["hits"]
    assert {hit["document"] for hit in hits} == {"swim.txt"}


def test_a_question_may_hold_bytes_that_are_no_text(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, document, _ = run(capsys, "search", "knee\udcff\x1b[31m surgery", "--json", "--data-dir", shelf)
    assert (code, document["query"]) == (0, "knee  [31m surgery")


def test_nothing_to_read_says_what_to_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "papers").mkdir()
    assert main(["index", str(tmp_path / "papers"), "--data-dir", str(tmp_path / "data")]) == 4
    assert "name a file, or a folder with documents in it" in " ".join(capsys.readouterr().out.split())


def test_an_unforeseen_fault_is_one_line(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(wiring, "open_assistant", lambda settings: SmallAssistant())
    code, document, err = run(capsys, "ask", "crash", "--json", "--data-dir", shelf)
    assert (code, len(err.splitlines())) == (1, 1)
    assert "please report" in document["error"]
    monkeypatch.setenv("ELIGIBILITY_DEBUG", "1")
    assert "Traceback" in run(capsys, "ask", "crash", "--json", "--data-dir", shelf)[2]


def test_ctrl_c_is_quiet(shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(wiring, "open_assistant", interrupted)
    capsys.readouterr()
    assert main(["ask", "who?", "--data-dir", str(shelf)]) == 130
    assert capsys.readouterr() == ("", "")


def test_another_embedder_makes_the_index_stale(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def open_as_other(data_dir: Path, embedder: Embedder | str | None = None, *, create: bool = False) -> Library:
        return opened(data_dir, Other(), create=create)

    class Other:
        name, dimensions = "other-model", 384

        def embed(self, texts: object) -> Any:
            raise AssertionError("nothing is embedded")

    opened = Library.open
    monkeypatch.setattr(Library, "open", open_as_other)
    code, document, _ = run(capsys, "doctor", "--json", "--data-dir", shelf)
    assert (code, document["kind"]) == (1, "StaleIndex")
    assert "--rebuild" in document["error"]


def test_serve_prints_its_address_answers_and_stops_quietly(shelf: Path) -> None:
    command = [sys.executable, "-c", "import sys; from assistant.interfaces.cli import main; sys.exit(main())"]
    command += ["serve", "--port", "0", "--json", "--data-dir", str(shelf)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) as server:
        assert server.stdout
        said = "".join(iter(lambda: server.stdout.readline(), "}\n")) + "}"
        address = json.loads(said)["address"]
        assert httpx.get(f"{address}/api/trials/{NUMBER}", timeout=30).json()["id"] == NUMBER
        assert "Eligibility Assistant" in httpx.get(address, timeout=30).text
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=30)
    assert server.returncode == 0
    assert "Traceback" not in err
