"""What is no CDM, or lacks something, is refused before the first record: where, what, and how to mend it."""

import gzip

import pytest
from tests.omop.cdm import Cdm

from corrin import findings, guideline
from corrin.errors import InputError
from corrin.intake import omop
from corrin.intake.omop import sitemap


@pytest.fixture(scope="module")
def wanted():
    return findings.codes(guideline.load())


@pytest.fixture
def cdm():
    made = Cdm()
    made.person(1, "1950-01-02", 8532)
    made.add(
        "measurement", 1, measurement_concept_id=made.ids["loinc", "2132-9"], measurement_date="2026-01-01"
    )
    return made


def refused(source, wanted, **options) -> str:
    with pytest.raises(InputError) as caught:
        list(omop.read(source, wanted, **options))
    return str(caught.value)


def test_a_needed_table_that_is_missing_is_named_with_what_it_would_cost(cdm, wanted, tmp_path):
    said = refused(cdm.parquet(tmp_path / "cdm", without=("measurement", "drug_exposure")), wanted)
    assert "cdm: no table `measurement`: without it everybody would look untested or untreated." in said
    assert "no table `drug_exposure`" in said
    assert "Optional are observation, procedure_occurrence" in said


def test_a_cdm_without_its_vocabulary_needs_a_site_map(cdm, wanted, tmp_path):
    said = refused(cdm.parquet(tmp_path / "cdm", without=("concept", "concept_ancestor")), wanted)
    assert "no table `concept`: nothing says what a concept id stands for" in said
    assert "in a site map (--map FILE)" in said


def test_a_column_that_is_missing_is_named(cdm, wanted, tmp_path):
    folder = cdm.csv(tmp_path / "cdm")
    (folder / "measurement.csv").write_text(
        "measurement_id,person_id,measurement_date\n1,1,2026-01-01\n", "utf-8"
    )
    said = refused(folder, wanted)
    assert "table `measurement` has no column `measurement_concept_id`, `value_as_number`" in said


def test_a_cdm_without_its_persons_is_told_that_and_not_taken_for_another_export(cdm, wanted, tmp_path):
    folder = cdm.csv(tmp_path / "cdm")
    (folder / "person.csv").unlink()
    assert omop.recognises(folder)
    assert "no OMOP CDM: it has no table `person`" in refused(folder, wanted)


def test_a_folder_that_is_no_cdm(wanted, tmp_path):
    (tmp_path / "Patient.ndjson").write_text("{}\n", "utf-8")
    assert not omop.recognises(tmp_path)
    assert "no OMOP CDM: it has no table `person`" in refused(tmp_path, wanted)
    assert "there is no such file or folder" in refused(tmp_path / "absent", wanted)


def test_a_file_that_is_no_parquet(cdm, wanted, tmp_path):
    folder = cdm.parquet(tmp_path / "cdm")
    (folder / "measurement.parquet").write_bytes(b"PAR1 and then nothing of the kind")
    assert "cdm/measurement.parquet: cannot be read: broken, or not what its name says" in refused(
        folder, wanted
    )


def test_a_parquet_that_breaks_off(cdm, wanted, tmp_path):
    folder = cdm.parquet(tmp_path / "cdm")
    path = folder / "concept.parquet"
    path.write_bytes(path.read_bytes()[:-200])
    assert "cannot be read" in refused(folder, wanted)


def test_a_gzip_that_breaks_off(cdm, wanted, tmp_path):
    folder = cdm.csv(tmp_path / "cdm", compressed=True)
    path = folder / "concept.csv.gz"
    path.write_bytes(path.read_bytes()[:-300])
    assert "cdm/concept.csv.gz: cannot be read" in refused(folder, wanted)


def test_a_row_with_too_few_cells_is_named_by_its_line(cdm, wanted, tmp_path):
    folder = cdm.csv(tmp_path / "cdm")
    with (folder / "measurement.csv").open("a", newline="") as file:
        file.write("2,1\r\n")
    assert "cdm: measurement, line 3: cannot be read" in refused(folder, wanted)


def test_a_duckdb_file_that_is_none(wanted, tmp_path):
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"0" * 8 + b"DUCK" + b"0" * 4096)
    assert omop.recognises(path)
    assert "no DuckDB file that can be opened" in refused(path, wanted)


def test_no_error_shows_a_value_of_a_row(cdm, wanted, tmp_path):
    folder = cdm.csv(tmp_path / "cdm")
    with gzip.open(folder / "death.csv.gz", "wt") as file:
        file.write("person_id,death_date\n1,secret,secret\n")
    (folder / "death.csv").unlink()
    assert "secret" not in refused(folder, wanted)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[concepts]\n1 = "loinc|2132-8"\n', "`loinc|2132-8` is no code that the guideline listens to"),
        ('[concepts]\nx = "loinc|2132-9"\n', "no concept id: it is no whole number"),
        ('[things]\n1 = "loinc|2132-9"\n', "no table of a site map"),
        ("[concepts\n", "no TOML that can be read"),
    ],
)
def test_a_site_map_is_refused_by_its_entry(wanted, tmp_path, text, what):
    path = tmp_path / "site.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"site\.toml") as caught:
        sitemap.load(path, wanted)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("concept,code\n1,loinc|2132-9\n", "not the header of a site map"),
        (
            "concept_id,source_value,code\n1,B12,loinc|2132-9\n",
            "needs a concept_id or a source_value, and a code",
        ),
    ],
)
def test_a_site_map_as_csv_is_refused_by_its_row(wanted, tmp_path, text, what):
    path = tmp_path / "site.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        sitemap.load(path, wanted)
    assert what in str(caught.value)
