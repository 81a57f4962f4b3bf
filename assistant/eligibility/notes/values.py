"""Makes measurements and gradings of the numbers and classes a note gives: their day, their limits, what corrects what."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from assistant.eligibility.knowledge import rows
from assistant.eligibility.notes.cues import Cue
from assistant.eligibility.notes.pieces import Piece
from assistant.eligibility.numbers.gradings import edition_of
from assistant.eligibility.numbers.measures import PRESSURES, GradingMention, Measure, gradings
from assistant.eligibility.numbers.quantities import quantity, scale
from assistant.eligibility.numbers.units import UnitFault, convert, counts_copies, folded, lowered, named_unit, unit_at
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
_WITHDRAWN = re.compile(r"(?:which|that) (?:is|was) (?:wrong|incorrect|an error)", re.IGNORECASE)
_STATEMENT_ENDS = re.compile(r";|\.\s")
_BARE_NUMBER = re.compile(
    r"[\s,:;-]*(?:[^.;,\d]{0,50}?\b(?=(?:to|as|is|was)\s+\d))?"
    r"(?:(?:that|it|this|the value|which)\s*(?:'s|’s|is|was|should (?:be|read|have been))?\s*)?(?:to|as|is|was|it's)?\s*"
    r"(?:(?:re-?checked|repeat(?:ed)?|true value|correct value)\s*(?:at|as|is|was|:)?\s*)?"
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
            titled = piece.opener == "(" and number > 0 and text[piece.start : time.start].strip(" (") == ""
            named = _LABS.search(text, pieces[number - 1].start if titled else piece.start, piece.end) is not None
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
    turns = tuple(_since_then(text, found))
    outdated = {(earlier.start, earlier.quantities) for earlier, _ in turns}
    for measure in (
        *found,
        *(later for _, later in turns),
        *_said_twice(text, found),
        *_said_anew(text, found, times),
        *_of_other_source(text, found),
        *_repeated(text, found),
        *_pressed_again(text, found),
        *_of_shares(text, found),
        *_of_panels(text),
        *_in_words(text, found),
    ):
        number = near.piece(measure.start)
        if not _of_patient(placed, number) or _DOUBTED.match(text, measure.end):
            continue
        for id in measure.quantities:
            own = near.day(number, measure.start, measure.end)
            heading = labs if quantity(id).kind == "lab" else others
            taken = own or heading.get(number) or others.get(number)
            fact = _measurement(text, measure, id, taken)
            if isinstance(fact, str):
                problems.append(fact)
            elif fact is not None:
                measurements.append(replace(fact, superseded=(measure.start, measure.quantities) in outdated))
    gradings: list[Grading] = []
    for grading in classes:
        number = near.piece(grading.start)
        if grading.values and _of_patient(placed, number):
            given = near.day(number, grading.start, grading.end) or others.get(number)
            words = _words(text, grading.start, grading.end)
            gradings.append(Grading(grading.scale, grading.values, words, grading.edition, given))
    measurements.sort(key=lambda one: (one.words.start, one.words.end))
    measurements = list(_carried(text, dict.fromkeys(measurements), times))
    measurements = list(_by_own_assay(text, _spoilt(text, _of_one_sample(text, measurements))))
    return Values(tuple(restated(text, corrected(text, measurements, cues))), tuple(gradings), tuple(dict.fromkeys(problems)))


_COPIES = re.compile(
    r"\b(?:1|one|an|each)\s?(?:IU|international unit)(?:\s?/\s?ml)?\s{0,2}(?:=|≈|is|equals?|means|corresponds to|as|for|makes)\s{0,2}"
    r"(?:about\s)?(?P<copies>\d{1,2}(?:\.\d{1,3})?)\s?(?:copies|copy|cp)\b"
    r"|\b(?P<each>\d{1,2}(?:\.\d{1,3})?)\s?(?:copies|copy|cp)(?:\s?/\s?ml)?\s{0,2}(?:=|per|to|/|for|are|is|make)\s{0,2}(?:1|one|an|each|the)?\s?"
    r"(?:IU|international unit)\b",
    re.IGNORECASE,
)


def _by_own_assay(text: str, measurements: Iterable[Measurement]) -> Iterator[Measurement]:
    """Every measurement; a viral load with the copies that the laboratory's own assay counts for a unit, where one number is told."""
    told = {float(match["copies"] or match["each"]) for match in _COPIES.finditer(text)}
    found = list(measurements)
    viral = {one.quantity for one in found if counts_copies(one.quantity)}
    own = told.pop() if len(told) == 1 and len(viral) == 1 else None
    for one in found:
        yield replace(one, copies=own) if own and one.quantity in viral else one


_LISTED = re.compile(r"\s*(?:[,/&]|,?\s?\band\b)\s*", re.IGNORECASE)


def _carried(text: str, measurements: Iterable[Measurement], times: Sequence[TimeMention]) -> Iterator[Measurement]:
    """Every measurement; in a list, those after the first have the day that leads it: "On 2 March Hb 10.1, ALT 30"."""
    ends = [time.end for time in times]
    last: Measurement | None = None
    leads = False
    for one in measurements:
        listed = last is not None and _LISTED.fullmatch(text, last.words.end, max(last.words.end, one.words.start))
        if leads and last is not None and listed and one.taken is None and quantity(one.quantity).kind == "lab":
            one = replace(one, taken=last.taken)
        elif one.taken is not None:
            at = bisect_right(ends, one.words.start) - 1
            leads = at >= 0 and times[at].days == one.taken and one.words.start - ends[at] < _BESIDE
        else:
            leads = False
        last = one
        yield one


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
        pieces = range(number, min(self.piece(end), number + 8) + 1)
        within = [time for each in pieces for time in self._times.get(each, ())[:12] if start <= time.start and time.end <= end]
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
    r"\)?[\s,;–—-]{1,3}(?:(?:and|but|then|now|it is|is|up to|down to)\s+){0,2}(?P<number>\d{1,5}(?:\.\d+)?)(?![\d.,/:-]*\d|\s?[%a-zµ°]*/)"
    r"\s+\(?$",
    re.IGNORECASE,
)
_DATED = re.compile(r"[\s,]*(?:\(|on|in|at|of|from)?\s*", re.IGNORECASE)


_NOW = r"(?:now|today|currently|at present|at the moment|as of today|these days|(?:at|on) discharge|at (?:the )?last (?:visit|check))"
_TURN = (
    r"(?:(?:and|but|then|has|have|is|was|it|he|she|I)\s+){0,3}(?:since\s+)?(?:come\s+|gone\s+|went\s+)?"
    r"(?:back (?:to|at|up to|down to)|(?:improved|recovered|worsened|deteriorated|declined|risen|rose|fallen|fell|dropped|decreased|"
    r"increased|normali[sz]ed|came down|went up|went down|come down|gone up|gone down|down|up) to)"
)
_NEWER = re.compile(
    r"(?:\s+(?:in|on|at|during|around|about|before|after|last|when|while|from|until|by|for|through|following|post|pre|initially|"
    r"originally|first|previously|earlier|over|(?:\w+\s){1,3}ago)\b[^;.\n()]{0,60}?)?\s*[,;–—-]?\s*(?:(?:and|but|then)\s+)?(?:(?:it|he|she|I)\s+)?(?:"
    rf"{_NOW}\s*(?:[:=]|(?:it )?is(?: at| back to)?|it['’]s|at|only|just|back (?:to|at)|(?:up|down) to)?\s*(?P<led>\d{{1,4}}(?:\.\d+)?)|"
    rf"{_TURN}\s+(?P<turned>\d{{1,4}}(?:\.\d+)?)|"
    rf"(?<=[\s,;–—-])(?P<followed>\d{{1,4}}(?:\.\d+)?)(?=(?:\s?[^\s\d(),;.]{{1,14}})?\s+{_NOW}\b)"
    r")(?![\d.,/:-]*\d)",
    re.IGNORECASE,
)
"""What the value has become since: "2 in May, now 1", "2 at first, 1 now", "2 last week, back to 1 since Monday"."""
_NOW_TOO = re.compile(rf"\s+{_NOW}\b", re.IGNORECASE)
_VALUE_ENDS = re.compile(
    rf"\s*(?:[,;:)–—]|\.(?!\d)|\Z|\n|(?:and|but|since|with|after|on|at|in|as|for|again|according|per|by|following|{_NOW})\b)",
    re.IGNORECASE,
)


def _since_then(text: str, found: Sequence[Measure]) -> Iterator[tuple[Measure, Measure]]:
    """A value, and the bare number that a later word of the sentence says it has become."""
    starts = [one.start for one in found]
    for measure in found:
        if measure.range.low != measure.range.high or measure.of is not None or len(measure.quantities) != 1:
            continue
        (id,) = measure.quantities
        after = bisect_left(starts, measure.end)
        stop = min(starts[after] if after < len(starts) else len(text), measure.end + 110)
        newer = None if id in PRESSURES else _NEWER.match(text, measure.end, stop)
        if newer is None:
            continue
        group = next(name for name in ("led", "turned", "followed") if newer[name])
        given = unit_at(lowered(folded(text[newer.end() : newer.end() + 24])), 0)
        end = newer.end() + (given.end if given else 0)
        unit = named_unit(text[newer.end() : end].strip(), id) if given else measure.unit
        told = _NOW_TOO.match(text, end) if group == "followed" else _VALUE_ENDS.match(text, end)
        if told and not (given and unit is None):
            start, value = newer.start(group), exactly(float(newer[group]))
            yield (
                measure,
                replace(measure, start=start, end=end, name_start=start, name_end=start, range=value, unit=unit, flag=None),
            )


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
    r"(?<=\d )in(?=\s(?:spring|summer|autumn|fall|winter|clinic|hospital|both|the|an?|his|her|my|this|mid|early|late|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|(?:19|20)\d\d|(?:\d{1,2}|two|three|four|five|six|"
    r"eight|ten|twelve|a|one)\s(?:days?|weeks?|months?|years?))\b)",
    re.IGNORECASE,
)


_OVER = re.compile(r"(?<=\d) over (?=\d{2,3}(?!\d|[.,]\d))", re.IGNORECASE)
_LITRES = re.compile(
    r"\b(?P<name>(?:FEV1|FVC|SVC|VC|FEV)\s*(?:[:=]|was|is|of)?\s*)(?P<litres>\d(?:[.,]\d{1,2})?\s?(?:L|l|litres?|liters?)\b\s*[,(;/=]?\s*)"
    r"(?=\d{1,3}(?:\.\d)?\s?%)"
)


def only_values(text: str) -> str:
    """The text with what stands between a value and its name or its date blanked: who says it, the "in" that is no inch.

    "140 over 85" is 140/85, and of "1.4 L (48 % predicted)" the share alone is compared.
    """
    text = _OVER.sub("  /   ", text)
    text = _LITRES.sub(lambda match: match["name"] + " " * len(match["litres"]), text)
    text = _SOURCE_SAYS.sub(lambda match: " " * len(match[0]), text)
    return _IN_MONTH.sub("; ", text)


_PRESSURE = re.compile(
    r"[^.;\n/]{0,40}?(?:\band|\bthen|\bbut|,|\brepeat(?:ed)?)\s+(?:then\s+|repeat(?:ed)?\s+|now\s+)?(?P<systolic>\d{2,3})/(?P<diastolic>\d{2,3})(?![\d/])"
)


def _pressed_again(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """A second blood pressure: "BP 138/88 on the left and 146/90 on the right arm"."""
    for measure in found:
        if measure.quantities and measure.quantities[0] in PRESSURES and measure.of is None:
            again = _PRESSURE.match(text, measure.end, measure.end + 60)
            value = float(again["systolic" if measure.quantities[0] == PRESSURES[0] else "diastolic"]) if again else 0
            if again and value >= _LOWEST_PRESSURE:
                start = again.start("systolic")
                yield replace(measure, start=start, end=again.end(), name_start=start, name_end=start, range=exactly(value))


_LOWEST_PRESSURE = 20
_DOUBTED = re.compile(
    r"\s*(?:is |are |was )?(?:(?:cannot|can['’]t|could not|not) be (?:assured|guaranteed|expected|assumed|promised)|"
    r"not (?:expected|likely|assured)|(?:very |highly )?(?:unlikely|doubtful|uncertain|questionable))\b",
    re.IGNORECASE,
)
"""Said of a value that may not be so: "a life expectancy of 3 months cannot be assured"."""


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


_AGAIN = (
    r"(?:citrate|repeat(?:ed)?|re-?check(?:ed)?|re-?test(?:ed)?|re-?draw(?:n)?|re-?read|over-?read|re-?measured|re-?calibrat\w+|manual(?:ly)?|"
    r"(?:second|fresh|new|clean|other) (?:sample|tube|reading|draw|specimen))"
)
_REPEATED = re.compile(
    rf"\b{_AGAIN}\b(?:[^.;:,()\d]|[:,(]\s){{0,60}}?(?<![\w.^])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d{{1,4}}(?:\.\d+)?)(?![\w.,/:-]*\d)|"
    rf"(?<![\w.,/^-])(?P<led>\d{{1,4}}(?:\.\d+)?)\s(?:on|in|at|after|from|by)\s(?:(?:the|a|an|his|her|my)\s)?(?:\w+\s)?{_AGAIN}\b",
    re.IGNORECASE,
)
_GIVES = re.compile(
    rf"\b(?:{_AGAIN}|tube|sample|specimen|reading|count|value|measurement|result|gave|gives|shows?|showed|is|was|reads?|"
    r"came back|of|to|as|only)\s?[:,(]?\s$",
    re.IGNORECASE,
)
"""What a bare number that is a value stands right behind."""
_SOURCED = re.compile(
    r"\s(?:in|on|by|per|from|at|according to)\s[^.;\d]{1,48}?[\s,;](?:and|but|while|whereas|vs\.?|versus|,)?\s?(?:only\s)?"
    r"(?<![\w.])(?P<number>\d{1,4}(?:\.\d+)?)(?P<unit>\s?[^\s\d(),;.]{1,12})?"
    r"\s(?:in|on|by|per|from|at|according to)\s(?:(?:the|an?|another|one|his|her|my|our)\s)?"
    r"(?:[\w'’-]+\s){0,2}(?:other|another|second|reports?|letters?|sheets?|printout|system|chart|notes?|forms?|list|app|scale|clinic|ward|"
    r"lab(?:oratory)?|hospital|tube|reading|record|portal|assessment|device|cuff)\b",
    re.IGNORECASE,
)
"""A value of one source, and that of another: "42 % in one report and 51 % in the other"."""
_BAD_SAMPLE = re.compile(
    r"\b(?:clump\w*|EDTA|ha?emoly[sz]\w*|dilut\w+|contaminat\w+|clotted|lipa?emic|artef?act\w*|artif?act\w*|spurious\w*|pseudo\w+|machine|"
    r"above the infusion|drip arm|wrong (?:patient|sample|tube|cuff))\b",
    re.IGNORECASE,
)
"""Why a value does not count, where a repeat does."""
_ERROR = re.compile(
    r"\b(?:mislabel\w*|mis-?read|mis-?typed|typing error|typo|clerical error|over-?read|re-?read|re-?calibrat\w+)\b",
    re.IGNORECASE,
)
_FIRST_AS = re.compile(r"\b(?:typed|mis-?read|first (?:read|released|reported|recorded)) as\s+$", re.IGNORECASE)
_ANEW = re.compile(rf"\b{_AGAIN}\b", re.IGNORECASE)
_REACH = 130
_BESIDE = 30
"""Letters between a value and the words that go with it."""


_MILLISECONDS = re.compile(r"[^.;\n\d]{0,40}?(?:,|\band|\bthen)\s+(?P<number>\d{3})\s?ms(?:ec)?\b(?!\s+(?:PR|QRS|RR|QT)\b)")
"""An interval of another time: "QTc 460 ms before amiodarone, 490 ms after"."""


def _repeated(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """A value without a name of its own that a repeat or another source gives: "61 (clumps), citrate tube 188"."""
    starts = [one.start for one in found]
    for measure in found:
        if measure.range.low != measure.range.high or measure.of is not None or len(measure.quantities) != 1:
            continue
        (id,) = measure.quantities
        if later := _MILLISECONDS.match(text, measure.end):
            start, value = later.start("number"), exactly(float(later["number"]))
            yield replace(measure, start=start, end=later.end(), name_start=start, name_end=start, range=value, flag=None)
            continue
        after = bisect_left(starts, measure.end)
        stop = min(starts[after] if after < len(starts) else len(text), measure.end + _REACH)
        again = (
            None if id in PRESSURES else _SOURCED.match(text, measure.end, stop) or _REPEATED.search(text, measure.end, stop)
        )
        if again is None or len(re.findall(r"[.\n](?=\s|$)", text[measure.end : again.start()])) > 1:
            continue
        group = "number" if again["number"] else "led"
        start, end = again.span(group)
        given = unit_at(lowered(folded(text[end : end + 24])), 0)
        unit = named_unit(text[end : end + given.end].strip(), id) if given else measure.unit
        plain = group == "led" or (
            _VALUE_ENDS.match(text, end) and (again.re is _SOURCED or _GIVES.search(text, again.start(), start))
        )
        if (given and unit is None) or not (given or plain):
            continue
        end += given.end if given else 0
        value = exactly(float(again[group].replace(",", "")))
        yield replace(measure, start=start, end=end, name_start=start, name_end=start, range=value, unit=unit, flag=None)


def _spoilt(text: str, measurements: Iterable[Measurement]) -> Iterator[Measurement]:
    """Every measurement; one of a bad sample or a misreading is set aside where the good one follows."""
    found = list(measurements)
    for place, one in enumerate(found):
        after = next((other for other in found[place + 1 : place + 3] if other.quantity == one.quantity), None)
        near = after is not None and 0 <= after.words.start - one.words.end < _REACH
        if after is not None and near and "\n" not in text[one.words.end : after.words.start]:
            bad = _BAD_SAMPLE.search(text, max(0, one.words.start - _BESIDE), after.words.start)
            good = _ANEW.search(text, max(bad.end(), one.words.end), after.words.end + _BESIDE) if bad else None
            stated = _ANEW.search(text, max(0, one.words.start - _BESIDE), one.words.end)
            error = _ERROR.search(text, one.words.end, after.words.start)
            number = re.search(r"\d", text[one.words.start : one.words.end])
            first = number and _FIRST_AS.search(text, max(0, one.words.start - _BESIDE), one.words.start + number.start())
            if (good and not stated) or error or first:
                one = replace(one, superseded=True)
        yield one


def _of_one_sample(text: str, measurements: Iterable[Measurement]) -> Iterator[Measurement]:
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


_GROUP = r"(?:I{1,3}[ABC]\d?|I{2,3}\d?|IV[ABC]?|I(?=\s*(?:[,;.)(]|$|per\b|by\b)))(?!\w)"
_STAGED = re.compile(
    r"(?<![\w-])[cpyr]{0,2}T[0-4][a-d]?\s?(?P<n>N[0-3][a-d]?)\s?(?:M[01X][a-d]?)?(?![\w])"
    rf"(?:\s*(?:[=:(,;→/–-]|=>|->|stage|so|is|i\.e\.,?)?\s*(?P<stage>{_GROUP}))?"
    rf"|(?<![\w-])(?P<alone>{_GROUP})(?=\s?(?:[,(]|per|by|according to)?\s?(?:the\s)?(?:\d\w\w\s)?(?:AJCC|UICC)\b)"
)
_CATEGORY = re.compile(r"(?:^|[^A-Za-z]|[cpry])[TNM]\s?(?:is\b|[0-4xX+])")
_LONG_SENTENCE = 200
_AMENDED = re.compile(
    r"\b(?:amended|corrected|revised|changed|re-?read|re-?graded|re-?classified)\s+(?:to|as)\s+(?:an?\s+)?$", re.IGNORECASE
)


_RECURRED = re.compile(r"[cp]?r[cp]?(?=[TNM][0-4])")
"""The r of TNM: the classes of a recurrence replace those of the first disease (AJCC 8, chapter 1)."""
_TNM_STRING = 12
_AT_FIRST = re.compile(
    r"\b(?:initially|at first|originally|first|preliminar\w*|provisional\w*)\b(?!\s+(?:treated|line|diagnosed in))[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_IN_THE_END = re.compile(
    r"\b(?:final(?:ly)?|now|re-?read|re-?view(?:ed)?|re-?staged|upstaged|downstaged|corrected|amended|revised|changed|in the end)\b",
    re.IGNORECASE,
)
"""What was said at first and what it came to: "initially reported as T1; final stage T2"."""


def staged(text: str, found: Sequence[GradingMention]) -> tuple[GradingMention, ...]:
    """The classes of a note: those told in the short form of TNM too ("cT3N2 = IIIB"), each by the edition named for it."""
    own = [one for one in found if not scale(one.scale).editions or _names_class(text[one.start : one.end])]
    by_start = [one.start for one in own]
    known = {(one.scale, one.start) for one in own}
    more: list[GradingMention] = []
    for match in _STAGED.finditer(text):
        within = own[bisect_left(by_start, match.start()) : bisect_left(by_start, match.end())]
        beside = next((one.edition for one in within if one.edition), None)
        for group, scale_id, lead in (("n", "n", "T1 "), ("stage", "stage", "stage "), ("alone", "stage", "stage ")):
            for one in gradings(lead + match[group]) if match[group] else ():
                if one.scale == scale_id and known.isdisjoint(
                    (scale_id, at) for at in range(match.start() - 12, match.end() + 1)
                ):
                    edition = beside or edition_of(text[match.start() : match.start() + 100].split(". ")[0])
                    more.append(replace(one, start=match.start(group), end=match.end(group), edition=edition))
    return tuple(_amended(text, _by_edition(text, sorted([*own, *more], key=lambda one: one.start))))


def _names_class(words: str) -> bool:
    """Whether words name a class, and not the system alone: "cT3", "stage IV (AJCC 8th)", but not "UICC 9th ed."."""
    return _CATEGORY.search(words) is not None or bool(gradings(words))


def _by_edition(text: str, found: Sequence[GradingMention]) -> list[GradingMention]:
    """The classes, with the edition that a sentence of its own names before or after theirs: "Edition used: AJCC 8th." """
    ends = [match.end() for match in _STATEMENT_ENDS.finditer(text)]
    sentences = list(pairwise([0, *ends, len(text)]))
    classed: dict[int, list[int]] = {}
    for at, one in enumerate(found):
        if scale(one.scale).editions:
            classed.setdefault(bisect_right(ends, one.start), []).append(at)
    given: dict[int, str] = {}
    for place in {near for number in classed for near in (number - 1, number + 1)} - classed.keys():
        start, end = sentences[place] if 0 <= place < len(sentences) else (0, 0)
        edition = edition_of(text[start:end]) if end - start < _LONG_SENTENCE else None
        if edition is not None:
            given.update({at: edition for near in (place - 1, place + 1) for at in classed.get(near, ())})
    return [
        replace(one, edition=one.edition or given.get(at)) if scale(one.scale).editions else one for at, one in enumerate(found)
    ]


def _amended(text: str, found: Sequence[GradingMention]) -> Iterator[GradingMention]:
    """The classes without those that the next one replaces: "signed out as SD; amended to PR"."""
    returns = [one.start for one in found if _RECURRED.match(text, one.start)]
    again = {one.scale: one.start for one in found if _one_string(returns, one)}
    for place, one in enumerate(found):
        after = next((other for other in found[place + 1 : place + 4] if other.scale == one.scale), None)
        if one.start < again.get(one.scale, -1) and not _one_string(returns, one):
            continue
        if after is None or not _replaced(text, one, after):
            yield one


def _one_string(starts: Sequence[int], one: GradingMention) -> bool:
    """Whether a class stands in the same string of TNM as one of these: the N0 of "rT4N0"."""
    at = bisect_right(starts, one.start) - 1
    return one.scale in ("t", "n", "m") and at >= 0 and one.start - starts[at] <= _TNM_STRING


def _replaced(text: str, one: GradingMention, after: GradingMention) -> bool:
    """Whether the next class of a scale is what an earlier one was changed to."""
    if after.start - one.end <= 80 and _AMENDED.search(text, one.end, after.start):
        return True
    first = _AT_FIRST.search(text, max(0, one.start - 60), one.start)
    return (
        first is not None
        and after.start - one.end < _LONG_SENTENCE
        and _IN_THE_END.search(text, one.end, after.start) is not None
    )


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
                rf"(?<!\w)(?<!% )(?<!%)(?:{row['names']})\s*(?:[:=]|of|at|are|is|were|was)?\s*(?P<share>\d{{1,2}}(?:\.\d+)?)"
                rf"\s?%(?!\s?(?:of|bands?))"
                rf"|(?<![\w.,])(?P<led>\d{{1,2}}(?:\.\d+)?)\s?%\s?(?:{row['names']})(?![\w:=])(?!\s*\d)",
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
            value = exactly(round(wholes[0].range.low * float(shares[0]["share"] or shares[0]["led"]) / 100, 3))
            yield replace(
                wholes[0], start=start, end=end, name_start=start, name_end=end, quantities=(part,), range=value, flag=None
            )


@cache
def _panels() -> tuple[re.Pattern[str], tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]]:
    """Any name of a panel, and each with what it measures."""
    table = tuple(rows("panels.tsv"))
    known = tuple((re.compile(row["names"], re.IGNORECASE), tuple(row["quantities"].split())) for row in table)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(row['names'] for row in table)})(?![\w-])", re.IGNORECASE), known


@cache
def _performance() -> tuple[tuple[re.Pattern[str], str, Range], ...]:
    """Words that define a grade of a performance scale (`performance.tsv`)."""
    return tuple(
        (re.compile(rf"\b(?:{row['words']})", re.IGNORECASE), row["quantity"], Range(float(row["low"]), float(row["high"])))
        for row in rows("performance.tsv")
    )


_NOT_NOW = re.compile(
    r"\b(?:not|never|no longer|without being|was|were|been|became|if|when|until|before|used to be|would be|\w+n['’]t(?: be)?)\s+"
    r"(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def _in_words(text: str, found: Sequence[Measure]) -> Iterator[Measure]:
    """The performance that a note gives in the scale's own words, where it gives no grade."""
    if any({"ecog", "karnofsky"} & set(one.quantities) for one in found):
        return
    for pattern, id, grades in _performance():
        for match in pattern.finditer(text):
            if not _NOT_NOW.search(text, max(0, match.start() - 30), match.start()):
                yield Measure(match.start(), match.end(), match.start(), match.end(), (id,), grades)
                break


_NORMAL = (
    r"(?:normal|wnl|nad|unremarkable|fine|ok(?:ay)?|(?:with)?in (?:the )?(?:normal|reference)(?: (?:limits?|ranges?|values?))?|"
    r"within (?:limits|range))"
)
_NORMAL_BEFORE = re.compile(r"\bnormal\s(?:\w{1,12}\s(?:and|&)\s)?$", re.IGNORECASE)
_NORMAL_BEHIND = re.compile(
    r"(?:\s*(?:,|&|\+|/|\band\b)\s*(?!not\b|no\b|but\b)[\w&/+-]{1,20}(?:\s(?:tests?|count|function|screen|profile|panel))?(?=[\s,+/&])){0,5}"
    r"(?:\s+(?:of|from|on|in)\s[^.,;:\n]{1,24}?)?(?:\s*[:,-])?(?:\s+(?:is|are|was|were|came back|come back|remain(?:s|ed)?|all|both|"
    rf"entirely|completely)){{0,3}}\s+{_NORMAL}(?!\w)(?!\s*(?:,\s*)?(?:except|apart|but|other than|save|besides|aside|\())",
    re.IGNORECASE,
)


def _of_panels(text: str) -> Iterator[Measure]:
    """What is normal where a whole panel is: "FBC and LFTs of 3 May all within reference"."""
    anything, known = _panels()
    for panel in anything.finditer(text):
        behind = _NORMAL_BEHIND.match(text, panel.end(), panel.end() + 160)
        before = _NORMAL_BEFORE.search(text, max(0, panel.start() - 24), panel.start())
        end = behind.end() if behind else panel.end()
        start = before.start() if before else panel.start()
        for names, measured in known if behind or before else ():
            if names.fullmatch(panel[0]):
                yield Measure(start, end, start, end, measured, Range(), flag="normal")


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
            if unit is None and (upper or lower):
                return Measurement(id, value, None, words, upper, lower, measure.flag, taken)
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
        if anew is not None and not last_of.get(anew.quantity) and _BARE_NUMBER.match(text, cue.end, anew.words.start):
            anew = None
        spanning = any(one.words.start < cue.start < one.words.end for one in nearby)
        if anew is not None and last_of.get(anew.quantity):
            earlier = last_of[anew.quantity][-_LOOK_BACK:]
            for one in earlier:
                if done[one].taken in (None, anew.taken) or anew.taken is None or one == earlier[-1]:
                    done[one] = replace(done[one], superseded=True)
        elif anew is None and not spanning and place and cue.start - done[place - 1].words.end < 200:
            number = _BARE_NUMBER.match(text, cue.end)
            if (
                not number
                and _WITHDRAWN.match(text, cue.start)
                and not _STATEMENT_ENDS.search(text, done[place - 1].words.end, cue.start)
            ):
                done[place - 1] = replace(done[place - 1], superseded=True)
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
