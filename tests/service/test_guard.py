"""What every request passes, and what every answer carries."""

import json
from dataclasses import replace

import pytest
from starlette.exceptions import HTTPException
from starlette.routing import Route
from tests.service.calling import AT, JSON, Calls, pieces

from corrin.service.config import Config, Hooks, Server

CASE = {"case": 1, "findings": {"age_years": 71, "leg_weakness": True}}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
SMALL = Config(server=Server(body_limit=1000, receive_seconds=0.2, answer_seconds=1.0))
EHR = "https://ehr.example"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/ready"), ("POST", "/assess"), ("GET", "/nowhere"), ("GET", "/assess"), ("PUT", "/fhir/x")],
)
def test_every_answer_good_or_bad_keeps_a_browser_from_leaking_it(calls, method, path):
    answer = calls.request(method, path, json=CASE)
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert len(answer.headers["x-request-id"]) == 16


def test_two_requests_have_two_ids_and_a_client_cannot_choose_one(calls):
    chosen = {"x-request-id": "chosen"}
    first, second = (calls.get("/health", headers=chosen).headers["x-request-id"] for _ in range(2))
    assert len({first, second, "chosen"}) == 3


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "evil.example:8000"])
def test_a_name_that_is_not_ours_is_misdirected(calls, host):
    answer = calls.get("/ready", headers={"host": host})
    assert answer.status_code == 421
    assert answer.json()["problems"][0]["where"] == "header Host"


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_every_name_of_this_machine_is_ours(calls, host):
    assert calls.get("/ready", headers={"host": host}).status_code == 200


def test_a_listed_name_is_ours():
    calls = Calls(Config(server=Server(public_url="https://corrin.example", hosts=("inner.example",))))
    assert calls.get("/health", headers={"host": "corrin.example"}).status_code == 200
    assert calls.get("/health", headers={"host": "inner.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": AT, "sec-fetch-site": "cross-site"},
        {"origin": "http://[::1"},
    ],
)
def test_a_page_of_another_origin_may_not_send_anything(calls, headers):
    answer = calls.post("/assess", json=CASE, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["reason"] == "origin"


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": AT, "sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": AT}],
)
def test_our_own_page_and_programs_may(calls, headers):
    assert calls.post("/assess", json=CASE, headers=headers).status_code == 200


def test_a_page_behind_a_proxy_is_known_by_the_public_address():
    calls = Calls(Config(server=Server(public_url="https://corrin.example", hosts=("inner.example",))))
    headers = {"host": "inner.example", "origin": "https://corrin.example", "sec-fetch-site": "same-origin"}
    assert calls.post("/assess", json=CASE, headers=headers).status_code == 200


def test_a_listed_origin_may_call_hooks_and_nothing_else():
    calls = Calls(Config(hooks=Hooks(origins=(EHR,))))
    asking = {"origin": EHR, "access-control-request-method": "POST", "sec-fetch-site": "cross-site"}
    allowed = calls.request("OPTIONS", "/cds-services/any", headers=asking)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == EHR
    assert "Authorization" in allowed.headers["access-control-allow-headers"]
    assert allowed.headers["vary"] == "Origin"
    elsewhere = calls.post("/assess", json=CASE, headers={"origin": EHR})
    assert elsewhere.status_code == 403
    assert "access-control-allow-origin" not in elsewhere.headers


def test_an_origin_that_is_not_listed_gets_no_leave_to_read():
    calls = Calls(Config(hooks=Hooks(origins=(EHR,))))
    asking = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    answer = calls.request("OPTIONS", "/cds-services/any", headers=asking)
    assert answer.status_code == 403
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-origin" not in calls.request("OPTIONS", "/assess", headers=asking).headers


def test_a_body_over_the_limit_is_refused_whether_or_not_its_length_was_said():
    calls = Calls(SMALL)
    said = calls.post("/assess", content=b"{" + b" " * 1000, headers=JSON)
    streamed = calls.post("/assess", content=pieces([b" " * 600] * 2), headers=JSON)
    assert said.status_code == streamed.status_code == 413
    assert said.json()["problems"] == [
        {
            "where": "body",
            "what": "larger than 1000 bytes",
            "mend": "Send one patient, and no more than is needed.",
        }
    ]


def test_a_body_at_the_limit_is_read():
    body = json.dumps(CASE).encode().ljust(1000)
    assert Calls(SMALL).post("/assess", content=body, headers=JSON).status_code == 200


def test_twenty_megabytes_are_refused_as_they_come():
    answer = Calls().post("/assess", content=pieces([b" " * 1_000_000] * 20), headers=JSON)
    assert answer.status_code == 413


def test_a_body_that_is_not_ending_is_not_read_to_its_end():
    def endless():
        while True:
            yield b" " * 1_000_000

    config = replace(SMALL, server=replace(SMALL.server, receive_seconds=30.0))
    assert Calls(config).post("/assess", content=pieces(endless()), headers=JSON).status_code == 413


def test_a_body_that_trickles_is_given_up():
    answer = Calls(SMALL).post("/assess", content=pieces([b"{"] * 50, pause=0.05), headers=JSON)
    assert answer.status_code == 408
    assert answer.json()["problems"][0]["where"] == "body"


def test_an_answer_that_takes_too_long_is_given_up():
    import asyncio

    async def slow(_request):
        await asyncio.sleep(30)

    calls = Calls(SMALL)
    calls.app.router.routes.append(Route("/assess/slow", slow))
    answer = calls.get("/assess/slow")
    assert answer.status_code == 504
    assert answer.json()["reason"] == "time-out"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/csv"},
        {"content-type": "application/xml"},
        {"content-type": "application/fhir+xml"},
        {"content-type": ""},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind_is_refused_by_the_header_that_says_so(calls, headers):
    answer = calls.post("/assess", content=json.dumps(CASE), headers=headers)
    assert answer.status_code == 415
    assert answer.json()["problems"][0]["where"].startswith("header Content-")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/fhir+json; charset=UTF-8", "Application/JSON"]
)
def test_json_is_read_however_its_kind_is_written(calls, kind):
    answer = calls.post("/assess", content=json.dumps(CASE), headers={"content-type": kind})
    assert answer.status_code == 200


def test_a_method_that_an_address_does_not_have_is_told_those_it_has(calls):
    answer = calls.get("/assess")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_each_family_of_addresses_refuses_in_its_own_words(calls):
    as_problem = calls.get("/assess/nothing")
    as_outcome = calls.get("/fhir/nothing")
    as_text = calls.get("/nothing", headers={"accept": "text/html"})
    assert as_problem.headers["content-type"] == "application/problem+json"
    assert as_problem.json()["status"] == 404
    assert as_outcome.headers["content-type"] == "application/fhir+json"
    assert as_outcome.json()["issue"][0]["code"] == "not-found"
    assert as_text.headers["content-type"].startswith("text/html")
    assert "<p>address: nothing is served there." in as_text.text
    assert {as_problem.status_code, as_outcome.status_code, as_text.status_code} == {404}


def test_a_fault_of_ours_says_nothing_but_that_it_happened():
    def faulty(_request):
        message = "canary-4711"
        raise ValueError(message)

    def chatty(_request):
        raise HTTPException(400, "canary-4711")

    calls = Calls()
    calls.app.router.routes += [Route("/assess/faulty", faulty), Route("/assess/chatty", chatty)]
    faulty_answer, chatty_answer = calls.get("/assess/faulty"), calls.get("/assess/chatty")
    assert (faulty_answer.status_code, chatty_answer.status_code) == (500, 400)
    assert "canary" not in faulty_answer.text + chatty_answer.text + calls.log
    fault = next(json.loads(line) for line in calls.log.splitlines() if '"fault"' in line)
    assert fault["exception"] == "ValueError"
    assert fault["request"] == faulty_answer.headers["x-request-id"]


def test_a_redirect_never_repeats_an_address(calls):
    assert calls.get("/assess/").status_code == 404


def test_a_websocket_is_closed():
    import asyncio

    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b""}
    asyncio.run(Calls().app(scope, receive, send))
    assert [one["type"] for one in sent] == ["websocket.close"]
