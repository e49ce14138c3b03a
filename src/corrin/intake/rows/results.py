"""Results one a row, in any order: patient, code or finding, value, comparator, unit, date.

A table enters, a `Record` for each patient of one part leaves; DuckDB sorts by patient, on disk if need be.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, cast

import duckdb

from corrin.errors import InputError, Problem, did_you_mean
from corrin.intake import case, dates, declared, values
from corrin.intake.counts import NOBODY, READ, UNMAPPED, Counts, Uncounted
from corrin.intake.declared import NONE, Parts
from corrin.intake.fhir.r4 import terms
from corrin.intake.omop.base import duck
from corrin.intake.rows import sheet
from corrin.intake.rows.columns import Columns, left_out
from corrin.intake.values import Value
from corrin.records import Code, Event, Patient, Record

Part = tuple[int, int]
NEEDED, WHAT = ("patient", "value"), ("code", "finding")
KNOWN = ("patient", "code", "finding", "system", "value", "comparator", "unit", "date")
_MOST_NAMED = 50
_CODED = (
    "Write a LOINC code, `system|code` or a finding's id as `code`; or say under `[codes]` of a columns file"
    " (--map FILE) what yours mean."
)
_SYSTEMS = ", ".join(f"'{name}'" for name in sorted(terms.SHORT_NAMES - {case.SYSTEM}))
_DOUBTFUL = f" OR (lower(system) NOT IN ({_SYSTEMS}) AND NOT regexp_matches(code, '^[0-9]+-[0-9]$'))"
"""The condition that nobody knows what a row is of: neither its system nor the shape of a LOINC code says."""


_THERE = "NULL, '', '', '', '', ''"
"""The other columns of the row that says that a patient is there, and comes before all others."""


class _Row(NamedTuple):
    patient: str
    number: int
    code: str
    system: str
    value: str
    comparator: str
    unit: str
    date: str


def fits(headers: list[str]) -> bool:
    """Whether these are the columns of results: each patient in many rows, with a value and what it is of."""
    return set(NEEDED) <= set(headers) and bool({*WHAT} & set(headers))


def read(  # noqa: PLR0913, PLR0917 - what to read, and what was said of it
    path: Path,
    wanted: AbstractSet[tuple[str, str]],
    part: Part,
    names: Columns,
    tally: Counts,
    complete: Parts = NONE,
) -> Iterator[Record]:
    """A record for each patient of the part, by their names; who has no row that is heard has one too.

    Where parts are declared `complete`, a row by a code of no known system leaves them open for its patient.
    """
    chosen = _chosen(path, names, tally if part[0] == 0 else Uncounted())
    listening = _Listening(wanted, names)
    with duck.Scratch(1 if part[1] > 1 else 2) as scratch:
        table = f"({_numbered(path, chosen)})"
        if part[0] == 0:
            _count(scratch, table, path, listening, tally)
        number, of = part
        mine = f"FROM {table} WHERE patient <> '' AND hash(patient) % {of} = {number}"
        sql = (
            f"FROM (SELECT * {mine} AND ({listening.sql()}{_DOUBTFUL if complete else ''})"
            f" UNION ALL SELECT patient, min(number), {_THERE} {mine} GROUP BY patient)"
            " ORDER BY patient, code IS NOT NULL, number"
        )
        for patient, some in groupby(_rows(_asked(scratch, sql, path)), key=lambda row: row.patient):
            events: list[Event] = []
            there, *heard = some
            broken = NONE
            for row in heard:
                if listening.hears(row):
                    tally.count(READ, "rows")
                    events.append(listening.event(row))
                else:
                    broken = complete
            record = Record(Patient(id=patient, where=f"row {there.number}"), tuple(events))
            yield declared.completed(record, complete, broken) if complete else record


def _chosen(path: Path, names: Columns, tally: Counts) -> dict[str, str]:
    """Our name of each column that is read, and theirs."""
    _, header = next(sheet.rows(path), (1, list[str]()))
    plain = [one.strip() for one in header]
    read = [(at, ours) for at, ours in names.headers(header, path.name) if ours in KNOWN]
    found = {ours: plain[at] for at, ours in read}
    _once([ours for _, ours in read], path.name)
    left_out(header, [at for at, _ in read], tally)
    unknown = [ours for ours in names.columns.values() if ours not in KNOWN]
    if unknown:
        raise InputError(
            *[
                Problem("[columns]", f"`{one}` is no column of results", did_you_mean(one, KNOWN))
                for one in unknown
            ]
        )
    if not fits(list(found)):
        raise InputError(
            Problem(
                f"{path.name}: row 1",
                "not the columns of results",
                "Give `patient`, `value`, and `code` or `finding`; or name them in a columns file.",
            )
        )
    return found


def _once(read: list[str], where: str) -> None:
    """Errors: two columns that say the same, of which nobody knows which counts."""
    twice = sorted({one for one in read if read.count(one) > 1})
    problems = [f"two columns are `{one}`" for one in twice]
    if {*WHAT} <= set(read):
        problems.append("both `code` and `finding` say what a row is of")
    if problems:
        raise InputError(*[Problem(f"{where}: row 1", what, "Keep one of them.") for what in problems])


def _numbered(path: Path, chosen: dict[str, str]) -> str:
    """The columns under our names, each cell as text, with the row's number."""
    read = sheet.typed(path) if sheet.is_parquet(path) else {}

    def text(*ours: str) -> str:
        plain = {one: f'"{theirs.replace(chr(34), chr(34) * 2)}"' for one, theirs in chosen.items()}
        there = [read.get(chosen[one], plain[one]) for one in ours if one in chosen]
        return f"trim(CAST({there[0]} AS VARCHAR))" if there else "''"

    fields = ("patient", "number", "code", "system", "value", "comparator", "unit", "date")
    columns = {one: text(one) for one in fields} | {
        "number": "1 + row_number() OVER ()",
        "code": text(*WHAT),
    }
    listed = ", ".join(
        f"COALESCE({sql}, '') AS {one}" if one != "number" else f"{sql} AS number"
        for one, sql in columns.items()
    )
    with sheet.legible(path):
        return f"SELECT {listed} FROM {duck.relation([path])}"


def _rows(cells: Iterator[tuple[object, ...]]) -> Iterator[_Row]:
    for each in cells:
        yield _Row._make(each)  # pyright: ignore[reportArgumentType] - texts, and the number


def _asked(scratch: duck.Scratch, sql: str, path: Path) -> Iterator[tuple[object, ...]]:
    try:
        yield from scratch.rows(sql)
    except duckdb.Error as error:
        raise duck.unreadable(path.name, error) from None


def _count(scratch: duck.Scratch, table: str, path: Path, listening: "_Listening", tally: Counts) -> None:
    """Rows without a patient, and the codes that nothing listens to, the most frequent by name."""
    sought = f"count_if(patient <> '' AND {listening.sql()})"
    counts = _asked(scratch, f"SELECT count(*), count_if(patient = ''), {sought} FROM {table}", path)
    rows, nobodys, heard = cast("tuple[int, int, int]", next(counts))
    if not heard:
        what = "no row is by a code that is listened to" if rows else "no row of a result"
        raise InputError(Problem(path.name, what, _CODED))
    if nobodys:
        tally.count(NOBODY, "a row without a patient", "", nobodys)
    sql = (
        f"SELECT system, code, count(*), min(number) FROM {table}"
        f" WHERE patient <> '' AND NOT {listening.sql()}"
        f" GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {_MOST_NAMED}"
    )
    for system, code, often, first in _asked(scratch, sql, path):
        name = f"{system}|{code}" if system else str(code)
        tally.count(UNMAPPED, name, f"row {first}", cast("int", often))


class _Listening:
    """Which texts of the code column say a wanted code, and what a row of them becomes."""

    def __init__(self, wanted: AbstractSet[tuple[str, str]], names: Columns) -> None:
        self.units = names.units
        self.heard: dict[tuple[str, str], Code] = {}
        for system, code in wanted:
            one = Code(system, code)
            self.heard[system, code] = self.heard["", f"{system}|{code}"] = one
            if system in {"loinc", case.SYSTEM}:
                self.heard["", code] = one
        problems: list[Problem] = []
        for theirs, ours in names.codes.items():
            known = self.heard.get(("", ours))
            if known is None:
                mend = did_you_mean(ours, [code for _, code in self.heard])
                problems.append(
                    Problem(f"[codes] {theirs}", f"`{ours}` is nothing that is listened to", mend)
                )
            else:
                self.heard["", theirs] = known
        if problems:
            raise InputError(*problems)

    def sql(self) -> str:
        """The condition that a row says a wanted code."""
        pairs = ", ".join(f"({_quoted(system)}, {_quoted(code)})" for system, code in sorted(self.heard))
        return f"(lower(system), code) IN ({pairs})"

    def hears(self, row: _Row) -> bool:
        """The row says a wanted code."""
        return (row.system.lower(), row.code) in self.heard

    def event(self, row: _Row) -> Event:
        """One result."""
        code = self.heard[row.system.lower(), row.code]
        place = f"row {row.number}"
        unit = self.units.get(row.unit, row.unit)
        value = _compared(values.cell(row.value, unit) if row.value else _NOTHING, row.comparator)
        when = dates.when(row.date.replace(" ", "T")) if row.date else None
        if row.date and when is None:
            value = values.unreadable("its date is none of the calendar")
        said = case.event(code.code, place, value, when)
        if code.system == case.SYSTEM:
            return said
        return Event(
            kind="observation",
            codes=(code,),
            where=place,
            word=value.word,
            quantity=value.quantity,
            date=value.date,
            polarity=value.polarity,
            absent_reason=value.absent_reason,
            unreadable=value.unreadable,
            start=when,
            end=when,
            status="final",
        )


_NOTHING = Value(polarity="unknown", absent_reason="no value was sent")


def _compared(value: Value, sign: str) -> Value:
    """The value with the comparator of its column; two that differ are refused."""
    comparator = values.COMPARATORS.get(sign)
    if comparator is None:
        return values.unreadable("its comparator is none of <, <=, >, >=")
    if not comparator or value.quantity is None:
        return value
    if value.quantity.comparator not in {"", comparator}:
        return values.unreadable("its comparator and its value do not say the same")
    quantity = value.quantity
    return value._replace(quantity=quantity.but(comparator=comparator))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
