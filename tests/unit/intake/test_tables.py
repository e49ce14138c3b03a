"""CSV with one patient a row."""

from decimal import Decimal

import pytest

from corrin import intake
from corrin.errors import InputError
from corrin.intake import dates
from corrin.records import Quantity

SHEET = """patient,as_of,leg_weakness,serum_b12 [pmol/L],serum_b12 date,homocysteine
a,2026-11-22,yes,<83,2026-11-20,
b,2026-11-22,,98.5,,high
"""


def cell(written: str, header: str = "serum_b12 [pmol/L]"):
    """The one event of a sheet of one cell."""
    (record,) = intake.read(f"{header},other\n{written},yes\n".encode())
    return record.events[0]


def test_a_record_a_row_with_its_patient_and_its_day():
    records = intake.read(SHEET)
    assert [(record.patient.id, record.as_of, record.patient.where) for record in records] == [
        ("a", "2026-11-22", "row 2"),
        ("b", "2026-11-22", "row 3"),
    ]


def test_an_empty_cell_is_unknown_and_says_nothing():
    assert [len(record.events) for record in intake.read(SHEET)] == [2, 2]


def test_the_header_gives_the_unit_and_the_date_column_the_day_of_the_sample():
    event = intake.read(SHEET)[0].events[1]
    assert event.quantity == Quantity(Decimal(83), "pmol/L", comparator="<")
    assert event.start == event.end == dates.when("2026-11-20")
    assert event.where == "row 2, column serum_b12 [pmol/L]"


@pytest.mark.parametrize(
    ("written", "polarity"),
    [
        ("yes", "present"),
        ("TRUE", "present"),
        ("no", "absent"),
        ("False", "absent"),
        ("not known", "unknown"),
    ],
)
def test_yes_no_and_not_known(written, polarity):
    assert cell(written, "metformin").polarity == polarity


def test_words_dates_and_results_with_their_unit():
    assert cell("undetectable").word == "undetectable"
    assert cell("98 pmol/L", "serum_b12").word == "98 pmol/L"
    assert cell("2026-09", "neurological_onset").date == dates.when("2026-09")
    assert cell("71", "age_years").quantity == Quantity(Decimal(71))
    assert cell("≤ 83").quantity.comparator == "<="


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ('"98,5"', "a comma in a number; write a decimal point and no thousands"),
        ('"1,234.5"', "a comma in a number; write a decimal point and no thousands"),
        ("98 pg/mL", "more than a number in a column that has its unit in the header"),
        ("1e400000", "a number beyond anything that is measured"),
        ("2026-13-40", "no date of the calendar"),
        ("x" * 5000, "a text of more than 4096 characters is no result"),
    ],
)
def test_a_cell_that_cannot_be_read_costs_that_value_alone(written, why):
    (record,) = intake.read(f"serum_b12 [pmol/L],fever\n{written},yes\n".encode())
    assert record.events[0].unreadable == why
    assert record.events[1].polarity == "present"


def test_a_date_that_is_none_makes_the_result_unreadable_and_one_without_a_result_is_listed():
    first, second = intake.read("serum_b12 [pmol/L],serum_b12 date\n98,2026-02-30\n,2026-02-03\n")
    assert first.events[0].unreadable == "its date is none of the calendar"
    assert second.ignored[0].where == "row 3, column serum_b12 date"
    assert second.ignored[0].reason == "the date of a sample of which no result is given"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_commas_semicolons_and_tabs_and_both_line_ends(separator, ending):
    text = ending.join([separator.join(["patient", "fever"]), separator.join(["a", "yes"]), ""])
    (record,) = intake.read(("\ufeff" + text).encode("utf-8"))
    assert (record.patient.id, record.events[0].polarity) == ("a", "present")


def test_one_sample_in_two_units_keeps_both():
    (record,) = intake.read("serum_b12 [pg/mL],serum_b12 [pmol/L]\n133,98\n")
    assert [event.quantity.unit for event in record.events] == ["pg/mL", "pmol/L"]


def test_blank_lines_are_passed_over_and_rows_keep_their_number():
    records = intake.read("patient,fever\n\na,yes\n,\nb,no\n")
    assert [record.patient.where for record in records] == ["row 3", "row 5"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fever,metformin\nyes\n", "input: row 2, column 2: 1 cells where the header has 2"),
        ("fever,metformin\nyes,no,yes\n", "input: row 2, column 3: 3 cells where the header has 2"),
        ("fever,fever\nyes,no\n", "input: row 1, column 2: fever is given twice"),
        ("fever,Metformin\nyes,no\n", "input: row 1, column 2: no finding's id"),
        ("fever,\nyes,no\n", "input: row 1, column 2: a column without a header"),
        ('fever,metformin\n"yes,no\n', "input: row 2: a quotation mark out of place"),
        ('fever,metformin\n"yes"x,no\n', "input: row 2: a quotation mark out of place"),
        ('fever,metformin\n"yes\n",no\n', "input: row 2: a line break within a cell"),
        ("fever,metformin\n" + "x" * 200_000 + ",no\n", "input: row 2: a quotation mark out of place, or a cell beyond all length"),
        ("patient,fever\na,yes\nb,no\na,no\n", "input: row 4, column patient: the patient of row 2 again"),
        ("as_of,fever\n22.11.2026,yes\n", "input: row 2, column as_of: no day of the calendar"),
        ("patient,fever\n", "input: no row of a patient"),
        ("what is this\n\n", "input: row 1, column 1: no finding's id"),
    ],
)  # fmt: skip
def test_a_sheet_out_of_shape_is_refused_by_row_and_column(text, says):
    with pytest.raises(InputError) as caught:
        intake.read(text)
    assert says in str(caught.value)


def test_no_cell_is_repeated_in_an_error():
    with pytest.raises(InputError) as caught:
        intake.read("patient,fever,as_of\nSecret Person,secret answer,secret day\nSecret Person,x\n")
    assert "ecret" not in str(caught.value)


def test_a_limit_written_with_its_unit_in_the_cell_counts_for_the_result_beside_it():
    from corrin import assess

    sheet = "as_of,mma,mma_upper_limit\n2026-11-22,450 nmol/L,0.40 umol/L\n"
    told = assess(sheet.encode())
    assert told.findings.row["mma_over_limit"] == "yes"
