"""The states a column can be in, the states a table can be in, and random patients."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from random import Random

from corrin.guideline.model import Bound, Column, Guideline, Table

State = Mapping[str, str | tuple[int | None, int | None]]
MOST = 20_000
"""States of one table that are gone through one by one; a longer list is gone through finding by finding."""


def alone(guideline: Guideline, table: Table) -> Guideline:
    """The guideline of this one table: whatever it reads counts as a finding."""
    names = [*table.inputs, *([table.guard.finding] if table.guard else [])]
    read = {name: replace(guideline.columns[name], table=None) for name in names}
    gives = {column.id: column for column in guideline.columns.values() if column.table == table.id}
    return replace(guideline, tables=(table,), columns=read | gives)


def limits(guideline: Guideline, column: str) -> list[int]:
    """Every limit that a table sets on this number, at its parameters' values."""
    bounds: list[Bound] = []
    for table in guideline.tables:
        for row in table.rows:
            cells = [cell for name, cell in zip(table.inputs, row.cells, strict=True) if name == column]
            bounds += [bound for cell in cells for bound in (cell.low, cell.high) if bound]
    return sorted({guideline.parameters[b.parameter].value if b.parameter else b.literal for b in bounds})


def states_of(guideline: Guideline, column: Column) -> list[str | tuple[int | None, int | None] | None]:
    """Unknown and every word; or every interval with its ends at a limit, one step from it, or nowhere."""
    if column.kind == "words":
        return [None, *column.values]
    points = sorted({p + step for p in limits(guideline, column.id) or [0] for step in (-1, 0, 1)})
    closed = [(low, high) for low in points for high in points if low <= high]
    return [None, *closed, *((None, p) for p in points), *((p, None) for p in points)]


def states(guideline: Guideline, rng: Random, most: int = MOST) -> Iterator[State]:
    """Every state of the findings; or, when they are too many, each finding in every state over few others."""
    raw = [column for column in guideline.columns.values() if column.table is None]
    each = [states_of(guideline, column) for column in raw]
    names = [column.id for column in raw]
    count = 1
    for some in each:
        count *= len(some)
    if count <= most:
        yield from (known(names, values) for values in product(*each))
        return
    for settled in backgrounds(each, rng):
        for place, some in enumerate(each):
            for value in some:
                yield known(names, [*settled[:place], value, *settled[place + 1 :]])


def backgrounds(each: Sequence[Sequence], rng: Random) -> Iterator[list]:
    """What the others may be meanwhile: all unknown, all the last word, and some at random."""
    yield [None for _ in each]
    yield [some[-1] for some in each]
    yield from ([rng.choice(some) for some in each] for _ in range(20))


def known(names: Sequence[str], values: Sequence) -> State:
    """A findings row of what is known."""
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def random_patient(guideline: Guideline, rng: Random, unknown: float) -> State:
    """A findings row in which about this share of the findings is unknown."""
    raw = [column for column in guideline.columns.values() if column.table is None]
    return {
        column.id: rng.choice(states_of(guideline, column)[1:]) for column in raw if rng.random() >= unknown
    }
