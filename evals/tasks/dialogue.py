"""Holds each conversation of a set with the assistant and scores it turn by turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

from assistant.reply import Audience, Reply
from evals.cases import DialogueCase, Turn
from evals.metrics import Score, is_covered
from evals.score import Item, Prediction, Run, counted, predict, written
from index.view import fold

DIGEST = 300
"""Characters of a reply that the report shows."""


class Converses(Protocol):
    """One person's conversation."""

    def ask(self, message: str) -> Reply:
        """The reply to the next message."""

    def state(self) -> Mapping[str, Any]:
        """What is held after it: the scope, and the patient's facts with their turns."""


class Opens(Protocol):
    """What is measured: the assistant as every interface calls it."""

    def conversation(self, *, scope: Sequence[str] = (), audience: Audience = "patient") -> Converses:
        """A new conversation."""


def named(case: DialogueCase) -> Prediction:
    """What every prediction begins with."""
    return {"id": case.id}


def held(assistant: Opens) -> Callable[[DialogueCase], Prediction]:
    """How a case becomes a prediction: its messages in order; gold fields stay out of it."""

    def hold(case: DialogueCase) -> Prediction:
        talk = assistant.conversation(scope=case.scope, audience=case.audience)
        replies, states = [], []
        for turn in case.turns:
            replies.append(talk.ask(turn.user).as_json())
            states.append(talk.state())
        return {"replies": replies, "states": states}

    return hold


def measure(cases: Sequence[DialogueCase], assistant: Opens, *, predictions: Path | None = None, workers: int = 1) -> Run:
    """All conversations held and scored, each prediction written as soon as it is there. An item is a turn."""
    replies = written(predict(cases, held(assistant), named, workers), predictions)
    given = counted(zip(cases, replies, strict=True), len(cases), "conversations")
    return Run("dialogue", tuple(item for case, prediction in given for item in items(case, prediction)), unit="turns")


def items(case: DialogueCase, prediction: Prediction) -> Sequence[Item]:
    """Each turn of a conversation with its reply and scores; intervals draw whole conversations."""
    replies: Sequence[Mapping[str, Any]] = prediction.get("replies") or [{}] * len(case.turns)
    failed = {"error": prediction["error"]} if "error" in prediction else {}
    return [
        Item(
            f"{case.id}/{number}",
            case.audience,
            {"id": f"{case.id}/{number}", "reply": reply, **failed},
            scored(turn, reply) if turn.kind else {},
            _shown(turn, reply),
            cluster=str(case.id),
        )
        for number, (turn, reply) in enumerate(zip(case.turns, replies, strict=True), 1)
    ]


def _shown(turn: Turn, reply: Mapping[str, Any]) -> Mapping[str, str]:
    said = f"{reply['kind']}, {reply['verdict']}: {fold(reply['text'])[:DIGEST]}" if reply else "failed"
    return {"message": turn.user, "gold": f"{turn.kind}, {turn.verdict}: {turn.answer or '—'}", "said": said}


def scored(turn: Turn, reply: Mapping[str, Any]) -> dict[str, Score]:
    """Every metric for one turn. Its kind and verdict are right together: an answer that claims less or more is wrong."""
    text = reply.get("text") or ""
    kind = reply.get("kind") in {turn.kind, *turn.kind_also}
    verdict = turn.verdict is None or reply.get("verdict") in {turn.verdict, *turn.verdict_also}
    facts = all(re.search(pattern, text, re.IGNORECASE) for pattern in turn.key_facts)
    clean = not any(re.search(pattern, text, re.IGNORECASE) for pattern in turn.must_not_say)
    quotes = [citation["quote"] for citation in reply.get("citations") or []]
    covered = [is_covered(passage, quotes) for passage in turn.support]
    return {
        "right": Score(float(kind and verdict and facts and clean)),
        "kind": Score(float(kind)),
        "verdict": Score(float(verdict)) if turn.verdict else Score(None, "no yes or no is asked for"),
        "facts": Score(float(facts)),
        "clean": Score(float(clean)),
        "supported": Score(float(all(covered))) if covered else Score(None, "the turn names no support"),
        "citation_recall": Score(fmean(covered)) if covered else Score(None, "the turn names no support"),
        "unsafe_yes": Score(float(turn.verdict == "no" and reply.get("verdict") == "yes")),
    }
