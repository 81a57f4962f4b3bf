"""Limits of fitness whose sign is turned round: "ECOG ≥ 2" or "platelets ≤ 100,000" where every other line asks for the fit."""

import re
from collections.abc import Iterator
from math import inf
from typing import Final

from assistant.audit.finding import Found
from assistant.audit.record import Record
from assistant.eligibility.assess import Line
from assistant.eligibility.conditions import Between
from assistant.eligibility.contradictions import demands
from assistant.eligibility.numbers.quantities import all_quantities
from assistant.eligibility.ranges import Range
from assistant.eligibility.vocabulary.concepts import is_a
from assistant.eligibility.wording import asked, limits

_OF_FITNESS: Final = frozenset(
    (
        "hemoglobin anc platelets wbc creatinine-clearance egfr lvef karnofsky lansky life-expectancy spo2 "
        "creatinine bilirubin ast alt inr aptt ecog"
    ).split()
)
"""What trials of cancer limit on the abnormal side only, so that those who bear the treatment take part."""
_UNFIT: Final = re.compile(
    r"\b(?:frail\w*|unfit|poor|elderly|older|palliat\w*|supportive|an(?:a)?emi\w+|thrombocytop\w+|neutrop\w+|cytop\w+|cachexi\w+|renal|kidney"
    r"|nephr\w+|hepat\w+|liver|jaundice|bili\w+|cardi\w+|heart|impair\w+|dysfunction|insufficien\w+|failure|transfusion|erythropo\w+|bleed\w*)\b",
    re.IGNORECASE,
)
"""Words of a trial that may well ask for those who are less well."""
_OPEN: Final = re.compile(r"\b(?:if|unless|except\w*|when|where|may|allowed|permi\w+|eligible|or)\b", re.IGNORECASE)
"""Words of a line whose limit holds for some only."""
_OTHERS: Final = 2
"""Lines with a limit on the usual side that tell which side is meant."""
_MOST: Final = 2
"""More such lines than this are of another list that begins without a heading."""


def turned_signs(record: Record) -> Iterator[Found]:
    """Each line that asks for the unfit in a trial of solid tumours whose other lines ask for the fit."""
    trial, study = record.trial, record.rules.study
    about = " ".join((trial.title or "", trial.official_title or "", *trial.conditions, *trial.keywords))
    if _UNFIT.search(about) or not any(is_a(one, "solid-tumor") for one in study) or not trial.of_kind("exclusion"):
        return
    usual, turned = set[str](), dict[str, tuple[Line, Between]]()
    for line in record.rules.lines:
        for wanted, leaf in demands(line.condition, line.kind == "inclusion", study):
            if isinstance(leaf, Between) and leaf.quantity in _OF_FITNESS and not leaf.window:
                asks = _asks_for_the_unfit(leaf, wanted)
                if asks is False:
                    usual.add(line.id)
                elif asks and line.kind == "inclusion" and wanted and _is_plain(line, leaf):
                    turned.setdefault(line.id, (line, leaf))
    if len(usual) < _OTHERS or len(turned) > _MOST:
        return
    for id, (line, leaf) in turned.items():
        text = f"Inclusion {id.rpartition('/')[2]} asks for {asked(leaf)}: as it is written, only people who are less well can take part."
        yield Found("wording", text, (line.span,), f"the sign is turned round: {_meant(leaf)} is meant.", (id,))


def _is_plain(line: Line, leaf: Between) -> bool:
    """Whether the bound is one that the quantity can have, and holds for everybody."""
    bound = leaf.range.low if leaf.range.low > 0 else leaf.range.high
    known = all_quantities()[leaf.quantity]
    return not _OPEN.search(line.text) and (known.kind != "score" or known.plausible.low <= bound <= known.plausible.high)


def _asks_for_the_unfit(leaf: Between, wanted: bool) -> bool | None:
    """Whether the only bound of what is let in keeps out the healthy; None where it has both bounds, or an unknown sense."""
    sense = all_quantities()[leaf.quantity].sense
    below, above = leaf.range.high < inf, leaf.range.low > 0
    if sense == "both" or below == above:
        return None
    return (below if sense == "low" else above) == wanted


def _meant(leaf: Between) -> str:
    """The bound on the other side."""
    low, high = leaf.range.low, leaf.range.high
    other = Range(high=low) if low > 0 else Range(low=high)
    return limits(other, leaf.unit or (f"× {leaf.of}" if leaf.of else ""))
