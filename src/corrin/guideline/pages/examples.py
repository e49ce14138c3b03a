"""Examples: lines of an Examples table, checked against their table. Running them is verification."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corrin.errors import Problems, Refusal, did_you_mean
from corrin.guideline.declared import Declared
from corrin.guideline.model import Column, Example, Statement, Table
from corrin.guideline.pages.blocks import Grid, GridRow, Section
from corrin.guideline.pages.statements import refuse_unstated
from corrin.guideline.pages.tables import only_grid

LIST_HEADER = ("patient", "finding", "is", "=> row")

_QUANTITY = re.compile(r"(?:<=|>=|<|>)?\s?\d+(?:\.\d+)? (\S+)")
_IDENTITY = re.compile(r"\b[A-Z]\d{2}\b")
_OPEN = re.compile(r"(\S+)\?")


@dataclass(frozen=True, slots=True)
class Setting:
    """What examples may name."""

    tables: Mapping[str, Table]
    columns: Mapping[str, Column]
    statements: Mapping[str, Statement]
    declared: Declared
    problems: Problems


def read_examples(section: Section, known: Setting) -> tuple[Example, ...]:
    """The lines of one Examples table."""
    table = known.tables.get(section.name)
    if not table:
        known.problems.miss(section.place, section.name, "table", known.tables)
        return ()
    grid = only_grid(section, known.problems)
    if not grid or not _header_fits(grid, table, known.problems):
        return ()
    return tuple(_example(row, grid.header, table, known) for row in grid.rows)


def _header_fits(grid: Grid, table: Table, problems: Problems) -> bool:
    header = grid.header
    if header == LIST_HEADER and not table.single:
        return True
    if len(header) < 2 or (header[0], header[-1]) != ("patient", "=> row"):  # noqa: PLR2004 - both ends must be there
        problems.refuse(
            grid.place,
            f"the header `{' | '.join(header)}` is not that of examples",
            "Write `| patient | ... | => row |`.",
        )
        return False
    names, readable = header[1:-1], _readable(table)
    before = len(problems.found)
    for name in names:
        if name not in readable:
            problems.miss(grid.place, name, f"input of `{table.id}`", readable)
        elif names.count(name) > 1:
            problems.refuse(grid.place, f"`{name}` stands twice", "Give it one column.")
            break
    return set(names) <= set(readable) and len(problems.found) == before


def _readable(table: Table) -> tuple[str, ...]:
    return (*table.inputs, *((table.guard.finding,) if table.guard else ()))


def _example(row: GridRow, header: tuple[str, ...], table: Table, known: Setting) -> Example:
    patient, *cells, expected = row.cells
    letters = {identity[0] for identity in known.statements}
    for word in _IDENTITY.findall(patient):
        if word[0] in letters and word not in known.statements:
            refuse_unstated(word, row.place, known.problems)
    if not patient:
        known.problems.refuse(row.place, "an example without its patient", "Say in a few words who it is.")
    if header == LIST_HEADER and cells[0] not in _readable(table):
        known.problems.miss(row.place, cells[0], f"input of `{table.id}`", _readable(table))
        return Example(table.id, patient, {}, expected, row.place)
    names = (cells[0],) if header == LIST_HEADER else header[1:-1]
    values = cells[1:] if header == LIST_HEADER else cells
    given = {name: value for name, value in zip(names, values, strict=True) if value != "-"}
    try:
        for name, value in given.items():
            _check_given(value, known.columns[name], known.declared)
        _check_expected(expected, table, known.columns)
    except Refusal as refusal:
        known.problems.take(row.place, refusal)
    return Example(table.id, patient, given, expected, row.place)


def _check_given(value: str, column: Column, declared: Declared) -> None:
    if column.kind == "words":
        if value not in column.values:
            raise Refusal(
                f"`{value}` is no value of `{column.id}`", did_you_mean(value, (*column.values, "-"))
            )
        return
    written = _QUANTITY.fullmatch(value)
    if not written:
        raise Refusal(
            f"`{value}` is no number with its unit", f"Write `37 {column.unit}` or `<37 {column.unit}`."
        )
    finding = declared.findings[column.id]
    units = {column.unit}
    for each in declared.conversions:
        if each.assay in {finding.assay, finding.id}:
            units.update((each.unit, *each.spellings))
    if written[1] not in units:
        raise Refusal(
            f"`{written[1]}` is no unit of `{column.id}`", did_you_mean(written[1], sorted(units)), written[1]
        )


def _check_expected(expected: str, table: Table, columns: Mapping[str, Column]) -> None:
    if expected == "not applicable" and not table.guard:
        raise Refusal(
            f"`{table.id}` always applies", "Name the rows that hold; only a guard can close a table."
        )
    if expected in {"not applicable", "unknown"} or (expected == "none" and not table.single):
        return
    if table.single:
        _check_single(expected, table, columns[table.output])
    else:
        _check_rows(expected, table)


def _check_single(expected: str, table: Table, column: Column) -> None:
    *named, output = expected.split(" ")
    rows = named[::2]
    if not rows or any(word != "or" for word in named[1::2]) or len(named) % 2 == 0:
        raise Refusal(
            f"`{expected}` is no answer of `{table.id}`", "Write a row and its output: `R1 output`."
        )
    for row in rows:
        _check_row(row, table)
    if output != "unknown" and output not in column.values:
        raise Refusal(f"`{table.id}` never says `{output}`", did_you_mean(output, column.values))


def _check_rows(expected: str, table: Table) -> None:
    for part in expected.split(", "):
        is_open = _OPEN.fullmatch(part)
        row, blank, output = part.partition(" ")
        _check_row(is_open[1] if is_open else row, table)
        if not is_open and (not blank or output not in table.outputs):
            raise Refusal(
                f"`{part}` names no output of `{table.id}`",
                "Write a row and its output, `R1 output`, or `R1?` for a row left open.",
            )


def _check_row(row: str, table: Table) -> None:
    ids = [each.id for each in table.rows]
    if row not in ids:
        raise Refusal(f"`{row}` is no row of `{table.id}`", did_you_mean(row, ids), row)
