"""Requests of others, as HL7 and record systems publish them: answered or refused clearly, never a fault."""

import json

import pytest
from tests.hooks.requests import METFORMIN, WEAK_LEGS, prefetch, told

pytestmark = pytest.mark.shared


def samples(shared):
    for path in sorted((shared / "cds_hooks_requests").glob("*_request.json")):
        yield path.stem, json.loads(path.read_text())


def test_every_sample_is_answered_by_each_service_with_a_clear_refusal(shared, calls):
    seen = 0
    for name, body in samples(shared):
        for service in ("corrin-patient-view", "corrin-order-select", "corrin-order-sign"):
            answer = calls.post(f"/cds-services/{service}", json=body)
            assert answer.status_code in {400, 412, 422}, f"{name}: {answer.text}"
            assert told(answer, answer.status_code)
            seen += 1
    assert seen >= 9


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
def test_a_sample_order_with_its_patient_and_a_prefetch_is_understood(shared, calls, hook):
    (body,) = [body for _, body in samples(shared) if body["hook"] == hook]
    text = json.dumps(body["context"])
    for entry in body["context"]["draftOrders"]["entry"]:
        about = entry["resource"].get("subject") or entry["resource"].get("patient") or {}
        if about:
            text = text.replace(json.dumps(about["reference"]), '"Patient/p"')
    context = {**json.loads(text), "patientId": "p"}
    sent = {**body, "context": context, "prefetch": prefetch(WEAK_LEGS, METFORMIN)}
    answer = calls.post(f"/cds-services/corrin-{hook}", json=sent)
    assert answer.status_code == 200, answer.text
    (card,) = answer.json()["cards"]
    assert card["indicator"] == "info"
