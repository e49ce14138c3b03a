"""Three absences that are not the same: not tried, looked up and found empty, tried and failed; and half a list."""

import asyncio
import json

import pytest
from tests.hooks.requests import (
    FOLIC_ACID,
    KEYS,
    LOW_B12,
    METFORMIN,
    NEEDED,
    NUMB_FEET,
    PATIENT,
    WEAK_LEGS,
    card,
    no_card,
    outcome,
    prefetch,
    request,
    searchset,
    send,
    told,
)
from tests.service.calling import TODAY

from corrin import api
from corrin.intake import hooks as reading
from corrin.service.hooks import dictionary, gather

UNTESTED = (WEAK_LEGS, METFORMIN)
OPTIONAL = [key for key in KEYS if key not in NEEDED]


@pytest.mark.parametrize("key", NEEDED)
def test_what_is_needed_and_was_not_handed_over_is_asked_for_by_name(calls, key):
    places = told(send(calls, request(parts=prefetch(*UNTESTED, without=[key]))), 412)
    assert f"prefetch.{key}: not handed over" in places


@pytest.mark.parametrize("key", NEEDED)
@pytest.mark.parametrize("failed", [outcome(), searchset(outcome()), {}, [], "x", 3, {"resourceType": 3}])
def test_a_query_that_failed_is_no_empty_answer(calls, key, failed):
    places = told(send(calls, request(parts=prefetch(*UNTESTED, **{key: failed}))), 412)
    assert f"prefetch.{key}: the query for it failed" in places


def test_a_remark_of_the_server_among_what_it_found_is_no_failure(calls):
    remark = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "information", "code": "informational"}],
    }
    one = card(calls, request(parts=prefetch(METFORMIN, conditions=searchset(WEAK_LEGS, remark))))
    assert "conditions" not in one["detail"]


@pytest.mark.parametrize(
    "entry", [None, 3, {}, {"resource": None}, {"resource": {}}, {"resource": {"resourceType": 3}}]
)
def test_an_entry_that_cannot_be_read_leaves_its_list_half(calls, entry):
    broken = searchset(WEAK_LEGS)
    broken["entry"].append(entry)
    one = card(calls, request(parts=prefetch(METFORMIN, conditions=broken)))
    assert "conditions: not all of it is there" in one["detail"]
    broken["entry"].pop(0)
    assert "prefetch.conditions" in told(send(calls, request(parts=prefetch(conditions=broken))), 412)


def test_without_any_prefetch_there_is_no_answer(calls):
    for body in (request(parts={}), {**request(), "prefetch": None}):
        assert "prefetch.patient" in told(send(calls, body), 412)
    body = request()
    del body["prefetch"]
    assert "prefetch.patient" in told(send(calls, body), 412)


@pytest.mark.parametrize("key", OPTIONAL)
def test_the_rest_may_be_missing_and_the_card_says_so(calls, key):
    missing = card(calls, request(parts=prefetch(*UNTESTED, without=[key])))
    assert f"{key}: not handed over" in missing["detail"]
    failed = card(calls, request(parts=prefetch(*UNTESTED, **{key: outcome()})))
    assert f"{key}: the query for it failed" in failed["detail"]
    nothing = card(calls, request(parts=prefetch(*UNTESTED, **{key: None})))
    assert "Not looked up" not in nothing["detail"]


def folic_acid_word(calls, parts):
    """What the service makes of folic acid before any table is read: known to be absent, or unknown."""
    call = reading.read(json.dumps(request(parts=parts)).encode())
    desk = calls.context.desk()
    gathered = asyncio.run(gather.gather(call, dictionary.read(desk.guideline), None, TODAY, 1.0))
    return api.answer(gathered.record, desk, TODAY).findings.row.get("folic_acid")


def test_null_under_every_key_of_medicines_means_there_is_none(calls):
    assert folic_acid_word(calls, prefetch(WEAK_LEGS)) == "no"


@pytest.mark.parametrize("key", ["requests", "statements", "administrations", "dispenses"])
def test_one_key_of_medicines_that_is_not_null_leaves_the_rest_unknown(calls, key):
    for other in (searchset(following="https://ehr.example/fhir?page=2"), searchset(METFORMIN)):
        assert folic_acid_word(calls, prefetch(WEAK_LEGS, **{key: other})) is None
    if key not in NEEDED:
        assert folic_acid_word(calls, prefetch(WEAK_LEGS, **{key: outcome()})) is None
        assert folic_acid_word(calls, prefetch(WEAK_LEGS, without=[key])) is None


def test_an_empty_list_says_what_was_found_and_not_that_all_was_looked_for(calls):
    assert folic_acid_word(calls, prefetch(WEAK_LEGS, requests=searchset())) is None


def test_symptoms_are_unknown_and_not_absent_when_nothing_was_found(calls):
    detail = card(calls, request(parts=prefetch(LOW_B12)))["detail"]
    assert "not asked is not absent" in detail


def test_half_a_list_is_used_and_the_card_says_that_it_is_half(calls):
    half = searchset(WEAK_LEGS, following="https://ehr.example/fhir?page=2")
    one = card(calls, request(parts=prefetch(METFORMIN, conditions=half)))
    assert "conditions: not all of it is there" in one["detail"]


@pytest.mark.parametrize("key", [key for key in NEEDED if key != "patient"])
def test_half_a_list_and_no_card_is_not_nothing_to_say(calls, key):
    assert no_card(calls, request())
    half = searchset(following="https://ehr.example/fhir?page=2")
    assert f"prefetch.{key}" in told(send(calls, request(parts=prefetch(**{key: half}))), 412)


def test_a_patient_whose_id_is_not_that_of_the_context_is_refused(calls):
    stranger = {**PATIENT, "id": "q"}
    for parts in (prefetch(patient=stranger), prefetch(NUMB_FEET, patient=stranger)):
        assert "prefetch" in told(send(calls, request(parts=parts)), 422)


def test_a_result_of_somebody_else_is_refused_with_its_place(calls):
    other = {**LOW_B12, "subject": {"reference": "Patient/q"}}
    places = told(send(calls, request(parts=prefetch(WEAK_LEGS, other))), 422)
    assert "prefetch.results.entry[0]" in places
    assert "98" not in places, "an error holds no value of a patient"


@pytest.mark.parametrize("patient", [None, {"resourceType": "Group", "id": "p"}, {"resourceType": "Patient"}])
def test_a_patient_that_is_none_is_refused(calls, patient):
    answer = send(calls, request(parts=prefetch(WEAK_LEGS, patient=patient)))
    assert told(answer, 412 if patient and patient["resourceType"] == "Group" else 422)


def test_a_client_may_write_the_patient_as_a_reference(calls):
    body = request(parts=prefetch(*UNTESTED))
    body["context"]["patientId"] = "Patient/p"
    assert card(calls, body)["indicator"] == "info"


def test_draft_orders_are_not_asked_for_beforehand(calls):
    assert card(calls, request("order-sign", prefetch(NUMB_FEET), [FOLIC_ACID]))["indicator"] == "critical"


POINTED = {
    **{key: value for key, value in FOLIC_ACID.items() if key != "medicationCodeableConcept"},
    "status": "active",
    "medicationReference": {"reference": "Medication/m1", "display": "a tablet"},
}
TABLET = {
    "resourceType": "Medication",
    "id": "m1",
    "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "4511"}]},
}


def test_a_medicine_that_is_only_pointed_to_is_known_by_what_it_points_to(calls):
    one = card(calls, request(parts=prefetch(NUMB_FEET, requests=searchset(POINTED, TABLET))))
    assert one["indicator"] == "critical"


def test_nobody_knows_which_medicine_it_is_when_it_is_not_there(calls):
    """With no card this is no "nothing to say": the tablet might be folic acid."""
    places = told(send(calls, request(parts=prefetch(requests=searchset(POINTED)))), 412)
    assert "prefetch.requests: not all of it is there" in places
    one = card(calls, request(parts=prefetch(WEAK_LEGS, METFORMIN, requests=searchset(METFORMIN, POINTED))))
    assert "requests: not all of it is there" in one["detail"]
