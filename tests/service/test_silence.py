"""What leaves the service besides its answers: nothing of a patient, and enough to see that it has fallen silent."""

import json
import re
from urllib.parse import urlencode

import pytest
from starlette.routing import Mount, Route
from tests.service.calling import JSON, Calls
from tests.service.test_json_api import CASE, bundle

from corrin.service import metrics
from corrin.service.logs import FIELDS, Log

CANARY = "Zanzibar Quux 471147114711"
BARE = "ZanzibarQuux471147114711"


def holds(text: str) -> bool:
    return bool(re.search(r"zanzibar|quux|471147114711", text, re.IGNORECASE))


def observation(**more) -> dict:
    code = {"coding": [{"system": "http://loinc.org", "code": BARE, "display": CANARY}], "text": CANARY}
    return {"resource": {"resourceType": "Observation", "status": "final", "code": code, **more}}


def bodies() -> list[bytes]:
    """Good and bad bodies with the canary wherever a patient's value may stand."""
    patient = {
        "resourceType": "Patient",
        "id": BARE,
        "birthDate": CANARY,
        "name": [{"family": CANARY}],
        "gender": CANARY,
    }
    quantity = {"value": 471147114711, "unit": CANARY, "code": BARE}
    known = {"coding": [{"system": "http://loinc.org", "code": "14685-2"}]}
    entries = [
        {"resource": patient},
        observation(valueQuantity=quantity),
        observation(valueString=CANARY),
        {
            "resource": {
                "resourceType": "Observation",
                "status": CANARY,
                "code": known,
                "valueQuantity": quantity,
            }
        },
        {"resource": {"resourceType": CANARY}},
    ]
    chart = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    case = {
        "case": 1,
        "title": CANARY,
        "patient": CANARY,
        "findings": {"age_years": CANARY, "serum_b12": CANARY},
    }
    hook = {
        "hook": CANARY,
        "hookInstance": CANARY,
        "context": {"patientId": CANARY, "userId": CANARY},
        "prefetch": {"patient": patient, CANARY: chart},
    }
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "data", "resource": chart}]}
    response = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"linkId": CANARY, "answer": [{"valueString": CANARY}]}],
    }
    feedback = {"feedback": [{"card": CANARY, "outcome": CANARY, "overrideReason": {"userComment": CANARY}}]}
    given = [chart, case, hook, parameters, response, feedback, CANARY, [CANARY], {"case": CANARY}]
    written = [json.dumps(one).encode() for one in given]
    broken = [
        written[0][:-7],
        b'{"case": 1, "as_of": "' + CANARY.encode() + b'"}',
        CANARY.encode(),
        b"\xff" + CANARY.encode(),
    ]
    return written + broken


def form(calls: Calls) -> bytes:
    """Every field of the page, each filled with the canary."""
    names = dict.fromkeys(re.findall(r'name="([^"]+)"', calls.get("/").text))
    assert len(names) > 20
    return urlencode(dict.fromkeys(names, CANARY)).encode()


def addresses(calls: Calls) -> list[tuple[str, str]]:
    """Every method and address that is served, with the canary for each part that varies."""
    found = []
    for route in calls.app.routes:
        if isinstance(route, Mount):
            found.append(("GET", f"{route.path}/{BARE}"))
        elif isinstance(route, Route):
            path = re.sub(r"\{[^}]*\}", BARE, route.path)
            found += [(method, path) for method in sorted(route.methods or {"GET"})]
    return [
        *found,
        ("GET", f"/{BARE}"),
        ("POST", f"/cds-services/{BARE}"),
        ("PATCH", f"/fhir/Patient/{BARE}"),
    ]


def sendings(calls: Calls):
    """Every address with every JSON body, one filled form, and a body of a kind that nobody reads."""
    filled = form(calls)
    for method, path in addresses(calls):
        if method != "POST":
            yield method, path, "application/json", None
            continue
        yield method, path, BARE, bodies()[0]
        yield method, path, "application/x-www-form-urlencoded", filled
        for body in bodies():
            yield method, path, "application/json", body


def test_a_canary_is_found_in_no_log_no_header_no_metric_and_no_refusal():
    calls = Calls()
    headers = {
        "authorization": f"Bearer {BARE}",
        "x-request-id": BARE,
        "referer": f"http://127.0.0.1:8000/{BARE}",
    }
    leaks = []
    for method, path, kind, body in sendings(calls):
        answer = calls.request(
            method, f"{path}?{BARE}={BARE}", content=body, headers=headers | {"content-type": kind}
        )
        if holds(str(answer.headers)) or (answer.status_code >= 400 and holds(answer.text)):
            leaks.append((method, path, kind, answer.status_code, (body or b"")[:60]))
        assert answer.status_code != 500, (method, path, kind, body)
    good = [calls.post("/assess", content=body, headers=JSON) for body in bodies()]
    assert not leaks
    assert {answer.status_code for answer in good} == {200, 400, 422}
    assert not [answer.text for answer in good if answer.status_code >= 400 and holds(answer.text)]
    assert not holds(calls.log)
    assert not holds(calls.get("/metrics").text)


def test_the_canary_would_be_found_where_it_is():
    answer = Calls().post("/assess", content=bodies()[0], headers=JSON)
    assert answer.status_code == 200
    assert holds(answer.text)


def test_a_line_of_the_log_says_which_request_came_and_how_it_ended():
    calls = Calls()
    answer = calls.post("/assess?as_of=2026-11-22", json=CASE)
    (line,) = (json.loads(one) for one in calls.log.splitlines())
    assert line.pop("milliseconds") > 0
    assert line == {
        "event": "request",
        "request": answer.headers["x-request-id"],
        "route": "/assess",
        "method": "POST",
        "status": 200,
        "bytes_in": len(answer.request.content),
        "bytes_out": len(answer.content),
    }


def test_a_field_that_is_not_on_the_list_cannot_be_logged():
    assert "body" not in FIELDS
    with pytest.raises(TypeError, match="body"):
        Log().say("request", body="anything")


def counted(calls: Calls, name: str) -> dict[str, float]:
    """The counters of one name, by their labels."""
    lines = calls.get("/metrics").text.splitlines()
    found = (re.fullmatch(rf"{name}\{{(.*)\}} ([0-9.e+-]+)", line) for line in lines)
    return {one[1]: float(one[2]) for one in found if one}


def test_requests_are_counted_by_route_and_status_and_no_address_is_a_label():
    calls = Calls()
    calls.post("/assess", json=CASE)
    calls.post("/assess", json={})
    calls.get(f"/{BARE}")
    calls.request("ZANZIBAR", "/assess")
    assert counted(calls, "corrin_requests_total") == {
        'route="(none)",method="GET",status="404"': 1,
        'route="/assess",method="(other)",status="405"': 1,
        'route="/assess",method="POST",status="200"': 1,
        'route="/assess",method="POST",status="422"': 1,
    }
    refusals = counted(calls, "corrin_refusals_total")
    assert refusals == {'reason="method"': 1, 'reason="route"': 1, 'reason="unreadable"': 1}


def test_cannot_tell_is_counted_apart_from_nothing_to_say():
    calls = Calls()
    calls.post("/assess", json={"case": 1, "findings": {}})
    calls.post("/assess", json=CASE)
    calls.post("/assess", json=CASE)
    calls.post("/assess", content=died(), headers=JSON)
    assert counted(calls, "corrin_answers_total") == {
        'told="cannot-tell"': 1,
        'told="something-to-say"': 2,
        'told="nothing-to-say"': 1,
    }
    assert counted(calls, "corrin_cannot_tell_total")['verdict="urgency"'] >= 1


def died() -> bytes:
    return json.dumps({"resourceType": "Patient", "id": "p", "deceasedBoolean": True}).encode()


def test_a_unit_that_was_refused_is_counted_by_name_and_a_sentence_is_not():
    calls = Calls()
    for unit in ("mg/L", "", f"{CANARY}", BARE, "pg/mL ; DROP"):
        calls.post("/assess", content=bundle({"value": 140, "unit": unit}), headers=JSON)
    assert counted(calls, "corrin_refused_units_total") == {
        'unit="(none)"': 1,
        'unit="mg/L"': 1,
        'unit="other"': 3,
    }


def test_the_unit_of_a_preliminary_result_is_no_refused_unit():
    calls = Calls()
    early = json.loads(bundle({"value": 140, "unit": "pg/mL"}))
    early["entry"][-1]["resource"]["status"] = "preliminary"
    calls.post("/assess", json=early)
    assert counted(calls, "corrin_refusals_total")['reason="value"'] == 1
    assert not counted(calls, "corrin_refused_units_total")


def test_a_code_that_means_nothing_here_is_counted_in_the_shape_of_its_system_only(monkeypatch):
    monkeypatch.setattr(metrics, "MOST_LABELS", 5)
    calls = Calls()

    def send(code: str, system: str = "http://loinc.org") -> None:
        coded = {"coding": [{"system": system, "code": code}]}
        resource = {"resourceType": "Observation", "status": "final", "code": coded, "valueInteger": 1}
        calls.post(
            "/assess",
            json={"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource}]},
        )

    send("99999-9")
    send("99999-9")
    send(BARE)
    send("12345", "https://lab.example/codes")
    assert counted(calls, "corrin_unmapped_codes_total") == {
        'system="loinc",code="99999-9"': 2,
        'system="other",code="other"': 2,
    }
    for number in range(8):
        send(f"{number}-1")
    assert len(counted(calls, "corrin_unmapped_codes_total")) == 5


def test_cards_are_counted_by_hook_and_level(calls):
    calls.context.metrics.card("a-hook", "a-level")
    assert counted(calls, "corrin_cards_total")['hook="a-hook",kind="a-level"'] == 1


def test_health_readiness_and_how_far_anybody_is_trusted_are_told():
    calls = Calls()
    assert calls.get("/health").json()["status"] == "up"
    ready = calls.get("/ready").json()
    assert ready["guideline"]["profile"] == "uk"
    assert ready["trust"] == "open: this machine only"
    calls.app.state.ready = False
    assert calls.get("/ready").status_code == 503
    assert calls.get("/health").status_code == 200
