"""Chapter 1: whom this guideline is for, what comes before any B12, and whom to test."""

from tests.spec.names import SIGNS, absent


def test_a_71_year_old_with_weak_legs_and_metformin_is_tested_s13(say):
    said = say(age_years=71_000, leg_weakness="yes", metformin="yes")
    assert said["testing"] == "indicated"
    assert said["b12_status"] == "untested"
    assert said["next_tests__serum_b12"] == "yes"
    assert said["next_tests_blood__full_blood_count"] == "yes"


def test_weak_legs_at_61_are_tested_for_age_alone_and_suspicion_stays_open_s19(say):
    said = say(age_years=61_000, leg_weakness="yes", loss_of_vibration_sense="yes")
    assert said["testing"] == "indicated"
    assert "suspicion" not in said


def test_weak_legs_at_60_are_not_over_60_and_a_test_stays_reasonable_s19(say):
    assert say(age_years=60_000, leg_weakness="yes")["testing"] == "reasonable"


def test_weak_legs_with_every_risk_factor_denied_are_never_told_not_to_test_s13(say):
    risks = ["low_b12_diet", "metformin", "nitrous_oxide", "bariatric_surgery", "family_history"]
    assert say(age_years=40_000, leg_weakness="yes", **dict.fromkeys(risks, "no"))["testing"] == "reasonable"


def test_a_sign_in_a_vegan_reads_as_high_suspicion_s11(say):
    assert say(loss_of_vibration_sense="yes", low_b12_diet="yes")["suspicion"] == "high"


def test_the_clinicians_own_word_outweighs_a_sign_in_a_vegan_s23(say):
    said = say(loss_of_vibration_sense="yes", low_b12_diet="yes", clinical_suspicion="low")
    assert said["suspicion"] == "low"


def test_not_prompted_needs_every_feature_known_to_be_absent_s13(say):
    well = absent("leg_weakness")
    assert say(**well, metformin="yes")["testing"] == "not-prompted"
    for forgotten in well:
        rest = {name: word for name, word in well.items() if name != forgotten}
        assert "testing" not in say(**rest, metformin="yes"), forgotten


def test_a_patient_on_b12_is_not_measured_again_a06(say):
    said = say(leg_weakness="yes", metformin="yes", b12_treatment="yes", b12_treatment_stopped="no")
    assert said["testing"] == "on-treatment"
    assert said["next_tests__serum_b12"] == "no"


def test_a_patient_whose_b12_was_stopped_is_tested_again_s13(say):
    stopped = {"b12_treatment": "yes", "b12_treatment_stopped": "yes", "b12_ordered": "no"}
    assert say(leg_weakness="yes", metformin="yes", **stopped)["testing"] == "indicated"


def test_a_child_is_out_of_scope_and_keeps_the_red_flag_a01(say):
    said = say(age_years=14_000, leg_weakness="yes", saddle_anaesthesia="yes", serum_b12=100_000)
    assert said["scope"] == "out-of-scope"
    assert said["red_flag_level"] == "emergency"
    assert not {"testing", "b12_status", "neurological", "stage"} & set(said)


def test_an_unknown_age_is_answered_all_the_same_a01(say):
    said = say(leg_weakness="yes", metformin="yes")
    assert "scope" not in said
    assert said["testing"] == "indicated"


def test_ten_days_of_weakness_are_an_emergency_though_progression_is_denied_a02(say):
    assert say(leg_weakness="yes", days_since_weakness_onset=10_000)["red_flag_level"] == "emergency"
    denied = say(leg_weakness="yes", days_since_weakness_onset=10_000, progression_within_4_weeks="no")
    assert denied["red_flag_level"] == "emergency"


def test_an_old_onset_alone_never_denies_progression_a02(say):
    assert "rapid_progression" not in say(leg_weakness="yes", days_since_weakness_onset=400_000)


def test_fever_or_cancer_alone_raise_no_flag_a02(say):
    assert "red_flag_level" not in say(fever="yes")
    assert "red_flag_level" not in say(cancer_history="yes")
    assert say(fever="yes", leg_weakness="yes")["red_flag_level"] == "emergency"
    assert say(cancer_history="yes", severe_spinal_pain="yes")["red_flag_level"] == "emergency"


def test_cannot_walk_is_seen_the_same_day_s10(say):
    assert say(unable_to_walk_unsupported="yes")["red_flag_level"] == "same-day"


def test_a_low_level_does_not_silence_a_red_flag_a02(say):
    said = say(serum_b12=100_000, bladder_or_bowel_disturbance="yes")
    assert (said["b12_status"], said["red_flag_level"]) == ("deficient", "emergency")


def test_every_sign_is_a_neurological_feature_and_no_sign_alone_is_not_s07(say):
    for sign in SIGNS:
        assert say(**{sign: "yes"})["neurological"] == "yes", sign
    for beside in ["falls", "balance_disorder", "nerve_conduction_slowed", "distal_onset"]:
        assert "neurological" not in say(**{beside: "yes"}), beside
