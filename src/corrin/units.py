"""Numbers as printed become closed intervals of whole steps, exactly; no clinical number lives here.

Text or an exact decimal with its unit enters, thousandths of the asked unit leave. What cannot be read is
refused by name. Units, factors and limits are handed in.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from corrin.errors import Refusal

STEPS = 10**3
"""Steps of the grid in one unit: numbers are whole thousandths."""

Interval = tuple[int | None, int | None]

_PRINTED = re.compile(
    r"(<=|>=|=<|=>|<|>|≤|≥|=)?\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))(?![\d.,])\s*(.*)", re.DOTALL
)
_COMMA = re.compile(r"\d[\d.]*,[\d.,]*\d")
_DECIMAL_COMMA = re.compile(r"0,\d+|\d+,(?:\d{1,2}|\d{4,})")
"""A comma that can only stand before decimals; `1,200` may be a thousand and more."""
_COMPARATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">=", "=": ""}
_DIGITS = 18


class Printed(NamedTuple):
    """A number as a laboratory prints it: comparator (`<`, `<=`, `>`, `>=` or empty), exact value, unit."""

    comparator: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is read for one assay; a value times `factor` is in the finding's own unit."""

    name: str
    factor: Fraction
    own: bool = field(init=False, compare=False)
    """Nothing has to be converted."""
    steps: int = field(init=False, compare=False)
    of: int = field(init=False, compare=False)
    """One of this unit is `steps` / `of` steps, in whole numbers: fractions are slow."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "own", self.factor == 1)
        object.__setattr__(self, "steps", self.factor.numerator * STEPS)
        object.__setattr__(self, "of", self.factor.denominator)


@dataclass(frozen=True, slots=True)
class Edge:
    """A limit in steps that rounding never crosses; `pair` is the same limit, published in the value's unit.

    A value keeps to its own side of the pair if there is one; `strict` says which side excludes the limit.
    """

    limit: int
    pair: Fraction | None = None
    strict: str = ""
    count: int = field(init=False, compare=False)
    parts: int = field(init=False, compare=False)
    """The pair in whole numbers: `count` / `parts`."""

    def __post_init__(self) -> None:
        count, parts = (self.pair or Fraction()).as_integer_ratio()
        object.__setattr__(self, "count", count)
        object.__setattr__(self, "parts", parts)


def read(text: str) -> Printed:
    """Read `<83 pg/mL` as printed; a comma, a range or words are refused.

    >>> read("<83 pg/mL")
    Printed(comparator='<', value=Decimal('83'), unit='pg/mL')
    """
    stripped = text.strip()
    if comma := _COMMA.search(stripped):
        plain = _DECIMAL_COMMA.fullmatch(comma[0])
        mend = comma[0].replace(",", ".") if plain else ""
        raise Refusal(
            f"a comma in the number `{comma[0]}`",
            f"Write `{mend}`."
            if mend
            else "Write a point before the decimals, and nothing between thousands.",
        )
    match = _PRINTED.fullmatch(stripped)
    if not match:
        raise Refusal(f"no number in `{_short(stripped)}`", "Write a number and its unit.")
    sign = match[1] or ""
    return Printed(_COMPARATORS.get(sign, sign), Decimal(match[2]), match[3].strip())


def unit(spellings: Mapping[str, Unit], printed: str, code: str, known: Iterable[str] = ()) -> Unit:
    """The unit of a value: by its UCUM code when there is one, else as printed.

    Shape: `spellings` are those of one assay; `known` are all spellings of every assay: a printed unit among
    them says something, and must then agree with the code.
    Errors: no unit, one that is not listed, and a code that disagrees with what is printed are refused.
    """
    printed, code = printed.strip(), code.strip()
    said = code or printed
    found = spellings.get(said)
    if found is None:
        what = f"the unit `{_short(said)}` is not read here" if said else "no unit"
        raise Refusal(what, f"Give it in {_listed(spellings)}.")
    if code and printed and printed != code:
        other = spellings.get(printed)
        if (other is None and printed in known) or (other is not None and other.factor != found.factor):
            raise Refusal(
                f"the unit is printed `{_short(printed)}` but coded `{code}`", "Make the two agree."
            )
    return found


def exact(value: Decimal, given: Unit) -> Fraction:
    """The value in the finding's own unit, exactly."""
    return Fraction(value) * given.factor


def same_kind(one: Unit, other: Unit) -> bool:
    """Both count moles, or both weigh: they differ by a power of ten.

    >>> same_kind(Unit("nmol/L", Fraction("1355.37")), Unit("pmol/L", Fraction("1.35537")))
    True
    """
    ratio = one.factor / other.factor
    larger = max(ratio, 1 / ratio)
    return (
        larger.denominator == 1
        and set(str(larger.numerator)[1:]) <= {"0"}
        and str(larger.numerator)[0] == "1"
    )


def converted(value: Fraction, given: Unit, wanted: Unit) -> Fraction:
    """A value of one unit in another of the same kind, exactly."""
    return value * given.factor / wanted.factor


def interval(comparator: str, value: Decimal, given: Unit, edges: Iterable[Edge] = ()) -> Interval:
    """The closed interval of steps that a printed number stands for, on its own side of every limit.

    >>> interval("<", Decimal(500), Unit("pg/mL", Fraction(1)))
    (None, 499999)
    """
    if not value.is_finite() or value.adjusted() > _DIGITS or _too_long(value):
        raise Refusal(f"`{_short(str(value))}` is no plausible number", "Write a number with its decimals.")
    match comparator:
        case "":
            step = _end(value, 0, given, edges)
            return (step, step)
        case "<":
            return (None, _end(value, -1, given, edges))
        case "<=":
            return (None, _end(value, 0, given, edges))
        case ">":
            return (_end(value, 1, given, edges), None)
        case ">=":
            return (_end(value, 0, given, edges), None)
        case _:
            raise Refusal(f"the comparator `{_short(comparator)}` is not read here", "Use <, <=, > or >=.")


def between(low: int, value: Decimal, high: int, given: Unit) -> bool:
    """The value lies between two ends in steps, either of them included; compared exactly.

    >>> between(0, Decimal("0.1"), 100, Unit("pg/mL", Fraction(1)))
    True
    """
    count, parts = value.as_integer_ratio()
    steps, of = count * given.steps, parts * given.of
    return low * of <= steps <= high * of


def _too_long(value: Decimal) -> bool:
    """More digits than anybody measures; a text that is no longer than that has no more of them."""
    return len(str(value)) > _DIGITS and len(value.as_tuple().digits) > _DIGITS


def _end(value: Decimal, lean: int, given: Unit, edges: Iterable[Edge]) -> int:
    """One end in steps; `lean` says that it lies just below (-1) or just above (+1) the value.

    Everything is compared exactly, in whole numbers: the value is `count` / `parts` of its unit, and lies at
    `steps` / `of` of the grid.
    """
    count, parts = value.as_integer_ratio()
    steps, of = count * given.steps, parts * given.of
    step = _nearest(steps, of) if lean == 0 else _beside(steps, of, lean)
    on_grid = lean == 0 and step * of == steps
    for edge in edges:
        limit = edge.limit
        if edge.pair is None:
            if on_grid:
                continue  # it lies on its own side already: nothing was rounded
            side = _side(steps, limit * of, lean)
            step = min(step, limit - 1) if side < 0 else max(step, limit + 1) if side else limit
        elif edge.strict == "below":
            side = _side(count * edge.parts, edge.count * parts, lean)
            step = min(step, limit - 1) if side < 0 else max(step, limit)
        else:
            side = _side(count * edge.parts, edge.count * parts, lean)
            step = max(step, limit + 1) if side > 0 else min(step, limit)
    return step


def _nearest(count: int, parts: int) -> int:
    """The nearest whole number; halfway between two the even one, as `round` has it."""
    whole, rest = divmod(count, parts)
    return whole if not rest else whole + (2 * rest > parts or (2 * rest == parts and whole % 2 == 1))


def _beside(count: int, parts: int, lean: int) -> int:
    """The next whole number above (+1) or below (-1), never the number itself."""
    return count // parts + 1 if lean > 0 else -(-count // parts) - 1


def _side(value: int, limit: int, lean: int) -> int:
    """Below (-1), at (0) or above (+1) a limit, when the value leans to one side of itself."""
    if value == limit:
        return lean
    return 1 if value > limit else -1


def _listed(spellings: Mapping[str, Unit]) -> str:
    names = dict.fromkeys(unit.name for unit in spellings.values())
    return " or ".join(names) if names else "a word, not a number"


def _short(text: str) -> str:
    plain = text.replace("`", "'")
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}..."


_SHOWN = 40
