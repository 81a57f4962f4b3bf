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
_SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9)\]%][.;])\s+(?=[A-Z*(])")
_SECOND: Final = re.compile(
    r"\b(?:(?:other|another|second|additional|concurrent|concomitant|prior|previous|past|history of|different|any) "
    r"(?:(?:\w+ ){0,3})(?:malignanc\w+|malignant (?:tumou?rs?|disease|neoplasms?)|cancers?\b)"
    r"|(?:malignanc\w+|cancers?|malignant (?:tumou?rs?|disease)) (?:\w+ ){0,2}?(?:other than|within|in the (?:past|last))"
    r"|second(?:ary)? primary)",
    re.IGNORECASE,
)
_ABOUT_TREATMENT: Final = re.compile(
    r"\b(?:anti-?\s?)?(?:cancer|malignancy)\s+(?:therap|treatment|immunotherap|chemotherap|vaccin|surger)", re.IGNORECASE
)


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
    if typed or _worded_second(line):
        yield line, " ".join(line.text.split())


def _of_cancer(leaf: Has) -> bool:
    return any(one == "malignancy" or is_a(one, "malignancy") for one in leaf.concepts)


def _worded_second(line: Line) -> bool:
    return line.kind == "exclusion" and any(
        not _ABOUT_TREATMENT.search(line.text, match.start()) for match in _SECOND.finditer(line.text)
    )


def _of_the_brain(line: Line, record: Record) -> Iterator[tuple[Line, str]]:
    for sentence in _SENTENCE_END.split(" ".join(line.text.split())):
        named = [one for mention in find(sentence) for one in mention.concepts]
        if any(is_a(one, cns) for one in named for cns in _CNS):
            yield line, sentence
