"""Reads who is spoken of and what is denied, doubted, over or going on, for every concept that a note names (ConText, NegEx)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from assistant.eligibility.notes.cues import Cue, find_cues, tokens_of, words_that
from assistant.eligibility.notes.person import is_own_role
from assistant.eligibility.notes.pieces import Piece
from assistant.eligibility.patient import Sex, Who
from assistant.eligibility.vocabulary.concepts import Mention, all_concepts, is_a

TREATMENT = frozenset({"drug", "therapy", "procedure"})
_TO_COME = ("surgery", "transplantation", "anticancer-therapy")
"""What is needed is still to come, where insulin that is needed is given."""
_TESTED = frozenset({"test-result", "biomarker"})
_UNTESTED = frozenset({"status", "lifestyle", *TREATMENT})
"""What no test before it is of: "stopped nursing and the pregnancy test was negative"."""
_DENYING = frozenset({"deny", "deny-other", "deny-part", "deny-now", "past"})
_BREAKS = frozenset("assert ongoing started ended patient relation person family over correct".split()) | _DENYING
"""A list item with one of these says something of its own: what was denied before it is denied no longer."""
_AFTER_HEAD = re.compile(
    r"\b(?:for|with|after|before|on|in|during|from|to|due|since|by|despite|under|of|against|following|at|while)\b",
    re.IGNORECASE,
)
"""After the head of a denied phrase these lead to something presupposed: "no surgery for prostate cancer"."""
_TRANSPARENT = re.compile(
    r"\b(?:histor(?:y|ies)|evidence|signs?|symptoms?|diagnos[ei]s|diagnosed|use|intake|presence|forms?|kinds?|types?|sorts?|episodes?|complaints?|"
    r"alterations?|mutations?|rearrangements?|fusions?|translocations?|amplifications?|aberrations?|"
    r"problems?|trouble|issues?|findings?|allergy|allergic|treated|treatment|therapy|suffer(?:s|ed|ing)?|affected|currently|put|been|live|taking|infected|"
    r"infection|exposed|part|participated|enrolled|any)\s+(?:of|with|from|to|on|in)\b|^\s*(?:on|in|under)\b",
    re.IGNORECASE,
)
"""What leads to the head of a denied phrase: "does not have a history of", "has not been treated with"."""
_VERBED = re.compile(
    r"\s+(?:was|were|is|are|has been|have been|had been|being)\s+(?:ever\s+|yet\s+)?(?P<verb>[a-z]+)", re.IGNORECASE
)
_BULLETS = frozenset("-•*–·")
"""A line that begins with one of these belongs under the heading before it."""
_LONE = re.compile(r"[\s,.:;!?()-]*")
_KIN_WORDS = frozenset("a an the his her my their in of and maternal paternal only both late younger older".split())
"""What a bracket may hold besides a relative: "lupus (maternal aunt)"."""
_PERSON_HAS = re.compile(
    r"[\s,(]*(?:has|had|is|was|with|who|and|died|diagnosed|suffers?|tested|takes|receives?|recently|'s|’s|:|[-–—]\s)",
    re.IGNORECASE,
)
_WHO_HAS = re.compile(r"[\s,(]*(?:who|whose)\b", re.IGNORECASE)
_NOW_TELLS = re.compile(r"(?:now|still|currently)\s+(?:says?|reads?|shows?|lists?|states?|has|have|is|are|am)\b", re.IGNORECASE)
"""A new clause begins: "…, so my chart now says …"."""
_HAVING = re.compile(r"\b(?:had|have|having|got|suffered)\b", re.IGNORECASE)
_VALUED = re.compile(r"\s*[:=<>≥≤]?\s*\d")
"""After a test: its own value."""
_SAID_OUT = re.compile(r"\s*(?:[.,;:!?)\n]|$)")
"""After a short denial: nothing more follows."""
_NOW = re.compile(
    r"\s+(?:currently\s+|also\s+)?(?:has|is|takes|smokes|drinks|denies|reports|presents|complains|lives|works)\b", re.IGNORECASE
)
_PEOPLE = r"(?:patients|participants|people|subjects|women|men|adults|children|kids|volunteers|mothers|moms|mums|individuals|controls)"
_OF_ANYBODY = re.compile(
    rf"(?:\W|\b(?:so|and|but|since|because|as|that|if|just|confirm|only|most|all|some|many|other)\s){{0,6}}"
    rf"{_PEOPLE}\s+(?:with|in|who|on|having|are|is|can|must|may|will|were|get|receive|need|should|taking)\b"
    rf"|[^.!?;\n]{{0,60}}\b(?:insist|claim|argue|believe|think|say|read|heard|told me|assume)s?\s+(?:that\s+)?"
    rf"(?:only\s+|all\s+)?{_PEOPLE}\s"
    rf"|[^.!?;\n]{{0,80}}\b"
    r"(?:want|take|accept|enrol|enroll|include|exclude|recruit|look for|looking for|ask for|allow|admit|welcome|need)(?:s|es|ing)?\s+"
    rf"(?:only\s+|also\s+|[a-z-]+\s+){{0,2}}{_PEOPLE}\b"
    rf"|[^.!?;\n]{{0,60}}\b{_PEOPLE}\s+(?:are|is)\s+(?:welcome|allowed|accepted|excluded|included|eligible|randomi[sz]ed)\b"
    rf"|[^.!?;\n]{{0,80}}\b"
    r"(?:met its (?:goal|primary|end)|already proven|(?:significantly|markedly) (?:raise|improve|prolong|reduce|cut|lower|increase)[sd]?\b"
    rf"[^.!?;\n]{{0,50}}\b(?:survival|mortality|PFS|OS|DFS|endpoint|incidence))\b"
    rf"|[^.!?;\n]{{0,60}}\b(?:files?|lists?|labels?|tags?|indexes)\s[^.!?;\n]{{0,30}}\b(?:under|as)\s",
    re.IGNORECASE,
)
"""A sentence of people in general or of what a trial takes, not of the one whose note it is: "patients in it are randomised to A"."""
_TOLD_SELF = re.compile(r"\b(?:I|I['’]m|I['’]ve|[Mm]y|me|he|she|his|her|[Tt]he patient|pt)\b(?![.-])")
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|I['’]ve|[Mm]y|[Mm]e)\b(?![.-])")
_HE_OR_SHE = re.compile(r"[\s*•–-]*(?P<word>he|she|his|her)\b", re.IGNORECASE)
_IS_ASKED = re.compile(r"[^\W?]?[\s,;:()]{0,80}\?")
_ASKS = re.compile(
    r"(?:any|ever|do|does|did|is|are|was|were|has|have|had|can|could|should|would|will|what|which|who|how)\b", re.IGNORECASE
)
_SAYS_YES = re.compile(r"(?:yes|yep|yeah|correct|indeed)\b", re.IGNORECASE)
_OF_DETAIL = re.compile(
    r"\s+(?:exactly\s+|of\s+|about\s+)?(?:when|what|which|how|why|where|who|(?:the|my|his|her|its)\s+(?:exact\s+)?(?:date|day|year|name|dose|type|kind|details?))\b",
    re.IGNORECASE,
)
"""What is not known is a detail: "had a stroke, not sure when"."""
_DETERMINED = re.compile(r"\b(?:in|of|by|with)\s+(?:(?:a|an|his|her|my|the|their|both|one)\s+)?$", re.IGNORECASE)

_HAD = re.compile(r"\s+(?:had|has|have|got|died of|suffers? from|suffered from)\s*(?:[.,;:)?!]|$)", re.IGNORECASE)
"""After a relative: whose illness the words before are of: "the cancer my aunt had"."""

_OF_WHOM = re.compile(r"[^,;.]{2,40}\b(?:negative|positive|infected|reactive|carrying|affected)\s+", re.IGNORECASE)
"""A result and whose it is: "HIV-negative partner"."""

_TEST_DAY = re.compile(
    r"\s*(?:(?:tests?|testing|serology|screen(?:ing)?|antibod(?:y|ies)|pcr|results?|status)\s*)?(?:(?:of|from|on|dated|in)\s+)?"
    r"\(?\s*(?:\d{4}|\d{1,4}[-./]\d{1,2}(?:[-./]\d{1,4})?)\s*\)?\s*(?::\s*)?",
    re.IGNORECASE,
)
"""Between a test and its result: "HIV test of 2026-01-03: negative"."""

_TURNED = re.compile(
    r"\s*(?:(?:but|and|then|now|repeat|re-?test|was|is|turned|became|it)\s+){0,4}(?:(?:weakly|newly|strongly)\s+)?"
    r"(?:positive|\+ve|reactive|detected|detectable)"
    r"[\s\d./-]*(?:\b(?:in|on|since|now|again|today|last|this|week|month|year|spring|summer|autumn|fall|winter|ago|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s\d./-]*){0,5}",
    re.IGNORECASE,
)
"""A later result without a name: "negative in 2019; positive in 2025"."""

_SOURCE = re.compile(
    r"\b(?:(?:the|his|her|my|our)\s+)?(?:(?:GP|hospital|clinic|referral|discharge|lab|laboratory)(?:['’]s)?\s+)?"
    r"(?:report|letter|form|chart|sheet|laboratory|lab|GP|portal|record|summary|questionnaire)\b(?:\s+(?:ticked|marked|says|states|reads))?",
    re.IGNORECASE,
)
"""Who says it: "laboratory report negative"."""

_UNDETECTABLE = re.compile(r"undetect", re.IGNORECASE)
"""Said of a virus in one who carries it."""
_UNDER = re.compile(r"\s+(?:on|under|with|after|since|despite|while)\b", re.IGNORECASE)
"""Behind "undetectable": what keeps it so, or since when."""
_PAST_STATE = re.compile(
    r"\b(?:treated|cured|cleared|eradicated|resolved|recovered|since|(?:19|20)\d\d)\b|\bafter\b", re.IGNORECASE
)
"""Between an illness and a negative result: it was there, and no longer is."""


@dataclass(slots=True)
class Said:
    """A concept that a note names, and what its words say of it so far."""

    mention: Mention
    piece: int
    start: int
    end: int
    """The stretch to quote."""
    denied: bool = False
    other: bool = False
    part: bool = False
    """Denied only as far as a trait says ("no acute", "no new")."""
    certain: bool = True
    who: Who = "patient"
    ongoing: bool | None = None
    positive: bool = False
    tested: bool = False
    sought: bool = False
    """What a test was for: only a negative result decides."""
    traits: set[str] = field(default_factory=set)
    cue_end: int = -1
    """Where the cue that denies it ends, if it stands before."""
    ends: bool = False
    """Its words say that it ended: "weaned"."""
    today: bool = False
    """Said of the day of the note alone."""
    considered: bool = False
    """Considered first, then not given: what dates it dates the consideration."""

    @property
    def sure(self) -> bool:
        """Whether it is stated: neither in doubt nor what a test is for of which no result is given."""
        return self.certain and (self.denied or (not self.sought and (self.positive or not self.tested)))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of concept that the words can mean."""
        return frozenset(kind_of(concept) for concept in self.mention.concepts)


@dataclass(frozen=True, slots=True)
class Polarity:
    """What holds of a whole piece."""

    denied: bool
    who: Who
    certain: bool


@dataclass(frozen=True, slots=True)
class Scopes:
    """Every concept said, in order, and the polarity of every piece."""

    said: tuple[Said, ...]
    polarities: tuple[Polarity, ...]


def kind_of(concept: str) -> str:
    """A concept's kind; "condition" for what no table of ours holds (a code of ICD)."""
    known = all_concepts().get(concept)
    return known.kind if known else "condition"


def _comes(one: Said) -> bool:
    """Whether it is one of those that are still to come where they are needed."""
    return any(is_a(concept, wide) for concept in one.mention.concepts for wide in _TO_COME)


def read_scopes(
    text: str,
    pieces: Sequence[Piece],
    cues: Sequence[Cue],
    mentions: Sequence[Mention],
    busy: Sequence[tuple[int, int]],
    sex: Sex | None,
) -> Scopes:
    """`busy`: the stretches of numbers, grades and dates, which end a list of denials. `sex`: the patient's. All in order of the text."""
    reader = _Reader(text, sex)
    inside_cues, inside_mentions, inside_busy = (
        _dealt(pieces, cues),
        _dealt(pieces, mentions),
        _dealt(pieces, [_Span(*b) for b in busy]),
    )
    for number, piece in enumerate(pieces):
        reader.read(number, piece, inside_cues[number], inside_mentions[number], bool(inside_busy[number]))
    return Scopes(tuple(reader.said), tuple(reader.polarities))


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int


Placed = TypeVar("Placed", Cue, Mention, _Span)


def _dealt(pieces: Sequence[Piece], things: Sequence[Placed]) -> list[list[Placed]]:
    """The things of each piece; both are in order of the text."""
    dealt: list[list[Placed]] = []
    place = 0
    for piece in pieces:
        own: list[Placed] = []
        while place < len(things) and things[place].start < piece.end:
            if things[place].start >= piece.start:
                own.append(things[place])
            place += 1
        dealt.append(own)
    return dealt


def _denial_in(text: str, mention: Mention) -> Cue | None:
    """The denial that a name begins with: "does not smoke" goes on in "or drink"."""
    found = find_cues(text[mention.start : min(mention.end, mention.start + 60)])
    first = next((cue for cue in found if cue.does == "deny" and cue.side == "before"), None)
    return None if first is None else Cue(mention.start, mention.start + first.end, "deny", "before")


def _in_turn(item: Cue | Mention) -> tuple[int, int]:
    """From left to right; of a name and a cue in one place the cue comes first, but for a heading."""
    return item.start, 1 if isinstance(item, Mention) else 2 if item.side == "heading" else 0


class _Reader:
    """Goes over the pieces in order and holds what is open: the cues in force, who is spoken of, what was named last."""

    def __init__(self, text: str, sex: Sex | None) -> None:
        self.text, self._sex = text, sex
        self._own_words = _FIRST_PERSON.search(text, 0, 4000) is not None
        self._kin: Sex | None = None
        self._kin_who: Who = "family"
        self._of_kin: Literal["no", "yes", "perhaps"] = "no"
        self.said: list[Said] = []
        self.polarities: list[Polarity] = []
        self._open: dict[str, Cue] = {}
        self._who: Who = "patient"
        self._closed = False
        self._heading: str | None = None
        self._stack: list[tuple[dict[str, Cue], bool]] = []
        self._group: list[Said] = []
        self._group_statement = 0
        self._bare_before = False
        self._asked: list[Said] = []
        self._last: Piece | None = None
        self._sentence_of: dict[int, int] = {}
        self._named_denial: Cue | None = None
        self._described: Who | None = None

    def read(self, number: int, piece: Piece, cues: list[Cue], mentions: list[Mention], busy: bool) -> None:
        self._turn(piece)
        if self._described is not None and self._last is not None and self._last.statement == piece.statement:
            self._who = self._described
        self._described = None
        last = mentions[-1].end if mentions else piece.end
        breaks = any(cue.does in _BREAKS and not (cue.does == "patient" and cue.start >= last) for cue in cues)
        bare = not busy and not any(mention.denies for mention in mentions) and not breaks
        self._carry(piece, bare, cues)
        extends = self._joins(piece, bare)
        before = len(self.said)
        self._sentence_of[number] = piece.sentence
        doubt = self._read_items(number, piece, cues, mentions, extends)
        own = self.said[before:]
        self._settle_verbs(piece, own)
        if not mentions:
            self._refer_back(number, piece, cues)
        if own:
            self._group_statement = piece.statement
        self._note_polarity(piece, own, doubt, cues)
        self._bare_before = bare and bool(mentions)
        self._ask(piece, own)
        self._last = piece

    def _ask(self, piece: Piece, own: list[Said]) -> None:
        """ "Any asthma? Yes." A question says nothing of what it names; the answer may."""
        if _IS_ASKED.match(self.text, piece.end - 1):
            first = self._last is None or self._last.sentence != piece.sentence or bool(_ASKS.match(self.text, piece.start))
            self._asked = [one for one in own if first and one.certain and not one.denied] or self._asked
            for one in self._asked:
                one.certain = False
        elif self._asked:
            for one in self._asked:
                one.certain = one.denied or _SAYS_YES.match(self.text, piece.start) is not None
            self._asked = []

    def _turn(self, piece: Piece) -> None:
        """A new sentence or statement begins anew; a bracket goes in and out."""
        last = self._last
        if last is None or piece.sentence != last.sentence:
            listed = self._heading if self.text[piece.start] in _BULLETS else None
            self._open, self._who, self._closed, self._heading, self._stack = {}, "patient", False, listed, []
            if listed == "family":
                self._who = "family"
            self._of_kin = self._spoken_of(piece)
            if self._of_kin == "yes":
                self._who = self._kin_who
            elif self._is_of_anybody(piece):
                self._who = "other"
        elif piece.statement != last.statement:
            self._open, self._closed = {}, False
            if self._heading != "family":
                self._who = "patient"
            self._stack = []
        if last is not None and piece.sentence == last.sentence:
            for _ in range(piece.depth - max(last.depth, len(self._stack))):
                self._stack.append((dict(self._open), self._closed))
            while len(self._stack) > piece.depth:
                self._open, self._closed = self._stack.pop()

    def _is_of_anybody(self, piece: Piece) -> bool:
        """Whether a sentence speaks of people in general before it speaks of the patient, if it does at all."""
        general = _OF_ANYBODY.match(self.text, piece.start)
        return general is not None and _TOLD_SELF.search(self.text, piece.start, general.end()) is None

    def _carry(self, piece: Piece, bare: bool, cues: list[Cue]) -> None:
        """Whether the cues in force reach over into this piece."""
        opener = piece.opener
        if opener in (",", "("):
            keep = bare and not self._closed
        elif opener in ("and", "or"):
            keep = bare or (opener == "or" and not any(cue.does in ("assert", "patient", *_DENYING) for cue in cues))
            self._closed = True
        elif opener == ":":
            keep = bool(self._last and not self._group_of(len(self.polarities) - 1))
            self._closed = False
        else:
            keep = True
        if opener:
            self._open.pop("over", None)
        if not keep:
            self._open = {}
        elif bare and self._named_denial is not None and (opener == "or" or (opener == "," and self._goes_on())):
            self._open = {"deny": self._named_denial}
        elif opener == "(" and self._open.keys() & _DENYING:
            self._open["double"] = Cue(piece.start, piece.start, "uncertain", "before")
        self._named_denial = None
        headed = {"plan": "uncertain", "ongoing": "ongoing", "allergy": "allergen"}.get(self._heading or "")
        if headed:
            self._open[headed] = Cue(piece.start, piece.start, headed, "before")

    def _goes_on(self) -> bool:
        """Whether a name that holds its own denial leaves it open for a list: "never had cancer, gout or stroke", not "never smoked"."""
        cue = self._named_denial
        return cue is not None and _HAVING.search(self.text, cue.start, cue.end + 6) is not None

    def _spoken_of(self, piece: Piece) -> Literal["no", "yes", "perhaps"]:
        """Whether a sentence goes on about a relative: "Mother had gout. She was 45." Of a patient of that sex it stays open."""
        pronoun = _HE_OR_SHE.match(self.text, piece.start)
        if self._kin is None or pronoun is None:
            self._kin = None
            return "no"
        female = pronoun["word"].lower() in ("she", "her")
        if (self._kin == "female") != female:
            self._kin = None
            return "no"
        if self._own_words or (self._sex is not None and self._sex != self._kin):
            return "yes"
        now = _NOW.match(self.text, pronoun.end("word")) is not None and pronoun["word"].lower() in ("he", "she")
        return "no" if now and self._sex is not None else "perhaps"

    def _group_of(self, number: int) -> list[Said]:
        return [one for one in self._group if one.piece == number]

    def _joins(self, piece: Piece, bare: bool) -> bool:
        """Whether this piece goes on with the list of the piece before."""
        last = self._last
        if last is None or self._group_statement != piece.statement:
            return False
        return piece.opener in ("and", "or") or (piece.opener == "," and bare and self._bare_before)

    def _read_items(self, number: int, piece: Piece, cues: list[Cue], mentions: list[Mention], extends: bool) -> bool:
        """Goes through cues and mentions from left to right. Whether the piece as a whole is in doubt."""
        items: list[Cue | Mention] = sorted([*cues, *mentions], key=_in_turn)
        own: list[Said] = []
        joined = not extends
        last = max((item.start for item in items if isinstance(item, Mention)), default=-1)
        for place, item in enumerate(items):
            if isinstance(item, Mention):
                said = self._say(number, piece, item, own)
                own.append(said)
                self.said.append(said)
                if not joined or len(own) > 1:
                    self._group.append(said)
                else:
                    self._group = [said]
                joined = True if len(own) > 1 else joined
                if len(own) == 1 and not extends:
                    self._group = [said]
            else:
                self._obey(item, piece, own, item.end <= last, items, place)
        return bool(self._open.keys() & {"uncertain", "sought"})

    def _say(self, number: int, piece: Piece, mention: Mention, own: list[Said]) -> Said:
        """A concept as the cues in force leave it."""
        force = self._open
        said = Said(mention, number, piece.start, piece.end, who=self._who)
        denying = next((force[does] for does in ("deny-other", "deny-now", "deny-part", "deny") if does in force), None)
        if denying is not None:
            if self._presupposed(piece, mention, own, denying):
                force["presupposed"] = denying
            said.denied = True
            said.other = "deny-other" in force
            said.part = "deny-part" in force
            said.ongoing = True if "deny-now" in force else None
            said.start = min(piece.start, denying.start)
            said.cue_end = denying.end
        if force.keys() & {"presupposed", "uncertain", "declined", "double"} or ("needed" in force and _comes(said)):
            said.certain = False
            said.denied = said.denied or "declined" in force
        if self._of_kin == "perhaps" and said.who == "patient":
            said.certain = False
        said.positive = "positive" in force
        said.sought = "sought" in force
        allergen = force.get("allergen")
        if allergen is not None and (said.denied if mention.start < allergen.end else bool(said.kinds & {"drug", "procedure"})):
            said.certain = False
        if "past" in force and self._means_others(force["past"], said):
            said.denied = said.other = True
            said.start, said.cue_end = min(piece.start, force["past"].start), force["past"].end
        elif "past" in force or "over" in force:
            said.ongoing = False
            force.pop("over", None)
        elif "ongoing" in force and not said.denied and said.kinds & {"drug", "therapy", "lifestyle"}:
            said.ongoing = True
        if mention.denies:
            said.certain = said.certain and not said.denied
            said.denied = True
            self._named_denial = _denial_in(self.text, mention)
        return said

    def _means_others(self, cue: Cue, said: Said) -> bool:
        """Whether "no further cancer" speaks of others than the one named before: one of the class is named, not the class."""
        if "further" not in self.text[cue.start : cue.end].lower():
            return False
        earlier = {one for before in self.said[-12:] if before.who == said.who for one in before.mention.concepts}
        classes = said.mention.concepts
        return any(one != wide and is_a(one, wide) for one in earlier for wide in classes) and not earlier & set(classes)

    def _presupposed(self, piece: Piece, mention: Mention, own: list[Said], denying: Cue) -> bool:
        """Whether another thing is the head of what is denied: "no surgery for prostate cancer", "no necrosis on MRI"."""
        if own:
            return _AFTER_HEAD.search(self.text, own[-1].mention.end, mention.start) is not None
        between = self.text[max(denying.end, piece.start) : mention.start]
        return _AFTER_HEAD.search(_TRANSPARENT.sub(" ", between)) is not None

    def _obey(self, cue: Cue, piece: Piece, own: list[Said], later: bool, items: list[Cue | Mention], place: int) -> None:
        """What one cue does to what is named before or after it."""
        if cue.side == "heading" or (cue.does == "ongoing" and cue.side == "before"):
            if self.text[cue.end : cue.end + 1] == ":":
                self._heading = cue.does
                for one in own:
                    one.tested = True
            if cue.side == "heading":
                return
        if cue.side == "alone":
            said_out = _SAID_OUT.match(self.text, piece.end) is not None
            if (
                said_out
                and not own
                and not later
                and not self._headed(piece)
                and _LONE.fullmatch(self.text[piece.start : cue.start] + self.text[cue.end : piece.end])
            ):
                self._deny_back(cue, own, piece)
            return
        if cue.does in ("relation", "person"):
            self._relate(cue, own, items, place, piece)
            return
        if cue.does == "uncertain" and not later and _OF_DETAIL.match(self.text, cue.end):
            return
        forward = cue.side == "before" or (cue.side in ("either", "onward") and not own and later)
        forward = forward or (cue.side == "onward" and later and self._follows(cue, items, place))
        forward = forward and not (_UNDETECTABLE.match(self.text, cue.start) and _UNDER.match(self.text, cue.end))
        if cue.does == "not-given" and not own and later and self._follows(cue, items, place):
            self._open_cue(Cue(cue.start, cue.end, "deny", "before"), piece, own)
            return
        if cue.does == "past" and not later:
            self._end_back(own, piece)
        if forward:
            self._open_cue(cue, piece, own)
        elif own or (self._near(cue, piece) and not (cue.does == "ongoing" and later)):
            self._close_cue(cue, own, piece)
        if cue.does == "positive" and not own and self._last and self._last.sentence == piece.sentence:
            for one in self._group if _TURNED.fullmatch(self.text, piece.start, piece.end) else ():
                one.certain = one.certain and not one.denied

    def _headed(self, piece: Piece) -> bool:
        """Whether a "none" answers a heading of its own sentence that names nothing: "No gout. Family history: none."""
        said = self._group[-1:]
        begun = self._last is not None and self._last.sentence == piece.sentence
        return begun and bool(said) and self._sentence_of.get(said[0].piece) != piece.sentence

    def _end_back(self, own: list[Said], piece: Piece) -> None:
        """ "No relapse since": the illness that its statement named last, whatever was done about it in between, did not come back."""
        earlier = [one for one in self.said[-12:] if one not in own and self._sentence_of.get(one.piece) == piece.sentence]
        ill = [one for one in (*earlier, *own) if not one.kinds & TREATMENT and not one.denied]
        for one in ill[-1:]:
            one.ongoing = False
            one.traits.add("inactive")

    def _follows(self, cue: Cue, items: list[Cue | Mention], place: int) -> bool:
        """Whether a name comes right after the cue: "ruled out pneumonia"."""
        following = next((item for item in items[place + 1 : place + 41] if isinstance(item, Mention)), None)
        return following is not None and set(tokens_of(self.text[cue.end : following.start])) <= {"a", "an", "the", "any", "on"}

    def _near(self, cue: Cue, piece: Piece) -> bool:
        """Whether what was named last is near enough for a cue to speak of it: in its statement, or the cue is all of this one."""
        if not self._group or self._last is None or self._last.sentence != piece.sentence:
            return False
        whole = cue.end - cue.start >= piece.end - piece.start
        return self._group_statement == piece.statement or (whole and not self._headed(piece))

    def _open_cue(self, cue: Cue, piece: Piece, own: list[Said]) -> None:
        does = cue.does
        if does in ("stop", "except"):
            if does == "except":
                for one in self._group:
                    one.other = one.other or (one.denied and one.cue_end == self._group[-1].cue_end)
            spared = does == "except" and any(
                is_a(concept, "allergy") for one in self._group for concept in one.mention.concepts
            )
            self._open, self._closed = ({"allergen": cue} if spared else {}), False
        elif does == "family":
            self._who = "family"
            if self.text[cue.end : cue.end + 1] == ":":
                self._heading = "family"
        elif does == "patient":
            pronoun = _HE_OR_SHE.match(self.text, cue.start) is not None
            if self._heading != "family" and not own and not (pronoun and self._of_kin == "yes"):
                self._who = "patient"
        elif does in _DENYING or does == "pseudo":
            if does in _DENYING and any(other in self._open for other in _DENYING) and not own and piece.opener == "":
                self._open["double"] = cue
            for other in (*_DENYING, "pseudo", "presupposed"):
                self._open.pop(other, None)
            self._open[does] = cue
            self._closed = False
        elif does == "history":
            self._open.pop("ongoing", None)
        elif does in ("uncertain", "sought", "declined", "needed", "over", "ongoing", "positive", "allergen"):
            self._open[does] = cue
            if does == "allergen" and own and own[-1].denied and own[-1].mention.end > cue.start:
                own[-1].certain = False
            if does in ("uncertain", "sought", "declined"):
                self._closed = False

    def _close_cue(self, cue: Cue, own: list[Said], piece: Piece) -> None:
        """A cue that stands after what it speaks of."""
        does = cue.does
        if does == "verb":
            if own and own[-1].denied:
                self._open = {}
            return
        if does in ("test", "context", "undone"):
            if own and not self.text[own[-1].mention.end : cue.start].strip(" -‐‑"):
                own[-1].tested = own[-1].tested or does == "test"
                other = does == "context" and not any(is_a(concept, "vaccine") for concept in own[-1].mention.concepts)
                own[-1].certain = own[-1].certain and not other and not self._is_undone(own[-1], does)
            return
        if does == "deny":
            self._deny_back(cue, own, piece)
        elif does == "not-given":
            for one in self._meant(own, lambda one: bool(one.kinds & TREATMENT)):
                one.denied, one.certain, one.end, one.considered = True, True, max(one.end, piece.end), True
        elif does in ("uncertain", "declined", "needed"):
            for one in self._meant(own, lambda one: does != "needed" or _comes(one)):
                one.certain, one.end = False, max(one.end, cue.end)
                one.denied = one.denied or does == "declined"
        elif does == "over":
            for one in self._meant(own):
                one.ongoing = False if not one.denied else one.ongoing
        elif does == "ongoing":
            if not own and _NOW_TELLS.match(self.text, cue.start, piece.end):
                return
            for one in self._meant(own):
                if one.ongoing is None and not one.denied and one.kinds & {"drug", "therapy", "lifestyle"}:
                    one.ongoing = True
        elif does == "positive":
            for one in list(self._meant(own)):
                if one.denied and one not in own and _SOURCE.search(self.text, piece.start, cue.start):
                    self._say_again(one, piece, denied=False)
                else:
                    one.positive, one.end = True, max(one.end, cue.end)

    def _say_again(self, one: Said, piece: Piece, *, denied: bool) -> None:
        """What another source says of the same thing: "laboratory report negative, referral form positive"."""
        number = len(self.polarities)
        again = replace(one, piece=number, start=piece.start, end=piece.end, denied=denied, positive=not denied, tested=False)
        self.said.append(replace(again, certain=True, cue_end=-1, traits=set()))

    def _is_undone(self, one: Said, does: str) -> bool:
        """ "No HIV test on file" denies the test, not the infection; "no positive HIV test" denies both."""
        return does == "undone" and one.denied and one.cue_end >= 0 and not one.positive

    def _deny_back(self, cue: Cue, own: list[Said], piece: Piece) -> None:
        if not own and not self._plain(piece.start, cue.start):
            return
        for one in list(self._meant(own)):
            if one.positive and one not in own and _SOURCE.search(self.text, piece.start, cue.start):
                self._say_again(one, piece, denied=True)
                continue
            if cue.side == "either" and not self._can_be_negative(one, cue):
                one.certain = one.certain and (one.denied or one not in own or one.kinds <= TREATMENT)
                continue
            if (one.denied and one.cue_end >= 0) or (
                one.sought and not self._plain(max(piece.start, one.mention.end), cue.start)
            ):
                one.certain = False
            dated = _TEST_DAY.fullmatch(_SOURCE.sub("", self.text[one.mention.end : cue.start][:80])) is not None
            if (
                not own
                and one.kinds & {"condition"}
                and not dated
                and _PAST_STATE.search(self.text, one.mention.end, cue.start)
            ):
                one.ongoing = False
                continue
            one.denied, one.positive, one.tested = True, False, False
            one.end = max(one.end, cue.end)

    def _can_be_negative(self, one: Said, cue: Cue) -> bool:
        """Whether a result can deny it: no examination, no drug that stands farther off, no illness that is "undetectable"."""
        if _UNDETECTABLE.match(self.text, cue.start) and one.kinds & {"condition", *TREATMENT}:
            return False
        beside = not self.text[one.mention.end : cue.start].strip(" :-")
        return not one.kinds <= TREATMENT or (beside and "procedure" not in one.kinds)

    def _plain(self, start: int, end: int) -> bool:
        """Whether a stretch names nothing else that a result behind it could be of: "tested for gout, which was negative"."""
        plain = frozenset().union(*(words_that(does) for does in ("auxiliary", "patient", "assert", "test", "both")))
        return set(tokens_of(_SOURCE.sub(" ", self.text[start:end]))) <= plain

    def _meant(self, own: list[Said], only: Callable[[Said], bool] = lambda _: True) -> Iterator[Said]:
        """What a cue behind it speaks of: what its piece names, with the list that leads to it, or else what was named last."""
        group = self._group
        if own:
            joined = len(group) < 60 and (self._closed or all(one.kinds & _TESTED for one in group))
            if joined and any(one.tested or one.mention.denies for one in own):
                joined = not any(one.kinds <= _UNTESTED for one in group if one not in own)
            members = [one for one in group if not one.denied and not one.positive and one not in own] if joined else []
            members = [one for one in members if not _VALUED.match(self.text, one.mention.end)]
            return (one for one in (*members, *own) if only(one) and not (one.positive and one in own and len(own) > 1))
        return (one for one in group if only(one))

    def _relate(self, cue: Cue, own: list[Said], items: list[Cue | Mention], place: int, piece: Piece) -> None:
        """A relative: whose illness it is, unless the relative only tells or accompanies."""
        if is_own_role(self.text, cue.start):
            return
        who: Who = "family" if cue.does == "relation" else "other"
        led = _DETERMINED.search(self.text, max(piece.start, cue.start - 16), cue.start)
        tested = own and _OF_WHOM.fullmatch(self.text, own[-1].mention.start, cue.start)
        if own and (led or tested or _HAD.match(self.text, cue.end)):
            for one in own:
                one.who = who
            return
        if piece.opener == "(" and self._group and not any(isinstance(item, Mention) for item in items):
            beside = tokens_of(self.text[piece.start : cue.start]) + tokens_of(self.text[cue.end : piece.end])
            if set(beside) <= _KIN_WORDS and not self._group[-1].denied:
                self._group[-1].who = who
            return
        before = items[place - 1] if place else None
        named = set(tokens_of(self.text[cue.start : cue.end]))
        self._kin = "female" if named & words_that("kin-female") else "male" if named & words_that("kin-male") else None
        self._kin_who = who
        bystands = isinstance(before, Cue) and before.side == "before" and before.does == "bystander"
        if bystands and before is not None and before.end + 2 >= cue.start:
            if _WHO_HAS.match(self.text, cue.end):
                self._described = who
            return
        following = items[place + 1 : place + 4]
        if cue.does == "person" and not _PERSON_HAS.match(self.text, cue.end):
            return
        if any(isinstance(other, Cue) and other.does == "narrator" and other.start - cue.end <= 2 for other in following):
            return
        self._who = who

    def _settle_verbs(self, piece: Piece, own: list[Said]) -> None:
        """ "No metastasis was biopsied" does not deny a metastasis; "no metastasis was seen" does."""
        for one in own:
            match = _VERBED.match(self.text, one.mention.end, piece.end)
            if one.denied and one.cue_end >= 0 and match and match["verb"].lower() not in words_that("exists"):
                one.certain = False

    def _refer_back(self, number: int, piece: Piece, cues: list[Cue]) -> None:
        """ "He never did", "I never had it": denies what was named last, of whoever is spoken of now."""
        denial = next((cue for cue in cues if cue.does == "deny" and cue.side == "before"), None)
        if denial is None or not self._group or not _SAID_OUT.match(self.text, piece.end):
            return
        rest = tokens_of(self.text[piece.start : denial.start]) + tokens_of(self.text[denial.end : piece.end])
        rest = [word for word in rest if word not in ("but", "and")]
        if piece.opener == "and" and "it" not in rest:
            return
        subject = any(cue.does in ("patient", "relation") for cue in cues) or denial.end - denial.start > 5 or bool(rest)
        if len(rest) > 8 or not subject or not set(rest) <= words_that("auxiliary") | words_that("patient"):
            return
        treated = bool({"taken", "needed", "given", "received", "tried"} & set(rest))
        for one in self._group[:12]:
            if treated and not one.kinds & TREATMENT:
                continue
            if one.who == self._who and one.kinds <= TREATMENT:
                one.certain = False
            self.said.append(
                replace(
                    one,
                    piece=number,
                    start=piece.start,
                    end=piece.end,
                    denied=True,
                    certain=True,
                    who=self._who,
                    ongoing=None,
                    traits=set(),
                )
            )
        self._open = {}

    def _note_polarity(self, piece: Piece, own: list[Said], doubt: bool, cues: list[Cue]) -> None:
        behind = {cue.does for cue in cues if cue.side in ("after", "either") and not own and cue.start > piece.start}
        forward = any(does in self._open for does in ("deny", "deny-other", "deny-now"))
        denied = forward or (bool(own) and all(one.denied for one in own)) or bool(behind & {"deny", "not-given", "declined"})
        certain = not doubt and all(one.sure for one in own) and not behind & {"uncertain", "declined"}
        self.polarities.append(Polarity(denied, own[0].who if own else self._who, certain))
