"""The three-month clock: calendar months from the first symptom, exact or rough."""

from datetime import date

from corrin.plans import clock
from corrin.plans.dates import Count, Span
from corrin.plans.dictionary import ALWAYS, ClockEntry, Onset

TODAY = date(2026, 11, 22)
ENTRY = ClockEntry(
    months=3, when=ALWAYS, onsets=(Onset("days_since_onset", "the first symptom"),), because=("S27",)
)


def run(onset: Span, started: Span | None = None):
    return clock.run(ENTRY, ENTRY.onsets[0], onset, started, TODAY)


def test_weak_since_10_september_leaves_18_days():
    ran = run(Span.on(date(2026, 9, 10)))
    assert ran.days == Count(73, 73)
    assert ran.three_months_on == Span.on(date(2026, 12, 10))
    assert ran.days_left == Count(18, 18)


def test_three_months_from_the_last_of_november_is_the_last_of_february():
    assert run(Span.on(date(2026, 11, 30))).three_months_on == Span.on(date(2027, 2, 28))


def test_an_onset_in_some_day_of_september_gives_a_range():
    ran = run(Span(date(2026, 9, 1), date(2026, 9, 30)))
    assert ran.days == Count(53, 82)
    assert ran.three_months_on == Span(date(2026, 12, 1), date(2026, 12, 30))
    assert ran.days_left == Count(9, 38)


def test_after_three_months_the_days_left_are_negative():
    assert run(Span.on(date(2026, 8, 1))).days_left == Count(-21, -21)


def test_an_onset_more_than_some_days_ago_leaves_at_most_so_many():
    ran = run(Span(None, date(2026, 8, 24)))
    assert ran.days == Count(90, None)
    assert ran.days_left == Count(None, 2)


def test_the_clock_says_how_long_it_had_run_when_treatment_began():
    ran = run(Span(date(2026, 9, 1), date(2026, 9, 30)), Span.on(date(2026, 10, 15)))
    assert ran.days_to_treatment == Count(15, 44)
    assert run(Span.on(date(2026, 9, 1))).days_to_treatment is None
