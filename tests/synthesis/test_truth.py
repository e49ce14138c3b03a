"""What was meant by each made-up patient is what the intake of the format reads, and the row that must hold holds."""

from datetime import date

import pytest
from tests.synthesis.conftest import derived, records, truth

from corrin import guideline
from corrin.readings import plain
from corrin.synthesis import shares


@pytest.fixture(scope="module")
def laid():
    return guideline.load()


def as_meant(row, laid):
    """Each finding of a truth row with its value: a word, or an interval."""
    for name in laid.declared.findings:
        if name in row:
            yield name, row[name] or None
        elif f"{name}_low" in row:
            low, high = (
                int(row[f"{name}_{end}"]) if row[f"{name}_{end}"] else None for end in ("low", "high")
            )
            yield name, None if low is None and high is None else (low, high)


def test_every_patient_of_the_truth_is_in_the_data_and_nobody_else(population):
    form, folder, _ = population
    assert set(records(folder, form)) == set(truth(folder))


def test_the_state_that_was_meant_is_the_state_that_is_derived(population, laid):
    form, folder, _ = population
    read = derived(folder, form)
    built = {name: row for name, row in truth(folder).items() if row["kind"] != "ordinary"}
    assert len(built) > 600
    wrong = []
    for name, row in built.items():
        got_of = read[name]
        left = set(row["left_open"].split())
        wrong += [
            (row["about"], finding, meant, got_of.get(finding))
            for finding, meant in as_meant(row, laid)
            if finding not in left and got_of.get(finding) != meant
        ]
    assert not wrong


def test_the_row_that_must_hold_holds(population, laid):
    form, folder, _ = population
    read = derived(folder, form)
    fails = [
        row["about"]
        for name, row in truth(folder).items()
        if row["row"] and row["row"] not in plain.decide(laid, read[name]).held
    ]
    assert not fails


def test_what_was_meant_of_an_ordinary_patient_is_derived_of_them(population, laid):
    form, folder, _ = population
    read = derived(folder, form)
    ordinary = {name: row for name, row in truth(folder).items() if row["kind"] == "ordinary"}
    seen, wrong = 0, []
    for name, row in ordinary.items():
        got_of = read[name]
        for finding, meant in as_meant(row, laid):
            if meant is None:
                continue
            seen += 1
            got = got_of.get(finding)
            # a converted value is meant to one step of the grid: a limit published in pairs may pull it to its side
            near = isinstance(meant, tuple) and isinstance(got, tuple) and None not in got
            if got != meant and not (near and max(abs(a - b) for a, b in zip(got, meant, strict=True)) <= 1):
                wrong.append((name, finding, meant, got))
    assert seen > 300
    assert not wrong


def test_the_truth_is_there_as_parquet_as_well(population):
    import duckdb

    _, folder, _ = population
    table = duckdb.read_parquet(str(folder / "truth" / "truth.parquet"))
    rows = table.fetchall()
    assert [row[0] for row in rows] == list(truth(folder))
    assert dict(zip(table.columns, map(str, table.types), strict=True))["serum_b12_low"] == "BIGINT"


def test_the_day_of_the_answer_stands_beside_the_shares(laid):
    assert shares.read(laid).as_of == date(2026, 11, 22)
