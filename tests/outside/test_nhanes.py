"""4,877 adults of NHANES 2011-2012 through the door and through both readings: the counts published beside the data."""

import csv
import io
import json
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from corrin import findings, guideline, intake
from corrin.findings import sql as facts_sql
from corrin.readings import sql
from corrin.readings.python import Reader

pytestmark = pytest.mark.shared
AS_OF = date(2013, 1, 1)
COUNTED = ("serum_b12_band", "mma_normal_band", "mma_over_higher_limit", "kidney_function_reduced")
BANDS = {"<180": "deficient", "180-350": "borderline", ">350": "not-low"}
SITE = """title = "the upper limit of the laboratory that published the counts"
[parameters]
mma_high = 376
"""


@pytest.fixture(scope="module")
def adults(shared):
    with (shared / "nhanes_2011_2012_adults.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def expected(shared):
    counts = json.loads((shared / "nhanes_2011_2012_expected.json").read_text("utf-8"))["2011-2012"]
    return {BANDS[band["band"]]: band for band in counts["bands"]} | {"adults": counts["adults"]}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    site = tmp_path_factory.mktemp("site") / "site.toml"
    site.write_text(SITE, "utf-8")
    return guideline.load(site=site)


def records(adults, b12: str, unit: str):
    """A record for each adult, with B12 from one of the two columns, through the door for spreadsheets."""
    sheet = io.StringIO()
    written = csv.writer(sheet)
    written.writerow(
        ["patient", "age_years [a]", "sex", f"serum_b12 [{unit}]", "mma [nmol/L]", "egfr [mL/min/{1.73_m2}]"]
    )
    for adult in adults:
        measured = [adult[name] for name in (b12, "mma_nmol_l", "egfr_ml_min_1_73m2")]
        written.writerow([adult["seqn"], adult["age_years"], adult["sex"], *measured])
    return intake.read(sheet.getvalue().encode())


def in_python(model, people) -> list[dict[str, str]]:
    """Each record derived and decided by the Python readings."""
    reader = Reader(model)
    return [reader.decide(findings.derive(person, model, AS_OF).row).columns for person in people]


def in_sql(model, people) -> list[dict[str, str]]:
    """All records at once: facts to findings by one statement, findings to words by another."""
    settled = {person.patient.id: findings.settle(person, model, AS_OF) for person in people}
    with duckdb.connect() as base:
        for table, columns in (("facts", facts_sql.COLUMNS), ("patients", facts_sql.PATIENT_COLUMNS)):
            base.execute(
                f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
            )
        load(base, "facts", (row for name, each in settled.items() for row in facts_sql.rows(name, each)))
        load(base, "patients", (facts_sql.patient_row(name, each) for name, each in settled.items()))
        base.execute(f"CREATE TABLE findings AS {facts_sql.select(model)}")
        found = base.execute(sql.select(model, columns=COUNTED))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def load(base, table: str, rows) -> None:
    """Rows into a table, by way of a file: DuckDB reads CSV faster than a list of values."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        base.execute(f"COPY {table} FROM '{path}' (HEADER false, NULLSTR '')")


def counts(said: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    """Per band: how many, and how many of them with MMA above each limit, and with reduced kidney function."""
    found: dict[str, Counter] = {}
    for columns in said:
        band = found.setdefault(columns["serum_b12_band"], Counter())
        band["n"] += 1
        above = columns.get("mma_normal_band") == "beyond"
        band["mma_gt_271"] += above
        band["mma_gt_376"] += columns.get("mma_over_higher_limit") == "yes"
        band["mma_gt_271_and_egfr_lt_60"] += above and columns.get("kidney_function_reduced") == "yes"
    return {band: dict(count) for band, count in found.items()}


def test_both_readings_count_what_was_published(adults, expected, model):
    people = records(adults, "b12_pg_ml", "pg/mL")
    assert len(people) == expected["adults"] == 4877
    by_python, by_sql = counts(in_python(model, people)), counts(in_sql(model, people))
    assert by_python == by_sql
    for name, count in by_python.items():
        assert count == {key: expected[name][key] for key in count}


def test_the_rounded_column_bands_all_but_nine_alike(adults, model, capsys):
    """CDC prints 180.0 pg/mL as 132.8 pmol/L and 350.0 as 258.3: rounding carries those across a published limit."""
    mass, moles = (
        [columns["serum_b12_band"] for columns in in_python(model, records(adults, column, unit))]
        for column, unit in (("b12_pg_ml", "pg/mL"), ("b12_pmol_l", "pmol/L"))
    )
    crossed = [
        (adult["b12_pg_ml"], adult["b12_pmol_l"])
        for adult, a, b in zip(adults, mass, moles, strict=True)
        if a != b
    ]
    with capsys.disabled():
        print(f"\n  {len(crossed)} of {len(adults)} cross a limit by rounding: {Counter(crossed)}")
    assert len(crossed) == 9
    assert set(crossed) == {("180.0", "132.8"), ("350.0", "258.3")}
