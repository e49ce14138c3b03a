"""The guideline read for a whole population: one SQL statement over a table of findings rows.

A guideline enters, text leaves, in the dialect of any warehouse that SQLGlot knows. The table has one
nullable text column for each worded finding, two nullable BIGINT columns for each number (`x_low`, `x_high`,
in thousandths of its unit, no bound is NULL), and `patient`. The statement gives `patient`, every column that
the tables give, and for a table in which one row answers, the row that held as `<column>__row`; unknown is
NULL.

Only AND, OR, IN, comparisons and CASE without ELSE: no casts, no division, no dates, nothing that a dialect
could read in its own way. Null is never sure, as the algebra wants it.
"""

from collections.abc import Iterable, Mapping, Sequence

import sqlglot
from sqlglot import exp

from corrin.guideline.model import Bound, Column, Guideline, Parameter, Table
from corrin.readings import algebra
from corrin.readings.algebra import Arm, Choice, End, Sign

DIALECTS = ("duckdb", "spark", "databricks", "postgres", "bigquery", "snowflake", "trino")
NEUTRAL = "duckdb"
INLINES_CTES = {"postgres"}
"""Dialects that write an unnamed step out wherever it is read, again and again, unless it is materialized."""

Branch = tuple[str, str | None]


class Text:
    """Conditions as SQL text: true when sure, else false or NULL."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = parameters

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

    def known(self, column: Column) -> str:
        """A word is there, or the number has a bound."""
        return algebra.some(self, [f"{part} IS NOT NULL" for part in parts(column)])

    def unknown(self, column: Column) -> str:
        """No word is there, and the number has no bound."""
        return algebra.every(self, [f"{part} IS NULL" for part in parts(column)])

    def among(self, column: Column, words: tuple[str, ...]) -> str:
        """The column is one of these words; a single word left out is quicker said than all the others."""
        (name,) = parts(column)
        others = [word for word in column.values if word not in words]
        if not others:
            return f"{name} IS NOT NULL"
        if len(others) == 1:
            return f"{name} <> '{others[0]}'"
        return is_one_of(name, words)

    def compares(self, column: Column, end: End, sign: Sign, bound: Bound) -> str:
        """The bound at this end compares so; NULL when there is none."""
        return f"{column.id}_{end} {sign} {algebra.limit(bound, self._parameters)}"


def select(
    guideline: Guideline,
    source: str = "findings",
    dialect: str = "duckdb",
    columns: Iterable[str] | None = None,
) -> str:
    """One statement that reads the guideline for every row of `source`.

    `columns`: only these of the columns it could give, and only the tables that they need.
    """
    asked = tuple(given(guideline.tables) if columns is None else columns)
    tables = needed(guideline, asked)
    steps, last = _steps(guideline, tables, source)
    wanted = ", ".join(["patient", *(quoted(column) for column in asked)])
    text = (
        f"WITH {', '.join(steps)} SELECT {wanted} FROM {last}" if steps else f"SELECT patient FROM {source}"
    )
    return _written(text, dialect)


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


def needed(guideline: Guideline, columns: Iterable[str]) -> list[Table]:
    """The tables that these columns rest on, in their order."""
    wanted = set(columns)
    tables: list[Table] = []
    for table in reversed(guideline.tables):
        if wanted.intersection(given([table])):
            tables.append(table)
            wanted.update(algebra.reads(table))
    return tables[::-1]


def _steps(guideline: Guideline, tables: Sequence[Table], source: str) -> tuple[list[str], str]:
    """Named steps, two for each level of the tables: first the rows that hold, then the words they say."""
    steps: list[str] = []
    last = source
    for level, some in enumerate(_levels(tables), start=1):
        printed = [Printed(guideline, table) for table in some]
        firsts = [item for one in printed for item in one.first()]
        seconds = [item for one in printed for item in one.second()]
        for name, items in ((f"level_{level}_rows", firsts), (f"level_{level}", seconds)):
            if items:
                steps.append(f"{name} AS (SELECT *, {', '.join(items)} FROM {last})")
                last = name
    return steps, last


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


class Printed:
    """One table as items of a SELECT."""

    def __init__(self, guideline: Guideline, table: Table) -> None:
        carrier = Text(guideline.parameters)
        inputs = [guideline.columns[name] for name in table.inputs]
        rows = {row.id: algebra.row_outcome(carrier, inputs, row) for row in table.rows}
        known = carrier.known(inputs[0])
        self._table = table
        self._choices = algebra.choices(carrier, table, rows, known, guideline.parameters)
        self._closed: list[Branch] = []
        if table.guard:
            guard = guideline.columns[table.guard.finding]
            self._closed = [(algebra.cell_fails(carrier, guard, table.guard.cell), None)]

    def first(self) -> list[str]:
        """Which row holds; or, where many may hold, the words at once."""
        if self._table.single:
            branches = [(arm.term, arm.row) for arm in arms(self._choices[self._table.output]) if arm.row]
            return [item(self._closed + branches, row_column(self._table))]
        return [
            item(self._closed + [(arm.term, arm.word) for arm in arms(choice)], column)
            for column, choice in self._choices.items()
        ]

    def second(self) -> list[str]:
        """What the row that holds says; or, of a number in no one band, where it lies."""
        if not self._table.single:
            return []
        rows: dict[str, list[str]] = {}
        between: list[Branch] = []
        for arm in arms(self._choices[self._table.output]):
            if arm.row is None:
                between.append((arm.term, arm.word))
            elif arm.word is not None:
                rows.setdefault(arm.word, []).append(arm.row)
        held = quoted(row_column(self._table))
        said: list[Branch] = [(is_one_of(held, some), word) for word, some in rows.items()]
        return [item(said + (self._closed + between if between else []), self._table.output)]


def arms(choice: Choice[str]) -> list[Arm[str]]:
    """The arms in the order in which a CASE may ask them."""
    return [arm for rank in choice for arm in rank]


def item(branches: Sequence[Branch], name: str) -> str:
    """A CASE that has no ELSE: what no branch says is NULL."""
    if not branches:
        return f"NULL AS {quoted(name)}"
    whens = " ".join(f"WHEN {term} THEN {'NULL' if word is None else repr(word)}" for term, word in branches)
    return f"CASE {whens} END AS {quoted(name)}"


def is_one_of(name: str, words: Sequence[str]) -> str:
    """The column is one of these words."""
    if len(words) == 1:
        return f"{name} = '{words[0]}'"
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{name} IN ({listed})"


def parts(column: Column) -> tuple[str, ...]:
    """The SQL columns of a column: one of words, two of a number.

    A table's column is quoted, so that its name may be a keyword; a finding is named as the source names it.
    """
    if column.kind == "number":
        return (f"{column.id}_low", f"{column.id}_high")
    return (column.id if column.table is None else quoted(column.id),)


def quoted(name: str) -> str:
    """A name as an identifier."""
    return f'"{name}"'


def _written(text: str, dialect: str) -> str:
    """The statement in a dialect."""
    statement = sqlglot.parse_one(text, read=NEUTRAL)
    if dialect in INLINES_CTES:
        for step in statement.find_all(exp.CTE):
            step.set("materialized", True)  # noqa: FBT003 - how SQLGlot sets a flag
    return statement.sql(dialect=dialect, pretty=True)
