"""Ranks a BEIR folder's documents, or the passages behind answers' gold, and scores whether what is needed comes first."""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal, TypedDict, get_args

import numpy as np
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from evals.cases import AnswerCase
from evals.metrics import Score, is_covered, ndcg_at, recall_at, reciprocal_rank
from evals.score import Item, Prediction, Run, counted, predict, written
from index.embed import Embedder
from index.errors import UnreadableDocument
from index.lexical import Lexical, Text
from index.search import best_first, fuse
from index.vectors import ExactVectors

Mode = Literal["bm25", "dense", "hybrid"]
MODES: tuple[Mode, ...] = get_args(Mode)
DEPTH = 100
"""Documents ranked for a query, as BEIR has it."""
CUTS = (4, 10)
"""How many passages are looked at when the gold is that of answers."""
_CURE = "A BEIR folder has corpus.jsonl, queries.jsonl and qrels/test.tsv."


class _Row(BaseModel):
    id: Annotated[str, BeforeValidator(str), Field(alias="_id")]
    text: str
    title: str = ""


@dataclass(frozen=True)
class Beir:
    """A test collection: documents and queries by id, and the grade of each document judged for a query."""

    corpus: Mapping[str, _Row]
    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]

    def first(self, limit: int | None) -> "Beir":
        """The same with only the first so many queries."""
        return replace(self, queries=dict(islice(self.queries.items(), limit)))


def read_beir(folder: Path) -> Beir:
    """The collection in a folder. Raises UnreadableDocument that names the file and line that is no part of one."""
    grades: dict[str, dict[str, int]] = {}
    for query, document, grade in _judged(folder / "qrels" / "test.tsv"):
        grades.setdefault(query, {})[document] = grade
    corpus = {row.id: row for row in _rows(folder / "corpus.jsonl")}
    queries = {row.id: row.text for row in _rows(folder / "queries.jsonl")}
    missing = sorted(grades.keys() - queries.keys())
    if missing or not grades or not corpus:
        reason = f"no query {missing[0]!r}, which is judged." if missing else "nothing to rank, or nothing judged."
        raise UnreadableDocument(str(folder), reason, _CURE)
    return Beir(corpus, {query: queries[query] for query in grades}, grades)


def _rows(path: Path) -> Iterator[_Row]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line.strip():
            try:
                yield _Row.model_validate_json(line)
            except ValidationError as error:
                raise UnreadableDocument(str(path), f"line {number}: {error.errors()[0]['msg']}.", _CURE) from error


def _judged(path: Path) -> Iterator[tuple[str, str, int]]:
    for number, row in enumerate(csv.reader(_text(path).splitlines(), delimiter="\t"), 1):
        try:
            query, document, grade = row
            yield query, document, int(grade)
        except ValueError as error:
            if number > 1:  # the first line is the header
                raise UnreadableDocument(str(path), f"line {number}: not query, document, grade.", _CURE) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableDocument(str(path), f"it can't be read: {error}.", _CURE) from error


class Quoted(TypedDict):
    """A passage as a prediction names it."""

    document: str
    start: int
    end: int
    quote: str


Ranked = Sequence[tuple[str, float]]
"""Document ids and scores, best first."""


def ranker(corpus: Mapping[str, _Row], mode: Mode, embedder: Embedder) -> Callable[[str], Ranked]:
    """A query's documents by the index's own parts: its BM25, its vectors, or both fused."""
    ids = list(corpus)
    texts = [f"{row.title}\n{row.text}".strip() for row in corpus.values()]
    lexical = vectors = None
    if mode != "dense":
        lexical = Lexical.in_memory(Text(number, "", text) for number, text in enumerate(texts))
    if mode != "bm25":
        vectors = ExactVectors(np.arange(len(ids)), embedder.embed(texts))

    def rank(query: str) -> Ranked:
        by_words = lexical.best(query, DEPTH) if lexical else []
        by_meaning = vectors.nearest(embedder.embed([query])[0], DEPTH) if vectors else []
        if mode != "hybrid":
            return [(ids[number], score) for number, score in by_words or by_meaning]
        fused = fuse({"dense": [one.number for one in by_meaning], "lexical": [one.number for one in by_words]})
        return [(ids[number], fused[number].score) for number in best_first(fused)[:DEPTH]]

    return rank


def measure_beir(data: Beir, mode: Mode, embedder: Embedder, run_file: Path | None = None) -> Run:
    """All judged queries ranked and scored: nDCG@10, recall@10 and @100, reciprocal rank. Writes a TREC run file."""
    rank = ranker(data.corpus, mode, embedder)
    predictions = predict(list(data.queries.items()), lambda query: {"ranked": rank(query[1])}, lambda query: {"id": query[0]})
    items = [_beir_item(data, mode, prediction) for prediction in counted(predictions, len(data.queries), f"retrieval {mode}")]
    if run_file:
        run_file.parent.mkdir(parents=True, exist_ok=True)
        run_file.write_text("".join(line for item in items for line in _trec(item)), encoding="utf-8")
    return Run("retrieval", tuple(items), {"mode": mode, "documents": len(data.corpus)})


def _beir_item(data: Beir, mode: Mode, prediction: Prediction) -> Item:
    query = str(prediction["id"])
    ranked = [document for document, _ in prediction.get("ranked", ())]
    grades = data.grades[query]
    relevant = {document for document, grade in grades.items() if grade > 0}
    return Item(query, mode, prediction, ranking_scores(ranked, relevant, grades), {"question": data.queries[query]})


def ranking_scores(ranked: Sequence[str], relevant: set[str], grades: Mapping[str, int]) -> dict[str, Score]:
    """One query's figures; a query for which nothing is relevant has none."""
    if not relevant:
        return dict.fromkeys(("ndcg@10", "recall@10", "recall@100", "mrr"), Score(None, "nothing is relevant to this query"))
    return {
        "ndcg@10": Score(ndcg_at(10, ranked, grades)),
        "recall@10": Score(recall_at(10, ranked, relevant)),
        "recall@100": Score(recall_at(100, ranked, relevant)),
        "mrr": Score(reciprocal_rank(ranked, relevant)),
    }


def _trec(item: Item) -> Iterator[str]:
    for rank, (document, score) in enumerate(item.prediction.get("ranked", ()), 1):
        yield f"{item.id} Q0 {document} {rank} {score:.6f} eligibility-{item.group}\n"


Finds = Callable[[str, Collection[str], int], Sequence[Quoted]]
"""Question, the documents that may be searched, how many passages → the passages, best first."""


def measure_support(cases: Sequence[AnswerCase], find: Finds, run_file: Path | None = None) -> Run:
    """For every question with support: whether all or some of it stands in the first k passages of the gold's documents."""
    asked = [case for case in cases if case.support]
    predictions = written(predict(asked, lambda case: {"passages": _found(case, find)}, lambda case: {"id": case.id}), run_file)
    given = counted(zip(asked, predictions, strict=True), len(asked), "retrieval of support")
    items = tuple(
        Item(case.id, case.audience, prediction, support_scores(case, prediction), {"question": case.question})
        for case, prediction in given
    )
    return Run("retrieval", items, {"cuts": CUTS})


def _found(case: AnswerCase, find: Finds) -> list[Quoted]:
    return list(find(case.question, {*case.support_seeds, *case.same_trial}, max(CUTS)))


def support_scores(case: AnswerCase, prediction: Prediction) -> dict[str, Score]:
    """One question's figures at every cut."""
    quotes = [passage["quote"] for passage in prediction.get("passages", ())]
    scores = {}
    for cut in CUTS:
        covered = [is_covered(passage, quotes[:cut]) for passage in case.support]
        scores[f"all_support@{cut}"] = Score(float(all(covered)))
        scores[f"some_support@{cut}"] = Score(float(any(covered)))
    return scores
