"""Malformed calls of `$apply`: each is refused, or answered with a CarePlan; none is a fault of the server."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fhir_service.writing import parameters
from tests.service.calling import Calls

CALLS = Calls()
APPLY = "/fhir/PlanDefinition/corrin/$apply"
HEADERS = {"content-type": "application/fhir+json"}

leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
words = st.sampled_from(
    ["resourceType", "Bundle", "entry", "resource", "Patient", "Observation", "valueQuantity", "value", "code",
     "coding", "subject", "reference", "item", "linkId", "answer", "QuestionnaireResponse", "contained", "id"]
)  # fmt: skip
anything = st.recursive(
    leaf | words,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
resources = st.builds(
    lambda kind, more: {**more, "resourceType": kind},
    st.sampled_from(["Bundle", "QuestionnaireResponse", "Observation", "Patient", "Basic"]),
    st.dictionaries(words, anything, max_size=5),
)
calls = st.one_of(
    st.binary(max_size=60),
    anything.map(lambda one: json.dumps(one).encode()),
    anything.map(lambda one: json.dumps({"resourceType": "Parameters", "parameter": one}).encode()),
    st.lists(resources, min_size=1, max_size=2).map(lambda many: parameters(*many, subject="p").encode()),
)


def answered(body: bytes) -> None:
    got = CALLS.post(APPLY, content=body, headers=HEADERS)
    kind = got.json()["resourceType"]
    if got.status_code == 200:
        assert kind == "CarePlan"
        assert got.json()["note"]
    else:
        assert got.status_code in {400, 422}, (got.status_code, CALLS.log[-500:])
        assert kind == "OperationOutcome"
        assert got.json()["issue"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls)
def test_no_call_is_a_fault_of_the_server(body):
    answered(body)


@pytest.mark.deep
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(calls)
def test_no_call_of_many_is_a_fault_of_the_server(body):
    answered(body)
