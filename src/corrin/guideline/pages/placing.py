"""Drafts become tables: names are told apart, tables put in turn, and each cell read against its column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corrin.errors import Problems, Refusal, did_you_mean
from corrin.guideline.columns import UNKNOWN, in_turn, of_table
from corrin.guideline.model import Cell, Column, Guard, Parameter, Row, Table
from corrin.guideline.pages.cells import ANY, read_cell
from corrin.guideline.pages.tables import Draft, DraftRow


@dataclass(frozen=True, slots=True)
class Ground:
    """What tables are placed on: columns (growing as they are placed), parameters, findings that are dates.

    `refused` gathers the names of tables that could not be placed, so that one fault is not told again by
    everything that reads from it.
    """

    columns: dict[str, Column]
    parameters: Mapping[str, Parameter]
    dates: frozenset[str]
    problems: Problems
    refused: set[str] = field(default_factory=set[str])


def place_all(drafts: Iterable[Draft], ground: Ground) -> tuple[Table, ...]:
    """Every table that can be placed, each after the tables it reads from; `ground.columns` gains theirs."""
    known = _told_apart(list(drafts), ground)
    order, cycle = in_turn(draft.reads for draft in known.values())
    if cycle:
        ground.problems.refuse(
            known[cycle[0]].place,
            f"tables that read each other in a circle: {' -> '.join(cycle)}",
            "Let one of them read raw findings instead.",
        )
    tables: list[Table] = []
    for identity in order:
        table = None if identity in cycle or known[identity].broken else _place(known[identity], ground)
        if table:
            tables.append(table)
            ground.columns.update(of_table(table, ground.parameters))
        else:
            ground.refused.update((identity, known[identity].output, *known[identity].reads.gives))
    return tuple(tables)


def _told_apart(drafts: list[Draft], ground: Ground) -> dict[str, Draft]:
    known: dict[str, Draft] = {}
    giver: dict[str, str] = {}
    for draft in drafts:
        first = known.get(draft.id)
        if first:
            ground.problems.refuse(
                draft.place,
                f"a second table `{draft.id}`, first at {first.place}",
                "Name one of them differently.",
            )
            continue
        for name in draft.reads.gives:
            _check_name(name, draft, giver, ground)
            giver.setdefault(name, draft.id)
        known[draft.id] = draft
    return known


def _check_name(name: str, draft: Draft, giver: Mapping[str, str], ground: Ground) -> None:
    if name in ground.columns or name in ground.dates:
        ground.problems.refuse(
            draft.place,
            f"table `{draft.id}` gives `{name}`, which is a finding",
            "Name the output differently; a finding is recorded, never concluded.",
        )
    elif name in giver:
        ground.problems.refuse(
            draft.place,
            f"tables `{giver[name]}` and `{draft.id}` both give `{name}`",
            "Name one of the outputs differently; one table answers one question.",
        )


def _place(draft: Draft, ground: Ground) -> Table | None:
    inputs = [_input(name, unit, draft, ground) for name, unit in zip(draft.inputs, draft.units, strict=True)]
    guard = _guard(draft, ground)
    rows = [_row(row, inputs, draft, ground) for row in draft.rows]
    if any(row is None for row in rows) or None in inputs:
        return None
    placed = tuple(row for row in rows if row)
    if draft.kind == "unique" and all(row.output == UNKNOWN for row in placed):
        ground.problems.refuse(draft.place, f"table `{draft.id}` never answers", "Give a row an output.")
    return Table(draft.id, draft.title, draft.kind, draft.inputs, draft.output, placed, guard, draft.place)


def _input(name: str, unit: str, draft: Draft, ground: Ground) -> Column | None:
    column = ground.columns.get(name)
    where = next(
        (
            row.where
            for row in draft.rows
            if draft.kind == "any" and row.cells[draft.inputs.index(name)] != "-"
        ),
        draft.place,
    )
    if column is None:
        if name in ground.refused:
            return None
        if name in ground.dates:
            what, mend = f"`{name}` is a date", "Read a number that counts since it."
        else:
            what, mend = f"`{name}` is no finding and no table's output", did_you_mean(name, ground.columns)
        ground.problems.refuse(where, what, mend)
        return None
    number = column.kind == "number"
    if number and draft.kind in {"unique", "collect"}:
        ground.problems.refuse(
            where,
            f"`{name}` is a number in a {draft.kind} table",
            "Give it a `bands` table and read that one's output.",
        )
    elif draft.kind == "bands" and not number:
        ground.problems.refuse(
            where, f"bands over `{name}`, which has words", "A bands table reads one number."
        )
    elif draft.kind != "any" and unit != column.unit:
        wanted = f"`{name} [{column.unit}]`" if number else f"`{name}`"
        ground.problems.refuse(
            where,
            f"`{name} [{unit}]` in a header" if unit else f"`{name}` without its unit",
            f"Write {wanted}.",
        )
    return column


def _guard(draft: Draft, ground: Ground) -> Guard | None:
    if not draft.guard:
        return None
    name, text, place = draft.guard
    column = ground.columns.get(name)
    if name in ground.refused:
        return None
    if column is None or column.kind == "number":
        what = "is a number" if column else "is no finding and no table's output"
        ground.problems.refuse(
            place, f"the guard's `{name}` {what}", did_you_mean(name, _worded(ground.columns))
        )
        return None
    try:
        cell = read_cell(text, column, ground.parameters, ranges=False)
    except Refusal as refusal:
        ground.problems.refuse(place, refusal.what, refusal.mend)
        return None
    return Guard(name, cell, place)


def _worded(columns: Mapping[str, Column]) -> list[str]:
    return [name for name, column in columns.items() if column.kind == "words"]


def _row(row: DraftRow, inputs: list[Column | None], draft: Draft, ground: Ground) -> Row | None:
    cells: list[Cell] = []
    for text, column in zip(row.cells, inputs, strict=False):
        cell = _cell(text, column, row, draft, ground)
        if cell is None:
            return None
        cells.append(cell)
    because = row.because
    return Row(
        row.id, tuple(cells), row.output, because.statements, because.inferred, because.unverified, row.place
    )


def _cell(text: str, column: Column | None, row: DraftRow, draft: Draft, ground: Ground) -> Cell | None:
    if column is None:
        return None
    if draft.kind == "any" and text == "-":
        return ANY
    try:
        cell = read_cell(text, column, ground.parameters, ranges=draft.kind in {"bands", "any"})
    except Refusal as refusal:
        ground.problems.refuse(row.where, refusal.what, refusal.mend)
        return None
    if draft.kind == "bands" and cell.kind != "range":
        ground.problems.refuse(
            row.where, f"`{text}` in a bands table", "A band is a range: `< n`, `a..b`, `> n`."
        )
        return None
    return cell
