"""Nearest texts by their words: BM25 by tantivy over everything, or exactly over the passages of one scope."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.vectors import CacheDamaged, Scored
from index.words import words

if TYPE_CHECKING:
    import tantivy

ANALYZER = "english-1"
"""Changes when a text gives other terms than before: older editions are then of no use."""
_FIELDS = {"text": 1.0, "header": 0.3}
"""What a match counts for. The header (title, section, arm) is shared by many passages, so it should not decide alone."""
_MAX_TERMS = 256
_MAX_WORD = 60
_K1, _B = 1.2, 0.75
_HEAP = 50_000_000


class Text(NamedTuple):
    """A distinct text of the catalog."""

    number: int
    header: str
    text: str


class Lexical:
    """BM25 over every text: an edition's folder, or memory. Raises CacheDamaged when the folder can't be used."""

    def __init__(self, index: "tantivy.Index") -> None:
        self._schema = index.schema
        self._searcher = index.searcher()
        self.count: int = self._searcher.num_docs

    @classmethod
    def opened(cls, folder: Path) -> "Lexical":
        """What lies in an edition's folder."""
        import tantivy

        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise CacheDamaged(str(error)) from error

    @classmethod
    def in_memory(cls, texts: Iterable[Text]) -> "Lexical":
        """An index of its own, for a folder that can't be written."""
        return cls(_filled(None, texts))

    def best(self, query: str, k: int) -> list[Scored]:
        """The k texts of highest BM25 for whatever was typed, best first; ties by number. Empty for no known word."""
        import tantivy

        terms = query_terms(query)
        if not terms or not k:
            return []
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term), weight))
            for term in terms
            for field, weight in _FIELDS.items()
        ]
        try:
            hits = self._searcher.search(tantivy.Query.boolean_query(clauses), k).hits
            numbers = [self._searcher.doc(address)["number"][0] for _, address in hits]
        except (ValueError, OSError) as error:
            raise CacheDamaged(str(error)) from error
        found = (Scored(number, float(score)) for number, (score, _) in zip(numbers, hits, strict=True))
        return sorted(found, key=lambda scored: (-scored.score, scored.number))


def write(folder: Path, texts: Iterable[Text]) -> None:
    """Add texts to an unpublished edition. Raises CacheDamaged when its base can't be used."""
    try:
        _filled(folder, texts)
    except (ValueError, OSError) as error:
        raise CacheDamaged(str(error)) from error


def _filled(folder: Path | None, texts: Iterable[Text]) -> "tantivy.Index":
    import tantivy

    index = tantivy.Index(_schema(), path=str(folder) if folder else None)
    index.register_tokenizer(ANALYZER, _analyzer())
    # One thread: the same texts give the same segments, and so the same order among equals.
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for number, header, text in texts:
        writer.add_document(tantivy.Document(number=number, header=header, text=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True, indexed=True)
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name=ANALYZER, index_option="freq")
    return builder.build()


@cache
def _analyzer() -> "tantivy.TextAnalyzer":
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    steps = (Filter.remove_long(_MAX_WORD), Filter.lowercase(), Filter.ascii_fold(), Filter.stemmer("english"))
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


def terms(text: str) -> list[str]:
    """The stems of a text's words, in order, repeats kept: what is compared."""
    return _analyzer().analyze(text)


def query_terms(query: str) -> list[str]:
    """The distinct stems of a question's content words ("what", "the" tell no passage from another), at most 256."""
    content = " ".join(query[word.start : word.end] for word in words(query[: _MAX_TERMS * _MAX_WORD]))
    return list(dict.fromkeys(terms(content or query[: _MAX_TERMS * _MAX_WORD])))[:_MAX_TERMS]


@dataclass(frozen=True)
class ExactLexical:
    """BM25 over a few passages, its word weights taken from those passages alone: what all of them say counts for nothing."""

    counts: tuple[Counter[str], ...]
    """Per passage, term → weight: a word of the text counts 1, one of the header less."""
    lengths: NDArray[np.float64]

    @classmethod
    def of(cls, texts: Sequence[tuple[str, str]]) -> "ExactLexical":
        """From (header, text) pairs."""
        counts = tuple(_weighted(header, text) for header, text in texts)
        return cls(counts, np.array([sum(count.values()) for count in counts], np.float64))

    def scores(self, query: str) -> NDArray[np.float64]:
        """BM25 of each passage; 0 where it shares no word with the query."""
        total = np.zeros(len(self.counts))
        if not len(total):
            return total
        norm = _K1 * (1 - _B + _B * self.lengths / max(self.lengths.mean(), 1e-9))
        for term in query_terms(query):
            frequency = np.array([count[term] for count in self.counts])
            holding = np.count_nonzero(frequency)
            rarity = math.log1p((len(total) - holding + 0.5) / (holding + 0.5))
            total += rarity * frequency * (_K1 + 1) / (frequency + norm)
        return total


def _weighted(header: str, text: str) -> Counter[str]:
    weights: Counter[str] = Counter()
    for field, weight in ((text, _FIELDS["text"]), (header, _FIELDS["header"])):
        for term, count in Counter(terms(field)).items():
            weights[term] += weight * count  # type: ignore[assignment]  # typeshed's Counter counts whole things
    return weights
