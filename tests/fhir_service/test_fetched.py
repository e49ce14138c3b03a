"""`$apply` for a subject alone: the record is read from the configured server, whole, or the query is named."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from tests.fhir_service.validators import fhir_resources
from tests.fhir_service.writing import contained, notes, parameters
from tests.hooks.fhir_server import TOKEN, FhirServer
from tests.hooks.requests import METFORMIN, PATIENT, WEAK_LEGS, searchset, told
from tests.hooks.test_absences import POINTED
from tests.service.calling import AT, NOW, Calls

from corrin.service.config import Config, Fhir, Hooks, Trust
from corrin.service.hooks import fetch

APPLY = "/fhir/PlanDefinition/corrin/$apply"
UNHURRIED = Hooks(fetch_seconds=15.0)
FHIR_JSON = {"content-type": "application/fhir+json"}


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
def token(tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", "utf-8")
    return file


@pytest.fixture
def reading(server, token) -> Calls:
    return Calls(Config(hooks=UNHURRIED, fhir=Fhir(server.base, token)))


@pytest.fixture
def hasty(server, token) -> Calls:
    """A service that waits for nobody."""
    return Calls(Config(hooks=Hooks(fetch_seconds=0.5), fhir=Fhir(server.base, token)))


def ask(calls: Calls, *data, subject="Patient/p", **headers):
    return calls.post(APPLY, content=parameters(*data, subject=subject), headers=FHIR_JSON | headers)


def plan(answer) -> dict:
    assert answer.status_code == 200, answer.text
    assert answer.json()["resourceType"] == "CarePlan"
    return answer.json()


def test_a_subject_alone_gets_the_care_plan_of_what_is_recorded(server, reading):
    found = plan(ask(reading))
    assert found["subject"] == {"reference": "Patient/p"}
    assert contained(found, "ServiceRequest")
    assert "Not looked up" not in notes(found)
    assert {sent for _, sent in server.asked} == {f"Bearer {TOKEN}"}
    fhir_resources(found)
    handed_over = searchset(PATIENT, WEAK_LEGS, METFORMIN)
    assert found["description"] == plan(ask(reading, handed_over))["description"]


def test_what_comes_along_is_enough_and_nothing_is_read(server, reading):
    plan(ask(reading, searchset(PATIENT, WEAK_LEGS)))
    assert server.asked == []


def test_an_absolute_subject_is_of_that_server_or_refused(server, reading):
    assert plan(ask(reading, subject=f"{server.base}/Patient/p"))
    server.asked.clear()
    for other in ("https://ehr.example/fhir", f"{server.base}/other", server.base.replace("http:", "https:")):
        answer = ask(reading, subject=f"{other}/Patient/p")
        assert "of another server" in told(answer, 422)
        assert answer.json()["issue"][0]["expression"] == ["Parameters.parameter[0]"]
        fhir_resources(answer.json())
    assert server.asked == []


@pytest.mark.parametrize("way", ["fails", "hangs", "redirects", "babbles"])
@pytest.mark.parametrize(("kind", "key"), [("Patient", "patient"), ("Condition", "conditions")])
def test_a_query_that_fails_is_a_502_that_names_it_in_time(server, hasty, way, kind, key):
    server.ways = {kind: way}
    begun = time.perf_counter()
    answer = ask(hasty)
    assert f"query.{key}: the query for it failed" in told(answer, 502)
    assert time.perf_counter() - begun < 10
    assert "elsewhere" not in [asked for asked, _ in server.asked]
    fhir_resources(answer.json())


@pytest.mark.parametrize("way", ["pages for ever", "pages elsewhere"])
def test_what_is_read_in_part_is_a_502_that_names_it(server, reading, way):
    server.ways = {"Condition": way}
    assert "query.conditions: not all of it is there" in told(ask(reading), 502)
    assert len([kind for kind, _ in server.asked if kind == "Condition"]) <= fetch.PAGES
    assert "elsewhere" not in [kind for kind, _ in server.asked]


def test_pages_are_followed_to_the_last(server, reading):
    server.ways = {"Condition": "pages"}
    assert contained(plan(ask(reading)), "ServiceRequest")


def test_a_medicine_that_is_only_pointed_to_and_not_there_is_a_502(server, reading):
    server.held = {"MedicationRequest": [POINTED]}
    server.ways = {"Medication": "fails"}
    assert "query.requests: not all of it is there" in told(ask(reading), 502)


def test_what_is_not_needed_may_fail_and_a_note_says_so(server, reading):
    server.ways = {"Procedure": "fails"}
    assert (
        "Not looked up: procedures: the query for it failed: the FHIR server answered with an error (500)."
        in notes(plan(ask(reading)))
    )


def test_another_patient_than_the_subject_is_a_502(server, reading):
    assert told(ask(reading, subject="Patient/q"), 502)


def test_a_token_that_is_refused_or_gone_is_no_answer(server, reading, token):
    token.write_text("another", "utf-8")
    assert "query.patient" in told(ask(reading), 502)
    token.unlink()
    assert "fhir.token_file" in told(ask(reading), 500)


def test_a_server_without_a_token_is_sent_none(server):
    calls = Calls(Config(hooks=UNHURRIED, fhir=Fhir(server.base)))
    assert told(ask(calls, authorization="Bearer of-the-caller"), 502)
    assert {sent for _, sent in server.asked} == {""}


def test_where_somebody_is_trusted_only_they_have_a_patient_read(server, token, tmp_path):
    key = ec.generate_private_key(ec.SECP384R1())
    keys = tmp_path / "jwks.json"
    public = {**json.loads(ECAlgorithm.to_jwk(key.public_key())), "kid": "ec", "use": "sig"}
    keys.write_text(json.dumps({"keys": [public]}), "utf-8")
    trust = Trust("https://ehr.example", jwks_file=keys)
    calls = Calls(Config(hooks=UNHURRIED, trust=(trust,), fhir=Fhir(server.base, token)))
    answer = ask(calls)
    assert (answer.status_code, answer.content, server.asked) == (401, b"", [])
    plan(ask(calls, searchset(PATIENT, WEAK_LEGS)))
    claims = {"iss": trust.issuer, "aud": f"{AT}{APPLY}", "iat": NOW, "exp": NOW + 300, "jti": "one"}
    plan(ask(calls, authorization=f"Bearer {jwt.encode(claims, key, 'ES384', {'kid': 'ec'})}"))


def test_nothing_that_was_read_reaches_the_log(server, reading):
    ask(reading)
    server.ways = {"Condition": "fails"}
    ask(reading)
    assert TOKEN not in reading.log
    assert "Patient/p" not in reading.log


def test_a_token_is_never_printed(token):
    assert TOKEN not in repr(Config(fhir=Fhir("https://ehr.example", token)))
