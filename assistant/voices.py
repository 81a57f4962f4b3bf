"""Our own sentences, each as a clinician and as a patient reads it: one row of a table a sentence, the same facts in both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from assistant.reply import Audience, Sentence
from assistant.tables import read_table


@dataclass(frozen=True, slots=True)
class Voiced:
    """One sentence in both voices."""

    exact: str
    """For clinicians: terse, in the field's terms."""
    plain: str
    """For patients: US grade 8 at most."""

    def to(self, audience: Audience) -> str:
        """The sentence for one of them."""
        return self.plain if audience == "patient" else self.exact


def voiced(name: str, /, **facts: object) -> Voiced:
    """The sentence of that name with its facts filled in. A fact may have two voices itself."""
    said = _table()[name]
    return Voiced(
        said.exact.format_map({key: fact.exact if isinstance(fact, Voiced) else fact for key, fact in facts.items()}),
        said.plain.format_map({key: fact.plain if isinstance(fact, Voiced) else fact for key, fact in facts.items()}),
    )


def known(name: str) -> bool:
    """Whether the table has a row of that name."""
    return name in _table()


def sentence(name: str, citations: Sequence[int] = (), /, **facts: object) -> Sentence:
    """The same as a sentence of a reply."""
    said = voiced(name, **facts)
    return Sentence(said.exact, tuple(citations), said.plain)


def examples() -> Mapping[str, tuple[Voiced, Mapping[str, str]]]:
    """Every row with facts that it may be filled with."""
    return {row["name"]: (_table()[row["name"]], _facts(row["example"])) for row in _rows()}


@cache
def _table() -> Mapping[str, Voiced]:
    return {row["name"]: Voiced(row["clinician"], row["patient"] or row["clinician"]) for row in _rows()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(read_table(files(__package__) / "voices.tsv"))


def _facts(cell: str) -> Mapping[str, str]:
    """ "date=2025-11-20; number=3"."""
    return {name.strip(): value.strip() for name, _, value in (pair.partition("=") for pair in cell.split(";")) if name.strip()}
