"""The guideline read for a whole population: one SQL statement over a table of findings rows.

A guideline enters, text leaves, in the dialect of any warehouse that SQLGlot knows. The table has one
nullable text column for each worded finding, two nullable BIGINT columns for each number (`x_low`, `x_high`,
in thousandths of its unit, no bound is NULL), and `patient`. The statement gives `patient`, every column that
the tables give, and for a table in which one row answers, the row that held as `<column>__row`; unknown is
NULL.

Inside, a column is the conditions under which it is each of its words (`b12_status__is_deficient`), and a
condition is TRUE or FALSE and never NULL: unknown is that none of them is true. So nothing depends on how a
dialect reads a NULL, and an engine can work through a thousand patients in one stroke. Only AND, OR, NOT,
comparisons, and CASE without ELSE: no casts, no division, no dates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

import sqlglot
from sqlglot import exp

from corrin.guideline.model import Bound, Column, Guideline, Parameter, Table
from corrin.readings import algebra
from corrin.readings.algebra import End, Sign

DIALECTS = ("duckdb", "spark", "databricks", "postgres", "bigquery", "snowflake", "trino")
NEUTRAL = "duckdb"
INLINES_STEPS = {"postgres"}
"""Dialects that write a step out wherever it is read, again and again, unless it is materialized."""

LONGEST_NAME = 63
"""PostgreSQL cuts a longer name, in silence, and two of them may become one."""
MARK = 8
"""Digits that keep two names apart that are cut."""

KNOWN = "known"
"""The condition that a finding is known at all, whatever its word."""


class Text:
    """Conditions as SQL text, each true or false; it keeps in mind which conditions they rest on."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = parameters
        self.rests_on: dict[tuple[str, str], None] = {}

    def always(self) -> str:
        """True for every patient."""
        return "TRUE"

    def never(self) -> str:
        """True for no patient."""
        return "FALSE"

    def every(self, terms: Sequence[str]) -> str:
        """True when all are."""
        return f"({' AND '.join(terms)})"

    def some(self, terms: Sequence[str]) -> str:
        """True when one is."""
        return f"({' OR '.join(terms)})"

    def negation(self, term: str) -> str:
        """True when the term is false."""
        return f"NOT {term}"

    def known(self, column: Column) -> str:
        """A word is there, or the number has a bound."""
        if column.kind == "number":
            return f"({column.id}_low IS NOT NULL OR {column.id}_high IS NOT NULL)"
        if column.table is None:
            return self._is(column, KNOWN)
        return self.among(column, column.values)

    def unknown(self, column: Column) -> str:
        """No word is there, and the number has no bound."""
        return self.negation(self.known(column))

    def among(self, column: Column, words: tuple[str, ...]) -> str:
        """The column is one of these words."""
        return algebra.some(self, [self._is(column, word) for word in words])

    def among_or_unknown(self, column: Column, words: tuple[str, ...]) -> str:
        """The column is none of the other words."""
        others = tuple(word for word in column.values if word not in words)
        return self.negation(self.among(column, others))

    def compares(self, column: Column, end: End, sign: Sign, bound: Bound) -> str:
        """The bound is there, and compares so."""
        return f"COALESCE({column.id}_{end} {sign} {algebra.limit(bound, self._parameters)}, FALSE)"

    def _is(self, column: Column, word: str) -> str:
        self.rests_on[column.id, word] = None
        return condition(column.id, word)


def select(
    guideline: Guideline,
    source: str = "findings",
    dialect: str = NEUTRAL,
    columns: Iterable[str] | None = None,
) -> str:
    """One statement that reads the guideline for every row of `source`.

    `columns`: only these of the columns it could give, and only what they rest on.
    """
    printer = Printer(guideline)
    asked = given(guideline.tables) if columns is None else columns
    shown = ", ".join(["patient", *(printer.shown(column) for column in asked)])
    steps: list[str] = []
    last = source
    for name, items in printer.steps():
        steps.append(f"{name} AS (SELECT *, {', '.join(items)} FROM {last})")
        last = name
    before = f"WITH {', '.join(steps)} " if steps else ""
    return _written(f"{before}SELECT {shown} FROM {last}", dialect)


def given(tables: Iterable[Table]) -> list[str]:
    """The columns that these tables give in SQL, each followed by its row where one row answers."""
    names: list[str] = []
    for table in tables:
        names += algebra.given(table)
        names += [row_column(table)] if table.single else []
    return names


def row_column(table: Table) -> str:
    """The name of the column that says which row of a table held."""
    return f"{table.output}__row"


class Printer:
    """A guideline as items of SELECTs; only what is shown, and what that rests on, is printed."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._carrier = Text(guideline.parameters)
        self._rows = {row_column(table): table for table in guideline.tables if table.single}

    def shown(self, name: str) -> str:
        """A column as the statement gives it: its word, or the row that held."""
        if name in self._rows:
            return _case(self._held(self._rows[name]), name)
        column = self._guideline.columns[name]
        return _case([(self._carrier.among(column, (word,)), word) for word in column.values], name)

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Named steps: the findings, then the tables, together those that read nothing from each other."""
        tables = self._guideline.tables
        printed = {table.id: list(self._conditions(table)) for table in reversed(tables)}
        raw = [name for name, column in self._guideline.columns.items() if column.table is None]
        findings = [_entered(*asked) for asked in self._carrier.rests_on if asked[0] in raw]
        if findings:
            yield "findings_known", findings
        wanted = [table for table in tables if printed[table.id]]
        for level, some in enumerate(_levels(wanted), start=1):
            yield f"level_{level}", [item for table in some for item in printed[table.id]]

    def _conditions(self, table: Table) -> Iterator[str]:
        """When the columns of a table are those of their words that anything rests on."""
        carrier, columns = self._carrier, self._guideline.columns
        asked = [(column, word) for column in algebra.given(table) for word in columns[column].values]
        if not carrier.rests_on.keys() & asked:
            return
        inputs = [columns[name] for name in table.inputs]
        rows = {row.id: algebra.row_outcome(carrier, inputs, row) for row in table.rows}
        known = carrier.known(inputs[0]) if table.kind == "bands" else carrier.never()
        choices = algebra.choices(carrier, table, rows, known, self._guideline.parameters)
        for column, choice in choices.items():
            said = algebra.said(carrier, choice, columns[column].values, self._closed(table))
            yield from (
                f"{term} AS {condition(column, word)}"
                for word, term in said.items()
                if (column, word) in carrier.rests_on
            )

    def _held(self, table: Table) -> list[tuple[str, str]]:
        """When each row holds in its table."""
        carrier, closed = self._carrier, self._closed(table)
        applies = [] if closed is None else [carrier.negation(closed)]
        inputs = [self._guideline.columns[name] for name in table.inputs]
        holds = [algebra.row_holds(carrier, inputs, row) for row in table.rows]
        return [
            (algebra.every(carrier, [*applies, term]), row.id)
            for term, row in zip(holds, table.rows, strict=True)
        ]

    def _closed(self, table: Table) -> str | None:
        if table.guard is None:
            return None
        return algebra.cell_fails(
            self._carrier, self._guideline.columns[table.guard.finding], table.guard.cell
        )


def _levels(tables: Sequence[Table]) -> list[list[Table]]:
    """Tables side by side that read nothing from each other, after those they read from."""
    levels: list[list[Table]] = []
    at: dict[str, int] = {}
    for table in tables:
        level = max((at[name] for name in algebra.reads(table) if name in at), default=0)
        if level == len(levels):
            levels.append([])
        levels[level].append(table)
        at.update(dict.fromkeys(algebra.given(table), level + 1))
    return levels


def _entered(finding: str, word: str) -> str:
    """A condition about a finding, as the source gives it."""
    said = f"{finding} IS NOT NULL" if word == KNOWN else f"{finding} IS NOT DISTINCT FROM '{word}'"
    return f"{said} AS {condition(finding, word)}"


def condition(column: str, word: str) -> str:
    """The name of the condition that a column is a word: a name of ours, so a long one may be cut."""
    name = f"{column}__is_{word.replace('-', '_')}"
    if len(name) <= LONGEST_NAME:
        return name
    mark = sha256(name.encode()).hexdigest()[:MARK]
    return f"{name[: LONGEST_NAME - MARK - 1]}_{mark}"


def _case(branches: Sequence[tuple[str, str]], name: str) -> str:
    """The word of the one condition that is true; what none of them says is NULL."""
    whens = " ".join(f"WHEN {term} THEN '{word}'" for term, word in branches)
    return f"CASE {whens} END AS {quoted(name)}" if whens else f"NULL AS {quoted(name)}"


def quoted(name: str) -> str:
    """A column of the answer as an identifier: its name may be a keyword of some dialect."""
    return f'"{name}"'


def _written(statement: str, dialect: str) -> str:
    """The statement in a dialect."""
    tree = sqlglot.parse_one(statement, read=NEUTRAL)
    if dialect in INLINES_STEPS:
        for step in tree.find_all(exp.CTE):
            step.set("materialized", True)  # noqa: FBT003 - how SQLGlot sets a flag
    return tree.sql(dialect=dialect, pretty=True)
