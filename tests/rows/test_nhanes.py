"""NHANES through a columns file, streamed: the counts that were published beside the data, exactly."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pytest

from corrin import findings, guideline
from corrin.intake import rows
from corrin.readings.python import Reader

pytestmark = pytest.mark.shared
NAMES = {"<180": "deficient", "180-350": "borderline", ">350": "not-low"}
SITE = """title = "the upper limit of the laboratory that published the counts"
[parameters]
mma_high = 376
"""


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_published_counts_come_out_exactly(shared, tmp_path, form):
    source = shared / "nhanes_2011_2012_adults.csv"
    expected = json.loads((shared / "nhanes_2011_2012_expected.json").read_text("utf-8"))["2011-2012"]
    if form == "parquet":
        duckdb.sql(f"SELECT * FROM '{source}'").write_parquet(str(tmp_path / "adults.parquet"))
        source = tmp_path / "adults.parquet"
    site = tmp_path / "site.toml"
    site.write_text(SITE, "utf-8")
    model = guideline.load(site=site)
    reader, found, people = Reader(model), Counter(), 0
    columns = rows.load(Path(__file__).parent / "nhanes.toml")
    for part in range(2):
        for record in rows.read(source, findings.codes(model), (part, 2), columns=columns):
            said = reader.decide(findings.derive(record, model, date(2013, 1, 1)).row).columns
            band = said["serum_b12_band"]
            above = said.get("mma_normal_band") == "beyond"
            people += 1
            found[band, "n"] += 1
            found[band, "mma_gt_271"] += above
            found[band, "mma_gt_376"] += said.get("mma_over_higher_limit") == "yes"
            found[band, "mma_gt_271_and_egfr_lt_60"] += above and said.get("kidney_function_reduced") == "yes"
    assert people == rows.count(source) == expected["adults"] == 4877
    for band in expected["bands"]:
        name = NAMES[band.pop("band")]
        assert {key: found[name, key] for key in band} == band
