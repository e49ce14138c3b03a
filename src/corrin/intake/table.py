"""Spreadsheets as CSV: one patient a row, one finding a column.

Text enters (commas, semicolons or tabs), a `Record` for each row leaves. A header is a finding's id,
`id [unit]`, or `id date` for the day its sample was taken; `patient`, `as_of` and `site` may stand
beside. An empty cell is unknown. A sheet out of shape is refused whole, by row and column; a cell that cannot
be read costs that value alone.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corrin.errors import InputError, Problem
from corrin.intake import case, dates, values
from corrin.records import Event, Ignored, Patient, Record, When

_HEADER = re.compile(r"([a-z][a-z0-9_]*)(?: \[([^\[\]]+)\]| (date))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PATIENT, _AS_OF, _SITE = "patient", "as_of", "site"
_IDS = (
    "Write an id in small letters, `id [unit]` or `id date`; or say what your columns are in a columns file"
    " (`corrin screen --map FILE`)."
)
_ONE_CELL = "Put commas, semicolons or tabs between the cells: this header is one cell."
PROBLEMS = 20
"""As many are told at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the finding its cells speak of, and the unit; a `dated` one holds the day of the sample."""

    name: str
    unit: str
    dated: bool
    header: str


def read(text: str, where: str) -> tuple[Record, ...]:
    """One record a row.

    Errors: `InputError` naming every row and column that is out of shape.
    """
    numbered = list(rows(io.StringIO(text, newline=""), delimiter(text), where))
    columns = named(numbered[0][1], where) if numbered else ()
    if len(numbered) < 2:  # noqa: PLR2004 - a header and at least one row
        raise InputError(Problem(where, "no row of a patient", "Write one patient a row below the header."))
    problems = [*_ragged(numbered, columns, where), *_repeated(numbered, columns, where)]
    records = (
        [record(number, cells, columns, where, problems) for number, cells in numbered[1:]]
        if not problems
        else []
    )
    if problems:
        raise InputError(*problems[:PROBLEMS])
    return tuple(records)


def delimiter(text: str) -> str:
    """What stands between the cells of the first line: a comma, a semicolon or a tab."""
    return max(",;\t", key=text.lstrip("\r\n").partition("\n")[0].count)


def rows(lines: Iterable[str], between: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, numbered as a spreadsheet numbers them (the header is row 1).

    Errors: `InputError` where quotes are out of place.
    """
    reader = csv.reader(lines, delimiter=between, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any("\n" in cell for cell in cells):
                raise _broken(
                    where, number, "a line break within a cell: a quotation mark that is not closed?"
                )
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        raise _broken(
            where, number + 1, "a quotation mark out of place, or a cell beyond all length"
        ) from None


def _broken(where: str, number: int, what: str) -> InputError:
    return InputError(
        Problem(f"{where}: row {number}", what, "Quote a cell as a whole, or leave the quotes out.")
    )


def named(header: list[str], where: str) -> tuple[Column, ...]:
    """What each column holds.

    Errors: `InputError` naming every header that is none.
    """
    columns: list[Column] = []
    problems: list[Problem] = []
    for number, cell in enumerate(header, 1):
        name = cell.strip()
        match = _HEADER.fullmatch(name)
        place = f"{where}: row 1, column {number}"
        if not name:
            problems.append(Problem(place, "a column without a header", "Name it, or leave the column out."))
        elif match is None:
            problems.append(Problem(place, "no finding's id", _IDS if len(header) > 1 else _ONE_CELL))
        elif any(column.header == name for column in columns):
            problems.append(Problem(place, f"{name} is given twice", "Keep one column of each header."))
        else:
            columns.append(Column(match[1], match[2] or "", match[3] is not None, name))
    if problems:
        raise InputError(*problems[:PROBLEMS])
    return tuple(columns)


def _ragged(numbered: list[tuple[int, list[str]]], columns: tuple[Column, ...], where: str) -> list[Problem]:
    return [
        ragged(number, len(cells), len(columns), where)
        for number, cells in numbered[1:]
        if len(cells) != len(columns)
    ]


def ragged(number: int, given: int, wanted: int, where: str) -> Problem:
    """A row that has not as many cells as the header."""
    return Problem(
        f"{where}: row {number}, column {min(given, wanted) + 1}",
        f"{given} cells where the header has {wanted}",
        "Give every row as many cells as the header; quote a cell that holds the separator.",
    )


def repeated(number: int, before: int, where: str) -> Problem:
    """A row of a patient who had one before: nobody knows which of the two counts."""
    what = f"the patient of row {before} again"
    return Problem(f"{where}: row {number}, column {PATIENT}", what, "Write one patient a row.")


def _repeated(
    numbered: list[tuple[int, list[str]]], columns: tuple[Column, ...], where: str
) -> list[Problem]:
    index = next((index for index, column in enumerate(columns) if column.header == PATIENT), None)
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for number, cells in numbered[1:]:
        name = cells[index].strip() if index is not None and index < len(cells) else ""
        if name and seen.setdefault(name, number) != number:
            problems.append(repeated(number, seen[name], where))
    return problems


def record(
    number: int, cells: list[str], columns: tuple[Column, ...], where: str, problems: list[Problem]
) -> Record:
    """The record of one row; a day that is none goes to `problems`."""
    said = {column.header: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    as_of = said.get(_AS_OF) or None
    if as_of is not None and not (_DAY.fullmatch(as_of) and dates.when(as_of)):
        problems.append(
            Problem(f"{where}: row {number}, column {_AS_OF}", "no day of the calendar", "Write YYYY-MM-DD.")
        )
    events: list[Event] = []
    ignored: list[Ignored] = []
    for column in columns:
        place = f"row {number}, column {column.header}"
        if column.header in {PATIENT, _AS_OF, _SITE} or not said[column.header]:
            continue
        if column.dated:
            if not any(said[one.header] for one in columns if one.name == column.name and not one.dated):
                ignored.append(Ignored(place, "the date of a sample of which no result is given"))
            continue
        events.append(_event(column, said, place))
    return Record(
        Patient(id=said.get(PATIENT) or None, where=f"row {number}", site=said.get(_SITE) or None),
        tuple(events),
        tuple(ignored),
        as_of=as_of,
    )


def _event(column: Column, said: dict[str, str], place: str) -> Event:
    value = values.cell(said[column.header], column.unit)
    written = said.get(f"{column.name} date", "")
    taken: When | None = dates.when(written) if written else None
    if written and taken is None:
        value = values.unreadable("its date is none of the calendar")
    return case.event(column.name, place, value, taken)
