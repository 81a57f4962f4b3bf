"""Makes findings of the concepts a note names: hangs traits, grades, dates, counts, sizes and doses on the right one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise, zip_longest

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.courses import course_days, together
from assistant.eligibility.notes.cues import Cue
from assistant.eligibility.notes.pieces import Piece
from assistant.eligibility.notes.scope import TREATMENT, Said
from assistant.eligibility.numbers.doses import how_often
from assistant.eligibility.numbers.measures import GradeMention, GradingMention
from assistant.eligibility.patient import Days, Finding, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.dates import TimeMention, day_of, days_on
from assistant.eligibility.vocabulary.concepts import is_a, name_of
from assistant.eligibility.vocabulary.traits import TraitMention, all_traits, opposed
from index.words import stems

_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a single": 1, "single": 1, "solitary": 1, "dozens of": 24, "hundreds of": 200}
_NUMBER = r"(?P<number>\d{1,3}|" + "|".join(_NUMBERS) + ")"
_CYCLES = re.compile(
    rf"\b{_NUMBER}\s+(?:(?!of\b)\w+\s+)?(?:cycles?|courses?|doses?|lines?|rounds?|sessions?|infusions?|injections?|fractions?)\b(?:\s+of)?",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"\b{_NUMBER}(?:\s+[a-z-]+){{0,2}}\s+$", re.IGNORECASE)
_CYCLES_AFTER = re.compile(
    r"[\s,(]*(?:x\s?|×\s?)?(?P<number>\d{1,3})\s+(?:cycles?|courses?|doses?|rounds?)\b"
    r"|(?:\s(?:q\d?w|weekly|\d[\d.]*\s?mg(?:/m2|/m²|/kg)?)){0,3}\s?[x×]\s?(?P<times>\d{1,2})(?![\d./]|\s?(?:mg|g|day|d|week|w|month|a|per|10)\b)",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?<![\w.])(?P<low>\d{1,3}(?:\.\d+)?)(?:\s?[x×]\s?\d{1,3}(?:\.\d+)?){0,2}\s?(?P<unit>mm|cm)\b", re.IGNORECASE
)
_SIZED = re.compile(r"\b(?:it|this|that|which)\b[^.;]{0,40}$|\bmeasur(?:ed|es|ing)\b[^.;]{0,30}$", re.IGNORECASE)
"""Before the size of what was named last: "The doctor measured it at 6 cm"."""
_DOSE_BEFORE = re.compile(
    r"(?P<dose>\d[\d,.]*\s?(?:mg|g|µg|μg|mcg|ug|IU|units?|Gy|mL|ml))\s+(?:of\s+)?(?:\w+\s+)?$", re.IGNORECASE
)
_STARTS_ANEW = re.compile(r"\s*(?:of|for)\b", re.IGNORECASE)
_DOSE = re.compile(
    r"[\s,(]*(?P<dose>\d[\d,.]*\s?(?:mg|g|µg|μg|mcg|ug|IU|units?|Gy|MBq|mL|ml)(?:/(?:m2|m²|kg|day|d|week|minute|min|hour|hr|h))*)(?![\w/](?!\d{2}\s?(?:#|f\b|fx\b|fractions?\b)))",
    re.IGNORECASE,
)
_LESION = re.compile(
    r"lesion|metasta|mass|lump|growth|spots?\b|node|nodul|tumou?r|aneurysm|cyst|polyp|carcinoma|cancer|melanoma|sarcoma|lymphoma|fibroma|glioma|stone|adenoma",
    re.IGNORECASE,
)
_LAST_ONE = re.compile(r"\b(?:last|latest|most recent|only)\s+(?:\w+\s+)?$", re.IGNORECASE)
_TOOK = re.compile(
    r"(?<!has )(?<!have )(?<!had )\b(?:took|was on|were on|used|received|got|was given|were given|underwent|was treated|"
    r"used to|lasted|smoked|treated with)\b",
    re.IGNORECASE,
)
_SAME_DOSE = re.compile(
    r"\b(?:unchanged|same dos(?:e|age)|(?:stable|constant|fixed|steady) dos(?:e|age)|dos(?:e|age) (?:unchanged|stable))\b",
    re.IGNORECASE,
)
_CHANGED_DOSE = re.compile(
    r"[^.;\n]{0,40}\b(?:taper|wean|reduc|titrat|decreas|increas|(?:down|up)\s+from|then\s+\d)", re.IGNORECASE
)
"""Said behind a dose that is not the only one: "5 mg, tapered from 40 mg"."""
_WITH = re.compile(
    r"[\s-]*(?:\b(?:with|under|plus|and|via|by|using|during|in)\b|/|-|\+)?\s*(?:(?:a|an|the|her|his|my)\s+)?(?:(?:general|concurrent|concomitant)\s+)?",
    re.IGNORECASE,
)
"""Between two treatments that one date behind them is of: "appendectomy under general anesthesia on …"."""
_JOINED = re.compile(
    r"(?:[^.;,()+/&]|[./](?=\d)){0,40}[+/&](?:\s*(?:weekly|wkly|q\d?w|concurrent|concomitant|daily))?\s*", re.IGNORECASE
)
"""Between two treatments that are given as one: "IMRT 70 Gy + weekly cisplatin"."""
_AFTER_ASIDE = re.compile(r"[\s),]*(?:(?:was|were|is|done|performed|taken|given|made|just|on|in|at)\s+){0,3}", re.IGNORECASE)
"""Between a bracket and the time of what stands before it."""
_LAST = re.compile(r"\blast:?\s+(?:on\s+|in\s+)?$", re.IGNORECASE)
_ANAPHOR = re.compile(
    r"\s*(?:it|this|that|these|they|both|all|which|who|has|have|is|are|was|were|now|fully|well|in|since|and|but|still)\b",
    re.IGNORECASE,
)
_ILL = frozenset({"condition", "symptom"})
_TREATMENT_TRAITS = frozenset(
    "adjuvant neoadjuvant palliative curative concurrent sequential induction consolidation maintenance".split()
)
_NO_TRAIT = frozenset(
    "positive negative detectable undetectable normal abnormal confirmed suspected single multiple left right".split()
)
"""Said by the finding itself, or of a test rather than of an illness."""
_OF_DISEASE = frozenset(
    "resolved unresolved inactive quiescent controlled well-controlled uncontrolled cured metastatic de-novo localized locally-advanced "
    "advanced recurrent relapsed active symptomatic asymptomatic resectable unresectable high-grade low-grade "
    "keratinizing non-keratinizing "
    "differentiated undifferentiated benign malignant newly-diagnosed acute chronic severe mild moderate elevated reduced".split()
)
"""Said of illnesses, never of what is done about them."""
_STATES = frozenset(
    "controlled well-controlled uncontrolled stable unstable active inactive quiescent symptomatic asymptomatic".split()
)
"""How an illness is for a time: "well controlled until December"."""
_EXAMINATIONS = tuple(
    "imaging biopsy endoscopy diagnostic-procedure mri ct-scan pet-scan x-ray ultrasound echocardiography electrocardiogram".split()
)
_OVER = frozenset("resolved cured inactive".split())


@dataclass(slots=True)
class _Draft:
    """A finding in the making."""

    said: Said
    start: int
    end: int
    traits: set[str] = field(default_factory=set)
    grade: Range | None = None
    started: Days | None = None
    ended: Days | None = None
    ongoing: bool | None = None
    count: Range | None = None
    size_mm: Range | None = None
    dose: str | None = None
    last: bool = False
    """Said to be the last of its kind: none since."""

    @property
    def treatment(self) -> bool:
        """A drug, a therapy or a procedure."""
        return bool(self.said.kinds & TREATMENT)

    @property
    def given(self) -> bool:
        """A treatment that is no examination."""
        return self.treatment and not any(
            is_a(concept, study) for concept in self.said.mention.concepts for study in _EXAMINATIONS
        )


Fits = Callable[[_Draft], bool]


def findings(
    text: str,
    pieces: Sequence[Piece],
    said: Sequence[Said],
    cues: Sequence[Cue],
    traits: Sequence[TraitMention],
    grades: Sequence[GradeMention],
    times: Sequence[TimeMention],
    noted: date,
    denied: Sequence[bool],
    classes: Sequence[GradingMention],
) -> tuple[Finding, ...]:
    """The findings of a note. `denied`: of each piece. `times`: those that date a concept, not a measurement or the note itself.

    `classes`: gradings, which a date behind them is of.
    """
    today = Days(noted, noted)
    drafts = [
        _Draft(one, one.start, one.end, set(one.traits), started=today if one.today else None, ongoing=one.ongoing)
        for one in said
    ]
    places = _Places(pieces, drafts)
    for trait in traits:
        if trait.trait not in _NO_TRAIT and _as_spelled(text, trait):
            _hang_trait(text, places, trait, denied)
    for grade in grades:
        _hang_grade(text, places, grade)
    _hang_numbers(text, places)
    _Dating(text, places, cues, noted, [one.start for one in classes]).hang(times)
    _hang_courses(text, drafts, times, noted)
    return tuple(finding for draft in drafts for finding in _findings_of(text, draft))


def _hang_courses(text: str, drafts: Sequence[_Draft], times: Sequence[TimeMention], noted: date) -> None:
    """Drugs given together share their days and cycles; the days of named or listed cycles are those of the whole course."""
    given = sorted(
        (one for one in drafts if not one.said.denied and _is_anticancer(one)), key=lambda one: one.said.mention.start
    )
    starts = [time.start for time in times]
    runs: list[list[_Draft]] = []
    for one in given:
        last = runs[-1][-1].said.mention.end if runs else -1
        dated = bisect_left(starts, last) < bisect_left(starts, one.said.mention.start)
        if runs and not dated and (one.said.mention.start <= last or together(text, last, one.said.mention.start)):
            runs[-1].append(one)
        else:
            runs.append([one])
    for run, following in zip_longest(runs, runs[1:]):
        end = max(one.said.mention.end for one in run)
        stop = _COURSE_ENDS.search(text, end, end + _COURSE_REACH)
        reach = min(stop.start() if stop else end + _COURSE_REACH, following[0].said.mention.start if following else len(text))
        own = times[bisect_left(starts, end) : bisect_left(starts, reach)]
        days = course_days(text, end, reach, own, noted) if own and len(own) < _MOST_CYCLES else None
        if days is not None:
            for one in run:
                one.started, one.ended = days.first or (None if days.last else one.started), days.last or one.ended
                one.count = one.count or (exactly(days.cycles) if days.cycles else None)
                _reach(one, one.start, own[-1].end)
        _share(run)


def _share(run: Sequence[_Draft]) -> None:
    """Gives what is dated or counted for one of the drugs given together to those of which nothing of the kind is said."""
    dated = {(one.started, one.ended, one.ongoing) for one in run if one.started or one.ended}
    counted = {one.count for one in run if one.count is not None}
    for one in run:
        if len(dated) == 1 and not (one.started or one.ended):
            one.started, one.ended, one.ongoing = next(iter(dated))
        if len(counted) == 1 and one.count is None and all("drug" in other.said.kinds for other in run):
            one.count = next(iter(counted))


def _reach(draft: _Draft, start: int, end: int) -> None:
    """Widens the quote, but never past what a reader would quote."""
    if max(end, draft.end) - min(start, draft.start) <= 300:
        draft.start, draft.end = min(start, draft.start), max(end, draft.end)


class _Places:
    """The drafts by the piece they stand in."""

    def __init__(self, pieces: Sequence[Piece], drafts: Sequence[_Draft]) -> None:
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self.by_piece: dict[int, list[_Draft]] = {}
        for draft in drafts:
            if pieces[draft.said.piece].start <= draft.said.mention.start:
                self.by_piece.setdefault(draft.said.piece, []).append(draft)

    def piece_at(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)

    def of(self, number: int) -> list[_Draft]:
        return self.by_piece.get(number, [])

    def nearest(self, start: int, end: int, fits: Fits) -> _Draft | None:
        """What stands right after a stretch in its piece, else right before it."""
        number = self.piece_at(start)
        own = [one for one in self.of(number) if fits(one)]
        after = [one for one in own if one.said.mention.start >= end]
        before = [one for one in own if one.said.mention.end <= start]
        around = [one for one in own if one.said.mention.start < end and one.said.mention.end > start]
        return around[0] if around else after[0] if after else before[-1] if before else None

    def group_before(self, number: int, fits: Fits, *, reach: int = 8, sentences_back: int = 0) -> list[_Draft]:
        """What the nearest earlier piece names that names something fitting, with the list it belongs to."""
        sentence = self.pieces[number].sentence if self.pieces else 0
        for earlier in range(number - 1, max(-1, number - 1 - reach), -1):
            if sentence - self.pieces[earlier].sentence > sentences_back:
                break
            own = [one for one in self.of(earlier) if fits(one)]
            if own:
                depth = self.pieces[earlier].depth
                while self.pieces[earlier].opener in ("and", "or") and earlier and len(own) < 40:
                    later, earlier = earlier, earlier - 1
                    while earlier and self.pieces[earlier].depth > depth:
                        earlier -= 1
                    if self.pieces[earlier].statement != self.pieces[later].statement:
                        break
                    own = [one for one in self.of(earlier) if fits(one)] + own
                return own
        return []


_ANEW = re.compile(
    r"\b(?:now|currently|today|at present|meanwhile|"
    r"(?:progressed|worsened|increased|rose|improved|decreased|regressed|reduced|resolved|recovered|fell|came down|back|down|up) to)\s+"
    r"(?:(?:at|it is|is|is at|to|a|with)\s+)?$",
    re.IGNORECASE,
)
"""Before a grade that stands for the one given before it."""


def _hang_grade(text: str, places: _Places, grade: GradeMention) -> None:
    """A grade is of the illness beside it, or of the one before its bracket: "pneumonitis (grade 2)"."""

    def ill(one: _Draft) -> bool:
        return not one.treatment

    number = places.piece_at(grade.start)
    near = places.nearest(grade.start, grade.end, ill)
    earlier = [] if near or not places.pieces else places.group_before(number, ill, reach=2)[-1:]
    for one in [near] if near else earlier:
        anew = one.grade is not None and _ANEW.search(text, max(0, grade.start - 30), grade.start)
        if one.grade is None or anew:
            one.grade = grade.range
            _reach(one, grade.start, grade.end)


def _as_spelled(text: str, trait: TraitMention) -> bool:
    """Whether a single word is the trait's own: "Graves" is no plural of "grave", and who presents is not present."""
    word = text[trait.start : trait.end]
    return not word.isalpha() or not {word.lower(), f"={word}"}.isdisjoint(all_traits()[trait.trait].names)


def _hang_trait(text: str, places: _Places, trait: TraitMention, denied: Sequence[bool]) -> None:
    """A trait describes what follows it in its piece, else what precedes it, else what was named last."""
    number = places.piece_at(trait.start)
    own = places.of(number)

    def fits(one: _Draft) -> bool:
        return (
            one.given
            if trait.trait in _TREATMENT_TRAITS
            else not one.treatment or (trait.trait not in _OF_DISEASE and one.given)
        )

    opened = _OPENS_DENIED.match(text, places.pieces[number].start, trait.start) if places.pieces else None
    if not own and places.pieces and (denied[number] or opened):
        return
    led = _ON_TREATMENT.match(text, trait.end) is not None
    within = [one for one in own if one.said.mention.start <= trait.start and trait.end <= one.said.mention.end]
    if within:
        whole = within[0].said.mention
        if within[0].said.kinds == {"status"}:
            return
        if whole.denies and (whole.start, whole.end) == (trait.start, trait.end):
            return
        word = text[trait.start : trait.end].lower()
        named = any(word in name_of(one) for one in within[0].said.mention.concepts)
        part = word != all_traits()[trait.trait].name and trait.trait in _OF_DISEASE
        if not part and not ((named or whole.denies or not within[0].said.kinds & _ILL) and within[0].said.denied):
            within[0].traits.add(trait.trait)
        return
    targets: list[_Draft] = []
    after = [one for one in own if one.said.mention.start >= trait.end and fits(one) and not (led and one.treatment)]
    before = [one for one in own if one.said.mention.end <= trait.start and fits(one)]
    if after and not (before and _predicate(text, before[-1].said.mention.end, trait.start)):
        targets = after[:1]
    elif before:
        disease = [one for one in before if not one.treatment]
        targets = (disease or before)[-1:]
        if _plural(text, before[-1].said.mention.end, trait.start) and places.pieces[number].opener in ("and", "or"):
            targets = [*places.group_before(number, lambda one: not one.treatment), *targets]
    elif places.pieces and not [one for one in own if fits(one) and not (led and one.treatment)]:
        diseases = places.group_before(number, lambda one: not one.treatment and not one.said.denied)
        if diseases and not _plural(text, places.pieces[number].start, trait.start):
            diseases = diseases[-1:]
        targets = diseases
        if (
            not targets
            and trait.trait == "stable"
            and _SAME_DOSE.search(text, places.pieces[number].start, places.pieces[number].end)
        ):
            targets = places.group_before(number, lambda one: one.given and not one.said.denied, reach=2)[-1:]
        if not targets and _ANAPHOR.match(text, places.pieces[number].start):
            targets = places.group_before(number, lambda one: not one.treatment and not one.said.denied, sentences_back=1)[-1:]
    for one in targets:
        if one.said.denied and one.said.cue_end >= 0 and trait.start >= one.said.mention.end:
            continue
        one.traits = {known for known in one.traits if not opposed(known, trait.trait)} | {trait.trait}
        if places.pieces[one.said.piece].sentence == places.pieces[number].sentence:
            _reach(one, trait.start, trait.end)
    if targets and targets[0].said.denied and after:
        for later in range(number + 1, min(number + 20, len(places.pieces))):
            linked = places.of(later)
            if not linked or not linked[0].said.denied or linked[0].said.start != targets[0].said.start:
                break
            for one in linked:
                one.traits.add(trait.trait)


_OPENS_DENIED = re.compile(r"(?:no|not|nothing|never|without|denies|denied)\b(?!\s+longer\b)", re.IGNORECASE)
_ON_TREATMENT = re.compile(
    r"\s+(?:on|with|under|by|after|since|to|following|despite|against|before|prior|until|without)\b", re.IGNORECASE
)
_PREDICATE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|been|now|remains?|became|both|all|fully|well|since)\b", re.IGNORECASE
)
_PLURAL = re.compile(r"\b(?:are|were|both|all|each|have)\b", re.IGNORECASE)


def _predicate(text: str, start: int, end: int) -> bool:
    return _PREDICATE.search(text, start, end) is not None


def _plural(text: str, start: int, end: int) -> bool:
    return _PLURAL.search(text, start, end) is not None


def _number(raw: str) -> float:
    return float(raw) if raw.isdigit() else float(_NUMBERS[raw.lower()])


def _hang_numbers(text: str, places: _Places) -> None:
    """Cycles, lesions, sizes and doses."""
    for number, piece in enumerate(places.pieces):
        own = places.of(number)
        cycles = _CYCLES.search(text, piece.start, piece.end)
        treated = [one for one in own if one.treatment and cycles and one.said.mention.start >= cycles.start()]
        if cycles and not own and not _STARTS_ANEW.match(text, piece.start):
            for one in places.group_before(number, lambda one: one.given and not one.said.denied, reach=2)[-1:]:
                one.count = one.count or exactly(_number(cycles["number"]))
                _reach(one, cycles.start(), cycles.end())
        if cycles and "fraction" in cycles[0].lower():
            treated = [one for one in treated if any(is_a(concept, "radiotherapy") for concept in one.said.mention.concepts)]
        if cycles and treated:
            for one in [*treated, *_listed_after(places, number, lambda one: one.treatment)]:
                one.count = exactly(_number(cycles["number"]))
                _reach(one, cycles.start(), cycles.end())
        for one in own:
            mention = one.said.mention
            if one.treatment:
                after = _CYCLES_AFTER.match(text, mention.end, piece.end)
                if after and (after["number"] or _is_anticancer(one)):
                    one.count = exactly(float(after["number"] or after["times"]))
                dose = _DOSE.match(text, mention.end) or _DOSE.search(text, mention.start, mention.end)
                if dose and dose.end() - mention.end < 40:
                    often = how_often(text, dose.end())
                    one.dose = None if _CHANGED_DOSE.match(text, often) else text[dose.start("dose") : often]
                    _reach(one, mention.start, often)
                ahead = _DOSE_BEFORE.search(text, max(piece.start, mention.start - 40), mention.start)
                if ahead and one.dose is None and one.given:
                    one.dose = ahead["dose"]
            elif text[mention.end - 1 : mention.end].lower() in "snie" and (
                _LESION.search(text, mention.start, mention.end) or _is_event(one)
            ):
                before = _COUNT.search(text, max(piece.start, mention.start - 60), mention.start)
                if before and one.count is None:
                    one.count = exactly(_number(before["number"]))
        for size in _SIZE.finditer(text, piece.start, piece.end):
            _hang_size(text, places, number, size)


def _listed_after(places: _Places, number: int, fits: Fits) -> list[_Draft]:
    found: list[_Draft] = []
    for later in range(number + 1, min(number + 12, len(places.pieces))):
        piece = places.pieces[later]
        if piece.opener not in ("and", "or") or piece.statement != places.pieces[number].statement:
            break
        found.extend(one for one in places.of(later) if fits(one))
    return found


def _hang_size(text: str, places: _Places, number: int, size: re.Match[str]) -> None:
    def fits(one: _Draft) -> bool:
        mention = one.said.mention
        return not one.treatment and not one.said.denied and _LESION.search(text, mention.start, mention.end) is not None

    near = places.nearest(size.start(), size.end(), fits)
    drafts = [near] if near else places.group_before(number, fits)[-1:]
    if not drafts and _SIZED.search(text, max(places.pieces[number].start, size.start() - 60), size.start()):
        drafts = places.group_before(number, fits, reach=3, sentences_back=1)[-1:]
    millimetres = float(size["low"]) * (10 if size["unit"].lower() == "cm" else 1)
    for one in drafts:
        if one.size_mm is None or one.size_mm.high < millimetres:
            one.size_mm = exactly(millimetres)
            _reach(one, size.start(), size.end())


class _Dating:
    """Hangs time expressions on findings."""

    def __init__(self, text: str, places: _Places, cues: Sequence[Cue], noted: date, graded: Sequence[int]) -> None:
        self._text, self._places, self._noted, self._graded = text, places, noted, graded
        self._turns: dict[int, list[Cue]] = {}
        for cue in cues:
            if cue.does in ("started", "ended"):
                self._turns.setdefault(places.piece_at(cue.start), []).append(cue)

    def hang(self, times: Iterable[TimeMention]) -> None:
        found = tuple(times)
        for place, time in enumerate(found):
            if not self._places.pieces:
                return
            number = self._places.piece_at(time.start)
            if time.relation == "for" and self._lasted(number, time, found[place + 1 : place + 2]):
                continue
            turn = self._turn_before(number, time)
            for one in self._targets(number, time, turn):
                self._set(one, time, turn)
                _reach(one, min(time.start, turn.start if turn else time.start), time.end)
        self._undated_turns()
        self._resumed()
        self._last_ones()
        self._seen_first()
        self._since_then(found)
        self._since_events()

    def _lasted(self, number: int, time: TimeMention, following: Sequence[TimeMention]) -> bool:
        """Whether a length is of something past: "for three months in 2024", "took it for a year"."""
        piece = self._places.pieces[number]
        dated = any(other.end <= piece.end and other.relation in ("on", "until") for other in following)
        return dated or (_TOOK.search(self._text, piece.start, time.start) is not None)

    def _turn_before(self, number: int, time: TimeMention) -> Cue | None:
        earlier = [cue for cue in self._turns.get(number, ()) if cue.end <= time.start and time.start - cue.end < 60]
        last = _LAST.search(self._text, max(0, time.start - 8), time.start)
        if last and not earlier:
            return Cue(last.start(), last.end(), "ended", "before")
        later = [cue for cue in self._turns.get(number, ()) if cue.start >= time.end and cue.start - time.end <= 3]
        return earlier[-1] if earlier else later[0] if later else None

    def _targets(self, number: int, time: TimeMention, turn: Cue | None) -> list[_Draft]:
        own = self._places.of(number)
        treated = [one for one in own if one.treatment or one.said.kinds & {"lifestyle", "status"}]
        if turn is not None and turn.does == "ended":
            if treated:
                before = [one for one in treated if one.said.mention.end <= time.start]
                return self._joined(before) if before else treated[-1:]
            if not own:
                return self._ended(number)
            return []
        before = [one for one in own if one.said.mention.end <= time.start]
        after = [one for one in own if one.said.mention.start >= time.end]
        aside = self._before_aside(number, time) if time.relation == "on" and not before else []
        if aside:
            return aside
        if after and time.relation == "for" and _OF_NEXT.match(self._text, time.end):
            return [] if after[0].treatment and self._past_history(number, time) else after[:1]
        if before and before[-1].treatment and self._grades(before[-1].said.mention.end, time.start):
            return []
        unseen = self._unseen(before, time)
        if unseen:
            return unseen
        if before and time.relation == "on" and len(before) > 1:
            return self._at_once(number, before, time)
        if before:
            lasting = [one for one in before if one.treatment and one.ongoing] if time.relation in ("since", "for") else []
            return lasting[-1:] or self._with_list(number, before[-1])
        if after and self._places.pieces[number].opener == ")":
            return self._places.group_before(number, lambda one: not one.said.denied, reach=6)[-1:]
        if after:
            if time.relation != "on":
                return after[:1]
            return [*after[:1], *_listed_after(self._places, number, lambda one: one.started is None and not one.said.denied)]
        if own:
            return own[:1]
        if turn is not None:
            return self._places.group_before(
                number, lambda one: one.treatment and not one.said.denied
            ) or self._places.group_before(number, lambda one: not one.said.denied)
        named = self._places.group_before(number, lambda one: not one.said.denied, reach=3)[-1:]
        if time.relation == "until" and named and named[0].said.kinds == {"drug"}:
            return self._taken_with(named[0])
        steady = self._steady(number, time)
        return [one for one in named if not one.treatment or steady or not self._speaks(number, time)]

    def _before_aside(self, number: int, time: TimeMention) -> list[_Draft]:
        """What stands before a bracket that a time follows: "the PET scan (in Utrecht) about five weeks ago"."""
        piece = self._places.pieces[number]
        if piece.opener != ")" or not _AFTER_ASIDE.fullmatch(self._text, piece.start, time.start):
            return []
        for earlier in range(number - 1, max(-1, number - 6), -1):
            other = self._places.pieces[earlier]
            if other.sentence != piece.sentence:
                return []
            if other.depth == piece.depth:
                named = self._places.of(earlier)[-1:]
                return [one for one in named if not one.said.denied and one.started is None]
        return []

    def _unseen(self, before: list[_Draft], time: TimeMention) -> list[_Draft]:
        """What a look of long ago did not show, with the look: "no cirrhosis on the ultrasound of 2015"."""
        if not before or time.relation != "on" or not _is_one_of(before[-1], _EXAMINATIONS):
            return []
        old = time.days.last is not None and (self._noted - time.days.last).days > _OUTDATED
        denied = [one for one in before[:-1] if one.said.denied and one.said.cue_end >= 0]
        return [*denied, before[-1]] if old and denied else []

    def _joined(self, before: list[_Draft]) -> list[_Draft]:
        """What ended together: the last treatment named, and those that a sign joins to it ("IMRT 70 Gy + cisplatin finished")."""
        chain = before[-1:]
        for one in reversed(before[:-1]):
            if not one.treatment or not _JOINED.fullmatch(self._text, one.said.mention.end, chain[0].said.mention.start):
                break
            chain.insert(0, one)
        return chain

    def _past_history(self, number: int, time: TimeMention) -> bool:
        """Whether a length stands under a history: "history remarkable for two years of growth hormone"."""
        return _HISTORY.search(self._text, self._places.pieces[number].start, time.start) is not None

    def _steady(self, number: int, time: TimeMention) -> bool:
        """Whether a piece says since when a dose is the same."""
        return (
            time.relation in ("since", "for")
            and _SAME_DOSE.search(self._text, self._places.pieces[number].start, time.start) is not None
        )

    def _grades(self, start: int, end: int) -> bool:
        """Whether a class stands between, which the date behind it is of: "with a complete response on 2026-04-20"."""
        place = bisect_left(self._graded, start)
        return place < len(self._graded) and self._graded[place] < end

    def _at_once(self, number: int, before: list[_Draft], time: TimeMention) -> list[_Draft]:
        """What one date is of: the last thing named, what was done with, under or during it, and a stay or operation for it."""
        chain = [before[-1]]
        own = _OWN_DAY.search(self._text, before[-1].said.mention.end, time.start) is not None
        for one in reversed(before[:-1]):
            later = chain[0].said.mention.start
            done = one.said.kinds & {"status", "procedure"} and not one.started
            if done and not own and _FOR.fullmatch(self._text, one.said.mention.end, later):
                return [one, *chain]
            if not one.treatment or one.started or not _WITH.fullmatch(self._text, one.said.mention.end, later):
                lasted = one.treatment and _DURING.search(self._text, one.said.mention.end, later)
                return (
                    [one, *chain]
                    if lasted and not one.started
                    else chain
                    if len(chain) > 1
                    else self._with_list(number, before[-1])
                )
            chain.insert(0, one)
        return chain

    def _speaks(self, number: int, time: TimeMention) -> bool:
        """Whether the piece of a time has words of its own: "FOLFOX 2022" dates a regimen that no table knows, not what went before."""
        piece = self._places.pieces[number]
        return bool(stems(self._text[piece.start : time.start] + " " + self._text[time.end : piece.end]))

    def _ended(self, number: int) -> list[_Draft]:
        """What "the last one in 2018" speaks of: the treatments of its sentence, else what it names last, else treatments before it."""

        def treated(one: _Draft) -> bool:
            return (one.treatment or "lifestyle" in one.said.kinds) and not one.said.denied

        return (
            self._places.group_before(number, treated)
            or self._places.group_before(number, lambda one: not one.said.denied)[-1:]
            or self._places.group_before(number, treated, sentences_back=1)
        )

    def _denied_with(self, number: int, one: _Draft) -> list[_Draft]:
        """What the same words deny before it: "no steroids or methotrexate since June" says nothing of either before June."""
        earlier = (
            other
            for piece in range(max(0, number - 12), number)
            for other in self._places.of(piece)
            if other.said.denied and other.said.cue_end == one.said.cue_end and other.started is None
        )
        return list(earlier)

    def _with_list(self, number: int, one: _Draft) -> list[_Draft]:
        """Treatments that one "and" joins, and what one "no" denies, share the date behind them."""
        if one.said.denied and one.said.cue_end >= 0:
            return [*self._denied_with(number, one), one]
        if not one.treatment or self._places.pieces[number].opener != "and" or one is not self._places.of(number)[0]:
            return [one]
        return [*(other for other in self._places.group_before(number, lambda x: x.treatment) if not other.started), one]

    def _taken_with(self, one: _Draft) -> list[_Draft]:
        """A drug, and those that an "and" right before its name joins to it: "took prednisolone and azathioprine until May"."""
        listed = (
            self._with_list(one.said.piece, one) if self._places.pieces[one.said.piece].start == one.said.mention.start else []
        )
        return [*(other for other in listed if other is not one and other.said.kinds == {"drug"}), one]

    def _set(self, one: _Draft, time: TimeMention, turn: Cue | None) -> None:
        if one.said.considered or (time.days.first is None and time.days.last is None):
            return
        if one.said.denied:
            one.ongoing = time.relation == "since" or None
            if time.relation in ("until", "before"):
                one.started, one.ended = None, time.days
            elif one.started is None:
                one.started, one.ended = time.days, time.days if time.relation == "on" else None
            return
        if _is_former(one):
            one.ended, one.ongoing = time.days if time.relation != "for" or one.ended is None else one.ended, False
            return
        if time.relation == "on" and turn is None and _within(time.days, one.started):
            one.ended = time.days if one.ended == one.started else one.ended
            one.started = time.days
            return
        if time.relation in ("since", "for") and one.treatment and self._steady(self._places.piece_at(time.start), time):
            one.traits.add("stable")
            one.ongoing = True if one.ongoing is None else one.ongoing
        if turn is not None and turn.does == "ended":
            one.ended, one.ongoing = time.days, False if _past(time.days, self._noted) else one.ongoing
            one.started = one.started or (time.days if _is_event(one) else None)
        elif time.relation == "until" and one.traits & _STATES and not one.treatment:
            one.traits -= _STATES
        elif time.relation == "until":
            one.ended = time.days
            if _past(time.days, self._noted):
                one.ongoing = False
        elif time.relation in ("since", "for"):
            if one.traits & _OVER:
                one.ended, one.ongoing = time.days, False
            elif one.started is None:
                one.started = time.days
                if _is_event(one):
                    one.started = one.ended = Days(time.days.first, self._noted)
                elif one.ongoing is None:
                    one.ongoing = True
        elif one.said.ends:
            one.ended = one.ended or time.days
        elif turn is not None or (one.ongoing is True and not self._back_then(one, time)):
            one.started = one.started or time.days
        elif one.started is None:
            one.started = time.days
            brief = one.treatment or _is_event(one) or (_is_brief(one) and _long_past(time.days, self._noted))
            if one.ended is None and brief and "lifestyle" not in one.said.kinds:
                one.ended = time.days

    def _back_then(self, one: _Draft, time: TimeMention) -> bool:
        """Whether a treatment is placed in the past, not begun there: "colitis on nivolumab in May 2024"; what goes on is not said."""
        then = one.treatment and _IN.fullmatch(self._text, one.said.mention.end, time.start) is not None
        if then and _past(time.days, self._noted):
            one.ongoing = None
            return True
        return False

    def _undated_turns(self) -> None:
        """ "Stopped", "completed" without a day: it is over."""
        for number, turns in self._turns.items():
            for cue in turns:
                if cue.does != "ended":
                    continue
                own = [one for one in self._places.of(number) if one.treatment or one.said.kinds & {"lifestyle", "status"}]
                targets = own or (
                    self._places.group_before(number, lambda one: one.treatment) if not self._places.of(number) else []
                )
                for one in targets:
                    if not one.said.denied and one.said.sure and one.ongoing is None and one.ended is None:
                        one.ongoing = False

    def _resumed(self) -> None:
        """ "Stopped in May and restarted in June", "since resumed": it goes on."""
        for number, piece in enumerate(self._places.pieces):
            if _RESUMED.search(self._text, piece.start, piece.end) is None or _NOT_RESUMED.search(
                self._text, piece.start, piece.end
            ):
                continue
            own = self._places.of(number)
            for one in own or self._places.group_before(number, lambda one: one.treatment and not one.said.denied, reach=3):
                if one.treatment and not one.said.denied and one.said.sure and (one.ended or one.ongoing is False):
                    one.ended, one.ongoing = None, True
                    _reach(one, one.start, piece.end)

    def _since_then(self, found: Sequence[TimeMention]) -> None:
        """ "Cured in May, no infection since": none active from then on, nothing said of before; with no day it decides nothing."""
        starts = [time.start for time in found]
        for number, piece in enumerate(self._places.pieces):
            denied = [one for one in self._places.of(number) if one.said.denied and one.started is None and one.ended is None]
            if not denied or _SINCE.search(self._text, piece.start, piece.end) is None:
                continue
            place = bisect_left(starts, piece.start) - 1
            near = found[place] if place >= 0 and piece.start - found[place].end < _NEAR_ENOUGH else None
            for one in [
                *(other for each in denied[:1] if each.said.cue_end >= 0 for other in self._denied_with(number, each)),
                *denied,
            ]:
                if near is None or near.days.first is None:
                    one.said.certain = False
                else:
                    one.started, one.ongoing = near.days, True
                    if not one.treatment:
                        one.traits.add("active")

    def _since_events(self) -> None:
        """ "No bleeding since the melena of 10 January": none from then on, nothing said of before."""
        for number in range(len(self._places.pieces)):
            for one, event in pairwise(self._places.of(number)):
                denied = one.said.denied and one.said.cue_end >= 0 and one.started is None and one.ended is None
                if not denied or not _SINCE_THE.fullmatch(self._text, one.said.mention.end, event.said.mention.start):
                    continue
                if event.started is not None and event.started.first is not None:
                    one.started, one.ongoing = event.started, True
                elif one.treatment:
                    one.said.certain = False
                if not one.treatment:
                    one.traits.add("active")

    def _seen_first(self) -> None:
        """ "MRI of 3 May showed local recurrence", "first liver metastases on CT 3 May": what is new has the day of the look."""
        for number in range(len(self._places.pieces)):
            own = self._places.of(number)
            looks = [one for one in own if _is_one_of(one, _LOOKS) and one.started and not one.said.denied]
            if len({one.started for one in looks}) != 1:
                continue
            for one in own:
                start, end = one.said.mention.start, one.said.mention.end
                new = _is_one_of(one, _RETURNS) or _FIRST.search(self._text, max(0, start - 20), start)
                past = _KNOWN.search(self._text, max(0, start - 30), end + 30)
                if new and not past and not one.said.denied and one.started is None and one.ended is None and not one.treatment:
                    one.started = looks[0].started

    def _last_ones(self) -> None:
        """ "Excised in 2023, his last operation": the operation has the day of the piece before."""
        for number, piece in enumerate(self._places.pieces):
            for one in self._places.of(number):
                told = piece.opener in (",", "(") or _THAT_WAS.match(self._text, piece.start)
                if one.started or one.said.denied or not one.treatment or not told:
                    continue
                if _LAST_ONE.search(self._text, max(piece.start, one.said.mention.start - 30), one.said.mention.start):
                    dated = [other for other in self._places.of(number - 1) if other.started] if number else []
                    if dated:
                        one.started = one.ended = dated[-1].started
                        one.last = True
                        _reach(one, dated[-1].start, dated[-1].end)


_IN = re.compile(r"\s+(?:in|back in)\s+", re.IGNORECASE)
_THAT_WAS = re.compile(r"(?:that|this|it|which)\s+(?:was|has been|is)\b", re.IGNORECASE)
_LOOKS, _RETURNS = ("imaging",), ("cancer-recurrence",)
_FIRST = re.compile(r"\b(?:first|new|newly|de novo)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_KNOWN = re.compile(
    r"\b(?:known|for|history|follow|previous|prior|after|before|stable|unchanged|persist\w*|still|again|respon\w*|shrink\w*|smaller|larger|regress\w*|growing)\b",
    re.IGNORECASE,
)
"""Words by which what a look shows was there before."""
_HISTORY = re.compile(r"\bhistory\b", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since(?:\s+then)?|thereafter|afterwards|from then on)\s*$", re.IGNORECASE)
_RESUMED = re.compile(
    r"\b(?:re-?started|resumed|re-?introduced|re-?instated|started again|taken up again|back on it)\b", re.IGNORECASE
)
_NOT_RESUMED = re.compile(
    r"\b(?:not|never|no|nor|if|when|until|may|might|will|would|could|can|to be|should|plan\w*|stopped again|but)\b",
    re.IGNORECASE,
)
_SINCE_THE = re.compile(r"\s+since\s+(?:(?:the|an?|his|her|my|that|last)\s+){0,2}", re.IGNORECASE)
"""Between what is denied and what it is denied from on."""
_NEAR_ENOUGH = 200
"""Characters that may lie between a day and the "since" that counts from it."""
_FOR = re.compile(r"\s+(?:for|with|because of|due to)\s+(?:(?!since\b|after\b|before\b|known\b)[a-z-]+\s+){0,3}", re.IGNORECASE)
"""Between a stay or an operation and its reason: "hospitalized for heart failure in May", "colectomy for severe colitis 2023"."""
_OWN_DAY = re.compile(r"\b(?:diagnos\w*|found|detected|discovered|known|since|from|first|onset|dating)\b", re.IGNORECASE)
"""Between an illness and a day: the day is its own, not that of what was done for it."""
_OF_NEXT = re.compile(r"\s+of\b", re.IGNORECASE)
_DURING = re.compile(r"\bduring\b", re.IGNORECASE)
_COURSE_ENDS = re.compile(r"[.;](?=\s|$)|\n")
_MOST_CYCLES = 60
_COURSE_REACH = 400
_OUTDATED = 366
"""Days after which a look says no more how it is now."""
_LONG = 90
"""Days after which an acute illness that a note dates by one day or month, and says no more of, has ended (acute: under 90 days)."""


def _within(exact: Days, wide: Days | None) -> bool:
    """Whether a day lies in a stretch already said: "last year, on 2025-06-14"."""
    if wide is None or exact == wide:
        return False
    if exact.first is None or exact.last is None or wide.first is None or wide.last is None:
        return False
    return wide.first <= exact.first and exact.last <= wide.last


def _long_past(days: Days, noted: date) -> bool:
    return days.last is not None and (noted - days.last).days > _LONG


def _is_brief(one: _Draft) -> bool:
    """Whether it is an acute illness, which passes."""
    return any(is_a(concept, acute) for concept in one.said.mention.concepts for acute in _acute())


@cache
def _everything() -> frozenset[str]:
    """Concepts of which a denial leaves out what the note states: "no medical problems" beside a headache."""
    return frozenset(row["words"] for row in rows("implied.tsv") if row["says"] == "everything")


@cache
def _acute() -> tuple[str, ...]:
    return tuple(row["words"] for row in rows("implied.tsv") if row["says"] == "acute")


def _past(days: Days, noted: date) -> bool:
    return days.first is None or days.first <= noted


@cache
def _events() -> tuple[str, ...]:
    return tuple(row["words"] for row in rows("implied.tsv") if row["says"] == "event")


def _is_anticancer(one: _Draft) -> bool:
    """Whether it is a drug or radiation against cancer."""
    return one.given and any(is_a(concept, against) for concept in one.said.mention.concepts for against in _COURSES)


_COURSES = ("systemic-anticancer-therapy", "radiotherapy")


def _is_event(one: _Draft) -> bool:
    """Whether it happens rather than lasts: a heart attack, an operation."""
    return _is_one_of(one, _events())


def _is_former(one: _Draft) -> bool:
    """Whether it names what is over: "ex-smoker since 2015", "stopped smoking in May"."""
    return all(concept.startswith("former-") for concept in one.said.mention.concepts)


def _is_one_of(one: _Draft, classes: tuple[str, ...]) -> bool:
    return any(is_a(concept, wide) for concept in one.said.mention.concepts for wide in classes)


def _findings_of(text: str, draft: _Draft) -> Iterable[Finding]:
    said = draft.said
    traits = frozenset(trait for trait in draft.traits if trait in all_traits())
    certain, present = said.sure, not said.denied
    if said.part and not traits:
        certain = False
    ongoing = draft.ongoing
    if present and ongoing is None and (traits & _OVER):
        ongoing = False
    start, end = _trim(text, draft.start, draft.end, said)
    for concept in dict.fromkeys(said.mention.concepts):
        yield Finding(
            concept=concept,
            present=present,
            words=Words(start, end, text[start:end]),
            traits=traits,
            grade=draft.grade,
            started=draft.started,
            ended=draft.ended,
            ongoing=ongoing,
            other=(said.other or concept in _everything()) and not present,
            who=said.who,
            certain=certain,
            count=draft.count,
            size_mm=draft.size_mm,
            dose=draft.dose,
        )
        if draft.last and draft.ended is not None and draft.ended.last is not None and present and certain:
            since = day_of(days_on(draft.ended.last, 1))
            yield Finding(concept, False, Words(start, end, text[start:end]), started=since, who=said.who)


def _trim(text: str, start: int, end: int, said: Said) -> tuple[int, int]:
    """The quote without loose ends; of a very long piece only the words near the name."""
    if end - start > 240:
        start = max(start, min(said.mention.start - 80, said.mention.start))
        end = min(end, said.mention.end + 80)
        while start < said.mention.start and start > 0 and not text[start - 1].isspace():
            start += 1
        while end > said.mention.end and end < len(text) and not text[end].isspace():
            end -= 1
    while start < said.mention.start and text[start] in " \t\r\n,;:.-–—":
        start += 1
    while end > said.mention.end and text[end - 1] in " \t\r\n,;:.-–—":
        end -= 1
    if text.count("(", start, end) > text.count(")", start, end) and text[end : end + 1] == ")":
        end += 1
    return start, end
