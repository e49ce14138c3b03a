"""One patient a row, streamed: equal to what the same sheet is to `corrin assess`, whole and in parts."""

import gzip
from decimal import Decimal

import duckdb
import pytest
import zstandard
from tests.omop.counting import Counted

from corrin import intake
from corrin.errors import InputError
from corrin.intake import rows
from corrin.intake.rows import sheet
from corrin.records import Quantity

SHEET = (
    "patient,as_of,age_years [a],sex,serum_b12 [pg/mL],serum_b12 date,leg_weakness,mma [nmol/L]\n"
    "a,2026-11-22,71,female,<150,2026-10-01,yes,\n"
    'b,,44,male,"1,200",,no,300\n'
    "\n"
    "c,2026-01-01,60,,see comment,,unknown,2e2\n"
    "d,,,,,2026-10-01,,\n"
)
WANTED = frozenset({("corrin", "serum_b12"), ("corrin", "sex")})


@pytest.fixture
def write(tmp_path):
    def writing(text: str, name: str = "sheet.csv"):
        path = tmp_path / name
        path.write_text(text, "utf-8", newline="")
        return path

    return writing


def read(path, *options, **named):
    return list(rows.read(path, WANTED, *options, **named))


def refused(path, **named) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **named)
    return str(caught.value)


@pytest.mark.parametrize("form", ["plain", "gzip", "zstd", "semicolons", "bom"])
def test_a_streamed_row_is_the_record_of_the_same_row_of_a_sheet(write, form):
    path = write(SHEET)
    whole = intake.read(path)
    if form == "gzip":
        path = path.with_suffix(".csv.gz")
        path.write_bytes(gzip.compress(SHEET.encode()))
    elif form == "zstd":
        path = path.with_suffix(".csv.zst")
        path.write_bytes(zstandard.compress(SHEET.encode()))
    elif form == "semicolons":
        path = write(SHEET.replace('"1,200"', "#").replace(",", ";").replace("#", "1,200"), "other.csv")
    elif form == "bom":
        path.write_bytes(b"\xef\xbb\xbf" + SHEET.encode())
    assert rows.recognises(path)
    assert tuple(read(path)) == whole
    assert len(whole) == 4


BROKEN = {
    "utf-16": (SHEET.encode("utf-16"), "no UTF-8"),
    "latin-1": (SHEET.replace("see", "s\xe9e").encode("latin-1"), "no UTF-8"),
    "late": ((SHEET + "e,,,,,,,\n" * 20_000).encode() + b"\xfc,,,,,,,\n", "no UTF-8"),
    "torn": (gzip.compress(SHEET.encode())[:40], "breaks off"),
    "nothing": (b"", "sheet.csv: is empty"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_sheet_that_is_no_text_is_a_sheet_all_the_same_and_refused_by_name(tmp_path, name):
    path = tmp_path / ("sheet.csv.gz" if name == "torn" else "sheet.csv")
    raw, what = BROKEN[name]
    path.write_bytes(raw)
    assert rows.recognises(path)
    assert what in refused(path)
    if name != "nothing":
        with pytest.raises(InputError, match=what):
            sheet.count(path)


def test_a_header_says_what_is_wrong_with_it(write):
    assert "column 3: a column without a header" in refused(write("patient,sex,\na,male,\n"))
    assert "this header is one cell" in refused(write("patient|sex\na|male\n"))
    assert "--map FILE" in refused(write("Patient,sex\na,male\n"))


def test_odd_types_of_parquet_say_what_was_written_wherever_the_machine_stands(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    path = tmp_path / "odd.parquet"
    duckdb.sql(
        "SELECT 1 :: TINYINT AS patient, 132.8 :: FLOAT AS \"serum_b12 [pg/mL]\", 'male' AS sex,"
        ' TIMESTAMPTZ \'2026-11-20 23:30:00+00\' AS "serum_b12 date", 98.50 :: DECIMAL(10, 2) AS "mma [nmol/L]"'
    ).write_parquet(str(path))
    [record] = read(path)
    said = {event.codes[0].code: event for event in record.events}
    assert record.patient.id == "1"
    assert said["serum_b12"].quantity == Quantity(Decimal("132.8"), "pg/mL")
    assert said["serum_b12"].start.text == "2026-11-20T23:30:00Z"
    assert said["mma"].quantity == Quantity(Decimal("98.50"), "nmol/L")


def test_a_column_of_lists_or_records_is_refused_by_name(tmp_path):
    path = tmp_path / "nested.parquet"
    duckdb.sql("SELECT ['a', 'b'] AS patient, {'x': 1} AS sex, 1 AS age_years").write_parquet(str(path))
    said = refused(path)
    assert "`patient`: holds lists or records" in said
    assert "`sex`: holds lists or records" in said


def test_columns_that_are_left_out_are_counted_by_name(write, tmp_path):
    names = tmp_path / "columns.toml"
    names.write_text('[columns]\nid = "patient"\ngender = "sex"\n', "utf-8")
    tally = Counted()
    assert len(read(write("id,gender,weight,\na,male,1,\n"), columns=rows.load(names), tally=tally)) == 1
    assert tally.counts["columns not read"] == {"weight": 1, "(without a name)": 1}
    twice = write("id,gender,gender\na,male,female\n")
    assert "`gender`: there are two columns of this name" in refused(twice, columns=rows.load(names))


def test_parts_share_the_patients(write):
    path = write(SHEET)
    parts = [read(path, (number, 3)) for number in range(3)]
    assert sorted(one.patient.id for part in parts for one in part) == ["a", "b", "c", "d"]


def test_a_parquet_file_says_what_the_sheet_says(write, tmp_path):
    path = tmp_path / "sheet.parquet"
    duckdb.sql(
        'SELECT \'a\' AS patient, 71 AS "age_years [a]", 150.5 :: DOUBLE AS "serum_b12 [pg/mL]",'
        " DATE '2026-10-01' AS \"serum_b12 date\", true AS leg_weakness, NULL AS sex"
    ).write_parquet(str(path))
    text = (
        "patient,age_years [a],serum_b12 [pg/mL],serum_b12 date,leg_weakness,sex\n"
        "a,71,150.5,2026-10-01,yes,\n"
    )
    assert rows.recognises(path)
    assert rows.count(path) == 1
    assert tuple(read(path)) == intake.read(write(text))


def test_a_columns_file_renames_and_leaves_out(write, tmp_path):
    path = write("ID,B12,Notes\nx,150,private\n")
    (tmp_path / "columns.toml").write_text('[columns]\nID = "patient"\nB12 = "serum_b12 [pg/mL]"\n', "utf-8")
    [record] = read(path, columns=rows.load(tmp_path / "columns.toml"))
    assert record.patient.id == "x"
    [event] = record.events
    assert (event.codes[0].code, str(event.quantity.value), event.quantity.unit) == (
        "serum_b12",
        "150",
        "pg/mL",
    )
    assert event.where == "row 2, column serum_b12 [pg/mL]"


def test_a_patient_in_two_rows_is_refused_by_both_rows(write):
    said = refused(write("patient,sex\na,male\nb,male\na,female\n"))
    assert "sheet.csv: row 4, column patient: the patient of row 2 again. Write one patient a row." in said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("patient,sex\na,male\nb\n", "sheet.csv: row 3, column 2: 1 cells where the header has 2"),
        ("patient,sex\n", "no row of a patient"),
        (
            "patient,seqn\na,male\n",
            "row 1: no column holds a finding. Call the columns by the ids of findings",
        ),
        ("patient,Sex!\na,male\n", "row 1, column 2: no finding's id"),
        ("patient,as_of,sex\na,tomorrow,male\n", "row 2, column as_of: no day of the calendar"),
        ('patient,sex\na,"male\n', "a quotation mark"),
    ],
)
def test_a_sheet_out_of_shape_is_refused_by_row_and_column(write, text, what):
    assert what in refused(write(text))


def test_what_breaks_off_or_is_no_text_is_refused(tmp_path):
    path = tmp_path / "sheet.csv.gz"
    path.write_bytes(gzip.compress(SHEET.encode())[:-20])
    assert "breaks off" in refused(path)
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"patient,sex\n\xff\xfe,male\n")
    assert "no UTF-8" in refused(path)
    path = tmp_path / "sheet.parquet"
    path.write_bytes(b"PAR1 no more")
    assert "cannot be read" in refused(path)
    assert "there is no such file" in refused(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[columns]\nID = "patient"\nB = "patient"\n', "two columns are called `patient`"),
        ("[columns]\nID = 3\n", "holds more than texts"),
        ('[colums]\nID = "patient"\n', "no table of a columns file"),
        ("[", "no TOML that can be read"),
    ],
)
def test_a_columns_file_out_of_shape_is_refused(tmp_path, text, what):
    path = tmp_path / "columns.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        rows.load(path)
    assert what in str(caught.value)


def test_a_column_that_is_not_there_is_named(write, tmp_path):
    (tmp_path / "columns.toml").write_text('[columns]\nNR = "patient"\n', "utf-8")
    columns = rows.load(tmp_path / "columns.toml")
    assert "no column `NR`, which the columns file names" in refused(write("ID\n1\n"), columns=columns)


def test_what_is_no_table_is_not_recognised(tmp_path):
    (tmp_path / "x.csv").write_text('{"resourceType": "Patient"}', "utf-8")
    (tmp_path / "x.ndjson").write_text('{"resourceType": "Patient"}', "utf-8")
    assert not any(map(rows.recognises, (tmp_path, tmp_path / "x.csv", tmp_path / "x.ndjson")))


def test_who_looks_after_a_record_may_stand_beside(write):
    [first, second] = read(write("patient,site,sex\na,North,male\nb,,female\n"))
    assert (first.patient.site, second.patient.site) == ("North", None)
    assert [event.codes[0].code for event in first.events] == ["sex"]
