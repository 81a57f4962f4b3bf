"""A conversation: messages in turn, each answered within the scope that stands, which follow-ups inherit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from assistant.chat.engine import Engine
from assistant.citations import broken, without
from assistant.eligibility.assessment import Assessment, CriterionVerdict
from assistant.eligibility.clock import Clock
from assistant.eligibility.patient import Patient
from assistant.reply import Audience, Reply, Sentence, Verdict
from assistant.understand import told
from index.scope import NCT, Scope

MOST_LINES: Final = 8
"""Lines that decide a check and are said in words; the assessment holds them all."""
MOST_OPEN: Final = 3
"""Lines said to be open, where none decides."""
MOST_TRIALS: Final = 5
"""Trials named in a question back."""
_OVERALL: Final = {
    "may_match": "Nothing of what was told speaks against this trial.",
    "does_not_match": "What was told does not match this trial.",
    "undecided": "What was told does not decide it yet.",
}
"""Said of all lines together; nobody is ever called eligible."""


@dataclass
class Conversation:
    """One person's turns. `scope` is shown and may be set; a message that names trials moves it."""

    engine: Engine
    scope: tuple[str, ...] = ()
    """Trial ids that the next message is about unless it names others."""
    audience: Audience = "patient"
    replies: list[Reply] = field(default_factory=list)

    def ask(self, message: str) -> Reply:
        """The reply to one message. Every citation has been checked against its document."""
        meant = self.engine.scope(message)
        lost = not meant.trials and any(NCT.fullmatch(name) for name in meant.unknown)
        patient = None if lost else told(message, date.today())
        if patient is not None:
            reply = checked(self.engine, self._held(patient, message, self._against(meant)))
            moves = reply.kind == "answer"
        else:
            reply = checked(self.engine, self.engine.answer(message, scope=() if self._moves(meant) else self.scope))
            moves = meant.how in {"named", "described", "mentioned"}
        if moves and reply.trials:
            self.scope = reply.trials
        self.replies.append(reply)
        return reply

    def _moves(self, meant: Scope) -> bool:
        """Whether a message leaves the scope: it names trials, or describes others than those in it."""
        described = meant.how == "described" and not set(meant.trials) & set(self.scope)
        return bool(meant.trials) and (meant.how == "named" or described)

    def _against(self, meant: Scope) -> Sequence[str]:
        """The trials that a patient may be held against: those named, those that stand, those spoken of, or all."""
        named = meant.trials if meant.how == "named" else ()
        return named or self.scope or meant.trials or [trial.id for trial in self.engine.shelf.trials()]

    def _held(self, patient: Patient, message: str, trial_ids: Sequence[str]) -> Reply:
        """The patient of a message against every criterion of the one trial that is meant; a question back where it is not clear which."""
        if len(trial_ids) != 1:
            return replace(_which(trial_ids), versions=self.engine.versions)
        from assistant.eligibility.assess import assess

        trial = self.engine.shelf.trial(trial_ids[0])
        today = date.today()
        assessment = assess(trial, patient, Clock(today, today), complete=False, audience=self.audience)
        reply = said(quoting(assessment, message), asked="?" in message)
        return replace(reply, as_of=trial.as_of, versions=self.engine.versions)


def _which(trial_ids: Sequence[str]) -> Reply:
    shown = tuple(trial_ids[:MOST_TRIALS])
    more = " …" if len(trial_ids) > MOST_TRIALS else ""
    return Reply("clarify", (Sentence(f"Which trial should this be held against? {', '.join(shown)}{more}"),), trials=shown)


def quoting(assessment: Assessment, message: str) -> Assessment:
    """The assessment with the patient's words as they stand in the message."""
    lines = (
        replace(line, patient_evidence=tuple(replace(one, quote=message[one.start : one.end]) for one in line.patient_evidence))
        for line in assessment.criteria
    )
    return replace(assessment, criteria=tuple(lines))


def said(assessment: Assessment, *, asked: bool) -> Reply:
    """A check as an answer: what comes of it, how much is decided, and the lines that decide it, each with its citation.

    `asked`: the message was a question, so that the reply has a verdict: "no", or "depends" for whatever is not ruled out.
    """
    deciding = [line for line in assessment.criteria if line.status in {"violated", "conflicting"}][:MOST_LINES]
    lines = deciding or [line for line in assessment.criteria if line.status in {"unknown", "needs_protocol"}][:MOST_OPEN]
    beside = [assessment.criteria[at] for finding in assessment.findings for at in finding.citations]
    cited = list(dict.fromkeys(line.citation for line in (*lines, *beside)))
    counts = assessment.coverage
    sentences = (
        Sentence(_OVERALL[assessment.overall], tuple(cited.index(line.citation) for line in lines) if deciding else ()),
        Sentence(f"{counts.decided} of {counts.criteria} lines are decided, {counts.unknown} are not known yet."),
        *(Sentence(_line(line), (cited.index(line.citation),)) for line in lines),
        Sentence("The study team decides."),
    )
    verdict: Verdict = "no" if assessment.overall == "does_not_match" else "depends"
    return Reply(
        kind="answer",
        sentences=sentences,
        citations=tuple(cited),
        verdict=verdict if asked else None,
        trials=(assessment.trial,),
        assessment=assessment.as_json(),
        findings=tuple(
            replace(one, citations=tuple(cited.index(assessment.criteria[at].citation) for at in one.citations))
            for one in assessment.findings
        ),
        next_question=assessment.next_question.text if assessment.next_question else None,
    )


def _line(line: CriterionVerdict) -> str:
    """One line in words: "Exclusion 3: …"."""
    return f"{line.kind.capitalize()} {line.id.rpartition('/')[2]}: {line.reason}"


def checked(engine: Engine, reply: Reply) -> Reply:
    """The reply as it may be shown: a sentence with a citation that does not quote its document is taken out."""
    sources = [source for trial_id in reply.trials for source in engine.shelf.trial(trial_id).sources]
    return without(reply, broken(reply, sources))
