"""The solver is not believed on its word: what it shows is tried on patients by the Python reading."""

import random

import pytest

from corrin import guideline
from corrin.readings.python import Reader
from corrin.verification.obligations import reassurances
from corrin.verification.questions import Asking
from corrin.verification.solver import Solver

MODEL = guideline.load()
RAW = [column for column in MODEL.columns.values() if column.table is None]
LIMITS = sorted({parameter.value for parameter in MODEL.parameters.values()})


def test_the_patient_found_for_each_row_is_held_by_that_row():
    states = Asking(MODEL).whole
    solver = Solver(states.encoding.constraints)
    reader = Reader(MODEL)
    wrong = []
    for table in MODEL.tables:
        for row in table.rows:
            model = solver.simplest(states.holds(row.id), [states.defaults])
            patient = states.encoding.witness(model)
            if row.id not in reader.decide(patient.row).held:
                wrong.append(row.id)
    assert wrong == []


def patient(chance: random.Random):
    """A patient of whom some things are known: mostly normal, so that something can reassure."""
    known = chance.choice([0.2, 0.6, 0.95, 1.0])
    calm = chance.choice([0.5, 0.9, 1.0])
    row = {}
    for column in RAW:
        if chance.random() > known:
            continue
        if column.kind == "words":
            row[column.id] = (
                "no" if "no" in column.values and chance.random() < calm else chance.choice(column.values)
            )
        else:
            one, other = (chance.choice(LIMITS) + chance.choice([-1, 0, 1, 1000]) for _ in range(2))
            ends = (one, one) if chance.random() < 0.7 else (min(one, other), max(one, other))
            row[column.id] = chance.choice([ends, ends, ends, (ends[0], None), (None, ends[1])])
    return row


def forgetting(count: int, seed: int):
    """How often a verdict reassured, and the patients in whom forgetting one finding made it do so."""
    chance, reader = random.Random(seed), Reader(MODEL)
    asked = list(reassurances(MODEL))
    reassured, broken = 0, []
    for _ in range(count):
        row = patient(chance)
        tried = reader.decide(row)
        before = tried.columns
        reassured += sum(before.get(each.column) in each.words for each in asked)
        for finding in row:
            after = reader.decide({**row, finding: None})
            opened = tried.not_applicable - after.not_applicable
            broken += [
                (each.name, finding, row)
                for each in asked
                if before.get(each.column) not in each.words
                and after.columns.get(each.column) in each.words
                and finding not in each.verdict.said_without
                and not opened
            ]
    return reassured, broken


def test_forgetting_a_finding_reassures_no_random_patient():
    reassured, broken = forgetting(300, seed=12)
    assert reassured > 300
    assert broken == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_forgetting_a_finding_reassures_none_of_many_random_patients(seed):
    reassured, broken = forgetting(5000, seed)
    assert reassured > 5000
    assert broken == []
