"""From facts to verdicts in SQL: the same of every patient as `corrin.assess`, under one hash."""

from random import Random

import duckdb
import pytest
from tests.population import crowd as crowds

from corrin.population import statements
from corrin.population.digest import FORM, Digest


@pytest.fixture(scope="module")
def base(crowd):
    """The crowd in DuckDB, with findings and verdicts made from it."""
    with duckdb.connect() as connection:
        connection.execute(crowds.tables())
        for name, path in (("facts", crowd.facts), ("people", crowd.people)):
            connection.execute(f"COPY {name} FROM '{path}' (HEADER false, NULLSTR '')")
        connection.execute(statements.made("findings", statements.findings(crowd.guideline)))
        connection.execute(statements.made("verdicts", statements.verdicts(crowd.guideline)))
        yield connection


def rows(base) -> list[dict]:
    found = base.execute("SELECT * FROM verdicts")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_duckdb_and_assess_say_the_same_of_every_patient(crowd, base):
    assert crowds.digest_of(crowd, rows(base)) == crowd.said
    assert crowd.said.startswith(f"{FORM}:2000:")


def test_the_table_of_verdicts_has_every_column_that_a_verdict_is_said_from(crowd, base):
    found = rows(base)[0]
    assert list(found) == ["patient", *statements.columns(crowd.guideline)]
    for verdict in crowd.guideline.verdicts.values():
        for table in map(crowd.guideline.table, verdict.tables):
            assert {table.flag(output) for output in table.outputs} <= set(found)
        assert set(verdict.columns) <= set(found)


def test_the_hash_knows_no_order_and_parts_add_up(crowd, base):
    shuffled = rows(base)
    Random(3).shuffle(shuffled)
    parts = [Digest(crowd.guideline) for _ in range(3)]
    for at, row in enumerate(shuffled):
        parts[at % 3].row(row["patient"], row, ended=row["patient"] in crowd.ended)
    whole = Digest(crowd.guideline)
    for part in parts:
        whole.add(part)
    assert str(whole) == crowd.said


def test_the_hash_sees_one_word_one_name_one_death_and_a_patient_who_is_there_twice_or_not(crowd, base):
    alive = [row for row in rows(base) if row["patient"] not in crowd.ended]
    right = crowds.digest_of(crowd, alive)
    verdict = next(each for each in crowd.guideline.verdicts.values() if each.kind == "one" and each.main)
    (column,) = verdict.columns
    first = next(row for row in alive if row[column] is not None)
    others = [row for row in alive if row is not first]
    for changed in (
        [{**first, column: None}],
        [{**first, column: next(word for word in verdict.values if word != first[column])}],
        [{**first, "patient": "somebody else"}],
        [first, first],
        [],
    ):
        assert crowds.digest_of(crowd, [*others, *changed]) != right
    dead = Digest(crowd.guideline)
    for row in alive:
        dead.row(row["patient"], row, ended=row is first)
    assert str(dead) != right


def test_step_by_step_says_the_same_as_the_one_statement(crowd, base):
    *steps, (_, last) = statements.steps(crowd.guideline).items()
    for name, text in steps:
        base.execute(f"CREATE TEMP TABLE {name} AS {text}")
    assert base.execute(f"({last}) EXCEPT ALL SELECT * FROM findings").fetchone() is None
    assert base.execute(f"SELECT * FROM findings EXCEPT ALL ({last})").fetchone() is None


def test_the_steps_that_are_read_again_are_those_that_two_others_read():
    steps = {"a": "SELECT 1 AS x", "b": "SELECT x FROM a", "c": "SELECT a.x FROM a JOIN b ON a.x = b.x"}
    assert statements.read_again(steps) == {"a"}
