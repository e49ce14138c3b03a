"""The published document, held against the service by schemathesis: whatever it allows is answered as it says.

A value that does not fit its finding is no error: it is refused by name in the answer, so that the rest is still
answered. What is forbidden is therefore tried in `test_json_api.py`, by hand.
"""

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from tests.service.calling import Calls

CALLS = Calls()
KEYS = [
    "case",
    "findings",
    "as_of",
    "complete",
    "patient",
    "resourceType",
    "entry",
    "resource",
    "code",
    "coding",
]
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
]
schema = schemathesis.openapi.from_dict(CALLS.get("/openapi.json").json())
schema.config.phases.update(
    phases=["fuzzing"]
)  # the others try each of 150 findings in every way, for minutes


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_what_the_document_says_is_what_the_service_does(case):
    sent = case.as_transport_kwargs(base_url=CALLS.at)
    if isinstance(sent.get("data"), bytes | str):
        sent["content"] = sent.pop("data")
    sent.pop("cookies", None)
    answer = CALLS.request(sent.pop("method"), sent.pop("url"), **sent)
    case.validate_response(answer, checks=CHECKS)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=12) | st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(body=json_values | st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_whatever_json_comes_is_answered_or_refused_by_its_place(body):
    answer = CALLS.post("/assess", json=body)
    assert answer.status_code in {200, 400, 422}
    if answer.status_code != 200:
        assert all(one["where"] and one["mend"] for one in answer.json()["problems"])
