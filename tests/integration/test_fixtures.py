"""From bytes to findings: each shape of FHIR that must be told apart, with the finding expected, unknown included."""

from datetime import date

import pytest
from tests.conftest import ROOT

from corrin import guideline, intake
from corrin.findings import Findings, derive

AS_OF = date(2026, 11, 22)
FOLDER = ROOT / "tests" / "fixtures" / "fhir"

NEVER, NOT_KNOWN, REFUSED, OLD = "never-asked", "asked-and-not-known", "refused", "out-of-window"

EXPECTED = {
    "entered-in-error": {
        "serum_b12": NEVER,
        "serum_b12_refused": "no",
        "leg_weakness": NEVER,
        "metformin": NEVER,
    },
    "amended": {
        "serum_b12": (140_000, 140_000),
        "serum_b12_lowest": (140_000, 140_000),
        "serum_b12_second_highest": NEVER,
    },
    "preliminary": {"serum_b12": REFUSED, "serum_b12_refused": "yes", "mma": REFUSED, "mma_refused": "yes"},
    "duplicate": {"serum_b12": (140_000, 140_000), "serum_b12_second_highest": NEVER},
    "refuted-condition": {
        "coeliac_disease": "no",
        "thyroid_disease": NEVER,
        "leg_weakness": NEVER,
        "gait_disturbance": NEVER,
    },
    "family-history": {
        "family_history": "yes",
        "anaemia_or_macrocytosis": NEVER,
        "coeliac_disease": NEVER,
        "thyroid_disease": NEVER,
        "irreversible_cause": NEVER,
    },
    "no-x": {
        "paraesthesia": "no",
        "leg_weakness": "no",
        "gait_disturbance": "no",
        "romberg_positive": "no",
        "glossitis": "yes",
    },
    "stopped-and-draft-medicines": {
        "metformin": OLD,
        "metformin_days": (515_000, 515_000),
        "folic_acid": "yes",
        "folic_acid_daily_dose": (5_000_000, 5_000_000),
        "proton_pump_inhibitor": NEVER,
        "h2_blocker": NEVER,
        "colchicine": NEVER,
        "pregabalin": "no",
        "topiramate": "yes",
        "b12_treatment": NEVER,
        "days_since_last_dose": NEVER,
    },
    "combination-product": {
        "folic_acid": "yes",
        "metformin": "yes",
        "b12_treatment": NEVER,
        "b12_ordered": NEVER,
    },
    "year-only-birth-date": {
        "age_years": (70_000, 71_000),
        "serum_b12": (265_000, 265_000),
        "leg_weakness": "yes",
    },
    "future-date": {"serum_b12": REFUSED, "serum_b12_refused": "yes", "leg_weakness": "yes"},
    "data-absent-reason": {
        "serum_b12": REFUSED,
        "mma": REFUSED,
        "mma_refused": "yes",
        "paraesthesia": NOT_KNOWN,
        "mcv": REFUSED,
    },
    "contained-resource": {
        "serum_b12": (140_000, 140_000),
        "serum_b12_refused": "yes",
        "mma": (412_000, 412_000),
        "mma_refused": "no",
    },
    "deceased": {"serum_b12": (140_000, 140_000)},
    "merged-patient": {"serum_b12": (140_000, 140_000)},
    "sampled-then-treated": {
        "serum_b12": (420_000, 420_000),
        "b12_before_sample": NEVER,
        "b12_treatment": "yes",
        "b12_doses_given": (1_000, None),
        "days_since_last_dose": (12_000, 12_000),
        "days_since_treatment_started": (12_000, 12_000),
    },
    "components": {
        "knee_reflexes": "brisk",
        "hyperreflexia": "yes",
        "ankle_reflexes": "absent",
        "hyporeflexia": "yes",
        "extensor_plantars": "yes",
    },
    "nothing-known": {
        "metformin": "no",
        "folic_acid": "no",
        "nitrous_oxide": NEVER,
        "coeliac_disease": NEVER,
        "b12_treatment": NEVER,
        "b12_before_sample": NEVER,
    },
    "orders-and-procedures": {
        "serum_b12_ordered": "yes",
        "mma_ordered": "yes",
        "bariatric_surgery": "yes",
        "serum_b12": NEVER,
    },
    "questionnaire": {
        "leg_weakness": "yes",
        "romberg_positive": "no",
        "hyperreflexia": "yes",
        "serum_b12": (132_826, 132_826),
        "b12_doses_given": (3_000, 3_000),
        "saddle_anaesthesia": REFUSED,
        "metformin": NOT_KNOWN,
    },
}
"""What each file must say; a finding that is unknown is given by its reason."""


@pytest.fixture(scope="module")
def model():
    return guideline.read()


def told(model, name: str) -> Findings:
    (record,) = intake.read((FOLDER / f"{name}.json").read_bytes(), name)
    return derive(record, model, AS_OF)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_shape_gives_the_finding_expected_or_the_reason_why_there_is_none(model, name):
    findings = told(model, name)
    said = {finding: findings.row.get(finding, findings.why.get(finding)) for finding in EXPECTED[name]}
    assert said == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_what_was_found_is_the_same_after_it_was_written_as_json_and_read_back(model, name):
    import json

    findings = told(model, name)
    assert Findings.from_dict(json.loads(json.dumps(findings.to_dict()))) == findings


def test_what_is_used_points_to_where_it_stood(model):
    findings = told(model, "sampled-then-treated")
    assert [fact.where for fact in findings.evidence["serum_b12"]] == [
        "Bundle.entry[1].resource.valueQuantity"
    ]
    assert [fact.text for fact in findings.evidence["serum_b12"]] == ["420 pg/mL"]
    assert [fact.where for fact in findings.evidence["b12_treatment"]] == ["Bundle.entry[2].resource"]


def test_each_reason_for_not_using_something_is_listed_with_its_place(model):
    lines = {line.where: line.reason for line in told(model, "stopped-and-draft-medicines").ignored}
    assert lines["Bundle.entry[3].resource"] == "not done"
    assert lines["Bundle.entry[4].resource"] == "planned, not done"
    assert lines["Bundle.entry[8].resource"] == "not done"
    amended = {line.where: line.reason for line in told(model, "amended").ignored}
    assert amended == {
        "Bundle.entry[1].resource.valueQuantity": "replaced by a later version of the same result"
    }
    errors = {line.reason for line in told(model, "entered-in-error").ignored}
    assert errors == {"entered in error"}
    family = {line.reason for line in told(model, "family-history").ignored}
    assert family == {"about a relative"}


def test_a_future_result_is_counted_and_a_date_that_is_none_is_refused(model):
    findings = told(model, "future-date")
    assert findings.future == 1
    assert [line.where for line in findings.refused] == ["Bundle.entry[2].resource.valueQuantity"]


def test_sampled_at_nine_treated_at_eleven_reported_two_days_later_is_before_treatment(model):
    from dataclasses import replace

    (record,) = intake.read((FOLDER / "sampled-then-treated.json").read_bytes(), "file")
    everything = replace(record, complete=frozenset({"requests", "statements", "administrations"}))
    assert derive(everything, model, AS_OF).row["b12_before_sample"] == "no"
    sample, dose = record.events
    later = sample.but(start=sample.recorded, end=sample.recorded)
    assert derive(replace(record, events=(later, dose)), model, AS_OF).row["b12_before_sample"] == "yes"


def test_death_and_a_merge_are_kept_for_those_who_make_worklists(model):
    dead, merged = told(model, "deceased").patient, told(model, "merged-patient").patient
    assert (dead.died, dead.died_on.text) == (True, "2026-10-30T04:00:00+01:00")
    assert merged.replaced_by == "survivor"
