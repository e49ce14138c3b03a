"""Results one a row, in any order: each patient once, with every result, its comparator, unit and date."""

import gzip
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from tests.omop.counting import Counted

from corrin import findings, guideline
from corrin.errors import InputError
from corrin.intake import rows
from corrin.records import Code, Quantity

TABLE = (
    "patient,code,value,comparator,unit,date\n"
    "b,loinc|2132-9,150,,pg/mL,2026-10-01\n"
    "a,2132-9,83,<,pg/mL,2026-10-02 09:30:00\n"
    "b,mma,512,,nmol/L,2026-10-01\n"
    "a,718-7,see comment,,g/dL,2026-02-30\n"
    "a,9999-9,1,,x,\n"
    ",2132-9,1,,pg/mL,\n"
    "a,2132-9,<90,>,pg/mL,\n"
    "a,2132-9,,,pg/mL,\n"
)


@pytest.fixture(scope="module")
def model():
    return guideline.load()


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "results.csv"
    made.write_text(TABLE, "utf-8")
    return made


def read(path, model, *options, **named):
    return {one.patient.id: one for one in rows.read(path, findings.codes(model), *options, **named)}


def refused(path, model, **named) -> str:
    with pytest.raises(InputError) as caught:
        read(path, model, **named)
    return str(caught.value)


def test_each_patient_has_every_result_with_its_row(path, model):
    found = read(path, model)
    assert list(found) == ["a", "b"]
    assert [(event.where, event.codes) for event in found["b"].events] == [
        ("row 2", (Code("loinc", "2132-9"),)),
        ("row 4", (Code("corrin", "mma"),)),
    ]
    first, unread, contradicted, empty = found["a"].events
    assert first.quantity == Quantity(Decimal(83), "pg/mL", comparator="<")
    assert first.start.text == "2026-10-02T09:30:00"
    assert unread.unreadable == "its date is none of the calendar"
    assert contradicted.unreadable == "its comparator and its value do not say the same"
    assert (empty.polarity, empty.absent_reason) == ("unknown", "no value was sent")
    row = findings.derive(found["b"], model, date(2026, 11, 22)).row
    assert (row["serum_b12"], row["mma"]) == ((150000, 150000), (512000, 512000))


def test_the_same_as_parquet_and_in_parts(path, model, tmp_path):
    duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)").write_parquet(
        str(tmp_path / "r.parquet")
    )
    whole = read(path, model)
    assert read(tmp_path / "r.parquet", model) == whole
    parts = [read(path, model, (number, 2)) for number in range(2)]
    assert parts[0] | parts[1] == whole
    assert len(parts[0]) + len(parts[1]) == 2


def test_who_has_no_row_that_is_heard_is_there_all_the_same(path, model):
    with path.open("a") as file:
        file.write("c,9999-9,1,,x,\n")
    found = read(path, model)
    assert list(found) == ["a", "b", "c"]
    assert (found["c"].events, found["c"].patient.where) == ((), "row 10")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("patient,code,finding,value\na,x,mma,1\n", "both `code` and `finding` say what a row is of"),
        ("patient,code,value,unit,unit\na,mma,1,nmol/L,ug/L\n", "two columns are `unit`"),
        ("patient,code,value\na,B12,1\n", "no row is by a code that is listened to"),
        ("patient,code,value\n", "no row of a result"),
    ],
)
def test_a_table_of_which_nobody_knows_what_it_says_is_refused(tmp_path, model, text, what):
    made = tmp_path / "odd.csv"
    made.write_text(text, "utf-8")
    assert what in refused(made, model)


def test_a_packed_table_that_breaks_off_in_its_first_line_is_refused(tmp_path, model):
    made = tmp_path / "torn.csv.gz"
    made.write_bytes(gzip.compress(TABLE.encode())[:60])
    assert "torn.csv.gz: breaks off" in refused(made, model)


def test_an_instant_of_parquet_is_the_same_instant(tmp_path, model, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    path = tmp_path / "r.parquet"
    duckdb.sql(
        "SELECT 'a' AS patient, 'serum_b12' AS code, 98.1 :: FLOAT AS value, 'pmol/L' AS unit,"
        " TIMESTAMPTZ '2026-11-20 23:30:00+00' AS date"
    ).write_parquet(str(path))
    [event] = read(path, model)["a"].events
    assert event.quantity == Quantity(Decimal("98.1"), "pmol/L")
    assert event.start.text == "2026-11-20T23:30:00Z"


def test_what_nothing_listens_to_and_what_is_nobody_s_is_counted(path, model):
    tally = Counted()
    read(path, model, tally=tally)
    assert tally.counts["unmapped"] == {"9999-9": 1}
    assert tally.counts["of nobody"] == {"a row without a patient": 1}
    assert tally.counts["read"] == {"rows": 6}


def test_a_columns_file_says_what_columns_codes_and_units_mean(tmp_path, model):
    path = tmp_path / "lab.csv"
    path.write_text("PATID;TEST;RESULT;UNITS\n7;Vit B12;98;PMOL/L\n", "utf-8")
    names = tmp_path / "columns.toml"
    names.write_text(
        '[columns]\nPATID = "patient"\nTEST = "code"\nRESULT = "value"\nUNITS = "unit"\n'
        '[codes]\n"Vit B12" = "loinc|14685-2"\n[units]\n"PMOL/L" = "pmol/L"\n',
        "utf-8",
    )
    [event] = read(path, model, columns=rows.load(names))["7"].events
    assert event.codes == (Code("loinc", "14685-2"),)
    assert event.quantity == Quantity(Decimal(98), "pmol/L")


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ('[columns]\npatient = "patient"\nvalue = "value"\ncode = "code"\nunit = "units"\n', "`units` is no column of results"),
        ('[columns]\npatient = "patient"\nvalue = "value"\ncode = "code"\n[codes]\nx = "loinc|2132-8"\n', "is nothing that is listened to"),
    ],
)  # fmt: skip
def test_a_columns_file_that_names_what_is_not_is_refused(path, model, tmp_path, columns, what):
    names = tmp_path / "columns.toml"
    names.write_text(columns, "utf-8")
    assert what in refused(path, model, columns=rows.load(names))


def test_a_broken_row_is_named_by_its_line_and_nothing_of_it_is_shown(path, model):
    with path.open("a") as file:
        file.write("secret,2132-9\n")
    said = refused(path, model)
    assert "results.csv, line 10: cannot be read" in said
    assert "secret" not in said
