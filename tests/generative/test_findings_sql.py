"""The two readings of findings.toml say the same: Python over a record, SQL over its facts."""

import csv
import tempfile
from collections import Counter
from datetime import date
from random import Random

import duckdb
import pytest
from tests.generative.events import Maker

from corrin import guideline
from corrin.findings import WHY, Interpreter, sql

AS_OF = date(2026, 11, 22)
RECORDS = 4000


@pytest.fixture(scope="module")
def model():
    return guideline.read()


def load(base, table, rows):
    """Rows in bulk: one by one would take minutes."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        csv.writer(file).writerows(rows)
        file.flush()
        base.execute(f"COPY {table} FROM '{file.name}' (HEADER false, NULLSTR '')")


def run(model, base, statement):
    """What the statement says of each patient: words and intervals, as `derive` gives them."""
    answer = base.execute(statement)
    names = [column[0] for column in answer.description]
    return {values[0]: narrow(model, dict(zip(names, values, strict=True))) for values in answer.fetchall()}


def narrow(model, wide):
    """A row of the findings table as `derive` writes it: what is unknown has no key."""
    row = {}
    for each in model.declared.findings.values():
        if each.kind == "number":
            ends = (wide[f"{each.id}_low"], wide[f"{each.id}_high"])
            row |= {each.id: ends} if ends != (None, None) else {}
        elif each.kind != "date" and wide[each.id] is not None:
            row[each.id] = wide[each.id]
    return row


@pytest.fixture(scope="module")
def population(model):
    interpreter = Interpreter(model)
    maker = Maker(model, AS_OF, Random(12))
    settled = {
        f"p{number}": interpreter.settler.settle(maker.record(), AS_OF, present=number % 2 == 0)
        for number in range(RECORDS)
    }
    base = duckdb.connect()
    facts = ", ".join(f"{name} {kind}" for name, kind in sql.COLUMNS.items())
    people = ", ".join(f"{name} {kind}" for name, kind in sql.PATIENT_COLUMNS.items())
    base.execute(f"CREATE TABLE facts ({facts}); CREATE TABLE patients ({people})")
    load(base, "facts", (row for name, each in settled.items() for row in sql.rows(name, each)))
    load(base, "patients", (sql.patient_row(name, each) for name, each in settled.items()))
    return settled, {name: interpreter.deriver.derive(each) for name, each in settled.items()}, base


def test_sql_and_python_agree_on_random_records_and_reach_every_take_and_finding(model, population, capsys):
    settled, derived, base = population
    found = run(model, base, sql.select(model))
    for name, each in derived.items():
        assert found[name] == dict(each.row), (name, settled[name].facts)
    findings = model.declared.findings
    usual = {name: "no" for name, each in findings.items() if each.take == "refused"}
    answered = Counter(
        name for each in derived.values() for name, value in each.row.items() if usual.get(name) != value
    )
    takes = Counter()
    for name, count in answered.items():
        takes[findings[name].take] += count
    reasons = Counter(why for each in derived.values() for why in each.why.values())
    with capsys.disabled():
        print(f"\n{RECORDS} records, {sum(len(each.facts) for each in settled.values())} facts")
        print("takes:", dict(takes))
        print("reasons:", dict(reasons))
        print("answers beyond their window:", sum(len(each.beyond) for each in derived.values()))
        print("rarest findings:", answered.most_common()[:-9:-1])
    never = {name for name, each in findings.items() if each.kind != "date"} - set(answered)
    assert not never, f"never answered by any record: {sorted(never)}"
    assert set(takes) == {each.take for each in findings.values() if each.kind != "date"}
    assert set(reasons) == set(WHY)
    assert any(each.beyond for each in derived.values())


PLANTED = {
    "a corrected result replaces nothing": ("grade = top", "grade <= top"),
    "a number in another unit is not the least": ("rules.take = 'least'", "rules.take = 'most'"),
    "the window ends a day early": (
        "last_day >= people.as_of_day - rules.days",
        "last_day > people.as_of_day - rules.days",
    ),
    "an undated red flag counts": ("IS NULL THEN rules.undated", "IS NULL THEN 1"),
    "an old deficiency outlasts a repeat": ("measured IS NULL OR measured <= last_minute", "TRUE"),
    "an old deficiency outlasts treatment": ("given IS NULL OR given <= last_minute", "TRUE"),
    "any old result outlasts its window": ("kept = 1", "kept >= 0"),
    "the latest is the first": ("cut IS NULL OR last_minute >= cut", "cut IS NULL OR first_minute >= cut"),
    "the nearest may be the farthest": ("least <= nearest_most", "least >= nearest_most"),
    "an open number is closed": ("COUNT(*) > COUNT(high)", "COUNT(*) < COUNT(high)"),
    "a duplicate is a second result": (
        "SELECT DISTINCT patient, target, floor",
        "SELECT patient, target, floor",
    ),
    "words that contradict are answered": ("MIN(word) = MAX(word)", "MIN(word) <= MAX(word)"),
    "one no outweighs a yes": (
        "WHEN SUM(CASE WHEN word = 'yes' THEN 1 ELSE 0 END) > 0",
        "WHEN MIN(word) = 'yes'",
    ),
    "the day of treatment is before the sample": (
        "began_last_day < samples.first_day",
        "began_last_day <= samples.first_day",
    ),
    "a source need not be complete": (
        "declared.complete = 1 AND judged.surely_not = 1",
        "judged.surely_not = 1",
    ),
    "an older refusal counts": ("pending.last_minute >= used.cut", "pending.last_minute >= 0"),
    "a preliminary result of the same time counts": ("AND final.patient IS NULL", ""),
    "an examination answers for what was asked": (
        "WHERE state IN ('refused', 'preliminary', 'not-known')",
        "WHERE state = 'none'",
    ),
    "doses of one day are several": (
        "COUNT(DISTINCT CASE WHEN rough = 0 THEN first_day END)",
        "COUNT(rough)",
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_fault_planted_in_the_statement_is_seen(model, population, fault):
    _, derived, base = population
    statement = " ".join(sql.select(model).split())
    right, wrong = PLANTED[fault]
    assert right in statement, "the fault is planted nowhere"
    found = run(model, base, statement.replace(right, wrong))
    assert any(found[name] != dict(each.row) for name, each in derived.items())
