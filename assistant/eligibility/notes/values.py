"""Makes measurements and gradings of the numbers and classes a note gives: their day, their limits, what corrects what."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue
from assistant.eligibility.notes.pieces import Piece
from assistant.eligibility.numbers.measures import GradingMention, Measure, gradings
from assistant.eligibility.numbers.quantities import quantity
from assistant.eligibility.numbers.units import UnitFault, convert
from assistant.eligibility.patient import Days, Grading, Measurement, Words
from assistant.eligibility.ranges import Range, exactly
from assistant.eligibility.times.dates import TimeMention

_LABS = re.compile(
    r"\b(?:labs?|laboratory|laborator(?:y|ies)|bloods?|blood (?:work|tests?|results?)|"
    r"chemistry|cbc|fbc|results?|biochemistry|haematology|hematology|panel)\b",
    re.IGNORECASE,
)
_LOOK_BACK = 8
"""So many earlier values of a quantity can one correction take back."""
_STATEMENT_ENDS = re.compile(r";|\.\s")
_BARE_NUMBER = re.compile(
    r"[\s,:;-]*(?:[^.;,\d]{0,50}?\b(?=(?:to|as|is|was)\s+\d))?"
    r"(?:(?:that|it|this|the value|which)\s*(?:'s|’s|is|was|should (?:be|read|have been))?\s*)?(?:to|as|is|was|it's)?\s*"
    r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d.,%/-]*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Values:
    """Measurements and gradings, with what could not be used."""

    measurements: tuple[Measurement, ...]
    gradings: tuple[Grading, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the pieces lie, and who each speaks of."""

    pieces: Sequence[Piece]
    patient: Sequence[bool]
    """Whether the piece speaks of the patient, with certainty."""


def heading_days(
    text: str, pieces: Sequence[Piece], times: Sequence[TimeMention], taken: frozenset[int]
) -> tuple[dict[int, Days], dict[int, Days]]:
    """The day that holds for the laboratory values of each piece, and the one for everything else measured in it.

    "Labs 2026-01-19:" dates all that follow until another date heading; "CT 2025-12-03:" dates its own sentence.
    `taken`: the starts of the times that already date the note itself.
    """
    labs: dict[int, Days] = {}
    others: dict[int, Days] = {}
    place = 0
    lab_day: Days | None = None
    own_day: Days | None = None
    sentence = -1
    for number, piece in enumerate(pieces):
        if piece.sentence != sentence:
            own_day, sentence = None, piece.sentence
        while place < len(times) and times[place].start < piece.start:
            place += 1
        if (
            place < len(times)
            and times[place].end <= piece.end
            and times[place].relation == "on"
            and times[place].start not in taken
        ):
            time = times[place]
            following = pieces[number + 1] if number + 1 < len(pieces) else None
            heads = following is not None and following.opener == ":" and following.sentence == piece.sentence
            named = _LABS.search(text, piece.start, piece.end) is not None
            if named or heads:
                own_day = time.days
                lab_day = time.days if named else None
        if lab_day is not None:
            labs[number] = lab_day
        if own_day is not None:
            others[number] = own_day
    return labs, others


def read_values(
    text: str,
    placed: Placed,
    found: Sequence[Measure],
    classes: Sequence[GradingMention],
    times: Sequence[TimeMention],
    cues: Sequence[Cue],
    noted_starts: frozenset[int],
    named: Sequence[int],
) -> Values:
    """What a note measures and grades; values of relatives are left out. `named`: where concepts are named, which dates may be of."""
    labs, others = heading_days(text, placed.pieces, times, noted_starts)
    near = _Near(text, placed, times, noted_starts, named)
    measurements: list[Measurement] = []
    problems: list[str] = []
    for measure in (
        *found,
        *_said_twice(text, found),
        *_said_anew(text, found, times),
        *_of_other_source(text, found),
        *_of_shares(text, found),
    ):
        number = near.piece(measure.start)
        if not _of_patient(placed, number):
            continue
        for id in measure.quantities:
            own = near.day(number, measure.start, measure.end)
            heading = labs if quantity(id).kind == "lab" else others
            taken = own or heading.get(number) or others.get(number)
            fact = _measurement(text, measure, id, taken)
            if isinstance(fact, str):
                problems.append(fact)
            elif fact is not None:
                measurements.append(fact)
    gradings: list[Grading] = []
    for grading in classes:
        number = near.piece(grading.start)
        if grading.values and _of_patient(placed, number):
            given = near.day(number, grading.start, grading.end) or others.get(number)
            words = _words(text, grading.start, grading.end)
            gradings.append(Grading(grading.scale, grading.values, words, grading.edition, given))
    measurements.sort(key=lambda one: (one.words.start, one.words.end))
    measurements = list(_of_one_sample(text, measurements))
    return Values(tuple(restated(text, corrected(text, measurements, cues))), tuple(gradings), tuple(dict.fromkeys(problems)))


def restated(text: str, measurements: Sequence[Measurement]) -> list[Measurement]:
    """Marks what a later message or line says anew: of two values of a quantity, neither dated, the one further down stands."""
    done: list[Measurement] = []
    standing: dict[str, list[int]] = {}
    for one in measurements:
        earlier = [] if one.superseded or one.taken is not None else standing.setdefault(one.quantity, [])
        if earlier and "\n" in text[done[earlier[-1]].words.end : one.words.start]:
            for place in earlier:
                if done[place].value != one.value:
                    done[place] = replace(done[place], superseded=True)
            earlier.clear()
        if not one.superseded and one.taken is None:
            earlier.append(len(done))
        done.append(one)
    return done


def _of_patient(placed: Placed, number: int) -> bool:
    return number < len(placed.patient) and placed.patient[number]


def _words(text: str, start: int, end: int) -> Words:
    return Words(start, end, text[start:end])


class _Near:
    """The day said beside a value, in its own piece."""

    def __init__(
        self, text: str, placed: Placed, times: Sequence[TimeMention], noted: frozenset[int], named: Sequence[int]
    ) -> None:
        self._text, self._named = text, named
        self._starts = [piece.start for piece in placed.pieces]
        self._pieces = placed.pieces
        self._times: dict[int, list[TimeMention]] = {}
        for time in times:
            if time.start not in noted and time.relation == "on":
                self._times.setdefault(self.piece(time.start), []).append(time)

    def piece(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)

    def day(self, number: int, start: int, end: int) -> Days | None:
        """The nearest time in the piece; or in the bracket or heading that adjoins it."""
        own = [
            time
            for time in self._times.get(number, ())[:12]
            if (time.start >= end and not self._names(end, time.start))
            or (time.end <= start and not self._names(time.end, start))
        ]
        within = [time for time in self._times.get(number, ())[:12] if start <= time.start and time.end <= end]
        if within:
            return within[0].days
        if own:
            return min(own, key=lambda time: max(time.start - end, start - time.end)).days
        following = number + 1
        if following < len(self._pieces) and self._pieces[following].opener == "(":
            piece = self._pieces[following]
            inside = self._times.get(following, [])
            if inside and not self._digits(piece.start, inside[0].start) and not self._digits(inside[0].end, piece.end):
                return inside[0].days
        return self._before_bracket(number)

    def _before_bracket(self, number: int) -> Days | None:
        """The time that a piece in brackets stands right behind: "October 2021 (T2N1M0)"."""
        before = self._times.get(number - 1, ())[-1:] if self._pieces[number].opener == "(" else ()
        return next(
            (time.days for time in before if self._text[time.end : self._pieces[number].start].strip() in ("", "(")), None
        )

    def _digits(self, start: int, end: int) -> bool:
        return any(letter.isdigit() for letter in self._text[start:end])

    def _names(self, start: int, end: int) -> bool:
        """Whether something is named between."""
        place = bisect_left(self._named, start)
        return place < len(self._named) and self._named[place] < end


def _said_twice(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """A second value in the same unit, with no name of its own: "320 IU/mL in one report, 3,200 IU/mL in the other"."""
    starts = [one.start for one in found]
    for measure in found:
        unit = re.search(
            r"(?<![\d^])\d[\d.,]*\s?(?P<unit>(?:[x×]\s?10\^?\d{1,2}|[^\s\d(),;]*)/[^\s(),;]+)",
            text[measure.start : measure.end],
        )
        if unit is None or measure.of is not None or len(measure.quantities) != 1:
            continue
        at = bisect_left(starts, measure.end)
        stop = min(starts[at] if at < len(starts) else len(text), measure.end + 90)
        number = re.compile(r"(?<![\w.,])(?P<number>\d[\d,]*(?:\.\d+)?)\s?" + re.escape(unit["unit"]) + r"(?![\w/])")
        for again in number.finditer(text, measure.end, stop):
            if _STATEMENT_ENDS.search(text, measure.end, again.start()):
                break
            start = again.start()
            value = exactly(float(again["number"].replace(",", "")))
            yield replace(measure, start=start, end=again.end(), name_start=start, name_end=start, range=value, flag=None)


_AFTER_DATE = re.compile(
    r"[\s,;–—-]{1,3}(?:(?:and|but|then|now|it is|is|up to|down to)\s+){0,2}(?P<number>\d{1,5}(?:\.\d+)?)(?![\d.,/:-]*\d|\s?[%a-zµ°]*/)\s+$",
    re.IGNORECASE,
)
_DATED = re.compile(r"[\s,]*(?:\(|on|in|at|of|from)?\s*", re.IGNORECASE)


_SOURCE = (
    r"\b(?:the|my|his|her|our|their|another|one|a|an)\s+(?:\w+\s+)?(?:GP|doctor|physician|clinic|hospital|lab(?:oratory)?|report|sheet|"
    r"letter|chart|portal)(?:['’]s)?(?:\s+(?:lab(?:oratory)?|report|sheet|letter|chart))?"
)
_SAYS = "(?:says|said|has|gives|gave|reads|reports|reported|measured|found|wrote|shows|showed)"
_SOURCE_SAYS = re.compile(
    rf"(?<=\w)(?<!\band)(?<!\bbut)(?<!while)(?<!whereas)\s?:?\s+{_SOURCE}\s+(?:{_SAYS}\s+)?(?=\d)", re.IGNORECASE
)
_OTHER_SOURCE = re.compile(
    rf"[\s,;]*(?:(?:and|but|while|whereas)\s+)?{_SOURCE}\s+"
    rf"(?:{_SAYS}\s+)?"
    r"(?P<number>\d{1,4}(?:\.\d+)?)\s?(?P<unit>%|[a-zµ]+/[a-z]+)?(?![\w/.]*\d)",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(
    r"(?<=\d )in(?=\s(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:19|20)\d\d)\b)",
    re.IGNORECASE,
)


def only_values(text: str) -> str:
    """The text with what stands between a value and its name or its date blanked: who says it, the "in" that is no inch."""
    text = _SOURCE_SAYS.sub(lambda match: " " * len(match[0]), text)
    return _IN_MONTH.sub("; ", text)


def _of_other_source(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """The same value as another source has it: "HbA1c 6.1 %, the hospital's sheet says 8.0 %"."""
    for measure in found:
        if measure.range.low != measure.range.high or measure.of is not None or len(measure.quantities) != 1:
            continue
        again = _OTHER_SOURCE.match(text, measure.end)
        own = text[measure.start : measure.end]
        if again and ((again["unit"] or "") in own) and (again["unit"] or not re.search(r"\d\s?[%a-zµ]", own)):
            start, end = again.start("number"), again.end()
            value = exactly(float(again["number"]))
            yield replace(measure, start=start, end=end, name_start=start, name_end=start, range=value, flag=None)


def _of_one_sample(text: str, measurements: Sequence[Measurement]) -> Iterator[Measurement]:
    """Every measurement; what another source says of the same sample has the day of that sample."""
    last: Measurement | None = None
    for one in measurements:
        if (
            last is not None
            and last.quantity == one.quantity
            and one.taken is None
            and last.words.end <= one.words.start
            and _OTHER_SOURCE.match(text, last.words.end)
        ):
            one = replace(one, taken=last.taken)
        last = one
        yield one


_STAGED = re.compile(
    r"(?<![\w-])[cpyr]{0,2}T[0-4][a-d]?\s?(?P<n>N[0-3][a-d]?)\s?(?:M[01][a-c]?)?(?![\w])"
    r"(?:\s*(?:[=:(,→]|=>|->|stage)?\s*(?P<stage>I{1,3}[ABC]?\d?|IV[ABC]?)(?!\w))?"
)


def staged(text: str, found: Sequence[GradingMention]) -> tuple[GradingMention, ...]:
    """The classes with those told in the short form of TNM: "cT3N2 = IIIB"."""
    known = {(one.scale, one.start) for one in found}
    more: list[GradingMention] = []
    for match in _STAGED.finditer(text):
        for group, lead in (("n", "T1 "), ("stage", "stage ")):
            for one in gradings(lead + match[group]) if match[group] else ():
                if one.scale == group and known.isdisjoint((group, place) for place in range(match.start(), match.end() + 1)):
                    more.append(replace(one, start=match.start(group), end=match.end(group)))
    return tuple(sorted([*found, *more], key=lambda one: one.start))


def _said_anew(text: str, found: Sequence[Measure], times: Sequence[TimeMention]) -> Iterator[Measure]:
    """A dated value and a bare number with another date right behind it: "ECOG 1 on 12 March, 2 today"."""
    starts = [time.start for time in times]
    for measure in found:
        at = bisect_left(starts, measure.end)
        pair = times[at : at + 2]
        if len(pair) < 2 or measure.range.low != measure.range.high or measure.of is not None or len(measure.quantities) != 1:
            continue
        if pair[1].start - measure.end > 80 or not _DATED.fullmatch(text, measure.end, pair[0].start):
            continue
        between = text[pair[0].end : pair[1].start]
        lead = re.sub(r"\b(?:on|in|at)\s+$", "", between)
        again = _AFTER_DATE.fullmatch(lead)
        if again:
            start = pair[0].end + again.start("number")
            end = pair[0].end + again.end("number")
            value = exactly(float(again["number"]))
            yield replace(measure, start=start, end=end, name_start=start, name_end=start, range=value, flag=None)


@cache
def _share_names() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    return tuple(
        (
            re.compile(
                rf"(?<!\w)(?:{row['names']})\s*(?:[:=]|of|at|are|is|were|was)?\s*(?P<share>\d{{1,2}}(?:\.\d+)?)\s?%(?!\s?(?:of|bands?))",
                re.IGNORECASE,
            ),
            row["of"],
            row["gives"],
        )
        for row in rows("shares.tsv")
    )


def _of_shares(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """The absolute count of cells given as a share of the white count beside it, where the text gives that count once."""
    for pattern, whole, part in _share_names():
        wholes = [one for one in found if one.quantities == (whole,) and one.range.low == one.range.high and one.of is None]
        if len(wholes) != 1 or any(part in one.quantities for one in found):
            continue
        shares = list(pattern.finditer(text, max(0, wholes[0].start - 120), wholes[0].end + 120))
        if len(shares) == 1:
            start, end = min(wholes[0].start, shares[0].start()), max(wholes[0].end, shares[0].end())
            value = exactly(round(wholes[0].range.low * float(shares[0]["share"]) / 100, 3))
            yield replace(
                wholes[0], start=start, end=end, name_start=start, name_end=end, quantities=(part,), range=value, flag=None
            )


def _measurement(text: str, measure: Measure, id: str, taken: Days | None) -> Measurement | str | None:
    """The fact, or why it cannot be used."""
    known = quantity(id)
    words = _words(text, min(measure.start, measure.name_start), max(measure.end, measure.name_end))
    value, unit, upper, lower = measure.range, measure.unit, measure.upper_limit, measure.lower_limit
    if measure.negated:
        return None
    if measure.of is not None:
        upper, lower = (exactly(1), None) if measure.of == "ULN" else (None, exactly(1))
        return Measurement(id, value, None, words, upper, lower, taken=taken)
    if value == Range() and measure.flag is None:
        return None
    if value != Range():
        try:
            canonical = convert(value, unit, known.unit, id)
        except UnitFault as fault:
            return f"“{words.quote}” could not be used: {fault}"
        if not known.plausible.meets(canonical):
            return f"“{words.quote}” could not be used: {known.name} cannot have that value"
    return Measurement(id, value, unit, words, upper, lower, measure.flag, taken)


def corrected(text: str, measurements: Sequence[Measurement], cues: Sequence[Cue]) -> list[Measurement]:
    """Marks what the text itself takes back: "reported as 8.8, corrected to 9.8"; "sorry, I meant 1"; "62, not 26"."""
    done = list(measurements)
    starts = [one.words.start for one in done]
    last_of: dict[str, list[int]] = {}
    place = 0
    for cue in (cue for cue in cues if cue.does == "correct"):
        while place < len(done) and done[place].words.end <= cue.start:
            last_of.setdefault(done[place].quantity, []).append(place)
            place += 1
        following = bisect_right(starts, cue.start - 1)
        anew = done[following] if following < len(done) and done[following].words.start - cue.end < 60 else None
        nearby = done[max(0, place - 3) : place + 2]
        spanning = any(one.words.start < cue.start < one.words.end for one in nearby)
        if anew is not None and last_of.get(anew.quantity):
            earlier = last_of[anew.quantity][-_LOOK_BACK:]
            for one in earlier:
                if done[one].taken in (None, anew.taken) or anew.taken is None or one == earlier[-1]:
                    done[one] = replace(done[one], superseded=True)
        elif anew is None and not spanning and place and cue.start - done[place - 1].words.end < 200:
            number = _BARE_NUMBER.match(text, cue.end)
            if number:
                old = done[place - 1]
                value = exactly(float(number["number"].replace(",", "")))
                if value == old.value:
                    continue
                done[place - 1] = replace(old, superseded=True)
                near = number.end() - old.words.start < 160
                words = _words(text, old.words.start if near else cue.start, number.end())
                done.append(replace(old, value=value, words=words, superseded=False, flag=None))
    return sorted(done, key=lambda one: (one.words.start, one.words.end))
