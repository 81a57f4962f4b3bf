"""Treatments before the trial: the number of lines, and the therapies that must or must not have been given."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.audit.extraction.asked import Asked, asked
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.assess import Line
from assistant.eligibility.conditions import Has
from assistant.eligibility.vocabulary.concepts import concept, find, is_a, name_of
from index.trial import Criterion, Kind, Span

_SENTENCES: Final = re.compile(r"(?<=[a-z0-9)\]%][.;])\s+(?=[A-Z*(])|[•;]|(?:^|\s)[*-]\s")
_FIGURES: Final = {"zero": 0, "no": 0, "one": 1, "a": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_ORDINALS: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_FIGURE: Final = r"(?:\d|one|two|three|four|five|six|a single|single)"
_KINDS: Final = (
    r"(?:(?:prior|previous|earlier|different|separate|additional|standard|systemic|anti-?cancer|anti-?neoplastic"
    r"|anti-?tumou?r|chemotherapy|cytotoxic"
    r"|approved|immunotherapy|palliative|treatment|therapeutic|therapy|active|established|of|line-?s|and/or|or)\s+){0,6}?"
)
_LINES: Final = (
    r"(?:lines?\b|regimens?\b|(?<=prior )(?:systemic )?(?:therap(?:y|ies)|treatments?)\b"
    r"|(?<=previous )(?:systemic )?(?:therap(?:y|ies)|treatments?)\b"
    r"|(?<=systemic )(?:(?:anti-?cancer |anti-?tumou?r )?(?:therap(?:y|ies)|treatments?))\b)"
)
_OR_ELSE: Final = re.compile(r"\bor\W*$", re.IGNORECASE)
_RANGE: Final = re.compile(
    rf"\b(?P<low>\d|zero|one|two)\s?(?:-|–|to|or|,? (?:but|and) (?:no|not) more than)\s?(?P<high>\d|one|two|three"
    rf"|four)\s+{_KINDS}{_LINES}",
    re.IGNORECASE,
)
_AT_LEAST: Final = re.compile(
    rf"(?:\bat least|≥|>=|\bminimum of|\ba minimum of)\s?(?P<n>{_FIGURE})\s+(?:\(\d\)\s+)?(?:or more\s+)?{_KINDS}{_LINES}"
    rf"|\b(?P<m>{_FIGURE}) or more\s+{_KINDS}{_LINES}"
    rf"|\b(?:received|failed|failure of|progress(?:ed|ion) (?:on|after|following|to)|treated with)\s(?:at least|≥|>=)\s?"
    rf"(?P<given>{_FIGURE})\s+{_KINDS}(?:therap(?:y|ies)|treatments?|protocols?|chemotherap(?:y|ies))\b",
    re.IGNORECASE,
)
_AT_MOST: Final = re.compile(
    rf"(?:\b(?:no|not) more than|\bnot to exceed|\bup to|\bat most|\bmaximum(?: of)?|≤|<="
    rf"|\bno greater than)\s?(?P<n>{_FIGURE})\s+"
    rf"(?:\(\d\)\s+)?{_KINDS}{_LINES}",
    re.IGNORECASE,
)
_MORE_THAN: Final = re.compile(
    rf"(?:\bmore than|\bgreater than|\bexceeding|(?<![≥])>(?!=))\s?(?P<n>{_FIGURE})\s+(?:\(\d\)\s+)?{_KINDS}{_LINES}",
    re.IGNORECASE,
)
_OR_ABOVE: Final = re.compile(
    r"\b(?:at least\s+(?:the\s+)?)?(?P<n>first|second|third|1st|2nd|3rd)[- ]line(?:\s+(?:or|and)\s+(?:above|beyond|later"
    r"|more|subsequent)|(?<=line))"
    r"(?P<tail>\s+(?:standard |systemic )?(?:treatment|therap\w+))?",
    re.IGNORECASE,
)
_NOT_COUNTED: Final = re.compile(
    r"\b(?:no limit|any number|adjuvant|concurrent|maintenance|during|ongoing|planned|plan to)\b", re.IGNORECASE
)
_UNTREATED: Final = re.compile(
    r"\b(?:systemic(?:ally)?[- ])?(?:treatment|therapy)[- ]na[iï]ve\b|\bpreviously untreated\b"
    r"|\bno (?:prior|previous|earlier) (?:systemic )?(?:anti-?\s?(?:cancer|tumou?r"
    r"|neoplastic) )?(?:systemic )?(?:therap(?:y|ies)|treatments?)\b"
    r"(?! (?:with|of (?!any)|targeting|directed))",
    re.IGNORECASE,
)
_SYSTEMIC: Final = re.compile(
    r"\b(?:systemic (?:anti-?\s?(?:cancer|tumou?r|neoplastic) )?(?:therap|treatment)|anti-?\s?(?:cancer|tumou?r"
    r"|neoplastic) (?:systemic )?(?:therap|treatment))",
    re.IGNORECASE,
)
_LIMITED: Final = re.compile(
    r"\b(?:within|in the (?:last|past|previous)\b(?!\W*$)|less than|at least|less|more than|after the|during|currently"
    r"|ongoing)\b|[<>≤≥]\s?=?\s?\d|\b\d+\s?(?:days?|weeks?|months?|years?|half)",
    re.IGNORECASE,
)
_HARM: Final = re.compile(
    r"\b(?:toxicit\w*|adverse|AEs?|irAEs?|discontinu\w*|reactions?|intoleran\w*|hypersensitiv\w*|allerg\w*|pneumonitis"
    r"|colitis|myocarditis|withdrawn|withdrew|absorption|recover\w*|resol\w*|complicat\w*"
    r"|wound|lesions? (?:situated|located|previously|that)|target lesions?|measurable|steroids?|corticosteroids?|biops\w+"
    r"|tissue(?!\s?(?:/|or|and)[\s/]*(?:solid[ -])?organ)|contracepti\w+|vaccines? for"
    r"|HIV|HBV|HCV|hepatitis|infection)\b",
    re.IGNORECASE,
)
_LET_IN: Final = re.compile(
    r"\b(?:(?:is|are|was|were|be|also|remain) (?!not )(?:\w+ )?(?:allowed|permitted|acceptable|eligible|accepted)"
    r"|(?<!not )(?:allowed|permitted|acceptable)|may have|may be|(?:can|could)(?: also)? have|no limit"
    r"|any number|not required|not necessary|not mandatory|can be included|must wait|excludes|exceptions?|who are on"
    r"|will be included|(?:could|may|can) (?:participate|enrol\w*|be (?:included|eligible|enrolled))"
    r"|wash-?out|not be (?:an )?exclu\w*)\b",
    re.IGNORECASE,
)
_IF: Final = re.compile(
    r"^(?:if|note)\b|\bonly if\b|\bif (?:the )?(?:patient|participant|subject|prior|previous)", re.IGNORECASE
)
_ASIDE: Final = re.compile(
    r"\s?[(\[][^()\[\]]*\b(?:permitted|allowed|eligible|acceptable|exceptions?|excluded|e\.g|i\.e|including|such as)\b"
    r"[^()\[\]]*[)\]]",
    re.IGNORECASE,
)
"""What is said beside a rule: examples, and whom it spares."""
_SPARED: Final = re.compile(
    r",?\s(?:with (?:the )?exceptions? (?:of|for)|except(?:ing)?(?: for)?|excluding|other than)\b[^.;]*", re.IGNORECASE
)
_FORBIDDEN: Final = re.compile(
    r"^(?:any )?(?:prior|previous|history of)\b[^.;]*\b(?:is|are) (?:not|never) (?:allowed|permitted|acceptable)\b",
    re.IGNORECASE,
)
_OF_A_GROUP: Final = re.compile(r"^(?:in|for|among)\s(?:cohorts?|patients?|participants?|subjects?|those)\b", re.IGNORECASE)
_OF_A_PART: Final = re.compile(
    r"^(?!.*\b(?:all|across)\b).*(?:\b(?:combination|cohorts?|parts?|modules?|arms?|sub-?stud(?:y|ies)|baskets?|groups?)\b|-specific\b)",
    re.IGNORECASE,
)
"""A heading over what binds one part of the trial: "Module 2 specific exclusion criteria"."""
_NEXT_LIST: Final = re.compile(r"^\W*exclusion criteria", re.IGNORECASE | re.MULTILINE)
_EITHER_WAY: Final = re.compile(r"\bwith or without\b", re.IGNORECASE)
_REACTED: Final = re.compile(r"\b(?:allerg\w+|(?:hyper)?sensitivity|reactions?)\b[^.;]*?\bto\b", re.IGNORECASE)
_ANTI: Final = re.compile(r"\banti-\s?[A-Z][\w-]*(?:\s[\w-]+){0,4}?\s\((?P<short>[A-Z][A-Z0-9]*-[A-Z]?\d+)\)")
"""A target in full with its short name: "anti-Programmed Death 1 (PD-1)"."""
_ANOTHER: Final = re.compile(r",?\s(?:or|and)\s+(?=(?:an?\s|any\s)?(?:prior|previous|history of)\b)", re.IGNORECASE)
_NO: Final = re.compile(
    r"\b(?:no|not|never|without|naive to|naïve to|none)\b(?=[^.;]{0,25}\b(?:prior|previous|previously|received|undergone"
    r"|had|been|history|exposure|treated|any))",
    re.IGNORECASE,
)
_GIVEN: Final = (
    r"(?:(?:systemic |any |local |surgical )?(?:treatment|therapy|exposure|use|receipt|administration|immunotherapy"
    r"|regimens?)s?"
    r"\s+(?:for\s[^.;,()]{2,70}?\s(?=with\s))?(?:with|of|to|using|directed (?:at|against)|that includes?|including|containing)\s+)"
)
_EARLIER: Final = re.compile(
    rf"\b(?:prior|previous|earlier|past)\s+(?:or (?:current|concurrent|concomitant)\s+)?{_GIVEN}(?P<with>[^.;]+)"
    r"|\b(?:previously|already|prior)\s+(?:been\s+)?(?:treated|received|exposed|undergone|had|underwent|taken"
    r"|used)\s+(?:with\s+|to\s+|by\s+)?(?P<had>[^.;]+)"
    r"|\b(?:ha(?:s|ve|d)\s+)(?:previously\s+|already\s+|not\s+|never\s+)*(?:received|undergone|been treated with"
    r"|had)\s+(?P<have>[^.;]+)"
    rf"|^(?:patients? |subjects? |participants? |those |who )*(?:received|underwent|treated with|treatment with)"
    rf"\s+(?:any\s+)?(?P<bare>[^.;]+)"
    r"|\bstatus[- ]post\s+(?P<post>[^.;]+)"
    r"|\b(?:prior(?! to\b)|previous|earlier|history of|history or planned|history of or planned)\s+(?P<prior>[^.;]+)",
    re.IGNORECASE,
)
_NEEDED: Final = re.compile(
    rf"\b(?:must|should|need(?:s)? to|required to)\s+(?:previously\s+)?(?:have|has)\s+(?:previously\s+|already\s+"
    rf"|had\s+)?(?:received|undergone|completed(?! any| all| prior| previous)|been"
    rf" (?:previously )?treated with|failed|progressed (?:on|after|following|during))\s+(?P<must>[^.;]+)"
    rf"|\b(?:progress(?:ed|ion)|refractory|resistant|resistance|relapsed|recurred|failed|failure"
    rf"|fail)\s+(?:\w+\s+){{0,3}}?(?:on(?: or after)?|upon|after|following"
    rf"|to|with|of|during)\s+(?:or after\s+)?(?:receiving\s+)?(?P<after>[^.;]+)"
    rf"|\b(?:have|has)\s+(?:previously\s+)?(?:received|undergone|completed(?! any| all| prior| previous)"
    rf"|failed)\s+(?P<have>[^.;]+)"
    r"|\bpreviously (?:treated with|received)\s+(?P<had>[^.;]+)"
    r"|\b(?:have|has) had (?:prior|previous)\s+(?P<prior>[^.;]+)"
    r"|\b(?:response|CR|PR|SD)\b[^.;]{0,20}? after\s+(?P<response>\d[^.;]+)"
    rf"|\bprior\s+{_GIVEN}(?P<with>[^.;]+?)\s+(?:is|was) required"
    r"|\bfollowing (?:previous|prior)\s+(?P<following>[^.;]+)"
    r"|^(?:(?:patients?|subjects?|participants?|who|were|have been)\s)*(?:previously )?treated with\s+(?P<bare>[^.;]+)",
    re.IGNORECASE,
)
_IF_ANY: Final = re.compile(r"\bif (?:\w+ )?(?:available|applicable|indicated|appropriate|eligible)\b", re.IGNORECASE)
_STANDARD_DONE: Final = re.compile(
    r"\b(?:refractory|resistant|intoleran(?:t|ce)|failed|failure|recurrence|relapse|progressed|progression|exhausted"
    r"|must have received)\b\s(?:(?:or|and|on|after|following|to|of|with|intolerant|all|the|available|prior|previous)\s)*"
    r"(?P<what>standard(?:[- ]of[- ]care)?\s(?:systemic\s)?(?:therap(?:y|ies)|treatments?))\b",
    re.IGNORECASE,
)
"""The standard treatment, gone through: "intolerant of all standard therapies"."""
_NO_STANDARD: Final = re.compile(
    r"\b(?:no|not|decline\w*|refuse\w*|ineligible|unsuitable|lack\w*|contraindicat\w*|without|absence|exist\w*)\b",
    re.IGNORECASE,
)
_AFTER_ALL: Final = re.compile(r",?\sand (?:there is|have|has|with) no (?:\w+ )?(?:treatment|therap)\w*", re.IGNORECASE)
"""What says of the standard treatment that nothing is left behind it."""
_INDUCED: Final = re.compile(
    r"\b(?:remission|response|CR)\b[^.;]{0,30}?\b(?:after|following|to)\s(?:\w+\s)?induction\b(?! failure)", re.IGNORECASE
)
_OPERATED: Final = re.compile(
    r"\bmust (?:be|have been) (?:\w+ly )?(?:excised|resected|removed) (?:via|by|with|through) "
    r"(?P<by>(?:[\w-]+ ){0,3}?(?:surgery|resection|excision|\w+ectomy))\b|"
    r"^(?P<surgery>(?:radical|completed?|definitive|curative|R0)(?: \w+){0,2}? (?:surgery|resection|excision))\b"
    r"|\b(?P<what>(?:primary )?\w+) (?:has|have) been (?:completely |radically |surgically )?(?:resected|excised)\b",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"\s*(?:\(|\[|,?\s(?:of the primary|according"
    r"|for|in(?! combination with)|within|at|during|as|prior|before|after|unless|except|that|which|who"
    r"|whom|due|given|planned"
    r"|administered|because|including|such|e\.g\.?,?|i\.e"
    r"|is|are|was|were|must|will|on|by|from|until|since|if|regardless|followed|when|where|outside|not|no|other than"
    r"|defined|per|whichever|least|alone|unrelated|intended|to(?! PD| the| any)(?<!directed to)|has|have|had|would"
    r"|with(?= (?:curative|a|the"
    r"|or without|no)))\b|≥|>|<|:| - )",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    r"^(?:(?:or|following|after|chemo-?radi(?:ation|otherapy) with(?= radi)"
    r"|(?:treatment|therapy) for [^.;,()]{2,60}? with|history of|planned|last|completed"
    r"|[≥>]=?\s?\d|cycles? of|failure (?:of|with|to)|administration of|specific|any|an|a|the|at least|one|two"
    r"|or more|other"
    r"|another|more|prior|previous|previously|adequate|received|either"
    r"|both|all|of|with|to|for|line|lines|therapy with"
    r"|treatment with|least|\d+ (?:doses?|cycles?|weeks?|months?|courses?)(?: of)?|\d+(?:-|–| to )\d+ cycles? of|1|2"
    r"|(?:a )?minimum of|treatment of"
    r"|at most|a minimum|use of|course of|doses? of|approved|known|systemic therapy with|exposure to|have|been|their"
    r"|most recent|initial|directed)\s+)+",
    re.IGNORECASE,
)
_SHARING: Final = re.compile(r"(?:anti-?\s?)?[A-Z][A-Za-z]*-?(?:L?\d+[A-Za-z]?|[A-Z])[\w/-]* (?P<rest>[a-z][\w -]+)")
"""A target and what all the targets of its list share: "PD-L1 checkpoint inhibitor"."""
_SHARED_NOUN: Final = re.compile(r"[\w -]+ (?P<rest>transplant(?:ation)?s?)", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\s?\([^()]*\)|\s?\[[^\[\]]*\]")
_ITS_AIM: Final = re.compile(r"\s(?:for|in)(?: (?!the metastatic)[\w/-]+){1,3}(?=,\s|\s(?:or|and)\s(?!metasta))")
"""What a treatment of a list was for: "hormone therapy for cancer, chemotherapy"."""
_TARGET: Final = re.compile(r"(?:anti-?\s?)?[A-Z][A-Z0-9]*-?[A-Z]?\d[\w/-]*")
_GENERIC: Final = re.compile(
    r"(?:(?:prior|previous|standard|systemic|systematic|anti-?\s?(?:cancer|tumou?r|neoplastic)"
    r"|(?:first|second|third|front|1st|2nd|3rd)[- ]?line"
    r"|of|care|standard-of-care|line|other"
    r"|approved|available|all|cancer|medical|curative|potentially|definitive|local|adequate|cytotoxic|palliative|agents?"
    r"|drugs?|therap(?:y|ies)|treatments?|regimens?|protocols?|last|conventional|measures?"
    r"|lines?|options?)\s?)+",
    re.IGNORECASE,
)
"""Therapy as such, which is a matter of lines."""
_STANDARD: Final = re.compile(r"\b(?:standard|conventional)\b", re.IGNORECASE)
_CURATIVE: Final = re.compile(r"\bcurative\b", re.IGNORECASE)
_INCLUDING: Final = re.compile(
    r"^(?P<head>[^.;,()]+?),?\s(?:including|(?:that|which) (?:must )?(?:have )?includ(?:es?|ed)|must have included|consisting of)\s"
    r"(?P<what>[^.;]+)",
    re.IGNORECASE,
)
"""Therapy as such, with what it must have held: "two lines of therapy, including an anthracycline"."""
_ONE_WORD: Final = re.compile(
    r"\b(neo-?adjuvant|adjuvant|stimulatory|local|experimental local)\s(?:or|and|and/or)\s"
    r"(adjuvant|neo-?adjuvant|co-?inhibitory|systemic)\b",
    re.IGNORECASE,
)
"""Two words before one noun: "neoadjuvant or adjuvant chemotherapy"."""
_SITES: Final = re.compile(
    r"\b([a-z-]+(?:ic|al|ar)|breast|lung|chest|brain|neck)\s(?:or|and|and/or)\s"
    r"(?=(?:[a-z-]+(?:ic|al|ar)|breast|lung|chest|brain|neck)\s(?:RT|radio|radiation|irradiation|surg|lymph|dissection))"
)
"""Two places of one treatment: "breast or thoracic radiotherapy"."""
_AIMED: Final = re.compile(
    r"(?P<what>\b(?:[\w-]+\s){1,4}(?:targeting|directed (?:at|against)))\s(?P<targets>[A-Z][\w/()-]*(?:\s?\d)?"
    r"(?:(?:,\s(?:or\s|and\s|and/or\s)?|\s(?:or|and|and/or)\s)[A-Z][\w/()-]*(?:\s\d)?)+)"
)
"""One treatment with several targets: "immunotherapy targeting CTLA-4, PD-1 or PD-L1"."""
_DONE: Final = re.compile(
    r"(?!(?:prior|previous|previously|treatment|history|received|undergone)\b)(?:[\w/-]+\s){0,4}?(?:dissection|transplant(?:ation)?s?|(?:mast|prostat|nephr|cyst|lob|col)ectomy)\b[^.;,(:]*",
    re.IGNORECASE,
)
"""An operation that an exclusion names and says no more of."""
_OF_FERTILITY: Final = re.compile(r"\b(?:hysterectomy|o+phorectomy|salping\w+|tubal|vasectomy)\b", re.IGNORECASE)
_ALL_SYSTEMIC: Final = re.compile(
    r"(?:(?:systemic|systematic|anti-?\s?(?:cancer|tumou?r|neoplastic)|drug)\s)+(?:therap(?:y|ies)|treatments?)", re.IGNORECASE
)
_LIST: Final = re.compile(
    r"\s*,\s*(?:and/or\b|and\b|or\b)?\s*|\s+in combination with(?: either)?\s+|\s+(?:and/or|and|or|plus)\s+|\s*\+\s*"
)
_HEAD: Final = re.compile(
    r"\b(?:inhibitors?|antibod(?:y|ies)|therap(?:y|ies)|treatments?|agents?|vaccines?|transplant(?:ation)?s?"
    r"|chemotherap(?:y|ies)|radiotherap(?:y|ies)|radiation"
    r"|immunotherap(?:y|ies)|surger(?:y|ies)|resections?|regimens?|blockade|blockers?|cells?|virus(?:es)?|\w+ectomy"
    r"|dissection|radiopharmaceuticals?|radioligands?)\b",
    re.IGNORECASE,
)
_SAYS_NOTHING: Final = re.compile(
    r"^(?:standard|approved|investigational|other|any|study|treatment|therapy|therapies|treatments|surgery|surgical|drugs?"
    r"|agents?|cells?|regimens?|medical|trial|"
    r"disease|inhibitors?|antibod(?:y|ies)|intervention|conventional|the|new|of|or|and|experimental|major|medication|medications|concomitant|line|lines|following|similar|compounds|only"
    r"|\s)+$",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"(?:neo-?)?adjuvant(?:-intent)? \w+(?: therapy)?\.?\s*", re.IGNORECASE)
_STOPPED: Final = re.compile(
    r"\b(?:discontinu\w*|adverse|AEs?|irAEs?|preclud\w*|prevent\w*|exceed\w*|overlap\w*|interfer\w*)\b", re.IGNORECASE
)
_COMBINED: Final = re.compile(
    r"(?:an? |the )?combination of\b(?P<what>[^.;,]+?)(?=\s(?:for|in|within)\s|[.;,]|$)", re.IGNORECASE
)
"""Treatments that count together only."""
_LONGEST: Final = 9
"""Words of a treatment's name."""
_TREATED: Final = re.compile(
    r"(?:(?:prior|previous|the)\s)?\b(?:treatment|therapy|treated)\s(?:for\s[^.;,()]{2,70}?\s)?with\s", re.IGNORECASE
)
_DRUG_WORDS: Final = 3
_NEVER_GIVEN: Final = ("condition", "symptom")
_UNLESS: Final = re.compile(r"\bunless\b", re.IGNORECASE)
_NAMED: Final = 30
"""Characters of a demand that name the treatment itself."""
_FAR: Final = 150
"""Characters behind a treatment in which what came of it would be said."""
_MEDICINES: Final = (
    "anticancer-therapy",
    "cellular-therapy",
    "transplantation",
    "gene-therapy",
    "cancer-surgery",
    "monoclonal-antibody",
)
_NOT_THESE: Final = re.compile(
    r"\b(?:(?<!tumor )(?<!tumour )(?<!cancer )(?<!cell )vaccin(?:e|ation)s?(?! therap)|antibiotics?|antivirals?"
    r"|anticoagul\w+|transfus\w+|growth factors?|trial|consent|history|hepatitis|disease|cancer diagnos\w+|infection"
    r"|malignan\w+|diagnos\w+|seizure\w*|stroke|evidence|dose\b|screening|autoimmune|melanoma\b"
    r"|(?<!anti-)tumou?rs?\b(?! infiltrating)(?! vaccin)|pneumoni\w*|fields?\b|coronary|cardiac|bypass|valve|vasectomy"
    r"|gastrectomy|volume|use\b|associated|near\b"
    r"|precluding|procedures?|replacement|CYP\w*|inducers?|substrates?"
    r"|bowel|biliary|contracepti\w+|bleeding|events?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A stretch of a criterion's words, without its list marks."""

    words: str
    line: Line


def therapies(record: Record) -> Mapping[str, Value]:
    """How many lines of therapy may have gone before, which therapies must have, and which must not."""
    found = tuple(asked(record))
    said = [
        _Said(words, line) for line in record.rules.lines for words in _SENTENCES.split(" ".join(line.text.split())) if words
    ]
    parts = {one.id for one in record.trial.criteria if _is_of_a_part(one, record)}
    return {
        **_lines(record, said, found),
        **_listed("required_prior_therapies", _required(said)),
        **_listed("excluded_prior_therapies", _excluded([one for one in said if one.line.id not in parts])),
    }


def _is_of_a_part(criterion: Criterion, record: Record) -> bool:
    """Whether a heading of its own list says that a line binds one part of the trial only."""
    heading = criterion.heading
    if heading is None or not _OF_A_PART.search(heading):
        return False
    text = record.trial.source(criterion.span.document).text
    printed = text.rfind(heading, 0, criterion.span.start)
    return printed >= 0 and not _NEXT_LIST.search(text, printed, criterion.span.start)


# --- lines ----------------------------------------------------------------------------------------------------------------------


def _lines(record: Record, said: Sequence[_Said], found: Sequence[Asked]) -> dict[str, Value]:
    least: dict[int, list[Span]] = {}
    most: dict[int, list[Span]] = {}
    for one in said:
        low, high = _counted(one.words, one.line.kind)
        if low is not None:
            least.setdefault(low, []).append(one.line.span)
        if high is not None:
            most.setdefault(high, []).append(one.line.span)
    if not most and not least:
        barring = _untreated(record, said, found) or tuple(
            span for name, span in _excluded(said) if _ALL_SYSTEMIC.fullmatch(name)
        )
        barring = () if any(_required(said)) else tuple(dict.fromkeys(barring))
        if barring:
            return {"prior_lines_max": Value(0, barring)}
    fields = {}
    if least:
        fields["prior_lines_min"] = Value(min(least), tuple(dict.fromkeys(least[min(least)])))
    if most:
        fields["prior_lines_max"] = Value(max(most), tuple(dict.fromkeys(most[max(most)])))
    return fields


def _counted(text: str, kind: Kind) -> tuple[int | None, int | None]:
    """The least and the greatest number of earlier lines that a sentence lets pass."""
    if _IF.search(text) or _OR_ELSE.search(text):
        return None, None
    both, at_least, at_most, more = (_counting(form, text) for form in (_RANGE, _AT_LEAST, _AT_MOST, _MORE_THAN))
    if kind == "exclusion":
        if at_least:
            return None, _figure(at_least["n"] or at_least["m"] or at_least["given"]) - 1
        return None, _figure(more["n"]) if more else None
    if both:
        return _figure(both["low"]), _figure(both["high"])
    low = _figure(at_least["n"] or at_least["m"] or at_least["given"]) if at_least else None
    high = _figure(at_most["n"]) if at_most else None
    above = _counting(_OR_ABOVE, text) if low is None else None
    if (
        above
        and (" or " in above[0] or " and " in above[0] or above[0].lower().startswith("at least"))
        and _AFTER_THERAPY.search(text)
    ):
        low = _ORDINALS[above["n"].lower()]
    return low, high


def _counting(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What counts lines of systemic therapy: not those of an adjuvant one, nor those that have no limit."""
    found = form.search(text)
    around = text[max(0, found.start() - 30) : found.end() + 30] if found else ""
    return None if _NOT_COUNTED.search(around) else found


_AFTER_THERAPY: Final = re.compile(r"\b(?:progress|receiv|fail|refractory|relaps)", re.IGNORECASE)


def _figure(words: str) -> int:
    last = words.lower().split()[-1]
    return int(last) if last.isdigit() else _FIGURES[last]


def _untreated(record: Record, said: Sequence[_Said], found: Sequence[Asked]) -> tuple[Span, ...]:
    """Where all earlier systemic therapy is barred."""
    spans = [
        one.line.span
        for one in said
        if one.line.kind == "inclusion"
        and _UNTREATED.search(one.words)
        and not _LET_IN.search(one.words)
        and not _IF.search(one.words)
        and "except" not in one.words
        and not re.search(r"\b(?:or|may|cohort|part|arm)\b[^.;]*$", one.words[: _UNTREATED.search(one.words).start()], re.I)  # type: ignore[union-attr]
    ]
    for one in found:
        leaf = one.leaf
        if (
            not isinstance(leaf, Has)
            or one.wanted
            or not one.plain
            or not leaf.ever
            or leaf.window
            or leaf.count
            or leaf.traits - {"systemic"}
        ):
            continue
        wide = any(each in ("systemic-anticancer-therapy", "anticancer-therapy") for each in leaf.concepts)
        if wide and _SYSTEMIC.search(one.line.text) and not _HARM.search(one.line.text) and not _LIMITED.search(one.line.text):
            spans.append(one.line.span)
    return tuple(dict.fromkeys(spans))


# --- therapies ------------------------------------------------------------------------------------------------------------------


def _listed(name: str, found: Iterator[tuple[str, Span]]) -> dict[str, Value]:
    told: dict[frozenset[str], tuple[str, list[Span]]] = {}
    for words, span in found:
        concepts = frozenset(one for mention in find(words) for one in mention.concepts)
        told.setdefault(concepts or frozenset({words.lower()}), (words, []))[1].append(span)
    if not told:
        return {}
    spans = tuple(dict.fromkeys(span for _, each in told.values() for span in each))
    return {name: Value([words for words, _ in told.values()], spans)}


def _excluded(said: Sequence[_Said]) -> Iterator[tuple[str, Span]]:
    for one in said:
        text = _ASIDE.sub("", _ANTI.sub(r"anti-\g<short>", one.words))
        if not _bars(text, one.line.kind) or _IF.search(text) or _LIMITED.search(text) or _OF_A_GROUP.search(text):
            continue
        if one.line.kind == "exclusion" and (_BARE.fullmatch(text) or _DONE.fullmatch(_BRACKETS.sub("", text).strip(" ."))):
            yield from ((name, one.line.span) for name in _whole(text))
            continue
        said_so_far = ""
        for part in _ANOTHER.split(text):
            if _REACTED.search(said_so_far):
                break
            said_so_far += part
            for match in _EARLIER.finditer(part):
                words = next((group for group in match.groups() if group), "")
                harmed = _HARM.search(part[: match.start()]) or _HARM.search(words[:_FAR])
                if not harmed and not _STOPPED.search(part, match.start()):
                    yield from (
                        (name, one.line.span)
                        for name in _names(words, _TREATED.search(match[0]))
                        if _is_barred(name, one.line.kind)
                    )


def _bars(text: str, kind: Kind) -> bool:
    """Whether a sentence keeps people out for what they had."""
    if _FORBIDDEN.search(text):
        return True
    if _LET_IN.search(_SPARED.sub("", text)):
        return False
    denied = _NO.search(_EITHER_WAY.sub("with", text))
    spared = _UNLESS.search(text)
    if denied and spared and kind == "inclusion" and denied.start() > spared.start():
        return False
    return (kind == "exclusion" and not denied) or (denied is not None and (kind == "inclusion" or _must_not(text)))


def _whole(text: str) -> Iterator[str]:
    """A sentence that is but a treatment's name."""
    name = re.sub(r"\srecipients?$", "", _BRACKETS.sub("", text).strip(" ."))
    if _BARE.fullmatch(text) or _is_therapy(name):
        yield name[0].lower() + name[1:] if name[1:2].islower() else name


def _is_barred(name: str, kind: Kind) -> bool:
    """Whether it is a treatment of the disease: not what cured another one, nor what ended fertility."""
    return not _CURATIVE.search(name) and not (kind == "inclusion" and _OF_FERTILITY.search(name))


def _must_not(text: str) -> bool:
    return re.match(r"(?:\w+ ){0,2}(?:may|must|can|should|have|has) not\b", text, re.IGNORECASE) is not None


def _required(said: Sequence[_Said]) -> Iterator[tuple[str, Span]]:
    for one in said:
        text = _BRACKETS.sub("", one.words)
        if one.line.kind != "inclusion" or _NO.search(text) or _LET_IN.search(text) or _IF.search(text):
            continue
        operated = _OPERATED.search(text)
        if operated and not _HARM.search(text):
            yield (operated["by"] or operated["surgery"] or f"resection of {operated['what']}").strip().lower(), one.line.span
        standard = _STANDARD_DONE.search(one.words)
        if standard and not _NO_STANDARD.search(_AFTER_ALL.sub("", one.words)):
            yield standard["what"].lower(), one.line.span
        if _INDUCED.search(text):
            yield "induction therapy", one.line.span
        for match in _NEEDED.finditer(text):
            words = next((group for group in match.groups() if group), "")
            if (
                not _UNLESS.search(text[: match.start()])
                and not _HARM.search(text[: match.start()])
                and not _HARM.search(words, _NAMED, _FAR)
                and not _IF_ANY.search(words)
            ):
                yield from ((name, one.line.span) for name in _needed(words))


def _needed(words: str) -> Iterator[str]:
    """The treatments of a demand; of therapy as such what it must have held, or that it was the standard one."""
    held = _INCLUDING.match(words)
    if held and _GENERIC.fullmatch(_LEADING.sub("", held["head"])):
        yield from _names(held["what"])
        return
    for name in _names(words, _TREATED.match(words)):
        if not _GENERIC.fullmatch(name) or _STANDARD.search(name):
            yield name


def _names(words: str, treated: re.Match[str] | None = None) -> Iterator[str]:
    """The treatments of a list, each with the noun that they share: "PD-1 or PD-L1 inhibitor"; `treated`: what says that all are."""
    together = _COMBINED.match(words.strip())
    if together:
        yield f"combination of{together['what']}"
        return
    plain = _ITS_AIM.sub("", _LEADING.sub("", _SITES.sub(r"\1/", _ONE_WORD.sub(r"\1/\2", _BRACKETS.sub("", words.strip())))))
    aimed = _AIMED.match(plain)
    if aimed:
        yield aimed[0]
        return
    cut = _CUT.search(plain)
    plain = re.sub(r"\s(?i:and|or|and/or)$", "", plain[: cut.start()] if cut else plain)
    parts = [_LEADING.sub("", part).strip(" ,:-") for part in _LIST.split(plain)]
    parts = [part for part in parts if part and not part.lower().startswith("without")]
    sharing = (_SHARING.fullmatch(parts[-1]) or _SHARED_NOUN.fullmatch(parts[-1])) if parts else None
    for part in parts:
        name = _with_noun(part, sharing["rest"]) if sharing and part is not parts[-1] else part
        name = _spelled_out(re.sub(r"\s?\b(?:either|both)\b\s?", "", name))
        if len(name.split()) <= _LONGEST and (_is_therapy(name) or (treated and _may_be_drug(name))):
            yield name


def _may_be_drug(name: str) -> bool:
    """Whether a name that no table has among the treatments of cancer can be one's: "perillyl alcohol", "corticosteroids"."""
    known = [concept(one).kind for mention in find(name) for one in mention.concepts]
    if len(name.split()) > _DRUG_WORDS or len(name) <= _DRUG_WORDS or any(kind in _NEVER_GIVEN for kind in known):
        return False
    return not (_SAYS_NOTHING.match(name) or _NOT_THESE.search(name) or _GENERIC.fullmatch(name))


def _with_noun(part: str, noun: str) -> str:
    """An item of a list with the noun that its last one has for all: "PD-1" of "PD-1 or PD-L1 inhibitors"."""
    grafted = noun.lower().startswith("transplant")
    if noun.startswith("based "):
        return f"{part} {noun}"
    if noun.lower() in part.lower() or _names_drug(part) or (grafted and "transplant" in part.lower()):
        return part
    return part if _HEAD.search(part) and not grafted else f"{part} {noun}"


def _spelled_out(name: str) -> str:
    """The full name of a class that is only abbreviated: "AI", "ICI-based regimen"."""
    short, based, rest = name.partition("-based")
    if based:
        return f"{_spelled_out(short)}{based}{rest}"
    known = [one for mention in find(name) for one in mention.concepts]
    return name_of(known[0]) if len(name) <= 4 and name.isupper() and name.isalpha() and len(known) == 1 else name


def _names_drug(words: str) -> bool:
    return any(concept(one).kind == "drug" and "-inhibitor" not in one for mention in find(words) for one in mention.concepts)


def _is_therapy(words: str) -> bool:
    if (_SAYS_NOTHING.match(words) and not _STANDARD.search(words)) or _NOT_THESE.search(words):
        return False
    kinds = [one for mention in find(words) if not mention.denies for one in mention.concepts]
    if any(is_a(one, wide) for one in kinds for wide in _MEDICINES):
        return True
    return (_HEAD.search(words) is not None or _TARGET.fullmatch(words) is not None) and not any(
        concept(one).kind in ("condition", "symptom") for one in kinds
    )
