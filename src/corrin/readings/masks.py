"""Which rows of a table hold and which fail, as the bits of one integer, so that `python` can be quick.

Each value of each input is asked once, through the algebra, what it does to every row; a table's inputs are
then joined by one `and`. What the table says follows from the joined bits, again through the algebra.

Shape, of `n` rows: bit `i` is set when row `i` holds, bit `n + i` when it does not fail, bit `2n` when the
guard does not fail, bit `2n + 1` when the inputs are known, bit `2n + 2` always.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corrin.guideline.model import Bound, Guideline, Table
from corrin.readings import algebra, plain
from corrin.readings.algebra import Outcome
from corrin.readings.plain import Answer, Interval

Settled = str | int | None
"""A column's word, the place of its interval, or None when it is unknown."""


class Placing:
    """Where an interval lies among the limits that the tables set on one number."""

    def __init__(self, guideline: Guideline, column: str) -> None:
        bounds = {bound for table in guideline.tables for bound in _bounds(table, column)}
        limits = {algebra.limit(bound, guideline.parameters) for bound in bounds}
        self._cuts = sorted(limits | {limit + 1 for limit in limits})
        self.example: dict[int, Interval] = {}

    def __call__(self, interval: Interval) -> int:
        """One number for all the intervals that no cell can tell apart.

        A missing bound lies beyond the outermost limit, as far as any limit can tell.
        """
        low, high = interval
        cuts = self._cuts
        first = 0 if low is None else bisect_right(cuts, low)
        last = len(cuts) if high is None else bisect_right(cuts, high)
        place = first * (len(cuts) + 1) + last
        if place not in self.example:
            self.example[place] = interval
        return place


def _bounds(table: Table, column: str) -> Iterable[Bound]:
    """The limits that a table sets on a column."""
    for row in table.rows:
        for name, cell in zip(table.inputs, row.cells, strict=True):
            if name == column:
                yield from (bound for bound in (cell.low, cell.high) if bound is not None)


class Masks(dict[Settled, int]):
    """What each value of one input does to a table's rows, filled as values are met."""

    def __init__(self, guideline: Guideline, table: Table, name: str, placing: Placing | None) -> None:
        super().__init__()
        self._parameters = guideline.parameters
        self._table = table
        self._column = guideline.columns[name]
        self._example = placing.example if placing else {}

    def __missing__(self, value: Settled) -> int:
        example = self._example[value] if isinstance(value, int) else value
        bits = self._bits(plain.Booleans({self._column.id: example}, self._parameters))
        mask = self[value] = sum(1 << place for place, bit in enumerate(bits) if bit)
        return mask

    def _bits(self, carrier: plain.Booleans) -> Iterable[bool]:
        table, column = self._table, self._column
        place = table.inputs.index(column.id) if column.id in table.inputs else None
        cells = [] if place is None else [row.cells[place] for row in table.rows]
        untouched = [True] * (len(table.rows) - len(cells))
        yield from untouched or [algebra.cell_holds(carrier, column, cell) for cell in cells]
        yield from untouched or [not algebra.cell_fails(carrier, column, cell) for cell in cells]
        guard = table.guard
        closes = guard and guard.finding == column.id and algebra.cell_fails(carrier, column, guard.cell)
        yield not closes
        yield place is None or carrier.known(column)
        yield True


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition about a table's bits: one of `any_of` is set, or none of `none_of` is."""

    any_of: int
    none_of: int


class Bits:
    """Conditions as questions to a table's bits: `choices` joins no others than these."""

    def __init__(self, table: Table) -> None:
        rows = len(table.rows)
        self.applies = 1 << 2 * rows
        self._always = 1 << 2 * rows + 2
        self.number_known = Asked(1 << 2 * rows + 1, self._always)
        self.rows = {
            row.id: Outcome(Asked(1 << place, self._always), Asked(0, 1 << rows + place))
            for place, row in enumerate(table.rows)
        }

    def always(self) -> Asked:
        """The last bit is always set."""
        return Asked(self._always, self._always)

    def never(self) -> Asked:
        """The last bit is never absent."""
        return Asked(0, self._always)

    def every(self, terms: Sequence[Asked]) -> Asked:
        """All of several rows fail."""
        none_of = 0
        for term in terms:
            none_of |= term.none_of
        return Asked(0, none_of)

    def some(self, terms: Sequence[Asked]) -> Asked:
        """One of several rows holds."""
        any_of = 0
        for term in terms:
            any_of |= term.any_of
        return Asked(any_of, self._always)


class Spoken:
    """What a table says, read off the joined bits of its inputs."""

    def __init__(self, guideline: Guideline, table: Table) -> None:
        bits = Bits(table)
        said = algebra.choices(bits, table, bits.rows, bits.number_known, guideline.parameters)
        arms = {column: [arm for rank in choice for arm in rank] for column, choice in said.items()}
        self._columns = [
            (column, [(arm.term.any_of, arm.term.none_of, arm.word) for arm in some])
            for column, some in arms.items()
        ]
        self._rows = [
            (row, outcome.holds.any_of, outcome.fails.none_of) for row, outcome in bits.rows.items()
        ]
        self._applies = bits.applies
        self._single = table.single

    def __call__(self, mask: int) -> Answer:
        """The table's answer; its columns stand in their order."""
        if not mask & self._applies:
            return plain.NOT_APPLICABLE
        columns: dict[str, str] = {}
        for column, arms in self._columns:
            for any_of, none_of, word in arms:
                if mask & any_of or not mask & none_of:
                    if word is not None:
                        columns[column] = word
                    break
        held = tuple([row for row, holds, _ in self._rows if mask & holds])
        if held and self._single:
            return Answer(columns, held, ())
        return Answer(
            columns, held, tuple([row for row, holds, may in self._rows if mask & may and not mask & holds])
        )
