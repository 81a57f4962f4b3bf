"""A chat model's view of criteria that the parser left open: shown beside the status as the model's, and never in its place."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from assistant.claims import codes, digits
from assistant.eligibility.assessment import Assessment, CriterionVerdict, ModelView
from assistant.eligibility.patient import Words
from assistant.errors import ModelFault
from assistant.model import ChatModel, whole
from assistant.prompting import template
from assistant.reply import Finding

MOST: Final = 12
"""Lines of one check that a model is asked about."""
_AT_ONCE: Final = 4


class Judged(BaseModel):
    """One criterion against one note."""

    model_config = ConfigDict(extra="forbid")
    label: Literal["satisfied", "violated", "unknown"]
    reason: str
    evidence: list[str]


def with_views(assessment: Assessment, note: str, model: ChatModel) -> Assessment:
    """The assessment with the model's view of the lines that are unknown because they were not understood."""
    open_ = [line for line in assessment.criteria if line.status == "unknown" and line.unparsed]
    if not open_ or not note.strip():
        return assessment
    asked = open_[:MOST]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_quietly(partial(view, note=note, model=model)), asked))
    views = {line.id: one for line, one in zip(asked, answers, strict=True) if isinstance(one, ModelView)}
    faults = list(dict.fromkeys(str(one) for one in answers if isinstance(one, ModelFault)))
    criteria = tuple(replace(line, model=views.get(line.id)) for line in assessment.criteria)
    return replace(assessment, criteria=criteria, findings=(*assessment.findings, *_findings(faults, len(open_) - len(asked))))


def _quietly(
    ask: Callable[[CriterionVerdict], ModelView | None],
) -> Callable[[CriterionVerdict], ModelView | ModelFault | None]:
    def asked(line: CriterionVerdict) -> ModelView | ModelFault | None:
        try:
            return ask(line)
        except ModelFault as fault:
            return fault

    return asked


def view(line: CriterionVerdict, *, note: str, model: ChatModel) -> ModelView | None:
    """The model's view of one line; None where its evidence or its reason does not hold. Raises ModelFault."""
    prompt = template("judge_criterion").fill(kind=line.kind, criterion=line.text, note=note)
    found = whole(model, prompt, Judged)
    quotes = [_in(note, quote) for quote in found.evidence]
    evidence = tuple(words for words in quotes if words is not None)
    reason = " ".join(found.reason.split())
    known = f"{note}\n{line.text}"
    proven = len(evidence) == len(quotes) and (bool(evidence) or found.label == "unknown")
    if not proven or not digits(reason) <= digits(known) or not codes(reason) <= codes(known):
        return None
    return ModelView(found.label, reason, evidence, model.name)


def _in(note: str, quote: str) -> Words | None:
    """Where a quote stands in the note, letter by letter."""
    start = note.find(quote) if quote.strip() else -1
    return None if start < 0 else Words(start, start + len(quote), quote)


def _findings(faults: Sequence[str], left: int) -> list[Finding]:
    found = [Finding("model", f"The chat model gave no view of some lines: {reason}.") for reason in faults]
    if left:
        asked = f"The chat model was asked about the first {MOST} lines that were not understood"
        found.append(Finding("model", f"{asked}, and not about {left} more."))
    return found
