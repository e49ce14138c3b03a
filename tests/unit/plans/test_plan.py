"""Plans for whole patients, through the guideline that is shipped: what is due, when, and what was given before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corrin import guideline, plans
from corrin.errors import GuidelineError
from corrin.findings import Findings
from corrin.plans import dictionary
from corrin.plans.dates import Count, Span
from corrin.plans.plan import Plan, Stage
from corrin.readings import assessment
from corrin.records import Patient

TODAY = date(2026, 11, 22)
MODELS = {name: guideline.load(name) for name in ("uk", "us")}

WEAK_LEGS = {"age_years": (71_000, 71_000), "leg_weakness": "yes"}
LOW = {"serum_b12": (100_000, 100_000), "serum_b12_lowest": (100_000, 100_000)}
NEVER_TREATED = {"b12_treatment": "no", "b12_ordered": "no", "b12_treatment_stopped": "no"}
TREATED = {"b12_treatment": "yes", "b12_treatment_stopped": "no"}
NO_NERVES = {
    finding.id: "no"
    for finding in MODELS["uk"].declared.findings.values()
    if finding.group in {"symptom", "sign"} and finding.kind == "yes-no"
}


def days_ago(days: int, months: int, what: str = "last_dose") -> dict:
    return {
        f"days_since_{what}": (days * 1000, days * 1000),
        f"months_since_{what}": (months * 1000, months * 1000),
    }


def plan(*parts: dict, profile: str = "uk", patient: Patient = Patient(id="p")) -> Plan:  # noqa: B008
    row = {name: value for part in parts for name, value in part.items()}
    findings = Findings(patient, TODAY, row, {}, {}, (), ())
    model = MODELS[profile]
    return plans.make(assessment.assess(model, row), findings, model)


def dates(made: Plan, stage: Stage = Stage.LOADING) -> list[date]:
    return [dose.on.earliest for dose in made.doses if dose.stage is stage]


def later(*days: int) -> list[date]:
    return [TODAY + timedelta(days=day) for day in days]


def test_weak_legs_and_a_low_level_begin_alternate_days_up_to_the_review():
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED)
    assert made.regimen.id == "neuro"
    assert dates(made) == later(0, 2, 4, 6, 8, 10, 12, 14)
    assert {(dose.drug, dose.dose) for dose in made.doses} == {("hydroxocobalamin", "1 mg")}
    assert made.next_due.on == Span.on(TODAY)
    assert [review.on for review in made.reviews] == [Span.on(date(2026, 12, 6)), Span.on(date(2027, 2, 22))]


def test_a_low_level_without_any_neurological_feature_begins_six_doses_then_maintenance():
    made = plan({"age_years": (71_000, 71_000)}, NO_NERVES, LOW, NEVER_TREATED)
    assert made.regimen.id == "non-neuro"
    assert dates(made) == later(0, 2, 4, 7, 9, 11)
    maintenance = made.doses[-1]
    assert maintenance.stage is Stage.MAINTENANCE
    assert maintenance.on == Span(date(2027, 2, 3), date(2027, 3, 3))


def test_a_low_level_with_nerves_never_examined_gets_the_one_dose_both_regimens_share():
    made = plan({"age_years": (71_000, 71_000)}, LOW, NEVER_TREATED)
    assert made.regimen.id == "first-dose-then-examine"
    assert made.regimen.course is None
    assert [(dose.number, dose.dose, dose.on) for dose in made.doses] == [(1, "1 mg", Span.on(TODAY))]


LEBER = {"leber_optic_neuropathy": "yes"}
PREGNANT = {"pregnant": "yes"}


@pytest.mark.parametrize("reason", [LEBER, PREGNANT])
def test_cyanocobalamin_is_on_nobody_s_calendar_whose_cautions_speak_against_it(reason):
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED, reason, profile="us")
    assert made.doses == ()
    assert made.regimen.course is None
    assert made.regimen.withheld.drug == "cyanocobalamin"
    assert [line.drug for line in made.regimen.beside] == ["hydroxocobalamin"]
    assert made.next_due is not None


def test_with_leber_and_nerves_well_the_other_profile_s_course_stands_alone():
    made = plan(LOW, NO_NERVES, NEVER_TREATED, LEBER, {"age_years": (50_000, 50_000)}, profile="us")
    assert made.regimen.withheld.row == "US2"
    assert [line.row for line in made.regimen.beside] == ["UK2"]


def test_not_even_the_first_dose_is_planned_of_a_drug_that_is_withheld():
    made = plan(LOW, NEVER_TREATED, LEBER, {"age_years": (50_000, 50_000)}, profile="us")
    assert made.doses == ()
    assert made.regimen.withheld is not None


@pytest.mark.parametrize("reason", [LEBER, PREGNANT])
def test_hydroxocobalamin_is_planned_all_the_same(reason):
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED, reason)
    assert made.regimen.withheld is None
    assert made.doses


def test_who_is_treated_already_keeps_a_next_date():
    dose = days_ago(20, 0)
    given = {"regimen_given": "neuro"}
    made = plan(WEAK_LEGS, LOW, TREATED, given, dose, LEBER, profile="us")
    assert made.next_due is not None
    assert made.regimen.withheld is None


def test_results_still_to_come_date_no_dose():
    made = plan(WEAK_LEGS, {"metformin": "yes"}, NEVER_TREATED)
    assert made.doses == ()
    assert made.next_due is None
    assert made.reviews == ()


def test_the_six_doses_go_on_where_they_were_left():
    made = plan(
        {"age_years": (71_000, 71_000)},
        NO_NERVES,
        LOW,
        TREATED,
        {"regimen_given": "non-neuro", "b12_doses_given": (4_000, 4_000)},
        days_ago(1, 0),
        days_ago(8, 0, "treatment_started"),
    )
    assert dates(made) == later(1, 3)
    assert [dose.number for dose in made.doses] == [5, 6, None]
    assert made.next_due.on == Span.on(TODAY + timedelta(days=1))


def test_a_late_loading_dose_was_due_and_is_planned_for_today():
    made = plan(WEAK_LEGS, LOW, TREATED, {"regimen_given": "neuro"}, days_ago(9, 0))
    assert made.next_due.on == Span.on(date(2026, 11, 15))
    assert made.doses[0].on == Span.on(TODAY)


def test_maintenance_with_nerves_is_due_on_the_day_two_months_after_the_last_dose():
    settled = {"regimen_given": "neuro", "improved_since_start": "yes", "no_further_improvement": "yes"}
    made = plan(WEAK_LEGS, TREATED, settled, days_ago(82, 2))
    assert made.next_due.stage is Stage.MAINTENANCE
    assert made.next_due.on == Span.on(date(2026, 11, 1))


def test_maintenance_without_nerves_has_a_window_of_two_to_three_months():
    settled = {"regimen_given": "non-neuro", "b12_doses_given": (9_000, 9_000)}
    made = plan({"age_years": (71_000, 71_000)}, NO_NERVES, TREATED, settled, days_ago(10, 0))
    assert made.next_due.on == Span(date(2027, 1, 12), date(2027, 2, 12))
    assert made.doses[0].on == made.next_due.on


def test_treated_with_nothing_else_recorded_is_due_now_and_says_what_is_missing():
    made = plan(WEAK_LEGS, TREATED)
    assert made.next_due.on == Span.on(TODAY)
    assert set(made.next_due.missing) == {"regimen_given", "b12_doses_given", "last_b12_dose"}


def test_treated_with_an_unknown_regimen_has_one_window_that_holds_every_possibility():
    made = plan(WEAK_LEGS, TREATED, days_ago(1, 0))
    assert made.next_due.stage is None
    assert made.next_due.on == Span(date(2026, 11, 23), date(2027, 2, 21))


KNOWN_OR_NOT = {
    "regimen_given": st.sampled_from([None, "neuro", "non-neuro"]),
    "b12_treatment_stopped": st.sampled_from([None, "no"]),
    "b12_ordered": st.sampled_from([None, "yes", "no"]),
    "no_further_improvement": st.sampled_from([None, "yes", "no"]),
    "improved_since_start": st.sampled_from([None, "yes", "no"]),
    "leg_weakness": st.sampled_from([None, "yes", "no"]),
    "serum_b12": st.sampled_from([None, (100_000, 100_000), (None, 200_000), (400_000, 400_000)]),
    "b12_doses_given": st.sampled_from([None, (0, 0), (3_000, 3_000), (6_000, 6_000), (2_000, 8_000)]),
    "days_since_last_dose": st.sampled_from([None, (1_000, 1_000), (None, 30_000), (90_000, None)]),
    "days_since_treatment_started": st.sampled_from([None, (5_000, 5_000), (400_000, None)]),
    "days_since_last_review": st.sampled_from([None, (5_000, 5_000), (60_000, 90_000)]),
    "pregnant": st.sampled_from([None, "yes", "no"]),
}


@settings(max_examples=300, deadline=None)
@given(st.fixed_dictionaries(KNOWN_OR_NOT), st.sampled_from(["uk", "us"]))
def test_nobody_on_treatment_has_an_empty_next_due(drawn, profile):
    row = {name: value for name, value in drawn.items() if value is not None}
    made = plan({"age_years": (50_000, 50_000), "b12_treatment": "yes"}, row, profile=profile)
    assert made.next_due is not None
    assert made.next_due.on.latest is not None
    assert all(
        dose.on.earliest is None or dose.on.earliest >= TODAY
        for dose in made.doses
        if dose.stage is Stage.LOADING
    )


def test_treatment_that_was_stopped_is_due_no_more():
    stopped = {"b12_treatment": "yes", "b12_treatment_stopped": "yes", "b12_ordered": "no"}
    made = plan({"age_years": (71_000, 71_000)}, NO_NERVES, stopped, days_ago(30, 1))
    assert made.next_due is None
    assert made.reviews == ()


def test_treatment_ordered_again_after_a_stop_begins_anew():
    again = {"b12_treatment": "yes", "b12_treatment_stopped": "yes", "b12_ordered": "yes"}
    made = plan(WEAK_LEGS, LOW, again, days_ago(200, 6))
    assert dates(made)[:2] == later(0, 2)
    assert made.doses[0].number == 1


def test_the_american_profile_gives_its_own_course_with_the_british_one_beside_it():
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED, profile="us")
    assert made.regimen.course.drug == "cyanocobalamin"
    assert [line.drug for line in made.regimen.beside] == ["hydroxocobalamin"]
    assert dates(made)[:9] == later(0, 1, 2, 3, 4, 5, 6, 8, 10)
    assert plan(WEAK_LEGS, LOW, NEVER_TREATED).regimen.beside == ()


def test_a_pregnant_patient_is_reviewed_after_a_month():
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED, {"pregnant": "yes"})
    assert made.reviews[-1].on == Span.on(date(2026, 12, 22))


def test_a_loading_review_is_counted_from_the_last_one():
    made = plan(
        WEAK_LEGS,
        LOW,
        TREATED,
        {"regimen_given": "neuro"},
        days_ago(1, 0),
        days_ago(20, 0, "treatment_started"),
        days_ago(6, 0, "last_review"),
    )
    assert made.reviews[0].on == Span.on(date(2026, 11, 30))


def test_once_nothing_improves_further_no_review_is_planned():
    done = {"regimen_given": "neuro", "improved_since_start": "yes", "no_further_improvement": "yes"}
    assert plan(WEAK_LEGS, TREATED, done, days_ago(1, 0)).reviews == ()


def test_the_clock_counts_from_the_first_neurological_symptom_else_from_the_weakness():
    neurological = days_ago(73, 2, "neurological_onset")
    weakness = days_ago(30, 0, "weakness_onset")
    both = plan(WEAK_LEGS, neurological, weakness).clock
    assert both.days == Count(73, 73)
    assert both.three_months_on == Span.on(date(2026, 12, 10))
    assert "neurological" in both.proxy
    alone = plan(WEAK_LEGS, weakness).clock
    assert alone.days == Count(30, 30)
    assert "weakness" in alone.proxy


def on_record(days: int) -> dict:
    return {"days_since_symptom_on_record": (days * 1000, None)}


def test_of_several_onsets_the_clock_takes_the_one_that_is_surely_the_longest_ago():
    # A30: a symptom was on record 73 days ago, so somebody's 30 days of weakness are not all there is
    ran = plan(WEAK_LEGS, days_ago(30, 0, "weakness_onset"), on_record(73)).clock
    assert "on record" in ran.proxy
    assert ran.days == Count(73, None)
    assert ran.three_months_on == Span(None, date(2026, 12, 10))
    assert ran.days_left == Count(None, 18)  # 10 December lies 18 days ahead, and it may be nearer
    assert ran.because == ("S27", "A30")
    # an onset that was asked for and lies longer ago stays as exact as it was
    asked = plan(WEAK_LEGS, days_ago(73, 2, "neurological_onset"), on_record(30)).clock
    assert asked.days == Count(73, 73)
    assert asked.because == ("S27",)
    # in some day of September, and on record since the 10th: between the 1st and the 10th, 73 to 82 days ago
    september = {"days_since_neurological_onset": (53_000, 82_000)}
    between = plan(WEAK_LEGS, september, on_record(73)).clock
    assert between.onset == Span(date(2026, 9, 1), date(2026, 9, 10))
    assert between.days == Count(73, 82)
    assert between.days_left == Count(9, 18)
    # weakness of 73 days is no younger because the first symptom was noted later: the earlier counts
    weak = plan(WEAK_LEGS, days_ago(30, 0, "neurological_onset"), days_ago(73, 2, "weakness_onset")).clock
    assert weak.days == Count(73, 73)
    assert "weakness" in weak.proxy


def test_without_an_onset_there_is_no_clock():
    assert plan(WEAK_LEGS, LOW).clock is None


def test_recovery_is_dated_from_the_first_dose_and_says_what_it_is():
    made = plan(WEAK_LEGS, LOW, NEVER_TREATED, {"proximal_power_better": "yes"})
    by = {one.milestone: one.by for one in made.recovery}
    assert by["pushing the foot down (plantar flexion)"] == Span.on(date(2027, 3, 8))
    assert by["power of hips and thighs"] is None
    assert made.recovery[0].reached is True
    assert made.recovery[1].reached is None
    assert {one.source for one in made.recovery} == {"a single reported case"}
    assert {one.beside for one in made.recovery} == {("S35",)}


def test_recovery_is_not_shown_where_no_nerve_is_involved():
    assert plan({"age_years": (71_000, 71_000)}, NO_NERVES, LOW, NEVER_TREATED).recovery == ()


def test_a_child_has_actions_but_no_doses():
    made = plan({"age_years": (14_000, 14_000), "leg_weakness": "yes"}, LOW, TREATED)
    assert made.actions
    assert (made.doses, made.next_due, made.clock) == ((), None, None)


@pytest.mark.parametrize("patient", [Patient(id="p", died=True), Patient(id="p", replaced_by="Patient/2")])
def test_for_somebody_who_died_or_was_merged_away_nothing_is_planned(patient):
    assert plan(WEAK_LEGS, LOW, NEVER_TREATED, patient=patient) == Plan()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"clock": {"when": []}}, "plan.toml, clock.months: is missing"),
        ({"course": "uk"}, "plan.toml, course: is no section"),
        ({"reviews": {"id": "a"}}, "plan.toml, reviews: is no list of sections"),
        (
            {"recommended": {"verdict": "action"}},
            "names 'action', which the guideline does not have. Did you mean `actions`?",
        ),
        (
            {"recommended": {"verdict": 3}},
            "plan.toml, recommended.verdict: is 3. Write a text between quotes.",
        ),
    ],
)
def test_a_dictionary_that_cannot_be_placed_is_refused_with_its_place(change, said):
    model = MODELS["uk"]
    with pytest.raises(GuidelineError) as error:
        dictionary.read(replace(model, plan={**model.plan, **change}))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("begin", {"start": "nwo"}, "asks for start = 'nwo'"),
        ("begin", {"strat": "now"}, "asks for strat = 'now'"),
        ("begin", ["now"], "is 'now'. Write a condition"),
    ],
)
def test_a_condition_that_no_table_can_meet_is_refused(key, value, said):
    model = MODELS["uk"]
    treatment = {**model.plan["treatment"], key: value}
    with pytest.raises(GuidelineError, match=r"plan\.toml, treatment\.begin") as error:
        dictionary.read(replace(model, plan={**model.plan, "treatment": treatment}))
    assert said in str(error.value)
