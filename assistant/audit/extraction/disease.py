"""The disease enrolled: what it is called, its cell type, its stage and edition, and whether it may have spread."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.audit.extraction.asked import Asked, asked, lines_of
from assistant.audit.extraction.value import Value
from assistant.audit.record import Record
from assistant.eligibility.conditions import AnyOf, Between, Condition, Has, OneOf
from assistant.eligibility.numbers.gradings import edition_of, gradings
from assistant.eligibility.numbers.quantities import scale
from assistant.eligibility.parse.shapes import leaves
from assistant.eligibility.vocabulary.concepts import concept, find, is_a, name_of
from index.trial import Span, Trial

_STAGE: Final = "stage"
_CATEGORIES: Final = ("stage", "t", "n", "m")
_NOT_THE_NAME: Final = re.compile(
    r"\b(?:clinical |pathologic(?:al)? |pathological prognostic |anatomic )?stages? (?:[0ivx]+[a-d]?\d?|[0-4][a-d]?)"
    r"(?:(?:\s?(?:,|/|-|and|or|to|through)\s?)+(?:[ivx]+[a-d]?\d?|[0-4][a-d]?)\b)*"
    r"|\b(?:ajcc|uicc|figo)\b(?: ?v?\d+(?:th)?(?: edition| ed)?)?"
    r"|\b(?:distant|oligo-?progressive|oligo-?)?\s?metasta(?:tic|sis|ses|sized)\b|\b(?:locally|loco-?regionally"
    r"|locoregional(?:ly)?) advanced\b"
    r"|\b(?:advanced|unresectable|inoperable|resectable|borderline resectable|recurrent|relapsed|refractory"
    r"|previously untreated|untreated"
    r"|newly diagnosed|high[- ]risk|low[- ]risk|early[- ]stage|early|late[- ]stage|de novo|adults?|unspecified|progressive)\b"
    r"|\bnon-drug interventions for\b",
    re.IGNORECASE,
)
"""Stage, spread and course, which have fields of their own."""
_GENERIC: Final = frozenset(
    "cancer cancers malignant malignancy malignancies neoplasm neoplasms tumor tumors tumour tumours solid oncology disease diseases other"
    " rare and or of the in skin-less childhood pediatric".split()
)
_GOES_ON: Final = re.compile(r"\W*$|,|\s?\(|\s?/|\s(?:of|in|and|with)\b")
_OF_SOMETHING_ELSE: Final = re.compile(
    r"[- ](?:type|syndrome|infiltrating|like|related|associated|antigen|marker|board|prevention|screening)\b", re.I
)
_AIM: Final = re.compile(r"^.*\b(?:for|of patients with)\s(?=\S)", re.IGNORECASE)
_SOLID: Final = re.compile(r"\bsolid (?:tumou?rs?|neoplasms?|cancers?|malignanc(?:y|ies))\b", re.IGNORECASE)
_MANY: Final = 8
"""More diseases than this under "solid tumours" are but examples of them."""
_PLURAL: Final = re.compile(
    r"(?<=tumor|ancer)s\b|(?<=umour)s\b|(?<=[lrc]oma)s\b|(?<=neoplasm)s\b|(?<=leukemia)s\b|(?<=syndrome)s\b", re.IGNORECASE
)
_CELL_TYPES: Final = re.compile(
    r"\b(?:non-?\s?keratini[sz]ing(?: (?:squamous cell )?carcinoma)?|adenosquamous carcinoma|adenocarcinoma|(?:non-?"
    r"|non )squamous"
    r"|squamous(?:[- ]cell)?(?: carcinoma| cancer)?|clear[- ]cell(?: carcinoma)?|high[- ]grade serous|endometrioid"
    r"|mucinous|urothelial"
    r"(?: carcinoma)?|transitional[- ]cell carcinoma|ductal adenocarcinoma|large[- ]cell neuroendocrine)\b",
    re.IGNORECASE,
)
_CONFIRMED: Final = re.compile(r"\b(?:histolog|cytolog|patholog|histopatholog|biopsy|confirmed|proven|diagnos)", re.IGNORECASE)
_ANY_CELL_TYPE: Final = re.compile(r"\b(?:any|all|regardless of|irrespective of) histolog", re.IGNORECASE)
_RARE_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "IC": ("gynecologic-cancer", "soft-tissue-sarcoma"),
    "IIC": ("melanoma", "colorectal-cancer", "prostate-cancer", "testicular-cancer", "gastrointestinal-cancer"),
    "IIID": ("melanoma",),
    "IVC": ("head-and-neck-cancer", "thyroid-cancer"),
}
"""Classes that few diseases have (AJCC 8), which a range like "IIB-IVA" takes in for no other."""
_STAGES_GO_ON: Final = re.compile(r"\s[A-D]\b(?!\s?cell)|\s?\([^)]*\)\s?(?:,|and|or|to|-)\s?(?:stage )?(?:I{1,3}|IV)\b")
_NUMERALS: Final = {ord(sign): plain for sign, plain in zip("ⅠⅡⅢⅣ", ("I", "II", "III", "IV"), strict=True)}
_NUMERAL_STAGE: Final = re.compile(r"\bstages?\s?[ⅠⅡⅢⅣ]", re.IGNORECASE)
_LETTERS: Final = re.compile(
    r"\b(?P<number>IV|I{1,3})\s?(?=[A-D])(?P<letters>[A-D]"
    r"(?:\s?(?:,|/|,?\s(?:and|or|and/or))\s?[A-D]\b(?!\s?cell))+)(?![\w-])"
)
_ASIDE_OF_STAGES: Final = re.compile(r"\s?\([^()]*\)(?=\s?(?:,|/|and|or|to|-)\s?(?:stage )?(?:I{1,3}|IV)\b)", re.IGNORECASE)
_AMONG: Final = re.compile(r"\b(?:includ(?:es?|ing)|exclud(?:es|ing)|except|other than|no)\b[^.;]*$", re.IGNORECASE)
_EARLIER: Final = re.compile(
    r"\b(?:initial|prior|previous|earlier)\b[^.;,]{0,40}\b(?:of|for)\b[^.;,]{0,30}$|\bhistory of\b[^.;,]{0,30}$", re.IGNORECASE
)
_DISTANT_STAGES: Final = frozenset({"IV", "IVB", "IVC"})
"""Of several carcinomas stage IVA is a large tumour that has not spread."""
_SPREAD: Final = r"metasta(?:tic|sis|ses|sized|sised)"
_LOCAL: Final = (
    r"(?:(?:locally |loco-?regionally |locoregional(?:ly)? )?advanced|(?:locally |locoregionally )?recurrent|unresectable"
    r"|inoperable"
    r"|non-?resectable|relapsed|incurable)"
)
_WITH_OR_WITHOUT: Final = re.compile(
    rf"\b{_LOCAL}\b[^.;]{{0,40}}?(?:\bor\b|\band/or\b|/)\s?(?:\w+ ){{0,2}}?{_SPREAD}"
    rf"|\b(?:{_LOCAL},\s{_SPREAD}|{_SPREAD},\s{_LOCAL})\b(?=(?:,\s[\w-]+){{0,2}},?\sor\s)"
    rf"|\b{_SPREAD}\b[^.;]{{0,25}}?(?:\bor\b|\band/or\b|/)\s?(?:\w+ ){{0,2}}?{_LOCAL}\b"
    r"|\badvanced/metastatic|\bwith or without (?:distant )?metasta|\bM0 ?(?:or|/|and) ?M1",
    re.IGNORECASE,
)
_SETTING: Final = re.compile(
    r"\b(?:prior|previous(?:ly)?|received|receiving|lines?|therap(?:y|ies)|treatments?|treated|regimens?|chemotherapy"
    r"|progress(?:ed|ion))\b[^.;]*$",
    re.IGNORECASE,
)
_METASTATIC: Final = re.compile(rf"\b(?:oligo)?{_SPREAD}\b|\bstage (?:iv|4)\b", re.IGNORECASE)
_NON_METASTATIC: Final = re.compile(r"\bnon-?\s?metasta|\bmetasta\w+ risk|\brisk of metasta", re.IGNORECASE)
_ADVANCED: Final = re.compile(r"(?<!locally )(?<!locally-)(?<!regionally )\badvanced\b", re.IGNORECASE)
_NO: Final = re.compile(
    rf"\b(?:no|not|without|absence of|free of|non)\b(?:(?!treat|therap|prior)[^.;]){{0,60}}{_SPREAD}|\bM0\b|non-?{_SPREAD}",
    re.IGNORECASE,
)
_SPREAD_BARRED: Final[Mapping[str, re.Pattern[str]]] = {
    "exclusion": re.compile(
        r"(?:(?:patients?|subjects?|participants?|those|who|with|have|has|had|cannot|known|any|presence|evidence|of|a|the"
        r"|history|clinical"
        r"|radiologic\w*|radiograph\w*|imaging|definit(?:e|ive)|active|overt|current|synchronous"
        r"|confirmed|documented|pathologically|loco-?regional(?:ly)?|regional(?:ly)?|or|and) ){0,8}"
        rf"(?:(?:distant(?:ly)? {_SPREAD}|distant spread)\b(?: (?:disease|melanoma|cancer|tumou?rs?|lesions?))?"
        rf"|metastatic (?:\([^)]{{1,20}}\) )?(?:disease|melanoma|cancer)\b)"
        r"(?! (?:to|in|that|requiring|with|second|sites?)\b)(?:\W*$|[,.(;]| at | \()",
        re.IGNORECASE,
    ),
    "inclusion": re.compile(
        rf"(?:[\w/,-]+ ){{0,6}}?(?:no|without|absence of|free of) (?:(?!treat|therap|prior"
        rf"|previous)[\w/-]+ ){{0,4}}?(?:(?:distant|systemic) )?{_SPREAD}\b",
        re.IGNORECASE,
    ),
}
_CONFIRMED_SPREAD: Final = re.compile(
    rf"\b(?:confirmed|proven|documented|verified|diagnos(?:is|ed)(?: of| with)?)\s(?:(?!no|not|without"
    rf"|with)[\w,-]+\s){{0,4}}?{_SPREAD}\b(?! (?:to|lesions?))",
    re.IGNORECASE,
)
_ABOUT_SOME: Final = re.compile(
    r"[<>≤≥]|\bULN\b|\bupper limit|\bin (?:patients|subjects|participants)|\b(?:eligible|if)\b", re.IGNORECASE
)
"""What says of a line that it speaks of those who have metastases, and not that all must."""
_ORGAN: Final = (
    r"(?:brain|bones?|liver|hepatic|lungs?|pulmonary|cns|central nervous system|leptomening\w*|mening\w*|spinal|intracranial"
    r"|cerebral|viscer\w*|periton\w*|marrow|pleural?|skin|lymph nodes?|nodal)"
)
_OF_AN_ORGAN: Final = re.compile(
    rf"(?<!distant )\b{_ORGAN}\b(?:(?!distant)[^.;]){{0,25}}\b{_SPREAD}\b"
    rf"|\b(?<!distant ){_SPREAD} (?:to|in|of|into) (?:the )?(?:\w+ )?{_ORGAN}\b",
    re.IGNORECASE,
)
_LET_IN_WITH: Final = re.compile(
    rf"\b(?:brain|bone|liver|lung|hepatic|cns|central nervous system(?: \(cns\))?|visceral) {_SPREAD}\b[^.;]{{0,160}}?"
    r"(?<!not )\b(?:eligible|allowed|permitted|may (?:be enrolled|be included|enroll|participate))",
    re.IGNORECASE,
)
"""Where people with metastases of an organ are let in: the trial has patients whose cancer has spread."""
_NOT_SPREAD: Final = re.compile(r"\b[cp]?M0\b(?!\s?(?:or|/|and)\s?M1)")
_OWN_ORGAN: Final = frozenset({"lymph-node-metastasis", "in-transit-metastasis"})
"""Spread within the region."""
_SPREAD_TRAITS: Final = frozenset({"metastatic", "oligometastatic"})


@dataclass(frozen=True, slots=True)
class _Named:
    """A disease as the record names it."""

    words: str
    concepts: tuple[str, ...]
    spans: tuple[Span, ...]

    @property
    def generic(self) -> bool:
        """Whether it names no disease in particular."""
        return set(re.findall(r"[a-z]+", self.words)) <= _GENERIC


def disease(record: Record) -> Mapping[str, Value]:
    """What the disease is called, and how far it is."""
    found = tuple(asked(record))
    types = _cancer_types(record, found)
    if not types:
        return {}
    return {
        "cancer_type": Value(
            "; ".join(one.words for one in types), tuple(dict.fromkeys(s for one in types for s in one.spans))
        ),
        **_histology(record, types),
        **_stage(record, found),
        **_edition(record, found),
        **({} if all(map(_of_blood, types)) else _metastatic(record, found)),
    }


# --- the name -------------------------------------------------------------------------------------------------------------------


def _cancer_types(record: Record, found: Sequence[Asked]) -> tuple[_Named, ...]:
    trial = record.trial
    listed = [one for text in trial.conditions for one in _named(text, trial.evidence.get("conditions", ()))]
    specific = [one for one in listed if not one.generic]
    known = [one for one in specific if not _is_broad(one)]
    if specific and not known:
        spelled = _spelled_out(record, found)
        specific = [spelled] if spelled else specific
    solid = _solid(trial, listed)
    if solid and not 0 < len(_distinct(specific)) <= _MANY:
        return (solid,)
    if specific:
        return (
            (*_distinct(specific), solid)
            if solid and any(one.concepts == solid.concepts for one in listed)
            else _distinct(specific)
        )
    spelled = _spelled_out(record, found)
    return (spelled,) if spelled else _distinct(listed)[:1] or _spread_alone(trial)


def _spread_alone(trial: Trial) -> tuple[_Named, ...]:
    """Metastases as such, where the conditions name nothing else."""
    spans = tuple(trial.evidence.get("conditions", ()))
    named = [
        _Named(text.lower(), mention.concepts, spans)
        for text in trial.conditions
        for mention in find(text)
        if any(is_a(one, "metastasis") for one in mention.concepts)
    ]
    return tuple(dict.fromkeys(named))


def _named(text: str, spans: Sequence[Span]) -> Iterator[_Named]:
    """A condition of the record without its stage and course, if it is a cancer."""
    plain = _tidy(_NOT_THE_NAME.sub(" ", text))
    cancers = [mention for mention in find(plain) if not mention.denies and any(map(_is_cancer, mention.concepts))]
    cancers = [mention for mention in cancers if not _OF_SOMETHING_ELSE.match(plain, mention.end)]
    if not cancers:
        return
    last = cancers[-1]
    whole = plain if _GOES_ON.match(plain, last.end) else plain[: last.end]
    words = _PLURAL.sub("", _AIM.sub("", whole).lower())
    if plain[last.start : last.end].isupper() and len(words.split()) == 1 and len(last.concepts) == 1:
        words = _lower(name_of(last.concepts[0]))
    yield _Named(words, last.concepts, tuple(spans))


def _tidy(text: str) -> str:
    """A name without the marks that stand alone."""
    spaced = re.sub(r"\(\s*\)", " ", " ".join(text.split()))
    return re.sub(r"\s+(?=[,;)])", "", spaced).strip(" ,;/-&")


def _is_cancer(one: str) -> bool:
    return is_a(one, "neoplasm") and not is_a(one, "benign-tumor")


def _of_blood(one: _Named) -> bool:
    """Whether it is a disease of blood or lymph, which does not spread as a tumour does."""
    return all(is_a(each, "hematologic-malignancy") for each in one.concepts)


def _is_broad(one: _Named) -> bool:
    return all(concept(each).broad for each in one.concepts)


def _lower(name: str) -> str:
    """A concept's name in the lower case, abbreviations left."""
    return " ".join(word if word[1:].upper() == word[1:] and len(word) > 1 else word.lower() for word in name.split())


def _spelled_out(record: Record, found: Sequence[Asked]) -> _Named | None:
    """The one disease that the criteria ask for and the titles name."""
    trial = record.trial
    asking: dict[str, list[Span]] = {}
    for one in found:
        if one.wanted and isinstance(one.leaf, Has) and one.line.kind == "inclusion":
            for each in one.leaf.concepts:
                if not each.startswith(("w:", "icd:")) and _is_cancer(each) and not concept(each).broad:
                    asking.setdefault(each, []).append(one.line.span)
    for field in ("title", "official_title"):
        for mention in find(getattr(trial, field) or ""):
            for each in mention.concepts:
                if _is_cancer(each) and not concept(each).broad:
                    asking.setdefault(each, []).extend(trial.evidence.get(field, ()))
    narrowest = [one for one in asking if not any(other != one and is_a(other, one) for other in asking)]
    if len(narrowest) != 1 or not asking[narrowest[0]]:
        return None
    return _Named(_lower(name_of(narrowest[0])), (narrowest[0],), tuple(dict.fromkeys(asking[narrowest[0]])))


def _solid(trial: Trial, listed: Sequence[_Named]) -> _Named | None:
    """Solid tumours as such."""
    for field in ("conditions", "title", "official_title"):
        text = " ".join(trial.conditions) if field == "conditions" else getattr(trial, field) or ""
        if _SOLID.search(text) or (field == "conditions" and any("solid-tumor" in one.concepts for one in listed)):
            return _Named("solid tumor", ("solid-tumor",), tuple(trial.evidence.get(field, ())))
    return None


def _distinct(named: Iterable[_Named]) -> tuple[_Named, ...]:
    """Each disease once: of a wider and a narrower name of one the narrower."""
    kept: dict[str, _Named] = {}
    for one in named:
        kept.setdefault(" ".join(sorted(re.findall(r"[a-z0-9]+", one.words))), one)
    every = tuple(kept.values())
    return tuple(one for one in every if not any(_narrower(other, one) for other in every if other is not one))


def _narrower(narrow: _Named, wide: _Named) -> bool:
    if wide.generic and not narrow.generic:
        return True
    own, other = (set(re.findall(r"[a-z0-9]+", one.words)) for one in (narrow, wide))
    return other < own and not narrow.words.startswith(("non-", "non "))


# --- cell type ------------------------------------------------------------------------------------------------------------------


def _histology(record: Record, types: Sequence[_Named]) -> dict[str, Value]:
    if len(types) > 1:
        return {}
    told: dict[str, Span] = {}
    for line in record.rules.lines:
        if line.kind != "inclusion" or not _CONFIRMED.search(line.text) or _ANY_CELL_TYPE.search(line.text):
            continue
        for match in _CELL_TYPES.finditer(line.text):
            if _AMONG.search(line.text[: match.start()]):
                continue
            told.setdefault(" ".join(match[0].lower().split()), line.span)
    told = {words: span for words, span in told.items() if words not in types[0].words}
    told = {words: span for words, span in told.items() if not any(words != other and words in other for other in told)}
    if not told:
        return {}
    return {"histology": Value(" or ".join(told), tuple(dict.fromkeys(told.values())))}


# --- stage ----------------------------------------------------------------------------------------------------------------------


def _stage(record: Record, found: Sequence[Asked]) -> dict[str, Value]:
    staged = [one for one in found if one.wanted and isinstance(one.leaf, OneOf) and one.leaf.scale == _STAGE]
    lines = lines_of(one for one in staged if one.line.kind == "inclusion")
    lines = lines or tuple(line for line in record.rules.lines if line.kind == "inclusion" and _NUMERAL_STAGE.search(line.text))
    if any(_cut_short(line.text) for line in lines):
        return {}
    told = [(line, values) for line in lines if (values := _stages_in(line.text, record))]
    if not told:
        return _stage_of_names(record)
    values = _in_order(value for _, values in told for value in values)
    return {"stage": Value(values, tuple(line.span for line, _ in told))}


def _written_out(text: str) -> str:
    """Stages with what their writing leaves out: "stage IIIB, C or D", "Ⅱ/Ⅲ", "III (with satellites) and IV"."""
    plain = _ASIDE_OF_STAGES.sub("", text.translate(_NUMERALS))
    return _LETTERS.sub(lambda match: ", ".join(match["number"] + one for one in re.findall("[A-D]", match["letters"])), plain)


def _stages_in(text: str, record: Record) -> list[str]:
    """The stages that a text names; those of an earlier time ("recurrence after initial treatment of stage I disease") are not."""
    text = _written_out(text)
    every = set(scale(_STAGE).values)
    named = [
        one for one in gradings(text) if one.scale == _STAGE and one.values != every and not _EARLIER.search(text[: one.start])
    ]
    return [value for one in named for value in _widest(one.values, text[one.start : one.end], record)]


def _cut_short(text: str) -> bool:
    """Whether a list of stages goes on where its reading ends: "stage III B, C or IV"."""
    text = _written_out(text)
    return any(one.scale == _STAGE and _STAGES_GO_ON.match(text, one.end) for one in gradings(text))


def _stage_of_names(record: Record) -> dict[str, Value]:
    """The stage that the titles or the conditions name."""
    trial = record.trial
    fields = {"conditions": trial.conditions, "title": (trial.title,), "official_title": (trial.official_title,)}
    for field, texts in fields.items():
        values = _in_order(value for text in texts if text for value in _stages_in(text, record))
        if values and trial.evidence.get(field):
            return {"stage": Value(values, tuple(trial.evidence[field]))}
    return {}


def _widest(values: frozenset[str], text: str, record: Record) -> list[str]:
    """The classes without those that another one contains; of those that a range takes in, what the disease has."""
    known = scale(_STAGE)
    inner = {one for value in values for one in known.within(value) if one != value}
    written = set(re.findall(r"[A-Z0-9]+", text.upper()))
    return [value for value in values - inner if value in written or _exists(value, record.rules.study)]


def _exists(value: str, study: frozenset[str]) -> bool:
    having = _RARE_STAGES.get(value, () if value[-1] in "ES" else None)
    return having is None or any(is_a(disease, one) for disease in study for one in having)


def _in_order(values: Iterable[str]) -> list[str]:
    known = scale(_STAGE)
    every = set(values)
    every -= {inner for value in every for inner in known.within(value) if inner != value}
    return sorted(every, key=known.values.index)


def _edition(record: Record, found: Sequence[Asked]) -> dict[str, Value]:
    typed = [one for one in found if isinstance(one.leaf, OneOf) and one.leaf.edition and one.leaf.scale in _CATEGORIES]
    typed = [one for one in typed if one.line.kind == "inclusion"]
    editions: dict[str, list[Span]] = {}
    for one in typed:
        if isinstance(one.leaf, OneOf) and one.leaf.edition:
            editions.setdefault(one.leaf.edition, []).append(one.line.span)
    if not editions:
        for line in record.rules.lines:
            said = edition_of(line.text) if line.kind == "inclusion" else None
            if said:
                editions.setdefault(said, []).append(line.span)
    if not editions:
        for line in record.rules.lines:
            if said := edition_of(line.text):
                editions.setdefault(said, []).append(line.span)
    if not editions:
        for text in record.trial.conditions:
            said = edition_of(text)
            if said:
                editions.setdefault(said, []).extend(record.trial.evidence.get("conditions", ()))
    if len(editions) != 1:
        return {}
    edition, spans = next(iter(editions.items()))
    return {"stage_edition": Value(edition, tuple(dict.fromkeys(spans)))} if spans else {}


# --- spread ---------------------------------------------------------------------------------------------------------------------


def _metastatic(record: Record, found: Sequence[Asked]) -> dict[str, Value]:
    barred = _barred(record, found)
    either = tuple(line.span for line in record.rules.lines if line.kind == "inclusion" and _lets_in_both(line.text))
    required = _of(one for one in found if _demands_spread(one)) or _confirmed_spread(record)
    stage = _stage(record, found).get(_STAGE)
    if stage and not any(value.startswith("IV") for value in stage.value):
        required = ()  # "metastatic melanoma" of stage III has spread to lymph nodes
    mixed = stage is not None and bool(_DISTANT_STAGES & set(stage.value)) and any(value[:2] != "IV" for value in stage.value)
    if stage and mixed and (not required or set(required) & set(stage.spans)):
        either = either or stage.spans
    either = either or (() if required else _advanced(found))
    if barred:
        return {} if required or either else {"metastatic": Value("excluded", barred)}
    if either or required:
        return {"metastatic": Value("allowed", either) if either else Value("required", required)}
    if stage and not mixed and "IV" not in stage.value:
        below = not any(value.startswith("IV") or _exists_with_spread(value, record.rules.study) for value in stage.value)
        return {"metastatic": Value("excluded", stage.spans)} if below else {}
    return _spread_in_names(record.trial) or _let_in(record)


def _exists_with_spread(value: str, study: frozenset[str]) -> bool:
    """Whether a class below IV holds distant spread: stage III of a testicular cancer (AJCC 8)."""
    return value.startswith("III") and any(is_a(disease, "testicular-cancer") for disease in study)


def _let_in(record: Record) -> dict[str, Value]:
    """Where the trial takes people whose cancer has spread to some organ."""
    lines = tuple(line.span for line in record.rules.lines if _LET_IN_WITH.search(line.text))
    return {"metastatic": Value("allowed", lines)} if lines else {}


def _confirmed_spread(record: Record) -> tuple[Span, ...]:
    """Where the confirmed disease is called metastatic: "histologically or cytologically confirmed metastatic …"."""
    inclusion = [line for line in record.rules.lines if line.kind == "inclusion"]
    lines = [line for line in inclusion if _CONFIRMED_SPREAD.search(line.text) or _spread_in_each(line.condition)]
    return tuple(line.span for line in lines if not _WITH_OR_WITHOUT.search(line.text) and not _ABOUT_SOME.search(line.text))


def _spread_in_each(condition: Condition) -> bool:
    """Whether each of several ways to pass has spread: "de novo with liver metastases, or liver metastases after radiotherapy"."""
    if not isinstance(condition, AnyOf):
        return False
    return all(any(isinstance(leaf, Has) and _spreads(leaf) for leaf in leaves(part)) for part in condition.parts)


def _advanced(found: Sequence[Asked]) -> tuple[Span, ...]:
    """Where the disease is to be advanced, and no more is said."""
    return _of(
        one
        for one in found
        if one.wanted and one.plain and isinstance(one.leaf, Has) and "advanced" in one.leaf.traits and _names_cancer(one.leaf)
    )


def _spread_in_names(trial: Trial) -> dict[str, Value]:
    """What the titles and conditions say of spread."""
    for field, texts in (
        ("title", (trial.title,)),
        ("official_title", (trial.official_title,)),
        ("conditions", trial.conditions),
    ):
        every, spans = [text for text in texts if text], tuple(trial.evidence.get(field, ()))
        if not every or not spans:
            continue
        if any(_WITH_OR_WITHOUT.search(text) for text in every):
            return {"metastatic": Value("allowed", spans)}
        spread = [text for text in every if _METASTATIC.search(text) and not _NON_METASTATIC.search(text)]
        if spread:
            return {"metastatic": Value("required" if len(spread) == len(every) else "allowed", spans)}
        if any(_ADVANCED.search(text) for text in every):
            return {"metastatic": Value("allowed", spans)}
    return {}


def _of(found: Iterable[Asked]) -> tuple[Span, ...]:
    return tuple(line.span for line in lines_of(found))


def _lets_in_both(text: str) -> bool:
    """Whether it says of the disease, and not of a treatment's setting, that it may have spread or not."""
    return any(not _SETTING.search(text[: match.start()]) for match in _WITH_OR_WITHOUT.finditer(text))


def _names_cancer(leaf: Has) -> bool:
    return not leaf.other and any(_is_cancer(one) for one in leaf.concepts)


def _demands_spread(one: Asked) -> bool:
    if not (one.wanted and one.plain and one.line.kind == "inclusion"):
        return False
    if _in_a_setting(one.line.text):
        return False
    match one.leaf:
        case Has() as leaf:
            return (
                not leaf.window
                and not leaf.other
                and (_spreads(leaf) or (bool(leaf.traits & _SPREAD_TRAITS) and _names_cancer(leaf)))
            )
        case OneOf(scale="m", values=values):
            return all(value.startswith("M1") for value in values)
        case OneOf(scale="stage", values=values):
            return all(value.startswith("IV") for value in values) and "IV" in values
        case _:
            return False


def _in_a_setting(text: str) -> bool:
    """Whether spread is named only to say what an earlier treatment was for."""
    first = _METASTATIC.search(text)
    return first is not None and _SETTING.search(text[: first.start()]) is not None


def _spreads(leaf: Has) -> bool:
    return not leaf.family and any(is_a(one, "metastasis") and one not in _OWN_ORGAN for one in leaf.concepts)


def _barred(record: Record, found: Sequence[Asked]) -> tuple[Span, ...]:
    """Where distant spread as such keeps out."""
    lines = [
        line
        for line in lines_of(one for one in found if _bars_spread(one))
        if (line.kind == "exclusion" or _NO.search(line.text)) and not _of_an_organ(line.text)
    ]
    lines += [line for line in record.rules.lines if line.kind == "inclusion" and _NOT_SPREAD.search(line.text)]
    worded = [line for line in record.rules.lines if _SPREAD_BARRED[line.kind].match(" ".join(line.text.split()))]
    return tuple(line.span for line in dict.fromkeys((*lines, *worded)))


def _of_an_organ(text: str) -> bool:
    """Whether each spread that a text names is one to some organ."""
    stated = [one.start() for one in _METASTATIC.finditer(text)]
    of_organs = [match.span() for match in _OF_AN_ORGAN.finditer(text)]
    return bool(stated) and all(any(start <= one < end for start, end in of_organs) for one in stated)


def _bars_spread(one: Asked) -> bool:
    """Whether it bars spread: not spread to one organ, nor spread in some state."""
    leaf = one.leaf
    if not one.plain or isinstance(leaf, Between) or _in_a_setting(one.line.text):
        return False
    if isinstance(leaf, OneOf):
        if one.wanted:
            return leaf.scale == "m" and leaf.values == {"M0"}
        return _all_m1(leaf) or (leaf.scale == _STAGE and "IV" in leaf.values)
    if leaf.other or leaf.window or leaf.count:
        return False
    if one.wanted:
        return "non-metastatic" in leaf.traits and _names_cancer(leaf)
    if not leaf.traits <= _SPREAD_TRAITS:
        return False
    spread = any(each in ("metastasis", "distant-metastasis") for each in leaf.concepts)
    return spread or (bool(leaf.traits) and _names_cancer(leaf))


def _all_m1(leaf: OneOf) -> bool:
    return leaf.scale == "m" and all(value.startswith("M1") for value in leaf.values)
