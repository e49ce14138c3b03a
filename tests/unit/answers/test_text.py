"""What a clinician reads: the most important first, within the terminal, in words."""

import re

import pytest
from tests.conftest import ROOT

import corrin
from corrin import api, intake
from corrin.answers.text.layout import Entry, in_a_row, lay

EXAMPLES = sorted((ROOT / "examples").iterdir())


def text(width: int = 80, **findings) -> str:
    return corrin.assess({"case": 1, "as_of": "2026-11-22", "findings": findings}).to_text(width)


def flat(said: str) -> str:
    return " ".join(said.split())


@pytest.mark.parametrize("width", [40, 59, 60, 80, 100])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_line_runs_over_the_edge(path, width):
    for record in intake.read(path):
        said = api.answer(record, api.desk(), api.day(record.as_of or "2026-11-22")).to_text(width)
        assert max(map(len, said.splitlines())) <= width


def test_red_flags_come_before_anything_about_b12():
    said = text(leg_weakness=True, saddle_anaesthesia=True, serum_b12={"value": 100, "unit": "pg/mL"})
    assert said.index("RED FLAGS") < said.index("B12 status")
    assert said.index("Saddle numbness") < said.index("Deficient")


def test_the_three_kinds_of_red_flag_are_told_apart():
    said = flat(text(leg_weakness=True, saddle_anaesthesia=True, fever=False))
    assert "• Saddle numbness" in said
    assert "Asked and absent: fever." in said
    assert "Not asked is not absent." in said


def test_a_result_is_said_as_settled_and_as_the_laboratory_printed_it():
    said = flat(text(leg_weakness=True, serum_b12={"value": 98, "unit": "pmol/L", "date": "2026-11-20"}))
    assert "Serum B12 132.8 pg/mL (98 pmol/L, 20 Nov 2026)" in said


def test_what_cannot_be_told_says_which_finding_is_wanting_and_why():
    said = flat(text(leg_weakness=True))
    assert "Cannot tell" in said
    assert re.search(r"Folic acid: folic acid, taken or ordered now \(nobody asked\)", said)


def test_what_was_refused_and_ignored_is_listed_with_the_reason():
    said = flat(text(leg_weakness=True, serum_b12={"value": 98, "date": "2026-11-20"}))
    assert "Refused Serum B12 '98'" in said
    assert "findings.serum_b12" in said


def test_every_answer_ends_with_what_it_is_not():
    assert flat(text()).endswith("It has not been validated clinically.")


def test_a_recommendation_names_its_statement_and_sources():
    said = flat(text(leg_weakness=True, metformin=True, age_years=71))
    assert "Recommended" in said
    assert re.search(r"Request the next tests \(S20[^)]*: [a-z0-9-]+", said)


def test_dated_doses_and_the_review_stand_in_the_plan():
    said = flat(text(age_years=71, leg_weakness=True, serum_b12={"value": 100, "unit": "pg/mL"}))
    assert "Doses If begun today: Sun 22 Nov 2026, Tue 24 Nov" in said
    assert "Review while loading 6 Dec 2026 (A17)" in said


def test_a_course_that_ends_is_followed_by_the_day_of_its_first_maintenance_dose():
    case = {"case": 1, "as_of": "2026-11-22", "findings": {"age_years": 71, "leg_weakness": True}}
    case["findings"]["serum_b12"] = {"value": 100, "unit": "pg/mL"}
    said = flat(corrin.assess(case, profile="us").to_text())
    assert "every 3-4 days for 2-3 weeks, then every month." in said
    assert re.search(
        r"Doses If begun today: Sun 22 Nov 2026, Mon 23 Nov, [^.]* Sun 27 Dec\. Then Maintenance dose 27 Jan 2027\.",
        said,
    )


def test_a_maintenance_dose_is_said_once_with_its_window():
    said = flat(
        text(
            age_years=71,
            b12_treatment=True,
            b12_treatment_stopped=False,
            regimen_given="non-neuro",
            b12_doses_given=9,
            last_b12_dose="2026-10-31",
        )
    )
    assert "Next dose Maintenance dose due between 31 Dec 2026 and 31 Jan 2027." in said
    assert said.count("Maintenance dose") == 1


def test_a_simple_patient_without_treatment_has_no_plan():
    assert "Plan" not in text(leg_weakness=True).split("Missing")[0]


def test_an_overdue_dose_is_said_to_have_been_due():
    said = flat(
        text(
            leg_weakness=True,
            b12_treatment=True,
            b12_treatment_stopped=False,
            regimen_given="neuro",
            last_b12_dose="2026-11-01",
        )
    )
    assert "Loading dose was due 3 Nov 2026" in said


def test_words_with_commas_of_their_own_are_kept_apart_by_semicolons():
    assert in_a_row(["fever", "cancer now, or in recent years"]) == "fever; cancer now, or in recent years"
    assert in_a_row(["fever", "MRI of the spine"]) == "fever, MRI of the spine"


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        ("leg_weakness", "weakness of the legs"),
        ("sensory_level", "a sensory level on the trunk"),
        ("egfr", "eGFR"),
        ("b12_ordered", "B12 ordered now"),
        ("romberg_positive", "Romberg sign"),
    ],
)
def test_within_a_sentence_only_names_and_abbreviations_keep_their_capital(finding, said):
    assert api.desk().wording.named(finding) == said


def test_on_a_narrow_terminal_the_label_stands_above():
    entry = Entry("B12 status", ("Deficient.",))
    assert [line for _, line in lay([entry], 40)] == ["B12 status", "  Deficient."]
    assert [line for _, line in lay([entry], 80)] == ["B12 status    Deficient."]


def test_a_result_that_could_not_be_used_is_named_beside_the_verdict():
    said = flat(text(leg_weakness=True, serum_b12={"value": 98, "unit": "furlong", "date": "2026-11-20"}))
    assert (
        "B12 status Not settled by the results there are. Serum B12: a result that could not be used." in said
    )


def test_where_every_result_was_read_none_is_said_to_be_unusable():
    assert "could not be used" not in text(leg_weakness=True, serum_b12={"value": 98, "unit": "pmol/L"})
