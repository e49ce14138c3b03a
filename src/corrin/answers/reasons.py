"""Why a table said what it said: the rows that held, back to the findings that made them hold.

An assessment and the findings row it was made from enter; rows and findings leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from corrin.guideline.model import Guideline, Row, Table, Verdict
from corrin.readings.assessment import Assessment

Known = Mapping[str, object]


@dataclass(frozen=True)
class Contents:
    """Where each row and each column of a guideline stands, found once for many patients."""

    guideline: Guideline
    rows: Mapping[str, tuple[Table, Row]] = field(init=False)
    tables: Mapping[str, Table] = field(init=False)
    asked: Mapping[str, tuple[str, ...]] = field(init=False)
    """By row, the columns on which it sets a condition."""
    source: Mapping[str, Table | None] = field(init=False)
    """By column, the table that gives it; None for a raw finding."""

    def __post_init__(self) -> None:
        tables = {table.id: table for table in self.guideline.tables}
        rows = {row.id: (table, row) for table in tables.values() for row in table.rows}
        columns = self.guideline.columns.items()
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "tables", tables)
        object.__setattr__(self, "asked", {name: _asked(*stands) for name, stands in rows.items()})
        source = {name: tables[column.table] if column.table else None for name, column in columns}
        object.__setattr__(self, "source", source)

    def asked_about(self, verdict: Verdict, groups: frozenset[str]) -> tuple[str, ...]:
        """The findings that a list asks about: those in its rows, and behind tables those of some groups."""
        rows = [(self.tables[name], row) for name in verdict.tables for row in self.tables[name].rows]
        columns = [column for _, row in rows for column in self.asked[row.id]]
        raw = {name: [name] for name in self.guideline.declared.findings}
        return tuple(
            dict.fromkeys(name for one in columns for name in raw.get(one) or self._raw(one, groups))
        )

    def _raw(self, column: str, groups: frozenset[str]) -> Iterable[str]:
        """The findings of some groups on which a column rests, through every table between."""
        finding = self.guideline.declared.findings.get(column)
        if finding is not None:
            if finding.group in groups:
                yield column
            return
        table = self.guideline.columns[column].table
        if table is not None:
            for one in self.tables[table].inputs:
                yield from self._raw(one, groups)

    def sources(self, statements: Iterable[str]) -> tuple[str, ...]:
        """The sources that some statements cite, each once."""
        known = self.guideline.statements
        return tuple(dict.fromkeys(source for one in statements for source in known[one].sources))


@dataclass(frozen=True)
class Reasons:
    """One patient's rows, and the findings behind each."""

    contents: Contents
    assessment: Assessment
    row: Known

    @cached_property
    def held(self) -> frozenset[str]:
        """The rows that hold."""
        return frozenset(self.assessment.decision.held)

    def members(self, verdict: Verdict) -> Mapping[str, tuple[str, ...]]:
        """Each output of a list verdict that holds, with the rows that say so, in the order of the pages."""
        found: dict[str, list[str]] = {}
        for identity in verdict.tables:
            for row in self.assessment.rows.get(identity, ()):
                found.setdefault(row.output, []).append(row.id)
        return {output: tuple(rows) for output, rows in found.items()}

    def said_by(self, column: str) -> tuple[str, ...]:
        """The rows that gave a column its value; none for a raw finding, and for an unknown or a plain no."""
        return tuple(row.id for row in self._speaking(column))

    def behind(self, row: str) -> tuple[str, ...]:
        """The known findings that made a row hold, through every table between, in the order of its cells."""
        _, held = self.contents.rows[row]
        return tuple(dict.fromkeys(self._through([held], set())))

    def told(self, rows: Iterable[str], evidence: Mapping[str, object]) -> tuple[str, ...]:
        """The findings behind some rows for which there is a fact, each fact under one name."""
        findings = dict.fromkeys(finding for row in rows for finding in self.behind(row))
        declared = self.contents.guideline.declared.findings
        return tuple(one for one in findings if evidence.get(one) and declared[one].of not in findings)

    def wanting(self, column: str) -> tuple[str, ...]:
        """The unknown findings on which an unknown column still depends."""
        return tuple(dict.fromkeys(self._wanted(column, set())))

    def _speaking(self, column: str) -> Sequence[Row]:
        table = self.contents.source[column]
        rows = self.assessment.rows.get(table.id, ()) if table else ()
        if table is None or table.single or column == table.name:
            return rows
        return [row for row in rows if table.flag(row.output) == column]

    def _through(self, rows: Iterable[Row], seen: set[str]) -> Iterable[str]:
        for row in rows:
            for column in self.contents.asked[row.id]:
                if column in seen:
                    continue
                seen.add(column)
                source = self.contents.source[column]
                if source is None:
                    if self.row.get(column) is not None:
                        yield column
                elif column in self.assessment.decision.columns:
                    yield from self._through(self._speaking(column) or source.rows, seen)

    def _wanted(self, column: str, seen: set[str]) -> Iterable[str]:
        if column in seen:
            return
        seen.add(column)
        table = self.contents.source[column]
        if table is None:
            if self.row.get(column) is None:
                yield column
            return
        if column in self.assessment.decision.columns:
            return
        left = set(self.assessment.decision.open.get(table.id, ())) | self.held
        for row in table.rows:
            if row.id in left:
                for asked in self.contents.asked[row.id]:
                    yield from self._wanted(asked, seen)


def _asked(table: Table, row: Row) -> tuple[str, ...]:
    cells = zip(table.inputs, row.cells, strict=True)
    return tuple(column for column, cell in cells if cell.kind != "any")
