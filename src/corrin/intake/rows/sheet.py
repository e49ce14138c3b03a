"""The rows of a CSV (plain, gzip or zstd) or of a Parquet file, as texts, one after another.

A path enters, numbered rows leave, the header first; never more of them in memory than a few thousand.
"""

import gzip
import io
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import cast

import duckdb
import zstandard

from corrin.errors import InputError, Problem
from corrin.intake import table
from corrin.intake.omop.base import duck

_PARQUET, _GZIP, _ZSTD = b"PAR1", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_AT_ONCE = 4096
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_READ = {
    "TIMESTAMP WITH TIME ZONE": "strftime({} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')",
    "FLOAT": "CAST({} AS VARCHAR)",
}
_DAMAGES = (OSError, EOFError, UnicodeDecodeError, zstandard.ZstdError, zlib.error)


def recognises(path: Path) -> bool:
    """Whether this is a CSV or a Parquet file, by its content: what is called so and is no JSON is a CSV."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        begins = file.read(len(_PARQUET))
    if begins.startswith(_PARQUET):
        return True
    name = path.name.lower()
    if not name.removesuffix(".gz").removesuffix(".zst").endswith((".csv", ".tsv", ".txt")):
        return False
    try:
        with _opened(path) as file:
            return file.read(_AT_ONCE).lstrip()[:1] not in {"{", "["}
    except _DAMAGES:
        return True


def is_parquet(path: Path) -> bool:
    """By its first bytes."""
    with path.open("rb") as file:
        return file.read(len(_PARQUET)) == _PARQUET


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its number; the header is row 1.

    Errors: what is broken, breaks off or is no UTF-8.
    """
    return _parquet(path) if is_parquet(path) else _csv(path)


def count(path: Path) -> int:
    """How many rows of patients or results there are, at least about."""
    if is_parquet(path):
        with duck.Scratch(1) as scratch:
            (number,) = next(scratch.rows(f"SELECT count(*) FROM {duck.relation([path])}"))
            return cast("int", number)
    with legible(path), _opened(path) as file:
        return max(sum(1 for _ in file) - 1, 0)


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    with legible(path):
        with _opened(path) as file:
            between = table.delimiter(file.readline())
        with _opened(path) as file:
            yield from table.rows(file, between, path.name)


@contextmanager
def legible(path: Path) -> Generator[None]:
    """Errors: an `InputError` for a file that breaks off, or is no text."""
    try:
        yield
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "no UTF-8", "Save it as UTF-8.")) from None
    except _DAMAGES:
        raise InputError(
            Problem(path.name, "breaks off, or is not what its name says", "Write the file anew.")
        ) from None


def _opened(path: Path) -> io.TextIOWrapper:
    with path.open("rb") as file:
        begins = file.read(len(_ZSTD))
    if begins.startswith(_GZIP):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")  # pyright: ignore[reportReturnType]
    raw = path.open("rb")
    if begins == _ZSTD:
        plain = io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(raw, closefd=True))  # pyright: ignore[reportArgumentType]
        return io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
    return io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def _parquet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with duck.Scratch(1) as scratch:
            columns = typed(path)
            yield 1, list(columns)
            listed = ", ".join(columns.values())
            for number, cells in enumerate(scratch.rows(f"SELECT {listed} FROM {duck.relation([path])}"), 2):
                yield number, [cell(one) for one in cells]
    except duckdb.Error as error:
        raise duck.unreadable(path.name, error) from None


def typed(path: Path) -> dict[str, str]:
    """Each column of a Parquet file as SQL reads it: an instant in UTC, a short decimal as it was written.

    Errors: an `InputError` for a column that holds lists or records.
    """
    with duck.Scratch(1) as scratch:
        described = list(scratch.rows(f"DESCRIBE SELECT * FROM {duck.relation([path])}"))
    kinds = {str(name): str(kind) for name, kind, *_ in described}
    nested = [name for name, kind in kinds.items() if kind.endswith("]") or kind.startswith(_NESTED)]
    if nested:
        what = "holds lists or records, and a cell is one value"
        raise InputError(
            *[Problem(f"{path.name}: `{name}`", what, "Write one value a row.") for name in nested]
        )
    return {name: _READ.get(kind, "{}").format(_quoted(name)) for name, kind in kinds.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def cell(value: object) -> str:
    """A value of Parquet as a person would write it into a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat() if (value.hour, value.minute) != (0, 0) else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
