"""The second pass: the lines that were cut out, brought together by patient, become records.

Files of lines enter; records leave, one patient after the other, those of one share of the patients. What a
line points to (a medicine, an ingredient, a specimen) comes with it, wherever it stood.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from corrin.intake.bulk.joining import Joined, Placed, join
from corrin.intake.bulk.search import INTRODUCED
from corrin.intake.fhir.chart import Wanted
from corrin.population.tally import Tally
from corrin.records import Record

FETCHED = 1_000
"""Rows that are taken from the database at once."""

PATIENT = "Patient"
_SHARED = ", ".join(f"'{name}'" for name in INTRODUCED if name != PATIENT)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where lines are kept: each file of them with the name of the file they came from, and the lines before.

    `alone` is the key of the one patient there is: then lines that name nobody are that patient's.
    """

    files: Mapping[str, tuple[str, int]]
    alone: str | None = None

    def place(self, file: str, number: int) -> str:
        """Where a line stood, as a person finds it."""
        name, before = self.files[file]
        return f"{name}: line {before + number}"


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the patients: one of so many shares, and how much memory may be used for it."""

    number: int
    many: int
    memory: str


def joined(lines: Lines, share: Share, wanted: Wanted) -> Iterator[tuple[str, Joined]]:
    """The patients of one share, each with the key under which its lines met."""
    with _database(lines, share.memory) as base:
        rows = base.execute(_LINES, [lines.alone, share.many, share.number])
        for key, group in groupby(_fetched(rows), key=itemgetter(0)):
            placed = [Placed(lines.place(file, number), raw) for _, file, number, raw in group]
            yield key, join(key, placed, wanted)


def counted(key: str, joined: Joined, tally: Tally) -> Iterator[tuple[str, Record]]:
    """The records that met under a key; what is odd about them is counted."""
    if joined.problems:
        tally.count("patients", "that cannot be read", joined.problems[-1].where)
    if len(joined.records) > 1:
        tally.count("patients", "with an id that others have too", key)
    for problem in joined.problems:
        tally.count("ignored", problem.what, problem.where)
    for name, record in joined.records:
        if not record.patient.where:
            tally.count("patients", "without a Patient resource", key)
        yield name, record


def nameless(lines: Lines, memory: str) -> tuple[dict[str, int], list[str]]:
    """Lines that name no patient, by type; and the keys of patients, two of them at the most."""
    with _database(lines, memory) as base:
        counted = base.execute("SELECT type, COUNT(*) FROM own WHERE key = '' GROUP BY type").fetchall()
        keys = base.execute("SELECT DISTINCT key FROM own WHERE key <> '' LIMIT 2").fetchall()
    return dict(counted), [key for (key,) in keys]


def _fetched(rows: Any) -> Iterator[tuple[str, str, int, bytes]]:  # noqa: ANN401 - DuckDB's cursor
    while many := rows.fetchmany(FETCHED):
        yield from many


@contextmanager
def _database(lines: Lines, memory: str) -> Generator[Any]:
    """The lines as tables: `shared` are those that others point to, `own` those of patients."""
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in lines.files)
    with duckdb.connect() as base:
        base.execute("SET threads = 1; SET preserve_insertion_order = false")
        base.execute(f"SET memory_limit = '{memory}'")
        base.execute(_TABLES.format(files=listed, shared=_SHARED, patient=PATIENT))
        yield base


_TABLES = """
CREATE TEMP VIEW lines AS SELECT *, filename AS file FROM read_parquet([{files}], filename = true);
CREATE TEMP VIEW shared AS SELECT id, refs, coded, file, number, raw FROM lines WHERE type IN ({shared});
CREATE TEMP TABLE told AS SELECT id, bool_or(coded OR len(refs) > 0) AS matters FROM shared GROUP BY id;
CREATE TEMP VIEW own AS
    SELECT lines.key, lines.type, lines.refs, lines.file, lines.number, lines.raw
    FROM lines LEFT JOIN told ON told.id = lines.refs[1]
    WHERE lines.type NOT IN ({shared}) AND (
        lines.type = '{patient}' OR lines.coded OR (len(lines.refs) > 0 AND (told.id IS NULL OR told.matters))
    );
"""
"""A medicine that is elsewhere matters when it has a code that is asked for, or is nowhere to be found."""

_LINES = """
WITH mine AS (
    SELECT CASE WHEN key = '' THEN $1 ELSE key END AS key, refs, file, number, raw FROM own
    WHERE (key <> '' OR $1 IS NOT NULL) AND hash(CASE WHEN key = '' THEN $1 ELSE key END) % $2 = $3
), first AS (
    SELECT DISTINCT led.key, shared.refs, shared.file, shared.number, shared.raw
    FROM (SELECT key, unnest(refs) AS id FROM mine) AS led JOIN shared ON shared.id = led.id
), second AS (
    SELECT DISTINCT led.key, shared.refs, shared.file, shared.number, shared.raw
    FROM (SELECT key, unnest(refs) AS id FROM first) AS led JOIN shared ON shared.id = led.id
)
SELECT key, file, number, raw FROM (
    SELECT key, file, number, raw FROM mine
    UNION SELECT key, file, number, raw FROM first
    UNION SELECT key, file, number, raw FROM second
) AS every_line ORDER BY key, file, number
"""
