"""One patient a row, one finding a column, streamed: the records that `corrin.intake.table` makes as well.

Numbered rows enter, a `Record` for each row of one part leaves. A sheet out of shape is refused by row and
column, as soon as it is seen.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from pathlib import Path
from zlib import crc32

from corrin.errors import InputError, Problem
from corrin.intake import case, table
from corrin.intake.counts import READ, Counts
from corrin.intake.rows import sheet
from corrin.intake.rows.columns import Columns, left_out
from corrin.records import Record

Part = tuple[int, int]
_DIGEST = 8
_SHELVES = 64
_NAMED = "Call the columns by the ids of findings, or say in a columns file (--map FILE) what they are."


def read(
    path: Path, wanted: AbstractSet[tuple[str, str]], part: Part, names: Columns, tally: Counts
) -> Iterator[Record]:
    """A record for each row whose patient falls into the part.

    Errors: `InputError` with every row and column that is out of shape, up to twenty, before the end is told.
    """
    where = path.name
    numbered = sheet.rows(path)
    _, header = next(numbered, (1, list[str]()))
    chosen, columns = _chosen(header, wanted, names, where)
    if part[0] == 0:
        left_out(header, [at for at, _ in chosen], tally)
    mine = _Mine(columns, part)
    problems: list[Problem] = []
    any_row = False
    for number, cells in numbered:
        any_row = True
        if len(cells) != len(header):
            problems.append(table.ragged(number, len(cells), len(header), where))
        else:
            kept = [cells[at] for at, _ in chosen]
            if mine.has(number, kept):
                tally.count(READ, "rows")
                record = table.record(number, kept, columns, where, problems)
                if not problems:
                    yield record
        if len(problems) >= table.PROBLEMS:
            break
    if not any_row:
        problems.append(Problem(where, "no row of a patient", "Write one patient a row below the header."))
    if problems:
        raise InputError(*problems[: table.PROBLEMS])
    if mine.repeated():
        raise InputError(*_twice(path, mine, chosen)[: table.PROBLEMS])


def _chosen(
    header: list[str], wanted: AbstractSet[tuple[str, str]], names: Columns, where: str
) -> tuple[list[tuple[int, str]], tuple[table.Column, ...]]:
    """Which columns are read, and what they hold."""
    if not header:
        raise InputError(Problem(where, "is empty", "Write one patient a row below a header."))
    chosen = names.headers(header, where)
    columns = table.named([name for _, name in chosen], where)
    if not any((case.SYSTEM, column.name) in wanted for column in columns):
        raise InputError(Problem(f"{where}: row 1", "no column holds a finding", _NAMED))
    return chosen, columns


class _Mine:
    """Which rows belong to one part, and whether a patient has two of them: eight bytes are kept of each."""

    def __init__(self, columns: tuple[table.Column, ...], part: Part) -> None:
        self.number, self.of = part
        self.at = next((at for at, column in enumerate(columns) if column.header == table.PATIENT), None)
        self.seen = [array("Q") for _ in range(_SHELVES)]

    def name(self, cells: list[str]) -> str:
        return "" if self.at is None else cells[self.at].strip()

    def has(self, number: int, cells: list[str]) -> bool:
        name = self.name(cells)
        if (crc32(name.encode()) if name else number) % self.of != self.number:
            return False
        if name:
            digest = _digest(name)
            self.seen[digest % _SHELVES].append(digest)
        return True

    def repeated(self) -> bool:
        return any(len(set(some)) != len(some) for some in self.seen)


def _digest(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=_DIGEST).digest())


def _twice(path: Path, mine: _Mine, chosen: list[tuple[int, str]]) -> list[Problem]:
    """Go through the rows again, now to name the two that are of one patient."""
    before: dict[str, int] = {}
    often = {one for some in mine.seen for one, count in Counter(some).items() if count > 1}
    problems: list[Problem] = []
    for number, cells in sheet.rows(path):
        name = mine.name([cells[at] for at, _ in chosen])
        if name and _digest(name) in often and before.setdefault(name, number) != number:
            problems.append(table.repeated(number, before[name], path.name))
    return problems
