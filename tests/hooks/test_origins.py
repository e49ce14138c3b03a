"""Browser-based clients: listed origins may call and read the answer, others may not."""

from tests.hooks.requests import METFORMIN, WEAK_LEGS, prefetch, request
from tests.service.calling import Calls

from corrin.service.config import Config, Hooks

ORIGIN = "https://ehr.example"
PATH = "/cds-services/corrin-patient-view"
BODY = request(parts=prefetch(WEAK_LEGS, METFORMIN))


def test_a_listed_origin_may_call_from_a_browser():
    calls = Calls(Config(hooks=Hooks(origins=(ORIGIN,))))
    asking = {
        "origin": ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    before = calls.request("OPTIONS", PATH, headers=asking)
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in before.headers["access-control-allow-headers"].lower()
    answer = calls.post(PATH, json=BODY, headers={"origin": ORIGIN, "sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_an_origin_that_is_not_listed_may_not():
    calls = Calls(Config(hooks=Hooks(origins=(ORIGIN,))))
    answer = calls.post(
        PATH, json=BODY, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
