"""Questions about the record itself ("are the criteria consistent?"), answered by what an audit of it finds, both sides quoted."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Final, get_args

from assistant.asked_of_records import pages
from assistant.audit.audited import Audit
from assistant.audit.finding import FindingKind, Found
from assistant.chat.sides import SIDES
from assistant.citations import Citations, section_at
from assistant.reply import Finding, Reply, Sentence, Verdict
from assistant.voices import sentence
from index.scope import without_names
from index.trial import Span, Trial
from index.words import stems

Audited = Callable[[Trial], Audit]
"""The audit of a trial, over all documents that it has."""
MOST: Final = 6
"""Findings told one by one."""
MOST_QUOTED: Final = 400
"""Characters of a passage that are said; its citation has all of it."""
_GAPS: Final = frozenset({"only_here", "per_protocol", "missing", "unnamed"})
"""Kinds that say what is not there: no fault of what is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of question about a record, and the kinds of findings that answer it."""

    name: str
    asks: re.Pattern[str]
    kinds: frozenset[str] | None
    """None: every finding but what is only missing."""
    lines: int = 0
    """How many criteria a finding must be about at least."""
    of_a_part: bool = False
    """The question may name some of what it asks about ("the laboratory criteria")."""
    only_if_found: bool = False
    """Where nothing is found, the documents' own words answer as they do any question."""
    weighs: bool = False
    """It asks for a judgement of the whole, to which what is found is no plain yes or no."""

    @property
    def of_pages(self) -> bool:
        """Whether it is about several documents of one trial."""
        return self.name == "pages"


def _row(
    name: str,
    asks: str,
    kinds: frozenset[str] | None,
    *,
    lines: int = 0,
    of_a_part: bool = False,
    only_if_found: bool = False,
    weighs: bool = False,
) -> Row:
    return Row(name, re.compile(asks, re.IGNORECASE), kinds, lines, of_a_part, only_if_found, weighs)


_WITH_ITSELF: Final = r"(?! with (?!(?:one another|each other|itself|themselves|the|its)\b))"
_FAULTY_IS: Final = (
    rf"(?:(?:in)?(?:consisten(?:t|cy)|coherent){_WITH_ITSELF}|contradict(?!\w* m[ey]\b)|conflict(?:s|ing)?\b{_WITH_ITSELF}|disagree"
    r"|make sense\b(?! (?:for|to) )|add up\b|at odds\b|mutually exclusive|(?:right|correct|wrong|off)\s*\?)"
)
"""What is asked of a record, or a part of it, that is named before."""
_FAULT_IN: Final = (
    r"(?:(?:contradict\w*|inconsisten\w+|discrepanc\w+|conflicts?|mistakes?|errors?|typos?|flaws?|problems?|issues?)"
    r" (?:are |is |does )?(?:there )?(?:in|within|among|between|with|on)"
    r"|(?:any|some)thing (?:odd|off|wrong|strange|amiss) (?:with|in|about|on)"
    r"|wrong (?:with|in|about|on)|free (?:of|from) \w+ in|make sense of)"
)
"""What is asked for in a record, or a part of it, that is named after."""
_ANYONE: Final = r"(?:(?:any|some|no) ?(?:one|body)|(?:any|a|a single) (?:patient|person|participant)|patients|people)"
_QUALIFIES: Final = r"(?:qualify|qualifies|satisfy|satisfies|meets?|fulfil\w*|pass|passes|be eligible|get in|join|enrol\w*)"
_WHOLE: Final = (
    r"(?:as (?:it is |they are |it['’]s |currently )?(?:written|worded|stated|it stands)"
    r"|all (?:of )?(?:the|these|its|those)|every (?:single )?(?:rule|criterion|line|requirement)|at once|at the same time)"
)


def _with_fault(nouns: str) -> str:
    """The words of a question whether something named so is faulty."""
    return rf"\b(?:{nouns})\b[^.?!]*\b{_FAULTY_IS}|\b{_FAULT_IN} (?:[\w'’-]+ ){{0,4}}?(?:{nouns})\b|\b(?:{nouns}) free (?:of|from)\b"


_PERSONAL: Final = re.compile(
    r"\b(?:my|mine|i['’]m|i am|i have|i['’]ve|i had|i take|i was|he|she|his|her|pt|patient is|patient has)\b", re.IGNORECASE
)
"""Words of a question about a person, whatever else it says."""
_ITSELF: Final = (
    r"\b(?:it|trial|study|NCT\d+)\b[^.?!]*\b(?:contradict(?:s|ing)? itself|(?:internally|self)[- ](?:in)?consistent|consistent with itself"
    r"|free of contradictions)"
)

_RECORD: Final = r"(?:(?:registry |trial |study )?(?:records?|pages?|listings?|entry|registration|documents?))"
_LIMIT: Final = r"(?:values?|numbers?|limits?|thresholds?|units?|cut-?offs?)"
_DRUG: Final = r"(?:drugs?|antibod(?:y|ies)|inhibitors?|agents?|medicines?)"

ROWS: Final[tuple[Row, ...]] = (
    _row("pages", pages.ASKS, pages.KINDS),
    _row(
        "trust",
        rf"\b{_RECORD} (?:\w+ )?(?:reliable|trustworthy|accurate|credible|sound)\b"
        rf"|\b(?:trust|rely on|believe|depend on) (?:what )?(?:this|the|that) {_RECORD}\b"
        rf"|\bhow (?:reliable|accurate|trustworthy) is (?:this|the) {_RECORD}\b",
        frozenset(get_args(FindingKind)) - {"only_here"},
        weighs=True,
    ),
    _row(
        "protocol",
        r"\bplaceholders?\b|\b(?:left|leaves?|deferred|defers?) (?:\w+ ){0,3}?to the (?:\w+ )?protocol\b",
        frozenset({"per_protocol"}),
        of_a_part=True,
        only_if_found=True,
    ),
    _row(
        "gaps",
        rf"\b(?:missing|left out|lacking|absent) (?:from|in|on) (?:this|the|that) {_RECORD}\b"
        rf"|\b(?:this|the|that) {_RECORD} (?:complete|incomplete)\b"
        rf"|\bwh(?:at|ich)\b[^.?!]*\b(?:this|the|that) {_RECORD} (?:(?:does|do) not|don['’]t|doesn['’]t|lacks?|leaves? (?:out|open)|not)\b",
        frozenset({"missing", "per_protocol", "unnamed"}),
    ),
    _row(
        "sums",
        r"\b(?:arithmetic|maths?|sums?|calculations?|totals?|fractions|figures)\b(?:[^.?!]|\.\d)*"
        r"\b(?:add(?:s|ed)? up|right|correct|wrong|work out|tally|multipl\w+)\b"
        r"|\b(?:calculation|arithmetic|adding) (?:errors?|mistakes?|slips?)\b"
        r"|\bfractions\b(?:[^.?!]|\.\d)*\b(?:gives?|come to|comes to|equals?|makes?)\b(?:[^.?!]|\.\d)*\btotal\b"
        r"|\bdoses?\b(?:[^.?!]|\.\d)*\b(?:adds? up|multipl(?:y|ies) to)\b",
        frozenset({"arithmetic", "enrollment"}),
    ),
    _row(
        "values",
        rf"\bimpossible {_LIMIT}\b|\b{_LIMIT}\b[^.?!]*\b(?:impossible|typos?|(?:a )?(?:slip|misprint)|turned round)\b"
        r"|\bunits?\b[^.?!]*\b(?:right|correct|wrong)\b",
        frozenset({"unit", "wording"}),
        of_a_part=True,
    ),
    _row(
        "lines",
        r"\b(?:written|listed|stated|stands?|appears?|printed) twice\b|\bduplicated? (?:criteri\w+|lines?|rules?)\b"
        r"|\b(?:on|in|under) the wrong list\b|\b(?:any )?typos? (?:in|on)\b",
        frozenset({"wording", "unit"}),
    ),
    _row(
        "drug named",
        rf"\b(?:does|do|is|are)\b[^.?!]*\b(?:name[sd]?|specif\w+|identif\w+)\b[^.?!]*\b{_DRUG}\b"
        rf"|\b(?:is|are)\b[^.?!]*\b{_DRUG}\b[^.?!]*\b(?:named|specified|identified)\b",
        frozenset({"unnamed"}),
        of_a_part=True,
        only_if_found=True,
    ),
    _row(
        "started",
        r"\brecruiting\b[^.?!]*\b(?:has(?:n['’]t| not)|is(?:n['’]t| not)|before|not)\b[^.?!]*\b(?:start|begun|beg[ai]n|open)"
        r"|\bstatus\b[^.?!]*\b(?:up[- ]to[- ]date|outdated|out of date|stale)\b",
        frozenset({"dates", "status"}),
        only_if_found=True,
    ),
    _row(
        "fields",
        r"\b(?:phase|sex|healthy volunteers|number of participants|enrol\w+)\b[^.?!]*\b(?:the same everywhere|agree|match)\w*",
        frozenset({"contradiction", "enrollment"}),
        of_a_part=True,
        only_if_found=True,
    ),
    _row(
        "anyone qualifies",
        rf"\b{_ANYONE}\b[^.?!]*\b{_QUALIFIES}\b[^.?!]*\b{_WHOLE}|\bpossible (?:for \w+ )?to {_QUALIFIES}\b[^.?!]*\b{_WHOLE}",
        frozenset({"contradiction"}),
        lines=2,
    ),
    _row(
        "ages",
        rf"{_with_fault(r'ages?|age limits?')}|\bages?\b[^.?!]*\b(?:agree|match|differ)\w* (?:with|from|to|between)?\b[^.?!]*"
        r"\b(?:fields?|registry|record|criteria|elsewhere)\b",
        frozenset({"age"}),
    ),
    _row(
        "days",
        rf"{_with_fault(r'dates|start date|timeline|schedule|status(?:es)?')}"
        r"|\bdates?\b[^.?!]*\b(?:right|wrong|correct) order\b|\bstatus\b[^.?!]*\b(?:fits?|match\w*|agrees?)\b[^.?!]*\bsites?\b",
        frozenset({"dates", "status"}),
    ),
    _row(
        "criteria",
        _with_fault(r"criteria|criterion|inclusions?|exclusions?|rules|lines|requirements|eligibility"),
        frozenset({"contradiction", "age"}),
        lines=1,
        of_a_part=True,
    ),
    _row(
        "record",
        rf"{_with_fault(r'records?|page|listing|entry|registration|document|text')}|{_ITSELF}|\b{_FAULT_IN} (?:the |this |that )?"
        r"(?:trial|study|NCT\d+|it|here)\b",
        None,
    ),
)
"""The first that fits answers. A row of yours goes before the ones that it is narrower than."""

_OPEN: Final = re.compile(r"^\W*(?:and |so |but )?(?:what|where|which|how|why|list|show|name)\b", re.IGNORECASE)
_FAULTY: Final = re.compile(
    r"\b(?:in(?:consisten|coheren|compatib)|contradict|conflict|disagree|differ|discrepan|at odds|mutually exclusive|mistake|error|typo"
    r"|missing|left out|(?:leav\w+|left|defer\w*) [^.?!]*to the (?:\w+ )?protocol|incomplete|lack|placeholder|impossible|twice|duplicat"
    r"|outdated|out of date"
    r"|before (?:it|its|the)\b[^.?!]*\b(?:start|beg[aiu]n|open)|n['’]t (?:even |yet )?(?:start|beg[au]n|open)"
    r"|odd|off|wrong|strange|problem|issue|no ?(?:one|body))",
    re.IGNORECASE,
)
"""A question whose "yes" is that something is wrong."""
_DENIED: Final = re.compile(r"\b(?:no|not|without|free of|never)\b|n['’]t\b", re.IGNORECASE)


def row_for(question: str) -> Row | None:
    """The row of a question about the record itself; None for any other question."""
    if _PERSONAL.search(question):
        return None
    return next((row for row in ROWS if row.asks.search(question)), None)


def answered(question: str, row: Row, audited: Audit, reply: Reply) -> Reply:
    """What the audit finds of what is asked, each finding with all that it quotes; else that our checks found nothing.

    `reply`: what the documents' own words say to the question; kept beside where it puts two parts of the record side by side.
    """
    if row.of_pages:
        return pages.of_the_pages(question, audited, reply)
    trial = audited.record.trial
    found = [one for one in audited.findings if _is_asked(one, row)][:MOST]
    on_it = _on_what_is_asked(question, trial, found) if row.of_a_part else found
    if row.only_if_found and not on_it:
        return reply
    if not found:
        return _nothing(question, trial, reply)
    citations = Citations()
    told, findings = list[Sentence](), list[Finding]()
    if not on_it:
        told.append(sentence("audit-beside"))
    for one in on_it or found:
        at = tuple(citations.add(trial, span, section_at(trial, span)) for span in one.spans)
        findings.append(Finding(one.kind, one.text, at))
        told.append(Sentence(one.text, at))
        told += [sentence("audit-reading", at, reading=one.reading)] if one.reading else []
    spans = dict.fromkeys(span for one in on_it or found for span in one.spans)
    quotes = {one.text: one for one in (_quoted(trial, span, citations) for span in spans)}
    ask = [] if all(one.kind == "missing" for one in on_it or found) else [sentence("ask-team")]
    return Reply(
        "answer",
        (*told, *quotes.values(), *ask),
        tuple(citations.collected),
        _verdict(question, faulty=bool(on_it) and not row.weighs),
        (trial.id,),
        findings=tuple(findings),
        as_of=reply.as_of,
    )


_FRAME: Final = frozenset(
    stems(
        "criteria criterion inclusion exclusion eligibility eligible rule line requirement record page listing entry registration document"
        " text trial study protocol consistent inconsistent consistency inconsistency coherent contradict contradiction contradictory"
        " conflict disagree discrepancy sense mistake error typo flaw problem issue wrong odd off anything something internally itself"
        " one another each other any there written actually anyone anybody patient person possible meet satisfy qualify once time date"
        " age limit status site recruiting recruitment free schedule start timeline right correct list tell see find check read"
        " together all make left leave full defer placeholder"
        " real impossible value number unit typo slip threshold same everywhere agree match field phase name specify identify drug medicine"
    )
)
"""Stems of words that put a question about a record and name nothing of what it says."""


def _on_what_is_asked(question: str, trial: Trial, found: Sequence[Found]) -> list[Found]:
    """The findings that share a word with what the question names of the record ("the laboratory criteria"); all where it names nothing."""
    named = set(stems(without_names(question))) - _FRAME - set(stems(f"{trial.title or ''} {trial.official_title or ''}"))
    words = {one: set(stems(" ".join((one.text, *map(trial.quote, one.spans))))) for one in found}
    return [one for one in found if not named or named & words[one]]


def _is_asked(found: Found, row: Row) -> bool:
    of_kind = found.kind not in _GAPS if row.kinds is None else found.kind in row.kinds
    return of_kind and len(found.criteria) >= row.lines


def _nothing(question: str, trial: Trial, reply: Reply) -> Reply:
    """That our checks found nothing, before the two parts of the record that the question sets side by side."""
    named = sum(bool(side.asks.search(question)) for side in SIDES)
    beside: Sequence[Sentence] = reply.sentences if named > 1 and reply.kind == "answer" and reply.citations else ()
    citations = reply.citations if beside else ()
    verdict = _verdict(question, faulty=False)
    return Reply("answer", (sentence("audit-none"), *beside), citations, verdict, (trial.id,), as_of=reply.as_of)


def _verdict(question: str, *, faulty: bool) -> Verdict | None:
    """To a question that a yes or a no answers: no record is said to be sound, for a check can miss a fault."""
    if _OPEN.search(question):
        return None
    if not faulty:
        return "depends"
    asks_for_faults = bool(_FAULTY.search(question)) != bool(_DENIED.search(_FAULTY.sub(" ", question)))
    return "yes" if asks_for_faults else "no"


def _quoted(trial: Trial, span: Span, citations: Citations) -> Sentence:
    """A passage in its own words, a criterion by its number."""
    line = next((one for one in trial.criteria if one.span == span), None)
    label = f"{line.kind.capitalize()} {line.id.rpartition('/')[2]}: " if line else ""
    words = shorten(" ".join(trial.quote(span).split()), MOST_QUOTED, placeholder=" …")
    return Sentence(f"{label}“{words}”", (citations.add(trial, span, section_at(trial, span)),))
