"""A record as a case file: the page that is filled from it answers as the record itself does."""

import json
from datetime import date

import pytest
from tests.conftest import ROOT

from corrin import api, intake
from corrin.exports.case import carried
from corrin.web import form

DAY = date(2026, 11, 22)
DESK = api.desk()
BUNDLES = [
    *sorted((ROOT / "examples").glob("*.bundle.json")),
    *sorted((ROOT / "tests" / "patients").glob("*/patient.json")),
    *(ROOT / "tests" / "fixtures" / "fhir" / f"{name}.json" for name in (
        "preliminary", "future-date", "data-absent-reason", "nothing-known", "stopped-and-draft-medicines",
        "sampled-then-treated", "refuted-condition", "components",
    )),
]  # fmt: skip


def carry(path):
    for record in intake.read(path):
        if not record.patient.died:
            yield record, carried(record, DESK.guideline, DAY, lambda _: "somewhere")


@pytest.mark.parametrize(
    "path", BUNDLES, ids=lambda one: one.stem if one.stem != "patient" else one.parent.name
)
def test_what_is_carried_says_what_the_record_says(path):
    for record, one in carry(path):
        answer, again = api.answer(record, DESK, DAY), api.assess(one.case)
        assert again.verdicts == answer.verdicts
        assert again.plan.clock == answer.plan.clock


@pytest.mark.parametrize(
    "path", BUNDLES, ids=lambda one: one.stem if one.stem != "patient" else one.parent.name
)
def test_the_form_shows_every_answer_that_is_carried(path):
    for _, one in carry(path):
        filled = form.fill(one.case, DESK)
        assert not filled.kept
        assert set(filled.rows) == set(one.case["findings"])
        made, _, problems = form.case(filled, DESK, DAY)
        assert not problems
        assert api.assess(made).verdicts == api.assess(one.case).verdicts
        assert set(one.origins) == set(one.case["findings"])


def observation(**value) -> dict:
    return {
        "resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "14685-2"}]},
        "effectiveDateTime": "2026-11-20T09:00:00Z", **value,
    }  # fmt: skip


def only(*resources: dict):
    (record,) = intake.read([{"resourceType": "Patient", "id": "p"}, *resources])
    return carried(record, DESK.guideline, DAY, lambda where: where)


def test_a_result_keeps_its_number_its_sign_its_unit_and_its_day():
    one = only(
        observation(valueQuantity={"value": 83.5, "comparator": "<", "unit": "pg/mL", "code": "pg/mL"})
    )
    assert one.case["findings"]["serum_b12"] == {
        "value": 83.5,
        "unit": "pg/mL",
        "comparator": "<",
        "date": "2026-11-20",
    }
    assert one.origins["serum_b12"] == "[1].valueQuantity, 2026-11-20"


@pytest.mark.parametrize(
    "given",
    [
        {"valueQuantity": {"value": 98, "unit": "furlongs"}},
        {"valueQuantity": {"value": 98}},
        {"valueQuantity": {"value": 98, "unit": "pmol/L"}, "status": "preliminary"},
    ],
    ids=["unit", "no-unit", "preliminary"],
)
def test_a_value_that_was_refused_stays_refused(given):
    one = only(observation(**given))
    assert one.case["findings"]["serum_b12"]["word"].startswith("not used: ")
    answer = api.assess(one.case)
    assert answer.verdicts["b12_status"] == "undetermined"
    assert [refused.finding for refused in answer.refused] == ["serum_b12"]


def test_what_a_word_implies_goes_when_the_word_is_corrected():
    knees = {
        "resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "https://corrin.example/findings", "code": "knee_reflexes"}]},
        "effectiveDateTime": "2026-11-20", "valueString": "brisk",
    }  # fmt: skip
    one = only(knees)
    assert one.case["findings"] == {"knee_reflexes": "brisk"}


@pytest.mark.parametrize(
    ("given", "carried_as"),
    [("2026-09-12", "2026-09-12"), ("2026-09", "2026-09"), ("2025", "2025"), ("2026-11", "2026-11")],
)
def test_a_date_is_carried_as_far_as_it_is_known(given, carried_as):
    dose = {
        "resourceType": "MedicationAdministration", "status": "completed",
        "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "5514"}]},
        "subject": {"reference": "Patient/p"}, "effectiveDateTime": given, "dosage": {"route": {"text": "intramuscular"}},
    }  # fmt: skip
    one = only(dose)
    assert one.case["findings"]["last_b12_dose"] == carried_as
    answered, sent = api.assess(one.case), api.assess([{"resourceType": "Patient", "id": "p"}, dose], DAY)
    for days in ("days_since_last_b12_dose", "months_since_last_dose"):
        assert answered.findings.row.get(days) == sent.findings.row.get(days)


def test_a_year_of_birth_is_at_least_so_many_years():
    one = carried(
        intake.read(json.dumps({"resourceType": "Patient", "id": "p", "birthDate": "1955"}))[0],
        DESK.guideline,
        DAY,
        str,
    )
    assert one.case["findings"]["age_years"] == {"comparator": ">=", "value": 70}
