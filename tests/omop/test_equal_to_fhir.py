"""One small population, written as FHIR and as a CDM, comes to the same findings from wherever the CDM lies."""

from datetime import date

import pytest
from tests.omop.twice import population

from corrin import findings, guideline, intake
from corrin.intake import omop

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="module")
def twice():
    return population()


@pytest.fixture(scope="module")
def model():
    return guideline.load()


@pytest.fixture(scope="module")
def from_fhir(twice, model):
    return rows(intake.read(twice.bundle()), model)


def rows(records, model):
    return {one.patient.id: findings.derive(one, model, AS_OF).row for one in records}


def from_cdm(source, model, part=(0, 1)):
    return rows(omop.read(source, findings.codes(model), part), model)


def test_the_findings_are_not_empty(from_fhir):
    said = {name for row in from_fhir.values() for name, value in row.items() if value != "unknown"}
    assert len(from_fhir) == 11
    assert len(said) > 12


@pytest.mark.parametrize("form", ["parquet", "csv", "gzip", "upper", "athena", "duckdb"])
def test_a_cdm_in_files_says_what_the_bundle_says(form, twice, model, from_fhir, tmp_path):
    cdm = twice.cdm
    source = {
        "parquet": lambda: cdm.parquet(tmp_path / "cdm"),
        "csv": lambda: cdm.csv(tmp_path / "cdm"),
        "gzip": lambda: cdm.csv(tmp_path / "cdm", compressed=True),
        "upper": lambda: cdm.csv(tmp_path / "cdm", upper=True),
        "athena": lambda: cdm.csv(tmp_path / "cdm", upper=True, tabs=True),
        "duckdb": lambda: cdm.duckdb(tmp_path / "cdm.duckdb"),
    }[form]()
    assert omop.recognises(source)
    assert omop.count(source) == 11
    assert from_cdm(source, model) == from_fhir


def test_parts_share_the_persons_and_each_is_whole_in_one(twice, model, from_fhir, tmp_path):
    source = twice.cdm.parquet(tmp_path / "cdm")
    parts = [from_cdm(source, model, (number, 3)) for number in range(3)]
    assert sum(map(len, parts)) == 11
    assert {name: row for part in parts for name, row in part.items()} == from_fhir
    assert all(parts)
