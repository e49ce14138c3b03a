"""Calendar months, leap years, and days known only roughly."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corrin.plans.dates import Count, Span, add_days, add_months, days_ago, whole

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MONTHS = st.integers(0, 240)
INTERVALS = st.tuples(st.none() | st.integers(0, 40_000_000), st.none() | st.integers(0, 40_000_000)).filter(
    lambda ends: ends != (None, None) and (None in ends or ends[0] <= ends[1])
)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 22), 2, date(2027, 1, 22)),
        (date(2026, 11, 22), 3, date(2027, 2, 22)),
        (date(2100, 1, 31), 1, date(2100, 2, 28)),
        (date(2000, 1, 31), 1, date(2000, 2, 29)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months, later):
    assert add_months(day, months) == later


@given(DAYS, MONTHS)
def test_a_month_later_keeps_the_day_unless_that_month_has_none(day, months):
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(DAYS, DAYS, MONTHS)
def test_later_days_stay_later_after_the_same_months(one, other, months):
    first, second = sorted((one, other))
    assert add_months(first, months) <= add_months(second, months)


@given(DAYS, MONTHS, MONTHS)
def test_more_months_are_never_earlier(day, fewer, more):
    fewer, more = sorted((fewer, more))
    assert add_months(day, fewer) <= add_months(day, more)


def test_a_date_beyond_the_calendar_stays_at_its_end():
    assert add_months(date(9999, 12, 1), 1) == date.max
    assert add_days(date(9999, 12, 31), 1) == date.max
    assert add_days(date(1, 1, 1), -1) == date.min


def test_days_step_over_clock_changes_and_leap_days_one_by_one():
    assert add_days(date(2026, 3, 28), 2) == date(2026, 3, 30)
    assert add_days(date(2028, 2, 28), 2) == date(2028, 3, 1)


def test_a_partial_date_is_every_day_it_may_have_been():
    # 2026-09, seen from 22 November 2026: 53 to 82 days ago.
    assert days_ago(date(2026, 11, 22), (53_000, 82_000)) == Span(date(2026, 9, 1), date(2026, 9, 30))


def test_more_than_ninety_days_ago_has_no_earliest_day():
    assert days_ago(date(2026, 11, 22), (90_000, None)) == Span(None, date(2026, 8, 24))


def test_at_most_thirty_days_ago_may_have_been_today():
    assert days_ago(date(2026, 11, 22), (None, 30_000)) == Span(date(2026, 10, 23), date(2026, 11, 22))


def test_parts_of_a_day_are_not_counted():
    assert whole((1, 2_999)) == Count(1, 2)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), INTERVALS)
def test_a_wider_interval_never_narrows_the_day(as_of, interval):
    low, high = interval
    narrow = days_ago(as_of, interval)
    wide = days_ago(as_of, (None if low is None else low // 2, None if high is None else high * 2))
    assert wide.earliest is None or (narrow.earliest is not None and wide.earliest <= narrow.earliest)
    assert wide.latest >= narrow.latest


def test_a_window_of_two_to_three_months_opens_with_the_first_and_closes_with_the_second():
    assert Span.on(date(2026, 12, 31)).plus_months(2, 3) == Span(date(2027, 2, 28), date(2027, 3, 31))


def test_a_span_moved_to_today_loses_only_its_past():
    span = Span(date(2026, 11, 1), date(2026, 12, 1))
    assert span.not_before(date(2026, 11, 22)) == Span(date(2026, 11, 22), date(2026, 12, 1))
    assert Span(None, None).not_before(date(2026, 11, 22)) == Span(date(2026, 11, 22), None)
