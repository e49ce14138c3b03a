"""Every row of every table and every edge of every bands table has its patient, or is named with the reason."""

import json
from datetime import date, timedelta

import pytest
from tests.synthesis.conftest import truth, write

from corrin import guideline
from corrin.synthesis.covering.sayable import completed_months

NOT_SENT = {
    "fhir": {"UB7", "GD7", "GU10"},
    "omop": {"UB7", "GD7", "GU10"},
    "csv": {
        "UB7",
        "GD7",
        "GU10",
        "VH1",
        "VH2",
        "CL6",
        "ML1",
        "ML2",
        "AL1",
        "AL2",
        "LM1",
        "LM2",
        "LM3",
        "GI1",
    },
}
"""Rows for whether a result was refused being unknown, which a record never leaves open; and, in a sheet, rows that
need two results of one finding or a medicine with its beginning."""


def test_every_row_is_covered_or_out_of_reach(population):
    form, folder, _ = population
    said = json.loads((folder / "truth" / "coverage.json").read_text("utf-8"))
    rows = {row.id for table in guideline.load().tables for row in table.rows}
    assert rows - set(said["patient_of_row"]) == NOT_SENT[form]
    assert said["rows"] == {"of": len(rows), "covered": len(rows) - len(NOT_SENT[form])}
    assert said["left_out_for_want_of_patients"] == []
    assert NOT_SENT[form] <= set(said["unreachable"])
    assert all(said["unreachable"].values())


def test_the_patient_of_a_row_is_in_the_truth(population):
    _, folder, _ = population
    said = json.loads((folder / "truth" / "coverage.json").read_text("utf-8"))
    told = truth(folder)
    assert all(told[name]["row"] == row for row, name in said["patient_of_row"].items())


@pytest.mark.parametrize(
    ("about", "row"),
    [
        # 180 pg/mL = 133 pmol/L: below is deficient; from 180 to 350 pg/mL, which is 258 pmol/L, is borderline
        ("serum-b12-band: serum_b12 just below 180 pg/mL", "B1"),
        ("serum-b12-band: serum_b12 at 180 pg/mL", "B2"),
        ("serum-b12-band: serum_b12 just above 180 pg/mL", "B2"),
        ("serum-b12-band: serum_b12 just below 133 pmol/L", "B1"),
        ("serum-b12-band: serum_b12 at 133 pmol/L", "B2"),
        ("serum-b12-band: serum_b12 at 258 pmol/L", "B2"),
        ("serum-b12-band: serum_b12 just above 258 pmol/L", "B3"),
        ("serum-b12-band: serum_b12 at 350 pg/mL", "B2"),
        ("serum-b12-band: serum_b12 just above 350 pg/mL", "B3"),
    ],
)
def test_both_units_of_a_published_pair_have_their_edges(populations, about, row):
    folder, _ = populations["fhir"]
    assert [each["row"] for each in truth(folder).values() if each["about"] == about] == [row]


def test_the_terminal_says_what_is_covered(populations):
    _, coverage = populations["fhir"]
    first, *others = coverage.lines()
    assert first.startswith("By construction it covers 559 of 562 rows")
    assert any("UB7" in line and "GD7" in line for line in others)


def test_too_few_patients_say_so(tmp_path):
    _, coverage = write(tmp_path / "few", patients=3)
    assert "3 of 562 rows" in coverage.lines()[0]
    assert "ask for more" in coverage.lines()[-1]
    said = json.loads((tmp_path / "few" / "truth" / "coverage.json").read_text("utf-8"))
    assert len(said["left_out_for_want_of_patients"]) == 559


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 8, 22), date(2026, 11, 22), 3),
        (date(2026, 8, 23), date(2026, 11, 22), 2),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 0),
        (date(2025, 11, 22), date(2026, 11, 22), 12),
    ],
)
def test_a_month_is_over_on_the_same_day_of_the_next(since, until, months):
    assert completed_months(since, until) == months


def test_months_never_grow_as_a_day_comes_nearer():
    until = date(2026, 11, 22)
    counted = [completed_months(until - timedelta(days=days), until) for days in range(1000)]
    assert counted == sorted(counted)
    assert counted[0] == 0
