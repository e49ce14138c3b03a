"""Chapter 3: where the signs point, how far the disease has come, and which other test is next."""

import pytest
from tests.spec.names import SIGNS, absent


def test_the_mixed_pattern_is_named_when_it_is_present_s08(say):
    jerks = {
        "knee_reflexes": "brisk",
        "ankle_reflexes": "absent",
        "hyperreflexia": "yes",
        "hyporeflexia": "yes",
    }
    said = say(**jerks, extensor_plantars="yes")
    assert said["mixed_pattern__brisk_knees_absent_ankles_upgoing_plantars"] == "yes"
    assert said["localisation__corticospinal_tracts"] == "yes"
    assert said["localisation__peripheral_nerve"] == "yes"
    assert said["stage"] == "myeloneuropathy"


@pytest.mark.parametrize(
    ("given", "stage"),
    [
        ({"paraesthesia": "yes"}, "sensory"),
        ({"loss_of_vibration_sense": "yes", "paraesthesia": "yes"}, "sensory"),
        ({"leg_weakness": "yes", "paraesthesia": "yes"}, "motor"),
        ({"hyperreflexia": "yes"}, "motor"),
        ({"spasticity": "yes", "loss_of_proprioception": "yes"}, "myeloneuropathy"),
        ({"extensor_plantars": "yes"}, "myeloneuropathy"),
        ({"unable_to_walk_unsupported": "yes", "extensor_plantars": "yes"}, "severe"),
    ],
    ids=str,
)
def test_at_least_this_far_s07_to_s10(say, given, stage):
    assert say(**given)["stage"] == stage


def test_no_stage_needs_everything_known_to_be_absent_s07(say):
    well = absent()
    assert say(**well)["stage"] == "none"
    for sign in SIGNS:
        assert "stage" not in say(**{name: word for name, word in well.items() if name != sign}), sign


def test_weakness_without_sensory_loss_is_an_atypical_order_and_still_tested_s07(say):
    senses = SIGNS[:6]
    said = say(**dict.fromkeys(senses, "no"), leg_weakness="yes", metformin="yes")
    assert said["typical_order"] == "no"
    assert said["testing"] == "indicated"
    assert said["next_tests_nerve__nerve_conduction_study"] == "yes"


def test_pyramidal_signs_ask_for_an_image_whatever_the_b12_a03(say):
    for level in ({}, {"serum_b12": 100_000}, {"serum_b12": 410_000}):
        assert say(spasticity="yes", **level)["next_tests_other_causes__mri_spine"] == "yes"


def test_slowed_conduction_supports_and_decides_nothing_s06(say):
    alone = say(nerve_conduction_slowed="yes")
    assert alone["supportive_finding__nerve_conduction_slowed"] == "yes"
    assert not {"neurological", "stage", "localisation"} & set(alone)


def test_copper_is_asked_for_after_bariatric_surgery_with_a_neurological_feature_a20(say):
    assert say(bariatric_surgery="yes", paraesthesia="yes")["next_tests_other_causes__copper"] == "yes"
    measured = say(bariatric_surgery="yes", paraesthesia="yes", copper=4_000, zinc_excess="no")
    assert measured["next_tests_other_causes__copper"] == "no"


def test_nitrous_oxide_asks_for_homocysteine_a12(say):
    assert say(nitrous_oxide="yes", paraesthesia="yes")["next_tests_blood__homocysteine"] == "yes"


def test_what_is_ordered_is_not_asked_for_again_s24(say):
    assert say(serum_b12=265_000)["next_tests_metabolites__mma"] == "yes"
    assert say(serum_b12=265_000, mma_ordered="yes")["next_tests_metabolites__mma"] == "no"
    assert say(leg_weakness="yes", metformin="yes", serum_b12_ordered="yes")["testing"] == "ordered"
