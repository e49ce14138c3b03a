"""A CDM in PostgreSQL, read through cursors on the server, within one snapshot that changes nothing.

An address enters, rows leave. The password comes from PGPASSWORD or ~/.pgpass; neither it nor anything that
the server says of a row goes into an error.
"""

from collections.abc import Iterator, Mapping

import psycopg
from psycopg import conninfo, errors, sql

from corrin.errors import InputError, Problem
from corrin.intake.omop import tables

_AT_ONCE = 5000
_KNOWN = (*tables.NEEDED, *tables.VOCABULARY, *tables.OPTIONAL)
_FOUND = """
SELECT n.nspname, c.relname, a.attname
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE lower(c.relname) = ANY(%s) AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
  AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT LIKE 'pg\\_%%'
ORDER BY a.attnum
"""
"""The catalogue itself: the information schema would hide a table that may not be read."""


class Postgres:
    """A CDM behind one connection, in one read-only transaction."""

    def __init__(self, address: str) -> None:
        self.name, told = _named(address)
        if "password" in told:
            raise InputError(
                Problem(
                    self.name,
                    "a password in the address: it would stand in the shell's history",
                    "Put it into PGPASSWORD or ~/.pgpass, and leave it out of the address.",
                )
            )
        try:
            self._base = psycopg.connect(address, application_name="corrin")
        except psycopg.Error as error:
            raise InputError(_refused(self.name, error)) from None
        self._base.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._base.read_only = True
        self._cursors = 0
        self._relations: dict[str, str] = {}
        self.columns: dict[str, Mapping[str, str]] = {}
        try:
            self._look()
        except BaseException:
            self.close()
            raise

    def relation(self, table: str) -> str:
        """What stands after FROM."""
        return self._relations[table]

    def whole(self, column: str) -> str:
        """A whole number, whatever the type of the column."""
        return f"CAST({column} AS BIGINT)"

    def rows(self, sql: str, about: str) -> Iterator[tuple[object, ...]]:
        """The rows of a SELECT, some thousands at a time."""
        self._cursors += 1
        try:
            with self._base.cursor(name=f"corrin_{self._cursors}") as cursor:
                cursor.itersize = _AT_ONCE
                cursor.execute(sql.encode())
                yield from cursor
        except psycopg.Error as error:
            raise InputError(_unreadable(self.name, about, error)) from None

    def close(self) -> None:
        """Close the connection."""
        self._base.close()

    def _look(self) -> None:
        """Find each table: in the search path, else in the one schema that has it."""
        try:
            self._base.execute("SET LOCAL datestyle TO ISO")
            row = self._base.execute("SELECT current_schemas(false)").fetchone()
            found = self._base.execute(_FOUND, [list(_KNOWN)]).fetchall()
        except psycopg.Error as error:
            raise InputError(_unreadable(self.name, "the catalogue", error)) from None
        path: list[str] = row[0] if row else []
        stands: dict[str, dict[str, dict[str, str]]] = {}
        for schema, table, column in found:
            where = stands.setdefault(table.lower(), {}).setdefault(_quoted(schema, table), {})
            where[column.lower()] = _quoted(column)
        schemas = {_quoted(schema, table): schema for schema, table, _ in found}
        for table, where in stands.items():
            ahead = sorted(
                (one for one in where if schemas[one] in path), key=lambda one: path.index(schemas[one])
            )
            if not ahead and len(where) > 1:
                names = ", ".join(sorted(schemas[one] for one in where))
                mend = "Name one: `?options=-csearch_path%3Dcdm`."
                raise InputError(Problem(self.name, f"table `{table}` stands in the schemas {names}", mend))
            self._relations[table] = chosen = ahead[0] if ahead else next(iter(where))
            self.columns[table] = where[chosen]


def _quoted(*names: str) -> str:
    return sql.Identifier(*names).as_string(None)


def _named(address: str) -> tuple[str, Mapping[str, object]]:
    """What an error calls the server: its host and database, as far as the address can be read."""
    try:
        told = conninfo.conninfo_to_dict(address)
    except psycopg.Error:
        raise InputError(
            Problem("postgresql://", "no address of a database", "Write postgresql://USER@HOST/DATABASE.")
        ) from None
    return f"postgresql://{told.get('host') or ''}/{told.get('dbname') or ''}", told


def _refused(name: str, error: psycopg.Error) -> Problem:
    said = str(error).casefold()
    if "password" in said or "authentication" in said or "no pg_hba.conf" in said:
        return Problem(name, "lets nobody in under this name", "Check the user, and PGPASSWORD or ~/.pgpass.")
    if "does not exist" in said:
        return Problem(name, "there is no such database or user", "Check both names in the address.")
    return Problem(name, "cannot be reached", "Check the host and the port, and whether the server runs.")


def _unreadable(name: str, about: str, error: psycopg.Error) -> Problem:
    if isinstance(error, errors.InsufficientPrivilege):
        return Problem(name, f"{about} may not be read", "GRANT SELECT on it, and USAGE on its schema.")
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return Problem(name, "the connection broke off", "Start again when the server is back.")
    return Problem(name, f"{about} cannot be read", "Give the tables the shape of CDM 5.4.")
