"""The eval suite: cases are read or refused by line, every case gets its prediction, scores agree with the acceptance's own."""

import importlib.util
import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

import evals
from assistant.errors import UnusableRequest
from assistant.reply import Audience, Citation, Reply, Sentence
from assistant.settings import Settings
from evals import report
from evals.cases import AnswerCase, read_cases
from evals.score import Run, predict
from evals.tasks import answers, retrieval
from index.errors import NothingIndexed, UnreadableDocument
from index.samples import sample_paths

GOLD = Path(answers.__file__).parents[1] / "gold" / "answers.jsonl"
SHARED = Path(__file__).parents[2] / "shared"
TEXTS = {"one.txt": "Age: 18 to 70 years.\nECOG 0-1.", "two.txt": "Age: up to 70 years.", "other.txt": "Age: 18 to 70 years."}


def case(**fields: Any) -> AnswerCase:
    given = {
        "id": "A1",
        "question": "Up to which age?",
        "verdict": "n.a.",
        "support": ["Age: 18 to 70 years."],
        "support_seeds": ["one.txt"],
    }
    return AnswerCase.model_validate({**given, **fields})


def citation(document: str, quote: str, start: int | None = None) -> Citation:
    at = TEXTS[document].find(quote) if start is None else start
    return Citation("T", document, "inclusion", at, at + len(quote), quote)


def reply(text: str = "Up to 70 years.", *citations: Citation, **fields: Any) -> dict[str, Any]:
    given = {"kind": "answer", **fields}
    return Reply(sentences=(Sentence(text),), citations=citations, **given).as_json()


def values(of: AnswerCase, given: Mapping[str, Any], siblings: Sequence[set[str]] = ()) -> dict[str, float | None]:
    return {name: score.value for name, score in answers.scored(of, given, TEXTS, siblings).items()}


class TestCases:
    def test_json_lines_keep_separators_inside_strings(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.jsonl"
        file.write_text(
            '{"id": "1", "question": "line\u2028separator"}\n\n{"id": 2, "question": "a number for an id"}\n', "utf-8"
        )
        assert [(one.id, one.question) for one in read_cases(file, AnswerCase)] == [
            ("1", "line\u2028separator"),
            (2, "a number for an id"),
        ]

    def test_csv(self, tmp_path: Path) -> None:
        file = tmp_path / "cases.csv"
        file.write_text('id,question,scope,key_facts\n1,"a, b",NCT1; NCT2,\n2,c,,"[""x;y""]"\n', "utf-8-sig")
        first, second = read_cases(file, AnswerCase)
        assert (first.question, first.scope, first.key_facts) == ("a, b", ("NCT1", "NCT2"), ())
        assert second.key_facts == ("x;y",)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param('{"id": "1"}\n', r"line 1: question: Field required", id="a field is missing"),
            pytest.param('\n{"id": "1", "question": 3}\n', r"line 2: question", id="a number for a question"),
            pytest.param('{"id": "1", "question": "a"}\n{"id"\n', r"line 2: not JSON", id="cut off"),
            pytest.param('["id"]\n', r"line 1: case", id="no object"),
            pytest.param(
                '{"id": "1", "question": "a"}\n{"id": "1", "question": "b"}\n',
                r"line 2: the id '1' stands in line 1",
                id="twice",
            ),
            pytest.param(
                '{"id": "1", "question": "a", "verdict": "maybe"}\n', r"line 1: verdict", id="a verdict that does not exist"
            ),
            pytest.param(
                '{"id": "1", "question": "a", "key_facts": ["("]}\n',
                r"line 1: key_facts: .*no regular expression",
                id="no pattern",
            ),
            pytest.param("", "no case", id="empty"),
            pytest.param("{}\n" * 20, r"line 8.* and 12 more", id="many"),
        ],
    )
    def test_what_is_no_case_is_named_by_line(self, tmp_path: Path, text: str, reason: str) -> None:
        file = tmp_path / "cases.jsonl"
        file.write_text(text, "utf-8")
        with pytest.raises(UnreadableDocument, match=reason):
            read_cases(file, AnswerCase)

    def test_a_file_that_is_not_there_or_not_text(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableDocument, match="can't be read"):
            read_cases(tmp_path / "missing.jsonl", AnswerCase)
        (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(UnreadableDocument, match="can't be read"):
            read_cases(tmp_path / "binary.jsonl", AnswerCase)


class TestScores:
    @pytest.mark.parametrize(
        ("gold", "given", "right"),
        [
            pytest.param("yes", {"verdict": "yes"}, 1, id="yes"),
            pytest.param("yes", {"verdict": "no"}, 0, id="no for yes"),
            pytest.param("no", {"verdict": None}, 0, id="no verdict"),
            pytest.param("depends", {"verdict": "depends"}, 1, id="depends"),
            pytest.param("not_stated", {"kind": "not_stated"}, 1, id="not stated"),
            pytest.param("not_stated", {"kind": "answer"}, 0, id="an answer where there is none"),
            pytest.param("n.a.", {"kind": "answer"}, 1, id="an answer"),
            pytest.param("n.a.", {"kind": "declined"}, 1, id="declining is an answer to what asks for none"),
            pytest.param("n.a.", {"kind": "not_stated"}, 0, id="abstaining where there is an answer"),
            pytest.param("n.a.", {"kind": "clarify"}, 0, id="asking back where there is an answer"),
        ],
    )
    def test_verdict(self, gold: str, given: dict[str, Any], right: float) -> None:
        assert values(case(verdict=gold), reply(**given))["verdict"] == right

    @pytest.mark.parametrize(
        ("gold", "given", "abstained", "committed"),
        [
            pytest.param("yes", {"verdict": "yes"}, 0, None, id="yes for yes"),
            pytest.param("yes", {"verdict": "depends"}, 1, None, id="depends for yes"),
            pytest.param("no", {"kind": "not_stated"}, 1, None, id="not stated for no"),
            pytest.param("no", {"verdict": "yes"}, 0, None, id="yes for no is wrong but not cautious"),
            pytest.param("depends", {"verdict": "yes"}, 0, 1, id="yes for depends"),
            pytest.param("depends", {"kind": "clarify"}, 1, 0, id="asking back for depends"),
            pytest.param("not_stated", {"kind": "not_stated"}, None, 0, id="not stated"),
            pytest.param("not_stated", {"kind": "answer"}, None, 1, id="an answer where there is none"),
            pytest.param("n.a.", {"kind": "answer"}, 0, None, id="an answer"),
            pytest.param("n.a.", {"kind": "not_stated"}, 1, None, id="abstaining where there is an answer"),
        ],
    )
    def test_caution(self, gold: str, given: dict[str, Any], abstained: float | None, committed: float | None) -> None:
        found = values(case(verdict=gold), reply(**given))
        assert (found["over_abstention"], found["over_commitment"]) == (abstained, committed)

    def test_facts_and_what_must_not_be_said(self) -> None:
        gold = case(key_facts=["70", "years|months"], must_not_say=["you are eligible"])
        assert values(gold, reply("Up to 70 YEARS."))["right"] == 1
        assert values(gold, reply("Up to 70."))["facts"] == 0
        assert values(gold, reply("70 years: You are eligible"))["clean"] == 0

    def test_citations(self) -> None:
        gold = case(support=["Age: 18 to 70 years.", "ECOG 0-1."], support_seeds=["one.txt", "one.txt"])
        found = values(gold, reply("70", citation("one.txt", "ECOG 0-1."), citation("other.txt", "Age")))
        assert (found["supported"], found["some"], found["scope"], found["valid"]) == (0, 1, 0, 1)
        assert (found["citation_recall"], found["citation_precision"], found["wrong_trial"]) == (0.5, 1, 0.5)
        assert found["quoted"] == len("ECOG 0-1.") + len("Age")

    def test_a_quote_at_another_place_is_not_valid(self) -> None:
        assert values(case(), reply("70", citation("one.txt", "ECOG 0-1.", start=3)))["valid"] == 0

    def test_another_page_about_the_same_trial_is_in_scope(self) -> None:
        given = reply("70", citation("two.txt", "Age: up to 70 years."))
        assert values(case(), given)["scope"] == 0
        assert values(case(), given, [{"one.txt", "two.txt"}, {"other.txt"}])["scope"] == 1
        assert values(case(same_trial=["two.txt"]), given)["scope"] == 1

    def test_what_the_gold_lacks_is_unscored_and_says_why(self) -> None:
        scores = answers.scored(case(support=[], support_seeds=[]), reply("70"), {}, ())
        reasons = {name: score.unscored for name, score in scores.items() if score.value is None}
        assert reasons.keys() == {
            "supported", "some", "scope", "citation_recall", "citation_precision", "wrong_trial", "over_commitment",
        }  # fmt: skip
        assert all(reasons.values())

    def test_a_yes_to_a_no_is_unsafe(self) -> None:
        assert values(case(verdict="no"), reply(verdict="yes"))["unsafe_yes"] == 1
        assert values(case(verdict="depends"), reply(verdict="yes"))["unsafe_yes"] == 0


class Scripted:
    """An assistant that answers from a script, and fails where the script has an error."""

    def __init__(self, *script: Reply | Exception) -> None:
        self.script = list(script)
        self.asked: list[tuple[str, tuple[str, ...], str]] = []

    def ask(self, question: str, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Reply:
        self.asked.append((question, tuple(scope), audience))
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def measured(tmp_path: Path) -> tuple[Run, Scripted]:
    assistant = Scripted(
        Reply("answer", (Sentence("Up to 70.", (0,)),), (citation("one.txt", "Age: 18 to 70 years."),)),
        ValueError("too long"),
        Reply("not_stated", (Sentence("<b>Not</b> stated."),)),
    )
    cases = [
        case(id="A1", audience="clinician", scope=["NCT1"], trial="GOLD"),
        case(id="A2"),
        case(id="A3", audience="adversarial"),
    ]
    return answers.measure(cases, assistant, TEXTS.__getitem__, predictions=tmp_path / "new" / "out.jsonl"), assistant


class TestRun:
    def test_every_case_has_its_line_in_order(self, tmp_path: Path) -> None:
        measured(tmp_path)
        lines = [json.loads(line) for line in (tmp_path / "new" / "out.jsonl").read_text("utf-8").splitlines()]
        assert [line["id"] for line in lines] == ["A1", "A2", "A3"]
        assert lines[0]["reply"]["citations"][0]["quote"] == "Age: 18 to 70 years."
        assert lines[1] == {"id": "A2", "error": "ValueError: too long"}

    def test_gold_stays_out_of_the_question(self, tmp_path: Path) -> None:
        _, assistant = measured(tmp_path)
        assert assistant.asked == [
            ("Up to which age?", ("NCT1",), "clinician"),
            ("Up to which age?", (), "patient"),
            ("Up to which age?", (), "patient"),
        ]

    def test_a_failed_case_counts_as_wrong_and_as_failed(self, tmp_path: Path) -> None:
        run, _ = measured(tmp_path)
        right = next(summary for summary in run.summaries() if summary.metric == "right")
        assert (right.mean, right.scored, right.failed) == (pytest.approx(1 / 3), 3, 1)

    def test_without_gold_there_are_only_predictions(self, tmp_path: Path) -> None:
        plain = AnswerCase(id="A1", question="Up to which age?")
        run = answers.measure([plain], Scripted(Reply("answer", ())), TEXTS.__getitem__, predictions=tmp_path / "out.jsonl")
        assert run.summaries() == ()
        assert (tmp_path / "out.jsonl").exists()

    def test_workers_keep_the_order(self) -> None:
        given = predict(range(50), lambda number: {"twice": 2 * number}, lambda number: {"id": number}, workers=4)
        assert list(given) == [{"id": number, "twice": 2 * number} for number in range(50)]


class TestReport:
    def test_page_needs_nothing_beside_it_and_escapes_what_was_said(self, tmp_path: Path) -> None:
        run, _ = measured(tmp_path)
        page = report.page(run)
        assert not re.search(r"https?://|src=|@import|<script", page)
        assert "&lt;b&gt;Not&lt;/b&gt;" in page
        assert "ValueError: too long" in page

    def test_json_has_the_figures_and_the_reasons(self, tmp_path: Path) -> None:
        run, _ = measured(tmp_path)
        data, shown = report.write(run, tmp_path / "report")
        read = json.loads(data.read_text("utf-8"))
        assert (read["cases"], read["failed"]) == (3, 1)
        assert read["items"][0]["scores"]["over_commitment"] == {"value": None, "unscored": answers.DECIDED}
        assert set(read["groups"]) == {"adversarial", "clinician", "patient"}
        assert shown.read_text("utf-8") == report.page(run)

    def test_table(self, tmp_path: Path) -> None:
        run, _ = measured(tmp_path)
        console = Console(record=True, width=140, file=(tmp_path / "table").open("w"))
        console.print(report.table(run))
        text = console.export_text()
        assert re.search(r"right\W+0\.333", text)
        assert "3 cases, 1 failed" in text


class TestGold:
    CASES = read_cases(GOLD, AnswerCase)
    TRIALS = (*sample_paths(), *sorted((GOLD.parent / "trials").glob("*.md")))
    SAMPLES = {path.name: path.read_text("utf-8") for path in TRIALS}  # noqa: RUF012

    @pytest.mark.parametrize("gold", CASES, ids=lambda gold: str(gold.id))
    def test_support_stands_in_its_document(self, gold: AnswerCase) -> None:
        for passage, document in zip(gold.support, gold.support_seeds[: len(gold.support)], strict=True):
            assert passage in self.SAMPLES[document]

    @pytest.mark.parametrize("gold", CASES, ids=lambda gold: str(gold.id))
    def test_the_gold_answer_passes_its_own_patterns(self, gold: AnswerCase) -> None:
        said = reply(gold.answer or "", kind="not_stated" if gold.verdict == "not_stated" else "answer", verdict=gold.verdict)
        scores = answers.scored(gold, said, {}, ())
        assert (scores["facts"].value, scores["clean"].value, scores["verdict"].value) == (1, 1, 1)

    def test_all_kinds_are_asked(self) -> None:
        assert {gold.verdict for gold in self.CASES} == {"yes", "no", "depends", "n.a.", "not_stated"}
        assert {gold.audience for gold in self.CASES} == {"patient", "clinician", "adversarial"}
        assert {document for gold in self.CASES for document in gold.support_seeds} >= self.SAMPLES.keys() - {
            "sample-oncomatch-reduced-target.txt"
        }


class ByFirstLetter:
    """An embedder whose vectors say only which letter a text begins with."""

    name, dimensions = "first-letter", 26

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[float(text[:1].lower() == chr(97 + at)) for at in range(26)] for text in texts], np.float32)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)
    documents = {"d1": "zebra stripes", "d2": "a lion roars", "d3": "zoo tickets"}
    queries = {"q1": "zebra", "q2": "lion", "q3": "never judged"}
    (folder / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": i, "title": "", "text": text}) for i, text in documents.items()), "utf-8"
    )
    (folder / "queries.jsonl").write_text("\n".join(json.dumps({"_id": i, "text": t}) for i, t in queries.items()), "utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\nq2\td3\t0\n", "utf-8")
    return folder


class TestRetrieval:
    @pytest.mark.parametrize(
        ("mode", "ranked", "ndcg"),
        [
            pytest.param("bm25", {"q1": ["d1"], "q2": ["d2"]}, 1.0, id="bm25"),
            # By its first letter "zebra" is as near to d3 as to d1, and "lion" to nothing.
            pytest.param("dense", {"q1": ["d1", "d3", "d2"], "q2": ["d1", "d2", "d3"]}, (1 + 1 / np.log2(3)) / 2, id="dense"),
            pytest.param("hybrid", {"q1": ["d1", "d3", "d2"], "q2": ["d2", "d1", "d3"]}, 1.0, id="hybrid"),
        ],
    )
    def test_beir(self, beir: Path, tmp_path: Path, mode: retrieval.Mode, ranked: dict[str, list[str]], ndcg: float) -> None:
        run = retrieval.measure_beir(retrieval.read_beir(beir), mode, ByFirstLetter(), tmp_path / "run.txt")
        assert {item.id: [name for name, _ in item.prediction["ranked"]] for item in run.items} == ranked
        assert run.summaries()[0].mean == pytest.approx(ndcg)
        lines = (tmp_path / "run.txt").read_text("utf-8").splitlines()
        assert lines[0].split()[:4] == ["q1", "Q0", "d1", "1"]
        assert len(lines) == sum(map(len, ranked.values()))

    @pytest.mark.parametrize(
        ("file", "text", "reason"),
        [
            pytest.param("corpus.jsonl", '{"_id": "d1", "text": "a"}\n{"_id": "d2"}\n', "line 2: Field required", id="no text"),
            pytest.param(
                "queries.jsonl", '{"_id": "q1", "text": "a"}\n', "no query 'q2'", id="a query that is judged but missing"
            ),
            pytest.param(
                "qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\n", "line 2: not query", id="a column is missing"
            ),
            pytest.param(
                "qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "nothing to rank, or nothing judged", id="no judgement"
            ),
        ],
    )
    def test_what_is_no_collection_is_named(self, beir: Path, file: str, text: str, reason: str) -> None:
        (beir / file).write_text(text, "utf-8")
        with pytest.raises(UnreadableDocument, match=reason):
            retrieval.read_beir(beir)

    def test_a_folder_that_is_no_collection(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableDocument, match=r"test\.tsv.*can't be read"):
            retrieval.read_beir(tmp_path)

    def test_support_is_looked_for_in_the_gold_documents(self, tmp_path: Path) -> None:
        def find(question: str, documents: Collection[str], k: int) -> list[retrieval.Quoted]:
            assert (question, set(documents), k) == ("Up to which age?", {"one.txt", "two.txt"}, 10)
            quotes = ["ECOG", "is", "not", "it", "Age: 18 to 70 years."]
            return [{"document": "one.txt", "start": 0, "end": len(quote), "quote": quote} for quote in quotes]

        cases = [case(same_trial=["two.txt"]), case(id="A2", support=[])]
        run = retrieval.measure_support(cases, find, tmp_path / "out.jsonl")
        means = {summary.metric: summary.mean for summary in run.summaries()}
        assert means == {"all_support@4": 0, "some_support@4": 0, "all_support@10": 1, "some_support@10": 1}
        assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["passages"][4]["quote"] == "Age: 18 to 70 years."


class TestSuite:
    def test_packaged_gold_on_the_packaged_samples(self, tmp_path: Path) -> None:
        runs = evals.run(settings=Settings(data_dir=tmp_path / "untouched"), report=tmp_path / "report", limit=3)
        assert [one.task for one in runs] == list(evals.TASKS)
        means = {summary.metric: summary.mean for summary in runs[0].summaries()}
        assert (means["valid"], means["unsafe_yes"]) == (1, 0)
        assert not (tmp_path / "untouched").exists()
        assert {file.name for file in (tmp_path / "report").iterdir()} == {
            f"{task}.{kind}" for task in evals.TASKS for kind in ("json", "html")
        }

    @pytest.mark.parametrize(
        ("tasks", "given", "reason"),
        [
            pytest.param(["answer"], {}, "no task 'answer': choose from answers, retrieval", id="unknown"),
            pytest.param([], {"data": GOLD}, "one task", id="data without a task"),
            pytest.param(["criteria", "checks"], {"data": GOLD}, "one task", id="data for two tasks"),
        ],
    )
    def test_wrong_usage(self, tmp_path: Path, tasks: list[str], given: dict[str, Path], reason: str) -> None:
        with pytest.raises(UnusableRequest, match=reason):
            evals.run(tasks, settings=Settings(data_dir=tmp_path), **given)  # type: ignore[arg-type]

    @pytest.mark.parametrize("task", ["answers", "checks"])
    def test_own_data_needs_an_index(self, task: str, tmp_path: Path) -> None:
        data = tmp_path / "own.jsonl"
        data.write_text('{"id": 1, "question": "Who?", "trial": "T", "note": "Aged 50."}\n', "utf-8")
        with pytest.raises(NothingIndexed):
            evals.run([task], settings=Settings(data_dir=tmp_path), data=data)

    def test_criteria_need_none(self, tmp_path: Path) -> None:
        data, out = tmp_path / "own.jsonl", tmp_path / "out.jsonl"
        pair = {
            "annotation_id": 7,
            "note": "0. A man aged 50.",
            "criterion_type": "inclusion",
            "criterion_text": "Age 18 or older",
        }
        data.write_text(json.dumps(pair) + "\n", "utf-8")
        (run,) = evals.run(["criteria"], settings=Settings(data_dir=tmp_path), data=data, predictions=out)
        assert json.loads(out.read_text("utf-8")).keys() == {"annotation_id", "label", "sentences", "reason"}
        assert (run.metrics, run.about["data"]) == ((), "own.jsonl")


@pytest.fixture(scope="module")
def acceptance() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_questions", SHARED / "tools" / "score_questions.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the development data is not here")
class TestAgreementWithTheAcceptance:
    def test_on_planted_replies(self, acceptance: ModuleType) -> None:
        texts = {file.name: file.read_text("utf-8") for file in (SHARED / "seeds").iterdir()}
        rows = (SHARED / "data" / "questions" / "dev.jsonl").read_text("utf-8").splitlines()
        compared = 0
        for row in map(json.loads, rows):
            gold = AnswerCase.model_validate(row)
            for planted in plants(row, texts):
                theirs = acceptance.score(row, planted, texts)
                ours = answers.scored(gold, planted, texts, acceptance.SAME_TRIAL)
                assert {name: ours[name].value for name in theirs} == {name: float(value) for name, value in theirs.items()}
                compared += 1
        assert compared >= 20 * len(rows)


def plants(row: dict[str, Any], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Replies of every kind and verdict, each with citations that are right, cut, elsewhere, of another trial, or none."""
    wordings = [row["answer"], " ".join(row["key_facts"]), " ".join(row["must_not_say"]) or "nothing", ""]
    kinds = [
        ("answer", "yes"),
        ("answer", "no"),
        ("answer", "depends"),
        ("not_stated", None),
        ("declined", None),
        ("clarify", None),
    ]
    cited = list(planted_citations(row, texts))
    return [{}] + [
        {"kind": kind, "verdict": verdict, "text": wordings[at % len(wordings)], "citations": citations}
        for kind, verdict in kinds
        for at, citations in enumerate(cited)
    ]


def planted_citations(row: dict[str, Any], texts: Mapping[str, str]) -> list[list[dict[str, Any]]]:
    def cite(document: str, start: int, end: int, shift: int = 0) -> dict[str, Any]:
        return {"document": document, "start": start + shift, "end": end + shift, "quote": texts[document][start:end]}

    spans = [
        (document, texts[document].index(passage), len(passage))
        for passage, document in zip(row["support"], row["support_seeds"], strict=True)
    ]
    other = next(name for name in sorted(texts) if name not in row["support_seeds"])
    return [
        [],
        [cite(document, start, start + length) for document, start, length in spans],
        [cite(document, start, start + length, shift=1) for document, start, length in spans],
        [cite(document, start, start + int(0.61 * length)) for document, start, length in spans],
        [cite(document, start, start + int(0.5 * length)) for document, start, length in spans],
        [cite(*half) for d, s, n in spans for half in ((d, s, s + n // 3), (d, s + n // 3, s + n))],
        [cite(spans[0][0], max(0, spans[0][1] - 30), spans[0][1] + spans[0][2] + 30)],
        [cite(other, 0, 40), cite(spans[0][0], spans[0][1], spans[0][1] + spans[0][2])],
        [cite(document, 0, len(texts[document])) for document in dict.fromkeys(row["support_seeds"])],
    ]
