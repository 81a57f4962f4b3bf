"""Puts each question in other words, and sees whether the verdict and what supports it stay the same."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

from assistant.reply import Audience
from evals.cases import ParaphraseCase
from evals.metrics import Score, is_covered
from evals.score import Item, Prediction, Run, counted, predict, written
from evals.tasks.answers import DIGEST, Asks, scored
from index.view import fold


def measure(
    cases: Sequence[ParaphraseCase],
    assistant: Asks,
    text_of: Callable[[str], str],
    siblings: Iterable[Collection[str]] = (),
    *,
    predictions: Path | None = None,
    workers: int = 1,
) -> Run:
    """Every wording asked, each original once, each prediction written as soon as it is there. Items are grouped by the way of wording."""

    @cache
    def reply_to(question: str, audience: Audience, scope: tuple[str, ...]) -> Mapping[str, Any]:
        return assistant.ask(question, scope=scope, audience=audience).as_json()

    def answer(case: ParaphraseCase) -> Prediction:
        audience: Audience = "clinician" if case.audience == "clinician" else "patient"
        return {
            "reply": reply_to(case.question, audience, case.scope),
            "original": reply_to(case.original, audience, case.scope),
        }

    replies = written(predict(cases, answer, lambda case: {"id": case.id}, workers), predictions)
    together = tuple(frozenset(group) for group in siblings)
    given = counted(zip(cases, replies, strict=True), len(cases), "wordings")
    return Run("robustness", tuple(item(case, reply, text_of, together) for case, reply in given), unit="wordings")


def item(
    case: ParaphraseCase, prediction: Prediction, text_of: Callable[[str], str], siblings: Iterable[Collection[str]] = ()
) -> Item:
    """A wording with its scores; intervals draw the wordings of one question together."""
    reply: Mapping[str, Any] = prediction.get("reply") or {}
    first: Mapping[str, Any] = prediction.get("original") or {}
    shown = {
        "question": case.question,
        "gold": f"{case.original} → {_said(first)}",
        "said": prediction.get("error") or _said(reply),
    }
    texts = {PurePath(cited["document"]).name: text_of(cited["document"]) for cited in reply.get("citations", ())}
    gold = scored(case, reply, texts, siblings) if case.verdict is not None else {}
    kept = {
        name: gold[name] for name in ("right", "supported", "unsafe_yes", "over_abstention", "over_commitment") if name in gold
    }
    return Item(case.id, case.way, prediction, steady(case, first, reply) | kept, shown, cluster=case.original)


def steady(case: ParaphraseCase, first: Mapping[str, Any], reply: Mapping[str, Any]) -> dict[str, Score]:
    """Whether a rewording is answered as the original was.

    `same_verdict`: the kind of reply and its verdict; `same_support`: each gold passage that the original's citations cover is covered
    again, where they cover any.
    """
    same = (reply.get("kind"), reply.get("verdict")) == (first.get("kind"), first.get("verdict"))
    before = [passage for passage in case.support if is_covered(passage, _quotes(first))]
    held = all(is_covered(passage, _quotes(reply)) for passage in before)
    return {
        "same_verdict": Score(float(same)),
        "same_support": Score(float(held)) if before else Score(None, "the original cites no gold passage"),
    }


def _quotes(reply: Mapping[str, Any]) -> list[str]:
    return [citation["quote"] for citation in reply.get("citations", ())]


def _said(reply: Mapping[str, Any]) -> str:
    return f"{reply.get('kind')}, {reply.get('verdict')}: {fold(reply.get('text', ''))[:DIGEST]}"
