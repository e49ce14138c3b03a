"""One algebra, several carriers: plain, quick, SQL and logic say the same of every row.

Table by table they are compared on every state of its inputs, unknowns and intervals included (of a long list,
every finding in every state); then on random guidelines; then on random patients and on one patient for each row,
who is found by the solver, so that no row of the guideline goes unread.
"""

from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import pytest
import sqlglot
import z3
from tests.generative.four import as_sql_says, in_logic, in_sql, plainly, quickly
from tests.generative.guidelines import random_guideline
from tests.generative.states import alone, random_patient, states, states_of

from corrin import guideline
from corrin.guideline.model import Guideline
from corrin.readings import sql
from corrin.readings.python import Decision, Reader
from corrin.readings.smt import encode

PROFILES = ("uk", "us")
SEED = 20_261_122


@cache
def model(profile: str = "uk") -> Guideline:
    return guideline.read(profile=profile)


def tables() -> list[str]:
    return [table.id for table in model().tables]


def agree(guide: Guideline, patients) -> None:
    """All four readings say the same of these findings rows."""
    expected = plainly(guide, patients)
    assert quickly(guide, patients) == expected
    assert in_sql(guide, patients) == [as_sql_says(guide, decision) for decision in expected]
    assert in_logic(guide, patients) == [decision.columns for decision in expected]


@pytest.mark.parametrize("table", tables())
def test_they_agree_on_the_states_of(table):
    guide = alone(model(), model().table(table))
    agree(guide, list(states(guide, Random(SEED), most=300)))


@pytest.mark.deep
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("table", tables())
def test_they_agree_on_every_state_of(table, profile):
    guide = alone(model(profile), model(profile).table(table))
    agree(guide, list(states(guide, Random(SEED))))


@pytest.mark.parametrize("table", tables())
def test_the_quick_reading_is_the_plain_one_on_every_state_of(table):
    guide = alone(model(), model().table(table))
    patients = list(states(guide, Random(SEED), most=7000))
    assert quickly(guide, patients) == plainly(guide, patients)


@pytest.mark.parametrize("seed", range(12))
def test_they_agree_on_random_guidelines(seed):
    rng = Random(seed)
    guide = random_guideline(rng)
    agree(guide, [random_patient(guide, rng, rng.random()) for _ in range(60)])


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(100, 400))
def test_they_agree_on_many_random_guidelines(seed):
    rng = Random(seed)
    guide = random_guideline(rng, tables=10)
    agree(guide, [random_patient(guide, rng, rng.random()) for _ in range(200)])


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_and_of_tables_that_do_not_read_each_other_means_nothing(seed):
    rng = Random(seed)
    guide = model() if seed == 0 else random_guideline(rng)
    patients = [random_patient(guide, rng, rng.random()) for _ in range(60)]
    shuffled = replace(
        guide,
        tables=tuple(
            replace(table, rows=tuple(rng.sample(table.rows, len(table.rows)))) for table in guide.tables
        ),
    )
    before, after = in_sql(guide, patients), in_sql(shuffled, patients)
    assert [sorted(row.items()) for row in before] == [sorted(row.items()) for row in after]
    quick = [decision.columns for decision in quickly(shuffled, patients)]
    assert quick == [decision.columns for decision in quickly(guide, patients)]


def written_for(dialect: str, guide: Guideline) -> str:
    """The statement in a dialect, brought back to the one that can be run here."""
    return sqlglot.transpile(sql.select(guide, dialect=dialect), read=dialect, write="duckdb")[0]


@pytest.mark.parametrize("dialect", sql.DIALECTS)
def test_a_statement_written_for_a_dialect_and_brought_back_says_the_same(dialect):
    rng = Random(SEED)
    for _ in range(4):
        guide = random_guideline(rng)
        patients = [random_patient(guide, rng, rng.random()) for _ in range(40)]
        assert in_sql(guide, patients, written_for(dialect, guide)) == in_sql(guide, patients)


@pytest.mark.deep
@pytest.mark.parametrize("dialect", sql.DIALECTS)
def test_the_guideline_written_for_a_dialect_and_brought_back_says_the_same(dialect):
    patients = population(model(), Random(SEED), 100)
    assert in_sql(model(), patients, written_for(dialect, model())) == in_sql(model(), patients)


def witnesses(guide: Guideline) -> dict[str, dict]:
    """For each row a patient in whom it holds, in a table that applies."""
    encoding = encode(guide, symbolic=False)
    solver = z3.SolverFor("QF_LIA")
    solver.add(*encoding.constraints)
    found = {}
    for table in guide.tables:
        for row in table.rows:
            solver.push()
            solver.add(
                encoding.rows[row.id].holds, z3.Not(encoding.guards.get(table.id, z3.BoolVal(val=False)))
            )
            if solver.check() == z3.sat:
                found[row.id] = dict(encoding.witness(solver.model()).row)
            solver.pop()
    return found


def otherwise(guide: Guideline, patient: dict, rng: Random) -> dict:
    """The same patient with three findings in some other state."""
    raw = [column for column in guide.columns.values() if column.table is None]
    changed = {column.id: rng.choice(states_of(guide, column)) for column in rng.sample(raw, 3)}
    return {name: value for name, value in {**patient, **changed}.items() if value is not None}


def population(guide: Guideline, rng: Random, number: int) -> list[dict]:
    """Random patients, a patient for each row, and patients close to those."""
    found = list(witnesses(guide).values())
    near = [otherwise(guide, rng.choice(found), rng) for _ in range(number)]
    return found + near + [random_patient(guide, rng, rng.random()) for _ in range(number)]


def agree_on_patients(guide: Guideline, patients: list[dict], slow: int) -> list[Decision]:
    """SQL and the quick reading say the same of all patients, the others of every so many."""
    decisions = quickly(guide, patients)
    assert in_sql(guide, patients) == [as_sql_says(guide, decision) for decision in decisions]
    assert plainly(guide, patients[::slow]) == decisions[::slow]
    assert in_logic(guide, patients[::slow]) == [decision.columns for decision in decisions[::slow]]
    return decisions


def every_row_is_reached(guide: Guideline, decisions: list[Decision], report) -> None:
    times = Counter(row for decision in decisions for row in decision.held)
    rows = [row.id for table in guide.tables for row in table.rows]
    report(guide.profile, len(decisions), {row: times[row] for row in rows})
    assert [row for row in rows if not times[row]] == []


@pytest.mark.parametrize(("profile", "number"), [("uk", 300), ("us", 50)])
def test_they_agree_on_patients_and_every_row_is_reached(profile, number, report):
    guide = model(profile)
    decisions = agree_on_patients(guide, population(guide, Random(SEED), number), slow=12)
    every_row_is_reached(guide, decisions, report)


@pytest.mark.deep
@pytest.mark.parametrize("profile", PROFILES)
def test_they_agree_on_many_patients(profile, report):
    guide = model(profile)
    decisions = agree_on_patients(guide, population(guide, Random(SEED + 1), 10_000), slow=10)
    every_row_is_reached(guide, decisions, report)


def test_one_finding_otherwise_is_the_same_as_deciding_anew():
    guide, rng = model(), Random(SEED)
    reader = Reader(guide)
    for patient in [random_patient(guide, rng, rng.random()) for _ in range(12)]:
        what_if = reader.what_if(patient)
        for column in guide.columns.values():
            if column.table is None:
                value = rng.choice(states_of(guide, column))
                assert what_if.change(column.id, value) == reader.decide({**patient, column.id: value})
