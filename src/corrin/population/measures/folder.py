"""A folder that `corrin screen` wrote, opened to be counted: what it is of, and its tables in DuckDB.

A path enters; a `Screened` leaves, with its files as views. Nothing of it is loaded: DuckDB reads what a
question asks for, within a bound of memory.
"""

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import duckdb

from corrin.errors import Problem, UsageError

FORM = 1
"""The form of the folder; `corrin screen` writes it, and it changes when a column gets another meaning."""
TABLES = ("worklist", "verdicts", "findings", "people")
MEMORY = "700MB"
ABOUT, INGEST = "screen.json", "ingest.json"
MEND = "Name a folder that `corrin screen ... --out` wrote, or screen anew."

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What a run was: of which day, under which guideline, of what."""

    as_of: date
    version: str
    hash: str
    profile: str
    site: str | None
    inputs: tuple[str, ...]
    corrin: str
    complete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Screened:
    """One folder: what it is of, what was counted while reading, and the columns of each of its tables."""

    folder: Path
    about: About
    ingest: Mapping[str, Any]
    columns: Mapping[str, tuple[str, ...]]

    def source(self, table: str) -> str:
        """A table of the folder, as SQL names it."""
        return _source(self.folder / f"{table}.parquet")


def opened(folder: Path, needed: Mapping[str, Iterable[str]] | None = None) -> Screened:
    """A folder that `corrin screen` wrote.

    Shape: `needed` are columns, by table, without which nothing can be said. Errors: a `UsageError` for a
    folder that no screen wrote, that is not whole, or that an older Corrin wrote.
    """
    if not folder.is_dir():
        raise UsageError(Problem(str(folder), "there is no such folder", MEND))
    about = _about(folder)
    missing = [name for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if missing:
        files = ", ".join(f"{name}.parquet" for name in missing)
        raise UsageError(Problem(str(folder), f"is not whole: {files} is not there", MEND))
    columns = {name: _columns(folder / f"{name}.parquet") for name in TABLES}
    for table, names in (needed or {}).items():
        lost = [name for name in names if name not in columns[table]]
        if lost:
            where = str(folder / f"{table}.parquet")
            what = (
                f"was written under another guideline or by another Corrin: it has no {', '.join(lost[:5])}"
            )
            raise UsageError(Problem(where, what, "Screen the same export anew with this Corrin."))
    ingest = folder / INGEST
    return Screened(folder, about, _json(ingest) if ingest.is_file() else {}, columns)


@contextmanager
def engine() -> Generator[duckdb.DuckDBPyConnection]:
    """DuckDB within a bound of memory; what does not fit goes to a folder that is thrown away."""
    with TemporaryDirectory(prefix="corrin-") as aside, duckdb.connect() as base:
        base.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        base.execute("SET enable_progress_bar = false")
        base.execute("SET temp_directory = ?", [aside])
        yield base


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _source(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _columns(path: Path) -> tuple[str, ...]:
    try:
        with duckdb.connect() as base:
            told = base.execute(f"DESCRIBE SELECT * FROM {_source(path)}").fetchall()
    except duckdb.Error as error:
        what = f"cannot be read as Parquet: {str(error).splitlines()[0]}"
        raise UsageError(Problem(str(path), what, MEND)) from None
    return tuple(str(row[0]) for row in told)


def _json(path: Path) -> Json:
    try:
        read: object = json.loads(path.read_bytes())
    except ValueError as error:
        raise UsageError(Problem(str(path), f"is no JSON: {error}", MEND)) from None
    if not isinstance(read, dict):
        raise UsageError(Problem(str(path), "is no object of JSON", MEND))
    return cast("Json", read)


def _about(folder: Path) -> About:
    path = folder / ABOUT
    if not path.is_file():
        raise UsageError(Problem(str(folder), f"no `corrin screen` wrote this: it has no {ABOUT}", MEND))
    said = _json(path)
    if said.get("form") != FORM:
        what = f"is of form {said.get('form')!r}, and this Corrin reads form {FORM}"
        raise UsageError(Problem(str(path), what, "Screen the same export anew with this Corrin."))
    try:
        guideline = said["guideline"]
        return About(
            as_of=date.fromisoformat(said["as_of"]),
            version=guideline["version"],
            hash=guideline["hash"],
            profile=guideline["profile"],
            site=guideline.get("site"),
            inputs=tuple(said.get("inputs", ())),
            corrin=said.get("corrin", ""),
            complete=tuple(said.get("complete", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(Problem(str(path), f"does not say what was screened ({error})", MEND)) from None
