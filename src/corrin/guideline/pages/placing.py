"""Drafts become tables: names are told apart, tables put in turn, and each cell read against its column."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corrin.errors import Problems, Refusal
from corrin.guideline.columns import in_turn, of_table
from corrin.guideline.model import Cell, Column, Guard, Parameter, Row, Table
from corrin.guideline.pages.cells import ANY, read_cell
from corrin.guideline.pages.tables import Draft, DraftRow


@dataclass(frozen=True, slots=True)
class Ground:
    """What tables are placed on: columns (growing as they are placed), parameters, date findings."""

    columns: dict[str, Column]
    parameters: Mapping[str, Parameter]
    dates: frozenset[str]
    problems: Problems


def place_all(drafts: Iterable[Draft], ground: Ground) -> tuple[Table, ...]:
    """Every table that can be placed, each after the tables it reads from; `ground.columns` gains theirs."""
    known = _told_apart(drafts, ground)
    order, cycle = in_turn(draft.reads for draft in known.values())
    if cycle:
        ground.problems.refuse(
            known[cycle[0]].place,
            f"tables that read each other in a circle: {' -> '.join(cycle)}",
            "Let one of them read raw findings instead.",
        )
    tables: list[Table] = []
    for identity in order:
        table = None if identity in cycle else _place(known[identity], ground)
        if table:
            tables.append(table)
            ground.columns.update(of_table(table, ground.parameters))
        else:
            _lose(known[identity], ground.problems)
    return tuple(tables)


def _lose(draft: Draft, problems: Problems) -> None:
    problems.lose(draft.id, draft.output, *draft.reads.gives, *(row.id for row in draft.rows))


def _told_apart(drafts: Iterable[Draft], ground: Ground) -> dict[str, Draft]:
    known: dict[str, Draft] = {}
    giver: dict[str, str] = {}
    for draft in drafts:
        first = known.get(draft.id)
        if first:
            ground.problems.refuse(
                draft.place, f"a second table `{draft.id}`, first at {first.place}", "Name it differently."
            )
        taken = [_is_taken(name, draft, giver, ground) for name in draft.reads.gives]
        if first or any(taken):
            _lose(draft, ground.problems)
        else:
            known[draft.id] = draft
            giver.update(dict.fromkeys(draft.reads.gives, draft.id))
    return known


def _is_taken(name: str, draft: Draft, giver: Mapping[str, str], ground: Ground) -> bool:
    if name in ground.columns or name in ground.dates:
        ground.problems.refuse(
            draft.place,
            f"table `{draft.id}` gives `{name}`, which is a finding",
            "Name the output differently; a finding is recorded, never concluded.",
        )
    elif name in giver and giver[name] != draft.id:
        ground.problems.refuse(
            draft.place,
            f"tables `{giver[name]}` and `{draft.id}` both give `{name}`",
            "Name one of the outputs differently; one table answers one question.",
        )
    else:
        return False
    return True


def _place(draft: Draft, ground: Ground) -> Table | None:
    before = len(ground.problems.found)
    inputs = [_input(name, unit, draft, ground) for name, unit in zip(draft.inputs, draft.units, strict=True)]
    guard = _guard(draft, ground)
    rows = [_row(row, inputs, draft, ground) for row in draft.rows]
    placed = tuple(row for row in rows if row)
    if len(placed) < len(rows) or len(ground.problems.found) > before or (draft.guard and not guard):
        return None
    return Table(draft.id, draft.title, draft.kind, draft.inputs, draft.output, placed, guard, draft.place)


def _input(name: str, unit: str, draft: Draft, ground: Ground) -> Column | None:
    """The column that an input names; None when it is missing, or of a kind that the table does not read."""
    column = ground.columns.get(name)
    where = _where(name, draft)
    if name in ground.dates:
        ground.problems.refuse(where, f"`{name}` is a date", "Read a number that counts since it.")
        return None
    if column is None:
        ground.problems.miss(where, name, "finding and no table's output", ground.columns)
        return None
    if ground.problems.is_lost(name):
        return None
    number = column.kind == "number"
    if number and draft.kind in {"unique", "collect"}:
        what = f"`{name}` is a number in a {draft.kind} table"
        mend = "Numbers meet words once: give it a `bands` table and read that table's output here."
        ground.problems.refuse(where, what, mend)
        return None
    if draft.kind == "bands" and not number:
        ground.problems.refuse(
            where, f"bands over `{name}`, which has words", "A bands table reads one number."
        )
        return None
    if draft.kind != "any" and unit != column.unit:
        what = f"`{name} [{unit}]` in a header" if unit else f"`{name}` without its unit"
        ground.problems.refuse(
            where, what, f"Write `{name} [{column.unit}]`." if number else f"Write `{name}`."
        )
    return column


def _where(name: str, draft: Draft) -> object:
    """An input of a list stands in its rows, of another table in the header."""
    if draft.kind != "any":
        return draft.header
    at = draft.inputs.index(name)
    return next((row.where for row in draft.rows if row.cells[at] != "-"), draft.header)


def _guard(draft: Draft, ground: Ground) -> Guard | None:
    if not draft.guard:
        return None
    name, text, place = draft.guard
    worded = [each.id for each in ground.columns.values() if each.kind == "words"]
    if name not in worded:
        ground.problems.miss(place, name, "finding or output that has words", worded)
        return None
    try:
        return Guard(name, read_cell(text, ground.columns[name], ground.parameters), place)
    except Refusal as refusal:
        ground.problems.take(place, refusal)
        return None


def _row(row: DraftRow, inputs: list[Column | None], draft: Draft, ground: Ground) -> Row | None:
    cells = [_cell(text, column, row, draft, ground) for text, column in zip(row.cells, inputs, strict=True)]
    read = tuple(cell for cell in cells if cell)
    if len(read) < len(cells):
        return None
    because = row.because
    return Row(row.id, read, row.output, because.statements, because.inferred, because.unverified, row.place)


def _cell(text: str, column: Column | None, row: DraftRow, draft: Draft, ground: Ground) -> Cell | None:
    if column is None:
        return None
    if draft.kind == "any" and text == "-":
        return ANY
    try:
        cell = read_cell(text, column, ground.parameters)
    except Refusal as refusal:
        ground.problems.take(row.where, refusal)
        return None
    if draft.kind == "bands" and cell.kind != "range":
        mend = "A band is a range: `< n`, `a..b`, `> n`."
        ground.problems.refuse(row.where, f"`{text}` in a bands table", mend)
        return None
    return cell
