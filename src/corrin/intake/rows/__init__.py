"""CSV and Parquet of many patients, streamed: findings one patient a row, or results one a row.

A path enters, with a columns file where the columns are called otherwise; a `Record` for each patient leaves.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from corrin.errors import InputError, Problem
from corrin.intake import declared, table
from corrin.intake.counts import Counts, Uncounted
from corrin.intake.declared import NONE, Parts
from corrin.intake.rows import patients, results, sheet
from corrin.intake.rows.columns import AS_THEY_ARE, Columns, load
from corrin.records import Record

__all__ = ["Columns", "count", "findings", "load", "read", "recognises"]


def recognises(source: str | Path) -> bool:
    """Whether this is one CSV or Parquet file."""
    return sheet.recognises(Path(source))


def count(source: str | Path) -> int | None:
    """How many patients there are; None where each has many rows."""
    path = Path(source)
    return None if _is_results(path, AS_THEY_ARE) else sheet.count(path)


def read(  # noqa: PLR0913 - what to read, and what was said of it
    source: str | Path,
    wanted: AbstractSet[tuple[str, str]],
    part: tuple[int, int] = (0, 1),
    *,
    columns: Columns = AS_THEY_ARE,
    tally: Counts | None = None,
    complete: Parts = NONE,
) -> Iterator[Record]:
    """One record for each patient of one part; `complete` are parts of the record that are declared complete.

    Errors: `InputError` by row and column; `where` of events is the row.
    """
    path = Path(source)
    if not path.is_file():
        raise InputError(Problem(path.name, "there is no such file", "Name a CSV or a Parquet file."))
    if _is_results(path, columns):
        yield from results.read(path, wanted, part, columns, tally or Uncounted(), complete)
        return
    for record in patients.read(path, wanted, part, columns, tally or Uncounted()):
        yield declared.answered(record, complete, wanted)


def findings(source: str | Path, columns: Columns = AS_THEY_ARE) -> set[str] | None:
    """The ids that the columns of a table of findings have; None of a table of results."""
    path = Path(source)
    if _is_results(path, columns):
        return None
    _, header = next(sheet.rows(path), (1, list[str]()))
    return {
        one.name for one in table.named([name for _, name in columns.headers(header, path.name)], path.name)
    }


def _is_results(path: Path, columns: Columns) -> bool:
    _, header = next(sheet.rows(path), (1, list[str]()))
    ours = [columns.columns.get(name.strip(), "" if columns.columns else name.strip()) for name in header]
    return results.fits(ours)
