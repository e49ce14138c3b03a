"""The second pass: the lines that were cut out, brought together by patient, become records.

Files of lines enter; records leave, one patient after the other, those of one share of the patients. What a
line points to (a medicine, an ingredient, a specimen) comes with it, wherever it stood.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from corrin.intake.bulk.joining import Joined, Placed, join
from corrin.intake.bulk.search import INTRODUCED
from corrin.intake.fhir.chart import Wanted
from corrin.population.parquet import quoted
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
class Room:
    """How much memory the database may use, and the folder for what is more than that."""

    memory: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the patients: one of so many shares, and the room there is for it."""

    number: int
    many: int
    room: Room


def joined(
    lines: Lines, share: Share, wanted: Wanted, complete: frozenset[str] = frozenset()
) -> Iterator[tuple[str, Joined]]:
    """The patients of one share, each with the key under which its lines met."""
    with _database(lines, share.room) as base:
        rows = base.execute(_LINES, [lines.alone, share.many, share.number])
        for key, group in groupby(_fetched(rows), key=itemgetter(0)):
            placed = [Placed(lines.place(file, number), raw) for _, file, number, raw in group]
            yield key, join(key, placed, wanted, complete)


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


def nameless(lines: Lines, room: Room) -> tuple[dict[str, int], list[str]]:
    """Lines that name no patient, by type; and the keys of patients, two of them at the most."""
    with _database(lines, room) as base:
        counted = base.execute("SELECT type, COUNT(*) FROM own WHERE key = '' GROUP BY type").fetchall()
        keys = base.execute("SELECT DISTINCT key FROM own WHERE key <> '' LIMIT 2").fetchall()
    return dict(counted), [key for (key,) in keys]


def _fetched(rows: Any) -> Iterator[tuple[str, str, int, bytes]]:  # noqa: ANN401 - DuckDB's cursor
    while many := rows.fetchmany(FETCHED):
        yield from many


@contextmanager
def _database(lines: Lines, room: Room) -> Generator[Any]:
    """The lines as tables: `shared` are those that others point to, `own` those of patients."""
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    listed = ", ".join(quoted(Path(file)) for file in lines.files)
    with duckdb.connect() as base:
        base.execute("SET threads = 1; SET preserve_insertion_order = false")
        spill = quoted(room.folder / "joined")
        base.execute(f"SET memory_limit = '{room.memory}'; SET temp_directory = {spill}")
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
    SELECT led.key, shared.refs, shared.file, shared.number, shared.raw
    FROM (SELECT DISTINCT key, unnest(refs) AS id FROM mine) AS led JOIN shared ON shared.id = led.id
), second AS (
    SELECT led.key, shared.refs, shared.file, shared.number, shared.raw
    FROM (SELECT DISTINCT key, unnest(refs) AS id FROM first) AS led JOIN shared ON shared.id = led.id
)
SELECT key, file, number, raw FROM (
    SELECT key, file, number, raw FROM mine
    UNION ALL SELECT key, file, number, raw FROM first
    UNION ALL SELECT key, file, number, raw FROM second
        WHERE NOT EXISTS (
            SELECT 1 FROM first
            WHERE first.key = second.key AND first.file = second.file AND first.number = second.number
        )
) AS every_line ORDER BY key, file, number
"""
