"""Long lists cut into short ones, for a reader that remembers what a table said: short ones are met again.

A guideline enters; one leaves whose long lists are several, each with its own rows and outputs, followed by
one question: does any of them hold? Both guidelines say the same, and a test holds them to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corrin.guideline.columns import YES_NO
from corrin.guideline.model import Cell, Column, Guideline, Row, Table
from corrin.readings import algebra
from corrin.readings.algebra import NO, YES

LONGEST = 6
"""Findings in a piece: of yes, no and unknown it then has some hundreds of states, and each is met soon."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A table to be read, the id of the table it is or is part of, and what to call the columns it gives."""

    read: Table
    table: str
    names: Mapping[str, str]


def in_pieces(guideline: Guideline) -> tuple[Guideline, list[Piece]]:
    """The guideline with its long lists cut, and its tables as pieces."""
    pieces = [piece for table in guideline.tables for piece in _cut(table)]
    named = {name for piece in pieces for name in piece.names.values()}
    partial = {name: Column(name, "words", YES_NO, "", name) for name in named - guideline.columns.keys()}
    tables = tuple(piece.read for piece in pieces)
    return replace(guideline, tables=tables, columns={**guideline.columns, **partial}), pieces


def _cut(table: Table) -> list[Piece]:
    """The table as it is; or, of a long list, its parts and what joins them."""
    runs = list(_runs(table)) if table.kind == "any" and len(table.inputs) > LONGEST else []
    if len(runs) <= 1:
        return [Piece(table, table.id, {name: name for name in algebra.given(table)})]
    parts = [_part(table, rows, place) for place, rows in enumerate(runs, start=1)]
    return [*parts, _joined(table, parts)]


def _runs(table: Table) -> Iterator[list[Row]]:
    """Rows that stand together, cut where no finding and no output is on both sides."""
    long = -(-len(table.inputs) // -(-len(table.inputs) // LONGEST))
    run: list[Row] = []
    for place, row in enumerate(table.rows):
        run.append(row)
        rest = table.rows[place + 1 :]
        if len(_asked(table, run)) >= long and rest and not _shared(table, run, rest):
            yield run
            run = []
    yield run


def _asked(table: Table, rows: Sequence[Row]) -> tuple[str, ...]:
    """The findings that these rows ask for; a row that asks for none counts as asking for the first."""
    named = [(table.inputs[0],) if _asks_nothing(row) else _names(table, row) for row in rows]
    return tuple(dict.fromkeys(name for names in named for name in names))


def _asks_nothing(row: Row) -> bool:
    return all(cell.kind == "any" for cell in row.cells)


def _names(table: Table, row: Row) -> tuple[str, ...]:
    return tuple(name for name, cell in zip(table.inputs, row.cells, strict=True) if cell.kind != "any")


def _shared(table: Table, these: Sequence[Row], those: Sequence[Row]) -> bool:
    outputs = {row.output for row in these} & {row.output for row in those}
    return bool(outputs) or bool(set(_asked(table, these)) & set(_asked(table, those)))


def _part(table: Table, rows: Sequence[Row], place: int) -> Piece:
    """Some rows of a list as a list of their own, under the same guard."""
    inputs = _asked(table, rows)
    at = [table.inputs.index(name) for name in inputs]
    own = tuple(replace(row, cells=tuple(row.cells[column] for column in at)) for row in rows)
    part = replace(table, id=f"{table.id} {place}", inputs=inputs, rows=own)
    return Piece(
        part, table.id, {part.name: part.name, **{part.flag(word): table.flag(word) for word in part.outputs}}
    )


def _joined(table: Table, parts: Sequence[Piece]) -> Piece:
    """Yes when a part says yes, no when every part says no."""
    names = tuple(part.read.name for part in parts)
    yes, anything = Cell(YES, "words", (YES,)), Cell("-", "any")
    rows = tuple(
        replace(
            table.rows[0],
            id=name,
            output=NO,
            cells=tuple(yes if name == each else anything for each in names),
        )
        for name in names
    )
    return Piece(replace(table, inputs=names, rows=rows, guard=None), table.id, {table.name: table.name})
