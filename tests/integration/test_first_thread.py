"""One patient from FHIR bytes to a verdict through every room: a refused unit, a range, a forgotten finding."""

import json

import corrin

PATIENT = {"resourceType": "Patient", "id": "p", "birthDate": "1955-04-02", "gender": "female"}
METFORMIN = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {
        "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "6809"}]
    },
    "authoredOn": "2026-02-01",
    "subject": {"reference": "Patient/p"},
}
WEAK_LEGS = {
    "resourceType": "Condition",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "249945007"}]},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
    "onsetDateTime": "2026-09",
    "recordedDate": "2026-11-01",
    "subject": {"reference": "Patient/p"},
}


def level(loinc: str, day: str, **quantity):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]},
        "effectiveDateTime": day,
        "valueQuantity": quantity,
        "subject": {"reference": "Patient/p"},
    }


def assess(*resources):
    entries = [
        {"fullUrl": f"https://example.org/{r['resourceType']}/{r.get('id', i)}", "resource": r}
        for i, r in enumerate(resources)
    ]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return corrin.assess(json.dumps(bundle).encode(), as_of="2026-11-22")


def test_a_level_in_a_unit_nobody_listed_is_refused_by_name_and_the_rest_is_assessed():
    """S20: a result was sent, so she is not `untested`; without a number the status is undetermined."""
    answer = assess(PATIENT, WEAK_LEGS, METFORMIN, level("2132-9", "2026-11-20", value=98, unit="bananas"))
    assert answer.verdicts["b12_status"] == "undetermined"
    (refused,) = answer.to_dict()["refused"]
    assert refused["finding"] == "serum_b12"
    assert refused["where"].startswith("Bundle.entry[3].resource")
    assert "unit" in refused["reason"]
    assert answer.verdicts["testing"] == "indicated", "a result that cannot be read is not a test done"


def test_a_range_that_spans_a_limit_is_placed_and_not_guessed():
    """S22: below 200 pg/mL may be deficient or borderline, so the status is undetermined and MMA is asked for."""
    answer = assess(
        PATIENT,
        WEAK_LEGS,
        METFORMIN,
        level("2132-9", "2026-11-20", value=200, comparator="<", unit="pg/mL", code="pg/mL"),
    )
    assert answer.verdicts["b12_status"] == "undetermined"
    assert "mma" in answer.verdicts["next_tests"]


def test_forgetting_the_risk_factor_lowers_the_advice_to_reasonable_and_no_further():
    """S13, S19: at 71 age is a risk factor; without age and metformin a test is reasonable, never not asked for."""
    level_98 = level("14685-2", "2026-11-20", value=98, unit="pmol/L", code="pmol/L")
    assert assess(PATIENT, WEAK_LEGS, METFORMIN, level_98).verdicts["b12_status"] == "deficient"
    assert assess(PATIENT, WEAK_LEGS, METFORMIN).verdicts["testing"] == "indicated"
    assert assess(PATIENT, WEAK_LEGS).verdicts["testing"] == "indicated"
    young = PATIENT | {"birthDate": "1990-04-02"}
    assert assess(young, WEAK_LEGS).verdicts["testing"] == "reasonable"
