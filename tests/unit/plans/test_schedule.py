"""Courses on a calendar: what is given when, and what was already given."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from corrin.guideline.model import Course, Place, Step
from corrin.plans.dates import Span
from corrin.plans.schedule import (
    Given,
    first_dose,
    loading,
    loading_days,
    maintenance,
    next_loading,
    next_maintenance,
    widest,
)

TODAY = date(2026, 11, 22)
IN_TWO_WEEKS = date(2026, 12, 6)


def course(*steps: Step, months: tuple[int, int] | None = (2, 2), drug: str = "hydroxocobalamin") -> Course:
    return Course("R", "some", drug, "1 mg", "IM", steps, "", "", "", months, (), Place("3-treat.md", 1))


ALTERNATE = course(Step("every 2 days", (0,), 2, None))
THREE_A_WEEK = course(Step("3 times a week for 2 weeks", (0, 2, 4), 7, 2), months=(2, 3))
LABEL = course(
    Step("daily for 7 days", (0,), 1, 7), Step("every 2 days for 7 doses", (0,), 2, 7), months=(1, 1)
)


def days(doses) -> list[date]:
    assert all(dose.on.exact for dose in doses)
    return [dose.on.earliest for dose in doses]


def test_three_times_a_week_for_two_weeks_is_six_doses():
    assert list(loading_days(THREE_A_WEEK.loading)) == [0, 2, 4, 7, 9, 11]


def test_a_second_step_follows_the_first_at_its_own_pace():
    assert list(loading_days(LABEL.loading)) == [0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20]


def test_alternate_days_have_no_end_of_their_own():
    assert list(islice(loading_days(ALTERNATE.loading), 4)) == [0, 2, 4, 6]


def test_six_doses_begin_today():
    doses = loading(THREE_A_WEEK, Given(), TODAY, IN_TWO_WEEKS)
    assert days(doses) == [TODAY + timedelta(days=n) for n in (0, 2, 4, 7, 9, 11)]
    assert [dose.number for dose in doses] == [1, 2, 3, 4, 5, 6]


def test_alternate_days_are_dated_up_to_the_next_review():
    doses = loading(ALTERNATE, Given(), TODAY, IN_TWO_WEEKS)
    assert days(doses) == [TODAY + timedelta(days=n) for n in (0, 2, 4, 6, 8, 10, 12, 14)]


def test_doses_already_given_are_not_given_again():
    # Four given, the last yesterday (day 7 of the course): the fifth follows two days after it, the sixth two later.
    doses = loading(THREE_A_WEEK, Given(4, Span.on(date(2026, 11, 21))), TODAY, IN_TWO_WEEKS)
    assert days(doses) == [date(2026, 11, 23), date(2026, 11, 25)]
    assert [dose.number for dose in doses] == [5, 6]


def test_the_weekend_between_the_third_and_the_fourth_dose_is_three_days():
    assert next_loading(THREE_A_WEEK, Given(3, Span.on(TODAY)), TODAY) == Span.on(date(2026, 11, 25))


def test_a_course_that_is_over_has_no_more_loading_doses():
    assert loading(THREE_A_WEEK, Given(6, Span.on(TODAY)), TODAY, IN_TWO_WEEKS) == ()


def test_a_late_dose_moves_to_today_and_the_rest_keep_their_distance():
    doses = loading(THREE_A_WEEK, Given(4, Span.on(date(2026, 11, 1))), TODAY, IN_TWO_WEEKS)
    assert days(doses) == [TODAY, date(2026, 11, 24)]


def test_that_a_dose_is_late_can_be_read_from_when_it_was_due():
    assert next_loading(ALTERNATE, Given(5, Span.on(date(2026, 11, 1))), TODAY) == Span.on(date(2026, 11, 3))


def test_alternate_days_go_on_however_many_were_given():
    for given in (Given(9, Span.on(date(2026, 11, 21))), Given(None, Span.on(date(2026, 11, 21)))):
        doses = loading(ALTERNATE, given, TODAY, date(2026, 11, 27))
        assert days(doses) == [date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 27)]


def test_an_unrecorded_number_of_doses_dates_the_next_one_only():
    (dose,) = loading(THREE_A_WEEK, Given(None, Span.on(date(2026, 11, 21))), TODAY, IN_TWO_WEEKS)
    assert dose.number is None
    assert dose.on == Span(date(2026, 11, 23), date(2026, 11, 24))


def test_without_a_last_dose_the_next_is_due_now():
    assert next_loading(ALTERNATE, Given(None, None), TODAY) == Span.on(TODAY)
    assert next_maintenance(ALTERNATE, Given(None, None), TODAY) == Span.on(TODAY)


def test_a_last_dose_known_roughly_gives_doses_known_roughly():
    last = Span(date(2026, 11, 20), date(2026, 11, 22))
    first, second = loading(ALTERNATE, Given(3, last), TODAY, date(2026, 11, 24))
    assert first.on == Span(date(2026, 11, 22), date(2026, 11, 24))
    assert second.on == Span(date(2026, 11, 24), date(2026, 11, 26))


@pytest.mark.parametrize(
    ("last", "earliest", "latest"),
    [
        (date(2026, 11, 22), date(2027, 1, 22), date(2027, 2, 22)),
        (date(2026, 12, 31), date(2027, 2, 28), date(2027, 3, 31)),
        (date(2027, 12, 31), date(2028, 2, 29), date(2028, 3, 31)),
    ],
)
def test_maintenance_every_two_to_three_months_is_a_window_of_calendar_months(last, earliest, latest):
    assert maintenance(THREE_A_WEEK, Given(6, Span.on(last)), TODAY).on == Span(earliest, latest)


def test_maintenance_after_a_dose_of_some_day_in_september():
    last = Span(date(2026, 9, 1), date(2026, 9, 30))
    assert next_maintenance(THREE_A_WEEK, Given(6, last), TODAY) == Span(
        date(2026, 11, 1), date(2026, 12, 30)
    )


def test_a_first_dose_is_shared_only_when_the_courses_agree_on_it():
    shared = first_dose([ALTERNATE, THREE_A_WEEK], TODAY)
    assert shared is not None
    assert (shared.number, shared.on) == (1, Span.on(TODAY))
    assert first_dose([ALTERNATE, course(Step("", (0,), 1, 7), drug="cyanocobalamin")], TODAY) is None


def test_a_window_for_several_possible_courses_holds_each():
    spans = [Span.on(TODAY), Span(date(2026, 12, 1), date(2027, 1, 1))]
    assert widest(spans) == Span(TODAY, date(2027, 1, 1))
    assert widest([Span(None, TODAY), Span.on(TODAY)]) == Span(None, TODAY)


COURSES = st.sampled_from([ALTERNATE, THREE_A_WEEK, LABEL])


@any_of(COURSES, st.integers(0, 30), st.integers(0, 400), st.integers(0, 60), st.integers(0, 60))
def test_no_dose_is_dated_before_today_and_each_is_after_the_one_before(which, done, ago, spread, ahead):
    latest = TODAY - timedelta(days=ago)
    given = Given(done or None, Span(latest - timedelta(days=spread), latest))
    doses = loading(which, given, TODAY, TODAY + timedelta(days=ahead))
    dates = [(dose.on.earliest, dose.on.latest) for dose in doses]
    assert all(TODAY <= first <= last for first, last in dates)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(dates))


@any_of(COURSES, st.integers(1, 13), st.integers(0, 3))
def test_a_course_kept_on_time_never_changes_its_days(which, done, late):
    """Whoever gives every dose on its day sees the remaining days of the first plan."""
    all_days = list(islice(loading_days(which.loading), 40))
    if done >= len(all_days):
        return
    last = TODAY - timedelta(days=0)
    doses = loading(which, Given(done, Span.on(last)), TODAY, TODAY + timedelta(days=30 + late))
    expected = [last + timedelta(days=day - all_days[done - 1]) for day in all_days[done:]]
    assert days(doses) == expected[: len(doses)]
    assert len(doses) >= 1
