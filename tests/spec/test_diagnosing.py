"""Chapter 2: what a level and an MMA mean together, and what closes the question."""

import pytest
from tests.spec.names import absent

CLEAR = {
    "b12_before_sample": "no",
    "nitrous_oxide": "no",
    "serum_b12_refused": "no",
    "active_b12_refused": "no",
    "mma_refused": "no",
    "mma_upper_limit_refused": "no",
    "intrinsic_factor_antibody_refused": "no",
}
LOW_SUSPICION = {**CLEAR, "clinical_suspicion": "low", "serum_b12": 410_000, "serum_b12_lowest": 410_000}
NORMAL_MMA = {**CLEAR, **absent(), "serum_b12": 265_000, "serum_b12_lowest": 265_000, "mma_over_limit": "no"}


@pytest.mark.parametrize(
    ("level", "status"),
    [(179_999, "deficient"), (180_000, "borderline"), (350_000, "borderline"), (350_001, "undetermined")],
)
def test_a_level_alone_at_its_limits_s21_s22_s23(say, level, status):
    assert say(serum_b12=level)["b12_status"] == status


def test_a_vegan_with_lost_vibration_sense_and_265_goes_on_to_mma_s22(say):
    said = say(low_b12_diet="yes", loss_of_vibration_sense="yes", serum_b12=265_000)
    assert said["b12_status"] == "borderline"
    assert said["next_tests_metabolites__mma"] == "yes"
    assert said["localisation__posterior_columns"] == "yes"


def test_a_ceiling_of_200_is_undetermined_and_asks_for_the_value_and_mma_s22(say):
    said = say(serum_b12=(None, 199_999))
    assert said["b12_status"] == "undetermined"
    assert said["next_tests__serum_b12"] == "yes"
    assert said["next_tests_metabolites__mma"] == "yes"


def test_a_level_of_410_without_a_word_on_suspicion_goes_on_to_mma_s23(say):
    said = say(serum_b12=410_000)
    assert (said["b12_status"], said["next_tests_metabolites__mma"]) == ("undetermined", "yes")


def test_low_suspicion_closes_a_level_that_is_not_low_s23(say):
    assert say(**LOW_SUSPICION)["b12_status"] == "unlikely"


def test_a_normal_mma_closes_a_borderline_level_when_nothing_is_found_s25(say):
    assert say(**NORMAL_MMA)["b12_status"] == "unlikely"


@pytest.mark.parametrize("closed", [LOW_SUSPICION, NORMAL_MMA], ids=["low suspicion", "normal MMA"])
def test_forgetting_anything_that_closed_the_question_opens_it_again_s25(say, closed):
    needed = [
        name
        for name in closed
        if say(**{k: v for k, v in closed.items() if k != name})["b12_status"] != "unlikely"
    ]
    beside = {"falls", "balance_disorder", "glossitis", "fatigue", "anaemia_or_macrocytosis"}
    assert set(closed) - set(needed) <= beside


@pytest.mark.parametrize(
    ("against", "status"),
    [
        ({"nitrous_oxide": "yes"}, "undetermined"),
        ({"intrinsic_factor_antibody": "positive"}, "undetermined"),
        ({"serum_b12_second_highest": 1_001_000}, "undetermined"),
        ({"serum_b12_lowest": 350_000}, "undetermined"),
        ({"b12_before_sample": "yes"}, "undetermined"),
        ({"mma_refused": "yes"}, "undetermined"),
        ({"mma_upper_limit_refused": "yes"}, "undetermined"),
        ({"intrinsic_factor_antibody_refused": "yes"}, "undetermined"),
        ({"mma_over_limit": "straddles"}, "undetermined"),
        ({"clinical_suspicion": "high"}, "undetermined"),
        ({"active_b12": 70_000}, "borderline"),
        ({"active_b12": 24_999}, "deficient"),
    ],
    ids=str,
)
def test_what_stands_against_a_level_that_is_not_low_s23_a07_a08_a09_a12_a18(say, against, status):
    assert say(**{**LOW_SUSPICION, **against})["b12_status"] == status


def test_an_active_b12_alone_closes_nothing_and_asks_for_the_serum_level_s20(say):
    active = {name: value for name, value in LOW_SUSPICION.items() if not name.startswith("serum_b12")}
    said = say(**active, serum_b12_refused="no", active_b12=90_000)
    assert (said["b12_status"], said["next_tests__serum_b12"]) == ("undetermined", "yes")


def test_the_worse_of_two_levels_counts_a08(say):
    assert say(serum_b12=274_000, active_b12=18_000)["b12_status"] == "deficient"


def test_after_b12_a_low_level_stays_low_and_a_borderline_one_says_nothing_a07(say):
    assert say(serum_b12=100_000, b12_before_sample="yes")["b12_status"] == "deficient"
    assert say(serum_b12=265_000, b12_before_sample="yes")["b12_status"] == "undetermined"
    assert say(mma_over_limit="yes", b12_before_sample="yes")["b12_status"] == "metabolic-deficiency"


def test_a_raised_mma_and_the_kidney_s25(say):
    raised = {"serum_b12": 410_000, "mma_over_limit": "yes"}
    assert say(**raised, egfr=60_000)["b12_status"] == "metabolic-deficiency"
    assert say(**raised, egfr=59_999)["b12_status"] == "probable"
    unknown = say(**raised)
    assert unknown["b12_status"] == "metabolic-deficiency"
    assert unknown["next_tests_metabolites__renal_function"] == "yes"


@pytest.mark.parametrize(
    ("mma", "status"),
    [
        (271_000, "undetermined"),
        (271_001, "probable"),
        (400_000, "probable"),
        (400_001, "metabolic-deficiency"),
    ],
)
def test_an_mma_without_a_laboratory_limit_a11(say, mma, status):
    assert say(serum_b12=410_000, mma=mma)["b12_status"] == status


def test_the_laboratorys_own_limit_comes_before_ours_s25(say):
    assert say(serum_b12=410_000, mma=350_000, mma_over_limit="yes")["b12_status"] == "metabolic-deficiency"
    assert say(serum_b12=410_000, mma=450_000, mma_over_limit="no")["b12_status"] == "undetermined"


def test_a_refused_result_is_not_untested_s22(say):
    assert say(serum_b12_refused="yes")["b12_status"] == "undetermined"
    assert say(serum_b12_refused="no")["b12_status"] == "untested"
