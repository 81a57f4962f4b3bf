"""Assesses a patient against every criterion of a trial: a verdict a line, with both sides cited, and what to ask next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.citations import cite
from assistant.eligibility.assessment import Assessment, Coverage, CriterionVerdict, Open, Overall, Status
from assistant.eligibility.clock import Clock
from assistant.eligibility.conditions import Advised, Condition
from assistant.eligibility.context import context
from assistant.eligibility.contradictions import Contradiction, asking, barring, contradictions, required
from assistant.eligibility.judge import judge
from assistant.eligibility.judge.judgement import Judgement, Reason
from assistant.eligibility.next_question import next_question
from assistant.eligibility.parse import condition_of, structured
from assistant.eligibility.patient import Patient
from assistant.eligibility.sentences import change, sentence
from assistant.eligibility.truth import TRUE, UNKNOWN, truth
from assistant.eligibility.vocabulary.concepts import Concept, all_concepts, find, is_a
from assistant.eligibility.wording import asked, quoted
from assistant.reply import Audience, Finding
from assistant.voices import Voiced, voiced
from index.trial import Kind, Span, Trial

_DECIDED = frozenset({"satisfied", "violated", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion, read once for any number of patients."""

    id: str
    kind: Kind
    text: str
    span: Span
    section: str
    condition: Condition


@dataclass(frozen=True)
class Rules:
    """All that a trial asks, as typed conditions."""

    trial: Trial
    lines: tuple[Line, ...]
    study: frozenset[str]
    """Concepts of the disease under study."""
    contradictions: tuple[Contradiction, ...]


class _Key:
    """A trial as a key: two that ask the same are the same."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        limits = (trial.sex, trial.minimum_age, trial.maximum_age)
        self.value = (trial.id, trial.criteria, trial.conditions, limits, tuple(source.sha256 for source in trial.sources))

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.value == other.value


def rules(trial: Trial) -> Rules:
    """What a trial asks. Reading is kept for the trials read last."""
    return _read(_Key(trial))


@lru_cache(maxsize=1024)
def _read(key: _Key) -> Rules:
    trial = key.trial
    lines = [Line(c.id, c.kind, c.text, c.span, c.kind, condition_of(c, trial)) for c in trial.leaves]
    for id, kind, text, condition, span in structured(trial):
        if span is not None:  # what no document states is no line
            lines.append(Line(id, kind, text, span, id.rsplit("/", 1)[-1], condition))
    about = study(trial, lines)
    always, at_any_time = asking(trial), barring(trial)
    plain = ((line.id, line.kind, line.condition) for line in lines if line.id in always)
    found = tuple(pair for pair in contradictions(plain, about) if pair.barring in at_any_time)
    return Rules(trial, tuple(lines), about, found)


def study(trial: Trial, lines: Sequence[Line]) -> frozenset[str]:
    """The concepts of the diseases that the trial is about: by its conditions and titles, else by what its inclusion lines require.

    Classes ("cancer", "metastasis") name no disease: a second cancer must stay another one.
    """
    named = study_of((*trial.conditions, *(text for text in (trial.title, trial.official_title) if text)))
    return named or _diseases(one for has in required((line.kind, line.condition) for line in lines) for one in has.concepts)


def study_of(texts: Iterable[str]) -> frozenset[str]:
    """The concepts of the diseases that a trial's conditions and titles name."""
    return _diseases(one for text in texts for mention in find(text) if not mention.denies for one in mention.concepts)


def _diseases(ids: Iterable[str]) -> frozenset[str]:
    known = all_concepts()
    return frozenset(one for one in ids if one in known and known[one].kind == "condition" and not _is_class(known[one]))


def _is_class(known: Concept) -> bool:
    return known.broad or is_a(known.id, "metastasis") or is_a("malignancy", known.id)


def assess(
    trial: Trial,
    patient: Patient,
    clock: Clock,
    *,
    complete: bool = False,
    alone: bool = False,
    audience: Audience = "clinician",
) -> Assessment:
    """A verdict for every criterion. Never says "eligible".

    `complete`: the note leaves out nothing that such notes mention. `alone`: lines are asked of what is told alone, not of all else
    that they name.
    """
    known = rules(trial)
    judged = [
        _answered(
            judge(line.condition, patient, clock, complete=complete, alone=alone, study=known.study, kind=line.kind),
            line,
            patient,
        )
        for line in known.lines
    ]
    verdicts = tuple(_verdict(line, one, known, patient, audience) for line, one in zip(known.lines, judged, strict=True))
    open_ = tuple(
        Open(line.id, line.kind, one.missing, line.text)
        for line, one, verdict in zip(known.lines, judged, verdicts, strict=True)
        if verdict.status in {"unknown", "conflicting"}
    )
    settled = any(verdict.status == "violated" for verdict in verdicts)
    return Assessment(
        trial.id,
        _overall(verdicts, judged),
        verdicts,
        _coverage(verdicts),
        None if settled else next_question(open_, audience, has=patient.present()),
        _findings(known, verdicts, audience),
        patient.problems,
        open_,
    )


def _answered(judgement: Judgement, line: Line, patient: Patient) -> Judgement:
    """What was said when asked whether this very line is so, where the facts leave it open."""
    said = next((one for one in reversed(patient.answers) if one.line == line.id), None)
    if said is None or judgement.truth is not UNKNOWN or judgement.not_applicable or judgement.conflicting:
        return judgement
    fact = f"{quoted(said.words)} to this line as it stands"
    return Judgement(truth(said.holds), (Reason(fact, f"you said {fact}", ""),), (said.words,))


def status(judgement: Judgement, kind: Kind) -> Status:
    """How a line stands: an inclusion passes where it holds, an exclusion where it does not."""
    if judgement.not_applicable:
        return "not_applicable"
    if judgement.truth is UNKNOWN:
        return "conflicting" if judgement.conflicting else "needs_protocol" if judgement.needs_protocol else "unknown"
    return "satisfied" if (judgement.truth is TRUE) == (kind == "inclusion") else "violated"


def _verdict(line: Line, judgement: Judgement, known: Rules, patient: Patient, audience: Audience) -> CriterionVerdict:
    found = status(judgement, line.kind)
    passes = None if judgement.truth is UNKNOWN else found == "satisfied"
    return CriterionVerdict(
        line.id,
        line.kind,
        line.text,
        cite(known.trial, line.span, line.section),
        found,
        sentence(judgement, line.kind, audience, beside=_beside(line, found, known)),
        context(judgement, line.kind, line.text, patient),
        judgement.assumed,
        change(judgement, passes=passes),
        any(wanted.about == "unparsed" for wanted in judgement.missing),
        bool(judgement.evidence) and not isinstance(line.condition, Advised),
    )


def _beside(line: Line, found: Status, known: Rules) -> Voiced | None:
    """Of a violated line: that the record itself asks elsewhere for what the line bars."""
    if found != "violated":
        return None
    against = next((pair for pair in known.contradictions if pair.barring == line.id), None)
    return voiced("contradicted", asked=asked(against.asked), line=against.requiring) if against else None


def _overall(verdicts: Sequence[CriterionVerdict], judged: Sequence[Judgement]) -> Overall:
    statuses = {verdict.status for verdict in verdicts}
    if "violated" in statuses:
        return "does_not_match"
    if "conflicting" in statuses or "satisfied" not in statuses:
        return "undecided"
    open_ = [one for one, verdict in zip(judged, verdicts, strict=True) if verdict.status not in _DECIDED]
    return "may_match" if all(_left_to_others(one) for one in open_) else "undecided"


def _left_to_others(judgement: Judgement) -> bool:
    """Whether only consent, the investigator's judgement or the protocol is waited for."""
    return bool(judgement.missing) and all(wanted.about in {"judgement", "protocol"} for wanted in judgement.missing)


def _coverage(verdicts: Sequence[CriterionVerdict]) -> Coverage:
    statuses = [verdict.status for verdict in verdicts]
    return Coverage(
        criteria=len(verdicts),
        decided=sum(one in _DECIDED for one in statuses),
        unknown=sum(one in {"unknown", "conflicting"} for one in statuses),
        needs_protocol=statuses.count("needs_protocol"),
        unparsed=sum(verdict.unparsed for verdict in verdicts),
    )


def _findings(known: Rules, verdicts: Sequence[CriterionVerdict], audience: Audience) -> tuple[Finding, ...]:
    """What of the record bears on the verdicts; citations count in the assessment's criteria."""
    place = {verdict.id: index for index, verdict in enumerate(verdicts)}
    found = [
        Finding(
            "contradiction",
            voiced("both-barred", asked=asked(pair.asked), barred=asked(pair.barred)).to(audience),
            (place[pair.requiring], place[pair.barring]),
        )
        for pair in _once(known.contradictions)
    ]
    deferred = [verdict for verdict in verdicts if verdict.status == "needs_protocol"]
    found += [
        Finding("per_protocol", f"The protocol has this rule: {verdict.text}", (place[verdict.id],)) for verdict in deferred
    ]
    if not known.trial.leaves:
        found.append(Finding("missing", voiced("no-criteria").to(audience)))
    return tuple(found)


def _once(pairs: Sequence[Contradiction]) -> tuple[Contradiction, ...]:
    """One contradiction for each pair of lines."""
    return tuple({(pair.requiring, pair.barring): pair for pair in reversed(pairs)}.values())[::-1]
