"""4,877 adults of NHANES 2011-2012 through the door and through both readings: the counts published beside the data."""

import csv
import io
import json
from collections import Counter
from datetime import date

import pytest
from tests.generative import four

from corrin import findings, guideline, intake
from corrin.readings.python import Reader

pytestmark = pytest.mark.shared
AS_OF = date(2013, 1, 1)
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


def rows(adults, model, b12: str, unit: str):
    """The findings rows of all, with B12 from one of the two columns."""
    sheet = io.StringIO()
    written = csv.writer(sheet)
    written.writerow(
        ["patient", "age_years [a]", "sex", f"serum_b12 [{unit}]", "mma [nmol/L]", "egfr [mL/min/{1.73_m2}]"]
    )
    for adult in adults:
        measured = [adult[name] for name in (b12, "mma_nmol_l", "egfr_ml_min_1_73m2")]
        written.writerow([adult["seqn"], adult["age_years"], adult["sex"], *measured])
    return [findings.derive(record, model, AS_OF).row for record in intake.read(sheet.getvalue().encode())]


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
    patients = rows(adults, model, "b12_pg_ml", "pg/mL")
    assert len(patients) == expected["adults"] == 4877
    reader = Reader(model)
    in_python = counts([reader.decide(row).columns for row in patients])
    in_sql = counts(four.in_sql(model, patients))
    assert in_python == in_sql
    for name, count in in_python.items():
        assert count == {key: expected[name][key] for key in count}


def test_the_rounded_column_bands_all_but_nine_alike(adults, model, capsys):
    """CDC prints 180.0 pg/mL as 132.8 pmol/L and 350.0 as 258.3: rounding carries those across a published limit."""
    reader = Reader(model)
    mass, moles = (
        [reader.decide(row).columns["serum_b12_band"] for row in rows(adults, model, column, unit)]
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
