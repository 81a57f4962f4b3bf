"""How a trial is built, in sentences: its arms and what they get, how people come into them, what is measured."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.chat.points import MOST, Point, Proof, Said, field_proofs, listed, more, point, spoken, stated
from assistant.chat.question import Question
from assistant.reply import Verdict
from assistant.voices import Voiced, voiced
from index.sentences import sentences
from index.trial import Arm, Outcome, Trial
from index.view import clean, view
from index.words import stems

_AT_RANDOM: Final = re.compile(r"randomi[sz]|by chance|coin", re.IGNORECASE)
_BY_CHOICE: Final = re.compile(r"\b(?:choose|pick|decide)\b", re.IGNORECASE)
_BLINDED: Final = re.compile(r"blind|mask", re.IGNORECASE)
_OPEN_LABEL: Final = re.compile(r"open[- ]label", re.IGNORECASE)
_SINGLE: Final = re.compile(r"single[- ](?:arm|group)", re.IGNORECASE)
_NAMES_ASKED: Final = re.compile(
    r"\b(?:what|which|name|list)\b[^.?!]{0,40}\b(?:drugs?|medicines?|medications?|interventions?|treatments?|therap\w+|devices?)\b"
    r"|\b(?:agents?|regimens?|treatments?|interventions?)\b[^.?!]{0,30}\b(?:listed|named|compared|tested|under test|alongside|besides?)\b",
    re.IGNORECASE,
)
_IS_IT_THE: Final = re.compile(
    r"(?:\b(?:is|are|be|as)\b|=)[^?]*\b(?:experimental|placebo|sham|(?:active )?comparator|control)\b(?: (?:arm|group|one|side)|[^\w]*$)",
    re.IGNORECASE,
)
"""It asks for an arm's type: "is X the experimental arm?"."""
_WHICH: Final = re.compile(r"(?:^|[.?!;:]\s*)(?:and |so |but )?(?:what|which|who|whom|how|when|why)\b", re.IGNORECASE)
_ALLOCATIONS: Final = {
    "RANDOMIZED": "allocation-random",
    "NON_RANDOMIZED": "allocation-not-random",
    "NA": "allocation-none",
}
_ARM_TYPES: Final = (
    (re.compile(r"\bexperimental\b", re.IGNORECASE), "EXPERIMENTAL"),
    (re.compile(r"\bplacebo\b", re.IGNORECASE), "PLACEBO_COMPARATOR"),
    (re.compile(r"\bsham\b", re.IGNORECASE), "SHAM_COMPARATOR"),
    (re.compile(r"\b(?:comparator|control)\b", re.IGNORECASE), "COMPARATOR"),
)
_DESIGN: Final = {
    "study_type": "study_type",
    "intervention_model": "intervention_model",
    "allocation": "design-allocation",
    "masking": "design-masking",
    "primary_purpose": "primary_purpose",
}


def allocation(trial: Trial, question: Question) -> Said | None:
    """Whether groups are assigned at random, and in which shares where those are asked for."""
    if not trial.allocation:
        unknown = Said((point(voiced("no-shares")),), kind="not_stated") if _SHARE_ASKED.search(question.text) else None
        return _one_group(trial, question) or unknown
    said = voiced(_ALLOCATIONS.get(trial.allocation, "allocation"), value=spoken(trial.allocation))
    at_random = trial.allocation == "RANDOMIZED"
    found = point(said, field_proofs(trial, "allocation"))
    if at_random and _SHARE_ASKED.search(question.text):
        shares = list(_shares(trial))[:2]
        missing = () if shares else (point(voiced("no-shares")),)
        return Said((*missing, found, *shares), kind="answer" if shares else "not_stated")
    verdict: Verdict | None = None
    if question.form != "open" and _AT_RANDOM.search(question.text):
        verdict = "yes" if at_random else "no"
    elif question.form != "open" and _BY_CHOICE.search(question.text) and at_random:
        verdict = "no"
    return Said((found,), verdict)


_SHARE_ASKED: Final = re.compile(
    r"\b(?:odds|chances?|probability|likelihood|likely|ratio|fifty|percent\w*|what share)\b|%|\b\d ?: ?\d\b", re.IGNORECASE
)
_SHARE: Final = re.compile(
    r"\b[1-9] ?: ?[1-9](?: ?: ?[1-9])?\b(?! ?(?:am|pm|[/\d]))|\b(?:half|one third|two thirds|a third|a quarter) of (?:the |all )?(?:participants|patients|people|subjects|women|men|children)\b"
    r"|\b(?:equal(?:ly)?|same) (?:sized? )?(?:ratio|groups|numbers?|probability|chance)\b",
    re.IGNORECASE,
)


def _shares(trial: Trial) -> Iterator[Point]:
    """The sentences that say in which shares people are sent to the groups."""
    for section in (one for one in trial.sections if one.name in {"title", "summary", "description", "design", "arms"}):
        text = view(trial.source(section.span.document), section.span.start, section.span.end)
        for start, end in sentences(text.text):
            if _SHARE.search(text.text, start, end):
                span = text.span(start, end)
                yield Point(clean(trial.source(span.document), span), (Proof(span, section.name),))


def _one_group(trial: Trial, question: Question) -> Said | None:
    """Without an allocation, one group says that nothing is randomised."""
    if trial.intervention_model != "SINGLE_GROUP":
        return None
    verdict: Verdict | None = "no" if question.form != "open" and _AT_RANDOM.search(question.text) else None
    return stated(voiced("allocation-none"), field_proofs(trial, "intervention_model"), verdict)


def masking(trial: Trial, question: Question) -> Said | None:
    """Blinding; no verdict when the question gives both as a choice."""
    if not trial.masking:
        return None
    is_open = trial.masking == "NONE"
    proofs = field_proofs(trial, "masking")
    said = voiced("masking-none" if is_open else "masking", value=spoken(trial.masking), who=_who_is_masked(trial))
    blinded, unblinded = _BLINDED.search(question.text), _OPEN_LABEL.search(question.text)
    verdict: Verdict | None = None
    if question.form != "open" and bool(blinded) != bool(unblinded):
        verdict = _of_roles(trial, question, "yes" if is_open == bool(unblinded) else "no")
    points = [point(said, proofs)]
    points += [Point(_described(trial, proof), (proof,)) for proof in proofs if "Description" in trial.quote(proof.span)[:40]]
    return Said(tuple(points), verdict)


def _who_is_masked(trial: Trial) -> str:
    """ " (participant, outcomes assessor)", where the record says who."""
    quotes = (trial.quote(proof.span) for proof in field_proofs(trial, "masking"))
    found = next((match[1] for quote in quotes if (match := _ROLES.search(quote))), None)
    return f" ({found.replace('_', ' ').lower()})" if found else ""


def _of_roles(trial: Trial, question: Question, verdict: Verdict) -> Verdict | None:
    """The verdict on masking for the roles that a question asks of: none where the record does not say who is masked, or only some are."""
    asked = [role for role, words in _WHO.items() if words.search(question.text)]
    if verdict == "no" or not asked:
        return verdict
    who = _who_is_masked(trial)
    masked = [role in who for role in asked]
    return None if not who or any(masked) is not all(masked) else verdict if all(masked) else "no"


def _role(words: str) -> re.Pattern[str]:
    """Asks whether these people are masked: named before it or right behind it, not as whom the trial is for."""
    mask = r"(?:mask|blind)\w*"
    return re.compile(
        rf"(?<!for )(?<!in )(?<!of )\b(?:{words})\b[^.?!]{{0,50}}\b{mask}|\b{mask} (?:the )?(?:{words})\b", re.IGNORECASE
    )


_WHO: Final = {
    "participant": _role("participants?|patients?|subjects?|volunteers?"),
    "investigator": _role("investigators?|researchers?"),
    "provider": _role("(?:care )?providers?|nurses?|surgeons?|therapists?"),
    "assessor": _role("assessors?|raters?|evaluators?"),
}
_ROLES: Final = re.compile(r"\(([^()]*(?:participant|assessor|investigator|provider)[^()]*)\)", re.IGNORECASE)


def _described(trial: Trial, proof: Proof) -> str:
    """What a record says of it in its own words, without the label."""
    return clean(trial.source(proof.span.document), proof.span).partition(": ")[2]


def design(trial: Trial, question: Question) -> Said | None:
    """The design: model, allocation, masking, purpose, as far as given."""
    given = {field: voiced(name, value=spoken(value)) for field, name in _DESIGN.items() if (value := getattr(trial, field))}
    if not given:
        return None
    exact, plain = "; ".join(one.exact for one in given.values()), "; ".join(one.plain for one in given.values())
    parts = Voiced(f"{exact[0].upper()}{exact[1:]}", f"{plain[0].upper()}{plain[1:]}")
    verdict: Verdict | None = None
    if _SINGLE.search(question.text) and question.form != "open" and trial.intervention_model:
        verdict = "yes" if trial.intervention_model == "SINGLE_GROUP" else "no"
    return stated(voiced("design", parts=parts), field_proofs(trial, *given), verdict)


def study_type(trial: Trial, question: Question) -> Said | None:
    """Whether something is done to people or they are only watched; yes or no where the question names one of the two."""
    if not trial.study_type:
        return None
    asked = _STUDY_TYPE.search(question.text)
    verdict: Verdict | None = None
    if asked and question.form != "open":
        verdict = "yes" if asked[0].upper() == trial.study_type else "no"
    return stated(voiced("is-study_type", value=spoken(trial.study_type)), field_proofs(trial, "study_type"), verdict)


_STUDY_TYPE: Final = re.compile(r"\b(?:observational|interventional)\b", re.IGNORECASE)


def primary_outcomes(trial: Trial, question: Question) -> Said | None:
    """What is measured first of all."""
    return _outcomes(trial.primary_outcomes, "primary-outcome", question) or _outcomes_told(trial, _PRIMARY)


def secondary_outcomes(trial: Trial, question: Question) -> Said | None:
    """What is measured beside it."""
    return _outcomes(trial.secondary_outcomes, "secondary-outcome", question) or _outcomes_told(trial, _SECONDARY)


_MEASURE: Final = r"(?:\w+ )?(?:end ?points?|outcomes?|objectives?|measures?)\b"
_PRIMARY: Final = re.compile(rf"\bprimary {_MEASURE}", re.IGNORECASE)
_SECONDARY: Final = re.compile(rf"\bsecondary {_MEASURE}", re.IGNORECASE)


def _outcomes_told(trial: Trial, named: re.Pattern[str]) -> Said | None:
    """The sentences of the summary and the description that name them, where the record has no list of outcomes."""
    points = [
        Point(clean(trial.source(span.document), span), (Proof(span, section.name),))
        for section in trial.sections
        if section.name in {"summary", "description"}
        for text in [view(trial.source(section.span.document), section.span.start, section.span.end)]
        for start, end in sentences(text.text)
        if named.search(text.text, start, end)
        for span in [text.span(start, end)]
    ]
    return Said(tuple(points[:2])) if points else None


def _outcomes(found: Sequence[Outcome], name: str, question: Question) -> Said | None:
    """Each outcome with its time frame; how it is described too, where the question asks for more than the outcomes ("which scale")."""
    how = _HOW_MEASURED.search(question.text) is not None
    said = [
        voiced(name, number=n, measure=f"{outcome_words(outcome)}{_described_as(outcome) if how else ''}")
        for n, outcome in enumerate(found[:MOST], 1)
    ]
    points = [point(words, (Proof(outcome.span, "outcomes"),)) for words, outcome in zip(said, found, strict=False)]
    if len(found) > MOST:
        points.append(point(voiced("more", number=len(found) - MOST), (Proof(found[MOST].span, "outcomes"),)))
    return Said(tuple(points)) if points else None


_HOW_MEASURED: Final = re.compile(
    r"\bhow (?:is|are|do|does|will|was|were)\b|\bdefin\w+|\b(?:which|what) (?!(?:is|are|was|were|will)\b)(?!(?:the )?(?:primary|main|secondary|end|outcome|time|date))\w+"
    r"|\b(?:scales?|scores?|questionnaires?|instruments?|criteria|measured (?:by|with|using))\b",
    re.IGNORECASE,
)
_LONGEST_DESCRIPTION: Final = 400


def _described_as(outcome: Outcome) -> str:
    """ " – Kellgren grade on a radiograph"; nothing for a description that is long or says no more than the measure."""
    told = (outcome.description or "").strip().rstrip(".")
    return f" – {told}" if told and told != outcome.measure.rstrip(".") and len(told) <= _LONGEST_DESCRIPTION else ""


def outcome_words(outcome: Outcome) -> str:
    """ "pain on stairs (time frame: 12 weeks)"."""
    measure = outcome.measure.rstrip(".")
    return f"{measure} (time frame: {outcome.time_frame.rstrip('.')})" if outcome.time_frame else measure


def arms(trial: Trial, question: Question) -> Said | None:
    """The arms that the question names, else all, each with its type; yes or no when it asks for an arm's type.

    A record without arms says what is given by its interventions."""
    if not trial.arms:
        return _names(trial)
    chosen = named_arms(trial, question)
    asked = _arm_type(question.text)
    if asked and _IS_IT_THE.search(question.text) and not _WHICH.search(question.text):
        return _is_arm_type(trial, _named_by_label(trial, question), asked)
    points = [_arm(arm) for arm in (chosen or trial.arms)[:MOST]]
    if not chosen and len(trial.arms) > 1:
        points.insert(0, point(voiced("arm-count", number=len(trial.arms)), tuple(_proof(arm) for arm in trial.arms)))
    return Said(tuple(points))


def _arm(arm: Arm) -> Point:
    kind = f" ({spoken(arm.type)} arm)" if arm.type else ""
    about = f": {arm.description}" if arm.description and arm.description != arm.label else ""
    return Point(f"{arm.label}{kind}{about}".rstrip(".") + ".", (_proof(arm),))


def _proof(arm: Arm) -> Proof:
    return Proof(arm.span, "arms")


def _arm_type(text: str) -> str | None:
    """The type of arm that a question names ("the control arm")."""
    return next((value for pattern, value in _ARM_TYPES if pattern.search(text)), None)


def _is_arm_type(trial: Trial, chosen: Sequence[Arm], asked: str) -> Said:
    """Each arm's type, and yes or no for the one arm that the question names."""
    points = [point(_typed(arm), (_proof(arm),)) for arm in trial.arms[:MOST]]
    verdict: Verdict | None = None
    if len(chosen) == 1 and len(trial.arms) > 1:
        verdict = "yes" if asked in (chosen[0].type or "") else "no"
    return Said(tuple(points), verdict)


def _typed(arm: Arm) -> Voiced:
    if not arm.type:
        return voiced("arm-without-type", label=arm.label)
    return voiced("arm-type", label=arm.label, type=spoken(arm.type))


def named_arms(trial: Trial, question: Question) -> list[Arm]:
    """The arms that the question tells apart: by words that only some labels have, or by their type."""
    if by_label := _named_by_label(trial, question):
        return by_label
    if _CONTROL_ASKED.search(question.text):
        return _controls(trial)
    kind = _arm_type(question.text)
    return [arm for arm in trial.arms if kind and arm.type and kind in arm.type]


def _named_by_label(trial: Trial, question: Question) -> list[Arm]:
    numbered = _NUMBERED.search(question.text)
    if numbered and (own := [arm for arm in trial.arms if re.search(rf"\b{numbered[0]}\b", arm.label, re.IGNORECASE)]):
        return own
    asked = set(question.stems)
    labels = [set(stems(arm.label)) for arm in trial.arms]
    common = set.intersection(*labels) if labels else set()
    overlap = [len((label - common) & asked) for label in labels]
    best = max(overlap, default=0)
    told_apart = best and len(trial.arms) > 1
    return [arm for arm, count in zip(trial.arms, overlap, strict=True) if count == best] if told_apart else []


_NUMBERED: Final = re.compile(r"\b(?:arm|group|cohort|part|stage) (?:\d+|[A-Z]|I{1,3})\b", re.IGNORECASE)
"""An arm by its number ("cohort 2")."""


def _controls(trial: Trial) -> list[Arm]:
    """The arms that others are held against: a sham, a placebo or nothing before an active comparator, by type and else by label."""
    for types in ({"PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"}, {"ACTIVE_COMPARATOR"}):
        if any(arm.type == "OTHER" and _CONTROL_LABEL.search(arm.label) for arm in trial.arms):
            return [arm for arm in trial.arms if _CONTROL_LABEL.search(arm.label)]
        if found := [arm for arm in trial.arms if arm.type in types]:
            return found
    return [arm for arm in trial.arms if _CONTROL_LABEL.search(arm.label)]


_CONTROL_ASKED: Final = re.compile(r"\b(?:control|comparator|comparison)\b", re.IGNORECASE)
_CONTROL_LABEL: Final = re.compile(
    r"\b(?:control|sham|placebo|usual|standard|comparison|no (?:intervention|treatment))\b", re.IGNORECASE
)


def interventions(trial: Trial, question: Question) -> Said | None:
    """The interventions by name and type, where those are asked for; what is given and how is in their passages."""
    return _names(trial) if _NAMES_ASKED.search(question.text) else None


def _names(trial: Trial) -> Said | None:
    found = trial.interventions[:MOST]
    if not found:
        return None
    names = [f"{item.name} ({spoken(item.type)})" if item.type else item.name for item in found]
    said = voiced("interventions", names=f"{listed(list(dict.fromkeys(names)))}{more(trial.interventions)}")
    return stated(said, tuple(Proof(item.span, "interventions") for item in found))
