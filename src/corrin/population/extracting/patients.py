"""The second pass: the lines that were cut out, brought together by patient, become records.

Files of lines enter; records leave, one patient after the other, those of one share of the patients. What a
line points to (a medicine, an ingredient, a specimen) comes with it, wherever it stood.
"""

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import FileIO
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from corrin.intake.bulk.joining import Joined, Placed, join
from corrin.intake.bulk.search import SHARED
from corrin.intake.fhir.chart import Wanted
from corrin.population.extracting.cuts import INDEX, LINES
from corrin.population.parquet import quoted, scratched
from corrin.population.tally import Tally
from corrin.records import Record

FETCHED = 1_000
"""Rows that are taken from the database at once."""

EVERYONE = -1
"""The share of what belongs to no patient alone."""

OPEN = 64
"""Files of lines that are open at once."""

PATIENT = "Patient"
_SHARED = ", ".join(f"'{name}'" for name in SHARED)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where lines are kept: a folder, the leaves in it, and the parts of files whose lines they hold.

    Each part has the name of its file, and how many lines of that stand before. `alone` is the key of the one
    patient there is: then lines that name nobody are that patient's. `sorted_out`: a folder in which what is
    known of them lies share by share.
    """

    folder: Path
    leaves: Collection[str]
    parts: Mapping[str, tuple[str, int]]
    alone: str | None = None
    sorted_out: Path | None = None

    def place(self, part: str, number: int) -> str:
        """Where a line stood, as a person finds it."""
        name, before = self.parts[part]
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
    mine = _SHARE.format(many=share.many, number=share.number)
    with _database(lines, share.room, mine, share.number) as base:
        rows = base.execute(_LINES)
        raw = _Raw(lines.folder)
        try:
            for key, group in groupby(_fetched(rows), key=itemgetter(0)):
                placed = [
                    Placed(lines.place(part, number), raw.read(leaf, start, length))
                    for _, part, number, leaf, start, length in group
                ]
                yield key, join(key, placed, wanted, complete)
        finally:
            raw.close()


class _Raw:
    """Lines as they were written, from whichever leaf they lie in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, FileIO] = {}

    def read(self, leaf: str, start: int, length: int) -> bytes:
        """One line."""
        file = self._open.get(leaf)
        if file is None:
            file = self._opened(leaf)
        file.seek(start)
        return file.read(length)

    def close(self) -> None:
        """Let go of every file."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _opened(self, leaf: str) -> FileIO:
        if len(self._open) >= OPEN:
            self._open.pop(next(iter(self._open))).close()
        file = self._open[leaf] = FileIO(self._folder / f"{leaf}{LINES}")
        return file


def sort_out(lines: Lines, room: Room, many: int) -> Lines:
    """What is known of lines, put share by share: else every share would look at all of it."""
    folder = room.folder / "shares"
    with _connected(room) as base:
        _every(base, lines, None)
        base.execute("SET partitioned_write_flush_threshold = 100_000")
        share = f"CASE WHEN type IN ({_SHARED}) THEN {EVERYONE} ELSE hash(key) % {many} END AS share"
        form = "FORMAT parquet, COMPRESSION zstd, PARTITION_BY (share)"
        base.execute(f"COPY (SELECT *, {share} FROM every) TO {quoted(folder)} ({form})")
    return replace(lines, sorted_out=folder)


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
    with _database(lines, room, _NOBODY, None) as base:
        counted = base.execute("SELECT type, COUNT(*) FROM own GROUP BY type").fetchall()
        keys = base.execute(_KEYS.format(shared=_SHARED)).fetchall()
    return dict(counted), [key for (key,) in keys]


def _fetched(rows: Any) -> Iterator[tuple[str, str, int, str, int, int]]:  # noqa: ANN401 - DuckDB's cursor
    while many := rows.fetchmany(FETCHED):
        yield from many


@contextmanager
def _database(lines: Lines, room: Room, which: str, share: int | None) -> Generator[Any]:
    """What is known of some lines as tables: `shared` are those pointed to, `own` those of patients."""
    with _connected(room) as base:
        _every(base, lines, share)
        base.execute(_TAKEN.format(which=which, shared=_SHARED), [lines.alone])
        base.execute(_TABLES.format(shared=_SHARED, patient=PATIENT))
        yield base


@contextmanager
def _connected(room: Room) -> Generator[Any]:
    import duckdb  # noqa: PLC0415 - whoever asks about one patient does not need it

    with duckdb.connect() as base:
        base.execute("SET threads = 1; SET preserve_insertion_order = false")
        spill = quoted(room.folder / "joined")
        base.execute(f"SET memory_limit = '{room.memory}'; SET temp_directory = {spill}")
        yield base


def _every(base: Any, lines: Lines, share: int | None) -> None:  # noqa: ANN401 - DuckDB's connection
    """What is known of all lines, or of one share where they are sorted out, as the table `every`."""
    if lines.sorted_out is not None and share is not None:
        folders = [lines.sorted_out / f"share={number}" for number in (share, EVERYONE)]
        files = [quoted(path) for folder in folders for path in folder.glob("*.parquet")]
        if files:
            base.execute(f"CREATE TEMP VIEW every AS SELECT * FROM read_parquet([{', '.join(files)}])")
            return
    base.register("kept", scratched(lines.folder / f"{leaf}{INDEX}" for leaf in sorted(lines.leaves)))
    base.execute("CREATE TEMP TABLE live AS SELECT unnest(?) AS part", [list(lines.parts)])
    base.execute("CREATE TEMP VIEW every AS SELECT * FROM kept SEMI JOIN live USING (part)")


_SHARE = "hash(key) % {many} = {number} AND key <> ''"
_NOBODY = "key = ''"
_KEYS = """
SELECT DISTINCT key FROM every WHERE key <> '' AND type NOT IN ({shared}) LIMIT 2
"""

_TAKEN = """
CREATE TEMP TABLE taken AS SELECT * FROM (
    SELECT * REPLACE (CASE WHEN key = '' AND type NOT IN ({shared}) THEN coalesce(?, '') ELSE key END AS key)
    FROM every
) AS named WHERE type IN ({shared}) OR ({which})
"""

_TABLES = """
CREATE TEMP VIEW shared AS SELECT * FROM taken WHERE type IN ({shared});
CREATE TEMP TABLE told AS SELECT id, bool_or(coded OR len(refs) > 0) AS matters FROM shared GROUP BY id;
CREATE TEMP VIEW own AS
    SELECT taken.* FROM taken LEFT JOIN told ON told.id = taken.refs[1]
    WHERE taken.type NOT IN ({shared}) AND (
        taken.type = '{patient}' OR taken.coded OR (len(taken.refs) > 0 AND (told.id IS NULL OR told.matters))
    );
"""
"""A medicine that is elsewhere matters when it has a code that is asked for, or is nowhere to be found."""

_LINES = """
WITH first AS (
    SELECT led.key, shared.refs, shared.part, shared.number, shared.leaf, shared.start, shared.length
    FROM (SELECT DISTINCT key, unnest(refs) AS id FROM own) AS led JOIN shared ON shared.id = led.id
), second AS (
    SELECT led.key, shared.part, shared.number, shared.leaf, shared.start, shared.length
    FROM (SELECT DISTINCT key, unnest(refs) AS id FROM first) AS led JOIN shared ON shared.id = led.id
    ANTI JOIN first ON first.key = led.key AND first.part = shared.part AND first.number = shared.number
)
SELECT * FROM (
    SELECT key, part, number, leaf, start, length FROM own
    UNION ALL SELECT key, part, number, leaf, start, length FROM first
    UNION ALL SELECT * FROM second
) AS every_line ORDER BY key, part, number
"""
