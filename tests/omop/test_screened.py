"""Screened from FHIR, from files and from PostgreSQL, the same people are said the same of."""

import json
from datetime import date

import duckdb
import psycopg
import pytest
from tests import postgres
from tests.omop.twice import population

from corrin.population import screening

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def twice():
    return population()


@pytest.fixture(scope="module")
def from_fhir(twice, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fhir")
    lines = [json.dumps({"id": f"r{number}", **each}) for number, each in enumerate(twice.resources)]
    (folder / "all.ndjson").write_text("\n".join(lines) + "\n", "utf-8")
    return screened(folder, tmp_path_factory.mktemp("out"))


def screened(source, out, jobs: int = 1):
    """Every verdict of every person, and who is on the worklist with which gap."""
    screening.screen(screening.Order(str(source), out / "screened", AS_OF, jobs=jobs))
    return tuple(
        duckdb.sql(f"SELECT {columns} FROM '{out / 'screened' / name}.parquet' ORDER BY patient").fetchall()
        for name, columns in (
            ("verdicts", "*"),
            ("worklist", "patient, sex, age_low, age_high, gap, days_left"),
        )
    )


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_from_files(form, twice, from_fhir, tmp_path):
    source = getattr(twice.cdm, form)(tmp_path / "cdm")
    assert screened(source, tmp_path) == from_fhir
    assert len(from_fhir[0]) == 11


def test_from_postgresql_in_two_shares(twice, from_fhir, tmp_path):
    with postgres.server() as conninfo:
        with psycopg.connect(conninfo) as connection:
            twice.cdm.postgres(connection, "cdm")
        assert screened(postgres.address(conninfo), tmp_path, jobs=2) == from_fhir
