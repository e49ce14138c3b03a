"""What tables read: a column for every finding, and the columns that tables give.

Enters: findings and tables. Leaves: columns with their values, and an order in which tables can be decided.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from corrin.guideline.declared import Finding
from corrin.guideline.model import Bound, Column, Parameter, Row, Table, TableKind

YES_NO = ("yes", "no")
UNPLACED = "unplaced"
UNKNOWN = "unknown"


class Reads(NamedTuple):
    """Which columns a table reads, its guard's included, and which it gives."""

    id: str
    reads: tuple[str, ...]
    gives: tuple[str, ...]


def of_findings(findings: Iterable[Finding]) -> dict[str, Column]:
    """A column for every finding that tables can read; a date is seen through numbers that count since it."""
    columns: dict[str, Column] = {}
    for finding in findings:
        match finding.kind:
            case "number":
                columns[finding.id] = Column(finding.id, "number", (), finding.unit, None)
            case "word":
                columns[finding.id] = Column(finding.id, "words", finding.values, "", None)
            case "yes-no":
                columns[finding.id] = Column(finding.id, "words", YES_NO, "", None)
            case "date":
                pass
    return columns


def of_table(table: Table, parameters: Mapping[str, Parameter]) -> dict[str, Column]:
    """The columns a table gives: one of words when one row answers, else a yes/no for it and each output."""
    match table.kind:
        case "bands":
            values = band_values(in_order(table.rows, parameters))
        case "unique":
            values = tuple(output for output in table.outputs if output != UNKNOWN)
        case _:
            names = (table.name, *(table.flag(output) for output in table.outputs))
            return {name: Column(name, "words", YES_NO, "", table.id) for name in names}
    return {table.output: Column(table.output, "words", values, "", table.id)}


def names_given(kind: TableKind, identity: str, output: str, outputs: Iterable[str]) -> tuple[str, ...]:
    """The names of the columns that such a table gives."""
    if kind in {"unique", "bands"}:
        return (output,)
    name = identity.replace("-", "_")
    flags = (f"{name}__{each.replace('-', '_')}" for each in dict.fromkeys(outputs))
    return (name, *flags)


def band_values(bands: tuple[str, ...]) -> tuple[str, ...]:
    """What a bands table can say: each band, each pair of neighbours, and `unplaced` when there are three.

    >>> band_values(("low", "middle", "high"))
    ('low', 'middle', 'high', 'low-or-middle', 'middle-or-high', 'unplaced')
    """
    pairs = tuple(f"{one}-or-{next_one}" for one, next_one in pairwise(bands))
    return (*bands, *pairs, *((UNPLACED,) if len(pairs) > 1 else ()))


def in_order(rows: Iterable[Row], parameters: Mapping[str, Parameter]) -> tuple[str, ...]:
    """The outputs of a bands table from the lowest range to the highest."""
    return tuple(row.output for row in sorted(rows, key=lambda row: _begins(row.cells[0].low, parameters)))


def _begins(low: Bound | None, parameters: Mapping[str, Parameter]) -> tuple[bool, int, bool]:
    if low is None:
        return (False, 0, False)
    value = parameters[low.parameter].value if low.parameter is not None else low.literal
    return (True, value or 0, low.strict)


def in_turn(tables: Iterable[Reads]) -> tuple[list[str], list[str]]:
    """Ids of the tables, each after those it reads from; and the ids along a cycle, empty when there is none.

    Shape: tables that read nothing from each other keep the order in which they came.
    """
    by_id = {table.id: table for table in tables}
    giver = {name: table.id for table in by_id.values() for name in table.gives}
    done: list[str] = []
    path: list[str] = []
    cycle: list[str] = []

    def visit(identity: str) -> None:
        if identity in path:
            cycle[:] = cycle or [*path[path.index(identity) :], identity]
            return
        if identity in done:
            return
        path.append(identity)
        for name in by_id[identity].reads:
            if name in giver:
                visit(giver[name])
        path.pop()
        done.append(identity)

    for identity in by_id:
        visit(identity)
    return done, cycle
