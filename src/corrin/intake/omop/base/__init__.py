"""Where a CDM lies: a folder of Parquet or CSV, a DuckDB file, or PostgreSQL; tables under plain names.

A path or an address enters, a `Source` leaves, which runs a SELECT and hands over its rows as they come. What
cannot be opened or read is an `InputError` by table and file; nothing of a row goes into it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from corrin.errors import InputError, Problem
from corrin.intake.omop import tables

PREFIXES = ("postgresql://", "postgres://")
_MAGIC = b"DUCK"
_MAGIC_AT = 8


class Source(Protocol):
    """A CDM that is open: what it is called, its tables and their columns, and how they are asked."""

    @property
    def name(self) -> str:
        """What an error calls it; never with a password."""
        ...

    @property
    def columns(self) -> Mapping[str, Mapping[str, str]]:
        """Of each table, by its plain name, the columns: plain name to the name as SQL is to write it."""
        ...

    def relation(self, table: str) -> str:
        """What stands after FROM."""
        ...

    def whole(self, column: str) -> str:
        """A column as a whole number; NULL where it is none."""
        ...

    def rows(self, sql: str, about: str) -> Iterator[tuple[object, ...]]:
        """The rows of a SELECT, streamed; `about` is the table that an error names."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def recognises(source: str | Path) -> bool:
    """Whether this is a CDM: an address of PostgreSQL, a DuckDB file, or a folder of such tables.

    One table but `person` may be called so by chance; two are a CDM whose persons are missing.
    """
    if str(source).startswith(PREFIXES):
        return True
    path = Path(source)
    if path.is_file():
        with path.open("rb") as file:
            return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC
    if not path.is_dir():
        return False
    from corrin.intake.omop.base import duck  # noqa: PLC0415 - loads DuckDB

    there = set(duck.files(path)).intersection(tables.NEEDED)
    return "person" in there or len(there) > 1


def opened(source: str | Path, threads: int = 2) -> Source:
    """The CDM that lies there.

    Errors: not there, not to be reached, not to be read.
    """
    if str(source).startswith(PREFIXES):
        from corrin.intake.omop.base.postgres import Postgres  # noqa: PLC0415 - loads psycopg

        return Postgres(str(source))
    from corrin.intake.omop.base.duck import Duck  # noqa: PLC0415 - loads DuckDB

    path = Path(source)
    if not path.exists():
        raise InputError(Problem(path.name, "there is no such file or folder", "Name a CDM that is there."))
    return Duck(path, threads)


def check(source: Source, *, vocabulary: bool) -> None:
    """Refuse what is no CDM, or one of which a needed table or column is missing; all of it at once.

    A CDM without measurements would make everybody untested: what decides is needed, the rest is unknown.
    """
    known = source.columns
    if "person" not in known:
        raise InputError(
            Problem(
                source.name,
                "no OMOP CDM: it has no table `person`",
                f"Hand over CDM 5.4 with {', '.join(tables.NEEDED)}; in PostgreSQL name the schema:"
                " `?options=-csearch_path%3Dcdm`.",
            )
        )
    needed = (*tables.NEEDED, *(tables.VOCABULARY if vocabulary else ()))
    problems = [_missing(source, table) for table in needed if table not in known]
    for table, must in tables.MUST.items():
        lost = [column for column in must if column not in known[table]] if table in known else []
        if lost:
            what = f"table `{table}` has no column {', '.join(f'`{column}`' for column in lost)}"
            problems.append(Problem(source.name, what, "Give the columns the names of CDM 5.4."))
    if problems:
        raise InputError(*problems)


def _missing(source: Source, table: str) -> Problem:
    if table in tables.VOCABULARY:
        mend = "Load the vocabulary tables, or name the concepts in a site map (--map FILE)."
        return Problem(source.name, f"no table `{table}`: nothing says what a concept id stands for", mend)
    mend = f"Write the table, even an empty one. Optional are {', '.join(tables.OPTIONAL)}."
    return Problem(
        source.name, f"no table `{table}`: without it everybody would look untested or untreated", mend
    )
