"""Arms and interventions that pages print with their type before the name: "Experimental: Arm A", "Drug: cisplatin"."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.loaders import vocabulary
from index.loaders.lines import Line, joined, shown, stretch
from index.trial import Arm, Intervention, Source

_ARM = re.compile(
    r"(?:[-*•]\s+)?(?:(?P<type>experimental|(?:active|placebo|sham)[_ ]comparator|no[_ ]intervention|other|none|null|n/?a)\b)?"
    r"\s*:\s*(?P<label>\S.*)",
    re.IGNORECASE,
)
_INTERVENTION = re.compile(
    r"(?:[-*•]\s+)?(?P<type>behaviou?ral|biological|combination product|device|diagnostic test|dietary supplement|drug|genetic|procedure"
    r"|radiation|other)\s*:\s*(?P<name>\S.*)",
    re.IGNORECASE,
)


def typed_arms(source: Source, body: Sequence[Line]) -> Iterator[Arm]:
    """ "Experimental: label" and, on the lines after it, what is done in the arm."""
    starts = [at for at, line in enumerate(body) if _ARM.fullmatch(line.text)]
    for start, until in pairwise([*starts, len(body)]):
        if found := _ARM.fullmatch(shown(source, body[start])):
            type_ = vocabulary.choice(found["type"] or "", vocabulary.ARM_TYPES)
            about = joined(source, body[start + 1 : until])
            yield Arm(found["label"], type_, about, stretch(source, body[start], body[until - 1]))


def typed_interventions(source: Source, body: Sequence[Line]) -> Iterator[Intervention]:
    """ "Drug: name", each on a line of its own."""
    for line in body:
        if found := _INTERVENTION.fullmatch(shown(source, line)):
            type_ = vocabulary.choice(found["type"].replace("our", "or"), vocabulary.INTERVENTION_TYPES)
            yield Intervention(type_, found["name"], None, stretch(source, line))
