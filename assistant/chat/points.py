"""The building blocks of an answer: a point is one sentence to say and the spans that prove it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from assistant.citations import Citations
from assistant.reply import Finding, Reply, ReplyKind, Sentence, Verdict
from assistant.voices import Voiced
from index.trial import Span, Trial

MOST: Final = 12
"""Sites, outcomes or names given one by one in an answer; how many more there are is said."""
ENUMERATED: Final = {
    "ACTIVE_NOT_RECRUITING": "active, not recruiting",
    "ENROLLING_BY_INVITATION": "enrolling by invitation",
    "NOT_YET_RECRUITING": "not yet recruiting",
    "NA": "not applicable",
    "PHASE1": "phase 1",
    "PHASE2": "phase 2",
    "PHASE3": "phase 3",
    "PHASE4": "phase 4",
    "EARLY_PHASE1": "early phase 1",
    "NON_RANDOMIZED": "not randomised",
    "RANDOMIZED": "randomised",
    "NONE": "none (open label)",
    "SINGLE_GROUP": "single group",
    "ALL": "all",
}


def spoken(value: str) -> str:
    """An enumerated value of API v2 as a person reads it: "NOT_YET_RECRUITING" → "not yet recruiting"."""
    return ENUMERATED.get(value, value.replace("_", " ").lower())


def listed(items: Sequence[str]) -> str:
    """ "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def more(items: Sequence[object]) -> str:
    """ " and 3 more", where there are more than MOST."""
    return f" and {len(items) - MOST} more" if len(items) > MOST else ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A span of a trial's document and the section that it stands in."""

    span: Span
    section: str


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence and its proofs. A point without proofs states no fact of a document."""

    text: str
    proofs: tuple[Proof, ...] = ()
    plain: str | None = None
    """What a patient reads in its place; None where it is the same."""

    def under(self, name: str) -> "Point":
        """The point after a name and a colon."""
        return replace(self, text=f"{name}: {self.text}", plain=self.plain and f"{name}: {self.plain}")


@dataclass(frozen=True, slots=True)
class Said:
    """What one trial's documents say to a question, or that they say nothing."""

    points: tuple[Point, ...]
    verdict: Verdict | None = None
    kind: Literal["answer", "not_stated", "declined"] = "answer"
    findings: tuple[tuple[str, Point], ...] = ()
    """Kind of finding and what it says."""
    further: tuple[Point, ...] = ()
    """Said last: passages worth reading that the answer does not rest on."""


def point(said: Voiced, proofs: tuple[Proof, ...] = ()) -> Point:
    """A sentence in both voices and its proofs."""
    return Point(said.exact, proofs, said.plain)


def stated(said: Voiced, proofs: tuple[Proof, ...] = (), verdict: Verdict | None = None) -> Said:
    """One sentence of an answer."""
    return Said((point(said, proofs),), verdict)


def merged(parts: Sequence[Said], verdict: Verdict | None) -> Said:
    """Several parts of one trial's answer as one, each sentence once; an answer as soon as one part is."""
    points: dict[tuple[str, tuple[Proof, ...]], Point] = {}
    for point in (point for part in parts for point in part.points):
        points.setdefault((point.text.rstrip(". "), point.proofs), point)
    return Said(
        tuple(points.values()),
        verdict,
        "answer" if any(part.kind == "answer" for part in parts) else parts[0].kind,
        tuple(finding for part in parts for finding in part.findings),
        tuple(dict.fromkeys(point for part in parts for point in part.further)),
    )


def field_proofs(trial: Trial, *fields: str) -> tuple[Proof, ...]:
    """Where the trial's documents state those fields."""
    return tuple(Proof(span, field) for field in fields for span in trial.evidence.get(field, ()))


def reply(said: Iterable[tuple[Trial, Said]], *, kind: ReplyKind, verdict: Verdict | None) -> Reply:
    """One reply out of what each trial's documents say, the trials in the order given."""
    citations = Citations()
    sentences: list[Sentence] = []
    findings: list[Finding] = []
    trials: list[Trial] = []
    for trial, part in said:
        trials.append(trial)
        sentences += [_sentence(trial, point, citations) for point in (*part.points, *part.further)]
        for what, point in part.findings:
            sentence = _sentence(trial, point, citations)
            findings.append(Finding(what, sentence.text, sentence.citations))
    dates = [trial.as_of for trial in trials if trial.as_of]
    return Reply(
        kind=kind,
        verdict=verdict,
        sentences=tuple(sentences),
        citations=tuple(citations.collected),
        trials=tuple(trial.id for trial in trials),
        findings=tuple(findings),
        as_of=min(dates) if dates else None,
    )


def _sentence(trial: Trial, point: Point, citations: Citations) -> Sentence:
    cited = dict.fromkeys(citations.add(trial, proof.span, proof.section) for proof in point.proofs)
    return Sentence(point.text, tuple(cited), point.plain)
