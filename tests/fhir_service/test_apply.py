"""`$apply` over HTTP: a CarePlan, or an OperationOutcome that names the place; never an empty success."""

import json
import re

import pytest
from tests.conftest import ROOT
from tests.fhir_service.validators import fhir_resources, npm_fhir
from tests.fhir_service.writing import case, contained, group, notes, parameters
from tests.service.calling import Calls

from corrin import guideline
from corrin.exports import fhir

APPLY = "/fhir/PlanDefinition/corrin/$apply"
FHIR_JSON = {"content-type": "application/fhir+json"}
BUNDLE = json.loads((ROOT / "examples" / "subacute-combined-degeneration.bundle.json").read_text("utf-8"))


def response(**findings) -> dict:
    return fhir.response(guideline.load(), case(**findings), None)


@pytest.fixture(scope="module")
def calls() -> Calls:
    return Calls()


def test_metadata_names_what_is_there_and_is_valid(calls):
    got = calls.get("/fhir/metadata")
    statement = got.json()
    assert got.headers["content-type"] == "application/fhir+json"
    assert statement["resourceType"] == "CapabilityStatement"
    assert statement["fhirVersion"] == "4.0.1"
    (rest,) = statement["rest"]
    assert [one["type"] for one in rest["resource"]] == ["PlanDefinition", "Questionnaire"]
    assert statement["implementation"]["url"] == "http://127.0.0.1:8000/fhir"
    fhir_resources(statement)


@pytest.mark.parametrize("kind", ["PlanDefinition", "Questionnaire"])
def test_the_guideline_and_its_form_can_be_read(calls, kind):
    got = calls.get(f"/fhir/{kind}/corrin")
    assert got.status_code == 200
    assert got.json()["resourceType"] == kind


@pytest.mark.parametrize("path", [APPLY, "/fhir/PlanDefinition/$apply"])
def test_a_bundle_gets_a_care_plan_with_its_requests_nested(calls, path):
    body = parameters(
        BUNDLE,
        subject="Patient/p",
        canonical={"valueCanonical": "https://corrin.example/fhir/PlanDefinition/corrin"},
    )
    got = calls.post(path, content=body, headers=FHIR_JSON)
    assert got.status_code == 200, got.text
    care_plan = got.json()
    assert care_plan["resourceType"] == "CarePlan"
    assert care_plan["subject"] == {"reference": "Patient/p"}
    actions = {one["id"]: one for one in group(care_plan)["action"]}
    assert len(actions["request-tests"]["action"]) == len(contained(care_plan, "ServiceRequest"))
    assert contained(care_plan, "MedicationRequest")
    fhir_resources(care_plan)


def test_what_is_answered_is_valid_for_another_implementer(calls):
    npm_fhir(calls.post(APPLY, content=parameters(BUNDLE, subject="p"), headers=FHIR_JSON).json())


def test_a_questionnaire_response_is_accepted_as_data(calls):
    data = response(age_years=71, leg_weakness=True, metformin=True)
    got = calls.post(APPLY, content=parameters(data, subject="x9"), headers=FHIR_JSON)
    assert got.status_code == 200, got.text
    assert "serum B12" in json.dumps(got.json())
    assert got.json()["subject"] == {"reference": "Patient/x9"}


def test_a_bundle_and_a_response_speak_together(calls):
    more = response(folic_acid=True)
    more["subject"] = {"reference": "Patient/p"}
    alone = calls.post(APPLY, content=parameters(BUNDLE, subject="p"), headers=FHIR_JSON).json()
    together = calls.post(APPLY, content=parameters(BUNDLE, more, subject="p"), headers=FHIR_JSON).json()
    assert "stop-folic-acid" not in {one["id"] for one in group(alone)["action"]}
    assert "stop-folic-acid" in {one["id"] for one in group(together)["action"]}


def test_a_quantity_without_a_unit_is_refused_by_name_in_the_care_plan(calls):
    data = response(leg_weakness=True, serum_b12={"value": 98})
    got = calls.post(APPLY, content=parameters(data, subject="x9"), headers=FHIR_JSON).json()
    assert re.search(r"Not used: Serum B12, .*unit", notes(got))


@pytest.mark.parametrize(
    ("strange", "said"),
    [
        (1, "Not used: QuestionnaireResponse.item[0].answer[0], of nothing that this guideline asks for."),
        (6, "QuestionnaireResponse.item[3].answer[0] and 2 more, of nothing that this guideline asks for."),
    ],
)
def test_an_answer_to_a_question_that_the_form_does_not_have_is_said_to_be_unused(calls, strange, said):
    data = response(leg_weakness=True)
    asked = [{"linkId": f"old-{one}", "answer": [{"valueBoolean": True}]} for one in range(strange)]
    data["item"] = [*asked, {"linkId": "leg_weakness", "answer": [{"valueBoolean": True}]}]
    got = calls.post(APPLY, content=parameters(data, subject="x9"), headers=FHIR_JSON).json()
    assert said in notes(got)
    assert "Weakness of the legs" not in notes(got), "it was answered"


def test_parameters_without_use_are_accepted_and_said(calls):
    body = parameters(
        BUNDLE,
        subject="p",
        practitioner={"valueString": "Practitioner/1"},
        encounter={"valueString": "Encounter/1"},
    )
    got = calls.post(APPLY, content=body, headers=FHIR_JSON)
    assert "Accepted without use: practitioner, encounter." in notes(got.json())


def test_other_patients_of_a_bundle_are_left_out_and_said(calls):
    two = json.loads((ROOT / "tests/fixtures/fhir/two-patients.json").read_text("utf-8"))
    ids = [one["resource"]["id"] for one in two["entry"] if one["resource"]["resourceType"] == "Patient"]
    nobody = calls.post(APPLY, content=parameters(two, subject=ids[1]), headers=FHIR_JSON)
    assert nobody.status_code == 422
    assert nobody.json()["issue"][0]["expression"] == ["Parameters.parameter[1].resource.entry[5].resource"]
    del two["entry"][5]
    got = calls.post(APPLY, content=parameters(two, subject=ids[1]), headers=FHIR_JSON)
    assert got.json()["subject"] == {"reference": f"Patient/{ids[1]}"}
    assert "other patients as well (2)" in notes(got.json())


LEVEL = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "14685-2"}]},
    "effectiveDateTime": "2026-11-20",
    "valueQuantity": {"value": 98, "unit": "pmol/L"},
}
OF_P, OF_Q = (LEVEL | {"subject": {"reference": f"Patient/{one}"}} for one in "pq")
BORN = {"resourceType": "Patient", "birthDate": "1955-03-02"}


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([bundle(BORN | {"id": "p"}, LEVEL, OF_Q)], "Parameters.parameter[1].resource.entry[1].resource"),
        ([BORN | {"id": "p"}, LEVEL, OF_Q], "Parameters.parameter[2].resource"),
        (
            [bundle(OF_P, BORN | {"deceasedBoolean": True})],
            "Parameters.parameter[1].resource.entry[1].resource",
        ),
        ([bundle(BORN | {"id": "p"}, OF_Q), response(leg_weakness=True)], "Parameters.parameter[2].resource"),
    ],
    ids=["a result of nobody", "the same as parameters", "a Patient without an id", "a form of nobody"],
)
def test_what_may_be_of_the_subject_or_of_another_is_refused_and_never_left_out(calls, data, place):
    got = calls.post(APPLY, content=parameters(*data, subject="Patient/p"), headers=FHIR_JSON)
    assert got.status_code == 422, notes(got.json())
    (issue,) = got.json()["issue"]
    assert issue["expression"] == [place]
    assert "does not say of whom it is" in issue["diagnostics"]


@pytest.mark.parametrize("data", [[bundle(BORN | {"id": "p"}, LEVEL)], [bundle(BORN, LEVEL)], [LEVEL]])
def test_what_names_nobody_is_of_the_subject_where_nobody_else_is_spoken_of(calls, data):
    got = calls.post(APPLY, content=parameters(*data, subject="Patient/p"), headers=FHIR_JSON).json()
    assert "B12 status: deficient" in got["description"]


NO_NUMBER = '{"resourceType": "Parameters", "parameter": [{"name": "subject", "valueDecimal": NaN}]}'
TWICE = '{"resourceType": "Parameters", "parameter": [], "parameter": []}'
SUBJECTS = [{"name": "subject", "valueString": f"Patient/{one}"} for one in ("p", "q")]
TWO_SUBJECTS = json.dumps({"resourceType": "Parameters", "parameter": SUBJECTS})


@pytest.mark.parametrize(
    ("status", "body", "place", "said"),
    [
        (400, "", "Parameters", "empty"),
        (400, "{", "Parameters", "malformed JSON"),
        (400, "[]", "Parameters", "no Parameters resource"),
        (400, json.dumps(BUNDLE), "Parameters", "no Parameters resource"),
        (400, NO_NUMBER, "Parameters", "NaN"),
        (400, TWICE, "Parameters", "given twice"),
        (422, '{"resourceType": "Parameters"}', "Parameters.parameter", "missing"),
        (422, parameters(BUNDLE, subject=""), "Parameters.parameter", "no subject"),
        (422, TWO_SUBJECTS, "Parameters.parameter[1]", "a second subject"),
        (422, parameters(subject="Patient/p"), "Parameters.parameter", "server of [fhir]"),
        (422, parameters(BUNDLE, subject="https://ehr.example/fhir/Group/g"), "Parameters.parameter[0]", "no Patient"),
        (422, parameters(BUNDLE, subject="Group/g"), "Parameters.parameter[0]", "no Patient"),
        (422, parameters(BUNDLE, subject="Patient/a b"), "Parameters.parameter[0]", "no Patient"),
        (422, parameters(BUNDLE, subject="someone-else"), "Parameters.parameter[1].resource", "another patient"),
        (422, parameters(BUNDLE, subject="p", dataEndpoint={"valueString": "x"}), "Parameters.parameter[1].name", "no parameter"),
        (422, parameters({"resource": 1}, subject="p"), "Parameters.parameter[1].resource", "without a resource"),
        (422, parameters({"resourceType": "Bundle", "entry": 7}, subject="p"), "Parameters.parameter[1].resource.entry", ""),
        (422, parameters({"resourceType": "Basic", "id": "1"}, subject="p"), "Parameters.parameter[1].resource", "no patient"),
        (404, parameters(BUNDLE, subject="p", url={"valueUri": "https://example.org/other"}), "Parameters.parameter[1]", "another PlanDefinition"),
    ],
)  # fmt: skip
def test_what_cannot_be_applied_is_refused_with_its_place(calls, status, body, place, said):
    got = calls.post(APPLY, content=body, headers=FHIR_JSON)
    assert got.status_code == status, got.text
    outcome = got.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert place in {path for issue in outcome["issue"] for path in issue["expression"]}
    assert said in got.text
    fhir_resources(outcome)


def test_the_general_address_needs_to_know_which_plan(calls):
    got = calls.post(
        "/fhir/PlanDefinition/$apply", content=parameters(BUNDLE, subject="p"), headers=FHIR_JSON
    )
    assert got.status_code == 422
    assert "no PlanDefinition is named" in got.text


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/fhir/metadata", {"accept": "application/fhir+xml"}, 406),
        ("GET", "/fhir/metadata?_format=xml", {}, 406),
        ("POST", APPLY, {"content-type": "application/fhir+xml"}, 415),
        ("POST", APPLY, {"content-type": "text/plain"}, 415),
        ("POST", APPLY, FHIR_JSON | {"accept": "text/turtle"}, 406),
        ("GET", APPLY, {}, 405),
        ("GET", "/fhir/Patient/1", {}, 404),
        ("POST", "/fhir/Patient", FHIR_JSON, 404),
        ("GET", "/fhir", {}, 404),
    ],
)
def test_what_is_not_served_is_an_operation_outcome(calls, method, path, headers, status):
    content = parameters(BUNDLE, subject="p") if method == "POST" else None
    got = calls.request(method, path, headers=headers, content=content)
    assert got.status_code == status
    assert got.json()["resourceType"] == "OperationOutcome"
    assert got.json()["issue"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/json", "application/json"),
        ("application/fhir+json; fhirVersion=4.0", "application/fhir+json"),
        ("text/html, application/json;q=0.5", "application/json"),
        ("application/json;q=0.2, application/fhir+json;q=0.9", "application/fhir+json"),
        ("*/*", "application/fhir+json"),
    ],
)
def test_the_answer_comes_in_the_type_that_was_asked_for(calls, accept, media):
    got = calls.get("/fhir/metadata", headers={"accept": accept})
    assert got.headers["content-type"] == media


def test_nothing_of_the_patient_is_logged(calls):
    calls.post(APPLY, content=parameters(BUNDLE, subject="p-secret-77"), headers=FHIR_JSON)
    calls.post(
        APPLY, content=parameters(response(leg_weakness=True), subject="p-secret-77"), headers=FHIR_JSON
    )
    assert "secret" not in calls.log
    assert "$apply" in calls.log
