"""What a clinician and a patient read is one story on the page, in the text for the record, on the handout and in the calendar."""

import pytest
from icalendar import Calendar
from tests.web.patients import ABSENT_FLAGS, RED_FLAG, UNTESTED, case

import corrin
from corrin.exports import calendar, chart_text, handout
from corrin.exports.sheet import Sheet
from corrin.exports.sheet.printing import fragment


def sheet(findings: dict, profile: str = "uk") -> Sheet:
    return Sheet(corrin.assess(case(findings), profile=profile))


def everything(findings: dict, profile: str = "uk") -> str:
    """The page, the text for the record and `corrin assess`, one after the other."""
    given = sheet(findings, profile)
    return "\n".join([str(fragment(given)), chart_text.text(given), given.answer.to_text(width=400)])


def told(findings: dict) -> str:
    """Every sentence of the handout."""
    return " ".join(text for part in handout.parts(sheet(findings).answer) for text in part.texts)


def days(findings: dict) -> list[str]:
    return [
        f"{event['summary']} {event['dtstart'].dt}"
        for event in Calendar.from_ical(calendar.ics(sheet(findings).answer)).walk("VEVENT")
    ]


FIVE_YEARS_AGO = {"value": 300, "unit": "pg/mL", "date": "2021-11-01"}
ON_TREATMENT = {
    "age_years": 62,
    "leg_weakness": True,
    "b12_treatment": True,
    "b12_treatment_stopped": False,
    "regimen_given": "neuro",
    "b12_treatment_started": "2026-05-20",
    "last_b12_dose": "2026-11-21",
}
KIDNEY = {
    "age_years": 72,
    "paraesthesia": True,
    "loss_of_vibration_sense": True,
    "b12_treatment": False,
    "serum_b12": {"value": 250, "unit": "pg/mL", "date": "2026-11-20"},
    "mma": {"value": 600, "unit": "nmol/L", "date": "2026-11-20"},
    "egfr": {"value": 35, "unit": "mL/min/{1.73_m2}", "date": "2026-11-20"},
}


@pytest.mark.parametrize(
    "findings",
    [{}, {**UNTESTED, "serum_b12": FIVE_YEARS_AGO}, ON_TREATMENT],
    ids=["nothing given", "a result of five years ago", "on treatment for half a year"],
)
def test_nobody_is_called_never_tested_of_whom_that_is_not_known(findings):
    said = everything(findings).lower()
    assert "never tested" not in said
    if findings:
        assert "no result on record that counts" in said


def test_a_borderline_level_beside_an_mma_does_not_call_the_mma_the_next_step():
    both = {
        "age_years": 55,
        "paraesthesia": True,
        "serum_b12": {"value": 300, "unit": "pg/mL", "date": "2026-11-20"},
        "mma": {"value": 150, "unit": "nmol/L", "date": "2026-11-20"},
    }
    assert "next step" not in everything(both)
    assert "MMA is the test that confirms" in everything(both), "S24, whether it was done or not"


def test_a_course_that_waits_for_results_is_not_printed_as_if_it_were_decided():
    given = sheet(KIDNEY)
    assert given.answer.verdicts["start"] == "after-results", "S28: probable, and only vibration is lost"
    text = chart_text.text(given)
    assert "Regimen, if treatment is decided on: hydroxocobalamin 1 mg intramuscular" in text
    assert "Regimen: hydroxocobalamin" not in text
    assert "<p>If treatment is decided on:</p>" in fragment(given)
    assert "If treatment is decided on: Hydroxocobalamin" in given.answer.to_text(width=400)


def test_whoever_is_in_the_middle_of_a_course_is_not_told_of_a_first_dose():
    fourth = {**ON_TREATMENT, "regimen_given": "non-neuro", "b12_doses_given": 4, "leg_weakness": False}
    said = everything(fourth)
    assert "examination before the second" not in said
    assert "3 times a week for 2 weeks (6 doses), then every 2-3 months" in said


def test_doses_of_a_course_that_nobody_has_begun_are_not_called_planned():
    low = {**UNTESTED, "serum_b12": {"value": 100, "unit": "pg/mL", "date": "2026-11-20"}}
    assert "Doses, if begun today: 22 Nov 2026; 24 Nov 2026" in chart_text.text(sheet(low)), "S29"
    assert "Doses planned: 23 Nov 2026" in chart_text.text(sheet(ON_TREATMENT))


def test_two_levels_of_one_day_that_contradict_are_both_named():
    two = {
        "paraesthesia": True,
        "serum_b12": [
            {"value": 150, "unit": "pg/mL", "date": "2026-11-20"},
            {"value": 500, "unit": "pg/mL", "date": "2026-11-20"},
        ],
    }
    text = chart_text.text(sheet(two))
    assert "Serum B12 150 to 500 pg/mL (150 pg/mL and 500 pg/mL, 20 Nov 2026)" in text


def test_the_text_for_the_record_puts_sentences_that_hold_semicolons_on_lines_of_their_own():
    pregnant = {
        "pregnant": True,
        "paraesthesia": True,
        "serum_b12": {"value": 150, "unit": "pg/mL", "date": "2026-11-20"},
    }
    lines = chart_text.text(sheet(pregnant)).splitlines()
    cautions = lines[lines.index("Cautions:") + 1 :]
    assert cautions[0].startswith("- Pregnancy: the total level falls")
    assert sum("total level falls" in line for line in lines) == 1, "said once"
    assert all("; Request" not in line for line in lines)


def test_days_since_are_told_as_people_tell_them():
    text = chart_text.text(sheet(ON_TREATMENT))
    assert "- Last dose of B12 1 day ago (21 Nov 2026)" in text
    assert "1 days" not in text
    assert "Completed months" not in text


def test_a_red_flag_that_waits_for_a_date_says_which_date_everywhere():
    asked = {"age_years": 60, "leg_weakness": True, "b12_treatment": False, **ABSENT_FLAGS}
    given = sheet(asked)
    for said in (fragment(given), chart_text.text(given), given.answer.to_text(width=400)):
        assert "beginning of the weakness" in said, "A02: asked and absent counts only with an earlier onset"
        assert "days since the weakness began" not in said.partition("Why")[0]


def test_a_flag_that_was_asked_and_nobody_knows_is_not_called_not_asked():
    text = sheet({"leg_weakness": True, "saddle_anaesthesia": None}).answer.to_text(width=400)
    assert "Asked, not known: numbness of the saddle area." in text


def test_a_level_after_tablets_from_a_shop_is_called_empty():
    shop = {
        "age_years": 50,
        "paraesthesia": True,
        "b12_before_sample": True,
        "serum_b12": {"value": 390, "unit": "pg/mL", "date": "2026-11-20"},
    }
    caution = "B12 was taken before the sample: a level that is not low says nothing"
    assert caution in everything(shop), "A07"
    shop["serum_b12"]["value"] = 150
    assert caution not in everything(shop), "A07: a low one keeps its meaning"


def test_months_that_are_over_say_since_when():
    late = {**UNTESTED, "neurological_onset": "2026-08-12"}
    assert "3 months end 12 Nov 2026: ended 10 days ago" in everything(late)


def test_the_handout_of_whoever_waits_for_a_test_says_to_have_blood_taken_before_any_b12():
    said = told(UNTESTED)
    assert "Have your blood taken as soon as you can." in said
    assert "not even tablets from a shop" in said, "S28: samples first; A07: B12 before the sample empties it"
    assert "Have your blood taken" not in told(ON_TREATMENT)


def test_the_handout_of_whoever_is_treated_does_not_say_that_nothing_was_measured():
    assert "blood test of your vitamin B12" not in told(ON_TREATMENT)
    assert "We have no recent blood test of your vitamin B12." in told(UNTESTED)


def test_the_handout_of_a_child_says_who_decides_and_nothing_of_a_level_it_does_not_judge():
    said = told({**RED_FLAG, "age_years": 10})
    assert "a doctor for children decides about tests and treatment" in said, "A01"
    assert "blood test of your vitamin B12" not in said
    assert "You need to be seen in an emergency department now." in said


def test_the_handout_names_an_appointment_once_and_says_that_more_injections_follow():
    late = list(handout._appointments(sheet(ON_TREATMENT).answer))
    assert late.count("Check: as soon as can be") == 1, "two reviews are over"
    many = {**UNTESTED, "serum_b12": {"value": 100, "unit": "pg/mL", "date": "2026-11-20"}}
    answer = corrin.assess(case(many), profile="us")
    listed = list(handout._appointments(answer))
    more = listed.index("More injections follow. You are told when.")
    assert [one.split(":")[0] for one in listed[more - 1 : more + 2 : 2]] == ["Injection", "Check"]


def test_whoever_has_lost_the_sense_of_position_is_told_to_take_care():
    assert "Take care on stairs and in the dark" in told({"loss_of_proprioception": True}), "S04"
    assert "stairs" not in told(UNTESTED)


def test_whoever_lost_only_vibration_is_not_said_to_have_lost_the_sense_of_position():
    said = chart_text.text(sheet({"loss_of_vibration_sense": True}))
    assert "Signs of the posterior columns: balance may be poor; advise on falls" in said, "S04"
    assert "sense of position" not in said


@pytest.mark.parametrize("worse", [{"improved_since_start": False}, {"symptoms_worse": True}])
def test_the_handout_of_whoever_gets_no_better_does_not_promise_recovery(worse):
    said = told({**ON_TREATMENT, **worse})
    assert "your doctor looks again for another cause" in said, "S35: each reopens the differential"
    assert "most get better" not in said
    assert "most get better" in told(ON_TREATMENT)


def test_a_day_that_is_only_a_guess_stands_in_no_calendar_as_on_no_handout():
    guess = {"age_years": 66, "leg_weakness": True, "b12_treatment": True, "last_b12_dose": "2026-11-10"}
    assert not [day for day in days(guess) if day.startswith("Appointment")]
    assert not [day for day in handout._appointments(sheet(guess).answer) if day.startswith("Injection")]
