"""What the assistant says, as frozen types: sentences, the citations that carry them, and findings about the documents."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

ReplyKind = Literal["answer", "not_stated", "clarify", "declined", "emergency"]
Verdict = Literal["yes", "no", "depends"]
Audience = Literal["patient", "clinician"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A stretch of a document, quoted: `document_text[start:end] == quote`, in Unicode code points."""

    trial: str
    document: str
    section: str
    start: int
    end: int
    quote: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer and the citations that carry it, as indices into the reply's citations."""

    text: str
    citations: tuple[int, ...] = ()
    plain: str | None = None
    """What a patient reads in its place, until the reply is in one voice; None where it is the same."""

    def under(self, name: str) -> "Sentence":
        """The sentence after a name and a colon."""
        return replace(self, text=f"{name}: {self.text}", plain=self.plain and f"{name}: {self.plain}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the documents that bears on the answer: a contradiction, a gap, a placeholder."""

    kind: str
    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """A term of the field, as it stands in the reply, in plain words."""

    term: str
    explanation: str


@dataclass(frozen=True)
class Reply:
    """One answer. `verdict` answers the question as asked; it never says that somebody is eligible."""

    kind: ReplyKind
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...] = ()
    verdict: Verdict | None = None
    trials: tuple[str, ...] = ()
    assessment: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    next_question: str | None = None
    glossary: tuple[Explained, ...] = ()
    """Terms used for the first time, for a patient."""
    as_of: str | None = None
    versions: Mapping[str, Any] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    """How many sentences the verifier took out, by reason; what they said is kept nowhere."""

    @property
    def text(self) -> str:
        """The sentences as a person reads them, each ending with its [n] (counted from 1)."""
        return "\n".join(with_marks(sentence) for sentence in self.sentences)

    def to(self, audience: Audience) -> "Reply":
        """The reply in one voice. Nothing but the words of its sentences depends on whom it is for."""
        patient = audience == "patient"
        said = (Sentence(one.plain if patient and one.plain else one.text, one.citations) for one in self.sentences)
        return replace(self, sentences=tuple(said))

    def as_json(self) -> dict[str, Any]:
        """The reply as the outer contract names it: ready for `json.dumps`."""
        named = asdict(self)
        named["sentences"] = [{"text": one.text, "citations": one.citations} for one in self.sentences]
        return {"kind": named.pop("kind"), "verdict": named.pop("verdict"), "text": self.text, **named}


@dataclass(frozen=True)
class Draft(Reply):
    """A reply that is still being written: what of it may be shown. The whole follows it."""


def draft(reply: Reply) -> Draft:
    """The reply as one that is still being written."""
    return Draft(**{one.name: getattr(reply, one.name) for one in fields(reply)})


def with_marks(sentence: Sentence) -> str:
    """A sentence as a person reads it, ending with its [n] (counted from 1)."""
    marks = "".join(f"[{index + 1}]" for index in sentence.citations)
    return f"{sentence.text} {marks}" if marks else sentence.text
