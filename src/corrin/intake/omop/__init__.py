"""OMOP CDM 5.4: one record for each person, from Parquet, CSV, DuckDB or PostgreSQL.

A folder, a file or an address enters; a `Record` for each row of `person` leaves, in the order of the ids and
with a bounded memory, each event with its table and id. The database filters by the codes that are wanted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Generic, TypeVar, cast

from corrin.intake import declared
from corrin.intake.counts import NOBODY, READ, UNMAPPED, Counts, Uncounted
from corrin.intake.declared import NONE, Parts
from corrin.intake.fhir.chart import Chart
from corrin.intake.omop import codes, events, people, queries, tables
from corrin.intake.omop.base import Source, check, opened, recognises
from corrin.intake.omop.codes import Heard
from corrin.intake.omop.events import Told
from corrin.intake.omop.queries import Part
from corrin.intake.omop.sitemap import EMPTY, SiteMap
from corrin.records import Record

__all__ = ["SiteMap", "count", "declarable", "read", "recognises"]

Said = TypeVar("Said")
MOST_UNMAPPED = 50
_WHOLE: Part = (0, 1)
_NAMED = {
    "measurement": ("value_as_concept_id", "unit_concept_id", "operator_concept_id"),
    "observation": ("observation_concept_id", "value_as_concept_id", "unit_concept_id"),
    "drug_exposure": ("drug_concept_id", "route_concept_id"),
    "condition_occurrence": ("condition_concept_id",),
}
"""Columns of concept ids whose names and classes are needed to understand a row."""


def read(  # noqa: PLR0913 - what to read, and what was said of it
    source: str | Path,
    wanted: AbstractSet[tuple[str, str]],
    part: Part = _WHOLE,
    *,
    site_map: SiteMap = EMPTY,
    tally: Counts | None = None,
    complete: Parts = NONE,
    watch: tuple[str, ...] = (),
) -> Iterator[Record]:
    """One record for each person of one part of the persons (by `person_id`).

    `complete` are parts of the record of which the CDM is declared to hold all. Rows that say nothing wanted
    and whose name has one of the words to `watch` for are counted by it.

    Errors: `InputError` before the first record where the CDM is none, cannot be opened, or lacks a table or
    a column; later where a file turns out to be broken.
    """
    with closing(opened(source, threads=1 if part[1] > 1 else 2)) as base:
        check(base, vocabulary=site_map is EMPTY)
        heard = codes.heard(base, wanted, site_map)
        reading = _Reading(base, heard, part, tally or Uncounted(), complete)
        if part[0] == 0:
            reading.unmapped(watch)
        yield from reading.records()


def count(source: str | Path) -> int:
    """How many rows of persons there are, for whoever shows how far it is."""
    with closing(opened(source)) as base:
        check(base, vocabulary=False)
        (number,) = next(base.rows(f"SELECT count(*) FROM {base.relation('person')}", "person"))
        return cast("int", number)


def declarable(source: str | Path, complete: Parts) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Parts of which there is no row, and those of which a row is of no person; each with its table."""
    with closing(opened(source)) as base:
        check(base, vocabulary=False)
        return queries.empty(base, complete), queries.of_nobody(base, complete)


class _Reading:
    """One pass over one part of the persons: the tables side by side, each in the order of the persons."""

    def __init__(self, base: Source, heard: Heard, part: Part, tally: Counts, complete: Parts) -> None:
        self.base, self.heard, self.part, self.tally, self.complete = base, heard, part, tally, complete
        self.where: dict[str, str] = {}
        for table, shape in tables.EVENTS.items():
            if table in base.columns:
                self.where[table] = queries.said(base, table, shape, heard.ids(table), heard.texts)

    def records(self) -> Iterator[Record]:
        """Each person with what was said of them; what is said of nobody is counted."""
        self._describe()
        sites = self._sites()
        streams = [_Ahead(self._rows(table)) for table in self.where]
        deaths = _Ahead(self._deaths())
        doubts = {
            table: _Ahead(self._doubts(table))
            for table in sorted({tables.TABLE_OF[part] for part in self.complete})
        }
        for number, rows in groupby(self._persons(), key=lambda row: row.person_id):
            if number is None:
                for _ in rows:
                    self.tally.count(NOBODY, "a person without a person_id", "person")
                continue
            chart = Chart()
            died = list(deaths.take(number, self._nobody))
            patient = people.patient(rows, died, sites, chart)
            broken: set[str] = set()
            for stream in streams:
                for told in stream.take(number, self._nobody):
                    events.write(told, self.heard, chart)
                    self.tally.count(READ, told.table)
                    broken |= tables.left_open(told.row)
            for table, stream in doubts.items():
                broken |= tables.parts_of(table) if any(list(stream.take(number, _passed))) else set()
            record = Record(patient, tuple(chart.events), tuple(chart.ignored))
            yield declared.completed(record, self.complete, broken) if self.complete else record
        for stream in (*streams, deaths):
            stream.rest(self._nobody)

    def _doubts(self, table: str) -> Iterator[tuple[int | None, bool]]:
        """The persons with a row of a declared table of which nobody knows what it says."""
        sql = queries.doubtful(self.base, table, tables.EVENTS[table], self.where[table], self.part)
        for (person,) in self.base.rows(sql, table):
            yield cast("int | None", person), True

    def _nobody(self, said: object) -> None:
        place = said.where if isinstance(said, Told) else "death"
        self.tally.count(NOBODY, "of a person_id that is not in the table person", place)

    def _persons(self) -> Iterator[tables.Person]:
        sql = queries.select(self.base, "person", tables.Person, "", self.part)
        for row in self.base.rows(sql, "person"):
            self.tally.count(READ, "person")
            yield tables.Person(*row)  # pyright: ignore[reportArgumentType] - the SELECT has these types

    def _deaths(self) -> Iterator[tuple[int | None, str | None]]:
        if "death" in self.base.columns:
            sql = queries.select(self.base, "death", tables.Death, "", self.part)
            yield from cast("Iterator[tuple[int | None, str | None]]", self.base.rows(sql, "death"))

    def _rows(self, table: str) -> Iterator[tuple[int | None, Told]]:
        """The rows of one table that say something wanted, each with its place and its codes."""
        shape = tables.EVENTS[table]
        ends = self._visit_ends() if table == "condition_occurrence" else {}
        sql = queries.select(self.base, table, shape, self.where[table], self.part)
        name = shape._fields[1]
        for cells in self.base.rows(sql, table):
            row = shape._make(cells)
            said = self.heard.codes(table, *cast("tuple[int, int, str]", cells[2:5]))
            visit = row.visit_occurrence_id if isinstance(row, tables.Condition) else None
            yield row.person_id, Told(table, row, said, f"{table}: {name} {cells[1]}", ends.get(visit or 0))

    def _describe(self) -> None:
        """Learn the names of the concepts that the rows hold."""
        ids: set[int] = set()
        for table, names in _NAMED.items():
            sql = (
                queries.distinct(self.base, table, names, self.where[table]) if table in self.where else None
            )
            found = self.base.rows(sql, table) if sql else ()
            ids.update(cast("int", row[0]) for row in found if row[0])
        codes.describe(self.base, ids, self.heard)

    def unmapped(self, watch: tuple[str, ...]) -> None:
        """What no code stands for: texts of sources without a concept, the most frequent of each table; and
        concepts and texts that have a word in them that betrays what matters here.
        """
        for table, where in self.where.items():
            shape = tables.EVENTS[table]
            said: dict[str, int] = {}
            if queries.has(self.base, table, shape._fields[4]):
                sql = queries.unmapped(self.base, table, shape, where, MOST_UNMAPPED)
                said |= cast("dict[str, int]", dict(self.base.rows(sql, table)))
                sql = queries.watched_texts(self.base, table, shape, where, watch) if watch else ""
                said |= cast("dict[str, int]", dict(self.base.rows(sql, table) if sql else ()))
            if watch and "concept" in self.base.columns:
                sql = queries.watched(self.base, table, shape, where, watch)
                said |= cast("dict[str, int]", dict(self.base.rows(sql, table)))
            for name, often in said.items():
                self.tally.count(UNMAPPED, f"{table}: {name}", "", often)

    def _sites(self) -> dict[int, str]:
        """Each care site by its name, else by the text of its source."""
        table = "care_site"
        if table not in self.base.columns:
            return {}
        number = queries.whole(self.base, table, "care_site_id")
        names = [queries.text(self.base, table, f"care_site_{one}") for one in ("name", "source_value")]
        sql = f"SELECT {number}, COALESCE({', '.join(names)}) FROM {self.base.relation(table)}"
        rows = cast("Iterable[tuple[int | None, str | None]]", self.base.rows(sql, table))
        return {number: name for number, name in rows if number and name}

    def _visit_ends(self) -> dict[int, str]:
        """When the visits ended in which the wanted conditions were recorded."""
        table, condition = "visit_occurrence", "condition_occurrence"
        if table not in self.base.columns or not queries.has(self.base, condition, "visit_occurrence_id"):
            return {}
        number = queries.whole(self.base, table, "visit_occurrence_id")
        recorded = queries.whole(self.base, condition, "visit_occurrence_id")
        sql = (
            f"SELECT {number}, {queries.text(self.base, table, 'visit_end_date')}"
            f" FROM {self.base.relation(table)} WHERE {number} IN"
            f" (SELECT {recorded} FROM {self.base.relation(condition)} WHERE {self.where[condition]})"
        )
        rows = cast("Iterable[tuple[int, str | None]]", self.base.rows(sql, table))
        return {visit: end for visit, end in rows if end}


def _passed(_said: object) -> None:
    """Of a person who is not in the table of persons: those rows are counted elsewhere."""


class _Ahead(Generic[Said]):
    """Rows in the order of the persons, of which the next one is always known."""

    def __init__(self, rows: Iterator[tuple[int | None, Said]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, number: int, nobody: Callable[[object], None]) -> Iterator[Said]:
        """The rows of one person; what comes before is of nobody who is there."""
        while self._next is not None:
            person, said = self._next
            if person is not None and person > number:
                return
            self._next = next(self._rows, None)
            if person == number:
                yield said
            else:
                nobody(said)

    def rest(self, nobody: Callable[[object], None]) -> None:
        """What comes after everybody."""
        while self._next is not None:
            nobody(self._next[1])
            self._next = next(self._rows, None)
