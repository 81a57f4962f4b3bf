"""What decides any question about joining, whatever else it speaks of: a stated age, and whether anybody can still join."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.chat.fields import SAY
from assistant.chat.points import Said
from assistant.chat.question import Question
from assistant.reply import Verdict
from index.trial import Trial

_JOINING: Final = re.compile(
    r"\b(?:can|could|may|might|possible|too late)\b[^.?!]*\b(?:join|enrol\w*|enter|take part|participate|get in(?:to)?|sign up|volunteer)\b"
    r"|\b(?:wants?|hop(?:es?|ing)|would like|wishes) to (?:join|enrol|enter|take part|participate|get in(?:to)?|sign up|volunteer)\b[^?!]*\bpossible\b",
    re.IGNORECASE,
)
_STILL: Final = re.compile(r"\b(?:still|too late|any longer)\b", re.IGNORECASE)
"""Asks whether anybody can join at all by now."""
_WHOLE: Final = re.compile(
    r"\b(?:join|qualif\w+|eligible|enrol\w*|take part|participate|get in|be (?:in|included)|fit)\b", re.IGNORECASE
)
_SOMEBODY_JOINS: Final = re.compile(
    r"\b(?:i|he|she|they|we|pt|(?:my|the|this|that|a|our) (?:\w+ )?(?:patient|pt|wife|husband|partner|mother|father|mum|mom|dad|"
    r"son|daughter|sister|brother|child|man|woman|person))\b[^.?!]{0,60}"
    r"\b(?:join|qualif\w+|eligible|enrol\w*|enter|take part|participate|get in(?:to)?|sign up|"
    r"be (?:in|included|accepted|enrolled|on)|go in|fit|a (?:match|candidate))\b"
    r"|\b(?:am|is|are) (?:i|he|she|they|we) in(?:,? (?:then|now|or out))?\s*\?"
    r"|\b(?:want|wants|wish|like) (?:to (?:join|enter|take part|be in) )?(?:it|NCT)",
    re.IGNORECASE,
)
_ONE_RULE: Final = re.compile(
    r"\b(?:ag(?:e|es)|old enough|young enough|too (?:old|young)|criteri(?:on|a)|rule|item|limit|requirement|threshold|cut-?off|"
    r"recruit\w*|(?:still|already|now) open|men|women|males?|females?|sex(?:es)?)\b",
    re.IGNORECASE,
)
_CLOSED: Final = frozenset("COMPLETED TERMINATED WITHDRAWN SUSPENDED ACTIVE_NOT_RECRUITING NO_LONGER_AVAILABLE".split())


def of_the_whole(question: Question) -> bool:
    """Whether it asks about joining as a whole ("can I join?"), which no single line answers with yes."""
    return question.form == "fits" and _WHOLE.search(question.text) is not None


def somebody_joins(question: Question) -> bool:
    """Whether it asks if a person gets in, not if one thing about a person fits ("does that fit?")."""
    joins = question.whole or _SOMEBODY_JOINS.search(question.text) is not None
    return question.form in {"fits", "excluded"} and joins


def joint(verdicts: Sequence[Verdict | None], question: Question) -> Verdict | None:
    """One verdict out of several lines': a line that stops somebody decides, all else must agree."""
    given = [verdict for verdict in verdicts if verdict]
    stops: Verdict = "yes" if question.form == "excluded" else "no"
    if not given or stops in given:
        return stops if given else None
    return given[0] if len(set(given)) == 1 else "depends"


def within_limits(trial: Trial, question: Question, said: Said) -> Said:
    """The answer with what the age limits and the status say to a question about joining; never "yes" to one about the whole."""
    said = _if_open(trial, question, _with_age(trial, question, said))
    if said.verdict == "yes" and of_the_whole(question) and not _ONE_RULE.search(question.text):
        return replace(said, verdict="depends")
    return said


def _if_open(trial: Trial, question: Question, said: Said) -> Said:
    """A wish to join a trial that takes nobody in is denied; whether anybody still can, or can at a place, is the status's to say."""
    if question.form not in {"fits", "whether"} or not _JOINING.search(question.text):
        return said
    asks_if_open = _STILL.search(question.text) is not None
    if trial.status not in _CLOSED and not asks_if_open:
        return said
    status = SAY["status"](trial, question)
    if status is None or any(point in said.points for point in status.points):
        return said
    if said.kind != "answer" or (asks_if_open and not said.verdict):
        said = replace(said, points=(), further=())
    if trial.status in _CLOSED:
        return replace(said, points=(*status.points[:1], *said.points), verdict="no", kind="answer")
    verdict: Verdict = "no" if "no" in {said.verdict, status.verdict} else "depends"
    return replace(said, points=(*status.points[:2], *said.points), verdict=verdict, kind="answer")


def _with_age(trial: Trial, question: Question, said: Said) -> Said:
    """A stated age outside the limits decides; one inside is said after the rest."""
    part = SAY["age"](trial, question) if question.age is not None and question.about_a_person else None
    if part is None or any(point in said.points for point in part.points):
        return said
    if part.verdict == ("yes" if question.form == "excluded" else "no"):
        rest = said if said.kind == "answer" else replace(said, points=(), further=())
        return replace(rest, points=(*part.points, *rest.points), verdict=part.verdict, kind="answer")
    if said.kind == "answer" and of_the_whole(question):
        return replace(said, points=(*said.points, *part.points))
    return said
