"""Chapter 5: loading, maintenance, what is due and overdue, stopping, and review."""

import pytest

IN_SCOPE = {"age_years": 50_000}
NEURO = {**IN_SCOPE, "b12_treatment": "yes", "b12_treatment_stopped": "no", "regimen_given": "neuro"}
NON_NEURO = {**NEURO, "regimen_given": "non-neuro", "b12_doses_given": 6_000}
MAINTAINED = {**NEURO, "improved_since_start": "yes", "no_further_improvement": "yes"}


@pytest.mark.parametrize(
    ("days", "answer"), [(2, "loading"), (4, "loading"), (5, "loading-overdue"), (20, "loading-overdue")]
)
def test_a_loading_dose_is_late_after_more_than_four_days_a16(say, days, answer):
    assert say(**NEURO, days_since_last_dose=days * 1000, months_since_last_dose=0)["follow_up"] == answer


@pytest.mark.parametrize(
    ("months", "answer"), [(1, "on-schedule"), (2, "maintenance-due"), (3, "maintenance-overdue")]
)
def test_with_involvement_maintenance_is_due_at_two_months_and_overdue_at_three_s30_a16(say, months, answer):
    assert say(**MAINTAINED, months_since_last_dose=months * 1000)["follow_up"] == answer


@pytest.mark.parametrize(
    ("months", "answer"),
    [(1, "on-schedule"), (2, "maintenance-due"), (3, "maintenance-due"), (4, "maintenance-overdue")],
)
def test_without_involvement_the_window_is_two_to_three_months_s32_a16(say, months, answer):
    assert say(**NON_NEURO, months_since_last_dose=months * 1000)["follow_up"] == answer


@pytest.mark.parametrize(("months", "answer"), [(3, None), (4, "overdue"), (9, "overdue")])
def test_where_no_regimen_is_recorded_a_dose_is_overdue_once_it_is_so_in_every_one_a16(say, months, answer):
    """Three months are late with involvement and in time without it; records seldom say which regimen was begun."""
    unrecorded = {name: value for name, value in NEURO.items() if name != "regimen_given"}
    days = months * 31 * 1000
    said = say(**unrecorded, days_since_last_dose=days, months_since_last_dose=months * 1000)
    assert said.get("follow_up") == answer
    assert said.get("gap_maintenance") == ("open" if answer else None)


def test_six_doses_end_loading_without_involvement_and_five_do_not_s31(say):
    five = {**NON_NEURO, "b12_doses_given": 5_000, "days_since_last_dose": 2_000, "months_since_last_dose": 0}
    assert say(**five)["follow_up"] == "loading"
    assert (
        say(**NON_NEURO, days_since_last_dose=2_000, months_since_last_dose=0)["follow_up"] == "on-schedule"
    )


def test_no_improvement_at_all_is_an_alarm_and_not_the_end_of_loading_s29(say):
    said = say(
        **NEURO,
        improved_since_start="no",
        no_further_improvement="yes",
        days_since_last_dose=2_000,
        months_since_last_dose=0,
    )
    assert said["follow_up"] == "loading"
    assert said["review__not_improving"] == "yes"


def test_a_date_that_is_only_roughly_known_is_due_and_not_on_schedule_s30(say):
    """Somewhere between one and two completed months: it may be due, so it is not called on schedule."""
    said = say(**MAINTAINED, months_since_last_dose=(1_000, 2_000))
    assert said["follow_up"] == "maintenance-due"


def test_a_stop_is_said_and_brings_a_warning_s43(say):
    said = say(
        **{**MAINTAINED, "b12_treatment_stopped": "yes", "b12_ordered": "no"}, months_since_last_dose=6_000
    )
    assert said["follow_up"] == "stopped"
    assert said["card"] == "warning"


def test_on_treatment_without_a_regimen_nobody_is_on_schedule_s43(say):
    """Unknown follow-up of a treated patient is a line of work, never a reassurance."""
    said = say(**IN_SCOPE, b12_treatment="yes", b12_treatment_stopped="no", months_since_last_dose=1_000)
    assert "follow_up" not in said


def test_treatment_that_may_have_lapsed_is_asked_about_s43(say):
    said = say(**IN_SCOPE, b12_treatment="yes", b12_ordered="no", serum_b12=100_000, serum_b12_lowest=100_000)
    assert said["b12_cover"] == "perhaps"
    assert "start" not in said
    assert said["actions_follow_up__ask_whether_b12_goes_on"] == "yes"
    assert said["card"] == "warning"


@pytest.mark.parametrize(
    ("pregnant", "months", "due"), [("no", 2, "no"), ("no", 3, "yes"), ("yes", 1, "yes")]
)
def test_the_first_full_review_is_at_three_months_in_pregnancy_at_one_a17(say, pregnant, months, due):
    said = say(
        **NON_NEURO,
        pregnant=pregnant,
        months_since_treatment_started=months * 1000,
        months_since_last_dose=1_000,
        symptoms_worse="no",
    )
    assert said["review__review_due"] == due


def test_worsening_reopens_the_question_s35(say):
    said = say(**MAINTAINED, symptoms_worse="yes", months_since_last_dose=1_000)
    assert said["review__worsening"] == "yes"
    assert said["actions_follow_up__reopen_differential"] == "yes"
