"""Numbers, intervals and dates in words: nothing is rounded across a limit, no date can be mistaken."""

from datetime import date

import pytest

from corrin.answers.values import count, interval, number, span, weekday
from corrin.plans.dates import Count, Span


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (132_826, "132.8"),
        (180_000, "180"),
        (179_999, "179.999"),
        (350_001, "350.001"),
        (1_000_000, "1000"),
        (2_500, "2.5"),
        (60, "0.1"),
        (0, "0"),
    ],
)
def test_a_number_has_one_decimal_unless_that_would_make_it_a_limit(grid, said):
    assert number(grid) == said


@pytest.mark.parametrize(
    ("between", "unit", "said"),
    [
        ((132_826, 132_826), "pg/mL", "132.8 pg/mL"),
        ((None, 82_999), "pg/mL", "below 83 pg/mL"),
        ((None, 180_000), "pg/mL", "at most 180 pg/mL"),
        ((350_001, None), "pg/mL", "above 350 pg/mL"),
        ((2_000_000, None), "pg/mL", "at least 2000 pg/mL"),
        ((180_000, 350_000), "pg/mL", "180 to 350 pg/mL"),
        ((350_001, 1_000_000), "pg/mL", "above 350 and at most 1000 pg/mL"),
        ((61_000, None), "a", "at least 61 years"),
        ((None, 60_000), "a", "at most 60 years"),
        ((4_001, None), "d", "more than 4 days"),
        ((None, 15_999), "a", "less than 16 years"),
        ((6_000, 6_000), "1", "6"),
    ],
)
def test_an_interval_is_named_by_its_rounder_ends(between, unit, said):
    assert interval(between, unit) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (Span.on(date(2026, 11, 22)), "22 Nov 2026"),
        (Span(date(2026, 9, 1), date(2026, 9, 30)), "in Sep 2026"),
        (Span(date(2026, 9, 1), date(2026, 10, 1)), "between 1 Sep 2026 and 1 Oct 2026"),
        (Span(None, date(2026, 8, 24)), "by 24 Aug 2026"),
        (Span(date(2026, 8, 24), None), "from 24 Aug 2026"),
        (Span(None, None), "on a day not known"),
    ],
)
def test_a_day_is_said_as_exactly_as_it_is_known(when, said):
    assert span(when) == said


def test_a_day_to_come_has_its_day_of_the_week():
    assert weekday(date(2026, 11, 22)) == "Sun 22 Nov"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (Count(1, 1), "1 day"),
        (Count(18, 18), "18 days"),
        (Count(9, 38), "9 to 38 days"),
        (Count(90, None), "at least 90 days"),
        (Count(None, 2), "at most 2 days"),
    ],
)
def test_a_number_of_days_is_said_as_exactly_as_it_is_known(days, said):
    assert count(days) == said
