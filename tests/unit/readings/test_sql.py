"""The SQL reading: what the statement may hold, what it leaves out, and that every dialect can be written."""

import re

import pytest
import sqlglot
from tests.generative.four import as_sql_says, in_sql
from tests.generative.guidelines import guideline, row, table, word_column, words
from tests.unit.readings.test_plain import MODEL, plain

from corrin.readings import sql

PATIENTS = [
    {},
    {"level": (100_000, 100_000), "age": (40_000, 40_000), "spasticity": "yes"},
    {"level": (None, 199_999), "age": (15_000, 17_000), "ataxia": "no"},
    {"level": (400_000, None), "treated": "yes", "age": (10_000, 10_000)},
]


def test_the_statement_gives_every_column_and_the_row_that_held():
    assert sql.given(MODEL.tables) == [
        "level_band",
        "level_band__row",
        "group",
        "group__row",
        "status",
        "status__row",
        "sign",
        "sign__cord",
        "sign__column",
        "next_tests",
        "next_tests__mma",
        "next_tests__serum_b12",
    ]


def test_duckdb_says_what_the_plain_reading_says():
    expected = [as_sql_says(MODEL, plain.decide(MODEL, patient)) for patient in PATIENTS]
    assert in_sql(MODEL, PATIENTS) == expected


def test_only_what_is_asked_for_is_given_and_only_what_it_rests_on_is_said():
    statement = sql.select(MODEL, columns=["sign"])
    assert in_sql(MODEL, PATIENTS, statement) == [{}, {"sign": "yes"}, {}, {}]
    assert "treated" not in statement


@pytest.mark.parametrize("dialect", sql.DIALECTS)
def test_every_dialect_reads_its_own_statement_again(dialect):
    statement = sql.select(MODEL, source="warehouse.findings", dialect=dialect)
    assert sqlglot.parse_one(statement, read=dialect).find(sqlglot.exp.Table)
    assert "warehouse" in statement


@pytest.mark.parametrize("dialect", sql.DIALECTS)
def test_nothing_stands_in_a_statement_that_a_dialect_could_read_its_own_way(dialect):
    tree = sqlglot.parse_one(sql.select(MODEL, dialect=dialect), read=dialect)
    banned = (sqlglot.exp.Cast, sqlglot.exp.Div, sqlglot.exp.Array, sqlglot.exp.Anonymous, sqlglot.exp.Is)
    held = [node for kind in banned for node in tree.find_all(kind)]
    assert not [node for node in held if not isinstance(node.expression, sqlglot.exp.Null)]
    assert not [case for case in tree.find_all(sqlglot.exp.Case) if case.args.get("default")]
    assert not re.search(r"\d\.\d", tree.sql())


def test_a_dialect_that_would_write_steps_out_again_and_again_has_them_materialized():
    assert "MATERIALIZED" in sql.select(MODEL, dialect="postgres")
    assert "MATERIALIZED" not in sql.select(MODEL, dialect="duckdb")


def test_a_table_whose_rows_all_say_unknown_gives_a_column_that_is_null():
    silent = table("unique", "silent", ["a"], [row("Q1", [words("yes")], "unknown")])
    model = guideline([word_column("a")], [silent])
    assert in_sql(model, [{"a": "yes"}, {}]) == [{"silent__row": "Q1"}, {}]


def test_a_guideline_without_tables_gives_the_patients():
    assert sql.select(guideline([], [])) == "SELECT\n  patient\nFROM findings"
