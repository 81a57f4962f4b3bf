"""What lies in the patient's own will: consent given or refused, compliance promised, against lines that ask for it in any wording."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assistant.eligibility.judge.case import Case
from assistant.eligibility.judge.finding import kind_of
from assistant.eligibility.judge.judgement import Judgement, Reason
from assistant.eligibility.judge.silence import empty
from assistant.eligibility.knowledge import rows
from assistant.eligibility.patient import Words
from assistant.eligibility.truth import FALSE, TRUE, UNKNOWN, Truth, every
from assistant.eligibility.vocabulary.concepts import find, is_a
from assistant.eligibility.wording import quoted
from index.words import stems

WILL = frozenset({"informed-consent", "parental-consent", "assent", "compliance", "follow-up-availability"})
"""What a patient gives or refuses."""
_ABOUT_WILL = WILL | {"capacity-to-consent", "biopsy-willingness"}
ASKED = {"consent": "informed consent", "duty": "keeping to the study's procedures", "biopsy": "agreement to a biopsy"}
"""What a topic of `will.tsv` asks of the patient, in words."""
_VAGUE = frozenset({"agreeing", "part"})
"""Topics that count only where no other is named."""
_AGREED_TO = frozenset({"biopsy"})
"""Topics that count only beside others: what is agreed to."""


@dataclass(frozen=True, slots=True)
class _Topic:
    given: tuple[str, ...]
    stems: frozenset[str]


@cache
def _topics() -> dict[str, _Topic]:
    return {
        row["topic"]: _Topic(
            tuple(row["given"].split("|")), frozenset(stem for word in row["words"].split() for stem in stems(word))
        )
        for row in rows("will.tsv")
    }


@cache
def abilities() -> frozenset[str]:
    """What a patient is able to, by the concepts of `own-will.tsv` that words beside them narrow."""
    return frozenset(row["concept"] for row in rows("own-will.tsv") if row["whole"] == "yes")


def topics(words: str) -> frozenset[str]:
    """Which kinds of will the words of a line speak of."""
    said = frozenset(stems(words))
    return frozenset(name for name, topic in _topics().items() if topic.stems & said)


def is_will(words: Iterable[str]) -> bool:
    """Whether the stems of a line speak of nothing else."""
    said = frozenset(words) - empty()
    return bool(said) and said <= frozenset(stem for topic in _topics().values() for stem in topic.stems)


def own_will(words: str, case: Case) -> Judgement | None:
    """The patient's stated will, turned so that will given passes whichever way the line words it; None where it is not stated.

    None too where the line names a fact besides, or a method of contraception; a procedure may be what is agreed to.
    """
    asked = topics(words)
    named = {one for mention in find(words) for one in mention.concepts if one not in _ABOUT_WILL}
    if (
        not asked - _AGREED_TO
        or any(kind_of(one) != "procedure" and not is_a(one, "caregiver") for one in named)
        or (asked == {"part"} and not is_will(stems(words)))
    ):
        return None
    said = [_given(topic, case) for topic in sorted(asked - _VAGUE or asked)]
    whole = every(truth for truth, _ in said)
    if whole is UNKNOWN:
        return None
    evidence = tuple(dict.fromkeys(words for truth, found in said if truth is whole for words in found))
    fact = " and ".join(quoted(one) for one in evidence[:2])
    passed = case.passing if whole is TRUE else ~case.passing
    return Judgement(passed, (Reason(f"{fact} says so", f"you said {fact}", ""),), evidence)


def _given(topic: str, case: Case) -> tuple[Truth, tuple[Words, ...]]:
    """Whether one kind of will is given, and the words."""
    about = [f for f in case.findings() if f.certain and any(is_a(f.concept, one) for one in _topics()[topic].given)]
    refused = tuple(finding.words for finding in about if not finding.present)
    if refused:
        return FALSE, refused
    given = tuple(finding.words for finding in about if finding.present)
    return (TRUE, given) if given else (UNKNOWN, ())
