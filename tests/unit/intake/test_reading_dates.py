"""Dates to the precision they were written in, and what is no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrin.intake.dates import looks_dated, when

DAY = 1440


def days(text: str) -> tuple[str, str]:
    found = when(text)
    epoch = date(1970, 1, 1).toordinal()
    return tuple(date.fromordinal(day + epoch).isoformat() for day in (found.first_day, found.last_day))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-11-20", "2026-11-20", "2026-11-20"),
        ("2026-09", "2026-09-01", "2026-09-30"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2100-02", "2100-02-01", "2100-02-28"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("1969-12-31", "1969-12-31", "1969-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_date_spans_its_day_its_month_or_its_year(text, first, last):
    assert days(text) == (first, last)
    assert when(text).text == text


def test_a_day_has_1440_minutes_and_is_no_instant():
    day = when("1970-01-02")
    assert (day.first, day.last) == (DAY, 2 * DAY - 1)
    assert not day.instant


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T09:00:00Z",
        "1970-01-01T09:00:00+14:00",
        "1970-01-01T09:00:59.999-05:00",
        "1970-01-01T09:00",
    ],
)
def test_a_time_is_the_minute_on_the_wall_where_it_was_written(text):
    assert (when(text).first, when(text).last) == (540, 540)
    assert when(text).instant


def test_a_sample_at_nine_is_before_a_dose_at_eleven_whatever_the_offset():
    assert when("2026-11-10T09:00:00+01:00").last < when("2026-11-10T11:00:00Z").first


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-13", "2026-13-40", "2026-02-30", "2025-02-29", "0000", "26-11-20", "20-11-2026", "2026/11/20",
        "2026-9-10", "20261120", "2026-11-20T24:00:00Z", "2026-11-20T09:60:00Z", "2026-11-20 09:00", "today",
        "2026-11-20T09", "٢٠٢٦", " 2026", "2026-11-20T09:00:00Z" + "0" * 40, "9" * 1_000_000,
    ],
)  # fmt: skip
def test_what_is_no_date_of_the_calendar_is_none(text):
    assert when(text) is None


@pytest.mark.parametrize(
    ("text", "dated"),
    [("2026", True), ("2026-13-40", True), ("98 pmol/L", False), ("12345", False), ("", False)],
)
def test_four_digits_and_a_hyphen_or_nothing_were_meant_as_a_date(text, dated):
    assert looks_dated(text) is dated


@given(st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_every_day_lies_in_its_month_and_its_year(day):
    text = day.isoformat()
    year, month, alone = when(text[:4]), when(text[:7]), when(text)
    assert year.first <= month.first <= alone.first < alone.last <= month.last <= year.last
    assert alone.first_day == alone.last_day == day.toordinal() - date(1970, 1, 1).toordinal()


@pytest.mark.parametrize("text", ["2026-00", "2026-00-10", "2026-01-00", "2026-00-00", "0000"])
def test_a_month_or_a_day_that_is_written_as_nought_is_no_date(text):
    """Some systems write it for one that they do not know: it is not the first."""
    assert when(text) is None


@given(st.text(alphabet="0123456789-T:+Z. ", max_size=30))
def test_no_text_breaks_it(text):
    found = when(text)
    assert found is None or found.first <= found.last
