"""Numbers as printed become closed intervals of whole steps, exactly; no clinical number lives here.

Text or an exact decimal with its unit enters, thousandths of the asked unit leave. What cannot be read is
refused by name. Units, factors and limits are handed in.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from corrin.errors import Refusal

STEPS = 10**3
"""Steps of the grid in one unit: numbers are whole thousandths."""

Interval = tuple[int | None, int | None]

_PRINTED = re.compile(
    r"(<=|>=|=<|=>|<|>|≤|≥|=)?\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))(?![\d.,])\s*(.*)", re.DOTALL
)
_COMMA = re.compile(r"\d+(?:,\d+)+(?:\.\d+)?")
_COMPARATORS = {"≤": "<=", "=<": "<=", "≥": ">=", "=>": ">=", "=": ""}
_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as a laboratory prints it: comparator (`<`, `<=`, `>`, `>=` or empty), exact value, unit."""

    comparator: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that is read for one assay; a value times `factor` is in the finding's own unit."""

    name: str
    factor: Fraction

    @property
    def own(self) -> bool:
        """Nothing has to be converted."""
        return self.factor == 1


@dataclass(frozen=True, slots=True)
class Edge:
    """A limit in steps that rounding never crosses; `pair` is the same limit, published in the value's unit.

    A value keeps to its own side of the pair if there is one; `strict` says which side excludes the limit.
    """

    limit: int
    pair: Fraction | None = None
    strict: str = ""


def read(text: str) -> Printed:
    """Read `<83 pg/mL` as printed; a comma, a range or words are refused.

    >>> read("<83 pg/mL")
    Printed(comparator='<', value=Decimal('83'), unit='pg/mL')
    """
    stripped = text.strip()
    if comma := _COMMA.search(stripped):
        raise Refusal(f"a comma in the number `{comma[0]}`", f"Write `{comma[0].replace(',', '.')}`.")
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

    >>> interval("<", Decimal(180), Unit("pg/mL", Fraction(1)))
    (None, 179999)
    """
    if not value.is_finite() or value.adjusted() > _DIGITS or len(value.as_tuple().digits) > _DIGITS:
        raise Refusal(f"`{_short(str(value))}` is no plausible number", "Write a number with its decimals.")
    limits = tuple(edges)
    match comparator:
        case "":
            step = _end(value, 0, given, limits)
            return (step, step)
        case "<":
            return (None, _end(value, -1, given, limits))
        case "<=":
            return (None, _end(value, 0, given, limits))
        case ">":
            return (_end(value, 1, given, limits), None)
        case ">=":
            return (_end(value, 0, given, limits), None)
        case _:
            raise Refusal(f"the comparator `{_short(comparator)}` is not read here", "Use <, <=, > or >=.")


def _end(value: Decimal, lean: int, given: Unit, edges: tuple[Edge, ...]) -> int:
    """One end in steps; `lean` says that it lies just below (-1) or just above (+1) the value."""
    printed = Fraction(value)
    steps = printed * given.factor * STEPS
    step = round(steps) if lean == 0 else floor(steps) + 1 if lean > 0 else ceil(steps) - 1
    for edge in edges:
        if edge.pair is None:
            side = _side(steps, lean, edge.limit)
            step = (
                min(step, edge.limit - 1) if side < 0 else max(step, edge.limit + 1) if side else edge.limit
            )
        elif edge.strict == "below":
            side = _side(printed, lean, edge.pair)
            step = min(step, edge.limit - 1) if side < 0 else max(step, edge.limit)
        else:
            side = _side(printed, lean, edge.pair)
            step = max(step, edge.limit + 1) if side > 0 else min(step, edge.limit)
    return step


def _side(value: Fraction, lean: int, limit: Fraction | int) -> int:
    """Below (-1), at (0) or above (+1) a limit, when the value leans to one side of itself."""
    if value == limit:
        return lean
    return 1 if value > limit else -1


def _listed(spellings: Mapping[str, Unit]) -> str:
    names = dict.fromkeys(unit.name for unit in spellings.values())
    return " or ".join(names) if names else "a word, not a number"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


_SHOWN = 40
