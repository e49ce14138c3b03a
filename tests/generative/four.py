"""The same findings rows read four ways: plainly, quickly, in SQL by DuckDB, and as logic by Z3."""

from collections.abc import Sequence

import duckdb
import z3
from tests.generative.states import State

from corrin.guideline.model import Guideline
from corrin.readings import plain, smt, sql
from corrin.readings.python import Reader

Said = dict[str, str]
AT_ONCE = 2000


def plainly(guideline: Guideline, states: Sequence[State]) -> list[plain.Decision]:
    """Through the algebra, cell by cell."""
    return [plain.decide(guideline, state) for state in states]


def quickly(guideline: Guideline, states: Sequence[State]) -> list[plain.Decision]:
    """By the reader that answers for one patient."""
    reader = Reader(guideline)
    return [reader.decide(state) for state in states]


def as_sql_says(guideline: Guideline, decision: plain.Decision) -> Said:
    """A decision as SQL gives it: the columns, and the row that held where one answers."""
    held = set(decision.held)
    rows = {
        sql.row_column(table): row.id
        for table in guideline.tables
        if table.single
        for row in table.rows
        if row.id in held
    }
    return {**decision.columns, **rows}


def in_sql(guideline: Guideline, states: Sequence[State], statement: str | None = None) -> list[Said]:
    """By one statement, run by DuckDB over a table of these rows."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        _fill(connection, guideline, states)
        found = connection.execute(f"SELECT * FROM ({statement or sql.select(guideline)}) ORDER BY patient")
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert [row.pop("patient") for row in rows] == list(range(len(states)))
    return [{name: word for name, word in row.items() if word is not None} for row in rows]


def _fill(connection, guideline: Guideline, states: Sequence[State]) -> None:
    raw = [column for column in guideline.columns.values() if column.table is None]
    names = ["patient BIGINT"]
    for column in raw:
        words = column.kind == "words"
        names += [f"{column.id} TEXT"] if words else [f"{column.id}_low BIGINT", f"{column.id}_high BIGINT"]
    connection.execute(f"CREATE TABLE findings ({', '.join(names)})")
    for start in range(0, len(states), AT_ONCE):
        rows = [
            _values(raw, patient, states[patient])
            for patient in range(start, min(start + AT_ONCE, len(states)))
        ]
        connection.execute(f"INSERT INTO findings VALUES {', '.join(rows)}")


def _values(raw, patient: int, state: State) -> str:
    values = [str(patient)]
    for column in raw:
        value = state.get(column.id)
        values += _literals((value,) if column.kind == "words" else value or (None, None))
    return f"({', '.join(values)})"


def _literals(values) -> list[str]:
    return ["NULL" if value is None else repr(value) for value in values]


def in_logic(guideline: Guideline, states: Sequence[State]) -> list[Said]:
    """By the terms of the encoding, worth what they are worth for each of these rows."""
    encoding = smt.encode(guideline, symbolic=False)
    tables = {column.id: column.table for column in guideline.columns.values() if column.table}
    terms = [(column, word, term) for column in tables for word, term in encoding.words[column].items()]
    return [
        {column: word for column, word, term in terms if z3.is_true(model.eval(term, model_completion=True))}
        for model in map(_Models(encoding), states)
    ]


class _Models:
    """A model for each findings row: every finding's variables set as the row says."""

    def __init__(self, encoding: smt.Encoding) -> None:
        self._encoding = encoding
        solver = z3.Solver()
        assert solver.check() == z3.sat
        self._model = solver.model()

    def __call__(self, state: State) -> z3.ModelRef:
        set_to = self._model.update_value
        for name in self._encoding.findings:
            value = state.get(name)
            if name in self._encoding.numbers:
                number = self._encoding.numbers[name]
                low, high = value or (None, None)
                set_to(number.has_low, z3.BoolVal(low is not None))
                set_to(number.has_high, z3.BoolVal(high is not None))
                set_to(number.low, z3.IntVal(low or 0))
                set_to(number.high, z3.IntVal(high or 0))
            else:
                for word, flag in self._encoding.words[name].items():
                    set_to(flag, z3.BoolVal(word == value))
        return self._model
