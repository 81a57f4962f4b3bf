"""The rules on earlier cancers and on metastases in the central nervous system, in the record's own words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.assess import Line
from assistant.eligibility.conditions import Has
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.vocabulary.concepts import find, is_a

_CNS: Final = ("brain-metastasis", "leptomeningeal-metastasis", "cns-disease", "spinal-cord-metastasis")
_SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9)\]%][.;])\s+(?=[A-Z*(])|\s-\s(?=[A-Z])")
_CANCER: Final = (
    r"(?:malignanc(?:y|ies)|malignant (?:\w+ )?(?:tumou?rs?|diseases?|neoplasms?|cancers?)|cancers?|carcinomas?"
    r"|invasive tumou?rs?)\b"
)
_SECOND: Final = re.compile(
    r"\b(?:(?:other|others|another|second(?:ary)?|additional|concurrent|concomitant|synchronous|prior|previous"
    r"|pre-existing|existing|past"
    r"|history of|different|any) (?:\([^)]{1,30}\) )?(?:[\w/-]+,? (?:\([^)]{1,30}\) )?){0,4}?"
    rf"{_CANCER}|(?<!for )(?<!of )(?<!anti)(?<!anti-)\b{_CANCER}[^.;]{{0,60}}?\b(?:other than (?!non-?melanoma)"
    rf"|(?:with)?in (?:the )?(?:past|last|previous|\d|two|three|five)))",
    re.IGNORECASE,
)
_ABOUT_TREATMENT: Final = re.compile(
    r"[\s-](?:(?!requir|that|need|treated)\w+ )?(?:therap|treatment|drug|agent|immunotherap|chemotherap|vaccin|surger"
    r"|center|cent(?:er|re)|institute|related|directed|cells?\b|risk|syndrome)",
    re.IGNORECASE,
)
_NO_RULE: Final = re.compile(
    r"\b(?:therap|treatment|chemotherap|radiation|surger|vaccin|histological types?|family|relatives?|diagnos(?:is|ed) of"
    r"|stages?|toxicit|agents?|drugs?"
    r"|antibod|inhibitors?|unresectable|trials?|for)\w*\b",
    re.IGNORECASE,
)
"""What a rule about something else names before its "cancer": "prior therapy for cancer", "other stage IV gynecologic cancer"."""
_IN_KIN: Final = re.compile(r"\b(?:family|familial|relatives?|degree|parents?)\b[^.;]{0,30}$", re.IGNORECASE)
_LETS_IN: Final = re.compile(r"\b(?:eligible|allowed|permitted|no|not|free|without|excluded)\b", re.IGNORECASE)
_CANCERS: Final = re.compile(r"malignan|cancer|carcinoma|tumou?r|melanoma", re.IGNORECASE)


def rules_of(record: Record) -> Mapping[str, Value]:
    """What the record says of other cancers and of metastases in the brain, each as its sentences print it."""
    lines = record.rules.lines
    return {
        **_said("prior_malignancy_rule", (sentence for line in lines for sentence in _of_second_cancers(line))),
        **_said("cns_metastases_rule", (sentence for line in lines for sentence in _of_the_brain(line, record))),
    }


def _said(name: str, sentences: Iterable[tuple[Line, str]]) -> dict[str, Value]:
    told = tuple(dict.fromkeys(sentences))
    if not told:
        return {}
    return {name: Value(" ".join(dict.fromkeys(text for _, text in told)), tuple(dict.fromkeys(line.span for line, _ in told)))}


def _of_second_cancers(line: Line) -> Iterator[tuple[Line, str]]:
    typed = any(isinstance(leaf, Has) and leaf.other and _of_cancer(leaf) for leaf in leaves(line.condition))
    sentences = _SENTENCE_END.split(" ".join(line.text.split()))
    first = next((at for at, sentence in enumerate(sentences) if _names_second(sentence)), None)
    if first is not None and (typed or line.kind == "exclusion" or _LETS_IN.search(sentences[first])):
        rest = (sentence for sentence in sentences[first + 1 :] if _CANCERS.search(sentence))
        yield line, " ".join((sentences[first], *rest))


def _of_cancer(leaf: Has) -> bool:
    return any(one == "malignancy" or is_a(one, "malignancy") for one in leaf.concepts)


def _names_second(text: str) -> bool:
    return any(
        not _NO_RULE.search(match[0])
        and not _IN_KIN.search(text[: match.start()])
        and not _ABOUT_TREATMENT.match(text, match.end())
        for match in _SECOND.finditer(text)
    )


def _of_the_brain(line: Line, record: Record) -> Iterator[tuple[Line, str]]:
    for sentence in _SENTENCE_END.split(" ".join(line.text.split())):
        named = [one for mention in find(sentence) for one in mention.concepts]
        if any(is_a(one, cns) for one in named for cns in _CNS):
            yield line, sentence
