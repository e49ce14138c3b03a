"""Results as intervals on a finding's grid: unit, comparator, edge, word, flag, plausible range.

An event's value enters, an interval leaves, or a `Refusal` says why none does. Each limit that a table holds
against the finding is kept: neither rounding nor conversion carries a value across.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from corrin import units
from corrin.errors import Refusal
from corrin.findings.facts import CONVERTED, OWN, WORDED
from corrin.findings.settling import spelling
from corrin.guideline.declared import Finding
from corrin.guideline.model import GRID, Bound, Guideline, Parameter
from corrin.records import Event, Quantity
from corrin.units import Edge, Interval, Printed, Unit

_DIGITS = (Fraction(1), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000))
_RANGE = re.compile(r"(<=|>=|<|>)\s*(?:\{(\w+)\}|(-?\d+(?:\.\d+)?))")

_MOST_SPELLINGS = 256
"""Spellings of units that are remembered for one finding."""
_MOST_NUMBERS = 1024
"""Printed numbers of which the place on one finding's grid is remembered: a laboratory prints few."""


class Result(NamedTuple):
    """A result as settled: its interval, how directly it speaks, and the number behind it, if any."""

    interval: Interval
    rank: int
    printed: Printed | None = None
    unit: Unit | None = None


class Scale:
    """How numbers of one finding are read: its units, its limits, its words, its plausible range."""

    def __init__(self, finding: Finding, guideline: Guideline, known: frozenset[str]) -> None:
        """`known` are the spellings of every unit of every assay."""
        self.finding = finding
        self.known = known
        self.spellings = spellings(guideline, finding.assay or "")
        self.words = {
            word: parse_range(text, guideline.parameters) for word, text in (finding.words or {}).items()
        }
        self.keeps = parse_range(finding.keeps, guideline.parameters) if finding.keeps else None
        self._edges = _edges_by_unit(finding, guideline, self.spellings)
        self._unit = lru_cache(_MOST_SPELLINGS)(self._spelt)
        self.plain = lru_cache(_MOST_NUMBERS)(self._plain)
        """`_plain`, worked out once for each number as it is printed."""

    def quantity(self, given: Quantity) -> Result:
        """A number with its unit."""
        return self._number(Printed(given.comparator, given.value, given.unit), given.ucum)

    def text(self, written: str) -> Result:
        """A number with its unit in one text, `<83 pg/mL`."""
        return self._number(units.read(written), "")

    def level(self, word: str | None) -> Result | None:
        """What a laboratory's word or flag says without a number, where the finding declares it."""
        interval = self.words.get(word or "")
        return None if interval is None else Result(interval, WORDED)

    def read(self, event: Event) -> Result:
        """The value of an event: a number, a text that holds one, or a word."""
        if event.unreadable:
            raise Refusal(event.unreadable, "Send the value as a number with its unit.")
        given = event.quantity
        if given is not None:
            return self._number(Printed(given.comparator, given.value, given.unit), given.ucum)
        if event.date is not None:
            raise Refusal("a date where a number is needed", "Send the value as a number with its unit.")
        if event.word is None:
            why = f"no value: {event.absent_reason}" if event.absent_reason else "a yes or no is no number"
            raise Refusal(why, "Send the value as a number with its unit.")
        return self.level(spelling.level(event.word)) or self.text(event.word)

    def limit(self, result: Result, limit: Quantity) -> str:
        """Whether a number lies above an upper limit: yes, no, or straddles; compared exactly.

        Errors: a limit whose unit cannot be read is refused.
        """
        if result.printed is None or result.unit is None:
            raise Refusal("a limit beside a word", "Send the value as a number with its unit.")
        of = units.unit(self.spellings, limit.unit, limit.ucum, self.known)
        return _above(
            result.printed.comparator,
            units.exact(result.printed.value, result.unit),
            units.exact(limit.value, of),
        )

    def _spelt(self, printed: str, code: str) -> Unit:
        return units.unit(self.spellings, printed, code, self.known)

    def _number(self, printed: Printed, code: str) -> Result:
        unit = self._unit(printed.unit, code)
        interval = self._interval(printed.comparator, printed.value, unit)
        return Result(interval, OWN if unit.own else CONVERTED, printed, unit)

    def _plain(self, given: Quantity) -> tuple[Interval, int, bool]:
        """The interval of a number with its unit, how directly it speaks, whether it outlasts its window."""
        unit = self._unit(given.unit, given.ucum)
        interval = self._interval(given.comparator, given.value, unit)
        kept = self.keeps is not None and within(interval, self.keeps)
        return interval, OWN if unit.own else CONVERTED, kept

    def _interval(self, comparator: str, value: Decimal, unit: Unit) -> Interval:
        """The interval on this finding's grid, if the number is plausible."""
        interval = units.interval(comparator, value, unit, self._edges[unit.name])
        if self.finding.plausible is None:
            return interval
        low, high = self.finding.plausible
        least, most = interval
        if least is not None and most is not None and low < least and most < high:
            return interval  # well inside: a whole step away from either end
        if (
            not units.between(low, value, high, unit)
            or (most is not None and most < low)
            or (least is not None and least > high)
        ):
            what = "a negative number" if value < 0 else "an implausible number"
            shown = f"{Decimal(low) / GRID:f} to {Decimal(high) / GRID:f} {self.finding.unit}"
            raise Refusal(f"{what}: {value} {unit.name}", f"Plausible is {shown}.")
        return interval


def spellings(guideline: Guideline, assay: str) -> dict[str, Unit]:
    """Every spelling of every unit of one assay."""
    return {
        spelling: Unit(each.unit, Fraction(each.factor) / Fraction(each.per))
        for each in guideline.declared.conversions
        if each.assay == assay
        for spelling in each.spellings
    }


def parse_range(text: str, parameters: Mapping[str, Parameter]) -> Interval:
    """`< {limit}` or `>= 0` as a closed interval of steps."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise Refusal(f"`{text}` is no range", "Write `< {parameter}` or `>= 0`.")
    end = parameters[match[2]].value if match[2] else int(Decimal(match[3]) * GRID)
    return {"<": (None, end - 1), "<=": (None, end), ">": (end + 1, None), ">=": (end, None)}[match[1]]


def within(inner: Interval, outer: Interval) -> bool:
    """Every point of one interval lies in the other."""
    low = outer[0] is None or (inner[0] is not None and inner[0] >= outer[0])
    high = outer[1] is None or (inner[1] is not None and inner[1] <= outer[1])
    return low and high


def _above(comparator: str, value: Fraction, limit: Fraction) -> str:
    match comparator:
        case "<":
            return "no" if value <= limit else "straddles"
        case "<=":
            return "no" if value <= limit else "straddles"
        case ">":
            return "yes" if value >= limit else "straddles"
        case ">=":
            return "yes" if value > limit else "straddles"
        case _:
            return "yes" if value > limit else "no"


def _edges_by_unit(
    finding: Finding, guideline: Guideline, spelt: Mapping[str, Unit]
) -> dict[str, tuple[Edge, ...]]:
    bounds = sorted({(bound.literal, bound.parameter) for bound in _bounds(finding, guideline)}, key=str)
    by_name = {unit.name: unit for unit in spelt.values()}
    return {
        unit.name: tuple(_edge(literal, parameter, unit, guideline, by_name) for literal, parameter in bounds)
        for unit in by_name.values()
    }


def _bounds(finding: Finding, guideline: Guideline) -> Iterable[Bound]:
    """Every end of a range that a table holds against the finding, or against one that takes its facts."""
    read = {finding.id} | {each.id for each in guideline.declared.findings.values() if each.of == finding.id}
    for table in guideline.tables:
        for at, name in enumerate(table.inputs):
            if name in read:
                for row in table.rows:
                    cell = row.cells[at]
                    yield from (bound for bound in (cell.low, cell.high) if bound)


def _edge(
    literal: int | None,
    name: str | None,
    unit: Unit,
    guideline: Guideline,
    by_name: Mapping[str, Unit],
) -> Edge:
    if name is None:
        return Edge(literal or 0)
    parameter = guideline.parameters[name]
    published = by_name.get(parameter.pair_unit)
    if parameter.pair is None or published is None:
        return Edge(parameter.value)
    pair = Fraction(parameter.pair, GRID)
    if not _same(parameter.value, pair, published) or not units.same_kind(unit, published):
        return Edge(parameter.value)
    return Edge(parameter.value, units.converted(pair, published, unit), parameter.strict)


def _same(value: int, pair: Fraction, published: Unit) -> bool:
    """The pair is the limit itself to its last digit: a site that moves one without the other has no pair."""
    last_digit = next(digit for digit in _DIGITS if (pair / digit).denominator == 1)
    return abs(Fraction(value, GRID) / published.factor - pair) < last_digit
