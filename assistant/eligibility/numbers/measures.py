"""Finds measured values in criteria and in notes: which quantity, which numbers, which unit, and the limits of normal given."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.eligibility.knowledge import rows
from assistant.eligibility.numbers.gradings import GradeMention, GradingMention, grades, gradings
from assistant.eligibility.numbers.quantities import Quantity, all_quantities, quantity
from assistant.eligibility.numbers.units import (
    UnitFault,
    UnitMention,
    collapsed,
    convert,
    folded,
    implausible,
    lowered,
    named_unit,
    taken_as,
    unit_at,
)
from assistant.eligibility.ranges import Range, exactly

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

__all__ = ["PRESSURES", "GradeMention", "GradingMention", "Measure", "grades", "gradings", "measures"]

Flag = Literal["normal", "high", "low", "abnormal"]
Limit = Literal["ULN", "LLN"]

_LONGEST_VALUE = 14
"""Pieces that a value can have: "between 18 and 30 kg/m2 inclusive" has six."""
_FARTHEST_VALUE = 14
"""Pieces between a name and its value: "creatinine clearance (calculated by the Cockcroft-Gault formula) > 60 mL/min"."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A value or a bound of one or several quantities, in the text's own unit.

    "AST and ALT ≤ 2.5 × ULN" is one measure of two quantities; the words between are `text[name_start:name_end]`. A second bound for
    the same quantity ("QTc > 450 ms for men (470 for women)") starts at its own value and points back at the name.
    """

    start: int
    end: int
    name_start: int
    name_end: int
    quantities: tuple[str, ...]
    range: Range
    """Unbounded where only a flag is said: "potassium normal"."""
    unit: str | None = None
    """As `units` spells it where the quantity has it, else as the text does; None for pure numbers and where none was given."""
    of: Limit | None = None
    """Where `range` counts multiples of a limit of normal."""
    upper_limit: Range | None = None
    """The limits of normal given beside the value: "(ULN 40)", "(7-56)"."""
    lower_limit: Range | None = None
    flag: Flag | None = None
    negated: bool = False
    """Where the text denies a range that has two ends: "not between 18 and 30"; one bound is turned round instead."""


class _Piece(NamedTuple):
    """A token of the text; a quantity's name is one piece."""

    kind: str
    start: int
    end: int
    text: str
    means: tuple[str, ...] = ()
    """Ids of quantities for a NAME; units for a UNIT."""


class _Amount(NamedTuple):
    """A number as written, with its unit and the limit that it multiplies."""

    digits: str
    minus: bool
    units: tuple[str, ...]
    unit_text: str
    of: Limit | None


class _Value(NamedTuple):
    """A value as parsed, before a quantity gives meaning to it."""

    shape: str
    amounts: tuple[_Amount, ...]
    signs: tuple[str, ...]
    """The comparison before each bound: "ge", "gt", "le", "lt"."""


@cache
def _lark() -> "Lark":
    from lark import Lark

    grammar = files("assistant.eligibility.numbers").joinpath("measures.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", start=["value", "limits", "prose"], propagate_positions=False)


@cache
def _role(role: str) -> frozenset[str]:
    return frozenset(row["word"] for row in rows("measure-words.tsv") if row["role"] == role)


# --- the pieces of a text -------------------------------------------------------------------------------------------------------


def _stem(word: str) -> str:
    """Without the plural: "platelets" is "platelet"."""
    word = word.removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _key(token: "Token") -> str:
    return _stem(token.value) if token.type in ("WORD", "OTHER") else token.value


@cache
def _names() -> dict[str, list[tuple[tuple[str, ...], str | None, tuple[str, ...]]]]:
    """First word to the names that start with it, longest first: their words, the exact spelling if it counts, the quantities."""
    named = [(name, each.id) for each in all_quantities().values() for name in dict.fromkeys((*each.names, each.name))]
    lines: list[list[str]] = [[]]
    for token in _lark().lex("\n".join(lowered(folded(name)) for name, _ in named)):
        if token.value == "\n":
            lines.append([])
        elif token.type != "DASH":
            lines[-1].append(_key(token))
    lexed: dict[tuple[tuple[str, ...], str | None], tuple[str, ...]] = {}
    for (name, quantity_id), line in zip(named, lines, strict=True):
        entry = (tuple(line), folded(name) if len(name) <= 3 else None)
        lexed[entry] = tuple(dict.fromkeys((*lexed.get(entry, ()), quantity_id)))
    found: dict[str, list[tuple[tuple[str, ...], str | None, tuple[str, ...]]]] = {}
    for (words, exact), ids in sorted(lexed.items(), key=lambda item: -len(item[0][0])):
        found.setdefault(words[0], []).append((words, exact, ids))
    return found


def _name_at(tokens: Sequence["Token"], at: int, text: str) -> tuple[int, tuple[str, ...]] | None:
    """The longest name that starts at a token: the index after it, and the quantities that it names."""
    for words, exact, ids in _names().get(_key(tokens[at]), ()):
        after = _match(tokens, at, words)
        if after is None or _ends_on_value(tokens, at, after):
            continue
        if exact is None or text[_start(tokens[at]) : _end(tokens[after - 1])] == exact:
            return after, ids
    return None


def _ends_on_value(tokens: Sequence["Token"], at: int, after: int) -> bool:
    """Whether the number that a name ends on is the value: "HAM-D 17." is no HAM-D of seventeen items without a score."""
    last, bare = tokens[after - 1], after - at > 1 and tokens[after - 2].type == "WORD"
    apart = bare and last.type == "NUMBER" and _start(last) > _end(tokens[after - 2])
    return apart and (after == len(tokens) or tokens[after].type in ("STOP", "COMMA"))


def _match(tokens: Sequence["Token"], at: int, words: tuple[str, ...]) -> int | None:
    for word in words:
        if at < len(tokens) and tokens[at].type == "DASH" and word != words[0]:
            at += 1
        if at >= len(tokens) or _key(tokens[at]) != word:
            return None
        at += 1
    return at


def _start(token: "Token") -> int:
    return token.start_pos or 0


def _end(token: "Token") -> int:
    return token.end_pos or 0


def _pieces(raw: str) -> list[_Piece]:
    """The text as pieces: names joined, units recognised after numbers, all else as the lexer gives it."""
    text = folded(raw)
    lower = lowered(text)
    tokens = list(_lark().lex(lower))
    pieces: list[_Piece] = []
    at, covered = 0, 0
    while at < len(tokens):
        token = tokens[at]
        if _start(token) < covered:
            at += 1
            continue
        named = _name_at(tokens, at, text) if token.type not in ("BLANK", "COMMA", "OPEN", "CLOSE", "STOP") else None
        if named is not None:
            after, ids = named
            pieces.append(
                _Piece("NAME", _start(token), _end(tokens[after - 1]), lower[_start(token) : _end(tokens[after - 1])], ids)
            )
            at = after
            continue
        pieces.append(_Piece(token.type, _start(token), _end(token), token.value))
        at += 1
        if token.type == "NUMBER":
            pieces[-1] = pieces[-1]._replace(text=_raised(raw, pieces[-1]))
            covered = _add_unit(pieces, lower, raw)
    pieces = _without_unmeasured_sizes(_without_doubled_signs(pieces))
    return [_as_limit(pieces, at) for at in range(len(pieces))]


def _without_unmeasured_sizes(pieces: Sequence[_Piece]) -> list[_Piece]:
    """What names a size is a word where its sentence has no length: "liver metastases: AST ≤ 5 × ULN" measures no metastasis."""
    kept: list[_Piece] = []
    start = 0
    for at in range(len(pieces) + 1):
        if at == len(pieces) or pieces[at].kind == "STOP":
            sentence = pieces[start : at + 1]
            units = {unit for piece in sentence if piece.kind == "UNIT" for unit in piece.means}
            kept += [_as_word(piece, units) for piece in sentence]
            start = at + 1
    return kept


def _as_word(piece: _Piece, units: set[str]) -> _Piece:
    sized = piece.kind == "NAME" and all(quantity(each).kind == "size" for each in piece.means)
    if not sized or any(unit in quantity(each).units for each in piece.means for unit in units):
        return piece
    return piece._replace(kind="WORD", means=())


def _as_limit(pieces: Sequence[_Piece], at: int) -> _Piece:
    """The piece; an "x" or "times" that a number has behind it and nothing follows means the limit of normal.

    "AST and ALT ≤ 2.5x"; "AST 4.5 times the limit and ALT 5.2 times", where the other value of the sentence names the limit.
    """
    if pieces[at].kind not in ("X", "TIMES") or at < 2 or pieces[at - 1].kind != "NUMBER":
        return pieces[at]
    closed = at + 1 == len(pieces) or pieces[at + 1].kind in ("STOP", "COMMA", "CLOSE", "AND", "BUT")
    lead = at - 2 - (pieces[at - 2].text in ("is", "was", "at", "to", "are", "were") and at > 2)
    compared = pieces[at].kind == "X" and pieces[at - 2].kind in _SIGNS and pieces[min(at + 1, len(pieces) - 1)].kind != "AND"
    listed = pieces[lead].kind == "NAME" and _limit_beside(pieces, at)
    return pieces[at]._replace(kind="LIMIT") if closed and (compared or listed) else pieces[at]


_BESIDE = 12
"""Pieces within which a list names the limit that its values multiply."""


def _limit_beside(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether another number near, of the same sentence, multiplies a limit of normal."""
    for way in (range(at + 1, min(len(pieces), at + _BESIDE)), range(at - 2, max(1, at - _BESIDE), -1)):
        for place in way:
            if pieces[place].kind == "STOP":
                break
            if pieces[place].kind == "LIMIT" and pieces[place - 1].kind in ("TIMES", "NUMBER"):
                return True
    return False


def _without_doubled_signs(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Without the sign that repeats the words: "less than (<) 50"; "(≥)" alone stays a sign."""
    kept: list[_Piece] = []
    at = 0
    while at < len(pieces):
        signed = [piece.kind for piece in pieces[at : at + 3]]
        if len(signed) == 3 and signed[0] == "OPEN" and signed[1] in (*_SIGNS, "EQ") and signed[2] == "CLOSE":
            if not (kept and kept[-1].kind in _SIGNS):
                kept.append(pieces[at + 1])
            at += 3
            continue
        kept.append(pieces[at])
        at += 1
    return kept


def _raised(raw: str, number: _Piece) -> str:
    """ "10⁴" as "10^4", which is "104" once superscripts are folded."""
    power = raw[number.start + 2 : number.end]
    return f"10^{number.text[2:]}" if number.text.startswith("10") and power and power[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else number.text


_POWER = re.compile(r"\s{0,2}[x*]\s{0,2}10\s{0,2}(?:\^|\*\*|e)?\s{0,2}\(?(\d{1,2})\)?(?!\d)")


_WORDED_POWER = re.compile(r"\s?(million|billion|mio|thousand)\s(?=[a-z]{1,9}\s?/)")
_WORDED_POWERS = {"thousand": "3", "million": "6", "mio": "6", "billion": "9"}


_WRITTEN_OUT = re.compile(r"\s{0,2}[x*]\s{0,2}10(?P<zeros>(?:,?0){2,11})(?=\s?/)")
"""A power of ten with all its noughts: "150 x 1000000000/L"."""
_IN_BRACKETS = re.compile(r"\s?\((?P<each>(?:both|all|each)\s)?\s?(?:in\s)?")
_VALUE_NEXT = re.compile(r"\s?[:=]?\s?\d")


def _is_name(raw: str, start: int, end: int) -> bool:
    """Whether what looks like a unit names the next quantity: the "HR" of "BP 90/60 HR 120"."""
    word = raw[start:end]
    exact = any(spelled == word.strip() for _, spelled, _ in _names().get(word.strip().lower(), ()))
    return exact and word[0] == " " and _VALUE_NEXT.match(raw, end) is not None


def _add_unit(pieces: list[_Piece], lower: str, raw: str) -> int:
    """Adds the unit after the number that comes last: where it ends. "2 x 10^4 copies/mL" is twenty thousand copies/mL."""
    number = pieces[-1]
    if (noughts := _WRITTEN_OUT.match(lower, number.end)) and number.text[0].isdigit():
        said = f" x 10^{noughts['zeros'].count('0') + 1}"
        unit = unit_at(said + lower[noughts.end() : noughts.end() + 12], 0)
        if unit is not None and unit.units[0].startswith("10^"):
            end = noughts.end() + unit.end - len(said)
            pieces.append(_Piece("UNIT", number.end, end, said.strip() + raw[noughts.end() : end], unit.units))
            return end
    power = _POWER.match(lower, number.end) or _WORDED_POWER.match(lower, number.end)
    found = unit_at(lower, power.end()) if power is not None else None
    if power is not None and found is not None and number.text[0].isdigit() and not found.units[0].startswith(("/", "10^")):
        factor = float(number.text.replace(",", "")) if "^" not in number.text else 1.0
        pieces[-1] = number._replace(
            text=f"{factor * 10.0 ** int(_WORDED_POWERS.get(power[1], power[1])):.4f}", end=power.end()
        )
        number = pieces[-1]
    else:
        found = unit_at(lower, number.end)
    found = found or _unit_in_brackets(lower, number.end)
    if found is None or _is_name(raw, number.end, found.end):
        return number.end
    pieces.append(_Piece("UNIT", number.end, found.end, raw[number.end : found.end].strip(), found.units))
    return found.end


def _unit_in_brackets(lower: str, at: int) -> UnitMention | None:
    """The unit that stands in brackets after a number: "9.2 (g/dL)", "1.9, platelets 101 (both x10^9/L)"."""
    opening = _IN_BRACKETS.match(lower, at)
    found = unit_at(lower, opening.end()) if opening else None
    if opening is None or found is None or lower[found.end : found.end + 1] != ")":
        return None
    plain = opening["each"] or "/" in lower[opening.end() : found.end]
    return UnitMention(found.end + 1, found.units) if plain else None


# --- values ---------------------------------------------------------------------------------------------------------------------

_VALUE_KINDS = frozenset(
    "GE GT LE LT NOT OR_MORE OR_LESS BETWEEN FROM RANGE_TO INCLUSIVE LIMIT TIMES NUMBER UNIT DASH MINUS PLUS AND LIST COMMA BUT SLASH "
    "TIMES_OR_MORE EQ X NAME OR NORMAL OPEN CLOSE".split()
)
_MULTIPLES = frozenset(("twice", "double", "thrice", "triple"))
_SIGNS = {"GE": "ge", "GT": "gt", "LE": "le", "LT": "lt"}
_STARTS = frozenset(("GE", "GT", "LE", "LT", "NOT", "BETWEEN", "FROM", "NUMBER", "LIMIT", "DASH"))
_OPPOSITE = {"ge": "lt", "gt": "le", "le": "gt", "lt": "ge"}
_MIRRORED = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}


def _run(pieces: Sequence[_Piece], at: int) -> list[tuple[_Piece, int]]:
    """The pieces from an index that can belong to one value, as the grammar names them, each with the index after it."""
    run: list[tuple[_Piece, int]] = []
    between = False
    while at < len(pieces) and len(run) < _LONGEST_VALUE and pieces[at].kind in _VALUE_KINDS:
        piece, before = pieces[at], run[-1][0].kind if run else ""
        between = between or piece.kind in ("BETWEEN", "FROM")
        if piece.kind == "DASH" and _is_minus(pieces, at, before):
            run.append((piece._replace(kind="MINUS"), at + 1))
        elif (
            piece.kind in ("COMMA", "OR", "AND", "SLASH")
            and before in ("NUMBER", "UNIT")
            and (after := _list_end(pieces, at, between))
        ):
            run.append((piece._replace(kind="LIST"), after))
            at = after
            continue
        elif piece.kind == "NORMAL" and (before == "TIMES" or (before == "NUMBER" and run[-1][0].text in _MULTIPLES)):
            run.append((piece._replace(kind="LIMIT"), at + 1))
        elif piece.kind in ("OPEN", "CLOSE"):
            if not _wraps_limit(pieces, at, before):
                break
        else:
            run.append((piece, at + 1))
        at += 1
    return run


def _is_minus(pieces: Sequence[_Piece], at: int, before: str) -> bool:
    joined = at + 1 < len(pieces) and pieces[at + 1].kind == "NUMBER" and pieces[at + 1].start == pieces[at].end
    return joined and before in ("", "GE", "GT", "LE", "LT", "EQ", "RANGE_TO", "BETWEEN", "FROM", "LIST")


def _list_end(pieces: Sequence[_Piece], at: int, between: bool) -> int:
    """The index of the number that "," and "or" lead to, or 0; between two ends "and" is no list, and "140/90" is none either."""
    words, last = [], pieces[at - 1]
    while at < len(pieces) and pieces[at].kind in ("COMMA", "OR", "AND", "SLASH"):
        words.append(pieces[at].kind)
        at += 1
    if at >= len(pieces) or pieces[at].kind != "NUMBER" or words == ["SLASH"] or (between and words == ["AND"]):
        return 0
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if following and last.kind == following.kind == "UNIT" and last.means != following.means:
        return 0
    ends = at + 1 >= len(pieces) or pieces[at + 1].kind in ("COMMA", "OR", "AND", "STOP", "CLOSE", "UNIT")
    return at if words != ["COMMA"] or ends else 0


def _wraps_limit(pieces: Sequence[_Piece], at: int, before: str) -> bool:
    """ "1.5 × (ULN)": brackets round the limit alone."""
    if pieces[at].kind == "OPEN":
        return before == "TIMES" and [p.kind for p in pieces[at + 1 : at + 3]] == ["LIMIT", "CLOSE"]
    return before == "LIMIT" and at >= 2 and pieces[at - 2].kind == "OPEN" and at >= 3 and pieces[at - 3].kind == "TIMES"


def _parsed(start: str, run: Sequence[tuple[_Piece, int]]) -> "tuple[Tree[Token], int] | None":
    """The longest beginning of a run that the grammar knows, and how many pieces it takes."""
    from lark import Token
    from lark.exceptions import UnexpectedInput

    longest = len(run)
    while longest:
        parser = _lark().parse_interactive("", start=start)
        fed = 0
        try:
            for piece, _ in run[:longest]:
                parser.feed_token(Token(piece.kind, piece.text, start_pos=piece.start, end_pos=piece.end))
                fed += 1
            return parser.feed_eof(), longest  # type: ignore[no-untyped-call]
        except UnexpectedInput:
            longest = fed if fed < longest else longest - 1
    return None


def _amounts(tree: "Tree[Token]", means: dict[int, tuple[str, ...]]) -> Iterator[_Amount]:
    for node in tree.iter_subtrees_topdown():  # type: ignore[no-untyped-call]
        if node.data == "multiple_or_more":
            yield _Amount(str(node.children[0]), False, (), "", _limit(str(node.children[-1])))
        elif node.data == "limit_alone":
            yield _Amount("1", False, (), "", _limit(str(node.children[0])))
        elif node.data in ("amount", "figure"):
            words = {token.type: token for token in node.children if hasattr(token, "type")}
            unit = words.get("UNIT")
            units = means.get(unit.start_pos or 0, ()) if unit is not None else ()
            of = _limit(str(words["LIMIT"])) if "LIMIT" in words else None
            yield _Amount(str(words["NUMBER"]), "MINUS" in words, units, str(unit or ""), of)


def _limit(words: str) -> Limit:
    return "LLN" if "lln" in words or "lower" in words else "ULN"


def _signs(tree: "Tree[Token]") -> Iterator[str]:
    for node in tree.find_data("comparison"):
        kinds = [token.type for token in node.children if hasattr(token, "type")]
        sign = _SIGNS[kinds[-1]]
        yield _OPPOSITE[sign] if "NOT" in kinds else sign


def _value_at(pieces: Sequence[_Piece], at: int) -> tuple[_Value, int] | None:
    """The value that starts at an index, and the index after it."""
    if at >= len(pieces) or pieces[at].kind not in _STARTS:
        return None
    run = _run(pieces, at)
    parsed = _parsed("value", run)
    if parsed is None:
        return None
    tree, length = parsed
    means = {piece.start: piece.means for piece, _ in run if piece.kind == "UNIT"}
    shape = "bound" if tree.data == "value" else str(tree.data)
    signs = tuple(_signs(tree))
    value, after = _Value(shape, tuple(_amounts(tree, means)), signs), run[length - 1][1]
    if shape == "both" and not _is_one_range(value, pieces, after):
        return _value_of_first(pieces, at, run)
    return value, after


def _is_one_range(value: _Value, pieces: Sequence[_Piece], after: int) -> bool:
    """Whether two bounds close a range: "> 18 and ≤ 30", but not "< 7.5 or > 10", "> 3, no more than 2 tablets" or of two limits."""
    if {sign[0] for sign in value.signs} != {"g", "l"}:
        return False
    if len({amount.of for amount in value.amounts if amount.of}) > 1:
        return False
    measured = any(amount.units or amount.of for amount in value.amounts)
    counts = (
        after < len(pieces)
        and pieces[after].kind == "WORD"
        and pieces[after].text not in _role("filler") | _role("conditional")
    )
    return _range(value, [_number(amount, None) for amount in value.amounts]) is not None and (measured or not counts)


def _value_of_first(pieces: Sequence[_Piece], at: int, run: Sequence[tuple[_Piece, int]]) -> tuple[_Value, int] | None:
    """The first of two bounds that look the same way: "≤ 2.5 × ULN, ≤ 5 × ULN with metastases" is not one range."""
    stop = next((i for i, (piece, _) in enumerate(run) if i and piece.kind in ("AND", "COMMA", "BUT")), len(run))
    second = next(
        (i for i, (piece, _) in enumerate(run) if i > 1 and piece.kind in _SIGNS and run[i - 1][0].kind != "NOT"), len(run)
    )
    return _value_at(pieces[: at + min(stop, second)], at)


# --- what a value means for a quantity -------------------------------------------------------------------------------------------

_WORDS_FOR_NUMBERS: dict[str, float] = {
    word: number for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"one and a half": 1.5, "two and a half": 2.5, "three and a half": 3.5, "four and a half": 4.5}
_WORDS_FOR_NUMBERS |= {"twice": 2, "double": 2, "thrice": 3, "triple": 3}
_WORDS_FOR_NUMBERS |= {
    "fifteen": 15,
    "sixteen": 16,
    "eighteen": 18,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
}


def _number(amount: _Amount, unit: str | None) -> float:
    """The number: "1,500", "9,4", "three"; "1.500/mm3" is fifteen hundred, for a count has no thousandths."""
    digits = amount.digits
    if digits[0].isalpha():
        return float(24 if digits.startswith("twenty") and digits.endswith("four") else _WORDS_FOR_NUMBERS[digits])
    if digits.startswith("10^"):
        return float(10 ** int(digits[3:]))
    whole, _, decimals = digits.partition(".")
    if unit == "/µL" and len(decimals) == 3 and whole != "0":
        digits = whole + decimals
    before, comma, after = digits.partition(",")
    grouped = comma and len(after.split(".")[0].split(",")[0]) == 3 and before != "0"
    number = float(digits.replace(",", "" if grouped else ".").replace(" ", ""))
    return -number if amount.minus else number


def _bounded(sign: str, number: float) -> Range:
    if sign[0] == "g":
        return Range(low=number, low_open=sign == "gt")
    return Range(high=number, high_open=sign == "lt")


def _within(one: Range, other: Range) -> Range | None:
    """What lies in both bounds; None where nothing does."""
    low, high = (one, other) if other.low == -inf else (other, one)
    if low.low > high.high or low.high != inf or high.low != -inf:
        return None
    return Range(low.low, high.high, low.low_open, high.high_open)


def _span(numbers: Sequence[float]) -> Range | None:
    return Range(min(numbers), max(numbers))


def _several(numbers: Sequence[float]) -> Range | None:
    """ "0, 1 or 2": whole numbers in a row."""
    ordered = sorted(numbers)
    consecutive = all(number == int(number) for number in ordered) and ordered[-1] - ordered[0] == len(ordered) - 1
    return Range(ordered[0], ordered[-1]) if consecutive else None


def _range(value: _Value, numbers: Sequence[float]) -> Range | None:
    """The range that a value's numbers span, None where they make no sense together."""
    match value.shape:
        case "bound":
            return _bounded(value.signs[0], numbers[0])
        case "flipped_bound":
            return _bounded(_MIRRORED[value.signs[0]], numbers[0])
        case "both":
            return _within(_bounded(value.signs[0], numbers[0]), _bounded(value.signs[1], numbers[1]))
        case "sandwich":
            return _within(_bounded(_MIRRORED[value.signs[0]], numbers[0]), _bounded(value.signs[1], numbers[1]))
        case "span":
            return _span(numbers)
        case "at_least" | "multiple_or_more":
            return Range(numbers[0])
        case "at_most":
            return Range(high=numbers[0])
        case "several" | "pair":
            return _several(numbers)
        case _:
            return exactly(numbers[0])


class _Reading(NamedTuple):
    """A value read for a quantity."""

    range: Range
    unit: str | None
    of: Limit | None


def _read(value: _Value, quantity_id: str) -> _Reading | None:
    """What a value says of a quantity; None where its unit or its numbers cannot be the quantity's."""
    analyte = quantity(quantity_id)
    value = _out_of(value, analyte)
    amounts = value.amounts
    of = next((amount.of for amount in reversed(amounts) if amount.of), None)
    unit: str | None = None
    for amount in amounts:
        if amount.units:
            known = next((u for u in amount.units if u in analyte.units), None)
            if known is None and amount.units == ("+",) and value.shape == "exact":
                value = value._replace(shape="at_least")
                continue
            if known is None and (not _foreign(amount.units) or analyte.kind in ("score", "time", "size")):
                return None
            known = known or amount.unit_text
            if unit is not None and unit != known:
                return None
            unit = known
    if unit is None and of is None and (analyte.kind in ("time", "size") or analyte.unit == "+"):
        return None
    if analyte.kind == "score" and analyte.unit == "1" and len(amounts) == 1 and "," in amounts[0].digits and unit is None:
        parts = tuple(amounts[0]._replace(digits=digit) for digit in amounts[0].digits.split(","))
        value, amounts = _Value("several", parts, ()), parts
    found = _range(value, [_number(amount, unit) for amount in amounts])
    return None if found is None else _Reading(found, None if unit == "1" else unit, of)


_SHORTEST_SCALE = 10
"""Points from which "26/30" is so many out of the most there are; on a shorter scale "0/1" is one or the other."""


def _out_of(value: _Value, analyte: Quantity) -> _Value:
    """ "26/30" on a scale that ends at 30 is 26."""
    if value.shape != "pair" or analyte.kind != "score" or value.signs or analyte.plausible.high < _SHORTEST_SCALE:
        return value
    points, most = value.amounts
    ends = {analyte.plausible.high, *(numbers.high for _, numbers in analyte.bare)}
    whole = points.digits.isdigit() and most.digits.isdigit() and float(most.digits) in ends
    return _Value("exact", (points,), ()) if whole and float(points.digits) <= float(most.digits) else value


_EVERYDAY = frozenset(
    "mg/day g/day day week month year h s min g mg kg mm cm m in ft µm lb oz st mL L U U/L % /min /h + 1 letters".split()
)
"""Units of time, dose and size: a number in one of them is not an odd lab value but something else."""


def _foreign(units: Iterable[str]) -> bool:
    """Whether a unit can only be a laboratory's, so that the wrong analyte has it by mistake."""
    return not any(unit in _EVERYDAY for unit in units)


# --- binding names to values -----------------------------------------------------------------------------------------------------


class _Group(NamedTuple):
    """Names side by side that share a value: "AST and/or ALT"."""

    start: int
    end: int
    quantities: tuple[str, ...]
    after: int
    """The index of the piece after it."""
    last: "_Group | None" = None
    """The last name alone, where a comma parts it from the rest: in "urea, creatinine 1.2" the number is not the urea's."""


_JOINTS = frozenset(("AND", "OR", "COMMA", "SLASH", "OPEN", "CLOSE", "BUT"))


def _group(pieces: Sequence[_Piece], at: int) -> _Group:
    """The names from an index on that nothing but "and", "or", "/", "," and brackets part."""
    first = pieces[at]
    quantities, end, after = list(first.means), first.end, at + 1
    ahead = after
    while ahead < len(pieces) and ahead - after < 5:
        piece = pieces[ahead]
        if piece.kind == "NAME":
            if ahead > after:
                narrower = len(first.means) > 1 and set(piece.means) < set(quantities)
                quantities = list(piece.means) if narrower and quantities == list(first.means) else [*quantities, *piece.means]
            end, after = piece.end, ahead + 1
        elif piece.kind == "CLOSE" and ahead == after:
            end, after = piece.end, ahead + 1
        elif piece.kind not in (*_JOINTS, "PLUS") and not (
            piece.kind == "WORD" and piece.text in ("serum", "the", "either", "both", "and", "plasma")
        ):
            break
        ahead += 1
    everything = tuple(dict.fromkeys(quantities))
    final = pieces[after - 1]
    apart = (
        final.kind == "NAME" and final is not first and pieces[after - 2].kind == "COMMA" and set(final.means) < set(everything)
    )
    last = _Group(final.start, final.end, final.means, after) if apart else None
    return _Group(first.start, end, everything, after, last)


class _Found(NamedTuple):
    """A value found for a group: the readings by quantity, where it stands."""

    value: _Value
    start: int
    end: int
    after: int


def _search(pieces: Sequence[_Piece], group: _Group) -> _Found | Flag | None:
    """The value or the flag that follows a group of names."""
    strict, depth = True, 0
    for at in range(group.after, min(len(pieces), group.after + _FARTHEST_VALUE)):
        piece = pieces[at]
        if piece.kind in ("STOP", "NAME"):
            return None
        if piece.kind in ("NORMAL", "HIGH", "LOW", "ABNORMAL") and strict and not _values_follow(pieces, at):
            return _flag(piece.kind)
        found = _sum_at(pieces, at, group) or _value_at(pieces, at)
        if found is not None and (found[0].shape == "sum" or _acceptable(pieces, at, found, group, strict)):
            return _Found(_arrived(pieces, at, found[0]), pieces[at].start, pieces[found[1] - 1].end, found[1])
        if piece.kind == "WORD":
            if _ends_search(pieces, at) or (_stem(piece.text) == "grade" and _is_lab(group)):
                return None
            strict = strict and (piece.text in _role("filler") or depth > 0)
        elif piece.kind == "NOT":
            return None
        elif piece.kind in ("OPEN", "CLOSE"):
            depth += 1 if piece.kind == "OPEN" else -1
            if depth < -1:
                return None
        elif piece.kind in ("AND", "OR", "COMMA", "BUT", "NUMBER", "UNIT", "OTHER", "X", "LIMIT"):
            strict = strict and depth > 0
    return None


def _arrived(pieces: Sequence[_Piece], at: int, value: _Value) -> _Value:
    """ "Fell from 210 to 88" is 88."""
    moved = pieces[at].kind == "FROM" and pieces[at - 1].text in _role("moved")
    return _Value("exact", value.amounts[-1:], ()) if moved and value.shape == "span" else value


def _is_lab(group: _Group) -> bool:
    """Whether laboratory values are named, of which a grade is no value."""
    return all(quantity(each).kind == "lab" for each in group.quantities)


def _sum_at(pieces: Sequence[_Piece], at: int, group: _Group) -> tuple[_Value, int] | None:
    """A score given as the sum of two: "Gleason 4+3=7"."""
    ahead = pieces[at : at + 5]
    kinds = [piece.kind for piece in ahead]
    if kinds[:3] != ["NUMBER", "PLUS", "NUMBER"] or any(quantity(each).kind != "score" for each in group.quantities):
        return None
    first, second = ahead[0].text, ahead[2].text
    if not (first.isdigit() and second.isdigit()):
        return None
    total = str(int(first) + int(second))
    after = at + 5 if kinds[3:] == ["EQ", "NUMBER"] and ahead[4].text == total else at + 3
    return _Value("sum", (_Amount(total, False, (), "", None),), ()), after


def _values_follow(pieces: Sequence[_Piece], at: int) -> bool:
    """ "ALT elevated at 120": the number says more than the flag."""
    ahead = [piece for piece in pieces[at + 1 : at + 4] if not (piece.kind == "WORD" and piece.text in _role("filler"))]
    if ahead and ahead[0].kind == "OPEN":
        return len(ahead) > 1 and ahead[1].kind in ("NUMBER", "GE", "GT", "LE", "LT", "EQ", "LIMIT", "REFERENCE", "NORMAL")
    return bool(ahead) and ahead[0].kind in ("NUMBER", "GE", "GT", "LE", "LT", "EQ")


def _flag(kind: str) -> Flag:
    flags: dict[str, Flag] = {"NORMAL": "normal", "HIGH": "high", "LOW": "low", "ABNORMAL": "abnormal"}
    return flags[kind]


def _ends_search(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a word says that no value follows: "pending", "increase of …" (but "rose to 8" goes on)."""
    text = pieces[at].text
    if text in _role("blocked"):
        return True
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    reached = following is not None and (following.text == "to" or (following.kind == "FROM" and text in _role("moved")))
    return text in _role("change") and not reached


def _acceptable(pieces: Sequence[_Piece], at: int, found: tuple[_Value, int], group: _Group, strict: bool) -> bool:
    """Whether a value can be the group's: a number without unit or sign must stand right beside the name."""
    value, after = found
    readings = [_read(value, each) for each in group.quantities]
    if _is_pressure_pair(value, group.quantities):
        return True
    if set(group.quantities) == set(PRESSURES) and not pieces[group.after - 1].text.startswith(
        ("diastolic", "systolic", "dbp", "sbp")
    ):
        return False
    if _cut_off(pieces, at, after) or _announces(pieces, at, after):
        return False
    if _is_respective(value, group.quantities):
        return True
    if not any(readings) or all(_beyond(each, reading) for each, reading in zip(group.quantities, readings, strict=True)):
        return False
    compared = (
        bool(value.signs) or value.shape in ("at_least", "at_most", "multiple_or_more") or value.amounts[0].of is not None
    )
    measured = any(reading is not None and (reading.unit or reading.of) for reading in readings)
    if not strict or (pieces[at - 1].kind != "OPEN" and _bracketed(pieces, group.after, at)):
        return compared and (measured or all(quantity(each).kind == "score" for each in group.quantities))
    graded = all(quantity(each).kind == "score" for each in group.quantities) and (
        after == len(pieces) or pieces[after].kind in ("STOP", "COMMA", "CLOSE")
    )
    return measured or compared or graded or not _counts_something(pieces, at, after)


def _beyond(quantity_id: str, reading: _Reading | None) -> bool:
    """Whether a number is far beyond a score: the "2000" of "Disease Activity Index 2000"."""
    analyte = quantity(quantity_id)
    return reading is None or (analyte.kind == "score" and inf > reading.range.low > 10 * (analyte.plausible.high + 1))


def _bracketed(pieces: Sequence[_Piece], start: int, at: int) -> bool:
    """Whether a piece stands in brackets that open after a start."""
    kinds = [piece.kind for piece in pieces[start:at]]
    return kinds.count("OPEN") > kinds.count("CLOSE")


def _announces(pieces: Sequence[_Piece], at: int, after: int) -> bool:
    """Whether a limit alone is no value but names the laboratory's: "prolonged at 48 s (ULN 40)"."""
    if pieces[at].kind != "LIMIT":
        return False
    return pieces[at - 1].kind == "OPEN" or (after < len(pieces) and pieces[after].kind in ("NUMBER", "EQ"))


def _cut_off(pieces: Sequence[_Piece], at: int, after: int) -> bool:
    """Whether a value is but a part of something not understood: "two times or greater than", "< 3 times" of what, "4+3"?"""
    following = [piece.kind for piece in pieces[after : after + 2]]
    summed = following == ["PLUS", "NUMBER"] or (pieces[after - 1].kind == "PLUS" and following[:1] == ["NUMBER"])
    return summed or pieces[at - 1].kind in ("TIMES", "UNIT", "NUMBER", "PLUS", *_SIGNS) or following[:1] == ["TIMES"]


def _counts_something(pieces: Sequence[_Piece], at: int, after: int) -> bool:
    """Whether a bare number counts what follows ("platelets 2 units") or numbers what precedes ("day 3")."""
    if pieces[at].kind == "NUMBER" and pieces[at].text[0].isalpha():
        return True
    if after >= len(pieces):
        return False
    following = pieces[after]
    if following.kind == "TIMES" or (following.kind == "DASH" and _is_word(pieces, after + 1)):
        return True
    return following.kind == "WORD" and _stem(following.text) in _role("counted")


def _is_word(pieces: Sequence[_Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].kind == "WORD"


PRESSURES = ("systolic-bp", "diastolic-bp")


def _is_pressure_pair(value: _Value, quantities: Sequence[str]) -> bool:
    return value.shape in ("pair", "pairs") and set(quantities) == set(PRESSURES)


def _pressures(found: _Found, group: _Group) -> Iterator[Measure]:
    """ "140/90 mmHg": one measure each."""
    unit = next((u for amount in found.value.amounts for u in amount.units if u in ("mmHg", "kPa")), None)
    numbers = [_number(amount, unit) for amount in found.value.amounts]
    for place, each in enumerate(PRESSURES):
        said = exactly(numbers[place])
        if found.value.shape == "pairs":
            low, high = sorted((numbers[place], numbers[place + 2]))
            said = Range(low, high)
        elif found.value.signs:
            said = _bounded(found.value.signs[0], numbers[place])
        yield Measure(min(group.start, found.start), max(found.end, group.end), group.start, group.end, (each,), said, unit)


def _is_respective(value: _Value, quantities: Sequence[str]) -> bool:
    """Whether two numbers belong to two quantities, one each."""
    return value.shape == "pair" and len(quantities) == 2 and not value.signs and set(quantities) != set(PRESSURES)


def _respectively(found: _Found, group: _Group) -> Iterator[Measure]:
    """ "AST/ALT 31/44 U/L": one number each."""
    units = next((amount for amount in found.value.amounts if amount.units), found.value.amounts[0])
    for each, amount in zip(group.quantities, found.value.amounts, strict=True):
        one = amount._replace(units=units.units, unit_text=units.unit_text)
        reading = _read(_Value("exact", (one,), ()), each)
        if reading is not None:
            start, end = min(group.start, found.start), max(group.end, found.end)
            yield Measure(start, end, group.start, group.end, (each,), reading.range, reading.unit, reading.of)


def _measures_of(found: _Found, group: _Group) -> Iterator[Measure]:
    """The measures that a value gives a group; quantities that read it alike share one."""
    if _is_pressure_pair(found.value, group.quantities):
        yield from _pressures(found, group)
        return
    if found.value.shape == "exact" and found.value.amounts[0].of is None:
        group = group.last or group
    if _is_respective(found.value, group.quantities):
        yield from _respectively(found, group)
        return
    alike: dict[_Reading, list[str]] = {}
    readings = {each: reading for each in group.quantities if (reading := _read(found.value, each)) is not None}
    fitting = {each for each, reading in readings.items() if reading.unit is None or named_unit(reading.unit, each) is not None}
    for each, reading in readings.items():
        if each in fitting or not fitting:
            alike.setdefault(reading, []).append(each)
    known = {
        reading: each
        for reading, each in alike.items()
        if reading.unit is None or named_unit(reading.unit, each[0]) is not None
    }
    alike = known or alike
    for reading, quantities in alike.items():
        start, end = min(group.start, found.start), max(group.end, found.end)
        yield Measure(start, end, group.start, group.end, tuple(quantities), reading.range, reading.unit, reading.of)


def _with_limits(pieces: Sequence[_Piece], found: _Found, made: list[Measure]) -> tuple[list[Measure], int, bool]:
    """The limits of normal that follow a value in brackets or after a comma; the index after them, and whether they are for each."""
    at = found.after
    where = at < len(pieces) and pieces[at].kind == "WORD" and pieces[at].text in ("where", "with", "when")
    if (
        at + 1 >= len(pieces)
        or not (where or pieces[at].kind in ("OPEN", "COMMA"))
        or not made
        or found.value.shape not in ("exact", "bound")
    ):
        return made, found.after, False
    bracketed = pieces[at].kind == "OPEN"
    run = [
        (piece, at + 2 + index)
        for index, piece in enumerate(pieces[at + 1 : at + 12])
        if not (piece.kind == "WORD" and piece.text in ("is", "was", "of", "being"))
    ]
    close = next((index for index, (piece, _) in enumerate(run) if piece.kind in ("CLOSE", "STOP", "OPEN")), len(run))
    run = run[:close]
    opening = run[0][0].kind if run else ""
    announced = opening in ("LIMIT", "REFERENCE") or (bracketed and opening == "NORMAL")
    if not announced and not (bracketed and found.value.shape == "exact" and run and run[0][0].kind == "NUMBER"):
        return made, found.after, False
    parsed = _parsed("limits", run)
    if parsed is None or (bracketed and parsed[1] != len(run)) or (len(run) == 1):
        return made, found.after, False
    tree, length = parsed
    amounts = list(_amounts(tree, {piece.start: piece.means for piece, _ in run if piece.kind == "UNIT"}))
    amounts = [amount for amount in amounts if amount.of is None]
    if not amounts or (not announced and tree.data != "between"):
        return made, found.after, False
    numbers = [exactly(_number(amount, None)) for amount in amounts]
    lower = numbers[0] if tree.data in ("between", "lower") else None
    upper = numbers[-1] if tree.data in ("between", "upper") else None
    if lower is None and upper is not None and run[0][0].kind == "LIMIT" and _limit(run[0][0].text) == "LLN":
        lower, upper = upper, None
    if tree.data == "upper" and "limit" in run[0][0].text and run[0][0].kind == "REFERENCE":
        made = [m for m in made if quantity(m.quantities[0]).sense == "high"] or made
        if quantity(made[0].quantities[0]).sense != "high":
            return made, found.after, False
    after = run[length - 1][1] + (1 if bracketed else 0)
    end = pieces[min(after, len(pieces)) - 1].end
    each = run[length - 1][0].kind == "EACH"
    return [replace(m, upper_limit=upper, lower_limit=lower, end=max(m.end, end)) for m in made], after, each


def _latest(pieces: Sequence[_Piece], found: _Found, made: list[Measure], group: _Group) -> tuple[_Found, list[Measure]]:
    """The last of values that arrows join: "Hb 9.4 → 8.2 g/dL" is 8.2."""
    while made and found.value.shape == "exact":
        arrow = _arrow(pieces, found.after)
        later = _value_at(pieces, arrow) if arrow else None
        if later is None or later[0].shape != "exact":
            break
        value, after = later
        amount = value.amounts[0]
        if not amount.units and not amount.unit_text:
            given = found.value.amounts[0]
            value = value._replace(amounts=(amount._replace(units=given.units, unit_text=given.unit_text),))
        found = _Found(value, found.start, pieces[after - 1].end, after)
        again = list(_measures_of(found, group))
        if not again:
            break
        made = again
    return found, made


def _arrow(pieces: Sequence[_Piece], at: int) -> int:
    """The index after an arrow, 0 where none stands: "→", "->", "-->"."""
    if at < len(pieces) and pieces[at].text == "→":
        return at + 1
    start = at
    while at < len(pieces) and pieces[at].kind == "DASH":
        at += 1
    joined = at < len(pieces) and at > start and pieces[at].text == ">" and pieces[at].start == pieces[at - 1].end
    return at + 1 if joined else 0


_FLAG_LETTERS: dict[str, Flag] = {"h": "high", "hi": "high", "l": "low", "lo": "low", "n": "normal", "wnl": "normal"}


def _flag_in_brackets(pieces: Sequence[_Piece], at: int) -> Flag | None:
    """What is said of a value in brackets after it: "ALT 45 (normal)", "K 3.3 (L)"."""
    ahead = pieces[at : at + 3]
    if [piece.kind for piece in ahead[::2]] != ["OPEN", "CLOSE"]:
        return None
    if ahead[1].kind == "WORD":
        return _FLAG_LETTERS.get(ahead[1].text)
    return _flag(ahead[1].kind) if ahead[1].kind in ("NORMAL", "HIGH", "LOW", "ABNORMAL") else None


def _about_equal(one: Measure, other: _Reading) -> bool:
    """Whether two values in different units say the same: "≥ 9 g/dL (5.6 mmol/L)"."""
    if one.unit is None or other.unit is None or one.unit == other.unit or one.of or other.of:
        return False
    try:
        said = convert(one.range, one.unit, None, one.quantities[0])
        again = convert(other.range, other.unit, None, one.quantities[0])
    except UnitFault:
        return False
    pairs = [(said.low, again.low), (said.high, again.high)]
    if other.range.low == other.range.high:
        pairs = [(number, again.low) for number in (said.low, said.high) if abs(number) != inf]
    return all(a == b or (abs(a) != inf and abs(b) != inf and abs(a - b) <= 0.06 * max(abs(a), abs(b))) for a, b in pairs)


def _said_again(pieces: Sequence[_Piece], at: int, made: Sequence[Measure]) -> int | None:
    """The index after the same value in another unit, where that follows: in brackets, after "or" or "="."""
    ahead = at
    while ahead < len(pieces) and ahead - at < 3 and pieces[ahead].kind in ("OPEN", "OR", "EQ", "COMMA", "SLASH"):
        ahead += 1
    while (
        ahead < len(pieces)
        and pieces[ahead].kind == "WORD"
        and pieces[ahead].text in ("si", "i", "e", "equivalent", "approximately")
    ):
        ahead += 1
    found = _value_at(pieces, ahead) if ahead > at else None
    if found is None or not made:
        return None
    reading = _read(found[0], made[0].quantities[0])
    if reading is None or not _about_equal(made[0], reading):
        return None
    after = found[1]
    closes = pieces[at].kind == "OPEN" and after < len(pieces) and pieces[after].kind == "CLOSE"
    return after + 1 if closes else after


def _second(pieces: Sequence[_Piece], at: int, group: _Group, last: Measure, since: int) -> tuple[_Found, _Reading] | None:
    """Another bound for the quantities named before: "…, or ≤ 5 × ULN with liver metastases", "(470 for women)"."""
    found = _value_at(pieces, at)
    if found is None:
        return None
    value, after = found
    reading = _read(value, last.quantities[0])
    if reading is None or _cut_off(pieces, at, after) or _named_next(pieces, after):
        return None
    between = pieces[since:at]
    direct = pieces[at - 1].kind in _JOINTS or all(piece.kind in _JOINTS or piece.kind == "EQ" for piece in between)
    known = all(piece.kind in _JOINTS or piece.kind == "EQ" for piece in between)
    conditional = any(piece.kind == "WORD" and piece.text in _role("conditional") for piece in between)
    bounded = last.range.low != last.range.high
    if reading.unit is None and reading.of is None and not _is_one_of(pieces, after, "conditional", "filler"):
        return None
    place = _Found(value, pieces[at].start, pieces[after - 1].end, after)
    if value.signs and (known or conditional) and (reading.unit or reading.of or direct):
        same = reading.unit or reading.of or last.of
        return place, reading if same else reading._replace(unit=last.unit)
    applies = after < len(pieces) and pieces[after].kind == "WORD" and pieces[after].text in ("for", "in", "if", "when", "with")
    if (
        value.shape == "exact"
        and bounded
        and (known or conditional)
        and (applies or (known and reading.of))
        and (reading.unit or reading.of or direct)
    ):
        sign = ("g" if last.range.high == inf else "l") + ("t" if last.range.low_open or last.range.high_open else "e")
        unit = reading.unit if reading.unit or reading.of else last.unit
        return place, _Reading(_bounded(sign, reading.range.low), unit, reading.of or (None if reading.unit else last.of))
    return None


def _is_one_of(pieces: Sequence[_Piece], at: int, *roles: str) -> bool:
    """Whether no word follows, or one of these roles: after "no more than 2" not "tablets"."""
    return not _is_word(pieces, at) or any(pieces[at].text in _role(role) for role in roles)


def _prefix_flag(pieces: Sequence[_Piece], at: int) -> tuple[Flag, int] | None:
    """The flag before a name and where it starts: "elevated serum ALT"."""
    before = at - 1
    while (
        before >= 0
        and pieces[before].kind == "WORD"
        and pieces[before].text in ("serum", "plasma", "blood", "level", "levels", "of")
    ):
        before -= 1
    if before < 0 or pieces[before].kind not in ("NORMAL", "HIGH", "LOW", "ABNORMAL"):
        return None
    return _flag(pieces[before].kind), pieces[before].start


def _changed(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a change of the quantity is spoken of: "increase in creatinine", "drop of haemoglobin"."""
    before = [piece.text for piece in pieces[max(0, at - 3) : at] if piece.kind in ("WORD", "FROM", "HIGH", "LOW")]
    while before and before[-1] in ("in", "of", "the", "serum", "from"):
        before.pop()
    return bool(before) and before[-1] in _role("change")


def _of_other_specimen(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a laboratory value is not the blood's: "sweat chloride", "CSF glucose"."""
    before = [piece for piece in pieces[max(0, at - 2) : at] if piece.kind == "WORD" and piece.text != "fluid"]
    return bool(before) and before[-1].text in _role("specimen") and quantity(pieces[at].means[0]).kind == "lab"


def _before(pieces: Sequence[_Piece], at: int, group: _Group, free: int) -> _Found | None:
    """A value right before the name, not bound to another: "at least 12 weeks life expectancy", "14 mm lesion", "18 ≤ BMI < 30"."""
    for start in range(max(free, at - 9), at):
        if pieces[start].kind not in _STARTS:
            continue
        found = _value_at(pieces[: at + _LONGEST_VALUE], start)
        if found is None:
            continue
        value, after = found
        if value.shape == "sandwich" and after > at:
            return _Found(value, pieces[start].start, pieces[after - 1].end, after)
        gap = [
            piece
            for piece in pieces[after:at]
            if piece.kind != "DASH" and piece.text not in ("of", "in", "the", "target", "liver", "lung")
        ]
        if after > at or gap or not any(_read(value, each) is not None for each in group.quantities):
            continue
        fits = any((reading := _read(value, each)) is not None and (reading.unit or reading.of) for each in group.quantities)
        if fits or value.shape == "flipped_bound":
            return _Found(value, pieces[start].start, pieces[after - 1].end, group.after)
    return None


_NAMELESS = {"kg/m²": "bmi", "week of gestation": "gestational-age", "pack-years": "pack-years"}
"""Units that one quantity alone has."""


def _nameless(pieces: Sequence[_Piece], at: int) -> tuple[list[Measure], int]:
    """A value that its unit names: "34 kg/m2", "30 pack-years", "150/95 mmHg", "5'10"."""
    piece = pieces[at]
    if piece.kind == "HEIGHT":
        feet, _, inches = "".join(c if c.isdigit() else " " for c in piece.text).strip().partition(" ")
        return [
            Measure(piece.start, piece.end, piece.start, piece.end, ("height",), exactly(12.0 * int(feet) + int(inches)), "in")
        ], at + 1
    found = _value_at(pieces, at) if piece.kind in _STARTS and _names_itself(pieces, at) else None
    if found is None:
        return [], at + 1
    value, after = found
    units = {unit for amount in value.amounts for unit in amount.units}
    place = _Found(value, piece.start, pieces[after - 1].end, after)
    if value.shape in ("pair", "pairs") and "mmHg" in units:
        return list(_pressures(place, _Group(piece.start, place.end, PRESSURES, after))), after
    only = next((quantity_id for unit, quantity_id in _NAMELESS.items() if unit in units), None)
    only = only or _alone_in_clause(pieces, at, place, units)
    if only is None or value.shape in ("sandwich", "flipped_bound"):
        return [], at + 1
    return list(_measures_of(place, _Group(piece.start, place.end, (only,), after))), after


_ALONE = {"kg": "weight", "lb": "weight", "cm": "height", "°C": "temperature", "°F": "temperature"}
"""Units that name a quantity where nothing else stands in the clause, or no more than its letter: ", 34 kg,", "T: 39.5 C"."""


_TALL = 120
"""Centimetres from which a bare length is a stature: no lesion is as long."""


def _alone_in_clause(pieces: Sequence[_Piece], at: int, found: _Found, units: set[str]) -> str | None:
    only = next((id for unit, id in _ALONE.items() if unit in units), None)
    if only is None or found.value.shape != "exact" or found.value.amounts[0].of is not None:
        return None
    before = at - 1 - (at > 0 and pieces[at - 1].kind == "EQ")
    lettered = before >= 0 and pieces[before].text == only[0] and pieces[before].kind == "WORD"
    opens = (
        at == 0
        or pieces[at - 1].kind in ("COMMA", "STOP", "SLASH")
        or [p.kind for p in pieces[at - 2 : at]] == ["HEIGHT", "AND"]
    )
    ends = found.after == len(pieces) or pieces[found.after].kind in ("COMMA", "STOP", "SLASH", "CLOSE", "OPEN")
    ends = ends or pieces[found.after - 1].text.endswith(".")
    told = [piece.text for piece in pieces[max(0, at - 12) : at] if piece.kind in ("WORD", "LOW", "HIGH")]
    if not (lettered or (opens and ends and not any(word in _role("change") | _role("dosed") for word in told))):
        return None
    reading = _read(found.value, only)
    if only == "height" and (reading is None or reading.range.low < _TALL):
        return None
    return only if reading and implausible(only, reading.range, reading.unit) is None else None


def measures(text: str) -> tuple[Measure, ...]:
    """Every measure of a text, in its order; offsets in code points of the text as given. Linear in its length."""
    flat, places = collapsed(text)
    pieces = _pieces(flat)
    found: list[Measure] = []
    at = free = since = 0
    group: _Group | None = None
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "NAME":
            group = _group(pieces, at)
            made, after = _measured(pieces, at, group, free)
            found += made
            at = after
            if made:
                free = since = after
            continue
        if piece.kind == "STOP":
            group, free = None, at + 1
        elif group is not None and found and found[-1].name_start == group.start and piece.kind in _STARTS:
            second = _second(pieces, at, group, found[-1], since)
            if second is not None:
                place, reading = second
                last = found[-1]
                found.append(Measure(place.start, place.end, last.name_start, last.name_end, last.quantities, *reading))
                at = free = since = place.after
                continue
        if piece.kind in _STARTS or piece.kind == "HEIGHT":
            made, after = _nameless(pieces, at)
            if made and (piece.kind == "HEIGHT" or not _named_next(pieces, after)):
                found += made
                at = free = after
                continue
        at += 1
    shared = sorted(_shared(found, pieces), key=lambda measure: (measure.start, measure.end))
    return tuple(_placed(measure, places) for measure in shared)


def _placed(measure: Measure, places: Sequence[int]) -> Measure:
    """The measure with offsets of the text as given."""
    start, end, name_start, name_end = measure.start, measure.end, measure.name_start, measure.name_end
    return replace(
        measure,
        start=places[start],
        end=places[end - 1] + 1,
        name_start=places[name_start],
        name_end=places[name_end - 1] + 1,
    )


def _names_itself(pieces: Sequence[_Piece], at: int) -> bool:
    """Whether a unit that one quantity alone has follows soon."""
    return any(
        unit in _NAMELESS or unit in _ALONE or unit == "mmHg"
        for piece in pieces[at : at + 8]
        for unit in piece.means
        if piece.kind == "UNIT"
    )


def _named_next(pieces: Sequence[_Piece], at: int) -> bool:
    return at < len(pieces) and pieces[at].kind == "NAME"


def _measured(pieces: Sequence[_Piece], at: int, group: _Group, free: int) -> tuple[list[Measure], int]:
    """The measures of a group of names, and the index to go on from."""
    if _changed(pieces, at) or _of_other_specimen(pieces, at):
        return [], group.after
    before = _before(pieces, at, group, free)
    if before is not None and before.value.shape in ("sandwich", "flipped_bound"):
        return list(_measures_of(before, group)), before.after
    prefix = _prefix_flag(pieces, at)
    found = _search(pieces, group)
    if isinstance(found, _Found) and before is not None and _apart(pieces, group.after, found):
        return list(_measures_of(before, group)), group.after
    if isinstance(found, _Found):
        made = list(_measures_of(found, group))
        if (
            made
            and prefix is not None
            and group.quantities[0] not in made[0].quantities
            and pieces[at].means != made[0].quantities
        ):
            alone = _Group(pieces[at].start, pieces[at].end, pieces[at].means, at + 1)
            return [_flagged(alone, prefix[0], prefix[1], alone.end), *made], max(found.after, group.after)
        found, made = _latest(pieces, found, made, group)
        made, after, _ = _with_limits(pieces, found, made)
        said = _flag_in_brackets(pieces, after) if after == found.after else None
        if made and said:
            made, after = [replace(m, flag=said, end=pieces[after + 2].end) for m in made], after + 3
        again = _said_again(pieces, after, made)
        if again is not None:
            made, after = [replace(m, end=pieces[again - 1].end) for m in made], again
        if prefix is not None:
            made = [replace(m, flag=prefix[0], start=min(m.start, prefix[1])) for m in made]
        return made, max(after, group.after)
    if before is not None:
        return list(_measures_of(before, group)), group.after
    flagged = all(quantity(each).kind in ("lab", "vital") for each in group.quantities)
    if isinstance(found, str) and flagged:
        return [_flagged(group, found, group.start, _flag_end(pieces, group))], group.after
    if prefix is not None and flagged:
        return [_flagged(group, prefix[0], prefix[1], group.end)], group.after
    return [], group.after


def _apart(pieces: Sequence[_Piece], start: int, found: _Found) -> bool:
    """Whether "and", "or" or a comma parts a name from the value after it: "≥ 150 mmHg systolic or ≥ 90 mmHg diastolic"."""
    return any(piece.kind in ("AND", "OR", "COMMA") and piece.start < found.start for piece in pieces[start : found.after])


def _flag_end(pieces: Sequence[_Piece], group: _Group) -> int:
    return next(p.end for p in pieces[group.after :] if p.kind in ("NORMAL", "HIGH", "LOW", "ABNORMAL"))


def _flagged(group: _Group, flag: Flag, start: int, end: int) -> Measure:
    return Measure(min(start, group.start), max(end, group.end), group.start, group.end, group.quantities, Range(), flag=flag)


def _shared(found: Sequence[Measure], pieces: Sequence[_Piece]) -> list[Measure]:
    """Neighbours of a list share the unit and the limit that is given once: "AST 130 and ALT 171 U/L (ULN 40 each)"."""
    ends = {piece.end: index for index, piece in enumerate(pieces)}
    starts = {piece.start: index for index, piece in enumerate(pieces)}
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        one, other = shared[index], shared[index + 1]
        gap = pieces[ends.get(one.end, 0) + 1 : starts.get(other.start, 0)]
        if (
            one.range.low != one.range.high
            or not gap
            or len(gap) > 2
            or any(p.kind not in ("AND", "COMMA", "SLASH") for p in gap)
        ):
            continue
        shared[index] = _sharing(one, other, pieces, ends)
    return shared


@cache
def _named_together(one: str, other: str) -> bool:
    """Whether some name means both: AST and ALT are the liver enzymes, and are given with one limit."""
    return any({one, other} <= set(ids) for names in _names().values() for _, _, ids in names)


def _sharing(one: Measure, other: Measure, pieces: Sequence[_Piece], ends: dict[int, int]) -> Measure:
    limited = one.upper_limit is not None or one.lower_limit is not None
    given = other.upper_limit is not None or other.lower_limit is not None
    if one.unit == other.unit and given and not (limited or one.of or other.of):
        together = _named_together(one.quantities[0], other.quantities[0])
        return replace(one, upper_limit=other.upper_limit, lower_limit=other.lower_limit) if together else one
    if one.unit is not None or other.unit is None or other.of or named_unit(other.unit, one.quantities[0]) is None:
        return one
    if implausible(one.quantities[0], one.range, other.unit) is not None:
        return one
    try:
        if taken_as(one.range, one.quantities[0]) != other.unit:
            return one
    except UnitFault:
        pass
    last = pieces[max(0, ends.get(other.end, 0) - 3) : ends.get(other.end, 0) + 1]
    each = any(piece.kind == "EACH" for piece in last) or _named_together(one.quantities[0], other.quantities[0])
    if one.upper_limit is None and one.lower_limit is None and each:
        return replace(one, unit=other.unit, upper_limit=other.upper_limit, lower_limit=other.lower_limit)
    return replace(one, unit=other.unit)
