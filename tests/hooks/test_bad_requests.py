"""Whatever is sent: a clear refusal that names the place, never a fault, never an empty success."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hooks.requests import (
    B12_INJECTION,
    FOLIC_ACID,
    LOW_B12,
    METFORMIN,
    NUMB_FEET,
    WEAK_LEGS,
    prefetch,
    request,
    send,
    told,
)
from tests.service.calling import JSON, Calls

VIEW = "/cds-services/corrin-patient-view"
WHOLE = request(parts=prefetch(LOW_B12, WEAK_LEGS, METFORMIN))


@pytest.mark.parametrize("name", ["nothing", "corrin-patient-views", "Corrin-Patient-View", "%00"])
def test_an_unknown_service_is_not_found(calls, name):
    assert told(send(calls, WHOLE, name), 404)


def test_a_service_answers_its_own_hook_only(calls):
    for hook in ("order-sign", "patient-views", "appointment-book"):
        assert told(send(calls, {**WHOLE, "hook": hook}, "corrin-patient-view"), 400).startswith("hook: ")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"hook": None}, "hook"),
        ({"hook": 3}, "hook"),
        ({"hookInstance": ""}, "hookInstance"),
        ({"hookInstance": "x" * 300}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": []}, "context"),
        ({"context": {}}, "context.patientId"),
        ({"context": {"patientId": ""}}, "context.patientId"),
        ({"context": {"patientId": 7}}, "context.patientId"),
        ({"context": {"patientId": "p", "userId": 7}}, "context.userId"),
        ({"context": {"patientId": "p", "selections": 7}}, "context.selections"),
        ({"prefetch": []}, "prefetch"),
        ({"fhirAuthorization": "secret"}, "fhirAuthorization"),
        ({"fhirAuthorization": {"access_token": 3}}, "fhirAuthorization.access_token"),
        ({"fhirServer": 3}, "fhirServer"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(calls, change, place):
    places = told(send(calls, {**WHOLE, **change}, "corrin-patient-view"), 400)
    assert f"{place}: " in places
    assert "secret" not in places


@pytest.mark.parametrize("missing", ["hook", "hookInstance", "context"])
def test_a_field_that_is_required_is_asked_for(calls, missing):
    body = {key: value for key, value in WHOLE.items() if key != missing}
    assert f"{missing}: missing" in told(send(calls, body, "corrin-patient-view"), 400)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"3",
        b'"x"',
        b"{",
        b'{"hook":}',
        b"\xff\xfe",
        b"<xml/>",
        b"a,b\n1,2",
        b'{"a":1}\n{"b":2}',
        b"[" * 100_000,
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_a_body_that_is_no_json_object_is_refused(calls, raw):
    assert told(calls.post(VIEW, content=raw, headers=JSON), 400)


def test_another_content_type_is_refused(calls):
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        answer = calls.post(VIEW, content=json.dumps(WHOLE).encode(), headers={"content-type": kind})
        assert told(answer, 415)


def test_twenty_megabytes_are_refused(calls):
    body = {**WHOLE, "extension": {"example.padding": "x" * 20_000_000}}
    assert told(send(calls, body), 413)


def test_another_method_is_refused(calls):
    assert told(calls.get(VIEW), 405)
    assert told(calls.post("/cds-services", json={}), 405)


def test_unknown_fields_and_extensions_are_passed_over(calls):
    more = {"extension": {"com.example.timestamp": {"a": 1}}, "fhirContext": [], "nextVersion": {"x": None}}
    context = {**WHOLE["context"], "later": [1]}
    body = {**WHOLE, **more, "context": context, "prefetch": {**WHOLE["prefetch"], "unasked": {"a": 1}}}
    assert send(calls, body).json() == send(calls, WHOLE).json()


def test_a_value_of_the_patient_is_in_no_refusal_and_no_log():
    calls = Calls()
    secret = {**WHOLE["prefetch"]["patient"], "id": "q-secret", "name": [{"text": "secret"}]}
    answer = send(calls, {**WHOLE, "prefetch": {**WHOLE["prefetch"], "patient": secret}})
    assert answer.status_code == 422
    assert "secret" not in answer.text + calls.log


# --- generated ---

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["", "Patient/q", "2026-13-45", "active", "http://", "\u0000", "\ud800"[:0]]),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(
        st.sampled_from(["resourceType", "code", "coding", "value", "entry", "a"]),
        st.text(max_size=4),
        max_size=2,
    ),
)
BODIES = [
    WHOLE,
    request("order-sign", prefetch(NUMB_FEET), [FOLIC_ACID, B12_INJECTION]),
    request("order-select", prefetch(NUMB_FEET), [FOLIC_ACID]),
]


def places(value, at=()):
    yield at
    if isinstance(value, dict):
        for key, one in value.items():
            yield from places(one, (*at, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from places(one, (*at, index))


PLACES = [[place for place in places(body) if place] for body in BODIES]


def changed(body, place, odd):
    """A copy of the body with one place holding something else, or nothing (an ellipsis)."""
    body = copy.deepcopy(body)
    at = body
    for step in place[:-1]:
        at = at[step]
    if odd is ...:
        del at[place[-1]]
    else:
        at[place[-1]] = odd
    return body


@st.composite
def malformed(draw):
    which = draw(st.integers(0, len(BODIES) - 1))
    place = draw(st.sampled_from(PLACES[which]))
    return BODIES[which], place, changed(BODIES[which], place, draw(st.one_of(st.just(...), ODD)))


NEEDS = {"hook", "hookInstance", "context", "prefetch"}
ABSENT_MEANS_NOTHING = {"selections", "draftOrders"}


def check(calls, example):
    body, place, sent = example
    service = f"corrin-{body['hook']}"
    answer = calls.post(f"/cds-services/{service}", json=sent)
    assert answer.status_code in {200, 400, 412, 415, 422}, f"{answer.status_code} for {place}"
    said = answer.json()
    if answer.status_code != 200:
        assert said["resourceType"] == "OperationOutcome"
        assert all(issue["diagnostics"] for issue in said["issue"])
        return
    assert len(said["cards"]) <= 1
    if len(place) == 1 and place[0] in {"hook", "hookInstance", "context"}:
        at = sent.get(place[0])
        assert at, f"{place} was broken, and answered with success"
    if place[:1] == ("prefetch",) and len(place) == 2 and place[1] in {"results", "conditions", "requests"}:
        value = sent["prefetch"].get(place[1], ...)
        assert value is None or said["cards"], f"{place} was broken, and nothing was said"


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(malformed())
def test_a_malformed_request_is_never_a_fault_and_never_an_empty_success(calls, example):
    check(calls, example)


@pytest.mark.deep
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(malformed())
def test_ten_thousand_malformed_requests(calls, example):
    check(calls, example)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(calls, raw):
    assert calls.post(VIEW, content=raw, headers=JSON).status_code in {400, 415, 422}
