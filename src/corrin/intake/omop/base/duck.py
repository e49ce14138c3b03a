"""A CDM that DuckDB reads: a folder of Parquet and CSV files, or a DuckDB file, opened to read only.

A path enters, rows leave. What is sorted goes to a folder of its own on the disk when memory is full; the
folder is for this process alone and is gone afterwards.
"""

import csv
import gzip
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self, cast

import duckdb
import zstandard

from corrin.errors import InputError, Problem
from corrin.intake.omop import tables

MEMORY = "160MiB"
_AT_ONCE = 2048
_MAGIC = b"PAR1"
_PARQUET = (".parquet", ".pq")
_CSV = (".csv", ".csv.gz", ".csv.zst", ".tsv", ".tsv.gz")
_KNOWN = frozenset((*tables.NEEDED, *tables.VOCABULARY, *tables.OPTIONAL))
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_LINE = re.compile(r"(?:Line|line)[: ]+(\d+)")
_HEADER = 1 << 16
_DAMAGES = (OSError, EOFError, zlib.error, zstandard.ZstdError, csv.Error)


class Duck:
    """A CDM in files, behind one connection of DuckDB in memory."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        self.name = path.name or str(path)
        self._base = Scratch(threads)
        self._relations: dict[str, str] = {}
        self.columns: dict[str, Mapping[str, str]] = {}
        try:
            if path.is_dir():
                self._files(path)
            else:
                self._attach(path)
        except BaseException:
            self.close()
            raise

    def relation(self, table: str) -> str:
        """What stands after FROM."""
        return self._relations[table]

    def whole(self, column: str) -> str:
        """A number in a text column of a CSV may be none: then it is NULL, `17.0` is 17."""
        return f"COALESCE(TRY_CAST({column} AS BIGINT), TRY_CAST(TRY_CAST({column} AS DOUBLE) AS BIGINT))"

    def rows(self, sql: str, about: str) -> Iterator[tuple[object, ...]]:
        """The rows of a SELECT, a few at a time."""
        try:
            yield from self._base.rows(sql)
        except duckdb.Error as error:
            raise unreadable(f"{self.name}: {about}", error) from None

    def close(self) -> None:
        """Close the connection, and throw away what was put on the disk."""
        self._base.close()

    def _attach(self, path: Path) -> None:
        try:
            list(self._base.rows(f"ATTACH {_quoted(str(path))} AS cdm (READ_ONLY)"))
        except duckdb.Error:
            raise InputError(
                Problem(
                    self.name, "no DuckDB file that can be opened", "Close it elsewhere, or write it anew."
                )
            ) from None
        found = cast(
            "list[tuple[str, str, str]]",
            list(
                self._base.rows(
                    "SELECT table_schema, table_name, column_name FROM information_schema.columns"
                    " WHERE table_catalog = 'cdm' ORDER BY 1, 2, ordinal_position"
                )
            ),
        )
        schemas: dict[str, set[str]] = {}
        for schema, table, column in found:
            plain = table.lower()
            if plain not in _KNOWN:
                continue
            schemas.setdefault(plain, set()).add(schema)
            self._relations[plain] = f'cdm."{schema}"."{table}"'
            self.columns[plain] = {**self.columns.get(plain, {}), column.lower(): f'"{column}"'}
        for table, where in schemas.items():
            if len(where) > 1:
                what = f"table `{table}` stands in the schemas {', '.join(sorted(where))}"
                raise InputError(Problem(self.name, what, "Keep one CDM in the file."))

    def _files(self, folder: Path) -> None:
        for table, paths in files(folder).items():
            try:
                self._relations[table] = relation(paths)
                described = self._base.rows(f"DESCRIBE SELECT * FROM {self._relations[table]}")
                self.columns[table] = {str(row[0]).lower(): f'"{row[0]}"' for row in described}
            except (duckdb.Error, *_DAMAGES) as error:
                raise unreadable(f"{self.name}/{paths[0].name}", error) from None


class Scratch:
    """DuckDB in memory, with a folder of its own for what is sorted beyond it."""

    def __init__(self, threads: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="corrin-rows-", ignore_cleanup_errors=True)
        self._base = duckdb.connect(
            config={
                "memory_limit": MEMORY,
                "threads": threads,
                "temp_directory": self._folder.name,
                "autoinstall_known_extensions": False,
            }
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, sql: str) -> Iterator[tuple[object, ...]]:
        """The rows of a statement, a few at a time."""
        with self._base.cursor() as cursor:
            cursor.execute(sql)
            while some := cursor.fetchmany(_AT_ONCE):
                yield from some

    def close(self) -> None:
        """Close the connection, and throw away what was put on the disk."""
        self._base.close()
        self._folder.cleanup()


def unreadable(where: str, error: Exception) -> InputError:
    """What DuckDB could not read, by file and line; nothing of what stood there."""
    line = _LINE.search(str(error))
    if isinstance(error, duckdb.OutOfMemoryException):
        return InputError(Problem(where, "no room to sort it in", "Free some of the disk for TMPDIR."))
    return InputError(
        Problem(
            f"{where}, line {line[1]}" if line else where,
            "cannot be read: broken, or not what its name says",
            "Write the file anew, as Parquet or as CSV with a header.",
        )
    )


def files(folder: Path) -> dict[str, list[Path]]:
    """The files of each table: `person.parquet`, `PERSON.csv.gz`, or a folder `person/` of parts."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        name = path.name.lower()
        stem = name.split(".", 1)[0]
        if stem not in _KNOWN or name.startswith("."):
            continue
        parts = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        found.setdefault(stem, []).extend(each for each in parts if _readable(each))
    return {table: paths for table, paths in found.items() if paths}


def _readable(path: Path) -> bool:
    return path.name.lower().endswith((*_PARQUET, *_CSV)) and not path.name.startswith((".", "_"))


def relation(paths: list[Path]) -> str:
    """How DuckDB reads these files; every cell of a CSV is the text that it is."""
    with paths[0].open("rb") as file:
        begins = file.read(len(_MAGIC))
    if begins == _MAGIC or paths[0].name.lower().endswith(_PARQUET):
        return f"read_parquet([{', '.join(_quoted(str(path)) for path in paths)}], union_by_name = true)"
    return f"({' UNION ALL BY NAME '.join(f'SELECT * FROM {_csv(path)}' for path in paths)})"


def _csv(path: Path) -> str:
    """One CSV, with tabs and no quotes (as OHDSI's Athena hands out vocabularies) or commas and quotes."""
    header = _header(path)
    delimiter, quote = ("\t", "") if "\t" in header else (max(",;", key=header.count), '"')
    names = next(csv.reader([header], delimiter=delimiter), list[str]())
    columns = ", ".join(f"{_quoted(name.strip())}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({_quoted(str(path))}, auto_detect = false, header = true, columns = {{{columns}}},"
        f" delim = '{delimiter}', quote = '{quote}', escape = '{quote}', nullstr = '')"
    )


def _header(path: Path) -> str:
    """The first line, also of a file that is compressed."""
    with path.open("rb") as file:
        raw = file.read(_HEADER)
    if raw.startswith(_GZIP):
        with gzip.open(path) as file:
            raw = file.read(_HEADER)
    elif raw.startswith(_ZSTD):
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            raw = plain.read(_HEADER)
    return raw.split(b"\n", 1)[0].decode("utf-8-sig", "replace").rstrip("\r")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
