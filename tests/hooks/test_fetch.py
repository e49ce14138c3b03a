"""What was not handed over is read from the client's FHIR server: only a listed one, briefly, and never in silence."""

import time

import pytest
from tests.hooks.fhir_server import TOKEN, FhirServer
from tests.hooks.requests import (
    FOLIC_ACID,
    LOW_B12,
    METFORMIN,
    NUMB_FEET,
    WEAK_LEGS,
    card,
    no_card,
    prefetch,
    request,
    searchset,
    send,
    told,
)
from tests.hooks.test_absences import POINTED, TABLET
from tests.service.calling import Calls

from corrin.service.config import Config, Hooks
from corrin.service.hooks import fetch


@pytest.fixture(scope="module")
def running():
    with FhirServer().running() as server:
        yield server


@pytest.fixture
def server(running):
    running.held = {"Condition": [WEAK_LEGS], "MedicationRequest": [METFORMIN]}
    running.ways, running.asked, running.pages = {}, [], 3
    return running


@pytest.fixture
def reading(server) -> Calls:
    return Calls(Config(hooks=Hooks(fhir=(server.base,), fetch_seconds=0.5)))


def asking(server, parts=None, token=TOKEN, base=None, **more):
    access = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "user/*.read",
        "subject": "x",
    }
    return request(parts=parts or {}, fhirServer=base or server.base, fhirAuthorization=access, **more)


def test_everything_can_be_read_over_fhir(server, reading):
    fetched = card(reading, asking(server))
    assert fetched["indicator"] == "info"
    assert "Not looked up" not in fetched["detail"]
    handed_over = card(reading, request(parts=prefetch(WEAK_LEGS, METFORMIN)))
    assert fetched["summary"] == handed_over["summary"]


def test_only_what_is_missing_is_read_and_every_time_with_the_token(server, reading):
    card(reading, asking(server, prefetch(WEAK_LEGS, METFORMIN, without=["results", "orders"])))
    assert sorted(server.asked) == [("Observation", f"Bearer {TOKEN}"), ("ServiceRequest", f"Bearer {TOKEN}")]


def test_what_failed_for_the_client_is_tried_again(server, reading):
    card(
        reading,
        asking(server, prefetch(METFORMIN, conditions={"resourceType": "OperationOutcome", "issue": []})),
    )
    assert [kind for kind, _ in server.asked] == ["Condition"]


def test_the_pages_that_were_not_handed_over_are_read(server, reading):
    server.ways = {"Condition": "pages"}
    half = searchset(following=f"{server.base}/Condition?page=2")
    one = card(reading, asking(server, prefetch(METFORMIN, conditions=half)))
    assert "Not looked up" not in one["detail"]
    assert len(server.asked) == 2


def test_pages_are_followed_to_the_last(server, reading):
    server.ways = {"Condition": "pages"}
    one = card(reading, asking(server))
    assert "Not looked up" not in one["detail"]


def test_pages_without_end_are_followed_so_far_and_it_is_said(server, reading):
    server.ways, server.pages = {"Condition": "pages for ever"}, 2
    one = card(reading, asking(server))
    assert "conditions: not all of it is there" in one["detail"]
    assert len([kind for kind, _ in server.asked if kind == "Condition"]) <= fetch.PAGES


def test_pages_that_break_off_are_used_as_far_as_they_came_and_the_card_says_so(server, reading):
    server.held["Condition"] = [WEAK_LEGS]
    server.ways = {"Condition": "breaks off after the first"}
    (one,) = send(reading, asking(server)).json()["cards"]
    assert "conditions: not all of it is there" in one["detail"]
    assert "neurological involvement" in one["detail"]


def test_pages_that_break_off_with_nothing_found_are_not_nothing_to_say(server, reading):
    server.ways = {"Condition": "breaks off"}
    assert "prefetch.conditions" in told(send(reading, asking(server)), 412)


@pytest.mark.parametrize("way", ["fails", "hangs", "redirects", "babbles"])
@pytest.mark.parametrize("kind", ["Patient", "Condition"])
def test_a_server_that_does_not_answer_is_a_412_in_time(server, reading, way, kind):
    server.ways = {kind: way}
    begun = time.perf_counter()
    places = told(send(reading, asking(server)), 412)
    assert f"prefetch.{kind.lower().replace('condition', 'conditions')}: the query for it failed" in places
    assert time.perf_counter() - begun < 2


def test_what_is_not_needed_may_fail_and_the_card_says_so(server, reading):
    server.ways = {"MedicationStatement": "fails", "Procedure": "hangs"}
    detail = card(reading, asking(server))["detail"]
    assert "statements, procedures: the query for it failed" in detail


def test_a_medicine_that_is_only_pointed_to_is_read(server, reading):
    pointed = {**POINTED, "medicationReference": {"reference": f"{server.base}/Medication/m1"}}
    server.held = {"Medication": TABLET}
    server.ways = {"Medication": "one"}
    one = card(reading, asking(server, prefetch(NUMB_FEET, requests=searchset(pointed))))
    assert one["indicator"] == "critical"
    server.ways = {"Medication": "fails"}
    assert told(send(reading, asking(server, prefetch(requests=searchset(pointed)))), 412)


def test_a_token_goes_to_no_other_address(server, reading):
    for way in ("redirects", "pages elsewhere"):
        server.ways = {"Condition": way}
        send(reading, asking(server))
    assert "elsewhere" not in [kind for kind, _ in server.asked]


def test_a_token_that_the_server_refuses_is_a_412(server, reading):
    assert told(send(reading, asking(server, token="another")), 412)  # noqa: S106 - of no system


def test_a_server_that_is_not_listed_is_not_asked(server):
    assert told(send(Calls(), asking(server)), 412)
    other = Calls(Config(hooks=Hooks(fhir=("https://ehr.example/fhir",))))
    assert told(send(other, asking(server)), 412)
    assert server.asked == []


def test_without_a_token_nothing_is_asked(server, reading):
    body = asking(server)
    del body["fhirAuthorization"]
    assert told(send(reading, body), 412)
    assert server.asked == []


def test_nothing_found_anywhere_is_nothing_to_say(server, reading):
    server.held = {}
    assert no_card(reading, asking(server))


def test_what_was_read_never_reaches_the_log(server, reading):
    server.held = {"Condition": [NUMB_FEET], "Observation": [LOW_B12], "MedicationRequest": [FOLIC_ACID]}
    card(reading, asking(server))
    assert TOKEN not in reading.log
    assert "p?" not in reading.log
    assert "14685" not in reading.log


LISTED = (
    "https://ehr.example/fhir",
    "http://127.0.0.1:9/fhir",
    "https://127.0.0.1/fhir",
    "http://ehr.example/fhir",
)


@pytest.mark.parametrize(
    ("base", "local", "allowed"),
    [
        ("https://ehr.example/fhir", False, True),
        ("https://ehr.example/fhir/", False, True),
        ("https://ehr.example/fhir/../admin", False, False),
        ("https://ehr.example/other", False, False),
        ("https://ehr.example:444/fhir", False, False),
        ("https://user@ehr.example/fhir", False, False),
        ("https://ehr.example/fhir?x=1", False, False),
        ("http://ehr.example/fhir", True, False),
        ("http://127.0.0.1:9/fhir", True, True),
        ("http://127.0.0.1:9/fhir", False, False),
        ("https://127.0.0.1/fhir", False, False),
        ("https://169.254.169.254/latest", True, False),
        ("file:///etc/passwd", True, False),
        ("", True, False),
    ],
)
def test_only_listed_servers_over_https_are_read(base, local, allowed):
    assert (fetch.server(base, "token", LISTED, local=local) is not None) == allowed


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX-Evil: 1", "é"])
def test_a_token_that_would_break_a_header_is_not_used(token):
    assert fetch.server("https://ehr.example/fhir", token, LISTED, local=False) is None


def test_a_token_is_never_printed():
    assert "secret" not in repr(fetch.server("https://ehr.example/fhir", "secret", LISTED, local=False))
