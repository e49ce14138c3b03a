"""Chapter 3: when treatment starts, with which regimen, how soon, and what folic acid must wait for."""

import pytest
from tests.spec.names import absent

NO_FLAG = dict.fromkeys(
    (
        "saddle_anaesthesia",
        "bladder_or_bowel_disturbance",
        "sensory_level",
        "sudden_onset",
        "progression_within_4_weeks",
        "bulbar_or_respiratory_weakness",
        "recent_spinal_trauma",
        "fever",
        "cancer_history",
        "severe_spinal_pain",
        "asymmetric_weakness",
        "unable_to_walk_unsupported",
        "unable_to_sit_unsupported",
    ),
    "no",
)
LOW = {"serum_b12": 100_000, "serum_b12_lowest": 100_000}


def test_deficiency_shown_is_treated_now_whatever_the_involvement_s28(say):
    """Starting does not depend on the nerves; the regimen does: unknown involvement gets the shared first dose (S29)."""
    for nerves, regimen in (
        ({"paraesthesia": "yes"}, "neuro"),
        (absent(), "non-neuro"),
        ({}, "first-dose-then-examine"),
    ):
        said = say(age_years=50_000, **LOW, **nerves)
        assert (said["start"], said["regimen_choice"]) == ("now", regimen)


def test_a_cord_sign_with_a_risk_factor_does_not_wait_for_the_result_s28(say):
    said = say(age_years=50_000, romberg_positive="yes", low_b12_diet="yes")
    assert (said["b12_status"], said["start"], said["regimen_choice"]) == ("untested", "now", "neuro")


def test_the_clinicians_low_suspicion_holds_a_cord_sign_back_s28(say):
    assert (
        say(age_years=50_000, romberg_positive="yes", low_b12_diet="yes", clinical_suspicion="low")["start"]
        == "after-results"
    )


def test_absent_ankle_jerks_or_lost_vibration_alone_do_not_count_s28(say):
    """Too common with age: samples at once, treatment after the results."""
    for sign in ({"ankle_reflexes": "absent", "hyporeflexia": "yes"}, {"loss_of_vibration_sense": "yes"}):
        assert (
            say(age_years=80_000, low_b12_diet="yes", clinical_suspicion="low", **sign)["start"]
            == "after-results"
        )


def test_age_alone_never_starts_treatment_before_a_result_s19(say):
    said = say(age_years=90_000, sensory_ataxia="yes", leg_weakness="yes")
    assert (said["testing"], said["start"]) == ("indicated", "after-results")


def test_after_nitrous_oxide_a_normal_level_does_not_hold_treatment_back_a12(say):
    said = say(
        age_years=24_000,
        nitrous_oxide="yes",
        sensory_ataxia="yes",
        serum_b12=400_000,
        serum_b12_lowest=400_000,
    )
    assert (said["b12_status"], said["start"], said["urgency"]) == ("undetermined", "now", "urgent")


def test_a_raised_mma_with_poor_kidneys_is_probable_and_waits_unless_a_sign_tells_s25_s28(say):
    """EGFR 45: not specific. Reduced touch is a sign that counts; absent ankle jerks alone are not."""
    poor = {
        "age_years": 70_000,
        "serum_b12": 265_000,
        "serum_b12_lowest": 265_000,
        "mma_over_limit": "yes",
        "egfr": 45_000,
        "clinical_suspicion": "low",
    }
    assert say(**poor, reduced_touch="yes")["start"] == "now"
    assert say(**poor, hyporeflexia="yes", ankle_reflexes="absent")["start"] == "after-results"


@pytest.mark.parametrize(
    ("folic", "given", "answer"),
    [
        ("no", LOW, "not-relevant"),
        ("yes", LOW, "stop"),
        ("yes", {**LOW, "b12_ordered": "yes"}, "allowed"),
        ("yes", {**LOW, "pregnant": "yes"}, "warn"),
        ("yes", {**LOW, "methotrexate": "yes"}, "warn"),
        ("yes", {"paraesthesia": "yes"}, "stop"),
        ("yes", {"paraesthesia": "yes", "methotrexate": "yes"}, "warn"),
        ("yes", {"anaemia_or_macrocytosis": "yes"}, "stop"),
        ("yes", {"methotrexate": "yes"}, None),
        ("yes", {}, None),
    ],
)
def test_folic_acid_never_goes_before_b12_s33_a10(say, folic, given, answer):
    """No reason to suspect and never tested: nothing is said (None is unknown)."""
    assert say(age_years=50_000, folic_acid=folic, **given).get("folic_acid_guard") == answer


def test_whoever_is_not_to_stop_folic_acid_is_not_told_to_have_none_a10(say):
    """Pregnant, numb feet, 110 pg/mL: not to stop it, B12 with it; without a reason of its own B12 comes first."""
    numb = {
        "age_years": 30_000,
        "paraesthesia": "yes",
        "serum_b12": 110_000,
        "b12_treatment": "no",
        "folic_acid": "yes",
    }
    pregnant = say(**numb, pregnant="yes")
    assert pregnant["actions_folic_acid__review_folic_acid"] == "yes"
    assert pregnant["actions_folic_acid__give_b12_before_folic_acid"] == "no"
    assert say(**numb, pregnant="no")["actions_folic_acid__give_b12_before_folic_acid"] == "yes"


def test_folic_acid_in_a_child_is_stopped_all_the_same_a01(say):
    said = say(age_years=12_000, folic_acid="yes", paraesthesia="yes")
    assert said["folic_acid_guard"] == "stop"
    assert "start" not in said


@pytest.mark.parametrize(
    ("given", "urgency"),
    [
        ({**LOW, "saddle_anaesthesia": "yes"}, "emergency"),
        ({**LOW, "unable_to_walk_unsupported": "yes"}, "same-day"),
        ({**LOW, "paraesthesia": "yes"}, "urgent"),
        ({**LOW, **absent(), **NO_FLAG}, "soon"),
        ({"paraesthesia": "yes", **NO_FLAG}, "soon"),
        ({**absent(), **NO_FLAG}, "routine"),
        (absent(), None),
    ],
)
def test_red_flags_come_first_and_routine_only_after_asking_s10_a02(say, given, urgency):
    refused = dict.fromkeys(
        ("serum_b12_refused", "active_b12_refused", "mma_refused", "mma_upper_limit_refused"), "no"
    )
    assert say(age_years=50_000, **{**refused, **given}).get("urgency") == urgency


@pytest.mark.parametrize(
    ("given", "card"),
    [
        ({"age_years": 90_000, "proton_pump_inhibitor": "yes"}, "none"),
        ({"age_years": 40_000, "methotrexate": "yes", "folic_acid": "yes"}, "none"),
        ({"age_years": 71_000, "leg_weakness": "yes", "metformin": "yes"}, "info"),
        ({"age_years": 50_000, **LOW, **absent()}, "warning"),
        ({"age_years": 50_000, **LOW, "leg_weakness": "yes"}, "critical"),
        ({"age_years": 50_000, "folic_acid": "yes", "paraesthesia": "yes"}, "critical"),
        ({"age_years": 50_000, "sensory_level": "yes"}, "critical"),
        ({"age_years": 12_000, "saddle_anaesthesia": "yes"}, "critical"),
    ],
)
def test_a_card_is_critical_for_three_things_only_s28_s33_a02(say, given, card):
    assert say(**given)["card"] == card


def test_severe_anaemia_watches_potassium_when_treatment_starts_a13(say):
    assert say(age_years=63_000, **LOW, haemoglobin=42_000)["cautions_of_treatment__watch_potassium"] == "yes"
