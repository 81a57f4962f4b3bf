"""What a question takes for granted about how a trial is built, where the record's fields say otherwise."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant.chat import groups
from assistant.chat.fields import enrollment
from assistant.chat.points import Said, field_proofs, merged, point, spoken
from assistant.chat.question import ANY
from assistant.chat.select import OF_A_RULE, ON_TREATMENT, Reading
from assistant.reply import Verdict
from assistant.voices import voiced
from index.scope import without_names
from index.trial import Trial

DUMMY: Final = re.compile(
    r"\b(?:placebos?|dumm(?:y|ies)|sham|sugar pills?|fake (?:pills?|drugs?|treatments?|injections?|surgery))\b", re.IGNORECASE
)
"""Treatment that is none, as people call it."""
_DUMMY_IN_RECORD: Final = re.compile(r"\b(?:placebos?|dumm(?:y|ies)|sham|vehicle|saline|inactive|matching)\b", re.IGNORECASE)
_ASKS_WHETHER: Final = re.compile(
    r"\b(?:right|correct|true|yes|agreed|confirm\w*)\b[^.?!]{0,30}[.?!]|\b(?:is|does|do|are|did|was)n['’]t (?:it|they|there|he|she)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Premise:
    """Something that may be taken for granted, and what denies it."""

    name: str
    said: re.Pattern[str]
    example: str
    denied: Callable[[Trial], Said | None]
    """What the record says instead; None where it does not deny it."""


def _fields(*names: str) -> Callable[[Trial], Said]:
    """The fields of those names as they stand."""

    def say(trial: Trial) -> Said:
        given = [(name, value) for name in names if (value := getattr(trial, name))]
        return Said(tuple(point(voiced(f"is-{name}", value=spoken(value)), field_proofs(trial, name)) for name, value in given))

    return say


def _one_group(trial: Trial) -> Said | None:
    """Nobody is sent to a group by chance."""
    if trial.allocation in {None, "NA"} and trial.intervention_model == "SINGLE_GROUP":
        model = _fields("intervention_model")(trial)
        return merged([part for part in (groups.allocation(trial, ANY), model) if part], None)
    if trial.allocation == "NON_RANDOMIZED":
        return groups.allocation(trial, ANY)
    arms = re.search(
        r"\bsingle[- ](?:arm|group)\b|\bnon-?randomi[sz]ed\b", f"{trial.official_title} {trial.title}", re.IGNORECASE
    )
    if not trial.allocation and arms:
        proofs = field_proofs(trial, "official_title" if arms[0] in (trial.official_title or "") else "title")
        return Said((point(voiced("of-title", title=(trial.official_title or trial.title or "").rstrip(".")), proofs[:1]),))
    return None


def _only_watches(trial: Trial) -> Said | None:
    """Nothing is given to anybody."""
    given = any(item.type in {"DRUG", "BIOLOGICAL", "DEVICE", "RADIATION", "PROCEDURE"} for item in trial.interventions)
    return _fields("study_type")(trial) if trial.study_type == "OBSERVATIONAL" and not given else None


def _open_label(trial: Trial) -> Said | None:
    return groups.masking(trial, ANY) if trial.masking == "NONE" else None


def _masked(trial: Trial) -> Said | None:
    return groups.masking(trial, ANY) if trial.masking not in {None, "NONE"} else None


def _crossover(trial: Trial) -> Said | None:
    return _fields("intervention_model")(trial) if trial.intervention_model == "CROSSOVER" else None


def _no_crossover(trial: Trial) -> Said | None:
    return _fields("intervention_model")(trial) if trial.intervention_model in {"PARALLEL", "SINGLE_GROUP"} else None


def _premise(name: str, said: str, example: str, denied: Callable[[Trial], Said | None]) -> Premise:
    return Premise(name, re.compile(said, re.IGNORECASE), example, denied)


PREMISES: Final = (
    _premise(
        "chance",
        r"\b(?:flips?|toss(?:es)?|flipping|tossing) (?:of )?a coin\b|\bcoin (?:flip|toss)\b|\brandomi[sz](?:ed|es|ation)\b|\b\d ?: ?\d\b"
        r"|\b(?:odds|chances?|probability|likelihood)\b[^.?!]{0,40}\b(?:arm|group|placebo|alone|control|drug|treatment)\b",
        "Does the computer flip a coin for my group?",
        _one_group,
    ),
    _premise(
        "drug",
        r"\b(?:gives?|giving|given|gets?|receives?|takes?|tests?|testing|tries|trying(?: out)?)\b[^.?!]{0,40}\b(?:drugs?|medicines?|medications?|treatments?|pills?|tablets?|injections?|infusions?|vaccines?)\b",
        "So everybody gets the new drug, right?",
        _only_watches,
    ),
    _premise(
        "blind", r"\b(?:double|single|triple)[- ]?blind(?:ed)?\b", "As it is double-blind, who knows my group?", _open_label
    ),
    _premise("open", r"\bopen[- ]label\b|\bunblinded\b", "Since it is open label, will I know my group?", _masked),
    _premise(
        "one-only",
        r"\bonly (?:ever )?(?:gets?|receives?|takes?|has|have) (?:one|a single)\b|\bnever (?:gets? |receives? )?both\b",
        "So I only ever get one of the two drinks?",
        _crossover,
    ),
    _premise(
        "both",
        r"\b(?:swap|cross(?:es)? ?over|switch(?:es)? (?:over|groups|arms|sides))\b|\bget both\b[^.?!]*\b(?:turn|after the other)\b",
        "Halfway through we swap groups, correct?",
        _no_crossover,
    ),
)


def corrected(reading: Reading, said: Said) -> Said:
    """The answer with what denies a premise of the question before it: "no" where the premise itself is what is asked."""
    question = reading.question
    if OF_A_RULE.search(question.text) or (question.about_a_person and not _ASKS_WHETHER.search(question.text)):
        return said
    found = list(_denied(reading))
    if not found:
        return said
    asked = question.form != "open" or _ASKS_WHETHER.search(question.text)
    verdict: Verdict | None = "no" if asked else said.verdict
    rest = said if said.kind == "answer" and (question.topics or not asked) else Said(())
    whole = merged([*found, rest], verdict)
    return replace(whole, kind="answer")


def _denied(reading: Reading) -> Iterator[Said]:
    trial, text = reading.trial, without_names(reading.question.text)
    for premise in PREMISES:
        if premise.said.search(text) and (against := premise.denied(trial)):
            yield against
    if (asked := number_of_people(text)) and (number := _another_number(reading, asked)):
        yield number
    without = trial.intervention_model == "SINGLE_GROUP" or trial.masking == "NONE"  # else the record is only silent on one
    if DUMMY.search(text) and names_no_dummy(reading) and without:
        arms = groups.arms(trial, ANY)
        parts = [_one_group(trial), _open_label(trial), arms]
        yield merged([Said((point(voiced("no-placebo")),)), *(part for part in parts if part)], None)


def names_no_dummy(reading: Reading) -> bool:
    """Whether the record's words on what is given name no placebo or sham."""
    own = (passage.text for passage in reading.corpus if passage.section in ON_TREATMENT)
    return not any(_DUMMY_IN_RECORD.search(text) for text in own)


_WHO: Final = r"(?:people|patients|participants|volunteers|subjects|women|men|children)"
_MANY: Final = r"\d{2,6}|\d{1,3},\d{3}"
_PEOPLE: Final = re.compile(
    rf"\b(?:the|all|its|those|these|takes?|enrol\w*|recruit\w*|plan\w*|with|have|has) (?:only |about |all |the |its )*({_MANY}) {_WHO}\b"
    rf"|\b({_MANY}) {_WHO} (?:take part|taking part|are (?:in|enrolled|planned)|will (?:be|take|join)|join|enrol)\b",
    re.IGNORECASE,
)


def number_of_people(text: str) -> int | None:
    """The number of people that a question says the trial takes."""
    found = _PEOPLE.search(text)
    return int(next(filter(None, found.groups())).replace(",", "")) if found else None


def _another_number(reading: Reading, asked: int) -> Said | None:
    """The enrolment, where the number said stands nowhere in the record."""
    said_somewhere = re.compile(rf"\b(?:{asked}|{asked:,})\b")
    if reading.trial.enrollment in {None, asked} or any(said_somewhere.search(one.text) for one in reading.corpus):
        return None
    return enrollment(reading.trial, ANY)
