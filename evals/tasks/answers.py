"""Asks every question of a set through the assistant and scores the replies against the gold."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from statistics import fmean
from typing import Any, Protocol

from assistant.reply import Audience, Reply
from evals.cases import AnswerCase
from evals.metrics import Score, bears_on, is_covered
from evals.readability import of_reply
from evals.score import Item, Prediction, Run, counted, predict, written
from index.view import fold

DIGEST = 600
"""Characters of a reply that the report shows."""
FULL = 2
"""The commitment of a plain answer; "depends" has 1, "the record does not say" 0."""
SILENT = "the record does not say, so no answer is too cautious"
DECIDED = "the record decides, so no answer is too bold"


class Asks(Protocol):
    """What is measured: the assistant as every interface calls it."""

    def ask(self, question: str, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Reply:
        """One answer with its citations."""


def for_readers(cases: Sequence[AnswerCase], readers: Sequence[Audience]) -> tuple[AnswerCase, ...]:
    """Every case asked for each of these readers, whomever it was written for; the ids say for whom where there are several."""
    return tuple(
        case.model_copy(update={"audience": reader} | ({"id": f"{case.id}/{reader}"} if len(readers) > 1 else {}))
        for case in cases
        for reader in readers
    )


def named(case: AnswerCase) -> Prediction:
    """What every prediction begins with."""
    return {"id": case.id}


def asked(assistant: Asks) -> Callable[[AnswerCase], Prediction]:
    """How a case becomes a prediction: the question as given, in the case's scope; gold fields stay out of it."""

    def answer(case: AnswerCase) -> Prediction:
        audience: Audience = "clinician" if case.audience == "clinician" else "patient"
        return {"reply": assistant.ask(case.question, scope=case.scope, audience=audience).as_json()}

    return answer


def measure(
    cases: Sequence[AnswerCase],
    assistant: Asks,
    text_of: Callable[[str], str],
    siblings: Iterable[Collection[str]] = (),
    *,
    predictions: Path | None = None,
    workers: int = 1,
) -> Run:
    """All cases asked and scored, each prediction written as soon as it is there. `text_of` gives an indexed document's text."""
    replies = written(predict(cases, asked(assistant), named, workers), predictions)
    given = counted(zip(cases, replies, strict=True), len(cases), "answers")
    together = tuple(frozenset(group) for group in siblings)
    return Run("answers", tuple(item(case, reply, text_of, together) for case, reply in given))


def item(
    case: AnswerCase, prediction: Prediction, text_of: Callable[[str], str], siblings: Iterable[Collection[str]] = ()
) -> Item:
    """The case with its reply and scores. `siblings`: documents about one trial, together."""
    reply: Mapping[str, Any] = prediction.get("reply") or {}
    shown = {
        "question": case.question,
        "gold": f"{case.verdict or '—'}: {case.answer or '—'}",
        "said": prediction.get("error") or f"{reply['kind']}, {reply['verdict']}: {fold(reply['text'])[:DIGEST]}",
    }
    if case.verdict is None:
        return Item(case.id, case.audience, prediction, {}, shown)
    cited = {citation["document"] for citation in reply.get("citations", ())}
    texts = {PurePath(document).name: text_of(document) for document in cited}
    return Item(case.id, case.audience, prediction, scored(case, reply, texts, siblings) | readable(reply), shown)


def scored(
    case: AnswerCase, reply: Mapping[str, Any], texts: Mapping[str, str], siblings: Iterable[Collection[str]] = ()
) -> dict[str, Score]:
    """Every metric for one reply. An empty reply (a failed case) scores like one that says and cites nothing.

    `texts`: the text of each document cited, by name; `siblings`: documents about one trial, together.
    """
    citations = reply.get("citations") or []
    quotes = [citation["quote"] for citation in citations]
    text = reply.get("text") or ""
    verdict = verdict_is_right(case.verdict, reply)
    facts = all(re.search(pattern, text, re.IGNORECASE) for pattern in case.key_facts)
    clean = not any(re.search(pattern, text, re.IGNORECASE) for pattern in case.must_not_say)
    covered = [is_covered(passage, quotes) for passage in case.support]
    bearing = [bears_on(quote, case.support) for quote in quotes]
    allowed = in_scope(case, siblings)
    inside = [PurePath(citation["document"]).name in allowed for citation in citations]
    meant, given = commitment(case.verdict, case.verdict), commitment_of(reply, case.verdict)
    return {
        "right": _flag(verdict and facts and clean),
        "verdict": _flag(verdict),
        "facts": _flag(facts),
        "clean": _flag(clean),
        "supported": _needs(covered, all(covered), "the case names no support"),
        "some": _needs(covered, any(covered), "the case names no support"),
        "scope": _needs(allowed, all(inside), "the case names no document"),
        "valid": _flag(all(is_verbatim(citation, texts) for citation in citations)),
        "citation_recall": _needs(covered, fmean(covered or [0]), "the case names no support"),
        "citation_precision": _needs(covered and bearing, fmean(bearing or [0]), "nothing cited, or no support named"),
        "wrong_trial": _needs(allowed and inside, 1 - fmean(inside or [1]), "nothing cited, or no document named"),
        "unsafe_yes": _flag(case.verdict == "no" and reply.get("verdict") == "yes"),
        "over_abstention": _needs(meant > 0, given < meant, SILENT),
        "over_commitment": _needs(meant < FULL, given > meant, DECIDED),
        "quoted": Score(float(sum(len(fold(quote)) for quote in quotes))),
    }


def readable(reply: Mapping[str, Any]) -> dict[str, Score]:
    """How hard the reply's own words are: US grades by Flesch-Kincaid and SMOG, and whether both stay within a patient's."""
    found = of_reply(reply)
    none = "nothing in our own words"
    return {
        "fkgl": Score(found.flesch_kincaid) if found else Score(None, none),
        "smog": Score(found.smog) if found else Score(None, none),
        "grade_8": Score(float(found.within)) if found else Score(None, none),
    }


def verdict_is_right(gold: str | None, reply: Mapping[str, Any]) -> bool:
    """Yes, no and depends are the reply's verdict; not_stated is its kind; n.a. asks only for some real reply."""
    if gold == "not_stated":
        return reply.get("kind") == "not_stated"
    if gold == "n.a.":
        return reply.get("kind") in {"answer", "declined", "emergency"}
    return reply.get("verdict") == gold


def commitment(verdict: str | None, gold: str | None) -> int:
    """How far a verdict commits itself, from 0 (the record does not say) to FULL; an answer without one is half a yes or no."""
    if verdict is None:
        return FULL if gold == "n.a." else 1
    return {"not_stated": 0, "depends": 1}.get(verdict, FULL)


def commitment_of(reply: Mapping[str, Any], gold: str | None) -> int:
    """How far a reply commits itself, on the same scale."""
    if reply.get("verdict"):
        return commitment(reply["verdict"], gold)
    answers = {"answer", "declined", "emergency"} if gold == "n.a." else {"answer"}
    return commitment(None, gold) if reply.get("kind") in answers else 0


def in_scope(case: AnswerCase, siblings: Iterable[Collection[str]] = ()) -> frozenset[str]:
    """The documents that may be cited: those of the gold, and those about the same trial as one of them."""
    gold = {*case.support_seeds, *case.same_trial}
    return frozenset(gold.union(*(group for group in siblings if gold & set(group))))


def is_verbatim(citation: Mapping[str, Any], texts: Mapping[str, str]) -> bool:
    """Whether the document holds the quote at exactly the place cited."""
    text = texts.get(PurePath(citation["document"]).name, "")
    return text[citation["start"] : citation["end"]] == str(citation["quote"])


def _flag(holds: bool) -> Score:
    return Score(float(holds))


def _needs(needed: object, value: float, otherwise: str) -> Score:
    return Score(float(value)) if needed else Score(None, otherwise)
